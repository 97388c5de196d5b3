"""One SKU day by day, with the names of what comes and of whom it is owed to: for the terminal and for pictures."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

import attrs

from ._checks import day as check_day
from ._checks import optional, refused
from ._supply import Receipt, Supply, _of_sku, _window
from .quantities import UNLIMITED, Quantity
from .supply import AtpStep, BalanceStep, _coming, _due, atp_timeline, balance_timeline

Named = tuple[tuple[str, int], ...]
_ByDay = dict[dt.date, Named]

# English, whatever the language of the host.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_A_WEEK = 7


@attrs.frozen(kw_only=True)
class TimelineDay:
    """A day on which something changes, and how it is from then on.

    Attributes:
        day: The day.
        received: Units that come on it.
        owed: Units that are owed on it.
        balance: What is there at its end.
        available: Units that can be promised from it on.
        withheld: Units that the safety stock alone keeps from being promised.
        short: Units that are owed on it or later and that nothing covers.
        receipts: The reference and the units of each receipt that comes on it.
        orders: The order and the units of each order that they are owed to.
    """

    day: dt.date
    received: Quantity
    owed: int
    balance: Quantity
    available: Quantity
    withheld: int
    short: int
    receipts: Named
    orders: Named


@attrs.frozen(kw_only=True)
class Timeline:
    """One SKU from a day until another.

    Attributes:
        sku: The SKU.
        until: The last day that is shown.
        on_hand: Units that are there.
        safety_stock: Units that are not promised.
        days: The days on which something changes, the first one always among them.
        later: How many days there are behind ``until`` on which something changes.
        left_out: Receipts that do not count, for their day has passed.
    """

    sku: str
    until: dt.date
    on_hand: Quantity
    safety_stock: int
    days: tuple[TimelineDay, ...]
    later: int
    left_out: tuple[Receipt, ...]

    @property
    def start(self) -> dt.date:
        """The first day."""
        return self.days[0].day

    @property
    def length(self) -> int:
        """The number of days, the last one included."""
        return (self.until - self.start).days + 1

    def between(self, first: dt.date, last: dt.date) -> Sequence[TimelineDay]:
        """Return the days that say how it is from ``first`` until ``last``, neither before the first."""
        begin = bisect_right(self.days, first, key=_day) - 1
        return self.days[begin : bisect_right(self.days, last, key=_day)]


def timeline(
    supply: Supply,
    *,
    sku: str,
    start: dt.date,
    until: dt.date | None = None,
    overdue: int | None = None,
    but_for: str = "",
) -> Timeline:
    """Return what `balance_timeline` and `atp_timeline` say, with names; by default until a week after all of it."""
    balances = balance_timeline(supply, sku=sku, start=start, overdue=overdue, but_for=but_for)
    promised = atp_timeline(supply, sku=sku, start=start, overdue=overdue, but_for=but_for)
    last = optional(until, "until", check=check_day) or _a_week_after(balances[-1].day)
    if last < start:
        raise refused("until", f"must not be before start, {start}", last, code="day.invalid")
    receipts, orders = _receipts(supply, sku, start, overdue), _orders(supply, sku, start, but_for)
    shown = [step for step in balances if step.day <= last]
    return Timeline(
        sku=sku,
        until=last,
        on_hand=supply.on_hand.get(sku, 0),
        safety_stock=supply.safety_stock.get(sku, 0),
        days=tuple(_named(step, _in_force(promised, step.day), receipts, orders) for step in shown),
        later=len(balances) - len(shown),
        left_out=_left_out(supply, sku, start) if overdue is None else (),
    )


def _a_week_after(day: dt.date) -> dt.date:
    return day + min(dt.timedelta(days=_A_WEEK), dt.date.max - day)


def _receipts(supply: Supply, sku: str, start: dt.date, overdue: int | None) -> _ByDay:
    coming = _coming(supply, sku, start, overdue)
    return _by_day((window.latest, item.reference, item.quantity - item.reserved) for item, window in coming)


def _orders(supply: Supply, sku: str, start: dt.date, but_for: str) -> _ByDay:
    owed = (item for item in _of_sku(supply.commitments, sku) if not (but_for and item.order_id == but_for))
    return _by_day((_due(item, start), item.order_id, item.quantity) for item in owed)


def _by_day(entries: Iterable[tuple[dt.date, str, int]]) -> _ByDay:
    found: dict[dt.date, dict[str, int]] = {}
    for day, name, quantity in entries:
        of_day = found.setdefault(day, {})
        of_day[name] = of_day.get(name, 0) + quantity
    return {day: tuple(names.items()) for day, names in found.items()}


def _left_out(supply: Supply, sku: str, start: dt.date) -> tuple[Receipt, ...]:
    return tuple(item for item in _of_sku(supply.receipts, sku) if _window(item).latest < start)


def _in_force(promised: Sequence[AtpStep], day: dt.date) -> AtpStep:
    return promised[bisect_right(promised, day, key=_day) - 1]


def _day(step: AtpStep | TimelineDay) -> dt.date:
    return step.day


def _named(step: BalanceStep, promised: AtpStep, receipts: _ByDay, orders: _ByDay) -> TimelineDay:
    replenished = step.received is UNLIMITED  # what comes or is owed from then on is nobody's concern
    return TimelineDay(
        day=step.day,
        received=step.received,
        owed=step.owed,
        balance=step.balance,
        available=promised.available,
        withheld=promised.withheld,
        short=promised.short,
        receipts=() if replenished else receipts.get(step.day, ()),
        orders=() if replenished else orders.get(step.day, ()),
    )


def day_in_words(day: dt.date) -> str:
    """Return a day as in ``22 Nov 2026``."""
    return f"{short_day(day)} {day.year}"


def days_in_words(first: dt.date, last: dt.date) -> str:
    """Return days as in ``22 Nov to 1 Dec 2026``, a single one as in ``22 Nov 2026``."""
    if first == last:
        return day_in_words(first)
    begin = short_day(first) if first.year == last.year else day_in_words(first)
    return f"{begin} to {day_in_words(last)}"


def short_day(day: dt.date) -> str:
    """Return a day without its year, as in ``22 Nov``."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def ticks(start: dt.date, length: int, most: int) -> list[dt.date]:
    """Return the days to name on an axis of ``length`` days: ``start`` and on, each so many days or weeks later."""
    apart = next(days for days in _steps() if days * most >= length)
    return [start + dt.timedelta(days=passed) for passed in range(0, length, apart)]


def _steps() -> Iterator[int]:
    """Yield 1 and 2 days, then 1, 2, 4, 8 and so on weeks."""
    yield from (1, 2)
    yield from (_A_WEEK << power for power in count())


def in_words(entries: Named, *, most: int) -> list[str]:
    """Return a day's receipts or orders as in ``40 PO2002``; of more than ``most`` the largest, the others as one."""
    if len(entries) <= most:
        return [f"{units} {name}".rstrip() for name, units in entries]
    largest = sorted(entries, key=lambda entry: -entry[1])
    others = largest[most - 1 :]
    return [
        *in_words(tuple(largest[: most - 1]), most=most),
        f"{sum(units for _, units in others)} ({len(others)} others)",
    ]
