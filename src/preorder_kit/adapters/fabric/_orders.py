"""The lines of an order of the third API, asked for as backorders and pre-orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ..._checks import instance, mapping, refused, sequence, text, units
from ..._documents import encode
from ...bundles import LineKind
from ...orders import Order, OrderLine, line_street_date, may_wait
from ...promise import Promise, PromiseKind
from ...splitting import PartKind, SplitPlan
from ._spelling import MOST_INT32

__all__ = ["write_order_items"]

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
            for, a SKU has no item id, or a number has more than 32 bits.

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
    quantity = sum(found.values())
    for path, value in ((f"item_ids[{line.sku!r}]", ids[line.sku]), (f"order.lines[{number - 1}].quantity", quantity)):
        if value > MOST_INT32:
            raise refused(path, f"must be <= {MOST_INT32}", value, code="fabric.number")
    is_preorder = found.get(_PREORDER, 0) > 0
    return {
        "itemId": ids[line.sku],
        "lineItemId": line.id,
        "lineItemNumber": number,
        "shipToId": line.ship_to or ship_to,
        "sku": line.sku,
        "orderedQuantity": quantity,
        _BACKORDER: found.get(_BACKORDER, 0) > 0 and not is_preorder,
        _PREORDER: is_preorder,
    }
