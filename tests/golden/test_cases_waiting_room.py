"""Published examples on queues for scarce stock. The data is in cases/waiting_room.json."""

from fractions import Fraction

import pytest
from golden_cases import NOW, at, cases

from preorder_kit import (
    AllocationPolicy,
    Grant,
    Rationing,
    WaitingLine,
    allocate,
    fair_shares,
    free_for_new,
    reduce_line,
    revoke,
)
from preorder_kit.optimum import best_allocation

SKU = "A"
KEYS = {"quantity": lambda line: line.quantity}


@pytest.mark.parametrize("case", cases("waiting_room"))
def test_a_published_queue_is_served_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def waiting(name, quantity, sku=SKU, **fields):
    return WaitingLine(order_id=name, line_id=sku, sku=sku, quantity=quantity, **{"placed_at": NOW, **fields})


def held(line, quantity):
    return Grant(order_id=line.order_id, line_id=line.line_id, sku=line.sku, quantity=quantity)


def granted(found, names):
    """Return what each order holds, in the order of the names."""
    return {name: sum(decision.granted for decision in found.of(name)) for name in names}


def check_waiting_room(given, expect):
    queue = [waiting(row["id"], row["qty"], priority=row["prio"], value=per_unit(row)) for row in given["orders"]]
    check_turns(queue, given["stock"], expect)
    check_shares(queue, given["stock"], expect)
    check_best(queue, given["stock"], expect)


def per_unit(row):
    """Return what a unit is worth: the source says it of the order, and each of them divides it."""
    worth, rest = divmod(row["value"], row["qty"])
    assert rest == 0
    return worth


def check_turns(queue, stock, expect):
    for name, policy in {
        "fifo_partial": {},
        "fifo_all_or_nothing_skip": {"shortage": "skip"},
        "fifo_all_or_nothing_strict": {"shortage": "strict"},
        "priority_partial": {"queue": "priority"},
    }.items():
        found = allocate(queue, available={SKU: stock}, policy=AllocationPolicy(**policy), at=NOW)
        assert granted(found, expect[name]) == expect[name], name
        assert found.left_over[SKU] == stock - sum(expect[name].values())


def check_shares(queue, stock, expect):
    claims = [line.quantity for line in queue]
    for name, rule in {
        "pro_rata_exact": Rationing.PROPORTIONAL,
        "equal_awards": Rationing.EQUAL,
        "equal_losses": Rationing.EQUAL_LOSSES,
    }.items():
        assert fair_shares(stock, claims=claims, rule=rule) == tuple(map(Fraction, expect[name])), name
    found = allocate(queue, available={SKU: stock}, policy=AllocationPolicy(ration="proportional"), at=NOW)
    assert [decision.granted for decision in found.decisions] == expect["pro_rata_largest_remainder"]


def check_best(queue, stock, expect):
    """Counts and values, not orders: the source breaks ties by the fewest units."""
    most = best_allocation(queue, available={SKU: stock}, at=NOW)
    assert (len(most.completed), most.value, most.proved) == (len(expect["max_completed"]),) * 2 + (True,)
    dearest = best_allocation(queue, available={SKU: stock}, at=NOW, goal="most_value")
    assert (dearest.value, dearest.proved) == (expect["max_value_amount"], True)
    worth_one = [waiting(line.order_id, line.quantity, value=1) for line in queue]
    fullest = best_allocation(worth_one, available={SKU: stock}, at=NOW, goal="most_value")
    assert (fullest.value, fullest.left_over[SKU]) == (expect["max_units"], stock - expect["max_units"])


def check_queue(given, expect):
    """Orders for one SKU, in turn unless the source says otherwise."""
    sign = -1 if given.get("highest_priority_first") else 1
    queue = [
        waiting(
            row["id"],
            row["qty"],
            placed_at=at(row["placed"]) if "placed" in row else NOW,
            priority=sign * row.get("prio", 0),
            hold=row.get("hold"),
            ship="complete" if row.get("complete") else "as_available",
        )
        for row in given["orders"]
    ]
    order = KEYS[given["sort_by"]] if "sort_by" in given else "priority"
    policy = AllocationPolicy(**{"queue": order, **given.get("policy", {})})
    grants = [held(line, row["held"]) for line, row in zip(queue, given["orders"], strict=True) if "held" in row]
    found = allocate(queue, available={SKU: given["stock"]}, policy=policy, at=NOW, grants=grants)
    assert granted(found, expect["granted"]) == expect["granted"]
    assert found.left_over[SKU] == expect["left"]
    named = iter(decision.order_id for decision in found.decisions)
    assert set(named) == set(expect["granted"])


def check_two_skus(given, expect):
    queue = [waiting("picking", units, sku=sku) for sku, units in given["lines"].items()]
    found = allocate(queue, available=given["stock"], policy=AllocationPolicy(**given["policy"]), at=NOW)
    assert {one.line_id: one.granted for one in found.decisions} == expect["granted"]
    assert {line.sku: line.quantity for line in found.waiting} == expect["waiting"]


def check_stock_leaves(given, expect):
    """Units leave that others held: what is held too many is taken back."""
    line = waiting("order", given["held"])
    grants = [held(line, given["held"])]
    found = allocate([line], available={SKU: given["on_hand"] - given["leave"]}, at=NOW, grants=grants)
    rest = revoke([line], grants=grants, take_back=found.oversold).grants
    assert sum(grant.quantity for grant in rest) == expect["held"]


def check_smaller_claim(given, expect):
    line = waiting("order", given["claim"])
    found = reduce_line(
        [line], grants=[held(line, given["held"])], order_id=line.order_id, line_id=line.line_id, to=given["to"]
    )
    assert [grant.quantity for grant in found.grants] == [expect["held"]]
    free = free_for_new(found.queue, available={SKU: given["on_hand"]}, grants=found.grants)
    assert free == {SKU: expect["free"]}


def check_free_for_new(given, expect):
    line = waiting("order", given["claim"])
    free = free_for_new([line], available={SKU: given["on_hand"]}, grants=[held(line, given["held"])])
    assert free == {SKU: expect["free"]}


def check_entries_add_up(given, expect):
    """An order's line holds what its entries that are not cancelled hold together."""
    line = waiting("order", given["ordered"])
    for cancelled, reserved in zip(given["cancelled"], expect["reserved"], strict=True):
        entries = [held(line, units) for index, units in enumerate(given["entries"]) if index not in cancelled]
        (decision,) = allocate([line], available={SKU: 0}, at=NOW, grants=entries).decisions
        assert decision.granted == reserved
