"""The kinds of documents that other systems send, as a table: how one is recognised and what reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class WireFormat:
    """One kind of document.

    Attributes:
        name: Its system and kind, as in ``fabric-bulk-insert``.
        holds: What it holds, in words, as in "units in stock and in transit".
        recognises: Whether a document is one, from what its JSON holds, or from the ``frozenset`` of a CSV file's
            column names, squeezed: lower case, without blanks, hyphens and underscores. It never raises.
        read: Its reader, given the document; given ``zone`` too if ``needs_zone``.
        needs_zone: Whether its days or times mean nothing without a time zone.
        supply_of: What makes supply of what was read, one or several by location, where that is not supply itself;
            ``None`` if it holds none.
        order_of: What makes an order of it, or ``None`` of what holds not just one; ``None`` if it holds none.
        queue_of: What makes the lines that wait of it; ``None`` if it holds none.
    """

    name: str
    holds: str
    recognises: Callable[[Any], bool]
    read: Callable[..., Any]
    needs_zone: bool = False
    supply_of: Callable[[Any], Any] | None = None
    order_of: Callable[[Any], Any] | None = None
    queue_of: Callable[[Any], Any] | None = None


def held(root: Any, *path: str) -> Any:
    """Return what a JSON value holds under one key after the other; ``None`` where there is no object or no key."""
    for key in path:
        root = root.get(key) if isinstance(root, dict) else None
    return root


def first(root: Any) -> Any:
    """Return the first item of a list; ``None`` of anything else."""
    return root[0] if isinstance(root, list) and root else None


def has(root: Any, *keys: str) -> bool:
    """Return whether a JSON value is an object with all of these keys."""
    return isinstance(root, dict) and root.keys() >= set(keys)


def only(values: Any) -> Any:
    """Return the one item of a sequence; ``None`` if it has not just one."""
    return values[0] if len(values) == 1 else None
