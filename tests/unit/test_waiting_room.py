"""Who gets scarce stock. Queues are written as queue_notation says; each table was worked out by hand."""

import copy
import datetime as dt
import pickle
import re

import attrs
import pytest
from queue_notation import DAY, NOW, grants, line, lines, short, told

from preorder_kit import (
    UNLIMITED,
    Allocation,
    AllocationComparison,
    AllocationPolicy,
    InvalidArgument,
    allocate,
    compare_allocations,
    revoke,
)

ALL_POLICIES = [
    {"shortage": shortage, "unit": unit} for shortage in ("partial", "skip", "strict") for unit in ("line", "order")
]


def shared(queue, available, held=(), /, **policy) -> Allocation:
    return allocate(lines(*queue), available=available, policy=AllocationPolicy(**policy), at=NOW, grants=grants(*held))


THREE = ["O1 A3", "O2 A4", "O3 A2"]
SERVED = {
    # queue, available, policy, grants, left over
    "in part": (THREE, {"A": 5}, {}, ["O1 A3", "O2 A2"], {"A": 0}),
    "whole or not, the next may pass": (THREE, {"A": 5}, {"shortage": "skip"}, ["O1 A3", "O3 A2"], {"A": 0}),
    "whole or not, and nobody passes": (THREE, {"A": 5}, {"shortage": "strict"}, ["O1 A3"], {"A": 2}),
    "just enough for all": (THREE, {"A": 9}, {"shortage": "strict"}, ["O1 A3", "O2 A4", "O3 A2"], {"A": 0}),
    "of what is not named there is none": (["O1 A1", "O2 B1"], {"B": 2}, {}, ["O2 B1"], {"B": 1}),
    "what nobody wants is left": (["O1 A2"], {"C": 3, "A": 1}, {}, ["O1 A1"], {"C": 3, "A": 0}),
    "nobody waits": ([], {"A": 3}, {}, [], {"A": 3}),
    "no bound": (["O1 A7", "O2 A9"], {"A": UNLIMITED}, {}, ["O1 A7", "O2 A9"], {"A": UNLIMITED}),
    "no bound on one of two": (
        ["O1 A7", "O2 B3"],
        {"A": UNLIMITED, "B": 1},
        {"shortage": "strict"},
        ["O1 A7"],
        {"A": UNLIMITED, "B": 1},
    ),
    "quantities that are large": (
        [f"O1 A{10**30}", f"O2 A{10**30}"],
        {"A": 10**30 + 1},
        {},
        [f"O1 A{10**30}", "O2 A1"],
        {"A": 0},
    ),
    "an order of one line that ships complete, and others in part": (
        ["O1 A5 *", "O2 A3", "O3 A2"],
        {"A": 4},
        {},
        ["O2 A3", "O3 A1"],
        {"A": 0},
    ),
    "orders that all ship complete": (["O1 A5 *", "O2 A3 *"], {"A": 4}, {}, ["O2 A3"], {"A": 1}),
    # STRICT closes what is wanted, and nothing else
    "another SKU goes on": (["O1 A10", "O2 B1"], {"A": 5, "B": 1}, {"shortage": "strict"}, ["O2 B1"], {"A": 5, "B": 0}),
    "an order that is passed by nobody closes all it wants": (
        ["O1 A10", "O2/1 A1", "O2/2 B1", "O3 B1"],
        {"A": 5, "B": 1},
        {"shortage": "strict", "unit": "order"},
        [],
        {"A": 5, "B": 1},
    ),
    "a line closes only what is its own": (
        ["O1 A10", "O2/1 A1", "O2/2 B1", "O3 B1"],
        {"A": 5, "B": 1},
        {"shortage": "strict"},
        ["O2/2 B1"],
        {"A": 5, "B": 0},
    ),
    "a bundle closes all its components": (
        ["O1 SET3", "O2 A1", "O3 B1", "O4 C1"],
        {"A": 9, "B": 2, "C": 1},
        {"shortage": "strict"},
        ["O4 C1"],
        {"A": 9, "B": 2, "C": 0},
    ),
    "what is closed stays closed when others want it too": (
        ["O1 A3", "O2 A3", "O3 A1"],
        {"A": 2},
        {"shortage": "strict"},
        [],
        {"A": 2},
    ),
    "an order closes again what is closed, and what it wants twice once": (
        ["O1 A3", "O2/1 A2", "O2/2 A2", "O2/3 B1", "O3 B1"],
        {"A": 2, "B": 5},
        {"shortage": "strict", "unit": "order"},
        [],
        {"A": 2, "B": 5},
    ),
    # orders as a whole
    "an order that does not fit is passed over": (
        ["O1/1 A2", "O1/2 B1", "O2 A2"],
        {"A": 3},
        {"unit": "order"},
        ["O2 A2"],
        {"A": 1},
    ),
    "an order that fits": (
        ["O1/1 A2", "O1/2 B1", "O2 A1"],
        {"A": 3, "B": 1},
        {"unit": "order"},
        ["O1/1 A2", "O1/2 B1", "O2 A1"],
        {"A": 0, "B": 0},
    ),
    "an order's lines are served by themselves": (
        ["O1/1 A2", "O1/2 B1", "O2 A2"],
        {"A": 3},
        {},
        ["O1 A2", "O2 A1"],
        {"A": 0},
    ),
    "one line says that its order is whole": (
        ["O1/1 A2", "O1/2 B1 *", "O2 A4"],
        {"A": 3},
        {},
        ["O2 A3"],
        {"A": 0},
    ),
    "an order that is whole, fits and is not first": (
        ["O0 A2", "O1/1 A2 *", "O1/2 B1", "O2 A4"],
        {"A": 5, "B": 1},
        {"shortage": "skip"},
        ["O0 A2", "O1 A2", "O1/2 B1"],
        {"A": 1, "B": 0},
    ),
    "an order wants one SKU twice": (
        ["O1/1 A2", "O1/2 A2", "O2 A3"],
        {"A": 3},
        {"unit": "order"},
        ["O2 A3"],
        {"A": 0},
    ),
    "orders interleave: an order's place is its first line's": (
        ["O1/1 A1 @0", "O2 A1 @1", "O1/2 A1 @2"],
        {"A": 2},
        {"unit": "order"},
        ["O1 A1", "O1/2 A1"],
        {"A": 0},
    ),
    "lines interleave: each has its own place": (
        ["O1/1 A1 @0", "O2 A1 @1", "O1/2 A1 @2"],
        {"A": 2},
        {},
        ["O1 A1", "O2 A1"],
        {"A": 0},
    ),
    "whole bundles in an order that is whole": (
        ["O1/1 SET2", "O1/2 B1", "O2 SET1"],
        {"A": 3, "B": 2},
        {"unit": "order"},
        ["O2 SET1"],
        {"A": 2, "B": 1},
    ),
    # bundles
    "bundles in whole units": (["O1 SET3", "O2 A2"], {"A": 4, "B": 2}, {}, ["O1 SET2", "O2 A2"], {"A": 0, "B": 0}),
    "two of a kind": (["O1 PAIR2", "O2 A1"], {"A": 3}, {}, ["O1 PAIR1", "O2 A1"], {"A": 0}),
    "two of a kind, whole or not": (["O1 PAIR2", "O2 A1"], {"A": 3}, {"shortage": "skip"}, ["O2 A1"], {"A": 2}),
    "two of a kind, and nobody passes": (["O1 PAIR2", "O2 A1"], {"A": 3}, {"shortage": "strict"}, [], {"A": 3}),
    "a bundle in a bundle": (["O1 CRATE2"], {"A": 5, "B": 4, "C": 1}, {}, ["O1 CRATE1"], {"A": 3, "B": 2, "C": 0}),
    "a bundle is made of nothing else": (["O1 SET1"], {"SET": 5, "A": 1}, {}, [], {"SET": 5, "A": 1}),
    # who comes first
    "the lowest priority number": (
        ["O1 A2 !5", "O2 A2 !1"],
        {"A": 3},
        {"queue": "priority"},
        ["O2 A2", "O1 A1"],
        {"A": 0},
    ),
    "the earliest street date, none first": (
        ["O1 A1 ~-1", "O2 A1 ~-2", "O3 A1"],
        {"A": 2},
        {"queue": "earliest_street_date"},
        ["O3 A1", "O2 A1"],
        {"A": 0},
    ),
    "the largest claim, by a key": (
        ["O1 A2", "O2 A3"],
        {"A": 4},
        {"queue": lambda waiting: -waiting.quantity},
        ["O2 A3", "O1 A1"],
        {"A": 0},
    ),
    # who is not served now
    "on hold: takes nothing, closes nothing": (
        ["O1 A9 ?unpaid", "O2 A2"],
        {"A": 3},
        {"shortage": "strict"},
        ["O2 A2"],
        {"A": 1},
    ),
    "not due: takes nothing, closes nothing": (
        ["O1 A9 ~1", "O2 A2"],
        {"A": 3},
        {"shortage": "strict"},
        ["O2 A2"],
        {"A": 1},
    ),
    "due at its street date itself": (["O1 A2 ~0", "O2 A2"], {"A": 3}, {}, ["O1 A2", "O2 A1"], {"A": 0}),
    "a component is not due": (["O1 GIFT1", "O2 A1"], {"A": 1, "B": 1}, {}, ["O2 A1"], {"A": 0, "B": 1}),
    "a line on hold keeps its order waiting": (
        ["O1/1 A1 * ?review", "O1/2 A1", "O2 A2"],
        {"A": 2},
        {"shortage": "strict"},
        ["O2 A2"],
        {"A": 0},
    ),
    "a line that is not due keeps its order waiting": (
        ["O1/1 A1", "O1/2 B1 ~1", "O2 A1"],
        {"A": 1, "B": 1},
        {"unit": "order"},
        ["O2 A1"],
        {"A": 0, "B": 1},
    ),
    "a line on hold leaves the others of its order alone": (
        ["O1/1 A1 ?review", "O1/2 A1"],
        {"A": 2},
        {},
        ["O1/2 A1"],
        {"A": 1},
    ),
}


def same(written: list[str]) -> list[str]:
    """Return grants as they are shown: the line 1 is not named."""
    return short(grants(*written))


@pytest.mark.parametrize(("queue", "available", "policy", "given", "left"), SERVED.values(), ids=SERVED.keys())
def test_stock_goes_to_those_who_wait_by_the_policy(queue, available, policy, given, left):
    found = shared(queue, available, **policy)
    assert short(found.grants) == same(given)
    assert found.left_over == left
    assert (found.added, found.oversold, found.unfulfillable) == (found.grants, {}, ())
    assert shared(queue[::-1], available, **policy) == found


@pytest.mark.parametrize("policy", ALL_POLICIES, ids=str)
@pytest.mark.parametrize("mark", ["", " *"], ids=["", "complete"])
def test_a_bundle_of_fees_alone_needs_nothing(policy, mark):
    found = shared([f"O1 FEES3{mark}", "O2 A1"], {}, **policy)
    assert short(found.grants) == ["O1 FEES3"]
    assert list(map(told, found.decisions)) == ["O1 granted 3+0 FEES", "O2 no_stock 0+1 A-1"]


def test_fees_wait_for_the_goods_of_an_order_that_is_whole():
    found = shared(["O1/1 FEES1", "O1/2 A1"], {"A": 0}, unit="order")
    assert list(map(told, found.decisions)) == ["O1 order_incomplete 0+1 A-1", "O1/2 no_stock 0+1 A-1"]


FORTY = ["O1 A4", "O2 A4"]
HELD = {
    # queue, grants of earlier runs, available, policy, grants, added, waiting, left over, oversold
    "handed in again": (
        ["O1 A3", "O2 A4"],
        ["O1 A3", "O2 A2"],
        {"A": 5},
        {},
        ["O1 A3", "O2 A2"],
        [],
        ["O2 A2"],
        {"A": 0},
        {},
    ),
    "a unit more has arrived": (
        ["O1 A3", "O2 A4"],
        ["O1 A3", "O2 A2"],
        {"A": 6},
        {},
        ["O1 A3", "O2 A3"],
        ["O2 A1"],
        ["O2 A1"],
        {"A": 0},
        {},
    ),
    "several for one line add up, in any order": (
        FORTY,
        ["O2 A1", "O1 A1", "O2 A2", "O1 A3"],
        {"A": 8},
        {},
        ["O1 A4", "O2 A4"],
        ["O2 A1"],
        [],
        {"A": 0},
        {},
    ),
    "more is held than is there": (
        ["O1 A3", "O2 A2", "O3 A1"],
        ["O1 A3", "O2 A2"],
        {"A": 3},
        {},
        ["O1 A3", "O2 A2"],
        [],
        ["O3 A1"],
        {"A": 0},
        {"A": 2},
    ),
    "of a SKU that is not named": (["O1 A3"], ["O1 A2"], {"B": 1}, {}, ["O1 A2"], [], ["O1 A1"], {"B": 1}, {"A": 2}),
    "components of a bundle": (
        ["O1 SET2", "O2 B1"],
        ["O1 SET2"],
        {"A": 1, "B": 2},
        {},
        ["O1 SET2"],
        [],
        ["O2 B1"],
        {"A": 0, "B": 0},
        {"A": 1},
    ),
    "oversold SKUs in their order": (
        ["O1 C1", "O2 B1", "O3 A1"],
        ["O1 C1", "O2 B1", "O3 A1"],
        {"B": 0},
        {},
        ["O1 C1", "O2 B1", "O3 A1"],
        [],
        [],
        {"B": 0},
        {"A": 1, "B": 1, "C": 1},
    ),
    "without a bound nothing is oversold": (
        FORTY,
        ["O1 A4"],
        {"A": UNLIMITED},
        {},
        ["O1 A4", "O2 A4"],
        ["O2 A4"],
        [],
        {"A": UNLIMITED},
        {},
    ),
    "on hold: what it holds it keeps": (
        ["O1 A2 ?unpaid"],
        ["O1 A1"],
        {"A": 5},
        {},
        ["O1 A1"],
        [],
        ["O1 A1"],
        {"A": 4},
        {},
    ),
    "whole or not: no unit is added to a part": (
        ["O1 A10"],
        ["O1 A5"],
        {"A": 8},
        {"shortage": "skip"},
        ["O1 A5"],
        [],
        ["O1 A5"],
        {"A": 3},
        {},
    ),
    "whole or not: the rest completes it": (
        ["O1 A10"],
        ["O1 A5"],
        {"A": 10},
        {"shortage": "strict"},
        ["O1 A10"],
        ["O1 A5"],
        [],
        {"A": 0},
        {},
    ),
    "what is served in full wants nothing, and closes nothing": (
        ["O1/1 A1", "O1/2 B1", "O2 A1"],
        ["O1/1 A1"],
        {"A": 2},
        {"shortage": "strict", "unit": "order"},
        ["O1 A1", "O2 A1"],
        ["O2 A1"],
        ["O1/2 B1"],
        {"A": 0},
        {},
    ),
    "an earlier claim closes what a later one holds a part of": (
        ["O1 A3", "O2 A3"],
        ["O2 A2"],
        {"A": 4},
        {"shortage": "strict"},
        ["O2 A2"],
        [],
        ["O1 A3", "O2 A1"],
        {"A": 2},
        {},
    ),
    "an order that is whole takes what it lacks": (
        ["O1/1 A2", "O1/2 B2"],
        ["O1/1 A2"],
        {"A": 2, "B": 2},
        {"unit": "order"},
        ["O1 A2", "O1/2 B2"],
        ["O1/2 B2"],
        [],
        {"A": 0, "B": 0},
        {},
    ),
    "an order that is whole keeps what it holds": (
        ["O1/1 A2", "O1/2 B2"],
        ["O1/1 A2"],
        {"A": 2, "B": 1},
        {"unit": "order"},
        ["O1 A2"],
        [],
        ["O1/2 B2"],
        {"A": 0, "B": 1},
        {},
    ),
    "a fair share of what is left, of what is still wanted": (
        FORTY,
        ["O1 A2"],
        {"A": 5},
        {"ration": "equal"},
        ["O1 A4", "O2 A1"],
        ["O1 A2", "O2 A1"],
        ["O2 A3"],
        {"A": 0},
        {},
    ),
}


@pytest.mark.parametrize("case", HELD.values(), ids=HELD.keys())
def test_what_lines_hold_is_kept_and_counted_once(case):
    queue, held, available, policy, given, added, waiting, left, oversold = case
    found = shared(queue, available, held, **policy)
    assert (short(found.grants), short(found.added), short(found.waiting)) == (given, added, waiting)
    assert (found.left_over, found.oversold) == (left, oversold)
    assert list(found.oversold) == list(oversold)


def test_left_over_is_in_the_order_of_what_was_available():
    assert list(shared([], {"B": 1, "A": 1, "C": 0}).left_over) == ["B", "A", "C"]


def test_what_is_oversold_is_taken_back():
    found = shared(["O1 A3", "O2 A2"], {"A": 3}, ["O1 A3", "O2 A2"])
    healed = revoke(lines("O1 A3", "O2 A2"), grants=found.grants, take_back=found.oversold)
    assert short(healed.grants) == ["O1 A3"]


ASKED = {
    # queue, available, policy, unfulfillable, waiting
    "lacking, on hold, not due, of another SKU": (
        ["O1 A3", "O2 B1", "O3 A1 ?review", "O4 A1 ~1", "O5 A2"],
        {"A": 2},
        {},
        ["O1 A1", "O5 A2"],
        ["O2 B1", "O3 A1", "O4 A1"],
    ),
    "a bundle of which one component is named": (["O1 SET1", "O2 C1"], {"A": 9}, {}, ["O1 SET1"], ["O2 C1"]),
    "an order with a line on hold": (
        ["O1/1 A1", "O1/2 A1 ?review"],
        {"A": 0},
        {"unit": "order"},
        [],
        ["O1 A1", "O1/2 A1"],
    ),
    "an order of which one SKU is named": (
        ["O1/1 A1", "O1/2 B1"],
        {"A": 5},
        {"unit": "order"},
        ["O1 A1"],
        ["O1/2 B1"],
    ),
    "behind a claim that nobody passes": (["O1 A2", "O2 A1"], {"A": 1}, {"shortage": "strict"}, ["O1 A2", "O2 A1"], []),
    "by a fair share": (["O1 A2", "O2 A2"], {"A": 3}, {"ration": "equal"}, ["O2 A1"], []),
    "nothing is lacking": (["O1 A2"], {"A": 3}, {}, [], []),
}


@pytest.mark.parametrize(("queue", "available", "policy", "unfulfillable", "waiting"), ASKED.values(), ids=ASKED.keys())
def test_lines_that_were_asked_for_in_vain_are_told_apart(queue, available, policy, unfulfillable, waiting):
    found = shared(queue, available, unserved="unfulfillable", **policy)
    assert (short(found.unfulfillable), short(found.waiting)) == (unfulfillable, waiting)
    waits = shared(queue, available, unserved="wait", **policy)
    assert waits.unfulfillable == ()
    assert sorted(short(waits.waiting)) == sorted([*unfulfillable, *waiting])
    assert (waits.grants, waits.decisions) == (found.grants, found.decisions)


def test_what_waits_is_the_line_with_what_it_lacks():
    waiting = line("O1 A5 @3 !2 ~0 *", value=7)
    (found,) = allocate([waiting], available={"A": 2}, at=NOW).waiting
    assert found == waiting
    (found,) = allocate([attrs.evolve(waiting, ship="as_available")], available={"A": 2}, at=NOW).waiting
    assert found == attrs.evolve(waiting, ship="as_available", quantity=3)


RATIONED = {
    # queue, available, policy, grants
    "all of them under FIFO": (THREE, {"A": 5}, {"ration": "equal_losses"}, ["O1 A2", "O2 A3"]),
    "in proportion": (THREE, {"A": 5}, {"ration": "proportional"}, ["O1 A2", "O2 A2", "O3 A1"]),
    "in order": (THREE, {"A": 5}, {"ration": "in_order"}, ["O1 A3", "O2 A2"]),
    "enough for all": (THREE, {"A": 9}, {"ration": "equal"}, ["O1 A3", "O2 A4", "O3 A2"]),
    "nothing for all": (THREE, {}, {"ration": "equal"}, []),
    "one priority after the other": (
        ["O1 A4 !2", "O2 A4 !2", "O3 A4 !1"],
        {"A": 6},
        {"ration": "equal", "queue": "priority"},
        ["O3 A4", "O1 A1", "O2 A1"],
    ),
    "one street date after the other": (
        ["O1 A4 ~-1", "O2 A4", "O3 A4 ~-1"],
        {"A": 7},
        {"ration": "equal", "queue": "earliest_street_date"},
        ["O2 A4", "O1 A2", "O3 A1"],
    ),
    "one key after the other": (
        ["O1 A4", "O2 A3", "O3 A4"],
        {"A": 6},
        {"ration": "equal", "queue": lambda waiting: waiting.quantity},
        ["O2 A3", "O1 A2", "O3 A1"],
    ),
    "each SKU by itself": (
        ["O1 A2", "O2 B2", "O3 A2"],
        {"A": 2, "B": 1},
        {"ration": "equal"},
        ["O1 A1", "O2 B1", "O3 A1"],
    ),
    "who is on hold has no share": (
        ["O1 A2 ?review", "O2 A2", "O3 A2 ~1", "O4 A2"],
        {"A": 2},
        {"ration": "equal"},
        ["O2 A1", "O4 A1"],
    ),
    "nobody waits": ([], {"A": 6}, {"ration": "equal"}, []),
}


@pytest.mark.parametrize(("queue", "available", "policy", "given"), RATIONED.values(), ids=RATIONED.keys())
def test_a_fair_rule_shares_among_equals(queue, available, policy, given):
    assert short(shared(queue, available, **policy).grants) == given


@pytest.mark.parametrize("convert", [iter, tuple, set, lambda queue: (waiting for waiting in queue)])
def test_a_queue_and_grants_are_any_iterables(convert):
    queue, held = lines(*THREE), grants("O1 A1", "O2 A1")
    found = allocate(convert(queue), available={"A": 5}, at=NOW, grants=convert(held))
    assert found == allocate(queue, available={"A": 5}, at=NOW, grants=held)


def test_an_instant_in_another_zone_is_the_same_now():
    elsewhere = NOW.astimezone(dt.timezone(DAY / 4))
    queue = lines("O1 A1 ~0")
    assert allocate(queue, available={"A": 1}, at=elsewhere) == allocate(queue, available={"A": 1}, at=NOW)


REFUSED = {
    "now is a day": ({"at": NOW.date()}, "at", "instant.invalid", "must be an instant"),
    "now has no offset": ({"at": NOW.replace(tzinfo=None)}, "at", "instant.naive", "must have a UTC offset"),
    "available is no mapping": ({"available": [("A", 1)]}, "available", "type.invalid", "must be a mapping"),
    "units below 0": ({"available": {"A": -1}}, "available['A']", "units.invalid", "must be a whole number >= 0"),
    "half units": ({"available": {"A": 0.5}}, "available['A']", "units.invalid", "must be a whole number >= 0"),
    "units that are true": ({"available": {"A": True}}, "available['A']", "units.invalid", "must be a whole number"),
    "units that are not given": ({"available": {"A": None}}, "available['A']", "units.invalid", "must be a whole"),
    "a SKU that is no text": ({"available": {5: 1}}, "available key", "text.invalid", "must be text that is not blank"),
    "no policy": ({"policy": None}, "policy", "type.invalid", "must be an AllocationPolicy (got None)"),
    "a policy's name": ({"policy": "fifo"}, "policy", "type.invalid", "must be an AllocationPolicy (got 'fifo')"),
}


@pytest.mark.parametrize(("given", "path", "code", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_argument_is_refused(given, path, code, message):
    with pytest.raises(InvalidArgument, match=re.escape(message)) as found:
        allocate(lines("O1 A1"), **{"available": {"A": 1}, "at": NOW, **given})
    assert (found.value.path, found.value.code) == (path, code)


@pytest.mark.parametrize(
    ("queue", "path", "message"),
    [
        ("O1 A1", "queue", "must be a sequence of WaitingLine (got 'O1 A1')"),
        (b"", "queue", "must be a sequence of WaitingLine"),
        ({}, "queue", "must be a sequence of WaitingLine (got {})"),
        (None, "queue", "must be a sequence of WaitingLine (got None)"),
        (line("O1 A1"), "queue", "must be a sequence of WaitingLine"),
        ([line("O1 A1"), "O2 A1"], "queue[1]", "must be a WaitingLine (got 'O2 A1')"),
    ],
    ids=["text", "bytes", "a mapping", "None", "a line", "an item"],
)
def test_what_is_no_queue_is_refused(queue, path, message):
    with pytest.raises(InvalidArgument, match=re.escape(message)) as found:
        allocate(queue, available={}, at=NOW)
    assert (found.value.path, found.value.code) == (path, "type.invalid")


# The result as a value


def test_an_order_is_asked_about():
    found = shared(["O2/2 A1", "O1 A1 @1", "O2/1 A1"], {"A": 2})
    assert list(map(told, found.of("O2"))) == ["O2 granted 1+0 A", "O2/2 granted 1+0 A"]
    assert list(map(told, found.of("O1"))) == ["O1 no_stock 0+1 A-1 <O2"]
    assert found.of("O2") == found.decisions[:2]


@pytest.mark.parametrize(
    ("order_id", "code", "message"),
    [
        ("O9", "order.unknown", "must be an order of the queue (got 'O9')"),
        (" ", "text.invalid", "must be text that is not blank (got ' ')"),
        (1, "text.invalid", "must be text that is not blank (got 1)"),
    ],
)
def test_an_order_that_is_not_there_is_refused(order_id, code, message):
    with pytest.raises(InvalidArgument) as found:
        shared(["O1 A1"], {}).of(order_id)
    assert (str(found.value), found.value.code) == (f"order_id: {message}", code)


@pytest.mark.parametrize(
    "policy",
    [{}, {"shortage": "strict", "unit": "order"}, {"unserved": "unfulfillable"}, {"queue": lambda _: 0}],
    ids=["default", "strict orders", "unfulfillable", "a key of its own"],
)
@pytest.mark.parametrize("looked_at", [False, True], ids=["untouched", "looked at"])
def test_an_allocation_is_pickled_and_copied_without_loss(policy, looked_at):
    found = shared(["O1/1 A2", "O1/2 B1", "O2 A2 ?review", "O3 A1"], {"A": 3}, ["O1/1 A1"], **policy)
    if looked_at:
        list(found.decisions)
        found.of("O1")
    for duplicate in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
        assert duplicate == found
        assert hash(duplicate) == hash(found)
        assert duplicate.of("O1") == found.of("O1")
        assert compare_allocations(found, duplicate).units == {}


def test_equal_allocations_need_not_come_from_equal_queues():
    # A priority that decided nothing is not in what they say.
    one, other = shared(["O1 A1 !1"], {"A": 1}), shared(["O1 A1 !2"], {"A": 1})
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other}) == 1


@pytest.mark.parametrize(
    "other",
    [
        (["O1 A2"], {"A": 2}, []),
        (["O1 A2"], {"A": 1, "B": 0}, []),
        (["O1 A2"], {"A": 1}, ["O1 A1"]),
        (["O1 A2 ?review"], {"A": 1}, []),
    ],
    ids=["more stock", "another SKU", "held before", "on hold"],
)
def test_other_allocations_are_not_equal(other):
    assert shared(["O1 A2"], {"A": 1}) != shared(*other)


def test_an_allocation_does_not_change():
    found = shared(["O1 A2"], {"A": 1})
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.grants = ()
    with pytest.raises(TypeError):
        found.left_over["A"] = 5
    with pytest.raises(TypeError):
        found.grants[0] = found.grants[0]


def test_an_allocation_of_many_shows_their_beginning():
    found = shared([f"O{number} A1" for number in range(9)], {"A": 5})
    shown = repr(found)
    assert "'O0'" in shown
    assert "'O8'" not in shown
    assert [part for part in ("and 2 more", "and 1 more", "and 6 more") if part in shown] == [
        "and 2 more",
        "and 1 more",
        "and 6 more",
    ]
    assert "Verdicts" not in shown


def test_sequences_are_sliced_and_counted():
    found = shared([f"O{number} A1" for number in range(9)], {"A": 5})
    assert (len(found.grants), len(found.added), len(found.waiting), len(found.decisions)) == (5, 5, 4, 9)
    assert short(found.grants[1:3]) == ["O1 A1", "O2 A1"]
    assert short([found.waiting[-1]]) == ["O8 A1"]
    assert told(found.decisions[5]) == "O5 no_stock 0+1 A-1 <O4"
    assert found.grants[0] in found.grants


# Two allocations side by side


def compared(before: Allocation, after: Allocation) -> tuple[list[str], list[str], list[str], dict[str, int]]:
    found = compare_allocations(before, after)
    assert isinstance(found, AllocationComparison)
    written = [
        [f"{change.after.order_id} {change.before.code} {change.after.code} {change.units:+}" for change in changes]
        for changes in (found.gained, found.lost, found.changed)
    ]
    return (*written, dict(found.units))


def test_priority_gives_to_one_and_takes_from_the_other():
    queue = ["O1 A2 !5", "O2 A2 !1", "O3 A1 !9"]
    before, after = shared(queue, {"A": 3}), shared(queue, {"A": 3}, queue="priority")
    # In place order of the second: O2, O1, O3. The last of them found nothing before, behind O2, and now behind O1.
    assert compared(before, after) == (
        ["O2 partial granted +1"],
        ["O1 granted partial -1"],
        ["O3 no_stock no_stock +0"],
        {},
    )


def test_more_stock_gives_more_units_of_a_sku():
    queue = ["O1 B2", "O2 A2", "O3 SET1"]
    before, after = shared(queue, {"A": 1, "B": 1}), shared(queue, {"A": 9, "B": 1})
    # The bundle lacked both of its components, and A by its name came first; now it is B alone.
    changed = ["O3 component_short component_short +0"]
    assert compared(before, after) == (["O2 partial granted +1"], [], changed, {"A": 1})


def test_units_are_of_the_skus_of_lines_in_their_order():
    queue = ["O1 SET1", "O2 C1"]
    before, after = shared(queue, {"A": 1, "B": 1}), shared(queue, {"C": 1})
    found = compare_allocations(before, after)
    assert list(found.units.items()) == [("C", 1), ("SET", -1)]
    assert [change.units for change in (*found.gained, *found.lost)] == [1, -1]
    assert list(compare_allocations(after, before).units.items()) == [("C", -1), ("SET", 1)]


def test_an_allocation_beside_itself_changes_nothing():
    found = shared(THREE, {"A": 5})
    assert compare_allocations(found, found) == AllocationComparison(gained=(), lost=(), changed=(), units={})


def test_lines_are_matched_whatever_places_they_have():
    queue = [f"O{number} A1 !{9 - number}" for number in range(10)]
    before, after = shared(queue, {"A": 10}), shared(queue, {"A": 10}, queue="priority")
    assert compared(before, after) == ([], [], [], {})


@pytest.mark.parametrize(
    "other",
    [["O1 A1"], ["O1 A1", "O2 A1", "O3 A1"], ["O1 A1", "O2 A2"], ["O1 A1", "O2 B1"], ["O1 A1", "O2/2 A1"]],
    ids=["one left", "one came", "another claim", "another SKU", "another line"],
)
@pytest.mark.parametrize("turned", [False, True])
def test_allocations_of_other_lines_are_not_compared(other, turned):
    both = [shared(["O1 A1", "O2 A1"], {"A": 1}), shared(other, {"A": 1})]
    with pytest.raises(InvalidArgument, match=r"^after: must be of the same lines as before, with the same") as found:
        compare_allocations(*both[::-1] if turned else both)
    assert (found.value.path, found.value.code) == ("after", "allocation.other_queue")


def test_the_first_line_that_differs_is_named():
    before = shared(["O1 A1", "O5 A1", "O4 A1", "O3 A1"], {})
    with pytest.raises(InvalidArgument, match="must be of the same lines as before") as found:
        compare_allocations(before, shared(["O1 A1", "O9 A1", "O8 A1"], {}))
    assert found.value.value == ("O3", "1", "A", 1)


@pytest.mark.parametrize(("both", "path"), [((None, 1), "before"), ((1, None), "after")])
def test_what_is_no_allocation_is_not_compared(both, path):
    known = shared(["O1 A1"], {"A": 1})
    with pytest.raises(InvalidArgument, match=re.escape("must be an Allocation (got None)")) as found:
        compare_allocations(*(known if given else None for given in both))
    assert (found.value.path, found.value.code) == (path, "type.invalid")
