"""Published examples on which units ship, wait or are cancelled. The data is in cases/splitting.json."""

import pytest
from golden_cases import DAY, NOW, TODAY, at, cases, line, order

from preorder_kit import (
    UNLIMITED,
    InvalidArgument,
    Part,
    PartKind,
    PartLine,
    SellRules,
    ShipPolicy,
    SplitPlan,
    Supply,
    cancel_units,
    derive_stock,
    move_units,
    release_instant,
    split_order,
)


@pytest.mark.parametrize("case", cases("splitting"))
def test_a_published_split_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def units(plan, *kinds):
    return {held.sku: held.quantity for part in plan.parts if part.kind in kinds for held in part.lines}


def count(plan, kind):
    return sum(held.quantity for part in plan.parts if part.kind is kind for held in part.lines)


def check_plan_shipments(given, expect):
    supply = {f"w{number}": Supply(on_hand={"A": units}) for number, units in enumerate(given["locations"])}
    plan = split_order(order(line("A", given["quantity"])), supply=supply, at=NOW)
    assert count(plan, PartKind.SHIP_NOW) == expect["units"]
    assert (not plan.cancelled) == expect["ok"]
    if expect["packages"] is not None:
        assert len(plan.parts) == expect["packages"]


def check_split_by_status(given, expect):
    there, missing = given["package"]["on_hand"], given["package"]["backordered"]
    plan = split(there + missing, there)
    names = {PartKind.SHIP_NOW: "on_hand", PartKind.AWAIT_STOCK: "backordered"}
    packages = [{"on_hand": 0, "backordered": 0, names[part.kind]: part.lines[0].quantity} for part in plan.parts]
    assert packages == expect["packages"]


def split(quantity, there, when_short="wait"):
    """Return the plan for one line, of which so many units are there."""
    return split_order(order(line("A", quantity, when_short=when_short)), supply=Supply(on_hand={"A": there}), at=NOW)


def check_mixed_cart(given, expect):
    street = release_instant(TODAY + 30 * DAY, zone="UTC")
    lines = [line(item["sku"], street_date=street if item.get("preorder") else None) for item in given["lines"]]
    supply = Supply(on_hand={item["sku"]: 1 for item in given["lines"] if item.get("in_stock")})
    for number, splits in enumerate(given["splitting"]):
        ship = ShipPolicy.AS_AVAILABLE if splits else ShipPolicy.COMPLETE
        plan = split_order(order(*lines, ship=ship), supply=supply, at=NOW)
        assert list(units(plan, PartKind.SHIP_NOW)) == expect["ship_now"][number]
        assert list(units(plan, PartKind.AWAIT_STREET_DATE)) == expect["parked"][number]


def check_order_split(given, expect):
    supply = Supply(on_hand={item["sku"]: item["available"] for item in given["lines"]})
    lines = [
        line(item["sku"], item["qty"], when_short="wait" if item["backorderable"] else "cancel")
        for item in given["lines"]
    ]
    plan = split_order(order(*lines), supply=supply, at=NOW)
    assert units(plan, PartKind.SHIP_NOW) == expect["ship_now"]
    assert units(plan, PartKind.AWAIT_STOCK) == expect["waiting"]
    assert {cut.sku: cut.quantity for cut in plan.cancelled} == expect["not_picked"]


def check_preorder_hold(given, expect):
    lines = [line(item["sku"], street_date=item["street_date"] and at(item["street_date"])) for item in given["lines"]]
    supply = Supply(on_hand={item["sku"]: 1 for item in given["lines"]})
    plan = split_order(order(*lines), supply=supply, at=at(given["now"]))
    held = {part.lines[0].sku: part.street_date for part in plan.parts if part.street_date}
    assert list(units(plan, PartKind.SHIP_NOW)) == expect["sourced_now"]
    assert held == {sku: at(text) for sku, text in expect["held_until"].items()}
    assert len(plan.parts) >= expect["shipments_at_least"]


def check_preorder_release(given, expect):
    states = {PartKind.SHIP_NOW: "sourced", PartKind.AWAIT_STOCK: "backordered"}
    ordered = order(line("A", given["qty"], street_date=at(given["street_date"])))
    plans = [split_order(ordered, supply=Supply(on_hand={"A": n}), at=at(given["now"])) for n in given["stock"]]
    assert [states[plan.parts[0].kind] for plan in plans] == expect["state"]
    assert all(len(plan.parts) == 1 for plan in plans)


def check_release_backorder(given, expect):
    ordered = order(line("A", given["backorder"], when_short="wait"))
    stocks, total = [], 0
    for added in given["stock_added"]:
        total += added
        stocks.append(total)
    plans = [split_order(ordered, supply=Supply(on_hand={"A": n}), at=NOW) for n in stocks]
    assert [count(plan, PartKind.SHIP_NOW) for plan in plans] == expect["released"]


def check_release_order(given, expect):
    ordered = order(*(line(sku, quantity, when_short="wait") for sku, quantity in given["need"].items()))
    plan = split_order(ordered, supply=Supply(on_hand=given["stock"]), at=NOW)
    assert units(plan, PartKind.SHIP_NOW) == expect["released"]
    assert units(plan, PartKind.AWAIT_STOCK) == expect["backorder"]
    assert len(plan.parts) == 2


def check_ready_lines(given, expect):
    """Orders are served in turn; what the first takes is committed."""
    on_hand, ready = dict(given["stock"]), []
    for item in given["orders"]:
        ship = ShipPolicy.COMPLETE if item["policy"] == "one" else ShipPolicy.AS_AVAILABLE
        lines = [line(sku, quantity, when_short="wait") for sku, quantity in item["need"].items()]
        leaving = units(
            split_order(order(*lines, ship=ship), supply=Supply(on_hand=on_hand), at=NOW), PartKind.SHIP_NOW
        )
        on_hand = {sku: stock - leaving.get(sku, 0) for sku, stock in on_hand.items()}
        ready += [[item["id"], sku] for sku in leaving]
    assert ready == expect["ready"]


def check_validate_split(given, expect):
    quantities = [item["qty"] for item in given["shipments"]]
    lines = [line("A", quantity, id=str(n)) for n, quantity in enumerate(quantities)]
    found = [
        not split_order(order(*lines), supply=Supply(on_hand={"A": count}), at=NOW).cancelled
        for count in given["counts_to_try"]
    ]
    assert found == expect["ok"]


def check_validate_split_locations(given, expect):
    """Each shipment is looked at where it leaves: what is elsewhere does not help it."""
    found = []
    for stocks in given["tries"]:
        rows = [(item["qty"], stocks[item["location"]]) for item in given["shipments"]]
        plans = [split(asked, row["count"], "wait" if row["backorderable"] else "cancel") for asked, row in rows]
        found.append(not any(plan.cancelled for plan in plans))
    assert found == expect["ok"]


def check_fill(given, expect):
    """What is not there waits if it may; a SKU without a row has none."""
    supply = Supply(on_hand={} if given["count"] is None else {"A": given["count"]})
    when_short = "wait" if given["backorderable"] else "cancel"
    plans = [
        split_order(order(line("A", asked, when_short=when_short)), supply=supply, at=NOW)
        for asked in given["requests"]
    ]
    assert [count(plan, PartKind.SHIP_NOW) for plan in plans] == expect["on_hand"]
    assert [count(plan, PartKind.AWAIT_STOCK) for plan in plans] == expect["backordered"]


def check_fill_backorders(given, expect):
    """A count below 0 is what is there less what waits. What arrives serves that first."""
    there, waits = given["count"] + given["waiting_units"] + given["change"], given["waiting_units"]
    plan = split_order(order(line("A", waits, when_short="wait")), supply=Supply(on_hand={"A": there}), at=NOW)
    assert count(plan, PartKind.SHIP_NOW) == expect["filled"]
    free = derive_stock(on_hand=there, waiting=waits, rules=SellRules(), at=NOW).quantity
    assert free == expect["count"] == given["as_absolute_set_to"]


def check_reduce_line(given, expect):
    """Units that have left are not asked for again: of a smaller order nothing is left to send."""
    there = Supply(on_hand={"A": given["units"].count("shipped")})
    first = split_order(order(line("A", len(given["units"]), when_short="wait")), supply=there, at=NOW)
    sent = [part for part in first.parts if part.kind is PartKind.SHIP_NOW]
    plan = split_order(order(line("A", given["new_quantity"])), supply=there, at=NOW, shipped=sent)
    left = ["shipped" for part in sent for held in part.lines for _ in range(held.quantity)]
    assert [*left, *plan.parts] == expect["left"]


def check_preorder_to_stock(given, expect):
    """Before the street date all units wait for it; from then on they wait for stock, which is missing."""
    street = release_instant(TODAY, zone="UTC")
    supply = Supply(on_hand={"A": sum(given["stock_rows"])} if given["stock_rows"] else {})
    preorders = [
        line("A", row["quantity"], id=row["channel"], street_date=street) for row in given["preorder_allocations"]
    ]
    before = split_order(order(*preorders), supply=supply, at=street - DAY)
    after = split_order(order(*preorders), supply=supply, at=street)
    assert count(before, PartKind.AWAIT_STREET_DATE) == expect["stock_allocated"]
    assert count(after, PartKind.AWAIT_STREET_DATE) == expect["preorder_allocations_left"]
    waiting = [held.quantity for part in after.parts if part.kind is PartKind.AWAIT_STOCK for held in part.lines]
    assert waiting == expect["stock_allocations"]
    stock = derive_stock(on_hand=0, waiting=sum(waiting), rules=SellRules(), street_date=street, at=street)
    assert stock.is_preorder == expect.get("is_preorder", False)


def check_release_partial(given, expect):
    assert given["policy"] == "all_at_once"
    ordered = order(line("A", given["need"], when_short="wait"), ship=ShipPolicy.COMPLETE)
    plan = split_order(ordered, supply=Supply(on_hand={"A": given["stock"]}), at=NOW)
    assert count(plan, PartKind.SHIP_NOW) == expect["released"]
    assert count(plan, PartKind.AWAIT_STOCK) == expect["backorder"]


def check_fulfil(given, expect):
    """What is not tracked has no bound, and no unit that is taken is missed by the next line."""
    assert not given["track"]
    lines = [line("A", given["fulfil"], id=name) for name in ("1", "2")]
    plan = split_order(order(*lines), supply=Supply(on_hand={"A": UNLIMITED}), at=NOW)
    assert (not plan.cancelled) == expect["ok"]
    assert count(plan, PartKind.SHIP_NOW) == 2 * given["fulfil"]


def check_ledger(given, expect):
    """Units that are cancelled are free again: what is there stays what is held and what is free."""
    assert given["op"] == "deallocate"
    done = split(given["allocated"], given["on_hand"])
    free, held = given["on_hand"] - given["allocated"], []
    for quantity in given["quantities"]:
        cancellation = cancel_units(done, line_id="A", quantity=quantity)
        done, free = cancellation.plan, free + cancellation.freed["A"]
        held.append(count(done, PartKind.SHIP_NOW))
    assert held == expect["allocated"]
    assert [held[-1] + free] == expect["on_hand"]


def check_release_by_line(given, expect):
    asked = {}
    for row in given["reservations"]:
        name = row["line"] or "none"
        asked[name] = asked.get(name, 0) + row["qty"]
    lines = [line("A", quantity, id=name) for name, quantity in asked.items()]
    plan = split_order(order(*lines), supply=Supply(on_hand={"A": sum(asked.values())}), at=NOW)
    done = cancel_units(plan, line_id=given["delete_line"], quantity=asked[given["delete_line"]])
    assert count(plan, PartKind.SHIP_NOW) == expect["reserved_before"]
    assert count(done.plan, PartKind.SHIP_NOW) == expect["reserved_after"]


def check_move_units(given, expect):
    source = given["source"]
    plan = split(source["on_hand"] + source["backordered"], source["on_hand"])
    if given["same_location"]:
        check_moved_within(plan, given, expect)
    else:
        check_moved_elsewhere(plan, given, expect)


def check_moved_within(plan, given, expect):
    """What has come in meanwhile fills what waits; a move alone never does."""
    source = given["source"]
    if given["source"]["count"] > 0:
        plan = split(source["on_hand"] + source["backordered"], source["on_hand"] + source["count"])
    origin = plan.parts[-1]
    moved = move_units(plan, line_id="A", quantity=given["move"], source=origin.id)
    there, waiting = count(moved, PartKind.SHIP_NOW), count(moved, PartKind.AWAIT_STOCK)
    assert ["on_hand"] * there + ["backordered"] * waiting == expect["states_after"]
    known = {part.id for part in plan.parts}
    own = [part for part in moved.parts if part.id not in known]
    assert [part.lines[0].quantity for part in own] == [expect.get("moved", given["move"])]


def check_moved_elsewhere(plan, given, expect):
    """Units that move to another location are cancelled at the one and asked for at the other.

    A count is what is free less what waits.
    """
    done = cancel_units(plan, line_id="A", quantity=given["move"])
    before = given["source"].get("count", -given["source"]["backordered"])
    after = done.freed.get("A", 0) - count(done.plan, PartKind.AWAIT_STOCK)
    found = split(given["move"], max(0, given["target_count"]), "wait" if given["target_backorderable"] else "cancel")
    there, waiting = count(found, PartKind.SHIP_NOW), count(found, PartKind.AWAIT_STOCK)
    result = {
        "ok": not found.cancelled,
        "target": {"on_hand": there, "backordered": waiting},
        "source_count": after,
        "source_count_change": after - before,
        "target_count": given["target_count"] - there - waiting,
        "target_count_change": -there - waiting,
    }
    assert {name: result[name] for name in expect} == expect


def check_move_rejected(given, expect):
    """A part that has shipped is in no plan."""
    lines = [PartLine(line_id="A", sku="A", quantity=2)]
    parts = [
        Part(id="O/now/2", order_id="O", kind="ship_now", lines=lines, location="w0"),
        Part(id="O/now/3", order_id="O", kind="ship_now", lines=lines),
    ]
    plan = SplitPlan(order_id="O", parts=parts, cancelled=[])
    tries = {
        "quantity 0": {"quantity": 0, "source": "O/now/2"},
        "same shipment": {"quantity": 1, "source": "O/now/2", "target": "O/now/2"},
        "target without location": {"quantity": 1, "source": "O/now/2", "target": "O/now/3"},
        "source already shipped": {"quantity": 1, "source": "O/now/1", "target": "O/now/2"},
    }
    assert not any(expect["ok"])
    for attempt in given["tries"]:
        with pytest.raises(InvalidArgument):
            move_units(plan, line_id="A", **tries[attempt])


def check_split_line(given, expect):
    """Each parcel of its own takes its units from what is left in the first."""
    plan = split(given["units"], given["units"])
    for quantity in given["quantities"]:
        plan = move_units(plan, line_id="A", quantity=quantity, source="O/now/1")
    first, *others = [part.lines[0].quantity for part in plan.parts]
    assert [*others, first] == expect["quantities"]
