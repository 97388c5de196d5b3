"""What a stock field says: the reading of one size, and how it is read."""

from __future__ import annotations

import re
from enum import StrEnum

import attrs

from ._checks import checked, member, optional, refused, rule, shown, units
from .errors import InvalidStock
from .quantities import UNLIMITED, Quantity, _quantity


class Availability(StrEnum):
    """What can be said about a size, the best first."""

    IN_STOCK = "in_stock"
    LOW_STOCK = "low_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    OUT_OF_STOCK = "out_of_stock"
    UNKNOWN = "unknown"


ON_THE_SHELF = (Availability.IN_STOCK, Availability.LOW_STOCK)
NOT_FOR_SALE = (Availability.OUT_OF_STOCK, Availability.UNKNOWN)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Stock:
    """What can be sold of one size.

    Attributes:
        availability: What can be said about it.
        quantity: The units that can be sold under this availability; `UNLIMITED` if there is no bound, ``None`` if it
            is not disclosed or not known.
        later: The units that can be sold beyond ``quantity``, to wait until they come.
        oversold: The units that are sold already and missing; they are reported, never subtracted twice.

    Raises:
        InvalidArgument: If a field breaks its rule, or the fields contradict each other: something for sale with a
            quantity of 0, or nothing for sale with one.
    """

    availability: Availability = attrs.field(metadata=rule(member, of=Availability))
    quantity: Quantity | None = attrs.field(metadata=rule(optional, check=_quantity))
    later: Quantity = attrs.field(default=0, metadata=rule(_quantity))
    oversold: int = attrs.field(default=0, metadata=rule(units))

    def __attrs_post_init__(self) -> None:
        if self.availability not in NOT_FOR_SALE and self.quantity == 0:
            requirement = f"must not be 0 where availability is {self.availability}; out_of_stock says so"
            raise refused("quantity", requirement, self.quantity, code="stock.contradiction")
        if self.availability is Availability.UNKNOWN and self.quantity is not None:
            raise refused("quantity", "must be None where it is not known", self.quantity, code="stock.contradiction")
        for path, offered in (("quantity", self.quantity), ("later", self.later)):
            if offered and self.availability in NOT_FOR_SALE:
                requirement = f"must not offer units where availability is {self.availability}"
                raise refused(path, requirement, offered, code="stock.contradiction")

    @property
    def is_available(self) -> bool:
        """Whether it can be bought, now or to wait."""
        return self.availability not in NOT_FOR_SALE

    @property
    def is_preorder(self) -> bool:
        """Whether buying it is a pre-order."""
        return self.availability is Availability.PREORDER


_SOLD_OUT = Stock(availability=Availability.OUT_OF_STOCK, quantity=0)
_WORDS = {
    "": Stock(availability=Availability.UNKNOWN, quantity=None),
    "yes": Stock(availability=Availability.IN_STOCK, quantity=None),
    "few": Stock(availability=Availability.LOW_STOCK, quantity=None),
    "no": _SOLD_OUT,
    "infinite": Stock(availability=Availability.PREORDER, quantity=UNLIMITED),
    "preorder": Stock(availability=Availability.PREORDER, quantity=UNLIMITED),
}
_NUMBER = re.compile(r"-?[0-9]{1,18}")


def normalize_stock(raw: object, /, *, few_below: int = 10) -> Stock:
    """Read what a shop system puts in a stock field.

    Args:
        raw: A whole number, or one in a string (an optional minus and 1 to 18 ASCII digits); a word (``yes``, ``few``,
            ``no``, ``infinite``, ``preorder``) in any case; ``None`` or an empty string. Blanks around a string do not
            count.
        few_below: The number of units from which on it is no longer few: n is few if 0 < n < ``few_below``.

    Returns:
        The reading. A negative number is out of stock with that many units oversold; ``infinite`` and ``preorder`` are
        a pre-order without bound; nothing at all is unknown, which is not the same as sold out.

    Raises:
        InvalidStock: If ``raw`` is anything else: a bool, a float, a list, another word or way to write a number.
        InvalidArgument: If ``few_below`` is no whole number >= 0.

    Source:
        The stock field of Centra's Checkout API, in both settings of Stock Visible.

    Examples:
        A number, a word, and a size that is oversold:

        >>> from preorder_kit import normalize_stock
        >>> normalize_stock(4)
        Stock(availability=<Availability.LOW_STOCK: 'low_stock'>, quantity=4, later=0, oversold=0)
        >>> normalize_stock("infinite").is_preorder
        True
        >>> normalize_stock("-2").oversold
        2

        What is not a reading is refused, never guessed:

        >>> normalize_stock(5.5)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidStock: must be a whole number or one of yes, few, no, infinite, preorder (got 5.5)
    """
    units(few_below, "few_below")
    if raw is None:
        return _WORDS[""]
    if isinstance(raw, str):
        word = raw.strip().lower()
        if word in _WORDS:
            return _WORDS[word]
        if _NUMBER.fullmatch(word):
            return _counted(int(word), few_below)
    elif isinstance(raw, int) and not isinstance(raw, bool):
        return _counted(int(raw), few_below)
    words = ", ".join(word for word in _WORDS if word)
    message = f"must be a whole number or one of {words} (got {shown(raw)})"
    raise InvalidStock(message, value=raw)


def _counted(number: int, few_below: int) -> Stock:
    if number <= 0:
        return attrs.evolve(_SOLD_OUT, oversold=-number)
    return Stock(availability=shelf_reading(number, few_below), quantity=number)


def shelf_reading(number: Quantity, few_below: int) -> Availability:
    """Return whether so many units, > 0, are few."""
    return Availability.LOW_STOCK if number < few_below else Availability.IN_STOCK
