"""Orders as the Order API (REST) sends them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import attrs

from ..._checks import instance
from ..._documents import Fields, count, identifier, iso_instant, truth, word
from ..._wire import WireFormat, first, has, held
from ..._zones import zone_info
from ...bundles import LineKind
from ...errors import Read
from ...orders import Amount, Order, OrderLine
from ...quantities import _currency_code
from ._integration import minor_of, percentage, store_day_if_any
from ._order_api import answered, product_names
from ._order_rows import Row, all_lines, amount_of, order_lines
from ._orders import CentraOrder, CentraOrderLine, CentraOrderRules, CentraShipment, untouched_order

__all__ = ["read_order_api_orders"]

_DEFAULT = CentraOrderRules()
_SHIPPING = "shipping"


def read_order_api_orders(
    document: str | bytes, /, *, zone: str, rules: CentraOrderRules = _DEFAULT
) -> Read[tuple[CentraOrder, ...]]:
    """Read orders of ``GET /orders``.

    - Bundles come in four ways, by the setting of the plugin. Items nested under a ``bundle`` are the components of its
      line, each with its units for one bundle; where they are also lines of their own they are not counted again. Where
      bundle and items are lines beside each other they are one line with components, if they are the only ones; of
      several it cannot be told which item is whose, which is a problem. Items alone are lines that ship together. A
      bundle alone is a line without components.
    - ``shippingValue`` is a fee.
    - A line costs its ``totalPrice``, or ``price`` for each unit; the tax in it is that of ``taxPercent``, rounded to
      the minor unit, half up.
    - The API does not say which line is a pre-order: the rules' ``street_dates`` do.
    - ``preferredDeliveryDate`` is the day that the customer asked for.

    Args:
        document: The reply of the Order API, as text or UTF-8 bytes.
        zone: The IANA name of the time zone of the shop, in which the API writes times; one that the clocks show twice
            is the first.
        rules: How it is read; SKUs are ``sku``, ``variantSku`` and ``sizeSku`` joined, or the ``ean``.

    Returns:
        The orders that are sound, and the problems of the others.

    Raises:
        InvalidDocument: If it is no such reply, or the API refused.
        InvalidArgument: If ``zone`` is no time zone.

    Source:
        Centra's Order API, Get orders.

    Examples:
        A bundle of two things, twice:

        >>> from preorder_kit.adapters.centra import read_order_api_orders
        >>> item = '{"lineId": "%s", "sku": "%s", "qty": %s%s}'
        >>> inside = ", ".join([item % (2, "CUP", 2, ""), item % (3, "POT", 1, "")])
        >>> bundle = item % (1, "SET", 2, ', "isBundle": true, "bundle": [%s]' % inside)
        >>> order = '{"orderId": "83651", "orderStatus": "2", "orderDate": "2026-11-22 15:16:13", "products": [%s]}'
        >>> document = '{"status": "ok", "orders": [%s]}' % (order % bundle)
        >>> [found] = read_order_api_orders(document, zone="Europe/Stockholm").complete()
        >>> print(found.order.placed_at, found.status)
        2026-11-22 14:16:13+00:00 confirmed
        >>> [(part.sku, part.quantity) for part in found.order.lines[0].components]
        [('CUP', 2), ('POT', 1)]
    """
    instance(rules, "rules", of=CentraOrderRules)
    place = zone_info(zone, "zone")
    root = answered(document, "must be a reply of the Order API with orders", "orders", "order")
    one = root.object("order")
    read_time = partial(iso_instant, zone=place)
    found = [_order(fields, read_time, rules) for fields in ([one] if one is not None else root.objects("orders"))]
    return Read(tuple(order for order in found if order is not None), tuple(root.problems))


def is_order_api_orders(root: Any) -> bool:
    """Return whether a JSON value is a reply of the Order API with orders."""
    orders = (first(held(root, "orders")), held(root, "order"))
    return any(has(order, "orderId", "orderDate", "products") for order in orders)


def _order(fields: Fields, read_time: Any, rules: CentraOrderRules) -> CentraOrder | None:
    number = fields.read("orderId", identifier)
    currency = fields.read("orderCurrency", _currency_code, default=None)
    rows = _rows(fields, "products", rules, currency)
    requested = fields.read("preferredDeliveryDate", store_day_if_any, default=None)
    lines = [_asked_for(line, requested) for line in order_lines(rows, rules)]
    placed_at = _placed_at(fields, read_time, rules)
    order = fields.build(
        Order, id=number, placed_at=placed_at, lines=[*lines, *_shipping(fields, currency)], currency=currency
    )
    return fields.build(
        CentraOrder,
        order=order,
        hash=fields.read("selectionId", identifier, default=""),
        status_word=fields.read("orderStatus", identifier, default=""),
        is_on_hold=fields.read("hold", _flag, default=None),
        lines=all_lines(rows),
        shipments=_shipments(fields),
    )


def _placed_at(fields: Fields, read_time: Any, rules: CentraOrderRules) -> Any:
    if fields.holds("orderDate") or rules.placed_at is None:
        return fields.read("orderDate", read_time)
    return rules.placed_at


def _asked_for(line: OrderLine, day: Any) -> OrderLine:
    return line if day is None else attrs.evolve(line, requested=day)


def _flag(value: object, path: str) -> bool:
    """Return a flag, whether it comes as one, as text, or as 0 or 1."""
    plain = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return plain == "1" if plain in {"0", "1"} else truth(value, path)


def _rows(fields: Fields, key: str, rules: CentraOrderRules, currency: str | None) -> list[Row]:
    return [row for product in fields.objects(key) if (row := _row(product, rules, currency)) is not None]


def _row(fields: Fields, rules: CentraOrderRules, currency: str | None) -> Row | None:
    items = _rows(fields, "bundle", rules, currency)
    names = product_names(fields, rules.named_by)
    quantity = fields.read("qty", count)
    line = fields.build(
        CentraOrderLine,
        id=fields.read("lineId", identifier),
        quantity=quantity,
        allocated=_allocated(fields),
        is_bundle=fields.read("isBundle", _flag, default=bool(items)),
        bundle=_bundle(fields),
        **names,
    )
    amount = None if currency is None else _amount(fields, quantity, currency)
    return None if line is None else Row(fields=fields, line=line, amount=amount, items=items)


def _bundle(fields: Fields) -> str:
    """Return the bundle that a product is part of; 0 and false are none."""
    value = fields._node.get("isPartOfBundle")
    return "" if value in (False, 0, "0") else fields.read("isPartOfBundle", identifier, default="")


def _allocated(fields: Fields) -> dict[str, int] | None:
    if not fields.holds("warehouses"):
        return None
    found: dict[str, int] = {}
    for row in fields.objects("warehouses"):
        name, units = row.read("name", word), row.read("itemQty", count)
        if row.is_sound:
            found[name] = found.get(name, 0) + units
    return found


def _amount(fields: Fields, quantity: int, currency: str) -> Amount | None:
    percent = fields.read("taxPercent", percentage, default=percentage(0, ""))
    total = fields.read("totalPrice", minor_of, default=None, currency=currency)
    each = fields.read("price", minor_of, default=None, currency=currency)
    if not fields.is_sound or (total is None and each is None):
        return None
    return amount_of(each * quantity if total is None else total, percent)


def _shipping(fields: Fields, currency: str | None) -> Sequence[OrderLine]:
    """Return the fee for shipping, if there is one."""
    if currency is None or not fields.holds("shippingValue"):
        return ()
    value = fields.read("shippingValue", minor_of, default=0, currency=currency)
    name = fields.read("shippingList", word, default=_SHIPPING)
    if not value:
        return ()
    return (OrderLine(id=_SHIPPING, sku=name, quantity=1, kind=LineKind.FEE, amount=Amount(value)),)


def _shipments(fields: Fields) -> list[CentraShipment] | None:
    """Return the shipments of an order; the API does not say here what is in them."""
    if not fields.holds("shipments"):
        return None
    found = [
        row.build(
            CentraShipment,
            number=row.read("shipmentId", identifier),
            is_shipped=row.read("shippedDate", store_day_if_any, default=None) is not None,
        )
        for row in fields.objects("shipments")
    ]
    return [shipment for shipment in found if shipment is not None]


FORMATS = (
    WireFormat(
        name="centra-order-api-orders",
        holds="orders",
        recognises=is_order_api_orders,
        read=read_order_api_orders,
        needs_zone=True,
        order_of=untouched_order,
    ),
)
