"""What `preorder-kit promise` says: when units leave and arrive, and whose promise breaks; in words and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from rich.text import Text

from .._timeline import day_in_words
from ..delivery import ShippingTimes
from ..errors import InvalidArgument, PreorderKitError
from ..orders import Order
from ..promise import BreakReason, Promise, PromiseKind, PromiseRules, Repromise, promise_orders, repromise
from ..supply import Supply, move_receipt
from ._documents import give_up, plain
from ._options import Move
from ._tables import add_row, components_as_json, console, contents, range_as_json, span, table

_KINDS = {
    PromiseKind.IN_STOCK: "in stock",
    PromiseKind.BACKORDER: "on order",
    PromiseKind.PREORDER: "pre-order",
    PromiseKind.ESTIMATE: "estimate",
    PromiseKind.NONE: "none",
}
_WHY = {
    BreakReason.RECEIPT_LATE: "what serves it comes later",
    BreakReason.RECEIPT_GONE: "what served it comes no more",
    BreakReason.TOO_FEW: "too few units",
    BreakReason.STREET_DATE: "the street date has moved",
    BreakReason.DATE_PASSED: "too late to arrive in time",
    BreakReason.COMPANION: "ships with what breaks",
}


def refuse_repeated(orders: Iterable[tuple[str, Order]]) -> None:
    """Give up if two documents hold the order of one id."""
    seen: dict[str, str] = {}
    complaints = []
    for name, order in orders:
        if order.id in seen:
            complaints.append(f"{name}: holds the order {order.id}, as {seen[order.id]} does; give each order once")
        seen.setdefault(order.id, name)
    if complaints:
        give_up(complaints)


def promise_all(
    orders: Sequence[Order],
    supply: Supply,
    moves: Sequence[Move],
    *,
    times: ShippingTimes,
    at: dt.datetime,
    rules: PromiseRules,
) -> tuple[tuple[Promise, ...], Repromise | None]:
    """Return what is promised, and what becomes of it if receipts move; ``None`` if none does."""
    later = _moved(supply, moves)
    try:
        promises = promise_orders(orders, supply=supply, times=times, at=at, rules=rules)
        if not moves:
            return promises, None
        return promises, repromise(promises, orders=orders, supply=later, times=times, at=at, rules=rules)
    except PreorderKitError as error:
        give_up([f"cannot be promised: {error}"])


def _moved(supply: Supply, moves: Sequence[Move]) -> Supply:
    """Return the supply in which receipts come on other days, or give up with all references that it does not have."""
    complaints = []
    for move in moves:
        try:
            supply = move_receipt(supply, reference=move.reference, expected=move.day)
        except InvalidArgument as error:
            complaints.append(f"--moved: {error.message}")
    if complaints:
        give_up(complaints)
    return supply


def show_promises(promises: Sequence[Promise]) -> None:
    """Print when the units of each line are ready and arrive."""
    rows = table("Order", "Line", "SKU", "Units", "Promise", "Ready", "Arrives")
    before = None
    for promise in promises:
        if before not in {None, promise.order_id}:
            rows.add_section()
        before = promise.order_id
        ready = span(promise.ready) if promise.ready else ""
        add_row(rows, *_whose(promise), _behind(promise), ready, span(promise.delivery))
    console().print(rows)


def _whose(promise: Promise) -> tuple[object, ...]:
    return promise.order_id, promise.line_id, contents(promise.sku, promise.components), promise.quantity


def _behind(promise: Promise) -> str:
    names = ", ".join(promise.references)
    return f"{_KINDS[promise.kind]}{f' ({names})' if names else ''}"


def show_repromise(found: Repromise, moves: Sequence[Move]) -> None:
    """Print whose promise breaks if receipts move, and whose is kept."""
    what = " and ".join(f"{move.reference} comes on {day_in_words(move.day)}" for move in moves)
    rows = table("Order", "Line", "SKU", "Units", "Arrives", "Instead", "Days", "Why")
    for broken in found.broken:
        days = "" if broken.days_moved is None else f"{broken.days_moved:+}"
        instead = span(broken.now.delivery)
        add_row(rows, *_whose(broken.now), span(broken.promise.delivery), instead, days, _WHY[broken.because])
    rows.add_section()
    for promise in found.gained:
        add_row(rows, *_whose(promise), span(None), span(promise.delivery), "", "has a date now")
    rows.add_section()
    for promise in found.kept:
        add_row(rows, *_whose(promise), span(promise.delivery), "", "", "kept" if promise.delivery else "still no date")
    console().print()
    console().print(Text(plain(f"If {what}:"), style="bold"))
    console().print(rows)


def promises_as_json(promises: Sequence[Promise], found: Repromise | None) -> dict[str, Any]:
    """Return promises, and what becomes of them if receipts move, as JSON has it."""
    return {
        "promises": [_as_json(promise) for promise in promises],
        "repromise": None if found is None else _repromise_as_json(found),
    }


def _as_json(promise: Promise) -> dict[str, Any]:
    return {
        "order_id": promise.order_id,
        "line_id": promise.line_id,
        "sku": promise.sku,
        "quantity": promise.quantity,
        "components": components_as_json(promise.components),
        "kind": promise.kind.value,
        "ready": range_as_json(promise.ready),
        "delivery": range_as_json(promise.delivery),
        "references": list(promise.references),
        "first": range_as_json(promise.first),
    }


def _repromise_as_json(found: Repromise) -> dict[str, Any]:
    return {
        "kept": [_as_json(promise) for promise in found.kept],
        "broken": [
            {
                "promise": _as_json(broken.promise),
                "now": _as_json(broken.now),
                "days_moved": broken.days_moved,
                "because": broken.because.value,
            }
            for broken in found.broken
        ],
        "gained": [_as_json(promise) for promise in found.gained],
        "freed": [_as_json(promise) for promise in found.freed],
    }
