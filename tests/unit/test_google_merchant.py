"""Google Merchant: attributes, text and XML."""

from __future__ import annotations

import csv
import datetime as dt
import io
from xml.etree import ElementTree as ET

import attrs
import pytest

from preorder_kit import (
    MON_TO_FRI,
    MON_TO_SAT,
    UNLIMITED,
    DateRange,
    InvalidArgument,
    LeadTime,
    ShippingTimes,
    Stock,
    WorkCalendar,
    normalize_stock,
)
from preorder_kit.adapters.google_merchant import (
    FeedChannel,
    FeedItem,
    FeedRate,
    merchant_attributes,
    write_feed_csv,
    write_feed_rss,
    write_feed_tsv,
)

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
STREET = dt.datetime(2027, 1, 29, tzinfo=dt.timezone.utc)
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
PREORDER = normalize_stock("preorder")
ON_SHELF = normalize_stock(12)
TIMES = ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(3, 5, MON_TO_SAT))
RATES = (
    FeedRate(country="US", price=1600, currency="USD", service="Overnight"),
    FeedRate(country="JP", price=500, currency="JPY"),
)
LP = FeedItem(id="LP", stock=PREORDER, available_from=STREET)
TEE = FeedItem(id="TEE", stock=ON_SHELF)
SHOP = FeedChannel(title="Shop & Co", link="https://shop.example", description="Availability")


@pytest.mark.parametrize(
    ("stock", "name"),
    [(ON_SHELF, "in_stock"), (normalize_stock(3), "in_stock"), (normalize_stock(0), "out_of_stock")],
    ids=["in stock", "low stock", "out of stock"],
)
def test_what_does_not_wait_has_a_word_and_no_date(stock, name):
    item = FeedItem(id="TEE", stock=stock, available_from=STREET)
    assert merchant_attributes(item, at=NOW) == {"id": "TEE", "availability": name}


@pytest.mark.parametrize("kind", ["preorder", "backorder"])
def test_what_waits_has_a_word_and_a_date(kind):
    item = attrs.evolve(LP, stock=Stock(availability=kind, quantity=34))
    assert merchant_attributes(item, at=NOW) == {
        "id": "LP",
        "availability": kind,
        "availability_date": "2027-01-29T00:00+0000",
    }


@pytest.mark.parametrize(
    ("given", "zone", "text"),
    [
        (STREET, "Europe/Oslo", "2027-01-29T01:00+0100"),
        (STREET, "America/New_York", "2027-01-28T19:00-0500"),
        (STREET, "Asia/Kolkata", "2027-01-29T05:30+0530"),
        (STREET.date(), "UTC", "2027-01-29T00:00+0000"),
        (STREET.date(), "Europe/Oslo", "2027-01-29T00:00+0100"),
        (DateRange(NOW.date(), STREET.date()), "Europe/Oslo", "2027-01-29T00:00+0100"),
        (dt.date(2027, 4, 30), "Africa/Cairo", "2027-04-30T01:00+0300"),
        (STREET + dt.timedelta(microseconds=1), "UTC", "2027-01-29T00:01+0000"),
        (STREET + 59 * SECOND, "UTC", "2027-01-29T00:01+0000"),
        (NOW + SECOND, "UTC", "2026-11-22T09:01+0000"),
        (NOW + 365 * DAY, "UTC", "2027-11-22T09:00+0000"),
    ],
    ids=[
        "Oslo",
        "New York",
        "Kolkata",
        "a day in UTC",
        "a day in Oslo",
        "a range",
        "a day without midnight",
        "microseconds round up",
        "seconds round up",
        "a second from now",
        "a year from now",
    ],
)
def test_a_date_has_the_offset_of_its_zone(given, zone, text):
    found = merchant_attributes(attrs.evolve(LP, available_from=given), at=NOW, zone=zone)
    assert found["availability_date"] == text
    assert len(text) <= 25


END = dt.datetime(9999, 12, 31, 23, 59, 30, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    ("given", "at", "zone", "code"),
    [
        (None, NOW, "UTC", "feed.date_missing"),
        (NOW, NOW, "UTC", "feed.date_past"),
        (NOW - DAY, NOW, "UTC", "feed.date_past"),
        (NOW.date(), NOW, "UTC", "feed.date_past"),
        (NOW + 365 * DAY + SECOND, NOW, "UTC", "feed.date_far"),
        (dt.date(2011, 12, 30), NOW, "Pacific/Apia", "day.skipped"),
        (END, END - DAY, "UTC", "instant.invalid"),
        (END.replace(second=0), END - DAY, "Europe/Oslo", "instant.invalid"),
    ],
    ids=["none", "now", "past", "today", "too far", "no such day", "no minute after it", "no local day"],
)
@pytest.mark.parametrize("kind", ["preorder", "backorder"])
def test_a_date_that_cannot_be_said_is_refused(given, at, zone, code, kind):
    item = attrs.evolve(LP, available_from=given, stock=Stock(availability=kind, quantity=None))
    with pytest.raises(InvalidArgument) as caught:
        merchant_attributes(item, at=at, zone=zone)
    assert (caught.value.path, caught.value.code) == ("available_from", code)


def test_a_refusal_says_what_to_do():
    with pytest.raises(InvalidArgument, match="must be given for a preorder; say out_of_stock while there is no date"):
        merchant_attributes(attrs.evolve(LP, available_from=None), at=NOW)


def test_an_unknown_reading_is_refused():
    with pytest.raises(InvalidArgument, match="leave it out of the feed, or pause it") as caught:
        merchant_attributes(FeedItem(id="TEE", stock=normalize_stock("")), at=NOW)
    assert (caught.value.path, caught.value.code) == ("stock", "feed.unknown")


NEVER = LeadTime(0, 0, WorkCalendar(weekdays=frozenset()))


@pytest.mark.parametrize(
    ("times", "stage"),
    [
        (ShippingTimes(handling=NEVER, transit=LeadTime(3, 5, MON_TO_SAT)), "handling"),
        (ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=NEVER), "transit"),
    ],
)
def test_a_week_without_a_working_day_is_not_left_to_google(times, stage):
    found = write_feed_tsv([attrs.evolve(TEE, times=times), LP], at=NOW)
    assert [(problem.path, problem.code) for problem in found.problems] == [
        (f"items[0].times.{stage}.calendar.weekdays", "feed.no_weekday")
    ]
    assert found.values.splitlines()[1].startswith(LP.id)


def test_now_and_the_zone_are_always_checked():
    with pytest.raises(InvalidArgument, match="UTC offset"):
        merchant_attributes(TEE, at=dt.datetime(2026, 11, 22))
    with pytest.raises(InvalidArgument, match="time zone"):
        merchant_attributes(TEE, at=NOW, zone="Oslo")
    with pytest.raises(InvalidArgument, match="time zone"):
        write_feed_tsv([], at=NOW, zone="Oslo")


def test_times_and_rates_have_their_attributes():
    assert merchant_attributes(attrs.evolve(TEE, times=TIMES, rates=RATES), at=NOW) == {
        "id": "TEE",
        "availability": "in_stock",
        "min_handling_time": "0",
        "max_handling_time": "1",
        "shipping_handling_business_days": "Mon;Tue;Wed;Thu;Fri",
        "shipping_transit_business_days": "Mon;Tue;Wed;Thu;Fri;Sat",
        "shipping": "US::Overnight:16.00 USD:0:1:3:5,JP:::500 JPY:0:1:3:5",
    }


def test_rates_without_times_are_prices_alone():
    found = merchant_attributes(attrs.evolve(TEE, rates=RATES), at=NOW)
    assert found["shipping"] == "US::Overnight:16.00 USD,JP:::500 JPY"
    assert "min_handling_time" not in found


@pytest.mark.parametrize(
    ("price", "currency", "text"),
    [(5, "EUR", "0.05 EUR"), (0, "EUR", "0.00 EUR"), (1234, "KWD", "1.234 KWD"), (0, "JPY", "0 JPY")],
)
def test_a_price_is_written_in_major_units(price, currency, text):
    item = attrs.evolve(TEE, rates=[FeedRate(country="NO", price=price, currency=currency)])
    assert merchant_attributes(item, at=NOW)["shipping"] == f"NO:::{text}"


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: FeedItem(id="", stock=ON_SHELF), "id"),
        (lambda: FeedItem(id="x" * 51, stock=ON_SHELF), "id"),
        (lambda: FeedItem(id="a\tb", stock=ON_SHELF), "id"),
        (lambda: FeedItem(id=" TEE", stock=ON_SHELF), "id"),
        (lambda: FeedItem(id=5, stock=ON_SHELF), "id"),
        (lambda: FeedItem(id="TEE", stock=3), "stock"),
        (lambda: attrs.evolve(TEE, available_from="2027-01-29"), "available_from"),
        (lambda: attrs.evolve(TEE, rates=["US"]), "rates[0]"),
        (lambda: attrs.evolve(RATES[0], country="USA"), "country"),
        (lambda: attrs.evolve(RATES[0], country=None), "country"),
        (lambda: attrs.evolve(RATES[0], price=16.0), "price"),
        (lambda: attrs.evolve(RATES[0], service="a:b"), "service"),
        (lambda: attrs.evolve(RATES[0], service="a,b"), "service"),
        (lambda: attrs.evolve(SHOP, title="a\nb"), "title"),
        (lambda: attrs.evolve(SHOP, link=""), "link"),
    ],
)
def test_values_check_their_fields(make, path):
    with pytest.raises(InvalidArgument) as caught:
        make()
    assert caught.value.path == path


def test_a_range_of_one_day_is_that_day():
    day = STREET.date()
    assert attrs.evolve(LP, available_from=DateRange(day, day)) == attrs.evolve(LP, available_from=day)


def test_fifty_characters_are_an_id():
    assert FeedItem(id="x" * 50, stock=ON_SHELF).id == "x" * 50


def test_a_text_feed_has_the_columns_that_are_used():
    assert write_feed_tsv([TEE, LP], at=NOW).complete() == (
        "id\tavailability\tavailability_date\nTEE\tin_stock\t\nLP\tpreorder\t2027-01-29T00:00+0000\n"
    )


def test_a_csv_feed_quotes_what_holds_commas():
    item = attrs.evolve(TEE, id='say "a, b"', rates=RATES)
    document = write_feed_csv([item], at=NOW).complete()
    assert document.splitlines()[1] == '"say ""a, b""",in_stock,"US::Overnight:16.00 USD,JP:::500 JPY"'
    [row] = csv.DictReader(io.StringIO(document))
    assert row == merchant_attributes(item, at=NOW)


def test_what_cannot_be_said_is_listed_and_the_rest_is_written():
    catalogue = [
        TEE,
        attrs.evolve(LP, available_from=None),
        FeedItem(id="MUG", stock=normalize_stock(None)),
        attrs.evolve(LP, id="tee"),
        attrs.evolve(LP, available_from=NOW + 400 * DAY),
        FeedItem(id="CD", stock=normalize_stock(0)),
    ]
    for found in (
        write_feed_tsv(catalogue, at=NOW),
        write_feed_csv(catalogue, at=NOW),
        write_feed_rss(catalogue, channel=SHOP, at=NOW),
    ):
        assert [(problem.path, problem.code) for problem in found.problems] == [
            ("items[1].available_from", "feed.date_missing"),
            ("items[2].stock", "feed.unknown"),
            ("items[3].id", "id.repeated"),
            ("items[4].id", "id.repeated"),
        ]
        assert found.problems[2].message.startswith("must come once: items[0] has it")
        assert ("TEE" in found.values, "CD" in found.values, "LP" in found.values) == (True, True, False)


def test_xml_nests_the_rates():
    item = attrs.evolve(LP, times=TIMES, rates=RATES[:1])
    document = write_feed_rss([item, TEE], channel=SHOP, at=NOW).complete()
    space = "{http://base.google.com/ns/1.0}"
    channel = ET.fromstring(document.encode()).find("channel")
    assert [channel.findtext(name) for name in ("title", "link", "description")] == [
        "Shop & Co",
        "https://shop.example",
        "Availability",
    ]
    first, second = channel.findall("item")
    assert [(node.tag.removeprefix(space), (node.text or "").strip()) for node in first] == [
        ("id", "LP"),
        ("availability", "preorder"),
        ("availability_date", "2027-01-29T00:00+0000"),
        ("min_handling_time", "0"),
        ("max_handling_time", "1"),
        ("shipping_handling_business_days", "Mon;Tue;Wed;Thu;Fri"),
        ("shipping_transit_business_days", "Mon;Tue;Wed;Thu;Fri;Sat"),
        ("shipping", ""),
    ]
    assert [(node.tag.removeprefix(space), node.text) for node in first[-1]] == [
        ("country", "US"),
        ("service", "Overnight"),
        ("price", "16.00 USD"),
        ("min_handling_time", "0"),
        ("max_handling_time", "1"),
        ("min_transit_time", "3"),
        ("max_transit_time", "5"),
    ]
    assert [node.text for node in second] == ["TEE", "in_stock"]


def test_no_number_of_units_is_written():
    stock = Stock(availability="in_stock", quantity=4711, later=UNLIMITED, oversold=4711)
    item = FeedItem(id="TEE", stock=stock)
    assert "4711" not in write_feed_tsv([item], at=NOW).values
    assert "4711" not in write_feed_rss([item], channel=SHOP, at=NOW).values


@pytest.mark.parametrize(
    "make",
    [
        lambda: write_feed_tsv(TEE, at=NOW),
        lambda: write_feed_csv([5], at=NOW),
        lambda: write_feed_rss([TEE], channel="Shop", at=NOW),
        lambda: merchant_attributes("TEE", at=NOW),
    ],
)
def test_arguments_of_another_type_are_refused(make):
    with pytest.raises(InvalidArgument) as caught:
        make()
    assert caught.value.code == "type.invalid"
