"""Working days counted by arithmetic: the cost does not depend on how many days are counted."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache

import attrs

_YEAR = 366
_FEWEST = 52  # 366 days hold each weekday 52 times or more, so that fewer holidays leave one of them worked


@attrs.frozen
class Rhythm:
    """How working days follow one another.

    Attributes:
        ahead: For each weekday, how many days on the first, second, ... working weekday is, itself being 0.
        back: The same, back.
        closed: The ordinals of the holidays on working weekdays, rising.
    """

    ahead: tuple[tuple[int, ...], ...]
    back: tuple[tuple[int, ...], ...]
    closed: tuple[int, ...]

    def later(self, day: int, n: int) -> int:
        """Return the ordinal of the working day that is ``n`` after the first one from ``day`` on."""
        steps = self.ahead[(day - 1) % 7]
        weeks, place = divmod(n, len(steps))
        found = day + 7 * weeks + steps[place]
        if not self.closed:
            return found
        first, skipped = bisect_left(self.closed, day), 0
        # Each holiday on the way moves the end on, perhaps past another one.
        while (met := bisect_right(self.closed, found) - first) > skipped:
            skipped = met
            weeks, place = divmod(n + skipped, len(steps))
            found = day + 7 * weeks + steps[place]
        return found

    def earlier(self, day: int, n: int) -> int:
        """Return the ordinal of the working day that is ``n`` before the last one up to ``day``."""
        steps = self.back[(day - 1) % 7]
        weeks, place = divmod(n, len(steps))
        found = day - 7 * weeks - steps[place]
        if not self.closed:
            return found
        last, skipped = bisect_right(self.closed, day), 0
        while (met := last - bisect_left(self.closed, found)) > skipped:
            skipped = met
            weeks, place = divmod(n + skipped, len(steps))
            found = day - 7 * weeks - steps[place]
        return found


def rhythm_of(weekdays: AbstractSet[int], holidays: Iterable[dt.date]) -> Rhythm | None:
    """Return the rhythm of a calendar; ``None`` if some year of it may have no working day."""
    closed = tuple(sorted(day.toordinal() for day in holidays))
    dense = any(end - begin <= _YEAR for begin, end in zip(closed, closed[_FEWEST - 1 :], strict=False))
    if dense or not weekdays:
        return None
    ahead, back = _steps(frozenset(weekdays))
    return Rhythm(ahead, back, closed)


@cache
def _steps(weekdays: frozenset[int]) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    ahead = tuple(tuple(step for step in range(7) if (day + step) % 7 in weekdays) for day in range(7))
    back = tuple(tuple(step for step in range(7) if (day - step) % 7 in weekdays) for day in range(7))
    return ahead, back
