"""Who stands where, and what queues, policies and grants are refused for. Lines are written as queue_notation says."""

import datetime as dt
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from queue_notation import FIRST, HOUR, NOW, grants, line, lines, short

from preorder_kit import (
    AllocationPolicy,
    AllocationUnit,
    Grant,
    InvalidArgument,
    QueueOrder,
    Rationing,
    Shortage,
    Unserved,
    WaitingLine,
    allocate,
)
from preorder_kit._queueing import line_up

MICROSECOND = dt.timedelta(microseconds=1)
LAST = dt.datetime.max.replace(tzinfo=dt.timezone.utc)
BEGINNING = dt.datetime.min.replace(tzinfo=dt.timezone.utc)


def lined_up(queue, /, **policy) -> list[str]:
    """Return the lines in the order of their places, ``<order>[/<line>]``."""
    found = line_up(queue, policy=AllocationPolicy(**policy))
    return [item.partition(" ")[0] for item in short(map(found.line, range(len(found.order))))]


PLACES = {
    "nobody": ([], {}, ""),
    "one": (["O1 A1"], {}, "O1"),
    "who was placed first": (["O1 A1 @2", "O2 A1 @1", "O3 A1 @3"], {}, "O2 O1 O3"),
    "at one instant, ids as text": (["O2 A1", "O10 A1", "O1 A1", "O A1", "o1 A1"], {}, "O O1 O10 O2 o1"),
    "lines of one order, ids as text": (["O1/2 A1", "O1/10 A1", "O1/1 A1"], {}, "O1 O1/10 O1/2"),
    "an order before its lines": (["P/0 A1", "O/9 A1", "O2/0 A1"], {}, "O/9 O2/0 P/0"),
    "all lines of an order before those of an id that goes on": (
        ["O1/2 A1", "O/9 A1", "O1/0 A1", "O/8 A1"],
        {},
        "O/8 O/9 O1/0 O1/2",
    ),
    "the instant before the id": (["O1 A1 @1", "O2 A1 @0"], {}, "O2 O1"),
    "one order's lines at different instants": (["O1/1 A1 @2", "O2 A1 @1", "O1/2 A1 @0"], {}, "O1/2 O2 O1"),
    "several ties, each by itself": (["O4 A1 @1", "O3 A1 @1", "O2 A1", "O1 A1", "O5 A1 @2"], {}, "O1 O2 O3 O4 O5"),
    "the lowest priority number": (
        ["O1 A1 !3", "O2 A1 !-1", "O3 A1", "O4 A1 !10"],
        {"queue": "priority"},
        "O2 O3 O1 O4",
    ),
    "of one priority, who was placed first": (
        ["O1 A1 !1 @2", "O2 A1 !1 @1", "O4 A1 !0 @9", "O3 A1 !0 @9"],
        {"queue": "priority"},
        "O3 O4 O2 O1",
    ),
    "FIFO knows no priority": (["O1 A1 !9", "O2 A1 !1"], {}, "O1 O2"),
    "no street date, then the earliest": (
        ["O1 A1 ~3", "O2 A1 ~-3", "O3 A1", "O4 A1 ~0", "O0 A1 @5"],
        {"queue": "earliest_street_date"},
        "O3 O0 O2 O4 O1",
    ),
    "of one street date, who was placed first": (
        ["O1 A1 ~1 @2", "O2 A1 ~1 @1"],
        {"queue": "earliest_street_date"},
        "O2 O1",
    ),
    "the street date in force is a component's": (
        ["O1 GIFT1", "O2 A1 ~2", "O3 A1 ~0"],
        {"queue": "earliest_street_date"},
        "O3 O1 O2",
    ),
    "the street date in force is the line's, if it is later": (
        ["O1 GIFT1 ~3", "O2 A1 ~2"],
        {"queue": "earliest_street_date"},
        "O2 O1",
    ),
    "by a key, the smallest first": (
        ["O1 A3", "O2 A1", "O3 A2"],
        {"queue": lambda waiting: waiting.quantity},
        "O2 O3 O1",
    ),
    "equal keys, who was placed first": (
        ["O1 A3 @1", "O2 A1 @1", "O3 A2"],
        {"queue": lambda _: "same"},
        "O3 O1 O2",
    ),
    "a key of several things": (
        ["O1 B1 !1", "O2 A1 !2", "O3 A1 !1"],
        {"queue": lambda waiting: (waiting.sku, waiting.priority)},
        "O3 O2 O1",
    ),
    "keys of one line need no order": (["O1 A1"], {"queue": lambda _: None}, "O1"),
    "orders together, at the place of their first lines": (
        ["O2/1 A1 @1", "O1/1 A1 @3", "O2/2 A1 @4", "O3 A1 @2", "O1/2 A1 @0"],
        {"unit": "order"},
        "O1/2 O1 O2 O2/2 O3",
    ),
    "orders together, by the priority of their first lines": (
        ["O1/1 A1 !5", "O2 A1 !2", "O1/2 A1 !1"],
        {"unit": "order", "queue": "priority"},
        "O1/2 O1 O2",
    ),
    "orders of one line": (["O2 A1", "O1 A1"], {"unit": "order"}, "O1 O2"),
    "orders whose lines stand together": (["O2 A1", "O1/1 A1", "O1/2 A1"], {"unit": "order"}, "O1 O1/2 O2"),
    "only orders that ship complete are together": (
        ["O1/1 A1 @0", "O2/1 A1 @1", "O3/1 A1 @2", "O1/2 A1 @3", "O2/2 A1 @4 *", "O3/2 A1 @5 *"],
        {},
        "O1 O2 O2/2 O3 O3/2 O1/2",
    ),
}


@pytest.mark.parametrize(("queue", "policy", "places"), PLACES.values(), ids=PLACES.keys())
def test_each_line_has_its_place(queue, policy, places):
    assert lined_up(lines(*queue), **policy) == places.split()
    assert lined_up(reversed(lines(*queue)), **policy) == places.split()


def test_claims_are_whole_orders_and_lines_by_themselves():
    queue = lines("O1/1 A1 *", "O1/2 A1", "O2/1 A1 @1", "O2/2 A1 @2")
    assert line_up(queue, policy=AllocationPolicy()).starts == [0, 2, 3]
    assert line_up(queue, policy=AllocationPolicy(unit="order")).starts == [0, 2]


NUL = {
    "before whatever comes after it": ([("O\0", "1"), ("O", "1")], [1, 0]),
    "before the line counts": ([("O\0", "0"), ("O", "9"), ("O", "1")], [2, 1, 0]),
    "and does not make one of two": ([("O\0", "x"), ("O", "\0x"), ("O", "1")], [1, 2, 0]),
    "in a line's id": ([("O", "1"), ("O", "\0"), ("O", "\0\0")], [1, 2, 0]),
    "before the next letter": ([("O!", "1"), ("O", "2"), ("O\0\0", "1"), ("O", "1"), ("O\0", "2")], [3, 1, 4, 2, 0]),
}


@pytest.mark.parametrize(("names", "places"), NUL.values(), ids=NUL.keys())
def test_a_nul_in_an_id_is_a_letter_like_others(names, places):
    queue = [line("O A1", order_id=order_id, line_id=line_id) for order_id, line_id in names]
    assert list(line_up(queue, policy=AllocationPolicy()).order) == places


INSTANTS = {
    "a microsecond in this year": (NOW, NOW + MICROSECOND),
    "a microsecond in the last year": (LAST - MICROSECOND, LAST),
    "a microsecond in the first year": (BEGINNING, BEGINNING + MICROSECOND),
    "a microsecond before 1833": (
        dt.datetime(1750, 6, 1, tzinfo=dt.timezone.utc),
        dt.datetime(1750, 6, 1, tzinfo=dt.timezone.utc) + MICROSECOND,
    ),
    "the first instant and the last": (BEGINNING, LAST),
    "before 1970 and after": (
        dt.datetime(1969, 12, 31, 23, 59, 59, 999999, dt.timezone.utc),
        dt.datetime.fromtimestamp(0, dt.timezone.utc),
    ),
    "an hour that the clock shows twice": (
        dt.datetime(2026, 10, 25, 2, 50, tzinfo=ZoneInfo("Europe/Berlin")),
        dt.datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    ),
    "clocks that show the other order": (
        dt.datetime(2026, 3, 1, 10, tzinfo=dt.timezone(9 * HOUR)),
        dt.datetime(2026, 3, 1, 8, tzinfo=dt.timezone.utc),
    ),
}


@pytest.mark.parametrize(("earlier", "later"), INSTANTS.values(), ids=INSTANTS.keys())
@pytest.mark.parametrize("policy", [{}, {"queue": "priority"}, {"unit": "order"}], ids=str)
def test_the_earlier_instant_comes_first(earlier, later, policy):
    # Ids that say the opposite, and a tie of each.
    queue = [
        line(f"{name} A1", placed_at=placed) for placed, names in ((later, "AB"), (earlier, "YZ")) for name in names
    ]
    assert lined_up(queue, **policy) == ["Y", "Z", "A", "B"]
    assert lined_up(queue[::-1], **policy) == ["Y", "Z", "A", "B"]


@pytest.mark.parametrize(
    ("near", "apart"),
    [
        pytest.param([NOW, NOW + HOUR], [LAST - MICROSECOND, LAST], id="the last ones"),
        pytest.param([NOW, NOW + HOUR], [BEGINNING, BEGINNING + MICROSECOND], id="the first ones"),
    ],
)
def test_some_instants_far_away_are_told_apart_beside_others(near, apart):
    queue = [line(f"{name} A1", placed_at=placed) for name, placed in zip("DCBA", [*near, *apart], strict=True)]
    expected = ["D", "C", "B", "A"] if apart[0] > NOW else ["B", "A", "D", "C"]
    assert lined_up(queue) == lined_up(queue[::-1]) == expected


@pytest.mark.parametrize("instant", [BEGINNING, NOW, LAST - HOUR], ids=["first year", "this year", "last year"])
def test_one_instant_in_two_zones_is_a_tie(instant):
    queue = [line("O2 A1", placed_at=instant), line("O1 A1", placed_at=instant.astimezone(dt.timezone(HOUR)))]
    assert lined_up(queue) == ["O1", "O2"]


@pytest.mark.parametrize("instant", [BEGINNING, NOW, LAST], ids=["first year", "this year", "last year"])
def test_street_dates_are_told_apart_to_the_microsecond(instant):
    other = instant + MICROSECOND if instant < NOW else instant - MICROSECOND
    queue = [
        line("O1 A1", street_date=max(instant, other)),
        line("O2 A1", street_date=min(instant, other)),
        line("O3 A1"),
    ]
    assert lined_up(queue, queue="earliest_street_date") == ["O3", "O2", "O1"]


CLASSES = {
    "under FIFO one": ({}, [0]),
    "by priority": ({"queue": "priority"}, [0, 2]),
    "by a key": ({"queue": lambda waiting: waiting.order_id}, [0, 1, 2]),
}


@pytest.mark.parametrize(("policy", "classes"), CLASSES.values(), ids=CLASSES.keys())
def test_a_class_is_of_lines_that_are_equal_before_ties_are_broken(policy, classes):
    queue = lines("O1 A1 !2", "O2 A1 !2 @1", "O3 A1 !7")
    assert line_up(queue, policy=AllocationPolicy(ration="equal", **policy)).classes == classes
    assert line_up(queue, policy=AllocationPolicy(**policy)).classes == ()


def test_lines_of_a_callers_own_class_are_accepted():
    class Special(WaitingLine):
        """A line that a caller has given a class of its own."""

    special = Special(order_id="O1", line_id="1", sku="A", quantity=1, placed_at=FIRST)
    assert lined_up([line("O2 A1"), special]) == ["O1", "O2"]


def refused(path: str, code: str, message: str):
    """Return what refuses: an `InvalidArgument` of which all is checked."""
    pattern = "^" + re.escape(f"{path}: {message}")
    return pytest.raises(InvalidArgument, match=pattern, check=lambda error: (error.path, error.code) == (path, code))


REPEATED = {
    "twice": (["O1 A1", "O2 A1", "O1 B1 @1"], 2, "order O1, line 1 is queue[0] already (got ('O1', '1'))"),
    "three times": (["O1 A1", "O1 A2", "O1 A3"], 1, "order O1, line 1 is queue[0] already"),
    "among lines of the order": (["O1/1 A1", "O1/2 A1", "O2 A1", "O1/2 A1"], 3, "order O1, line 2 is queue[1] already"),
}


@pytest.mark.parametrize(("queue", "index", "message"), REPEATED.values(), ids=REPEATED.keys())
def test_a_line_that_comes_twice_is_refused(queue, index, message):
    with refused(f"queue[{index}]", "id.repeated", f"must not come twice: {message}"):
        lined_up(lines(*queue))


def test_a_line_that_comes_twice_is_refused_whatever_its_id_is_made_of():
    queue = [line("O A1", order_id="O\0", line_id=line_id) for line_id in ("1", "2", "2")]
    with refused("queue[2]", "id.repeated", "must not come twice"):
        lined_up(queue)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([1, "two"], "must return keys that can be compared with one another: '<' not supported"),
        ([None, None], "must return keys that can be compared with one another"),
        ([{}, {}], "must return keys that can be compared with one another"),
        ([1, NOW], "must return keys that can be compared with one another"),
    ],
    ids=["a number and a text", "None", "mappings", "a number and an instant"],
)
def test_keys_without_an_order_are_refused(keys, message):
    given = dict(zip(("O1", "O2"), keys, strict=True))
    with refused("policy.queue", "policy.key", message):
        lined_up(lines("O1 A1", "O2 A1"), queue=lambda waiting: given[waiting.order_id])


@pytest.mark.parametrize("nan", [float("nan"), Decimal("NaN")], ids=repr)
def test_a_key_that_is_no_number_is_refused(nan):
    given = {"O1": 1, "O2": nan}
    with refused("policy.queue(queue[1])", "policy.key", "must be equal to itself"):
        lined_up(lines("O1 A1", "O2 A1"), queue=lambda waiting: given[waiting.order_id])


class Elementwise:
    """A key that answers a comparison with something that is neither true nor false, as arrays do."""

    def __ne__(self, other):
        return self

    def __bool__(self):
        raise ValueError("the truth value is ambiguous")

    __hash__ = None


@pytest.mark.parametrize("key", [Decimal("sNaN"), Elementwise()], ids=["signals", "as arrays do"])
def test_a_key_that_cannot_be_compared_at_all_is_refused(key):
    with refused("policy.queue", "policy.key", "must return keys that can be compared with one another"):
        lined_up(lines("O1 A1", "O2 A1"), queue=lambda _: key)


def test_what_a_key_function_raises_is_its_callers():
    with pytest.raises(ZeroDivisionError):
        lined_up(lines("O1 A1"), queue=lambda waiting: waiting.quantity // 0)


# Policies


def test_a_policy_is_first_come_first_served_in_part():
    assert AllocationPolicy() == AllocationPolicy(
        queue=QueueOrder.FIFO,
        shortage=Shortage.PARTIAL,
        unit=AllocationUnit.LINE,
        ration=None,
        unserved=Unserved.WAIT,
    )


def test_what_a_policy_names_becomes_a_member():
    named = AllocationPolicy(
        queue="priority", shortage="partial", unit="line", ration="webster", unserved="unfulfillable"
    )
    assert (named.queue, named.ration) == (QueueOrder.PRIORITY, Rationing.WEBSTER)
    assert (named.shortage, named.unit, named.unserved) == (
        Shortage.PARTIAL,
        AllocationUnit.LINE,
        Unserved.UNFULFILLABLE,
    )
    assert hash(named) == hash(AllocationPolicy(queue=QueueOrder.PRIORITY, ration="webster", unserved="unfulfillable"))


FAIR = "must be None unless shortage is partial and unit is line: a fair share serves lines in part"
POLICIES = {
    "another order": (
        {"queue": "lifo"},
        "queue",
        "choice.invalid",
        "must be one of fifo, priority, earliest_street_date",
    ),
    "no order": ({"queue": None}, "queue", "choice.invalid", "must be one of fifo"),
    "another shortage": ({"shortage": "all"}, "shortage", "choice.invalid", "must be one of partial, skip, strict"),
    "another unit": ({"unit": "customer"}, "unit", "choice.invalid", "must be one of line, order"),
    "another rule": ({"ration": "fair"}, "ration", "choice.invalid", "must be one of in_order, proportional"),
    "another end": ({"unserved": "cancel"}, "unserved", "choice.invalid", "must be one of wait, unfulfillable"),
    "a fair share, or nothing": ({"ration": "equal", "shortage": "skip"}, "ration", "policy.ration", FAIR),
    "a fair share, and nobody passes": ({"ration": "equal", "shortage": "strict"}, "ration", "policy.ration", FAIR),
    "a fair share of whole orders": ({"ration": "equal", "unit": "order"}, "ration", "policy.ration", FAIR),
}


@pytest.mark.parametrize(("fields", "path", "code", "message"), POLICIES.values(), ids=POLICIES.keys())
def test_a_policy_that_cannot_be_is_refused(fields, path, code, message):
    with refused(path, code, message):
        AllocationPolicy(**fields)


def test_a_policy_is_written_by_keyword():
    with pytest.raises(TypeError):
        AllocationPolicy("fifo")


@pytest.mark.parametrize(
    ("queue", "index", "sku"),
    [
        (["O1 A1", "O2 SET1"], 1, "SET"),
        (["O1 FEES1"], 0, "FEES"),
        (["O1 A1", "O2 A1", "O3 B1 *"], 2, "B"),
        (["O1 A1", "O2 SET1 ?review"], 1, "SET"),
    ],
    ids=["a bundle", "a bundle of fees", "a whole order", "a bundle on hold"],
)
def test_bundles_and_whole_orders_have_no_fair_share(queue, index, sku):
    with refused(
        f"queue[{index}]",
        "policy.ration",
        f"must be no bundle and not ship complete where a policy rations (got '{sku}')",
    ):
        lined_up(lines(*queue), ration="equal")


@pytest.mark.parametrize("options", ["?review", "~3", "@5 !1"])
def test_other_lines_have_a_fair_share(options):
    assert lined_up(lines(f"O1 A1 {options}"), ration="equal") == ["O1"]


# Grants

GRANT = {"order_id": "O1", "line_id": "1", "sku": "A", "quantity": 1}
GRANTS = {
    "no units": ({"quantity": 0}, "quantity", "units.invalid", "must be a whole number >= 1 (got 0)"),
    "units below 0": ({"quantity": -1}, "quantity", "units.invalid", "must be a whole number >= 1 (got -1)"),
    "half units": ({"quantity": 1.0}, "quantity", "units.invalid", "must be a whole number >= 1 (got 1.0)"),
    "units that are true": ({"quantity": True}, "quantity", "units.invalid", "must be a whole number >= 1 (got True)"),
    "no order": ({"order_id": ""}, "order_id", "text.invalid", "must be text that is not blank (got '')"),
    "a line that is a number": ({"line_id": 1}, "line_id", "text.invalid", "must be text that is not blank (got 1)"),
    "no SKU": ({"sku": None}, "sku", "text.invalid", "must be text that is not blank (got None)"),
}


@pytest.mark.parametrize(("fields", "path", "code", "message"), GRANTS.values(), ids=GRANTS.keys())
def test_a_grant_of_nothing_is_refused(fields, path, code, message):
    with refused(path, code, message):
        Grant(**GRANT | fields)


def test_a_grant_is_a_value():
    granted = Grant(**GRANT)
    (found,) = allocate(lines("O1 A1"), available={"A": 1}, at=NOW).grants
    assert (found, hash(found), repr(found)) == (granted, hash(granted), repr(granted))
    assert found != Grant(**GRANT | {"quantity": 2})
    with pytest.raises(AttributeError):
        found.quantity = 2
    with pytest.raises(TypeError):
        Grant("O1", "1", "A", 1)


HELD = {
    "of an order that is not in the queue": (
        ["O1 A1", "O9 A1"],
        "grants[1]",
        "grant.unknown",
        "must be of a line in the queue; leave out what has left it (got ('O9', '1'))",
    ),
    "of another line of the order": (["O1/7 A1"], "grants[0]", "grant.unknown", "must be of a line in the queue"),
    "of the first of several": (
        ["O8 A1", "O7 A1", "O8 A1"],
        "grants[0]",
        "grant.unknown",
        "must be of a line in the queue; leave out what has left it (got ('O8', '1'))",
    ),
    "of no order, behind one that serves a line in full": (
        ["O1 A3", "O9 A1"],
        "grants[1]",
        "grant.unknown",
        "must be of a line in the queue; leave out what has left it (got ('O9', '1'))",
    ),
    "of another SKU": (["O2 B1"], "grants[0].sku", "grant.sku", "must be A, the SKU of order O2, line 1 (got 'B')"),
    "of a component": (["O3 A1"], "grants[0].sku", "grant.sku", "must be SET, the SKU of order O3, line 1 (got 'A')"),
    "beyond the claim": (
        ["O2 A1", "O1 A4"],
        "grants[1].quantity",
        "grant.excess",
        "must not be more than order O1, line 1 claims, 3 (got 4)",
    ),
    "beyond the claim with others": (
        ["O1 A2", "O2 A1", "O1 A2"],
        "grants[2].quantity",
        "grant.excess",
        "must not be more than order O1, line 1 claims, 3 (got 2)",
    ),
}


@pytest.mark.parametrize(("held", "path", "code", "message"), HELD.values(), ids=HELD.keys())
def test_a_grant_that_fits_no_line_is_refused(held, path, code, message):
    with refused(path, code, message):
        line_up(lines("O1 A3", "O2 A3", "O3 SET1"), policy=AllocationPolicy(), grants=grants(*held))


def test_of_an_empty_queue_no_grant_is_known():
    with refused("grants[0]", "grant.unknown", "must be of a line in the queue"):
        line_up([], policy=AllocationPolicy(), grants=grants("O1 A1"))


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        (None, "grants", "must be a sequence of Grant (got None)"),
        (5, "grants", "must be a sequence of Grant (got 5)"),
        ("O1", "grants", "must be a sequence of Grant (got 'O1')"),
        ({}, "grants", "must be a sequence of Grant (got {})"),
        (Grant(**GRANT), "grants", "must be a sequence of Grant (got Grant("),
        ([Grant(**GRANT), GRANT], "grants[1]", "must be a Grant"),
        (lines("O1 A1"), "grants[0]", "must be a Grant"),
    ],
    ids=["None", "a number", "text", "a mapping", "a grant", "a mapping among them", "lines"],
)
def test_what_are_no_grants_is_refused(given, path, message):
    with refused(path, "type.invalid", message):
        line_up(lines("O1 A1"), policy=AllocationPolicy(), grants=given)


def test_grants_stand_at_the_places_of_their_lines():
    queue = lines("O1/1 A3 @2", "O2 SET2 @1", "O1/2 A1 @0")
    found = line_up(queue, policy=AllocationPolicy(unit="order"), grants=grants("O2 SET2", "O1/1 A1", "O1/1 A2"))
    assert (short(map(found.line, range(3))), found.held) == (["O1/2 A1", "O1 A3", "O2 SET2"], [0, 3, 2])
