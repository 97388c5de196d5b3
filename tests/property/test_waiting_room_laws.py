"""Laws of the waiting room.

- conservation: what a line holds, waits for and is refused adds up to its claim; what is held and left over, to what is
  there; decisions add up too
- no overselling: nobody gets a unit that is not there, components counted, and what is held already stays held
- no overtaking: nobody gets a unit that an earlier claim could have used, or, under STRICT, that one still wants
- more stock never takes a unit from anybody: PARTIAL of plain lines, STRICT, WEBSTER, EQUAL,
  EQUAL_LOSSES; elsewhere it may, as shown
- stock in steps is given as stock at once, under PARTIAL of plain lines and STRICT; elsewhere it need not be, as shown
- places are by the instant, to the microsecond, and by ids as text
- the order of the queue and of grants is no meaning; nor are SKUs that nobody wants, nor lines that are not asked
- allocating again gives nothing more; what waits, fed back, and the whole queue with its grants are one thing
- taking units back and allocating again restores what was there; a stock correction is healed by taking back
- an order that comes later changes nothing for those before it, under FIFO without a fair rule
- newcomers may buy what those who wait leave them, and get it
- only granted units free stock when a line is reduced
- units and stock in millions are units and stock in ones, and cost as much
- a line as two adjacent lines gets as much; SKUs that share no bundle and no order are rooms of their own
- what the lines of a whole order miss adds up to what it lacks
- every decision can be told; an order's decisions are those of the queue that are its own
- results are sequences: equal, sliced, pickled and hashed as tuples are
- changes between two allocations add up to the difference
"""

import copy
import datetime as dt
import pickle
from collections import Counter
from operator import itemgetter

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit.bundles import Component, LineKind
from preorder_kit.orders import ShipPolicy, WaitingLine, line_street_date, needs
from preorder_kit.quantities import UNLIMITED
from preorder_kit.rationing import Rationing
from preorder_kit.street_date import is_released
from preorder_kit.testing import (
    allocation_policies,
    available_for,
    grants_for,
    laws,
    lines_waiting,
    waiting_instants,
    waiting_queues,
)
from preorder_kit.waiting_room import (
    AllocationPolicy,
    AllocationUnit,
    DecisionCode,
    QueueOrder,
    Shortage,
    Unserved,
    allocate,
    compare_allocations,
    explain,
    free_for_new,
    reduce_line,
    revoke,
)

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone.utc)
LAST = dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.timezone.utc)
NOW = st.just(NOON + dt.timedelta(days=1)) | waiting_instants()
FACTS = ["queue", "policy", "available", "at", "grants"]
MANY = 10**12
ALONE = [ShipPolicy.AS_AVAILABLE]
IDLE = {DecisionCode.ON_HOLD, DecisionCode.NOT_DUE}
CLOSED = {DecisionCode.BLOCKED_BY, DecisionCode.ORDER_INCOMPLETE}
SEQUENCES = ["grants", "added", "waiting", "unfulfillable", "decisions"]
RECIPES = [
    (),
    (),
    (),
    (Component("A"), Component("B")),
    (Component("A", 2),),
    (Component("B"), Component("BOX", 2, (Component("A"), Component("C", 1, street_date=NOON)))),
    (Component("C"), Component("WRAP", 1, (), LineKind.FEE)),
]
BUNDLED = waiting_queues(lines_waiting(recipes=st.sampled_from(RECIPES)))
WHOLE_OR_NOT = waiting_queues(lines_waiting())
PLAIN = waiting_queues(lines_waiting(ships=ALONE))
READY = waiting_queues(lines_waiting(ships=ALONE, holds=[None], street_dates=[None]))
RATIONED = st.builds(
    AllocationPolicy,
    queue=st.sampled_from(QueueOrder),
    ration=st.sampled_from(Rationing),
    unserved=st.sampled_from(Unserved),
)
BY_LINE = [AllocationUnit.LINE]
POLICIES = allocation_policies()
PARTIAL = allocation_policies(shortages=[Shortage.PARTIAL], units=BY_LINE)
STRICT = allocation_policies(shortages=[Shortage.STRICT])


def rooms(queues=BUNDLED, policies=POLICIES, *, granted=True):
    """Return facts of a queue: it, its policy, stock for it, an instant, and perhaps earlier grants."""
    return room_of(queues, policies, granted)


@st.composite
def room_of(draw, queues, policies, granted):
    queue = draw(queues)
    return {
        "queue": queue,
        "policy": draw(policies),
        "available": draw(available_for(queue)),
        "at": draw(NOW),
        "grants": draw(grants_for(queue)) if granted and draw(st.booleans()) else (),
    }


ANY_ROOM = rooms() | rooms(PLAIN, RATIONED)


def served(room, **changes):
    facts = room | changes
    return allocate(
        facts["queue"],
        available=facts["available"],
        policy=facts["policy"],
        at=facts["at"],
        grants=facts["grants"],
    )


def name(line):
    return line.order_id, line.line_id


def by_name(grants_or_lines):
    found = Counter()
    for one in grants_or_lines:
        found[name(one)] += one.quantity
    return found


def on_shelf(queue, units):
    """Return how many of each SKU on a shelf some units of lines are."""
    found = Counter()
    for line in queue:
        for need in needs(line):
            found[need.sku] += need.quantity * units[name(line)]
    return +found


def in_place(found, queue):
    lines = {name(line): line for line in queue}
    return [lines[name(decision)] for decision in found.decisions]


def may_be_served(line, at):
    return line.hold is None and is_released(line_street_date(line), at=at)


def alike(one, other):
    """Say whether two allocations give the same units, told in any words."""
    fields = ["grants", "waiting", "unfulfillable", "left_over", "oversold"]
    return all(getattr(one, field) == getattr(other, field) for field in fields)


# Conservation and bounds.


@given(ANY_ROOM)
def test_what_a_line_claims_it_holds_or_lacks(room):
    found = served(room)
    laws.conserves_claims(found, queue=room["queue"])
    held, lacking = by_name(found.grants), by_name([*found.waiting, *found.unfulfillable])
    assert held == by_name(room["grants"]) + by_name(found.added)
    assert {name(line) for line in found.waiting}.isdisjoint(name(line) for line in found.unfulfillable)
    for decision, line in zip(found.decisions, in_place(found, room["queue"]), strict=True):
        assert (decision.granted, decision.short) == (held[name(line)], lacking[name(line)])
        assert decision.granted + decision.short == line.quantity
        assert (decision.code is DecisionCode.GRANTED) == (decision.short == 0)


@given(ANY_ROOM)
def test_what_is_there_is_held_or_left_over_and_never_more(room):
    found = served(room)
    laws.grants_no_more_than_there_is(found, queue=room["queue"], available=room["available"], grants=room["grants"])
    held = on_shelf(room["queue"], by_name(found.grants))
    before = on_shelf(room["queue"], by_name(room["grants"]))
    assert list(found.left_over) == sorted(room["available"]) or set(found.left_over) == set(room["available"])
    for sku in held.keys() | found.left_over.keys():
        there = room["available"].get(sku, 0)
        if there is UNLIMITED:
            assert found.left_over[sku] is UNLIMITED
        else:
            assert held[sku] + found.left_over.get(sku, 0) == there + found.oversold.get(sku, 0)
            assert found.oversold.get(sku, 0) == max(0, before[sku] - there)
    assert all(found.oversold.values())


@given(ANY_ROOM)
def test_who_is_not_asked_gets_nothing_and_a_whole_order_all_or_nothing_new(room):
    found = served(room)
    added = by_name(found.added)
    orders = {}
    for line, decision in zip(in_place(found, room["queue"]), found.decisions, strict=True):
        if not may_be_served(line, room["at"]):
            assert added[name(line)] == 0
            assert decision.short == 0 or decision.code in IDLE
        orders.setdefault(line.order_id, []).append((line, decision))
    for lines in orders.values():
        complete = any(line.ship is ShipPolicy.COMPLETE for line, _ in lines)
        if complete or room["policy"].unit is AllocationUnit.ORDER:
            assert len({decision.short == 0 for _, decision in lines}) == 1 or not any(
                added[name(line)] for line, _ in lines
            )


@given(ANY_ROOM)
def test_what_is_given_up_as_unfulfillable_was_asked(room):
    found = served(room)
    lines = {name(line): line for line in room["queue"]}
    for line in found.unfulfillable:
        assert room["policy"].unserved is Unserved.UNFULFILLABLE
        assert may_be_served(line, room["at"])
        assert any(need.sku in room["available"] for need in needs(lines[name(line)]))
        assert attrs.evolve(line, quantity=1) == attrs.evolve(lines[name(line)], quantity=1)


@pytest.mark.parametrize(
    "policy",
    [
        *(AllocationPolicy(shortage=shortage, unit=unit) for shortage in Shortage for unit in AllocationUnit),
        *(AllocationPolicy(ration=rule) for rule in Rationing),
    ],
)
def test_an_empty_queue_leaves_everything(policy):
    found = allocate([], available={"A": 3, "B": UNLIMITED}, policy=policy, at=NOON)
    assert [len(getattr(found, field)) for field in SEQUENCES] == [0] * len(SEQUENCES)
    assert (found.left_over, found.oversold) == ({"A": 3, "B": UNLIMITED}, {})


# No overtaking.


@given(rooms(WHOLE_OR_NOT, PARTIAL))
def test_nobody_gets_a_unit_that_an_earlier_line_could_have_used(room):
    found = served(room)
    laws.nobody_overtakes(found, queue=room["queue"], at=room["at"], grants=room["grants"])
    complete = {line.order_id for line in room["queue"] if line.ship is ShipPolicy.COMPLETE}
    for line in [*found.waiting, *found.unfulfillable]:
        if may_be_served(line, room["at"]) and line.order_id not in complete:
            assert not found.left_over.get(line.sku)


@given(rooms(BUNDLED, STRICT))
def test_under_strict_nobody_gets_a_sku_that_an_earlier_claim_still_wants(room):
    found = served(room)
    added = by_name(found.added)
    wanted = {}
    for line, decision in zip(in_place(found, room["queue"]), found.decisions, strict=True):
        skus = {need.sku for need in needs(line)}
        if added[name(line)]:
            assert all(wanted.get(sku, {line.order_id}) == {line.order_id} for sku in skus)
        waits_for_another = decision.code is DecisionCode.ORDER_INCOMPLETE and not decision.missing
        if decision.short and may_be_served(line, room["at"]) and not waits_for_another:
            for sku in skus:
                wanted.setdefault(sku, set()).add(line.order_id)


# More stock.


def with_more(stock, arrived):
    """Return stock with what has arrived."""
    more = dict(stock)
    for sku, units in arrived.items():
        more[sku] = UNLIMITED if UNLIMITED in {units, more.get(sku)} else more.get(sku, 0) + units
    return more


MONOTONE = st.builds(
    AllocationPolicy,
    queue=st.sampled_from(QueueOrder),
    ration=st.sampled_from([Rationing.IN_ORDER, Rationing.WEBSTER, Rationing.EQUAL, Rationing.EQUAL_LOSSES]),
)
ARRIVED = st.dictionaries(st.sampled_from("ABC"), st.integers(0, 6), min_size=1)


@given(rooms(PLAIN, PARTIAL | MONOTONE) | rooms(BUNDLED, STRICT), ARRIVED)
def test_more_stock_never_takes_a_unit_from_anybody(room, arrived):
    laws.more_stock_never_hurts(
        lambda queue, *, available: served(room, queue=queue, available=available),
        room["queue"],
        available=room["available"],
        more=arrived,
    )


@given(rooms(PLAIN, PARTIAL, granted=False) | rooms(BUNDLED, STRICT, granted=False), ARRIVED)
def test_stock_in_steps_is_given_as_stock_at_once(room, arrived):
    more = with_more(room["available"], arrived)
    steps = served(room, available=more, grants=served(room).grants)
    assert alike(steps, served(room, available=more))


def claims(*quantities, recipes=()):
    """Return lines of orders O0, O1 and so on, each with one claim; of SKU A, or a set of its recipe."""
    found = []
    for number, quantity in enumerate(quantities):
        recipe = recipes[number] if recipes else ()
        line = WaitingLine(
            order_id=f"O{number}",
            line_id="1",
            sku="SET" if recipe else "A",
            quantity=quantity,
            placed_at=NOON,
            components=recipe,
        )
        found.append(line)
    return found


def shares(queue, available, **policy):
    found = allocate(queue, available=available, policy=AllocationPolicy(**policy), at=NOON)
    return [decision.granted for decision in found.decisions]


def test_under_skip_a_unit_more_may_take_one_away():
    assert shares(claims(2, 1), {"A": 1}, shortage=Shortage.SKIP) == [0, 1]
    assert shares(claims(2, 1), {"A": 2}, shortage=Shortage.SKIP) == [2, 0]


def test_with_bundles_a_unit_more_may_take_one_away():
    queue = claims(1, 1, recipes=[(Component("A"), Component("B")), ()])
    assert shares(queue, {"A": 1, "B": 0}) == [0, 1]
    assert shares(queue, {"A": 1, "B": 1}) == [1, 0]


def test_with_whole_orders_a_unit_more_may_take_one_away():
    first, second = claims(2, 1)
    queue = [attrs.evolve(first, ship=ShipPolicy.COMPLETE), second]
    assert shares(queue, {"A": 1}) == [0, 1]
    assert shares(queue, {"A": 2}) == [2, 0]


@pytest.mark.parametrize(
    ("rule", "quantities", "fewer", "more"),
    [
        (Rationing.PROPORTIONAL, (6, 6, 2), [4, 4, 2], [5, 5, 1]),
        (Rationing.PROPORTIONAL, (3, 3, 1), [1, 1, 1], [2, 2, 0]),
        (Rationing.TALMUD, (1, 2, 2), [1, 0, 0], [0, 1, 1]),
    ],
)
def test_under_largest_remainder_a_unit_more_may_take_one_away(rule, quantities, fewer, more):
    assert shares(claims(*quantities), {"A": sum(fewer)}, ration=rule) == fewer
    assert shares(claims(*quantities), {"A": sum(more)}, ration=rule) == more


def in_steps(queue, units, **policy):
    """Return what lines hold after as many units of A came one by one, each shared out when it came."""
    grants = ()
    for there in range(1, units + 1):
        facts = {"available": {"A": there}, "policy": AllocationPolicy(**policy), "at": NOON}
        grants = tuple(allocate(queue, grants=grants, **facts).grants)
    held = by_name(grants)
    return [held[name(line)] for line in queue]


def test_under_skip_stock_in_steps_goes_to_the_small_claims():
    assert in_steps(claims(2, 1), 2, shortage=Shortage.SKIP) == [0, 1]
    assert shares(claims(2, 1), {"A": 2}, shortage=Shortage.SKIP) == [2, 0]


@pytest.mark.parametrize(
    ("rule", "at_once", "stepwise"),
    [(Rationing.WEBSTER, [3, 1], [4, 0]), (Rationing.EQUAL, [2, 2], [4, 0]), (Rationing.PROPORTIONAL, [3, 1], [4, 0])],
)
def test_a_fair_rule_is_fair_to_what_claims_still_lack_and_not_to_what_they_got_before(rule, at_once, stepwise):
    assert shares(claims(6, 2), {"A": 4}, ration=rule) == at_once
    assert in_steps(claims(6, 2), 4, ration=rule) == stepwise


# What is no meaning.


@given(ANY_ROOM, st.randoms(use_true_random=False))
def test_the_order_of_the_queue_and_of_grants_is_no_meaning(room, random):
    queue, grants, stock = list(room["queue"]), list(room["grants"]), list(room["available"].items())
    for items in (queue, grants, stock):
        random.shuffle(items)
    again = served(room, queue=iter(queue), grants=iter(grants), available=dict(stock))
    first = served(room)
    assert again == first
    assert hash(again) == hash(first)


NAMES = st.text("\0\x01 !aé\U0001f4bf", min_size=1, max_size=3).map(lambda text: f"{text}a")
BOUNDS = [dt.datetime(year, 1, 1, tzinfo=dt.timezone.utc) for year in (2, 1833, 1834, 1970, 2026, 2106, 2107, 9999)]
INSTANTS = st.builds(
    lambda start, steps: start + steps * dt.timedelta(microseconds=1), st.sampled_from(BOUNDS), st.integers(-2, 2)
)


@given(st.lists(st.tuples(INSTANTS, NAMES, NAMES), min_size=1, max_size=8, unique_by=itemgetter(1, 2)))
def test_places_are_by_the_microsecond_and_then_by_ids_as_text(places):
    queue = [
        WaitingLine(order_id=order_id, line_id=line_id, sku="A", quantity=1, placed_at=placed_at)
        for placed_at, order_id, line_id in places
    ]
    found = allocate(queue, available={"A": 3}, at=NOON)
    assert [name(grant) for grant in found.grants] == [(one, two) for _, one, two in sorted(places)][:3]
    assert [name(decision) for decision in found.decisions] == [(one, two) for _, one, two in sorted(places)]


@given(ANY_ROOM)
def test_grants_of_a_line_add_up(room):
    merged = [attrs.evolve(grant, quantity=1) for grant in room["grants"] for _ in range(grant.quantity)]
    assert served(room, grants=merged) == served(room)


@given(ANY_ROOM)
def test_one_instant_at_two_offsets_is_one_instant(room):
    away = dt.timezone(dt.timedelta(hours=-7))
    far = [dt.datetime.min.replace(tzinfo=dt.timezone.utc), LAST]
    moved = [
        line if line.placed_at <= far[0] else attrs.evolve(line, placed_at=line.placed_at.astimezone(away))
        for line in room["queue"]
    ]
    assert served(room, queue=moved) == served(room)


@given(ANY_ROOM, st.integers(0, 9) | st.just(UNLIMITED))
def test_a_sku_that_nobody_wants_is_left_over(room, units):
    found, more = served(room), served(room, available=room["available"] | {"Z": units})
    assert more.left_over == dict(found.left_over) | {"Z": units}
    assert more.decisions == found.decisions
    assert more.grants == found.grants


@given(rooms(granted=False) | rooms(PLAIN, RATIONED, granted=False))
def test_orders_that_are_not_asked_are_as_if_they_were_not_there(room):
    idle = {line.order_id for line in room["queue"] if not may_be_served(line, room["at"])}
    split = room["policy"].unit is AllocationUnit.LINE
    lines = room["queue"]
    complete = {line.order_id for line in lines if line.ship is ShipPolicy.COMPLETE} if split else idle
    gone = [line for line in lines if line.order_id in idle & complete or not may_be_served(line, room["at"])]
    rest = [line for line in lines if line not in gone]
    assert served(room, queue=rest).grants == served(room).grants


# Again.


@given(ANY_ROOM)
def test_allocating_again_gives_nothing_more(room):
    found = served(room)
    again = served(room, grants=found.grants)
    assert not again.added
    assert alike(again, found)


@given(rooms(granted=False) | rooms(PLAIN, RATIONED, granted=False), st.data())
def test_what_waits_fed_back_is_the_whole_queue_with_its_grants(room, data):
    policy = attrs.evolve(room["policy"], unserved=Unserved.WAIT)
    found = served(room, policy=policy)
    arrived = data.draw(available_for(room["queue"]))
    at = data.draw(NOW)
    with_grants, fed_back = with_more(room["available"], arrived), with_more(found.left_over, arrived)
    whole = served(room, policy=policy, available=with_grants, grants=found.grants, at=at)
    rest = served(room, policy=policy, available=fed_back, queue=found.waiting, at=at)
    assert by_name(whole.added) == by_name(rest.added)
    assert whole.waiting == rest.waiting
    assert whole.left_over == rest.left_over


@given(rooms(granted=False), st.dictionaries(st.sampled_from("ABC"), st.integers(0, 8)))
def test_taking_back_and_allocating_again_restores(room, take_back):
    found = served(room)
    done = revoke(room["queue"], grants=found.grants, take_back=take_back, policy=room["policy"])
    assert served(room, grants=done.grants).grants == found.grants


@given(ANY_ROOM)
def test_a_stock_correction_is_healed_by_taking_back_what_is_oversold(room):
    found = served(room)
    done = revoke(room["queue"], grants=found.grants, take_back=found.oversold, policy=room["policy"])
    assert served(room, grants=done.grants).oversold == {}


@given(ANY_ROOM, st.dictionaries(st.sampled_from("ABC"), st.integers(0, 20)))
def test_what_is_taken_back_was_held_and_is_what_was_asked(room, take_back):
    done = revoke(room["queue"], grants=room["grants"], take_back=take_back, policy=room["policy"])
    held, kept = on_shelf(room["queue"], by_name(room["grants"])), on_shelf(room["queue"], by_name(done.grants))
    assert by_name(done.grants) + by_name(done.revoked) == by_name(room["grants"])
    assert {sku: units for sku, units in done.freed.items() if units} == held - kept
    plain = not any(line.components or line.ship is ShipPolicy.COMPLETE for line in room["queue"])
    for sku, units in take_back.items():
        assert done.freed.get(sku, 0) >= min(units, held[sku])
        if plain and room["policy"].unit is AllocationUnit.LINE:
            assert done.freed.get(sku, 0) == min(units, held[sku])


# Newcomers.


def newcomer(sku="A", quantity=1, **fields):
    return WaitingLine(order_id="zz", line_id="1", sku=sku, quantity=quantity, placed_at=LAST, **fields)


@given(
    rooms(BUNDLED, POLICIES.map(lambda policy: attrs.evolve(policy, queue=QueueOrder.FIFO))),
    lines_waiting(recipes=st.sampled_from(RECIPES)),
)
def test_an_order_that_comes_later_changes_nothing_for_those_before_it(room, line):
    late = attrs.evolve(line, order_id="zz", placed_at=LAST)
    found, more = served(room), served(room, queue=[*room["queue"], late])
    assert more.decisions[:-1] == found.decisions
    assert by_name(more.grants) - by_name(found.grants) == by_name(more.grants[len(found.grants) :])


@given(rooms(PLAIN, st.just(AllocationPolicy())), st.sampled_from("AB"), st.integers(1, 20))
def test_a_newcomer_gets_what_is_free_for_newcomers(room, sku, asked):
    due = room | {"at": LAST}
    free = free_for_new(due["queue"], available=due["available"], grants=due["grants"])
    more = served(due, queue=[*due["queue"], newcomer(sku, asked)])
    assert more.of("zz")[0].granted == min(asked, free.get(sku, 0))
    assert set(free) == set(due["available"])


@given(rooms(BUNDLED, st.just(AllocationPolicy())), st.sampled_from("AB"), st.integers(1, 20))
def test_a_newcomer_gets_no_less_where_those_who_wait_cannot_use_all_of_it(room, sku, asked):
    free = free_for_new(room["queue"], available=room["available"], grants=room["grants"])
    more = served(room, queue=[*room["queue"], newcomer(sku, asked)])
    assert more.of("zz")[0].granted >= min(asked, free.get(sku, 0))


# Smaller lines.


@given(ANY_ROOM, st.data())
def test_only_granted_units_free_stock(room, data):
    found = served(room)
    line = data.draw(st.sampled_from(room["queue"]))
    to = data.draw(st.integers(0, line.quantity))
    done = reduce_line(room["queue"], grants=found.grants, order_id=line.order_id, line_id=line.line_id, to=to)
    gone = max(0, by_name(found.grants)[name(line)] - to)
    assert {sku: units for sku, units in done.freed.items() if units} == on_shelf([line], Counter({name(line): gone}))
    assert by_name(done.queue) == +(by_name(room["queue"]) - Counter({name(line): line.quantity - to}))
    assert by_name(found.grants) - by_name(done.grants) == +Counter({name(line): gone})
    again = served(room, queue=done.queue, grants=done.grants)
    if not gone and to:
        assert by_name(again.grants)[name(line)] >= by_name(found.grants)[name(line)]
    assert by_name(done.grants) <= by_name(again.grants)


@given(READY, st.integers(0, 12), st.data())
def test_a_cancelled_line_hands_its_units_to_the_next_in_the_queue(queue, stock, data):
    facts = {"available": {"A": stock, "B": stock, "C": stock}, "policy": AllocationPolicy(), "at": NOON}
    found = allocate(queue, **facts)
    line = data.draw(st.sampled_from(queue))
    done = reduce_line(queue, grants=found.grants, order_id=line.order_id, line_id=line.line_id, to=0)
    again = allocate(done.queue, grants=done.grants, **facts)
    afresh = allocate(done.queue, **facts)
    assert alike(again, afresh)


# Sizes.


def in_units_of(room, units):
    times = [attrs.evolve(line, quantity=line.quantity * units) for line in room["queue"]]
    held = [attrs.evolve(grant, quantity=grant.quantity * units) for grant in room["grants"]]
    stock = {sku: there if there is UNLIMITED else there * units for sku, there in room["available"].items()}
    return room | {"queue": times, "grants": held, "available": stock}


@given(rooms(WHOLE_OR_NOT) | rooms(BUNDLED, allocation_policies(shortages=[Shortage.SKIP, Shortage.STRICT])))
def test_a_million_millions_are_as_ones(room):
    found, large = served(room), served(in_units_of(room, MANY))
    assert by_name(large.grants) == Counter({key: units * MANY for key, units in by_name(found.grants).items()})
    assert [one.code for one in large.decisions] == [one.code for one in found.decisions]
    for one, many in zip(found.decisions, large.decisions, strict=True):
        if one.sku == many.sku:  # of two components that are short, fractions of a bundle may tell which is named
            assert (many.missing, many.blocked_by) == (one.missing * MANY, one.blocked_by)


@given(rooms(PLAIN, RATIONED) | rooms(BUNDLED, PARTIAL))
def test_fair_shares_and_bundles_of_a_million_millions_are_found_and_not_counted(room):
    large = in_units_of(room, MANY)
    found = served(large)
    assert by_name(found.grants) + by_name([*found.waiting, *found.unfulfillable]) == by_name(large["queue"])
    revoke(large["queue"], grants=found.grants, take_back={"A": MANY - 1}, policy=large["policy"])
    free_for_new(large["queue"], available=large["available"], grants=found.grants)


# Lines and rooms, apart and together.


@given(READY, st.integers(0, 12), st.data())
def test_a_line_as_two_adjacent_lines_gets_as_much(queue, stock, data):
    facts = {"available": {"A": stock, "B": 3}, "policy": AllocationPolicy(), "at": NOON}
    line = data.draw(st.sampled_from(queue))
    first = data.draw(st.integers(0, line.quantity))
    halves = [(line.line_id, first), (f"{line.line_id}!", line.quantity - first)]
    parts = [attrs.evolve(line, line_id=id_, quantity=units) for id_, units in halves if units]
    apart = allocate([*(other for other in queue if other is not line), *parts], **facts)
    together = Counter()
    for (order_id, line_id), units in by_name(apart.grants).items():
        together[order_id, line_id.rstrip("!")] += units
    assert together == by_name(allocate(queue, **facts).grants)


@given(rooms(PLAIN, PARTIAL | RATIONED))
def test_each_sku_of_plain_lines_is_a_room_of_its_own(room):
    found = by_name(served(room).grants)
    apart = Counter()
    for sku in "ABC":
        own = {
            "queue": [line for line in room["queue"] if line.sku == sku],
            "grants": [grant for grant in room["grants"] if grant.sku == sku],
            "available": {key: units for key, units in room["available"].items() if key == sku},
        }
        apart += by_name(served(room, **own).grants)
    assert apart == found


@given(rooms(WHOLE_OR_NOT, allocation_policies(units=[AllocationUnit.ORDER])))
def test_to_serve_orders_is_to_serve_lines_that_ship_complete(room):
    complete = [attrs.evolve(line, ship=ShipPolicy.COMPLETE) for line in room["queue"]]
    by_line = attrs.evolve(room["policy"], unit=AllocationUnit.LINE)
    found, other = served(room), served(room, queue=complete, policy=by_line)
    assert (found.grants, found.decisions, found.left_over) == (other.grants, other.decisions, other.left_over)


@given(rooms(PLAIN, PARTIAL))
def test_lines_of_one_unit_are_served_whole_or_not_anyway(room):
    ones = [attrs.evolve(line, quantity=1) for line in room["queue"]]
    facts = room | {"queue": ones, "grants": ()}
    skip = attrs.evolve(room["policy"], shortage=Shortage.SKIP)
    assert alike(served(facts), served(facts, policy=skip))


@given(ANY_ROOM)
def test_without_end_everybody_gets_everything_who_may_be_served(room):
    found = served(room, available=dict.fromkeys("ABC", UNLIMITED))
    codes = {decision.code for decision in found.decisions}
    assert codes <= IDLE | {DecisionCode.GRANTED, DecisionCode.ORDER_INCOMPLETE}
    assert found.left_over == dict.fromkeys("ABC", UNLIMITED)
    assert found.oversold == {}


@given(READY, allocation_policies(units=BY_LINE), st.integers(0, 12))
def test_to_serve_in_order_is_partial(queue, policy, stock):
    rationed = AllocationPolicy(queue=policy.queue, ration=Rationing.IN_ORDER)
    facts = {"available": {"A": stock, "B": 4}, "at": NOON}
    partial = AllocationPolicy(queue=policy.queue)
    assert alike(allocate(queue, policy=rationed, **facts), allocate(queue, policy=partial, **facts))


# Words.


@given(ANY_ROOM)
def test_every_decision_can_be_told(room):
    for decision in served(room).decisions:
        told = explain(decision)
        assert told.endswith(".")
        assert "\n" not in told
        assert "None" not in told
        if decision.code is DecisionCode.ON_HOLD:
            assert decision.hold in told
        elif decision.code is DecisionCode.NOT_DUE:
            assert str(decision.until.date()) in told
        elif decision.code is not DecisionCode.GRANTED:
            assert decision.sku in told
            assert decision.blocked_by is None or decision.blocked_by in told
            is_of_the_queue = decision.code in {DecisionCode.RATIONED, DecisionCode.BLOCKED_BY}
            number = decision.granted if is_of_the_queue else decision.missing
            assert number == 0 or str(number) in told


@given(ANY_ROOM)
def test_an_orders_decisions_are_those_of_the_queue_that_are_its_own(room):
    found = served(room)
    for order_id in {line.order_id for line in room["queue"]}:
        assert found.of(order_id) == tuple(one for one in found.decisions if one.order_id == order_id)


@given(ANY_ROOM)
def test_the_order_ahead_is_another_that_waits_in_the_same_room(room):
    found = served(room)
    orders = {line.order_id for line in room["queue"]}
    for decision in found.decisions:
        # Its own order can only be in its way where it closed the SKU with an earlier line.
        others = orders - (set() if decision.code in CLOSED else {decision.order_id})
        assert decision.blocked_by is None or decision.blocked_by in others
        assert (decision.code is DecisionCode.NOT_DUE) == (decision.until is not None)
        assert (decision.code is DecisionCode.ON_HOLD) == (decision.hold is not None)
        assert decision.code is not DecisionCode.BLOCKED_BY or decision.blocked_by is not None
        assert decision.missing >= 0
        if decision.code in IDLE | {DecisionCode.GRANTED}:
            assert (decision.missing, decision.blocked_by) == (0, None)


# Results as values.


def is_as_a_tuple(items, other):
    items_too = tuple(items)
    size = len(items_too)
    assert len(items) == size
    assert bool(items) == bool(items_too)
    assert [items[place] for place in range(-size, size)] == [items_too[place] for place in range(-size, size)]
    for beyond in (size, -size - 1):
        with pytest.raises(IndexError):
            items[beyond]
    for cut in (slice(1, None), slice(None, -1), slice(None, None, -1), slice(0, 99, 2), slice(5, 1)):
        assert tuple(items[cut]) == items_too[cut]
        assert items[cut] == items_too[cut]
    assert tuple(reversed(items)) == items_too[::-1]
    assert all(item in items for item in items_too)
    assert all(items.index(item) == items_too.index(item) for item in items_too)
    assert all(items.count(item) == items_too.count(item) for item in items_too)
    assert items == items_too
    assert items_too == items
    assert items == other
    assert hash(items) == hash(other)
    assert "nothing" not in items
    for again in (pickle.loads(pickle.dumps(items)), copy.copy(items), copy.deepcopy(items)):
        assert again == items
        assert hash(again) == hash(items)
    if size:
        assert items != items_too[1:]
        assert items[1:] != items


@given(ANY_ROOM)
def test_results_are_sequences_like_tuples(room):
    found, again = served(room), served(room)
    for field in SEQUENCES:
        is_as_a_tuple(getattr(found, field), getattr(again, field))


@given(ANY_ROOM)
def test_an_allocation_is_a_value(room):
    found = served(room)
    for again in (served(room), pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
        assert again == found
        assert hash(again) == hash(found)
        assert again.of(room["queue"][0].order_id) == found.of(room["queue"][0].order_id)
    assert repr(found)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.grants = ()


@given(ANY_ROOM, st.data())
def test_allocations_that_differ_are_not_equal(room, data):
    other = served(room, available=data.draw(available_for(room["queue"])))
    found = served(room)
    assert (found == other) == all(
        tuple(getattr(found, field)) == tuple(getattr(other, field)) for field in SEQUENCES
    ) & (found.left_over == other.left_over) & (found.oversold == other.oversold)


@given(ANY_ROOM, st.data())
def test_changes_add_up_to_the_difference(room, data):
    other = room | {
        "policy": data.draw(POLICIES) if room["policy"].ration is None else room["policy"],
        "available": data.draw(available_for(room["queue"])),
        "at": data.draw(NOW),
    }
    before, after = served(room), served(other)
    found = compare_allocations(before, after)
    earlier, later = by_name(before.grants), by_name(after.grants)
    units = Counter({name(change.before): change.units for change in [*found.gained, *found.lost]})
    assert {key: value for key, value in units.items() if value} == {
        key: later[key] - earlier[key] for key in earlier | later if later[key] != earlier[key]
    }
    assert all(change.units > 0 for change in found.gained)
    assert all(change.units < 0 for change in found.lost)
    skus = {name(line): line.sku for line in room["queue"]}
    by_sku = Counter()
    for key, value in units.items():
        by_sku[skus[key]] += value
    assert found.units == {sku: value for sku, value in by_sku.items() if value}
    told = {name(one): one for one in before.decisions}, {name(one): one for one in after.decisions}
    for change in [*found.gained, *found.lost, *found.changed]:
        assert (change.before, change.after) == tuple(side[name(change.before)] for side in told)
        assert change.before != change.after
        assert change.units == change.after.granted - change.before.granted


@given(ANY_ROOM)
def test_an_allocation_compared_with_itself_has_no_changes(room):
    found = compare_allocations(served(room), served(room))
    assert (tuple(found.gained), tuple(found.lost), tuple(found.changed), found.units) == ((), (), (), {})


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(0, 20))
def test_what_the_lines_of_a_whole_order_miss_adds_up_to_what_it_lacks(claims, there):
    queue = [
        WaitingLine(order_id="O1", line_id=str(place), sku="A", quantity=units, placed_at=NOON)
        for place, units in enumerate(claims)
    ]
    found = allocate(queue, available={"A": there}, policy=AllocationPolicy(unit="order"), at=NOON)
    lacking = [decision.missing for decision in found.decisions if decision.code is DecisionCode.NO_STOCK]
    assert sum(lacking) == max(0, sum(claims) - there)
