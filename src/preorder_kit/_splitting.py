"""Which units of an order go which way, and what becomes one part: the engine under `splitting`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count as count_from
from typing import TypeAlias

import attrs

from ._claims import Claim
from ._dating import ahead_of
from ._parts import Cancelled, CancelReason, Part, PartKind, PartLine, cut_of, part_line, part_of
from ._sourcing import Pick
from .bundles import LineKind
from .delivery import DateRange
from .orders import Order, OrderLine, ShipPolicy
from .sourcing import Assignment

#: The days of some units, ``None`` for no date.
Days: TypeAlias = tuple[DateRange | None, ...]
#: Units of a line on their way into a part, what leaves from where if that is several locations, and the units' days.
Piece: TypeAlias = tuple[OrderLine, int, tuple[tuple[str, str, int], ...], Days]
#: What the units of one part have in common, in the order of the parts: the rank of its kind, the instant that it waits
#: for, the places of its location and of its address.
Place: TypeAlias = tuple[int, dt.datetime, int, int]
Drafts: TypeAlias = dict[Place, list[Piece]]

_KINDS = (PartKind.DIGITAL, PartKind.SHIP_NOW, PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK)
_DIGITAL, _NOW, _STREET, _STOCK = range(4)
_NO_DAYS: tuple[Days, Days] = ((), ())
_NO_STREET_DATE = dt.datetime.min.replace(tzinfo=dt.timezone.utc)
_COUNT = re.compile("[0-9]{1,9}")


def draft_goods(
    order: Order,
    claims: Iterable[Claim],
    days: Mapping[str, tuple[Days, Days]],
    *,
    turn: Sequence[str],
    hold: bool,
) -> Drafts:
    """Return what becomes of the lines of goods: unit by unit, or together with the lines that they ship with.

    ``days`` are those of what is here and of what waits, by line; ``turn`` is that of the locations.
    """
    drafts: Drafts = {}
    groups: dict[str, list[Claim]] = {}
    hold = hold or order.ship is ShipPolicy.COMPLETE
    for claim in claims:
        line, ahead, here, waiting, _, picks = claim
        if hold or line.ship_group:
            groups.setdefault("" if hold else line.ship_group, []).append(claim)
            continue
        now, later = days[line.id] if days else _NO_DAYS
        address = order._ship_tos[line.ship_to]
        if ahead:
            drafts.setdefault((_STREET, ahead, 0, address), []).append((line, here + waiting, (), now + later))
            continue
        if picks:
            _draft_picks(drafts, line, picks, now, turn=turn, address=address)
        elif here:
            drafts.setdefault((_NOW, _NO_STREET_DATE, 0, address), []).append((line, here, (), now))
        if waiting:
            drafts.setdefault((_STOCK, _NO_STREET_DATE, 0, address), []).append((line, waiting, (), later))
    for members in groups.values():
        _draft_together(drafts, order, members, days, turn)
    return drafts


def _draft_picks(
    drafts: Drafts, line: OrderLine, picks: Iterable[Pick], ready: Days, *, turn: Sequence[str], address: int
) -> None:
    """Add what leaves from each location; what is put together from several comes behind them."""
    for location, units, parts in picks:
        place = turn.index(location) if location in turn else len(turn)
        drafts.setdefault((_NOW, _NO_STREET_DATE, place, address), []).append((line, units, parts, ready))


def _draft_together(
    drafts: Drafts,
    order: Order,
    claims: Iterable[Claim],
    days: Mapping[str, tuple[Days, Days]],
    turn: Sequence[str],
) -> None:
    """Add lines that wait for one another, wherever they go: each is ready when all are."""
    kept = [claim for claim in claims if claim.here or claim.waiting]
    street = max((claim.ahead for claim in kept if claim.ahead), default=None)
    waits = any(claim.waiting for claim in kept)
    ready = tuple(day for claim in kept for found in days.get(claim.line.id, ()) for day in found)
    for claim in kept:
        address = order._ship_tos[claim.line.ship_to]
        if street or waits:
            place = (_STREET, street, 0, address) if street else (_STOCK, _NO_STREET_DATE, 0, address)
            drafts.setdefault(place, []).append((claim.line, claim.here + claim.waiting, (), ready))
        else:
            picks = claim.picks or (Pick(turn[0], claim.here),)
            _draft_picks(drafts, claim.line, picks, ready, turn=turn, address=address)


def is_mixed(order: Order, claims: Iterable[Claim], turn: Sequence[str]) -> bool:
    """Say whether some goods could leave at another time than others, if the order did not ask for all at once."""
    drafts = draft_goods(attrs.evolve(order, ship=ShipPolicy.AS_AVAILABLE), claims, {}, turn=turn, hold=False)
    return len({place[:2] for place in drafts}) > 1


def draft_digital(drafts: Drafts, order: Order, asked: Mapping[str, int], at: dt.datetime) -> None:
    """Add the digital goods: at once, or when their street date is reached."""
    for line in order._digital:
        if asked[line.id]:
            ahead = ahead_of(line, at)
            place = (_STREET, ahead, 0, order._ship_tos[line.ship_to]) if ahead else (_DIGITAL, _NO_STREET_DATE, 0, 0)
            drafts.setdefault(place, []).append((line, asked[line.id], (), ()))


def merge_latest(drafts: Drafts, most: int) -> Drafts:
    """Return the drafts, the two latest of one address as one until there are no more than ``most``."""
    kept = dict(drafts)
    while len(kept) > most:
        pair = next(_mergeable(kept), None)
        if pair is None:
            break
        sooner, later = pair
        pieces: list[Piece] = [(line, units, (), ready) for place in pair for line, units, _, ready in kept.pop(place)]
        street = max(sooner[1], later[1])
        rank = _STOCK if street == _NO_STREET_DATE else _STREET
        kept[rank, street, 0, later[3]] = pieces
    return kept


def _mergeable(drafts: Drafts) -> Iterator[tuple[Place, Place]]:
    """Yield the places of two drafts that can wait for one another, the latest first."""
    places = sorted((place for place, pieces in drafts.items() if _has_goods(pieces)), reverse=True)
    for index, later in enumerate(places):
        if later[0] == _NOW:
            break
        for sooner in places[index + 1 :]:
            if sooner[3] == later[3]:
                yield sooner, later


def _has_goods(pieces: Iterable[Piece]) -> bool:
    return any(piece[0].kind is LineKind.GOODS for piece in pieces)


def add_fees(drafts: Drafts, order: Order, asked: Mapping[str, int]) -> list[Cancelled]:
    """Put each fee into the draft that it goes with, and return those that are left without one.

    A fee goes with the first draft that holds goods, of its own address if other lines go there, else with the first.
    """
    fees = [line for line in order._fees if asked[line.id]]
    if not fees:
        return []
    goods_first = [drafts[place] for place in sorted(drafts, key=lambda place: (not _has_goods(drafts[place]), place))]
    hosts: dict[str, list[Piece]] = {}
    for pieces in goods_first:
        for piece in pieces:
            hosts.setdefault(piece[0].ship_to, pieces)
    stranded = []
    for line in fees:
        addressed = line.ship_to and line.ship_to in order._ship_tos
        host = hosts.get(line.ship_to) if addressed else next(iter(goods_first), None)
        if host is None:
            stranded.append(cut_of(line, asked[line.id], CancelReason.NOTHING_SHIPS))
        else:
            host.append((line, asked[line.id], (), ()))
    return stranded


def parts_of(
    order: Order,
    drafts: Drafts,
    *,
    turn: Sequence[str],
    waits_at: str,
    wave: int,
    digital: int,
    ranges: Callable[[Sequence[Piece]], tuple[DateRange | None, DateRange | None]],
) -> tuple[Part, ...]:
    """Return the drafts as parts, in their order.

    Those that ship now count on from ``wave``, one number for each location; the others are at ``waits_at``.
    ``digital`` is how many digital parts have been delivered.
    """
    places = sorted(drafts) if len(drafts) > 1 else list(drafts)
    addresses = list(order._ship_tos)
    waves: dict[int, int] = {}
    found = []
    for place in places:
        rank, street, location, address = place
        pieces = drafts[place]
        if rank == _NOW:
            waves.setdefault(location, wave + len(waves))
        name = f"{order.id}/{_suffix(rank, street, waves.get(location), digital)}"
        if address:  # only digital goods can have no address where others have one
            name += f"/{addresses[address] or _nameless(addresses)}"
        ready, delivery = ranges(pieces)
        found.append(
            part_of(
                name,
                order.id,
                _KINDS[rank],
                _lines(order, pieces),
                street if rank == _STREET else None,
                ready,
                delivery,
                waits_at if rank != _NOW else turn[location] if location < len(turn) else "",
                _ship_to(pieces) if rank == _DIGITAL else addresses[address],
            )
        )
    return tuple(found)


def _nameless(addresses: Sequence[str]) -> str:
    """Return what stands for no address in an id: a name that no address has."""
    return next(name for count in count_from(1) if (name := "digital" * count) not in addresses)


def _suffix(rank: int, street: dt.datetime, wave: int | None, digital: int) -> str:
    if rank == _NOW:
        return f"now/{wave}"
    if rank == _STREET:
        stamp = street.replace(tzinfo=None).isoformat()
        return f"street/{stamp.replace('-', '').replace(':', '')}Z"
    if rank == _DIGITAL:
        return f"digital/{digital + 1}" if digital else "digital"
    return "stock"


def _ship_to(pieces: Iterable[Piece]) -> str:
    """Return the address of digital goods, if they have one in common; a fee that goes along has none to say."""
    names = {line.ship_to for line, *_ in pieces if line.kind is not LineKind.FEE}
    return names.pop() if len(names) == 1 else ""


def _lines(order: Order, pieces: Sequence[Piece]) -> tuple[PartLine, ...]:
    """Return the lines of a part, in the order of the order's, each once."""
    if not _in_order(order, pieces):
        by_line: dict[str, Piece] = {}
        for piece in pieces:
            line, units, parts, ready = by_line.get(piece[0].id, (piece[0], 0, (), ()))
            by_line[line.id] = (line, units + piece[1], parts + piece[2], ready + piece[3])
        pieces = [by_line[line.id] for line in order.lines if line.id in by_line]
    return tuple([part_line(line, units, _picks(line, parts) if parts else ()) for line, units, parts, _ in pieces])


def _in_order(order: Order, pieces: Sequence[Piece]) -> bool:
    """Say whether the pieces are of one line each, in the order of the lines."""
    count, seen = len(pieces), 0
    if count == 1:
        return True
    for line in order.lines:
        if seen < count and pieces[seen][0] is line:
            seen += 1
    return seen == count


def _picks(line: OrderLine, parts: Iterable[tuple[str, str, int]]) -> tuple[Assignment, ...]:
    return tuple(Assignment(line_id=line.id, location=name, sku=sku, quantity=count) for name, sku, count in parts)


def last_number(prefix: str, parts: Sequence[Part]) -> int:
    """Return the highest n of the parts ``<prefix>/<n>``, the prefix by itself being the first; 0 if there is none."""
    if not parts:
        return 0
    ways = [part.id.removeprefix(prefix) for part in parts if part.id.startswith(prefix)]
    counts = [way.split("/")[1] if way else "1" for way in ways if way[:1] in {"", "/"}]
    return max((int(count) for count in counts if _COUNT.fullmatch(count)), default=0)
