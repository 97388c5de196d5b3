"""Delivery ranges: from the day something is ready to the days on which it can arrive, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from . import _zones
from ._checks import checked, instance, optional, refused, rule, sequence, units
from ._checks import day as check_day
from .calendars import EVERY_DAY, CutOff, WorkCalendar, _later, _of_ordinal

if TYPE_CHECKING:
    from dateutil.relativedelta import relativedelta

__all__ = [
    "DateRange",
    "LeadTime",
    "ShippingTimes",
    "delivery_range",
    "first_parcel",
    "latest_order_day",
    "latest_ship_day",
    "ship_together",
    "static_range",
]


@attrs.frozen(field_transformer=checked)
class DateRange:
    """Some day from ``earliest`` to ``latest``, both inclusive.

    Raises:
        InvalidArgument: If a bound is no day, or ``latest`` lies before ``earliest``.

    Examples:
        A range, and one that is the wrong way round:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange
        >>> DateRange(dt.date(2026, 12, 8), dt.date(2026, 12, 10)).latest.isoformat()
        '2026-12-10'
        >>> DateRange(dt.date(2026, 12, 10), dt.date(2026, 12, 8))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: latest: must not lie before earliest, 2026-12-10 (got ...)
    """

    earliest: dt.date = attrs.field(metadata=rule(check_day))
    latest: dt.date = attrs.field(metadata=rule(check_day))

    def __attrs_post_init__(self) -> None:
        if self.latest < self.earliest:
            requirement = f"must not lie before earliest, {self.earliest.isoformat()}"
            raise refused("latest", requirement, self.latest, code="range.reversed")


@attrs.frozen(field_transformer=checked)
class LeadTime:
    """How many working days something takes, from ``min_days`` to ``max_days``, the day it begins being day 0.

    Attributes:
        min_days: The fewest days, >= 0.
        max_days: The most days, >= ``min_days``.
        calendar: The days that count.

    Raises:
        InvalidArgument: If a number is negative, or ``max_days`` is below ``min_days``.
    """

    min_days: int = attrs.field(metadata=rule(units))
    max_days: int = attrs.field(metadata=rule(units))
    calendar: WorkCalendar = attrs.field(default=EVERY_DAY, metadata=rule(instance, of=WorkCalendar))

    def __attrs_post_init__(self) -> None:
        if self.max_days < self.min_days:
            raise refused("max_days", f"must be >= min_days, {self.min_days}", self.max_days, code="range.reversed")


_AT_ONCE = LeadTime(0, 0)


@attrs.frozen(kw_only=True, field_transformer=checked)
class ShippingTimes:
    """How long it takes from stock to the customer's door.

    Attributes:
        handling: From the day something is ready to the day it leaves: picking and packing.
        transit: From the day it leaves to the day it arrives: the carrier.
        zone: The IANA name of the warehouse's zone, in which days are counted; if ``None`` the cut-off's, else UTC.
        cut_off: The time of day from which an order counts for the day after.
        inbound: From a receipt's expected day to the day its units can ship: put-away, the merchant's buffer.
        receiving: The days on which the customer takes parcels in.

    Raises:
        InvalidArgument: If a field is of another type, or ``zone`` is no time zone.
    """

    handling: LeadTime = attrs.field(metadata=rule(instance, of=LeadTime))
    transit: LeadTime = attrs.field(metadata=rule(instance, of=LeadTime))
    zone: str | None = attrs.field(default=None, metadata=rule(optional, check=_zones.zone_name))
    cut_off: CutOff | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=CutOff))
    inbound: LeadTime = attrs.field(default=_AT_ONCE, metadata=rule(instance, of=LeadTime))
    receiving: WorkCalendar = attrs.field(default=EVERY_DAY, metadata=rule(instance, of=WorkCalendar))


def _as_range(value: object, path: str) -> DateRange:
    """Return a `DateRange` as it is and a day as the range of that day; a check, as in `_checks`."""
    if isinstance(value, DateRange):
        return value
    day = check_day(value, path)
    return _days(day, day)


def _days(earliest: dt.date, latest: dt.date) -> DateRange:
    """Return the range of two days that are known to be days, and not the wrong way round."""
    found = DateRange.__new__(DateRange)
    object.__setattr__(found, "earliest", earliest)
    object.__setattr__(found, "latest", latest)
    return found


def _after(begin: DateRange, lead: LeadTime, /) -> DateRange:
    """Return when what begins in ``begin`` and takes ``lead`` is done."""
    calendar = lead.calendar
    return _days(_later(calendar, begin.earliest, lead.min_days), _later(calendar, begin.latest, lead.max_days))


def delivery_range(ready: dt.date | DateRange, /, *, times: ShippingTimes) -> DateRange:
    """Return the days on which what is ready on ``ready`` can arrive.

    Handling, then transit, each from its day 0 on its own calendar, then the next day on which the customer receives:
    the earliest day takes the minima, the latest the maxima. No cut-off counts here: that is `order_day`'s.

    Args:
        ready: The day, or the range of days, on which the goods can be handled.
        times: How long each stage takes.

    Returns:
        A range that does not begin before ``ready`` and never gets earlier when a day or a lead time gets later.

    Raises:
        InvalidArgument: If ``ready`` is neither a day nor a range.
        NoWorkingDay: If a calendar has no working day for 366 days.

    Source:
        The order day is day 0 of handling, as Google's Content API has it (0 = same day).

    Examples:
        Handling of 0 to 1 days Monday to Friday, transit of 3 to 5 days Monday to Saturday, from a Thursday:

        >>> import datetime as dt
        >>> from preorder_kit import MON_TO_FRI, MON_TO_SAT, DateRange, LeadTime, ShippingTimes, delivery_range
        >>> times = ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(3, 5, MON_TO_SAT))
        >>> arrives = delivery_range(dt.date(2024, 5, 16), times=times)
        >>> arrives.earliest.isoformat(), arrives.latest.isoformat()
        ('2024-05-20', '2024-05-23')

        Stock that comes some day in a week makes the range wider:

        >>> arrives = delivery_range(DateRange(dt.date(2024, 5, 13), dt.date(2024, 5, 17)), times=times)
        >>> arrives.earliest.isoformat(), arrives.latest.isoformat()
        ('2024-05-16', '2024-05-25')
    """
    instance(times, "times", of=ShippingTimes)
    begin, handling, transit = _as_range(ready, "ready"), times.handling, times.transit
    earliest = _arrival(begin.earliest, times, handled=handling.min_days, carried=transit.min_days)
    latest = _arrival(begin.latest, times, handled=handling.max_days, carried=transit.max_days)
    return _days(earliest, latest)


def _arrival(ready: dt.date, times: ShippingTimes, *, handled: int, carried: int) -> dt.date:
    house, road, door = times.handling.calendar, times.transit.calendar, times.receiving
    if house._rhythm and road._rhythm and door._rhythm:
        shipped = house._rhythm.later(ready.toordinal(), handled)
        return _of_ordinal(door._rhythm.later(road._rhythm.later(shipped, carried), 0), ready)
    return _later(door, _later(road, _later(house, ready, handled), carried), 0)


def latest_ship_day(wanted: dt.date, /, *, times: ShippingTimes) -> dt.date:
    """Find the latest day on which a parcel may leave to arrive in time, however slow its transit.

    Args:
        wanted: The day by which it is to arrive, inclusive.
        times: How long transit takes, and when the customer receives.

    Returns:
        The latest day from which transit of ``max_days`` and the customer's next receiving day end by ``wanted``.

    Raises:
        InvalidArgument: If ``wanted`` is no day.
        NoWorkingDay: If a calendar has no working day for 366 days.

    Examples:
        In time for Christmas Eve:

        >>> import datetime as dt
        >>> from preorder_kit import MON_TO_FRI, LeadTime, ShippingTimes, latest_ship_day
        >>> times = ShippingTimes(handling=LeadTime(1, 2, MON_TO_FRI), transit=LeadTime(2, 4, MON_TO_FRI))
        >>> latest_ship_day(dt.date(2026, 12, 24), times=times).isoformat()
        '2026-12-18'

        Nobody takes parcels in at the weekend, so one for Sunday must be there on Friday:

        >>> times = ShippingTimes(handling=LeadTime(1, 2), transit=LeadTime(1, 1), receiving=MON_TO_FRI)
        >>> latest_ship_day(dt.date(2026, 12, 20), times=times).isoformat()
        '2026-12-17'
    """
    instance(times, "times", of=ShippingTimes)
    received = times.receiving.previous_working_day(check_day(wanted, "wanted"))
    transit = times.transit
    return transit.calendar.subtract_working_days(received, transit.max_days)


def latest_order_day(wanted: dt.date, /, *, times: ShippingTimes) -> dt.date:
    """Find the latest day on which goods may be ready to arrive in time, however slow each stage.

    For goods that are there it is the latest day on which they may be ordered, before the cut-off if there is one.

    Args:
        wanted: The day by which they are to arrive, inclusive.
        times: How long each stage takes.

    Returns:
        The latest day whose `delivery_range` ends by ``wanted``.

    Raises:
        InvalidArgument: If ``wanted`` is no day.
        NoWorkingDay: If a calendar has no working day for 366 days.

    Examples:
        In time for Christmas Eve:

        >>> import datetime as dt
        >>> from preorder_kit import MON_TO_FRI, LeadTime, ShippingTimes, latest_order_day
        >>> times = ShippingTimes(handling=LeadTime(1, 2, MON_TO_FRI), transit=LeadTime(2, 4, MON_TO_FRI))
        >>> latest_order_day(dt.date(2026, 12, 24), times=times).isoformat()
        '2026-12-16'
    """
    shipped = latest_ship_day(wanted, times=times)
    return times.handling.calendar.subtract_working_days(shipped, times.handling.max_days)


def _stocked_by(ready: dt.date, times: ShippingTimes) -> dt.date:
    """Return the latest day on which units may come that are to be ready by a day."""
    return times.inbound.calendar.subtract_working_days(ready, times.inbound.max_days)


def static_range(day: dt.date, /, *, after: relativedelta, until: relativedelta) -> DateRange:
    """Return the range that a fixed statement such as "ships in 4 to 6 weeks" gives from ``day`` on.

    For stock without a date: nothing in the supply stands behind it.

    Args:
        day: The day from which the statement counts.
        after: From ``day`` to the earliest day; whole days and larger.
        until: From ``day`` to the latest day; whole days and larger.

    Returns:
        A range that does not begin before ``day``.

    Raises:
        InvalidArgument: If the range lies before ``day``, is the wrong way round, or a delta has hours or less.

    Examples:
        Four to six weeks:

        >>> import datetime as dt
        >>> from dateutil.relativedelta import relativedelta
        >>> from preorder_kit import static_range
        >>> ships = static_range(dt.date(2026, 11, 22), after=relativedelta(weeks=4), until=relativedelta(weeks=6))
        >>> ships.earliest.isoformat(), ships.latest.isoformat()
        ('2026-12-20', '2027-01-03')

        A month after the last of January is the last of February:

        >>> month = relativedelta(months=1)
        >>> static_range(dt.date(2027, 1, 31), after=month, until=month).earliest.isoformat()
        '2027-02-28'
    """
    check_day(day, "day")
    earliest = _moved(day, after, "after")
    return DateRange(earliest, _moved(day, until, "until"))


def _relativedelta(delta: object, path: str) -> relativedelta:
    """Return ``delta`` if it is a relativedelta; a check, as in `_checks`."""
    from dateutil.relativedelta import relativedelta

    return instance(delta, path, of=relativedelta)


def _moved(day: dt.date, delta: relativedelta, path: str) -> dt.date:
    _relativedelta(delta, path)
    try:
        moved = day + delta
    except (ValueError, OverflowError):
        raise refused(
            path, "must be a relativedelta that ends in the years 1 to 9999", delta, code="delta.invalid"
        ) from None
    if isinstance(moved, dt.datetime) or delta.days != int(delta.days) or moved < day:
        raise refused(path, "must be a relativedelta of whole days, not into the past", delta, code="delta.invalid")
    return moved


def ship_together(ranges: Iterable[DateRange], /) -> DateRange:
    """Say when all of it is there, if it waits for the last of it.

    Args:
        ranges: When each of them is there; at least one.

    Returns:
        From the latest of the earliest days to the latest of the latest days.

    Raises:
        InvalidArgument: If there is no range.

    Examples:
        Two deliveries in one parcel:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange, ship_together
        >>> a = DateRange(dt.date(2026, 12, 1), dt.date(2026, 12, 9))
        >>> b = DateRange(dt.date(2026, 12, 3), dt.date(2026, 12, 5))
        >>> together = ship_together([a, b])
        >>> together.earliest.isoformat(), together.latest.isoformat()
        ('2026-12-03', '2026-12-09')
    """
    given = _ranges(ranges)
    return _days(max(item.earliest for item in given), max(item.latest for item in given))


def first_parcel(ranges: Iterable[DateRange], /) -> DateRange:
    """Say when the first of it is there, if each goes by itself.

    Args:
        ranges: When each of them is there; at least one.

    Returns:
        From the earliest of the earliest days to the earliest of the latest days.

    Raises:
        InvalidArgument: If there is no range.

    Examples:
        Two deliveries in two parcels:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange, first_parcel
        >>> a = DateRange(dt.date(2026, 12, 1), dt.date(2026, 12, 9))
        >>> b = DateRange(dt.date(2026, 12, 3), dt.date(2026, 12, 5))
        >>> first = first_parcel([a, b])
        >>> first.earliest.isoformat(), first.latest.isoformat()
        ('2026-12-01', '2026-12-05')
    """
    given = _ranges(ranges)
    return DateRange(min(item.earliest for item in given), min(item.latest for item in given))


def _ranges(ranges: Iterable[DateRange]) -> tuple[DateRange, ...]:
    given = sequence(ranges, "ranges", check=instance, of=DateRange)
    if not given:
        raise refused("ranges", "must hold at least one range", given, code="range.none")
    return given
