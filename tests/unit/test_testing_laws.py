"""Each law of `testing.laws` catches an answer that breaks it, and says where."""

from __future__ import annotations

import datetime as dt
from functools import partial

import attrs
import pytest

from preorder_kit import (
    UNLIMITED,
    AllocationPolicy,
    Amount,
    Captured,
    Charge,
    ChargePlan,
    DateRange,
    Grant,
    Order,
    OrderLine,
    Part,
    PartLine,
    Promise,
    Receipt,
    Refund,
    SplitPlan,
    Supply,
    WaitingLine,
    allocate,
    normalize_stock,
    split_order,
)
from preorder_kit.testing import laws

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
FRIDAY = dt.datetime(2026, 11, 27, tzinfo=dt.timezone.utc)
DAY = dt.date(2026, 11, 24)
DAYS = DateRange(DAY, DAY)
ORDER = Order(
    id="O1",
    placed_at=NOW,
    lines=[
        OrderLine(id="1", sku="CD", quantity=3, when_short="wait", amount=Amount(1000, 200)),
        OrderLine(id="2", sku="LP", quantity=1, street_date=FRIDAY),
        OrderLine(id="3", sku="POST", quantity=1, kind="fee"),
    ],
)
DOWNLOAD = attrs.evolve(ORDER, lines=[OrderLine(id="4", sku="MP3", quantity=1, kind="digital", street_date=FRIDAY)])
PLAN = split_order(ORDER, supply=Supply(on_hand={"CD": 2}), at=NOW)
QUEUE = [
    WaitingLine(order_id=name, line_id="1", sku="LP", quantity=units, placed_at=NOW)
    for name, units in [("O1", 2), ("O2", 1)]
]
SHARED = allocate(QUEUE, available={"LP": 2}, at=NOW)
ON_HOLD = [attrs.evolve(QUEUE[0], hold="unpaid"), QUEUE[1]]
COMPLETE = [attrs.evolve(QUEUE[0], ship="complete"), QUEUE[1]]


def part(*lines: PartLine, **fields: object) -> Part:
    return Part(**{"id": "O1/now/1", "order_id": "O1", "kind": "ship_now", "lines": lines, **fields})


def holding(*parts: Part) -> SplitPlan:
    return attrs.evolve(PLAN, parts=parts)


def units(line_id: str, sku: str, quantity: int) -> PartLine:
    return PartLine(line_id=line_id, sku=sku, quantity=quantity)


def promise(**fields: object) -> Promise:
    given = {"order_id": "O1", "line_id": "1", "sku": "CD", "quantity": 3, "kind": "in_stock", "ready": DAYS}
    return Promise(**given | {"delivery": DAYS} | fields)


def charged(*lines: Captured, amount: Amount) -> ChargePlan:
    charge = Charge(part_id="O1/now/1", amount=amount, due=None, lines=lines)
    return ChargePlan(charges=[charge], cancelled=[], refunds=[])


def paid(line_id: str, amount: Amount) -> Captured:
    return Captured(line_id=line_id, quantity=3, amount=amount)


CD, LP = promise(), promise(line_id="2", sku="LP", quantity=1)
RECEIPT = Receipt(sku="CD", quantity=5, reserved=3, expected=DAY, reference="PO1")
WAITS = part(units("2", "LP", 1), kind="await_street_date", street_date=NOW)

BROKEN = {
    "a unit is lost": (
        lambda: laws.conserves_units(holding(*PLAN.parts[:-1]), ORDER),
        "line 1 of order O1, SKU CD: 3 units ordered; 2 in parts, 0 cancelled, 0 shipped: 1 unit is lost",
    ),
    "units are lost": (
        lambda: laws.conserves_units(holding(), ORDER),
        "line 1 of order O1, SKU CD: 3 units ordered; 0 in parts, 0 cancelled, 0 shipped: 3 units are lost",
    ),
    "a shipped unit is asked for again": (
        lambda: laws.conserves_units(PLAN, ORDER, shipped=PLAN.parts[:1]),
        "3 units ordered; 3 in parts, 0 cancelled, 2 shipped: 2 units too many",
    ),
    "a part is empty": (lambda: laws.conserves_units(holding(part()), ORDER), "part O1/now/1 is empty"),
    "a line is another order's": (
        lambda: laws.conserves_units(holding(part(units("9", "CD", 1))), ORDER),
        "part O1/now/1 holds line 9, which the order has not: 1, 2, 3",
    ),
    "more ships than is there": (
        lambda: laws.never_oversells(PLAN, ORDER, available={"CD": 1}),
        "SKU CD: 2 units ship now, 1 are there",
    ),
    "what nobody has ships": (
        lambda: laws.never_oversells(PLAN, ORDER, available={}),
        "SKU CD: 2 units ship now, 0 are there",
    ),
    "a record leaves before its street date": (
        lambda: laws.nothing_before_street_date(holding(part(units("2", "LP", 1))), ORDER, at=NOW),
        "line 2 of order O1, SKU LP, is out on 2026-11-27T00:00:00+00:00, and part O1/now/1 is ship_now",
    ),
    "a record waits for another date": (
        lambda: laws.nothing_before_street_date(holding(WAITS), ORDER, at=NOW),
        "and part O1/now/1 waits until 2026-11-23T09:00:00+00:00",
    ),
    "a download leaves before its street date": (
        lambda: laws.nothing_before_street_date(holding(part(units("4", "MP3", 1))), DOWNLOAD, at=NOW),
        "line 4 of order O1, SKU MP3, is out on 2026-11-27T00:00:00+00:00, and part O1/now/1 is ship_now",
    ),
    "a unit is promised to nobody": (
        lambda: laws.promises_every_unit([CD], ORDER),
        "line 2 of order O1, SKU LP: 1 unit ordered, 0 promised",
    ),
    "a promise without a day": (
        lambda: laws.promises_every_unit([attrs.evolve(CD, kind="none"), LP], ORDER),
        "a promise for line 1 of order O1 is none, ready DateRange",
    ),
    "a promise for a line that is not there": (
        lambda: laws.promises_every_unit([attrs.evolve(CD, line_id="9")], ORDER),
        "a promise holds line 9, which the order has not",
    ),
    "a day has passed": (
        lambda: laws.nothing_in_the_past([CD], day=DAY + dt.timedelta(1)),
        "line 1 of order O1 is promised for 2026-11-24, and today is 2026-11-25",
    ),
    "it was ready in the past": (
        lambda: laws.nothing_in_the_past(
            [attrs.evolve(CD, delivery=DateRange(DAY + dt.timedelta(2), DAY + dt.timedelta(2)))],
            day=DAY + dt.timedelta(1),
        ),
        "line 1 of order O1 is promised for 2026-11-24, and today is 2026-11-25",
    ),
    "a reserved unit is promised": (
        lambda: laws.no_unit_promised_twice(
            [attrs.evolve(CD, references=["PO1"])], supply=Supply(on_hand={}, receipts=[RECEIPT])
        ),
        "receipt PO1 of SKU CD: 3 units promised, 2 are free",
    ),
    "a cent is lost": (
        lambda: laws.parts_of_money_add_up(charged(paid("1", Amount(999, 200)), amount=Amount(999, 200)), ORDER),
        "line 1 of order O1, net: captured 0 + charged 999 + cancelled 0 - refunded 0 is 999, not 1000",
    ),
    "tax is captured twice": (
        lambda: laws.parts_of_money_add_up(
            charged(paid("1", Amount(1000, 200)), amount=Amount(1000, 200)),
            ORDER,
            captured=[paid("1", Amount(0, 200))],
        ),
        "line 1 of order O1, tax: captured 200 + charged 200 + cancelled 0 - refunded 0 is 400, not 200",
    ),
    "a discount that nobody gave": (
        lambda: laws.parts_of_money_add_up(
            charged(paid("1", Amount(1000, 200, 5)), amount=Amount(1000, 200, 5)), ORDER
        ),
        "line 1 of order O1, discount: captured 0 + charged 5 + cancelled 0 - refunded 0 is 5, not 0",
    ),
    "a charge is not its lines": (
        lambda: laws.parts_of_money_add_up(charged(paid("1", Amount(1000, 200)), amount=Amount(1000)), ORDER),
        "charge for O1/now/1: (1000, 0, 0) is not the sum of its lines, (1000, 200, 0)",
    ),
    "what is paid back is missing": (
        lambda: laws.parts_of_money_add_up(
            attrs.evolve(
                charged(paid("1", Amount(1000, 200)), amount=Amount(1000, 200)),
                refunds=[Refund(line_id="1", quantity=0, amount=Amount(1))],
            ),
            ORDER,
        ),
        "line 1 of order O1, net: captured 0 + charged 1000 + cancelled 0 - refunded 1 is 999, not 1000",
    ),
    "money for no line": (
        lambda: laws.parts_of_money_add_up(
            charged(paid("1", Amount(1000, 200)), paid("9", Amount(1)), amount=Amount(1001, 200)), ORDER
        ),
        "a charge holds line 9, which the order has not",
    ),
    "money back for no line": (
        lambda: laws.parts_of_money_add_up(
            attrs.evolve(
                charged(paid("1", Amount(1000, 200)), amount=Amount(1000, 200)),
                refunds=[Refund(line_id="9", quantity=1, amount=Amount(1))],
            ),
            ORDER,
        ),
        "a refund holds line 9, which the order has not",
    ),
    "a claim is forgotten": (
        lambda: laws.conserves_claims(attrs.evolve(SHARED, waiting=()), queue=QUEUE),
        "line 1 of order O2: claims 1 unit, holds 0 and lacks 0",
    ),
    "a decision is missing": (
        lambda: laws.conserves_claims(attrs.evolve(SHARED, decisions=SHARED.decisions[:1]), queue=QUEUE),
        "line 1 of order O2 has 0 decisions",
    ),
    "a decision comes twice": (
        lambda: laws.conserves_claims(
            attrs.evolve(SHARED, decisions=[*SHARED.decisions, SHARED.decisions[0]]), queue=QUEUE
        ),
        "line 1 of order O1 has 2 decisions",
    ),
    "somebody who did not ask": (
        lambda: laws.conserves_claims(SHARED, queue=QUEUE[:1]),
        "line 1 of order O2 is not in the queue",
    ),
    "more is held than is there": (
        lambda: laws.grants_no_more_than_there_is(SHARED, queue=QUEUE, available={"LP": 1}),
        "SKU LP: 2 units are held, 1 is there and 0 were held before",
    ),
    "what was held before is there as well": (
        lambda: laws.grants_no_more_than_there_is(
            SHARED, queue=QUEUE, available={"LP": 1}, grants=[attrs.evolve(SHARED.grants[0], quantity=1)]
        ),
        "SKU LP: 2 units are held, 1 is there and 1 were held before",
    ),
    "more is held than was": (
        lambda: laws.grants_no_more_than_there_is(
            SHARED, queue=QUEUE, available={}, grants=[attrs.evolve(SHARED.grants[0], quantity=1)]
        ),
        "SKU LP: 2 units are held, 0 are there and 1 were held before",
    ),
    "a small claim overtakes": (
        lambda: laws.nobody_overtakes(
            allocate(QUEUE, available={"LP": 1}, policy=AllocationPolicy(shortage="skip"), at=NOW), queue=QUEUE, at=NOW
        ),
        "line 1 of order O2 gets 1 unit of LP, and line 1 of order O1 before it still lacks 2",
    ),
    "a decision on nobody in the queue": (
        lambda: laws.nobody_overtakes(SHARED, queue=QUEUE[:1], at=NOW),
        "line 1 of order O2 is not in the queue",
    ),
    "more stock takes a unit away": (
        lambda: laws.more_stock_never_hurts(
            partial(allocate, policy=AllocationPolicy(shortage="skip"), at=NOW),
            QUEUE,
            available={"LP": 1},
            more={"LP": 1},
        ),
        "line 1 of order O2 holds 1 unit, and 0 with more stock: {'LP': 1} on top of {'LP': 1}",
    ),
    "the same is given again": (
        lambda: laws.running_twice_adds_nothing(
            lambda queue, *, available, **_: allocate(queue, available=available, at=NOW),
            QUEUE,
            available={"LP": 1},
        ),
        "line 1 of order O1 gets 1 unit more in a second run",
    ),
    "a second run takes back": (
        lambda: laws.running_twice_adds_nothing(
            lambda queue, *, available, grants=(): allocate(queue, available={} if grants else available, at=NOW),
            QUEUE,
            available={"LP": 1},
        ),
        "line 1 of order O1 holds 1 unit, and 0 after a second run",
    ),
    "who comes late takes": (
        lambda: laws.later_orders_change_nothing(
            partial(allocate, policy=AllocationPolicy(ration="equal"), at=NOW), QUEUE[:1], QUEUE[1], available={"LP": 2}
        ),
        "line 1 of order O1 holds 2 units, and 1 once order O2 is there",
    ),
    "a share is lost": (
        lambda: laws.shares_add_up([1, 1], units=3, claims=[2, 2]),
        "shares (1, 1) of claims (2, 2) add up to 2, not 3",
    ),
    "a share is above its claim": (
        lambda: laws.shares_add_up([3, 0], units=3, claims=[2, 2]),
        "share 0 is 3, of a claim of 2",
    ),
    "a share is below nothing": (
        lambda: laws.shares_add_up([3, -1], units=2, claims=[3, 1]),
        "share 1 is -1, of a claim of 1",
    ),
    "a claim without a share": (
        lambda: laws.shares_add_up([3], units=3, claims=[3, 1]),
        "1 shares for 2 claims",
    ),
    "a field does not come back": (
        lambda: laws.round_trips(lambda money: money.net, Amount, Amount(5, 1)),
        "Amount does not come back: tax was 1 and is 0; written as 5",
    ),
    "something else comes back": (
        lambda: laws.round_trips(str, str, 5),
        "int does not come back: was 5 and is '5'; written as '5'",
    ),
    "the first is preferred": (
        lambda: laws.permutation_changes_nothing(lambda items: items[0], [1, 1, 2]),
        "backwards, the answer is 2 and not 1",
    ),
    "the middle is preferred": (
        lambda: laws.permutation_changes_nothing(lambda items: items[1], [1, 2, 1]),
        "turned by 1, the answer is 1 and not 2",
    ),
    "the last but one is preferred": (
        lambda: laws.permutation_changes_nothing(lambda items: items[0] == 8, range(10)),
        "turned by 8, the answer is True and not False",
    ),
    "a second run goes on": (lambda: laws.twice_is_once(lambda number: number + 1, 1), "a second run makes 3 of 2"),
    "a number is shown": (
        lambda: laws.masked_stock_shows_no_number(lambda stock: stock.quantity, normalize_stock(4)),
        "low_stock with 4 units is shown as 4, with UNLIMITED as UNLIMITED",
    ),
    "what waits is shown": (
        lambda: laws.masked_stock_shows_no_number(lambda stock: stock.later, normalize_stock("preorder")),
        "preorder with UNLIMITED units is shown as 0, with UNLIMITED as 4711",
    ),
    "what is oversold is shown": (
        lambda: laws.masked_stock_shows_no_number(lambda stock: stock.oversold, normalize_stock(-2)),
        "out_of_stock with 0 units is shown as 2, with 0 as 4713",
    ),
    "a later day overtakes": (
        lambda: laws.later_is_never_sooner(
            lambda day: DateRange(DAY, DAY) if day == DAY else DateRange(day, DAY + dt.timedelta(9)),
            [DAY, DAY - dt.timedelta(1)],
        ),
        "ready on 2026-11-23: 2026-11-23 to 2026-12-03; ready on 2026-11-24: 2026-11-24 to 2026-11-24",
    ),
    "its earliest day overtakes": (
        lambda: laws.later_is_never_sooner(
            lambda day: DateRange(DAY + dt.timedelta(3 if day == DAY else 2), DAY + dt.timedelta(9)),
            [DAY, DAY + dt.timedelta(1)],
        ),
        "ready on 2026-11-24: 2026-11-27 to 2026-12-03; ready on 2026-11-25: 2026-11-26 to 2026-12-03",
    ),
    "it may arrive before it is ready": (
        lambda: laws.later_is_never_sooner(lambda day: DateRange(DAY, day), [DAY + dt.timedelta(1)]),
        "ready on 2026-11-25, and arrives on 2026-11-24",
    ),
    "it arrives before it is ready": (
        lambda: laws.later_is_never_sooner(lambda _day: DAYS, [DAY + dt.timedelta(1)]),
        "ready on 2026-11-25, and arrives on 2026-11-24",
    ),
}


@pytest.mark.parametrize(("breaks", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_law_says_where(breaks, message):
    with pytest.raises(AssertionError) as caught:
        breaks()
    assert message in str(caught.value)


HELD = {
    "nothing is promised": lambda: laws.nothing_in_the_past(
        [attrs.evolve(CD, kind="none", ready=None, delivery=None)], day=DAY
    ),
    "fees are not promised": lambda: laws.promises_every_unit([CD, LP], ORDER),
    "a fee may go now": lambda: laws.nothing_before_street_date(holding(part(units("3", "POST", 1))), ORDER, at=NOW),
    "a street date is reached": lambda: laws.nothing_before_street_date(
        holding(part(units("2", "LP", 1))), ORDER, at=FRIDAY
    ),
    "a bundle counts no receipt of its own": lambda: laws.no_unit_promised_twice(
        [attrs.evolve(CD, components=[], references=[])], supply=Supply(on_hand={})
    ),
    "without end there is always more": lambda: laws.more_stock_never_hurts(
        partial(allocate, at=NOW), QUEUE, available={"LP": UNLIMITED}, more={"LP": 1}
    ),
    "what was held before is no oversale": lambda: laws.grants_no_more_than_there_is(
        SHARED, queue=QUEUE, available={}, grants=SHARED.grants
    ),
    "who holds his units before overtakes nobody": lambda: laws.nobody_overtakes(
        allocate(
            QUEUE,
            available={"LP": 1},
            at=NOW,
            grants=[Grant(order_id="O2", line_id="1", sku="LP", quantity=1)],
        ),
        queue=QUEUE,
        at=NOW,
        grants=[Grant(order_id="O2", line_id="1", sku="LP", quantity=1)],
    ),
    "who loses a unit overtakes nobody": lambda: laws.nobody_overtakes(
        attrs.evolve(SHARED, grants=[]), queue=QUEUE, at=NOW, grants=[attrs.evolve(SHARED.grants[0], order_id="O2")]
    ),
    "who is on hold is passed": lambda: laws.nobody_overtakes(
        allocate(ON_HOLD, available={"LP": 1}, at=NOW), queue=ON_HOLD, at=NOW
    ),
    "who ships complete is passed": lambda: laws.nobody_overtakes(
        allocate(COMPLETE, available={"LP": 1}, at=NOW), queue=COMPLETE, at=NOW
    ),
    "nothing has no order": lambda: laws.permutation_changes_nothing(len, []),
    "no stock at all": lambda: laws.shares_add_up([], units=UNLIMITED, claims=[]),
}


@pytest.mark.parametrize("holds", HELD.values(), ids=HELD)
def test_a_law_that_holds_says_nothing(holds):
    assert holds() is None
