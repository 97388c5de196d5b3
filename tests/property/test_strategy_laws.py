"""The laws that `testing.laws` offers hold for this library itself, with the strategies of `testing`.

- plans: units conserved, nothing oversold, nothing before its street date
- promises: every unit, nothing in the past, no unit twice
- money: its parts add up, with and without what was captured
- rooms: claims conserved, no more than there is, nobody overtakes, more stock hurts nobody, twice adds nothing, later
  orders change nothing, the order of the queue is no meaning
- shares add up; readings come back from JSON; masked stock shows no number, and to mask twice is to mask once
- what is ready later arrives no sooner
"""

import datetime as dt
from functools import partial

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    AllocationPolicy,
    CaptureMode,
    ChargePolicy,
    QueueOrder,
    Rationing,
    ShipPolicy,
    Shortage,
    Stock,
    allocate,
    available_now,
    charge_plan,
    delivery_range,
    mask,
    promise_order,
    public_label,
    ration,
    split_order,
    street_day,
)
from preorder_kit.serialization import from_json, to_json
from preorder_kit.testing import (
    allocation_policies,
    available_for,
    components,
    days,
    grants_for,
    laws,
    lines_waiting,
    quantities,
    shipping_times,
    values_of,
    waiting_instants,
    waiting_queues,
    worlds,
)

WORLDS = worlds(addresses=("", "home"), groups=("", "g"), recipes=st.just(()) | components())
LAST = dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.timezone.utc)
PLAIN = waiting_queues(lines_waiting(ships=[ShipPolicy.AS_AVAILABLE]))
ANY = waiting_queues(lines_waiting(recipes=st.just(()) | components()))
PARTIAL = allocation_policies(shortages=[Shortage.PARTIAL], units=["line"])


def today(world):
    zone = world.times.zone or (world.times.cut_off.zone if world.times.cut_off else "UTC")
    return street_day(world.at, zone=zone)


def on_shelf(world):
    """Return what can leave now of each SKU that the order needs."""
    found = {}
    for sku in world.supply.on_hand:
        promised = available_now(world.supply, sku=sku, day=today(world), but_for=world.order.id)
        found[sku] = min(max(0, world.supply.on_hand[sku]), promised)
    return found


@given(WORLDS)
def test_plans_keep_the_laws(world):
    plan = split_order(world.order, supply=world.supply, at=world.at, times=world.times)
    laws.conserves_units(plan, world.order)
    laws.never_oversells(plan, world.order, available=on_shelf(world))
    laws.nothing_before_street_date(plan, world.order, at=world.at)
    sent = [part for part in plan.parts if part.kind == "ship_now"]
    again = split_order(world.order, supply=world.supply, at=world.at, times=world.times, shipped=sent)
    laws.conserves_units(again, world.order, shipped=sent)


@given(WORLDS)
def test_promises_keep_the_laws(world):
    found = promise_order(world.order, supply=world.supply, times=world.times, at=world.at)
    laws.promises_every_unit(found, world.order)
    laws.nothing_in_the_past(found, day=today(world))
    laws.no_unit_promised_twice(found, supply=world.supply)


@given(WORLDS, st.sampled_from(CaptureMode))
def test_money_keeps_the_laws(world, mode):
    policy = ChargePolicy(mode=mode, deposit=30 if mode is CaptureMode.DEPOSIT else None)
    plan = split_order(world.order, supply=world.supply, at=world.at)
    first = charge_plan(world.order, plan, policy=policy)
    laws.parts_of_money_add_up(first, world.order)
    captured = [line for charge in first.charges[:1] for line in charge.lines]
    rest = charge_plan(world.order, plan, policy=policy, captured=captured)
    laws.parts_of_money_add_up(rest, world.order, captured=captured)


@given(ANY, allocation_policies(), waiting_instants(), st.data())
def test_rooms_keep_the_laws(queue, policy, at, data):
    available, grants = data.draw(available_for(queue)), data.draw(grants_for(queue))
    found = allocate(queue, available=available, policy=policy, at=at, grants=grants)
    laws.conserves_claims(found, queue=queue)
    laws.grants_no_more_than_there_is(found, queue=queue, available=available, grants=grants)
    run = partial(allocate, policy=policy, at=at)
    laws.running_twice_adds_nothing(run, queue, available=available)
    laws.permutation_changes_nothing(partial(run, available=available), queue)


@given(PLAIN, PARTIAL, waiting_instants(), lines_waiting(), st.data())
def test_rooms_of_plain_lines_keep_more_of_them(queue, policy, at, late, data):
    available, grants = data.draw(available_for(queue)), data.draw(grants_for(queue))
    found = allocate(queue, available=available, policy=policy, at=at, grants=grants)
    laws.nobody_overtakes(found, queue=queue, at=at, grants=grants)
    run = partial(allocate, policy=policy, at=at)
    laws.more_stock_never_hurts(run, queue, available=available, more={"A": 1, "B": 3})
    for other in (
        AllocationPolicy(shortage="strict"),
        *(AllocationPolicy(ration=rule) for rule in ("equal", "webster")),
    ):
        steady = partial(allocate, policy=other, at=at)
        laws.more_stock_never_hurts(steady, queue, available=available, more={"A": 1, "B": 3})
    later = attrs.evolve(late, order_id="zz", placed_at=LAST)
    fifo = partial(allocate, policy=AllocationPolicy(queue=QueueOrder.FIFO), at=at)
    laws.later_orders_change_nothing(fifo, queue, later, available=available)


@given(quantities(most=40), st.lists(st.integers(0, 20), max_size=6), st.sampled_from(Rationing))
def test_shares_keep_the_law(units, claims, rule):
    laws.shares_add_up(ration(units, claims=claims, rule=rule), units=units, claims=claims)


@given(values_of(Stock))
def test_readings_keep_the_laws(stock):
    laws.round_trips(to_json, from_json, stock)
    laws.masked_stock_shows_no_number(lambda reading: to_json(mask(reading)), stock)
    laws.masked_stock_shows_no_number(public_label, stock)
    laws.twice_is_once(mask, stock)


@given(shipping_times(), st.lists(days(), min_size=1, max_size=4))
def test_days_keep_the_law(times, ready):
    laws.later_is_never_sooner(lambda day: delivery_range(day, times=times), ready)
