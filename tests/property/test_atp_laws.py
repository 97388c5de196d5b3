"""Laws of `atp_timeline`, `balance_timeline`, `available_now`, `move_receipt`, `pool` and `atp_by_period`.

- agreement: both timelines are what walking through every single day gives
- form: a timeline begins on its start, its days rise, no step repeats the one before it, ``available`` never falls
- one number: ``available + withheld - short`` is the lowest balance from that day on
- safety stock: it never makes anything short, and more of it never lets more be promised
- `available_now` is the first step; what is overdue for longer never lets more be promised
- monotone: more that comes, or sooner, and less that is owed, or later, never lower what can be promised
- permutation of receipts and commitments, and other SKUs, change nothing
- taking all that is available on a day leaves nothing short that was not, and a unit more would
- pooling: one location is itself, locations of locations are locations, balances add up
- a moved receipt alone moves: later never lets more be promised, earlier never less, and there and back is nothing
- by period: LOOKAHEAD <= the sum of DISCRETE so far <= CUMULATIVE, which ends in the total; LOOKAHEAD is the lowest of
  CUMULATIVE to come; DISCRETE is ``None`` just where nothing comes, but in the first; daily periods are the timelines
"""

import datetime as dt
from itertools import accumulate, pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    UNLIMITED,
    AtpMethod,
    Commitment,
    DateRange,
    LeadTime,
    Receipt,
    Supply,
    atp_by_period,
    atp_timeline,
    available_now,
    balance_timeline,
    move_receipt,
    pool,
)
from preorder_kit.testing import supplies

DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 3, 2)
SPAN = 14  # days on which things happen: few, so that they meet


def near(day):
    return FIRST + DAY * (day.toordinal() % SPAN)


def near_window(expected):
    if not isinstance(expected, DateRange):
        return near(expected)
    return DateRange(
        near(expected.earliest), near(expected.earliest) + (expected.latest - expected.earliest) % (DAY * 5)
    )


def one_of_two(sku):
    return "B" if sku == "D" else "A"


def crowded(supply):
    """Return a supply of two SKUs in which all happens within a fortnight."""
    return Supply(
        on_hand={one_of_two(sku): units for sku, units in supply.on_hand.items()},
        receipts=[
            attrs.evolve(item, sku=one_of_two(item.sku), expected=near_window(item.expected))
            for item in supply.receipts
        ],
        commitments=[
            attrs.evolve(item, sku=one_of_two(item.sku), due=item.due and near(item.due)) for item in supply.commitments
        ],
        safety_stock={one_of_two(sku): units for sku, units in supply.safety_stock.items()},
        replenishment={one_of_two(sku): lead for sku, lead in supply.replenishment.items()},
    )


CROWDED = supplies().map(crowded)
SKUS = st.sampled_from(["A", "A", "B"])
WHEN = st.integers(-3, SPAN + 3).map(lambda number: FIRST + DAY * number)
OVERDUE = st.none() | st.integers(0, 9)
ASKED = st.fixed_dictionaries({"sku": SKUS, "start": WHEN, "overdue": OVERDUE})
ASKED_FOR = st.fixed_dictionaries(
    {"sku": SKUS, "start": WHEN, "overdue": OVERDUE, "but_for": st.sampled_from(["", "O1", "O2"])}
)


def counts(receipt, start, overdue):
    """Return the day from which on a receipt counts, ``None`` if it does not."""
    expected = receipt.expected.latest if isinstance(receipt.expected, DateRange) else receipt.expected
    if expected >= start:
        return expected
    return None if overdue is None else start + DAY * overdue


def replenished(supply, sku, start):
    """Return the day from which on there is any number, counting working days one by one; ``None`` if there is none."""
    lead = supply.replenishment.get(sku)
    if lead is None:
        return None
    day = start
    while not lead.calendar.is_working_day(day):
        day += DAY
    for _ in range(lead.max_days):
        day += DAY
        while not lead.calendar.is_working_day(day):
            day += DAY
    return day


def walk(supply, sku, start, overdue=None, but_for=""):
    """Return day -> (what comes, what is owed, what is there at its end), for each day of a while."""
    endless = replenished(supply, sku, start)
    end = max(FIRST + DAY * (SPAN + 12), start + DAY * ((overdue or 0) + 1), endless or start)
    there, found, day = supply.on_hand.get(sku, 0), {}, start
    while day <= end:
        comes = asked = 0
        for receipt in supply.receipts:
            if receipt.sku == sku and counts(receipt, start, overdue) == day:
                comes += receipt.quantity - receipt.reserved
        for owed in supply.commitments:
            mine = bool(but_for) and owed.order_id == but_for
            if owed.sku == sku and not mine and day == (start if owed.due is None else max(start, owed.due)):
                asked += owed.quantity
        if there is not UNLIMITED:
            there += comes - asked
        found[day] = (comes, asked, there)
        if endless is not None and day >= endless:
            there = UNLIMITED
            found[day] = (UNLIMITED, 0, UNLIMITED)
        day += DAY
    return found


def walked_atp(supply, sku, start, overdue=None, but_for=""):
    """Return day -> (available, withheld, short), from each day's look at all the days after it."""
    there = {day: balance for day, (_, _, balance) in walk(supply, sku, start, overdue, but_for).items()}
    safety = supply.safety_stock.get(sku, 0)
    found = {}
    for day in there:
        ahead = [balance for when, balance in there.items() if when >= day and balance is not UNLIMITED]
        if not ahead:
            found[day] = (UNLIMITED, 0, 0)
        elif min(ahead) < 0:
            found[day] = (0, 0, -min(ahead))
        elif min(ahead) < safety:
            found[day] = (0, min(ahead), 0)
        else:
            found[day] = (min(ahead) - safety, safety, 0)
    return found


def on(steps, day):
    """Return the step that is in force on a day."""
    return [step for step in steps if step.day <= day][-1]


def every_day(*timelines):
    return {step.day for steps in timelines for step in steps}


def no_worse(one, other):
    """Say whether from each day on as much can be promised as in another timeline, and no more is short."""
    return all(
        on(one, day).available >= on(other, day).available and on(one, day).short <= on(other, day).short
        for day in every_day(one, other)
    )


@given(CROWDED, ASKED_FOR)
def test_what_can_be_promised_is_what_walking_through_every_day_gives(supply, asked):
    steps = atp_timeline(supply, **asked)
    for day, expected in walked_atp(supply, **asked).items():
        step = on(steps, day)
        assert (step.available, step.withheld, step.short) == expected


@given(CROWDED, ASKED_FOR)
def test_the_balance_is_what_walking_through_every_day_gives(supply, asked):
    steps = balance_timeline(supply, **asked)
    assert steps[0].day == asked["start"]
    assert all(one.day < other.day for one, other in pairwise(steps))
    by_day = {step.day: (step.received, step.owed, step.balance) for step in steps}
    before = supply.on_hand.get(asked["sku"], 0)
    for day, (comes, owed, balance) in walk(supply, **asked).items():
        if day in by_day:
            assert by_day.pop(day) == (comes, owed, balance)
        else:
            assert balance == before
        before = balance
    assert not by_day


@given(CROWDED, ASKED_FOR)
def test_a_timeline_has_one_form(supply, asked):
    steps = atp_timeline(supply, **asked)
    assert steps[0].day == asked["start"]
    for one, other in pairwise(steps):
        assert one.day < other.day
        assert attrs.evolve(one, day=other.day) != other
        assert one.available <= other.available
        assert one.short >= other.short
    for step in steps:
        assert step.available >= 0
        assert step.withheld >= 0
        assert step.short >= 0
        assert not (step.short and (step.available or step.withheld))


@given(CROWDED, ASKED_FOR)
def test_available_and_withheld_less_short_is_the_lowest_balance(supply, asked):
    balances = balance_timeline(supply, **asked)
    for step in atp_timeline(supply, **asked):
        lowest = min([on(balances, step.day).balance, *(item.balance for item in balances if item.day > step.day)])
        if lowest is UNLIMITED:
            assert (step.available, step.withheld, step.short) == (UNLIMITED, 0, 0)
        else:
            assert step.available + step.withheld - step.short == lowest


@given(CROWDED, ASKED, st.integers(0, 6), st.integers(0, 6))
def test_safety_stock_makes_nothing_short_and_more_of_it_lets_no_more_be_promised(supply, asked, less, more):
    little, much = (
        atp_timeline(attrs.evolve(supply, safety_stock={asked["sku"]: units}), **asked) for units in (less, less + more)
    )
    for day in every_day(little, much):
        one, other = on(little, day), on(much, day)
        assert one.available >= other.available
        assert one.short == other.short
        assert one.available is UNLIMITED or one.available + one.withheld == other.available + other.withheld


@given(CROWDED, SKUS, WHEN, st.sampled_from(["", "O1", "O2"]))
def test_available_now_is_the_first_step(supply, sku, start, but_for):
    first = atp_timeline(supply, sku=sku, start=start, but_for=but_for)[0]
    assert available_now(supply, sku=sku, day=start, but_for=but_for) == first.available


@given(CROWDED, SKUS, WHEN, st.integers(0, 9), st.integers(0, 9))
def test_what_is_overdue_for_longer_lets_no_more_be_promised(supply, sku, start, days, more):
    soon, later, never = (
        atp_timeline(supply, sku=sku, start=start, overdue=overdue) for overdue in (days, days + more, None)
    )
    assert no_worse(soon, later)
    assert no_worse(later, never)


@given(CROWDED, ASKED, WHEN, st.integers(0, 9), st.integers(1, 9))
def test_more_or_sooner_receipts_never_lower_what_can_be_promised(supply, asked, when, sooner, units):
    def with_receipt(day):
        come = Receipt(sku=asked["sku"], quantity=units, expected=day)
        return atp_timeline(attrs.evolve(supply, receipts=[*supply.receipts, come]), **asked)

    when = max(when, asked["start"])  # what has passed counts later than what comes today
    late, early = with_receipt(when), with_receipt(max(asked["start"], when - DAY * sooner))
    assert no_worse(late, atp_timeline(supply, **asked))
    assert no_worse(early, late)


@given(CROWDED, ASKED, st.none() | WHEN, st.integers(0, 9), st.integers(1, 9))
def test_fewer_or_later_commitments_never_lower_what_can_be_promised(supply, asked, due, later, units):
    def with_commitment(day, quantity):
        owed = Commitment(sku=asked["sku"], quantity=quantity, due=day)
        return atp_timeline(attrs.evolve(supply, commitments=[*supply.commitments, owed]), **asked)

    few = with_commitment(due, units)
    assert no_worse(atp_timeline(supply, **asked), few)
    assert no_worse(few, with_commitment(due, units + 1))
    assert no_worse(with_commitment((due or asked["start"]) + DAY * later, units), few)


@given(CROWDED, ASKED, st.integers(1, 9))
def test_more_on_hand_never_lowers_what_can_be_promised(supply, asked, units):
    there = supply.on_hand.get(asked["sku"], 0)
    for on_hand in (UNLIMITED, UNLIMITED if there is UNLIMITED else there + units):
        more = attrs.evolve(supply, on_hand={**supply.on_hand, asked["sku"]: on_hand})
        assert no_worse(atp_timeline(more, **asked), atp_timeline(supply, **asked))


@given(CROWDED, ASKED, st.randoms(use_true_random=False))
def test_the_order_of_receipts_and_commitments_and_other_skus_change_nothing(supply, asked, shuffler):
    receipts, commitments = list(supply.receipts), list(supply.commitments)
    shuffler.shuffle(receipts)
    shuffler.shuffle(commitments)
    shuffled = attrs.evolve(supply, receipts=receipts, commitments=commitments)
    sku = asked["sku"]
    alone = Supply(
        on_hand={sku: supply.on_hand.get(sku, 0)},
        receipts=[item for item in receipts if item.sku == sku],
        commitments=[item for item in commitments if item.sku == sku],
        safety_stock={sku: supply.safety_stock.get(sku, 0)},
        replenishment={name: lead for name, lead in supply.replenishment.items() if name == sku},
    )
    assert shuffled == supply
    for timeline in (atp_timeline, balance_timeline):
        expected = timeline(supply, **asked)
        assert timeline(shuffled, **asked) == expected
        assert timeline(alone, **asked) == expected


@given(CROWDED, ASKED, st.integers(0, SPAN))
def test_taking_what_is_available_on_a_day_leaves_nothing_short_that_was_not(supply, asked, days):
    day = asked["start"] + DAY * days
    before = atp_timeline(supply, **asked)
    then = on(before, day)
    bounded = then.available is not UNLIMITED

    def taking(quantity):
        owed = Commitment(sku=asked["sku"], quantity=quantity, due=day)
        return atp_timeline(attrs.evolve(supply, commitments=[*supply.commitments, owed]), **asked)

    after = taking(then.available if bounded else 99)
    for when in every_day(before, after):
        assert on(after, when).short == on(before, when).short
        assert on(after, when).withheld == on(before, when).withheld
    if bounded:
        assert on(after, day).available == 0
        assert on(taking(then.available + then.withheld + 1), day).short == then.short + 1


@given(CROWDED, CROWDED, CROWDED, ASKED)
def test_pooled_locations_are_one_whose_balances_add_up(one, other, third, asked):
    assert pool({"X": one}) == one
    pooled = pool({"X": one, "Y": other, "Z": third})
    assert pool({"XY": pool({"X": one, "Y": other}), "Z": third}) == pooled
    assert pool({"Z": third, "Y": other, "X": one}) == pooled
    parts = [attrs.evolve(supply, replenishment={}) for supply in (one, other, third)]
    whole = pool(dict(zip("XYZ", parts, strict=True)))
    walks = [walk(supply, **asked) for supply in parts]
    for step in balance_timeline(whole, **asked):
        there = [found[step.day][2] for found in walks]
        assert step.balance == (UNLIMITED if UNLIMITED in there else sum(there))


def every_day_counts(supply):
    leads = {sku: LeadTime(lead.min_days, lead.max_days) for sku, lead in supply.replenishment.items()}
    return attrs.evolve(supply, safety_stock={}, replenishment=leads)


@given(CROWDED, CROWDED, ASKED)
def test_what_each_location_can_promise_all_can_together_if_nothing_is_short_or_withheld(one, other, asked):
    """Lead times are on one calendar: the shortest is the one of the fewest days."""
    parts = {"X": every_day_counts(one), "Y": every_day_counts(other)}
    each = [atp_timeline(supply, **asked) for supply in parts.values()]
    both = atp_timeline(pool(parts), **asked)
    for day in every_day(both, *each):
        found = [on(steps, day) for steps in each]
        if not any(step.short for step in found):
            available = [step.available for step in found]
            assert on(both, day).available >= (UNLIMITED if UNLIMITED in available else sum(available))


@given(CROWDED, ASKED, WHEN, st.integers(0, 4), st.integers(0, 6))
def test_a_moved_receipt_alone_moves_and_its_days_alone_say_which_way(supply, asked, when, length, days):
    receipt = Receipt(sku="A", quantity=5, expected=DateRange(when, when + DAY * length), reference="MINE")
    first = attrs.evolve(supply, receipts=[*supply.receipts, receipt])
    then = move_receipt(first, reference="MINE", expected=DateRange(when, when + DAY * (length + days)))
    [moved] = [item for item in then.receipts if item.reference == "MINE"]
    assert attrs.evolve(moved, expected=receipt.expected) == receipt
    assert attrs.evolve(then, receipts=[item for item in then.receipts if item != moved]) == supply
    assert move_receipt(then, reference="MINE", expected=receipt.expected) == first
    before, after = atp_timeline(first, **asked), atp_timeline(then, **asked)
    soon, late = (counts(item, asked["start"], asked["overdue"]) or dt.date.max for item in (receipt, moved))
    assert soon > late or no_worse(before, after)
    assert late > soon or no_worse(after, before)


@given(CROWDED, st.sampled_from(["PO1", "PO2"]), st.none() | SKUS, WHEN)
def test_moving_moves_all_of_a_reference_and_a_sku_and_keeps_every_unit(supply, reference, sku, when):
    known = [item for item in supply.receipts if item.reference == reference and sku in {None, item.sku}]
    if known:
        moved = move_receipt(supply, reference=reference, sku=sku, expected=when)
        others = [item for item in supply.receipts if item not in known]
        there = [attrs.evolve(item, expected=when) for item in known]
        assert moved == attrs.evolve(supply, receipts=[*there, *others])


PERIODS = st.lists(st.tuples(st.integers(0, 3).map(lambda units: 5 * units), st.integers(0, 12)), max_size=9)


@given(st.integers(-9, 30), PERIODS)
def test_by_period_looking_ahead_is_least_and_the_sum_so_far_lies_between(on_hand, periods):
    receipts, orders = [comes for comes, _ in periods], [owed for _, owed in periods]
    ahead, each, so_far = (
        atp_by_period(on_hand, receipts, orders, method=method)
        for method in (AtpMethod.LOOKAHEAD, AtpMethod.DISCRETE, AtpMethod.CUMULATIVE)
    )
    assert len(ahead) == len(each) == len(so_far) == len(periods)
    for low, between, high in zip(ahead, accumulate(units or 0 for units in each), so_far, strict=True):
        assert low <= between <= high
    assert [units is None for units in each] == [bool(place and not comes) for place, comes in enumerate(receipts)]
    assert list(ahead) == [min(so_far[place:]) for place in range(len(so_far))]
    if periods:
        assert so_far[-1] == on_hand + sum(receipts) - sum(orders) == sum(units or 0 for units in each)
        assert ahead[-1] == so_far[-1]


@given(st.integers(-9, 30), PERIODS, st.integers(0, 5))
def test_daily_periods_are_the_timelines(on_hand, periods, safety):
    supply = Supply(
        on_hand={"A": on_hand},
        receipts=[Receipt(sku="A", quantity=comes, expected=FIRST + DAY * n) for n, (comes, _) in enumerate(periods)],
        commitments=[Commitment(sku="A", quantity=owed, due=FIRST + DAY * n) for n, (_, owed) in enumerate(periods)],
        safety_stock={"A": safety},
    )
    receipts, orders = [comes for comes, _ in periods], [owed for _, owed in periods]
    balances = balance_timeline(supply, sku="A", start=FIRST)
    steps = atp_timeline(supply, sku="A", start=FIRST)
    for place, units in enumerate(atp_by_period(on_hand, receipts, orders, method="cumulative")):
        assert on(balances, FIRST + DAY * place).balance == units
    for place, units in enumerate(atp_by_period(on_hand, receipts, orders, method="lookahead")):
        assert on(steps, FIRST + DAY * place).available == max(0, units - safety)


@pytest.mark.parametrize("method", AtpMethod)
def test_no_period_has_no_number(method):
    assert atp_by_period(5, [], [], method=method) == ()
