"""What a document can hold, read from annotations: what each kind is called, and which JSON it is written as."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import attrs
from dateutil.relativedelta import relativedelta

from ._checks import FrozenMapping, refused
from .charging import CancelledMoney, Captured, Charge, ChargePlan
from .orders import WaitingLine
from .promise import Broken
from .splitting import Cancelled, SplitPlan
from .supply import Supply

_SINGLES: dict[type, str] = {SplitPlan: "plan", ChargePlan: "charges"}
_PLURALS: dict[type, str] = {
    Broken: "broken_promises",
    Cancelled: "cancelled_units",
    CancelledMoney: "cancelled_amounts",
    Captured: "captured_amounts",
    Charge: "part_charges",
    ChargePlan: "charge_plans",
    Supply: "locations",
    WaitingLine: "queue",
}

_LISTS = (Sequence, tuple)
_SETS = (AbstractSet, frozenset)
_OBJECTS = (Mapping, FrozenMapping)
_TEXTS = (str, dt.date, dt.datetime, dt.time, ZoneInfo)
_LENGTHS = (dt.timedelta, relativedelta)
_PLAIN = (Any, object)


def name_of(cls: type) -> str:
    """Return what a document calls a value of a class, as in ``sell_rules`` for ``SellRules``."""
    return _SINGLES.get(cls) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


def names_of(cls: type) -> str:
    """Return what a document calls several values of a class, as in ``receipts`` or ``sell_rule_sets``."""
    if cls in _PLURALS:
        return _PLURALS[cls]
    name = name_of(cls)
    if name.endswith("ies"):
        return f"{name[:-3]}y_sets"
    if re.search("[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    if re.search("(ss|us|is|x|ch|sh)$", name):
        return f"{name}es"
    return f"{name[:-1]}_sets" if name.endswith("s") else f"{name}s"


def is_class(kind: object) -> bool:
    """Return whether a kind is a class of values: made by attrs, and no error."""
    return isinstance(kind, type) and attrs.has(kind) and not issubclass(kind, BaseException)


def is_list(kind: object) -> bool:
    """Return whether a kind is a sequence, all of whose items are of one kind."""
    origin = get_origin(kind)
    return origin in _LISTS and not is_row(kind)


def is_row(kind: object) -> bool:
    """Return whether a kind is a tuple of a fixed length, each of its items of a kind of its own."""
    return get_origin(kind) is tuple and Ellipsis not in get_args(kind)


def is_set(kind: object) -> bool:
    """Return whether a kind is a set."""
    return get_origin(kind) in _SETS


def is_mapping(kind: object) -> bool:
    """Return whether a kind is a mapping."""
    return get_origin(kind) in _OBJECTS


def is_union(kind: object) -> bool:
    """Return whether a kind is one of several."""
    return get_origin(kind) in {Union, types.UnionType}


def is_plain(kind: object) -> bool:
    """Return whether a kind is anything that JSON knows."""
    return kind in _PLAIN


def arms_of(kind: Any) -> tuple[Any, ...]:
    """Return the kinds that a union is one of, in its order, but nothing last; functions are no documents."""
    arms = [arm for arm in get_args(kind) if get_origin(arm) is not Callable]
    return tuple(sorted(arms, key=lambda arm: arm is types.NoneType))


def tags_of(kind: Any) -> dict[str, type]:
    """Return name -> class of the classes that a union is one of."""
    return {name_of(arm): arm for arm in arms_of(kind) if is_class(arm)}


def is_tagged(kind: Any) -> bool:
    """Return whether a kind is one of several classes."""
    return is_union(kind) and len(tags_of(kind)) > 1


def is_literal(kind: object) -> bool:
    """Return whether a kind is some words."""
    return get_origin(kind) is Literal


def item_of(kind: Any) -> Any:
    """Return what the items of a list, a set or a mapping are."""
    args = get_args(kind)
    return args[1] if is_mapping(kind) else args[0]


def words_of(kind: Any) -> tuple[str, ...]:
    """Return what the choices of an enum or a literal are written as; none if the kind is neither."""
    if is_literal(kind):
        return tuple(choice.value if isinstance(choice, Enum) else choice for choice in get_args(kind))
    return tuple(choice.value for choice in kind) if isinstance(kind, type) and issubclass(kind, Enum) else ()


def json_type(kind: Any) -> str:
    """Return the type of the JSON that a kind is written as, if it is a kind that has one: no union, and not plain."""
    if kind is types.NoneType:
        return "null"
    if kind is bool:
        return "boolean"
    if kind is int:
        return "integer"
    if kind in _TEXTS or words_of(kind):
        return "string"
    if is_list(kind) or is_row(kind) or is_set(kind):
        return "array"
    if is_class(kind) or is_mapping(kind) or kind in _LENGTHS:
        return "object"
    named = getattr(kind, "__name__", None) or str(kind)
    raise refused("", "must be a kind of value that a document can hold", named, code="kind.unknown")


def refuse_unsorted(kind: Any) -> None:
    """Refuse a kind of keys, or of items of a set, that has no order of its own."""
    if json_type(kind) not in {"integer", "string"}:
        requirement = "must be texts, whole numbers, days or choices, which have an order of their own"
        raise refused("", requirement, getattr(kind, "__name__", str(kind)), code="kind.unknown")


def hints_of(cls: type) -> list[attrs.Attribute[Any]]:
    """Return the fields that make up a value of a class, their types resolved."""
    try:
        attrs.resolve_types(cls, localns={"relativedelta": relativedelta})
    except NameError as error:
        requirement = f"must be a class whose annotations have meaning in its module: {error}"
        raise refused("", requirement, cls.__name__, code="kind.unknown") from None
    return [field for field in attrs.fields(cls) if field.init]
