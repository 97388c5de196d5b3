"""Days: what an order counts from, what waits for what, and when what was taken can be handled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

import attrs

from ._shelf import Peg
from .calendars import order_day
from .delivery import DateRange, ShippingTimes, _after, _days, latest_order_day
from .orders import Order, OrderLine, ShipPolicy
from .street_date import street_day


class Clock(NamedTuple):
    """Now, as days: ``today`` is the warehouse's day, ``order_day`` the day on which an order counts."""

    today: dt.date
    zone: str
    order_day: dt.date


def clock(at: dt.datetime, times: ShippingTimes | None) -> Clock:
    """Return the days of ``at`` in the zone of ``times``: its own, else its cut-off's, else UTC."""
    if times is None:
        return Clock(today=at.date(), zone="UTC", order_day=at.date())
    zone = times.zone or (times.cut_off.zone if times.cut_off else "UTC")
    today = street_day(at, zone=zone)
    counted = order_day(at, calendar=times.handling.calendar, cut_off=times.cut_off, zone=zone)
    # A cut-off in another zone may count an order for a day that is over at the warehouse.
    return Clock(today=today, zone=zone, order_day=max(counted, today))


def ahead_of(line: OrderLine, at: dt.datetime) -> dt.datetime | None:
    """Return the line's street date if it is ahead, else ``None``."""
    street = line._street_date
    return None if street is None or at >= street else street


def ships_with(order: Order, line: OrderLine) -> str | None:
    """Return the name of what a line ships together with; ``None`` if it goes by itself."""
    if order.ship is ShipPolicy.COMPLETE:
        return ""
    return line.ship_group or None


def base_day(ahead: dt.datetime | None, now: Clock) -> dt.date:
    """Return the day before which nothing is handled; ``ahead`` is a street date that is ahead."""
    return now.order_day if ahead is None else max(now.order_day, street_day(ahead, zone=now.zone))


class Source(Enum):
    """Where units come from: they are there, on order, guessed at, or nothing is known."""

    HERE = auto()
    COMING = auto()
    ESTIMATE = auto()
    NOTHING = auto()


@attrs.frozen(kw_only=True)
class Dated:
    """Units of a line, where they come from, and the days on which they can be handled (``None``: no date).

    ``pegs`` are what they are taken from: as many units of each SKU as these units of the line need of it.
    """

    units: int
    source: Source
    ready: DateRange | None
    pegs: tuple[Peg, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """The receipts that bring them, as far as they have names."""
        return tuple(dict.fromkeys(peg.reference for peg in self.pegs if peg.reference))


def dated(units: int, pegs: tuple[Peg, ...], base: dt.date, times: ShippingTimes) -> Dated:
    """Return units under the days on which the last of their pegs can be handled, ``base`` at the earliest."""
    windows = [peg.window for peg in pegs if peg.window is not None]
    source = Source.COMING if windows else Source.HERE
    return Dated(units=units, source=source, ready=ready_with(windows, base, times), pegs=pegs)


def ready_with(windows: Iterable[DateRange], base: dt.date, times: ShippingTimes) -> DateRange:
    """Return the days on which what comes in ``windows`` can be handled, ``base`` at the earliest."""
    early = late = base
    for window in windows:
        stored = _after(window, times.inbound)
        early, late = max(early, stored.earliest), max(late, stored.latest)
    return _days(early, late)


def if_unsaid(
    line: OrderLine, base: dt.date, *, ahead: dt.datetime | None, times: ShippingTimes
) -> tuple[Source, DateRange | None]:
    """Return when units are ready of which the supply says nothing at all.

    A pre-order is ready on its street day, other units in time for the window that was promised with the sale.
    """
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
