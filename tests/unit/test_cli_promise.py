"""`preorder-kit promise`: what is promised to whom, whose promise breaks if a receipt moves, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from test_cli import AT, SUNDAY, as_json, refused, run, wants
from test_cli import rows as cells

from preorder_kit import (
    BreakReason,
    Commitment,
    Component,
    DateRange,
    LeadTime,
    Order,
    PromiseKind,
    PromiseRules,
    Receipt,
    ShippingTimes,
    Supply,
    promise_orders,
    release_instant,
)
from preorder_kit.cli._promise import _KINDS, _WHY
from preorder_kit.serialization import to_json

DEC_1, DEC_4, DEC_14 = (dt.date(2026, 12, day) for day in (1, 4, 14))
QUICK = ("--handling", "0", "--transit", "1", "--calendar", "every-day")


def receipt(quantity: int, day: dt.date | DateRange, reference: str = "", sku: str = "A1") -> Receipt:
    return Receipt(sku=sku, quantity=quantity, expected=day, reference=reference)


def order(order_id: str, *lines: object, **fields: object) -> Order:
    return Order(id=order_id, placed_at=AT, lines=lines, **fields)


SUPPLY = Supply(
    on_hand={"A1": 2}, receipts=[receipt(3, DEC_1, "P1"), receipt(4, DEC_14, "P2"), receipt(1, DEC_14, "P3", sku="LP")]
)
FIRST = order("O1", wants("1", quantity=3, when_short="wait"))
SECOND = order("O2", wants("1", quantity=4, when_short="wait"), wants("2", "B1", when_short="wait"))


@pytest.fixture
def promise(tmp_path, monkeypatch):
    """Return a function that promises orders from a supply, all of them written to files."""
    monkeypatch.chdir(tmp_path)

    def promised(*orders: object, options: tuple[str, ...] = QUICK, supply: object = SUPPLY):
        names = [f"{number}.json" for number in range(1, len(orders) + 1)]
        for name, document in zip((*names, "supply.json"), (*orders, supply), strict=True):
            Path(name).write_text(document if isinstance(document, str) else to_json(document), encoding="utf-8")
        return run("promise", *names, "--supply", "supply.json", "--at", SUNDAY, *options)

    return promised


def tables(done: tuple[int, str, str]) -> list[list[list[str]]]:
    """Return the cells of each table."""
    status, stdout, stderr = done
    assert (status, stderr) == (0, "")
    return [cells(part) for part in stdout.split("\n\n")]


def test_orders_are_served_in_the_order_given(promise):
    assert tables(promise(FIRST, SECOND)) == [
        [
            ["O1", "1", "A1", "2", "in stock", "22 Nov 2026", "23 Nov 2026"],
            ["O1", "1", "A1", "1", "on order (P1)", "1 Dec 2026", "2 Dec 2026"],
            ["O2", "1", "A1", "2", "on order (P1)", "1 Dec 2026", "2 Dec 2026"],
            ["O2", "1", "A1", "2", "on order (P2)", "14 Dec 2026", "15 Dec 2026"],
            ["O2", "2", "B1", "1", "none", "", "no date known"],
        ]
    ]
    [found] = tables(promise(SECOND, FIRST))
    assert [row[:2] + row[3:5] for row in found] == [
        ["O2", "1", "2", "in stock"],
        ["O2", "1", "2", "on order (P1)"],
        ["O2", "2", "1", "none"],
        ["O1", "1", "1", "on order (P1)"],
        ["O1", "1", "2", "on order (P2)"],
    ]


def test_what_stands_behind_a_promise_is_said_in_words(promise):
    street = release_instant(dt.date(2027, 2, 5), zone="UTC")
    lines = [
        wants("1", "LP", street_date=street),
        wants("2", "BOOK", when_short="wait"),
        wants("3", "MP3", kind="digital"),
    ]
    [found] = tables(promise(order("O1", *lines), options=(*QUICK, "--estimate", "4-6 weeks")))
    assert found == [
        ["O1", "1", "LP", "1", "pre-order (P3)", "5 Feb 2027", "6 Feb 2027"],
        ["O1", "2", "BOOK", "1", "estimate", "20 Dec 2026 to 3 Jan 2027", "21 Dec 2026 to 4 Jan 2027"],
    ]


def test_the_day_and_what_is_counted_stand_around_the_table(promise):
    lines = promise(FIRST, options=())[1].splitlines()
    assert (lines[0], lines[-1]) == (
        "Promised on 22 Nov 2026",
        "Counted: 1-2 days of handling, 2-4 of transit, mon-fri, days in UTC.",
    )
    evening = run(
        "promise", "1.json", "--supply", "supply.json", "--at", "2026-11-22T20:00:00Z", "--zone", "Asia/Tokyo"
    )
    assert evening[1].startswith("Promised on 23 Nov 2026\n")


@pytest.mark.parametrize(
    ("options", "facts"),
    [
        pytest.param(("--confirmation", "complete"), {"confirmation": "complete"}, id="all at once"),
        pytest.param(("--confirmation", "on_date"), {"confirmation": "on_date"}, id="on the wanted day"),
        pytest.param(("--pegging", "latest_feasible"), {"pegging": "latest_feasible"}, id="stock is kept for others"),
        pytest.param(("--min-shipment", "2"), {"min_shipment": 2}, id="no small shipments"),
        pytest.param(("--max-lateness", "0"), {"max_lateness": 0}, id="not beyond the wanted day"),
        pytest.param(("--overdue", "5"), {"overdue": 5}, id="what is overdue counts"),
    ],
)
def test_the_rules_are_those_of_the_library(promise, options, facts):
    wish = {"quantity": 3, "when_short": "wait", "requested": dt.date(2026, 12, 3)}
    wanted = order("O1", wants("1", **wish), wants("2", **wish))
    supply = Supply(on_hand={"A1": 1}, receipts=[receipt(1, dt.date(2026, 11, 16), "P0"), *SUPPLY.receipts])
    every_day = {"handling": LeadTime(0, 0), "transit": LeadTime(1, 1), "zone": "UTC"}
    expected = promise_orders(
        [wanted], supply=supply, times=ShippingTimes(**every_day), at=AT, rules=PromiseRules(**facts)
    )
    found = as_json(promise(wanted, options=(*QUICK, *options, "--json"), supply=supply))["promises"]
    assert [(item["quantity"], item["delivery"] and item["delivery"]["latest"]) for item in found] == [
        (item.quantity, item.delivery and item.delivery.latest.isoformat()) for item in expected
    ]
    plain = promise_orders([wanted], supply=supply, times=ShippingTimes(**every_day), at=AT)
    assert expected != plain


ESTIMATES = {
    "a range of weeks": ("4-6 weeks", "2026-12-20", "2027-01-03"),
    "one week": ("1 week", "2026-11-29", "2026-11-29"),
    "days": (" 3-10 days ", "2026-11-25", "2026-12-02"),
    "months": ("1-2 months", "2026-12-22", "2027-01-22"),
    "without blanks": ("2weeks", "2026-12-06", "2026-12-06"),
}


@pytest.mark.parametrize(("written", "earliest", "latest"), ESTIMATES.values(), ids=ESTIMATES)
def test_an_estimate_is_for_what_nobody_knows_a_day_of(promise, written, earliest, latest):
    done = promise(order("O1", wants("1", "B1", when_short="wait")), options=(*QUICK, "--estimate", written, "--json"))
    [found] = as_json(done)["promises"]
    assert (found["kind"], found["ready"]) == ("estimate", {"earliest": earliest, "latest": latest})


def test_a_receipt_that_moves_breaks_some_promises_and_not_others(promise):
    done = promise(FIRST, SECOND, options=(*QUICK, "--moved", "P1=2026-12-04"))
    _, found = tables(done)
    assert found == [
        ["O1", "1", "A1", "1", "2 Dec 2026", "5 Dec 2026", "+3", "what serves it comes later"],
        ["O2", "1", "A1", "2", "2 Dec 2026", "5 Dec 2026", "+3", "what serves it comes later"],
        ["O1", "1", "A1", "2", "23 Nov 2026", "", "", "kept"],
        ["O2", "1", "A1", "2", "15 Dec 2026", "", "", "kept"],
        ["O2", "2", "B1", "1", "no date known", "", "", "still no date"],
    ]
    assert "\nIf P1 comes on 4 Dec 2026:\n" in done[1]


def test_several_receipts_can_move(promise):
    done = promise(FIRST, SECOND, options=(*QUICK, "--moved", "P1=2026-12-20", "--moved", "P2=2026-12-04"))
    assert "\nIf P1 comes on 20 Dec 2026 and P2 comes on 4 Dec 2026:\n" in done[1]
    _, found = tables(done)
    assert [row[:2] + row[3:7] for row in found if row[5]] == [
        ["O1", "1", "1", "2 Dec 2026", "5 Dec 2026", "+3"],
        ["O2", "1", "1", "2 Dec 2026", "5 Dec 2026", "+3"],
        ["O2", "1", "1", "2 Dec 2026", "21 Dec 2026", "+19"],
    ]


LATE = Supply(on_hand={}, receipts=[receipt(2, dt.date(2026, 11, 20), "P0"), receipt(1, DEC_1, "P1")])
TOGETHER = order("O1", wants("1", when_short="wait"), wants("2", "C1", when_short="wait"), ship="complete")
MOVED = {
    "units get a date": (
        order("O1", wants("1", quantity=3, when_short="wait")),
        LATE,
        "P0=2026-12-04",
        [["2", "no date known", "5 Dec 2026", "", "has a date now"], ["1", "2 Dec 2026", "", "", "kept"]],
    ),
    "units have no date any more": (
        order("O1", wants("1", when_short="wait")),
        LATE,
        "P1=2026-11-20",
        [["1", "2 Dec 2026", "no date known", "", "what served it comes no more"]],
    ),
    "units wait for others": (
        TOGETHER,
        Supply(on_hand={"C1": 1}, receipts=[receipt(1, DEC_1, "P1")]),
        "P1=2026-12-04",
        [
            ["1", "2 Dec 2026", "5 Dec 2026", "+3", "what serves it comes later"],
            ["1", "2 Dec 2026", "5 Dec 2026", "+3", "ships with what breaks"],
        ],
    ),
    "units are owed to others": (
        order("O1", wants("1", quantity=2, when_short="wait")),
        Supply(
            on_hand={"A1": 2},
            receipts=[receipt(5, DEC_1, "P1")],
            commitments=[Commitment(sku="A1", quantity=5, due=DEC_4, order_id="X")],
        ),
        "P1=2026-12-24",
        [["2", "23 Nov 2026", "25 Dec 2026", "+32", "too few units"]],
    ),
    "sooner is no reason to break": (
        order("O1", wants("1", when_short="wait")),
        LATE,
        "P1=2026-11-25",
        [["1", "2 Dec 2026", "", "", "kept"]],
    ),
}


@pytest.mark.parametrize(("asked", "supply", "move", "expected"), MOVED.values(), ids=MOVED)
def test_it_says_what_a_move_does_and_why(promise, asked, supply, move, expected):
    _, found = tables(promise(asked, options=(*QUICK, "--moved", move), supply=supply))
    assert [row[3:] for row in found] == expected


def test_every_kind_and_every_reason_has_its_words():
    assert _KINDS.keys() == set(PromiseKind)
    assert _WHY.keys() == set(BreakReason)


def test_json_has_all_promises_and_what_becomes_of_them(promise):
    supply = Supply(on_hand={"A1": 1}, receipts=[receipt(2, DateRange(DEC_1, DEC_4), "P1")])
    options = (*QUICK, "--json", "--moved", "P1=2026-12-14")
    found = as_json(promise(order("O1", wants("1", quantity=3, when_short="wait")), options=options, supply=supply))
    here = {"earliest": "2026-11-22", "latest": "2026-11-22"}
    stands = {"order_id": "O1", "line_id": "1", "sku": "A1", "components": [], "first": None}
    stock = stands | {
        "quantity": 1,
        "kind": "in_stock",
        "ready": here,
        "delivery": {"earliest": "2026-11-23", "latest": "2026-11-23"},
        "references": [],
    }
    before = stands | {
        "quantity": 2,
        "kind": "backorder",
        "ready": {"earliest": "2026-12-01", "latest": "2026-12-04"},
        "delivery": {"earliest": "2026-12-02", "latest": "2026-12-05"},
        "references": ["P1"],
    }
    now = before | {
        "ready": {"earliest": "2026-12-14", "latest": "2026-12-14"},
        "delivery": {"earliest": "2026-12-15", "latest": "2026-12-15"},
        "first": before["delivery"],
    }
    assert found == {
        "promises": [stock, before],
        "repromise": {
            "kept": [stock],
            "broken": [{"promise": before, "now": now, "days_moved": 10, "because": "receipt_late"}],
            "gained": [],
            "freed": [],
        },
    }


def test_json_has_no_days_for_what_has_none(promise):
    found = as_json(promise(order("O1", wants("1", "B1", when_short="wait")), options=("--json",)))
    assert found["repromise"] is None
    [item] = found["promises"]
    assert (item["kind"], item["ready"], item["delivery"]) == ("none", None, None)


def test_an_order_can_come_on_standard_input(promise):
    expected = promise(FIRST, SECOND)
    arguments = ("promise", "-", "2.json", "--supply", "supply.json", "--at", SUNDAY, *QUICK)
    assert run(*arguments, stdin=to_json(FIRST)) == expected


@pytest.mark.parametrize("names", [("-", "-", "--supply", "supply.json"), ("1.json", "-", "--supply", "-")])
def test_standard_input_is_one_document(promise, names):
    promise(FIRST)
    found = refused(run("promise", *names, "--at", SUNDAY, stdin=to_json(FIRST)))
    assert "standard input can be one document, not several" in found[-1]


def test_every_problem_of_every_document_is_named(promise):
    assert refused(promise("?", FIRST, "{}", supply="")) == [
        "1.json: is not JSON: Expecting value in line 1, column 1",
        '3.json: must be an order create message: {"params": {"order": {...}}} or {"order": {...}}',
        "supply.json: is empty: the first row must name the columns",
    ]


def test_a_bundle_shows_what_is_in_it(promise):
    line = wants("1", "SET", 2, components=[Component("A1", 2)], when_short="wait")
    assert tables(promise(order("O1", line))) == [
        [
            ["O1", "1", "SET (2 A1)", "1", "in stock", "22 Nov 2026", "23 Nov 2026"],
            ["O1", "1", "SET (2 A1)", "1", "on order (P1)", "1 Dec 2026", "2 Dec 2026"],
        ]
    ]
    found = as_json(promise(order("O1", line), options=("--json",)))
    assert found["promises"][0]["components"] == [{"sku": "A1", "quantity": 2, "kind": "goods", "components": []}]


def test_an_order_that_is_given_twice_is_refused(promise):
    assert refused(promise(FIRST, FIRST)) == ["2.json: holds the order O1, as 1.json does; give each order once"]


def test_every_receipt_that_there_is_not_is_named(promise):
    options = ("--moved", "P9=2026-12-04", "--moved", "P1=2026-12-04", "--moved", "x=y=2026-12-04")
    assert refused(promise(FIRST, options=options)) == [
        "--moved: must be that of a receipt: P1, P2, P3 (got 'P9')",
        "--moved: must be that of a receipt: P1, P2, P3 (got 'x=y')",
    ]


def test_days_beyond_the_last_one_there_is_are_refused_in_words(promise):
    promise(FIRST)
    [line] = refused(run("promise", "1.json", "--supply", "supply.json", "--at", "9999-12-31T09:00:00Z"))
    assert line.startswith("cannot be promised: ")


OPTIONS = {
    "a move without a receipt": (("--moved", "2026-12-04"), "--moved", "such as PO2002=2026-12-24 (got '2026-12-04')"),
    "a move of nothing": (("--moved", "=2026-12-04"), "--moved", "such as PO2002=2026-12-24 (got '=2026-12-04')"),
    "a move to no day": (("--moved", "P1=soon"), "--moved", "must be a day such as 2027-01-20 (got 'soon')"),
    "an estimate in words": (("--estimate", "soon"), "--estimate", "such as '4-6 weeks' (got 'soon')"),
    "an estimate in hours": (("--estimate", "4 hours"), "--estimate", "must be days, weeks or months"),
    "an estimate the wrong way round": (("--estimate", "6-4 weeks"), "--estimate", "must be days, weeks or months"),
    "a confirmation that is none": (("--confirmation", "maybe"), "--confirmation", "maybe"),
    "a pegging that is none": (("--pegging", "last"), "--pegging", "last"),
    "no units": (("--min-shipment", "0"), "--min-shipment", "1"),
    "days into the past": (("--max-lateness", "-1"), "--max-lateness", "0"),
}


@pytest.mark.parametrize(("options", "flag", "words"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_is_refused_in_plain_words(promise, options, flag, words):
    found = " ".join(refused(promise(FIRST, options=options)))
    assert flag in found
    assert words in found


@pytest.mark.parametrize(
    "arguments", [("--supply", "-", "--at", SUNDAY), ("-", "--at", SUNDAY), ("-", "--supply", "s")]
)
def test_what_must_be_said_is_asked_for(arguments):
    assert refused(run("promise", *arguments))


def test_what_a_terminal_would_obey_is_shown_as_a_sign(promise):
    supply = Supply(on_hand={}, receipts=[receipt(1, DEC_1, "\x1b[31m")])
    _, stdout, _ = promise(
        order("O1", wants("1", when_short="wait")), options=("--moved", "\x1b[31m=2026-12-04"), supply=supply
    )
    assert "\x1b" not in stdout
    assert stdout.count("�[31m") == 2
