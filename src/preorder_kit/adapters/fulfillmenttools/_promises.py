"""What can be promised at the checkout, and what was promised with an order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import attrs

from ..._checks import checked, instance, instant, optional, rule, sequence, text, units
from ..._documents import Fields, change, count, identifier, root_object, truth
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ...quantities import UNLIMITED, Quantity
from ...stock import SellRules, Stock, derive_stock
from ._terms import OutOfStockTerms, read_terms
from ._words import facility_of, moment, name, rows_of, sound

__all__ = [
    "BackOrderedLine",
    "CheckoutAvailability",
    "DeliveryPromise",
    "checkout_stock",
    "read_checkout_availability",
    "read_delivery_promise",
]


@attrs.frozen(kw_only=True, field_transformer=checked)
class BackOrderedLine:
    """Units of a promised order that wait for stock.

    Attributes:
        sku: The article.
        quantity: Units asked for, >= 1.
        terms: What may be ordered without stock, and the date of a pre-order.
        available: Units that are there; negative where more are sold than there are; ``None`` if not given.
        title: What it is called; empty if not given.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    terms: OutOfStockTerms = attrs.field(metadata=rule(instance, of=OutOfStockTerms))
    available: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=None))
    title: str = attrs.field(default="", metadata=rule(text, empty=True))


def _waiting(value: object, path: str) -> tuple[BackOrderedLine, ...]:
    return sequence(value, path, check=instance, of=BackOrderedLine)


@attrs.frozen(kw_only=True, field_transformer=checked)
class DeliveryPromise:
    """The reply to a delivery promise: the order that it made, and what of it waits.

    Attributes:
        order_ref: The order, by the platform's id.
        version: The order's version.
        waiting: What waits for stock.
        promised_until: Until when the units are kept; ``None`` if not given.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_ref: str = attrs.field(metadata=rule(text))
    version: int = attrs.field(metadata=rule(units))
    waiting: Sequence[BackOrderedLine] = attrs.field(default=(), metadata=rule(_waiting))
    promised_until: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))


def read_delivery_promise(document: str | bytes, /) -> DeliveryPromise:
    """Read the reply to a delivery promise.

    Args:
        document: The reply, as text or UTF-8 bytes.

    Returns:
        The promise. What ships or is collected at once, and the options of sourcing, are not read.

    Raises:
        InvalidDocument: If it is no such reply; with all of its problems and their paths.

    Source:
        fulfillmenttools, the reply of POST /api/promises/deliverypromise in its API specification.

    Examples:
        Two jackets wait for their date:

        >>> from preorder_kit.adapters.fulfillmenttools import read_delivery_promise
        >>> promise = read_delivery_promise('''{"orderRef": "ord-1", "orderVersion": 1, "backOrdered": {"lineItems": [
        ...     {"tenantArticleId": "JKT", "quantity": 2, "available": 0, "outOfStockBehaviour": "PREORDER",
        ...      "availabilityTimeframe": {"start": "2027-03-12T06:00:00.000Z"}}]}}''')
        >>> [(line.sku, line.quantity, line.terms.available_from.isoformat()) for line in promise.waiting]
        [('JKT', 2, '2027-03-12T06:00:00+00:00')]
    """
    fields = root_object(document, "must be the reply to a delivery promise, an object with an orderRef")
    order_ref, version = fields.read("orderRef", identifier), fields.read("orderVersion", count)
    waiting, options = fields.object("backOrdered"), fields.object("promisesOptions")
    promise = fields.build(
        DeliveryPromise,
        order_ref=order_ref,
        version=version,
        waiting=[] if waiting is None else [_line(item) for item in waiting.objects("lineItems")],
        promised_until=None if options is None else moment(options, "validUntil"),
    )
    return sound(promise, fields)


def _line(fields: Fields) -> BackOrderedLine | None:
    sku, quantity = fields.read("tenantArticleId", identifier), fields.read("quantity", count, least=1)
    available, terms = fields.read("available", change, default=None), read_terms(fields)
    return fields.build(
        BackOrderedLine, sku=sku, quantity=quantity, terms=terms, available=available, title=name(fields, "title")
    )


@attrs.frozen(kw_only=True, field_transformer=checked)
class CheckoutAvailability:
    """What the checkout says of an article at a facility.

    Attributes:
        sku: The article.
        available: Units that are there to be sold; negative where more are sold than there are.
        is_backorderable: Whether more may be ordered, to wait.
        preorder_release: The instant from which a pre-order can be picked; ``None`` if it is none.
        latest_picking_start: When picking must begin for the delivery that was asked about; ``None`` if not given.
        carrier: The carrier, by the platform's id; empty if not given.
        asked: Units that were asked for; ``None`` if not given.
        facility: Where they are, by the platform's id; empty if not given.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    available: int = attrs.field(metadata=rule(units, least=None))
    is_backorderable: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    preorder_release: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    latest_picking_start: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    carrier: str = attrs.field(default="", metadata=rule(text, empty=True))
    asked: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    facility: str = attrs.field(default="", metadata=rule(text, empty=True))


def read_checkout_availability(document: str | bytes, /) -> Read[tuple[CheckoutAvailability, ...]]:
    """Read what the checkout says of articles, or what a routing run noted of them.

    Args:
        document: ``{"facilities": [{"facilityRef": ..., "availabilities": [...]}]}``, the reply to a question for
            options of the checkout; the log of a routing run, with ``facilityDecisions``; a list of entries or one
            entry; as text or UTF-8 bytes.

    Returns:
        The entries that are sound, facility by facility, and the problems of those that are not. Carriers with their
        times and costs, addresses, opening times and custom services are not read.

    Raises:
        InvalidDocument: If it is none of these.

    Source:
        The reply to POST ``/api/promises/checkoutoptions``, for delivery as for collection.

    Examples:
        A pre-order:

        >>> from preorder_kit.adapters.fulfillmenttools import read_checkout_availability
        >>> [entry] = read_checkout_availability('''{"facilities": [{"facilityRef": "oslo", "availabilities": [
        ...     {"tenantArticleId": "JKT", "available": 0, "isBackOrderable": true,
        ...      "preOrderReleaseDate": "2027-03-12T06:00:00.000Z"}]}]}''').values
        >>> entry.facility, entry.is_backorderable, entry.preorder_release.isoformat()
        ('oslo', True, '2027-03-12T06:00:00+00:00')
    """
    rows, problems = rows_of(
        document, _EXPECTED, under=_HOLDERS, is_row=lambda root: has(root, *_MARKS) or has(root, _LISTED)
    )
    return Read(tuple(entry for row in rows for entry in _entries(row)), tuple(problems))


_EXPECTED = 'must be {"facilities": [...]}, each with its availabilities, or a list of availabilities'
_HOLDERS, _LISTED = ("facilities", "facilityDecisions"), "availabilities"
_MARKS = ("tenantArticleId", "available", "isBackOrderable")


def _entries(fields: Fields) -> list[CheckoutAvailability]:
    """Return what is said of the articles of a facility, or the one entry; not what has problems."""
    if not fields.holds(_LISTED):
        entry = _entry(fields, "")
        return [] if entry is None else [entry]
    facility = name(fields, "facilityRef") or facility_of(fields.object("facility"))[0]
    if not fields.is_sound:
        return []
    return [entry for item in fields.objects(_LISTED) if (entry := _entry(item, facility)) is not None]


def _entry(fields: Fields, facility: str) -> CheckoutAvailability | None:
    sku, available = fields.read("tenantArticleId", identifier), fields.read("available", change)
    release = moment(fields, "preOrderReleaseDate" if fields.holds("preOrderReleaseDate") else "preOrderDate")
    carrier = fields.object("carrier")
    return fields.build(
        CheckoutAvailability,
        sku=sku,
        available=available,
        is_backorderable=fields.read("isBackOrderable", truth, default=False),
        preorder_release=release,
        latest_picking_start=moment(fields, "latestPickingStart"),
        carrier="" if carrier is None else name(carrier, "carrierRef"),
        asked=fields.read("requestedQuantity", count, default=None),
        facility=facility,
    )


_SHOP = SellRules()


def checkout_stock(entry: CheckoutAvailability, /, *, rules: SellRules = _SHOP, at: dt.datetime) -> Stock:
    """Say what can be sold of an article, from what the checkout says of it.

    What is available is net of reservations and safety stock already, so the shop's own safety stock is not subtracted
    again. Beyond it, any number may wait if it is backorderable or has a release date, else none.

    Args:
        entry: What the checkout says.
        rules: The shop's other rules: what is few, whether stock is held before its street date, and when sales are
            open.
        at: Now.

    Returns:
        The reading: a pre-order while its release is ahead.

    Raises:
        InvalidArgument: If ``at`` has no offset.

    Examples:
        A pre-order, and an article that is there:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fulfillmenttools import CheckoutAvailability, checkout_stock
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> out = dt.datetime(2027, 3, 12, 6, tzinfo=dt.timezone.utc)
        >>> jacket = CheckoutAvailability(sku="JKT", available=0, is_backorderable=True, preorder_release=out)
        >>> checkout_stock(jacket, at=now).availability.value
        'preorder'
        >>> checkout_stock(CheckoutAvailability(sku="BTL", available=42), at=now).quantity
        42
    """
    instance(entry, "entry", of=CheckoutAvailability)
    instance(rules, "rules", of=SellRules)
    waits = entry.is_backorderable or entry.preorder_release is not None
    limit: Quantity = UNLIMITED if waits else 0
    shop = attrs.evolve(rules, safety_stock=0, backorder_limit=limit, preorder_limit=limit)
    return derive_stock(on_hand=entry.available, rules=shop, street_date=entry.preorder_release, at=at)


def _is_availability(root: Any) -> bool:
    if has(root, *_MARKS) or has(first(root), *_MARKS) or has(first(held(root, "facilities")), _LISTED):
        return True
    return has(first(held(root, "facilityDecisions")), _LISTED) and not has(root, "orderSplitDecision")


FORMATS = (
    WireFormat(
        name="fulfillmenttools-delivery-promise",
        holds="the reply to a delivery promise, with what waits",
        recognises=lambda root: has(root, "orderRef", "orderVersion"),
        read=read_delivery_promise,
    ),
    WireFormat(
        name="fulfillmenttools-checkout-availability",
        holds="what can be sold of articles at the checkout",
        recognises=_is_availability,
        read=read_checkout_availability,
    ),
)
