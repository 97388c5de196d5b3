"""Hypothesis strategies for this library's values, for the tests of those who use it.

They build valid values and filter nothing. SKUs come from a few, days from a few years and zones from a few with clocks
that change in odd ways, so that demand and supply overlap and edges are met often. Needs the extra ``testing``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs
from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st

from ._room_strategies import (
    allocation_policies,
    available_for,
    grants_for,
    lines_waiting,
    waiting_instants,
    waiting_queues,
)
from .bundles import Component, LineKind, WhenShort
from .calendars import EVERY_DAY, MON_TO_FRI, MON_TO_SAT, CutOff, WorkCalendar
from .delivery import DateRange, LeadTime, ShippingTimes
from .orders import Amount, Order, OrderLine, ShipPolicy
from .promise import Confirmation, Pegging, PromiseRules
from .quantities import UNLIMITED, Quantity
from .sourcing import BundleSource, SourceRule, SourcingRules
from .splitting import BundleSplit, MixedCart, SplitRules
from .stock import BeforeStreetDate, SalesWindow, SellRules
from .supply import Commitment, Receipt, Supply

__all__ = [
    "ZONES",
    "World",
    "allocation_policies",
    "available_for",
    "components",
    "date_ranges",
    "days",
    "grants_for",
    "instants",
    "lead_times",
    "lines_waiting",
    "locations",
    "order_lines",
    "orders",
    "promise_rules",
    "quantities",
    "queues",
    "sell_rules",
    "shipping_times",
    "skus",
    "sourcing_rules",
    "split_rules",
    "supplies",
    "waiting_instants",
    "waiting_queues",
    "work_calendars",
    "worlds",
    "zones",
]

#: Zones whose clocks skip midnight, turn at midnight, move by half an hour, or never move.
ZONES = (
    "UTC",
    "America/New_York",
    "Europe/Oslo",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
)
_FIRST, _LAST = dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)
_OFFSETS = [dt.timezone(dt.timedelta(minutes=minutes)) for minutes in (-600, -300, 0, 60, 345, 780)]


def quantities(*, most: int = 20, unlimited: bool = True) -> st.SearchStrategy[Quantity]:
    """Return numbers of units from 0 to ``most``, and sometimes `UNLIMITED`."""
    numbers = st.integers(0, most)
    return numbers | st.just(UNLIMITED) if unlimited else numbers


def skus() -> st.SearchStrategy[str]:
    """Return SKUs, of four."""
    return st.sampled_from(["A", "B", "C", "D"])


def zones() -> st.SearchStrategy[str]:
    """Return names of time zones, of `ZONES`."""
    return st.sampled_from(ZONES)


def instants() -> st.SearchStrategy[dt.datetime]:
    """Return aware instants of 2026 and 2027, at several offsets."""
    return st.datetimes(_FIRST, _LAST, timezones=st.sampled_from(_OFFSETS))


def days() -> st.SearchStrategy[dt.date]:
    """Return days of 2026 and 2027."""
    return st.dates(_FIRST.date(), _LAST.date())


def date_ranges() -> st.SearchStrategy[DateRange]:
    """Return ranges of up to a month."""
    return st.builds(lambda day, length: DateRange(day, day + dt.timedelta(days=length)), days(), st.integers(0, 30))


def work_calendars() -> st.SearchStrategy[WorkCalendar]:
    """Return calendars with at least one weekday, some with a few holidays."""
    own = st.builds(
        WorkCalendar,
        weekdays=st.frozensets(st.integers(0, 6), min_size=1),
        holidays=st.frozensets(days(), max_size=5),
    )
    return st.sampled_from([EVERY_DAY, MON_TO_FRI, MON_TO_SAT]) | own


def lead_times() -> st.SearchStrategy[LeadTime]:
    """Return lead times of up to a fortnight."""
    return st.builds(
        lambda low, more, calendar: LeadTime(low, low + more, calendar),
        st.integers(0, 7),
        st.integers(0, 7),
        work_calendars(),
    )


def _cut_offs() -> st.SearchStrategy[CutOff]:
    times = st.times().map(lambda time: time.replace(microsecond=0))
    by_weekday = st.dictionaries(st.integers(0, 6), times, max_size=2)
    return st.builds(CutOff, time=times, zone=zones(), by_weekday=by_weekday)


def shipping_times() -> st.SearchStrategy[ShippingTimes]:
    """Return shipping times, with and without a zone and a cut-off."""
    return st.builds(
        ShippingTimes,
        handling=lead_times(),
        transit=lead_times(),
        zone=st.none() | zones(),
        cut_off=st.none() | _cut_offs(),
        inbound=lead_times(),
        receiving=work_calendars(),
    )


def sell_rules() -> st.SearchStrategy[SellRules]:
    """Return a shop's rules, with and without a sales window."""
    windows = st.builds(
        lambda opens, length: SalesWindow(opens=opens, closes=opens + dt.timedelta(days=length)),
        instants(),
        st.integers(1, 400),
    )
    return st.builds(
        SellRules,
        safety_stock=st.integers(0, 5),
        backorder_limit=quantities(),
        preorder_limit=quantities(),
        few_below=st.integers(0, 12),
        before_street_date=st.sampled_from(BeforeStreetDate),
        sales_window=st.none() | windows,
    )


def components() -> st.SearchStrategy[tuple[Component, ...]]:
    """Return recipes of one to three components, some of them nested, and few of which need no stock."""
    kinds = [LineKind.GOODS] * 6 + [LineKind.FEE, LineKind.DIGITAL]
    shelved = st.builds(
        Component,
        sku=skus(),
        quantity=st.sampled_from([1, 1, 2, 3]),
        kind=st.sampled_from(kinds),
        street_date=st.none() | st.none() | st.none() | instants(),
        when_short=st.none() | st.sampled_from(WhenShort),
    )
    boxes = st.builds(
        Component,
        sku=st.just("BOX"),
        quantity=st.integers(1, 2),
        components=st.lists(shelved, min_size=1, max_size=2),
        when_short=st.none() | st.sampled_from(WhenShort),
    )
    return st.lists(st.one_of(shelved, shelved, shelved, boxes), min_size=1, max_size=3).map(tuple)


#: The recipes of lines that are no bundles.
_PLAIN: st.SearchStrategy[tuple[Component, ...]] = st.just(())


def order_lines(
    *,
    line_id: str = "1",
    addresses: Sequence[str] = ("",),
    groups: Sequence[str] = ("",),
    recipes: st.SearchStrategy[tuple[Component, ...]] = _PLAIN,
) -> st.SearchStrategy[OrderLine]:
    """Return lines: goods mostly, with and without a street date, and fees and digital goods.

    Goods have a recipe out of ``recipes``; bundles have SKUs of their own, of four.
    """
    kinds = [LineKind.GOODS, LineKind.GOODS, LineKind.GOODS, LineKind.FEE, LineKind.DIGITAL]
    plain = st.builds(
        OrderLine,
        id=st.just(line_id),
        sku=skus(),
        quantity=st.integers(1, 12),
        kind=st.sampled_from(kinds),
        street_date=st.none() | instants(),
        when_short=st.sampled_from(WhenShort),
        amount=st.none() | st.builds(Amount, st.integers(0, 10_000), st.integers(0, 2_000), st.integers(0, 500)),
        requested=st.none() | days(),
        promised=st.none() | date_ranges(),
        ship_to=st.sampled_from(addresses),
        ship_group=st.sampled_from(groups),
    )
    return st.builds(_with_recipe, plain, recipes)


def _with_recipe(line: OrderLine, recipe: Sequence[Component]) -> OrderLine:
    if not recipe or line.kind is not LineKind.GOODS:
        return line
    return attrs.evolve(line, sku=f"{line.sku}-SET", components=recipe)


def orders(
    *,
    addresses: Sequence[str] = ("",),
    groups: Sequence[str] = ("",),
    order_id: str = "O1",
    recipes: st.SearchStrategy[tuple[Component, ...]] = _PLAIN,
) -> st.SearchStrategy[Order]:
    """Return orders of one to six lines, each to one of ``addresses`` and in one of ``groups`` that ship together.

    Goods have a recipe out of ``recipes``.
    """
    lines = order_lines(addresses=addresses, groups=groups, recipes=recipes)
    return st.builds(
        Order,
        id=st.just(order_id),
        placed_at=instants(),
        lines=st.lists(lines, min_size=1, max_size=6).map(_numbered),
        priority=st.integers(-2, 2),
        ship=st.sampled_from(ShipPolicy),
        currency=st.just("EUR"),
    )


def _numbered(lines: Sequence[OrderLine]) -> list[OrderLine]:
    return [attrs.evolve(line, id=str(number)) for number, line in enumerate(lines, 1)]


def queues(
    *,
    addresses: Sequence[str] = ("",),
    groups: Sequence[str] = ("",),
    most: int = 4,
    recipes: st.SearchStrategy[tuple[Component, ...]] = _PLAIN,
) -> st.SearchStrategy[tuple[Order, ...]]:
    """Return up to ``most`` orders, O1, O2 and so on, as they are served one after the other.

    Goods have a recipe out of ``recipes``.
    """
    found = st.lists(orders(addresses=addresses, groups=groups, recipes=recipes), min_size=1, max_size=most)
    return found.map(lambda items: tuple(attrs.evolve(order, id=f"O{place}") for place, order in enumerate(items, 1)))


def promise_rules() -> st.SearchStrategy[PromiseRules]:
    """Return a shop's rules for promises, half of them strict in some way."""
    weeks = st.integers(0, 8).map(lambda number: relativedelta(weeks=number))
    months = st.integers(2, 3).map(lambda number: relativedelta(months=number))
    return st.builds(
        PromiseRules,
        confirmation=st.sampled_from(Confirmation),
        pegging=st.sampled_from(Pegging),
        min_shipment=st.sampled_from([1, 1, 2, 5]),
        max_lateness=st.none() | st.integers(0, 60),
        overdue=st.none() | st.integers(0, 20),
        estimate=st.none() | st.tuples(weeks, months),
    )


def _receipts() -> st.SearchStrategy[Receipt]:
    return st.builds(
        lambda sku, quantity, expected, reserved, reference: Receipt(
            sku=sku, quantity=quantity, expected=expected, reserved=min(reserved, quantity), reference=reference
        ),
        skus(),
        st.integers(0, 15),
        days() | date_ranges(),
        st.integers(0, 15),
        st.sampled_from(["", "PO1", "PO2"]),
    )


def supplies() -> st.SearchStrategy[Supply]:
    """Return supplies: some counts below 0 or without bound, receipts, commitments (some to order O1), safety stock."""
    owed = st.builds(
        Commitment,
        sku=skus(),
        quantity=st.integers(0, 8),
        due=st.none() | days(),
        order_id=st.sampled_from(["", "O1", "O2"]),
    )
    return st.builds(
        Supply,
        on_hand=st.dictionaries(skus(), st.integers(-3, 20) | st.just(UNLIMITED)),
        receipts=st.lists(_receipts(), max_size=6),
        commitments=st.lists(owed, max_size=4),
        safety_stock=st.dictionaries(skus(), st.integers(0, 5), max_size=2),
        replenishment=st.dictionaries(skus(), lead_times(), max_size=1),
    )


def locations(*, names: Sequence[str] = ("X", "Y", "Z")) -> st.SearchStrategy[dict[str, Supply]]:
    """Return one location or several, the first of ``names``, each with a supply; their order is their turn."""
    found = st.lists(supplies(), min_size=1, max_size=len(names))
    return found.map(lambda items: dict(zip(names, items, strict=False)))


def sourcing_rules(names: Sequence[str] = ()) -> st.SearchStrategy[SourcingRules]:
    """Return rules for locations of these names."""
    some = st.sampled_from(["", *names])
    return st.builds(
        lambda kept, first, waits_at, rule, bundles: SourcingRules(
            rule=rule,
            keep_back={name: units for name, units in kept.items() if name},
            ask_first=[name for name in first if name],
            backorder_at=waits_at,
            bundles=bundles,
        ),
        st.dictionaries(some, st.integers(0, 4), max_size=2),
        st.lists(some, unique=True, max_size=2),
        some,
        st.sampled_from(SourceRule),
        st.sampled_from(BundleSource),
    )


def split_rules(names: Sequence[str] = ()) -> st.SearchStrategy[SplitRules]:
    """Return a shop's rules for splits from locations of these names."""
    return st.builds(
        SplitRules,
        sourcing=sourcing_rules(names),
        bundles=st.sampled_from(BundleSplit),
        mixed_cart=st.sampled_from(MixedCart),
        max_parts=st.none() | st.integers(1, 4),
    )


@attrs.frozen(kw_only=True)
class World:
    """What an order meets.

    Attributes:
        order: An order.
        supply: A supply of the same few SKUs.
        times: How long each stage takes.
        at: Now.
    """

    order: Order
    supply: Supply
    times: ShippingTimes
    at: dt.datetime


def worlds(
    *,
    addresses: Sequence[str] = ("",),
    groups: Sequence[str] = ("",),
    recipes: st.SearchStrategy[tuple[Component, ...]] = _PLAIN,
) -> st.SearchStrategy[World]:
    """Return worlds: an order of lines to ``addresses`` and in ``groups``, a supply, shipping times, and now.

    Goods have a recipe out of ``recipes``.
    """
    return st.builds(
        World,
        order=orders(addresses=addresses, groups=groups, recipes=recipes),
        supply=supplies(),
        times=shipping_times(),
        at=instants(),
    )
