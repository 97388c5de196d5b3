"""Parts on their way through days, stock, waves and crashes, against a model of plain dicts.

Orders are placed, stock arrives and is lost, days pass, street dates move, parts are paid, put on hold, picked, shipped
and cancelled, and waves are run, of whose results a shop saves what it saves before it crashes and runs them again. No
unit is lost or there twice, nothing is set aside or shipped that is not on the shelf, nothing leaves before its street
date, and what is to be done is the same however often a wave is run: a key always means the same units.
"""

import datetime as dt
from collections import Counter

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from preorder_kit import AllocationPolicy, Component, LineKind, Order, OrderLine, ShipPolicy, Supply, split_order
from preorder_kit.lifecycle import (
    TRANSITIONS,
    EffectKind,
    HeldPart,
    PartAction,
    PartState,
    WavePolicy,
    advance,
    move_street_date,
    sourcing_wave,
)
from preorder_kit.testing import allocation_policies

START = dt.datetime(2026, 6, 1, 9, tzinfo=dt.timezone.utc)
DAY = dt.timedelta(days=1)
RECIPES = {"AB": {"A": 1, "B": 1}, "AAB": {"A": 2, "B": 1}}
KINDS = {"fee": LineKind.FEE, "code": LineKind.DIGITAL}
SKUS = st.sampled_from(["A", "A", "B", "AB", "AAB", "fee", "code"])

ITEMS = st.lists(st.tuples(SKUS, st.integers(2, 5), st.sampled_from([None, None, 1, 3])), min_size=1, max_size=3)
#: What happens to parts, and ``None``: it is put on hold, or no longer.
EVENTS = [PartAction.SHIP, PartAction.PAY, PartAction.LOSE_STOCK, PartAction.REOPEN, PartAction.CANCEL, None]


class Fulfilment(RuleBasedStateMachine):
    @initialize(allocation=st.just(AllocationPolicy()) | allocation_policies(), most=st.none() | st.integers(2, 4))
    def a_shop_opens(self, allocation, most):
        self.policy = WavePolicy(allocation=allocation, max_attempts=most, report_after=3 * DAY)
        self.now = START
        self.saved = {}  # part id -> what the shop has saved
        self.stock = Counter(A=2, B=1)
        self.ordered = Counter()  # (order, line) -> units
        self.streets = {}  # (order, line) -> the street date
        self.done = {}  # key of an effect -> the units it was done for

    @precondition(lambda self: len(self.streets) < 10)
    @rule(items=ITEMS, ship=st.sampled_from([ShipPolicy.AS_AVAILABLE, *ShipPolicy]))
    def an_order_is_placed(self, items, ship):
        name = f"O{len({order_id for order_id, _ in self.ordered})}"
        lines = []
        for number, (sku, units, days) in enumerate(items):
            street = self.now + days * DAY if days and sku != "fee" else None
            kind = KINDS.get(sku, LineKind.GOODS)
            recipe = [Component(part, each) for part, each in RECIPES.get(sku, {}).items()]
            lines.append(
                OrderLine(
                    id=str(number),
                    sku=sku,
                    quantity=units,
                    street_date=street,
                    when_short="wait",
                    components=recipe,
                    kind=kind,
                )
            )
        order = Order(id=name, placed_at=self.now, lines=lines, ship=ship)
        plan = split_order(order, supply=Supply(on_hand={}), at=self.now)
        for part in plan.parts:
            self.saved[part.id] = HeldPart(part=part, placed_at=order.placed_at, ship=ship)
            for line in part.lines:
                self.ordered[name, line.line_id] += line.quantity
        self.streets |= {(name, line.id): line.street_date for line in lines}

    @rule(sku=st.sampled_from(["A", "B"]), units=st.integers(1, 4))
    def stock_arrives(self, sku, units):
        self.stock[sku] += units

    @rule(days=st.integers(1, 3))
    def days_pass(self, days):
        self.now += days * DAY

    @precondition(lambda self: bool(self.saved))
    @rule(data=st.data(), crashes=st.integers(0, 2))
    def a_wave_is_run(self, data, crashes):
        """Some of its result is saved, and it is run again, until all of it is."""
        for left in range(crashes, -1, -1):
            parts = data.draw(st.permutations(sorted(self.saved.values(), key=lambda held: held.part.id)))
            wave = sourcing_wave(parts, available=dict(self.stock), at=self.now, policy=self.policy)
            for name, new in wave.replaced.items():
                saved = new if not left else data.draw(st.sampled_from([(), new[:1] if len(new) > 1 else (), new]))
                assert name == new[-1].part.id
                self.saved |= {held.part.id: held for held in saved}
            own = {held.part.id: held for held in wave.parts}
            for effect in wave.effects:
                if not left or data.draw(st.booleans()):
                    self.do(effect, own[effect.part_id])
        again = sourcing_wave(self.saved.values(), available=dict(self.stock), at=self.now, policy=self.policy)
        assert again.replaced == {}
        assert {effect.key for effect in again.effects} <= self.done.keys()

    def do(self, effect, held):
        """Do what is to be done, unless its key is done; the same key always means the same units."""
        units = tuple((line.line_id, line.quantity) for line in held.part.lines)
        if effect.kind is EffectKind.CREATE_SHIPMENT:
            assert self.done.setdefault(effect.key, units) == units
        self.done.setdefault(effect.key, units)

    @precondition(lambda self: bool(self.saved))
    @rule(data=st.data(), event=st.sampled_from(EVENTS))
    def something_happens_to_a_part(self, data, event):
        found = sorted(name for name, held in self.saved.items() if (held.state, event) in TRANSITIONS or not event)
        if not found:
            return
        held = self.saved[data.draw(st.sampled_from(found))]
        if event is None:
            self.saved[held.part.id] = attrs.evolve(held, hold=None if held.hold else "review")
        elif event is not PartAction.SHIP:
            self.saved[held.part.id] = advance(held, action=event, at=self.now)
        else:
            for action in (PartAction.PICK, PartAction.PAY, PartAction.SHIP):
                held = advance(held, action=action, at=self.now)
            self.saved[held.part.id] = held
            self.leave(held.part)

    def leave(self, part):
        for line in part.lines:
            key = part.order_id, line.line_id
            assert self.streets[key] is None or self.streets[key] <= self.now
            if line.kind is LineKind.GOODS:
                for sku, each in RECIPES.get(line.sku, {line.sku: 1}).items():
                    self.stock[sku] -= each * line.quantity
                    assert self.stock[sku] >= 0

    @precondition(lambda self: bool(self.saved))
    @rule(sku=SKUS, days=st.integers(1, 4))
    def a_street_date_moves(self, sku, days):
        to = self.now + days * DAY
        items = [held for _, held in sorted(self.saved.items())]
        move = move_street_date(items, sku=sku, street_date=to, at=self.now)
        changed = {(line.item_id, line.line_id) for line in move.changed}
        for held in items:
            for line in held.part.lines:
                if (held.part.id, line.line_id) in changed:
                    self.streets[held.part.order_id, line.line_id] = to
        self.saved = {held.part.id: held for held in move.moved}
        assert len(self.saved) == len(move.moved)

    @invariant()
    def no_unit_is_lost_and_none_is_there_twice(self):
        found = Counter()
        for held in self.saved.values():
            found.update({(held.part.order_id, line.line_id): line.quantity for line in held.part.lines})
        assert found == self.ordered

    @invariant()
    def what_is_set_aside_is_there(self):
        aside = Counter()
        for held in self.saved.values():
            for line in held.part.lines if held.state is PartState.ALLOCATED else ():
                if line.kind is LineKind.GOODS:
                    for sku, each in RECIPES.get(line.sku, {line.sku: 1}).items():
                        aside[sku] += each * line.quantity
        assert aside <= self.stock


TestFulfilment = Fulfilment.TestCase
