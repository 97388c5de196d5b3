"""Values as the objects, lists, texts and numbers of JSON, and back: one reader and one writer for each annotation."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, StrEnum
from functools import partial
from operator import itemgetter
from types import GenericAlias, NoneType
from typing import Any, get_args
from zoneinfo import ZoneInfo

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from dateutil.relativedelta import relativedelta

from . import _kinds
from ._checks import FrozenMapping, member, refused, run_rule, text, unique, units
from ._documents import iso_day, iso_instant
from ._unwritable import Unwritable, refuse_unwritable
from ._zones import zone_info
from .errors import InvalidArgument, InvalidDocument, Problem

DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
INSTANT = rf"{DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]{{1,6}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})"
WHOLE = "0|-?[1-9][0-9]*"
#: What a length of time is made of, and may be read from.
LENGTHS = {
    dt.timedelta: ("days", "seconds", "microseconds"),
    relativedelta: ("years", "months", "days", "hours", "minutes", "seconds", "microseconds"),
}
_PARTS: Any = GenericAlias(Mapping, (str, int))
_MOST_INSIDE = 50


def structured(node: Any, kind: Any, path: str) -> Any:
    """Return what a part of a document says, or refuse it with all of its problems."""
    try:
        return _CONVERTER.structure(node, kind)
    except Exception as error:  # noqa: BLE001  # cattrs groups whatever was raised; what is not known is raised again
        raise InvalidDocument(problems_of(error, path)) from None


def unstructured(value: object, kind: Any) -> Any:
    """Return what a value is written as; see `refuse_unwritable`."""
    return _CONVERTER.unstructure(value, unstructure_as=kind)


def problems_of(error: BaseException, path: str) -> list[Problem]:
    """Return what a structuring error says, flat, in the order of the document."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, others = error.group_exceptions()
        found = [problem for cause, note in noted for problem in problems_of(cause, f"{path}{_step(note)}")]
        return found + [problem for cause in others for problem in problems_of(cause, path)]
    if isinstance(error, ForbiddenExtraKeysError):
        return [
            Problem(f"{path}.{key}", "field.unknown", "is no field here", key) for key in sorted(error.extra_fields)
        ]
    if isinstance(error, InvalidDocument):
        return [attrs.evolve(problem, path=f"{path}{problem.path}") for problem in error.problems]
    if isinstance(error, KeyError):
        return [Problem(path, "field.missing", "is missing")]
    if isinstance(error, InvalidArgument):
        placed = attrs.evolve(error, path=error.path.removeprefix(".")).under(path)
        return [Problem(placed.path, placed.code, placed.message, placed.value)]
    if isinstance(error, RecursionError):
        return [Problem(path, "json.deep", "is nested too deeply to be read")]
    raise error


def _step(note: AttributeValidationNote | IterableValidationNote) -> str:
    return f".{note.name}" if isinstance(note, AttributeValidationNote) else f"[{note.index!r}]"


def _strict(kind: type, name: str, value: Any) -> Any:
    if not isinstance(value, kind):
        raise refused("", f"must be {name}", value, code="type.invalid")
    return value


_CONVERTER = Converter(omit_if_default=True)


@_CONVERTER.register_structure_hook_factory(_kinds.is_class)
def _class_reader(cls: type[Any]) -> Callable[[Any, Any], Any]:
    """Return a reader of one class that takes only objects and runs each field's own rule, so that no problem hides."""
    hooks = {field.name: override(struct_hook=partial(_read_field, field)) for field in _kinds.hints_of(cls)}
    read = make_dict_structure_fn(cls, _CONVERTER, _cattrs_forbid_extra_keys=True, **hooks)  # type: ignore[arg-type]
    return lambda node, kind: read(_strict(dict, "an object", node), kind)


def _read_field(field: attrs.Attribute[Any], node: Any, kind: Any) -> Any:
    if _kinds.is_set(kind):  # its rule names items by their places in the document
        return frozenset(run_rule(_distinct(node, kind), field, ""))  # type: ignore[call-overload]
    return run_rule(_CONVERTER.structure(node, kind), field, "")


@_CONVERTER.register_unstructure_hook_factory(_kinds.is_class)
def _class_writer(cls: type[Any]) -> Callable[[Any], object]:
    """Return a writer of one class; of one that is made from it the fields of its own would be lost."""
    _kinds.hints_of(cls)
    write = make_dict_unstructure_fn(cls, _CONVERTER, _cattrs_omit_if_default=True)
    return lambda value: write(value) if type(value) is cls else _of_another_class(value, [cls])


def _of_another_class(value: object, wanted: Iterable[type]) -> Unwritable:
    names = " or ".join(cls.__name__ for cls in wanted)
    return Unwritable(value, f"must be of the class {names} itself, which is all that is read back here")


@_CONVERTER.register_structure_hook_factory(_kinds.is_list)
def _list_reader(kind: Any) -> Callable[[Any, Any], Any]:
    """Return a reader that takes only lists: a text is not a list of letters."""
    item = _kinds.item_of(kind)

    def read(node: Any, _: Any) -> tuple[Any, ...]:
        reader = _CONVERTER.get_structure_hook(item)  # asked for now: a class may hold its own kind
        found: list[Any] = []
        problems: list[Problem] = []
        for index, part in enumerate(_strict(list, "a list", node)):
            try:
                found.append(reader(part, item))
            except Exception as error:  # noqa: BLE001  # told at once: a million errors with their frames fill the memory
                problems += problems_of(error, f"[{index}]")
        if problems:
            raise InvalidDocument(problems)
        return tuple(found)

    return read


@_CONVERTER.register_unstructure_hook_factory(_kinds.is_list)
def _list_writer(kind: Any) -> Callable[[Iterable[Any]], list[Any]]:
    item = _kinds.item_of(kind)

    def write(values: Iterable[Any]) -> list[Any]:
        writer = _CONVERTER.get_unstructure_hook(item)  # asked for now: a class may hold its own kind
        return [writer(value) for value in values]

    return write


@_CONVERTER.register_structure_hook_factory(_kinds.is_row)
def _row_reader(kind: Any) -> Callable[[Any, Any], Any]:
    fields = get_args(kind)

    def read(node: Any, _: Any) -> tuple[Any, ...]:
        if len(_strict(list, "a list", node)) != len(fields):
            raise refused("", f"must be a list of {len(fields)}", node, code="type.invalid")
        return tuple(_CONVERTER.structure(item, field) for item, field in zip(node, fields, strict=True))

    return read


def _distinct(node: Any, kind: Any) -> tuple[Any, ...]:
    """Return the items of a set in the order of the document, none of them twice."""
    items: Any = GenericAlias(Sequence, (_kinds.item_of(kind),))
    found: tuple[Any, ...] = _CONVERTER.structure(node, items)
    unique(found, "[{}]", what="items of a set")
    return found


@_CONVERTER.register_structure_hook_factory(_kinds.is_set)
def _set_reader(kind: Any) -> Callable[[Any, Any], Any]:
    return lambda node, _: frozenset(_distinct(node, kind))


@_CONVERTER.register_structure_hook_factory(_kinds.is_mapping)
def _mapping_reader(kind: Any) -> Callable[[Any, Any], Any]:
    key, item = get_args(kind)
    items: Any = GenericAlias(dict, (str, item))

    def read(node: Any, _: Any) -> FrozenMapping[Any, Any]:
        found = _CONVERTER.structure(_strict(dict, "an object", node), items)
        return FrozenMapping(found if key is str else {_read_key(name, key): value for name, value in found.items()})

    return read


def _read_key(name: str, kind: Any) -> Any:
    """Return a key that is no text, from the only text that it is written as: two texts are never one key."""
    try:
        number = kind is int and re.fullmatch(WHOLE, name)
        key = _CONVERTER.structure(int(name) if number else name, kind)
    except InvalidArgument as error:
        raise attrs.evolve(error, path=" key") from None
    written = str(_write_key(key))
    if written != name:
        raise refused(" key", f"must be written as {written}", name, code="key.invalid")
    return key


def _write_key(key: Any) -> Any:
    """Return what a key is written as and sorted by; a whole number becomes a text at last."""
    return key if type(key) is str else _CONVERTER.unstructure(key)


@_CONVERTER.register_unstructure_hook_factory(_kinds.is_mapping)
def _mapping_writer(kind: Any) -> Callable[[Mapping[Any, Any]], dict[str, Any]]:
    item = _kinds.item_of(kind)

    def write(values: Mapping[Any, Any]) -> dict[str, Any]:
        writer = _CONVERTER.get_unstructure_hook(item)
        pairs = [(_write_key(key), key) for key in values]
        return {str(written): writer(values[key]) for written, key in sorted(pairs, key=itemgetter(0))}

    return write


@_CONVERTER.register_structure_hook_factory(_kinds.is_union)
def _union_reader(kind: Any) -> Callable[[Any, Any], Any]:
    """Return a reader that takes the arm that the JSON fits; where none does, the first says what is wrong."""
    arms = _kinds.arms_of(kind)
    words_first = sorted(arms, key=lambda arm: (not _kinds.words_of(arm), arm is dt.date))

    def read(node: Any, _: Any) -> Any:
        fitting = (arm for arm in words_first if _fits(node, arm))
        is_day = dt.date in arms and isinstance(node, str) and re.fullmatch(DAY, node)
        return _CONVERTER.structure(node, dt.date if is_day else next(fitting, arms[0]))

    return read


_JSON = {NoneType: "null", bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}


def _fits(node: Any, arm: Any) -> bool:
    words = _kinds.words_of(arm)
    if words and isinstance(node, str):
        return node in words
    return _kinds.is_plain(arm) or _kinds.json_type(arm) == _JSON.get(type(node))


@_CONVERTER.register_unstructure_hook_factory(_kinds.is_union)
def _union_writer(kind: Any) -> Callable[[Any], object]:
    arms = [arm for arm in _kinds.arms_of(kind) if arm is not NoneType]
    if len(arms) == 1:
        return lambda value: None if value is None else _CONVERTER.unstructure(value, unstructure_as=arms[0])
    classes = list(_kinds.tags_of(kind).values())

    def write(value: Any) -> object:
        is_another = _kinds.is_class(type(value)) and type(value) not in classes
        return _of_another_class(value, classes) if is_another else _CONVERTER.unstructure(value)

    return write


@_CONVERTER.register_structure_hook_factory(_kinds.is_tagged)
def _tagged_reader(kind: Any) -> Callable[[Any, Any], Any]:
    return partial(_read_tagged, tags=_kinds.tags_of(kind))


def _read_tagged(node: Any, _: Any, *, tags: Mapping[str, type]) -> Any:
    names = [name for name in tags if isinstance(node, dict) and node.keys() == {name}]
    if not names:
        choices = " or ".join(f'{{"{name}": {{...}}}}' for name in tags)
        raise refused("", f"must be {choices}", node, code="type.invalid")
    [name] = names
    try:
        return _CONVERTER.structure(node[name], tags[name])
    except Exception as error:  # noqa: BLE001  # its place is added to it, whatever it is
        error.add_note(AttributeValidationNote("", name, tags[name]))
        raise ClassValidationError("", [error], tags[name]) from None


@_CONVERTER.register_unstructure_hook_factory(_kinds.is_tagged)
def _tagged_writer(kind: Any) -> Callable[[Any], object]:
    tags = {cls: name for name, cls in _kinds.tags_of(kind).items()}

    def write(value: Any) -> object:
        tag = tags.get(type(value))
        return {tag: _CONVERTER.unstructure(value)} if tag else _of_another_class(value, tags)

    return write


@_CONVERTER.register_structure_hook_factory(_kinds.is_literal)
def _literal_reader(kind: Any) -> Callable[[Any, Any], Any]:
    choices = dict(zip(_kinds.words_of(kind), get_args(kind), strict=True))

    def read(node: Any, _: Any) -> Any:
        if not isinstance(node, str) or node not in choices:
            raise refused("", f"must be one of {', '.join(choices)}", node, code="choice.invalid")
        return choices[node]

    return read


def _read_day(value: Any, _: Any) -> dt.date:
    found = iso_day(value, "")
    if not re.fullmatch(DAY, value):
        raise refused("", "must be written as 2027-01-20", value, code="day.invalid")
    return found


def _read_instant(value: Any, _: Any) -> dt.datetime:
    found = iso_instant(value, "")
    if not re.fullmatch(INSTANT, value):
        raise refused("", "must be written as 2026-11-22T09:30:00+01:00", value, code="instant.invalid")
    return found


def _write_instant(moment: dt.datetime) -> object:
    if moment.tzinfo is not dt.timezone.utc:
        if moment.utcoffset() is None:
            return Unwritable(moment)
        moment = moment.astimezone(dt.timezone.utc)
    return f"{moment.isoformat()[:-6]}Z"


def _read_time(value: Any, _: Any) -> dt.time:
    try:
        return dt.time.fromisoformat(value if isinstance(value, str) and re.fullmatch(TIME, value) else "")
    except ValueError:
        raise refused("", "must be a time of day such as 17:00:00", value, code="time.invalid") from None


def _read_length(node: Any, kind: type[Any]) -> Any:
    """Return a length of time from its parts, of which one that is not said is 0."""
    parts: Mapping[str, int] = _CONVERTER.structure(node, _PARTS)
    for name in sorted(parts.keys() - LENGTHS[kind]):
        raise refused(name, f"must be one of {', '.join(LENGTHS[kind])}", name, code="field.unknown")
    try:
        return kind(**parts)
    except OverflowError:
        raise refused("", "must be a length of time that fits into the calendar", node, code="length.invalid") from None


def _write_length(value: Any) -> object:
    parts = {name: getattr(value, name) for name in LENGTHS[type(value)]}
    if type(value)(**parts) != value:
        return Unwritable(value)
    return {name: count for name, count in parts.items() if count} or {"days": 0}


def _read_plain(node: Any, _: Any) -> Any:
    refuse_unwritable(node)
    return node


def _write_plain(value: Any, inside: int = 0) -> object:
    """Return what was found in a document as it was, if JSON has it; lists are not tuples when they are read."""
    if isinstance(value, list) and inside < _MOST_INSIDE:
        return [_write_plain(item, inside + 1) for item in value]
    if isinstance(value, dict) and inside < _MOST_INSIDE and all(isinstance(key, str) for key in value):
        return {key: _write_plain(value[key], inside + 1) for key in sorted(value)}
    return value if value is None or type(value) in {bool, int, str} else Unwritable(value)


_READERS: Mapping[type, Callable[[Any, Any], Any]] = {
    NoneType: lambda _value, _kind: None,  # asked for where there is nothing alone
    int: lambda value, _: units(value, "", least=None),
    str: lambda value, _: text(value, "", empty=True),
    bool: lambda value, _: _strict(bool, "true or false", value),
    dt.datetime: _read_instant,
    dt.date: _read_day,
    dt.time: _read_time,
    ZoneInfo: lambda value, _: zone_info(value, ""),
    dt.timedelta: _read_length,
    relativedelta: _read_length,
    Enum: lambda value, kind: member(value, "", of=kind),
    StrEnum: lambda value, kind: member(value, "", of=kind),
}
for _cls, _reader in _READERS.items():
    _CONVERTER.register_structure_hook(_cls, _reader)
_CONVERTER.register_structure_hook_func(_kinds.is_plain, _read_plain)
_CONVERTER.register_unstructure_hook(dt.datetime, _write_instant)
_CONVERTER.register_unstructure_hook(dt.date, dt.date.isoformat)
_CONVERTER.register_unstructure_hook(dt.time, dt.time.isoformat)
_CONVERTER.register_unstructure_hook(ZoneInfo, lambda zone: zone.key)
_CONVERTER.register_unstructure_hook(float, Unwritable)
_CONVERTER.register_unstructure_hook_func(_kinds.is_plain, _write_plain)
_CONVERTER.register_unstructure_hook_func(
    _kinds.is_set, lambda items: sorted(_CONVERTER.unstructure(item) for item in items)
)
for _length in LENGTHS:
    _CONVERTER.register_unstructure_hook(_length, _write_length)
