"""Laws of plans that change: `move_units`, `cancel_units`, `part_order` and `waiting_lines`.

- conservation: a move keeps the units of every line; parts and cancelled units together are what they were
- a move is exact: the units of a line in parts of a kind and street date change by those that were asked, and only
  where they left and arrived; fees may go along
- what waits is never there: what ships now of a line never grows
- moving there and back restores the units of every part
- a move is refused exactly where a plain reading of the rules refuses it
- cancelling in two steps is cancelling at once
- what is freed is what left the parts that ship now, and nothing is freed while units wait
- no part is empty, ids are unique, parts keep their order, all lines of a part have one address
- a fee is cancelled only when nothing is left to deliver, and stays with goods as long as there are goods
- what ships now, split again by itself with the same supply, is the same part
- waiting lines hold the goods of the parts that wait, and nothing else
- a plan can be cancelled line by line until nothing is left, and no unit is lost on the way
"""

from collections import Counter
from itertools import groupby, product

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    CancelReason,
    Component,
    DateRange,
    InvalidArgument,
    LineKind,
    Part,
    PartKind,
    PartLine,
    SplitPlan,
    cancel_units,
    explode,
    move_units,
    part_order,
    split_order,
    waiting_lines,
)
from preorder_kit.testing import date_ranges, instants, worlds

ADDRESSES = ("", "home", "work")
WAITING = {PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK}
SET = (Component("A", 2), Component("B"), Component("CODE", kind="digital"))
RANK = {PartKind.DIGITAL: 0, PartKind.SHIP_NOW: 1, PartKind.AWAIT_STREET_DATE: 2, PartKind.AWAIT_STOCK: 3}


#: To one address or two, with street dates, and with one line of goods or two to each.
HOW = st.sampled_from(list(product([("",), ("home", "work")], (1, 2), (1, 2), (1, 2))))
MOMENTS = {count: st.lists(instants(), min_size=count, max_size=count) for count in (1, 2)}
#: How many units of each line a part holds: of lines of goods up to three, of what is digital up to two.
MOST = [(*[3] * goods, *[2] * digital) for goods in range(3) for digital in range(2)]
UNITS = {most: st.sampled_from(list(product(*(range(units + 1) for units in most)))) for most in MOST}
READY = st.none() | date_ranges()
FEES = st.sampled_from([None, None, None, None, *product((1, 2), repeat=2)])


@st.composite
def plans(draw):
    """Return plans of goods (some of them bundles), digital goods and fees, to one or two addresses."""
    addresses, some, *counts = draw(HOW)
    streets = sorted({moment.replace(microsecond=0) for moment in draw(MOMENTS[some])})
    ways = [(PartKind.DIGITAL, None), (PartKind.SHIP_NOW, None)]
    ways += [(PartKind.AWAIT_STREET_DATE, street) for street in streets] + [(PartKind.AWAIT_STOCK, None)]
    goods = [
        (address, f"{address}{number}") for address, n in zip(addresses, counts, strict=False) for number in range(n)
    ]
    parts, wave = [], 0
    for kind, street in ways:
        for place, address in enumerate(addresses):
            units = {} if kind is PartKind.DIGITAL else {line_id: 3 for owner, line_id in goods if owner == address}
            if place == 0 and (kind is PartKind.DIGITAL or street):
                units["d"] = 2
            held = dict(zip(units, draw(UNITS[tuple(units.values())]), strict=True))
            lines = [part_line(line_id, quantity) for line_id, quantity in held.items() if quantity]
            if lines:
                wave += kind is PartKind.SHIP_NOW
                suffix = f"now/{wave}" if kind is PartKind.SHIP_NOW else f"{kind.value}{street or ''}"
                ready = draw(READY)
                parts.append(
                    Part(
                        id=f"O1/{suffix}{f'/{address}' if place else ''}",
                        order_id="O1",
                        kind=kind,
                        lines=lines,
                        street_date=street,
                        ready=ready,
                        ship_to=address,
                    )
                )
    return SplitPlan(order_id="O1", parts=with_fees(draw, parts), cancelled=[])


def part_line(line_id, quantity):
    kind = {"d": LineKind.DIGITAL, "f": LineKind.FEE}.get(line_id[0], LineKind.GOODS)
    sku, components = ("SET", SET) if line_id.endswith("1") else (line_id.upper(), ())
    return PartLine(line_id=line_id, sku=sku, quantity=quantity, components=components, kind=kind)


def with_fees(draw, parts):
    hosts = [part for part in parts if has_goods(part)] or parts
    quantities = draw(FEES) if hosts else None
    if quantities is None:
        return parts
    fees = [part_line(name, units) for name, units in zip(("f1", "f2"), quantities, strict=True)]
    host = draw(st.sampled_from(hosts))
    return [attrs.evolve(part, lines=[*part.lines, *fees]) if part is host else part for part in parts]


def filled_plans():
    return plans().map(lambda plan: plan if plan.parts else attrs.evolve(plan, parts=[ALONE]))


ALONE = Part(id="O1/now/1", order_id="O1", kind="ship_now", lines=[part_line("1", 3), part_line("f1", 1)])


def has_goods(part):
    return any(line.kind is LineKind.GOODS for line in part.lines)


def units_of(plan):
    held = Counter()
    for part in plan.parts:
        held.update({line.line_id: line.quantity for line in part.lines})
    return held


def cut_of(plan):
    held = Counter()
    for cut in plan.cancelled:
        held[cut.line_id] += cut.quantity
    return held


def fates(plan, *, fees):
    held = Counter()
    for part in plan.parts:
        for line in part.lines:
            if fees or line.kind is not LineKind.FEE:
                held[line.line_id, part.kind, part.street_date] += line.quantity
    return held


def by_part(plan):
    return {part.id: {line.line_id: line.quantity for line in part.lines} for part in plan.parts}


def check_form(plan, before):
    assert all(part.lines for part in plan.parts)
    assert len({part.id for part in plan.parts}) == len(plan.parts)
    places = [(RANK[part.kind], part.street_date.timestamp() if part.street_date else 0) for part in plan.parts]
    assert places == sorted(places)
    known = {
        (line.line_id, part.ship_to) for part in before.parts for line in part.lines if line.kind is not LineKind.FEE
    }
    now = {(line.line_id, part.ship_to) for part in plan.parts for line in part.lines if line.kind is not LineKind.FEE}
    assert now <= known
    if any(has_goods(part) for part in plan.parts):
        assert all(has_goods(part) for part in plan.parts for line in part.lines if line.kind is LineKind.FEE)
    assert all(any(line.kind is not LineKind.FEE for line in part.lines) for part in plan.parts)


def drawn_move(data, plan):
    """Return a move, legal or not, of units that are in their part."""
    source = data.draw(st.sampled_from(plan.parts))
    line = data.draw(st.sampled_from(source.lines))
    target = data.draw(st.none() | st.sampled_from(plan.parts))
    quantity = data.draw(st.integers(1, line.quantity))
    return source, line, target, quantity


def may_move(source, line, target):
    """Read the rules plainly."""
    if target is None:
        return line.kind is not LineKind.FEE
    if target is source or target.ship_to != source.ship_to:
        return False
    wanted = line.kind
    if wanted is LineKind.FEE:
        wanted = LineKind.GOODS if has_goods(source) else LineKind.DIGITAL
    if wanted not in {held.kind for held in target.lines}:
        return False
    if source.kind is target.kind is PartKind.AWAIT_STREET_DATE:
        return target.street_date >= source.street_date
    later = {PartKind.SHIP_NOW: WAITING, PartKind.AWAIT_STOCK: {PartKind.AWAIT_STREET_DATE}}
    return target.kind is source.kind or target.kind in later.get(source.kind, ())


def moved(plan, source, line, target, quantity):
    to = target.id if target else None
    return move_units(plan, line_id=line.line_id, quantity=quantity, source=source.id, target=to)


@given(filled_plans(), st.data())
def test_a_move_is_refused_where_the_rules_refuse_it_and_else_exact(plan, data):
    source, line, target, quantity = drawn_move(data, plan)
    if not may_move(source, line, target):
        with pytest.raises(InvalidArgument, match=r"; allowed: "):
            moved(plan, source, line, target, quantity)
        return
    after = moved(plan, source, line, target, quantity)
    check_form(after, plan)
    assert units_of(after) == units_of(plan)
    assert after.cancelled == plan.cancelled
    fees = line.kind is LineKind.FEE
    expected = fates(plan, fees=fees)
    end = target or source
    expected[line.line_id, source.kind, source.street_date] -= quantity
    expected[line.line_id, end.kind, end.street_date] += quantity
    assert fates(after, fees=fees) == +expected


@given(filled_plans(), st.lists(st.data(), min_size=4, max_size=4))
def test_what_ships_now_never_grows_however_units_move(plan, draws):
    shipping = {key: units for key, units in fates(plan, fees=False).items() if key[1] is PartKind.SHIP_NOW}
    for data in draws:
        move = drawn_move(data, plan)
        if may_move(*move[:3]):
            plan = moved(plan, *move)
    after = fates(plan, fees=False)
    assert all(after[key] <= units for key, units in shipping.items())
    assert all(key in shipping for key in after if key[1] is PartKind.SHIP_NOW)


@given(filled_plans(), st.data())
def test_a_parcel_of_its_own_moved_back_restores_the_units_of_every_part(plan, data):
    source = data.draw(st.sampled_from(plan.parts))
    line = data.draw(st.sampled_from([line for line in source.lines if line.kind is not LineKind.FEE]))
    of_kind = sum(held.quantity for held in source.lines if held.kind is line.kind)
    quantity = data.draw(st.integers(1, line.quantity))
    after = moved(plan, source, line, None, quantity)
    if of_kind > quantity:
        [own] = {part.id for part in after.parts} - {part.id for part in plan.parts}
        back = move_units(after, line_id=line.line_id, quantity=quantity, source=own, target=source.id)
        assert by_part(back) == by_part(plan)


@given(filled_plans(), st.data())
def test_the_target_is_ready_no_sooner_than_its_units_were(plan, data):
    source, line, target, quantity = drawn_move(data, plan)
    if target and line.kind is not LineKind.FEE and may_move(source, line, target):
        after = {part.id: part for part in moved(plan, source, line, target, quantity).parts}
        ready = after[target.id].ready
        assert (ready is None) == (source.ready is None or target.ready is None)
        if ready:
            earliest = max(source.ready.earliest, target.ready.earliest)
            assert ready == DateRange(earliest, max(source.ready.latest, target.ready.latest))
        assert source.id not in after or after[source.id].ready == source.ready


@given(filled_plans(), st.data())
def test_cancelling_keeps_every_unit_and_frees_only_what_was_to_ship(plan, data):
    held = units_of(plan)
    line_id = data.draw(st.sampled_from(sorted(held)))
    quantity = data.draw(st.integers(1, held[line_id]))
    done = cancel_units(plan, line_id=line_id, quantity=quantity)
    check_form(done.plan, plan)
    assert units_of(done.plan) + cut_of(done.plan) == held
    assert cut_of(done.plan)[line_id] == quantity
    for cut in done.cancelled:
        if cut.line_id != line_id:
            assert cut.reason is CancelReason.NOTHING_SHIPS
            assert not done.plan.parts
    lines = {line.line_id: line for part in plan.parts for line in part.lines}
    waited = sum(units for key, units in fates(plan, fees=True).items() if key[0] == line_id and key[1] in WAITING)
    leaving = max(0, quantity - waited) if lines[line_id].kind is LineKind.GOODS else 0
    needs = explode(lines[line_id].components) or {lines[line_id].sku: 1}
    assert done.freed == {sku: need * leaving for sku, need in needs.items() if leaving}
    assert cancel_units(plan, line_id=line_id, quantity=quantity, stock_action="remove").freed == {}


@given(filled_plans(), st.data())
def test_cancelling_in_two_steps_is_cancelling_at_once(plan, data):
    held = units_of(plan)
    line_id = data.draw(st.sampled_from(sorted(held)))
    quantity = data.draw(st.integers(1, held[line_id]))
    first = data.draw(st.integers(0, quantity))
    left, freed = plan, Counter()
    for units in (first, quantity - first):
        if units:
            step = cancel_units(left, line_id=line_id, quantity=units)
            left = step.plan
            freed.update(step.freed)
    at_once = cancel_units(plan, line_id=line_id, quantity=quantity)
    assert (at_once.plan, at_once.freed) == (left, freed)


@given(filled_plans(), st.data())
def test_the_last_parts_of_a_line_lose_its_units_first(plan, data):
    held = units_of(plan)
    line_id = data.draw(st.sampled_from(sorted(held)))
    quantity = data.draw(st.integers(1, held[line_id]))
    after = by_part(cancel_units(plan, line_id=line_id, quantity=quantity).plan)
    turns = sorted(plan.parts, key=lambda part: (part.kind in WAITING, plan.parts.index(part)))
    kept = [
        (after.get(part.id, {}).get(line_id, 0), units)
        for part in turns
        if (units := by_part(plan)[part.id].get(line_id, 0))
    ]
    states = ["all" if left == units else "some" if left else "none" for left, units in kept]
    runs = [state for state, _ in groupby(states)]
    assert runs in (
        ["all"],
        ["all", "some"],
        ["all", "none"],
        ["all", "some", "none"],
        ["some"],
        ["some", "none"],
        ["none"],
    )
    assert states.count("some") <= 1


def split(world):
    return split_order(world.order, supply=world.supply, at=world.at, times=world.times)


def without_id(part):
    return attrs.evolve(part, id="any")


WORLDS = worlds(addresses=ADDRESSES, groups=("", "g"))


@given(WORLDS)
def test_what_ships_now_split_by_itself_is_the_same_part(world):
    for part in split(world).parts:
        if part.kind in {PartKind.SHIP_NOW, PartKind.DIGITAL}:
            again = split(attrs.evolve(world, order=part_order(world.order, part)))
            assert again.cancelled == ()
            assert units_of(again) == {line.line_id: line.quantity for line in part.lines}
            if has_goods(part):
                assert [without_id(found) for found in again.parts] == [without_id(part)]


@given(WORLDS)
def test_waiting_lines_hold_the_goods_of_the_parts_that_wait(world):
    plan, expected = split(world), Counter()
    goods = [line.id for line in world.order.lines if line.kind is LineKind.GOODS]
    for part in plan.parts:
        if part.kind in WAITING:
            expected.update({line.line_id: line.quantity for line in part.lines if line.line_id in goods})
    found = waiting_lines(plan, order=world.order)
    assert {line.line_id: line.quantity for line in found} == expected
    assert [line.line_id for line in found] == [line_id for line_id in goods if line_id in expected]
    assert {(line.order_id, line.placed_at, line.ship) for line in found} <= {
        (world.order.id, world.order.placed_at, world.order.ship)
    }


@given(worlds(addresses=ADDRESSES), st.data())
def test_a_split_plan_can_be_cancelled_line_by_line_until_nothing_is_left(world, data):
    plan = split(world)
    before = units_of(plan) + cut_of(plan)
    while plan.parts:
        held = units_of(plan)
        line_id = data.draw(st.sampled_from(sorted(held)))
        plan = cancel_units(plan, line_id=line_id, quantity=held[line_id]).plan
        assert units_of(plan) + cut_of(plan) == before
