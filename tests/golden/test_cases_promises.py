"""Published examples on who is promised what, and for when. The data is in cases/promises.json."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import attrs
import pytest
from golden_cases import NOW, TODAY, at, cases, dated, day_of, exactly, line, morning, order, times, total, undated

from preorder_kit import (
    Commitment,
    Confirmation,
    DateRange,
    Pegging,
    PromiseKind,
    PromiseRules,
    Receipt,
    ShipPolicy,
    Supply,
    atp_timeline,
    available_now,
    commitments_of,
    demand,
    promise_order,
    promise_orders,
)

AT_ONCE = times()


@pytest.mark.parametrize("case", cases("promises"))
def test_a_published_promise_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def waiting(sku="A", quantity=1, **settings):
    return line(sku, quantity, when_short="wait", **settings)


def receipt(units, day, **settings):
    return Receipt(sku="A", quantity=units, expected=day, **settings)


def just_in_time(promises, due):
    """Return what is delivered on each day if what could be there sooner comes on the day that it is wanted."""
    delivered = Counter()
    for promise in promises:
        if promise.delivery:
            delivered[max(promise.delivery.latest, due)] += promise.quantity
    return [[day.isoformat(), units] for day, units in sorted(delivered.items())]


def check_promise_order(given, expect):
    """What is dated before today is there. The order ships complete, on the first day on which all of it is."""
    today = day_of(given["today"])
    on_hand, receipts = Counter(), []
    for sku, text, units in given["supply"]:
        if day_of(text) < today:
            on_hand[sku] += units
        else:
            receipts.append(Receipt(sku=sku, quantity=units, expected=day_of(text)))
    lines = [waiting(row["item"], row["qty"], id=row["line"]) for row in given["lines"]]
    complete = order(*lines, ship=ShipPolicy.COMPLETE)
    supply = Supply(on_hand=on_hand, receipts=receipts)
    promises = promise_order(complete, supply=supply, times=AT_ONCE, at=morning(today))
    days = {line_id: day_of(text) for line_id, text in expect["ship_dates"].items()}
    assert {promise.line_id for promise in promises} == set(days)
    assert all(promise.ready == DateRange(days[promise.line_id], days[promise.line_id]) for promise in promises)


def check_reserve_window(given, expect):
    """What comes after the window is too late; a reservation fails if not all of it can be had."""
    today, request = day_of(given["today"]), given["request"]
    asked = order(waiting(quantity=request, requested=day_of(given["requested_ts"])))
    supply = Supply(on_hand={}, receipts=[receipt(units, day_of(text)) for text, units in given["supply"]])
    in_time = PromiseRules(max_lateness=given["default_window_days"])
    promises = promise_order(asked, supply=supply, times=AT_ONCE, at=morning(today), rules=in_time)
    assert undated(promises) == expect["short"]
    assert request - undated(promises) == expect["available_in_window"]
    whole = attrs.evolve(in_time, confirmation=Confirmation.COMPLETE)
    promises = promise_order(asked, supply=supply, times=AT_ONCE, at=morning(today), rules=whole)
    assert (undated(promises) < request) == expect["success"]


def check_pegging(given, expect):
    """One unit of each supply: what comes last and is still in time, or what is there first."""
    [[name, first_day], *coming] = given["supply"]
    supply = Supply(on_hand={"A": 1}, receipts=[receipt(1, dated(text), reference=text) for _, text in coming])
    asked = order(waiting(requested=dated(given["demand_ship_date"])))
    served = {}
    for pegging in Pegging:
        rules = PromiseRules(pegging=pegging)
        [promise] = promise_order(asked, supply=supply, times=AT_ONCE, at=morning(dated(first_day)), rules=rules)
        served[pegging] = promise.references[0] if promise.references else name
    assert served == {Pegging.LATEST_FEASIBLE: expect["closest_eta"], Pegging.FIRST: expect["first_eta"]}


def check_confirmation_strategy(given, expect):
    strategies = {
        "one_time_on_requested_date": Confirmation.ON_DATE,
        "complete_delivery": Confirmation.COMPLETE,
        "delivery_proposal": Confirmation.STAGED,
    }
    wanted = day_of(given["requested_date"])
    supply = Supply(on_hand={}, receipts=[receipt(units, day_of(text)) for text, units in given["atp_increments"]])
    asked = order(waiting(quantity=given["request"], requested=wanted))
    rules = PromiseRules(confirmation=strategies[given["strategy"]])
    promises = promise_order(asked, supply=supply, times=AT_ONCE, at=morning(wanted), rules=rules)
    found = [[promise.delivery.latest.isoformat(), promise.quantity] for promise in promises if promise.delivery]
    assert found == expect["schedule_lines"]


def check_delivery_group(given, expect):
    """Items that are there by a day, and one that is there on it, leave together on it."""
    receipts = []
    for item, text in given["items"].items():
        day = dated(text.removeprefix("<="))
        expected = DateRange(TODAY, day) if text.startswith("<=") else day
        receipts.append(Receipt(sku=item, quantity=1, expected=expected))
    group = order(*(waiting(item, ship_group="1") for item in given["items"]))
    promises = promise_order(group, supply=Supply(on_hand={}, receipts=receipts), times=AT_ONCE, at=NOW)
    day = dated(expect["group_date"])
    assert [promise.ready for promise in promises] == [DateRange(day, day) for _ in given["items"]]


def check_demand_policy(given, expect):
    """Deliveries are planned just in time: what is there sooner is delivered on the day that it is due."""
    due = day_of(given["due"])
    rules = PromiseRules(max_lateness=given.get("maxlateness"), min_shipment=given.get("minshipment") or 1)
    if "receipt" in given:
        day, units = given["receipt"]
        supply = Supply(on_hand={"A": given["on_hand"]}, receipts=[receipt(units, day_of(day))])
    else:
        supply = Supply(on_hand={"A": given["on_hand"]}, replenishment={"A": exactly(given["make_days"])})
    asked = order(waiting(quantity=given["quantity"], requested=due))
    shipping = times(transit=given.get("ship_days", 0))
    now = morning(day_of(given.get("today", given["due"])))
    promises = promise_order(asked, supply=supply, times=shipping, at=now, rules=rules)
    assert just_in_time(promises, due) == expect["deliveries"]
    assert undated(promises) == expect["short"]


check_demand_policy_leadtime = check_demand_policy


def check_order_group(given, expect):
    """Each line is replenished by itself; deliveries are planned just in time."""
    ship = {"independent": ShipPolicy.AS_AVAILABLE, "alltogether": ShipPolicy.COMPLETE}[given["policy"]]
    rows = {str(number): row for number, row in enumerate(given["lines"])}
    lines = [waiting(sku, row["qty"], requested=day_of(row["due"])) for sku, row in rows.items()]
    supply = Supply(on_hand={}, replenishment={sku: exactly(row["lead_days"]) for sku, row in rows.items()})
    now = morning(day_of(given["today"]))
    promises = promise_order(order(*lines, ship=ship), supply=supply, times=AT_ONCE, at=now)
    found = [just_in_time([promise], day_of(row["due"])) for promise, row in zip(promises, rows.values(), strict=True)]
    assert found == [[[day, row["qty"]]] for day, row in zip(expect["dates"], rows.values(), strict=True)]


def check_lead_time_promise(given, expect):
    """Deliveries are planned just in time: not before they are due."""
    supply = Supply(on_hand={}, replenishment={"A": exactly(given["supplier_lead_days"])})
    now = morning(day_of(given["now"]))
    found = []
    for row in given["orders"]:
        asked = order(waiting(requested=day_of(row["due"])))
        promises = promise_order(asked, supply=supply, times=AT_ONCE, at=now)
        found += [day for day, _ in just_in_time(promises, day_of(row["due"]))]
    assert found == expect["delivery"]


def check_dated_priority_allocation(given, expect):
    """Orders are served by priority, whenever they are due; deliveries are planned just in time."""
    [[first_day, units]] = given["supply"]
    due = {row["id"]: day_of(row["due"]) for row in given["demands"]}
    queue = [
        order(waiting(quantity=row["qty"], requested=due[row["id"]]), name=row["id"])
        for row in sorted(given["demands"], key=lambda row: row["priority"])
    ]
    supply = Supply(on_hand={"A": units})
    promises = promise_orders(queue, supply=supply, times=AT_ONCE, at=morning(day_of(first_day)))
    own = {name: [promise for promise in promises if promise.order_id == name] for name in due}
    assert {name: just_in_time(own[name], due[name]) for name in due} == expect["deliveries"]
    assert {name: undated(own[name]) for name in due if undated(own[name])} == expect["short"]


def check_promise_queue(given, expect):
    """Served are the urgent moves, then the others by date: one beyond a horizon comes last and blocks nobody."""
    urgent = given.get("urgent", [])
    moves = sorted(given["moves"], key=lambda move: (move["id"] not in urgent, move["date"]))
    queue = [order(line("A", move["qty"]), name=str(move["id"])) for move in moves]
    promises = promise_orders(queue, supply=Supply(on_hand={"A": given["stock"]}), times=AT_ONCE, at=NOW)
    for place, move in enumerate(queue):
        before = demand(queue[:place]).get("A", 0)
        got = total((promise for promise in promises if promise.order_id == move.id), PromiseKind.IN_STOCK)
        assert expect["promised_before"].get(move.id, before) == before
        assert expect["available_to_promise"].get(move.id, got) == got


check_promise_queue_horizon = check_promise_queue


def check_earlier_po(given, expect):
    """When an earlier purchase order is added, all are promised anew in the order of their time."""
    orders = [*given["pos"], given["new_po"]]
    receipts = [receipt(po["qty"], day_of(po["date"]), reference=po["po"]) for po in orders]
    queue = [order(waiting(), name=name) for name in given["orders_in_time_order"]]
    promises = promise_orders(queue, supply=Supply(on_hand={}, receipts=receipts), times=AT_ONCE, at=NOW)
    assert {promise.order_id: promise.references[0] for promise in promises} == expect["allocation"]


def check_batch_allocate(given, expect):
    """What each batch has left is by how much more can be promised from its day on."""
    batches = sorted(given["batches"], key=lambda batch: batch["eta"])
    receipts = [receipt(batch["qty"], day_of(batch["eta"]), reference=batch["ref"]) for batch in batches]
    supply, first_day = Supply(on_hand={}, receipts=receipts), day_of(batches[0]["eta"])
    asked = order(waiting(quantity=given["line"]))
    promises = promise_order(asked, supply=supply, times=AT_ONCE, at=morning(first_day))
    assert [promise.references for promise in promises] == [(expect["batch"],)]
    left = attrs.evolve(supply, commitments=commitments_of(promises, times=AT_ONCE))
    steps = [step.available for step in atp_timeline(left, sku="A", start=first_day)]
    rises = [after - before for before, after in pairwise([0, *steps])]
    assert {batch["ref"]: rise for batch, rise in zip(batches, rises, strict=True)} == expect["available"]


def check_batch_allocate_sequence(given, expect):
    taken = {row["batch"]: row["qty"] for row in given["existing"]}
    receipts = [
        receipt(batch["qty"], day_of(batch["eta"]), reference=batch["ref"], reserved=taken.get(batch["ref"], 0))
        for batch in given["batches"]
    ]
    queue = [order(waiting(quantity=units), name=str(number)) for number, units in enumerate(given["lines"])]
    now = morning(min(day_of(batch["eta"]) for batch in given["batches"]))
    promises = promise_orders(queue, supply=Supply(on_hand={}, receipts=receipts), times=AT_ONCE, at=now)
    assert [promise.references[0] for promise in promises] == expect["batches"]


def check_batch_repeat(given, expect):
    """What is owed to an order already does not stand in its way, and counts once."""
    supply = Supply(on_hand={"A": given["batch"]})
    for _ in range(given["times"]):
        promises = promise_order(order(line("A", given["line"])), supply=supply, times=AT_ONCE, at=NOW)
        supply = attrs.evolve(supply, commitments=commitments_of(promises, times=AT_ONCE))
        assert available_now(supply, sku="A", day=TODAY) == expect["available"]


def check_line_status(given, expect):
    """A line's words for what stands behind its promises; delayed are units beside others that are there."""
    words = {
        (PromiseKind.IN_STOCK,): "full",
        (PromiseKind.IN_STOCK, PromiseKind.NONE): "partial",
        (PromiseKind.BACKORDER, "PO"): "restock",
        (PromiseKind.BACKORDER,): "on_order",
        (PromiseKind.NONE,): "no",
    }
    for number, row in enumerate(given["rows"]):
        day = row["replenishment"] and at(row["replenishment"]).date()
        supply = Supply(
            on_hand={"A": row["stock"]},
            receipts=[receipt(given["ordered"], day, reference="PO")] if day else [],
            replenishment={"A": exactly(7)} if row["made_to_order"] else {},
        )
        now = morning(dt.date(2021, 7, 1))
        promises = promise_order(order(waiting(quantity=given["ordered"])), supply=supply, times=AT_ONCE, at=now)
        kinds = [item for promise in promises for item in (promise.kind, *promise.references)]
        assert words[tuple(kinds)] == expect["status"][number]
        there = total(promises, PromiseKind.IN_STOCK)
        assert expect["available"][number] in {there, None}
        assert expect["delayed"][number] in {given["ordered"] - there if there else 0, None}
        if day:
            assert promises[0].ready.latest == at(expect["expected_date"][number]).date()


def check_partial_release(given, expect):
    """What is kept for the stores is safety stock: it is there, and not promised."""
    kept = given["arrived"] - given["release"]
    supply = Supply(on_hand={"A": given["arrived"]}, safety_stock={"A": kept})
    preorders = order(waiting(quantity=given["waiting_preorders"]))
    promises = promise_order(preorders, supply=supply, times=AT_ONCE, at=NOW)
    assert total(promises, PromiseKind.IN_STOCK) == expect["released"]
    assert undated(promises) == expect["still_waiting"]
    [step] = atp_timeline(
        attrs.evolve(supply, commitments=[Commitment(sku="A", quantity=expect["released"])]), sku="A", start=TODAY
    )
    assert (step.available, step.withheld) == (0, expect["kept_for_stores"])
