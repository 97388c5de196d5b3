"""Published examples on cut-offs, working days, lead times and delivery windows. The data is in cases/dates.json."""

import datetime as dt
from functools import partial

import pytest
from golden_cases import DAY, NOW, TODAY, at, cases, dated, day_of, exactly, line, morning, order, times, total

from preorder_kit import (
    EVERY_DAY,
    MON_TO_FRI,
    MON_TO_SAT,
    CutOff,
    DateRange,
    LeadTime,
    PromiseKind,
    Receipt,
    ShippingTimes,
    Supply,
    WorkCalendar,
    atp_timeline,
    delivery_range,
    first_parcel,
    latest_order_day,
    latest_ship_day,
    order_day,
    promise_order,
    ship_together,
    street_day,
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CALENDARS = {"Mon-Fri": MON_TO_FRI, "Mon-Sat": MON_TO_SAT, "Mon-Thu": WorkCalendar(weekdays=range(4))}


@pytest.mark.parametrize("case", cases("dates"))
def test_a_published_date_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def cut_off_at(text, zone="UTC"):
    return CutOff(time=dt.time.fromisoformat(text), zone=zone)


def open_on(windows):
    """Return the days on which the customer takes parcels in; the hours are the carrier's concern."""
    return WorkCalendar(weekdays={weekday for window in windows for weekday in window["weekdays"]})


def promised(shipping, moment, quantity=1):
    """Return the promise for units that are there."""
    supply = Supply(on_hand={"A": quantity})
    [promise] = promise_order(order(line("A", quantity)), supply=supply, times=shipping, at=moment)
    assert total([promise], PromiseKind.IN_STOCK) == quantity
    return promise


def check_cutoff_tz(given, expect):
    cut_off = cut_off_at(given["cutoff_local"], given["warehouse_tz"])
    moment = at(given["instant"])
    local_day = moment.astimezone(dt.datetime.fromisoformat(expect.get("local", expect.get("warehouse_local"))).tzinfo)
    day = order_day(moment, calendar=EVERY_DAY, cut_off=cut_off)
    assert day == local_day.date() + (DAY if expect["status"] == "after" else 0 * DAY)
    if "order_business_date" in expect:
        assert day == day_of(expect["order_business_date"])


def check_nonexistent_local(given, expect):
    """A cut-off at a time that the clocks skip falls when they jump."""
    wall = dt.datetime.fromisoformat(given["local"])
    counted = partial(order_day, calendar=EVERY_DAY, cut_off=CutOff(time=wall.time(), zone=given["tz"]))
    jump = at(expect["round_trip"]) - dt.timedelta(minutes=30)
    assert counted(jump - dt.timedelta(seconds=1)) == wall.date()
    assert counted(jump) == wall.date() + DAY


def check_ambiguous_local(given, expect):
    """A cut-off at a time that the clocks show twice falls when they show it first."""
    wall = dt.datetime.fromisoformat(given["local"])
    counted = partial(order_day, calendar=EVERY_DAY, cut_off=CutOff(time=wall.time(), zone=given["tz"]))
    first, second = at(expect["fold0"]), at(expect["fold1"])
    assert counted(first - dt.timedelta(seconds=1)) == wall.date()
    assert counted(first) == counted(second - dt.timedelta(minutes=10)) == counted(second) == wall.date() + DAY


def check_wall_add_day(given, expect):
    """From one cut-off to the next the clocks go back; the zone is the one of the documentation's example."""
    start, wall = at(given["start"]), at(expect["wall"])
    cut_off = CutOff(time=start.time(), zone="America/Los_Angeles")
    counted = partial(order_day, calendar=EVERY_DAY, cut_off=cut_off)
    assert counted(start) == counted(wall - dt.timedelta(seconds=1)) == wall.date()
    assert counted(wall) == wall.date() + DAY
    assert wall - start == dt.timedelta(hours=expect["elapsed_hours"])


def check_busday_offset(given, expect):
    text, offset = given["args"]
    day = day_of(text if text.count("-") == 2 else f"{text}-01")
    settled = MON_TO_FRI.next_working_day(day) if given["roll"] == "forward" else MON_TO_FRI.previous_working_day(day)
    move = MON_TO_FRI.add_working_days if offset >= 0 else MON_TO_FRI.subtract_working_days
    assert move(settled, abs(offset)) == day_of(expect["date"])


def check_handling_end(given, expect):
    """The order day is day 0. A shop that counts it as day 1 handles in one day less: so does the published row."""
    ordered, days = day_of(given["example_date"]), given["max_handling"]
    for handling, row in ((days, "order_day_is_day0"), (days - 1, "order_day_is_day1")):
        ends = [delivery_range(ordered, times=times(handling, calendar=CALENDARS[name])) for name in given["calendars"]]
        assert [WEEKDAYS[end.latest.weekday()] for end in ends] == expect[row]
    assert expect["order_day_is_day1"] == expect["published"]


def check_supply_eta(given, expect):
    """The safety lead time and the put-away are what a receipt's units take until they can leave."""
    planned = day_of(given["planned_receipt"])
    inbound = exactly(given["safety_lead_time_bd"] + given["inbound_handling_bd"], CALENDARS[given["calendar"]])
    supply = Supply(on_hand={}, receipts=[Receipt(sku="A", quantity=1, expected=planned)])
    waiting = order(line("A", when_short="wait"))
    [promise] = promise_order(waiting, supply=supply, times=times(inbound=inbound), at=morning(planned))
    assert promise.ready.latest == day_of(expect["expected_receipt"])


def check_lead_forward(given, expect):
    arrives = delivery_range(dated(given["confirmed"]), times=times(given["sales_security"], given["delivery_time"]))
    assert arrives == DateRange(dated(expect["promised"]), dated(expect["promised"]))


def check_lead_internal(given, expect):
    shipping = times(given["sales_security"])
    assert latest_order_day(dated(given["scheduled"]), times=shipping) == dated(expect["internal_scheduled"])


def check_lead_backward(given, expect):
    assert latest_order_day(dated(given["ship"]), times=times(given["manufacture"])) == dated(expect["start"])


def check_purchase_chain(given, expect):
    """The buyer's days and the vendor's are one replenishment lead time."""
    today, lead = dated(given["today"]), exactly(given["days_to_purchase"] + given["vendor_lead"])
    arrival = atp_timeline(Supply(on_hand={}, replenishment={"A": lead}), sku="A", start=today)[-1].day
    assert arrival == dated(expect["expected_arrival"]) == dated(expect["forecast"])
    assert latest_order_day(arrival, times=times(given["vendor_lead"])) == dated(expect["order_deadline"])


def check_full_chain_backward(given, expect):
    """Backward from the promised day, one stage after the other."""
    shipping = times(given["manufacture"], given["sales_security"])
    wanted = dated(given["promised"])
    assert latest_ship_day(wanted, times=shipping) == dated(expect["do_scheduled"])
    start = latest_order_day(wanted, times=shipping)
    assert start == dated(expect["manufacture_start"]) == dated(expect["component_receipt"])
    buying = times(given["days_to_purchase"], given["vendor_lead"])
    assert latest_ship_day(start, times=buying) == dated(expect["po_order_deadline"])
    assert latest_order_day(start, times=buying) == dated(expect["rfq_create"])


def check_shipping_policy(given, expect):
    ranges = [delivery_range(dated(given["today"]), times=times(transit=days)) for days in given["lead_times"]]
    assert ship_together(ranges).latest == dated(expect["scheduled"])


def check_ship_policy_date(given, expect):
    placed = day_of(given["order_date"])
    ranges = [delivery_range(placed, times=times(transit=days)) for days in given["lead_days"]]
    found = [first_parcel(ranges).latest, ship_together(ranges).latest]
    assert found == [day_of(text) for text in expect["expected"]]


def check_lead_by_policy(given, expect):
    placed = TODAY
    ranges = [delivery_range(placed, times=times(transit=days)) for days in given["lead_days"]]
    policies = {"direct": first_parcel, "one": ship_together}
    assert [(policies[name](ranges).latest - placed).days for name in given["policies"]] == expect["lead"]


def check_subtract_days(given, expect):
    calendar = WorkCalendar(weekdays=given["calendar"]["weekdays"])
    day = at(given["from"]).date()
    found = [calendar.subtract_working_days(day, number) for number in given["days"]]
    assert found == [at(text).date() for text in expect["result"]]


def check_add_days(given, expect):
    found = [EVERY_DAY.add_working_days(at(given["from"]).date(), number) for number in given["days"]]
    assert found == [at(text).date() for text in expect["result"]]


def check_calendar_lead(given, expect):
    assert EVERY_DAY.add_working_days(day_of(given["end"]), given["lead_days"]) == day_of(expect["ship_date"])


def check_cutoff(given, expect):
    cut_off = cut_off_at(given["cutoff"], given["tz"]) if given["cutoff"] else None
    found = [order_day(at(text), calendar=EVERY_DAY, cut_off=cut_off, zone="UTC") for text in given["at"]]
    assert found == [at(text).date() for text in expect["result"]]


def check_cutoff_same_day(given, expect):
    """A day that is fixed already is not counted from an order: no cut-off moves it."""
    shipping = times(cut_off=cut_off_at(given["cutoff"], given["tz"]))
    found = [delivery_range(at(text).date(), times=shipping).latest for text in given["at"]]
    assert found == [at(text).date() for text in expect["result"]]


def check_cutoff_warning(given, expect):
    """An order is late if it counts for a day after the last one."""
    late = []
    for row in given["rows"]:
        minutes = round(row["cutoff"] * 60)
        cut_off = CutOff(time=dt.time(minutes // 60, minutes % 60), zone=row["tz"])
        counted = order_day(at(row["now"]), calendar=EVERY_DAY, cut_off=cut_off)
        late.append(counted > day_of(given["end_day"]))
    assert late == expect["late"]


def check_end_to_end(given, expect):
    """Prepare on the order day, deliver after the lead days, on the warehouse's days."""
    house = given["warehouse"]
    closed = [day_of(day) for day in given.get("closed_days", [])]
    calendar = WorkCalendar(weekdays=house["shift"]["weekdays"], holidays=closed)
    cut_off = cut_off_at(house["cutoff"], house["tz"])
    handling, transit = house["lead_days"] - house["transit_days"], house["transit_days"]
    promise = promised(times(handling, transit, calendar, cut_off=cut_off), at(given["now"]))
    assert promise.ready.earliest == day_of(expect["prepare_on"])
    assert promise.delivery.latest == day_of(expect["deliver_on"])


def check_amended_promise(given, expect):
    """The order as it is now is promised anew, and all of it may come later."""
    first = {stage: at(text).date() for stage, text in given["first_promise"].items()}
    shipping = times(
        transit=(first["deliver"] - first["prepare"]).days,
        cut_off=cut_off_at(given["partner_cutoff_utc"]),
        receiving=open_on([given["window"]]),
    )
    found = [promised(shipping, at(text), given["new_quantity"]).delivery.latest for text in given["changed_at"]]
    assert found == [at(text).date() for text in expect["deliver"]]


def check_delivery_window(given, expect):
    zone = given["windows"][0]["tz"]
    shipping = times(receiving=open_on(given["windows"]))
    found = [delivery_range(street_day(at(text), zone=zone), times=shipping).latest for text in given["at"]]
    assert found == [street_day(at(text), zone=zone) for text in expect["result"]]


def check_window_with_safety(given, expect):
    """The window's end is the cut-off: what is ordered later cannot arrive in it. The safety days are counted back."""
    shipping = times(
        transit=given["lead_days"],
        cut_off=cut_off_at(given["windows"][0]["to"]),
        receiving=open_on(given["windows"]),
    )
    deadline = promised(shipping, at(given["now"])).delivery.latest
    assert deadline == at(expect["deadline"]).date()
    assert latest_order_day(deadline, times=times(given["safety_days"])) == at(expect["scheduled"]).date()


def check_window_warning(given, expect):
    receiving = open_on(given["windows"])
    assert [not receiving.is_working_day(at(text).date()) for text in given["committed"]] == expect["warn"]


def check_cutoff_then_window(given, expect):
    cut_off = cut_off_at(given["cutoff"], given["tz"])
    shipping = times(transit=given["lead_days"], cut_off=cut_off, receiving=open_on(given["windows"]))
    assert promised(shipping, at(given["now"])).delivery.latest == at(expect["scheduled"]).date()


def check_cutoff_then_window_lead(given, expect):
    for number, text in enumerate(given["cutoff"]):
        cut_off = cut_off_at(text, given["tz"])
        shipping = times(transit=given["lead_days"], cut_off=cut_off, receiving=open_on(given["windows"]))
        promise = promised(shipping, at(given["now"]))
        assert promise.ready.latest == at(expect["scheduled"][number]).date()
        assert promise.delivery.latest == at(expect["deadline"][number]).date()


def check_releasable(given, expect):
    """What has to leave today, at the latest, is released today."""
    ends = at(given["now"]).date()
    found = [
        latest_ship_day(at(row["scheduled"]).date(), times=times(transit=row["lead_days"])) <= ends
        for row in given["rows"]
    ]
    assert found == expect["ok"]


def check_holiday_scope(given, expect):
    """Whose holidays a customer keeps is the shop's to know; they stand in the customer's calendar."""
    day, holiday = day_of(given["delivery_day"]), day_of(given["holiday"])
    allowed = []
    for row in given["rows"]:
        kept = [holiday] if row["holiday_scope"] in {"everywhere", row["customer"]} else []
        receiving = WorkCalendar(weekdays=EVERY_DAY.weekdays, holidays=kept)
        allowed.append(delivery_range(day, times=times(receiving=receiving)).latest == day)
    assert allowed == expect["allowed"]


def check_delivery_range_days(given, expect):
    """A product's own time takes the place of the shipping method's: that is the shop's to look up."""
    [item] = given["items"]
    transit = LeadTime(*(item["own"] or given["shipping_method"]))
    supply = Supply(on_hand={"A": item["stock"]}, replenishment={"A": exactly(item["restock_days"])})
    shipping = ShippingTimes(handling=exactly(0), transit=transit)
    [promise] = promise_order(order(line("A", item["qty"])), supply=supply, times=shipping, at=NOW)
    found = [(day - TODAY).days for day in (promise.delivery.earliest, promise.delivery.latest)]
    assert found == expect["range_days"]
