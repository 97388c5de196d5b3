"""Which orders to complete when stock is scarce, so that as many as can be are, or as much value.

The answer is proved with the extra ``solver``; without it there is a good one, and a bound on how much better any other
can be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import inf

import attrs

from ._checks import FrozenMapping, instant, mapping, member, refused, text
from ._milp import Found, choose
from ._queueing import Queue, line_up
from ._room_changes import grants_of
from ._rows import Rows
from ._serving import balance, claims_of, units_of, wanted
from .orders import WaitingLine, _with_quantity
from .quantities import UNLIMITED, Quantity, _quantity
from .waiting_room import AllocationPolicy, AllocationUnit, Grant

__all__ = ["BestAllocation", "FoundBy", "Goal", "best_allocation"]

_BY_ORDER = AllocationPolicy(unit=AllocationUnit.ORDER)
_LONGEST = 1e9  # seconds


class Goal(StrEnum):
    """What is to be as much as can be.

    MOST_ORDERS: the number of orders that are completed. MOST_VALUE: the value of the units that are granted to them,
    each unit worth its line's ``value``.
    """

    MOST_ORDERS = "most_orders"
    MOST_VALUE = "most_value"


class FoundBy(StrEnum):
    """How orders were chosen, where stock did not suffice for all that want it.

    GREEDY: in turn, by what orders are worth for the share of the stock that they take, or by what they are worth
    beyond prices for scarce units, whichever is worth most; a better choice may exist. EXACT: the same, or a search of
    all choices in whole numbers, and it is settled that none is better. SOLVER: scipy's solver chose, for some SKUs at
    least.
    """

    GREEDY = "greedy"
    EXACT = "exact"
    SOLVER = "solver"


@attrs.frozen(kw_only=True)
class BestAllocation:
    """Which orders are completed, and how good that is.

    An order is completed, all of its lines in the queue, or gets nothing new. The sequences are in the order of places,
    lines of an order together, and build their values when they are looked at.

    Attributes:
        grants: All that lines of the queue hold now, one for each line: the whole state, earlier grants included.
        added: What this run gave, one for each line that got something.
        waiting: The lines that wait on, each with the units that it still lacks; those on hold and not due among them.
        left_over: SKU -> units that nobody got, for each SKU that was available.
        oversold: SKU -> units that grants hold beyond what is available, where there are any.
        completed: The orders that this run completed. An order that its grants had completed before is not named.
        value: What that is by the goal: the number of ``completed``, or the value of ``added``.
        bound: No choice of orders is more by the goal.
        settled: Whether the goal is proved and ties are settled, so that the same arguments give the same orders on
            every machine, however fast it is.
        found_by: How the orders were chosen.
    """

    grants: Sequence[Grant]
    added: Sequence[Grant]
    waiting: Sequence[WaitingLine]
    left_over: Mapping[str, Quantity]
    oversold: Mapping[str, int]
    completed: tuple[str, ...]
    value: int
    bound: int
    settled: bool
    found_by: FoundBy

    @property
    def proved(self) -> bool:
        """Whether no choice of orders is more by the goal: ``value`` is ``bound``."""
        return self.value == self.bound


def best_allocation(
    queue: Iterable[WaitingLine],
    /,
    *,
    available: Mapping[str, Quantity],
    at: dt.datetime,
    goal: Goal = Goal.MOST_ORDERS,
    grants: Iterable[Grant] = (),
    time_limit: float | None = 10.0,
    gap: float | Fraction = 0,
) -> BestAllocation:
    """Choose the orders to complete, so that most of them are, or those of most value.

    Whole orders alone: an order gets all that its lines in the queue still lack, or nothing. An order with a line on
    hold, or whose street date is ahead, gets nothing. Nobody's place counts for the goal: an order may wait for ever
    behind smaller ones that came later. Where that is not wanted, `allocate` serves in turn.

    Of several best choices it is the first: the earliest order that only one of them completes is completed. The place
    of an order is that of its first line, by ``placed_at``, then its id. Under MOST_VALUE orders that are worth less
    than nothing are never completed, and those that are worth nothing where no others are in their way.

    What nobody contests is given first, and groups of orders that share no scarce SKU are decided one by one. Up to 13
    orders, and more where few choices have to be told apart (hundreds, on one SKU), are decided for good without a
    solver, in whole numbers of any size. The rest is by simple rules where these are proved best (see `FoundBy`), else
    by scipy's mixed-integer solver, HiGHS, the smallest groups first: each gets its share of the time that is left, but
    a quarter of a second while there is any. Without scipy, past the time limit, and for sums of 2 ** 53 or more, the
    best that the rules found stands. Where the units of a SKU that a group asks for, counted
    in the largest packs that all of its orders can be made of, add up to 2 ** 19 or more, a solver cannot tell one
    more apart: what it finds counts there, the bound of its search does not, and neither does it settle ties. It does
    not settle them for values either that add up to as much, over what all of them are multiples of. Whatever happens,
    no order that would raise the goal is left waiting for units that are left over.

    Args:
        queue: The lines that wait, each with its whole claim. An order and a line id come once.
        available: SKU on the shelf -> all units that may be held, those of ``grants`` included; a SKU that is not
            named has none.
        at: Now. A line is due at its street date itself.
        goal: What is to be as much as can be.
        grants: What lines of the queue hold already; several for one line add up. They are kept.
        time_limit: Seconds for the solver, >= 0; a fifth of it is kept for ties. 0 asks no solver; ``None``: no limit.
            What comes before it is not limited: up to about a millisecond for each order.
        gap: How far ``value`` may fall short of ``bound``, as a share of ``value``, >= 0: the solver stops there.
            Ties are settled only where nothing is short.

    Returns:
        Who holds what, what was added and who waits. No SKU is held beyond what is available, except by earlier grants.
        ``bound`` is never less than what the best choice is. It is computed in whole numbers, from prices for scarce
        units that prove it whatever they are, except where the solver's search proves a smaller one: that is right to
        the solver's tolerances, which are added to it before it is rounded down. What is chosen is checked in whole
        numbers. Where it is ``settled``, the same queue in another order gives an equal result.

    Raises:
        InvalidArgument: If an argument is of another type or below 0, a line comes twice, or a grant is of no line of
            the queue, of another SKU or beyond its claim.

    Source:
        The multidimensional knapsack problem. The greedy rule is a simple form of that of Toyoda 1975, "A simplified
        algorithm for obtaining approximate solutions to zero-one programming problems".

    Examples:
        Seven units: in turn the first order takes six, and one other is completed:

        >>> import datetime as dt
        >>> from preorder_kit import WaitingLine
        >>> from preorder_kit.optimum import best_allocation
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> queue = [
        ...     WaitingLine(order_id=name, line_id="1", sku="LP", quantity=units, value=value, placed_at=now)
        ...     for name, units, value in [("O1", 6, 10), ("O2", 5, 16), ("O3", 3, 10), ("O4", 2, 25), ("O5", 1, 5)]
        ... ]
        >>> found = best_allocation(queue, available={"LP": 7}, at=now)
        >>> found.completed, found.value, found.proved
        (('O3', 'O4', 'O5'), 3, True)
        >>> found = best_allocation(queue, available={"LP": 7}, at=now, goal="most_value")
        >>> found.completed, found.value, found.bound
        (('O2', 'O4'), 130, 130)

        So few orders are settled without a solver, here for want of time; with many there is a bound at least:

        >>> found = best_allocation(queue, available={"LP": 7}, at=now, goal="most_value", time_limit=0)
        >>> found.completed, found.value, found.bound, found.found_by.value
        (('O2', 'O4'), 130, 130, 'exact')
    """
    now = instant(at, "at")
    units = mapping(available, "available", key=text, check=_quantity)
    is_counting = member(goal, "goal", of=Goal) is Goal.MOST_ORDERS
    seconds = None if time_limit is None else float(min(_not_negative(time_limit, "time_limit"), _LONGEST))
    share = Fraction(_not_negative(gap, "gap"))
    lined = line_up(queue, policy=_BY_ORDER, grants=grants)
    wants = wanted(lined, now)
    left, oversold = balance(lined, units, wants)
    claims = [range(start, stop) for start, stop in claims_of(lined) if any(wants[start:stop])]
    worth = [1 if is_counting else sum(lined.line(place).value * wants[place] for place in claim) for claim in claims]
    found = choose(worth, [_ask(lined, claim, wants) for claim in claims], left, seconds=seconds, gap=share)
    chosen = [claims[claim] for claim in found.chosen]
    value = sum(worth[claim] for claim in found.chosen)
    return _allocation(lined, units, left, oversold, wants=wants, chosen=chosen, value=value, found=found)


def _not_negative(value: object, path: str) -> float | Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction) or not 0 <= value < inf:
        raise refused(path, "must be a finite number >= 0", value, code="number.invalid")
    return value


def _ask(lined: Queue, claim: Iterable[int], wants: Sequence[int]) -> dict[str, int]:
    """Return SKU on the shelf -> units that an order still needs."""
    found: dict[str, int] = {}
    for place in claim:
        for need in lined.line(place)._needs if wants[place] else ():
            found[need.sku] = found.get(need.sku, 0) + need.quantity * wants[place]
    return found


def _allocation(
    lined: Queue,
    available: Mapping[str, Quantity],
    left: Mapping[str, int],
    oversold: Mapping[str, int],
    *,
    wants: Sequence[int],
    chosen: Sequence[range],
    value: int,
    found: Found,
) -> BestAllocation:
    """Return what follows when the orders that are chosen get what they want."""
    added = [0] * len(wants)
    for claim in chosen:
        for place in claim:
            added[place] = wants[place]
    taken = units_of(lined, added)
    granted = [held + more for held, more in zip(lined.held, added, strict=True)]
    lacking = [lined.line(place).quantity - units for place, units in enumerate(granted)]
    return BestAllocation(
        grants=grants_of(lined, granted),
        added=grants_of(lined, added),
        waiting=Rows(
            lambda: [place for place, units in enumerate(lacking) if units],
            lambda place: _with_quantity(lined.line(place), lacking[place]),
        ),
        left_over=FrozenMapping(
            {sku: UNLIMITED if had is UNLIMITED else left[sku] - taken.get(sku, 0) for sku, had in available.items()}
        ),
        oversold=FrozenMapping(oversold),
        completed=tuple(lined.line(claim.start).order_id for claim in chosen),
        value=value,
        bound=found.bound,
        settled=found.is_settled,
        found_by=_found_by(found),
    )


def _found_by(found: Found) -> FoundBy:
    if found.is_solved:
        return FoundBy.SOLVER
    return FoundBy.EXACT if found.is_settled else FoundBy.GREEDY
