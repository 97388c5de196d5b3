"""What a document of a kind looks like, as JSON Schema (draft 2020-12)."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeAlias, get_args
from zoneinfo import ZoneInfo

import attrs

from . import _checks, _kinds, _native
from .errors import InvalidArgument
from .quantities import _quantity

_Schema: TypeAlias = dict[str, Any]
_Rule: TypeAlias = partial[Any] | None

_TEXTS: Mapping[Any, _Schema] = {
    str: {},
    dt.date: {"format": "date", "pattern": f"^{_native.DAY}$"},
    dt.datetime: {"format": "date-time", "pattern": f"^{_native.INSTANT}$"},
    dt.time: {"pattern": f"^{_native.TIME}$"},
    ZoneInfo: {"pattern": r"\S"},
}


def schema_of(name: str, kind: Any) -> _Schema:
    """Return the schema of the documents that hold a value of a kind under a name."""
    classes: dict[str, _Schema] = {}
    try:
        content = _schema(kind, None, classes)
    except InvalidArgument as error:
        raise error.under("kind") from None
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        "type": "object",
        "properties": {"preorder_kit": {"const": 1}, name: content},
        "required": ["preorder_kit", name],
        "additionalProperties": False,
        "$defs": dict(sorted(classes.items())),
    }


def _schema(kind: Any, rule: _Rule, classes: dict[str, _Schema]) -> _Schema:
    """Return the schema of a value, and add those of the classes in it to ``classes``."""
    if _kinds.is_plain(kind):
        return {}
    if _kinds.is_union(kind):
        return _union_schema(kind, _within(rule, _checks.optional) or rule, classes)
    written = _kinds.json_type(kind)
    if _kinds.is_class(kind):
        return _reference(kind, classes)
    if written == "object":
        return _object_schema(kind, rule, classes)
    if written == "array":
        return _array_schema(kind, rule, classes)
    return {"type": written, **_bounds(kind, rule)}


def _within(rule: _Rule, *checks: Any) -> _Rule:
    """Return the rule of what is inside, if the rule is one of these checks of something that holds something."""
    if rule is None or rule.func not in checks:
        return None
    options = {name: value for name, value in rule.keywords.items() if name not in {"check", "key"}}
    return partial(rule.keywords["check"], **options)


def _bounds(kind: Any, rule: _Rule) -> _Schema:
    """Return what else a text or a number must be, as far as its rule says it in words of JSON Schema."""
    words = _kinds.words_of(kind)
    if words:
        return {"enum": list(words)}
    check, options = (rule.func, rule.keywords) if rule else (None, {})
    if kind is int and check in {_checks.units, _quantity}:
        least = options.get("least", 0)
        return {} if least is None else {"minimum": least}
    if kind is str and check is _checks.text and not options.get("empty"):
        return {"pattern": r"\S"}
    return dict(_TEXTS.get(kind, {}))


def _union_schema(kind: Any, rule: _Rule, classes: dict[str, _Schema]) -> _Schema:
    if _kinds.is_tagged(kind):
        tags = _kinds.tags_of(kind)
        return {"anyOf": [_fields({name: _reference(cls, classes)}, [name]) for name, cls in tags.items()]}
    arms = [_schema(arm, rule, classes) for arm in _kinds.arms_of(kind)]
    return {"anyOf": arms} if len(arms) > 1 else arms[0]


def _array_schema(kind: Any, rule: _Rule, classes: dict[str, _Schema]) -> _Schema:
    if _kinds.is_row(kind):
        items = [_schema(item, None, classes) for item in get_args(kind)]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    inner = _within(rule, _checks.sequence, _checks.unordered)
    found = {"type": "array", "items": _schema(_kinds.item_of(kind), inner, classes)}
    if not _kinds.is_set(kind):
        return found
    _kinds.refuse_unsorted(_kinds.item_of(kind))
    return found | {"uniqueItems": True}


def _object_schema(kind: Any, rule: _Rule, classes: dict[str, _Schema]) -> _Schema:
    if kind in _native.LENGTHS:
        return _fields({name: {"type": "integer"} for name in _native.LENGTHS[kind]}, [])
    key, item = get_args(kind)
    _kinds.refuse_unsorted(key)
    found = {"type": "object", "additionalProperties": _schema(item, _within(rule, _checks.mapping), classes)}
    names = {"pattern": f"^({_native.WHOLE})$"} if key is int else _bounds(key, _of_keys(rule))
    return found | {"propertyNames": names} if names else found


def _of_keys(rule: _Rule) -> _Rule:
    return partial(rule.keywords["key"]) if rule and rule.func is _checks.mapping else None


def _reference(cls: type[Any], classes: dict[str, _Schema]) -> _Schema:
    if cls.__name__ not in classes:
        classes[cls.__name__] = {}  # a class may hold its own kind
        classes[cls.__name__] = _class_schema(cls, classes)
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _class_schema(cls: type[Any], classes: dict[str, _Schema]) -> _Schema:
    fields = _kinds.hints_of(cls)
    words = _attributes(cls)
    found = {field.name: _field_schema(field, words, classes) for field in fields}
    required = [field.name for field in fields if field.default is attrs.NOTHING]
    return {"title": cls.__name__, "description": _first_line(cls), **_fields(found, required)}


def _field_schema(field: attrs.Attribute[Any], words: Mapping[str, str], classes: dict[str, _Schema]) -> _Schema:
    try:
        found = _schema(field.type, field.metadata.get(_checks._RULE), classes)
    except InvalidArgument as error:
        raise error.under(field.name) from None
    return found | ({"description": words[field.name]} if field.name in words else {})


def _fields(properties: Mapping[str, _Schema], required: list[str]) -> _Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _first_line(cls: type) -> str:
    return (inspect.getdoc(cls) or "").partition("\n")[0]


def _attributes(cls: type) -> dict[str, str]:
    """Return field -> what the docstring of its class says about it."""
    section = re.search(r"^Attributes:\n((?:    .*\n?|\n)*)", inspect.getdoc(cls) or "", re.MULTILINE)
    entries = re.findall(r"^    (\w+): (.*(?:\n {5,}.*)*)", section[1] if section else "", re.MULTILINE)
    return {name: " ".join(words.replace("``", "").replace("`", "").split()) for name, words in entries}
