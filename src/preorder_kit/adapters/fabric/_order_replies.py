"""What fabric answers to an order of the third API: what became of its lines, and which of them wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

import attrs

from ..._checks import checked, instance, optional, rule, sequence, text, units
from ..._documents import Fields, count, identifier, truth, word
from ..._wire import WireFormat, first, has, held
from ...bundles import WhenShort
from ...errors import InvalidDocument
from ...orders import Order, OrderLine, WaitingLine
from ._spelling import built, opened_one, utc_instant
from ._statuses import hold_of, is_cancelled

__all__ = ["OrderItem", "OrderReply", "order_reply_lines", "read_order_reply"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class OrderItem:
    """What fabric says of one line of an order; a number that is ``None`` was not sent.

    Attributes:
        line_id: The line.
        number: Its place in the order.
        sku: What was ordered.
        item_id: Its item id; empty if it is not said.
        ordered: Units ordered.
        backordered: Units of them that were backordered or pre-ordered.
        pending: Units of those that have not shipped.
        to_ship: Units that are to ship.
        shipped: Units that shipped.
        delivered: Units that were delivered.
        invoiced: Units that were invoiced.
        cancelled: Units that were cancelled.
        returned: Units that came back.
        status: The line's status, as sent.
        is_backorder: Whether it was asked for as a backorder.
        is_preorder: Whether it was asked for as a pre-order.
        has_endless_consent: Whether the customer agreed to a delay without a day.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    number: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    sku: str = attrs.field(metadata=rule(text))
    item_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    ordered: int = attrs.field(metadata=rule(units, least=1))
    backordered: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    pending: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    to_ship: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    shipped: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    delivered: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    invoiced: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    cancelled: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    returned: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    status: str = attrs.field(default="", metadata=rule(text, empty=True))
    is_backorder: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    is_preorder: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    has_endless_consent: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))


@attrs.frozen(kw_only=True, field_transformer=checked)
class OrderReply:
    """What fabric answers to an order.

    Attributes:
        order: The order, its lines with all units that were ordered; those that were asked for as backorders and
            pre-orders, or of which units were backordered, may wait. It is named by its number, else by its id.
        fabric_id: The id that fabric gave it; empty if it is not said.
        status: Its status, as sent.
        items: What became of each line, in their order.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order: Order = attrs.field(metadata=rule(instance, of=Order))
    fabric_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    status: str = attrs.field(default="", metadata=rule(text, empty=True))
    items: Sequence[OrderItem] = attrs.field(metadata=rule(sequence, check=instance, of=OrderItem))


_COUNTS = {
    "backordered": "backOrderedQuantity",
    "pending": "pendingShippedBackOrderQuantity",
    "to_ship": "orderedQuantityToShip",
    "shipped": "shippedQuantity",
    "delivered": "deliveredQuantity",
    "invoiced": "invoicedQuantity",
    "cancelled": "cancelledQuantity",
    "returned": "returnedQuantity",
}
_FLAGS = {"is_backorder": "isBackorder", "is_preorder": "isPreorder", "has_endless_consent": "hasInfiniteConsent"}


def read_order_reply(document: str | bytes, /) -> OrderReply:
    """Read what fabric answers to an order: how many units of each line wait, shipped and were cancelled.

    No number may be more than what was ordered, and what waits no more than what was backordered. Money, addresses and
    payments are not read.

    Args:
        document: The order, as text or UTF-8 bytes.

    Returns:
        The order and its lines' numbers.

    Raises:
        InvalidDocument: If it is no such order; with all of its problems and their paths.

    Source:
        fabric OMS v3, create new order and get order.

    Examples:
        Three ordered, two of them backordered:

        >>> from preorder_kit.adapters.fabric import read_order_reply
        >>> reply = read_order_reply('''{"orderNumber": "O1", "orderedAt": "2026-11-23T09:00:00.000Z", "items": [
        ...     {"lineItemId": "1", "sku": "CD", "orderedQuantity": 3, "backOrderedQuantity": 2, "shippedQuantity": 1,
        ...      "isBackorder": true}]}''')
        >>> print(reply.order.lines[0].quantity, reply.items[0].backordered, reply.items[0].cancelled)
        3 2 None
    """
    fields = opened_one(document, 'must be an order: {"orderNumber": ..., "items": [...]}', keys=("items",))
    number = fields.read("orderNumber", identifier, default="")
    fabric_id = fields.read("orderId", identifier, default="")
    if not number and not fabric_id:
        fields.complain("orderNumber", "field.missing", "is missing, and orderId too")
    placed_at = fields.read("orderedAt", utc_instant)
    status = fields.read("statusCode", word, default="")
    items = _read_items(fields)
    if fields.problems:
        raise InvalidDocument(fields.problems)
    order = Order(id=number or fabric_id, placed_at=placed_at, lines=[_line(item) for item in items])
    return OrderReply(order=order, fabric_id=fabric_id, status=status, items=items)


def _line(item: OrderItem) -> OrderLine:
    waits = item.is_backorder or item.is_preorder or item.backordered or item.pending
    when_short = WhenShort.WAIT if waits else WhenShort.CANCEL
    return OrderLine(id=item.line_id, sku=item.sku, quantity=item.ordered, when_short=when_short)


def _read_items(fields: Fields) -> list[OrderItem]:
    """Return the lines that are sound; a line that comes twice is a problem."""
    found: dict[str, OrderItem] = {}
    for inner in fields.objects("items", least=1):
        item = _read_item(inner)
        if item is not None and found.setdefault(item.line_id, item) is not item:
            message = f"must be unique in the order (got {item.line_id!r} again)"
            inner.complain("lineItemId", "id.repeated", message, item.line_id)
    return list(found.values())


def _read_item(fields: Fields) -> OrderItem | None:
    ordered = fields.read("orderedQuantity", partial(count, least=1))
    numbers = {name: fields.read(key, count, default=None) for name, key in _COUNTS.items()}
    flags = {name: fields.read(key, truth, default=None) for name, key in _FLAGS.items()}
    line_id = fields.read("lineItemId", identifier)
    number = fields.read("lineItemNumber", count, default=None)
    sku = fields.read("sku", identifier)
    item_id = fields.read("itemId", identifier, default="")
    status = fields.read("lineOrderStatus", word, default="")
    if fields.is_sound:
        _check_numbers(fields, ordered, numbers)
    return built(
        fields,
        OrderItem,
        {},
        line_id=line_id,
        number=number,
        sku=sku,
        item_id=item_id,
        ordered=ordered,
        status=status,
        **numbers,
        **flags,
    )


def _check_numbers(fields: Fields, ordered: int, numbers: Mapping[str, int | None]) -> None:
    bounds = {name: ordered for name in _COUNTS if name != "pending"}
    backordered = numbers["backordered"]
    bounds["pending"] = ordered if backordered is None else min(ordered, backordered)
    for name, most in bounds.items():
        number = numbers[name]
        if number is not None and number > most:
            fields.complain(_COUNTS[name], "fabric.sum", f"must be no more than {most} (got {number})", number)


def order_reply_lines(reply: OrderReply, /) -> tuple[WaitingLine, ...]:
    """Return the lines of an order that wait for stock, by the units that are pending.

    Args:
        reply: The order.

    Returns:
        One line for each of which units are pending, in their order, placed when it was ordered; none if the line or
        the order is cancelled. While the order's status begins with ``ORDER_HOLD``, that is why it is not to be served.

    Raises:
        InvalidArgument: If ``reply`` is no such reply.

    Examples:
        Two wait; of the other line nothing is said, so nothing is assumed:

        >>> from preorder_kit.adapters.fabric import order_reply_lines, read_order_reply
        >>> reply = read_order_reply('''{"orderNumber": "O1", "orderedAt": "2026-11-23T09:00:00.000Z", "items": [
        ...     {"lineItemId": "1", "sku": "CD", "orderedQuantity": 3, "pendingShippedBackOrderQuantity": 2},
        ...     {"lineItemId": "2", "sku": "LP", "orderedQuantity": 1}]}''')
        >>> [(line.line_id, line.quantity) for line in order_reply_lines(reply)]
        [('1', 2)]
    """
    order = instance(reply, "reply", of=OrderReply).order
    return tuple(
        WaitingLine(
            order_id=order.id,
            line_id=item.line_id,
            sku=item.sku,
            quantity=item.pending,
            placed_at=order.placed_at,
            hold=hold_of(reply.status),
        )
        for item in reply.items
        if item.pending and not is_cancelled(reply.status) and not is_cancelled(item.status)
    )


def _is_reply(root: Any) -> bool:
    return has(root, "orderedAt") and has(first(held(root, "items")), "lineItemId", "orderedQuantity")


_FORMATS = (
    WireFormat(
        name="fabric-order",
        holds="an order and what became of its lines",
        recognises=_is_reply,
        read=read_order_reply,
        order_of=attrgetter("order"),
        queue_of=order_reply_lines,
    ),
)
