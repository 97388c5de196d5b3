"""What changes in a waiting room beside what it gives: newcomers, units that come back, claims that become smaller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from ._checks import FrozenMapping, instance, mapping, refused, text, units
from ._queueing import AllocationPolicy, Grant, Queue, grant_of, items_of, line_up, names_of, units_held
from ._rows import Rows
from ._serving import claims_of
from .orders import WaitingLine, _with_quantity
from .quantities import UNLIMITED, Quantity, _quantity


@attrs.frozen(kw_only=True)
class Revocation:
    """Units that were taken back from the lines that held them.

    Attributes:
        grants: What lines hold still, in the order of their places.
        revoked: What was taken back, in the same order.
        freed: SKU on the shelf -> units that came back.
    """

    grants: Sequence[Grant]
    revoked: Sequence[Grant]
    freed: Mapping[str, int]


@attrs.frozen(kw_only=True)
class Reduction:
    """A claim that became smaller.

    Attributes:
        queue: The lines in the order they had, without the line if it claims nothing any more.
        grants: What lines hold still, in the order they had.
        freed: SKU on the shelf -> units that came back.
    """

    queue: tuple[WaitingLine, ...]
    grants: tuple[Grant, ...]
    freed: Mapping[str, int]


_FIFO = AllocationPolicy()


def free_for_new(
    queue: Iterable[WaitingLine], /, *, available: Mapping[str, Quantity], grants: Iterable[Grant] = ()
) -> Mapping[str, Quantity]:
    """Return what newcomers may buy: what neither is granted nor wanted by a line that waits.

    Lines on hold leave their units to newcomers, lines that are not due yet do not. Bundles count by component.

    Args:
        queue: The lines that wait, each with its whole claim.
        available: SKU on the shelf -> all units that may be held.
        grants: What lines of the queue hold already.

    Returns:
        SKU -> units >= 0, for each SKU that is available.

    Raises:
        InvalidArgument: As `allocate` does.

    Examples:
        Five units arrive, and seven are waited for; of another SKU two are left:

        >>> import datetime as dt
        >>> from preorder_kit import WaitingLine, free_for_new
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> queue = [
        ...     WaitingLine(order_id="O1", line_id="1", sku="LP", quantity=7, placed_at=now),
        ...     WaitingLine(order_id="O1", line_id="2", sku="CD", quantity=1, placed_at=now),
        ... ]
        >>> free_for_new(queue, available={"LP": 5, "CD": 3})
        {'LP': 0, 'CD': 2}
    """
    there = mapping(available, "available", key=text, check=_quantity)
    lines = items_of(queue, "queue", of=WaitingLine)
    names_of(lines)
    spoken_for: dict[str, int] = {}
    for line, held in zip(lines, units_held(lines, grants), strict=True):
        claim = held if line.hold is not None else line.quantity
        for need in line._needs:
            spoken_for[need.sku] = spoken_for.get(need.sku, 0) + claim * need.quantity
    return FrozenMapping(
        {
            sku: UNLIMITED if units is UNLIMITED else max(0, units - spoken_for.get(sku, 0))
            for sku, units in there.items()
        }
    )


def revoke(
    queue: Iterable[WaitingLine],
    /,
    *,
    grants: Iterable[Grant],
    take_back: Mapping[str, int],
    policy: AllocationPolicy = _FIFO,
) -> Revocation:
    """Take granted units back, from the last in the queue first: stock was counted again, broke or went elsewhere.

    A line gives just the units that are asked for; a bundle gives whole units and a whole order all that it holds, so
    that more may come back, also of other SKUs. If less is held than is asked for, all of it comes back.

    Args:
        queue: The lines that wait, each with its whole claim.
        grants: What lines of the queue hold.
        take_back: SKU on the shelf -> units to take back, >= 0.
        policy: The one by which they were granted: it says who is last, and which orders are whole.

    Returns:
        What is held still, what was taken back and what that frees. If one run granted it all, sharing out the same
        stock again, at the same time and by the same policy, restores it, unless the policy rations. What came in
        several runs may go to whoever is first now.

    Raises:
        InvalidArgument: As `allocate` does, or if units to take back are no whole number >= 0.

    Examples:
        One unit is missing after a count: the last in the queue gives it.

        >>> import datetime as dt
        >>> from preorder_kit import Grant, WaitingLine, revoke
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> queue = [
        ...     WaitingLine(order_id=name, line_id="1", sku="LP", quantity=2, placed_at=now) for name in ("O1", "O2")
        ... ]
        >>> held = [Grant(order_id=name, line_id="1", sku="LP", quantity=2) for name in ("O1", "O2")]
        >>> found = revoke(queue, grants=held, take_back={"LP": 1})
        >>> [(grant.order_id, grant.quantity) for grant in found.grants], found.freed
        ([('O1', 2), ('O2', 1)], {'LP': 1})
    """
    asked = mapping(take_back, "take_back", key=text, check=units)
    lined = line_up(queue, policy=instance(policy, "policy", of=AllocationPolicy), grants=grants)
    owed = {sku: number for sku, number in asked.items() if number}
    freed: dict[str, int] = {}
    back = [0] * len(lined.held)
    for start, stop in reversed(list(claims_of(lined))):
        if not owed:
            break
        for position, number in zip(range(start, stop), _given(lined, range(start, stop), owed), strict=True):
            back[position] = number
            for need in lined.line(position)._needs if number else ():
                freed[need.sku] = freed.get(need.sku, 0) + number * need.quantity
                _pay_back(owed, need.sku, number * need.quantity)
    rest = [held - number for held, number in zip(lined.held, back, strict=True)]
    return Revocation(
        grants=grants_of(lined, rest),
        revoked=grants_of(lined, back),
        freed=FrozenMapping(sorted(freed.items())),
    )


def _given(lined: Queue, claim: range, owed: Mapping[str, int]) -> Sequence[int]:
    """Return the units that each line of a claim gives towards what is owed: of a whole order all, if any."""
    held = lined.held[claim.start : claim.stop]
    if not any(held):
        return held
    if not lined.is_whole(claim.start):
        return [_share(lined.line(claim.start), held[0], owed)]
    gives = any(_share(lined.line(place), units, owed) for place, units in zip(claim, held, strict=True))
    return held if gives else [0] * len(held)


def _share(line: WaitingLine, held: int, owed: Mapping[str, int]) -> int:
    """Return how many of the units that a line holds cover what is owed of the SKUs that it needs."""
    return min(held, max((-(-owed.get(need.sku, 0) // need.quantity) for need in line._needs), default=0))


def _pay_back(owed: dict[str, int], sku: str, number: int) -> None:
    left = owed.pop(sku, 0) - number
    if left > 0:
        owed[sku] = left


def reduce_line(
    queue: Iterable[WaitingLine], /, *, grants: Iterable[Grant], order_id: str, line_id: str, to: int
) -> Reduction:
    """Reduce a line's claim, to 0 if it is cancelled.

    Units that wait go first, and free no stock: nothing was there for them. Units that are granted free theirs.

    Args:
        queue: The lines that wait, each with its whole claim.
        grants: What lines of the queue hold.
        order_id: The line's order.
        line_id: The line.
        to: Its claim from now on, units from 0 to what it claims.

    Returns:
        The queue and the grants as they are now, and what came free.

    Raises:
        InvalidArgument: If an argument is of another type, a grant fits no line, the line is not in the queue, or
            ``to`` is more than it claims: what is added to a claim is a line of its own, with a place of its own.

    Examples:
        Nothing is there, and a waiting unit is given up: nothing comes free.

        >>> import datetime as dt
        >>> from preorder_kit import Grant, WaitingLine, reduce_line
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> queue = [WaitingLine(order_id="O2", line_id="1", sku="LP", quantity=2, placed_at=now)]
        >>> found = reduce_line(queue, grants=[], order_id="O2", line_id="1", to=1)
        >>> [line.quantity for line in found.queue], found.freed
        ([1], {})

        A granted unit is stock that comes free:

        >>> held = [Grant(order_id="O2", line_id="1", sku="LP", quantity=2)]
        >>> reduce_line(queue, grants=held, order_id="O2", line_id="1", to=0)
        Reduction(queue=(), grants=(), freed={'LP': 2})
    """
    given = items_of(grants, "grants", of=Grant)
    lined = line_up(queue, policy=_FIFO, grants=given)
    name = (text(order_id, "order_id"), text(line_id, "line_id"))
    position = next((place for place in range(len(lined.order)) if _name(lined.line(place)) == name), None)
    if position is None:
        raise refused("line_id", "must be a line of the queue", name, code="line.unknown")
    line = lined.line(position)
    if units(to, "to") > line.quantity:
        raise refused("to", f"must not be more than the line claims, {line.quantity}", to, code="line.excess")
    smaller = [_with_quantity(line, to)] if to else []
    index = lined.order[position]
    back = max(0, lined.held[position] - to)
    return Reduction(
        queue=(*lined.lines[:index], *smaller, *lined.lines[index + 1 :]),
        grants=tuple(_without(given, name, back)),
        freed=FrozenMapping({need.sku: back * need.quantity for need in line._needs if back}),
    )


def _name(of: WaitingLine | Grant) -> tuple[str, str]:
    return of.order_id, of.line_id


def _without(grants: Sequence[Grant], name: tuple[str, str], back: int) -> Iterator[Grant]:
    """Yield the grants without units of one line, the first ones first."""
    for grant in grants:
        less = min(back, grant.quantity) if _name(grant) == name else 0
        back -= less
        if less < grant.quantity:
            yield attrs.evolve(grant, quantity=grant.quantity - less) if less else grant


def grants_of(lined: Queue, units_of: Sequence[int]) -> Sequence[Grant]:
    """Return the grants of as many units of each line, without lines that hold none."""
    lines, order = lined.lines, lined.order
    return Rows(
        lambda: [position for position, number in enumerate(units_of) if number],
        lambda position: grant_of(lines[order[position]], units_of[position]),
    )
