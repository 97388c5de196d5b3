"""Hypothesis strategies for this library's values, for the tests of those who use it.

They build valid values and filter nothing. SKUs come from a few, days from a few years and zones from a few with clocks
that change in odd ways, so that demand and supply overlap and edges are met often. Needs the extra ``testing``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import combinations, permutations, product
from typing import Any, TypeVar

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
_Value = TypeVar("_Value")
# Each strategy is built once, and draws several small fields at a time: a world has a hundred of them.
_FIRST, _LAST = dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)
_OFFSETS = [dt.timezone(dt.timedelta(minutes=minutes)) for minutes in (-600, -300, 0, 60, 345, 780)]


def _any_of(values: Iterable[_Value]) -> st.SearchStrategy[_Value]:
    """Return one of many values in one draw, under a name that does not list them all in reports."""
    found = tuple(values)
    return st.integers(0, len(found) - 1).map(lambda place: found[place])


_UNLIMITED = st.just(UNLIMITED)
_SKUS = st.sampled_from(("A", "B", "C", "D"))
_ZONES = st.sampled_from(ZONES)
_INSTANTS = st.datetimes(_FIRST, _LAST, timezones=st.sampled_from(_OFFSETS))
_ALL_DAYS = [_FIRST.date() + dt.timedelta(days=number) for number in range((_LAST - _FIRST).days + 1)]
_DAYS = _any_of(_ALL_DAYS)
_LENGTHS = 31
_ALL_RANGES = len(_ALL_DAYS) * _LENGTHS


def quantities(*, most: int = 20, unlimited: bool = True) -> st.SearchStrategy[Quantity]:
    """Return numbers of units from 0 to ``most``, and sometimes `UNLIMITED`."""
    numbers = st.integers(0, most)
    return numbers | _UNLIMITED if unlimited else numbers


def skus() -> st.SearchStrategy[str]:
    """Return SKUs, of four."""
    return _SKUS


def zones() -> st.SearchStrategy[str]:
    """Return names of time zones, of `ZONES`."""
    return _ZONES


def instants() -> st.SearchStrategy[dt.datetime]:
    """Return aware instants of 2026 and 2027, at several offsets."""
    return _INSTANTS


def days() -> st.SearchStrategy[dt.date]:
    """Return days of 2026 and 2027."""
    return _DAYS


def _range(number: int) -> DateRange:
    place, length = divmod(number % _ALL_RANGES, _LENGTHS)
    return DateRange(_ALL_DAYS[place], _ALL_DAYS[place] + dt.timedelta(days=length))


_DATE_RANGES = st.integers(0, _ALL_RANGES - 1).map(_range)


def date_ranges() -> st.SearchStrategy[DateRange]:
    """Return ranges of up to a month."""
    return _DATE_RANGES


_WORK_CALENDARS = st.sampled_from((EVERY_DAY, MON_TO_FRI, MON_TO_SAT)) | st.builds(
    WorkCalendar,
    weekdays=_any_of([frozenset(some) for size in range(1, 8) for some in combinations(range(7), size)]),
    holidays=st.frozensets(_DAYS, max_size=5),
)


def work_calendars() -> st.SearchStrategy[WorkCalendar]:
    """Return calendars with at least one weekday, some with a few holidays."""
    return _WORK_CALENDARS


_LEAD_TIMES = st.builds(
    lambda span, calendar: LeadTime(span[0], span[1], calendar),
    _any_of([(low, low + more) for more in range(8) for low in range(8)]),
    _WORK_CALENDARS,
)


def lead_times() -> st.SearchStrategy[LeadTime]:
    """Return lead times of up to a fortnight."""
    return _LEAD_TIMES


_TIMES = st.integers(0, 24 * 60 * 60 - 1).map(lambda seconds: (_FIRST + dt.timedelta(0, seconds)).time())
_CUT_OFFS = st.builds(
    CutOff, time=_TIMES, zone=_ZONES, by_weekday=st.dictionaries(st.integers(0, 6), _TIMES, max_size=2)
)
_SHIPPING_TIMES = st.builds(
    ShippingTimes,
    handling=_LEAD_TIMES,
    transit=_LEAD_TIMES,
    zone=st.sampled_from([*[None] * len(ZONES), *ZONES]),
    cut_off=st.none() | _CUT_OFFS,
    inbound=_LEAD_TIMES,
    receiving=_WORK_CALENDARS,
)


def shipping_times() -> st.SearchStrategy[ShippingTimes]:
    """Return shipping times, with and without a zone and a cut-off."""
    return _SHIPPING_TIMES


_SALES_WINDOWS = st.builds(
    lambda opens, length: SalesWindow(opens=opens, closes=opens + dt.timedelta(days=length)),
    _INSTANTS,
    st.integers(1, 400),
)
_SELL_RULES = st.builds(
    SellRules,
    safety_stock=st.integers(0, 5),
    backorder_limit=quantities(),
    preorder_limit=quantities(),
    few_below=st.integers(0, 12),
    before_street_date=st.sampled_from(BeforeStreetDate),
    sales_window=st.none() | _SALES_WINDOWS,
)


def sell_rules() -> st.SearchStrategy[SellRules]:
    """Return a shop's rules, with and without a sales window."""
    return _SELL_RULES


_MAY_WAIT = (None, None, *WhenShort)
_MOSTLY_GOODS = (*[LineKind.GOODS] * 6, LineKind.FEE, LineKind.DIGITAL)
_SHELVED = st.builds(
    lambda what, street_date: Component(what[0], what[1], (), what[2], street_date, what[3]),
    _any_of(product("ABCD", (1, 1, 2, 3), _MOSTLY_GOODS, _MAY_WAIT)),
    st.none() | st.none() | st.none() | _INSTANTS,
)
_BOXES = st.builds(
    lambda what, inner: Component("BOX", what[0], inner, when_short=what[1]),
    _any_of(product((1, 2), _MAY_WAIT)),
    st.lists(_SHELVED, min_size=1, max_size=2),
)
_COMPONENTS: st.SearchStrategy[tuple[Component, ...]] = st.lists(
    st.one_of(_SHELVED, _SHELVED, _SHELVED, _BOXES), min_size=1, max_size=3
).map(tuple)


def components() -> st.SearchStrategy[tuple[Component, ...]]:
    """Return recipes of one to three components, some of them nested, and few of which need no stock."""
    return _COMPONENTS


#: The recipes of lines that are no bundles.
_PLAIN: st.SearchStrategy[tuple[Component, ...]] = st.just(())
_KINDS = (*[LineKind.GOODS] * 3, LineKind.FEE, LineKind.DIGITAL)
_WHAT = _any_of(product("ABCD", range(1, 13), _KINDS, WhenShort))
_DAYS_OR_NONE = _any_of([*[None] * len(_ALL_DAYS), *_ALL_DAYS])
_RANGES_OR_NONE = st.integers(0, 2 * _ALL_RANGES - 1).map(
    lambda number: None if number < _ALL_RANGES else _range(number)
)
_AMOUNTS = st.builds(Amount, st.integers(0, 10_000), st.integers(0, 2_000), st.integers(0, 500))


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
    where = st.sampled_from(list(product(addresses, groups)))
    return st.builds(
        partial(_order_line, line_id),
        _WHAT,
        where,
        recipes,
        street_date=st.none() | _INSTANTS,
        amount=st.none() | _AMOUNTS,
        requested=_DAYS_OR_NONE,
        promised=_RANGES_OR_NONE,
    )


def _order_line(
    line_id: str,
    what: tuple[str, int, LineKind, WhenShort],
    where: tuple[str, str],
    recipe: tuple[Component, ...],
    **fields: Any,
) -> OrderLine:
    (sku, quantity, kind, when_short), (ship_to, ship_group) = what, where
    is_bundle = bool(recipe) and kind is LineKind.GOODS
    return OrderLine(
        id=line_id,
        sku=f"{sku}-SET" if is_bundle else sku,
        quantity=quantity,
        kind=kind,
        components=recipe if is_bundle else (),
        when_short=when_short,
        ship_to=ship_to,
        ship_group=ship_group,
        **fields,
    )


_HOW = st.sampled_from(list(product((0, 1, 2, -1, -2), ShipPolicy)))


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
        lambda placed_at, found, how: Order(
            id=order_id,
            placed_at=placed_at,
            lines=[attrs.evolve(line, id=str(number)) for number, line in enumerate(found, 1)],
            priority=how[0],
            ship=how[1],
            currency="EUR",
        ),
        _INSTANTS,
        st.lists(lines, min_size=1, max_size=6),
        _HOW,
    )


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


_ESTIMATES = [(relativedelta(weeks=weeks), relativedelta(months=months)) for months in (2, 3) for weeks in range(9)]
_PROMISE_RULES = st.builds(
    lambda how, **fields: PromiseRules(confirmation=how[0], pegging=how[1], min_shipment=how[2], **fields),
    _any_of(product(Confirmation, Pegging, (1, 1, 2, 5))),
    max_lateness=_any_of([*[None] * 61, *range(61)]),
    overdue=_any_of([*[None] * 21, *range(21)]),
    estimate=_any_of([*[None] * len(_ESTIMATES), *_ESTIMATES]),
)


def promise_rules() -> st.SearchStrategy[PromiseRules]:
    """Return a shop's rules for promises, half of them strict in some way."""
    return _PROMISE_RULES


_EXPECTED = st.integers(0, 2 * _ALL_RANGES - 1).map(
    lambda number: _ALL_DAYS[number // _LENGTHS] if number < _ALL_RANGES else _range(number)
)
_RECEIPTS = st.builds(
    lambda what, expected: Receipt(
        sku=what[0], quantity=what[1], expected=expected, reserved=min(what[1:3]), reference=what[3]
    ),
    _any_of(product("ABCD", range(16), range(16), ("", "PO1", "PO2"))),
    _EXPECTED,
)
_COMMITMENTS = st.builds(
    lambda what, due: Commitment(sku=what[0], quantity=what[1], due=due, order_id=what[2]),
    _any_of(product("ABCD", range(9), ("", "O1", "O2"))),
    _DAYS_OR_NONE,
)
_SOME_SKUS = [some for size in range(5) for some in permutations("ABCD", size)]
_COUNTS = (*range(-3, 21), *[UNLIMITED] * 24)
_PAIRS = _any_of(product(_COUNTS, _COUNTS))
_ON_HAND = st.builds(
    lambda some, one, two: dict(zip(some, one + two, strict=False)),
    _any_of(_SOME_SKUS),
    _PAIRS,
    _PAIRS,
)
_SUPPLIES = st.builds(
    Supply,
    on_hand=_ON_HAND,
    receipts=st.lists(_RECEIPTS, max_size=6),
    commitments=st.lists(_COMMITMENTS, max_size=4),
    safety_stock=st.dictionaries(_SKUS, st.integers(0, 5), max_size=2),
    replenishment=st.dictionaries(_SKUS, _LEAD_TIMES, max_size=1),
)


def supplies() -> st.SearchStrategy[Supply]:
    """Return supplies: some counts below 0 or without bound, receipts, commitments (some to order O1), safety stock."""
    return _SUPPLIES


def locations(*, names: Sequence[str] = ("X", "Y", "Z")) -> st.SearchStrategy[dict[str, Supply]]:
    """Return one location or several, the first of ``names``, each with a supply; their order is their turn."""
    found = st.lists(_SUPPLIES, min_size=1, max_size=len(names))
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
        supply=_SUPPLIES,
        times=_SHIPPING_TIMES,
        at=_INSTANTS,
    )
