"""A running balance that may change on any day, and its lowest point from any day on.

The changes are the leaves of a binary tree; each node keeps the sum of its leaves and the lowest sum of its first
leaves. A change and a question cost the logarithm of the number of days.
"""

from __future__ import annotations

from collections.abc import Sequence


class Balance:
    """The sums of the first changes, one for each index."""

    def __init__(self, changes: Sequence[int]) -> None:
        self._size = 1 << (len(changes) - 1).bit_length()
        self._total = [0] * self._size + [*changes] + [0] * (self._size - len(changes))
        self._low = self._total.copy()
        for node in range(self._size - 1, 0, -1):
            self._sum_up(node)

    def _sum_up(self, node: int) -> None:
        left, right = 2 * node, 2 * node + 1
        self._total[node] = self._total[left] + self._total[right]
        self._low[node] = min(self._low[left], self._total[left] + self._low[right])

    def change(self, index: int, amount: int) -> None:
        """Add ``amount`` to the balance from ``index`` on."""
        node = self._size + index
        self._total[node] += amount
        self._low[node] = self._total[node]
        while node := node // 2:
            self._sum_up(node)

    def lowest(self, index: int) -> int:
        """Return the lowest balance from ``index`` on."""
        node = self._size + index
        before, low, total = 0, self._low[node], self._total[node]
        while node > 1:
            if node % 2:
                before += self._total[node - 1]
            else:
                low = min(low, total + self._low[node + 1])
                total += self._total[node + 1]
            node //= 2
        return before + low

    def last_below(self, level: int, *, before: int) -> int:
        """Return the last index less than ``before`` whose balance is below ``level``, -1 if there is none."""
        node, first, size, carried = 1, 0, self._size, 0
        later: list[tuple[int, int, int, int]] = []
        while True:
            if first < before and carried + self._low[node] < level:
                if size == 1:
                    return first
                half = size // 2
                later.append((2 * node, first, half, carried))
                node, first, size, carried = 2 * node + 1, first + half, half, carried + self._total[2 * node]
            elif later:
                node, first, size, carried = later.pop()
            else:
                return -1
