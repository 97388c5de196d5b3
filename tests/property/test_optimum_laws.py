"""Laws of `best_allocation`.

- conservation: what a line holds and lacks is its claim; what is held and left over, what there is and what is oversold
- whole orders: of an order all that it lacks is granted, or nothing; of those on hold or not due nothing
- no order that fits in what is left over would raise the goal, or leave it as it is
- of all choices, tried one by one, none is worth more, and of those worth as much it is the first
- few orders are settled without a solver; a dynamic programme, with any prices, and a solver find the same
- no bound is ever below the best, whatever the time; nor is the value below that of serving in turn
- the order of the queue and of grants is no meaning
- more stock never lowers the value, nor does another order
- allocating again completes nothing more; what was granted before and what was not even asked for is kept
- values that are multiples of one number choose as that number's multiples do
- equal worths are a count: orders of one value each are chosen as by their number
"""

import datetime as dt
from collections import Counter
from fractions import Fraction
from itertools import combinations

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import UNLIMITED, AllocationPolicy, Component, LineKind, ShipPolicy, WaitingLine, allocate, needs
from preorder_kit._density import SHIFT, better, bound_by_sku, contests, first_of_best, market, priced
from preorder_kit._milp import Clock, Found, _search, _solver
from preorder_kit.optimum import FoundBy, Goal, best_allocation
from preorder_kit.testing import available_for, grants_for, lines_waiting, waiting_instants, waiting_queues

IN_TURN = AllocationPolicy(shortage="skip", unit="order")
RECIPES = [(), (), (), (Component("A"), Component("B")), (Component("C", 2), Component("WRAP", kind=LineKind.FEE))]
LINES = lines_waiting(recipes=st.sampled_from(RECIPES))
AWAKE = lines_waiting(recipes=st.sampled_from(RECIPES), holds=[None], street_dates=[None])
NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.timezone.utc)
GOALS = st.sampled_from(Goal)
SECONDS = st.sampled_from([0, None])


@st.composite
def rooms(draw, *, asleep=True, grants=True):
    """Return a queue of up to ten orders, most of one line, and what there is for them, as keyword arguments."""
    drawn = draw(waiting_queues(LINES if asleep else AWAKE, most=10))
    values = draw(st.lists(st.integers(-1, 6), min_size=len(drawn), max_size=len(drawn)))
    pairs = draw(st.sampled_from([1, 1, 2]))
    queue = [
        attrs.evolve(line, order_id=f"O{place // pairs}", line_id=str(place), value=value)
        for place, (line, value) in enumerate(zip(drawn, values, strict=True))
    ]
    held = draw(grants_for(queue)) if grants and draw(st.booleans()) else ()
    return {
        "queue": queue,
        "available": draw(available_for(queue)),
        "at": draw(waiting_instants() | st.just(NOW)),
        "grants": held,
        "goal": draw(GOALS),
    }


def best(room, **changes):
    facts = room | changes
    return best_allocation(facts.pop("queue"), **{"time_limit": None} | facts)


def units(grants):
    return Counter({(grant.order_id, grant.line_id): grant.quantity for grant in grants})


def on_shelf(queue, held):
    """Return SKU -> units that lines hold."""
    found = Counter()
    for line in queue:
        for need in needs(line):
            found[need.sku] += need.quantity * held[line.order_id, line.line_id]
    return found


def asks(room):
    """Return order -> (its lines, what they lack, what it is worth), of those that may be served."""
    held = Counter()
    for grant in room["grants"]:
        held[grant.order_id, grant.line_id] += grant.quantity
    orders = {}
    for line in sorted(room["queue"], key=lambda line: (line.placed_at, line.order_id, line.line_id)):
        orders.setdefault(line.order_id, []).append(line)
    found = {}
    for order, lines in orders.items():
        lacks = Counter({(order, line.line_id): line.quantity - held[order, line.line_id] for line in lines})
        asleep = any(line.hold is not None or (line._street_date or room["at"]) > room["at"] for line in lines)
        if any(lacks.values()) and not asleep:
            worth = sum(line.value * lacks[order, line.line_id] for line in lines)
            found[order] = lines, on_shelf(lines, lacks), 1 if room["goal"] is Goal.MOST_ORDERS else worth
    return found


def spare(room):
    """Return SKU -> units that grants leave."""
    held = Counter()
    for grant in room["grants"]:
        held[grant.order_id, grant.line_id] += grant.quantity
    taken = on_shelf(room["queue"], held)
    return {sku: had if had is UNLIMITED else max(0, had - taken[sku]) for sku, had in room["available"].items()}


def fits(asked, there):
    return all(there.get(sku, 0) >= needed for sku, needed in asked.items())


def first_of_the_best(room):
    """Return the orders of the best choice, and what it is worth: every choice is tried."""
    orders, there = asks(room), spare(room)
    names = list(orders)
    choices = []
    for size in range(len(names) + 1):
        for chosen in combinations(range(len(names)), size):
            asked = sum((orders[names[place]][1] for place in chosen), Counter())
            if fits(asked, there):
                worth = sum(orders[names[place]][2] for place in chosen)
                choices.append((worth, [-place for place in chosen]))
    worth, chosen = max(choices)
    return tuple(names[-place] for place in chosen), worth


@given(rooms(), SECONDS)
def test_nothing_is_lost_and_nothing_is_oversold(room, seconds):
    found = best(room, time_limit=seconds)
    before, added, held = units(room["grants"]), units(found.added), units(found.grants)
    assert held == before + added
    lacking = Counter({(line.order_id, line.line_id): line.quantity for line in found.waiting})
    assert held + lacking == Counter({(line.order_id, line.line_id): line.quantity for line in room["queue"]})
    taken = on_shelf(room["queue"], held)
    for sku, had in room["available"].items():
        left = found.left_over[sku]
        assert (left is UNLIMITED) if had is UNLIMITED else taken[sku] + left == had + found.oversold.get(sku, 0)
        assert not (found.oversold.get(sku, 0) and on_shelf(room["queue"], added)[sku])
    assert all(found.oversold.get(sku, 0) == taken[sku] for sku in taken if sku not in room["available"])


@given(rooms(), SECONDS)
def test_orders_are_completed_or_get_nothing(room, seconds):
    found, orders = best(room, time_limit=seconds), asks(room)
    assert {grant.order_id for grant in found.added} == set(found.completed) <= set(orders)
    assert not {line.order_id for line in found.waiting} & set(found.completed)
    assert [order for order in orders if order in found.completed] == list(found.completed)
    assert found.value == sum(orders[order][2] for order in found.completed)


@given(rooms(), SECONDS)
def test_nothing_is_left_lying_that_would_do_no_harm(room, seconds):
    found = best(room, time_limit=seconds)
    for order, (_, asked, worth) in asks(room).items():
        assert order in found.completed or worth < 0 or not fits(asked, found.left_over)


@given(rooms())
def test_of_all_choices_it_is_the_first_of_the_best(room):
    found = best(room)
    assert (found.completed, found.value) == first_of_the_best(room)
    assert found.proved
    assert found.settled


@given(rooms(asleep=False, grants=False))
def test_few_orders_are_settled_without_a_solver(room):
    found, (completed, most) = best(room, time_limit=0), first_of_the_best(room)
    assert (found.completed, found.value, found.bound, found.settled) == (completed, most, most, True)
    assert found.found_by is FoundBy.EXACT


@st.composite
def contested(draw, *, most):
    """Return contests of up to so many claims for up to three SKUs."""
    count, unit = draw(st.integers(2, most)), draw(st.sampled_from([1, 1, 12]))
    claims = st.dictionaries(st.sampled_from("ABC"), st.integers(1, 9), min_size=1)
    worth = draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))
    asked = [{sku: units * unit for sku, units in draw(claims).items()} for _ in range(count)]
    return contests(worth, asked, {sku: draw(st.integers(0, 3 * most)) * unit for sku in "ABC"})[1]


@given(contested(most=8), st.lists(st.integers(0, 1 << SHIFT + 2), min_size=3, max_size=3), st.sampled_from([0, 1]))
def test_whatever_the_prices_a_dynamic_programme_finds_the_first_of_the_best(rooms, prices, share):
    for room in rooms:
        places = range(len(room.worth))
        choices = [chosen for size in range(len(places) + 1) for chosen in combinations(places, size)]
        fit = [
            chosen
            for chosen in choices
            if fits(sum((Counter(room.asks[one]) for one in chosen), Counter()), room.stock)
        ]
        first = better(room, *fit)
        known = priced(room, dict(zip("ABC", prices, strict=True)))
        assert room.worth_of(first) <= min(known.bound, bound_by_sku(room), market(room, 0).bound)
        assert first_of_best(room, known, share * room.worth_of(first), steps=2 << len(places)) == first


@given(contested(most=14))
def test_a_solver_finds_what_a_dynamic_programme_does(rooms):
    for room in rooms:
        nothing = Found(chosen=(), bound=sum(room.worth), is_settled=False, is_solved=False)
        found = _search(_solver(), room, nothing, whole=Clock(None), gap=Fraction())
        free = priced(room, dict.fromkeys("ABC", 0))
        assert found.chosen == first_of_best(room, free, 0, steps=2 << len(room.worth))
        assert (found.bound, found.is_settled) == (room.worth_of(found.chosen), True)


@given(rooms(), SECONDS)
def test_serving_in_turn_is_never_worth_more(room, seconds):
    """In turn, orders are served too that are worth less than nothing."""
    found = best(room, time_limit=seconds)
    facts = {name: room[name] for name in ("available", "at", "grants")}
    in_turn = allocate(room["queue"], policy=IN_TURN, **facts)
    served = {grant.order_id for grant in in_turn.added}
    assert sum(worth for order, (_, _, worth) in asks(room).items() if order in served) <= found.bound
    if all(line.value >= 0 for line in room["queue"]) or room["goal"] is Goal.MOST_ORDERS:
        assert sum(worth for order, (_, _, worth) in asks(room).items() if order in served) <= found.value


@given(rooms(), SECONDS, st.randoms(use_true_random=False))
def test_the_order_of_arguments_is_no_meaning(room, seconds, random):
    queue, grants = list(room["queue"]), list(room["grants"])
    random.shuffle(queue)
    random.shuffle(grants)
    available = dict(reversed(room["available"].items()))
    other = best(room, queue=queue, grants=grants, available=available, time_limit=seconds)
    assert other == best(room, time_limit=seconds)


@given(rooms(), st.data())
def test_more_stock_never_lowers_the_value(room, data):
    more = {
        sku: units if units is UNLIMITED else units + data.draw(st.integers(0, 3))
        for sku, units in room["available"].items()
    }
    assert best(room, available=more).value >= best(room).value


@given(rooms(), LINES)
def test_another_order_never_lowers_the_value(room, line):
    another = attrs.evolve(line, order_id="O99", line_id="1")
    assert best(room, queue=[*room["queue"], another]).value >= best(room).value


@given(rooms(), SECONDS)
def test_allocating_again_adds_nothing(room, seconds):
    found = best(room, time_limit=seconds)
    again = best(room, grants=found.grants, time_limit=seconds)
    assert units(again.grants) == units(found.grants)
    if room["goal"] is Goal.MOST_ORDERS or all(line.value >= 0 for line in room["queue"]):
        assert (again.added, again.completed, again.value) == ((), (), 0)


@given(rooms(), st.integers(1, 10**4))
def test_the_unit_of_value_is_no_meaning(room, times):
    dearer = [attrs.evolve(line, value=line.value * times) for line in room["queue"]]
    found, other = best(room), best(room, queue=dearer)
    assert other.completed == found.completed
    assert other.value == found.value * (times if room["goal"] is Goal.MOST_VALUE else 1)


@given(rooms(asleep=False, grants=False))
def test_orders_of_one_value_are_counted(room):
    one_each = [
        WaitingLine(
            order_id=line.order_id,
            line_id=line.line_id,
            sku=f"{line.line_id}-SET",
            quantity=1,
            placed_at=line.placed_at,
            components=[Component(need.sku, need.quantity * line.quantity) for need in needs(line)],
            ship=ShipPolicy.COMPLETE,
            value=7 if place == 0 or line.order_id != room["queue"][place - 1].order_id else 0,
        )
        for place, line in enumerate(room["queue"])
    ]
    counted, valued = (best(room, queue=one_each, goal=goal) for goal in Goal)
    assert counted.completed == valued.completed
    assert counted.value * 7 == valued.value
