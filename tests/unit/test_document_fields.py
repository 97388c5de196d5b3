"""What readers of other systems share: objects that know whether they are sound, and lenient checks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from preorder_kit import InvalidArgument, InvalidDocument, Problem, Receipt, _documents
from preorder_kit._documents import (
    Fields,
    change,
    count,
    decode,
    encode,
    parse_json,
    refuse_if,
    root_object,
    root_objects,
    truth,
    word,
)
from preorder_kit._wire import first, has, held


def fields(node, path=""):
    return Fields(node, path, [])


def test_a_document_has_a_greatest_length(monkeypatch):
    monkeypatch.setattr(_documents, "MOST_BYTES", 4)
    assert decode("abcd") == decode(b"abcd") == "abcd"
    for document in ("abcde", b"abcde"):
        with pytest.raises(InvalidDocument, match=r"is longer than 4 characters \(got 5\); divide it"):
            decode(document)


def test_objects_by_key_are_read_with_their_keys():
    found = fields({"sizes": {"1": {"a": 1}, "2": 5, "3": {"a": "x"}}, "none": None, "list": []}, "product")
    assert [(key, inner.path) for key, inner in found.entries("sizes")] == [
        ("1", "product.sizes['1']"),
        ("3", "product.sizes['3']"),
    ]
    assert found.entries("none") == found.entries("list") == []
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("product.sizes['2']", "type.invalid"),
        ("product.list", "type.invalid"),
    ]


def test_texts_in_a_list_are_read_and_others_are_problems():
    found = fields({"tags": ["a", 5, None, " ", {}]})
    assert found.names("tags") == ["a", "5"]
    assert found.names("none") == []
    assert [problem.path for problem in found.problems] == ["tags[2]", "tags[3]", "tags[4]"]


@pytest.mark.parametrize(
    ("node", "expected"),
    [({"a": 0}, True), ({"a": [], "b": 1}, True), ({"a": " "}, False), ({"a": None}, False), ({}, False)],
)
def test_a_field_holds_something_unless_it_is_null_blank_or_missing(node, expected):
    assert fields(node).holds("a") is expected


def test_a_problem_makes_an_object_and_those_around_it_unsound_and_no_other():
    whole = fields({"lines": [{"size": {"n": "x"}}, {"size": {"n": 1}}]})
    broken, sound = whole.objects("lines")
    inner, other = broken.object("size"), sound.object("size")
    inner.read("n", count)
    other.read("n", count)
    assert [found.is_sound for found in (whole, broken, inner, sound, other)] == [False, False, False, True, True]


def test_a_value_is_built_of_sound_fields_alone_and_what_it_refuses_is_a_problem():
    whole = fields({"rows": [{"q": 1}, {"q": "x"}, {"q": 2}]})
    sound, broken, refused = whole.objects("rows")
    for row in (sound, broken, refused):
        row.read("q", count)
    facts = {"sku": "A", "expected": None}
    assert broken.build(Receipt, **facts, quantity=0) is None
    assert refused.build(Receipt, **facts, quantity=-1) is None
    assert sound.build(dict, [("a", 1)], b=2) == {"a": 1, "b": 2}
    assert [(problem.path, problem.code) for problem in whole.problems] == [
        ("rows[1].q", "units.invalid"),
        ("rows[2].quantity", "units.invalid"),
    ]


def test_a_problem_of_a_place_in_a_list_has_no_point_before_its_bracket():
    found = fields({}, "lines")
    found.complain("[3]", "odd", "is odd")
    assert found.problems == [Problem("lines[3]", "odd", "is odd")]


def test_a_document_that_must_be_an_object_is_one():
    assert root_object('{"a": 1}', "must be an order").read("a", count) == 1
    with pytest.raises(InvalidDocument, match="must be an order") as caught:
        root_object("[]", "must be an order")
    assert caught.value.problems[0].code == "document.unrecognised"


@pytest.mark.parametrize(
    ("document", "paths"),
    [
        pytest.param('[{"a": 1}, {"a": 2}]', ["[0]", "[1]"], id="a list"),
        pytest.param('{"rows": [{"a": 1}]}', ["rows[0]"], id="a list under a key"),
        pytest.param('{"a": 1}', [""], id="one object"),
        pytest.param("[]", [], id="an empty list"),
        pytest.param('{"rows": []}', [], id="an empty list under a key"),
    ],
)
def test_a_document_of_objects_is_a_list_or_holds_one_or_is_one(document, paths):
    found = root_objects(document, "must be a list of rows", under="rows")
    assert [row.path for row in found] == paths


def test_problems_of_a_list_are_said_once_for_all():
    one, two = root_objects('[{"a": "x"}, {"a": "y"}]', "must be a list of rows")
    one.read("a", count)
    two.read("a", count)
    assert one.problems is two.problems
    assert [problem.path for problem in one.problems] == ["[0].a", "[1].a"]


@pytest.mark.parametrize(
    ("document", "path"), [("[5]", "[0]"), ('{"rows": [5, null]}', "rows[0]"), ('{"rows": 5}', "rows")]
)
def test_a_list_without_any_object_is_refused(document, path):
    with pytest.raises(InvalidDocument) as caught:
        root_objects(document, "must be a list of rows", under="rows")
    assert (caught.value.problems[0].path, caught.value.problems[0].code) == (path, "type.invalid")


def test_what_is_no_list_is_refused():
    with pytest.raises(InvalidDocument, match="must be a list of rows"):
        root_objects("5", "must be a list of rows")


def test_problems_refuse_a_document():
    refuse_if([])
    with pytest.raises(InvalidDocument, match="a: is odd"):
        refuse_if([Problem("a", "odd", "is odd")])


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), (False, False), ("true", True), (" FALSE ", False), ("True", True)]
)
def test_a_flag_is_true_or_false_as_a_text_too(value, expected):
    assert truth(value, "flag") is expected


@pytest.mark.parametrize("value", ["no", "yes", "1", 1, 0, None, [], {}, "", Decimal(1)])
def test_anything_else_is_no_flag(value):
    with pytest.raises(InvalidArgument, match="must be true or false") as caught:
        truth(value, "flag")
    assert (caught.value.code, caught.value.path, caught.value.value) == ("type.invalid", "flag", value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, 5), (-5, -5), (0, 0), ("-5", -5), (" 12 ", 12), (Decimal("-2.0"), -2), (Decimal("3.0"), 3), ("-0", 0)],
)
def test_a_change_adds_or_takes_away(value, expected):
    found = change(value, "quantity")
    assert (found, type(found)) == (expected, int)


@pytest.mark.parametrize(
    "value", [True, None, "--5", "-", "+5", Decimal("-2.5"), "-2.5", [], "five", Decimal("-1E+999999")]
)
def test_anything_else_is_no_change(value):
    with pytest.raises(InvalidArgument) as caught:
        change(value, "quantity")
    assert (caught.value.code, caught.value.path, caught.value.value) == ("units.invalid", "quantity", value)


def test_a_word_is_kept_without_the_blanks_around_it():
    assert word(" Partly shipped ", "status") == "Partly shipped"
    with pytest.raises(InvalidArgument, match="must be text that is not blank"):
        word(5, "status")


def test_what_is_written_is_read_again():
    content = {"a": [1, "å", None, True], "b": {}}
    assert parse_json(encode(content)) == content
    assert "å" in encode(content)
    with pytest.raises(ValueError, match="JSON compliant"):
        encode(float("nan"))


def test_what_tells_kinds_of_documents_apart_never_raises():
    root = {"a": {"b": [1]}}
    assert held(root, "a", "b") == [1]
    assert held(root) is root
    assert held(root, "a", "b", "c") is held(5, "a") is held(root, "x") is None
    assert (first([1, 2]), first([]), first({}), first(None)) == (1, None, None, None)
    assert has(root, "a")
    assert not has(root, "a", "b")
    assert not has(["a"], "a")
