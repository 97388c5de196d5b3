"""The statuses that fabric shows, and what they mean here."""

from __future__ import annotations

import re

from ..._checks import instance, refused, text
from ...stock import Availability, Stock

__all__ = ["status_availability", "status_word"]

_WORDS = {
    Availability.IN_STOCK: "Available",
    Availability.LOW_STOCK: "Low stock",
    Availability.BACKORDER: "Backorder",
    Availability.PREORDER: "Preorder",
    Availability.OUT_OF_STOCK: "Out of stock",
}
_READINGS = {word.replace(" ", "").lower(): reading for reading, word in _WORDS.items()}
_READINGS |= {  # as the third API writes them
    "instock": Availability.IN_STOCK,
    "backorderstock": Availability.BACKORDER,
    "preorderstock": Availability.PREORDER,
}
_CANCELLED = {"CANCELLED", "CANCELED", "ORDER_CANCELLED"}
_HOLD = "ORDER_HOLD"


def status_availability(status: str, /) -> Availability | None:
    """Return what a status of fabric's means here.

    Args:
        status: The status, in any case, with or without blanks, hyphens and underscores.

    Returns:
        The reading; ``None`` for a status that is not known.

    Raises:
        InvalidArgument: If ``status`` is no text.

    Source:
        fabric OMS, user guide on inventory; v3, the statuses of an inventory, as in ``BACKORDER_STOCK``.

    Examples:
        As a page shows it, as the API sends it, and one that is not known:

        >>> from preorder_kit.adapters.fabric import status_availability
        >>> print(status_availability("Low stock"), status_availability(" IN_STOCK"), status_availability("SOLD"))
        low_stock in_stock None
    """
    return _READINGS.get(re.sub("[ _-]", "", text(status, "status", empty=True)).lower())


def status_word(stock: Stock, /) -> str:
    """Return the status that fabric shows for a reading.

    Args:
        stock: The reading.

    Returns:
        ``Available``, ``Low stock``, ``Backorder``, ``Preorder`` or ``Out of stock``.

    Raises:
        InvalidArgument: If the stock is unknown: fabric has no word for it.

    Source:
        fabric OMS, user guide on inventory.

    Examples:
        Four are few:

        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.fabric import status_word
        >>> status_word(normalize_stock(4))
        'Low stock'
    """
    availability = instance(stock, "stock", of=Stock).availability
    if availability is Availability.UNKNOWN:
        raise refused("stock", "must be known: fabric has no status for it", availability.value, code="fabric.unsaid")
    return _WORDS[availability]


def is_cancelled(status: str) -> bool:
    """Return whether the status of an order or of a line says that all of it is cancelled."""
    return status.strip().upper() in _CANCELLED


def hold_of(status: str) -> str | None:
    """Return the status of an order that is on hold, which says why; ``None`` of any other."""
    return status if status.strip().upper().startswith(_HOLD) else None
