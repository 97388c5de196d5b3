"""Stock has arrived and it is not enough: who gets it, and why the others do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import add
from typing import TypeAlias

import attrs

from ._checks import FrozenMapping, instance, instant, mapping, refused, text
from ._explaining import explain
from ._queueing import (
    AllocationPolicy,
    AllocationUnit,
    Grant,
    Queue,
    QueueOrder,
    Shortage,
    Unserved,
    line_up,
)
from ._room_changes import Reduction, Revocation, free_for_new, grants_of, reduce_line, revoke
from ._rows import Rows
from ._serving import Served, balance, serve, wanted
from ._verdicts import Decision, DecisionCode, ReadVerdicts, Verdicts
from .orders import WaitingLine, _with_quantity
from .quantities import UNLIMITED, Quantity, _quantity
from .rationing import Rationing

__all__ = [
    "Allocation",
    "AllocationComparison",
    "AllocationPolicy",
    "AllocationUnit",
    "Change",
    "Decision",
    "DecisionCode",
    "Grant",
    "QueueOrder",
    "Reduction",
    "Revocation",
    "Shortage",
    "Unserved",
    "allocate",
    "compare_allocations",
    "explain",
    "free_for_new",
    "reduce_line",
    "revoke",
]


@attrs.frozen(kw_only=True)
class Allocation:
    """Who gets what is there, and why the others do not.

    Its sequences are in the order of places, lines of a whole order together. They build their values when they are
    looked at, so that a queue of a million lines costs what its numbers cost.

    Attributes:
        grants: All that lines of the queue hold now, one for each line: the whole state, earlier grants included.
        added: What this run gave, one for each line that got something.
        waiting: The lines that wait on, each with the units that it still lacks; those on hold and not due among them.
        unfulfillable: Lines that were asked for and not served in full, if the policy tells them apart.
        left_over: SKU -> units that nobody got, for each SKU that was available.
        oversold: SKU -> units that grants hold beyond what is available, where there are any; `revoke` takes them back.
        decisions: One for each line.

    Invariant: for each SKU, what was available and what is oversold are what grants hold and what is left over; for
    each line, what it holds and what it lacks are its claim.
    """

    grants: Sequence[Grant]
    added: Sequence[Grant]
    waiting: Sequence[WaitingLine]
    unfulfillable: Sequence[WaitingLine]
    left_over: Mapping[str, Quantity]
    oversold: Mapping[str, int]
    decisions: Sequence[Decision]
    _verdicts: Verdicts | ReadVerdicts = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        lines = (self.grants, self.waiting, self.unfulfillable)
        object.__setattr__(self, "_verdicts", ReadVerdicts(self.decisions, lines))

    def of(self, order_id: str) -> tuple[Decision, ...]:
        """Return the decisions on an order's lines.

        The first call looks at the whole queue, later ones at the order alone.

        Args:
            order_id: The order.

        Returns:
            One decision for each of its lines in the queue, in the order of their places.

        Raises:
            InvalidArgument: If no line of the queue is of that order.
        """
        positions = self._verdicts.positions_of(text(order_id, "order_id"))
        if not positions:
            raise refused("order_id", "must be an order of the queue", order_id, code="order.unknown")
        return tuple(map(self._verdicts.decision, positions))


def allocate(
    queue: Iterable[WaitingLine],
    /,
    *,
    available: Mapping[str, Quantity],
    policy: AllocationPolicy = AllocationPolicy(),  # noqa: B008  # a frozen value
    at: dt.datetime,
    grants: Iterable[Grant] = (),
) -> Allocation:
    """Share out what is there among lines that wait.

    Each line has one place, whatever order the queue is handed in. A line on hold, or whose street date is ahead,
    takes nothing, blocks nobody and keeps its place; it keeps an order waiting that is served only as a whole, even if
    it holds all of its own units. Bundles take whole units. Grants of earlier runs are kept: hand in the whole queue
    with them, or only what still waits without them, never both. What still waits has forgotten the lines that are
    served: only the whole queue with its grants knows that one of them keeps its order waiting.

    It costs one sort and one pass, whatever the quantities.

    Args:
        queue: The lines that wait, each with its whole claim. An order and a line id come once.
        available: SKU on the shelf -> all units that may be held, those of ``grants`` included; a SKU that is not
            named has none.
        policy: Who comes first, and what a claim gets that cannot be served in full.
        at: Now. A line is due at its street date itself.
        grants: What lines of the queue hold already; several for one line add up.

    Returns:
        Who holds what, what was added, who waits and why. No SKU is held beyond what is available, except by earlier
        grants, and no line holds more than its claim. The same queue in another order gives an equal result.

    Raises:
        InvalidArgument: If an argument is of another type, a line comes twice, a grant is of no line of the queue, of
            another SKU or beyond its claim, or the policy rations a queue with bundles or whole orders.

    Examples:
        Five units, and three lines that want nine:

        >>> import datetime as dt
        >>> from preorder_kit import AllocationPolicy, WaitingLine, allocate
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> queue = [
        ...     WaitingLine(order_id=name, line_id="1", sku="LP", quantity=units, placed_at=now)
        ...     for name, units in [("O1", 3), ("O2", 4), ("O3", 2)]
        ... ]
        >>> for shortage in ("partial", "strict", "skip"):
        ...     found = allocate(queue, available={"LP": 5}, policy=AllocationPolicy(shortage=shortage), at=now)
        ...     print(shortage, [(grant.order_id, grant.quantity) for grant in found.grants], found.left_over)
        partial [('O1', 3), ('O2', 2)] {'LP': 0}
        strict [('O1', 3)] {'LP': 2}
        skip [('O1', 3), ('O3', 2)] {'LP': 0}

        Grants that are handed in again add nothing:

        >>> first = allocate(queue, available={"LP": 5}, at=now)
        >>> again = allocate(queue, available={"LP": 5}, at=now, grants=first.grants)
        >>> [grant.quantity for grant in again.grants], again.added
        ([3, 2], ())
    """
    now = instant(at, "at")
    units = mapping(available, "available", key=text, check=_quantity)
    lined = line_up(queue, policy=instance(policy, "policy", of=AllocationPolicy), grants=grants)
    wants = wanted(lined, now)
    start, oversold = balance(lined, units, wants)
    ration = None if policy.ration is Rationing.IN_ORDER else policy.ration  # which is what the queue does
    served = serve(lined, start, wants, shortage=policy.shortage, ration=ration)
    verdicts = Verdicts(lined, served, at=now, is_rationed=ration is not None)
    told_apart = _told_apart(lined, served, units) if policy.unserved is Unserved.UNFULFILLABLE else _never
    left_over = {sku: UNLIMITED if had is UNLIMITED else served.left[sku] for sku, had in units.items()}
    found = Allocation(
        grants=grants_of(lined, list(map(add, lined.held, served.added))),
        added=grants_of(lined, served.added),
        waiting=_lacking(lined, verdicts, lambda place: not told_apart(place)),
        unfulfillable=_lacking(lined, verdicts, told_apart),
        left_over=FrozenMapping(left_over),
        oversold=FrozenMapping(oversold),
        decisions=Rows(lambda: range(len(lined.order)), verdicts.decision),
    )
    object.__setattr__(found, "_verdicts", verdicts)  # which looks up what the values alone would have to scan for
    return found


def _never(_place: int) -> bool:
    return False


def _told_apart(lined: Queue, served: Served, available: Mapping[str, Quantity]) -> Callable[[int], bool]:
    """Return whether the line at a position was asked for, of something that is named, and not served in full."""

    def found(place: int) -> bool:
        lacks = served.wants[place] > served.added[place]
        return lacks and any(need.sku in available for need in lined.line(place)._needs)

    return found


def _lacking(lined: Queue, verdicts: Verdicts, is_asked: Callable[[int], bool]) -> Sequence[WaitingLine]:
    """Return the lines that lack something and are asked for, each with what it lacks."""
    return Rows(
        lambda: [place for place in range(len(lined.order)) if verdicts.short(place) and is_asked(place)],
        lambda place: _with_quantity(lined.line(place), verdicts.short(place)),
    )


@attrs.frozen(kw_only=True)
class Change:
    """What another run decided on a line.

    Attributes:
        before: The first run's decision.
        after: The other's.
    """

    before: Decision
    after: Decision

    @property
    def units(self) -> int:
        """How many more units the line holds after it; below 0 if it holds fewer."""
        return self.after.granted - self.before.granted


@attrs.frozen(kw_only=True)
class AllocationComparison:
    """Two allocations of one queue side by side; in the order of places of the second.

    Attributes:
        gained: Lines that hold more in the second.
        lost: Lines that hold fewer.
        changed: Lines that hold as many, for another reason: the code, who is ahead or how much is missing differs.
        units: SKU of lines -> how many units more are held of it in all, where that differs; below 0: fewer.

    Invariant: no line is in two of the three.
    """

    gained: Sequence[Change]
    lost: Sequence[Change]
    changed: Sequence[Change]
    units: Mapping[str, int]


def compare_allocations(before: Allocation, after: Allocation, /) -> AllocationComparison:
    """Set two allocations of one queue side by side, to see who gains and who loses before a run is carried out.

    Args:
        before: One allocation: the last run, or one by another policy.
        after: Another of the same lines.

    Returns:
        Whose units differ and whose reason does; why, say the decisions, and `explain` in words.

    Raises:
        InvalidArgument: If they are not of the same lines, with the same claims.

    Examples:
        What would serving by priority change?

        >>> import datetime as dt
        >>> from preorder_kit import AllocationPolicy, WaitingLine, allocate, compare_allocations, explain
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> queue = [
        ...     WaitingLine(order_id="O1", line_id="1", sku="LP", quantity=2, placed_at=now, priority=5),
        ...     WaitingLine(order_id="O2", line_id="1", sku="LP", quantity=2, placed_at=now, priority=1),
        ... ]
        >>> fifo = allocate(queue, available={"LP": 3}, at=now)
        >>> ranked = allocate(queue, available={"LP": 3}, policy=AllocationPolicy(queue="priority"), at=now)
        >>> found = compare_allocations(fifo, ranked)
        >>> [(change.after.order_id, change.units) for change in (*found.gained, *found.lost)], found.units
        ([('O2', 1), ('O1', -1)], {})
        >>> print(explain(found.lost[0].after))
        Order O1, line 1 gets 1 of its 2 units: 1 unit of LP is missing, and order O2 is ahead of it.
    """
    one, other = instance(before, "before", of=Allocation)._verdicts, instance(after, "after", of=Allocation)._verdicts
    earlier = _matched(one.claims(), other.claims())
    gains = [other.granted(place) - one.granted(mate) for place, mate in enumerate(earlier)]
    totals = _totals(after.grants)
    for sku, units in _totals(before.grants).items():
        totals[sku] = totals.get(sku, 0) - units

    def change(place: int) -> Change:
        return Change(before=one.decision(earlier[place]), after=other.decision(place))

    def is_changed(place: int) -> bool:
        return not gains[place] and one.decision(earlier[place]) != other.decision(place)

    return AllocationComparison(
        gained=Rows(lambda: [place for place, gain in enumerate(gains) if gain > 0], change),
        lost=Rows(lambda: [place for place, gain in enumerate(gains) if gain < 0], change),
        changed=Rows(lambda: list(filter(is_changed, range(len(gains)))), change),
        units=FrozenMapping(sorted((sku, units) for sku, units in totals.items() if units)),
    )


_Claims: TypeAlias = Sequence[tuple[str, str, str, int]]


def _matched(before: _Claims, after: _Claims) -> Sequence[int]:
    """Return for each place after the place of the same line before."""
    places = {claim: place for place, claim in enumerate(before)}
    differing = places.keys() ^ {*after}
    if differing:
        requirement = "must be of the same lines as before, with the same claims"
        raise refused("after", requirement, min(differing), code="allocation.other_queue")
    return [places[claim] for claim in after]


def _totals(grants: Iterable[Grant]) -> dict[str, int]:
    found: dict[str, int] = {}
    for grant in grants:
        found[grant.sku] = found.get(grant.sku, 0) + grant.quantity
    return found
