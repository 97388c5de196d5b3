"""What there is, what is coming and what is owed of it, as values: under `supply`."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar

import attrs

from ._checks import FrozenMapping, checked, instance, mapping, optional, refused, rule, sequence, text, units
from ._checks import day as check_day
from .delivery import DateRange, LeadTime, _as_range
from .quantities import UNLIMITED, Quantity, _quantity


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
    _dated: frozenset[str] = attrs.field(init=False, eq=False, repr=False)  # SKUs to which something happens later
    _spare: Mapping[str, Quantity] = attrs.field(init=False, eq=False, repr=False)  # what the others can give

    def __attrs_post_init__(self) -> None:
        later = [item.sku for item in self.receipts] + [item.sku for item in self.commitments]
        dated = frozenset({*self.replenishment, *later})
        object.__setattr__(self, "_spare", {sku: self._less_safety(sku) for sku in self.on_hand if sku not in dated})
        object.__setattr__(self, "_dated", dated)

    def _less_safety(self, sku: str) -> Quantity:
        units = self.on_hand[sku]
        return units if units is UNLIMITED else max(0, units - self.safety_stock.get(sku, 0))


def _of_sku(dated: Sequence[_Dated], sku: str) -> Sequence[_Dated]:
    """Return the receipts or commitments of one SKU; a supply keeps them in the order of their SKUs."""
    begin = bisect_left(dated, sku, key=_sku)
    return dated[begin : bisect_right(dated, sku, lo=begin, key=_sku)]


def _sku(dated: Receipt | Commitment) -> str:
    return dated.sku
