"""Published examples: vendors' documents, peers' tests, the zones of the standard library. The data is in cases/."""

import datetime as dt
import json
from functools import partial
from pathlib import Path

import pytest

from preorder_kit import (
    EVERY_DAY,
    MON_TO_FRI,
    UNLIMITED,
    Availability,
    Commitment,
    CutOff,
    DateRange,
    LeadTime,
    Order,
    OrderLine,
    PartKind,
    SellRules,
    ShippingTimes,
    ShipPolicy,
    Supply,
    WorkCalendar,
    available_now,
    delivery_range,
    derive_stock,
    first_parcel,
    latest_order_day,
    order_day,
    pool,
    promise_order,
    quote,
    release_instant,
    remaining,
    ship_together,
    split_order,
)

UTC = dt.timezone.utc
TODAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = dt.timedelta(days=1)
CASES = [
    case
    for name in ("delivery_dates", "promise", "availability", "splitting")
    for case in json.loads((Path(__file__).parent / "cases" / f"{name}.json").read_text(encoding="utf-8"))
]


def at(text):
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def dated(text):
    """Return a day of a year that the source does not name."""
    return dt.date.fromisoformat(f"2026-{text}")


def times(handling=0, transit=0, calendar=EVERY_DAY, **settings):
    return ShippingTimes(
        handling=LeadTime(handling, handling, calendar), transit=LeadTime(transit, transit, calendar), **settings
    )


def order(*lines, ship=ShipPolicy.AS_AVAILABLE):
    return Order(id="O", placed_at=NOW, lines=lines, ship=ship)


def line(sku, quantity=1, **settings):
    return OrderLine(id=sku, sku=sku, quantity=quantity, **settings)


def units(plan, *kinds):
    return {held.sku: held.quantity for part in plan.parts if part.kind in kinds for held in part.lines}


def cutoff_tz(given, expect):
    cut_off = CutOff(time=dt.time.fromisoformat(given["cutoff_local"]), zone=given["warehouse_tz"])
    moment = at(given["instant"])
    local_day = moment.astimezone(dt.datetime.fromisoformat(expect.get("local", expect.get("warehouse_local"))).tzinfo)
    day = order_day(moment, calendar=EVERY_DAY, cut_off=cut_off)
    assert day == local_day.date() + (DAY if expect["status"] == "after" else 0 * DAY)
    if "order_business_date" in expect:
        assert day == dt.date.fromisoformat(expect["order_business_date"])


def nonexistent_local(given, expect):
    """A cut-off at a time that the clocks skip falls when they jump."""
    wall = dt.datetime.fromisoformat(given["local"])
    counted = partial(order_day, calendar=EVERY_DAY, cut_off=CutOff(time=wall.time(), zone=given["tz"]))
    jump = at(expect["round_trip"]) - dt.timedelta(minutes=30)
    assert counted(jump - dt.timedelta(seconds=1)) == wall.date()
    assert counted(jump) == wall.date() + DAY


def ambiguous_local(given, expect):
    """A cut-off at a time that the clocks show twice falls when they show it first."""
    wall = dt.datetime.fromisoformat(given["local"])
    counted = partial(order_day, calendar=EVERY_DAY, cut_off=CutOff(time=wall.time(), zone=given["tz"]))
    first, second = at(expect["fold0"]), at(expect["fold1"])
    assert counted(first - dt.timedelta(seconds=1)) == wall.date()
    assert counted(first) == counted(second - dt.timedelta(minutes=10)) == counted(second) == wall.date() + DAY


def busday_offset(given, expect):
    text, offset = given["args"]
    day = dt.date.fromisoformat(text if text.count("-") == 2 else f"{text}-01")
    settled = MON_TO_FRI.next_working_day(day) if given["roll"] == "forward" else MON_TO_FRI.previous_working_day(day)
    move = MON_TO_FRI.add_working_days if offset >= 0 else MON_TO_FRI.subtract_working_days
    assert move(settled, abs(offset)) == dt.date.fromisoformat(expect["date"])


def supply_eta(given, expect):
    days = given["safety_lead_time_bd"] + given["inbound_handling_bd"]
    planned = dt.date.fromisoformat(given["planned_receipt"])
    assert MON_TO_FRI.add_working_days(planned, days) == dt.date.fromisoformat(expect["expected_receipt"])


def lead_forward(given, expect):
    arrives = delivery_range(dated(given["confirmed"]), times=times(given["sales_security"], given["delivery_time"]))
    assert arrives == DateRange(dated(expect["promised"]), dated(expect["promised"]))


def shipping_policy(given, expect):
    ranges = [delivery_range(dated(given["today"]), times=times(transit=days)) for days in given["lead_times"]]
    assert ship_together(ranges).latest == dated(expect["scheduled"])


def lead_backward(given, expect):
    assert latest_order_day(dated(given["ship"]), times=times(given["manufacture"])) == dated(expect["start"])


def subtract_days(given, expect):
    calendar = WorkCalendar(weekdays=given["calendar"]["weekdays"])
    day = at(given["from"]).date()
    found = [calendar.subtract_working_days(day, number) for number in given["days"]]
    assert found == [at(text).date() for text in expect["result"]]


def add_days(given, expect):
    found = [EVERY_DAY.add_working_days(at(given["from"]).date(), number) for number in given["days"]]
    assert found == [at(text).date() for text in expect["result"]]


def cutoff(given, expect):
    cut_off = CutOff(time=dt.time.fromisoformat(given["cutoff"]), zone=given["tz"])
    found = [order_day(at(text), calendar=EVERY_DAY, cut_off=cut_off) for text in given["at"]]
    assert found == [at(text).date() for text in expect["result"]]


def end_to_end(given, expect):
    """Prepare on the order day, deliver after the lead days, on the warehouse's days."""
    house = given["warehouse"]
    closed = [dt.date.fromisoformat(day) for day in given.get("closed_days", [])]
    calendar = WorkCalendar(weekdays=house["shift"]["weekdays"], holidays=closed)
    cut_off = CutOff(time=dt.time.fromisoformat(house["cutoff"]), zone=house["tz"])
    shipping = times(house["lead_days"] - house["transit_days"], house["transit_days"], calendar, cut_off=cut_off)
    [promise] = promise_order(order(line("A")), supply=Supply(on_hand={"A": 1}), times=shipping, at=at(given["now"]))
    assert promise.ready.earliest == dt.date.fromisoformat(expect["prepare_on"])
    assert promise.delivery.latest == dt.date.fromisoformat(expect["deliver_on"])


def calendar_lead(given, expect):
    assert EVERY_DAY.add_working_days(dt.date.fromisoformat(given["end"]), given["lead_days"]) == (
        dt.date.fromisoformat(expect["ship_date"])
    )


def can_supply(given, expect):
    locations = {}
    for number, stock in enumerate(given["stocks"]):
        held = given["allocated"][number] + given["reserved_by_others"][number]
        locations[str(number)] = Supply(on_hand={"A": stock}, commitments=[Commitment(sku="A", quantity=held)])
    available = available_now(pool(locations), sku="A", day=TODAY)
    assert available == expect.get("available", available)
    assert [asked <= available for asked in given.get("requests", [])] == expect.get("ok", [])


def preorder_cap(given, expect):
    channel, everyone = given["channel"], sum(given["preordered"].values()) + sum(given["held_by_other_carts"].values())
    here = given["preordered"].get(channel, 0) + given["held_by_other_carts"].get(channel, 0)
    caps = {"channel": given["channel_caps"].get(channel, UNLIMITED)}
    caps["all"] = UNLIMITED if given["global_cap"] is None else given["global_cap"]
    left = remaining(caps, used={"channel": here, "all": everyone})
    assert [asked <= left for asked in given["requests"]] == expect["ok"]


def cart_clamp(given, expect):
    rules = SellRules(safety_stock=given["threshold"])
    stock = derive_stock(on_hand=given["on_hand"], committed=given["allocated"], rules=rules, at=NOW)
    answer = quote(given["request"], stock=stock)
    assert (answer.now, answer.refused > 0) == (expect["added"], expect["error"])
    assert stock.quantity == expect["reported_available"]


def stock_required(given, expect):
    stock = derive_stock(on_hand=given["net"], rules=SellRules(), at=NOW)
    assert (stock.availability, stock.quantity) == (Availability.OUT_OF_STOCK, 0)
    assert [quote(asked, stock=stock).refused == 0 for asked in given["requests"]] == expect["ok"]


def stock_available(given, expect):
    rules = SellRules(backorder_limit=UNLIMITED if given["backorders"] else 0)
    found = [
        derive_stock(on_hand=row["on_hand"], committed=row["on_hold"], rules=rules, at=NOW).is_available
        for row in given["rows"]
    ]
    assert found == expect["available"]


def channel_atp(given, expect):
    held = given["reserved"] + given["unrouted_orders"] + given["excluded_facilities_atp"]
    supply = Supply(
        on_hand={"A": given["qoh"]},
        commitments=[Commitment(sku="A", quantity=held)],
        safety_stock={"A": given["safety_stock"] + given["threshold"]},
    )
    assert available_now(supply, sku="A", day=TODAY) == expect["channel_atp"]


def netting(given, expect):
    pooled = pool({str(number): Supply(on_hand={"A": units}) for number, units in enumerate(given["locations"])})
    assert pooled.on_hand == {"A": expect["sum_with_negatives"]}


def backorder_probe(given, expect):
    rules = SellRules(backorder_limit=UNLIMITED)
    stock = derive_stock(on_hand=given["quantity"], rules=rules, at=NOW)
    answers = [quote(asked, stock=stock) for asked in given["requests"]]
    assert [answer.later > 0 for answer in answers] == expect["on_backorder"]
    assert [answer.refused == 0 for answer in answers] == expect["enough"]


def plan_shipments(given, expect):
    supply = Supply(on_hand={"A": sum(given["locations"])})
    plan = split_order(order(line("A", given["quantity"])), supply=supply, at=NOW)
    assert sum(units(plan, PartKind.SHIP_NOW).values()) == expect["units"]
    assert (not plan.cancelled) == expect["ok"]
    assert len(plan.parts) == (expect["packages"] or 0)


def mixed_cart(given, expect):
    street = release_instant(TODAY + 30 * DAY, zone="UTC")
    lines = [line(item["sku"], street_date=street if item.get("preorder") else None) for item in given["lines"]]
    supply = Supply(on_hand={item["sku"]: 1 for item in given["lines"] if item.get("in_stock")})
    for number, splits in enumerate(given["splitting"]):
        ship = ShipPolicy.AS_AVAILABLE if splits else ShipPolicy.COMPLETE
        plan = split_order(order(*lines, ship=ship), supply=supply, at=NOW)
        assert list(units(plan, PartKind.SHIP_NOW)) == expect["ship_now"][number]
        assert list(units(plan, PartKind.AWAIT_STREET_DATE)) == expect["parked"][number]


def order_split(given, expect):
    supply = Supply(on_hand={item["sku"]: item["available"] for item in given["lines"]})
    lines = [
        line(item["sku"], item["qty"], when_short="wait" if item["backorderable"] else "cancel")
        for item in given["lines"]
    ]
    plan = split_order(order(*lines), supply=supply, at=NOW)
    assert units(plan, PartKind.SHIP_NOW) == expect["ship_now"]
    assert units(plan, PartKind.AWAIT_STOCK) == expect["waiting"]
    assert {cut.sku: cut.quantity for cut in plan.cancelled} == expect["not_picked"]


def preorder_hold(given, expect):
    lines = [line(item["sku"], street_date=item["street_date"] and at(item["street_date"])) for item in given["lines"]]
    supply = Supply(on_hand={item["sku"]: 1 for item in given["lines"]})
    plan = split_order(order(*lines), supply=supply, at=at(given["now"]))
    held = {part.lines[0].sku: part.street_date for part in plan.parts if part.street_date}
    assert list(units(plan, PartKind.SHIP_NOW)) == expect["sourced_now"]
    assert held == {sku: at(text) for sku, text in expect["held_until"].items()}
    assert len(plan.parts) >= expect["shipments_at_least"]


def preorder_release(given, expect):
    states = {PartKind.SHIP_NOW: "sourced", PartKind.AWAIT_STOCK: "backordered"}
    ordered = order(line("A", given["qty"], street_date=at(given["street_date"])))
    plans = [split_order(ordered, supply=Supply(on_hand={"A": n}), at=at(given["now"])) for n in given["stock"]]
    assert [states[plan.parts[0].kind] for plan in plans] == expect["state"]
    assert all(len(plan.parts) == 1 for plan in plans)


def release_backorder(given, expect):
    ordered = order(line("A", given["backorder"], when_short="wait"))
    stocks, total = [], 0
    for added in given["stock_added"]:
        total += added
        stocks.append(total)
    plans = [split_order(ordered, supply=Supply(on_hand={"A": n}), at=NOW) for n in stocks]
    assert [sum(units(plan, PartKind.SHIP_NOW).values()) for plan in plans] == expect["released"]


def release_order(given, expect):
    ordered = order(*(line(sku, quantity, when_short="wait") for sku, quantity in given["need"].items()))
    plan = split_order(ordered, supply=Supply(on_hand=given["stock"]), at=NOW)
    assert units(plan, PartKind.SHIP_NOW) == expect["released"]
    assert units(plan, PartKind.AWAIT_STOCK) == expect["backorder"]
    assert len(plan.parts) == 2


def ready_lines(given, expect):
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


def ship_policy_date(given, expect):
    placed = dt.date.fromisoformat(given["order_date"])
    ranges = [delivery_range(placed, times=times(transit=days)) for days in given["lead_days"]]
    found = [first_parcel(ranges).latest, ship_together(ranges).latest]
    assert found == [dt.date.fromisoformat(text) for text in expect["expected"]]


def validate_split(given, expect):
    quantities = [item["qty"] for item in given["shipments"]]
    lines = [OrderLine(id=str(n), sku="A", quantity=quantity) for n, quantity in enumerate(quantities)]
    found = [
        not split_order(order(*lines), supply=Supply(on_hand={"A": count}), at=NOW).cancelled
        for count in given["counts_to_try"]
    ]
    assert found == expect["ok"]


available_quantity = can_supply


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_published_example_comes_out_as_published(case):
    globals()[case["kind"]](case["given"], case["expect"])
