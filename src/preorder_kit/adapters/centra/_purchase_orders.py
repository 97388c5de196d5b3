"""Purchase orders (older: supplier orders): what comes from suppliers, and on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs

from ..._checks import checked, instance, rule, sequence, text
from ..._documents import Fields, count, identifier, unrecognised, word
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ...supply import Receipt, Supply
from ._integration import SizeKey, id_or_none, read_reference, replied, size_key, store_day_if_any
from ._order_api import answered, product_names

__all__ = ["PURCHASE_ORDERS_QUERY", "PurchaseOrder", "read_purchase_orders", "read_supplier_orders"]

#: Asks for what `read_purchase_orders` reads.
PURCHASE_ORDERS_QUERY: Final = """\
query ($limit: Int, $page: Int) {
  purchaseOrders(limit: $limit, page: $page) {
    id
    status
    createdAt
    ETA
    preferredWarehouse { id }
    lines { quantity linkedQuantity unlinkedQuantity productSize { id SKU GTIN } }
    deliveries {
      number
      status
      ETA
      stockChange { id }
      lines { quantity linkedQuantity unlinkedQuantity productSize { id SKU GTIN } }
    }
  }
}"""

_COMPLETED = "completed"
_CANCELLED = {"cancelled", "canceled"}
_EXPECTED = "must be a reply of the Integration API with purchaseOrders"


@attrs.frozen(kw_only=True, field_transformer=checked)
class PurchaseOrder:
    """What was ordered from a supplier and has not come yet.

    Attributes:
        id: Its id at Centra.
        status: Its status, in Centra's word; empty if it is not said.
        warehouse: The id of the warehouse that it is meant for; ``None`` if it is not said.
        receipts: What is to come, by day. What is linked to orders is reserved.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    status: str = attrs.field(default="", metadata=rule(text, empty=True))
    warehouse: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    receipts: Sequence[Receipt] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=Receipt))


def read_supplier_orders(
    document: str | bytes, /, *, named_by: SizeKey = SizeKey.SKU
) -> Read[tuple[PurchaseOrder, ...]]:
    """Read supplier orders of the Order API, one or a list.

    The day of arrival is the one that is written: the API writes times of the store's zone, without an offset.

    Args:
        document: The reply of the Order API, as text or UTF-8 bytes.
        named_by: Which name of a size is its SKU here: ``sku``, ``variantSku`` and ``sizeSku`` joined, or the ``ean``.

    Returns:
        The orders that are sound, and the problems of the others: one without a day of arrival has no receipts.

    Raises:
        InvalidDocument: If it is no such reply, or the API refused.

    Source:
        Centra's Order API, Get supplier order.

    Examples:
        Forty, on a day of February:

        >>> from preorder_kit.adapters.centra import read_supplier_orders
        >>> product = '{"sku": "FJ", "variantSku": "774", "sizeSku": "S", "quantity": 40}'
        >>> order = '{"orderId": "957", "created": "2026-10-01 01:15", "ETA": "2027-02-05 20:15", "products": [%s]}'
        >>> [found] = read_supplier_orders('{"status": "ok", "order": %s}' % (order % product)).complete()
        >>> print(found.receipts[0].sku, found.receipts[0].quantity, found.receipts[0].expected)
        FJ774S 40 2027-02-05
    """
    key = size_key(named_by)
    root = answered(document, "must be a reply of the Order API with supplier orders", "order", "orders")
    one = root.object("order")
    orders = root.objects("orders") if one is None else [one]
    found = [_supplier_order(fields, key) for fields in orders]
    return Read(tuple(order for order in found if order is not None), tuple(root.problems))


def _supplier_order(fields: Fields, key: SizeKey) -> PurchaseOrder | None:
    name = fields.read("orderId", identifier)
    expected = _expected(fields)
    ordered = fields.read("created", store_day_if_any, default=None)
    receipts = [
        row.build(
            Receipt,
            quantity=row.read("quantity", count),
            expected=expected,
            ordered=ordered,
            reference=name,
            sku=product_names(row, key)["sku"],
        )
        for row in fields.objects("products", least=1)
        if fields.is_sound
    ]
    status = fields.read("status", identifier, default="")
    return fields.build(PurchaseOrder, id=name, status=status, receipts=receipts)


def _expected(fields: Fields) -> dt.date | None:
    """Return the day of arrival; what has none is no receipt, which is a problem."""
    before = len(fields.problems)
    day = fields.read("ETA", store_day_if_any, default=None)
    if day is None and len(fields.problems) == before:
        fields.complain("ETA", "field.missing", "is missing: without a day nothing can be promised from it")
    return day


def is_supplier_orders(root: Any) -> bool:
    """Return whether a JSON value is a reply with supplier orders."""
    return any(has(order, "supplierName", "ETA") for order in (held(root, "order"), first(held(root, "orders"))))


def read_purchase_orders(
    document: str | bytes, /, *, named_by: SizeKey = SizeKey.SKU
) -> Read[tuple[PurchaseOrder, ...]]:
    """Read purchase orders of the Integration API, with their deliveries.

    A delivery comes on its own day, or on that of its order if it has none. A delivery that has a stock change is in
    stock already, and so is one that is completed. What no delivery holds comes on the day of its order. Of an order
    that is cancelled nothing comes.

    Args:
        document: A reply of the Integration API, as text or UTF-8 bytes; `PURCHASE_ORDERS_QUERY` asks for it.
        named_by: Which name of a size is its SKU here.

    Returns:
        The orders that are sound, and the problems of the others: what has no day of arrival is no receipt, and named.

    Raises:
        InvalidDocument: If it is no such reply.

    Source:
        Centra's Integration API, types PurchaseOrder, PurchaseOrderDelivery and PurchaseOrderDeliveryLine.

    Examples:
        Two of ten are linked to orders:

        >>> from preorder_kit.adapters.centra import read_purchase_orders
        >>> line = '{"quantity": 10, "linkedQuantity": 2, "productSize": {"SKU": "FJ-774-S"}}'
        >>> order = '{"id": 957, "ETA": "2027-02-05T00:00:00+01:00", "lines": [%s], "deliveries": []}' % line
        >>> [found] = read_purchase_orders('{"data": {"purchaseOrders": [%s]}}' % order).complete()
        >>> print(found.receipts[0].quantity, found.receipts[0].reserved, found.receipts[0].expected)
        10 2 2027-02-05
    """
    key = size_key(named_by)
    data = replied(document, _EXPECTED)
    if not data.holds("purchaseOrders"):
        raise unrecognised(_EXPECTED)
    found = [_purchase_order(fields, key) for fields in data.objects("purchaseOrders")]
    return Read(tuple(order for order in found if order is not None), tuple(data.problems))


@attrs.frozen(kw_only=True)
class _Units:
    """Units of a line, and how many of them are linked to orders."""

    fields: Fields
    sku: str
    quantity: int
    linked: int


def _purchase_order(fields: Fields, key: SizeKey) -> PurchaseOrder | None:
    name = fields.read("id", identifier)
    own = {"ordered": fields.read("createdAt", store_day_if_any, default=None)}
    status = fields.read("status", word, default="")
    for asked_for in ("lines", "deliveries"):
        if not fields.holds(asked_for):
            fields.complain(asked_for, "field.missing", f"is missing; ask for the {asked_for}")
    comes = fields.is_sound and status.lower() not in _CANCELLED
    receipts = list(_receipts(fields, key, name, own)) if comes else []
    return fields.build(
        PurchaseOrder,
        id=name,
        status=status,
        warehouse=read_reference(fields, "preferredWarehouse"),
        receipts=receipts,
    )


def _receipts(fields: Fields, key: SizeKey, name: str, own: dict[str, Any]) -> Iterator[Receipt | None]:
    """Yield what each delivery brings, then what no delivery holds."""
    left = {line.sku: line for line in _merged(_lines(fields, key))}
    coming = []
    for delivery in fields.objects("deliveries"):
        lines = _merged(_lines(delivery, key))
        for line in lines:
            _take(left, line)
        status = delivery.read("status", word, default="")
        if not delivery.holds("stockChange") and status.lower() != _COMPLETED:
            coming.append((delivery, delivery.read("number", identifier, default=name), lines))
    rest = [line for line in left.values() if line.quantity]
    needed = rest or any(lines and not delivery.holds("ETA") for delivery, _, lines in coming)
    whole = _expected(fields) if needed else None
    for delivery, number, lines in coming:
        day = _expected(delivery) if delivery.holds("ETA") else whole
        yield from (_receipt(line, day, number, own) for line in lines)
    yield from (_receipt(line, whole, name, own) for line in rest)


def _take(left: dict[str, _Units], taken: _Units) -> None:
    """Take units off what is left of a SKU, those that are linked off the linked ones."""
    rest = left.get(taken.sku)
    if rest is not None:
        quantity = max(0, rest.quantity - taken.quantity)
        linked = min(quantity, max(0, rest.linked - taken.linked))
        left[taken.sku] = attrs.evolve(rest, quantity=quantity, linked=linked)


def _receipt(line: _Units, day: dt.date | None, name: str, own: dict[str, Any]) -> Receipt | None:
    amounts = {"quantity": line.quantity, "reserved": line.linked}
    return (
        None
        if day is None
        else line.fields.build(Receipt, sku=line.sku, expected=day, reference=name, **amounts, **own)
    )


def _lines(fields: Fields, key: SizeKey) -> Iterator[_Units]:
    for row in fields.objects("lines"):
        size = row.object("productSize")
        if size is None and not row.holds("productSize"):
            row.complain("productSize", "field.missing", "is missing")
        sku = None if size is None else size.read("GTIN" if key is SizeKey.GTIN else "SKU", identifier)
        quantity = row.read("quantity", count)
        linked = row.read("linkedQuantity", count, default=0)
        unlinked = row.read("unlinkedQuantity", count, default=None)
        if row.is_sound and (linked > quantity or unlinked not in {None, quantity - linked}):
            message = f"must be linked + unlinked, {linked} + {unlinked or 0} (got {quantity})"
            row.complain("quantity", "centra.contradiction", message, quantity)
        if row.is_sound and sku is not None:
            yield _Units(fields=row, sku=sku, quantity=quantity, linked=linked)


def _merged(lines: Iterator[_Units]) -> list[_Units]:
    """Return the lines with those of one SKU added up."""
    found: dict[str, _Units] = {}
    for line in lines:
        one = found.setdefault(line.sku, line)
        if one is not line:
            quantity, linked = one.quantity + line.quantity, one.linked + line.linked
            found[line.sku] = attrs.evolve(one, quantity=quantity, linked=linked)
    return list(found.values())


def is_purchase_orders(root: Any) -> bool:
    """Return whether a JSON value is a reply with purchase orders."""
    return has(held(root, "data"), "purchaseOrders")


def _supply(orders: Sequence[PurchaseOrder]) -> Supply:
    """Return what is to come as supply: of what is on the shelf nothing is said."""
    return Supply(on_hand={}, receipts=[receipt for order in orders for receipt in order.receipts])


FORMATS = (
    WireFormat(
        name="centra-purchase-orders",
        holds="what comes from suppliers",
        recognises=is_purchase_orders,
        read=read_purchase_orders,
        supply_of=_supply,
    ),
    WireFormat(
        name="centra-order-api-supplier-orders",
        holds="what comes from suppliers",
        recognises=is_supplier_orders,
        read=read_supplier_orders,
        supply_of=_supply,
    ),
)
