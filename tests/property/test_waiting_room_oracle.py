"""`allocate`, `revoke`, `reduce_line` and `free_for_new` against an oracle that hands units out one by one.

The oracle knows the rules of the waiting room and nothing of how the library keeps them: a dict for the shelf, a dict
for what each line holds, one unit at a time, fair rules by their definitions.

- grants, what was added, what waits, what is unfulfillable, what is left over and what is oversold are the oracle's,
  for every policy, with bundles, orders that are served complete, holds, street dates and earlier grants
- so are the decisions: code, units, the SKU that is short, how much of it was missing, the order ahead, the date
- what newcomers may buy, what is taken back, and what a smaller line frees
"""

import datetime as dt
from collections import Counter
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit.bundles import Component, LineKind
from preorder_kit.orders import ShipPolicy, WaitingLine
from preorder_kit.quantities import UNLIMITED
from preorder_kit.rationing import Rationing
from preorder_kit.testing import (
    allocation_policies,
    available_for,
    grants_for,
    lines_waiting,
    waiting_instants,
    waiting_queues,
)
from preorder_kit.waiting_room import (
    AllocationPolicy,
    AllocationUnit,
    DecisionCode,
    Grant,
    QueueOrder,
    Shortage,
    Unserved,
    allocate,
    free_for_new,
    reduce_line,
    revoke,
)

PLENTY = 10**6
CODE = DecisionCode
SOON = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.timezone.utc)
RECIPES = [
    (),
    (),
    (),
    (),
    (Component("A"), Component("B")),
    (Component("A", 2),),
    (Component("B"), Component("BOX", 2, (Component("A"), Component("C", 1, street_date=SOON)))),
    (Component("C"), Component("WRAP", 1, (), LineKind.FEE)),
    (Component("CODE", 1, (), LineKind.DIGITAL),),
]
BUNDLED = waiting_queues(lines_waiting(recipes=st.sampled_from(RECIPES)))
PLAIN = waiting_queues(lines_waiting(ships=[ShipPolicy.AS_AVAILABLE]))
NOW = st.just(SOON + dt.timedelta(days=1)) | waiting_instants()
KEYS = [lambda line: -line.value, lambda line: (line.hold or "", line.quantity % 2), lambda line: line.order_id]


# The oracle.


def recipe_of(line):
    """Return the SKUs on a shelf that one unit of a line needs -> how many."""
    found = Counter()

    def lay_out(parts, times):
        for part in parts:
            if part.kind is LineKind.GOODS and part.components:
                lay_out(part.components, times * part.quantity)
            elif part.kind is LineKind.GOODS:
                found[part.sku] += times * part.quantity

    if line.components:
        lay_out(line.components, 1)
    else:
        found[line.sku] = 1
    return dict(sorted(found.items()))


def street_date_of(line):
    def dates(parts):
        for part in parts:
            yield part.street_date
            yield from dates(part.components)

    return max((day for day in [line.street_date, *dates(line.components)] if day), default=None)


def name(line):
    return line.order_id, line.line_id


def leading(line, queue_order):
    if queue_order is QueueOrder.FIFO:
        return 0
    if queue_order is QueueOrder.PRIORITY:
        return line.priority
    if queue_order is QueueOrder.EARLIEST_STREET_DATE:
        day = street_date_of(line)
        return (0, 0) if day is None else (1, day.timestamp())
    return queue_order(line)


def place(line, queue_order):
    return leading(line, queue_order), line.placed_at, line.order_id, line.line_id


def claims_of(queue, policy):
    """Return the claims in the order of their places, each a list of lines."""
    lines = sorted(queue, key=lambda line: place(line, policy.queue))
    claims = []
    taken = set()
    for line in lines:
        order = [other for other in lines if other.order_id == line.order_id]
        if policy.unit is AllocationUnit.ORDER or any(other.ship is ShipPolicy.COMPLETE for other in order):
            if line.order_id not in taken:
                claims.append(order)
            taken.add(line.order_id)
        else:
            claims.append([line])
    return claims


def is_whole(claim, policy):
    return policy.unit is AllocationUnit.ORDER or any(line.ship is ShipPolicy.COMPLETE for line in claim)


def rounded(exact, units):
    """Round shares down and give what is left to the largest remainders, the earlier first."""
    shares = [int(share) for share in exact]
    while sum(shares) < units:
        rest = [share - whole for share, whole in zip(exact, shares, strict=True)]
        shares[rest.index(max(rest))] += 1
    return shares


def equal_awards(amount, claims):
    """Pour until the amount is gone: everybody's share rises alike up to its claim."""
    shares = [Fraction(0)] * len(claims)
    while amount:
        open_ = [place for place, claim in enumerate(claims) if shares[place] < claim]
        step = min([Fraction(amount, len(open_)), *(claims[place] - shares[place] for place in open_)])
        for place in open_:
            shares[place] += step
        amount -= step * len(open_)
    return shares


def losses_of(shares, claims):
    return [claim - share for claim, share in zip(claims, shares, strict=True)]


def fair(units, claims, rule):
    """Give out whole units by the definition of a rule."""
    total = sum(claims)
    if units >= total:
        return list(claims)
    if rule is Rationing.PROPORTIONAL:
        return rounded([Fraction(units * claim, total) for claim in claims], units)
    if rule is Rationing.EQUAL_LOSSES:
        return rounded(losses_of(equal_awards(Fraction(total - units), claims), claims), units)
    if rule is Rationing.TALMUD:
        half = [Fraction(claim, 2) for claim in claims]
        if 2 * units <= total:
            return rounded(equal_awards(Fraction(units), half), units)
        return rounded(losses_of(equal_awards(Fraction(total - units), half), claims), units)
    shares = [0] * len(claims)
    for _ in range(units):
        open_ = [number for number, claim in enumerate(claims) if shares[number] < claim]
        if rule is Rationing.IN_ORDER:
            next_ = open_[0]
        elif rule is Rationing.EQUAL:
            next_ = min(open_, key=lambda number: shares[number])
        else:
            next_ = max(open_, key=lambda number: Fraction(claims[number], 2 * shares[number] + 1))
        shares[next_] += 1
    return shares


class Room:
    """The shelf, and what each line holds; decisions as they fall."""

    def __init__(self, queue, available, policy, at, grants):
        self.policy, self.at = policy, at
        self.named = available
        self.lines = {name(line): line for line in queue}
        self.recipes = {key: recipe_of(line) for key, line in self.lines.items()}
        self.claims = claims_of(queue, policy)
        self.ranks = [name(line) for claim in self.claims for line in claim]
        self.whole = {name(line) for claim in self.claims for line in claim if is_whole(claim, policy)}
        self.before = Counter()
        self.shelf = Counter({sku: PLENTY if units is UNLIMITED else units for sku, units in available.items()})
        self.held = Counter()
        for grant in grants:
            self.take((grant.order_id, grant.line_id), grant.quantity)
        self.before = Counter(self.held)
        self.oversold = {sku: -units for sku, units in self.shelf.items() if units < 0}
        self.closed = {}
        self.found = {}

    def take(self, key, units=1):
        self.held[key] += units
        for sku, each in self.recipes[key].items():
            self.shelf[sku] -= each * units

    def there(self, sku, shelf=None):
        return max(0, (self.shelf if shelf is None else shelf)[sku])

    def lacks(self, key):
        return self.lines[key].quantity - self.held[key]

    def decide(self, key, code, ways=(), **more):
        """Keep the code and the ways in which it may be told: (SKU, missing, orders ahead)."""
        line = self.lines[key]
        self.found[key] = {"code": code, "ways": list(ways) or [(line.sku, 0, {None})], "until": None, "hold": None}
        self.found[key] |= more

    def idle(self, key):
        line = self.lines[key]
        day = street_date_of(line)
        if line.hold is not None:
            return {"code": CODE.ON_HOLD, "hold": line.hold}
        if day is not None and day > self.at:
            return {"code": CODE.NOT_DUE, "until": day}
        return None

    def ahead(self, key, sku, first):
        """Return who may be named for a SKU that is short, where ``first`` is the first line that is not ahead.

        That is the last other order ahead that holds some of it, else any further on that held some before.
        """
        start = self.ranks.index(name(first))
        holding = [other for other in self.ranks if self.recipes[other].get(sku) and other[0] != key[0]]
        earlier = [other[0] for other in holding if self.ranks.index(other) < start and self.held[other]]
        behind = {other[0] for other in holding if self.ranks.index(other) >= start and self.before[other]}
        return {earlier[-1]} if earlier else behind or {None}

    def serve(self):
        classes = []
        for claim in self.claims:
            if not classes or leading(classes[-1][0][0], self.policy.queue) != leading(claim[0], self.policy.queue):
                classes.append([])
            classes[-1].append(claim)
        for claims in classes:
            if self.policy.ration not in {None, Rationing.IN_ORDER}:
                self.serve_class([claim[0] for claim in claims])
            else:
                for claim in claims:
                    self.serve_claim(claim)
        return self

    def serve_claim(self, claim):
        lacking = [name(line) for line in claim if self.lacks(name(line))]
        for key in {name(line) for line in claim} - set(lacking):
            self.decide(key, CODE.GRANTED)
        idle = [line for line in claim if self.idle(name(line))]
        if idle:
            for key in lacking:
                self.decide(key, CODE.ORDER_INCOMPLETE, [(idle[0].sku, 0, {None})])
            for key in {name(line) for line in idle} & set(lacking):
                self.decide(key, **self.idle(key))
        elif lacking and (is_whole(claim, self.policy) or self.policy.shortage is not Shortage.PARTIAL):
            self.serve_whole(claim, lacking)
        elif lacking:
            self.serve_line(lacking[0])

    def serve_line(self, key):
        wanted = {sku: (each * self.lacks(key), self.there(sku)) for sku, each in self.recipes[key].items()}
        while self.lacks(key) and all(self.there(sku) >= each for sku, each in self.recipes[key].items()):
            self.take(key)
        short = {sku: want - there for sku, (want, there) in wanted.items() if want > there}
        if not self.lacks(key):
            self.decide(key, CODE.GRANTED)
        else:
            none = CODE.COMPONENT_SHORT if self.lines[key].components else CODE.NO_STOCK
            ways = [(sku, missing, self.ahead(key, sku, self.lines[key])) for sku, missing in short.items()]
            self.decide(key, CODE.PARTIAL if self.held[key] else none, ways)

    def serve_whole(self, claim, lacking):
        trial = Counter(self.shelf)
        short = {}
        for key in lacking:
            wants = {sku: each * self.lacks(key) for sku, each in self.recipes[key].items()}
            barred = [sku for sku in wants if sku in self.closed]
            missing = {sku: want - self.there(sku, trial) for sku, want in wants.items()}
            if barred:
                ways = [(sku, max(0, missing[sku]), {self.closed[sku]}) for sku in barred]
                short[key] = CODE.BLOCKED_BY, ways
            elif any(units > 0 for units in missing.values()):
                none = CODE.COMPONENT_SHORT if self.lines[key].components else CODE.NO_STOCK
                ways = [(sku, n, self.ahead(key, sku, claim[0])) for sku, n in missing.items() if n > 0]
                short[key] = CODE.PARTIAL if self.held[key] else none, ways
            trial.subtract(wants)
        if not short:
            for key in lacking:
                self.take(key, self.lacks(key))
                self.decide(key, CODE.GRANTED)
            return
        told = short[next(iter(short))][1]
        for key in lacking:
            self.decide(key, *short.get(key, (CODE.ORDER_INCOMPLETE, told)))
            if self.policy.shortage is Shortage.STRICT:
                for sku in self.recipes[key]:
                    self.closed.setdefault(sku, key[0])

    def serve_class(self, lines):
        """Share out each SKU among the lines of a class; of these none is ahead of another."""
        asking = {}
        for line in lines:
            key = name(line)
            if not self.lacks(key):
                self.decide(key, CODE.GRANTED)
            elif self.idle(key):
                self.decide(key, **self.idle(key))
            else:
                asking.setdefault(line.sku, []).append(key)
        for sku, keys in asking.items():
            there = self.there(sku)
            shares = fair(there, [self.lacks(key) for key in keys], self.policy.ration)
            for key, share in zip(keys, shares, strict=True):
                self.take(key, share)
            for key in keys:
                if not self.lacks(key):
                    self.decide(key, CODE.GRANTED)
                elif there:
                    self.decide(key, CODE.RATIONED, [(sku, self.lacks(key), {None})])
                else:
                    ways = [(sku, self.lacks(key), self.ahead(key, sku, lines[0]))]
                    self.decide(key, CODE.PARTIAL if self.held[key] else CODE.NO_STOCK, ways)

    def left_over(self):
        return {sku: UNLIMITED if units is UNLIMITED else self.there(sku) for sku, units in self.named.items()}

    def unfulfillable(self):
        """Return the lines that were asked in this run, and lack something."""
        if self.policy.unserved is Unserved.WAIT:
            return set()
        asked = {key for key, recipe in self.recipes.items() if self.lacks(key) and set(recipe) & set(self.named)}
        idle = [claim for claim in self.claims if any(self.idle(name(line)) for line in claim)]
        return asked - {name(line) for claim in idle for line in claim}


# The comparison.


def granted_in(grants):
    found = Counter()
    for grant in grants:
        found[grant.order_id, grant.line_id] += grant.quantity
    return found


def assert_units_agree(found, room):
    order = {key: rank for rank, key in enumerate(room.ranks)}
    held = {key: room.held[key] for key in room.ranks if room.held[key]}
    added = {key: units - room.before[key] for key, units in held.items() if units > room.before[key]}
    for grants, expected in ((found.grants, held), (found.added, added)):
        assert [((one.order_id, one.line_id), one.quantity) for one in grants] == list(expected.items())
        assert all(one.sku == room.lines[one.order_id, one.line_id].sku for one in grants)
    lost = room.unfulfillable()
    lacking = [attrs.evolve(room.lines[key], quantity=room.lacks(key)) for key in room.ranks if room.lacks(key)]
    assert list(found.waiting) == [line for line in lacking if name(line) not in lost]
    assert list(found.unfulfillable) == [line for line in lacking if name(line) in lost]
    assert found.left_over == room.left_over()
    assert found.oversold == room.oversold
    assert sorted(order, key=order.get) == [(one.order_id, one.line_id) for one in found.decisions]


def assert_decisions_agree(found, room):
    for decision in found.decisions:
        key = decision.order_id, decision.line_id
        told = room.found[key]
        assert decision.code is told["code"]
        assert (decision.granted, decision.short) == (room.held[key], room.lacks(key))
        assert (decision.until, decision.hold) == (told["until"], told["hold"])
        ways = {(sku, missing): ahead for sku, missing, ahead in told["ways"]}
        assert decision.blocked_by in ways[decision.sku, decision.missing]


def assert_agrees(queue, available, policy, at, grants=()):
    found = allocate(queue, available=available, policy=policy, at=at, grants=grants)
    room = Room(queue, available, policy, at, grants).serve()
    assert_units_agree(found, room)
    assert_decisions_agree(found, room)


def asked(queue, data):
    """Draw stock for a queue, an instant, and, half of the time, earlier grants."""
    grants = data.draw(grants_for(queue)) if data.draw(st.booleans()) else ()
    return data.draw(available_for(queue)), data.draw(NOW), grants


POLICIES = {
    (shortage, unit): allocation_policies(shortages=[shortage], units=[unit])
    for shortage in Shortage
    for unit in AllocationUnit
}
BY_SHORTAGE = {shortage: allocation_policies(shortages=[shortage]) for shortage in Shortage}


@pytest.mark.parametrize("shortage", Shortage)
@pytest.mark.parametrize("unit", AllocationUnit)
@given(queue=BUNDLED, data=st.data())
def test_every_policy_gives_what_the_oracle_gives(shortage, unit, queue, data):
    policy = data.draw(POLICIES[shortage, unit])
    available, at, grants = asked(queue, data)
    assert_agrees(queue, available, policy, at, grants)


@pytest.mark.parametrize("shortage", Shortage)
@given(waiting_queues(lines_waiting(holds=[None], street_dates=[None], ships=[ShipPolicy.AS_AVAILABLE])), st.data())
def test_plain_lines_that_are_all_due_get_what_the_oracle_gives(shortage, queue, data):
    policy = data.draw(BY_SHORTAGE[shortage])
    available, at, grants = asked(queue, data)
    assert_agrees(queue, available, policy, at, grants)


@given(BUNDLED, st.sampled_from(KEYS), st.sampled_from(Shortage), st.data())
def test_an_order_of_the_callers_own_is_kept(queue, key, shortage, data):
    available, at, grants = asked(queue, data)
    assert_agrees(queue, available, AllocationPolicy(queue=key, shortage=shortage), at, grants)


@pytest.mark.parametrize("rule", Rationing)
@given(PLAIN, st.sampled_from([*QueueOrder, *KEYS]), st.sampled_from(Unserved), st.data())
def test_a_class_is_rationed_as_the_oracle_rations_it(rule, queue, order, unserved, data):
    available, at, grants = asked(queue, data)
    assert_agrees(queue, available, AllocationPolicy(queue=order, ration=rule, unserved=unserved), at, grants)


@given(BUNDLED, st.data())
def test_newcomers_may_buy_what_the_oracle_leaves_them(queue, data):
    available, at, grants = asked(queue, data)
    room = Room(queue, available, AllocationPolicy(), at, grants)
    for key, line in room.lines.items():
        for sku, each in room.recipes[key].items() if line.hold is None else ():
            room.shelf[sku] -= each * room.lacks(key)
    assert free_for_new(queue, available=available, grants=grants) == room.left_over()


def taken_back(room, take_back):
    """Take units back one by one, from the last claim to the first; return what comes free."""
    wanted = Counter(take_back)
    freed = Counter()

    def give_up(key):
        room.held[key] -= 1
        wanted.subtract(room.recipes[key])
        freed.update(room.recipes[key])

    for claim in reversed(room.claims):
        keys = [name(line) for line in reversed(claim)]
        holds = [key for key in keys if room.held[key]]
        asked = any(wanted[sku] > 0 for key in holds for sku in room.recipes[key])
        for key in holds if asked and name(claim[0]) in room.whole else ():
            while room.held[key]:
                give_up(key)
        for key in holds:
            while room.held[key] and any(wanted[sku] > 0 for sku in room.recipes[key]):
                give_up(key)
    return +freed


def listed(counts):
    return {key: units for key, units in counts.items() if units}


@given(BUNDLED, allocation_policies(), st.dictionaries(st.sampled_from("ABC"), st.integers(0, 8)), st.data())
def test_the_last_lose_what_the_oracle_takes_back(queue, policy, take_back, data):
    grants = data.draw(grants_for(queue))
    room = Room(queue, {}, policy, SOON, grants)
    freed = taken_back(room, take_back)
    done = revoke(queue, grants=grants, take_back=take_back, policy=policy)
    assert granted_in(done.grants) == +room.held
    assert granted_in(done.revoked) == room.before - room.held
    assert listed(done.freed) == freed


@given(BUNDLED, st.data())
def test_a_smaller_line_frees_the_granted_units_that_it_can_no_longer_hold(queue, data):
    grants = data.draw(grants_for(queue))
    line = data.draw(st.sampled_from(queue))
    to = data.draw(st.integers(0, line.quantity))
    room = Room(queue, {}, AllocationPolicy(), SOON, grants)
    held = room.held[name(line)]
    done = reduce_line(queue, grants=grants, order_id=line.order_id, line_id=line.line_id, to=to)
    kept = [other for other in queue if other is not line] + ([attrs.evolve(line, quantity=to)] if to else [])
    assert sorted(done.queue, key=name) == sorted(kept, key=name)
    assert granted_in(done.grants) == +(room.held - Counter({name(line): max(0, held - to)}))
    expected = {sku: each * (held - to) for sku, each in room.recipes[name(line)].items() if held > to}
    assert listed(done.freed) == expected


# The oracle on examples whose answers are given elsewhere.


@pytest.mark.parametrize(
    ("shortage", "served"),
    [(Shortage.PARTIAL, [3, 2, 0]), (Shortage.STRICT, [3, 0, 0]), (Shortage.SKIP, [3, 0, 2])],
)
def test_the_oracle_knows_five_units_for_claims_of_three_four_and_two(shortage, served):
    queue = [WaitingLine(order_id=f"O{n}", line_id="1", sku="A", quantity=n, placed_at=SOON) for n in (3, 4, 2)]
    named = [attrs.evolve(line, order_id=f"O{number}") for number, line in enumerate(queue)]
    room = Room(named, {"A": 5}, AllocationPolicy(shortage=shortage), SOON, ()).serve()
    assert [room.held[name(line)] for line in named] == served


@pytest.mark.parametrize(
    ("rule", "units", "claims", "shares"),
    [
        (Rationing.IN_ORDER, 5, [3, 4, 2], [3, 2, 0]),
        (Rationing.PROPORTIONAL, 7, [6, 5, 3, 2, 1], [3, 2, 1, 1, 0]),
        (Rationing.PROPORTIONAL, 10, [6, 5, 3, 2, 1], [3, 3, 2, 1, 1]),
        (Rationing.WEBSTER, 4, [3, 3, 1], [2, 2, 0]),
        (Rationing.EQUAL, 7, [6, 5, 3, 2, 1], [2, 2, 1, 1, 1]),
        (Rationing.EQUAL_LOSSES, 200, [100, 200, 300], [0, 50, 150]),
        (Rationing.TALMUD, 100, [100, 200, 300], [34, 33, 33]),
        (Rationing.TALMUD, 200, [100, 200, 300], [50, 75, 75]),
        (Rationing.TALMUD, 300, [100, 200, 300], [50, 100, 150]),
    ],
)
def test_the_oracle_knows_published_shares(rule, units, claims, shares):
    assert fair(units, claims, rule) == shares


def test_a_grant_is_what_the_oracle_reads():
    assert granted_in([Grant(order_id="O1", line_id="1", sku="A", quantity=2)]) == {("O1", "1"): 2}
