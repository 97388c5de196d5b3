"""What a bundle is made of, as a value, and how it is counted: under `bundles`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import attrs

from ._checks import checked, instance, instant, member, optional, refused, rule, sequence, text, units
from .quantities import UNLIMITED, Quantity

_DEEPEST = 32


class LineKind(StrEnum):
    """What a line or a component is: goods need stock; fees and digital goods need none."""

    GOODS = "goods"
    FEE = "fee"
    DIGITAL = "digital"


class WhenShort(StrEnum):
    """What becomes of units that are not there: they are cancelled, or they wait."""

    CANCEL = "cancel"
    WAIT = "wait"


def _components(value: object, path: str) -> tuple[Component, ...]:
    return sequence(value, path, check=instance, of=Component)


@attrs.frozen(field_transformer=checked)
class Component:
    """A part of a bundle, itself perhaps a bundle.

    Attributes:
        sku: What it is.
        quantity: Units of it in one unit of what it is part of, >= 1.
        components: What it is made of in turn; empty if it is a thing on a shelf.
        kind: Whether it needs stock.
        street_date: The first instant at which it may leave; ``None``: that of what it is part of.
        when_short: Whether it may wait; ``None``: as what it is part of.

    Raises:
        InvalidArgument: If a field breaks its rule, a SKU is inside itself (the path of SKUs is named), or it is
            more than 32 deep, itself counted.
    """

    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(default=1, metadata=rule(units, least=1))
    components: Sequence[Component] = attrs.field(default=(), metadata=rule(_components))
    kind: LineKind = attrs.field(default=LineKind.GOODS, metadata=rule(member, of=LineKind))
    street_date: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    when_short: WhenShort | None = attrs.field(default=None, metadata=rule(optional, check=member, of=WhenShort))
    _inside: frozenset[str] = attrs.field(default=frozenset(), init=False, eq=False, repr=False)
    _depth: int = attrs.field(default=1, init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.components:
            return
        _refuse_cycles(self.components, of=self.sku)
        object.__setattr__(self, "_inside", frozenset().union(*(_skus(part) for part in self.components)))
        object.__setattr__(self, "_depth", 1 + max(part._depth for part in self.components))
        if self._depth > _DEEPEST:
            chain = " > ".join(_longest([self]))
            raise refused("components", f"must be at most {_DEEPEST} deep", chain, code="bundle.deep")


def _skus(component: Component) -> frozenset[str]:
    return component._inside | {component.sku}


def _refuse_cycles(components: Iterable[Component], *, of: str) -> None:
    """Refuse the SKU ``of`` in its own recipe. The components hold no cycle among themselves: each was checked."""
    way = _way(components, of)
    if way:
        raise refused("components", "must not hold a SKU inside itself", " > ".join([of, *way]), code="bundle.cycle")


def _way(components: Iterable[Component], sku: str) -> list[str]:
    """Return the SKUs on the way down to the first ``sku`` inside; none if it is not there."""
    for part in components:
        if part.sku == sku:
            return [sku]
        if sku in part._inside:
            return [part.sku, *_way(part.components, sku)]
    return []


def _longest(components: Iterable[Component]) -> list[str]:
    """Return the SKUs on the longest way down."""
    deepest = max(components, key=lambda part: part._depth, default=None)
    return [deepest.sku, *_longest(deepest.components)] if deepest else []


class _Leaf(NamedTuple):
    sku: str
    street_date: dt.datetime | None
    when_short: WhenShort | None


_Counts: TypeAlias = dict[_Leaf, int]
_Inherited: TypeAlias = tuple[dt.datetime | None, WhenShort | None]


def _leaves(components: Sequence[Component]) -> Mapping[_Leaf, int]:
    """Return the goods on a shelf, with how many of each; what a part leaves open it inherits on the way."""
    return _counted(components, (None, None), {})


def _counted(
    components: Sequence[Component], inherited: _Inherited, known: dict[tuple[int, _Inherited], _Counts]
) -> _Counts:
    """Count the leaves, those of a recipe that is shared once.

    ``known`` goes by identity: the recipes outlive the call, and to hash one costs as much as to count it.
    """
    key = id(components), inherited
    if key in known:
        return known[key]
    totals: _Counts = {}
    for part in components:
        if part.kind is LineKind.GOODS:
            handed = part.street_date or inherited[0], part.when_short or inherited[1]
            inside = _counted(part.components, handed, known) if part.components else {_Leaf(part.sku, *handed): 1}
            for leaf, count in inside.items():
                totals[leaf] = totals.get(leaf, 0) + part.quantity * count
    known[key] = totals
    return totals


def whole_units(there: Quantity, each: int) -> Quantity:
    """Return how many wholes are there that take so many units ``each``; no bound makes no bound."""
    return UNLIMITED if there is UNLIMITED else max(0, there) // each
