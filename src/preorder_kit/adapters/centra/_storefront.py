"""Display items as the Storefront API sends them, where pre-order and stock are facts of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from ..._checks import checked, instance, mapping, member, optional, rule, sequence, text, unique, units
from ..._documents import Fields, change, count, identifier, refuse_if, root_object, truth, unrecognised, word
from ..._wire import WireFormat, has, held
from ...errors import Read
from ...quantities import UNLIMITED
from ...stock import Availability, Stock, normalize_stock
from ._integration import complaints
from ._shop_values import WHOLE, WORDS, BundleKind, BundlePricing, each_once, inner, meaning, rows

_QUERIES = ("displayItem", "displayItems")
_EXPECTED = 'must be a Storefront reply: {"data": {"displayItem": {...}}} or {"data": {"displayItems": {...}}}'


@attrs.frozen(kw_only=True, field_transformer=checked)
class DisplaySize:
    """One size of a display item: what the shop says of it, and what that means.

    Attributes:
        id: The id that goes into the cart.
        name: The name of the size; empty if it is not said.
        sku: The SKU; empty if it is not said.
        gtin: The GTIN; empty if it is not said.
        product_size: The id of the size in the shop's back office; ``None`` if it is not said.
        preorder: Whether buying it is a pre-order.
        available: Whether it can be bought, as the shop says.
        quantity: Units in stock; below 0 if more are sold. ``None`` if it is not said: a shop needs the permission
            ``stock.quantity`` to see it.
        stock: What can be sold of it.
        warehouses: Warehouse -> what is there, where the shop shows it.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    name: str = attrs.field(default="", metadata=WORDS())
    sku: str = attrs.field(default="", metadata=WORDS())
    gtin: str = attrs.field(default="", metadata=WORDS())
    product_size: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    preorder: bool = attrs.field(metadata=rule(instance, of=bool))
    available: bool = attrs.field(metadata=rule(instance, of=bool))
    quantity: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=None))
    stock: Stock = attrs.field(metadata=rule(instance, of=Stock))
    warehouses: Mapping[str, Stock] = attrs.field(
        factory=dict, metadata=rule(mapping, key=text, check=partial(instance, of=Stock))
    )


@attrs.frozen(kw_only=True, field_transformer=checked)
class BundleOption:
    """A display item that a section of a bundle offers.

    Attributes:
        id: The display item.
        name: Its name; empty if it is not said.
        sizes: Its sizes, in their order.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: int = attrs.field(metadata=WHOLE())
    name: str = attrs.field(default="", metadata=WORDS())
    sizes: Sequence[DisplaySize] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=DisplaySize))


@attrs.frozen(kw_only=True, field_transformer=checked)
class DisplaySection:
    """One section of a bundle.

    Attributes:
        id: The section.
        quantity: Units of what is picked in one bundle, >= 1.
        options: What can be picked; of a fixed bundle, what is in it.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: int = attrs.field(metadata=WHOLE())
    quantity: int = attrs.field(metadata=WHOLE(least=1))
    options: Sequence[BundleOption] = attrs.field(metadata=rule(sequence, check=instance, of=BundleOption))


@attrs.frozen(kw_only=True, field_transformer=checked)
class DisplayBundle:
    """What a display item is made of.

    Attributes:
        id: The bundle.
        type: The vendor's word for its kind, as it was sent.
        kind: What that word means here; ``None`` if it is not known.
        price_type: The vendor's word for its pricing, as it was sent; empty if it is not said.
        pricing: What that word means here; ``None`` if it is not known.
        sections: Its sections, in their order.

    Raises:
        InvalidArgument: If a field breaks its rule, or two sections have one id.
    """

    id: int = attrs.field(metadata=WHOLE())
    type: str = attrs.field(metadata=rule(text))
    kind: BundleKind | None = attrs.field(metadata=rule(optional, check=member, of=BundleKind))
    price_type: str = attrs.field(default="", metadata=WORDS())
    pricing: BundlePricing | None = attrs.field(default=None, metadata=rule(optional, check=member, of=BundlePricing))
    sections: Sequence[DisplaySection] = attrs.field(metadata=rule(sequence, check=instance, of=DisplaySection))

    def __attrs_post_init__(self) -> None:
        unique((section.id for section in self.sections), "sections[{}].id", what="the ids of sections")


@attrs.frozen(kw_only=True, field_transformer=checked)
class DisplayItem:
    """A product as the Storefront API shows it.

    Attributes:
        id: Its id.
        name: Its name; empty if it is not said.
        uri: Its address in the shop; empty if it is not said.
        product_number: Its number; empty if it is not said.
        available: Whether any of its sizes can be bought, as the shop says; ``None`` if it does not.
        has_stock: Whether any of its sizes is in stock, as the shop says; ``None`` if it does not. A product to
            pre-order is available without it.
        minimum: The fewest units in one order; 0 and 1 ask for nothing.
        multiple: Units are sold in multiples of this; 0 and 1 ask for nothing.
        sizes: Its sizes, in their order.
        bundle: What it is made of; ``None`` if it is no bundle.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: int = attrs.field(metadata=WHOLE())
    name: str = attrs.field(default="", metadata=WORDS())
    uri: str = attrs.field(default="", metadata=WORDS())
    product_number: str = attrs.field(default="", metadata=WORDS())
    available: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    has_stock: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    minimum: int = attrs.field(default=1, metadata=WHOLE())
    multiple: int = attrs.field(default=1, metadata=WHOLE())
    sizes: Sequence[DisplaySize] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=DisplaySize))
    bundle: DisplayBundle | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=DisplayBundle))


def read_display_items(document: str | bytes, /, *, few_below: int = 10) -> Read[tuple[DisplayItem, ...]]:
    """Read display items from a reply of the Storefront API.

    What a size's facts mean, the first row that fits:

    =====================================================  ===============================================
    the facts                                              ``stock``
    =====================================================  ===============================================
    ``preorder``                                           preorder, without bound, whatever the quantity
    not ``available``                                      out_of_stock; a quantity below 0 is oversold
    ``available``, no ``quantity``                         in_stock, not disclosed
    ``available``, a ``quantity`` above 0                  in_stock or low_stock, that quantity
    ``available``, a ``quantity`` of 0 or less             backorder, not disclosed: it is sold to wait
    =====================================================  ===============================================

    A size of which ``preorder`` is not said is a problem: it could be any of these.

    Args:
        document: The reply to ``displayItem`` or ``displayItems``, as text or UTF-8 bytes.
        few_below: The number of units from which on it is no longer few.

    Returns:
        The display items, in their order, each with the sizes that are sound; every other size and item, and every
        error that the reply names, is a problem with its path. An item whose own fields or bundle are wrong is left
        out. A display item that is ``null`` is none.

    Raises:
        InvalidDocument: If it is no JSON, no such reply, or holds errors and no data.
        InvalidArgument: If ``few_below`` is no whole number >= 0.

    Source:
        Centra's Storefront API, the types DisplayItem, Item, Stock and Bundle. That a size that is available without
        stock and no pre-order is sold to wait is read from what its fields say; the pages do not say it.

    Examples:
        A size to pre-order, and one that is sold out:

        >>> from preorder_kit.adapters.centra import read_display_items
        >>> found = read_display_items('''{"data": {"displayItem": {"id": 412, "hasStock": false, "items": [
        ...     {"id": "412-20", "preorder": true, "stock": {"available": true, "quantity": 0}},
        ...     {"id": "412-21", "preorder": false, "stock": {"available": false}}]}}}''')
        >>> [(size.id, size.stock.availability.value, size.quantity) for size in found.values[0].sizes]
        [('412-20', 'preorder', 0), ('412-21', 'out_of_stock', None)]

        What the server could not answer is a problem:

        >>> errors = '[{"message": "no permission", "path": ["displayItem"]}]'
        >>> print(*read_display_items(f'{{"data": {{"displayItem": null}}, "errors": {errors}}}').problems)
        errors[0]: Centra says about displayItem: no permission
    """
    units(few_below, "few_below")
    root = root_object(document, _EXPECTED)
    if not has(root._node, "data") and not has(root._node, "errors"):
        root = Fields({"data": root._node}, "", root.problems)  # a client may have taken the envelope off
    found = [_item(fields, few_below) for fields in _listed(_answered(root))]
    return Read(tuple(item for item in found if item is not None), tuple(root.problems))


def _answered(root: Fields) -> Fields:
    """Return what a reply holds under ``data``; its errors are problems, and all that there is if there is no data."""
    complaints(root, "errors")
    data = root.object("data")
    if data is None:
        refuse_if(root.problems)
    if data is None or not any(has(data._node, key) for key in _QUERIES):
        raise unrecognised(_EXPECTED)
    return data


def _listed(data: Fields) -> list[Fields]:
    """Return the display items of a reply, each on its own."""
    one, several = inner(data, "displayItem"), inner(data, "displayItems")
    found = [one] if one else []
    if several:
        found += rows(several, "list")
        complaints(several, "userErrors")
    return found


def _item(fields: Fields, few_below: int) -> DisplayItem | None:
    return fields.build(
        DisplayItem,
        id=fields.read("id", count),
        name=fields.read("name", identifier, default=""),
        uri=fields.read("uri", identifier, default=""),
        product_number=fields.read("productNumber", identifier, default=""),
        available=fields.read("available", truth, default=None),
        has_stock=fields.read("hasStock", truth, default=None),
        minimum=fields.read("minimumOrderQuantity", count, default=1),
        multiple=fields.read("orderQuantityDenominator", count, default=1),
        sizes=_sizes(fields, few_below),
        bundle=_bundle(fields, few_below),
    )


def _sizes(item: Fields, few_below: int) -> tuple[DisplaySize, ...]:
    return each_once(((fields, _size(fields, few_below)) for fields in rows(item, "items")), "id", of="id")


def _size(fields: Fields, few_below: int) -> DisplaySize | None:
    preorder = fields.read("preorder", truth)
    available, quantity = _facts(fields)
    return fields.build(
        partial(_display_size, few_below=few_below),
        id=fields.read("id", identifier),
        name=fields.read("name", identifier, default=""),
        sku=fields.read("sku", identifier, default=""),
        gtin=fields.read("GTIN", identifier, default=""),
        product_size=fields.read("productSizeId", count, default=None),
        preorder=preorder,
        available=available,
        quantity=quantity,
        warehouses=_warehouses(fields, few_below),
    )


def _display_size(*, few_below: int, **facts: Any) -> DisplaySize:
    stock = _PREORDER if facts["preorder"] else _shelf(facts["quantity"], few_below, available=facts["available"])
    return DisplaySize(stock=stock, **facts)


def _facts(fields: Fields) -> tuple[bool, int | None]:
    """Return whether it is available and the quantity of a ``stock``; of no use after a problem."""
    stock = fields.object("stock")
    if stock is None:
        if not fields.holds("stock"):
            fields.complain("stock", "field.missing", "is missing")
        return False, None
    return stock.read("available", truth), stock.read("quantity", change, default=None)


_PREORDER = Stock(availability=Availability.PREORDER, quantity=UNLIMITED)


def _shelf(quantity: int | None, few_below: int, *, available: bool) -> Stock:
    """Return what can be sold of what is no pre-order."""
    oversold = max(0, -(quantity or 0))
    if not available:
        return Stock(availability=Availability.OUT_OF_STOCK, quantity=0, oversold=oversold)
    if quantity is None:
        return Stock(availability=Availability.IN_STOCK, quantity=None)
    if quantity > 0:
        return normalize_stock(quantity, few_below=few_below)
    return Stock(availability=Availability.BACKORDER, quantity=None, oversold=oversold)


def _warehouses(size: Fields, few_below: int) -> dict[str, Stock]:
    found: dict[str, Stock] = {}
    for fields in size.objects("stockByWarehouse"):
        warehouse = fields.read("warehouseId", identifier)
        available, quantity = _facts(fields)
        if warehouse in found:
            message = f"must be unique in its list (got {warehouse!r} again)"
            fields.complain("warehouseId", "id.repeated", message, warehouse)
        if fields.is_sound:
            found[warehouse] = _shelf(quantity, few_below, available=available)
    return found


def _bundle(item: Fields, few_below: int) -> DisplayBundle | None:
    fields = inner(item, "bundle")
    if fields is None:
        return None
    return fields.build(
        DisplayBundle,
        id=fields.read("id", count),
        type=fields.read("type", word),
        kind=fields.read("type", meaning, of=BundleKind, default=None),
        price_type=fields.read("priceType", word, default=""),
        pricing=fields.read("priceType", meaning, of=BundlePricing, default=None),
        sections=[_section(section, few_below) for section in fields.objects("sections")],
    )


def _section(fields: Fields, few_below: int) -> DisplaySection | None:
    return fields.build(
        DisplaySection,
        id=fields.read("id", count),
        quantity=fields.read("quantity", count, least=1),
        options=[
            option.build(
                BundleOption,
                id=option.read("id", count),
                name=option.read("name", identifier, default=""),
                sizes=_sizes(option, few_below),
            )
            for option in fields.objects("items")
        ],
    )


def _recognises(root: Any) -> bool:
    return isinstance(held(root, "data", "displayItem"), dict) or isinstance(held(root, "data", "displayItems"), dict)


FORMATS = (
    WireFormat(
        name="centra-display-items",
        holds="products of the storefront, with what can be sold of each size",
        recognises=_recognises,
        read=read_display_items,
    ),
)
