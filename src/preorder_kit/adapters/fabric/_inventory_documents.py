"""Inventories of the second and third API, read and written: one value, two spellings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..._checks import instance, refused
from ..._documents import Fields, change, count, encode, identifier, truth
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ._inventory import ALLOCATED, ON_HAND, SHIPPED, TO_BACKORDER, TO_PREORDER, TO_PURCHASE, InventoryRecord
from ._selling import inventory_supplies
from ._spelling import MOST_INT32, as_text, built, filled, instant_text, number_of, opened, spelled, utc_instant

__all__ = ["read_inventories", "write_inventory_v2", "write_inventory_v3"]

_V2 = {
    "id": "inventoryId",
    "sku": "sku",
    "item_id": "itemId",
    "location": "locationNum",
    "channel": "channelId",
    "region": "region",
    "segment": "segment",
    "vendor": "vendorId",
    "kind": "inventoryType",
    "lead_time": "leadTime",
    "is_infinite": "infiniteInventory",
    "has_no_stock": "isNoStock",
    "backorder_at": "backOrderDate",
    "preorder_at": "preOrderDate",
    "backorder_limit": "backOrderLimit",
    "preorder_limit": "preOrderLimit",
    "safety_stock": "safetyStock",
    "low_stock": "lowStock",
    "counters": "counters",
    "virtual": "virtualCounters",
    "attributes": "attributes",
    "network": "networkCode",
    "status": "status",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
}
_V3 = {
    **_V2,
    "location": "locationNumber",
    "kind": "type",
    "is_infinite": "hasInfiniteInventory",
    "backorder_at": "backorderShipmentAt",
    "preorder_at": "preorderShipmentAt",
    "backorder_limit": "backorderLimit",
    "preorder_limit": "preorderLimit",
    "attributes": "customAttributes",
}
_KEYS = ("counters", "virtualCounters", _V2["is_infinite"], _V3["is_infinite"])
_LIMITS = ("backorder_limit", "preorder_limit", "safety_stock", "low_stock")
_PAGES = ("data", "inventory", "inventories")
_COUNTERS = {name.lower(): name for name in (ON_HAND, ALLOCATED, SHIPPED, TO_PURCHASE, TO_BACKORDER, TO_PREORDER)}


def read_inventories(document: str | bytes, /) -> Read[Sequence[InventoryRecord]]:
    """Read inventories: one, a list of them, or a page of those that were found.

    Both spellings are known, that of the second API (``locationNum``, ``backOrderLimit``) and that of the third
    (``locationNumber``, ``backorderLimit``), field by field. Flags and numbers may be text, dates may be null; an
    instant without an offset is in UTC. ``on-hand`` is the counter ``onHand``.

    Args:
        document: The inventory, the list or the page, as text or UTF-8 bytes. A page of the third API holds them as
            ``data``, one by geography as ``inventories``, one of the second API as ``inventory``.

    Returns:
        The inventories that are sound, in the order they were sent, and a problem for each field that is not. Whether
        there are more pages, the page's ``pagination`` says: it is not read.

    Raises:
        InvalidDocument: If it is no such document.

    Source:
        fabric OMS v2, create inventory and get inventories; v3, create inventory, find and search inventories.

    Examples:
        One of the second API, its flag as text; one of the third, with a count that cannot be:

        >>> from preorder_kit.adapters.fabric import read_inventories
        >>> [record] = read_inventories('''{"sku": "CD", "locationNum": 175, "infiniteInventory": "false",
        ...     "backOrderDate": null, "backOrderLimit": 50, "counters": {"onHand": "9"}}''').values
        >>> print(record.location, record.is_infinite, record.backorder_limit, record.counters)
        175 False 50 {'onHand': 9}
        >>> found = read_inventories('''{"pagination": {}, "data": [
        ...     {"sku": "CD", "locationNumber": 175, "counters": {"onHand": 9, "allocated": 1.5}}]}''')
        >>> print(*found.problems)
        data[0].counters.allocated: must be a whole number (got 1.5)
    """
    expected = 'must be inventories: {"sku": ..., "locationNumber": ..., "counters": {...}}, a list or a page of them'
    rows, problems = opened(document, expected, keys=_KEYS, under=_PAGES)
    records = [_record(fields) for fields in rows]
    return Read(tuple(record for record in records if record is not None), tuple(problems))


def _record(fields: Fields) -> InventoryRecord | None:
    is_second = any(fields.holds(_V2[name]) for name in ("location", "is_infinite", "backorder_limit"))
    names = spelled(fields, *((_V2, _V3) if is_second else (_V3, _V2)))
    values: dict[str, Any] = {"location": fields.read(names["location"], identifier)}
    for name in ("sku", "item_id", "channel", "vendor", "network"):
        values[name] = fields.read(names[name], identifier, default="")
    values["id"] = fields.read(names["id"] if fields.holds(names["id"]) else "id", identifier, default="")
    for name in ("region", "segment", "kind", "lead_time", "status"):
        values[name] = fields.read(names[name], as_text, default="")
    for name in _LIMITS:
        values[name] = fields.read(names[name], count, default=None)
    for name in ("backorder_at", "preorder_at", "created_at", "updated_at"):
        values[name] = fields.read(names[name], utc_instant, default=None)
    for name in ("counters", "virtual"):
        values[name] = _numbers(fields.object(names[name]))
    values["attributes"] = _attributes(fields.object(names["attributes"]))
    for name in ("is_infinite", "has_no_stock"):
        values[name] = fields.read(names[name], truth, default=False)
    return built(fields, InventoryRecord, names, **values)


def _numbers(fields: Fields | None) -> dict[str, int]:
    """Return the counters that say something, by name; those of fabric's own by the name that it documents."""
    found: dict[str, int] = {}
    if fields is None:
        return found
    for name in filter(fields.holds, fields._node):
        number = fields.read(name, change)
        known = _COUNTERS.get(re.sub("[ _-]", "", name).lower(), name)
        if known in found:
            fields.complain(name, "fabric.repeated", f"must not say again what {known} is (got {number})", number)
        found[known] = number
    return found


def _attributes(fields: Fields | None) -> dict[str, str]:
    if fields is None:
        return {}
    return {name: fields.read(name, as_text, default="") for name, value in fields._node.items() if value is not None}


def write_inventory_v2(record: InventoryRecord, /) -> str:
    """Write the request of the second API that creates an inventory.

    Args:
        record: The inventory. What fabric itself sets (its id, its status, virtual counters, when it was created and
            changed) is not written.

    Returns:
        A JSON object with what is said, and ``infiniteInventory`` always.

    Raises:
        InvalidArgument: If the location or the item id is no number, the channel is missing, there is a network, which
            the second API does not know, it is marked as out of stock, or a date has parts of a millisecond.

    Source:
        fabric OMS v2, create inventory: by location number, channel, and item id or SKU.

    Examples:
        Fifty backorders, shipped on a day:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fabric import InventoryRecord, write_inventory_v2
        >>> at = dt.datetime(2027, 1, 20, tzinfo=dt.timezone.utc)
        >>> print(write_inventory_v2(
        ...     InventoryRecord(sku="CD", location="175", channel="12", backorder_at=at, backorder_limit=50)))
        {
          "channelId": "12",
          "locationNum": 175,
          "sku": "CD",
          "infiniteInventory": false,
          "backOrderDate": "2027-01-20T00:00:00.000Z",
          "backOrderLimit": 50
        }
    """
    if not instance(record, "record", of=InventoryRecord).channel:
        raise refused("channel", "must be given: 12 is the US, 13 is Canada", record.channel, code="field.missing")
    if record.network:
        raise refused("network", "must be empty: the second API knows no network", record.network, code="fabric.unsaid")
    _refuse_no_stock(record)
    return encode(_body(record, _V2, first_names=("channel", "item_id", "location", "sku")))


def write_inventory_v3(record: InventoryRecord, /) -> str:
    """Write the request of the third API that creates an inventory.

    Args:
        record: The inventory. Its channel goes into the header ``x-fabric-channel-id`` of the call. What fabric itself
            sets (its id, its status, virtual counters, when it was created and changed) is not written.

    Returns:
        A JSON object with what is said, and ``hasInfiniteInventory`` always.

    Raises:
        InvalidArgument: If the location or the item id is no number, a number has more than 32 bits, there are no
            counters or no SKU, there is a segment, which the third API does not know, it is marked as out of stock, or
            a date has parts of a millisecond.

    Source:
        fabric OMS v3, create inventory. Its words ask for a SKU or an item id, its schema asks for the SKU.

    Examples:
        Nine on hand:

        >>> from preorder_kit.adapters.fabric import InventoryRecord, write_inventory_v3
        >>> print(write_inventory_v3(InventoryRecord(sku="CD", location="175", counters={"onHand": 9})))
        {
          "counters": {
            "onHand": 9
          },
          "locationNumber": 175,
          "sku": "CD",
          "hasInfiniteInventory": false
        }

        A segment has no field there:

        >>> write_inventory_v3(InventoryRecord(sku="CD", location="175", counters={"onHand": 9}, segment="B2B"))
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: segment: must be empty: the third API knows no segment (got 'B2B')
    """
    instance(record, "record", of=InventoryRecord)
    for name in ("counters", "sku"):
        if not getattr(record, name):
            raise refused(name, "must be given: the third API asks for it", getattr(record, name), code="field.missing")
    if record.segment:
        raise refused("segment", "must be empty: the third API knows no segment", record.segment, code="fabric.unsaid")
    _refuse_no_stock(record)
    _refuse_long(record)
    body = _body(record, _V3, first_names=("counters", "location", "sku", "item_id"), most=MOST_INT32)
    return encode({key: value for key, value in body.items() if key != _V3["channel"]})


def _refuse_no_stock(record: InventoryRecord) -> None:
    if record.has_no_stock:
        requirement = "must be left out: an inventory is not created as out of stock; give its counters"
        raise refused("has_no_stock", requirement, record.has_no_stock, code="fabric.unsaid")


def _refuse_long(record: InventoryRecord) -> None:
    """Refuse units of more than 32 bits."""
    numbers = {name: getattr(record, name) for name in _LIMITS}
    numbers |= {f"counters[{name!r}]": number for name, number in record.counters.items()}
    for path, number in numbers.items():
        if number is not None and abs(number) > MOST_INT32:
            raise refused(path, f"must be <= {MOST_INT32}", number, code="fabric.number")


_WRITTEN = (
    "item_id",
    "sku",
    "location",
    "channel",
    "region",
    "segment",
    "vendor",
    "lead_time",
    "kind",
    "is_infinite",
    "backorder_at",
    "preorder_at",
    "backorder_limit",
    "preorder_limit",
    "safety_stock",
    "low_stock",
    "network",
    "counters",
    "attributes",
)


def _body(
    record: InventoryRecord, names: Mapping[str, str], *, first_names: Sequence[str], most: int | None = None
) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in dict.fromkeys((*first_names, *_WRITTEN))}
    values["location"] = number_of(record.location, "location", most=most)
    values["item_id"] = number_of(record.item_id, "item_id", least=1, most=most) if record.item_id else None
    for name in ("backorder_at", "preorder_at"):
        values[name] = None if values[name] is None else instant_text(values[name], name)
    values["counters"] = dict(record.counters) or None
    values["attributes"] = {name: _attribute(value) for name, value in record.attributes.items()} or None
    return filled({names[name]: value for name, value in values.items()})


def _attribute(value: str) -> str | bool:
    return {"true": True, "false": False}.get(value, value)


def _is_second(root: Any) -> bool:
    item = first(root) or root
    return has(item, _V2["location"]) and any(has(item, key) for key in ("counters", _V2["is_infinite"]))


def _is_third(root: Any) -> bool:
    item, keys = first(root) or root, ("counters", "virtualCounters", _V3["is_infinite"])
    return has(item, _V3["location"]) and not _is_second(item) and any(has(item, key) for key in keys)


def _is_page(root: Any) -> bool:
    items = [first(held(root, name)) for name in _PAGES]
    return any(_is_second(item) or _is_third(item) for item in items)


_FORMATS = tuple(
    WireFormat(name=name, holds=holds, recognises=recognises, read=read_inventories, supply_of=inventory_supplies)
    for name, holds, recognises in (
        ("fabric-inventory-v2", "counters, limits and dates of items", _is_second),
        ("fabric-inventory-v3", "counters, limits and dates of items", _is_third),
        ("fabric-inventory-page", "counters, limits and dates of items", _is_page),
    )
)
