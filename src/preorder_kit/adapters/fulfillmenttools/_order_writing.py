"""Orders, written as the system takes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..._checks import instance, instant, refused
from ..._documents import encode
from ...bundles import Component, LineKind, explode
from ...orders import Order, OrderLine, ShipPolicy, _all_parts
from ._orders import ADDRESS_FIELDS, OrderConsumer, OrderHeader, OrderStatus
from ._words import MOST_INT64, bounded, documented, given, rfc3339

__all__ = ["write_order"]

_MOST_LINES = _MOST_SERVICES = 500
_SHORTEST, _LONGEST = dt.timedelta(minutes=1), dt.timedelta(hours=8)
_NEEDED = ("street", "city", "postalCode", "country")
_ADDRESS_TYPES = ("INVOICE_ADDRESS", "PARCEL_LOCKER", "POSTAL_ADDRESS")
_HEADER = OrderHeader()


def write_order(order: Order, /, *, header: OrderHeader = _HEADER, at: dt.datetime) -> str:
    """Write an order that the system is to take.

    Each unit of a bundle is a bundled custom service of its own, so that none of them is divided; bundles inside it are
    services inside it. Its articles are on the lines too: added to the last loose line of the article, else as lines at
    the end.

    What the system says elsewhere is left out: whether units wait and their street dates, which listings say; a
    bundle's own SKU; the ids of lines, which the platform gives; money, the order's priority, and days that were asked
    for or promised.

    Args:
        order: The order: goods for one address, to ship as they become available.
        header: What else is said of it. An article that ``titles`` does not name is called by its SKU, and an order
            without ``tenant_order_id`` by its id.
        at: Now: a promise must end 1 minute to 8 hours from now, both inclusive.

    Returns:
        A JSON document; `read_order` reads from it an order that asks for the same.

    Raises:
        InvalidArgument: If the order cannot be said so: it is to ship complete, has fees, digital goods, several
            addresses, lines that ship together, no line, more than 500 lines or more than 500 bundles; if an address
            lacks street, city, postalCode or country, or has a field or a type that is not known; or if the promise
            ends too soon or too late.

    Source:
        POST ``/api/orders``.

    Examples:
        One line, promised for an hour:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine
        >>> from preorder_kit.adapters.fulfillmenttools import OrderHeader, write_order
        >>> now = dt.datetime(2026, 11, 21, 10, 15, tzinfo=dt.timezone.utc)
        >>> order = Order(id="W1", placed_at=now, lines=[OrderLine(id="1", sku="BTL", quantity=2)])
        >>> header = OrderHeader(status="promised", promised_until=now + dt.timedelta(hours=1))
        >>> print(write_order(order, header=header, at=now))
        {
          "tenantOrderId": "W1",
          "orderDate": "2026-11-21T10:15:00.000Z",
          "status": "PROMISED",
          "consumer": {
            "addresses": []
          },
          "orderLineItems": [
            {
              "article": {
                "tenantArticleId": "BTL",
                "title": "BTL"
              },
              "quantity": 2
            }
          ],
          "promisesOptions": {
            "validUntil": "2026-11-21T11:15:00.000Z"
          }
        }
    """
    instance(order, "order", of=Order)
    instance(header, "header", of=OrderHeader)
    now = instant(at, "at")
    _refuse_unsayable(order)
    content: dict[str, Any] = {
        "tenantOrderId": header.tenant_order_id or order.id,
        "orderDate": rfc3339(order.placed_at),
        **_status(header),
        "consumer": _consumer(header.consumer),
        "orderLineItems": [_item(sku, quantity, header.titles) for sku, quantity in _items(order)],
        **given(customServices=_services(order), promisesOptions=_promise(header, now)),
    }
    return encode(content)


def _refuse_unsayable(order: Order) -> None:
    if order.ship is ShipPolicy.COMPLETE:
        requirement = "must be as_available: no order says so; make a bundle of what is to stay together"
        raise refused("order.ship", requirement, order.ship.value, code="order.unsayable")
    first_address = order.lines[0].ship_to if order.lines else ""
    for place, line in enumerate(order.lines):
        path = f"order.lines[{place}]"
        if line.kind is not LineKind.GOODS:
            requirement = "must be goods: leave fees and digital goods out"
            raise refused(f"{path}.kind", requirement, line.kind.value, code="order.unsayable")
        if line.ship_to != first_address:
            requirement = f"must be the address of the other lines, {first_address!r}: write an order for each"
            raise refused(f"{path}.ship_to", requirement, line.ship_to, code="order.unsayable")
        if line.ship_group:
            requirement = "must be empty: make a bundle of what ships together"
            raise refused(f"{path}.ship_group", requirement, line.ship_group, code="order.unsayable")
        for part in _all_parts(line.components):
            if part.kind is not LineKind.GOODS:
                requirement = f"must be goods, {part.sku} too: leave fees and digital goods out"
                raise refused(f"{path}.components", requirement, part.kind.value, code="order.unsayable")


def _items(order: Order) -> list[tuple[str, int]]:
    """Return what is on each line: SKU and units, those in bundles with the last loose line of their article."""
    loose = [line for line in order.lines if not line.components]
    skus, units = [line.sku for line in loose], [line.quantity for line in loose]
    last = {sku: place for place, sku in enumerate(skus)}
    for sku, more in _in_bundles(order.lines).items():
        if sku not in last:
            last[sku] = len(skus)
            skus.append(sku)
            units.append(0)
        units[last[sku]] += more
    if not 1 <= len(skus) <= _MOST_LINES:
        raise refused("order.lines", f"must be 1 to {_MOST_LINES} lines there", len(skus), code="order.limit")
    return [(sku, bounded(found, "order.lines", most=MOST_INT64)) for sku, found in zip(skus, units, strict=True)]


def _in_bundles(lines: Iterable[OrderLine]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for line in lines:
        for sku, each in explode(line.components).items():
            totals[sku] = totals.get(sku, 0) + each * line.quantity
    return totals


def _services(order: Order) -> list[dict[str, Any]]:
    """Return a custom service for each unit of a bundle; so many that nobody means them are refused, not written."""
    counted: dict[int, int] = {}

    def count(part: Component | OrderLine) -> int:
        if id(part) not in counted:
            counted[id(part)] = 1 + sum(count(inner) * inner.quantity for inner in part.components if inner.components)
        return counted[id(part)]

    bundles = [line for line in order.lines if line.components]
    asked = sum(count(line) * line.quantity for line in bundles)
    if asked > _MOST_SERVICES:
        requirement = f"must be at most {_MOST_SERVICES} bundles, those inside bundles counted; divide the order"
        raise refused("order.lines", requirement, asked, code="order.limit")
    return [_service(line.components) for line in bundles for _ in range(line.quantity)]


def _service(components: Sequence[Component]) -> dict[str, Any]:
    return {
        "customServiceDefinition": {"isBundled": True},
        "articleItems": [
            {"tenantArticleRef": part.sku, "quantity": part.quantity} for part in components if not part.components
        ],
        "customServiceItems": [
            _service(part.components) for part in components if part.components for _ in range(part.quantity)
        ],
    }


def _item(sku: str, quantity: int, titles: Mapping[str, str]) -> dict[str, Any]:
    return {"article": {"tenantArticleId": sku, "title": titles.get(sku, sku)}, "quantity": quantity}


def _status(header: OrderHeader) -> dict[str, str]:
    if not header.status_word:
        return {}
    return {"status": documented(header.status, header.status_word, "header.status_word", OrderStatus)}


def _consumer(consumer: OrderConsumer) -> dict[str, Any]:
    for place, address in enumerate(consumer.addresses):
        path = f"header.consumer.addresses[{place}]"
        for key in address:
            if key not in ADDRESS_FIELDS:
                requirement = f"must be one of {', '.join(ADDRESS_FIELDS)}"
                raise refused(f"{path} key", requirement, key, code="choice.invalid")
        for key in _NEEDED:
            if key not in address:
                raise refused(f"{path}[{key!r}]", "must be given", None, code="field.missing")
        if not re.fullmatch("[A-Z]{2}", address["country"]):
            requirement = "must be two capital letters, as in NO"
            raise refused(f"{path}['country']", requirement, address["country"], code="choice.invalid")
        kind = address.get("addressType", _ADDRESS_TYPES[0])
        if kind not in _ADDRESS_TYPES:
            requirement = f"must be one of {', '.join(_ADDRESS_TYPES)}"
            raise refused(f"{path}['addressType']", requirement, kind, code="choice.invalid")
    addresses = [dict(address) for address in consumer.addresses]
    return {**given(consumerId=consumer.consumer_id, email=consumer.email), "addresses": addresses}


def _promise(header: OrderHeader, now: dt.datetime) -> dict[str, str] | None:
    until = header.promised_until
    if until is None:
        return None
    if not _SHORTEST <= until - now <= _LONGEST:
        requirement = f"must be 1 minute to 8 hours after {rfc3339(now)}"
        raise refused("header.promised_until", requirement, until, code="promise.length")
    return {"validUntil": rfc3339(until)}
