"""The reads of fabric's first inventory API: one item at its locations, and several items with quantities."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preorder_kit import (
    Availability,
    Commitment,
    InvalidArgument,
    InvalidDocument,
    Quote,
    Read,
    Receipt,
    RefusalReason,
    SellRules,
    Stock,
    Supply,
)
from preorder_kit.adapters.fabric import (
    AvailabilityRequest,
    ChannelShare,
    ItemAvailability,
    ItemInventory,
    ItemLocation,
    StockSource,
    item_stock,
    read_availability_request,
    read_item_availability,
    read_item_inventory,
    write_availability_request,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fabric"
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)


def payload(name: str) -> str:
    return (PAYLOADS / name).read_text()


def problems(found: Read | InvalidDocument) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


RECEIPT = Receipt(
    sku="1597422",
    quantity=40,
    reserved=6,
    ordered=dt.date(2026, 12, 14),
    expected=dt.date(2027, 1, 20),
    reference="PO2002",
)


def test_a_single_item_is_read_as_it_is_sent():
    assert read_item_inventory(payload("get_generic_inventory_v1.json")) == ItemInventory(
        item_id="1597422",
        sku="1597422",
        title="Trail shoe 42",
        locations=[
            ItemLocation(
                id="175",
                name="Main DC",
                is_active=True,
                channels=[ChannelShare(channel="12", reserved=0, share="100", measure="percent")],
                supply=Supply(on_hand={"1597422": 0}, receipts=[RECEIPT]),
            )
        ],
    )


def test_what_is_in_transit_can_be_sold_to_wait():
    item = read_item_inventory(payload("get_generic_inventory_v1.json"))
    assert item_stock(item, at=NOW) == Stock(availability=Availability.BACKORDER, quantity=34)


PLACE = {"location": {"locationId": 175}, "inStock": 5}


def item(*places: object, **fields: object) -> str:
    return json.dumps({"itemId": 7, "sku": "A", "inlocations": list(places), **fields})


def test_reserved_units_of_each_channel_are_owed_and_several_transits_come():
    place = {
        "location": {"locationId": "WH1", "isActive": "TRUE"},
        "inStock": "5",
        "channel": [
            {"channelId": 12, "quantityReserved": 2, "allocation": {"mou": "percent", "unit": 33.5}},
            {"channelId": "13", "quantityReserved": "1", "allocation": None},
            {"channelId": "14"},
        ],
        "inTransit": [
            {"orderQuantity": 4, "stockDate": "2027-01-20"},
            {"orderQuantity": 3, "quantityReserved": 3, "stockDate": "2027-01-10T00:00:00+01:00", "inTransitRef": 5},
        ],
    }
    read = read_item_inventory(item(place))
    assert read.supplies == {
        "WH1": Supply(
            on_hand={"A": 5},
            commitments=[Commitment(sku="A", quantity=2), Commitment(sku="A", quantity=1)],
            receipts=[
                Receipt(sku="A", quantity=4, expected=dt.date(2027, 1, 20)),
                Receipt(sku="A", quantity=3, reserved=3, expected=dt.date(2027, 1, 10), reference="5"),
            ],
        )
    }
    assert read.locations[0].channels == (
        ChannelShare(channel="12", reserved=2, share="33.5", measure="percent"),
        ChannelShare(channel="13", reserved=1),
        ChannelShare(channel="14"),
    )
    assert item_stock(read, at=NOW) == Stock(availability=Availability.IN_STOCK, quantity=2, later=4)


def test_a_location_that_takes_no_part_is_read_and_not_sold():
    inactive = {"location": {"locationId": 176, "isActive": False}, "inStock": 9}
    read = read_item_inventory(item(PLACE, inactive))
    assert [place.id for place in read.locations] == ["175", "176"]
    assert list(read.supplies) == ["175"]
    assert item_stock(read, at=NOW).quantity == 5


def test_a_shop_has_rules_of_its_own():
    read = read_item_inventory(item(PLACE))
    rules = SellRules(safety_stock=2, few_below=10)
    assert item_stock(read, at=NOW, rules=rules) == Stock(availability=Availability.LOW_STOCK, quantity=3)


DAYS = [
    ("2027-01-20", "UTC", dt.date(2027, 1, 20)),
    ("2027-01-20T00:00:00.000Z", "America/New_York", dt.date(2027, 1, 20)),
    ("2027-01-20 00:00", "America/New_York", dt.date(2027, 1, 20)),
    ("2027-01-20T00:00:00+09:00", "UTC", dt.date(2027, 1, 20)),
    ("2027-01-19T23:00:00Z", "UTC", dt.date(2027, 1, 19)),
    ("2027-01-19T23:00:00Z", "Europe/Oslo", dt.date(2027, 1, 20)),
    ("2027-01-19T23:00:00", "Europe/Oslo", dt.date(2027, 1, 19)),
]


@pytest.mark.parametrize(("written", "zone", "day"), DAYS)
def test_a_midnight_is_the_day_that_is_written(written, zone, day):
    place = {**PLACE, "inTransit": [{"orderQuantity": 1, "stockDate": written}]}
    [receipt] = read_item_inventory(item(place), zone=zone).supplies["175"].receipts
    assert receipt.expected == day


def test_an_item_without_a_sku_goes_by_its_id():
    assert read_item_inventory(item(PLACE, sku=None)).supplies["175"].on_hand == {"7": 5}


BAD = {
    "neither a SKU nor an id": (item(PLACE, sku="", itemId=None), [("sku", "field.missing")]),
    "neither, and units in transit": (
        item({**PLACE, "inTransit": [{"orderQuantity": 1, "stockDate": "2027-01-20"}]}, sku="", itemId=None),
        [("sku", "field.missing")],
    ),
    "no location": (item({"inStock": 5}), [("inlocations[0].location", "field.missing")]),
    "a list for a location": (
        item({**PLACE, "location": []}),
        [("inlocations[0].location", "type.invalid")],
    ),
    "no location id": (item({**PLACE, "location": {}}), [("inlocations[0].location.locationId", "field.missing")]),
    "no stock": (item({"location": {"locationId": 1}}), [("inlocations[0].inStock", "field.missing")]),
    "a negative stock": (item({**PLACE, "inStock": -1}), [("inlocations[0].inStock", "units.invalid")]),
    "a channel without an id": (
        item({**PLACE, "channel": [{}]}),
        [("inlocations[0].channel[0].channelId", "field.missing")],
    ),
    "a number for an allocation": (
        item({**PLACE, "channel": [{"channelId": 12, "allocation": 5}]}),
        [("inlocations[0].channel[0].allocation", "type.invalid")],
    ),
    "a transit without a day": (
        item({**PLACE, "inTransit": [{"orderQuantity": 1}]}),
        [("inlocations[0].inTransit[0].stockDate", "field.missing")],
    ),
    "a day that is none": (
        item({**PLACE, "inTransit": [{"orderQuantity": 1, "stockDate": "soon"}, {"orderQuantity": 1, "stockDate": 5}]}),
        [
            ("inlocations[0].inTransit[0].stockDate", "day.invalid"),
            ("inlocations[0].inTransit[1].stockDate", "day.invalid"),
        ],
    ),
    "more reserved than comes": (
        item({**PLACE, "inTransit": [{"orderQuantity": 1, "quantityReserved": 2, "stockDate": "2027-01-20"}]}),
        [("inlocations[0].inTransit[0].quantityReserved", "units.invalid")],
    ),
    "one location twice": (item(PLACE, PLACE), [("inlocations[1].location.locationId", "fabric.repeated")]),
    "one location twice, both bad": (
        item({**PLACE, "inStock": "x"}, {**PLACE, "inStock": "y"}),
        [("inlocations[0].inStock", "units.invalid"), ("inlocations[1].inStock", "units.invalid")],
    ),
    "a flag that is none": (
        item({**PLACE, "location": {"locationId": 1, "isActive": "yes"}}),
        [("inlocations[0].location.isActive", "type.invalid")],
    ),
}


@pytest.mark.parametrize(("document", "expected"), BAD.values(), ids=BAD)
def test_all_problems_of_an_item_are_named(document, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_item_inventory(document)
    assert problems(caught.value) == expected


@pytest.mark.parametrize("document", ["[]", "{}", "5", '[{"inlocations": []}]'])
def test_another_document_is_no_item(document):
    with pytest.raises(InvalidDocument) as caught:
        read_item_inventory(document)
    assert problems(caught.value) == [("", "document.unrecognised")]


@pytest.mark.parametrize("read", [read_item_inventory, read_item_availability])
def test_a_zone_has_a_name(read):
    with pytest.raises(InvalidArgument, match="zone: must be an IANA time zone"):
        read("[]", zone="Oslo")


REQUEST = {
    "type": "object",
    "additionalProperties": False,
    "required": ["items", "channelId"],
    "properties": {
        "items": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["itemId", "quantity"],
                "properties": {"itemId": {"type": "string"}, "quantity": {"type": "integer", "minimum": 1}},
            },
        },
        "channelId": {"enum": [12, 13]},
    },
}


def test_a_request_is_written_as_it_is_documented():
    written = json.loads(write_availability_request({"1597422": 4}))
    assert written == json.loads(payload("get_inventories_request_v1.json"))
    Draft202012Validator(REQUEST).validate(written)


@pytest.mark.parametrize(
    ("quantities", "arguments", "path"),
    [
        ({}, {}, "quantities"),
        ({"7": 0}, {}, "quantities['7']"),
        ({"7": True}, {}, "quantities['7']"),
        ({7: 1}, {}, "quantities key"),
        ({"7": 1}, {"channel": 1}, "channel"),
    ],
)
def test_what_cannot_be_asked_is_refused(quantities, arguments, path):
    with pytest.raises(InvalidArgument) as caught:
        write_availability_request(quantities, **arguments)
    assert caught.value.path == path


def test_a_request_is_read_as_it_is_sent():
    found = read_availability_request(payload("get_inventories_request_v1.json"))
    assert found == AvailabilityRequest(quantities={"1597422": 4}, channel=12)


def test_a_request_may_be_written_otherwise():
    found = read_availability_request(
        '{"items": [{"itemId": 9, "quantity": "2"}, {"itemId": "a", "quantity": 1.0}], "channelId": "14"}'
    )
    assert found == AvailabilityRequest(quantities={"9": 2, "a": 1}, channel=14)
    assert list(found.quantities) == ["9", "a"]


BAD_REQUESTS = {
    "no items": ([], 12, [("items", "field.missing")]),
    "a number for items": (5, 12, [("items", "type.invalid")]),
    "no channel": ([{"itemId": 7, "quantity": 1}], None, [("channelId", "field.missing")]),
    "a word for a channel": ([{"itemId": 7, "quantity": 1}], "US", [("channelId", "units.invalid")]),
    "nothing in two items": (
        [{}, {}],
        12,
        [
            ("items[0].itemId", "field.missing"),
            ("items[0].quantity", "field.missing"),
            ("items[1].itemId", "field.missing"),
            ("items[1].quantity", "field.missing"),
        ],
    ),
    "none of an item": ([{"itemId": 7, "quantity": 0}], 12, [("items[0].quantity", "units.invalid")]),
    "one item twice": (
        [{"itemId": 7, "quantity": 1}, {"itemId": "7", "quantity": 2}],
        12,
        [("items[1].itemId", "fabric.repeated")],
    ),
}


@pytest.mark.parametrize(("items", "channel", "expected"), BAD_REQUESTS.values(), ids=BAD_REQUESTS)
def test_all_problems_of_a_request_are_named(items, channel, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_availability_request(json.dumps({"items": items, "channelId": channel}))
    assert problems(caught.value) == expected


@pytest.mark.parametrize("document", ["[]", "{}", "5", '{"items": []}', '{"channelId": 12}'])
def test_another_document_is_no_request(document):
    with pytest.raises(InvalidDocument) as caught:
        read_availability_request(document)
    assert problems(caught.value) == [("", "document.unrecognised")]


def test_several_items_are_read_as_they_are_sent():
    assert read_item_availability(payload("get_inventories_response_v1.json")) == Read(
        (
            ItemAvailability(
                item_id="1597422",
                quote=Quote(now=0, later=4, refused=0),
                available_stock=0,
                available_transit=34,
                stock_date=dt.date(2027, 1, 20),
                is_in_stock=False,
                sources=[StockSource(location="5efcc26a5ee50d00079ca2ab", channel="12")],
            ),
        )
    )


ANSWER = {
    "itemId": 7,
    "quantityRequested": 5,
    "fromStockQuantity": 3,
    "fromTransitQuantity": 1,
    "availableStockQuantity": 3,
    "availableTransitQuantity": 1,
    "availableTotal": 4,
}


def test_what_is_not_found_is_refused():
    [found] = read_item_availability(json.dumps(ANSWER)).complete()
    assert found.quote == Quote(now=3, later=1, refused=1, reason=RefusalReason.NOT_ENOUGH)
    transit = {"fromStockQuantity": 0, "availableStockQuantity": 0, "availableTotal": 1}
    [found] = read_item_availability(json.dumps({**ANSWER, **transit})).complete()
    assert found.quote == Quote(now=0, later=1, refused=4, reason=RefusalReason.NOT_ENOUGH)
    none = dict.fromkeys(list(ANSWER)[2:], 0)
    [found] = read_item_availability(json.dumps([{**ANSWER, **none}])).complete()
    assert found.quote == Quote(now=0, later=0, refused=5, reason=RefusalReason.OUT_OF_STOCK)


def test_a_source_in_transit_is_kept_whatever_its_form():
    row = {**ANSWER, "fromTransit": ["PO1", {"ref": "PO2", "n": 1.5}, 3, None]}
    [found] = read_item_availability(json.dumps([row])).complete()
    assert found.transit_sources == ("PO1", '{"ref": "PO2", "n": "1.5"}', "3", "null")


BAD_ANSWERS = {
    "a total that is none": ({"availableTotal": 9}, [("availableTotal", "fabric.sum")]),
    "more than asked for": (
        {"fromStockQuantity": 5},
        [("fromStockQuantity", "fabric.sum")],
    ),
    "more than asked for, with stock left": (
        {"fromStockQuantity": 5, "availableStockQuantity": 9, "availableTotal": 10},
        [("fromStockQuantity", "fabric.sum")],
    ),
    "transit before stock": (
        {"fromStockQuantity": 2},
        [("fromTransitQuantity", "fabric.sum")],
    ),
    "no numbers": (
        dict.fromkeys(ANSWER),
        [
            ("quantityRequested", "field.missing"),
            ("fromStockQuantity", "field.missing"),
            ("fromTransitQuantity", "field.missing"),
            ("availableStockQuantity", "field.missing"),
            ("availableTransitQuantity", "field.missing"),
            ("itemId", "field.missing"),
        ],
    ),
    "a source without a location": ({"fromStock": [{}]}, [("fromStock[0].locationId", "field.missing")]),
    "a number for sources": (
        {"fromStock": 5, "fromTransit": 5},
        [("fromStock", "type.invalid"), ("fromTransit", "type.invalid")],
    ),
    "a half character in a source": ({"fromTransit": ["\ud800"]}, [("fromTransit[0]", "text.invalid")]),
}


@pytest.mark.parametrize(("change", "expected"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_a_bad_answer_does_not_take_the_others_with_it(change, expected):
    found = read_item_availability(json.dumps([ANSWER, {**ANSWER, **change}]))
    assert problems(found) == [(f"[1].{path}", code) for path, code in expected]
    assert [answer.item_id for answer in found.values] == ["7"]


def test_a_total_may_be_missing():
    assert read_item_availability(json.dumps({**ANSWER, "availableTotal": None})).problems == ()


@pytest.mark.parametrize("document", ["[]", "{}", "5", '[{"itemId": 7}]'])
def test_another_document_is_no_answer(document):
    with pytest.raises(InvalidDocument) as caught:
        read_item_availability(document)
    assert problems(caught.value) == [("", "document.unrecognised")]
