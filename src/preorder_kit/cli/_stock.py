"""What `preorder-kit stock` says: how raw stock fields are read, in words and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..stock import Stock, cart_action, public_label
from ._tables import add_row, console, table, units, units_as_json


def show_stock(readings: Sequence[tuple[str, Stock]]) -> None:
    """Print each raw stock field with what it means."""
    rows = table("Stock field", "Availability", "Units for sale", "Oversold", "Say in public", "Button")
    for value, found in readings:
        button = cart_action(found).replace("_", " ")
        said = (found.availability.replace("_", " "), units(found.quantity), found.oversold or "")
        add_row(rows, value or "(empty)", *said, public_label(found), button)
    console().print(rows)


def stock_as_json(readings: Sequence[tuple[str, Stock]]) -> list[dict[str, Any]]:
    """Return each raw stock field with what it means as JSON has it."""
    return [_as_json(value, found) for value, found in readings]


def _as_json(value: str, found: Stock) -> dict[str, Any]:
    return {
        "value": value,
        "availability": found.availability.value,
        "quantity": units_as_json(found.quantity),
        "oversold": found.oversold,
        "public_label": public_label(found),
        "cart_action": cart_action(found).value,
    }
