"""Street dates: the instant from which a product may be sold and sent, and the day on which that is."""

from __future__ import annotations

import datetime as dt

from . import _zones
from ._checks import day as check_day
from ._checks import instant, optional, refused

__all__ = ["is_released", "release_instant", "street_day"]


def release_instant(day: dt.date, /, *, zone: str) -> dt.datetime:
    """Return the first instant of the local day ``day``.

    A street date given as a day means that day in one place. Midnight does not exist everywhere: where the clocks jump
    over it, the day begins at the jump.

    Args:
        day: The local day.
        zone: The IANA name of the place's time zone.

    Returns:
        The instant, in UTC. Seen from ``zone`` it is on ``day``, and the microsecond before it is not.

    Raises:
        InvalidArgument: If ``day`` is no day or does not exist in ``zone``, or ``zone`` is no time zone.

    Examples:
        Midnight in Sydney is the day before in UTC:

        >>> import datetime as dt
        >>> from preorder_kit import release_instant
        >>> release_instant(dt.date(2019, 2, 5), zone="Australia/Sydney").isoformat()
        '2019-02-04T13:00:00+00:00'

        A day that has no midnight begins at one o'clock:

        >>> release_instant(dt.date(2027, 4, 30), zone="Africa/Cairo").isoformat()
        '2027-04-29T22:00:00+00:00'
    """
    check_day(day, "day")
    place = _zones.zone_info(zone, "zone")
    try:
        begin = _zones.first_instant(day, dt.time(), place)
    except OverflowError:
        raise refused("day", "must lie in the years 1 to 9999 in UTC", day, code="day.invalid") from None
    if begin.astimezone(place).date() != day:
        raise refused("day", f"must exist in {zone}, whose clocks jumped over it", day, code="day.skipped")
    return begin


def is_released(street_date: dt.datetime | None, /, *, at: dt.datetime) -> bool:
    """Say whether a street date is reached.

    Args:
        street_date: The first instant at which something may leave; ``None`` if it is out.
        at: Now.

    Returns:
        Whether ``at`` is that instant or later, or there is no street date.

    Raises:
        InvalidArgument: If an argument is no instant with an offset.

    Examples:
        Released from the first instant on:

        >>> from preorder_kit import is_released
        >>> import datetime as dt
        >>> midnight = dt.datetime(2019, 2, 5, tzinfo=dt.timezone.utc)
        >>> is_released(midnight, at=midnight)
        True

        What has no street date is out:

        >>> is_released(None, at=midnight)
        True
    """
    now = instant(at, "at")
    street = optional(street_date, "street_date", check=instant)
    return street is None or now >= street


def street_day(street_date: dt.datetime, /, *, zone: str) -> dt.date:
    """Return the local day of a street date, for showing it.

    Args:
        street_date: The instant.
        zone: The IANA name of the zone of whoever looks at it.

    Returns:
        The day; the inverse of `release_instant`.

    Raises:
        InvalidArgument: If ``street_date`` is no instant with an offset, or ``zone`` is no time zone.

    Examples:
        One instant, two days:

        >>> import datetime as dt
        >>> from preorder_kit import street_day
        >>> midnight = dt.datetime(2019, 2, 5, tzinfo=dt.timezone.utc)
        >>> street_day(midnight, zone="Australia/Sydney").isoformat()
        '2019-02-05'
        >>> street_day(midnight, zone="America/Los_Angeles").isoformat()
        '2019-02-04'
    """
    return _zones.local_day(instant(street_date, "street_date"), _zones.zone_info(zone, "zone"), "street_date")
