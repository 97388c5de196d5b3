"""Parts on their way: the table, its guards, what follows, the picture, and street dates that move."""

from __future__ import annotations

import datetime as dt
import importlib.util
import itertools
import pickle
from pathlib import Path

import attrs
import pytest

from preorder_kit import Component, DateRange, InvalidArgument, Order, OrderLine, Part, PartLine
from preorder_kit.lifecycle import (
    GUARDS,
    TRANSITIONS,
    Effect,
    EffectKind,
    HeldPart,
    Origin,
    PartAction,
    PartState,
    UnmovedReason,
    WavePolicy,
    advance,
    move_street_date,
    part_effects,
)

ROOT = Path(__file__).parents[2]
NOW = dt.datetime(2027, 1, 10, 9, tzinfo=dt.timezone.utc)
LATER = NOW + dt.timedelta(days=1)
FEB = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
MAR = dt.datetime(2027, 3, 5, tzinfo=dt.timezone.utc)
APR = dt.datetime(2027, 4, 5, tzinfo=dt.timezone.utc)
DAY = DateRange(FEB.date(), FEB.date())


def line(line_id: str = "1", sku: str = "CD", quantity: int = 2, **fields: object) -> PartLine:
    return PartLine(**{"line_id": line_id, "sku": sku, "quantity": quantity} | fields)


def street_part(*lines: PartLine, date: dt.datetime = FEB, **fields: object) -> Part:
    stamp = date.strftime("%Y%m%dT%H%M%SZ")
    given = {"id": f"O1/street/{stamp}", "order_id": "O1", "kind": "await_street_date", "street_date": date}
    return Part(**given | {"lines": lines or [line()]} | fields)


STOCK_PART = Part(id="O1/stock", order_id="O1", kind="await_stock", lines=[line()])


def held(part: Part = STOCK_PART, state: str = "held", **fields: object) -> HeldPart:
    return HeldPart(**{"part": part, "placed_at": NOW, "state": state} | fields)


# The table

MOVES = {
    "held": {"release": "due", "pay": "held", "cancel": "cancelled"},
    "due": {
        "allocate": "allocated",
        "backorder": "backordered",
        "give_up": "unfulfillable",
        "pay": "due",
        "cancel": "cancelled",
    },
    "allocated": {
        "pick": "allocated",
        "pay": "allocated",
        "ship": "shipped",
        "lose_stock": "backordered",
        "cancel": "cancelled",
    },
    "backordered": {
        "allocate": "allocated",
        "backorder": "backordered",
        "give_up": "unfulfillable",
        "pay": "backordered",
        "cancel": "cancelled",
    },
    "unfulfillable": {"reopen": "backordered", "cancel": "cancelled"},
    "shipped": {},
    "cancelled": {},
}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(PartState, PartAction)))
def test_a_part_goes_where_the_table_says_and_nowhere_else(state, action):
    before = held(state=state, picked=NOW, paid=NOW)
    allowed = MOVES[state]
    if action in allowed:
        assert advance(before, action=action, at=NOW).state == allowed[action]
    else:
        with pytest.raises(InvalidArgument) as caught:
            advance(before, action=action, at=NOW)
        names = ", ".join(sorted(allowed)) or "nothing, it is at its end"
        assert str(caught.value) == f"action: cannot {action} a part in state {state}; allowed: {names}"
        assert (caught.value.code, caught.value.value) == ("action.illegal", action)
    assert before == held(state=state, picked=NOW, paid=NOW)


def test_the_table_is_data():
    table = {(state, action): end for (state, action), end in TRANSITIONS.items()}
    assert table == {(state, action): end for state, ways in MOVES.items() for action, end in ways.items()}
    assert hash(TRANSITIONS) == hash(pickle.loads(pickle.dumps(TRANSITIONS)))
    assert {action: list(guards) for action, guards in GUARDS.items()} == {
        "release": ["street date reached"],
        "ship": ["picked", "paid"],
    }


@pytest.mark.parametrize(
    ("part", "at", "due"),
    [
        (street_part(), FEB - dt.timedelta(microseconds=1), False),
        (street_part(), FEB, True),
        (street_part(line(components=[Component("A", street_date=MAR)])), FEB, False),
        (street_part(line(components=[Component("A", street_date=MAR)])), MAR, True),
        (STOCK_PART, NOW, True),
    ],
    ids=["a moment before", "at it", "a component is later", "at the component's", "no street date"],
)
def test_a_part_is_released_at_its_street_date_and_not_before(part, at, due):
    if due:
        assert advance(held(part), action="release", at=at).state is PartState.DUE
    else:
        match = "cannot release a part in state held; needs first: street date reached; allowed: cancel, pay"
        with pytest.raises(InvalidArgument, match=match) as caught:
            advance(held(part), action="release", at=at)
        assert caught.value.code == "action.too_early"


@pytest.mark.parametrize(
    ("facts", "missing"),
    [({}, "picked, paid"), ({"picked": NOW}, "paid"), ({"paid": NOW}, "picked")],
    ids=["neither", "only picked", "only paid"],
)
def test_a_part_ships_only_when_picked_and_paid(facts, missing):
    allowed = "cancel, lose_stock, pay, pick"
    match = f"^action: cannot ship a part in state allocated; needs first: {missing}; allowed: {allowed}$"
    with pytest.raises(InvalidArgument, match=match):
        advance(held(state="allocated", **facts), action="ship", at=NOW)


def test_what_was_picked_and_paid_first_counts():
    part = held(state="allocated")
    for action in ("pick", "pay"):
        part = advance(advance(part, action=action, at=NOW), action=action, at=LATER)
    assert (part.picked, part.paid) == (NOW, NOW)


def test_lost_stock_is_picked_again():
    part = advance(held(state="allocated", picked=NOW, paid=NOW), action="lose_stock", at=LATER)
    assert (part.state, part.picked, part.paid) == (PartState.BACKORDERED, None, NOW)


@pytest.mark.parametrize(
    ("state", "tried_at", "action", "at", "expected"),
    [
        ("due", None, "backorder", NOW, (1, 2, NOW)),
        ("due", None, "allocate", NOW, (1, 0, NOW)),
        ("backordered", NOW, "backorder", LATER, (1, 2, LATER)),
        ("backordered", NOW, "backorder", NOW, (0, 1, NOW)),
        ("backordered", LATER, "backorder", NOW, (0, 1, LATER)),
        ("backordered", NOW, "allocate", NOW, (1, 0, NOW)),
        ("backordered", NOW, "give_up", LATER, (0, 1, NOW)),
    ],
    ids=[
        "first",
        "served at once",
        "next",
        "same instant",
        "before the last",
        "served at the same instant",
        "given up",
    ],
)
def test_a_vain_attempt_counts_once_for_each_instant(state, tried_at, action, at, expected):
    part = advance(held(state=state, tried_at=tried_at, vain=1), action=action, at=at)
    assert (part.attempts, part.vain, part.tried_at) == expected


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: advance(STOCK_PART, action="pay", at=NOW), "held: must be a HeldPart"),
        (lambda: advance(held(), action="sell", at=NOW), "action: must be one of release, allocate"),
        (lambda: advance(held(), action="pay", at=NOW.date()), "at: must be an instant"),
        (lambda: part_effects(None), "held: must be a HeldPart"),
        (lambda: held(Part(id="P", order_id="O1", kind="digital", lines=[])), "part.lines: must hold at least one"),
        (lambda: held(street_part(line(), line())), r"part.lines\[1\].line_id: the lines of a part must be unique"),
        (lambda: held(state="lost"), "state: must be one of held"),
        (lambda: held(attempts=-1), "attempts: must be a whole number >= 0"),
        (lambda: held(hold=""), "hold: must be text that is not blank"),
        (lambda: WavePolicy(max_attempts=0), "max_attempts: must be a whole number >= 1"),
        (lambda: WavePolicy(report_after=5), "report_after: must be a timedelta of 0 or more"),
        (lambda: WavePolicy(report_after=dt.timedelta(-1)), "report_after: must be a timedelta of 0 or more"),
        (lambda: held(vain=-1), "vain: must be a whole number >= 0"),
        (lambda: held(last_grant=-1), "last_grant: must be a whole number >= 0"),
        (lambda: Origin(part_id="P", attempt=0, at=NOW, quantities={}), "attempt: must be a whole number >= 1"),
        (
            lambda: Origin(part_id="P", attempt=1, at=NOW, quantities={"1": 0}),
            r"quantities\['1'\]: must be a whole number >= 1",
        ),
        (lambda: Effect(kind="call", part_id="P", key="P"), "kind: must be one of create_shipment"),
        (
            lambda: move_street_date([1], sku="CD", street_date=FEB, at=NOW),
            r"orders_or_parts\[0\]: must be an Order or",
        ),
        (lambda: move_street_date([], sku="CD", street_date=None, at=NOW), "street_date: must be an instant"),
        (lambda: move_street_date([], sku=" ", street_date=FEB, at=NOW), "sku: must be text"),
        (lambda: move_street_date([], sku="CD", street_date=FEB, at=NOW.date()), "at: must be an instant"),
    ],
)
def test_a_mistake_is_refused(call, match):
    with pytest.raises(InvalidArgument, match=f"^{match}"):
        call()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        pytest.param(
            lambda: held(Part(id="P", order_id="O1", kind="digital", lines=[])), "part.empty", id="a part without lines"
        ),
        pytest.param(lambda: WavePolicy(report_after=5), "age.invalid", id="an age as a number"),
    ],
)
def test_a_mistake_has_its_code(call, code):
    with pytest.raises(InvalidArgument) as caught:
        call()
    assert caught.value.code == code


# What follows


@pytest.mark.parametrize(
    ("part", "keys"),
    [
        (held(state="held"), []),
        (held(state="due"), []),
        (held(state="allocated", attempts=3), ["allocated:3:create_shipment", "allocated:capture"]),
        (held(state="allocated", attempts=3, paid=NOW), ["allocated:3:create_shipment"]),
        (held(state="backordered", attempts=3), []),
        (held(street_part(id="O1/stock"), state="backordered", attempts=3), ["backordered:notify"]),
        (held(state="shipped", attempts=3), []),
        (held(state="cancelled", attempts=3), ["cancelled:3:cancel"]),
        (held(state="unfulfillable", attempts=3), ["unfulfillable:3:notify"]),
    ],
    ids=lambda value: value.state if isinstance(value, HeldPart) else None,
)
def test_effects_follow_from_the_part_alone(part, keys):
    effects = part_effects(part)
    assert [effect.key for effect in effects] == [f"O1/stock:{key}" for key in keys]
    assert {effect.part_id for effect in effects} <= {"O1/stock"}
    assert [effect.kind for effect in effects] == [EffectKind(key.rpartition(":")[2]) for key in keys]
    assert {effect.reason for effect in effects} <= {part.state}


# The picture


def diagram():
    spec = importlib.util.spec_from_file_location("lifecycle_diagram", ROOT / "scripts" / "lifecycle_diagram.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_is_what_the_table_draws():
    drawn = diagram().draw()
    assert (ROOT / "docs/pictures/lifecycle.svg").read_text(encoding="utf-8") == drawn, (
        "run scripts/lifecycle_diagram.py"
    )
    for state in PartState:
        assert f">{state.name}</text>" in drawn


def test_each_way_of_the_table_has_its_arrow():
    ways = {(state, end) for (state, _), end in TRANSITIONS.items() if end is not state}
    assert diagram().ARROWS.keys() == ways
    assert diagram().BOXES.keys() == set(PartState)


# Street dates that move


def order_line(line_id: str, sku: str = "CD", **fields: object) -> OrderLine:
    return OrderLine(**{"id": line_id, "sku": sku, "quantity": 1} | fields)


def order(*lines: OrderLine, **fields: object) -> Order:
    return Order(**{"id": "O1", "placed_at": NOW, "lines": lines} | fields)


def moved(*items: object, sku: str = "CD", to: dt.datetime = MAR, at: dt.datetime = NOW):
    return move_street_date(items, sku=sku, street_date=to, at=at)


def reasons(move) -> list[tuple[str, str]]:
    return [(item.line_id, item.reason) for item in move.unchanged]


def dates(move) -> list[tuple[str, dt.datetime, dt.datetime]]:
    return [(item.line_id, item.before, item.after) for item in move.changed]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"street_date": FEB}, (FEB, MAR)),
        ({"street_date": FEB, "kind": "digital"}, (FEB, MAR)),
        ({"sku": "BOX", "components": [Component("CD", street_date=FEB)]}, (FEB, MAR)),
        ({"sku": "BOX", "components": [Component("IN", components=[Component("CD", street_date=FEB)])]}, (FEB, MAR)),
        (
            {"sku": "BOX", "components": [Component("CD", street_date=FEB), Component("LP", street_date=APR)]},
            (APR, APR),
        ),
        ({"sku": "BOX", "street_date": APR, "components": [Component("CD", street_date=FEB)]}, (APR, APR)),
        ({"street_date": NOW}, UnmovedReason.RELEASED),
        ({"street_date": MAR}, UnmovedReason.SAME_DATE),
        ({}, UnmovedReason.NO_STREET_DATE),
        ({"sku": "BOX", "street_date": FEB, "components": [Component("CD")]}, UnmovedReason.NO_STREET_DATE),
        ({"sku": "BOX", "street_date": FEB, "components": [Component("CD", street_date=NOW)]}, UnmovedReason.RELEASED),
        ({"sku": "LP", "street_date": FEB}, None),
    ],
    ids=[
        "a line",
        "a digital line",
        "a component",
        "deep inside",
        "another component is later",
        "its own date is later",
        "released",
        "the same date",
        "none",
        "an inherited one",
        "a released component",
        "another SKU",
    ],
)
def test_a_line_of_an_order_moves_or_says_why_not(given, expected):
    before = order(order_line("0", "OTHER"), order_line("1", **given))
    move = moved(before)
    assert dates(move) == ([("1", *expected)] if isinstance(expected, tuple) else [])
    assert reasons(move) == ([("1", expected)] if isinstance(expected, UnmovedReason) else [])
    assert {item.item_id for item in (*move.changed, *move.unchanged)} <= {"O1"}
    assert (move.moved[0] is before) == (not move.changed)
    assert move.moved[0].lines[0] is before.lines[0]


def test_only_the_dates_of_the_sku_move():
    shared = Component("CD", street_date=FEB)
    recipe = [Component("IN", components=[shared, Component("LP", street_date=FEB)]), shared, Component("BAG")]
    [after] = moved(order(order_line("1", "BOX", components=recipe))).moved
    inner, outer, bag = after.lines[0].components
    assert [part.street_date for part in (*inner.components, outer, bag)] == [MAR, FEB, MAR, None]
    assert inner.components[0] is outer
    assert bag is recipe[2]


def test_a_released_date_stays_where_another_moves():
    recipe = [Component("CD", street_date=NOW), Component("IN", components=[Component("CD", street_date=FEB)])]
    [after] = moved(order(order_line("1", "BOX", components=recipe), order_line("2", "CD", street_date=NOW))).moved
    out, inside = after.lines[0].components
    assert (out.street_date, inside.components[0].street_date, after.lines[1].street_date) == (NOW, MAR, NOW)


def test_a_part_moves_with_its_lines_and_gets_the_id_of_its_date():
    before = street_part(line(), line("2", "FEE", kind="fee"), ready=DAY, delivery=DAY, ship_to="home")
    move = moved(before)
    assert move.moved == (
        attrs.evolve(before, id="O1/street/20270305T000000Z", street_date=MAR, ready=None, delivery=None),
    )
    assert dates(move) == [("1", FEB, MAR)]
    assert move.changed[0].item_id == before.id


@pytest.mark.parametrize(
    ("part_id", "expected"),
    [
        ("O1/street/20270205T000000Z/home", "O1/street/20270305T000000Z/home"),
        ("O1/street/20270205T000000Z/2", "O1/street/20270305T000000Z/2"),
        ("P7", "P7"),
        ("O1/street/20270205T000000Z-x", "O1/street/20270205T000000Z-x"),
    ],
)
def test_an_id_follows_the_date_if_it_names_one(part_id, expected):
    assert [part.id for part in moved(street_part(id=part_id)).moved] == [expected]


def test_an_id_that_is_taken_is_not_given_again():
    parts = [
        street_part(date=FEB),
        street_part(line("2"), id="O1/street/20270205T000000Z/2"),
        street_part(line("3"), date=APR),
    ]
    ids = [part.id for part in moved(*parts, to=APR).moved]
    assert ids == ["O1/street/20270405T000000Z/2", "O1/street/20270405T000000Z/2/2", "O1/street/20270405T000000Z"]
    both = moved(street_part(id="P1"), street_part(line("2", "CD"), line("3", "LP"), id="P2")).moved
    assert [part.id for part in both] == ["P1", "P2", "P2/street/20270305T000000Z"]


def test_lines_that_move_leave_those_that_do_not():
    before = street_part(line("1", "LP"), line("2"), line("3", "FEE", kind="fee"), ready=DAY, delivery=DAY)
    later = moved(held(before, paid=NOW)).moved
    assert [[item.line_id for item in one.part.lines] for one in later] == [["1", "3"], ["2"]]
    assert [(one.part.id, one.part.street_date) for one in later] == [
        ("O1/street/20270205T000000Z", FEB),
        ("O1/street/20270305T000000Z", MAR),
    ]
    assert [(one.part.ready, one.paid, one.state) for one in later] == [(DAY, NOW, "held"), (None, NOW, "held")]
    sooner = moved(before, to=LATER).moved
    assert [[item.line_id for item in one.lines] for one in sooner] == [["2", "3"], ["1"]]


def test_a_fee_goes_with_goods_rather_than_with_what_is_digital():
    before = street_part(line("1", "CODE", kind="digital"), line("2"), line("3", "FEE", kind="fee"))
    assert [[item.line_id for item in part.lines] for part in moved(before).moved] == [["1"], ["2", "3"]]
    digital = street_part(line("1", kind="digital"), line("3", "FEE", kind="fee"))
    assert [[item.line_id for item in part.lines] for part in moved(digital).moved] == [["1", "3"]]


def test_a_bundle_in_a_part_waits_for_the_last_of_its_components():
    box = [Component("CD", street_date=FEB), Component("LP", street_date=APR)]
    before = street_part(line("1", "BOX", components=box), line("2", "LP"), date=APR)
    [after] = moved(before).moved
    assert (after.id, after.street_date) == (before.id, APR)
    assert after.lines[0].components[0].street_date == MAR
    [gone] = moved(street_part(line("1", "BOX", components=box[:1]))).moved
    assert gone.street_date == MAR


def test_a_bundle_waits_for_its_own_date_if_no_component_has_it():
    box = [Component("CD", street_date=LATER)]
    move = moved(street_part(line("1", "BOX", components=box)))
    assert dates(move) == [("1", FEB, MAR)]
    assert moved(street_part(line("1", "BOX", components=box)), to=NOW).moved[0].street_date == FEB


def test_what_ships_complete_goes_on_waiting_together():
    lines = [line("1", "LP"), line("2"), line("3", "FEE", kind="fee")]
    whole = held(street_part(*lines), ship="complete")
    [later] = moved(whole).moved
    assert (later.part.id, later.part.street_date) == ("O1/street/20270305T000000Z", MAR)
    [sooner] = moved(whole, to=LATER).moved
    assert (sooner.part.id, sooner.part.street_date) == ("O1/street/20270205T000000Z", FEB)


def test_all_parts_of_an_order_that_ships_complete_wait_for_its_latest_date():
    home, work = (
        street_part(line(name, sku), ship_to=name, id=name) for name, sku in (("home", "CD"), ("work", "SHIRT"))
    )
    both = [held(home, ship="complete"), held(work, ship="complete")]
    assert [one.part.street_date for one in moved(*both).moved] == [MAR, MAR]
    assert [one.part.street_date for one in moved(*both, to=LATER).moved] == [FEB, FEB]
    whole = order(order_line("home", street_date=FEB), order_line("work", "SHIRT"), ship="complete")
    assert [part.street_date for part in moved(home, work, whole, to=LATER).moved[:2]] == [LATER, LATER]
    assert moved(work, whole).moved[0] == work


def test_what_waits_for_nothing_of_its_own_stays_as_it_is():
    whole = order(order_line("1", "SHIRT"), order_line("2", "FEE", kind="fee"), ship="complete")
    parts = [street_part(line("2", "FEE", kind="fee"), id="fees"), street_part(line("1", "SHIRT"), id="goods")]
    assert moved(parts[0], whole).moved[0] == parts[0]
    assert moved(*parts, whole).moved[:2] == tuple(parts)


def test_an_order_of_which_nothing_moves_stays_as_it_is():
    """Its part waits for a line that was cancelled since: that is no business of another SKU's."""
    whole = order(order_line("1", street_date=FEB), ship="complete")
    part = street_part(line("1"), date=APR)
    assert moved(part, whole, sku="LP").moved == (part, whole)
    assert moved(part, whole).moved[0].street_date == MAR
    mixed = street_part(line("1"), line("2", "CODE", kind="digital"))
    known = order(order_line("1", street_date=FEB), order_line("2", "CODE", street_date=LATER), ship="complete")
    assert moved(mixed, known, sku="LP").moved == (mixed, known)


def test_digital_goods_of_an_order_that_ships_complete_go_by_themselves():
    whole = held(street_part(line("1"), line("2", kind="digital"), line("3", "LP"), date=MAR), ship="complete")
    assert [(one.part.street_date, len(one.part.lines)) for one in moved(whole, to=FEB).moved] == [(FEB, 1), (MAR, 2)]


def test_an_order_says_which_lines_of_a_part_have_a_street_date():
    part = street_part(line("1", "SHIRT"), line("2"), date=MAR)
    whole = order(order_line("1", "SHIRT"), order_line("2", street_date=MAR), ship="complete")
    assert dates(moved(part, sku="SHIRT", to=APR)) == [("1", MAR, APR)]
    asked = moved(part, whole, sku="SHIRT", to=APR)
    assert asked.moved == (part, whole)
    assert reasons(asked) == [("1", "no_street_date")] * 2
    assert [item.street_date for item in moved(part, whole, to=FEB).moved[:1]] == [FEB]


def test_an_order_that_has_moved_already_moves_its_parts_still():
    before = order(order_line("2", street_date=FEB))
    part = street_part(line("2"))
    [order_after, part_after] = moved(before, part).moved
    again = moved(order_after, part)
    assert again.moved == (order_after, part_after)
    assert reasons(again) == [("2", "same_date")]
    assert moved(order_after, part_after).changed == ()


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (held(street_part(), "due"), "released"),
        (held(street_part(), "allocated"), "released"),
        (held(street_part(), "backordered"), "released"),
        (held(street_part(), "shipped"), "shipped"),
        (held(street_part(), "cancelled"), "cancelled"),
        (held(street_part(), "unfulfillable"), "unfulfillable"),
        (held(street_part(date=NOW)), "released"),
        (held(street_part(date=MAR)), "same_date"),
        (held(STOCK_PART, "backordered"), "no_street_date"),
        (held(STOCK_PART), "no_street_date"),
        (street_part(line(kind="fee")), "no_street_date"),
    ],
)
def test_a_part_that_is_on_its_way_keeps_its_date(item, reason):
    move = moved(item)
    assert (move.moved, reasons(move)) == ((item,), [("1", reason)])


def test_components_move_in_a_part_that_waits_for_no_date_of_its_own():
    recipe = [Component("CD", street_date=FEB)]
    before = Part(
        id="O1/stock", order_id="O1", kind="await_stock", lines=[line("1", "BOX", components=recipe), line("2")]
    )
    [after] = moved(before).moved
    assert (after.id, after.street_date, after.lines[0].components[0].street_date) == ("O1/stock", None, MAR)
    assert after.lines[1] is before.lines[1]
