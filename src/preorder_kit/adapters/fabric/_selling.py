"""What can be sold of an inventory: its counters, limits and dates as rules, readings and supplies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import attrs

from ..._checks import FrozenMapping, instance, sequence
from ..._zones import local_day, zone_info
from ...quantities import UNLIMITED, Quantity, add_units
from ...stock import Availability, BeforeStreetDate, SellRules, Stock, derive_stock
from ...supply import Commitment, Receipt, Supply
from ._inventory import ON_HAND, TO_BACKORDER, TO_PREORDER, TO_PURCHASE, InventoryRecord, owed, there

__all__ = ["backorder_receipt", "inventory_rules", "inventory_stock", "inventory_supplies"]


def inventory_rules(record: InventoryRecord, /) -> SellRules:
    """Return how an inventory is sold.

    Args:
        record: The inventory.

    Returns:
        Its safety stock, what is left of its limits (the virtual counters where they were sent, else the limits, else
        0), and its low stock as the bound of few. Infinite inventory has no limits, if it is not marked as out of
        stock. Stock that is there before pre-orders ship is sold, as fabric does.

    Raises:
        InvalidArgument: If ``record`` is of another type.

    Examples:
        Twelve of fifty backorders are left:

        >>> from preorder_kit.adapters.fabric import InventoryRecord, inventory_rules
        >>> virtual = {"availableBackorder": 12}
        >>> rules = inventory_rules(
        ...     InventoryRecord(sku="CD", location="175", backorder_limit=50, low_stock=5, virtual=virtual))
        >>> rules.backorder_limit, rules.preorder_limit, rules.few_below
        (12, 0, 5)
    """
    endless = instance(record, "record", of=InventoryRecord).is_infinite and not record.has_no_stock
    return SellRules(
        safety_stock=(record.safety_stock or 0) if ON_HAND in record.counters else 0,  # taken off what was sent
        backorder_limit=UNLIMITED if endless else _left(record, TO_BACKORDER, record.backorder_limit),
        preorder_limit=UNLIMITED if endless else _left(record, TO_PREORDER, record.preorder_limit),
        few_below=record.low_stock or 0,
        before_street_date=BeforeStreetDate.SELL,
    )


def _left(record: InventoryRecord, name: str, limit: int | None) -> int:
    return max(0, record.virtual.get(name, limit or 0))


def inventory_stock(record: InventoryRecord, /, *, at: dt.datetime) -> Stock:
    """Say what can be sold of an inventory: from its counters, its limits and its dates.

    What is there less what shipped is on hand; allocated units and the merchant's own counters are committed.
    Pre-orders are sold until they ship, backorders from then on, or if there is no such date. Where nothing else can be
    sold and pre-orders are open without a date, it is a pre-order.

    Args:
        record: The inventory.
        at: Now.

    Returns:
        The reading. Units that are allocated and not there are ``oversold``; safety stock that is sold is not missing.
        Of what is marked as out of stock, none is sold but to wait.
        Where ``availableToPurchase`` alone was sent, what it lacks is oversold. Where neither it nor ``onHand`` was and
        nothing may wait, it is unknown.

    Raises:
        InvalidArgument: If ``at`` has no offset.

    Source:
        fabric OMS, inventory setup: the virtual counters; user guide on inventory: the statuses.

    Examples:
        All is sold but the safety stock; fifty may be backordered:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fabric import InventoryRecord, inventory_stock
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> record = InventoryRecord(
        ...     sku="CD", location="175", safety_stock=2, backorder_limit=50,
        ...     counters={"onHand": 30, "allocated": 10, "shipped": 20})
        >>> inventory_stock(record, at=now)
        Stock(availability=<Availability.BACKORDER: 'backorder'>, quantity=50, later=0, oversold=0)

        Nothing to purchase, backorder or pre-order, and three too many sold:

        >>> record = InventoryRecord(sku="CD", location="175", virtual={"availableToPurchase": -3})
        >>> inventory_stock(record, at=now)
        Stock(availability=<Availability.OUT_OF_STOCK: 'out_of_stock'>, quantity=0, later=0, oversold=3)
    """
    rules, on_hand = inventory_rules(record), _there(record)
    stock = derive_stock(
        on_hand=on_hand or 0, committed=sum(_owed(record)), rules=rules, street_date=record.preorder_at, at=at
    )
    if stock.is_available:
        return stock
    if record.preorder_at is None and rules.preorder_limit > 0:
        return attrs.evolve(stock, availability=Availability.PREORDER, quantity=rules.preorder_limit)
    return stock if on_hand is not None else Stock(availability=Availability.UNKNOWN, quantity=None)


def _there(record: InventoryRecord) -> Quantity | None:
    """Return what is in the building, or what is left of it where that alone was sent; ``None`` if neither was.

    Of what is marked as out of stock, no more than is spoken for.
    """
    if record.is_infinite and not record.has_no_stock:
        return UNLIMITED
    known = there(record) if ON_HAND in record.counters else record.virtual.get(TO_PURCHASE)
    spoken_for = sum(_owed(record))
    return min(spoken_for if known is None else known, spoken_for) if record.has_no_stock else known


def _owed(record: InventoryRecord) -> list[int]:
    """Return the units that are spoken for and not yet taken off what is there."""
    return owed(record) if ON_HAND in record.counters or record.is_infinite else []


def inventory_supplies(records: Iterable[InventoryRecord], /) -> Mapping[str, Supply]:
    """Return what locations have by their inventories; several items and channels of one location are put together.

    What is there less what shipped is on hand; allocated units and each of the merchant's own counters are commitments
    without an owner. Limits and dates are how it is sold, not what there is: see `inventory_rules` and
    `backorder_receipt`.

    Args:
        records: The inventories. Without an ``onHand`` counter, on hand is what fabric sent as ``availableToPurchase``,
            which safety stock and all commitments have been taken off. Of one that is marked as out of stock, no more
            is on hand than is spoken for.

    Returns:
        Location -> supply, in the order of the records.

    Raises:
        InvalidArgument: If an item of ``records`` is none.

    Examples:
        Two channels of one location:

        >>> from preorder_kit.adapters.fabric import InventoryRecord, inventory_supplies
        >>> records = [
        ...     InventoryRecord(sku="CD", location="175", channel="12", counters={"onHand": 9, "shipped": 4}),
        ...     InventoryRecord(sku="CD", location="175", channel="13", counters={"onHand": 3, "allocated": 2})]
        >>> supply = inventory_supplies(records)["175"]
        >>> supply.on_hand, [owed.quantity for owed in supply.commitments]
        ({'CD': 8}, [2])
    """
    by_location: dict[str, list[InventoryRecord]] = {}
    for record in sequence(records, "records", check=instance, of=InventoryRecord):
        by_location.setdefault(record.location, []).append(record)
    return FrozenMapping({location: _supply(found) for location, found in by_location.items()})


def _supply(records: Sequence[InventoryRecord]) -> Supply:
    on_hand: dict[str, Quantity] = {}
    safety: dict[str, int] = {}
    commitments = []
    for record in records:
        sku, units_there = record.sku or record.item_id, _there(record)
        if units_there is not None:
            on_hand[sku] = add_units([on_hand.get(sku, 0), units_there])
        safety[sku] = safety.get(sku, 0) + inventory_rules(record).safety_stock
        commitments += [Commitment(sku=sku, quantity=units_owed) for units_owed in _owed(record)]
    return Supply(on_hand=on_hand, commitments=commitments, safety_stock=safety)


def backorder_receipt(record: InventoryRecord, /, *, zone: str) -> Receipt | None:
    """Return what backorders of an inventory are served from, as if it were on order: what is left, on its day.

    Put it into the receipts of a supply to promise backorders the day on which fabric ships them. No purchase order
    needs to stand behind it.

    Args:
        record: The inventory.
        zone: The IANA name of the location's time zone, in which the instant is a day.

    Returns:
        The receipt; ``None`` if there is no such day or nothing is left to backorder, or there is no bound to it.

    Raises:
        InvalidArgument: If ``zone`` is no time zone.

    Examples:
        Fifty by the twentieth; nothing without a day:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fabric import InventoryRecord, backorder_receipt
        >>> at = dt.datetime(2027, 1, 20, 12, tzinfo=dt.timezone.utc)
        >>> record = InventoryRecord(sku="CD", location="175", backorder_limit=50, backorder_at=at)
        >>> receipt = backorder_receipt(record, zone="America/New_York")
        >>> print(receipt.quantity, receipt.expected)
        50 2027-01-20
        >>> backorder_receipt(InventoryRecord(sku="CD", location="175", backorder_limit=50), zone="UTC") is None
        True
    """
    left = inventory_rules(record).backorder_limit
    place = zone_info(zone, "zone")
    if record.backorder_at is None or left is UNLIMITED or not left:
        return None
    day = local_day(record.backorder_at, place, "backorder_at")
    return Receipt(sku=record.sku or record.item_id, quantity=left, expected=day)
