"""Published examples on which units ship, wait or are cancelled. The data is in cases/splitting.json."""

import pytest
from golden_cases import DAY, NOW, TODAY, at, cases, line, order

from preorder_kit import (
    PartKind,
    SellRules,
    ShipPolicy,
    Supply,
    derive_stock,
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
    supply = Supply(on_hand={"A": sum(given["locations"])})
    plan = split_order(order(line("A", given["quantity"])), supply=supply, at=NOW)
    assert count(plan, PartKind.SHIP_NOW) == expect["units"]
    assert (not plan.cancelled) == expect["ok"]
    assert len(plan.parts) == (expect["packages"] or 0)


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
