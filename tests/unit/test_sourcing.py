"""Which location each unit of an order leaves from."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from collections import Counter

import pytest

from preorder_kit import (
    UNLIMITED,
    Assignment,
    BundleSource,
    Commitment,
    Component,
    InvalidArgument,
    OrderLine,
    Receipt,
    ShortUnits,
    SourceRule,
    Sourcing,
    SourcingRules,
    Supply,
    source_order,
)
from preorder_kit._covering import Effort
from preorder_kit._sourcing import Pick, _packed, assign

DAY = dt.date(2026, 11, 22)
FEWEST = SourcingRules(rule=SourceRule.FEWEST_SHIPMENTS)
SET = (("A", 1), ("B", 1))
RULES = list(SourceRule)


def supplies(stock):
    return {name: Supply(on_hand=held) for name, held in stock.items()}


def line(sku, quantity, recipe=(), line_id="1", **fields):
    components = [Component(part, count) for part, count in recipe]
    return OrderLine(id=line_id, sku=sku, quantity=quantity, components=components, **fields)


def lines(*wanted):
    return [line(*one, line_id=str(number)) for number, one in enumerate(wanted, 1)]


def sourced(wanted, stock, **rules):
    return source_order(lines(*wanted), locations=supplies(stock), day=DAY, rules=SourcingRules(**rules))


def taken(sourcing):
    return [(item.line_id, item.location, item.sku, item.quantity) for item in sourcing.assignments]


def by_location(sourcing):
    units = Counter()
    for item in sourcing.assignments:
        units[item.location] += item.quantity
    return dict(units)


@pytest.mark.parametrize(
    ("stock", "quantity", "rules", "expected"),
    [
        pytest.param({"w0": 100}, 50, {}, {"w0": 50}, id="one-location"),
        pytest.param({"x": 10, "y": 15}, 13, {}, {"x": 10, "y": 3}, id="each-in-turn"),
        pytest.param({"w1": 3, "w0": 4}, 5, {}, {"w1": 3, "w0": 2}, id="the-order-of-the-mapping-is-the-turn"),
        pytest.param({"w0": 3, "w1": 10}, 5, {}, {"w0": 3, "w1": 2}, id="no-more-than-is-asked-for"),
        pytest.param({"w0": 5}, 7, {}, {"w0": 5}, id="what-is-there"),
        pytest.param({}, 7, {}, {}, id="no-location"),
        pytest.param({"x": 0, "y": -3}, 7, {}, {}, id="nothing-there"),
        pytest.param({"x": 2, "y": UNLIMITED, "z": 9}, 10**6, {}, {"x": 2, "y": 10**6 - 2}, id="no-bound"),
        pytest.param({"w1": 3, "w0": 4, "w2": 5}, 5, {"ask_first": ["w2"]}, {"w2": 5}, id="asked-first"),
        pytest.param(
            {"x": 9, "y": 2, "z": 3}, 6, {"ask_first": ["z", "y"]}, {"z": 3, "y": 2, "x": 1}, id="asked-first-two"
        ),
        pytest.param({"x": 10, "y": 15}, 13, {"keep_back": {"x": 4}}, {"x": 6, "y": 7}, id="kept-back"),
        pytest.param({"x": 1, "y": 2}, 3, {"keep_back": {"x": 4, "y": 2}}, {}, id="all-kept-back"),
        pytest.param({"x": UNLIMITED}, 3, {"keep_back": {"x": 4}}, {"x": 3}, id="kept-back-of-no-bound"),
        pytest.param({"x": 4, "y": 7}, 9, {"rule": "most_stock"}, {"y": 7, "x": 2}, id="most-stock"),
        pytest.param({"x": 7, "y": UNLIMITED}, 9, {"rule": "most_stock"}, {"y": 9}, id="no-bound-is-most"),
        pytest.param({"x": 7, "y": 7}, 9, {"rule": "most_stock"}, {"x": 7, "y": 2}, id="most-stock-ties-in-turn"),
        pytest.param(
            {"x": 7, "y": 2}, 9, {"rule": "most_stock", "ask_first": ["y"]}, {"y": 2, "x": 7}, id="first-before-most"
        ),
        pytest.param({"x": 10, "y": 15}, 13, {"rule": "fewest_shipments"}, {"y": 13}, id="fewest"),
        pytest.param({"x": 3, "y": 3, "z": 3}, 5, {"rule": "fewest_shipments"}, {"x": 3, "y": 2}, id="two-are-enough"),
        pytest.param({"x": UNLIMITED, "y": 9}, 9, {"rule": "fewest_shipments"}, {"x": 9}, id="fewest-of-no-bound"),
        pytest.param({"x": 0, "y": 0}, 9, {"rule": "fewest_shipments"}, {}, id="fewest-of-nothing"),
        pytest.param(
            {"x": 9, "y": 2, "z": 3},
            5,
            {"rule": "fewest_shipments", "ask_first": ["z"]},
            {"z": 3, "x": 2},
            id="fewest-behind-the-first",
        ),
        pytest.param(
            {"x": 9, "y": 9}, 5, {"rule": "fewest_shipments", "ask_first": ["y", "x"]}, {"y": 5}, id="all-asked-first"
        ),
    ],
)
def test_a_line_takes_what_it_can(stock, quantity, rules, expected):
    found = sourced([("A", quantity)], {name: {"A": units} for name, units in stock.items()}, **rules)
    assert by_location(found) == expected
    assert list(by_location(found)) == list(expected)
    missing = quantity - sum(expected.values())
    assert found.short == ((ShortUnits(line_id="1", sku="A", quantity=missing),) if missing else ())


@pytest.mark.parametrize("rule", RULES)
def test_earlier_lines_take_first(rule):
    found = sourced([("A", 3), ("A", 3)], {"x": {"A": 4}, "y": {"A": 1}}, rule=rule)
    assert found.short == (ShortUnits(line_id="2", sku="A", quantity=1),)


@pytest.mark.parametrize("rule", RULES)
def test_fees_and_digital_goods_need_no_location(rule):
    wanted = [line("STANDARD", 1, kind="fee"), line("TICKET", 2, line_id="2", kind="digital")]
    rules = SourcingRules(rule=rule)
    nothing = Sourcing(assignments=[], short=[], at_least=0)
    assert source_order(wanted, locations=supplies({"x": {}, "y": {}}), day=DAY, rules=rules) == nothing
    assert source_order([], locations={}, day=DAY, rules=rules) == nothing


def test_what_is_owed_and_safety_stock_are_not_given():
    there = Supply(
        on_hand={"A": 10},
        safety_stock={"A": 1},
        commitments=[Commitment(sku="A", quantity=4, order_id="O1"), Commitment(sku="A", quantity=2, order_id="O2")],
        receipts=[Receipt(sku="A", quantity=50, expected=DAY + dt.timedelta(7))],
    )
    rules = SourcingRules(keep_back={"x": 1})
    asked = [line("A", 99)]
    assert by_location(source_order(asked, locations={"x": there}, day=DAY, rules=rules)) == {"x": 2}
    assert by_location(source_order(asked, locations={"x": there}, day=DAY, rules=rules, but_for="O1")) == {"x": 6}


def test_what_comes_today_is_not_there_yet():
    there = Supply(on_hand={"A": 2}, receipts=[Receipt(sku="A", quantity=50, expected=DAY)])
    assert by_location(source_order([line("A", 9)], locations={"x": there}, day=DAY)) == {"x": 2}


@pytest.mark.parametrize(
    ("wanted", "stock", "rules", "expected"),
    [
        pytest.param(
            [("KIT", 2, SET)],
            {"x": {"A": 1, "B": 5}, "y": {"A": 9, "B": 1}},
            {},
            [("1", "x", "A", 1), ("1", "x", "B", 1), ("1", "y", "A", 1), ("1", "y", "B", 1)],
            id="whole-units-from-each",
        ),
        pytest.param([("KIT", 1, SET)], {"x": {"A": 1}, "y": {"B": 1}}, {}, [], id="left-overs-make-no-bundle"),
        pytest.param(
            [("KIT", 5, (("P", 3), ("Q", 2)))],
            {"x": {"P": 15}, "y": {"Q": 10}},
            {"bundles": "several"},
            [("1", "x", "P", 15), ("1", "y", "Q", 10)],
            id="put-together-from-several",
        ),
        pytest.param(
            [("KIT", 3, SET)],
            {"x": {"A": 2, "B": 1}, "y": {"A": 1, "B": 1}},
            {"bundles": "several"},
            [("1", "x", "A", 1), ("1", "x", "B", 1), ("1", "y", "A", 1), ("1", "y", "B", 1)],
            id="only-where-every-component-is-somewhere",
        ),
        pytest.param(
            [("CARTON", 2, (("W", 12),))],
            {"x": {"W": 20}, "y": {"W": 4}},
            {"bundles": "several"},
            [("1", "x", "W", 12), ("1", "x", "W", 8), ("1", "y", "W", 4)],
            id="whole-where-one-can",
        ),
        pytest.param(
            [("A", 1), ("KIT", 1, SET)],
            {"x": {"A": 1, "B": 1}, "y": {"A": 1}},
            {},
            [("1", "x", "A", 1)],
            id="in-turn-the-piece-takes-from-the-bundle",
        ),
        pytest.param(
            [("A", 1), ("KIT", 1, SET)],
            {"x": {"A": 1, "B": 1}, "y": {"A": 1}},
            {"rule": "fewest_shipments"},
            [("1", "y", "A", 1), ("2", "x", "A", 1), ("2", "x", "B", 1)],
            id="fewest-serves-as-much-as-can-be",
        ),
        pytest.param(
            [("A", 1), ("KIT", 3, SET)],
            {"x": {"A": 1, "B": 1}, "y": {"A": 1}},
            {"rule": "fewest_shipments"},
            [("1", "y", "A", 1), ("2", "x", "A", 1), ("2", "x", "B", 1)],
            id="fewest-serves-one-of-three-if-that-is-the-most",
        ),
        pytest.param(
            [("A", 1), ("KIT", 1, SET), ("C", 1)],
            {"x": {"A": 1, "B": 1, "C": 1}, "y": {"A": 1}},
            {"rule": "fewest_shipments"},
            [("1", "y", "A", 1), ("2", "x", "A", 1), ("2", "x", "B", 1), ("3", "x", "C", 1)],
            id="a-later-line-takes-back-nothing",
        ),
        pytest.param(
            [("KIT", 1, SET), ("A", 1)],
            {"x": {"A": 1}, "y": {"B": 1}},
            {"rule": "fewest_shipments"},
            [("2", "x", "A", 1)],
            id="what-no-location-can-give-takes-nothing",
        ),
        pytest.param(
            [("KIT", 1, SET), ("C", 1)],
            {"x": {"A": 1, "B": 1}, "y": {"A": 1, "C": 1}, "z": {"B": 1}},
            {"rule": "fewest_shipments"},
            [("1", "x", "A", 1), ("1", "x", "B", 1), ("2", "y", "C", 1)],
            id="a-bundle-is-not-torn-apart",
        ),
        pytest.param(
            [("KIT", 1, SET), ("C", 1), ("D", 1)],
            {"x": {"A": 1, "B": 1}, "y": {"A": 1, "C": 1}, "z": {"B": 1, "D": 1}},
            {"rule": "fewest_shipments", "bundles": "several"},
            [("1", "y", "A", 1), ("1", "z", "B", 1), ("2", "y", "C", 1), ("3", "z", "D", 1)],
            id="a-bundle-is-torn-apart-where-it-may-be-and-saves-a-shipment",
        ),
        pytest.param(
            [("C", 1), ("D", 1), ("KIT", 1, SET)],
            {"v": {"A": 1, "B": 1}, "x": {"B": 1, "C": 1}, "y": {"A": 1, "D": 1}},
            {"rule": "fewest_shipments", "bundles": "several", "ask_first": ["y", "x"]},
            [("1", "x", "C", 1), ("2", "y", "D", 1), ("3", "y", "A", 1), ("3", "x", "B", 1)],
            id="what-sends-something-in-any-case-helps",
        ),
        pytest.param(
            [("KIT", 1, SET)],
            {"x": {"A": 1}, "y": {"B": 1}, "z": {"A": 1, "B": 1}},
            {"rule": "fewest_shipments", "bundles": "several", "ask_first": ["y"]},
            [("1", "z", "A", 1), ("1", "z", "B", 1)],
            id="what-is-asked-first-and-sends-nothing-is-one-more-shipment",
        ),
        pytest.param(
            [("KIT", 1, SET)],
            {"x": {"A": 1}, "y": {"B": 1}},
            {"rule": "fewest_shipments", "bundles": "several", "ask_first": ["y"]},
            [("1", "x", "A", 1), ("1", "y", "B", 1)],
            id="what-is-asked-first-and-has-no-whole-bundle-helps",
        ),
    ],
)
def test_bundles(wanted, stock, rules, expected):
    assert taken(sourced(wanted, stock, **rules)) == expected


def test_a_nested_kit_is_made_where_all_of_it_is():
    kit_1 = Component("kit_1", 2, [Component("a", 2), Component("b", 1), Component("c", 3)])
    kit_2 = Component("kit_2", 2, [Component("d", 1), kit_1])
    kit_3 = Component("kit_3", 2, [Component("f", 1), Component("g", 2)])
    parent = OrderLine(id="1", sku="kit_parent", quantity=2, components=[kit_2, kit_3, Component("e")])
    stock = {
        "wh1": {"a": 8, "b": 4, "c": 12, "d": 2, "e": 1, "f": 2, "g": 4},
        "wh2": {"a": 7, "b": 3, "c": 12, "d": 1, "e": 1, "f": 1, "g": 4},
    }
    found = source_order([parent], locations=supplies(stock), day=DAY)
    assert {item.location for item in found.assignments} == {"wh1"}
    assert found.short == (ShortUnits(line_id="1", sku="kit_parent", quantity=1),)


@pytest.mark.parametrize(
    ("request_", "warehouses", "optimum"),
    [
        pytest.param(
            "abcdef", {"W1": "abcd", "W2": "abe", "W3": "cdf", "W4": "ef"}, {"W1", "W4"}, id="earlier-of-two-optima"
        ),
        pytest.param(
            "abcdefghijkl",
            {"G": "abcdfghi", "T1": "abcdef", "T2": "ghijkl", "S1": "ejk", "S2": "l"},
            {"T1", "T2"},
            id="greedy-falls-into-a-trap",
        ),
    ],
)
def test_the_fewest_shipments_are_found_where_greedy_fails(request_, warehouses, optimum):
    stock = {name: dict.fromkeys(skus, 1) for name, skus in warehouses.items()}
    found = sourced([(sku, 1) for sku in request_], stock, rule="fewest_shipments")
    assert set(by_location(found)) == optimum
    assert found.short == ()
    assert found.at_least == 2


@pytest.mark.parametrize(
    ("wanted", "stock", "rules", "at_least"),
    [
        pytest.param([("A", 13)], {"x": {"A": 10}, "y": {"A": 15}}, {}, 1, id="in-turn-uses-two-of-one"),
        pytest.param([("A", 20)], {"x": {"A": 10}, "y": {"A": 15}}, {}, 2, id="two-are-needed"),
        pytest.param([("A", 5)], {"x": {"A": 10}, "y": {"A": 15}}, {}, 1, id="one-used"),
        pytest.param([("A", 5)], {"x": {}}, {}, 0, id="none-used"),
        pytest.param(
            [("KIT", 2, SET)],
            {"x": {"A": 1, "B": 9}, "y": {"A": 9, "B": 1}, "z": {"A": 1, "B": 1}},
            {},
            2,
            id="bundles",
        ),
        pytest.param(
            [("CARTON", 2, (("W", 12),))],
            {"x": {"W": 20}, "y": {"W": 4}},
            {"bundles": "several"},
            2,
            id="pieces-of-bundles-that-are-put-together",
        ),
        pytest.param(
            [("A", 5)],
            {"x": {"A": 5}, "y": {"A": 1}},
            {"rule": "fewest_shipments", "ask_first": ["y"]},
            2,
            id="those-asked-first-count",
        ),
    ],
)
def test_how_many_locations_it_takes_at_least(wanted, stock, rules, at_least):
    assert sourced(wanted, stock, **rules).at_least == at_least


def test_bundles_that_compete_are_packed():
    """In turn, the pieces and the first bundles stand in the way of the second ones."""
    stock = {"x": {"A": 2, "B": 1, "C": 1}, "y": {"A": 2, "B": 2}, "z": {"A": 1, "C": 1}}
    wanted = [("KIT", 2, SET), ("A", 1), ("DUO", 2, (("A", 1), ("C", 1)))]
    assert sourced(wanted, stock).short == (ShortUnits(line_id="3", sku="DUO", quantity=1),)
    found = sourced(wanted, stock, rule="fewest_shipments")
    assert found.short == ()
    assert Counter((item.line_id, item.location) for item in found.assignments if item.sku == "A") == {
        ("1", "x"): 1,
        ("1", "y"): 1,
        ("2", "y"): 1,
        ("3", "x"): 1,
        ("3", "z"): 1,
    }


def test_a_search_that_gives_up_serves_no_less_than_in_turn():
    stock = {f"L{number}": {"A": 1, "B": 1} for number in range(300)} | {"Z": {"A": 1}}
    asks = [([("A", 1)], 1), (SET, 300)]
    picks, at_least = assign(asks, stock, FEWEST)
    assert [sum(pick.units for pick in ones) for ones in picks] == [1, 299]
    assert at_least == 300


def test_packing_goes_back_where_the_first_bundles_stand_in_the_way():
    duo = (("A", 1), ("C", 1))
    left = {"x": {"A": 1, "B": 1, "C": 1}, "y": {"A": 1, "B": 1, "C": 0}}
    packed = _packed({SET: 1, duo: 1}, left, Effort(99))
    assert packed == {
        SET: {"x": {"bundle": 0}, "y": {"bundle": 1}},
        duo: {"x": {"bundle": 1}, "y": {"bundle": 0}},
    }
    assert _packed({SET: 1, duo: 1}, {"x": {"A": 1, "B": 1, "C": 1}}, Effort(99)) is None


def test_packing_that_goes_back_forgets_what_it_tried():
    """The first set leaves x: only then can the second kind leave y to the third."""
    duo, trio = (("A", 1), ("C", 1)), (("C", 1), ("D", 1))
    left = {"x": {"A": 1, "B": 1, "C": 1, "D": 0}, "y": {"A": 1, "B": 1, "C": 1, "D": 1}}
    assert _packed({SET: 1, duo: 1, trio: 1}, left, Effort(99)) == {
        SET: {"x": {"bundle": 0}, "y": {"bundle": 1}},
        duo: {"x": {"bundle": 1}, "y": {"bundle": 0}},
        trio: {"x": {"bundle": 0}, "y": {"bundle": 1}},
    }


def test_packing_stops_when_its_effort_is_spent():
    left = {"x": {"A": 1, "B": 1}}
    assert _packed({SET: 1}, left, Effort(0)) is None
    assert _packed({SET: 1}, left, Effort(99)) == {SET: {"x": {"bundle": 1}}}
    assert left == {"x": {"A": 0, "B": 0}}


def test_the_engine_leaves_what_it_is_given_as_it_was():
    spare = {"x": {"A": 3, "Z": 1}, "y": {"B": 3}}
    before = copy.deepcopy(spare)
    for rules in (SourcingRules(), FEWEST, SourcingRules(bundles="several"), SourcingRules(rule="most_stock")):
        assign([([("A", 1)], 2), (SET, 1)], spare, rules)
    assert spare == before


def test_a_pick_of_several_locations_says_what_comes_from_where():
    asks = [(SET, 2)]
    spare = {"x": {"A": 2}, "y": {"B": 1}, "z": {"B": 1}}
    [[pick]], _ = assign(asks, spare, SourcingRules(bundles="several"))
    assert pick == Pick("", 2, (("x", "A", 2), ("y", "B", 1), ("z", "B", 1)))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"rule": "nearest"}, "must be one of in_order, most_stock, fewest_shipments", id="rule"),
        pytest.param({"bundles": "any"}, "must be one of one_location, several", id="bundles"),
        pytest.param({"keep_back": {"x": -1}}, r"keep_back\['x'\]: must be a whole number >= 0", id="keep-back"),
        pytest.param({"keep_back": 3}, "keep_back: must be a mapping", id="keep-back-of-all"),
        pytest.param({"keep_back": {"": 1}}, "keep_back key: must be text that is not blank", id="keep-back-nowhere"),
        pytest.param({"ask_first": ["x", "x"]}, r"ask_first\[1\]: locations must be unique", id="asked-first-twice"),
        pytest.param({"ask_first": "x"}, "ask_first: must be a sequence", id="text-for-a-sequence"),
        pytest.param({"backorder_at": None}, "backorder_at: must be text", id="backorder-at"),
    ],
)
def test_rules_are_checked(fields, message):
    with pytest.raises(InvalidArgument, match=message):
        SourcingRules(**fields)


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        pytest.param({"keep_back": {"z": 1}}, "rules.keep_back['z']", id="keep-back"),
        pytest.param({"ask_first": ["x", "z"]}, "rules.ask_first[1]", id="ask-first"),
        pytest.param({"backorder_at": "z"}, "rules.backorder_at", id="backorder-at"),
    ],
)
def test_a_location_that_is_not_there_is_refused(rules, path):
    with pytest.raises(InvalidArgument, match="must be a location that is there: x, y \\(got 'z'\\)") as caught:
        sourced([("A", 1)], {"x": {}, "y": {}}, **rules)
    assert (caught.value.path, caught.value.code) == (path, "location.unknown")
    with pytest.raises(InvalidArgument, match=r"must be a location that is there: there is none \(got 'z'\)"):
        sourced([("A", 1)], {}, **rules | {"ask_first": ["z"]})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            {"lines": [line("A", 1), line("B", 1)]},
            r"lines\[1\].id: the ids of an order's lines must be unique",
            id="ids",
        ),
        pytest.param({"lines": line("A", 1)}, "lines: must be a sequence", id="no-sequence"),
        pytest.param({"lines": ["A"]}, r"lines\[0\]: must be an OrderLine", id="no-line"),
        pytest.param({"locations": Supply(on_hand={})}, "locations: must be a mapping", id="no-mapping"),
        pytest.param({"locations": {"x": {"A": 1}}}, r"locations\['x'\]: must be a Supply", id="no-supply"),
        pytest.param(
            {"locations": {" ": Supply(on_hand={})}}, "locations key: must be text that is not blank", id="no-name"
        ),
        pytest.param({"rules": "in_order"}, "rules: must be a SourcingRules", id="no-rules"),
        pytest.param({"day": dt.datetime(2026, 11, 22)}, "day: must be a day", id="no-day"),
        pytest.param({"but_for": None}, "but_for: must be text", id="no-order"),
    ],
)
def test_arguments_are_checked_even_if_nothing_is_wanted(arguments, message):
    facts = {"lines": [], "locations": {}, "day": DAY} | arguments
    with pytest.raises(InvalidArgument, match=message):
        source_order(facts.pop("lines"), **facts)


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        pytest.param(Assignment, {"location": ""}, "location: must be text that is not blank", id="location"),
        pytest.param(Assignment, {"quantity": 0}, "quantity: must be a whole number >= 1", id="assignment-of-none"),
        pytest.param(ShortUnits, {"quantity": 0}, "quantity: must be a whole number >= 1", id="short-units-of-none"),
    ],
)
def test_results_are_checked(kind, fields, message):
    valid = {"line_id": "1", "sku": "A", "quantity": 1} | ({"location": "x"} if kind is Assignment else {})
    with pytest.raises(InvalidArgument, match=message):
        kind(**valid | fields)


def test_values_are_hashed_and_pickled():
    rules = SourcingRules(keep_back={"x": 1}, ask_first=["y"], bundles=BundleSource.SEVERAL)
    found = sourced([("A", 3)], {"x": {"A": 1}, "y": {"A": 1}})
    for value in (rules, found):
        assert pickle.loads(pickle.dumps(value)) == value
        assert hash(copy.copy(value)) == hash(value)
