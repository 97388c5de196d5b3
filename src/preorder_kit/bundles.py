"""Recipes: what a bundle is made of, and what one unit of it needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import attrs

from ._checks import FrozenMapping, checked, instance, instant, member, optional, refused, rule, sequence, text, units

__all__ = ["Component", "LineKind", "WhenShort", "explode"]

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
        components: What it is made of in turn; empty if it is a thing on a shelf. At most 32 deep.
        kind: Whether it needs stock.
        street_date: The first instant at which it may leave; ``None``: that of what it is part of.
        when_short: Whether it may wait; ``None``: as what it is part of.

    Raises:
        InvalidArgument: If a field breaks its rule, a SKU is inside itself (the path of SKUs is named), or the recipe
            is more than 32 deep.
    """

    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(default=1, metadata=rule(units, least=1))
    components: Sequence[Component] = attrs.field(default=(), metadata=rule(_components))
    kind: LineKind = attrs.field(default=LineKind.GOODS, metadata=rule(member, of=LineKind))
    street_date: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    when_short: WhenShort | None = attrs.field(default=None, metadata=rule(optional, check=member, of=WhenShort))

    def __attrs_post_init__(self) -> None:
        _refuse_cycles([self], ())


def _refuse_cycles(components: Iterable[Component], inside: tuple[str, ...], *, of: str = "") -> None:
    """Refuse a SKU that is inside itself, and a recipe that is too deep.

    ``inside`` are the SKUs of the components above, ``of`` that of the line that they are the recipe of.
    """
    for component in components:
        chain = (*inside, component.sku)
        if component.sku == of or component.sku in inside:
            path = " > ".join([of, *chain] if of else chain)
            raise refused("components", "must not hold a SKU inside itself", path, code="bundle.cycle")
        if len(chain) > _DEEPEST:
            raise refused("components", f"must be at most {_DEEPEST} deep", " > ".join(chain), code="bundle.deep")
        _refuse_cycles(component.components, chain, of=of)


def explode(components: Iterable[Component], /) -> Mapping[str, int]:
    """Return how many units of each SKU on a shelf the ``components`` need, nested recipes multiplied down and summed.

    Fees and digital goods need no stock and are left out, with all that they are made of.

    Args:
        components: A recipe, per unit of what it makes.

    Returns:
        SKU -> units >= 1, for the leaves only, in the order of the SKUs.

    Raises:
        InvalidArgument: If a component is none.

    Examples:
        A SKU that is reached twice:

        >>> from preorder_kit import Component, explode
        >>> explode([Component("P2", 1, [Component("P3")]), Component("P3")])
        {'P3': 2}

        A voucher takes no shelf:

        >>> explode([Component("VOUCHER", kind="digital")])
        {}
    """
    totals: dict[str, int] = {}
    for leaf, count in _leaves(_components(components, "components"), 1):
        totals[leaf.sku] = totals.get(leaf.sku, 0) + count
    return FrozenMapping(sorted(totals.items()))


def _leaves(components: Iterable[Component], times: int) -> Iterator[tuple[Component, int]]:
    """Yield the goods on a shelf, with how many of each; what a part leaves open it inherits on the way."""
    for component in components:
        count = times * component.quantity
        if component.kind is not LineKind.GOODS:
            continue
        if component.components:
            yield from _leaves((_inherit(part, component) for part in component.components), count)
        else:
            yield component, count


def _inherit(part: Component, whole: Component) -> Component:
    """Return ``part`` with what it leaves open filled in from ``whole``."""
    return attrs.evolve(
        part,
        street_date=whole.street_date if part.street_date is None else part.street_date,
        when_short=whole.when_short if part.when_short is None else part.when_short,
    )
