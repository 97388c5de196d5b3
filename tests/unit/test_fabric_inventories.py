"""Inventories of fabric's second and third API: read, written, compared, and what can be sold of them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest
from jsonschema import Draft202012Validator

from preorder_kit import (
    UNLIMITED,
    Availability,
    BeforeStreetDate,
    Commitment,
    InvalidArgument,
    InvalidDocument,
    Read,
    Receipt,
    SellRules,
    Stock,
    Supply,
)
from preorder_kit.adapters.fabric import (
    CounterDifference,
    InventoryRecord,
    available_to_purchase,
    backorder_receipt,
    counter_differences,
    inventory_rules,
    inventory_stock,
    inventory_supplies,
    read_inventories,
    status_availability,
    status_word,
    write_inventory_v2,
    write_inventory_v3,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fabric"
UTC = dt.timezone.utc
NOW = dt.datetime(2026, 11, 22, tzinfo=UTC)
SOON = dt.datetime(2027, 1, 20, tzinfo=UTC)
PAST = dt.datetime(2026, 1, 20, tzinfo=UTC)


def payload(name: str) -> str:
    return (PAYLOADS / name).read_text()


def problems(found: Read | InvalidDocument) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


def record(**fields: object) -> InventoryRecord:
    return InventoryRecord(**{"sku": "A", "location": "175", **fields})


SECOND = InventoryRecord(
    sku="1597422",
    item_id="1597422",
    location="175",
    channel="12",
    region="US",
    segment="GENERAL",
    vendor="v-7",
    kind="REGULAR",
    lead_time="5",
    is_infinite=False,
    backorder_at=SOON,
    backorder_limit=50,
    preorder_limit=0,
    safety_stock=2,
    low_stock=5,
    counters={"onHand": 100, "allocated": 10, "shipped": 20},
)
THIRD = InventoryRecord(
    id="723910d81723",
    sku="SHOE42",
    item_id="12345",
    location="175",
    channel="12",
    region="US",
    vendor="v-7",
    kind="REGULAR",
    network="US-ALL",
    lead_time="5",
    backorder_at=SOON,
    backorder_limit=50,
    preorder_limit=0,
    safety_stock=2,
    low_stock=5,
    counters={"onHand": 30, "allocated": 10, "shipped": 20},
    virtual={"availableToPurchase": -2, "availableBackorder": 50, "availablePreorder": 0},
    attributes={"isBopis": "true"},
    created_at=dt.datetime(2026, 11, 1, 20, 3, 28, 483000, tzinfo=UTC),
    updated_at=dt.datetime(2026, 11, 20, 20, 3, 28, 483000, tzinfo=UTC),
)


def test_an_inventory_of_the_second_api_is_read_as_it_is_sent():
    assert read_inventories(payload("inventory_v2_create.json")) == Read((SECOND,))


def test_a_page_of_the_third_api_is_read_as_it_is_sent():
    assert read_inventories(payload("inventory_v3_find_response.json")) == Read((THIRD,))


CREATED = InventoryRecord(
    id="6b81d2f3a4b5c6d7e8f90123",
    sku="VINYL-7",
    item_id="20417",
    location="334",
    channel="13",
    region="Nordics",
    vendor="v-12",
    kind="primary",
    network="ShipToHome",
    lead_time="2 weeks",
    status=" PREORDER_STOCK",
    preorder_at=dt.datetime(2027, 2, 5, tzinfo=UTC),
    backorder_limit=0,
    preorder_limit=40,
    safety_stock=0,
    low_stock=3,
    counters={"onHand": 12, "allocated": 9, "shipped": 2, "damaged": 1},
    virtual={"availableToPurchase": 0, "availableBackorder": 0, "availablePreorder": 31},
    attributes={"isBopis": "false"},
    created_at=dt.datetime(2026, 11, 2, 7, 15, 0, 120000, tzinfo=UTC),
    updated_at=dt.datetime(2026, 11, 21, 18, 40, 9, 4000, tzinfo=UTC),
)
LISTED = (
    InventoryRecord(
        id="6b81d2f3a4b5c6d7e8f90456",
        sku="SHOE42",
        item_id="4300000042",
        location="175",
        channel="12",
        vendor="v-7",
        kind="REGULAR",
        lead_time="5",
        counters={"onHand": 8, "allocated": 3},
        virtual={"availableToPurchase": 5},
        attributes={"buy online, pick up in-store (bopis)": "true"},
    ),
    InventoryRecord(
        id="6b81d2f3a4b5c6d7e8f90457", sku="EBOOK9", location="1", channel="12", is_infinite=True, counters={}
    ),
)


def test_a_reply_of_the_third_api_is_read_as_it_is_sent():
    assert read_inventories(payload("inventory_v3_create_response.json")) == Read((CREATED,))
    assert counter_differences(CREATED) == ()
    assert inventory_stock(CREATED, at=NOW) == Stock(availability=Availability.PREORDER, quantity=31)


def test_a_page_of_the_second_api_is_read_as_it_is_sent():
    assert read_inventories(payload("inventories_page_v2.json")) == Read(LISTED)
    assert available_to_purchase(LISTED[0]) == 5


def test_inventories_by_geography_are_read():
    found = {
        "locations": [{"locationNumber": 334}],
        "inventories": [json.loads(payload("inventory_v3_create_response.json"))],
    }
    assert read_inventories(json.dumps(found)) == Read((CREATED,))
    broken = {"locations": [], "inventories": [GOOD, {**GOOD, "lowStock": -1}]}
    assert problems(read_inventories(json.dumps(broken))) == [("inventories[1].lowStock", "units.invalid")]


@pytest.mark.parametrize("name", ["onHand", "on-hand", "on_hand", "On Hand", "ONHAND"])
def test_a_counter_of_fabric_may_be_spelled_otherwise(name):
    [found] = read_inventories(json.dumps({**GOOD, "counters": {name: 5, "Damaged": 1}})).complete()
    assert found.counters == {"onHand": 5, "Damaged": 1}


def test_a_field_may_be_spelled_as_the_other_api_does():
    second = {
        "sku": "A",
        "locationNum": 175,
        "hasInfiniteInventory": True,
        "backorderLimit": 7,
        "preorderShipmentAt": None,
    }
    assert read_inventories(json.dumps(second)).complete() == (record(is_infinite=True, backorder_limit=7),)
    third = {**GOOD, "inventoryType": "REGULAR", "preOrderLimit": 3, "type": ""}
    [found] = read_inventories(json.dumps(third)).complete()
    assert found == record(counters={"onHand": 5}, kind="REGULAR", preorder_limit=3)
    assert problems(read_inventories(json.dumps({**third, "preOrderLimit": -1}))) == [
        ("preOrderLimit", "units.invalid")
    ]
    both = {**second, "backOrderLimit": 2}
    assert read_inventories(json.dumps(both)).complete()[0].backorder_limit == 2


def test_an_attribute_may_be_blank():
    written = write_inventory_v3(record(counters={"onHand": 5}, attributes={"a": "", "b": "x"}))
    assert read_inventories(written).complete()[0].attributes == {"a": "", "b": "x"}


def test_a_counter_in_two_spellings_is_a_problem():
    found = read_inventories(json.dumps({**GOOD, "counters": {"onHand": 5, "on-hand": 6}}))
    assert problems(found) == [("counters.on-hand", "fabric.repeated")]
    assert found.values == ()


def test_the_samples_say_what_can_be_sold():
    assert available_to_purchase(SECOND) == 68
    assert inventory_stock(SECOND, at=NOW) == Stock(availability=Availability.IN_STOCK, quantity=68, later=50)
    assert available_to_purchase(THIRD) == -2
    assert counter_differences(THIRD) == ()
    assert inventory_stock(THIRD, at=NOW) == Stock(availability=Availability.BACKORDER, quantity=50)


def test_an_empty_page_holds_nothing():
    assert read_inventories('{"pagination": {"count": 0}, "data": []}') == Read(())


def test_words_and_numbers_may_be_written_otherwise():
    document = {
        "sku": 7,
        "itemId": "8",
        "locationNum": "WH1",
        "channelId": 12,
        "infiniteInventory": "TRUE",
        "leadTime": 5,
        "backOrderLimit": "50",
        "backOrderDate": "2027-01-20",
        "counters": {"onHand": "-3", "allocated": 2.0, "shipped": None, "damaged": 1},
        "virtualCounters": {"availableToPurchase": "-4"},
        "attributes": {"a": 5, "b": 1.5, "c": True, "d": {"e": None}, "f": None, "g": "x"},
        "colour": "blue",
    }
    assert read_inventories(json.dumps([document])) == Read(
        (
            InventoryRecord(
                sku="7",
                item_id="8",
                location="WH1",
                channel="12",
                is_infinite=True,
                lead_time="5",
                backorder_limit=50,
                backorder_at=SOON,
                counters={"onHand": -3, "allocated": 2, "damaged": 1},
                virtual={"availableToPurchase": -4},
                attributes={"a": "5", "b": "1.5", "c": "true", "d": '{"e": null}', "g": "x"},
            ),
        )
    )


BAD = {
    "no location": ({"locationNumber": None}, [("locationNumber", "field.missing")]),
    "neither a SKU nor an id": ({"sku": None}, [("sku", "field.missing")]),
    "a list for counters": ({"counters": []}, [("counters", "type.invalid")]),
    "half a unit": ({"counters": {"onHand": 0.5}}, [("counters.onHand", "units.invalid")]),
    "a negative counter": ({"counters": {"allocated": -1}}, [("counters['allocated']", "units.invalid")]),
    "a counter without a name": ({"counters": {"": 1}}, [("counters key", "text.invalid")]),
    "a negative limit": ({"backorderLimit": -1}, [("backorderLimit", "units.invalid")]),
    "a flag that is none": ({"hasInfiniteInventory": "no"}, [("hasInfiniteInventory", "type.invalid")]),
    "another flag that is none": ({"isNoStock": 0}, [("isNoStock", "type.invalid")]),
    "instants that are none": (
        {"backorderShipmentAt": "soon", "preorderShipmentAt": 5},
        [("backorderShipmentAt", "instant.invalid"), ("preorderShipmentAt", "instant.invalid")],
    ),
    "a list for attributes": ({"customAttributes": 5}, [("customAttributes", "type.invalid")]),
}
GOOD = {"sku": "A", "locationNumber": 175, "counters": {"onHand": 5}}


@pytest.mark.parametrize(("change", "expected"), BAD.values(), ids=BAD)
def test_a_bad_inventory_does_not_take_the_others_with_it(change, expected):
    found = read_inventories(json.dumps({"pagination": {}, "data": [GOOD, {**GOOD, **change}]}))
    assert problems(found) == [(f"data[1].{path}", code) for path, code in expected]
    assert found.values == (record(counters={"onHand": 5}),)


def test_a_problem_is_named_as_the_second_api_names_the_field():
    found = read_inventories('{"sku": "A", "infiniteInventory": "maybe", "backOrderLimit": -1, "counters": {}}')
    assert problems(found) == [
        ("locationNum", "field.missing"),
        ("backOrderLimit", "units.invalid"),
        ("infiniteInventory", "type.invalid"),
    ]


@pytest.mark.parametrize(
    "document", ["[]", "{}", "5", '[{"sku": "A"}]', '{"pagination": {}, "data": [{"sku": "A"}]}', '{"data": 5}']
)
def test_another_document_is_no_inventory(document):
    with pytest.raises(InvalidDocument) as caught:
        read_inventories(document)
    assert problems(caught.value) == [("", "document.unrecognised")]


VALUES = {
    "neither a SKU nor an id": ({"sku": ""}, "sku"),
    "no location": ({"location": ""}, "location"),
    "a negative counter": ({"counters": {"onHand": -1, "shipped": -1}}, "counters['shipped']"),
    "a flag in text": ({"is_infinite": "true"}, "is_infinite"),
    "an instant without an offset": ({"backorder_at": dt.datetime(2027, 1, 20)}, "backorder_at"),
    "a number for an attribute": ({"attributes": {"a": 5}}, "attributes['a']"),
}


@pytest.mark.parametrize(("fields", "path"), VALUES.values(), ids=VALUES)
def test_a_field_that_breaks_its_rule_is_refused(fields, path):
    with pytest.raises(InvalidArgument) as caught:
        record(**fields)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("written", "days"),
    [("5", 5), ("5 days", 5), (" 1 Day ", 1), ("2 weeks", 14), ("1week", 7), ("", None), ("soon", None), ("5-7", None)],
)
def test_a_lead_time_is_days_or_weeks(written, days):
    assert record(lead_time=written).lead_days == days


AVAILABLE = {
    "all counters": ({"counters": {"onHand": 9, "allocated": 1, "shipped": 2, "damaged": 3}}, 3),
    "safety stock": ({"counters": {"onHand": 9}, "safety_stock": 4}, 5),
    "on hand alone": ({"counters": {"onHand": -1}}, -1),
    "what was sent": ({"counters": {"allocated": 3}, "safety_stock": 4, "virtual": {"availableToPurchase": 5}}, 5),
    "nothing was sent": ({}, None),
    "no bound": ({"is_infinite": True, "counters": {"onHand": 1}}, UNLIMITED),
}


@pytest.mark.parametrize(("fields", "expected"), AVAILABLE.values(), ids=AVAILABLE)
def test_what_may_be_purchased_is_computed(fields, expected):
    assert available_to_purchase(record(**fields)) == expected


DIFFERENCES = {
    "none": ({"counters": {"onHand": 5}, "virtual": {"availableToPurchase": 5}}, []),
    "too few": ({"counters": {"onHand": 5}, "virtual": {"availableToPurchase": 4}}, [("availableToPurchase", 4, 5)]),
    "nothing was sent": ({"counters": {"onHand": 5}}, []),
    "nothing to compare with": ({"virtual": {"availableToPurchase": 4, "availableBackorder": 9}}, []),
    "fewer backorders than the limit": ({"backorder_limit": 9, "virtual": {"availableBackorder": 3}}, []),
    "more pre-orders than the limit": (
        {"preorder_limit": 9, "virtual": {"availablePreorder": 10}},
        [("availablePreorder", 10, 9)],
    ),
    "no bound": ({"is_infinite": True, "backorder_limit": 1, "virtual": {"availableBackorder": 3}}, []),
}


@pytest.mark.parametrize(("fields", "expected"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_virtual_counters_are_compared(fields, expected):
    found = counter_differences(record(**fields))
    assert found == tuple(CounterDifference(name=name, sent=sent, computed=most) for name, sent, most in expected)


def test_rules_are_what_is_left_of_the_limits():
    rules = inventory_rules(
        record(
            counters={"onHand": 5},
            safety_stock=2,
            low_stock=4,
            backorder_limit=9,
            preorder_limit=7,
            virtual={"availablePreorder": -1},
        )
    )
    assert rules == SellRules(
        safety_stock=2,
        backorder_limit=9,
        preorder_limit=0,
        few_below=4,
        before_street_date=BeforeStreetDate.SELL,
    )


def test_infinite_inventory_has_no_limits():
    rules = inventory_rules(record(is_infinite=True, backorder_limit=9, safety_stock=2))
    assert (rules.backorder_limit, rules.preorder_limit, rules.safety_stock) == (UNLIMITED, UNLIMITED, 0)


STOCKS = {
    "in stock": ({"counters": {"onHand": 5}}, Stock(availability=Availability.IN_STOCK, quantity=5)),
    "low": ({"counters": {"onHand": 4}, "low_stock": 5}, Stock(availability=Availability.LOW_STOCK, quantity=4)),
    "not low at the bound": ({"counters": {"onHand": 5}, "low_stock": 5}, Stock(availability="in_stock", quantity=5)),
    "a backorder after the pre-order": (
        {"counters": {"onHand": 0}, "backorder_limit": 3, "preorder_limit": 7, "preorder_at": PAST},
        Stock(availability=Availability.BACKORDER, quantity=3),
    ),
    "a pre-order before its day": (
        {"counters": {"onHand": 0}, "backorder_limit": 3, "preorder_limit": 7, "preorder_at": SOON},
        Stock(availability=Availability.PREORDER, quantity=7),
    ),
    "stock before its day is sold": (
        {"counters": {"onHand": 2}, "preorder_limit": 7, "preorder_at": SOON},
        Stock(availability=Availability.IN_STOCK, quantity=2),
    ),
    "a pre-order without a day": (
        {"counters": {"onHand": 0}, "preorder_limit": 7},
        Stock(availability=Availability.PREORDER, quantity=7),
    ),
    "a pre-order whose day is over": (
        {"counters": {"onHand": 0}, "preorder_limit": 7, "preorder_at": PAST},
        Stock(availability=Availability.OUT_OF_STOCK, quantity=0),
    ),
    "backorders come before pre-orders without a day": (
        {"counters": {"onHand": 0}, "preorder_limit": 7, "backorder_limit": 2},
        Stock(availability=Availability.BACKORDER, quantity=2),
    ),
    "no bound": ({"is_infinite": True}, Stock(availability="in_stock", quantity=UNLIMITED, later=UNLIMITED)),
    "safety stock is not missing": (
        {"counters": {"onHand": 2, "allocated": 2}, "safety_stock": 2},
        Stock(availability=Availability.OUT_OF_STOCK, quantity=0),
    ),
    "more allocated than there is": (
        {"counters": {"onHand": 5, "allocated": 4, "shipped": 2, "damaged": 1}},
        Stock(availability=Availability.OUT_OF_STOCK, quantity=0, oversold=2),
    ),
    "oversold and backordered": (
        {"counters": {"onHand": 0, "allocated": 1}, "backorder_limit": 5, "virtual": {"availableBackorder": 4}},
        Stock(availability=Availability.BACKORDER, quantity=4, oversold=1),
    ),
    "what was sent alone": (
        {"virtual": {"availableToPurchase": 3}, "safety_stock": 2},
        Stock(availability=Availability.IN_STOCK, quantity=3),
    ),
    "less than nothing was sent": (
        {"virtual": {"availableToPurchase": -3}},
        Stock(availability=Availability.OUT_OF_STOCK, quantity=0, oversold=3),
    ),
    "marked as out of stock": (
        {"has_no_stock": True, "counters": {"onHand": 9, "allocated": 1}},
        Stock(availability=Availability.OUT_OF_STOCK, quantity=0),
    ),
    "marked as out of stock, backordered": (
        {"has_no_stock": True, "counters": {"onHand": 9}, "backorder_limit": 3},
        Stock(availability=Availability.BACKORDER, quantity=3),
    ),
    "marked as out of stock and oversold": (
        {"has_no_stock": True, "counters": {"onHand": 1, "allocated": 3}},
        Stock(availability=Availability.OUT_OF_STOCK, quantity=0, oversold=2),
    ),
    "marked as out of stock, no bound": (
        {"has_no_stock": True, "is_infinite": True, "counters": {"allocated": 3}},
        Stock(availability=Availability.OUT_OF_STOCK, quantity=0),
    ),
    "marked as out of stock and nothing else": (
        {"has_no_stock": True},
        Stock(availability=Availability.OUT_OF_STOCK, quantity=0),
    ),
    "marked as out of stock, some to purchase": (
        {"has_no_stock": True, "virtual": {"availableToPurchase": 4}},
        Stock(availability=Availability.OUT_OF_STOCK, quantity=0),
    ),
    "nothing was sent": ({}, Stock(availability=Availability.UNKNOWN, quantity=None)),
    "nothing but a limit": ({"backorder_limit": 5}, Stock(availability=Availability.BACKORDER, quantity=5)),
}


@pytest.mark.parametrize(("fields", "expected"), STOCKS.values(), ids=STOCKS)
def test_what_can_be_sold_is_decided_from_counters_limits_and_dates(fields, expected):
    assert inventory_stock(record(**fields), at=NOW) == expected


def test_records_of_one_location_are_put_together():
    records = [
        record(counters={"onHand": 9, "shipped": 2, "allocated": 1, "damaged": 4}, safety_stock=1),
        record(counters={"onHand": 3}, safety_stock=2, channel="13"),
        record(sku="", item_id="7", is_infinite=True, counters={"onHand": 1, "allocated": 2}),
        record(location="WH1", virtual={"availableToPurchase": -2}, safety_stock=1),
        record(location="WH1", sku="B"),
    ]
    found = inventory_supplies(records)
    assert list(found) == ["175", "WH1"]
    assert found == {
        "175": Supply(
            on_hand={"A": 10, "7": UNLIMITED},
            commitments=[
                Commitment(sku="A", quantity=1),
                Commitment(sku="A", quantity=4),
                Commitment(sku="7", quantity=2),
            ],
            safety_stock={"A": 3},
        ),
        "WH1": Supply(on_hand={"A": -2}),
    }
    assert "B" not in found["WH1"].on_hand


def test_units_of_infinite_inventory_are_owed_too():
    endless = record(is_infinite=True, counters={"allocated": 2})
    assert inventory_supplies([endless])["175"].commitments == (Commitment(sku="A", quantity=2),)


def test_what_is_marked_as_out_of_stock_is_not_on_hand_but_for_what_is_owed():
    marked = record(has_no_stock=True, counters={"onHand": 9, "allocated": 2})
    assert inventory_supplies([marked]) == {
        "175": Supply(on_hand={"A": 2}, commitments=[Commitment(sku="A", quantity=2)], safety_stock={"A": 0})
    }


BACKORDERS = {
    "fifty": ({"backorder_at": SOON, "backorder_limit": 50}, 50),
    "what is left": ({"backorder_at": SOON, "backorder_limit": 50, "virtual": {"availableBackorder": 3}}, 3),
    "no day": ({"backorder_limit": 50}, None),
    "none left": ({"backorder_at": SOON, "backorder_limit": 0}, None),
    "no bound": ({"backorder_at": SOON, "is_infinite": True}, None),
}


@pytest.mark.parametrize(("fields", "units"), BACKORDERS.values(), ids=BACKORDERS)
def test_backorders_can_count_as_on_order(fields, units):
    found = backorder_receipt(record(sku="", item_id="7", **fields), zone="America/New_York")
    day = dt.date(2027, 1, 19)
    assert found == (None if units is None else Receipt(sku="7", quantity=units, expected=day))


STATUSES = [
    ("Available", Availability.IN_STOCK),
    (" IN_STOCK", Availability.IN_STOCK),
    ("low stock", Availability.LOW_STOCK),
    ("LOW_STOCK", Availability.LOW_STOCK),
    ("Backorder", Availability.BACKORDER),
    ("PREORDER", Availability.PREORDER),
    ("Pre-order", Availability.PREORDER),
    ("Out of stock", Availability.OUT_OF_STOCK),
    ("OUT_OF_STOCK", Availability.OUT_OF_STOCK),
    ("BACKORDER_STOCK", Availability.BACKORDER),
    ("PREORDER_STOCK", Availability.PREORDER),
    ("Discontinued", None),
    ("", None),
]


@pytest.mark.parametrize(("status", "availability"), STATUSES)
def test_a_status_is_read(status, availability):
    assert status_availability(status) is availability


@pytest.mark.parametrize(
    ("stock", "word"),
    [
        (Stock(availability="in_stock", quantity=5), "Available"),
        (Stock(availability="low_stock", quantity=5), "Low stock"),
        (Stock(availability="backorder", quantity=5), "Backorder"),
        (Stock(availability="preorder", quantity=None), "Preorder"),
        (Stock(availability="out_of_stock", quantity=0), "Out of stock"),
    ],
)
def test_a_status_is_written(stock, word):
    assert status_word(stock) == word
    assert status_availability(word) is stock.availability


def test_what_is_unknown_has_no_status():
    with pytest.raises(InvalidArgument, match="must be known"):
        status_word(Stock(availability="unknown", quantity=None))


INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
LIMIT = {"type": "integer", "minimum": 0}
COUNTERS = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "integer"}}
WORDS = {"type": "string", "minLength": 1}
ITEM_ID = {"type": "integer", "minimum": 1, "maximum": 2147483647}
SECOND_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["channelId", "locationNum", "infiniteInventory"],
    "anyOf": [{"required": ["sku"]}, {"required": ["itemId"]}],
    "properties": {
        **dict.fromkeys(["channelId", "sku", "vendorId", "leadTime", "inventoryType", "segment", "region"], WORDS),
        **dict.fromkeys(["backOrderLimit", "preOrderLimit", "safetyStock", "lowStock", "locationNum"], LIMIT),
        **dict.fromkeys(["backOrderDate", "preOrderDate"], INSTANT),
        "itemId": ITEM_ID,
        "infiniteInventory": {"type": "boolean"},
        "counters": COUNTERS,
        "attributes": {"type": "object"},
    },
}
THIRD_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["counters", "locationNumber", "sku", "hasInfiniteInventory"],
    "properties": {
        **dict.fromkeys(["sku", "vendorId", "leadTime", "type", "networkCode", "region"], WORDS),
        **dict.fromkeys(["backorderLimit", "preorderLimit", "safetyStock", "lowStock", "locationNumber"], LIMIT),
        **dict.fromkeys(["backorderShipmentAt", "preorderShipmentAt"], INSTANT),
        "itemId": ITEM_ID,
        "hasInfiniteInventory": {"type": "boolean"},
        "counters": COUNTERS,
        "customAttributes": {"type": "object"},
    },
}


def test_the_second_api_is_written_as_it_is_documented():
    written = json.loads(write_inventory_v2(attrs.evolve(SECOND, attributes={"isBopis": "false", "note": "x"})))
    Draft202012Validator(SECOND_SCHEMA).validate(written)
    sample = json.loads(payload("inventory_v2_create.json"))
    assert written == {
        **{name: value for name, value in sample.items() if value is not None},
        "attributes": {"isBopis": False, "note": "x"},
    }


def test_the_third_api_is_written_as_it_is_documented():
    written = json.loads(write_inventory_v3(THIRD))
    Draft202012Validator(THIRD_SCHEMA).validate(written)
    [sample] = json.loads(payload("inventory_v3_find_response.json"))["data"]
    own = (
        "inventoryId",
        "channelId",
        "createdAt",
        "updatedAt",
        "preorderShipmentAt",
        "networkCounters",
        "virtualCounters",
    )
    assert written == {name: value for name, value in sample.items() if name not in own}


UNWRITABLE = {
    "a location that is no number": (write_inventory_v3, {"location": "WH1"}, "location"),
    "an item id that is no number": (write_inventory_v3, {"item_id": "x"}, "item_id"),
    "an item id of 0": (write_inventory_v3, {"item_id": "0"}, "item_id"),
    "too large an item id": (write_inventory_v3, {"item_id": "2147483648"}, "item_id"),
    "too large a location": (write_inventory_v3, {"location": "2147483648"}, "location"),
    "too large a limit": (write_inventory_v3, {"low_stock": 2147483648}, "low_stock"),
    "too large a counter": (write_inventory_v3, {"counters": {"onHand": -(2**31)}}, "counters['onHand']"),
    "a digit too many": (write_inventory_v2, {"item_id": "1" * 19, "channel": "12"}, "item_id"),
    "no counters": (write_inventory_v3, {"counters": {}}, "counters"),
    "no SKU": (write_inventory_v3, {"sku": "", "item_id": "7"}, "sku"),
    "out of stock, second": (write_inventory_v2, {"channel": "12", "has_no_stock": True}, "has_no_stock"),
    "out of stock, third": (write_inventory_v3, {"has_no_stock": True}, "has_no_stock"),
    "a segment": (write_inventory_v3, {"segment": "B2B"}, "segment"),
    "no channel": (write_inventory_v2, {}, "channel"),
    "a network": (write_inventory_v2, {"channel": "12", "network": "US"}, "network"),
    "parts of a millisecond": (
        write_inventory_v3,
        {"preorder_at": dt.datetime(2027, 1, 1, microsecond=1, tzinfo=UTC)},
        "preorder_at",
    ),
}


@pytest.mark.parametrize(("write", "fields", "path"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_an_api_cannot_say_is_refused(write, fields, path):
    with pytest.raises(InvalidArgument) as caught:
        write(record(**{"counters": {"onHand": 1}, **fields}))
    assert caught.value.path == path


def test_the_largest_item_id_and_zero_counters_are_written():
    written = json.loads(write_inventory_v3(record(item_id="2147483647", counters={"onHand": 0})))
    assert written == {
        "counters": {"onHand": 0},
        "locationNumber": 175,
        "sku": "A",
        "itemId": 2147483647,
        "hasInfiniteInventory": False,
    }


def test_the_second_api_has_larger_item_ids():
    written = json.loads(write_inventory_v2(record(sku="", item_id="4225678911", channel="12")))
    assert written["itemId"] == 4225678911
    assert read_inventories(json.dumps(written)).complete() == (record(sku="", item_id="4225678911", channel="12"),)
