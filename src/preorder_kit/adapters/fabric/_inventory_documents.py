"""Inventories of the second and third API, read and written: one value, two spellings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._checks import instance, refused
from ..._documents import Fields, change, count, encode, identifier, truth
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ._inventory import InventoryRecord
from ._spelling import as_text, built, filled, instant_text, number_of, opened, utc_instant

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
_MOST_ITEM = 2**31 - 1


def read_inventories(document: str | bytes, /) -> Read[Sequence[InventoryRecord]]:
    """Read inventories: one, a list of them, or a page of those that were found.

    Both spellings are known, that of the second API (``locationNum``, ``backOrderLimit``) and that of the third
    (``locationNumber``, ``backorderLimit``). Flags and numbers may be text, dates may be null; an instant without an
    offset is in UTC.

    Args:
        document: The inventory, the list or the page (``{"pagination": ..., "data": [...]}``), as text or UTF-8 bytes.

    Returns:
        The inventories that are sound, in the order they were sent, and a problem for each field that is not. Whether
        there are more pages, the page's ``pagination`` says: it is not read.

    Raises:
        InvalidDocument: If it is no such document.

    Source:
        fabric OMS v2, create inventory; v3, create inventory, find and search inventories.

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
    rows, problems = opened(document, expected, keys=_KEYS, under="data")
    records = [_record(fields) for fields in rows]
    return Read(tuple(record for record in records if record is not None), tuple(problems))


def _record(fields: Fields) -> InventoryRecord | None:
    names = _V2 if any(fields.holds(_V2[name]) for name in ("location", "is_infinite", "backorder_limit")) else _V3
    values: dict[str, Any] = {"location": fields.read(names["location"], identifier)}
    for name in ("id", "sku", "item_id", "channel", "vendor", "network"):
        values[name] = fields.read(names[name], identifier, default="")
    for name in ("region", "segment", "kind", "lead_time", "status"):
        values[name] = fields.read(names[name], as_text, default="")
    for name in ("backorder_limit", "preorder_limit", "safety_stock", "low_stock"):
        values[name] = fields.read(names[name], count, default=None)
    for name in ("backorder_at", "preorder_at", "created_at", "updated_at"):
        values[name] = fields.read(names[name], utc_instant, default=None)
    for name in ("counters", "virtual"):
        values[name] = _numbers(fields.object(names[name]))
    values["attributes"] = _attributes(fields.object(names["attributes"]))
    values["is_infinite"] = fields.read(names["is_infinite"], truth, default=False)
    return built(fields, InventoryRecord, names, **values)


def _numbers(fields: Fields | None) -> dict[str, int]:
    """Return the counters that say something, by name."""
    names = [] if fields is None else [name for name in fields._node if fields.holds(name)]
    return {name: fields.read(name, change) for name in names} if fields is not None else {}


def _attributes(fields: Fields | None) -> dict[str, str]:
    if fields is None:
        return {}
    return {name: fields.read(name, as_text, default="") for name in fields._node if fields.holds(name)}


def write_inventory_v2(record: InventoryRecord, /) -> str:
    """Write the request of the second API that creates an inventory.

    Args:
        record: The inventory. What fabric itself sets (its id, its status, virtual counters, when it was created and
            changed) is not written.

    Returns:
        A JSON object with what is said, and ``infiniteInventory`` always.

    Raises:
        InvalidArgument: If the location or the item id is no number, the channel is missing, there is a network, which
            the second API does not know, or a date has parts of a millisecond.

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
    return encode(_body(record, _V2, first_names=("channel", "item_id", "location", "sku")))


def write_inventory_v3(record: InventoryRecord, /) -> str:
    """Write the request of the third API that creates an inventory.

    Args:
        record: The inventory. Its channel goes into the header ``x-fabric-channel-id`` of the call. What fabric itself
            sets (its id, its status, virtual counters, when it was created and changed) is not written.

    Returns:
        A JSON object with what is said, and ``hasInfiniteInventory`` always.

    Raises:
        InvalidArgument: If the location or the item id is no number, there are no counters, there is a segment, which
            the third API does not know, or a date has parts of a millisecond.

    Source:
        fabric OMS v3, create inventory.

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
    if not instance(record, "record", of=InventoryRecord).counters:
        requirement = "must be given: the third API asks for them"
        raise refused("counters", requirement, record.counters, code="field.missing")
    if record.segment:
        raise refused("segment", "must be empty: the third API knows no segment", record.segment, code="fabric.unsaid")
    body = _body(record, _V3, first_names=("counters", "location", "sku", "item_id"))
    return encode({key: value for key, value in body.items() if key != _V3["channel"]})


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


def _body(record: InventoryRecord, names: Mapping[str, str], *, first_names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in dict.fromkeys((*first_names, *_WRITTEN))}
    values["location"] = number_of(record.location, "location")
    values["item_id"] = number_of(record.item_id, "item_id", least=1, most=_MOST_ITEM) if record.item_id else None
    for name in ("backorder_at", "preorder_at"):
        values[name] = None if values[name] is None else instant_text(values[name], name)
    values["counters"] = dict(record.counters) or None
    values["attributes"] = {name: _attribute(value) for name, value in record.attributes.items()} or None
    return filled({names[name]: value for name, value in values.items()})


def _attribute(value: str) -> str | bool:
    return {"true": True, "false": False}.get(value, value)


def _is_second(root: Any) -> bool:
    return has(root, _V2["location"]) and any(has(root, key) for key in ("counters", _V2["is_infinite"]))


def _is_third(root: Any) -> bool:
    keys = ("counters", "virtualCounters", _V3["is_infinite"])
    return has(root, _V3["location"]) and not _is_second(root) and any(has(root, key) for key in keys)


def _is_page(root: Any) -> bool:
    return has(root, "pagination") and _is_third(first(held(root, "data")))


_FORMATS = tuple(
    WireFormat(name=name, holds=holds, recognises=recognises, read=read_inventories)
    for name, holds, recognises in (
        ("fabric-inventory-v2", "counters, limits and dates of an item", _is_second),
        ("fabric-inventory-v3", "counters, limits and dates of an item", _is_third),
        ("fabric-inventory-page", "counters, limits and dates of items", _is_page),
    )
)
