"""Days and instants in a time zone, right on the days that clocks change."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ._checks import refused, text

_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)
_OF_THE_HOST = {"localtime", "posixrules"}  # files beside the zones, another zone on each machine


def zone_info(name: object, path: str) -> ZoneInfo:
    """Return the time zone that ``name`` is the IANA name of."""
    key = text(name, path)
    rule = "must be an IANA time zone such as Europe/Oslo; if it is one, install the package tzdata"
    if key in _OF_THE_HOST or key.startswith(("posix/", "right/")):
        raise refused(path, rule, name, code="zone.unknown")
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of the time zone data is an OSError
        raise refused(path, rule, name, code="zone.unknown") from None


def zone_name(name: object, path: str) -> str:
    """Return ``name`` if it is the IANA name of a time zone."""
    return zone_info(name, path).key


def first_instant(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the first instant, in UTC, at which the clocks of ``zone`` show ``time`` on ``day`` or jump past it.

    Where the clocks show it twice, this is the first of the two; where they skip it, the instant of the jump.

    Raises:
        OverflowError: If the instant lies outside the years 1 to 9999.
    """
    wall = dt.datetime.combine(day, time)
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(dt.timezone.utc) for fold in (0, 1))
    if _wall(early, zone) >= wall:
        return early
    # The clocks jump over `wall` between the two, on a whole second: halve the gap until that second is found.
    early, late = early.replace(microsecond=0), late.replace(microsecond=0)
    while (gap := (late - early) // _SECOND) > 1:
        middle = early + gap // 2 * _SECOND
        early, late = (early, middle) if _wall(middle, zone) >= wall else (middle, late)
    return late


def local_day(at: dt.datetime, zone: ZoneInfo, path: str) -> dt.date:
    """Return the day of ``at`` in ``zone``: the last one that has begun, even if the clocks go back over midnight."""
    try:
        day = at.astimezone(zone).date()
    except OverflowError:
        raise refused(path, "must lie in the years 1 to 9999 there too", at, code="instant.invalid") from None
    return day + _DAY if day < dt.date.max and is_reached(day + _DAY, dt.time(), zone, at) else day


def is_reached(day: dt.date, time: dt.time, zone: ZoneInfo, at: dt.datetime) -> bool:
    """Say whether the clocks of ``zone`` have shown ``time`` on ``day``, or jumped past it, by ``at``."""
    try:
        return first_instant(day, time, zone) <= at
    except OverflowError:  # it lies before the first instant that can be written, or after the last
        return day.year == dt.MINYEAR


def _wall(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return at.astimezone(zone).replace(tzinfo=None)
