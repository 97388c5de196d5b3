"""Laws of parts on their way: `sourcing_wave`, `advance` and `move_street_date`.

- conservation: the units of each line are what they were, in whatever parts, and no part is empty
- no overselling: what allocated parts hold of a SKU and what is left over is what is there
- what is at its end, or allocated, stays as it is
- nothing is released before its street date, and nothing on hold is served
- an attempt counts once for each instant; a part is given up when so many in a row were in vain, or when the room says
  so
- idempotence: a wave run again on its own result changes nothing and yields the same effects
- a run that breaks off: whatever was saved of the entries that changed, or the first part of one alone, the wave run
  again ends in the same parts and the same effects, and a moment later it yields the same effects; so it is when the
  wave before broke off too, and stock was lost in between
- ids of parts and keys of effects are unique
- permutation of parts, with the decisions
- the parts of an order that ships complete are served together or not at all
- plain parts, first come first served, get what a loop over the queue gives them
- more stock takes no unit away from plain parts
- a rule of shares oversells nothing and loses nothing, however often it is run
- nothing ships before it was released, picked and paid, whatever is tried
- a move of a street date keeps all units, runs twice as once, and touches no other date
- a move of an order and its parts, and a split of the order that moved, agree
"""

import datetime as dt
from collections import Counter
from functools import cache
from itertools import product

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    AllocationPolicy,
    Component,
    InvalidArgument,
    LineKind,
    Part,
    PartKind,
    PartLine,
    Rationing,
    ShipPolicy,
    Supply,
    Unserved,
    split_order,
)
from preorder_kit.lifecycle import (
    TRANSITIONS,
    HeldPart,
    PartAction,
    PartState,
    UnmovedReason,
    WavePolicy,
    advance,
    move_street_date,
    sourcing_wave,
)
from preorder_kit.testing import allocation_policies, components, instants, orders

NOW = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
DAY, MOMENT = dt.timedelta(days=1), dt.timedelta(microseconds=1)
RECIPES = {"AB": (Component("A"), Component("B")), "AAB": (Component("A", 2), Component("B"))}
KINDS = {"fee": LineKind.FEE, "code": LineKind.DIGITAL}
WAITING = (PartState.HELD, PartState.DUE, PartState.BACKORDERED)
PLAIN = ("A", "B")
SKUS = ("A", "A", "B", "AB", "AAB", "fee", "code")


STREETS = (None, NOW - DAY, NOW, NOW + DAY)


@cache
def orders_of(ships):
    return st.sampled_from(
        [
            {"placed_at": NOW - DAY * days, "priority": priority, "ship": ship}
            for days, priority, ship in product((1, 2, 3), (0, 1), ships)
        ]
    )


@cache
def facts_of(states, holds):
    """Return what is kept of a part: its order, its state, its hold, its attempts and whether it is paid."""
    return st.sampled_from(
        [
            (order_id, {"state": state, "hold": hold, "attempts": tried, "vain": vain, "tried_at": at, "paid": paid})
            for order_id, state, hold, paid in product(("O1", "O10", "O2"), states, holds, (None, NOW - DAY))
            for tried, vain, at in (TRIED if state in {PartState.BACKORDERED, PartState.UNFULFILLABLE} else UNTRIED)
        ]
    )


TRIED = [
    (tried, vain, at)
    for tried in range(3)
    for vain in [*range(tried + 1)] * (6 // (tried + 1))
    for at in ((NOW, NOW - DAY) if tried else (None, None))
]
UNTRIED = [(0, 0, None)] * len(TRIED)  # so that each state comes as often


@cache
def lines_of_parts(skus):
    lines = st.sampled_from(list(product(skus, range(1, 5))))
    return st.lists(lines, min_size=1, max_size=3)


STREETS_AND_KINDS = st.sampled_from(list(product(STREETS, (PartKind.AWAIT_STOCK, PartKind.SHIP_NOW))))


@st.composite
def held_parts(
    draw, *, most=4, skus=SKUS, ships=tuple(ShipPolicy), states=tuple(PartState), holds=(None, None, "unpaid")
):
    """Return parts of up to three orders, in any state that is possible, as a shop may have saved them."""
    by_order = {name: draw(orders_of(tuple(ships))) for name in ("O1", "O10", "O2")}
    found = []
    for number in range(draw(st.integers(1, most))):
        order_id, facts = draw(facts_of(tuple(states), holds))
        part = part_of(f"{order_id}/{number}", order_id, draw(STREETS_AND_KINDS), draw(lines_of_parts(skus)))
        found.append(HeldPart(part=part, **by_order[order_id], **facts))
    return tuple(found)


def part_of(part_id, order_id, street_and_kind, items):
    street, kind = street_and_kind
    return Part(
        id=part_id,
        order_id=order_id,
        kind=PartKind.AWAIT_STREET_DATE if street else kind,
        street_date=street,
        lines=[
            PartLine(
                line_id=str(number),
                sku=sku,
                quantity=units,
                components=RECIPES.get(sku, ()),
                kind=KINDS.get(sku, LineKind.GOODS),
            )
            for number, (sku, units) in enumerate(items)
        ],
    )


STOCKS = [{"A": a, "B": b} for a in (None, *range(10)) for b in (None, *range(10))]
STOCK = st.sampled_from([{sku: units for sku, units in found.items() if units is not None} for found in STOCKS])
POLICIES = st.builds(
    WavePolicy,
    allocation=allocation_policies(),
    max_attempts=st.sampled_from([None, None, None, 1, 2, 3]),
    report_after=st.sampled_from([*[None] * 5, *(DAY * days for days in range(5))]),
)


def units_of(parts):
    """Return how many units of each line there are, wherever they are; a granted part is one of the part it left."""
    found = Counter()
    for held in parts:
        for line in held.part.lines:
            found[root_of(held.part.id), line.line_id, line.sku] += line.quantity
    return found


def root_of(part_id):
    return part_id.partition("/granted/")[0]


def set_aside(parts):
    found = Counter()
    for held in parts:
        for line in held.part.lines if held.state is PartState.ALLOCATED else ():
            if line.kind is LineKind.GOODS:
                for sku, each in needs_of(line).items():
                    found[sku] += each * line.quantity
    return found


def needs_of(line):
    return {"AB": {"A": 1, "B": 1}, "AAB": {"A": 2, "B": 1}}.get(line.sku, {line.sku: 1})


def has_goods(held):
    return any(line.kind is LineKind.GOODS for line in held.part.lines)


def keys(wave):
    return {effect.key for effect in wave.effects}


def by_id(parts):
    return {held.part.id: held for held in parts}


def run(parts, available, policy, at=NOW):
    return sourcing_wave(parts, available=available, at=at, policy=policy)


# Waves


@given(held_parts(), STOCK, POLICIES, st.integers(0, 9))
def test_no_unit_is_lost_and_none_is_sold_twice(parts, available, policy, more):
    before = parts
    for day in range(3):
        wave = run(before, available, policy, NOW + DAY * day)
        assert units_of(wave.parts) == units_of(parts)
        assert all(held.part.lines for held in wave.parts)
        aside, earlier = set_aside(wave.parts), set_aside(before)
        for sku in {*aside, *available}:
            there = available.get(sku, 0)
            assert aside[sku] <= max(there, earlier[sku])
            assert wave.oversold.get(sku, 0) == max(0, aside[sku] - there)
            assert wave.left_over.get(sku, 0) == max(0, there - aside[sku])
        before, available = wave.parts, {**available, "A": available.get("A", 0) + more}


@given(held_parts(), STOCK, POLICIES)
def test_a_part_becomes_what_its_state_allows(parts, available, policy):
    after = by_id(run(parts, available, policy).parts)
    for held in parts:
        end = after[held.part.id]
        ahead = held.part.street_date is not None and held.part.street_date > NOW
        if held.state not in WAITING or (held.state is PartState.HELD and ahead):
            assert end == held
        elif held.hold is not None:
            assert end in {held, attrs.evolve(held, state=PartState.DUE)}
        else:
            assert end.state in {PartState.DUE, PartState.ALLOCATED, PartState.BACKORDERED, PartState.UNFULFILLABLE}
        again = held.tried_at == NOW and end.state is not PartState.ALLOCATED and end.part == held.part
        tried = end.state in {PartState.ALLOCATED, PartState.BACKORDERED, PartState.UNFULFILLABLE}
        assert held.attempts <= end.attempts <= held.attempts + (tried and not again)
        assert (
            end.vain in {held.vain, held.vain + 1}
            if end.part == held.part and end.state != "allocated"
            else end.vain == 0
        )


@given(held_parts(ships=[ShipPolicy.AS_AVAILABLE]), STOCK, POLICIES)
def test_a_part_is_given_up_at_the_limit_or_when_the_room_says_so(parts, available, policy):
    before = by_id(parts)
    told = policy.allocation.unserved is Unserved.UNFULFILLABLE or policy.allocation.unit == "order"
    for held in run(parts, available, policy).parts:
        if held.state is PartState.UNFULFILLABLE and before[held.part.id].state is not held.state:
            assert told or held.vain >= policy.max_attempts
        if held.state is PartState.BACKORDERED and held.tried_at == NOW and held.hold is None and policy.max_attempts:
            is_due = held.part.street_date is None or held.part.street_date <= NOW
            asked = has_goods(held) and is_due and policy.allocation.unit == "line"
            assert held.vain < policy.max_attempts or not asked


@given(held_parts(most=6), STOCK, POLICIES)
def test_a_wave_run_again_on_its_own_result_changes_nothing(parts, available, policy):
    first = run(parts, available, policy)
    again = run(first.parts, available, policy)
    assert (again.parts, again.effects, again.overdue) == (first.parts, first.effects, first.overdue)
    assert (again.left_over, again.oversold, again.replaced) == (first.left_over, first.oversold, {})


def saved_in_part(parts, wave):
    """Yield what a shop may have after a run that broke off: of each entry nothing, its first part, or all of it."""
    choices = []
    for held in parts:
        new = wave.replaced.get(held.part.id, (held,))
        ways = [(held,), new] if held.part.id in wave.replaced else [new]
        choices.append([*ways, (new[0], held)] if len(new) > 1 else ways)
    for choice in product(*choices):
        yield [held for entry in choice for held in entry]


@given(held_parts(), STOCK, POLICIES)
def test_a_run_that_broke_off_is_made_good_whatever_was_saved(parts, available, policy):
    wave = run(parts, available, policy)
    for saved in saved_in_part(parts, wave):
        again = run(saved, available, policy)
        assert by_id(again.parts) == by_id(wave.parts)
        assert set(again.effects) == set(wave.effects)


@given(held_parts(most=2), STOCK, POLICIES, st.data())
def test_runs_that_broke_off_twice_with_stock_lost_in_between_are_made_good(parts, available, policy, data):
    first = data.draw(st.sampled_from(list(saved_in_part(parts, run(parts, available, policy)))))
    lost = [tried(held, PartAction.LOSE_STOCK, NOW) if data.draw(st.booleans()) else held for held in first]
    wave = run(lost, available, policy, NOW + DAY)
    assert units_of(wave.parts) == units_of(parts)
    for saved in saved_in_part(lost, wave):
        again = run(saved, available, policy, NOW + DAY)
        assert by_id(again.parts) == by_id(wave.parts)
        assert set(again.effects) == set(wave.effects)


@given(held_parts(states=sorted(set(PartState) - {PartState.UNFULFILLABLE})), STOCK, allocation_policies())
def test_a_moment_later_the_effects_are_still_the_same(parts, available, allocation):
    """With no limit of attempts, and no room that gives up: else it is a new wave, in which more is given up."""
    policy = WavePolicy(allocation=attrs.evolve(allocation, unserved=Unserved.WAIT))
    wave = run(parts, available, policy)
    for saved in saved_in_part(parts, wave):
        again = run(saved, available, policy, NOW + MOMENT)
        assert set(again.effects) == set(wave.effects)
        assert set_aside(again.parts) == set_aside(wave.parts)


@given(held_parts(most=6), STOCK, POLICIES)
def test_ids_and_keys_are_unique(parts, available, policy):
    wave = run(parts, available, policy)
    assert len(by_id(wave.parts)) == len(wave.parts)
    assert len(keys(wave)) == len(wave.effects)


@given(held_parts(most=6), STOCK, POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_the_parts_means_nothing(parts, available, policy, random):
    shuffled = random.sample(parts, len(parts))
    one, other = run(parts, available, policy), run(shuffled, available, policy)
    assert by_id(one.parts) == by_id(other.parts)
    assert set(one.effects) == set(other.effects)
    assert set(one.overdue) == set(other.overdue)
    assert (one.decisions, one.replaced, one.left_over) == (other.decisions, other.replaced, other.left_over)


@given(held_parts(most=6, ships=[ShipPolicy.COMPLETE]), STOCK, POLICIES)
def test_the_parts_of_an_order_that_ships_complete_are_served_together(parts, available, policy):
    before = by_id(parts)
    waited, ends = {}, {}
    for held in run(parts, available, policy).parts:
        if before[held.part.id].state in WAITING and has_goods(held):
            waited.setdefault(held.part.order_id, set()).add(held.state is PartState.ALLOCATED)
            ends.setdefault(held.part.order_id, set()).add(held.state is PartState.UNFULFILLABLE)
    assert all(len(served) == 1 for served in waited.values())
    assert all(len(given_up) == 1 for given_up in ends.values())


@given(held_parts(skus=PLAIN, ships=[ShipPolicy.AS_AVAILABLE], most=6), STOCK)
def test_plain_parts_get_what_a_loop_over_the_queue_gives_them(parts, available):
    left = Counter(available)
    left.subtract(set_aside(parts))
    expected = Counter()
    for held in sorted(parts, key=lambda held: (held.placed_at, held.part.order_id, held.part.id)):
        street = held.part.street_date
        if held.state in WAITING and held.hold is None and (street is None or street <= NOW or held.state != "held"):
            for line in held.part.lines if street is None or street <= NOW else ():
                units = max(0, min(line.quantity, left[line.sku]))
                left[line.sku] -= units
                expected[held.part.id, line.line_id] = units
    was = {held.part.id for held in parts if held.state is PartState.ALLOCATED}
    got = Counter()
    for held in run(parts, available, WavePolicy()).parts:
        if held.state is PartState.ALLOCATED and held.part.id not in was:
            got.update({(root_of(held.part.id), line.line_id): line.quantity for line in held.part.lines})
    assert got == +expected


@given(held_parts(skus=PLAIN, ships=[ShipPolicy.AS_AVAILABLE]), STOCK, st.integers(0, 5))
def test_more_stock_takes_nothing_away(parts, available, more):
    less = run(parts, available, WavePolicy())
    better = run(parts, {**available, "A": available.get("A", 0) + more}, WavePolicy())
    assert units_of(by_state(less, "allocated")) <= units_of(by_state(better, "allocated"))


def by_state(wave, state):
    return [held for held in wave.parts if held.state == state]


@given(held_parts(skus=PLAIN, ships=[ShipPolicy.AS_AVAILABLE]), STOCK, st.sampled_from(Rationing))
def test_shares_oversell_and_lose_nothing(parts, available, rule):
    policy = WavePolicy(allocation=AllocationPolicy(ration=rule))
    wave = run(parts, available, policy)
    assert run(wave.parts, available, policy).parts == wave.parts
    units_before, before = units_of(parts), set_aside(parts)
    for saved in saved_in_part(parts, wave):
        again = run(saved, available, policy)
        assert units_of(again.parts) == units_before
        assert all(units <= max(available.get(sku, 0), before[sku]) for sku, units in set_aside(again.parts).items())


# Actions


@given(
    held_parts(most=1, states=[PartState.HELD]), st.lists(st.tuples(st.sampled_from(PartAction), st.integers(-1, 2)))
)
def test_nothing_ships_before_it_was_released_picked_and_paid(parts, steps):
    [held] = parts
    for action, days in steps:
        before, held = held, tried(held, action, NOW + DAY * days)
        if held is before:
            continue
        assert held.state is TRANSITIONS[before.state, action]
        assert held.attempts >= before.attempts
        if held.state is PartState.SHIPPED:
            assert (held.picked is not None, held.paid is not None) == (True, True)
        if before.state is PartState.HELD and held.state is PartState.DUE:
            assert held.part.street_date is None or held.part.street_date <= NOW + DAY * days


def tried(held, action, at):
    """Return the part after an action; the part itself if that is refused."""
    try:
        return advance(held, action=action, at=at)
    except InvalidArgument:
        return held


# Street dates that move

MOVED_SKUS = st.sampled_from(["A", "B", "A-SET", "BOX"])


def split(order, at):
    return split_order(order, supply=Supply(on_hand={"A": 3, "B": 2}), at=at).parts


def lines_of(parts):
    found = Counter()
    for part in parts:
        for line in part.lines:
            if line.kind is not LineKind.FEE:
                key = part.kind, part.street_date, part.ship_to, line.line_id, line.components
                found[key] += line.quantity
    return found


def units_in(items):
    found = Counter()
    for item in items:
        found.update({line.line_id: line.quantity for line in item.lines})
    return found


@given(orders(addresses=("", "home"), recipes=components() | st.just(())), MOVED_SKUS, instants(), instants())
def test_a_move_keeps_all_units_and_runs_twice_as_once(order, sku, street_date, at):
    items = [order, *split(order, at)]
    move = move_street_date(items, sku=sku, street_date=street_date, at=at)
    assert units_in(move.moved[1:]) == units_in(items[1:])
    assert len({part.id for part in move.moved[1:]}) == len(move.moved) - 1
    again = move_street_date(move.moved, sku=sku, street_date=street_date, at=at)
    assert again.moved == move.moved
    assert (len(move.changed) == 0) == (move.moved == tuple(items))
    for line in again.unchanged if street_date > at else ():
        assert line.reason in {UnmovedReason.SAME_DATE, UnmovedReason.NO_STREET_DATE, UnmovedReason.RELEASED}


@given(orders(recipes=components() | st.just(())), MOVED_SKUS, instants(), instants())
def test_only_dates_of_the_sku_that_are_ahead_move(order, sku, street_date, at):
    [after] = move_street_date([order], sku=sku, street_date=street_date, at=at).moved
    for one, other in zip(order.lines, after.lines, strict=True):
        assert attrs.evolve(one, street_date=None, components=()) == attrs.evolve(
            other, street_date=None, components=()
        )
        before, now = list(all_dates([one])), list(all_dates([other]))
        for (name, date), (same, moved) in zip(before, now, strict=True):
            goes = name == sku and date is not None and date > at
            assert (same, moved) == (name, street_date if goes else date)


def all_dates(parts):
    for part in parts:
        yield part.sku, part.street_date
        yield from all_dates(part.components)


@given(orders(addresses=("", "home"), recipes=components() | st.just(())), MOVED_SKUS, instants(), instants())
def test_a_move_and_a_split_agree(order, sku, street_date, at):
    """A date that is reached leaves its part as it is until a wave; a split sends it at once."""
    later = max(street_date, at + DAY)
    after, *parts = move_street_date([order, *split(order, at)], sku=sku, street_date=later, at=at).moved
    assert lines_of(parts) == lines_of(split(after, at))
