"""What a page says of its offers, as JSON-LD."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import attrs

from ... import _zones
from ..._checks import checked, instance, instant, optional, refused, rule, sequence, text, units
from ..._checks import day as check_day
from ..._documents import encode
from ...calendars import CutOff, WorkCalendar
from ...delivery import DateRange, LeadTime, ShippingTimes
from ...quantities import _currency_code, _money_text
from ...stock import Availability, SalesWindow, Stock, roll_up

__all__ = ["OfferShipping", "PageOffer", "write_offer", "write_product"]

#: When something is available: an instant, a day, or some day of a range.
_When: TypeAlias = dt.datetime | dt.date | DateRange

_HOME = "https://schema.org"
WORDS = {
    Availability.IN_STOCK: "InStock",
    Availability.LOW_STOCK: "LimitedAvailability",
    Availability.PREORDER: "PreOrder",
    Availability.BACKORDER: "BackOrder",
    Availability.OUT_OF_STOCK: "OutOfStock",
}
_WAITS = (Availability.PREORDER, Availability.BACKORDER)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _when(value: object, path: str) -> _When:
    if isinstance(value, DateRange):
        return value.earliest if value.earliest == value.latest else value
    return moment(value, path)


def moment(value: object, path: str) -> dt.datetime | dt.date:
    """Return an instant in UTC, or a day; a check, as in `_checks`."""
    return instant(value, path) if isinstance(value, dt.datetime) else check_day(value, path)


def _country(value: object, path: str) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value):
        raise refused(path, "must be an ISO 3166-1 code of two letters, such as NO", value, code="country.invalid")
    return value


@attrs.frozen(kw_only=True, field_transformer=checked)
class OfferShipping:
    """How an offer is sent to one country.

    Attributes:
        country: The ISO 3166-1 code of two letters.
        times: How long handling and transit take.
        price: What it costs, in minor units of the offer's currency; ``None`` if that is not said.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    country: str = attrs.field(metadata=rule(_country))
    times: ShippingTimes = attrs.field(metadata=rule(instance, of=ShippingTimes))
    price: int | None = attrs.field(default=None, metadata=rule(optional, check=units))


@attrs.frozen(kw_only=True, field_transformer=checked)
class PageOffer:
    """What a page offers, of one size.

    Attributes:
        stock: The reading of the size, masked or not: its availability alone is written.
        sku: Its SKU; empty if the page does not say.
        url: Where it can be bought; empty likewise.
        price: What one unit costs, in minor units; ``None`` if that is not said.
        currency: The ISO 4217 code of all prices here; needed where there is one.
        available_from: When what is ordered now can leave: the instant of a street date, a day, or the range of days in
            which stock is expected; a range of one day is that day. Written while the reading is a pre-order or a
            backorder.
        available_until: When it ceases to be available, later than ``available_from``.
        sales_window: When units may be sold to wait. Written while the reading is a pre-order or a backorder.
        shipping: How it is sent, by country.

    Raises:
        InvalidArgument: If a field breaks its rule, a price has no currency, or ``available_until`` is not later than
            ``available_from``.
    """

    stock: Stock = attrs.field(metadata=rule(instance, of=Stock))
    sku: str = attrs.field(default="", metadata=rule(text, empty=True))
    url: str = attrs.field(default="", metadata=rule(text, empty=True))
    price: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    currency: str | None = attrs.field(default=None, metadata=rule(optional, check=_currency_code))
    available_from: dt.datetime | dt.date | DateRange | None = attrs.field(
        default=None, metadata=rule(optional, check=_when)
    )
    available_until: dt.datetime | dt.date | None = attrs.field(default=None, metadata=rule(optional, check=moment))
    sales_window: SalesWindow | None = attrs.field(
        default=None, metadata=rule(optional, check=instance, of=SalesWindow)
    )
    shipping: Sequence[OfferShipping] = attrs.field(
        default=(), metadata=rule(sequence, check=instance, of=OfferShipping)
    )

    def __attrs_post_init__(self) -> None:
        priced = self.price is not None or any(way.price is not None for way in self.shipping)
        if priced and self.currency is None:
            raise refused("currency", "must be given where there is a price", None, code="currency.missing")
        if self.available_from is not None and self.available_until is not None:
            begin, end = _latest(self.available_from), self.available_until
            if not _is_before(begin, end):
                raise refused("available_until", f"must be later than {begin}", end, code="range.reversed")


def _latest(value: _When) -> dt.datetime | dt.date:
    return value.latest if isinstance(value, DateRange) else value


def _is_before(one: dt.datetime | dt.date, other: dt.datetime | dt.date) -> bool:
    """Say whether one moment lies before another; of an instant and a day, the instant's day in UTC counts."""
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return one < other
    return _day_of(one) < _day_of(other)


def _day_of(value: dt.datetime | dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def write_offer(offer: PageOffer, /, *, at: dt.datetime) -> str:
    r"""Write an offer as a JSON-LD document.

    ``availability`` is one of InStock, LimitedAvailability (low stock), PreOrder, BackOrder and OutOfStock; a reading
    that is unknown claims none. No number of units is written. ``<`` is written as ``\u003c``, so that no text of the
    shop can end the script element that holds the document.

    Lost, as the vocabulary has no word for it: units, the earliest day of a range, holidays, the weekdays of transit,
    the days on which the customer receives, ``inbound``, and cut-offs of single weekdays (the earliest of them is
    written for all).

    Args:
        offer: What is offered.
        at: Now. A cut-off's offset from UTC is the one of this instant.

    Returns:
        The document, for a script element of the type application/ld+json. Masking the reading does not change it.

    Raises:
        InvalidArgument: If an argument is of another type, or units wait for a date that is past.

    Source:
        https://schema.org/Offer, https://schema.org/ItemAvailability, https://schema.org/OfferShippingDetails and
        https://schema.org/ShippingDeliveryTime.

    Examples:
        A record before its street date:

        >>> import datetime as dt
        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.schema_org import PageOffer, write_offer
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> street = dt.datetime(2027, 1, 29, tzinfo=dt.timezone.utc)
        >>> offer = PageOffer(
        ...     stock=normalize_stock("preorder"), price=2990, currency="EUR", available_from=street
        ... )
        >>> print(write_offer(offer, at=now))
        {
          "@context": "https://schema.org",
          "@type": "Offer",
          "availability": "https://schema.org/PreOrder",
          "availabilityStarts": "2027-01-29T00:00:00Z",
          "price": "29.90",
          "priceCurrency": "EUR"
        }

        What is not known is not claimed:

        >>> print(write_offer(PageOffer(stock=normalize_stock(None)), at=now))
        {
          "@context": "https://schema.org",
          "@type": "Offer"
        }
    """
    now = instant(at, "at")
    return _script(_offer(instance(offer, "offer", of=PageOffer), now, ""))


def write_product(offers: Iterable[PageOffer], /, *, name: str, at: dt.datetime) -> str:
    """Write a product with the offers of its sizes as a JSON-LD document.

    Several offers become an AggregateOffer that holds them all. Its availability is that of `roll_up`, and its lowest
    and highest price are written if every offer has one. ``offerCount`` counts offers, not units.

    Args:
        offers: The offers of its sizes, at least one, in the order of the page.
        name: The product's name.
        at: Now.

    Returns:
        The document. Masking the readings does not change it.

    Raises:
        InvalidArgument: If there is no offer, prices are in several currencies, or an offer cannot be written.

    Source:
        https://schema.org/Product and https://schema.org/AggregateOffer.

    Examples:
        One size can be bought, the other is sold out:

        >>> import datetime as dt, json
        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.schema_org import PageOffer, write_product
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> sizes = [
        ...     PageOffer(stock=normalize_stock(raw), sku=sku, price=price, currency="NOK")
        ...     for raw, sku, price in ((0, "TEE-S", 29900), (12, "TEE-M", 34900))
        ... ]
        >>> found = json.loads(write_product(sizes, name="Tee", at=now))["offers"]
        >>> found["availability"], found["lowPrice"], found["highPrice"], found["offerCount"]
        ('https://schema.org/InStock', '299.00', '349.00', 2)

        One offer stands by itself:

        >>> json.loads(write_product(sizes[:1], name="Tee", at=now))["offers"]["availability"]
        'https://schema.org/OutOfStock'
    """
    now = instant(at, "at")
    given = sequence(offers, "offers", check=instance, of=PageOffer)
    if not given:
        raise refused("offers", "must hold at least one offer", given, code="offer.none")
    written = [_offer(offer, now, f"offers[{index}].") for index, offer in enumerate(given)]
    held_offers = written[0] if len(given) == 1 else _aggregate(given, written)
    return _script({"@type": "Product", "name": text(name, "name"), "offers": held_offers})


def _script(node: dict[str, Any]) -> str:
    return encode({"@context": _HOME, **node}).replace("<", "\\u003c")


def _offer(offer: PageOffer, now: dt.datetime, path: str) -> dict[str, Any]:
    return _said(
        {
            "@type": "Offer",
            "sku": offer.sku,
            "url": offer.url,
            "availability": _availability(offer.stock),
            **(_waiting(offer, now, path) if offer.stock.availability in _WAITS else {}),
            "availabilityEnds": _written(offer.available_until),
            "price": _price(offer.price, offer.currency),
            "priceCurrency": offer.currency if offer.price is not None else None,
            "shippingDetails": [_shipping(way, offer.currency, now) for way in offer.shipping],
        }
    )


def _said(node: dict[str, Any]) -> dict[str, Any]:
    """Return a node without what says nothing."""
    return {key: value for key, value in node.items() if value not in (None, "", [])}


def _availability(stock: Stock) -> str | None:
    name = WORDS.get(stock.availability)
    return None if name is None else f"{_HOME}/{name}"


def _waiting(offer: PageOffer, now: dt.datetime, path: str) -> dict[str, Any]:
    window = offer.sales_window or SalesWindow()
    begin = None if offer.available_from is None else _latest(offer.available_from)
    if begin is not None and _is_before(begin, now):
        requirement = f"must not lie before now, {now}, while units wait for it; derive the stock anew"
        raise refused(f"{path}available_from", requirement, begin, code="offer.date_past")
    return {
        "availabilityStarts": _written(begin),
        "validFrom": _written(window.opens),
        "validThrough": _written(window.closes),
    }


def _written(moment: dt.datetime | dt.date | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _price(minor: int | None, currency: str | None) -> str | None:
    return None if minor is None or currency is None else _money_text(minor, currency)


def _aggregate(offers: Sequence[PageOffer], written: Sequence[dict[str, Any]]) -> dict[str, Any]:
    currencies = {offer.currency for offer in offers if offer.price is not None}
    if len(currencies) > 1:
        named = sorted(str(currency) for currency in currencies)
        raise refused("offers", "must have their prices in one currency", named, code="currency.several")
    prices = [offer.price for offer in offers if offer.price is not None]
    node = {"@type": "AggregateOffer", "offerCount": len(offers)}
    node |= {"availability": _availability(roll_up(offer.stock for offer in offers))}
    if len(prices) == len(offers):
        [currency] = currencies
        node |= {"lowPrice": _price(min(prices), currency), "highPrice": _price(max(prices), currency)}
        node |= {"priceCurrency": currency}
    return _said({**node, "offers": list(written)})


def _shipping(way: OfferShipping, currency: str | None, now: dt.datetime) -> dict[str, Any]:
    times = way.times
    price = _price(way.price, currency)
    return _said(
        {
            "@type": "OfferShippingDetails",
            "shippingDestination": {"@type": "DefinedRegion", "addressCountry": way.country},
            "shippingRate": None
            if price is None
            else {"@type": "MonetaryAmount", "value": price, "currency": currency},
            "deliveryTime": _said(
                {
                    "@type": "ShippingDeliveryTime",
                    "handlingTime": _days(times.handling),
                    "transitTime": _days(times.transit),
                    "cutoffTime": None if times.cut_off is None else _cut_off(times.cut_off, now),
                    "businessDays": _business_days(times.handling.calendar),
                }
            ),
        }
    )


def _days(lead: LeadTime) -> dict[str, Any]:
    return {"@type": "QuantitativeValue", "minValue": lead.min_days, "maxValue": lead.max_days, "unitCode": "DAY"}


def _cut_off(cut_off: CutOff, now: dt.datetime) -> str:
    place = _zones.zone_info(cut_off.zone, "zone")
    _zones.local_day(now, place, "at")
    offset = now.astimezone(place).utcoffset() or dt.timedelta()
    return min([cut_off.time, *cut_off.by_weekday.values()]).replace(tzinfo=dt.timezone(offset)).isoformat()


def _business_days(calendar: WorkCalendar) -> dict[str, Any] | None:
    if not calendar.weekdays:
        return None
    named = [f"{_HOME}/{_WEEKDAYS[weekday]}" for weekday in sorted(calendar.weekdays)]
    return {"@type": "OpeningHoursSpecification", "dayOfWeek": named}
