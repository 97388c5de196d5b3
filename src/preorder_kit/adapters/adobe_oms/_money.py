"""Money in lines: read from the text of a message, and written as the plain numbers that the system takes."""

from __future__ import annotations

import re
from decimal import Decimal

import attrs

from ..._checks import refused
from ..._documents import Fields
from ...errors import InvalidArgument
from ...orders import Amount
from ...quantities import _currency_code, minor_digits, minor_units

_MOST = 10**15  # from here on a binary fraction, which a JSON number is to most readers, loses cents


def payment_currency(order: Fields) -> str | None:
    """Return the currency of the payments, for lines that do not name theirs; ``None`` if there is not just one."""
    named = {payment.read("currency", _currency_code, default=None) for payment in order.objects("payments")}
    return named.pop() if len(named) == 1 else None


def line_amount(line: Fields, fallback: str | None) -> tuple[str | None, Amount | None]:
    """Return the line's currency and money, both ``None`` if it names none."""
    fields = line.object("amount")
    if fields is None:
        return None, None
    before = len(fields.problems)
    if fallback is None:
        currency = fields.read("currency", _currency_code)
    else:
        currency = fields.read("currency", _currency_code, default=fallback)
    if len(fields.problems) > before:
        return None, None

    def money(value: object, path: str) -> int:
        try:
            return minor_units(_decimal(value, path), currency=currency)
        except InvalidArgument as error:
            raise attrs.evolve(error, path=path) from None

    keys = ("net_amount", "tax_amount", "gross_amount")
    net, tax, gross = (fields.read(key, money, default=None) for key in keys)
    if len(fields.problems) == before and net is None and gross is None:
        fields.complain("net_amount", "field.missing", "is missing, and gross_amount too")
    return currency, None if len(fields.problems) > before else _balanced(net, tax, gross)


def _decimal(value: object, path: str) -> Decimal:
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}(\.[0-9]{1,18})?\s*", value):
        return Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refused(path, "must be a number", value, code="money.invalid")
    return Decimal(value)


def _balanced(net: int | None, tax: int | None, gross: int | None) -> Amount:
    """Return the amount; of three numbers any may be missing but the first and the last together."""
    if net is None:
        return Amount((gross or 0) - (tax or 0), tax or 0)
    if tax is None:
        more = 0 if gross is None else gross - net
        tax = more if more * net >= 0 else 0  # what lowers the price is a discount, no tax
    return Amount(net, tax, 0 if gross is None else net + tax - gross)


def plain_number(minor: int, currency: str, path: str) -> int | float:
    """Return minor units as the number in major units that a message holds: 18.18 for 1818, 20 for 2000."""
    if abs(minor) >= _MOST:
        raise refused(path, f"must be less than {_MOST:,} minor units to be a plain number", minor, code="money.large")
    scale: int = 10 ** minor_digits(currency)
    return minor / scale if minor % scale else minor // scale
