"""Where the bars and the names of a picture stand, so that none hides another: the arithmetic under `plots`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import attrs

from ._checks import refused
from ._timeline import Named, Timeline, short_day, ticks
from .quantities import UNLIMITED, Quantity

_LARGEST = 10**300
# In inches: what a line of days, a letter of a name and a line of text take.
_AXIS, _LETTER, _LINE = 7.1, 0.084, 0.18
_LONGEST_NAME = 16


@attrs.frozen
class Name:
    """Words at a place along the days, at the end of a bar of that size."""

    place: float
    size: float
    words: str


@attrs.frozen(kw_only=True)
class Side:
    """The bars that stand up, or those that hang down, and the names that there is room for.

    Attributes:
        sign: 1 for what stands up, -1 for what hangs down.
        bars: All bars.
        names: Those of their names that there is room for.
        upright: Whether the names run upwards, not sidewards.
        reach: The size of the longest bar.
        depth: Inches that the names take beyond the bars.
    """

    sign: int
    bars: list[Name]
    names: list[Name]
    upright: bool
    reach: float
    depth: float


def side(line: Timeline, *, comes: bool) -> Side:
    """Return what comes, or what is owed; the names stand upright if they do not fit side by side."""
    entries = [(day.day, day.receipts if comes else day.orders) for day in line.days]
    bars = [Name(place(day) + 0.5, _total(of_day), _entry(of_day)) for day, of_day in entries if of_day]
    longest = max((bar.words for bar in bars), key=len, default="")
    flat = thinned(bars, days_wide(longest, line))
    upright = len(flat) < len(bars)
    a_line = _LINE * line.length / _AXIS
    names = thinned(bars, a_line) if upright else flat
    return Side(
        sign=1 if comes else -1,
        bars=bars,
        names=[_moved(name, a_line if upright else days_wide(name.words, line), bars, line) for name in names],
        upright=upright,
        reach=max((bar.size for bar in bars), default=0.0),
        depth=0.0 if not bars else len(longest) * _LETTER + _LINE if upright else 2 * _LINE,
    )


def _total(of_day: Named) -> float:
    return float(sum(units for _, units in of_day))


def _entry(of_day: Named) -> str:
    """Return what a bar is, as in ``40 PO2002``; of several the name of the largest, and how many others there are."""
    name, _ = max(of_day, key=lambda entry: entry[1])
    others = f"+{len(of_day) - 1} more" if len(of_day) > 1 else ""
    return " ".join(filter(None, [number(_total(of_day)), cut(name, _LONGEST_NAME), others]))


def _moved(name: Name, wide: float, bars: Sequence[Name], line: Timeline) -> Name:
    """Return a name inside the picture, at the end of the longest bar that it would cover."""
    first, last = place(line.start) + wide / 2, place(line.until) + 1 - wide / 2
    near = (bar.size for bar in bars if abs(bar.place - name.place) < (wide + bar_width(line)) / 2)
    return attrs.evolve(name, place=max(first, min(name.place, last)), size=max(near))


def bar_width(line: Timeline) -> float:
    """Return the days that a bar takes: neither too broad where days are few nor too thin where they are many."""
    return max(line.length / 250, min(0.8, line.length / 15))


def thinned(names: Sequence[Name], gap: float) -> list[Name]:
    """Return the names that are ``gap`` days apart; of two that are nearer the larger stays, then the earlier."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda item: (-item.size, item.place)):
        if all(abs(name.place - other.place) >= gap for other in kept):
            kept.append(name)
    return kept


def shortages(balance: Sequence[float], edges: Sequence[float], line: Timeline) -> list[Name]:
    """Return how many units are short, at the deepest of days that are short one after the other."""
    deepest: list[Name] = []
    was_short = False
    for units, begin, end in zip(balance, edges, edges[1:], strict=False):
        if units < 0:
            found = Name((begin + end) / 2, -units, f"short {number(-units)}")
            deepest.append(max(deepest.pop(), found, key=_size) if was_short else found)
        was_short = units < 0
    longest = max((name.words for name in deepest), key=len, default="")
    return thinned(deepest, days_wide(longest, line))


def _size(name: Name) -> float:
    return name.size


def days_wide(words: str, line: Timeline) -> float:
    """Return how many days on the axis some words take."""
    return len(words) * _LETTER * line.length / _AXIS


def place(day: dt.date) -> int:
    """Return where a day begins on the axis; the next one begins 1 further."""
    return day.toordinal()


def named_days(first: dt.date, length: int, most: int) -> dict[dt.date, str]:
    """Return the days to name on an axis and their names, with the year where it changes."""
    days = ticks(first, length, most)
    years = [None, *(day.year for day in days)]
    return {
        day: short_day(day) if day.year == before else f"{short_day(day)}\n{day.year}"
        for day, before in zip(days, years, strict=False)
    }


def cut(name: str, most: int) -> str:
    """Return ``name`` with a sign for what cannot be printed, and not longer than ``most``."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in name)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def number(units: float) -> str:
    """Return a number of units as in ``1,250``, one without measure as in ``6e17``."""
    return f"{units:,.0f}" if abs(units) < 10**9 else f"{units:.3g}".replace("e+", "e")


def refuse_too_large(quantities: Iterable[Quantity], path: str) -> None:
    """Raise `InvalidArgument` if a number of units is too large to be drawn."""
    for quantity in quantities:
        if quantity is not UNLIMITED and abs(quantity) >= _LARGEST:
            raise refused(path, "must have fewer than 10**300 units to be drawn", quantity, code="units.invalid")
