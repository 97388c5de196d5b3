"""What Centra says is in stock, as supply, and as a page says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from ..._checks import instance, refused, sequence, unique
from ..._wire import WireFormat
from ...quantities import UNLIMITED, Quantity
from ...stock import SellRules, Stock, derive_stock, normalize_stock
from ...supply import Commitment, Receipt, Supply
from ._stock_levels import StockQuantities, is_stock_totals, less, plus, read_stock_totals

__all__ = ["centra_stock", "supply_from_stock"]

_DEFAULT = SellRules()


def supply_from_stock(
    stock: Sequence[StockQuantities], /, *, receipts: Sequence[Receipt] = (), owned: Sequence[Commitment] = ()
) -> Supply:
    """Return supply: what is on the shelf, and what of it and beyond it is owed.

    Allocated units and demand are commitments. What is incoming has no day here and is no receipt: hand in the receipts
    of purchase orders. What is available to promise at once is then free to allocate less demand.

    Args:
        stock: The numbers of sizes, each SKU once.
        receipts: What is to come, and when.
        owned: Commitments whose orders are known, `allocated_commitments` of orders, say: they stand for as many of the
            units that are owed, so that an order does not stand in its own way.

    Returns:
        One location's supply. A SKU without a number has none.

    Raises:
        InvalidArgument: If a SKU comes twice, or it is not known what of it is on the shelf or allocated.

    Examples:
        Five on the shelf, one of them for an order:

        >>> from preorder_kit.adapters.centra import StockQuantities, supply_from_stock
        >>> supply = supply_from_stock([StockQuantities(sku="FJ774S", physical=5, allocated=1, free_to_allocate=4)])
        >>> supply.on_hand, supply.commitments[0].quantity
        ({'FJ774S': 5}, 1)

        What is free alone does not say what is on the shelf:

        >>> supply_from_stock([StockQuantities(sku="FJ774S", free_to_allocate=4)])
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: stock[0].physical: must be known, with what is allocated; ask for both \
(got None)
    """
    sizes = sequence(stock, "stock", check=instance, of=StockQuantities)
    unique((size.sku for size in sizes), "stock[{}].sku", what="the SKUs of sizes")
    known = sequence(owned, "owned", check=instance, of=Commitment)
    on_hand = {size.sku: _physical(size, f"stock[{index}]") for index, size in enumerate(sizes)}
    commitments = [*known, *(owed for size in sizes for owed in _owed(size, known))]
    return Supply(on_hand=on_hand, receipts=receipts, commitments=commitments)


def _physical(size: StockQuantities, path: str) -> int:
    physical = size.physical if size.physical is not None else plus(size.allocated, size.free_to_allocate)
    if physical is None or _allocated(size) is None:
        requirement = "must be known, with what is allocated; ask for both"
        raise refused(f"{path}.physical", requirement, size.physical, code="centra.unknown_stock")
    return physical


def _allocated(size: StockQuantities) -> int | None:
    return size.allocated if size.allocated is not None else less(size.physical, size.free_to_allocate)


def _owed(size: StockQuantities, owned: Iterable[Commitment]) -> Iterator[Commitment]:
    """Yield what is owed of a size beyond what is owed to known orders: of the allocated units first."""
    known = sum(owed.quantity for owed in owned if owed.sku == size.sku)
    for units_owed in (_allocated(size) or 0, size.demand or 0):
        covered = min(known, units_owed)
        known -= covered
        if units_owed > covered:
            yield Commitment(sku=size.sku, quantity=units_owed - covered)


def centra_stock(
    stock: StockQuantities,
    /,
    *,
    rules: SellRules = _DEFAULT,
    incoming: Quantity = UNLIMITED,
    street_date: dt.datetime | None = None,
    at: dt.datetime,
) -> Stock:
    """Return a size's stock as a page says it.

    A size that is sold as a pre-order has no bound at Centra, whatever is on the shelf. Else `derive_stock` decides
    from what is free to allocate and what is in demand. What a warehouse or a variant keeps back goes into the rules'
    ``safety_stock``.

    Args:
        stock: The numbers of a size.
        rules: How the shop sells what it does not have.
        incoming: Units that are on order and not spoken for: ``unlinked_incoming``, where the Supplier Module fills it.
        street_date: When it may leave; ``None`` if it is out.
        at: Now.

    Returns:
        What can be sold; unknown if it is not known what is free to allocate.

    Raises:
        InvalidArgument: If an argument breaks its rule.

    Examples:
        Seventeen are free, after demand; a pre-order has no bound:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.centra import StockQuantities, centra_stock
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> centra_stock(StockQuantities(sku="FJ-774-S", free_to_allocate=18, demand=1), at=now).quantity
        17
        >>> centra_stock(StockQuantities(sku="FJ-774-S", free_to_allocate=0, preorder=True), at=now).quantity
        UNLIMITED
    """
    instance(stock, "stock", of=StockQuantities)
    if stock.preorder:
        return normalize_stock("preorder")
    free = stock.free_to_allocate if stock.free_to_allocate is not None else less(stock.physical, stock.allocated)
    if free is None:
        return normalize_stock(None)
    return derive_stock(
        on_hand=free, waiting=stock.demand or 0, incoming=incoming, rules=rules, street_date=street_date, at=at
    )


FORMATS = (
    WireFormat(
        name="centra-stock-totals",
        holds="stock totals of sizes",
        recognises=is_stock_totals,
        read=read_stock_totals,
        supply_of=supply_from_stock,
    ),
)
