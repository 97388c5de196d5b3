"""The multi item read of the first inventory API: several items, each with the quantity that is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from ..._checks import FrozenMapping, checked, instance, mapping, optional, refused, rule, sequence, text, units
from ..._checks import day as check_day
from ..._documents import Fields, count, encode, identifier, truth
from ..._wire import WireFormat, first, has, held
from ..._zones import zone_info
from ...errors import Read
from ...stock import Quote, RefusalReason
from ._spelling import as_texts, built, built_or_refused, known_channel, opened, opened_one, written_day

__all__ = [
    "AvailabilityRequest",
    "ItemAvailability",
    "StockSource",
    "read_availability_request",
    "read_item_availability",
    "write_availability_request",
]


def write_availability_request(quantities: Mapping[str, int], /, *, channel: int = 12) -> str:
    """Write the request that asks for several items, each with a quantity.

    Args:
        quantities: Item id -> units wanted, >= 1.
        channel: The sales channel: 12 is the US, 13 is Canada.

    Returns:
        A JSON object; the items keep their order.

    Raises:
        InvalidArgument: If there is no item, a quantity is below 1, or ``channel`` is not known.

    Source:
        fabric OMS v1, get inventories: ids are text in the request and numbers in the reply.

    Examples:
        Four of one item:

        >>> from preorder_kit.adapters.fabric import write_availability_request
        >>> print(write_availability_request({"1597422": 4}))
        {
          "items": [
            {
              "itemId": "1597422",
              "quantity": 4
            }
          ],
          "channelId": 12
        }
    """
    wanted = _quantities(quantities, "quantities")
    if not wanted:
        raise refused("quantities", "must name an item", quantities, code="fabric.empty")
    items = [{"itemId": item, "quantity": quantity} for item, quantity in wanted.items()]
    return encode({"items": items, "channelId": known_channel(channel, "channel")})


def _quantities(value: object, path: str) -> FrozenMapping[str, int]:
    return mapping(value, path, key=text, check=partial(units, least=1))


@attrs.frozen(kw_only=True, field_transformer=checked)
class AvailabilityRequest:
    """What is asked of several items.

    Attributes:
        quantities: Item id -> units wanted, >= 1.
        channel: The sales channel, as in ``12``.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    quantities: Mapping[str, int] = attrs.field(metadata=rule(_quantities))
    channel: int = attrs.field(metadata=rule(units))


def read_availability_request(document: str | bytes, /) -> AvailabilityRequest:
    """Read the request that asks for several items, each with a quantity.

    Args:
        document: The request, as text or UTF-8 bytes.

    Returns:
        The items in their order. A channel that is not known is kept.

    Raises:
        InvalidDocument: If it is no such request; with all of its problems and their paths.

    Source:
        fabric OMS v1, get inventories.

    Examples:
        Four of one item:

        >>> from preorder_kit.adapters.fabric import read_availability_request
        >>> request = read_availability_request('{"items": [{"itemId": "1597422", "quantity": 4}], "channelId": 12}')
        >>> request.quantities, request.channel
        ({'1597422': 4}, 12)

        One item twice:

        >>> read_availability_request(
        ...     '{"items": [{"itemId": 7, "quantity": 1}, {"itemId": "7", "quantity": 1}], "channelId": 12}')
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: items[1].itemId: must not ask again for an item (got '7')
    """
    expected = 'must be a request: {"items": [{"itemId": ..., "quantity": ...}], "channelId": ...}'
    fields = opened_one(document, expected, keys=("items", "channelId"))
    quantities: dict[str, int] = {}
    for inner in fields.objects("items", least=1):
        item = inner.read("itemId", identifier)
        quantity = inner.read("quantity", count, least=1)
        if inner.is_sound and item in quantities:
            inner.complain("itemId", "fabric.repeated", f"must not ask again for an item (got {item!r})", item)
        quantities[item] = quantity
    channel = fields.read("channelId", count)
    return built_or_refused(fields, AvailabilityRequest, {}, quantities=quantities, channel=channel)


@attrs.frozen(kw_only=True, field_transformer=checked)
class StockSource:
    """A location from whose stock units were found, in fabric's own numbers.

    Attributes:
        location: The location, by an id of fabric's that is not its number.
        channel: The sales channel; empty if it is not said.
        reserved: Units that are reserved there.
        allocated: Units that are allocated there.
        remaining: Units that remain there.
        requested: Units that are asked of it.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    location: str = attrs.field(metadata=rule(text))
    channel: str = attrs.field(default="", metadata=rule(text, empty=True))
    reserved: int = attrs.field(default=0, metadata=rule(units))
    allocated: int = attrs.field(default=0, metadata=rule(units))
    remaining: int = attrs.field(default=0, metadata=rule(units))
    requested: int = attrs.field(default=0, metadata=rule(units))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ItemAvailability:
    """What fabric answers for one item and the quantity asked for.

    Attributes:
        item_id: The item.
        quote: What becomes of the units asked for: now from stock, later from transit, or refused.
        available_stock: Units available in stock.
        available_transit: Units available in transit.
        stock_date: The day on which units in transit are there; ``None`` if it is not said.
        is_in_stock: What the reply says; ``None`` if it does not.
        sources: Where the units from stock are.
        transit_sources: Where those from transit are, each as the JSON that was sent: its form is not documented.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    item_id: str = attrs.field(metadata=rule(text))
    quote: Quote = attrs.field(metadata=rule(instance, of=Quote))
    available_stock: int = attrs.field(metadata=rule(units))
    available_transit: int = attrs.field(metadata=rule(units))
    stock_date: dt.date | None = attrs.field(default=None, metadata=rule(optional, check=check_day))
    is_in_stock: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    sources: Sequence[StockSource] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=StockSource))
    transit_sources: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text, empty=True))


def read_item_availability(document: str | bytes, /, *, zone: str = "UTC") -> Read[Sequence[ItemAvailability]]:
    """Read the reply to a request for several items with quantities.

    The server fills from stock first and takes the rest from transit. The sums are checked: the total is stock and
    transit together, no more units are found than asked for, and none come from transit while stock is left.

    Args:
        document: The reply, as text or UTF-8 bytes.
        zone: The time zone in which an instant that is no midnight is a day. A midnight is the day that is written.

    Returns:
        The items that are sound, in the order they were sent, and a problem for each field that is not.

    Raises:
        InvalidDocument: If it is no such reply.

    Source:
        fabric OMS v1, get inventories.

    Examples:
        Four asked for, none there, all from transit:

        >>> from preorder_kit.adapters.fabric import read_item_availability
        >>> [item] = read_item_availability('''[{"itemId": 7, "quantityRequested": 4, "fromStockQuantity": 0,
        ...     "fromTransitQuantity": 4, "availableStockQuantity": 0, "availableTransitQuantity": 34,
        ...     "availableTotal": 34, "stockDate": "2027-01-20T00:00:00.000Z"}]''').complete()
        >>> print(item.quote.now, item.quote.later, item.quote.refused, item.stock_date)
        0 4 0 2027-01-20

        A total that is not the sum:

        >>> found = read_item_availability('''{"itemId": 7, "quantityRequested": 4, "fromStockQuantity": 0,
        ...     "fromTransitQuantity": 4, "availableStockQuantity": 9, "availableTransitQuantity": 4,
        ...     "availableTotal": 9}''')
        >>> for problem in found.problems:
        ...     print(problem)
        availableTotal: must be availableStockQuantity and availableTransitQuantity, 13 (got 9)
        fromTransitQuantity: must be 0 while stock is left, as 9 of the 4 asked for are there (got 4)
    """
    place = zone_info(zone, "zone")
    expected = 'must be a list of items: [{"itemId": ..., "quantityRequested": ..., "availableStockQuantity": ...}]'
    rows, problems = opened(document, expected, keys=("quantityRequested", "availableStockQuantity", "fromStock"))
    items = [_availability(fields, place) for fields in rows]
    return Read(tuple(item for item in items if item is not None), tuple(problems))


def _availability(fields: Fields, zone: ZoneInfo) -> ItemAvailability | None:
    asked = fields.read("quantityRequested", count)
    now = fields.read("fromStockQuantity", count)
    later = fields.read("fromTransitQuantity", count)
    in_stock = fields.read("availableStockQuantity", count)
    in_transit = fields.read("availableTransitQuantity", count)
    total = fields.read("availableTotal", count, default=None)
    if fields.is_sound:
        _check_sums(fields, asked=asked, now=now, later=later, in_stock=in_stock, in_transit=in_transit, total=total)
    sources = [_source(inner) for inner in fields.objects("fromStock")]
    return built(
        fields,
        ItemAvailability,
        {},
        item_id=fields.read("itemId", identifier),
        quote=_quote(asked, now, later, in_stock + in_transit) if fields.is_sound else None,
        available_stock=in_stock,
        available_transit=in_transit,
        stock_date=fields.read("stockDate", written_day, zone=zone, default=None),
        is_in_stock=fields.read("inStock", truth, default=None),
        sources=sources,
        transit_sources=fields.read("fromTransit", as_texts, default=()),
    )


def _check_sums(
    fields: Fields, *, asked: int, now: int, later: int, in_stock: int, in_transit: int, total: int | None
) -> None:
    if total is not None and total != in_stock + in_transit:
        message = f"must be availableStockQuantity and availableTransitQuantity, {in_stock + in_transit} (got {total})"
        fields.complain("availableTotal", "fabric.sum", message, total)
    if now + later > asked:
        message = f"must be no more than the {asked} asked for, with the {later} from transit (got {now})"
        fields.complain("fromStockQuantity", "fabric.sum", message, now)
    if later and now < min(asked, in_stock):
        message = f"must be 0 while stock is left, as {in_stock} of the {asked} asked for are there (got {later})"
        fields.complain("fromTransitQuantity", "fabric.sum", message, later)


def _quote(asked: int, now: int, later: int, available: int) -> Quote:
    refused_units = asked - now - later
    reason = RefusalReason.NOT_ENOUGH if available else RefusalReason.OUT_OF_STOCK
    return Quote(now=now, later=later, refused=refused_units, reason=reason if refused_units else None)


def _source(fields: Fields) -> StockSource | None:
    return built(
        fields,
        StockSource,
        {},
        location=fields.read("locationId", identifier),
        channel=fields.read("channelId", identifier, default=""),
        reserved=fields.read("quantityReserved", count, default=0),
        allocated=fields.read("quantityAllocated", count, default=0),
        remaining=fields.read("stockRemaining", count, default=0),
        requested=fields.read("stockRequest", count, default=0),
    )


def _is_request(root: Any) -> bool:
    return has(root, "channelId") and has(first(held(root, "items")), "itemId", "quantity")


def _is_availability(root: Any) -> bool:
    return has(first(root), "quantityRequested", "availableStockQuantity")


_FORMATS = (
    WireFormat(
        name="fabric-availability-request",
        holds="the items and quantities that are asked for",
        recognises=_is_request,
        read=read_availability_request,
    ),
    WireFormat(
        name="fabric-item-availability",
        holds="what is available of the items and quantities asked for",
        recognises=_is_availability,
        read=read_item_availability,
    ),
)
