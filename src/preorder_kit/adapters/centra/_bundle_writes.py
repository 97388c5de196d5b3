"""Bundles that are made through the Integration API, and how many of them can be sold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import attrs

from ..._checks import FrozenMapping, checked, instance, member, refused, rule, sequence, text
from ..._documents import Fields, count, word
from ..._wire import WireFormat
from ...bundles import Component, Section, bundle_units, bundle_units_at_most
from ...quantities import UNLIMITED, Quantity
from ._delivery_windows import CentraStatus
from ._integration import (
    call,
    centra_id,
    complete,
    id_or_none,
    is_request,
    known,
    needed_reference,
    optional_reference,
    reference,
    requested,
    several,
    small_units,
)
from ._shop_values import BundleKind, BundlePricing
from ._stock_levels import StockQuantities
from ._stock_writes import CentraSize, read_size, write_size

__all__ = ["BundleProduct", "CentraBundle", "bundles_by_size", "read_bundle", "write_bundle"]

CREATE_BUNDLE: Final = """\
mutation ($input: BundleCreateInput!) {
  createBundle(input: $input) {
    bundle { id }
    userErrors { message path }
    userWarnings { message path }
  }
}"""


@attrs.frozen(kw_only=True, field_transformer=checked)
class BundleProduct:
    """The product that a bundle is sold as.

    Attributes:
        name: Its name.
        number: Its product number.
        status: Whether it is for sale.
        brand: The id of its brand.
        collection: The id of its collection.
        folder: The id of its folder.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    name: str = attrs.field(metadata=rule(text))
    number: str = attrs.field(metadata=rule(text))
    status: CentraStatus = attrs.field(default=CentraStatus.ACTIVE, metadata=rule(member, of=CentraStatus))
    brand: int = attrs.field(metadata=rule(centra_id))
    collection: int = attrs.field(metadata=rule(centra_id))
    folder: int = attrs.field(metadata=rule(centra_id))


def _sections(value: object, path: str) -> tuple[Section, ...]:
    """Return sections whose options are variants, by their ids, once each."""
    found = sequence(value, path, check=instance, of=Section)
    if not found:
        raise refused(path, "must name at least one section", value, code="centra.empty")
    for index, section in enumerate(found):
        small_units(section.quantity, f"{path}[{index}].quantity")
        for place, option in enumerate(section.options):
            _refuse_recipe(option, f"{path}[{index}].options[{place}]")
    return found


def _refuse_recipe(option: Component, path: str) -> None:
    centra_id(option.sku, f"{path}.sku")
    if option != Component(option.sku):
        requirement = "must be one unit of a variant, nothing else: the section says how many"
        raise refused(path, requirement, option, code="centra.section")


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraBundle:
    """A bundle.

    Attributes:
        product: What it is sold as.
        kind: Whether the shop has chosen what is in it, or the shopper chooses.
        pricing: Whether it has a price of its own.
        size_chart: The id of its size chart; a fixed bundle needs one.
        sizes: Its sizes; a fixed bundle needs them, and takes the same size of each variant.
        sections: What it is made of. The SKU of an option is the id of a variant.

    Raises:
        InvalidArgument: If a field breaks its rule, or a fixed bundle lacks its size chart or sizes, or leaves a
            choice.
    """

    product: BundleProduct = attrs.field(metadata=rule(instance, of=BundleProduct))
    kind: BundleKind = attrs.field(metadata=rule(member, of=BundleKind))
    pricing: BundlePricing = attrs.field(default=BundlePricing.STATIC, metadata=rule(member, of=BundlePricing))
    size_chart: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    sizes: Sequence[CentraSize] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=CentraSize))
    sections: Sequence[Section] = attrs.field(metadata=rule(_sections))

    def __attrs_post_init__(self) -> None:
        if self.kind is not BundleKind.FIXED:
            return
        if self.size_chart is None or not self.sizes:
            name = "size_chart" if self.size_chart is None else "sizes"
            raise refused(name, "must be given for a fixed bundle", getattr(self, name), code="centra.bundle")
        for index, section in enumerate(self.sections):
            if len(section.options) != 1:
                requirement = "must be one variant: a fixed bundle leaves no choice"
                path = f"sections[{index}].options"
                raise refused(path, requirement, len(section.options), code="centra.bundle")


def write_bundle(bundle: CentraBundle, /) -> str:
    """Write the call that makes a bundle. Its stock cannot be set: it is that of what is in it.

    Args:
        bundle: The bundle.

    Returns:
        The body of a ``createBundle`` call. Whether picks may be mixed in a section is not in it: Centra has no word
        for that.

    Raises:
        InvalidArgument: If ``bundle`` is none.

    Source:
        Centra's Integration API, BundleCreateInput and BundleSectionCreateInput.

    Examples:
        One of a variant, and a choice of two:

        >>> import json
        >>> from preorder_kit import Component, Section
        >>> from preorder_kit.adapters.centra import BundleProduct, CentraBundle, write_bundle
        >>> product = BundleProduct(name="Cabin set", number="SET-1", brand=3, collection=9, folder=1)
        >>> choice = Section(quantity=2, options=[Component("351"), Component("352")])
        >>> sections = [Section(options=[Component("340")]), choice]
        >>> call = write_bundle(CentraBundle(product=product, kind="flexible", sections=sections))
        >>> json.loads(call)["variables"]["input"]["addBundleSections"][1]
        {'quantity': 2, 'productVariants': [{'id': 351}, {'id': 352}]}

        A fixed bundle has sizes:

        >>> CentraBundle(product=product, kind="fixed", sections=sections)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: size_chart: must be given for a fixed bundle (got None)
    """
    instance(bundle, "bundle", of=CentraBundle)
    product = bundle.product
    given: dict[str, Any] = {
        "product": {
            "name": product.name,
            "status": product.status.name,
            "productNumber": product.number,
            **{key: reference(getattr(product, key)) for key in ("brand", "collection", "folder")},
        },
        "type": bundle.kind.name,
        "priceType": bundle.pricing.name,
    }
    if bundle.size_chart is not None:
        given["sizeChart"] = reference(bundle.size_chart)
    if bundle.sizes:
        given["sizes"] = [write_size(size) for size in bundle.sizes]
    given["addBundleSections"] = [_section(section) for section in bundle.sections]
    return call(CREATE_BUNDLE, {"input": given})


def _section(section: Section) -> dict[str, Any]:
    variants = [reference(centra_id(option.sku, "sku")) for option in section.options]
    return {"quantity": section.quantity, "productVariants": variants}


def read_bundle(document: str | bytes, /) -> CentraBundle:
    """Read a call that makes a bundle: the inverse of `write_bundle`.

    Args:
        document: The body of a ``createBundle`` call with variables, as text or UTF-8 bytes.

    Returns:
        The bundle; picks of a section are of one option, as Centra has no word for that.

    Raises:
        InvalidDocument: If it is no such call; with all of its problems.

    Source:
        Centra's Integration API, BundleCreateInput and BundleSectionCreateInput.

    Examples:
        What was written is read back:

        >>> from preorder_kit import Component, Section
        >>> from preorder_kit.adapters.centra import BundleProduct, CentraBundle, read_bundle, write_bundle
        >>> product = BundleProduct(name="Cabin set", number="SET-1", brand=3, collection=9, folder=1)
        >>> bundle = CentraBundle(product=product, kind="flexible", sections=[Section(options=[Component("340")])])
        >>> read_bundle(write_bundle(bundle)) == bundle
        True
    """
    given = requested(document, "must be the body of a createBundle call", "addBundleSections")
    inner = given.object("product")
    if inner is None and not given.holds("product"):
        given.complain("product", "field.missing", "is missing")
    product = None if inner is None else _product(inner)
    sections = [_read_section(row) for row in several(given, "addBundleSections")]
    sizes = [read_size(size) for size in several(given, "sizes")]
    bundle = given.build(
        CentraBundle,
        product=product,
        kind=given.read("type", _choice, of=BundleKind),
        pricing=given.read("priceType", _choice, of=BundlePricing),
        size_chart=optional_reference(given, "sizeChart"),
        sizes=sizes,
        sections=sections,
    )
    return complete(given, bundle)


def _choice(value: object, path: str, *, of: type[Any]) -> Any:
    return known(word(value, path), of) or member(value, path, of=of)


def _product(fields: Fields) -> BundleProduct | None:
    ids = {key: needed_reference(fields, key) for key in ("brand", "collection", "folder")}
    return fields.build(
        BundleProduct,
        name=fields.read("name", word),
        number=fields.read("productNumber", word),
        status=fields.read("status", _choice, of=CentraStatus),
        **ids,
    )


def _read_section(fields: Fields) -> Section | None:
    variants = [variant.read("id", centra_id) for variant in several(fields, "productVariants")]
    quantity = fields.read("quantity", count)
    options = [Component(str(variant)) for variant in variants]
    return fields.build(Section, quantity=quantity, options=options)


def is_bundle(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that makes a bundle."""
    return is_request(root, "addBundleSections")


def bundles_by_size(bundle: CentraBundle, /, *, stock: Iterable[StockQuantities]) -> Mapping[str, Quantity]:
    """Return how many bundles can be sold in each size: what the scarcest section can serve.

    A fixed bundle takes the same size of each variant. Of a flexible bundle each section takes its best variant, in all
    sizes that are told apart by name; where a variant is in two sections, fewer bundles than that may be possible. A
    size that is sold as a pre-order has no bound.

    Args:
        bundle: The bundle.
        stock: The stock of the variants' sizes, each with its variant and the name of its size.

    Returns:
        The name of a size -> bundles, never below 0, in the order of ``stock``. A size of a variant of which it is not
        known what is free counts as none.

    Raises:
        InvalidArgument: If an argument is of another type, a size has no variant, or one comes twice.

    Source:
        Centra: the stock of a bundle is calculated from what it contains. That a size takes the same size of each
        variant, and that a pre-order has no bound, is read out of that.

    Examples:
        One blouse and two socks, of which there are five in S:

        >>> from preorder_kit import Component, Section
        >>> from preorder_kit.adapters.centra import BundleProduct, CentraBundle, CentraSize, StockQuantities
        >>> from preorder_kit.adapters.centra import bundles_by_size
        >>> product = BundleProduct(name="Cabin set", number="SET-1", brand=3, collection=9, folder=1)
        >>> sections = [Section(options=[Component("340")]), Section(quantity=2, options=[Component("351")])]
        >>> bundle = CentraBundle(
        ...     product=product, kind="fixed", size_chart=2, sizes=[CentraSize(name="S")], sections=sections
        ... )
        >>> stock = [
        ...     StockQuantities(sku="A", variant=340, size="S", free_to_allocate=9),
        ...     StockQuantities(sku="B", variant=351, size="S", free_to_allocate=5),
        ... ]
        >>> bundles_by_size(bundle, stock=stock)
        {'S': 2}
    """
    instance(bundle, "bundle", of=CentraBundle)
    by_size: dict[str, dict[str, Quantity]] = {}
    for index, size in enumerate(sequence(stock, "stock", check=instance, of=StockQuantities)):
        variant = str(centra_id(size.variant, f"stock[{index}].variant"))
        available = by_size.setdefault(size.size, {})
        if variant in available:
            requirement = "must come once for a variant: add up its warehouses first"
            raise refused(f"stock[{index}].size", requirement, size.size, code="id.repeated")
        available[variant] = UNLIMITED if size.preorder else size.free_to_allocate or 0
    return FrozenMapping({name: _bundles(bundle, available) for name, available in by_size.items()})


def _bundles(bundle: CentraBundle, available: Mapping[str, Quantity]) -> Quantity:
    if bundle.kind is BundleKind.FLEXIBLE:
        return bundle_units_at_most(bundle.sections, available=available)
    needed = [Component(section.options[0].sku, section.quantity) for section in bundle.sections]
    return bundle_units(needed, available=available)


FORMATS = (
    WireFormat(name="centra-create-bundle", holds="a bundle to be made", recognises=is_bundle, read=read_bundle),
)
