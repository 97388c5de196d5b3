"""Why a line got what it got, in a decision and a sentence. Queues and decisions are written as queue_notation says."""

import itertools
import pickle
import re

import attrs
import pytest
from queue_notation import DAY, NOW, grants, lines, told

from preorder_kit import (
    Allocation,
    AllocationPolicy,
    Decision,
    DecisionCode,
    InvalidArgument,
    allocate,
    compare_allocations,
    explain,
)
from preorder_kit.serialization import from_json, to_json


def shared(queue, available, held=(), /, **policy):
    return allocate(lines(*queue), available=available, policy=AllocationPolicy(**policy), at=NOW, grants=grants(*held))


ORDERS = {"unit": "order"}
STRICT = {"shortage": "strict"}
EQUAL = {"ration": "equal"}
AS_A_WHOLE = "its order is served only as a whole, and "

DECIDED = {
    # queue, available, grants, policy, all decisions, the last one's sentence
    "all of it": (["O1 A2"], {"A": 2}, [], {}, ["O1 granted 2+0 A"], "Order O1, line 1 gets all 2 units."),
    "its only unit": (["O1/7 A1"], {"A": 2}, [], {}, ["O1/7 granted 1+0 A"], "Order O1, line 7 gets its 1 unit."),
    "all of a bundle": (
        ["O1 SET2"],
        {"A": 2, "B": 2},
        [],
        {},
        ["O1 granted 2+0 SET"],
        "Order O1, line 1 gets all 2 units.",
    ),
    "held in full while on hold and not due": (
        ["O1 A2 ?review ~1"],
        {},
        ["O1 A2"],
        {},
        ["O1 granted 2+0 A"],
        "Order O1, line 1 gets all 2 units.",
    ),
    # too little
    "some, and nobody is ahead": (
        ["O1 A2"],
        {"A": 1},
        [],
        {},
        ["O1 partial 1+1 A-1"],
        "Order O1, line 1 gets 1 of its 2 units: 1 unit of A is missing.",
    ),
    "some, behind another": (
        ["O1 A1", "O2 A4"],
        {"A": 3},
        [],
        {},
        ["O1 granted 1+0 A", "O2 partial 2+2 A-2 <O1"],
        "Order O2, line 1 gets 2 of its 4 units: 2 units of A are missing, and order O1 is ahead of it.",
    ),
    "held some, and no more came": (
        ["O1 A4"],
        {"A": 3},
        ["O1 A3"],
        {},
        ["O1 partial 3+1 A-1"],
        "Order O1, line 1 gets 3 of its 4 units: 1 unit of A is missing.",
    ),
    "none was there": (
        ["O1 A2"],
        {},
        [],
        {},
        ["O1 no_stock 0+2 A-2"],
        "Order O1, line 1 gets none of its 2 units: 2 units of A are missing.",
    ),
    "its only unit was not there": (
        ["O1 A1"],
        {"A": 0},
        [],
        {},
        ["O1 no_stock 0+1 A-1"],
        "Order O1, line 1 does not get its 1 unit: 1 unit of A is missing.",
    ),
    "some was there, but not all": (
        ["O1 A3"],
        {"A": 2},
        [],
        {"shortage": "skip"},
        ["O1 no_stock 0+3 A-1"],
        "Order O1, line 1 gets none of its 3 units: 1 unit of A is missing.",
    ),
    "whole or not, and it holds a part": (
        ["O1 A5"],
        {"A": 4},
        ["O1 A2"],
        {"shortage": "skip"},
        ["O1 partial 2+3 A-1"],
        "Order O1, line 1 gets 2 of its 5 units: 1 unit of A is missing.",
    ),
    # who is ahead
    "the last of those ahead": (
        ["O1 A1", "O2 B1", "O3 A1", "O4 A1", "O5 A1"],
        {"A": 2, "B": 1},
        [],
        {},
        [
            "O1 granted 1+0 A",
            "O2 granted 1+0 B",
            "O3 granted 1+0 A",
            "O4 no_stock 0+1 A-1 <O3",
            "O5 no_stock 0+1 A-1 <O3",
        ],
        "Order O5, line 1 does not get its 1 unit: 1 unit of A is missing, and order O3 is ahead of it.",
    ),
    "of those behind it that held some before, the next": (
        ["O2 A1 @1", "O3 A1 @2", "O4 A1 @3", "O1 A1 @0"],
        {"A": 3},
        ["O2 A1", "O3 A1", "O4 A1"],
        {},
        ["O1 no_stock 0+1 A-1 <O2", "O2 granted 1+0 A", "O3 granted 1+0 A", "O4 granted 1+0 A"],
        "Order O4, line 1 gets its 1 unit.",
    ),
    "its own order is not ahead of it": (
        ["O1/1 A1", "O1/2 A1"],
        {"A": 1},
        [],
        {},
        ["O1 granted 1+0 A", "O1/2 no_stock 0+1 A-1"],
        "Order O1, line 2 does not get its 1 unit: 1 unit of A is missing.",
    ),
    "the one ahead of its own order": (
        ["O0 A1", "O1/1 A1", "O1/2 A1", "O1/3 A1"],
        {"A": 3},
        [],
        {},
        ["O0 granted 1+0 A", "O1 granted 1+0 A", "O1/2 granted 1+0 A", "O1/3 no_stock 0+1 A-1 <O0"],
        "Order O1, line 3 does not get its 1 unit: 1 unit of A is missing, and order O0 is ahead of it.",
    ),
    "between two lines of its own order": (
        ["O1/1 A1 @0", "O2 A1 @1", "O1/2 A1 @2", "O1/3 A1 @3", "O2/2 A1 @4"],
        {"A": 3},
        [],
        {},
        [
            "O1 granted 1+0 A",
            "O2 granted 1+0 A",
            "O1/2 granted 1+0 A",
            "O1/3 no_stock 0+1 A-1 <O2",
            "O2/2 no_stock 0+1 A-1 <O1",
        ],
        "Order O2, line 2 does not get its 1 unit: 1 unit of A is missing, and order O1 is ahead of it.",
    ),
    "one behind that held some": (
        ["O1 A1", "O2 A1"],
        {"A": 1},
        ["O2 A1"],
        {},
        ["O1 no_stock 0+1 A-1 <O2", "O2 granted 1+0 A"],
        "Order O2, line 1 gets its 1 unit.",
    ),
    "one ahead before one behind": (
        ["O1 A1", "O2 A1", "O3 A1"],
        {"A": 2},
        ["O3 A1"],
        {},
        ["O1 granted 1+0 A", "O2 no_stock 0+1 A-1 <O1", "O3 granted 1+0 A"],
        "Order O3, line 1 gets its 1 unit.",
    ),
    "one behind that is its own order": (
        ["O1/1 A1", "O1/2 A1"],
        {"A": 1},
        ["O1/2 A1"],
        {},
        ["O1 no_stock 0+1 A-1", "O1/2 granted 1+0 A"],
        "Order O1, line 2 gets its 1 unit.",
    ),
    "who holds a bundle of it": (
        ["O1 SET1", "O2 B1"],
        {"A": 1, "B": 1},
        [],
        {},
        ["O1 granted 1+0 SET", "O2 no_stock 0+1 B-1 <O1"],
        "Order O2, line 1 does not get its 1 unit: 1 unit of B is missing, and order O1 is ahead of it.",
    ),
    # bundles
    "a bundle of which a component is missing": (
        ["O1 SET2"],
        {"A": 5},
        [],
        {},
        ["O1 component_short 0+2 B-2"],
        "Order O1, line 1 gets none of its 2 units: 2 units of B are missing.",
    ),
    "the component of which the fewest can be made": (
        ["O1 BOX3"],
        {"A": 2, "B": 1},
        [],
        {},
        ["O1 component_short 0+3 B-5"],
        "Order O1, line 1 gets none of its 3 units: 5 units of B are missing.",
    ),
    "of components that are as short, the first by its name": (
        ["O1 SET1"],
        {},
        [],
        {},
        ["O1 component_short 0+1 A-1"],
        "Order O1, line 1 does not get its 1 unit: 1 unit of A is missing.",
    ),
    "of components that are as short, the first by its name, however many units of each are missing": (
        ["O1 CRATE1"],
        {},
        [],
        {},
        ["O1 component_short 0+1 A-2"],
        "Order O1, line 1 does not get its 1 unit: 2 units of A are missing.",
    ),
    "some bundles": (
        ["O1 BOX3"],
        {"A": 5, "B": 3},
        [],
        {},
        ["O1 partial 1+2 B-3"],
        "Order O1, line 1 gets 1 of its 3 units: 3 units of B are missing.",
    ),
    "bundles, whole or not": (
        ["O1 BOX2", "O2 A1"],
        {"A": 2, "B": 3},
        [],
        {"shortage": "skip"},
        ["O1 component_short 0+2 B-1", "O2 granted 1+0 A"],
        "Order O2, line 1 gets its 1 unit.",
    ),
    # not now
    "on hold": (
        ["O1 A2 ?unpaid"],
        {"A": 5},
        [],
        {},
        ["O1 on_hold 0+2 A"],
        "Order O1, line 1 gets none of its 2 units: it is on hold (unpaid) and keeps its place.",
    ),
    "on hold, with a part of it": (
        ["O1 A2 ?unpaid"],
        {"A": 5},
        ["O1 A1"],
        {},
        ["O1 on_hold 1+1 A"],
        "Order O1, line 1 gets 1 of its 2 units: it is on hold (unpaid) and keeps its place.",
    ),
    "on hold before it is not due": (
        ["O1 SET1 ?unpaid ~1"],
        {},
        [],
        {},
        ["O1 on_hold 0+1 SET"],
        "Order O1, line 1 does not get its 1 unit: it is on hold (unpaid) and keeps its place.",
    ),
    "not due": (
        ["O1 A2 ~10"],
        {"A": 5},
        [],
        {},
        ["O1 not_due 0+2 A"],
        (
            "Order O1, line 1 gets none of its 2 units: "
            "its street date is ahead, 2026-12-02 09:00 UTC, and it keeps its place."
        ),
    ),
    "a component is not due": (
        ["O1 GIFT1 ~-1"],
        {"A": 5, "B": 5},
        [],
        {},
        ["O1 not_due 0+1 GIFT"],
        (
            "Order O1, line 1 does not get its 1 unit: "
            "its street date is ahead, 2026-11-23 09:00 UTC, and it keeps its place."
        ),
    ),
    # nobody goes past
    "behind one that nobody passes": (
        ["O1 A9", "O2 A1"],
        {"A": 5},
        [],
        STRICT,
        ["O1 no_stock 0+9 A-4", "O2 blocked_by 0+1 A <O1"],
        "Order O2, line 1 does not get its 1 unit: order O1 waits for A before it, and nobody goes past.",
    ),
    "and too little is there as well": (
        ["O1 A9", "O2 A7"],
        {"A": 5},
        [],
        STRICT,
        ["O1 no_stock 0+9 A-4", "O2 blocked_by 0+7 A-2 <O1"],
        "Order O2, line 1 gets none of its 7 units: order O1 waits for A before it, and nobody goes past.",
    ),
    "with a part of it": (
        ["O1 A9", "O2 A2"],
        {"A": 5},
        ["O2 A1"],
        STRICT,
        ["O1 no_stock 0+9 A-5 <O2", "O2 blocked_by 1+1 A <O1"],
        "Order O2, line 1 gets 1 of its 2 units: order O1 waits for A before it, and nobody goes past.",
    ),
    "the first of two that wait": (
        ["O1 A9", "O2 A9", "O3 A1"],
        {"A": 5},
        [],
        STRICT,
        ["O1 no_stock 0+9 A-4", "O2 blocked_by 0+9 A-4 <O1", "O3 blocked_by 0+1 A <O1"],
        "Order O3, line 1 does not get its 1 unit: order O1 waits for A before it, and nobody goes past.",
    ),
    "behind a line of its own order": (
        ["O1/1 A9 @0", "O2 A1 @1", "O1/2 A1 @2"],
        {"A": 5},
        [],
        STRICT,
        ["O1 no_stock 0+9 A-4", "O2 blocked_by 0+1 A <O1", "O1/2 blocked_by 0+1 A <O1"],
        (
            "Order O1, line 2 does not get its 1 unit: "
            "another line of its order waits for A before it, and nobody goes past."
        ),
    ),
    "a bundle of which one component is kept": (
        ["O1 B9", "O2 SET1", "O3 A1"],
        {"A": 0, "B": 5},
        [],
        STRICT,
        ["O1 no_stock 0+9 B-4", "O2 blocked_by 0+1 B <O1", "O3 blocked_by 0+1 A-1 <O2"],
        "Order O3, line 1 does not get its 1 unit: order O2 waits for A before it, and nobody goes past.",
    ),
    # orders as a whole
    "a companion is lacking": (
        ["O1/1 A1", "O1/2 B2"],
        {"A": 1, "B": 1},
        [],
        ORDERS,
        ["O1 order_incomplete 0+1 B-1", "O1/2 no_stock 0+2 B-1"],
        "Order O1, line 2 gets none of its 2 units: 1 unit of B is missing.",
    ),
    "a companion comes first and is lacking": (
        ["O0 A1", "O1/1 A1 *", "O1/2 B2"],
        {"A": 1, "B": 2},
        [],
        {},
        ["O0 granted 1+0 A", "O1 no_stock 0+1 A-1 <O0", "O1/2 order_incomplete 0+2 A-1 <O0"],
        f"Order O1, line 2 gets none of its 2 units: {AS_A_WHOLE}1 unit of A is missing, and order O0 is ahead of it.",
    ),
    "two are lacking, and a companion names the first": (
        ["O1/1 A1", "O1/2 B2", "O1/3 C1"],
        {"C": 1},
        [],
        ORDERS,
        ["O1 no_stock 0+1 A-1", "O1/2 no_stock 0+2 B-2", "O1/3 order_incomplete 0+1 A-1"],
        f"Order O1, line 3 does not get its 1 unit: {AS_A_WHOLE}1 unit of A is missing.",
    ),
    "lines of one order take one after the other": (
        ["O1/1 A2", "O1/2 A2"],
        {"A": 3},
        [],
        ORDERS,
        ["O1 order_incomplete 0+2 A-1", "O1/2 no_stock 0+2 A-1"],
        "Order O1, line 2 gets none of its 2 units: 1 unit of A is missing.",
    ),
    "a line that finds too little takes what it finds: what is missing adds up": (
        ["O1/1 A2", "O1/2 A5", "O1/3 A2"],
        {"A": 4},
        [],
        ORDERS,
        ["O1 order_incomplete 0+2 A-3", "O1/2 no_stock 0+5 A-3", "O1/3 no_stock 0+2 A-2"],
        "Order O1, line 3 gets none of its 2 units: 2 units of A are missing.",
    ),
    "a bundle of the order takes, too": (
        ["O1/1 SET1", "O1/2 A1"],
        {"A": 1, "B": 1},
        [],
        ORDERS,
        ["O1 order_incomplete 0+1 A-1", "O1/2 no_stock 0+1 A-1"],
        "Order O1, line 2 does not get its 1 unit: 1 unit of A is missing.",
    ),
    "a bundle is lacking": (
        ["O1/1 A1", "O1/2 SET1"],
        {"A": 2},
        [],
        ORDERS,
        ["O1 order_incomplete 0+1 B-1", "O1/2 component_short 0+1 B-1"],
        "Order O1, line 2 does not get its 1 unit: 1 unit of B is missing.",
    ),
    "the lacking line holds some": (
        ["O1/1 A2", "O1/2 B2"],
        {"A": 2, "B": 1},
        ["O1/1 A1", "O1/2 B1"],
        ORDERS,
        ["O1 order_incomplete 1+1 B-1", "O1/2 partial 1+1 B-1"],
        "Order O1, line 2 gets 1 of its 2 units: 1 unit of B is missing.",
    ),
    "one line is served in full already": (
        ["O1/1 A2", "O1/2 B2"],
        {"A": 2, "B": 1},
        ["O1/1 A2"],
        ORDERS,
        ["O1 granted 2+0 A", "O1/2 no_stock 0+2 B-1"],
        "Order O1, line 2 gets none of its 2 units: 1 unit of B is missing.",
    ),
    "a companion is on hold": (
        ["O1/1 A1", "O1/2 B1 ?review", "O1/3 C1"],
        {"A": 1, "B": 1, "C": 1},
        [],
        ORDERS,
        ["O1 order_incomplete 0+1 B", "O1/2 on_hold 0+1 B", "O1/3 order_incomplete 0+1 B"],
        f"Order O1, line 3 does not get its 1 unit: {AS_A_WHOLE}another line, B, is not to be served yet.",
    ),
    "a companion is not due": (
        ["O1/1 A2 *", "O1/2 B1 ~1"],
        {"A": 1},
        [],
        {},
        ["O1 order_incomplete 0+2 B", "O1/2 not_due 0+1 B"],
        (
            "Order O1, line 2 does not get its 1 unit: "
            "its street date is ahead, 2026-11-23 09:00 UTC, and it keeps its place."
        ),
    ),
    "a companion is kept from it": (
        ["O1 B5", "O2/1 A1", "O2/2 B1"],
        {"A": 1, "B": 2},
        [],
        STRICT | ORDERS,
        ["O1 no_stock 0+5 B-3", "O2 order_incomplete 0+1 B <O1", "O2/2 blocked_by 0+1 B <O1"],
        "Order O2, line 2 does not get its 1 unit: order O1 waits for B before it, and nobody goes past.",
    ),
    "a companion is kept from it, and stands before it": (
        ["O1 B5", "O2/1 B1", "O2/2 A1"],
        {"A": 1, "B": 2},
        [],
        STRICT | ORDERS,
        ["O1 no_stock 0+5 B-3", "O2 blocked_by 0+1 B <O1", "O2/2 order_incomplete 0+1 B <O1"],
        f"Order O2, line 2 does not get its 1 unit: {AS_A_WHOLE}order O1 waits for B before it, and nobody goes past.",
    ),
    "an order of one line": (
        ["O1 A2"],
        {"A": 1},
        [],
        ORDERS,
        ["O1 no_stock 0+2 A-1"],
        "Order O1, line 1 gets none of its 2 units: 1 unit of A is missing.",
    ),
    "the first of two lines that are not to be served": (
        ["O1/1 C1 ~1", "O1/2 B1 ?review", "O1/3 A1"],
        {"A": 1},
        [],
        ORDERS,
        ["O1 not_due 0+1 C", "O1/2 on_hold 0+1 B", "O1/3 order_incomplete 0+1 C"],
        f"Order O1, line 3 does not get its 1 unit: {AS_A_WHOLE}another line, C, is not to be served yet.",
    ),
    # fair shares
    "a fair share": (
        ["O1 A4", "O2 A2"],
        {"A": 5},
        [],
        EQUAL,
        ["O1 rationed 3+1 A-1", "O2 granted 2+0 A"],
        "Order O2, line 1 gets all 2 units.",
    ),
    "a fair share of some": (
        ["O1 A2", "O2 A3"],
        {"A": 3},
        [],
        EQUAL,
        ["O1 granted 2+0 A", "O2 rationed 1+2 A-2"],
        "Order O2, line 1 gets 1 of its 3 units: that is its fair share, for there is too little of A for all.",
    ),
    "a fair share of nothing": (
        ["O1 A1", "O2 A1"],
        {"A": 1},
        [],
        EQUAL,
        ["O1 granted 1+0 A", "O2 rationed 0+1 A-1"],
        "Order O2, line 1 does not get its 1 unit: that is its fair share, for there is too little of A for all.",
    ),
    "nothing was there to share": (
        ["O1 A2", "O2 A1"],
        {"A": 0},
        [],
        EQUAL,
        ["O1 no_stock 0+2 A-2", "O2 no_stock 0+1 A-1"],
        "Order O2, line 1 does not get its 1 unit: 1 unit of A is missing.",
    ),
    "nothing was left to share": (
        ["O1 A2 !2", "O2 A1 !1", "O3 A4 !2"],
        {"A": 1},
        [],
        EQUAL | {"queue": "priority"},
        ["O2 granted 1+0 A", "O1 no_stock 0+2 A-2 <O2", "O3 no_stock 0+4 A-4 <O2"],
        "Order O3, line 1 gets none of its 4 units: 4 units of A are missing, and order O2 is ahead of it.",
    ),
    "nothing was left, and it holds some": (
        ["O1 A2"],
        {"A": 1},
        ["O1 A1"],
        EQUAL,
        ["O1 partial 1+1 A-1"],
        "Order O1, line 1 gets 1 of its 2 units: 1 unit of A is missing.",
    ),
    "on hold while others share": (
        ["O1 A2", "O2 A2 ?review"],
        {"A": 1},
        [],
        EQUAL,
        ["O1 rationed 1+1 A-1", "O2 on_hold 0+2 A"],
        "Order O2, line 1 gets none of its 2 units: it is on hold (review) and keeps its place.",
    ),
}
EACH = pytest.mark.parametrize("case", DECIDED.values(), ids=DECIDED.keys())


@EACH
def test_a_decision_says_why(case):
    queue, available, held, policy, decisions, sentence = case
    found = shared(queue, available, held, **policy)
    assert list(map(told, found.decisions)) == decisions
    assert explain(found.decisions[-1]) == sentence


@EACH
def test_decisions_may_be_read_in_any_order_and_again(case):
    queue, available, held, policy, decisions, sentence = case
    for order in itertools.islice(itertools.permutations(range(len(decisions))), 24):
        found = shared(queue, available, held, **policy)
        assert [told(found.decisions[index]) for index in order] == [decisions[index] for index in order]
        assert explain(found.decisions[-1]) == sentence


def test_each_code_is_among_them():
    codes = {told_of.split(" ")[1] for _, _, _, _, decisions, _ in DECIDED.values() for told_of in decisions}
    assert codes == set(DecisionCode)


@pytest.mark.parametrize(
    ("queue", "until", "hold"),
    [("O1 A1 ~1", NOW + DAY, None), ("O1 A1 ?unpaid ~1", None, "unpaid"), ("O1 A1 ~0", None, None)],
    ids=["not due", "on hold", "due"],
)
def test_street_date_and_hold_are_named_where_they_are_the_reason(queue, until, hold):
    (found,) = shared([queue], {}).decisions
    assert (found.until, found.hold) == (until, hold)


def test_two_orders_that_lack_something_are_told_apart():
    queue = ["O1/1 A1", "O1/2 B1", "O2/1 A1", "O2/2 C1"]
    found = shared(queue, {"A": 1}, unit="order").decisions
    one_after_the_other = ["O1 order_incomplete 0+1 B-1", "O2 order_incomplete 0+1 C-1"]
    assert [told(found[0]), told(found[2])] == one_after_the_other
    assert [told(found[2]), told(found[0])] == one_after_the_other[::-1]


# Decisions as values

DECISION = {"order_id": "O1", "line_id": "1", "code": "partial", "granted": 1, "short": 2, "sku": "A"}
DECISIONS = {
    "no order": ({"order_id": " "}, "order_id", "text.invalid", "must be text that is not blank (got ' ')"),
    "no line": ({"line_id": None}, "line_id", "text.invalid", "must be text that is not blank (got None)"),
    "no SKU": ({"sku": ""}, "sku", "text.invalid", "must be text that is not blank (got '')"),
    "another code": ({"code": "lost"}, "code", "choice.invalid", "must be one of granted, partial, no_stock"),
    "less than nothing": ({"granted": -1}, "granted", "units.invalid", "must be a whole number >= 0 (got -1)"),
    "half a unit short": ({"short": 0.5}, "short", "units.invalid", "must be a whole number >= 0 (got 0.5)"),
    "less than nothing missing": ({"missing": -1}, "missing", "units.invalid", "must be a whole number >= 0"),
    "a number ahead": ({"blocked_by": 7}, "blocked_by", "text.invalid", "must be text that is not blank (got 7)"),
    "a day": ({"until": NOW.date()}, "until", "instant.invalid", "must be an instant"),
    "a blank hold": ({"hold": ""}, "hold", "text.invalid", "must be text that is not blank (got '')"),
}


@pytest.mark.parametrize(("fields", "path", "code", "message"), DECISIONS.values(), ids=DECISIONS.keys())
def test_a_decision_that_cannot_be_is_refused(fields, path, code, message):
    with pytest.raises(InvalidArgument, match=re.escape(message)) as found:
        Decision(**DECISION | fields)
    assert (found.value.path, found.value.code) == (path, code)


def test_a_decision_of_which_nothing_more_is_said_lacks_nothing():
    (found,) = shared(["O1 A1"], {"A": 1}).decisions
    assert found == Decision(order_id="O1", line_id="1", code="granted", granted=1, short=0, sku="A")


def test_a_decision_that_is_found_is_one_that_is_written():
    (_, found) = shared(["O1 A1", "O2 A3"], {"A": 2}).decisions
    written = Decision(
        order_id="O2", line_id="1", code="partial", granted=1, short=2, sku="A", missing=2, blocked_by="O1"
    )
    assert (found, hash(found), repr(found)) == (written, hash(written), repr(written))
    assert pickle.loads(pickle.dumps(found)) == written
    assert attrs.evolve(found, missing=0) != written


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Order O1, line 1 gets 1 of its 3 units: 0 units of A are missing."),
        (
            {"code": "not_due", "granted": 0},
            "Order O1, line 1 gets none of its 2 units: its street date is ahead, and it keeps its place.",
        ),
        (
            {"code": "not_due", "until": NOW.replace(second=59)},
            (
                "Order O1, line 1 gets 1 of its 3 units: "
                "its street date is ahead, 2026-11-22 09:00 UTC, and it keeps its place."
            ),
        ),
        (
            {"code": "not_due", "until": NOW.replace(year=1), "granted": 0},
            (
                "Order O1, line 1 gets none of its 2 units: "
                "its street date is ahead, 0001-11-22 09:00 UTC, and it keeps its place."
            ),
        ),
        ({"code": "granted", "granted": 0, "short": 0}, "Order O1, line 1 gets all 0 units."),
    ],
    ids=["nothing missing", "no date", "a date", "a date in the first year", "nothing asked"],
)
def test_a_decision_that_is_written_is_explained(fields, sentence):
    assert explain(Decision(**DECISION | fields)) == sentence


@pytest.mark.parametrize("value", [None, "granted", DECISION], ids=["None", "a code", "a mapping"])
def test_what_is_no_decision_is_not_explained(value):
    with pytest.raises(InvalidArgument, match="must be a Decision") as found:
        explain(value)
    assert (found.value.path, found.value.code) == ("decision", "type.invalid")


def test_an_allocation_that_was_read_answers_as_the_one_that_was_made():
    queue = ["O1 A2", "O2 A4", "O3 A1"]
    found, more = shared(queue, {"A": 3}), shared(queue, {"A": 6})
    read, read_more = (from_json(to_json(it), Allocation) for it in (found, more))
    assert read.of("O2") == found.of("O2") == (found.decisions[1],)
    assert compare_allocations(read, read_more) == compare_allocations(found, more)
    assert compare_allocations(found, read_more).gained == compare_allocations(found, more).gained
