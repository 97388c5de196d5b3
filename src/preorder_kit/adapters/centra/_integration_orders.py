"""Orders as the Integration API sends them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..._checks import instance
from ..._documents import Fields, count, identifier, iso_instant, truth, unrecognised, word
from ..._wire import WireFormat, first, has, held
from ...delivery import DateRange
from ...errors import Read
from ...orders import Amount, Order
from ...quantities import _currency_code
from ._integration import SizeKey, minor_of, percentage, replied, size_key, store_day
from ._order_rows import UNNAMED, Row, amount_of, currency_of, order_lines
from ._orders import (
    CentraOrder,
    CentraOrderLine,
    CentraOrderRules,
    CentraOrderState,
    CentraShipment,
    untouched_order,
)
from ._stock_levels import size_names

__all__ = ["ORDERS_QUERY", "read_order_states", "read_orders"]

#: Asks for what `read_orders` reads.
ORDERS_QUERY: Final = """\
query ($limit: Int, $page: Int) {
  orders(limit: $limit, page: $page) {
    id
    number
    status
    createdAt
    isOnHold
    lines {
      __typename
      id
      quantity
      cancelledQuantity
      taxPercent
      lineValue { value currency { code } }
      productSize { SKU GTIN preorder }
      deliveryWindow {
        ... on PreorderDeliveryWindow { deliveryStartDate deliveryEndDate }
      }
      allocations { quantity isWaitingForConfirmation warehouse { id } }
    }
    shipments {
      id
      number
      isGoodToGo
      isPaid
      isShipped
      lines { quantity orderLine { id } }
    }
  }
}"""

_NOWHERE = "unknown"
_DEFAULT = CentraOrderRules()
_EXPECTED = "must be a reply of the Integration API with orders"


def read_orders(document: str | bytes, /, *, rules: CentraOrderRules = _DEFAULT) -> Read[tuple[CentraOrder, ...]]:
    """Read orders, of the shop's and of wholesale, from a list or a connection.

    - A line's ``quantity`` is what is ordered now: Centra has taken cancelled units off it. They are told beside, and a
      line without units is left out of the order. An order that is cancelled as a whole keeps its units: ask its
      status.
    - A line whose size is sold as a pre-order may wait, and so may one in a pre-order delivery window; the days of that
      window are what was promised with it. Centra says whether a size is a pre-order now, not when it was ordered.
    - A ``lineValue`` includes tax, unless the query asks otherwise; the tax in it is that of ``taxPercent``, rounded to
      the minor unit, half up.
    - A bundle and its items are one line with components if they are the only ones in the order; how items are linked
      to one of several bundles is not documented, and such an order is a problem.
    - Shipping costs are no line of Centra's, and are not read.

    Args:
        document: A reply of the Integration API, as text or UTF-8 bytes; `ORDERS_QUERY` asks for it.
        rules: How it is read.

    Returns:
        The orders that are sound, and the problems of the others.

    Raises:
        InvalidDocument: If it is no such reply.

    Source:
        Centra's Integration API, types DirectToConsumerOrder, WholesaleOrder and ProductOrderLine.

    Examples:
        Two units of a pre-order; a third was cancelled:

        >>> from preorder_kit.adapters.centra import read_orders
        >>> line = '{"id": 68, "quantity": 2, "cancelledQuantity": 1, "productSize": {"SKU": "A", "preorder": true}}'
        >>> order = '{"number": 14, "status": "CONFIRMED", "createdAt": "2026-11-22T09:30:00+01:00", "lines": [%s]}'
        >>> [found] = read_orders('{"data": {"orders": [%s]}}' % (order % line)).complete()
        >>> print(found.order.id, found.status, found.order.lines[0].quantity, found.order.lines[0].when_short)
        14 confirmed 2 wait
        >>> print(found.lines[0].cancelled)
        1
    """
    instance(rules, "rules", of=CentraOrderRules)
    data = _replied(document)
    found = [_order(fields, rules) for fields in _listed(data)]
    return Read(tuple(order for order in found if order is not None), tuple(data.problems))


def read_order_states(
    document: str | bytes, /, *, named_by: SizeKey = SizeKey.SKU
) -> Read[tuple[CentraOrderState, ...]]:
    """Read where orders stand, from a reply that does not say enough of them for `read_orders`.

    A query of statuses need not ask for lines, or for when an order was placed.

    Args:
        document: A reply of the Integration API, as text or UTF-8 bytes.
        named_by: Which name of a size is its SKU here.

    Returns:
        What is said of each order that is sound, and the problems of the others.

    Raises:
        InvalidDocument: If it is no such reply.

    Source:
        Centra's Integration API, types DirectToConsumerOrder, WholesaleOrder and ProductOrderLine.

    Examples:
        A status and nothing else:

        >>> from preorder_kit.adapters.centra import read_order_states
        >>> document = '{"data": {"orders": [{"number": 14, "status": "PENDING", "isOnHold": false}]}}'
        >>> [found] = read_order_states(document).complete()
        >>> print(found.number, found.status, found.is_on_hold, found.lines)
        14 pending False None
    """
    rules = CentraOrderRules(named_by=size_key(named_by))
    data = _replied(document)
    found = [_state(fields, rules) for fields in _listed(data)]
    return Read(tuple(state for state in found if state is not None), tuple(data.problems))


def _state(fields: Fields, rules: CentraOrderRules) -> CentraOrderState | None:
    shipments = _shipments(fields)
    lines = [row.line for row in _rows(fields, rules, shipments)] if fields.holds("lines") else None
    number = fields.read("number", identifier)
    return fields.build(CentraOrderState, number=number, lines=lines, shipments=shipments, **_standing(fields))


def _replied(document: str | bytes) -> Fields:
    data = replied(document, _EXPECTED)
    if not data.holds("orders") and not data.holds("orderConnection"):
        raise unrecognised(_EXPECTED)
    return data


def _listed(data: Fields) -> Iterator[Fields]:
    yield from data.objects("orders")
    connection = data.object("orderConnection")
    for edge in [] if connection is None else connection.objects("edges"):
        node = edge.object("node")
        if node is not None:
            yield node


def is_orders(root: Any) -> bool:
    """Return whether a JSON value is a reply with orders, the first of which says its lines and when it was placed."""
    return any(map(_says_enough, _first_of(root)))


def is_order_states(root: Any) -> bool:
    """Return whether a JSON value is a reply with orders, the first of which does not say enough for an `Order`."""
    return bool(_first_of(root)) and not is_orders(root)


def _first_of(root: Any) -> list[Any]:
    """Return the first order of a list and of a connection, as far as there is one."""
    node = held(first(held(root, "data", "orderConnection", "edges")), "node")
    return [order for order in (first(held(root, "data", "orders")), node) if has(order, "number")]


def _says_enough(order: Any) -> bool:
    return has(order, "lines") and (has(order, "createdAt") or has(order, "orderDate"))


def _order(fields: Fields, rules: CentraOrderRules) -> CentraOrder | None:
    number = fields.read("number", identifier)
    placed_at = _placed_at(fields, rules)
    shipments = _shipments(fields)
    if not fields.holds("lines"):
        fields.complain("lines", "field.missing", "is missing; ask for the lines")
    rows = _rows(fields, rules, shipments)
    currency, lines = currency_of(rows), order_lines(rows, rules)
    order = fields.build(Order, id=number, placed_at=placed_at, lines=lines, currency=currency)
    return fields.build(
        CentraOrder,
        order=order,
        lines=[row.line for row in rows],
        shipments=shipments,
        **_standing(fields),
    )


def _standing(fields: Fields) -> dict[str, Any]:
    """Return what an order says of itself beside what is ordered."""
    return {
        "hash": fields.read("id", identifier, default=""),
        "status_word": fields.read("status", identifier, default=""),
        "is_on_hold": fields.read("isOnHold", truth, default=None),
    }


def _rows(fields: Fields, rules: CentraOrderRules, shipments: list[CentraShipment] | None) -> list[Row]:
    shipped = None if shipments is None else _shipped(shipments)
    return [row for line in fields.objects("lines") if (row := _row(line, rules, shipped)) is not None]


def _placed_at(fields: Fields, rules: CentraOrderRules) -> Any:
    key = "createdAt" if fields.holds("createdAt") or not fields.holds("orderDate") else "orderDate"
    if not fields.holds(key) and rules.placed_at is None:
        fields.complain(key, "field.missing", "is missing; ask for it, or say placed_at in the rules")
        return None
    return fields.read(key, iso_instant, default=rules.placed_at)


def _row(fields: Fields, rules: CentraOrderRules, shipped: Mapping[str, int] | None) -> Row | None:
    size = fields.object("productSize")
    if size is None:
        if not fields.holds("productSize"):
            fields.complain("productSize", "field.missing", "is missing")
        return None
    line_id = fields.read("id", identifier)
    names = size_names(size, rules.named_by)
    kind = fields.read("__typename", word, default="")
    allocations = _allocations(fields)
    line = fields.build(
        CentraOrderLine,
        id=line_id,
        sku=names["sku"],
        gtin=names["gtin"],
        quantity=fields.read("quantity", count),
        cancelled=fields.read("cancelledQuantity", count, default=0),
        preorder=size.read("preorder", truth, default=None),
        shipped=None if shipped is None else shipped.get(line_id, 0),
        is_bundle=kind == "BundleOrderLine",
        bundle=UNNAMED if kind == "BundleItemOrderLine" else "",
        **allocations,
    )
    currency, amount = _money(fields)
    promised = _promised(fields)
    if line is None:
        return None
    return Row(
        fields=fields, line=line, currency=currency, amount=amount, promised=promised, may_wait=promised is not None
    )


def _allocations(fields: Fields) -> dict[str, Any]:
    """Return how many units of a line are allocated where, and how many of them wait for a shop."""
    if not fields.holds("allocations"):
        return {}
    found: dict[str, int] = {}
    unconfirmed = 0
    for row in fields.objects("allocations"):
        warehouse = row.object("warehouse")
        key = "name" if warehouse is not None and not warehouse.holds("id") else "id"
        name = _NOWHERE if warehouse is None else warehouse.read(key, identifier)
        units = row.read("quantity", count)
        waits = row.read("isWaitingForConfirmation", truth, default=False)
        if row.is_sound:
            found[name] = found.get(name, 0) + units
            unconfirmed += units if waits else 0
    return {"allocated": found, "unconfirmed": unconfirmed}


def _money(fields: Fields) -> tuple[str | None, Amount | None]:
    """Return the currency and the amount of a line, both ``None`` if it does not say them."""
    value = fields.object("lineValue")
    code = None if value is None else value.object("currency")
    if value is None or code is None:
        return None, None
    currency = code.read("code", _currency_code, default=None)
    percent = fields.read("taxPercent", percentage, default=percentage(0, ""))
    if currency is None or not value.holds("value"):
        return None, None
    gross = value.read("value", minor_of, default=None, currency=currency)
    return (None, None) if gross is None or not fields.is_sound else (currency, amount_of(gross, percent))


def _promised(fields: Fields) -> DateRange | None:
    """Return the days on which a line's pre-order window delivers; ``None`` if it is in none."""
    window = fields.object("deliveryWindow")
    if window is None or not window.holds("deliveryStartDate"):
        return None
    earliest, latest = window.read("deliveryStartDate", store_day), window.read("deliveryEndDate", store_day)
    return window.build(DateRange, earliest, latest)


def _shipments(fields: Fields) -> list[CentraShipment] | None:
    if not fields.holds("shipments"):
        return None
    found = [
        row.build(
            CentraShipment,
            number=row.read("number", identifier),
            id=row.read("id", identifier, default=None),
            is_good_to_go=row.read("isGoodToGo", truth, default=None),
            is_paid=row.read("isPaid", truth, default=None),
            is_shipped=row.read("isShipped", truth, default=False),
            units=_units(row),
        )
        for row in fields.objects("shipments")
    ]
    return [shipment for shipment in found if shipment is not None]


def _units(row: Fields) -> dict[str, int] | None:
    """Return the units of each line of an order that a shipment holds."""
    if not row.holds("lines"):
        return None
    found: dict[str, int] = {}
    for line in row.objects("lines"):
        named = line.object("orderLine")
        if named is None and not line.holds("orderLine"):
            line.complain("orderLine", "field.missing", "is missing")
        name = None if named is None else named.read("id", identifier)
        units = line.read("quantity", count)
        if line.is_sound and name is not None:
            found[name] = found.get(name, 0) + units
    return found


def _shipped(shipments: list[CentraShipment]) -> dict[str, int] | None:
    """Return the units of each line that were sent; ``None`` if a shipment does not say its lines."""
    found: dict[str, int] = {}
    for shipment in shipments:
        if shipment.units is None:
            return None
        for name, units in shipment.units.items() if shipment.is_shipped else ():
            found[name] = found.get(name, 0) + units
    return found


FORMATS = (
    WireFormat(name="centra-orders", holds="orders", recognises=is_orders, read=read_orders, order_of=untouched_order),
    WireFormat(
        name="centra-order-states",
        holds="where orders stand",
        recognises=is_order_states,
        read=read_order_states,
    ),
)
