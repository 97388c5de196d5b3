"""Documents from outside: JSON without loss, fields with all their problems."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from preorder_kit import InvalidArgument, InvalidDocument, Problem
from preorder_kit._checks import text
from preorder_kit._documents import Fields, count, decode, identifier, iso_day, iso_instant, parse_json

UTC = dt.timezone.utc
BOM = "\ufeff"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param("å", "å", id="text"),
        pytest.param(BOM + "å", "å", id="text with a byte order mark"),
        pytest.param("å".encode(), "å", id="bytes"),
        pytest.param(bytearray(b"a"), "a", id="a bytearray"),
        pytest.param((BOM + "å").encode(), "å", id="bytes with a byte order mark"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_document_is_text_or_utf_8(document, expected):
    assert decode(document) == expected


@pytest.mark.parametrize(
    ("document", "where"),
    [
        pytest.param("ø".encode("latin-1"), "byte 0xf8 in line 1", id="Latin-1"),
        pytest.param(b"a\nb\n\xe5", "byte 0xe5 in line 3", id="in the third line"),
        pytest.param("a".encode("utf-16"), "byte 0xff in line 1", id="UTF-16"),
    ],
)
def test_other_bytes_are_refused_with_their_line(document, where):
    with pytest.raises(InvalidDocument) as caught:
        decode(document)
    [problem] = caught.value.problems
    assert (problem.path, problem.code, where in problem.message) == ("", "text.encoding", True)


@pytest.mark.parametrize("document", [None, 5, {"order": {}}, ["a"]])
def test_what_is_no_document_is_an_invalid_argument(document):
    with pytest.raises(InvalidArgument) as caught:
        parse_json(document)
    assert (caught.value.code, caught.value.path) == ("type.invalid", "document")


JSON = {
    "an object": ('{"a": [1, "b", null, true]}', {"a": [1, "b", None, True]}),
    "an exact number": ("18.18", Decimal("18.18")),
    "a number with an exponent": ("2E1", Decimal(20)),
    "a hundred levels": ("[" * 100 + "]" * 100, json.loads("[" * 100 + "]" * 100)),
    "a hundred levels, and a list beside them": (
        "[[]," + "[" * 99 + "]" * 100,
        json.loads("[[]," + "[" * 99 + "]" * 100),
    ),
    "brackets that are text": (
        json.dumps(["[" * 101, '"[' * 101, "\\" * 3 + "{" * 101]),
        ["[" * 101, '"[' * 101, "\\" * 3 + "{" * 101],
    ),
    "many objects side by side": ("[" + ",".join(["{}"] * 200) + "]", [{}] * 200),
    "forty digits": ("1" * 40, int("1" * 40)),
    "a negative number": ("-5", -5),
    "bytes with a byte order mark": ((BOM + "[]").encode(), []),
    "one key in two objects": ('[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
}


@pytest.mark.parametrize(("document", "expected"), JSON.values(), ids=JSON)
def test_json_is_read_without_loss(document, expected):
    found = parse_json(document)
    assert found == expected
    assert type(found) is type(expected)


REFUSED = {
    "nothing": ("", [("json.invalid", "is empty")]),
    "blanks": (" \n", [("json.invalid", "is empty")]),
    "no JSON": ("SKU", [("json.invalid", "is not JSON: Expecting value in line 1, column 1")]),
    "a line that ends early": ('{"a": 1,\n "b" 2}', [("json.invalid", "in line 2, column 6")]),
    "more than one": ("1 2", [("json.invalid", "Extra data in line 1, column 3")]),
    "a control character": ('"\t"', [("json.invalid", "Invalid control character")]),
    "a key twice": ('{"a": 1, "b": 2, "a": 3}', [("json.repeated_key", "the key 'a' comes twice")]),
    "a key three times": ('{"a": 1, "a": 2, "a": 3}', [("json.repeated_key", "the key 'a' comes twice")]),
    "keys twice in two objects": (
        '[{"a": 1, "a": 2}, {"b": 1, "b": 1}]',
        [("json.repeated_key", "the key 'a'"), ("json.repeated_key", "the key 'b'")],
    ),
    "NaN": ("[NaN]", [("json.number", "NaN is not a number that JSON knows")]),
    "Infinity": ('{"a": Infinity}', [("json.number", "Infinity is not")]),
    "-Infinity": ("-Infinity", [("json.number", "-Infinity is not")]),
    "a number of 41 digits": ("[" + "1" * 41 + "]", [("json.number", "longer than 40 characters")]),
    "a number of 10,000 digits": ("1" * 10_000, [("json.number", "longer than 40 characters")]),
    "a long fraction": ("0." + "1" * 40, [("json.number", "longer than 40 characters")]),
    "an exponent without end": ("1e99900000000000000000", [("json.number", "an exponent beyond all that counts")]),
    "deep nesting": ("[" * 100_000, [("json.deep", "is nested more than 100 levels deep")]),
    "101 levels": ("[" * 101 + "]" * 101, [("json.deep", "is nested more than 100 levels deep")]),
    "101 levels of lists in objects": ('{"a":[' * 51 + "]}" * 51, [("json.deep", "more than 100 levels")]),
}


@pytest.mark.parametrize(("document", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_json_readers_lose_is_refused(document, expected):
    with pytest.raises(InvalidDocument) as caught:
        parse_json(document)
    assert [problem.code for problem in caught.value.problems] == [code for code, _ in expected]
    for problem, (_, words) in zip(caught.value.problems, expected, strict=True):
        assert words in problem.message
        assert problem.path == ""


def fields(node: dict[str, object], path: str = "") -> Fields:
    return Fields(node, path, [])


@pytest.mark.parametrize("empty", [{}, {"a": None}, {"a": ""}, {"a": " \t"}])
def test_a_field_that_is_missing_has_its_default_or_is_a_problem(empty):
    found = fields(empty, "order")
    assert found.read("a", count, default=7) == 7
    assert found.problems == []
    found.read("a", count)
    [problem] = found.problems
    assert (problem.path, problem.code, problem.message) == ("order.a", "field.missing", "is missing")


@pytest.mark.parametrize("path", ["", "order.lines[3]"])
def test_a_field_that_breaks_its_rule_is_a_problem_at_its_path(path):
    found = fields({"a": "x", "b": 1, "c": 5}, path)
    assert found.read("a", count, default=7) == 7
    assert found.read("b", count, least=1) == 1
    found.read("c", text)
    found.complain("", "odd", "is odd")
    prefix = f"{path}." if path else ""
    assert found.problems == [
        Problem(f"{prefix}a", "units.invalid", "must be a whole number >= 0 (got 'x')", "x"),
        Problem(f"{prefix}c", "text.invalid", "must be text that is not blank (got 5)", 5),
        Problem(path, "odd", "is odd"),
    ]


def test_a_list_that_must_hold_an_object_is_a_problem_if_it_holds_none():
    found = fields({"none": [], "one": [{}]})
    assert found.objects("none", least=1) == []
    assert len(found.objects("one", least=1)) == 1
    assert found.problems == [Problem("none", "field.missing", "must hold at least 1 item (got none)", [])]


@pytest.mark.parametrize("path", ["", "order"])
def test_objects_are_read_with_their_paths_and_problems(path):
    found = fields({"list": [{"a": 1}, 5, {"a": "x"}], "one": {"a": "y"}, "text": "z"}, path)
    prefix = f"{path}." if path else ""
    first, last = found.objects("list")
    assert (first.path, last.path) == (f"{prefix}list[0]", f"{prefix}list[2]")
    assert first.read("a", count) == 1
    last.read("a", count)
    found.object("one").read("a", count)
    assert (found.object("none"), found.object("text"), found.objects("none"), found.objects("text")) == (
        None,
        None,
        [],
        [],
    )
    assert [(problem.path, problem.code) for problem in found.problems] == [
        (f"{prefix}list[1]", "type.invalid"),
        (f"{prefix}list[2].a", "units.invalid"),
        (f"{prefix}one.a", "units.invalid"),
        (f"{prefix}text", "type.invalid"),
        (f"{prefix}text", "type.invalid"),
    ]


@pytest.mark.parametrize(
    ("value", "expected"), [("a", "a"), ("007", "007"), (7, "7"), (0, "0"), (-1, "-1"), ("å😀", "å😀")]
)
def test_an_id_is_text_or_a_whole_number(value, expected):
    assert identifier(value, "id") == expected


@pytest.mark.parametrize("value", [True, None, "", " ", Decimal("1.5"), [], {}, "\udfff"])
def test_anything_else_is_no_id(value):
    with pytest.raises(InvalidArgument) as caught:
        identifier(value, "id")
    assert (caught.value.code, caught.value.path) == ("text.invalid", "id")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (2, 2),
        (Decimal("2.0"), 2),
        (Decimal("2E1"), 20),
        ("2", 2),
        ("2.00", 2),
        (" 12 ", 12),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        (Decimal("9" * 18 + ".0"), 10**18 - 1),
    ],
)
def test_units_are_counted_however_they_are_written(value, expected):
    found = count(value, "quantity")
    assert (found, type(found)) == (expected, int)


@pytest.mark.parametrize(
    "value",
    [
        True,
        None,
        -1,
        Decimal("2.5"),
        Decimal(-1),
        "-1",
        "+2",
        "2.5",
        "2.",
        ".0",
        "1e3",
        "1_000",
        "\uff12",
        "\u0663",
        "9" * 19,
        "",
        [],
    ],
)
def test_anything_else_is_no_number_of_units(value):
    with pytest.raises(InvalidArgument, match="must be a whole number >= 0") as caught:
        count(value, "quantity")
    assert (caught.value.code, caught.value.path, caught.value.value) == ("units.invalid", "quantity", value)


def test_units_have_at_most_eighteen_digits():
    assert count(10**18 - 1, "quantity") == 10**18 - 1
    for value in (10**18, 10**30):
        with pytest.raises(InvalidArgument, match="must have at most 18 digits") as caught:
            count(value, "quantity")
        assert (caught.value.code, caught.value.path, caught.value.value) == ("units.large", "quantity", value)


def test_units_may_have_another_least():
    assert count("1", "quantity", least=1) == 1
    with pytest.raises(InvalidArgument, match="must be a whole number >= 1"):
        count("0", "quantity", least=1)


NOON = dt.datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "zone", "expected"),
    [
        pytest.param("2026-11-22T12:00:00+00:00", None, NOON, id="in UTC"),
        pytest.param("2026-11-22T12:00:00Z", None, NOON, id="Z"),
        pytest.param(" 2026-11-22T13:00:00+01:00 ", None, NOON, id="an offset, blanks around it"),
        pytest.param("2026-11-22 06:30-05:30", None, NOON, id="a blank between day and time"),
        pytest.param("2026-11-22T12:00:00", UTC, NOON, id="no offset, in a given zone"),
        pytest.param("2026-11-22T13:00:00+01:00", UTC, NOON, id="an offset wins"),
        pytest.param("2026-11-22", UTC, NOON.replace(hour=0), id="a mere day"),
        pytest.param("2026-11-22T12:00:00.5Z", None, NOON.replace(microsecond=500_000), id="half a second"),
    ],
)
def test_an_instant_is_read_in_utc(value, zone, expected):
    found = iso_instant(value, "at", zone=zone)
    assert (found, found.tzinfo) == (expected, UTC)


@pytest.mark.parametrize(
    ("value", "zone", "code"),
    [
        pytest.param("tomorrow", UTC, "instant.invalid", id="a word"),
        pytest.param("2026-02-30T00:00:00Z", UTC, "instant.invalid", id="a day that does not exist"),
        pytest.param(20261122, UTC, "instant.invalid", id="a number"),
        pytest.param("2026-11-22🎁00:00Z", UTC, "instant.invalid", id="another sign between day and time"),
        pytest.param("2026-W47-7", UTC, "instant.invalid", id="a day of a week"),
        pytest.param(None, UTC, "instant.invalid", id="nothing"),
        pytest.param(NOON, UTC, "instant.invalid", id="a datetime"),
        pytest.param("2026-11-22T12:00:00", None, "instant.naive", id="no offset and no zone"),
        pytest.param("2026-11-22", None, "instant.naive", id="a mere day and no zone"),
        pytest.param("9999-12-31T23:59:59-01:00", None, "instant.invalid", id="the year 10000"),
        pytest.param("0001-01-01T00:00:00+01:00", UTC, "instant.invalid", id="the year 0"),
    ],
)
def test_what_is_no_instant_is_refused(value, zone, code):
    with pytest.raises(InvalidArgument) as caught:
        iso_instant(value, "at", zone=zone)
    assert (caught.value.code, caught.value.path, caught.value.value) == (code, "at", value)


@pytest.mark.parametrize("value", ["2027-01-20", " 2027-01-20 ", "20270120"])
def test_a_day_is_read(value):
    assert iso_day(value, "day") == dt.date(2027, 1, 20)


@pytest.mark.parametrize(
    "value", ["20.01.2027", "2027-13-01", "2027-01-20T00:00", "", None, dt.date(2027, 1, 20), 20270120]
)
def test_what_is_no_day_is_refused(value):
    with pytest.raises(InvalidArgument, match="must be a day such as 2027-01-20") as caught:
        iso_day(value, "day")
    assert (caught.value.code, caught.value.path) == ("day.invalid", "day")
