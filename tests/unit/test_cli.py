"""The command line: what it prints, what it refuses, and its exit status."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from preorder_kit import (
    DateRange,
    LeadTime,
    Order,
    OrderLine,
    Receipt,
    SplitPlan,
    Supply,
)
from preorder_kit.charging import ChargePlan
from preorder_kit.cli import _documents, app
from preorder_kit.serialization import to_json

SUNDAY = "2026-11-22T09:30:00+00:00"
AT = dt.datetime.fromisoformat(SUNDAY)
STREET = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
HEAD = (
    "SKU,Total Quantity,Reserved Quantity,Location ID,Type,Channel ID,Transit Ref,Transit Order Date,Transit Stock Date"
)
CSV = f"{HEAD}\nA1,5,0,1,Stock,12,,,\nB1,40,0,2,intransit,12,PO2002,2026-12-14,2027-01-20\n"
PLAIN = {"TERM": "dumb", "NO_COLOR": "1", "FORCE_COLOR": None, "TTY_COMPATIBLE": None}


def run(*arguments: str, stdin: str | bytes | None = None, columns: int = 200) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, arguments, input=stdin, env=PLAIN | {"COLUMNS": str(columns)})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def wants(line_id: str, sku: str = "A1", quantity: int = 1, **fields: object) -> OrderLine:
    return OrderLine(id=line_id, sku=sku, quantity=quantity, **fields)


def order(*lines: OrderLine) -> str:
    return to_json(Order(id="O1", placed_at=AT, lines=lines))


def adobe(**fields: object) -> str:
    row = {"id": 1, "sku": "A1", "product_type": "PHYSICAL"} | fields
    return json.dumps({"order": {"id": 7, "origin_date": SUNDAY, "lines": [row]}})


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """Return a function that plans an order with a supply, both written to files, and returns what `run` does."""
    monkeypatch.chdir(tmp_path)

    def planned(
        document: str | bytes, *options: str, supply: str | bytes = CSV, at: str = SUNDAY
    ) -> tuple[int, str, str]:
        for name, content in (("order.json", document), ("supply", supply)):
            Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return run("plan", "order.json", "--supply", "supply", "--at", at, *options)

    return planned


def rows(stdout: str) -> list[list[str]]:
    """Return the cells of a table's rows."""
    return [[cell.strip() for cell in line.split("│")] for line in stdout.splitlines() if "│" in line]


def table(done: tuple[int, str, str]) -> list[list[str]]:
    status, stdout, stderr = done
    assert (status, stderr) == (0, "")
    return rows(stdout)


def as_json(done: tuple[int, str, str]) -> object:
    status, stdout, stderr = done
    assert (status, stderr) == (0, "")
    return json.loads(stdout)


def refused(done: tuple[int, str, str]) -> list[str]:
    status, stdout, stderr = done
    assert (status, stdout) == (2, "")
    return stderr.splitlines()


FATES = [
    wants("1", quantity=2),
    wants("2", "B1", 3, when_short="wait"),
    wants("3", "MP3", kind="digital"),
    wants("4", "C1"),
    wants("5", "STANDARD", kind="fee"),
    wants("6", "LP", street_date=STREET),
]


def test_the_table_says_what_becomes_of_every_unit(plan):
    done = plan(order(*FATES))
    assert table(done) == [
        ["1", "MP3", "3", "delivered at once", ""],
        ["2", "A1", "1", "ships now from 1", "26 Nov to 1 Dec 2026"],
        ["1", "STANDARD", "5", "ships now from 1", "26 Nov to 1 Dec 2026"],
        ["1", "LP", "6", "waits for the street date, 5 Feb 2027", "10 Feb to 15 Feb 2027"],
        ["3", "B1", "2", "waits for stock (PO2002), until 20 Jan 2027", "25 Jan to 28 Jan 2027"],
        ["1", "C1", "4", "cancelled: not there, may not wait", ""],
    ]
    assert "Order O1 on 22 Nov 2026" in done[1]
    assert "Counted: 1-2 days of handling, 2-4 of transit, mon-fri, days in UTC." in done[1]


SINGLE = {"components": [], "picks": []}


def test_json_is_the_whole_plan(plan):
    found = as_json(plan(order(*FATES[:2], *FATES[3:]), "--json"))
    assert found == {
        "order_id": "O1",
        "parts": [
            {
                "id": "O1/now/1",
                "kind": "ship_now",
                "lines": [
                    {"line_id": "1", "sku": "A1", "quantity": 2} | SINGLE,
                    {"line_id": "5", "sku": "STANDARD", "quantity": 1} | SINGLE,
                ],
                "street_date": None,
                "ready": {"earliest": "2026-11-23", "latest": "2026-11-23"},
                "delivery": {"earliest": "2026-11-26", "latest": "2026-12-01"},
                "location": "1",
                "ship_to": "",
            },
            {
                "id": "O1/street/20270205T000000Z",
                "kind": "await_street_date",
                "lines": [{"line_id": "6", "sku": "LP", "quantity": 1} | SINGLE],
                "street_date": "2027-02-05T00:00:00Z",
                "ready": {"earliest": "2027-02-05", "latest": "2027-02-05"},
                "delivery": {"earliest": "2027-02-10", "latest": "2027-02-15"},
                "location": "",
                "ship_to": "",
            },
            {
                "id": "O1/stock",
                "kind": "await_stock",
                "lines": [{"line_id": "2", "sku": "B1", "quantity": 3} | SINGLE],
                "street_date": None,
                "ready": {"earliest": "2027-01-20", "latest": "2027-01-20"},
                "delivery": {"earliest": "2027-01-25", "latest": "2027-01-28"},
                "location": "",
                "ship_to": "",
            },
        ],
        "cancelled": [{"line_id": "4", "sku": "C1", "quantity": 1, "reason": "out_of_stock"}],
        "currency": None,
        "charges": [],
        "cancelled_money": [],
        "refunds": [],
    }


def test_json_has_no_days_for_what_has_none(plan):
    found = as_json(plan(order(wants("1", "MP3", kind="digital"), wants("2", "C1", when_short="wait")), "--json"))
    assert [(part["street_date"], part["ready"], part["delivery"]) for part in found["parts"]] == [
        (None, None, None)
    ] * 2


def comes(*expected: object, reference: str = "") -> str:
    days = [DateRange(*day) if isinstance(day, tuple) else day for day in expected]
    return to_json(
        Supply(on_hand={}, receipts=[Receipt(sku="A1", quantity=1, expected=day, reference=reference) for day in days])
    )


DEC_1, DEC_4 = dt.date(2026, 12, 1), dt.date(2026, 12, 4)
WAITING = {
    "nothing known": (1, comes(), "waits for stock, no date known", "no date known"),
    "no reference": (1, comes(DEC_1), "waits for stock, until 1 Dec 2026", "4 Dec to 9 Dec 2026"),
    "some day of a range": (
        1,
        comes((DEC_1, DEC_4), reference="P1"),
        "waits for stock (P1), until 1 Dec to 4 Dec 2026",
        "4 Dec to 14 Dec 2026",
    ),
    "two receipts of one order": (
        2,
        comes(DEC_1, DEC_4, reference="P1"),
        "waits for stock (P1), until 4 Dec 2026",
        "9 Dec to 14 Dec 2026",
    ),
    "a unit without a date": (2, comes(DEC_1, reference="P1"), "waits for stock (P1), no date known", "no date known"),
    "replenishment": (
        1,
        to_json(Supply(on_hand={}, replenishment={"A1": LeadTime(2, 9)})),
        "waits for stock, until 24 Nov to 1 Dec 2026",
        "27 Nov to 9 Dec 2026",
    ),
}


@pytest.mark.parametrize(("quantity", "supply", "happens", "arrives"), WAITING.values(), ids=WAITING)
def test_the_table_says_what_is_waited_for(plan, quantity, supply, happens, arrives):
    found = table(plan(order(wants("1", quantity=quantity, when_short="wait")), supply=supply))
    assert found == [[str(quantity), "A1", "1", happens, arrives]]


def test_the_table_names_each_receipt_once(plan):
    receipts = [
        Receipt(sku="A1", quantity=1, expected=day, reference=reference)
        for day, reference in ((DEC_1, "P1"), (DEC_1, "P2"), (DEC_4, "P1"))
    ]
    supply = to_json({"1": Supply(on_hand={}, receipts=receipts[:2]), "2": Supply(on_hand={}, receipts=receipts[2:])})
    [[*_, happens, _]] = table(plan(order(wants("1", quantity=3, when_short="wait")), supply=supply))
    assert happens == "waits for stock (P1, P2), until 4 Dec 2026"


def test_a_table_without_rows_is_still_a_plan(plan):
    done = plan(order())
    assert table(done) == []
    assert "Order O1" in done[1]


def test_a_fee_alone_is_not_delivered(plan):
    found = table(plan(order(wants("1", "STANDARD", kind="fee"))))
    assert found == [["1", "STANDARD", "1", "cancelled: nothing is delivered"]]


@pytest.mark.parametrize("sku", ["[red]A[/red]", "[/]", "a  b", ":smile: 😀", "CD\\[1]", "A'\"<&>"])
def test_skus_are_printed_as_they_are(plan, sku):
    supply = to_json(Supply(on_hand={sku: 1}))
    [[_, shown, _, happens, _]] = table(plan(order(wants("1", sku)), supply=supply))
    assert (shown, happens) == (sku, "ships now")
    [part] = as_json(plan(order(wants("1", sku)), "--json", supply=supply))["parts"]
    assert part["lines"][0]["sku"] == sku


def test_a_long_sku_is_not_cut_on_a_narrow_terminal(plan):
    sku = "Q" * 150
    plan(order(wants("1", sku)), supply=to_json(Supply(on_hand={sku: 1})))
    status, stdout, _ = run("plan", "order.json", "--supply", "supply", "--at", SUNDAY, columns=60)
    assert (status, stdout.count("Q")) == (0, 150)


ONE_DAY = ("--handling", "0", "--transit", "1")
OSLO = (*ONE_DAY, "--zone", "Europe/Oslo", "--cut-off", "14:00")
DAYS = {
    "the last summer Friday, before the cut-off": ("2026-10-23T11:59:00Z", OSLO, "2026-10-23", "2026-10-26"),
    "the last summer Friday, at the cut-off": ("2026-10-23T12:00:00Z", OSLO, "2026-10-26", "2026-10-27"),
    "the first winter Monday, before the cut-off": ("2026-10-26T12:59:00Z", OSLO, "2026-10-26", "2026-10-27"),
    "the first winter Monday, at the cut-off": ("2026-10-26T13:00:00Z", OSLO, "2026-10-27", "2026-10-28"),
    "the last winter Friday, at the cut-off": ("2027-03-26T13:00:00Z", OSLO, "2027-03-29", "2027-03-30"),
    "the first summer Monday, at the cut-off": ("2027-03-29T12:00:00Z", OSLO, "2027-03-30", "2027-03-31"),
    "an early cut-off": (
        SUNDAY,
        (*ONE_DAY, "--calendar", "every-day", "--cut-off", "9:30"),
        "2026-11-23",
        "2026-11-24",
    ),
    "Sunday is worked": (SUNDAY, (*ONE_DAY, "--calendar", "every-day"), "2026-11-22", "2026-11-23"),
    "Saturday is worked": ("2026-11-21T09:30:00Z", (*ONE_DAY, "--calendar", "mon-sat"), "2026-11-21", "2026-11-23"),
    "Monday in Sydney": ("2026-11-22T20:00:00Z", (*ONE_DAY, "--zone", "Australia/Sydney"), "2026-11-23", "2026-11-24"),
    "days with blanks": (SUNDAY, ("--handling", " 0 - 0 ", "--transit", "3"), "2026-11-23", "2026-11-26"),
    "Christmas in Norway": ("2026-12-24T09:00:00Z", (*ONE_DAY, "--holidays", "no"), "2026-12-24", "2026-12-28"),
    "Admission Day in California": (
        "2026-03-30T09:00:00Z",
        (*ONE_DAY, "--holidays", "US-CA"),
        "2026-03-30",
        "2026-04-01",
    ),
    "a holiday of the old year, which is over in UTC": (
        "2027-01-01T02:00:00Z",
        (*ONE_DAY, "--holidays", "VE", "--zone", "America/Caracas"),
        "2027-01-04",
        "2027-01-05",
    ),
    "Saturday is worked, holidays are not": (
        "2026-11-21T09:30:00Z",
        (*ONE_DAY, "--calendar", "mon-sat", "--holidays", "NO"),
        "2026-11-21",
        "2026-11-23",
    ),
    "put-away is not for what is there": (SUNDAY, (*ONE_DAY, "--inbound", "5"), "2026-11-23", "2026-11-24"),
}


@pytest.mark.parametrize(("at", "options", "ready", "arrives"), DAYS.values(), ids=DAYS)
def test_days_are_counted_as_the_options_say(plan, at, options, ready, arrives):
    [part] = as_json(plan(order(wants("1")), *options, "--json", at=at))["parts"]
    assert part["ready"] == {"earliest": ready, "latest": ready}
    assert part["delivery"] == {"earliest": arrives, "latest": arrives}


@pytest.mark.parametrize(
    ("country", "complaint"),
    [
        pytest.param("XX", "must be the ISO 3166 alpha-2 code of a country", id="no country"),
        pytest.param("NO-XX", "must be one of ", id="no part of it"),
    ],
)
def test_a_country_without_known_holidays_is_refused(plan, country, complaint):
    status, stdout, stderr = plan(order(wants("1")), "--holidays", country)
    assert (status, stdout) == (2, "")
    assert stderr.startswith(f"--holidays: {complaint}")


def test_whose_holidays_are_counted_is_said(plan):
    _, stdout, _ = plan(order(wants("1")), "--holidays", "us-CA")
    assert "mon-fri without the holidays of US-CA, days in UTC." in stdout


@pytest.fixture
def no_calendars(monkeypatch):
    """Make the module of holidays be imported anew."""
    monkeypatch.delitem(sys.modules, "preorder_kit.holiday_calendars", raising=False)


@pytest.mark.usefixtures("no_calendars")
def test_without_the_package_holidays_it_says_what_to_install(plan, monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    status, stdout, stderr = plan(order(wants("1")), "--holidays", "NO")
    assert (status, stdout) == (2, "")
    assert stderr.strip().endswith("install preorder-kit with its extra, preorder-kit[holidays]")


@pytest.mark.usefixtures("no_calendars")
def test_what_else_is_missing_is_no_question_of_the_extra(plan, monkeypatch):
    monkeypatch.setitem(sys.modules, "preorder_kit.calendars", None)
    with pytest.raises(AssertionError, match=r"preorder_kit\.calendars"):
        plan(order(wants("1")), "--holidays", "NO")


def test_put_away_is_for_what_comes(plan):
    [part] = as_json(plan(order(wants("1", "B1", when_short="wait")), "--inbound", "1-2", "--json"))["parts"]
    assert part["ready"] == {"earliest": "2027-01-21", "latest": "2027-01-22"}


def test_days_are_shown_in_the_zone(plan):
    evening = dt.datetime(2027, 2, 4, 13, tzinfo=dt.timezone.utc)
    done = plan(
        order(wants("1", street_date=evening)), *ONE_DAY, "--zone", "Australia/Sydney", at="2026-11-22T20:00:00Z"
    )
    assert table(done) == [["1", "A1", "1", "waits for the street date, 5 Feb 2027", "8 Feb 2027"]]
    assert "Order O1 on 23 Nov 2026" in done[1]
    assert "Counted: 0 days of handling, 1 of transit, mon-fri, days in Australia/Sydney." in done[1]


def test_a_range_over_new_year_names_both_years(plan):
    found = table(plan(order(wants("1")), "--handling", "0", "--transit", "1-3", at="2026-12-30T09:00:00Z"))
    assert found[0][-1] == "31 Dec 2026 to 4 Jan 2027"


FORMATS = {
    "a native order and a CSV": (order(wants("1")), CSV, ()),
    "formats named": (order(wants("1")), CSV, ("--from", "native", "--supply-from", "fabric-csv")),
    "an Adobe order": (adobe(), CSV, ()),
    "an Adobe order, named": (adobe(), CSV, ("--from", "adobe-oms")),
    "a byte order mark": ("\ufeff" + order(wants("1")), "\ufeff" + CSV, ()),
    "a native supply": (adobe(), to_json(Supply(on_hand={"A1": 5})), ()),
    "a native supply, named": (adobe(), "\n" + to_json(Supply(on_hand={"A1": 5})), ("--supply-from", "native")),
    "locations": (adobe(), to_json({"X": Supply(on_hand={}), "Y": Supply(on_hand={"A1": 1})}), ()),
    "any characters": (adobe(sku="LP-1"), CSV + "LP-1,5,0,1,Stock,12,,,\n", ("--any-characters",)),
}


@pytest.mark.parametrize(("document", "supply", "options"), FORMATS.values(), ids=FORMATS)
def test_formats_are_recognised_or_named(plan, document, supply, options):
    [part] = as_json(plan(document, "--json", *options, supply=supply))["parts"]
    assert (part["kind"], part["lines"][0]["quantity"]) == ("ship_now", 1)


BAD_CSV = f"{HEAD}\nLP-1,many,0,1,Stock,12,,,\n"
NOT_NATIVE = (
    'must be {"preorder_kit": 1, "<name>": ...} with the name of one kind of value, as in order, supply, locations, '
    "queue, plan or allocation"
)
DOCUMENTS = {
    "every problem of both": (
        '{"order": {"id": 1, "lines": [{"id": 1, "product_type": "PHYSICAL"}]}}',
        BAD_CSV,
        (),
        [
            "order.json: order.origin_date: is missing",
            "order.json: order.lines[0].sku: is missing",
            "supply: row 2, column SKU: must hold letters and digits alone (got 'LP-1'); --any-characters lets it pass",
            "supply: row 2, column Total Quantity: must be a whole number >= 0 (got 'many')",
        ],
    ),
    "characters that the template does not have": (
        adobe(),
        BAD_CSV,
        ("--any-characters",),
        ["supply: row 2, column Total Quantity: must be a whole number >= 0 (got 'many')"],
    ),
    "a channel that is not filled in": (
        adobe(),
        f"{HEAD}\nA1,5,0,1,Stock,,,,\n",
        (),
        ["supply: row 2, column Channel ID: is empty; fill it in"],
    ),
    "a native order with a problem": (
        order(wants("1")).replace('"quantity": 1', '"quantity": 0'),
        CSV,
        (),
        ["order.json: order.lines[0].quantity: must be a whole number >= 1 (got 0)"],
    ),
    "an order named native": (adobe(), CSV, ("--from", "native"), [f"order.json: {NOT_NATIVE}"]),
    "an order named adobe-oms": (
        order(wants("1")),
        CSV,
        ("--from", "adobe-oms"),
        ["order.json: order.origin_date: is missing", "order.json: order.lines[0].product_type: is missing"],
    ),
    "a list": (
        "[]",
        CSV,
        (),
        ['order.json: must be an order create message: {"params": {"order": {...}}} or {"order": {...}}'],
    ),
    "nothing": ("", CSV, (), ["order.json: is empty"]),
    "no JSON": ("SKU", CSV, (), ["order.json: is not JSON: Expecting value in line 1, column 1"]),
    "a supply as the order": (
        to_json(Supply(on_hand={})),
        CSV,
        (),
        ["order.json: holds a supply where an order is wanted"],
    ),
    "an order as the supply": (adobe(), order(), (), ["supply: holds an order where a supply is wanted"]),
    "a plan as the supply": (
        adobe(),
        to_json(SplitPlan(order_id="O1", parts=[], cancelled=[])),
        (),
        ["supply: holds a plan where a supply is wanted"],
    ),
    "charges as the supply": (
        adobe(),
        to_json(ChargePlan(charges=[], cancelled=[], refunds=[])),
        (),
        ["supply: holds charges where a supply is wanted"],
    ),
    "promises as the supply": (adobe(), to_json([]), (), ["supply: holds promises where a supply is wanted"]),
    "an Adobe order as the supply": (
        adobe(),
        adobe(),
        (),
        ["supply: holds an order that is placed where a supply is wanted"],
    ),
    "a CSV named native": (
        adobe(),
        CSV,
        ("--supply-from", "native"),
        ["supply: is not JSON: Expecting value in line 1, column 1"],
    ),
    "an empty supply": (adobe(), "", (), ["supply: is empty: the first row must name the columns"]),
    "a supply that is not UTF-8": (
        adobe(),
        b"SKU\xe5",
        (),
        ["supply: is not UTF-8 text (byte 0xe5 in line 1); save it as UTF-8"],
    ),
    "an order that is not UTF-8": (
        b"\xff\xfe",
        CSV,
        (),
        ["order.json: is not UTF-8 text (byte 0xff in line 1); save it as UTF-8"],
    ),
}


@pytest.mark.parametrize(("document", "supply", "options", "expected"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_problem_of_the_documents_is_named(plan, document, supply, options, expected):
    assert refused(plan(document, *options, supply=supply)) == expected
    assert refused(plan(document, "--json", *options, supply=supply)) == expected


def test_a_json_file_named_a_csv_is_refused(plan):
    found = refused(plan(adobe(), "--supply-from", "fabric-csv", supply="{}"))
    assert len(found) == 5
    assert all(line.startswith("supply: row 1: must name the column ") for line in found)


@pytest.mark.parametrize("street", ["9999-12-31T09:00:00Z", "9999-12-30T09:00:00Z"])
def test_a_street_date_at_the_end_of_time_is_refused_in_words(plan, street):
    [line] = refused(plan(adobe(pre_order_street_date=street)))
    assert re.search(r"years 1 to 999[89]", line)


@pytest.mark.parametrize(
    ("document", "at"),
    [
        pytest.param(adobe(), "9999-12-31T09:00:00Z", id="the last day there is"),
        pytest.param(adobe(), "9999-12-29T09:00:00Z", id="two days before"),
        pytest.param(adobe(quantity=5).replace(": 5", ": 1E5000"), SUNDAY, id="units without measure"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(plan, document, at):
    [line] = refused(plan(document, at=at))
    assert line.startswith(("order.json: ", "cannot be planned: "))


def test_a_document_can_come_on_standard_input(plan):
    expected = plan(order(*FATES), "--json")
    options = ("--at", SUNDAY, "--json")
    assert run("plan", "-", "--supply", "supply", *options, stdin=order(*FATES)) == expected
    assert run("plan", "order.json", "--supply", "-", *options, stdin=CSV) == expected
    [line] = refused(run("plan", "-", "--supply", "supply", *options, stdin="?"))
    assert line.startswith("-: is not JSON")


def test_standard_input_is_one_document(plan):
    plan(adobe())
    found = refused(run("plan", "-", "--supply", "-", "--at", SUNDAY, stdin=adobe()))
    assert "standard input" in found[-1]


def test_files_that_cannot_be_read_are_named(plan, tmp_path):
    plan(adobe())
    found = refused(run("plan", "nowhere.json", "--supply", str(tmp_path), "--at", SUNDAY))
    assert [line.partition(" cannot be read: ")[0] for line in found] == ["nowhere.json:", f"{tmp_path}:"]
    assert all(line.partition(" cannot be read: ")[2] for line in found)
    [line] = refused(run("plan", "a\0b", "--supply", "supply", "--at", SUNDAY))
    assert "cannot be read" in line


OPTIONS = {
    "a zone that is none": (("--zone", "Mars/Olympus"), "--zone", "must be an IANA time zone such as Europe/Oslo"),
    "days the wrong way round": (("--handling", "2-1"), "--handling", "must be a number of days such as 1-2, or 3"),
    "days in words": (("--transit", "soon"), "--transit", "must be a number of days such as 1-2, or 3"),
    "days in decimals": (("--inbound", "1.5"), "--inbound", "(got '1.5')"),
    "a time that is none": (("--cut-off", "24:00"), "--cut-off", "must be a time of day such as 14:00"),
    "a time in words": (("--cut-off", "2pm"), "--cut-off", "(got '2pm')"),
    "an instant without an offset": (("--at", "2026-11-22T09:30:00"), "--at", "must have a UTC offset"),
    "an instant in words": (("--at", "tomorrow"), "--at", "must be an instant such as 2026-11-22T09:30:00+01:00"),
    "a calendar that is none": (("--calendar", "never"), "--calendar", "never"),
    "a format that is none": (("--from", "xml"), "--from", "xml"),
    "a supply's format that is none": (("--supply-from", "xml"), "--supply-from", "xml"),
    "an option that is none": (("--tomorrow",), "--tomorrow", "--tomorrow"),
}


@pytest.mark.parametrize(("options", "flag", "words"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_is_refused_in_plain_words(plan, options, flag, words):
    found = " ".join(refused(plan(adobe(), *options)))
    assert flag in found
    assert words in found


@pytest.mark.parametrize("missing", ["--at", "--supply"])
def test_what_must_be_said_is_asked_for(missing):
    given = [word for flag in ("--at", "--supply") if flag != missing for word in (flag, SUNDAY)]
    assert missing in " ".join(refused(run("plan", "-", *given)))


@pytest.mark.parametrize(("arguments", "words"), [((), "plan"), (("plan",), "--cut-off"), (("stock",), "--few-below")])
def test_help_is_given(arguments, words):
    status, stdout, _ = run(*arguments, "--help")
    assert status == 0
    assert words in stdout


STOCK = {
    "-2": ["out of stock", "0", "2", "no", "sold out"],
    "few": ["low stock", "not said", "", "few", "add to cart"],
    "yes": ["in stock", "not said", "", "yes", "add to cart"],
    "no": ["out of stock", "0", "", "no", "sold out"],
    "9": ["low stock", "9", "", "few", "add to cart"],
    "10": ["in stock", "10", "", "yes", "add to cart"],
    "infinite": ["preorder", "no limit", "", "yes", "preorder"],
}


def test_stock_fields_are_read_in_a_table():
    expected = [[value, *cells] for value, cells in STOCK.items()]
    empty = ["(empty)", "unknown", "not said", "", "no", "sold out"]
    assert table(run("stock", *STOCK, "")) == [*expected, empty]
    assert table(run("stock", "-2", "few", "")) == [*expected[:2], empty]


def test_stock_fields_are_read_as_json():
    names = ("value", "availability", "quantity", "oversold", "public_label", "cart_action")
    expected = [
        ("-2", "out_of_stock", 0, 2, "no", "sold_out"),
        ("few", "low_stock", None, 0, "few", "add_to_cart"),
        ("", "unknown", None, 0, "no", "sold_out"),
        ("infinite", "preorder", "unlimited", 0, "yes", "preorder"),
        (" 7 ", "in_stock", 7, 0, "yes", "add_to_cart"),
    ]
    found = as_json(run("stock", "--json", "--few-below", "3", *(value for value, *_ in expected)))
    assert found == [dict(zip(names, values, strict=True)) for values in expected]


def test_stock_fields_that_are_none_are_all_named():
    found = refused(run("stock", "5", "1e3", "[b]", "😀", "--jsn"))
    assert [line.partition(": ")[0] for line in found] == ["1e3", "[b]", "😀", "--jsn"]
    assert all("must be a whole number or one of yes, few, no, infinite, preorder" in line for line in found)


@pytest.mark.parametrize(
    "arguments", [["stock"], ["stock", "5", "--few-below", "-1"], ["stock", "5", "--few-below", "x"]]
)
def test_stock_without_a_value_or_with_a_wrong_bound_is_refused(arguments):
    assert refused(run(*arguments))


def test_there_may_be_no_standard_input(monkeypatch):
    monkeypatch.setattr("preorder_kit.cli._documents.sys", SimpleNamespace(stdin=None))
    with pytest.raises(OSError, match="there is no standard input"):
        _documents._contents("-")


def test_what_a_terminal_would_obey_is_shown_as_a_sign(plan):
    _, stdout, _ = plan(adobe(sku="\x1b[31mred"), "--any-characters")
    assert "\x1b" not in stdout
    assert "�[31mred" in stdout


def test_a_fee_waits_as_long_as_the_goods_it_goes_with(plan):
    lines = [
        {
            "id": "1",
            "sku": "A1",
            "product_type": "PHYSICAL",
            "quantity": 9,
            "custom_attributes": [{"name": "allowBackorders", "value": "true"}],
        },
        {"id": "2", "sku": "STD", "product_type": "SHIPPING"},
    ]
    document = json.dumps({"order": {"id": 7, "origin_date": SUNDAY, "lines": lines}})
    receipt = Receipt(sku="A1", quantity=9, expected=dt.date(2026, 12, 14), reference="PO1")
    done = plan(document, supply=to_json(Supply(on_hand={}, receipts=[receipt])))
    assert [row[3] for row in table(done)] == [
        "waits for stock (PO1), until 14 Dec 2026",
        "waits for stock, until 14 Dec 2026",
    ]
