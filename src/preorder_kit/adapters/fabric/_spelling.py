"""How fabric writes its numbers, days and instants, and how its lists are opened."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs

from ..._checks import refused, text
from ..._documents import Fields, iso_day, iso_instant, parse_json, unrecognised
from ..._zones import local_day
from ...errors import InvalidArgument, InvalidDocument, Problem

T = TypeVar("T")

CHANNELS = (12, 13)
MOST_INT32 = 2**31 - 1
_MIDNIGHT = re.compile(r"00:00(:00([.,]0+)?)?([Zz]|[+-][0-9:]+)?")
_MOST_DIGITS = 18


def opened(
    document: str | bytes, expected: str, *, keys: Sequence[str], under: Sequence[str] = ()
) -> tuple[list[Fields], list[Problem]]:
    """Return the objects of a list that a document is, or holds under one key, or the one that it is; and its problems.

    Raises:
        InvalidDocument: If it is no list of such objects: none of them has one of ``keys``, or there are none where the
            document itself is the list.
    """
    root, problems = parse_json(document), list[Problem]()
    for name in under if isinstance(root, dict) else ():
        if isinstance(root.get(name), list) and not _are_others(root[name], keys):
            return Fields(root, "", problems).objects(name), problems
    items = [root] if isinstance(root, dict) else root
    if not isinstance(items, list) or not items or _are_others(items, keys):
        raise unrecognised(expected)
    if isinstance(root, dict):
        return [Fields(root, "", problems)], problems
    return Fields({"": root}, "", problems).objects(""), problems


def _are_others(items: Sequence[object], keys: Sequence[str]) -> bool:
    """Return whether there are items, and none of them is an object of that kind."""
    return bool(items) and not any(isinstance(item, dict) and item.keys() & set(keys) for item in items)


def opened_one(document: str | bytes, expected: str, *, keys: Sequence[str]) -> Fields:
    """Return the object that a document is; it has all of ``keys``."""
    root = parse_json(document)
    if not isinstance(root, dict) or not root.keys() >= set(keys):
        raise unrecognised(expected)
    return Fields(root, "", [])


def spelled(fields: Fields, usual: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Return by which key an object says each field: the usual one, or the other where that alone says something."""
    return {
        name: other[name] if fields.holds(other[name]) and not fields.holds(key) else key for name, key in usual.items()
    }


def built(fields: Fields, make: Callable[..., T], names: Mapping[str, str], /, **values: Any) -> T | None:
    """Return what ``make`` makes of values, as `Fields.build` does; a problem is named as the document names it."""

    def named(**found: Any) -> T:
        try:
            return make(**found)
        except InvalidArgument as error:
            field = re.match("[a-z_]*", error.path)[0]  # type: ignore[index]  # it matches nothing at least
            raise attrs.evolve(error, path=names.get(field, field) + error.path[len(field) :]) from None

    return fields.build(named, **values)


def built_or_refused(fields: Fields, make: Callable[..., T], names: Mapping[str, str], /, **values: Any) -> T:
    """Return what ``make`` makes of the values of a document of one thing, or refuse it with all of its problems."""
    value = built(fields, make, names, **values)
    if value is None:
        raise InvalidDocument(fields.problems)
    return value


def utc_instant(value: object, path: str) -> dt.datetime:
    """Return an instant; one without an offset is in UTC."""
    return iso_instant(value, path, zone=dt.timezone.utc)


def written_day(value: object, path: str, *, zone: ZoneInfo) -> dt.date:
    """Return a day, be it written as one or as its midnight; any other instant is the day that it is in ``zone``."""
    written = value.strip() if isinstance(value, str) else ""
    day, *time = re.split("[Tt ]", written, maxsplit=1)
    if not time or _MIDNIGHT.fullmatch(time[0]):
        return iso_day(day or value, path)
    return local_day(iso_instant(value, path, zone=zone), zone, path)


def as_text(value: object, path: str) -> str:
    """Return what JSON holds as text: text as it is, a number as its digits, anything else as its JSON."""
    if isinstance(value, str):
        return text(value, path, empty=True)
    if isinstance(value, Decimal):
        return str(value)
    return text(json.dumps(value, default=str, ensure_ascii=False), path)


def as_texts(value: object, path: str) -> tuple[str, ...]:
    """Return the items of a list as text."""
    if not isinstance(value, list):
        raise refused(path, "must be a list", value, code="type.invalid")
    return tuple(as_text(item, f"{path}[{index}]") for index, item in enumerate(value))


def number_of(name: str, path: str, *, least: int = 0, most: int | None = None) -> int:
    """Return the number that an id is, for a field that takes no other id."""
    requirement = f"must be a number >= {least}, as fabric numbers it"
    if not re.fullmatch(f"0|[1-9][0-9]{{0,{_MOST_DIGITS - 1}}}", name) or int(name) < least:
        raise refused(path, requirement, name, code="fabric.number")
    if most is not None and int(name) > most:
        raise refused(path, f"must be a number <= {most}", name, code="fabric.number")
    return int(name)


def known_channel(channel: object, path: str) -> int:
    """Return a sales channel that the first API knows: 12 is the US, 13 is Canada."""
    if isinstance(channel, bool) or channel not in CHANNELS:
        raise refused(path, "must be 12 (US) or 13 (Canada)", channel, code="choice.invalid")
    return int(channel)


def instant_text(at: dt.datetime, path: str) -> str:
    """Return an instant in UTC as fabric writes it: with milliseconds and a Z."""
    if at.microsecond % 1000:
        raise refused(path, "must be a whole number of milliseconds: round it", at, code="fabric.instant")
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def filled(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}
