"""Each kind of document of Adobe Commerce OMS is recognised as one kind, and read by its reader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preorder_kit import UNLIMITED, Commitment, InvalidDocument, Order, Supply
from preorder_kit.adapters import adobe_oms
from preorder_kit.formats import read_order, read_supply

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "adobe_oms"
NAMED = {
    "aggregate_stock_updated": "adobe-oms-aggregate-snapshot",
    "allocation_reply": "adobe-oms-allocation-reply",
    "order_create_bundle": "adobe-oms-order-create",
    "order_create_preorder": "adobe-oms-order-create",
    "order_updated": "adobe-oms-order-updated",
    "preorder_change_street_date": "adobe-oms-street-date",
    "safety_stock": "adobe-oms-safety-stock",
    "shipment_done": "adobe-oms-shipment-done",
    "shipment_request": "adobe-oms-shipment-request",
    "shipment_request_older": "adobe-oms-shipment-request",
    "source_stock_adjustment": "adobe-oms-source-adjustment",
    "source_stock_update_snapshot": "adobe-oms-source-snapshot",
}
METHODS = {
    "magento.sales.order_management.create": "adobe-oms-order-create",
    "magento.sales.order_management.created": "adobe-oms-order-create",
    "magento.sales.order_management.updated": "adobe-oms-order-updated",
    "magento.sales.preorder_management.change_street_date": "adobe-oms-street-date",
    "magento.inventory.source_stock_management.update": "adobe-oms-source-snapshot",
    "magento.inventory.source_stock_management.adjust": "adobe-oms-source-adjustment",
    "magento.inventory.aggregate_stock_management.updated": "adobe-oms-aggregate-snapshot",
    "magento.logistics.fulfillment_management.customer_shipment_done": "adobe-oms-shipment-done",
    "magento.logistics.warehouse_management.request_shipment": "adobe-oms-shipment-request",
}
ORDER = {"id": 1, "origin_date": "2026-11-22", "lines": []}
SHIPMENT = {"order_id": "1", "source_id": "W1", "items": [], "packages": []}
BARE = {
    "an order": ({"order": ORDER | {"status": None}}, "adobe-oms-order-create"),
    "an order again": ({"order": ORDER | {"status": "LOGISTICS"}}, "adobe-oms-order-updated"),
    "a snapshot": ({"snapshot": {"source_id": 1, "mode": 1, "stock": 1}}, "adobe-oms-source-snapshot"),
    "an aggregate": ({"snapshot": {"aggregate_id": 1, "mode": 1, "stock": 1}}, "adobe-oms-aggregate-snapshot"),
    "an adjustment": ({"source_id": 1, "adjustments": []}, "adobe-oms-source-adjustment"),
    "a street date": ({"params": {"sku": "CD", "StreetDate": "soon"}}, "adobe-oms-street-date"),
    "a line of an order": ({"sku": "CD", "pre_order_street_date": "soon", "product_type": "PHYSICAL"}, None),
    "a reply": ({"result": {"lines": [{"sku": 1, "quantity": 1, "in_stock": 1}]}}, "adobe-oms-allocation-reply"),
    "a line of a reply": ({"sku": 1, "quantity": 1, "in_stock": 1}, "adobe-oms-allocation-reply"),
    "safety stock": ([{"aggregate_id": 1, "quantity": 1, "type": 1}], "adobe-oms-safety-stock"),
    "a shipment": ({"shipment": SHIPMENT}, "adobe-oms-shipment-done"),
    "a bare shipment": (SHIPMENT, None),
    "a request": (
        {"order_id": 1, "vat_country": "NL", "origin_date": 1, "items": []},
        "adobe-oms-shipment-request",
    ),
    "an older request": (
        {"order_id": 1, "request_id": 1, "sales_channel": "web", "items": []},
        "adobe-oms-shipment-request",
    ),
    "half an older request": ({"order_id": 1, "request_id": 1, "items": []}, None),
    "a native order": ({"preorder_kit": 1, "order": {"id": "1", "placed_at": "x", "lines": []}}, None),
    "another method": ({"method": "magento.x", "params": {"order": ORDER}}, None),
    "a method that is a list": ({"method": [], "params": {"order": ORDER}}, None),
    "columns": (frozenset({"sku", "quantity"}), None),
    "a list of nothing": ([], None),
    "text": ("order", None),
    "nothing": (None, None),
}


def recognised(root: object) -> list[str]:
    return [known.name for known in adobe_oms._FORMATS if known.recognises(root)]


@pytest.mark.parametrize(("name", "expected"), NAMED.items(), ids=NAMED)
def test_a_payload_is_recognised_and_read(name, expected):
    document = (PAYLOADS / f"{name}.json").read_bytes()
    assert recognised(json.loads(document)) == [expected]
    [known] = [known for known in adobe_oms._FORMATS if known.name == expected]
    assert known.read(document) is not None


@pytest.mark.parametrize(("method", "expected"), METHODS.items(), ids=METHODS)
def test_a_message_is_recognised_by_its_method(method, expected):
    assert recognised({"method": method, "params": None}) == [expected]


@pytest.mark.parametrize(("root", "expected"), BARE.values(), ids=BARE)
def test_a_document_without_a_method_is_recognised_by_its_fields(root, expected):
    assert recognised(root) == ([] if expected is None else [expected])


def test_every_name_is_used_once():
    names = [known.name for known in adobe_oms._FORMATS]
    assert len(set(names)) == len(names)
    assert set(names) == {*METHODS.values(), "adobe-oms-allocation-reply", "adobe-oms-safety-stock"}
    assert all(known.holds and not known.needs_zone for known in adobe_oms._FORMATS)


def test_what_is_open_of_an_order_is_an_order():
    document = (PAYLOADS / "order_updated.json").read_bytes()
    assert read_order(document) == adobe_oms.read_order_updated(document).order
    assert [line.sku for line in read_order(document).lines] == ["LP-2201", "CD-1105"]


def test_a_snapshot_is_a_supply_by_its_source():
    found = read_supply((PAYLOADS / "source_stock_update_snapshot.json").read_bytes())
    assert found.complete() == {"WAREHOUSE_1": Supply(on_hand={"CD-1105": 25, "LP-2201": 0, "DL-1": UNLIMITED})}


def test_units_in_flight_are_owed_in_a_supply_and_bad_rows_are_told():
    head = {"source_id": 7, "mode": "FULL", "created_on": "2026-11-21T08:00:00Z"}
    rows = [{"sku": "CD", "quantity": 25, "inflight": 3}, {"sku": "LP", "quantity": "many"}]
    found = read_supply(json.dumps({"snapshot": head | {"stock": rows}}))
    assert found.values == {"7": Supply(on_hand={"CD": 25}, commitments=[Commitment(sku="CD", quantity=3)])}
    assert [problem.path for problem in found.problems] == ["snapshot.stock[1].quantity"]


def test_one_message_of_a_batch_is_no_supply():
    batch = {"process_id": "b7", "process_number": 1, "process_total": 2}
    head = {"source_id": "W1", "mode": "NONZERO", "created_on": "2026-11-21T08:00:00Z", "batch": batch, "stock": []}
    with pytest.raises(InvalidDocument, match=r"snapshot\.batch: must be whole"):
        read_supply(json.dumps({"snapshot": head}))


@pytest.mark.parametrize("name", ["aggregate_stock_updated", "source_stock_adjustment", "safety_stock"])
def test_what_may_be_sold_or_changes_is_no_supply(name):
    with pytest.raises(InvalidDocument, match="where a supply is wanted"):
        read_supply((PAYLOADS / f"{name}.json").read_bytes())


def test_the_seed_is_recognised():
    document = Path(__file__).parents[2] / "docs" / "examples" / "preorder_cd.json"
    [name] = recognised(json.loads(document.read_bytes()))
    [known] = [known for known in adobe_oms._FORMATS if known.name == name]
    assert isinstance(known.read(document.read_bytes()), Order)
