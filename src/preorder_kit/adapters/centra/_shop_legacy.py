"""Products as the legacy Shop API sends them: by their ids, with stock by market."""

from __future__ import annotations

from typing import Any

from ..._checks import optional, text, units
from ..._documents import Fields, identifier, root_object, unrecognised
from ..._wire import WireFormat, has, held
from ...errors import Read
from ...stock import Stock
from ._shop_values import UNKNOWN_STOCK, ShopProduct, ShopSize, each_once, inner, keyed_rows, stock_field

_EXPECTED = "must be a product of the Shop API, or an object that holds products by their ids"


def read_shop_products(
    document: str | bytes, /, *, market: str | None = None, few_below: int = 10
) -> Read[tuple[ShopProduct, ...]]:
    """Read products of the legacy Shop API, which says stock by market.

    Args:
        document: The reply, one product or products by their ids, as text or UTF-8 bytes.
        market: The market whose stock each size's ``stock`` is; ``None``: that of the only market that the size
            names. What is not said of that market is unknown, not sold out.
        few_below: The number of units from which on it is no longer few.

    Returns:
        The products, in their order, each with the sizes that are sound; every other size and product is a problem
        with its path. ``markets`` holds the reading of every market, of a size and of all sizes together.

    Raises:
        InvalidDocument: If it is no JSON, or holds no products.
        InvalidArgument: If ``market`` is blank, or ``few_below`` no whole number >= 0.

    Source:
        The shapes that clients of Centra's Shop API read; the types of its numbers differ between them.

    Examples:
        Four units in market 1:

        >>> from preorder_kit.adapters.centra import read_shop_products
        >>> document = '{"product": "412", "items": {"412-20": {"item": "412-20", "stockByMarket": {"1": "4"}}}}'
        >>> [size] = read_shop_products(document, market="1").values[0].sizes
        >>> size.stock.availability.value, size.stock.quantity
        ('low_stock', 4)

        Of market 2 nothing is known:

        >>> read_shop_products(document, market="2").values[0].sizes[0].stock.availability.value
        'unknown'
    """
    optional(market, "market", check=text)
    units(few_below, "few_below")
    root = root_object(document, _EXPECTED)
    found = [_product(fields, key, market, few_below) for key, fields in _products(root)]
    return Read(tuple(product for product in found if product is not None), tuple(root.problems))


def _products(root: Fields) -> list[tuple[str | None, Fields]]:
    """Return the products of a reply, each on its own, with the id that they stand under."""
    if has(root._node, "items"):
        return [(None, root)]
    if root._node and not any(isinstance(node, dict) for node in root._node.values()):
        raise unrecognised(_EXPECTED)
    return [*keyed_rows(Fields({"": root._node}, "", root.problems), "")]


def _product(fields: Fields, key: str | None, market: str | None, few_below: int) -> ShopProduct | None:
    if not fields.holds("items"):
        fields.complain("items", "field.missing", "is missing")
    sizes = ((size, _size(size, name, market, few_below)) for name, size in keyed_rows(fields, "items"))
    return fields.build(
        ShopProduct,
        product=fields.read("product", identifier) if key is None else fields.read("product", identifier, default=key),
        sku=fields.read("sku", identifier, default=""),
        name=fields.read("name", identifier, default=""),
        uri=fields.read("uri", identifier, default=""),
        sizes=each_once(sizes, "item", of="item"),
        markets={
            name: total.read("stockOfAllItems", stock_field, default=UNKNOWN_STOCK, few_below=few_below)
            for name, total in keyed_rows(fields, "markets")
        },
    )


def _size(fields: Fields, key: str, market: str | None, few_below: int) -> ShopSize | None:
    by_market = _by_market(fields, few_below)
    only = next(iter(by_market)) if len(by_market) == 1 else None
    return fields.build(
        ShopSize,
        item=fields.read("item", identifier, default=key),
        sku=fields.read("sku", identifier, default=""),
        ean=fields.read("ean", identifier, default=""),
        name=fields.read("name", identifier, default=""),
        stock=by_market.get(only if market is None else market, UNKNOWN_STOCK),
        markets=by_market,
    )


def _by_market(size: Fields, few_below: int) -> dict[str | None, Stock]:
    listed = inner(size, "stockByMarket")
    if listed is None:
        return {}
    return {
        market: listed.read(market, stock_field, default=UNKNOWN_STOCK, few_below=few_below) for market in listed._node
    }


def _recognises(root: Any) -> bool:
    product = root if has(root, "items") else _any_value(root)
    size = _any_value(held(product, "items"))
    return has(size, "stockByMarket")


def _any_value(root: Any) -> Any:
    return next(iter(root.values()), None) if isinstance(root, dict) else None


FORMATS = (
    WireFormat(
        name="centra-shop-products",
        holds="products of the legacy shop, with what can be sold of each size by market",
        recognises=_recognises,
        read=read_shop_products,
    ),
)
