"""Inventory files of fabric OMS. In a table of rows here, a row is its cells with commas between them."""

from __future__ import annotations

import datetime as dt

import pytest

from preorder_kit import Commitment, InvalidArgument, InvalidDocument, Read, Receipt, Supply
from preorder_kit.adapters.fabric import CsvRule, read_inventory_csv

HEAD = (
    "SKU,Total Quantity,Reserved Quantity,Location ID,Type,Channel ID,Transit Ref,Transit Order Date,Transit Stock Date"
)
STOCK = "1597422,25,0,175,Stock,12,,,"
TRANSIT = "1597422,40,6,175,intransit,12,PO2002,2026-12-14,2027-01-20"
RECEIPT = Receipt(
    sku="1597422",
    quantity=40,
    reserved=6,
    ordered=dt.date(2026, 12, 14),
    expected=dt.date(2027, 1, 20),
    reference="PO2002",
)
SAMPLE = {"175": Supply(on_hand={"1597422": 25}, receipts=[RECEIPT])}
EVERY_RULE = tuple(CsvRule)


def text(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


def read(*rows: str, head: str = HEAD, **arguments: object) -> Read:
    return read_inventory_csv(text(*rows, head=head), **arguments)


def problems(found: Read | InvalidDocument) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


WRITTEN = {
    "as it is": text(STOCK, TRANSIT),
    "bytes": text(STOCK, TRANSIT).encode(),
    "with a byte order mark": "\ufeff" + text(STOCK, TRANSIT),
    "bytes with a byte order mark": text(STOCK, TRANSIT).encode("utf-8-sig"),
    "CRLF": text(STOCK, TRANSIT).replace("\n", "\r\n"),
    "CR": text(STOCK, TRANSIT).replace("\n", "\r"),
    "no line break at the end": text(STOCK, TRANSIT).rstrip("\n"),
    "blank rows": "\n" + text("", STOCK, ",,,,,,,,", "  ", TRANSIT, ""),
    "quoted": text('"1597422","25","0","175","Stock","12","","",""', TRANSIT),
    "blanks around cells": text(" 1597422 , 25,0 ,175, Stock ,12, , , ", TRANSIT),
    "short rows": text("1597422,25,0,175,Stock,12", TRANSIT),
    "empty cells beyond the columns": text(STOCK + ",, ", TRANSIT),
    "the names in small letters": text(STOCK, TRANSIT, head=HEAD.lower()),
    "the names without blanks": text(STOCK, TRANSIT, head=HEAD.replace(" ", "")),
    "the names with underscores": text(STOCK, TRANSIT, head=HEAD.replace(" ", "_")),
    "quoted names": text(STOCK, TRANSIT, head='"' + HEAD.replace(",", '","') + '"'),
    "SKU ID": text(STOCK, TRANSIT, head=HEAD.replace("SKU", "SKU ID")),
    "Transit Reference": text(STOCK, TRANSIT, head=HEAD.replace("Transit Ref,", "Transit Reference,")),
    "Stock Type": text(STOCK, TRANSIT, head=HEAD.replace(",Type,", ",Stock Type,")),
    "another column": text(STOCK + ",blue", TRANSIT + ",", head=HEAD + ",Colour"),
    "another order of columns": text(
        "2027-01-20,intransit,1597422,PO2002,12,6,2026-12-14,40,175",
        ",Stock,1597422,,12,0,,25,175",
        head="Transit Stock Date,Type,SKU,Transit Ref,Channel ID,Reserved Quantity,Transit Order Date,"
        "Total Quantity,Location ID",
    ),
}


@pytest.mark.parametrize("document", WRITTEN.values(), ids=WRITTEN)
def test_the_sample_is_read_however_it_is_written(document):
    found = read_inventory_csv(document)
    assert found == Read(SAMPLE)
    assert found.complete() == SAMPLE


@pytest.mark.parametrize("kind", ["intransit", "Transit", "TRANSIT", "In Transit", "in-transit", "in_transit"])
def test_transit_has_many_names(kind):
    assert read(STOCK, TRANSIT.replace("intransit", kind)).complete() == SAMPLE


@pytest.mark.parametrize("kind", ["Stock", "stock", "STOCK"])
def test_stock_has_one_name(kind):
    assert read(STOCK.replace("Stock", kind), TRANSIT).complete() == SAMPLE


SHORT = "SKU,Total Quantity,Reserved Quantity,Location ID,Type"
SUPPLIES = {
    "without the optional columns": (SHORT, ["A,5,0,1,Stock"], {"1": Supply(on_hand={"A": 5})}),
    "reserved stock is owed to nobody in particular": (
        SHORT,
        ["A,5,2,1,Stock", "B,0,3,1,Stock"],
        {
            "1": Supply(
                on_hand={"A": 5, "B": 0}, commitments=[Commitment(sku="A", quantity=2), Commitment(sku="B", quantity=3)]
            )
        },
    ),
    "several locations in the order of the file": (
        SHORT,
        ["A,5,0,2,Stock", "A,1,0,10,Stock", "B,3,0,2,Stock"],
        {"2": Supply(on_hand={"A": 5, "B": 3}), "10": Supply(on_hand={"A": 1})},
    ),
    "locations are names": (
        SHORT,
        ["A,5,0,01,Stock", "A,1,0,1,Stock"],
        {"01": Supply(on_hand={"A": 5}), "1": Supply(on_hand={"A": 1})},
    ),
    "several channels add up": (
        SHORT + ",Channel ID",
        ["A,5,1,1,Stock,12", "A,4,1,1,Stock,13"],
        {"1": Supply(on_hand={"A": 9}, commitments=[Commitment(sku="A", quantity=1)] * 2)},
    ),
    "several receipts of one SKU": (
        HEAD,
        ["A,5,0,1,Transit,12,P1,2026-12-01,2027-01-01", "A,5,0,1,Transit,12,P1,2026-12-01,2027-01-01"],
        {
            "1": Supply(
                on_hand={},
                receipts=[
                    Receipt(
                        sku="A",
                        quantity=5,
                        expected=dt.date(2027, 1, 1),
                        ordered=dt.date(2026, 12, 1),
                        reference="P1",
                    )
                ]
                * 2,
            )
        },
    ),
    "all that comes is reserved": (
        HEAD,
        ["A,5,5,1,Transit,12,P1,2026-12-01,2027-01-01"],
        {
            "1": Supply(
                on_hand={},
                receipts=[
                    Receipt(
                        sku="A",
                        quantity=5,
                        reserved=5,
                        expected=dt.date(2027, 1, 1),
                        ordered=dt.date(2026, 12, 1),
                        reference="P1",
                    )
                ],
            )
        },
    ),
    "eighteen digits": (SHORT, ["A,999999999999999999,0,1,Stock"], {"1": Supply(on_hand={"A": 10**18 - 1})}),
}


@pytest.mark.parametrize(("head", "rows", "expected"), SUPPLIES.values(), ids=SUPPLIES)
def test_rows_become_supplies_by_location(head, rows, expected):
    found = read(*rows, head=head).complete()
    assert found == expected
    assert list(found) == list(expected)
    assert hash(found) == hash(read(*rows, head=head).values)


BARE = "A,40,0,1,Transit,,,,2027-01-20"
RULES = {
    "a SKU with a hyphen": (
        "LP-2201,5,0,1,Stock,12,,,",
        CsvRule.ALPHANUMERIC,
        [("row 2, column SKU", "fabric.alphanumeric")],
    ),
    "a SKU with a blank": (
        "LP 1,5,0,1,Stock,12,,,",
        CsvRule.ALPHANUMERIC,
        [("row 2, column SKU", "fabric.alphanumeric")],
    ),
    "a SKU with an accent": (
        "É1,5,0,1,Stock,12,,,",
        CsvRule.ALPHANUMERIC,
        [("row 2, column SKU", "fabric.alphanumeric")],
    ),
    "a reference with a hyphen": (
        "A,40,0,1,Transit,12,wo-2002,2026-12-14,2027-01-20",
        CsvRule.ALPHANUMERIC,
        [("row 2, column Transit Ref", "fabric.alphanumeric")],
    ),
    "no channel": ("A,5,0,1,Stock,,,,", CsvRule.FILLED, [("row 2, column Channel ID", "field.missing")]),
    "neither channel, reference nor order date": (
        BARE,
        CsvRule.FILLED,
        [
            ("row 2, column Channel ID", "field.missing"),
            ("row 2, column Transit Order Date", "field.missing"),
            ("row 2, column Transit Ref", "field.missing"),
        ],
    ),
    "reserved stock": (
        "A,5,2,1,Stock,12,,,",
        CsvRule.NOTHING_RESERVED,
        [("row 2, column Reserved Quantity", "fabric.reserved")],
    ),
    "reserved of what comes": (
        TRANSIT,
        CsvRule.NOTHING_RESERVED,
        [("row 2, column Reserved Quantity", "fabric.reserved")],
    ),
}


@pytest.mark.parametrize(("row", "rule", "expected"), RULES.values(), ids=RULES)
def test_each_rule_can_be_applied_or_not(row, rule, expected):
    assert problems(read(row, rules=[rule])) == expected
    assert sorted(problems(read(row, rules=EVERY_RULE))) == expected
    assert problems(read(row, rules=[other for other in CsvRule if other is not rule])) == []
    applied_by_itself = rule is not CsvRule.NOTHING_RESERVED
    assert problems(read(row)) == (expected if applied_by_itself else [])


def test_a_short_row_needs_its_channel_too():
    assert problems(read("A,5,0,1,Stock")) == [("row 2, column Channel ID", "field.missing")]


def test_what_a_rule_does_not_ask_for_is_read_where_it_is():
    expected = Receipt(sku="A", quantity=40, expected=dt.date(2027, 1, 20))
    assert read(BARE, rules=[]).complete() == {"1": Supply(on_hand={}, receipts=[expected])}
    named = read(BARE.replace(",,,,", ",,wo-2002,2026-12-14,"), rules=[]).complete()["1"].receipts[0]
    assert (named.reference, named.ordered) == ("wo-2002", dt.date(2026, 12, 14))


def test_rules_may_be_named_by_their_values():
    assert problems(read("LP-1,5,0,1,Stock,,,,", rules={"filled"})) == [("row 2, column Channel ID", "field.missing")]


@pytest.mark.parametrize(
    ("rules", "path"), [("filled", "rules"), (["clean"], "rules[0]"), (None, "rules"), (5, "rules")]
)
def test_what_are_no_rules_are_refused(rules, path):
    with pytest.raises(InvalidArgument) as caught:
        read(STOCK, rules=rules)
    assert caught.value.path == path


CELLS = {
    "no SKU": (",5,0,1,Stock,12,,,", [("SKU", "field.missing")]),
    "nothing but a SKU": (
        "A,,,,,12",
        [
            ("Location ID", "field.missing"),
            ("Reserved Quantity", "field.missing"),
            ("Total Quantity", "field.missing"),
            ("Type", "field.missing"),
        ],
    ),
    "a negative quantity": ("A,-5,0,1,Stock,12,,,", [("Total Quantity", "units.invalid")]),
    "a quantity with a point": ("A,5.0,0,1,Stock,12,,,", [("Total Quantity", "units.invalid")]),
    "a quantity with a thousands separator": ('A,"1,000",0,1,Stock,12,,,', [("Total Quantity", "units.invalid")]),
    "a quantity of other digits": ("A,\uff15,0,1,Stock,12,,,", [("Total Quantity", "units.invalid")]),
    "nineteen digits": ("A,1000000000000000000,0,1,Stock,12,,,", [("Total Quantity", "units.invalid")]),
    "reserved in words": ("A,5,some,1,Stock,12,,,", [("Reserved Quantity", "units.invalid")]),
    "an unknown type": ("A,5,0,1,Shelf,12,,,", [("Type", "choice.invalid")]),
    "no stock date": ("A,5,0,1,Transit,12,P1,2026-12-14,", [("Transit Stock Date", "field.missing")]),
    "a stock date the other way round": (
        "A,5,0,1,Transit,12,P1,2026-12-14,20.01.2027",
        [("Transit Stock Date", "day.invalid")],
    ),
    "an order date that does not exist": (
        "A,5,0,1,Transit,12,P1,2026-02-30,2027-01-20",
        [("Transit Order Date", "day.invalid")],
    ),
    "more reserved than comes": (
        "A,5,6,1,Transit,12,P1,2026-12-14,2027-01-20",
        [("Reserved Quantity", "units.invalid")],
    ),
    "a cell beyond the columns": ("A,5,0,1,Stock,12,,,,x,,y", [("10", "csv.cell_unnamed"), ("12", "csv.cell_unnamed")]),
    "several at once": (
        "L-1,many,-1,,intransit,,wo-2,soon,",
        [
            ("Channel ID", "field.missing"),
            ("Location ID", "field.missing"),
            ("Reserved Quantity", "units.invalid"),
            ("SKU", "fabric.alphanumeric"),
            ("Total Quantity", "units.invalid"),
            ("Transit Order Date", "day.invalid"),
            ("Transit Ref", "fabric.alphanumeric"),
            ("Transit Stock Date", "field.missing"),
        ],
    ),
}


@pytest.mark.parametrize(("row", "expected"), CELLS.values(), ids=CELLS)
def test_a_bad_row_is_named_by_its_cells_and_does_not_take_the_others_with_it(row, expected):
    found = read(STOCK, row, TRANSIT)
    assert sorted(problems(found)) == [(f"row 3, column {column}", code) for column, code in expected]
    assert found.values == SAMPLE
    with pytest.raises(InvalidDocument) as caught:
        found.complete()
    assert caught.value.problems == found.problems


def test_rows_are_numbered_as_a_spreadsheet_does():
    found = read_inventory_csv(
        "\n" + text("", '"A\nB",5,0,1,Stock,12,,,', ",,,", "C,x,0,1,Stock,12,,,", "D,5,0,,Stock,12,,,")
    )
    assert problems(found) == [
        ("row 4, column SKU", "fabric.alphanumeric"),
        ("row 6, column Total Quantity", "units.invalid"),
        ("row 7, column Location ID", "field.missing"),
    ]
    assert found.values == {}


def test_two_rows_of_one_stock_contradict_each_other():
    found = read(STOCK, TRANSIT, STOCK, "1597422,25,0,175,Stock,13,,,", "1597422,1,0,176,Stock,12,,,", STOCK)
    assert problems(found) == [("row 4, column SKU", "fabric.repeated"), ("row 7, column SKU", "fabric.repeated")]
    assert "at location 175: row 2 does (got '1597422')" in found.problems[1].message
    assert found.values["175"].on_hand == {"1597422": 50}
    assert found.values["176"].on_hand == {"1597422": 1}


def test_a_row_that_is_not_sound_contradicts_nothing():
    found = read("A,x,0,1,Stock,12,,,", "A,5,0,1,Stock,12,,,", "A,,0,1,Stock,12,,,")
    assert problems(found) == [
        ("row 2, column Total Quantity", "units.invalid"),
        ("row 4, column Total Quantity", "field.missing"),
    ]
    assert found.values == {"1": Supply(on_hand={"A": 5})}


FILES = {
    "nothing": ("", [("", "csv.empty")], "the first row must name the columns"),
    "blank rows": ("\n,,,\n \n", [("", "csv.empty")], "the first row must name the columns"),
    "no rows": (HEAD, [("", "csv.no_rows")], "holds no rows"),
    "no rows but blank ones": (text("", ",,,"), [("", "csv.no_rows")], "holds no rows"),
    "a quote left open": (
        text('"1597422,25,0,175,Stock,12,,,', TRANSIT),
        [("line 3", "csv.invalid")],
        "is a quote left open?",
    ),
    "text behind a quote": (text(STOCK, '"A"B,5'), [("line 3", "csv.invalid")], "cannot be read from here on"),
    "a quote in the names left open": ('"SKU,Type\n', [("line 1", "csv.invalid")], "is a quote left open?"),
    "missing columns": (
        "\nSKU,Type,Quantity\nA,Stock,5",
        [("row 2", "csv.column_missing")] * 3,
        "must name the column Total Quantity (got SKU, Type, Quantity)",
    ),
    "no names": (
        STOCK + "\n" + TRANSIT,
        [("row 1", "csv.column_missing")] * 5,
        "must name the column SKU (got 1597422, 25,",
    ),
    "repeated columns": (
        text(head=HEAD + ",sku id, TYPE "),
        [("row 1", "csv.column_repeated")] * 2,
        "must name the column SKU once",
    ),
    "a column under two names": (
        text(head=HEAD + ",Transit Reference"),
        [("row 1", "csv.column_repeated")],
        "must name the column Transit Ref once",
    ),
    "semicolons": (
        text(STOCK).replace(",", ";"),
        [("row 1", "csv.separator")],
        "save the file with commas between the values",
    ),
    "tabs": (
        text(STOCK).replace(",", "\t"),
        [("row 1", "csv.separator")],
        "save the file with commas between the values",
    ),
    "one column": ("SKU\nA", [("row 1", "csv.column_missing")] * 4, "must name the column Total Quantity (got SKU)"),
    "not UTF-8": (text(STOCK).encode() + b"\xe5", [("", "text.encoding")], "is not UTF-8 text (byte 0xe5 in line 3)"),
    "UTF-16": (text(STOCK).encode("utf-16"), [("", "text.encoding")], "save it as UTF-8"),
}


@pytest.mark.parametrize(("document", "expected", "words"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_read_at_all_is_refused(document, expected, words):
    with pytest.raises(InvalidDocument) as caught:
        read_inventory_csv(document)
    assert problems(caught.value) == expected
    assert words in caught.value.problems[0].message


@pytest.mark.parametrize("document", [None, 5, [STOCK]])
def test_a_file_is_text_or_bytes(document):
    with pytest.raises(InvalidArgument) as caught:
        read_inventory_csv(document)
    assert caught.value.path == "document"
