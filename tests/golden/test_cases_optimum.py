"""Published optima of orders that are completed or get nothing. The data is in cases/optimum.json.

Of the OR-Library, orders over many SKUs: Petersen 1967 (mknap1), the collection of Heitkoetter (mknap2), and the first
five of Chu and Beasley 1998, which a solver proves in minutes; here they only have to be found.
"""

import pytest
from golden_cases import NOW, cases

from preorder_kit import AllocationPolicy, Component, WaitingLine, allocate
from preorder_kit.optimum import FoundBy, Goal, best_allocation

HARD = "mkp-chubeasley"
MANY = "mkp-orlib-mknap2"
# Sets of 60 and 37 orders for 30 SKUs: many choices are worth as much, and it takes seconds to find the first of them.
MANY_TIES = ("mkp-orlib-mknap2-sento", "mkp-orlib-mknap2-pb7")
ALL = cases("optimum")
LIBRARY = [
    pytest.param(*case.values, id=case.id, marks=pytest.mark.slow if case.id.startswith((HARD, MANY)) else ())
    for case in ALL
    if case.values[0]["kind"] == "orders_x_skus"
]
COUNTED = [case for case in LIBRARY if "max_completed_orders" in case.values[0]["expect"]]
ONE_SKU = [case for case in ALL if case.values[0]["kind"] == "waiting_room"]


def queue_of(given):
    """Return one line for each order, which needs of each SKU what the order does; values count tenths."""
    return [
        WaitingLine(
            order_id=f"O{number:03}",
            line_id="1",
            sku=f"SET{number}",
            quantity=1,
            placed_at=NOW,
            components=[
                Component(f"S{row}", units[number]) for row, units in enumerate(given["demand"]) if units[number]
            ],
            value=round(value * 10),
        )
        for number, value in enumerate(given["order_value"])
    ]


def stock_of(given):
    return {f"S{row}": units for row, units in enumerate(given["sku_stock"])}


def numbers(found):
    return [int(order_id.removeprefix("O")) for order_id in found.completed]


@pytest.mark.parametrize("case", LIBRARY)
def test_a_published_optimum_is_reached(case):
    given, most = case["given"], round(case["expect"]["max_value"] * 10)
    # A search that stops within 1.5 % of its bound has looked for the best of the nearest choices.
    limits = {"time_limit": 300, "gap": 0.015} if case["id"].startswith(HARD) else {"time_limit": 60}
    found = best_allocation(queue_of(given), available=stock_of(given), at=NOW, goal=Goal.MOST_VALUE, **limits)
    assert found.value == most <= found.bound
    assert (found.proved and found.settled) or case["id"].startswith(HARD)


@pytest.mark.parametrize("case", COUNTED)
def test_as_many_orders_are_completed_as_can_be(case):
    limit = 0 if case["id"].startswith(MANY_TIES) else 60
    found = best_allocation(queue_of(case["given"]), available=stock_of(case["given"]), at=NOW, time_limit=limit)
    most = case["expect"]["max_completed_orders"]
    assert found.value <= most <= found.bound
    assert found.proved or not limit
    assert found.settled or not limit


@pytest.mark.parametrize("case", COUNTED)
def test_without_a_solver_it_is_no_worse_than_in_turn_and_the_bound_holds(case):
    given, values = case["given"], [round(value * 10) for value in case["given"]["order_value"]]
    queue, available = queue_of(given), stock_of(given)
    in_turn = allocate(queue, available=available, at=NOW, policy=AllocationPolicy(shortage="skip"))
    assert [int(grant.order_id.removeprefix("O")) for grant in in_turn.grants] == case["expect"]["in_turn"]
    found = best_allocation(queue, available=available, at=NOW, goal=Goal.MOST_VALUE, time_limit=0)
    assert sum(values[number] for number in case["expect"]["in_turn"]) <= found.value
    assert found.value == sum(values[number] for number in numbers(found))
    assert found.value <= round(case["expect"]["max_value"] * 10) <= found.bound
    assert found.found_by is (FoundBy.EXACT if found.settled else FoundBy.GREEDY)


@pytest.mark.parametrize("case", ONE_SKU)
def test_one_sku_comes_out_as_by_hand(case):
    """Ties go by place, where the source breaks them by the fewest units: how many are completed is what agrees."""
    lines = [
        WaitingLine(
            order_id=row["id"],
            line_id="1",
            sku=f"{row['qty']} OF A",
            quantity=1,
            components=[Component("A", row["qty"])],
            placed_at=NOW,
            value=row["value"],
        )
        for row in case["given"]["orders"]
    ]
    available, expect = {"A": case["given"]["stock"]}, case["expect"]
    found = best_allocation(lines, available=available, at=NOW, goal=Goal.MOST_VALUE)
    assert (list(found.completed), found.value) == (expect["max_value"], expect["max_value_amount"])
    found = best_allocation(lines, available=available, at=NOW)
    assert (found.value, found.settled) == (len(expect["max_completed"]), True)
