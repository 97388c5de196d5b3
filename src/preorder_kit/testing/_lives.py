"""Strategies for what becomes of lines and parts as time passes: rooms, waves, street dates that move, delays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import attrs
from hypothesis import strategies as st

from ..delay_rules import (
    EU_2011_83_ART_18,
    UK_CRA_2015_S28,
    US_16_CFR_435,
    Delay,
    DelayNotice,
    DelayOutcome,
    DelayRule,
    Duty,
    DutyKind,
    NoticePart,
    Pace,
    PaidBy,
    Silence,
    Timing,
    delay_duties,
)
from ..lifecycle import (
    Effect,
    HeldPart,
    MovedLine,
    Origin,
    PartState,
    StreetDateMove,
    UnmovedLine,
    UnmovedReason,
    Wave,
    WavePolicy,
    move_street_date,
    part_effects,
    sourcing_wave,
)
from ..orders import ShipPolicy, WaitingLine
from ..quantities import UNLIMITED
from ..splitting import Part, split_order
from ..waiting_room import (
    Allocation,
    AllocationComparison,
    Change,
    Decision,
    Grant,
    Reduction,
    Revocation,
    allocate,
    compare_allocations,
    reduce_line,
    revoke,
)
from ._days import DAYS_OR_NONE, any_of, days, instants, quantities, skus
from ._orders import World, worlds
from ._results import GROUPS, PARTS, PLACES, RECIPES
from ._rooms import allocation_policies, available_for, lines_waiting, waiting_instants, waiting_queues

_UNITS = st.integers(1, 9)
_LINES = lines_waiting(recipes=RECIPES)
_QUEUES = waiting_queues(_LINES)

# Rooms.

_Queue = Sequence[WaitingLine]


@st.composite
def _rooms(draw: st.DrawFn, make: Callable[[_Queue, Allocation, Allocation], Any]) -> Any:
    """Return what ``make`` makes of a queue and of two allocations of it: of little, and of other stock."""
    queue, policy, at = draw(_QUEUES), draw(allocation_policies()), draw(waiting_instants())
    found, other = (
        allocate(queue, available=draw(available_for(queue)), policy=policy, at=at),
        allocate(queue, available=draw(available_for(queue)), policy=policy, at=at),
    )
    return make(queue, found, other)


def _change(_queue: _Queue, found: Allocation, other: Allocation) -> Change:
    before = found.decisions[0]
    [after] = [one for one in other.of(before.order_id) if one.line_id == before.line_id]
    return Change(before=before, after=after)


def _reduction(queue: _Queue, found: Allocation, _other: Allocation) -> Reduction:
    line = queue[0]
    to = line.quantity // 2
    return reduce_line(queue, grants=found.grants, order_id=line.order_id, line_id=line.line_id, to=to)


def _revocation(queue: _Queue, found: Allocation, _other: Allocation) -> Revocation:
    return revoke(queue, grants=found.grants, take_back={"A": 2})


ALLOCATIONS: st.SearchStrategy[Allocation] = _rooms(lambda _queue, found, _other: found)
COMPARISONS: st.SearchStrategy[AllocationComparison] = _rooms(
    lambda _queue, found, other: compare_allocations(found, other)
)
CHANGES: st.SearchStrategy[Change] = _rooms(_change)
DECISIONS: st.SearchStrategy[Decision] = _rooms(lambda _queue, found, _other: found.decisions[-1])
REDUCTIONS: st.SearchStrategy[Reduction] = _rooms(_reduction)
REVOCATIONS: st.SearchStrategy[Revocation] = _rooms(_revocation)
GRANTS: st.SearchStrategy[Grant] = _LINES.map(
    lambda line: Grant(order_id=line.order_id, line_id=line.line_id, sku=line.sku, quantity=line.quantity)
)

# Parts on their way.

_ATTEMPTS = any_of([(tried, vain) for tried in range(4) for vain in range(tried + 1)])


def _held(  # noqa: PLR0917  # as they are drawn
    part: Part,
    placed_at: dt.datetime,
    state: PartState,
    attempts: tuple[int, int],
    tried_at: dt.datetime,
    done: dt.datetime | None,
    how: tuple[int, ShipPolicy, str | None],
) -> HeldPart:
    shipped = state is PartState.SHIPPED
    tried, vain = attempts
    return HeldPart(
        part=part,
        placed_at=placed_at,
        priority=how[0],
        ship=how[1],
        hold=how[2],
        state=state,
        attempts=tried,
        vain=vain,
        tried_at=tried_at if tried else None,
        picked=tried_at if shipped else done if state is PartState.ALLOCATED else None,
        paid=tried_at if shipped else done,
    )


HELD_PARTS: st.SearchStrategy[HeldPart] = st.builds(
    _held,
    PARTS,
    instants(),
    st.sampled_from(PartState),
    _ATTEMPTS,
    instants(),
    st.none() | instants(),
    any_of([(priority, ship, hold) for priority in (0, 1) for ship in ShipPolicy for hold in (None, None, "unpaid")]),
)
ORIGINS = st.builds(
    Origin,
    part_id=st.sampled_from(["O1/stock", "O2/stock"]),
    attempt=st.integers(1, 4),
    at=instants(),
    quantities=st.dictionaries(st.sampled_from("123"), _UNITS, min_size=1),
)
_WITH_EFFECTS = st.sampled_from([PartState.ALLOCATED, PartState.UNFULFILLABLE, PartState.CANCELLED])
EFFECTS: st.SearchStrategy[Effect] = st.builds(
    lambda held, state: part_effects(attrs.evolve(held, state=state))[-1], HELD_PARTS, _WITH_EFFECTS
)
WAVE_POLICIES = st.builds(
    WavePolicy,
    allocation=allocation_policies(),
    max_attempts=st.none() | st.integers(1, 4),
    report_after=st.none() | st.integers(0, 60).map(dt.timedelta),
)


def _wave(parts: Sequence[HeldPart], available: dict[str, Any], at: dt.datetime, policy: WavePolicy) -> Wave:
    named = [
        attrs.evolve(held, part=attrs.evolve(held.part, id=f"O{number}/stock", order_id=f"O{number}"))
        for number, held in enumerate(parts, 1)
    ]
    return sourcing_wave(named, available=available, at=at, policy=policy)


WAVES: st.SearchStrategy[Wave] = st.builds(
    _wave,
    st.lists(HELD_PARTS, min_size=1, max_size=4),
    st.dictionaries(skus(), quantities()),
    instants(),
    WAVE_POLICIES,
)


def _move(world: World, sku: str, street_date: dt.datetime) -> StreetDateMove:
    plan = split_order(world.order, supply=world.supply, at=world.at)
    return move_street_date([world.order, *plan.parts], sku=sku, street_date=street_date, at=world.at)


STREET_DATE_MOVES: st.SearchStrategy[StreetDateMove] = st.builds(
    _move, worlds(addresses=PLACES, groups=GROUPS, recipes=RECIPES), skus(), instants()
)
_ITEMS = st.sampled_from(["O1", "O1/stock"])
MOVED_LINES = st.builds(MovedLine, item_id=_ITEMS, line_id=st.sampled_from("123"), before=instants(), after=instants())
UNMOVED_LINES = st.builds(
    UnmovedLine, item_id=_ITEMS, line_id=st.sampled_from("123"), reason=st.sampled_from(UnmovedReason)
)

# Delays.

_SOME_DAYS = st.integers(0, 40)
_LATER = st.none() | _SOME_DAYS


def _after(day: dt.date, number: int | None) -> dt.date | None:
    return None if number is None else day + dt.timedelta(days=number)


def _notice(given: dt.date, revised: int | None, consented: int | None, until: int | None) -> DelayNotice:
    goes_on = revised is not None and consented is not None
    named = _after(given, revised)
    reach = UNLIMITED if until == 0 else None if named is None else _after(named, until)
    return DelayNotice(given=given, revised=named, consented=_after(given, consented), until=reach if goes_on else None)


_NOTICES = st.tuples(_SOME_DAYS, _LATER, _LATER, _LATER)
DELAY_NOTICES: st.SearchStrategy[DelayNotice] = st.builds(_notice, days(), _LATER, _LATER, _LATER)


def _delay(  # noqa: PLR0917  # as they are drawn
    ordered: dt.date,
    promised: int | None,
    expected: dt.date | None,
    notices: Sequence[tuple[int, int | None, int | None, int | None]],
    ends: tuple[int | None, int | None, int | None, int | None],
    period: int | None,
    how: tuple[Timing, PaidBy],
) -> Delay:
    shipped, delivered, cancelled, refused = ends
    given = [_after(ordered, number) or ordered for number in accumulate(gap for gap, *_ in notices)]
    owing = how[1] is not PaidBy.TENDER
    return Delay(
        ordered=ordered,
        promised=_after(ordered, promised),
        expected=expected,
        notices=[_notice(day, *answers) for day, (_, *answers) in zip(given, notices, strict=True)],
        cancelled=_after(ordered, cancelled),
        refused=_after(ordered, refused),
        shipped=_after(ordered, shipped),
        delivered=_after(_after(ordered, shipped) or ordered, delivered),
        timing=how[0],
        period_until=_after(_after(ordered, promised) or ordered, period),
        paid_by=how[1],
        billing_cycle_days=30 if owing else None,
    )


DELAYS: st.SearchStrategy[Delay] = st.builds(
    _delay,
    days(),
    _LATER,
    DAYS_OR_NONE,
    st.lists(_NOTICES, max_size=2),
    st.tuples(_LATER, _LATER, _LATER, _LATER),
    _LATER,
    any_of([(timing, paid_by) for timing in Timing for paid_by in PaidBy]),
)
DELAY_RULES: st.SearchStrategy[DelayRule] = st.sampled_from([US_16_CFR_435, EU_2011_83_ART_18, UK_CRA_2015_S28])
DELAY_OUTCOMES: st.SearchStrategy[DelayOutcome] = st.builds(
    lambda delay, rule, number: delay_duties(delay, rule=rule, on=delay.ordered + dt.timedelta(days=number)),
    DELAYS,
    DELAY_RULES,
    _SOME_DAYS,
)
DUTIES = st.builds(
    Duty,
    kind=st.sampled_from(DutyKind),
    by=DAYS_OR_NONE,
    pace=st.sampled_from(Pace),
    silence=st.sampled_from(Silence),
    must_say=st.lists(st.sampled_from(NoticePart), unique=True, max_size=3),
    source=st.just("the contract"),
)
