"""Documents of every kind: recognised, read by name, made into orders, supplies and queues."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from preorder_kit import (
    InvalidArgument,
    InvalidDocument,
    Order,
    OrderLine,
    Receipt,
    Stock,
    Supply,
    WaitingLine,
)
from preorder_kit._wire import only
from preorder_kit.formats import FORMATS, read_document, read_order, read_supply, read_waiting, recognise
from preorder_kit.serialization import to_json

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads"
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
ORDER = Order(id="O1", placed_at=NOW, lines=[OrderLine(id="1", sku="CD", quantity=1)])
SUPPLY = Supply(on_hand={"CD": 5})
LINE = WaitingLine(order_id="O1", line_id="1", sku="CD", quantity=2, placed_at=NOW)
QUEUE_CSV = "order_id,line_id,sku,quantity,placed_at\nO1,1,CD,2,2026-11-22T09:00:00Z\n"
JSON_LINE = '{"order_id": "O1", "line_id": "1", "sku": "CD", "quantity": 2, "placed_at": "2026-11-22T09:00:00Z"}'
OMS_ORDER = json.dumps(
    {
        "order": {
            "id": 7,
            "origin_date": "2026-11-22T09:00:00Z",
            "lines": [{"id": "1", "product_type": "PHYSICAL", "sku": "CD"}],
        }
    }
)
LISTED = json.dumps([{"sku": "CD", "totalQuantity": 5, "reservedQuantity": 0, "locationId": 175, "type": "Stock"}])
KINDS = {
    "a native document": (to_json(SUPPLY), "native"),
    "a native document with a byte order mark": ("\ufeff" + to_json(SUPPLY), "native"),
    "rows of a queue": (QUEUE_CSV, "queue-csv"),
    "a queue, an object to a line": (f"{JSON_LINE}\n{JSON_LINE}\n", "queue-json-lines"),
    "a queue of one object": (JSON_LINE, "queue-json-lines"),
    "rows of units": ("SKU,Quantity\nCD,5\n", "supply-csv"),
    "rows of units with blanks in the names": (" s k u , Quantity ,Note\nCD,5,x\n", "supply-csv"),
    "a message of an OMS": (OMS_ORDER, "adobe-oms-order-create"),
    "a list": (LISTED, "fabric-bulk-insert"),
    "bytes": (LISTED.encode(), "fabric-bulk-insert"),
}


@pytest.mark.parametrize(("document", "kind"), KINDS.values(), ids=KINDS)
def test_a_document_is_recognised_by_what_it_holds(document, kind):
    assert recognise(document) == kind
    assert read_document(document) == read_document(document, format=kind)


UNKNOWN = {
    "nothing": ("", "is of no kind that is known here"),
    "a word": ("hello", "is of no kind that is known here"),
    "an object of another": ('{"stock": 5}', "name its format to learn what it lacks"),
    "an empty list": ("[]", "is of no kind"),
    "rows that say where things are": ("SKU,Quantity,Location ID\nCD,5,1", "is of no kind"),
    "a table with semicolons": ("sku;quantity\nCD;5", "is of no kind"),
}


@pytest.mark.parametrize(("document", "message"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_of_no_kind_is_refused(document, message):
    with pytest.raises(InvalidDocument, match=message) as caught:
        recognise(document)
    assert caught.value.problems[0].code == "document.kind"


def test_broken_json_is_said_as_such():
    with pytest.raises(InvalidDocument, match="is not JSON: Expecting value in line 1, column 2"):
        recognise("[,")
    with pytest.raises(InvalidDocument, match="is of no kind"):
        recognise('{"a": 1}\n{"b": 2}\n')


def test_what_may_be_of_two_kinds_is_to_be_named():
    merged = json.dumps({"preorder_kit": 1, "order": json.loads(OMS_ORDER)["order"]})
    with pytest.raises(InvalidDocument, match="may be native or adobe-oms-order-create: name its format"):
        recognise(merged)
    assert recognise(merged, format="adobe-oms") == "adobe-oms-order-create"
    assert read_order(merged, format="adobe-oms").id == "7"


def test_a_system_chooses_among_its_kinds():
    assert recognise(LISTED, format="fabric") == "fabric-bulk-insert"
    with pytest.raises(InvalidDocument, match="is of no kind of centra that is known here"):
        recognise(LISTED, format="centra")


def test_a_kind_that_is_named_is_taken_for_granted():
    assert recognise("whatever", format="fabric-csv") == "fabric-csv"
    with pytest.raises(InvalidDocument, match="must name the column"):
        read_document("whatever", format="fabric-csv")


@pytest.mark.parametrize("name", ["xml", "fabric-", "fab", ""])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(InvalidArgument) as caught:
        read_document(LISTED, format=name)
    assert caught.value.path == "format"


def test_a_kind_without_offsets_needs_the_zone_of_the_shop():
    document = (PAYLOADS / "centra" / "order_api_orders.json").read_text(encoding="utf-8")
    with pytest.raises(InvalidArgument, match="must name the time zone of the shop") as caught:
        read_document(document)
    assert (caught.value.code, caught.value.path) == ("zone.missing", "zone")
    with pytest.raises(InvalidArgument, match="Atlantis"):
        read_document(document, zone="Europe/Atlantis")


def test_each_kind_says_what_it_holds_in_words():
    assert list(FORMATS)[:4] == ["native", "queue-csv", "queue-json-lines", "supply-csv"]
    assert len({*FORMATS.values()}) > len(FORMATS) // 2
    assert all(holds and holds[0].islower() and not holds.endswith(".") for holds in FORMATS.values())


def test_rows_that_are_wrong_do_not_take_the_others_with_them():
    found = read_supply("sku,quantity\nCD,5\nLP,many\n")
    assert found.values == SUPPLY
    assert [problem.path for problem in found.problems] == ["row 3, column quantity"]


def test_lines_that_are_wrong_do_not_take_the_others_of_a_queue_with_them():
    found = read_waiting(f"{QUEUE_CSV}O1,2,CD,many,2026-11-22T09:00:00Z\n")
    assert found.values == (LINE,)
    assert [problem.path for problem in found.problems] == ["row 3, column quantity"]


def test_an_order_is_not_read_while_another_in_its_document_is_wrong():
    document = json.loads((PAYLOADS / "centra" / "order_api_orders.json").read_text(encoding="utf-8"))
    sound = document["orders"][0] | {"shipments": []}
    assert read_order(json.dumps(document | {"orders": [sound]}), zone="Europe/Stockholm").id == "83651"
    with pytest.raises(InvalidDocument, match=re.escape("orders[1].orderId: is missing")):
        read_order(json.dumps(document | {"orders": [sound, sound | {"orderId": None}]}), zone="Europe/Stockholm")


ORDERS = {
    "a native order": to_json(ORDER),
    "an order in an envelope": OMS_ORDER,
}


@pytest.mark.parametrize("document", ORDERS.values(), ids=ORDERS)
def test_an_order_is_read_from_any_kind(document):
    assert isinstance(read_order(document), Order)


SUPPLIES = {
    "a native supply": (to_json(SUPPLY), SUPPLY),
    "native supplies": (to_json({"X": SUPPLY}), {"X": SUPPLY}),
    "rows of units": ("sku,quantity\nCD,5\n", SUPPLY),
    "rows of a system": (LISTED, {"175": SUPPLY}),
}


@pytest.mark.parametrize(("document", "expected"), SUPPLIES.values(), ids=SUPPLIES)
def test_a_supply_is_read_from_any_kind(document, expected):
    assert read_supply(document).values == expected


QUEUES = {
    "a native queue": to_json([LINE]),
    "rows": QUEUE_CSV,
    "objects in lines": JSON_LINE,
}


@pytest.mark.parametrize("document", QUEUES.values(), ids=QUEUES)
def test_a_queue_is_read_from_any_kind(document):
    assert read_waiting(document).values == (LINE,)


NONE = {
    "rows of lines that wait": (read_waiting, QUEUE_CSV.partition("\n")[0]),
    "a native queue": (read_waiting, to_json([], of=WaitingLine)),
    "native supplies": (read_supply, to_json({}, of=Supply)),
}


@pytest.mark.parametrize(("read", "document"), NONE.values(), ids=NONE)
def test_there_may_be_none(read, document):
    assert len(read(document).values) == 0


def test_rows_of_a_system_may_leave_nothing():
    found = read_supply(LISTED.replace("175", "[]"), format="fabric-bulk-insert")
    assert (found.values, len(found.problems)) == ({}, 1)


def test_what_does_not_say_what_is_wanted_of_it_is_a_problem_of_the_document():
    document = (PAYLOADS / "centra" / "integration_stock_totals.json").read_text(encoding="utf-8")
    hidden = document.replace('"physicalQuantity"', '"p"').replace('"allocatedQuantity"', '"a"')
    assert read_document(hidden).problems == ()
    with pytest.raises(InvalidDocument, match="must be known, with what is allocated") as caught:
        read_supply(hidden)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("stock[0].physical", "centra.unknown_stock")
    ]


def test_one_of_several_is_one_alone():
    assert (only([5]), only([]), only([5, 6])) == (5, None, None)


WRONG = {
    "an order for a supply": (read_supply, to_json(ORDER), "holds an order where a supply is wanted"),
    "a queue for a supply": (read_supply, QUEUE_CSV, "holds lines that wait, a row for each where a supply is wanted"),
    "receipts for a supply": (
        read_supply,
        to_json([Receipt(sku="CD", quantity=1, expected=NOW.date())]),
        "holds receipts where a supply is wanted",
    ),
    "a supply for an order": (read_order, to_json(SUPPLY), "holds a supply where an order is wanted"),
    "a system's supply for an order": (read_order, LISTED, "where an order is wanted"),
    "locations for a queue": (read_waiting, to_json({"X": SUPPLY}), "holds locations where lines that wait are wanted"),
    "no stocks for a supply": (read_supply, to_json({}, of=Stock), "holds stocks where a supply is wanted"),
    "nothing at all for a queue": (read_waiting, to_json([], of=Receipt), "holds receipts where lines that wait are"),
}


@pytest.mark.parametrize(("read", "document", "message"), WRONG.values(), ids=WRONG)
def test_a_document_that_holds_something_else_is_refused_in_words(read, document, message):
    with pytest.raises(InvalidDocument, match=message):
        read(document)
