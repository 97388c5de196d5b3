"""Whether a variant can be bought when it is out of stock."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import partial

from ..._checks import instance, mapping
from ...stock import CartAction, Stock, cart_action
from ._requests import batches, gid, request

__all__ = ["InventoryPolicy", "inventory_policy", "write_inventory_policies"]

_QUERY = """\
mutation productVariantsBulkUpdate($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants) {
    productVariants {
      id
      inventoryPolicy
    }
    userErrors {
      field
      message
    }
  }
}
"""


class InventoryPolicy(StrEnum):
    """Whether a variant can be bought when its inventory is used up: sold on, or not."""

    CONTINUE = "continue"
    DENY = "deny"


def inventory_policy(stock: Stock, /) -> InventoryPolicy:
    """Say whether a variant can be bought when its inventory is used up.

    Args:
        stock: Its reading, not masked: what can be sold to wait beyond the stock counts.

    Returns:
        CONTINUE for a pre-order, a backorder, and stock beyond which units can be sold to wait; DENY for the rest,
        unknown readings too.

    Raises:
        InvalidArgument: If ``stock`` is of another type.

    Source:
        https://shopify.dev/docs/api/admin-graphql/latest/enums/ProductVariantInventoryPolicy. CONTINUE knows no bound:
        where so many units and no more may wait, derive the reading again with each sale, and write it if it changed.

    Examples:
        A pre-order is sold on:

        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.shopify import inventory_policy
        >>> inventory_policy(normalize_stock("preorder")).name
        'CONTINUE'

        Stock is sold until it is used up:

        >>> inventory_policy(normalize_stock(12)).name
        'DENY'
    """
    waits = cart_action(stock) in {CartAction.PREORDER, CartAction.BACKORDER} or stock.later > 0
    return InventoryPolicy.CONTINUE if waits else InventoryPolicy.DENY


def write_inventory_policies(stocks: Mapping[str, Stock], /, *, product_id: str) -> tuple[str, ...]:
    """Write the requests that say whether a product's variants are sold on: ``productVariantsBulkUpdate``.

    Args:
        stocks: Global id of a variant -> its reading, not masked.
        product_id: The global id of their product.

    Returns:
        The bodies of the requests, each with at most 250 variants, in the order given; none for no variants.

    Raises:
        InvalidArgument: If an id is none, or a value is no reading.

    Source:
        https://shopify.dev/docs/api/admin-graphql/latest/mutations/productVariantsBulkUpdate and
        https://shopify.dev/docs/api/usage/limits.

    Examples:
        One of two variants may be sold on:

        >>> import json
        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.shopify import write_inventory_policies
        >>> stocks = {"gid://shopify/ProductVariant/1": normalize_stock("preorder")}
        >>> stocks["gid://shopify/ProductVariant/2"] = normalize_stock(0)
        >>> [body] = write_inventory_policies(stocks, product_id="gid://shopify/Product/3")
        >>> [variant["inventoryPolicy"] for variant in json.loads(body)["variables"]["variants"]]
        ['CONTINUE', 'DENY']

        Nothing to say, nothing to send:

        >>> write_inventory_policies({}, product_id="gid://shopify/Product/3")
        ()
    """
    check = partial(instance, of=Stock)
    found = mapping(stocks, "stocks", key=partial(gid, kind="ProductVariant"), check=check)
    product = gid(product_id, "product_id", kind="Product")
    variants = [{"id": name, "inventoryPolicy": inventory_policy(stock).name} for name, stock in found.items()]
    return tuple(request(_QUERY, {"productId": product, "variants": batch}) for batch in batches(variants))
