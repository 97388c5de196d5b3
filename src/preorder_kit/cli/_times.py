"""How long things take, as options say it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum

import attrs
import typer

from ..calendars import EVERY_DAY, MON_TO_FRI, MON_TO_SAT, CutOff, WorkCalendar
from ..delivery import LeadTime, ShippingTimes
from ..errors import InvalidArgument
from ..street_date import street_day
from ._documents import give_up

_YEARS = 4


class Calendar(StrEnum):
    """The days on which warehouse and carrier work."""

    MON_FRI = "mon-fri"
    MON_SAT = "mon-sat"
    EVERY_DAY = "every-day"


_CALENDARS: Mapping[Calendar, WorkCalendar] = {
    Calendar.MON_FRI: MON_TO_FRI,
    Calendar.MON_SAT: MON_TO_SAT,
    Calendar.EVERY_DAY: EVERY_DAY,
}


@attrs.frozen
class Days:
    """A number of days, as written ``1-2`` or ``3``."""

    fewest: int
    most: int

    def __str__(self) -> str:
        return str(self.most) if self.fewest == self.most else f"{self.fewest}-{self.most}"


HANDLING, TRANSIT, INBOUND = Days(1, 2), Days(2, 4), Days(0, 0)


@attrs.frozen
class Country:
    """A country, or a part of one, as written ``NO`` or ``US-CA``."""

    code: str
    part: str | None

    def __str__(self) -> str:
        return self.code if self.part is None else f"{self.code}-{self.part}"


@attrs.frozen
class Times:
    """How long things take, as the options say; holidays are known for ``at``'s year and the three after it."""

    at: dt.datetime
    handling: Days
    transit: Days
    inbound: Days
    calendar: Calendar
    holidays: Country | None
    zone: str
    cut_off: dt.time | None

    def __str__(self) -> str:
        closed = f" without the holidays of {self.holidays}" if self.holidays else ""
        lead = f"{self.handling} days of handling, {self.transit} of transit"
        return f"{lead}, {self.calendar}{closed}, days in {self.zone}"

    def counted(self) -> ShippingTimes:
        """Return the shipping times that the library counts with."""
        calendar = self._calendar()
        return ShippingTimes(
            handling=LeadTime(self.handling.fewest, self.handling.most, calendar),
            transit=LeadTime(self.transit.fewest, self.transit.most, calendar),
            inbound=LeadTime(self.inbound.fewest, self.inbound.most, calendar),
            zone=self.zone,
            cut_off=None if self.cut_off is None else CutOff(time=self.cut_off, zone=self.zone),
        )

    def _calendar(self) -> WorkCalendar:
        calendar = _CALENDARS[self.calendar]
        if self.holidays is None:
            return calendar
        try:
            from ..holiday_calendars import holidays_of  # noqa: PLC0415  # holidays where they are asked for
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "holidays":
                raise
            give_up(
                ["--holidays needs the package holidays: install preorder-kit with its extra, preorder-kit[holidays]"]
            )
        year = street_day(self.at, zone=self.zone).year
        years = range(year, year + _YEARS)
        try:
            closed = holidays_of(self.holidays.code, years=years, subdivision=self.holidays.part)
        except InvalidArgument as error:
            give_up([f"--holidays: {error.message}"])
        return WorkCalendar(weekdays=calendar.weekdays, holidays=closed)


def days_of(written: str | Days) -> Days:
    """Return a number of days as an option says it."""
    if isinstance(written, Days):
        return written
    match = re.fullmatch(r"\s*([0-9]{1,4})(?:\s*-\s*([0-9]{1,4}))?\s*", written)
    if not match or int(match[2] or match[1]) < int(match[1]):
        raise typer.BadParameter(f"must be a number of days such as 1-2, or 3 (got {written!r})")
    return Days(int(match[1]), int(match[2] or match[1]))


def time_of(written: str) -> dt.time:
    """Return a time of day as an option says it."""
    if not re.fullmatch(r"\s*([01]?[0-9]|2[0-3]):[0-5][0-9]\s*", written):
        raise typer.BadParameter(f"must be a time of day such as 14:00 (got {written!r})")
    hours, _, minutes = written.partition(":")
    return dt.time(int(hours), int(minutes))


def country_of(written: str) -> Country:
    """Return a country, and the part of it, as an option says it."""
    code, _, part = written.strip().partition("-")
    return Country(code.upper(), part or None)
