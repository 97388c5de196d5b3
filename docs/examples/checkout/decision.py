"""What a checkout decides, from rows that were read: no database is known here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import attrs

from preorder_kit import Quote, SellRules, Stock, derive_stock, quote


@attrs.frozen(kw_only=True)
class Reservation:
    """Units that a cart has for some minutes.

    Attributes:
        cart: Whose they are.
        quantity: How many.
        until: The instant at which they are free again, whether or not somebody has deleted the row.
    """

    cart: str
    quantity: int
    until: dt.datetime


@attrs.frozen(kw_only=True)
class Shelf:
    """What the shop knows of one SKU.

    Attributes:
        on_hand: Units in the building, also those that are sold and have not left.
        incoming: Units on order.
        may_wait: How many units may be sold to wait, in all.
        street_date: The instant at which it is released; ``None`` if it is out.
        sold: Units on hand that are owed.
        waiting: Units that were sold to wait.
        version: A number that rises whenever anything is sold or reserved.
        reservations: Those that are stored, the expired among them.
    """

    on_hand: int
    incoming: int
    may_wait: int
    street_date: dt.datetime | None = None
    sold: int = 0
    waiting: int = 0
    version: int = 0
    reservations: Sequence[Reservation] = ()


def reading(shelf: Shelf, /, *, cart: str, at: dt.datetime) -> Stock:
    """Return what a cart can have: all that nobody else has bought, or has reserved until later than now."""
    reserved = [held.quantity for held in shelf.reservations if held.cart != cart and held.until > at]
    return derive_stock(
        on_hand=shelf.on_hand,
        committed=shelf.sold + sum(reserved),
        waiting=shelf.waiting,
        incoming=shelf.incoming,
        rules=SellRules(backorder_limit=shelf.may_wait, preorder_limit=shelf.may_wait),
        street_date=shelf.street_date,
        at=at,
    )


def decide(
    asked: Mapping[str, int], shelves: Mapping[str, Shelf], /, *, cart: str, at: dt.datetime
) -> dict[str, Quote]:
    """Say for each SKU that a cart asks for how many units leave now, wait and are refused."""
    return {sku: quote(units, stock=reading(shelves[sku], cart=cart, at=at)) for sku, units in asked.items()}
