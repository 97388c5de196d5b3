"""Units from stock and receipts, each given out once: the engine under promises and splits.

A `Ledger` is the one thing here that changes. It is made for one call and never leaves it.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator
from enum import Enum

import attrs

from ._checks import refused
from .calendars import order_day
from .delivery import DateRange, ShippingTimes, _after
from .orders import OrderLine, line_street_date
from .quantities import UNLIMITED, Quantity, _bounded, take_units
from .street_date import is_released, street_day
from .supply import Receipt, Supply, _available, _counts_from, _of_sku, _window


@attrs.frozen(kw_only=True)
class Peg:
    """Units that come some day in ``window``, with the receipt ``reference``."""

    units: Quantity
    window: DateRange
    reference: str = ""


@attrs.frozen(kw_only=True)
class Taken:
    """What became of the units that were asked for; the four add up to them.

    Attributes:
        here: Units that are there.
        coming: Units of receipts, the earliest first.
        undated: Units that may wait, for nothing that is known of.
        refused: Units that may not wait.
    """

    here: int
    coming: tuple[tuple[int, Peg], ...]
    undated: int
    refused: int

    @property
    def waiting(self) -> int:
        """Units that are not there and wait."""
        return sum(units for units, _ in self.coming) + self.undated


class Ledger:
    """What a supply can still give on a day; what is taken from it is gone."""

    def __init__(self, supply: Supply, *, day: dt.date, but_for: str) -> None:
        self._supply = supply
        self._day = day
        self._but_for = but_for
        self._here: dict[str, Quantity] = {}
        self._coming: dict[str, deque[Peg]] = {}

    def take(self, sku: str, units: int, *, waiting: Quantity) -> Taken:
        """Take ``units`` of ``sku``: stock first, then up to ``waiting`` units from receipts, the earliest first."""
        if sku not in self._here:
            self._open(sku)
        here = _bounded(units, self._here[sku])
        self._here[sku] = take_units(self._here[sku], units=here)
        allowed = _bounded(units - here, waiting)
        coming = tuple(_draw(self._coming[sku], allowed))
        undated = allowed - sum(drawn for drawn, _ in coming)
        return Taken(here=here, coming=coming, undated=undated, refused=units - here - allowed)

    def has_receipts(self, sku: str) -> bool:
        """Say whether the supply names a receipt of ``sku``, whenever it comes and whoever gets it."""
        return bool(_of_sku(self._supply.receipts, sku))

    def _open(self, sku: str) -> None:
        on_hand = self._supply.on_hand.get(sku, 0)
        self._here[sku], self._coming[sku] = UNLIMITED, deque()
        if on_hand is UNLIMITED:
            return
        steps = _available(self._supply, sku, self._day, self._but_for)
        reached = self._here[sku] = _bounded(max(0, on_hand), steps[0][1])
        receipts = _by_day(_of_sku(self._supply.receipts, sku))
        for day, level in steps:
            if level is UNLIMITED:
                lead = self._supply.replenishment[sku]
                earliest = lead.calendar.add_working_days(self._day, lead.min_days)
                self._coming[sku].append(Peg(units=UNLIMITED, window=DateRange(earliest, day)))
            else:
                self._coming[sku].extend(_sources(receipts.get(day, ()), level - reached))
                reached = level


def _by_day(receipts: Iterable[Receipt]) -> dict[dt.date, list[Receipt]]:
    """Return the receipts that count from each day on, in their order."""
    days: dict[dt.date, list[Receipt]] = {}
    for receipt in receipts:
        days.setdefault(_counts_from(receipt), []).append(receipt)
    return days


def _sources(receipts: Iterable[Receipt], units: int) -> Iterator[Peg]:
    """Yield which of a day's receipts ``units`` come from, that become available on it.

    What can be promised never rises by more than the free units of the day's receipts, so that they suffice.
    """
    for receipt in receipts:
        given = min(units, receipt.quantity - receipt.reserved)
        units -= given
        if given:
            yield Peg(units=given, window=_window(receipt), reference=receipt.reference)


def _draw(pegs: deque[Peg], units: int) -> Iterator[tuple[int, Peg]]:
    """Yield ``units`` from the first ``pegs``, which lose them."""
    while units and pegs:
        peg = pegs.popleft()
        drawn = _bounded(units, peg.units)
        units -= drawn
        yield drawn, peg
        if left := take_units(peg.units, units=drawn):
            pegs.appendleft(attrs.evolve(peg, units=left))


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
    """Where units come from: they are there, on order, or nothing is known."""

    HERE = "here"
    COMING = "coming"
    NOTHING = "nothing"


@attrs.frozen(kw_only=True)
class Dated:
    """Units, where they come from, and the days on which they can be handled (``None``: no date)."""

    units: int
    source: Source
    ready: DateRange | None
    reference: str = ""


def dated(
    taken: Taken, sku: str, *, ledger: Ledger, ahead: dt.datetime | None, now: Clock, times: ShippingTimes
) -> Iterator[Dated]:
    """Yield when the units that were taken and not refused are ready; ``ahead`` is a street date that is ahead.

    A pre-order of which nothing is said to come is ready on its street day; other units of which nothing is known have
    no date.
    """
    base = now.order_day if ahead is None else max(now.order_day, street_day(ahead, zone=now.zone))
    at_base = DateRange(base, base)
    if taken.here:
        yield Dated(units=taken.here, source=Source.HERE, ready=at_base)
    for units, peg in taken.coming:
        stored = _after(peg.window, times.inbound)
        ready = DateRange(max(base, stored.earliest), max(base, stored.latest))
        yield Dated(units=units, source=Source.COMING, ready=ready, reference=peg.reference)
    if taken.undated:
        ready_if_unsaid = at_base if ahead and not ledger.has_receipts(sku) else None
        yield Dated(units=taken.undated, source=Source.NOTHING, ready=ready_if_unsaid)


def ahead_of(line: OrderLine, at: dt.datetime) -> dt.datetime | None:
    """Return the line's street date if it is ahead, else ``None``."""
    street = line_street_date(line)
    return None if is_released(street, at=at) else street


def refuse_bundles(lines: Iterable[OrderLine]) -> None:
    """Refuse lines with components, which cannot be planned yet."""
    for index, line in enumerate(lines):
        if line.components:
            path = f"lines[{index}].components"
            requirement = "must be empty: bundles cannot be planned yet, order their components as lines"
            raise refused(path, requirement, line.sku, code="bundle.unplanned")
