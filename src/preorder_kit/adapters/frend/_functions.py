"""The three functions of the formatter: what one stock field says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._checks import refused, units
from ...errors import InvalidStock
from ...stock import Availability, PublicLabel, Stock, normalize_stock, public_label

UNKNOWN_STOCK = Stock(availability=Availability.UNKNOWN, quantity=None)


def get_stock(stock: object) -> PublicLabel:
    """Return what may be said in public of a stock field: ``yes``, ``few`` or ``no``, never the number.

    Args:
        stock: What the field holds, whatever it is.

    Returns:
        ``few`` for 1 to 9 units; ``yes`` for more, and for a pre-order; ``no`` for everything that cannot be read.

    Examples:
        Numbers, words, and what is neither:

        >>> from preorder_kit.adapters.frend import get_stock
        >>> [get_stock(stock) for stock in (10, 9, 0, -2, "few", "infinite", "preorder")]
        ['yes', 'few', 'no', 'no', 'few', 'yes', 'yes']
        >>> [get_stock(stock) for stock in (None, True, 5.5, "1e3", [5])]
        ['no', 'no', 'no', 'no', 'no']
    """
    return public_label(_reading(stock))


def get_size_available(data: Mapping[str, Any], i: int) -> bool:
    """Return whether a size of a product can be bought, now or as a pre-order.

    Args:
        data: The product, as parsed from the JSON of Centra's Checkout API.
        i: The place of the size in its ``items``, from 0.

    Returns:
        Whether it can; ``False`` for a stock field that is missing or cannot be read.

    Raises:
        InvalidArgument: If ``data`` is no product, or holds no size there. The stock itself is never refused.

    Examples:
        A size to pre-order is available in both settings of Stock Visible:

        >>> from preorder_kit.adapters.frend import get_size_available
        >>> product = {"items": [{"stock": "infinite"}, {"stock": "preorder"}, {"stock": 0}, {"stock": 5.5}]}
        >>> [get_size_available(product, i) for i in range(4)]
        [True, True, False, False]

        A size that is not there is the caller's mistake:

        >>> get_size_available(product, 4)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: i: must be the place of one of 4 sizes, from 0 (got 4)
    """
    return _reading(_stock_at(data, i)).is_available


def get_size_preorder(data: Mapping[str, Any], i: int) -> bool:
    """Return whether buying a size of a product is a pre-order.

    Args:
        data: The product, as parsed from the JSON of Centra's Checkout API.
        i: The place of the size in its ``items``, from 0.

    Returns:
        Whether it is; only a size that is available is.

    Raises:
        InvalidArgument: If ``data`` is no product, or holds no size there. The stock itself is never refused.

    Examples:
        Ordinary stock and a pre-order:

        >>> from preorder_kit.adapters.frend import get_size_preorder
        >>> product = {"items": [{"stock": 5}, {"stock": "infinite"}, {"stock": "preorder"}]}
        >>> [get_size_preorder(product, i) for i in range(3)]
        [False, True, True]

        A product without sizes is the caller's mistake:

        >>> get_size_preorder({"product": "412"}, 0)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: data.items: must be the list of the product's sizes (got None)
    """
    return _reading(_stock_at(data, i)).is_preorder


def _reading(stock: object) -> Stock:
    try:
        return normalize_stock(stock)
    except InvalidStock:
        return UNKNOWN_STOCK


def _stock_at(data: object, i: int) -> object:
    items = sizes_of(data)
    place = units(i, "i", least=None)
    if not -len(items) <= place < len(items):  # from the end too, as a list does
        raise refused("i", f"must be the place of one of {len(items)} sizes, from 0", i, code="size.missing")
    item = items[place]
    if not isinstance(item, Mapping):
        raise refused(f"data.items[{place}]", "must be an object", item, code="type.invalid")
    return item.get("stock")


def sizes_of(data: object) -> Sequence[object]:
    """Return the sizes of a product, whatever they are."""
    if not isinstance(data, Mapping):
        raise refused("data", "must be a product: an object with items", data, code="type.invalid")
    items = data.get("items")
    if not isinstance(items, list | tuple):
        raise refused("data.items", "must be the list of the product's sizes", items, code="type.invalid")
    return items
