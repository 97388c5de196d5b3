"""What there is, what comes, what is owed of it, and what can still be promised."""

from __future__ import annotations

import datetime as dt
import inspect
import itertools
import pickle
import re

import pytest

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    AtpMethod,
    AtpStep,
    BalanceStep,
    Commitment,
    DateRange,
    InvalidArgument,
    LeadTime,
    NoWorkingDay,
    Receipt,
    Supply,
    WorkCalendar,
    atp_by_period,
    atp_timeline,
    available_now,
    balance_timeline,
    move_receipt,
    pool,
)
from preorder_kit._shelf import there as there_now

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)

# code: what the caller is told
TOLD = {
    "choice.invalid": "must be one of discrete, cumulative, lookahead",
    "day.invalid": "must be a day .+",
    "periods.differ": r"must have as many periods as receipts, \d",
    "receipt.unknown": "must be that of a receipt( of LP)?: (P1|none has one)",
    "text.invalid": "must be text.*",
    "type.invalid": "must be a (Receipt|Supply|LeadTime|mapping|sequence, whose order is its own)",
    "units.invalid": "must be (a whole number( >= 0)?|<= quantity, 4)",
}


def refusal(code: str, path: str) -> pytest.RaisesExc[InvalidArgument]:
    """Expect the error with a code, which names the path and says what must be."""
    return pytest.raises(InvalidArgument, match=rf"^{re.escape(path)}: {TOLD[code]} \(got ")


def day(number: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, number)


MONDAY = day(23)


def comes(quantity: int, expected: dt.date | DateRange, **fields: object) -> Receipt:
    return Receipt(**{"sku": "CD", "quantity": quantity, "expected": expected} | fields)


def owed(quantity: int, due: dt.date | None = None, **fields: object) -> Commitment:
    return Commitment(**{"sku": "CD", "quantity": quantity, "due": due} | fields)


def there(quantity: object, *dated: Receipt | Commitment, **fields: object) -> Supply:
    receipts = [item for item in dated if isinstance(item, Receipt)]
    commitments = [item for item in dated if isinstance(item, Commitment)]
    return Supply(on_hand={"CD": quantity}, receipts=receipts, commitments=commitments, **fields)


AVAILABLE = {
    "a SKU that is not named": (Supply(on_hand={"LP": 5}), 0),
    "what is on hand": (there(5), 5),
    "a negative count is nothing": (there(-3), 0),
    "no bound": (there(UNLIMITED), UNLIMITED),
    "no bound, whatever is owed": (there(UNLIMITED, owed(9), safety_stock={"CD": 4}), UNLIMITED),
    "less the safety stock": (there(5, safety_stock={"CD": 2}), 3),
    "safety stock above what is there": (there(5, safety_stock={"CD": 7}), 0),
    "another SKU's safety stock": (there(5, safety_stock={"LP": 2}), 5),
    "owed without a day": (there(5, owed(2)), 3),
    "owed since last week": (there(5, owed(2, day(16))), 3),
    "owed since last week, and what comes today": (there(5, owed(2, day(16)), comes(4, MONDAY)), 7),
    "owed today": (there(5, owed(2, MONDAY)), 3),
    "owed next week": (there(5, owed(2, day(30))), 3),
    "owed more than there is": (there(5, owed(9)), 0),
    "commitments of SKUs around it": (there(5, owed(2, sku="LP"), owed(1, sku="BAG")), 5),
    "what comes today": (there(1, comes(4, MONDAY)), 5),
    "what comes tomorrow": (there(1, comes(4, day(24))), 1),
    "what is overdue does not count": (there(1, comes(4, day(22))), 1),
    "receipts of SKUs around it": (there(1, comes(4, MONDAY, sku="LP"), comes(8, MONDAY, sku="BAG")), 1),
    "less what is reserved of a receipt": (there(1, comes(4, MONDAY, reserved=3)), 2),
    "a range counts from its latest day": (there(1, comes(4, DateRange(day(20), MONDAY))), 5),
    "a range that ends tomorrow": (there(1, comes(4, DateRange(day(20), day(24)))), 1),
    "the lowest of the days to come": (there(2, comes(5, day(25)), owed(6, day(30))), 1),
    "a receipt after what is owed does not help": (there(10, owed(8, day(6, 12)), comes(5, day(10, 12))), 2),
    "a receipt before what is owed does": (there(10, comes(5, day(5, 12)), owed(8, day(6, 12))), 7),
    "a receipt on the day of what is owed does": (there(10, comes(8, day(6, 12)), owed(8, day(6, 12))), 10),
    "short in between": (there(2, owed(5, day(30)), comes(5, day(1, 12))), 0),
    "a receipt today makes up for a negative count": (there(-3, comes(5, MONDAY)), 2),
    "receipt, commitment and safety stock": (
        there(4, comes(3, MONDAY), owed(2, day(1, 12)), safety_stock={"CD": 1}),
        4,
    ),
    "replenished at once": (there(0, owed(9), replenishment={"CD": LeadTime(0, 0)}), UNLIMITED),
    "replenished in two days": (there(5, replenishment={"CD": LeadTime(0, 2)}), 5),
    "owed before it is replenished": (there(5, owed(3, day(24)), replenishment={"CD": LeadTime(0, 2)}), 2),
    "owed when it is replenished": (there(5, owed(3, day(25)), replenishment={"CD": LeadTime(0, 2)}), 5),
    "owed later than that": (there(5, owed(3, day(6, 12)), replenishment={"CD": LeadTime(0, 2)}), 5),
    "owed at the start": (there(5, owed(3), replenishment={"CD": LeadTime(0, 2)}), 2),
    "another SKU's replenishment": (there(5, owed(3, day(6, 12)), replenishment={"LP": LeadTime(0, 0)}), 2),
}


@pytest.mark.parametrize(("supply", "expected"), AVAILABLE.values(), ids=AVAILABLE)
def test_available_now(supply, expected):
    assert available_now(supply, sku="CD", day=MONDAY) == expected


@pytest.mark.parametrize(("supply", "expected"), AVAILABLE.values(), ids=AVAILABLE)
def test_what_can_leave_now_is_what_can_be_promised_and_is_on_hand(supply, expected):
    on_hand = supply.on_hand.get("CD", 0)
    assert there_now(supply, ["CD"], day=MONDAY, but_for="O1") == {"CD": max(0, min(on_hand, expected))}


@pytest.mark.parametrize(
    ("on_hand", "safety_stock", "expected"),
    [
        pytest.param(5, {}, 5, id="none"),
        pytest.param(5, {"LP": 2}, 5, id="another SKU's"),
        pytest.param(5, {"CD": 2}, 3, id="less than there is"),
        pytest.param(5, {"CD": 5}, 0, id="just what there is"),
        pytest.param(5, {"CD": 7}, 0, id="more than there is"),
        pytest.param(-3, {"CD": 2}, 0, id="a negative count"),
        pytest.param(UNLIMITED, {"CD": 2}, UNLIMITED, id="no bound"),
    ],
)
def test_safety_stock_stays_where_nothing_comes_and_nothing_is_owed(on_hand, safety_stock, expected):
    supply = there(on_hand, safety_stock=safety_stock)
    assert there_now(supply, ["CD", "LP"], day=MONDAY, but_for="O1") == {"CD": expected, "LP": 0}
    assert available_now(supply, sku="CD", day=MONDAY) == expected


@pytest.mark.parametrize(
    ("supply", "begin", "expected"),
    [
        pytest.param(there(5), dt.date.max, 5, id="asked on that day"),
        pytest.param(there(5, owed(3, dt.date.max)), MONDAY, 2, id="owed on that day"),
        pytest.param(there(5, owed(3, dt.date.max), owed(1)), MONDAY, 1, id="owed on that day and now"),
    ],
)
def test_the_last_day_there_is_counts_as_any_other(supply, begin, expected):
    assert available_now(supply, sku="CD", day=begin) == expected


@pytest.mark.parametrize("supply", [None, {"CD": 5}, "CD"])
def test_available_now_refuses_what_is_no_supply(supply):
    with refusal("type.invalid", "supply"):
        available_now(supply, sku="CD", day=MONDAY)


def test_replenishment_counts_its_own_working_days():
    # Saturday 28 November moves to Monday 30; one working day on is Tuesday 1 December.
    times = {"CD": LeadTime(0, 1, MON_TO_FRI)}
    before = there(5, owed(3, day(30)), replenishment=times)
    reached = there(5, owed(3, day(1, 12)), replenishment=times)
    assert available_now(before, sku="CD", day=day(28)) == 2
    assert available_now(reached, sku="CD", day=day(28)) == 5


@pytest.mark.parametrize(
    ("but_for", "expected"),
    [
        pytest.param("", 1, id="nobody"),
        pytest.param("O1", 6, id="an order with two commitments"),
        pytest.param("O2", 3, id="an order with one"),
        pytest.param("O9", 1, id="an order without any"),
    ],
)
def test_an_order_does_not_stand_in_its_own_way(but_for, expected):
    supply = there(
        10,
        owed(2, order_id="O1", line_id="1"),
        owed(3, day(30), order_id="O1", line_id="2"),
        owed(2, order_id="O2"),
        owed(2),
    )
    assert available_now(supply, sku="CD", day=MONDAY, but_for=but_for) == expected


@pytest.mark.parametrize("ask", [available_now, atp_timeline, balance_timeline])
def test_no_order_is_left_out_unless_one_is_named(ask):
    today = "day" if ask is available_now else "start"
    supply = there(10, owed(2, order_id="O1"), owed(3, day(30)))
    assert ask(supply, sku="CD", **{today: MONDAY}) == ask(supply, sku="CD", **{today: MONDAY}, but_for="")
    assert inspect.signature(ask).parameters["but_for"].default == ""


def test_the_answer_does_not_depend_on_the_order_of_what_comes_and_is_owed():
    dated = [comes(2, day(24), reference="P1"), comes(3, day(24)), owed(4, day(30)), owed(1, order_id="O1")]
    supplies = {there(6, *shuffled) for shuffled in itertools.permutations(dated)}
    assert len(supplies) == 1
    assert available_now(supplies.pop(), sku="CD", day=MONDAY) == 5


@pytest.mark.parametrize(
    ("arguments", "code", "path"),
    [
        pytest.param({"sku": ""}, "text.invalid", "sku", id="no SKU"),
        pytest.param({"sku": 5}, "text.invalid", "sku", id="a number"),
        pytest.param({"day": NOW}, "day.invalid", "day", id="an instant"),
        pytest.param({"day": None}, "day.invalid", "day", id="no day"),
    ],
)
def test_available_now_refuses_what_is_no_sku_or_day(arguments, code, path):
    with refusal(code, path) as caught:
        available_now(there(5), **{"sku": "CD", "day": MONDAY} | arguments)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(Supply(on_hand={"CD": 0}), Supply(on_hand={}), id="0 on hand and not named"),
        pytest.param(there(1, safety_stock={"CD": 0}), there(1), id="no safety stock"),
        pytest.param(Supply(on_hand={"A": 1, "B": 2}), Supply(on_hand={"B": 2, "A": 1}), id="the order of SKUs"),
        pytest.param(
            there(1, comes(1, day(1)), comes(2, day(2))), there(1, comes(2, day(2)), comes(1, day(1))), id="R"
        ),
        pytest.param(there(1, owed(1), owed(2, day(1))), there(1, owed(2, day(1)), owed(1)), id="C"),
        pytest.param(comes(1, DateRange(day(1), day(1))), comes(1, day(1)), id="a range of one day"),
    ],
)
def test_equal_meanings_are_equal(one, other):
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == other


@pytest.mark.parametrize(
    "build", [lambda: there(1), lambda: comes(1, MONDAY), lambda: owed(1)], ids=["supply", "receipt", "owed"]
)
def test_a_value_is_built_from_what_it_shows_and_shows_nothing_else(build):
    value = build()
    fields = ", ".join(f"{name}={getattr(value, name)!r}" for name in inspect.signature(type(value)).parameters)
    assert repr(value) == f"{type(value).__name__}({fields})"


def test_what_is_not_given_is_filled_in():
    assert comes(1, MONDAY) == comes(1, MONDAY, reserved=0, ordered=None, reference="")
    assert owed(1) == owed(1, due=None, order_id="", line_id="")
    assert there(1) == there(1, safety_stock={}, replenishment={})


def test_receipts_of_one_day_have_a_place_even_without_an_order_date():
    first, second = comes(1, day(1), ordered=day(1, 10)), comes(1, day(1))
    assert Supply(on_hand={}, receipts=[first, second]).receipts == (second, first)


@pytest.mark.parametrize(
    ("build", "fields", "code", "path"),
    [
        pytest.param(comes, {"sku": ""}, "text.invalid", "sku", id="receipt without SKU"),
        pytest.param(comes, {"quantity": -1}, "units.invalid", "quantity", id="receipt of less than nothing"),
        pytest.param(comes, {"quantity": UNLIMITED}, "units.invalid", "quantity", id="receipt without bound"),
        pytest.param(comes, {"expected": NOW}, "day.invalid", "expected", id="receipt at an instant"),
        pytest.param(comes, {"expected": None}, "day.invalid", "expected", id="receipt on no day"),
        pytest.param(comes, {"reserved": 5}, "units.invalid", "reserved", id="more reserved than comes"),
        pytest.param(comes, {"reserved": -1}, "units.invalid", "reserved", id="less than nothing reserved"),
        pytest.param(comes, {"ordered": NOW}, "day.invalid", "ordered", id="ordered at an instant"),
        pytest.param(comes, {"reference": None}, "text.invalid", "reference", id="reference that is nothing"),
        pytest.param(owed, {"sku": None}, "text.invalid", "sku", id="commitment without SKU"),
        pytest.param(owed, {"quantity": 1.5}, "units.invalid", "quantity", id="commitment of parts of units"),
        pytest.param(owed, {"due": NOW}, "day.invalid", "due", id="due at an instant"),
        pytest.param(owed, {"order_id": 5}, "text.invalid", "order_id", id="order that is a number"),
        pytest.param(owed, {"line_id": None}, "text.invalid", "line_id", id="line that is nothing"),
        pytest.param(Supply, {"on_hand": [("CD", 1)]}, "type.invalid", "on_hand", id="on_hand that is a list"),
        pytest.param(Supply, {"on_hand": {"CD": None}}, "units.invalid", "on_hand['CD']", id="not known"),
        pytest.param(Supply, {"on_hand": {"": 1}}, "text.invalid", "on_hand key", id="blank SKU on hand"),
        pytest.param(Supply, {"receipts": [owed(1)]}, "type.invalid", "receipts[0]", id="receipt that is none"),
        pytest.param(Supply, {"commitments": owed(1)}, "type.invalid", "commitments", id="one commitment"),
        pytest.param(Supply, {"safety_stock": {"A": -1}}, "units.invalid", "safety_stock['A']", id="safety -1"),
        pytest.param(Supply, {"safety_stock": {"A": UNLIMITED}}, "units.invalid", "safety_stock['A']", id="safety"),
        pytest.param(Supply, {"replenishment": {"A": 3}}, "type.invalid", "replenishment['A']", id="lead time"),
    ],
)
def test_a_field_that_breaks_its_rule_is_refused(build, fields, code, path):
    basis = {Supply: {"on_hand": {}}, comes: {"quantity": 4, "expected": day(1)}, owed: {"quantity": 4}}[build]
    with refusal(code, path) as caught:
        build(**basis | fields)
    assert (caught.value.code, caught.value.path) == (code, path)


POOLED = {
    "no location": ({}, Supply(on_hand={})),
    "one location": ({"A": there(3, comes(1, day(1)))}, there(3, comes(1, day(1)))),
    "units on hand add up": (
        {"A": Supply(on_hand={"CD": 3}), "B": Supply(on_hand={"CD": 4, "LP": 1})},
        Supply(on_hand={"CD": 7, "LP": 1}),
    ),
    "a negative count lowers the sum": ({"A": there(5), "B": there(-2)}, there(3)),
    "no bound swallows numbers": ({"A": there(5), "B": there(UNLIMITED)}, there(UNLIMITED)),
    "safety stock adds up": (
        {"A": there(5, safety_stock={"CD": 1}), "B": there(5, safety_stock={"CD": 2})},
        there(10, safety_stock={"CD": 3}),
    ),
    "receipts and commitments are put together": (
        {"B": there(0, comes(2, day(2)), owed(1)), "A": there(0, comes(1, day(1)), owed(3))},
        there(0, comes(1, day(1)), comes(2, day(2)), owed(3), owed(1)),
    ),
    "the shortest lead time": (
        {"A": there(0, replenishment={"CD": LeadTime(1, 5)}), "B": there(0, replenishment={"CD": LeadTime(3, 4)})},
        there(0, replenishment={"CD": LeadTime(3, 4)}),
    ),
    "of the same max_days, the smaller min_days": (
        {"A": there(0, replenishment={"CD": LeadTime(3, 4)}), "B": there(0, replenishment={"CD": LeadTime(2, 4)})},
        there(0, replenishment={"CD": LeadTime(2, 4)}),
    ),
    "of the same days, the first location by name": (
        {
            "B": there(0, replenishment={"CD": LeadTime(1, 2)}),
            "A": there(0, replenishment={"CD": LeadTime(1, 2, MON_TO_FRI)}),
        },
        there(0, replenishment={"CD": LeadTime(1, 2, MON_TO_FRI)}),
    ),
    "lead times of several SKUs": (
        {"A": there(0, replenishment={"CD": LeadTime(1, 2)}), "B": there(0, replenishment={"LP": LeadTime(3, 3)})},
        there(0, replenishment={"CD": LeadTime(1, 2), "LP": LeadTime(3, 3)}),
    ),
}


@pytest.mark.parametrize(("locations", "expected"), POOLED.values(), ids=POOLED)
def test_locations_are_pooled(locations, expected):
    assert pool(locations) == expected
    assert pool(dict(reversed(locations.items()))) == expected


@pytest.mark.parametrize(
    ("locations", "code", "path"),
    [
        pytest.param(there(1), "type.invalid", "locations", id="one supply"),
        pytest.param([there(1)], "type.invalid", "locations", id="a list of them"),
        pytest.param({"A": {"CD": 1}}, "type.invalid", "locations['A']", id="a mapping of units"),
        pytest.param({"": there(1)}, "text.invalid", "locations key", id="a location without a name"),
    ],
)
def test_only_locations_can_be_pooled(locations, code, path):
    with refusal(code, path) as caught:
        pool(locations)
    assert (caught.value.code, caught.value.path) == (code, path)


def steps(*expected: tuple[int, object, int, int]) -> list[AtpStep]:
    """Return steps, each from the number of its day, counted from Monday."""
    return [
        AtpStep(day=MONDAY + dt.timedelta(days=number), available=available, withheld=withheld, short=short)
        for number, available, withheld, short in expected
    ]


TIMELINES = {
    "nothing": (Supply(on_hand={}), steps((0, 0, 0, 0))),
    "what is on hand": (there(5), steps((0, 5, 0, 0))),
    "no bound": (there(UNLIMITED, owed(9)), steps((0, UNLIMITED, 0, 0))),
    "a negative count, made good in part": (there(-3, comes(2, day(24))), steps((0, 0, 0, 3), (1, 0, 0, 1))),
    "what comes": (there(5, comes(2, day(24))), steps((0, 5, 0, 0), (1, 7, 0, 0))),
    "what comes and is owed on one day": (there(5, comes(2, day(24)), owed(2, day(24))), steps((0, 5, 0, 0))),
    "what comes and is reserved": (there(5, comes(2, day(24), reserved=2)), steps((0, 5, 0, 0))),
    "safety stock is filled up first": (
        there(0, comes(1, day(24)), comes(1, day(25)), comes(1, day(26)), safety_stock={"CD": 2}),
        steps((0, 0, 0, 0), (1, 0, 1, 0), (2, 0, 2, 0), (3, 1, 2, 0)),
    ),
    "what is short comes before safety stock": (
        there(1, owed(2, day(24)), comes(4, day(25)), safety_stock={"CD": 2}),
        steps((0, 0, 0, 1), (2, 1, 2, 0)),
    ),
    "replenished": (
        there(5, owed(3, day(24)), comes(9, day(25)), owed(9, day(26)), replenishment={"CD": LeadTime(1, 2)}),
        steps((0, 2, 0, 0), (2, UNLIMITED, 0, 0)),
    ),
    "replenished, what is withheld until then": (
        there(1, safety_stock={"CD": 2}, replenishment={"CD": LeadTime(0, 1)}),
        steps((0, 0, 1, 0), (1, UNLIMITED, 0, 0)),
    ),
    "replenished at once": (
        there(-5, owed(3), replenishment={"CD": LeadTime(0, 0)}),
        steps((0, UNLIMITED, 0, 0)),
    ),
}


@pytest.mark.parametrize(("supply", "expected"), TIMELINES.values(), ids=TIMELINES)
def test_what_can_be_promised_from_each_day_on(supply, expected):
    assert list(atp_timeline(supply, sku="CD", start=MONDAY)) == expected


@pytest.mark.parametrize(
    ("overdue", "expected"),
    [
        pytest.param(None, steps((0, 1, 0, 0), (2, 3, 0, 0)), id="never"),
        pytest.param(0, steps((0, 5, 0, 0), (2, 7, 0, 0)), id="today"),
        pytest.param(2, steps((0, 1, 0, 0), (2, 7, 0, 0)), id="on the day of another"),
        pytest.param(3, steps((0, 1, 0, 0), (2, 3, 0, 0), (3, 7, 0, 0)), id="after another"),
    ],
)
def test_what_is_overdue_counts_never_or_so_many_days_from_the_start(overdue, expected):
    supply = there(2, comes(4, DateRange(day(20), day(22))), comes(2, DateRange(day(20), day(25))), owed(1, day(1)))
    assert list(atp_timeline(supply, sku="CD", start=MONDAY, overdue=overdue)) == expected


@pytest.mark.parametrize("timeline", [atp_timeline, balance_timeline])
def test_what_is_overdue_counts_as_late_as_on_the_last_day_there_is(timeline):
    late, left = there(2, comes(4, day(20))), (dt.date.max - MONDAY).days
    assert timeline(late, sku="CD", start=MONDAY, overdue=left)[-1].day == dt.date.max
    with pytest.raises(InvalidArgument, match=r"^overdue: must be a number of days that the calendar has") as caught:
        timeline(late, sku="CD", start=MONDAY, overdue=left + 1)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("units.invalid", "overdue", left + 1)


def test_an_order_leaves_its_own_commitments_out_of_both_timelines():
    supply = there(5, owed(2, day(24), order_id="O1"), owed(1, day(25), order_id="O2"))
    assert list(atp_timeline(supply, sku="CD", start=MONDAY, but_for="O1")) == steps((0, 4, 0, 0))
    assert [step.owed for step in balance_timeline(supply, sku="CD", start=MONDAY, but_for="O1")] == [0, 1]


BALANCES = {
    "nothing": (Supply(on_hand={}), [(23, 0, 0, 0)]),
    "no bound": (there(UNLIMITED, owed(9, day(25))), [(23, 0, 0, UNLIMITED), (25, 0, 9, UNLIMITED)]),
    "owed for long and today": (there(5, owed(3), owed(2, day(1)), owed(1, MONDAY)), [(23, 0, 6, -1)]),
    "what comes and is owed on one day": (
        there(5, comes(2, day(24)), comes(1, day(24), reserved=1), owed(9, day(24))),
        [(23, 0, 0, 5), (24, 2, 9, -2)],
    ),
    "safety stock plays no part": (there(5, safety_stock={"CD": 2}), [(23, 0, 0, 5)]),
    "replenished": (
        there(5, owed(3, day(24)), owed(1, day(26)), replenishment={"CD": LeadTime(0, 2)}),
        [(23, 0, 0, 5), (24, 0, 3, 2), (25, UNLIMITED, 0, UNLIMITED)],
    ),
    "replenished at once": (
        there(5, replenishment={"CD": LeadTime(0, 0)}),
        [(23, UNLIMITED, 0, UNLIMITED)],
    ),
}


@pytest.mark.parametrize(("supply", "expected"), BALANCES.values(), ids=BALANCES)
def test_the_balance_runs_through_the_days(supply, expected):
    assert list(balance_timeline(supply, sku="CD", start=MONDAY)) == [
        BalanceStep(day=day(number), received=received, owed=asked, balance=balance)
        for number, received, asked, balance in expected
    ]


@pytest.mark.parametrize("timeline", [atp_timeline, balance_timeline])
@pytest.mark.parametrize(
    ("arguments", "code", "path"),
    [
        pytest.param({"sku": ""}, "text.invalid", "sku", id="no SKU"),
        pytest.param({"sku": 5}, "text.invalid", "sku", id="a number for a SKU"),
        pytest.param({"start": NOW}, "day.invalid", "start", id="an instant"),
        pytest.param({"start": None}, "day.invalid", "start", id="no day"),
        pytest.param({"overdue": -1}, "units.invalid", "overdue", id="overdue before today"),
        pytest.param({"overdue": True}, "units.invalid", "overdue", id="overdue or not"),
        pytest.param({"overdue": 1.5}, "units.invalid", "overdue", id="overdue by a day and a half"),
        pytest.param({"overdue": UNLIMITED}, "units.invalid", "overdue", id="overdue for ever"),
        pytest.param({"but_for": None}, "text.invalid", "but_for", id="an order that is nothing"),
        pytest.param({"but_for": 5}, "text.invalid", "but_for", id="an order that is a number"),
    ],
)
def test_timelines_refuse_what_has_no_meaning(timeline, arguments, code, path):
    for supply in (there(5, comes(1, day(1))), Supply(on_hand={})):
        with refusal(code, path) as caught:
            timeline(supply, **{"sku": "CD", "start": MONDAY} | arguments)
        assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize("timeline", [atp_timeline, balance_timeline])
def test_timelines_refuse_what_is_no_supply_and_days_that_do_not_end(timeline):
    with refusal("type.invalid", "supply") as caught:
        timeline({"CD": 5}, sku="CD", start=MONDAY)
    assert (caught.value.code, caught.value.path) == ("type.invalid", "supply")
    never = there(5, replenishment={"CD": LeadTime(0, 0, WorkCalendar(weekdays=[]))})
    with pytest.raises(NoWorkingDay):
        timeline(never, sku="CD", start=MONDAY)
    for endless in (there(5, comes(1, day(1))), there(5, replenishment={"CD": LeadTime(0, 9)})):
        with pytest.raises(InvalidArgument, match=r"^overdue: must be a number of days that the calendar has \(got 1"):
            timeline(endless, sku="CD", start=dt.date.max, overdue=1)
    with pytest.raises(
        InvalidArgument, match=r"^replenishment\['CD'\]: must leave room in the years 1 to 9999"
    ) as caught:
        timeline(there(5, replenishment={"CD": LeadTime(0, 9)}), sku="CD", start=dt.date.max)
    assert (caught.value.code, caught.value.path) == ("day.invalid", "replenishment['CD']")


MOVED = {
    "all of a reference": (None, [comes(1, day(30), reference="P1"), comes(2, day(30), reference="P1", sku="LP")]),
    "one SKU of it": ("LP", [comes(1, day(1), reference="P1"), comes(2, day(30), reference="P1", sku="LP")]),
}


@pytest.mark.parametrize(("sku", "expected"), MOVED.values(), ids=MOVED)
def test_a_receipt_is_moved_by_its_reference(sku, expected):
    others = [comes(3, day(1), reference="P2"), comes(4, day(1))]
    fields = {"safety_stock": {"CD": 1}, "replenishment": {"CD": LeadTime(0, 1)}}
    moving = [comes(1, day(1), reference="P1"), comes(2, day(1), reference="P1", sku="LP")]
    supply = there(5, *moving, *others, owed(1), **fields)
    found = move_receipt(supply, reference="P1", expected=day(30), sku=sku)
    assert found == there(5, *expected, *others, owed(1), **fields)


def test_a_receipt_keeps_all_but_its_days_and_a_range_of_one_day_is_that_day():
    receipt = comes(5, day(1), reserved=2, ordered=day(1, 10), reference="P1")
    supply = there(0, receipt)
    found = move_receipt(supply, reference="P1", expected=DateRange(day(2), day(2)))
    assert found.receipts == (comes(5, day(2), reserved=2, ordered=day(1, 10), reference="P1"),)
    assert move_receipt(found, reference="P1", expected=day(1)) == supply
    week = DateRange(day(2), day(9))
    assert move_receipt(supply, reference="P1", expected=week).receipts[0].expected == week


@pytest.mark.parametrize(
    ("arguments", "code", "path"),
    [
        pytest.param({"reference": "P9"}, "receipt.unknown", "reference", id="a reference that no receipt has"),
        pytest.param({"sku": "LP"}, "receipt.unknown", "reference", id="a SKU that no receipt of it has"),
        pytest.param({"reference": ""}, "text.invalid", "reference", id="no reference"),
        pytest.param({"reference": 1}, "text.invalid", "reference", id="a number"),
        pytest.param({"sku": ""}, "text.invalid", "sku", id="no SKU"),
        pytest.param({"expected": NOW}, "day.invalid", "expected", id="an instant"),
        pytest.param({"expected": None}, "day.invalid", "expected", id="no day"),
        pytest.param({"supply": None}, "type.invalid", "supply", id="no supply"),
    ],
)
def test_what_cannot_be_moved_is_refused(arguments, code, path):
    given = {"supply": there(0, comes(1, day(1), reference="P1")), "reference": "P1", "expected": day(2)} | arguments
    with refusal(code, path) as caught:
        move_receipt(given.pop("supply"), **given)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("supply", "sku", "expected"),
    [
        pytest.param(
            there(0, *(comes(1, day(1), reference=name) for name in ("P2", "P1", "P2", ""))),
            None,
            "must be that of a receipt: P1, P2 ",
            id="those that there are",
        ),
        pytest.param(
            there(0, comes(1, day(1), reference="P1"), comes(1, day(1), reference="P2", sku="LP")),
            "LP",
            "must be that of a receipt of LP: P2 ",
            id="those of the SKU",
        ),
        pytest.param(there(0, comes(1, day(1))), None, "must be that of a receipt: none has one ", id="none"),
        pytest.param(
            there(0, *(comes(1, day(1), reference=f"Q{number}") for number in range(12))),
            None,
            "Q6, Q7 and 2 more ",
            id="the first of many",
        ),
        pytest.param(
            there(0, *(comes(1, day(1), reference=f"Q{number}") for number in range(10))),
            None,
            "Q8, Q9 .got",
            id="ten, and no more",
        ),
    ],
)
def test_an_unknown_reference_is_told_which_ones_there_are(supply, sku, expected):
    with pytest.raises(InvalidArgument, match=expected):
        move_receipt(supply, reference="P9", expected=day(2), sku=sku)


PERIODS = {
    "no period": ((5, [], []), ((), (), ())),
    "one period": ((5, [3], [9]), ((-1,), (-1,), (-1,))),
    "nothing comes": ((9, [0, 0], [4, 2]), ((3, None), (5, 3), (3, 3))),
    "something comes in the first": ((9, [1, 0], [4, 2]), ((4, None), (6, 4), (4, 4))),
    "something comes in the last": ((9, [0, 5], [4, 2]), ((5, 3), (5, 8), (5, 8))),
    "something comes in each": ((0, [4, 4, 4], [1, 5, 1]), ((3, -1, 3), (3, 2, 5), (2, 2, 5))),
    "a negative count": ((-2, [0, 5], [0, 0]), ((-2, 5), (-2, 3), (-2, 3))),
    "short, then made good": ((1, [0, 0, 9], [0, 4, 0]), ((-3, None, 9), (1, -3, 6), (-3, -3, 6))),
}


@pytest.mark.parametrize(("plan", "expected"), PERIODS.values(), ids=PERIODS)
def test_what_can_be_promised_in_each_period(plan, expected):
    on_hand, receipts, orders = plan
    found = [atp_by_period(on_hand, iter(receipts), tuple(orders), method=method) for method in AtpMethod]
    assert found == list(expected)


@pytest.mark.parametrize(
    ("arguments", "method", "code", "path"),
    [
        pytest.param(("5", [1], [1]), "discrete", "units.invalid", "on_hand", id="text on hand"),
        pytest.param((UNLIMITED, [1], [1]), "discrete", "units.invalid", "on_hand", id="no bound"),
        pytest.param((5, [1, -1], [1, 1]), "discrete", "units.invalid", "receipts[1]", id="less than nothing comes"),
        pytest.param((5, [1, 1], [1, None]), "discrete", "units.invalid", "orders[1]", id="nothing known is owed"),
        pytest.param((5, "11", [1, 1]), "discrete", "type.invalid", "receipts", id="text comes"),
        pytest.param((5, [1, 1], {1, 2}), "discrete", "type.invalid", "orders", id="a set is owed"),
        pytest.param((5, [1, 1], [1]), "lookahead", "periods.differ", "orders", id="fewer orders"),
        pytest.param((5, [1], [1, 1]), "cumulative", "periods.differ", "orders", id="fewer receipts"),
        pytest.param((5, [1], [1]), "running", "choice.invalid", "method", id="another method"),
    ],
)
def test_periods_that_cannot_be_counted_are_refused(arguments, method, code, path):
    with refusal(code, path) as caught:
        atp_by_period(*arguments, method=method)
    assert (caught.value.code, caught.value.path) == (code, path)
