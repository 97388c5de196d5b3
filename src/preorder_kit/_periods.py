"""Available to promise by period: the master schedule's tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import accumulate

from ._checks import member, refused, sequence, units


class AtpMethod(StrEnum):
    """How what can be promised is counted by period.

    DISCRETE: each receipt by itself, less what is owed until the next one. CUMULATIVE: all receipts until the period,
    less all that is owed until then. LOOKAHEAD: the least of CUMULATIVE from the period on, so that nothing that is
    owed later falls short.
    """

    DISCRETE = "discrete"
    CUMULATIVE = "cumulative"
    LOOKAHEAD = "lookahead"


def atp_by_period(
    on_hand: int, receipts: Sequence[int], orders: Sequence[int], /, *, method: AtpMethod
) -> tuple[int | None, ...]:
    """Return how many units can be promised in each period of a plan in weeks, months or other buckets.

    Nothing is cut off at 0: a negative number is an overcommitment, for a planner to see.

    Args:
        on_hand: Units that are there before the first period; negative if the count is wrong.
        receipts: Units that come in each period, >= 0.
        orders: Units that are owed in each period, >= 0.
        method: How to count.

    Returns:
        One number for each period. Under `AtpMethod.DISCRETE` the first period has what is on hand, and a later one
        without a receipt has ``None``. In each period LOOKAHEAD <= the sum of DISCRETE so far <= CUMULATIVE.

    Raises:
        InvalidArgument: If the numbers of periods differ, or a number is no whole number or negative.

    Source:
        The ATP row of a master production schedule, as textbooks have it (Stevenson, Operations Management).

    Examples:
        Pumps: 64 on hand, lots of 70 in the third and fifth week:

        >>> from preorder_kit import AtpMethod, atp_by_period
        >>> receipts, orders = [0, 0, 70, 0, 70], [33, 20, 10, 4, 2]
        >>> atp_by_period(64, receipts, orders, method=AtpMethod.DISCRETE)
        (11, None, 56, None, 68)
        >>> atp_by_period(64, receipts, orders, method=AtpMethod.CUMULATIVE)
        (31, 11, 71, 67, 135)
        >>> atp_by_period(64, receipts, orders, method=AtpMethod.LOOKAHEAD)
        (11, 11, 67, 67, 135)

        An overcommitment in the second week is seen in it, and looked ahead to in the first:

        >>> atp_by_period(5, [0, 10], [0, 12], method="discrete")
        (5, -2)
        >>> atp_by_period(5, [0, 10], [0, 12], method="lookahead")
        (3, 3)
    """
    start = units(on_hand, "on_hand", least=None)
    coming = sequence(receipts, "receipts", check=units)
    owed = sequence(orders, "orders", check=units)
    if len(coming) != len(owed):
        requirement = f"must have as many periods as receipts, {len(coming)}"
        raise refused("orders", requirement, len(owed), code="periods.differ")
    count = _COUNTS[member(method, "method", of=AtpMethod)]
    return count(start, coming, owed)


def _cumulative(start: int, coming: Sequence[int], owed: Sequence[int]) -> tuple[int, ...]:
    net = (received - asked for received, asked in zip(coming, owed, strict=True))
    return tuple(accumulate(net, initial=start))[1:]


def _lookahead(start: int, coming: Sequence[int], owed: Sequence[int]) -> tuple[int, ...]:
    return tuple(accumulate(reversed(_cumulative(start, coming, owed)), min))[::-1]


def _discrete(start: int, coming: Sequence[int], owed: Sequence[int]) -> tuple[int | None, ...]:
    found: list[int | None] = []
    left = 0
    for period in range(len(coming) - 1, -1, -1):
        left += coming[period] - owed[period]
        if coming[period] or not period:
            found.append(left if period else left + start)
            left = 0
        else:
            found.append(None)
    return tuple(reversed(found))


_COUNTS: dict[AtpMethod, Callable[[int, Sequence[int], Sequence[int]], tuple[int | None, ...]]] = {
    AtpMethod.DISCRETE: _discrete,
    AtpMethod.CUMULATIVE: _cumulative,
    AtpMethod.LOOKAHEAD: _lookahead,
}
