"""Public holidays of countries, frozen: work calendars from the ``holidays`` package, for years that are named.

The package's own objects fill themselves when they are asked; here all that is asked for is read at once, and nothing
is read later. The same arguments give the same answer with the same version of the package: a newer one may know more,
above all where holidays follow the moon or are proclaimed year by year. Needs the extra ``holidays``.

**Outside the frozen years nothing is known.** A calendar looks the same there, weekends included, but has no holidays:
freeze every year that a promise can reach, and the next one too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

import holidays

from ._checks import optional, refused, text, units, unordered
from .calendars import WorkCalendar

__all__ = ["holiday_calendar", "holidays_of"]

_PUBLIC = ("public",)
# Of other years the package knows a part, and says so in a warning alone.
_KNOWN_IN_FULL = {"IN": range(2001, 2036)}


def holidays_of(
    country: str,
    /,
    *,
    years: Iterable[int],
    subdivision: str | None = None,
    categories: Iterable[str] = _PUBLIC,
) -> frozenset[dt.date]:
    """Return the holidays of a country, on whatever weekday they fall.

    For a calendar of your own: holidays of two countries, days on which the warehouse is closed, a week of six days.

    Args:
        country: The ISO 3166 alpha-2 code of the country, as the package has it.
        years: The years to freeze, at least one, each known to the package.
        subdivision: The code of a state, province or region whose holidays count too, as the package has it (the last
            part of ISO 3166-2); ``None`` for those of the whole country alone.
        categories: Which holidays, in the package's words, at least one: ``public``, and in some countries ``bank``,
            ``half_day``, ``optional`` and others (``workday`` are days that are celebrated and worked).

    Returns:
        The days, in the years given and no other; those on which a holiday is observed instead, as on the Monday after,
        among them, as the package has it. A year more only adds days.

    Raises:
        InvalidArgument: If the package does not know the country, the subdivision of it, a category of it, or a year.

    Examples:
        Norway's Constitution Day, in a year in which it is a Sunday:

        >>> import datetime as dt
        >>> from preorder_kit.holiday_calendars import holidays_of
        >>> dt.date(2026, 5, 17) in holidays_of("NO", years=[2026])
        True

        Where a holiday falls on a Saturday, the United States observe it on Friday too:

        >>> independence = holidays_of("US", years=[2026])
        >>> [day.isoformat() for day in sorted(independence) if day.month == 7]
        ['2026-07-03', '2026-07-04']

        A warehouse that is open on Saturdays, and closed between Christmas and New Year:

        >>> from preorder_kit import MON_TO_SAT, WorkCalendar
        >>> closed = {dt.date(2026, 12, day) for day in (28, 29, 30, 31)}
        >>> norway = holidays_of("NO", years=range(2026, 2028))
        >>> warehouse = WorkCalendar(weekdays=MON_TO_SAT.weekdays, holidays=norway | closed)
        >>> warehouse.next_working_day(dt.date(2026, 12, 25)).isoformat()
        '2027-01-02'

        A country that the package does not know:

        >>> holidays_of("XX", years=[2026])  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: country: must be the ISO 3166 alpha-2 code of ... (got 'XX')
    """
    return frozenset(_frozen(country, years=years, subdivision=subdivision, categories=categories))


def holiday_calendar(
    country: str,
    /,
    *,
    years: Iterable[int],
    subdivision: str | None = None,
    categories: Iterable[str] = _PUBLIC,
    weekdays: AbstractSet[int] | None = None,
) -> WorkCalendar:
    """Return the working days of a country: its week, less its holidays.

    Not considered: days of a weekend that are worked to make up for a holiday, as in China and Hungary. They stay free:
    a promise that is a day late does less harm than one that is a day early.

    Args:
        country: The ISO 3166 alpha-2 code of the country, as the package has it.
        years: The years to freeze, at least one, each known to the package.
        subdivision: The code of a state, province or region whose holidays and weekend count, as the package has it;
            ``None`` for those of the whole country alone.
        categories: Which holidays are not worked, in the package's words, at least one; see `holidays_of`.
        weekdays: The weekdays that are worked, Monday being 0, where they are not the country's; ``None`` for those
            that are not its weekend in ``years``, as the package has it.

    Returns:
        A calendar on which no holiday of the years is worked. Of days in other years it knows the weekday alone.

    Raises:
        InvalidArgument: If the package does not know the country, the subdivision of it, a category of it, or a year;
            if the weekend is not the same in all of the years; or if a weekday is none.

    Examples:
        Handling and transit over Christmas in Norway, from Tuesday the 22nd on: the 24th is worked, the 25th is not:

        >>> import datetime as dt
        >>> from preorder_kit import LeadTime, ShippingTimes, delivery_range
        >>> from preorder_kit.holiday_calendars import holiday_calendar
        >>> norway = holiday_calendar("NO", years=range(2026, 2028))
        >>> times = ShippingTimes(handling=LeadTime(0, 1, norway), transit=LeadTime(2, 5, norway))
        >>> arrives = delivery_range(dt.date(2026, 12, 22), times=times)
        >>> arrives.earliest.isoformat(), arrives.latest.isoformat()
        ('2026-12-24', '2026-12-31')

        Thanksgiving, and the Friday after it, which is a holiday in California:

        >>> thanksgiving, friday = dt.date(2026, 11, 26), dt.date(2026, 11, 27)
        >>> us = holiday_calendar("US", years=[2026])
        >>> us.is_working_day(thanksgiving), us.is_working_day(friday)
        (False, True)
        >>> holiday_calendar("US", years=[2026], subdivision="CA").is_working_day(friday)
        False

        Israel works from Sunday to Thursday:

        >>> sorted(holiday_calendar("IL", years=[2026]).weekdays)
        [0, 1, 2, 3, 6]

        Outside the frozen years a holiday is a day like any other:

        >>> norway.is_working_day(dt.date(2027, 5, 17)), norway.is_working_day(dt.date(2028, 5, 17))
        (False, True)
    """
    frozen = _frozen(country, years=years, subdivision=subdivision, categories=categories)
    worked = _week(frozen) if weekdays is None else weekdays
    return WorkCalendar(weekdays=worked, holidays=frozenset(frozen))


def _frozen(
    country: str, *, years: Iterable[int], subdivision: str | None, categories: Iterable[str]
) -> holidays.HolidayBase:
    """Return the package's holidays, filled for the years; private to a call, for reading changes them."""
    entity = _entity(country)
    return holidays.country_holidays(
        entity.country,
        subdiv=optional(subdivision, "subdivision", check=_known, known=entity.subdivisions, country=entity.country),
        years=_years(years, entity),
        categories=_categories(categories, entity),
    )


def _entity(country: str) -> holidays.HolidayBase:
    if text(country, "country") not in holidays.list_supported_countries(include_aliases=False):
        requirement = "must be the ISO 3166 alpha-2 code of a country that the holidays package knows, as in NO"
        raise refused("country", requirement, country, code="country.unknown")
    return holidays.country_holidays(country)


def _known(value: object, path: str, *, known: tuple[str, ...], country: str) -> str:
    name = text(value, path)
    if name not in known:
        choices = f"one of {', '.join(known)}: no other is known" if known else "left out: none is known"
        raise refused(path, f"must be {choices} to the holidays package for {country}", value, code="choice.invalid")
    return name


def _categories(categories: Iterable[str], entity: holidays.HolidayBase) -> frozenset[str]:
    known = entity.supported_categories
    given = unordered(categories, "categories", check=_known, known=known, country=entity.country)
    if not given:
        raise refused("categories", "must hold at least one, as in ['public']", categories, code="categories.none")
    return given


def _years(years: Iterable[int], entity: holidays.HolidayBase) -> frozenset[int]:
    given = frozenset[int]() if isinstance(years, int) else unordered(years, "years", check=_year, entity=entity)
    if not given:
        raise refused("years", "must hold at least one year, as in range(2026, 2029)", years, code="years.none")
    return given


def _year(value: object, path: str, *, entity: holidays.HolidayBase) -> int:
    year = units(value, path)
    known = _KNOWN_IN_FULL.get(entity.country, range(entity.start_year, entity.end_year + 1))
    if year not in known:
        bounds = f"from {known[0]} to {known[-1]}"
        requirement = f"must be {bounds}: the holidays package knows no other years for {entity.country}"
        raise refused(path, requirement, value, code="year.unknown")
    return year


def _week(frozen: holidays.HolidayBase) -> set[int]:
    """Return the weekdays that are no weekend in the frozen years, if it is the same in all of them."""
    met = {(day.weekday(), frozen.is_weekend(day)) for day in _days(frozen.years)}
    if len(met) > 7:  # some weekday is worked on one day and not on another
        requirement = "must be years in which the weekend stays the same: freeze them apart, or give weekdays"
        raise refused("years", requirement, sorted(frozen.years), code="weekend.changed")
    return {weekday for weekday, is_weekend in met if not is_weekend}


def _days(years: Iterable[int]) -> Iterator[dt.date]:
    for year in years:
        for ordinal in range(dt.date(year, 1, 1).toordinal(), dt.date(year + 1, 1, 1).toordinal()):
            yield dt.date.fromordinal(ordinal)
