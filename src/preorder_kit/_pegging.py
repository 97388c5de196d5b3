"""Units from stock and receipts, each given out once: the engine under promises and splits.

A `Ledger` is the one thing here that changes. It is made for one call and never leaves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

import attrs

from ._checks import refused
from ._shelf import Peg, Shelf
from ._supply import Supply, _of_sku
from .calendars import order_day
from .delivery import DateRange, ShippingTimes, _after, _days, latest_order_day
from .orders import Order, OrderLine, ShipPolicy, line_street_date
from .quantities import Quantity, _bounded
from .street_date import is_released, street_day
from .supply import _coming


@attrs.frozen(kw_only=True)
class Taken:
    """What became of the units that were asked for; pegs, ``undated`` and ``refused`` add up to them.

    Attributes:
        pegs: What they are taken from.
        undated: Units that may wait, for nothing that is known of.
        refused: Units that may not wait.
    """

    pegs: tuple[Peg, ...]
    undated: int
    refused: int

    @property
    def here(self) -> int:
        """Units that are there."""
        return sum(peg.units for peg in self.pegs if peg.window is None)

    @property
    def waiting(self) -> int:
        """Units that are not there and wait."""
        return sum(peg.units for peg in self.pegs if peg.window is not None) + self.undated


class Ledger:
    """What a supply can still give from a day on; what is taken from it is gone until it is put back."""

    def __init__(self, supply: Supply, *, day: dt.date, overdue: int | None = None) -> None:
        self._supply = supply
        self._day = day
        self._overdue = overdue
        self._shelves: dict[str, Shelf] = {}
        self._soonest: dict[str, dict[str, DateRange]] = {}

    def release(self, order_id: str, skus: Iterable[str]) -> None:
        """Let what is owed to an order not stand in its own way."""
        for sku in skus:
            self._shelf(sku).release(order_id)

    def take(self, sku: str, units: int, *, waiting: Quantity, by: dt.date | None = None) -> Taken:
        """Take ``units`` of ``sku``: stock first, then up to ``waiting`` units of what comes, the earliest first.

        With ``by``, what comes by that day is taken before all else, the latest first.
        """
        shelf = self._shelf(sku)
        may_wait = _bounded(units, waiting)
        pegs = list(shelf.take_latest(may_wait, by)) if by else []
        may_wait -= _units(pegs)
        pegs += shelf.take_here(units - _units(pegs))
        allowed = min(units - _units(pegs), may_wait)
        later = list(shelf.take_coming(allowed))
        left = units - _units(pegs) - allowed
        return Taken(pegs=(*pegs, *later), undated=allowed - _units(later), refused=left)

    def take_in_time(self, sku: str, units: int, *, by: dt.date) -> list[Peg]:
        """Take up to ``units`` of what comes by a day, the latest first, and then of what is there.

        This is for what was promised already: it comes before the safety stock.
        """
        shelf = self._shelf(sku)
        pegs = list(shelf.take_latest(units, by, keep=0))
        return [*pegs, *shelf.take_here(units - _units(pegs), keep=0)]

    def put_back(self, sku: str, pegs: Iterable[Peg]) -> None:
        """Undo a taking."""
        for peg in pegs:
            self._shelf(sku).put_back(peg)

    def has_receipts(self, sku: str) -> bool:
        """Say whether the supply names a receipt of ``sku``, whenever it comes and whoever gets it."""
        return bool(_of_sku(self._supply.receipts, sku))

    def soonest(self, sku: str, references: Sequence[str]) -> DateRange | None:
        """Return when the first receipt of ``sku`` comes that counts, of those with one of the references if any."""
        if sku not in self._soonest:
            coming = sorted(
                _coming(self._supply, sku, self._day, self._overdue), key=lambda item: item[1].latest, reverse=True
            )
            self._soonest[sku] = {receipt.reference: window for receipt, window in coming}
        windows = self._soonest[sku]
        found = [windows[name] for name in references or windows if name in windows]
        return min(found, key=lambda window: window.latest, default=None)

    def _shelf(self, sku: str) -> Shelf:
        if sku not in self._shelves:
            self._shelves[sku] = Shelf(self._supply, sku, start=self._day, overdue=self._overdue)
        return self._shelves[sku]


def _units(pegs: Iterable[Peg]) -> int:
    return sum(peg.units for peg in pegs)


@attrs.frozen(kw_only=True)
class Clock:
    """Now, as days: ``today`` is the warehouse's day, ``order_day`` the day on which an order counts."""

    today: dt.date
    zone: str
    order_day: dt.date


def clock(at: dt.datetime, times: ShippingTimes | None) -> Clock:
    """Return the days of ``at`` in the zone of ``times``: its own, else its cut-off's, else UTC."""
    zone = "UTC"
    if times is not None:
        zone = times.zone or (times.cut_off.zone if times.cut_off else zone)
    today = street_day(at, zone=zone)
    if times is None:
        return Clock(today=today, zone=zone, order_day=today)
    counted = order_day(at, calendar=times.handling.calendar, cut_off=times.cut_off, zone=zone)
    # A cut-off in another zone may count an order for a day that is over at the warehouse.
    return Clock(today=today, zone=zone, order_day=max(counted, today))


class Source(Enum):
    """Where units come from: they are there, on order, guessed at, or nothing is known."""

    HERE = "here"
    COMING = "coming"
    ESTIMATE = "estimate"
    NOTHING = "nothing"


@attrs.frozen(kw_only=True)
class Dated:
    """Units, where they come from, and the days on which they can be handled (``None``: no date)."""

    units: int
    source: Source
    ready: DateRange | None
    peg: Peg | None = None

    @property
    def reference(self) -> str:
        """The receipt that brings them, if it has a name."""
        return self.peg.reference if self.peg else ""


def base_day(ahead: dt.datetime | None, now: Clock) -> dt.date:
    """Return the day before which nothing is handled; ``ahead`` is a street date that is ahead."""
    return now.order_day if ahead is None else max(now.order_day, street_day(ahead, zone=now.zone))


def dated(
    taken: Taken, line: OrderLine, *, ledger: Ledger, ahead: dt.datetime | None, now: Clock, times: ShippingTimes
) -> Iterator[Dated]:
    """Yield when the units that were taken and not refused are ready; ``ahead`` is a street date that is ahead.

    Where the supply names no receipt of the SKU, a pre-order is ready on its street day, and other units in time for
    the window that was promised with the sale; otherwise, units of which nothing is known have no date.
    """
    base = base_day(ahead, now)
    at_base = _days(base, base)
    for peg in taken.pegs:
        if peg.window is None:
            yield Dated(units=peg.units, source=Source.HERE, ready=at_base, peg=peg)
        else:
            stored = _after(peg.window, times.inbound)
            ready = _days(max(base, stored.earliest), max(base, stored.latest))
            yield Dated(units=peg.units, source=Source.COMING, ready=ready, peg=peg)
    if taken.undated:
        source, unsaid = Source.NOTHING, None
        if not ledger.has_receipts(line.sku):
            source, unsaid = _if_unsaid(line, base, ahead=ahead, times=times)
        yield Dated(units=taken.undated, source=source, ready=unsaid)


def _if_unsaid(
    line: OrderLine, base: dt.date, *, ahead: dt.datetime | None, times: ShippingTimes
) -> tuple[Source, DateRange | None]:
    """Return when units are ready of which the supply says nothing at all."""
    if ahead:
        return Source.NOTHING, _days(base, base)
    if line.promised and (last := latest_order_day(line.promised.latest, times=times)) >= base:
        return Source.ESTIMATE, _days(base, last)
    return Source.NOTHING, None


def arrival_in(window: DateRange | None, arrives: DateRange, now: Clock) -> DateRange:
    """Return the window that was promised with the sale unless supply makes its units later."""
    if window is None or arrives.latest > window.latest:
        return arrives
    return _days(max(window.earliest, now.today), window.latest)


def ahead_of(line: OrderLine, at: dt.datetime) -> dt.datetime | None:
    """Return the line's street date if it is ahead, else ``None``."""
    street = line_street_date(line)
    return None if is_released(street, at=at) else street


def ships_with(order: Order, line: OrderLine) -> str | None:
    """Return the name of what a line ships together with; ``None`` if it goes by itself."""
    if order.ship is ShipPolicy.COMPLETE:
        return ""
    return line.ship_group or None


def refuse_bundles(lines: Iterable[OrderLine], path: str = "lines") -> None:
    """Refuse lines with components, which cannot be planned yet."""
    for index, line in enumerate(lines):
        if line.components:
            where = f"{path}[{index}].components"
            requirement = "must be empty: bundles cannot be planned yet, order their components as lines"
            raise refused(where, requirement, line.sku, code="bundle.unplanned")
