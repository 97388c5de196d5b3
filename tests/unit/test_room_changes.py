"""Newcomers, units that come back, claims that become smaller. Queues are written as queue_notation says."""

import pickle
import re

import attrs
import pytest
from queue_notation import grants, line, lines, short

from preorder_kit import (
    UNLIMITED,
    AllocationPolicy,
    InvalidArgument,
    Reduction,
    Revocation,
    free_for_new,
    reduce_line,
    revoke,
)

ORDERS = {"unit": "order"}

FREE = {
    # queue, available, grants, free
    "more is waited for than is there": (["O1 A7"], {"A": 5}, [], {"A": 0}),
    "some is left": (["O1 A2", "O2 A1"], {"A": 5}, [], {"A": 2}),
    "nobody waits": ([], {"A": 5, "B": 0}, [], {"A": 5, "B": 0}),
    "each SKU by itself, in the order in which they are named": (["O1 A1"], {"C": 1, "A": 4}, [], {"C": 1, "A": 3}),
    "a SKU that is not named": (["O1 A1", "O2 B1"], {"B": 4}, [], {"B": 3}),
    "what is granted is a part of the claim": (["O1 A3"], {"A": 5}, ["O1 A2"], {"A": 2}),
    "on hold: its units are free": (["O1 A3 ?unpaid"], {"A": 5}, [], {"A": 5}),
    "on hold: but not those it holds": (["O1 A3 ?unpaid"], {"A": 5}, ["O1 A2"], {"A": 3}),
    "on hold and not due": (["O1 A3 ?unpaid ~1"], {"A": 5}, [], {"A": 5}),
    "not due: its units are kept": (["O1 A3 ~1"], {"A": 5}, [], {"A": 2}),
    "components of a bundle": (["O1 BOX2", "O2 A1"], {"A": 5, "B": 5, "BOX": 1}, [], {"A": 2, "B": 1, "BOX": 1}),
    "components of a bundle on hold": (["O1 BOX2 ?unpaid"], {"A": 5, "B": 5}, ["O1 BOX1"], {"A": 4, "B": 3}),
    "fees need none": (["O1 FEES9"], {"A": 1}, [], {"A": 1}),
    "a whole order of which a line is on hold": (
        ["O1/1 A2 *", "O1/2 B2 ?review"],
        {"A": 5, "B": 5},
        [],
        {"A": 3, "B": 5},
    ),
    "more is held than is there": (["O1 A3"], {"A": 1}, ["O1 A3"], {"A": 0}),
    "no bound": (["O1 A3"], {"A": UNLIMITED, "B": 1}, [], {"A": UNLIMITED, "B": 1}),
}


@pytest.mark.parametrize(("queue", "available", "held", "free"), FREE.values(), ids=FREE.keys())
def test_newcomers_may_buy_what_nobody_waits_for(queue, available, held, free):
    found = free_for_new(lines(*queue), available=available, grants=grants(*held))
    assert list(found.items()) == list(free.items())
    assert free_for_new(iter(lines(*queue)[::-1]), available=available, grants=iter(grants(*held))) == free


def test_what_is_free_is_frozen():
    found = free_for_new([], available={"A": 1})
    with pytest.raises(TypeError):
        found["A"] = 2
    assert hash(found) == hash(free_for_new([], available={"A": 1}))


REVOKED = {
    # queue, grants, to take back, policy, grants still held, revoked, freed
    "from the last": (["O1 A2", "O2 A2"], ["O1 A2", "O2 A2"], {"A": 1}, {}, ["O1 A2", "O2 A1"], ["O2 A1"], {"A": 1}),
    "from the last, then from the one before": (
        ["O1 A2", "O2 A2"],
        ["O1 A2", "O2 A2"],
        {"A": 3},
        {},
        ["O1 A1"],
        ["O1 A1", "O2 A2"],
        {"A": 3},
    ),
    "all, if more is asked for than is held": (
        ["O1 A2", "O2 A3"],
        ["O1 A1", "O2 A3"],
        {"A": 9},
        {},
        [],
        ["O1 A1", "O2 A3"],
        {"A": 4},
    ),
    "nothing": (["O1 A2"], ["O1 A2"], {"A": 0}, {}, ["O1 A2"], [], {}),
    "nothing, by no name": (["O1 A2"], ["O1 A2"], {}, {}, ["O1 A2"], [], {}),
    "of what nobody holds": (["O1 A2", "O2 B1"], ["O1 A2"], {"B": 1}, {}, ["O1 A2"], [], {}),
    "a line that holds nothing is passed over": (["O1 A2", "O2 A2"], ["O1 A1"], {"A": 1}, {}, [], ["O1 A1"], {"A": 1}),
    "a line of another SKU is passed over": (
        ["O1 A2", "O2 B2"],
        ["O1 A2", "O2 B2"],
        {"A": 1},
        {},
        ["O1 A1", "O2 B2"],
        ["O1 A1"],
        {"A": 1},
    ),
    "who is on hold is no exception": (
        ["O1 A1", "O2 A1 ?review"],
        ["O1 A1", "O2 A1"],
        {"A": 1},
        {},
        ["O1 A1"],
        ["O2 A1"],
        {"A": 1},
    ),
    "several grants of a line are one": (["O1 A3"], ["O1 A1", "O1 A2"], {"A": 1}, {}, ["O1 A2"], ["O1 A1"], {"A": 1}),
    "the policy says who is last": (
        ["O1 A2 !5", "O2 A2 !1"],
        ["O1 A2", "O2 A2"],
        {"A": 1},
        {"queue": "priority"},
        ["O2 A2", "O1 A1"],
        ["O1 A1"],
        {"A": 1},
    ),
    "what a line does not get in part it may give": (
        ["O1 A2"],
        ["O1 A2"],
        {"A": 1},
        {"shortage": "strict"},
        ["O1 A1"],
        ["O1 A1"],
        {"A": 1},
    ),
    "under a fair rule, too": (
        ["O1 A2", "O2 A2"],
        ["O1 A1", "O2 A1"],
        {"A": 1},
        {"ration": "equal"},
        ["O1 A1"],
        ["O2 A1"],
        {"A": 1},
    ),
    # bundles
    "a whole bundle": (["O1 PAIR2"], ["O1 PAIR2"], {"A": 1}, {}, ["O1 PAIR1"], ["O1 PAIR1"], {"A": 2}),
    "as many bundles as cover it": (["O1 BOX3"], ["O1 BOX3"], {"B": 3}, {}, ["O1 BOX1"], ["O1 BOX2"], {"A": 2, "B": 4}),
    "what bundles free beyond it is enough": (
        ["O1 A2", "O2 PAIR1"],
        ["O1 A2", "O2 PAIR1"],
        {"A": 1},
        {},
        ["O1 A2"],
        ["O2 PAIR1"],
        {"A": 2},
    ),
    "a bundle covers two that are asked for": (
        ["O1 A1", "O2 SET1"],
        ["O1 A1", "O2 SET1"],
        {"A": 1, "B": 1},
        {},
        ["O1 A1"],
        ["O2 SET1"],
        {"A": 1, "B": 1},
    ),
    "two are asked for in different amounts": (
        ["O1 A3", "O2 SET3"],
        ["O1 A3", "O2 SET3"],
        {"A": 4, "B": 1},
        {},
        ["O1 A2"],
        ["O1 A1", "O2 SET3"],
        {"A": 4, "B": 3},
    ),
    "a bundle is asked for by its components": (["O1 SET1"], ["O1 SET1"], {"SET": 1}, {}, ["O1 SET1"], [], {}),
    "fees hold nothing": (
        ["O1 A1", "O2 FEES1"],
        ["O1 A1", "O2 FEES1"],
        {"A": 1},
        {},
        ["O2 FEES1"],
        ["O1 A1"],
        {"A": 1},
    ),
    # orders as a whole
    "a whole order": (
        ["O1/1 A2", "O1/2 B1", "O1/3 C1"],
        ["O1/1 A2", "O1/2 B1"],
        {"A": 1},
        ORDERS,
        [],
        ["O1 A2", "O1/2 B1"],
        {"A": 2, "B": 1},
    ),
    "an order that ships complete": (
        ["O1/1 A2", "O1/2 B1 *"],
        ["O1/1 A2", "O1/2 B1"],
        {"A": 1},
        {},
        [],
        ["O1 A2", "O1/2 B1"],
        {"A": 2, "B": 1},
    ),
    "a line of another order": (
        ["O1/1 A2", "O1/2 B1"],
        ["O1/1 A2", "O1/2 B1"],
        {"A": 1},
        {},
        ["O1 A1", "O1/2 B1"],
        ["O1 A1"],
        {"A": 1},
    ),
    "an order is passed over that holds none of it": (
        ["O1/1 A1", "O1/2 B1", "O2/1 A1", "O2/2 B1"],
        ["O1/1 A1", "O1/2 B1", "O2/2 B1"],
        {"A": 1},
        ORDERS,
        ["O2/2 B1"],
        ["O1 A1", "O1/2 B1"],
        {"A": 1, "B": 1},
    ),
    "what an order frees beyond it is enough": (
        ["O1 B1", "O2/1 A1", "O2/2 B2"],
        ["O1 B1", "O2/1 A1", "O2/2 B2"],
        {"A": 1, "B": 1},
        ORDERS,
        ["O1 B1"],
        ["O2 A1", "O2/2 B2"],
        {"A": 1, "B": 2},
    ),
    "an order among lines of their own": (
        ["O1 A2", "O2/1 A1 *", "O2/2 A1", "O3 A2"],
        ["O1 A2", "O2/1 A1", "O2/2 A1", "O3 A2"],
        {"A": 3},
        {},
        ["O1 A2"],
        ["O2 A1", "O2/2 A1", "O3 A2"],
        {"A": 4},
    ),
}


@pytest.mark.parametrize("case", REVOKED.values(), ids=REVOKED.keys())
def test_units_come_back_from_the_last(case):
    queue, held, asked, policy, kept, revoked, freed = case
    given = {"take_back": asked, "policy": AllocationPolicy(**policy)}
    found = revoke(lines(*queue), grants=grants(*held), **given)
    assert (short(found.grants), short(found.revoked)) == (kept, revoked)
    assert list(found.freed.items()) == list(freed.items())
    assert revoke(iter(lines(*queue)[::-1]), grants=reversed(grants(*held)), **given) == found


def test_what_comes_free_is_in_the_order_of_the_skus():
    queue, held = lines("O1 A1", "O2 B1", "O3 C1"), grants("O1 A1", "O2 B1", "O3 C1")
    assert list(revoke(queue, grants=held, take_back={"C": 1, "A": 1, "B": 1}).freed) == ["A", "B", "C"]


def test_first_come_first_served_is_who_gives_if_no_policy_is_named():
    queue, held = lines("O1 A1 !9", "O2 A1 !1"), grants("O1 A1", "O2 A1")
    assert short(revoke(queue, grants=held, take_back={"A": 1}).grants) == ["O1 A1"]


def test_a_revocation_is_a_value():
    queue, held = lines("O1 A1", "O2 A1"), grants("O1 A1", "O2 A1")
    found = revoke(queue, grants=held, take_back={"A": 1})
    assert pickle.loads(pickle.dumps(found)) == found
    assert found == Revocation(grants=tuple(held[:1]), revoked=tuple(held[1:]), freed={"A": 1})
    assert hash(found) == hash(revoke(queue, grants=held, take_back={"A": 1}))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.freed = {}


REDUCED = {
    # queue, grants, line, to, queue, grants, freed
    "waiting units go first": (["O1 A5"], ["O1 A2"], "O1/1", 3, ["O1 A3"], ["O1 A2"], {}),
    "all that waits": (["O1 A5"], ["O1 A2"], "O1/1", 2, ["O1 A2"], ["O1 A2"], {}),
    "and then what is granted": (["O1 A5"], ["O1 A2"], "O1/1", 1, ["O1 A1"], ["O1 A1"], {"A": 1}),
    "to nothing": (["O1 A5", "O2 A1"], ["O1 A2", "O2 A1"], "O1/1", 0, ["O2 A1"], ["O2 A1"], {"A": 2}),
    "to nothing, and it held nothing": (["O1 A5"], [], "O1/1", 0, [], [], {}),
    "to what it claims": (["O1 A5"], ["O1 A5"], "O1/1", 5, ["O1 A5"], ["O1 A5"], {}),
    "the first of several grants gives first": (
        ["O1 A4"],
        ["O1 A1", "O1 A2"],
        "O1/1",
        1,
        ["O1 A1"],
        ["O1 A1"],
        {"A": 2},
    ),
    "the first of several grants gives a part": (
        ["O1 A4"],
        ["O1 A3", "O1 A1"],
        "O1/1",
        2,
        ["O1 A2"],
        ["O1 A1", "O1 A1"],
        {"A": 2},
    ),
    "components of a bundle": (["O1 BOX3"], ["O1 BOX2"], "O1/1", 1, ["O1 BOX1"], ["O1 BOX1"], {"A": 1, "B": 2}),
    "fees free nothing": (["O1 FEES2"], ["O1 FEES2"], "O1/1", 0, [], [], {}),
    "other lines stay as and where they are": (
        ["O9 A2 @1", "O1/2 B3", "O1/1 A3 @5", "O0 A1"],
        ["O9 A1", "O1/1 A3", "O1/2 B1"],
        "O1/1",
        2,
        ["O9 A2", "O1/2 B3", "O1 A2", "O0 A1"],
        ["O9 A1", "O1 A2", "O1/2 B1"],
        {"A": 1},
    ),
    "a line of a whole order": (
        ["O1/1 A2 *", "O1/2 B1"],
        ["O1/1 A2", "O1/2 B1"],
        "O1/2",
        0,
        ["O1 A2"],
        ["O1 A2"],
        {"B": 1},
    ),
    "a line on hold that is not due": (["O1 A3 ?unpaid ~1"], ["O1 A2"], "O1/1", 1, ["O1 A1"], ["O1 A1"], {"A": 1}),
}


@pytest.mark.parametrize("case", REDUCED.values(), ids=REDUCED.keys())
def test_a_claim_becomes_smaller(case):
    queue, held, name, to, left, kept, freed = case
    order_id, _, line_id = name.partition("/")
    given = {"grants": grants(*held), "order_id": order_id, "line_id": line_id, "to": to}
    found = reduce_line(lines(*queue), **given)
    assert (short(found.queue), short(found.grants)) == (left, kept)
    assert list(found.freed.items()) == list(freed.items())
    assert reduce_line(iter(lines(*queue)), **given) == found


def test_a_smaller_claim_is_the_line_otherwise():
    waiting = line("O1 BOX5 @3 !2 ~1 ?review *", value=7)
    found = reduce_line([waiting], grants=[], order_id="O1", line_id="1", to=2)
    assert found == Reduction(queue=(attrs.evolve(waiting, quantity=2),), grants=(), freed={})
    assert hash(found) == hash(Reduction(queue=(attrs.evolve(waiting, quantity=2),), grants=(), freed=found.freed))
    assert pickle.loads(pickle.dumps(found)) == found


# Refused


def free(queue, **given):
    return free_for_new(queue, **{"available": {}, **given})


def taken_back(queue, **given):
    return revoke(queue, **{"grants": [], "take_back": {}, **given})


def reduced(queue, **given):
    return reduce_line(queue, **{"grants": [], "order_id": "O1", "line_id": "1", "to": 0, **given})


EACH = pytest.mark.parametrize("call", [free, taken_back, reduced])
WRONG = {
    "a grant of no line": ({"grants": grants("O9 A1")}, "grants[0]", "grant.unknown", "must be of a line in the queue"),
    "a grant of another SKU": (
        {"grants": grants("O1 B1")},
        "grants[0].sku",
        "grant.sku",
        "must be A, the SKU of order O1",
    ),
    "a grant beyond the claim": (
        {"grants": grants("O1 A3")},
        "grants[0].quantity",
        "grant.excess",
        "claims, 2 (got 3)",
    ),
    "no grant": ({"grants": ["O1"]}, "grants[0]", "type.invalid", "must be a Grant (got 'O1')"),
}


@EACH
@pytest.mark.parametrize(("given", "path", "code", "message"), WRONG.values(), ids=WRONG.keys())
def test_grants_must_fit_the_queue(call, given, path, code, message):
    with pytest.raises(InvalidArgument, match=re.escape(message)) as found:
        call(lines("O1 A2"), **given)
    assert (found.value.path, found.value.code) == (path, code)


@EACH
@pytest.mark.parametrize("given", [None, 5, "O1"], ids=repr)
def test_grants_must_be_some(call, given):
    with pytest.raises(InvalidArgument, match="grants: must be a sequence") as found:
        call(lines("O1 A2"), grants=given)
    assert (found.value.path, found.value.code) == ("grants", "type.invalid")


@EACH
@pytest.mark.parametrize(
    ("queue", "path", "code"),
    [
        (None, "queue", "type.invalid"),
        ("O1 A1", "queue", "type.invalid"),
        (["O1 A1"], "queue[0]", "type.invalid"),
        (lines("O1 A1", "O1 A1"), "queue[1]", "id.repeated"),
    ],
    ids=["None", "text", "a text in it", "a line twice"],
)
def test_a_queue_must_be_one(call, queue, path, code):
    with pytest.raises(InvalidArgument, match=re.escape(path)) as found:
        call(queue)
    assert (found.value.path, found.value.code) == (path, code)


OTHERS = {
    "units below 0": (free, {"available": {"A": -1}}, "available['A']", "units.invalid", "must be a whole number >= 0"),
    "available that is a list": (free, {"available": ["A"]}, "available", "type.invalid", "must be a mapping"),
    "to take back units below 0": (taken_back, {"take_back": {"A": -1}}, "take_back['A']", "units.invalid", "(got -1)"),
    "to take back half units": (taken_back, {"take_back": {"A": 0.5}}, "take_back['A']", "units.invalid", "(got 0.5)"),
    "to take back True": (taken_back, {"take_back": {"A": True}}, "take_back['A']", "units.invalid", "(got True)"),
    "to take back all": (taken_back, {"take_back": {"A": UNLIMITED}}, "take_back['A']", "units.invalid", ">= 0"),
    "to take back a SKU": (taken_back, {"take_back": "A"}, "take_back", "type.invalid", "must be a mapping (got 'A')"),
    "to take back no SKU": (taken_back, {"take_back": {"": 1}}, "take_back key", "text.invalid", "must be text"),
    "by no policy": (taken_back, {"policy": None}, "policy", "type.invalid", "must be an AllocationPolicy (got None)"),
    "by a rule that a bundle has not": (
        taken_back,
        {"policy": AllocationPolicy(ration="equal")},
        "queue[1]",
        "policy.ration",
        "must be no bundle",
    ),
    "a line that is not there": (
        reduced,
        {"line_id": "9"},
        "line_id",
        "line.unknown",
        "must be a line of the queue (got ('O1', '9'))",
    ),
    "an order that is not there": (reduced, {"order_id": "O9"}, "line_id", "line.unknown", "(got ('O9', '1'))"),
    "an order that is a number": (
        reduced,
        {"order_id": 1},
        "order_id",
        "text.invalid",
        "must be text that is not blank",
    ),
    "a blank line": (reduced, {"line_id": ""}, "line_id", "text.invalid", "must be text that is not blank (got '')"),
    "to more than is claimed": (
        reduced,
        {"to": 3},
        "to",
        "line.excess",
        "must not be more than the line claims, 2 (got 3)",
    ),
    "to less than nothing": (reduced, {"to": -1}, "to", "units.invalid", "must be a whole number >= 0 (got -1)"),
    "to half a unit": (reduced, {"to": 0.5}, "to", "units.invalid", "must be a whole number >= 0 (got 0.5)"),
    "to False": (reduced, {"to": False}, "to", "units.invalid", "must be a whole number >= 0 (got False)"),
}


@pytest.mark.parametrize(("call", "given", "path", "code", "message"), OTHERS.values(), ids=OTHERS.keys())
def test_what_cannot_be_asked_is_refused(call, given, path, code, message):
    with pytest.raises(InvalidArgument, match=re.escape(message)) as found:
        call(lines("O1 A2", "O2 SET1"), **given)
    assert (found.value.path, found.value.code) == (path, code)
