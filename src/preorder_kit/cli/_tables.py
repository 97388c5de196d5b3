"""What the command line's tables have in common: rows, days and units in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .._timeline import days_in_words
from ..bundles import Component
from ..delivery import DateRange
from ..quantities import UNLIMITED, Quantity
from ..splitting import CancelReason, Part
from ._documents import plain

CANCELLED = {
    CancelReason.OUT_OF_STOCK: "cancelled: not there, may not wait",
    CancelReason.BACKORDER_LIMIT: "cancelled: no more may wait",
    CancelReason.NOTHING_SHIPS: "cancelled: nothing is delivered",
    CancelReason.MIXED_CART: "cancelled: not all of it could leave at once",
    CancelReason.CUSTOMER: "cancelled: not wanted any more",
}
_NUMBERS = {
    *("Amount", "Units", "Oversold", "Balance", "Can be promised", "Withheld", "Short"),
    *("Place", "Lines", "Asked", "There", "Granted", "New", "Waits", "Left over"),
}


def console() -> Console:
    """Return the terminal: without guesses at what a text means."""
    return Console(highlight=False, emoji=False)


def table(*columns: str) -> Table:
    """Return an empty table; columns of numbers stand to the right."""
    made = Table(show_edge=False, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold", justify="right" if column in _NUMBERS else "left")
    return made


def add_row(made: Table, *cells: object) -> None:
    """Add a row; texts are shown as they are, without markup, and the texts of a list below each other."""
    made.add_row(*(cell if isinstance(cell, Text) else Text(_lines(cell)) for cell in cells))


def _lines(cell: object) -> str:
    return "\n".join(plain(str(line)) for line in (cell if isinstance(cell, list) else [cell]))


def print_json(value: Any) -> None:
    """Print ``value`` as JSON, the same on every terminal."""
    print(json.dumps(value, indent=2))  # not through rich, which folds lines


def span(days: DateRange | None) -> str:
    """Return a range of days in words."""
    return "no date known" if days is None else days_in_words(days.earliest, days.latest)


def range_as_json(days: DateRange | None) -> dict[str, str] | None:
    """Return a range of days as JSON has it."""
    return None if days is None else {"earliest": days.earliest.isoformat(), "latest": days.latest.isoformat()}


def units(quantity: Quantity | None) -> str:
    """Return a number of units in words."""
    if quantity is None:
        return "not said"
    return "no limit" if quantity is UNLIMITED else str(quantity)


def units_as_json(quantity: Quantity | None) -> int | str | None:
    """Return a number of units as JSON has it."""
    return quantity.value if quantity is UNLIMITED else quantity


def contents(sku: str, components: Sequence[Component]) -> str:
    """Return a SKU, of a bundle with what is in it."""
    if not components:
        return sku
    inside = ", ".join(f"{part.quantity} {contents(part.sku, part.components)}" for part in components)
    return f"{sku} ({inside})"


def components_as_json(components: Sequence[Component]) -> list[dict[str, Any]]:
    """Return what a bundle consists of as JSON has it."""
    return [
        {
            "sku": part.sku,
            "quantity": part.quantity,
            "kind": part.kind.value,
            "components": components_as_json(part.components),
        }
        for part in components
    ]


def whither(part: Part, *, parts: Sequence[Part]) -> str:
    """Return where a part goes, if the parts go to more than one address."""
    return f", to {part.ship_to}" if part.ship_to and len({other.ship_to for other in parts}) > 1 else ""
