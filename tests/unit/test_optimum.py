import datetime as dt
import pickle
import sys
from fractions import Fraction

import pytest

from preorder_kit import UNLIMITED, Component, Grant, InvalidArgument, WaitingLine
from preorder_kit._density import bound_by_sku, contests, market, priced
from preorder_kit._milp import Clock, _improved, _most, _prices, _search, _settled, _solve, _solver, _Task, choose
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


def test_ties_of_units_that_a_solver_cannot_tell_apart_stay_open():
    found = best([line("O1", 10**6), line("O2", 5 * 10**5), line("O3", 5 * 10**5)], {"A": 10**6})
    assert (found.completed, found.proved, found.settled) == (("O2", "O3"), True, False)


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
    assert (found.settled, found.found_by) == (True, FoundBy.GREEDY)


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


HARD = [line(f"O{number:02}", number * 5 % 7 + 3, value=number % 4 + 7) for number in range(40)]


@pytest.mark.parametrize("lacks", ["time", "scipy"])
def test_without_a_solver_there_is_a_good_answer_and_a_bound(lacks, monkeypatch):
    pairs = [line(one.order_id, one.quantity * 3 % 5 + 1, "B") for one in HARD]
    if lacks == "scipy":
        monkeypatch.setitem(sys.modules, "scipy", None)
    limit = 0 if lacks == "time" else None
    found = best([*HARD, *pairs], {"A": 101, "B": 47}, goal=Goal.MOST_VALUE, time_limit=limit)
    monkeypatch.undo()
    solved = best([*HARD, *pairs], {"A": 101, "B": 47}, goal=Goal.MOST_VALUE, time_limit=None)
    assert (found.found_by, found.settled, found.proved) == (FoundBy.GREEDY, False, False)
    assert (solved.found_by, solved.settled, solved.proved) == (FoundBy.SOLVER, True, True)
    assert 0.95 * solved.value < found.value <= solved.value <= found.bound < 1.05 * solved.value


def test_a_search_stops_where_the_gap_is_small_enough():
    found = best(HARD, {"A": 101}, goal=Goal.MOST_VALUE, gap=Fraction(1, 4))
    assert found.bound <= found.value * Fraction(5, 4)
    assert best(HARD, {"A": 101}, goal=Goal.MOST_VALUE, gap=10**400).value <= found.bound


def test_a_time_limit_of_any_size_will_do():
    assert best(HARD, {"A": 101}, time_limit=10**400).settled


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
def test_numbers_that_a_solver_cannot_tell_apart_are_never_passed_off_as_proved(queue, stock):
    for goal in Goal:
        found = best(queue, {"A": stock}, goal=goal)
        worth = {one.order_id: 1 if goal is Goal.MOST_ORDERS else one.value * one.quantity for one in queue}
        units = {one.order_id: one.quantity for one in queue}
        choices = [[name for name, bit in zip(worth, f"{mask:03b}", strict=True) if bit == "1"] for mask in range(8)]
        fit = [choice for choice in choices if sum(units[name] for name in choice) <= stock]
        most = max(sum(worth[name] for name in choice) for choice in fit)
        assert found.value == most <= found.bound


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
    worth = [one.value * one.quantity for one in HARD]
    return contests(worth, [{"A": one.quantity} for one in HARD], {"A": 101})[1][0]


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
    assert priced(room, {"A": 0}).bound == sum(room.worth)
    assert exact <= market(room, 0).bound < sum(room.worth)
    assert market(room, sum(room.worth)).bound == sum(room.worth)
    assert all(priced(room, {"A": price << 30}).bound >= exact for price in range(60))
