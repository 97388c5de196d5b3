"""Replies to allocations, shipment requests and shipments of Adobe Commerce OMS."""

from __future__ import annotations

import datetime as dt
import json

import attrs
import pytest

from preorder_kit import InvalidArgument, InvalidDocument, PartState
from preorder_kit.adapters.adobe_oms import (
    OmsAllocatedLine,
    OmsPackage,
    OmsShipment,
    OmsShipmentItem,
    OmsShipmentRequest,
    item_status,
    read_allocation_reply,
    read_shipment_done,
    read_shipment_request,
    write_shipment_done,
)

UTC = dt.timezone.utc
AT = dt.datetime(2026, 11, 22, 8, tzinfo=UTC)
LINES = [{"sku": "CD", "quantity": 2, "in_stock": True}, {"sku": 5, "quantity": "1", "in_stock": "False"}]
ALLOCATED = (
    OmsAllocatedLine(sku="CD", quantity=2, in_stock=True),
    OmsAllocatedLine(sku="5", quantity=1, in_stock=False),
)
REPLIES = {
    "a list": LINES,
    "under lines": {"lines": LINES},
    "a result": {"jsonrpc": "2.0", "result": LINES, "id": 1},
    "lines of a result": {"result": {"lines": LINES}},
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_a_reply_is_read_wherever_its_lines_are(reply):
    assert read_allocation_reply(json.dumps(reply)).complete() == ALLOCATED


def test_a_line_by_itself_is_a_reply():
    assert read_allocation_reply(json.dumps(LINES[0])).complete() == ALLOCATED[:1]


def test_a_bad_line_is_a_problem_and_the_others_stand():
    rows = [{"sku": "", "quantity": -1, "in_stock": 1}, None, LINES[0]]
    found = read_allocation_reply(json.dumps({"result": {"lines": rows}}))
    assert found.values == ALLOCATED[:1]
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("result.lines[1]", "type.invalid"),
        ("result.lines[0].sku", "field.missing"),
        ("result.lines[0].quantity", "units.invalid"),
        ("result.lines[0].in_stock", "type.invalid"),
    ]


@pytest.mark.parametrize("document", ['"CD"', '{"result": null}', '{"lines": 5}'])
def test_what_is_no_reply_is_refused(document):
    with pytest.raises(InvalidDocument, match="must be a list of allocated lines, or one"):
        read_allocation_reply(document)


SENT = {
    "order_id": "O1",
    "store_id": "web",
    "source_id": "W1",
    "method": "STANDARD",
    "shipment_id": "O1-001",
    "shipment_request_id": "R1",
    "shipment_date": "2026-11-22 09:00:00+01:00",
    "items": [
        {
            "order_line_id": "11",
            "order_line_number": "1",
            "item_type": "PHYSICAL",
            "sku": "CD",
            "name": "Harbour (CD)",
            "status": "SHIPPED",
            "status_reason": "OSREPORT",
            "status_date": "2026-11-22T08:00:00Z",
        },
        {"order_line_id": 12, "order_line_number": 2},
    ],
    "packages": [
        {
            "id": "P1",
            "items": ["1", 2],
            "carrier": "POST",
            "tracking_number": 77,
            "tracking_link": "https://post.example",
        },
        {"id": 2, "items": []},
    ],
    "address": {"reference": "ship1"},
}
SHIPMENT = OmsShipment(
    order_id="O1",
    store_id="web",
    source_id="W1",
    method="STANDARD",
    shipment_id="O1-001",
    request_id="R1",
    shipped_at=AT,
    items=[
        OmsShipmentItem(
            line_id="11",
            line_number=1,
            item_type="PHYSICAL",
            sku="CD",
            name="Harbour (CD)",
            status=item_status("SHIPPED", reason="OSREPORT", since=AT),
        ),
        OmsShipmentItem(line_id="12", line_number=2),
    ],
    packages=[
        OmsPackage(
            id="P1", line_numbers=[1, 2], carrier="POST", tracking_number="77", tracking_link="https://post.example"
        ),
        OmsPackage(id="2", line_numbers=[]),
    ],
)
METHOD = "magento.logistics.fulfillment_management.customer_shipment_done"
DONE = {
    "on the bus": {"method": METHOD, "client": "FAKE", "id": "a5f0", "params": {"shipment": SENT}},
    "wrapped": {"shipment": SENT},
    "in params": {"params": {"shipment": SENT}},
}


@pytest.mark.parametrize("message", DONE.values(), ids=DONE)
def test_a_shipment_is_read_however_it_comes(message):
    assert read_shipment_done(json.dumps(message)) == SHIPMENT


def test_a_shipment_is_written_as_it_is_documented():
    written = json.loads(write_shipment_done(SHIPMENT, message_id="a5f0"))
    assert written == {
        "jsonrpc": "2.0",
        "method": METHOD,
        "params": {
            "shipment": {
                "shipment_id": "O1-001",
                "shipment_request_id": "R1",
                "store_id": "web",
                "order_id": "O1",
                "source_id": "W1",
                "method": "STANDARD",
                "shipment_date": "2026-11-22T08:00:00+00:00",
                "items": [
                    {
                        "order_line_id": "11",
                        "order_line_number": 1,
                        "item_type": "PHYSICAL",
                        "sku": "CD",
                        "name": "Harbour (CD)",
                        "status": "SHIPPED",
                        "status_reason": "OSREPORT",
                        "status_date": "2026-11-22T08:00:00+00:00",
                    },
                    {"order_line_id": "12", "order_line_number": 2},
                ],
                "packages": [
                    {
                        "id": "P1",
                        "items": [1, 2],
                        "carrier": "POST",
                        "tracking_number": "77",
                        "tracking_link": "https://post.example",
                    },
                    {"id": "2", "items": []},
                ],
            }
        },
        "id": "a5f0",
    }
    assert read_shipment_done(json.dumps(written)) == SHIPMENT


BAD = {
    "nothing": (
        {"shipment": {}},
        [
            ("shipment.order_id", "field.missing"),
            ("shipment.store_id", "field.missing"),
            ("shipment.source_id", "field.missing"),
            ("shipment.method", "field.missing"),
            ("shipment.items", "field.missing"),
            ("shipment.packages", "field.missing"),
        ],
    ),
    "a parcel with a line that is not there": (
        {"shipment": SENT | {"packages": [{"id": "P1", "items": [1]}, {"id": "P2", "items": [2, 3]}]}},
        [("shipment.packages[1].items", "line.unknown")],
    ),
    "parts that are none": (
        {
            "shipment": SENT
            | {"items": [{"order_line_id": "11", "order_line_number": "?"}], "packages": [{"items": ["1", -1]}]}
        },
        [
            ("shipment.items[0].order_line_number", "units.invalid"),
            ("shipment.packages[0].id", "field.missing"),
            ("shipment.packages[0].items[1]", "units.invalid"),
        ],
    ),
    "a parcel of text": (
        {"shipment": SENT | {"packages": [{"id": "P1", "items": "1"}]}},
        [("shipment.packages[0].items", "type.invalid")],
    ),
    "a shipment without its key": (SENT, [("method", "document.unrecognised")]),
    "a list": ([], [("", "document.unrecognised")]),
}


@pytest.mark.parametrize(("message", "expected"), BAD.values(), ids=BAD)
def test_every_problem_of_a_shipment_has_its_path(message, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_shipment_done(json.dumps(message))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == expected


@pytest.mark.parametrize("name", ["items", "packages"])
def test_a_shipment_of_nothing_is_not_written(name):
    shipment = attrs.evolve(SHIPMENT, **{"packages": [], name: []})
    with pytest.raises(InvalidArgument, match=f"shipment.{name}: must hold at least one"):
        write_shipment_done(shipment, message_id="a5f0")


def test_what_is_no_shipment_is_not_written():
    with pytest.raises(InvalidArgument, match="shipment: must be an OmsShipment"):
        write_shipment_done({}, message_id="a5f0")


REQUEST = {
    "id": "O1-01",
    "order_id": "O1",
    "source_id": "W1",
    "store": "web",
    "vat_country": "ES",
    "origin": "FRONTEND",
    "origin_date": "2026-11-22T09:00:00+01:00",
    "created_at": "2026-11-22T08:00:00+00:00",
    "status": "NEW",
    "items": [
        {
            "order_line_id": "31",
            "order_line_number": 1,
            "item_type": "PHYSICAL",
            "sku": "CD",
            "name": "Harbour (CD)",
            "custom_details": [],
            "status": "NEW",
            "status_reason": "ITEM_PENDING_PICKING",
        }
    ],
    "addresses": [],
}


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(REQUEST, id="bare"),
        pytest.param({"shipment_request": REQUEST}, id="wrapped"),
        pytest.param(
            {
                "method": "magento.logistics.warehouse_management.request_shipment",
                "params": {"shipment_request": REQUEST},
            },
            id="on the bus",
        ),
    ],
)
def test_a_shipment_request_is_read_however_it_comes(message):
    item = OmsShipmentItem(
        line_id="31",
        line_number=1,
        item_type="PHYSICAL",
        sku="CD",
        name="Harbour (CD)",
        status=item_status("NEW", reason="ITEM_PENDING_PICKING"),
    )
    found = read_shipment_request(json.dumps(message))
    assert found == OmsShipmentRequest(
        id="O1-01",
        order_id="O1",
        store="web",
        placed_at=AT,
        items=[item],
        source_id="W1",
        status="NEW",
        created_at=AT,
    )
    assert found.items[0].status.state is PartState.DUE


def test_problems_of_a_shipment_request():
    message = {"items": [5], "order_id": [], "created_at": "soon"}
    with pytest.raises(InvalidDocument) as caught:
        read_shipment_request(json.dumps(message))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("id", "field.missing"),
        ("order_id", "text.invalid"),
        ("store", "field.missing"),
        ("origin_date", "field.missing"),
        ("items[0]", "type.invalid"),
        ("created_at", "instant.invalid"),
    ]
