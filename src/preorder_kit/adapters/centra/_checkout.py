"""Products as the Checkout API sends them, whatever the store's setting of Stock Visible."""

from __future__ import annotations

from typing import Any

from ..._checks import units
from ..._documents import Fields, count, identifier, parse_json, truth, unrecognised, word
from ..._wire import WireFormat, first, has, held
from ...errors import Problem, Read
from ...stock import Stock
from ._shop_values import (
    UNKNOWN_STOCK,
    BundleKind,
    BundlePricing,
    RelatedProduct,
    ShopBundle,
    ShopProduct,
    ShopSection,
    ShopSize,
    each_once,
    inner,
    keyed_rows,
    meaning,
    rows,
    stock_field,
)

_EXPECTED = 'must be a product with items, a list of products, {"product": {...}} or {"products": [...]}'


def read_products(document: str | bytes, /, *, few_below: int = 10) -> Read[tuple[ShopProduct, ...]]:
    """Read products of the Checkout API.

    - One product, a list of them, and both in their envelope are read.
    - A size's ``stock`` is a number where Stock Visible is Yes, and a word where it is No; both are read, and so are
      ``infinite`` and ``preorder``, which are a pre-order without bound whatever the warehouse holds.
    - A size without a stock field is unknown, not sold out.
    - Related products come in full or in short. Those of a related product are not read.
    - Categories, prices, pictures and texts are not read.

    Args:
        document: The reply, as text or UTF-8 bytes.
        few_below: The number of units from which on it is no longer few. Where the shop says words, it has decided.

    Returns:
        The products, in their order, each with the sizes that are sound; every other size, product and related
        product has a problem with its path. A product whose own fields or bundle are wrong is left out.

    Raises:
        InvalidDocument: If it is no JSON, or holds no products.
        InvalidArgument: If ``few_below`` is no whole number >= 0.

    Source:
        Centra's Checkout API, products; the front-end guide to pre-orders; the support page on the pre-order status.

    Examples:
        A size on the shelf and one to pre-order:

        >>> from preorder_kit.adapters.centra import read_products
        >>> found = read_products('''{"product": "412", "items": [
        ...     {"item": "412-20", "sku": "FJ-XS", "stock": 5},
        ...     {"item": "412-22", "sku": "FJ-M", "stock": "infinite"}]}''')
        >>> [(size.item, size.stock.availability.value, size.stock.quantity) for size in found.values[0].sizes]
        [('412-20', 'low_stock', 5), ('412-22', 'preorder', UNLIMITED)]

        A bad size is a problem, and the other sizes stand:

        >>> sizes = '[{"item": "412-20", "stock": 5.5}, {"item": "412-21", "stock": "no"}]'
        >>> found = read_products(f'{{"product": "412", "items": {sizes}}}')
        >>> [size.item for size in found.values[0].sizes], [str(problem) for problem in found.problems]
        (['412-21'], ['items[0].stock: must be a whole number or one of yes, few, no, infinite, preorder (got 5.5)'])
    """
    units(few_below, "few_below")
    problems: list[Problem] = []
    found = [_product(fields, few_below) for fields in _products(parse_json(document), problems)]
    return Read(tuple(product for product in found if product is not None), tuple(problems))


def _products(root: Any, problems: list[Problem]) -> list[Fields]:
    """Return the products of a reply, each on its own."""
    if isinstance(root, list):
        return rows(Fields({"": root}, "", problems), "")
    if has(root, "products"):
        return rows(Fields(root, "", problems), "products")
    if isinstance(held(root, "product"), dict):
        return [Fields(root["product"], "product", problems)]
    if not has(root, "product") and not has(root, "items"):
        raise unrecognised(_EXPECTED)
    return [Fields(root, "", problems)]


def _product(fields: Fields, few_below: int) -> ShopProduct | None:
    if not fields.holds("items"):
        fields.complain("items", "field.missing", "is missing")
    return fields.build(
        ShopProduct,
        product=fields.read("product", identifier),
        sku=fields.read("sku", identifier, default=""),
        name=fields.read("name", identifier, default=""),
        uri=fields.read("uri", identifier, default=""),
        available=fields.read("available", truth, default=None),
        minimum=fields.read("itemQuantityMinimum", count, default=1),
        multiple=fields.read("itemQuantityMultipleOf", count, default=1),
        bundle=_bundle(fields),
        sizes=_sizes(fields, few_below),
        related=_related(fields, few_below),
    )


def _sizes(product: Fields, few_below: int) -> tuple[ShopSize, ...]:
    return each_once(((fields, _size(fields, few_below)) for fields in rows(product, "items")), "item", of="item")


def _size(fields: Fields, few_below: int) -> ShopSize | None:
    return fields.build(
        ShopSize,
        item=fields.read("item", identifier),
        sku=fields.read("sku", identifier, default=""),
        ean=fields.read("ean", identifier, default=""),
        name=fields.read("name", identifier, default=""),
        stock=fields.read("stock", stock_field, default=UNKNOWN_STOCK, few_below=few_below),
        warehouses=_warehouses(fields, few_below),
    )


def _warehouses(size: Fields, few_below: int) -> dict[str, Stock]:
    found: dict[str, Stock] = {}
    for fields in size.objects("warehouses"):
        warehouse = fields.read("warehouse", identifier)
        stock = fields.read("stock", stock_field, default=UNKNOWN_STOCK, few_below=few_below)
        if warehouse in found:
            message = f"must be unique in its list (got {warehouse!r} again)"
            fields.complain("warehouse", "id.repeated", message, warehouse)
        found[warehouse] = stock
    return found


def _related(product: Fields, few_below: int) -> tuple[RelatedProduct, ...]:
    """Return the related products, which come in a list or by their ids."""
    by_id = isinstance(product._node.get("relatedProducts"), dict)
    listed = (
        [fields for _, fields in keyed_rows(product, "relatedProducts")] if by_id else rows(product, "relatedProducts")
    )
    found = [
        fields.build(
            RelatedProduct,
            product=fields.read("product", identifier),
            relation=fields.read("relation", word, default=""),
            available=fields.read("available", truth, default=None),
            sizes=_sizes(fields, few_below),
        )
        for fields in listed
    ]
    return tuple(related for related in found if related is not None)


def _bundle(product: Fields) -> ShopBundle | None:
    fields = inner(product, "bundleInfo")
    if fields is None:
        return None
    return fields.build(
        ShopBundle,
        id=fields.read("bundle", identifier),
        type=fields.read("type", word),
        kind=fields.read("type", meaning, of=BundleKind, default=None),
        price_type=fields.read("priceType", word, default=""),
        pricing=fields.read("priceType", meaning, of=BundlePricing, default=None),
        sections=[
            section.build(
                ShopSection,
                id=section.read("section", identifier),
                quantity=section.read("quantity", count, least=1),
                products=section.names("products"),
            )
            for section in fields.objects("sections")
        ],
    )


def _recognises(root: Any) -> bool:
    listed = held(root, "products") if has(root, "products") else root
    product = first(listed) if isinstance(listed, list) else listed
    if isinstance(held(product, "product"), dict):
        product = product["product"]
    return has(product, "product", "items") and isinstance(product["items"], list)


FORMATS = (
    WireFormat(
        name="centra-products",
        holds="products of the shop, with what can be sold of each size",
        recognises=_recognises,
        read=read_products,
    ),
)
