"""A street date that moves, in orders and in parts on their way: under `lifecycle`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import TypeAlias

import attrs

from ._checks import FrozenMapping, checked, instance, instant, mapping, member, rule, sequence, text, unique
from ._lifecycle import HeldPart, PartState
from ._splitting import _STREET, _suffix
from .bundles import Component, LineKind
from .orders import Order, OrderLine, ShipPolicy, _all_parts, _latest
from .splitting import Part, PartLine

Item: TypeAlias = Order | Part | HeldPart
_Found: TypeAlias = list[tuple[PartLine, dt.datetime | None]]
_parts = partial(sequence, check=instance, of=(Part, HeldPart))


class UnmovedReason(StrEnum):
    """Why a line keeps its street date.

    NO_STREET_DATE: it was ordered without one. RELEASED: its street date is reached, or its part is on its way since.
    SAME_DATE: it has the new one already. SHIPPED, CANCELLED, UNFULFILLABLE: its part is.
    """

    NO_STREET_DATE = "no_street_date"
    RELEASED = "released"
    SAME_DATE = "same_date"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    UNFULFILLABLE = "unfulfillable"


@attrs.frozen(kw_only=True, field_transformer=checked)
class MovedLine:
    """A line whose street date moved.

    Attributes:
        item_id: The order or part that it is in, as it was handed in.
        line_id: The line.
        before: The street date that was in force for the line.
        after: The one that is. It may be the same, or later than the new one, if the line waits for something else too.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    item_id: str = attrs.field(metadata=rule(text))
    line_id: str = attrs.field(metadata=rule(text))
    before: dt.datetime = attrs.field(metadata=rule(instant))
    after: dt.datetime = attrs.field(metadata=rule(instant))


@attrs.frozen(kw_only=True, field_transformer=checked)
class UnmovedLine:
    """A line of the SKU that keeps its street date.

    Attributes:
        item_id: The order or part that it is in.
        line_id: The line.
        reason: Why.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    item_id: str = attrs.field(metadata=rule(text))
    line_id: str = attrs.field(metadata=rule(text))
    reason: UnmovedReason = attrs.field(metadata=rule(member, of=UnmovedReason))


@attrs.frozen(kw_only=True, field_transformer=checked)
class StreetDateMove:
    """What a new street date changed.

    Save each entry of ``replaced`` at once, and delete the old id if it is not among those of its parts: a part that
    moves by itself changes its id, and its units would be there twice under both. A run that breaks off between two
    entries is run again with what was saved. Save an order after its parts: as long as it has the old date, it says
    what its parts waited for.

    Attributes:
        moved: All that was handed in, as it is now and in its order; a part that had to be divided is several.
        changed: The lines whose street date moved.
        unchanged: The other lines of the SKU, or with it in their recipe, and why they keep theirs.
        replaced: Id of a part that changed -> what takes its place, of the same form as it was handed in. Orders keep
            their ids and are in ``moved`` alone.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    moved: Sequence[Item] = attrs.field(metadata=rule(sequence, check=instance, of=(Order, Part, HeldPart)))
    changed: Sequence[MovedLine] = attrs.field(metadata=rule(sequence, check=instance, of=MovedLine))
    unchanged: Sequence[UnmovedLine] = attrs.field(metadata=rule(sequence, check=instance, of=UnmovedLine))
    replaced: Mapping[str, Sequence[Part | HeldPart]] = attrs.field(metadata=rule(mapping, key=text, check=_parts))


@attrs.frozen(kw_only=True)
class _Move:
    """What moves, and where the lines that parts are of are found."""

    sku: str
    street_date: dt.datetime
    at: dt.datetime
    ordered: Mapping[tuple[str, str], OrderLine]
    complete: frozenset[str]


@attrs.frozen(kw_only=True)
class _Dated:
    """A line's own street date and its recipe, before or after."""

    own: dt.datetime | None
    components: tuple[Component, ...]

    @property
    def dates(self) -> list[dt.datetime]:
        dates = [self.own, *(part.street_date for part in _all_parts(self.components))]
        return [date for date in dates if date is not None]


@attrs.frozen(kw_only=True)
class _Draft:
    """A part with its lines as they are after the move, each with what it waits for (``None``: for nothing)."""

    item: Part | HeldPart
    changed: bool
    lines: list[tuple[PartLine, dt.datetime | None]]
    whole: bool


@attrs.frozen(kw_only=True)
class _Names:
    """The ids that parts have, and the last number that was put behind each name."""

    taken: set[str]
    last: dict[str, int]

    def free(self, name: str) -> str:
        """Return the name, or with the first number behind it that makes it one of its own; it is taken then."""
        number = self.last.get(name, 0) + 1
        while (own := f"{name}/{number}" if number > 1 else name) in self.taken:
            number += 1
        self.last[name] = number
        self.taken.add(own)
        return own


def moved_items(items: Sequence[Item], *, sku: str, street_date: dt.datetime, at: dt.datetime) -> StreetDateMove:
    """Return the items with the new street date."""
    orders = [item for item in items if isinstance(item, Order)]
    move = _Move(
        sku=sku,
        street_date=street_date,
        at=at,
        ordered={(order.id, line.id): line for order in orders for line in order.lines},
        complete=frozenset(order.id for order in orders if order.ship is ShipPolicy.COMPLETE),
    )
    log = list[MovedLine | UnmovedLine]()
    drafts = [_order_after(item, move, log) if isinstance(item, Order) else _draft(item, move, log) for item in items]
    ids = [_part_of(item).id for item in items if not isinstance(item, Order)]
    unique(ids, "orders_or_parts", what="the ids of parts")
    names = _Names(taken=set(ids), last={})
    latest = _latest_of_whole_orders(drafts)
    moved = list[Item]()
    replaced = dict[str, tuple[Part | HeldPart, ...]]()
    for draft in drafts:
        if not isinstance(draft, _Draft):
            moved.append(draft)
            continue
        new = tuple(_divided(draft, latest, names))
        moved += new
        if new != (draft.item,):
            replaced[_part_of(draft.item).id] = new
    return StreetDateMove(
        moved=moved,
        changed=[line for line in log if isinstance(line, MovedLine)],
        unchanged=[line for line in log if isinstance(line, UnmovedLine)],
        replaced=FrozenMapping(replaced),
    )


def _part_of(item: Part | HeldPart) -> Part:
    return item.part if isinstance(item, HeldPart) else item


def _order_after(order: Order, move: _Move, log: list[MovedLine | UnmovedLine]) -> Order:
    lines = []
    for line in order.lines:
        before = _Dated(own=line.street_date, components=tuple(line.components))
        after = _line_after(order.id, line, before, move, log)
        lines.append(attrs.evolve(line, street_date=after.own, components=after.components) if after else line)
    return attrs.evolve(order, lines=lines) if any(map(_is_not, lines, order.lines)) else order


def _is_not(one: object, other: object) -> bool:
    return one is not other


def _line_after(
    item_id: str,
    line: OrderLine | PartLine,
    before: _Dated,
    move: _Move,
    log: list[MovedLine | UnmovedLine],
    *,
    state: PartState = PartState.HELD,
) -> _Dated | None:
    """Return a line's dates after the move, and log what became of it; ``None`` if nothing moves."""
    line_id = line.id if isinstance(line, OrderLine) else line.line_id
    inside = [part.street_date for part in _all_parts(before.components) if part.sku == move.sku]
    dates = [before.own, *inside] if line.sku == move.sku else inside
    if not dates:
        return None
    reason = _why_not(dates, move, state)
    if reason is not None:
        log.append(UnmovedLine(item_id=item_id, line_id=line_id, reason=reason))
        return None
    own = move.street_date if line.sku == move.sku and _moves(before.own, move) else before.own
    after = _Dated(own=own, components=_recipe_after(before.components, move, {}))
    log.append(MovedLine(item_id=item_id, line_id=line_id, before=max(before.dates), after=max(after.dates)))
    return after


def _why_not(dates: Iterable[dt.datetime | None], move: _Move, state: PartState) -> UnmovedReason | None:
    """Return why none of the dates moves; ``None`` if one does."""
    if state in {PartState.SHIPPED, PartState.CANCELLED, PartState.UNFULFILLABLE}:
        return UnmovedReason(state.value)
    known = [date for date in dates if date is not None]
    ahead = [date for date in known if date > move.at]
    if not known:
        return UnmovedReason.NO_STREET_DATE
    if not ahead or state is not PartState.HELD:
        return UnmovedReason.RELEASED
    return None if any(date != move.street_date for date in ahead) else UnmovedReason.SAME_DATE


def _moves(date: dt.datetime | None, move: _Move) -> bool:
    return date is not None and date > move.at


def _recipe_after(components: Sequence[Component], move: _Move, known: dict[int, Component]) -> tuple[Component, ...]:
    """Return a recipe after the move; a part of it that is shared is looked at once."""
    for part in components:
        if id(part) not in known:
            inside = _recipe_after(part.components, move, known)
            date = move.street_date if part.sku == move.sku and _moves(part.street_date, move) else part.street_date
            changed = date != part.street_date or any(map(_is_not, inside, part.components))
            known[id(part)] = attrs.evolve(part, components=inside, street_date=date) if changed else part
    return tuple(known[id(part)] for part in components)


def _draft(item: Part | HeldPart, move: _Move, log: list[MovedLine | UnmovedLine]) -> _Draft | Part | HeldPart:
    """Return a part that waits for its street date with its lines after the move; any other part as it is."""
    part, state = _part_of(item), item.state if isinstance(item, HeldPart) else PartState.HELD
    afters = [_line_after(part.id, line, _dated(line, part, move), move, log, state=state) for line in part.lines]
    whole = part.order_id in move.complete or (isinstance(item, HeldPart) and item.ship is ShipPolicy.COMPLETE)
    if not any(afters) and not (whole and state is PartState.HELD and part.street_date is not None):
        return item
    lines = [
        (attrs.evolve(line, components=after.components), max(after.dates))
        if after
        else (line, _unmoved_date(line, part, move, whole=whole))
        for line, after in zip(part.lines, afters, strict=True)
    ]
    return _Draft(item=item, changed=any(afters), lines=lines, whole=whole)


def _dated(line: PartLine, part: Part, move: _Move) -> _Dated:
    """Return what dates a line of a part has, as its order says; without it, all but a fee wait for the part's date.

    An order that has the new date already does not say what the part waits for.
    """
    ordered = move.ordered.get((part.order_id, line.line_id))
    own = ordered.street_date if ordered else None
    if (ordered is None and line.kind is not LineKind.FEE) or own == move.street_date:
        inside = _latest(component.street_date for component in _all_parts(line.components))
        own = own if inside == part.street_date else part.street_date
    return _Dated(own=own, components=tuple(line.components))


def _unmoved_date(line: PartLine, part: Part, move: _Move, *, whole: bool) -> dt.datetime | None:
    """Return what a line that keeps its street date waits for; ``None`` if it goes along with the others."""
    if line.kind is LineKind.FEE:
        return None
    return max(_dated(line, part, move).dates, default=None) if whole else part.street_date


def _latest_of_whole_orders(drafts: Iterable[object]) -> Mapping[str, dt.datetime]:
    """Return order id -> the latest date that goods of it wait for: of orders whose goods wait for one another.

    Orders of which nothing moved are left out.
    """
    whole = [draft for draft in drafts if isinstance(draft, _Draft) and draft.whole]
    touched = {_part_of(draft.item).order_id for draft in whole if draft.changed}
    latest: dict[str, dt.datetime] = {}
    for draft in whole:
        order_id = _part_of(draft.item).order_id
        for line, date in draft.lines:
            if date and line.kind is LineKind.GOODS and order_id in touched:
                latest[order_id] = max(date, latest.get(order_id, date))
    return latest


def _divided(draft: _Draft, latest: Mapping[str, dt.datetime], names: _Names) -> Iterator[Part | HeldPart]:
    """Yield the part by the dates that its lines wait for, the earliest first."""
    part = _part_of(draft.item)
    if not draft.changed and part.order_id not in latest:
        yield draft.item
        return
    for new in _by_date(part, _together(draft, latest), names):
        yield attrs.evolve(draft.item, part=new) if isinstance(draft.item, HeldPart) else new


def _together(draft: _Draft, latest: Mapping[str, dt.datetime]) -> _Found:
    """Return the lines with what they wait for, the goods of a whole order for its latest."""
    if not draft.whole:
        return draft.lines
    part = _part_of(draft.item)
    common = latest.get(part.order_id, part.street_date)
    return [(line, common if line.kind is LineKind.GOODS else date) for line, date in draft.lines]


def _by_date(part: Part, found: _Found, names: _Names) -> Iterator[Part]:
    """Yield the lines by the date that they wait for; what waits for none goes with the first goods."""
    dates = sorted({date for _, date in found if date is not None})
    if part.street_date is None or not dates:  # it waits for nothing that could be told apart
        yield attrs.evolve(part, lines=[line for line, _ in found])
        return
    first = min((date for line, date in found if date and line.kind is LineKind.GOODS), default=dates[0])
    for date in dates:
        lines = [line for line, own in found if (own or first) == date]
        if date == part.street_date:
            yield attrs.evolve(part, lines=lines)
        else:
            name = _free_id(part, (part.street_date, date), names, alone=len(dates) == 1)
            yield attrs.evolve(part, id=name, lines=lines, street_date=date, ready=None, delivery=None)


def _free_id(part: Part, move: tuple[dt.datetime, dt.datetime], names: _Names, *, alone: bool) -> str:
    """Return an id for a part that waits for another date, as a split gives it; one of another form stays if it can."""
    before, after = (_suffix(_STREET, date, None, 0) for date in move)
    stem = f"{part.order_id}/{before}"
    if f"{part.id}/".startswith(f"{stem}/"):
        name = f"{part.order_id}/{after}{part.id.removeprefix(stem)}"
    elif alone:
        return part.id
    else:
        name = f"{part.id}/{after}"
    return names.free(name)
