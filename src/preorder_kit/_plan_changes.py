"""A plan after the split: units that move to another part, and units that are cancelled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import count

import attrs

from ._checks import FrozenMapping, checked, instance, mapping, member, refused, rule, sequence, text, unique, units
from ._parts import Cancelled, CancelReason, Part, PartKind, PartLine, SplitPlan, listed
from ._splitting import _NO_STREET_DATE, last_number
from .bundles import LineKind, explode
from .delivery import DateRange, ship_together

_LATER = {
    PartKind.DIGITAL: (),
    PartKind.SHIP_NOW: (PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK),
    PartKind.AWAIT_STOCK: (PartKind.AWAIT_STREET_DATE,),
    PartKind.AWAIT_STREET_DATE: (),
}
_WAITING = (PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK)


class StockAction(StrEnum):
    """What becomes of stock that was there for units that are cancelled.

    RELEASE: others can have it. REMOVE: nobody can, it is damaged or lost.
    """

    RELEASE = "release"
    REMOVE = "remove"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Cancellation:
    """A plan without some of its units.

    Attributes:
        plan: What is left, with what was cancelled now and before.
        cancelled: What was cancelled now: the units that were asked, and fees for which nothing is left to go with.
        freed: SKU on a shelf -> units that others can have now, in the order of the SKUs.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    plan: SplitPlan = attrs.field(metadata=rule(instance, of=SplitPlan))
    cancelled: Sequence[Cancelled] = attrs.field(metadata=rule(sequence, check=instance, of=Cancelled))
    freed: Mapping[str, int] = attrs.field(metadata=rule(mapping, key=text, check=units))


def move_units(plan: SplitPlan, /, *, line_id: str, quantity: int, source: str, target: str | None = None) -> SplitPlan:
    """Move exactly ``quantity`` units of a line from one part to another, or into a parcel of their own.

    Units that wait never become units that are there: they move to another parcel of the same kind and street date, or
    to a part that leaves no sooner. From what ships now that is any part that waits, from what waits for stock one that
    waits for a street date, from there one with a later street date. A part of another address is never meant, nor one
    that ships now from another location, nor one without units of the same kind: goods or digital goods.

    Fees go along when the last goods leave their part, or the last digital goods where there are no goods. Whether the
    order is to ship complete, or some of its lines together, is not considered.

    Args:
        plan: The plan; what has shipped is not in it.
        line_id: A line of the part ``source``.
        quantity: Units >= 1, at most those of the line in the part.
        source: The id of the part that they leave.
        target: The id of the part that they join; ``None``: a part of their own, ``<order>/now/<n>`` with the next n
            beside what ships now, else ``<source>/2``, ``<source>/3`` and so on, the first that is free.

    Returns:
        A plan with the same units of each line. A part that was emptied is not in it; the days of ``target`` are the
        later of both parts', unknown if one of them is, and those of ``source`` stay. Parts keep their order, one of
        its own comes after those that leave as it does. The lines of ``target`` stand in the order in which they come
        first in ``plan``.

    Raises:
        InvalidArgument: If two parts of the plan have the same id or a part has a line twice, the plan has no such part
            or line, the part has fewer units of it, or they may not move there; the message names what is allowed.

    Examples:
        One of three that are there is to come with the other order line, which waits:

        >>> from preorder_kit import Part, PartLine, SplitPlan
        >>> from preorder_kit import move_units
        >>> cds, lps = PartLine(line_id="1", sku="CD", quantity=3), PartLine(line_id="2", sku="LP", quantity=1)
        >>> now = Part(id="O1/now/1", order_id="O1", kind="ship_now", lines=[cds])
        >>> later = Part(id="O1/stock", order_id="O1", kind="await_stock", lines=[lps])
        >>> plan = SplitPlan(order_id="O1", parts=[now, later], cancelled=[])
        >>> moved = move_units(plan, line_id="1", quantity=1, source="O1/now/1", target="O1/stock")
        >>> [(part.id, [(line.line_id, line.quantity) for line in part.lines]) for part in moved.parts]
        [('O1/now/1', [('1', 2)]), ('O1/stock', [('1', 1), ('2', 1)])]

        What waits cannot ship now:

        >>> from preorder_kit import InvalidArgument
        >>> try:
        ...     move_units(plan, line_id="2", quantity=1, source="O1/stock", target="O1/now/1")
        ... except InvalidArgument as error:
        ...     print(str(error).partition("; ")[0])
        target: must not leave sooner than its source, for units that wait are not there
    """
    origin = _part_named(_checked(plan), source, "source")
    line = _line_with(origin, line_id, quantity)
    host = None if target is None else _part_named(plan, target, "target")
    _refuse_unfit(plan, line, origin, host)
    rest, moved = _without(origin, line_id, quantity)
    changed = {part.id: rest if part is origin else part for part in plan.parts}
    if host is None:
        own = attrs.evolve(origin, id=_free_id(plan, origin), lines=moved)
        changed[own.id] = own
    else:
        changed[host.id] = _joined(_delayed(host, origin, line), moved, order=_first_seen(plan.parts))
    ways = [_way(part) for part in plan.parts]
    parts = [part for part in changed.values() if part is not None]
    return attrs.evolve(plan, parts=sorted(parts, key=lambda part: ways.index(_way(part))))


def _checked(plan: SplitPlan) -> SplitPlan:
    instance(plan, "plan", of=SplitPlan)
    unique((part.id for part in plan.parts), "plan.parts[{}].id", what="the ids of a plan's parts")
    for index, part in enumerate(plan.parts):
        path = f"plan.parts[{index}].lines[{{}}].line_id"
        unique((line.line_id for line in part.lines), path, what="the lines of a part")
    return plan


def _part_named(plan: SplitPlan, part_id: str, path: str) -> Part:
    for part in plan.parts:
        if part.id == part_id:
            return part
    requirement = f"must be a part of the plan: {listed(part.id for part in plan.parts)}"
    raise refused(path, requirement, part_id, code="part.unknown")


def _line_with(part: Part, line_id: str, quantity: int) -> PartLine:
    """Return the part's line if it has ``quantity`` units."""
    units(quantity, "quantity", least=1)
    for line in part.lines:
        if line.line_id == line_id:
            if quantity > line.quantity:
                requirement = f"must be at most {line.quantity}, the units of line {line_id} in the part {part.id}"
                raise refused("quantity", requirement, quantity, code="part.excess")
            return line
    requirement = f"must be a line of the part {part.id}: {listed(line.line_id for line in part.lines)}"
    raise refused("line_id", requirement, line_id, code="line.unknown")


def _refuse_unfit(plan: SplitPlan, line: PartLine, source: Part, target: Part | None) -> None:
    why = _why_not_there(line, source, target)
    if why:
        places = [(part.id, part) for part in plan.parts] + [("None for a part of their own", None)]
        fit = listed(name for name, part in places if not _why_not_there(line, source, part))
        raise refused("target", f"{why}; allowed: {fit}", target and target.id, code="part.unfit")


def _why_not_there(line: PartLine, source: Part, target: Part | None) -> str:
    """Return why a line's units may not move from ``source`` to ``target``; empty if they may."""
    if target is None:
        return "must be a part, for a fee goes with what is delivered" if line.kind is LineKind.FEE else ""
    kind = _leading_kind(source.lines) if line.kind is LineKind.FEE else line.kind
    elsewhere = source.kind is target.kind is PartKind.SHIP_NOW and source.location != target.location
    reasons = {
        "must be another part than its source": target.id == source.id,
        "must go to the same address as its source": target.ship_to != source.ship_to,
        f"must hold units of the kind {kind}": all(held.kind is not kind for held in target.lines),
        "must not leave sooner than its source, for units that wait are not there": _leaves_sooner(target, source),
        "must ship from the location where the units are": elsewhere,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _leading_kind(lines: Iterable[PartLine]) -> LineKind:
    """Return what the fees of a part go with: its goods, else its digital goods, else one another."""
    kinds = {line.kind for line in lines}
    return next(kind for kind in (LineKind.GOODS, LineKind.DIGITAL, LineKind.FEE) if kind in kinds)


def _leaves_sooner(part: Part, other: Part) -> bool:
    if part.kind is other.kind:
        return (part.street_date or _NO_STREET_DATE) < (other.street_date or _NO_STREET_DATE)
    return part.kind not in _LATER[other.kind]


def _without(part: Part, line_id: str, quantity: int) -> tuple[Part | None, list[PartLine]]:
    """Return the part without units of a line, and what leaves it: these units, and fees that are left alone."""
    kept, leaving = [], []
    for line in part.lines:
        if line.line_id != line_id:
            kept.append(line)
            continue
        left = line.quantity - quantity
        leaving.append(_cut(line, left, line.quantity))
        if left:
            kept.append(_cut(line, 0, left))
    leader = _leading_kind(part.lines)
    if all(line.kind is not leader for line in kept):
        leaving += [line for line in kept if line.kind is LineKind.FEE]
        kept = [line for line in kept if line.kind is not LineKind.FEE]
    return (attrs.evolve(part, lines=kept) if kept else None), leaving


def _cut(line: PartLine, first: int, end: int) -> PartLine:
    """Return the units of a line from ``first`` to before ``end``, with what leaves from where for them."""
    needs, seen, picks = explode(line.components), Counter[str](), []
    for pick in line.picks:
        need, before = needs.get(pick.sku, 0), seen[pick.sku]
        seen[pick.sku] += pick.quantity
        quantity = min(seen[pick.sku], need * end) - max(before, need * first)
        if quantity > 0:
            picks.append(attrs.evolve(pick, quantity=quantity))
    return attrs.evolve(line, quantity=end - first, picks=picks)


def _delayed(part: Part, other: Part, line: PartLine) -> Part:
    """Return the part with the later days of both; a fee delays nothing."""
    if line.kind is LineKind.FEE:
        return part
    ready, delivery = _later(part.ready, other.ready), _later(part.delivery, other.delivery)
    return attrs.evolve(part, ready=ready, delivery=delivery)


def _later(one: DateRange | None, other: DateRange | None) -> DateRange | None:
    return ship_together([one, other]) if one and other else None


def _joined(part: Part, lines: Iterable[PartLine], *, order: Mapping[str, int]) -> Part:
    """Return the part with further units; of what waits, nothing leaves from anywhere yet."""
    held = {line.line_id: line for line in part.lines}
    for line in lines:
        more = line if part.kind is PartKind.SHIP_NOW else attrs.evolve(line, picks=())
        held[line.line_id] = _added(held[line.line_id], more) if line.line_id in held else more
    return attrs.evolve(part, lines=sorted(held.values(), key=lambda line: order[line.line_id]))


def _added(one: PartLine, other: PartLine) -> PartLine:
    places: dict[tuple[str, str], int] = {}
    for pick in (*one.picks, *other.picks):
        places[pick.location, pick.sku] = places.get((pick.location, pick.sku), 0) + pick.quantity
    picks = [
        attrs.evolve(pick, quantity=places.pop((pick.location, pick.sku)))
        for pick in (*one.picks, *other.picks)
        if (pick.location, pick.sku) in places
    ]
    return attrs.evolve(one, quantity=one.quantity + other.quantity, picks=picks)


def _first_seen(parts: Iterable[Part]) -> dict[str, int]:
    names = dict.fromkeys(line.line_id for part in parts for line in part.lines)
    return {name: place for place, name in enumerate(names)}


def _free_id(plan: SplitPlan, part: Part) -> str:
    parcel = re.fullmatch(re.escape(plan.order_id) + r"/now/[0-9]+(/.*)?", part.id, re.DOTALL)
    if parcel:
        return f"{plan.order_id}/now/{last_number(f'{plan.order_id}/now', plan.parts) + 1}{parcel[1] or ''}"
    taken = {found.id for found in plan.parts}
    return next(name for number in count(2) if (name := f"{part.id}/{number}") not in taken)


def _way(part: Part) -> tuple[object, ...]:
    return part.kind, part.street_date, part.location, part.ship_to


def cancel_units(
    plan: SplitPlan, /, *, line_id: str, quantity: int, stock_action: StockAction = StockAction.RELEASE
) -> Cancellation:
    """Cancel units of a line that have not shipped: those that wait first, the latest part first, then those that ship.

    Units that wait free no stock, for none was there for them. Units that ship now free what is on a shelf for them,
    components of bundles counted; fees and digital goods free nothing.

    Fees that are left without goods move to the first part with goods, of their part's address if there is one, else
    to the first part there is; a plan does not know whose fee it is, so one that was for a single address is the
    caller's to cancel. If no part is left, they are cancelled.

    Args:
        plan: The plan; what has shipped is not in it.
        line_id: A line of the order.
        quantity: Units >= 1, at most those of the line in the plan's parts.
        stock_action: What becomes of stock that was there for them.

    Returns:
        The plan that is left, in which parts and cancelled units add up to those of ``plan``, line by line; units of
        one line and reason are one entry, new entries come last. Cancelling in two steps gives what one step gives.

    Raises:
        InvalidArgument: If two parts of the plan have the same id or a part has a line twice, no part holds the line,
            or parts hold fewer units; the message says how many can be cancelled.

    Source:
        Spree and Solidus, where cancelling units that waited has made other units that waited look as if they were
        there.

    Examples:
        Three ship, two wait; of the four that are cancelled, two free stock:

        >>> from preorder_kit import Part, PartLine, SplitPlan
        >>> from preorder_kit import cancel_units
        >>> there, missing = PartLine(line_id="1", sku="CD", quantity=3), PartLine(line_id="1", sku="CD", quantity=2)
        >>> now = Part(id="O1/now/1", order_id="O1", kind="ship_now", lines=[there])
        >>> later = Part(id="O1/stock", order_id="O1", kind="await_stock", lines=[missing])
        >>> plan = SplitPlan(order_id="O1", parts=[now, later], cancelled=[])
        >>> done = cancel_units(plan, line_id="1", quantity=4)
        >>> [(part.id, part.lines[0].quantity) for part in done.plan.parts], done.freed
        ([('O1/now/1', 1)], {'CD': 2})

        Units that were found broken free nothing:

        >>> cancel_units(plan, line_id="1", quantity=3, stock_action="remove").freed
        {}
    """
    action = member(stock_action, "stock_action", of=StockAction)
    turns = list(_turns(_checked(plan), line_id, quantity))
    parts, stranded = {part.id: part for part in plan.parts}, list[PartLine]()
    for part, taken in turns:
        parts, stranded = _taken_out(parts, part.id, line_id, taken)
    sku = next(line.sku for line in turns[0][0].lines if line.line_id == line_id)
    cuts = [Cancelled(line_id=line_id, sku=sku, quantity=quantity, reason=CancelReason.CUSTOMER)]
    for fee in stranded:
        reason = CancelReason.NOTHING_SHIPS
        cuts.append(Cancelled(line_id=fee.line_id, sku=fee.sku, quantity=fee.quantity, reason=reason))
    left = attrs.evolve(plan, parts=tuple(parts.values()), cancelled=_merged([*plan.cancelled, *cuts]))
    freed = _freed(turns, line_id) if action is StockAction.RELEASE else {}
    return Cancellation(plan=left, cancelled=cuts, freed=freed)


def _turns(plan: SplitPlan, line_id: str, quantity: int) -> Iterator[tuple[Part, int]]:
    """Yield the parts that units of a line are taken from, and how many from each."""
    units(quantity, "quantity", least=1)
    held = {part.id: line.quantity for part in plan.parts for line in part.lines if line.line_id == line_id}
    if not held:
        known = listed(line.line_id for part in plan.parts for line in part.lines)
        raise refused("line_id", f"must be a line of the plan's parts: {known}", line_id, code="line.unknown")
    left, most = quantity, sum(held.values())
    if quantity > most:
        requirement = f"must be at most {most}, the units of line {line_id} that are still in a part"
        raise refused("quantity", requirement, quantity, code="part.excess")
    latest_first = plan.parts[::-1]
    for part in sorted(latest_first, key=lambda part: part.kind not in _WAITING):
        taken = min(left, held.get(part.id, 0))
        left -= taken
        if taken:
            yield part, taken


def _taken_out(
    parts: Mapping[str, Part], part_id: str, line_id: str, quantity: int
) -> tuple[dict[str, Part], list[PartLine]]:
    """Return the parts without units of a line of one of them, and the fees that nothing is left for."""
    rest, leaving = _without(parts[part_id], line_id, quantity)
    changed = {name: part if name != part_id else rest for name, part in parts.items()}
    left = {name: part for name, part in changed.items() if part is not None}
    fees = [line for line in leaving if line.line_id != line_id]
    if not fees or not left:
        return left, fees
    host = min(left.values(), key=lambda part: (not _has_goods(part), part.ship_to != parts[part_id].ship_to))
    return left | {host.id: _joined(host, fees, order=_first_seen(parts.values()))}, []


def _has_goods(part: Part) -> bool:
    return any(line.kind is LineKind.GOODS for line in part.lines)


def _merged(cuts: Iterable[Cancelled]) -> tuple[Cancelled, ...]:
    merged: dict[tuple[str, CancelReason], Cancelled] = {}
    for cut in cuts:
        known = merged.get((cut.line_id, cut.reason))
        total = cut.quantity + (known.quantity if known else 0)
        merged[cut.line_id, cut.reason] = attrs.evolve(cut, quantity=total)
    return tuple(merged.values())


def _freed(turns: Iterable[tuple[Part, int]], line_id: str) -> Mapping[str, int]:
    totals = Counter[str]()
    for part, taken in turns:
        for line in part.lines:
            if line.line_id == line_id and line.kind is LineKind.GOODS and part.kind is PartKind.SHIP_NOW:
                needs = explode(line.components) if line.components else {line.sku: 1}
                totals.update({sku: need * taken for sku, need in needs.items()})
    return FrozenMapping(sorted(totals.items()))
