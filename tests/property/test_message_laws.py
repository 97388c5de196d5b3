"""Laws of messages.

- the same subject in another place has another text at most: code and parameters stay
- the same instant, written at another offset, says the same
- no day that has passed is an expectation, and no range is reversed
- a year is shown just where a day is not in the present one, in every language
- of a stock no number is shown but that of the few that are left; masked stock shows none
- a quote's numbers add up, and a promise names its own units, not those of the order
- a plan has one message for each part and one for each cancellation, in its order, parcels numbered through
- every text is one line of words with nothing left to fill in, in every language
- what is kept of a message builds it again
"""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    Availability,
    BreakReason,
    Broken,
    Cancelled,
    CancelReason,
    Message,
    Part,
    PartKind,
    PartLine,
    Place,
    Promise,
    PromiseKind,
    describe,
    describe_plan,
    describe_stock,
    mask,
    normalize_stock,
    quote,
    split_order,
)
from preorder_kit.stock import Stock
from preorder_kit.testing import date_ranges, instants, quantities, worlds, zones
from preorder_kit.translations import LANGUAGES, translate

places = st.sampled_from(Place)
ranges = st.none() | date_ranges()
FOR_SALE = [Availability.IN_STOCK, Availability.LOW_STOCK, Availability.PREORDER, Availability.BACKORDER]


def for_sale(kind):
    return st.builds(
        Stock,
        availability=st.just(kind),
        quantity=st.none() | st.integers(1, 20),
        later=quantities(),
        oversold=st.integers(0, 20),
    )


stocks = st.one_of(
    st.sampled_from(FOR_SALE).flatmap(for_sale),
    st.sampled_from([normalize_stock(None), normalize_stock("no"), normalize_stock(-7)]),
)


def promised(kind, days, quantity):
    return Promise(order_id="O1", line_id="1", sku="A", quantity=quantity, kind=kind, ready=days, delivery=days)


promises = st.builds(promised, st.sampled_from(PromiseKind), ranges, st.integers(1, 20))
broken = st.builds(
    lambda was, now, units, because: Broken(
        promise=promised("backorder", was, units),
        now=promised("backorder", now, units),
        days_moved=None,
        because=because,
    ),
    ranges,
    ranges,
    st.integers(1, 20),
    st.sampled_from(BreakReason),
)
parts = st.builds(
    lambda kind, street_date, days: Part(
        id="O1/1",
        order_id="O1",
        kind=kind,
        lines=[PartLine(line_id="1", sku="A", quantity=2)],
        street_date=street_date,
        delivery=days,
    ),
    st.sampled_from(PartKind),
    st.none() | instants(),
    ranges,
)
cancellations = st.builds(
    Cancelled,
    line_id=st.just("1"),
    sku=st.just("A"),
    quantity=st.integers(1, 20),
    reason=st.sampled_from(CancelReason),
)
quotes = st.builds(
    lambda asked, stock, cap: quote(asked, stock=stock, cap=cap), st.integers(0, 25), stocks, quantities(most=5)
)
subjects = st.one_of(stocks, quotes, date_ranges(), promises, broken, parts, cancellations)


def day(text):
    return dt.date.fromisoformat(text)


def shown_ranges(message):
    """Return the ranges of a message, what was said before among them."""
    bounds = (("earliest", "latest"), ("was_earliest", "was_latest"), ("street_day", "street_day"))
    params = message.params
    return [(day(params[first]), day(params[last])) for first, last in bounds if first in params]


@given(subjects, places, places, instants(), zones())
def test_what_is_said_is_decided_once_for_all_places(subject, place, other, at, zone):
    here, there = (describe(subject, place=where, at=at, zone=zone) for where in (place, other))
    assert (here.code, here.params) == (there.code, there.params)
    assert (here.text == there.text) or place is not other


@given(subjects, places, instants(), zones())
def test_an_instant_is_the_same_at_every_offset(subject, place, at, zone):
    elsewhere = at.astimezone(dt.timezone(dt.timedelta(hours=13)))
    assert describe(subject, place=place, at=at, zone=zone) == describe(subject, place=place, at=elsewhere, zone=zone)


@given(subjects, places, instants(), zones())
def test_no_day_that_has_passed_is_expected_and_no_range_is_reversed(subject, place, at, zone):
    found = describe(subject, place=place, at=at, zone=zone)
    assert all(first <= last for first, last in shown_ranges(found))
    expected = [found.params[name] for name in ("earliest", "latest", "street_day") if name in found.params]
    # On the day that the clocks go back over midnight, the day that has begun counts.
    today = at.astimezone(ZoneInfo(zone)).date()
    assert all(day(text) >= today for text in expected)


@given(stocks, ranges, st.none() | instants(), instants(), zones())
def test_a_street_date_is_named_just_while_it_is_ahead(stock, days, street_date, at, zone):
    found = describe_stock(stock, street_date=street_date, delivery=days, place="product_page", at=at, zone=zone)
    ahead = street_date is not None and street_date > at and stock.is_preorder
    assert ("street_day" in found.params) == ahead


@given(date_ranges(), instants(), zones(), st.sampled_from(LANGUAGES))
def test_a_year_is_shown_just_where_a_day_is_not_in_the_present_one(days, at, zone, locale):
    found = describe(days, place="listing_page", at=at, zone=zone)
    for first, last in shown_ranges(found):
        years = {first.year, last.year} - ({found.params["year"]} if first.year == last.year else set())
        for text in (found.text, translate(found, locale=locale)):
            assert {int(year) for year in re.findall(r"\d{4}", text)} == years


@given(stocks, ranges, places, instants(), zones())
def test_no_number_of_a_stock_is_shown_but_that_of_the_few_that_are_left(stock, days, place, at, zone):
    facts = {"delivery": days, "place": place, "at": at, "zone": zone}
    found = describe_stock(stock, **facts)
    hidden = attrs.evolve(stock, later=0, oversold=0)
    assert describe_stock(hidden, **facts) == found
    few = stock.availability is Availability.LOW_STOCK and stock.quantity is not None
    assert ("left" in found.params) == few
    masked = describe_stock(mask(stock), **facts)
    assert "left" not in masked.params
    assert few or masked == found


@given(quotes, places, instants())
def test_the_numbers_of_a_quote_add_up(answer, place, at):
    params = describe(answer, place=place, at=at, zone="UTC").params
    assert params["now"] + params["later"] == params["available"]
    assert params["asked"] - params["available"] == answer.refused


@given(promises | broken, instants())
def test_a_promise_names_its_own_units(subject, at):
    units = subject.quantity if isinstance(subject, Promise) else subject.now.quantity
    found = describe(subject, place="confirmation", at=at, zone="UTC")
    assert found.params["units"] == units
    assert found.text.startswith(f"{units} item")


@given(worlds(addresses=("", "home")), places, zones())
def test_a_plan_has_a_message_for_each_part_and_each_cancellation(world, place, zone):
    plan = split_order(world.order, supply=world.supply, at=world.at, times=world.times)
    found = describe_plan(plan, place=place, at=world.at, zone=zone)
    assert len(found) == len(plan.parts) + len(plan.cancelled)
    of_parts, of_cuts = found[: len(plan.parts)], found[len(plan.parts) :]
    assert [message.code for message in of_cuts] == [f"cancelled.{cut.reason}" for cut in plan.cancelled]
    physical = [item for item, part in zip(of_parts, plan.parts, strict=True) if part.kind is not PartKind.DIGITAL]
    numbers = [(message.params.get("parcel"), message.params.get("parcels")) for message in physical]
    count = len(physical)
    assert numbers == ([(number, count) for number in range(1, count + 1)] if count > 1 else [(None, None)] * count)
    for message, part in zip(of_parts, plan.parts, strict=True):
        alone = describe(part, place=place, at=world.at, zone=zone)
        assert message.code == alone.code
        assert message.text.endswith(alone.text)


@given(subjects, places, instants(), zones(), st.sampled_from([*LANGUAGES, "de_AT", "en_US", "fr_CA"]))
def test_every_text_is_one_line_with_nothing_left_to_fill_in(subject, place, at, zone, locale):
    found = describe(subject, place=place, at=at, zone=zone)
    for text in (found.text, translate(found, locale=locale)):
        assert text == " ".join(text.split(" ")).strip()
        assert text
        assert not re.search(r"[{}|\n_]", text)


@given(subjects, places, instants(), zones())
def test_what_is_kept_of_a_message_builds_it_again(subject, place, at, zone):
    found = describe(subject, place=place, at=at, zone=zone)
    kept = {"code": found.code, "place": found.place.value, "params": dict(found.params), "text": found.text}
    assert Message(**kept) == found
    assert hash(Message(**kept)) == hash(found)
