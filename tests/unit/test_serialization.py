"""Values as JSON and back."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    Amount,
    Cancelled,
    Commitment,
    Component,
    DateRange,
    InvalidArgument,
    InvalidDocument,
    LeadTime,
    LineKind,
    Order,
    OrderLine,
    Part,
    PartKind,
    PartLine,
    Promise,
    Receipt,
    ShipPolicy,
    SplitPlan,
    Supply,
    WhenShort,
    WorkCalendar,
)
from preorder_kit._native import problems_of
from preorder_kit.charging import CancelledMoney, Captured, Charge, ChargePlan, Refund
from preorder_kit.serialization import from_json, to_json
from preorder_kit.sourcing import Assignment

UTC = dt.timezone.utc
NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STREET = dt.datetime(2027, 2, 5, tzinfo=UTC)
SMALL = Order(id="O1", placed_at=NOW, lines=[OrderLine(id="1", sku="CD", quantity=2)])
SMALL_AS_JSON = {
    "id": "O1",
    "placed_at": "2026-11-22T09:30:00Z",
    "lines": [{"id": "1", "sku": "CD", "quantity": 2}],
}
FULL = Order(
    id="O2",
    placed_at=NOW,
    priority=-1,
    ship=ShipPolicy.COMPLETE,
    currency="EUR",
    lines=[
        OrderLine(
            id="1",
            sku="SET [9] 😀",
            quantity=3,
            kind=LineKind.GOODS,
            street_date=STREET,
            when_short=WhenShort.WAIT,
            components=[Component("LP", 2, [Component("A", when_short="wait")], "goods", STREET, "cancel")],
            amount=Amount(2400, 600, -5),
            requested=dt.date(2027, 2, 8),
            promised=DateRange(dt.date(2027, 2, 6), dt.date(2027, 2, 9)),
            ship_to="ship1",
            ship_group="g",
        ),
        OrderLine(id="2", sku="STANDARD", quantity=1, kind="fee", amount=Amount(500)),
    ],
)
FULL_AS_JSON = {
    "id": "O2",
    "placed_at": "2026-11-22T09:30:00Z",
    "lines": [
        {
            "id": "1",
            "sku": "SET [9] 😀",
            "quantity": 3,
            "street_date": "2027-02-05T00:00:00Z",
            "when_short": "wait",
            "components": [
                {
                    "sku": "LP",
                    "quantity": 2,
                    "components": [{"sku": "A", "when_short": "wait"}],
                    "street_date": "2027-02-05T00:00:00Z",
                    "when_short": "cancel",
                }
            ],
            "amount": {"net": 2400, "tax": 600, "discount": -5},
            "requested": "2027-02-08",
            "promised": {"earliest": "2027-02-06", "latest": "2027-02-09"},
            "ship_to": "ship1",
            "ship_group": "g",
        },
        {"id": "2", "sku": "STANDARD", "quantity": 1, "kind": "fee", "amount": {"net": 500}},
    ],
    "priority": -1,
    "ship": "complete",
    "currency": "EUR",
}
HERE = Supply(
    on_hand={"LP": UNLIMITED, "CD": -3},
    receipts=[
        Receipt(sku="CD", quantity=4, expected=dt.date(2027, 1, 20), reserved=1, ordered=dt.date(2026, 12, 14)),
        Receipt(sku="LP", quantity=1, expected=DateRange(dt.date(2027, 1, 1), dt.date(2027, 1, 5)), reference="P1"),
    ],
    commitments=[
        Commitment(sku="CD", quantity=2, due=dt.date(2026, 12, 6), order_id="O1", line_id="1"),
        Commitment(sku="LP", quantity=1),
    ],
    safety_stock={"CD": 2},
    replenishment={
        "A": LeadTime(1, 2),
        "B": LeadTime(3, 5, WorkCalendar(weekdays={4, 0}, holidays={dt.date(2026, 12, 25)})),
    },
)
HERE_AS_JSON = {
    "on_hand": {"CD": -3, "LP": "unlimited"},
    "receipts": [
        {"sku": "CD", "quantity": 4, "expected": "2027-01-20", "reserved": 1, "ordered": "2026-12-14"},
        {"sku": "LP", "quantity": 1, "expected": {"earliest": "2027-01-01", "latest": "2027-01-05"}, "reference": "P1"},
    ],
    "commitments": [
        {"sku": "CD", "quantity": 2, "due": "2026-12-06", "order_id": "O1", "line_id": "1"},
        {"sku": "LP", "quantity": 1},
    ],
    "safety_stock": {"CD": 2},
    "replenishment": {
        "A": {"min_days": 1, "max_days": 2},
        "B": {"min_days": 3, "max_days": 5, "calendar": {"weekdays": [0, 4], "holidays": ["2026-12-25"]}},
    },
}
PROMISED = Promise(
    order_id="O1",
    line_id="2",
    sku="LP",
    quantity=1,
    kind="backorder",
    ready=DateRange(dt.date(2026, 12, 14), dt.date(2026, 12, 14)),
    delivery=DateRange(dt.date(2026, 12, 16), dt.date(2026, 12, 18)),
    references=["PO1"],
    first=DateRange(dt.date(2026, 12, 9), dt.date(2026, 12, 11)),
)
PLAN = SplitPlan(
    order_id="O1",
    parts=[
        Part(
            id="O1/now/1",
            order_id="O1",
            kind=PartKind.SHIP_NOW,
            lines=[
                PartLine(
                    line_id="1",
                    sku="SET",
                    quantity=1,
                    components=[Component("CUP", 2)],
                    picks=[
                        Assignment(line_id="1", location="Oslo", sku="CUP", quantity=1),
                        Assignment(line_id="1", location="Bergen", sku="CUP", quantity=1),
                    ],
                ),
                PartLine(line_id="2", sku="STANDARD", quantity=1, kind="fee"),
            ],
            ready=DateRange(dt.date(2026, 11, 23), dt.date(2026, 11, 23)),
            delivery=DateRange(dt.date(2026, 11, 24), dt.date(2026, 11, 26)),
            location="Oslo",
            ship_to="home",
        ),
        Part(
            id="O1/street/20270205T000000Z",
            order_id="O1",
            kind="await_street_date",
            lines=[PartLine(line_id="3", sku="LP", quantity=1)],
            street_date=STREET,
        ),
    ],
    cancelled=[Cancelled(line_id="3", sku="LP", quantity=2, reason="customer")],
)
PLAN_AS_JSON = {
    "order_id": "O1",
    "parts": [
        {
            "id": "O1/now/1",
            "order_id": "O1",
            "kind": "ship_now",
            "lines": [
                {
                    "line_id": "1",
                    "sku": "SET",
                    "quantity": 1,
                    "components": [{"sku": "CUP", "quantity": 2}],
                    "picks": [
                        {"line_id": "1", "location": "Oslo", "sku": "CUP", "quantity": 1},
                        {"line_id": "1", "location": "Bergen", "sku": "CUP", "quantity": 1},
                    ],
                },
                {"line_id": "2", "sku": "STANDARD", "quantity": 1, "kind": "fee"},
            ],
            "ready": {"earliest": "2026-11-23", "latest": "2026-11-23"},
            "delivery": {"earliest": "2026-11-24", "latest": "2026-11-26"},
            "location": "Oslo",
            "ship_to": "home",
        },
        {
            "id": "O1/street/20270205T000000Z",
            "order_id": "O1",
            "kind": "await_street_date",
            "lines": [{"line_id": "3", "sku": "LP", "quantity": 1}],
            "street_date": "2027-02-05T00:00:00Z",
        },
    ],
    "cancelled": [{"line_id": "3", "sku": "LP", "quantity": 2, "reason": "customer"}],
}
EMPTY_AS_JSON = {"order_id": "O1", "parts": [], "cancelled": []}
CHARGES = ChargePlan(
    charges=[
        Charge(
            part_id="O1/stock",
            amount=Amount(500, 125),
            due=dt.date(2026, 12, 4),
            capture_by=NOW,
            needs_reauthorisation=True,
            reauthorise_from=dt.date(2026, 11, 27),
            beyond_authorisation=25,
            lines=[Captured(line_id="1", quantity=2, amount=Amount(500, 125))],
        ),
        Charge(part_id="", amount=Amount(3), due=None),
    ],
    cancelled=[CancelledMoney(line_id="2", reason="out_of_stock", quantity=1, amount=Amount(7))],
    refunds=[Refund(line_id="2", quantity=0, amount=Amount(1))],
)
CHARGES_AS_JSON = {
    "charges": [
        {
            "part_id": "O1/stock",
            "amount": {"net": 500, "tax": 125},
            "due": "2026-12-04",
            "capture_by": "2026-11-22T09:30:00Z",
            "needs_reauthorisation": True,
            "reauthorise_from": "2026-11-27",
            "beyond_authorisation": 25,
            "lines": [{"line_id": "1", "quantity": 2, "amount": {"net": 500, "tax": 125}}],
        },
        {"part_id": "", "amount": {"net": 3}, "due": None},
    ],
    "cancelled": [{"line_id": "2", "reason": "out_of_stock", "quantity": 1, "amount": {"net": 7}}],
    "refunds": [{"line_id": "2", "quantity": 0, "amount": {"net": 1}}],
}
NOTHING_AS_JSON = {"charges": [], "cancelled": [], "refunds": []}
VALUES = {
    "an order": (SMALL, "order", SMALL_AS_JSON),
    "an order with everything": (FULL, "order", FULL_AS_JSON),
    "a supply": (Supply(on_hand={"CD": 3}), "supply", {"on_hand": {"CD": 3}}),
    "a supply with everything": (HERE, "supply", HERE_AS_JSON),
    "locations": (
        {"WH2": Supply(on_hand={}), "WH1": HERE},
        "locations",
        {"WH1": HERE_AS_JSON, "WH2": {"on_hand": {}}},
    ),
    "no location": ({}, "locations", {}),
    "promises": (
        (Promise(order_id="O1", line_id="1", sku="CD", quantity=2, kind="none"), PROMISED),
        "promises",
        [
            {"order_id": "O1", "line_id": "1", "sku": "CD", "quantity": 2, "kind": "none"},
            {
                "order_id": "O1",
                "line_id": "2",
                "sku": "LP",
                "quantity": 1,
                "kind": "backorder",
                "ready": {"earliest": "2026-12-14", "latest": "2026-12-14"},
                "delivery": {"earliest": "2026-12-16", "latest": "2026-12-18"},
                "references": ["PO1"],
                "first": {"earliest": "2026-12-09", "latest": "2026-12-11"},
            },
        ],
    ),
    "no promise": ((), "promises", []),
    "a plan": (PLAN, "plan", PLAN_AS_JSON),
    "an empty plan": (SplitPlan(order_id="O1", parts=[], cancelled=[]), "plan", EMPTY_AS_JSON),
    "charges": (CHARGES, "charges", CHARGES_AS_JSON),
    "no charges": (ChargePlan(charges=[], cancelled=[], refunds=[]), "charges", NOTHING_AS_JSON),
}


@pytest.mark.parametrize(("value", "name", "content"), VALUES.values(), ids=VALUES)
def test_a_value_is_written_and_read_without_loss(value, name, content):
    document = to_json(value)
    assert json.loads(document) == {"preorder_kit": 1, name: content}
    assert list(json.loads(document)) == ["preorder_kit", name]
    assert from_json(document) == value
    assert to_json(from_json(document.encode())) == document


def test_equal_values_are_written_alike():
    one = Supply(on_hand={"A": 1, "B": 2}, safety_stock={"D": 1, "C": 1})
    other = Supply(on_hand={"B": 2, "A": 1}, safety_stock={"C": 1, "D": 1})
    assert to_json({"X": one, "Y": other}) == to_json({"X": other, "Y": one})
    assert to_json(Supply(on_hand={"CD": 3})) == (
        '{\n  "preorder_kit": 1,\n  "supply": {\n    "on_hand": {\n      "CD": 3\n    }\n  }\n}'
    )


def test_locations_keep_their_turn():
    there = {name: Supply(on_hand={}) for name in ("Oslo", "Bergen", "Paris")}
    assert list(from_json(to_json(there))) == ["Oslo", "Bergen", "Paris"]


def test_locations_that_were_read_cannot_change():
    found = from_json(to_json({"A": Supply(on_hand={})}))
    assert hash(found) == hash(from_json(to_json({"A": Supply(on_hand={})})))


@pytest.mark.parametrize(("value", "kind"), [(SMALL, Order), (HERE, Supply)])
def test_the_kind_that_is_expected_is_given(value, kind):
    assert from_json(to_json(value), kind) == value


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        pytest.param(SMALL, Supply, "must hold the type Supply (got Order)", id="an order for a supply"),
        pytest.param(HERE, Order, "must hold the type Order (got Supply)", id="a supply for an order"),
        pytest.param(
            {"A": HERE}, Supply, "must hold the type Supply (got Mapping[str, Supply])", id="locations for a supply"
        ),
    ],
)
def test_another_kind_is_refused(value, kind, message):
    with pytest.raises(InvalidDocument) as caught:
        from_json(to_json(value), kind)
    assert [(problem.code, problem.message) for problem in caught.value.problems] == [
        ("document.unrecognised", message)
    ]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        pytest.param(5, "value", id="a number"),
        pytest.param(None, "value", id="nothing"),
        pytest.param([SMALL, HERE], "value[1]", id="values of several types"),
        pytest.param({"A": SMALL, "B": HERE}, "value['B']", id="values of several types by name"),
        pytest.param([5], "value[0]", id="numbers"),
        pytest.param({1: HERE}, "value key", id="a location that is a number"),
    ],
)
def test_what_no_document_can_hold_is_refused(value, path):
    with pytest.raises(InvalidArgument) as caught:
        to_json(value)
    assert caught.value.path == path


@pytest.mark.parametrize(
    "written",
    [
        "[]",
        "5",
        "null",
        "{}",
        '{"preorder_kit": 1}',
        '{"order": {}}',
        '{"preorder_kit": 1, "order": {}, "supply": {}}',
        '{"preorder_kit": 1, "order": {}, "note": ""}',
        '{"preorder_kit": 1, "things": []}',
    ],
)
def test_another_document_is_not_recognised(written):
    with pytest.raises(InvalidDocument, match="must be") as caught:
        from_json(written)
    assert [problem.code for problem in caught.value.problems] == ["document.unrecognised"]


@pytest.mark.parametrize("version", ["2", "0", "true", '"1"', "null", "[1]"])
def test_another_version_is_refused(version):
    with pytest.raises(InvalidDocument, match="preorder_kit: must be 1, the version of the format") as caught:
        from_json(f'{{"preorder_kit": {version}, "supply": {{"on_hand": {{}}}}}}')
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [("document.version", "preorder_kit")]


def test_a_newer_version_is_said_to_be_newer_whatever_it_holds():
    with pytest.raises(InvalidDocument, match="a newer release of this library wrote it: update this one"):
        from_json('{"preorder_kit": 2, "things": {}}')


def order(**fields: object) -> dict[str, object]:
    return {"order": SMALL_AS_JSON | fields}


def line(**fields: object) -> dict[str, object]:
    return order(lines=[SMALL_AS_JSON["lines"][0] | fields])


def supply(**fields: object) -> dict[str, object]:
    return {"supply": {"on_hand": {}} | fields}


DAYS = {"earliest": "2026-12-14", "latest": "2026-12-14"}
PROBLEMS = {
    "an order that is a list": ({"order": []}, [("order", "type.invalid")]),
    "a supply that is text": ({"supply": "all"}, [("supply", "type.invalid")]),
    "a plan that is a list": ({"plan": []}, [("plan", "type.invalid")]),
    "a kind of part that is none": (
        {
            "plan": {
                "order_id": "O1",
                "cancelled": [],
                "parts": [{"id": "1", "order_id": "O1", "kind": "x", "lines": []}],
            }
        },
        [("plan.parts[0].kind", "choice.invalid")],
    ),
    "a reason that is none": (
        {"plan": EMPTY_AS_JSON | {"cancelled": [{"line_id": "1", "sku": "A", "quantity": 1, "reason": 5}]}},
        [("plan.cancelled[0].reason", "choice.invalid")],
    ),
    "yes for true": (
        {"charges": NOTHING_AS_JSON | {"charges": [CHARGES_AS_JSON["charges"][1] | {"needs_reauthorisation": "yes"}]}},
        [("charges.charges[0].needs_reauthorisation", "type.invalid")],
    ),
    "promises that are a text": ({"promises": ""}, [("promises", "type.invalid")]),
    "a promise that is a number": ({"promises": [3]}, [("promises[0]", "type.invalid")]),
    "a promise that is ready and does not arrive": (
        {"promises": [{"order_id": "O", "line_id": "1", "sku": "A", "quantity": 1, "kind": "none", "ready": DAYS}]},
        [("promises[0].delivery", "promise.half_dated")],
    ),
    "locations that are a number": ({"locations": 1}, [("locations", "type.invalid")]),
    "nothing in it": (
        {"order": {}},
        [("order.id", "field.missing"), ("order.placed_at", "field.missing"), ("order.lines", "field.missing")],
    ),
    "a field that is not known": (
        order(colour="red", age=1),
        [("order.age", "field.unknown"), ("order.colour", "field.unknown")],
    ),
    "the private field": (line(_needs=[]), [("order.lines[0]._needs", "field.unknown")]),
    "an id that is a number": (order(id=7), [("order.id", "text.invalid")]),
    "a blank id": (order(id=" "), [("order.id", "text.invalid")]),
    "half a character": (order(id="\ud800"), [("order.id", "text.invalid")]),
    "an instant without an offset": (order(placed_at="2026-11-22T09:30:00"), [("order.placed_at", "instant.naive")]),
    "an instant that is a number": (order(placed_at=1), [("order.placed_at", "instant.invalid")]),
    "lines that are text": (order(lines="11"), [("order.lines", "type.invalid")]),
    "lines that are an object": (order(lines={}), [("order.lines", "type.invalid")]),
    "a line that is text": (order(lines=["1"]), [("order.lines[0]", "type.invalid")]),
    "an id twice": (
        order(lines=SMALL_AS_JSON["lines"] * 2),
        [("order.lines[1].id", "id.repeated")],
    ),
    "a priority that is nothing": (order(priority=None), [("order.priority", "units.invalid")]),
    "a policy in capitals": (order(ship="COMPLETE"), [("order.ship", "choice.invalid")]),
    "a currency in small letters": (order(currency="eur"), [("order.currency", "currency.invalid")]),
    "units that are text": (line(quantity="2"), [("order.lines[0].quantity", "units.invalid")]),
    "units with a point": (line(quantity=2.0), [("order.lines[0].quantity", "units.invalid")]),
    "units that are true": (line(quantity=True), [("order.lines[0].quantity", "units.invalid")]),
    "units without bound": (line(quantity="unlimited"), [("order.lines[0].quantity", "units.invalid")]),
    "no units": (line(quantity=0), [("order.lines[0].quantity", "units.invalid")]),
    "an unknown kind": (line(kind="gift"), [("order.lines[0].kind", "choice.invalid")]),
    "a day at an instant": (line(requested="2027-01-01T00:00:00Z"), [("order.lines[0].requested", "day.invalid")]),
    "an amount that is a number": (line(amount=5), [("order.lines[0].amount", "type.invalid")]),
    "an amount in major units": (line(amount={"net": 18.18}), [("order.lines[0].amount.net", "units.invalid")]),
    "a range the wrong way round": (
        line(promised={"earliest": "2027-02-09", "latest": "2027-02-06"}),
        [("order.lines[0].promised.latest", "range.reversed")],
    ),
    "a SKU inside itself": (
        line(components=[{"sku": "CD"}]),
        [("order.lines[0].components", "bundle.cycle")],
    ),
    "deep inside": (
        line(components=[{"sku": "A", "components": [{"sku": "B"}, {"quantity": 0}]}]),
        [
            ("order.lines[0].components[0].components[1].sku", "field.missing"),
            ("order.lines[0].components[0].components[1].quantity", "units.invalid"),
        ],
    ),
    "several at once": (
        order(id=7, lines=[{"id": "1", "sku": ""}, {"id": "2", "sku": "CD", "quantity": -1, "x": 1}], ship="later"),
        [
            ("order.id", "text.invalid"),
            ("order.lines[0].sku", "text.invalid"),
            ("order.lines[0].quantity", "field.missing"),
            ("order.lines[1].quantity", "units.invalid"),
            ("order.lines[1].x", "field.unknown"),
            ("order.ship", "choice.invalid"),
        ],
    ),
    "units on hand that are a list": (supply(on_hand=[]), [("supply.on_hand", "type.invalid")]),
    "units on hand that are not known": (supply(on_hand={"A": None}), [("supply.on_hand['A']", "units.invalid")]),
    "units on hand that are a word": (supply(on_hand={"A": "many"}), [("supply.on_hand['A']", "units.invalid")]),
    "safety stock without bound": (
        supply(safety_stock={"A": "unlimited"}),
        [("supply.safety_stock['A']", "units.invalid")],
    ),
    "a receipt on no day": (
        supply(receipts=[{"sku": "A", "quantity": 1, "expected": "soon"}]),
        [("supply.receipts[0].expected", "day.invalid")],
    ),
    "more reserved than comes": (
        supply(receipts=[{"sku": "A", "quantity": 1, "expected": "2027-01-01", "reserved": 2}]),
        [("supply.receipts[0].reserved", "units.invalid")],
    ),
    "a weekday that is none": (
        supply(replenishment={"A": {"min_days": 1, "max_days": 1, "calendar": {"weekdays": [7]}}}),
        [("supply.replenishment['A'].calendar.weekdays[0]", "weekday.invalid")],
    ),
    "a lead time the wrong way round": (
        supply(replenishment={"A": {"min_days": 2, "max_days": 1}}),
        [("supply.replenishment['A'].max_days", "range.reversed")],
    ),
    "a location": (
        {"locations": {"WH1": {"on_hand": {"A": 1.5}}}},
        [("locations['WH1'].on_hand['A']", "units.invalid")],
    ),
}


@pytest.mark.parametrize(("content", "expected"), PROBLEMS.values(), ids=PROBLEMS)
def test_every_problem_is_named_with_its_path(content, expected):
    with pytest.raises(InvalidDocument) as caught:
        from_json(json.dumps({"preorder_kit": 1} | content))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == expected


PATHS = {
    "a blank SKU on hand": (supply(on_hand={" ": 1}), [("supply.on_hand key", "text.invalid")]),
    "a choice that is a number": (order(ship=1), [("order.ship", "choice.invalid")]),
}


@pytest.mark.parametrize(("content", "expected"), PATHS.values(), ids=PATHS)
def test_a_problem_is_named_as_when_the_value_is_built(content, expected):
    with pytest.raises(InvalidDocument) as caught:
        from_json(json.dumps({"preorder_kit": 1} | content))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == expected


@pytest.mark.parametrize("deep", [32, 100, 450, 900])
def test_recipes_that_are_too_deep_are_refused(deep):
    components = "[]"
    for level in range(deep):
        components = f'[{{"sku": "S{level}", "components": {components}}}]'
    document = f'{{"preorder_kit": 1, "order": {json.dumps(line(components=0)["order"])}}}'
    with pytest.raises(InvalidDocument) as caught:
        from_json(document.replace('"components": 0', f'"components": {components}'))
    assert {problem.code for problem in caught.value.problems} <= {"bundle.deep", "json.deep"}


def test_a_calendar_that_has_a_name_is_read_as_an_equal_one():
    weekdays = {"min_days": 1, "max_days": 2, "calendar": {"weekdays": [0, 1, 2, 3, 4]}}
    found = from_json(json.dumps({"preorder_kit": 1} | supply(replenishment={"A": weekdays})))
    assert found.replenishment == {"A": LeadTime(1, 2, MON_TO_FRI)}


def test_an_error_that_is_no_problem_of_the_document_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        problems_of(ZeroDivisionError(), "order")


def test_what_is_nested_too_deeply_for_the_stack_is_a_problem_of_the_document():
    assert [(found.path, found.code) for found in problems_of(RecursionError(), "order")] == [("order", "json.deep")]
