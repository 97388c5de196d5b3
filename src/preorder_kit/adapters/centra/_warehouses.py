"""Centra's warehouses: what each holds, keeps back, and whether it is asked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import attrs

from ..._checks import FrozenMapping, checked, instance, mapping, rule, sequence, text, unique, units
from ..._documents import Fields, count, unrecognised, word
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ...sourcing import SourcingRules
from ...supply import Supply
from ._integration import SizeKey, centra_id, known, read_reference, replied, size_key
from ._stock_levels import StockQuantities, quantities_of
from ._stock_supply import supply_from_stock

__all__ = [
    "WAREHOUSES_QUERY",
    "CentraWarehouse",
    "WarehousePolicy",
    "free_to_sell",
    "read_warehouses",
    "warehouse_sourcing",
    "warehouse_supplies",
]

#: Asks for what `read_warehouses` reads.
WAREHOUSES_QUERY: Final = """\
query ($limit: Int, $page: Int) {
  warehouses {
    id
    name
    threshold
    allocationPolicy
    stock(limit: $limit, page: $page) {
      physicalQuantity
      allocatedQuantity
      freeToAllocateQuantity
      demandQuantity
      productVariant { id }
      productSize { id SKU GTIN description preorder }
    }
  }
}"""

_EXPECTED = "must be a reply of the Integration API with warehouses"
_NO_OFFSETS: Mapping[str, int] = FrozenMapping()


class WarehousePolicy(StrEnum):
    """How a warehouse takes orders: at once, or after a shop has accepted them."""

    DIRECT = "direct"
    CHECK_FIRST = "check_first"


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraWarehouse:
    """A warehouse.

    Attributes:
        id: Its id at Centra.
        name: Its name; empty if it was not asked for.
        threshold: Units of each size that are not for sale.
        policy_word: How it takes orders, in Centra's word; empty if it was not asked for.
        stock: What it holds.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: int = attrs.field(metadata=rule(centra_id))
    name: str = attrs.field(default="", metadata=rule(text, empty=True))
    threshold: int = attrs.field(default=0, metadata=rule(units))
    policy_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    stock: Sequence[StockQuantities] = attrs.field(
        default=(), metadata=rule(sequence, check=instance, of=StockQuantities)
    )

    @property
    def policy(self) -> WarehousePolicy | None:
        """What the word means; ``None`` if it is not known."""
        return known(self.policy_word, WarehousePolicy)


def read_warehouses(document: str | bytes, /, *, named_by: SizeKey = SizeKey.SKU) -> Read[tuple[CentraWarehouse, ...]]:
    """Read warehouses and what they hold.

    Args:
        document: A reply of the Integration API, as text or UTF-8 bytes; `WAREHOUSES_QUERY` asks for it.
        named_by: Which name of a size is its SKU here.

    Returns:
        The warehouses that are sound, and the problems of the others. A size with a problem is left out of its
        warehouse, and named.

    Raises:
        InvalidDocument: If it is no such reply.

    Source:
        Centra's Integration API, types Warehouse and Stock.

    Examples:
        A shop that is asked first:

        >>> from preorder_kit.adapters.centra import read_warehouses
        >>> warehouse = '{"id": 22, "name": "Oslo", "threshold": 1, "allocationPolicy": "CHECK_FIRST"}'
        >>> [found] = read_warehouses('{"data": {"warehouses": [%s]}}' % warehouse).complete()
        >>> print(found.name, found.threshold, found.policy)
        Oslo 1 check_first
    """
    key = size_key(named_by)
    data = replied(document, _EXPECTED)
    if not data.holds("warehouses"):
        raise unrecognised(_EXPECTED)
    found = [_warehouse(fields, key) for fields in data.objects("warehouses")]
    return Read(tuple(warehouse for warehouse in found if warehouse is not None), tuple(data.problems))


def _warehouse(fields: Fields, key: SizeKey) -> CentraWarehouse | None:
    warehouse = fields.build(
        CentraWarehouse,
        id=fields.read("id", centra_id, default=None),
        name=fields.read("name", word, default=""),
        threshold=fields.read("threshold", count, default=0),
        policy_word=fields.read("allocationPolicy", word, default=""),
    )
    stock = [_stock(row, key) for row in fields.objects("stock")]
    if warehouse is None:
        return None
    return attrs.evolve(warehouse, stock=[quantities for quantities in stock if quantities is not None])


def _stock(row: Fields, key: SizeKey) -> StockQuantities | None:
    size = row.object("productSize")
    if size is None:
        if not row.holds("productSize"):
            row.complain("productSize", "field.missing", "is missing")
        return None
    variant = read_reference(row, "productVariant")
    return quantities_of(row, size, variant, key) if row.is_sound else None


def is_warehouses(root: Any) -> bool:
    """Return whether a JSON value is a reply with warehouses."""
    return has(first(held(root, "data", "warehouses")), "id")


def free_to_sell(warehouse: CentraWarehouse, /, *, offsets: Mapping[str, int] = _NO_OFFSETS) -> Mapping[str, int]:
    """Return what a shop may sell of what a warehouse holds, as the shop's own API says it.

    The Integration API takes neither the warehouse's threshold nor a variant's offset off; the shop's API does. An
    offset above 0 replaces the threshold.

    Args:
        warehouse: The warehouse.
        offsets: SKU -> the ``stockOffset`` of its variant.

    Returns:
        SKU -> units free to allocate less what is kept back, never below 0. A size of which that is not known is left
        out: unlisted is not zero.

    Raises:
        InvalidArgument: If an argument breaks its rule, or a SKU comes twice.

    Examples:
        A threshold of 2, and an offset that replaces it:

        >>> from preorder_kit.adapters.centra import CentraWarehouse, StockQuantities, free_to_sell
        >>> stock = [StockQuantities(sku=sku, free_to_allocate=10) for sku in "AB"]
        >>> free_to_sell(CentraWarehouse(id=1, threshold=2, stock=stock), offsets={"B": 7})
        {'A': 8, 'B': 3}
    """
    instance(warehouse, "warehouse", of=CentraWarehouse)
    unique((size.sku for size in warehouse.stock), "warehouse.stock[{}].sku", what="the SKUs of a warehouse")
    kept = _kept_back(warehouse, mapping(offsets, "offsets", key=text, check=units))
    free = {size.sku: size.free_to_allocate for size in warehouse.stock if size.free_to_allocate is not None}
    return FrozenMapping({sku: max(0, number - kept[sku]) for sku, number in free.items()})


def _kept_back(warehouse: CentraWarehouse, offsets: Mapping[str, int]) -> dict[str, int]:
    return {size.sku: offsets.get(size.sku) or warehouse.threshold for size in warehouse.stock}


def warehouse_supplies(
    warehouses: Sequence[CentraWarehouse], /, *, offsets: Mapping[str, int] = _NO_OFFSETS
) -> Mapping[str, Supply]:
    """Return the supply of each warehouse: what it keeps back is safety stock.

    Args:
        warehouses: The warehouses, in the turn in which they give.
        offsets: SKU -> the ``stockOffset`` of its variant, which replaces a warehouse's threshold.

    Returns:
        The id of a warehouse, as text -> its supply, as `supply_from_stock` makes it.

    Raises:
        InvalidArgument: If an argument breaks its rule, a warehouse or one of its SKUs comes twice, or it is not known
            what is on a warehouse's shelf.

    Examples:
        Five on the shelf, one of them kept back:

        >>> from preorder_kit.adapters.centra import CentraWarehouse, StockQuantities, warehouse_supplies
        >>> stock = [StockQuantities(sku="A", physical=5, allocated=0)]
        >>> supply = warehouse_supplies([CentraWarehouse(id=1, threshold=1, stock=stock)])["1"]
        >>> supply.on_hand, supply.safety_stock
        ({'A': 5}, {'A': 1})
    """
    houses = sequence(warehouses, "warehouses", check=instance, of=CentraWarehouse)
    unique((house.id for house in houses), "warehouses[{}].id", what="the ids of warehouses")
    known_offsets = mapping(offsets, "offsets", key=text, check=units)
    return FrozenMapping(
        {
            str(house.id): attrs.evolve(supply_from_stock(house.stock), safety_stock=_kept_back(house, known_offsets))
            for house in houses
        }
    )


def warehouse_sourcing(warehouses: Sequence[CentraWarehouse], /) -> SourcingRules:
    """Return which warehouses are asked first: those that must accept an order before it is allocated.

    That they are asked is one-time: what a shop has rejected it is not asked for again, which these rules do not know.

    Args:
        warehouses: The warehouses, in the turn in which they give.

    Returns:
        Rules for the supplies of `warehouse_supplies`.

    Raises:
        InvalidArgument: If ``warehouses`` are none.

    Examples:
        The second of two warehouses is a shop:

        >>> from preorder_kit.adapters.centra import CentraWarehouse, warehouse_sourcing
        >>> shop = CentraWarehouse(id=2, policy_word="CHECK_FIRST")
        >>> warehouse_sourcing([CentraWarehouse(id=1, policy_word="DIRECT"), shop]).ask_first
        ('2',)
    """
    houses = sequence(warehouses, "warehouses", check=instance, of=CentraWarehouse)
    return SourcingRules(ask_first=[str(house.id) for house in houses if house.policy is WarehousePolicy.CHECK_FIRST])


FORMATS = (
    WireFormat(
        name="centra-warehouses",
        holds="warehouses and their stock",
        recognises=is_warehouses,
        read=read_warehouses,
        supply_of=warehouse_supplies,
    ),
)
