"""A timeline drawn with letters: days run to the right, units up, and what is short down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import attrs

from .._timeline import Timeline, TimelineDay, day_in_words, short_day, ticks
from ..quantities import UNLIMITED, Quantity

_ROWS = 10
_WIDEST_DAY = 6
_NARROWEST = 13
_APART = 8  # letters from one named day to the next

PROMISED, KEPT, SHORT, NO_LIMIT = "█", "░", "▼", "∞"
_MEANING = {
    NO_LIMIT: "no limit",
    PROMISED: "can be promised",
    KEPT: "there, but owed or withheld",
    SHORT: "short",
}
_IN_ASCII = str.maketrans("█░▼∞│┤┼─┴", "#.v*||+-+")


@attrs.frozen(kw_only=True)
class _Column:
    """The least that the days of one column have, and the most that they are short of."""

    balance: Quantity
    available: Quantity
    short: int


@attrs.frozen(kw_only=True)
class _Scale:
    """How much room there is, and how many days and letters a column is."""

    margin: int
    room: int
    days: int
    letters: int


def chart(line: Timeline, *, width: int, ascii_only: bool) -> list[str]:
    """Return the lines of a drawing that is ``width`` letters wide, and what its signs mean."""
    finite = [step.balance for step in line.days if step.balance is not UNLIMITED]
    top, bottom = max([0, *finite]), -min([0, *finite])
    scale = _scale(line.length, width, len(str(max(top, 10 * bottom))))
    columns = _columns(line, scale)
    up, down = _heights(top, bottom)
    axis, names = _axis(line, scale, len(columns))
    drawn = [
        *([_row("", columns, scale, _unbounded)] if any(column.balance is UNLIMITED for column in columns) else []),
        *(_row(top if row == up else "", columns, scale, _above(row, up, top)) for row in range(up, 0, -1)),
        f"{0:>{scale.margin}} ┼{axis}",
        *(
            _row(-bottom if row == down else "", columns, scale, _below(row, down, bottom))
            for row in range(1, down + 1)
        ),
        f"{'':>{scale.margin}}  {names}",
    ]
    drawn += _legend("".join(drawn), scale)
    return [words.translate(_IN_ASCII).rstrip() if ascii_only else words.rstrip() for words in drawn]


def _scale(length: int, width: int, margin: int) -> _Scale:
    room = max(_NARROWEST, width - margin - 2)
    days = -(-length // room)
    return _Scale(margin=margin, room=room, days=days, letters=min(_WIDEST_DAY, room // length) if days == 1 else 1)


def _columns(line: Timeline, scale: _Scale) -> list[_Column]:
    return [_column(line, passed, scale.days) for passed in range(0, line.length, scale.days)]


def _column(line: Timeline, passed: int, days: int) -> _Column:
    first, last = (dt.timedelta(days=min(item, line.length - 1)) for item in (passed, passed + days - 1))
    steps: Sequence[TimelineDay] = line.between(line.start + first, line.start + last)
    balance = min(step.balance for step in steps)
    return _Column(
        balance=balance,
        available=min(step.available for step in steps),
        short=0 if balance is UNLIMITED else max(0, -balance),
    )


def _heights(top: int, bottom: int) -> tuple[int, int]:
    """Return how many rows there are above the axis and below it, one at least for what there is at all."""
    down = max(1, _ROWS * bottom // (top + bottom)) if bottom else 0
    return max(1, _ROWS - down) if top else 0, down


def _row(label: object, columns: Sequence[_Column], scale: _Scale, sign: Callable[[_Column], str]) -> str:
    bars = "".join(sign(column) * scale.letters for column in columns)
    return f"{label:>{scale.margin}} {'│' if label == '' else '┤'}{bars}"


def _unbounded(column: _Column) -> str:
    return NO_LIMIT if column.balance is UNLIMITED else " "


def _above(row: int, rows: int, top: int) -> Callable[[_Column], str]:
    def sign(column: _Column) -> str:
        if _reaches(column.available, row, rows, top):
            return PROMISED
        return KEPT if _reaches(column.balance, row, rows, top) else " "

    return sign


def _below(row: int, rows: int, bottom: int) -> Callable[[_Column], str]:
    return lambda column: SHORT if _reaches(column.short, row, rows, bottom) else " "


def _reaches(quantity: Quantity, row: int, rows: int, full: int) -> bool:
    """Return whether a bar comes into a row; one unit comes into the first one at least."""
    return quantity is UNLIMITED or quantity * rows > (row - 1) * full


def _axis(line: Timeline, scale: _Scale, columns: int) -> tuple[str, str]:
    """Return the axis with a mark for each day that is named, and their names under it."""
    axis, names = "─" * (columns * scale.letters), ""
    year = line.start.year
    for day in ticks(line.start, line.length, max(1, len(axis) // _APART)):
        place = (day - line.start).days // scale.days * scale.letters
        name = short_day(day) if day.year == year else day_in_words(day)
        if (not names or len(names) < place) and place + len(name) <= scale.room:
            axis = f"{axis[:place]}┴{axis[place + 1 :]}"
            names = f"{names:<{place}}{name}"
            year = day.year
    return axis, names


def _legend(drawn: str, scale: _Scale) -> list[str]:
    said = "   ".join(f"{sign} {words}" for sign, words in _MEANING.items() if sign in drawn)
    columns = [f"Each column is {scale.days} days, of which the lowest counts."] if scale.days > 1 else []
    return [*([said] if said else []), *columns]
