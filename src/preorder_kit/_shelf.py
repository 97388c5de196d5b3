"""One SKU on the shelf: what is there and what comes of it, each unit given out once.

What is taken from a day counts as owed from that day on, so that taking is the same as committing. Where the lowest
balance rises from one day to the next, it rises by no more than what the receipts of that day have left: they can
always give what is taken from their day.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import attrs

from ._balance import Balance
from ._supply import Receipt, Supply, _of_sku
from .delivery import DateRange
from .quantities import UNLIMITED, Quantity
from .supply import _coming, _due, _replenished

_REPLENISHED = -1


@attrs.frozen(kw_only=True)
class Peg:
    """Units that are taken, and what they are taken from.

    Attributes:
        sku: Of what.
        units: How many.
        window: The days on which they come; ``None``: they are there.
        reference: The receipt that brings them, if it has a name.
        day: The place of the day from which on they count; `_REPLENISHED` if they are ordered anew.
        receipt: The place among the receipts of that day.
    """

    sku: str
    units: int
    window: DateRange | None = None
    reference: str = ""
    day: int = 0
    receipt: int = 0


def there(supply: Supply, skus: Iterable[str], *, day: dt.date, but_for: str) -> dict[str, Quantity]:
    """Return what can be taken of what is there: the smaller of what is on hand and what is not owed to others.

    The day is the first one, ``but_for`` an order whose own commitments do not stand in its way. Never below 0.
    """
    spare, dated = supply._spare, supply._dated
    return {sku: _there(supply, sku, day, but_for) if sku in dated else spare.get(sku, 0) for sku in skus}


def _there(supply: Supply, sku: str, day: dt.date, but_for: str) -> Quantity:
    shelf = Shelf(supply, sku, start=day, overdue=None)
    shelf.release(but_for)
    return shelf.there


class Shelf:
    """What a supply can still give of one SKU; what is taken is gone until it is put back."""

    def __init__(self, supply: Supply, sku: str, *, start: dt.date, overdue: int | None) -> None:
        on_hand = supply.on_hand.get(sku, 0)
        self._sku = sku
        self._endless = on_hand is UNLIMITED
        self._here = 0 if on_hand is UNLIMITED else max(0, on_hand)
        self._safety = supply.safety_stock.get(sku, 0)
        self._replenished = _replenished(supply, sku, start)
        receipts = _by_day(_coming(supply, sku, start, overdue))
        self._owned = _owners(supply, sku, start)
        owed = _summed(self._owned)
        self._days = sorted({start, *receipts, *owed})
        if self._replenished:  # nothing that happens later matters
            self._days = self._days[: max(1, bisect_left(self._days, self._replenished.latest))]
        self._receipts = [receipts.get(day, []) for day in self._days]
        self._left = [[receipt.quantity - receipt.reserved for receipt, _ in found] for found in self._receipts]
        self._next = [0] * len(self._days)  # the first receipt of each day that may have something left
        changes = [sum(left) - owed.get(day, 0) for left, day in zip(self._left, self._days, strict=True)]
        changes[0] += 0 if on_hand is UNLIMITED else on_hand
        self._balance = Balance(changes)

    def release(self, order_id: str) -> None:
        """Take what is owed to an order as no longer owed."""
        for day, units in self._owned.pop(order_id, ()):
            place = bisect_left(self._days, day)
            if place < len(self._days):
                self._balance.change(place, units)

    @property
    def there(self) -> Quantity:
        """What can be taken of what is there."""
        return UNLIMITED if self._endless else self._spare_here(None)

    def take_here(self, units: int, *, keep: int | None = None) -> Iterator[Peg]:
        """Take up to ``units`` of what is there; ``keep`` is what must stay, the safety stock if it is not given."""
        given = units if self._endless else min(units, self._spare_here(keep))
        if given:
            self._here -= given
            self._balance.change(0, -given)
            yield Peg(sku=self._sku, units=given)

    def take_coming(self, units: int) -> Iterator[Peg]:
        """Take up to ``units`` of what comes, the earliest first; nothing may be left there."""
        while units:
            day = self._balance.last_below(self._safety + 1, before=len(self._days)) + 1
            if day == len(self._days):
                break
            given = min(units, self._spare(day))
            units -= given
            yield from self._from_receipts(day, given)
        yield from self._ordered_anew(units)

    def take_latest(self, units: int, by: dt.date, *, keep: int | None = None) -> Iterator[Peg]:
        """Take up to ``units`` of what comes and counts ``by`` a day, the latest first; ``keep`` as in `take_here`."""
        if self._endless:
            return
        if self._replenished and self._replenished.latest <= by:
            yield from self._ordered_anew(units)
            return
        last = bisect_right(self._days, by) - 1
        while units and last >= 0:
            day = self._balance.last_below(self._balance.lowest(last), before=last) + 1
            before = self._spare(day - 1, keep) if day else self._spare_here(keep)
            given = min(units, self._spare(last, keep) - before)
            if not given:
                break
            units -= given
            yield from self._from_receipts(day, given)

    def put_back(self, peg: Peg) -> None:
        """Undo a taking."""
        if peg.window is not None and peg.day != _REPLENISHED:
            self._left[peg.day][peg.receipt] += peg.units
            self._next[peg.day] = min(self._next[peg.day], peg.receipt)
            self._balance.change(peg.day, peg.units)
        elif peg.window is None:
            self._here += peg.units
            self._balance.change(0, peg.units)

    def _spare(self, day: int, keep: int | None = None) -> int:
        """Return what can be taken from a day on."""
        return max(0, self._balance.lowest(day) - (self._safety if keep is None else keep))

    def _spare_here(self, keep: int | None) -> int:
        at_once = self._replenished is not None and self._replenished.latest <= self._days[0]
        return self._here if at_once else min(self._here, self._spare(0, keep))

    def _ordered_anew(self, units: int) -> Iterator[Peg]:
        if units and self._replenished:
            yield Peg(sku=self._sku, units=units, window=self._replenished, day=_REPLENISHED)

    def _from_receipts(self, day: int, units: int) -> Iterator[Peg]:
        self._balance.change(day, -units)
        left = self._left[day]
        while units:
            place = self._next[day]
            given = min(units, left[place])
            if given:
                receipt, window = self._receipts[day][place]
                units -= given
                left[place] -= given
                yield Peg(
                    sku=self._sku, units=given, window=window, reference=receipt.reference, day=day, receipt=place
                )
            if not left[place]:
                self._next[day] = place + 1


def _by_day(coming: Iterator[tuple[Receipt, DateRange]]) -> dict[dt.date, list[tuple[Receipt, DateRange]]]:
    """Return the receipts that count from each day on, in their order."""
    days: dict[dt.date, list[tuple[Receipt, DateRange]]] = {}
    for receipt, window in coming:
        days.setdefault(window.latest, []).append((receipt, window))
    return days


def _owners(supply: Supply, sku: str, start: dt.date) -> dict[str, list[tuple[dt.date, int]]]:
    """Return order -> what is owed to it: days and units."""
    owners: dict[str, list[tuple[dt.date, int]]] = {}
    for owed in _of_sku(supply.commitments, sku):
        owners.setdefault(owed.order_id, []).append((_due(owed, start), owed.quantity))
    return owners


def _summed(owners: dict[str, list[tuple[dt.date, int]]]) -> dict[dt.date, int]:
    total: dict[dt.date, int] = {}
    for dues in owners.values():
        for day, units in dues:
            total[day] = total.get(day, 0) + units
    return total
