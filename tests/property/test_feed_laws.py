"""Laws of what leaves the shop: schema.org offers, Google Merchant feeds, Shopify requests.

- masked: a masked reading gives the same document as the reading itself, so no document can carry a number of units
- total: every availability has a word, or claims nothing (schema.org) or is a problem (Google) where it is unknown
- street date: what is held until its street date is never said to be in stock before it
- dates: what is written is not before what was given, less than a minute after it, and no later date gives an earlier
- a reading is read back from its offer as it was written, alone and in a product
- a product says what its sizes roll up to
- nothing is lost: every product of a catalogue is a row or a problem, the rows in their order
- text and XML say the same
- holds: units held are the part's, line by line, none twice, none that the fulfilment order does not have; a list of
  lines is left out just where all units are held
- deposits: the share at the checkout is the policy's, and there is a balance unless that is everything
"""

import csv
import datetime as dt
import io
import json
from collections import Counter
from xml.etree import ElementTree as ET

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    MON_TO_FRI,
    MON_TO_SAT,
    Availability,
    BeforeStreetDate,
    CaptureMode,
    ChargePolicy,
    CutOff,
    LeadTime,
    Part,
    PartLine,
    ShippingTimes,
    Stock,
    derive_stock,
    mask,
    roll_up,
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
from preorder_kit.adapters.schema_org import OfferShipping, PageOffer, read_offers, write_offer, write_product
from preorder_kit.adapters.shopify import (
    FulfillmentLine,
    FulfillmentOrder,
    PreorderPlan,
    write_holds,
    write_selling_plan_group,
)
from preorder_kit.testing import instants, quantities, sell_rules, zones

MINUTE = dt.timedelta(minutes=1)
YEAR = dt.timedelta(days=365)
SHOP = FeedChannel(title="Shop", link="https://shop.example", description="Availability")
WAITS = ("preorder", "backorder")


def reading(availability, quantity, later, oversold):
    if availability in {Availability.OUT_OF_STOCK, Availability.UNKNOWN}:
        return Stock(availability=availability, quantity=None, oversold=oversold)
    return Stock(availability=availability, quantity=quantity or None, later=later, oversold=oversold)


STOCKS = st.builds(reading, st.sampled_from(Availability), quantities(), quantities(), st.integers(0, 5))
AHEAD = st.timedeltas(dt.timedelta(microseconds=1), YEAR - MINUTE)
TIMES = (
    ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(3, 5, MON_TO_SAT)),
    ShippingTimes(
        handling=LeadTime(2, 2), transit=LeadTime(0, 9), cut_off=CutOff(time=dt.time(15), zone="Asia/Kolkata")
    ),
)
RATES = st.builds(
    FeedRate,
    country=st.sampled_from(["NO", "SE", "US"]),
    price=st.integers(0, 10_000),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    service=st.sampled_from(["", "Express"]),
)


@st.composite
def page_offers(draw, at):
    return PageOffer(
        stock=draw(STOCKS),
        sku=draw(st.sampled_from(["", "LP", "</script>"])),
        price=draw(st.none() | st.integers(0, 10_000)),
        currency="EUR",
        available_from=draw(st.none() | st.builds(lambda ahead: at + ahead, AHEAD)),
        shipping=[OfferShipping(country="NO", times=times) for times in draw(st.sampled_from([(), TIMES[:1], TIMES]))],
    )


@st.composite
def feed_items(draw, at):
    return FeedItem(
        id=draw(st.sampled_from(["LP", "lp", "CD", "A, B", 'the "best"', "é<&"])),
        stock=draw(STOCKS),
        available_from=draw(st.none() | st.builds(lambda ahead: at + ahead, AHEAD) | st.just(at - MINUTE)),
        times=draw(st.sampled_from([None, *TIMES])),
        rates=draw(st.lists(RATES, max_size=2)),
    )


CATALOGUES = instants().flatmap(lambda at: st.tuples(st.lists(feed_items(at), max_size=4), st.just(at)))
PAGES = instants().flatmap(lambda at: st.tuples(st.lists(page_offers(at), min_size=1, max_size=3), st.just(at)))


def masked(values):
    return [attrs.evolve(value, stock=mask(value.stock)) for value in values]


@given(PAGES)
def test_a_masked_page_is_the_same_page(page):
    offers, at = page
    hidden = masked(offers)
    assert write_product(hidden, name="LP", at=at) == write_product(offers, name="LP", at=at)
    assert write_offer(hidden[0], at=at) == write_offer(offers[0], at=at)


@given(CATALOGUES, zones())
def test_a_masked_feed_is_the_same_feed(catalogue, zone):
    items, at = catalogue
    for write in (write_feed_tsv, write_feed_csv):
        assert write(masked(items), at=at, zone=zone) == write(items, at=at, zone=zone)
    hidden = write_feed_rss(masked(items), channel=SHOP, at=at, zone=zone)
    assert hidden == write_feed_rss(items, channel=SHOP, at=at, zone=zone)


@given(PAGES)
def test_readings_are_read_back(page):
    offers, at = page
    found = read_offers(write_product(offers, name="LP", at=at)).complete()
    assert [offer.availability for offer in found] == [offer.stock.availability for offer in offers]
    for offer, back in zip(offers, found, strict=True):
        waits = offer.stock.availability in WAITS
        assert back.available_from == (offer.available_from if waits else None)
        assert back.sku == offer.sku
    [single] = read_offers(write_offer(offers[0], at=at)).complete()
    assert single == found[0]


@given(PAGES)
def test_a_product_says_what_its_sizes_roll_up_to(page):
    offers, at = page
    node = json.loads(write_product(offers, name="LP", at=at))["offers"]
    alone = write_offer(PageOffer(stock=roll_up(offer.stock for offer in offers)), at=at)
    assert node.get("availability") == json.loads(alone).get("availability")


@given(st.integers(-2, 20), st.integers(0, 5), sell_rules(), instants(), AHEAD)
def test_what_is_held_is_not_in_stock_before_its_street_date(on_hand, waiting, rules, at, ahead):
    held = attrs.evolve(rules, before_street_date=BeforeStreetDate.HOLD)
    stock = derive_stock(on_hand=on_hand, waiting=waiting, rules=held, street_date=at + ahead, at=at)
    word = json.loads(write_offer(PageOffer(stock=stock, available_from=at + ahead), at=at))["availability"]
    assert word.rsplit("/", 1)[1] in {"PreOrder", "OutOfStock"}
    attributes = merchant_attributes(FeedItem(id="LP", stock=stock, available_from=at + ahead), at=at)
    assert attributes["availability"] in {"preorder", "out_of_stock"}


def dated(at, ahead, zone):
    stock = Stock(availability="preorder", quantity=None)
    found = merchant_attributes(FeedItem(id="LP", stock=stock, available_from=at + ahead), at=at, zone=zone)
    return dt.datetime.strptime(found["availability_date"], "%Y-%m-%dT%H:%M%z")


@given(instants(), AHEAD, AHEAD, zones())
def test_dates_keep_their_order_and_are_never_early(at, one, other, zone):
    early, late = sorted([one, other])
    first, second = dated(at, early, zone), dated(at, late, zone)
    assert first <= second
    assert at + early <= first < at + early + MINUTE


@given(CATALOGUES, zones())
def test_every_product_is_a_row_or_a_problem(catalogue, zone):
    items, at = catalogue
    feed = write_feed_tsv(items, at=at, zone=zone)
    broken = {int(problem.path.removeprefix("items[").split("]")[0]) for problem in feed.problems}
    assert len(broken) == len(feed.problems)
    sound = [item for index, item in enumerate(items) if index not in broken]
    rows = list(csv.DictReader(io.StringIO(feed.values), delimiter="\t"))
    said = [{name: value for name, value in row.items() if value} for row in rows]
    assert said == [dict(merchant_attributes(item, at=at, zone=zone)) for item in sound]
    for index, item in enumerate(items):
        repeated = item.id.casefold() in {earlier.id.casefold() for earlier in items[:index]}
        undated = item.stock.availability in WAITS and (item.available_from is None or item.available_from <= at)
        unknown = item.stock.availability is Availability.UNKNOWN
        assert (index in broken) == (repeated or undated or unknown)


@given(CATALOGUES, zones())
def test_text_and_xml_say_the_same(catalogue, zone):
    items, at = catalogue
    text = write_feed_csv(items, at=at, zone=zone)
    xml = write_feed_rss(items, channel=SHOP, at=at, zone=zone)
    assert xml.problems == text.problems
    nodes = ET.fromstring(xml.values.encode()).findall("channel/item")
    for node, row in zip(nodes, csv.DictReader(io.StringIO(text.values)), strict=True):
        plain = {name: value for name, value in row.items() if value and name != "shipping"}
        assert {child.tag.split("}")[1]: child.text for child in node if not len(child)} == plain
        ways = [way for way in row.get("shipping", "").split(",") if way]
        assert [[child.text for child in inner] for inner in node if len(inner)] == [
            [part for part in way.split(":") if part] for way in ways
        ]


@st.composite
def held_parts(draw):
    """A part and fulfilment orders that have all of its units, and others."""
    asked = draw(st.dictionaries(st.sampled_from("1234"), st.integers(1, 9), min_size=1))
    beside = draw(st.dictionaries(st.sampled_from("12345"), st.integers(1, 3)))
    places = [Counter(), Counter(), Counter()]
    for line_id, units in (Counter(asked) + Counter(beside)).items():
        for place in draw(st.lists(st.integers(0, 2), min_size=units, max_size=units)):
            places[place][line_id] += 1
    orders = [
        FulfillmentOrder(
            id=f"gid://shopify/FulfillmentOrder/{number}",
            location=draw(st.sampled_from(["", "X"])),
            lines=[
                FulfillmentLine(
                    id=f"gid://shopify/FulfillmentOrderLineItem/{number}{line_id}", line_id=line_id, quantity=units
                )
                for line_id, units in place.items()
            ],
        )
        for number, place in enumerate(places)
    ]
    lines = [PartLine(line_id=line_id, sku="CD", quantity=units) for line_id, units in asked.items()]
    return Part(id="O1/stock", order_id="O1", kind="await_stock", lines=lines, location="X"), orders


@given(held_parts())
def test_the_units_of_a_part_are_held_and_no_others(case):
    part, orders = case
    by_id = {order.id: order for order in orders}
    held = Counter()
    bodies = [json.loads(body)["variables"] for body in write_holds(part, fulfillment_orders=orders)]
    assert len({body["id"] for body in bodies}) == len(bodies)
    for body in bodies:
        there = {line.id: line for line in by_id[body["id"]].lines}
        every = {name: line.quantity for name, line in there.items()}
        listed = body["fulfillmentHold"].get("fulfillmentOrderLineItems")
        units = every if listed is None else {item["id"]: item["quantity"] for item in listed}
        assert (listed is None) == (units == every)
        for name, quantity in units.items():
            assert 1 <= quantity <= there[name].quantity
            held[there[name].line_id] += quantity
    assert held == {line.line_id: line.quantity for line in part.lines}


POLICIES = st.builds(ChargePolicy, mode=st.sampled_from([CaptureMode.ON_SHIPMENT, CaptureMode.UP_FRONT])) | st.builds(
    ChargePolicy, mode=st.just(CaptureMode.DEPOSIT), deposit=st.integers(1, 99)
)


@given(POLICIES, instants(), st.none() | AHEAD)
def test_a_plan_charges_what_the_policy_says(policy, at, ahead):
    street = None if ahead is None else at + ahead
    plan = PreorderPlan(name="Pre-order", terms="Later", policy=policy, street_date=street)
    group = json.loads(write_selling_plan_group(plan, at=at))["variables"]["input"]
    [written] = group["sellingPlansToCreate"]
    fixed = written["billingPolicy"]["fixed"]
    share = fixed["checkoutCharge"]["value"]["percentage"]
    expected = {CaptureMode.ON_SHIPMENT: 0, CaptureMode.UP_FRONT: 100, CaptureMode.DEPOSIT: policy.deposit}
    assert share == expected[policy.mode]
    assert (fixed["remainingBalanceChargeTrigger"] == "NO_REMAINING_BALANCE") == (share == 100)
    if street is not None:
        exact = dt.datetime.fromisoformat(written["deliveryPolicy"]["fixed"]["fulfillmentExactTime"])
        assert street <= exact < street + dt.timedelta(seconds=1)
