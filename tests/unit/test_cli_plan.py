"""What `plan` says of locations, bundles, the rules of a split, and money."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from test_cli import AT, STREET, as_json, refused, run, wants
from test_cli import rows as cells

from preorder_kit import Amount, CancelReason, Component, LeadTime, Order, Receipt, Supply
from preorder_kit.charging import ChargePlan, Refund
from preorder_kit.cli._charges import charges_as_json, money
from preorder_kit.cli._tables import CANCELLED
from preorder_kit.serialization import to_json

SUNDAY = "2026-11-22T09:30:00+00:00"
QUICK = ("--handling", "0", "--transit", "1", "--calendar", "every-day")
SET = [Component("CUP", 2), Component("POT")]
NOW, TOMORROW = "22 Nov 2026", "23 Nov 2026"


def comes(sku: str, quantity: int, day: int, reference: str) -> Receipt:
    return Receipt(sku=sku, quantity=quantity, expected=dt.date(2026, 12, day), reference=reference)


OSLO = Supply(on_hand={"CUP": 5, "POT": 1}, receipts=[comes("POT", 2, 7, "PO1")])
BERGEN = Supply(on_hand={"CUP": 3, "POT": 1}, receipts=[comes("POT", 2, 4, "PO2"), comes("CUP", 9, 1, "PO3")])
BOTH = {"Oslo": OSLO, "Bergen": BERGEN}


def order(*lines: object, **fields: object) -> Order:
    return Order(id="O1", placed_at=AT, lines=lines, **fields)


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """Return a function that plans an order from a supply, both written to files."""
    monkeypatch.chdir(tmp_path)

    def planned(what: Order | str, *options: str, supply: object = BOTH, columns: int = 200):
        for name, document in (("order.json", what), ("supply.json", supply)):
            Path(name).write_text(document if isinstance(document, str) else to_json(document), encoding="utf-8")
        return run("plan", "order.json", "--supply", "supply.json", "--at", SUNDAY, *QUICK, *options, columns=columns)

    return planned


def tables(done: tuple[int, str, str]) -> list[list[list[str]]]:
    """Return the cells of each table."""
    status, stdout, stderr = done
    assert (status, stderr) == (0, "")
    return [cells(part) for part in stdout.split("\n\n")]


def happens(done: tuple[int, str, str]) -> list[list[str]]:
    """Return units, line and fate of each row of the first table."""
    return [[row[0], row[2], row[3]] for row in tables(done)[0]]


CUPS = order(wants("1", "CUP", 7, when_short="wait"), wants("2", "POT", 1))
SETS = order(wants("1", "SET", 3, components=SET, when_short="wait"))
SPLITS = {
    "in turn": (
        CUPS,
        (),
        [
            ["5", "1", "ships now from Oslo"],
            ["1", "2", "ships now from Oslo"],
            ["2", "1", "ships now from Bergen"],
        ],
    ),
    "the location that has most": (
        order(wants("1", "CUP", 3)),
        ("--source", "most_stock"),
        [["3", "1", "ships now from Oslo"]],
    ),
    "the fewest shipments": (
        order(wants("1", "CUP", 3), wants("2", "POT", 2)),
        ("--source", "fewest_shipments", "--keep-back", "Oslo=2"),
        [
            ["3", "1", "ships now from Bergen"],
            ["1", "2", "ships now from Bergen"],
            ["1", "2", CANCELLED[CancelReason.OUT_OF_STOCK]],
        ],
    ),
    "one that is asked first": (
        order(wants("1", "CUP", 4)),
        ("--ask-first", "Bergen"),
        [["1", "1", "ships now from Oslo"], ["3", "1", "ships now from Bergen"]],
    ),
    "units that are kept back": (
        order(wants("1", "CUP", 4)),
        ("--keep-back", "Oslo=4", "--keep-back", "Bergen=0"),
        [["1", "1", "ships now from Oslo"], ["3", "1", "ships now from Bergen"]],
    ),
    "bundles": (
        SETS,
        (),
        [
            ["1", "1", "ships now from Oslo"],
            ["1", "1", "ships now from Bergen"],
            ["1", "1", "waits for stock, no date known"],
        ],
    ),
    "bundles by the line": (
        SETS,
        ("--whole-lines",),
        [["3", "1", "waits for stock, no date known"]],
    ),
    "bundles of which each may leave from several": (
        SETS,
        ("--bundles-from", "several", "--whole-lines"),
        [["3", "1", "waits for stock (PO2), until 4 Dec 2026"]],
    ),
    "bundles by the line at one location": (
        SETS,
        ("--whole-lines", "--backorder-at", "Bergen"),
        [["3", "1", "waits at Bergen for stock (PO3, PO2), until 4 Dec 2026"]],
    ),
    "what is kept back and waits": (
        order(wants("1", "CUP", 3, when_short="wait")),
        ("--keep-back", "Oslo=5", "--keep-back", "Bergen=2"),
        [["1", "1", "ships now from Bergen"], ["2", "1", "waits for stock (PO3), until 1 Dec 2026"]],
    ),
    "what waits at one location": (
        SETS,
        ("--backorder-at", "Oslo"),
        [
            ["1", "1", "ships now from Oslo"],
            ["1", "1", "ships now from Bergen"],
            ["1", "1", "waits at Oslo for stock (PO1), until 7 Dec 2026"],
        ],
    ),
    "what waits at the other": (
        order(wants("1", "CUP", 10, when_short="wait")),
        ("--backorder-at", "Bergen"),
        [
            ["5", "1", "ships now from Oslo"],
            ["3", "1", "ships now from Bergen"],
            ["2", "1", "waits at Bergen for stock (PO3), until 1 Dec 2026"],
        ],
    ),
    "a street date at one location": (
        order(wants("1", "CUP", 1, street_date=STREET)),
        ("--backorder-at", "Bergen"),
        [["1", "1", "waits at Bergen for the street date, 5 Feb 2027"]],
    ),
    "all or later": (
        order(*CUPS.lines, wants("3", "POT", 3, when_short="wait")),
        ("--mixed-cart", "hold"),
        [
            ["7", "1", "waits for stock, until 4 Dec 2026"],
            ["1", "2", "waits for stock, until 4 Dec 2026"],
            ["3", "3", "waits for stock (PO2), until 4 Dec 2026"],
        ],
    ),
    "all or nothing": (
        order(wants("1", "CUP", 9, when_short="wait")),
        ("--mixed-cart", "refuse"),
        [["9", "1", "cancelled: not all of it could leave at once"]],
    ),
    "one part": (
        order(wants("1", "CUP", 9, when_short="wait")),
        ("--max-parts", "1"),
        [["9", "1", "waits for stock (PO3), until 1 Dec 2026"]],
    ),
    "one address": (order(wants("1", "CUP", 5, ship_to="home")), (), [["5", "1", "ships now from Oslo"]]),
    "two addresses": (
        order(wants("1", "CUP", 5, ship_to="home"), wants("2", "CUP", 4, ship_to="work", when_short="wait")),
        (),
        [
            ["5", "1", "ships now from Oslo, to home"],
            ["3", "2", "ships now from Bergen, to work"],
            ["1", "2", "waits for stock (PO3), until 1 Dec 2026, to work"],
        ],
    ),
}


@pytest.mark.parametrize(("what", "options", "expected"), SPLITS.values(), ids=SPLITS)
def test_the_options_are_the_rules_of_the_split(plan, what, options, expected):
    assert happens(plan(what, *options)) == expected


def test_each_receipt_serves_what_is_left_to_wait(plan):
    supply = {
        "A": Supply(on_hand={"CUP": 3}),
        "B": Supply(on_hand={"CUP": 2}, receipts=[comes("CUP", 1, 1, "P1"), comes("CUP", 9, 4, "P2")]),
    }
    line = wants("1", "CUP", 6, when_short="wait")
    assert happens(plan(order(line), "--backorder-at", "B", supply=supply))[-1] == [
        "1",
        "1",
        "waits at B for stock (P1), until 1 Dec 2026",
    ]


def test_what_comes_before_a_street_date_is_not_waited_for_by_a_later_line(plan):
    supply = Supply(on_hand={}, receipts=[comes("CUP", 1, 1, "P1"), comes("CUP", 1, 7, "P2")])
    ahead = wants("1", "CUP", street_date=dt.datetime(2026, 12, 3, tzinfo=dt.timezone.utc))
    assert happens(plan(order(ahead, wants("2", "CUP", when_short="wait")), supply=supply)) == [
        ["1", "1", "waits for the street date, 3 Dec 2026"],
        ["1", "2", "waits for stock (P2), until 7 Dec 2026"],
    ]


def test_what_is_replenished_waits_for_no_receipt(plan):
    supply = Supply(on_hand={}, replenishment={"CUP": LeadTime(2, 9)})
    [row] = happens(plan(order(wants("1", "CUP", when_short="wait")), supply=supply))
    assert row[2] == "waits for stock, until 24 Nov to 1 Dec 2026"


def test_a_location_that_keeps_units_back_may_have_an_equals_sign_in_its_name(plan):
    done = plan(order(wants("1", "CUP", 2)), "--keep-back", "A=B=2", supply={"A=B": Supply(on_hand={"CUP": 3})})
    assert happens(done) == [["1", "1", "ships now from A=B"], ["1", "1", CANCELLED[CancelReason.OUT_OF_STOCK]]]


def test_one_location_without_a_name_is_not_said(plan):
    assert happens(plan(order(wants("1", "CUP")), supply=OSLO)) == [["1", "1", "ships now"]]


def test_a_bundle_shows_what_is_in_it(plan):
    line = wants(
        "1", "GIFT", components=[Component("BOX", 1, [Component("CUP", 3)]), Component("CARD", kind="digital")]
    )
    [row] = tables(plan(order(line)))[0]
    assert row[:2] == ["1", "GIFT (1 BOX (3 CUP), 1 CARD)"]
    [row] = tables(plan(order(line), supply=Supply(on_hand={})))[0]
    assert row[1:] == ["GIFT (1 BOX (3 CUP), 1 CARD)", "1", CANCELLED[CancelReason.OUT_OF_STOCK]]


SEVERAL = {"Oslo": Supply(on_hand={"CUP": 4}), "Bergen": Supply(on_hand={"POT": 2})}


def test_a_bundle_from_several_locations_says_what_comes_from_where(plan):
    what = order(wants("1", "SET", 2, components=SET))
    found = plan(what, "--bundles-from", "several", supply=SEVERAL)
    assert [row[3] for row in tables(found)[0]] == ["ships now", "4 CUP from Oslo", "2 POT from Bergen"]
    [part] = as_json(plan(what, "--bundles-from", "several", "--json", supply=SEVERAL))["parts"]
    assert part["lines"][0]["picks"] == [
        {"location": "Oslo", "sku": "CUP", "quantity": 4},
        {"location": "Bergen", "sku": "POT", "quantity": 2},
    ]
    assert happens(plan(what, supply=SEVERAL)) == [["2", "1", CANCELLED[CancelReason.OUT_OF_STOCK]]]


def test_what_several_locations_gave_is_not_waited_with(plan):
    supply = SEVERAL | {
        "Bergen": Supply(on_hand={"POT": 3}, receipts=[comes("CUP", 9, 1, "PO3"), comes("POT", 1, 4, "PO4")])
    }
    what = order(wants("1", "SET", 4, components=SET, when_short="wait"))
    found = happens(plan(what, "--bundles-from", "several", "--backorder-at", "Bergen", supply=supply))
    assert "(PO3, PO4)" in found[-1][2]


def test_json_says_where_it_leaves_from_and_goes_and_what_is_in_it(plan):
    line = wants("1", "SET", 2, components=SET, ship_to="home", when_short="wait")
    found = as_json(plan(order(line), "--backorder-at", "Bergen", "--json"))
    assert [(part["location"], part["ship_to"]) for part in found["parts"]] == [("Oslo", "home"), ("Bergen", "home")]
    assert found["parts"][0]["lines"] == [
        {
            "line_id": "1",
            "sku": "SET",
            "quantity": 1,
            "components": [
                {"sku": "CUP", "quantity": 2, "kind": "goods", "components": []},
                {"sku": "POT", "quantity": 1, "kind": "goods", "components": []},
            ],
            "picks": [],
        }
    ]


def paid(currency: str | None = "EUR") -> Order:
    """Return an order of which three units leave now, one at a time, and others never."""
    return order(
        wants("1", "CUP", 3, when_short="wait", amount=Amount(800, 200)),
        wants("2", "GONE", 2, amount=Amount(300)),
        wants("3", "MP3", kind="digital", amount=Amount(50)),
        wants("4", "SHIP", kind="fee", amount=Amount(100)),
        currency=currency,
    )


ONE = Supply(on_hand={"CUP": 1}, receipts=[comes("CUP", 9, 1, "PO1")])
LOST = ["3.00", CANCELLED[CancelReason.OUT_OF_STOCK]]
WAITS, SHIPS, AT_ONCE = "waits for stock", "ships now", "delivered at once"
MONEY = {
    "as it ships": (
        (),
        "as it ships",
        [["0.50", AT_ONCE, NOW], ["4.34", SHIPS, NOW], ["6.66", WAITS, "1 Dec 2026"]],
    ),
    "up front": (
        ("--capture", "up_front"),
        "with the order",
        [["0.50", AT_ONCE, NOW], ["4.34", SHIPS, NOW], ["6.66", WAITS, NOW]],
    ),
    "a deposit": (
        ("--capture", "deposit", "--deposit", "30"),
        "30 % with the order, the rest as it ships",
        [
            ["3.30", "deposit", NOW],
            ["0.50", AT_ONCE, NOW],
            ["3.04", SHIPS, NOW],
            ["4.66", WAITS, "1 Dec 2026"],
        ],
    ),
    "an authorisation that ends": (
        ("--window", "7"),
        "as it ships",
        [
            ["0.50", AT_ONCE, NOW, "29 Nov 2026 09:30", ""],
            ["4.34", SHIPS, NOW, "29 Nov 2026 09:30", ""],
            ["6.66", WAITS, "1 Dec 2026", "", "authorise again from 24 Nov 2026"],
        ],
    ),
    "before it ends": (
        ("--window", "7", "--capture", "before_expiry"),
        "as it ships, or just before the authorisation ends",
        [
            ["0.50", AT_ONCE, NOW, "29 Nov 2026 09:30"],
            ["4.34", SHIPS, NOW, "29 Nov 2026 09:30"],
            ["6.66", WAITS, "29 Nov 2026", "29 Nov 2026 09:30"],
        ],
    ),
    "less than all was authorised, later": (
        ("--window", "30", "--authorised", " 10.5 ", "--authorised-at", "2026-11-22T12:00:00Z", "--zone", "Asia/Tokyo"),
        "as it ships",
        [
            ["0.50", AT_ONCE, NOW, "22 Dec 2026 21:00", ""],
            ["4.34", SHIPS, NOW, "22 Dec 2026 21:00", ""],
            ["6.66", WAITS, "1 Dec 2026", "22 Dec 2026 21:00", "1.00 more than was authorised"],
        ],
    ),
}


@pytest.mark.parametrize(("options", "how", "expected"), MONEY.values(), ids=MONEY)
def test_what_is_captured_is_said_and_adds_up(plan, options, how, expected):
    done = plan(paid(), *options, supply=ONE)
    empty = [""] * (len(expected[0]) - 2)
    sums = [["11.50", "captured", *empty], [*LOST, *empty], ["14.50", "the order", *empty]]
    assert tables(done)[1] == [*expected, *sums]
    assert f"\nCaptured in EUR, {how}\n" in done[1]


@pytest.mark.parametrize(
    ("currency", "first", "words"),
    [
        pytest.param("JPY", "434", "Captured in JPY,", id="no decimals"),
        pytest.param("KWD", "0.434", "Captured in KWD,", id="three decimals"),
        pytest.param(None, "434", "Captured in minor units,", id="no currency"),
    ],
)
def test_money_has_the_decimals_of_its_currency(plan, currency, first, words):
    done = plan(paid(currency), supply=ONE)
    assert tables(done)[1][1][0] == first
    assert words in done[1]


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (0, "EUR", "0.00"),
        (-5, "EUR", "-0.05"),
        (-100, "EUR", "-1.00"),
        (7, "KWD", "0.007"),
        (10**30, "JPY", f"1{'0' * 30}"),
    ],
)
def test_an_amount_is_written_without_loss(minor, currency, written):
    assert money(minor, currency) == written


def test_an_order_that_costs_nothing_has_no_money(plan):
    assert len(tables(plan(order(wants("1", "CUP", amount=Amount(0)))))) == 1


def test_an_order_of_which_nothing_is_delivered_captures_nothing(plan):
    done = plan(order(wants("1", "GONE", amount=Amount(300)), currency="EUR"))
    assert tables(done) == [
        [["1", "GONE", "1", CANCELLED[CancelReason.OUT_OF_STOCK]]],
        [["0.00", "captured"], LOST, ["3.00", "the order"]],
    ]


def test_what_is_lost_for_one_reason_is_one_sum(plan):
    lines = [wants(str(number), "GONE", amount=Amount(300, number)) for number in (1, 2)]
    [*_, lost, whole] = tables(plan(order(*lines, currency="EUR")))[1]
    assert (lost, whole) == (["6.03", CANCELLED[CancelReason.OUT_OF_STOCK]], ["6.03", "the order"])


def test_what_all_is_captured_needs_no_sum_but_one(plan):
    line = wants("1", "CUP", street_date=STREET, amount=Amount(300))
    found = tables(plan(order(line, currency="EUR")))[1]
    assert found == [["3.00", "waits for 5 Feb 2027", "5 Feb 2027"], ["3.00", "the order", ""]]


def test_what_has_no_date_is_due_on_none(plan):
    line = wants("1", "GONE", when_short="wait", amount=Amount(300), ship_to="home")
    other = wants("2", "CUP", amount=Amount(100), ship_to="work")
    found = tables(plan(order(line, other, currency="EUR")))[1]
    assert found[:2] == [
        ["1.00", "ships now from Oslo, to work", NOW],
        ["3.00", "waits for stock, to home", "no date known"],
    ]


def test_json_says_what_is_captured_and_what_is_lost(plan):
    found = as_json(plan(paid(), "--json", "--window", "7", supply=ONE))
    assert found["currency"] == "EUR"
    assert found["cancelled_money"] == [
        {
            "line_id": "2",
            "reason": "out_of_stock",
            "quantity": 2,
            "amount": {"net": 300, "tax": 0, "discount": 0, "gross": 300},
        }
    ]
    now, waiting = found["charges"][1:]
    assert now == {
        "part_id": "O1/now/1",
        "amount": {"net": 367, "tax": 67, "discount": 0, "gross": 434},
        "due": "2026-11-22",
        "capture_by": "2026-11-29T09:30:00Z",
        "needs_reauthorisation": False,
        "reauthorise_from": None,
        "beyond_authorisation": 0,
        "lines": [
            {"line_id": "1", "quantity": 1, "amount": {"net": 267, "tax": 67, "discount": 0, "gross": 334}},
            {"line_id": "4", "quantity": 1, "amount": {"net": 100, "tax": 0, "discount": 0, "gross": 100}},
        ],
    }
    assert waiting["due"] == "2026-12-01"
    assert (waiting["capture_by"], waiting["needs_reauthorisation"]) == (None, True)
    assert waiting["reauthorise_from"] == "2026-11-24"


def test_with_its_tax_all_of_an_order_was_authorised_unless_said_otherwise(plan):
    line = wants("1", "CUP", amount=Amount(800, 200))
    [charge] = as_json(plan(order(line, currency="EUR"), "--json", "--window", "7"))["charges"]
    assert (charge["amount"]["gross"], charge["beyond_authorisation"]) == (1000, 0)


def test_json_says_what_is_paid_back():
    back = Refund(line_id="1", quantity=2, amount=Amount(300, 75, 25))
    found = charges_as_json(ChargePlan(charges=[], cancelled=[], refunds=[back]), paid())
    assert found == {
        "currency": "EUR",
        "charges": [],
        "cancelled_money": [],
        "refunds": [
            {"line_id": "1", "quantity": 2, "amount": {"net": 300, "tax": 75, "discount": 25, "gross": 350}},
        ],
    }


def test_json_has_no_day_for_what_has_none(plan):
    line = wants("1", "GONE", when_short="wait", amount=Amount(300))
    [charge] = as_json(plan(order(line), "--json"))["charges"]
    assert (charge["due"], charge["capture_by"]) == (None, None)


def test_an_adobe_bundle_is_planned(plan):
    amount = {"currency": "EUR", "net_amount": 24.0, "tax_amount": 6.0, "gross_amount": 30}
    rows = [
        {"id": 1, "line_number": 1, "sku": "SET9", "product_type": "BUNDLE", "quantity": 2},
        {"id": 2, "sku": "CUP", "product_type": "PHYSICAL", "parent_line_number": 1, "quantity": 4, "amount": amount},
    ]
    document = json.dumps({"order": {"id": 7, "origin_date": SUNDAY, "lines": rows}})
    [[row], [charge, whole]] = tables(plan(document))
    assert row[:4] == ["2", "SET9 (2 CUP)", "1", "ships now from Oslo"]
    assert (charge[0], whole[:2]) == ("30.00", ["30.00", "the order"])


REFUSED = {
    "a location that is not there": (
        ("--backorder-at", "Rome"),
        ["--backorder-at: must be a location that is there: "],
    ),
    "one that is asked first": (("--ask-first", "Rome"), ["--ask-first: must be a location that is there: "]),
    "one that keeps units back": (("--keep-back", "Rome=1"), ["--keep-back: must be a location that is there: "]),
    "one that is asked twice": (
        ("--ask-first", "Oslo", "--ask-first", "Oslo"),
        ["--ask-first: locations must be unique"],
    ),
    "one that keeps back twice": (
        ("--keep-back", "Oslo=1", "--keep-back", "Oslo=2"),
        ["--keep-back: must name each location once"],
    ),
    "half a cent": (("--window", "7", "--authorised", "1.005"), ["--authorised: must have no more than 2 decimals"]),
    "an authorisation without an end": (
        ("--window", "7", "--authorised-at", "9999-12-30T00:00:00Z"),
        ["--window: must end before the year 10000 (got 7)"],
    ),
}


@pytest.mark.parametrize(("options", "expected"), REFUSED.values(), ids=REFUSED)
def test_an_option_that_does_not_fit_is_named(plan, options, expected):
    found = refused(plan(paid(), *options))
    assert [line[: len(words)] for line, words in zip(found, expected, strict=True)] == expected


def test_an_amount_needs_a_currency(plan):
    found = refused(plan(paid(None), "--window", "7", "--authorised", "5"))
    assert found == ["--authorised: the order names no currency"]


OPTIONS = {
    "a location without a number": (("--keep-back", "Oslo"), "--keep-back", "such as Oslo=2 (got 'Oslo')"),
    "a number without a location": (("--keep-back", "=2"), "--keep-back", "such as Oslo=2 (got '=2')"),
    "less than nothing kept back": (("--keep-back", "Oslo=-2"), "--keep-back", "such as Oslo=2 (got 'Oslo=-2')"),
    "no part": (("--max-parts", "0"), "--max-parts", "1"),
    "an amount in words": (("--window", "7", "--authorised", "all"), "--authorised", "such as 45.00 (got 'all')"),
    "an amount below nothing": (("--window", "7", "--authorised=-5"), "--authorised", "such as 45.00 (got '-5')"),
    "a deposit of all": (("--capture", "deposit", "--deposit", "100"), "--deposit", "99"),
    "no deposit": (("--capture", "deposit"), "--deposit", "must be given with --capture deposit, and only then"),
    "a deposit as it ships": (("--deposit", "30"), "--deposit", "must be given with --capture deposit, and only then"),
    "an amount for ever": (("--authorised", "5"), "--window", "must be given with --authorised"),
    "an instant for ever": (("--authorised-at", SUNDAY), "--window", "must be given with --authorised"),
    "before an end that is not": (("--capture", "before_expiry"), "--window", "must be given with --authorised"),
}


@pytest.mark.parametrize(("options", "flag", "words"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_is_refused_in_plain_words(plan, options, flag, words):
    found = " ".join(refused(plan(paid(), *options)))
    assert flag in found
    assert words in found


def test_every_reason_has_its_words():
    assert CANCELLED.keys() == set(CancelReason)


def test_tables_of_usual_data_fit_a_terminal(plan):
    what = order(*paid().lines, wants("5", "GIFT-SET-2026", 3, components=SET, when_short="wait"), currency="EUR")
    _, stdout, _ = plan(what, "--window", "7", columns=80)
    assert max(map(len, stdout.splitlines())) <= 80
    assert "…" not in stdout
