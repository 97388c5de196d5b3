"""What there is, what is coming, what is owed of it, and what can still be promised."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import attrs

from ._checks import FrozenMapping, checked, instance, mapping, optional, refused, rule, sequence, text, units
from ._checks import day as check_day
from .delivery import DateRange, LeadTime, _as_range
from .quantities import UNLIMITED, Quantity, _quantity, add_units

__all__ = ["Commitment", "Receipt", "Supply", "available_now", "pool"]


def _expected(value: object, path: str) -> dt.date | DateRange:
    if not isinstance(value, DateRange):
        return check_day(value, path)
    return value.earliest if value.earliest == value.latest else value


@attrs.frozen(kw_only=True, field_transformer=checked)
class Receipt:
    """Units that are on order and will come: a scheduled receipt.

    Attributes:
        sku: What comes.
        quantity: How many units, >= 0.
        expected: The day, or the range of days, on which they come; they count from the latest day on. A range of one
            day becomes that day.
        reserved: Units of them that are spoken for already, at most ``quantity``.
        ordered: The day on which they were ordered; ``None`` if not known.
        reference: Which receipt it is, as the number of a purchase order.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units))
    expected: dt.date | DateRange = attrs.field(metadata=rule(_expected))
    reserved: int = attrs.field(default=0, metadata=rule(units))
    ordered: dt.date | None = attrs.field(default=None, metadata=rule(optional, check=check_day))
    reference: str = attrs.field(default="", metadata=rule(text, empty=True))

    def __attrs_post_init__(self) -> None:
        if self.reserved > self.quantity:
            raise refused("reserved", f"must be <= quantity, {self.quantity}", self.reserved, code="units.invalid")


@attrs.frozen(kw_only=True, field_transformer=checked)
class Commitment:
    """Units that are owed.

    Attributes:
        sku: What is owed.
        quantity: How many units, >= 0.
        due: The day from which they are owed; ``None``: from the start.
        order_id: The order that they are owed to; empty if it is not known.
        line_id: The line of that order.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units))
    due: dt.date | None = attrs.field(default=None, metadata=rule(optional, check=check_day))
    order_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    line_id: str = attrs.field(default="", metadata=rule(text, empty=True))


def _window(receipt: Receipt) -> DateRange:
    return _as_range(receipt.expected, "expected")


def _counts_from(receipt: Receipt) -> dt.date:
    """Return the latest day on which a receipt is expected."""
    return receipt.expected.latest if isinstance(receipt.expected, DateRange) else receipt.expected


def _receipt_place(receipt: Receipt) -> tuple[object, ...]:
    expected = receipt.expected
    ordered = receipt.ordered or dt.date.min
    return (
        receipt.sku,
        _counts_from(receipt),
        expected.earliest if isinstance(expected, DateRange) else expected,
        receipt.reference,
        receipt.quantity,
        receipt.reserved,
        ordered,
    )


def _commitment_place(owed: Commitment) -> tuple[object, ...]:
    return owed.sku, owed.due or dt.date.min, owed.order_id, owed.line_id, owed.quantity


def _receipts(value: object, path: str) -> tuple[Receipt, ...]:
    return tuple(sorted(sequence(value, path, check=instance, of=Receipt), key=_receipt_place))


def _commitments(value: object, path: str) -> tuple[Commitment, ...]:
    return tuple(sorted(sequence(value, path, check=instance, of=Commitment), key=_commitment_place))


def _nonzero(quantities: Mapping[str, Quantity]) -> FrozenMapping[str, Quantity]:
    return FrozenMapping({sku: quantity for sku, quantity in quantities.items() if quantity != 0})


_Dated = TypeVar("_Dated", Receipt, Commitment)
_any_quantity = partial(_quantity, least=None)
_lead_time = partial(instance, of=LeadTime)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Supply:
    """What one location has, and what it will have. Several are a mapping of location -> supply, added up by `pool`.

    Receipts and commitments have no order: two supplies with the same ones are equal. So are two of which one says that
    a SKU has 0 and the other does not name it.

    Attributes:
        on_hand: SKU -> units in the building; `UNLIMITED` if they never run out, negative if the count is wrong. A SKU
            that is not named has 0.
        receipts: What is coming.
        commitments: What is owed.
        safety_stock: SKU -> units that are not promised.
        replenishment: SKU -> the lead time after which there is any number.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    on_hand: Mapping[str, Quantity] = attrs.field(eq=_nonzero, metadata=rule(mapping, key=text, check=_any_quantity))
    receipts: Sequence[Receipt] = attrs.field(default=(), metadata=rule(_receipts))
    commitments: Sequence[Commitment] = attrs.field(default=(), metadata=rule(_commitments))
    safety_stock: Mapping[str, int] = attrs.field(
        default=FrozenMapping(), eq=_nonzero, metadata=rule(mapping, key=text, check=units)
    )
    replenishment: Mapping[str, LeadTime] = attrs.field(
        default=FrozenMapping(), metadata=rule(mapping, key=text, check=_lead_time)
    )


def pool(locations: Mapping[str, Supply], /) -> Supply:
    """Return the supplies of several locations as one.

    Units on hand and safety stock add up per SKU (a negative count lowers the sum), receipts and commitments are put
    together, and of several lead times for one SKU the shortest counts: the smallest ``max_days``, then ``min_days``,
    then the location that comes first by name.

    Args:
        locations: Name -> supply.

    Returns:
        A supply that no order of the locations changes; an empty one for no location.

    Raises:
        InvalidArgument: If ``locations`` is no mapping of names to supplies.

    Examples:
        Two buildings:

        >>> from preorder_kit import Supply, pool
        >>> pool({"A": Supply(on_hand={"CD": 3}), "B": Supply(on_hand={"CD": 4, "LP": 1})}).on_hand
        {'CD': 7, 'LP': 1}
    """
    frozen = mapping(locations, "locations", key=text, check=partial(instance, of=Supply))
    supplies = [frozen[name] for name in sorted(frozen)]
    return Supply(
        on_hand=_summed(supply.on_hand for supply in supplies),
        receipts=[receipt for supply in supplies for receipt in supply.receipts],
        commitments=[owed for supply in supplies for owed in supply.commitments],
        safety_stock=_summed(supply.safety_stock for supply in supplies),  # type: ignore[arg-type]  # no UNLIMITED in, none out
        replenishment=_shortest(supply.replenishment for supply in supplies),
    )


def _summed(quantities: Iterable[Mapping[str, Quantity]]) -> dict[str, Quantity]:
    totals: dict[str, Quantity] = {}
    for one in quantities:
        for sku, quantity in one.items():
            totals[sku] = add_units([totals.get(sku, 0), quantity])
    return totals


def _shortest(lead_times: Iterable[Mapping[str, LeadTime]]) -> dict[str, LeadTime]:
    shortest: dict[str, LeadTime] = {}
    for one in lead_times:
        for sku, lead in one.items():
            shortest[sku] = min(shortest.get(sku, lead), lead, key=lambda item: (item.max_days, item.min_days))
    return shortest


def available_now(supply: Supply, /, *, sku: str, day: dt.date, but_for: str = "") -> Quantity:
    """Return how many units of ``sku`` can be promised on ``day`` without breaking what is owed later.

    What is there and what comes, less what is owed, runs through the days; the lowest it gets from ``day`` on, less the
    safety stock, can be promised. A receipt counts from its latest day on, less what is reserved of it, and not at all
    if that day has passed. What was owed before ``day`` is owed still.

    Args:
        supply: One location.
        sku: A SKU on a shelf, not a bundle.
        day: Today, at the location.
        but_for: An order whose own commitments are left out, so that it does not stand in its own way.

    Returns:
        Units >= 0. What comes on ``day`` itself is among them: what can leave now is the smaller of this and what is on
        hand.

    Raises:
        InvalidArgument: If ``day`` is no day or ``sku`` no text.

    Examples:
        Ten there, eight owed in two weeks, five coming only after that:

        >>> import datetime as dt
        >>> from preorder_kit import Commitment, Receipt, Supply, available_now
        >>> supply = Supply(
        ...     on_hand={"CD": 10},
        ...     commitments=[Commitment(sku="CD", quantity=8, due=dt.date(2026, 12, 6), order_id="O1")],
        ...     receipts=[Receipt(sku="CD", quantity=5, expected=dt.date(2026, 12, 10))],
        ... )
        >>> available_now(supply, sku="CD", day=dt.date(2026, 11, 22))
        2

        For the order that they are owed to, all ten:

        >>> available_now(supply, sku="CD", day=dt.date(2026, 11, 22), but_for="O1")
        10
    """
    instance(supply, "supply", of=Supply)
    return _available(supply, text(sku, "sku"), check_day(day, "day"), text(but_for, "but_for", empty=True))[0][1]


def _available(supply: Supply, sku: str, start: dt.date, but_for: str) -> list[tuple[dt.date, Quantity]]:
    """Return from each day on, beginning with ``start``, how much can be promised; the quantities never fall."""
    balance = supply.on_hand.get(sku, 0)
    if balance is UNLIMITED:
        return [(start, UNLIMITED)]
    changes = _changes(supply, sku, start, but_for)
    safety = supply.safety_stock.get(sku, 0)
    lead = supply.replenishment.get(sku)
    steps: list[tuple[dt.date, Quantity]] = []
    days = sorted(changes)
    if lead is not None:
        replenished = lead.calendar.add_working_days(start, lead.max_days)
        steps = [(replenished, UNLIMITED)]
        days = [day for day in days if day < replenished]
    levels = []
    for day in days:
        balance += changes[day]
        levels.append((day, max(0, balance - safety)))
    lowest: Quantity = UNLIMITED
    for day, level in reversed(levels):
        lowest = min(lowest, level)
        steps.append((day, lowest))
    return steps[::-1]


def _changes(supply: Supply, sku: str, start: dt.date, but_for: str) -> dict[dt.date, int]:
    """Return how the balance changes on each day from ``start`` on, which is always among them."""
    changes = {start: 0}
    for receipt in _of_sku(supply.receipts, sku):
        day = _counts_from(receipt)
        if day >= start:
            changes[day] = changes.get(day, 0) + receipt.quantity - receipt.reserved
    for owed in _of_sku(supply.commitments, sku):
        if not (but_for and owed.order_id == but_for):
            day = start if owed.due is None else max(start, owed.due)
            changes[day] = changes.get(day, 0) - owed.quantity
    return changes


def _of_sku(dated: Sequence[_Dated], sku: str) -> Sequence[_Dated]:
    """Return the receipts or commitments of one SKU; a supply keeps them in the order of their SKUs."""
    begin = bisect_left(dated, sku, key=_sku)
    return dated[begin : bisect_right(dated, sku, lo=begin, key=_sku)]


def _sku(dated: Receipt | Commitment) -> str:
    return dated.sku
