"""A street date is an instant: the first of its local day, reached from that instant on."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from preorder_kit import InvalidArgument, is_released, release_instant, street_day

_at = dt.datetime.fromisoformat
_DAY = dt.date.fromisoformat
_MICROSECOND = dt.timedelta(microseconds=1)
_UTC = dt.timezone.utc

# name: day, zone, its first instant
_RELEASES = {
    "UTC": ("2026-12-04", "UTC", "2026-12-04T00:00Z"),
    "R22": ("2019-02-05", "Australia/Sydney", "2019-02-04T13:00Z"),
    "west": ("2019-02-05", "America/Los_Angeles", "2019-02-05T08:00Z"),
    "far east": ("2027-01-01", "Pacific/Kiritimati", "2026-12-31T10:00Z"),
    "New York, day of the gap": ("2024-03-10", "America/New_York", "2024-03-10T05:00Z"),
    "New York, day after the gap": ("2024-03-11", "America/New_York", "2024-03-11T04:00Z"),
    "New York, day of the fold": ("2024-11-03", "America/New_York", "2024-11-03T04:00Z"),
    "New York, day after the fold": ("2024-11-04", "America/New_York", "2024-11-04T05:00Z"),
    "Oslo, day of the gap": ("2026-03-29", "Europe/Oslo", "2026-03-28T23:00Z"),
    "Oslo, day after the gap": ("2026-03-30", "Europe/Oslo", "2026-03-29T22:00Z"),
    "Oslo, day of the fold": ("2026-10-25", "Europe/Oslo", "2026-10-24T22:00Z"),
    "Oslo, day after the fold": ("2026-10-26", "Europe/Oslo", "2026-10-25T23:00Z"),
    "R23 Cairo, no midnight": ("2027-04-30", "Africa/Cairo", "2027-04-29T22:00Z"),
    "Cairo, day after the fold": ("2026-10-30", "Africa/Cairo", "2026-10-29T22:00Z"),
    "R23 Beirut, no midnight": ("2027-03-28", "Asia/Beirut", "2027-03-27T22:00Z"),
    "R23 Santiago, no midnight": ("2026-09-06", "America/Santiago", "2026-09-06T04:00Z"),
    "R23 Havana, no midnight": ("2027-03-14", "America/Havana", "2027-03-14T05:00Z"),
    "Havana, two midnights": ("2027-11-07", "America/Havana", "2027-11-07T04:00Z"),
    "Lord Howe, day of the gap": ("2026-10-04", "Australia/Lord_Howe", "2026-10-03T13:30Z"),
    "Lord Howe, day after the gap": ("2026-10-05", "Australia/Lord_Howe", "2026-10-04T13:00Z"),
    "Lord Howe, day of the fold": ("2027-04-04", "Australia/Lord_Howe", "2027-04-03T13:00Z"),
    "Lord Howe, day after the fold": ("2027-04-05", "Australia/Lord_Howe", "2027-04-04T13:30Z"),
    "Apia, day before the missing one": ("2011-12-29", "Pacific/Apia", "2011-12-29T10:00Z"),
    "Apia, day after the missing one": ("2011-12-31", "Pacific/Apia", "2011-12-30T10:00Z"),
    "St John's, back a minute after midnight": ("2010-11-07", "America/St_Johns", "2010-11-07T02:30Z"),
    "St John's, the day after": ("2010-11-08", "America/St_Johns", "2010-11-08T03:30Z"),
    "St John's, forth a minute after midnight": ("2010-03-14", "America/St_Johns", "2010-03-14T03:30Z"),
    "Nuuk, the jump is midnight": ("2024-03-31", "America/Nuuk", "2024-03-31T01:00Z"),
}


@pytest.mark.parametrize(("day", "zone", "begin"), _RELEASES.values(), ids=_RELEASES)
def test_a_day_begins_at_its_first_instant_and_not_a_microsecond_earlier(day, zone, begin):
    found = release_instant(_DAY(day), zone=zone)
    assert found.isoformat() == _at(begin).isoformat()
    assert found.tzinfo is _UTC
    assert found.astimezone(ZoneInfo(zone)).date() == _DAY(day)
    assert (found - _MICROSECOND).astimezone(ZoneInfo(zone)).date() < _DAY(day)


@pytest.mark.parametrize(("day", "zone", "begin"), _RELEASES.values(), ids=_RELEASES)
def test_the_street_day_is_the_day_that_was_released(day, zone, begin):
    assert street_day(_at(begin), zone=zone) == _DAY(day)
    assert street_day(_at(begin) - _MICROSECOND, zone=zone) < _DAY(day)


_NO_RELEASE = {
    "day that was jumped over": (
        dt.date(2011, 12, 30),
        "Pacific/Apia",
        "day.skipped",
        "day",
        r"day: must exist in Pacific/Apia, whose clocks jumped over it \(got 2011-12-30\)$",
    ),
    "instant": (_at("2019-02-05T00:00Z"), "UTC", "day.invalid", "day", "must be a day .* not an instant"),
    "naive instant": (dt.datetime(2019, 2, 5), "UTC", "day.invalid", "day", "must be a day .* not an instant"),
    "text": ("2019-02-05", "UTC", "day.invalid", "day", "must be a day"),
    "None": (None, "UTC", "day.invalid", "day", "must be a day"),
    "before year 1": (dt.date.min, "Europe/Oslo", "day.invalid", "day", "^day: must lie in the years 1 to 9999 in UTC"),
    "no zone": (dt.date(2019, 2, 5), "Mars/Olympus", "zone.unknown", "zone", "must be an IANA time zone"),
    "zone None": (dt.date(2019, 2, 5), None, "text.invalid", "zone", "must be text"),
}


@pytest.mark.parametrize(("day", "zone", "code", "path", "message"), _NO_RELEASE.values(), ids=_NO_RELEASE)
def test_what_is_no_day_there_is_refused(day, zone, code, path, message):
    with pytest.raises(InvalidArgument, match=message) as caught:
        release_instant(day, zone=zone)
    assert (caught.value.code, caught.value.path) == (code, path)
    assert caught.value.value is (day if path == "day" else zone)


# name: street date, at, released
_RELEASED = {
    "a microsecond before": ("2019-02-04T13:00Z", "2019-02-04T12:59:59.999999Z", False),
    "at it": ("2019-02-04T13:00Z", "2019-02-04T13:00Z", True),
    "a microsecond after": ("2019-02-04T13:00Z", "2019-02-04T13:00:00.000001Z", True),
    "at it, elsewhere": ("2019-02-05T00:00+11:00", "2019-02-04T05:00-08:00", True),
    "before it, elsewhere": ("2019-02-05T00:00+11:00", "2019-02-04T04:59:59.999999-08:00", False),
    "later on the wall, earlier in time": ("2019-02-04T00:00-08:00", "2019-02-04T12:00+11:00", False),
    "saleor-av-26 before": ("2026-01-11T00:00Z", "2026-01-10T23:59:59Z", False),
    "saleor-av-26 at": ("2026-01-11T00:00Z", "2026-01-11T00:00Z", True),
    "saleor-av-26 after": ("2026-01-11T00:00Z", "2026-01-11T00:00:01Z", True),
}


@pytest.mark.parametrize(("street", "at", "released"), _RELEASED.values(), ids=_RELEASED)
def test_a_street_date_is_reached_at_its_very_instant(street, at, released):
    assert is_released(_at(street), at=_at(at)) is released


def test_what_has_no_street_date_is_released():
    assert is_released(None, at=_at("0001-01-01T00:00Z")) is True


def test_the_repeated_hour_is_told_apart():
    place = ZoneInfo("America/New_York")
    second = dt.datetime(2024, 11, 3, 1, 30, tzinfo=place, fold=1)  # 06:30 UTC
    first = dt.datetime(2024, 11, 3, 1, 45, tzinfo=place)  # 05:45 UTC, and later on the wall
    assert is_released(second, at=first) is False
    assert is_released(first, at=second) is True


_NAIVE, _A_DAY, _NOON = dt.datetime(2019, 2, 5), dt.date(2019, 2, 5), _at("2019-02-05T12:00Z")
_NO_INSTANT = {
    "naive at": (_NOON, _NAIVE, "at", "instant.naive", "must have a UTC offset"),
    "day for at": (_NOON, _A_DAY, "at", "instant.invalid", "must be an instant"),
    "no at": (None, None, "at", "instant.invalid", "must be an instant"),
    "naive street date": (_NAIVE, _NOON, "street_date", "instant.naive", "must have a UTC offset"),
    "day for a street date": (_A_DAY, _NOON, "street_date", "instant.invalid", "goes through release_instant"),
    "text for a street date": ("2019-02-05", _NOON, "street_date", "instant.invalid", "must be an instant"),
}


@pytest.mark.parametrize(("street", "at", "path", "code", "message"), _NO_INSTANT.values(), ids=_NO_INSTANT)
def test_what_is_no_instant_is_refused(street, at, path, code, message):
    with pytest.raises(InvalidArgument, match=message) as caught:
        is_released(street, at=at)
    assert (caught.value.code, caught.value.path) == (code, path)


# name: instant, zone, the day to show
_SHOWN = {
    "R22 at home": ("2019-02-05T00:00Z", "UTC", "2019-02-05"),
    "R22 in the west": ("2019-02-05T00:00Z", "America/Los_Angeles", "2019-02-04"),
    "in the east": ("2019-02-05T00:00Z", "Australia/Sydney", "2019-02-05"),
    "given with an offset": ("2019-02-05T00:00+11:00", "America/Los_Angeles", "2019-02-04"),
    "St John's, in the hour that comes again": ("2010-11-07T02:31Z", "America/St_Johns", "2010-11-07"),
}


@pytest.mark.parametrize(("street", "zone", "day"), _SHOWN.values(), ids=_SHOWN)
def test_a_street_date_is_shown_as_the_day_of_a_place(street, zone, day):
    assert street_day(_at(street), zone=zone) == _DAY(day)


_NOT_SHOWN = {
    "naive": (_NAIVE, "UTC", "street_date", "instant.naive", "must have a UTC offset"),
    "day": (_A_DAY, "UTC", "street_date", "instant.invalid", "must be an instant"),
    "None": (None, "UTC", "street_date", "instant.invalid", "must be an instant"),
    "no zone": (_NOON, "Mars/Olympus", "zone", "zone.unknown", "must be an IANA time zone"),
}


@pytest.mark.parametrize(("street", "zone", "path", "code", "message"), _NOT_SHOWN.values(), ids=_NOT_SHOWN)
def test_what_is_no_street_date_has_no_day(street, zone, path, code, message):
    with pytest.raises(InvalidArgument, match=message) as caught:
        street_day(street, zone=zone)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_street_date_beyond_the_calendar_is_refused_by_its_name():
    with pytest.raises(InvalidArgument, match="must lie in the years 1 to 9999") as caught:
        street_day(_at("9999-12-31T20:00+00:00"), zone="Asia/Tokyo")
    assert caught.value.path == "street_date"


def test_the_last_day_of_all_is_a_street_day():
    assert street_day(_at("9999-12-31T12:00+00:00"), zone="UTC") == dt.date.max
