"""The single item read of the first inventory API: one item at all of its locations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from ..._checks import FrozenMapping, checked, instance, rule, sequence, text, units
from ..._documents import Fields, count, identifier, truth
from ..._wire import WireFormat, has
from ..._zones import zone_info
from ...quantities import UNLIMITED
from ...stock import SellRules, Stock, derive_stock
from ...supply import Commitment, Receipt, Supply, pool
from ._spelling import as_text, built, built_or_refused, opened_one, written_day

__all__ = ["ChannelShare", "ItemInventory", "ItemLocation", "item_stock", "read_item_inventory"]

TO_WAIT = SellRules(backorder_limit=UNLIMITED, few_below=0)  # as long as units are in transit


@attrs.frozen(kw_only=True, field_transformer=checked)
class ChannelShare:
    """What a sales channel holds of an item's stock at a location.

    Attributes:
        channel: The sales channel.
        reserved: Units of the stock that are reserved through it.
        share: How much of the stock the channel may sell, as sent; empty if it is not said.
        measure: What ``share`` counts, as in ``percent``; empty if it is not said.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    channel: str = attrs.field(metadata=rule(text))
    reserved: int = attrs.field(default=0, metadata=rule(units))
    share: str = attrs.field(default="", metadata=rule(text, empty=True))
    measure: str = attrs.field(default="", metadata=rule(text, empty=True))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ItemLocation:
    """What one location has of an item, and what it will have.

    Attributes:
        id: The location.
        name: What it is called; empty if it is not said.
        is_active: Whether it takes part.
        channels: What each sales channel holds of its stock.
        supply: The stock, the reserved units of each channel as a commitment without an owner, and what is in transit.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    name: str = attrs.field(default="", metadata=rule(text, empty=True))
    is_active: bool = attrs.field(default=True, metadata=rule(instance, of=bool))
    channels: Sequence[ChannelShare] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=ChannelShare))
    supply: Supply = attrs.field(metadata=rule(instance, of=Supply))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ItemInventory:
    """One item at all of its locations.

    Attributes:
        item_id: The item's id; empty if it is not said.
        sku: Its SKU, or its id if it has none.
        title: What it is called; empty if it is not said.
        locations: Its locations, in the order they were sent.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    item_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    sku: str = attrs.field(metadata=rule(text))
    title: str = attrs.field(default="", metadata=rule(text, empty=True))
    locations: Sequence[ItemLocation] = attrs.field(metadata=rule(sequence, check=instance, of=ItemLocation))

    @property
    def supplies(self) -> Mapping[str, Supply]:
        """Location -> supply, of those that take part."""
        return FrozenMapping({place.id: place.supply for place in self.locations if place.is_active})


def read_item_inventory(document: str | bytes, /, *, zone: str = "UTC") -> ItemInventory:
    """Read the inventory of a single item.

    ``inStock`` is on hand; what a channel has reserved of it is a commitment without an owner. Each entry of
    ``inTransit`` is a `Receipt` on its stock date; what can still be sold of it is its quantity less its reserved one.

    Args:
        document: The reply, as text or UTF-8 bytes.
        zone: The time zone in which an instant that is no midnight is a day. A midnight is the day that is written.

    Returns:
        The item; a location that takes no part is there too, and not among its ``supplies``.

    Raises:
        InvalidDocument: If it is no such reply; with all of its problems and their paths.

    Source:
        fabric OMS v1, retrieve inventory of single item. That ``inStock`` counts reserved units too is inferred from
        the import, whose total does.

    Examples:
        Nothing there, forty on order, six of them spoken for:

        >>> from preorder_kit.adapters.fabric import read_item_inventory
        >>> item = read_item_inventory('''{"itemId": 7, "sku": "CD", "inlocations": [{"inStock": 0,
        ...     "location": {"locationId": 175}, "inTransit": [{"inTransitRef": "PO2002", "orderQuantity": 40,
        ...     "quantityReserved": 6, "stockDate": "2027-01-20T00:00:00.000Z"}]}]}''')
        >>> [receipt] = item.supplies["175"].receipts
        >>> print(receipt.quantity - receipt.reserved, receipt.expected)
        34 2027-01-20
    """
    place = zone_info(zone, "zone")
    fields = opened_one(document, 'must be the inventory of an item: {"inlocations": [...]}', keys=("inlocations",))
    item_id = fields.read("itemId", identifier, default="")
    sku = fields.read("sku", identifier, default=item_id)
    if not sku:
        fields.complain("sku", "field.missing", "is missing, and itemId too")
    found = [_location(inner, sku, place) for inner in fields.objects("inlocations")]
    _refuse_repeated(found)
    return built_or_refused(
        fields,
        ItemInventory,
        {},
        item_id=item_id,
        sku=sku,
        title=fields.read("title", as_text, default=""),
        locations=[location for _, location in found if location is not None],
    )


def _location(fields: Fields, sku: str, zone: ZoneInfo) -> tuple[Fields, ItemLocation | None]:
    on_hand = fields.read("inStock", count)
    shares = [_share(inner) for inner in fields.objects("channel")]
    receipts = [_receipt(inner, sku, zone) for inner in fields.objects("inTransit")]
    place = fields.object("location")
    if place is None:
        if not fields.holds("location"):
            fields.complain("location", "field.missing", "is missing")
        return fields, None
    place_id = place.read("locationId", identifier)
    name = place.read("name", as_text, default="")
    is_active = place.read("isActive", truth, default=True)
    if not fields.is_sound or not sku:
        return fields, None
    channels = [share for share in shares if share is not None]
    supply = Supply(
        on_hand={sku: on_hand},
        receipts=[receipt for receipt in receipts if receipt is not None],
        commitments=[Commitment(sku=sku, quantity=share.reserved) for share in channels if share.reserved],
    )
    return fields, ItemLocation(id=place_id, name=name, is_active=is_active, channels=channels, supply=supply)


def _share(fields: Fields) -> ChannelShare | None:
    allocation = fields.object("allocation")
    return built(
        fields,
        ChannelShare,
        {},
        channel=fields.read("channelId", identifier),
        reserved=fields.read("quantityReserved", count, default=0),
        share="" if allocation is None else allocation.read("unit", as_text, default=""),
        measure="" if allocation is None else allocation.read("mou", as_text, default=""),
    )


_RECEIPT = {"quantity": "orderQuantity", "reserved": "quantityReserved", "reference": "inTransitRef"}


def _receipt(fields: Fields, sku: str, zone: ZoneInfo) -> Receipt | None:
    return built(
        fields,
        Receipt,
        _RECEIPT,
        sku=sku or "?",  # an item without a SKU has a problem of its own
        quantity=fields.read("orderQuantity", count),
        reserved=fields.read("quantityReserved", count, default=0),
        expected=fields.read("stockDate", written_day, zone=zone),
        ordered=fields.read("orderDate", written_day, zone=zone, default=None),
        reference=fields.read("inTransitRef", identifier, default=""),
    )


def _refuse_repeated(found: Sequence[tuple[Fields, ItemLocation | None]]) -> None:
    seen: set[str] = set()
    for fields, location in found:
        if location is not None and location.id in seen:
            message = f"must not come twice: an earlier entry says what is at location {location.id}"
            fields.complain("location.locationId", "fabric.repeated", message, location.id)
        seen.add("" if location is None else location.id)


def item_stock(item: ItemInventory, /, *, at: dt.datetime, rules: SellRules = TO_WAIT) -> Stock:
    """Say what can be sold of an item: what is there, then what is in transit.

    Args:
        item: The item; its active locations count.
        at: Now.
        rules: How the shop sells; by default all that is in transit and not reserved may be sold to wait.

    Returns:
        The reading: in stock, or a backorder of the units in transit, or sold out when none are left.

    Raises:
        InvalidArgument: If ``at`` has no offset.

    Source:
        fabric OMS, the page on pre-order and backorder: the cart is open while units are in transit.

    Examples:
        Two are there, thirty-four can be sold to wait:

        >>> import datetime as dt
        >>> from preorder_kit import Receipt, Supply
        >>> from preorder_kit.adapters.fabric import ItemInventory, ItemLocation, item_stock
        >>> receipt = Receipt(sku="CD", quantity=40, reserved=6, expected=dt.date(2027, 1, 20))
        >>> place = ItemLocation(id="175", supply=Supply(on_hand={"CD": 2}, receipts=[receipt]))
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> stock = item_stock(ItemInventory(sku="CD", locations=[place]), at=now)
        >>> print(stock.availability, stock.quantity, stock.later)
        in_stock 2 34

        No location, nothing to sell:

        >>> print(item_stock(ItemInventory(sku="CD", locations=[]), at=now).availability)
        out_of_stock
    """
    there = pool(instance(item, "item", of=ItemInventory).supplies)
    return derive_stock(
        on_hand=there.on_hand.get(item.sku, 0),
        committed=sum(owed.quantity for owed in there.commitments),
        incoming=sum(receipt.quantity - receipt.reserved for receipt in there.receipts),
        rules=rules,
        at=at,
    )


def _is_item(root: Any) -> bool:
    return has(root, "inlocations")


_FORMATS = (
    WireFormat(
        name="fabric-item-inventory",
        holds="one item, in stock and in transit, by location",
        recognises=_is_item,
        read=read_item_inventory,
        supply_of=attrgetter("supplies"),
    ),
)
