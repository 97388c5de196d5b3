"""One order into parts: what ships now, what waits for what, and what is cancelled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
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
from ._pegging import Clock, Ledger, Source, Taken, ahead_of, clock, dated, refuse_bundles
from .bundles import Component, LineKind, _components
from .delivery import DateRange, ShippingTimes, delivery_range, ship_together
from .orders import Order, OrderLine, ShipPolicy, line_street_date, may_wait
from .quantities import UNLIMITED, Quantity, _quantity, take_units
from .supply import Supply

__all__ = ["CancelReason", "Cancelled", "Part", "PartKind", "PartLine", "SplitPlan", "split_order"]


class PartKind(StrEnum):
    """What a part of an order does: it ships now, waits for its street date or for stock, or is delivered digitally."""

    SHIP_NOW = "ship_now"
    AWAIT_STREET_DATE = "await_street_date"
    AWAIT_STOCK = "await_stock"
    DIGITAL = "digital"


class CancelReason(StrEnum):
    """Why units are cancelled.

    OUT_OF_STOCK: they are not there and may not wait. BACKORDER_LIMIT: more would wait than may. NOTHING_SHIPS: a fee
    for a delivery that does not happen.
    """

    OUT_OF_STOCK = "out_of_stock"
    BACKORDER_LIMIT = "backorder_limit"
    NOTHING_SHIPS = "nothing_ships"


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


@attrs.frozen(kw_only=True)
class Cancelled:
    """Units of a line that are cancelled, and why."""

    line_id: str
    sku: str
    quantity: int
    reason: CancelReason


@attrs.frozen(kw_only=True)
class SplitPlan:
    """What becomes of an order.

    Attributes:
        order_id: The order.
        parts: Digital first, then what ships now, then by street date, then what waits for stock.
        cancelled: Units that are in no part, in the order of the lines.
    """

    order_id: str
    parts: tuple[Part, ...]
    cancelled: tuple[Cancelled, ...]


@attrs.frozen(kw_only=True)
class _Claim:
    """A line of goods and what it got; ``ready`` has the days of what is there, ``ready_later`` of what waits."""

    line: OrderLine
    taken: Taken
    ahead: dt.datetime | None
    ready: tuple[DateRange | None, ...]
    ready_later: tuple[DateRange | None, ...]


@attrs.frozen(kw_only=True)
class _Piece:
    """Units of a line on their way into a part; ``ready`` holds the days of all of them, ``None`` for no date."""

    line: OrderLine
    quantity: int
    kind: PartKind
    ship_to: str
    street_date: dt.datetime | None = None
    ready: tuple[DateRange | None, ...] = ()


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
      the stock.
    - Digital goods are delivered at once.
    - A fee goes with the first part that holds goods of its address, else with the first part; if nothing is delivered,
      it is cancelled.

    Args:
        order: An order without bundles.
        supply: One location, as it is or as a mapping of its name; `pool` makes one of several.
        at: Now. The day is its local day in the zone of ``times``, else in UTC.
        times: How long each stage takes, if the parts are to say when they are ready and arrive.
        shipped: Parts of this order that have left; their units are not asked for again.
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
    ledger = Ledger(there, day=now.today, but_for=order.id)
    claims = list(_claims(order, asked, ledger=ledger, room=room, at=moment, now=now, times=times))
    pieces = [*_digital(order, asked, moment), *_goods(order, claims)]
    pieces, stranded = _with_fees(order, asked, pieces)
    cancelled = {cut.line_id: cut for cut in (*_cut(claims), *stranded)}
    return SplitPlan(
        order_id=order.id,
        parts=_parts(order, pieces, times=times, location=location, wave=_last_wave(order, sent) + 1),
        cancelled=tuple(cancelled[line.id] for line in order.lines if line.id in cancelled),
    )


def _one_location(supply: Supply | Mapping[str, Supply]) -> tuple[str, Supply]:
    if isinstance(supply, Supply):
        return "", supply
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


def _claims(
    order: Order,
    asked: Mapping[str, int],
    *,
    ledger: Ledger,
    room: Mapping[str, Quantity],
    at: dt.datetime,
    now: Clock,
    times: ShippingTimes | None,
) -> Iterator[_Claim]:
    """Yield what each line of goods gets, in the order of the lines."""
    left = dict(mapping(room, "room", key=text, check=_quantity))
    for line in order.lines:
        if line.kind is LineKind.GOODS and asked[line.id]:
            bounded = line_street_date(line) is None
            waiting = left.get(line.sku, UNLIMITED) if bounded else UNLIMITED
            taken = ledger.take(line.sku, asked[line.id], waiting=waiting if may_wait(line) else 0)
            if bounded and line.sku in left:
                left[line.sku] = take_units(left[line.sku], units=taken.waiting)
            ahead = ahead_of(line, at)
            found = list(dated(taken, line.sku, ledger=ledger, ahead=ahead, now=now, times=times)) if times else []
            ready = tuple(item.ready for item in found if item.source is Source.HERE)
            later = tuple(item.ready for item in found if item.source is not Source.HERE)
            yield _Claim(line=line, taken=taken, ahead=ahead, ready=ready, ready_later=later)


def _cut(claims: Iterable[_Claim]) -> Iterator[Cancelled]:
    for claim in claims:
        if claim.taken.refused:
            reason = CancelReason.BACKORDER_LIMIT if may_wait(claim.line) else CancelReason.OUT_OF_STOCK
            yield _cancel(claim.line, claim.taken.refused, reason)


def _cancel(line: OrderLine, quantity: int, reason: CancelReason) -> Cancelled:
    return Cancelled(line_id=line.id, sku=line.sku, quantity=quantity, reason=reason)


def _digital(order: Order, asked: Mapping[str, int], at: dt.datetime) -> Iterator[_Piece]:
    for line in order.lines:
        if line.kind is LineKind.DIGITAL and asked[line.id]:
            ahead = ahead_of(line, at)
            kind = PartKind.AWAIT_STREET_DATE if ahead else PartKind.DIGITAL
            yield _Piece(line=line, quantity=asked[line.id], kind=kind, ship_to=line.ship_to, street_date=ahead)


def _goods(order: Order, claims: Iterable[_Claim]) -> Iterator[_Piece]:
    """Yield the pieces of the lines of goods: unit by unit, or together with the lines that they ship with."""
    groups: dict[str, list[_Claim]] = {}
    for claim in claims:
        if order.ship is ShipPolicy.COMPLETE or claim.line.ship_group:
            group = "" if order.ship is ShipPolicy.COMPLETE else claim.line.ship_group
            groups.setdefault(group, []).append(claim)
        elif claim.ahead:
            yield _whole(claim, PartKind.AWAIT_STREET_DATE, claim.ahead)
        else:
            yield from _by_unit(claim)
    for members in groups.values():
        yield from _together(members)


def _whole(claim: _Claim, kind: PartKind, street_date: dt.datetime | None) -> _Piece:
    return _Piece(
        line=claim.line,
        quantity=claim.taken.here + claim.taken.waiting,
        kind=kind,
        ship_to=claim.line.ship_to,
        street_date=street_date,
        ready=claim.ready + claim.ready_later,
    )


def _by_unit(claim: _Claim) -> Iterator[_Piece]:
    line = claim.line
    units_of_kind = (
        (claim.taken.here, PartKind.SHIP_NOW, claim.ready),
        (claim.taken.waiting, PartKind.AWAIT_STOCK, claim.ready_later),
    )
    for quantity, kind, ready in units_of_kind:
        if quantity:
            yield _Piece(line=line, quantity=quantity, kind=kind, ship_to=line.ship_to, ready=ready)


def _together(claims: Iterable[_Claim]) -> Iterator[_Piece]:
    kept = [claim for claim in claims if claim.taken.here or claim.taken.waiting]
    street = max((claim.ahead for claim in kept if claim.ahead), default=None)
    short = any(claim.taken.waiting for claim in kept)
    kind = PartKind.AWAIT_STREET_DATE if street else PartKind.AWAIT_STOCK if short else PartKind.SHIP_NOW
    return (_whole(claim, kind, street) for claim in kept)


def _with_fees(
    order: Order, asked: Mapping[str, int], pieces: Sequence[_Piece]
) -> tuple[list[_Piece], list[Cancelled]]:
    """Return the pieces, each fee in the part of the piece it goes with, and the fees that are left without one."""
    placed = sorted(pieces, key=partial(_place, addresses=_addresses(order)))
    carried, stranded = list(pieces), []
    for line in order.lines:
        if line.kind is LineKind.FEE and asked[line.id]:
            host = _host(line, order, placed)
            if host is None:
                stranded.append(_cancel(line, asked[line.id], CancelReason.NOTHING_SHIPS))
            else:
                carried.append(attrs.evolve(host, line=line, quantity=asked[line.id], ready=()))
    return carried, stranded


def _host(fee: OrderLine, order: Order, placed: Sequence[_Piece]) -> _Piece | None:
    """Return the piece that ``fee`` goes with: the first that holds goods, of its own address if the order has any."""
    named = any(line.ship_to == fee.ship_to for line in order.lines if line.kind is not LineKind.FEE)
    near = [piece for piece in placed if piece.ship_to == fee.ship_to] if named and fee.ship_to else placed
    return next((piece for piece in near if piece.line.kind is LineKind.GOODS), next(iter(near), None))


_KINDS = (PartKind.DIGITAL, PartKind.SHIP_NOW, PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK)
_NO_STREET_DATE = dt.datetime.min.replace(tzinfo=dt.timezone.utc)


def _addresses(order: Order) -> list[str]:
    """Return where the order goes: to no address in particular first, then as its lines name them."""
    named = [line.ship_to for line in order.lines if line.kind is not LineKind.FEE]
    return list(dict.fromkeys(sorted(named, key=bool)))


def _place(piece: _Piece, *, addresses: Sequence[str]) -> tuple[int, dt.datetime, int]:
    """Return where the part of a piece comes among the parts; pieces of one place are one part."""
    address = 0 if piece.kind is PartKind.DIGITAL else addresses.index(piece.ship_to)
    return _KINDS.index(piece.kind), piece.street_date or _NO_STREET_DATE, address


def _parts(
    order: Order, pieces: Iterable[_Piece], *, times: ShippingTimes | None, location: str, wave: int
) -> tuple[Part, ...]:
    addresses = _addresses(order)
    by_place: dict[tuple[int, dt.datetime, int], list[_Piece]] = {}
    for piece in pieces:
        by_place.setdefault(_place(piece, addresses=addresses), []).append(piece)
    position = {line.id: index for index, line in enumerate(order.lines)}
    parts = []
    for place in sorted(by_place):
        members = sorted(by_place[place], key=lambda piece: position[piece.line.id])
        suffix = _suffix(members[0], wave) + (f"/{members[0].ship_to}" if place[2] else "")
        parts.append(_part(order, members, suffix=suffix, times=times, location=location))
    return tuple(parts)


def _suffix(piece: _Piece, wave: int) -> str:
    if piece.street_date is not None:
        stamp = piece.street_date.replace(tzinfo=None).isoformat()
        return f"street/{stamp.replace('-', '').replace(':', '')}Z"
    return {PartKind.DIGITAL: "digital", PartKind.SHIP_NOW: f"now/{wave}"}.get(piece.kind, "stock")


def _part(order: Order, pieces: Sequence[_Piece], *, suffix: str, times: ShippingTimes | None, location: str) -> Part:
    ranges = [item for piece in pieces for item in piece.ready]
    known = [item for item in ranges if item is not None]
    ready = ship_together(known) if known and len(known) == len(ranges) else None
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
        delivery=delivery_range(ready, times=times) if ready and times else None,
        location=location,
        ship_to=addresses.pop() if len(addresses) == 1 else "",
    )


def _last_wave(order: Order, shipped: Iterable[Part]) -> int:
    """Return the highest n of the parts ``<order>/now/<n>`` that have shipped."""
    pattern = re.compile(re.escape(order.id) + r"/now/([0-9]+)(/.*)?", re.DOTALL)
    found = (pattern.fullmatch(part.id) for part in shipped)
    return max((int(match[1]) for match in found if match), default=0)
