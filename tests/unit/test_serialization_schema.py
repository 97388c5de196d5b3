"""What a JSON Schema says of a document."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import native_values as values
import pytest
from jsonschema import Draft202012Validator

from preorder_kit import (
    AllocationPolicy,
    Amount,
    Component,
    CutOff,
    InvalidArgument,
    InvalidDocument,
    Order,
    Problem,
    PromiseRules,
    Quantity,
    Receipt,
    SellRules,
    StreetDateMove,
    Supply,
    WavePolicy,
    WorkCalendar,
)
from preorder_kit._checks import checked, rule, units
from preorder_kit._checks import sequence as check_sequence
from preorder_kit.delay_rules import DelayRule
from preorder_kit.serialization import from_json, json_schema, to_json

IDS = [f"{number} {type(value).__name__}" for number, value in enumerate(values.VALUES)]


def validator(kind: object) -> Draft202012Validator:
    return Draft202012Validator(json_schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)


def fields(kind: type) -> dict[str, Any]:
    found: Any = json_schema(kind)["$defs"]
    return {
        name: {key: value for key, value in held.items() if key != "description"}
        for name, held in found[kind.__name__]["properties"].items()
    }


def test_a_schema_is_that_of_the_whole_document():
    assert json_schema(Amount) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "amount",
        "type": "object",
        "properties": {"preorder_kit": {"const": 1}, "amount": {"$ref": "#/$defs/Amount"}},
        "required": ["preorder_kit", "amount"],
        "additionalProperties": False,
        "$defs": {
            "Amount": {
                "title": "Amount",
                "description": Amount.__doc__.partition("\n")[0],
                "type": "object",
                "properties": {
                    "net": {"type": "integer", "description": "Before tax and discount."},
                    "tax": {"type": "integer", "description": "The tax on it."},
                    "discount": {
                        "type": "integer",
                        "description": "What is taken off; a positive number lowers the price.",
                    },
                },
                "required": ["net"],
                "additionalProperties": False,
            }
        },
    }


INSTANT = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$",
}
DAY = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
TIME = {"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$"}
NOTHING = {"type": "null"}
TEXT = {"type": "string", "pattern": r"\S"}
PARTS = ("days", "seconds", "microseconds")
STEPS = ("years", "months", "days", "hours", "minutes", "seconds", "microseconds")


def length(*names: str) -> dict[str, Any]:
    parts = {name: {"type": "integer"} for name in names}
    return {"type": "object", "properties": parts, "required": [], "additionalProperties": False}


def tagged(name: str, cls: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"$ref": f"#/$defs/{cls}"}},
        "required": [name],
        "additionalProperties": False,
    }


FORMS = {
    "text that is not blank": (Receipt, "sku", TEXT),
    "text": (Receipt, "reference", {"type": "string"}),
    "units": (Receipt, "quantity", {"type": "integer", "minimum": 0}),
    "units of at least one": (Component, "quantity", {"type": "integer", "minimum": 1}),
    "a number of any sign": (Order, "priority", {"type": "integer"}),
    "a number or nothing": (WavePolicy, "max_attempts", {"anyOf": [{"type": "integer", "minimum": 1}, NOTHING]}),
    "a flag": (type(values.CHARGE), "needs_reauthorisation", {"type": "boolean"}),
    "an instant": (Order, "placed_at", INSTANT),
    "an instant or nothing": (Component, "street_date", {"anyOf": [INSTANT, NOTHING]}),
    "a day or a range": (Receipt, "expected", {"anyOf": [DAY, {"$ref": "#/$defs/DateRange"}]}),
    "a time of day": (CutOff, "time", TIME),
    "weekday -> time": (
        CutOff,
        "by_weekday",
        {"type": "object", "additionalProperties": TIME, "propertyNames": {"pattern": "^(0|-?[1-9][0-9]*)$"}},
    ),
    "a choice, and no function": (
        AllocationPolicy,
        "queue",
        {"type": "string", "enum": ["fifo", "priority", "earliest_street_date"]},
    ),
    "a set of days": (WorkCalendar, "holidays", {"type": "array", "items": DAY, "uniqueItems": True}),
    "a set of numbers": (
        WorkCalendar,
        "weekdays",
        {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
    ),
    "its own kind inside": (Component, "components", {"type": "array", "items": {"$ref": "#/$defs/Component"}}),
    "SKU -> units or no bound": (
        Supply,
        "on_hand",
        {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "integer"}, {"type": "string", "enum": ["unlimited"]}]},
            "propertyNames": {"pattern": r"\S"},
        },
    ),
    "SKU -> units": (
        Supply,
        "safety_stock",
        {
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 0},
            "propertyNames": {"pattern": r"\S"},
        },
    ),
    "units or no bound": (
        SellRules,
        "backorder_limit",
        {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "enum": ["unlimited"]}]},
    ),
    "a window": (
        SellRules,
        "sales_window",
        {
            "anyOf": [
                {"$ref": "#/$defs/SalesWindow"},
                {
                    "type": "array",
                    "prefixItems": [{"anyOf": [INSTANT, NOTHING]}] * 2,
                    "items": False,
                    "minItems": 2,
                },
                NOTHING,
            ]
        },
    ),
    "a length of time": (WavePolicy, "report_after", {"anyOf": [length(*PARTS), NOTHING]}),
    "two lengths of time": (
        PromiseRules,
        "estimate",
        {"anyOf": [{"type": "array", "prefixItems": [length(*STEPS)] * 2, "items": False, "minItems": 2}, NOTHING]},
    ),
    "one of several classes": (
        StreetDateMove,
        "moved",
        {
            "type": "array",
            "items": {"anyOf": [tagged("order", "Order"), tagged("part", "Part"), tagged("held_part", "HeldPart")]},
        },
    ),
    "whatever was found": (Problem, "value", {}),
}


@pytest.mark.parametrize(("kind", "name", "expected"), FORMS.values(), ids=FORMS)
def test_a_field_has_the_schema_of_its_form(kind, name, expected):
    assert fields(kind)[name] == expected


@attrs.frozen(field_transformer=checked)
class Box:
    sizes: Sequence[int] = attrs.field(metadata=rule(check_sequence, check=units, least=2))
    named: Mapping[str, Quantity]
    free: Mapping[dt.date, str]


def test_what_is_inside_has_its_own_rule_and_a_class_without_words_has_none():
    assert json_schema(Box)["$defs"]["Box"]["properties"] == {
        "sizes": {"type": "array", "items": {"type": "integer", "minimum": 2}},
        "named": {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "integer"}, {"type": "string", "enum": ["unlimited"]}]},
        },
        "free": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "propertyNames": {"format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        },
    }


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Sequence[Amount], {"type": "array", "items": {"$ref": "#/$defs/Amount"}}),
        (Mapping[str, Amount], {"type": "object", "additionalProperties": {"$ref": "#/$defs/Amount"}}),
    ],
)
def test_several_values_are_a_list_or_an_object(kind, content):
    assert json_schema(kind)["properties"] == {"preorder_kit": {"const": 1}, "amounts": content}


@pytest.mark.parametrize("kind", [None, 5, int, Sequence, Mapping, Sequence[int], DelayRule, Mapping[int, Amount]])
def test_a_kind_without_a_document_has_no_schema(kind):
    with pytest.raises(InvalidArgument, match="kind"):
        json_schema(kind)


@pytest.mark.parametrize("value", values.VALUES, ids=IDS)
def test_what_is_written_is_valid(value):
    cls = type(value)
    validator(cls).validate(json.loads(to_json(value)))
    validator(Sequence[cls]).validate(json.loads(to_json([value])))
    validator(Mapping[str, cls]).validate(json.loads(to_json({"A": value})))


JUNK = (None, True, -1, 1.5, "", "x", [], {}, [1, 1], {"1": {}})


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where each part of a document is."""
    if path:
        yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def broken(node: Any, path: tuple[Any, ...], junk: object) -> Any:
    """Return a copy with something else at a place."""
    key, *rest = path
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[key] = broken(node[key], tuple(rest), junk) if rest else junk
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("value", values.VALUES, ids=IDS)
def test_what_a_schema_refuses_is_not_read(value):
    document = json.loads(to_json(value))
    checker = validator(type(value))
    for number, path in enumerate(places(document)):
        found = broken(document, path, JUNK[number % len(JUNK)])
        if not checker.is_valid(found):
            with pytest.raises(InvalidDocument):
                from_json(json.dumps(found), type(value))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"preorder_kit": 2}, id="another version"),
        pytest.param({"amount": {"net": 1, "x": 1}}, id="a field that is not known"),
        pytest.param({"amount": {}}, id="a field that is missing"),
        pytest.param({"amounts": []}, id="two contents"),
    ],
)
def test_a_schema_refuses_what_is_no_such_document(change):
    document = {"preorder_kit": 1, "amount": {"net": 1}}
    assert validator(Amount).is_valid(document)
    assert not validator(Amount).is_valid(document | change)
    with pytest.raises(InvalidDocument):
        from_json(json.dumps(document | change))
