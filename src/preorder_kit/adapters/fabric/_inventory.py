"""Inventories of the second and third API: counters, limits and dates of one item at one location and channel."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import attrs

from ..._checks import (
    FrozenMapping,
    checked,
    instance,
    instant,
    mapping,
    optional,
    refused,
    rule,
    text,
    units,
)
from ...quantities import UNLIMITED, Quantity

__all__ = ["CounterDifference", "InventoryRecord", "available_to_purchase", "counter_differences"]

ON_HAND, ALLOCATED, SHIPPED = "onHand", "allocated", "shipped"
TO_PURCHASE, TO_BACKORDER, TO_PREORDER = "availableToPurchase", "availableBackorder", "availablePreorder"


def _counters(value: object, path: str) -> FrozenMapping[str, int]:
    found = mapping(value, path, key=text, check=_any_units)
    for name, number in found.items():
        if name != ON_HAND and number < 0:
            raise refused(f"{path}[{name!r}]", "must be >= 0", number, code="units.invalid")
    return found


def _any_units(value: object, path: str) -> int:
    return units(value, path, least=None)


def _texts(value: object, path: str) -> FrozenMapping[str, str]:
    return mapping(value, path, key=text, check=_any_text)


def _any_text(value: object, path: str) -> str:
    return text(value, path, empty=True)


@attrs.frozen(kw_only=True, field_transformer=checked)
class InventoryRecord:
    """What fabric holds of one item at one location and sales channel. ``None`` and an empty text are not said.

    Attributes:
        id: The inventory's own id.
        sku: The SKU; it may be empty if there is an item id.
        item_id: The item's id.
        location: The location's number.
        channel: The sales channel: 12 is the US, 13 is Canada.
        region: Where the inventory is managed.
        segment: A classifier of the second API.
        vendor: Who replenishes it.
        kind: A classifier that the merchant defines, called type or inventory type.
        network: The code of the network it belongs to, in the third API.
        lead_time: How long replenishment takes, as sent: ``5`` or ``5 days``.
        status: The status as sent; see `status_availability`.
        is_infinite: Whether there is no bound to what may be sold.
        has_no_stock: Whether none of it is for sale from stock, whatever the counters say.
        backorder_at: When backorders ship.
        preorder_at: When pre-orders ship.
        backorder_limit: How many units may be backordered.
        preorder_limit: How many units may be pre-ordered.
        safety_stock: Units that are not sold.
        low_stock: Stock below this number is low.
        counters: The counters by name: ``onHand``, ``allocated``, ``shipped`` and the merchant's own. All but the first
            are >= 0 and are taken off it.
        virtual: What fabric computes of them, by name: ``availableToPurchase``, ``availableBackorder``,
            ``availablePreorder``; below 0 where more is sold than there is.
        attributes: The merchant's own attributes as text, flags as ``true`` and ``false``.
        created_at: When it was created.
        updated_at: When it last changed.

    Raises:
        InvalidArgument: If a field breaks its rule, or there is neither a SKU nor an item id.
    """

    id: str = attrs.field(default="", metadata=rule(text, empty=True))
    sku: str = attrs.field(default="", metadata=rule(text, empty=True))
    item_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    location: str = attrs.field(metadata=rule(text))
    channel: str = attrs.field(default="", metadata=rule(text, empty=True))
    region: str = attrs.field(default="", metadata=rule(text, empty=True))
    segment: str = attrs.field(default="", metadata=rule(text, empty=True))
    vendor: str = attrs.field(default="", metadata=rule(text, empty=True))
    kind: str = attrs.field(default="", metadata=rule(text, empty=True))
    network: str = attrs.field(default="", metadata=rule(text, empty=True))
    lead_time: str = attrs.field(default="", metadata=rule(text, empty=True))
    status: str = attrs.field(default="", metadata=rule(text, empty=True))
    is_infinite: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    has_no_stock: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    backorder_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    preorder_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    backorder_limit: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    preorder_limit: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    safety_stock: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    low_stock: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    counters: Mapping[str, int] = attrs.field(default=FrozenMapping(), metadata=rule(_counters))
    virtual: Mapping[str, int] = attrs.field(
        default=FrozenMapping(), metadata=rule(mapping, key=text, check=_any_units)
    )
    attributes: Mapping[str, str] = attrs.field(default=FrozenMapping(), metadata=rule(_texts))
    created_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    updated_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))

    def __attrs_post_init__(self) -> None:
        if not self.sku and not self.item_id:
            raise refused("sku", "must be given, or item_id must", self.sku, code="field.missing")

    @property
    def lead_days(self) -> int | None:
        """How many days replenishment takes; ``None`` if that is not said in days or weeks."""
        found = re.fullmatch(r"([0-9]{1,4})\s*(days?|weeks?)?", self.lead_time.strip().lower())
        if found is None:
            return None
        return int(found[1]) * (7 if (found[2] or "").startswith("week") else 1)


def owed(record: InventoryRecord) -> list[int]:
    """Return the units that are spoken for, by counter: those allocated and the merchant's own."""
    return [number for name, number in record.counters.items() if name not in {ON_HAND, SHIPPED} and number]


def there(record: InventoryRecord) -> int:
    """Return the units in the building: those that came less those that left."""
    return record.counters[ON_HAND] - record.counters.get(SHIPPED, 0)


def available_to_purchase(record: InventoryRecord, /) -> Quantity | None:
    """Compute what may be purchased: on hand, less allocated, shipped, safety stock and the merchant's own counters.

    Args:
        record: The inventory.

    Returns:
        Units, below 0 where more is sold than may be; `UNLIMITED` for infinite inventory. Without an ``onHand``
        counter, what fabric sent as ``availableToPurchase``; ``None`` if it sent neither.

    Raises:
        InvalidArgument: If ``record`` is of another type.

    Source:
        fabric OMS, inventory setup and the developer guide on counters.

    Examples:
        Thirty came, twenty left, ten are allocated, and two are to stay: two too many are sold.

        >>> from preorder_kit.adapters.fabric import InventoryRecord, available_to_purchase
        >>> counters = {"onHand": 30, "allocated": 10, "shipped": 20}
        >>> available_to_purchase(InventoryRecord(sku="CD", location="175", counters=counters, safety_stock=2))
        -2

        No bound:

        >>> available_to_purchase(InventoryRecord(sku="CD", location="175", is_infinite=True))
        UNLIMITED
    """
    if instance(record, "record", of=InventoryRecord).is_infinite:
        return UNLIMITED
    if ON_HAND not in record.counters:
        return record.virtual.get(TO_PURCHASE)
    return there(record) - sum(owed(record)) - (record.safety_stock or 0)


@attrs.frozen(kw_only=True, field_transformer=checked)
class CounterDifference:
    """A virtual counter that is not what its parts say.

    Attributes:
        name: The counter.
        sent: What fabric sent.
        computed: What the counters and limits say; for backorders and pre-orders the most that it can be.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    name: str = attrs.field(metadata=rule(text))
    sent: int = attrs.field(metadata=rule(_any_units))
    computed: int = attrs.field(metadata=rule(_any_units))


def counter_differences(record: InventoryRecord, /) -> tuple[CounterDifference, ...]:
    """Compare the virtual counters that fabric sent with what counters and limits say.

    ``availableToPurchase`` must be what `available_to_purchase` computes. ``availableBackorder`` and
    ``availablePreorder`` begin at their limits and fall as units are sold: they must not be more.

    Args:
        record: The inventory.

    Returns:
        What differs; empty for infinite inventory, and for counters and limits that were not sent.

    Raises:
        InvalidArgument: If ``record`` is of another type.

    Source:
        fabric OMS, inventory setup.

    Examples:
        One unit too many, and a limit that is passed:

        >>> from preorder_kit.adapters.fabric import InventoryRecord, counter_differences
        >>> record = InventoryRecord(
        ...     sku="CD", location="175", counters={"onHand": 5, "allocated": 1}, backorder_limit=50,
        ...     virtual={"availableToPurchase": 5, "availableBackorder": 60})
        >>> [(found.name, found.sent, found.computed) for found in counter_differences(record)]
        [('availableToPurchase', 5, 4), ('availableBackorder', 60, 50)]
    """
    available = available_to_purchase(record)
    if available is UNLIMITED:
        return ()
    sent = record.virtual
    found = [
        CounterDifference(name=name, sent=sent[name], computed=limit)
        for name, limit in ((TO_BACKORDER, record.backorder_limit), (TO_PREORDER, record.preorder_limit))
        if limit is not None and sent.get(name, 0) > limit
    ]
    if available is not None and sent.get(TO_PURCHASE, available) != available:
        found.insert(0, CounterDifference(name=TO_PURCHASE, sent=sent[TO_PURCHASE], computed=available))
    return tuple(found)
