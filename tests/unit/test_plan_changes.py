"""Plans that change. A part is written ``<id> <line>x<units> ...``.

Lines f are fees, d digital goods, all others goods. The id says what a part does; ``@B`` behind it is its address,
``#W`` the location that it leaves from.
"""

from __future__ import annotations

import datetime as dt
import pickle
import re

import pytest

from preorder_kit import (
    Amount,
    Assignment,
    Cancellation,
    Cancelled,
    CancelReason,
    Component,
    DateRange,
    InvalidArgument,
    LineKind,
    Order,
    OrderLine,
    Part,
    PartKind,
    PartLine,
    ShipPolicy,
    SplitPlan,
    StockAction,
    Supply,
    WaitingLine,
    cancel_units,
    move_units,
    part_order,
    split_order,
    waiting_lines,
)

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
STREET = {
    "feb": dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc),
    "mar": dt.datetime(2027, 3, 5, tzinfo=dt.timezone.utc),
}
KINDS = {"now": "ship_now", "street": "await_street_date", "stock": "await_stock", "digital": "digital"}
LINE_KINDS = {"f": LineKind.FEE, "d": LineKind.DIGITAL}
FIRST = DateRange(dt.date(2026, 12, 1), dt.date(2026, 12, 3))
SECOND = DateRange(dt.date(2026, 12, 2), dt.date(2026, 12, 2))
SET = [Component("CUP", 2), Component("POT"), Component("CODE", kind="digital")]


def line(written: str, **fields: object) -> PartLine:
    line_id, _, quantity = written.partition("x")
    kind = LINE_KINDS.get(line_id[0], LineKind.GOODS)
    return PartLine(**{"line_id": line_id, "sku": f"S{line_id}", "quantity": int(quantity), "kind": kind} | fields)


def part(written: str, **fields: object) -> Part:
    name, *lines = written.split(" ")
    way = re.fullmatch(r"([^@#]+)(?:@(\w+))?(?:#(\w+))?", name)
    first = way[1].split("/")
    given = {
        "id": f"O1/{way[1]}",
        "order_id": "O1",
        "kind": KINDS[first[0]],
        "street_date": STREET[first[1]] if first[0] == "street" else None,
        "lines": [line(item) for item in lines],
        "ship_to": way[2] or "",
        "location": way[3] or "",
    }
    return Part(**given | fields)


def plan(*parts: str | Part, cancelled: object = ()) -> SplitPlan:
    found = [part(item) if isinstance(item, str) else item for item in parts]
    return SplitPlan(order_id="O1", parts=found, cancelled=cancelled)


def written(changed: SplitPlan) -> list[str]:
    parts = [
        " ".join([item.id.removeprefix("O1/"), *(f"{held.line_id}x{held.quantity}" for held in item.lines)])
        for item in changed.parts
    ]
    return parts + [f"cut {cut.line_id}x{cut.quantity} {cut.reason}" for cut in changed.cancelled]


def moved(*parts: str | Part, move: str) -> list[str]:
    """Return the plan after a move, written ``<line>x<units> <source> <target>``, the target perhaps ``own``."""
    what, source, target = move.split(" ")
    line_id, _, quantity = what.partition("x")
    to = None if target == "own" else f"O1/{target}"
    return written(move_units(plan(*parts), line_id=line_id, quantity=int(quantity), source=f"O1/{source}", target=to))


MOVES = {
    "some units to what waits for stock": (["now/1 1x3", "stock 1x2"], "1x2 now/1 stock", ["now/1 1x1", "stock 1x4"]),
    "all units to what waits": (["now/1 1x3", "stock 2x1"], "1x3 now/1 stock", ["stock 1x3 2x1"]),
    "to a street date": (["now/1 1x3", "street/feb 2x1"], "1x1 now/1 street/feb", ["now/1 1x2", "street/feb 1x1 2x1"]),
    "from stock to a street date": (
        ["street/feb 2x1", "stock 1x2"],
        "1x1 stock street/feb",
        ["street/feb 2x1 1x1", "stock 1x1"],
    ),
    "to a later street date": (
        ["street/feb 1x2", "street/mar 2x1"],
        "1x1 street/feb street/mar",
        ["street/feb 1x1", "street/mar 1x1 2x1"],
    ),
    "to another parcel": (["now/1 1x3", "now/2 1x1"], "1x1 now/2 now/1", ["now/1 1x4"]),
    "a parcel of their own": (["now/1 1x3 2x1"], "1x2 now/1 own", ["now/1 1x1 2x1", "now/2 1x2"]),
    "its number counts on": (
        ["now/1 1x3", "now/7 2x1", "stock 1x2"],
        "1x2 now/1 own",
        ["now/1 1x1", "now/7 2x1", "now/8 1x2", "stock 1x2"],
    ),
    "and keeps the address": (
        ["now/1@A 1x3", "now/2/B@B 2x2", "now/2/C@C 3x1"],
        "2x1 now/2/B own",
        ["now/1 1x3", "now/2/B 2x1", "now/3/B 2x1", "now/2/C 3x1"],
    ),
    "a parcel of all of it": (["now/1 1x3"], "1x3 now/1 own", ["now/2 1x3"]),
    "a part of their own that waits": (
        ["stock 1x3", "stock/2 1x1"],
        "1x1 stock own",
        ["stock 1x2", "stock/2 1x1", "stock/3 1x1"],
    ),
    "all that waits, under another id": (["now/1 1x2", "stock 1x1"], "1x1 stock own", ["now/1 1x2", "stock/2 1x1"]),
    "beside its street date": (
        ["street/feb 1x3", "street/mar 2x1"],
        "1x1 street/feb own",
        ["street/feb 1x2", "street/feb/2 1x1", "street/mar 2x1"],
    ),
    "of digital goods": (
        ["digital d1x2", "now/1 1x1"],
        "d1x1 digital own",
        ["digital d1x1", "digital/2 d1x1", "now/1 1x1"],
    ),
    "fees go along with the last goods": (
        ["now/1 1x3 f1x1 f2x2", "stock 1x2 2x1"],
        "1x3 now/1 stock",
        ["stock 1x5 f1x1 f2x2 2x1"],
    ),
    "fees stay with goods": (["now/1 1x3 2x1 f1x1", "stock 1x2"], "1x3 now/1 stock", ["now/1 2x1 f1x1", "stock 1x5"]),
    "fees go with goods rather than digital goods": (
        ["street/feb 1x1 d1x1 f1x1", "street/mar 2x1"],
        "1x1 street/feb street/mar",
        ["street/feb d1x1", "street/mar 1x1 f1x1 2x1"],
    ),
    "fees go along into a parcel of their own": (["now/1 1x3 f1x1"], "1x3 now/1 own", ["now/2 1x3 f1x1"]),
    "fees stay with digital goods": (
        ["digital d1x1 d2x1 f1x1"],
        "d1x1 digital own",
        ["digital d2x1 f1x1", "digital/2 d1x1"],
    ),
    "a fee by itself": (["now/1 1x3 f1x1", "stock 1x2 f1x1"], "f1x1 now/1 stock", ["now/1 1x3", "stock 1x2 f1x2"]),
    "a fee of digital goods": (
        ["digital d1x1 f1x1", "digital/2 d1x1"],
        "f1x1 digital digital/2",
        ["digital d1x1", "digital/2 d1x1 f1x1"],
    ),
    "a fee that was alone": (["now/1 f1x2 f2x1", "stock f1x1"], "f1x1 now/1 stock", ["now/1 f1x1 f2x1", "stock f1x2"]),
    "digital goods to a later street date": (
        ["street/feb d1x1 1x1", "street/mar d2x1"],
        "d1x1 street/feb street/mar",
        ["street/feb 1x1", "street/mar d1x1 d2x1"],
    ),
    "what ships from a location may wait anywhere": (
        ["now/1#W 1x2", "stock#E 1x1"],
        "1x1 now/1 stock",
        ["now/1 1x1", "stock 1x2"],
    ),
}


@pytest.mark.parametrize(("parts", "move", "expected"), MOVES.values(), ids=MOVES.keys())
def test_units_move(parts, move, expected):
    assert moved(*parts, move=move) == expected


def test_a_parcel_of_its_own_beside_one_with_an_id_of_the_callers_gets_a_number():
    split = plan(part("now/1 1x2", id="P"), part("now/1 2x2"))
    after = move_units(split, line_id="1", quantity=1, source="P")
    assert [item.id for item in after.parts] == ["P", "O1/now/1", "P/2"]


def test_a_part_is_of_goods_without_a_location_and_an_address_unless_it_says_otherwise():
    said = {"line_id": "1", "sku": "S1", "quantity": 1}
    where = {"id": "O1/stock", "order_id": "O1", "kind": "await_stock"}
    plain = Part(**where, lines=[PartLine(**said)])
    assert plain == Part(**where, lines=[PartLine(**said, kind="goods")], location="", ship_to="")


def test_what_was_cancelled_stays_so():
    split = plan("now/1 1x3", cancelled=[Cancelled(line_id="2", sku="S2", quantity=1, reason="out_of_stock")])
    assert move_units(split, line_id="1", quantity=1, source="O1/now/1").cancelled == split.cancelled


def test_a_parcel_of_its_own_goes_as_its_source_does():
    source = part("street/feb@A#W 1x2", ready=FIRST, delivery=SECOND)
    own = move_units(plan(source), line_id="1", quantity=1, source=source.id).parts[1]
    assert (own.ready, own.delivery, own.street_date) == (FIRST, SECOND, STREET["feb"])
    assert (own.kind, own.ship_to, own.location) == (PartKind.AWAIT_STREET_DATE, "A", "W")


DAYS = {
    "both known": (FIRST, SECOND, "1", DateRange(dt.date(2026, 12, 2), dt.date(2026, 12, 3))),
    "that of the source unknown": (None, SECOND, "1", None),
    "that of the target unknown": (FIRST, None, "1", None),
    "a fee delays nothing": (None, SECOND, "f1", SECOND),
}


@pytest.mark.parametrize(("of_source", "of_target", "line_id", "expected"), DAYS.values(), ids=DAYS.keys())
def test_the_target_gets_the_later_days_and_the_source_keeps_its_own(of_source, of_target, line_id, expected):
    source = part("now/1 1x2 f1x1", ready=of_source, delivery=of_source)
    target = part("stock 2x1", ready=of_target, delivery=of_target)
    after = move_units(plan(source, target), line_id=line_id, quantity=1, source=source.id, target=target.id).parts
    assert (after[0].ready, after[0].delivery) == (of_source, of_source)
    assert (after[1].ready, after[1].delivery) == (expected, expected)


SOONER = "target: must not leave sooner than its source, for units that wait are not there"
REFUSED_MOVES = {
    "what waits for stock ships now": (["now/1 1x1", "stock 1x2"], "1x1 stock now/1", "part.unfit", SOONER),
    "what waits for a street date ships now": (
        ["now/1 1x1", "street/feb 1x2"],
        "1x1 street/feb now/1",
        "part.unfit",
        SOONER,
    ),
    "a street date waits for stock": (["street/feb 1x1", "stock 1x2"], "1x1 street/feb stock", "part.unfit", SOONER),
    "an earlier street date": (["street/feb 1x1", "street/mar 1x2"], "1x1 street/mar street/feb", "part.unfit", SOONER),
    "another address": (
        ["now/1@A 1x1", "stock@B 2x2"],
        "1x1 now/1 stock",
        "part.unfit",
        "target: must go to the same address as its source",
    ),
    "another location": (
        ["now/1#W 1x1", "now/2#E 2x2"],
        "1x1 now/1 now/2",
        "part.unfit",
        "target: must ship from the location where",
    ),
    "digital goods with goods": (
        ["street/feb d1x1", "street/mar 1x2"],
        "d1x1 street/feb street/mar",
        "part.unfit",
        "target: must hold units of the kind digital",
    ),
    "goods with digital goods": (
        ["now/1 1x1", "digital d1x2"],
        "1x1 now/1 digital",
        "part.unfit",
        "target: must hold units of the kind goods",
    ),
    "a fee with digital goods": (
        ["now/1 1x1 f1x1", "digital d1x2"],
        "f1x1 now/1 digital",
        "part.unfit",
        "target: must hold units of the kind goods",
    ),
    "a fee by itself": (
        ["now/1 1x1 f1x1"],
        "f1x1 now/1 own",
        "part.unfit",
        "target: must be a part, for a fee goes with what is delivered; allowed: there is none",
    ),
    "digital goods wait": (["digital d1x1", "street/feb d2x1"], "d1x1 digital street/feb", "part.unfit", SOONER),
    "the same part": (["now/1 1x2"], "1x1 now/1 now/1", "part.unfit", "target: must be another part than its source"),
    "no such target": (
        ["now/1 1x2", "stock 2x1"],
        "1x1 now/1 now/9",
        "part.unknown",
        "target: must be a part of the plan: O1/now/1, O1/stock ",
    ),
    "no such source": (
        ["now/1 1x2", "stock 2x1"],
        "1x1 now/9 stock",
        "part.unknown",
        "source: must be a part of the plan: O1/now/1, O1/stock ",
    ),
    "no parts": ([], "1x1 now/9 own", "part.unknown", "source: must be a part of the plan: there is none"),
    "no such line": (
        ["now/1 1x2 2x1", "stock 3x1"],
        "3x1 now/1 stock",
        "line.unknown",
        "line_id: must be a line of the part O1/now/1: 1, 2 ",
    ),
    "too many units": (
        ["now/1 1x2", "stock 1x9"],
        "1x3 now/1 stock",
        "part.excess",
        "quantity: must be at most 2, the units of line 1 in the part",
    ),
    "no units": (
        ["now/1 1x2", "stock 1x9"],
        "1x0 now/1 stock",
        "units.invalid",
        "quantity: must be a whole number >= 1",
    ),
    "what is allowed is said": (
        ["now/1 1x1", "street/feb 1x2", "street/mar 3x2", "stock 1x2"],
        "1x1 street/feb stock",
        "part.unfit",
        "target: .*; allowed: O1/street/mar, None for a part of their own ",
    ),
}


@pytest.mark.parametrize(("parts", "move", "code", "message"), REFUSED_MOVES.values(), ids=REFUSED_MOVES.keys())
def test_units_that_may_not_move_are_refused(parts, move, code, message):
    with pytest.raises(InvalidArgument, match=f"^{message}") as caught:
        moved(*parts, move=move)
    assert caught.value.code == code


UNFIT_PLANS = {
    "no plan": (part("now/1 1x1"), "type.invalid", r"plan: must be a SplitPlan"),
    "two parts of one id": (
        plan("now/1 1x1", "now/1 2x1"),
        "id.repeated",
        r"plan\.parts\[1\]\.id: the ids of a plan's parts must be unique",
    ),
    "a line twice in a part": (
        plan("stock 1x1", "now/1 1x1 1x1"),
        "id.repeated",
        r"plan\.parts\[1\]\.lines\[1\]\.line_id: the lines of a part must be unique",
    ),
}
CHANGES = {
    "moved": lambda given, quantity: move_units(given, line_id="1", quantity=quantity, source="O1/now/1"),
    "cancelled": lambda given, quantity: cancel_units(given, line_id="1", quantity=quantity),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize(("given", "code", "message"), UNFIT_PLANS.values(), ids=UNFIT_PLANS.keys())
def test_plans_that_no_order_can_have_are_refused(change, given, code, message):
    with pytest.raises(InvalidArgument, match=f"^{message}") as caught:
        change(given, 1)
    assert caught.value.code == code


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("quantity", [None, "1", 1.5, True, 0, -1], ids=repr)
def test_units_that_are_no_number_of_units_are_refused(change, quantity):
    with pytest.raises(InvalidArgument, match=r"^quantity: must be a whole number >= 1") as caught:
        change(plan("now/1 1x3"), quantity)
    assert (caught.value.code, caught.value.value) == ("units.invalid", quantity)


def picked(*picks: str) -> list[Assignment]:
    """Return what leaves from where, each written ``<location> <sku>x<units>``."""
    return [
        Assignment(line_id="1", location=place, sku=sku, quantity=int(quantity))
        for place, sku, quantity in (re.split("[ x]", item) for item in picks)
    ]


PICKS = ["W CUPx3", "E CUPx3", "E POTx2", "N POTx1", "N LIDx1"]


def test_bundles_take_along_what_leaves_from_where():
    bundles = part("now/1", lines=[line("1x3", components=SET, picks=picked(*PICKS))])
    after = move_units(plan(bundles), line_id="1", quantity=1, source=bundles.id)
    assert list(after.parts[0].lines[0].picks) == picked("W CUPx3", "E CUPx1", "E POTx2")
    assert list(after.parts[1].lines[0].picks) == picked("E CUPx2", "N POTx1")
    back = move_units(after, line_id="1", quantity=1, source="O1/now/2", target=bundles.id)
    assert list(back.parts[0].lines[0].picks) == picked("W CUPx3", "E CUPx3", "E POTx2", "N POTx1")


def test_nothing_leaves_from_anywhere_for_bundles_that_wait():
    bundles = part("now/1", lines=[line("1x3", components=SET, picks=picked(*PICKS))])
    after = move_units(plan(bundles, "stock 2x1"), line_id="1", quantity=1, source=bundles.id, target="O1/stock")
    assert after.parts[1].lines[0].picks == ()


def cancel(*parts: str | Part, units: str, **arguments: object) -> Cancellation:
    line_id, _, quantity = units.partition("x")
    return cancel_units(plan(*parts), line_id=line_id, quantity=int(quantity), **arguments)


BOTH = ["now/1 1x3", "now/2 1x2", "street/feb 1x2", "stock 1x2"]
CANCELLATIONS = {
    "what waits goes first": (["now/1 1x3", "stock 1x2"], "1x1", ["now/1 1x3", "stock 1x1", "cut 1x1 customer"], {}),
    "wherever it stands in the plan": (
        ["street/feb 1x2", "stock 1x1", "now/1 1x3"],
        "1x2",
        ["street/feb 1x1", "now/1 1x3", "cut 1x2 customer"],
        {},
    ),
    "the latest part first": (
        BOTH,
        "1x3",
        ["now/1 1x3", "now/2 1x2", "street/feb 1x1", "cut 1x3 customer"],
        {},
    ),
    "then the last parcel": (BOTH, "1x5", ["now/1 1x3", "now/2 1x1", "cut 1x5 customer"], {"S1": 1}),
    "all of it": (BOTH, "1x9", ["cut 1x9 customer"], {"S1": 5}),
    "other lines stay": (
        ["now/1 1x3 2x1", "stock 2x1"],
        "1x3",
        ["now/1 2x1", "stock 2x1", "cut 1x3 customer"],
        {"S1": 3},
    ),
    "digital goods free nothing": (["digital d1x2"], "d1x2", ["cut d1x2 customer"], {}),
    "a fee frees nothing": (["now/1 1x3 f1x1"], "f1x1", ["now/1 1x3", "cut f1x1 customer"], {}),
    "a fee goes to the first part with goods of its address": (
        ["digital d1x1", "now/1@B 2x1", "now/1/A@A 1x1 f1x1", "street/feb@A 3x1", "stock@A 4x1"],
        "1x1",
        ["digital d1x1", "now/1 2x1", "street/feb f1x1 3x1", "stock 4x1", "cut 1x1 customer"],
        {"S1": 1},
    ),
    "else to the first with goods": (
        ["digital@A d1x1", "now/1@A 1x1 f1x1", "stock@B 2x1"],
        "1x1",
        ["digital d1x1", "stock f1x1 2x1", "cut 1x1 customer"],
        {"S1": 1},
    ),
    "else to digital goods": (
        ["digital d1x1", "now/1 1x1 f1x1"],
        "1x1",
        ["digital d1x1 f1x1", "cut 1x1 customer"],
        {"S1": 1},
    ),
    "else it is cancelled": (
        ["now/1 1x1 f1x2 f2x1"],
        "1x1",
        ["cut 1x1 customer", "cut f1x2 nothing_ships", "cut f2x1 nothing_ships"],
        {"S1": 1},
    ),
    "a fee joins goods that have fees of their own": (
        ["digital d1x1", "now/1 1x1 f1x1", "stock 2x1 f2x1"],
        "1x1",
        ["digital d1x1", "stock f1x1 2x1 f2x1", "cut 1x1 customer"],
        {"S1": 1},
    ),
    "a fee joins its own units": (
        ["now/1 1x1 f1x1", "stock 2x1 f1x2"],
        "1x1",
        ["stock f1x3 2x1", "cut 1x1 customer"],
        {"S1": 1},
    ),
}


@pytest.mark.parametrize(("parts", "units", "expected", "freed"), CANCELLATIONS.values(), ids=CANCELLATIONS.keys())
def test_units_are_cancelled(parts, units, expected, freed):
    done = cancel(*parts, units=units)
    assert written(done.plan) == expected
    assert done.freed == freed
    assert done.cancelled == done.plan.cancelled
    assert cancel(*parts, units=units, stock_action="remove") == Cancellation(
        plan=done.plan, cancelled=done.cancelled, freed={}
    )


BUNDLES = {
    "components are freed": ("now/1", SET, {"CUP": 4, "POT": 2}),
    "those of what waits are not": ("stock", SET, {}),
    "a bundle of digital goods frees nothing": ("now/1", [Component("CODE", kind="digital")], {}),
}


@pytest.mark.parametrize(("where", "recipe", "freed"), BUNDLES.values(), ids=BUNDLES.keys())
def test_bundles_free_what_is_on_a_shelf(where, recipe, freed):
    done = cancel(part(where, lines=[line("1x3", components=recipe)]), units="1x2")
    assert done.freed == freed
    assert [(cut.sku, cut.quantity) for cut in done.cancelled] == [("S1", 2)]
    assert list(done.freed) == sorted(done.freed)


def test_what_is_freed_is_in_the_order_of_its_skus_even_if_parts_hold_a_line_by_other_recipes():
    older = part("now/1", lines=[line("1x1", components=[Component("CUP")])])
    newer = part("now/2", lines=[line("1x1", components=[Component("POT")])])
    assert list(cancel(older, newer, units="1x2").freed.items()) == [("CUP", 1), ("POT", 1)]


def test_what_was_cancelled_before_adds_up_by_line_and_reason():
    before = [
        Cancelled(line_id="1", sku="S1", quantity=4, reason="out_of_stock"),
        Cancelled(line_id="1", sku="S1", quantity=1, reason="customer"),
        Cancelled(line_id="9", sku="S9", quantity=1, reason="backorder_limit"),
    ]
    done = cancel_units(plan("now/1 1x3", cancelled=before), line_id="1", quantity=2)
    assert written(done.plan) == ["now/1 1x1", "cut 1x4 out_of_stock", "cut 1x3 customer", "cut 9x1 backorder_limit"]
    assert [(cut.quantity, cut.reason) for cut in done.cancelled] == [(2, CancelReason.CUSTOMER)]


REFUSED_CANCELLATIONS = {
    "no units": ("1x0", {}, "units.invalid", "quantity: must be a whole number >= 1"),
    "more than the plan holds": (
        "1x6",
        {},
        "part.excess",
        "quantity: must be at most 5, the units of line 1 that are still in a part",
    ),
    "an unknown line": ("8x1", {}, "line.unknown", "line_id: must be a line of the plan's parts: 1, 2 "),
    "a line that is cancelled": ("9x1", {}, "line.unknown", "line_id: must be a line of the plan's parts: 1, 2 "),
    "an unknown action": (
        "1x1",
        {"stock_action": "keep"},
        "choice.invalid",
        "stock_action: must be one of release, remove",
    ),
}


@pytest.mark.parametrize(
    ("units", "arguments", "code", "message"), REFUSED_CANCELLATIONS.values(), ids=REFUSED_CANCELLATIONS.keys()
)
def test_cancellations_that_cannot_be_are_refused(units, arguments, code, message):
    cut = Cancelled(line_id="9", sku="S9", quantity=1, reason="out_of_stock")
    line_id, _, quantity = units.partition("x")
    given = plan("now/1 1x3 2x1", "stock 1x2", cancelled=[cut])
    with pytest.raises(InvalidArgument, match=f"^{message}") as caught:
        cancel_units(given, line_id=line_id, quantity=int(quantity), **arguments)
    assert caught.value.code == code


def test_a_shipped_unit_is_not_cancelled_and_a_waiting_one_frees_nothing():
    placed = order(wants(2, when_short="wait"))
    first = split_order(placed, supply=Supply(on_hand={"S1": 1}), at=NOW)
    left = split_order(placed, supply=Supply(on_hand={}), at=NOW, shipped=first.parts[:1])
    with pytest.raises(InvalidArgument, match="must be at most 1"):
        cancel_units(left, line_id="1", quantity=2)
    done = cancel_units(left, line_id="1", quantity=1)
    assert (written(done.plan), done.freed) == (["cut 1x1 customer"], {})


def test_a_cancellation_is_a_value():
    done = cancel("now/1 1x3", units="1x1")
    assert pickle.loads(pickle.dumps(done)) == done
    assert hash(done) == hash(cancel("now/1 1x3", units="1x1"))
    assert [action.value for action in StockAction] == ["release", "remove"]
    with pytest.raises(InvalidArgument, match=r"freed\['S1'\]"):
        Cancellation(plan=done.plan, cancelled=[], freed={"S1": -1})


def wants(quantity: int = 1, line_id: str = "1", **fields: object) -> OrderLine:
    kind = LINE_KINDS.get(line_id[0], LineKind.GOODS)
    return OrderLine(**{"id": line_id, "sku": f"S{line_id}", "quantity": quantity, "kind": kind} | fields)


def order(*lines: OrderLine, **fields: object) -> Order:
    return Order(**{"id": "O1", "placed_at": NOW, "lines": lines} | fields)


def test_an_order_of_a_part_has_its_units_and_all_else_of_the_order():
    kept = {"ship_to": "A", "ship_group": "g", "promised": FIRST, "requested": dt.date(2026, 12, 5)}
    lines = [wants(5, amount=Amount(500), **kept), wants(1, "f1", amount=Amount(90, 10)), wants(2, "2")]
    about = {"priority": 3, "ship": ShipPolicy.COMPLETE, "currency": "EUR"}
    found = part_order(order(*lines, **about), part("now/1 f1x1 1x2"))
    assert found == order(wants(2, **kept), wants(1, "f1", amount=Amount(90, 10)), **about)


def test_a_part_that_ships_is_split_into_itself():
    lines = [wants(3), wants(4, "2", when_short="wait"), wants(2, "3", sku="S1"), wants(1, "f1")]
    supply = Supply(on_hand={"S1": 4, "S2": 1})
    now = split_order(order(*lines), supply=supply, at=NOW).parts[0]
    again = split_order(part_order(order(*lines), now), supply=supply, at=NOW)
    assert again == SplitPlan(order_id="O1", parts=[now], cancelled=[])


REFUSED_PARTS = {
    "no part": ("now/1", "type.invalid", "{}", "must be a Part "),
    "another order's": (part("now/1 1x1", order_id="O2"), "part.foreign", "{}.order_id", "must be the order O1 "),
    "an unknown line": (
        part("now/1 1x1 9x1"),
        "line.unknown",
        "{}.lines[1].line_id",
        "must be a line of the order O1: 1, 2 ",
    ),
    "too many units": (
        part("now/1 2x1 1x4"),
        "part.excess",
        "{}.lines[1].quantity",
        "must not be more than was ordered on line 1 ",
    ),
}


@pytest.mark.parametrize(("given", "code", "path", "message"), REFUSED_PARTS.values(), ids=REFUSED_PARTS.keys())
def test_a_part_that_is_none_of_the_order_is_refused(given, code, path, message):
    placed = order(wants(3), wants(1, "2"))
    with pytest.raises(InvalidArgument, match=f": {message}") as caught:
        part_order(placed, given)
    assert (caught.value.code, caught.value.path) == (code, path.format("part"))
    if isinstance(given, Part):
        with pytest.raises(InvalidArgument, match=f": {message}") as caught:
            waiting_lines(plan("stock 1x2", given), order=placed)
        assert (caught.value.code, caught.value.path) == (code, path.format("plan.parts[1]"))


def test_units_of_several_parts_that_are_more_than_ordered_are_refused():
    with pytest.raises(
        InvalidArgument, match=r"plan.parts\[1\].lines\[0\].quantity: must not be more than was ordered"
    ):
        waiting_lines(plan("now/1 1x2", "stock 1x2"), order=order(wants(3)))


def test_goods_that_wait_become_lines_of_a_queue():
    street = STREET["feb"]
    lines = [
        wants(9, "2", when_short="wait", amount=Amount(1000, 100, 101)),
        wants(2, "d1", street_date=street),
        wants(1, "f1"),
        wants(4, "1", street_date=street, components=SET),
        wants(1, "3"),
    ]
    placed = order(*lines, priority=-1, ship="complete")
    split = plan("now/1 3x1", "street/feb d1x2 1x1", "street/mar f1x1 1x3", "stock 2x4", "stock/2 2x3")
    common = {"order_id": "O1", "placed_at": NOW, "priority": -1, "ship": ShipPolicy.COMPLETE}
    assert waiting_lines(split, order=placed) == (
        WaitingLine(line_id="2", sku="S2", quantity=7, value=111, **common),
        WaitingLine(line_id="1", sku="S1", quantity=4, components=SET, street_date=street, **common),
    )


@pytest.mark.parametrize(
    ("gross", "value"), [(1000, 333), (0, 0), (-1000, -334)], ids=["paid", "free", "below nothing"]
)
def test_the_value_of_one_unit_is_rounded_down(gross, value):
    placed = order(wants(3, when_short="wait", amount=Amount(gross)))
    assert [line.value for line in waiting_lines(plan("stock 1x1"), order=placed)] == [value]


REFUSED_PLANS = {
    "no plan": (part("stock 1x1"), {}, "type.invalid", "plan: must be a SplitPlan "),
    "no order": (plan("stock 1x1"), {"order": "O1"}, "type.invalid", "order: must be an Order "),
    "of another order": (
        plan("stock 1x1"),
        {"order": order(id="O2")},
        "plan.foreign",
        "order.id: must be O1, the order of the plan ",
    ),
}


@pytest.mark.parametrize(("given", "arguments", "code", "message"), REFUSED_PLANS.values(), ids=REFUSED_PLANS.keys())
def test_what_is_no_plan_of_the_order_has_no_waiting_lines(given, arguments, code, message):
    with pytest.raises(InvalidArgument, match=f"^{message}") as caught:
        waiting_lines(given, **{"order": order(wants())} | arguments)
    assert caught.value.code == code


def test_the_order_of_a_part_must_be_an_order():
    with pytest.raises(InvalidArgument, match=r"^order: must be an Order"):
        part_order(plan("stock 1x1"), part("stock 1x1"))
