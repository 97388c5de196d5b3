"""Which location gives which units: the rules as values, and the engine under `sourcing` and `splitting`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import attrs

from ._checks import FrozenMapping, checked, mapping, member, refused, sequence, text, unique, units
from ._checks import rule as by_rule
from ._covering import Effort, Row, fewest, needed
from .quantities import UNLIMITED, Quantity, _bounded, add_units


class SourceRule(StrEnum):
    """Which locations serve a line.

    IN_ORDER: line by line, each location in turn gives all it has. MOST_STOCK: line by line, the location that can give
    most of it first. FEWEST_SHIPMENTS: as few locations as possible for the order as a whole.
    """

    IN_ORDER = "in_order"
    MOST_STOCK = "most_stock"
    FEWEST_SHIPMENTS = "fewest_shipments"


class BundleSource(StrEnum):
    """Whether one unit of a bundle may leave from several locations.

    ONE_LOCATION: it leaves from one. SEVERAL: where no location can give all of it and every component is somewhere, it
    is put together from several; if there are to be few shipments, where none of those that send something can.
    """

    ONE_LOCATION = "one_location"
    SEVERAL = "several"


def _names(value: object, path: str) -> tuple[str, ...]:
    names = sequence(value, path, check=text)
    unique(names, path + "[{}]", what="locations")
    return names


@attrs.frozen(kw_only=True, field_transformer=checked)
class SourcingRules:
    """Which locations serve an order.

    Attributes:
        rule: Which locations serve a line.
        keep_back: Location -> units of every SKU that are not given from there, on top of its safety stock.
        ask_first: Locations that are asked before all others, in this order, whatever the rule: lines take there, one
            after the other, all that these can give.
        backorder_at: The location at which units wait that are nowhere; empty if none in particular.
        bundles: Whether one unit of a bundle may leave from several locations.

    Raises:
        InvalidArgument: If a field breaks its rule, or a location is to be asked first twice.
    """

    rule: SourceRule = attrs.field(default=SourceRule.IN_ORDER, metadata=by_rule(member, of=SourceRule))
    keep_back: Mapping[str, int] = attrs.field(
        default=FrozenMapping(), metadata=by_rule(mapping, key=text, check=units)
    )
    ask_first: Sequence[str] = attrs.field(default=(), metadata=by_rule(_names))
    backorder_at: str = attrs.field(default="", metadata=by_rule(text, empty=True))
    bundles: BundleSource = attrs.field(default=BundleSource.ONE_LOCATION, metadata=by_rule(member, of=BundleSource))


def refuse_unknown(rules: SourcingRules, locations: Iterable[str], path: str) -> None:
    """Refuse rules that name a location which is not there; ``path`` is that of the rules."""
    there = list(locations)
    named = [(f"keep_back[{name!r}]", name) for name in rules.keep_back]
    named += [(f"ask_first[{index}]", name) for index, name in enumerate(rules.ask_first)]
    named += [("backorder_at", rules.backorder_at)] if rules.backorder_at else []
    for field, name in named:
        if name not in there:
            requirement = f"must be a location that is there: {', '.join(there) or 'there is none'}"
            raise refused(f"{path}.{field}", requirement, name, code="location.unknown")


class Pick(NamedTuple):
    """Units of a line from one location, or put together from the ``parts`` (location, SKU, units) of several."""

    location: str
    units: int
    parts: tuple[tuple[str, str, int], ...] = ()


Needs: TypeAlias = Sequence[tuple[str, int]]
Asks: TypeAlias = Sequence[tuple[Needs, int]]
_Stock: TypeAlias = dict[str, dict[str, Quantity]]
_Kind: TypeAlias = tuple[tuple[str, int], ...]

_STEPS = 100_000  # of each search: some tenths of a second
_CELLS = 300  # kinds of bundles x locations: each is a call inside a call
_WHOLE = [("bundle", 1)]


def assign(
    asks: Asks, spare: Mapping[str, Mapping[str, Quantity]], rules: SourcingRules, *, steps: int = _STEPS
) -> tuple[list[list[Pick]], int]:
    """Return the picks of each ask, and a number of locations below which as many units of each cannot be served.

    An ask is what one unit needs, as SKUs and counts, and how many units are wanted; what needs nothing has no picks.
    ``spare`` has the locations in their turn and what each may give of a SKU, >= 0; it is not changed. ``steps`` bound
    the search for fewer shipments; how many units each ask gets does not depend on them.
    """
    skus = {sku for wants, _ in asks for sku, _ in wants}
    turn = dict.fromkeys((*rules.ask_first, *spare))
    stock = {name: {sku: spare[name].get(sku, 0) for sku in skus} for name in turn}
    wanted = [(wants, count if wants else 0) for wants, count in asks]
    if rules.rule is SourceRule.FEWEST_SHIPMENTS and len(stock) > 1:
        return _fewest_shipments(wanted, stock, rules, steps)
    picks = _line_by_line(wanted, stock, rules)
    used = len(_used(picks))
    return picks, used if used <= 1 else needed(_rows(_as_served(asks, picks), stock, rules.bundles))


def _line_by_line(asks: Asks, stock: _Stock, rules: SourcingRules) -> list[list[Pick]]:
    left = _copied(stock)
    return [_served(wants, count, left, rules) for wants, count in asks]


def _served(wants: Needs, count: int, left: _Stock, rules: SourcingRules) -> list[Pick]:
    picks = list(_in_turn(wants, count, left, _turn(wants, left, rules)))
    missing = count - _units(picks)
    if missing and rules.bundles is BundleSource.SEVERAL:
        picks += _put_together(wants, missing, left)
    return picks


def _turn(wants: Needs, left: _Stock, rules: SourcingRules) -> Iterable[str]:
    if rules.rule is not SourceRule.MOST_STOCK:
        return left
    later = [name for name in left if name not in rules.ask_first]
    return *rules.ask_first, *sorted(later, key=lambda name: _holds(wants, left[name]), reverse=True)


def _in_turn(wants: Needs, count: int, left: _Stock, turn: Iterable[str]) -> Iterator[Pick]:
    for name in turn:
        given = _bounded(count, _holds(wants, left[name]))
        if given:
            _take(wants, given, left[name])
            count -= given
            yield Pick(name, given)


def _put_together(wants: Needs, count: int, left: _Stock) -> Iterator[Pick]:
    """Yield one pick of units that no location can give by itself."""
    given = _bounded(count, _holds(wants, _pool(left, (sku for sku, _ in wants))))
    if given:
        parts = [
            (pick.location, sku, pick.units)
            for sku, each in wants
            for pick in _in_turn([(sku, 1)], given * each, left, left)
        ]
        yield Pick("", given, tuple(parts))


def _pool(stock: _Stock, skus: Iterable[str]) -> dict[str, Quantity]:
    return {sku: add_units(held[sku] for held in stock.values()) for sku in skus}


def _holds(wants: Needs, held: Mapping[str, Quantity]) -> Quantity:
    """Return how many units can be made of what is held."""
    made = [have // each for sku, each in wants if (have := held[sku]) is not UNLIMITED]
    return min(made) if made else UNLIMITED


def _take(wants: Needs, count: int, held: dict[str, Quantity]) -> None:
    for sku, each in wants:
        have = held[sku]
        if have is not UNLIMITED:
            held[sku] = have - count * each


def _units(picks: Iterable[Pick]) -> int:
    return sum(pick.units for pick in picks)


def _used(picks: Iterable[Iterable[Pick]]) -> set[str]:
    flat = [pick for ones in picks for pick in ones]
    return {pick.location for pick in flat if not pick.parts} | {part[0] for pick in flat for part in pick.parts}


def _as_served(asks: Asks, picks: Iterable[Iterable[Pick]]) -> list[tuple[Needs, int]]:
    return [(wants, _units(ones)) for (wants, _), ones in zip(asks, picks, strict=True)]


def _copied(stock: _Stock) -> _Stock:
    return {name: held.copy() for name, held in stock.items()}


def _rows(asks: Asks, stock: _Stock, bundles: BundleSource, free: Iterable[Mapping[str, Quantity]] = ()) -> list[Row]:
    """Return what locations must cover: the units of each SKU that ``free`` lack, and bundles that leave from one."""
    demand: dict[str, int] = {}
    for wants, count in asks:
        for sku, each in wants:
            demand[sku] = demand.get(sku, 0) + count * each
    lacks = {sku: units - _bounded(units, add_units(held[sku] for held in free)) for sku, units in demand.items()}
    rows: list[Row] = [(units, [_bounded(units, held[sku]) for held in stock.values()]) for sku, units in lacks.items()]
    for wants, count in _bundles(asks).items() if bundles is BundleSource.ONE_LOCATION else ():
        rows.append((count, [_bounded(count, _holds(wants, held)) for held in stock.values()]))
    return rows


def _bundles(asks: Asks) -> dict[_Kind, int]:
    """Return how many units are wanted of each kind of bundle: what needs more than one piece."""
    kinds: dict[_Kind, int] = {}
    for wants, count in asks:
        if count and _is_bundle(wants):
            kinds[tuple(wants)] = kinds.get(tuple(wants), 0) + count
    return kinds


def _is_bundle(wants: Needs) -> bool:
    return sum(each for _, each in wants) > 1


def _fewest_shipments(asks: Asks, stock: _Stock, rules: SourcingRules, steps: int) -> tuple[list[list[Pick]], int]:
    several = rules.bundles is BundleSource.SEVERAL
    if several:
        asks = _pooled(asks, stock)
    left = _copied(stock)
    picks = [list(_in_turn(wants, count, left, rules.ask_first)) for wants, count in asks]
    used = _used(picks)
    free = {name: left[name] for name in rules.ask_first if several and name in used}
    others = {name: held for name, held in left.items() if name not in (used if several else rules.ask_first)}
    rest = [(wants, count - _units(ones)) for (wants, count), ones in zip(asks, picks, strict=True)]
    more, size = _from_fewest(rest, others, free, rules, steps)
    return [first + later for first, later in zip(picks, more, strict=True)], len(used) + size


def _pooled(asks: Asks, stock: _Stock) -> list[tuple[Needs, int]]:
    """Return the asks with as many units as there are everywhere together, the earlier asks first."""
    everywhere = {"": _pool(stock, {sku for wants, _ in asks for sku, _ in wants})}
    return [(wants, _units(_in_turn(wants, count, everywhere, everywhere))) for wants, count in asks]


def _from_fewest(
    asks: Asks, stock: _Stock, free: _Stock, rules: SourcingRules, steps: int
) -> tuple[list[list[Pick]], int]:
    """Return picks of as many units as can be, from as few locations as can be, and how many are needed.

    What comes from ``free``, locations that send something in any case, does not count.
    """
    known = _most(asks, free | stock, rules)
    senders = _used(known)
    columns = [column for column, name in enumerate(stock) if name in senders]
    if not columns:
        return known, 0
    served, names, effort = _as_served(asks, known), list(stock), Effort(steps)
    rows = _rows(served, stock, rules.bundles, list(free.values()))

    def fits(chosen: Iterable[int]) -> list[list[Pick]] | None:
        return _serve(served, free | {names[column]: stock[names[column]] for column in chosen}, rules, effort)

    return fewest(rows, fits, known=(columns, known), effort=effort)


def _most(asks: Asks, stock: _Stock, rules: SourcingRules) -> list[list[Pick]]:
    """Return picks of as many units as can be served: of the first ask, then of the second beside them, and so on."""
    in_turn = _line_by_line(asks, stock, rules)
    if _as_served(asks, in_turn) == _pooled(asks, stock):
        return in_turn
    found: list[list[Pick]] = []
    effort = Effort(_STEPS)
    for place, (wants, count) in enumerate(asks):
        before = _as_served(asks[:place], found)
        same = before == _as_served(asks[:place], in_turn[:place])
        found = in_turn[: place + 1] if same else [*found, []]
        low, high = _units(found[place]), count
        while low < high:
            middle = (low + high + 1) // 2
            better = _serve([*before, (wants, middle)], stock, rules, effort)
            low, high, found = (low, middle - 1, found) if better is None else (middle, high, better)
    return found


def _serve(asks: Asks, stock: _Stock, rules: SourcingRules, effort: Effort) -> list[list[Pick]] | None:
    """Return picks of all units of the asks; ``None`` if there are none, or the effort is spent."""
    picks = _line_by_line(asks, stock, rules)
    if _as_served(asks, picks) == list(asks):
        return picks
    if any(sum(given) < units for units, given in _rows(asks, stock, rules.bundles)):
        return None
    left, kinds = _copied(stock), _bundles(asks)
    packed = _packed(kinds, left, effort)
    return None if packed is None else list(_unpacked(asks, packed, left))


def _unpacked(asks: Asks, packed: Mapping[_Kind, _Stock], left: _Stock) -> Iterator[list[Pick]]:
    for wants, count in asks:
        whole = packed.get(tuple(wants))
        yield list(_in_turn(wants, count, left, left) if whole is None else _in_turn(_WHOLE, count, whole, whole))


def _packed(kinds: Mapping[_Kind, int], left: _Stock, effort: Effort) -> dict[_Kind, _Stock] | None:
    """Return how many bundles of each kind each location gives, taken from what is left; all in all as many as asked.

    Pieces that are asked for by themselves come from anywhere: whatever the bundles leave of them is enough.
    """
    if len(kinds) * len(left) > _CELLS:
        effort.spend(_STEPS)
    packed: dict[_Kind, _Stock] = {kind: {name: dict.fromkeys(["bundle"], 0) for name in left} for kind in kinds}

    def gives(kind: _Kind, names: Iterable[str], count: int) -> list[int]:
        return [_bounded(count, _holds(kind, left[name])) for name in names]

    def pack(todo: Sequence[_Kind]) -> bool:
        """Pack the first kind if there is enough for each kind by itself."""
        effort.spend(len(todo) * len(left))
        if any(sum(gives(kind, left, kinds[kind])) < kinds[kind] for kind in todo):
            return False
        return not todo or spread(todo, [name for name in left if _holds(todo[0], left[name])], kinds[todo[0]])

    def spread(todo: Sequence[_Kind], names: Sequence[str], count: int) -> bool:
        """Try the most from the first of the names, then less."""
        if not count:
            return pack(todo[1:])
        kind = todo[0]
        here, *beyond = gives(kind, names, count)
        for given in range(here, max(0, count - sum(beyond)) - 1, -1):
            if not effort.spend(len(names)):
                break
            _take(kind, given, left[names[0]])
            packed[kind][names[0]]["bundle"] = given
            if spread(todo, names[1:], count - given):
                return True
            _take(kind, -given, left[names[0]])
            packed[kind][names[0]]["bundle"] = 0
        return False

    return packed if pack(list(kinds)) else None
