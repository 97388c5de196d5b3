"""Stock through the Order API (REST): what is there, what is to be there, and what Centra makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from ..._checks import checked, instance, optional, rule, sequence, text, unique, units
from ..._documents import Fields, count, encode, identifier, refuse_if, root_object, unrecognised, word
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ._integration import CentraMoney, SizeKey, id_or_none, major, read_money, size_key
from ._stock_levels import StockQuantities
from ._stock_supply import supply_from_stock

__all__ = [
    "StockClamp",
    "StockReply",
    "StockUpdate",
    "clamped_updates",
    "read_order_api_stock",
    "read_stock_reply",
    "read_stock_updates",
    "write_stock_updates",
]


def answered(document: str | bytes, expected: str, *keys: str) -> Fields:
    """Return what the Order API replies; it holds one of the keys, or says why it does not."""
    root = root_object(document, expected)
    status = root.read("status", word, default="ok")
    if root.is_sound and status.lower() == "no":
        said = root.read("msg", word, default="nothing more")
        root.complain("status", "centra.refused", f"Centra says no: {said}", said)
        refuse_if(root.problems)
    if not any(root.holds(key) for key in keys):
        refuse_if(root.problems)
        raise unrecognised(expected)
    return root


def product_names(fields: Fields, key: SizeKey) -> dict[str, Any]:
    """Return the names of a product in the Order API: its SKU is three, joined, or its EAN if all are empty."""
    joined = "".join(fields.read(part, identifier, default="") for part in ("sku", "variantSku", "sizeSku"))
    gtin = fields.read("ean", identifier, default="") or fields.read("upc", identifier, default="")
    sku = gtin if key is SizeKey.GTIN else joined or gtin
    if not sku:
        fields.complain("ean" if key is SizeKey.GTIN else "sku", "field.missing", "is missing")
    return {"sku": sku, "gtin": gtin}


def read_order_api_stock(
    document: str | bytes, /, *, named_by: SizeKey = SizeKey.SKU
) -> Read[tuple[StockQuantities, ...]]:
    """Read the stock of a page of ``GET /stock``.

    Args:
        document: The reply of the Order API, as text or UTF-8 bytes.
        named_by: Which name of a size is its SKU here: ``sku``, ``variantSku`` and ``sizeSku`` joined, or the ``ean``.

    Returns:
        One value for each size that is sound: ``physicalStock``, ``allocatedStock``, and ``availableStock`` as what is
        free to allocate. Numbers that contradict each other are a problem.

    Raises:
        InvalidDocument: If it is no such reply, or the API refused.

    Source:
        Centra's Order API, Get stock.

    Examples:
        Four of five are free:

        >>> from preorder_kit.adapters.centra import read_order_api_stock
        >>> size = '{"sku": "FJ", "variantSku": "774", "sizeSku": "S", "physicalStock": "5", "allocatedStock": 1, %s}'
        >>> document = '{"status": "ok", "products": [%s]}' % (size % '"availableStock": 4')
        >>> [stock] = read_order_api_stock(document).complete()
        >>> print(stock.sku, stock.physical, stock.allocated, stock.free_to_allocate)
        FJ774S 5 1 4

        A refusal:

        >>> read_order_api_stock('{"status": "no", "msg": "Wrong key"}')
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: status: Centra says no: Wrong key
    """
    key = size_key(named_by)
    root = answered(document, "must be a reply of the Order API with products and their stock", "products")
    found = [_product(fields, key) for fields in root.objects("products")]
    return Read(tuple(stock for stock in found if stock is not None), tuple(root.problems))


def _product(fields: Fields, key: SizeKey) -> StockQuantities | None:
    physical, allocated, free = (fields.read(f"{name}Stock", count) for name in ("physical", "allocated", "available"))
    if fields.is_sound and physical != allocated + free:
        message = f"must be {allocated + free}, allocatedStock + availableStock (got {physical})"
        fields.complain("physicalStock", "centra.contradiction", message, physical)
    return fields.build(
        StockQuantities,
        size_id=fields.read("stockItemId", id_or_none, default=None),
        variant=fields.read("variantId", id_or_none, default=None),
        size=fields.read("size", identifier, default=""),
        physical=physical,
        allocated=allocated,
        free_to_allocate=free,
        **product_names(fields, key),
    )


def is_order_api_stock(root: Any) -> bool:
    """Return whether a JSON value is a page of the Order API's stock."""
    return has(first(held(root, "products")), "physicalStock")


@attrs.frozen(kw_only=True, field_transformer=checked)
class StockUpdate:
    """What is on the shelf of one size: physical stock, units reserved for orders included.

    Attributes:
        product: The size: its EAN, its UPC, or its ``sku``, ``variantSku`` and ``sizeSku`` joined.
        quantity: Units, >= 0.
        cost: What one unit costs.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    product: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units))
    cost: CentraMoney | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=CentraMoney))


def _updates(value: object) -> tuple[StockUpdate, ...]:
    found = sequence(value, "updates", check=instance, of=StockUpdate)
    unique((update.product for update in found), "updates[{}].product", what="the products of an update")
    return found


def write_stock_updates(updates: Sequence[StockUpdate], /) -> str:
    """Write the body of ``POST /stock``.

    A quantity below what is allocated is raised to it in silence: ask `clamped_updates` before. Bundles cannot be set;
    their stock is that of what they are made of.

    Args:
        updates: What is on the shelf, each product once.

    Returns:
        The body.

    Raises:
        InvalidArgument: If an update is none, or a product comes twice.

    Source:
        Centra's Order API, Update stock.

    Examples:
        With what it costs:

        >>> from preorder_kit.adapters.centra import CentraMoney, StockUpdate, write_stock_updates
        >>> cost = CentraMoney(minor=1254, currency="SEK")
        >>> print(write_stock_updates([StockUpdate(product="7050000000021", quantity=54, cost=cost)]))
        {
          "products": [
            {
              "product": "7050000000021",
              "quantity": 54,
              "costPrice": 12.54,
              "costPriceCurrency": "SEK"
            }
          ]
        }
    """
    return encode({"products": [_row(update) for update in _updates(updates)]})


def _row(update: StockUpdate) -> dict[str, Any]:
    row: dict[str, Any] = {"product": update.product, "quantity": update.quantity}
    if update.cost is not None:
        row |= {"costPrice": major(update.cost), "costPriceCurrency": update.cost.currency}
    return row


def read_stock_updates(document: str | bytes, /) -> Read[tuple[StockUpdate, ...]]:
    """Read the body of ``POST /stock``: the inverse of `write_stock_updates`.

    Args:
        document: The body, as text or UTF-8 bytes.

    Returns:
        The updates that are sound, and the problems of the others.

    Raises:
        InvalidDocument: If it is no such body.

    Source:
        Centra's Order API, Update stock.

    Examples:
        A quantity that is none:

        >>> from preorder_kit.adapters.centra import read_stock_updates
        >>> print(*read_stock_updates('{"products": [{"product": "FJ774M", "quantity": 5.9}]}').problems)
        products[0].quantity: must be a whole number >= 0 (got 5.9)
    """
    expected = "must be the body of POST /stock, with products and their quantity"
    root = root_object(document, expected)
    if not root.holds("products"):
        raise unrecognised(expected)
    found = [
        fields.build(
            StockUpdate,
            product=fields.read("product", identifier),
            quantity=fields.read("quantity", count),
            cost=read_money(fields, "costPrice", "costPriceCurrency"),
        )
        for fields in root.objects("products")
    ]
    return Read(tuple(update for update in found if update is not None), tuple(root.problems))


def is_stock_updates(root: Any) -> bool:
    """Return whether a JSON value is the body of an update of stock."""
    row = first(held(root, "products"))
    return has(row, "product", "quantity") and not has(row, "sizeSku") and not has(root, "status")


@attrs.frozen(kw_only=True, field_transformer=checked)
class StockReply:
    """What Centra says to an update of stock.

    Attributes:
        accepted: Whether all of it was taken.
        message: Why not; empty if it was, or Centra does not say.
        not_found: Products that it does not know.
        bundles: Products that are bundles, whose stock cannot be set.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    accepted: bool = attrs.field(metadata=rule(instance, of=bool))
    message: str = attrs.field(default="", metadata=rule(text, empty=True))
    not_found: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))
    bundles: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))


def read_stock_reply(document: str | bytes, /) -> StockReply:
    """Read the reply to ``POST /stock``. That a quantity was raised to what is allocated is not in it.

    Args:
        document: The reply, as text or UTF-8 bytes.

    Returns:
        Whether it was accepted, and which products were not updated.

    Raises:
        InvalidDocument: If it is no such reply; with all of its problems.

    Source:
        Centra's Order API, Update stock.

    Examples:
        A refusal in part:

        >>> from preorder_kit.adapters.centra import read_stock_reply
        >>> reply = read_stock_reply('{"status": "no", "errors": {"productsAreBundles": ["SET-1"]}}')
        >>> print(reply.accepted, reply.bundles)
        False ('SET-1',)
    """
    expected = "must be the reply to POST /stock, with a status"
    root = root_object(document, expected)
    if not root.holds("status"):
        raise unrecognised(expected)
    status = root.read("status", word)
    if root.is_sound and status.lower() not in {"ok", "no"}:
        root.complain("status", "choice.invalid", f"must be ok or no (got {status!r})", status)
    errors = root.object("errors")
    not_found, bundles = ([], []) if errors is None else map(errors.names, ("productsNotFound", "productsAreBundles"))
    message = root.read("msg", word, default="")
    refuse_if(root.problems)
    return StockReply(accepted=status.lower() == "ok", message=message, not_found=not_found, bundles=bundles)


def is_stock_reply(root: Any) -> bool:
    """Return whether a JSON value is the reply to an update of stock."""
    return has(root, "status") and root.keys() <= {"status", "msg", "errors"} and isinstance(root["status"], str)


@attrs.frozen(kw_only=True, field_transformer=checked)
class StockClamp:
    """A quantity that Centra raises in silence: it does not take less than is allocated.

    Attributes:
        product: The size.
        asked: What is to be set.
        becomes: What it becomes: the units allocated.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    product: str = attrs.field(metadata=rule(text))
    asked: int = attrs.field(metadata=rule(units))
    becomes: int = attrs.field(metadata=rule(units))


def clamped_updates(updates: Sequence[StockUpdate], /, *, stock: Sequence[StockQuantities]) -> tuple[StockClamp, ...]:
    """Say which quantities Centra would raise to what is allocated, without a word of it in its reply.

    Args:
        updates: What is to be set.
        stock: What Centra has, as `read_order_api_stock` read it: a product is found by its SKU or its GTIN. Of a
            product that is not in it nothing is said.

    Returns:
        One value for each update that would be raised, in their order.

    Raises:
        InvalidArgument: If an argument is of another type, or a product comes twice.

    Source:
        Centra's Order API, Update stock: a lower amount is set to ``allocatedStock``, and no error is returned.

    Examples:
        Three are allocated, so that two become three:

        >>> from preorder_kit.adapters.centra import StockQuantities, StockUpdate, clamped_updates
        >>> stock = [StockQuantities(sku="FJ774S", gtin="7050000000021", allocated=3)]
        >>> clamped_updates([StockUpdate(product="7050000000021", quantity=2)], stock=stock)
        (StockClamp(product='7050000000021', asked=2, becomes=3),)
    """
    sizes = sequence(stock, "stock", check=instance, of=StockQuantities)
    allocated = {name: size.allocated or 0 for size in sizes for name in (size.gtin, size.sku) if name}
    return tuple(
        StockClamp(product=update.product, asked=update.quantity, becomes=allocated[update.product])
        for update in _updates(updates)
        if update.quantity < allocated.get(update.product, 0)
    )


FORMATS = (
    WireFormat(
        name="centra-order-api-stock",
        holds="stock of sizes",
        recognises=is_order_api_stock,
        read=read_order_api_stock,
        supply_of=supply_from_stock,
    ),
    WireFormat(
        name="centra-order-api-stock-update",
        holds="stock that is set",
        recognises=is_stock_updates,
        read=read_stock_updates,
    ),
    WireFormat(
        name="centra-order-api-stock-reply",
        holds="what became of an update of stock",
        recognises=is_stock_reply,
        read=read_stock_reply,
    ),
)
