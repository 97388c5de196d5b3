"""What all requests to the GraphQL Admin API share: their form, ids, instants and limits."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..._checks import refused, sequence, text, unique
from ..._documents import encode

#: How many items an input may list.
MOST_ITEMS = 250
_SECOND = dt.timedelta(seconds=1)


def request(query: str, variables: Mapping[str, Any]) -> str:
    """Return the body of a request."""
    return encode({"query": query, "variables": variables})


def gid(value: object, path: str, *, kind: str) -> str:
    """Return ``value`` if it is the global id of a ``kind``; a check, as in `_checks`."""
    if not re.fullmatch(f"gid://shopify/{kind}/[0-9]+", text(value, path)):
        raise refused(path, f"must be a global id such as gid://shopify/{kind}/1234", value, code="shopify.id")
    return str(value)


def gids(value: object, path: str, *, kind: str) -> tuple[str, ...]:
    """Return global ids of a ``kind``, each once, as many as an input may list; a check, as in `_checks`."""
    found = sequence(value, path, check=gid, kind=kind)
    unique(found, f"{path}[{{}}]", what="an id")
    return listable(found, path)


def listable(items: tuple[Any, ...], path: str) -> tuple[Any, ...]:
    """Refuse more items than an input may list."""
    if len(items) > MOST_ITEMS:
        requirement = f"must list at most {MOST_ITEMS} items; divide them over several requests"
        raise refused(path, requirement, len(items), code="shopify.many")
    return items


def after(moment: dt.datetime, path: str, *, at: dt.datetime) -> dt.datetime:
    """Refuse an instant that is not later than now."""
    if moment <= at:
        raise refused(path, f"must be later than now, {at}", moment, code="shopify.past")
    return moment


def written(moment: dt.datetime, path: str) -> str:
    """Return an instant in UTC as the API writes it, rounded up to a whole second."""
    whole = moment.replace(microsecond=0)
    try:
        up = whole if whole == moment else whole + _SECOND
    except OverflowError:
        raise refused(path, "must lie in the years 1 to 9999", moment, code="instant.invalid") from None
    return up.replace(tzinfo=None).isoformat() + "Z"


def batches(items: Sequence[Any]) -> list[Sequence[Any]]:
    """Return items in lists of as many as an input may list."""
    return [items[begin : begin + MOST_ITEMS] for begin in range(0, len(items), MOST_ITEMS)]
