"""Readings of stock: what may be said about a size and sold of it.

A `Stock` is what a page, a cart and a feed need to know. It is read from what a shop system's stock field holds
(`normalize_stock`), decided from facts (`derive_stock`) or put together (`roll_up`, `bundle_stock`), and never stored:
the same facts give the same reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Literal, TypeAlias

import attrs

from ._bundle_stock import bundle_stock
from ._checks import checked, instance, member, optional, refused, rule, sequence, units
from ._readings import ON_THE_SHELF, Availability, Stock, normalize_stock, shelf_reading
from ._selling import BeforeStreetDate, SalesWindow, SellRules, room
from .quantities import UNLIMITED, Quantity, _bounded, _quantity, add_units, take_units
from .street_date import is_released

__all__ = [
    "Availability",
    "BeforeStreetDate",
    "CartAction",
    "PublicLabel",
    "Quote",
    "RefusalReason",
    "SalesWindow",
    "SellRules",
    "Stock",
    "bundle_stock",
    "cart_action",
    "derive_stock",
    "mask",
    "normalize_stock",
    "public_label",
    "quote",
    "remaining",
    "roll_up",
]


class CartAction(StrEnum):
    """What the button does."""

    ADD_TO_CART = "add_to_cart"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    SOLD_OUT = "sold_out"


class RefusalReason(StrEnum):
    """Why units of a `Quote` are refused."""

    OUT_OF_STOCK = "out_of_stock"
    UNKNOWN = "unknown"
    NOT_ENOUGH = "not_enough"
    CAP = "cap"


#: What may be said in public instead of a number.
PublicLabel: TypeAlias = Literal["yes", "few", "no"]


def public_label(stock: Stock, /) -> PublicLabel:
    """Return ``yes``, ``few`` or ``no``: what may be said in public, never the number.

    Pre-order and backorder read ``yes``; what is unknown reads ``no``.

    Args:
        stock: A reading, masked or not.

    Returns:
        The word; it is the same for every number under one availability.

    Examples:
        A number stays inside:

        >>> from preorder_kit import normalize_stock, public_label
        >>> [public_label(normalize_stock(raw)) for raw in (250, 9, 0, "infinite", None)]
        ['yes', 'few', 'no', 'yes', 'no']
    """
    if instance(stock, "stock", of=Stock).availability is Availability.LOW_STOCK:
        return "few"
    return "yes" if stock.is_available else "no"


def mask(stock: Stock, /) -> Stock:
    """Take the numbers out of a reading, so that what leaves the server cannot carry them.

    Args:
        stock: A reading.

    Returns:
        The same availability, with no quantity, nothing later and nothing oversold.

    Examples:
        The availability stays:

        >>> from preorder_kit import mask, normalize_stock
        >>> mask(normalize_stock(4))
        Stock(availability=<Availability.LOW_STOCK: 'low_stock'>, quantity=None, later=0, oversold=0)
    """
    return Stock(availability=instance(stock, "stock", of=Stock).availability, quantity=None)


_ACTIONS = {
    Availability.IN_STOCK: CartAction.ADD_TO_CART,
    Availability.LOW_STOCK: CartAction.ADD_TO_CART,
    Availability.PREORDER: CartAction.PREORDER,
    Availability.BACKORDER: CartAction.BACKORDER,
    Availability.OUT_OF_STOCK: CartAction.SOLD_OUT,
    Availability.UNKNOWN: CartAction.SOLD_OUT,
}


def cart_action(stock: Stock, /) -> CartAction:
    """Return what the button does; what is unknown cannot be bought.

    Args:
        stock: A reading, masked or not.

    Returns:
        The action; sold out exactly where the reading is not available.

    Examples:
        A pre-order is called by its name:

        >>> from preorder_kit import cart_action, normalize_stock
        >>> cart_action(normalize_stock("preorder")).value
        'preorder'
        >>> cart_action(normalize_stock(None)).value
        'sold_out'
    """
    return _ACTIONS[instance(stock, "stock", of=Stock).availability]


def roll_up(stocks: Iterable[Stock], /) -> Stock:
    """Return a product's reading from its sizes', for a listing page.

    The best availability of any size is the product's, in the order of `Availability`. ``quantity`` adds up the sizes
    that can be sold under it (in stock and low stock together), and is ``None`` if one of them does not disclose it;
    ``later`` adds up what all sizes can sell to wait beyond that. Units oversold add up too.

    Args:
        stocks: The readings of a product's sizes.

    Returns:
        A reading that no order of the sizes changes; unknown for a product without sizes.

    Examples:
        Two sizes on the shelf and one to pre-order:

        >>> from preorder_kit import normalize_stock, roll_up
        >>> roll_up(normalize_stock(raw) for raw in (3, 12, 0, "infinite"))
        Stock(availability=<Availability.IN_STOCK: 'in_stock'>, quantity=15, later=UNLIMITED, oversold=0)

        Nothing is known of any:

        >>> roll_up([])
        Stock(availability=<Availability.UNKNOWN: 'unknown'>, quantity=None, later=0, oversold=0)
    """
    sizes = sequence(stocks, "stocks", check=instance, of=Stock)
    best = min((size.availability for size in sizes), key=_RANK.__getitem__, default=Availability.UNKNOWN)
    kinds = ON_THE_SHELF if best in ON_THE_SHELF else (best,)
    under = [size for size in sizes if size.availability in kinds]
    beyond = [size.quantity or 0 for size in sizes if size.availability not in kinds]
    return Stock(
        availability=best,
        quantity=_disclosed([size.quantity for size in under]),
        later=add_units([*beyond, *(size.later for size in sizes)]),
        oversold=sum(size.oversold for size in sizes),
    )


_RANK = {availability: rank for rank, availability in enumerate(Availability)}


def _disclosed(quantities: Sequence[Quantity | None]) -> Quantity | None:
    known = [item for item in quantities if item is not None]
    return add_units(known) if known and len(known) == len(quantities) else None


def derive_stock(
    *,
    on_hand: Quantity,
    committed: int = 0,
    waiting: int = 0,
    incoming: Quantity = UNLIMITED,
    rules: SellRules,
    street_date: dt.datetime | None = None,
    at: dt.datetime,
) -> Stock:
    """Decide what can be said and sold from what is there, what is owed, and the shop's rules.

    What is free is on hand, less what is committed, the safety stock, and what waits. What may be sold to wait is the
    smaller of the shop's limit and ``incoming``, less what waits beyond the stock that will serve it. Before its street
    date, held stock counts as incoming, and all that waits is subtracted.

    Args:
        on_hand: Units in the warehouse; negative if its system has lost count.
        committed: Units of it that are promised to orders.
        waiting: Units sold that wait for stock, none of them in ``committed`` or already taken off ``incoming``: each
            unit that waits counts once.
        incoming: Units on order and not spoken for; `UNLIMITED` if the shop does not ask. With 0 on order, the cart
            closes when the stock is sold.
        rules: How the shop sells.
        street_date: The first instant at which it may be sold and sent as ordinary stock; ``None`` if it is out.
        at: Now.

    Returns:
        The reading: a pre-order while the street date is ahead (unless stock may be sold before it and is free), else
        in or low stock with what may be sold to wait as ``later``, else a backorder, else out of stock. A street date
        that is reached without stock is a backorder. Units committed beyond the stock are ``oversold``.

    Raises:
        InvalidArgument: If a number is negative (``on_hand`` may be) or no whole number, or an instant has no offset.

    Examples:
        Nothing there, 40 in transit of which 6 are reserved, and any number may wait:

        >>> import datetime as dt
        >>> from preorder_kit import UNLIMITED, SellRules, derive_stock
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> rules = SellRules(backorder_limit=UNLIMITED)
        >>> derive_stock(on_hand=0, incoming=34, rules=rules, at=now)
        Stock(availability=<Availability.BACKORDER: 'backorder'>, quantity=34, later=0, oversold=0)

        When those are sold, the cart closes:

        >>> derive_stock(on_hand=0, incoming=0, rules=rules, at=now).availability.value
        'out_of_stock'
    """
    _quantity(on_hand, "on_hand", least=None)
    units(committed, "committed")
    units(waiting, "waiting")
    _quantity(incoming, "incoming")
    instance(rules, "rules", of=SellRules)
    unsold = take_units(on_hand, units=committed)
    shelf = max(0, take_units(unsold, units=rules.safety_stock))
    free = take_units(take_units(unsold, units=rules.safety_stock), units=waiting)
    ahead = not is_released(street_date, at=at)
    left = room(rules, ahead=ahead, shelf=shelf, waiting=waiting, incoming=incoming, at=at)
    availability, sold, later = _decide(rules, ahead=ahead, free=free, room=left)
    oversold = 0 if unsold is UNLIMITED else max(0, -unsold)
    return Stock(availability=availability, quantity=sold, later=later, oversold=oversold)


def _decide(
    rules: SellRules, *, ahead: bool, free: Quantity, room: Quantity
) -> tuple[Availability, Quantity, Quantity]:
    held = ahead and rules.before_street_date is BeforeStreetDate.HOLD
    if free > 0 and not held:
        return shelf_reading(free, rules.few_below), free, 0 if ahead else room
    if room > 0:
        return Availability.PREORDER if ahead else Availability.BACKORDER, room, 0
    return Availability.OUT_OF_STOCK, 0, 0


@attrs.frozen(kw_only=True, field_transformer=checked)
class Quote:
    """What becomes of the units asked for; ``now``, ``later`` and ``refused`` add up to them.

    Attributes:
        now: Units that can ship from stock.
        later: Units that can be sold to wait.
        refused: Units that cannot be sold.
        reason: Why units are refused; ``None`` if none are.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    now: int = attrs.field(metadata=rule(units))
    later: int = attrs.field(metadata=rule(units))
    refused: int = attrs.field(metadata=rule(units))
    reason: RefusalReason | None = attrs.field(default=None, metadata=rule(optional, check=member, of=RefusalReason))


def quote(asked: int, /, *, stock: Stock, cap: Quantity = UNLIMITED) -> Quote:
    """Say what becomes of ``asked`` units: how many ship now, how many wait, how many are refused.

    Args:
        asked: The units asked for, >= 0.
        stock: What can be sold. A quantity that is not disclosed does not bound the answer: whoever hides the number
            checks it again at the checkout.
        cap: How many units may be sold to this customer, whatever the stock is; see `remaining`.

    Returns:
        A quote whose numbers add up to ``asked``. If units are refused, the reason is the tighter of the two bounds,
        the cap where both are as tight.

    Raises:
        InvalidArgument: If ``asked`` or ``cap`` is negative or no whole number.

    Examples:
        Seven asked, five there, one more may wait:

        >>> from preorder_kit import Availability, Stock, quote
        >>> quote(7, stock=Stock(availability=Availability.LOW_STOCK, quantity=5, later=1))
        Quote(now=5, later=1, refused=1, reason=<RefusalReason.NOT_ENOUGH: 'not_enough'>)

        Two a customer:

        >>> quote(3, stock=Stock(availability=Availability.PREORDER, quantity=100), cap=2)
        Quote(now=0, later=2, refused=1, reason=<RefusalReason.CAP: 'cap'>)
    """
    units(asked, "asked")
    instance(stock, "stock", of=Stock)
    _quantity(cap, "cap")
    sellable = 0 if not stock.is_available else UNLIMITED if stock.quantity is None else stock.quantity
    on_shelf = stock.availability in ON_THE_SHELF
    allowed = _bounded(asked, cap)
    now = _bounded(allowed, sellable) if on_shelf else 0
    later = _bounded(allowed - now, stock.later if on_shelf else add_units([sellable, stock.later]))
    refused_units = asked - now - later
    reason = _refusal(stock, capped=now + later == cap) if refused_units else None
    return Quote(now=now, later=later, refused=refused_units, reason=reason)


def _refusal(stock: Stock, *, capped: bool) -> RefusalReason:
    if stock.availability is Availability.UNKNOWN:
        return RefusalReason.UNKNOWN
    if stock.availability is Availability.OUT_OF_STOCK:
        return RefusalReason.OUT_OF_STOCK
    return RefusalReason.CAP if capped else RefusalReason.NOT_ENOUGH


def remaining(
    limits: Mapping[str, Quantity] | Sequence[Quantity], /, *, used: Mapping[str, int] | Sequence[int]
) -> Quantity:
    """Return how many more units may be sold under several caps at once: the smallest of what each has left.

    Args:
        limits: The caps, by name (``{"customer": 2, "channel": 30}``) or in a sequence. A cap of 0 is a cap.
        used: What is used of each: by the same names (one that is missing has used nothing), or in the same order.

    Returns:
        The units left, never below 0; `UNLIMITED` if there is no cap.

    Raises:
        InvalidArgument: If a number is negative, or ``used`` names a cap that ``limits`` does not.

    Examples:
        In all, per channel, per customer:

        >>> from preorder_kit import remaining
        >>> remaining({"all": 100, "channel": 30, "customer": 2}, used={"all": 90, "channel": 20, "customer": 1})
        1

        No cap, and a cap of nothing:

        >>> remaining({}, used={}), remaining([0], used=[0])
        (UNLIMITED, 0)
    """
    caps, taken = _by_name(limits, "limits"), _by_name(used, "used")
    unknown = [name for name in taken if name not in caps]
    if unknown:
        raise refused("used", "must name caps that limits names", unknown, code="limit.unknown")
    left = [
        take_units(_quantity(cap, f"limits[{name!r}]"), units=units(taken.get(name, 0), f"used[{name!r}]"))
        for name, cap in caps.items()
    ]
    return max(0, min(left, default=UNLIMITED))


def _by_name(given: Mapping[str, Quantity] | Sequence[Quantity], path: str) -> Mapping[object, Quantity]:
    if isinstance(given, Mapping):
        return dict(given.items())
    return dict(enumerate(sequence(given, path, check=_quantity)))
