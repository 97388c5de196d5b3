"""Bundles, several locations and a shop's rules in splits. Plans are written as in `test_splitting`, worked by hand.

A part is ``<id>@<location> <line>x<units> ...``, with what leaves from where behind a line that is put together from
several locations.
"""

from __future__ import annotations

import datetime as dt

import pytest

from preorder_kit import (
    UNLIMITED,
    Assignment,
    Commitment,
    Component,
    InvalidArgument,
    LeadTime,
    Order,
    OrderLine,
    Part,
    PartLine,
    Receipt,
    ShippingTimes,
    SourcingRules,
    SplitPlan,
    SplitRules,
    Supply,
    split_order,
)

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)  # a Monday
STREET, LATER = (dt.datetime(2027, month, 5, tzinfo=dt.timezone.utc) for month in (2, 3))
PAST = dt.datetime(2026, 11, 1, tzinfo=dt.timezone.utc)
FEB, MAR = "street/20270205T000000Z", "street/20270305T000000Z"
TIMES = ShippingTimes(handling=LeadTime(0, 0), transit=LeadTime(1, 1))
B = {"ship_to": "B"}
G = {"ship_group": "g"}
CANCEL, WAIT = {"when_short": "cancel"}, {"when_short": "wait"}


def line(quantity: int, sku: str = "A", line_id: str = "1", **fields: object) -> OrderLine:
    """Return a line that may wait."""
    return OrderLine(**{"id": line_id, "sku": sku, "quantity": quantity, "when_short": "wait"} | fields)


def firm(quantity: int, sku: str = "A", line_id: str = "1", **fields: object) -> OrderLine:
    """Return a line that may not wait."""
    return line(quantity, sku, line_id, **CANCEL | fields)


def part(written: str | Component) -> Component:
    """Return a component, written as its SKU, how many, and ``!`` if it may not wait: ``B2!``."""
    if isinstance(written, Component):
        return written
    bound = written.endswith("!")
    name = written.removesuffix("!")
    return Component(name[0], int(name[1:] or 1), when_short="cancel" if bound else None)


def bundle(quantity: int, *parts: str | Component, line_id: str = "1", **fields: object) -> OrderLine:
    return line(quantity, "SET", line_id, components=[part(item) for item in parts], **fields)


def fee(line_id: str, **fields: object) -> OrderLine:
    return line(1, "STANDARD", line_id, kind="fee", **fields)


def digital(line_id: str, **fields: object) -> OrderLine:
    return line(1, "MP3", line_id, kind="digital", **fields)


def comes(sku: str, quantity: int, day: int) -> Receipt:
    """Return a receipt of a day in December."""
    return Receipt(sku=sku, quantity=quantity, expected=dt.date(2026, 12, day))


def has(*dated: Receipt | Commitment, safety_stock: dict[str, int] | None = None, **on_hand: object) -> Supply:
    receipts = [item for item in dated if isinstance(item, Receipt)]
    owed = [item for item in dated if isinstance(item, Commitment)]
    return Supply(on_hand=on_hand, receipts=receipts, commitments=owed, safety_stock=safety_stock or {})


def split(*lines: OrderLine, supply: object, ship: str = "as_available", **arguments: object) -> SplitPlan:
    order = Order(id="O1", placed_at=NOW, lines=lines, ship=ship)
    return split_order(order, **{"supply": supply, "at": NOW} | arguments)


def held(item: PartLine) -> str:
    picks = ",".join(f"{pick.quantity}{pick.sku}@{pick.location}" for pick in item.picks)
    return f"{item.line_id}x{item.quantity}" + (f"({picks})" if picks else "")


def written(plan: SplitPlan) -> list[str]:
    parts = [
        " ".join([item.id.removeprefix("O1/") + (f"@{item.location}" if item.location else ""), *map(held, item.lines)])
        for item in plan.parts
    ]
    return parts + [f"cut {cut.line_id}x{cut.quantity} {cut.reason}" for cut in plan.cancelled]


def ready(plan: SplitPlan) -> list[str]:
    """Return the part ids, each with the days on which it is ready."""
    return [" ".join([item.id.removeprefix("O1/"), *days(item)]) for item in plan.parts]


def days(item: Part) -> list[str]:
    if item.ready is None:
        return ["undated"]
    return [f"{day:%m-%d}" for day in dict.fromkeys((item.ready.earliest, item.ready.latest))]


NESTED = Component("BOX", 1, [Component("A"), Component("TRAY", 2, [Component("A"), Component("B")])])  # A3 B2
BY_UNIT = {
    "all of it there": ([bundle(2, "A", "B2")], has(A=2, B=4), ["now/1 1x2"]),
    "one component short": ([bundle(3, "A", "B2")], has(A=3, B=5), ["now/1 1x2", "stock 1x1"]),
    "none of one component": ([bundle(2, "A", "B2")], has(A=9), ["stock 1x2"]),
    "less than one unit of one component": ([bundle(1, "A", "B2")], has(A=1, B=1), ["stock 1x1"]),
    "short, may not wait": (
        [bundle(3, "A", "B2", **CANCEL)],
        has(A=3, B=4),
        ["now/1 1x2", "cut 1x1 out_of_stock"],
    ),
    "none there, may not wait": ([bundle(3, "A", "B2", **CANCEL)], has(A=9, B=1), ["cut 1x3 out_of_stock"]),
    "no bound on one component": ([bundle(3, "A", "B2")], has(A=UNLIMITED, B=4), ["now/1 1x2", "stock 1x1"]),
    "no bound on any": ([bundle(3, "A", "B2")], has(A=UNLIMITED, B=UNLIMITED), ["now/1 1x3"]),
    "a component less than none": ([bundle(1, "A", "B")], has(A=-2, B=5), ["stock 1x1"]),
    "safety stock of a component": (
        [bundle(3, "A", "B")],
        has(A=3, B=3, safety_stock={"B": 1}),
        ["now/1 1x2", "stock 1x1"],
    ),
    "a component owed to others": (
        [bundle(3, "A", "B")],
        has(Commitment(sku="A", quantity=2, order_id="O9"), A=3, B=3),
        ["now/1 1x1", "stock 1x2"],
    ),
    "components owed to this order": (
        [bundle(3, "A", "B")],
        has(Commitment(sku="A", quantity=3, order_id="O1"), A=3, B=3),
        ["now/1 1x3"],
    ),
    "a component that comes is not there": ([bundle(1, "A", "B")], has(comes("B", 9, 1), A=1), ["stock 1x1"]),
    "a component twice in a recipe": ([bundle(2, "A", "A2")], has(A=5), ["now/1 1x1", "stock 1x1"]),
    "nested recipes": ([bundle(3, NESTED)], has(A=8, B=9), ["now/1 1x2", "stock 1x1"]),
    "fees and digital components need nothing": (
        [bundle(2, "A", Component("WRAP", 5, kind="fee"), Component("MP3", kind="digital"))],
        has(A=2),
        ["now/1 1x2"],
    ),
    "a bundle of digital components alone": (
        [bundle(2, Component("MP3", kind="digital"), **CANCEL)],
        has(),
        ["now/1 1x2"],
    ),
    "a digital line with a recipe": ([bundle(2, "A", kind="digital")], has(), ["digital 1x2"]),
    "two bundles share a component": (
        [bundle(2, "A", "B"), bundle(2, "A", "C", line_id="2")],
        has(A=3, B=9, C=9),
        ["now/1 1x2 2x1", "stock 2x1"],
    ),
    "a bundle and a line of its component": (
        [bundle(2, "A", "B"), firm(2, line_id="2")],
        has(A=3, B=2),
        ["now/1 1x2 2x1", "cut 2x1 out_of_stock"],
    ),
    "a line of a component, then the bundle": (
        [firm(2), bundle(2, "A", "B", line_id="2")],
        has(A=3, B=2),
        ["now/1 1x2 2x1", "stock 2x1"],
    ),
    "what waits holds nothing of what is there": (
        [bundle(2, "A", "B"), firm(1, line_id="2")],
        has(A=2, B=1),
        ["now/1 1x1 2x1", "stock 1x1"],
    ),
    "a bundle that ships complete holds nothing while it waits": (
        [bundle(2, "A", "B", **G), firm(9, line_id="2")],
        has(A=3, B=1),
        ["now/1 2x2", "stock 1x2", "cut 2x7 out_of_stock"],
    ),
    "what may not wait is set aside": (
        [bundle(5, "A!", "B"), firm(1, line_id="2")],
        has(A=3),
        ["stock 1x3", "cut 1x2 out_of_stock", "cut 2x1 out_of_stock"],
    ),
    "what may not wait, after those that ship": (
        [bundle(5, "A!", "B"), firm(1, line_id="2")],
        has(A=3, B=1),
        ["now/1 1x1", "stock 1x2", "cut 1x2 out_of_stock", "cut 2x1 out_of_stock"],
    ),
    "what is left of what may not wait ships": (
        [bundle(1, "A2!", "B"), firm(2, line_id="2")],
        has(A=3),
        ["now/1 2x1", "stock 1x1", "cut 2x1 out_of_stock"],
    ),
    "none of what may not wait": ([bundle(2, "A!", "B")], has(A=0, B=9), ["cut 1x2 out_of_stock"]),
    "two that may not wait": (
        [bundle(4, "A!", "B2!", "C")],
        has(A=9, B=5, C=1),
        ["now/1 1x1", "stock 1x1", "cut 1x2 out_of_stock"],
    ),
    "one component may wait in a line that may not": (
        [bundle(3, "A", Component("B", **WAIT), **CANCEL)],
        has(A=2, B=1),
        ["now/1 1x1", "stock 1x1", "cut 1x1 out_of_stock"],
    ),
    "what a recipe inside leaves open, it has from above": (
        [bundle(2, Component("BOX", 1, [Component("A"), Component("B", **WAIT)], **CANCEL))],
        has(A=1),
        ["stock 1x1", "cut 1x1 out_of_stock"],
    ),
    "reached twice, it may not wait if it may not once": (
        [bundle(2, Component("A", **WAIT), "A!", "B")],
        has(A=2),
        ["stock 1x1", "cut 1x1 out_of_stock"],
    ),
    "a street date of one component": (
        [bundle(2, "A", Component("B", street_date=STREET), **CANCEL)],
        has(A=2, B=2),
        [f"{FEB} 1x2"],
    ),
    "the latest street date in a recipe": (
        [bundle(1, Component("A", street_date=LATER), "B", street_date=STREET)],
        has(A=1, B=1),
        [f"{MAR} 1x1"],
    ),
    "a street date deep inside": (
        [bundle(1, Component("BOX", 1, [Component("A", street_date=STREET)]))],
        has(A=1),
        [f"{FEB} 1x1"],
    ),
    "a street date ahead, and units that are there are held": (
        [bundle(2, "A", "B", street_date=STREET), firm(3, line_id="2")],
        has(A=4, B=1),
        ["now/1 2x3", f"{FEB} 1x2"],
    ),
    "a street date ahead, and what may not wait is short": (
        [bundle(2, "A!", "B", street_date=STREET, **CANCEL)],
        has(),
        [f"{FEB} 1x2"],
    ),
    "a street date behind": (
        [bundle(3, "A!", Component("B", street_date=PAST), **CANCEL), firm(2, line_id="2")],
        has(A=3, B=1),
        ["now/1 1x1 2x2", "stock 1x2"],
    ),
    "a bundle of another address": (
        [line(1), bundle(2, "A", "B", line_id="2", **B)],
        has(A=2, B=2),
        ["now/1 1x1", "now/1/B 2x1", "stock/B 2x1"],
    ),
    "a fee goes with a bundle that waits": ([bundle(1, "A", "B"), fee("2")], has(A=1), ["stock 1x1 2x1"]),
}


@pytest.mark.parametrize(("lines", "supply", "expected"), BY_UNIT.values(), ids=BY_UNIT)
def test_a_bundle_ships_unit_by_unit(lines, supply, expected):
    assert written(split(*lines, supply=supply)) == expected
    assert written(split(*lines, supply=supply, times=TIMES)) == expected


@pytest.mark.parametrize(
    ("lines", "supply", "expected"),
    [
        pytest.param(
            [bundle(2, "A", "B"), line(1, "C", "2")],
            has(A=2, B=1, C=1),
            ["stock 1x2 2x1"],
            id="short: all of it waits",
        ),
        pytest.param([bundle(2, "A", "B"), line(1, "C", "2")], has(A=2, B=2, C=1), ["now/1 1x2 2x1"], id="all there"),
        pytest.param(
            [bundle(3, "A!", "B"), line(1, "C", "2")],
            has(A=2, B=1, C=1),
            ["stock 1x2 2x1", "cut 1x1 out_of_stock"],
            id="what may not wait drops out",
        ),
        pytest.param(
            [bundle(2, "A", "B", **CANCEL), line(1, "C", "2")],
            has(A=2, B=1, C=1),
            ["now/1 1x1 2x1", "cut 1x1 out_of_stock"],
            id="what is left is all there",
        ),
    ],
)
def test_a_complete_order_with_bundles_goes_together(lines, supply, expected):
    assert written(split(*lines, supply=supply, ship="complete")) == expected


WHOLE_LINE = {
    "all there": ([bundle(3, "A", "B")], {}, ["now/1 1x3"]),
    "one short, all wait and hold nothing": (
        [bundle(4, "A", "B"), firm(3, line_id="2")],
        {},
        ["now/1 2x3", "stock 1x4"],
    ),
    "one short, may not wait": (
        [bundle(4, "A", "B", **CANCEL), firm(3, line_id="2")],
        {},
        ["now/1 2x3", "cut 1x4 out_of_stock"],
    ),
    "what may not wait is set aside for all": (
        [bundle(3, "A!", "D"), firm(1, line_id="2")],
        {},
        ["stock 1x3", "cut 2x1 out_of_stock"],
    ),
    "what may not wait is short for one": (
        [bundle(4, "A!", "D"), firm(3, line_id="2")],
        {},
        ["now/1 2x3", "cut 1x4 out_of_stock"],
    ),
    "a street date ahead": ([bundle(4, "A", "B", street_date=STREET)], {}, [f"{FEB} 1x4"]),
    "room for all": ([bundle(4, "A", "B")], {"SET": 4}, ["stock 1x4"]),
    "room for too few is none": ([bundle(4, "A", "B")], {"SET": 3}, ["cut 1x4 backorder_limit"]),
    "room that one line leaves is another's": (
        [bundle(4, "A", "B"), bundle(3, "D", line_id="2")],
        {"SET": 3},
        ["stock 2x3", "cut 1x4 backorder_limit"],
    ),
    "just room enough for what is set aside": (
        [bundle(3, "A!", "D"), firm(1, line_id="2")],
        {"SET": 3},
        ["stock 1x3", "cut 2x1 out_of_stock"],
    ),
    "nothing is set aside where there is too little room": (
        [bundle(3, "A!", "D"), firm(3, line_id="2")],
        {"SET": 2},
        ["now/1 2x3", "cut 1x3 backorder_limit"],
    ),
    "a line without a recipe is divided": ([line(4)], {}, ["now/1 1x3", "stock 1x1"]),
    "a line without a recipe, and room for a part": (
        [line(5)],
        {"A": 1},
        ["now/1 1x3", "stock 1x1", "cut 1x1 backorder_limit"],
    ),
}


@pytest.mark.parametrize(("lines", "room", "expected"), WHOLE_LINE.values(), ids=WHOLE_LINE)
@pytest.mark.parametrize("locations", [False, True], ids=["one", "two"])
def test_a_line_of_bundles_stays_whole(lines, room, expected, locations):
    supply = {"Oslo": has(A=3, B=3), "Bergen": has()} if locations else has(A=3, B=3)
    found = split(*lines, supply=supply, room=room, rules=SplitRules(bundles="whole_line"))
    assert [text.replace("@Oslo", "") for text in written(found)] == expected


ROOM = {
    "by the SKU of the line": (
        [bundle(8, "A", "B")],
        {"SET": 4},
        ["now/1 1x3", "stock 1x4", "cut 1x1 backorder_limit"],
    ),
    "not by that of a component": ([bundle(8, "A", "B")], {"A": 0}, ["now/1 1x3", "stock 1x5"]),
    "two lines share it": (
        [bundle(5, "A", "B"), bundle(2, "D", line_id="2")],
        {"SET": 3},
        ["now/1 1x3", "stock 1x2 2x1", "cut 2x1 backorder_limit"],
    ),
    "what may not wait needs none": (
        [bundle(5, "A!", "D"), line(1, line_id="2")],
        {"SET": 2},
        ["now/1 2x1", "stock 1x2", "cut 1x2 out_of_stock", "cut 1x1 backorder_limit"],
    ),
    "no more is set aside than there is room for": (
        [firm(1), bundle(5, "A!", "D", line_id="2"), firm(2, line_id="3")],
        {"SET": 1},
        ["now/1 1x1 3x1", "stock 2x1", "cut 2x3 out_of_stock", "cut 2x1 backorder_limit", "cut 3x1 out_of_stock"],
    ),
    "room is taken by the first, and nothing set aside for the second": (
        [bundle(2, "A!", "D"), bundle(1, "A!", "E", line_id="2"), firm(3, line_id="3")],
        {"SET": 2},
        ["now/1 3x1", "stock 1x2", "cut 2x1 backorder_limit", "cut 3x2 out_of_stock"],
    ),
    "what ships, what is set aside, and room for one": (
        [bundle(3, "A!", "B"), bundle(3, "A!", "B", line_id="2")],
        {"SET": 1},
        ["now/1 1x3", "cut 2x3 out_of_stock"],
    ),
    "a pre-order of a component takes none": (
        [bundle(5, Component("D", street_date=STREET)), bundle(5, "A", "B", line_id="2")],
        {"SET": 1},
        ["now/1 2x3", f"{FEB} 1x5", "stock 2x1", "cut 2x1 backorder_limit"],
    ),
}


@pytest.mark.parametrize(("lines", "room", "expected"), ROOM.values(), ids=ROOM)
@pytest.mark.parametrize("supply", [has(A=3, B=3), {"Oslo": has(A=3, B=3), "Bergen": has()}], ids=["one", "two"])
def test_room_bounds_the_bundles_that_wait(lines, room, expected, supply):
    assert [text.replace("@Oslo", "") for text in written(split(*lines, supply=supply, room=room))] == expected


MIXED = {
    "all there": ([line(2), line(1, "C", "2")], ["now/1 1x2 2x1"], ["now/1 1x2 2x1"]),
    "some short": ([line(4), line(1, "C", "2")], ["stock 1x4 2x1"], ["cut 1x4 mixed_cart", "cut 2x1 mixed_cart"]),
    "all short": ([line(2, "D"), line(1, "E", "2")], ["stock 1x2 2x1"], ["stock 1x2 2x1"]),
    "a street date ahead": (
        [line(1), line(1, "D", "2", street_date=STREET)],
        [f"{FEB} 1x1 2x1"],
        ["cut 1x1 mixed_cart", "cut 2x1 mixed_cart"],
    ),
    "one street date": (
        [line(1, "D", street_date=STREET), line(1, "A", "2", street_date=STREET)],
        [f"{FEB} 1x1 2x1"],
        [f"{FEB} 1x1 2x1"],
    ),
    "two street dates": (
        [line(1, "D", street_date=LATER), line(1, "E", "2", street_date=STREET)],
        [f"{MAR} 1x1 2x1"],
        ["cut 1x1 mixed_cart", "cut 2x1 mixed_cart"],
    ),
    "a street date, and stock that is out": (
        [line(1, "D", street_date=STREET), line(1, "E", "2")],
        [f"{FEB} 1x1 2x1"],
        ["cut 1x1 mixed_cart", "cut 2x1 mixed_cart"],
    ),
    "what may not wait makes no mixture": (
        [line(2), firm(2, "D", "2")],
        ["now/1 1x2", "cut 2x2 out_of_stock"],
        ["now/1 1x2", "cut 2x2 out_of_stock"],
    ),
    "what is cut anyhow keeps its reason": (
        [firm(5), line(2, "D", "2")],
        ["stock 1x3 2x2", "cut 1x2 out_of_stock"],
        ["cut 1x2 out_of_stock", "cut 1x3 mixed_cart", "cut 2x2 mixed_cart"],
    ),
    "a line that is cut anyhow as a whole": (
        [line(4), firm(2, "D", "2")],
        ["stock 1x4", "cut 2x2 out_of_stock"],
        ["cut 1x4 mixed_cart", "cut 2x2 out_of_stock"],
    ),
    "digital goods and fees are refused too": (
        [fee("1"), line(4, line_id="2"), digital("3")],
        ["digital 3x1", "stock 1x1 2x4"],
        ["cut 1x1 mixed_cart", "cut 2x4 mixed_cart", "cut 3x1 mixed_cart"],
    ),
    "digital goods make no mixture": (
        [line(1), digital("2"), digital("3", street_date=STREET)],
        ["digital 2x1", "now/1 1x1", f"{FEB} 3x1"],
        ["digital 2x1", "now/1 1x1", f"{FEB} 3x1"],
    ),
    "two addresses make no mixture": (
        [line(1), line(1, line_id="2", **B)],
        ["now/1 1x1", "now/1/B 2x1"],
        ["now/1 1x1", "now/1/B 2x1"],
    ),
    "a group that waits as a whole makes no mixture": (
        [line(4, **G), line(1, "C", "2", **G)],
        ["stock 1x4 2x1"],
        ["stock 1x4 2x1"],
    ),
    "a group that waits beside what is there": (
        [line(1, "D", **G), line(1, "C", "2")],
        ["stock 1x1 2x1"],
        ["cut 1x1 mixed_cart", "cut 2x1 mixed_cart"],
    ),
    "a bundle that is short for some units": ([bundle(3, "A", "C")], ["stock 1x3"], ["cut 1x3 mixed_cart"]),
    "no goods": ([digital("1"), fee("2")], ["digital 1x1 2x1"], ["digital 1x1 2x1"]),
}


@pytest.mark.parametrize(("lines", "together", "refused"), MIXED.values(), ids=MIXED)
def test_a_mixed_cart_is_held_or_refused(lines, together, refused):
    supply = has(A=3, C=1)
    assert written(split(*lines, supply=supply, rules=SplitRules(mixed_cart="hold"))) == together
    assert written(split(*lines, supply=supply, rules=SplitRules(mixed_cart="refuse"))) == refused
    assert written(split(*lines, supply=supply, ship="complete")) == together


def test_to_refuse_a_mixed_cart_is_stricter_than_to_ship_it_complete():
    found = split(line(4), supply=has(A=3), rules=SplitRules(mixed_cart="refuse"), ship="complete")
    assert written(found) == ["cut 1x4 mixed_cart"]


def test_two_locations_make_no_mixture():
    supply = {"Oslo": has(A=1), "Bergen": has(A=1)}
    found = split(line(2), supply=supply, rules=SplitRules(mixed_cart="refuse"))
    assert written(found) == ["now/1@Oslo 1x1", "now/2@Bergen 1x1"]


def test_what_has_left_makes_no_mixture():
    sent = Part(id="O1/now/1", order_id="O1", kind="ship_now", lines=[PartLine(line_id="1", sku="A", quantity=1)])
    found = split(line(3), supply=has(), shipped=[sent], rules=SplitRules(mixed_cart="refuse"))
    assert written(found) == ["stock 1x2"]


# Line 1 is there for 1 of 2, line 2 waits for February, line 3 for March, line 4 is there at another address.
STAGES = [line(2), line(1, "D", "2", street_date=STREET), line(1, "D", "3", street_date=LATER)]
MOST = {
    "as many as there are": (STAGES, 4, ["now/1 1x1", f"{FEB} 2x1", f"{MAR} 3x1", "stock 1x1"]),
    "the two latest": (STAGES, 3, ["now/1 1x1", f"{FEB} 2x1", f"{MAR} 1x1 3x1"]),
    "the three latest": (STAGES, 2, ["now/1 1x1", f"{MAR} 1x1 2x1 3x1"]),
    "all in one": (STAGES, 1, [f"{MAR} 1x2 2x1 3x1"]),
    "now and stock": ([line(2)], 1, ["stock 1x2"]),
    "two street dates": (STAGES[1:], 1, [f"{MAR} 2x1 3x1"]),
    "nothing at all": ([firm(1, "D")], 1, ["cut 1x1 out_of_stock"]),
    "digital goods count": ([line(2), digital("2")], 2, ["digital 2x1", "stock 1x2"]),
    "digital goods stay": ([line(2), digital("2")], 1, ["digital 2x1", "stock 1x2"]),
    "digital goods that wait by themselves stay": (
        [line(2), digital("2", street_date=STREET)],
        1,
        [f"{FEB} 2x1", "stock 1x2"],
    ),
    "digital goods that wait beside goods go with them": (
        [*STAGES[1:], digital("4", street_date=STREET)],
        1,
        [f"{MAR} 2x1 3x1 4x1"],
    ),
    "parts of two addresses stay": ([line(1), line(1, "C", "2", **B)], 1, ["now/1 1x1", "now/1/B 2x1"]),
    "the latest pair of one address": (
        [line(2), line(1, "D", "2", **B)],
        2,
        ["stock 1x2", "stock/B 2x1"],
    ),
    "the later of two pairs": (
        [line(2), line(2, "C", "2", **B)],
        3,
        ["now/1 1x1", "stock 1x1", "stock/B 2x2"],
    ),
    "both pairs": ([line(2), line(2, "C", "2", **B)], 2, ["stock 1x2", "stock/B 2x2"]),
    "a fee waits with the goods": ([line(2), fee("2")], 1, ["stock 1x2 2x1"]),
    "a bundle waits as a whole": ([bundle(2, "A", "C2")], 1, ["stock 1x2"]),
}


@pytest.mark.parametrize(("lines", "most", "expected"), MOST.values(), ids=MOST)
def test_the_latest_parts_wait_for_one_another(lines, most, expected):
    assert written(split(*lines, supply=has(A=1, C=1), rules=SplitRules(max_parts=most))) == expected


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        pytest.param(3, ["now/1@Oslo 1x1", "now/2@Bergen 1x1", "stock 1x1"], id="enough"),
        pytest.param(2, ["now/1@Oslo 1x1", "stock 1x2"], id="the later location waits too"),
        pytest.param(1, ["stock 1x3"], id="all wait"),
    ],
)
def test_what_ships_from_two_locations_waits_for_stock(most, expected):
    supply = {"Oslo": has(A=1), "Bergen": has(A=1)}
    assert written(split(line(3), supply=supply, rules=SplitRules(max_parts=most))) == expected


def test_what_ships_now_from_two_locations_stays_two_parts():
    supply = {"Oslo": has(A=1), "Bergen": has(A=1)}
    found = split(line(2), supply=supply, rules=SplitRules(max_parts=1))
    assert written(found) == ["now/1@Oslo 1x1", "now/2@Bergen 1x1"]


def test_merged_parts_are_ready_with_the_last_of_them():
    found = split(
        line(3), supply=has(comes("A", 1, 1), comes("A", 9, 9), A=1), times=TIMES, rules=SplitRules(max_parts=1)
    )
    assert ready(found) == ["stock 12-09"]


OSLO_10, BERGEN_15 = has(A=10), has(A=15)
CITIES = {"Oslo": OSLO_10, "Bergen": BERGEN_15}
OWED = Commitment(sku="A", quantity=2, order_id="O1")
SOURCED = {
    "in turn": ([line(13)], CITIES, {}, ["now/1@Oslo 1x10", "now/2@Bergen 1x3"]),
    "the first is enough": ([line(7)], CITIES, {}, ["now/1@Oslo 1x7"]),
    "only the second has it": ([line(2, "C")], {"Oslo": has(), "Bergen": has(C=2)}, {}, ["now/1@Bergen 1x2"]),
    "most stock": ([line(13)], CITIES, {"rule": "most_stock"}, ["now/1@Bergen 1x13"]),
    "most stock, then the other": (
        [line(20)],
        CITIES,
        {"rule": "most_stock"},
        ["now/1@Oslo 1x5", "now/2@Bergen 1x15"],
    ),
    "fewest shipments": ([line(13)], CITIES, {"rule": "fewest_shipments"}, ["now/1@Bergen 1x13"]),
    "fewest shipments of two lines": (
        [line(1), line(1, "C", "2")],
        {"Oslo": has(A=1), "Bergen": has(C=1), "Narvik": has(A=1, C=1)},
        {"rule": "fewest_shipments"},
        ["now/1@Narvik 1x1 2x1"],
    ),
    "asked first": ([line(13)], CITIES, {"ask_first": ["Bergen"]}, ["now/1@Bergen 1x13"]),
    "asked first, then the other": (
        [line(20)],
        CITIES,
        {"ask_first": ["Bergen"]},
        ["now/1@Oslo 1x5", "now/2@Bergen 1x15"],
    ),
    "kept back": ([line(13)], CITIES, {"keep_back": {"Oslo": 4}}, ["now/1@Oslo 1x6", "now/2@Bergen 1x7"]),
    "more kept back than there is": ([line(13)], CITIES, {"keep_back": {"Oslo": 11}}, ["now/1@Bergen 1x13"]),
    "kept back on top of the safety stock": (
        [line(9)],
        {"Oslo": has(A=5, safety_stock={"A": 1})},
        {"keep_back": {"Oslo": 2}},
        ["now/1@Oslo 1x2", "stock@Oslo 1x7"],
    ),
    "nothing kept back of what has no bound": (
        [line(9)],
        {"Oslo": has(A=UNLIMITED)},
        {"keep_back": {"Oslo": 2}},
        ["now/1@Oslo 1x9"],
    ),
    "what is nowhere waits at none in particular": (
        [line(27)],
        CITIES,
        {},
        ["now/1@Oslo 1x10", "now/2@Bergen 1x15", "stock 1x2"],
    ),
    "what is nowhere waits where the rules say": (
        [line(27), line(1, "D", "2", street_date=STREET)],
        CITIES,
        {"backorder_at": "Bergen"},
        ["now/1@Oslo 1x10", "now/2@Bergen 1x15", f"{FEB}@Bergen 2x1", "stock@Bergen 1x2"],
    ),
    "with one location it waits there": ([line(11)], {"Oslo": OSLO_10}, {}, ["now/1@Oslo 1x10", "stock@Oslo 1x1"]),
    "with no location it waits at none": ([line(1)], {}, {}, ["stock 1x1"]),
    "less than none at one of them": ([line(2)], {"Oslo": has(A=-5), "Bergen": has(A=2)}, {}, ["now/1@Bergen 1x2"]),
    "no bound at one of them": (
        [line(99)],
        {"Oslo": OSLO_10, "Bergen": has(A=UNLIMITED)},
        {},
        ["now/1@Oslo 1x10", "now/2@Bergen 1x89"],
    ),
    "owed to this very order at one of them": (
        [line(4)],
        {"Oslo": has(OWED, A=2), "Bergen": has(Commitment(sku="A", quantity=2), A=3)},
        {},
        ["now/1@Oslo 1x2", "now/2@Bergen 1x1", "stock 1x1"],
    ),
    "may not wait": ([firm(27)], CITIES, {}, ["now/1@Oslo 1x10", "now/2@Bergen 1x15", "cut 1x2 out_of_stock"]),
    "two lines, each in turn": (
        [line(8), line(8, line_id="2")],
        CITIES,
        {},
        ["now/1@Oslo 1x8 2x2", "now/2@Bergen 2x6"],
    ),
    "a street date ahead takes from both before the next line": (
        [line(12, street_date=STREET), firm(14, line_id="2")],
        CITIES,
        {},
        ["now/1@Bergen 2x13", f"{FEB} 1x12", "cut 2x1 out_of_stock"],
    ),
    "two addresses": (
        [line(8), line(8, line_id="2", **B)],
        CITIES,
        {},
        ["now/1@Oslo 1x8", "now/1/B@Oslo 2x2", "now/2/B@Bergen 2x6"],
    ),
    "a fee goes with the first": (
        [fee("1"), line(13, line_id="2")],
        CITIES,
        {},
        ["now/1@Oslo 1x1 2x10", "now/2@Bergen 2x3"],
    ),
    "digital goods leave from none": (
        [digital("1"), line(1, line_id="2")],
        CITIES,
        {},
        ["digital 1x1", "now/1@Oslo 2x1"],
    ),
    "a group that is all there": (
        [line(10, **G), line(1, line_id="2", **G)],
        CITIES,
        {},
        ["now/1@Oslo 1x10", "now/2@Bergen 2x1"],
    ),
    "a group that is not": ([line(10, **G), line(1, "D", "2", **G)], CITIES, {}, ["stock 1x10 2x1"]),
}


@pytest.mark.parametrize(("lines", "locations", "rules", "expected"), SOURCED.values(), ids=SOURCED)
def test_units_leave_from_several_locations(lines, locations, rules, expected):
    found = split(*lines, supply=locations, rules=SplitRules(sourcing=SourcingRules(**rules)))
    assert written(found) == expected


SEVERAL = {"bundles": "several"}
AB = ("A", "B2")
APART = {"Oslo": has(A=3, B=2), "Bergen": has(B=4)}  # one set at Oslo, two of both together
BUNDLES = {
    "each from one location": (
        [bundle(3, *AB)],
        {"Oslo": has(A=2, B=4), "Bergen": has(A=1, B=2)},
        {},
        ["now/1@Oslo 1x2", "now/2@Bergen 1x1"],
    ),
    "no location has all that one needs": ([bundle(3, *AB)], APART, {}, ["now/1@Oslo 1x1", "stock 1x2"]),
    "no location has all, may not wait": (
        [bundle(3, *AB, **CANCEL)],
        APART,
        {},
        ["now/1@Oslo 1x1", "cut 1x2 out_of_stock"],
    ),
    "put together from several": (
        [bundle(3, *AB)],
        APART,
        SEVERAL,
        ["now/1@Oslo 1x1", "now/2 1x2(2A@Oslo,4B@Bergen)"],
    ),
    "put together from several, and some wait": (
        [bundle(4, *AB)],
        APART,
        SEVERAL | {"backorder_at": "Bergen"},
        ["now/1@Oslo 1x1", "now/2 1x2(2A@Oslo,4B@Bergen)", "stock@Bergen 1x1"],
    ),
    "what waits holds nothing": (
        [bundle(2, "A", "D"), firm(3, line_id="2")],
        APART,
        SEVERAL,
        ["now/1@Oslo 2x3", "stock 1x2"],
    ),
    "a group put together from several": (
        [bundle(3, *AB, **G), line(1, "C", "2", **G)],
        APART | {"Narvik": has(C=1)},
        SEVERAL,
        ["now/1@Oslo 1x1", "now/2@Narvik 2x1", "now/3 1x2(2A@Oslo,4B@Bergen)"],
    ),
    "two bundles put together from several are one part": (
        [bundle(2, *AB), bundle(1, "A", "C", line_id="2")],
        {"Oslo": has(A=3), "Bergen": has(B=4, C=1)},
        SEVERAL,
        ["now/1 1x2(2A@Oslo,4B@Bergen) 2x1(1A@Oslo,1C@Bergen)"],
    ),
    "what is put together has a part for each address": (
        [bundle(1, *AB), bundle(1, *AB, line_id="2", **B)],
        {"Oslo": has(A=3), "Bergen": has(B=4)},
        SEVERAL,
        ["now/1 1x1(1A@Oslo,2B@Bergen)", "now/1/B 2x1(1A@Oslo,2B@Bergen)"],
    ),
    "a bundle that needs nothing leaves with the others": (
        [bundle(2, Component("MP3", kind="digital")), line(1, line_id="2")],
        APART,
        {},
        ["now/1@Oslo 1x2 2x1"],
    ),
    "fewest shipments": (
        [bundle(2, *AB)],
        {"Oslo": has(A=1, B=2), "Bergen": has(A=2, B=4)},
        {"rule": "fewest_shipments"},
        ["now/1@Bergen 1x2"],
    ),
    "what may not wait is set aside from both": (
        [bundle(5, "A!", "D"), firm(2, line_id="2")],
        {"Oslo": has(A=1), "Bergen": has(A=3)},
        {},
        ["stock 1x4", "cut 1x1 out_of_stock", "cut 2x2 out_of_stock"],
    ),
    "what may not wait is set aside beside what ships": (
        [bundle(3, "A!", "B"), firm(2, line_id="2")],
        {"Oslo": has(A=1, B=1), "Bergen": has(A=2)},
        {},
        ["now/1@Oslo 1x1", "stock 1x2", "cut 2x2 out_of_stock"],
    ),
    "no more is set aside than waits": (
        [bundle(3, "A!", "B"), firm(9, line_id="2")],
        {"Oslo": has(A=1, B=1), "Bergen": has(A=9)},
        {},
        ["now/1@Oslo 1x1", "now/2@Bergen 2x7", "stock 1x2", "cut 2x2 out_of_stock"],
    ),
    "two that may not wait lie apart": (
        [bundle(1, "A!", "B!", "D"), firm(1, line_id="2")],
        {"Oslo": has(A=1), "Bergen": has(B=1)},
        {},
        ["now/1@Oslo 2x1", "cut 1x1 out_of_stock"],
    ),
    "two that may not wait lie apart, and may be brought together": (
        [bundle(1, "A!", "B!", "D"), firm(1, line_id="2")],
        {"Oslo": has(A=1), "Bergen": has(B=1)},
        SEVERAL,
        ["stock 1x1", "cut 2x1 out_of_stock"],
    ),
    "kept back of each component": (
        [bundle(3, *AB)],
        {"Oslo": has(A=3, B=6), "Bergen": has(A=9, B=9)},
        {"keep_back": {"Oslo": 2}},
        ["now/1@Oslo 1x1", "now/2@Bergen 1x2"],
    ),
}


@pytest.mark.parametrize(("lines", "locations", "rules", "expected"), BUNDLES.values(), ids=BUNDLES)
def test_bundles_leave_from_several_locations(lines, locations, rules, expected):
    found = split(*lines, supply=locations, rules=SplitRules(sourcing=SourcingRules(**rules)))
    assert written(found) == expected


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        pytest.param(3, ["now/1@Oslo 1x2", "now/2@Bergen 1x1", "cut 2x2 out_of_stock"], id="all there"),
        pytest.param(4, ["now/1@Oslo 2x2", "stock 1x4"], id="one short"),
    ],
)
def test_a_whole_line_of_bundles_leaves_from_two_locations_or_waits(units, expected):
    supply = {"Oslo": has(A=2, B=2), "Bergen": has(A=1, B=1)}
    found = split(bundle(units, "A", "B"), firm(2, line_id="2"), supply=supply, rules=SplitRules(bundles="whole_line"))
    assert written(found) == expected


def test_a_part_names_what_leaves_from_where():
    rules = SplitRules(sourcing=SourcingRules(bundles="several"))
    [found] = split(bundle(2, *AB), supply={"Oslo": has(A=2), "Bergen": has(B=4)}, rules=rules).parts
    assert (found.location, found.lines[0].picks) == (
        "",
        (
            Assignment(line_id="1", location="Oslo", sku="A", quantity=2),
            Assignment(line_id="1", location="Bergen", sku="B", quantity=4),
        ),
    )


def test_room_bounds_what_no_location_has():
    found = split(line(30), line(1, line_id="2"), supply=CITIES, room={"A": 4})
    assert written(found) == [
        "now/1@Oslo 1x10",
        "now/2@Bergen 1x15",
        "stock 1x4",
        "cut 1x1 backorder_limit",
        "cut 2x1 backorder_limit",
    ]


def sent(part_id: str, **units: int) -> Part:
    lines = [PartLine(line_id=name.removeprefix("l"), sku="A", quantity=count) for name, count in units.items()]
    return Part(id=part_id, order_id="O1", kind="ship_now", lines=lines)


WAVES = {
    "the next of each location": (
        [line(13)],
        [sent("O1/now/1", l1=1), sent("O1/now/2", l1=1)],
        ["now/3@Oslo 1x10", "now/4@Bergen 1x1"],
    ),
    "the next location alone": ([line(2, "C")], [sent("O1/now/1", l1=1)], ["now/2@Bergen 1x1"]),
    "a wave of two addresses": (
        [line(3), line(1, line_id="2", **B)],
        [sent("O1/now/3/B", l1=1)],
        ["now/4@Oslo 1x2", "now/4/B@Oslo 2x1"],
    ),
    "a line that has left": ([line(1), line(1, line_id="2")], [sent("O1/now/1", l1=1)], ["now/2@Oslo 2x1"]),
    "what waited has left": ([line(3)], [sent("O1/stock", l1=2)], ["now/1@Oslo 1x1"]),
    "all has left": ([line(3)], [sent("O1/now/1", l1=3)], []),
    "a bundle of which one has left": (
        [bundle(3, "C", "B")],
        [sent("O1/now/1", l1=1)],
        ["now/2@Bergen 1x1", "stock 1x1"],
    ),
}


@pytest.mark.parametrize(("lines", "shipped", "expected"), WAVES.values(), ids=WAVES)
def test_parts_of_several_locations_count_on(lines, shipped, expected):
    supply = {"Oslo": OSLO_10, "Bergen": has(A=15, B=1, C=2)}
    assert written(split(*lines, supply=supply, shipped=shipped)) == expected


DATED = {
    "all there": ([bundle(2, "A", "B")], has(A=2, B=2), ["now/1 11-23"]),
    "one component comes": ([bundle(1, "A", "B")], has(comes("B", 1, 1), A=1), ["stock 12-01"]),
    "the last component to come": ([bundle(1, "A", "B")], has(comes("A", 1, 3), comes("B", 1, 9)), ["stock 12-09"]),
    "two of one component": ([bundle(1, "B2")], has(comes("B", 1, 3), comes("B", 1, 9)), ["stock 12-09"]),
    "one component has no date": ([bundle(1, "A", "B")], has(comes("B", 9, 1)), ["stock undated"]),
    "one component has a date for some": ([bundle(2, "A", "B")], has(comes("B", 1, 1), A=2), ["stock undated"]),
    "now, and later": ([bundle(2, "A", "B")], has(comes("B", 1, 1), A=2, B=1), ["now/1 11-23", "stock 12-01"]),
    "what comes is owed to this very order": (
        [bundle(1, "A", "B"), line(1, line_id="2")],
        has(comes("A", 2, 1), Commitment(sku="A", quantity=2, order_id="O1"), B=1),
        ["stock 12-01"],
    ),
    "what may not wait is there": (
        [bundle(1, "A!", "B")],
        has(comes("B", 1, 3), comes("A", 9, 9), A=1),
        ["stock 12-03"],
    ),
    "a bundle takes what comes after a line": (
        [bundle(1, "A", "B"), line(1, line_id="2", **B)],
        has(comes("A", 1, 1), comes("A", 1, 9), B=1),
        ["stock 12-09", "stock/B 12-01"],
    ),
    "two bundles take what comes in turn": (
        [bundle(1, "A", "B"), bundle(1, "A", "B", line_id="2", **B)],
        has(comes("A", 1, 1), comes("A", 1, 9), B=2),
        ["stock 12-01", "stock/B 12-09"],
    ),
    "a group is ready with its bundle": (
        [bundle(1, "A", "B", **G), line(1, "C", "2", **G)],
        has(comes("A", 1, 9), B=1, C=1),
        ["stock 12-09"],
    ),
    "a group with a bundle that has no date": (
        [bundle(1, "A", "B", **G), line(1, "C", "2", **G)],
        has(B=1, C=1),
        ["stock undated"],
    ),
    "a street date, all there": ([bundle(1, Component("A", street_date=STREET))], has(A=1), [f"{FEB} 02-05"]),
    "a street date, what comes before it": (
        [bundle(1, Component("A", street_date=STREET), "B")],
        has(comes("B", 1, 9), A=1),
        [f"{FEB} 02-05"],
    ),
    "a street date, nothing on order": ([bundle(1, "A", "B", street_date=STREET)], has(B=1), [f"{FEB} 02-05"]),
    "a street date, too little on order": (
        [bundle(2, "A", "B", street_date=STREET)],
        has(comes("A", 1, 9), B=2),
        [f"{FEB} undated"],
    ),
    "a street date, nothing on order of one and the other late": (
        [bundle(1, "A", "B", street_date=STREET)],
        has(Receipt(sku="B", quantity=1, expected=dt.date(2027, 2, 20))),
        [f"{FEB} 02-20"],
    ),
    "a bundle that needs nothing": ([bundle(1, Component("MP3", kind="digital"))], has(), ["now/1 11-23"]),
}


@pytest.mark.parametrize(("lines", "supply", "expected"), DATED.values(), ids=DATED)
def test_a_part_with_bundles_is_ready_with_the_last_component(lines, supply, expected):
    assert ready(split(*lines, supply=supply, times=TIMES)) == expected


SOON_AND_LATE = {"Oslo": has(comes("A", 9, 1), A=1), "Bergen": has(comes("A", 9, 9), A=1)}
WHERE = {
    "all of them together": ([line(3)], SOON_AND_LATE, {}, ["now/1 11-23", "now/2 11-23", "stock 12-01"]),
    "the one at which it waits": (
        [line(3)],
        SOON_AND_LATE,
        {"backorder_at": "Bergen"},
        ["now/1 11-23", "now/2 11-23", "stock 12-09"],
    ),
    "the one at which it waits has nothing on order": (
        [line(2)],
        {"Oslo": has(comes("A", 9, 1), A=1), "Bergen": has()},
        {"backorder_at": "Bergen"},
        ["now/1 11-23", "stock undated"],
    ),
    "what the others give is not its": (
        [bundle(3, "A", "B")],
        {"Oslo": has(A=2, B=2), "Bergen": has(comes("A", 1, 9), B=1)},
        {"backorder_at": "Bergen"},
        ["now/1 11-23", "stock 12-09"],
    ),
    "what it gives itself has gone": (
        [bundle(2, "A", "B")],
        {"Oslo": has(), "Bergen": has(comes("A", 1, 9), A=1, B=1)},
        {"backorder_at": "Bergen"},
        ["now/1 11-23", "stock undated"],
    ),
    "what it gives to bundles of several has gone": (
        [bundle(4, "A2", "B")],
        {"Oslo": has(A=4), "Bergen": has(comes("A", 9, 1), B=3)},
        SEVERAL | {"backorder_at": "Bergen"},
        ["now/1 11-23", "stock undated"],
    ),
    "of what it gives to bundles of several, something is left": (
        [bundle(3, "A2", "B")],
        {"Oslo": has(A=4), "Bergen": has(comes("A", 9, 1), B=3)},
        SEVERAL | {"backorder_at": "Bergen"},
        ["now/1 11-23", "stock 12-01"],
    ),
    "what all give to bundles of several has gone": (
        [bundle(3, "A2", "B")],
        {"Oslo": has(A=4), "Bergen": has(comes("A", 2, 1), comes("B", 1, 9), B=2)},
        SEVERAL,
        ["now/1 11-23", "stock 12-09"],
    ),
    "what is kept back is not ready": (
        [line(3)],
        {"Oslo": has(comes("A", 9, 1), A=5)},
        {"keep_back": {"Oslo": 4}},
        ["now/1 11-23", "stock 12-01"],
    ),
    "what is kept back at one of them is not ready": (
        [line(3)],
        {"Oslo": has(comes("A", 9, 1), A=5, safety_stock={"A": 1}), "Bergen": has(A=1)},
        {"keep_back": {"Oslo": 4}},
        ["now/1 11-23", "stock 12-01"],
    ),
    "what a bundle may not wait for is kept back": (
        [bundle(3, "A!", "B")],
        {"Oslo": has(comes("B", 9, 1), A=5)},
        {"keep_back": {"Oslo": 3}},
        ["stock 12-01"],
    ),
    "a bundle that leaves from one location, nobody says which": (
        [bundle(1, "A", "B")],
        {"Oslo": has(A=1), "Bergen": has(B=1)},
        {},
        ["stock undated"],
    ),
    "a bundle that leaves from one location, which is said": (
        [bundle(1, "A", "B")],
        {"Oslo": has(A=1), "Bergen": has(comes("A", 1, 9), B=1)},
        {"backorder_at": "Bergen"},
        ["stock 12-09"],
    ),
    "a bundle that leaves from several": (
        [bundle(2, "A", "B")],
        {"Oslo": has(comes("B", 1, 1), A=2), "Bergen": has(B=1)},
        SEVERAL,
        ["now/1 11-23", "stock 12-01"],
    ),
    "what it may not wait for is set aside elsewhere": (
        [bundle(2, "A!", "D"), line(1, "C", "2")],
        {"Oslo": has(A=2), "Bergen": has(comes("C", 1, 1), comes("D", 2, 20))},
        SEVERAL | {"backorder_at": "Bergen"},
        ["stock undated"],
    ),
    "what it may not wait for is owed to others elsewhere": (
        [bundle(1, "A!", "D"), line(1, "C", "2")],
        {"Oslo": has(comes("D", 1, 20), A=1), "Bergen": has(comes("C", 1, 1), Commitment(sku="A", quantity=1))},
        {},
        ["stock undated"],
    ),
    "what it may not wait for is set aside there": (
        [bundle(2, "A!", "D"), line(1, "C", "2")],
        {"Oslo": has(), "Bergen": has(comes("C", 1, 1), comes("D", 2, 20), A=2)},
        {"backorder_at": "Bergen"},
        ["stock 12-20"],
    ),
    "a pre-order of a bundle, nothing on order anywhere": (
        [bundle(1, "A", "B", street_date=STREET)],
        {"Oslo": has(), "Bergen": has()},
        {},
        [f"{FEB} 02-05"],
    ),
    "a street date is ahead": (
        [line(3, street_date=STREET)],
        SOON_AND_LATE,
        {"backorder_at": "Bergen"},
        [f"{FEB} 02-05"],
    ),
}


@pytest.mark.parametrize(("lines", "locations", "rules", "expected"), WHERE.values(), ids=WHERE)
def test_what_waits_is_dated_by_where_it_waits(lines, locations, rules, expected):
    found = split(*lines, supply=locations, times=TIMES, rules=SplitRules(sourcing=SourcingRules(**rules)))
    assert ready(found) == expected


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        pytest.param({"sourcing": None}, "sourcing", id="no sourcing"),
        pytest.param({"bundles": "half"}, "bundles", id="half a bundle"),
        pytest.param({"mixed_cart": "stir"}, "mixed_cart", id="stirred"),
        pytest.param({"max_parts": 0}, "max_parts", id="no part"),
        pytest.param({"max_parts": True}, "max_parts", id="a flag"),
    ],
)
def test_rules_that_say_nothing_are_refused(fields, path):
    with pytest.raises(InvalidArgument) as caught:
        SplitRules(**fields)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("rules", "code", "path"),
    [
        pytest.param(None, "type.invalid", "rules", id="no rules"),
        pytest.param(SourcingRules(), "type.invalid", "rules", id="rules of sourcing"),
        pytest.param(
            SplitRules(sourcing=SourcingRules(backorder_at="Narvik")),
            "location.unknown",
            "rules.sourcing.backorder_at",
            id="it waits nowhere",
        ),
        pytest.param(
            SplitRules(sourcing=SourcingRules(keep_back={"Narvik": 1})),
            "location.unknown",
            "rules.sourcing.keep_back['Narvik']",
            id="kept back nowhere",
        ),
    ],
)
def test_rules_that_do_not_fit_are_refused(rules, code, path):
    with pytest.raises(InvalidArgument) as caught:
        split(line(1), supply=CITIES, rules=rules)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_rules_that_are_written_out_as_they_are_anyway_split_alike():
    lines = [bundle(3, "A", "B"), line(1, "C", "2")]
    rules = SplitRules(bundles="units", mixed_cart="split", max_parts=None)
    found = split(*lines, supply=has(A=1, B=1), rules=rules)
    assert [part.kind for part in found.parts] == ["ship_now", "await_stock"]
    assert found == split(*lines, supply=has(A=1, B=1))


def test_a_supply_by_itself_has_no_name_to_wait_at():
    with pytest.raises(InvalidArgument, match="there is none"):
        split(line(1), supply=OSLO_10, rules=SplitRules(sourcing=SourcingRules(backorder_at="Oslo")))


@pytest.mark.parametrize("fields", [{"picks": 5}, {"picks": [PartLine(line_id="1", sku="A", quantity=1)]}])
def test_picks_of_a_part_line_are_assignments(fields):
    with pytest.raises(InvalidArgument, match="picks"):
        PartLine(line_id="1", sku="A", quantity=1, **fields)
