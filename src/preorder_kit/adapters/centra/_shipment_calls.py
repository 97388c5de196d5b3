"""Calls that make shipments and capture money, read: the inverse of what `_shipping` writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ..._checks import checked, instance, optional, rule, text
from ..._documents import Fields, truth
from ..._wire import WireFormat
from ._integration import centra_id, complete
from ._order_calls import asked, asks_for, delivery_group, needed_object, read_order_name, read_units, unit_amounts

__all__ = [
    "OrderCaptureCall",
    "ShipmentCall",
    "ShipmentCaptureCall",
    "read_capture_order",
    "read_capture_shipment",
    "read_shipment",
]

_SHIPMENT = "createShipment"
_CAPTURE_ORDER = "captureOrder"
_CAPTURE_SHIPMENT = "captureShipment"


def _flag() -> Any:
    return attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ShipmentCall:
    """A call that makes a shipment; each flag is ``None`` if the call does not say it.

    Attributes:
        order_id: The order's number, or its id.
        units: Line id -> units; ``None``: those of the delivery group.
        delivery_group: The delivery group that is shipped; empty: none. Centra heeds no lines beside it.
        is_good_to_go: Whether it is packed.
        is_paid: Whether it is paid already. Centra does not heed it where the money is captured.
        capture: Whether its money is captured with it.
        allocate_demand: Whether units that are not allocated yet are to be.
        send_email: Whether Centra tells the customer.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))
    units: Mapping[str, int] | None = attrs.field(default=None, metadata=rule(optional, check=unit_amounts))
    delivery_group: str = attrs.field(default="", metadata=rule(text, empty=True))
    is_good_to_go: bool | None = _flag()
    is_paid: bool | None = _flag()
    capture: bool | None = _flag()
    allocate_demand: bool | None = _flag()
    send_email: bool | None = _flag()


@attrs.frozen(kw_only=True, field_transformer=checked)
class OrderCaptureCall:
    """A call that captures all of an order's money.

    Attributes:
        order_id: The order's number, or its id.

    Raises:
        InvalidArgument: If the field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ShipmentCaptureCall:
    """A call that captures the money of a shipment.

    Attributes:
        shipment: The shipment's id.

    Raises:
        InvalidArgument: If the field breaks its rule.
    """

    shipment: int = attrs.field(metadata=rule(centra_id))


def read_shipment(document: str | bytes, /) -> ShipmentCall:
    """Read a call that makes a shipment: the inverse of `write_shipment`.

    Args:
        document: The body of a ``createShipment`` call with variables, as text or UTF-8 bytes.

    Returns:
        What is shipped, units of one line added up. When it is made and sent is not read.

    Raises:
        InvalidDocument: If it is no such call; with all of its problems.

    Source:
        Centra's Integration API, ShipmentCreateInput and ShipmentLineInput.

    Examples:
        What was written is read back:

        >>> from preorder_kit import Part, PartLine
        >>> from preorder_kit.adapters.centra import read_shipment, write_shipment
        >>> lines = [PartLine(line_id="17635", sku="A", quantity=2)]
        >>> call = read_shipment(write_shipment(Part(id="14/now/1", order_id="14", kind="ship_now", lines=lines)))
        >>> print(call.order_id, call.units, call.is_paid)
        14 {'17635': 2} False
    """
    _, variables = asked(document, "must be the body of a createShipment call", _SHIPMENT)
    given = needed_object(variables, "input")
    return complete(variables, None if given is None else _shipment(given))


def _shipment(given: Fields) -> ShipmentCall | None:
    group = delivery_group(given)
    if not group and not given.holds("lines"):
        given.complain("lines", "field.missing", "is missing, and so is a deliveryGroup")
    return given.build(
        ShipmentCall,
        order_id=read_order_name(given),
        units=None if group else read_units(given, "lines"),
        delivery_group=group,
        is_good_to_go=given.read("isGoodToGo", truth, default=None),
        is_paid=given.read("isPaid", truth, default=None),
        capture=given.read("capture", truth, default=None),
        allocate_demand=given.read("allocateDemand", truth, default=None),
        send_email=given.read("sendEmail", truth, default=None),
    )


def read_capture_order(document: str | bytes, /) -> OrderCaptureCall:
    """Read a call that captures all of an order's money: the inverse of `write_capture_order`.

    Args:
        document: The body of a ``captureOrder`` call with variables, as text or UTF-8 bytes.

    Returns:
        Whose money is captured.

    Raises:
        InvalidDocument: If it is no such call; with all of its problems.

    Source:
        Centra's guide to ERP integrations, capturing an entire order amount.

    Examples:
        By the order's number:

        >>> from preorder_kit.adapters.centra import read_capture_order
        >>> query = "mutation ($order: OrderInput!) { captureOrder(order: $order) { userErrors { message } } }"
        >>> read_capture_order('{"query": "%s", "variables": {"order": {"number": 14}}}' % query)
        OrderCaptureCall(order_id='14')
    """
    _, variables = asked(document, "must be the body of a captureOrder call", _CAPTURE_ORDER)
    name = read_order_name(variables)
    return complete(variables, variables.build(OrderCaptureCall, order_id=name))


def read_capture_shipment(document: str | bytes, /) -> ShipmentCaptureCall:
    """Read a call that captures the money of a shipment: the inverse of `write_capture_shipment`.

    Args:
        document: The body of a ``captureShipment`` call with variables, as text or UTF-8 bytes.

    Returns:
        Which shipment it is.

    Raises:
        InvalidDocument: If it is no such call; with all of its problems.

    Source:
        Centra's guide to ERP integrations, shipment creation and capture.

    Examples:
        By the shipment's id, not by its number:

        >>> from preorder_kit.adapters.centra import read_capture_shipment
        >>> query = "mutation ($id: Int!) { captureShipment(id: $id) { userErrors { message } } }"
        >>> read_capture_shipment('{"query": "%s", "variables": {"id": 345}}' % query)
        ShipmentCaptureCall(shipment=345)
    """
    _, variables = asked(document, "must be the body of a captureShipment call", _CAPTURE_SHIPMENT)
    shipment = variables.read("id", centra_id)
    return complete(variables, variables.build(ShipmentCaptureCall, shipment=shipment))


def is_shipment(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that makes a shipment."""
    return asks_for(root, _SHIPMENT)


def is_capture_order(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that captures an order's money."""
    return asks_for(root, _CAPTURE_ORDER)


def is_capture_shipment(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that captures a shipment's money."""
    return asks_for(root, _CAPTURE_SHIPMENT)


FORMATS = (
    WireFormat(
        name="centra-create-shipment", holds="a shipment to be made", recognises=is_shipment, read=read_shipment
    ),
    WireFormat(
        name="centra-capture-order",
        holds="an order whose money is captured",
        recognises=is_capture_order,
        read=read_capture_order,
    ),
    WireFormat(
        name="centra-capture-shipment",
        holds="a shipment whose money is captured",
        recognises=is_capture_shipment,
        read=read_capture_shipment,
    ),
)
