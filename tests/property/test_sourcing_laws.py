"""Laws of `source_order`.

- conservation: of each SKU that a line needs, what is assigned adds up to what its units that are not short need
- no location gives more of a SKU than it may: what is there and not owed to others, less what is kept back
- a unit of a bundle leaves from one location, unless it may leave from several
- nothing that could serve a line is left lying
- a later line never changes how many units an earlier one gets, nor does the order of what a location names
- the fewest shipments: as many units, and as few locations, as the best of all ways; ties to the earlier locations
- put together from several: as many units as if all locations were one, from as few of them as have it all
- never more locations, nor fewer units of the first line that differs, than in turn
- locations that are asked first give what they would give alone
- no way to serve as many units takes fewer locations than ``at_least``
"""

import datetime as dt
from collections import Counter
from functools import cache
from itertools import combinations, product

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    UNLIMITED,
    BundleSource,
    Commitment,
    Component,
    LineKind,
    OrderLine,
    SourceRule,
    SourcingRules,
    Supply,
    available_now,
    needs,
    pool,
    source_order,
)
from preorder_kit.testing import quantities, skus

RECIPES = [(), (), (), (("A", 1), ("B", 1)), (("A", 2),), (("B", 1), ("C", 1)), (("A", 1), ("C", 2)), (("C", 3),)]
NAMES = ["W", "X", "Y", "Z"]
SMALL = ["A", "B", "C"]
FEWEST = SourceRule.FEWEST_SHIPMENTS
DAY = dt.date(2026, 11, 22)


@cache
def order_lines(*, most, kinds=(LineKind.GOODS,), of="ABCD"):
    """Return one to four lines, half of them bundles that share components."""
    one = st.builds(
        lambda what: OrderLine(
            id="1",
            sku=f"{what[0]}-SET" if what[1] else what[0],
            quantity=what[2],
            kind=what[3],
            components=[Component(*part) for part in what[1]],
        ),
        st.sampled_from(list(product(of, RECIPES, range(1, most + 1), kinds))),
    )
    return st.lists(one, min_size=1, max_size=4).map(numbered)


def numbered(lines):
    return [attrs.evolve(line, id=str(number)) for number, line in enumerate(lines, 1)]


def stocks(*, most, names=NAMES, unlimited=False):
    held = st.dictionaries(st.sampled_from(SMALL), quantities(most=most, unlimited=unlimited))
    return st.lists(held.map(lambda found: Supply(on_hand=found)), min_size=1, max_size=len(names)).map(
        lambda found: dict(zip(names, found, strict=False))
    )


@cache
def rules_for(names, rule=None, bundles=None):
    return st.builds(
        lambda how, keep_back, ask_first: SourcingRules(
            rule=how[0], bundles=how[1], keep_back=keep_back, ask_first=ask_first
        ),
        st.sampled_from(list(product([rule] if rule else SourceRule, [bundles] if bundles else BundleSource))),
        st.dictionaries(st.sampled_from(names), st.integers(0, 3), max_size=2),
        st.lists(st.sampled_from(names), unique=True, max_size=2),
    )


OWED = st.sampled_from(
    [
        Commitment(sku=sku, quantity=units, order_id=order_id)
        for sku, units, order_id in product("ABCD", range(6), ("O1", "O2"))
    ]
)
SHELVES = st.builds(
    Supply,
    on_hand=st.dictionaries(skus(), st.sampled_from([*range(-2, 13), *[UNLIMITED] * 15])),
    commitments=st.lists(OWED, max_size=2),
    safety_stock=st.sampled_from([*[{}] * 16, *({sku: units} for sku, units in product("ABCD", range(4)))]),
)
#: Supplies without receipts: some counts below 0 or without bound, units owed (some to O1), safety stock.
LOCATIONS = st.lists(SHELVES, min_size=1, max_size=4).map(lambda found: dict(zip(NAMES, found, strict=False)))


@st.composite
def sourced_worlds(draw, **fixed):
    """Return lines, the facts and rules that they meet, and what comes of them."""
    lines = draw(order_lines(most=12, kinds=(*[LineKind.GOODS] * 4, LineKind.FEE)))
    locations = draw(LOCATIONS)
    facts = {"locations": locations, "day": DAY, "but_for": "O1", "rules": draw(rules_for(tuple(locations), **fixed))}
    return lines, facts, source_order(lines, **facts)


def may_give(facts, name, sku):
    supply = facts["locations"][name]
    there = min(
        max(0, supply.on_hand.get(sku, 0)), available_now(supply, sku=sku, day=facts["day"], but_for=facts["but_for"])
    )
    return there if there is UNLIMITED else max(0, there - facts["rules"].keep_back.get(name, 0))


def served(lines, found):
    short = {item.line_id: item.quantity for item in found.short}
    return [line.quantity - short.get(line.id, 0) if needs(line) else 0 for line in lines]


def given_of(found):
    """Return how many units of each SKU each location gives to each line."""
    units = Counter()
    for item in found.assignments:
        units[item.line_id, item.location, item.sku] += item.quantity
    return units


def senders(found):
    return {item.location for item in found.assignments}


@given(sourced_worlds())
def test_what_is_assigned_is_what_is_not_short(world):
    lines, _, found = world
    expected = Counter()
    for line, units in zip(lines, served(lines, found), strict=True):
        expected.update({(line.id, need.sku): units * need.quantity for need in needs(line) if units})
    total = Counter()
    for item in found.assignments:
        total[item.line_id, item.sku] += item.quantity
    assert total == expected
    assert all(units >= 0 for units in served(lines, found))


@given(sourced_worlds())
def test_no_location_gives_more_than_it_may(world):
    _, facts, found = world
    units = Counter()
    for item in found.assignments:
        units[item.location, item.sku] += item.quantity
    assert all(given <= may_give(facts, name, sku) for (name, sku), given in units.items())


@given(sourced_worlds(bundles=BundleSource.ONE_LOCATION))
def test_a_unit_of_a_bundle_leaves_from_one_location(world):
    lines, facts, found = world
    units = given_of(found)
    for line in lines:
        for name in facts["locations"]:
            made = {units[line.id, name, need.sku] / need.quantity for need in needs(line)}
            assert len(made) <= 1
            assert all(number.is_integer() for number in made)


@given(sourced_worlds())
def test_nothing_that_could_serve_a_line_is_left_lying(world):
    lines, facts, found = world
    units = given_of(found)

    def left(name, sku):
        have = may_give(facts, name, sku)
        return have if have is UNLIMITED else have - sum(units[line.id, name, sku] for line in lines)

    everywhere = {
        sku: pool({name: Supply(on_hand={sku: left(name, sku)}) for name in facts["locations"]}).on_hand.get(sku, 0)
        for sku in "ABCD"
    }
    for line, got in zip(lines, served(lines, found), strict=True):
        if needs(line) and got < line.quantity:
            assert all(any(left(name, need.sku) < need.quantity for need in needs(line)) for name in facts["locations"])
            if facts["rules"].bundles is BundleSource.SEVERAL:
                assert any(everywhere[need.sku] < need.quantity for need in needs(line))


@given(sourced_worlds(), st.data())
def test_a_later_line_never_changes_what_an_earlier_one_gets(world, data):
    lines, facts, found = world
    kept = data.draw(st.integers(0, len(lines)))
    assert served(lines[:kept], source_order(lines[:kept], **facts)) == served(lines, found)[:kept]


@given(sourced_worlds())
def test_the_order_of_what_a_location_names_is_no_meaning(world):
    lines, facts, found = world
    turned = {
        name: attrs.evolve(supply, on_hand=dict(reversed(list(supply.on_hand.items()))))
        for name, supply in facts["locations"].items()
    }
    assert source_order(lines, **facts | {"locations": turned}) == found


@given(sourced_worlds(rule=FEWEST, bundles=BundleSource.ONE_LOCATION))
def test_locations_that_are_asked_first_give_what_they_would_alone(world):
    lines, facts, found = world
    first = facts["rules"].ask_first
    kept = {name: units for name, units in facts["rules"].keep_back.items() if name in first}
    rules = attrs.evolve(facts["rules"], rule=SourceRule.IN_ORDER, keep_back=kept)
    alone = source_order(
        lines, **facts | {"locations": {name: facts["locations"][name] for name in first}, "rules": rules}
    )
    assert given_of(alone) == {key: units for key, units in given_of(found).items() if key[1] in first}


@given(order_lines(most=9), stocks(most=9, unlimited=True), st.data())
def test_no_worse_than_in_turn(lines, locations, data):
    rules = data.draw(rules_for(tuple(locations), rule=FEWEST))
    facts = {"locations": locations, "day": DAY}
    found = source_order(lines, **facts, rules=rules)
    in_turn = source_order(lines, **facts, rules=attrs.evolve(rules, rule=SourceRule.IN_ORDER))
    assert served(lines, found) >= served(lines, in_turn)
    if served(lines, found) == served(lines, in_turn) and not rules.ask_first:
        assert len(senders(found)) <= len(senders(in_turn))


def spreads(units, places):
    """Yield every way to take up to so many units from so many places."""
    if not places:
        yield ()
        return
    for first in range(units + 1):
        for rest in spreads(units - first, places - 1):
            yield (first, *rest)


def less(stock, wants, units):
    return tuple(have - units * wants.get(sku, 0) for sku, have in zip(SMALL, stock, strict=True))


def best_of_all_ways(lines, locations):
    """Return the most units of each line, the first first, and the smallest sets of locations that give them."""
    states = {(tuple(tuple(supply.on_hand.get(sku, 0) for sku in SMALL) for supply in locations.values()), ())}
    most = []
    for line in lines:
        wants = {need.sku: need.quantity for need in needs(line)}
        reached = {}
        for stock, used in states:
            for units in spreads(line.quantity, len(locations)):
                left = tuple(less(held, wants, number) for held, number in zip(stock, units, strict=True))
                if min(min(held) for held in left) >= 0:
                    senders = tuple(sorted({*used, *(place for place, number in enumerate(units) if number)}))
                    reached.setdefault(sum(units), set()).add((left, senders))
        most.append(max(reached))
        states = reached[max(reached)]
    return most, min((len(used), used) for _, used in states)[1]


@given(order_lines(most=2, of="ABC").map(lambda lines: lines[:3]), stocks(most=3, names=NAMES[:3]))
def test_the_fewest_shipments_are_the_best_of_all_ways(lines, locations):
    found = source_order(lines, locations=locations, day=DAY, rules=SourcingRules(rule=FEWEST))
    most, used = best_of_all_ways(lines, locations)
    assert served(lines, found) == most
    assert senders(found) == {list(locations)[place] for place in used}
    assert found.at_least == len(used)


@given(order_lines(most=2, of="ABC").map(lambda lines: lines[:3]), stocks(most=3, names=NAMES[:3]))
def test_no_way_takes_fewer_locations_than_at_least(lines, locations):
    most, used = best_of_all_ways(lines, locations)
    for rule in SourceRule:
        found = source_order(lines, locations=locations, day=DAY, rules=SourcingRules(rule=rule))
        assert found.at_least <= len(senders(found))
        assert served(lines, found) != most or found.at_least <= len(used)


@given(order_lines(most=5, of="ABC"), stocks(most=9, unlimited=True))
def test_put_together_from_several_is_as_if_all_were_one(lines, locations):
    rules = SourcingRules(rule=FEWEST, bundles=BundleSource.SEVERAL)
    found = source_order(lines, locations=locations, day=DAY, rules=rules)
    in_turn = source_order(lines, locations=locations, day=DAY, rules=attrs.evolve(rules, rule=SourceRule.IN_ORDER))

    def units_of(chosen):
        one = {"all": pool({name: locations[name] for name in chosen})}
        return served(lines, source_order(lines, locations=one, day=DAY))

    assert served(lines, found) == served(lines, in_turn) == units_of(locations)
    everything = units_of(locations)
    smallest = next(
        set(chosen)
        for size in range(len(locations) + 1)
        for chosen in combinations(locations, size)
        if units_of(chosen) == everything
    )
    assert senders(found) == smallest
    assert found.at_least == len(smallest)
