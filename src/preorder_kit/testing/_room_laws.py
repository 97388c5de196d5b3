"""Laws of what is shared out among many: a waiting room's allocation, and shares."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from ..orders import ShipPolicy, WaitingLine, line_street_date, needs
from ..quantities import Quantity
from ..street_date import is_released
from ..waiting_room import Allocation, Grant
from ._plan_laws import counted, hold

_Key = tuple[str, str]


class AllocateLike(Protocol):
    """A function that shares out stock as `preorder_kit.allocate` does, with its policy and now built in."""

    def __call__(self, queue: Sequence[WaitingLine], /, *, available: Mapping[str, Quantity]) -> Allocation:
        """Share out what is available among the lines of a queue."""


class AllocateAgain(Protocol):
    """The same, with grants of earlier runs."""

    def __call__(
        self, queue: Sequence[WaitingLine], /, *, available: Mapping[str, Quantity], grants: Sequence[Grant] = ()
    ) -> Allocation:
        """Share out what is available, what ``grants`` hold included."""


def _key(one: WaitingLine | Grant) -> _Key:
    return one.order_id, one.line_id


def _named(key: _Key) -> str:
    return f"line {key[1]} of order {key[0]}"


def _units(items: Iterable[WaitingLine | Grant]) -> Counter[_Key]:
    found: Counter[_Key] = Counter()
    for item in items:
        found[_key(item)] += item.quantity
    return found


def conserves_claims(found: Allocation, /, *, queue: Sequence[WaitingLine]) -> None:
    """Hold an allocation to this: what a line holds and what it still lacks is its claim, and each has one decision.

    Args:
        found: The allocation.
        queue: All lines that it is about.

    Raises:
        AssertionError: If units of a line are lost or there are too many, a line is not of the queue, or a line has no
            decision or two.

    Examples:
        A line that got nothing must be told that it waits:

        >>> import datetime as dt
        >>> import attrs
        >>> from preorder_kit import WaitingLine, allocate
        >>> from preorder_kit.testing.laws import conserves_claims
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> queue = [WaitingLine(order_id="O1", line_id="1", sku="LP", quantity=3, placed_at=now)]
        >>> found = allocate(queue, available={"LP": 2}, at=now)
        >>> conserves_claims(found, queue=queue)
        >>> conserves_claims(attrs.evolve(found, waiting=()), queue=queue)
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O1: claims 3 units, holds 2 and lacks 0
    """
    claims, held, lacking = _units(queue), _units(found.grants), _units([*found.waiting, *found.unfulfillable])
    decided = Counter((one.order_id, one.line_id) for one in found.decisions)
    for key in sorted(claims.keys() | held.keys() | lacking.keys() | decided.keys()):
        hold(key in claims, f"{_named(key)} is not in the queue")
        told = f"claims {counted(claims[key])}, holds {held[key]} and lacks {lacking[key]}"
        hold(held[key] + lacking[key] == claims[key], f"{_named(key)}: {told}")
        hold(decided[key] == 1, f"{_named(key)} has {decided[key]} decisions")


def grants_no_more_than_there_is(
    found: Allocation,
    /,
    *,
    queue: Sequence[WaitingLine],
    available: Mapping[str, Quantity],
    grants: Iterable[Grant] = (),
) -> None:
    """Hold an allocation to this: no SKU on the shelf is held beyond what is there, but by what was held before.

    Args:
        found: The allocation.
        queue: All lines that it is about; they say what a unit of a bundle needs.
        available: SKU on the shelf -> units that were there.
        grants: What lines held before the run.

    Raises:
        AssertionError: If more of a SKU is held than is there and was held before.

    Examples:
        One unit, and two grants of it:

        >>> import datetime as dt
        >>> from preorder_kit import WaitingLine, allocate
        >>> from preorder_kit.testing.laws import grants_no_more_than_there_is
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> fields = {"line_id": "1", "sku": "LP", "quantity": 1, "placed_at": now}
        >>> queue = [WaitingLine(order_id=name, **fields) for name in ("O1", "O2")]
        >>> found = allocate(queue, available={"LP": 2}, at=now)
        >>> grants_no_more_than_there_is(found, queue=queue, available={"LP": 2})
        >>> grants_no_more_than_there_is(found, queue=queue, available={"LP": 1})
        Traceback (most recent call last):
        ...
        AssertionError: SKU LP: 2 units are held, 1 is there and 0 were held before
    """
    held, before = _on_shelf(queue, _units(found.grants)), _on_shelf(queue, _units(grants))
    for sku, units in sorted(held.items()):
        there = available.get(sku, 0)
        told = f"{there} {'is' if there == 1 else 'are'} there and {before[sku]} were held before"
        hold(units <= max(there, before[sku]), f"SKU {sku}: {counted(units)} are held, {told}")


def _on_shelf(queue: Iterable[WaitingLine], units: Mapping[_Key, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in queue:
        found.update({need.sku: need.quantity * units[_key(line)] for need in needs(line)})
    return found


def nobody_overtakes(
    found: Allocation, /, *, queue: Sequence[WaitingLine], at: dt.datetime, grants: Iterable[Grant] = ()
) -> None:
    """Hold an allocation to this: nobody gets a unit that a line with an earlier place could have used.

    It is a law of lines that are served in part and hold no bundles. Lines on hold or not due, and orders that are to
    ship complete, let others pass.

    Args:
        found: The allocation. The order of its decisions is that of the places.
        queue: All lines that it is about.
        at: Now, as in the run.
        grants: What lines held before the run: nobody overtakes with those.

    Raises:
        AssertionError: If a line got units while an earlier one still lacked some of the same SKU, or a
            decision is for a line that is not of the queue.

    Examples:
        To serve whole lines only, and none in part, lets the small one pass:

        >>> import datetime as dt
        >>> from preorder_kit import AllocationPolicy, WaitingLine, allocate
        >>> from preorder_kit.testing.laws import nobody_overtakes
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> queue = [
        ...     WaitingLine(order_id=name, line_id="1", sku="LP", quantity=units, placed_at=now)
        ...     for name, units in [("O1", 2), ("O2", 1)]
        ... ]
        >>> nobody_overtakes(allocate(queue, available={"LP": 1}, at=now), queue=queue, at=now)
        >>> skipping = allocate(queue, available={"LP": 1}, policy=AllocationPolicy(shortage="skip"), at=now)
        >>> nobody_overtakes(skipping, queue=queue, at=now)
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O2 gets 1 unit of LP, and line 1 of order O1 before it still lacks 2
    """
    lines, before, held = {_key(line): line for line in queue}, _units(grants), _units(found.grants)
    complete = {line.order_id for line in queue if line.ship is ShipPolicy.COMPLETE}
    lacking: dict[str, tuple[_Key, int]] = {}
    for decision in found.decisions:
        decided = decision.order_id, decision.line_id
        hold(decided in lines, f"{_named(decided)} is not in the queue")
        line = lines[decided]
        got = held[_key(line)] - before[_key(line)]
        first, short = lacking.get(line.sku, (("", ""), 0))
        told = f"gets {counted(got)} of {line.sku}, and {_named(first)} before it still lacks {short}"
        hold(got <= 0 or not short, f"{_named(_key(line))} {told}")
        lacks = line.quantity - held[_key(line)]
        may_be_served = line.hold is None and is_released(line_street_date(line), at=at)
        if lacks and may_be_served and line.order_id not in complete:
            lacking.setdefault(line.sku, (_key(line), lacks))


def more_stock_never_hurts(
    allocate_like: AllocateLike,
    queue: Sequence[WaitingLine],
    /,
    *,
    available: Mapping[str, Quantity],
    more: Mapping[str, int],
) -> None:
    """Hold a way to share out to this: with more stock, no line gets fewer units.

    It holds for lines without bundles and without whole orders that are served in part, for STRICT, and for the fair
    rules WEBSTER, EQUAL and EQUAL_LOSSES. It does not hold for SKIP, nor for the largest remainder, which PROPORTIONAL
    and TALMUD round by: to know is the reason to ask.

    Args:
        allocate_like: Called as ``allocate_like(queue, available=...)``.
        queue: The lines that wait.
        available: SKU -> units that are there.
        more: SKU -> units that come on top.

    Raises:
        AssertionError: If a line holds fewer units with more stock.

    Examples:
        Ours as it comes, and where small claims fill the gaps:

        >>> import datetime as dt
        >>> from functools import partial
        >>> from preorder_kit import AllocationPolicy, WaitingLine, allocate
        >>> from preorder_kit.testing.laws import more_stock_never_hurts
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> queue = [
        ...     WaitingLine(order_id=name, line_id="1", sku="LP", quantity=units, placed_at=now)
        ...     for name, units in [("O1", 2), ("O2", 1)]
        ... ]
        >>> more_stock_never_hurts(partial(allocate, at=now), queue, available={"LP": 1}, more={"LP": 1})
        >>> skipping = partial(allocate, policy=AllocationPolicy(shortage="skip"), at=now)
        >>> more_stock_never_hurts(skipping, queue, available={"LP": 1}, more={"LP": 1})
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O2 holds 1 unit, and 0 with more stock: {'LP': 1} on top of {'LP': 1}
    """
    plenty = {**available, **{sku: _sum(available.get(sku, 0), units) for sku, units in more.items()}}
    fewer = _units(allocate_like(queue, available=available).grants)
    later = _units(allocate_like(queue, available=plenty).grants)
    for key, units in sorted(fewer.items()):
        told = f"and {later[key]} with more stock: {dict(more)} on top of {dict(available)}"
        hold(later[key] >= units, f"{_named(key)} holds {counted(units)}, {told}")


def _sum(there: Quantity, units: int) -> Quantity:
    return there + units if isinstance(there, int) else there


def running_twice_adds_nothing(
    allocate_like: AllocateAgain, queue: Sequence[WaitingLine], /, *, available: Mapping[str, Quantity]
) -> None:
    """Hold a way to share out to this: run again with its own grants, it gives out nothing more and takes nothing back.

    Args:
        allocate_like: Called as ``allocate_like(queue, available=..., grants=...)``.
        queue: The lines that wait.
        available: SKU -> all units that may be held, those of grants included.

    Raises:
        AssertionError: If the second run adds units, or a line holds another number of them.

    Examples:
        A shop that forgets what it gave out gives it out again:

        >>> import datetime as dt
        >>> from functools import partial
        >>> from preorder_kit import Grant, WaitingLine, allocate
        >>> from preorder_kit.testing.laws import running_twice_adds_nothing
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> queue = [WaitingLine(order_id="O1", line_id="1", sku="LP", quantity=2, placed_at=now)]
        >>> running_twice_adds_nothing(partial(allocate, at=now), queue, available={"LP": 1})
        >>> def forgetful(queue, *, available, grants=()):
        ...     return allocate(queue, available=available, at=now)
        >>> running_twice_adds_nothing(forgetful, queue, available={"LP": 1})
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O1 gets 1 unit more in a second run
    """
    first = allocate_like(queue, available=available)
    again = allocate_like(queue, available=available, grants=tuple(first.grants))
    for grant in again.added:
        hold(condition=False, message=f"{_named(_key(grant))} gets {counted(grant.quantity)} more in a second run")
    held, later = _units(first.grants), _units(again.grants)
    for key in sorted(held.keys() | later.keys()):
        hold(held[key] == later[key], f"{_named(key)} holds {counted(held[key])}, and {later[key]} after a second run")


def later_orders_change_nothing(
    allocate_like: AllocateLike,
    queue: Sequence[WaitingLine],
    later: WaitingLine,
    /,
    *,
    available: Mapping[str, Quantity],
) -> None:
    """Hold a way to share out to this: a line that comes after all others takes nothing from them.

    It holds for FIFO without a fair rule.

    Args:
        allocate_like: Called as ``allocate_like(queue, available=...)``.
        queue: The lines that wait.
        later: A line of another order, placed after all of them.
        available: SKU -> units that are there.

    Raises:
        AssertionError: If a line of the queue holds another number of units when the later line is there.

    Examples:
        Under proportional shares who comes late takes from who was early:

        >>> import datetime as dt
        >>> from functools import partial
        >>> from preorder_kit import AllocationPolicy, WaitingLine, allocate
        >>> from preorder_kit.testing.laws import later_orders_change_nothing
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> first, late = (
        ...     WaitingLine(order_id=name, line_id="1", sku="LP", quantity=2, placed_at=now) for name in ("O1", "O2")
        ... )
        >>> later_orders_change_nothing(partial(allocate, at=now), [first], late, available={"LP": 2})
        >>> shares = partial(allocate, policy=AllocationPolicy(ration="proportional"), at=now)
        >>> later_orders_change_nothing(shares, [first], late, available={"LP": 2})
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O1 holds 2 units, and 1 once order O2 is there
    """
    alone = _units(allocate_like(queue, available=available).grants)
    together = _units(allocate_like([*queue, later], available=available).grants)
    for key in sorted({_key(line) for line in queue}):
        told = f"and {together[key]} once order {later.order_id} is there"
        hold(alone[key] == together[key], f"{_named(key)} holds {counted(alone[key])}, {told}")


def shares_add_up(shares: Sequence[int], /, *, units: Quantity, claims: Sequence[int]) -> None:
    """Hold shares to this: they add up to what is there, or to all claims if that is less, and none is above its claim.

    Args:
        shares: What each claim gets.
        units: What is there.
        claims: The claims, in the same order.

    Raises:
        AssertionError: If a share is negative or above its claim, or the sum is not what it is to be.

    Examples:
        Rounding each share by itself loses a unit:

        >>> from preorder_kit import ration
        >>> from preorder_kit.testing.laws import shares_add_up
        >>> shares_add_up(ration(10, claims=[6, 6, 6], rule="proportional"), units=10, claims=[6, 6, 6])
        >>> shares_add_up([round(10 / 3)] * 3, units=10, claims=[6, 6, 6])
        Traceback (most recent call last):
        ...
        AssertionError: shares (3, 3, 3) of claims (6, 6, 6) add up to 9, not 10
    """
    found, asked = tuple(shares), tuple(claims)
    hold(len(found) == len(asked), f"{len(found)} shares for {len(asked)} claims")
    for place, (share, claim) in enumerate(zip(found, asked, strict=True)):
        hold(0 <= share <= claim, f"share {place} is {share}, of a claim of {claim}")
    whole = min(units, sum(asked))
    hold(sum(found) == whole, f"shares {found} of claims {asked} add up to {sum(found)}, not {whole}")
