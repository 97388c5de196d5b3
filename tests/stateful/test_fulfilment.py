"""An order on its way: stock comes and goes, parts ship, days pass, and it is split again and again.

Against a model of plain dicts: no unit of the order is lost or sent twice, no unit of stock leaves that is not there,
nothing leaves before its street date, the fee leaves once at most, and part ids are never given twice.
"""

import datetime as dt
from collections import Counter

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from preorder_kit import LineKind, Order, PartKind, Supply, is_released, line_street_date, split_order
from preorder_kit.testing import order_lines, skus

START = dt.datetime(2026, 6, 1, 9, tzinfo=dt.timezone.utc)
LEAVING = {PartKind.SHIP_NOW, PartKind.DIGITAL}


class Fulfilment(RuleBasedStateMachine):
    @initialize(lines=st.lists(order_lines(), min_size=1, max_size=4), fee=st.booleans())
    def an_order_is_placed(self, lines, fee):
        numbered = [attrs.evolve(line, id=str(number)) for number, line in enumerate(lines)]
        if fee:
            numbered.append(attrs.evolve(numbered[0], id="fee", kind=LineKind.FEE, quantity=1))
        self.order = Order(id="O1", placed_at=START, lines=numbered)
        self.lines = {line.id: line for line in numbered}
        self.now = START
        self.on_hand = Counter()
        self.sent = Counter()
        self.shipped = []

    def plan(self):
        supply = Supply(on_hand=dict(self.on_hand))
        return split_order(self.order, supply=supply, at=self.now, shipped=self.shipped)

    @rule(sku=skus(), units=st.integers(1, 10))
    def stock_arrives(self, sku, units):
        self.on_hand[sku] += units

    @rule(sku=skus(), units=st.integers(1, 10))
    def stock_is_sold_elsewhere(self, sku, units):
        self.on_hand[sku] -= min(units, self.on_hand[sku])

    @rule(days=st.integers(1, 200))
    def days_pass(self, days):
        self.now += dt.timedelta(days=days)

    @precondition(lambda self: any(part.kind in LEAVING for part in self.plan().parts))
    @rule(data=st.data())
    def a_part_ships(self, data):
        part = data.draw(st.sampled_from([part for part in self.plan().parts if part.kind in LEAVING]))
        assert part.kind is PartKind.DIGITAL or part.id not in {earlier.id for earlier in self.shipped}
        for held in part.lines:
            line = self.lines[held.line_id]
            self.sent[held.line_id] += held.quantity
            if line.kind is LineKind.GOODS:
                self.on_hand[held.sku] -= held.quantity
                assert self.on_hand[held.sku] >= 0
                assert is_released(line_street_date(line), at=self.now)
        self.shipped.append(part)

    @invariant()
    def nothing_is_lost_or_sent_twice(self):
        plan = self.plan()
        seen = Counter(self.sent)
        for part in plan.parts:
            seen.update({line.line_id: line.quantity for line in part.lines})
        seen.update({cut.line_id: cut.quantity for cut in plan.cancelled})
        assert seen == Counter({line.id: line.quantity for line in self.order.lines})

    @invariant()
    def a_fee_leaves_once(self):
        for line in self.order.lines:
            assert self.sent[line.id] <= line.quantity

    @invariant()
    def planning_changes_nothing(self):
        assert self.plan() == self.plan()


TestFulfilment = Fulfilment.TestCase
