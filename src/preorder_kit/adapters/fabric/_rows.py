"""Units in stock and in transit as rows, the way fabric imports them: what an import file and a bulk insert share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

import attrs

from ..._checks import FrozenMapping, instance, mapping, refused, text
from ...quantities import UNLIMITED, Quantity
from ...supply import Commitment, Receipt, Supply

_TOO_MANY = 10**18


@attrs.frozen(kw_only=True)
class Entry:
    """What a row says: units in stock with those reserved of them, or a receipt."""

    location: str
    channel: str
    sku: str
    stock: tuple[int, int] | None = None
    receipt: Receipt | None = None


E = TypeVar("E", bound=Entry)


def repeated(entries: Iterable[E]) -> Iterator[tuple[E, E]]:
    """Yield each entry that says again what is in stock, with the first that did."""
    first: dict[tuple[str, str, str], E] = {}
    for entry in entries:
        if entry.stock is not None:
            earlier = first.setdefault((entry.location, entry.channel, entry.sku), entry)
            if earlier is not entry:
                yield entry, earlier


def supplies(entries: Sequence[Entry]) -> FrozenMapping[str, Supply]:
    """Return location -> supply, in the order of the entries."""
    by_location: dict[str, list[Entry]] = {}
    for entry in entries:
        by_location.setdefault(entry.location, []).append(entry)
    return FrozenMapping({location: _supply(members) for location, members in by_location.items()})


def _supply(entries: Sequence[Entry]) -> Supply:
    on_hand: dict[str, int] = {}
    commitments = []
    for entry in entries:
        if entry.stock is not None:
            total, reserved = entry.stock
            on_hand[entry.sku] = on_hand.get(entry.sku, 0) + total
            if reserved:
                commitments.append(Commitment(sku=entry.sku, quantity=reserved))
    receipts = [entry.receipt for entry in entries if entry.receipt is not None]
    return Supply(on_hand=on_hand, receipts=receipts, commitments=commitments)


@attrs.frozen(kw_only=True)
class Row:
    """A row to write; in transit if it has a day. ``path`` is where its supply names it."""

    path: str
    location: str
    sku: str
    total: int
    reserved: int
    expected: dt.date | None = None
    ordered: dt.date | None = None
    reference: str = ""


def rows_of(locations: Mapping[str, Supply]) -> list[Row]:
    """Return the rows that say what locations have, in stock before in transit.

    Raises:
        InvalidArgument: If there are none, or a supply holds what rows cannot say.
    """
    frozen = mapping(locations, "locations", key=text, check=partial(instance, of=Supply))
    rows = []
    for location, supply in frozen.items():
        path = f"locations[{location!r}]"
        _refuse_beyond(supply, path)
        found = [*_stock_rows(supply, location, path), *_transit_rows(supply, location, path)]
        if not found:
            requirement = "must name a SKU: an import without a row for a location leaves it as it is"
            raise refused(path, requirement, supply, code="fabric.empty")
        rows += found
    if not rows:
        raise refused("locations", "must name a location", locations, code="fabric.empty")
    return rows


def _refuse_beyond(supply: Supply, path: str) -> None:
    """Refuse what a supply holds that a row has no column for."""
    for name in ("safety_stock", "replenishment"):
        held = {sku: value for sku, value in getattr(supply, name).items() if value}
        if held:
            requirement = "must be empty: the import has no column for it; leave it out or write an inventory instead"
            raise refused(f"{path}.{name}", requirement, held, code="fabric.unsaid")
    for index, owed in enumerate(supply.commitments):
        if owed.order_id or owed.line_id or owed.due is not None:
            requirement = "must have no order and no day: the import knows one number of reserved units"
            raise refused(f"{path}.commitments[{index}]", requirement, owed, code="fabric.unsaid")


def _stock_rows(supply: Supply, location: str, path: str) -> Iterator[Row]:
    reserved: dict[str, int] = {}
    for owed in supply.commitments:
        reserved[owed.sku] = reserved.get(owed.sku, 0) + owed.quantity
    for sku in {**supply.on_hand, **reserved}:
        where = f"{path}.on_hand[{sku!r}]"
        held = _units(reserved.get(sku, 0), f"{path}.commitments")
        total = _units(supply.on_hand.get(sku, 0), where)
        yield Row(path=where, location=location, sku=sku, total=total, reserved=held)


def _transit_rows(supply: Supply, location: str, path: str) -> Iterator[Row]:
    for index, receipt in enumerate(supply.receipts):
        where = f"{path}.receipts[{index}]"
        if not isinstance(receipt.expected, dt.date):
            requirement = "must be one day: the import knows no range; take the latest"
            raise refused(f"{where}.expected", requirement, receipt.expected, code="fabric.unsaid")
        yield Row(
            path=where,
            location=location,
            sku=receipt.sku,
            total=_units(receipt.quantity, where),
            reserved=receipt.reserved,
            expected=receipt.expected,
            ordered=receipt.ordered,
            reference=receipt.reference,
        )


def ordered_on(row: Row) -> dt.date:
    """Return the day on which a row in transit was ordered; refuse a row without it or without a reference."""
    requirement = "must be given: fabric asks for the reference and the order date of units in transit"
    if not row.reference:
        raise refused(f"{row.path}.reference", requirement, row.reference, code="field.missing")
    if row.ordered is None:
        raise refused(f"{row.path}.ordered", requirement, row.ordered, code="field.missing")
    return row.ordered


def _units(quantity: Quantity, path: str) -> int:
    if quantity is UNLIMITED:
        requirement = "must be a number: the import knows no stock without bound; write an inventory instead"
        raise refused(path, requirement, quantity, code="fabric.unsaid")
    if not 0 <= quantity < _TOO_MANY:
        raise refused(path, "must be >= 0 and have 18 digits at most", quantity, code="units.invalid")
    return quantity
