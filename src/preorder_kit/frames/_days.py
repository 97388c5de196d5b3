"""When what is ready can arrive, and by when it must be ready, over frames: the pure rule, asked once for each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import attrs
import narwhals.stable.v2 as nw

from .. import delivery
from .._checks import instance, mapping, refused, text
from ..delivery import ShippingTimes
from ..errors import InvalidArgument, InvalidDocument, NoWorkingDay, Problem
from ._agreeing import refuse_rows
from ._checking import Frame
from ._columns import READY, READY_BY_NAME, WANTED, WANTED_BY_NAME, Schema
from ._engines import Checked, FrameT, check, engine_of, left_join, run, table_beside

_READY_RANGE = ("ready_earliest", "ready_latest")


def delivery_range(frame: FrameT | Checked[FrameT], /, *, times: ShippingTimes | Mapping[str, ShippingTimes]) -> FrameT:
    """Put beside each row the days on which it can arrive, as `preorder_kit.delivery_range` has them.

    The calendars are asked once for each day and each of the times that rows have, however many rows there are.

    Args:
        frame: When goods can be handled: a day in ``ready``, or a range in ``ready_earliest`` and ``ready_latest``.
        times: How long each stage takes; several by name, if the frame says in ``times`` which counts for a row.

    Returns:
        The rows and columns of the frame, and ``delivery_earliest`` and ``delivery_latest``.

    Raises:
        InvalidDocument: If a column is missing or of another type, holds nothing in some row, or a range ends before it
            begins.
        InvalidArgument: If ``times`` is of another type, a row names none of them, or a day lies so late that what is
            ready on it arrives after the year 9999.
        NoWorkingDay: If a calendar has no working day for 366 days.

    Examples:
        A day of handling, Monday to Friday, then two on the road:

        >>> import datetime as dt
        >>> import polars as pl
        >>> from preorder_kit import MON_TO_FRI, LeadTime, ShippingTimes
        >>> from preorder_kit.frames import delivery_range
        >>> times = ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(2, 2))
        >>> lines = pl.DataFrame({"line": [1, 2], "ready": [dt.date(2026, 11, 20), dt.date(2026, 11, 21)]})
        >>> for row in delivery_range(lines, times=times).rows():
        ...     print(*row)
        1 2026-11-20 2026-11-22 2026-11-25
        2 2026-11-21 2026-11-25 2026-11-26

        Several ways to ship, and stock that comes some day in a week:

        >>> lines = pl.DataFrame({
        ...     "ready_earliest": [dt.date(2026, 11, 23)], "ready_latest": [dt.date(2026, 11, 27)], "times": ["post"],
        ... })
        >>> print(*delivery_range(lines, times={"post": times}).select("delivery_earliest", "delivery_latest").row(0))
        2026-11-25 2026-12-02
    """
    checked, named = _checked(frame, times, READY, READY_BY_NAME)
    first, last = _ready_columns(checked)
    if first != last:
        _refuse_reversed(checked)
    sides = [_Side(first, "delivery_earliest", _earliest), _Side(last, "delivery_latest", _latest)]
    return _beside(checked, named, sides)  # type: ignore[no-any-return]


def latest_order_day(
    frame: FrameT | Checked[FrameT], /, *, times: ShippingTimes | Mapping[str, ShippingTimes]
) -> FrameT:
    """Put beside each row the latest day on which goods may be ready, as `preorder_kit.latest_order_day` has it.

    Args:
        frame: The day by which goods are to arrive, in ``wanted``.
        times: How long each stage takes; several by name, if the frame says in ``times`` which counts for a row.

    Returns:
        The rows and columns of the frame, and ``latest_order_day``.

    Raises:
        InvalidDocument: If a column is missing or of another type, or holds nothing in some row.
        InvalidArgument: If ``times`` is of another type, a row names none of them, or a day lies so early that goods
            would have to be ready before the year 1.
        NoWorkingDay: If a calendar has no working day for 366 days.

    Examples:
        In time for Christmas Eve:

        >>> import datetime as dt
        >>> import polars as pl
        >>> from preorder_kit import MON_TO_FRI, LeadTime, ShippingTimes
        >>> from preorder_kit.frames import latest_order_day
        >>> times = ShippingTimes(handling=LeadTime(1, 2, MON_TO_FRI), transit=LeadTime(2, 4, MON_TO_FRI))
        >>> lines = pl.DataFrame({"wanted": [dt.date(2026, 12, 24)]})
        >>> print(*latest_order_day(lines, times=times).row(0))
        2026-12-24 2026-12-16

        A way to ship that nobody described:

        >>> lines = pl.DataFrame({"wanted": [dt.date(2026, 12, 24)], "times": ["drone"]})
        >>> latest_order_day(lines, times={"post": times})
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: frame.times: must be one of post (got 'drone')
    """
    checked, named = _checked(frame, times, WANTED, WANTED_BY_NAME)
    return _beside(checked, named, [_Side("wanted", "latest_order_day", _ordered)])  # type: ignore[no-any-return]


#: What answers for one day.
_Rule: TypeAlias = Callable[[dt.date, ShippingTimes], dt.date]


@attrs.frozen
class _Side:
    """What is put beside the rows: from which column, under which name, by which rule."""

    given: str
    found: str
    rule: _Rule


# Either end of a range is of one day alone, and of its own numbers: neither needs to know the other.
def _earliest(ready: dt.date, times: ShippingTimes) -> dt.date:
    return delivery._arrival(ready, times, handled=times.handling.min_days, carried=times.transit.min_days)


def _latest(ready: dt.date, times: ShippingTimes) -> dt.date:
    return delivery._arrival(ready, times, handled=times.handling.max_days, carried=times.transit.max_days)


def _ordered(wanted: dt.date, times: ShippingTimes) -> dt.date:
    return delivery.latest_order_day(wanted, times=times)


def _checked(
    frame: Any, times: object, schema: Schema, by_name: Schema
) -> tuple[Checked[Any], Mapping[str | None, ShippingTimes]]:
    """Return the frame, looked at, and the times by name; one that all rows share is under ``None``."""
    if isinstance(times, Mapping):
        named = mapping(times, "times", key=text, check=partial(instance, of=ShippingTimes))
        return check(frame, by_name, "frame"), dict(named.items())
    return check(frame, schema, "frame"), {None: instance(times, "times", of=ShippingTimes)}


def _ready_columns(checked: Checked[Any]) -> tuple[str, str]:
    there = _names(checked)
    pair = [name for name in _READY_RANGE if name in there]
    if len(pair) == len(_READY_RANGE) and "ready" not in there:
        return _READY_RANGE
    if "ready" in there and not pair:
        return "ready", "ready"
    message = f"must be there, or else ready_earliest and ready_latest; there are {', '.join(there) or 'no columns'}"
    raise InvalidDocument([Problem("frame.ready", "column.missing", message, tuple(there))])


def _names(checked: Checked[Any]) -> list[str]:
    """Return the names of the columns of a frame; narwhals is not asked about Dask, of which it warns."""
    frame = checked.frame
    is_dask = engine_of(frame, "frame") is nw.Implementation.DASK
    return nw.from_native(frame._meta if is_dask else frame).collect_schema().names()  # type: ignore[no-any-return]


def _refuse_reversed(checked: Checked[Any]) -> None:
    def reversed_rows(frame: Frame) -> Frame:
        return frame.filter(nw.col("ready_latest") < nw.col("ready_earliest")).select(*_READY_RANGE)

    message = "must not lie before ready_earliest"
    refuse_rows(checked, reversed_rows, "frame.ready_latest", "range.reversed", message)


def _beside(checked: Checked[Any], named: Mapping[str | None, ShippingTimes], sides: Sequence[_Side]) -> Any:
    names = [side.found for side in sides]
    tables = [
        _answers(checked, named, given, [side for side in sides if side.given == given])
        for given in dict.fromkeys(side.given for side in sides)
    ]

    def plan(frame: Frame) -> Frame:
        kept = [name for name in frame.collect_schema().names() if name not in names]
        found = frame.select(*kept)
        for table in tables:
            types = {name: nw.String() if name == "times" else nw.Date() for name in table}
            keys = [name for name in table if name not in names]
            found = left_join(found, table_beside(frame, table, types), on=keys)
        return found.select(*kept, *names)

    return run(plan, {"frame": checked})


def _answers(
    checked: Checked[Any], named: Mapping[str | None, ShippingTimes], given: str, sides: Sequence[_Side]
) -> dict[str, list[Any]]:
    """Return, as columns, what rules say of each day that some row has."""
    keys = [given] if None in named else [given, "times"]
    asked = sorted(_distinct(checked, keys))
    table = {name: [row[place] for row in asked] for place, name in enumerate(keys)}
    return table | {side.found: [_answer(side, *row, named=named) for row in asked] for side in sides}


def _answer(
    side: _Side, day: dt.date, name: str | None = None, /, *, named: Mapping[str | None, ShippingTimes]
) -> dt.date:
    if name not in named:
        raise refused("frame.times", f"must be one of {', '.join(map(str, named))}", name, code="times.unknown")
    try:
        return side.rule(day, named[name])
    except (InvalidArgument, NoWorkingDay) as error:
        message = f"{side.given} of {day.isoformat()}: {error.message}"
        raise attrs.evolve(error, message=message, path=f"frame.{side.given}", value=day) from None


def _distinct(checked: Checked[Any], names: Sequence[str]) -> set[tuple[Any, ...]]:
    native = run(lambda frame: frame.select(*names).unique(), {"frame": checked})
    is_dask = engine_of(native, "frame") is nw.Implementation.DASK
    found = nw.from_native(native.compute() if is_dask else native).lazy()
    try:
        return set(found.collect("pyarrow").select(*names).rows())  # pandas adds its index
    except (OverflowError, ValueError):
        path = f"frame.{names[0]}"
        raise InvalidArgument("must hold days of the years 1 to 9999", "day.invalid", path) from None
