"""What is coming: purchase orders of inbound processes, as receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from ..._checks import FrozenMapping
from ..._documents import Fields, count, identifier, iso_instant, truth
from ..._wire import WireFormat, first, has, held
from ..._zones import local_day, zone_info
from ...errors import Read
from ...supply import Receipt, Supply
from ._words import inner, name, rows_of

__all__ = ["read_purchase_orders"]


_OVER = ("CANCELED", "CANCELLED", "CLOSED")
_ON_HOLD, _UNBOOKED = "ON_HOLD", "IN_PROGRESS"


def read_purchase_orders(document: str | bytes, /, *, zone: str) -> Read[Mapping[str, Supply]]:
    """Read what purchase orders bring, by themselves or inside of inbound processes.

    - Each requested item is a receipt on the day that is requested. Its reference is the shop's id of the process, else
      the purchase order's own id, else the process's.
    - What receipts of the process have accepted or rejected is not expected any more; it is taken off the first items
      of the article. An item of which nothing is left is no receipt. A receipt IN_PROGRESS is not booked yet: what is
      on it is expected still.
    - An order that is CANCELED, or ``cancelled``, brings nothing more, nor does a process that is CLOSED.
    - An order that is to come as soon as possible has no day, nor has a process ON_HOLD: that is a problem, and it is
      left out.

    Args:
        document: A purchase order, an inbound process, ``{"purchaseOrders": [...]}``, ``{"inboundProcesses": [...]}``
            or a list, as text or UTF-8 bytes.
        zone: The IANA name of the time zone in which an instant is a day.

    Returns:
        Facility, by the platform's id -> supply with receipts alone, from the orders that are sound, and the problems
        of the others.

    Raises:
        InvalidDocument: If it is no list of purchase orders.
        InvalidArgument: If ``zone`` is no time zone.

    Source:
        fulfillmenttools on purchase orders, on expected stock and on receipts: what was ordered is expected, a
        cancelled order brings no further deliveries, and only finished receipts are booked. That rejected units do not
        come again, and that nothing comes to a closed process, is inferred.

    Examples:
        A hundred, of which sixty came:

        >>> from preorder_kit.adapters.fulfillmenttools import read_purchase_orders
        >>> found = read_purchase_orders('''{"id": "ib-1", "facilityRef": "CGN-01", "purchaseOrder": {"id": "po-1",
        ...     "orderDate": "2026-11-12T14:15:39.683Z", "requestedDate": {"type": "TIME_POINT",
        ...     "value": "2026-12-16T14:15:39.683Z"}, "requestedItems": [
        ...         {"tenantArticleId": "22222", "quantity": {"value": 100, "unit": "pieces"}}]},
        ...     "receipts": [{"receivedItems": [
        ...         {"tenantArticleId": "22222", "acceptedQuantity": {"value": 60}}]}]}''', zone="Europe/Berlin")
        >>> [receipt] = found.complete()["CGN-01"].receipts
        >>> receipt.quantity, receipt.expected.isoformat(), receipt.reference
        (40, '2026-12-16', 'po-1')
    """
    place = zone_info(zone, "zone")
    expected = 'must be {"purchaseOrders": [...]} or {"inboundProcesses": [...]}, or one of these'
    rows, problems = rows_of(document, expected, under=["inboundProcesses", "purchaseOrders"], is_row=_is_inbound)
    found = [item for row in rows for item in _coming(row, place)]
    by_facility: dict[str, list[Receipt]] = {}
    for facility, receipt in found:
        by_facility.setdefault(facility, []).append(receipt)
    supplies = {facility: Supply(on_hand={}, receipts=receipts) for facility, receipts in by_facility.items()}
    return Read(FrozenMapping(supplies), tuple(problems))


def _coming(fields: Fields, zone: ZoneInfo) -> list[tuple[str, Receipt]]:
    """Return the receipts of a purchase order or of an inbound process, each with its facility."""
    order = inner(fields, "purchaseOrder") if fields.holds("purchaseOrder") else fields
    if order is None or (order is fields and _orders_nothing(fields)):
        return []
    facility = name(fields, "facilityRef") or name(order, "facilityRef")
    if not facility and fields.is_sound:
        fields.complain("facilityRef", "field.missing", "is missing")
    reference = name(fields, "tenantInboundProcessId") or name(order, "id") or name(fields, "id")
    ordered = order.read("orderDate", _day, zone=zone, default=None)
    is_over, is_on_hold = _state([fields] if order is fields else [fields, order])
    expected = None if is_over else _expected(order, zone)
    if is_on_hold and not is_over:
        fields.complain("onHold", "inbound.on_hold", "must not be set: what is on hold has no day")
    received = _received(fields)
    items = order.objects("requestedItems")
    if expected is None or not fields.is_sound:
        return []
    found = [_receipt(item, received, expected=expected, ordered=ordered, reference=reference) for item in items]
    return [(facility, receipt) for receipt in found if receipt is not None]


def _orders_nothing(fields: Fields) -> bool:
    """Return whether a row orders nothing: a process that only received something; any other row has a problem."""
    if fields.holds("requestedItems"):
        return False
    if not fields.holds("receipts"):
        fields.complain("requestedItems", "field.missing", "is missing, and so is purchaseOrder")
    return True


def _state(sources: Sequence[Fields]) -> tuple[bool, bool]:
    """Return whether nothing more comes, and whether it is on hold."""
    said = {_status(fields) for fields in sources}
    cancelled = [fields.read("cancelled", truth, default=False) for fields in sources]
    on_hold = [fields.read("onHold", truth, default=False) for fields in sources]
    return any(cancelled) or not said.isdisjoint(_OVER), any(on_hold) or _ON_HOLD in said


def _status(fields: Fields) -> str:
    return name(fields, "status").strip().upper()


def _expected(order: Fields, zone: ZoneInfo) -> dt.date | None:
    requested = inner(order, "requestedDate")
    day = None if requested is None else requested.read("value", _day, zone=zone, default=None)
    if day is None and requested is not None and requested.is_sound:
        requested.complain("value", "inbound.undated", "is missing: what comes as soon as possible has no day")
    return day


def _day(value: object, path: str, *, zone: ZoneInfo) -> dt.date:
    return local_day(iso_instant(value, path), zone, path)


def _received(fields: Fields) -> dict[str, int]:
    """Return SKU -> units that came already, accepted or not."""
    found: dict[str, int] = {}
    booked = [receipt for receipt in fields.objects("receipts") if _status(receipt) != _UNBOOKED]
    for receipt in booked:
        for item in receipt.objects("receivedItems"):
            sku = item.read("tenantArticleId", identifier)
            for key in ("acceptedQuantity", "rejectedQuantity"):
                quantity = item.object(key)
                units = 0 if quantity is None else quantity.read("value", count)
                if item.is_sound:
                    found[sku] = found.get(sku, 0) + units
    return found


def _receipt(item: Fields, received: dict[str, int], **facts: Any) -> Receipt | None:
    sku, quantity = item.read("tenantArticleId", identifier), inner(item, "quantity")
    units = 0 if quantity is None else quantity.read("value", count)
    if not item.is_sound:
        return None
    came = min(units, received.get(sku, 0))
    if came:
        received[sku] -= came
    return item.build(Receipt, sku=sku, quantity=units - came, **facts) if units > came else None


def _is_inbound(root: Any) -> bool:
    return has(root, "requestedItems") or has(root, "purchaseOrder") or has(root, "facilityRef", "receipts")


FORMATS = (
    WireFormat(
        name="fulfillmenttools-purchase-orders",
        holds="units on order, by facility",
        recognises=lambda root: any(
            _is_inbound(row)
            for row in (root, first(root), first(held(root, "purchaseOrders")), first(held(root, "inboundProcesses")))
        ),
        read=read_purchase_orders,
        needs_zone=True,
    ),
)
