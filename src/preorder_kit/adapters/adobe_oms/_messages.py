"""Messages as the bus carries them: their envelope, read and written, and the instants in them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import attrs

from ..._checks import refused, shown, text
from ..._documents import Fields, encode, iso_instant, parse_json, unrecognised
from ..._wire import has, held
from ...errors import InvalidDocument, Problem

_MOST_UNITS = 2**31 - 1  # the system's numbers of units have 32 bits


@attrs.frozen(kw_only=True)
class MessageKind:
    """One kind of message.

    Attributes:
        methods: The methods that it goes by, the one that is written first.
        key: Under which key it holds what it is about; empty if its parameters are that themselves.
        about: What it is about, in words, as in "an order".
        expected: What is said of a document that is no such message.
        bare: The field by which what it is about is known where ``key`` is left out; empty if it never is.
    """

    methods: tuple[str, ...]
    key: str
    about: str
    expected: str
    bare: str = ""


def opened(document: str | bytes, kind: MessageKind) -> Fields:
    """Return what a message is about, in its envelope or without one; a document that holds none is refused at once."""
    root = parse_json(document)
    if not isinstance(root, dict):
        raise unrecognised(kind.expected)
    method = root.get("method")
    if method is not None and method not in kind.methods:
        message = (
            f"must be {kind.methods[0]} (got {shown(method)}): another message says other things about {kind.about}"
        )
        raise InvalidDocument([Problem("method", "document.unrecognised", message, method)])
    envelope = Fields(root, "", [])
    holder = envelope.object("params") if "params" in root else envelope
    inside = holder is not None and not _is_bare(kind, holds=holder.holds)
    found = holder.object(kind.key) if holder is not None and inside else holder
    if found is None:
        raise InvalidDocument(envelope.problems or [Problem("", "document.unrecognised", kind.expected)])
    return found


def _is_bare(kind: MessageKind, *, holds: Callable[[str], bool]) -> bool:
    """Return whether what a message is about stands where its key would."""
    return not kind.key or bool(kind.bare and holds(kind.bare) and not holds(kind.key))


def is_message(root: Any, kind: MessageKind, *keys: str) -> bool:
    """Return whether a document is such a message by its method, or without one by the keys of what it is about."""
    method = held(root, "method")
    if method is not None:
        return method in kind.methods
    return has(subject(root, kind), *keys)


def subject(root: Any, kind: MessageKind) -> Any:
    """Return what a document is about if it is such a message; ``None`` if there is nothing in that place."""
    holder = held(root, "params") if has(root, "params") else root
    return holder if _is_bare(kind, holds=lambda key: has(holder, key)) else held(holder, kind.key)


def message(kind: MessageKind, content: object, message_id: str) -> str:
    """Return a message in its JSON-RPC envelope."""
    params = {kind.key: content} if kind.key else content
    number = text(message_id, "message_id")
    return encode({"jsonrpc": "2.0", "method": kind.methods[0], "params": params, "id": number})


def written_units(number: int, path: str) -> int:
    """Return a number of units that a message can hold; refuse one that is too large for the system."""
    if abs(number) > _MOST_UNITS:
        raise refused(
            path, f"must be at most {_MOST_UNITS:,}, the most that the system holds", number, code="units.large"
        )
    return number


def utc_instant(value: object, path: str) -> dt.datetime:
    """Return an instant as the system writes it; one without an offset is in UTC."""
    # Java writes a zone behind the offset that says all: 2019-02-05T00:00:00+01:00[Europe/Paris]
    written = re.sub(r"(Z|[+-][0-9]{2}:[0-9]{2})\[[^\]]*\]$", r"\1", value.strip()) if isinstance(value, str) else value
    return iso_instant(written, path, zone=dt.timezone.utc)


def listed(value: object, path: str) -> list[Any]:
    """Return ``value`` if it is a list, whatever is in it."""
    if not isinstance(value, list):
        raise refused(path, "must be a list", value, code="type.invalid")
    return value


def rows_of(document: str | bytes, expected: str, *keys: str) -> tuple[list[Fields], list[Problem]]:
    """Return the objects of a list, or the one object, that a document is or holds under some of the keys in turn.

    With them the list of all problems, which they share.
    """
    root, found = parse_json(document), []
    for key in keys:
        if has(root, key):
            root = root[key]
            found.append(key)
    path, problems = ".".join(found), list[Problem]()
    if isinstance(root, dict):
        return [Fields(root, path, problems)], problems
    if not isinstance(root, list):
        raise unrecognised(expected)
    return Fields({path: root}, "", problems).objects(path), problems
