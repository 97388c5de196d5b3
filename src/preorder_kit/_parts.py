"""What an order is split into, and the rules that it is split by, as values: under `splitting`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any

import attrs

from ._checks import checked, instance, instant, member, optional, rule, sequence, text, units
from ._recipes import Component, LineKind, _components
from .delivery import DateRange
from .orders import OrderLine
from .sourcing import Assignment, SourcingRules


class PartKind(StrEnum):
    """What a part of an order does: it ships now, waits for its street date or for stock, or is delivered digitally."""

    SHIP_NOW = "ship_now"
    AWAIT_STREET_DATE = "await_street_date"
    AWAIT_STOCK = "await_stock"
    DIGITAL = "digital"


class CancelReason(StrEnum):
    """Why units are cancelled.

    OUT_OF_STOCK: they are not there and may not wait. BACKORDER_LIMIT: more would wait than may. NOTHING_SHIPS: a fee
    for a delivery that does not happen. MIXED_CART: the shop refuses orders of which some goods would leave now and
    others later. CUSTOMER: whoever ordered them does not want them any more.
    """

    OUT_OF_STOCK = "out_of_stock"
    BACKORDER_LIMIT = "backorder_limit"
    NOTHING_SHIPS = "nothing_ships"
    MIXED_CART = "mixed_cart"
    CUSTOMER = "customer"


class BundleSplit(StrEnum):
    """How far a line of bundles may be divided.

    UNITS: each unit by itself, some ship and others wait. WHOLE_LINE: all units of the line together.
    """

    UNITS = "units"
    WHOLE_LINE = "whole_line"


class MixedCart(StrEnum):
    """What becomes of an order of which some goods could leave now and others only later.

    SPLIT: each leaves when it can. HOLD: all of it leaves together, as if the order were to ship complete. REFUSE: all
    of it is cancelled, even if the order is to ship complete. Lines that ship together by their own group leave at one
    time.
    """

    SPLIT = "split"
    HOLD = "hold"
    REFUSE = "refuse"


@attrs.frozen(kw_only=True, field_transformer=checked)
class SplitRules:
    """How a shop splits its orders.

    Attributes:
        sourcing: Which location units leave from.
        bundles: How far a line of bundles may be divided.
        mixed_cart: What becomes of an order of which some goods could leave now and others later. The stricter of this
            and the order's own wish counts.
        max_parts: How many parts an order may have at most, digital ones included: the two latest of one address wait
            for one another until that holds. What cannot be one is left as it is: parts of two addresses, parts that
            ship now from two locations, goods and digital goods. ``None``: no bound.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sourcing: SourcingRules = attrs.field(default=SourcingRules(), metadata=rule(instance, of=SourcingRules))
    bundles: BundleSplit = attrs.field(default=BundleSplit.UNITS, metadata=rule(member, of=BundleSplit))
    mixed_cart: MixedCart = attrs.field(default=MixedCart.SPLIT, metadata=rule(member, of=MixedCart))
    max_parts: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=1))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Cancelled:
    """Units of a line that are cancelled.

    Attributes:
        line_id: The order's line.
        sku: Its SKU.
        quantity: Units, >= 1.
        reason: Why.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    reason: CancelReason = attrs.field(metadata=rule(member, of=CancelReason))


def _picks(value: object, path: str) -> tuple[Assignment, ...]:
    return sequence(value, path, check=instance, of=Assignment)


@attrs.frozen(kw_only=True, field_transformer=checked)
class PartLine:
    """Units of an order's line in one part.

    Attributes:
        line_id: The order's line.
        sku: Its SKU.
        quantity: Units in this part, >= 1.
        components: The line's recipe.
        kind: Whether they are goods, a fee or digital goods, as the line says.
        picks: What leaves from where, for bundles that are put together from several locations; else empty, and all of
            it leaves from the part's location.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    components: Sequence[Component] = attrs.field(default=(), metadata=rule(_components))
    kind: LineKind = attrs.field(default=LineKind.GOODS, metadata=rule(member, of=LineKind))
    picks: Sequence[Assignment] = attrs.field(default=(), metadata=rule(_picks))


def _part_lines(value: object, path: str) -> tuple[PartLine, ...]:
    return sequence(value, path, check=instance, of=PartLine)


def _optional_range(value: object, path: str) -> DateRange | None:
    return optional(value, path, check=instance, of=DateRange)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Part:
    """Units of an order that go the same way at the same time.

    Attributes:
        id: Unique in its order. What ships now counts on from what has shipped; what waits for the same keeps its id
            when the order is split again.
        order_id: The order.
        kind: What it does.
        lines: What is in it, in the order of the order's lines; never empty in a plan.
        street_date: The instant that it waits for, if it is `PartKind.AWAIT_STREET_DATE`.
        ready: The days on which all of it can be handled; ``None`` if that was not asked or has no date.
        delivery: The days on which it can arrive; ``None`` likewise.
        location: Where it leaves from; empty if the supply was not a mapping of locations, or it is put together from
            several. What does not ship now is at the location that the rules name for what waits, else at the only one
            there is, else at none; that goes for digital parts too.
        ship_to: Where it goes.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    order_id: str = attrs.field(metadata=rule(text))
    kind: PartKind = attrs.field(metadata=rule(member, of=PartKind))
    lines: Sequence[PartLine] = attrs.field(metadata=rule(_part_lines))
    street_date: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    ready: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))
    delivery: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))
    location: str = attrs.field(default="", metadata=rule(text, empty=True))
    ship_to: str = attrs.field(default="", metadata=rule(text, empty=True))


def _parts_of_a_plan(value: object, path: str) -> tuple[Part, ...]:
    return sequence(value, path, check=instance, of=Part)


def _cuts(value: object, path: str) -> tuple[Cancelled, ...]:
    return sequence(value, path, check=instance, of=Cancelled)


@attrs.frozen(kw_only=True, field_transformer=checked)
class SplitPlan:
    """What becomes of an order.

    Attributes:
        order_id: The order.
        parts: Digital first, then what ships now, then by street date, then what waits for stock.
        cancelled: Units that are in no part; a line may have several, for several reasons. `split_order` puts them in
            the order of the lines, `cancel_units` adds new ones at the end.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))
    parts: Sequence[Part] = attrs.field(metadata=rule(_parts_of_a_plan))
    cancelled: Sequence[Cancelled] = attrs.field(metadata=rule(_cuts))


def listed(names: Iterable[str]) -> str:
    """Return names as a message lists them."""
    return ", ".join(dict.fromkeys(names)) or "there is none"


def _fields(cls: type, names: str) -> list[Callable[[Any, Any], None]]:
    """Return how to set fields of new values: those that are known to pass their rules need not be checked again."""
    return [getattr(cls, name).__set__ for name in names.split()]


_cut_line, _cut_sku, _cut_quantity, _cut_reason = _fields(Cancelled, "line_id sku quantity reason")
_line_id, _line_sku, _line_quantity, _line_components, _line_kind, _line_picks = _fields(
    PartLine, "line_id sku quantity components kind picks"
)
_part_id, _part_order, _part_kind, _part_held, _part_street, _part_ready, _part_delivery, _part_location, _part_to = (
    _fields(Part, "id order_id kind lines street_date ready delivery location ship_to")
)
_plan_order, _plan_parts, _plan_cuts = _fields(SplitPlan, "order_id parts cancelled")


def plan_of(order_id: str, parts: tuple[Part, ...], cuts: tuple[Cancelled, ...]) -> SplitPlan:
    """Return a plan whose fields are known to be right."""
    value = SplitPlan.__new__(SplitPlan)
    _plan_order(value, order_id)
    _plan_parts(value, parts)
    _plan_cuts(value, cuts)
    return value


def cut_of(line: OrderLine, quantity: int, reason: CancelReason) -> Cancelled:
    """Return cancelled units of a line, whose fields are known to be right."""
    value = Cancelled.__new__(Cancelled)
    _cut_line(value, line.id)
    _cut_sku(value, line.sku)
    _cut_quantity(value, quantity)
    _cut_reason(value, reason)
    return value


def part_line(line: OrderLine, quantity: int, picks: tuple[Assignment, ...]) -> PartLine:
    """Return units of a line in a part, whose fields are known to be right."""
    value = PartLine.__new__(PartLine)
    _line_id(value, line.id)
    _line_sku(value, line.sku)
    _line_quantity(value, quantity)
    _line_components(value, line.components)
    _line_kind(value, line.kind)
    _line_picks(value, picks)
    return value


def part_of(  # noqa: PLR0917  # by position: splits build many
    name: str,
    order_id: str,
    kind: PartKind,
    lines: tuple[PartLine, ...],
    street_date: dt.datetime | None,
    ready: DateRange | None,
    delivery: DateRange | None,
    location: str,
    ship_to: str,
) -> Part:
    """Return a part whose fields are known to be right."""
    value = Part.__new__(Part)
    _part_id(value, name)
    _part_order(value, order_id)
    _part_kind(value, kind)
    _part_held(value, lines)
    _part_street(value, street_date)
    _part_ready(value, ready)
    _part_delivery(value, delivery)
    _part_location(value, location)
    _part_to(value, ship_to)
    return value
