"""How a shop's rules, windows and groups change what is promised, and orders in a row; each case worked by hand."""

from __future__ import annotations

import datetime as dt
import pickle
from itertools import product

import attrs
import pytest
from dateutil.relativedelta import MO, TH, relativedelta

from preorder_kit import (
    MON_TO_FRI,
    Commitment,
    Confirmation,
    CutOff,
    DateRange,
    InvalidArgument,
    LeadTime,
    NoWorkingDay,
    Order,
    OrderLine,
    Pegging,
    Promise,
    PromiseKind,
    PromiseRules,
    Receipt,
    ShippingTimes,
    Supply,
    WorkCalendar,
    commitments_of,
    promise_order,
    promise_orders,
)


def day(written: str) -> dt.date:
    """Return a day, written as 11-23 for 2026 or 27-01-20 for 2027."""
    return dt.date.fromisoformat(f"20{written}" if len(written) > 5 else f"2026-{written}")


def days(first: str, last: str = "") -> DateRange:
    return DateRange(day(first), day(last or first))


def instant(written: str, hour: int = 0) -> dt.datetime:
    return dt.datetime.combine(day(written), dt.time(hour), dt.timezone.utc)


NOW = instant("11-23", 9)  # a Monday
TIMES = ShippingTimes(handling=LeadTime(1, 2), transit=LeadTime(2, 4))  # every day: 3 to 6 days after it is ready
INBOUND = attrs.evolve(TIMES, inbound=LeadTime(1, 2))
P1 = Receipt(sku="CD", quantity=3, expected=day("12-01"), reference="P1")  # arrives from 4 to 7 December
P2 = Receipt(sku="CD", quantity=5, expected=day("12-10"), reference="P2")  # arrives from 13 to 16 December


def line(quantity: int = 1, **fields: object) -> OrderLine:
    texts = {"requested": day, "street_date": instant, "promised": lambda given: days(*given.split(" to "))}
    read = {name: texts[name](value) if name in texts else value for name, value in fields.items()}
    return OrderLine(**{"id": "1", "sku": "CD", "quantity": quantity, "when_short": "wait"} | read)


def order(*lines: OrderLine, **fields: object) -> Order:
    return Order(**{"id": "O1", "placed_at": NOW, "lines": lines} | fields)


def there(units: int = 0, *receipts: Receipt, **fields: object) -> Supply:
    return Supply(**{"on_hand": {"CD": units}, "receipts": receipts} | fields)


def promised(*lines: OrderLine, supply: Supply, rules: PromiseRules, **facts: object) -> tuple[Promise, ...]:
    return promise_order(order(*lines), **{"supply": supply, "times": TIMES, "at": NOW, "rules": rules} | facts)


def written(found: DateRange) -> str:
    first, last = (bound.isoformat().removeprefix("2026-").removeprefix("20") for bound in attrs.astuple(found))
    return first if first == last else f"{first} to {last}"


def shown(promises: tuple[Promise, ...]) -> list[str]:
    """Return each promise as text: units, kind, when it is ready, the receipts."""
    return [
        " ".join(
            [str(item.quantity), item.kind.value, *([written(item.ready)] if item.ready else []), *item.references]
        )
        for item in promises
    ]


# Nine wanted by 11 December, and so ready on the 5th. Four are there, three come in time, two are five days late. All
# that comes is wanted, so that it does not matter what is taken first.
STAGED = ["4 in_stock 11-23", "3 backorder 12-01 P1", "2 backorder 12-10 P2"]
STAGED_IN_TIME = ["4 in_stock 11-23", "3 backorder 12-01 P1", "2 none"]
LAST_FIVE_TOGETHER = ["4 in_stock 11-23", "3 backorder 12-10 P1", "2 backorder 12-10 P2"]
ALL_TOGETHER = ["4 in_stock 12-10", "3 backorder 12-10 P1", "2 backorder 12-10 P2"]
ON_DATE = ["4 in_stock 12-05", "3 backorder 12-05 P1", "2 none"]
NOTHING = ["9 none"]
NINE = {
    ("staged", 1, None): STAGED,
    ("staged", 1, 0): STAGED_IN_TIME,
    ("staged", 1, 2): STAGED_IN_TIME,
    ("staged", 1, 5): STAGED,
    ("staged", 3, None): LAST_FIVE_TOGETHER,
    ("staged", 3, 0): STAGED_IN_TIME,
    ("staged", 3, 2): STAGED_IN_TIME,
    ("staged", 3, 5): LAST_FIVE_TOGETHER,
    ("staged", 8, None): ALL_TOGETHER,
    ("staged", 8, 0): NOTHING,
    ("staged", 8, 2): NOTHING,
    ("staged", 8, 5): ALL_TOGETHER,
    ("complete", 1, None): ALL_TOGETHER,
    ("complete", 1, 0): NOTHING,
    ("complete", 1, 2): NOTHING,
    ("complete", 1, 5): ALL_TOGETHER,
    ("complete", 3, None): ALL_TOGETHER,
    ("complete", 3, 0): NOTHING,
    ("complete", 3, 2): NOTHING,
    ("complete", 3, 5): ALL_TOGETHER,
    ("complete", 8, None): ALL_TOGETHER,
    ("complete", 8, 0): NOTHING,
    ("complete", 8, 2): NOTHING,
    ("complete", 8, 5): ALL_TOGETHER,
    ("on_date", 1, None): ON_DATE,
    ("on_date", 1, 0): ON_DATE,
    ("on_date", 1, 2): ON_DATE,
    ("on_date", 1, 5): ON_DATE,
    ("on_date", 3, None): ON_DATE,
    ("on_date", 3, 0): ON_DATE,
    ("on_date", 3, 2): ON_DATE,
    ("on_date", 3, 5): ON_DATE,
    ("on_date", 8, None): NOTHING,
    ("on_date", 8, 0): NOTHING,
    ("on_date", 8, 2): NOTHING,
    ("on_date", 8, 5): NOTHING,
}


@pytest.mark.parametrize("pegging", Pegging)
@pytest.mark.parametrize(
    ("confirmation", "least", "most", "expected"),
    [(*key, expected) for key, expected in NINE.items()],
    ids=[f"{confirmation}, least {least}, late {most}" for confirmation, least, most in NINE],
)
def test_nine_units_under_every_rule(confirmation, pegging, least, most, expected):
    rules = PromiseRules(confirmation=confirmation, pegging=pegging, min_shipment=least, max_lateness=most)
    assert shown(promised(line(9, requested="12-11"), supply=there(4, P1, P2), rules=rules)) == expected


def test_the_table_has_every_rule():
    assert set(NINE) == set(product([item.value for item in Confirmation], [1, 3, 8], [None, 0, 2, 5]))


# Five wanted by 11 December: three come in time for it, so that two are taken from the four that are there.
FIVE = {
    ("staged", "first", 1): ["4 in_stock 11-23", "1 backorder 12-01 P1"],
    ("staged", "first", 3): ["4 in_stock 12-01", "1 backorder 12-01 P1"],
    ("staged", "latest_feasible", 1): ["2 in_stock 11-23", "3 backorder 12-01 P1"],
    ("staged", "latest_feasible", 2): ["2 in_stock 11-23", "3 backorder 12-01 P1"],
    ("staged", "latest_feasible", 3): ["2 in_stock 12-01", "3 backorder 12-01 P1"],
    ("complete", "first", 1): ["4 in_stock 12-01", "1 backorder 12-01 P1"],
    ("complete", "latest_feasible", 1): ["2 in_stock 12-01", "3 backorder 12-01 P1"],
    ("on_date", "first", 1): ["4 in_stock 12-05", "1 backorder 12-05 P1"],
    ("on_date", "latest_feasible", 1): ["2 in_stock 12-05", "3 backorder 12-05 P1"],
    ("on_date", "latest_feasible", 9): ["2 in_stock 12-05", "3 backorder 12-05 P1"],
}


@pytest.mark.parametrize("most", [None, 0, 2, 5])
@pytest.mark.parametrize(
    ("confirmation", "pegging", "least", "expected"),
    [(*key, expected) for key, expected in FIVE.items()],
    ids=[", ".join(map(str, key)) for key in FIVE],
)
def test_five_units_leave_what_is_there_to_others_if_the_rules_say_so(confirmation, pegging, least, most, expected):
    rules = PromiseRules(confirmation=confirmation, pegging=pegging, min_shipment=least, max_lateness=most)
    supply = there(4, P1, P2)
    assert shown(promised(line(5, requested="12-11"), supply=supply, rules=rules)) == expected
    other = order(line(2, when_short="cancel"), id="O2")
    found = promise_orders([order(line(5, requested="12-11")), other], supply=supply, times=TIMES, at=NOW, rules=rules)
    left = sum(item.quantity for item in found if item.order_id == "O2" and item.kind is PromiseKind.IN_STOCK)
    assert left == (0 if pegging == "first" else 2)


RULES = {
    "complete: in one parcel from what is there": (
        PromiseRules(confirmation="complete"),
        [line(4)],
        there(4, P1),
        ["4 in_stock 11-23"],
    ),
    "complete: units that may not wait": (
        PromiseRules(confirmation="complete"),
        [line(5, when_short="cancel")],
        there(4, P1),
        ["5 none"],
    ),
    "complete: units that may not wait and are all there": (
        PromiseRules(confirmation="complete"),
        [line(4, when_short="cancel")],
        there(4),
        ["4 in_stock 11-23"],
    ),
    "complete: too few on order": (PromiseRules(confirmation="complete"), [line(8)], there(4, P1), ["8 none"]),
    "complete: what one line leaves serves the next": (
        PromiseRules(confirmation="complete"),
        [line(8), line(7, id="2")],
        there(4, P1),
        ["8 none", "4 in_stock 12-01", "3 backorder 12-01 P1"],
    ),
    "complete: each line by itself": (
        PromiseRules(confirmation="complete"),
        [line(4), line(2, id="2")],
        there(4, P1),
        ["4 in_stock 11-23", "2 backorder 12-01 P1"],
    ),
    "complete: with an estimate for the rest": (
        PromiseRules(confirmation="complete", estimate=(relativedelta(weeks=4), relativedelta(weeks=6))),
        [line(8)],
        there(4, P1),
        ["4 in_stock 12-21 to 27-01-04", "3 backorder 12-21 to 27-01-04 P1", "1 estimate 12-21 to 27-01-04"],
    ),
    "complete: a wanted day says nothing without a bound": (
        PromiseRules(confirmation="complete"),
        [line(5, requested="11-24")],
        there(4, P1),
        ["4 in_stock 12-01", "1 backorder 12-01 P1"],
    ),
    "on date: held back": (
        PromiseRules(confirmation="on_date"),
        [line(2, requested="12-20")],
        there(4),
        ["2 in_stock 12-14"],
    ),
    "on date: on the very day": (
        PromiseRules(confirmation="on_date"),
        [line(2, requested="11-29")],
        there(4),
        ["2 in_stock 11-23"],
    ),
    "on date: a day too late": (
        PromiseRules(confirmation="on_date"),
        [line(2, requested="11-28")],
        there(4),
        ["2 none"],
    ),
    "on date: what is late is left to the next line": (
        PromiseRules(confirmation="on_date"),
        [line(3, requested="12-06"), line(1, id="2")],
        there(0, P1),
        ["3 none", "1 backorder 12-01 P1"],
    ),
    "on date: a line without a day comes as it comes": (
        PromiseRules(confirmation="on_date"),
        [line(5)],
        there(4, P1),
        ["4 in_stock 11-23", "1 backorder 12-01 P1"],
    ),
    "on date: a street date in time": (
        PromiseRules(confirmation="on_date"),
        [line(2, requested="12-11", street_date="12-04")],
        there(4),
        ["2 preorder 12-05"],
    ),
    "on date: a street date too late": (
        PromiseRules(confirmation="on_date"),
        [line(2, requested="12-09", street_date="12-04")],
        there(4),
        ["2 none"],
    ),
    "on date: held back to the end of a window that was sold": (
        PromiseRules(confirmation="on_date"),
        [line(2, requested="12-11", promised="12-01 to 12-09")],
        there(4),
        ["2 in_stock 12-03"],
    ),
    "on date: just in time for a window that was sold": (
        PromiseRules(confirmation="on_date"),
        [line(2, requested="12-20", promised="12-01 to 12-09")],
        there(0, attrs.evolve(P1, expected=day("12-03"))),
        ["2 backorder 12-03 P1"],
    ),
    "on date: a window that was sold, and supply makes it later": (
        PromiseRules(confirmation="on_date"),
        [line(2, requested="12-20", promised="12-01 to 12-09")],
        there(0, P2),
        ["2 backorder 12-14 P2"],
    ),
    "on date: an estimate that may be in time": (
        PromiseRules(confirmation="on_date", estimate=(relativedelta(days=1), relativedelta(days=2))),
        [line(2, requested="12-20")],
        there(),
        ["2 estimate 12-14"],
    ),
    "least: 11 of 20, and 15 are there": (
        PromiseRules(min_shipment=11),
        [line(20)],
        there(15, attrs.evolve(P1, quantity=5)),
        ["15 in_stock 12-01", "5 backorder 12-01 P1"],
    ),
    "least: 11 of 20, and 15 are there and no more": (
        PromiseRules(min_shipment=11),
        [line(20)],
        there(15),
        ["15 in_stock 11-23", "5 none"],
    ),
    "least: 5 of 15, and 12 are there": (
        PromiseRules(min_shipment=5),
        [line(15)],
        there(12, P1),
        ["10 in_stock 11-23", "2 in_stock 12-01", "3 backorder 12-01 P1"],
    ),
    "least: 5 of 15, and 12 are there, 2 come": (
        PromiseRules(min_shipment=5),
        [line(15)],
        there(12, attrs.evolve(P1, quantity=2)),
        ["9 in_stock 11-23", "3 in_stock 12-01", "2 backorder 12-01 P1", "1 none"],
    ),
    "least: the whole line is smaller": (PromiseRules(min_shipment=5), [line(3)], there(3), ["3 in_stock 11-23"]),
    "least: the whole line is smaller and waits for its last": (
        PromiseRules(min_shipment=5),
        [line(3)],
        there(2, P1),
        ["2 in_stock 12-01", "1 backorder 12-01 P1"],
    ),
    "least: what is cancelled counts against it": (
        PromiseRules(min_shipment=5),
        [line(9, when_short="cancel"), line(4, id="2")],
        there(4),
        ["9 none", "4 in_stock 11-23"],
    ),
    "least: just enough that is not cancelled": (
        PromiseRules(min_shipment=5),
        [line(9, when_short="cancel")],
        there(5),
        ["5 in_stock 11-23", "4 none"],
    ),
    "least: what is late counts against it": (
        PromiseRules(min_shipment=5, max_lateness=0),
        [line(7, requested="12-06")],
        there(4, P1),
        ["7 none"],
    ),
    "least: three shipments of it": (
        PromiseRules(min_shipment=3),
        [line(9)],
        there(3, P1, P2),
        ["3 in_stock 11-23", "3 backorder 12-01 P1", "3 backorder 12-10 P2"],
    ),
    "least: two receipts of one day leave together": (
        PromiseRules(min_shipment=4),
        [line(6)],
        there(0, P1, attrs.evolve(P1, reference="P0")),
        ["3 backorder 12-01 P0", "3 backorder 12-01 P1"],
    ),
    "least: two receipts of one day are parted": (
        PromiseRules(min_shipment=3),
        [line(7)],
        there(0, P1, attrs.evolve(P1, reference="P0"), attrs.evolve(P2, quantity=1)),
        ["3 backorder 12-01 P0", "1 backorder 12-01 P1", "2 backorder 12-10 P1", "1 backorder 12-10 P2"],
    ),
    "least: a receipt of one day goes, and another of that day waits": (
        PromiseRules(min_shipment=3),
        [line(6)],
        there(0, P1, attrs.evolve(P1, quantity=2, reference="P3"), attrs.evolve(P2, quantity=1)),
        ["3 backorder 12-01 P1", "2 backorder 12-10 P3", "1 backorder 12-10 P2"],
    ),
    "least: a receipt on some day of a week joins": (
        PromiseRules(min_shipment=4),
        [line(6)],
        there(3, attrs.evolve(P1, expected=days("11-25", "12-01"))),
        ["3 in_stock 11-25 to 12-01", "3 backorder 11-25 to 12-01 P1"],
    ),
    "late: the last day of the range counts": (
        PromiseRules(max_lateness=2),
        [line(3, requested="12-04"), line(3, id="2", requested="12-05")],
        there(0, attrs.evolve(P1, quantity=6)),
        ["3 none", "3 backorder 12-01 P1"],
    ),
    "late: what is too late is left to the next line": (
        PromiseRules(max_lateness=0),
        [line(5, requested="12-06"), line(3, id="2")],
        there(2, P1),
        ["2 in_stock 11-23", "3 none", "3 backorder 12-01 P1"],
    ),
    "late: without a wanted day there is no bound": (
        PromiseRules(max_lateness=0),
        [line(1)],
        there(0, P2),
        ["1 backorder 12-10 P2"],
    ),
    "late: more days than there are": (
        PromiseRules(max_lateness=9_999_999),
        [line(1, requested="11-20")],
        there(0, P2),
        ["1 backorder 12-10 P2"],
    ),
    "latest: without a wanted day, what is there": (
        PromiseRules(pegging="latest_feasible"),
        [line(2)],
        there(4, P1),
        ["2 in_stock 11-23"],
    ),
    "latest: a receipt of today before what is there": (
        PromiseRules(pegging="latest_feasible"),
        [line(2, requested="11-29")],
        there(4, attrs.evolve(P1, expected=day("11-23"))),
        ["2 backorder 11-23 P1"],
    ),
    "latest: what is there first for those who want no day": (
        PromiseRules(pegging="latest_feasible"),
        [line(2)],
        there(4, attrs.evolve(P1, expected=day("11-23"))),
        ["2 in_stock 11-23"],
    ),
    "latest: a day that is too soon, what is there, then what comes first": (
        PromiseRules(pegging="latest_feasible"),
        [line(5, requested="11-29")],
        there(4, P1, P2),
        ["4 in_stock 11-23", "1 backorder 12-01 P1"],
    ),
    "latest: a day that is long past": (
        PromiseRules(pegging="latest_feasible"),
        [line(5, requested="10-01")],
        there(4, P1, P2),
        ["4 in_stock 11-23", "1 backorder 12-01 P1"],
    ),
    "latest: the last receipt in time": (
        PromiseRules(pegging="latest_feasible"),
        [line(6, requested="12-16")],
        there(4, P1, P2),
        ["1 backorder 12-01 P1", "5 backorder 12-10 P2"],
    ),
    "latest: a receipt a day too late": (
        PromiseRules(pegging="latest_feasible"),
        [line(6, requested="12-15")],
        there(4, P1, P2),
        ["3 in_stock 11-23", "3 backorder 12-01 P1"],
    ),
    "latest: units that may not wait are taken from what is there": (
        PromiseRules(pegging="latest_feasible"),
        [line(5, requested="12-31", when_short="cancel")],
        there(4, P1, P2),
        ["4 in_stock 11-23", "1 none"],
    ),
    "latest: until the street date": (
        PromiseRules(pegging="latest_feasible"),
        [line(4, street_date="12-05")],
        there(4, P1, P2),
        ["3 preorder 12-05 P1", "1 preorder 12-05"],
    ),
    "latest: until the street date where less is wanted": (
        PromiseRules(pegging="latest_feasible"),
        [line(4, street_date="12-05", requested="12-01")],
        there(4, P1, P2),
        ["3 preorder 12-05 P1", "1 preorder 12-05"],
    ),
    "latest: until the wanted day, if that is after the street date": (
        PromiseRules(pegging="latest_feasible"),
        [line(4, street_date="12-05", requested="12-16")],
        there(4, P1, P2),
        ["4 preorder 12-10 P2"],
    ),
    "latest: ordered anew if that is in time": (
        PromiseRules(pegging="latest_feasible"),
        [line(4, requested="12-31")],
        there(4, replenishment={"CD": LeadTime(3, 5)}),
        ["4 backorder 11-26 to 11-28"],
    ),
    "estimate: what may wait": (
        PromiseRules(estimate=(relativedelta(weeks=4), relativedelta(weeks=6))),
        [line(6)],
        there(1, P1),
        ["1 in_stock 11-23", "3 backorder 12-01 P1", "2 estimate 12-21 to 27-01-04"],
    ),
    "estimate: not for what may not wait": (
        PromiseRules(estimate=(relativedelta(weeks=4), relativedelta(weeks=6))),
        [line(6, when_short="cancel")],
        there(1, P1),
        ["1 in_stock 11-23", "5 none"],
    ),
    "estimate: months": (
        PromiseRules(estimate=(relativedelta(months=1), relativedelta(months=3, day=31))),
        [line(1)],
        there(),
        ["1 estimate 12-23 to 27-02-28"],
    ),
    "estimate: the rest of a pre-order, from its street day": (
        PromiseRules(estimate=(relativedelta(weeks=4), relativedelta(weeks=6))),
        [line(5, street_date="27-02-05")],
        there(0, P1),
        ["3 preorder 27-02-05 P1", "2 estimate 27-03-05 to 27-03-19"],
    ),
    "estimate: not for a pre-order of which nothing is named": (
        PromiseRules(estimate=(relativedelta(weeks=4), relativedelta(weeks=6))),
        [line(5, street_date="27-02-05")],
        there(),
        ["5 preorder 27-02-05"],
    ),
    "estimate: too late for the wanted day": (
        PromiseRules(estimate=(relativedelta(weeks=4), relativedelta(weeks=6)), max_lateness=5),
        [line(2, requested="12-31")],
        there(1),
        ["1 in_stock 11-23", "1 none"],
    ),
    "estimate: at the same time": (
        PromiseRules(estimate=(relativedelta(), relativedelta())),
        [line(2)],
        there(1),
        ["1 in_stock 11-23", "1 estimate 11-23"],
    ),
    "overdue: does not count": (
        PromiseRules(),
        [line(1)],
        there(0, attrs.evolve(P1, expected=day("11-20"))),
        ["1 none"],
    ),
    "overdue: from today on": (
        PromiseRules(overdue=0),
        [line(1)],
        there(0, attrs.evolve(P1, expected=day("11-20"))),
        ["1 backorder 11-23 P1"],
    ),
    "overdue: five days from today": (
        PromiseRules(overdue=5),
        [line(1)],
        there(0, attrs.evolve(P1, expected=days("11-01", "11-22"))),
        ["1 backorder 11-28 P1"],
    ),
    "overdue: a range that has begun is not": (
        PromiseRules(overdue=5),
        [line(1)],
        there(0, attrs.evolve(P1, expected=days("11-20", "11-25"))),
        ["1 backorder 11-23 to 11-25 P1"],
    ),
    "overdue: too late for the wanted day": (
        PromiseRules(overdue=5, max_lateness=0),
        [line(1, requested="12-03")],
        there(0, attrs.evolve(P1, expected=day("11-20"))),
        ["1 none"],
    ),
}


@pytest.mark.parametrize(("rules", "lines", "supply", "expected"), RULES.values(), ids=RULES)
def test_a_rule_says_what_is_promised(rules, lines, supply, expected):
    found = promised(*lines, supply=supply, rules=rules)
    assert shown(found) == expected
    assert sum(item.quantity for item in found) == sum(item.quantity for item in lines)


def test_held_back_to_the_wanted_day_it_arrives_until_that_day():
    rules = PromiseRules(confirmation="on_date")
    [found] = promised(line(2, requested="12-20"), supply=there(4), rules=rules)
    assert found.delivery == days("12-17", "12-20")


def test_put_away_counts_against_the_wanted_day():
    # To be ready on the 5th it must be here on the 3rd.
    rules = PromiseRules(pegging="latest_feasible")
    in_time = there(4, attrs.evolve(P1, expected=day("12-03")))
    late = there(4, attrs.evolve(P1, expected=day("12-04")))
    wanted = line(2, requested="12-11")
    assert shown(promised(wanted, supply=in_time, rules=rules, times=INBOUND)) == ["2 backorder 12-04 to 12-05 P1"]
    assert shown(promised(wanted, supply=late, rules=rules, times=INBOUND)) == ["2 in_stock 11-23"]


def test_put_away_counts_back_over_the_days_on_which_it_is_done():
    # Ready on Monday 7 December at the latest: two working days before that is Thursday the 3rd.
    rules = PromiseRules(pegging="latest_feasible")
    times = attrs.evolve(TIMES, inbound=LeadTime(1, 2, MON_TO_FRI))
    for expected, served in [("12-03", "2 backorder 12-04 to 12-07 P1"), ("12-04", "2 in_stock 11-23")]:
        supply = there(4, attrs.evolve(P1, expected=day(expected)))
        assert shown(promised(line(2, requested="12-13"), supply=supply, rules=rules, times=times)) == [served]


@pytest.mark.parametrize(("wanted", "expected"), [("11-29", "2 none"), ("11-30", "2 in_stock 11-24")])
def test_after_the_cut_off_the_wanted_day_may_be_too_near(wanted, expected):
    times = attrs.evolve(TIMES, cut_off=CutOff(time=dt.time(8), zone="UTC"))
    rules = PromiseRules(confirmation="on_date")
    assert shown(promised(line(2, requested=wanted), supply=there(4), rules=rules, times=times)) == [expected]


def test_the_estimate_counts_from_the_order_day():
    times = attrs.evolve(TIMES, cut_off=CutOff(time=dt.time(8), zone="UTC"))
    week = relativedelta(weeks=1)
    [found] = promised(line(), supply=there(), rules=PromiseRules(estimate=(week, 2 * week)), times=times)
    assert (found.ready, found.delivery) == (days("12-01", "12-08"), days("12-04", "12-14"))


def test_stock_stays_free_for_those_who_want_it_sooner():
    """Wanted on 1 May and on 15 April; ten are there, and more takes a day to order."""
    at, supply = instant("04-09", 9), there(10, replenishment={"CD": LeadTime(1, 1)})
    may, april = order(line(1, requested="05-01")), order(line(10, requested="04-15"), id="O2")
    latest = PromiseRules(pegging="latest_feasible")
    found = promise_orders([may, april], supply=supply, times=TIMES, at=at, rules=latest)
    assert shown(found) == ["1 backorder 04-10", "10 in_stock 04-09"]
    first = promise_orders([may, april], supply=supply, times=TIMES, at=at)
    assert shown(first) == ["1 in_stock 04-09", "9 in_stock 04-09", "1 backorder 04-10"]


# A window that was promised with the sale, from 1 to 5 December: what is ready by 29 November is in time.
WEEKS = PromiseRules(estimate=(relativedelta(weeks=4), relativedelta(weeks=6)))
WINDOWS = {
    "what is there": (line(promised="12-01 to 12-05"), there(4), "in_stock", "11-23", "12-01 to 12-05"),
    "a receipt just in time": (
        line(promised="12-01 to 12-05"),
        there(0, attrs.evolve(P1, expected=day("11-29"))),
        "backorder",
        "11-29",
        "12-01 to 12-05",
    ),
    "a receipt a day late": (
        line(promised="12-01 to 12-05"),
        there(0, attrs.evolve(P1, expected=day("11-30"))),
        "backorder",
        "11-30",
        "12-03 to 12-06",
    ),
    "nothing named": (line(promised="12-01 to 12-05"), there(), "estimate", "11-23 to 11-29", "12-01 to 12-05"),
    "a receipt named that is all reserved": (
        line(promised="12-01 to 12-05"),
        there(0, attrs.evolve(P1, reserved=3)),
        "none",
        None,
        None,
    ),
    "a receipt named that is overdue": (
        line(promised="12-01 to 12-05"),
        there(0, attrs.evolve(P1, expected=day("11-20"))),
        "none",
        None,
        None,
    ),
    "of another SKU": (
        line(promised="12-01 to 12-05"),
        there(0, attrs.evolve(P1, sku="LP")),
        "estimate",
        "11-23 to 11-29",
        "12-01 to 12-05",
    ),
    "may not wait": (line(promised="12-01 to 12-05", when_short="cancel"), there(), "none", None, None),
    "ordered anew in time": (
        line(promised="12-01 to 12-05"),
        there(replenishment={"CD": LeadTime(1, 6)}),
        "backorder",
        "11-24 to 11-29",
        "12-01 to 12-05",
    ),
    "ordered anew too late": (
        line(promised="12-01 to 12-05"),
        there(replenishment={"CD": LeadTime(1, 7)}),
        "backorder",
        "11-24 to 11-30",
        "11-27 to 12-06",
    ),
    "that has begun": (line(promised="11-01 to 11-29"), there(4), "in_stock", "11-23", "11-23 to 11-29"),
    "that begins today": (line(promised="11-23 to 11-29"), there(4), "in_stock", "11-23", "11-23 to 11-29"),
    "too near for what is there": (line(promised="11-24 to 11-28"), there(4), "in_stock", "11-23", "11-26 to 11-29"),
    "too near for anything": (line(promised="11-24 to 11-28"), there(), "none", None, None),
    "just far enough, nothing named": (
        line(promised="11-24 to 11-29"),
        there(),
        "estimate",
        "11-23",
        "11-24 to 11-29",
    ),
    "that is over": (line(promised="11-01 to 11-10"), there(), "none", None, None),
    "a pre-order of which nothing is named": (
        line(street_date="27-02-05", promised="27-02-08 to 27-02-14"),
        there(),
        "preorder",
        "27-02-05",
        "27-02-08 to 27-02-14",
    ),
    "a pre-order whose window is too near": (
        line(street_date="27-02-05", promised="27-02-05 to 27-02-10"),
        there(),
        "preorder",
        "27-02-05",
        "27-02-08 to 27-02-11",
    ),
}


@pytest.mark.parametrize(("asked", "supply", "kind", "ready", "delivery"), WINDOWS.values(), ids=WINDOWS)
def test_a_window_stays_unless_supply_makes_it_later(asked, supply, kind, ready, delivery):
    [found] = promised(asked, supply=supply, rules=PromiseRules())
    assert found.kind.value == kind
    assert (found.ready and written(found.ready), found.delivery and written(found.delivery)) == (ready, delivery)


def test_a_window_counts_before_the_estimate_of_the_shop():
    asked = line(promised="12-01 to 12-05")
    [found] = promised(asked, supply=there(), rules=WEEKS)
    assert (found.kind, found.delivery) == (PromiseKind.ESTIMATE, days("12-01", "12-05"))
    [found] = promised(line(promised="11-24 to 11-28"), supply=there(), rules=WEEKS)
    assert (found.kind, found.delivery) == (PromiseKind.ESTIMATE, days("12-24", "27-01-10"))
    [found] = promised(asked, supply=there(0, attrs.evolve(P1, quantity=0)), rules=WEEKS)
    assert (found.kind, found.delivery) == (PromiseKind.ESTIMATE, days("12-24", "27-01-10"))


def test_a_window_is_kept_for_what_is_in_time_and_late_for_the_rest():
    found = promised(line(5, promised="12-01 to 12-07"), supply=there(1, P1, P2), rules=PromiseRules())
    assert [(item.quantity, written(item.delivery)) for item in found] == [
        (1, "12-01 to 12-07"),
        (3, "12-01 to 12-07"),
        (1, "12-13 to 12-16"),
    ]


LP = Receipt(sku="LP", quantity=2, expected=day("12-10"), reference="L1")
COMPLETE = {"ship": "complete"}
TOGETHER = {
    "an order that ships complete": (
        [line(2), line(2, id="2", sku="LP")],
        COMPLETE,
        PromiseRules(),
        there(4, LP),
        ["2 in_stock 12-10", "2 backorder 12-10 L1"],
    ),
    "a group, and a line by itself": (
        [line(2, ship_group="g"), line(1, id="2"), line(2, id="3", sku="LP", ship_group="g")],
        {},
        PromiseRules(),
        there(4, LP),
        ["2 in_stock 12-10", "1 in_stock 11-23", "2 backorder 12-10 L1"],
    ),
    "two groups": (
        [line(2, ship_group="g"), line(1, id="2", ship_group="h"), line(2, id="3", sku="LP", ship_group="g")],
        {},
        PromiseRules(),
        there(4, LP),
        ["2 in_stock 12-10", "1 in_stock 11-23", "2 backorder 12-10 L1"],
    ),
    "one without a date leaves all without": (
        [line(2), line(3, id="2", sku="LP")],
        COMPLETE,
        PromiseRules(),
        there(4, LP),
        ["2 none", "3 none"],
    ),
    "one that is cancelled does not": (
        [line(2), line(3, id="2", sku="LP", when_short="cancel")],
        COMPLETE,
        PromiseRules(),
        there(4, LP),
        ["2 in_stock 11-23", "3 none"],
    ),
    "one that is cancelled in part does not": (
        [line(2, sku="LP"), line(3, id="2", when_short="cancel")],
        COMPLETE,
        PromiseRules(),
        there(1, LP),
        ["2 backorder 12-10 L1", "1 in_stock 12-10", "2 none"],
    ),
    "complete by rule too: what is cancelled in part is cancelled whole": (
        [line(2, sku="LP"), line(3, id="2", when_short="cancel")],
        COMPLETE,
        PromiseRules(confirmation="complete"),
        there(1, LP),
        ["2 backorder 12-10 L1", "3 none"],
    ),
    "all cancelled": (
        [line(2, when_short="cancel"), line(3, id="2", when_short="cancel")],
        COMPLETE,
        PromiseRules(),
        there(),
        ["2 none", "3 none"],
    ),
    "a shipment that is too small for want of units is cancelled": (
        [line(9, when_short="cancel"), line(1, id="2", sku="LP")],
        COMPLETE,
        PromiseRules(min_shipment=5),
        there(4, LP),
        ["9 none", "1 backorder 12-10 L1"],
    ),
    "with an estimate": (
        [line(2), line(3, id="2", sku="LP")],
        COMPLETE,
        WEEKS,
        there(4, LP),
        ["2 in_stock 12-21 to 27-01-04", "2 backorder 12-21 to 27-01-04 L1", "1 estimate 12-21 to 27-01-04"],
    ),
    "on the first wanted day": (
        [line(2, requested="12-18"), line(2, id="2", sku="LP", requested="12-20")],
        COMPLETE,
        PromiseRules(confirmation="on_date"),
        there(4, LP),
        ["2 in_stock 12-12", "2 backorder 12-12 L1"],
    ),
    "on the wanted day of one of them": (
        [line(2), line(2, id="2", sku="LP", requested="12-20")],
        COMPLETE,
        PromiseRules(confirmation="on_date"),
        there(4, LP),
        ["2 in_stock 12-14", "2 backorder 12-14 L1"],
    ),
    "too late for the wanted day of one of them": (
        [line(2, requested="12-15"), line(2, id="2", sku="LP")],
        COMPLETE,
        PromiseRules(confirmation="on_date"),
        there(4, LP),
        ["2 none", "2 none"],
    ),
    "too late by the rules": (
        [line(2, requested="12-10"), line(2, id="2", sku="LP")],
        COMPLETE,
        PromiseRules(max_lateness=5),
        there(4, LP),
        ["2 none", "2 none"],
    ),
    "too late for the first of two wanted days": (
        [line(2, requested="12-15"), line(2, id="2", sku="LP", requested="12-20")],
        COMPLETE,
        PromiseRules(confirmation="on_date"),
        there(4, LP),
        ["2 none", "2 none"],
    ),
    "just not too late": (
        [line(2, requested="12-10"), line(2, id="2", sku="LP")],
        COMPLETE,
        PromiseRules(max_lateness=6),
        there(4, LP),
        ["2 in_stock 12-10", "2 backorder 12-10 L1"],
    ),
    "a street date": (
        [line(2), line(2, id="2", sku="LP", street_date="27-02-05")],
        COMPLETE,
        PromiseRules(),
        there(4, LP),
        ["2 in_stock 27-02-05", "2 preorder 27-02-05 L1"],
    ),
    "some day of a range": (
        [line(2), line(2, id="2", sku="LP")],
        COMPLETE,
        PromiseRules(),
        there(4, attrs.evolve(LP, expected=days("12-01", "12-10"))),
        ["2 in_stock 12-01 to 12-10", "2 backorder 12-01 to 12-10 L1"],
    ),
}


@pytest.mark.parametrize(("lines", "fields", "rules", "supply", "expected"), TOGETHER.values(), ids=TOGETHER)
def test_what_ships_together_has_its_days_together(lines, fields, rules, supply, expected):
    found = promise_order(order(*lines, **fields), supply=supply, times=TIMES, at=NOW, rules=rules)
    assert shown(found) == expected


def test_what_a_group_does_not_take_is_left_to_the_next_order():
    group = order(line(2), line(3, id="2", sku="LP"), ship="complete")
    found = promise_orders([group, order(line(4), id="O2")], supply=there(4, LP), times=TIMES, at=NOW)
    assert shown(found) == ["2 none", "3 none", "4 in_stock 11-23"]


def test_orders_in_a_row_see_what_the_earlier_took():
    """Six are there: four for the first, two for the second, whose other two are on backorder."""
    orders = [order(line(4), id="O9"), order(line(4), id="O1")]
    found = promise_orders(orders, supply=there(6, P1), times=TIMES, at=NOW)
    assert shown(found) == ["4 in_stock 11-23", "2 in_stock 11-23", "2 backorder 12-01 P1"]
    assert [item.order_id for item in found] == ["O9", "O1", "O1"]


def test_the_last_unit_is_not_on_backorder_for_its_own_sake():
    owed = Commitment(sku="CD", quantity=1, order_id="O1")
    found = promise_order(order(line(1)), supply=there(1, commitments=[owed]), times=TIMES, at=NOW)
    assert shown(found) == ["1 in_stock 11-23"]


def test_own_commitments_make_way_in_turn():
    owed = [
        Commitment(sku="CD", quantity=2, order_id="O1"),
        Commitment(sku="LP", quantity=1, order_id="O1"),
        Commitment(sku="CD", quantity=1, order_id="O2"),
        Commitment(sku="CD", quantity=1),
    ]
    orders = [order(line(1)), order(line(9, when_short="cancel"), line(1, id="2", sku="LP"), id="O2")]
    supply = Supply(on_hand={"CD": 5, "LP": 1}, commitments=owed)
    found = promise_orders(orders, supply=supply, times=TIMES, at=NOW)
    # Of five, one is owed to somebody, one to O2 itself; O1 wants one of its two, and keeps its LP.
    assert shown(found) == ["1 in_stock 11-23", "3 in_stock 11-23", "6 none", "1 none"]


def test_own_commitments_stay_where_a_fee_alone_has_that_name():
    owed = [Commitment(sku="LP", quantity=1, order_id="O1")]
    orders = [order(line(1, sku="LP", kind="fee")), order(line(1, sku="LP"), id="O2")]
    found = promise_orders(orders, supply=Supply(on_hand={"LP": 1}, commitments=owed), times=TIMES, at=NOW)
    assert shown(found) == ["1 none"]


def test_another_orders_commitments_stand_until_its_turn():
    owed = [Commitment(sku="CD", quantity=3, order_id="O2")]
    orders = [order(line(4, when_short="cancel")), order(line(4), id="O2")]
    found = promise_orders(orders, supply=there(4, commitments=owed), times=TIMES, at=NOW)
    assert shown(found) == ["1 in_stock 11-23", "3 none", "3 in_stock 11-23", "1 none"]


def test_no_orders_no_promises():
    assert promise_orders([], supply=there(4), times=TIMES, at=NOW) == ()
    assert promise_orders(iter([order(line())]), supply=there(4), times=TIMES, at=NOW) != ()


def test_rules_by_their_names_are_the_rules():
    named = PromiseRules(confirmation="on_date", pegging="latest_feasible")
    assert named == PromiseRules(confirmation=Confirmation.ON_DATE, pegging=Pegging.LATEST_FEASIBLE)
    assert pickle.loads(pickle.dumps(WEEKS)) == WEEKS
    assert hash(attrs.evolve(WEEKS)) == hash(WEEKS)
    assert PromiseRules(estimate=[relativedelta(days=1)] * 2).estimate == (relativedelta(days=1),) * 2


def test_a_shop_that_says_nothing_confirms_what_is_there_and_then_what_comes():
    said = {"confirmation": "staged", "pegging": "first", "min_shipment": 1, "max_lateness": None, "overdue": None}
    assert PromiseRules(**said, estimate=(WEEK, WEEK)) == PromiseRules(estimate=(WEEK, WEEK))
    assert PromiseRules(**said) == PromiseRules()


@pytest.mark.parametrize("confirmation", ["staged", "complete", "on_date"])
@pytest.mark.parametrize("pegging", ["first", "latest_feasible"])
def test_rules_are_written_as_they_are_called(confirmation, pegging):
    rules = PromiseRules(confirmation=confirmation, pegging=pegging, estimate=(WEEK, WEEK))
    assert (rules.confirmation.value, rules.pegging.value) == (confirmation, pegging)


WEEK = relativedelta(weeks=1)


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        pytest.param({"confirmation": "partial"}, "choice.invalid", "confirmation", id="unknown confirmation"),
        pytest.param({"confirmation": None}, "choice.invalid", "confirmation", id="no confirmation"),
        pytest.param({"pegging": "last"}, "choice.invalid", "pegging", id="unknown pegging"),
        pytest.param({"min_shipment": 0}, "units.invalid", "min_shipment", id="shipments of nothing"),
        pytest.param({"min_shipment": True}, "units.invalid", "min_shipment", id="a flag as a number"),
        pytest.param({"min_shipment": None}, "units.invalid", "min_shipment", id="no least shipment"),
        pytest.param({"max_lateness": -1}, "units.invalid", "max_lateness", id="late by less than nothing"),
        pytest.param({"max_lateness": dt.timedelta(5)}, "units.invalid", "max_lateness", id="late by a timedelta"),
        pytest.param({"overdue": -1}, "units.invalid", "overdue", id="overdue and in the past"),
        pytest.param({"overdue": 1.5}, "units.invalid", "overdue", id="half days"),
        pytest.param({"estimate": WEEK}, "type.invalid", "estimate", id="one delta"),
        pytest.param({"estimate": ()}, "estimate.invalid", "estimate", id="no deltas"),
        pytest.param({"estimate": (WEEK,)}, "estimate.invalid", "estimate", id="a row of one delta"),
        pytest.param({"estimate": (WEEK,) * 3}, "estimate.invalid", "estimate", id="three deltas"),
        pytest.param({"estimate": (WEEK, 14)}, "type.invalid", "estimate[1]", id="days as a number"),
        pytest.param({"estimate": ("4 weeks", WEEK)}, "type.invalid", "estimate[0]", id="text"),
        pytest.param({"estimate": (-WEEK, WEEK)}, "delta.invalid", "estimate.after", id="into the past"),
        pytest.param({"estimate": (WEEK, relativedelta(hours=200))}, "delta.invalid", "estimate.until", id="hours"),
        pytest.param({"estimate": (2 * WEEK, WEEK)}, "range.reversed", "estimate", id="the wrong way round"),
        pytest.param(
            {"estimate": (relativedelta(day=31), relativedelta(days=29))},
            "range.reversed",
            "estimate",
            id="the wrong way round on the first of a long month alone",
        ),
        pytest.param(
            {"estimate": (relativedelta(years=1), relativedelta(days=365))},
            "range.reversed",
            "estimate",
            id="the wrong way round over a leap day alone",
        ),
        pytest.param(
            {"estimate": (relativedelta(days=29), relativedelta(months=1, weekday=TH))},
            "range.reversed",
            "estimate",
            id="the wrong way round from a Thursday in February on",
        ),
        pytest.param(
            {"estimate": (relativedelta(days=29), relativedelta(months=1, weekday=MO))},
            "range.reversed",
            "estimate",
            id="the wrong way round from a Monday within a February on",
        ),
        pytest.param(
            {"estimate": (relativedelta(), relativedelta(day=30))},
            "delta.invalid",
            "estimate.until",
            id="into the past on the last of a long month alone",
        ),
    ],
)
def test_rules_that_say_nothing_are_refused(fields, code, path):
    with pytest.raises(InvalidArgument) as caught:
        PromiseRules(**fields)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("orders", "arguments", "code", "path"),
    [
        pytest.param(order(line()), {}, "type.invalid", "orders", id="one order"),
        pytest.param([order(line()), line()], {}, "type.invalid", "orders[1]", id="a line"),
        pytest.param([order(line()), order(line(2))], {}, "id.repeated", "orders[1].id", id="an order twice"),
        pytest.param([order(line())], {"rules": None}, "type.invalid", "rules", id="no rules"),
        pytest.param([order(line())], {"rules": {"min_shipment": 2}}, "type.invalid", "rules", id="rules as a mapping"),
        pytest.param([order(line())], {"times": TIMES.handling}, "type.invalid", "times", id="a lead time"),
        pytest.param([order(line())], {"supply": [there()]}, "type.invalid", "supply", id="supplies"),
        pytest.param([order(line())], {"at": dt.datetime(2026, 1, 1)}, "instant.naive", "at", id="no offset"),
    ],
)
def test_orders_that_cannot_be_promised_are_refused(orders, arguments, code, path):
    with pytest.raises(InvalidArgument) as caught:
        promise_orders(orders, **{"supply": there(), "times": TIMES, "at": NOW} | arguments)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_an_order_that_is_promised_twice_is_named():
    with pytest.raises(InvalidArgument, match=r"^orders\[1\]\.id: the ids of orders must be unique \(got 'O1'\)"):
        promise_orders([order(line()), order(line(2))], supply=there(), times=TIMES, at=NOW)


def test_a_warehouse_that_never_puts_away_is_an_error():
    never = attrs.evolve(TIMES, inbound=LeadTime(0, 0, WorkCalendar(weekdays=())))
    with pytest.raises(NoWorkingDay, match="has no working day"):
        promised(line(1), supply=there(0, P1), rules=PromiseRules(), times=never)


def test_commitments_are_what_promises_oblige_to():
    found = promised(line(9), supply=there(4, attrs.evolve(P1, expected=days("12-01", "12-03"))), rules=PromiseRules())
    owed = Commitment(sku="CD", quantity=4, order_id="O1", line_id="1")
    assert commitments_of(found, times=TIMES) == (
        owed,
        attrs.evolve(owed, quantity=3, due=day("12-03")),
    )  # and two have no date
    assert commitments_of(iter(found), times=TIMES) == commitments_of(found, times=TIMES)
    assert commitments_of([], times=TIMES) == ()


def test_an_estimate_obliges_to_its_last_day():
    [owed] = commitments_of(promised(line(2), supply=there(), rules=WEEKS), times=TIMES)
    assert owed == Commitment(sku="CD", quantity=2, due=day("27-01-04"), order_id="O1", line_id="1")


@pytest.mark.parametrize(("given", "path"), [([P1], "promises[0]"), (None, "promises")], ids=["a receipt", "none"])
def test_commitments_are_of_promises_alone(given, path):
    with pytest.raises(InvalidArgument) as caught:
        commitments_of(given, times=TIMES)
    assert (caught.value.code, caught.value.path) == ("type.invalid", path)


def test_a_commitment_is_due_when_its_units_must_come_to_be_ready_in_time():
    found = promised(line(1), supply=there(0, P1), rules=PromiseRules(), times=INBOUND)
    assert shown(found) == ["1 backorder 12-02 to 12-03 P1"]
    assert [owed.due for owed in commitments_of(found, times=INBOUND)] == [day("12-01")]
    with pytest.raises(InvalidArgument, match="times: must be a ShippingTimes"):
        commitments_of(found, times=None)


def test_what_is_committed_is_not_promised_to_the_next():
    first, second = order(line(5)), order(line(5), id="O2")
    supply = there(4, P1, P2)
    found = promise_order(first, supply=supply, times=TIMES, at=NOW)
    owed = attrs.evolve(supply, commitments=commitments_of(found, times=TIMES))
    later = promise_order(second, supply=owed, times=TIMES, at=NOW)
    assert found + later == promise_orders([first, second], supply=supply, times=TIMES, at=NOW)
    assert promise_order(first, supply=owed, times=TIMES, at=NOW) == found


def test_an_estimate_that_is_the_wrong_way_round_on_some_days_is_refused():
    """30 days are more than a month in February."""
    with pytest.raises(InvalidArgument, match=r"^estimate: must be two relativedeltas, the second never the shorter"):
        PromiseRules(estimate=(relativedelta(days=30), relativedelta(months=1)))


def test_what_a_group_does_not_take_is_left_to_the_next_line():
    lines = [line(4, ship_group="g"), line(4, id="2"), line(1, id="3", sku="LP", ship_group="g")]
    assert shown(promised(*lines, supply=there(4), rules=PromiseRules())) == ["4 none", "4 in_stock 11-23", "1 none"]


def test_what_a_group_does_not_take_is_not_taken_from_the_line_before_it():
    group = [line(2, id="2", ship_group="g"), line(1, id="3", sku="LP", ship_group="g")]
    found = promised(line(2), *group, line(2, id="4"), supply=there(4), rules=PromiseRules())
    assert shown(found) == ["2 in_stock 11-23", "2 none", "1 none", "2 in_stock 11-23"]


def test_what_is_committed_is_not_promised_to_the_next_where_put_away_takes_days():
    first, other = order(line(1)), order(line(1), id="O2")
    supply = there(
        0, attrs.evolve(P1, quantity=1), Receipt(sku="CD", quantity=1, expected=day("12-02"), reference="P3")
    )
    found = promise_order(first, supply=supply, times=INBOUND, at=NOW)
    owed = attrs.evolve(supply, commitments=commitments_of(found, times=INBOUND))
    later = promise_order(other, supply=owed, times=INBOUND, at=NOW)
    assert shown(found + later) == ["1 backorder 12-02 to 12-03 P1", "1 backorder 12-03 to 12-04 P3"]
