"""A planner's month, worked out without the library: three SKUs, ten receipts, fifteen orders, one receipt slips.

The document is month.json. Two receipts are overdue when it begins, three come within a range of days, four are
reserved in part, one comes on Good Friday; on the last Sunday the clocks go forward. A row of a promise is: order,
line, units, kind, the days on which they are ready, those on which they arrive, and the receipt.
"""

import datetime as dt
import json

import attrs
import pytest
from golden_cases import at, day_of, read

from preorder_kit import (
    UNLIMITED,
    CutOff,
    DateRange,
    LeadTime,
    PromiseRules,
    ShippingTimes,
    WorkCalendar,
    atp_timeline,
    balance_timeline,
    commitments_of,
    move_receipt,
    promise_orders,
    repromise,
    street_day,
)
from preorder_kit.serialization import from_json

MONTH = read("month.json")
SKUS = sorted(MONTH["balance"])


def document(name, content):
    return from_json(json.dumps({"preorder_kit": 1, name: content}))


def shipping_times():
    given = MONTH["times"]
    calendar = WorkCalendar(weekdays=given["weekdays"], holidays=[day_of(text) for text in given["holidays"]])
    handling, transit, inbound = (LeadTime(*given[stage], calendar) for stage in ("handling", "transit", "inbound"))
    return ShippingTimes(
        handling=handling,
        transit=transit,
        inbound=inbound,
        zone=given["zone"],
        cut_off=CutOff(time=dt.time.fromisoformat(given["cut_off"]), zone=given["zone"]),
        receiving=WorkCalendar(weekdays=given["receiving"]),
    )


TIMES = shipping_times()
SUPPLY = document("supply", MONTH["supply"])
ORDERS = [document("order", content) for content in MONTH["orders"]]
NOW = at(MONTH["at"])
TODAY = street_day(NOW, zone=TIMES.zone)
OVERDUE = MONTH["rules"]["overdue"]


def rules(**settings):
    return PromiseRules(**MONTH["rules"], **settings)


def promises(pegging="first"):
    return promise_orders(ORDERS, supply=SUPPLY, times=TIMES, at=NOW, rules=rules(pegging=pegging))


def number(quantity):
    return "unlimited" if quantity is UNLIMITED else quantity


def days(window):
    return window and [window.earliest.isoformat(), window.latest.isoformat()]


def row(promise):
    reference = promise.references[0] if promise.references else None
    units = [promise.order_id, promise.line_id, promise.quantity, promise.kind.value]
    return [*units, days(promise.ready), days(promise.delivery), reference]


@pytest.mark.parametrize("sku", SKUS)
def test_the_balance_runs_as_worked_out(sku):
    steps = balance_timeline(SUPPLY, sku=sku, start=TODAY, overdue=OVERDUE)
    rows = [[step.day.isoformat(), number(step.received), step.owed, number(step.balance)] for step in steps]
    assert rows == MONTH["balance"][sku]


@pytest.mark.parametrize("sku", SKUS)
def test_what_can_be_promised_is_what_was_worked_out(sku):
    steps = atp_timeline(SUPPLY, sku=sku, start=TODAY, overdue=OVERDUE)
    rows = [[step.day.isoformat(), number(step.available), step.withheld, step.short] for step in steps]
    assert rows == MONTH["atp"][sku]


@pytest.mark.parametrize("pegging", sorted(MONTH["promises"]))
def test_the_orders_are_promised_as_worked_out(pegging):
    assert [row(promise) for promise in promises(pegging)] == MONTH["promises"][pegging]


@pytest.mark.parametrize("pegging", sorted(MONTH["promises"]))
@pytest.mark.parametrize("sku", SKUS)
def test_what_is_promised_is_owed_and_breaks_nothing(sku, pegging):
    """The orders' own commitments give way to their promises."""
    others = [owed for owed in SUPPLY.commitments if owed.order_id not in {order.id for order in ORDERS}]
    owed = attrs.evolve(SUPPLY, commitments=[*others, *commitments_of(promises(pegging), times=TIMES)])
    for step in atp_timeline(owed, sku=sku, start=TODAY, overdue=OVERDUE):
        assert step.short == 0
        assert step.withheld == SUPPLY.safety_stock.get(sku, 0) or step.available is UNLIMITED


def test_when_a_receipt_slips_those_it_serves_are_promised_anew():
    slip = MONTH["slip"]
    expected = DateRange(**{bound: day_of(text) for bound, text in slip["expected"].items()})
    moved = move_receipt(SUPPLY, reference=slip["reference"], expected=expected)
    [ordered] = document("supply", {"on_hand": {}, "receipts": [slip["ordered"]]}).receipts
    supply = attrs.evolve(moved, receipts=[*moved.receipts, ordered])
    given = promises()
    found = repromise(given, orders=ORDERS, supply=supply, times=TIMES, at=at(slip["at"]), rules=rules())
    broken = [[*row(item.promise)[:4], row(item.now)[3:], item.days_moved, item.because.value] for item in found.broken]
    assert sorted(map(row, found.kept), key=str) == sorted(slip["kept"], key=str)
    assert sorted(broken, key=str) == sorted(slip["broken"], key=str)
    assert sorted(map(row, found.gained), key=str) == sorted(slip["gained"], key=str)
    assert found.freed == ()
    assert all(item.now.first == item.promise.delivery for item in found.broken)
