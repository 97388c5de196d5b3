"""Published examples on the locations that units leave from. The data is in cases/sourcing.json."""

import pytest
from golden_cases import NOW, TODAY, cases, line, order

from preorder_kit import Commitment, Component, PartKind, SourcingRules, SplitRules, Supply, source_order, split_order


@pytest.mark.parametrize("case", cases("sourcing"))
def test_a_published_source_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def halves(units):
    """Return units of a half, where a source sells halves: units are whole."""
    return round(units * 2)


def sourced(wanted, locations, **rules):
    """Return the answer for lines that want so many units; a split of the order ships the same from the same places."""
    lines = [line(sku, units) for sku, units in wanted.items()]
    chosen = SourcingRules(**rules)
    found = source_order(lines, locations=locations, day=TODAY, rules=chosen)
    plan = split_order(order(*lines), supply=locations, at=NOW, rules=SplitRules(sourcing=chosen))
    shipping = [
        (part.location, held.sku, held.quantity)
        for part in plan.parts
        if part.kind is PartKind.SHIP_NOW
        for held in part.lines
    ]
    assert sorted(shipping) == sorted((pick.location, pick.sku, pick.quantity) for pick in found.assignments)
    return found


def check_allocate(given, expect):
    """What is allocated and held is owed to others; a collection point is asked before all others."""
    rows = {row["id"]: row for row in given["stocks"]}
    turn = dict.fromkeys((*given.get("order", ()), *rows))
    locations = {}
    for name in turn:
        owed = rows[name]["allocated"] + rows[name]["held"]
        commitments = [Commitment(sku="A", quantity=owed)] if owed else []
        locations[name] = Supply(on_hand={"A": rows[name]["on_hand"]}, commitments=commitments)
    rules = {"rule": {"highest_free": "most_stock", "fixed_order": "in_order"}[given["strategy"]]}
    if "collection_point" in given:
        rules["ask_first"] = [given["collection_point"]]
    found = sourced({"A": given["quantity"]}, locations, **rules)
    assert {pick.location: pick.quantity for pick in found.assignments} == expect["taken"]
    assert (not found.short) == expect["ok"]
    left = {name: locations[name].on_hand["A"] for name in expect.get("on_hand_after", {})}
    assert left == expect.get("on_hand_after", {})


def check_source_selection(given, expect):
    """Sources that give nothing are not named."""
    rows = {row["source"]: row for row in given["sources"] if row["enabled"]}
    locations = {
        name: Supply(
            on_hand={
                sku: halves(units)
                for sku, units in rows[name]["stock"].items()
                if rows[name].get("in_stock_flag", {}).get(sku, True)
            }
        )
        for name in given["order"]
    }
    found = sourced({sku: halves(units) for sku, units in given["wanted"].items()}, locations)
    picks = [[pick.location, pick.sku, pick.quantity] for pick in found.assignments]
    assert picks == [[name, sku, halves(units)] for name, sku, units in expect["picks"] if units]
    assert (not found.short) == expect["shippable"]


def check_kit_shipments(given, expect):
    """Only if the rules allow it is a bundle put together from several places."""
    kits, stock = given["ordered_kits"], {}
    for sku, name in given["component_location"].items():
        stock.setdefault(name, {})[sku] = given["recipe"][sku] * kits
    locations = {name: Supply(on_hand=units) for name, units in stock.items()}
    lines = [line("kit", kits, components=[Component(sku, count) for sku, count in given["recipe"].items()])]
    rules = SourcingRules(rule="fewest_shipments", bundles="several")
    found = source_order(lines, locations=locations, day=TODAY, rules=rules)
    assert len({pick.location for pick in found.assignments}) == found.at_least == expect["shipments"]
    assert found.short == ()
    assert [short.quantity for short in source_order(lines, locations=locations, day=TODAY).short] == [kits]


def check_min_shipments(given, expect):
    locations = {name: Supply(on_hand=stock) for name, stock in given["warehouses"].items()}
    found = sourced(given["request"], locations, rule="fewest_shipments")
    used = sorted({pick.location for pick in found.assignments})
    assert found.short == ()
    assert len(used) == found.at_least == expect["min_shipments"]
    assert used in expect["optima"]


def check_fill_locations(given, expect):
    """What is nowhere waits at the location that may be short; where none may, all of it is there."""
    locations = {name: Supply(on_hand=stock) for name, stock in given["locations"].items()}
    when_short = "wait" if given["backorder_at"] else "cancel"
    lines = [line(sku, units, when_short=when_short) for sku, units in given["wanted"].items()]
    rules = SplitRules(sourcing=SourcingRules(backorder_at=given["backorder_at"] or ""))
    plan = split_order(order(*lines), supply=locations, at=NOW, rules=rules)
    assert by_location(plan, PartKind.SHIP_NOW) == expect["on_hand"]
    assert by_location(plan, PartKind.AWAIT_STOCK) == expect["backordered"]
    assert plan.cancelled == ()


def by_location(plan, kind):
    return {part.location: {held.sku: held.quantity for held in part.lines} for part in plan.parts if part.kind is kind}
