"""How calls of the Integration API name orders and units of their lines, written and read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..._checks import mapping, refused, text
from ..._checks import units as check_units
from ..._documents import Fields, count, identifier, refuse_if, root_object, unrecognised
from ..._wire import held
from ...bundles import LineKind
from ...splitting import Part
from ._integration import centra_id, needed_reference, several, small_units

_COMMENT = re.compile("#[^\n]*")
_HASH = re.compile("[0-9a-f]{32}")


def order_reference(order_id: object, path: str) -> dict[str, Any]:
    """Return how a call names an order: by its number, or by the id of 32 hexadecimal digits."""
    name = text(order_id, path)
    if _HASH.fullmatch(name):
        return {"id": name}
    return {"number": centra_id(name, path)}


def units_by_line(units: Iterable[tuple[str, int, str]]) -> dict[int, int]:
    """Return line id -> units, added up; an id that is none of Centra's is refused with its path."""
    found: dict[int, int] = {}
    for line_id, quantity, path in units:
        number = centra_id(line_id, f"{path}.line_id")
        found[number] = small_units(found.get(number, 0) + quantity, f"{path}.quantity", least=1)
    return found


def units_of(part: Part, path: str) -> dict[int, int]:
    """Return the units of a part without its fees, which are no lines of Centra's."""
    lines = [
        (line.line_id, line.quantity, f"{path}.lines[{index}]")
        for index, line in enumerate(part.lines)
        if line.kind is not LineKind.FEE
    ]
    if not lines:
        raise refused(f"{path}.lines", "must hold more than fees", part.id, code="centra.empty")
    return units_by_line(lines)


def asked(document: str | bytes, expected: str, *mutations: str) -> tuple[str, Fields]:
    """Return which of the mutations the body of a call asks for, and its variables."""
    root = root_object(document, expected)
    called = [name for name in mutations if asks_for(root._node, name)]
    variables = root.object("variables")
    if len(called) != 1 or variables is None:
        refuse_if(root.problems)
        raise unrecognised(expected)
    return called[0], variables


def asks_for(root: Any, mutation: str) -> bool:
    """Return whether a JSON value is the body of a call of a mutation, with variables."""
    query = held(root, "query")
    named = isinstance(query, str) and re.search(rf"\b{mutation}\b", _COMMENT.sub("", query)) is not None
    return named and isinstance(held(root, "variables"), dict)


def needed_object(fields: Fields, key: str) -> Fields | None:
    """Return an object that must be there; ``None`` if there is a problem with it."""
    inner = fields.object(key)
    if inner is None and not fields.holds(key):
        fields.complain(key, "field.missing", "is missing")
    return inner


def read_order_name(fields: Fields) -> str:
    """Return the number or the id of the order that a call names: exactly one of them."""
    order = needed_object(fields, "order")
    if order is None:
        return ""
    if order.holds("id") == order.holds("number"):
        order.complain("", "centra.one_of", "must have a number or an id, exactly one of them")
    return order.read("id", _hash) if order.holds("id") else str(order.read("number", centra_id, default=""))


def _hash(value: object, path: str) -> str:
    name = identifier(value, path).strip()
    if not _HASH.fullmatch(name.lower()):
        raise refused(path, "must be the id of an order, 32 hexadecimal digits", value, code="id.foreign")
    return name.lower()


def delivery_group(fields: Fields) -> str:
    """Return the id of the delivery group that a call names; empty if it names none."""
    group = fields.object("deliveryGroup")
    return "" if group is None else group.read("id", identifier)


def read_units(fields: Fields, key: str) -> dict[str, int]:
    """Return line id -> units of the rows in the list ``key``, those of one line added up."""
    found: dict[str, int] = {}
    for row in several(fields, key):
        line, units = needed_reference(row, "orderLine"), row.read("quantity", count)
        if row.is_sound:
            found[str(line)] = found.get(str(line), 0) + units
    return found


def unit_amounts(value: object, path: str) -> Mapping[str, int]:
    """Return line id -> units; a check."""
    return mapping(value, path, key=text, check=check_units)
