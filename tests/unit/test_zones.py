"""The first instant of a time of day, and the day of an instant, where clocks jump and where they repeat."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from preorder_kit import InvalidArgument
from preorder_kit._zones import first_instant, is_reached, local_day, zone_info, zone_name

_at = dt.datetime.fromisoformat
_DAY = dt.date.fromisoformat
_TIME = dt.time.fromisoformat
_MICROSECOND = dt.timedelta(microseconds=1)

# name: zone, day, time on the wall, the first instant
_FIRST = {
    "UTC": ("UTC", "2026-11-22", "15:00", "2026-11-22T15:00Z"),
    "winter": ("Europe/Oslo", "2026-01-15", "15:00", "2026-01-15T14:00Z"),
    "summer": ("Europe/Oslo", "2026-07-15", "15:00", "2026-07-15T13:00Z"),
    "quarter of an hour": ("Asia/Kathmandu", "2026-11-22", "00:00", "2026-11-21T18:15Z"),
    "to the microsecond": ("Europe/Oslo", "2026-01-15", "23:59:59.999999", "2026-01-15T22:59:59.999999Z"),
    "New York, last before the gap": (
        "America/New_York",
        "2024-03-10",
        "01:59:59.999999",
        "2024-03-10T06:59:59.999999Z",
    ),
    "New York, gap begins": ("America/New_York", "2024-03-10", "02:00", "2024-03-10T07:00Z"),
    "New York, tz-gap": ("America/New_York", "2024-03-10", "02:30", "2024-03-10T07:00Z"),
    "New York, in the gap to the microsecond": (
        "America/New_York",
        "2024-03-10",
        "02:59:59.999999",
        "2024-03-10T07:00Z",
    ),
    "New York, gap ends": ("America/New_York", "2024-03-10", "03:00", "2024-03-10T07:00Z"),
    "New York, after the gap": ("America/New_York", "2024-03-10", "03:00:00.000001", "2024-03-10T07:00:00.000001Z"),
    "New York, fold begins": ("America/New_York", "2024-11-03", "01:00", "2024-11-03T05:00Z"),
    "New York, tz-fold": ("America/New_York", "2024-11-03", "01:30", "2024-11-03T05:30Z"),
    "New York, after the fold": ("America/New_York", "2024-11-03", "02:00", "2024-11-03T07:00Z"),
    "Oslo, gap": ("Europe/Oslo", "2026-03-29", "02:30", "2026-03-29T01:00Z"),
    "Oslo, fold": ("Europe/Oslo", "2026-10-25", "02:30", "2026-10-25T00:30Z"),
    "Cairo, no midnight": ("Africa/Cairo", "2027-04-30", "00:00", "2027-04-29T22:00Z"),
    "Cairo, gap": ("Africa/Cairo", "2027-04-30", "00:59", "2027-04-29T22:00Z"),
    "Cairo, fold before midnight": ("Africa/Cairo", "2026-10-29", "23:30", "2026-10-29T20:30Z"),
    "Cairo, midnight after the fold": ("Africa/Cairo", "2026-10-30", "00:00", "2026-10-29T22:00Z"),
    "Beirut, no midnight": ("Asia/Beirut", "2027-03-28", "00:00", "2027-03-27T22:00Z"),
    "Havana, no midnight": ("America/Havana", "2027-03-14", "00:00", "2027-03-14T05:00Z"),
    "Havana, two midnights": ("America/Havana", "2027-11-07", "00:00", "2027-11-07T04:00Z"),
    "Lord Howe, gap of half an hour": ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30Z"),
    "Lord Howe, fold of half an hour": ("Australia/Lord_Howe", "2027-04-04", "01:45", "2027-04-03T14:45Z"),
    "Apia, no day": ("Pacific/Apia", "2011-12-30", "15:00", "2011-12-30T10:00Z"),
    "Apia, the day after": ("Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00Z"),
    "St John's, midnight and back": ("America/St_Johns", "2010-11-07", "00:00", "2010-11-07T02:30Z"),
    "St John's, shown twice": ("America/St_Johns", "2010-11-06", "23:30", "2010-11-07T02:00Z"),
    "St John's, gap after a minute": ("America/St_Johns", "2010-03-14", "00:30", "2010-03-14T03:31Z"),
    "Nuuk, gap up to midnight": ("America/Nuuk", "2024-03-30", "23:30", "2024-03-31T01:00Z"),
    "Nuuk, midnight at the jump": ("America/Nuuk", "2024-03-31", "00:00", "2024-03-31T01:00Z"),
}


@pytest.mark.parametrize(("zone", "day", "time", "first"), _FIRST.values(), ids=_FIRST)
def test_a_time_of_day_comes_first_at_one_instant(zone, day, time, first):
    place, wall = ZoneInfo(zone), dt.datetime.combine(_DAY(day), _TIME(time))
    found = first_instant(_DAY(day), _TIME(time), place)
    assert found.isoformat() == _at(first).isoformat()
    assert found.astimezone(place).replace(tzinfo=None) >= wall
    assert (found - _MICROSECOND).astimezone(place).replace(tzinfo=None) < wall


@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_that_says_which_of_two_it_is_counts_at_the_first_all_the_same(fold):
    found = first_instant(dt.date(2024, 11, 3), dt.time(1, 30, fold=fold), ZoneInfo("America/New_York"))
    assert found == _at("2024-11-03T05:30Z")


# name: zone, instant, the local day
_DAYS = {
    "UTC": ("UTC", "2026-11-22T00:00Z", "2026-11-22"),
    "west": ("America/Los_Angeles", "2019-02-05T00:00Z", "2019-02-04"),
    "east": ("Australia/Sydney", "2019-02-04T13:00Z", "2019-02-05"),
    "east, before midnight": ("Australia/Sydney", "2019-02-04T12:59:59.999999Z", "2019-02-04"),
    "tz-customer-vs-warehouse": ("Europe/Berlin", "2024-06-14T22:30Z", "2024-06-15"),
    "Cairo, before the jump": ("Africa/Cairo", "2027-04-29T21:59:59.999999Z", "2027-04-29"),
    "Cairo, at the jump": ("Africa/Cairo", "2027-04-29T22:00Z", "2027-04-30"),
    "Cairo, the hour before midnight again": ("Africa/Cairo", "2026-10-29T21:30Z", "2026-10-29"),
    "Havana, second midnight": ("America/Havana", "2027-11-07T05:00Z", "2027-11-07"),
    "Apia, last of the 29th": ("Pacific/Apia", "2011-12-30T09:59:59.999999Z", "2011-12-29"),
    "Apia, first of the 31st": ("Pacific/Apia", "2011-12-30T10:00Z", "2011-12-31"),
    "St John's, before midnight": ("America/St_Johns", "2010-11-07T02:29:59.999999Z", "2010-11-06"),
    "St John's, midnight": ("America/St_Johns", "2010-11-07T02:30Z", "2010-11-07"),
    "St John's, back before midnight": ("America/St_Johns", "2010-11-07T02:31Z", "2010-11-07"),
    "St John's, midnight again": ("America/St_Johns", "2010-11-07T03:30Z", "2010-11-07"),
    "the last but one day of all": ("UTC", "9999-12-30T23:59Z", "9999-12-30"),
    "the last day of all": ("UTC", "9999-12-31T23:59Z", "9999-12-31"),
    "the last day of all, west": ("America/New_York", "9999-12-31T23:59Z", "9999-12-31"),
    "the last day of all, east": ("Asia/Tokyo", "9999-12-30T15:00Z", "9999-12-31"),
    "the first day of all": ("UTC", "0001-01-01T00:00Z", "0001-01-01"),
}


@pytest.mark.parametrize(("zone", "at", "day"), _DAYS.values(), ids=_DAYS)
def test_the_local_day_is_the_last_that_has_begun(zone, at, day):
    assert local_day(_at(at), ZoneInfo(zone), "at") == _DAY(day)


# name: zone, day, time on the wall, instant, reached
_REACHED = {
    "a microsecond before": ("Europe/Oslo", "2026-01-15", "15:00", "2026-01-15T13:59:59.999999Z", False),
    "at it": ("Europe/Oslo", "2026-01-15", "15:00", "2026-01-15T14:00Z", True),
    "jumped past": ("America/New_York", "2024-03-10", "02:30", "2024-03-10T07:00Z", True),
    "shown, and back before it": ("America/New_York", "2024-11-03", "01:30", "2024-11-03T06:15Z", True),
    "before the first instant of all": ("Asia/Tokyo", "0001-01-01", "05:00", "0001-01-01T00:00Z", True),
    "after the last instant of all": ("America/New_York", "9999-12-31", "23:00", "9999-12-31T23:59:59Z", False),
}


@pytest.mark.parametrize(("zone", "day", "time", "at", "reached"), _REACHED.values(), ids=_REACHED)
def test_a_time_of_day_is_reached_when_it_is_shown_or_jumped_past(zone, day, time, at, reached):
    assert is_reached(_DAY(day), _TIME(time), ZoneInfo(zone), _at(at)) is reached


_NO_DAY = {
    "after year 9999": ("Asia/Tokyo", "9999-12-31T20:00+00:00"),
    "before year 1": ("America/New_York", "0001-01-01T00:00+00:00"),
}


@pytest.mark.parametrize(("zone", "at"), _NO_DAY.values(), ids=_NO_DAY)
def test_an_instant_beyond_the_calendar_has_no_day(zone, at):
    told = r"^street_date: must lie in the years 1 to 9999 there too \(got "
    with pytest.raises(InvalidArgument, match=told) as caught:
        local_day(_at(at), ZoneInfo(zone), "street_date")
    assert (caught.value.code, caught.value.path, caught.value.value) == ("instant.invalid", "street_date", _at(at))


@pytest.mark.parametrize(
    ("day", "zone"), [(dt.date.min, "Europe/Oslo"), (dt.date.max, "Pacific/Pago_Pago")], ids=["first", "last"]
)
def test_an_instant_beyond_the_calendar_overflows(day, zone):
    with pytest.raises(OverflowError):
        first_instant(day, dt.time(23) if day == dt.date.max else dt.time(), ZoneInfo(zone))


@pytest.mark.parametrize("name", ["Europe/Oslo", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_a_zone_is_found_by_its_name(name):
    assert zone_name(name, "zone") == name
    assert zone_info(name, "zone") is ZoneInfo(name)


_NO_ZONE = {
    "unknown": (
        "Europe/Nowhere",
        "zone.unknown",
        r"^cut_off\.zone: must be an IANA time zone such as Europe/Oslo; if it is one, install the package tzdata \(",
    ),
    "offset": ("+01:00", "zone.unknown", r"\(got '\+01:00'\)$"),
    "abbreviation": ("CEST", "zone.unknown", "must be an IANA time zone"),
    "folder": ("Europe", "zone.unknown", "must be an IANA time zone"),
    "absolute path": ("/etc/localtime", "zone.unknown", "must be an IANA time zone"),
    "path upwards": ("../../etc/passwd", "zone.unknown", "must be an IANA time zone"),
    "null character": ("Europe/Oslo\0", "zone.unknown", "must be an IANA time zone"),
    "long": ("x" * 5000, "zone.unknown", "must be an IANA time zone"),
    "with a blank": ("Europe/Oslo ", "zone.unknown", "must be an IANA time zone"),
    "empty": ("", "text.invalid", "must be text that is not blank"),
    "None": (None, "text.invalid", r"must be text that is not blank \(got None\)$"),
    "zone itself": (ZoneInfo("Europe/Oslo"), "text.invalid", "must be text that is not blank"),
    "half a character": ("Europe/\ud800", "text.invalid", "half characters"),
}


@pytest.mark.parametrize("find", [zone_info, zone_name])
@pytest.mark.parametrize(("name", "code", "message"), _NO_ZONE.values(), ids=_NO_ZONE)
def test_what_names_no_zone_is_refused(find, name, code, message):
    with pytest.raises(InvalidArgument, match=message) as caught:
        find(name, "cut_off.zone")
    assert (caught.value.code, caught.value.path) == (code, "cut_off.zone")
    assert caught.value.value is name
