"""Saving a street date that moved: what takes the place of which part."""

import datetime as dt
from collections import Counter

import attrs
import pytest

from preorder_kit import Component, InvalidArgument, Order, OrderLine, Part, PartLine, Supply, split_order
from preorder_kit.lifecycle import HeldPart, StreetDateMove, move_street_date, sourcing_wave

NOW = dt.datetime(2027, 1, 10, 9, tzinfo=dt.timezone.utc)
FEB = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
MAR = dt.datetime(2027, 3, 5, tzinfo=dt.timezone.utc)
IN_FEB, IN_MAR = "O1/street/20270205T000000Z", "O1/street/20270305T000000Z"


def order(*skus: str, order_id: str = "O1", **fields: object) -> Order:
    lines = [OrderLine(id=sku, sku=sku, quantity=2, street_date=FEB) for sku in skus]
    return Order(id=order_id, placed_at=NOW, lines=lines, **fields)


def parts_of(one: Order) -> list[Part]:
    return list(split_order(one, supply=Supply(on_hand={"SHIRT": 9}), at=NOW).parts)


def moved(*items: object, sku: str = "CD", to: dt.datetime = MAR) -> StreetDateMove:
    return move_street_date(items, sku=sku, street_date=to, at=NOW)


def save(kept: dict[str, Part | HeldPart], replaced: object) -> dict[str, Part | HeldPart]:
    after = dict(kept)
    for old, new in replaced.items():
        del after[old]
        after |= {(item.part.id if isinstance(item, HeldPart) else item.id): item for item in new}
    return after


def test_a_part_that_moves_by_itself_takes_its_own_place_under_a_new_id():
    one = order("CD")
    move = moved(one, *parts_of(one))
    assert list(move.replaced) == [IN_FEB]
    assert move.replaced[IN_FEB] == move.moved[1:]
    assert move.replaced[IN_FEB][0].id == IN_MAR


def test_a_line_moves_if_one_of_two_components_has_not_the_new_date_yet():
    box = [Component("CD", street_date=MAR), Component("SET", components=[Component("CD", street_date=FEB)])]
    line = OrderLine(id="1", sku="BOX", quantity=1, components=box)
    found = moved(Order(id="O1", placed_at=NOW, lines=[line]))
    assert [change.line_id for change in found.changed] == ["1"]
    assert [component.street_date for component in found.moved[0].lines[0].components[1].components] == [MAR]


def test_a_part_of_a_complete_order_that_is_on_its_way_stays_as_it_is_while_another_moves():
    whole = {"placed_at": NOW, "ship": "complete"}
    waits, goes = (HeldPart(part=parts_of(order(sku))[0], **whole) for sku in ("CD", "LP"))
    goes = attrs.evolve(goes, part=attrs.evolve(goes.part, id="O1/stock"), state="allocated")
    found = moved(waits, goes)
    assert list(found.replaced) == [IN_FEB]
    assert found.moved[1] is goes


def test_a_complete_order_waits_for_the_latest_date_of_a_recipe_that_does_not_move():
    box = [Component("LP", street_date=FEB), Component("MAP", street_date=MAR + dt.timedelta(days=30))]
    lines = [
        OrderLine(id="1", sku="CD", quantity=1, street_date=FEB),
        OrderLine(id="2", sku="BOX", quantity=1, components=box),
    ]
    one = Order(id="O1", placed_at=NOW, lines=lines, ship="complete")
    [part] = parts_of(one)
    assert moved(one, part).moved[1].street_date == part.street_date == box[1].street_date


def test_a_part_that_is_divided_is_replaced_by_all_of_its_parts_the_earliest_first():
    one = order("CD", "LP")
    move = moved(one, *parts_of(one))
    assert [(part.id, [line.sku for line in part.lines]) for part in move.replaced[IN_FEB]] == [
        (IN_FEB, ["LP"]),
        (IN_MAR, ["CD"]),
    ]
    assert move.replaced[IN_FEB] == move.moved[1:]


def test_a_held_part_is_replaced_by_held_parts():
    one = HeldPart(part=parts_of(order("CD"))[0], placed_at=NOW, paid=NOW, priority=3)
    [entry] = moved(one).replaced[IN_FEB]
    assert entry == attrs.evolve(one, part=entry.part)


def test_a_part_whose_components_alone_move_is_replaced_under_its_id():
    box = [Component("CD", street_date=FEB), Component("LP", street_date=MAR)]
    part = Part(
        id=IN_MAR,
        order_id="O1",
        kind="await_street_date",
        street_date=MAR,
        lines=[PartLine(line_id="1", sku="BOX", quantity=1, components=box)],
    )
    [after] = moved(part, to=FEB + dt.timedelta(days=1)).replaced[IN_MAR]
    assert after.id == IN_MAR
    assert after != part


@pytest.mark.parametrize(
    "items",
    [
        [],
        [order("CD")],
        parts_of(order("LP")),
        [HeldPart(part=parts_of(order("CD"))[0], placed_at=NOW, state="allocated")],
        [order("LP", ship="complete"), *parts_of(order("LP"))],
    ],
    ids=["nothing", "an order alone", "another SKU", "on its way", "another SKU of a whole order"],
)
def test_what_stays_has_no_entry(items):
    assert moved(*items).replaced == {}


def test_a_store_by_id_that_follows_the_entries_has_each_unit_once():
    one = order("CD")
    kept = {part.id: HeldPart(part=part, placed_at=NOW) for part in parts_of(one)}
    move = moved(one, *kept.values())
    kept = save(kept, move.replaced)
    assert list(kept) == [IN_MAR]
    wave = sourcing_wave(kept.values(), available={"CD": 9}, at=MAR)
    assert wave.left_over == {"CD": 7}


@pytest.mark.parametrize("order_saved", [False, True], ids=["the order not yet", "the order too"])
@pytest.mark.parametrize("names", [("O1",), ("O2",), ("O1", "O2")])
def test_a_run_that_broke_off_between_entries_is_finished_by_the_next(names, order_saved):
    orders = [order("CD", "LP", order_id="O1"), order("CD", order_id="O2")]
    kept = {part.id: part for one in orders for part in parts_of(one)}
    move = moved(*orders, *kept.values())
    half = save(
        kept, {f"{name}/street/20270205T000000Z": move.replaced[f"{name}/street/20270205T000000Z"] for name in names}
    )
    again = moved(*(move.moved[:2] if order_saved else orders), *half.values())
    whole = save(kept, move.replaced)
    assert save(half, again.replaced) == whole
    assert moved(*move.moved[:2], *whole.values()).replaced == {}
    assert Counter(line.sku for part in whole.values() for line in part.lines) == {"CD": 2, "LP": 1}


def test_an_order_that_is_saved_after_its_parts_still_moves_the_rest_of_a_whole_order():
    """The shirt was ordered without a date, and waits for the CD: sooner now."""
    lines = [
        OrderLine(id="1", sku="CD", quantity=1, street_date=MAR, ship_to="home"),
        OrderLine(id="2", sku="SHIRT", quantity=1, ship_to="work"),
    ]
    one = Order(id="O1", placed_at=NOW, lines=lines, ship="complete")
    kept = {part.id: part for part in parts_of(one)}
    move = moved(one, *kept.values(), to=FEB)
    first, *_ = move.replaced
    half = save(kept, {first: move.replaced[first]})
    assert {part.street_date for part in half.values()} == {FEB, MAR}
    again = moved(one, *half.values(), to=FEB)
    assert save(half, again.replaced) == save(kept, move.replaced)


def test_parts_of_a_whole_order_stay_together_where_all_their_dates_are_reached():
    """The CD is out since yesterday now, and the cap in the box since this instant: both count in a second run, too."""
    lines = [
        OrderLine(id="1", sku="BOX", quantity=1, components=[Component("CAP", street_date=NOW)], ship_to="home"),
        OrderLine(id="2", sku="CD", quantity=1, street_date=FEB),
    ]
    one = Order(id="O1", placed_at=NOW, lines=lines, ship="complete")
    kept = {part.id: part for part in parts_of(one)}
    move = moved(one, *kept.values(), to=NOW - dt.timedelta(days=1))
    after = save(kept, move.replaced)
    assert {part.street_date for part in after.values()} == {NOW}
    assert moved(one, *after.values(), to=NOW - dt.timedelta(days=1)).replaced == {}


def test_an_id_is_given_once_and_the_first_that_is_free():
    def part(name: str, date: dt.datetime, sku: str) -> Part:
        line = PartLine(line_id=name, sku=sku, quantity=1)
        return Part(id=name, order_id="O1", kind="await_street_date", lines=[line], street_date=date)

    there = [part(name, MAR, "LP") for name in (IN_MAR, f"{IN_MAR}/3")]
    shape = part(IN_FEB, FEB, "CD")
    name = f"{IN_FEB}/x"
    same = [attrs.evolve(shape, id=name), attrs.evolve(shape, id=IN_FEB)]
    assert [one.id for one in moved(*there, *same).moved[2:]] == [f"{IN_MAR}/x", f"{IN_MAR}/2"]
    other = HeldPart(part=attrs.evolve(shape, id="O1/street/20270205T000000Z"), placed_at=NOW)
    taken = [*there, part(f"{IN_MAR}/2", MAR, "LP"), other]
    assert moved(*taken).moved[-1].part.id == f"{IN_MAR}/4"


@pytest.mark.parametrize("as_held", [False, True])
def test_two_parts_of_one_id_are_refused(as_held):
    [part] = parts_of(order("CD"))
    twin = HeldPart(part=part, placed_at=NOW) if as_held else part
    with pytest.raises(InvalidArgument, match=r"orders_or_parts: the ids of parts must be unique \(got 'O1/street/"):
        moved(part, twin)


@pytest.mark.parametrize(
    ("replaced", "match"),
    [
        (3, "replaced: must be a mapping"),
        ({" ": []}, "replaced key: must be text"),
        ({"P": [order("CD")]}, r"replaced\['P'\]\[0\]: must be a Part or HeldPart"),
    ],
)
def test_a_result_is_checked(replaced, match):
    with pytest.raises(InvalidArgument, match=match):
        StreetDateMove(moved=[], changed=[], unchanged=[], replaced=replaced)
