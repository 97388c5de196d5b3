"""Lines of an order as the system sends them, and the bundles that they make up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from ..._checks import refused
from ..._documents import Fields, count, identifier, truth
from ...bundles import Component, LineKind, WhenShort
from ...errors import InvalidArgument
from ...orders import Amount, OrderLine
from ._messages import utc_instant
from ._money import line_amount

BUNDLE = "BUNDLE"
PARENT_ID, PARENT_NUMBER = "parent_line_id", "parent_line_number"
KINDS = {
    "PHYSICAL": LineKind.GOODS,
    "VIRTUAL": LineKind.DIGITAL,
    "SHIPPING": LineKind.FEE,
    BUNDLE: LineKind.GOODS,
}


@attrs.frozen(kw_only=True)
class Row:
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

    @property
    def path(self) -> str:
        """Where the line is in its message: what it is known by here, for its id may be missing or come twice."""
        return self.fields.path


Children: TypeAlias = Mapping[str, Sequence[Row]]


def read_row(fields: Fields, currency: str | None) -> Row:
    """Return the line; where it has problems, what could be read of it."""
    line_id = fields.read("id", identifier)
    product_type = fields.read("product_type", _product_type)
    own_currency, amount = line_amount(fields, currency)
    return Row(
        fields=fields,
        id=line_id,
        number=fields.read("line_number", identifier, default=None),
        parent=_parent(fields),
        is_bundle=product_type == BUNDLE,
        kind=KINDS.get(product_type, LineKind.GOODS),
        sku=fields.read("sku", identifier),
        quantity=fields.read("quantity", count, default=1, least=1),
        street_date=fields.read("pre_order_street_date", utc_instant, default=None),
        when_short=_backorders(fields),
        currency=own_currency,
        amount=amount,
        ship_to=fields.read("shipping_address_reference", identifier, default=""),
    )


def _parent(fields: Fields) -> tuple[str, str] | None:
    named = ((key, fields.read(key, identifier, default=None)) for key in (PARENT_ID, PARENT_NUMBER))
    return next(((key, value) for key, value in named if value is not None), None)


def _product_type(value: object, path: str) -> str:
    name = value.strip().upper() if isinstance(value, str) else ""
    if name not in KINDS:
        raise refused(path, f"must be one of {', '.join(KINDS)}", value, code="choice.invalid")
    return name


def attributes(fields: Fields) -> Iterator[tuple[frozenset[str], Fields]]:
    """Yield the custom attributes of a line, each with the names that it goes by, in lower case."""
    for attribute in fields.objects("custom_attributes"):
        names = [attribute.read(key, identifier, default="").lower() for key in ("name", "attribute_code")]
        yield frozenset(names), attribute


def _backorders(fields: Fields) -> WhenShort | None:
    """Return whether the line may wait, ``None`` if it does not say so."""
    when_short = None
    for names, attribute in attributes(fields):
        if names & {"allowbackorders", "allowbackorder"}:
            when_short = WhenShort.WAIT if attribute.read("value", _flag) else WhenShort.CANCEL
    return when_short


def _flag(value: object, path: str) -> bool:
    try:
        return truth(value, path)
    except InvalidArgument:
        raise refused(path, 'must be "true" or "false"', value, code="choice.invalid") from None


def one_currency(rows: Sequence[Row]) -> str | None:
    """Return the currency of the lines, ``None`` if they have no amounts; complain of a line that has another."""
    currencies = [(row, row.currency) for row in rows if row.currency]
    for row, currency in currencies:
        if currency != currencies[0][1]:
            message = f"must be the currency of the other lines, {currencies[0][1]} (got {currency!r})"
            row.fields.complain("amount.currency", "currency.mixed", message, currency)
    return currencies[0][1] if currencies else None


def nested(rows: Sequence[Row]) -> tuple[list[Row], Children]:
    """Return the lines that are part of no bundle, and by their paths the bundles' own; complain of what is amiss."""
    _unique_ids(rows)
    named = _by_name(rows)
    children: dict[str, list[Row]] = {}
    tops = []
    for row in rows:
        bundle = _bundle_of(row, named)
        if bundle is None:
            tops.append(row)
        else:
            children.setdefault(bundle.path, []).append(row)
    reached = {row.path for row in below(tops, children)}
    for row in rows:
        if row.parent and row.path not in reached:
            row.fields.complain(row.parent[0], "bundle.cycle", "must not make a bundle part of itself", row.parent[1])
        elif row.is_bundle and row.path not in children:
            row.fields.complain("", "bundle.empty", "is a BUNDLE that no line names as its parent", row.sku)
    return tops, children


def _unique_ids(rows: Sequence[Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        if isinstance(row.id, str) and row.id in seen:
            row.fields.complain("id", "id.repeated", f"must be unique in the order (got {row.id!r} again)", row.id)
        seen.add(row.id)


def _by_name(rows: Sequence[Row]) -> dict[tuple[str, str | None], list[Row]]:
    """Return the lines by what may name them as a parent."""
    named: dict[tuple[str, str | None], list[Row]] = {}
    for row in rows:
        for name in ((PARENT_ID, row.id), (PARENT_NUMBER, row.number)):
            named.setdefault(name, []).append(row)
    return named


def _bundle_of(row: Row, named: Mapping[tuple[str, str | None], Sequence[Row]]) -> Row | None:
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


def below(tops: Sequence[Row], children: Children) -> list[Row]:
    """Return ``tops`` and all lines that are part of them, the nearest first."""
    found = list(tops)
    for row in found:
        found.extend(children.get(row.path, ()))
    return found


def built(row: Row, children: Children, when_short: WhenShort) -> Iterator[OrderLine]:
    """Yield the line of ``row``; nothing if its recipe has problems."""
    problems = row.fields.problems
    before = len(problems)
    try:
        components = [_component(child, row, children) for child in children.get(row.path, ())]
        amounts = [part.amount for part in below([row], children) if part.amount]
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


def _component(row: Row, whole: Row, children: Children) -> Component:
    each, rest = divmod(row.quantity, whole.quantity)
    if rest:
        message = f"must be a multiple of its bundle's quantity, {whole.quantity} (got {row.quantity})"
        row.fields.complain("quantity", "bundle.uneven", message, row.quantity)
    parts = [_component(child, row, children) for child in children.get(row.path, ())]
    return Component(row.sku, max(1, each), parts, row.kind, row.street_date, row.when_short)


def _sum(amounts: Sequence[Amount]) -> Amount:
    return Amount(
        sum(amount.net for amount in amounts),
        sum(amount.tax for amount in amounts),
        sum(amount.discount for amount in amounts),
    )
