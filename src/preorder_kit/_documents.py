"""Documents from outside: JSON read without loss, fields read with all their problems."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TypeVar

import attrs

from ._checks import instant, refused, shown, text
from .errors import InvalidArgument, InvalidDocument, Problem

T = TypeVar("T")

MOST_BYTES = 1 << 30
MOST_DEEP = 100
_LONGEST_NUMBER = 40
_MOST_DIGITS = 18
_DAY = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_INSTANT = re.compile(_DAY.pattern + r"([Tt ][0-9:.,]+([Zz]|[+-][0-9:]+)?)?")


def decode(document: object) -> str:
    """Return the text of ``document``, a ``str`` or UTF-8 ``bytes``, without a byte order mark."""
    if not isinstance(document, str | bytes | bytearray):
        raise refused("document", "must be the text of a document, str or bytes", document, code="type.invalid")
    if len(document) > MOST_BYTES:
        message = f"is longer than {MOST_BYTES:,} characters (got {len(document):,}); divide it into several documents"
        raise InvalidDocument([Problem("", "document.long", message)])
    if isinstance(document, str):
        return document.removeprefix("\ufeff")
    try:
        return bytes(document).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = document[: error.start].count(b"\n") + 1
        message = f"is not UTF-8 text (byte 0x{document[error.start]:02x} in line {line}); save it as UTF-8"
        raise InvalidDocument([Problem("", "text.encoding", message)]) from None


def parse_json(document: str | bytes) -> Any:
    """Return what a JSON document holds, numbers with a point or an exponent as exact ``Decimal``.

    Raises:
        InvalidDocument: If it is no JSON, is nested more than `MOST_DEEP` levels deep, or holds what JSON readers lose
            silently: a key twice, ``NaN``.
    """
    source = decode(document)
    if not source.strip():
        raise InvalidDocument([Problem("", "json.invalid", "is empty")])
    if _depth(source) > MOST_DEEP:
        raise InvalidDocument([Problem("", "json.deep", f"is nested more than {MOST_DEEP} levels deep")])
    repeated: list[Problem] = []

    def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            times = Counter(key for key, _ in pairs)
            twice = next(key for key, many in times.items() if many > 1)
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
    if repeated:
        raise InvalidDocument(repeated)
    return value


_BRACKETS = {ord(sign): step for sign, step in zip("[{]}", (1, 1, -1, -1), strict=True)}
_NO_BRACKETS = bytes(sign for sign in range(256) if sign not in b'[]{}"')


def _depth(source: str) -> int:
    """Return how deep the lists and objects of a JSON text are nested; of a text that is none, any number."""
    if source.count("[") + source.count("{") <= MOST_DEEP:
        return 0
    unescaped = source.replace("\\\\", "").replace('\\"', "").encode("utf-8", "surrogatepass")
    brackets = re.sub(rb'"[^"]*"', b"", unescaped.translate(None, _NO_BRACKETS)).translate(None, b'"')
    return max(itertools.accumulate(map(_BRACKETS.__getitem__, brackets)), default=0)


def encode(content: object) -> str:
    """Return a JSON document, indented, that ends without a line break."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(_short(digits))
    except InvalidOperation:
        message = f"a number has an exponent beyond all that counts: {digits}"
        raise InvalidDocument([Problem("", "json.number", message)]) from None


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
        is_sound: Whether no problem was found yet in it or in an object inside it.
    """

    def __init__(
        self, node: Mapping[str, Any], path: str, problems: list[Problem], *, outer: Fields | None = None
    ) -> None:
        self._node = node
        self._outer = outer
        self.path = path
        self.problems = problems
        self.is_sound = True

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
        joint = "." if self.path and key and key[0] != "[" else ""
        self.problems.append(Problem(f"{self.path}{joint}{key}", code, message, value))
        broken: Fields | None = self
        while broken is not None:
            broken.is_sound, broken = False, broken._outer

    def objects(self, key: str, *, least: int = 0) -> list[Fields]:
        """Return the objects in the list ``key``; too few of them, or an item that is none, is a problem."""
        before = len(self.problems)
        items: list[Any] = self.read(key, _list, default=_MISSING if least else [])
        if len(self.problems) > before:
            return []
        if len(items) < least:
            self.complain(key, "field.missing", f"must hold at least {least} item (got none)", items)
        inner = [self._inner(f"{key}[{index}]", item) for index, item in enumerate(items)]
        return [fields for fields in inner if fields is not None]

    def entries(self, key: str) -> list[tuple[str, Fields]]:
        """Return the objects that the object ``key`` holds, each with its key; what is no object is a problem."""
        node: dict[str, Any] = self.read(key, _object, default={})
        inner = [(name, self._inner(f"{key}[{name!r}]", item)) for name, item in node.items()]
        return [(name, fields) for name, fields in inner if fields is not None]

    def _inner(self, key: str, item: object) -> Fields | None:
        if isinstance(item, dict):
            return Fields(item, f"{self.path}.{key}" if self.path else key, self.problems, outer=self)
        self.complain(key, "type.invalid", f"must be an object (got {shown(item)})", item)
        return None

    def names(self, key: str) -> list[str]:
        """Return the texts in the list ``key``; an item that is none is a problem."""
        found = []
        for index, item in enumerate(self.read(key, _list, default=[])):
            try:
                found.append(identifier(item, ""))
            except InvalidArgument as error:
                self.complain(f"{key}[{index}]", error.code, error.message, error.value)
        return found

    def holds(self, key: str) -> bool:
        """Return whether the field is there and says something, which null and blank text do not."""
        value = self._node.get(key)
        return value is not None and not (isinstance(value, str) and not value.strip())

    def build(self, make: Callable[..., T], *arguments: Any, **fields: Any) -> T | None:
        """Return what ``make`` makes of fields that were read without a problem; what it refuses is a problem too.

        ``None`` if this object, or one inside it, has a problem.
        """
        if not self.is_sound:
            return None
        try:
            return make(*arguments, **fields)
        except InvalidArgument as error:
            self.complain(error.path, error.code, error.message, error.value)
            return None

    def object(self, key: str) -> Fields | None:
        """Return the object ``key``, or ``None`` if it is missing or null; anything else is a problem."""
        node = self.read(key, _object, default=None)
        return None if node is None else self._inner(key, node)


def _list(value: object, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise refused(path, "must be a list", value, code="type.invalid")
    return value


def _object(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refused(path, "must be an object", value, code="type.invalid")
    return value


def root_object(document: str | bytes, expected: str) -> Fields:
    """Return the object that a JSON document is; ``expected`` says what else it should have been."""
    root = parse_json(document)
    if not isinstance(root, dict):
        raise unrecognised(expected)
    return Fields(root, "", [])


def root_objects(document: str | bytes, expected: str, *, under: str = "") -> list[Fields]:
    """Return the objects of a list that a JSON document is, or holds under a key, or the one object that it is.

    All share one list of problems. Where none of several items is an object, the document is refused.
    """
    root = parse_json(document)
    holds_them = bool(under) and isinstance(root, dict) and under in root
    if isinstance(root, dict) and not holds_them:
        return [Fields(root, "", [])]
    if not holds_them and not isinstance(root, list):
        raise unrecognised(expected)
    holder = Fields(root if holds_them else {"": root}, "", [])
    found = holder.objects(under if holds_them else "")
    if not found:
        refuse_if(holder.problems)
    return found


def unrecognised(expected: str) -> InvalidDocument:
    """Return the error for a document that is of another kind than ``expected``, as in "must be a list of orders"."""
    return InvalidDocument([Problem("", "document.unrecognised", expected)])


def refuse_if(problems: Sequence[Problem]) -> None:
    """Refuse a document that has problems."""
    if problems:
        raise InvalidDocument(problems)


def identifier(value: object, path: str) -> str:
    """Return an id as text, whether it comes as text or as a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(value, path)


def count(value: object, path: str, *, least: int = 0) -> int:
    """Return a number of units, whether it comes as 2, 2.0, "2" or "2.00"."""
    number = value
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < _MOST_DIGITS and value == int(value):
        number = int(value)
    if isinstance(value, str) and (written := re.fullmatch(r"([0-9]{1,18})(\.0{1,9})?", value.strip())):
        number = int(written[1])
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise refused(path, f"must be a whole number >= {least}", value, code="units.invalid")
    if number >= 10**_MOST_DIGITS:
        raise refused(path, f"must have at most {_MOST_DIGITS} digits", value, code="units.large")
    return number


def truth(value: object, path: str) -> bool:
    """Return a flag, whether it comes as true or as the text "true"; no other word is one."""
    named = value.strip().lower() if isinstance(value, str) else ""
    if named in {"true", "false"}:
        return named == "true"
    if not isinstance(value, bool):
        raise refused(path, "must be true or false", value, code="type.invalid")
    return value


def change(value: object, path: str) -> int:
    """Return a number of units that are added, or taken away if it is negative, as `count` reads one."""
    sign, number = 1, value
    if isinstance(value, str) and re.match(r"\s*-[0-9]", value):
        sign, number = -1, value.strip()[1:]
    elif isinstance(value, int | Decimal) and not isinstance(value, bool) and value < 0:
        sign, number = -1, abs(value) if isinstance(value, int) else value.copy_negate()  # exact, whatever its exponent
    try:
        return sign * count(number, path)
    except InvalidArgument:
        raise refused(path, "must be a whole number", value, code="units.invalid") from None


def word(value: object, path: str) -> str:
    """Return a word of an open list, without the blanks around it: one that is not known is kept, not lost."""
    return text(value, path).strip()


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
