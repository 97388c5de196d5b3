"""What Centra's shop side says of products, sizes and bundles, as values; and how their fields are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import TypeVar

import attrs

from ..._checks import checked, instance, mapping, member, optional, rule, sequence, text, units
from ..._documents import Fields, _list, change
from ...errors import InvalidArgument
from ...stock import Availability, Stock, normalize_stock

_T = TypeVar("_T")
_Enum = TypeVar("_Enum", bound=StrEnum)

UNKNOWN_STOCK = Stock(availability=Availability.UNKNOWN, quantity=None)
WHOLE = partial(rule, units)
WORDS = partial(rule, text, empty=True)


class BundleKind(StrEnum):
    """Who chooses what a bundle is made of: the shop, or the shopper, section by section."""

    FIXED = "fixed"
    FLEXIBLE = "flexible"


class BundlePricing(StrEnum):
    """Whether a bundle has a price of its own, or that of what is chosen."""

    STATIC = "static"
    DYNAMIC = "dynamic"


@attrs.frozen(kw_only=True, field_transformer=checked)
class ShopSize:
    """One size of a product, as a shop page sees it.

    Attributes:
        item: The id that goes into the cart.
        sku: The SKU; empty if it is not said.
        ean: The EAN; empty if it is not said.
        name: The name of the size; empty if it is not said.
        stock: What can be sold of it.
        warehouses: Warehouse -> what is there, where the shop shows it. A warehouse that is not named is not empty.
        markets: Market -> what can be sold in it, where the document says so by market.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    item: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(default="", metadata=WORDS())
    ean: str = attrs.field(default="", metadata=WORDS())
    name: str = attrs.field(default="", metadata=WORDS())
    stock: Stock = attrs.field(metadata=rule(instance, of=Stock))
    warehouses: Mapping[str, Stock] = attrs.field(
        factory=dict, metadata=rule(mapping, key=text, check=partial(instance, of=Stock))
    )
    markets: Mapping[str, Stock] = attrs.field(
        factory=dict, metadata=rule(mapping, key=text, check=partial(instance, of=Stock))
    )


@attrs.frozen(kw_only=True, field_transformer=checked)
class ShopSection:
    """One section of a bundle, as the Checkout API says it: by products, not by sizes.

    Attributes:
        id: The section.
        quantity: Units of it in one bundle, >= 1.
        products: The products that can be chosen; of a fixed bundle, the one that is in it.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=WHOLE(least=1))
    products: Sequence[str] = attrs.field(metadata=rule(sequence, check=text))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ShopBundle:
    """What a product of the Checkout API is made of.

    Attributes:
        id: The bundle.
        type: The vendor's word for its kind, as it was sent.
        kind: What that word means here; ``None`` if it is not known.
        price_type: The vendor's word for its pricing, as it was sent; empty if it is not said.
        pricing: What that word means here; ``None`` if it is not known.
        sections: Its sections, in their order.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    type: str = attrs.field(metadata=rule(text))
    kind: BundleKind | None = attrs.field(metadata=rule(optional, check=member, of=BundleKind))
    price_type: str = attrs.field(default="", metadata=WORDS())
    pricing: BundlePricing | None = attrs.field(default=None, metadata=rule(optional, check=member, of=BundlePricing))
    sections: Sequence[ShopSection] = attrs.field(metadata=rule(sequence, check=instance, of=ShopSection))


@attrs.frozen(kw_only=True, field_transformer=checked)
class RelatedProduct:
    """A product that another one points to; it may be said in full or in short.

    Attributes:
        product: The product.
        relation: The vendor's word for how they belong together; empty if it is not said.
        available: Whether any of its sizes can be bought, as the shop says; ``None`` if it does not.
        sizes: Its sizes, if it is said in full.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    product: str = attrs.field(metadata=rule(text))
    relation: str = attrs.field(default="", metadata=WORDS())
    available: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    sizes: Sequence[ShopSize] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=ShopSize))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ShopProduct:
    """A product on a shop's page, with its sizes.

    Attributes:
        product: Its id.
        sku: Its SKU, without the size; empty if it is not said.
        name: Its name; empty if it is not said.
        uri: Its address in the shop; empty if it is not said.
        available: Whether any of its sizes can be bought, as the shop says; ``None`` if it does not. A size to
            pre-order counts.
        minimum: The fewest units in one order; 0 and 1 ask for nothing.
        multiple: Units are sold in multiples of this; 0 and 1 ask for nothing.
        sizes: Its sizes, in their order.
        bundle: What it is made of; ``None`` if it is no bundle.
        related: Products that it points to, such as its other colours.
        markets: Market -> what can be sold in it of all sizes together, where the document says so by market.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    product: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(default="", metadata=WORDS())
    name: str = attrs.field(default="", metadata=WORDS())
    uri: str = attrs.field(default="", metadata=WORDS())
    available: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    minimum: int = attrs.field(default=1, metadata=WHOLE())
    multiple: int = attrs.field(default=1, metadata=WHOLE())
    sizes: Sequence[ShopSize] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=ShopSize))
    bundle: ShopBundle | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=ShopBundle))
    related: Sequence[RelatedProduct] = attrs.field(
        default=(), metadata=rule(sequence, check=instance, of=RelatedProduct)
    )
    markets: Mapping[str, Stock] = attrs.field(
        factory=dict, metadata=rule(mapping, key=text, check=partial(instance, of=Stock))
    )


def stock_field(value: object, path: str, *, few_below: int) -> Stock:
    """Return what a stock field says; a whole number may be written with a point, as in 5.0."""
    if isinstance(value, Decimal):
        with suppress(InvalidArgument):  # the refusal below says what a stock field may hold
            value = change(value, path)
    return normalize_stock(value, few_below=few_below)


def meaning(value: object, path: str, *, of: type[_Enum]) -> _Enum | None:  # noqa: ARG001  # a check, as the others
    """Return what a word of an open list means here, ``None`` if it is not known."""
    sent = value.strip().lower() if isinstance(value, str) else ""
    return next((known for known in of if known.value == sent), None)


def rows(whole: Fields, key: str) -> list[Fields]:
    """Return the objects in the list ``key``, each on its own: what is wrong with one is not wrong with the whole."""
    listed = whole.read(key, _list, default=[])
    return Fields({key: listed}, whole.path, whole.problems).objects(key)


def keyed_rows(whole: Fields, key: str) -> list[tuple[str, Fields]]:
    """Return the objects that the object ``key`` holds, with their keys, each on its own as in `rows`."""
    found = inner(whole, key)
    node = found._node if found else {}
    return Fields({key: node}, whole.path, whole.problems).entries(key)


def inner(whole: Fields, key: str) -> Fields | None:
    """Return the object ``key``, or ``None`` if there is none; where it is empty it may come as an empty list."""
    return None if whole._node.get(key) == [] else whole.object(key)


def each_once(found: Iterable[tuple[Fields, _T | None]], key: str, *, of: str) -> tuple[_T, ...]:
    """Return what could be read of rows; one whose id, its attribute ``of``, an earlier one has is a problem."""
    sound: dict[object, _T] = {}
    for fields, value in found:
        if value is None:
            continue
        name = getattr(value, of)
        if name in sound:
            fields.complain(key, "id.repeated", f"must be unique in its list (got {name!r} again)", name)
        else:
            sound[name] = value
    return tuple(sound.values())
