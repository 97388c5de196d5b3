"""When each unit of an order leaves and arrives, and what stands behind that."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    Commitment,
    CutOff,
    DateRange,
    InvalidArgument,
    LeadTime,
    NoWorkingDay,
    Order,
    OrderLine,
    Promise,
    PromiseKind,
    Receipt,
    ShippingTimes,
    Supply,
    WorkCalendar,
    promise_order,
)


def instant(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=dt.timezone.utc)


def days(first: str, last: str = "") -> DateRange:
    """Return a range of days, written as 11-23 for 2026 or 27-01-20 for 2027."""
    return DateRange(
        *(dt.date.fromisoformat(f"20{text}" if len(text) > 5 else f"2026-{text}") for text in (first, last or first))
    )


NOW = instant(11, 23, 9)  # a Monday
STREET = instant(2, 5, year=2027)
TIMES = ShippingTimes(handling=LeadTime(1, 2), transit=LeadTime(2, 4))  # every day: 3 to 6 days after it is ready


def wants(quantity: int = 1, **fields: object) -> OrderLine:
    return OrderLine(**{"id": "1", "sku": "CD", "quantity": quantity} | fields)


def waits(quantity: int = 1, **fields: object) -> OrderLine:
    return wants(quantity, **{"when_short": "wait"} | fields)


def preorder(quantity: int = 1, **fields: object) -> OrderLine:
    return wants(quantity, **{"street_date": STREET} | fields)


def comes(quantity: int, expected: str, last: str = "", **fields: object) -> Receipt:
    return Receipt(**{"sku": "CD", "quantity": quantity, "expected": days(expected, last)} | fields)


def there(quantity: object = 0, *dated: Receipt | Commitment, **fields: object) -> Supply:
    receipts = [item for item in dated if isinstance(item, Receipt)]
    commitments = [item for item in dated if isinstance(item, Commitment)]
    return Supply(on_hand={"CD": quantity}, receipts=receipts, commitments=commitments, **fields)


def promised(
    *lines: OrderLine, supply: Supply, times: ShippingTimes = TIMES, at: dt.datetime = NOW
) -> tuple[Promise, ...]:
    return promise_order(Order(id="O1", placed_at=NOW, lines=lines), supply=supply, times=times, at=at)


PO = comes(40, "27-01-20", reference="PO2002")
TODAY = days("11-23")
IN_STOCK, BACKORDER, PREORDER, NONE = "in_stock", "backorder", "preorder", "none"

KINDS = {
    "all there": ([wants(3)], there(5), [(3, IN_STOCK, TODAY, "")]),
    "no bound": ([wants(3)], there(UNLIMITED), [(3, IN_STOCK, TODAY, "")]),
    "no bound, though all is owed": (
        [wants(3)],
        there(UNLIMITED, Commitment(sku="CD", quantity=9)),
        [(3, IN_STOCK, TODAY, "")],
    ),
    "stock first, then what comes": (
        [waits(3)],
        there(1, PO),
        [(1, IN_STOCK, TODAY, ""), (2, BACKORDER, days("27-01-20"), "PO2002")],
    ),
    "may not wait": ([wants(3)], there(1, PO), [(1, IN_STOCK, TODAY, ""), (2, NONE, None, "")]),
    "nothing on order": ([waits(3)], there(), [(3, NONE, None, "")]),
    "a SKU that the supply does not know": ([waits(sku="LP")], there(5, PO), [(1, NONE, None, "")]),
    "not enough on order": (
        [waits(5)],
        there(1, comes(2, "12-01", reference="P1")),
        [(1, IN_STOCK, TODAY, ""), (2, BACKORDER, days("12-01"), "P1"), (2, NONE, None, "")],
    ),
    "the earliest receipt first, one promise each": (
        [waits(5)],
        there(0, comes(4, "12-09", reference="P2"), comes(2, "12-01", reference="P1")),
        [(2, BACKORDER, days("12-01"), "P1"), (3, BACKORDER, days("12-09"), "P2")],
    ),
    "two receipts of one day by their references": (
        [waits(3)],
        there(0, comes(2, "12-01", reference="B"), comes(2, "12-01", reference="A")),
        [(2, BACKORDER, days("12-01"), "A"), (1, BACKORDER, days("12-01"), "B")],
    ),
    "a receipt without a reference": ([waits()], there(0, comes(1, "12-01")), [(1, BACKORDER, days("12-01"), "")]),
    "what is reserved of a receipt": (
        [waits(3)],
        there(0, comes(4, "12-01", reserved=3)),
        [(1, BACKORDER, days("12-01"), ""), (2, NONE, None, "")],
    ),
    "a receipt that is all reserved": (
        [waits(3)],
        there(0, comes(2, "12-01", reserved=2, reference="A"), comes(3, "12-01", reference="B")),
        [(3, BACKORDER, days("12-01"), "B")],
    ),
    "an overdue receipt": ([waits()], there(0, comes(5, "11-22")), [(1, NONE, None, "")]),
    "a receipt of today": ([waits()], there(0, comes(5, "11-23")), [(1, BACKORDER, TODAY, "")]),
    "a receipt on some day of a range": (
        [waits()],
        there(0, comes(1, "11-27", "12-01")),
        [(1, BACKORDER, days("11-27", "12-01"), "")],
    ),
    "a range that has begun": (
        [waits()],
        there(0, comes(1, "11-20", "11-25")),
        [(1, BACKORDER, days("11-23", "11-25"), "")],
    ),
    "stock owed to others": (
        [waits(3)],
        there(3, Commitment(sku="CD", quantity=2, order_id="O9")),
        [(1, IN_STOCK, TODAY, ""), (2, NONE, None, "")],
    ),
    "stock owed to this very order": (
        [wants(3)],
        there(3, Commitment(sku="CD", quantity=2, order_id="O1")),
        [(3, IN_STOCK, TODAY, "")],
    ),
    "a receipt of which the first units are owed": (
        [waits(3)],
        there(0, comes(4, "12-01", reference="P1"), Commitment(sku="CD", quantity=2, due=dt.date(2026, 12, 9))),
        [(2, BACKORDER, days("12-01"), "P1"), (1, NONE, None, "")],
    ),
    "stock that is free only after a receipt": (
        [waits(3)],
        there(3, comes(5, "12-09", reference="P1"), Commitment(sku="CD", quantity=3, due=dt.date(2026, 12, 1))),
        [(3, BACKORDER, days("12-09"), "P1")],
    ),
    "safety stock": ([waits(3)], there(3, safety_stock={"CD": 2}), [(1, IN_STOCK, TODAY, ""), (2, NONE, None, "")]),
    "a negative count eats what comes": (
        [waits(3)],
        there(-3, comes(5, "11-25")),
        [(2, BACKORDER, days("11-25"), ""), (1, NONE, None, "")],
    ),
    "replenishment": (
        [waits(7)],
        there(2, replenishment={"CD": LeadTime(3, 5)}),
        [(2, IN_STOCK, TODAY, ""), (5, BACKORDER, days("11-26", "11-28"), "")],
    ),
    "replenishment at once": (
        [waits(7)],
        there(2, Commitment(sku="CD", quantity=9), replenishment={"CD": LeadTime(0, 0)}),
        [(2, IN_STOCK, TODAY, ""), (5, BACKORDER, TODAY, "")],
    ),
    "a receipt before replenishment": (
        [waits(5)],
        there(0, comes(2, "11-25", reference="P1"), replenishment={"CD": LeadTime(3, 5)}),
        [(2, BACKORDER, days("11-25"), "P1"), (3, BACKORDER, days("11-26", "11-28"), "")],
    ),
    "two lines of one SKU, each unit once": (
        [waits(2), waits(3, id="2")],
        there(3, comes(1, "12-01", reference="P1")),
        [(2, IN_STOCK, TODAY, ""), (1, IN_STOCK, TODAY, ""), (1, BACKORDER, days("12-01"), "P1"), (1, NONE, None, "")],
    ),
    "two lines from one receipt": (
        [waits(2), waits(2, id="2"), waits(1, id="3")],
        there(0, comes(4, "12-01", reference="P1")),
        [(2, BACKORDER, days("12-01"), "P1"), (2, BACKORDER, days("12-01"), "P1"), (1, NONE, None, "")],
    ),
    "a pre-order of what is there": ([preorder(2)], there(5), [(2, PREORDER, days("27-02-05"), "")]),
    "a pre-order of which nothing is named": ([preorder(2)], there(), [(2, PREORDER, days("27-02-05"), "")]),
    "a pre-order, its receipt before the street date": (
        [preorder(2)],
        there(1, PO),
        [(1, PREORDER, days("27-02-05"), ""), (1, PREORDER, days("27-02-05"), "PO2002")],
    ),
    "a pre-order, its receipt after the street date": (
        [preorder()],
        there(0, comes(1, "27-03-01", reference="P3")),
        [(1, PREORDER, days("27-03-01"), "P3")],
    ),
    "a pre-order, its receipt around the street date": (
        [preorder()],
        there(0, comes(1, "27-02-01", "27-02-09")),
        [(1, PREORDER, days("27-02-05", "27-02-09"), "")],
    ),
    "a pre-order, not enough named": (
        [preorder(3)],
        there(0, comes(2, "27-01-20")),
        [(2, PREORDER, days("27-02-05"), ""), (1, NONE, None, "")],
    ),
    "a pre-order, only an overdue receipt named": ([preorder()], there(0, comes(5, "11-20")), [(1, NONE, None, "")]),
    "a pre-order, replenished": (
        [preorder()],
        there(0, replenishment={"CD": LeadTime(3, 5)}),
        [(1, PREORDER, days("27-02-05"), "")],
    ),
    "a pre-order takes its unit before the line behind it": (
        [preorder(), wants(id="2")],
        there(1),
        [(1, PREORDER, days("27-02-05"), ""), (1, NONE, None, "")],
    ),
    "a released pre-order waits for its stock": (
        [wants(3, street_date=NOW)],
        there(1, PO),
        [(1, IN_STOCK, TODAY, ""), (2, BACKORDER, days("27-01-20"), "PO2002")],
    ),
    "a released pre-order of which nothing is named": ([wants(street_date=NOW)], there(), [(1, NONE, None, "")]),
    "fees and digital goods have none": (
        [wants(kind="fee"), wants(id="2", kind="digital", street_date=STREET)],
        there(5),
        [],
    ),
    "an order without lines": ([], there(5), []),
}


@pytest.mark.parametrize(("lines", "supply", "expected"), KINDS.values(), ids=KINDS)
def test_every_unit_is_promised_by_what_serves_it(lines, supply, expected):
    found = promised(*lines, supply=supply)
    assert [(item.quantity, item.kind.value, item.ready, "".join(item.references)) for item in found] == expected
    goods = {line.id: line.quantity for line in lines if line.kind == "goods"}
    assert {line: sum(item.quantity for item in found if item.line_id == line) for line in goods} == goods


def test_a_promise_says_whose_it_is_and_when_it_arrives():
    expected = Promise(
        order_id="O1",
        line_id="1",
        sku="CD",
        quantity=2,
        kind=PromiseKind.BACKORDER,
        ready=days("11-27", "12-01"),
        delivery=days("11-30", "12-07"),
        references=("P1",),
        first=None,
    )
    assert promised(waits(2), supply=there(0, comes(9, "11-27", "12-01", reference="P1"))) == (expected,)
    assert pickle.loads(pickle.dumps(expected)) == expected


def times(**fields: object) -> ShippingTimes:
    stages = {"handling": LeadTime(1, 2, MON_TO_FRI), "transit": LeadTime(2, 4, MON_TO_FRI)}
    return ShippingTimes(**stages | fields)


def cut_off(zone: str, hour: int = 14) -> CutOff:
    return CutOff(time=dt.time(hour), zone=zone)


ANY_DAY = {"handling": LeadTime(0, 0), "transit": LeadTime(1, 1)}
OSLO = times(cut_off=cut_off("Europe/Oslo"))
DAYS = {
    "a minute before the cut-off": (instant(11, 23, 12, 59), wants(), OSLO, days("11-23"), days("11-26", "12-01")),
    "at the cut-off": (instant(11, 23, 13), wants(), OSLO, days("11-24"), days("11-27", "12-02")),
    "at the cut-off of summer": (instant(7, 6, 12), wants(), OSLO, days("07-07"), days("07-10", "07-15")),
    "a minute before the cut-off of summer": (
        instant(7, 6, 11, 59),
        wants(),
        OSLO,
        days("07-06"),
        days("07-09", "07-14"),
    ),
    "after the cut-off on Friday": (instant(11, 27, 13, 30), wants(), OSLO, days("11-30"), days("12-03", "12-08")),
    "on Sunday": (instant(11, 22, 9), wants(), times(), days("11-23"), days("11-26", "12-01")),
    "in UTC without a zone": (instant(11, 23, 23, 30), wants(), times(**ANY_DAY), days("11-23"), days("11-24")),
    "the next day in Sydney": (
        instant(11, 23, 23, 30),
        wants(),
        times(**ANY_DAY, zone="Australia/Sydney"),
        days("11-24"),
        days("11-25"),
    ),
    "the day before in Los Angeles": (
        instant(11, 23, 5),
        wants(),
        times(**ANY_DAY, zone="America/Los_Angeles"),
        days("11-22"),
        days("11-23"),
    ),
    "the day of the cut-off's zone": (
        instant(11, 23, 5),
        wants(),
        times(**ANY_DAY, cut_off=cut_off("America/Los_Angeles", 22)),
        days("11-22"),
        days("11-23"),
    ),
    "the street day in Los Angeles": (
        NOW,
        preorder(),
        times(**ANY_DAY, zone="America/Los_Angeles"),
        days("27-02-04"),
        days("27-02-05"),
    ),
    "the street day in the cut-off's zone": (
        NOW,
        preorder(),
        times(**ANY_DAY, cut_off=cut_off("America/Los_Angeles", 22)),
        days("27-02-04"),
        days("27-02-05"),
    ),
    "the street day in Sydney": (
        NOW,
        preorder(street_date=instant(2, 4, 13, year=2027)),
        times(**ANY_DAY, zone="Australia/Sydney"),
        days("27-02-05"),
        days("27-02-06"),
    ),
    "a street day on Saturday": (
        NOW,
        preorder(street_date=instant(2, 6, year=2027)),
        times(),
        days("27-02-06"),
        days("27-02-11", "27-02-16"),
    ),
    "a street date later today": (
        NOW,
        preorder(street_date=instant(11, 23, 18)),
        times(**ANY_DAY),
        days("11-23"),
        days("11-24"),
    ),
    "a street date later today, after the cut-off": (
        NOW,
        preorder(street_date=instant(11, 23, 18)),
        times(**ANY_DAY, cut_off=cut_off("UTC", 8)),
        days("11-24"),
        days("11-25"),
    ),
    "a day on which the customer receives nothing": (
        NOW,
        wants(),
        times(handling=LeadTime(1, 2), transit=LeadTime(2, 4), receiving=MON_TO_FRI),
        days("11-23"),
        days("11-26", "11-30"),
    ),
    "put-away is not for what is there": (
        NOW,
        wants(),
        times(**ANY_DAY, inbound=LeadTime(5, 9)),
        days("11-23"),
        days("11-24"),
    ),
    "put-away after a receipt on Friday": (
        NOW,
        waits(sku="LP"),
        times(**ANY_DAY, inbound=LeadTime(1, 2, MON_TO_FRI)),
        days("11-30", "12-01"),
        days("12-01", "12-02"),
    ),
    "put-away and a street date between its days": (
        NOW,
        preorder(sku="LP", street_date=instant(12, 1)),
        times(**ANY_DAY, inbound=LeadTime(1, 3, MON_TO_FRI)),
        days("12-01", "12-02"),
        days("12-02", "12-03"),
    ),
}


@pytest.mark.parametrize(("at", "line", "stages", "ready", "delivery"), DAYS.values(), ids=DAYS)
def test_a_promise_is_counted_from_the_latest_of_order_day_street_day_and_stock_day(at, line, stages, ready, delivery):
    friday = Receipt(sku="LP", quantity=1, expected=dt.date(2026, 11, 27))
    [found] = promised(line, supply=Supply(on_hand={"CD": 9}, receipts=[friday]), times=stages, at=at)
    assert (found.ready, found.delivery) == (ready, delivery)


def test_nothing_is_promised_before_the_warehouse_day():
    # Noon in UTC is Tuesday at 2 in Kiritimati, and Monday at 4 in Los Angeles.
    stages = times(**ANY_DAY, zone="Pacific/Kiritimati", cut_off=cut_off("America/Los_Angeles"))
    [found] = promised(wants(), supply=there(1), times=stages, at=instant(11, 23, 12))
    assert found.ready == days("11-24")


def test_the_warehouse_day_says_which_receipts_are_overdue():
    supply, at = there(0, comes(1, "11-23")), instant(11, 23, 23, 30)
    assert [item.kind.value for item in promised(waits(), supply=supply, at=at)] == [BACKORDER]
    sydney = times(zone="Australia/Sydney")
    assert [item.kind.value for item in promised(waits(), supply=supply, at=at, times=sydney)] == [NONE]


ORDER = Order(id="O1", placed_at=NOW, lines=[wants()])


@pytest.mark.parametrize(
    ("order", "arguments", "code", "path"),
    [
        pytest.param(wants(), {}, "type.invalid", "order", id="a line"),
        pytest.param(ORDER, {"supply": {"A": there()}}, "type.invalid", "supply", id="several locations"),
        pytest.param(ORDER, {"times": None}, "type.invalid", "times", id="no times"),
        pytest.param(ORDER, {"at": dt.datetime(2026, 1, 1)}, "instant.naive", "at", id="no offset"),
        pytest.param(ORDER, {"at": dt.date(2026, 1, 1)}, "instant.invalid", "at", id="a day"),
    ],
)
def test_what_cannot_be_promised_is_refused(order, arguments, code, path):
    with pytest.raises(InvalidArgument) as caught:
        promise_order(order, **{"supply": there(), "times": TIMES, "at": NOW} | arguments)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_warehouse_that_never_works_is_an_error():
    never = times(handling=LeadTime(0, 0, WorkCalendar(weekdays=())))
    with pytest.raises(NoWorkingDay, match="has no working day"):
        promised(wants(), supply=there(1), times=never)


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        pytest.param({"quantity": 0}, "units.invalid", "quantity", id="no units"),
        pytest.param({"kind": "maybe"}, "choice.invalid", "kind", id="unknown kind"),
        pytest.param({"ready": dt.date(2026, 1, 1)}, "type.invalid", "ready", id="ready on a day"),
        pytest.param({"ready": days("12-01")}, "promise.half_dated", "delivery", id="ready, and no delivery"),
        pytest.param(
            {"delivery": days("12-01")}, "promise.half_dated", "delivery", id="a delivery of what is not ready"
        ),
        pytest.param({"delivery": "soon"}, "type.invalid", "delivery", id="a delivery that is text"),
        pytest.param({"first": dt.date(2026, 1, 1)}, "type.invalid", "first", id="first on a day"),
        pytest.param({"order_id": " "}, "text.invalid", "order_id", id="a blank order"),
        pytest.param({"references": "PO"}, "type.invalid", "references", id="references that are text"),
        pytest.param({"references": [""]}, "text.invalid", "references[0]", id="a blank reference"),
    ],
)
def test_a_promise_that_breaks_a_rule_is_refused(fields, code, path):
    with pytest.raises(InvalidArgument) as caught:
        Promise(**{"order_id": "O", "line_id": "1", "sku": "A", "quantity": 1, "kind": "none"} | fields)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize("kind", ["preorder", "in_stock", "backorder", "estimate", "none"])
def test_a_promise_of_each_kind_says_it_by_its_name(kind):
    promise = Promise(order_id="O", line_id="1", sku="A", quantity=1, kind=kind)
    assert promise.kind is PromiseKind(kind)
    assert promise.kind.value == kind


def test_half_of_the_days_of_a_promise_says_what_is_missing():
    with pytest.raises(InvalidArgument, match=r"^delivery: must be given just if ready is"):
        Promise(order_id="O", line_id="1", sku="A", quantity=1, kind="in_stock", ready=TODAY)
