"""What leaves: shipments that are requested, and shipments that are done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar

import attrs

from ..._checks import checked, instance, instant, optional, refused, rule, sequence, text, units
from ..._documents import Fields, count, identifier, word
from ..._wire import WireFormat
from ...errors import InvalidDocument
from ._messages import MessageKind, is_message, message, opened, utc_instant
from ._statuses import OmsItemStatus, read_item_status

__all__ = [
    "OmsPackage",
    "OmsShipment",
    "OmsShipmentItem",
    "OmsShipmentRequest",
    "read_shipment_done",
    "read_shipment_request",
    "write_shipment_done",
]

T = TypeVar("T")

_DONE = MessageKind(
    methods=("magento.logistics.fulfillment_management.customer_shipment_done",),
    key="shipment",
    about="a shipment",
    expected='must be a shipment that is done: {"params": {"shipment": {...}}} or {"shipment": {...}}',
)
_REQUEST = MessageKind(
    methods=("magento.logistics.warehouse_management.request_shipment",),
    key="shipment_request",
    about="a shipment",
    expected='must be a shipment request: {"params": {"shipment_request": {...}}} or the request itself',
    bare="items",
)


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsShipmentItem:
    """A line of an order in a shipment, or in the request for one.

    Attributes:
        line_id: The order's line.
        line_number: Its number.
        sku: Its SKU; empty if it was not sent.
        item_type: What it is, in the system's words, as in PHYSICAL; empty if it was not sent.
        name: What it is called; empty if it was not sent.
        status: How far it is.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    line_number: int = attrs.field(metadata=rule(units))
    sku: str = attrs.field(default="", metadata=rule(text, empty=True))
    item_type: str = attrs.field(default="", metadata=rule(text, empty=True))
    name: str = attrs.field(default="", metadata=rule(text, empty=True))
    status: OmsItemStatus = attrs.field(default=OmsItemStatus(), metadata=rule(instance, of=OmsItemStatus))


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsPackage:
    """A parcel.

    Attributes:
        id: The parcel; empty if it was not sent.
        line_numbers: The numbers of the order's lines that are in it.
        carrier: Who takes it; empty if that was not sent.
        tracking_number: How it is followed; empty if that was not sent.
        tracking_link: Where; empty if that was not sent.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text, empty=True))
    line_numbers: Sequence[int] = attrs.field(metadata=rule(sequence, check=units))
    carrier: str = attrs.field(default="", metadata=rule(text, empty=True))
    tracking_number: str = attrs.field(default="", metadata=rule(text, empty=True))
    tracking_link: str = attrs.field(default="", metadata=rule(text, empty=True))


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsShipment:
    """Lines of an order that have left.

    Attributes:
        order_id: The order.
        store_id: The store that it was placed in.
        source_id: Where they left from.
        method: The shipping method.
        items: The lines.
        packages: The parcels that they are in; each names lines of ``items``.
        request_id: The shipment request that is answered; empty if none is named.
        shipment_id: The shipment, by an older name; empty if none is given.
        shipped_at: When; ``None`` if that was not sent.

    Raises:
        InvalidArgument: If a field breaks its rule, or a parcel holds a line that is not in the shipment.
    """

    order_id: str = attrs.field(metadata=rule(text))
    store_id: str = attrs.field(metadata=rule(text))
    source_id: str = attrs.field(metadata=rule(text))
    method: str = attrs.field(metadata=rule(text))
    items: Sequence[OmsShipmentItem] = attrs.field(metadata=rule(sequence, check=instance, of=OmsShipmentItem))
    packages: Sequence[OmsPackage] = attrs.field(metadata=rule(sequence, check=instance, of=OmsPackage))
    request_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    shipment_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    shipped_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))

    def __attrs_post_init__(self) -> None:
        known = {item.line_number for item in self.items}
        for index, package in enumerate(self.packages):
            unknown = next((number for number in package.line_numbers if number not in known), None)
            if unknown is not None:
                path, requirement = f"packages[{index}].items", "must hold lines of the shipment alone"
                raise refused(path, requirement, unknown, code="line.unknown")


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsShipmentRequest:
    """Lines of an order that a source is to send.

    Attributes:
        id: The request.
        order_id: The order.
        store: The store that it was placed in.
        items: The lines.
        placed_at: When the order was placed; ``None`` if that was not sent.
        source_id: The source; empty if it was not sent.
        status: How far the request is, in the system's words.
        created_at: When it was made; ``None`` if that was not sent.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    order_id: str = attrs.field(metadata=rule(text))
    store: str = attrs.field(metadata=rule(text))
    items: Sequence[OmsShipmentItem] = attrs.field(metadata=rule(sequence, check=instance, of=OmsShipmentItem))
    placed_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    source_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    status: str = attrs.field(default="", metadata=rule(text, empty=True))
    created_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))


def read_shipment_done(document: str | bytes, /) -> OmsShipment:
    """Read a ``magento.logistics.fulfillment_management.customer_shipment_done`` event.

    Args:
        document: The event, as text or UTF-8 bytes, with or without its envelope.

    Returns:
        What left, and in which parcels.

    Raises:
        InvalidDocument: If it is no such event; with all of its problems and their paths.

    Source:
        Adobe Commerce OMS, fulfillment management specification.

    Examples:
        One parcel:

        >>> from preorder_kit.adapters.adobe_oms import read_shipment_done
        >>> shipment = read_shipment_done('''{"shipment": {"order_id": "O1", "store_id": "web", "source_id": "W1",
        ...     "method": "STANDARD", "items": [{"order_line_id": "11", "order_line_number": 1, "sku": "CD"}],
        ...     "packages": [{"id": "P1", "items": [1], "tracking_number": "T1"}]}}''')
        >>> [item.line_id for item in shipment.items], shipment.packages[0].tracking_number
        (['11'], 'T1')
    """
    shipment = opened(document, _DONE)
    found = shipment.build(
        OmsShipment,
        order_id=shipment.read("order_id", identifier),
        store_id=shipment.read("store_id", identifier),
        source_id=shipment.read("source_id", identifier),
        method=shipment.read("method", identifier),
        items=_items(shipment),
        packages=[_package(fields) for fields in shipment.objects("packages", least=1)],
        request_id=shipment.read("shipment_request_id", identifier, default=""),
        shipment_id=shipment.read("shipment_id", identifier, default=""),
        shipped_at=shipment.read("shipment_date", utc_instant, default=None),
    )
    return _sound(found, shipment)


def read_shipment_request(document: str | bytes, /) -> OmsShipmentRequest:
    """Read a ``magento.logistics.warehouse_management.request_shipment`` command.

    There are two generations of it. The older one calls ``id`` ``request_id``, ``store`` ``sales_channel``,
    ``origin_date`` ``created`` and ``created_at`` ``request_created_at``; both are read, under ``shipment_request`` or
    bare. Addresses, prices and what lines are taken together as are not read.

    Args:
        document: The command, as text or UTF-8 bytes, with or without its envelope.

    Returns:
        What is to be sent from where.

    Raises:
        InvalidDocument: If it is no such command; with all of its problems and their paths.

    Source:
        Adobe Commerce OMS, the specification of a shipment request; the older names are those that it sends to stores.

    Examples:
        One line from one source:

        >>> from preorder_kit.adapters.adobe_oms import read_shipment_request
        >>> request = read_shipment_request('''{"id": "O1-01", "order_id": "O1", "source_id": "W1", "store": "web",
        ...     "origin_date": "2026-11-21T11:31:25+01:00", "status": "NEW",
        ...     "items": [{"order_line_id": "11", "order_line_number": 1, "sku": "CD", "status": "NEW"}]}''')
        >>> request.source_id, [item.sku for item in request.items]
        ('W1', ['CD'])
    """
    request = opened(document, _REQUEST)
    found = request.build(
        OmsShipmentRequest,
        id=request.read(_named(request, "id", "request_id"), identifier),
        order_id=request.read("order_id", identifier),
        store=request.read(_named(request, "store", "sales_channel"), identifier),
        placed_at=request.read(_named(request, "origin_date", "created"), utc_instant, default=None),
        items=_items(request),
        source_id=request.read("source_id", identifier, default=""),
        status=request.read("status", word, default=""),
        created_at=request.read(_named(request, "created_at", "request_created_at"), utc_instant, default=None),
    )
    return _sound(found, request)


def _named(fields: Fields, name: str, older: str) -> str:
    """Return the name that a field goes by, the older one where only that is there."""
    return older if fields.holds(older) and not fields.holds(name) else name


def _sound(found: T | None, fields: Fields) -> T:
    """Return what was built; refuse the document if it has problems."""
    if found is None or fields.problems:
        raise InvalidDocument(fields.problems)
    return found


def _items(fields: Fields) -> list[OmsShipmentItem | None]:
    return [_item(item) for item in fields.objects("items", least=1)]


def _item(fields: Fields) -> OmsShipmentItem | None:
    return fields.build(
        OmsShipmentItem,
        line_id=fields.read("order_line_id", identifier),
        line_number=fields.read("order_line_number", count),
        sku=fields.read("sku", identifier, default=""),
        item_type=fields.read("item_type", identifier, default=""),
        name=fields.read("name", identifier, default=""),
        status=read_item_status(fields),
    )


def _package(fields: Fields) -> OmsPackage | None:
    return fields.build(
        OmsPackage,
        id=fields.read("id", identifier, default=""),
        line_numbers=fields.read("items", partial(sequence, check=count)),
        carrier=fields.read("carrier", identifier, default=""),
        tracking_number=fields.read("tracking_number", identifier, default=""),
        tracking_link=fields.read("tracking_link", identifier, default=""),
    )


def write_shipment_done(shipment: OmsShipment, /, *, message_id: str) -> str:
    """Write a ``magento.logistics.fulfillment_management.customer_shipment_done`` event.

    Args:
        shipment: What left. Of the statuses of its items both words and the instant are written.
        message_id: The id of the message.

    Returns:
        The event in its JSON-RPC envelope.

    Raises:
        InvalidArgument: If there is no item or no parcel, a parcel has no id, or an argument is of another type.

    Source:
        Adobe Commerce OMS, fulfillment management specification.

    Examples:
        What is written is read back:

        >>> from preorder_kit.adapters.adobe_oms import (
        ...     OmsPackage, OmsShipment, OmsShipmentItem, read_shipment_done, write_shipment_done
        ... )
        >>> shipment = OmsShipment(
        ...     order_id="O1", store_id="web", source_id="W1", method="STANDARD",
        ...     items=[OmsShipmentItem(line_id="11", line_number=1, sku="CD")],
        ...     packages=[OmsPackage(id="P1", line_numbers=[1])],
        ... )
        >>> read_shipment_done(write_shipment_done(shipment, message_id="a5f0")) == shipment
        True
    """
    instance(shipment, "shipment", of=OmsShipment)
    for name, members in (("items", shipment.items), ("packages", shipment.packages)):
        if not members:
            raise refused(f"shipment.{name}", "must hold at least one", members, code="field.missing")
    for index, package in enumerate(shipment.packages):
        text(package.id, f"shipment.packages[{index}].id")
    content = {
        "shipment_id": shipment.shipment_id,
        "shipment_request_id": shipment.request_id,
        "store_id": shipment.store_id,
        "order_id": shipment.order_id,
        "source_id": shipment.source_id,
        "method": shipment.method,
        "shipment_date": _written(shipment.shipped_at),
        "items": [_written_item(item) for item in shipment.items],
        "packages": [_written_package(package) for package in shipment.packages],
    }
    return message(_DONE, _filled(content), message_id)


def _written_item(item: OmsShipmentItem) -> dict[str, object]:
    content = {
        "order_line_id": item.line_id,
        "order_line_number": item.line_number,
        "item_type": item.item_type,
        "sku": item.sku,
        "name": item.name,
        "status": item.status.code,
        "status_reason": item.status.reason,
        "status_date": _written(item.status.since),
    }
    return _filled(content)


def _written_package(package: OmsPackage) -> dict[str, object]:
    content = {
        "id": package.id,
        "items": list(package.line_numbers),
        "carrier": package.carrier,
        "tracking_number": package.tracking_number,
        "tracking_link": package.tracking_link,
    }
    return _filled(content)


def _written(at: dt.datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _filled(content: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that say something; the others are optional."""
    return {key: value for key, value in content.items() if value is not None and value != ""}


def _is_request(root: object) -> bool:
    known = ("order_id", "vat_country", "origin_date", "items"), ("order_id", "request_id", "sales_channel", "items")
    return any(is_message(root, _REQUEST, *keys) for keys in known)


FORMATS = (
    WireFormat(
        name="adobe-oms-shipment-done",
        holds="lines of an order that have left",
        recognises=lambda root: is_message(root, _DONE, "order_id", "source_id", "items", "packages"),
        read=read_shipment_done,
    ),
    WireFormat(
        name="adobe-oms-shipment-request",
        holds="lines of an order that a source is to send",
        recognises=_is_request,
        read=read_shipment_request,
    ),
)
