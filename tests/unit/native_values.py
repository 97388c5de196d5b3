"""A value of every class that a document can hold, built by hand, with nothing left at its default."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta

from preorder_kit import (
    MON_TO_SAT,
    UNLIMITED,
    AllocationPolicy,
    Amount,
    Assignment,
    AtpStep,
    Authorisation,
    AuthorisationWindow,
    BalanceStep,
    Broken,
    Cancellation,
    Cancelled,
    CancelledMoney,
    Captured,
    Charge,
    ChargePlan,
    ChargePolicy,
    Commitment,
    Component,
    CutOff,
    DateRange,
    Delay,
    DelayNotice,
    DelayOutcome,
    Duty,
    Effect,
    Grant,
    HeldPart,
    LeadTime,
    Message,
    MovedLine,
    Need,
    Order,
    OrderLine,
    Origin,
    Part,
    PartLine,
    Problem,
    Promise,
    PromiseRules,
    Quote,
    Receipt,
    Reduction,
    Refund,
    Repromise,
    Revocation,
    SalesWindow,
    Section,
    SellRules,
    ShippingTimes,
    ShortUnits,
    Sourcing,
    SourcingRules,
    SplitPlan,
    SplitRules,
    Stock,
    StreetDateMove,
    Supply,
    UnmovedLine,
    WaitingLine,
    Wave,
    WavePolicy,
    WhenShort,
    WorkCalendar,
    allocate,
    compare_allocations,
)

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.timezone.utc)
LATER = dt.datetime(2026, 11, 23, 17, 0, 0, 250, tzinfo=dt.timezone.utc)
STREET = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
DAY = dt.date(2026, 12, 14)
NEXT = dt.date(2026, 12, 15)
DAYS = DateRange(DAY, NEXT)

CALENDAR = WorkCalendar(weekdays={0, 2, 4}, holidays={dt.date(2026, 12, 25), dt.date(2027, 1, 1)})
LEAD = LeadTime(1, 3, CALENDAR)
CUT_OFF = CutOff(time=dt.time(17), zone="Europe/Oslo", by_weekday={4: dt.time(15, 30), 5: dt.time(11, 0, 0, 500)})
SET = Component("SET", 2, [Component("CUP", 4), Component("POT", when_short="wait")], "goods", STREET, "cancel")
AMOUNT = Amount(2400, 600, -5)
LINE = OrderLine(
    id="1",
    sku="TEA",
    quantity=3,
    kind="goods",
    street_date=STREET,
    when_short="wait",
    components=[SET],
    amount=AMOUNT,
    requested=DAY,
    promised=DAYS,
    ship_to="home",
    ship_group="g",
)
FEE = OrderLine(id="2", sku="STANDARD", quantity=1, kind="fee")
ORDER = Order(id="O1", placed_at=NOW, lines=[LINE, FEE], priority=-2, ship="complete", currency="EUR")
RECEIPT = Receipt(sku="CD", quantity=40, expected=DAYS, reserved=4, ordered=DAY, reference="PO1")
COMMITMENT = Commitment(sku="CD", quantity=2, due=DAY, order_id="O1", line_id="1")
SUPPLY = Supply(
    on_hand={"LP": UNLIMITED, "CD": -3},
    receipts=[RECEIPT],
    commitments=[COMMITMENT],
    safety_stock={"CD": 1},
    replenishment={"CD": LEAD},
)
PICK = Assignment(line_id="1", location="Oslo", sku="CUP", quantity=8)
PART_LINE = PartLine(line_id="1", sku="TEA", quantity=1, components=[SET], kind="goods", picks=[PICK])
PART = Part(
    id="O1/street",
    order_id="O1",
    kind="await_street_date",
    lines=[PART_LINE],
    street_date=STREET,
    ready=DAYS,
    delivery=DAYS,
    location="Oslo",
    ship_to="home",
)
CUT = Cancelled(line_id="1", sku="TEA", quantity=2, reason="customer")
PLAN = SplitPlan(order_id="O1", parts=[PART], cancelled=[CUT])
ORIGIN = Origin(part_id="O1/stock", attempt=2, at=NOW, quantities={"1": 2})
HELD = HeldPart(
    part=PART,
    placed_at=NOW,
    priority=3,
    ship="complete",
    hold="fraud",
    state="due",
    attempts=2,
    vain=1,
    tried_at=NOW,
    picked=NOW,
    paid=LATER,
    origin=ORIGIN,
    last_grant=2,
)
EFFECT = Effect(kind="notify", part_id="O1/stock", key="O1/stock:backordered:notify", reason="backordered")
PROMISE = Promise(
    order_id="O1",
    line_id="1",
    sku="TEA",
    quantity=2,
    kind="backorder",
    ready=DAYS,
    delivery=DAYS,
    components=[SET],
    references=["PO1"],
    first=DAYS,
)
BROKEN = Broken(
    promise=PROMISE,
    now=Promise(order_id="O1", line_id="1", sku="TEA", quantity=2, kind="none"),
    days_moved=None,
    because="receipt_gone",
)
WAITING = WaitingLine(
    order_id="O1",
    line_id="1",
    sku="TEA",
    quantity=2,
    placed_at=NOW,
    components=[SET],
    priority=4,
    street_date=NOW,
    hold="unpaid",
    ship="complete",
    value=250,
)
QUEUE = [
    WaitingLine(order_id="O1", line_id="1", sku="CD", quantity=3, placed_at=NOW),
    WaitingLine(order_id="O2", line_id="1", sku="CD", quantity=4, placed_at=NOW, priority=-1),
    WaitingLine(order_id="O3", line_id="1", sku="LP", quantity=1, placed_at=NOW, hold="unpaid"),
]
GRANT = Grant(order_id="O1", line_id="1", sku="CD", quantity=3)
POLICY = AllocationPolicy(queue="priority", ration="talmud", unserved="unfulfillable")
SHARED = allocate(QUEUE, available={"CD": 5, "LP": UNLIMITED}, at=NOW)
RANKED = allocate(QUEUE, available={"CD": 5}, at=NOW, policy=POLICY)
COMPARED = compare_allocations(SHARED, RANKED)
CHARGE = Charge(
    part_id="O1/stock",
    amount=AMOUNT,
    due=DAY,
    capture_by=NOW,
    needs_reauthorisation=True,
    reauthorise_from=DAY,
    beyond_authorisation=25,
    lines=[Captured(line_id="1", quantity=2, amount=AMOUNT)],
)
LOST = CancelledMoney(line_id="2", reason="out_of_stock", quantity=1, amount=Amount(7))
BACK = Refund(line_id="2", quantity=0, amount=Amount(1))
NOTICE = DelayNotice(given=DAY, revised=DAY, consented=NEXT, until=UNLIMITED)
DUTY = Duty(
    kind="tell", by=DAY, pace="no_undue_delay", silence="consent", must_say=["revised_day", "reason"], source="§ 1"
)
SOURCING = SourcingRules(
    rule="most_stock",
    keep_back={"Oslo": 2},
    ask_first=["Oslo", "Bergen"],
    backorder_at="Oslo",
    bundles="several",
)

VALUES = [
    SHARED,
    RANKED,
    COMPARED,
    POLICY,
    AMOUNT,
    PICK,
    AtpStep(day=DAY, available=UNLIMITED, withheld=2, short=1),
    Authorisation(amount=3000, authorised_at=NOW, window=dt.timedelta(days=7, seconds=5, microseconds=1)),
    AuthorisationWindow(
        network="visa",
        kind="final",
        duration=dt.timedelta(hours=30),
        source="its rules",
        effective=DAY,
        until=NEXT,
    ),
    BalanceStep(day=DAY, received=3, owed=2, balance=-4),
    BROKEN,
    Cancellation(plan=PLAN, cancelled=[CUT], freed={"TEA": 2}),
    CUT,
    LOST,
    CHARGE.lines[0],
    COMPARED.gained[0],
    CHARGE,
    ChargePlan(charges=[CHARGE], cancelled=[LOST], refunds=[BACK]),
    ChargePolicy(mode="deposit", deposit=30),
    COMMITMENT,
    SET,
    CUT_OFF,
    DAYS,
    *SHARED.decisions,
    Delay(
        ordered=DAY,
        promised=NEXT,
        expected=NEXT,
        notices=[NOTICE],
        timing="essential",
        period_until=NEXT,
        paid_by="seller_account",
        billing_cycle_days=30,
    ),
    NOTICE,
    DelayNotice(given=DAY, revised=DAY, consented=NEXT, until=NEXT),
    DelayOutcome(status="notify", reason="expected_late", due=DAY, duties=[DUTY], may_end_from=NEXT, cancelled_on=NEXT),
    DUTY,
    EFFECT,
    GRANT,
    HELD,
    LEAD,
    Message(code="low_stock", place="product_page", params={"left": 3, "word": "few"}, text="Only 3 left"),
    MovedLine(item_id="O1", line_id="1", before=NOW, after=STREET),
    Need(sku="CUP", quantity=8, when_short=WhenShort.CANCEL, street_date=STREET),
    ORDER,
    LINE,
    ORIGIN,
    PART,
    PART_LINE,
    Problem("row 3", "units.invalid", "must be a whole number", {"b": [1, None, True], "a": "x"}),
    PROMISE,
    PromiseRules(
        confirmation="on_date",
        pegging="latest_feasible",
        min_shipment=2,
        max_lateness=5,
        overdue=0,
        estimate=(relativedelta(months=1, days=2), relativedelta(years=1, weeks=1)),
    ),
    Quote(now=1, later=2, refused=3, reason="cap"),
    RECEIPT,
    Receipt(sku="LP", quantity=0, expected=DAY),
    Reduction(queue=(WAITING,), grants=(GRANT,), freed=SHARED.oversold),
    BACK,
    Repromise(kept=(PROMISE,), broken=(BROKEN,), gained=(), freed=(PROMISE,)),
    Revocation(grants=(GRANT,), revoked=(GRANT,), freed=SHARED.oversold),
    SalesWindow(opens=NOW, closes=STREET),
    Section(quantity=2, options=[SET, Component("TEA")], mix="any"),
    SellRules(
        safety_stock=1,
        backorder_limit=UNLIMITED,
        preorder_limit=0,
        few_below=3,
        before_street_date="sell",
        sales_window=SalesWindow(opens=NOW),
    ),
    ShippingTimes(handling=LEAD, transit=LEAD, zone="Europe/Oslo", cut_off=CUT_OFF, inbound=LEAD, receiving=MON_TO_SAT),
    ShortUnits(line_id="1", sku="TEA", quantity=1),
    Sourcing(assignments=[PICK], short=[ShortUnits(line_id="1", sku="TEA", quantity=1)], at_least=1),
    SOURCING,
    PLAN,
    SplitRules(sourcing=SOURCING, bundles="whole_line", mixed_cart="hold", max_parts=2),
    Stock(availability="low_stock", quantity=3, later=UNLIMITED, oversold=0),
    Stock(availability="in_stock", quantity=UNLIMITED),
    Stock(availability="unknown", quantity=None),
    StreetDateMove(
        moved=[ORDER, PART, HELD],
        changed=[MovedLine(item_id="O1", line_id="1", before=NOW, after=STREET)],
        unchanged=[UnmovedLine(item_id="O1/street", line_id="1", reason="shipped")],
        replaced={"O1/street": [PART, HELD]},
    ),
    SUPPLY,
    UnmovedLine(item_id="O1", line_id="1", reason="released"),
    WAITING,
    Wave(
        parts=(HELD,),
        effects=(EFFECT,),
        decisions=tuple(SHARED.decisions),
        overdue=("O1/stock",),
        replaced={"O1/stock": (HELD,)},
        left_over={"CD": 2, "LP": UNLIMITED},
        oversold={"MC": 1},
    ),
    WavePolicy(allocation=POLICY, max_attempts=3, report_after=dt.timedelta(days=30)),
    CALENDAR,
]
