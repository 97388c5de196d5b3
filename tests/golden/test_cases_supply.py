"""Published examples on what can be promised: tables, timelines, safety stock. The data is in cases/supply.json."""

from itertools import accumulate, pairwise

import attrs
import pytest
from golden_cases import DAY, TODAY, at, cases, day_of, line, order

from preorder_kit import (
    UNLIMITED,
    AtpMethod,
    Commitment,
    Receipt,
    Supply,
    atp_by_period,
    atp_timeline,
    available_now,
    balance_timeline,
    demand,
    pool,
)


@pytest.mark.parametrize("case", cases("supply"))
def test_what_can_be_promised_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def here(units, *, owed=0, safety=0):
    """Return a supply of one SKU that is there."""
    return Supply(on_hand={"A": units}, commitments=[Commitment(sku="A", quantity=owed)], safety_stock={"A": safety})


def day_by_day(on_hand, receipts, orders, start):
    """Return a supply in which the first numbers come and are owed on ``start``, the next a day later, and so on."""
    days = [start + number * DAY for number in range(len(receipts))]
    return Supply(
        on_hand={"A": on_hand},
        receipts=[Receipt(sku="A", quantity=units, expected=day) for units, day in zip(receipts, days, strict=True)],
        commitments=[Commitment(sku="A", quantity=units, due=day) for units, day in zip(orders, days, strict=True)],
    )


def in_force(steps, start, length):
    """Return the step that holds on each of so many days."""
    days = [start + number * DAY for number in range(length)]
    return [max((step for step in steps if step.day <= day), key=lambda step: step.day) for day in days]


def balances(supply, start, length):
    return [step.balance for step in in_force(balance_timeline(supply, sku="A", start=start), start, length)]


def promisable(supply, start, length):
    return [step.available for step in in_force(atp_timeline(supply, sku="A", start=start), start, length)]


def check_atp_table(given, expect):
    """A period may be a day: then the timelines are the rows CUMULATIVE and LOOKAHEAD. Backed are LOOKAHEAD's rises."""
    plan = given["on_hand"], given["receipts"], given["orders"]
    discrete, cumulative, lookahead = (atp_by_period(*plan, method=method) for method in AtpMethod)
    assert list(discrete) == expect["discrete"]
    assert list(cumulative) == expect["running_uncommitted"]
    assert list(lookahead) == expect["cumulative_lookahead"]
    assert list(accumulate(units or 0 for units in discrete)) == expect["cumulative_of_discrete"]
    rises = [after - before for before, after in pairwise([0, *lookahead])]
    assert [None if units is None else rise for units, rise in zip(discrete, rises, strict=True)] == (
        expect["discrete_backed"]
    )
    supply = day_by_day(*plan, TODAY)
    assert balances(supply, TODAY, len(lookahead)) == expect["running_uncommitted"]
    assert promisable(supply, TODAY, len(lookahead)) == expect["cumulative_lookahead"]
    if "forecast" in given:
        larger = list(map(max, given["forecast"], given["orders"]))
        projected = atp_by_period(given["on_hand"], given["receipts"], larger, method=AtpMethod.CUMULATIVE)
        assert list(projected) == expect["projected_available_max_fc_orders"]


def check_atp_daily(given, expect):
    start, length = day_of(given["start"]), given["horizon_days"]
    supply = day_by_day(given["on_hand"], given["scheduled_supply"], given["scheduled_demand"], start)
    assert balances(supply, start, length) == expect["projected"]
    assert promisable(supply, start, length) == expect["atp"]


def check_safety_stock(given, expect):
    """Which of several values counts, the most specific one, is the caller's to look up."""
    values = {tuple(place): units for *place, units in given["safety"]}
    found = []
    for item, node, method in given["queries"]:
        places = [(item, node, method), (item, node, None), (item, None, None)]
        safety = next(values[place] for place in places if place in values)
        found.append(available_now(here(given["on_hand"], safety=safety), sku="A", day=TODAY))
    assert found == expect["available"]


def check_safety_stock_event(given, expect):
    """What is owed is taken first, the safety stock of what is left."""
    supply = here(given["on_hand"], owed=given["demand"], safety=given["safety"])
    [step] = atp_timeline(supply, sku="A", start=TODAY)
    assert step.available == expect["onhandAvailable"] == expect["totalAvailable"]
    assert expect["futureAvailable"] == expect["totalAvailable"] - expect["onhandAvailable"]
    assert (step.withheld, step.short) == (expect["safetyWithheld"], expect["shortage"])
    assert step.available + step.withheld - step.short == expect["available_ignoring_safety"]


def changed(rows):
    """Return a supply with nothing there, in which units come, or are owed if there are fewer than none of them."""
    return Supply(
        on_hand={},
        receipts=[Receipt(sku="A", quantity=units, expected=day) for day, units in rows if units > 0],
        commitments=[Commitment(sku="A", quantity=-units, due=day) for day, units in rows if units < 0],
    )


def check_atp_timeline(given, expect):
    """A planner's rows: a change and the balance after it. What a count of the stock corrects is a change."""
    rows = [(at(text).date(), units) for text, units in given["timeline"]]
    if "order" in given:
        rows.append((at(given["order"]["ship_on"]).date(), -given["order"]["qty"]))
    if "after_count_is_undone" in expect:
        assert_rows(rows, expect["after_count_is_undone"])
    if "stock_count" in given:
        day = day_of(given["stock_count"]["date"])
        start = min([day, *(first for first, _ in rows)])
        steps = balance_timeline(changed(rows), sku="A", start=start)
        before = max((step for step in steps if step.day <= day), key=lambda step: step.day).balance
        rows.append((day, given["stock_count"]["counted"] - before))
    assert_rows(rows, expect["timeline"])


def assert_rows(rows, published):
    """Compare day by day, for changes of one day are one step."""
    days = {at(text).date(): [] for text, _, _ in published}
    for text, change, _ in published:
        days[at(text).date()].append(change)
    after = {at(text).date(): balance for text, _, balance in published}
    steps = balance_timeline(changed(rows), sku="A", start=min(days))
    assert [(step.day, step.received - step.owed, step.balance) for step in steps] == (
        [(day, sum(changes), after[day]) for day, changes in days.items()]
    )


def check_atp_ship(given, expect):
    """What is shipped is no longer there, and no longer owed."""
    assert available_now(here(given["on_hand"], owed=given["open_order"]), sku="A", day=TODAY) == expect["atp_before"]
    left = here(given["on_hand"] - given["ship"], owed=given["open_order"] - given["ship"])
    assert left.on_hand["A"] == expect["on_hand_after"]
    assert available_now(left, sku="A", day=TODAY) == expect["atp_after"]


def check_supply_needed(given, expect):
    """What is to be procured is what is short; the planner sees the balance below 0, the shop sees nothing to sell."""
    for number, row in enumerate(given["rows"]):
        supply = here(row["atp_at_date"], owed=row["order"])
        [step] = atp_timeline(supply, sku="A", start=TODAY)
        assert (step.available, step.short) == (0, expect["to_procure"][number])
        assert balances(supply, TODAY, 1) == [expect["atp_after_order"][number]]
        procured = attrs.evolve(supply, receipts=[Receipt(sku="A", quantity=step.short, expected=TODAY)])
        assert balances(procured, TODAY, 1) == [expect["atp_after_supply"][number]]


def check_supply_protection(given, expect):
    """What is protected for a group is owed to it. Under the vertical rule less important groups do not count."""
    priorities = {group["name"]: group["priority"] for group in given["groups"]}
    protected = [
        Commitment(sku="A", quantity=group["protected_open"], order_id=group["name"]) for group in given["groups"]
    ]
    requester = given["requester"]
    respected = [owed for owed in protected if priorities[owed.order_id] <= priorities[requester]]
    found = [
        available_now(Supply(on_hand={"A": given["stock"]}, commitments=owed), sku="A", day=TODAY, but_for=requester)
        for owed in (respected, protected)
    ]
    assert found == [expect["prioritised_vertical"], expect["core_horizontal"]]


def check_can_supply(given, expect):
    """What is not tracked never runs out."""
    locations = {
        str(number): here(stock, owed=given["allocated"][number] + given["reserved_by_others"][number])
        for number, stock in enumerate(given["stocks"])
    }
    if not given.get("track_inventory", True):
        locations["untracked"] = here(UNLIMITED)
    available = available_now(pool(locations), sku="A", day=TODAY)
    assert available == expect.get("available", available)
    assert [asked <= available for asked in given.get("requests", [])] == expect.get("ok", [])


check_available_quantity = check_can_supply


def check_location_scope(given, expect):
    locations = {name: here(units) for name, units in given["on_hand"].items()}
    scopes = [locations if name is None else {name: locations[name]} for name in given["scopes"]]
    assert [available_now(pool(scope), sku="A", day=TODAY) for scope in scopes] == expect["available"]


def check_positive_stock(given, expect):
    found = [available_now(here(units), sku="A", day=TODAY) for units in given["count_on_hand"]]
    assert found == expect["positive"]


def check_channel_atp(given, expect):
    held = given["reserved"] + given["unrouted_orders"] + given["excluded_facilities_atp"]
    supply = here(given["qoh"], owed=held, safety=given["safety_stock"] + given["threshold"])
    assert available_now(supply, sku="A", day=TODAY) == expect["channel_atp"]


def check_netting(given, expect):
    """Locations are added up before anything is cut off at 0."""
    pooled = pool({str(number): here(units) for number, units in enumerate(given["locations"])})
    assert pooled.on_hand == {"A": expect["sum_with_negatives"]}
    apart = [available_now(here(units), sku="A", day=TODAY) for units in given["locations"]]
    assert sum(apart) == expect["sum_clamped_per_location"]


def check_double_deduction(given, expect):
    """What is owed is subtracted once: either in the figure that is handed in, or as commitments."""
    gross = here(given["erp_qoh"], owed=given["committed"])
    net = here(given["platform_available"])
    assert available_now(gross, sku="A", day=TODAY) == available_now(net, sku="A", day=TODAY) == expect["correct"]
    twice = here(given["platform_available"], owed=given["committed"])
    wrong = expect["if_platform_figure_used_and_committed_deducted_again"]
    assert available_now(twice, sku="A", day=TODAY) == wrong


def check_reserve_point(given, expect):
    """Reserved on sale, units are owed from the sale on; reserved on fulfilment, they are there until they leave."""
    owed = {"ON_SALE": given["qty"], "ON_FULFILLMENT": 0}
    sold = [available_now(here(given["stock"], owed=owed[row]), sku="A", day=TODAY) for row in given["rows"]]
    assert sold == expect["stock_after_sale"]
    left = available_now(here(given["stock"] - given["qty"]), sku="A", day=TODAY)
    assert [left for _ in given["rows"]] == expect["stock_after_fulfilment"]


def check_batch_can(given, expect):
    found = [
        row["line"] <= available_now(here(row["batch"]), sku="A" if row["same_sku"] else "B", day=TODAY)
        for row in given["rows"]
    ]
    assert found == expect["ok"]


def check_ledger_two_lines(given, expect):
    """Two lines of one SKU are added up before they are compared with what is there."""
    owed = sum(given["allocated_by_line"])
    free = available_now(here(given["on_hand"], owed=owed), sku="A", day=TODAY)
    asked = [
        demand([order(line("A", first, id="1"), line("A", second, id="2"))])["A"]
        for first, second in given["add_by_line"]
    ]
    assert [units <= free for units in asked] == expect["ok"]
    assert [owed + (units if units <= free else 0) for units in asked] == expect["allocated_total"]


def check_reserve_batch(given, expect):
    """A batch is added up before it is compared with what is there."""
    free = available_now(here(given["stocked"], owed=given["reserved"]), sku="A", day=TODAY)
    asked = demand([line("A", units) for units in given["batch"]])["A"]
    assert (asked <= free) == expect["ok"]
    assert given["reserved"] + (asked if asked <= free else 0) == expect["reserved_after"]
