"""One sourcing wave over the parts that wait, and its result as a value: under `lifecycle`."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import attrs

from ._checks import checked, instance, optional, refused, rule
from ._checks import units as check_units
from ._lifecycle import Effect, HeldPart, Origin, PartAction, PartState, advanced, awaited, goods_of, is_due
from ._plan_changes import _cut
from ._rows import Rows
from .bundles import LineKind, explode
from .orders import ShipPolicy, WaitingLine
from .quantities import UNLIMITED, Quantity
from .splitting import PartLine
from .waiting_room import AllocationPolicy, AllocationUnit, Decision, Shortage, allocate

#: Line id in the queue -> the place of its part, and its line.
_Names: TypeAlias = Mapping[str, tuple[int, PartLine]]


def _age(value: object, path: str) -> dt.timedelta:
    if not isinstance(value, dt.timedelta) or value < dt.timedelta(0):
        raise refused(path, "must be a timedelta of 0 or more", value, code="age.invalid")
    return value


@attrs.frozen(kw_only=True, field_transformer=checked)
class WavePolicy:
    """How a sourcing wave goes.

    Attributes:
        allocation: Who gets what is there.
        max_attempts: With how many vain attempts in a row a part becomes UNFULFILLABLE, >= 1. An attempt that grants it
            some units is not in vain, and the count starts anew. ``None``: it is tried for ever.
        report_after: From how long on a backorder is reported, counted from when its order was placed or, if that is
            later, its street date; reported at exactly that age already. ``None``: none is.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    allocation: AllocationPolicy = attrs.field(default=AllocationPolicy(), metadata=rule(instance, of=AllocationPolicy))
    max_attempts: int | None = attrs.field(default=None, metadata=rule(optional, check=check_units, least=1))
    report_after: dt.timedelta | None = attrs.field(default=None, metadata=rule(optional, check=_age))


@attrs.frozen(kw_only=True)
class Wave:
    """What a sourcing wave did.

    Attributes:
        parts: All parts that were handed in, as they are now and in their order. A part that was served in part is two:
            what was granted, then the rest.
        effects: What follows for each of the parts, in their order; see `part_effects`.
        decisions: Why each line that waits got what it got, in the order of the queue; a line that waits in two parts
            has two.
        overdue: The ids of the backorders that have waited for as long as the policy says, or longer.
        replaced: Id of a part that changed -> what takes its place. Save each entry at once, or its first part first.
        left_over: SKU -> units that no part holds, for each SKU that was there.
        oversold: SKU -> units that allocated parts hold beyond what is there; only where that is so.
    """

    parts: Sequence[HeldPart]
    effects: Sequence[Effect]
    decisions: Sequence[Decision]
    overdue: Sequence[str]
    replaced: Mapping[str, Sequence[HeldPart]]
    left_over: Mapping[str, Quantity]
    oversold: Mapping[str, int]


_OPEN = (PartState.DUE, PartState.BACKORDERED)
_WAITING = (PartState.HELD, *_OPEN)


def mended(parts: Sequence[HeldPart]) -> list[HeldPart]:
    """Return the parts without the units that were granted out of them by a wave whose result was saved in half.

    A part whose last grant falls short of an attempt in which units left it is as it was before that wave.
    """
    found = [(held.origin, held) for held in parts if held.origin is not None]
    by_part: dict[str, list[tuple[Origin, HeldPart]]] = {}
    for origin, granted in sorted(found, key=lambda entry: entry[0].attempt):
        by_part.setdefault(origin.part_id, []).append((origin, granted))
    whole = list(parts)
    for place, held in enumerate(parts):
        for origin, granted in by_part.get(held.part.id, ()):
            if held.last_grant < origin.attempt:
                whole[place] = _less(whole[place], granted.part.id, origin, f"parts[{place}]")
    return whole


def released(held: HeldPart, at: dt.datetime) -> HeldPart:
    """Return the part as due if it is held and its street date is reached."""
    if held.state is PartState.HELD and is_due(held, at):
        return advanced(held, PartAction.RELEASE, at)
    return held


@attrs.frozen(kw_only=True)
class Served:
    """What one wave did: for each part what takes its place, and why."""

    after: list[tuple[HeldPart, ...]]
    decisions: Sequence[Decision]


def serve(
    parts: Sequence[HeldPart],
    *,
    available: Mapping[str, Quantity],
    at: dt.datetime,
    policy: AllocationPolicy,
    max_attempts: int | None,
) -> Served:
    """Share out what no part holds among those that wait, and move each on."""
    whole = _whole_orders(parts, policy)
    names = _names(parts, whole, at, policy)
    streets = [awaited(held.part) for held in parts]
    queue = [_waiting_line(parts[place], line, name, streets[place], at) for name, (place, line) in names.items()]
    free = not_held(available, set_aside(parts))
    found = allocate(queue, available=free, policy=_by_own_names(policy, names), at=at)
    gone = {held.part.order_id for held in parts if held.state is PartState.UNFULFILLABLE}.intersection(whole)
    given: dict[int, dict[str, int]] = {}
    for grant in found.added:
        place, line = names[grant.line_id]
        if grant.order_id not in gone:
            given.setdefault(place, {})[line.line_id] = grant.quantity
    asked = _asked(parts, whole, [street is None or at >= street for street in streets])
    after = [_tried(held, given.get(place, {}), at) if place in asked else (held,) for place, held in enumerate(parts)]
    lost = {names[line.line_id][0] for line in found.unfulfillable}
    after = _given_up(after, asked, lost, whole, at=at, max_attempts=max_attempts)
    return Served(after=after, decisions=_decisions(found.decisions, names))


def set_aside(parts: Iterable[HeldPart]) -> Mapping[str, int]:
    """Return SKU on a shelf -> units that allocated parts hold."""
    totals = Counter[str]()
    for held in parts:
        for line in goods_of(held.part) if held.state is PartState.ALLOCATED else ():
            needs = explode(line.components) if line.components else {line.sku: 1}
            totals.update({sku: need * line.quantity for sku, need in needs.items()})
    return totals


def not_held(available: Mapping[str, Quantity], held: Mapping[str, int]) -> dict[str, Quantity]:
    """Return what is there and set aside for nobody."""
    return {sku: units if units is UNLIMITED else max(0, units - held.get(sku, 0)) for sku, units in available.items()}


def _names(parts: Sequence[HeldPart], whole: Collection[str], at: dt.datetime, policy: AllocationPolicy) -> _Names:
    """Return the lines of the queue under names that are unique in it and sort as part id, then line id.

    A line may wait in two parts of its order. A part that gave up at this instant or later has stood in the queue:
    where it keeps others waiting, it is still in it when the wave is run again.
    """
    strict = policy.shortage is Shortage.STRICT
    found = [
        (held.part.id, line.line_id, place, line)
        for place, held in enumerate(parts)
        if held.state in _WAITING
        or (held.state is PartState.UNFULFILLABLE and held.part.order_id in whole)
        or (held.state is PartState.UNFULFILLABLE and strict and not _was_given_up(held, at))
        for line in goods_of(held.part)
    ]
    found.sort(key=lambda entry: entry[:2])
    width = len(str(len(found)))
    return {f"{number:0{width}}": entry[2:] for number, entry in enumerate(found)}


def _waiting_line(
    held: HeldPart, line: PartLine, name: str, street: dt.datetime | None, at: dt.datetime
) -> WaitingLine:
    return WaitingLine(
        order_id=held.part.order_id,
        line_id=name,
        sku=line.sku,
        quantity=line.quantity,
        placed_at=held.placed_at,
        components=line.components,
        priority=held.priority,
        street_date=street,
        hold=held.state.value if _was_given_up(held, at) else held.hold,
        ship=held.ship,
    )


def _was_given_up(held: HeldPart, at: dt.datetime) -> bool:
    return held.state is PartState.UNFULFILLABLE and (held.tried_at is None or held.tried_at < at)


def _by_own_names(policy: AllocationPolicy, names: _Names) -> AllocationPolicy:
    """Return the policy with its key, if it is a function, asked about lines under their own names."""
    if isinstance(policy.queue, str):
        return policy
    key = policy.queue
    return attrs.evolve(policy, queue=lambda line: key(attrs.evolve(line, line_id=names[line.line_id][1].line_id)))


def _decisions(found: Sequence[Decision], names: _Names) -> Sequence[Decision]:
    def build(index: int) -> Decision:
        decision = found[index]
        return attrs.evolve(decision, line_id=names[decision.line_id][1].line_id)

    return Rows(partial(range, len(found)), build)


def _whole_orders(parts: Iterable[HeldPart], policy: AllocationPolicy) -> frozenset[str]:
    """Return the orders of which all parts that wait are served together."""
    by_order = policy.unit is AllocationUnit.ORDER
    return frozenset(held.part.order_id for held in parts if by_order or held.ship is ShipPolicy.COMPLETE)


def _asked(parts: Sequence[HeldPart], whole: Collection[str], due: Sequence[bool]) -> frozenset[int]:
    """Return the places of the parts that could be served: due, without a hold, and kept waiting by no other part."""
    waiting = [place for place, held in enumerate(parts) if held.state in _WAITING]
    awake = [place for place in waiting if due[place] and parts[place].hold is None and parts[place].state in _OPEN]
    asleep = {parts[place].part.order_id for place in set(waiting).difference(awake) if goods_of(parts[place].part)}
    kept = asleep.intersection(whole)
    return frozenset(
        place for place in awake if parts[place].part.order_id not in kept or not goods_of(parts[place].part)
    )


def _tried(held: HeldPart, given: Mapping[str, int], at: dt.datetime) -> tuple[HeldPart, ...]:
    """Return what takes the place of a part that got so many units of each of its lines of goods."""
    if all(given.get(line.line_id) == line.quantity for line in goods_of(held.part)):
        return (advanced(held, PartAction.ALLOCATE, at),)
    if not given:
        return (advanced(held, PartAction.BACKORDER, at),)
    served = advanced(held, PartAction.ALLOCATE, at)
    lines = [
        _cut(line, 0, given[line.line_id]) if line.kind is LineKind.GOODS else line
        for line in held.part.lines
        if line.kind is not LineKind.GOODS or line.line_id in given
    ]
    name = f"{held.part.id}/granted/{served.attempts}"
    origin = Origin(
        part_id=held.part.id,
        attempt=served.attempts,
        at=max(at, held.tried_at or at),
        quantities={line.line_id: line.quantity for line in lines},
    )
    granted = attrs.evolve(served, part=attrs.evolve(held.part, id=name, lines=lines), origin=origin, last_grant=0)
    return granted, _less(held, name, origin)


def _less(held: HeldPart, granted: str, origin: Origin, path: str = "parts") -> HeldPart:
    """Return what is left of a part when units were granted out of it; it was tried then, and waits on."""
    taken = origin.quantities
    own = {line.line_id: line.quantity for line in held.part.lines}
    if taken == own or any(units > own.get(line_id, 0) for line_id, units in taken.items()):
        requirement = f"must hold more units than {granted} got, which were granted out of it"
        raise refused(path, requirement, held.part.id, code="part.excess")
    lines = [
        _cut(line, taken.get(line.line_id, 0), line.quantity)
        for line in held.part.lines
        if line.quantity != taken.get(line.line_id)
    ]
    state = PartState.BACKORDERED if held.state in _WAITING else held.state
    part = attrs.evolve(held.part, lines=lines)
    return attrs.evolve(
        held,
        part=part,
        state=state,
        attempts=max(held.attempts, origin.attempt),
        vain=0,
        tried_at=max(held.tried_at or origin.at, origin.at),
        last_grant=origin.attempt,
    )


def _given_up(
    after: Sequence[tuple[HeldPart, ...]],
    asked: Collection[int],
    lost: Collection[int],
    whole: Collection[str],
    *,
    at: dt.datetime,
    max_attempts: int | None,
) -> list[tuple[HeldPart, ...]]:
    """Return what was tried without what is not tried any more; parts that are served together give up together."""
    most = max_attempts if max_attempts is not None else UNLIMITED
    short = [place for place in asked if after[place][-1].state is PartState.BACKORDERED]
    ends = {place for place in short if place in lost or after[place][-1].vain >= most}
    gone = {
        held[-1].part.order_id
        for place, held in enumerate(after)
        if place in ends or held[-1].state is PartState.UNFULFILLABLE
    }
    orders = gone.intersection(whole)
    ends.update(place for place in short if after[place][-1].part.order_id in orders)
    return [
        (*held[:-1], advanced(held[-1], PartAction.GIVE_UP, at)) if place in ends else held
        for place, held in enumerate(after)
    ]
