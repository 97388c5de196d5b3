"""What a feed says about one product, attribute by attribute."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import attrs

from ... import _zones
from ..._checks import FrozenMapping, checked, instance, instant, optional, refused, rule, sequence, text, units
from ..._checks import day as check_day
from ...calendars import WorkCalendar
from ...delivery import DateRange, ShippingTimes
from ...errors import InvalidArgument
from ...quantities import _currency_code, _money_text
from ...stock import Availability, Stock
from ...street_date import release_instant

__all__ = ["FeedItem", "FeedRate", "merchant_attributes"]

_WORDS = {
    Availability.IN_STOCK: "in_stock",
    Availability.LOW_STOCK: "in_stock",
    Availability.PREORDER: "preorder",
    Availability.BACKORDER: "backorder",
    Availability.OUT_OF_STOCK: "out_of_stock",
}
_WAITS = (Availability.PREORDER, Availability.BACKORDER)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONGEST_ID = 50
_YEAR = dt.timedelta(days=365)
_MINUTE = dt.timedelta(minutes=1)


def line(value: object, path: str) -> str:
    """Return ``value`` if it is text on one line, without control characters; a check, as in `_checks`."""
    if not text(value, path).isprintable() or str(value).strip() != value:
        requirement = "must be text on one line, without control characters and without blanks around it"
        raise refused(path, requirement, value, code="text.invalid")
    return str(value)


def _product_id(value: object, path: str) -> str:
    if len(line(value, path)) > _LONGEST_ID:
        raise refused(path, f"must have at most {_LONGEST_ID} characters", value, code="feed.id_long")
    return str(value)


def _service(value: object, path: str) -> str:
    if value == "":
        return ""
    if re.search("[:,]", line(value, path)):
        raise refused(path, "must hold no colon and no comma, which divide the field", value, code="text.invalid")
    return str(value)


def _country(value: object, path: str) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value):
        raise refused(path, "must be an ISO 3166-1 code of two letters, such as NO", value, code="country.invalid")
    return value


def _when(value: object, path: str) -> dt.datetime | dt.date | DateRange:
    if isinstance(value, DateRange):
        return value.earliest if value.earliest == value.latest else value
    return instant(value, path) if isinstance(value, dt.datetime) else check_day(value, path)


@attrs.frozen(kw_only=True, field_transformer=checked)
class FeedRate:
    """What it costs to send a product to one country.

    Attributes:
        country: The ISO 3166-1 code of two letters.
        price: In minor units, tax included; 0 if it is free.
        currency: Its ISO 4217 code.
        service: What the service is called; empty if that is not said.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    country: str = attrs.field(metadata=rule(_country))
    price: int = attrs.field(metadata=rule(units))
    currency: str = attrs.field(metadata=rule(_currency_code))
    service: str = attrs.field(default="", metadata=rule(_service))


@attrs.frozen(kw_only=True, field_transformer=checked)
class FeedItem:
    """What a feed says about one product.

    Attributes:
        id: The product's id in the feed, at most 50 characters.
        stock: Its reading, masked or not: its availability alone is written.
        available_from: When what is ordered now can leave: the instant of a street date, a day, or the range of days in
            which stock is expected, whose latest day counts; a range of one day is that day. Needed, and written, for a
            pre-order and a backorder.
        times: How long handling and transit take; ``None`` if the account's settings say it.
        rates: What sending it costs, by country; empty if the account's settings say it.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(_product_id))
    stock: Stock = attrs.field(metadata=rule(instance, of=Stock))
    available_from: dt.datetime | dt.date | DateRange | None = attrs.field(
        default=None, metadata=rule(optional, check=_when)
    )
    times: ShippingTimes | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=ShippingTimes))
    rates: Sequence[FeedRate] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=FeedRate))


def merchant_attributes(item: FeedItem, /, *, at: dt.datetime, zone: str = "UTC") -> Mapping[str, str]:
    """Return what a feed says about a product, attribute by attribute, as in a text data source.

    ``availability`` is one of in_stock (low stock too), preorder, backorder and out_of_stock. ``availability_date`` is
    written for the two that wait, rounded up to a whole minute, so that it never lies before a street date.

    Lost, as there is no attribute for it: units, that stock is low, the earliest day of a range, holidays, cut-offs,
    ``inbound``, the days on which the customer receives, and transit times without a rate.

    Args:
        item: The product.
        at: Now.
        zone: The IANA name of the zone in which the date is shown, and in which a day begins.

    Returns:
        Name -> value, the id first. Masking the reading does not change it.

    Raises:
        InvalidArgument: If an argument is of another type, the reading is unknown, units wait and ``available_from``
            is missing, not later than ``at`` or more than 365 days ahead, or a calendar has no weekday.

    Source:
        Google Merchant Center Help: https://support.google.com/merchants/answer/6324448 (availability),
        https://support.google.com/merchants/answer/6324470 (availability_date: with a zone, at most 25 characters, up
        to a year ahead), https://support.google.com/merchants/answer/7388496 (handling times),
        https://support.google.com/merchants/answer/16072859 (business days) and
        https://support.google.com/merchants/answer/6324484 (shipping).

    Examples:
        A pre-order, shown with the offset of the shop:

        >>> import datetime as dt
        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.google_merchant import FeedItem, merchant_attributes
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> item = FeedItem(id="LP-1", stock=normalize_stock("preorder"), available_from=dt.date(2027, 1, 29))
        >>> merchant_attributes(item, at=now, zone="Europe/Oslo")
        {'id': 'LP-1', 'availability': 'preorder', 'availability_date': '2027-01-29T00:00+0100'}

        One without a date cannot be said:

        >>> merchant_attributes(FeedItem(id="LP-2", stock=normalize_stock("preorder")), at=now)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: available_from: must be given for a preorder; say out_of_stock while ...
    """
    instance(item, "item", of=FeedItem)
    now = instant(at, "at")
    place = _zones.zone_info(zone, "zone")
    found = {"id": item.id, "availability": _availability(item.stock)}
    if item.stock.availability in _WAITS:
        found["availability_date"] = _stamp(item, now, place)
    if item.times is not None:
        found |= _times(item.times)
    if item.rates:
        found["shipping"] = ",".join(":".join(shipping(rate, item.times).values()) for rate in item.rates)
    return FrozenMapping(found)


def _availability(stock: Stock) -> str:
    if stock.availability not in _WORDS:
        requirement = "must be known: every product needs an availability; leave it out of the feed, or pause it"
        raise refused("stock", requirement, str(stock.availability), code="feed.unknown")
    return _WORDS[stock.availability]


def _stamp(item: FeedItem, now: dt.datetime, zone: ZoneInfo) -> str:
    """Return the date from which what waits can leave, as a feed writes it."""
    begin = _begin(item, zone)
    if begin <= now:
        requirement = f"must be later than now, {now}, while units wait for it; derive the stock anew"
        raise refused("available_from", requirement, begin, code="feed.date_past")
    if begin - now > _YEAR:
        requirement = f"must lie at most {_YEAR.days} days ahead of now, {now}; say out_of_stock until it does"
        raise refused("available_from", requirement, begin, code="feed.date_far")
    _zones.local_day(begin, zone, "available_from")
    local = begin.astimezone(zone)
    return local.replace(tzinfo=None).isoformat(timespec="minutes") + local.strftime("%z")


def _begin(item: FeedItem, zone: ZoneInfo) -> dt.datetime:
    given = item.available_from
    if given is None:
        requirement = f"must be given for a {item.stock.availability}; say out_of_stock while there is no date"
        raise refused("available_from", requirement, given, code="feed.date_missing")
    if not isinstance(given, dt.datetime):
        return _first_instant(given.latest if isinstance(given, DateRange) else given, zone)
    whole = given.replace(second=0, microsecond=0)
    try:
        return whole if whole == given else whole + _MINUTE
    except OverflowError:
        raise refused("available_from", "must lie in the years 1 to 9999", given, code="instant.invalid") from None


def _first_instant(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    try:
        return release_instant(day, zone=zone.key)
    except InvalidArgument as error:  # a day that the zone skipped
        raise attrs.evolve(error, path="available_from") from None


def _times(times: ShippingTimes) -> dict[str, str]:
    handling, transit = times.handling, times.transit
    return {
        "min_handling_time": str(handling.min_days),
        "max_handling_time": str(handling.max_days),
        "shipping_handling_business_days": _business_days(handling.calendar, "times.handling.calendar.weekdays"),
        "shipping_transit_business_days": _business_days(transit.calendar, "times.transit.calendar.weekdays"),
    }


def _business_days(calendar: WorkCalendar, path: str) -> str:
    if not calendar.weekdays:
        requirement = "must have a weekday: where none is named, Google takes days of its own"
        raise refused(path, requirement, sorted(calendar.weekdays), code="feed.no_weekday")
    return ";".join(_WEEKDAYS[weekday] for weekday in sorted(calendar.weekdays))


def shipping(rate: FeedRate, times: ShippingTimes | None) -> dict[str, str]:
    """Return the parts of a ``shipping`` attribute, in the order in which a text data source has them."""
    found = {
        "country": rate.country,
        "region": "",
        "service": rate.service,
        "price": f"{_money_text(rate.price, rate.currency)} {rate.currency}",
    }
    if times is not None:
        lead = {"handling": times.handling, "transit": times.transit}
        for stage, days in lead.items():
            found |= {f"min_{stage}_time": str(days.min_days), f"max_{stage}_time": str(days.max_days)}
    return found
