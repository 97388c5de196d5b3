"""Laws of calendars, cut-offs, street dates and delivery ranges.

- a release instant is the first of its local day, and is released from then on
- the order day is a working day, not before the local day, and never goes back as time goes on
- adding and subtracting working days are each other's bounds, and agree with counting day by day
- a delivery range never begins before it is ready, never ends before it begins, and never gets earlier
  when the day, the range or a lead time gets later
- backward planning gives the latest day that is still in time
- `ship_together` and `first_parcel` bound every range
"""

import datetime as dt
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    DateRange,
    LeadTime,
    delivery_range,
    first_parcel,
    is_released,
    latest_order_day,
    latest_ship_day,
    order_day,
    release_instant,
    ship_together,
    street_day,
)
from preorder_kit.testing import date_ranges, days, instants, shipping_times, work_calendars, zones

DAY = dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)


@given(days(), zones())
def test_a_release_instant_is_the_first_of_its_local_day(day, zone):
    begin = release_instant(day, zone=zone)
    assert begin.astimezone(ZoneInfo(zone)).date() == day
    assert (begin - MICROSECOND).astimezone(ZoneInfo(zone)).date() < day
    assert street_day(begin, zone=zone) == day
    assert street_day(begin - MICROSECOND, zone=zone) == day - DAY


@given(instants(), instants())
def test_released_is_from_the_street_date_on(street_date, at):
    assert is_released(street_date, at=at) == (street_date <= at)
    assert is_released(street_date, at=street_date)


@given(shipping_times(), instants(), st.timedeltas(dt.timedelta(0), dt.timedelta(days=3)))
def test_an_order_day_is_worked_and_never_goes_back(times, at, later):
    rules = {"calendar": times.handling.calendar, "cut_off": times.cut_off, "zone": times.zone or "UTC"}
    first = order_day(at, **rules)
    assert times.handling.calendar.is_working_day(first)
    assert first >= street_day(at, zone=times.cut_off.zone if times.cut_off else times.zone or "UTC")
    assert first <= order_day(at + later, **rules)


@given(work_calendars(), days(), st.integers(0, 40))
def test_adding_working_days_agrees_with_counting_them(calendar, day, n):
    reached = calendar.add_working_days(day, n)
    assert calendar.is_working_day(reached)
    assert reached >= day
    between = (day + number * DAY for number in range((reached - day).days))
    assert sum(calendar.is_working_day(item) for item in between) == n


@given(work_calendars(), days(), days(), st.integers(0, 20))
def test_adding_and_subtracting_working_days_bound_each_other(calendar, day, wanted, n):
    in_time = calendar.add_working_days(day, n) <= wanted
    assert in_time == (day <= calendar.subtract_working_days(wanted, n))


@given(shipping_times(), date_ranges())
def test_a_delivery_range_follows_what_is_ready(times, ready):
    arrives = delivery_range(ready, times=times)
    assert ready.earliest <= arrives.earliest <= arrives.latest
    assert arrives.latest >= ready.latest
    assert times.receiving.is_working_day(arrives.earliest)
    assert times.receiving.is_working_day(arrives.latest)


@given(shipping_times(), date_ranges(), st.integers(0, 20), st.integers(0, 20))
def test_a_later_beginning_never_arrives_earlier(times, ready, one, more):
    later = DateRange(ready.earliest + one * DAY, ready.latest + (one + more) * DAY)
    before, after = delivery_range(ready, times=times), delivery_range(later, times=times)
    assert before.earliest <= after.earliest
    assert before.latest <= after.latest


@pytest.mark.parametrize("stage", ["handling", "transit"])
@given(times=shipping_times(), ready=date_ranges(), longer=st.integers(0, 5))
def test_a_longer_stage_never_arrives_earlier(times, ready, longer, stage):
    lead = getattr(times, stage)
    slower = attrs.evolve(times, **{stage: LeadTime(lead.min_days + longer, lead.max_days + longer, lead.calendar)})
    before, after = delivery_range(ready, times=times), delivery_range(ready, times=slower)
    assert before.earliest <= after.earliest
    assert before.latest <= after.latest


@given(shipping_times(), days())
def test_planning_backward_gives_the_latest_day_that_is_in_time(times, wanted):
    last = latest_order_day(wanted, times=times)
    assert delivery_range(last, times=times).latest <= wanted
    assert delivery_range(last + DAY, times=times).latest > wanted
    assert last <= latest_ship_day(wanted, times=times)


@given(st.lists(date_ranges(), min_size=1, max_size=5))
def test_ranges_together_and_apart_bound_each_range(ranges):
    together, first = ship_together(ranges), first_parcel(ranges)
    for item in ranges:
        assert first.earliest <= item.earliest <= together.earliest
        assert first.latest <= item.latest <= together.latest
    assert together.earliest in {item.earliest for item in ranges}


@given(shipping_times(), st.lists(date_ranges(), min_size=1, max_size=4))
def test_arriving_together_is_shipping_what_is_ready_together(times, ranges):
    arrivals = [delivery_range(item, times=times) for item in ranges]
    assert delivery_range(ship_together(ranges), times=times) == ship_together(arrivals)
