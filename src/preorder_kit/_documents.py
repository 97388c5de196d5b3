"""Documents from outside: JSON read without loss, fields read with all their problems."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

import attrs

from ._checks import instant, refused, shown, text
from .errors import InvalidArgument, InvalidDocument, Problem

T = TypeVar("T")

_LONGEST_NUMBER = 40
_MOST_DIGITS = 18
_DAY = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_INSTANT = re.compile(_DAY.pattern + r"([Tt ][0-9:.,]+([Zz]|[+-][0-9:]+)?)?")


def decode(document: object) -> str:
    """Return the text of ``document``, a ``str`` or UTF-8 ``bytes``, without a byte order mark."""
    if isinstance(document, str):
        return document.removeprefix("\ufeff")
    if not isinstance(document, bytes | bytearray):
        raise refused("document", "must be the text of a document, str or bytes", document, code="type.invalid")
    try:
        return bytes(document).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = document[: error.start].count(b"\n") + 1
        message = f"is not UTF-8 text (byte 0x{document[error.start]:02x} in line {line}); save it as UTF-8"
        raise InvalidDocument([Problem("", "text.encoding", message)]) from None


def parse_json(document: str | bytes) -> Any:
    """Return what a JSON document holds, numbers with a point or an exponent as exact ``Decimal``.

    Raises:
        InvalidDocument: If it is no JSON, or holds what JSON readers lose silently: a key twice, ``NaN``.
    """
    source = decode(document)
    if not source.strip():
        raise InvalidDocument([Problem("", "json.invalid", "is empty")])
    repeated: list[Problem] = []

    def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            message = f"the key {shown(twice)} comes twice in one object; keep one"
            repeated.append(Problem("", "json.repeated_key", message, twice))
        return found

    try:
        value = json.loads(
            source, parse_float=_decimal, parse_int=_integer, parse_constant=_constant, object_pairs_hook=unique_keys
        )
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        raise InvalidDocument([Problem("", "json.invalid", message)]) from None
    except RecursionError:
        raise InvalidDocument([Problem("", "json.deep", "is nested too deeply to be read")]) from None
    if repeated:
        raise InvalidDocument(repeated)
    return value


def _decimal(digits: str) -> Decimal:
    return Decimal(_short(digits))


def _integer(digits: str) -> int:
    return int(_short(digits))


def _short(digits: str) -> str:
    if len(digits) > _LONGEST_NUMBER:
        message = f"a number is longer than {_LONGEST_NUMBER} characters: {shown(digits)}"
        raise InvalidDocument([Problem("", "json.number", message)])
    return digits


def _constant(name: str) -> NoReturn:
    raise InvalidDocument([Problem("", "json.number", f"{name} is not a number that JSON knows")])


_MISSING: Any = object()


class Fields:
    """The fields of one JSON object; what is wrong with them is collected, not raised.

    Attributes:
        path: Where the object is in its document.
        problems: All problems found so far, shared by all objects of a document.
    """

    def __init__(self, node: Mapping[str, Any], path: str, problems: list[Problem]) -> None:
        self._node = node
        self.path = path
        self.problems = problems

    def read(self, key: str, check: Callable[..., T], *, default: Any = _MISSING, **options: Any) -> T:
        """Return what ``check`` makes of the field, or ``default`` if it is missing or null (a problem without one).

        After a problem the result is of no use.
        """
        value = self._node.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            if default is _MISSING:
                self.complain(key, "field.missing", "is missing", value)
            return default  # type: ignore[no-any-return]
        try:
            return check(value, "", **options)
        except InvalidArgument as error:
            self.complain(f"{key}{error.path}", error.code, error.message, error.value)
            return default  # type: ignore[no-any-return]

    def complain(self, key: str, code: str, message: str, value: object = None) -> None:
        """Add a problem with the field ``key``; with the object itself if it is empty."""
        path = f"{self.path}.{key}" if self.path and key else self.path or key
        self.problems.append(Problem(path, code, message, value))

    def objects(self, key: str, *, least: int = 0) -> list[Fields]:
        """Return the objects in the list ``key``; too few of them, or an item that is none, is a problem."""
        before = len(self.problems)
        items: list[Any] = self.read(key, _list, default=_MISSING if least else [])
        if len(self.problems) > before:
            return []
        if len(items) < least:
            self.complain(key, "field.missing", f"must hold at least {least} item (got none)", items)
        found = []
        for index, item in enumerate(items):
            place = f"{key}[{index}]"
            if isinstance(item, dict):
                found.append(Fields(item, f"{self.path}.{place}" if self.path else place, self.problems))
            else:
                self.complain(place, "type.invalid", f"must be an object (got {shown(item)})", item)
        return found

    def object(self, key: str) -> Fields | None:
        """Return the object ``key``, or ``None`` if it is missing or null; anything else is a problem."""
        node = self.read(key, _object, default=None)
        return None if node is None else Fields(node, f"{self.path}.{key}" if self.path else key, self.problems)


def _list(value: object, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise refused(path, "must be a list", value, code="type.invalid")
    return value


def _object(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refused(path, "must be an object", value, code="type.invalid")
    return value


def identifier(value: object, path: str) -> str:
    """Return an id as text, whether it comes as text or as a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(value, path)


def count(value: object, path: str, *, least: int = 0) -> int:
    """Return a number of units, whether it comes as 2, 2.0 or "2"."""
    number = value
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < _MOST_DIGITS and value == int(value):
        number = int(value)
    if isinstance(value, str) and re.fullmatch("[0-9]{1,18}", value.strip()):
        number = int(value)
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise refused(path, f"must be a whole number >= {least}", value, code="units.invalid")
    return number


def iso_instant(value: object, path: str, *, zone: dt.tzinfo | None = None) -> dt.datetime:
    """Return the instant of an ISO 8601 text, in UTC; one without an offset is read in ``zone``, or refused."""
    example = "2026-11-22T09:30:00+01:00"
    try:
        moment = dt.datetime.fromisoformat(_written(value, _INSTANT))
    except ValueError:
        raise refused(path, f"must be an instant such as {example}", value, code="instant.invalid") from None
    if moment.tzinfo is None and zone is None:
        raise refused(path, f"must have a UTC offset, as in {example}", value, code="instant.naive")
    try:
        return instant(moment if moment.tzinfo else moment.replace(tzinfo=zone), path)
    except InvalidArgument as error:
        raise attrs.evolve(error, value=value) from None


def iso_day(value: object, path: str) -> dt.date:
    """Return the day of an ISO 8601 text such as ``2027-01-20``."""
    try:
        return dt.date.fromisoformat(_written(value, _DAY))
    except ValueError:
        raise refused(path, "must be a day such as 2027-01-20", value, code="day.invalid") from None


def _written(value: object, shape: re.Pattern[str]) -> str:
    """Return a text of that shape without the blanks around it; nothing that can be read as a time for another."""
    written = value.strip() if isinstance(value, str) else ""
    return written if shape.fullmatch(written) else ""
