"""Whole plans for bundles, locations and a shop's rules, worked out by hand in plans/rules/.

Handling takes one or two days, transit two to four, on all days of the week. What is empty is left out of a part.
"""

import json

import pytest
from golden_cases import HERE, at, read

from preorder_kit import (
    LeadTime,
    ShippingTimes,
    SourcingRules,
    SplitRules,
    cancel_units,
    move_units,
    split_order,
    waiting_lines,
)
from preorder_kit.serialization import from_json

PLANS = sorted((HERE / "plans" / "rules").glob("*.json"))
TIMES = ShippingTimes(handling=LeadTime(1, 2), transit=LeadTime(2, 4))


@pytest.mark.parametrize("path", PLANS, ids=[path.stem for path in PLANS])
def test_a_plan_by_rules_is_the_one_worked_out_by_hand(path):
    golden = read(path)
    ordered, supply = (from_json(json.dumps(golden[name])) for name in ("order", "supply"))
    rules, room = split_rules(golden["rules"]), golden.get("room", {})
    plan = split_order(ordered, supply=supply, at=at(golden["at"]), times=TIMES, room=room, rules=rules)
    plan = changed(plan, golden.get("changes", ()))
    assert written(plan) == golden["plan"]
    waiting = [[held.line_id, held.sku, held.quantity] for held in waiting_lines(plan, order=ordered)]
    assert waiting == golden["waiting"]


def split_rules(given):
    return SplitRules(**{**given, "sourcing": SourcingRules(**given.get("sourcing", {}))})


def changed(plan, changes):
    for change in changes:
        if "move" in change:
            plan = move_units(plan, **change["move"])
        else:
            done = cancel_units(plan, **change["cancel"])
            assert done.freed == change["freed"]
            plan = done.plan
    return plan


def written(plan):
    cancelled = [[cut.line_id, cut.sku, cut.quantity, cut.reason.value] for cut in plan.cancelled]
    return {"parts": [written_part(part) for part in plan.parts], "cancelled": cancelled}


def written_part(part):
    """Return a part as it stands in a plan that was worked out: what is empty is left out."""
    street = part.street_date
    written = {
        "id": part.id,
        "kind": part.kind.value,
        "street_date": street and street.isoformat().replace("+00:00", "Z"),
        "location": part.location,
        "ship_to": part.ship_to,
        "lines": [[held.line_id, held.sku, held.quantity] for held in part.lines],
        "picks": [[pick.line_id, pick.location, pick.sku, pick.quantity] for held in part.lines for pick in held.picks],
        "ready": part.ready and day_range(part.ready),
        "delivery": part.delivery and day_range(part.delivery),
    }
    return {name: value for name, value in written.items() if value}


def day_range(found):
    return [found.earliest.isoformat(), found.latest.isoformat()]
