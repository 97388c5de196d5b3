"""Which promises can still be kept, which break and why, and what is promised instead."""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import attrs

from ._dating import ahead_of, base_day, ships_with
from ._pegging import units_of
from ._promises import Confirmation, Promise, PromiseKind
from ._promising import Desk, goods, promise_lines
from ._shelf import Peg
from .bundles import explode
from .calendars import _plus
from .delivery import DateRange, _after, _stocked_by
from .orders import Need, Order, OrderLine, may_wait


class BreakReason(StrEnum):
    """Why a promise cannot be kept.

    RECEIPT_LATE: what was to serve it comes later than it was to. RECEIPT_GONE: it is no longer expected, or its day
    has passed. TOO_FEW: there are fewer units than were promised, here or on the receipt. STREET_DATE: the street date
    has moved. DATE_PASSED: it could not arrive in time any more if it left now. COMPANION: it ships together with units
    whose promise breaks.
    """

    RECEIPT_LATE = "receipt_late"
    RECEIPT_GONE = "receipt_gone"
    TOO_FEW = "too_few"
    STREET_DATE = "street_date"
    DATE_PASSED = "date_passed"
    COMPANION = "companion"


@attrs.frozen(kw_only=True)
class Broken:
    """A promise that cannot be kept, and what is promised instead.

    Attributes:
        promise: What was promised.
        now: What is promised now, for the same units; its ``first`` is the range that was given first of all.
        days_moved: By how many calendar days the latest day of arrival moves; ``None`` if there is no date now.
        because: Why.
    """

    promise: Promise
    now: Promise
    days_moved: int | None
    because: BreakReason


@attrs.frozen(kw_only=True)
class Repromise:
    """What becomes of promises; the units of the four add up to those that were promised.

    Attributes:
        kept: Promises that stand as they were, in the order of the orders and their lines, the soonest first.
        broken: Promises that cannot be kept, and those in their place, in the order of the orders.
        gained: Promises for units that had no date until now, in the order of the orders.
        freed: Promises of units that are no longer asked for, the soonest first.
    """

    kept: tuple[Promise, ...]
    broken: tuple[Broken, ...]
    gained: tuple[Promise, ...]
    freed: tuple[Promise, ...]

    @property
    def promises(self) -> tuple[Promise, ...]:
        """What is promised now: the kept, those in the place of the broken, and the gained."""
        return (*self.kept, *(broken.now for broken in self.broken), *self.gained)


@attrs.frozen(kw_only=True)
class _Failed:
    """A promise that breaks, and why."""

    promise: Promise
    because: BreakReason


@attrs.frozen(kw_only=True)
class _Held:
    """Promises of a bunch that hold, with what they are pegged to, and those that do not."""

    kept: Sequence[Promise] = ()
    failed: Sequence[_Failed] = ()
    pegs: Sequence[Peg] = ()


_NOTHING = _Held()
_KINDS = tuple(PromiseKind)
_Key = tuple[str, str, str]
_Bunch = list[tuple[OrderLine, Promise]]


def _key(promise: Promise) -> _Key:
    return promise.order_id, promise.line_id, promise.sku


def repromise_all(promises: Sequence[Promise], orders: Sequence[Order], desk: Desk) -> Repromise:
    """Keep all that can be kept, in the order of the orders, and only then promise the others anew."""
    standing, freed = _asked_for(promises, orders)
    for promise in promises:
        desk.ledger.release(promise.order_id, explode(promise.components) if promise.components else [promise.sku])
    kept, failed = _held(orders, standing, desk)
    stayed, broken = _replaced(orders, failed, desk)
    dateless, gained = _looked_for(orders, standing, desk)
    lines = [(order.id, line.id) for order in orders for line in order.lines]
    places = {line: place for place, line in enumerate(lines)}
    whole = sorted([*kept, *stayed, *dateless], key=lambda item: (places[item.order_id, item.line_id], *_soonest(item)))
    return Repromise(kept=tuple(whole), broken=tuple(broken), gained=tuple(gained), freed=tuple(freed))


def _held(
    orders: Sequence[Order], standing: Mapping[_Key, Sequence[Promise]], desk: Desk
) -> tuple[list[Promise], dict[str, list[_Failed]]]:
    """Return the promises that hold, and by order those that do not.

    What is on order serves those it was promised to, before it says anything to those who have an estimate; also where
    one of them ships with one of the others.
    """
    bunches = [(order, bunch) for order in orders for bunch in _bunches(order, standing, desk)]
    firm = [
        _keep(order, bunch, desk, [item for item in bunch if not _can_stand_anyhow(*item, desk)])
        for order, bunch in bunches
    ]
    kept: list[Promise] = []
    failed: dict[str, list[_Failed]] = {order.id: [] for order in orders}
    for (order, bunch), first in zip(bunches, firm, strict=True):
        held = _keep(order, bunch, desk, [item for item in bunch if _can_stand_anyhow(*item, desk)], first)
        kept += held.kept
        failed[order.id] += held.failed
    return kept, failed


def _replaced(
    orders: Sequence[Order], failed: Mapping[str, Sequence[_Failed]], desk: Desk
) -> tuple[list[Promise], list[Broken]]:
    """Return the promises that stay, since what they waited for is cancelled, and those that break."""
    stayed: list[Promise] = []
    broken: list[Broken] = []
    for order in orders:
        for found in sorted(_anew(order, failed[order.id], desk), key=_is_companion):
            if found.days_moved is not None and found.days_moved <= 0:
                # Its days stand; what serves it may be something else.
                stayed.append(attrs.evolve(found.promise, kind=found.now.kind, references=found.now.references))
            else:
                broken.append(found)
    return stayed, broken


def _is_companion(item: Broken) -> bool:
    return item.because is BreakReason.COMPANION


def _looked_for(
    orders: Sequence[Order], standing: Mapping[_Key, Sequence[Promise]], desk: Desk
) -> tuple[list[Promise], list[Promise]]:
    """Return the promises that have no date still, and those that have one now."""
    found = [promise for order in orders for promise in _second_chance(order, standing, desk)]
    return [item for item in found if item.ready is None], [item for item in found if item.ready is not None]


def _asked_for(promises: Iterable[Promise], orders: Iterable[Order]) -> tuple[dict[_Key, list[Promise]], list[Promise]]:
    """Divide promises into those whose units are still asked for, by line, and those that are free, the last first."""
    asked = {(order.id, line.id, line.sku): units for order in orders for line, units in _goods(order)}
    standing: dict[_Key, list[Promise]] = {}
    freed = []
    for promise in sorted(promises, key=_soonest):
        key = _key(promise)
        keep = min(promise.quantity, asked.get(key, 0))
        if keep:
            asked[key] -= keep
            standing.setdefault(key, []).append(_part(promise, keep))
        if keep < promise.quantity:
            freed.append(_part(promise, promise.quantity - keep))
    return standing, freed


def _goods(order: Order) -> Iterator[tuple[OrderLine, int]]:
    asked = goods(order)
    return ((line, asked[line.id]) for line in order.lines if line.id in asked)


def _soonest(promise: Promise) -> tuple[object, ...]:
    """Return the place of a promise among those of its line; what has no date comes last."""
    days = promise.delivery
    when = (days.latest, days.earliest) if days else (dt.date.max, dt.date.max)
    return *when, _KINDS.index(promise.kind), promise.references, promise.quantity


def _part(promise: Promise, quantity: int) -> Promise:
    return promise if quantity == promise.quantity else attrs.evolve(promise, quantity=quantity)


def _bunches(order: Order, standing: Mapping[_Key, Sequence[Promise]], desk: Desk) -> Iterator[_Bunch]:
    """Yield the promises with a date that stand or fall together; one by itself may stand in part."""
    together: dict[object, _Bunch] = {}
    by_shipment = desk.rules.min_shipment > 1 or desk.rules.confirmation is Confirmation.ON_DATE
    for line in order.lines:
        group = ships_with(order, line)
        for place, promise in enumerate(standing.get((order.id, line.id, line.sku), ())):
            if promise.ready is None:
                continue
            if group is not None:
                bunch: object = group
            elif desk.rules.confirmation is Confirmation.COMPLETE:
                bunch = (line.id,)
            else:
                bunch = (line.id, promise.ready if by_shipment else place)
            together.setdefault(bunch, []).append((line, promise))
    yield from together.values()


def _can_stand_anyhow(line: OrderLine, promise: Promise, desk: Desk) -> bool:
    """Say whether a promise needs nothing of what is there and comes: it loses nothing by waiting."""
    if promise.kind is PromiseKind.ESTIMATE:
        return True
    unsaid = promise.kind is PromiseKind.PREORDER or _is_in_window(line, promise)
    return unsaid and not line._bound and not any(desk.ledger.has_receipts(need.sku) for need in line._needs)


def _is_in_window(line: OrderLine, promise: Promise) -> bool:
    assert promise.delivery
    return line.promised is not None and promise.delivery.latest <= line.promised.latest


def _keep(order: Order, bunch: _Bunch, desk: Desk, items: _Bunch, before: _Held = _NOTHING) -> _Held:
    """Peg promises of a bunch anew so that they hold, beside those that were ``before``; all of a bunch or none."""
    kept, failed, pegs = list(before.kept), list(before.failed), list(before.pegs)
    for line, promise in items:
        found, units, because = _hold(line, promise, desk)
        pegs += found
        if units:
            kept.append(_part(promise, units))
        if because:
            failed.append(_Failed(promise=_part(promise, promise.quantity - units), because=because))
    divisible = len(bunch) == 1 and _is_divisible(order, bunch[0][0], desk)
    if not failed or divisible:
        return _Held(kept=kept, failed=failed, pegs=pegs)
    desk.ledger.put_back(pegs)
    # Those that could stand come first: what is left of their days is theirs.
    companions = [_Failed(promise=promise, because=BreakReason.COMPANION) for promise in kept]
    return _Held(kept=[], failed=[*companions, *failed], pegs=[])


def _is_divisible(order: Order, line: OrderLine, desk: Desk) -> bool:
    staged = desk.rules.confirmation is Confirmation.STAGED and desk.rules.min_shipment == 1
    return staged and ships_with(order, line) is None


def _hold(line: OrderLine, promise: Promise, desk: Desk) -> tuple[list[Peg], int, BreakReason | None]:
    """Return what a promise can be pegged to in time, how many units hold, and why the others do not."""
    assert promise.delivery
    ahead = ahead_of(line, desk.at)
    ready_by = desk.ready_by(promise.delivery.latest)
    base = base_day(ahead, desk.now)
    if desk.arrival(DateRange(base, base)).earliest > promise.delivery.latest:
        return [], 0, BreakReason.STREET_DATE if ahead else BreakReason.DATE_PASSED
    if ahead and base > ready_by:
        return [], 0, BreakReason.STREET_DATE
    streams = {
        need.sku: desk.ledger.take_in_time(
            need.sku, promise.quantity * need.quantity, by=_stock_day(line, need, promise, ready_by, desk)
        )
        for need in line._needs
    }
    missing = [need for need in line._needs if units_of(streams[need.sku]) < promise.quantity * need.quantity]
    units = min((units_of(streams[need.sku]) // need.quantity for need in missing), default=promise.quantity)
    pegs = _keep_whole(line, units, streams, desk)
    if base <= ready_by or promise.kind is not PromiseKind.PREORDER:
        stood = _unsaid(line, promise, promise.quantity - units, missing, desk)
        for need in line._needs if promise.kind is PromiseKind.PREORDER else line._bound:
            day = _stock_day(line, need, promise, ready_by, desk)
            known = desk.ledger.take_in_time(need.sku, stood * need.quantity, by=day)
            pegs += _less(known, units_of(known) % need.quantity, desk)
        units += stood
    return pegs, units, _why(line, promise, missing, ready_by, desk) if units < promise.quantity else None


def _keep_whole(line: OrderLine, units: int, streams: Mapping[str, list[Peg]], desk: Desk) -> list[Peg]:
    """Return the pegs of whole units, and put back the others."""
    kept: list[Peg] = []
    for need in line._needs:
        pegs = streams[need.sku]
        kept += _less(pegs, units_of(pegs) - units * need.quantity, desk)
    return kept


def _less(pegs: list[Peg], over: int, desk: Desk) -> list[Peg]:
    """Return pegs without so many units, which are put back."""
    while over:  # what was taken last is what is there
        last = pegs.pop()
        back = min(over, last.units)
        over -= back
        desk.ledger.put_back([attrs.evolve(last, units=back)])
        if back < last.units:
            pegs.append(attrs.evolve(last, units=last.units - back))
    return pegs


def _stock_day(line: OrderLine, need: Need, promise: Promise, ready_by: dt.date, desk: Desk) -> dt.date:
    """Return the latest day on which units may come that serve a promise."""
    if need not in line._bound:
        return _stocked_by(ready_by, desk.times)
    if not may_wait(line):
        return _plus(desk.now.today, -1)  # by what is there alone, as a new promise
    assert promise.ready
    # They must be there on the day they are to be handled, as what comes on that very day is not.
    return _plus(_stocked_by(min(ready_by, promise.ready.latest), desk.times), -1)


def _unsaid(line: OrderLine, promise: Promise, units: int, missing: Sequence[Need], desk: Desk) -> int:
    """Return how many units stand that were promised without anything on order: nothing is on order for them now."""
    if not units:
        return 0
    estimate = promise.kind is PromiseKind.ESTIMATE
    bound = set(line._bound).intersection(missing)
    if bound or not (estimate or _is_in_window(line, promise) or promise.kind is PromiseKind.PREORDER):
        return 0
    if not estimate and any(desk.ledger.has_receipts(need.sku) for need in missing):
        return 0
    return units - _made(line, units, desk)


def _made(line: OrderLine, units: int, desk: Desk) -> int:
    """Return how many of so many units can be made of what is there and what comes, whenever that is."""
    streams = {need.sku: desk.ledger.take_soonest(need.sku, units * need.quantity) for need in line._needs}
    desk.ledger.put_back(peg for pegs in streams.values() for peg in pegs)
    return min(units_of(streams[need.sku]) // need.quantity for need in line._needs)


def _why(line: OrderLine, promise: Promise, missing: Sequence[Need], ready_by: dt.date, desk: Desk) -> BreakReason:
    """Say why what was to serve a promise does not: that of the component that is missing, the first by its SKU."""
    if promise.kind is PromiseKind.IN_STOCK:
        return BreakReason.TOO_FEW
    window = desk.ledger.soonest(missing[0].sku, promise.references)
    if window is None:
        gone = [name for name in promise.references if not _is_expected(line, name, desk)]
        return BreakReason.RECEIPT_GONE if gone else BreakReason.TOO_FEW
    late = _after(window, desk.times.inbound).latest > ready_by
    return BreakReason.RECEIPT_LATE if late else BreakReason.TOO_FEW


def _is_expected(line: OrderLine, reference: str, desk: Desk) -> bool:
    return any(desk.ledger.soonest(need.sku, [reference]) for need in line._needs)


def _anew(order: Order, failed: Sequence[_Failed], desk: Desk) -> Iterator[Broken]:
    """Yield the promises of an order that break, each with the one in its place."""
    instead = _promised(order, (item.promise for item in failed), desk)
    for item in failed:
        for now in _draw(instead[item.promise.line_id], item.promise.quantity):
            old = _part(item.promise, now.quantity)
            yield Broken(
                promise=old,
                now=attrs.evolve(now, first=old.first or old.delivery),
                days_moved=_days_moved(old.delivery, now.delivery),
                because=item.because,
            )


def _second_chance(order: Order, standing: Mapping[_Key, Sequence[Promise]], desk: Desk) -> Iterator[Promise]:
    """Yield a promise with a date for units that had none, if there is one now; else what they had."""
    dateless = [
        promise
        for line in order.lines
        for promise in standing.get((order.id, line.id, line.sku), ())
        if promise.ready is None
    ]
    found = _promised(order, dateless, desk)
    for old in dateless:
        for now in _draw(found[old.line_id], old.quantity):
            yield attrs.evolve(now, first=old.first) if now.ready else _part(old, now.quantity)


def _promised(order: Order, promises: Iterable[Promise], desk: Desk) -> dict[str, deque[Promise]]:
    """Return line id -> new promises for as many units as those promises have."""
    asked: Counter[str] = Counter()
    for promise in promises:
        asked[promise.line_id] += promise.quantity
    found: dict[str, deque[Promise]] = {}
    for now in promise_lines(order, asked, desk):
        found.setdefault(now.line_id, deque()).append(now)
    return found


def _draw(promises: deque[Promise], quantity: int) -> Iterator[Promise]:
    """Yield the first promises of a line for so many units, which are taken from it."""
    while quantity:
        first = promises.popleft()
        given = min(quantity, first.quantity)
        quantity -= given
        if given < first.quantity:
            promises.appendleft(_part(first, first.quantity - given))
        yield _part(first, given)


def _days_moved(old: DateRange | None, new: DateRange | None) -> int | None:
    return (new.latest - old.latest).days if old and new else None
