"""What is in a bundle of the Storefront API, in the words of recipes: sections to choose from, or components."""

from __future__ import annotations

from ..._checks import instance, refused, text
from ...bundles import Component, Section
from ._shop_values import BundleKind
from ._storefront import DisplayBundle, DisplaySection


def bundle_sections(bundle: DisplayBundle, /) -> tuple[Section, ...]:
    """Return what a shopper chooses from in a flexible bundle.

    An option is named by its id, which is what goes into the cart; one option is picked in each section, with the
    section's quantity of units.

    Args:
        bundle: A flexible bundle.

    Returns:
        Its sections, in their order, each with all sizes of all that it offers.

    Raises:
        InvalidArgument: If the bundle is not flexible, or a section offers nothing, or the same size twice.

    Source:
        Centra's Storefront API, Bundle, and addFlexibleBundle, which takes one item for each section.

    Examples:
        How many bundles two sections can serve:

        >>> from preorder_kit import bundle_units_at_most
        >>> from preorder_kit.adapters.centra import (
        ...     BundleOption, DisplayBundle, DisplaySection, DisplaySize, bundle_sections)
        >>> from preorder_kit import normalize_stock
        >>> def size(name, there):
        ...     return DisplaySize(id=name, preorder=False, available=True, stock=normalize_stock(there))
        >>> cardigan = BundleOption(id=412, sizes=[size("412-20", 4), size("412-21", 1)])
        >>> socks = BundleOption(id=433, sizes=[size("433-7", 6)])
        >>> sections = [DisplaySection(id=1, quantity=1, options=[cardigan]),
        ...             DisplaySection(id=2, quantity=2, options=[socks])]
        >>> bundle = DisplayBundle(id=31, type="FLEXIBLE", kind="flexible", sections=sections)
        >>> there = {"412-20": 4, "412-21": 1, "433-7": 6}
        >>> bundle_units_at_most(bundle_sections(bundle), available=there)
        3

        A fixed bundle leaves nothing to choose:

        >>> bundle_sections(DisplayBundle(id=31, type="FIXED", kind="fixed", sections=[]))
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: bundle: must be flexible; fixed_components takes a fixed one (got 'FIXED')
    """
    if instance(bundle, "bundle", of=DisplayBundle).kind is not BundleKind.FLEXIBLE:
        raise refused("bundle", "must be flexible; fixed_components takes a fixed one", bundle.type, code="bundle.kind")
    return tuple(
        Section(quantity=section.quantity, options=[Component(name) for name in _offered(section)])
        for section in bundle.sections
    )


def _offered(section: DisplaySection) -> list[str]:
    return [size.id for option in section.options for size in option.sizes]


def fixed_components(bundle: DisplayBundle, /, *, size: str) -> tuple[Component, ...]:
    """Return what a fixed bundle of one size is made of: that size of what is in each section.

    Args:
        bundle: A fixed bundle.
        size: The name of the bundle's size.

    Returns:
        One component for each section, in their order, named by the id of its item.

    Raises:
        InvalidArgument: If the bundle is not fixed, or a section holds no item of that size, or more than one.

    Source:
        Centra's Storefront API, Bundle. That a bundle in size S takes size S of each section follows from the sizes
        that a fixed bundle must be given when it is made; the pages do not say it.

    Examples:
        A set in size S:

        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.centra import (
        ...     BundleOption, DisplayBundle, DisplaySection, DisplaySize, fixed_components)
        >>> sizes = [DisplaySize(id=f"412-{n}", name=name, preorder=False, available=True, stock=normalize_stock("yes"))
        ...          for n, name in enumerate(["S", "M"])]
        >>> sections = [DisplaySection(id=1, quantity=2, options=[BundleOption(id=412, sizes=sizes)])]
        >>> bundle = DisplayBundle(id=31, type="FIXED", kind="fixed", sections=sections)
        >>> [(part.sku, part.quantity) for part in fixed_components(bundle, size="S")]
        [('412-0', 2)]

        A size that is not in it:

        >>> fixed_components(bundle, size="XL")
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: size: must be in section 1 once, which holds S, M (got 'XL')
    """
    text(size, "size")
    if instance(bundle, "bundle", of=DisplayBundle).kind is not BundleKind.FIXED:
        raise refused("bundle", "must be fixed; bundle_sections takes a flexible one", bundle.type, code="bundle.kind")
    return tuple(Component(_in_size(section, size), section.quantity) for section in bundle.sections)


def _in_size(section: DisplaySection, name: str) -> str:
    sizes = [size for option in section.options for size in option.sizes]
    found = [size.id for size in sizes if size.name == name]
    if len(found) != 1:
        held = ", ".join(size.name for size in sizes) or "nothing"
        raise refused("size", f"must be in section {section.id} once, which holds {held}", name, code="bundle.choice")
    return found[0]
