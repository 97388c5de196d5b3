"""Replies to allocations, shipment requests and shipments of Adobe Commerce OMS."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

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

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "adobe_oms"
UTC = dt.timezone.utc
AT = dt.datetime(2026, 11, 22, 8, tzinfo=UTC)
LINES = [{"sku": "CD", "quantity": 2, "in_stock": True}, {"sku": 5, "quantity": "1", "in_stock": "False"}]


def payload(name: str) -> str:
    return (PAYLOADS / f"{name}.json").read_text(encoding="utf-8")


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
    "a parcel with a line that is numbered 0": (
        {"shipment": SENT | {"packages": [{"id": "P1", "items": [0]}]}},
        [("shipment.packages[0].items", "line.unknown")],
    ),
    "parts that are none": (
        {
            "shipment": SENT
            | {"items": [{"order_line_id": "11", "order_line_number": "?"}], "packages": [{"items": ["1", -1]}]}
        },
        [
            ("shipment.items[0].order_line_number", "units.invalid"),
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


def test_a_parcel_without_an_id_is_read_and_not_written():
    packages = [{"id": "P1", "items": [1]}, {"id": "", "items": ["2"]}]
    shipment = read_shipment_done(json.dumps({"shipment": SENT | {"packages": packages}}))
    assert shipment.packages == (OmsPackage(id="P1", line_numbers=[1]), OmsPackage(id="", line_numbers=[2]))
    with pytest.raises(InvalidArgument, match=re.escape("shipment.packages[1].id: must be text")):
        write_shipment_done(shipment, message_id="a5f0")


def test_the_payload_of_a_shipment():
    item = OmsShipmentItem(
        line_id="12",
        line_number=2,
        item_type="PHYSICAL",
        sku="CD-1105",
        name="Harbour (CD)",
        status=item_status("SHIPPED", reason="OSREPORT"),
    )
    package = OmsPackage(
        id="",
        line_numbers=[2],
        carrier="POST",
        tracking_number="1234567890",
        tracking_link="https://post.example/1234567890",
    )
    assert read_shipment_done(payload("shipment_done")) == OmsShipment(
        order_id="5100012",
        store_id="nl_web",
        source_id="WAREHOUSE_1",
        method="STANDARD",
        request_id="5100012-01",
        shipped_at=dt.datetime(2026, 11, 23, 15, 20, tzinfo=UTC),
        items=[item],
        packages=[package],
    )


def test_the_payload_of_an_allocation():
    assert read_allocation_reply(payload("allocation_reply")).complete() == (
        OmsAllocatedLine(sku="CD-1105", quantity=1, in_stock=True),
        OmsAllocatedLine(sku="LP-2201", quantity=2, in_stock=False),
    )


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


def requested(item_type: str, since: dt.datetime | None, **fields: object) -> OmsShipmentRequest:
    status = item_status("NEW", reason="ITEM_PENDING_PICKING", since=since)
    item = OmsShipmentItem(
        line_id="12", line_number=2, item_type=item_type, sku="CD-1105", name="Harbour (CD)", status=status
    )
    return OmsShipmentRequest(
        id="5100012-01", order_id="5100012", store="nl_web", source_id="WAREHOUSE_1", items=[item], **fields
    )


def test_the_payloads_of_both_generations_of_requests():
    made = dt.datetime(2026, 11, 21, 10, 40, tzinfo=UTC)
    placed = dt.datetime(2026, 11, 21, 10, 31, 25, tzinfo=UTC)
    assert read_shipment_request(payload("shipment_request")) == requested(
        "PHYSICAL", made, placed_at=placed, created_at=made, status="NEW"
    )
    assert read_shipment_request(payload("shipment_request_older")) == requested("", None, created_at=made)


def test_newer_names_of_a_request_come_before_older_ones():
    older = {"request_id": "R0", "sales_channel": "shop", "created": "2026-01-01", "request_created_at": "2026-01-02"}
    found = read_shipment_request(json.dumps(REQUEST | older))
    assert (found.id, found.store, found.placed_at, found.created_at) == ("O1-01", "web", AT, AT)
    only_older = {key: value for key, value in REQUEST.items() if key not in {"id", "store", "origin_date"}} | older
    found = read_shipment_request(json.dumps(only_older))
    assert (found.id, found.store, found.placed_at) == ("R0", "shop", dt.datetime(2026, 1, 1, tzinfo=UTC))


def test_problems_of_a_shipment_request():
    message = {"items": [5], "order_id": [], "created_at": "soon"}
    with pytest.raises(InvalidDocument) as caught:
        read_shipment_request(json.dumps(message))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("id", "field.missing"),
        ("order_id", "text.invalid"),
        ("store", "field.missing"),
        ("items[0]", "type.invalid"),
        ("created_at", "instant.invalid"),
    ]
