"""Strategies for what follows from an order and a supply: readings, plans, promises, charges, messages.

Most are drawn with what they follow from, and decided by the function that decides them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import product

import attrs
from hypothesis import strategies as st

from ..bundles import Component, LineKind, WhenShort
from ..charging import (
    AUTHORISATION_WINDOWS,
    Authorisation,
    AuthorisationKind,
    AuthorisationWindow,
    CancelledMoney,
    Captured,
    CaptureMode,
    Charge,
    ChargePlan,
    ChargePolicy,
    Refund,
    charge_plan,
)
from ..delivery import DateRange
from ..messages import Message, Place, Subject, describe
from ..orders import Amount, Need
from ..promise import BreakReason, Broken, Promise, PromiseKind, Repromise, promise_order, repromise
from ..sourcing import Assignment, ShortUnits, Sourcing, source_order
from ..splitting import (
    Cancellation,
    Cancelled,
    CancelReason,
    Part,
    PartKind,
    PartLine,
    SplitPlan,
    cancel_units,
    split_order,
)
from ..stock import Quote, Stock, derive_stock, normalize_stock, quote
from ..supply import AtpStep, BalanceStep, Supply, atp_timeline, balance_timeline
from ._days import DAYS_OR_NONE, RANGES_OR_NONE, any_of, date_ranges, days, instants, quantities, skus, zones
from ._orders import AMOUNTS, PLAIN, World, components, locations, supplies, worlds
from ._rules import sell_rules, split_rules

RECIPES: st.SearchStrategy[tuple[Component, ...]] = PLAIN | components()
PLACES = ("", "home")
GROUPS = ("", "g")
_WORLDS = worlds(addresses=PLACES, groups=GROUPS, recipes=RECIPES)
_UNITS = st.integers(1, 9)
_LINE_IDS = st.sampled_from("123")

# What a page may say.

_READ = st.sampled_from([*range(-3, 15), "yes", "no", "few", "infinite", "preorder", "", None]).map(normalize_stock)
_DERIVED = st.builds(
    derive_stock,
    on_hand=quantities(),
    committed=st.integers(0, 5),
    waiting=st.integers(0, 5),
    incoming=quantities(),
    rules=sell_rules(),
    street_date=st.none() | instants(),
    at=instants(),
)
STOCKS: st.SearchStrategy[Stock] = _READ | _DERIVED
QUOTES: st.SearchStrategy[Quote] = st.builds(
    lambda asked, stock, cap: quote(asked, stock=stock, cap=cap), st.integers(0, 30), STOCKS, quantities()
)

# What can be promised, day by day.

ATP_STEPS: st.SearchStrategy[AtpStep] = st.builds(
    lambda supply, sku, start, place: (found := atp_timeline(supply, sku=sku, start=start))[place % len(found)],
    supplies(),
    skus(),
    days(),
    st.integers(0, 9),
)
BALANCE_STEPS: st.SearchStrategy[BalanceStep] = st.builds(
    lambda supply, sku, start, place: (found := balance_timeline(supply, sku=sku, start=start))[place % len(found)],
    supplies(),
    skus(),
    days(),
    st.integers(0, 9),
)

# Where units leave from, and what becomes of an order.

NEEDS = st.builds(
    Need,
    sku=skus(),
    quantity=_UNITS,
    when_short=st.sampled_from(WhenShort),
    street_date=st.none() | instants(),
)
ASSIGNMENTS = st.builds(
    Assignment, line_id=_LINE_IDS, location=st.sampled_from(["X", "Y", "Z"]), sku=skus(), quantity=_UNITS
)
SHORT_UNITS = st.builds(ShortUnits, line_id=_LINE_IDS, sku=skus(), quantity=_UNITS)
SOURCINGS: st.SearchStrategy[Sourcing] = st.builds(
    lambda world, found, day: source_order(world.order.lines, locations=found, day=day), _WORLDS, locations(), days()
)


def _split(world: World, **facts: object) -> SplitPlan:
    return split_order(world.order, supply=world.supply, at=world.at, times=world.times, **facts)  # type: ignore[arg-type]


PLANS: st.SearchStrategy[SplitPlan] = st.builds(_split, _WORLDS, rules=split_rules())
CANCELLED = st.builds(Cancelled, line_id=_LINE_IDS, sku=skus(), quantity=_UNITS, reason=st.sampled_from(CancelReason))
_KINDS = (*[LineKind.GOODS] * 6, LineKind.FEE, LineKind.DIGITAL)
PART_LINES: st.SearchStrategy[PartLine] = st.builds(
    lambda what, recipe: PartLine(
        line_id="1",
        sku=f"{what[0]}-SET" if recipe and what[2] is LineKind.GOODS else what[0],
        quantity=what[1],
        kind=what[2],
        components=recipe if what[2] is LineKind.GOODS else (),
    ),
    any_of(product("ABCD", range(1, 10), _KINDS)),
    RECIPES,
)


def _part(
    kind: PartKind, lines: Sequence[PartLine], street_date: dt.datetime, ready: DateRange | None, where: tuple[str, str]
) -> Part:
    return Part(
        id=f"O1/{kind}",
        order_id="O1",
        kind=kind,
        lines=[attrs.evolve(line, line_id=str(number)) for number, line in enumerate(lines, 1)],
        street_date=street_date if kind is PartKind.AWAIT_STREET_DATE else None,
        ready=ready,
        delivery=None if ready is None else DateRange(ready.earliest, ready.latest + dt.timedelta(days=3)),
        location=where[0],
        ship_to=where[1],
    )


PARTS: st.SearchStrategy[Part] = st.builds(
    _part,
    st.sampled_from(PartKind),
    st.lists(PART_LINES, min_size=1, max_size=3),
    instants(),
    RANGES_OR_NONE,
    st.sampled_from(list(product(("", "X"), PLACES))),
)


def _cancel(part: Part, quantity: int) -> Cancellation:
    plan = SplitPlan(order_id=part.order_id, parts=[part], cancelled=())
    line = part.lines[0]
    return cancel_units(plan, line_id=line.line_id, quantity=min(quantity, line.quantity))


CANCELLATIONS: st.SearchStrategy[Cancellation] = st.builds(_cancel, PARTS, _UNITS)

# When it leaves and arrives.


def _promised(world: World, place: int) -> Promise:
    first, *others = world.order.lines
    order = attrs.evolve(world.order, lines=[attrs.evolve(first, kind=LineKind.GOODS), *others])
    found = promise_order(order, supply=world.supply, times=world.times, at=world.at)
    return found[place % len(found)]


def _broken(promise: Promise, range_: DateRange, more: int | None, because: BreakReason) -> Broken:
    was = attrs.evolve(promise, kind=PromiseKind.BACKORDER, ready=range_, delivery=range_)
    if more is None:
        now = attrs.evolve(was, kind=PromiseKind.NONE, ready=None, delivery=None, references=(), first=range_)
    else:
        moved = DateRange(range_.earliest, range_.latest + dt.timedelta(days=more))
        now = attrs.evolve(was, delivery=moved, first=range_)
    return Broken(promise=was, now=now, days_moved=more, because=because)


def _repromised(world: World, supply: Supply) -> Repromise:
    facts = {"times": world.times, "at": world.at}
    promises = promise_order(world.order, supply=world.supply, **facts)  # type: ignore[arg-type]
    return repromise(promises, orders=[world.order], supply=supply, **facts)  # type: ignore[arg-type]


PROMISES: st.SearchStrategy[Promise] = st.builds(_promised, _WORLDS, st.integers(0, 9))
BROKEN: st.SearchStrategy[Broken] = st.builds(
    _broken, PROMISES, date_ranges(), st.none() | st.integers(0, 60), st.sampled_from(BreakReason)
)
REPROMISES: st.SearchStrategy[Repromise] = st.builds(_repromised, _WORLDS, supplies())

# Money.

_WINDOWS = st.builds(dt.timedelta, days=st.integers(1, 40), seconds=st.integers(0, 86_399))
AUTHORISATION_WINDOW = st.sampled_from(AUTHORISATION_WINDOWS) | st.builds(
    AuthorisationWindow,
    network=st.sampled_from(["visa", "mastercard", "shop"]),
    kind=st.sampled_from(AuthorisationKind),
    duration=_WINDOWS,
    source=st.just("the service"),
    effective=days(),
)
AUTHORISATIONS = st.builds(Authorisation, amount=st.integers(0, 20_000), authorised_at=instants(), window=_WINDOWS)
CHARGE_POLICIES: st.SearchStrategy[ChargePolicy] = st.sampled_from(
    [
        *(ChargePolicy(mode=mode) for mode in CaptureMode if mode is not CaptureMode.DEPOSIT),
        *(ChargePolicy(mode=CaptureMode.DEPOSIT, deposit=percent) for percent in range(1, 100)),
    ]
)
CAPTURED = st.builds(Captured, line_id=_LINE_IDS, quantity=st.integers(0, 9), amount=AMOUNTS)
CANCELLED_MONEY = st.builds(
    CancelledMoney, line_id=_LINE_IDS, reason=st.sampled_from(CancelReason), quantity=_UNITS, amount=AMOUNTS
)
REFUNDS = st.builds(Refund, line_id=_LINE_IDS, quantity=st.integers(0, 9), amount=AMOUNTS)


def _charge(lines: Sequence[Captured], due: dt.date | None, capture_by: dt.datetime | None) -> Charge:
    columns = zip(*(attrs.astuple(line.amount) for line in lines), strict=True)
    return Charge(part_id="O1/stock", amount=Amount(*map(sum, columns)), due=due, capture_by=capture_by, lines=lines)


CHARGES: st.SearchStrategy[Charge] = st.builds(
    _charge, st.lists(CAPTURED, min_size=1, max_size=3), DAYS_OR_NONE, st.none() | instants()
)


def _charged(world: World, policy: ChargePolicy, authorisation: Authorisation | None) -> ChargePlan:
    return charge_plan(world.order, _split(world), policy=policy, authorisation=authorisation)


CHARGE_PLANS: st.SearchStrategy[ChargePlan] = st.builds(_charged, _WORLDS, CHARGE_POLICIES, st.none() | AUTHORISATIONS)

# What a shopper reads.

_SUBJECTS: st.SearchStrategy[Subject] = st.one_of(STOCKS, QUOTES, date_ranges(), PROMISES, BROKEN, PARTS, CANCELLED)
MESSAGES: st.SearchStrategy[Message] = st.builds(
    lambda subject, place, at, zone: describe(subject, place=place, at=at, zone=zone),
    _SUBJECTS,
    st.sampled_from(Place),
    instants(),
    zones(),
)
