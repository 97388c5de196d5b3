"""Published examples on what bundles need and how many can be made. The data is in cases/bundles.json."""

from collections import Counter

import pytest
from golden_cases import NOW, TODAY, cases, line, order

from preorder_kit import (
    UNLIMITED,
    Component,
    PartKind,
    Section,
    SourcingRules,
    Supply,
    bundle_stock,
    bundle_units,
    bundle_units_at_most,
    components_from,
    demand,
    explode,
    normalize_stock,
    part_order,
    source_order,
    split_order,
)

MANY = 1_000_000


@pytest.mark.parametrize("case", cases("bundles"))
def test_a_published_bundle_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def recipe_of(needs):
    return [Component(sku, count) for sku, count in needs.items()]


def check_bundle_salable(given, expect):
    """What the shopper may leave out bounds nothing; where the quantity may be lowered, one unit is enough."""
    sections = [
        Section(
            options=[Component(it["sku"], 1 if it["customer_can_change_qty"] else it["qty"]) for it in row["choices"]]
        )
        for row in given["options"]
        if row["required"]
    ]
    available = {sku: sum(units) for sku, units in given["stock_by_source"].items()}
    assert (bundle_units_at_most(sections, available=available) > 0) == expect["salable"]


def check_kit_quantity(given, expect):
    """Units that are not counted have no bound, and neither has a kit of them."""
    rows = given["components"]
    available = {row["sku"]: UNLIMITED if row["available"] is None else row["available"] for row in rows}
    kits = bundle_units([Component(row["sku"], row["need"]) for row in rows], available=available)
    assert kits == (UNLIMITED if expect["kits"] is None else expect["kits"])
    assert kits != expect.get("peer_kits")


def check_kit_usable_now(given, expect):
    """What comes in later makes no kit now."""
    needs = {str(index): row["need"] for index, row in enumerate(given["components"])}
    available = {
        str(index): UNLIMITED if row.get("untracked") else row["on_hand"] - row["outgoing"]
        for index, row in enumerate(given["components"])
    }
    assert bundle_units(recipe_of(needs), available=available) == expect["kits"]


def check_nested_kit_quantity(given, expect):
    recipe = components_from(given["recipes"], sku=given["kit"])
    assert bundle_units(recipe, available=given["stock"]) == expect["kits"]


def check_explode(given, expect):
    for sku in given["explode"]:
        recipe = components_from(given["recipes"], sku=sku)
        needs = demand([line(sku, given.get("quantity", 1), components=recipe)]) if recipe else explode(recipe)
        assert needs == expect["exploded"][sku]


def check_kit_delivered_nested(given, expect):
    """As many kits are delivered as can be made of what is there after deliveries and returns."""
    recipe = components_from(given["recipes"], sku=given["kit"])
    there, found = Counter(), []
    for delivery in given["deliveries"]:
        there.update(delivery)
        found.append(bundle_units(recipe, available=there))
    assert found == expect["delivered_kits"]
    assert found[0] == given["ordered_kits"]


def check_nested_kit_quantity_by_warehouse(given, expect):
    recipe = components_from(given["recipes"], sku=given["kit"])
    kits = {name: bundle_units(recipe, available=stock) for name, stock in given["stock"].items()}
    assert kits == expect["kits"]
    assert units_in_all(recipe, given["stock"], bundles="one_location") == sum(expect["kits"].values())


def units_in_all(recipe, stock, **rules):
    """Return how many bundles leave from all locations together."""
    locations = {name: Supply(on_hand=units) for name, units in stock.items()}
    found = source_order(
        [line("kit", MANY, components=recipe)], locations=locations, day=TODAY, rules=SourcingRules(**rules)
    )
    return MANY - sum(short.quantity for short in found.short)


def check_kits_by_location(given, expect):
    recipe = recipe_of(given["recipe"])
    kits = {name: bundle_units(recipe, available=stock) for name, stock in given["stock"].items()}
    assert kits == expect["by_location"]
    assert units_in_all(recipe, given["stock"]) == expect["in_all"]
    assert units_in_all(recipe, given["stock"], bundles="several") == expect["pooled"]


def check_kit_quantity_two_measures(given, expect):
    recipe = [
        Component(str(index)) if row["need"] is None else Component(str(index), row["need"])
        for index, row in enumerate(given["components"])
    ]
    for measure in ("atp", "qoh"):
        available = {str(index): row[measure] for index, row in enumerate(given["components"])}
        assert bundle_units(recipe, available=available) == expect[f"{measure}_kits"]


def check_bundle_follows_component_flag(given, expect):
    found = [
        bundle_stock({"C": 1}, stocks={"C": normalize_stock(step["component_qty"] if step["in_stock_flag"] else "no")})
        for step in given["steps"]
    ]
    assert [stock.is_available for stock in found] == expect["bundle_in_stock_after_each"]


def check_cart_joint_availability(given, expect):
    """Lines that need one component are counted together."""
    lines = [line(row["line"], row.get("quantity", 1), components=recipe_of(row["needs"])) for row in given["cart"]]
    plan = split_order(order(*lines), supply=Supply(on_hand=given["stock"]), at=NOW)
    assert (not plan.cancelled) == expect["ok"]
    enough = all(given["stock"].get(sku, 0) >= units for sku, units in demand(lines).items())
    assert enough == expect["ok"]


def check_kits_after_sales(given, expect):
    """A sale takes components: of a kit all of them, else the one that is sold."""
    recipe, there = recipe_of(given["recipe"]), Counter(given["stock"])
    found = [bundle_units(recipe, available=there)]
    for sale in given["sales"]:
        lines = [line(sku, units, components=recipe if sku == "kit" else ()) for sku, units in sale.items()]
        there.subtract(demand(lines))
        found.append(bundle_units(recipe, available=there))
    assert found == expect["kits"]


def check_parts_run_out(given, expect):
    recipe = recipe_of(given["recipe"])
    assert bundle_units(recipe, available=given["stock"]) == expect["kits"]
    for sku in given["recipe"]:
        left = {**given["stock"], sku: given["stock"][sku] - 1}
        assert bundle_units(recipe, available=left) == expect["kits_without_any_one_part"]


def check_kit_waits_whole(given, expect):
    """A kit that lacks one component waits as a whole, and holds none of the others."""
    kits = line("kit", given["ordered_kits"], components=recipe_of(given["recipe"]), when_short="wait")
    left = [line(sku, units) for sku, units in given["stock"].items() if units]
    plan = split_order(order(kits, *left), supply=Supply(on_hand=given["stock"]), at=NOW)
    assert units_of(plan, PartKind.SHIP_NOW).pop("kit", 0) == expect["shipped_kits"]
    assert units_of(plan, PartKind.AWAIT_STOCK) == {"kit": expect["backordered_kits"]}
    assert {**dict.fromkeys(given["stock"], 0), **units_of(plan, PartKind.SHIP_NOW)} == expect["free"]


def units_of(plan, kind):
    return {held.sku: held.quantity for part in plan.parts if part.kind is kind for held in part.lines}


def check_kit_line_raised(given, expect):
    """Of a line that is raised, the kits that have been picked are not asked for again."""
    recipe, sent, picked = recipe_of(given["recipe"]), [], []
    for ordered in given["ordered_kits"]:
        there = Supply(on_hand=dict.fromkeys(given["recipe"], MANY))
        plan = split_order(order(line("kit", ordered, components=recipe)), supply=there, at=NOW, shipped=sent)
        picked += [
            demand(part_order(order(line("kit", ordered, components=recipe)), part).lines) for part in plan.parts
        ]
        sent += plan.parts
    assert picked == expect["picked"]
