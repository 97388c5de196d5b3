"""Which promises are kept, broken, gained and freed when supply, orders or days change; each case worked by hand."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Iterable

import attrs
import pytest
from dateutil.relativedelta import relativedelta

from preorder_kit import (
    MON_TO_FRI,
    BreakReason,
    Broken,
    Commitment,
    DateRange,
    InvalidArgument,
    LeadTime,
    LineKind,
    Order,
    OrderLine,
    Promise,
    PromiseKind,
    PromiseRules,
    Receipt,
    Repromise,
    ShippingTimes,
    Supply,
    commitments_of,
    move_receipt,
    promise_orders,
    repromise,
)


def day(written: str) -> dt.date:
    """Return a day, written as 11-23 for 2026 or 27-01-20 for 2027."""
    return dt.date.fromisoformat(f"20{written}" if len(written) > 5 else f"2026-{written}")


def days(first: str, last: str = "") -> DateRange:
    return DateRange(day(first), day(last or first))


def instant(written: str, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day(written), dt.time(hour), dt.timezone.utc)


NOW = instant("11-23")  # a Monday
TIMES = ShippingTimes(handling=LeadTime(1, 2), transit=LeadTime(2, 4))  # every day: 3 to 6 days after it is ready
P1 = Receipt(sku="CD", quantity=3, expected=day("12-01"), reference="P1")  # arrives from 4 to 7 December
P2 = Receipt(sku="CD", quantity=5, expected=day("12-10"), reference="P2")  # arrives from 13 to 16 December
L1 = Receipt(sku="LP", quantity=2, expected=day("12-01"), reference="L1")
STAGED, COMPLETE, ON_DATE = PromiseRules(), PromiseRules(confirmation="complete"), PromiseRules(confirmation="on_date")
WEEKS = PromiseRules(estimate=(relativedelta(weeks=4), relativedelta(weeks=6)))  # 21 December to 4 January


def line(quantity: int = 1, **fields: object) -> OrderLine:
    texts = {
        "requested": day,
        "street_date": lambda given: instant(given, 0),
        "promised": lambda given: days(*given.split(" to ")),
    }
    read = {name: texts[name](value) if name in texts else value for name, value in fields.items()}
    return OrderLine(**{"id": "1", "sku": "CD", "quantity": quantity, "when_short": "wait"} | read)


def order(*lines: OrderLine, **fields: object) -> Order:
    return Order(**{"id": "O1", "placed_at": NOW, "lines": lines} | fields)


def second(*lines: OrderLine, **fields: object) -> Order:
    return order(*lines, id="O2", **fields)


def there(units: int = 0, *receipts: Receipt, **fields: object) -> Supply:
    return Supply(**{"on_hand": {"CD": units}, "receipts": receipts} | fields)


def moved(receipt: Receipt, expected: str) -> Receipt:
    return attrs.evolve(receipt, expected=day(expected))


def cut(receipt: Receipt, quantity: int) -> Receipt:
    return attrs.evolve(receipt, quantity=quantity)


def to_the_day(promise: Promise) -> str:
    if promise.delivery is None:
        return "none"
    return promise.delivery.latest.isoformat().removeprefix("2026-").removeprefix("20")


def shown(promise: Promise) -> str:
    """Return a promise as text: order/line, units, the last day of its arrival."""
    return f"{promise.order_id}/{promise.line_id} {promise.quantity} {to_the_day(promise)}"


def told(broken: Broken) -> str:
    moved_by = "" if broken.days_moved is None else f" {broken.days_moved:+}"
    return f"{shown(broken.promise)} > {to_the_day(broken.now)}{moved_by} {broken.because.value}"


def merged(texts: Iterable[str]) -> list[str]:
    """Add up the units of what is otherwise the same, in whatever pieces it comes."""
    units: dict[tuple[str, str], int] = {}
    for text in texts:
        line_id, quantity, rest = text.split(" ", 2)
        units[line_id, rest] = units.get((line_id, rest), 0) + int(quantity)
    return [f"{line_id} {quantity} {rest}" for (line_id, rest), quantity in units.items()]


def summary(found: Repromise) -> dict[str, list[str]]:
    groups = {
        "kept": merged(map(shown, found.kept)),
        "broken": merged(map(told, found.broken)),
        "gained": merged(map(shown, found.gained)),
        "freed": merged(map(shown, found.freed)),
    }
    return {name: texts for name, texts in groups.items() if texts}


def promised(*orders: Order, supply: Supply, rules: PromiseRules = STAGED, **facts: object) -> tuple[Promise, ...]:
    return promise_orders(orders, **{"supply": supply, "times": TIMES, "at": NOW, "rules": rules} | facts)


def again(
    promises: tuple[Promise, ...], *orders: Order, supply: Supply, rules: PromiseRules = STAGED, **facts: object
) -> Repromise:
    return repromise(
        promises, **{"orders": orders, "supply": supply, "times": TIMES, "at": NOW, "rules": rules} | facts
    )


SUPPLY = {
    "nothing has changed": (
        [order(line(9))],
        there(4, P1, P2),
        there(4, P1, P2),
        {"kept": ["O1/1 4 11-29", "O1/1 3 12-07", "O1/1 2 12-16"]},
    ),
    "a receipt comes later": (
        [order(line(2))],
        there(0, P1),
        there(0, moved(P1, "12-11")),
        {"broken": ["O1/1 2 12-07 > 12-17 +10 receipt_late"]},
    ),
    "a receipt comes a day later": (
        [order(line(2))],
        there(0, P1),
        there(0, moved(P1, "12-02")),
        {"broken": ["O1/1 2 12-07 > 12-08 +1 receipt_late"]},
    ),
    "a receipt comes earlier": (
        [order(line(2))],
        there(0, P1),
        there(0, moved(P1, "11-25")),
        {"kept": ["O1/1 2 12-07"]},
    ),
    "a receipt comes on some day until then": (
        [order(line(2))],
        there(0, P1),
        there(0, attrs.evolve(P1, expected=days("11-24", "12-01"))),
        {"kept": ["O1/1 2 12-07"]},
    ),
    "a receipt comes on some day until the day after": (
        [order(line(2))],
        there(0, P1),
        there(0, attrs.evolve(P1, expected=days("11-24", "12-02"))),
        {"broken": ["O1/1 2 12-07 > 12-08 +1 receipt_late"]},
    ),
    "a receipt is cut, and nothing else comes": (
        [order(line(3))],
        there(0, P1),
        there(0, cut(P1, 1)),
        {"kept": ["O1/1 1 12-07"], "broken": ["O1/1 2 12-07 > none too_few"]},
    ),
    "a receipt is cut, and another comes": (
        [order(line(3))],
        there(0, P1, P2),
        there(0, cut(P1, 1), P2),
        {"kept": ["O1/1 1 12-07"], "broken": ["O1/1 2 12-07 > 12-16 +9 too_few"]},
    ),
    "a receipt is cut to nothing": (
        [order(line(3))],
        there(0, P1, P2),
        there(0, cut(P1, 0), P2),
        {"broken": ["O1/1 3 12-07 > 12-16 +9 too_few"]},
    ),
    "of a receipt some are spoken for": (
        [order(line(3))],
        there(0, P1),
        there(0, attrs.evolve(P1, reserved=2)),
        {"kept": ["O1/1 1 12-07"], "broken": ["O1/1 2 12-07 > none too_few"]},
    ),
    "a receipt is gone": (
        [order(line(3))],
        there(0, P1, P2),
        there(0, P2),
        {"broken": ["O1/1 3 12-07 > 12-16 +9 receipt_gone"]},
    ),
    "all receipts are gone": (
        [order(line(3))],
        there(0, P1),
        there(),
        {"broken": ["O1/1 3 12-07 > none receipt_gone"]},
    ),
    "a receipt without a name is gone": (
        [order(line(3))],
        there(0, attrs.evolve(P1, reference="")),
        there(),
        {"broken": ["O1/1 3 12-07 > none too_few"]},
    ),
    "a receipt without a name is late": (
        [order(line(3))],
        there(0, attrs.evolve(P1, reference="")),
        there(0, P2),
        {"broken": ["O1/1 3 12-07 > 12-16 +9 receipt_late"]},
    ),
    "one of two receipts under one name is late": (
        [order(line(6))],
        there(0, P1, P1),
        there(0, P1, moved(P1, "12-03")),
        {"kept": ["O1/1 3 12-07"], "broken": ["O1/1 3 12-07 > 12-09 +2 too_few"]},
    ),
    "a receipt is late, and stock has come instead": (
        [order(line(2))],
        there(0, P1),
        there(2, moved(P1, "12-11")),
        {"kept": ["O1/1 2 12-07"]},
    ),
    "a receipt is late, and another comes sooner": (
        [order(line(2))],
        there(0, P1, P2),
        there(0, moved(P1, "12-20"), moved(P2, "11-30")),
        {"kept": ["O1/1 2 12-07"]},
    ),
    "it comes later, and the safety stock is there for that": (
        [order(line(2))],
        there(0, P1),
        there(2, moved(P1, "12-11"), safety_stock={"CD": 1}),
        {"kept": ["O1/1 2 12-07"]},
    ),
    "a receipt is cut, and what was to be safety stock is there for that": (
        [order(line(2))],
        there(0, P1, safety_stock={"CD": 1}),
        there(0, cut(P1, 2), safety_stock={"CD": 1}),
        {"kept": ["O1/1 2 12-07"]},
    ),
    "the safety stock is not for what had no date": (
        [order(line(2))],
        there(),
        there(2, safety_stock={"CD": 1}),
        {"kept": ["O1/1 1 none"], "gained": ["O1/1 1 11-29"]},
    ),
    "fewer are counted": (
        [order(line(4))],
        there(4),
        there(1),
        {"kept": ["O1/1 1 11-29"], "broken": ["O1/1 3 11-29 > none too_few"]},
    ),
    "fewer are counted, and the others come": (
        [order(line(4))],
        there(4, P1),
        there(1, P1),
        {"kept": ["O1/1 1 11-29"], "broken": ["O1/1 3 11-29 > 12-07 +8 too_few"]},
    ),
    "what is there and a receipt are gone, and two of three come": (
        [order(line(3))],
        there(1, P1),
        there(0, cut(P2, 2)),
        {
            "broken": [
                "O1/1 1 11-29 > 12-16 +17 too_few",
                "O1/1 1 12-07 > 12-16 +9 receipt_gone",
                "O1/1 1 12-07 > none receipt_gone",
            ]
        },
    ),
    "fewer are counted, and may not wait": (
        [order(line(4, when_short="cancel"))],
        there(4, P1),
        there(1, P1),
        {"kept": ["O1/1 1 11-29"], "broken": ["O1/1 3 11-29 > none too_few"]},
    ),
    "what may not wait is not served by what comes, even today": (
        [order(line(2, when_short="cancel"))],
        there(2),
        there(0, moved(P1, "11-23")),
        {"broken": ["O1/1 2 11-29 > none too_few"]},
    ),
    "what may wait is": (
        [order(line(2))],
        there(2),
        there(0, moved(P1, "11-23")),
        {"kept": ["O1/1 2 11-29"]},
    ),
    "the count is below nothing": (
        [order(line(2))],
        there(2, P1),
        there(-2, P1),
        {"broken": ["O1/1 1 11-29 > 12-07 +8 too_few", "O1/1 1 11-29 > none too_few"]},
    ),
    "some are owed to others now": (
        [order(line(4))],
        there(4),
        there(4, commitments=[Commitment(sku="CD", quantity=3)]),
        {"kept": ["O1/1 1 11-29"], "broken": ["O1/1 3 11-29 > none too_few"]},
    ),
    "the first order keeps what there is": (
        [order(line(2)), second(line(2))],
        there(4, P1),
        there(3, P1),
        {"kept": ["O1/1 2 11-29", "O2/1 1 11-29"], "broken": ["O2/1 1 11-29 > 12-07 +8 too_few"]},
    ),
    "the first order may wait longer and leaves what is there to the second": (
        [order(line(2)), second(line(2, when_short="cancel"))],
        there(0, P1),
        there(2, P1),
        {"kept": ["O1/1 2 12-07"], "gained": ["O2/1 2 11-29"]},
    ),
    "the receipt of the first order is gone, and it takes what the second counted on": (
        [order(line(3)), second(line(3))],
        there(0, P1, P2),
        there(0, moved(P2, "12-01")),
        {"kept": ["O1/1 3 12-07", "O2/1 2 12-16"], "broken": ["O2/1 1 12-16 > none too_few"]},
    ),
    "nothing is on order and then it is": (
        [order(line(2))],
        there(),
        there(0, P1),
        {"gained": ["O1/1 2 12-07"]},
    ),
    "nothing is on order and then one comes": (
        [order(line(2))],
        there(),
        there(0, cut(P1, 1)),
        {"kept": ["O1/1 1 none"], "gained": ["O1/1 1 12-07"]},
    ),
    "what breaks comes before what had no date": (
        [order(line(2)), second(line(2))],
        there(0, cut(P1, 2)),
        there(0, cut(P2, 3)),
        {"broken": ["O1/1 2 12-07 > 12-16 +9 receipt_gone"], "gained": ["O2/1 1 12-16"], "kept": ["O2/1 1 none"]},
    ),
    "what breaks in a later order comes before an earlier one that had no date": (
        [order(line(2, sku="LP"), line(2, id="2")), second(line(2))],
        there(4, P1),
        there(2, L1, P1),
        {
            "kept": ["O1/2 2 11-29"],
            "broken": ["O2/1 2 11-29 > 12-07 +8 too_few"],
            "gained": ["O1/1 2 12-07"],
        },
    ),
}


@pytest.mark.parametrize(("orders", "before", "after", "expected"), SUPPLY.values(), ids=SUPPLY)
def test_supply_has_changed(orders, before, after, expected):
    assert summary(again(promised(*orders, supply=before), *orders, supply=after)) == expected


def test_only_those_hear_of_a_delay_whom_it_concerns():
    orders = [order(line(2)), second(line(2)), order(line(3), id="O3")]
    before = there(2, P1, P2)
    found = again(promised(*orders, supply=before), *orders, supply=there(2, moved(P1, "12-05"), P2))
    # O3 has one unit of P1 and two of P2; of five on P2, three are free, but the 5th is sooner.
    assert summary(found) == {
        "kept": ["O1/1 2 11-29", "O3/1 2 12-16"],
        "broken": ["O2/1 2 12-07 > 12-11 +4 receipt_late", "O3/1 1 12-07 > 12-11 +4 receipt_late"],
    }


WEEKDAYS = ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(1, 2))


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("12-06", {"kept": ["O1/1 2 12-10"]}),
        ("12-07", {"kept": ["O1/1 2 12-10"]}),
        ("12-08", {"broken": ["O1/1 2 12-10 > 12-11 +1 receipt_late"]}),
        ("12-11", {"broken": ["O1/1 2 12-10 > 12-16 +6 receipt_late"]}),
    ],
    ids=["Sunday", "Monday", "Tuesday", "Friday"],
)
def test_a_receipt_of_saturday_may_come_until_monday(expected, found):
    before = there(0, moved(P1, "12-05"))
    promises = promised(order(line(2)), supply=before, times=WEEKDAYS)
    after = move_receipt(before, reference="P1", expected=day(expected))
    assert summary(again(promises, order(line(2)), supply=after, times=WEEKDAYS)) == found


def test_put_away_counts():
    times = attrs.evolve(TIMES, inbound=LeadTime(1, 2))
    promises = promised(order(line(2)), supply=there(0, P1), times=times)
    assert summary(again(promises, order(line(2)), supply=there(0, moved(P1, "12-02")), times=times)) == {
        "broken": ["O1/1 2 12-09 > 12-10 +1 receipt_late"]
    }
    shorter = attrs.evolve(TIMES, inbound=LeadTime(1, 1))
    assert summary(again(promises, order(line(2)), supply=there(0, moved(P1, "12-02")), times=shorter)) == {
        "kept": ["O1/1 2 12-09"]
    }


ORDERS = {
    "an order is cancelled": (
        [order(line(2)), second(line(2))],
        [second(line(2))],
        there(2, P1),
        {"kept": ["O2/1 2 12-07"], "freed": ["O1/1 2 11-29"]},
    ),
    "an order is cancelled, and another gains a date": (
        [order(line(3)), second(line(2))],
        [second(line(2))],
        there(0, P1),
        {"gained": ["O2/1 2 12-07"], "freed": ["O1/1 3 12-07"]},
    ),
    "all orders are cancelled": (
        [order(line(4))],
        [],
        there(2, cut(P1, 1)),
        {"freed": ["O1/1 2 11-29", "O1/1 1 12-07", "O1/1 1 none"]},
    ),
    "a line is gone": (
        [order(line(2), line(2, id="2"))],
        [order(line(2, id="2"))],
        there(4),
        {"kept": ["O1/2 2 11-29"], "freed": ["O1/1 2 11-29"]},
    ),
    "a line is reduced: what was promised last is freed": (
        [order(line(9))],
        [order(line(6))],
        there(4, P1, P2),
        {"kept": ["O1/1 4 11-29", "O1/1 2 12-07"], "freed": ["O1/1 1 12-07", "O1/1 2 12-16"]},
    ),
    "a line is reduced: what has no date is freed first": (
        [order(line(9))],
        [order(line(7))],
        there(4, P1),
        {"kept": ["O1/1 4 11-29", "O1/1 3 12-07"], "freed": ["O1/1 2 none"]},
    ),
    "a line is reduced in part of what has no date": (
        [order(line(9))],
        [order(line(8))],
        there(4, P1),
        {"kept": ["O1/1 4 11-29", "O1/1 3 12-07", "O1/1 1 none"], "freed": ["O1/1 1 none"]},
    ),
    "a line asks for more: of that nothing has been promised": (
        [order(line(2))],
        [order(line(6))],
        there(4),
        {"kept": ["O1/1 2 11-29"]},
    ),
    "a line is added": ([order(line(2))], [order(line(2), line(1, id="2"))], there(4), {"kept": ["O1/1 2 11-29"]}),
    "a line is of another SKU now": (
        [order(line(2))],
        [order(line(2, sku="LP"))],
        there(4),
        {"freed": ["O1/1 2 11-29"]},
    ),
    "a line is a fee now": ([order(line(2))], [order(line(2, kind="fee"))], there(4), {"freed": ["O1/1 2 11-29"]}),
    "a street date moves back": (
        [order(line(2, street_date="12-05"))],
        [order(line(2, street_date="12-15"))],
        there(4),
        {"broken": ["O1/1 2 12-11 > 12-21 +10 street_date"]},
    ),
    "a street date moves back by a day": (
        [order(line(2, street_date="12-05"))],
        [order(line(2, street_date="12-06"))],
        there(4),
        {"broken": ["O1/1 2 12-11 > 12-12 +1 street_date"]},
    ),
    "a street date moves back, and nothing is there yet": (
        [order(line(2, street_date="12-05"))],
        [order(line(2, street_date="12-06"))],
        there(0, P1),
        {"broken": ["O1/1 2 12-11 > 12-12 +1 street_date"]},
    ),
    "a street date moves forward": (
        [order(line(2, street_date="12-05"))],
        [order(line(2, street_date="11-25"))],
        there(4),
        {"kept": ["O1/1 2 12-11"]},
    ),
    "a street date moves back to before the receipt": (
        [order(line(2, street_date="11-25"))],
        [order(line(2, street_date="12-01"))],
        there(0, P1),
        {"kept": ["O1/1 2 12-07"]},
    ),
    "a street date is new": (
        [order(line(2))],
        [order(line(2, street_date="12-05"))],
        there(4),
        {"broken": ["O1/1 2 11-29 > 12-11 +12 street_date"]},
    ),
}


@pytest.mark.parametrize(("before", "now", "supply", "expected"), ORDERS.values(), ids=ORDERS)
def test_orders_have_changed(before, now, supply, expected):
    assert summary(again(promised(*before, supply=supply), *now, supply=supply)) == expected


PASSING = {
    "stock that is still there": (line(2), there(4), "11-26", there(4), {"kept": ["O1/1 2 11-29"]}),
    "stock that left too late": (
        line(2),
        there(4),
        "11-27",
        there(4),
        {"broken": ["O1/1 2 11-29 > 12-03 +4 date_passed"]},
    ),
    "a receipt that came on its day": (line(2), there(0, P1), "12-02", there(2), {"kept": ["O1/1 2 12-07"]}),
    "a receipt that came and is not booked yet": (
        line(2),
        there(0, P1),
        "12-02",
        there(0, P1),
        {"broken": ["O1/1 2 12-07 > none receipt_gone"]},
    ),
    "a receipt that is due today": (line(2), there(0, P1), "12-01", there(0, P1), {"kept": ["O1/1 2 12-07"]}),
    "an order for which nothing was on order": (line(2), there(), "12-25", there(), {"kept": ["O1/1 2 none"]}),
    "a pre-order, its street date near": (
        line(2, street_date="12-05"),
        there(),
        "12-04",
        there(),
        {"kept": ["O1/1 2 12-11"]},
    ),
    "a pre-order, its street date reached and nothing there": (
        line(2, street_date="12-05"),
        there(),
        "12-05",
        there(),
        {"kept": ["O1/1 2 12-11"]},
    ),
    "a pre-order, the day after its street date and nothing there": (
        line(2, street_date="12-05"),
        there(),
        "12-06",
        there(),
        {"broken": ["O1/1 2 12-11 > none too_few"]},
    ),
    "a pre-order, its street date reached and one there": (
        line(2, street_date="12-05"),
        there(),
        "12-05",
        there(1, P2),
        {"kept": ["O1/1 1 12-11"], "broken": ["O1/1 1 12-11 > 12-16 +5 receipt_late"]},
    ),
    "a pre-order, its street date long past": (
        line(2, street_date="12-05"),
        there(4),
        "12-09",
        there(4),
        {"broken": ["O1/1 2 12-11 > 12-15 +4 date_passed"]},
    ),
    "units that may not wait": (
        line(2, when_short="cancel"),
        there(4),
        "11-25",
        there(0, P1),
        {"broken": ["O1/1 2 11-29 > none too_few"]},
    ),
}


@pytest.mark.parametrize(("asked", "before", "at", "after", "expected"), PASSING.values(), ids=PASSING)
def test_days_have_passed(asked, before, at, after, expected):
    promises = promised(order(asked), supply=before)
    assert summary(again(promises, order(asked), supply=after, at=instant(at))) == expected


def test_what_is_ordered_anew_must_be_among_the_receipts_by_then():
    anew = there(replenishment={"CD": LeadTime(3, 5)})
    promises = promised(order(line(2)), supply=anew)
    assert [to_the_day(promise) for promise in promises] == ["12-04"]
    tomorrow = instant("11-24")
    assert summary(again(promises, order(line(2)), supply=anew, at=tomorrow)) == {
        "broken": ["O1/1 2 12-04 > 12-05 +1 too_few"]
    }
    ordered = attrs.evolve(anew, receipts=[moved(P1, "11-28")])
    assert summary(again(promises, order(line(2)), supply=ordered, at=tomorrow)) == {"kept": ["O1/1 2 12-04"]}


def test_an_overdue_receipt_counts_as_the_rules_say():
    promises = promised(order(line(2)), supply=there(0, P1))
    facts = {"supply": there(0, P1), "at": instant("12-02")}
    for overdue, expected in [
        (0, {"broken": ["O1/1 2 12-07 > 12-08 +1 receipt_late"]}),
        (9, {"broken": ["O1/1 2 12-07 > 12-17 +10 receipt_late"]}),
    ]:
        assert summary(again(promises, order(line(2)), rules=PromiseRules(overdue=overdue), **facts)) == expected


UNSAID = {
    "an estimate, and still nothing is known": (WEEKS, line(2), there(), {"kept": ["O1/1 2 27-01-10"]}),
    "an estimate, and it comes sooner": (WEEKS, line(2), there(0, P1), {"kept": ["O1/1 2 27-01-10"]}),
    "an estimate, and it comes on the last day": (
        WEEKS,
        line(2),
        there(0, moved(P1, "27-01-04")),
        {"kept": ["O1/1 2 27-01-10"]},
    ),
    "an estimate, and it comes later": (
        WEEKS,
        line(2),
        there(0, moved(P1, "27-01-05")),
        {"broken": ["O1/1 2 27-01-10 > 27-01-11 +1 receipt_late"]},
    ),
    "an estimate, and it comes later for others": (
        WEEKS,
        line(2),
        there(0, attrs.evolve(P1, expected=day("27-01-05"), reserved=3)),
        {"kept": ["O1/1 2 27-01-10"]},
    ),
    "a pre-order, and it comes later": (
        STAGED,
        line(2, street_date="12-05"),
        there(0, P2),
        {"broken": ["O1/1 2 12-11 > 12-16 +5 receipt_late"]},
    ),
    "a pre-order, and one comes": (
        STAGED,
        line(2, street_date="12-05"),
        there(0, cut(P1, 1)),
        {"kept": ["O1/1 1 12-11"], "broken": ["O1/1 1 12-11 > none too_few"]},
    ),
    "a pre-order, and one comes, the rest by estimate": (
        WEEKS,
        line(2, street_date="12-05"),
        there(0, cut(P1, 1)),
        {"kept": ["O1/1 1 12-11"], "broken": ["O1/1 1 12-11 > 27-01-22 +42 too_few"]},
    ),
    "a pre-order, and it is ordered anew too late": (
        STAGED,
        line(2, street_date="12-05"),
        there(replenishment={"CD": LeadTime(9, 14)}),
        {"broken": ["O1/1 2 12-11 > 12-13 +2 too_few"]},
    ),
    "a window, and still nothing is known": (
        STAGED,
        line(2, promised="12-01 to 12-05"),
        there(),
        {"kept": ["O1/1 2 12-05"]},
    ),
    "a window, and it comes in time": (
        STAGED,
        line(2, promised="12-01 to 12-05"),
        there(0, moved(P1, "11-29")),
        {"kept": ["O1/1 2 12-05"]},
    ),
    "a window, and it comes later": (
        STAGED,
        line(2, promised="12-01 to 12-05"),
        there(0, moved(P1, "11-30")),
        {"broken": ["O1/1 2 12-05 > 12-06 +1 receipt_late"]},
    ),
}


@pytest.mark.parametrize(("rules", "asked", "after", "expected"), UNSAID.values(), ids=UNSAID)
def test_what_was_promised_without_anything_on_order_holds_until_something_is(rules, asked, after, expected):
    promises = promised(order(asked), supply=there(), rules=rules)
    assert summary(again(promises, order(asked), supply=after, rules=rules)) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("27-01-07", {"kept": ["O1/1 2 27-01-10"]}),
        ("27-01-08", {"broken": ["O1/1 2 27-01-10 > 27-02-25 +46 date_passed"]}),
    ],
)
def test_an_estimate_is_broken_when_it_can_no_longer_arrive(at, expected):
    promises = promised(order(line(2)), supply=there(), rules=WEEKS)
    assert summary(again(promises, order(line(2)), supply=there(), rules=WEEKS, at=instant(at))) == expected


def test_an_estimate_holds_though_a_day_passes_and_receipts_that_are_spoken_for_are_later():
    supply = there(0, attrs.evolve(P1, expected=day("27-02-01"), reserved=3))
    promises = promised(order(line(2)), supply=supply, rules=WEEKS)
    found = again(promises, order(line(2)), supply=supply, rules=WEEKS, at=instant("11-24"))
    assert summary(found) == {"kept": ["O1/1 2 27-01-10"]}


def test_what_may_arrive_last_is_freed_first():
    supply = there(0, attrs.evolve(P1, expected=days("11-25", "12-20")), P2)  # arrive until 26 and 16 December
    promises = promised(order(line(8)), supply=supply)
    assert summary(again(promises, order(line(4)), supply=supply)) == {
        "kept": ["O1/1 4 12-16"],
        "freed": ["O1/1 1 12-16", "O1/1 3 12-26"],
    }


def test_what_was_promised_last_is_freed_in_whatever_order_the_promises_come():
    supply = there(4, cut(P1, 2), P2)
    first, then, last = promised(order(line(10)), supply=supply)
    for given in ([first, then, last], [last, then, first], [then, last, first]):
        assert summary(again(given, order(line(5)), supply=supply)) == {
            "kept": ["O1/1 4 11-29", "O1/1 1 12-07"],
            "freed": ["O1/1 1 12-07", "O1/1 4 12-16"],
        }


def test_units_that_may_not_wait_any_more_do_not():
    promises = promised(order(line(2)), supply=there(), rules=WEEKS)
    now = order(line(2, when_short="cancel"))
    assert summary(again(promises, now, supply=there(), rules=WEEKS)) == {"broken": ["O1/1 2 27-01-10 > none too_few"]}


TOGETHER = {
    "a line that is complete": (
        COMPLETE,
        order(line(5)),
        there(4, P1),
        there(4, moved(P1, "12-05")),
        {"broken": ["O1/1 1 12-07 > 12-11 +4 receipt_late", "O1/1 4 12-07 > 12-11 +4 companion"]},
    ),
    "a line that is complete, and can be no more": (
        COMPLETE,
        order(line(5)),
        there(4, P1),
        there(4),
        {"broken": ["O1/1 1 12-07 > none receipt_gone", "O1/1 4 12-07 > none companion"]},
    ),
    "a line that is complete, and another line": (
        COMPLETE,
        order(line(5), line(1, id="2", sku="LP")),
        there(4, P1, L1),
        there(4, moved(P1, "12-05"), L1),
        {
            "kept": ["O1/2 1 12-07"],
            "broken": ["O1/1 1 12-07 > 12-11 +4 receipt_late", "O1/1 4 12-07 > 12-11 +4 companion"],
        },
    ),
    "an order that ships complete": (
        STAGED,
        order(line(2), line(2, id="2", sku="LP"), ship="complete"),
        there(4, L1),
        there(4, moved(L1, "12-05")),
        {"broken": ["O1/2 2 12-07 > 12-11 +4 receipt_late", "O1/1 2 12-07 > 12-11 +4 companion"]},
    ),
    "an order that ships complete, a receipt cut": (
        STAGED,
        order(line(2), line(2, id="2", sku="LP"), ship="complete"),
        there(4, L1),
        there(4, cut(L1, 1)),
        {
            "broken": [
                "O1/2 1 12-07 > none too_few",
                "O1/1 2 12-07 > none companion",
                "O1/2 1 12-07 > none companion",
            ]
        },
    ),
    "a group, and a line by itself": (
        STAGED,
        order(line(2, ship_group="g"), line(1, id="2"), line(2, id="3", sku="LP", ship_group="g")),
        there(4, L1),
        there(4, moved(L1, "12-05")),
        {
            "kept": ["O1/2 1 11-29"],
            "broken": ["O1/3 2 12-07 > 12-11 +4 receipt_late", "O1/1 2 12-07 > 12-11 +4 companion"],
        },
    ),
    "two groups": (
        STAGED,
        order(line(2, ship_group="h"), line(1, id="2", ship_group="g"), line(2, id="3", sku="LP", ship_group="g")),
        there(4, L1),
        there(4, moved(L1, "12-05")),
        {
            "kept": ["O1/1 2 11-29"],
            "broken": ["O1/3 2 12-07 > 12-11 +4 receipt_late", "O1/2 1 12-07 > 12-11 +4 companion"],
        },
    ),
    "a shipment of the least size": (
        PromiseRules(min_shipment=3),
        order(line(7)),
        there(4, P1, P2),
        there(4, cut(P1, 2), P2),
        {
            "kept": ["O1/1 4 11-29"],
            "broken": ["O1/1 1 12-07 > 12-16 +9 too_few", "O1/1 2 12-07 > 12-16 +9 companion"],
        },
    ),
    "a shipment of two from two receipts": (
        PromiseRules(min_shipment=2),
        order(line(4)),
        there(2, cut(P1, 1), cut(P2, 1)),
        there(2, cut(P1, 1), moved(cut(P2, 1), "12-12")),
        {
            "kept": ["O1/1 2 11-29"],
            "broken": ["O1/1 1 12-16 > 12-18 +2 receipt_late", "O1/1 1 12-16 > 12-18 +2 companion"],
        },
    ),
    "a shipment from two receipts": (
        PromiseRules(min_shipment=3),
        order(line(9)),
        there(4, P1, P2),
        there(4, P1, moved(P2, "12-12")),
        {
            "kept": ["O1/1 4 11-29"],
            "broken": ["O1/1 2 12-16 > 12-18 +2 receipt_late", "O1/1 3 12-16 > 12-18 +2 companion"],
        },
    ),
    "a delivery on a date, and there is time": (
        ON_DATE,
        order(line(5, requested="12-11")),
        there(4, P1),
        there(4, moved(P1, "12-05")),
        {"kept": ["O1/1 5 12-11"]},
    ),
}


@pytest.mark.parametrize(("rules", "asked", "before", "after", "expected"), TOGETHER.values(), ids=TOGETHER)
def test_what_ships_together_holds_or_breaks_together(rules, asked, before, after, expected):
    assert summary(again(promised(asked, supply=before, rules=rules), asked, supply=after, rules=rules)) == expected


def test_units_that_are_in_time_for_a_delivery_on_a_date_are_kept():
    asked = order(line(5, requested="12-11"))
    promises = promised(asked, supply=there(4, P1), rules=ON_DATE)
    found = again(promises, asked, supply=there(4, moved(P1, "12-06")), rules=ON_DATE)
    assert summary(found)["kept"] == ["O1/1 4 12-11"]
    assert [(item.promise.quantity, item.now.delivery) for item in found.broken] == [(1, None)]


def test_what_a_broken_group_leaves_is_there_for_the_next():
    group = order(line(2), line(2, id="2", sku="LP"), ship="complete")
    other = second(line(4))
    promises = promised(group, other, supply=there(4, L1))
    found = again(promises, group, other, supply=there(4))
    assert summary(found) == {
        "kept": ["O2/1 2 11-29"],
        "broken": ["O1/2 2 12-07 > none receipt_gone", "O1/1 2 12-07 > none companion"],
        "gained": ["O2/1 2 11-29"],
    }


def test_the_range_given_first_is_kept_over_two_delays():
    asked = order(line(2))
    promises = promised(asked, supply=there(0, P1))
    once = again(promises, asked, supply=there(0, moved(P1, "12-05")))
    twice = again(once.promises, asked, supply=there(0, moved(P1, "12-09")))
    [broken] = twice.broken
    assert (broken.promise.first, broken.promise.delivery) == (days("12-04", "12-07"), days("12-08", "12-11"))
    assert (broken.now.first, broken.now.delivery) == (days("12-04", "12-07"), days("12-12", "12-15"))
    assert broken.days_moved == 4


def test_what_lost_its_date_and_gains_another_remembers_the_first():
    asked = order(line(2))
    once = again(promised(asked, supply=there(0, P1)), asked, supply=there())
    [lost] = once.promises
    assert (lost.kind, lost.ready, lost.delivery, lost.first) == (PromiseKind.NONE, None, None, days("12-04", "12-07"))
    twice = again(once.promises, asked, supply=there())
    assert twice.kept == (lost,)
    [gained] = again(twice.promises, asked, supply=there(0, P2)).gained
    assert (gained.delivery, gained.first) == (days("12-13", "12-16"), days("12-04", "12-07"))


def test_a_gain_of_what_never_had_a_date_is_its_first():
    asked = order(line(2))
    [gained] = again(promised(asked, supply=there()), asked, supply=there(0, P1)).gained
    assert gained == promised(asked, supply=there(0, P1))[0]
    assert gained.first is None


def test_a_kept_promise_is_the_promise_that_was_given():
    asked = order(line(2))
    promises = promised(asked, supply=there(0, P1))
    found = again(promises, asked, supply=there(5))
    assert found.kept == promises  # on order it was, though it is there now
    assert found.promises == promises


def test_what_is_kept_comes_in_the_order_of_the_lines_the_soonest_first():
    """The first receipt is gone, and the estimate of the shop is sooner still."""
    soon = PromiseRules(estimate=(relativedelta(), relativedelta(weeks=1)))
    asked = order(line(6), line(id="2", sku="LP"))
    before = there(receipts=[P1, cut(P2, 3)], on_hand={"LP": 1})
    promises = promised(asked, supply=before, rules=soon)
    found = again(promises, asked, supply=attrs.evolve(before, receipts=[cut(P2, 3)]), rules=soon)
    assert [shown(promise) for promise in found.kept] == ["O1/1 3 12-07", "O1/1 3 12-16", "O1/2 1 11-29"]
    assert [promise.kind.value for promise in found.kept] == ["estimate", "backorder", "in_stock"]


def test_a_window_holds_as_it_was_promised_though_its_receipt_is_gone():
    asked = order(line(2, promised="12-01 to 12-05"))
    promises = promised(asked, supply=there(0, moved(P1, "11-29")))
    assert [promise.kind for promise in promises] == [PromiseKind.BACKORDER]
    assert again(promises, asked, supply=there()).kept == promises


def test_what_is_promised_now_is_all_that_is_still_asked_for():
    orders = [order(line(4)), second(line(2)), order(line(1), id="O3")]
    promises = promised(*orders, supply=there(4, cut(P1, 2)))
    found = again(promises, order(line(3)), *orders[1:], supply=there(3, cut(P2, 3)))
    assert summary(found) == {
        "kept": ["O1/1 3 11-29"],
        "broken": ["O2/1 2 12-07 > 12-16 +9 receipt_gone"],
        "gained": ["O3/1 1 12-16"],
        "freed": ["O1/1 1 11-29"],
    }
    assert found.promises == (*found.kept, found.broken[0].now, *found.gained)


def test_commitments_to_these_orders_do_not_stand_in_their_way():
    orders = [order(line(3)), second(line(3))]
    supply = there(4, P1)
    promises = promised(*orders, supply=supply)
    owed = attrs.evolve(supply, commitments=commitments_of(promises, times=TIMES))
    assert again(promises, *orders, supply=owed) == again(promises, *orders, supply=supply)
    assert summary(again(promises, orders[1], supply=owed)) == {
        "kept": ["O2/1 1 11-29", "O2/1 2 12-07"],
        "freed": ["O1/1 3 11-29"],
    }


def test_commitments_to_other_orders_do():
    owed = Commitment(sku="CD", quantity=3, order_id="O9")
    asked = order(line(2))
    promises = promised(asked, supply=there(4))
    assert summary(again(promises, asked, supply=there(4, commitments=[owed]))) == {
        "kept": ["O1/1 1 11-29"],
        "broken": ["O1/1 1 11-29 > none too_few"],
    }


def test_orders_that_nothing_is_promised_to_are_not_looked_at():
    found = again((), order(line(2)), supply=there(4))
    assert found == Repromise(kept=(), broken=(), gained=(), freed=())
    assert found.promises == ()


def test_lines_of_goods_alone_have_promises():
    asked = order(line(2), line(1, id="fee", kind=LineKind.FEE), line(1, id="card", kind=LineKind.DIGITAL))
    promises = promised(asked, supply=there(4))
    assert summary(again(promises, asked, supply=there(4))) == {"kept": ["O1/1 2 11-29"]}


def test_every_reason_is_met_above():
    tables = [*SUPPLY.values(), *ORDERS.values(), *PASSING.values(), *UNSAID.values(), *TOGETHER.values()]
    told_of = {text.rsplit(" ", 1)[1] for *_, expected in tables for text in expected.get("broken", [])}
    assert told_of == {reason.value for reason in BreakReason}


def test_what_is_found_is_a_value():
    asked = order(line(3))
    found = again(promised(asked, supply=there(0, P1)), asked, supply=there(0, cut(P1, 1)))
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(attrs.evolve(found))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.kept = ()


@pytest.mark.parametrize(
    ("promises", "facts", "code", "path"),
    [
        pytest.param([order(line())], {}, "type.invalid", "promises[0]", id="an order as a promise"),
        pytest.param(None, {}, "type.invalid", "promises", id="no promises"),
        pytest.param(
            [], {"orders": [order(line()), order(line())]}, "id.repeated", "orders[1].id", id="an order twice"
        ),
        pytest.param([], {"orders": order(line())}, "type.invalid", "orders", id="one order"),
        pytest.param([], {"supply": None}, "type.invalid", "supply", id="no supply"),
        pytest.param([], {"times": None}, "type.invalid", "times", id="no times"),
        pytest.param([], {"rules": "staged"}, "type.invalid", "rules", id="rules by name"),
        pytest.param([], {"at": dt.datetime(2026, 1, 1)}, "instant.naive", "at", id="no offset"),
    ],
)
def test_what_cannot_be_promised_again_is_refused(promises, facts, code, path):
    with pytest.raises(InvalidArgument) as caught:
        repromise(promises, **{"orders": [], "supply": there(), "times": TIMES, "at": NOW} | facts)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_units_that_are_late_for_a_delivery_on_a_date_break_for_that():
    asked = order(line(5, requested="12-11"))
    promises = promised(asked, supply=there(4, P1), rules=ON_DATE)
    assert summary(again(promises, asked, supply=there(4, moved(P1, "12-06")), rules=ON_DATE)) == {
        "kept": ["O1/1 4 12-11"],
        "broken": ["O1/1 1 12-11 > none receipt_late"],
    }


def test_an_estimate_holds_though_a_day_passes_and_the_receipts_that_were_known_are_later():
    asked = order(line(5))
    supply = there(0, moved(cut(P1, 2), "27-02-01"))
    promises = promised(asked, supply=supply, rules=WEEKS)
    assert [shown(promise) for promise in promises] == ["O1/1 3 27-01-10", "O1/1 2 27-02-07"]
    found = again(promises, asked, supply=supply, rules=WEEKS, at=instant("11-24"))
    assert sorted(summary(found)) == ["kept"]


@pytest.mark.parametrize("number", [1, 2])
def test_an_estimate_takes_nothing_from_what_ships_with_a_pre_order_of_which_nothing_is_on_order(number):
    group = second(
        line(id="2", sku="LP", street_date="12-06", ship_group="g"), line(id="3", ship_group="g"), ship="as_available"
    )
    late = order(line(1), *[line(id="2", sku="LP", street_date="12-06", ship_group="g")][: number - 1])
    promises = promised(group, late, supply=there(1), rules=WEEKS)
    assert [promise.kind for promise in promises if promise.sku == "CD"] == ["in_stock", "estimate"]
    found = again(promises, late, group, supply=there(1), rules=WEEKS)
    assert sorted(summary(found)) == ["kept"]


def test_estimates_and_what_they_ship_with_leave_to_others_what_is_theirs():
    """Two groups of an estimate and a unit that is there: neither estimate takes the other group's unit."""
    groups = [
        Order(
            id=name,
            placed_at=NOW,
            lines=[line(id="1", sku=sku, ship_group="g"), line(id="2", sku=other, ship_group="g")],
        )
        for name, sku, other in [("O1", "CD", "LP"), ("O2", "LP", "CD")]
    ]
    alone = [
        Order(id=one.id, placed_at=NOW, lines=[attrs.evolve(item, ship_group="") for item in one.lines])
        for one in groups
    ]
    supply = Supply(on_hand={"CD": 1, "LP": 1})
    ready = promised(*[attrs.evolve(one, lines=one.lines[:1]) for one in alone], supply=supply, rules=WEEKS)
    waits = promised(*[attrs.evolve(one, lines=one.lines[1:]) for one in alone], supply=there(0), rules=WEEKS)
    assert {promise.kind for promise in ready} == {"in_stock"}
    assert {promise.kind for promise in waits} == {"estimate"}
    found = again((*ready, *waits), *groups, supply=supply, rules=WEEKS)
    assert sorted(summary(found)) == ["kept"]


def test_a_promise_that_is_later_than_the_window_breaks_when_its_receipt_is_gone():
    asked = order(line(2, promised="11-25 to 11-30"))
    promises = promised(asked, supply=there(0, P2))
    assert [shown(promise) for promise in promises] == ["O1/1 2 12-16"]
    found = again(promises, asked, supply=there(), at=instant("12-03"))
    assert summary(found) == {"broken": ["O1/1 2 12-16 > none receipt_gone"]}


def test_what_is_gained_is_no_smaller_than_the_least_shipment():
    rules, asked = PromiseRules(min_shipment=5), order(line(7))
    promises = promised(asked, supply=there(5), rules=rules)
    assert summary(again(promises, asked, supply=there(7), rules=rules)) == {"kept": ["O1/1 5 11-29", "O1/1 2 none"]}


def test_the_order_of_the_promises_does_not_matter():
    supply = there(0, P1, attrs.evolve(P1, reference="P0"))
    promises = promised(order(line(6)), supply=supply)
    forwards = again(promises, order(line(3)), supply=supply)
    assert forwards == again(promises[::-1], order(line(3)), supply=supply)


def test_what_is_held_back_for_one_order_is_not_taken_for_another():
    held, other = order(line(1, when_short="cancel", requested="12-20")), second(line(1, when_short="cancel"))
    supply = there(1, P1)
    promises = promised(held, supply=supply, rules=ON_DATE)
    owed = attrs.evolve(supply, commitments=commitments_of(promises, times=TIMES))
    promises += promised(other, supply=owed, rules=ON_DATE)
    assert again(promises, held, other, supply=supply, rules=ON_DATE).broken == ()


def test_what_may_not_wait_is_not_kept_by_what_comes_though_it_ships_later_with_its_companion():
    at = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
    lines = [
        OrderLine(id="1", sku="A", quantity=1, street_date=at + dt.timedelta(days=7), ship_group="g"),
        OrderLine(id="2", sku="A", quantity=1, when_short="cancel", ship_group="g"),
    ]
    order = Order(id="O1", placed_at=at, lines=lines)
    far = [Receipt(sku="A", quantity=0, expected=dt.date(2027, 3, 2))]
    times = ShippingTimes(handling=LeadTime(1, 2), transit=LeadTime(2, 4))
    given = promise_orders([order], supply=Supply(on_hand={"A": 2}, receipts=far), times=times, at=at)
    after = Supply(on_hand={}, receipts=far, replenishment={"A": LeadTime(3, 6)})
    apart = attrs.evolve(order, lines=[attrs.evolve(line, ship_group="") for line in lines])
    found = repromise(given, orders=[apart], supply=after, times=times, at=at)
    assert [promise.line_id for promise in found.kept] == ["1"]
    assert [(broken.promise.line_id, broken.now.kind.value) for broken in found.broken] == [("2", "none")]
