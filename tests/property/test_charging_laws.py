"""Laws of `charge_plan`.

- nothing is lost: for net, tax and discount each, captured + charges + cancelled - refunds is the order's, for every
  division of the units, every mode and whatever was captured, also more than the order costs
- a new split never loses a cent: split, capture some, split the rest anew, and so on; once all is captured, it is what
  the order costs
- nothing goes back that was not captured; once it has gone back, the same plan asks for no more of it
- once what is due is captured, the same plan asks for nothing more, and calls the same money cancelled
- what is captured in the end is what the units that were not cancelled cost: with a deposit alone captured before the
  cancellation exactly their share, else within a minor unit of it for each time that money was captured
- a charge is the sum of its lines, and no charge, cancellation or refund is about no money
- what is due for units is their exact proportion, rounded up or down, and all of it agrees with dividing one by one
- a mode says when money is captured and not how much; a deposit is its percentage, once
- what is within the authorisation can be captured in the order of the days, and not a cent more
- a charge has an instant to capture it by, or needs another authorisation, which then holds on the day
- an order without amounts costs nothing
"""

import datetime as dt
from collections import Counter
from fractions import Fraction
from functools import cache
from math import ceil, floor

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    Amount,
    Authorisation,
    Cancelled,
    CancelReason,
    Captured,
    CaptureMode,
    ChargePolicy,
    DateRange,
    Order,
    OrderLine,
    Part,
    PartKind,
    PartLine,
    SplitPlan,
    apportion,
    charge_plan,
    street_day,
)
from preorder_kit.testing import orders, zones

ON_SHIPMENT = ChargePolicy()
KINDS = [PartKind.SHIP_NOW, PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK, PartKind.DIGITAL]
DAY = dt.timedelta(days=1)
_PLACED = st.sampled_from([dt.datetime(2026, 11, 22, hour, tzinfo=dt.timezone.utc) for hour in (0, 9, 23)])
_SHARES = st.sampled_from([(0, 0), (0, 0), (33, 0), (0, 30), (20, 30), (70, 30), (100, 0)])
_AHEAD = st.sampled_from([*[None] * 41, *range(41)])
_DAYS = st.tuples(_AHEAD, _AHEAD, st.integers(0, 10))
_KINDS, _REASONS = st.sampled_from(KINDS), st.sampled_from(CancelReason)

policies = st.sampled_from([mode for mode in CaptureMode if mode is not CaptureMode.DEPOSIT]).map(
    lambda mode: ChargePolicy(mode=mode)
) | st.integers(1, 99).map(lambda percent: ChargePolicy(mode="deposit", deposit=percent))


def columns(amounts):
    """Return the sums of net, tax and discount."""
    return tuple(map(sum, zip((0, 0, 0), *map(attrs.astuple, amounts), strict=True)))


def minus(one, other):
    return tuple(a - b for a, b in zip(one, other, strict=True))


@cache
def moneys(*, least=-2_000):
    part = st.integers(least, 2_000)
    return st.builds(Amount, part, part, part)


@cache
def priced(*, least=-2_000):
    """Return orders of up to three lines that cost any sum, vouchers and nothing included.

    Of a line only its units and its money count; those of `preorder_kit.testing` have much else, and take longer.
    """

    def build(lines, placed_at):
        found = [OrderLine(id=str(place), sku="A", quantity=units, amount=cost) for place, (units, cost) in lines]
        return Order(id="O1", placed_at=placed_at, lines=found)

    line = st.tuples(st.integers(1, 9), st.none() | moneys(least=least))
    return st.builds(build, st.lists(line, min_size=1, max_size=3).map(lambda lines: list(enumerate(lines))), _PLACED)


@cache
def cuts(quantity, count):
    return st.tuples(*[st.integers(0, quantity)] * count)


def divided(draw, quantity, ways):
    """Return units for each of ``ways``, which add up to ``quantity``."""
    ends = sorted(draw(cuts(quantity, ways - 1)))
    return [end - begin for begin, end in zip([0, *ends], [*ends, quantity], strict=True)]


@st.composite
def plans(draw, order, *, there=None, cancel=True, leave=True, dated=False):
    """Return a plan that puts each unit of ``order`` into some part, cancels it, or leaves it out as sent before.

    ``there`` says how many units of each line are left to plan; parts have days only if they are ``dated``.
    """
    there = there if there is not None else {line.id: line.quantity for line in order.lines}
    count = draw(st.integers(1, 4))
    lines, cancelled = [[] for _ in range(count)], []
    for line in order.lines:
        gone, cut, *held = divided(draw, there[line.id], count + 2)
        if not leave:
            held[0] += gone
        if cut and cancel:
            reason = draw(_REASONS)
            cancelled.append(Cancelled(line_id=line.id, sku=line.sku, quantity=cut, reason=reason))
        elif cut:
            held[-1] += cut
        for place, quantity in enumerate(held):
            if quantity:
                lines[place].append(PartLine(line_id=line.id, sku=line.sku, quantity=quantity))
    parts = [
        Part(id=f"{order.id}/{place}", order_id=order.id, kind=draw(_KINDS), lines=found)
        for place, found in enumerate(lines)
        if found
    ]
    if dated:
        parts = [with_days(part, order.placed_at, *draw(_DAYS)) for part in parts]
    return SplitPlan(order_id=order.id, parts=parts, cancelled=cancelled)


def with_days(part, since, street, ready, more):
    """Return the part with or without a street date and days on which it is ready."""
    return attrs.evolve(
        part,
        street_date=None if street is None else since + street * DAY,
        ready=None if ready is None else DateRange(since.date() + ready * DAY, since.date() + (ready + more) * DAY),
    )


@st.composite
def histories(draw, order):
    """Return what was captured of an order: of each line no more units than it has, and no more money than it costs."""
    captured = []
    for line in order.lines:
        paid, loose = draw(_SHARES)
        amount = attrs.astuple(line.amount or Amount(0))
        shares = [apportion(whole, weights=[paid, loose, 100 - paid - loose]) for whole in amount]
        quantity = draw(st.integers(0, line.quantity))
        captured += [
            Captured(line_id=line.id, quantity=quantity, amount=Amount(*(share[0] for share in shares))),
            Captured(line_id=line.id, quantity=0, amount=Amount(*(share[1] for share in shares))),
        ]
    return captured


@st.composite
def stories(draw, *, least=-2_000, **fields):
    order = draw(priced(least=least))
    return order, draw(plans(order, **fields)), draw(histories(order))


def costs(order):
    return columns(line.amount for line in order.lines if line.amount is not None)


def comes_to(captured, found):
    """Return captured + charges + cancelled - refunds."""
    held = columns([item.amount for item in (*captured, *found.charges, *found.cancelled)])
    return minus(held, columns(item.amount for item in found.refunds))


@given(st.data(), priced(), policies)
def test_nothing_is_lost_whatever_was_captured(data, order, policy):
    split = data.draw(plans(order))
    captured = []
    for line in order.lines:
        quantities = divided(data.draw, line.quantity, 3)[1:]
        captured += [
            Captured(line_id=line.id, quantity=units, amount=data.draw(moneys(least=-4_000))) for units in quantities
        ]
    found = charge_plan(order, split, policy=policy, captured=captured)
    assert comes_to(captured, found) == costs(order)


@given(stories(), policies)
def test_nothing_is_lost_line_by_line(story, policy):
    order, split, captured = story
    found = charge_plan(order, split, policy=policy, captured=captured)
    for line in order.lines:
        charged = [item for charge in found.charges for item in charge.lines]
        own = [item.amount for item in (*captured, *charged, *found.cancelled) if item.line_id == line.id]
        back = [item.amount for item in found.refunds if item.line_id == line.id]
        assert minus(columns(own), columns(back)) == attrs.astuple(line.amount or Amount(0))


@given(st.data(), priced(), policies)
def test_a_new_split_never_loses_a_cent(data, order, policy):
    left = {line.id: line.quantity for line in order.lines}
    captured = []
    for _ in range(data.draw(st.integers(0, 3))):
        split = data.draw(plans(order, there=left, cancel=False, leave=False))
        found = charge_plan(order, split, policy=policy, captured=captured)
        assert not found.refunds
        sent = split.parts[: data.draw(st.integers(0, len(split.parts)))]
        paid = data.draw(st.integers(0, len(found.charges)))
        captured += [item for charge in found.charges[:paid] for item in charge.lines]
        for part in sent:
            for item in part.lines:
                left[item.line_id] -= item.quantity
    split = data.draw(plans(order, there=left, leave=False))
    last = charge_plan(order, split, policy=policy, captured=captured)
    assert comes_to(captured, last) == costs(order)
    if not split.cancelled:
        captured += [item for charge in last.charges for item in charge.lines]
        assert columns(item.amount for item in captured) == costs(order)
        again = charge_plan(order, split, policy=policy, captured=captured)
        assert (again.charges, again.cancelled, again.refunds) == ((), (), ())


def less(captured, refunds):
    """Return what is captured once refunds are paid: money that pays no unit goes back first."""
    back = {refund.line_id: (refund.quantity, attrs.astuple(refund.amount)) for refund in refunds}
    left = []
    for item in sorted(captured, key=lambda item: item.quantity > 0):
        units, money = back.get(item.line_id, (0, (0, 0, 0)))
        held = attrs.astuple(item.amount)
        gone = tuple(min(one, other, key=abs) if one * other > 0 else 0 for one, other in zip(held, money, strict=True))
        here = min(units, item.quantity)
        back[item.line_id] = units - here, minus(money, gone)
        left.append(attrs.evolve(item, quantity=item.quantity - here, amount=Amount(*minus(held, gone))))
    assert not any(units or any(money) for units, money in back.values())
    return left


def lines_of(charges):
    return [line for charge in charges for line in charge.lines]


@given(stories(), policies)
def test_once_what_is_due_is_captured_nothing_more_is_asked_for(story, policy):
    order, split, captured = story
    found = charge_plan(order, split, policy=policy, captured=captured)
    captured = [*captured, *lines_of(found.charges)]
    again = charge_plan(order, split, policy=policy, captured=captured)
    assert (again.charges, again.cancelled, again.refunds) == ((), found.cancelled, found.refunds)


@given(stories(), policies)
def test_what_has_gone_back_is_not_asked_for_again(story, policy):
    order, split, captured = story
    found = charge_plan(order, split, policy=policy, captured=captured)
    again = charge_plan(order, split, policy=policy, captured=less(captured, found.refunds))
    assert (again.charges, again.cancelled, again.refunds) == (found.charges, found.cancelled, ())


@st.composite
def lives(draw, policy):
    """Return an order, its units that are not cancelled at last, what is captured then, and how often it was.

    It is split again and again; some charges are captured, all refunds paid, some parts sent, more units cancelled.
    """
    order = draw(priced())
    left = {line.id: line.quantity for line in order.lines}
    captured, cuts = [], []
    times = draw(st.integers(1, 4))
    for last in reversed(range(times)):
        split = draw(plans(order, there=left))
        cuts += split.cancelled
        found = charge_plan(order, attrs.evolve(split, cancelled=cuts), policy=policy, captured=captured)
        paid = len(found.charges) if last == 0 else draw(st.integers(0, len(found.charges)))
        captured = less([*captured, *lines_of(found.charges[:paid])], found.refunds)
        waiting = split.parts[draw(st.integers(0, len(split.parts))) :]
        held = Counter()
        for item in (line for part in waiting for line in part.lines):
            held[item.line_id] += item.quantity
        left = {line.id: held[line.id] for line in order.lines}
    gone = Counter()
    for cut in cuts:
        gone[cut.line_id] += cut.quantity
    return order, {line.id: line.quantity - gone[line.id] for line in order.lines}, captured, times


@given(st.data(), policies)
def test_in_the_end_the_units_that_were_not_cancelled_are_paid(data, policy):
    order, kept, captured, times = data.draw(lives(policy))
    for line in order.lines:
        held = columns(item.amount for item in captured if item.line_id == line.id)
        for whole, own in zip(attrs.astuple(line.amount or Amount(0)), held, strict=True):
            assert abs(own - Fraction(whole * kept[line.id], line.quantity)) < times


@given(st.data(), priced(), st.integers(1, 99))
def test_a_deposit_pays_for_the_units_that_are_not_cancelled_first(data, order, percent):
    policy = ChargePolicy(mode="deposit", deposit=percent)
    whole = charge_plan(order, data.draw(plans(order, cancel=False, leave=False)), policy=policy)
    captured = lines_of(whole.charges[:1]) if whole.charges and not whole.charges[0].part_id else []
    split = data.draw(plans(order))
    found = charge_plan(order, split, policy=policy, captured=captured)
    captured = less([*captured, *lines_of(found.charges)], found.refunds)
    for line in order.lines:
        cuts = [cut.quantity for cut in split.cancelled if cut.line_id == line.id]
        weights = [line.quantity - sum(cuts), *cuts]
        shares = [apportion(money, weights=weights)[0] for money in attrs.astuple(line.amount or Amount(0))]
        assert columns(item.amount for item in captured if item.line_id == line.id) == tuple(shares)


@given(stories(least=0), policies)
def test_nothing_goes_back_that_was_not_captured(story, policy):
    order, split, captured = story
    found = charge_plan(order, split, policy=policy, captured=captured)
    assert comes_to(less(captured, found.refunds), attrs.evolve(found, refunds=())) == costs(order)
    assert all(min(attrs.astuple(refund.amount)) >= 0 for refund in found.refunds)
    assert {refund.line_id for refund in found.refunds} <= {cut.line_id for cut in split.cancelled}


@given(stories(cancel=True), policies)
def test_no_charge_is_about_nothing_and_each_is_the_sum_of_its_lines(story, policy):
    order, split, captured = story
    found = charge_plan(order, split, policy=policy, captured=captured)
    for charge in found.charges:
        assert attrs.astuple(charge.amount) == columns(item.amount for item in charge.lines)
    assert all(any(attrs.astuple(item.amount)) for item in (*found.cancelled, *found.refunds))
    assert all(any(any(attrs.astuple(item.amount)) for item in charge.lines) for charge in found.charges)
    names = [part.id for part in split.parts]
    placed = [names.index(charge.part_id) if charge.part_id else -1 for charge in found.charges]
    assert placed == sorted(set(placed))
    assert len({refund.line_id for refund in found.refunds}) == len(found.refunds)


def one_by_one(rest, weights):
    """Divide by giving unit after unit of money to whoever is furthest below its exact share; ties to the earlier."""
    size, whole = abs(rest), sum(weights)
    exact = [Fraction(size * weight, whole) for weight in weights]
    shares = [floor(share) for share in exact]
    for _ in range(size - sum(shares)):
        last = max(range(len(weights)), key=lambda place: (exact[place] - shares[place], -place))
        shares[last] += 1
    return [share if rest > 0 else -share for share in shares]


@given(st.data(), moneys(), st.lists(st.integers(1, 6), min_size=1, max_size=5), st.booleans())
def test_what_is_left_is_divided_in_proportion_after_what_was_captured(data, amount, units, cancels):
    """The first of the ways have been sent and captured, each as it came; the last may be cancelled."""
    line = OrderLine(id="1", sku="A", quantity=sum(units), amount=amount)
    order = Order(id="O1", placed_at=dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc), lines=[line])
    sent = data.draw(st.integers(0, len(units) - 1))
    captured, rest = [], attrs.astuple(amount)
    for place in range(sent):
        share = Amount(*(one_by_one(whole, units[place:])[0] for whole in rest))
        captured.append(Captured(line_id="1", quantity=units[place], amount=share))
        rest = minus(rest, attrs.astuple(share))
    waiting = units[sent:-1] if cancels else units[sent:]
    split = SplitPlan(
        order_id="O1",
        parts=[
            Part(id=f"p{place}", order_id="O1", kind="ship_now", lines=[PartLine(line_id="1", sku="A", quantity=own)])
            for place, own in enumerate(waiting)
        ],
        cancelled=[Cancelled(line_id="1", sku="A", quantity=units[-1], reason="out_of_stock")] if cancels else [],
    )
    found = charge_plan(order, split, policy=ON_SHIPMENT, captured=captured)
    names = {charge.part_id: attrs.astuple(charge.amount) for charge in found.charges}
    names["cut"] = columns(item.amount for item in found.cancelled)
    ids = [*(part.id for part in split.parts), *(["cut"] if cancels else [])]
    got = [names.get(name, (0, 0, 0)) for name in ids]
    got = [list(shares) for shares in zip(*got, strict=True)]
    for whole, left, shares in zip(attrs.astuple(amount), rest, got, strict=True):
        if cancels:
            share, _ = one_by_one(whole, [sum(units[:-1]), units[-1]])
            kept = max(share, whole - left, key=abs) if waiting else whole - left
            assert shares.pop() == whole - kept
        due = kept - whole + left if cancels else left
        assert shares == (one_by_one(due, waiting) if waiting else [])
        exact = [Fraction(due * own, sum(waiting)) for own in waiting]
        assert all(floor(share) <= own <= ceil(share) for share, own in zip(exact, shares, strict=True))


@given(stories(), policies)
def test_a_mode_says_when_and_not_how_much(story, policy):
    order, split, captured = story
    found = charge_plan(order, split, policy=policy, captured=captured)
    plain = charge_plan(order, split, policy=ON_SHIPMENT, captured=captured)
    assert (found.cancelled, found.refunds) == (plain.cancelled, plain.refunds)
    assert columns(charge.amount for charge in found.charges) == columns(charge.amount for charge in plain.charges)
    if policy.mode is not CaptureMode.DEPOSIT:
        assert [charge.lines for charge in found.charges] == [charge.lines for charge in plain.charges]


@given(st.data(), priced(), st.integers(1, 99))
def test_a_deposit_is_its_percentage_of_each_line_and_is_taken_once(data, order, percent):
    split = data.draw(plans(order, cancel=False, leave=False))
    split = attrs.evolve(split, parts=[attrs.evolve(part, kind=PartKind.AWAIT_STOCK) for part in split.parts])
    policy = ChargePolicy(mode="deposit", deposit=percent)
    charges = charge_plan(order, split, policy=policy).charges
    deposits = [item for charge in charges if not charge.part_id for item in charge.lines]
    taken = {item.line_id: attrs.astuple(item.amount) for item in deposits}
    for line in order.lines:
        for whole, part in zip(attrs.astuple(line.amount or Amount(0)), taken.get(line.id, (0, 0, 0)), strict=True):
            assert abs(Fraction(abs(whole) * percent, 100) - abs(part)) <= Fraction(1, 2)
            assert part * whole >= 0
    later = charge_plan(order, split, policy=policy, captured=deposits).charges
    assert all(charge.part_id for charge in later)


def held(draw, order):
    start = order.placed_at + draw(st.integers(-48, 48)) * dt.timedelta(hours=1)
    window = draw(st.sampled_from([dt.timedelta(hours=1), 5 * DAY - dt.timedelta(hours=6), 7 * DAY, 30 * DAY]))
    return Authorisation(amount=draw(st.integers(0, 8_000)), authorised_at=start, window=window)


def in_time(charges, split):
    """Return the charges as they come: of those without a day, what ships now first and the rest last."""
    now = {part.id for part in split.parts if part.kind is PartKind.SHIP_NOW}
    return sorted(charges, key=lambda c: c.due or (dt.date.min if c.part_id in now else dt.date.max))


@given(st.data(), stories(least=0, dated=True), policies)
def test_no_more_is_captured_than_was_authorised_and_no_less(data, story, policy):
    order, split, captured = story
    authorisation = held(data.draw, order)
    found = charge_plan(order, split, policy=policy, captured=captured, authorisation=authorisation)
    pot = authorisation.amount - sum(item.amount.gross for item in captured)
    for charge in in_time(found.charges, split):
        gross = max(0, charge.amount.gross)
        within = gross - charge.beyond_authorisation
        assert 0 <= within <= max(0, pot)
        assert charge.beyond_authorisation == 0 or within == max(0, pot)
        pot -= within


@given(st.data(), stories(dated=True), policies, zones())
def test_a_charge_has_its_end_or_needs_another_authorisation(data, story, policy, zone):
    order, split, captured = story
    authorisation = held(data.draw, order)
    found = charge_plan(order, split, policy=policy, captured=captured, authorisation=authorisation, zone=zone)
    last = street_day(authorisation.ends_at, zone=zone)
    for charge in found.charges:
        late = charge.due is not None and charge.due > last
        assert charge.needs_reauthorisation == late
        assert charge.capture_by == (None if late else authorisation.ends_at)
        assert (charge.reauthorise_from is not None) == late
        if late:
            assert charge.due - charge.reauthorise_from <= authorisation.window
            assert charge.due - charge.reauthorise_from + DAY > authorisation.window
    kinds = {part.id: part.kind for part in split.parts}
    if policy.mode is CaptureMode.BEFORE_EXPIRY:
        late = [charge for charge in found.charges if charge.needs_reauthorisation]
        assert all(kinds.get(charge.part_id, PartKind.DIGITAL) is PartKind.DIGITAL for charge in late)


@given(st.data(), priced(), policies, zones())
def test_what_is_due_at_once_is_due_on_the_day_of_the_order(data, order, policy, zone):
    split = data.draw(plans(order, dated=True))
    found = charge_plan(order, split, policy=policy, zone=zone)
    parts = {part.id: part for part in split.parts}
    today = street_day(order.placed_at, zone=zone)
    for charge in found.charges:
        part = parts.get(charge.part_id)
        if part is None or part.kind is PartKind.DIGITAL or policy.mode is CaptureMode.UP_FRONT:
            assert charge.due == today
        elif isinstance(part.ready, DateRange):
            assert charge.due == part.ready.latest


@given(st.data(), orders(), policies)
def test_an_order_of_any_lines_adds_up_and_without_amounts_costs_nothing(data, order, policy):
    split = data.draw(plans(order))
    assert comes_to([], charge_plan(order, split, policy=policy)) == costs(order)
    free = attrs.evolve(order, lines=[attrs.evolve(line, amount=None) for line in order.lines], currency=None)
    found = charge_plan(free, split, policy=policy)
    assert (found.charges, found.cancelled, found.refunds) == ((), (), ())


@given(stories(), policies)
def test_units_are_charged_for_once(story, policy):
    order, split, captured = story
    found = charge_plan(order, split, policy=policy, captured=captured)
    units = Counter()
    for item in (*captured, *(line for charge in found.charges for line in charge.lines)):
        units[item.line_id] += item.quantity
    assert all(units[line.id] <= line.quantity for line in order.lines)
