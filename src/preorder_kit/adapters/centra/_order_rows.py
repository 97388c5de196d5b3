"""Rows of an order, bundles among them, to the lines of an `Order`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import attrs

from ..._documents import Fields
from ...bundles import Component, WhenShort
from ...delivery import DateRange
from ...orders import Amount, OrderLine
from ._orders import CentraOrderLine, CentraOrderRules

UNNAMED = "unnamed"
_HALF = Fraction(1, 2)


@attrs.frozen(kw_only=True)
class Row:
    """A row of an order, and the items that are nested in it if it is a bundle; each of them for one bundle."""

    fields: Fields
    line: CentraOrderLine
    currency: str | None = None
    amount: Amount | None = None
    items: Sequence[Row] = ()
    promised: DateRange | None = None
    may_wait: bool = False


def amount_of(gross: int, percent: Fraction) -> Amount:
    """Return an amount of which so many percent are tax on top of the net, which is rounded half up."""
    tax = math.floor(gross * percent / (100 + percent) + _HALF)
    return Amount(gross - tax, tax)


def currency_of(rows: Iterable[Row]) -> str | None:
    """Return the currency of all rows; one with another is a problem."""
    found = [(row, row.currency) for row in rows if row.currency]
    for row, currency in found:
        if currency != found[0][1]:
            message = f"must be in the currency of the other lines, {found[0][1]} (got {currency!r})"
            row.fields.complain("", "currency.mixed", message, currency)
    return found[0][1] if found else None


def all_lines(rows: Iterable[Row]) -> list[CentraOrderLine]:
    """Return what is said of each row, and of each item that is no row of its own."""
    found: dict[str, CentraOrderLine] = {}
    for row in rows:
        found[row.line.id] = row.line
        for line in all_lines(row.items):
            found.setdefault(line.id, line)
    return list(found.values())


def order_lines(rows: Sequence[Row], rules: CentraOrderRules) -> list[OrderLine]:
    """Return a line for each row that has units; the items of a bundle are its components."""
    nested = {line.id for row in rows for line in all_lines(row.items)}
    alone = [row for row in rows if row.line.id not in nested]
    lines = [row.fields.build(_order_line, row, rules) for row in _folded(alone) if row.line.quantity]
    return [line for line in lines if line is not None]


def _folded(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows; where a bundle and its items are rows of their own, the items become part of it."""
    bundles = [row for row in rows if row.line.is_bundle and not row.items]
    parts = [row for row in rows if row.line.bundle]
    if not bundles or not parts:
        yield from rows
        return
    if len(bundles) > 1 or len({row.line.bundle for row in parts}) > 1:
        for row in bundles:
            message = "is one of several bundles, whose items cannot be told apart; read items nested under bundles"
            row.fields.complain("", "centra.unlinked", message, row.line.sku)
        return
    for row in rows:
        if row.line.is_bundle and not row.items:
            yield attrs.evolve(row, items=list(_each(parts, row.line.quantity)), amount=_money(row, parts))
        elif not row.line.bundle:
            yield row


def _each(parts: Iterable[Row], bundles: int) -> Iterator[Row]:
    """Yield the items of a bundle with their units for one of them."""
    for part in parts:
        each, rest = divmod(part.line.quantity, bundles or 1)
        if rest:
            message = f"must be a multiple of its bundle's quantity, {bundles} (got {part.line.quantity})"
            part.fields.complain("", "bundle.uneven", message, part.line.quantity)
        if each:
            yield attrs.evolve(part, line=attrs.evolve(part.line, quantity=each))


def _money(bundle: Row, parts: Iterable[Row]) -> Amount | None:
    """Return what a bundle costs: its own price, or that of its items if it has none."""
    if bundle.amount is not None and bundle.amount.gross:
        return bundle.amount
    amounts = [part.amount for part in parts if part.amount is not None]
    return Amount(sum(one.net for one in amounts), sum(one.tax for one in amounts)) if amounts else bundle.amount


def _order_line(row: Row, rules: CentraOrderRules) -> OrderLine:
    waits = any(map(_waits, (row, *row.items)))
    return OrderLine(
        id=row.line.id,
        sku=row.line.sku,
        quantity=row.line.quantity,
        street_date=rules.street_dates.get(row.line.sku),
        when_short=WhenShort.WAIT if waits else rules.when_short,
        components=[_component(item, rules) for item in row.items],
        amount=row.amount,
        promised=row.promised,
        ship_group=f"bundle {row.line.bundle}" if row.line.bundle not in {"", UNNAMED} else "",
    )


def _component(item: Row, rules: CentraOrderRules) -> Component:
    parts = [_component(part, rules) for part in item.items]
    return Component(item.line.sku, item.line.quantity, parts, street_date=rules.street_dates.get(item.line.sku))


def _waits(row: Row) -> bool:
    return row.may_wait or bool(row.line.preorder)
