"""Laws of an order's life: split, moved, cancelled, shipped and split again, and what is charged on the way.

- units in parts, shipped and cancelled add up to the order's, whatever was done before
- cancellations that are handed to the next split stand: nothing of them is asked for again
- the ids of all parts that ever left are different
- money that is captured as parts leave, cancelled and charged adds up to the order's, for net, tax and discount each
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    Amount,
    CaptureMode,
    ChargePolicy,
    Component,
    LineKind,
    Order,
    OrderLine,
    PartKind,
    Supply,
    cancel_units,
    charge_plan,
    split_order,
)

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
AMOUNTS = st.builds(Amount, st.sampled_from([0, 1, 182, 1818, 1000]), st.sampled_from([0, 182]), st.integers(0, 3))
SET = (Component("A"), Component("B", 2))


@st.composite
def placed_orders(draw):
    """Return orders of one to four lines: things, sets of two things, shipping, and downloads that may be to come."""
    lines = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from([LineKind.GOODS, LineKind.GOODS, LineKind.FEE, LineKind.DIGITAL]))
        is_set = kind is LineKind.GOODS and draw(st.booleans())
        line = OrderLine(
            id=str(number),
            sku="SET" if is_set else draw(st.sampled_from("AB")),
            quantity=draw(st.integers(1, 5)),
            kind=kind,
            components=SET if is_set else (),
            street_date=draw(st.sampled_from([None, None, NOW + dt.timedelta(days=1)])),
            when_short=draw(st.sampled_from(["wait", "cancel"])),
            amount=draw(AMOUNTS),
        )
        lines.append(line)
    return Order(id="O1", placed_at=NOW, lines=lines, currency="EUR")


DAYS = st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 3), st.booleans())


def live(order, days):
    """Yield each day's plan, what had left before and was captured: stock comes, the customer cancels, parts leave."""
    shipped, captured, gone = [], [], ()
    for number, (a, b, less, all_leave) in enumerate(days):
        at = NOW + dt.timedelta(days=number)
        plan = split_order(order, supply=Supply(on_hand={"A": a, "B": b}), at=at, shipped=shipped, cancelled=gone)
        held = Counter()
        for part in plan.parts:
            held.update({line.line_id: line.quantity for line in part.lines})
        if less and held:
            line_id = min(held)
            plan = cancel_units(plan, line_id=line_id, quantity=min(less, held[line_id])).plan
        yield plan, tuple(shipped), tuple(captured)
        leaving = [part for part in plan.parts if part.kind in {PartKind.SHIP_NOW, PartKind.DIGITAL}]
        leaving = leaving if all_leave else leaving[:1]
        charges = charge_plan(order, plan, policy=ChargePolicy(mode=CaptureMode.ON_SHIPMENT), captured=captured)
        names = {part.id for part in leaving} | {""}
        captured += [item for charge in charges.charges if charge.part_id in names for item in charge.lines]
        captured = less_refunds(captured, charges.refunds)
        shipped += leaving
        gone = plan.cancelled


def less_refunds(captured, refunds):
    """Return what is captured once refunds are paid."""
    paid = {refund.line_id: refund.amount for refund in refunds}
    left = []
    for item in captured:
        back = paid.pop(item.line_id, Amount(0))
        money = item.amount
        left.append(
            attrs.evolve(
                item, amount=Amount(money.net - back.net, money.tax - back.tax, money.discount - back.discount)
            )
        )
    return left


@given(placed_orders(), st.lists(DAYS, min_size=1, max_size=3))
def test_units_and_money_add_up_all_through_an_orders_life(order, days):
    ordered = Counter({line.id: line.quantity for line in order.lines})
    for plan, shipped, captured in live(order, days):
        held = Counter()
        for part in (*plan.parts, *shipped):
            held.update({line.line_id: line.quantity for line in part.lines})
        for cut in plan.cancelled:
            held[cut.line_id] += cut.quantity
        assert held == ordered
        ids = [part.id for part in (*plan.parts, *shipped)]
        assert len(set(ids)) == len(ids)
        found = charge_plan(order, plan, policy=ChargePolicy(mode=CaptureMode.ON_SHIPMENT), captured=captured)
        for field in ("net", "tax", "discount"):
            total = sum(getattr(line.amount, field) for line in order.lines)
            taken = sum(getattr(item.amount, field) for item in (*captured, *found.charges, *found.cancelled))
            assert taken - sum(getattr(refund.amount, field) for refund in found.refunds) == total


@given(placed_orders(), DAYS)
def test_what_is_cancelled_is_not_asked_for_again(order, day):
    at = NOW + dt.timedelta(days=2)
    first = split_order(order, supply=Supply(on_hand={"A": day[0], "B": day[1]}), at=NOW)
    again = split_order(order, supply=Supply(on_hand={"A": 99, "B": 99}), at=at, cancelled=first.cancelled)
    counted = Counter()
    for cut in first.cancelled:
        counted[cut.line_id, cut.reason] += cut.quantity
    for cut in again.cancelled:
        counted[cut.line_id, cut.reason] -= cut.quantity
    assert all(units <= 0 for units in counted.values())
    assert all(part.kind in {PartKind.SHIP_NOW, PartKind.DIGITAL} for part in again.parts)
