import datetime as dt
import pickle
import sys
from fractions import Fraction

import attrs
import pytest

from preorder_kit import UNLIMITED, Component, Grant, InvalidArgument, WaitingLine
from preorder_kit._density import SHIFT, bound_by_sku, contests, first_of_best, market, priced
from preorder_kit._milp import (
    Clock,
    Found,
    _around,
    _improved,
    _most,
    _prices,
    _search,
    _settled,
    _solve,
    _solver,
    _Task,
    choose,
)
from preorder_kit.optimum import FoundBy, Goal, best_allocation

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
HOUR = dt.timedelta(hours=1)


def line(order, units=1, sku="A", **settings):
    defaults = {"line_id": sku, "placed_at": NOW}
    return WaitingLine(order_id=order, sku=sku, quantity=units, **{**defaults, **settings})


def grant(order, units, sku="A"):
    return Grant(order_id=order, line_id=sku, sku=sku, quantity=units)


def best(queue, available, **settings):
    return best_allocation(queue, available=available, at=NOW, **settings)


def units_of(grants):
    return [(one.order_id, one.line_id, one.quantity) for one in grants]


FIVE = [
    line("O1", 6, value=10),
    line("O2", 5, value=16),
    line("O3", 3, value=10),
    line("O4", 2, value=25),
    line("O5", 1, value=5),
]


@pytest.mark.parametrize(
    ("goal", "stock", "completed", "value"),
    [
        (Goal.MOST_ORDERS, 7, ("O3", "O4", "O5"), 3),
        (Goal.MOST_ORDERS, 10, ("O1", "O3", "O5"), 3),
        (Goal.MOST_ORDERS, 0, (), 0),
        (Goal.MOST_ORDERS, 17, ("O1", "O2", "O3", "O4", "O5"), 5),
        (Goal.MOST_VALUE, 7, ("O2", "O4"), 130),
        (Goal.MOST_VALUE, 10, ("O2", "O3", "O4"), 160),
        ("most_value", 1, ("O5",), 5),
    ],
)
def test_the_most_is_completed_that_one_sku_allows(goal, stock, completed, value):
    found = best(FIVE, {"A": stock}, goal=goal)
    assert (found.completed, found.value, found.bound) == (completed, value, value)
    assert found.proved
    assert found.settled


def test_a_result_is_a_value():
    found = best(FIVE, {"A": 7})
    copied = pickle.loads(pickle.dumps(found))
    assert copied == found == best(FIVE[::-1], {"A": 7})
    assert hash(copied) == hash(found)


def test_what_is_completed_is_granted_in_full_and_the_rest_waits():
    found = best([line("O1", 6), line("O2", 2), line("O2", 1, "B")], {"A": 7, "B": 1, "C": 3})
    assert units_of(found.added) == units_of(found.grants) == [("O1", "A", 6)]
    assert found.waiting == (line("O2", 2), line("O2", 1, "B"))
    assert found.left_over == {"A": 1, "B": 1, "C": 3}
    assert found.oversold == {}


def test_orders_that_nobody_contests_need_no_search():
    found = best([line("O1", 2), line("O2", 1), line("O3", 9, "B")], {"A": 3, "B": UNLIMITED})
    assert found.completed == ("O1", "O2", "O3")
    assert found.left_over == {"A": 0, "B": UNLIMITED}
    assert (found.settled, found.found_by) == (True, FoundBy.EXACT)


def test_an_order_that_needs_no_stock_is_completed():
    voucher = line("O1", sku="V", components=[Component("CODE", kind="digital")])
    assert best([voucher, line("O2")], {}).completed == ("O1",)


@pytest.mark.parametrize(
    "companion",
    [
        pytest.param(line("O1", 1, "B", hold="unpaid"), id="on hold"),
        pytest.param(line("O1", 1, "B", street_date=NOW + HOUR), id="not due"),
        pytest.param(line("O1", 1, "B", components=[Component("C", street_date=NOW + HOUR)]), id="component not due"),
        pytest.param(line("O1", 1, "D"), id="of a SKU that is not there"),
    ],
)
def test_a_line_that_cannot_be_served_keeps_its_order_waiting(companion):
    found = best([line("O1", 2), companion, line("O2", 2)], {"A": 2, "B": 9, "C": 9})
    assert found.completed == ("O2",)
    assert [one.order_id for one in found.waiting] == ["O1", "O1"]


def test_a_line_is_due_at_its_street_date():
    assert best([line("O1", street_date=NOW)], {"A": 1}).completed == ("O1",)


def test_bundles_contest_their_components():
    sets = [line(name, 2, "SET", components=[Component("A", 2), Component("B")]) for name in ("O1", "O2")]
    found = best([*sets, line("O3", 4), line("O4", 2, "B")], {"A": 8, "B": 4})
    assert found.completed == ("O1", "O3", "O4")
    assert found.left_over == {"A": 0, "B": 0}


def test_grants_are_kept_and_count_only_what_is_new():
    queue = [line("O1", 4, value=5), line("O2", 2, value=7), line("O3", 2, value=6)]
    held = [grant("O1", 1), grant("O1", 1), grant("O3", 2)]
    found = best(queue, {"A": 6}, goal=Goal.MOST_VALUE, grants=held)
    assert found.completed == ("O2",)
    assert found.value == 14
    assert units_of(found.grants) == [("O1", "A", 2), ("O2", "A", 2), ("O3", "A", 2)]
    assert units_of(found.added) == [("O2", "A", 2)]
    assert [(one.order_id, one.quantity) for one in found.waiting] == [("O1", 2)]


def test_what_grants_hold_beyond_the_stock_is_told():
    found = best([line("O1", 3), line("O2", 1)], {"A": 1}, grants=[grant("O1", 3)])
    assert (found.oversold, found.left_over, found.completed) == ({"A": 2}, {"A": 0}, ())
    assert units_of(found.grants) == [("O1", "A", 3)]


def test_orders_worth_less_than_nothing_wait_and_those_worth_nothing_do_not():
    queue = [line("O1", value=-1), line("O2", value=0), line("O3", 2, value=1), line("O4", value=0)]
    found = best(queue, {"A": 3}, goal=Goal.MOST_VALUE)
    assert (found.completed, found.value, found.settled) == (("O2", "O3"), 2, True)
    assert best(queue, {"A": 9}, goal=Goal.MOST_VALUE).completed == ("O2", "O3", "O4")
    assert best(queue, {"A": 9}).completed == ("O1", "O2", "O3", "O4")


def test_lines_of_negative_value_count_against_their_order():
    queue = [line("O1", value=5), line("O1", 1, "B", value=-6), line("O2", value=1)]
    assert best(queue, {"A": 1, "B": 1}, goal=Goal.MOST_VALUE).completed == ("O2",)


def test_ties_go_to_the_earlier_place():
    early = NOW - HOUR
    queue = [line("O1", 2), line("O2", 2), line("O3", 2, placed_at=early), line("O4", 3, placed_at=early)]
    assert best(queue, {"A": 4}).completed == ("O3", "O1")
    assert best(queue, {"A": 5}).completed == ("O3", "O4")
    assert best(queue[:2], {"A": 2}).completed == best(queue[1::-1], {"A": 2}).completed == ("O1",)


MANY = [line(f"O{number:03}", number * 53 % 19 + 4, value=number * 37 % 23 + 3) for number in range(90)]


def by_hand(queue, stock):
    """Return the first of the best choices and its value; ``most[n][left]`` is what the last n lines are worth."""
    most = [[0] * (stock + 1)]
    for one in reversed(queue):
        most.append([max(_with(one, left, most[-1]), most[-1][left]) for left in range(stock + 1)])
    chosen, left = [], stock
    for number, one in zip(range(len(queue), 0, -1), queue, strict=True):
        if _with(one, left, most[number - 1]) == most[number][left]:
            chosen.append(one.order_id)
            left -= one.quantity
    return tuple(chosen), most[-1][stock]


def _with(one, left, later):
    return one.value * one.quantity + later[left - one.quantity] if one.quantity <= left else -1


@pytest.mark.parametrize("stock", [40, 333, 600, 901])
def test_ninety_orders_come_out_as_by_dynamic_programming(stock):
    found = best(MANY, {"A": stock}, goal=Goal.MOST_VALUE, time_limit=None)
    assert (found.completed, found.value) == by_hand(MANY, stock)
    assert found.settled


@pytest.mark.parametrize("stock", [11, 29, 50, 73])
def test_of_many_equally_good_choices_the_first_is_taken(stock):
    tied = [line(f"O{number:02}", number * 5 % 7 + 3, value=1) for number in range(25)]
    found = best(tied, {"A": stock}, goal=Goal.MOST_VALUE, time_limit=None)
    assert (found.completed, found.value, found.settled) == (*by_hand(tied, stock), True)


def test_ties_inside_a_block_go_to_the_earlier_order():
    asks = [{"A": 3}, {"A": 2}, {"A": 2}, {"A": 2}, {"A": 2}]
    found = choose([3, 2, 2, 2, 2], asks, {"A": 4}, seconds=None, gap=Fraction())
    assert (found.chosen, found.is_settled) == ((1, 2), True)


def test_groups_of_orders_that_share_no_sku_are_decided_one_by_one():
    rooms = [
        line(f"O{room:02}-{number}", units, f"S{room:02}")
        for room in range(30)
        for number, units in enumerate([3, 2, 2])
    ]
    found = best(rooms, {f"S{room:02}": 4 for room in range(30)}, time_limit=None)
    assert found.completed == tuple(f"O{room:02}-{number}" for room in range(30) for number in (1, 2))
    assert (found.value, found.settled) == (60, True)


def two_skus(orders, most):
    """Return orders of two lines each, too many for all choices to be tried; up to so many units of a SKU."""
    return [
        one
        for number in range(orders)
        for one in (
            line(f"O{number:02}", number * 577 % most + 3, value=number % 4 + 7),
            line(f"O{number:02}", number * 353 % (most - 8) + 1, "B"),
        )
    ]


def some_of(queue):
    """Return half of what is asked for of A, and a third of B."""
    return {"A": sum(one.quantity for one in queue[::2]) // 2, "B": sum(one.quantity for one in queue[1::2]) // 3}


HARD = two_skus(60, 97)


@pytest.mark.parametrize("lacks", ["time", "scipy"])
def test_without_a_solver_there_is_a_good_answer_and_a_bound(lacks, monkeypatch):
    if lacks == "scipy":
        monkeypatch.setitem(sys.modules, "scipy", None)
    limit = 0 if lacks == "time" else None
    found = best(HARD, some_of(HARD), goal=Goal.MOST_VALUE, time_limit=limit)
    monkeypatch.undo()
    solved = best(HARD, some_of(HARD), goal=Goal.MOST_VALUE, time_limit=None)
    assert (found.found_by, found.settled, found.proved) == (FoundBy.GREEDY, False, False)
    assert (solved.found_by, solved.settled, solved.proved) == (FoundBy.SOLVER, True, True)
    assert 0.95 * solved.value < found.value <= solved.value <= found.bound < 1.05 * solved.value


def test_a_search_stops_where_the_gap_is_small_enough():
    found = best(HARD, some_of(HARD), goal=Goal.MOST_VALUE, gap=Fraction(1, 4))
    assert found.bound <= found.value * Fraction(5, 4)
    assert best(HARD, some_of(HARD), goal=Goal.MOST_VALUE, gap=10**400).value <= found.bound


@pytest.mark.parametrize("lacks", ["time", "scipy"])
def test_small_contests_are_settled_without_a_solver_and_by_no_clock(lacks, monkeypatch):
    if lacks == "scipy":
        monkeypatch.setitem(sys.modules, "scipy", None)
    rooms, count = 300, 12
    queue = [
        line(f"O{room:03}-{number:02}", number * 5 % 7 + 2 + room % 5, f"S{room}", value=number * room % 11 - 1)
        for room in range(rooms)
        for number in range(count)
    ]
    stock = {f"S{room}": room % 40 for room in range(rooms)}
    found = best(queue, stock, goal=Goal.MOST_VALUE, time_limit=0 if lacks == "time" else None)
    by_room = [by_hand(queue[room * count :][:count], stock[f"S{room}"]) for room in range(rooms)]
    assert found.value == found.bound == sum(value for _, value in by_room)
    assert (found.settled, found.found_by) == (True, FoundBy.EXACT)


def test_hundreds_of_claims_on_one_sku_are_settled_without_a_solver():
    crowd = [line(f"O{number:03}", number * 53 % 9 + 1, value=number * 37 % 23 + 3) for number in range(300)]
    found = best(crowd, {"A": 700}, goal=Goal.MOST_VALUE, time_limit=0)
    assert (found.completed, found.value) == by_hand(crowd, 700)
    assert (found.settled, found.found_by) == (True, FoundBy.EXACT)


@pytest.mark.parametrize("pack", [1, 12, 10**6, 10**20])
def test_the_size_of_a_pack_is_no_meaning(pack):
    packs = [line(f"O{number}", units * pack, value=1) for number, units in enumerate([6, 5, 3, 2, 1])]
    found = best(packs, {"A": 8 * pack - 1}, goal=Goal.MOST_VALUE, time_limit=0)
    assert (found.completed, found.value, found.settled) == (("O0", "O4"), 7 * pack, True)
    assert found.left_over == {"A": pack - 1}


def test_contests_that_need_a_solver_are_settled_one_by_one():
    queue = [attrs.evolve(one, order_id=one.order_id + room, sku=one.sku + room) for room in "XYZ" for one in HARD]
    stock = {sku + room: units for room in "XYZ" for sku, units in some_of(HARD).items()}
    one, three = (
        best(*room, goal=Goal.MOST_VALUE, time_limit=None) for room in [(HARD, some_of(HARD)), (queue, stock)]
    )
    assert set(three.completed) == {order + room for room in "XYZ" for order in one.completed}
    assert (three.value, three.settled) == (3 * one.value, True)


@pytest.mark.parametrize(
    ("seconds", "searches", "share"),
    [
        pytest.param(0, 3, 0, id="no time"),
        pytest.param(10**6, 2, 5 * 10**5, id="half of it"),
        pytest.param(10, 1000, 0.25, id="enough to find something"),
        pytest.param(0.125, 1000, 0.125, id="what there is"),
    ],
)
def test_a_search_gets_its_share_of_the_time_but_enough_to_find_something(seconds, searches, share):
    assert Clock(seconds).turn(searches).left() == pytest.approx(share, abs=0.1, rel=0.01)
    assert Clock(None).turn(searches).left() is None


def test_a_time_limit_of_any_size_will_do():
    assert best(HARD, some_of(HARD), time_limit=10**400).settled


@pytest.mark.parametrize(
    ("queue", "stock"),
    [
        pytest.param(
            [line("O1", 10**6, value=2), line("O2", 10**6 + 1, value=3), line("O3", 999_999)], 2 * 10**6, id="units"
        ),
        pytest.param(
            [line("O1", 3, value=10**17), line("O2", 2, value=10**17 + 9), line("O3", 2, value=1)], 4, id="values"
        ),
        pytest.param(
            [line("O1", 3, value=10**9), line("O2", 2, value=10**9 + 9), line("O3", 2, value=1)], 4, id="worth"
        ),
        pytest.param(
            [line("O1", 10**16), line("O2", 10**16 - 1), line("O3", 10**16 - 2)], 2 * 10**16, id="beyond floats"
        ),
    ],
)
def test_a_few_orders_are_decided_in_whole_numbers_of_any_size(queue, stock):
    for goal in Goal:
        found = best(queue, {"A": stock}, goal=goal)
        worth = {one.order_id: 1 if goal is Goal.MOST_ORDERS else one.value * one.quantity for one in queue}
        units = {one.order_id: one.quantity for one in queue}
        choices = [[name for name, bit in zip(worth, f"{mask:03b}", strict=True) if bit == "1"] for mask in range(8)]
        fit = [choice for choice in choices if sum(units[name] for name in choice) <= stock]
        most = max(sum(worth[name] for name in choice) for choice in fit)
        assert found.value == found.bound == most
        assert found.settled


@pytest.mark.parametrize(
    ("orders", "most", "unit", "is_proved"),
    [
        pytest.param(40, 99_991, 1, True, id="worths: ties stay open"),
        pytest.param(60, 99_991, 1, False, id="units: the bound is that of the prices"),
        pytest.param(40, 99_991, 10**13, False, id="beyond floats: no solver is asked"),
    ],
)
def test_numbers_that_a_solver_cannot_tell_apart_are_never_passed_off_as_settled(orders, most, unit, is_proved):
    queue = [attrs.evolve(one, quantity=one.quantity * unit + unit // 9) for one in two_skus(orders, most)]
    found = best(queue, some_of(queue), goal=Goal.MOST_VALUE, time_limit=None)
    assert (found.proved, found.settled) == (is_proved, False)
    assert found.value <= found.bound


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"queue": [line("O1"), line("O1")]}, "queue[1]"),
        ({"queue": line("O1")}, "queue"),
        ({"available": {"A": -1}}, "available['A']"),
        ({"available": {"A": 1.0}}, "available['A']"),
        ({"at": NOW.replace(tzinfo=None)}, "at"),
        ({"goal": "most"}, "goal"),
        ({"grants": [grant("O9", 1)]}, "grants[0]"),
        ({"time_limit": -1}, "time_limit"),
        ({"time_limit": float("inf")}, "time_limit"),
        ({"time_limit": True}, "time_limit"),
        ({"gap": float("nan")}, "gap"),
        ({"gap": "1 %"}, "gap"),
        ({"gap": None}, "gap"),
    ],
)
def test_a_callers_mistake_is_refused_with_its_path(facts, path):
    facts = {"queue": [line("O1")], "available": {"A": 1}, "at": NOW} | facts
    with pytest.raises(InvalidArgument) as caught:
        best_allocation(facts.pop("queue"), **facts)
    assert caught.value.path == path


# What follows holds whatever a solver says, and when it runs out of time.


def contest():
    worth = [one.value * one.quantity for one in HARD[::2]]
    asks = [{"A": one.quantity, "B": other.quantity} for one, other in zip(HARD[::2], HARD[1::2], strict=True)]
    return contests(worth, asks, some_of(HARD))[1][0]


def test_a_dynamic_programme_gives_up_after_so_many_steps():
    [room] = contests([3, 2, 2, 1], [{"A": 3}, {"A": 2}, {"A": 2}, {"A": 1}], {"A": 5})[1]
    free = priced(room, {"A": 0})
    assert first_of_best(room, free, 0, steps=1 << 5) == (0, 1)
    assert first_of_best(room, free, 5, steps=8) == (0, 1)
    assert first_of_best(room, free, 0, steps=3) is None


def test_what_is_asked_for_is_counted_in_packs():
    [room] = contests([1, 1, 1], [{"A": 12, "B": 7}, {"A": 18}, {"B": 14}], {"A": 29, "B": 20})[1]
    assert (room.asks, room.stock) == ([{"A": 2, "B": 1}, {"A": 3}, {"B": 2}], {"A": 4, "B": 2})


def test_a_solver_without_time_says_nothing_and_changes_nothing():
    room, solver = contest(), _solver()
    assert _prices(solver, room, Clock(0)) is None
    answer = _solve(solver, room, _Task(weights=room.worth, fixed={}), 0)
    assert (answer.chosen, answer.most, answer.is_best) == ((), sum(room.worth), False)
    solved = choose(room.worth, room.asks, room.stock, seconds=None, gap=Fraction())
    assert _search(solver, room, solved, whole=Clock(0), gap=Fraction()) is solved
    known = priced(room, _prices(solver, room, Clock(None)))
    assert not known.undecided(solved.bound + 10**6)
    assert _settled(solver, room, solved, known, Clock(0)) is solved


def test_a_solver_settles_ties_block_by_block():
    [room] = contests([1] * 20, [{"A": 1}] * 20, {"A": 16})[1]
    last = Found(chosen=(*range(14), 17, 19), bound=16, is_settled=False, is_solved=False)
    known = priced(room, {"A": 1 << SHIFT})
    found = _settled(_solver(), room, last, known, Clock(None))
    assert (found.chosen, found.is_settled, found.is_solved) == (tuple(range(16)), True, True)
    assert _around(_solver(), room, last, known, Clock(None)) is last


@pytest.mark.parametrize(
    ("dual_bound", "scale", "most"),
    [
        pytest.param(None, 1, 5, id="none"),
        pytest.param(float("-inf"), 1, 5, id="infinite"),
        pytest.param(-4.0, 1, 4, id="whole"),
        pytest.param(-3.9999999, 1, 4, id="a little less than whole"),
        pytest.param(-3.99, 1, 3, id="less"),
        pytest.param(-1.5, 2, 3, id="scaled"),
        pytest.param(-4e12, 1, 4 * 10**12 + 4000, id="more than it can tell"),
    ],
)
def test_a_bound_is_rounded_down_but_never_below_the_true_one(dual_bound, scale, most):
    assert _most([2, 3], dual_bound, scale=scale) == most


def test_a_bound_below_what_is_served_is_not_believed():
    solved = choose(contest().worth, contest().asks, contest().stock, seconds=None, gap=Fraction())
    assert _improved(contest(), solved, solved.chosen, bound=0).bound == contest().worth_of(solved.chosen)


def test_a_sku_bounds_the_worth_by_what_its_last_units_serve_in_part():
    [room] = contests([5, 4, 3], [{"A": 2}, {"A": 3}, {"A": 3}], {"A": 4})[1]
    assert bound_by_sku(room) == 5 + 4 * 2 // 3


def test_any_prices_prove_a_bound():
    room = contest()
    exact = choose(room.worth, room.asks, room.stock, seconds=None, gap=Fraction()).bound
    assert priced(room, {"A": 0, "B": 0}).bound == sum(room.worth)
    assert exact <= market(room, 0).bound < sum(room.worth)
    assert market(room, sum(room.worth)).bound == sum(room.worth)
    assert all(priced(room, {"A": price << 30, "B": price << 29}).bound >= exact for price in range(60))
