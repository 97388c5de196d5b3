"""What is captured with each part. Charges are written as ``<part> <net>``, or with tax and discount behind a slash."""

import copy
import datetime as dt
import pickle
import re
from decimal import Decimal

import attrs
import pytest

from preorder_kit import (
    AUTHORISATION_WINDOWS,
    Amount,
    Authorisation,
    AuthorisationKind,
    AuthorisationWindow,
    Cancelled,
    CancelledMoney,
    Captured,
    CaptureMode,
    Charge,
    ChargePlan,
    ChargePolicy,
    DateRange,
    InvalidArgument,
    Order,
    OrderLine,
    Part,
    PartLine,
    Refund,
    SplitPlan,
    authorisation_window,
    charge_plan,
    minor_units,
)

UTC = dt.timezone.utc
NOW = dt.datetime(2024, 6, 1, 12, tzinfo=UTC)
WEEK = dt.timedelta(days=7)
ON_SHIPMENT, UP_FRONT, BEFORE_EXPIRY = (
    ChargePolicy(mode=mode) for mode in ("on_shipment", "up_front", "before_expiry")
)
A_THIRD_FIRST = ChargePolicy(mode="deposit", deposit=30)
HELD = Authorisation(amount=10_000, authorised_at=NOW, window=WEEK)


def june(day):
    return dt.date(2024, 6, day)


def line(quantity, amount, line_id="1", **fields):
    money = Amount(amount) if isinstance(amount, int) else amount
    return OrderLine(**{"id": line_id, "sku": f"SKU-{line_id}", "quantity": quantity, "amount": money} | fields)


def order(*lines, **fields):
    return Order(**{"id": "O1", "placed_at": NOW, "lines": lines, "currency": "EUR"} | fields)


def part(name, *, ready=None, kind="ship_now", street_date=None, **quantities):
    """Return a part of the units that ``l1=2`` names; ``ready`` is a day of June, or two."""
    days = ready if isinstance(ready, tuple) else (ready, ready)
    return Part(
        id=name,
        order_id="O1",
        kind=kind,
        lines=[
            PartLine(line_id=key.removeprefix("l"), sku="ANY", quantity=quantity)
            for key, quantity in quantities.items()
        ],
        street_date=street_date,
        ready=None if ready is None else DateRange(*map(june, days)),
    )


def cut(quantity, line_id="1", reason="out_of_stock"):
    return Cancelled(line_id=line_id, sku="ANY", quantity=quantity, reason=reason)


def plan(*pieces):
    return SplitPlan(
        order_id="O1",
        parts=[piece for piece in pieces if isinstance(piece, Part)],
        cancelled=[piece for piece in pieces if isinstance(piece, Cancelled)],
    )


def paid(quantity, amount, line_id="1"):
    money = Amount(amount) if isinstance(amount, int) else amount
    return Captured(line_id=line_id, quantity=quantity, amount=money)


def written(amount):
    return str(amount.net) if amount == Amount(amount.net) else f"{amount.net}/{amount.tax}/{amount.discount}"


def money(found):
    """Return what a charge plan says in a line: charges, then what is cancelled, then what is refunded."""
    return [
        *(f"{charge.part_id or 'order'} {written(charge.amount)}" for charge in found.charges),
        *(f"cancelled {item.line_id}x{item.quantity} {written(item.amount)}" for item in found.cancelled),
        *(f"refund {item.line_id}x{item.quantity} {written(item.amount)}" for item in found.refunds),
    ]


THREE = line(3, 1000)
ONE_AND_TWO = plan(part("a", l1=1), part("b", l1=2))

# name: lines, the plan, what was captured, what comes of it
_MONEY = {
    # division
    "over 1 and 2 units": ([THREE], ONE_AND_TWO, [], ["a 333", "b 667"]),
    "a new split of the rest": ([THREE], plan(part("b", l1=1), part("c", l1=1)), [paid(1, 333)], ["b 334", "c 333"]),
    "gst of 10 % in three parcels": (
        [line(3, Amount(1818, 182, 0))],
        plan(part("a", l1=1), part("b", l1=1), part("c", l1=1)),
        [],
        ["a 606/61/0", "b 606/61/0", "c 606/60/0"],
    ),
    "net, tax and discount each": (
        [line(3, Amount(1000, 200, 100))],
        ONE_AND_TWO,
        [],
        ["a 333/67/33", "b 667/133/67"],
    ),
    "a voucher": ([line(3, -1000)], ONE_AND_TWO, [], ["a -333", "b -667"]),
    "less money than units": ([line(3, 1)], ONE_AND_TWO, [], ["b 1"]),
    "free of charge": ([line(3, 0)], ONE_AND_TWO, [], []),
    "no amount given": ([line(3, None)], ONE_AND_TWO, [], []),
    "taken off in full is still money": ([line(1, Amount(100, 0, 100))], plan(part("a", l1=1)), [], ["a 100/0/100"]),
    "a line twice in a part": ([line(2, 9), line(2, 5, "2")], plan(part("a", l1=2, l2=2)), [], ["a 14"]),
    "an order of nothing": ([], plan(), [], []),
    # fees
    "shipping once, with the part that carries it": (
        [THREE, line(1, 490, "2", kind="fee")],
        plan(part("a", l1=1, l2=1), part("b", l1=2)),
        [],
        ["a 823", "b 667"],
    ),
    "shipping of nothing": (
        [line(1, 1000), line(1, 490, "2", kind="fee")],
        plan(cut(1), cut(1, "2", "nothing_ships")),
        [],
        ["cancelled 1x1 1000", "cancelled 2x1 490"],
    ),
    # cancelled
    "cancelled comes last in ties": (
        [THREE],
        plan(cut(1), part("a", l1=1), part("b", l1=1)),
        [],
        ["a 334", "b 333", "cancelled 1x1 333"],
    ),
    "two reasons": (
        [THREE],
        plan(part("a", l1=1), cut(1), cut(1, reason="backorder_limit")),
        [],
        ["a 334", "cancelled 1x1 333", "cancelled 1x1 333"],
    ),
    "captured units are those that are left": (
        [line(2, 1000)],
        plan(part("a", l1=1), cut(1)),
        [paid(1, 500)],
        ["cancelled 1x1 500"],
    ),
    "captured and then cancelled": (
        [THREE],
        plan(part("a", l1=2), cut(1)),
        [paid(3, 1000)],
        ["cancelled 1x1 333", "refund 1x1 333"],
    ),
    "captured bit by bit, and all cancelled": (
        [THREE],
        plan(cut(3)),
        [paid(1, 400), paid(1, 300)],
        ["cancelled 1x3 1000", "refund 1x2 700"],
    ),
    "captured, cancelled and refunded before": (
        [THREE],
        plan(part("a", l1=2), cut(1)),
        [paid(2, 667)],
        ["cancelled 1x1 333"],
    ),
    "captured a cent dear, and the others cancelled": (
        [THREE],
        plan(cut(2)),
        [paid(1, 334)],
        ["cancelled 1x2 666"],
    ),
    "captured a cent cheap, and the others cancelled": (
        [THREE],
        plan(cut(1), cut(1, reason="customer")),
        [paid(1, 333)],
        ["cancelled 1x1 334", "cancelled 1x1 333"],
    ),
    "captured too cheap, and one of two that wait is cancelled": (
        [THREE],
        plan(part("b", l1=1), cut(1)),
        [paid(1, 300)],
        ["b 367", "cancelled 1x1 333"],
    ),
    "captured with the wrong sign, and all cancelled": (
        [line(2, 1000)],
        plan(cut(2)),
        [paid(0, -50)],
        ["cancelled 1x2 1000", "refund 1x0 -50"],
    ),
    "a captured voucher is cancelled": (
        [line(2, -1000)],
        plan(part("a", l1=1), cut(1)),
        [paid(2, -1000)],
        ["cancelled 1x1 -500", "refund 1x1 -500"],
    ),
    # left before
    "left before and was captured": ([THREE], plan(part("b", l1=2)), [paid(1, 333)], ["b 667"]),
    "left before without being captured": ([THREE], plan(part("b", l1=2)), [], ["order 333", "b 667"]),
    "two left before, one was captured": ([THREE], plan(part("b", l1=1)), [paid(1, 333)], ["order 334", "b 333"]),
    "all left before": ([THREE], plan(), [], ["order 1000"]),
    # money without units
    "a deposit belongs to all units": ([THREE], ONE_AND_TWO, [paid(0, 300)], ["a 233", "b 467"]),
    "a deposit is set off": (
        [line(2, 1000)],
        plan(part("a", l1=1), cut(1)),
        [paid(0, 300)],
        ["a 200", "cancelled 1x1 500"],
    ),
    "a deposit is refunded": (
        [line(2, 1000)],
        plan(cut(1)),
        [paid(0, 300), paid(1, 350)],
        ["cancelled 1x1 500", "refund 1x0 150"],
    ),
    "a deposit above what is left to charge": (
        [line(4, 1000)],
        plan(part("a", l1=1), cut(3)),
        [paid(0, 300)],
        ["cancelled 1x3 750", "refund 1x0 50"],
    ),
    "a deposit and the rest of what was not cancelled": (
        [line(2, 1000)],
        plan(part("a", l1=1), cut(1)),
        [paid(0, 200), paid(1, 300)],
        ["cancelled 1x1 500"],
    ),
    "a deposit and the rest of all units, then one is cancelled": (
        [line(2, 1000)],
        plan(part("a", l1=1), cut(1)),
        [paid(0, 300), paid(2, 700)],
        ["cancelled 1x1 500", "refund 1x1 500"],
    ),
    # captured wrongly
    "more than the line costs": ([THREE], ONE_AND_TWO, [paid(1, 1200)], ["refund 1x0 200"]),
    "more than the line costs, and cancelled": (
        [THREE],
        plan(part("a", l1=1), cut(2)),
        [paid(1, 1200)],
        ["cancelled 1x2 667", "refund 1x0 867"],
    ),
    "more than the line costs, all of it paid": (
        [THREE],
        plan(part("a", l1=2), cut(1)),
        [paid(3, 1200)],
        ["cancelled 1x1 333", "refund 1x1 533"],
    ),
    "too large a voucher": ([line(1, -100)], plan(part("a", l1=1)), [paid(1, -150)], ["refund 1x0 -50"]),
    "for a line that costs nothing": ([line(1, None)], plan(part("a", l1=1)), [paid(0, 50)], ["refund 1x0 50"]),
    "all units, and less than they cost": ([THREE], ONE_AND_TWO, [paid(3, 900)], ["a 33", "b 67"]),
    "all units, less than they cost, one cancelled": (
        [THREE],
        plan(part("a", l1=2), cut(1)),
        [paid(3, 900)],
        ["cancelled 1x1 333", "refund 1x1 233"],
    ),
    "too much net, too little tax": (
        [line(2, Amount(1000, 200, 0))],
        plan(part("a", l1=2)),
        [paid(0, Amount(1100, 100, 0))],
        ["a 0/100/0", "refund 1x0 100"],
    ),
    # rules at their edge
    "a cent, captured and cancelled": (
        [line(2, 1)],
        plan(cut(2)),
        [paid(2, 1)],
        ["cancelled 1x2 1", "refund 1x2 1"],
    ),
    "units paid dear and the rest in advance, which is what is cancelled": (
        [THREE],
        plan(cut(1)),
        [paid(2, 800), paid(0, 200)],
        ["cancelled 1x1 200", "refund 1x0 200"],
    ),
    "money for a line that is free, and a unit is cancelled": (
        [line(2, 0)],
        plan(cut(1)),
        [paid(1, 5)],
        ["refund 1x0 5"],
    ),
    "money for a voucher that costs more than it was captured for": (
        [line(2, -100)],
        plan(part("a", l1=1), cut(1)),
        [paid(0, -40)],
        ["a -10", "cancelled 1x1 -50"],
    ),
}


@pytest.mark.parametrize(("lines", "split", "captured", "expected"), _MONEY.values(), ids=_MONEY)
def test_what_is_charged_cancelled_and_refunded(lines, split, captured, expected):
    assert money(charge_plan(order(*lines), split, policy=ON_SHIPMENT, captured=captured)) == expected


def test_a_split_that_is_made_again_charges_what_is_left_to_the_cent():
    first = charge_plan(order(THREE), ONE_AND_TWO, policy=ON_SHIPMENT)
    assert first.charges[0].lines == (paid(1, 333),)
    again = plan(part("c", l1=1), part("d", l1=1))
    assert money(charge_plan(order(THREE), again, policy=ON_SHIPMENT, captured=first.charges[0].lines)) == [
        "c 334",
        "d 333",
    ]


@pytest.mark.parametrize(
    ("currency", "amount", "expected"),
    [("JPY", "1000", ["a 333", "b 667"]), ("EUR", "10.00", ["a 333", "b 667"]), ("KWD", "1.000", ["a 333", "b 667"])],
)
def test_currencies_of_any_number_of_digits_are_divided_in_their_minor_units(currency, amount, expected):
    whole = line(3, minor_units(Decimal(amount), currency=currency))
    assert money(charge_plan(order(whole, currency=currency), ONE_AND_TWO, policy=ON_SHIPMENT)) == expected


def test_an_order_needs_no_currency_to_be_divided():
    assert money(charge_plan(order(THREE, currency=None), ONE_AND_TWO, policy=ON_SHIPMENT)) == ["a 333", "b 667"]


# name: lines, the plan, what was captured, what comes of a deposit of 30 %
_DEPOSITS = {
    "now, and the balance with each part": ([THREE], ONE_AND_TWO, [], ["order 300", "a 233", "b 467"]),
    "once": ([THREE], ONE_AND_TWO, [paid(0, 300)], ["a 233", "b 467"]),
    "what is captured counts towards it": ([THREE], plan(part("b", l1=2)), [paid(1, 333)], ["b 667"]),
    "what is captured is not enough": ([THREE], ONE_AND_TWO, [paid(0, 100)], ["order 200", "a 233", "b 467"]),
    "what left before counts towards it": ([line(2, 1000)], plan(part("b", l1=1)), [], ["order 500", "b 500"]),
    "of each line": (
        [line(1, 5), line(1, 5, "2")],
        plan(part("a", l1=1), part("b", l2=1)),
        [],
        ["order 4", "a 3", "b 3"],
    ),
    "of net, tax and discount": (
        [line(1, Amount(1000, 200, 100))],
        plan(part("a", l1=1)),
        [],
        ["order 300/60/30", "a 700/140/70"],
    ),
    "of a voucher": ([line(1, -1000)], plan(part("a", l1=1)), [], ["order -300", "a -700"]),
    "not of what is cancelled": (
        [line(2, 1000)],
        plan(part("a", l1=1), cut(1)),
        [],
        ["order 150", "a 350", "cancelled 1x1 500"],
    ),
    "once, with something cancelled": (
        [line(2, 1000)],
        plan(part("a", l1=1), cut(1)),
        [paid(0, 150)],
        ["a 350", "cancelled 1x1 500"],
    ),
    "not of digital goods, which are captured at once": (
        [line(1, 1000), line(1, 500, "2", kind="digital")],
        plan(part("d", kind="digital", l2=1), part("a", l1=1)),
        [],
        ["order 300", "d 500", "a 700"],
    ),
    "all cancelled": (
        [line(2, 1000)],
        plan(cut(2)),
        [paid(0, 300)],
        ["cancelled 1x2 1000", "refund 1x0 300"],
    ),
}


@pytest.mark.parametrize(("lines", "split", "captured", "expected"), _DEPOSITS.values(), ids=_DEPOSITS)
def test_what_a_deposit_makes_of_it(lines, split, captured, expected):
    assert money(charge_plan(order(*lines), split, policy=A_THIRD_FIRST, captured=captured)) == expected


def test_a_deposit_may_be_a_cent():
    most_first = ChargePolicy(mode="deposit", deposit=60)
    assert money(charge_plan(order(line(1, 1)), plan(part("a", l1=1)), policy=most_first)) == ["order 1"]


def test_a_deposit_is_handed_on_as_money_that_pays_no_unit():
    found = charge_plan(order(THREE), ONE_AND_TWO, policy=A_THIRD_FIRST)
    assert [charge.lines for charge in found.charges] == [(paid(0, 300),), (paid(1, 233),), (paid(2, 467),)]


def test_what_left_before_and_the_deposit_are_one_charge():
    lines = [line(2, 1000), line(1, 100, "2")]
    found = charge_plan(order(*lines), plan(part("a", l1=2)), policy=A_THIRD_FIRST)
    assert money(found) == ["order 400", "a 700"]
    assert found.charges[0].lines == (paid(0, 300), paid(1, 100, "2"))


def timed(found):
    """Return the charges in a line each: the part, when it is due, by when to capture, and what more it takes."""
    return [
        " ".join(
            [
                charge.part_id or "order",
                f"due {charge.due:%m-%d}" if charge.due else "undated",
                *([f"by {charge.capture_by:%m-%dT%H}"] if charge.capture_by else []),
                *([f"again {charge.reauthorise_from:%m-%d}"] if charge.needs_reauthorisation else []),
            ]
        )
        for charge in found.charges
    ]


STREET = dt.datetime(2024, 6, 20, tzinfo=UTC)
# name: the part's facts, then what becomes of it: on shipment, up front, before expiry
_DATES = {
    "leaves in time": ({"ready": 5}, "a due 06-05 by 06-08T12", "a due 06-05 by 06-08T12"),
    "leaves some day": ({"ready": (5, 7)}, "a due 06-07 by 06-08T12", "a due 06-07 by 06-08T12"),
    "leaves on the last day": ({"ready": 8}, "a due 06-08 by 06-08T12", "a due 06-08 by 06-08T12"),
    "leaves a day late": ({"ready": 9}, "a due 06-09 again 06-02", "a due 06-08 by 06-08T12"),
    "may leave late": ({"ready": (5, 20)}, "a due 06-20 again 06-13", "a due 06-08 by 06-08T12"),
    "leaves now": ({}, "a undated by 06-08T12", "a undated by 06-08T12"),
    "waits for its street date": (
        {"kind": "await_street_date", "street_date": STREET},
        "a due 06-20 again 06-13",
        "a due 06-08 by 06-08T12",
    ),
    "waits for stock, nobody knows how long": (
        {"kind": "await_stock"},
        "a undated by 06-08T12",
        "a due 06-08 by 06-08T12",
    ),
    "digital": ({"kind": "digital", "ready": 20}, "a due 06-01 by 06-08T12", "a due 06-01 by 06-08T12"),
}


@pytest.mark.parametrize(("facts", "on_shipment", "before_expiry"), _DATES.values(), ids=_DATES)
def test_when_a_part_is_captured_under_an_authorisation_of_a_week(facts, on_shipment, before_expiry):
    split = plan(part("a", l1=3, **facts))
    assert timed(charge_plan(order(THREE), split, policy=ON_SHIPMENT, authorisation=HELD)) == [on_shipment]
    assert timed(charge_plan(order(THREE), split, policy=BEFORE_EXPIRY, authorisation=HELD)) == [before_expiry]
    assert timed(charge_plan(order(THREE), split, policy=UP_FRONT, authorisation=HELD)) == ["a due 06-01 by 06-08T12"]
    assert charge_plan(order(THREE), split, policy=BEFORE_EXPIRY) == charge_plan(
        order(THREE), split, policy=ON_SHIPMENT
    )


def test_without_an_authorisation_nothing_is_said_of_one():
    late, soon = part("b", ready=20, l1=2), part("a", ready=2, l1=1)
    found = charge_plan(order(THREE), plan(soon, late), policy=ON_SHIPMENT)
    assert timed(found) == ["a due 06-02", "b due 06-20"]
    assert {charge.beyond_authorisation for charge in found.charges} == {0}


def test_a_deposit_is_due_with_the_order():
    found = charge_plan(order(THREE), plan(part("a", ready=5, l1=3)), policy=A_THIRD_FIRST, authorisation=HELD)
    assert timed(found) == ["order due 06-01 by 06-08T12", "a due 06-05 by 06-08T12"]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "a due 06-08 by 06-08T02"),
        ("America/Los_Angeles", "a due 06-08 again 06-01"),  # there it ends on the evening of the 7th
    ],
)
def test_days_are_those_of_the_shop(zone, expected):
    held = attrs.evolve(HELD, authorised_at=NOW.replace(hour=2))
    split = plan(part("a", ready=8, l1=3))
    assert timed(charge_plan(order(THREE), split, policy=ON_SHIPMENT, authorisation=held, zone=zone)) == [expected]


def test_the_day_of_an_order_and_of_a_street_date_are_those_of_the_shop():
    split = plan(part("d", kind="digital", l1=1), part("s", kind="await_street_date", street_date=STREET, l1=2))
    placed = order(THREE, placed_at=NOW.replace(hour=2))
    found = charge_plan(placed, split, policy=ON_SHIPMENT, zone="America/Los_Angeles")
    assert timed(found) == ["d due 05-31", "s due 06-19"]


def test_a_day_that_begins_with_the_end_of_an_authorisation_is_not_covered():
    held = attrs.evolve(HELD, authorised_at=NOW.replace(hour=0))
    split = plan(part("a", ready=held.ends_at.day, l1=3))
    assert timed(charge_plan(order(THREE), split, policy=ON_SHIPMENT, authorisation=held)) == [
        "a due 06-08 again 06-01"
    ]


def test_an_authorisation_of_hours_is_renewed_on_the_day():
    held = attrs.evolve(HELD, window=dt.timedelta(minutes=60))
    split = plan(part("a", ready=1, l1=1), part("b", ready=2, l1=2))
    found = charge_plan(order(THREE), split, policy=ON_SHIPMENT, authorisation=held)
    assert timed(found) == ["a due 06-01 by 06-01T13", "b due 06-02 again 06-02"]


# name: parts (name, day, money), captured before, authorised, what goes beyond
_BEYOND = {
    "enough": ([("a", 2, 600), ("b", 3, 400)], 0, 1000, [0, 0]),
    "a cent short": ([("a", 2, 600), ("b", 3, 400)], 0, 999, [0, 1]),
    "the first due comes first": ([("a", 3, 600), ("b", 2, 400)], 0, 500, [500, 0]),
    "on one day in the order of the parts": ([("a", 2, 600), ("b", 2, 400)], 0, 600, [0, 400]),
    "what ships now comes first without a date": ([("a", 2, 600), ("b", None, 400)], 0, 600, [400, 0]),
    "what is captured counts": ([("a", 2, 600)], 300, 700, [200]),
    "nothing is left": ([("a", 2, 600)], 800, 700, [600]),
    "nothing was authorised": ([("a", 2, 600)], 0, 0, [600]),
    "a credit makes no room": ([("a", 2, -200), ("b", 3, 400)], 0, 300, [0, 100]),
}


@pytest.mark.parametrize(("parts", "before", "authorised", "expected"), _BEYOND.values(), ids=_BEYOND)
def test_what_goes_beyond_what_was_authorised_is_told(parts, before, authorised, expected):
    lines = [line(1, amount, name) for name, _, amount in parts]
    split = plan(*(part(name, ready=day, **{f"l{name}": 1}) for name, day, _ in parts))
    gone = line(1, before, "gone")
    found = charge_plan(
        order(*lines, gone),
        split,
        policy=ON_SHIPMENT,
        captured=[paid(1, before, "gone")],
        authorisation=attrs.evolve(HELD, amount=authorised),
    )
    assert [charge.beyond_authorisation for charge in found.charges] == expected


def test_what_waits_without_a_date_comes_last_of_what_was_authorised():
    split = plan(part("w", kind="await_stock", l1=1), part("s", ready=20, l1=2))
    found = charge_plan(order(line(3, 900)), split, policy=ON_SHIPMENT, authorisation=attrs.evolve(HELD, amount=600))
    assert [(charge.part_id, charge.beyond_authorisation) for charge in found.charges] == [("w", 300), ("s", 0)]


def test_tax_and_discount_count_towards_what_was_authorised():
    whole = line(1, Amount(1000, 200, 100))
    held = attrs.evolve(HELD, amount=1000)
    [charge] = charge_plan(order(whole), plan(part("a", l1=1)), policy=ON_SHIPMENT, authorisation=held).charges
    assert charge.beyond_authorisation == 100


def test_an_authorisation_ends_after_its_window():
    assert HELD.ends_at == NOW + WEEK
    there = attrs.evolve(HELD, authorised_at=NOW.astimezone(dt.timezone(dt.timedelta(hours=9))))
    assert there == HELD
    assert there.ends_at.tzinfo is UTC


def test_an_authorisation_may_end_with_the_calendar():
    last = dt.datetime.max.replace(tzinfo=UTC)
    assert attrs.evolve(HELD, authorised_at=last - WEEK).ends_at == last
    with pytest.raises(InvalidArgument, match=r"^window: must end in the years 1 to 9999 \(got "):
        attrs.evolve(HELD, authorised_at=last - WEEK + dt.timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("network", "kind", "on", "expected"),
    [
        ("visa", "customer_initiated", june(1), WEEK),
        ("visa", "customer_initiated", dt.date(2024, 4, 14), WEEK),
        ("visa", "customer_initiated", dt.date(2024, 4, 13), None),
        ("visa", "merchant_initiated", june(1), dt.timedelta(days=4, hours=18)),
        ("visa", "pre_authorisation", june(1), None),
        ("mastercard", "customer_initiated", june(1), WEEK),
        ("mastercard", "merchant_initiated", june(1), WEEK),
        ("mastercard", "pre_authorisation", june(1), dt.timedelta(days=30)),
        ("mastercard", AuthorisationKind.FINAL, june(1), WEEK),
        ("american_express", "customer_initiated", june(1), WEEK),
        ("american_express", "merchant_initiated", june(1), WEEK),
        ("discover", "customer_initiated", june(1), WEEK),
        ("discover", "merchant_initiated", june(1), WEEK),
        ("jcb", "customer_initiated", june(1), None),
    ],
)
def test_how_long_an_authorisation_holds(network, kind, on, expected):
    found = authorisation_window(network, kind, on=on)
    assert (found.duration if found else None) == expected


def test_every_window_says_where_it_is_published_and_since_when():
    keys = [(window.network, window.kind, window.effective) for window in AUTHORISATION_WINDOWS]
    assert len(set(keys)) == len(keys)
    assert all(window.source and window.effective <= june(1) for window in AUTHORISATION_WINDOWS)


@pytest.mark.parametrize(
    ("network", "kind", "published"),
    [
        ("discover", "merchant_initiated", "Stripe, Place a hold on a payment method"),
        ("visa", "customer_initiated", "Stripe, .* a payment method; Visa itself gives 10 days, says Checkout.com"),
        (
            "visa",
            "merchant_initiated",
            "Stripe, .* a payment method: 5 days, .* for clearing; 7 days before 14 April 2024",
        ),
        ("mastercard", "pre_authorisation", "Cybersource, .*"),
        ("mastercard", "final", "Revolut, .*; in India 4 days, says Payments and Risk"),
    ],
)
def test_a_window_names_who_publishes_it_first_and_then_who_says_otherwise(network, kind, published):
    assert re.fullmatch(published, authorisation_window(network, kind, on=june(1)).source)


@pytest.mark.parametrize("kind", ["customer_initiated", "merchant_initiated", "pre_authorisation", "final"])
def test_a_window_is_of_a_kind(kind):
    window = AuthorisationWindow(network="wallet", kind=kind, duration=WEEK, source="terms", effective=june(1))
    assert window.kind == kind


def test_a_table_of_ones_own_changes_on_its_day():
    old = AuthorisationWindow(
        network="wallet", kind="final", duration=WEEK, source="terms", effective=june(1), until=june(20)
    )
    new = attrs.evolve(old, duration=2 * WEEK, effective=june(10), until=None)

    def found(day, *windows):
        window = authorisation_window("wallet", "final", on=june(day), windows=windows)
        return window and window.duration

    assert [found(day, old) for day in (1, 20, 21)] == [WEEK, WEEK, None]
    one_day = attrs.evolve(old, until=june(1))
    assert [found(day, one_day) for day in (1, 2)] == [WEEK, None]
    assert [found(day, old, new) for day in (9, 10, 30)] == [WEEK, 2 * WEEK, 2 * WEEK]
    assert [found(day, new, old) for day in (9, 10, 30)] == [WEEK, 2 * WEEK, 2 * WEEK]


_WINDOW = {"network": "n", "kind": "final", "duration": WEEK, "source": "s", "effective": june(2)}
FIRST_INSTANT, LAST_INSTANT = dt.datetime.min.replace(tzinfo=UTC), dt.datetime.max.replace(tzinfo=UTC)
_REFUSED = {
    "deposit missing": (
        lambda: ChargePolicy(mode="deposit"),
        "policy.deposit",
        "deposit: must be a whole percentage from 1 to 99",
    ),
    "deposit of all": (
        lambda: ChargePolicy(mode="deposit", deposit=100),
        "policy.deposit",
        "deposit: .* 100 is the mode up_front",
    ),
    "deposit of nothing": (
        lambda: ChargePolicy(mode="deposit", deposit=0),
        "units.invalid",
        "deposit: must be a whole number >= 1",
    ),
    "deposit for another mode": (
        lambda: ChargePolicy(deposit=30),
        "policy.deposit",
        "deposit: must be None unless the mode",
    ),
    "deposit as a fraction": (
        lambda: ChargePolicy(mode="deposit", deposit=0.3),
        "units.invalid",
        "deposit: must be a whole number",
    ),
    "unknown mode": (lambda: ChargePolicy(mode="later"), "choice.invalid", "mode: must be one of on_shipment"),
    "captured units below 0": (lambda: paid(-1, 5), "units.invalid", "quantity: "),
    "captured no amount": (
        lambda: Captured(line_id="1", quantity=1, amount=5),
        "type.invalid",
        "amount: must be an Amount",
    ),
    "authorised below 0": (lambda: attrs.evolve(HELD, amount=-1), "units.invalid", "amount: "),
    "authorised at a day": (lambda: attrs.evolve(HELD, authorised_at=june(1)), "instant.invalid", "authorised_at: "),
    "a window of nothing": (
        lambda: attrs.evolve(HELD, window=dt.timedelta(0)),
        "window.invalid",
        "window: must be a timedelta longer than 0 ",
    ),
    "a window as a number": (lambda: attrs.evolve(HELD, window=7), "window.invalid", "window: must be a timedelta"),
    "a window beyond the calendar": (
        lambda: attrs.evolve(HELD, window=dt.timedelta(days=9_000_000)),
        "window.invalid",
        "window: must end in the years 1 to 9999",
    ),
    "a published window of nothing": (
        lambda: AuthorisationWindow(**_WINDOW | {"duration": -WEEK}),
        "window.invalid",
        "duration: ",
    ),
    "a published window that ends first": (
        lambda: AuthorisationWindow(**_WINDOW, until=june(1)),
        "range.reversed",
        "until: must not lie before effective, 2024-06-02",
    ),
    "plan of another order": (
        lambda: charge_plan(order(THREE, id="O2"), ONE_AND_TWO, policy=ON_SHIPMENT),
        "plan.foreign",
        "plan.order_id: must be that of the order, O2",
    ),
    "unknown line in a part": (
        lambda: charge_plan(order(THREE), plan(part("a", l9=1)), policy=ON_SHIPMENT),
        "line.unknown",
        r"plan\.parts\[0\]\.lines\[0\]\.line_id: must be a line of the order O1 ",
    ),
    "unknown line cancelled": (
        lambda: charge_plan(order(THREE), plan(part("a", l1=1), cut(1, "9")), policy=ON_SHIPMENT),
        "line.unknown",
        r"plan\.cancelled\[0\]\.line_id: ",
    ),
    "more in parts than ordered": (
        lambda: charge_plan(order(THREE), plan(part("a", l1=2), part("b", l1=2)), policy=ON_SHIPMENT),
        "part.excess",
        r"plan\.parts\[1\]\.lines\[0\]\.quantity: must not be more than was ordered on line 1",
    ),
    "more cancelled than ordered": (
        lambda: charge_plan(order(THREE), plan(part("a", l1=2), cut(2)), policy=ON_SHIPMENT),
        "part.excess",
        r"plan\.cancelled\[0\]\.quantity: ",
    ),
    "unknown line captured": (
        lambda: charge_plan(order(THREE), ONE_AND_TWO, policy=ON_SHIPMENT, captured=[paid(1, 1), paid(1, 1, "9")]),
        "line.unknown",
        r"captured\[1\]\.line_id: must be a line of the order O1 ",
    ),
    "more units captured than ordered": (
        lambda: charge_plan(order(THREE), ONE_AND_TWO, policy=ON_SHIPMENT, captured=[paid(2, 1), paid(2, 1)]),
        "captured.excess",
        r"captured\[1\]\.quantity: must not be more than was ordered on line 1 ",
    ),
    "captured is a charge": (
        lambda: charge_plan(order(THREE), ONE_AND_TWO, policy=ON_SHIPMENT, captured=[HELD]),
        "type.invalid",
        r"captured\[0\]: ",
    ),
    "no order": (lambda: charge_plan("O1", ONE_AND_TWO, policy=ON_SHIPMENT), "type.invalid", "order: "),
    "no plan": (lambda: charge_plan(order(THREE), [], policy=ON_SHIPMENT), "type.invalid", "plan: "),
    "no policy": (lambda: charge_plan(order(THREE), ONE_AND_TWO, policy="up_front"), "type.invalid", "policy: "),
    "no authorisation": (
        lambda: charge_plan(order(THREE), ONE_AND_TWO, policy=ON_SHIPMENT, authorisation=7),
        "type.invalid",
        "authorisation: ",
    ),
    "no zone": (
        lambda: charge_plan(order(THREE), ONE_AND_TWO, policy=ON_SHIPMENT, zone="Mars"),
        "zone.unknown",
        "zone: ",
    ),
    "an order of another day in the zone than can be written": (
        lambda: charge_plan(
            order(THREE, placed_at=FIRST_INSTANT), ONE_AND_TWO, policy=UP_FRONT, zone="America/Los_Angeles"
        ),
        "instant.invalid",
        "order.placed_at: must lie in the years 1 to 9999",
    ),
    "a street date of another day in the zone than can be written": (
        lambda: charge_plan(
            order(THREE),
            plan(part("s", kind="await_street_date", street_date=LAST_INSTANT, l1=3)),
            policy=ON_SHIPMENT,
            zone="Asia/Tokyo",
        ),
        "instant.invalid",
        "part.street_date: must lie in the years 1 to 9999",
    ),
    "an end of an authorisation of another day in the zone than can be written": (
        lambda: charge_plan(
            order(THREE),
            ONE_AND_TWO,
            policy=ON_SHIPMENT,
            authorisation=attrs.evolve(HELD, authorised_at=LAST_INSTANT - WEEK),
            zone="Asia/Tokyo",
        ),
        "instant.invalid",
        "authorisation: must lie in the years 1 to 9999",
    ),
    "no network": (lambda: authorisation_window("", "final", on=june(1)), "text.invalid", "network: "),
    "no kind": (lambda: authorisation_window("visa", "cit", on=june(1)), "choice.invalid", "kind: "),
    "no day": (lambda: authorisation_window("visa", "final", on=NOW), "day.invalid", "on: "),
    "no table": (
        lambda: authorisation_window("visa", "final", on=june(1), windows=[7]),
        "type.invalid",
        r"windows\[0\]: ",
    ),
}


@pytest.mark.parametrize(("build", "code", "says"), _REFUSED.values(), ids=_REFUSED)
def test_a_mistake_is_refused_with_its_code(build, code, says):
    with pytest.raises(InvalidArgument, match=f"^{says}") as caught:
        build()
    assert caught.value.code == code


def test_results_can_be_built_by_a_caller_and_are_checked():
    charge = Charge(part_id="", amount=Amount(5), due=None)
    built = ChargePlan(charges=[charge], cancelled=[], refunds=[Refund(line_id="1", quantity=0, amount=Amount(5))])
    assert built.charges == (charge,)
    with pytest.raises(InvalidArgument, match=r"charges\[0\]"):
        ChargePlan(charges=[5], cancelled=[], refunds=[])
    with pytest.raises(InvalidArgument, match="quantity"):
        CancelledMoney(line_id="1", reason="out_of_stock", quantity=0, amount=Amount(5))


def test_a_charge_plan_is_a_value():
    split = plan(part("a", ready=9, l1=2), cut(1))
    captured = [paid(0, 100), paid(1, 333)]
    found = charge_plan(order(THREE), split, policy=ON_SHIPMENT, captured=captured, authorisation=HELD)
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == found
    assert hash(found) == hash(copy.deepcopy(found))
    assert found == charge_plan(order(THREE), split, policy=ON_SHIPMENT, captured=captured, authorisation=HELD)


def test_a_policy_that_says_nothing_captures_on_shipment():
    assert ChargePolicy() == ON_SHIPMENT


def test_modes_are_spelled_as_their_names_in_lower_case():
    assert [mode.value for mode in CaptureMode] == [mode.name.lower() for mode in CaptureMode]
    assert [kind.value for kind in AuthorisationKind] == [kind.name.lower() for kind in AuthorisationKind]
