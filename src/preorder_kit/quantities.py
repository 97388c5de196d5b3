"""Units, `UNLIMITED`, exact shares of a whole, and money in minor units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum
from typing import Final, Literal, TypeAlias

from ._checks import instance, refused, sequence
from ._checks import units as check_units

__all__ = ["UNLIMITED", "Quantity", "Unlimited", "add_units", "apportion", "minor_digits", "minor_units", "take_units"]


class Unlimited(Enum):
    """The type of `UNLIMITED`, its only member: no bound on a quantity.

    It compares above every whole number, so that ``min`` and ``max`` work on quantities. It has no arithmetic: what is
    left of no bound is asked of `take_units`.

    Examples:
        The smaller of a stock without bound and a cap:

        >>> from preorder_kit import UNLIMITED
        >>> min(UNLIMITED, 5)
        5

        There is no largest number hidden in it:

        >>> UNLIMITED > 10**30
        True
    """

    UNLIMITED = "unlimited"

    def __lt__(self, other: object) -> bool:
        return False if _is_quantity(other) else NotImplemented

    def __le__(self, other: object) -> bool:
        return other is self if _is_quantity(other) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return other is not self if _is_quantity(other) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return True if _is_quantity(other) else NotImplemented

    def __repr__(self) -> str:
        return "UNLIMITED"

    __str__ = __repr__


UNLIMITED: Final = Unlimited.UNLIMITED

#: A number of units, or no bound.
Quantity: TypeAlias = int | Literal[Unlimited.UNLIMITED]


def _is_quantity(value: object) -> bool:
    return isinstance(value, int | Unlimited)


def _quantity(value: object, path: str, *, least: int | None = 0) -> Quantity:
    """Return ``value`` if it is `UNLIMITED` or a number of units not below ``least``; a check, as in `_checks`."""
    return UNLIMITED if value is UNLIMITED else check_units(value, path, least=least)


def add_units(quantities: Iterable[Quantity], /) -> Quantity:
    """Add quantities up.

    Args:
        quantities: Units, or no bound.

    Returns:
        Their sum: `UNLIMITED` if one of them is, 0 if there are none.

    Raises:
        InvalidArgument: If one is neither a whole number nor `UNLIMITED`, or ``quantities`` is no sequence.

    Examples:
        Two shelves:

        >>> from preorder_kit import UNLIMITED, add_units
        >>> add_units([5, -2])
        3

        One of them is never empty:

        >>> add_units([5, UNLIMITED])
        UNLIMITED
    """
    parts = sequence(quantities, "quantities", check=_quantity, least=None)
    return UNLIMITED if UNLIMITED in parts else sum(part for part in parts if part is not UNLIMITED)


def take_units(available: Quantity, /, *, units: int) -> Quantity:
    """Return what is left when units are taken.

    Args:
        available: What there is.
        units: How many are taken.

    Returns:
        `UNLIMITED` stays so; a number may fall below 0.

    Raises:
        InvalidArgument: If ``units`` is no whole number, or ``available`` neither that nor `UNLIMITED`.

    Examples:
        From a number, and from no bound:

        >>> from preorder_kit import UNLIMITED, take_units
        >>> take_units(5, units=3), take_units(UNLIMITED, units=3)
        (2, UNLIMITED)
    """
    _quantity(available, "available", least=None)
    check_units(units, "units", least=None)
    return UNLIMITED if available is UNLIMITED else available - units


def apportion(total: int, /, *, weights: Sequence[int]) -> tuple[int, ...]:
    """Divide ``total`` in proportion to ``weights``, in whole units that add up to it exactly.

    Largest remainder: every share is rounded down, and the units left over go one each to the largest remainders, ties
    to the earlier. A negative total mirrors the positive one.

    Args:
        total: What is divided, in any whole unit (goods, or minor units of a currency).
        weights: Whole numbers >= 0, one for each share.

    Returns:
        One share for each weight. They add up to ``total``, and each is its exact proportion rounded up or down.

    Raises:
        InvalidArgument: If a weight is negative, or if all are 0 (or there is none) and ``total`` is not.

    Source:
        Hamilton's method of apportionment.

    Examples:
        Ten in three:

        >>> from preorder_kit import apportion
        >>> apportion(1000, weights=[1, 1, 1])
        (334, 333, 333)

        A refund mirrors the charge:

        >>> apportion(-1000, weights=[1, 1, 1])
        (-334, -333, -333)
    """
    check_units(total, "total", least=None)
    parts = sequence(weights, "weights", check=check_units)
    if total and not any(parts):
        raise refused("weights", "must not all be 0 when there is something to divide", weights, code="weights.zero")
    return _apportioned(total, parts)


def _apportioned(total: int, parts: Sequence[int]) -> tuple[int, ...]:
    """Return the shares of a whole by weights >= 0, not all 0 unless there is nothing to divide."""
    if not total:
        return (0,) * len(parts)
    whole = sum(parts)
    size, sign = abs(total), 1 if total > 0 else -1
    shares = [size * part // whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda index: -(size * parts[index] % whole))
    for index in by_remainder[: size - sum(shares)]:
        shares[index] += 1
    return tuple(sign * share for share in shares)


def _bounded(units: int, bound: Quantity) -> int:
    """Return the smaller of a number and a bound, which is a number."""
    return units if bound is UNLIMITED else min(units, bound)


_MOST_DIGITS = 18
_DIGITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


def minor_digits(currency: str, /) -> int:
    """Return how many decimals a currency has.

    Args:
        currency: An ISO 4217 code.

    Returns:
        2 for most, 0 for yen, 3 for Kuwaiti dinar.

    Raises:
        InvalidArgument: If ``currency`` is not three capital letters.

    Source:
        ISO 4217, list one. A code that the list does not give other digits has 2.

    Examples:
        Euro, yen, Kuwaiti dinar:

        >>> from preorder_kit import minor_digits
        >>> [minor_digits(code) for code in ("EUR", "JPY", "KWD")]
        [2, 0, 3]
    """
    return _DIGITS.get(_currency_code(currency, "currency"), 2)


def minor_units(amount: Decimal, /, *, currency: str) -> int:
    """Return ``amount`` in minor units of ``currency``, exactly.

    Args:
        amount: A finite decimal in major units; trailing zeros beyond the currency's digits do not count.
        currency: An ISO 4217 code.

    Returns:
        A whole number of cents, yen or the like; negative for a negative amount.

    Raises:
        InvalidArgument: If ``amount`` is no finite decimal, or has more digits than the currency: nothing is rounded.

    Examples:
        Cents, and a currency without them:

        >>> from decimal import Decimal
        >>> from preorder_kit import minor_units
        >>> minor_units(Decimal("18.18"), currency="AUD"), minor_units(Decimal("500"), currency="JPY")
        (1818, 500)
    """
    instance(amount, "amount", of=Decimal)
    digits = minor_digits(currency)
    if not amount.is_finite() or (amount and abs(amount.adjusted()) > _MOST_DIGITS):
        raise refused("amount", "must be an ordinary amount of money", amount, code="money.invalid")
    # As a fraction of whole numbers: arithmetic on decimals would round as the caller's decimal context says.
    numerator, denominator = amount.as_integer_ratio()
    scale: int = 10**digits
    minor, rest = divmod(numerator * scale, denominator)
    if rest:
        rule = f"must have no more than {digits} decimals, those of {currency}; round it where it comes from"
        raise refused("amount", rule, amount, code="money.too_fine")
    return minor


def _currency_code(value: object, path: str) -> str:
    """Return ``value`` if it is three capital letters; a check, as in `_checks`."""
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}", value):
        raise refused(path, "must be an ISO 4217 code such as EUR", value, code="currency.invalid")
    return value


def _money_text(minor: int, currency: str) -> str:
    """Return minor units as text in major units, with the decimals of the currency: 18.18 for 1818 AUD."""
    digits = minor_digits(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}{f'.{rest:0{digits}}' if digits else ''}"
