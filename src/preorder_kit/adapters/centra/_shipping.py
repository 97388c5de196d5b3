"""Orders that are shipped and captured through the Integration API."""

from __future__ import annotations

from typing import Final

import attrs

from ..._checks import checked, instance, optional, refused, rule
from ...bundles import LineKind
from ...charging import Charge, ChargePlan
from ...splitting import Part, PartKind, SplitPlan
from ._integration import call, centra_id, reference
from ._order_calls import order_reference, units_of

__all__ = [
    "ShipmentRules",
    "write_capture_order",
    "write_capture_shipment",
    "write_shipment",
    "write_shipments",
]

CREATE_SHIPMENT: Final = """\
mutation ($input: ShipmentCreateInput!) {
  createShipment(input: $input) {
    shipment { id number isCaptured }
    userErrors { message path }
    userWarnings { message path }
  }
}"""
CAPTURE_ORDER: Final = """\
mutation ($order: OrderInput!) {
  captureOrder(order: $order) {
    order { number }
    userErrors { message path }
    userWarnings { message path }
  }
}"""
CAPTURE_SHIPMENT: Final = """\
mutation ($id: Int!) {
  captureShipment(id: $id) {
    shipment { id number isCaptured }
    userErrors { message path }
    userWarnings { message path }
  }
}"""


@attrs.frozen(kw_only=True, field_transformer=checked)
class ShipmentRules:
    """How a shipment is made.

    Attributes:
        is_good_to_go: Whether it is packed.
        allocate_demand: Whether units that are not allocated yet are to be.
        send_email: Whether Centra tells the customer.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    is_good_to_go: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    allocate_demand: bool = attrs.field(default=True, metadata=rule(instance, of=bool))
    send_email: bool = attrs.field(default=False, metadata=rule(instance, of=bool))


_SHIPPING = ShipmentRules()


def write_shipment(part: Part, /, *, charge: Charge | None = None, rules: ShipmentRules = _SHIPPING) -> str:
    """Write the call that makes a shipment of a part that leaves now.

    The ids of the order and of its lines must be Centra's own, as `read_orders` gives them. A fee is no line there: it
    is left out, and Centra captures shipping costs with the shipment that it puts them on.

    Args:
        part: A part that ships now, or is delivered digitally.
        charge: What is captured with it. Centra reckons the money itself: the amount is not in the call. Without a
            charge nothing is captured, and the shipment is not paid.
        rules: How it is made.

    Returns:
        The body of a ``createShipment`` call.

    Raises:
        InvalidArgument: If the part waits for something, an id is none of Centra's, or the charge is another part's.

    Source:
        Centra's Integration API, ShipmentCreateInput and ShipmentLineInput.

    Examples:
        Two units of a line:

        >>> import json
        >>> from preorder_kit import Part, PartLine
        >>> from preorder_kit.adapters.centra import write_shipment
        >>> lines = [PartLine(line_id="17635", sku="A", quantity=2)]
        >>> part = Part(id="39790/now/1", order_id="39790", kind="ship_now", lines=lines)
        >>> json.loads(write_shipment(part))["variables"]["input"]["lines"]
        [{'orderLine': {'id': 17635}, 'quantity': 2}]

        What waits is not shipped:

        >>> write_shipment(Part(id="39790/stock", order_id="39790", kind="await_stock", lines=lines))
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: part.kind: must be ship_now or digital: what waits is not shipped \
(got 'await_stock')
    """
    instance(part, "part", of=Part)
    instance(rules, "rules", of=ShipmentRules)
    optional(charge, "charge", check=instance, of=Charge)
    if part.kind not in {PartKind.SHIP_NOW, PartKind.DIGITAL}:
        requirement = "must be ship_now or digital: what waits is not shipped"
        raise refused("part.kind", requirement, part.kind.value, code="centra.waits")
    if charge is not None and charge.part_id != part.id:
        raise refused("charge.part_id", f"must be the part's, {part.id}", charge.part_id, code="part.foreign")
    payment = {"isPaid": False} if charge is None else {"capture": True}
    return _shipment(part, payment, rules)


def _shipment(part: Part, payment: dict[str, bool], rules: ShipmentRules, path: str = "part") -> str:
    lines = [{"orderLine": reference(line), "quantity": units} for line, units in units_of(part, path).items()]
    given = {
        "order": order_reference(part.order_id, f"{path}.order_id"),
        "lines": lines,
        "isGoodToGo": rules.is_good_to_go,
        **payment,
        "allocateDemand": rules.allocate_demand,
        "sendEmail": rules.send_email,
    }
    return call(CREATE_SHIPMENT, {"input": given})


def write_shipments(
    plan: SplitPlan, /, *, charges: ChargePlan | None = None, rules: ShipmentRules = _SHIPPING
) -> tuple[str, ...]:
    """Write the calls that make shipments of all parts of a plan that leave now.

    Args:
        plan: What becomes of an order. Parts that wait are left for later.
        charges: What is captured with each part. A part with a charge is captured with its shipment; one without is
            paid already. ``None``: nothing is captured, and no shipment is paid.
        rules: How they are made.

    Returns:
        One body of a ``createShipment`` call for each part, in their order.

    Raises:
        InvalidArgument: If an id is none of Centra's, or an argument is of another type.

    Source:
        Centra's Integration API, ShipmentCreateInput: with ``capture``, ``isPaid`` is ignored, so one of them is said.

    Examples:
        Three of eight leave now:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine, Supply, split_order
        >>> from preorder_kit.adapters.centra import write_shipments
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> order = Order(id="14", placed_at=now, lines=[OrderLine(id="68", sku="A", quantity=8, when_short="wait")])
        >>> len(write_shipments(split_order(order, supply=Supply(on_hand={"A": 3}), at=now)))
        1
    """
    instance(plan, "plan", of=SplitPlan)
    instance(rules, "rules", of=ShipmentRules)
    optional(charges, "charges", check=instance, of=ChargePlan)
    captured = set() if charges is None else {charge.part_id for charge in charges.charges}
    leaving = [
        (part, f"plan.parts[{index}]")
        for index, part in enumerate(plan.parts)
        if part.kind in {PartKind.SHIP_NOW, PartKind.DIGITAL}
        and any(line.kind is not LineKind.FEE for line in part.lines)
    ]
    return tuple(
        _shipment(part, _payment(part, captured, is_known=charges is not None), rules, path) for part, path in leaving
    )


def _payment(part: Part, captured: set[str], *, is_known: bool) -> dict[str, bool]:
    return {"capture": True} if part.id in captured else {"isPaid": is_known}


def write_capture_order(charges: ChargePlan, /, *, order_id: str) -> str:
    """Write the call that captures all of an order's money at once, before its shipments.

    Args:
        charges: What is to be captured: one charge for all of it. Centra reckons the money itself.
        order_id: The order's number or id.

    Returns:
        The body of a ``captureOrder`` call.

    Raises:
        InvalidArgument: If there is not exactly one charge (a part of an order, or a deposit, cannot be captured so),
            or the id is none of Centra's.

    Source:
        Centra's guide to ERP integrations: ``captureOrder`` captures the entire order amount.

    Examples:
        All of a pre-order, while the authorisation holds:

        >>> import json
        >>> from preorder_kit import Amount, Charge, ChargePlan
        >>> from preorder_kit.adapters.centra import write_capture_order
        >>> charge = Charge(part_id="14/street/20270205T000000Z", amount=Amount(2000), due=None)
        >>> call = write_capture_order(ChargePlan(charges=[charge], cancelled=[], refunds=[]), order_id="14")
        >>> json.loads(call)["variables"]
        {'order': {'number': 14}}
    """
    found = instance(charges, "charges", of=ChargePlan).charges
    if len(found) != 1:
        requirement = "must be one for the whole order: captureOrder captures all of it at once"
        raise refused("charges.charges", requirement, len(found), code="centra.capture")
    return call(CAPTURE_ORDER, {"order": order_reference(order_id, "order_id")})


def write_capture_shipment(charge: Charge, /, *, shipment: int) -> str:
    """Write the call that captures the money of a shipment that was made before.

    Args:
        charge: What is captured, for a part. Centra reckons the money itself.
        shipment: The id of the part's shipment.

    Returns:
        The body of a ``captureShipment`` call.

    Raises:
        InvalidArgument: If the charge is for no part, or the id is none of Centra's.

    Source:
        Centra's guide to ERP integrations, shipment creation and capture.

    Examples:
        A shipment that was made unpaid:

        >>> import json
        >>> from preorder_kit import Amount, Charge
        >>> from preorder_kit.adapters.centra import write_capture_shipment
        >>> charge = Charge(part_id="14/now/1", amount=Amount(2000), due=None)
        >>> json.loads(write_capture_shipment(charge, shipment=345))["variables"]
        {'id': 345}
    """
    if not instance(charge, "charge", of=Charge).part_id:
        requirement = "must name a part: a charge for no part has no shipment"
        raise refused("charge.part_id", requirement, charge.part_id, code="centra.capture")
    return call(CAPTURE_SHIPMENT, {"id": centra_id(shipment, "shipment")})
