"""Laws of `promise_order`, `promise_orders` and `available_now`.

- conservation: the promises for a line of goods add up to its units
- no unit is promised twice: of each SKU, no more than a naive count of the days has, at any day
- agreement: units promised IN_STOCK are the units that ship now
- nothing is promised in the past, or before a street date that is ahead
- what can be promised agrees with a day-by-day simulation, and never falls when more comes or less is owed

Under whatever rules:

- conservation, no date in the past, none before a street date; there is a date unless the kind is NONE
- no shipment of a line is smaller than the least, unless the whole line is
- COMPLETE: a line leaves on one day, or has no date; ON_DATE: in one delivery, by the wanted day; lateness is bounded
- lines that ship together are ready together, and one that waits without a date leaves all without
- of one line, more lateness allowed or more stock never leave fewer units with a date
- a later order changes no earlier one; what is promised to all of them fits the supply, day by day
- other SKUs' supply and the order of receipts do not matter
- a line by itself, taken as it comes: no unit is promised sooner, counted one by one, for a receipt that comes later or
  brings less, for a later instant, for longer lead times, or for less stock
"""

import datetime as dt
from collections import Counter
from functools import cache, cached_property
from itertools import product

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    Commitment,
    Confirmation,
    DateRange,
    LeadTime,
    LineKind,
    Order,
    OrderLine,
    PartKind,
    PromiseKind,
    PromiseRules,
    Receipt,
    ShippingTimes,
    ShipPolicy,
    Supply,
    available_now,
    is_released,
    line_street_date,
    may_wait,
    promise_order,
    promise_orders,
    split_order,
    street_day,
)
from preorder_kit.testing import days, instants, laws, promise_rules, queues, shipping_times, skus, supplies, worlds

DAY = dt.timedelta(days=1)
WORLDS = worlds()


def promises(world):
    return promise_order(world.order, supply=world.supply, times=world.times, at=world.at)


def today(world):
    zone = world.times.zone or (world.times.cut_off.zone if world.times.cut_off else "UTC")
    return street_day(world.at, zone=zone)


@given(WORLDS)
def test_promises_add_up_to_the_units_of_each_line_of_goods(world):
    laws.promises_every_unit(promises(world), world.order)


@given(WORLDS)
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


@given(WORLDS)
def test_nothing_is_promised_in_the_past_or_before_its_street_date(world):
    by_id = {line.id: line for line in world.order.lines}
    zone = world.times.zone or (world.times.cut_off.zone if world.times.cut_off else "UTC")
    for promise in promises(world):
        assert (promise.ready is None) == (promise.kind is PromiseKind.NONE)
        if promise.ready is not None:
            assert promise.ready.earliest >= today(world)
            assert promise.delivery.earliest >= today(world)
            assert promise.delivery.latest >= promise.ready.latest
            if not by_id[promise.line_id].promised:
                assert promise.delivery.earliest >= promise.ready.earliest
            street = line_street_date(by_id[promise.line_id])
            ahead = not is_released(street, at=world.at)
            assert (promise.kind is PromiseKind.PREORDER) == ahead
            if ahead:
                assert promise.ready.earliest >= street_day(street, zone=zone)


@given(WORLDS)
def test_no_unit_is_promised_twice(world):
    laws.no_unit_promised_twice(promises(world), supply=world.supply)


@given(WORLDS)
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
    levels, current, changes = [], start, Counter()
    for item in supply.receipts:
        if item.sku == sku:
            changes[latest(item)] += item.quantity - item.reserved
    for owed in supply.commitments:
        if owed.sku == sku and not (but_for and owed.order_id == but_for):
            changes[start if owed.due is None or owed.due < start else owed.due] -= owed.quantity
    while current <= last:
        balance += changes[current]
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


@given(WORLDS)
def test_a_street_date_that_is_ahead_only_moves_dates_back(world):
    """The same order without street dates is never promised later; what windows say is another matter."""
    waiting = [attrs.evolve(line, when_short="wait", promised=None) for line in world.order.lines]
    lines = [attrs.evolve(line, street_date=None) for line in waiting]
    order = attrs.evolve(world.order, ship=ShipPolicy.AS_AVAILABLE)
    free = attrs.evolve(world, order=attrs.evolve(order, lines=lines))
    held = attrs.evolve(world, order=attrs.evolve(order, lines=waiting))
    sooner, later = promises(free), promises(held)
    for line in world.order.lines:
        early = [promise.ready for promise in sooner if promise.line_id == line.id]
        late = [promise.ready for promise in later if promise.line_id == line.id]
        for one, other in zip(early, late, strict=True):
            assert one is None or other is None or one.latest <= other.latest


def test_supplies_of_other_skus_do_not_matter():
    supply = Supply(on_hand={"A": 3, "AA": 5}, receipts=[Receipt(sku="AA", quantity=9, expected=dt.date(2026, 1, 1))])
    assert available_now(supply, sku="A", day=dt.date(2026, 1, 1)) == 3


# Under whatever rules.

START = dt.date(2026, 11, 23)  # a Monday
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)


@attrs.frozen
class Shop:
    """Orders in a row, a supply, times and rules."""

    orders: tuple[Order, ...]
    supply: Supply
    times: ShippingTimes
    at: dt.datetime
    rules: PromiseRules

    @cached_property
    def promises(self):
        return promise_orders(self.orders, supply=self.supply, times=self.times, at=self.at, rules=self.rules)


def soon(first=-4, last=25):
    return [START + number * DAY for number in range(first, last + 1)]


def windows(first=-4):
    return [DateRange(day, day + length * DAY) for length in (0, 0, 1, 9) for day in soon(first)]


def or_none(found, times=1):
    """Return what is found, or ``None``: so many times as often."""
    return st.sampled_from([*[None] * times * len(found), *found])


STREETS = or_none([dt.datetime(day.year, day.month, day.day, 6, tzinfo=dt.timezone.utc) for day in soon()], 2)
REQUESTED, PROMISED = or_none(soon(0)), or_none(windows(0))


@cache
def near_lines(*, groups=("",), window=True):
    """Return lines of a month."""
    return st.builds(
        lambda what, street_date, requested, promised: OrderLine(
            id="1",
            sku=what[0],
            quantity=what[1],
            when_short=what[2],
            ship_group=what[3],
            street_date=street_date,
            requested=requested,
            promised=promised,
        ),
        st.sampled_from(list(product("AB", range(1, 9), ("wait", "wait", "cancel"), groups))),
        STREETS,
        REQUESTED,
        PROMISED if window else st.none(),
    )


NEAR_ORDERS = st.lists(
    st.builds(
        lambda found, ship: Order(
            id="O", placed_at=NOW, ship=ship, lines=[attrs.evolve(line, id=str(n)) for n, line in enumerate(found, 1)]
        ),
        st.lists(near_lines(groups=("", "", "g")), min_size=1, max_size=3),
        st.sampled_from([ShipPolicy.AS_AVAILABLE, ShipPolicy.AS_AVAILABLE, ShipPolicy.COMPLETE]),
    ),
    min_size=1,
    max_size=3,
).map(lambda items: tuple(attrs.evolve(order, id=f"O{place}") for place, order in enumerate(items, 1)))
NEAR_RECEIPTS = st.builds(
    lambda what, expected: Receipt(
        sku=what[0], quantity=what[1], reserved=min(what[1:3]), expected=expected, reference=what[3]
    ),
    st.sampled_from(list(product("AB", range(7), (0, 0, 2), ("", "P1", "P2")))),
    st.sampled_from([*soon() * 4, *windows()]),
)
NEAR_OWED = [
    Commitment(sku=sku, quantity=units, due=due)
    for due in [*[None] * len(soon()), *soon()]
    for sku in "AB"
    for units in (1, 2, 3)
]
COUNTS = [*range(-1, 10), *[UNLIMITED] * 11]
SAFETY = [*[{}] * 6, *({sku: units} for sku in "AB" for units in range(3))]
ANEW = [{}, {}, {"A": LeadTime(3, 6)}, {"B": LeadTime(3, 6)}]
NEAR_SUPPLIES = st.builds(
    lambda some, counts, receipts, commitments, more: Supply(
        on_hand=dict(zip(some, counts, strict=False)),
        receipts=receipts,
        commitments=commitments,
        safety_stock=more[0],
        replenishment=more[1],
    ),
    st.sampled_from(["", "A", "B", "AB", "BA"]),
    st.sampled_from(list(product(COUNTS, COUNTS))),
    st.lists(NEAR_RECEIPTS, max_size=4),
    st.lists(st.sampled_from(NEAR_OWED), max_size=2),
    st.sampled_from(list(product(SAFETY, ANEW))),
)


TIMES = (
    ShippingTimes(handling=LeadTime(1, 2), transit=LeadTime(2, 4)),
    ShippingTimes(handling=LeadTime(0, 0), transit=LeadTime(0, 0)),
    ShippingTimes(
        handling=LeadTime(0, 1, MON_TO_FRI),
        transit=LeadTime(1, 2, MON_TO_FRI),
        inbound=LeadTime(1, 2, MON_TO_FRI),
        receiving=MON_TO_FRI,
        zone="Europe/Oslo",
    ),
)


def near_shops(orders=NEAR_ORDERS, rules=None):
    """Return shops of a month, small enough for demand and supply to meet on every day."""
    asked = promise_rules() if rules is None else rules
    return st.builds(Shop, orders, NEAR_SUPPLIES, st.sampled_from(TIMES), st.just(NOW), asked)


NEAR_SHOPS = near_shops()
#: Shops of a month and of years, in many zones.
SHOPS = NEAR_SHOPS | st.builds(
    Shop, queues(groups=["", "g"], most=3), supplies(), shipping_times(), instants(), promise_rules()
)


def single(*, rules=None, window=True):
    """Return shops with one order of one line."""
    alone = near_lines(window=window).map(lambda line: (Order(id="O1", placed_at=NOW, lines=[line]),))
    return near_shops(alone, rules)


def goods(shop):
    return {
        (order.id, line.id): (order, line)
        for order in shop.orders
        for line in order.lines
        if line.kind is LineKind.GOODS
    }


def of_lines(shop):
    """Return the promises of each line of goods."""
    found = {key: [] for key in goods(shop)}
    for promise in shop.promises:
        found[promise.order_id, promise.line_id].append(promise)
    return found


def ships_alone(order, line):
    return order.ship is ShipPolicy.AS_AVAILABLE and not line.ship_group


@given(SHOPS)
def test_under_any_rules_units_add_up(shop):
    asked = goods(shop)
    for key, promised in of_lines(shop).items():
        assert sum(promise.quantity for promise in promised) == asked[key][1].quantity
        assert all(promise.quantity > 0 and promise.sku == asked[key][1].sku for promise in promised)


@given(SHOPS)
def test_under_any_rules_there_is_a_date_unless_the_kind_is_none(shop):
    for promise in shop.promises:
        assert (promise.ready is None) == (promise.delivery is None) == (promise.kind is PromiseKind.NONE)
        assert promise.first is None


@given(SHOPS)
def test_under_any_rules_nothing_is_promised_in_the_past_or_before_its_street_date(shop):
    asked = goods(shop)
    zone = shop.times.zone or (shop.times.cut_off.zone if shop.times.cut_off else "UTC")
    for promise in shop.promises:
        if promise.ready:
            assert min(promise.ready.earliest, promise.delivery.earliest) >= today(shop)
            street = line_street_date(asked[promise.order_id, promise.line_id][1])
            ahead = not is_released(street, at=shop.at)
            assert not ahead or promise.ready.earliest >= street_day(street, zone=zone)
            assert (promise.kind is PromiseKind.PREORDER) == (ahead and promise.kind is not PromiseKind.ESTIMATE)


@given(SHOPS)
def test_the_promises_of_a_line_come_the_soonest_first_and_those_without_a_date_last(shop):
    for promised in of_lines(shop).values():
        dated = [promise.delivery.latest for promise in promised if promise.delivery]
        assert dated == sorted(dated)
        assert all(promise.ready for promise in promised[:-1])


@given(SHOPS)
def test_no_shipment_is_smaller_than_the_least_unless_the_line_is(shop):
    asked = goods(shop)
    for key, promised in of_lines(shop).items():
        leaving = Counter()
        for promise in promised:
            if promise.ready:
                leaving[promise.ready] += promise.quantity
        least = min(shop.rules.min_shipment, asked[key][1].quantity)
        assert all(number >= least for number in leaving.values())


@given(SHOPS)
def test_a_complete_line_leaves_on_one_day_or_has_no_date(shop):
    complete = attrs.evolve(shop, rules=attrs.evolve(shop.rules, confirmation=Confirmation.COMPLETE))
    for promised in of_lines(complete).values():
        assert len({promise.ready for promise in promised}) == 1


@given(SHOPS)
def test_a_delivery_on_a_date_is_one_and_not_after_the_wanted_day(shop):
    on_date = attrs.evolve(shop, rules=attrs.evolve(shop.rules, confirmation=Confirmation.ON_DATE))
    asked = goods(on_date)
    for key, promised in of_lines(on_date).items():
        dated = [promise for promise in promised if promise.ready]
        line = asked[key][1]
        if line.requested and dated:
            [ready] = {promise.ready for promise in dated}
            [delivery] = {promise.delivery for promise in dated}
            assert ready.earliest == ready.latest
            assert line.promised or delivery.latest <= line.requested


@given(SHOPS, st.integers(0, 30))
def test_what_arrives_is_no_later_than_the_rules_allow(shop, most):
    bounded = attrs.evolve(shop, rules=attrs.evolve(shop.rules, max_lateness=most))
    asked = goods(bounded)
    for key, promised in of_lines(bounded).items():
        line = asked[key][1]
        if line.requested and not line.promised:
            assert all(promise.delivery.latest <= line.requested + most * DAY for promise in promised if promise.ready)


@given(SHOPS)
def test_lines_that_ship_together_are_ready_together(shop):
    asked, groups = goods(shop), {}
    for key, promised in of_lines(shop).items():
        order, line = asked[key]
        if not ships_alone(order, line):
            group = order.id, "" if order.ship is ShipPolicy.COMPLETE else line.ship_group
            groups.setdefault(group, []).append((line, promised))
    for companions in groups.values():
        ready = {promise.ready for _, promised in companions for promise in promised}
        assert len(ready - {None}) <= 1
        waiting = [promise for line, promised in companions if may_wait(line) for promise in promised]
        if any(promise.ready is None for promise in waiting):
            assert ready == {None}


def dated(shop):
    return sum(promise.quantity for promise in shop.promises if promise.ready)


@given(single(), st.integers(0, 30), st.integers(0, 30))
def test_more_lateness_never_leaves_fewer_units_of_a_line_with_a_date(shop, some, more):
    strict = attrs.evolve(shop, rules=attrs.evolve(shop.rules, max_lateness=some))
    loose = attrs.evolve(shop, rules=attrs.evolve(shop.rules, max_lateness=some + more))
    free = attrs.evolve(shop, rules=attrs.evolve(shop.rules, max_lateness=None))
    assert dated(strict) <= dated(loose) <= dated(free)


@given(single(), st.integers(1, 9))
def test_more_stock_never_leaves_fewer_units_of_a_line_with_a_date(shop, more):
    sku = shop.orders[0].lines[0].sku
    here = shop.supply.on_hand.get(sku, 0)
    on_hand = {**shop.supply.on_hand, sku: here if here is UNLIMITED else here + more}
    fuller = attrs.evolve(shop, supply=attrs.evolve(shop.supply, on_hand=on_hand))
    assert dated(shop) <= dated(fuller)


@given(SHOPS)
def test_a_later_order_changes_no_earlier_one(shop):
    first = attrs.evolve(shop, orders=shop.orders[:1]).promises
    assert shop.promises[: len(first)] == first


@given(SHOPS)
def test_supply_of_other_skus_does_not_matter(shop):
    asked = {line.sku for _, line in goods(shop).values()}
    only = Supply(
        on_hand={sku: number for sku, number in shop.supply.on_hand.items() if sku in asked},
        receipts=[item for item in shop.supply.receipts if item.sku in asked],
        commitments=[item for item in shop.supply.commitments if item.sku in asked],
        safety_stock={sku: number for sku, number in shop.supply.safety_stock.items() if sku in asked},
        replenishment={sku: lead for sku, lead in shop.supply.replenishment.items() if sku in asked},
    )
    assert attrs.evolve(shop, supply=only).promises == shop.promises


@given(NEAR_SHOPS, st.randoms(use_true_random=False))
def test_the_order_in_which_a_supply_is_written_down_does_not_matter(shop, random):
    receipts, owed = list(shop.supply.receipts), list(shop.supply.commitments)
    random.shuffle(receipts)
    random.shuffle(owed)
    on_hand = dict(sorted(shop.supply.on_hand.items(), reverse=True))
    shuffled = attrs.evolve(shop.supply, receipts=receipts, commitments=owed, on_hand=on_hand)
    assert attrs.evolve(shop, supply=shuffled).promises == shop.promises


@given(NEAR_SHOPS)
def test_what_is_promised_under_any_rules_fits_the_supply(shop):
    """Take each promise as owed from the last day on which its units may come, and no day has given too much."""
    record = [Receipt(sku=sku, quantity=0, expected=START + 99 * DAY) for sku in "AB"]
    said = attrs.evolve(
        shop,
        supply=attrs.evolve(shop.supply, replenishment={}, receipts=[*shop.supply.receipts, *record]),
        rules=attrs.evolve(shop.rules, overdue=None),
    )
    inbound, taken = said.times.inbound, Counter()
    for promise in said.promises:
        if promise.ready and promise.kind is not PromiseKind.ESTIMATE:
            day = inbound.calendar.subtract_working_days(promise.ready.latest, inbound.max_days)
            taken[promise.sku, START if promise.kind is PromiseKind.IN_STOCK else max(day, START)] += promise.quantity
            if promise.kind is PromiseKind.IN_STOCK:
                taken[promise.sku, None] += promise.quantity
    for sku, day in taken:
        here = said.supply.on_hand.get(sku, 0)
        if here is not UNLIMITED:
            total = sum(
                number for (other, when), number in taken.items() if other == sku and when and when <= (day or START)
            )
            assert taken[sku, None] <= max(0, here)
            assert total <= naive(said.supply, sku, day or START, start=START, but_for="")


# A line by itself, taken as it comes: unit by unit, nothing that gets worse brings an earlier day.

AS_IT_COMES = st.builds(
    PromiseRules,
    max_lateness=st.none() | st.integers(0, 20),
    overdue=st.none() | st.integers(0, 20),
    estimate=promise_rules().map(lambda rules: rules.estimate),
)

# An estimate may name an earlier day than a receipt that fails.
WITHOUT_ESTIMATES = AS_IT_COMES.map(lambda rules: attrs.evolve(rules, estimate=None))


def arrivals(shop):
    """Return when each unit arrives at the latest, the soonest first; what has no date comes last."""
    return sorted(
        promise.delivery.latest if promise.delivery else dt.date.max
        for promise in shop.promises
        for _ in range(promise.quantity)
    )


def never_sooner(worse, shop):
    return all(late >= early for late, early in zip(arrivals(worse), arrivals(shop), strict=True))


def moved(receipt, *, by):
    if isinstance(receipt.expected, DateRange):
        return attrs.evolve(receipt, expected=DateRange(receipt.expected.earliest, receipt.expected.latest + by * DAY))
    return attrs.evolve(receipt, expected=receipt.expected + by * DAY)


def last_day(receipt):
    return receipt.expected.latest if isinstance(receipt.expected, DateRange) else receipt.expected


@given(single(rules=AS_IT_COMES), st.integers(1, 30), st.data())
def test_a_receipt_that_comes_later_makes_no_unit_sooner(shop, by, data):
    ahead = [item for item in shop.supply.receipts if last_day(item) >= START]  # what is overdue does not count
    receipts = [moved(item, by=by) if item in ahead and data.draw(st.booleans()) else item for item in ahead]
    shop = attrs.evolve(
        shop, supply=attrs.evolve(shop.supply, receipts=ahead), rules=attrs.evolve(shop.rules, overdue=None)
    )
    assert never_sooner(attrs.evolve(shop, supply=attrs.evolve(shop.supply, receipts=receipts)), shop)


@given(single(rules=WITHOUT_ESTIMATES), st.data())
def test_a_receipt_that_brings_less_makes_no_unit_sooner(shop, data):
    less = [
        attrs.evolve(item, quantity=data.draw(st.integers(item.reserved, item.quantity)))
        for item in shop.supply.receipts
    ]
    worse = attrs.evolve(shop, supply=attrs.evolve(shop.supply, receipts=less))
    assert never_sooner(worse, shop)


@given(single(rules=WITHOUT_ESTIMATES), st.integers(1, 9))
def test_less_stock_makes_no_unit_sooner(shop, less):
    sku = shop.orders[0].lines[0].sku
    here = shop.supply.on_hand.get(sku, 0)
    on_hand = {**shop.supply.on_hand, sku: 3 if here is UNLIMITED else here - less}
    worse = attrs.evolve(shop, supply=attrs.evolve(shop.supply, on_hand=on_hand))
    assert never_sooner(worse, shop)


@given(single(rules=AS_IT_COMES), st.timedeltas(dt.timedelta(0), dt.timedelta(days=30)))
def test_a_later_instant_makes_no_unit_sooner(shop, by):
    assert never_sooner(attrs.evolve(shop, at=shop.at + by), shop)


@given(single(rules=AS_IT_COMES), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_longer_lead_times_make_no_unit_sooner(shop, handling, transit, inbound):
    longer = attrs.evolve(
        shop.times,
        handling=attrs.evolve(shop.times.handling, max_days=shop.times.handling.max_days + handling),
        transit=attrs.evolve(shop.times.transit, max_days=shop.times.transit.max_days + transit),
        inbound=attrs.evolve(shop.times.inbound, max_days=shop.times.inbound.max_days + inbound),
    )
    assert never_sooner(attrs.evolve(shop, times=longer), shop)
