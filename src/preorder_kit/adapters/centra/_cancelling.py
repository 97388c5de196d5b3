"""Units of orders that are cancelled, allocated and unallocated through the Integration API."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

import attrs

from ..._checks import checked, instance, member, refused, rule, sequence, text
from ...splitting import Cancelled, CancelReason, Part, StockAction
from ._integration import call, centra_id, id_or_none, reference
from ._order_calls import order_reference, units_by_line, units_of

__all__ = [
    "CancelForm",
    "CancelRules",
    "StoreType",
    "write_allocate_order",
    "write_cancel_lines",
    "write_unallocate_order",
]

ALLOCATE: Final = """\
mutation ($input: OrderAllocateInput!) {
  allocateOrder(input: $input) {
    order { number }
    userErrors { message path }
    userWarnings { message path }
  }
}"""
UNALLOCATE: Final = """\
mutation ($input: OrderUnallocateInput!) {
  unallocateOrder(input: $input) {
    order { number }
    userErrors { message path }
    userWarnings { message path }
  }
}"""
_UPDATE = """\
mutation ($order: OrderInput!, $input: %sOrderUpdateInput!) {
  update%sOrder(order: $order, input: $input) {
    order { number lines { id quantity } }
    userErrors { message path }
    userWarnings { message path }
  }
}"""
UPDATE_DTC: Final = _UPDATE % ("DirectToConsumer", "DirectToConsumer")
UPDATE_WHOLESALE: Final = _UPDATE % ("Wholesale", "Wholesale")


class StoreType(StrEnum):
    """Whether an order is a shopper's or a wholesale buyer's: each has its own mutation."""

    DIRECT_TO_CONSUMER = "direct_to_consumer"
    WHOLESALE = "wholesale"


class CancelForm(StrEnum):
    """In which form lines are cancelled: with a ``stockActionPolicy``, or with the older ``stockAction``."""

    CURRENT = "current"
    OLDER = "older"


@attrs.frozen(kw_only=True, field_transformer=checked)
class CancelRules:
    """How units are cancelled.

    Attributes:
        action: What becomes of units that were allocated: they are free again, or gone.
        to_warehouse: The id of another warehouse in which they are to be free; ``None``: where they were.
        form: Which form of the call.
        store: What kind of order it is.
        comment: Why, in words; empty: nothing is said.

    Raises:
        InvalidArgument: If a field breaks its rule, or units are to be gone or told in the older form, and yet to be in
            another warehouse.
    """

    action: StockAction = attrs.field(default=StockAction.RELEASE, metadata=rule(member, of=StockAction))
    to_warehouse: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    form: CancelForm = attrs.field(default=CancelForm.CURRENT, metadata=rule(member, of=CancelForm))
    store: StoreType = attrs.field(default=StoreType.DIRECT_TO_CONSUMER, metadata=rule(member, of=StoreType))
    comment: str = attrs.field(default="", metadata=rule(text, empty=True))

    def __attrs_post_init__(self) -> None:
        plain = self.action is StockAction.RELEASE and self.form is CancelForm.CURRENT
        if self.to_warehouse is not None and not plain:
            requirement = "must be None unless units are released in the current form"
            raise refused("to_warehouse", requirement, self.to_warehouse, code="centra.one_of")


_CANCELLING = CancelRules()


def write_cancel_lines(cancelled: Sequence[Cancelled], /, *, order_id: str, rules: CancelRules = _CANCELLING) -> str:
    """Write the call that cancels units of an order.

    Units of one line are added up. Fees for a delivery that does not happen are left out: they are no lines of
    Centra's. The reasons are not in the call: say them in the rules' ``comment``.

    Args:
        cancelled: What is cancelled, as `split_order` and `cancel_units` say it. Centra refuses more than is
            not shipped.
        order_id: The order's number or id.
        rules: How it is cancelled.

    Returns:
        The body of an ``updateDirectToConsumerOrder`` or ``updateWholesaleOrder`` call.

    Raises:
        InvalidArgument: If nothing is cancelled, or an id is none of Centra's.

    Source:
        Centra's Integration API, OrderLineCancelInput and StockPolicyActionInput, of which exactly one member is given;
        the guide to ERP integrations for the older form.

    Examples:
        Both forms:

        >>> import json
        >>> from preorder_kit import Cancelled
        >>> from preorder_kit.adapters.centra import CancelRules, write_cancel_lines
        >>> cut = [Cancelled(line_id="68", sku="A", quantity=1, reason="out_of_stock")]
        >>> for form in ("current", "older"):
        ...     call = write_cancel_lines(cut, order_id="14", rules=CancelRules(form=form, action="remove"))
        ...     print(json.loads(call)["variables"]["input"]["cancelLines"][0])
        {'line': {'id': 68}, 'quantity': 1, 'stockActionPolicy': {'removeItemsFromStock': True}}
        {'line': {'id': 68}, 'quantity': 1, 'stockAction': 'REMOVE_FROM_STOCK'}
    """
    instance(rules, "rules", of=CancelRules)
    cuts = sequence(cancelled, "cancelled", check=instance, of=Cancelled)
    lines = units_by_line(
        (cut.line_id, cut.quantity, f"cancelled[{index}]")
        for index, cut in enumerate(cuts)
        if cut.reason is not CancelReason.NOTHING_SHIPS
    )
    if not lines:
        raise refused("cancelled", "must name units of at least one line", cancelled, code="centra.empty")
    given: dict[str, Any] = {
        "cancelLines": [{"line": reference(line), "quantity": units, **_stock(rules)} for line, units in lines.items()]
    }
    if rules.comment:
        given["cancellationComment"] = rules.comment
    query = UPDATE_WHOLESALE if rules.store is StoreType.WHOLESALE else UPDATE_DTC
    return call(query, {"order": order_reference(order_id, "order_id"), "input": given})


def _stock(rules: CancelRules) -> dict[str, Any]:
    """Return what becomes of the units."""
    if rules.form is CancelForm.CURRENT:
        return {"stockActionPolicy": _policy(rules.action, rules.to_warehouse)}
    is_released = rules.action is StockAction.RELEASE
    return {"stockAction": "RELEASE_BACK_TO_WAREHOUSE" if is_released else "REMOVE_FROM_STOCK"}


def _policy(action: StockAction, to_warehouse: int | None) -> dict[str, Any]:
    """Return the one member of a StockPolicyActionInput that is given."""
    if to_warehouse is not None:
        return {"sendItemsToDifferentWarehouse": reference(to_warehouse)}
    return {"releaseItemsBackToWarehouse" if action is StockAction.RELEASE else "removeItemsFromStock": True}


def write_allocate_order(part: Part, /, *, warehouses: Sequence[int] = (), comment: str = "") -> str:
    """Write the call that allocates stock to the units of a part.

    Args:
        part: The part: which units of which lines.
        warehouses: The ids of the warehouses to take from, in this order. None: the part's ``location``, which is then
            such an id; if it has none either, Centra's allocation rule decides.
        comment: A comment; empty: none.

    Returns:
        The body of an ``allocateOrder`` call.

    Raises:
        InvalidArgument: If an id is none of Centra's, or the part holds fees alone.

    Source:
        Centra's Integration API, OrderAllocateInput and OrderLineAllocateInput.

    Examples:
        From the part's location:

        >>> import json
        >>> from preorder_kit import Part, PartLine
        >>> from preorder_kit.adapters.centra import write_allocate_order
        >>> lines = [PartLine(line_id="68", sku="A", quantity=2)]
        >>> part = Part(id="14/now/1", order_id="14", kind="ship_now", lines=lines, location="3")
        >>> json.loads(write_allocate_order(part))["variables"]["input"]["warehouses"]
        [{'id': 3}]
    """
    return call(ALLOCATE, {"input": _allocation(part, "allocate", warehouses, comment)})


def write_unallocate_order(
    part: Part, /, *, action: StockAction = StockAction.RELEASE, warehouses: Sequence[int] = (), comment: str = ""
) -> str:
    """Write the call that takes stock back from the units of a part.

    Args:
        part: The part: which units of which lines.
        action: What becomes of the stock: it is free again, or gone.
        warehouses: The ids of the warehouses whose stock it is. None: the part's ``location``, if it has one, else all.
        comment: A comment; empty: none.

    Returns:
        The body of an ``unallocateOrder`` call.

    Raises:
        InvalidArgument: If an id is none of Centra's, or the part holds fees alone.

    Source:
        Centra's Integration API, OrderUnallocateInput and StockPolicyActionInput.

    Examples:
        The units are free again:

        >>> import json
        >>> from preorder_kit import Part, PartLine
        >>> from preorder_kit.adapters.centra import write_unallocate_order
        >>> lines = [PartLine(line_id="68", sku="A", quantity=2)]
        >>> part = Part(id="14/now/1", order_id="14", kind="ship_now", lines=lines)
        >>> json.loads(write_unallocate_order(part))["variables"]["input"]["stockActionPolicy"]
        {'releaseItemsBackToWarehouse': True}
    """
    given = _allocation(part, "unallocate", warehouses, comment)
    given["stockActionPolicy"] = _policy(member(action, "action", of=StockAction), None)
    return call(UNALLOCATE, {"input": given})


def _allocation(part: Part, key: str, warehouses: Sequence[int], comment: str) -> dict[str, Any]:
    instance(part, "part", of=Part)
    rows = [{"orderLine": reference(line), "quantity": units} for line, units in units_of(part, "part").items()]
    given: dict[str, Any] = {"order": order_reference(part.order_id, "part.order_id")}
    houses = [reference(house) for house in sequence(warehouses, "warehouses", check=centra_id)]
    if not houses and part.location:
        houses = [reference(centra_id(part.location, "part.location"))]
    if houses:
        given["warehouses"] = houses
    given[key] = rows
    if text(comment, "comment", empty=True):
        given["comment"] = comment
    return given
