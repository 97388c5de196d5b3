"""The fewest columns that cover rows of demand: the search under `_sourcing`, which knows of no locations.

A row is a demand and what each column can give of it, never more than the demand. Columns cover a row if what they
give adds up to its demand. Whether columns that cover all rows really do is for the caller to say.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heapreplace
from itertools import accumulate, zip_longest
from typing import TypeAlias, TypeVar

Row: TypeAlias = tuple[int, Sequence[int]]
T = TypeVar("T")
Fits: TypeAlias = Callable[[Sequence[int]], T | None]

_DEEPEST = 60  # columns: each is a call inside a call


class Effort:
    """How many steps a search may still take; below 0 it has given up."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> bool:
        """Take steps, and say whether they were left."""
        self.left -= steps
        return self.left >= 0


def needed(rows: Iterable[Row]) -> int:
    """Return a number of columns below which no choice covers some row; all columns cover each."""
    most = 0
    for demand, given in rows:
        sums = accumulate(sorted(given, reverse=True), initial=0)
        most = max(most, next(number for number, held in enumerate(sums) if held >= demand))
    return most


def fewest(rows: Sequence[Row], fits: Fits[T], *, known: tuple[Sequence[int], T], effort: Effort) -> tuple[T, int]:
    """Return what fits the fewest columns, and how many columns are proved to be needed.

    Of several choices of that many, the one whose first column comes first counts, then its second, and so on. Where
    the effort does not suffice it is what was known or what the greedy cover makes, whichever is smaller, without the
    columns that it can do without.
    """
    whole = sum(demand for demand, _ in rows), [sum(column) for column in zip(*(row[1] for row in rows), strict=True)]
    size = needed([*rows, whole])
    columns, found = _without_needless(rows, *_smaller(known, _greedy(rows), fits), fits)
    if len(columns) > _DEEPEST:
        return found, size
    reach = [_reach(given, len(columns)) for _, given in [*rows, whole]]
    while True:
        better = _of_size(size, rows, reach, fits, effort)
        if better is not None or effort.left < 0:
            return (found if better is None else better), size
        size += 1


def _smaller(known: tuple[Sequence[int], T], other: Sequence[int], fits: Fits[T]) -> tuple[Sequence[int], T]:
    found = fits(other) if len(other) < len(known[0]) else None
    return known if found is None else (other, found)


def _without_needless(rows: Sequence[Row], columns: Sequence[int], found: T, fits: Fits[T]) -> tuple[Sequence[int], T]:
    over = [sum(given[column] for column in columns) - demand for demand, given in rows]
    for column in reversed(columns):
        left = [more - given[column] for more, (_, given) in zip(over, rows, strict=True)]
        others = [other for other in columns if other != column]
        fitting = fits(others) if min(left) >= 0 else None
        if fitting is not None:
            columns, found, over = others, fitting, left
    return columns, found


def _greedy(rows: Sequence[Row]) -> list[int]:
    """Return columns that cover the rows: again and again the one that covers most of what lacks, ties to the first.

    What a column covers only ever falls, so that one is the next if it is still ahead of what the others covered.
    """
    lacks = [demand for demand, _ in rows]
    ahead = [(-sum(lacks), column) for column in range(len(rows[0][1]))]  # a heap: nobody covers more
    chosen = []
    while any(lacks):
        column = ahead[0][1]
        now = (-_covers(lacks, rows, column), column)
        heapreplace(ahead, now)
        if ahead[0] == now:
            heappop(ahead)
            chosen.append(column)
            lacks = _less(lacks, rows, column)
    return sorted(chosen)


def _covers(lacks: Sequence[int], rows: Sequence[Row], column: int) -> int:
    return sum(min(lack, row[1][column]) for lack, row in zip(lacks, rows, strict=True))


def _less(lacks: Sequence[int], rows: Sequence[Row], column: int) -> list[int]:
    return [max(0, lack - row[1][column]) for lack, row in zip(lacks, rows, strict=True)]


def _reach(given: Sequence[int], size: int) -> list[list[int]]:
    """Return, for 0, 1, ... ``size`` columns and from each column on, the most that so many give, as negative units.

    Where there are not so many it is 0.
    """
    best: list[int] = []
    reach = []
    for units in reversed(given):
        insort(best, -units)
        del best[size:]
        reach.append(list(accumulate(best, initial=0)))
    return [list(most) for most in zip_longest(*reversed(reach), fillvalue=0)]


def _of_size(
    size: int, rows: Sequence[Row], reach: Sequence[Sequence[Sequence[int]]], fits: Fits[T], effort: Effort
) -> T | None:
    """Return what fits the first choice of exactly ``size`` columns; ``None`` if none does, or the effort is spent."""

    def extend(start: int, chosen: list[int], lacks: list[int]) -> T | None:
        slots = size - len(chosen)
        if not slots:
            return None if any(lacks) else fits(chosen)
        end = min(bisect_right(most[slots], -lack) for lack, most in zip([*lacks, sum(lacks)], reach, strict=True))
        for column in range(start, end):
            if effort.spend(len(rows)):
                found = extend(column + 1, [*chosen, column], _less(lacks, rows, column))
                if found is not None:
                    return found
        return None

    return extend(0, [], [demand for demand, _ in rows])
