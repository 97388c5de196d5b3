"""Laws of promises with bundles: `promise_orders`, `repromise` and `commitments_of`.

- agreement: each unit is promised what a count of every unit by itself, on plain dicts, says
- conservation: the promises of a line add up to it, whatever the rules; none is of nothing, none begins before today
- one unit of a bundle is ready with the last of its components, each promised by itself
- a bundle of one thing is that thing
- the units of each component that are promised make nothing shorter that is owed to others, nor does a promise later
- the order of receipts and commitments is no meaning; a later order never changes an earlier one's promises
- repromise keeps every date where nothing has changed, loses no unit where something has, and promises no unit of a
  component twice
"""

import datetime as dt
from collections import Counter
from itertools import product

import attrs
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    MON_TO_FRI,
    MON_TO_SAT,
    Commitment,
    Component,
    Confirmation,
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
    Supply,
    WhenShort,
    atp_timeline,
    commitments_of,
    move_receipt,
    promise_order,
    promise_orders,
    repromise,
    ship_together,
)

NOW = dt.datetime(2026, 11, 19, 9, tzinfo=dt.timezone.utc)  # a Thursday
TODAY = NOW.date()
DAY = dt.timedelta(days=1)
PAST, SOON, LATER = NOW - 3 * DAY, NOW + 4 * DAY, NOW + 9 * DAY
SMALL = ("A", "B", "C")
SPAN = 14
TIMES = st.sampled_from(
    [
        ShippingTimes(handling=LeadTime(0, 0), transit=LeadTime(0, 0)),
        ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(1, 3, MON_TO_SAT)),
        ShippingTimes(handling=LeadTime(0, 1), transit=LeadTime(1, 2), inbound=LeadTime(1, 1)),
        ShippingTimes(handling=LeadTime(1, 1), transit=LeadTime(1, 2), inbound=LeadTime(0, 2, MON_TO_FRI)),
    ]
)


ALL_RULES = [
    PromiseRules(confirmation=confirmation, pegging=pegging, min_shipment=least, overdue=overdue, **other)
    for confirmation in Confirmation
    for pegging in Pegging
    for least in (1, 1, 2)
    for overdue in (None, 2)
    for other in ({}, {}, {"max_lateness": 3}, {"estimate": (relativedelta(), relativedelta(weeks=6))})
]
RULES = st.sampled_from(ALL_RULES)
STRICT = st.sampled_from([rules for rules in ALL_RULES if rules.estimate is None])


@attrs.frozen(kw_only=True)
class Crowd:
    """Orders that want the same few things within a few days, and what there is for them."""

    queue: tuple[Order, ...]
    supply: Supply
    times: ShippingTimes

    def promises(self, rules=PromiseRules(), orders=None):  # noqa: B008  # rules are values
        orders = self.queue if orders is None else orders
        return promise_orders(orders, supply=self.supply, times=self.times, at=NOW, rules=rules)


PARTS = [
    Component(sku, units, street_date=street, when_short=when_short)
    for sku in SMALL
    for units in (1, 1, 2)
    for street in (None, None, None, None, SOON)
    for when_short in (None, None, *WhenShort)
] + [Component("CODE", kind=LineKind.DIGITAL)]
WAYS = st.sampled_from(
    [
        {"when_short": when_short, "street_date": street, "requested": requested}
        for when_short in (WhenShort.WAIT, *WhenShort)
        for street in (None, None, None, PAST, SOON, LATER)
        for requested in (None, TODAY + 5 * DAY, TODAY + 12 * DAY)
    ]
)


#: One unit may wait for one of these and not for the other.
MIXED = [
    [Component(one, when_short="cancel"), Component(other, when_short="wait")]
    for one, other in product(SMALL, SMALL)
    if one != other
]


def small_recipes():
    return st.lists(st.sampled_from(PARTS), min_size=1, max_size=3)


@st.composite
def small_lines(draw, groups=("",)):
    recipe = draw(st.lists(st.sampled_from(PARTS), max_size=3) | st.sampled_from(MIXED))
    sku, quantity = draw(st.sampled_from([(sku, units) for sku in SMALL for units in (1, 2, 3, 4)]))
    group = draw(st.sampled_from(groups)) if len(groups) > 1 else ""
    name = "SET" if recipe else sku
    return OrderLine(id="1", sku=name, quantity=quantity, components=recipe, ship_group=group, **draw(WAYS))


def order_of(lines, order_id="O1", **fields):
    numbered = [attrs.evolve(line, id=str(place)) for place, line in enumerate(lines, 1)]
    return Order(id=order_id, placed_at=NOW, lines=numbered, **fields)


def queues(groups=("",), ships=("as_available",)):
    orders = st.builds(
        lambda lines, ship: order_of(lines, ship=ship),
        st.lists(small_lines(groups), min_size=1, max_size=3),
        st.sampled_from(ships),
    )
    found = st.lists(orders, min_size=1, max_size=3)
    return found.map(lambda items: tuple(attrs.evolve(order, id=f"O{place}") for place, order in enumerate(items, 1)))


COMING = st.sampled_from([(sku, units, days) for sku in SMALL for units in (1, 2, 3, 6) for days in range(-1, SPAN)])
OWED = [
    Commitment(sku=sku, quantity=units, due=due, order_id=order_id)
    for sku in SMALL
    for units in (1, 3)
    for due in (None, TODAY, TODAY + 3 * DAY, TODAY + 8 * DAY)
    for order_id in ("", "", "O1", "O2")
]
SHELVES = st.sampled_from([dict(zip(SMALL, units, strict=True)) for units in product((0, 0, 1, 2, 4), repeat=3)])


@st.composite
def small_supplies(draw, named=SMALL, widths=(0,)):
    """Return supplies in which all happens within a few days, each receipt under a name of its own.

    At least a receipt of nothing is there of each SKU of ``named``: nothing of these is promised out of thin air.
    """
    receipts = draw(st.lists(st.tuples(COMING, st.sampled_from(widths)), max_size=5))
    coming = [
        Receipt(
            sku=sku,
            quantity=units,
            expected=DateRange(TODAY + (days - width) * DAY, TODAY + days * DAY),
            reference=f"R{place}",
        )
        for place, ((sku, units, days), width) in enumerate(receipts)
    ]
    coming += [Receipt(sku=sku, quantity=0, expected=TODAY + 99 * DAY) for sku in named]
    return Supply(
        on_hand=draw(SHELVES),
        receipts=coming,
        commitments=draw(st.lists(st.sampled_from(OWED), max_size=2)),
        safety_stock=draw(st.sampled_from([{}, {}, {"A": 1}, {"B": 2}])),
    )


def one_each(world):
    """Return a world with single bundles before their street date: where nothing is on order of some components."""
    lines = [
        [attrs.evolve(line, quantity=1) if line.components and recipe_of(line)[2] else line for line in order.lines]
        for order in world.queue
    ]
    queue = [attrs.evolve(order, lines=found) for order, found in zip(world.queue, lines, strict=True)]
    return attrs.evolve(world, queue=tuple(queue))


UNNAMED = st.sampled_from(["", "A", "AB", "BC"]).flatmap(lambda named: small_supplies(named=named))
CROWDS = st.builds(Crowd, queue=queues(), supply=small_supplies(), times=TIMES) | st.builds(
    Crowd, queue=queues(), supply=UNNAMED, times=TIMES
).map(one_each)
GROUPED = st.builds(
    Crowd,
    queue=queues(groups=("", "", "g"), ships=("as_available", "as_available", "complete")),
    supply=small_supplies(widths=(0, 0, 3)),
    times=TIMES,
)


def recipe_of(line):
    """Return SKU -> how many a unit needs, the SKUs it may not wait for, and its street date if that is ahead."""
    counts, bound = Counter(), set()
    streets = [line.street_date, *(component.street_date for component in line.components)]
    for component in line.components or (Component(line.sku),):
        if component.kind is LineKind.GOODS:
            counts[component.sku] += component.quantity
            if (component.when_short or line.when_short) is WhenShort.CANCEL:
                bound.add(component.sku)
    street = max((found for found in streets if found), default=None)
    return counts, set() if street else bound, street if street and street > NOW else None


class OneByOne:
    """Every unit by itself, in its turn: from stock, else from the first receipt that can give it."""

    def __init__(self, supply, times):
        self.stock, self.safety, self.times = dict(supply.on_hand), supply.safety_stock, times
        self.owed = [
            [item.sku, 0 if item.due is None else max(0, (item.due - TODAY).days), item.quantity, item.order_id]
            for item in supply.commitments
        ]
        self.named = {item.sku for item in supply.receipts}
        self.coming = [
            [item.sku, (self.last(item) - TODAY).days, item.quantity]
            for item in supply.receipts
            if self.last(item) >= TODAY
        ]

    @staticmethod
    def last(receipt):
        return receipt.expected.latest if isinstance(receipt.expected, DateRange) else receipt.expected

    def free(self, sku, day):
        """Return what can be taken from a day on and breaks nothing that is owed later."""
        balances = [
            self.stock[sku]
            + sum(units for found, when, units in self.coming if found == sku and when <= later)
            - sum(units for found, when, units, _ in self.owed if found == sku and when <= later)
            for later in range(day, 100)
            if later == day or any(found == sku and when == later for found, when, *_ in self.owed)
        ]
        return min(balances) - self.safety.get(sku, 0)

    def take(self, sku):
        """Take a unit, and return where from: day -1 if it is there; ``None`` if there is none."""
        if self.stock[sku] > 0 and self.free(sku, 0) > 0:
            self.stock[sku] -= 1
            return sku, -1
        for receipt in sorted(self.coming, key=lambda found: found[1]):
            if receipt[0] == sku and receipt[2] > 0 and self.free(sku, receipt[1]) > 0:
                receipt[2] -= 1
                return sku, receipt[1]
        return None

    def put_back(self, taken):
        for sku, day in taken:
            if day < 0:
                self.stock[sku] += 1
            else:
                next(found for found in self.coming if found[:2] == [sku, day])[2] += 1

    def take_all(self, needs):
        """Take so many of each SKU; return what was taken and the SKUs that are short."""
        taken, short = [], set()
        for sku in needs:
            for _ in range(needs[sku]):
                found = self.take(sku)
                if found:
                    taken.append(found)
                else:
                    short.add(sku)
        return taken, short

    def take_here(self, needs):
        """Take so many of each SKU from what is there, or nothing."""
        if any(min(self.stock[sku], self.free(sku, 0)) < needs[sku] for sku in needs):
            return None
        return self.take_all(needs)[0]

    def serve(self, order):
        """Return (line, kind, ready) -> units."""
        wanted = {sku for line in order.lines for sku in recipe_of(line)[0]}
        self.owed = [item for item in self.owed if item[3] != order.id or item[0] not in wanted]
        found, waiting = Counter(), []
        for line in order.lines:
            needs, bound, ahead = recipe_of(line)
            for _ in range(line.quantity):
                aside = self.take_here(needs)
                if aside is not None:
                    found[self.dated(line, aside, ahead)] += 1
                elif not line.components:
                    later = self.take_all(needs) if not bound else ([], {line.sku})
                    found[self.promised(line, *later, ahead)] += 1
                elif (aside := self.take_here(Counter({sku: needs[sku] for sku in bound}))) is not None:
                    waiting.append((line, aside))
                else:
                    found[line.id, PromiseKind.NONE, None] += 1
        let_go = []
        for line, aside in waiting:
            needs, bound, ahead = recipe_of(line)
            taken, short = self.take_all(Counter({sku: needs[sku] for sku in needs if sku not in bound}))
            fate = self.promised(line, taken, short, ahead, aside)
            found[fate] += 1
            let_go += aside if fate[2] is None else []
        self.put_back(let_go)  # no sooner: what is set aside for one bundle of an order is not for the next
        return found

    def promised(self, line, taken, short, ahead, aside=()):
        """Return what a unit is promised; without a date, it holds what was set aside for it, and nothing else."""
        if short and not (ahead and short.isdisjoint(self.named)):
            self.put_back(taken)
            return line.id, PromiseKind.NONE, None
        kept = [item for item in taken if item[0] not in short]
        self.put_back([item for item in taken if item[0] in short])
        return self.dated(line, [*aside, *kept], ahead)

    def dated(self, line, taken, ahead):
        counted = self.times.handling.calendar.next_working_day(TODAY)
        early = late = max(counted, ahead.date()) if ahead else counted
        inbound = self.times.inbound
        for _, day in taken:
            if day >= 0:
                early = max(early, inbound.calendar.add_working_days(TODAY + day * DAY, inbound.min_days))
                late = max(late, inbound.calendar.add_working_days(TODAY + day * DAY, inbound.max_days))
        kind = PromiseKind.IN_STOCK if all(day < 0 for _, day in taken) else PromiseKind.BACKORDER
        return line.id, PromiseKind.PREORDER if ahead else kind, DateRange(early, late)


def seen(promises, order_id):
    found = Counter()
    for promise in promises:
        if promise.order_id == order_id:
            found[promise.line_id, promise.kind, promise.ready] += promise.quantity
    return found


@given(CROWDS)
def test_each_unit_is_promised_what_a_count_of_every_unit_by_itself_says(world):
    promises, counting = world.promises(), OneByOne(world.supply, world.times)
    for order in world.queue:
        assert seen(promises, order.id) == counting.serve(order)


def asked(orders):
    return Counter({(order.id, line.id): line.quantity for order in orders for line in order.lines})


def units_of(promises):
    found = Counter()
    for promise in promises:
        assert promise.quantity > 0
        found[promise.order_id, promise.line_id] += promise.quantity
    return found


@given(GROUPED, RULES)
def test_the_promises_of_a_line_add_up_to_it_and_make_nothing_shorter_that_is_owed_to_others(world, rules):
    promises = world.promises(rules)
    assert units_of(promises) == asked(world.queue)
    for promise in promises:
        assert promise.ready is None or promise.ready.earliest >= TODAY
        assert (promise.ready is None) == (promise.kind is PromiseKind.NONE)
    for place in range(len(world.queue)):
        first = world.promises(rules, world.queue[:place])
        assert promises[: len(first)] == first
    owed = Counter()
    for item in commitments_of(promises, times=world.times):
        owed[item.sku] += item.quantity
    assert owed == total_owed(promises)
    before = without_own(world.supply, world.queue)
    assert is_owed_as_before(before, promises, world.times, rules.overdue)


@given(small_recipes(), small_supplies(widths=(0, 0, 3)), TIMES)
def test_one_unit_of_a_bundle_is_ready_with_the_last_of_its_components(recipe, supply, times):
    needs = recipe_of(OrderLine(id="1", sku="SET", quantity=1, components=recipe))[0]
    recipe = [attrs.evolve(component, when_short="wait", street_date=None) for component in recipe]
    whole = order_of([OrderLine(id="1", sku="SET", quantity=1, components=recipe, when_short="wait")])
    apart = order_of([OrderLine(id="1", sku=sku, quantity=needs[sku], when_short="wait") for sku in needs])
    [bundle] = promise_order(whole, supply=supply, times=times, at=NOW)
    pieces = promise_order(apart, supply=supply, times=times, at=NOW) if needs else []
    if any(piece.ready is None for piece in pieces):
        assert bundle.ready is None
    elif pieces:
        assert bundle.ready == ship_together([piece.ready for piece in pieces])
        assert set(bundle.references) == {name for piece in pieces for name in piece.references}
    assert (bundle.kind is PromiseKind.IN_STOCK) == all(piece.kind is PromiseKind.IN_STOCK for piece in pieces)


@given(small_lines(), small_supplies(named=()), TIMES, RULES)
def test_a_bundle_of_one_thing_is_that_thing(line, supply, times, rules):
    thing = attrs.evolve(line, sku="A", components=())
    bundle = attrs.evolve(line, sku="SET", components=[Component("A")])
    alone, inside = (
        promise_order(order_of([found]), supply=supply, times=times, at=NOW, rules=rules) for found in (thing, bundle)
    )
    assert counted(attrs.evolve(promise, sku="A", components=()) for promise in inside) == counted(alone)


def counted(promises):
    """Return promises of one unit -> units; the order of those with the same days is no meaning."""
    found = Counter()
    for promise in promises:
        found[attrs.evolve(promise, quantity=1)] += promise.quantity
    return found


def without_own(supply, orders):
    """Return a supply that owes the orders nothing of what they ask for."""
    wanted = {(order.id, sku) for order in orders for line in order.lines for sku in recipe_of(line)[0]}
    kept = [item for item in supply.commitments if (item.order_id, item.sku) not in wanted]
    return attrs.evolve(supply, commitments=kept)


def is_owed_as_before(before, promises, times, overdue):
    """Say whether nothing that was owed becomes shorter if what is promised is owed from now on, day by day."""
    known = [promise for promise in promises if promise.kind is not PromiseKind.ESTIMATE]
    after = attrs.evolve(before, commitments=[*before.commitments, *commitments_of(known, times=times)])
    for sku in SMALL:
        was, now = (atp_timeline(supply, sku=sku, start=TODAY, overdue=overdue) for supply in (before, after))
        for day in {step.day for step in (*was, *now)}:
            old, new = ([step for step in steps if step.day <= day][-1] for steps in (was, now))
            if (new.short, new.withheld) != (old.short, old.withheld):
                return False
    return True


@given(GROUPED, RULES, st.randoms(use_true_random=False))
def test_the_order_of_receipts_and_commitments_is_no_meaning(world, rules, random):
    def shuffled(items):
        return random.sample(list(items), len(items))

    supply = attrs.evolve(
        world.supply,
        on_hand=dict(shuffled(world.supply.on_hand.items())),
        receipts=shuffled(world.supply.receipts),
        commitments=shuffled(world.supply.commitments),
    )
    assert attrs.evolve(world, supply=supply).promises(rules) == world.promises(rules)


@given(GROUPED, STRICT)
def test_repromise_keeps_every_date_where_nothing_has_changed(world, rules):
    promises = world.promises(rules)
    found = repromise(promises, orders=world.queue, supply=world.supply, times=world.times, at=NOW, rules=rules)
    assert (found.broken, found.freed) == ((), ())
    assert {promise for promise in promises if promise.ready} <= set(found.kept)
    assert units_of(found.promises) == units_of(promises)


@st.composite
def changed(draw, worlds=GROUPED):
    """Return a world, its promises, and the supply and orders that they meet some days later."""
    world, rules = draw(worlds), draw(st.just(PromiseRules()) | RULES)
    supply = attrs.evolve(world.supply, on_hand=draw(SHELVES))
    named = [receipt.reference for receipt in supply.receipts if receipt.reference]
    if named:
        later = TODAY + draw(st.integers(0, SPAN + 5)) * DAY
        supply = move_receipt(supply, reference=draw(st.sampled_from(named)), expected=later)
    orders = draw(st.permutations(world.queue))[: draw(st.integers(1, len(world.queue)))]
    return world, rules, supply, orders, NOW + draw(st.integers(0, 4)) * DAY


@given(changed())
def test_repromise_loses_no_unit_and_promises_none_twice(facts):
    world, rules, supply, orders, at = facts
    promises = world.promises(rules)
    found = repromise(promises, orders=orders, supply=supply, times=world.times, at=at, rules=rules)
    assert units_of([*found.promises, *found.freed]) == asked(world.queue)
    assert units_of(found.promises) == asked(orders)
    for broken in found.broken:
        assert broken.promise.quantity == broken.now.quantity
        assert broken.promise.components == broken.now.components
        assert broken.days_moved is None or broken.days_moved > 0
    firm = [promise for promise in found.promises if promise.kind is not PromiseKind.ESTIMATE]
    assert total_owed(firm) <= total_coming(supply)


def total_owed(promises):
    found = Counter()
    for promise in promises:
        for component in promise.components or (Component(promise.sku),):
            if promise.ready and component.kind is LineKind.GOODS:
                found[component.sku] += component.quantity * promise.quantity
    return found


def total_coming(supply):
    """Return what a supply can ever give."""
    found = Counter(supply.on_hand)
    for receipt in supply.receipts:
        found[receipt.sku] += receipt.quantity
    return found


SOME_NAMED = st.builds(Crowd, queue=queues(), supply=UNNAMED, times=TIMES)


@given(changed(SOME_NAMED))
def test_repromise_promises_no_unit_twice_where_nothing_is_said_of_other_components(facts):
    """A pre-order needs no unit of what the supply names no receipt of: of that there may be too little."""
    world, rules, supply, orders, at = facts
    found = repromise(world.promises(rules), orders=orders, supply=supply, times=world.times, at=at, rules=rules)
    firm = [promise for promise in found.promises if promise.kind is not PromiseKind.ESTIMATE]
    owed, coming = total_owed(firm), total_coming(supply)
    for sku in {receipt.sku for receipt in supply.receipts}:
        assert owed[sku] <= coming[sku]
