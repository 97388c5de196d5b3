"""Working days, cut-offs, and the day on which an order counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import attrs

from . import _zones
from ._checks import (
    FrozenMapping,
    checked,
    instance,
    instant,
    mapping,
    optional,
    refused,
    rule,
    shown,
    units,
    unordered,
)
from ._checks import day as check_day
from ._workdays import Rhythm, rhythm_of
from .errors import InvalidArgument, NoWorkingDay

__all__ = ["EVERY_DAY", "MON_TO_FRI", "MON_TO_SAT", "CutOff", "WorkCalendar", "order_day"]

_SEARCHED = 366


def _weekday(value: object, path: str) -> int:
    weekday = units(value, path)
    if weekday > 6:
        raise refused(path, "must be a weekday, 0 for Monday to 6 for Sunday", value, code="weekday.invalid")
    return weekday


def _weekdays(value: object, path: str) -> frozenset[int]:
    return unordered(value, path, check=_weekday)


def _sorted_repr(days: AbstractSet[int] | AbstractSet[dt.date]) -> str:
    """Return the same text for the same set, whatever the hash seed."""
    return f"{{{', '.join(map(str, sorted(days)))}}}"


def _days(value: object, path: str) -> frozenset[dt.date]:
    return unordered(value, path, check=check_day)


@attrs.frozen(kw_only=True, field_transformer=checked)
class WorkCalendar:
    """The days on which somebody works.

    Attributes:
        weekdays: The weekdays that are worked, Monday being 0 and Sunday 6.
        holidays: Days that are not worked although their weekday is; others are not kept.

    Raises:
        InvalidArgument: If a weekday is none, or a holiday is no day.

    Examples:
        A week with a holiday in it:

        >>> import datetime as dt
        >>> from preorder_kit import WorkCalendar
        >>> calendar = WorkCalendar(weekdays={0, 1, 2, 3, 4}, holidays={dt.date(2026, 12, 25)})
        >>> calendar.add_working_days(dt.date(2026, 12, 24), 1).isoformat()
        '2026-12-28'
    """

    weekdays: AbstractSet[int] = attrs.field(repr=_sorted_repr, metadata=rule(_weekdays))
    holidays: AbstractSet[dt.date] = attrs.field(default=frozenset(), repr=_sorted_repr, metadata=rule(_days))
    _rhythm: Rhythm | None = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        kept = frozenset(day for day in self.holidays if day.weekday() in self.weekdays)
        object.__setattr__(self, "holidays", kept)
        object.__setattr__(self, "_rhythm", rhythm_of(self.weekdays, kept))

    def is_working_day(self, day: dt.date, /) -> bool:
        """Say whether ``day`` is worked."""
        return check_day(day, "day").weekday() in self.weekdays and day not in self.holidays

    def next_working_day(self, day: dt.date, /) -> dt.date:
        """Find the first working day from a day on.

        Args:
            day: Where to begin; itself if it is worked.

        Returns:
            A working day, ``day`` or later, with none before it.

        Raises:
            NoWorkingDay: If none of the 366 days from ``day`` on is worked.
        """
        return _later(self, check_day(day, "day"), 0)

    def previous_working_day(self, day: dt.date, /) -> dt.date:
        """Find the last working day up to a day.

        Args:
            day: Where to begin; itself if it is worked.

        Returns:
            A working day, ``day`` or earlier, with none after it.

        Raises:
            NoWorkingDay: If none of the 366 days up to ``day`` is worked.
        """
        return _earlier(self, check_day(day, "day"), 0)

    def add_working_days(self, day: dt.date, n: int, /) -> dt.date:
        """Count working days on.

        The day first moves to the next working day (itself if it is one), which is day 0; then ``n`` working days on.

        Args:
            day: Where to begin.
            n: Working days, >= 0.

        Returns:
            A working day, never earlier for a later ``day`` or a larger ``n``.

        Raises:
            InvalidArgument: If ``n`` is negative.
            NoWorkingDay: If 366 days in a row are not worked.
        """
        return _later(self, check_day(day, "day"), _days_on(n))

    def subtract_working_days(self, day: dt.date, n: int, /) -> dt.date:
        """Count working days back.

        The day first moves to the previous working day (itself if it is one); then ``n`` working days back.

        Args:
            day: Where to begin.
            n: Working days, >= 0.

        Returns:
            The latest day from which `add_working_days` reaches ``day`` at the latest.

        Raises:
            InvalidArgument: If ``n`` is negative.
            NoWorkingDay: If 366 days in a row are not worked.
        """
        return _earlier(self, check_day(day, "day"), _days_on(n))


def _days_on(n: int) -> int:
    if units(n, "n") > dt.date.max.toordinal():
        raise refused("n", "must be a number of days that the calendar has", n, code="units.invalid")
    return n


def _later(calendar: WorkCalendar, day: dt.date, n: int) -> dt.date:
    if calendar._rhythm is None:
        return _shift(calendar, day, n, step=1)
    return _of_ordinal(calendar._rhythm.later(day.toordinal(), n), day)


def _earlier(calendar: WorkCalendar, day: dt.date, n: int) -> dt.date:
    if calendar._rhythm is None:
        return _shift(calendar, day, n, step=-1)
    return _of_ordinal(calendar._rhythm.earlier(day.toordinal(), n), day)


def _of_ordinal(ordinal: int, start: dt.date) -> dt.date:
    try:
        return dt.date.fromordinal(ordinal)
    except (ValueError, OverflowError):
        raise _no_room(start) from None


def _shift(calendar: WorkCalendar, day: dt.date, n: int, *, step: int) -> dt.date:
    """Count day by day, in a calendar that may have a year without a working day."""
    day = _seek(calendar, day, step=step)
    for _ in range(n):
        day = _seek(calendar, _plus(day, step), step=step)
    return day


def _seek(calendar: WorkCalendar, day: dt.date, *, step: int) -> dt.date:
    found = day
    for _ in range(_SEARCHED):
        if calendar.is_working_day(found):
            return found
        found = _plus(found, step)
    where = "from" if step > 0 else "up to"
    message = f"{shown(calendar)} has no working day in the {_SEARCHED} days {where} {day}"
    raise NoWorkingDay(message, value=calendar)


def _plus(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        raise _no_room(day) from None


def _no_room(day: dt.date) -> InvalidArgument:
    return refused("day", "must leave room in the years 1 to 9999", day, code="day.invalid")


EVERY_DAY = WorkCalendar(weekdays=frozenset(range(7)))
MON_TO_FRI = WorkCalendar(weekdays=frozenset(range(5)))
MON_TO_SAT = WorkCalendar(weekdays=frozenset(range(6)))


def _time(value: object, path: str) -> dt.time:
    time = instance(value, path, of=dt.time)
    if time.tzinfo is not None:
        raise refused(path, "must be a time of day without a zone: the cut-off's zone counts", value, code="time.zoned")
    return time


def _times(value: object, path: str) -> FrozenMapping[int, dt.time]:
    return mapping(value, path, key=_weekday, check=_time)


@attrs.frozen(kw_only=True, field_transformer=checked)
class CutOff:
    """The time of day from which an order counts for the day after.

    It is a time on the wall of the warehouse, never an offset from UTC: it stays where it is when the clocks change.

    Attributes:
        time: The time of day; an order at this very time is too late.
        zone: The IANA name of the warehouse's time zone.
        by_weekday: Other times for some weekdays (Monday being 0), as where Saturday closes at noon; the same time as
            ``time`` is not kept.

    Raises:
        InvalidArgument: If a time has a zone of its own, or ``zone`` is no time zone, or a weekday is none.
    """

    time: dt.time = attrs.field(metadata=rule(_time))
    zone: str = attrs.field(metadata=rule(_zones.zone_name))
    by_weekday: Mapping[int, dt.time] = attrs.field(default=FrozenMapping(), metadata=rule(_times))

    def __attrs_post_init__(self) -> None:
        kept = {weekday: time for weekday, time in self.by_weekday.items() if time != self.time}
        object.__setattr__(self, "by_weekday", FrozenMapping(kept))


def order_day(
    at: dt.datetime, /, *, calendar: WorkCalendar, cut_off: CutOff | None = None, zone: str | None = None
) -> dt.date:
    """Return the working day on which an order placed ``at`` counts.

    It is the local day of ``at``, or the day after if that weekday's cut-off is reached; then the next working day.
    In the hour that the clocks go back, the cut-off falls when its time is shown first, and what is later is later.

    Args:
        at: The instant of the order.
        calendar: The days on which orders are handled.
        cut_off: The time from which an order counts for the day after; none if every hour of the day counts.
        zone: The IANA name of the zone whose day counts where there is no ``cut_off``; with one, the cut-off's does.

    Returns:
        A working day of ``calendar``. A later ``at`` never gives an earlier day.

    Raises:
        InvalidArgument: If ``at`` has no offset, or neither ``cut_off`` nor ``zone`` is given.
        NoWorkingDay: If none of 366 days is worked.

    Examples:
        Half past three in New York is after three, summer time or not:

        >>> import datetime as dt
        >>> from preorder_kit import MON_TO_FRI, CutOff, order_day
        >>> three = CutOff(time=dt.time(15), zone="America/New_York")
        >>> monday = dt.datetime(2024, 3, 11, 19, 30, tzinfo=dt.timezone.utc)
        >>> order_day(monday, calendar=MON_TO_FRI, cut_off=three).isoformat()
        '2024-03-12'

        At the cut-off itself it is closed, and on Friday that means Monday:

        >>> friday = dt.datetime(2024, 3, 15, 19, 0, tzinfo=dt.timezone.utc)
        >>> order_day(friday, calendar=MON_TO_FRI, cut_off=three).isoformat()
        '2024-03-18'
    """
    now = instant(at, "at")
    instance(calendar, "calendar", of=WorkCalendar)
    optional(cut_off, "cut_off", check=instance, of=CutOff)
    counted_in = zone if cut_off is None else cut_off.zone
    if counted_in is None:
        raise refused("zone", "must be given where there is no cut-off: whose day is it?", zone, code="zone.missing")
    place = _zones.zone_info(counted_in, "zone")
    day = _zones.local_day(now, place, "at")
    if cut_off is not None and _zones.is_reached(day, _closing(cut_off, day), place, now):
        day = _plus(day, 1)
    return calendar.next_working_day(day)


def _closing(cut_off: CutOff, day: dt.date) -> dt.time:
    return cut_off.by_weekday.get(day.weekday(), cut_off.time)
