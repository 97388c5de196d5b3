"""An order on its way: stock comes and goes, parts move, ship and are cancelled, days pass, and it is split again.

Against a model of plain dicts: no unit of the order is lost or sent twice, no unit of stock leaves that is not there,
components of bundles counted, nothing leaves before its street date, the fee leaves once at most, part ids are never
given twice, and what is cancelled frees what was there for it and no more.
"""

import datetime as dt
from collections import Counter

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from preorder_kit import LineKind, Order, PartKind, Supply, is_released, line_street_date, split_order
from preorder_kit.splitting import cancel_units, move_units
from preorder_kit.testing import components, order_lines, skus

START = dt.datetime(2026, 6, 1, 9, tzinfo=dt.timezone.utc)
LEAVING = {PartKind.SHIP_NOW, PartKind.DIGITAL}
NOW, STREET, STOCK = PartKind.SHIP_NOW, PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK
MOVES = {(NOW, STREET), (NOW, STOCK), (STREET, STREET)}
LINES = order_lines(recipes=components() | st.just(()))


def recipe_of(line):
    """Return how many of each SKU on a shelf one unit of a line needs."""
    found = Counter()

    def count(parts, times):
        for part in parts:
            if part.kind is LineKind.GOODS and part.components:
                count(part.components, times * part.quantity)
            elif part.kind is LineKind.GOODS:
                found[part.sku] += times * part.quantity

    if line.components:
        count(line.components, 1)
    elif line.kind is LineKind.GOODS:
        found[line.sku] = 1
    return found


def units_of(plan):
    found = Counter()
    for part in plan.parts:
        found.update({line.line_id: line.quantity for line in part.lines})
    return found


class Fulfilment(RuleBasedStateMachine):
    @initialize(lines=st.lists(LINES, min_size=1, max_size=4), fee=st.booleans())
    def an_order_is_placed(self, lines, fee):
        numbered = [attrs.evolve(line, id=str(number)) for number, line in enumerate(lines)]
        if fee:
            numbered.append(attrs.evolve(numbered[0], id="fee", kind=LineKind.FEE, components=(), quantity=1))
        self.order = Order(id="O1", placed_at=START, lines=numbered)
        self.lines = {line.id: line for line in numbered}
        self.wanted = Counter({line.id: line.quantity for line in numbered})
        self.now = START
        self.on_hand = Counter()
        self.sent = Counter()
        self.shipped = []
        self.plan = self.split()

    def split(self):
        """Split what has not been cancelled by whoever ordered it."""
        lines = [attrs.evolve(line, quantity=self.wanted[line.id]) for line in self.order.lines if self.wanted[line.id]]
        order = attrs.evolve(self.order, lines=lines)
        supply = Supply(on_hand=dict(self.on_hand))
        plan = split_order(order, supply=supply, at=self.now, shipped=self.shipped)
        assert plan == split_order(order, supply=supply, at=self.now, shipped=self.shipped)
        assert self.sent + units_of(plan) + self.cut(plan) == +self.wanted
        return plan

    def cut(self, plan):
        found = Counter()
        for cut in plan.cancelled:
            found[cut.line_id] += cut.quantity
        return found

    def held(self, plan):
        """Return what parts that leave now hold of each SKU on a shelf."""
        found = Counter()
        for part in plan.parts:
            for line in part.lines if part.kind is PartKind.SHIP_NOW else ():
                for sku, units in recipe_of(self.lines[line.line_id]).items():
                    found[sku] += units * line.quantity
        return found

    @rule(sku=skus(), units=st.integers(1, 20))
    def stock_arrives(self, sku, units):
        self.on_hand[sku] += units
        self.plan = self.split()

    @rule(sku=skus(), units=st.integers(1, 10))
    def stock_is_sold_elsewhere(self, sku, units):
        self.on_hand[sku] -= min(units, self.on_hand[sku])
        self.plan = self.split()

    @rule(days=st.integers(1, 200))
    def days_pass(self, days):
        self.now += dt.timedelta(days=days)
        self.plan = self.split()

    @precondition(lambda self: any(part.kind in LEAVING for part in self.plan.parts))
    @rule(data=st.data())
    def a_part_ships(self, data):
        part = data.draw(st.sampled_from([part for part in self.plan.parts if part.kind in LEAVING]))
        assert part.kind is PartKind.DIGITAL or part.id not in {earlier.id for earlier in self.shipped}
        for held in part.lines:
            line = self.lines[held.line_id]
            self.sent[held.line_id] += held.quantity
            for sku, units in recipe_of(line).items():
                self.on_hand[sku] -= units * held.quantity
                assert self.on_hand[sku] >= 0
            assert line.kind is LineKind.FEE or is_released(line_street_date(line), at=self.now)
        self.shipped.append(part)
        self.plan = self.split()

    @precondition(lambda self: len(self.plan.parts) > 1)
    @rule(data=st.data())
    def units_wait_for_the_last_part(self, data):
        """They move if they may: goods to goods that leave no sooner."""
        *others, target = self.plan.parts
        source = data.draw(st.sampled_from(others))
        goods = [line for line in source.lines if line.kind is LineKind.GOODS]
        fits = any(line.kind is LineKind.GOODS for line in target.lines) and (source.kind, target.kind) in MOVES
        if goods and fits:
            line = data.draw(st.sampled_from(goods))
            units = data.draw(st.integers(1, line.quantity))
            moved = move_units(self.plan, line_id=line.line_id, quantity=units, source=source.id, target=target.id)
            assert units_of(moved) == units_of(self.plan)
            self.plan = moved

    @precondition(lambda self: bool(self.plan.parts))
    @rule(data=st.data())
    def units_are_cancelled(self, data):
        line_id, most = data.draw(st.sampled_from(sorted(units_of(self.plan).items())))
        quantity = data.draw(st.integers(1, most))
        done = cancel_units(self.plan, line_id=line_id, quantity=quantity)
        assert units_of(done.plan) + self.cut(done.plan) == units_of(self.plan) + self.cut(self.plan)
        assert Counter(done.freed) == self.held(self.plan) - self.held(done.plan)
        for cut in done.cancelled:
            self.wanted[cut.line_id] -= cut.quantity
        self.plan = done.plan

    @invariant()
    def what_leaves_is_there(self):
        assert self.held(self.plan) <= self.on_hand

    @invariant()
    def nothing_is_sent_twice(self):
        assert self.sent <= self.wanted


TestFulfilment = Fulfilment.TestCase
