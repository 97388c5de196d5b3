"""A shop that promises from month to month: orders come and go, receipts move, stock is counted, days pass.

Against a model of plain dicts: what each order asks for, and what has been promised of it. Each time the promises are
looked at again, each unit that is asked for is promised once, or has no date; what is promised fits the supply, day by
day; what is new is not in the past and never sooner than what it stands for; the range that was given first stays; and
what is kept is what was promised. A newcomer takes nothing from those who came before, nor does a second look.
"""

import datetime as dt
from collections import Counter

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from preorder_kit import (
    LeadTime,
    Order,
    OrderLine,
    PromiseRules,
    Receipt,
    ShippingTimes,
    Supply,
    commitments_of,
    promise_order,
    repromise,
)

START = dt.datetime(2026, 6, 1, 9, tzinfo=dt.timezone.utc)
DAY = dt.timedelta(days=1)
TIMES = ShippingTimes(handling=LeadTime(0, 1), transit=LeadTime(1, 2))  # every day: 1 to 3 days after it is ready
SLOWEST = 3
SKUS = ("A", "B")
RULES = (
    PromiseRules(),
    PromiseRules(pegging="latest_feasible"),
    PromiseRules(confirmation="complete"),
    PromiseRules(min_shipment=3, max_lateness=4),
)


def lines():
    return st.builds(
        OrderLine,
        id=st.just("1"),
        sku=st.sampled_from(SKUS),
        quantity=st.integers(1, 6),
        when_short=st.just("wait"),
        street_date=st.none() | st.integers(-5, 30).map(lambda number: START + number * DAY),
        requested=st.none() | st.integers(0, 30).map(lambda number: START.date() + number * DAY),
    )


def by_unit(promises):
    """Return (order, line) -> what its units are promised, and how many of each."""
    found = {}
    for promise in promises:
        units = found.setdefault((promise.order_id, promise.line_id), Counter())
        units[promise.kind, promise.ready, promise.delivery, promise.references, promise.first] += promise.quantity
    return found


class Promises(RuleBasedStateMachine):
    @initialize(rules=st.sampled_from(RULES), here=st.tuples(st.integers(0, 9), st.integers(0, 9)))
    def the_shop_opens(self, rules, here):
        self.rules = rules
        self.now = START
        self.on_hand = dict(zip(SKUS, here, strict=True))
        self.receipts = {}
        self.asked = {}  # order -> line -> units
        self.orders = {}
        self.promises = ()
        self.told = {}  # what each unit is promised
        self.settled = True  # whether nothing has happened since the promises were looked at

    def supply(self, commitments=()):
        on_record = [Receipt(sku=sku, quantity=0, expected=(START + 900 * DAY).date()) for sku in SKUS]
        coming = [
            Receipt(sku=sku, quantity=units, expected=day, reference=name)
            for name, (sku, units, day) in self.receipts.items()
        ]
        return Supply(on_hand=self.on_hand, receipts=[*coming, *on_record], commitments=commitments)

    def queue(self):
        return [
            attrs.evolve(
                self.orders[name],
                lines=[
                    attrs.evolve(line, quantity=units[line.id]) for line in self.orders[name].lines if line.id in units
                ],
            )
            for name, units in self.asked.items()
        ]

    @rule(sku=st.sampled_from(SKUS), units=st.integers(1, 9), days=st.integers(0, 40))
    def a_receipt_is_announced(self, sku, units, days):
        self.receipts[f"P{len(self.receipts) + 1}"] = sku, units, self.now.date() + days * DAY
        self.settled = False

    @precondition(lambda self: self.receipts)
    @rule(data=st.data(), days=st.integers(-9, 15))
    def a_receipt_moves(self, data, days):
        name = data.draw(st.sampled_from(sorted(self.receipts)))
        sku, units, day = self.receipts[name]
        self.receipts[name] = sku, units, day + days * DAY
        self.settled = False

    @precondition(lambda self: self.receipts)
    @rule(data=st.data())
    def a_receipt_is_cut(self, data):
        name = data.draw(st.sampled_from(sorted(self.receipts)))
        sku, units, day = self.receipts[name]
        self.receipts[name] = sku, data.draw(st.integers(0, units)), day
        self.settled = False

    @precondition(lambda self: self.receipts)
    @rule(data=st.data())
    def a_receipt_arrives(self, data):
        name = data.draw(st.sampled_from(sorted(self.receipts)))
        sku, units, day = self.receipts[name]
        self.receipts[name] = sku, 0, day
        self.on_hand[sku] += units
        self.settled = False

    @rule(sku=st.sampled_from(SKUS), units=st.integers(-1, 12))
    def stock_is_counted_anew(self, sku, units):
        self.on_hand[sku] = units
        self.settled = False

    @rule(days=st.integers(1, 9))
    def days_pass(self, days):
        self.now += days * DAY
        self.settled = False

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def an_order_is_cancelled(self, data):
        del self.asked[data.draw(st.sampled_from(sorted(self.asked)))]
        self.settled = False

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def a_line_is_reduced(self, data):
        name = data.draw(st.sampled_from(sorted(self.asked)))
        line_id = data.draw(st.sampled_from(sorted(self.asked[name])))
        self.asked[name][line_id] = data.draw(st.integers(1, self.asked[name][line_id]))
        self.settled = False

    @precondition(lambda self: len(self.orders) < 8)
    @rule(found=st.lists(lines(), min_size=1, max_size=3), ship=st.sampled_from(["as_available", "complete"]))
    def an_order_arrives(self, found, ship):
        name = f"O{len(self.orders) + 1}"
        numbered = [attrs.evolve(line, id=str(number)) for number, line in enumerate(found, 1)]
        order = Order(id=name, placed_at=self.now, lines=numbered, ship=ship)
        rest = self.supply(commitments_of(self.promises, times=TIMES))
        promised = promise_order(order, supply=rest, times=TIMES, at=self.now, rules=self.rules)
        self.orders[name] = order
        self.asked[name] = {line.id: line.quantity for line in numbered}
        self.promises += promised
        for key, units in by_unit(promised).items():
            assert units.total() == self.asked[name][key[1]]
            self.told[key] = units

    @rule()
    def the_promises_are_looked_at_again(self):
        before, told = by_unit(self.promises), self.told
        found = repromise(
            self.promises, orders=self.queue(), supply=self.supply(), times=TIMES, at=self.now, rules=self.rules
        )
        assert before == told
        if self.settled:
            assert (found.broken, found.freed) == ((), ())
        self.look_at_what_is_kept(found, told)
        self.look_at_what_is_broken(found, told)
        self.promises = found.promises
        self.told = by_unit(found.promises)
        self.settled = True
        self.look_at_each_line()
        self.look_at_the_supply()

    def look_at_what_is_kept(self, found, told):
        groups = [found.kept, [item.promise for item in found.broken], found.freed]
        seen = Counter()
        for key, units in (pair for group in groups for pair in by_unit(group).items()):
            seen += Counter({(key, unit): number for unit, number in units.items()})
        was = Counter({(key, unit): number for key, units in told.items() for unit, number in units.items()})
        assert seen <= was
        dateless = {number for (_, unit), number in (was - seen).items() if unit[1] is not None}
        assert not dateless
        assert (was - seen).total() == sum(promise.quantity for promise in found.gained)

    def look_at_what_is_broken(self, found, told):
        for item in found.broken:
            assert item.now.first == (item.promise.first or item.promise.delivery)
            if item.now.delivery:
                assert item.now.delivery.latest > item.promise.delivery.latest
        for promise in [*(item.now for item in found.broken), *found.gained]:
            assert promise.ready is None or promise.ready.earliest >= self.now.date()
            firsts = {unit[4] or unit[2] for unit in told[promise.order_id, promise.line_id]}
            assert promise.first is None or promise.first in firsts

    def look_at_each_line(self):
        assert {name for name, _ in self.told} <= set(self.asked)
        for name, units in self.asked.items():
            for line_id, number in units.items():
                assert self.told[name, line_id].total() == number

    def look_at_the_supply(self):
        """See that what is due by each day is there by then; what has passed is there already."""
        today = self.now.date()
        for sku in SKUS:
            due = Counter()
            for promise in self.promises:
                if promise.sku == sku and promise.ready:
                    due[promise.delivery.latest - SLOWEST * DAY] += promise.quantity
            for day in sorted(due):
                come = [item for item in self.receipts.values() if item[0] == sku and today <= item[2] <= day]
                there = max(0, self.on_hand[sku]) if day < today else self.on_hand[sku] + sum(item[1] for item in come)
                assert sum(units for when, units in due.items() if when <= day) <= max(0, there)

    @invariant()
    def looking_changes_nothing(self):
        if self.settled:
            found = repromise(
                self.promises, orders=self.queue(), supply=self.supply(), times=TIMES, at=self.now, rules=self.rules
            )
            assert by_unit(found.kept) == self.told


TestPromises = Promises.TestCase
