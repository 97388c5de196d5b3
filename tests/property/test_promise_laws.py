"""Laws of `promise_order` and `available_now`.

- conservation: the promises for a line of goods add up to its units
- no unit is promised twice: of each SKU, no more than a naive count of the days has, at any day
- agreement: units promised IN_STOCK are the units that ship now
- nothing is promised in the past, or before a street date that is ahead
- what can be promised agrees with a day-by-day simulation, and never falls when more comes or less is owed
"""

import datetime as dt
from collections import Counter

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    UNLIMITED,
    Commitment,
    DateRange,
    LineKind,
    PartKind,
    PromiseKind,
    Receipt,
    ShipPolicy,
    Supply,
    available_now,
    is_released,
    line_street_date,
    promise_order,
    split_order,
    street_day,
)
from preorder_kit.testing import World, days, skus, supplies, worlds

DAY = dt.timedelta(days=1)


def promises(world):
    return promise_order(world.order, supply=world.supply, times=world.times, at=world.at)


def today(world):
    zone = world.times.zone or (world.times.cut_off.zone if world.times.cut_off else "UTC")
    return street_day(world.at, zone=zone)


@given(worlds())
def test_promises_add_up_to_the_units_of_each_line_of_goods(world):
    promised = Counter()
    for promise in promises(world):
        assert promise.quantity > 0
        promised[promise.line_id] += promise.quantity
    assert promised == {line.id: line.quantity for line in world.order.lines if line.kind is LineKind.GOODS}


@given(worlds())
def test_units_promised_in_stock_are_the_units_that_ship_now(world):
    order = attrs.evolve(world.order, ship=ShipPolicy.AS_AVAILABLE)
    in_stock = Counter()
    for promise in promise_order(order, supply=world.supply, times=world.times, at=world.at):
        if promise.kind is PromiseKind.IN_STOCK:
            in_stock[promise.line_id] += promise.quantity
    goods = {line.id for line in order.lines if line.kind is LineKind.GOODS}
    leaving = Counter()
    for part in split_order(order, supply=world.supply, times=world.times, at=world.at).parts:
        if part.kind is PartKind.SHIP_NOW:
            leaving.update({line.line_id: line.quantity for line in part.lines if line.line_id in goods})
    assert in_stock == leaving


@given(worlds())
def test_nothing_is_promised_in_the_past_or_before_its_street_date(world):
    by_id = {line.id: line for line in world.order.lines}
    zone = world.times.zone or (world.times.cut_off.zone if world.times.cut_off else "UTC")
    for promise in promises(world):
        assert (promise.ready is None) == (promise.kind is PromiseKind.NONE)
        if promise.ready is not None:
            assert promise.ready.earliest >= today(world)
            assert promise.delivery.earliest >= promise.ready.earliest
            street = line_street_date(by_id[promise.line_id])
            ahead = not is_released(street, at=world.at)
            assert (promise.kind is PromiseKind.PREORDER) == ahead
            if ahead:
                assert promise.ready.earliest >= street_day(street, zone=zone)


@given(worlds())
def test_no_unit_is_promised_twice(world):
    """Of each SKU, what is promised from receipts with a name is at most their free units."""
    free = Counter()
    for receipt in world.supply.receipts:
        free[receipt.sku, receipt.reference] += receipt.quantity - receipt.reserved
    given_out = Counter()
    for promise in promises(world):
        for reference in promise.references:
            given_out[promise.sku, reference] += promise.quantity
    assert all(units <= free[source] for source, units in given_out.items())


@given(worlds())
def test_what_is_promised_leaves_nothing_owed_short(world):
    """Take what was promised by each day as owed, and no day is shorter than it was without it."""
    world = attrs.evolve(world, supply=attrs.evolve(world.supply, replenishment={}))
    dated, start = Counter(), today(world)
    times = attrs.evolve(world.times, inbound=attrs.evolve(world.times.inbound, min_days=0, max_days=0))
    for promise in promise_order(world.order, supply=world.supply, times=times, at=world.at):
        receipts = [item for item in world.supply.receipts if item.reference in promise.references]
        if promise.kind is PromiseKind.IN_STOCK:
            dated[promise.sku, start] += promise.quantity
        elif promise.references and len(receipts) == 1:
            dated[promise.sku, latest(receipts[0])] += promise.quantity
    for sku, day in dated:
        if world.supply.on_hand.get(sku, 0) is not UNLIMITED:
            taken = sum(units for (other, when), units in dated.items() if other == sku and when <= day)
            assert taken <= naive(world.supply, sku, day, start=start, but_for=world.order.id)


def latest(receipt):
    return receipt.expected.latest if isinstance(receipt.expected, DateRange) else receipt.expected


def naive(supply, sku, day, *, start, but_for):
    """Return what can be promised from ``day`` on, walking through every day there is."""
    balance = supply.on_hand.get(sku, 0)
    if balance is UNLIMITED:
        return UNLIMITED
    dates = [latest(item) for item in supply.receipts] + [item.due for item in supply.commitments if item.due]
    last = max([*dates, day, start])
    levels, current = [], start
    while current <= last:
        for item in supply.receipts:
            if item.sku == sku and latest(item) == current:
                balance += item.quantity - item.reserved
        for owed in supply.commitments:
            mine = but_for and owed.order_id == but_for
            due = start if owed.due is None or owed.due < start else owed.due
            if owed.sku == sku and due == current and not mine:
                balance -= owed.quantity
        if current >= day:
            levels.append(balance)
        current += DAY
    return max(0, min(levels) - supply.safety_stock.get(sku, 0))


@given(supplies(), skus(), days(), st.sampled_from(["", "O1", "O2"]))
def test_available_now_agrees_with_walking_through_every_day(supply, sku, day, but_for):
    supply = attrs.evolve(supply, replenishment={})
    expected = naive(supply, sku, day, start=day, but_for=but_for)
    assert available_now(supply, sku=sku, day=day, but_for=but_for) == expected


@given(supplies(), skus(), days(), days(), st.integers(0, 9))
def test_more_that_comes_and_less_that_is_owed_never_lower_what_can_be_promised(supply, sku, day, when, units):
    before = available_now(supply, sku=sku, day=day)
    more = attrs.evolve(supply, receipts=[*supply.receipts, Receipt(sku=sku, quantity=units, expected=when)])
    owed = attrs.evolve(supply, commitments=[*supply.commitments, Commitment(sku=sku, quantity=units, due=when)])
    assert available_now(more, sku=sku, day=day) >= before
    assert available_now(owed, sku=sku, day=day) <= before


@given(worlds())
def test_a_street_date_that_is_ahead_only_moves_dates_back(world):
    """The same order without street dates is never promised later."""
    lines = [attrs.evolve(line, street_date=None, when_short="wait") for line in world.order.lines]
    free = World(order=attrs.evolve(world.order, lines=lines), supply=world.supply, times=world.times, at=world.at)
    waiting = [attrs.evolve(line, when_short="wait") for line in world.order.lines]
    held = attrs.evolve(world, order=attrs.evolve(world.order, lines=waiting))
    for line in world.order.lines:
        early = [promise.ready for promise in promises(free) if promise.line_id == line.id]
        late = [promise.ready for promise in promises(held) if promise.line_id == line.id]
        for one, other in zip(early, late, strict=True):
            assert one is None or other is None or one.latest <= other.latest


def test_supplies_of_other_skus_do_not_matter():
    supply = Supply(on_hand={"A": 3, "AA": 5}, receipts=[Receipt(sku="AA", quantity=9, expected=dt.date(2026, 1, 1))])
    assert available_now(supply, sku="A", day=dt.date(2026, 1, 1)) == 3
