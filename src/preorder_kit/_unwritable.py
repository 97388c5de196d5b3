"""What no document can hold, and where it is."""

from __future__ import annotations

from typing import Any

import attrs

from ._checks import refused, text
from ._documents import _LONGEST_NUMBER
from .errors import InvalidArgument

_NUMBERS = range(1 - 10 ** (_LONGEST_NUMBER - 1), 10**_LONGEST_NUMBER)


@attrs.frozen
class Unwritable:
    """Stands where something is that no document can hold, until its path is known."""

    value: object
    requirement: str = "must be something that a document can hold"


def refuse_unwritable(node: Any) -> None:
    """Refuse what a value was written as if it could not be read back."""
    if isinstance(node, dict):
        for key, item in node.items():
            text(key, " key", empty=True)
            _refuse_inside(item, key)
    elif isinstance(node, list | tuple):
        for index, item in enumerate(node):
            _refuse_inside(item, index)
    elif isinstance(node, str):
        text(node, "", empty=True)
    elif isinstance(node, int):
        if node not in _NUMBERS:
            raise refused("", f"must be a number of at most {_LONGEST_NUMBER} characters", node, code="units.invalid")
    elif node is not None:
        found = node if isinstance(node, Unwritable) else Unwritable(node)
        raise refused("", found.requirement, found.value, code="json.unwritable")


def _refuse_inside(node: Any, place: str | int) -> None:
    try:
        refuse_unwritable(node)
    except InvalidArgument as error:
        is_field = isinstance(place, str) and place.isidentifier()
        raise error.under(str(place) if is_field else f"[{place!r}]") from None
