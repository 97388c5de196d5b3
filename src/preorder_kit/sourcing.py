"""Which location each unit of an order leaves from, and what no location has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import attrs

from ._checks import checked, instance, mapping, rule, sequence, text, unique, units
from ._checks import day as check_day
from ._sourcing import BundleSource, Pick, SourceRule, SourcingRules, assign, refuse_unknown
from .orders import OrderLine
from .quantities import UNLIMITED, Quantity
from .supply import Supply, available_now

__all__ = [
    "Assignment",
    "BundleSource",
    "ShortUnits",
    "SourceRule",
    "Sourcing",
    "SourcingRules",
    "source_order",
]

_DEFAULT = SourcingRules()


@attrs.frozen(kw_only=True, field_transformer=checked)
class Assignment:
    """Units of one SKU that leave from one location for one line.

    Attributes:
        line_id: The order's line.
        location: Where they leave from.
        sku: The SKU on the shelf: of a bundle, that of a component.
        quantity: Units of it, >= 1.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    location: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ShortUnits:
    """Units of a line that no location can give.

    Attributes:
        line_id: The order's line.
        sku: The line's own SKU.
        quantity: Units of the line, >= 1; of a bundle, whole ones.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))


def _assignments(value: object, path: str) -> tuple[Assignment, ...]:
    return sequence(value, path, check=instance, of=Assignment)


def _short_units(value: object, path: str) -> tuple[ShortUnits, ...]:
    return sequence(value, path, check=instance, of=ShortUnits)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Sourcing:
    """Where the units of an order leave from.

    Attributes:
        assignments: In the order of the lines; of a line, those of one location together.
        short: What no location can give, in the order of the lines.
        at_least: A number of locations that it takes, whatever way is chosen, to serve as many units of every line,
            where those that are asked first give what they do here. If it is the number of locations in
            ``assignments``, fewer are impossible.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    assignments: Sequence[Assignment] = attrs.field(metadata=rule(_assignments))
    short: Sequence[ShortUnits] = attrs.field(metadata=rule(_short_units))
    at_least: int = attrs.field(metadata=rule(units))


def source_order(
    lines: Sequence[OrderLine],
    /,
    *,
    locations: Mapping[str, Supply],
    day: dt.date,
    but_for: str = "",
    rules: SourcingRules = _DEFAULT,
) -> Sourcing:
    """Say which location gives which units of the lines.

    A location can give the smaller of what is on hand and what is not owed to others, less what the rules keep back.
    Earlier lines take first. Fees and digital goods need no location. Street dates are not considered: `split_order`
    does that. A unit of a bundle leaves from one location, unless `BundleSource` allows more.

    - `SourceRule.IN_ORDER`: line by line, each location gives all it can, in turn.
    - `SourceRule.MOST_STOCK`: line by line, the location that can give most of it first, ties in turn.
    - `SourceRule.FEWEST_SHIPMENTS`: as many units as can be served at all, of the first line, then of the second beside
      them, and so on; and of all ways to serve these, one from the fewest locations, ties to the earlier in turn.
      Locations that are asked first have given before, and do not count in it. Bundles that may leave from several
      locations are put together where that saves a shipment.

    The fewest shipments are found by a search that is bounded. Without bundles it is exact for nine locations and
    twenty SKUs, and as a rule for twice as many locations. Where it stops before its end, ``at_least`` may be below the
    number of locations. For lines without bundles that number is then at most H(n) times the fewest, where n is the
    most units that one location gives and H(n) = 1 + 1/2 + ... + 1/n. Bundles that compete for components may then be
    served less than they could be, but the first line that gets another number of units than in turn gets more.

    Args:
        lines: Lines of one order; their order is meaning.
        locations: Name -> supply. The order of the mapping is the turn of the locations.
        day: Today, at the locations.
        but_for: An order whose own commitments are left out, so that it does not stand in its own way.
        rules: Which locations serve an order.

    Returns:
        Assignments of which, for each line and each SKU that it needs, the units add up to those of the line that are
        not short; no location gives more than it has. A later line never changes how many units an earlier one gets.

    Raises:
        InvalidArgument: If an argument is of another type, two lines have the same id, or the rules name a location
            that is not there.
        NoWorkingDay: If the calendar of a SKU's replenishment has no working day for 366 days.

    Source:
        Magento's source priority algorithm and Saleor's allocation strategies for the first two rules; Wolsey 1982, "An
        analysis of the greedy algorithm for the submodular set covering problem", for the bound of the third.

    Examples:
        Thirteen over ten and fifteen, in turn and in one parcel:

        >>> import datetime as dt
        >>> from preorder_kit import OrderLine, Supply
        >>> from preorder_kit import SourcingRules, source_order
        >>> lines = [OrderLine(id="1", sku="CD", quantity=13)]
        >>> locations = {"Oslo": Supply(on_hand={"CD": 10}), "Bergen": Supply(on_hand={"CD": 15})}
        >>> found = source_order(lines, locations=locations, day=dt.date(2026, 11, 22))
        >>> [(item.location, item.quantity) for item in found.assignments]
        [('Oslo', 10), ('Bergen', 3)]
        >>> rules = SourcingRules(rule="fewest_shipments")
        >>> found = source_order(lines, locations=locations, day=dt.date(2026, 11, 22), rules=rules)
        >>> [(item.location, item.quantity) for item in found.assignments]
        [('Bergen', 13)]

        What is left over at two locations makes no bundle, unless it may:

        >>> from preorder_kit import Component
        >>> lines = [OrderLine(id="1", sku="SET", quantity=1, components=[Component("CD"), Component("LP")])]
        >>> locations = {"Oslo": Supply(on_hand={"CD": 1}), "Bergen": Supply(on_hand={"LP": 1})}
        >>> source_order(lines, locations=locations, day=dt.date(2026, 11, 22)).short
        (ShortUnits(line_id='1', sku='SET', quantity=1),)
        >>> rules = SourcingRules(bundles="several")
        >>> found = source_order(lines, locations=locations, day=dt.date(2026, 11, 22), rules=rules)
        >>> [(item.location, item.sku) for item in found.assignments]
        [('Oslo', 'CD'), ('Bergen', 'LP')]
    """
    asked = _lines(lines)
    there = mapping(locations, "locations", key=text, check=partial(instance, of=Supply))
    instance(rules, "rules", of=SourcingRules)
    refuse_unknown(rules, there, "rules")
    check_day(day, "day")
    text(but_for, "but_for", empty=True)
    skus = {need.sku for line in asked for need in line._needs}
    spare = {
        name: {sku: _spare(supply, sku, day, but_for, rules.keep_back.get(name, 0)) for sku in skus}
        for name, supply in there.items()
    }
    asks = [(tuple((need.sku, need.quantity) for need in line._needs), line.quantity) for line in asked]
    picks, at_least = assign(asks, spare, rules)
    pairs = list(zip(asked, picks, strict=True))
    return Sourcing(
        assignments=[found for line, ones in pairs for found in _assigned(line, ones)],
        short=[found for line, ones in pairs for found in _missing(line, ones)],
        at_least=at_least,
    )


def _lines(value: object) -> tuple[OrderLine, ...]:
    lines = sequence(value, "lines", check=instance, of=OrderLine)
    unique((line.id for line in lines), "lines[{}].id", what="the ids of an order's lines")
    return lines


def _spare(supply: Supply, sku: str, day: dt.date, but_for: str, keep: int) -> Quantity:
    """Return what a location may give of a SKU."""
    there = min(supply.on_hand.get(sku, 0), available_now(supply, sku=sku, day=day, but_for=but_for))
    return UNLIMITED if there is UNLIMITED else max(0, there - keep)


def _assigned(line: OrderLine, picks: Sequence[Pick]) -> Iterator[Assignment]:
    for pick in picks:
        whole = [(pick.location, need.sku, need.quantity * pick.units) for need in line._needs]
        for location, sku, quantity in pick.parts or whole:
            yield Assignment(line_id=line.id, location=location, sku=sku, quantity=quantity)


def _missing(line: OrderLine, picks: Sequence[Pick]) -> Iterator[ShortUnits]:
    missing = line.quantity - sum(pick.units for pick in picks)
    if line._needs and missing:
        yield ShortUnits(line_id=line.id, sku=line.sku, quantity=missing)
