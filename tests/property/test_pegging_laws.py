"""Laws of how promises take units: `promise_orders` and `Pegging`.

- agreement: each unit of a queue is served as a count of every unit by itself says, by stock or that very receipt
- FIRST: what is there and not owed, else the earliest day from which on something can be promised
- LATEST_FEASIBLE: the last day in time on which what can be promised rises, else as FIRST
- LATEST_FEASIBLE makes no unit late that FIRST has in time, and leaves no less for today
- serving a queue is serving its orders one by one, from what the earlier ones left: their units gone from stock and
  receipts, or owed to them on the day from which on they count
- so is serving them one by one with their promises as commitments, if nothing comes on the day itself; of receipts that
  come within several days the last one counts
- a later order never changes what an earlier one is promised
- no promise is of nothing, and no receipt gives more than its free units, whatever the rules
- nothing that is owed to others is shorter than before, and no safety stock is touched; nor is it shorter if what is
  promised is owed from now on
"""

import datetime as dt
from collections import Counter
from itertools import product

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    Commitment,
    DateRange,
    LeadTime,
    LineKind,
    Order,
    OrderLine,
    Pegging,
    PromiseKind,
    PromiseRules,
    Receipt,
    ShippingTimes,
    ShipPolicy,
    Supply,
    WhenShort,
    atp_timeline,
    commitments_of,
    delivery_range,
    is_released,
    may_wait,
    order_day,
    pool,
    promise_order,
    promise_orders,
    street_day,
)
from preorder_kit.testing import instants, promise_rules, queues, shipping_times, supplies

DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 3, 2)
SPAN = 16  # days on which things happen: few, so that they meet
HERE, ANEW, NOTHING = "here", "anew", "nothing"


@attrs.frozen(kw_only=True)
class Crowd:
    """Orders that want the same few things within a few days, and what there is for them."""

    queue: tuple[Order, ...]
    supply: Supply
    times: ShippingTimes
    at: dt.datetime

    @property
    def today(self):
        return street_day(self.at, zone=self.zone)

    @property
    def zone(self):
        return self.times.zone or (self.times.cut_off.zone if self.times.cut_off else "UTC")

    def promises(self, rules, orders=None):
        orders = self.queue if orders is None else orders
        return promise_orders(orders, supply=self.supply, times=self.times, at=self.at, rules=rules)


def near(day):
    return FIRST + DAY * (day.toordinal() % SPAN)


def near_instant(instant, *, span=SPAN):
    return dt.datetime.combine(FIRST + DAY * (instant.toordinal() % span), instant.timetz())


def near_window(expected):
    if not isinstance(expected, DateRange):
        return near(expected)
    return DateRange(
        near(expected.earliest), near(expected.earliest) + (expected.latest - expected.earliest) % (DAY * 5)
    )


def one_of_two(sku):
    return "B" if sku == "D" else "A"


def near_line(line, replenished):
    sku = one_of_two(line.sku)
    street = near_instant(line.street_date) if line.street_date and sku not in replenished else None
    return attrs.evolve(
        line,
        sku=sku,
        street_date=street,
        kind=LineKind.FEE if line.kind is LineKind.FEE else LineKind.GOODS,
        when_short="wait" if line.quantity > 2 else "cancel",
        requested=line.requested and near(line.requested) + DAY * (line.requested.toordinal() % 50),
        promised=line.promised and near_window(line.promised),
    )


def near_supply(supply):
    """Return a supply of two SKUs in which all happens within a few days, and what comes has a name of its own.

    Of A there is little, B may be replenished or never run out: but not both, and not on the day itself, as what is
    taken then does not show.
    """
    receipts = [
        attrs.evolve(
            item,
            sku=one_of_two(item.sku),
            expected=near_window(item.expected),
            reserved=item.reserved // 3,
            reference=f"R{place}",
        )
        for place, item in enumerate(supply.receipts)
    ]
    # With something on order, however little and late, nothing is promised out of thin air.
    receipts += [Receipt(sku=sku, quantity=0, expected=FIRST + DAY * 99) for sku in "AB"]
    few = {one_of_two(sku): units if units is UNLIMITED else units % 9 - 1 for sku, units in supply.on_hand.items()}
    on_hand = few | ({"A": 2} if few.get("A") is UNLIMITED else {})
    leads = [LeadTime(lead.min_days, lead.max_days + 1, lead.calendar) for lead in supply.replenishment.values()]
    return Supply(
        on_hand=on_hand,
        receipts=receipts,
        commitments=[
            attrs.evolve(item, sku=one_of_two(item.sku), due=item.due and near(item.due)) for item in supply.commitments
        ],
        safety_stock={one_of_two(sku): units // 2 for sku, units in supply.safety_stock.items()},
        replenishment={"B": leads[0]} if leads and on_hand.get("B", 0) is not UNLIMITED else {},
    )


def crowd(queue, locations, times, at):
    """Return a world in which a promise says what it is pegged to: no pre-orders of what is replenished."""
    supply = near_supply(pool(dict(zip("XY", locations, strict=True))))
    lines = [[near_line(line, supply.replenishment) for line in order.lines] for order in queue]
    near_queue = tuple(attrs.evolve(order, lines=found) for order, found in zip(queue, lines, strict=True))
    return Crowd(queue=near_queue, supply=supply, times=times, at=near_instant(at, span=4))


LOCATIONS = st.tuples(supplies(), supplies())
CROWDS = st.builds(crowd, queues(most=3), LOCATIONS, shipping_times(), instants())
GROUPED = st.builds(crowd, queues(groups=("", "", "G"), most=3), LOCATIONS, shipping_times(), instants())
WIDE = st.builds(Crowd, queue=queues(most=3), supply=supplies(), times=shipping_times(), at=instants())
PEGGINGS = st.builds(PromiseRules, pegging=st.sampled_from(Pegging), overdue=st.none() | st.integers(0, 9))


def one_by_one(world):
    """Return a world whose lines go each by itself."""
    return attrs.evolve(world, queue=tuple(attrs.evolve(order, ship=ShipPolicy.AS_AVAILABLE) for order in world.queue))


def goods(order):
    return [line for line in order.lines if line.kind is LineKind.GOODS]


def window_of(receipt, today, overdue):
    """Return the days on which a receipt comes as far as is known, ``None`` if it does not count."""
    expected = receipt.expected
    window = expected if isinstance(expected, DateRange) else DateRange(expected, expected)
    if window.latest >= today:
        return window
    return None if overdue is None else DateRange(today + DAY * overdue, today + DAY * overdue)


def without_own(supply, order):
    """Return a supply that owes an order nothing of what it asks for."""
    asked = {line.sku for line in goods(order)}
    kept = [item for item in supply.commitments if item.order_id != order.id or item.sku not in asked]
    return attrs.evolve(supply, commitments=kept)


def less(supply, sku, source, units=1):
    """Return what is left when units are taken from stock, or from the receipt of that name."""
    if source == HERE and supply.on_hand[sku] is not UNLIMITED:
        return attrs.evolve(supply, on_hand={**supply.on_hand, sku: supply.on_hand[sku] - units})
    receipts = [
        attrs.evolve(item, reserved=item.reserved + units) if item.reference == source else item
        for item in supply.receipts
    ]
    return attrs.evolve(supply, receipts=receipts)


class Counting:
    """A count of every unit by itself, through what can be promised alone."""

    def __init__(self, world, rules):
        self.world, self.rules, self.supply = world, rules, world.supply
        self.overdue = rules.overdue

    def serve(self, order):
        """Return (line, source, ready) -> units."""
        self.supply = without_own(self.supply, order)
        found = Counter()
        for line in goods(order):
            for _ in range(line.quantity):
                source = self.source(line)
                found[line.id, source, self.ready(line, source)] += 1
                self.supply = less(self.supply, line.sku, source)
        return found

    def source(self, line):
        steps = atp_timeline(self.supply, sku=line.sku, start=self.world.today, overdue=self.overdue)
        here = max(0, self.supply.on_hand.get(line.sku, 0))
        if self.rules.pegging is Pegging.LATEST_FEASIBLE and may_wait(line):
            latest = self.latest_in_time(line, steps, here)
            if latest:
                return latest
        if min(here, steps[0].available) > 0:
            return HERE
        later = [step for step in steps if step.available > 0]
        return self.on_day(line, later[0]) if later and may_wait(line) else NOTHING

    def latest_in_time(self, line, steps, here):
        """Return the source of the last day in time on which more can be promised than before; stock is no such day."""
        before = min(here, steps[0].available)
        found = None
        for step in steps:
            if self.is_in_time(line, step.day) and step.available > before:
                found, before = step, step.available
        return found and self.on_day(line, found)

    def on_day(self, line, step):
        """Return the first receipt of a day that has units left, or that it is ordered anew."""
        if step.available is UNLIMITED:
            return ANEW
        for receipt in self.supply.receipts:
            window = window_of(receipt, self.world.today, self.overdue)
            free = receipt.quantity - receipt.reserved
            if receipt.sku == line.sku and window and window.latest == step.day and free:
                return receipt.reference
        raise AssertionError(f"nothing comes on {step.day}, but more can be promised than the day before")

    def base(self, line):
        times, at = self.world.times, self.world.at
        counted = order_day(at, calendar=times.handling.calendar, cut_off=times.cut_off, zone=self.world.zone)
        street = (
            self.world.today
            if is_released(line.street_date, at=at)
            else street_day(line.street_date, zone=self.world.zone)
        )
        return max(counted, self.world.today, street)

    def ready(self, line, source):
        base = self.base(line)
        if source == NOTHING:
            return None
        if source == HERE:
            return DateRange(base, base)
        inbound = self.world.times.inbound
        if source == ANEW:
            lead = self.supply.replenishment[line.sku]
            window = DateRange(
                lead.calendar.add_working_days(self.world.today, lead.min_days),
                lead.calendar.add_working_days(self.world.today, lead.max_days),
            )
        else:
            [receipt] = [item for item in self.supply.receipts if item.reference == source]
            window = window_of(receipt, self.world.today, self.overdue)
        return DateRange(
            max(base, inbound.calendar.add_working_days(window.earliest, inbound.min_days)),
            max(base, inbound.calendar.add_working_days(window.latest, inbound.max_days)),
        )

    def is_in_time(self, line, day):
        """Say whether what comes on a day costs no time, or arrives by the wanted day all the same."""
        inbound, base = self.world.times.inbound, self.base(line)
        ready = max(base, inbound.calendar.add_working_days(day, inbound.max_days))
        if ready == base:
            return True
        return line.requested is not None and delivery_range(ready, times=self.world.times).latest <= line.requested


def source_of(promise):
    """Return what a promise is pegged to; in these worlds it says so."""
    if promise.references:
        return promise.references[0]
    if promise.kind in {PromiseKind.IN_STOCK, PromiseKind.PREORDER}:
        return HERE
    return ANEW if promise.kind is PromiseKind.BACKORDER else NOTHING


@given(CROWDS, PEGGINGS)
def test_each_unit_is_served_as_a_count_of_every_unit_by_itself_says(world, rules):
    world = one_by_one(world)
    promises, counting = world.promises(rules), Counting(world, rules)
    for order in world.queue:
        found = Counter()
        for promise in promises:
            if promise.order_id == order.id:
                found[promise.line_id, source_of(promise), promise.ready] += promise.quantity
        assert found == counting.serve(order)


def left_after(supply, order, promises):
    """Return what an order and its promises leave: less in stock, less of each receipt, and nothing owed to it."""
    supply = without_own(supply, order)
    for promise in promises:
        supply = less(supply, promise.sku, source_of(promise), promise.quantity)
    return supply


@given(GROUPED, promise_rules())
def test_a_queue_is_served_as_one_order_after_the_other_from_what_is_left(world, rules):
    supply, found = world.supply, []
    for order in world.queue:
        promises = promise_order(order, supply=supply, times=world.times, at=world.at, rules=rules)
        supply = left_after(supply, order, promises)
        found += promises
    assert tuple(found) == world.promises(rules)


def on_days_of_their_own(world):
    """Return a world in which receipts come later than today, no two on one day."""
    receipts = [
        attrs.evolve(item, expected=DateRange(world.today + DAY * place, world.today + DAY * (1 + 3 * place)))
        for place, item in enumerate(world.supply.receipts)
    ]
    return attrs.evolve(world, supply=attrs.evolve(world.supply, receipts=receipts))


@given(GROUPED.map(on_days_of_their_own), promise_rules())
def test_a_queue_is_served_as_if_each_order_owned_what_it_was_promised(world, rules):
    supply, found = world.supply, []
    counts_from = {item.reference: item.expected.latest for item in supply.receipts} | {HERE: world.today}
    for order in world.queue:
        promises = promise_order(order, supply=supply, times=world.times, at=world.at, rules=rules)
        owed = [
            Commitment(
                sku=promise.sku, quantity=promise.quantity, due=counts_from[source_of(promise)], order_id=order.id
            )
            for promise in promises
            if source_of(promise) in counts_from
        ]
        supply = without_own(supply, order)
        supply = attrs.evolve(supply, commitments=[*supply.commitments, *owed])
        found += promises
    assert tuple(found) == world.promises(rules)


PLAIN_LINES = [
    OrderLine(id="1", sku=sku, quantity=units, when_short=when_short)
    for sku, units, when_short in product("AB", range(1, 7), WhenShort)
]
BASKETS = st.lists(st.lists(st.sampled_from(PLAIN_LINES), min_size=1, max_size=3), min_size=2, max_size=3)
COMING = st.lists(st.sampled_from(list(product("AB", range(7), range(1, 13)))), max_size=5)
OWED = st.lists(
    st.sampled_from(
        [
            Commitment(sku=sku, quantity=units, due=due, order_id=order_id)
            for sku, units, order_id in product("AB", range(1, 5), ["", "O1", "O2"])
            for due in [*[None] * 13, *(FIRST + DAY * days for days in range(13))]
        ]
    ),
    max_size=2,
)
SHELVES = st.sampled_from(list(product(range(9), repeat=2)))
SAFETY, OPENS = st.integers(0, 2), st.integers(0, 3)
HANDLING = [LeadTime(0, 1), LeadTime(0, 2, MON_TO_FRI)]
INBOUND = [LeadTime(0, 0), LeadTime(1, 2), LeadTime(0, 1, MON_TO_FRI)]
STAGES = st.sampled_from(list(product([0, 3], HANDLING, INBOUND)))


@st.composite
def shops(draw):
    """Return two or three plain orders and a supply of which nothing comes today, and how long receipts may take."""
    baskets = draw(BASKETS)
    at = dt.datetime.combine(FIRST + DAY * draw(OPENS), dt.time(9), dt.timezone.utc)
    queue = [
        Order(
            id=f"O{place}",
            placed_at=at,
            lines=[attrs.evolve(line, id=str(number)) for number, line in enumerate(basket)],
        )
        for place, basket in enumerate(baskets, 1)
    ]
    width, handling, inbound = draw(STAGES)
    receipts = draw(COMING)
    supply = Supply(
        on_hand=dict(zip("AB", draw(SHELVES), strict=True)),
        receipts=[
            Receipt(sku=sku, quantity=units, expected=DateRange(day - DAY * width, day))
            for sku, units, days in receipts
            for day in [at.date() + DAY * days]
        ],
        commitments=draw(OWED),
        safety_stock={"A": draw(SAFETY)},
    )
    times = ShippingTimes(handling=handling, transit=LeadTime(1, 2), inbound=inbound)
    return Crowd(queue=tuple(queue), supply=supply, times=times, at=at), width


def days_of(promises, width):
    """Return (order, line, kind, ready) -> units; of receipts that come within several days the last day alone."""
    found = Counter()
    for promise in promises:
        ready = promise.ready and (promise.ready.latest if width else promise.ready)
        found[promise.order_id, promise.line_id, promise.kind, ready] += promise.quantity
    return found


@given(shops())
def test_a_queue_is_served_as_one_order_after_the_other_with_commitments_in_between(shop):
    world, width = shop
    supply, found = world.supply, []
    for order in world.queue:
        supply = without_own(supply, order)
        promises = promise_order(order, supply=supply, times=world.times, at=world.at)
        supply = attrs.evolve(supply, commitments=[*supply.commitments, *commitments_of(promises, times=world.times)])
        found += promises
    assert days_of(found, width) == days_of(world.promises(PromiseRules()), width)


@given(GROUPED | WIDE, promise_rules())
def test_a_later_order_never_changes_what_an_earlier_one_is_promised(world, rules):
    everything = world.promises(rules)
    for place in range(len(world.queue)):
        first = world.promises(rules, world.queue[:place])
        assert everything[: len(first)] == first


@given(GROUPED, promise_rules())
def test_no_promise_is_of_nothing_and_no_receipt_gives_more_than_its_free_units(world, rules):
    given_out = Counter()
    for promise in world.promises(rules):
        assert promise.quantity > 0
        given_out[promise.sku, source_of(promise)] += promise.quantity
    for receipt in world.supply.receipts:
        assert given_out[receipt.sku, receipt.reference] <= receipt.quantity - receipt.reserved


def side_by_side(*timelines):
    """Yield the steps of timelines that are in force on each day on which any of them has one."""
    for day in {step.day for steps in timelines for step in steps}:
        yield [[step for step in steps if step.day <= day][-1] for steps in timelines]


@given(GROUPED, promise_rules())
def test_what_is_promised_makes_nothing_shorter_that_is_owed_to_others(world, rules):
    before = after = world.supply
    promises = world.promises(rules)
    for order in world.queue:
        before = without_own(before, order)
        after = left_after(after, order, [promise for promise in promises if promise.order_id == order.id])
    for sku in "AB":
        was, now = (
            atp_timeline(supply, sku=sku, start=world.today, overdue=rules.overdue) for supply in (before, after)
        )
        for old, new in side_by_side(was, now):
            assert (new.short, new.withheld) == (old.short, old.withheld)
            assert new.available <= old.available


@given(GROUPED, promise_rules())
def test_what_is_owed_from_now_on_makes_nothing_shorter_that_is_owed_to_others(world, rules):
    before = world.supply
    for order in world.queue:
        before = without_own(before, order)
    known = [promise for promise in world.promises(rules) if promise.kind is not PromiseKind.ESTIMATE]
    owed = commitments_of(known, times=world.times)
    after = attrs.evolve(before, commitments=[*before.commitments, *owed])
    for sku in "AB":
        was, now = (
            atp_timeline(supply, sku=sku, start=world.today, overdue=rules.overdue) for supply in (before, after)
        )
        for old, new in side_by_side(was, now):
            assert (new.short, new.withheld) == (old.short, old.withheld)


@given(CROWDS, st.none() | st.integers(0, 9))
def test_taking_the_latest_in_time_makes_no_unit_late_and_leaves_no_less_for_today(world, overdue):
    world = one_by_one(world)
    for order in world.queue:
        for line in goods(order):
            alone = attrs.evolve(order, lines=[line])
            in_time, today = [], []
            for pegging in (Pegging.FIRST, Pegging.LATEST_FEASIBLE):
                rules = PromiseRules(pegging=pegging, overdue=overdue)
                promises = world.promises(rules, [alone])
                counting = Counting(world, rules)
                in_time.append(sum(item.quantity for item in promises if is_soon(item, line, counting)))
                left = left_after(world.supply, alone, promises)
                steps = atp_timeline(left, sku=line.sku, start=world.today, overdue=overdue)
                today.append(min(left.on_hand.get(line.sku, 0), steps[0].available))
            assert in_time[0] == in_time[1]
            assert today[0] <= today[1]


def is_soon(promise, line, counting):
    if promise.ready is None:
        return False
    wanted = line.requested and promise.delivery.latest <= line.requested
    return bool(wanted) or promise.ready.latest == counting.base(line)


def test_the_last_of_two_receipts_in_time_serves_a_line_and_the_next_line_the_other():
    line = OrderLine(id="1", sku="A", quantity=2, when_short="wait", requested=FIRST + DAY * 9)
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone.utc)
    order = Order(id="O1", placed_at=at, lines=[line, attrs.evolve(line, id="2")])
    receipts = [Receipt(sku="A", quantity=3, expected=FIRST + DAY * days, reference=f"+{days}") for days in (3, 9, 10)]
    times = ShippingTimes(handling=LeadTime(0, 0), transit=LeadTime(0, 0))
    rules = PromiseRules(pegging="latest_feasible")
    supply = Supply(on_hand={"A": 9}, receipts=receipts)
    promises = promise_order(order, supply=supply, times=times, at=at, rules=rules)
    assert [(item.line_id, item.quantity, item.references) for item in promises] == [
        ("1", 2, ("+9",)),
        ("2", 1, ("+3",)),
        ("2", 1, ("+9",)),
    ]
