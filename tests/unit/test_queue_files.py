"""Queues and quantities as files: CSV, JSON Lines, JSON. In a table of rows here, a row is its cells with commas."""

from __future__ import annotations

import datetime as dt
import json

import attrs
import pytest

from preorder_kit import Component, InvalidArgument, InvalidDocument, Read, ShipPolicy, WaitingLine
from preorder_kit.orders import _FIELDS
from preorder_kit.queue_files import QueueFormat, read_quantities, read_queue
from preorder_kit.serialization import to_json

UTC = dt.timezone.utc
PLACED, WRITTEN = dt.datetime(2026, 11, 20, 8, tzinfo=UTC), "2026-11-20T09:00:00+01:00"
STREET = dt.datetime(2027, 2, 5, tzinfo=UTC)
HEAD = "order_id,line_id,sku,quantity,placed_at"
ROW = f"O1,1,CD,3,{WRITTEN}"
FULL_HEAD = f"{HEAD},priority,street_date,hold,ship,value"
FULL_ROW = "O2,7,LP,4,2026-11-21T10:00:00Z,-2,2027-02-05T01:00:00+01:00,unpaid,complete,-250"


def line(order_id: str = "O1", line_id: str = "1", sku: str = "CD", quantity: int = 3, **fields: object) -> WaitingLine:
    facts = {"placed_at": PLACED} | fields
    return WaitingLine(order_id=order_id, line_id=line_id, sku=sku, quantity=quantity, **facts)


FULL = line(
    "O2",
    "7",
    "LP",
    4,
    placed_at=dt.datetime(2026, 11, 21, 10, tzinfo=UTC),
    priority=-2,
    street_date=STREET,
    hold="unpaid",
    ship=ShipPolicy.COMPLETE,
    value=-250,
)
SET = line("O3", sku="SET", quantity=2, components=[Component("CUP", 2), Component("POT", street_date=STREET)])


def text(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


def objects(*lines: WaitingLine) -> list[dict[str, object]]:
    """Return lines as objects of the library's own JSON."""
    return json.loads(to_json(lines, of=WaitingLine))["queue"]


def json_lines(*nodes: object) -> str:
    return "".join(f"{json.dumps(node)}\n" for node in nodes)


def problems(found: Read | InvalidDocument) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


CSV_FILES = {
    "as it is": text(ROW),
    "bytes": text(ROW).encode(),
    "with a byte order mark": "\ufeff" + text(ROW),
    "bytes with a byte order mark": text(ROW).encode("utf-8-sig"),
    "CRLF": text(ROW).replace("\n", "\r\n"),
    "CR": text(ROW).replace("\n", "\r"),
    "no line break at the end": text(ROW).rstrip("\n"),
    "blank rows": "\n" + text("", ROW, ",,,,", "  "),
    "quoted": text(f'"O1","1","CD","3","{WRITTEN}"'),
    "blanks around cells": text(f" O1 ,1 , CD,  3 ,  {WRITTEN} "),
    "zeros in front": text(ROW.replace(",3,", ",003,")),
    "empty cells beyond the columns": text(ROW + ",, "),
    "names as people write them": text(ROW, head="Order ID,Line-ID,SKU,QUANTITY,Placed at"),
    "another column": text(ROW + ",Ada", head=f"{HEAD},customer"),
    "another order of columns": text(f"3,{WRITTEN},CD,1,O1", head="quantity,placed_at,sku,line_id,order_id"),
    "empty cells are left out": text(ROW + ",,,,,", head=FULL_HEAD),
    "a short row": text(ROW, head=FULL_HEAD),
}


@pytest.mark.parametrize("document", CSV_FILES.values(), ids=CSV_FILES)
def test_a_csv_is_read_however_it_is_written(document):
    assert read_queue(document) == Read((line(),))


PLAIN_ROW = f"O1,1,CD,3,{WRITTEN},,,,,"


def test_a_csv_holds_all_but_recipes():
    rows = [FULL_ROW, PLAIN_ROW, FULL_ROW.replace("O2", "O3"), PLAIN_ROW.replace("O1", "O4")]
    found = read_queue(text(*rows, head=FULL_HEAD)).complete()
    expected = (FULL, line(), attrs.evolve(FULL, order_id="O3"), line("O4"))
    assert found == expected
    assert [hash(one) for one in found] == [hash(one) for one in expected]


def test_lines_of_a_csv_are_as_if_a_caller_had_built_them():
    changes = (
        ("CD,3", "LP,3"),
        (",,,,,", ",-2,,,,5"),
        (",,,,,", f",,{STREET.isoformat()},,,"),
        (",,,,,", ",,,,complete,"),
        (WRITTEN, "2026-11-21T10:00:00Z"),
    )
    rows = [PLAIN_ROW, *(PLAIN_ROW.replace(*change) for change in [*changes, (",,,,,", ",,,unpaid,,")])] * 2
    numbered = [row.replace("O1,1", f"O1,{number}") for number, row in enumerate(rows)]
    for one in read_queue(text(*numbered, head=FULL_HEAD)).complete():
        built = attrs.evolve(one)
        assert [getattr(one, name) for name in _FIELDS] == [getattr(built, name) for name in _FIELDS]


def test_how_a_line_ships_is_read_without_regard_to_case():
    [found] = read_queue(text(FULL_ROW.replace("complete", "Complete"), head=FULL_HEAD)).complete()
    assert found == FULL


def test_lines_keep_the_order_of_the_file():
    rows = [f"O{number},{part},CD,1,{WRITTEN}" for number in (10, 2) for part in ("b", "a")]
    found = read_queue(text(*rows)).complete()
    assert [(one.order_id, one.line_id) for one in found] == [("O10", "b"), ("O10", "a"), ("O2", "b"), ("O2", "a")]


def test_a_csv_without_lines_is_a_queue_in_which_nobody_waits():
    assert read_queue(HEAD) == Read(())


WRONG_ROWS = {
    "nothing but an id": (
        "O1",
        [
            ("row 2, column line_id", "field.missing"),
            ("row 2, column sku", "field.missing"),
            ("row 2, column quantity", "field.missing"),
            ("row 2, column placed_at", "field.missing"),
        ],
    ),
    "all numbers wrong": (
        f"O1,1,CD,0,{WRITTEN},1.5,,,,much",
        [
            ("row 2, column quantity", "units.invalid"),
            ("row 2, column priority", "units.invalid"),
            ("row 2, column value", "units.invalid"),
        ],
    ),
    "a negative quantity": (f"O1,1,CD,-1,{WRITTEN}", [("row 2, column quantity", "units.invalid")]),
    "digits of another script": (f"O1,1,CD,٣,{WRITTEN}", [("row 2, column quantity", "units.invalid")]),
    "nineteen digits": (f"O1,1,CD,{10**18},{WRITTEN}", [("row 2, column quantity", "units.invalid")]),
    "an instant without an offset": (
        "O1,1,CD,1,2026-11-20T09:00:00,,2027-02-05",
        [("row 2, column placed_at", "instant.naive"), ("row 2, column street_date", "instant.naive")],
    ),
    "no instant": ("O1,1,CD,1,20/11/2026 09:00", [("row 2, column placed_at", "instant.invalid")]),
    "another way to ship": (f"O1,1,CD,1,{WRITTEN},,,,whole", [("row 2, column ship", "choice.invalid")]),
    "a cell without a column": (
        f"O1,1,CD,1,{WRITTEN},,,,,,5",
        [("row 2, column 11", "csv.cell_unnamed")],
    ),
    "half a character": (f"O1,1,C\ud800,1,{WRITTEN}", [("row 2, column sku", "text.invalid")]),
}


@pytest.mark.parametrize(("row", "expected"), WRONG_ROWS.values(), ids=WRONG_ROWS)
def test_each_problem_of_a_row_has_its_row_and_column(row, expected):
    found = read_queue(text(row, f"O9,1,CD,1,{WRITTEN}", head=FULL_HEAD))
    assert problems(found) == expected
    assert [one.order_id for one in found.values] == ["O9"]


def test_what_is_wrong_is_said_with_the_value_and_the_remedy():
    found = read_queue(text("O1,1,,two,2026-11-20"))
    assert [str(problem) for problem in found.problems] == [
        "row 2, column sku: is empty; fill it in",
        "row 2, column quantity: must be a whole number >= 1 (got 'two')",
        "row 2, column placed_at: must have a UTC offset, as in 2026-11-22T09:30:00+01:00 (got '2026-11-20')",
    ]


def test_a_cell_that_is_wrong_is_wrong_in_every_row():
    rows = [f"O{number},1,CD,none,{WRITTEN}" for number in range(3)]
    assert len(read_queue(text(*rows)).problems) == 3


def test_rows_are_numbered_as_a_spreadsheet_does():
    found = read_queue("\n" + text("", ROW.replace(",3,", ",x,")))
    assert problems(found) == [("row 4, column quantity", "units.invalid")]


def test_a_line_that_comes_twice_names_both_rows():
    rows = (ROW, f"O2,1,CD,1,{WRITTEN}", f"O1,1,LP,4,{WRITTEN}", f"O1,1,LP,5,{WRITTEN}")
    found = read_queue(text(*rows))
    assert [str(problem) for problem in found.problems] == [
        "row 4, column line_id: must be unique in its order 'O1': row 2 has it, too (got '1')",
        "row 5, column line_id: must be unique in its order 'O1': row 2 has it, too (got '1')",
    ]
    assert [one.sku for one in found.values] == ["CD", "CD"]


UNREADABLE = {
    "nothing": ("", "csv.empty"),
    "blank rows alone": ("\n ,\n", "csv.empty"),
    "a column that is missing": (text(head="order_id,line_id,sku,quantity"), "csv.column_missing"),
    "a column that comes twice": (text(head=f"{HEAD},Hold,hold"), "csv.column_repeated"),
    "semicolons": (text(ROW.replace(",", ";"), head=HEAD.replace(",", ";")), "csv.separator"),
    "tabs": (text(head=HEAD.replace(",", "\t")), "csv.separator"),
    "a quote that does not end": (text('O1,"1'), "csv.invalid"),
    "recipes": (text(head=f"{HEAD},Components"), "csv.components"),
    "another encoding": (text(ROW.replace("CD", "É")).encode("latin-1"), "text.encoding"),
}


@pytest.mark.parametrize(("document", "code"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_csv_that_cannot_be_read_is_refused(document, code):
    with pytest.raises(InvalidDocument) as caught:
        read_queue(document)
    assert {problem.code for problem in caught.value.problems} == {code}


def test_a_csv_with_recipes_is_sent_to_json_lines():
    with pytest.raises(InvalidDocument, match=r"row 1: .*cannot hold bundles; write the queue as JSON Lines$"):
        read_queue(text(head=f"{HEAD},components"))


ALL = (line(), FULL, SET)
JSON_FILES = {
    "json lines": json_lines(*objects(*ALL)),
    "json lines as bytes with a byte order mark": json_lines(*objects(*ALL)).encode("utf-8-sig"),
    "json lines between blank ones": "\n" + json_lines(*objects(*ALL)).replace("\n", "\r\n\r\n"),
    "json": to_json(ALL),
    "json on one line": json.dumps(json.loads(to_json(ALL))),
}


@pytest.mark.parametrize("document", JSON_FILES.values(), ids=JSON_FILES)
def test_json_holds_bundles_too(document):
    assert read_queue(document) == Read(ALL)


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0b"])
def test_json_lines_end_where_json_says(sign):
    [found] = read_queue(json.dumps(objects(line(sku=f"C{sign}D"))[0], ensure_ascii=False)).complete()
    assert found.sku == f"C{sign}D"


def test_a_line_may_hold_the_name_of_the_format():
    [found] = read_queue(json_lines(*objects(line(sku="preorder_kit")))).complete()
    assert found.sku == "preorder_kit"


def test_a_bad_line_does_not_take_the_others_with_it():
    nodes = [{"order_id": 1, "quantity": "2", "qty": 2}, *objects(line(), line())]
    found = read_queue(json_lines(*nodes) + '{"order_id": \n[]\n')
    assert [str(problem) for problem in found.problems] == [
        "line 1, order_id: must be text (got 1)",
        "line 1, line_id: is missing",
        "line 1, sku: is missing",
        "line 1, quantity: must be a whole number (got '2')",
        "line 1, placed_at: is missing",
        "line 1, qty: is no field here",
        "line 3, line_id: must be unique in its order 'O1': line 2 has it, too (got '1')",
        "line 4: is not JSON: Expecting value in column 14",
        "line 5: must be an object (got [])",
    ]
    assert found.values == (line(),)


def test_a_document_names_the_place_in_its_list():
    node = json.loads(to_json((line(), line(), SET)))
    node["queue"][2]["components"][0]["quantity"] = 0
    found = read_queue(json.dumps(node))
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("queue[1].line_id", "id.repeated"),
        ("queue[2].components[0].quantity", "units.invalid"),
    ]
    assert found.values == (line(),)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            '{"preorder_kit": 1, "supply": {"on_hand": {}}}', r"must hold a queue \(got supply\)", id="supply"
        ),
        pytest.param('{"preorder_kit": 1, "queue": {}}', r"queue: must be a list \(got {}\)", id="no list"),
        pytest.param('{"preorder_kit": 2, "queue": []}', "preorder_kit: must be 1", id="another version"),
        pytest.param("[]", r'^must be {"preorder_kit": 1, "queue": \[...\]} around its lines, or JSON', id="a list"),
        pytest.param('{\n"queue": []}', r'^must be {"preorder_kit": 1, "queue": ', id="without its version"),
        pytest.param('{"preorder_kit" : 1, "lines": []}', "^must be {", id="without its name"),
    ],
)
def test_a_document_that_holds_no_queue_is_refused(document, message):
    with pytest.raises(InvalidDocument, match=message):
        read_queue(document)


@pytest.mark.parametrize(
    ("written", "document"),
    [
        pytest.param(QueueFormat.CSV, text(ROW), id="CSV"),
        pytest.param("json_lines", json_lines(*objects(line())), id="JSON Lines"),
        pytest.param(QueueFormat.JSON, to_json((line(),)), id="JSON"),
    ],
)
def test_the_format_may_be_named(written, document):
    assert read_queue(document, format=written) == Read((line(),))
    for other in set(QueueFormat) - {written}:
        try:
            found = read_queue(document, format=other)
        except InvalidDocument:
            continue
        assert found.problems


def test_json_lines_without_any_are_refused():
    with pytest.raises(InvalidDocument, match=r"^is empty$"):
        read_queue(" \n", format="json_lines")


def test_what_is_no_document_or_format_is_a_mistake():
    with pytest.raises(InvalidArgument, match="must be the text of a document"):
        read_queue(["O1"])
    with pytest.raises(InvalidArgument, match="format: must be one of csv, json_lines, json"):
        read_queue(text(ROW), format="xml")


def test_quantities_are_read_in_the_order_of_the_file():
    found = read_quantities("SKU,Quantity,note\n LP , 007 ,x\n\nCD,0\n").complete()
    assert list(found.items()) == [("LP", 7), ("CD", 0)]
    assert hash(found) == hash(read_quantities(b"quantity,sku\n7,LP\n0,CD").values)


def test_all_problems_of_quantities_are_named():
    found = read_quantities("sku,quantity\nCD,40\nLP,many\n,3\nCD,4,5\nCD,9\nLP,2\nCD,-1\nLP,1")
    assert [str(problem) for problem in found.problems] == [
        "row 3, column quantity: must be a whole number >= 0 (got 'many')",
        "row 4, column sku: is empty; fill it in",
        "row 5, column 3: holds '5', but the first row names no such column",
        "row 6, column sku: must not say again how many there are: row 2 does (got 'CD')",
        "row 8, column quantity: must be a whole number >= 0 (got '-1')",
        "row 9, column sku: must not say again how many there are: row 7 does (got 'LP')",
    ]
    assert found.values == {"CD": 40, "LP": 2}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param("", "csv.empty", id="nothing"),
        pytest.param("sku,quantity\n", "csv.no_rows", id="no rows"),
        pytest.param("sku;quantity\nCD;4", "csv.separator", id="semicolons"),
        pytest.param("sku,units\nCD,4", "csv.column_missing", id="another name"),
        pytest.param("sku,quantity,SKU\nCD,4,5", "csv.column_repeated", id="a column twice"),
        pytest.param(text(ROW), "csv.queue", id="a queue"),
        pytest.param("sku,quantity,Placed at\nCD,4,", "csv.queue", id="a queue without orders"),
    ],
)
def test_quantities_that_cannot_be_read_are_refused(document, code):
    with pytest.raises(InvalidDocument) as caught:
        read_quantities(document)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_columns_with_other_names_are_told_those_that_are_wanted():
    with pytest.raises(InvalidDocument, match=r"^row 2: must have the columns sku and quantity \(got item, on hand\)$"):
        read_quantities("\nitem,on hand\nCD,4")


def test_quantities_of_which_no_row_is_sound_are_no_refusal():
    found = read_quantities("sku,quantity\nCD,x")
    assert (found.values, len(found.problems)) == ({}, 1)
