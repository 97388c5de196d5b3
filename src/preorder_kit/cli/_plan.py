"""What `preorder-kit plan` says: one order's parts in words, and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
from rich.text import Text

from .._timeline import day_in_words
from ..bundles import LineKind
from ..delivery import DateRange, ShippingTimes
from ..errors import InvalidArgument, PreorderKitError
from ..orders import Order, OrderLine, needs
from ..promise import PromiseKind, promise_order
from ..sourcing import BundleSource, SourceRule, SourcingRules
from ..splitting import BundleSplit, MixedCart, Part, PartKind, PartLine, SplitPlan, SplitRules, _kept, split_order
from ..street_date import street_day
from ..supply import Commitment, Supply, pool
from ._documents import give_up
from ._options import Kept
from ._tables import (
    CANCELLED,
    add_row,
    components_as_json,
    console,
    contents,
    range_as_json,
    span,
    table,
    whither,
)

Locations = Supply | Mapping[str, Supply]


@attrs.frozen
class Splitting:
    """How an order is split, as the options say."""

    source: SourceRule
    ask_first: Sequence[str]
    keep_back: Sequence[Kept]
    backorder_at: str
    bundles_from: BundleSource
    whole_lines: bool
    mixed_cart: MixedCart
    max_parts: int | None

    def rules(self) -> SplitRules:
        """Return the shop's rules, or give up if one is given twice."""
        keep_back = {kept.location: kept.units for kept in self.keep_back}
        if len(keep_back) < len(self.keep_back):
            give_up(["--keep-back: must name each location once"])
        try:
            sourcing = SourcingRules(
                rule=self.source,
                keep_back=keep_back,
                ask_first=self.ask_first,
                backorder_at=self.backorder_at,
                bundles=self.bundles_from,
            )
        except InvalidArgument as error:
            give_up([_at_option(error)])
        bundles = BundleSplit.WHOLE_LINE if self.whole_lines else BundleSplit.UNITS
        return SplitRules(sourcing=sourcing, bundles=bundles, mixed_cart=self.mixed_cart, max_parts=self.max_parts)


def _at_option(error: InvalidArgument) -> str:
    """Return what is wrong with a rule, under the name of its option."""
    rule = error.path.removeprefix("rules.sourcing.").partition("[")[0]
    return f"--{rule.replace('_', '-')}: {error.message}"


def split(
    order: Order, *, supply: Locations, times: ShippingTimes, at: dt.datetime, rules: SplitRules
) -> tuple[SplitPlan, dict[str, str]]:
    """Return what becomes of an order, and line id -> the receipts that its units wait for; or give up."""
    try:
        found = split_order(order, supply=supply, at=at, times=times, rules=rules)
        return found, _receipts(order, found, supply, times=times, at=at, rules=rules.sourcing)
    except PreorderKitError as error:
        if isinstance(error, InvalidArgument) and error.path.startswith("rules.sourcing."):
            give_up([_at_option(error)])
        give_up([f"cannot be planned: {error}"])


def _receipts(
    order: Order, found: SplitPlan, supply: Locations, *, times: ShippingTimes, at: dt.datetime, rules: SourcingRules
) -> dict[str, str]:
    """Return line id -> the receipts; of bundles that wait at no location, none can be named."""
    places = supply if isinstance(supply, Mapping) else {"": supply}
    kept = {name: _kept(one, order, rules.keep_back.get(name, 0)) for name, one in places.items()}
    place = rules.backorder_at or (next(iter(places)) if len(places) == 1 else "")
    nowhere = place not in kept and rules.bundles is BundleSource.ONE_LOCATION
    waiting: dict[str, int] = {}
    for part in found.parts:
        if part.kind in {PartKind.AWAIT_STOCK, PartKind.AWAIT_STREET_DATE}:
            waiting |= {line.line_id: line.quantity for line in part.lines if not (nowhere and line.components)}
    later = [attrs.evolve(line, quantity=waiting[line.id]) for line in order.lines if line.id in waiting]
    there = kept[place] if place in kept else pool(kept)
    left = attrs.evolve(there, commitments=[*there.commitments, *_leaving(order, found, place)])
    names: dict[str, dict[str, None]] = {}
    for promise in promise_order(attrs.evolve(order, lines=later), supply=left, times=times, at=at):
        if promise.kind is PromiseKind.BACKORDER:
            names.setdefault(promise.line_id, {}).update(dict.fromkeys(promise.references))
    return {line_id: ", ".join(found) for line_id, found in names.items() if found}


def _leaving(order: Order, found: SplitPlan, place: str) -> Iterator[Commitment]:
    """Yield what ships now from one location, or from all of them if ``place`` is empty."""
    lines = {line.id: line for line in order.lines}
    for part in found.parts:
        if part.kind is PartKind.SHIP_NOW:
            for line in part.lines:
                for location, sku, units in _taken(part, line, lines[line.line_id]):
                    if place in {"", location}:
                        yield Commitment(sku=sku, quantity=units)


def _taken(part: Part, line: PartLine, ordered: OrderLine) -> Sequence[tuple[str, str, int]]:
    if line.picks:
        return [(pick.location, pick.sku, pick.quantity) for pick in line.picks]
    return [(part.location, need.sku, need.quantity * line.quantity) for need in needs(ordered)]


def show_plan(plan: SplitPlan, order: Order, receipts: Mapping[str, str], *, at: dt.datetime, zone: str) -> None:
    """Print what becomes of every unit of an order."""
    arrives = ["Arrives"] if any(part.kind is not PartKind.DIGITAL for part in plan.parts) else []
    rows = table("Units", "SKU", "Line", "What happens", *arrives)
    recipes = {line.id: line.components for line in order.lines}
    for part in plan.parts:
        for line in part.lines:
            happens = _happens(part, receipts.get(line.line_id), zone) + whither(part, parts=plan.parts)
            days = ["" if line.kind is LineKind.DIGITAL else span(part.delivery)] if arrives else []
            sku = contents(line.sku, line.components)
            add_row(rows, line.quantity, sku, line.line_id, [happens, *_picked(line)], *days)
        rows.add_section()
    for cut in plan.cancelled:
        sku = contents(cut.sku, recipes[cut.line_id])
        add_row(rows, cut.quantity, sku, cut.line_id, CANCELLED[cut.reason], *("" for _ in arrives))
    console().print(Text(f"Order {plan.order_id} on {day_in_words(street_day(at, zone=zone))}", style="bold"))
    console().print(rows)


def _happens(part: Part, receipts: str | None, zone: str) -> str:
    if part.kind is PartKind.DIGITAL:
        return "delivered at once"
    if part.kind is PartKind.SHIP_NOW:
        return f"ships now from {part.location}" if part.location else "ships now"
    at = f" at {part.location}" if part.location else ""
    if part.street_date is not None:
        return f"waits{at} for the street date, {day_in_words(street_day(part.street_date, zone=zone))}"
    names = f" ({receipts})" if receipts else ""
    return f"waits{at} for stock{names}, {_until(part.ready)}"


def _until(days: DateRange | None) -> str:
    return "no date known" if days is None else f"until {span(days)}"


def _picked(line: PartLine) -> list[str]:
    return [f"{pick.quantity} {pick.sku} from {pick.location}" for pick in line.picks]


def plan_as_json(plan: SplitPlan) -> dict[str, Any]:
    """Return what becomes of every unit of an order as JSON has it."""
    return {
        "order_id": plan.order_id,
        "parts": [_part_as_json(part) for part in plan.parts],
        "cancelled": [
            {"line_id": cut.line_id, "sku": cut.sku, "quantity": cut.quantity, "reason": cut.reason.value}
            for cut in plan.cancelled
        ],
    }


def _part_as_json(part: Part) -> dict[str, Any]:
    street = part.street_date
    return {
        "id": part.id,
        "kind": part.kind.value,
        "lines": [_line_as_json(line) for line in part.lines],
        "street_date": None if street is None else street.isoformat().replace("+00:00", "Z"),
        "ready": range_as_json(part.ready),
        "delivery": range_as_json(part.delivery),
        "location": part.location,
        "ship_to": part.ship_to,
    }


def _line_as_json(line: PartLine) -> dict[str, Any]:
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "quantity": line.quantity,
        "components": components_as_json(line.components),
        "picks": [{"location": pick.location, "sku": pick.sku, "quantity": pick.quantity} for pick in line.picks],
    }
