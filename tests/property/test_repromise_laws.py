"""Laws of `repromise`: what is kept, what breaks, and what is promised instead.

- conservation: kept, broken, gained and freed add up to the promises, unit by unit; what is freed is not asked for
- kept promises are parts of those given, unchanged; a broken one is never moved to the same day or an earlier one
- the range that was given first stays the first, over any number of delays; no promise says otherwise
- with nothing changed, all that has a date is kept; what a second look finds, a third keeps (idempotence)
- more or earlier supply breaks nothing where all that is promised has something behind it
- commitments to these very orders change nothing, nor does the order in which receipts are named
- no unit is promised twice: what is kept and what is new fit the supply together, day by day
- as much is kept as can be: no more units by any choice, and none of an earlier order given up for a later one
- nothing is promised in the past, lines that ship together leave together
"""

import datetime as dt
from collections import Counter
from functools import cache, cached_property
from itertools import product

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    BreakReason,
    Commitment,
    DateRange,
    LeadTime,
    LineKind,
    Order,
    OrderLine,
    PromiseKind,
    PromiseRules,
    Receipt,
    ShippingTimes,
    ShipPolicy,
    Supply,
    commitments_of,
    is_released,
    latest_order_day,
    line_street_date,
    may_wait,
    promise_orders,
    repromise,
    street_day,
)
from preorder_kit.testing import instants, promise_rules, queues, shipping_times, supplies

DAY = dt.timedelta(days=1)
START = dt.date(2026, 11, 23)  # a Monday
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)


@attrs.frozen
class Scene:
    """Orders, what was there when they were promised, and what is there now."""

    orders: tuple[Order, ...]
    before: Supply
    after: Supply
    times: ShippingTimes
    rules: PromiseRules
    at: dt.datetime
    later: dt.datetime
    now: tuple[Order, ...]

    @cached_property
    def promises(self):
        return promise_orders(self.orders, supply=self.before, times=self.times, at=self.at, rules=self.rules)

    def again(self, promises, **changes):
        facts = {"orders": self.now, "supply": self.after, "times": self.times, "at": self.later, "rules": self.rules}
        return repromise(promises, **facts | changes)


def soon(first=-4, last=25):
    return [START + number * DAY for number in range(first, last + 1)]


def ranges(first=-4):
    return [DateRange(day, day + length * DAY) for length in (0, 0, 1, 9) for day in soon(first)]


def or_none(found):
    """Return what is found, or as often ``None``."""
    return st.sampled_from([*[None] * len(found), *found])


KINDS = [*[LineKind.GOODS] * 5, LineKind.FEE]
WHAT = list(product("AB", range(1, 7), KINDS, ["wait", "wait", "wait", "cancel"], ["", "", "", "g"]))
STREETS = or_none([dt.datetime(day.year, day.month, day.day, 6, tzinfo=dt.timezone.utc) for day in soon()])


@cache
def lines(*, said):
    return st.builds(
        lambda what, street_date, requested, promised: OrderLine(
            id="1",
            sku=what[0],
            quantity=what[1],
            kind=what[2],
            when_short=what[3],
            ship_group=what[4],
            street_date=street_date,
            requested=requested,
            promised=promised,
        ),
        st.sampled_from(WHAT),
        STREETS,
        or_none(soon(0)),
        st.none() if said else or_none(ranges(0)),
    )


@cache
def few_orders(*, said):
    ships = st.sampled_from([ShipPolicy.AS_AVAILABLE, ShipPolicy.AS_AVAILABLE, ShipPolicy.COMPLETE])
    one = st.builds(
        lambda found, ship: Order(
            id="O", placed_at=NOW, ship=ship, lines=[attrs.evolve(line, id=str(n)) for n, line in enumerate(found, 1)]
        ),
        st.lists(lines(said=said), min_size=1, max_size=3),
        ships,
    )
    found = st.lists(one, min_size=1, max_size=3)
    return found.map(lambda items: tuple(attrs.evolve(order, id=f"O{place}") for place, order in enumerate(items, 1)))


RECEIPTS = st.builds(
    lambda what, expected: Receipt(sku=what[0], quantity=what[1], expected=expected, reference=what[2]),
    st.sampled_from(list(product("AB", range(7), ["", "P1", "P2"]))),
    st.sampled_from([*soon() * 4, *ranges()]),
)
OWED = [
    Commitment(sku=sku, quantity=units, due=due)
    for due in [*[None] * len(soon()), *soon()]
    for sku in "AB"
    for units in (1, 2, 3)
]
SAFETY = [*[{}] * 6, *({sku: units} for sku in "AB" for units in range(3))]
ANEW = [{}, {}, {"A": LeadTime(3, 6)}, {"B": LeadTime(3, 6)}]


@cache
def stock(*, said):
    """Return supplies; where all is ``said``, each SKU has a receipt on record, if only of no units."""
    record = [Receipt(sku=sku, quantity=0, expected=START + 99 * DAY) for sku in "AB"] if said else []
    return st.builds(
        lambda some, counts, found, commitments, more: Supply(
            on_hand=dict(zip(some, counts, strict=False)),
            receipts=[*found, *record],
            commitments=commitments,
            safety_stock=more[0],
            replenishment=more[1],
        ),
        st.sampled_from(["", "A", "B", "AB", "BA"]),
        st.sampled_from(list(product(range(-1, 9), repeat=2))),
        st.lists(RECEIPTS, max_size=4),
        st.lists(st.sampled_from(OWED), max_size=2),
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


GONE = st.sampled_from([False] * 5 + [True])
LESS = [st.sampled_from([*[units] * 4 * units, *range(1, units + 1)]) for units in range(7)]
MOVED = st.sampled_from([*[0] * 57, *range(-9, 10)])


def changed(draw, scene):
    """Return the orders with some of them gone, some lines smaller, some street dates moved."""
    kept = []
    for order in scene:
        if not draw(GONE):
            found = []
            for line in order.lines:
                quantity = draw(LESS[line.quantity])
                street = line.street_date and line.street_date + draw(MOVED) * DAY
                found.append(attrs.evolve(line, quantity=quantity, street_date=street))
            kept.append(attrs.evolve(order, lines=found))
    return tuple(kept)


SOME_TIMES, RULES = st.sampled_from(TIMES), promise_rules()
LATER = st.sampled_from([0, 0, 1, 5, 20])


@st.composite
def scenes(draw, *, said=False, rules=None):
    """Return scenes of a month, small enough for demand and supply to meet on every day."""
    orders = draw(few_orders(said=said))
    before = draw(stock(said=said))
    after = draw(stock(said=said)) if draw(st.booleans()) else before
    asked = draw(RULES if rules is None else rules)
    return Scene(
        orders=orders,
        before=before,
        after=after,
        times=draw(SOME_TIMES),
        rules=attrs.evolve(asked, estimate=None) if said else asked,
        at=NOW,
        later=NOW + draw(LATER) * DAY,
        now=changed(draw, orders),
    )


@cache
def wide_scenes():
    """Return scenes of years, in many zones."""
    return st.builds(
        lambda orders, before, after, times, rules, at, later: Scene(
            orders, before, after, times, rules, at, at + later, orders
        ),
        queues(groups=["", "g"], most=3),
        supplies(),
        supplies(),
        shipping_times(),
        promise_rules(),
        instants(),
        st.timedeltas(dt.timedelta(0), dt.timedelta(days=60)),
    )


STAGED = st.builds(PromiseRules, pegging=st.sampled_from(["first", "latest_feasible"]))


def today(at, times):
    return street_day(at, zone=times.zone or (times.cut_off.zone if times.cut_off else "UTC"))


def units(promises):
    """Return how many units have each promise, whatever pieces they come in."""
    counted = Counter()
    for promise in promises:
        counted[attrs.evolve(promise, quantity=1)] += promise.quantity
    return counted


def days_of(promises):
    """Return how many units have each promise but for what serves it: a promise that stands may be served anew."""
    return units(attrs.evolve(promise, kind="none", references=()) for promise in promises)


def dated(promises):
    """Return how many units have each promise, of those with a date.

    Others may gain one though nothing has changed, where a window leaves the units before it more time than they took.
    """
    return units(promise for promise in promises if promise.ready)


def before_now(found):
    """Return what the promises were, of all that is found but what had no date and gains one."""
    return [*found.kept, *(item.promise for item in found.broken), *found.freed]


@given(scenes() | wide_scenes())
def test_the_four_groups_add_up_to_the_promises(scene):
    given_before = days_of(scene.promises)
    found = scene.again(scene.promises)
    rest = given_before - days_of(before_now(found))
    assert rest + days_of(before_now(found)) == given_before
    assert all(promise.ready is None for promise in rest)
    gained = Counter()
    for promise in found.gained:
        assert promise.ready is not None
        gained[promise.order_id, promise.line_id] += promise.quantity
    dateless = Counter()
    for promise, number in rest.items():
        dateless[promise.order_id, promise.line_id] += number
    assert gained == dateless


@given(scenes() | wide_scenes())
def test_units_are_freed_just_where_they_are_no_longer_asked_for(scene):
    asked = Counter(
        {
            (order.id, line.id): line.quantity
            for order in scene.now
            for line in order.lines
            if line.kind is LineKind.GOODS
        }
    )
    found = scene.again(scene.promises)
    had, freed, left = Counter(), Counter(), Counter()
    for promise in scene.promises:
        had[promise.order_id, promise.line_id] += promise.quantity
    for promise in found.freed:
        freed[promise.order_id, promise.line_id] += promise.quantity
    for promise in found.promises:
        left[promise.order_id, promise.line_id] += promise.quantity
    assert freed == had - asked
    assert left == had - freed


@given(scenes() | wide_scenes())
def test_what_is_freed_was_promised_last(scene):
    """Of a line that is reduced, no freed unit was to arrive before one that is still promised."""
    found = scene.again(scene.promises)
    still = units([*found.kept, *(item.promise for item in found.broken)])
    for freed in found.freed:
        for promise in still:
            if (promise.order_id, promise.line_id) == (freed.order_id, freed.line_id) and freed.delivery:
                assert promise.delivery
                assert promise.delivery.latest <= freed.delivery.latest


@given(scenes() | wide_scenes())
def test_kept_promises_are_parts_of_those_given_with_the_days_that_they_had(scene):
    assert days_of(scene.again(scene.promises).kept) <= days_of(scene.promises)


@given(scenes() | wide_scenes())
def test_a_broken_promise_is_moved_to_a_later_day_or_to_none(scene):
    for item in scene.again(scene.promises).broken:
        old, new = item.promise, item.now
        assert old.ready is not None
        assert (old.order_id, old.line_id, old.sku, old.quantity) == (
            new.order_id,
            new.line_id,
            new.sku,
            new.quantity,
        )
        assert isinstance(item.because, BreakReason)
        if new.ready is None:
            assert (new.kind, item.days_moved) == (PromiseKind.NONE, None)
        else:
            assert item.days_moved == (new.delivery.latest - old.delivery.latest).days
            assert item.days_moved > 0


@given(scenes(), st.sampled_from([1, 3, 9]))
def test_the_range_given_first_stays_over_two_delays(scene, later):
    first = {}
    once = scene.again(scene.promises)
    for item in once.broken:
        assert item.now.first == (item.promise.first or item.promise.delivery)
        first.setdefault((item.now.order_id, item.now.line_id), set()).add(item.now.first)
    twice = scene.again(once.promises, supply=scene.before, at=scene.later + later * DAY)
    for item in twice.broken:
        assert item.now.first == (item.promise.first or item.promise.delivery)
    for promise in twice.gained:
        known = first.get((promise.order_id, promise.line_id), set())
        assert promise.first is None or promise.first in known


@given(scenes() | wide_scenes())
def test_nothing_changed_keeps_all(scene):
    found = scene.again(scene.promises, orders=scene.orders, supply=scene.before, at=scene.at)
    assert (found.broken, found.freed) == ((), ())
    assert dated(found.kept) == dated(scene.promises)


@given(scenes() | wide_scenes())
def test_what_is_promised_anew_is_kept_when_looked_at_again(scene):
    promised = scene.again(scene.promises).promises
    found = scene.again(promised)
    assert (found.broken, found.freed) == ((), ())
    assert dated(found.kept) == dated(promised)


@given(scenes(said=True), st.data())
def test_more_or_earlier_supply_breaks_nothing(scene, data):
    receipts = [
        attrs.evolve(
            item,
            quantity=item.quantity + data.draw(st.integers(0, 2)),
            expected=item.expected - data.draw(st.integers(0, 3)) * DAY
            if isinstance(item.expected, dt.date) and item.expected >= START + 3 * DAY
            else item.expected,
        )
        for item in scene.before.receipts
    ]
    on_hand = {sku: scene.before.on_hand.get(sku, 0) + data.draw(st.integers(0, 3)) for sku in "AB"}
    more = attrs.evolve(scene.before, receipts=receipts, on_hand=on_hand)
    found = scene.again(scene.promises, orders=scene.orders, supply=more, at=scene.at)
    assert found.broken == ()


@given(scenes() | wide_scenes())
def test_commitments_to_these_orders_change_nothing(scene):
    owed = attrs.evolve(
        scene.after, commitments=[*scene.after.commitments, *commitments_of(scene.promises, times=scene.times)]
    )
    assert scene.again(scene.promises, supply=owed) == scene.again(scene.promises)


@given(scenes(), st.randoms(use_true_random=False))
def test_the_order_of_receipts_changes_nothing(scene, random):
    receipts, owed = list(scene.after.receipts), list(scene.after.commitments)
    random.shuffle(receipts)
    random.shuffle(owed)
    shuffled = attrs.evolve(scene.after, receipts=receipts, commitments=owed)
    assert scene.again(scene.promises, supply=shuffled) == scene.again(scene.promises)


@given(scenes() | wide_scenes())
def test_what_is_new_is_not_in_the_past_nor_before_its_street_date(scene):
    by_id = {(order.id, line.id): line for order in scene.now for line in order.lines}
    found = scene.again(scene.promises)
    for new in [*(item.now for item in found.broken), *found.gained]:
        if new.ready is None:
            continue
        assert today(scene.later, scene.times) <= min(new.ready.earliest, new.delivery.earliest)
        street = line_street_date(by_id[new.order_id, new.line_id])
        if not is_released(street, at=scene.later):
            assert new.ready.earliest >= street_day(street, zone=scene.times.zone or "UTC") or scene.times.cut_off


# What fits a supply: an oracle of its own, that walks through every day.


def expected(receipt, start, overdue):
    """Return the day from which on a receipt counts, ``None`` if it does not."""
    last = receipt.expected.latest if isinstance(receipt.expected, DateRange) else receipt.expected
    if last >= start:
        return last
    return None if overdue is None else start + overdue * DAY


def free_by(supply, sku, start, overdue, horizon=130):
    """Return what may be given out by each day from ``start`` on, safety stock included, and what of it is there."""
    on_hand = supply.on_hand.get(sku, 0)
    lead = supply.replenishment.get(sku)
    endless = start + lead.max_days * DAY if lead else None
    balance, levels = on_hand, []
    for number in range(horizon):
        day = start + number * DAY
        come = [item for item in supply.receipts if item.sku == sku and expected(item, start, overdue) == day]
        owed = [item for item in supply.commitments if item.sku == sku and max(item.due or start, start) == day]
        balance += sum(item.quantity - item.reserved for item in come) - sum(item.quantity for item in owed)
        levels.append(UNLIMITED if endless and day >= endless else balance)
    spare, lowest = [], UNLIMITED
    for level in reversed(levels):
        lowest = min(lowest, level)
        spare.append(UNLIMITED if lowest is UNLIMITED else max(0, lowest))
    spare.reverse()
    return spare, min(max(0, on_hand), spare[0])


HERE = -1


def needed(promise, line, scene, start):
    """Return the place of the last day on which a promise's units may come; `HERE` if they must be there already."""
    assert promise.delivery
    ready = latest_order_day(promise.delivery.latest, times=scene.times)
    inbound = scene.times.inbound
    day = inbound.calendar.subtract_working_days(ready, inbound.max_days)
    return max(HERE, (day - start).days) if may_wait(line) else HERE


def fits(wanted, spare, here):
    """Say whether units (place -> how many) can all be served, each by its place."""
    taken = wanted.get(HERE, 0)
    if taken > here:
        return False
    for place, free in enumerate(spare):
        taken += wanted.get(place, 0)
        if taken > free:
            return False
    return True


@given(scenes(said=True))
def test_what_is_kept_and_what_is_new_fit_the_supply_together(scene):
    start = today(scene.later, scene.times)
    by_id = {(order.id, line.id): line for order in scene.now for line in order.lines}
    wanted = {}
    for promise in scene.again(scene.promises).promises:
        if promise.ready:
            line = by_id[promise.order_id, promise.line_id]
            counted = wanted.setdefault(promise.sku, Counter())
            counted[needed(promise, line, scene, start)] += promise.quantity
    for sku, counted in wanted.items():
        spare, here = free_by(scene.after, sku, start, scene.rules.overdue)
        assert fits(counted, spare, here)


def alone(scene):
    """Return the scene with no line that ships together with another."""
    now = [
        attrs.evolve(
            order, ship=ShipPolicy.AS_AVAILABLE, lines=[attrs.evolve(line, ship_group="") for line in order.lines]
        )
        for order in scene.now
    ]
    return attrs.evolve(scene, now=tuple(now))


def could_arrive(promise, line, scene):
    """Say whether units that are there could still arrive in time, if they left as soon as they may."""
    street, start = line_street_date(line), today(scene.later, scene.times)
    ready = latest_order_day(promise.delivery.latest, times=scene.times)
    ahead = not is_released(street, at=scene.later)
    zone = scene.times.zone or "UTC"
    base = max(scene.times.handling.calendar.next_working_day(start), street_day(street, zone=zone) if ahead else start)
    handled = scene.times.handling.calendar.add_working_days(base, scene.times.handling.min_days)
    carried = scene.times.transit.calendar.add_working_days(handled, scene.times.transit.min_days)
    arrives = scene.times.receiving.next_working_day(carried)
    return arrives <= promise.delivery.latest and (not ahead or base <= ready)


def soonest(promise):
    """Return the place of a promise among those of its line: by its days, then by what it is and what serves it."""
    kinds = list(PromiseKind)
    days = promise.delivery.latest, promise.delivery.earliest
    return *days, kinds.index(promise.kind), promise.references, promise.quantity


def one_by_one(scene, promises):
    """Return what is kept if units are asked one by one, in their order, whether they still fit beside the earlier."""
    start, kept, wanted = today(scene.later, scene.times), Counter(), {"A": Counter(), "B": Counter()}
    shelves = {sku: free_by(scene.after, sku, start, scene.rules.overdue) for sku in "AB"}
    for order in scene.now:
        for line in order.lines:
            own = [item for item in promises if (item.order_id, item.line_id) == (order.id, line.id) and item.ready]
            left = line.quantity if line.kind is LineKind.GOODS else 0
            for promise in sorted(own, key=soonest):
                asked = min(left, promise.quantity)
                left -= asked
                for _ in range(asked if could_arrive(promise, line, scene) else 0):
                    more = wanted[line.sku] + Counter({needed(promise, line, scene, start): 1})
                    if fits(more, *shelves[line.sku]):
                        wanted[line.sku] = more
                        kept[attrs.evolve(promise, quantity=1)] += 1
    return kept


@given(scenes(said=True, rules=STAGED).map(alone))
def test_a_unit_is_kept_just_if_it_fits_beside_those_of_earlier_orders(scene):
    promises = scene.promises
    kept = [promise for promise in scene.again(promises).kept if promise.ready]
    assert units(kept) == one_by_one(scene, promises)


@given(scenes(said=True, rules=STAGED).map(alone))
def test_no_choice_keeps_more_units(scene):
    start = today(scene.later, scene.times)
    by_id = {(order.id, line.id): line for order in scene.now for line in order.lines}
    found = scene.again(scene.promises)
    for sku in "AB":
        dated = [item for item in [*found.kept, *(broken.promise for broken in found.broken)] if item.ready]
        own = [item for item in dated if item.sku == sku]
        assume(len(own) <= 4)
        asked = [(item, by_id[item.order_id, item.line_id]) for item in own]
        spare, here = free_by(scene.after, sku, start, scene.rules.overdue)
        best = 0
        for choice in product(
            *(range(item.quantity + 1 if could_arrive(item, line, scene) else 1) for item, line in asked)
        ):
            wanted = Counter()
            for (item, line), number in zip(asked, choice, strict=True):
                wanted[needed(item, line, scene, start)] += number
            if fits(wanted, spare, here):
                best = max(best, sum(choice))
        assert sum(item.quantity for item in found.kept if item.ready and item.sku == sku) == best
