"""Working days there and back, and the day on which an order counts, whatever the clocks do."""

import copy
import datetime as dt
import inspect
import pickle
import re
from contextlib import nullcontext
from functools import partial

import attrs
import pytest

from preorder_kit import (
    EVERY_DAY,
    MON_TO_FRI,
    MON_TO_SAT,
    CutOff,
    InvalidArgument,
    NoWorkingDay,
    WorkCalendar,
    order_day,
)

_at = dt.datetime.fromisoformat
_DAY = dt.date.fromisoformat
_TIME = dt.time.fromisoformat
_MICROSECOND = dt.timedelta(microseconds=1)
_UTC = dt.timezone.utc
_NOON = _at("2026-11-22T12:00Z")

_MON_TO_THU = WorkCalendar(weekdays=range(4))
_FRIDAYS = WorkCalendar(weekdays={4})
_MON_AND_FRI = WorkCalendar(weekdays=[0, 4])
_CHRISTMAS = WorkCalendar(weekdays=range(5), holidays={_DAY("2026-12-25"), _DAY("2027-01-01")})
_CLOSED = WorkCalendar(weekdays=range(5), holidays=[_DAY("2023-06-07"), _DAY("2023-06-08")])
_NEVER = WorkCalendar(weekdays=())


@pytest.mark.parametrize(
    ("calendar", "worked"),
    [(EVERY_DAY, 7), (MON_TO_FRI, 5), (MON_TO_SAT, 6), (_MON_TO_THU, 4), (_NEVER, 0)],
    ids=["every day", "Mon to Fri", "Mon to Sat", "Mon to Thu", "never"],
)
def test_a_week_is_worked_from_monday_on(calendar, worked):
    week = [dt.date(2026, 11, 23) + dt.timedelta(days=days) for days in range(7)]  # a Monday
    assert [calendar.is_working_day(day) for day in week] == [True] * worked + [False] * (7 - worked)


def test_a_holiday_is_not_worked():
    assert [_CHRISTMAS.is_working_day(_DAY(f"2026-12-{day}")) for day in (24, 25, 26, 28)] == [True, False, False, True]


# name: calendar, day, the next working day, the previous one
_NEAREST = {
    "working day": (MON_TO_FRI, "2026-11-20", "2026-11-20", "2026-11-20"),
    "Saturday": (MON_TO_FRI, "2026-11-21", "2026-11-23", "2026-11-20"),
    "Sunday": (MON_TO_SAT, "2026-11-22", "2026-11-23", "2026-11-21"),
    "holiday": (_CHRISTMAS, "2026-12-25", "2026-12-28", "2026-12-24"),
    "busday-numpy-1": (MON_TO_FRI, "2011-10-01", "2011-10-03", "2011-09-30"),
    "busday-numpy-5": (MON_TO_FRI, "2011-03-20", "2011-03-21", "2011-03-18"),
    "busday-numpy-6": (MON_TO_FRI, "2011-03-22", "2011-03-22", "2011-03-22"),
    **{f"osw-pr-16 {day}": (_FRIDAYS, f"2023-04-{day}", "2023-04-14", "2023-04-07") for day in range(10, 14)},
    "osw-pr-16 14": (_FRIDAYS, "2023-04-14", "2023-04-14", "2023-04-14"),
    "osw-pr-16 15": (_FRIDAYS, "2023-04-15", "2023-04-21", "2023-04-14"),
    "osw-pr-16 16": (_FRIDAYS, "2023-04-16", "2023-04-21", "2023-04-14"),
    "first day of all": (EVERY_DAY, "0001-01-01", "0001-01-01", "0001-01-01"),
    "last day of all": (MON_TO_FRI, "9999-12-31", "9999-12-31", "9999-12-31"),  # a Friday
}


@pytest.mark.parametrize(("calendar", "day", "following", "previous"), _NEAREST.values(), ids=_NEAREST)
def test_the_nearest_working_day_is_the_day_itself_if_worked(calendar, day, following, previous):
    assert calendar.next_working_day(_DAY(day)) == _DAY(following)
    assert calendar.previous_working_day(_DAY(day)) == _DAY(previous)


# name: calendar, day, n, the working day n later
_LATER = {
    "none, working day": (MON_TO_FRI, "2026-11-20", 0, "2026-11-20"),
    "none, weekend": (MON_TO_FRI, "2026-11-21", 0, "2026-11-23"),
    "one, Friday": (MON_TO_FRI, "2026-11-20", 1, "2026-11-23"),
    "one, weekend": (MON_TO_FRI, "2026-11-21", 1, "2026-11-24"),
    "one, holiday": (_CHRISTMAS, "2026-12-24", 1, "2026-12-28"),
    "over two holidays": (_CHRISTMAS, "2026-12-24", 6, "2027-01-05"),
    "a year of weeks": (MON_TO_FRI, "2026-11-23", 260, "2027-11-22"),
    "edd-google-handling-3 Mon-Sat": (MON_TO_SAT, "2024-05-15", 3, "2024-05-18"),
    "edd-google-handling-3 Mon-Thu": (_MON_TO_THU, "2024-05-15", 3, "2024-05-21"),
    "busday-numpy-7": (MON_TO_FRI, "2011-03-18", 1, "2011-03-21"),
    "busday-numpy-8": (MON_TO_FRI, "2011-03-22", 1, "2011-03-23"),
    "bc-expected-receipt": (MON_TO_FRI, "2024-06-10", 3, "2024-06-13"),
    "lead-odoo-candle": (EVERY_DAY, "2026-03-04", 15, "2026-03-19"),
    "osw-pr-03 one": (EVERY_DAY, "2023-04-11", 1, "2023-04-12"),
    "osw-pr-03 five": (EVERY_DAY, "2023-04-11", 5, "2023-04-16"),
    "osw-pr-37": (_CLOSED, "2023-06-06", 1, "2023-06-09"),
    "wms-pr-01": (EVERY_DAY, "2023-09-11", 4, "2023-09-15"),
}


@pytest.mark.parametrize(("calendar", "day", "n", "later"), _LATER.values(), ids=_LATER)
def test_working_days_are_counted_from_day_0(calendar, day, n, later):
    assert calendar.add_working_days(_DAY(day), n) == _DAY(later)


# name: calendar, day, n, the working day n earlier
_EARLIER = {
    "none, weekend": (MON_TO_FRI, "2026-11-22", 0, "2026-11-20"),
    "one, Monday": (MON_TO_FRI, "2026-11-23", 1, "2026-11-20"),
    "one, weekend": (MON_TO_FRI, "2026-11-22", 1, "2026-11-19"),
    "over a holiday": (_CHRISTMAS, "2026-12-28", 1, "2026-12-24"),
    "busday-numpy-2": (MON_TO_FRI, "2012-03-01", 1, "2012-02-29"),
    "osw-pr-02 one": (MON_TO_FRI, "2023-04-11", 1, "2023-04-10"),
    "osw-pr-02 five": (MON_TO_FRI, "2023-04-11", 5, "2023-04-04"),
    "lead-odoo-mo": (EVERY_DAY, "2026-08-15", 14, "2026-08-01"),
}


@pytest.mark.parametrize(("calendar", "day", "n", "earlier"), _EARLIER.values(), ids=_EARLIER)
def test_working_days_are_counted_back_to_the_latest_that_arrives(calendar, day, n, earlier):
    found = calendar.subtract_working_days(_DAY(day), n)
    assert found == _DAY(earlier)
    assert calendar.add_working_days(found, n) <= _DAY(day)
    assert calendar.add_working_days(found + dt.timedelta(days=1), n) > _DAY(day)


_ASK = {
    "is": lambda calendar, day: calendar.is_working_day(day),
    "next": lambda calendar, day: calendar.next_working_day(day),
    "previous": lambda calendar, day: calendar.previous_working_day(day),
    "add": lambda calendar, day: calendar.add_working_days(day, 1),
    "subtract": lambda calendar, day: calendar.subtract_working_days(day, 1),
}
_SEEK = {**_ASK, "order": lambda calendar, day: order_day(_at(f"{day}T12:00Z"), calendar=calendar, zone="UTC")}
del _SEEK["is"]


@pytest.mark.parametrize("day", [_NOON, dt.datetime(2026, 11, 22), "2026-11-22", None], ids=str)
@pytest.mark.parametrize("ask", _ASK.values(), ids=_ASK)
def test_an_instant_is_not_a_day(ask, day):
    with pytest.raises(InvalidArgument, match=r"^day: must be a day \(datetime\.date\), not an instant") as caught:
        ask(EVERY_DAY, day)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("day.invalid", "day", day)


@pytest.mark.parametrize("n", [-1, True, 1.0, None], ids=repr)
@pytest.mark.parametrize(
    "method", [WorkCalendar.add_working_days, WorkCalendar.subtract_working_days], ids=["add", "subtract"]
)
def test_a_number_of_days_is_whole_and_not_negative(method, n):
    with pytest.raises(InvalidArgument, match=r"^n: must be a whole number >= 0 \(got ") as caught:
        method(EVERY_DAY, dt.date(2026, 11, 22), n)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("units.invalid", "n", n)


@pytest.mark.parametrize("ask", _SEEK.values(), ids=_SEEK)
def test_a_calendar_without_a_working_day_is_an_error_and_no_loop(ask):
    with pytest.raises(NoWorkingDay, match=r"has no working day in the 366 days") as caught:
        ask(_NEVER, dt.date(2026, 11, 22))
    assert (caught.value.code, caught.value.path, caught.value.value) == ("calendar.no_working_day", "", _NEVER)


@pytest.mark.parametrize("ask", ["next", "previous"])
@pytest.mark.parametrize(("closed", "found"), [(365, True), (366, False)], ids=["one is worked", "none is"])
def test_366_days_are_searched(ask, closed, found):
    begin, step = dt.date(2026, 1, 1), dt.timedelta(days=1 if ask == "next" else -1)
    calendar = WorkCalendar(weekdays=range(7), holidays=[begin + n * step for n in range(closed)])
    with nullcontext() if found else pytest.raises(NoWorkingDay, match="366 days"):
        assert _ASK[ask](calendar, begin) == begin + 365 * step


def test_a_calendar_with_a_year_almost_without_working_days_counts_on():
    """Tuesdays, but for those of 2026: the first working day after New Year is a year later, the second a week on."""
    closed = [dt.date(2026, 1, 6) + n * dt.timedelta(days=7) for n in range(51)]
    calendar = WorkCalendar(weekdays=[1], holidays=closed)
    assert calendar.add_working_days(dt.date(2026, 1, 1), 1) == dt.date(2027, 1, 5)
    dense = WorkCalendar(weekdays=[1, 2], holidays=[*closed, dt.date(2026, 1, 7)])
    assert dense.add_working_days(dt.date(2026, 1, 5), 2) == dt.date(2026, 1, 28)
    assert dense.subtract_working_days(dt.date(2026, 1, 28), 1) == dt.date(2026, 1, 21)


@pytest.mark.parametrize(("ask", "day"), [("add", dt.date.max), ("subtract", dt.date.min)], ids=["last", "first"])
def test_days_beyond_the_calendar_are_refused(ask, day):
    with pytest.raises(InvalidArgument, match=r"^day: must leave room in the years 1 to 9999 \(got ") as caught:
        _ASK[ask](EVERY_DAY, day)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("day.invalid", "day", day)


_THREE = CutOff(time=dt.time(15), zone="America/New_York")
_SATURDAYS = CutOff(time=dt.time(15), zone="Europe/Oslo", by_weekday={5: dt.time(12), 0: dt.time(16, 30)})

# name: calendar, zone, cut-off, its instant on the day, the day, the day from that instant on
_AT_THE_CUT_OFF = {
    "New York, winter": (MON_TO_FRI, "America/New_York 15", "2024-03-08T20:00Z", "2024-03-08", "2024-03-11"),
    "New York, summer": (MON_TO_FRI, "America/New_York 15", "2024-03-11T19:00Z", "2024-03-11", "2024-03-12"),
    "New York, in the gap": (EVERY_DAY, "America/New_York 02:30", "2024-03-10T07:00Z", "2024-03-10", "2024-03-11"),
    "New York, in the fold": (EVERY_DAY, "America/New_York 01:30", "2024-11-03T05:30Z", "2024-11-03", "2024-11-04"),
    "Oslo, in the gap": (EVERY_DAY, "Europe/Oslo 02:30", "2026-03-29T01:00Z", "2026-03-29", "2026-03-30"),
    "Oslo, in the fold": (EVERY_DAY, "Europe/Oslo 02:30", "2026-10-25T00:30Z", "2026-10-25", "2026-10-26"),
    "Cairo, fold before midnight": (EVERY_DAY, "Africa/Cairo 23:30", "2026-10-29T20:30Z", "2026-10-29", "2026-10-30"),
    "Cairo, gap at midnight": (EVERY_DAY, "Africa/Cairo 00:30", "2027-04-29T22:00Z", "2027-04-30", "2027-05-01"),
    "Beirut, gap at midnight": (EVERY_DAY, "Asia/Beirut 00:30", "2027-03-27T22:00Z", "2027-03-28", "2027-03-29"),
    "Havana, gap at midnight": (EVERY_DAY, "America/Havana 00:59", "2027-03-14T05:00Z", "2027-03-14", "2027-03-15"),
    "Havana, fold after midnight": (EVERY_DAY, "America/Havana 00:30", "2027-11-07T04:30Z", "2027-11-07", "2027-11-08"),
    "Lord Howe, gap": (EVERY_DAY, "Australia/Lord_Howe 02:15", "2026-10-03T15:30Z", "2026-10-04", "2026-10-05"),
    "Lord Howe, fold": (EVERY_DAY, "Australia/Lord_Howe 01:45", "2027-04-03T14:45Z", "2027-04-04", "2027-04-05"),
    "St John's, shown twice": (EVERY_DAY, "America/St_Johns 23:30", "2010-11-07T02:00Z", "2010-11-06", "2010-11-07"),
    "R29": (MON_TO_FRI, "Europe/Oslo 14:00", "2026-11-20T13:00Z", "2026-11-20", "2026-11-23"),
    "osw-pr-10, ours closed": (EVERY_DAY, "UTC 10:00", "2023-04-11T10:00Z", "2023-04-11", "2023-04-12"),
    "to the microsecond": (EVERY_DAY, "UTC 10:00:00.000001", "2023-04-11T10:00:00.000001Z", "2023-04-11", "2023-04-12"),
}


@pytest.mark.parametrize(
    ("calendar", "closes", "instant", "before", "after"), _AT_THE_CUT_OFF.values(), ids=_AT_THE_CUT_OFF
)
def test_an_order_at_the_very_cut_off_is_too_late(calendar, closes, instant, before, after):
    zone, time = closes.split()
    cut_off, closing = CutOff(time=_TIME(time), zone=zone), _at(instant)
    days = [order_day(closing + n * _MICROSECOND, calendar=calendar, cut_off=cut_off) for n in (-1, 0, 1)]
    assert days == [_DAY(before), _DAY(after), _DAY(after)]


_PARIS = CutOff(time=dt.time(10), zone="Europe/Paris")
_EIGHT, _NINE, _TEN = (CutOff(time=dt.time(hour), zone="UTC") for hour in (8, 9, 10))
_BRUSSELS = {time: CutOff(time=_TIME(time), zone="Europe/Brussels") for time in ("10:30", "09:30")}
_APIA, _CAIRO = (CutOff(time=dt.time(15), zone=zone) for zone in ("Pacific/Apia", "Africa/Cairo"))
_LATE_NEW_YORK, _SEVEN = (CutOff(time=_TIME(time), zone="America/New_York") for time in ("01:30", "19:00"))
_LATE_ST_JOHNS = CutOff(time=dt.time(23, 30), zone="America/St_Johns")

# name: calendar, cut-off or zone, instant, the day
_ORDERED = {
    "no cut-off, working day": (MON_TO_FRI, "Europe/Oslo", "2026-11-20T22:59:59Z", "2026-11-20"),
    "no cut-off, weekend": (MON_TO_FRI, "Europe/Oslo", "2026-11-20T23:00Z", "2026-11-23"),
    "no cut-off, west": (EVERY_DAY, "America/New_York", "2026-11-20T04:59:59Z", "2026-11-19"),
    "no cut-off, Apia's missing day": (EVERY_DAY, "Pacific/Apia", "2011-12-30T10:00Z", "2011-12-31"),
    "no cut-off, St John's, first day": (EVERY_DAY, "America/St_Johns", "2010-11-07T02:29Z", "2010-11-06"),
    "no cut-off, St John's, between midnights": (EVERY_DAY, "America/St_Johns", "2010-11-07T03:00Z", "2010-11-07"),
    "no cut-off, osw-pr-06": (EVERY_DAY, "UTC", "2023-04-11T10:00:01Z", "2023-04-11"),
    "tz-cutoff-dst-2": (MON_TO_FRI, _THREE, "2024-03-11T19:30Z", "2024-03-12"),
    "tz-cutoff-dst-2, the winter side": (MON_TO_FRI, _THREE, "2024-03-08T19:30Z", "2024-03-08"),
    "tz-customer-vs-warehouse": (MON_TO_FRI, _SEVEN, "2024-06-14T22:30Z", "2024-06-14"),
    "before the cut-off on a day off": (MON_TO_FRI, _THREE, "2024-03-09T17:00Z", "2024-03-11"),
    "after the cut-off on a day off": (MON_TO_FRI, _THREE, "2024-03-10T23:00Z", "2024-03-11"),
    "edd, Wednesday after the cut-off": (MON_TO_FRI, _THREE, "2024-05-15T20:00Z", "2024-05-16"),
    "repeated hour, before the cut-off's first showing": (EVERY_DAY, _LATE_NEW_YORK, "2024-11-03T05:15Z", "2024-11-03"),
    "repeated hour, earlier on the wall, later in time": (EVERY_DAY, _LATE_NEW_YORK, "2024-11-03T06:15Z", "2024-11-04"),
    "repeated hour, second showing": (EVERY_DAY, _LATE_NEW_YORK, "2024-11-03T06:30Z", "2024-11-04"),
    "skipped hour, after it": (EVERY_DAY, _LATE_NEW_YORK, "2024-03-10T07:00Z", "2024-03-11"),
    "day that comes again": (EVERY_DAY, _LATE_ST_JOHNS, "2010-11-07T02:31Z", "2010-11-07"),
    "day that comes again, cut-off again": (EVERY_DAY, _LATE_ST_JOHNS, "2010-11-07T03:00Z", "2010-11-07"),
    "Cairo, back in the hour before midnight": (EVERY_DAY, _CAIRO, "2026-10-29T21:30Z", "2026-10-30"),
    "Apia, before the last cut-off": (EVERY_DAY, _APIA, "2011-12-30T00:59:59Z", "2011-12-29"),
    "Apia, first of the 31st": (EVERY_DAY, _APIA, "2011-12-30T10:00Z", "2011-12-31"),
    "Apia, after the next cut-off": (EVERY_DAY, _APIA, "2011-12-31T01:00Z", "2012-01-01"),
    "Friday before its cut-off": (MON_TO_SAT, _SATURDAYS, "2026-11-20T13:59:59.999999Z", "2026-11-20"),
    "Friday at its cut-off": (MON_TO_SAT, _SATURDAYS, "2026-11-20T14:00Z", "2026-11-21"),
    "Saturday before its own": (MON_TO_SAT, _SATURDAYS, "2026-11-21T10:59:59.999999Z", "2026-11-21"),
    "Saturday at its own": (MON_TO_SAT, _SATURDAYS, "2026-11-21T11:00Z", "2026-11-23"),
    "Monday after the usual, before its own": (MON_TO_SAT, _SATURDAYS, "2026-11-23T15:29:59.999999Z", "2026-11-23"),
    "Monday at its own": (MON_TO_SAT, _SATURDAYS, "2026-11-23T15:30Z", "2026-11-24"),
    "the last day of all": (EVERY_DAY, _LATE_NEW_YORK, "9999-12-30T20:00Z", "9999-12-31"),
    "the last day of all, no cut-off": (EVERY_DAY, "UTC", "9999-12-31T20:00Z", "9999-12-31"),
    "the last day of all, the cut-off beyond it": (EVERY_DAY, _SEVEN, "9999-12-31T20:00Z", "9999-12-31"),
    "the last day of all, before the cut-off": (EVERY_DAY, _THREE, "9999-12-31T19:59:59Z", "9999-12-31"),
    "osw-pr-09 before": (EVERY_DAY, _PARIS, "2023-04-11T07:59:59Z", "2023-04-11"),
    "osw-pr-09 after": (EVERY_DAY, _PARIS, "2023-04-11T08:00:01Z", "2023-04-12"),
    "osw-pr-32": (MON_TO_FRI, _PARIS, "2021-08-19T07:30Z", "2021-08-19"),
    "osw-pr-34": (MON_TO_FRI, _PARIS, "2021-08-20T07:30Z", "2021-08-20"),
    "osw-pr-37": (_CLOSED, _PARIS, "2023-06-06T07:55Z", "2023-06-06"),
    "osw-pr-38": (MON_TO_FRI, _PARIS, "2023-06-20T15:19:31Z", "2023-06-21"),
    "osw-pr-42": (MON_TO_FRI, _EIGHT, "2021-08-13T09:00Z", "2021-08-16"),
    "osw-pr-44": (MON_TO_FRI, _EIGHT, "2021-08-14T07:00Z", "2021-08-16"),
    "osw-pr-65": (_MON_AND_FRI, _NINE, "2020-03-26T18:00Z", "2020-03-27"),
    "osw-pr-66": (_MON_AND_FRI, _NINE, "2020-03-27T08:00Z", "2020-03-27"),
    "osw-pr-67": (_MON_AND_FRI, _NINE, "2020-03-27T18:00Z", "2020-03-30"),
    "wms-pr-05 in time": (EVERY_DAY, _TEN, "2023-02-01T09:00Z", "2023-02-01"),
    "wms-pr-05 late": (EVERY_DAY, _EIGHT, "2023-02-01T09:00Z", "2023-02-02"),
    "wms-pr-05 in time in Brussels": (EVERY_DAY, _BRUSSELS["10:30"], "2023-02-01T09:00Z", "2023-02-01"),
    "wms-pr-05 late in Brussels": (EVERY_DAY, _BRUSSELS["09:30"], "2023-02-01T09:00Z", "2023-02-02"),
    "wms-pr-05 the day before": (EVERY_DAY, _EIGHT, "2023-01-31T09:00Z", "2023-02-01"),
    "wms-pr-05 the day after": (EVERY_DAY, _TEN, "2023-02-02T09:00Z", "2023-02-02"),
}


@pytest.mark.parametrize(("calendar", "closes", "at", "day"), _ORDERED.values(), ids=_ORDERED)
def test_an_order_counts_on_a_working_day_of_the_warehouse(calendar, closes, at, day):
    rules = {"zone": closes} if isinstance(closes, str) else {"cut_off": closes}
    assert order_day(_at(at), calendar=calendar, **rules) == _DAY(day)
    elsewhere = _at(at).astimezone(dt.timezone(dt.timedelta(hours=-9)))
    assert order_day(elsewhere, calendar=calendar, **rules) == _DAY(day)


def test_an_order_after_a_cut_off_before_the_calendar_counts_on_the_next_day():
    at, early = _at("0001-01-01T00:00Z"), CutOff(time=dt.time(5), zone="Asia/Tokyo")
    assert order_day(at, calendar=EVERY_DAY, cut_off=early) == _DAY("0001-01-02")


def test_the_zone_of_the_cut_off_goes_before_the_other():
    at = _at("2026-11-21T16:00Z")  # Saturday, 11:00 in New York; Sunday in Tokyo
    assert order_day(at, calendar=EVERY_DAY, cut_off=_THREE, zone="Asia/Tokyo") == _DAY("2026-11-21")
    assert order_day(at, calendar=EVERY_DAY, zone="Asia/Tokyo") == _DAY("2026-11-22")


@pytest.mark.parametrize(("field", "given"), [("calendar", {0, 1}), ("calendar", None), ("cut_off", dt.time(15))])
def test_what_an_order_counts_by_is_a_calendar_and_a_cut_off(field, given):
    rules = {"calendar": EVERY_DAY, "cut_off": _THREE, field: given}
    with pytest.raises(InvalidArgument, match=rf"^{field}: must be a (WorkCalendar|CutOff) \(got ") as caught:
        order_day(_NOON, **rules)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("type.invalid", field, given)


_BEYOND = _at("9999-12-31T20:00Z")
_NO_ORDER_DAY = {
    "naive": (dt.datetime(2026, 11, 22), {"zone": "UTC"}, "instant.naive", "at", "must have a UTC offset"),
    "day": (dt.date(2026, 11, 22), {"zone": "UTC"}, "instant.invalid", "at", "must be an instant"),
    "no zone": (
        _NOON,
        {},
        "zone.missing",
        "zone",
        r"^zone: must be given where there is no cut-off: whose day is it\? \(got None\)$",
    ),
    "unknown zone": (_NOON, {"zone": "Mars/Olympus"}, "zone.unknown", "zone", "must be an IANA time zone"),
    "no next day": (_BEYOND, {"cut_off": _THREE}, "day.invalid", "day", "must leave room in the years 1 to 9999"),
    "beyond the calendar": (
        _BEYOND,
        {"zone": "Asia/Tokyo"},
        "instant.invalid",
        "at",
        "must lie in the years 1 to 9999",
    ),
}


@pytest.mark.parametrize(("at", "rules", "code", "path", "message"), _NO_ORDER_DAY.values(), ids=_NO_ORDER_DAY)
def test_what_has_no_order_day_is_refused(at, rules, code, path, message):
    with pytest.raises(InvalidArgument, match=message) as caught:
        order_day(at, calendar=EVERY_DAY, **rules)
    assert (caught.value.code, caught.value.path) == (code, path)


_week, _cut_off = partial(WorkCalendar, weekdays=()), partial(CutOff, time=dt.time(15), zone="UTC")
_ZONED = dt.time(15, tzinfo=_UTC)
_MESSAGES = {
    "weekday.invalid": r"must be a weekday, 0 for Monday to 6 for Sunday \(got",
    "units.invalid": "must be a whole number >= 0",
    "type.invalid": "must be a (sequence|mapping|time)",
    "day.invalid": r"must be a day \(datetime\.date\), not an instant",
    "time.zoned": r"must be a time of day without a zone: the cut-off's zone counts \(got",
    "zone.unknown": "must be an IANA time zone",
}
# name: what is built, field, what is given, code, path and value of the error
_INVALID = {
    "weekday 7": (_week, "weekdays", {7}, ("weekday.invalid", "weekdays[0]", 7)),
    "weekday -1": (_week, "weekdays", [0, -1], ("units.invalid", "weekdays[1]", -1)),
    "weekday True": (_week, "weekdays", [True], ("units.invalid", "weekdays[0]", True)),
    "weekdays a number": (_week, "weekdays", 5, ("type.invalid", "weekdays", 5)),
    "weekdays as text": (_week, "weekdays", "01", ("type.invalid", "weekdays", "01")),
    "holiday an instant": (_week, "holidays", [dt.date(2026, 12, 25), _NOON], ("day.invalid", "holidays[1]", _NOON)),
    "holidays None": (_week, "holidays", None, ("type.invalid", "holidays", None)),
    "time with a zone": (_cut_off, "time", dt.time(15, tzinfo=_UTC), ("time.zoned", "time", _ZONED)),
    "time as text": (_cut_off, "time", "15:00", ("type.invalid", "time", "15:00")),
    "time an instant": (_cut_off, "time", _NOON, ("type.invalid", "time", _NOON)),
    "unknown zone": (_cut_off, "zone", "Oslo", ("zone.unknown", "zone", "Oslo")),
    "cut-off of weekday 7": (_cut_off, "by_weekday", {7: dt.time(9)}, ("weekday.invalid", "by_weekday key", 7)),
    "cut-off as text": (_cut_off, "by_weekday", {5: "12:00"}, ("type.invalid", "by_weekday[5]", "12:00")),
    "cut-offs in a list": (_cut_off, "by_weekday", [5], ("type.invalid", "by_weekday", [5])),
}


@pytest.mark.parametrize(("build", "field", "given", "found"), _INVALID.values(), ids=_INVALID)
def test_a_calendar_or_cut_off_that_breaks_its_rule_is_refused(build, field, given, found):
    with pytest.raises(InvalidArgument, match=f"^{re.escape(found[1])}: {_MESSAGES[found[0]]}") as caught:
        build(**{field: given})
    assert (caught.value.code, caught.value.path, caught.value.value) == found


def test_a_calendar_is_built_from_what_it_shows_and_shows_nothing_else():
    easter = [dt.date(2027, 3, 25), dt.date(2027, 3, 26), dt.date(2027, 3, 29)]
    holidays = [dt.date(year, month, 1) for year in (2026, 2027) for month in (1, 4, 5, 10)]
    calendar = WorkCalendar(weekdays=range(7), holidays=[*easter, *holidays])
    days = ", ".join(map(str, sorted([*easter, *holidays])))
    assert repr(calendar) == f"WorkCalendar(weekdays={{0, 1, 2, 3, 4, 5, 6}}, holidays={{{days}}})"
    assert list(inspect.signature(WorkCalendar).parameters) == ["weekdays", "holidays"]


_SAME = {
    "weekdays": (WorkCalendar(weekdays=[4, 3, 2, 1, 0, 0]), MON_TO_FRI),
    "holidays": (WorkCalendar(weekdays=range(5), holidays=[_DAY("2027-01-01"), _DAY("2026-12-25")]), _CHRISTMAS),
    "by weekday": (attrs.evolve(_SATURDAYS, by_weekday={0: dt.time(16, 30), 5: dt.time(12)}), _SATURDAYS),
    "no weekday": (CutOff(time=dt.time(15), zone="America/New_York", by_weekday={}), _THREE),
}
_COPIES = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda value: pickle.loads(pickle.dumps(value))}


@pytest.mark.parametrize(("value", "same"), _SAME.values(), ids=_SAME)
def test_calendars_and_cut_offs_of_one_meaning_are_equal(value, same):
    assert value == same
    assert hash(value) == hash(same)
    assert value not in {_FRIDAYS, _NINE}


@pytest.mark.parametrize("again", _COPIES.values(), ids=_COPIES)
@pytest.mark.parametrize("value", [MON_TO_SAT, _CHRISTMAS, _SATURDAYS], ids=["week", "holidays", "cut-off"])
def test_a_copied_calendar_or_cut_off_is_equal(value, again):
    assert again(value) == value
    assert hash(again(value)) == hash(value)


def test_calendars_and_cut_offs_are_frozen_and_built_by_keyword():
    for value, field in ((MON_TO_FRI, "weekdays"), (_THREE, "time")):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field, None)
    for build in (lambda: WorkCalendar({0}), lambda: CutOff(dt.time(15), "UTC")):
        with pytest.raises(TypeError, match="positional argument"):
            build()


def test_what_a_calendar_was_built_from_may_change():
    weekdays, by_weekday = {0}, {5: dt.time(12)}
    calendar, cut_off = WorkCalendar(weekdays=weekdays), CutOff(time=dt.time(15), zone="UTC", by_weekday=by_weekday)
    weekdays.add(1)
    by_weekday[6] = dt.time(11)
    assert (calendar.weekdays, calendar.holidays) == (frozenset({0}), frozenset())
    assert cut_off.by_weekday == {5: dt.time(12)}
    assert hash(cut_off.by_weekday) == hash(CutOff(time=dt.time(9), zone="UTC", by_weekday={5: dt.time(12)}).by_weekday)


def test_what_changes_no_day_is_not_kept():
    saturday = dt.date(2026, 12, 26)
    assert WorkCalendar(weekdays=range(5), holidays=[saturday]) == WorkCalendar(weekdays=range(5))
    three = CutOff(time=dt.time(15), zone="UTC", by_weekday={4: dt.time(15)})
    assert three == CutOff(time=dt.time(15), zone="UTC")


@pytest.mark.parametrize("name", ["localtime", "posixrules", "right/Europe/Oslo", "posix/Europe/Oslo"])
def test_a_zone_of_the_host_is_refused(name):
    with pytest.raises(InvalidArgument, match="must be an IANA time zone") as caught:
        CutOff(time=dt.time(15), zone=name)
    assert (caught.value.code, caught.value.path) == ("zone.unknown", "zone")


@pytest.mark.parametrize("count", ["add_working_days", "subtract_working_days"])
def test_more_days_than_there_are_are_refused_at_once(count):
    with pytest.raises(InvalidArgument, match=r"^n: must be a number of days that the calendar has \(got 1") as caught:
        getattr(EVERY_DAY, count)(dt.date(2026, 1, 1), 10**12)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("units.invalid", "n", 10**12)


@pytest.mark.parametrize(
    ("count", "begin", "end"),
    [
        pytest.param(WorkCalendar.add_working_days, dt.date.min, dt.date.max, id="on"),
        pytest.param(WorkCalendar.subtract_working_days, dt.date.max, dt.date.min, id="back"),
    ],
)
def test_all_days_that_there_are_can_be_counted_and_not_one_more(count, begin, end):
    steps = (dt.date.max - dt.date.min).days
    assert count(EVERY_DAY, begin, steps) == end
    with pytest.raises(InvalidArgument, match=r"^day: must leave room in the years 1 to 9999 \(got "):
        count(EVERY_DAY, begin, steps + 1)


@pytest.mark.parametrize(
    ("seek", "where"), [("next_working_day", "from 2026-01-05"), ("previous_working_day", "up to 2026-01-05")]
)
def test_a_calendar_without_working_days_names_the_day_it_was_asked_for(seek, where):
    with pytest.raises(NoWorkingDay, match=f"has no working day in the 366 days {where}$"):
        getattr(WorkCalendar(weekdays=[]), seek)(dt.date(2026, 1, 5))
