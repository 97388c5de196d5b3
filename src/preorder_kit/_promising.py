"""How units are promised: what they are pegged to, what is confirmed of it, and in which shipments."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial
from itertools import groupby

import attrs

from ._checks import instance, instant, unchecked
from ._dating import Clock, Dated, Source, ahead_of, arrival_in, base_day, clock, ships_with
from ._pegging import Begun, Ledger, begin_bundles, begin_bundles_by, cut, finish_bundles, items_of
from ._promises import Confirmation, Pegging, Promise, PromiseKind, PromiseRules
from .bundles import LineKind
from .delivery import (
    DateRange,
    ShippingTimes,
    _stocked_by,
    delivery_range,
    latest_order_day,
    ship_together,
    static_range,
)
from .orders import Order, OrderLine, may_wait
from .quantities import UNLIMITED
from .supply import Supply


@attrs.frozen(kw_only=True)
class Desk:
    """What promises are made from: what is left, the days, the times and the rules."""

    ledger: Ledger
    at: dt.datetime
    now: Clock
    times: ShippingTimes
    rules: PromiseRules
    arrival: Callable[[DateRange], DateRange]
    ready_by: Callable[[dt.date], dt.date]


def open_desk(supply: Supply, *, times: ShippingTimes, at: dt.datetime, rules: PromiseRules) -> Desk:
    """Return a desk on which nothing has been promised yet."""
    instance(times, "times", of=ShippingTimes)
    instance(rules, "rules", of=PromiseRules)
    moment = instant(at, "at")
    now = clock(moment, times)
    return Desk(
        ledger=Ledger(instance(supply, "supply", of=Supply), day=now.today, overdue=rules.overdue),
        at=moment,
        now=now,
        times=times,
        rules=rules,
        arrival=cache(partial(delivery_range, times=times)),  # many units are ready on the same days
        ready_by=cache(partial(latest_order_day, times=times)),
    )


@attrs.frozen(kw_only=True)
class Claim:
    """Units of a line that are asked for, and what they are pegged to; ``unknown`` units wait without a date."""

    line: OrderLine
    units: int
    ahead: dt.datetime | None
    items: tuple[Dated, ...]
    unknown: int


def goods(order: Order) -> dict[str, int]:
    """Return line id -> units, of an order's lines of goods."""
    return {line.id: line.quantity for line in order.lines if line.kind is LineKind.GOODS}


def promise_lines(order: Order, asked: Mapping[str, int], desk: Desk) -> Iterator[Promise]:
    """Yield promises for the units that are asked for, in the order of the lines."""
    out: frozenset[str] = frozenset()
    while True:
        claims, settled, stuck = _round(order, asked, out, desk)
        if not stuck:
            break
        out |= stuck  # what these let go, the lines behind them can have
        for claim in claims:
            _put_back(settled[claim.line.id], desk)
    for claim in claims:
        yield from _promises(order, claim, settled[claim.line.id], desk)


def _round(
    order: Order, asked: Mapping[str, int], out: AbstractSet[str], desk: Desk
) -> tuple[list[Claim], dict[str, list[Dated]], frozenset[str]]:
    """Return the claims of the lines, what is confirmed of each, and the groups that cannot leave and took nothing.

    Groups that are ``out`` claim nothing.
    """
    claims: dict[str, Claim] = {}
    settled: dict[str, list[Dated]] = {}
    groups: dict[str, list[Claim]] = {}
    for line, claim in _claims(order, asked, out, desk):
        group = ships_with(order, line)
        claims[line.id] = claim
        if group is None:
            settled[line.id] = _settle_alone(claim, desk)
        elif group not in out:
            groups.setdefault(group, []).append(claim)
        else:
            settled[line.id] = []
    for companions in groups.values():
        settled |= _settle_together(companions, desk)
    stuck = [name for name, found in groups.items() if not any(settled[claim.line.id] for claim in found)]
    return [claims[line.id] for line in order.lines if line.id in claims], settled, frozenset(stuck)


def _claims(
    order: Order, asked: Mapping[str, int], out: AbstractSet[str], desk: Desk
) -> Iterator[tuple[OrderLine, Claim]]:
    """Yield what each line gets; units of bundles that wait come after all other lines, so that they hold up none."""
    begun: list[tuple[OrderLine, Begun]] = []
    for line in order.lines:
        if line.id not in asked:
            continue
        if ships_with(order, line) in out:
            yield line, Claim(line=line, units=asked[line.id], ahead=None, items=(), unknown=0)
        elif line.components:
            begun.append((line, _begin(line, asked[line.id], desk)))
        else:
            yield line, _claim(line, asked[line.id], desk)
    # What is set aside for one of them is not for the next, even if it is let go in the end.
    for line, items in [(line, _finish(line, start, desk)) for line, start in begun]:
        yield line, _claimed(line, asked[line.id], items, desk)


def _claim(line: OrderLine, asked: int, desk: Desk) -> Claim:
    ahead = ahead_of(line, desk.at)
    base = base_day(ahead, desk.now)
    waiting = UNLIMITED if may_wait(line) else 0
    taken = desk.ledger.take(line.sku, asked, waiting=waiting, by=_peg_by(line, base, desk))
    found = items_of(taken, line, ledger=desk.ledger, ahead=ahead, base=base, times=desk.times)
    return _claimed(line, asked, found, desk)


def _begin(line: OrderLine, asked: int, desk: Desk) -> Begun:
    """Return the units of a bundle that need not wait, and how many may."""
    base = base_day(ahead_of(line, desk.at), desk.now)
    by = _peg_by(line, base, desk)
    first = (
        begin_bundles_by(line, asked, by=by, ledger=desk.ledger, base=base, times=desk.times) if by is not None else []
    )
    left = asked - sum(item.units for item in first)
    here = desk.ledger.whole(line._needs, left)
    begun = begin_bundles(line, here=here, waiting=left - here, ledger=desk.ledger, base=base, times=desk.times)
    return attrs.evolve(begun, items=(*first, *begun.items))


def _finish(line: OrderLine, begun: Begun, desk: Desk) -> list[Dated]:
    ahead = ahead_of(line, desk.at)
    base = base_day(ahead, desk.now)
    later = finish_bundles(begun, line, ledger=desk.ledger, ahead=ahead, base=base, times=desk.times)
    return [*begun.items, *later]


def _claimed(line: OrderLine, asked: int, found: Iterable[Dated], desk: Desk) -> Claim:
    ahead = ahead_of(line, desk.at)
    known = [item if item.ready else _estimated(item, ahead, desk) for item in found]
    items = sorted((item for item in known if item.ready), key=_when)
    nothing = [item for item in known if not item.ready]
    _put_back(nothing, desk)
    unknown = sum(item.units for item in nothing)
    return Claim(line=line, units=asked, ahead=ahead, items=tuple(items), unknown=unknown)


def _when(item: Dated) -> tuple[dt.date, dt.date]:
    assert item.ready
    return item.ready.latest, item.ready.earliest


def _peg_by(line: OrderLine, base: dt.date, desk: Desk) -> dt.date | None:
    """Return the day until which stock may come and cost no time; ``None`` if stock is taken as it comes."""
    if desk.rules.pegging is Pegging.FIRST or not (line.requested or ahead_of(line, desk.at)):
        return None
    return _stocked_by(max(base, desk.ready_by(line.requested)) if line.requested else base, desk.times)


def _estimated(item: Dated, ahead: dt.datetime | None, desk: Desk) -> Dated:
    """Return units without a date under the range that the shop's estimate gives them, if it has one."""
    if desk.rules.estimate is None:
        return item
    after, until = desk.rules.estimate
    ready = static_range(base_day(ahead, desk.now), after=after, until=until)
    return attrs.evolve(item, source=Source.ESTIMATE, ready=ready)


def _settle_alone(claim: Claim, desk: Desk) -> list[Dated]:
    """Return what is confirmed of a line that goes by itself, and put the rest back."""
    confirmation = desk.rules.confirmation
    at_once = confirmation is Confirmation.COMPLETE or bool(
        confirmation is Confirmation.ON_DATE and claim.line.requested
    )
    if confirmation is Confirmation.COMPLETE and sum(item.units for item in claim.items) < claim.units:
        return _drop([claim], desk)
    items = claim.items if confirmation is Confirmation.COMPLETE else _in_time(claim, desk)
    least = _least(claim, desk.rules)
    if sum(item.units for item in items) < least:
        return _drop([claim], desk)
    shipments = [items] if at_once else _shipments(items, least)
    ready = [_ready(shipment, [claim], desk) for shipment in shipments]
    if None in ready:  # a line that is complete too late; of others, what is late has gone
        return _drop([claim], desk)
    _put_back(claim.items[len(items) :], desk)
    return [_at(item, day) for shipment, day in zip(shipments, ready, strict=True) for item in shipment]


def _in_time(claim: Claim, desk: Desk) -> Sequence[Dated]:
    """Return the first of a line's items, all that arrive as early as the rules ask."""
    bound = _latest_arrival(claim.line, desk.rules)
    if bound is None:
        return claim.items
    return claim.items[: bisect_right(claim.items, bound, key=lambda item: _delivery(item, claim.line, desk).latest)]


def _settle_together(claims: Sequence[Claim], desk: Desk) -> dict[str, list[Dated]]:
    """Return what is confirmed of lines that go together: all that is not cancelled at once, or nothing."""
    whole = desk.rules.confirmation is Confirmation.COMPLETE
    held: dict[str, list[Dated]] = {}
    for claim in claims:
        there = sum(item.units for item in claim.items)
        fits = there >= (claim.units if whole else _least(claim, desk.rules))
        held[claim.line.id] = list(claim.items) if fits else _drop([claim], desk)
    going = [claim for claim in claims if held[claim.line.id]]
    waits = any(claim.unknown for claim in claims)
    ready = None if waits or not going else _ready([item for found in held.values() for item in found], going, desk)
    if ready is None:
        _drop(going, desk)
        return {claim.line.id: [] for claim in claims}
    return {line_id: [_at(item, ready) for item in found] for line_id, found in held.items()}


def _least(claim: Claim, rules: PromiseRules) -> int:
    return min(rules.min_shipment, claim.line.quantity)


def _latest_arrival(line: OrderLine, rules: PromiseRules) -> dt.date | None:
    """Return the latest day on which a line may arrive, if the rules bind it to its wanted day."""
    if line.requested is None:
        return None
    if rules.confirmation is Confirmation.ON_DATE:
        return line.requested
    if rules.max_lateness is None:
        return None
    return line.requested + dt.timedelta(min(rules.max_lateness, (dt.date.max - line.requested).days))


def _shipments(items: Sequence[Dated], least: int) -> list[Sequence[Dated]]:
    """Divide a line into shipments of ``least`` units or more, each as early as can be."""
    left = sum(item.units for item in items)
    shipments: list[Sequence[Dated]] = []
    gathered: list[Dated] = []
    for _, found in groupby(items, key=_when):
        gathered += found
        there = sum(item.units for item in gathered)
        leaving = there if there == left else min(there, left - least)
        if leaving >= least:
            shipment, gathered = _cut(gathered, leaving)
            shipments.append(shipment)
            left -= leaving
    return shipments


def _cut(items: Iterable[Dated], amount: int) -> tuple[list[Dated], list[Dated]]:
    """Divide items after ``amount`` units."""
    first, rest = [], []
    for item in items:
        given = min(item.units, amount)
        amount -= given
        if given == item.units:
            first.append(item)
        elif given:
            leaving, staying = cut(item, given)
            first.append(leaving)
            rest.append(staying)
        else:
            rest.append(item)
    return first, rest


def _ready(items: Sequence[Dated], claims: Sequence[Claim], desk: Desk) -> DateRange | None:
    """Return the days on which a shipment is ready, ``None`` if that is too late for a line in it."""
    ready = items[0].ready if len(items) == 1 else ship_together(item.ready for item in items if item.ready)
    assert ready
    arrives = desk.arrival(ready)
    bounds = []
    for claim in claims:
        bound, window = _latest_arrival(claim.line, desk.rules), claim.line.promised
        if bound and arrival_in(window, arrives, desk.now).latest > bound:
            return None
        bounds += [bound] if bound else []
        if bound and window and arrives.latest <= window.latest:
            bounds.append(window.latest)
    if bounds and desk.rules.confirmation is Confirmation.ON_DATE:
        day = desk.ready_by(min(bounds))
        return DateRange(day, day)
    return ready


def _at(item: Dated, ready: DateRange | None) -> Dated:
    return item if item.ready == ready else attrs.evolve(item, ready=ready)


def _delivery(item: Dated, line: OrderLine, desk: Desk) -> DateRange:
    assert item.ready
    return arrival_in(line.promised, desk.arrival(item.ready), desk.now)


def _drop(claims: Iterable[Claim], desk: Desk) -> list[Dated]:
    for claim in claims:
        _put_back(claim.items, desk)
    return []


def _put_back(items: Iterable[Dated], desk: Desk) -> None:
    desk.ledger.put_back(peg for item in items for peg in item.pegs)


_KINDS = {
    Source.HERE: PromiseKind.IN_STOCK,
    Source.COMING: PromiseKind.BACKORDER,
    Source.ESTIMATE: PromiseKind.ESTIMATE,
}


def _promises(order: Order, claim: Claim, items: Iterable[Dated], desk: Desk) -> Iterator[Promise]:
    left = claim.units
    for item in items:
        left -= item.units
        preorder = claim.ahead and item.source is not Source.ESTIMATE
        kind = PromiseKind.PREORDER if preorder else _KINDS[item.source]
        yield _promise(order, claim.line, item, kind, desk)
    if left:
        nothing = Dated(units=left, source=Source.NOTHING, ready=None)
        yield _promise(order, claim.line, nothing, PromiseKind.NONE, desk)


def _promise(order: Order, line: OrderLine, item: Dated, kind: PromiseKind, desk: Desk) -> Promise:
    return unchecked(
        Promise,
        order_id=order.id,
        line_id=line.id,
        sku=line.sku,
        quantity=item.units,
        kind=kind,
        ready=item.ready,
        delivery=_delivery(item, line, desk) if item.ready else None,
        components=line.components,
        references=item.references,
        first=None,
    )
