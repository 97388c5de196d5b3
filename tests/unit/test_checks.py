"""Checks return the canonical form of a value, or name the path and the value that they refuse."""

import copy
import datetime as dt
import pickle
import re
from collections.abc import Mapping
from enum import IntEnum, StrEnum

import attrs
import pytest

from preorder_kit import InvalidArgument, PreorderKitError, ShipPolicy
from preorder_kit._checks import (
    FrozenMapping,
    checked,
    day,
    instance,
    instant,
    mapping,
    member,
    optional,
    refused,
    rule,
    run_rule,
    sequence,
    shown,
    text,
    unique,
    units,
)

_UTC = dt.timezone.utc
_NAN = float("nan")


def _hours(n):
    return dt.timezone(dt.timedelta(hours=n))


class _Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class _Number(IntEnum):
    SEVEN = 7


class _Text(str):
    __slots__ = ()


class _NoOffset(dt.tzinfo):
    def utcoffset(self, _at, /):
        return None


class _Unprintable:
    def __repr__(self):
        raise RuntimeError


_NOON = dt.datetime(2026, 11, 22, 12, tzinfo=_UTC)
_DAY = dt.date(2026, 11, 22)

# name: check, options, value, what it returns
_PASSES = {
    "units 0": (units, {}, 0, 0),
    "units big": (units, {}, 10**30, 10**30),
    "units at the least": (units, {"least": 3}, 3, 3),
    "units without a least": (units, {"least": None}, -5, -5),
    "units of an int enum": (units, {}, _Number.SEVEN, 7),
    "text": (text, {}, " a ", " a "),
    "text empty": (text, {"empty": True}, "", ""),
    "text blank": (text, {"empty": True}, " ", " "),
    "text beyond the basic plane": (text, {}, "\U0001f600\ud7ff\ue000", "\U0001f600\ud7ff\ue000"),
    "text of a subclass": (text, {}, _Text("a"), "a"),
    "instant in UTC": (instant, {}, _NOON, _NOON),
    "instant east": (instant, {}, dt.datetime(2026, 11, 22, 13, 30, tzinfo=_hours(1.5)), _NOON),
    "instant west": (instant, {}, dt.datetime(2026, 11, 22, 7, tzinfo=_hours(-5)), _NOON),
    "day": (day, {}, _DAY, _DAY),
    "member": (member, {"of": _Colour}, _Colour.RED, _Colour.RED),
    "member by its value": (member, {"of": _Colour}, "blue", _Colour.BLUE),
    "instance": (instance, {"of": int}, 3, 3),
    "instance of one of two": (instance, {"of": (int, str)}, "a", "a"),
    "optional nothing": (optional, {"check": units}, None, None),
    "optional something": (optional, {"check": units, "least": 2}, 2, 2),
    "sequence empty": (sequence, {"check": units}, [], ()),
    "sequence of any iterable": (sequence, {"check": units}, range(2, 0, -1), (2, 1)),
    "sequence with options": (sequence, {"check": units, "least": None}, [-1], (-1,)),
    "mapping empty": (mapping, {"key": text, "check": units}, {}, FrozenMapping()),
    "mapping": (mapping, {"key": text, "check": units}, {"a": 1}, FrozenMapping({"a": 1})),
}


@pytest.mark.parametrize(("check", "options", "value", "expected"), _PASSES.values(), ids=_PASSES)
def test_what_keeps_the_rule_comes_back_in_its_canonical_form(check, options, value, expected):
    found = check(value, "it", **options)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("value", [_NOON, _NOON.astimezone(_hours(9))], ids=["UTC", "elsewhere"])
def test_an_instant_comes_back_in_utc(value):
    assert instant(value, "at").tzinfo is _UTC


_WHOLE = r"it: must be a whole number >= 0 \(got "
_INSTANT = r"it: must be an instant, a datetime with an offset; .* release_instant with a zone \(got "
_TEXT = r"it: must be text that is not blank \(got "
# name: check, options, value, code, message; the path is "it"
_REFUSED = {
    "units negative": (units, {}, -3, "units.invalid", _WHOLE + r"-3\)$"),
    "units True": (units, {}, True, "units.invalid", _WHOLE + r"True\)$"),
    "units False": (units, {}, False, "units.invalid", _WHOLE + r"False\)$"),
    "units 5.0": (units, {}, 5.0, "units.invalid", _WHOLE + r"5\.0\)$"),
    "units text": (units, {}, "5", "units.invalid", _WHOLE + r"'5'\)$"),
    "units None": (units, {}, None, "units.invalid", _WHOLE + r"None\)$"),
    "units below the least": (units, {"least": 1}, 0, "units.invalid", r"a whole number >= 1 \(got 0\)$"),
    "units without a least": (units, {"least": None}, 0.5, "units.invalid", r"a whole number \(got 0\.5\)$"),
    "text empty": (text, {}, "", "text.invalid", _TEXT + r"''\)$"),
    "text blank": (text, {}, " \t\u2003", "text.invalid", _TEXT),
    "text None": (text, {}, None, "text.invalid", _TEXT + r"None\)$"),
    "text bytes": (text, {}, b"a", "text.invalid", _TEXT + r"b'a'\)$"),
    "text or empty, a number": (text, {"empty": True}, 0, "text.invalid", r"it: must be text \(got 0\)$"),
    "text first half character": (text, {}, "a\ud800", "text.invalid", "half characters"),
    "text last half character": (text, {}, "\udfff", "text.invalid", "half characters"),
    "instant a day": (instant, {}, _DAY, "instant.invalid", _INSTANT),
    "instant text": (instant, {}, "2026-11-22T12:00:00Z", "instant.invalid", _INSTANT),
    "instant None": (instant, {}, None, "instant.invalid", _INSTANT),
    "instant naive": (instant, {}, dt.datetime(2026, 11, 22), "instant.naive", "must have a UTC offset"),
    "instant of no offset": (
        instant,
        {},
        dt.datetime(2026, 11, 22, tzinfo=_NoOffset()),
        "instant.naive",
        "must have a UTC offset",
    ),
    "instant after year 9999": (
        instant,
        {},
        dt.datetime(9999, 12, 31, 23, tzinfo=_hours(-1)),
        "instant.invalid",
        "years 1 to 9999 in UTC",
    ),
    "instant before year 1": (
        instant,
        {},
        dt.datetime(1, 1, 1, tzinfo=_hours(1)),
        "instant.invalid",
        "years 1 to 9999 in UTC",
    ),
    "day an instant": (day, {}, _NOON, "day.invalid", r"must be a day \(datetime\.date\), not an instant"),
    "day naive": (day, {}, dt.datetime(2026, 11, 22), "day.invalid", "not an instant"),
    "day text": (day, {}, "2026-11-22", "day.invalid", r"\(got '2026-11-22'\)$"),
    "day None": (day, {}, None, "day.invalid", r"\(got None\)$"),
    "member of none": (member, {"of": _Colour}, "green", "choice.invalid", r"one of red, blue \(got 'green'\)$"),
    "member by its name": (member, {"of": _Colour}, "RED", "choice.invalid", "one of red, blue"),
    "member None": (member, {"of": _Colour}, None, "choice.invalid", "one of red, blue"),
    "member a list": (member, {"of": _Colour}, [], "choice.invalid", r"one of red, blue \(got \[\]\)$"),
    "instance of another": (instance, {"of": int}, "a", "type.invalid", r"it: must be a int \(got 'a'\)$"),
    "instance of neither": (instance, {"of": (int, str)}, None, "type.invalid", r"must be a int or str \(got None\)$"),
    "optional": (optional, {"check": units}, -1, "units.invalid", _WHOLE),
    "sequence text": (sequence, {"check": text}, "ab", "type.invalid", r"it: must be a sequence, .* \(got 'ab'\)$"),
    "sequence a set": (sequence, {"check": units}, {1, 2}, "type.invalid", "whose order is its own"),
    "sequence bytes": (sequence, {"check": units}, b"ab", "type.invalid", "must be a sequence"),
    "sequence a mapping": (sequence, {"check": units}, {1: 2}, "type.invalid", "must be a sequence"),
    "sequence a number": (sequence, {"check": units}, 5, "type.invalid", "must be a sequence"),
    "sequence None": (sequence, {"check": units}, None, "type.invalid", "must be a sequence"),
    "mapping of pairs": (mapping, {"key": text, "check": units}, [("a", 1)], "type.invalid", "must be a mapping"),
    "mapping None": (mapping, {"key": text, "check": units}, None, "type.invalid", "must be a mapping"),
}


@pytest.mark.parametrize(("check", "options", "value", "code", "message"), _REFUSED.values(), ids=_REFUSED)
def test_what_breaks_the_rule_is_refused_with_its_path_and_value(check, options, value, code, message):
    with pytest.raises(InvalidArgument, match=message) as caught:
        check(value, "it", **options)
    assert (caught.value.code, caught.value.path) == (code, "it")
    assert caught.value.value is value


_INSIDE = {
    "item": (sequence, {"check": units}, [0, 1, -2], "it[2]", -2),
    "key": (mapping, {"key": text, "check": units}, {"": 1}, "it key", ""),
    "value": (mapping, {"key": text, "check": units}, {"a": 1, "b": None}, "it['b']", None),
}


@pytest.mark.parametrize(("check", "options", "value", "path", "inner"), _INSIDE.values(), ids=_INSIDE)
def test_what_is_wrong_inside_is_named_by_its_place(check, options, value, path, inner):
    with pytest.raises(InvalidArgument, match=rf"^{re.escape(path)}: must be .* \(got {inner!r}\)$") as caught:
        check(value, "it", **options)
    assert (caught.value.path, caught.value.value) == (path, inner)


def test_keys_that_all_differ_are_unique():
    assert unique(["a", "b", 1], "lines[{}].id", what="an id") is None


def test_a_key_that_comes_twice_is_named_where_it_comes_again():
    with pytest.raises(InvalidArgument, match=r"^lines\[2\]\.id: an id must be unique \(got 'a'\)$") as caught:
        unique(["a", "b", "a", "b"], "lines[{}].id", what="an id")
    assert (caught.value.code, caught.value.path, caught.value.value) == ("id.repeated", "lines[2].id", "a")


_SHOWN = {
    "short": ("a", "'a'"),
    "80 characters": ("x" * 78, "'" + "x" * 78 + "'"),
    "81 characters": ("x" * 79, "'" + "x" * 78 + "\u2026"),
    "no repr": (_Unprintable(), "<_Unprintable>"),
    "too long to print": (10**5000, "<int>"),
    "nan": (_NAN, "nan"),
    "a choice": (ShipPolicy.COMPLETE, "'complete'"),
}


@pytest.mark.parametrize(("value", "expected"), _SHOWN.values(), ids=_SHOWN)
def test_a_value_is_shown_in_at_most_80_characters(value, expected):
    assert shown(value) == expected


def test_a_refusal_says_rule_and_value():
    error = refused("stock", "must be so", 5, code="a.b")
    assert isinstance(error, PreorderKitError)
    assert (str(error), error.code, error.path, error.value) == ("stock: must be so (got 5)", "a.b", "stock", 5)


@attrs.frozen(field_transformer=checked)
class _Line:
    quantity: int = attrs.field(metadata=rule(units, least=1))
    note: object = None


def test_a_field_with_a_rule_is_checked_and_one_without_is_left():
    assert _Line(2, note=-5) == _Line(2, -5)
    with pytest.raises(InvalidArgument, match=r"^quantity: must be a whole number >= 1") as caught:
        _Line(0)
    assert (caught.value.path, caught.value.value) == ("quantity", 0)


def test_a_rule_can_be_run_under_another_path():
    fields = attrs.fields(_Line)
    assert run_rule(2, fields.quantity, "lines[3].quantity") == 2
    assert run_rule("x", fields.note, "lines[3].note") == "x"
    with pytest.raises(InvalidArgument, match=r"^lines\[3\]\.quantity: "):
        run_rule(0, fields.quantity, "lines[3].quantity")


def test_a_frozen_mapping_reads_as_a_mapping():
    frozen = FrozenMapping({"a": 1, "b": 2})
    assert isinstance(frozen, Mapping)
    assert (frozen["a"], list(frozen), len(frozen), "c" in frozen) == (1, ["a", "b"], 2, False)
    assert repr(frozen) == "{'a': 1, 'b': 2}"
    with pytest.raises(KeyError, match="c"):
        frozen["c"]


def test_a_frozen_mapping_is_equal_to_what_has_its_items_and_hashes_so():
    frozen = FrozenMapping({"a": 1, "b": 2})
    assert frozen == FrozenMapping([("b", 2), ("a", 1)]) == {"b": 2, "a": 1}
    assert hash(frozen) == hash(FrozenMapping([("b", 2), ("a", 1)]))
    assert frozen != FrozenMapping({"a": 1})
    assert len({FrozenMapping(), FrozenMapping({}), frozen}) == 2


def test_a_frozen_mapping_does_not_change():
    items = {"a": 1}
    frozen = FrozenMapping(items)
    items["b"] = 2
    assert frozen == {"a": 1}
    with pytest.raises(TypeError, match="does not support item assignment"):
        frozen["b"] = 2
    with pytest.raises(TypeError, match="does not support item deletion"):
        del frozen["a"]
    with pytest.raises(AttributeError, match=r"^_items cannot be set: the mapping is frozen$"):
        frozen._items = {}
    with pytest.raises(AttributeError, match=r"^other cannot be set: the mapping is frozen$"):
        frozen.other = 1


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, *(lambda it, n=n: pickle.loads(pickle.dumps(it, n)) for n in range(6))],
    ids=["copy", "deepcopy", *(f"pickle {n}" for n in range(6))],
)
def test_a_frozen_mapping_is_copied_whole(again):
    twin = again(FrozenMapping({"a": (1, 2)}))
    assert type(twin) is FrozenMapping
    assert twin == {"a": (1, 2)}


def test_a_frozen_mapping_cannot_lose_what_it_holds():
    frozen = FrozenMapping({"a": 1})
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del frozen._items
    assert frozen == {"a": 1}
