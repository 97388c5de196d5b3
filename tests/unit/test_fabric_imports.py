"""What fabric imports: files and bulk inserts that are written, bulk inserts that are read, and what it answers."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preorder_kit import (
    UNLIMITED,
    Commitment,
    DateRange,
    InvalidArgument,
    InvalidDocument,
    LeadTime,
    Read,
    Receipt,
    Supply,
)
from preorder_kit.adapters.fabric import (
    BulkInsertError,
    BulkInsertReply,
    CsvRule,
    ImportOutcome,
    RowError,
    read_bulk_insert,
    read_bulk_insert_error,
    read_bulk_insert_reply,
    read_inventory_csv,
    write_bulk_insert,
    write_inventory_csv,
    write_site_context,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fabric"
UTC = dt.timezone.utc
RECEIPT = Receipt(
    sku="1597422",
    quantity=40,
    reserved=6,
    ordered=dt.date(2026, 12, 14),
    expected=dt.date(2027, 1, 20),
    reference="PO2002",
)
SAMPLE = {"175": Supply(on_hand={"1597422": 25}, receipts=[RECEIPT])}
HEAD = (
    "SKU,Total Quantity,Reserved Quantity,Location ID,Type,Channel ID,Transit Ref,Transit Order Date,Transit Stock Date"
)

ROWS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["sku", "totalQuantity", "reservedQuantity", "locationId", "type"],
        "properties": {
            "sku": {"type": "string", "minLength": 1},
            "itemId": {"type": "number", "minimum": 1},
            "totalQuantity": {"type": "number", "minimum": 0},
            "reservedQuantity": {"type": "number", "minimum": 0},
            "locationId": {"type": "number", "minimum": 0},
            "type": {"enum": ["Stock", "Transit"]},
            "channelId": {"enum": [12, 13]},
            "transitRef": {"type": "string"},
            "transitOrderDate": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "transitStockDate": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        },
        "if": {"properties": {"type": {"const": "Transit"}}},
        "then": {"required": ["transitRef", "transitOrderDate", "transitStockDate"]},
    },
}


def payload(name: str) -> str:
    return (PAYLOADS / name).read_text()


def problems(found: Read | InvalidDocument) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


def test_the_import_file_is_written_as_the_template_has_it():
    assert write_inventory_csv(SAMPLE) == payload("inventory_import_v1.csv")


def test_the_import_file_is_read_as_it_is_sent():
    assert read_inventory_csv(payload("inventory_import_v1.csv")).complete() == SAMPLE


def test_commitments_of_one_sku_are_one_reserved_quantity():
    supply = Supply(
        on_hand={"B": 3},
        commitments=[
            Commitment(sku="B", quantity=1),
            Commitment(sku="B", quantity=4),
            Commitment(sku="A", quantity=2),
        ],
    )
    assert write_inventory_csv({"1": supply}) == f"{HEAD}\nB,3,5,1,Stock,12,,,\nA,0,2,1,Stock,12,,,\n"


def test_locations_keep_their_order_and_zero_is_written():
    written = write_inventory_csv({"2": Supply(on_hand={"A": 0}), "10": Supply(on_hand={"A": 5})}, channel="13")
    assert written == f"{HEAD}\nA,0,0,2,Stock,13,,,\nA,5,0,10,Stock,13,,,\n"


BARE = Supply(on_hand={}, receipts=[Receipt(sku="LP-1", quantity=4, expected=dt.date(2027, 1, 20), reference="wo-2")])


def test_rules_of_the_template_can_be_left_out():
    assert write_inventory_csv({"1": BARE}, rules=[]) == f"{HEAD}\nLP-1,4,0,1,intransit,12,wo-2,,2027-01-20\n"


UNSAID = {
    "stock without bound": (Supply(on_hand={"A": UNLIMITED}), "locations['1'].on_hand['A']", "fabric.unsaid"),
    "a negative count": (Supply(on_hand={"A": -1}), "locations['1'].on_hand['A']", "units.invalid"),
    "nineteen digits": (Supply(on_hand={"A": 10**18}), "locations['1'].on_hand['A']", "units.invalid"),
    "nineteen digits reserved": (
        Supply(on_hand={"A": 1}, commitments=[Commitment(sku="A", quantity=10**18)]),
        "locations['1'].commitments",
        "units.invalid",
    ),
    "safety stock": (Supply(on_hand={"A": 1}, safety_stock={"A": 2}), "locations['1'].safety_stock", "fabric.unsaid"),
    "a lead time": (
        Supply(on_hand={"A": 1}, replenishment={"A": LeadTime(3, 5)}),
        "locations['1'].replenishment",
        "fabric.unsaid",
    ),
    "an order": (
        Supply(on_hand={"A": 1}, commitments=[Commitment(sku="A", quantity=1, order_id="O1")]),
        "locations['1'].commitments[0]",
        "fabric.unsaid",
    ),
    "an order's line": (
        Supply(on_hand={"A": 1}, commitments=[Commitment(sku="A", quantity=1, line_id="1")]),
        "locations['1'].commitments[0]",
        "fabric.unsaid",
    ),
    "a day that units are owed from": (
        Supply(on_hand={"A": 1}, commitments=[Commitment(sku="A", quantity=1, due=dt.date(2027, 1, 1))]),
        "locations['1'].commitments[0]",
        "fabric.unsaid",
    ),
    "a range of days": (
        Supply(
            on_hand={},
            receipts=[Receipt(sku="A", quantity=1, expected=DateRange(dt.date(2027, 1, 1), dt.date(2027, 1, 2)))],
        ),
        "locations['1'].receipts[0].expected",
        "fabric.unsaid",
    ),
    "no reference": (
        Supply(
            on_hand={},
            receipts=[Receipt(sku="A", quantity=1, expected=dt.date(2027, 1, 1), ordered=dt.date(2026, 1, 1))],
        ),
        "locations['1'].receipts[0].reference",
        "field.missing",
    ),
    "no order date": (
        Supply(on_hand={}, receipts=[Receipt(sku="A", quantity=1, expected=dt.date(2027, 1, 1), reference="P1")]),
        "locations['1'].receipts[0].ordered",
        "field.missing",
    ),
    "nothing at all": (Supply(on_hand={}), "locations['1']", "fabric.empty"),
}


@pytest.mark.parametrize(("supply", "path", "code"), UNSAID.values(), ids=UNSAID)
@pytest.mark.parametrize("write", [write_inventory_csv, write_bulk_insert])
def test_what_an_import_cannot_say_is_refused(write, supply, path, code):
    with pytest.raises(InvalidArgument) as caught:
        write({"1": supply})
    assert (caught.value.path, caught.value.code) == (path, code)


@pytest.mark.parametrize("write", [write_inventory_csv, write_bulk_insert])
@pytest.mark.parametrize("nothing", [{}, {"1": None}, None, {"": Supply(on_hand={"A": 1})}])
def test_there_must_be_locations_with_supplies(write, nothing):
    with pytest.raises(InvalidArgument, match="locations"):
        write(nothing)


def test_safety_stock_of_none_is_nothing_to_refuse():
    assert write_inventory_csv({"1": Supply(on_hand={"A": 1}, safety_stock={"A": 0})}).endswith("A,1,0,1,Stock,12,,,\n")


CELLS = {
    "a SKU with a hyphen": ({"1": Supply(on_hand={"A-1": 1})}, {}, "locations['1'].on_hand['A-1']"),
    "a reference with a hyphen": (
        {
            "1": Supply(
                on_hand={}, receipts=[Receipt(sku="A", quantity=1, expected=dt.date(2027, 1, 1), reference="w-1")]
            )
        },
        {},
        "locations['1'].receipts[0].reference",
    ),
    "reserved units on the first upload": (
        {"1": Supply(on_hand={"A": 1}, commitments=[Commitment(sku="A", quantity=1)])},
        {"rules": [CsvRule.NOTHING_RESERVED]},
        "locations['1'].on_hand['A']",
    ),
    "blanks around a SKU": ({"1": Supply(on_hand={" A": 1})}, {"rules": []}, "locations['1'].on_hand[' A']"),
    "a line break in a SKU": ({"1": Supply(on_hand={"A\rB": 1})}, {"rules": []}, "locations['1'].on_hand['A\\rB']"),
    "blanks around a location": ({"1 ": Supply(on_hand={"A": 1})}, {}, "locations['1 '].on_hand['A']"),
    "blanks around a channel": ({"1": Supply(on_hand={"A": 1})}, {"channel": "12 "}, "channel"),
    "no channel": ({"1": Supply(on_hand={"A": 1})}, {"channel": ""}, "channel"),
    "a flag for a channel": ({"1": Supply(on_hand={"A": 1})}, {"channel": True}, "channel"),
    "what are no rules": ({"1": Supply(on_hand={"A": 1})}, {"rules": ["clean"]}, "rules[0]"),
}


@pytest.mark.parametrize(("locations", "arguments", "path"), CELLS.values(), ids=CELLS)
def test_a_cell_that_breaks_a_rule_is_refused(locations, arguments, path):
    with pytest.raises(InvalidArgument) as caught:
        write_inventory_csv(locations, **arguments)
    assert caught.value.path == path


def test_the_bulk_insert_is_written_as_it_is_documented():
    written = write_bulk_insert(SAMPLE, item_ids={"1597422": 1597422})
    assert json.loads(written) == json.loads(payload("bulk_insert_request_v1.json"))
    Draft202012Validator(ROWS).validate(json.loads(written))


def test_the_bulk_insert_is_read_as_it_is_sent():
    assert read_bulk_insert(payload("bulk_insert_request_v1.json")) == Read(SAMPLE)


REFUSED = {
    "a location that is no number": ({"WH1": Supply(on_hand={"A": 1})}, {}, "locations['WH1']"),
    "a location with a zero in front": ({"01": Supply(on_hand={"A": 1})}, {}, "locations['01']"),
    "another channel": ({"1": Supply(on_hand={"A": 1})}, {"channel": 14}, "channel"),
    "a channel in text": ({"1": Supply(on_hand={"A": 1})}, {"channel": "12"}, "channel"),
    "an item id of 0": ({"1": Supply(on_hand={"A": 1})}, {"item_ids": {"A": 0}}, "item_ids['A']"),
}


@pytest.mark.parametrize(("locations", "arguments", "path"), REFUSED.values(), ids=REFUSED)
def test_what_a_bulk_insert_does_not_take_is_refused(locations, arguments, path):
    with pytest.raises(InvalidArgument) as caught:
        write_bulk_insert(locations, **arguments)
    assert caught.value.path == path


STOCK = {"sku": "A", "totalQuantity": 5, "reservedQuantity": 0, "locationId": 1, "type": "Stock"}
TRANSIT = {**STOCK, "type": "Transit", "transitStockDate": "2027-01-20"}


def test_ids_numbers_and_words_may_be_written_otherwise():
    rows = [
        {**STOCK, "sku": 7, "totalQuantity": "5", "reservedQuantity": 1.0, "locationId": "175", "type": "STOCK"},
        {**TRANSIT, "type": "in-transit", "transitRef": 2002, "colour": "blue"},
    ]
    assert read_bulk_insert(json.dumps(rows)).complete() == {
        "175": Supply(on_hand={"7": 5}, commitments=[Commitment(sku="7", quantity=1)]),
        "1": Supply(
            on_hand={}, receipts=[Receipt(sku="A", quantity=5, expected=dt.date(2027, 1, 20), reference="2002")]
        ),
    }


def test_one_row_may_come_without_its_list():
    assert read_bulk_insert(json.dumps(STOCK)).complete() == {"1": Supply(on_hand={"A": 5})}


BAD_ROWS = {
    "no SKU": ({"sku": None}, [("sku", "field.missing")]),
    "a flag for a quantity": ({"totalQuantity": True}, [("totalQuantity", "units.invalid")]),
    "half a unit": ({"reservedQuantity": 0.5}, [("reservedQuantity", "units.invalid")]),
    "a negative quantity": ({"totalQuantity": -1}, [("totalQuantity", "units.invalid")]),
    "a list for a location": ({"locationId": [1]}, [("locationId", "text.invalid")]),
    "an unknown type": ({"type": "Shelf"}, [("type", "choice.invalid")]),
    "a number for a type": ({"type": 1}, [("type", "choice.invalid")]),
    "no stock date": ({"type": "Transit"}, [("transitStockDate", "field.missing")]),
    "an order date that does not exist": (
        {**TRANSIT, "transitOrderDate": "2026-02-30"},
        [("transitOrderDate", "day.invalid")],
    ),
    "more reserved than comes": ({**TRANSIT, "reservedQuantity": 6}, [("reservedQuantity", "units.invalid")]),
    "nothing but a type": (
        {"sku": "", "totalQuantity": None, "reservedQuantity": None, "locationId": None},
        [
            ("sku", "field.missing"),
            ("totalQuantity", "field.missing"),
            ("reservedQuantity", "field.missing"),
            ("locationId", "field.missing"),
        ],
    ),
}


@pytest.mark.parametrize(("change", "expected"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_does_not_take_the_others_with_it(change, expected):
    found = read_bulk_insert(json.dumps([STOCK, {**STOCK, "sku": "B", **change}, {**STOCK, "sku": "C"}]))
    assert problems(found) == [(f"[1].{path}", code) for path, code in expected]
    assert found.values == {"1": Supply(on_hand={"A": 5, "C": 5})}


def test_what_is_no_row_is_a_problem():
    found = read_bulk_insert(json.dumps([STOCK, 5]))
    assert problems(found) == [("[1]", "type.invalid")]
    assert found.values == {"1": Supply(on_hand={"A": 5})}


def test_two_rows_of_one_stock_contradict_each_other():
    rows = [{**STOCK, "channelId": 12}, {**STOCK, "channelId": 12}, {**STOCK, "channelId": 13}, TRANSIT, TRANSIT]
    found = read_bulk_insert(json.dumps(rows))
    assert problems(found) == [("[1].sku", "fabric.repeated")]
    assert found.problems[0].message == "must not say again what is in stock at location 1: [0] does (got 'A')"
    assert found.values["1"].on_hand == {"A": 10}
    assert len(found.values["1"].receipts) == 2


@pytest.mark.parametrize("document", ["[]", "{}", "5", "null", '[{"id": 1}]', "[1, 2]", '{"data": []}', '"Stock"'])
def test_another_document_is_no_bulk_insert(document):
    with pytest.raises(InvalidDocument) as caught:
        read_bulk_insert(document)
    assert problems(caught.value) == [("", "document.unrecognised")]


def test_the_reply_is_read_as_it_is_sent():
    assert read_bulk_insert_reply(payload("bulk_insert_response_v1.json")) == BulkInsertReply(
        id="6af0c1d2e3f4a5b6c7d8e9f0",
        key="api-1795249570096",
        status="FINISHED",
        rows=2,
        rows_failed=0,
        items=2,
        items_uploaded=2,
        messages=["Import Inventory job started: Sat Nov 21 2026 08:26:10 GMT+0000 (Coordinated Universal Time)"],
        created_at=dt.datetime(2026, 11, 21, 8, 26, 10, 914000, tzinfo=UTC),
        updated_at=dt.datetime(2026, 11, 21, 8, 26, 10, 914000, tzinfo=UTC),
    )


OUTCOMES = [
    ("FINISHED", 2, 0, ImportOutcome.COMPLETE),
    ("finished", 2, 0, ImportOutcome.COMPLETE),
    ("FINISHED", 2, 1, ImportOutcome.PARTIAL),
    ("FINISHED", 2, 2, ImportOutcome.FAILED),
    ("FINISHED", 3, 2, ImportOutcome.PARTIAL),
    ("RUNNING", 2, 0, ImportOutcome.OPEN),
    ("RUNNING", 2, 1, ImportOutcome.PARTIAL),
]


@pytest.mark.parametrize(("status", "rows", "failed", "outcome"), OUTCOMES)
def test_an_import_is_judged_by_its_rows(status, rows, failed, outcome):
    assert BulkInsertReply(status=status, rows=rows, rows_failed=failed).outcome is outcome


def test_what_a_job_says_is_kept_whatever_its_form():
    reply = {"status": "FINISHED", "totalRows": 1, "totalRowsErrors": 1, "messages": ["", {"row": 1}, None, 5]}
    assert read_bulk_insert_reply(json.dumps(reply)).messages == ("", '{"row": 1}', "null", "5")


def test_all_problems_of_a_reply_are_named():
    with pytest.raises(InvalidDocument) as caught:
        read_bulk_insert_reply('{"totalRowsErrors": -1, "totalRows": "some", "createdAt": "soon", "messages": 5}')
    assert problems(caught.value) == [
        ("status", "field.missing"),
        ("totalRows", "units.invalid"),
        ("totalRowsErrors", "units.invalid"),
        ("messages", "type.invalid"),
        ("createdAt", "instant.invalid"),
    ]


def test_no_more_rows_fail_than_there_are():
    with pytest.raises(InvalidDocument) as caught:
        read_bulk_insert_reply('{"status": "FINISHED", "totalRows": 2, "totalRowsErrors": 3}')
    assert problems(caught.value) == [("totalRowsErrors", "units.invalid")]


@pytest.mark.parametrize("document", ["[]", "{}", '{"totalRows": 1}', "5"])
def test_another_document_is_no_reply(document):
    with pytest.raises(InvalidDocument) as caught:
        read_bulk_insert_reply(document)
    assert problems(caught.value) == [("", "document.unrecognised")]


def test_the_refusal_is_read_as_it_is_sent():
    assert read_bulk_insert_error(payload("bulk_insert_error_v1.json")) == BulkInsertError(
        code="BAD_REQUEST",
        message='Inventory insert failed: Row 1: Cannot find "Location Id" 999.',
        rows=[RowError(row=1, message='Cannot find "Location Id" 999.')],
    )


MESSAGES = {
    "two rows": ("Failed: Row 1: no SKU. Row 12: no type.", [(1, "no SKU."), (12, "no type.")]),
    "rows with commas between them": ("Row 1: no SKU, Row 2: no type", [(1, "no SKU"), (2, "no type")]),
    "no row": ("Internal error", []),
    "a row without a reason": ("Row 3:", [(3, "no reason is given")]),
    "row 0": ("Row 0: what?", []),
    "a row in a word": ("Arrow 3: bent", []),
}


@pytest.mark.parametrize(("message", "rows"), MESSAGES.values(), ids=MESSAGES)
def test_rows_are_found_in_a_message(message, rows):
    found = read_bulk_insert_error(json.dumps({"message": message}))
    assert [(row.row, row.message) for row in found.rows] == rows
    assert (found.code, found.message) == ("", message)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{}", [("", "document.unrecognised")]),
        ('{"message": ""}', [("message", "field.missing")]),
        ('{"message": 5, "code": []}', [("message", "text.invalid"), ("code", "text.invalid")]),
    ],
)
def test_an_error_has_a_message(document, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_bulk_insert_error(document)
    assert problems(caught.value) == expected


ACCOUNT = "1234abcd5678efgh9ijklmno"


def test_the_site_context_is_one_line_of_json():
    at = dt.datetime(2023, 1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    written = write_site_context(ACCOUNT, channel=13, stage="prød", date=at)
    assert written.isascii()
    assert json.loads(written) == {
        "date": "2023-01-01T00:00:00.000Z",
        "channel": 13,
        "account": ACCOUNT,
        "stage": "prød",
    }


CONTEXTS = {
    "too short an account": ({"account": "1234"}, "account"),
    "an account with a hyphen": ({"account": "1234-bcd5678efgh9ijklmno"}, "account"),
    "no account": ({"account": None}, "account"),
    "another channel": ({"channel": 14}, "channel"),
    "a flag": ({"channel": True}, "channel"),
    "a day": ({"date": dt.date(2023, 1, 1)}, "date"),
    "no offset": ({"date": dt.datetime(2023, 1, 1)}, "date"),
    "parts of a millisecond": ({"date": dt.datetime(2023, 1, 1, microsecond=1, tzinfo=UTC)}, "date"),
    "a number for a stage": ({"stage": 5}, "stage"),
}


@pytest.mark.parametrize(("arguments", "path"), CONTEXTS.values(), ids=CONTEXTS)
def test_what_a_site_context_does_not_take_is_refused(arguments, path):
    options = dict(arguments)
    with pytest.raises(InvalidArgument) as caught:
        write_site_context(options.pop("account", ACCOUNT), **options)
    assert caught.value.path == path
