"""Words of open lists, instants and numbers as fulfillmenttools writes them: under its other rooms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from ..._checks import refused
from ..._documents import Fields, identifier, iso_instant, parse_json, unrecognised, word
from ..._wire import held
from ...errors import InvalidDocument, Problem

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

MOST_INT32, MOST_INT64 = (1 << 31) - 1, (1 << 63) - 1


def meaning(said: str, of: type[E]) -> E | None:
    """Return the member that a word names, in any case; ``None`` for a word that is not known."""
    plain = said.strip().lower()
    return next((choice for choice in of if choice.value == plain), None)


def term(fields: Fields, key: str, of: type[E], *, default: str | None = "") -> tuple[E | None, str]:
    """Return what a word of an open list means and the word itself; without a default it must be there."""
    options = {} if default is None else {"default": default}
    said = fields.read(key, word, **options)
    return (meaning(said, of), said) if isinstance(said, str) else (None, "")


def agree(value: object, name: str, of: type[StrEnum], *, spell: Callable[[str], str] = str.upper) -> None:
    """Make a field and its word agree: each of them says the other where only one was given."""
    key = f"{name}_word"
    found, said = getattr(value, name), getattr(value, key)
    if found is None:
        object.__setattr__(value, name, meaning(said, of))
    elif not said:
        object.__setattr__(value, key, spell(found.value))
    elif meaning(said, of) is not found:
        raise refused(key, f"must be a way to write {spell(found.value)}", said, code="choice.contradiction")


def documented(
    value: StrEnum | None, said: str, path: str, of: type[StrEnum], *, spell: Callable[[str], str] = str.upper
) -> str:
    """Return the documented spelling of a word for writing, and refuse one that is not documented."""
    if value is None:
        choices = ", ".join(spell(choice.value) for choice in of)
        raise refused(path, f"must be documented to be written: one of {choices}", said, code="choice.invalid")
    return spell(value.value)


def moment(fields: Fields, key: str) -> dt.datetime | None:
    """Return an instant that may be missing."""
    return fields.read(key, iso_instant, default=None)


def name(fields: Fields, key: str) -> str:
    """Return an id or a text that may be missing; it is empty then."""
    return fields.read(key, identifier, default="")


def facility_of(facility: Fields | None) -> tuple[str, str]:
    """Return the platform's id and the shop's id of a facility, each empty where it is missing."""
    return ("", "") if facility is None else (name(facility, "facilityRef"), name(facility, "tenantFacilityId"))


def inner(fields: Fields, key: str) -> Fields | None:
    """Return an object that must be there; ``None`` if it is missing or none, which is a problem."""
    before = len(fields.problems)
    found = fields.object(key)
    if found is None and len(fields.problems) == before:
        fields.complain(key, "field.missing", "is missing")
    return found


def path_of(fields: Fields | None, *keys: str) -> Fields | None:
    """Return the object under one key after the other; ``None`` where one is missing."""
    for key in keys:
        fields = None if fields is None else fields.object(key)
    return fields


def rfc3339(at: dt.datetime) -> str:
    """Return an instant as the system writes it: with milliseconds and Z; what is finer is cut off."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def given(**content: Any) -> dict[str, Any]:
    """Return the fields of an object that say something."""
    return {key: value for key, value in content.items() if value is not None and value not in ("", [], {})}


def bounded(value: int, path: str, *, most: int) -> int:
    """Return a number that the system's field can hold, and refuse a greater one."""
    if value > most:
        raise refused(path, f"must be at most {most}, the most that the field holds", value, code="units.invalid")
    return value


def sound(found: T | None, fields: Fields) -> T:
    """Return what was read of a document without a problem, and refuse the document with all of its problems."""
    if found is None or fields.problems:
        raise InvalidDocument(fields.problems)
    return found


def rows_of(
    document: str | bytes, expected: str, *, under: Sequence[str], is_row: Callable[[Any], bool] | None = None
) -> tuple[list[Fields], list[Problem]]:
    """Return the rows of a document and their problems: the list that it is, or holds under a key, or the one row.

    ``expected`` says what the document should have been.
    """
    root = parse_json(document)
    problems: list[Problem] = []
    if isinstance(root, list):
        return Fields({"": root}, "", problems).objects(""), problems
    key = next((key for key in under if held(root, key) is not None), None)
    if not isinstance(root, dict) or (key is None and not (is_row and is_row(root))):
        raise unrecognised(expected)
    fields = Fields(root, "", problems)
    return ([fields] if key is None else fields.objects(key)), problems
