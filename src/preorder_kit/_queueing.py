"""Who stands where: the rules of a queue, as values, and its lines in the order of their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from itertools import compress, islice
from operator import attrgetter, eq, ne
from typing import Any, TypeAlias, TypeVar

import attrs

from ._checks import checked, instance, member, optional, refused, rule, text, units
from .errors import InvalidArgument
from .orders import ShipPolicy, WaitingLine
from .rationing import Rationing

T = TypeVar("T")

QueueKey: TypeAlias = Callable[[WaitingLine], Any]


class QueueOrder(StrEnum):
    """What gives a line its place, before the instant at which it was placed and its ids.

    FIFO: nothing, first come first served. PRIORITY: its priority, the lowest number first. EARLIEST_STREET_DATE: its
    street date, lines without one first.
    """

    FIFO = "fifo"
    PRIORITY = "priority"
    EARLIEST_STREET_DATE = "earliest_street_date"


class Shortage(StrEnum):
    """What a claim gets that cannot be served in full.

    PARTIAL: a line gets what is there, an order that is to be whole nothing. SKIP: nothing; whoever comes after it is
    served. STRICT: nothing, and nobody after it gets a SKU that it wants.
    """

    PARTIAL = "partial"
    SKIP = "skip"
    STRICT = "strict"


class AllocationUnit(StrEnum):
    """What is served: LINE, each line by itself. ORDER: all lines of an order together, or none of them."""

    LINE = "line"
    ORDER = "order"


class Unserved(StrEnum):
    """What becomes of a line that was asked for and not served in full.

    WAIT: it waits on. UNFULFILLABLE: it is told apart, for somebody to decide.
    """

    WAIT = "wait"
    UNFULFILLABLE = "unfulfillable"


def _queue_order(value: object, path: str) -> QueueOrder | QueueKey:
    return value if callable(value) and not isinstance(value, str) else member(value, path, of=QueueOrder)


@attrs.frozen(kw_only=True, field_transformer=checked)
class AllocationPolicy:
    """How scarce stock is shared out among lines that wait.

    Attributes:
        queue: What gives a line its place; a function of a `WaitingLine` returns a key of the caller's own, the
            smallest first. Whatever it is, ``placed_at``, ``order_id`` and ``line_id`` break its ties, so that no two
            lines have one place. An order's place is its first line's.
        shortage: What a claim gets that cannot be served in full.
        unit: Whether a claim is a line or an order. An order of which a line has ``ShipPolicy.COMPLETE`` is one claim
            whatever it says.
        ration: A fair rule, by SKU, among the lines that are equal before ties are broken: under FIFO all of them,
            else those of one priority, of one street date, of one key. ``None``: the earlier line first. It needs
            PARTIAL and LINE, and a queue without bundles and without whole orders.
        unserved: What becomes of a line that was asked for and not served in full.

    Raises:
        InvalidArgument: If a field breaks its rule, or ``ration`` comes with SKIP, STRICT or ORDER.
    """

    queue: QueueOrder | QueueKey = attrs.field(default=QueueOrder.FIFO, metadata=rule(_queue_order))
    shortage: Shortage = attrs.field(default=Shortage.PARTIAL, metadata=rule(member, of=Shortage))
    unit: AllocationUnit = attrs.field(default=AllocationUnit.LINE, metadata=rule(member, of=AllocationUnit))
    ration: Rationing | None = attrs.field(default=None, metadata=rule(optional, check=member, of=Rationing))
    unserved: Unserved = attrs.field(default=Unserved.WAIT, metadata=rule(member, of=Unserved))

    def __attrs_post_init__(self) -> None:
        if self.ration is not None and (self.shortage, self.unit) != (Shortage.PARTIAL, AllocationUnit.LINE):
            requirement = "must be None unless shortage is partial and unit is line: a fair share serves lines in part"
            raise refused("ration", requirement, self.ration, code="policy.ration")


@attrs.frozen(kw_only=True, field_transformer=checked)
class Grant:
    """Units that a line of the queue holds.

    Attributes:
        order_id: Whose they are.
        line_id: Which line of the order.
        sku: The line's SKU.
        quantity: Units of the line, >= 1.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))
    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))


_grant_order, _grant_line, _grant_sku, _grant_quantity = (
    getattr(Grant, name).__set__ for name in ("order_id", "line_id", "sku", "quantity")
)


def grant_of(line: WaitingLine, quantity: int) -> Grant:
    """Return units of a line, >= 1, that it holds."""
    value = Grant.__new__(Grant)
    _grant_order(value, line.order_id)
    _grant_line(value, line.line_id)
    _grant_sku(value, line.sku)
    _grant_quantity(value, quantity)
    return value


@attrs.frozen(kw_only=True, eq=False)
class Queue:
    """A queue as compact columns. A position is a line's place, counted from 0; lines of a whole order stand together.

    Attributes:
        lines: The lines as they were handed in.
        order: Position -> the index of its line in ``lines``.
        held: Position -> units that it holds already.
        starts: The first position of each claim; ``None`` if each line is one, and may be served in part.
        wholes: The orders that are claims as a whole, ``None`` for all.
        is_plain: Whether no line is a bundle, on hold or dated, and none is of an order that ships complete.
        classes: The first position of each class of lines that are equal before ties are broken.
    """

    lines: Sequence[WaitingLine]
    order: Sequence[int]
    held: list[int]
    starts: Sequence[int] | None
    wholes: Collection[str] | None
    is_plain: bool
    classes: Sequence[int]

    def line(self, position: int) -> WaitingLine:
        """Return the line at a position."""
        return self.lines[self.order[position]]

    def column(self, name: str) -> list[Any]:
        """Return position -> a field of the line."""
        # Lines are read in the order in which they were made, and stand together in memory: much faster than by place.
        values = list(map(attrgetter(name), self.lines))
        return [values[index] for index in self.order]

    def is_whole(self, position: int) -> bool:
        """Return whether the line is served only together with all of its order."""
        return self.wholes is None or self.line(position).order_id in self.wholes


def line_up(queue: Iterable[WaitingLine], *, policy: AllocationPolicy, grants: Iterable[Grant] = ()) -> Queue:
    """Return the queue in the order of its places.

    Raises:
        InvalidArgument: If an item is no `WaitingLine` or comes twice, if the policy's key cannot put lines in order,
            if a grant belongs to no line or goes beyond its claim, or the policy's ``ration`` meets a bundle or a whole
            order.
    """
    lines = items_of(queue, "queue", of=WaitingLine)
    is_plain = all(map(attrgetter("_is_plain"), lines))
    complete = () if is_plain else _complete(lines, policy)
    wholes = None if policy.unit is AllocationUnit.ORDER else complete
    order, keys = _places(lines, policy.queue)
    starts = _put_together(lines, order, wholes) if wholes is None or wholes else None
    held = units_held(lines, grants)
    return Queue(
        lines=lines,
        order=order,
        held=[held[index] for index in order],
        starts=starts,
        wholes=wholes,
        is_plain=is_plain,
        classes=_classes(order, keys) if policy.ration else (),
    )


def items_of(value: Iterable[T], path: str, *, of: type[T]) -> list[T]:
    """Return the items of an iterable, each known to be of a type."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise refused(path, f"must be a sequence of {of.__name__}", value, code="type.invalid")
    items = list(value)
    if not set(map(type, items)) <= {of}:
        for index, item in enumerate(items):
            instance(item, f"{path}[{index}]", of=of)
    return items


def names_of(lines: Sequence[WaitingLine]) -> Sequence[Any]:
    """Return a key for each line's ids, that sorts as they do; refuse a line that comes twice."""
    orders = list(map(attrgetter("order_id"), lines))
    if len(set(orders)) == len(lines):
        return orders
    pairs = partial(zip, orders, map(attrgetter("line_id"), lines), strict=True)
    # A million pairs are a million objects to look after, texts are not; their joint sorts first where no id has it.
    names = list(pairs() if "\0" in "".join(orders) else map("\0".join, pairs()))
    if len(set(names)) < len(lines):
        _refuse_repeated(names, lines)
    return names


def _refuse_repeated(names: Sequence[Any], lines: Sequence[WaitingLine]) -> None:
    seen: dict[Any, int] = {}
    firsts = [seen.setdefault(name, index) for index, name in enumerate(names)]
    index = next(index for index, first in enumerate(firsts) if first != index)
    line = lines[index]
    requirement = f"must not come twice: order {line.order_id}, line {line.line_id} is queue[{firsts[index]}] already"
    raise refused(f"queue[{index}]", requirement, (line.order_id, line.line_id), code="id.repeated")


def _complete(lines: Sequence[WaitingLine], policy: AllocationPolicy) -> Collection[str]:
    if policy.ration is not None:
        for index, line in enumerate(lines):
            if line.components or line.ship is ShipPolicy.COMPLETE:
                requirement = "must be no bundle and not ship complete where a policy rations"
                raise refused(f"queue[{index}]", requirement, line.sku, code="policy.ration")
    return {line.order_id for line in lines if line.ship is ShipPolicy.COMPLETE}


_Keys: TypeAlias = Sequence[Any] | None


def _places(lines: Sequence[WaitingLine], rule_of_place: QueueOrder | QueueKey) -> tuple[list[int], _Keys]:
    """Return the indices of the lines in the order of their places, and the keys that come before their ties."""
    # By numbers first: comparing them costs a third of comparing instants, and a tenth of comparing tuples.
    seconds = [line._seconds for line in lines]
    order = sorted(range(len(lines)), key=seconds.__getitem__)
    _break_ties(order, seconds, lines, names=names_of(lines))
    keys = _keys(lines, rule_of_place)
    if keys is not None:
        try:
            _refuse_unequal(keys)
            order.sort(key=keys.__getitem__)
        except (TypeError, ValueError, ArithmeticError) as error:
            if isinstance(error, InvalidArgument):
                raise
            requirement = f"must return keys that can be compared with one another: {error}"
            raise refused("policy.queue", requirement, rule_of_place, code="policy.key") from None
    return order, keys


def _break_ties(
    order: list[int], seconds: Sequence[float], lines: Sequence[WaitingLine], *, names: Sequence[Any]
) -> None:
    """Put lines of one time, as rounded to a number, into the order of their instants and ids."""
    times = [seconds[index] for index in order]
    if not any(map(eq, times, islice(times, 1, None))):
        return
    is_exact = max(-times[0], times[-1]) < _EXACT
    starts = _changes(times)
    for start, stop in zip(starts, [*starts[1:], len(order)], strict=True):
        if stop - start > 1:
            tied = sorted(order[start:stop], key=names.__getitem__)
            order[start:stop] = tied if is_exact else sorted(tied, key=lambda index: lines[index].placed_at)


def _keys(lines: Sequence[WaitingLine], rule_of_place: QueueOrder | QueueKey) -> _Keys:
    if rule_of_place is QueueOrder.FIFO:
        return None
    if rule_of_place is QueueOrder.PRIORITY:
        return [line.priority for line in lines]
    if rule_of_place is QueueOrder.EARLIEST_STREET_DATE:
        return [_microseconds(line._street_date) for line in lines]
    return list(map(rule_of_place, lines))


def _refuse_unequal(keys: Sequence[Any]) -> None:
    for index, key in enumerate(keys):
        if key != key:  # noqa: PLR0124  # as only what is no number is
            raise refused(f"policy.queue(queue[{index}])", "must be equal to itself", key, code="policy.key")


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
_MICROSECOND = dt.timedelta(microseconds=1)
_BEFORE_ALL = -(1 << 62)
_EXACT = 2.0**32  # seconds from 1970, to 1833 and to 2106: microseconds are told apart


def _microseconds(street_date: dt.datetime | None) -> int:
    return _BEFORE_ALL if street_date is None else (street_date - _EPOCH) // _MICROSECOND


def _put_together(lines: Sequence[WaitingLine], order: list[int], wholes: Collection[str] | None) -> list[int]:
    """Move the lines of each whole order to the place of its first; return the first position of each claim."""
    names = list(map(attrgetter("order_id"), lines))
    ordered = [names[index] for index in order]
    starts = _changes(ordered)
    if wholes is None and len(starts) == len(set(ordered)):
        return starts
    first: dict[str, int] = {}
    claim_of = [0] * len(lines)
    for position, index in enumerate(order):
        name = names[index]
        claim_of[index] = first.setdefault(name, position) if wholes is None or name in wholes else position
    order.sort(key=claim_of.__getitem__)
    return _changes([claim_of[index] for index in order])


def units_held(lines: Sequence[WaitingLine], grants: Iterable[Grant]) -> list[int]:
    """Return the index of a line -> units that grants hold."""
    given = items_of(grants, "grants", of=Grant)
    totals: dict[tuple[str, str, str], int] = {}
    for grant in given:
        name = grant.order_id, grant.line_id, grant.sku
        totals[name] = totals.get(name, 0) + grant.quantity
    if not totals:
        return [0] * len(lines)
    held = [totals.get((line.order_id, line.line_id, line.sku), 0) for line in lines]
    if sum(map(bool, held)) < len(totals) or any(
        units > line.quantity for units, line in zip(held, lines, strict=True)
    ):
        _refuse_grants(lines, given)
    return held


def _refuse_grants(lines: Sequence[WaitingLine], grants: Sequence[Grant]) -> None:
    """Refuse the first grant that is of no line, of another SKU, or goes beyond a claim."""
    by_name = {(line.order_id, line.line_id): line for line in lines}
    totals = dict.fromkeys(by_name, 0)
    for index, grant in enumerate(grants):  # pragma: no branch  # one of them is wrong
        name = grant.order_id, grant.line_id
        if name not in by_name:
            requirement = "must be of a line in the queue; leave out what has left it"
            raise refused(f"grants[{index}]", requirement, name, code="grant.unknown")
        line, whose = by_name[name], f"order {grant.order_id}, line {grant.line_id}"
        totals[name] += grant.quantity
        if grant.sku != line.sku:
            requirement = f"must be {line.sku}, the SKU of {whose}"
            raise refused(f"grants[{index}].sku", requirement, grant.sku, code="grant.sku")
        if totals[name] > line.quantity:
            requirement = f"must not be more than {whose} claims, {line.quantity}"
            raise refused(f"grants[{index}].quantity", requirement, grant.quantity, code="grant.excess")


def _classes(order: Sequence[int], keys: _Keys) -> list[int]:
    return _changes([None if keys is None else keys[index] for index in order])


def _changes(keys: Sequence[Any]) -> list[int]:
    """Return the first position of each run of equal keys."""
    later = compress(range(1, len(keys)), map(ne, keys, islice(keys, 1, None)))
    return [0, *later] if keys else []
