"""Offers as JSON-LD: what is written, and what other pages' offers say."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    Availability,
    CutOff,
    DateRange,
    InvalidArgument,
    InvalidDocument,
    LeadTime,
    SalesWindow,
    ShippingTimes,
    Stock,
    WorkCalendar,
    normalize_stock,
)
from preorder_kit.adapters import schema_org
from preorder_kit.adapters.schema_org import (
    OfferReading,
    OfferShipping,
    PageOffer,
    read_offers,
    write_offer,
    write_product,
)
from preorder_kit.formats import recognise

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
STREET = dt.datetime(2027, 1, 29, tzinfo=dt.timezone.utc)
DAY = dt.timedelta(days=1)
PREORDER = normalize_stock("preorder")
BACKORDER = Stock(availability="backorder", quantity=34)
ON_SHELF = normalize_stock(12)


def written(offer: PageOffer, at: dt.datetime = NOW) -> dict:
    return json.loads(write_offer(offer, at=at))


@pytest.mark.parametrize(
    ("stock", "name"),
    [
        (ON_SHELF, "InStock"),
        (normalize_stock(3), "LimitedAvailability"),
        (PREORDER, "PreOrder"),
        (BACKORDER, "BackOrder"),
        (normalize_stock(0), "OutOfStock"),
    ],
    ids=str,
)
def test_each_availability_has_its_word(stock, name):
    assert written(PageOffer(stock=stock)) == {
        "@context": "https://schema.org",
        "@type": "Offer",
        "availability": f"https://schema.org/{name}",
    }


def test_what_is_unknown_claims_nothing():
    offer = PageOffer(stock=normalize_stock(None), available_from=STREET, sku="LP")
    assert written(offer) == {"@context": "https://schema.org", "@type": "Offer", "sku": "LP"}


@pytest.mark.parametrize(
    ("price", "currency", "text"),
    [(2990, "EUR", "29.90"), (5, "EUR", "0.05"), (0, "EUR", "0.00"), (500, "JPY", "500"), (1234, "KWD", "1.234")],
)
def test_a_price_is_written_in_major_units(price, currency, text):
    found = written(PageOffer(stock=ON_SHELF, price=price, currency=currency))
    assert (found["price"], found["priceCurrency"]) == (text, currency)


def test_a_currency_without_a_price_is_not_written():
    assert set(written(PageOffer(stock=ON_SHELF, currency="EUR"))) == {"@context", "@type", "availability"}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (STREET, "2027-01-29T00:00:00Z"),
        (STREET.astimezone(dt.timezone(dt.timedelta(hours=2))), "2027-01-29T00:00:00Z"),
        (STREET.date(), "2027-01-29"),
        (DateRange(STREET.date() - DAY, STREET.date()), "2027-01-29"),
        (NOW, "2026-11-22T09:00:00Z"),
        (NOW.date(), "2026-11-22"),
    ],
    ids=["instant", "another offset", "day", "the latest day of a range", "now", "today"],
)
@pytest.mark.parametrize("stock", [PREORDER, BACKORDER], ids=["preorder", "backorder"])
def test_what_waits_says_from_when_on_it_leaves(stock, given, text):
    assert written(PageOffer(stock=stock, available_from=given))["availabilityStarts"] == text


def test_a_range_of_one_day_is_that_day():
    day = STREET.date()
    assert PageOffer(stock=PREORDER, available_from=DateRange(day, day)) == PageOffer(
        stock=PREORDER, available_from=day
    )


@pytest.mark.parametrize("stock", [ON_SHELF, normalize_stock(0)], ids=["in stock", "out of stock"])
def test_what_does_not_wait_has_no_date_and_no_window(stock):
    window = SalesWindow(opens=NOW, closes=STREET)
    found = written(PageOffer(stock=stock, available_from=STREET, sales_window=window))
    assert not {"availabilityStarts", "validFrom", "validThrough"} & set(found)


@pytest.mark.parametrize("given", [NOW - dt.timedelta(microseconds=1), NOW.date() - DAY], ids=["instant", "day"])
def test_units_do_not_wait_for_the_past(given):
    with pytest.raises(InvalidArgument, match="must not lie before now") as caught:
        write_offer(PageOffer(stock=PREORDER, available_from=given), at=NOW)
    assert (caught.value.path, caught.value.code) == ("available_from", "offer.date_past")


def test_a_sales_window_is_the_offer_s_validity():
    window = SalesWindow(opens=NOW, closes=STREET)
    found = written(PageOffer(stock=PREORDER, sales_window=window))
    assert (found["validFrom"], found["validThrough"]) == ("2026-11-22T09:00:00Z", "2027-01-29T00:00:00Z")
    found = written(PageOffer(stock=PREORDER, sales_window=SalesWindow(closes=STREET)))
    assert ("validFrom" in found, "validThrough" in found) == (False, True)


def test_the_end_of_availability_is_written():
    assert written(PageOffer(stock=ON_SHELF, available_until=STREET))["availabilityEnds"] == "2027-01-29T00:00:00Z"
    assert written(PageOffer(stock=ON_SHELF, available_until=STREET.date()))["availabilityEnds"] == "2027-01-29"


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (STREET, STREET),
        (STREET.date(), STREET.date()),
        (STREET, STREET.date()),
        (STREET.date(), STREET + DAY / 2),
        (DateRange(NOW.date(), STREET.date()), STREET.date()),
    ],
    ids=["instants", "days", "instant and day", "day and instant", "range"],
)
def test_it_does_not_end_before_it_begins(begin, end):
    with pytest.raises(InvalidArgument, match="must be later than 2027-01-29") as caught:
        PageOffer(stock=PREORDER, available_from=begin, available_until=end)
    assert (caught.value.path, caught.value.code) == ("available_until", "range.reversed")
    longer = end + DAY
    assert PageOffer(stock=PREORDER, available_from=begin, available_until=longer).available_until == longer


TIMES = ShippingTimes(
    handling=LeadTime(0, 1, MON_TO_FRI),
    transit=LeadTime(3, 5),
    cut_off=CutOff(time=dt.time(15), zone="America/New_York"),
)


def test_shipping_says_how_long_each_stage_takes():
    offer = PageOffer(stock=ON_SHELF, currency="USD", shipping=[OfferShipping(country="US", times=TIMES, price=495)])
    assert written(offer)["shippingDetails"] == [
        {
            "@type": "OfferShippingDetails",
            "shippingDestination": {"@type": "DefinedRegion", "addressCountry": "US"},
            "shippingRate": {"@type": "MonetaryAmount", "value": "4.95", "currency": "USD"},
            "deliveryTime": {
                "@type": "ShippingDeliveryTime",
                "handlingTime": {"@type": "QuantitativeValue", "minValue": 0, "maxValue": 1, "unitCode": "DAY"},
                "transitTime": {"@type": "QuantitativeValue", "minValue": 3, "maxValue": 5, "unitCode": "DAY"},
                "cutoffTime": "15:00:00-05:00",
                "businessDays": {
                    "@type": "OpeningHoursSpecification",
                    "dayOfWeek": [
                        "https://schema.org/Monday",
                        "https://schema.org/Tuesday",
                        "https://schema.org/Wednesday",
                        "https://schema.org/Thursday",
                        "https://schema.org/Friday",
                    ],
                },
            },
        }
    ]


def delivery_time(times: ShippingTimes, at: dt.datetime = NOW) -> dict:
    [way] = written(PageOffer(stock=ON_SHELF, shipping=[OfferShipping(country="NO", times=times)]), at)[
        "shippingDetails"
    ]
    assert "shippingRate" not in way
    return way["deliveryTime"]


def test_a_cut_off_has_the_offset_of_its_zone_now():
    assert delivery_time(TIMES, dt.datetime(2027, 7, 1, tzinfo=dt.timezone.utc))["cutoffTime"] == "15:00:00-04:00"


def test_the_earliest_cut_off_of_a_week_is_written():
    saturday = attrs.evolve(TIMES.cut_off, by_weekday={5: dt.time(12, 30), 3: dt.time(17)})
    assert delivery_time(attrs.evolve(TIMES, cut_off=saturday))["cutoffTime"] == "12:30:00-05:00"


def test_no_cut_off_and_no_working_day_are_not_written():
    times = ShippingTimes(handling=LeadTime(0, 0, WorkCalendar(weekdays=())), transit=LeadTime(1, 1))
    assert set(delivery_time(times)) == {"@type", "handlingTime", "transitTime"}


def test_an_instant_without_a_local_day_is_refused():
    with pytest.raises(InvalidArgument, match="must lie in the years 1 to 9999"):
        delivery_time(TIMES, dt.datetime(1, 1, 1, tzinfo=dt.timezone.utc))


def test_no_text_ends_the_script_element():
    document = write_offer(PageOffer(stock=ON_SHELF, sku="</script><script>"), at=NOW)
    assert "<" not in document
    assert json.loads(document)["sku"] == "</script><script>"


def test_no_number_of_units_is_written():
    stock = Stock(availability="in_stock", quantity=4711, later=UNLIMITED, oversold=4711)
    offers = [PageOffer(stock=stock, url="https://shop.example/lp"), PageOffer(stock=normalize_stock(0))]
    for document in (write_offer(offers[0], at=NOW), write_product(offers, name="LP", at=NOW)):
        assert "4711" not in document
        assert "inventoryLevel" not in document


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"price": 1}, "currency"),
        ({"shipping": [OfferShipping(country="NO", times=TIMES, price=0)]}, "currency"),
        ({"price": -1, "currency": "EUR"}, "price"),
        ({"price": 1, "currency": "eur"}, "currency"),
        ({"stock": "yes"}, "stock"),
        ({"available_from": "2027-01-29"}, "available_from"),
        ({"available_from": dt.datetime(2027, 1, 29)}, "available_from"),
        ({"available_until": DateRange(STREET.date(), STREET.date())}, "available_until"),
        ({"sales_window": (NOW, STREET)}, "sales_window"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_an_offer_checks_its_fields(fields, path):
    with pytest.raises(InvalidArgument) as caught:
        PageOffer(**{"stock": ON_SHELF} | fields)
    assert caught.value.path == path


@pytest.mark.parametrize("country", ["no", "NOR", "N1", "", None])
def test_a_country_is_two_capital_letters(country):
    with pytest.raises(InvalidArgument, match="ISO 3166-1"):
        OfferShipping(country=country, times=TIMES)


SMALL = PageOffer(stock=normalize_stock(0), sku="TEE-S", price=29900, currency="NOK")
LARGE = PageOffer(stock=ON_SHELF, sku="TEE-L", price=34900, currency="NOK")


def test_a_product_of_one_offer_holds_it():
    assert json.loads(write_product([SMALL], name="Tee", at=NOW)) == {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": "Tee",
        "offers": {
            "@type": "Offer",
            "sku": "TEE-S",
            "availability": "https://schema.org/OutOfStock",
            "price": "299.00",
            "priceCurrency": "NOK",
        },
    }


@pytest.mark.parametrize("sizes", [[SMALL, LARGE], [LARGE, SMALL]], ids=["the cheapest first", "the cheapest last"])
def test_a_product_of_several_offers_rolls_them_up(sizes):
    found = json.loads(write_product(sizes, name="Tee", at=NOW))["offers"]
    assert [offer.pop("@type") for offer in found.pop("offers")] == ["Offer", "Offer"]
    assert found == {
        "@type": "AggregateOffer",
        "offerCount": 2,
        "availability": "https://schema.org/InStock",
        "lowPrice": "299.00",
        "highPrice": "349.00",
        "priceCurrency": "NOK",
    }


def test_prices_are_rolled_up_where_all_are_known():
    found = json.loads(write_product([SMALL, attrs.evolve(LARGE, price=None)], name="Tee", at=NOW))["offers"]
    assert not {"lowPrice", "highPrice", "priceCurrency"} & set(found)
    unknown = [PageOffer(stock=normalize_stock(None))] * 2
    assert "availability" not in json.loads(write_product(unknown, name="Tee", at=NOW))["offers"]


@pytest.mark.parametrize(
    ("offers", "path", "code"),
    [
        ([], "offers", "offer.none"),
        ([SMALL, attrs.evolve(LARGE, currency="EUR")], "offers", "currency.several"),
        ([SMALL, "TEE"], "offers[1]", "type.invalid"),
        ([SMALL, PageOffer(stock=PREORDER, available_from=NOW - DAY)], "offers[1].available_from", "offer.date_past"),
    ],
    ids=["none", "currencies", "no offer", "past"],
)
def test_a_product_that_cannot_be_written_is_refused(offers, path, code):
    with pytest.raises(InvalidArgument) as caught:
        write_product(offers, name="Tee", at=NOW)
    assert (caught.value.path, caught.value.code) == (path, code)


def read_word(word: object) -> OfferReading:
    [found] = read_offers(json.dumps({"@type": "Offer", "availability": word})).complete()
    return found


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("https://schema.org/InStock", Availability.IN_STOCK),
        ("http://schema.org/InStock", Availability.IN_STOCK),
        ("http://www.schema.org/LimitedAvailability", Availability.LOW_STOCK),
        ("schema:PreOrder", Availability.PREORDER),
        ("BackOrder", Availability.BACKORDER),
        ("backorder", Availability.BACKORDER),
        ("in_stock", Availability.IN_STOCK),
        ("Out of stock", Availability.OUT_OF_STOCK),
        ("SoldOut", Availability.OUT_OF_STOCK),
        ("Discontinued", Availability.OUT_OF_STOCK),
        ("Reserved", Availability.OUT_OF_STOCK),
        ("OnlineOnly", Availability.IN_STOCK),
        ("https://schema.org/PreSale", None),
        ("MadeToOrder", None),
        ("InStoreOnly", None),
        ("https://other.example/InStock", None),
    ],
)
def test_a_word_is_read_and_kept(word, meaning):
    assert read_word(word) == OfferReading(word=word, availability=meaning)


def test_a_word_may_be_a_node():
    found = read_word({"@id": "https://schema.org/InStock"})
    assert (found.word, found.availability) == ("https://schema.org/InStock", Availability.IN_STOCK)


@pytest.mark.parametrize("kind", ["Offer", "schema:Offer", "https://schema.org/Offer", ["Thing", "AggregateOffer"]])
def test_an_offer_without_a_word_is_unknown(kind):
    [found] = read_offers(json.dumps({"@type": kind, "sku": 7})).complete()
    assert found == OfferReading(sku="7", word="", availability=Availability.UNKNOWN)


def test_a_page_is_read():
    path = Path(__file__).parents[1] / "golden" / "payloads" / "schema_org" / "page_graph.json"
    assert read_offers(path.read_bytes()).complete() == (
        OfferReading(
            sku="LP-2201",
            word="http://schema.org/PreOrder",
            availability="preorder",
            available_from=dt.datetime(2027, 1, 28, 23, tzinfo=dt.timezone.utc),
        ),
        OfferReading(
            sku="TEE-S",
            word="https://schema.org/BackOrder",
            availability="backorder",
            available_from=dt.date(2026, 12, 14),
            available_until=dt.date(2027, 6, 30),
        ),
        OfferReading(sku="TEE-M", word="schema:InStock", availability="in_stock"),
        OfferReading(sku="TEE-M-USED", word="https://schema.org/InStoreOnly", availability=None),
    )
    assert recognise(path.read_bytes()) == "schema-org-offers"


def test_an_offer_that_names_no_sku_has_that_of_what_it_is_of():
    variants = [
        {"sku": "TEE-S", "offers": {"availability": "InStock"}},
        {"sku": "TEE-M", "offers": {"offers": [{"sku": 7, "availability": "InStock"}, {"availability": "OutOfStock"}]}},
        {"offers": {"availability": "InStock"}},
    ]
    found = read_offers(json.dumps({"@type": "ProductGroup", "sku": " ", "hasVariant": variants})).complete()
    assert [offer.sku for offer in found] == ["TEE-S", "7", "TEE-M", ""]


def test_a_sku_of_a_product_that_is_none_leaves_its_offer():
    found = read_offers('{"@type": "Product", "sku": [], "offers": {"availability": "InStock"}}')
    assert [(problem.path, problem.code) for problem in found.problems] == [("sku", "text.invalid")]
    assert found.values == (READ,)


OFFER = {"availability": "InStock"}
READ = OfferReading(word="InStock", availability="in_stock")


@pytest.mark.parametrize(
    ("document", "count"),
    [
        (OFFER, 1),
        ([OFFER, OFFER], 2),
        ({"@type": "Product", "offers": OFFER}, 1),
        ({"@type": "Product", "offers": [OFFER, OFFER]}, 2),
        ({"offers": {"@type": "AggregateOffer", "offers": [OFFER, OFFER, OFFER]}}, 3),
        ({"offers": {"@type": "AggregateOffer", **OFFER}}, 1),
        ({"offers": [{"@type": "AggregateOffer", "offers": [OFFER]}, OFFER]}, 2),
        ({"@graph": [{"@type": "Organization"}, {"@type": ["Product"], "offers": OFFER}]}, 1),
        ({"@type": ["Offer"], **OFFER}, 1),
        ({"@type": "ProductGroup", "hasVariant": [{"offers": OFFER}, {"@type": "Product"}, {"offers": [OFFER]}]}, 2),
        ({"@type": "ProductGroup", "hasVariant": {"@type": "Product", "offers": OFFER}, "offers": OFFER}, 2),
        ({"@type": "Offer", "offers": " ", "hasVariant": None, **OFFER}, 1),
        ([{"@type": "BreadcrumbList"}, OFFER], 1),
    ],
    ids=str,
)
def test_offers_are_found_where_they_are(document, count):
    assert read_offers(json.dumps(document)).complete() == (READ,) * count


def test_dates_are_read():
    document = {"availability": "PreOrder", "availabilityStarts": "2027-01-29", "availabilityEnds": "2027-06-30T22:00Z"}
    [found] = read_offers(json.dumps(document)).complete()
    assert found.available_from == dt.date(2027, 1, 29)
    assert found.available_until == dt.datetime(2027, 6, 30, 22, tzinfo=dt.timezone.utc)


def test_a_time_without_an_offset_needs_a_zone():
    document = json.dumps([{"availabilityStarts": "2027-01-29T00:00:00", **OFFER}, OFFER])
    found = read_offers(document)
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("[0].availabilityStarts", "instant.naive"),
    ]
    assert found.values == (READ,)
    [first, _] = read_offers(document, zone="Europe/Oslo").complete()
    assert first.available_from == dt.datetime(2027, 1, 28, 23, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    ("offer", "path", "code"),
    [
        ({"sku": []}, "offers[0].sku", "text.invalid"),
        ({"availability": True}, "offers[0].availability", "text.invalid"),
        ({"availability": ["InStock"]}, "offers[0].availability", "text.invalid"),
        ({"availability": {"@id": 5}}, "offers[0].availability", "text.invalid"),
        ({"availabilityStarts": "soon"}, "offers[0].availabilityStarts", "day.invalid"),
        ({"availabilityStarts": 5}, "offers[0].availabilityStarts", "instant.invalid"),
        ({"availabilityEnds": "2027-01-29T99:00:00Z"}, "offers[0].availabilityEnds", "instant.invalid"),
    ],
    ids=str,
)
def test_a_bad_offer_is_a_problem_and_the_others_are_read(offer, path, code):
    found = read_offers(json.dumps({"offers": [{"@type": "Offer", **offer}, OFFER]}))
    assert [(problem.path, problem.code) for problem in found.problems] == [(path, code)]
    assert found.values == (READ,)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"offers": [5, OFFER]}, "offers[0]"),
        ({"offers": 5}, "offers"),
        ([5, OFFER], "[0]"),
        ({"offers": {"offers": [True]}}, "offers.offers[0]"),
    ],
    ids=str,
)
def test_what_should_be_an_object_is_a_problem(document, path):
    assert [problem.path for problem in read_offers(json.dumps(document)).problems] == [path]


@pytest.mark.parametrize(
    "document", ["[]", "5", "{}", '{"@graph": []}', '[{"@type": "OfferCatalog"}]', '{"offers": []}', '{"@type": 5}']
)
def test_a_document_without_offers_is_another_document(document):
    with pytest.raises(InvalidDocument) as caught:
        read_offers(document)
    assert [problem.code for problem in caught.value.problems] == ["document.unrecognised"]


@pytest.mark.parametrize(
    ("document", "path"), [("[5]", "[0]"), ('{"@graph": 5}', "@graph"), ('{"@graph": [5]}', "@graph[0]")]
)
def test_a_document_without_objects_is_refused(document, path):
    with pytest.raises(InvalidDocument) as caught:
        read_offers(document)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(path, "type.invalid")]


def test_what_is_written_is_read_back():
    offers = [attrs.evolve(SMALL, stock=PREORDER, available_from=STREET, available_until=STREET + DAY), LARGE]
    found = read_offers(write_product(offers, name="Tee", at=NOW)).complete()
    assert [(offer.sku, offer.availability, offer.available_from, offer.available_until) for offer in found] == [
        ("TEE-S", Availability.PREORDER, STREET, STREET + DAY),
        ("TEE-L", Availability.IN_STOCK, None, None),
    ]


@pytest.mark.parametrize(
    ("root", "is_one"),
    [
        ({"@context": "https://schema.org", "offers": []}, True),
        ({"@context": "http://schema.org/", "availability": "InStock"}, True),
        ([{"@context": "https://schema.org", "@graph": []}], True),
        ({"@context": "https://schema.org", "@type": "Person"}, False),
        ({"@context": ["https://schema.org", {"sku": "x"}], "offers": []}, True),
        ({"@context": {"@vocab": "http://schema.org/"}, "hasVariant": []}, True),
        ({"@context": {"@vocab": 5}, "offers": []}, False),
        ({"@context": [None, "https://example.org"], "offers": []}, False),
        ({"offers": []}, False),
        ([], False),
        (None, False),
        (frozenset({"offers"}), False),
    ],
    ids=str,
)
def test_a_document_is_recognised_by_its_context(root, is_one):
    [format_] = schema_org._FORMATS
    assert format_.recognises(root) is is_one
