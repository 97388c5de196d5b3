"""One order into parts: what ships now, what waits for what, and what is cancelled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import attrs

from ._checks import (
    FrozenMapping,
    checked,
    instance,
    instant,
    mapping,
    member,
    optional,
    refused,
    rule,
    sequence,
    text,
    units,
)
from ._pegging import Clock, Ledger, arrival_in, clock, refuse_bundles
from ._splitting import (
    Cancelled,
    CancelReason,
    PartKind,
    Piece,
    add_fees,
    claim_lines,
    cut_units,
    digital_pieces,
    goods_pieces,
    place_of,
    ship_tos,
)
from .bundles import Component, LineKind, _components
from .delivery import DateRange, ShippingTimes, delivery_range, ship_together
from .orders import Order
from .quantities import Quantity
from .supply import Supply

__all__ = ["CancelReason", "Cancelled", "Part", "PartKind", "PartLine", "SplitPlan", "split_order"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class PartLine:
    """Units of an order's line in one part.

    Attributes:
        line_id: The order's line.
        sku: Its SKU.
        quantity: Units in this part, >= 1.
        components: The line's recipe.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    components: Sequence[Component] = attrs.field(default=(), metadata=rule(_components))


def _part_lines(value: object, path: str) -> tuple[PartLine, ...]:
    return sequence(value, path, check=instance, of=PartLine)


def _optional_range(value: object, path: str) -> DateRange | None:
    return optional(value, path, check=instance, of=DateRange)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Part:
    """Units of an order that go the same way at the same time.

    Attributes:
        id: Unique in its order, and the same when the order is split again.
        order_id: The order.
        kind: What it does.
        lines: What is in it, in the order of the order's lines; never empty in a plan.
        street_date: The instant that it waits for, if it is `PartKind.AWAIT_STREET_DATE`.
        ready: The days on which all of it can be handled; ``None`` if that was not asked or has no date.
        delivery: The days on which it can arrive; ``None`` likewise.
        location: Where it leaves from; empty if the supply was not a mapping of locations.
        ship_to: Where it goes.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    order_id: str = attrs.field(metadata=rule(text))
    kind: PartKind = attrs.field(metadata=rule(member, of=PartKind))
    lines: Sequence[PartLine] = attrs.field(metadata=rule(_part_lines))
    street_date: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    ready: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))
    delivery: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))
    location: str = attrs.field(default="", metadata=rule(text, empty=True))
    ship_to: str = attrs.field(default="", metadata=rule(text, empty=True))


def _parts_of_a_plan(value: object, path: str) -> tuple[Part, ...]:
    return sequence(value, path, check=instance, of=Part)


def _cuts(value: object, path: str) -> tuple[Cancelled, ...]:
    return sequence(value, path, check=instance, of=Cancelled)


@attrs.frozen(kw_only=True, field_transformer=checked)
class SplitPlan:
    """What becomes of an order.

    Attributes:
        order_id: The order.
        parts: Digital first, then what ships now, then by street date, then what waits for stock.
        cancelled: Units that are in no part, in the order of the lines.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))
    parts: Sequence[Part] = attrs.field(metadata=rule(_parts_of_a_plan))
    cancelled: Sequence[Cancelled] = attrs.field(metadata=rule(_cuts))


def split_order(
    order: Order,
    /,
    *,
    supply: Supply | Mapping[str, Supply],
    at: dt.datetime,
    times: ShippingTimes | None = None,
    shipped: Sequence[Part] = (),
    room: Mapping[str, Quantity] = FrozenMapping(),
) -> SplitPlan:
    """Decide for every unit of ``order``: it ships now, it waits, or it is cancelled with a reason.

    Lines take units in their order from one balance per SKU, so that two lines for one thing are seen as what they are.
    There is the smaller of what is on hand and what is not owed to others. Then:

    - Goods with a street date ahead wait for it, even if stock is there.
    - Goods that are there ship. Of the rest, what may wait waits for stock, and what may not is cancelled.
    - Goods of an order that ships complete, or of one ``ship_group``, wait for one another: the latest street date, or
      the stock. What a waiting group got stays set aside for it.
    - Digital goods are delivered at once.
    - A fee goes with the first part that holds goods, of its own address if other lines go there, else with the first
      part; if nothing is delivered there, it is cancelled.

    Args:
        order: An order without bundles.
        supply: One location, as it is or as a mapping of its name; `pool` makes one of several.
        at: Now. The day is its local day in the zone of ``times``, else in UTC.
        times: How long each stage takes, if the parts are to say when they are ready and arrive. A window that was
            promised with a line stays its range of arrival unless supply makes it later.
        shipped: Parts of this order that have left; their units are not asked for again. Units that were cancelled
            are: an order that was split before, and whose cancellations stand, is given without them.
        room: SKU -> how many more units may wait for stock; a SKU that is not named has no bound. Accepted pre-orders
            are not bounded by it.

    Returns:
        A plan in which the units of parts, of ``shipped`` and of ``cancelled`` add up to the order's, line by line. No
        part is empty, none ships more of a SKU than is there, none before its street date, none to two addresses.

    Raises:
        InvalidArgument: If an argument is of another type, ``at`` has no offset, a line is a bundle, there are several
            locations, or ``shipped`` holds more than was ordered.
        NoWorkingDay: If a calendar of ``times`` has no working day for 366 days.

    Source:
        Adobe Commerce OMS on pre-orders (held back, sourced at the street date, backordered without stock);
        fulfillmenttools on the order split (the missing part waits like an order of its own, what may not wait is not
        picked).

    Examples:
        Eight ordered, three there, and room for four to wait:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine, Supply, split_order
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=8, when_short="wait")])
        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 3}), at=now, room={"CD": 4})
        >>> [(part.id, part.lines[0].quantity) for part in plan.parts]
        [('O1/now/1', 3), ('O1/stock', 4)]
        >>> [(units.quantity, units.reason.value) for units in plan.cancelled]
        [(1, 'backorder_limit')]

        Shipping alone is not sent:

        >>> lines = [OrderLine(id="1", sku="CD", quantity=1), OrderLine(id="2", sku="STANDARD", quantity=1, kind="fee")]
        >>> order = Order(id="O2", placed_at=now, lines=lines)
        >>> [units.reason.value for units in split_order(order, supply=Supply(on_hand={}), at=now).cancelled]
        ['out_of_stock', 'nothing_ships']
    """
    instance(order, "order", of=Order)
    refuse_bundles(order.lines)
    optional(times, "times", check=instance, of=ShippingTimes)
    moment = instant(at, "at")
    location, there = _one_location(supply)
    now = clock(moment, times)
    sent = sequence(shipped, "shipped", check=instance, of=Part)
    asked = _still_asked(order, sent)
    ledger = Ledger(there, day=now.today)
    ledger.release(order.id, {line.sku for line in order.lines})
    claims = list(claim_lines(order, asked, ledger=ledger, room=room, at=moment, now=now, times=times))
    pieces = [*digital_pieces(order, asked, moment), *goods_pieces(order, claims)]
    pieces, stranded = add_fees(order, asked, pieces)
    cancelled = {cut.line_id: cut for cut in (*cut_units(claims), *stranded)}
    return SplitPlan(
        order_id=order.id,
        parts=_parts(order, pieces, times=times, now=now, location=location, wave=_last_wave(order, sent) + 1),
        cancelled=tuple(cancelled[line.id] for line in order.lines if line.id in cancelled),
    )


def _one_location(supply: Supply | Mapping[str, Supply]) -> tuple[str, Supply]:
    if isinstance(supply, Supply):
        return "", supply
    if not isinstance(supply, Mapping):
        raise refused("supply", "must be a Supply, or a mapping of its location's name", supply, code="type.invalid")
    locations = mapping(supply, "supply", key=text, check=partial(instance, of=Supply))
    if len(locations) > 1:
        requirement = "must be one location; make one of several with pool"
        raise refused("supply", requirement, sorted(locations), code="supply.several")
    return next(iter(locations.items()), ("", Supply(on_hand={})))


def _still_asked(order: Order, shipped: Sequence[Part]) -> dict[str, int]:
    """Return line id -> units that have not been shipped."""
    asked = {line.id: line.quantity for line in order.lines}
    for index, part in enumerate(shipped):
        if part.order_id != order.id:
            requirement = f"must be parts of the order {order.id}"
            raise refused(f"shipped[{index}].order_id", requirement, part.order_id, code="part.foreign")
        for place, line in enumerate(part.lines):
            left = asked.get(line.line_id, 0) - line.quantity
            if left < 0:
                path = f"shipped[{index}].lines[{place}].quantity"
                requirement = f"must not be more than was ordered on line {line.line_id}"
                raise refused(path, requirement, line.quantity, code="part.excess")
            asked[line.line_id] = left
    return asked


def _parts(
    order: Order, pieces: Iterable[Piece], *, times: ShippingTimes | None, now: Clock, location: str, wave: int
) -> tuple[Part, ...]:
    places = ship_tos(order)
    by_place: dict[tuple[int, dt.datetime, int], list[Piece]] = {}
    for piece in pieces:
        by_place.setdefault(place_of(piece, places=places), []).append(piece)
    position = {line.id: index for index, line in enumerate(order.lines)}
    parts = []
    for place in sorted(by_place):
        members = sorted(by_place[place], key=lambda piece: position[piece.line.id])
        # Only digital goods can have no address where others have one.
        suffix = _suffix(members[0], wave) + (f"/{members[0].ship_to or 'digital'}" if place[2] else "")
        ready = _ready(members)
        delivery = _delivery(members, ready, times, now) if ready and times else None
        parts.append(_part(order, members, suffix=suffix, ready=ready, delivery=delivery, location=location))
    return tuple(parts)


def _suffix(piece: Piece, wave: int) -> str:
    if piece.street_date is not None:
        stamp = piece.street_date.replace(tzinfo=None).isoformat()
        return f"street/{stamp.replace('-', '').replace(':', '')}Z"
    return {PartKind.DIGITAL: "digital", PartKind.SHIP_NOW: f"now/{wave}"}.get(piece.kind, "stock")


def _ready(pieces: Iterable[Piece]) -> DateRange | None:
    """Return when the last of the pieces is ready, ``None`` if one has no date."""
    ranges = [item for piece in pieces for item in piece.ready]
    known = [item for item in ranges if item is not None]
    return ship_together(known) if known and len(known) == len(ranges) else None


def _delivery(pieces: Iterable[Piece], ready: DateRange, times: ShippingTimes, now: Clock) -> DateRange:
    arrives = delivery_range(ready, times=times)
    windows = {piece.line.promised for piece in pieces if piece.line.kind is LineKind.GOODS}
    return ship_together(arrival_in(window, arrives, now) for window in windows)


def _part(
    order: Order,
    pieces: Sequence[Piece],
    *,
    suffix: str,
    ready: DateRange | None,
    delivery: DateRange | None,
    location: str,
) -> Part:
    addresses = {piece.ship_to for piece in pieces}
    return Part(
        id=f"{order.id}/{suffix}",
        order_id=order.id,
        kind=pieces[0].kind,
        lines=[
            PartLine(
                line_id=piece.line.id, sku=piece.line.sku, quantity=piece.quantity, components=piece.line.components
            )
            for piece in pieces
        ],
        street_date=pieces[0].street_date,
        ready=ready,
        delivery=delivery,
        location=location,
        ship_to=addresses.pop() if len(addresses) == 1 else "",
    )


def _last_wave(order: Order, shipped: Iterable[Part]) -> int:
    """Return the highest n of the parts ``<order>/now/<n>`` that have shipped."""
    pattern = re.compile(re.escape(order.id) + r"/now/([0-9]{1,9})(/.*)?", re.DOTALL)
    found = (pattern.fullmatch(part.id) for part in shipped)
    return max((int(match[1]) for match in found if match), default=0)
