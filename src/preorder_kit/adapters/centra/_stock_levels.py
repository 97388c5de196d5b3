"""What Centra says is in stock: every number by its name, as supply, and as a shop says it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

import attrs

from ..._checks import checked, instance, member, optional, rule, text, units
from ..._documents import Fields, change, count, identifier, truth, unrecognised
from ..._wire import held
from ...errors import Read
from ._integration import SizeKey, id_or_none, replied, size_key

__all__ = [
    "STOCK_TOTALS_QUERY",
    "AvailableDefinition",
    "StockQuantities",
    "available_definition",
    "available_units",
    "read_stock_totals",
]

#: Asks for what `read_stock_totals` reads.
STOCK_TOTALS_QUERY: Final = """\
query ($limit: Int, $page: Int) {
  products(limit: $limit, page: $page) {
    id
    variants {
      id
      productSizes {
        id
        SKU
        GTIN
        description
        preorder
        stockTotals {
          physicalQuantity
          allocatedQuantity
          freeToAllocateQuantity
          demandQuantity
          unshippedQuantity
          onDeliveryQuantity
          incomingQuantity
          linkedIncomingQuantity
          unlinkedIncomingQuantity
          availableNowQuantity
          availableQuantity
        }
      }
    }
  }
}"""

_EXPECTED = "must be a reply of the Integration API with products and their stockTotals"
_COUNTS = {
    "physical": "physicalQuantity",
    "allocated": "allocatedQuantity",
    "demand": "demandQuantity",
    "unshipped": "unshippedQuantity",
    "on_delivery": "onDeliveryQuantity",
    "incoming": "incomingQuantity",
    "linked_incoming": "linkedIncomingQuantity",
    "unlinked_incoming": "unlinkedIncomingQuantity",
}
_SIGNED = {
    "free_to_allocate": "freeToAllocateQuantity",
    "available_now": "availableNowQuantity",
    "available": "availableQuantity",
}


class AvailableDefinition(StrEnum):
    """What ``availableQuantity`` means: the vendor's two texts disagree.

    OVERVIEW: free to allocate, less demand, plus all that is incoming. TYPE_REFERENCE: plus only what is incoming and
    not linked to orders.
    """

    OVERVIEW = "overview"
    TYPE_REFERENCE = "type_reference"


def _units() -> Any:
    return attrs.field(default=None, metadata=rule(optional, check=units))


def _signed() -> Any:
    return attrs.field(default=None, metadata=rule(optional, check=units, least=None))


def _words() -> Any:
    return attrs.field(default="", metadata=rule(text, empty=True))


@attrs.frozen(kw_only=True, field_transformer=checked)
class StockQuantities:
    """The stock of one size, in all warehouses or in one; each number is ``None`` if it was not asked for.

    Attributes:
        sku: The size's SKU, or its GTIN if it was read by that.
        gtin: Its EAN or UPC; empty if it is not said.
        size_id: Its id at Centra.
        variant: The id of its variant.
        size: The name of the size, as in ``M``.
        preorder: Whether the size is sold as a pre-order now.
        physical: What is on the shelf, allocated units included.
        allocated: Units assigned to orders and not shipped yet.
        free_to_allocate: Physical less allocated. Neither a warehouse's threshold nor a variant's offset is taken off.
        demand: Ordered, neither allocated nor linked to a purchase order.
        unshipped: Ordered, and in no shipment that was sent.
        on_delivery: Units on their way between warehouses.
        incoming: On order at suppliers; the Supplier Module alone fills it.
        linked_incoming: What of it is linked to orders.
        unlinked_incoming: What of it is not.
        available_now: Free to allocate less demand; may be below 0.
        available: What is or will be available, by one of the definitions; may be below 0.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    gtin: str = _words()
    size_id: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    variant: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    size: str = _words()
    preorder: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    physical: int | None = _units()
    allocated: int | None = _units()
    free_to_allocate: int | None = _signed()
    demand: int | None = _units()
    unshipped: int | None = _units()
    on_delivery: int | None = _units()
    incoming: int | None = _units()
    linked_incoming: int | None = _units()
    unlinked_incoming: int | None = _units()
    available_now: int | None = _signed()
    available: int | None = _signed()


def read_stock_totals(
    document: str | bytes, /, *, named_by: SizeKey = SizeKey.SKU
) -> Read[tuple[StockQuantities, ...]]:
    """Read the stock totals of products' sizes.

    Numbers that contradict each other (physical stock that is not allocated plus free to allocate, say) are a problem:
    which of them is wrong cannot be told.

    Args:
        document: A reply of the Integration API, as text or UTF-8 bytes; `STOCK_TOTALS_QUERY` asks for it.
        named_by: Which name of a size is its SKU here.

    Returns:
        One value for each size that is sound, in the order of the document, and the problems of the others.

    Raises:
        InvalidDocument: If it is no such reply.

    Source:
        Centra's Integration API, type Stock, and the overview of stock quantities.

    Examples:
        Twenty of 38 are allocated. The two definitions of what is available differ by what is linked:

        >>> from preorder_kit.adapters.centra import available_units, read_stock_totals
        >>> numbers = '"physicalQuantity": 38, "allocatedQuantity": 20, "freeToAllocateQuantity": 18'
        >>> numbers += ', "demandQuantity": 1, "incomingQuantity": 10, "linkedIncomingQuantity": 2'
        >>> size = '{"SKU": "FJ-774-S", "stockTotals": {%s, "unlinkedIncomingQuantity": 8}}' % numbers
        >>> document = '{"data": {"products": [{"variants": [{"productSizes": [%s]}]}]}}' % size
        >>> [stock] = read_stock_totals(document).complete()
        >>> available_units(stock, definition="overview"), available_units(stock, definition="type_reference")
        (27, 25)

        What contradicts itself is named:

        >>> print(*read_stock_totals(document.replace("38", "39")).problems)
        data.products[0].variants[0].productSizes[0].stockTotals.physicalQuantity: must be 38, allocated + free to \
allocate (got 39)
    """
    key = size_key(named_by)
    data = replied(document, _EXPECTED)
    if not data.holds("products"):
        raise unrecognised(_EXPECTED)
    found = [_of_size(size, variant, key) for size, variant in _sizes(data)]
    return Read(tuple(stock for stock in found if stock is not None), tuple(data.problems))


def _sizes(data: Fields) -> Iterator[tuple[Fields, Fields]]:
    for product in data.objects("products"):
        for variant in product.objects("variants"):
            for size in variant.objects("productSizes"):
                yield size, variant


def _of_size(size: Fields, variant: Fields, key: SizeKey) -> StockQuantities | None:
    totals = size.object("stockTotals")
    if totals is None:
        if not size.holds("stockTotals"):
            size.complain("stockTotals", "field.missing", "is missing")
        return None
    return quantities_of(totals, size, variant.read("id", id_or_none, default=None), key)


def quantities_of(totals: Fields, size: Fields, variant: int | None, key: SizeKey) -> StockQuantities | None:
    """Return the numbers in ``totals`` for a size; ``None`` if there is a problem with them."""
    found = {name: totals.read(field, count, default=None) for name, field in _COUNTS.items()}
    found |= {name: totals.read(field, change, default=None) for name, field in _SIGNED.items()}
    if totals.is_sound:
        _complain_of_contradictions(totals, found)
    names = size_names(size, key)
    preorder = size.read("preorder", truth, default=None)
    if not totals.is_sound:
        return None
    return size.build(StockQuantities, variant=variant, preorder=preorder, **names, **found)


def size_names(size: Fields, key: SizeKey) -> dict[str, Any]:
    """Return the names of a productSize."""
    sku = size.read("GTIN" if key is SizeKey.GTIN else "SKU", identifier)
    return {
        "sku": sku,
        "gtin": sku if key is SizeKey.GTIN else size.read("GTIN", identifier, default=""),
        "size_id": size.read("id", id_or_none, default=None),
        "size": size.read("description", identifier, default=""),
    }


def _complain_of_contradictions(totals: Fields, found: dict[str, Any]) -> None:
    now = less(found["free_to_allocate"], found["demand"])
    ends = {plus(now, found["incoming"]), plus(now, found["unlinked_incoming"])}
    _expect(
        totals,
        found,
        "physical",
        {plus(found["allocated"], found["free_to_allocate"])},
        "allocated + free to allocate",
    )
    incoming = {plus(found["linked_incoming"], found["unlinked_incoming"])}
    _expect(totals, found, "incoming", incoming, "linked + unlinked incoming")
    _expect(totals, found, "available_now", {now}, "free to allocate - demand")
    _expect(totals, found, "available", ends, "free to allocate - demand + all or the unlinked incoming")


def _expect(totals: Fields, found: dict[str, Any], name: str, right: set[int | None], formula: str) -> None:
    """Complain of a number that is none of those that others add up to; it is right if one of them is not given."""
    if found[name] is not None and None not in right and found[name] not in right:
        wanted = " or ".join(map(str, sorted(number for number in right if number is not None)))
        message = f"must be {wanted}, {formula} (got {found[name]})"
        totals.complain((_COUNTS | _SIGNED)[name], "centra.contradiction", message, found[name])


def plus(one: int | None, other: int | None) -> int | None:
    """Return a sum; ``None`` if one of the two is not known."""
    return None if one is None or other is None else one + other


def less(one: int | None, other: int | None) -> int | None:
    """Return a difference; ``None`` if one of the two is not known."""
    return None if one is None or other is None else one - other


def is_stock_totals(root: Any) -> bool:
    """Return whether a JSON value is a reply with stock totals."""
    data = held(root, "data")
    found = [data] if isinstance(data, dict) else []
    for key in ("products", "variants", "productSizes"):
        lists = [value[key] for value in found if isinstance(value.get(key), list)]
        found = [item for values in lists for item in values if isinstance(item, dict)]
    return any("stockTotals" in size for size in found)


def available_units(stock: StockQuantities, /, *, definition: AvailableDefinition) -> int | None:
    """Return what is or will be available, by one of the vendor's definitions.

    Args:
        stock: The numbers of a size.
        definition: Which definition.

    Returns:
        The units, below 0 if more is wanted than comes; ``None`` if a number that it needs was not asked for.

    Raises:
        InvalidArgument: If ``definition`` is none.

    Source:
        Centra's overview of stock quantities, and the reference of the type Stock.

    Examples:
        Nothing is known of what comes in:

        >>> from preorder_kit.adapters.centra import StockQuantities, available_units
        >>> stock = StockQuantities(sku="FJ-774-S", free_to_allocate=18, demand=1)
        >>> print(available_units(stock, definition="overview"))
        None
    """
    instance(stock, "stock", of=StockQuantities)
    now = stock.available_now if stock.available_now is not None else less(stock.free_to_allocate, stock.demand)
    wanted = member(definition, "definition", of=AvailableDefinition)
    return plus(now, stock.incoming if wanted is AvailableDefinition.OVERVIEW else stock.unlinked_incoming)


def available_definition(stock: StockQuantities, /) -> AvailableDefinition | None:
    """Say which definition a size's ``available`` follows.

    Args:
        stock: The numbers of a size.

    Returns:
        The definition; ``None`` if that cannot be told: the number was not asked for, or both come to the same.

    Raises:
        InvalidArgument: If ``stock`` is of another type.

    Examples:
        Nothing is linked, so both definitions give 25:

        >>> from preorder_kit.adapters.centra import StockQuantities, available_definition
        >>> numbers = {"free_to_allocate": 18, "demand": 1, "available": 25}
        >>> print(available_definition(StockQuantities(sku="S", incoming=8, unlinked_incoming=8, **numbers)))
        None
        >>> print(available_definition(StockQuantities(sku="S", incoming=10, unlinked_incoming=8, **numbers)))
        type_reference
    """
    ends = {definition: available_units(stock, definition=definition) for definition in AvailableDefinition}
    told = [definition for definition, end in ends.items() if end is not None and end == stock.available]
    return told[0] if len(told) == 1 else None
