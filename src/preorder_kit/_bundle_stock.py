"""What may be said and sold of a bundle, from the readings of what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from ._checks import instance, mapping, refused, text, units
from ._readings import ON_THE_SHELF, Availability, Stock, shelf_reading
from ._recipes import whole_units
from .quantities import UNLIMITED, Quantity, add_units, take_units

#: A component's reading, and units of it in one bundle.
_Part: TypeAlias = tuple[Stock, int]

_UNKNOWN = Stock(availability=Availability.UNKNOWN, quantity=None)
_SOLD_OUT = Stock(availability=Availability.OUT_OF_STOCK, quantity=0)


def bundle_stock(needs: Mapping[str, int], /, *, stocks: Mapping[str, Stock], few_below: int = 10) -> Stock:
    """Return what may be said and sold of a bundle, from the readings of its components.

    A bundle may be sold to wait where every component that is short may wait. The first row that fits decides:

    ==========================================================================  ============
    components                                                                  the bundle
    ==========================================================================  ============
    all that can be sold of one, now and later, makes no whole bundle           out_of_stock
    one is unknown, or not in ``stocks``                                        unknown
    one is a pre-order                                                          preorder
    one is a backorder, or what is there now of one makes no whole bundle       backorder
    one is low, or they make fewer bundles than ``few_below``                   low_stock
    all are in stock                                                            in_stock
    ==========================================================================  ============

    So of two components that each make a bundle, the one further up in the table decides: a pre-order and a backorder
    make a pre-order. A quantity that is not disclosed is taken to be enough.

    Args:
        needs: SKU -> units of it in one bundle, >= 1, as `explode` gives them; not empty.
        stocks: The readings, by SKU. Only what is needed is looked at.
        few_below: The number of bundles from which on they are no longer few.

    Returns:
        The reading, in whole bundles. ``quantity`` is what the components make: on the shelf, of what is there now;
        where the bundle waits, of what its waiting components sell under that same word and the others at all (if that
        makes none, of all that can be sold). ``later`` is how many more may wait, 0 beyond no bound. A bundle that
        is out of stock has ``quantity`` 0, one that is unknown ``None``; else, where a component does not disclose its
        quantity, ``quantity`` is ``None`` and ``later`` 0. ``oversold`` is 0: units that are missing are the
        components' own, not whole bundles.

    Raises:
        InvalidArgument: If ``needs`` is empty (what needs nothing from a shelf has no reading of stock), a number
            breaks its rule, or a reading is not a `Stock`.

    Examples:
        Two cups and a pot, the pot on backorder beyond what is there:

        >>> from preorder_kit import Availability, Stock, normalize_stock
        >>> from preorder_kit import bundle_stock
        >>> pot = Stock(availability=Availability.LOW_STOCK, quantity=2, later=5)
        >>> bundle_stock({"CUP": 2, "POT": 1}, stocks={"CUP": normalize_stock(12), "POT": pot})
        Stock(availability=<Availability.LOW_STOCK: 'low_stock'>, quantity=2, later=4, oversold=0)

        A component to pre-order makes the bundle a pre-order, but one cup that is left makes none:

        >>> record = normalize_stock("preorder")
        >>> bundle_stock({"CUP": 2, "LP": 1}, stocks={"CUP": normalize_stock(12), "LP": record})
        Stock(availability=<Availability.PREORDER: 'preorder'>, quantity=6, later=0, oversold=0)
        >>> bundle_stock({"CUP": 2, "LP": 1}, stocks={"CUP": normalize_stock(1), "LP": record}).availability.value
        'out_of_stock'
    """
    counts = mapping(needs, "needs", key=text, check=partial(units, least=1))
    if not counts:
        requirement = "must not be empty: what needs nothing from a shelf has no reading of stock"
        raise refused("needs", requirement, counts, code="bundle.empty")
    instance(stocks, "stocks", of=Mapping)
    units(few_below, "few_below")
    parts = [(instance(stocks.get(sku, _UNKNOWN), f"stocks[{sku!r}]", of=Stock), each) for sku, each in counts.items()]
    most = _bundles(parts, _in_all)
    if most == 0:
        return _SOLD_OUT
    said = _said([part.availability for part, _ in parts], now=_bundles(parts, _at_once), few_below=few_below)
    return _UNKNOWN if said is Availability.UNKNOWN else _for_sale(parts, said, most)


def _bundles(parts: Sequence[_Part], sold: Callable[[Stock], Quantity]) -> Quantity:
    """Return how many bundles the parts make, of what ``sold`` says of each."""
    return min(whole_units(sold(part), each) for part, each in parts)


def _in_all(part: Stock) -> Quantity:
    if part.availability is Availability.OUT_OF_STOCK:
        return 0
    return add_units([_offered(part), part.later])


def _at_once(part: Stock) -> Quantity:
    return _offered(part) if part.availability in ON_THE_SHELF else 0


def _offered(part: Stock) -> Quantity:
    """Return the quantity; one that is not disclosed bounds nothing."""
    return UNLIMITED if part.quantity is None else part.quantity


def _said(parts: Collection[Availability], *, now: Quantity, few_below: int) -> Availability:
    for word in (Availability.UNKNOWN, Availability.PREORDER):
        if word in parts:
            return word
    if now == 0:
        return Availability.BACKORDER
    return Availability.LOW_STOCK if Availability.LOW_STOCK in parts else shelf_reading(now, few_below)


def _for_sale(parts: Sequence[_Part], said: Availability, most: Quantity) -> Stock:
    if any(part.quantity is None for part, _ in parts):
        return Stock(availability=said, quantity=None)
    same = ON_THE_SHELF if said in ON_THE_SHELF else (said,)
    sold = _bundles(parts, lambda part: _offered(part) if part.availability in same else _in_all(part)) or most
    return Stock(availability=said, quantity=sold, later=0 if sold is UNLIMITED else take_units(most, units=sold))
