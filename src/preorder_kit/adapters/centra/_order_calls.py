"""How calls of the Integration API name orders and units of their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..._checks import refused, text
from ...bundles import LineKind
from ...splitting import Part
from ._integration import centra_id, small_units


def order_reference(order_id: object, path: str) -> dict[str, Any]:
    """Return how a call names an order: by its number, or by the id of 32 hexadecimal digits."""
    name = text(order_id, path)
    if re.fullmatch("[0-9a-f]{32}", name):
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
