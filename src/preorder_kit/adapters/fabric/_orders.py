"""The lines of an order of the third API: asked for as backorders and pre-orders, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from ..._checks import checked, instance, mapping, optional, refused, rule, sequence, text, units
from ..._documents import Fields, count, encode, identifier, truth, word
from ..._wire import WireFormat, first, has, held
from ...bundles import LineKind, WhenShort
from ...errors import InvalidDocument
from ...orders import Order, OrderLine, WaitingLine, line_street_date, may_wait
from ...promise import Promise, PromiseKind
from ...splitting import PartKind, SplitPlan
from ._spelling import built, opened_one, utc_instant

__all__ = ["OrderItem", "OrderReply", "order_reply_lines", "read_order_reply", "write_order_items"]

_MOST_ITEM = 2**31 - 1
_Units = dict[str, dict[str, int]]  # line -> what becomes of its units -> how many
_NOW, _BACKORDER, _PREORDER = "now", "isBackorder", "isPreorder"
_OF_PROMISE = {
    PromiseKind.IN_STOCK: _NOW,
    PromiseKind.PREORDER: _PREORDER,
    PromiseKind.BACKORDER: _BACKORDER,
    PromiseKind.ESTIMATE: _BACKORDER,
}
_OF_PART = {
    PartKind.SHIP_NOW: _NOW,
    PartKind.DIGITAL: _NOW,
    PartKind.AWAIT_STREET_DATE: _PREORDER,
    PartKind.AWAIT_STOCK: _BACKORDER,
}


def write_order_items(
    order: Order,
    promised: SplitPlan | Iterable[Promise],
    /,
    *,
    item_ids: Mapping[str, int],
    ship_to: str,
) -> str:
    """Write the items of an order to create, each with its flags for backorders and pre-orders.

    - A line of which units wait for their street date is a pre-order; otherwise, one of which units wait for stock is a
      backorder. How many of them wait, the request cannot say: fabric decides that from its own stock.
    - Units that are cancelled in a plan, or that have no promise and may not wait, are not asked for.
    - Fees are no items there: what an order ships for is in its ``fees``, which are not written here.
    - A bundle is one item, by its own SKU.

    Args:
        order: The order.
        promised: What becomes of its units: a plan of this order, or its promises.
        item_ids: SKU -> item id >= 1, for every SKU that is written.
        ship_to: The ``shipToId`` of lines that name no address of their own.

    Returns:
        A JSON object with ``items``, to be joined with what else an order has: its payments, addresses and totals.

    Raises:
        InvalidArgument: If ``promised`` is another order's or does not cover a line of goods, no unit is left to ask
            for, or a SKU has no item id.

    Source:
        fabric OMS v3, create new order.

    Examples:
        One there, two to come:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine, Supply, split_order
        >>> from preorder_kit.adapters.fabric import write_order_items
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> line = OrderLine(id="1", sku="CD", quantity=3, when_short="wait")
        >>> order = Order(id="O1", placed_at=now, lines=[line])
        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 1}), at=now)
        >>> print(write_order_items(order, plan, item_ids={"CD": 7}, ship_to="1"))
        {
          "items": [
            {
              "itemId": 7,
              "lineItemId": "1",
              "lineItemNumber": 1,
              "shipToId": "1",
              "sku": "CD",
              "orderedQuantity": 3,
              "isBackorder": true,
              "isPreorder": false
            }
          ]
        }
    """
    instance(order, "order", of=Order)
    ids = mapping(item_ids, "item_ids", key=text, check=partial(units, least=1))
    text(ship_to, "ship_to")
    found = _of_plan(order, promised) if isinstance(promised, SplitPlan) else _of_promises(order, promised)
    items = [
        _item(line, number, found[line.id], ids, ship_to)
        for number, line in enumerate(order.lines, 1)
        if line.kind is not LineKind.FEE and found[line.id]
    ]
    if not items:
        raise refused("promised", "must leave units to order", order.id, code="fabric.empty")
    return encode({"items": items})


def _of_plan(order: Order, plan: SplitPlan) -> _Units:
    if plan.order_id != order.id:
        raise refused("promised.order_id", f"must be {order.id!r}", plan.order_id, code="order.other")
    found: _Units = {line.id: {} for line in order.lines}
    for part in plan.parts:
        for line in part.lines:
            _add(found, line.line_id, _OF_PART[part.kind], line.quantity)
    dropped = dict.fromkeys(found, 0)
    for cut in plan.cancelled:
        dropped[cut.line_id] = dropped.get(cut.line_id, 0) + cut.quantity
    _refuse_uncovered(order.lines, found, dropped)
    return found


def _of_promises(order: Order, promises: Iterable[Promise]) -> _Units:
    lines = {line.id: line for line in order.lines}
    found: _Units = {line.id: {} if line.kind is LineKind.GOODS else {_NOW: line.quantity} for line in order.lines}
    dropped = dict.fromkeys(lines, 0)
    for index, promise in enumerate(sequence(promises, "promised", check=instance, of=Promise)):
        if promise.order_id != order.id or promise.line_id not in lines:
            raise refused(f"promised[{index}]", f"must be of a line of order {order.id!r}", promise, code="order.other")
        line = lines[promise.line_id]
        if promise.kind is PromiseKind.NONE and not may_wait(line):
            dropped[line.id] += promise.quantity
        else:
            undated = _PREORDER if line_street_date(line) else _BACKORDER
            _add(found, line.id, _OF_PROMISE.get(promise.kind, undated), promise.quantity)
    _refuse_uncovered(order.lines, found, dropped)
    return found


def _add(found: _Units, line_id: str, what: str, quantity: int) -> None:
    of_line = found.setdefault(line_id, {})
    of_line[what] = of_line.get(what, 0) + quantity


def _refuse_uncovered(lines: Sequence[OrderLine], found: _Units, dropped: Mapping[str, int]) -> None:
    """Refuse what does not say of every unit of the order what becomes of it."""
    for line in lines:
        covered = sum(found[line.id].values()) + dropped[line.id]
        if covered != line.quantity and line.kind is not LineKind.FEE:
            requirement = f"must cover the {line.quantity} units of line {line.id!r}"
            raise refused("promised", requirement, covered, code="order.uncovered")


def _item(
    line: OrderLine, number: int, found: Mapping[str, int], ids: Mapping[str, int], ship_to: str
) -> dict[str, Any]:
    if line.sku not in ids:
        raise refused("item_ids", f"must name the item id of {line.sku!r}", sorted(ids), code="field.missing")
    if ids[line.sku] > _MOST_ITEM:
        raise refused(f"item_ids[{line.sku!r}]", f"must be <= {_MOST_ITEM}", ids[line.sku], code="fabric.number")
    is_preorder = found.get(_PREORDER, 0) > 0
    return {
        "itemId": ids[line.sku],
        "lineItemId": line.id,
        "lineItemNumber": number,
        "shipToId": line.ship_to or ship_to,
        "sku": line.sku,
        "orderedQuantity": sum(found.values()),
        _BACKORDER: found.get(_BACKORDER, 0) > 0 and not is_preorder,
        _PREORDER: is_preorder,
    }


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
        order: The order, its lines with the units that were ordered; those of backorders and pre-orders may wait. It is
            named by its number, else by its id.
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
    waits = item.is_backorder or item.is_preorder
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
        One line for each of which units are pending, in their order, placed when it was ordered.

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
            order_id=order.id, line_id=item.line_id, sku=item.sku, quantity=item.pending, placed_at=order.placed_at
        )
        for item in reply.items
        if item.pending
    )


def _is_reply(root: Any) -> bool:
    return has(root, "orderedAt") and has(first(held(root, "items")), "lineItemId", "orderedQuantity")


_FORMATS = (
    WireFormat(
        name="fabric-order",
        holds="an order and what became of its lines",
        recognises=_is_reply,
        read=read_order_reply,
    ),
)
