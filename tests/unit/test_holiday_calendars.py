"""Holidays frozen for the years that are named.

Laws:

- asking twice gives equal values, whatever was asked of them in between
- a year more only adds days, and only days of that year
- no holiday of the years is worked, and any other day is worked if it is no weekend, as the package says
"""

import copy
import datetime as dt
import pickle

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    EVERY_DAY,
    MON_TO_FRI,
    InvalidArgument,
    LeadTime,
    ShippingTimes,
    WorkCalendar,
    delivery_range,
)
from preorder_kit.holiday_calendars import holiday_calendar, holidays_of

_DAY = dt.date.fromisoformat
_COUNTRIES = holidays.list_supported_countries(include_aliases=False)

# name: country, subdivision, category, day, whether it is a holiday
_HOLIDAYS = {
    "Norway, 17 May": ("NO", None, "public", "2027-05-17", True),
    "Norway, 17 May on a Sunday": ("NO", None, "public", "2026-05-17", True),
    "Norway, 18 May": ("NO", None, "public", "2026-05-18", False),
    "US Thanksgiving": ("US", None, "public", "2026-11-26", True),
    "the day after": ("US", None, "public", "2026-11-27", False),
    "the day after in California": ("US", "CA", "public", "2026-11-27", True),
    "4 July on a Saturday": ("US", None, "public", "2026-07-04", True),
    "4 July observed on Friday": ("US", None, "public", "2026-07-03", True),
    "New Year's Day observed in the year before": ("US", None, "public", "2021-12-31", True),
    "Scotland's second of January": ("GB", "SCT", "public", "2026-01-02", True),
    "which England works": ("GB", "ENG", "public", "2026-01-02", False),
    "Bavaria's Assumption Day": ("DE", "BY", "public", "2028-08-15", False),
    "Saarland's Assumption Day": ("DE", "SL", "public", "2028-08-15", True),
    "Swedish Christmas Eve by law": ("SE", None, "public", "2026-12-24", False),
    "Swedish Christmas Eve in fact": ("SE", None, "de_facto", "2026-12-24", True),
    "a code that is a number": ("MY", "03", "public", "2026-09-16", True),
}


@pytest.mark.parametrize(("country", "subdivision", "category", "day", "is_holiday"), _HOLIDAYS.values(), ids=_HOLIDAYS)
def test_a_holiday_is_one_where_and_when_it_is(country, subdivision, category, day, is_holiday):
    year = _DAY(day).year
    found = holidays_of(country, years=[year], subdivision=subdivision, categories=[category])
    assert (_DAY(day) in found) is is_holiday


def test_categories_add_up():
    public, bank, both = (
        holidays_of("BE", years=[2026], categories=names) for names in (["public"], ["bank"], ["bank", "public"])
    )
    assert public | bank == both
    assert public != both != bank


# name: country, subdivision, a year, the weekdays that are worked
_WEEKS = {
    "most countries": ("NO", None, 2026, {0, 1, 2, 3, 4}),
    "Israel": ("IL", None, 2026, {0, 1, 2, 3, 6}),
    "Iran": ("IR", None, 2026, {0, 1, 2, 3, 5, 6}),
    "Brunei, Friday and Sunday": ("BN", None, 2026, {0, 1, 2, 3, 5}),
    "Emirates today": ("AE", None, 2022, {0, 1, 2, 3, 4}),
    "Emirates before": ("AE", None, 2021, {0, 1, 2, 3, 6}),
    "Malaysia": ("MY", None, 2026, {0, 1, 2, 3, 4}),
    "Kelantan": ("MY", "03", 2026, {0, 1, 2, 3, 6}),
}


@pytest.mark.parametrize(("country", "subdivision", "year", "weekdays"), _WEEKS.values(), ids=_WEEKS)
def test_the_week_is_the_country_s_in_those_years(country, subdivision, year, weekdays):
    assert holiday_calendar(country, years=[year], subdivision=subdivision).weekdays == weekdays


def test_weekdays_can_be_given():
    calendar = holiday_calendar("NO", years=[2026], weekdays=EVERY_DAY.weekdays)
    assert calendar.weekdays == EVERY_DAY.weekdays
    assert calendar.holidays == holidays_of("NO", years=[2026])


@pytest.mark.parametrize(
    ("country", "subdivision", "years"),
    [
        ("AE", None, [2021, 2022]),
        ("AE", None, range(2015, 2031)),
        ("SA", None, [2013]),
        ("SD", None, [2008]),
        ("MY", "01", (2025, 2024)),
    ],
    ids=["from one year to the next", "long before and after", "within a year", "by one day more", "of a state"],
)
def test_a_weekend_that_changes_makes_no_calendar_unless_weekdays_are_given(country, subdivision, years):
    with pytest.raises(InvalidArgument, match="years: must be years in which the weekend stays the same") as caught:
        holiday_calendar(country, years=years, subdivision=subdivision)
    assert (caught.value.code, caught.value.value) == ("weekend.changed", sorted(years))
    given_week = holiday_calendar(country, years=years, subdivision=subdivision, weekdays=MON_TO_FRI.weekdays)
    assert given_week.weekdays == MON_TO_FRI.weekdays


def test_a_weekend_day_that_makes_up_for_a_holiday_stays_free():
    saturday = _DAY("2026-02-14")
    assert holidays.country_holidays("CN", years=2026).is_working_day(saturday)
    assert not holiday_calendar("CN", years=[2026]).is_working_day(saturday)


def test_a_delivery_counts_the_holidays():
    norway = holiday_calendar("NO", years=range(2026, 2028))
    times = ShippingTimes(handling=LeadTime(0, 1, norway), transit=LeadTime(2, 6, norway))
    arrives = delivery_range(_DAY("2026-12-22"), times=times)
    assert (arrives.earliest, arrives.latest) == (_DAY("2026-12-24"), _DAY("2027-01-04"))


def test_outside_the_years_no_holiday_is_known():
    calendar = holiday_calendar("NO", years=[2026])
    assert not calendar.is_working_day(_DAY("2026-12-25"))
    assert calendar.is_working_day(_DAY("2023-12-25"))
    assert not calendar.is_working_day(_DAY("2023-12-24"))  # a Sunday


@pytest.mark.parametrize(
    "years",
    [[2026, 2027], range(2026, 2028), {2027, 2026}, (2027, 2026, 2027), iter([2026, 2027])],
    ids=["list", "range", "set", "twice", "iterator"],
)
def test_years_come_in_any_order(years):
    assert holidays_of("NO", years=years) == holidays_of("NO", years=[2026, 2027])


_NOT_KNOWN = "^subdivision: must be {}known to the holidays package for {} .got {!r}.$"

# name: country, options, (code, path, value), what the message says
_REFUSED = {
    "unknown country": ("XX", {}, ("country.unknown", "country", "XX"), "alpha-2 code of a country"),
    "lower case": ("no", {}, ("country.unknown", "country", "no"), r"as in NO \(got 'no'\)"),
    "alpha-3": ("NOR", {}, ("country.unknown", "country", "NOR"), "alpha-2"),
    "name": ("Norway", {}, ("country.unknown", "country", "Norway"), "alpha-2"),
    "stock exchange": ("NYSE", {}, ("country.unknown", "country", "NYSE"), "alpha-2"),
    "other name in the package": ("date", {}, ("country.unknown", "country", "date"), "alpha-2"),
    "no country": (None, {}, ("text.invalid", "country", None), "must be text"),
    "blank country": ("", {}, ("text.invalid", "country", ""), "must be text"),
    "unknown subdivision": (
        "GB",
        {"subdivision": "CA"},
        ("choice.invalid", "subdivision", "CA"),
        _NOT_KNOWN.format("one of ENG, NIR, SCT, WLS: no other is ", "GB", "CA"),
    ),
    "subdivision of none": (
        "VA",
        {"subdivision": "X"},
        ("choice.invalid", "subdivision", "X"),
        _NOT_KNOWN.format("left out: none is ", "VA", "X"),
    ),
    "deprecated subdivision": (
        "GB",
        {"subdivision": "England"},
        ("choice.invalid", "subdivision", "England"),
        "must be one of",
    ),
    "subdivision a number": ("MY", {"subdivision": 3}, ("text.invalid", "subdivision", 3), "must be text"),
    "blank subdivision": ("US", {"subdivision": ""}, ("text.invalid", "subdivision", ""), "must be text"),
    "unknown category": (
        "BE",
        {"categories": ["public", "bnak"]},
        ("choice.invalid", "categories[1]", "bnak"),
        r"^categories\[1\]: must be one of bank, public.*: no other is known to .* for BE \(got 'bnak'\)$",
    ),
    "category of another country": (
        "US",
        {"categories": {"de_facto"}},
        ("choice.invalid", "categories[0]", "de_facto"),
        "for US",
    ),
    "no category": ("NO", {"categories": []}, ("categories.none", "categories", []), r"as in \['public'\]"),
    "bare category": ("NO", {"categories": "public"}, ("type.invalid", "categories", "public"), "sequence"),
    "category no text": ("NO", {"categories": [1]}, ("text.invalid", "categories[0]", 1), "must be text"),
    "bare year": ("NO", {"years": 2026}, ("years.none", "years", 2026), r"as in range\(2026, 2029\) \(got 2026\)$"),
    "no years": ("NO", {"years": []}, ("years.none", "years", []), "must hold at least one year"),
    "years missing": ("NO", {"years": None}, ("type.invalid", "years", None), "must be a sequence"),
    "years as text": ("NO", {"years": "2026"}, ("type.invalid", "years", "2026"), "must be a sequence"),
    "year as text": ("NO", {"years": ["2026"]}, ("units.invalid", "years[0]", "2026"), "whole number"),
    "year a fraction": ("NO", {"years": [2026, 2027.0]}, ("units.invalid", "years[1]", 2027.0), "whole number"),
    "year a bool": ("NO", {"years": [True]}, ("units.invalid", "years[0]", True), "whole number"),
    "year before the first": (
        "NO",
        {"years": [1900]},
        ("year.unknown", "years[0]", 1900),
        r"must be from 1901 to 2100: the holidays package knows no other years for NO \(got 1900\)$",
    ),
    "year after the last": ("NO", {"years": [2026, 2101]}, ("year.unknown", "years[1]", 2101), "from 1901 to 2100"),
    "years far too many": ("NO", {"years": range(2026, 10**9)}, ("year.unknown", "years[75]", 2101), "to 2100"),
    "India before": ("IN", {"years": [2000]}, ("year.unknown", "years[0]", 2000), "from 2001 to 2035"),
    "India after": ("IN", {"years": [2036]}, ("year.unknown", "years[0]", 2036), "from 2001 to 2035"),
}


@pytest.mark.parametrize("freeze", [holidays_of, holiday_calendar])
@pytest.mark.parametrize(("country", "options", "expected", "said"), _REFUSED.values(), ids=_REFUSED)
def test_what_the_package_does_not_know_is_refused(freeze, country, options, expected, said):
    with pytest.raises(InvalidArgument, match=said) as caught:
        freeze(country, **({"years": [2026]} | options))
    assert (caught.value.code, caught.value.path, caught.value.value) == expected


@pytest.mark.parametrize("year", [1901, 2100], ids=["first", "last"])
def test_the_first_and_the_last_year_are_known(year):
    assert dt.date(year, 12, 25) in holidays_of("NO", years=[year])


def test_a_weekday_that_is_none_is_refused():
    with pytest.raises(InvalidArgument, match="must be a weekday"):
        holiday_calendar("NO", years=[2026], weekdays={7})


def test_every_country_freezes_in_its_first_and_last_years_without_a_warning():
    for country, subdivisions in _COUNTRIES.items():
        entity = holidays.country_holidays(country)
        first, last = (2001, 2035) if country == "IN" else (entity.start_year, entity.end_year)
        for subdivision in (None, *subdivisions[:1]):
            for year in (first, last):
                assert {day.year for day in holidays_of(country, years=[year], subdivision=subdivision)} <= {year}


def test_a_calendar_pickles_copies_and_shows_like_any_other():
    calendar = holiday_calendar("NO", years=[2026], weekdays={0})
    assert pickle.loads(pickle.dumps(calendar)) == copy.deepcopy(calendar) == calendar
    assert repr(calendar) == "WorkCalendar(weekdays={0}, holidays={2026-04-06, 2026-05-25})"
    assert type(calendar) is WorkCalendar


def test_what_is_frozen_stays_as_it_is():
    frozen = holidays_of("US", years=[2026], subdivision="CA")
    before = len(frozen)
    assert _DAY("2027-07-04") not in frozen
    assert "2026-07-04" not in frozen
    assert len(frozen) == before
    assert type(frozen) is frozenset
    assert {type(day) for day in frozen} == {dt.date}


_PLACES = st.sampled_from(
    [("NO", None), ("US", "CA"), ("DE", "BY"), ("GB", "SCT"), ("IL", None), ("JP", None), ("MY", "03"), ("CN", None)]
)
_YEARS = st.sets(st.integers(2023, 2035), min_size=1, max_size=4)


@given(_PLACES, _YEARS)
def test_asking_twice_gives_equal_values(place, years):
    country, subdivision = place
    once, twice = (holiday_calendar(country, years=years, subdivision=subdivision) for _ in range(2))
    assert once == twice
    assert (hash(once), repr(once)) == (hash(twice), repr(twice))


@given(_PLACES, _YEARS, st.integers(2023, 2035))
def test_a_year_more_only_adds_days_of_that_year(place, years, more):
    country, subdivision = place
    before = holidays_of(country, years=years, subdivision=subdivision)
    after = holidays_of(country, years=years | {more}, subdivision=subdivision)
    assert before <= after
    assert {day.year for day in after - before} == {more} - years
    assert after == before | holidays_of(country, years=[more], subdivision=subdivision)


@given(_PLACES, st.integers(2023, 2035))
def test_a_day_is_worked_if_it_is_neither_a_holiday_nor_of_the_weekend(place, year):
    country, subdivision = place
    calendar = holiday_calendar(country, years=[year], subdivision=subdivision)
    found = holidays_of(country, years=[year], subdivision=subdivision)
    package = holidays.country_holidays(country, subdiv=subdivision, years=year)
    assert not any(calendar.is_working_day(day) for day in found)
    for ordinal in range(dt.date(year, 1, 1).toordinal(), dt.date(year + 1, 1, 1).toordinal()):
        day = dt.date.fromordinal(ordinal)
        assert calendar.is_working_day(day) is (package.is_working_day(day) and not package.is_weekend(day))
