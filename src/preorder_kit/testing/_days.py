"""Strategies for units, days, instants and the times that stages take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import combinations
from typing import TypeVar

from hypothesis import strategies as st

from ..calendars import EVERY_DAY, MON_TO_FRI, MON_TO_SAT, CutOff, WorkCalendar
from ..delivery import DateRange, LeadTime, ShippingTimes
from ..quantities import UNLIMITED, Quantity

#: Zones whose clocks skip midnight, turn at midnight, move by half an hour, or never move.
ZONES = (
    "UTC",
    "America/New_York",
    "Europe/Oslo",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
)
_Value = TypeVar("_Value")
# Each strategy is built once, and draws several small fields at a time: a world has a hundred of them.
_FIRST, _LAST = dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)
_OFFSETS = [dt.timezone(dt.timedelta(minutes=minutes)) for minutes in (-600, -300, 0, 60, 345, 780)]


def any_of(values: Iterable[_Value]) -> st.SearchStrategy[_Value]:
    """Return one of many values in one draw, under a name that does not list them all in reports."""
    found = tuple(values)
    return st.integers(0, len(found) - 1).map(lambda place: found[place])


_UNLIMITED = st.just(UNLIMITED)
_SKUS = st.sampled_from(("A", "B", "C", "D"))
_ZONES = st.sampled_from(ZONES)
_INSTANTS = st.datetimes(_FIRST, _LAST, timezones=st.sampled_from(_OFFSETS))
ALL_DAYS = [_FIRST.date() + dt.timedelta(days=number) for number in range((_LAST - _FIRST).days + 1)]
_DAYS = any_of(ALL_DAYS)
LENGTHS = 31
ALL_RANGES = len(ALL_DAYS) * LENGTHS


def quantities(*, most: int = 20, unlimited: bool = True) -> st.SearchStrategy[Quantity]:
    """Return numbers of units from 0 to ``most``, and sometimes `UNLIMITED`."""
    numbers = st.integers(0, most)
    return numbers | _UNLIMITED if unlimited else numbers


def skus() -> st.SearchStrategy[str]:
    """Return SKUs, of four."""
    return _SKUS


def zones() -> st.SearchStrategy[str]:
    """Return names of time zones, of `ZONES`."""
    return _ZONES


def instants() -> st.SearchStrategy[dt.datetime]:
    """Return aware instants of 2026 and 2027, at several offsets."""
    return _INSTANTS


def days() -> st.SearchStrategy[dt.date]:
    """Return days of 2026 and 2027."""
    return _DAYS


def range_of(number: int) -> DateRange:
    """Return one of `ALL_RANGES` ranges, by its number."""
    place, length = divmod(number % ALL_RANGES, LENGTHS)
    return DateRange(ALL_DAYS[place], ALL_DAYS[place] + dt.timedelta(days=length))


_DATE_RANGES = st.integers(0, ALL_RANGES - 1).map(range_of)


def date_ranges() -> st.SearchStrategy[DateRange]:
    """Return ranges of up to a month."""
    return _DATE_RANGES


_WORK_CALENDARS = st.sampled_from((EVERY_DAY, MON_TO_FRI, MON_TO_SAT)) | st.builds(
    WorkCalendar,
    weekdays=any_of([frozenset(some) for size in range(1, 8) for some in combinations(range(7), size)]),
    holidays=st.frozensets(_DAYS, max_size=5),
)


def work_calendars() -> st.SearchStrategy[WorkCalendar]:
    """Return calendars with at least one weekday, some with a few holidays."""
    return _WORK_CALENDARS


_LEAD_TIMES = st.builds(
    lambda span, calendar: LeadTime(span[0], span[1], calendar),
    any_of([(low, low + more) for more in range(8) for low in range(8)]),
    _WORK_CALENDARS,
)


def lead_times() -> st.SearchStrategy[LeadTime]:
    """Return lead times of up to a fortnight."""
    return _LEAD_TIMES


_TIMES = st.integers(0, 24 * 60 * 60 - 1).map(lambda seconds: (_FIRST + dt.timedelta(0, seconds)).time())
CUT_OFFS = st.builds(
    CutOff, time=_TIMES, zone=_ZONES, by_weekday=st.dictionaries(st.integers(0, 6), _TIMES, max_size=2)
)
_SHIPPING_TIMES = st.builds(
    ShippingTimes,
    handling=_LEAD_TIMES,
    transit=_LEAD_TIMES,
    zone=st.sampled_from([*[None] * len(ZONES), *ZONES]),
    cut_off=st.none() | CUT_OFFS,
    inbound=_LEAD_TIMES,
    receiving=_WORK_CALENDARS,
)


def shipping_times() -> st.SearchStrategy[ShippingTimes]:
    """Return shipping times, with and without a zone and a cut-off."""
    return _SHIPPING_TIMES


#: A day or a range, and as often none.
DAYS_OR_NONE = any_of([*[None] * len(ALL_DAYS), *ALL_DAYS])
RANGES_OR_NONE = st.integers(0, 2 * ALL_RANGES - 1).map(
    lambda number: None if number < ALL_RANGES else range_of(number)
)
