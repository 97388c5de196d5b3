"""Recipes: what a bundle is made of, what one unit of it needs, how many can be made, and what a shopper chooses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from enum import StrEnum
from functools import partial
from graphlib import CycleError, TopologicalSorter

import attrs

from ._checks import (
    FrozenMapping,
    checked,
    instance,
    mapping,
    member,
    refused,
    rule,
    sequence,
    text,
    unique,
    units,
)
from ._recipes import Component, LineKind, WhenShort, _components, _leaves, whole_units
from .quantities import UNLIMITED, Quantity, _quantity, add_units

__all__ = [
    "Component",
    "LineKind",
    "Mix",
    "Section",
    "WhenShort",
    "bundle_units",
    "bundle_units_at_most",
    "choose_components",
    "components_from",
    "explode",
    "section_units",
]


def explode(components: Iterable[Component], /) -> Mapping[str, int]:
    """Return how many units of each SKU on a shelf the ``components`` need, nested recipes multiplied down and summed.

    Fees and digital goods need no stock and are left out, with all that they are made of.

    Args:
        components: A recipe, per unit of what it makes.

    Returns:
        SKU -> units >= 1, for the leaves only, in the order of the SKUs.

    Raises:
        InvalidArgument: If ``components`` holds anything that is not a `Component`.

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
    for leaf, count in _leaves(_components(components, "components")).items():
        totals[leaf.sku] = totals.get(leaf.sku, 0) + count
    return FrozenMapping(sorted(totals.items()))


def bundle_units(components: Iterable[Component], /, *, available: Mapping[str, Quantity]) -> Quantity:
    """Return how many whole bundles can be made of what is there.

    The recipe is taken apart first (see `explode`), so that a SKU that is reached twice is needed twice. Fees and
    digital goods need no stock and bound nothing.

    Args:
        components: The recipe of one bundle, not empty.
        available: Units of each SKU on a shelf; below 0 counts as 0, and so does a SKU that is not named. Only what
            the recipe needs is looked at.

    Returns:
        The greatest number of bundles whose needs are all there, >= 0; `UNLIMITED` if nothing bounds it.

    Raises:
        InvalidArgument: If the recipe is empty, or what is there is no whole number of units.

    Examples:
        A set needs two of P3, one of them inside P2:

        >>> from preorder_kit import Component
        >>> from preorder_kit import bundle_units
        >>> bundle_units([Component("P2", 1, [Component("P3")]), Component("P3")], available={"P3": 10})
        5

        Units that were sold twice make no bundle, and a voucher takes no shelf:

        >>> bundle_units([Component("CUP", 2)], available={"CUP": -7})
        0
        >>> bundle_units([Component("VOUCHER", kind="digital")], available={})
        UNLIMITED
    """
    recipe = _components(components, "components")
    if not recipe:
        raise refused("components", "must not be empty: a bundle is made of something", recipe, code="bundle.empty")
    instance(available, "available", of=Mapping)
    needed = explode(recipe).items()
    return min((whole_units(_there(available, sku), each) for sku, each in needed), default=UNLIMITED)


def _there(available: Mapping[str, Quantity], sku: str) -> Quantity:
    return _quantity(available.get(sku, 0), f"available[{sku!r}]", least=None)


def components_from(recipes: Mapping[str, Mapping[str, int]], /, *, sku: str) -> tuple[Component, ...]:
    """Read the recipe of one SKU, with the recipes of all that it is made of, from a recipe book.

    Take it when the order is placed: the recipe travels on the line, and a book that changes changes no old order.

    Args:
        recipes: SKU -> what one unit of it is made of: SKU -> units >= 1. A SKU that has no recipe, or an empty one,
            is a thing on a shelf. Only the recipes that are reached are looked at.
        sku: Whose recipe.

    Returns:
        Its components, in the order of the book; empty if it is a thing on a shelf. Recipes that are reached on
        several ways are shared, so that the time follows the size of the book and not the number of ways.

    Raises:
        InvalidArgument: If a SKU is inside itself (the SKUs of the cycle are named), the bundle, itself counted, is
            more than 32 deep, or a recipe breaks its rule.

    Examples:
        A gift set with a box of two bars:

        >>> from preorder_kit import explode
        >>> from preorder_kit import components_from
        >>> book = {"SET": {"BOX": 2, "CARD": 1}, "BOX": {"BAR": 2}}
        >>> explode(components_from(book, sku="SET"))
        {'BAR': 4, 'CARD': 1}

        A bar is made of nothing:

        >>> components_from(book, sku="BAR")
        ()
    """
    book = _reached(recipes, text(sku, "sku"))
    made: dict[str, Component] = {}
    for whole in _parts_first(book):
        parts = tuple(_times(made[part], count) for part, count in book[whole].items())
        made[whole] = Component(whole, 1, parts)
    return tuple(made[sku].components)


def _reached(recipes: Mapping[str, Mapping[str, int]], sku: str) -> dict[str, Mapping[str, int]]:
    instance(recipes, "recipes", of=Mapping)
    book: dict[str, Mapping[str, int]] = {}
    ahead = [sku]
    while ahead:
        whole = ahead.pop()
        if whole not in book:
            recipe = recipes.get(whole, {})
            book[whole] = mapping(recipe, f"recipes[{whole!r}]", key=text, check=partial(units, least=1))
            ahead.extend(book[whole])
    return book


def _parts_first(book: Mapping[str, Mapping[str, int]]) -> Iterable[str]:
    """Return the SKUs of ``book``, each after all that it is made of."""
    try:
        return tuple(TopologicalSorter(book).static_order())
    except CycleError as error:
        path = " > ".join(reversed(error.args[1]))
        raise refused("recipes", "must not hold a SKU inside itself", path, code="bundle.cycle") from None


def _times(component: Component, times: int) -> Component:
    """Return so many of ``component``, sharing what it is made of."""
    several = copy(component)
    object.__setattr__(several, "quantity", component.quantity * times)
    return several


class Mix(StrEnum):
    """Whether the units that fill a `Section` may be of several options."""

    ONE_OPTION = "one_option"
    ANY = "any"


def _options(value: object, path: str) -> tuple[Component, ...]:
    options = _components(value, path)
    if not options:
        raise refused(path, "must not be empty: a section offers something", options, code="bundle.empty")
    unique((option.sku for option in options), path + "[{}].sku", what="the SKUs of a section's options")
    return options


@attrs.frozen(kw_only=True, field_transformer=checked)
class Section:
    """A choice that a bundle leaves to the shopper; a section with one option leaves none.

    A section that need not be filled bounds nothing: leave it out where bundles are counted.

    Attributes:
        quantity: How many times an option is picked for one bundle, >= 1.
        options: What can be picked, each SKU once. One pick takes the option's ``quantity`` of units.
        mix: Whether all picks are of one option, in all bundles that are counted, or each is made freely.

    Raises:
        InvalidArgument: If a field breaks its rule, there is no option, or two options that may be mixed need the same
            SKU on a shelf.
    """

    quantity: int = attrs.field(default=1, metadata=rule(units, least=1))
    options: Sequence[Component] = attrs.field(metadata=rule(_options))
    mix: Mix = attrs.field(default=Mix.ONE_OPTION, metadata=rule(member, of=Mix))

    def __attrs_post_init__(self) -> None:
        if self.mix is Mix.ANY:
            needed = (sku for option in self.options for sku in explode([option]))
            unique(needed, "options", what="the SKUs on a shelf that options need")


def section_units(section: Section, /, *, available: Mapping[str, Quantity]) -> Quantity:
    """Return how many bundles one section can serve.

    Where all picks are of one option, that is what the best option can serve; where they may be mixed, what all options
    can serve together. What is picked for one bundle and for the next may differ then.

    Args:
        section: What is picked from.
        available: Units of each SKU on a shelf; below 0 counts as 0, and so does a SKU that is not named.

    Returns:
        The greatest number of bundles, >= 0; `UNLIMITED` if an option has no bound.

    Raises:
        InvalidArgument: If what is there is no whole number of units.

    Source:
        Centra's bundles, whose stock is computed from the variants of their sections.

    Examples:
        Two pairs of socks, of one colour or of any:

        >>> from preorder_kit import Component
        >>> from preorder_kit import Mix, Section, section_units
        >>> socks, there = [Component("RED"), Component("BLUE")], {"RED": 5, "BLUE": 3}
        >>> section_units(Section(quantity=2, options=socks), available=there)
        2
        >>> section_units(Section(quantity=2, options=socks, mix=Mix.ANY), available=there)
        4

        A voucher can always be picked:

        >>> section_units(Section(options=[Component("VOUCHER", kind="digital")]), available={})
        UNLIMITED
    """
    instance(section, "section", of=Section)
    picks = [bundle_units([option], available=available) for option in section.options]
    most = add_units(picks) if section.mix is Mix.ANY else max(picks)
    return whole_units(most, section.quantity)


def bundle_units_at_most(sections: Iterable[Section], /, *, available: Mapping[str, Quantity]) -> Quantity:
    """Return how many bundles their sections allow at most: what the scarcest section can serve.

    It is exact if no SKU on a shelf is needed by two sections. If one is, each section counts it for itself, and fewer
    bundles than that may be possible.

    Args:
        sections: All that must be filled, not empty. What the shopper may leave out is left out.
        available: Units of each SKU on a shelf; below 0 counts as 0, and so does a SKU that is not named.

    Returns:
        A number of bundles that is never exceeded, >= 0; `UNLIMITED` if nothing bounds it.

    Raises:
        InvalidArgument: If there is no section, or what is there is no whole number of units.

    Examples:
        One cardigan of two sizes and two pairs of socks:

        >>> from preorder_kit import Component
        >>> from preorder_kit import Section, bundle_units_at_most
        >>> cardigan = Section(options=[Component("XS"), Component("S")])
        >>> socks = Section(quantity=2, options=[Component("SOCK")])
        >>> bundle_units_at_most([cardigan, socks], available={"XS": 4, "S": 1, "SOCK": 7})
        3

        Two sections that want the same seven socks: three are said, and only one bundle can be made:

        >>> bundle_units_at_most([socks, socks], available={"SOCK": 7})
        3
    """
    required = _sections(sections)
    if not required:
        raise refused("sections", "must not be empty: a bundle is made of something", required, code="bundle.empty")
    return min(section_units(section, available=available) for section in required)


def _sections(value: object) -> tuple[Section, ...]:
    return sequence(value, "sections", check=instance, of=Section)


def choose_components(sections: Iterable[Section], /, *, picks: Iterable[Mapping[str, int]]) -> tuple[Component, ...]:
    """Turn what a shopper picked into the components of an order's line: one bundle, its choice made.

    Args:
        sections: What is picked from; a section that the shopper left out is left out here too.
        picks: For each section, in their order, the SKU of an option -> how many times it is picked, >= 1.

    Returns:
        The options that were picked, each with the units of all its picks, in the order of the picks.

    Raises:
        InvalidArgument: If there are not as many choices as sections, a section has no such option, the picks are not
            as many as the section's quantity, or several options are picked where one must be.

    Examples:
        A cardigan and two pairs of socks:

        >>> from preorder_kit import Component, explode
        >>> from preorder_kit import Mix, Section, choose_components
        >>> cardigan = Section(options=[Component("XS"), Component("S")])
        >>> socks = Section(quantity=2, options=[Component("RED"), Component("BLUE")], mix=Mix.ANY)
        >>> explode(choose_components([cardigan, socks], picks=[{"S": 1}, {"RED": 1, "BLUE": 1}]))
        {'BLUE': 1, 'RED': 1, 'S': 1}

        A choice that the bundle does not offer is refused:

        >>> choose_components([cardigan], picks=[{"XXL": 1}])
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: picks[0]: must pick options of the section: XS, S (got 'XXL')
    """
    offered = _sections(sections)
    chosen = sequence(picks, "picks", check=partial(mapping, key=text, check=partial(units, least=1)))
    if len(chosen) != len(offered):
        requirement = f"must be as many as there are sections, {len(offered)}"
        raise refused("picks", requirement, len(chosen), code="bundle.choice")
    pairs = enumerate(zip(offered, chosen, strict=True))
    return tuple(part for index, (section, pick) in pairs for part in _picked(section, pick, f"picks[{index}]"))


def _picked(section: Section, pick: Mapping[str, int], path: str) -> Iterator[Component]:
    options = {option.sku: option for option in section.options}
    for sku in pick:
        if sku not in options:
            requirement = f"must pick options of the section: {', '.join(options)}"
            raise refused(path, requirement, sku, code="bundle.choice")
    if sum(pick.values()) != section.quantity:
        requirement = f"must add up to the section's quantity, {section.quantity}"
        raise refused(path, requirement, dict(pick), code="bundle.choice")
    if section.mix is Mix.ONE_OPTION and len(pick) > 1:
        raise refused(path, "must pick one option alone", dict(pick), code="bundle.choice")
    return (_times(options[sku], times) for sku, times in pick.items())
