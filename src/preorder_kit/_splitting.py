"""Which units of an order go which way: the engine under `splitting`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial

import attrs

from ._checks import checked, mapping, member, rule, text, units
from ._pegging import Clock, Ledger, Source, Taken, ahead_of, dated, ships_with
from .bundles import LineKind
from .delivery import DateRange, ShippingTimes
from .orders import Order, OrderLine, line_street_date, may_wait
from .quantities import UNLIMITED, Quantity, _quantity, take_units


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
class Cancelled:
    """Units of a line that are cancelled.

    Attributes:
        line_id: The order's line.
        sku: Its SKU.
        quantity: Units, >= 1.
        reason: Why.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    reason: CancelReason = attrs.field(metadata=rule(member, of=CancelReason))


@attrs.frozen(kw_only=True)
class Claim:
    """A line of goods and what it got; ``ready`` has the days of what is there, ``ready_later`` of what waits."""

    line: OrderLine
    taken: Taken
    ahead: dt.datetime | None
    ready: tuple[DateRange | None, ...]
    ready_later: tuple[DateRange | None, ...]


@attrs.frozen(kw_only=True)
class Piece:
    """Units of a line on their way into a part; ``ready`` holds the days of all of them, ``None`` for no date."""

    line: OrderLine
    quantity: int
    kind: PartKind
    ship_to: str
    street_date: dt.datetime | None = None
    ready: tuple[DateRange | None, ...] = ()


def claim_lines(
    order: Order,
    asked: Mapping[str, int],
    *,
    ledger: Ledger,
    room: Mapping[str, Quantity],
    at: dt.datetime,
    now: Clock,
    times: ShippingTimes | None,
) -> Iterator[Claim]:
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
            found = list(dated(taken, line, ledger=ledger, ahead=ahead, now=now, times=times)) if times else []
            ready = tuple(item.ready for item in found if item.source is Source.HERE)
            later = tuple(item.ready for item in found if item.source is not Source.HERE)
            yield Claim(line=line, taken=taken, ahead=ahead, ready=ready, ready_later=later)


def cut_units(claims: Iterable[Claim]) -> Iterator[Cancelled]:
    """Yield the units of goods that may not wait."""
    for claim in claims:
        if claim.taken.refused:
            reason = CancelReason.BACKORDER_LIMIT if may_wait(claim.line) else CancelReason.OUT_OF_STOCK
            yield _cancel(claim.line, claim.taken.refused, reason)


def _cancel(line: OrderLine, quantity: int, reason: CancelReason) -> Cancelled:
    return Cancelled(line_id=line.id, sku=line.sku, quantity=quantity, reason=reason)


def digital_pieces(order: Order, asked: Mapping[str, int], at: dt.datetime) -> Iterator[Piece]:
    """Yield the digital goods: at once, or when their street date is reached."""
    for line in order.lines:
        if line.kind is LineKind.DIGITAL and asked[line.id]:
            ahead = ahead_of(line, at)
            kind = PartKind.AWAIT_STREET_DATE if ahead else PartKind.DIGITAL
            yield Piece(line=line, quantity=asked[line.id], kind=kind, ship_to=line.ship_to, street_date=ahead)


def goods_pieces(order: Order, claims: Iterable[Claim]) -> Iterator[Piece]:
    """Yield the pieces of the lines of goods: unit by unit, or together with the lines that they ship with."""
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        group = ships_with(order, claim.line)
        if group is not None:
            groups.setdefault(group, []).append(claim)
        elif claim.ahead:
            yield _whole(claim, PartKind.AWAIT_STREET_DATE, claim.ahead, claim.ready + claim.ready_later)
        else:
            yield from _by_unit(claim)
    for members in groups.values():
        yield from _together(members)


def _whole(claim: Claim, kind: PartKind, street_date: dt.datetime | None, ready: tuple[DateRange | None, ...]) -> Piece:
    return Piece(
        line=claim.line,
        quantity=claim.taken.here + claim.taken.waiting,
        kind=kind,
        ship_to=claim.line.ship_to,
        street_date=street_date,
        ready=ready,
    )


def _by_unit(claim: Claim) -> Iterator[Piece]:
    line = claim.line
    units_of_kind = (
        (claim.taken.here, PartKind.SHIP_NOW, claim.ready),
        (claim.taken.waiting, PartKind.AWAIT_STOCK, claim.ready_later),
    )
    for quantity, kind, ready in units_of_kind:
        if quantity:
            yield Piece(line=line, quantity=quantity, kind=kind, ship_to=line.ship_to, ready=ready)


def _together(claims: Iterable[Claim]) -> Iterator[Piece]:
    """Yield the pieces of lines that wait for one another, wherever they go: each is ready when all are."""
    kept = [claim for claim in claims if claim.taken.here or claim.taken.waiting]
    street = max((claim.ahead for claim in kept if claim.ahead), default=None)
    short = any(claim.taken.waiting for claim in kept)
    kind = PartKind.AWAIT_STREET_DATE if street else PartKind.AWAIT_STOCK if short else PartKind.SHIP_NOW
    ready = tuple(days for claim in kept for days in claim.ready + claim.ready_later)
    return (_whole(claim, kind, street, ready) for claim in kept)


def add_fees(order: Order, asked: Mapping[str, int], pieces: Sequence[Piece]) -> tuple[list[Piece], list[Cancelled]]:
    """Return the pieces, each fee in the part of the piece it goes with, and the fees that are left without one.

    A fee goes with the first piece that holds goods, of its own address if other lines go there, else with the first.
    """
    places = ship_tos(order)
    placed = sorted(pieces, key=partial(place_of, places=places))
    goods_first = sorted(placed, key=lambda piece: piece.line.kind is not LineKind.GOODS)
    hosts: dict[str, Piece] = {}
    for piece in goods_first:
        hosts.setdefault(piece.ship_to, piece)
    anywhere = next(iter(goods_first), None)
    carried, stranded = list(pieces), []
    for line in order.lines:
        if line.kind is LineKind.FEE and asked[line.id]:
            host = hosts.get(line.ship_to) if line.ship_to and line.ship_to in places else anywhere
            if host is None:
                stranded.append(_cancel(line, asked[line.id], CancelReason.NOTHING_SHIPS))
            else:
                carried.append(attrs.evolve(host, line=line, quantity=asked[line.id], ready=()))
    return carried, stranded


_KINDS = (PartKind.DIGITAL, PartKind.SHIP_NOW, PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK)
_NO_STREET_DATE = dt.datetime.min.replace(tzinfo=dt.timezone.utc)


def ship_tos(order: Order) -> dict[str, int]:
    """Return the place of each address that the order goes to.

    Those of goods come before those of digital goods alone; no address in particular comes first, then as named.
    """
    ranked = sorted(
        (line for line in order.lines if line.kind is not LineKind.FEE),
        key=lambda line: (line.kind is not LineKind.GOODS, line.ship_to != ""),
    )
    return {address: place for place, address in enumerate(dict.fromkeys(line.ship_to for line in ranked))}


def place_of(piece: Piece, *, places: Mapping[str, int]) -> tuple[int, dt.datetime, int]:
    """Return where the part of a piece comes among the parts; pieces of one place are one part."""
    address = 0 if piece.kind is PartKind.DIGITAL else places[piece.ship_to]
    return _KINDS.index(piece.kind), piece.street_date or _NO_STREET_DATE, address
