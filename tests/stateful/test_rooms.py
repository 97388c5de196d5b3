"""A waiting room over its days: stock comes and is missed, orders come, change and are held, waves run, parcels leave.

Against a model of plain dicts, which counts what each line was ordered, cancelled and sent, and what came and left:

- no unit of an order and none of stock is lost, made, or sent twice, components of bundles counted
- a wave keeps what was granted, gives nothing to who is held or not due, and leaves nothing lying that a line can use
- a smaller line and units that are taken back free what was granted and no more
- what newcomers are told they may buy, they get
"""

import datetime as dt
from collections import Counter

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from preorder_kit.bundles import Component
from preorder_kit.orders import ShipPolicy, WaitingLine
from preorder_kit.testing import allocation_policies
from preorder_kit.waiting_room import (
    AllocationPolicy,
    AllocationUnit,
    DecisionCode,
    Shortage,
    allocate,
    explain,
    free_for_new,
    reduce_line,
    revoke,
)

START = dt.datetime(2026, 6, 1, 9, tzinfo=dt.timezone.utc)
SETS = {"AB": {"A": 1, "B": 1}, "AA": {"A": 2}}
SKUS = st.sampled_from("ABC")
SOLD = st.sampled_from(["A", "A", "B", "B", "C", *SETS])
STOCK = st.dictionaries(SKUS, st.integers(1, 20), min_size=1)
LINES = st.lists(st.tuples(SOLD, st.integers(1, 6)), min_size=1, max_size=2)


def shelf_units(sku, units):
    """Return what units of a line are on the shelf."""
    return Counter({part: each * units for part, each in SETS.get(sku, {sku: 1}).items()})


class Room(RuleBasedStateMachine):
    @initialize(policy=allocation_policies(), orders=st.lists(LINES, min_size=1, max_size=3), stock=STOCK)
    def the_shop_opens(self, policy, orders, stock):
        self.policy = policy
        self.now = START
        self.shelf = Counter(stock)
        self.queue, self.grants = (), ()
        self.ordered, self.cancelled, self.sent = Counter(), Counter(), Counter()
        self.orders = 0
        for lines in orders:
            self.an_order_comes(lines, ShipPolicy.AS_AVAILABLE, 0, None)
        self.a_wave_runs()

    # The model.

    def held(self):
        found = Counter()
        for grant in self.grants:
            found[grant.order_id, grant.line_id] += grant.quantity
        return found

    def held_on_shelf(self, grants=None):
        found = Counter()
        for grant in self.grants if grants is None else grants:
            found += shelf_units(grant.sku, grant.quantity)
        return found

    def available(self):
        return {sku: self.shelf[sku] for sku in "ABC"}

    def allocated(self, policy=None):
        facts = {"available": self.available(), "at": self.now, "grants": self.grants}
        return allocate(self.queue, policy=policy or self.policy, **facts)

    def a_line(self, data):
        return data.draw(st.sampled_from(sorted(self.queue, key=lambda line: (line.order_id, line.line_id))))

    # What happens.

    @rule(arrived=STOCK, runs=st.booleans())
    def stock_arrives(self, arrived, runs):
        self.shelf.update(arrived)
        if runs:
            self.a_wave_runs()

    @rule(sku=SKUS, units=st.integers(1, 5))
    def stock_is_found_missing(self, sku, units):
        """What is oversold then is taken back from the last."""
        self.shelf[sku] -= min(units, self.shelf[sku])
        oversold = self.allocated().oversold
        held = self.held_on_shelf()
        assert oversold == {sku: held[sku] - self.shelf[sku] for sku in held if held[sku] > self.shelf[sku]}
        self.take_back(oversold)
        assert not self.allocated().oversold

    @rule(
        lines=LINES,
        ship=st.sampled_from([ShipPolicy.AS_AVAILABLE, ShipPolicy.AS_AVAILABLE, ShipPolicy.COMPLETE]),
        priority=st.integers(0, 1),
        days=st.sampled_from([None, None, 1, 3]),
    )
    def another_order_comes(self, lines, ship, priority, days):
        self.an_order_comes(lines, ship, priority, days)

    def an_order_comes(self, lines, ship, priority, days):
        self.orders += 1
        for number, (sku, units) in enumerate(lines, 1):
            line = WaitingLine(
                order_id=f"O{self.orders}",
                line_id=str(number),
                sku=sku,
                quantity=units,
                placed_at=self.now,
                components=[Component(part, each) for part, each in SETS.get(sku, {}).items()],
                priority=priority,
                street_date=None if days is None else self.now + dt.timedelta(days=days),
                ship=ship,
            )
            self.queue += (line,)
            self.ordered[line.order_id, line.line_id] = units

    @rule(hours=st.sampled_from([0, 1, 24, 72]))
    def time_passes(self, hours):
        self.now += dt.timedelta(hours=hours)

    @precondition(lambda self: self.queue)
    @rule(data=st.data(), to=st.integers(0, 6))
    def a_customer_wants_fewer(self, data, to):
        line = self.a_line(data)
        key = line.order_id, line.line_id
        to = min(to, line.quantity)
        before = self.held()
        done = reduce_line(self.queue, grants=self.grants, order_id=line.order_id, line_id=line.line_id, to=to)
        self.queue, self.grants = tuple(done.queue), tuple(done.grants)
        self.cancelled[key] += line.quantity - to
        given_up = max(0, before[key] - to)
        assert +(before - Counter({key: given_up})) == self.held()
        assert Counter(done.freed) == shelf_units(line.sku, given_up)

    @precondition(lambda self: self.queue)
    @rule(data=st.data(), why=st.sampled_from([None, "unpaid"]))
    def a_line_is_held_or_let_go(self, data, why):
        line = self.a_line(data)
        self.queue = tuple(attrs.evolve(other, hold=why) if other is line else other for other in self.queue)

    @rule(take_back=st.dictionaries(SKUS, st.integers(0, 6), max_size=2))
    def units_are_taken_back(self, take_back):
        self.take_back(take_back)

    def take_back(self, take_back):
        held = self.held_on_shelf()
        done = revoke(self.queue, grants=self.grants, take_back=take_back, policy=self.policy)
        kept = self.held_on_shelf(done.grants)
        assert Counter(done.freed) == held - kept
        assert Counter(done.freed) == self.held_on_shelf(done.revoked)
        assert all(done.freed.get(sku, 0) >= min(units, held[sku]) for sku, units in take_back.items())
        self.grants = tuple(done.grants)

    @rule()
    def another_wave_runs(self):
        self.a_wave_runs()

    def a_wave_runs(self):
        before, held = self.held(), self.held_on_shelf()
        found = self.allocated()
        self.grants = tuple(found.grants)
        assert self.held() >= before
        assert self.allocated().grants == found.grants
        after = self.held_on_shelf()
        assert all(after[sku] <= max(self.shelf[sku], held[sku]) for sku in after)
        assert found.left_over == {sku: max(0, self.shelf[sku] - after[sku]) for sku in "ABC"}
        self.assert_rightly_short(found, before)

    def assert_rightly_short(self, found, before):
        lines = {(line.order_id, line.line_id): line for line in self.queue}
        for decision in found.decisions:
            key = decision.order_id, decision.line_id
            line = lines[key]
            assert explain(decision)
            waits = line.hold is not None or (line.street_date is not None and line.street_date > self.now)
            assert not waits or decision.granted == before[key]
            alone = self.policy.unit is AllocationUnit.LINE and not any(
                other.ship is ShipPolicy.COMPLETE for other in self.queue if other.order_id == line.order_id
            )
            if decision.short and not waits and alone and self.policy.shortage is Shortage.PARTIAL:
                assert any(found.left_over[sku] < each for sku, each in shelf_units(line.sku, 1).items())
                assert decision.code in {DecisionCode.PARTIAL, DecisionCode.NO_STOCK, DecisionCode.COMPONENT_SHORT}

    @precondition(lambda self: self.grants)
    @rule(data=st.data())
    def a_parcel_leaves(self, data):
        """What a line holds leaves the shelf and the room; a line of which nothing is left leaves too."""
        grant = data.draw(st.sampled_from(self.grants))
        key = grant.order_id, grant.line_id
        units = self.held()[key]
        self.sent[key] += units
        self.shelf -= shelf_units(grant.sku, units)
        self.grants = tuple(other for other in self.grants if (other.order_id, other.line_id) != key)
        rest = []
        for line in self.queue:
            left = line.quantity - (units if (line.order_id, line.line_id) == key else 0)
            rest += [attrs.evolve(line, quantity=left)] if left else []
        self.queue = tuple(rest)

    @rule(sku=SKUS, asked=st.integers(1, 8))
    def a_newcomer_asks(self, sku, asked):
        free = free_for_new(self.queue, available=self.available(), grants=self.grants)
        late = WaitingLine(order_id="zz", line_id="1", sku=sku, quantity=asked, placed_at=self.now, priority=2)
        facts = {"available": self.available(), "at": self.now, "grants": self.grants}
        got = allocate([*self.queue, late], policy=AllocationPolicy(), **facts).of("zz")[0].granted
        assert got >= min(asked, free[sku])

    # What always holds.

    @invariant()
    def no_unit_of_an_order_is_lost(self):
        waiting = Counter()
        for line in self.queue:
            waiting[line.order_id, line.line_id] += line.quantity
        assert +(self.cancelled + self.sent + waiting) == +self.ordered
        assert self.held() <= waiting

    @invariant()
    def nothing_is_held_that_is_not_there(self):
        assert self.held_on_shelf() <= self.shelf
        assert all(units >= 0 for units in self.shelf.values())


TestRoom = Room.TestCase
