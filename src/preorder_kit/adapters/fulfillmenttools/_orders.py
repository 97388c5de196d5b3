"""Orders, as the system takes them and as it replies with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial

import attrs

from ..._checks import FrozenMapping, checked, instance, instant, mapping, member, optional, rule, sequence, text
from ..._documents import Fields, iso_instant, root_object, unrecognised
from ..._wire import WireFormat, has, held
from ...bundles import WhenShort
from ...orders import Order
from ._baskets import Waiting, articles_of, lines_of
from ._terms import OutOfStockTerms, selling_terms
from ._words import agree, moment, name, sound, term

__all__ = ["OrderConsumer", "OrderHeader", "OrderStatus", "read_order", "read_order_header"]

_EXPECTED = "must be an order, an object with orderDate and orderLineItems"
ADDRESS_FIELDS = (
    "additionalAddressInfo",
    "addressType",
    "city",
    "companyName",
    "country",
    "email",
    "firstName",
    "houseNumber",
    "lastName",
    "personalTitle",
    "postalCode",
    "province",
    "salutation",
    "street",
)


class OrderStatus(StrEnum):
    """Where an order is: placed, called off, promised but not placed, being worked on, or replaced by another."""

    OPEN = "open"
    CANCELLED = "cancelled"
    PROMISED = "promised"
    LOCKED = "locked"
    OBSOLETE = "obsolete"


_OVER = (OrderStatus.CANCELLED, OrderStatus.OBSOLETE)
_CANCELED = "CANCELED"  # as routing plans spell it


def _addresses(value: object, path: str) -> tuple[Mapping[str, str], ...]:
    return sequence(value, path, check=partial(mapping, key=text, check=text))


@attrs.frozen(kw_only=True, field_transformer=checked)
class OrderConsumer:
    """Who ordered.

    Attributes:
        consumer_id: The shop's id of them; empty if not given.
        email: Empty if not given.
        addresses: Where they are, in the system's own field names, as in ``{"street": ..., "houseNumber": ...}``.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    consumer_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    email: str = attrs.field(default="", metadata=rule(text, empty=True))
    addresses: Sequence[Mapping[str, str]] = attrs.field(default=(), metadata=rule(_addresses))


_NOBODY = OrderConsumer()
_NO_TERMS: Mapping[str, OutOfStockTerms] = FrozenMapping()


@attrs.frozen(kw_only=True, field_transformer=checked)
class OrderHeader:
    """What a document says about an order beside its lines.

    Attributes:
        tenant_order_id: The shop's id; empty if not given.
        order_ref: The platform's id; empty before it has one. It is not written.
        status: Where it is; ``None`` if the word is not known, or nothing is said.
        status_word: The word as it was sent.
        consumer: Who ordered.
        titles: SKU -> what it is called.
        promised_until: Until when the platform keeps a promised order's units; ``None`` if it is none.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    tenant_order_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    order_ref: str = attrs.field(default="", metadata=rule(text, empty=True))
    status: OrderStatus | None = attrs.field(default=None, metadata=rule(optional, check=member, of=OrderStatus))
    status_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    consumer: OrderConsumer = attrs.field(default=_NOBODY, metadata=rule(instance, of=OrderConsumer))
    titles: Mapping[str, str] = attrs.field(factory=dict, metadata=rule(mapping, key=text, check=text))
    promised_until: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))

    def __attrs_post_init__(self) -> None:
        agree(self, "status", OrderStatus)


def read_order(
    document: str | bytes,
    /,
    *,
    terms: Mapping[str, OutOfStockTerms] = _NO_TERMS,
    when_short: WhenShort = WhenShort.CANCEL,
    order_id: str = "",
) -> Order:
    """Read an order, as it is sent to the system or as the system replies with it.

    - A custom service that is bundled becomes a line with components, after the other lines: one unit that is never
      divided. It is called by its tenantCustomServiceId, else its customServiceRef, else ``bundle-1`` by its position;
      services inside it are parts of it. Its articles are on lines of the order too: what is loose is what the bundles
      leave, and they take from the last line of an article first. A line of which nothing is loose is left out.
    - Services that are not bundled hold nothing together and are not read.
    - An order that is not yet on the platform has no ids of lines: they are named by position, ``1`` the first.
    - The order is called by the platform's id, else by the shop's.

    Args:
        document: The order, by itself or in the event that carries it as its payload, as text or UTF-8 bytes.
        terms: SKU -> what its listing says about too little stock: whether its units wait, and a pre-order's date.
        when_short: Whether units wait of which ``terms`` do not say anything that is known.
        order_id: What the order is called if the document does not say so.

    Returns:
        The order; `read_order_header` reads what else it says.

    Raises:
        InvalidDocument: If it is no order, or a bundle holds more than the lines do, or the order is CANCELLED or
            OBSOLETE; with all of its problems and their paths.

    Source:
        fulfillmenttools on orders and on bundled line items. That an article may be partly in a bundle and partly loose
        is inferred.

    Examples:
        Two bottles, one of them with a cup:

        >>> from preorder_kit.adapters.fulfillmenttools import read_order
        >>> order = read_order('''{"tenantOrderId": "W1", "orderDate": "2026-11-21T10:15:30.000Z", "consumer": {},
        ...     "orderLineItems": [
        ...         {"article": {"tenantArticleId": "BTL", "title": "Bottle"}, "quantity": 2},
        ...         {"article": {"tenantArticleId": "CUP", "title": "Cup"}, "quantity": 1}],
        ...     "customServices": [{"customServiceDefinition": {"isBundled": true}, "customServiceItems": [],
        ...         "articleItems": [{"tenantArticleRef": "BTL", "quantity": 1},
        ...                          {"tenantArticleRef": "CUP", "quantity": 1}]}]}''')
        >>> [(line.id, line.sku, line.quantity) for line in order.lines]
        [('1', 'BTL', 1), ('bundle-1', 'bundle-1', 1)]
    """
    known = mapping(terms, "terms", key=text, check=partial(instance, of=OutOfStockTerms))
    otherwise = member(when_short, "when_short", of=WhenShort)
    text(order_id, "order_id", empty=True)
    fields = _order_fields(document)
    status, said = term(fields, "status", OrderStatus)
    if status in _OVER or said.upper() == _CANCELED:
        fields.complain("status", "order.over", f"must not be {said.upper()}: nothing is to be sent", said)
    found = name(fields, "id") or name(fields, "tenantOrderId") or order_id
    if not found and fields.is_sound:
        fields.complain("tenantOrderId", "field.missing", "is missing, and so is id; say what the order is called")
    placed_at = fields.read("orderDate", iso_instant)
    lines = lines_of(fields, articles_of(fields), waiting_by(known, otherwise), otherwise)
    return sound(fields.build(Order, id=found, placed_at=placed_at, lines=lines), fields)


def _order_fields(document: str | bytes) -> Fields:
    """Return the order, by itself or in the event that carries it."""
    root = root_object(document, _EXPECTED)
    fields = root.object("payload") if root.holds("payload") else root
    if fields is None or not (fields.holds("orderDate") and fields.holds("orderLineItems")):
        raise unrecognised(_EXPECTED)
    return fields


def waiting_by(terms: Mapping[str, OutOfStockTerms], otherwise: WhenShort) -> Waiting:
    """Return SKU -> whether it may wait, and its street date; what is not known is as ``otherwise`` says."""
    found = {sku: selling_terms(said) for sku, said in terms.items()}
    return {
        sku: (otherwise, None) if selling is None else (selling.when_short, selling.street_date)
        for sku, selling in found.items()
    }


def read_order_header(document: str | bytes, /) -> OrderHeader:
    """Read what an order's document says beside its lines.

    Args:
        document: The order, as text or UTF-8 bytes.

    Returns:
        The header, of an order in any state. Of addresses, only fields that are text are read; preferences, payments,
        prices, tags and custom attributes are not.

    Raises:
        InvalidDocument: If it is no order; with all of its problems and their paths.

    Source:
        fulfillmenttools, the schemas of orders in its API specification.

    Examples:
        A promised order:

        >>> from preorder_kit.adapters.fulfillmenttools import read_order_header
        >>> header = read_order_header('''{"id": "ord-1", "tenantOrderId": "W1", "status": "PROMISED",
        ...     "orderDate": "2026-11-21T10:15:30.000Z", "consumer": {"email": "ada@example.com"},
        ...     "orderLineItems": [{"article": {"tenantArticleId": "BTL", "title": "Bottle"}, "quantity": 2}],
        ...     "promisesOptions": {"validUntil": "2026-11-21T11:15:30.000Z"}}''')
        >>> header.status.value, header.titles, header.promised_until.isoformat()
        ('promised', {'BTL': 'Bottle'}, '2026-11-21T11:15:30+00:00')
    """
    fields = _order_fields(document)
    status, status_word = term(fields, "status", OrderStatus)
    articles = articles_of(fields)
    promise = fields.object("promisesOptions")
    header = fields.build(
        OrderHeader,
        tenant_order_id=name(fields, "tenantOrderId"),
        order_ref=name(fields, "id"),
        status=status,
        status_word=status_word,
        consumer=_consumer(fields.object("consumer")),
        titles={article.sku: article.title for article in articles if article.title} if fields.is_sound else {},
        promised_until=None if promise is None else moment(promise, "validUntil"),
    )
    return sound(header, fields)


def _text(fields: Fields, key: str) -> str:
    """Return a field if it is text; anything else is not read."""
    return fields.read(key, _if_text, default="")


def _if_text(value: object, path: str) -> str:
    return text(value, path) if isinstance(value, str) else ""


def _consumer(fields: Fields | None) -> OrderConsumer | None:
    if fields is None:
        return _NOBODY
    addresses = [
        {key: said for key in ADDRESS_FIELDS if (said := _text(address, key))}
        for address in fields.objects("addresses")
    ]
    return fields.build(
        OrderConsumer, consumer_id=name(fields, "consumerId"), email=name(fields, "email"), addresses=addresses
    )


def _is_order(root: object) -> bool:
    return has(root, "orderDate", "orderLineItems") and not has(root, "orderRef")


FORMATS = (
    WireFormat(
        name="fulfillmenttools-order",
        holds="an order with its bundles",
        recognises=lambda root: _is_order(root) or _is_order(held(root, "payload")),
        read=read_order,
    ),
)
