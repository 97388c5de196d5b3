"""One order into parts. A plan is written as its parts, ``<id> <line>x<units> ...``, then what is cut, and why."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from preorder_kit import (
    UNLIMITED,
    Cancelled,
    Commitment,
    Component,
    DateRange,
    InvalidArgument,
    LeadTime,
    Order,
    OrderLine,
    Part,
    PartKind,
    PartLine,
    Receipt,
    ShippingTimes,
    SplitPlan,
    Supply,
    split_order,
)


def instant(year: int, month: int, day: int, hour: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=dt.timezone.utc)


NOW = instant(2026, 11, 23, 9)  # a Monday
STREET, LATER, PAST = instant(2027, 2, 5), instant(2027, 3, 5), instant(2026, 11, 1)


def wants(quantity: int = 1, line_id: str = "1", **fields: object) -> OrderLine:
    return OrderLine(**{"id": line_id, "sku": "CD", "quantity": quantity} | fields)


def waits(quantity: int = 1, line_id: str = "1", **fields: object) -> OrderLine:
    return wants(quantity, line_id, **{"when_short": "wait"} | fields)


def preorder(quantity: int = 1, line_id: str = "1", **fields: object) -> OrderLine:
    return wants(quantity, line_id, **{"street_date": STREET} | fields)


def fee(line_id: str, quantity: int = 1, **fields: object) -> OrderLine:
    return wants(quantity, line_id, **{"kind": "fee", "sku": "STANDARD"} | fields)


def digital(line_id: str, **fields: object) -> OrderLine:
    return wants(1, line_id, **{"kind": "digital", "sku": "MP3"} | fields)


def there(quantity: object, *dated: Receipt | Commitment, **fields: object) -> Supply:
    receipts = [item for item in dated if isinstance(item, Receipt)]
    commitments = [item for item in dated if isinstance(item, Commitment)]
    return Supply(on_hand={"CD": quantity, "LP": 9}, receipts=receipts, commitments=commitments, **fields)


def comes(quantity: int, first: dt.date, last: dt.date | None = None) -> Receipt:
    return Receipt(sku="CD", quantity=quantity, expected=DateRange(first, last or first))


def owed(quantity: int, order_id: str = "") -> Commitment:
    return Commitment(sku="CD", quantity=quantity, order_id=order_id)


def order(*lines: OrderLine, **fields: object) -> Order:
    return Order(**{"id": "O1", "placed_at": NOW, "lines": lines} | fields)


def split(*lines: OrderLine, supply: object, ship: str = "as_available", **arguments: object) -> SplitPlan:
    return split_order(order(*lines, ship=ship), **{"supply": supply, "at": NOW} | arguments)


def written(plan: SplitPlan) -> list[str]:
    parts = [
        " ".join([part.id.removeprefix("O1/"), *(f"{line.line_id}x{line.quantity}" for line in part.lines)])
        for part in plan.parts
    ]
    return parts + [f"cut {cut.line_id}x{cut.quantity} {cut.reason}" for cut in plan.cancelled]


DECEMBER = dt.date(2026, 12, 1)
FEB, MAR = "street/20270205T000000Z", "street/20270305T000000Z"
B = {"ship_to": "B"}
LINE_BY_LINE = {
    "enough": ([wants(3)], there(5), ["now/1 1x3"]),
    "just enough": ([wants(3)], there(3), ["now/1 1x3"]),
    "too little, may wait": ([waits(8)], there(3), ["now/1 1x3", "stock 1x5"]),
    "none, may wait": ([waits(8)], there(0), ["stock 1x8"]),
    "too little, may not wait": ([wants(8)], there(3), ["now/1 1x3", "cut 1x5 out_of_stock"]),
    "none, may not wait": ([wants(8)], there(0), ["cut 1x8 out_of_stock"]),
    "a SKU that is not named": ([wants(sku="EP")], there(3), ["cut 1x1 out_of_stock"]),
    "what comes does not ship": ([wants(2)], there(1, comes(5, DECEMBER)), ["now/1 1x1", "cut 1x1 out_of_stock"]),
    "what comes is waited for": ([waits(2)], there(1, comes(5, DECEMBER)), ["now/1 1x1", "stock 1x1"]),
    "what comes today is not there yet": ([waits(2)], there(1, comes(5, NOW.date())), ["now/1 1x1", "stock 1x1"]),
    "no bound": ([wants(8)], there(UNLIMITED, owed(3)), ["now/1 1x8"]),
    "a negative count": ([waits(2)], there(-3), ["stock 1x2"]),
    "safety stock": ([waits(3)], there(3, safety_stock={"CD": 2}), ["now/1 1x1", "stock 1x2"]),
    "owed to others": ([waits(3)], there(3, owed(2, "O9")), ["now/1 1x1", "stock 1x2"]),
    "owed to nobody in particular": ([waits(3)], there(3, owed(2)), ["now/1 1x1", "stock 1x2"]),
    "owed to this order": ([waits(3)], there(3, owed(2, "O1")), ["now/1 1x3"]),
    "replenished at once": (
        [waits(5)],
        there(2, replenishment={"CD": LeadTime(0, 0)}),
        ["now/1 1x2", "stock 1x3"],
    ),
    "over-demand over two lines": ([waits(2), wants(3, "2")], there(4), ["now/1 1x2 2x2", "cut 2x1 out_of_stock"]),
    "over-demand, the other way round": (
        [wants(3), waits(2, "2")],
        there(4),
        ["now/1 1x3 2x1", "stock 2x1"],
    ),
    "two SKUs": ([wants(2), wants(2, "2", sku="LP")], there(1), ["now/1 1x1 2x2", "cut 1x1 out_of_stock"]),
    "a street date ahead, all there": ([preorder(3)], there(5), [f"{FEB} 1x3"]),
    "a street date ahead, too little there": ([preorder(3)], there(1), [f"{FEB} 1x3"]),
    "a street date ahead, none there": ([preorder(3)], there(0), [f"{FEB} 1x3"]),
    "a street date now, all there": ([preorder(3, street_date=NOW)], there(5), ["now/1 1x3"]),
    "a street date behind, too little there": ([preorder(3, street_date=PAST)], there(1), ["now/1 1x1", "stock 1x2"]),
    "a street date behind, none there": ([preorder(3, street_date=PAST)], there(0), ["stock 1x3"]),
    "two street dates, the earliest first": (
        [preorder(1, street_date=LATER), preorder(2, "2"), preorder(3, "3")],
        there(9),
        [f"{FEB} 2x2 3x3", f"{MAR} 1x1"],
    ),
    "a street date with its time": (
        [preorder(street_date=instant(2026, 12, 24, 18))],
        there(1),
        ["street/20261224T180000Z 1x1"],
    ),
    "a pre-order takes its unit before the line behind it": (
        [preorder(), wants(1, "2")],
        there(1),
        [f"{FEB} 1x1", "cut 2x1 out_of_stock"],
    ),
    "an order without lines": ([], there(5), []),
    "now, street and stock in their order": (
        [waits(2), preorder(1, "2", sku="EP"), digital("3")],
        there(1),
        ["digital 3x1", "now/1 1x1", f"{FEB} 2x1", "stock 1x1"],
    ),
    "digital": ([digital("1")], there(0), ["digital 1x1"]),
    "digital, street date behind": ([digital("1", street_date=PAST)], there(0), ["digital 1x1"]),
    "digital, street date ahead": ([digital("1", street_date=STREET)], there(0), [f"{FEB} 1x1"]),
    "digital and goods of one street date": (
        [preorder(), digital("2", street_date=STREET)],
        there(0),
        [f"{FEB} 1x1 2x1"],
    ),
    "a fee with what ships now": ([waits(2), fee("2")], there(1), ["now/1 1x1 2x1", "stock 1x1"]),
    "a fee before the goods": ([fee("1"), wants(1, "2")], there(1), ["now/1 1x1 2x1"]),
    "a fee with the earliest street date": (
        [preorder(street_date=LATER), preorder(1, "2"), fee("3"), waits(1, "4", sku="EP")],
        there(0),
        [f"{FEB} 2x1 3x1", f"{MAR} 1x1", "stock 4x1"],
    ),
    "a fee with what waits for stock": ([waits(), fee("2")], there(0), ["stock 1x1 2x1"]),
    "a fee with goods rather than digital": (
        [digital("1"), waits(1, "2"), fee("3")],
        there(0),
        ["digital 1x1", "stock 2x1 3x1"],
    ),
    "a fee with goods rather than digital that waits": (
        [digital("1", street_date=STREET), waits(1, "2"), fee("3")],
        there(0),
        [f"{FEB} 1x1", "stock 2x1 3x1"],
    ),
    "a fee with digital goods alone": ([digital("1"), fee("2")], there(0), ["digital 1x1 2x1"]),
    "a fee with digital goods that wait": ([digital("1", street_date=STREET), fee("2")], there(0), [f"{FEB} 1x1 2x1"]),
    "a fee with digital goods, the others cancelled": (
        [wants(), digital("2"), fee("3")],
        there(0),
        ["digital 2x1 3x1", "cut 1x1 out_of_stock"],
    ),
    "a fee without anything": ([fee("1")], there(5), ["cut 1x1 nothing_ships"]),
    "fees, all else cancelled": (
        [fee("1"), wants(2, "2"), fee("3")],
        there(0),
        ["cut 1x1 nothing_ships", "cut 2x2 out_of_stock", "cut 3x1 nothing_ships"],
    ),
    "two fees": ([wants(), fee("2"), fee("3", 2, sku="WRAP")], there(1), ["now/1 1x1 2x1 3x2"]),
    "two addresses": ([wants(1, ship_to="A"), wants(1, "2", **B)], there(2), ["now/1 1x1", "now/1/B 2x1"]),
    "no address comes first": ([wants(1, **B), wants(1, "2")], there(2), ["now/1 2x1", "now/1/B 1x1"]),
    "addresses as the lines name them": (
        [waits(1, **B), waits(1, "2", ship_to="A"), waits(1, "3", **B)],
        there(0),
        ["stock 1x1 3x1", "stock/A 2x1"],
    ),
    "the second address alone waits": (
        [waits(1, ship_to="A"), waits(1, "2", **B)],
        there(1),
        ["now/1 1x1", "stock/B 2x1"],
    ),
    "one street date, two addresses": ([preorder(), preorder(1, "2", **B)], there(0), [f"{FEB} 1x1", f"{FEB}/B 2x1"]),
    "digital goods have one part": ([digital("1"), digital("2", **B)], there(0), ["digital 1x1 2x1"]),
    "digital goods name the first address": (
        [digital("1", ship_to="A"), wants(1, "2", **B)],
        there(1),
        ["digital 1x1", "now/1 2x1"],
    ),
    "digital goods without an address wait beside goods": (
        [digital("1", street_date=STREET), preorder(1, "2", ship_to="A")],
        there(1),
        [f"{FEB} 2x1", f"{FEB}/digital 1x1"],
    ),
    "a fee of the second address": (
        [wants(1, ship_to="A"), waits(2, "2", **B), fee("3", **B)],
        there(2),
        ["now/1 1x1", "now/1/B 2x1 3x1", "stock/B 2x1"],
    ),
    "a fee of the second address, which waits": (
        [wants(1, ship_to="A"), waits(1, "2", **B), fee("3", **B)],
        there(1),
        ["now/1 1x1", "stock/B 2x1 3x1"],
    ),
    "a fee without an address": (
        [wants(1, ship_to="A"), wants(1, "2", **B), fee("3")],
        there(2),
        ["now/1 1x1 3x1", "now/1/B 2x1"],
    ),
    "a fee of an address of its own": (
        [wants(1, ship_to="A"), fee("2", ship_to="office")],
        there(1),
        ["now/1 1x1 2x1"],
    ),
    "a fee of an address to which nothing goes": (
        [wants(1, ship_to="A"), wants(1, "2", **B), fee("3", **B)],
        there(1),
        ["now/1 1x1", "cut 2x1 out_of_stock", "cut 3x1 nothing_ships"],
    ),
}


@pytest.mark.parametrize(("lines", "supply", "expected"), LINE_BY_LINE.values(), ids=LINE_BY_LINE)
def test_a_line_goes_its_way(lines, supply, expected):
    assert written(split(*lines, supply=supply)) == expected


COMPLETE = {
    "all there": ([wants(2), wants(1, "2", sku="LP")], there(2), ["now/1 1x2 2x1"]),
    "short, may wait: all of it waits": ([waits(8), wants(1, "2", sku="LP")], there(3), ["stock 1x8 2x1"]),
    "short, may not wait": ([wants(8), wants(1, "2", sku="LP")], there(3), ["now/1 1x3 2x1", "cut 1x5 out_of_stock"]),
    "a line is cancelled, the rest ships": (
        [wants(), wants(1, "2", sku="LP")],
        there(0),
        ["now/1 2x1", "cut 1x1 out_of_stock"],
    ),
    "one short may wait, one may not": (
        [waits(2), wants(2, "2", sku="EP")],
        there(1),
        ["stock 1x2", "cut 2x2 out_of_stock"],
    ),
    "over-demand over two lines": ([waits(5), wants(2, "2")], there(5), ["now/1 1x5", "cut 2x2 out_of_stock"]),
    "a street date ahead, all there": ([preorder(), wants(1, "2", sku="LP")], there(1), [f"{FEB} 1x1 2x1"]),
    "the latest street date": (
        [preorder(), preorder(1, "2", street_date=LATER), wants(1, "3", sku="LP")],
        there(2),
        [f"{MAR} 1x1 2x1 3x1"],
    ),
    "a street date ahead and short": ([preorder(), waits(2, "2", sku="EP")], there(0), [f"{FEB} 1x1 2x2"]),
    "a street date ahead and short, may not wait": (
        [preorder(), wants(2, "2", sku="EP")],
        there(0),
        [f"{FEB} 1x1", "cut 2x2 out_of_stock"],
    ),
    "a street date behind and short": ([preorder(2, street_date=PAST)], there(1), ["stock 1x2"]),
    "two addresses, all there": ([wants(), wants(1, "2", **B)], there(2), ["now/1 1x1", "now/1/B 2x1"]),
    "two addresses, one short": ([wants(), waits(1, "2", **B)], there(1), ["stock 1x1", "stock/B 2x1"]),
    "two addresses, one pre-order": (
        [preorder(), wants(1, "2", sku="LP", **B)],
        there(0),
        [f"{FEB} 1x1", f"{FEB}/B 2x1"],
    ),
    "digital goods go at once": ([waits(2), digital("2"), fee("3")], there(1), ["digital 2x1", "stock 1x2 3x1"]),
    "nothing left": ([wants(), fee("2")], there(0), ["cut 1x1 out_of_stock", "cut 2x1 nothing_ships"]),
}


@pytest.mark.parametrize(("lines", "supply", "expected"), COMPLETE.values(), ids=COMPLETE)
def test_a_complete_order_goes_together(lines, supply, expected):
    assert written(split(*lines, supply=supply, ship="complete")) == expected


G, H = {"ship_group": "g"}, {"ship_group": "h"}
GROUPS = {
    "all there": ([wants(1, **G), wants(1, "2", sku="LP", **G)], there(1), ["now/1 1x1 2x1"]),
    "one short: the group waits, others do not": (
        [waits(3, **G), wants(1, "2", sku="LP", **G), wants(1, "3", sku="LP")],
        there(1),
        ["now/1 3x1", "stock 1x3 2x1"],
    ),
    "one short, may not wait": (
        [wants(1, **G), wants(1, "2", sku="LP", **G)],
        there(0),
        ["now/1 2x1", "cut 1x1 out_of_stock"],
    ),
    "the latest street date": (
        [preorder(1, **G), preorder(1, "2", street_date=LATER, **G), wants(1, "3", sku="LP", **G)],
        there(0),
        [f"{MAR} 1x1 2x1 3x1"],
    ),
    "two groups": (
        [waits(1, **G), wants(1, "2", sku="LP", **G), wants(1, "3", sku="LP", **H), preorder(1, "4", **H)],
        there(0),
        [f"{FEB} 3x1 4x1", "stock 1x1 2x1"],
    ),
    "beside a line that waits, too": (
        [waits(3, **G), wants(1, "2", sku="LP", **G), waits(1, "3", sku="EP")],
        there(1),
        ["stock 1x3 2x1 3x1"],
    ),
    "beside a line of the same street date": (
        [preorder(1, **G), wants(1, "2", sku="LP", **G), preorder(1, "3")],
        there(2),
        [f"{FEB} 1x1 2x1 3x1"],
    ),
    "two addresses": (
        [waits(1, **G), wants(1, "2", sku="LP", **G, **B), fee("3", **B)],
        there(0),
        ["stock 1x1", "stock/B 2x1 3x1"],
    ),
}


@pytest.mark.parametrize(("lines", "supply", "expected"), GROUPS.values(), ids=GROUPS)
def test_lines_of_a_ship_group_go_together(lines, supply, expected):
    assert written(split(*lines, supply=supply)) == expected


ROOM = {
    "eight ordered, three there, room for four": ([waits(8)], 4, ["now/1 1x3", "stock 1x4", "cut 1x1 backorder_limit"]),
    "no room": ([waits(8)], 0, ["now/1 1x3", "cut 1x5 backorder_limit"]),
    "room enough": ([waits(8)], 5, ["now/1 1x3", "stock 1x5"]),
    "no bound": ([waits(8)], UNLIMITED, ["now/1 1x3", "stock 1x5"]),
    "two lines share it": ([waits(6), waits(3, "2")], 4, ["now/1 1x3", "stock 1x3 2x1", "cut 2x2 backorder_limit"]),
    "what may not wait takes none": (
        [wants(5), waits(3, "2")],
        2,
        ["now/1 1x3", "stock 2x2", "cut 1x2 out_of_stock", "cut 2x1 backorder_limit"],
    ),
    "a pre-order takes none": ([preorder(5), waits(3, "2")], 2, ["stock 2x2", f"{FEB} 1x5", "cut 2x1 backorder_limit"]),
    "a released pre-order takes none": (
        [preorder(5, street_date=PAST), waits(3, "2")],
        2,
        ["now/1 1x3", "stock 1x2 2x2", "cut 2x1 backorder_limit"],
    ),
    "another SKU has no bound": ([waits(5, sku="EP")], 2, ["stock 1x5"]),
    "digital goods and fees need none": ([digital("1", sku="CD"), fee("2", sku="CD")], 0, ["digital 1x1 2x1"]),
}


@pytest.mark.parametrize(("lines", "room", "expected"), ROOM.values(), ids=ROOM)
def test_room_bounds_what_may_wait_for_stock(lines, room, expected):
    found = written(split(*lines, supply=there(3), room={"CD": room}))
    assert sorted(found) == sorted(expected)


def test_room_bounds_a_complete_order_too_and_units_on_order():
    supply = there(3, comes(9, DECEMBER))
    found = split(waits(8), supply=supply, room={"CD": 4}, ship="complete")
    assert written(found) == ["stock 1x7", "cut 1x1 backorder_limit"]


def sent(part_id: str, order_id: str = "O1", **units: int) -> Part:
    lines = [PartLine(line_id=line.removeprefix("l"), sku="CD", quantity=count) for line, count in units.items()]
    return Part(id=part_id, order_id=order_id, kind="ship_now", lines=lines)


SHIPPED = {
    "the rest": ([waits(8)], [sent("O1/now/1", l1=3)], ["now/2 1x2", "stock 1x3"]),
    "all of it": ([waits(8), fee("2")], [sent("O1/now/1", l1=8, l2=1)], []),
    "in two parts": ([waits(8)], [sent("O1/now/1", l1=3), sent("O1/now/2", l1=4)], ["now/3 1x1"]),
    "counting on from the highest": ([waits(8)], [sent("O1/now/10/B", l1=3), sent("O1/now/9", l1=4)], ["now/11 1x1"]),
    "what waited has left": ([waits(3)], [sent("O1/stock", l1=2)], ["now/1 1x1"]),
    "digital goods are delivered once": ([wants(), digital("2")], [sent("O1/digital", l2=1)], ["now/1 1x1"]),
    "a fee is asked once": ([waits(3), fee("2")], [sent("O1/now/1", l1=1, l2=1)], ["now/2 1x2"]),
    "a fee left behind": ([wants(), fee("2")], [sent("O1/now/1", l1=1)], ["cut 2x1 nothing_ships"]),
    "a pre-order of which one has left": ([preorder(3)], [sent("O1/now/1", l1=1)], [f"{FEB} 1x2"]),
    "an empty part": ([wants()], [sent("O1/now/1")], ["now/2 1x1"]),
}


@pytest.mark.parametrize(("lines", "shipped", "expected"), SHIPPED.values(), ids=SHIPPED)
def test_what_has_left_is_not_asked_for_again(lines, shipped, expected):
    assert written(split(*lines, supply=there(2), shipped=shipped)) == expected


def delivered(part_id: str, **units: int) -> Part:
    lines = [
        PartLine(line_id=line.removeprefix("l"), sku="MP3", quantity=n, kind="digital") for line, n in units.items()
    ]
    return Part(id=part_id, order_id="O1", kind="digital", lines=lines)


DELIVERED = {
    "the next": ([digital("1"), digital("2")], [delivered("O1/digital", l1=1)], ["digital/2 2x1"]),
    "the third": (
        [digital("1"), digital("2"), digital("3")],
        [delivered("O1/digital", l1=1), delivered("O1/digital/2", l2=1)],
        ["digital/3 3x1"],
    ),
    "counting on from the highest": (
        [digital("1"), digital("2")],
        [delivered("O1/digital/2", l1=1)],
        ["digital/3 2x1"],
    ),
    "all of them": ([digital("1"), wants(1, "2")], [delivered("O1/digital", l1=1)], ["now/1 2x1"]),
}


@pytest.mark.parametrize(("lines", "shipped", "expected"), DELIVERED.values(), ids=DELIVERED)
def test_digital_parts_count_on(lines, shipped, expected):
    assert written(split(*lines, supply=there(2), shipped=shipped)) == expected


def dropped(quantity: int, line_id: str = "1", reason: str = "customer") -> Cancelled:
    return Cancelled(line_id=line_id, sku="CD", quantity=quantity, reason=reason)


CANCELLED = {
    "the rest": ([waits(8)], [dropped(3)], ["now/1 1x2", "stock 1x3", "cut 1x3 customer"]),
    "all of it": ([waits(8), fee("2")], [dropped(8)], ["cut 1x8 customer", "cut 2x1 nothing_ships"]),
    "beside what is cut now": (
        [wants(3), wants(2, "2")],
        [dropped(1, "2", "backorder_limit")],
        ["now/1 1x2", "cut 1x1 out_of_stock", "cut 2x1 backorder_limit", "cut 2x1 out_of_stock"],
    ),
    "before what is cut now of the same line": (
        [wants(5)],
        [dropped(2)],
        ["now/1 1x2", "cut 1x2 customer", "cut 1x1 out_of_stock"],
    ),
    "a fee": ([wants(2), fee("2")], [dropped(1, "2")], ["now/1 1x2", "cut 2x1 customer"]),
    "digital goods": ([digital("1"), wants(1, "2")], [dropped(1)], ["now/1 2x1", "cut 1x1 customer"]),
    "in the order of the lines": (
        [wants(1), wants(1, "2")],
        [dropped(1, "2"), dropped(1)],
        ["cut 1x1 customer", "cut 2x1 customer"],
    ),
}


@pytest.mark.parametrize(("lines", "gone", "expected"), CANCELLED.values(), ids=CANCELLED)
def test_what_was_cancelled_stays_cancelled(lines, gone, expected):
    assert written(split(*lines, supply=there(2), cancelled=gone)) == expected


def test_an_order_whose_first_wave_has_left_splits_as_it_stands():
    lines, supply = [waits(8), wants(3, "2", sku="EP"), fee("3")], there(3)
    first = split(*lines, supply=supply, room={"CD": 4})
    assert written(first) == ["now/1 1x3 3x1", "stock 1x4", "cut 1x1 backorder_limit", "cut 2x3 out_of_stock"]
    again = split(*lines, supply=there(0), shipped=first.parts[:1], cancelled=first.cancelled)
    assert again == SplitPlan(order_id="O1", parts=first.parts[1:], cancelled=first.cancelled)


def test_only_ids_of_this_very_order_are_counted_on_from():
    found = split_order(
        order(waits(8), id="O.1"),
        supply=there(9),
        at=NOW,
        shipped=[sent("OX1/now/7", "O.1", l1=1), sent("O.1/now/x", "O.1", l1=1), sent("O.1/now/2/\n", "O.1", l1=1)],
    )
    assert [part.id for part in found.parts] == ["O.1/now/3"]


TIMES = ShippingTimes(handling=LeadTime(1, 2), transit=LeadTime(2, 4))  # 3 to 6 days after it is ready
BOTH = [comes(1, DECEMBER, dt.date(2026, 12, 9)), comes(1, dt.date(2026, 12, 3), dt.date(2026, 12, 5))]
DATED = {
    "what is there": ([wants()], there(1), [("11-23", "11-23", "11-26", "11-29")]),
    "what comes": ([waits()], there(0, BOTH[0]), [("12-01", "12-09", "12-04", "12-15")]),
    "all that comes": ([waits(2)], there(0, *BOTH), [("12-03", "12-09", "12-06", "12-15")]),
    "a unit without a date": ([waits(3)], there(0, *BOTH), [None]),
    "nothing known": ([waits()], there(0), [None]),
    "now, and later": (
        [waits(2)],
        there(1, BOTH[1]),
        [("11-23", "11-23", "11-26", "11-29"), ("12-03", "12-05", "12-06", "12-11")],
    ),
    "a street date": ([preorder()], there(0), [("02-05", "02-05", "02-08", "02-11")]),
    "a street date, what comes before it": ([preorder(2)], there(1, BOTH[0]), [("02-05", "02-05", "02-08", "02-11")]),
    "a street date, not enough named": ([preorder(2)], there(1, comes(0, DECEMBER)), [None]),
    "digital goods": ([digital("1")], there(0), [None]),
    "digital goods in a part with goods": (
        [digital("1", street_date=STREET), preorder(1, "2")],
        there(0),
        [("02-05", "02-05", "02-08", "02-11")],
    ),
    "digital goods that wait": ([digital("1", street_date=STREET)], there(0), [None]),
    "a fee": ([wants(), fee("2")], there(1), [("11-23", "11-23", "11-26", "11-29")]),
    "a group waits for the last": (
        [wants(1, sku="LP", **G), waits(1, "2", **G)],
        there(0, BOTH[1]),
        [("12-03", "12-05", "12-06", "12-11")],
    ),
    "a group at two addresses": (
        [wants(1, sku="LP", **G, **B), waits(1, "2", **G)],
        there(0, BOTH[1]),
        [("12-03", "12-05", "12-06", "12-11")] * 2,
    ),
    "a group with a street date and no date": ([preorder(1, **G), waits(1, "2", sku="EP", **G)], there(1), [None]),
}


@pytest.mark.parametrize(("lines", "supply", "expected"), DATED.values(), ids=DATED)
def test_parts_say_when_they_are_ready_and_arrive(lines, supply, expected):
    found = split(*lines, supply=supply, times=TIMES)
    assert [_days(part) for part in found.parts] == expected
    assert all((part.ready is None) is (part.delivery is None) for part in found.parts)
    undated = split(*lines, supply=supply)
    assert written(undated) == written(found)
    assert {part.ready or part.delivery for part in undated.parts} == {None}


def test_what_bundles_of_several_pieces_take_now_is_gone_for_those_that_wait():
    """Of three A the first set takes two: the second one needs the one that comes."""
    pair = wants(2, sku="SET", when_short="wait", components=[Component("A", 2)])
    coming = Receipt(sku="A", quantity=1, expected=dt.date(2026, 12, 1))
    found = split(pair, supply={"home": Supply(on_hand={"A": 3}, receipts=[coming])}, times=TIMES)
    assert [(part.kind, part.lines[0].quantity) for part in found.parts] == [("ship_now", 1), ("await_stock", 1)]
    assert found.parts[1].ready == DateRange(dt.date(2026, 12, 1), dt.date(2026, 12, 1))


def _days(part: Part) -> tuple[str, ...] | None:
    if part.ready is None or part.delivery is None:
        return None
    bounds = (part.ready.earliest, part.ready.latest, part.delivery.earliest, part.delivery.latest)
    return tuple(f"{day:%m-%d}" for day in bounds)


def test_a_plan_says_all_about_its_parts():
    lines = [waits(3, **B), digital("2", **B), preorder(1, "3", **B), fee("4", sku="WRAP")]
    plan = split(*lines, supply={"WH1": there(1)})
    common = {"order_id": "O1", "location": "WH1", "ship_to": "B"}
    expected = [
        Part(id="O1/digital", kind=PartKind.DIGITAL, lines=[_part_line(lines[1], 1)], **common),
        Part(id="O1/now/1", kind=PartKind.SHIP_NOW, lines=[_part_line(lines[0], 1), _part_line(lines[3], 1)], **common),
        Part(
            id=f"O1/{FEB}",
            kind=PartKind.AWAIT_STREET_DATE,
            lines=[_part_line(lines[2], 1)],
            street_date=STREET,
            **common,
        ),
        Part(id="O1/stock", kind=PartKind.AWAIT_STOCK, lines=[_part_line(lines[0], 2)], **common),
    ]
    assert plan == SplitPlan(order_id="O1", parts=tuple(expected), cancelled=())
    assert pickle.loads(pickle.dumps(plan)) == plan


def _part_line(line: OrderLine, quantity: int) -> PartLine:
    return PartLine(line_id=line.id, sku=line.sku, quantity=quantity, kind=line.kind)


def test_digital_goods_of_two_addresses_go_to_none_in_particular():
    [part] = split(digital("1", ship_to="A"), digital("2", **B), supply=there(0)).parts
    assert part.ship_to == ""


def test_no_location_has_nothing():
    assert written(split(waits(), supply={})) == ["stock 1x1"]


def test_the_warehouse_day_says_what_is_owed_and_what_comes():
    supply = there(1, comes(1, DECEMBER), Commitment(sku="CD", quantity=1, due=dt.date(2026, 12, 2)))
    late = dt.datetime(2026, 12, 1, 20, tzinfo=dt.timezone.utc)
    sydney = ShippingTimes(handling=LeadTime(0, 0), transit=LeadTime(0, 0), zone="Australia/Sydney")
    assert written(split(waits(), supply=supply, at=late)) == ["now/1 1x1"]
    assert written(split(waits(), supply=supply, at=late, times=sydney)) == ["stock 1x1"]


@pytest.mark.parametrize(
    ("arguments", "code", "path"),
    [
        pytest.param({"order": wants()}, "type.invalid", "order", id="a line"),
        pytest.param({"supply": None}, "type.invalid", "supply", id="no supply"),
        pytest.param({"supply": {"A": 5}}, "type.invalid", "supply['A']", id="a location that is a number"),
        pytest.param({"at": dt.datetime(2026, 1, 1)}, "instant.naive", "at", id="no offset"),
        pytest.param({"times": 5}, "type.invalid", "times", id="times that are a number"),
        pytest.param({"room": [("CD", 1)]}, "type.invalid", "room", id="room that is a list"),
        pytest.param({"room": {"CD": -1}}, "units.invalid", "room['CD']", id="less room than none"),
        pytest.param({"room": {"CD": None}}, "units.invalid", "room['CD']", id="room that is not known"),
        pytest.param({"shipped": sent("O1/now/1")}, "type.invalid", "shipped", id="one part"),
        pytest.param({"shipped": ["O1/now/1"]}, "type.invalid", "shipped[0]", id="a part that is an id"),
        pytest.param({"shipped": [sent("X", "O2")]}, "part.foreign", "shipped[0].order_id", id="another order's part"),
        pytest.param({"shipped": [sent("X", l1=2)]}, "part.excess", "shipped[0].lines[0].quantity", id="too many"),
        pytest.param({"shipped": [sent("X", l1=1, l9=1)]}, "part.excess", "shipped[0].lines[1].quantity", id="no line"),
        pytest.param({"cancelled": dropped(1)}, "type.invalid", "cancelled", id="one cancellation"),
        pytest.param({"cancelled": [sent("X")]}, "type.invalid", "cancelled[0]", id="a part that is cancelled"),
        pytest.param({"cancelled": [dropped(2)]}, "part.excess", "cancelled[0].quantity", id="too many cancelled"),
        pytest.param(
            {"cancelled": [dropped(1, "9")]}, "part.excess", "cancelled[0].quantity", id="cancelled of no line"
        ),
        pytest.param(
            {"shipped": [sent("X", l1=1)], "cancelled": [dropped(1)]},
            "part.excess",
            "cancelled[0].quantity",
            id="shipped and cancelled",
        ),
        pytest.param(
            {"shipped": [sent("X", l1=1), sent("Y", l1=1)]},
            "part.excess",
            "shipped[1].lines[0].quantity",
            id="too many in two parts",
        ),
    ],
)
def test_what_cannot_be_split_is_refused(arguments, code, path):
    given = {"order": order(wants()), "supply": there(1), "at": NOW} | arguments
    with pytest.raises(InvalidArgument) as caught:
        split_order(given.pop("order"), **given)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            {"supply": None},
            r"^supply: must be a Supply, or a mapping of locations by name \(got None\)$",
            id="no supply",
        ),
        pytest.param(
            {"shipped": [sent("X", "O2")]},
            r"^shipped\[0\]\.order_id: must be parts of the order O1 \(got 'O2'\)$",
            id="another order's part",
        ),
        pytest.param(
            {"shipped": [sent("X", l1=2)]},
            r"quantity: must not be more than was ordered on line 1, with what went before \(got 2\)$",
            id="too many",
        ),
    ],
)
def test_what_cannot_be_split_is_told(arguments, message):
    given = {"order": order(wants()), "supply": there(1), "at": NOW} | arguments
    with pytest.raises(InvalidArgument, match=message):
        split_order(given.pop("order"), **given)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        pytest.param({"id": ""}, "id", id="no id"),
        pytest.param({"kind": "later"}, "kind", id="unknown kind"),
        pytest.param({"lines": [wants()]}, "lines[0]", id="an order's line"),
        pytest.param({"street_date": dt.date(2027, 2, 5)}, "street_date", id="a day"),
        pytest.param({"ready": dt.date(2027, 2, 5)}, "ready", id="ready on a day"),
        pytest.param({"delivery": 5}, "delivery", id="delivery that is a number"),
        pytest.param({"location": None}, "location", id="location that is nothing"),
        pytest.param({"ship_to": 5}, "ship_to", id="ship_to that is a number"),
    ],
)
def test_a_part_that_breaks_a_rule_is_refused(fields, path):
    with pytest.raises(InvalidArgument) as caught:
        Part(**{"id": "O1/stock", "order_id": "O1", "kind": "await_stock", "lines": []} | fields)
    assert caught.value.path == path


@pytest.mark.parametrize("fields", [{"line_id": ""}, {"sku": ""}, {"quantity": 0}, {"components": 5}])
def test_a_part_line_that_breaks_a_rule_is_refused(fields):
    with pytest.raises(InvalidArgument) as caught:
        PartLine(**{"line_id": "1", "sku": "CD", "quantity": 1} | fields)
    assert [caught.value.path] == list(fields)


def test_digital_goods_without_an_address_have_an_id_beside_an_address_of_any_name():
    late = {"kind": "digital", "street_date": STREET}
    lines = [
        OrderLine(id="1", sku="CD", quantity=1, street_date=STREET, ship_to="home"),
        OrderLine(id="2", sku="MP3", quantity=1, ship_to="digital", **late),
        OrderLine(id="3", sku="MP3", quantity=1, **late),
    ]
    order = Order(id="O1", placed_at=NOW, lines=lines)
    ids = [part.id for part in split_order(order, supply=Supply(on_hand={}), at=NOW).parts]
    assert len(set(ids)) == len(ids) == 3
