"""What `preorder-kit plan` says: one order's parts in words, and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from .._timeline import day_in_words
from ..bundles import LineKind
from ..delivery import DateRange, ShippingTimes, ship_together
from ..orders import Order
from ..promise import Promise, PromiseKind, promise_order
from ..splitting import CancelReason, Part, PartKind, SplitPlan
from ..street_date import street_day
from ..supply import Supply
from ._tables import add_row, console, range_as_json, span, table

_WHY = {
    CancelReason.OUT_OF_STOCK: "cancelled: not there, may not wait",
    CancelReason.BACKORDER_LIMIT: "cancelled: no more may wait",
    CancelReason.NOTHING_SHIPS: "cancelled: nothing is delivered",
}


def waits_of(order: Order, *, supply: Supply, times: ShippingTimes, at: dt.datetime) -> dict[str, str]:
    """Return line id -> what its units that are not there wait for, and until when, in words."""
    coming: dict[str, list[Promise]] = {}
    for promise in promise_order(order, supply=supply, times=times, at=at):
        if promise.kind in {PromiseKind.BACKORDER, PromiseKind.NONE}:
            coming.setdefault(promise.line_id, []).append(promise)
    return {line_id: _wait(promises) for line_id, promises in coming.items()}


def _wait(promises: Sequence[Promise]) -> str:
    names = ", ".join(dict.fromkeys(name for promise in promises for name in promise.references))
    known = [promise.ready for promise in promises if promise.ready is not None]
    until = _until(ship_together(known) if len(known) == len(promises) else None)
    return f"waits for stock{f' ({names})' if names else ''}, {until}"


def _until(days: DateRange | None) -> str:
    return "no date known" if days is None else f"until {span(days)}"


def show_plan(split: SplitPlan, order: Order, waits: Mapping[str, str], *, at: dt.datetime, zone: str) -> None:
    """Print what becomes of every unit of an order."""
    rows = table("Units", "SKU", "Line", "What happens", "Arrives")
    apart = len({part.ship_to for part in split.parts}) > 1
    digital = {line.id for line in order.lines if line.kind is LineKind.DIGITAL}
    for part in split.parts:
        for line in part.lines:
            happens = _happens(part, waits.get(line.line_id), zone)
            where = f", to {part.ship_to}" if apart and part.ship_to else ""
            arrives = "" if line.line_id in digital else span(part.delivery)
            add_row(rows, line.quantity, line.sku, line.line_id, happens + where, arrives)
        rows.add_section()
    for cut in split.cancelled:
        add_row(rows, cut.quantity, cut.sku, cut.line_id, _WHY[cut.reason], "")
    console().print(Text(f"Order {split.order_id} on {day_in_words(street_day(at, zone=zone))}", style="bold"))
    console().print(rows)


def _happens(part: Part, waits: str | None, zone: str) -> str:
    if part.kind is PartKind.DIGITAL:
        return "delivered at once"
    if part.kind is PartKind.SHIP_NOW:
        return "ships now"
    if part.street_date is not None:
        return f"waits for the street date, {day_in_words(street_day(part.street_date, zone=zone))}"
    # What waits for others, a fee or a line that is there, waits as long as its part.
    return waits or f"waits for stock, {_until(part.ready)}"


def plan_as_json(split: SplitPlan) -> dict[str, Any]:
    """Return what becomes of every unit of an order as JSON has it."""
    return {
        "order_id": split.order_id,
        "parts": [_part_as_json(part) for part in split.parts],
        "cancelled": [
            {"line_id": cut.line_id, "sku": cut.sku, "quantity": cut.quantity, "reason": cut.reason.value}
            for cut in split.cancelled
        ],
    }


def _part_as_json(part: Part) -> dict[str, Any]:
    street = part.street_date
    return {
        "id": part.id,
        "kind": part.kind.value,
        "lines": [{"line_id": line.line_id, "sku": line.sku, "quantity": line.quantity} for line in part.lines],
        "street_date": None if street is None else street.isoformat().replace("+00:00", "Z"),
        "ready": range_as_json(part.ready),
        "delivery": range_as_json(part.delivery),
    }
