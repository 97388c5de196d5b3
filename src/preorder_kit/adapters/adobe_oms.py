"""Adobe Commerce (Magento) OMS: orders as its message bus carries them.

Read leniently, as the system really sends: ids and numbers as text or number, with and without the JSON-RPC envelope.
Every problem of a message is named with its path.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs

from .._checks import member, refused
from .._documents import Fields, count, identifier, iso_instant, parse_json
from ..bundles import Component, LineKind, WhenShort
from ..errors import InvalidArgument, InvalidDocument, Problem
from ..orders import Amount, Order, OrderLine
from ..quantities import _currency_code, minor_units

__all__ = ["read_order_create"]

_METHODS = ("magento.sales.order_management.create", "magento.sales.order_management.created")
_BUNDLE = "BUNDLE"
_PARENT_ID, _PARENT_NUMBER = "parent_line_id", "parent_line_number"
_KINDS = {
    "PHYSICAL": LineKind.GOODS,
    "VIRTUAL": LineKind.DIGITAL,
    "SHIPPING": LineKind.FEE,
    _BUNDLE: LineKind.GOODS,
}


def read_order_create(document: str | bytes, /, *, when_short: WhenShort = WhenShort.CANCEL) -> Order:
    """Read an order from a ``magento.sales.order_management.create`` message.

    - The message comes in its JSON-RPC envelope or as the bare ``{"order": ...}``.
    - SHIPPING lines are fees, VIRTUAL goods are digital, and a BUNDLE with the lines that name it as their parent is
      one line with components; its amount is the sum of theirs.
    - A line without a quantity is one unit, as older feeds send them.
    - A ``pre_order_street_date`` or ``origin_date`` without an offset is in UTC; a mere day is its midnight.
    - The custom attribute ``allowBackorders`` (or ``allowBackorder``) says whether a line may wait.
    - Money is read from the text of the message, never through a binary fraction. Where net and tax do not add up to
      gross, the difference is the discount, so that gross is what the message says. Where tax is missing, what gross
      has more than net is tax.

    Args:
        document: The message, as text or UTF-8 bytes.
        when_short: Whether a line that does not say so may wait: the setting of the store.

    Returns:
        The order; its lines keep their order. Payments are not read: their sum need not be that of the lines.

    Raises:
        InvalidDocument: If it is no such message; with all of its problems and their paths.

    Source:
        Adobe Commerce OMS, order management specification and the pages on pre-orders, backorders and bundles. Street
        dates are in UTC there.

    Examples:
        A pre-order and its shipping:

        >>> from preorder_kit.adapters.adobe_oms import read_order_create
        >>> order = read_order_create('''{"order": {"id": 7, "origin_date": "2019-01-31T20:31:25+11:00", "lines": [
        ...     {"id": "1", "product_type": "PHYSICAL", "sku": "CD", "pre_order_street_date": "2019-02-05T00:00:00",
        ...      "amount": {"currency": "AUD", "net_amount": 18.18, "tax_amount": 1.82, "gross_amount": 20}},
        ...     {"id": "SHIPPING", "product_type": "SHIPPING", "sku": "STANDARD", "quantity": "1"}]}}''')
        >>> [(line.kind.value, line.quantity) for line in order.lines]
        [('goods', 1), ('fee', 1)]
        >>> order.lines[0].street_date.isoformat(), order.lines[0].amount.gross
        ('2019-02-05T00:00:00+00:00', 2000)

        All problems at once:

        >>> read_order_create('{"order": {"id": "7", "lines": [{"id": "1", "product_type": "GIFT", "sku": ""}]}}')
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: order.origin_date: is missing
        order.lines[0].product_type: must be one of PHYSICAL, VIRTUAL, SHIPPING, BUNDLE (got 'GIFT')
        order.lines[0].sku: is missing
    """
    member(when_short, "when_short", of=WhenShort)
    problems: list[Problem] = []
    order = _order_fields(parse_json(document), problems)
    order_id = order.read("id", identifier)
    placed_at = order.read("origin_date", _instant)
    currency = _payment_currency(order)
    rows = [_row(fields, currency) for fields in order.objects("lines", least=1)]
    _one_currency(rows)
    lines = _lines(rows, problems, when_short)
    if problems:
        raise InvalidDocument(problems)
    found = next((row.currency for row in rows if row.currency), None)
    return Order(id=order_id, placed_at=placed_at, lines=lines, currency=found)


def _order_fields(root: Any, problems: list[Problem]) -> Fields:
    """Return the order in its envelope or without one; a document that holds none is refused at once."""
    expected = 'must be an order create message: {"params": {"order": {...}}} or {"order": {...}}'
    if not isinstance(root, dict):
        raise InvalidDocument([Problem("", "document.unrecognised", expected)])
    method = root.get("method")
    if method is not None and method not in _METHODS:
        message = f"must be {_METHODS[0]} (got {method!r}): another message says other things about an order"
        raise InvalidDocument([Problem("method", "document.unrecognised", message, method)])
    envelope = Fields(root, "", problems)
    holder = envelope.object("params") if "params" in root else envelope
    order = holder.object("order") if holder else None
    if order is None:
        raise InvalidDocument(problems or [Problem("", "document.unrecognised", expected)])
    return order


def _instant(value: object, path: str) -> dt.datetime:
    # Java writes a zone behind the offset that says all: 2019-02-05T00:00:00Z[UTC]
    written = re.sub(r"(?<=[Z0-9])\[[^\]]*\]$", "", value.strip()) if isinstance(value, str) else value
    return iso_instant(written, path, zone=dt.timezone.utc)


def _payment_currency(order: Fields) -> str | None:
    """Return the currency of the payments, for lines that do not name theirs; ``None`` if there is not just one."""
    named = {payment.read("currency", _currency_code, default=None) for payment in order.objects("payments")}
    return named.pop() if len(named) == 1 else None


@attrs.frozen(kw_only=True)
class _Row:
    """A line of the message; ``parent`` is the field that names its parent, if one does, and what it says."""

    fields: Fields
    id: str
    number: str | None
    parent: tuple[str, str] | None
    is_bundle: bool
    kind: LineKind
    sku: str
    quantity: int
    street_date: dt.datetime | None
    when_short: WhenShort | None
    currency: str | None
    amount: Amount | None
    ship_to: str


def _row(fields: Fields, currency: str | None) -> _Row:
    """Return the line; where it has problems, what could be read of it."""
    if str(fields.read("status", identifier, default="")).upper() == "CANCELLED":
        fields.complain("status", "line.cancelled", "must not be CANCELLED: take the line out", "CANCELLED")
    line_id = fields.read("id", identifier)
    product_type = fields.read("product_type", _product_type)
    own_currency, amount = _amount(fields, currency)
    return _Row(
        fields=fields,
        id=line_id,
        number=fields.read("line_number", identifier, default=None),
        parent=_parent(fields),
        is_bundle=product_type == _BUNDLE,
        kind=_KINDS.get(product_type, LineKind.GOODS),
        sku=fields.read("sku", identifier),
        quantity=fields.read("quantity", count, default=1, least=1),
        street_date=fields.read("pre_order_street_date", _instant, default=None),
        when_short=_backorders(fields),
        currency=own_currency,
        amount=amount,
        ship_to=fields.read("shipping_address_reference", identifier, default=""),
    )


def _parent(fields: Fields) -> tuple[str, str] | None:
    named = ((key, fields.read(key, identifier, default=None)) for key in (_PARENT_ID, _PARENT_NUMBER))
    return next(((key, value) for key, value in named if value is not None), None)


def _product_type(value: object, path: str) -> str:
    name = value.strip().upper() if isinstance(value, str) else ""
    if name not in _KINDS:
        raise refused(path, f"must be one of {', '.join(_KINDS)}", value, code="choice.invalid")
    return name


def _backorders(fields: Fields) -> WhenShort | None:
    """Return whether the line may wait, ``None`` if it does not say so."""
    when_short = None
    for attribute in fields.objects("custom_attributes"):
        names = [attribute.read(key, identifier, default="").lower() for key in ("name", "attribute_code")]
        if any(name in ("allowbackorders", "allowbackorder") for name in names):
            when_short = WhenShort.WAIT if attribute.read("value", _flag) else WhenShort.CANCEL
    return when_short


def _flag(value: object, path: str) -> bool:
    flags = {"true": True, "false": False}
    word = str(value).strip().lower() if isinstance(value, str | bool) else ""
    if word not in flags:
        raise refused(path, 'must be "true" or "false"', value, code="choice.invalid")
    return flags[word]


def _decimal(value: object, path: str) -> Decimal:
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}(\.[0-9]{1,18})?\s*", value):
        return Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refused(path, "must be a number", value, code="money.invalid")
    return Decimal(value)


def _amount(line: Fields, fallback: str | None) -> tuple[str | None, Amount | None]:
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


def _balanced(net: int | None, tax: int | None, gross: int | None) -> Amount:
    """Return the amount; of three numbers any may be missing but the first and the last together."""
    if net is None:
        assert gross is not None
        return Amount(gross - (tax or 0), tax or 0)
    if tax is None:
        more = 0 if gross is None else gross - net
        tax = more if more * net >= 0 else 0  # what lowers the price is a discount, no tax
    return Amount(net, tax, 0 if gross is None else net + tax - gross)


def _one_currency(rows: Sequence[_Row]) -> None:
    currencies = [(row, row.currency) for row in rows if row.currency]
    for row, currency in currencies:
        if currency != currencies[0][1]:
            message = f"must be the currency of the other lines, {currencies[0][1]} (got {currency!r})"
            row.fields.complain("amount.currency", "currency.mixed", message, currency)


def _unique_ids(rows: Sequence[_Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id is not None and row.id in seen:
            row.fields.complain("id", "id.repeated", f"must be unique in the order (got {row.id!r} again)", row.id)
        seen.add(row.id)


def _lines(rows: Sequence[_Row], problems: list[Problem], when_short: WhenShort) -> list[OrderLine]:
    """Return the order's lines, bundles with their components; no line of a sound message is left out."""
    _unique_ids(rows)
    named = _by_name(rows)
    children: dict[str, list[_Row]] = {}
    tops = []
    for row in rows:
        bundle = _bundle_of(row, named)
        if bundle is None:
            tops.append(row)
        else:
            children.setdefault(bundle.id, []).append(row)
    reached = {row.id for row in _below(tops, children)}
    for row in rows:
        if row.parent and row.id not in reached:
            row.fields.complain(row.parent[0], "bundle.cycle", "must not make a bundle part of itself", row.parent[1])
        elif row.is_bundle and row.id not in children:
            row.fields.complain("", "bundle.empty", "is a BUNDLE that no line names as its parent", row.sku)
    return [] if problems else [line for top in tops for line in _line(top, children, when_short)]


def _by_name(rows: Sequence[_Row]) -> dict[tuple[str, str | None], list[_Row]]:
    """Return the lines by what may name them as a parent."""
    named: dict[tuple[str, str | None], list[_Row]] = {}
    for row in rows:
        for name in ((_PARENT_ID, row.id), (_PARENT_NUMBER, row.number)):
            named.setdefault(name, []).append(row)
    return named


def _bundle_of(row: _Row, named: Mapping[tuple[str, str | None], Sequence[_Row]]) -> _Row | None:
    """Return the bundle that the line is part of, if it names one; a parent that is no bundle is none."""
    if row.parent is None:
        return None
    parents = named.get(row.parent, ())
    if len(parents) != 1:
        key, value = row.parent
        row.fields.complain(key, "line.unknown", f"must name one line of the order (got {value!r})", value)
        return None
    [parent] = parents
    if parent.is_bundle and row.ship_to not in {"", parent.ship_to}:
        message = f"must be that of its bundle, {parent.ship_to!r} (got {row.ship_to!r})"
        row.fields.complain("shipping_address_reference", "bundle.divided", message, row.ship_to)
    return parent if parent.is_bundle else None


def _below(tops: Sequence[_Row], children: Mapping[str, Sequence[_Row]]) -> list[_Row]:
    """Return ``tops`` and all lines that are part of them, the nearest first."""
    found = list(tops)
    for row in found:
        found.extend(children.get(row.id, ()))
    return found


def _line(row: _Row, children: Mapping[str, Sequence[_Row]], when_short: WhenShort) -> Iterator[OrderLine]:
    """Yield the line of ``row``; nothing if its recipe has problems."""
    problems = row.fields.problems
    before = len(problems)
    try:
        components = [_component(child, row, children) for child in children.get(row.id, ())]
        amounts = [part.amount for part in _below([row], children) if part.amount]
        line = OrderLine(
            id=row.id,
            sku=row.sku,
            quantity=row.quantity,
            kind=row.kind,
            street_date=row.street_date,
            when_short=row.when_short or when_short,
            components=components,
            amount=_sum(amounts) if amounts else None,
            ship_to=row.ship_to,
        )
    except (InvalidArgument, RecursionError) as error:
        row.fields.complain("", "bundle.invalid", f"is a bundle that cannot be: {error}", row.sku)
        return
    if len(problems) == before:
        yield line


def _component(row: _Row, whole: _Row, children: Mapping[str, Sequence[_Row]]) -> Component:
    each, rest = divmod(row.quantity, whole.quantity)
    if rest:
        message = f"must be a multiple of its bundle's quantity, {whole.quantity} (got {row.quantity})"
        row.fields.complain("quantity", "bundle.uneven", message, row.quantity)
    parts = [_component(child, row, children) for child in children.get(row.id, ())]
    return Component(row.sku, max(1, each), parts, row.kind, row.street_date, row.when_short)


def _sum(amounts: Sequence[Amount]) -> Amount:
    return Amount(
        sum(amount.net for amount in amounts),
        sum(amount.tax for amount in amounts),
        sum(amount.discount for amount in amounts),
    )
