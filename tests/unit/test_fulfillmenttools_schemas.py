"""What is written for fulfillmenttools, held to schemas: only the parts that are used, as the API documents them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preorder_kit import Component, Order, OrderLine
from preorder_kit.adapters.fulfillmenttools import (
    ContextualTerms,
    Fence,
    Listing,
    ListingChange,
    NodeConfig,
    OrderConsumer,
    OrderHeader,
    OrderSplit,
    OutOfStockContext,
    OutOfStockTerms,
    StockEntry,
    write_listing_change,
    write_listing_upserts,
    write_listings,
    write_node_config,
    write_order,
    write_order_split,
    write_stocks,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fulfillmenttools"
NOW = dt.datetime(2026, 11, 21, 10, 15, 30, 123456, tzinfo=dt.timezone.utc)

NAME = {"type": "string", "minLength": 1}
FLAG = {"type": "boolean"}
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
BEHAVIOUR = {"enum": ["NONE", "BACKORDER", "PREORDER", "RESTOCK", "PREORDER_AND_RESTOCK"]}


def a(properties, *required):
    """Return the schema of an object that holds nothing else."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def many(items, **bounds):
    return {"type": "array", "items": items, **bounds}


FRAME = a({"start": INSTANT}, "start")
CONFIG = {
    **a(
        {
            "preorder": a({"availabilityTimeframe": FRAME}, "availabilityTimeframe"),
            "restock": a({"restockableInDays": {"type": "integer", "minimum": 0}}, "restockableInDays"),
        }
    ),
    "minProperties": 1,
}
CONTEXT = a(
    {
        "type": {"enum": ["FACILITY_GROUP", "TAG_REFERENCE"]},
        "operator": {"enum": ["NOT"]},
        "values": many(NAME, maxItems=100),
    },
    "type",
    "values",
)
RULE = a(
    {
        "priority": {"type": "integer", "minimum": 1, "maximum": 1000},
        "outOfStockBehaviour": BEHAVIOUR,
        "outOfStockConfig": CONFIG,
        "context": many(CONTEXT, minItems=1, maxItems=5),
    },
    "priority",
    "outOfStockBehaviour",
    "context",
)
TERMS = {
    "title": NAME,
    "status": {"enum": ["ACTIVE", "INACTIVE"]},
    "outOfStockBehaviour": BEHAVIOUR,
    "outOfStockConfig": CONFIG,
}
LISTING = {
    **TERMS,
    "tenantArticleId": NAME,
    "version": {"type": "integer"},
    "outOfStockBehaviourByContexts": many(RULE, minItems=1, maxItems=10),
}
FACILITY = {"oneOf": [a({"facilityRef": NAME}, "facilityRef"), a({"tenantFacilityId": NAME}, "tenantFacilityId")]}
UPSERT = {**LISTING, "targetingStrategy": {"const": "SINGLE_FACILITY"}, "facility": FACILITY}
LISTINGS = a({"listings": many(a(LISTING, "tenantArticleId"), minItems=1, maxItems=500)}, "listings")
UPSERTS = a(
    {"listings": many(a(UPSERT, "tenantArticleId", "title", "targetingStrategy", "facility"), minItems=1, maxItems=25)},
    "listings",
)
CHANGE = a(
    {
        "version": {"type": "integer"},
        "actions": many(a({**TERMS, "action": {"const": "ModifyListing"}}, "action"), minItems=1),
    },
    "version",
    "actions",
)
ADDRESS = a(
    {
        "additionalAddressInfo": NAME,
        "addressType": {"enum": ["POSTAL_ADDRESS", "PARCEL_LOCKER", "INVOICE_ADDRESS"]},
        "city": NAME,
        "companyName": NAME,
        "country": NAME,
        "email": NAME,
        "firstName": NAME,
        "houseNumber": NAME,
        "lastName": NAME,
        "personalTitle": NAME,
        "postalCode": NAME,
        "province": NAME,
        "salutation": NAME,
        "street": NAME,
    },
    "street",
    "city",
    "postalCode",
    "country",
)
PIECES = {"type": "integer", "minimum": 1, "maximum": (1 << 63) - 1}
LINE = a(
    {"article": a({"tenantArticleId": NAME, "title": NAME}, "tenantArticleId", "title"), "quantity": PIECES},
    "article",
    "quantity",
)
SERVICE = a(
    {
        "customServiceDefinition": a({"isBundled": FLAG}),
        "articleItems": many(a({"tenantArticleRef": NAME, "quantity": PIECES}, "tenantArticleRef", "quantity")),
        "customServiceItems": many({"$ref": "#/$defs/service"}),
    },
    "customServiceDefinition",
    "articleItems",
    "customServiceItems",
)
ORDER = {
    **a(
        {
            "tenantOrderId": NAME,
            "orderDate": INSTANT,
            "status": {"enum": ["OPEN", "CANCELLED", "PROMISED", "LOCKED", "OBSOLETE"]},
            "consumer": a({"consumerId": NAME, "email": NAME, "addresses": many(ADDRESS)}, "addresses"),
            "orderLineItems": many(LINE, minItems=1, maxItems=500),
            "customServices": many({"$ref": "#/$defs/service"}, minItems=1),
            "promisesOptions": a({"validUntil": INSTANT}, "validUntil"),
        },
        "orderDate",
        "orderLineItems",
        "consumer",
    ),
    "$defs": {"service": SERVICE},
}
STOCK = a(
    {
        "facility": FACILITY,
        "tenantArticleId": NAME,
        "value": {"type": "integer", "minimum": 0, "maximum": (1 << 31) - 1},
        "locationRef": NAME,
        "tenantStockId": NAME,
        "receiptDate": INSTANT,
        "availableUntil": INSTANT,
        "conditions": many({"enum": ["DEFECTIVE"]}),
    },
    "facility",
    "tenantArticleId",
    "value",
)
FENCE = a(
    {
        "type": {"const": "StandardFence"},
        "implementation": {
            "enum": [
                "AVOID-ZERO-STOCK",
                "FACILITY-BUSINESSTYPE",
                "FACILITY-CARRIERAVAILABILITY",
                "FACILITY-COUNTRY",
                "FACILITY-PICKING-TIME-CAPACITY",
                "PRESELECTED-FACILITY",
                "SAMEDAY-POSSIBLE",
                "STOCK-AVAILABILITY",
            ]
        },
        "active": FLAG,
        "activeMode": {"enum": ["static", "reactive"]},
    },
    "type",
    "implementation",
    "active",
)
ROOM = "shouldUseWaitingRoomForPreBackOrderItems"
NODE_SPLIT = {"active": FLAG, "maxSplitCount": {"type": "integer"}, "activeForSameday": FLAG, ROOM: FLAG}
NODE = a({"fences": many(FENCE), "ratings": many({}), "orderSplit": a(NODE_SPLIT, *NODE_SPLIT)}, "fences", "ratings")
OLDER_SPLIT = a(
    {
        "active": FLAG,
        "orderSplitType": {"const": "FIXED_COUNT"},
        "fixedCountConfiguration": a({"maxSplitCount": {"type": "integer", "minimum": 1}}, "maxSplitCount"),
        "activeForSameDay": FLAG,
        ROOM: FLAG,
    },
    "active",
    "orderSplitType",
)

BOTH = OutOfStockTerms(behaviour="preorder_and_restock", available_from=NOW, restockable_in_days=0)
GROUP = OutOfStockContext(kind="facility_group", operator="not", values=["north"])
RULES = [ContextualTerms(priority=1, contexts=[GROUP], terms=BOTH)]
FULL = {"sku": "A", "title": "A", "status": "active", "version": 3, "terms": BOTH, "by_context": RULES}
SET = OrderLine(id="2", sku="SET", quantity=2, components=[Component("BOX", 2, [Component("A")]), Component("B", 3)])
ADDRESSED = {"street": "Sjøgata", "city": "Tromsø", "postalCode": "9008", "country": "NO", "houseNumber": "4"}
HEADER = OrderHeader(
    status="promised",
    consumer=OrderConsumer(consumer_id="c", email="a@example.com", addresses=[ADDRESSED]),
    promised_until=NOW + dt.timedelta(hours=1),
)
PLACED = Order(id="W1", placed_at=NOW, lines=[OrderLine(id="1", sku="A", quantity=2), SET])
SPLIT = OrderSplit(is_active=True, most_splits=2)
STOCK_FENCE = Fence(implementation="STOCK-AVAILABILITY", mode="reactive", mode_word="REACTIVE")

WRITTEN = {
    "a listing that says all": (LISTINGS, write_listings([Listing(**FULL, facility="oslo")])),
    "a listing that says nothing": (LISTINGS, write_listings([Listing(sku="A")])),
    "many listings": (LISTINGS, write_listings(Listing(sku=str(number)) for number in range(1001))),
    "a change": (CHANGE, [write_listing_change(ListingChange(version=0, title="A", status="inactive", terms=BOTH))]),
    "an upsert": (UPSERTS, write_listing_upserts([Listing(**FULL, tenant_facility_id="B1")])),
    "many upserts": (
        UPSERTS,
        write_listing_upserts(Listing(sku=str(number), facility="oslo", title="A") for number in range(51)),
    ),
    "an order with bundles": (ORDER, [write_order(PLACED, header=HEADER, at=NOW)]),
    "an order that says little": (ORDER, [write_order(Order(id="W1", placed_at=NOW, lines=PLACED.lines[:1]), at=NOW)]),
    "stock that says all": (
        STOCK,
        write_stocks(
            [
                StockEntry(
                    sku="A",
                    quantity=(1 << 31) - 1,
                    facility="oslo",
                    location_ref="l-1",
                    tenant_stock_id="s-1",
                    received=NOW,
                    available_until=NOW,
                    conditions=["DEFECTIVE"],
                )
            ]
        ),
    ),
    "stock that says little": (STOCK, write_stocks([StockEntry(sku="A", quantity=0, tenant_facility_id="B1")])),
    "a node": (NODE, [write_node_config(NodeConfig(fences=[STOCK_FENCE], order_split=SPLIT))]),
    "a node that says nothing": (NODE, [write_node_config(NodeConfig())]),
    "an order split": (OLDER_SPLIT, [write_order_split(SPLIT)]),
}


@pytest.mark.parametrize(("schema", "documents"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_written_is_what_the_api_documents(schema, documents):
    Draft202012Validator.check_schema(schema)
    assert documents
    for document in documents:
        assert [error.message for error in Draft202012Validator(schema).iter_errors(json.loads(document))] == []


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("listing_modify_backorder", CHANGE),
        ("listing_modify_preorder", CHANGE),
        ("listing_modify_restock", CHANGE),
        ("listings_put_by_context", LISTINGS),
        ("order_create_mixed_and_bundle", ORDER),
        ("routing_strategy_node_config", NODE),
        ("stock_create", STOCK),
    ],
)
def test_the_schemas_take_what_others_write(name, schema):
    root = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(root)] == []
