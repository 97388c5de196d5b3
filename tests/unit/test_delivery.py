"""From the day something is ready to the days on which it can arrive, and back."""

import copy
import datetime as dt
import pickle

import attrs
import pytest
from dateutil.relativedelta import MO, relativedelta

from preorder_kit import (
    EVERY_DAY,
    MON_TO_FRI,
    MON_TO_SAT,
    CutOff,
    DateRange,
    InvalidArgument,
    LeadTime,
    NoWorkingDay,
    ShippingTimes,
    WorkCalendar,
    delivery_range,
    first_parcel,
    latest_order_day,
    latest_ship_day,
    ship_together,
    static_range,
)

_DAY = dt.date.fromisoformat
_NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.timezone.utc)
_NAIVE = dt.datetime(2026, 11, 22, 12)
_A_DAY = dt.date(2026, 11, 22)
_ONE_DAY = dt.timedelta(days=1)
_AT_ONCE = LeadTime(0, 0)


def _range(text):
    """Return the range that ``2026-12-08/10`` or ``2026-12-28/2027-01-03`` stands for; one day is a range of it."""
    earliest, _, latest = text.partition("/")
    return DateRange(_DAY(earliest), _DAY(earliest[: 10 - len(latest)] + latest))


def _times(handling, transit, **rest):
    return ShippingTimes(handling=LeadTime(*handling), transit=LeadTime(*transit), **rest)


_GOOGLE = _times((0, 1, MON_TO_FRI), (3, 5, MON_TO_SAT))
_STREET = _times((0, 0), (2, 4, MON_TO_FRI))
_RESTOCK = _times((5, 5, MON_TO_FRI), (1, 2, MON_TO_FRI))
_MON_AND_FRI, _FRIDAYS = WorkCalendar(weekdays={0, 4}), WorkCalendar(weekdays={4})
_CLOSED = WorkCalendar(weekdays=range(5), holidays={_DAY("2023-06-07"), _DAY("2023-06-08")})
_NEVER = WorkCalendar(weekdays=())
_FEW_DAYS = WorkCalendar(
    weekdays=range(7), holidays=[_DAY("2026-01-01") + dt.timedelta(days=number) for number in range(330)]
)

# name: times, ready, the range of arrival
_ARRIVALS = {
    "at once": (_times((0, 0), (0, 0)), "2026-11-22", "2026-11-22"),
    "Thursday": (_GOOGLE, "2024-05-16", "2024-05-20/23"),
    "Wednesday": (_GOOGLE, "2024-05-15", "2024-05-18/22"),
    "a week": (_GOOGLE, "2024-05-13/17", "2024-05-16/25"),
    "R26 street date": (_STREET, "2026-12-04", "2026-12-08/10"),
    "R26 ordered later": (_STREET, "2026-12-07", "2026-12-09/11"),
    "R27": (_RESTOCK, "2025-03-13", "2025-03-21/24"),
    "handling begins on the next working day": (_times((0, 0, MON_TO_FRI), (1, 1)), "2026-11-21", "2026-11-24"),
    "transit begins on the next working day": (_times((1, 1), (0, 0, MON_TO_FRI)), "2026-11-20", "2026-11-23"),
    "each on its own calendar": (_times((1, 1), (1, 1, MON_TO_FRI)), "2026-11-20", "2026-11-24"),
    "received on working days": (_times((0, 0), (1, 1), receiving=MON_TO_FRI), "2026-11-20", "2026-11-23"),
    "received late at both ends": (_times((0, 0), (1, 3), receiving=_FRIDAYS), "2026-11-20/21", "2026-11-27"),
    "neither inbound nor cut-off counts": (
        _times((0, 0), (1, 2), inbound=LeadTime(9, 9), cut_off=CutOff(time=dt.time(), zone="UTC")),
        "2026-11-20",
        "2026-11-21/22",
    ),
    "where most of a year is closed, received on the day of arrival": (
        _times((0, 0, _FEW_DAYS), (1, 1), receiving=MON_TO_FRI),
        "2026-12-01",
        "2026-12-02",
    ),
    "over the year": (_times((1, 2), (3, 4)), "2026-12-28", "2027-01-01/03"),
    "osw-pr-32": (_times((0, 0), (1, 1, MON_TO_FRI)), "2021-08-19", "2021-08-20"),
    "osw-pr-34": (_times((0, 0), (1, 1, MON_TO_FRI)), "2021-08-20", "2021-08-23"),
    "osw-pr-37": (_times((0, 0, _CLOSED), (1, 1, _CLOSED)), "2023-06-06", "2023-06-09"),
    "osw-pr-44": (_times((2, 2, MON_TO_FRI), (1, 1, MON_TO_FRI)), "2021-08-16", "2021-08-19"),
    "osw-pr-69": (_times((0, 0), (4, 4), receiving=_MON_AND_FRI), "2020-03-23", "2020-03-27"),
    "shopware-pr-01": (_times((0, 0), (2, 3)), "2026-03-02", "2026-03-04/05"),
    "frepple-pr-02": (_times((0, 0), (7, 7)), "2025-01-01", "2025-01-08"),
}


@pytest.mark.parametrize(("times", "ready", "arrives"), _ARRIVALS.values(), ids=_ARRIVALS)
def test_what_is_ready_arrives_in_a_range(times, ready, arrives):
    assert delivery_range(_range(ready), times=times) == _range(arrives)


@pytest.mark.parametrize(("times", "ready", "arrives"), _ARRIVALS.values(), ids=_ARRIVALS)
def test_a_day_is_a_range_of_one_day(times, ready, arrives):
    ready = _range(ready)
    assert delivery_range(ready.earliest, times=times).earliest == _range(arrives).earliest
    assert delivery_range(ready.latest, times=times).latest == _range(arrives).latest


@pytest.mark.parametrize("ready", [_NOON, _NAIVE, "2026-11-22", None, (_A_DAY, _A_DAY)], ids=str)
def test_what_is_ready_is_a_day_or_a_range(ready):
    with pytest.raises(InvalidArgument, match=r"^ready: must be a day .* \(got ") as caught:
        delivery_range(ready, times=_GOOGLE)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("day.invalid", "ready", ready)


_NOBODY = {
    "handles": _times((0, 0, _NEVER), (0, 0)),
    "carries": _times((0, 0), (0, 0, _NEVER)),
    "receives": _times((0, 0), (0, 0), receiving=_NEVER),
}


@pytest.mark.parametrize("times", _NOBODY.values(), ids=_NOBODY)
@pytest.mark.parametrize("ask", [delivery_range, latest_order_day])
def test_where_nobody_works_nothing_arrives(ask, times):
    with pytest.raises(NoWorkingDay, match="no working day in the 366 days") as caught:
        ask(_A_DAY, times=times)
    assert (caught.value.code, caught.value.value) == ("calendar.no_working_day", _NEVER)


# name: times, wanted, the latest day to ship, the latest day to be ready
_LATEST = {
    "Christmas Eve": (_times((1, 2, MON_TO_FRI), (2, 4, MON_TO_FRI)), "2026-12-24", "2026-12-18", "2026-12-16"),
    "at once": (_times((0, 0), (0, 0)), "2026-12-24", "2026-12-24", "2026-12-24"),
    "not received on that day": (
        _times((0, 1), (0, 2), receiving=MON_TO_FRI),
        "2026-12-27",
        "2026-12-23",
        "2026-12-22",
    ),
    "not carried on that day": (_times((0, 1), (0, 1, MON_TO_FRI)), "2026-11-22", "2026-11-19", "2026-11-18"),
    "Thursday": (_GOOGLE, "2024-05-23", "2024-05-17", "2024-05-16"),
    "lead-odoo-mo": (_times((0, 14), (0, 0)), "2026-08-15", "2026-08-15", "2026-08-01"),
    "lead-odoo-security-shift": (_times((0, 0), (1, 1)), "2026-04-06", "2026-04-05", "2026-04-05"),
    "lead-odoo-global": (_times((3, 3), (1, 1)), "2026-08-11", "2026-08-10", "2026-08-07"),
}


@pytest.mark.parametrize(("times", "wanted", "ship", "order"), _LATEST.values(), ids=_LATEST)
def test_what_is_wanted_leaves_at_the_latest(times, wanted, ship, order):
    assert latest_ship_day(_DAY(wanted), times=times) == _DAY(ship)
    assert latest_order_day(_DAY(wanted), times=times) == _DAY(order)
    assert delivery_range(_DAY(order), times=times).latest <= _DAY(wanted)
    assert delivery_range(_DAY(order) + _ONE_DAY, times=times).latest > _DAY(wanted)


@pytest.mark.parametrize("wanted", [_NOON, _NAIVE, "2026-11-22", None], ids=str)
@pytest.mark.parametrize("ask", [latest_ship_day, latest_order_day])
def test_what_is_wanted_is_a_day(ask, wanted):
    with pytest.raises(InvalidArgument, match=r"^wanted: must be a day .* \(got ") as caught:
        ask(wanted, times=_GOOGLE)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("day.invalid", "wanted", wanted)


@pytest.mark.parametrize("times", [None, LeadTime(0, 1), {}], ids=["None", "one stage", "dict"])
@pytest.mark.parametrize("ask", [delivery_range, latest_ship_day, latest_order_day])
def test_times_are_those_of_all_stages(ask, times):
    with pytest.raises(InvalidArgument, match=r"^times: must be a ShippingTimes \(got ") as caught:
        ask(_A_DAY, times=times)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("type.invalid", "times", times)


_MONTH = {"months": 1}
# name: day, after, until, the range
_STATEMENTS = {
    "4 to 6 weeks": ("2026-11-22", {"weeks": 4}, {"weeks": 6}, "2026-12-20/2027-01-03"),
    "at once": ("2026-11-22", {}, {}, "2026-11-22"),
    "a month from the last of January": ("2027-01-31", _MONTH, _MONTH, "2027-02-28"),
    "a month from the last of January in a leap year": ("2028-01-31", _MONTH, _MONTH, "2028-02-29"),
    "a year from the leap day": ("2028-02-29", {"years": 1}, {"years": 1}, "2029-02-28"),
    "to the last of the month": ("2026-11-22", {}, {"day": 31}, "2026-11-22/30"),
    "from the next Monday": ("2026-11-22", {"weekday": MO}, {"days": 7, "weekday": MO}, "2026-11-23/30"),
    "24 hours are a day": ("2026-11-22", {"hours": 24}, {"hours": 48}, "2026-11-23/24"),
    "shopware-pr-07's months": ("2026-01-31", {"months": 2}, {"months": 2, "days": 1}, "2026-03-31/2026-04-01"),
}


@pytest.mark.parametrize(("day", "after", "until", "expected"), _STATEMENTS.values(), ids=_STATEMENTS)
def test_a_fixed_statement_gives_a_range(day, after, until, expected):
    assert static_range(_DAY(day), after=relativedelta(**after), until=relativedelta(**until)) == _range(expected)


_WHOLE, _ENDS = (
    "must be a relativedelta of whole days, not into the past",
    "must be a relativedelta that ends in the years",
)
_NO_DELTA = {
    "hours": (relativedelta(hours=5), "delta.invalid", _WHOLE),
    "a microsecond": (relativedelta(days=1, microseconds=1), "delta.invalid", _WHOLE),
    "an hour of the day": (relativedelta(hour=5), "delta.invalid", _WHOLE),
    "into the past": (relativedelta(days=-1), "delta.invalid", _WHOLE),
    "into the past by a day of the month": (relativedelta(day=1), "delta.invalid", _WHOLE),
    "after year 9999": (relativedelta(years=8000), "delta.invalid", _ENDS),
    "many days": (relativedelta(days=10**7), "delta.invalid", _ENDS),
    "timedelta": (dt.timedelta(hours=30), "type.invalid", r"must be a relativedelta \(got "),
    "number": (5, "type.invalid", r"must be a relativedelta \(got 5\)$"),
    "text": ("4 weeks", "type.invalid", r"must be a relativedelta \(got '4 weeks'\)$"),
    "None": (None, "type.invalid", r"must be a relativedelta \(got None\)$"),
}


@pytest.mark.parametrize("path", ["after", "until"])
@pytest.mark.parametrize(("delta", "code", "message"), _NO_DELTA.values(), ids=_NO_DELTA)
def test_a_statement_is_in_whole_days_onwards(delta, code, message, path):
    with pytest.raises(InvalidArgument, match=f"^{path}: {message}") as caught:
        static_range(_A_DAY, **{"after": relativedelta(), "until": relativedelta(), path: delta})
    assert (caught.value.code, caught.value.path) == (code, path)
    assert caught.value.value is delta


@pytest.mark.parametrize("delta", [relativedelta(days=1.5), relativedelta(weeks=1.5)], ids=repr)
def test_a_part_of_a_day_is_refused(delta):
    with pytest.raises(InvalidArgument, match=_WHOLE):
        static_range(_A_DAY, after=delta, until=delta)


@pytest.mark.parametrize("day", [_NOON, _NAIVE, "2026-11-22", None], ids=str)
def test_a_statement_counts_from_a_day(day):
    with pytest.raises(InvalidArgument, match=r"^day: must be a day .* \(got ") as caught:
        static_range(day, after=relativedelta(), until=relativedelta())
    assert (caught.value.code, caught.value.path, caught.value.value) == ("day.invalid", "day", day)


def test_a_statement_the_wrong_way_round_is_refused():
    with pytest.raises(InvalidArgument, match=r"^latest: must not lie before earliest, 2026-12-06") as caught:
        static_range(_A_DAY, after=relativedelta(weeks=2), until=relativedelta(weeks=1))
    assert (caught.value.code, caught.value.value) == ("range.reversed", _DAY("2026-11-29"))


# name: ranges, together, the first parcel
_PARCELS = {
    "one": (["2026-12-01/03"], "2026-12-01/03", "2026-12-01/03"),
    "R30": (["2026-12-01/03", "2026-12-08/10"], "2026-12-08/10", "2026-12-01/03"),
    "R30 the other way round": (["2026-12-08/10", "2026-12-01/03"], "2026-12-08/10", "2026-12-01/03"),
    "one within the other": (["2026-12-01/09", "2026-12-03/05"], "2026-12-03/09", "2026-12-01/05"),
    "three": (["2026-12-02/04", "2026-12-01/08", "2026-12-03/05"], "2026-12-03/08", "2026-12-01/04"),
    "lead-odoo-policy-all": (["2026-04-10", "2026-04-07"], "2026-04-10", "2026-04-07"),
}


@pytest.mark.parametrize(("ranges", "together", "first"), _PARCELS.values(), ids=_PARCELS)
def test_parcels_wait_for_the_last_or_go_one_by_one(ranges, together, first):
    assert ship_together([_range(text) for text in ranges]) == _range(together)
    assert ship_together(_range(text) for text in ranges) == _range(together)
    assert first_parcel([_range(text) for text in ranges]) == _range(first)


_NO_RANGES = {
    "none": ([], ("range.none", "ranges", ()), "must hold at least one range"),
    "a day": ([_range("2026-12-01"), _A_DAY], ("type.invalid", "ranges[1]", _A_DAY), "must be a DateRange"),
    "a range itself": (_range("2026-12-01"), ("type.invalid", "ranges", _range("2026-12-01")), "must be a sequence"),
    "None": (None, ("type.invalid", "ranges", None), "must be a sequence"),
}


@pytest.mark.parametrize("ask", [ship_together, first_parcel])
@pytest.mark.parametrize(("ranges", "found", "message"), _NO_RANGES.values(), ids=_NO_RANGES)
def test_parcels_without_ranges_are_refused(ask, ranges, found, message):
    with pytest.raises(InvalidArgument, match=rf"^ranges[^:]*: {message}") as caught:
        ask(ranges)
    assert (caught.value.code, caught.value.path, caught.value.value) == found


def _reversed():
    return DateRange(_DAY("2026-12-10"), _DAY("2026-12-08"))


def _ship(**fields):
    return ShippingTimes(**{"handling": _AT_ONCE, "transit": _AT_ONCE, **fields})


_KIND = "must be a (WorkCalendar|LeadTime|CutOff)"
_INVALID = {
    "range reversed": (
        _reversed,
        ("range.reversed", "latest", _DAY("2026-12-08")),
        "not lie before earliest, 2026-12-10",
    ),
    "earliest an instant": (lambda: DateRange(_NOON, _A_DAY), ("day.invalid", "earliest", _NOON), "not an instant"),
    "latest naive": (lambda: DateRange(_A_DAY, _NAIVE), ("day.invalid", "latest", _NAIVE), "not an instant"),
    "days negative": (lambda: LeadTime(-1, 0), ("units.invalid", "min_days", -1), "must be a whole number >= 0"),
    "days True": (lambda: LeadTime(0, True), ("units.invalid", "max_days", True), "must be a whole number >= 0"),
    "days a float": (lambda: LeadTime(0, 1.5), ("units.invalid", "max_days", 1.5), "must be a whole number >= 0"),
    "days reversed": (lambda: LeadTime(3, 2), ("range.reversed", "max_days", 2), r"must be >= min_days, 3 \(got 2\)"),
    "weekdays for a calendar": (lambda: LeadTime(0, 1, {0}), ("type.invalid", "calendar", {0}), _KIND),
    "days for handling": (lambda: _ship(handling=2), ("type.invalid", "handling", 2), _KIND),
    "a pair for transit": (lambda: _ship(transit=(2, 4)), ("type.invalid", "transit", (2, 4)), _KIND),
    "nothing inbound": (lambda: _ship(inbound=None), ("type.invalid", "inbound", None), _KIND),
    "nothing for receiving": (lambda: _ship(receiving=None), ("type.invalid", "receiving", None), _KIND),
    "a time for a cut-off": (lambda: _ship(cut_off=dt.time(15)), ("type.invalid", "cut_off", dt.time(15)), _KIND),
    "no zone": (lambda: _ship(zone="Oslo"), ("zone.unknown", "zone", "Oslo"), "must be an IANA time zone"),
}


@pytest.mark.parametrize(("build", "found", "message"), _INVALID.values(), ids=_INVALID)
def test_a_value_that_breaks_its_rule_is_refused(build, found, message):
    with pytest.raises(InvalidArgument, match=message) as caught:
        build()
    assert (caught.value.code, caught.value.path, caught.value.value) == found


def test_what_is_not_said_has_its_default():
    assert LeadTime(0, 1) == LeadTime(min_days=0, max_days=1, calendar=EVERY_DAY)
    assert _ship() == _ship(zone=None, cut_off=None, inbound=LeadTime(0, 0, EVERY_DAY), receiving=EVERY_DAY)


_VALUES = {
    "range": lambda: _range("2026-12-08/10"),
    "lead time": lambda: LeadTime(1, 2, WorkCalendar(weekdays=[1, 0])),
    "times": lambda: _times((0, 1), (2, 3), zone="Europe/Oslo", cut_off=CutOff(time=dt.time(15), zone="Europe/Oslo")),
}
_COPIES = {
    "built again": lambda build: build(),
    "copy": lambda build: copy.copy(build()),
    "deepcopy": lambda build: copy.deepcopy(build()),
    "pickle": lambda build: pickle.loads(pickle.dumps(build())),
}


@pytest.mark.parametrize("again", _COPIES.values(), ids=_COPIES)
@pytest.mark.parametrize("build", _VALUES.values(), ids=_VALUES)
def test_a_value_is_equal_to_its_copies(build, again):
    value, twin = build(), again(build)
    assert (twin, hash(twin), repr(twin)) == (value, hash(value), repr(value))


@pytest.mark.parametrize(("name", "field"), [("range", "latest"), ("lead time", "calendar"), ("times", "zone")])
def test_a_value_is_frozen(name, field):
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(_VALUES[name](), field, None)


def test_times_are_built_by_keyword():
    with pytest.raises(TypeError, match="positional argument"):
        ShippingTimes(_AT_ONCE, _AT_ONCE)
