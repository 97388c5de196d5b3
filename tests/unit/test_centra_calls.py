"""Calls of Centra's Integration API that are read: shipments, captures, cancellations and allocations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from preorder_kit import InvalidDocument, StockAction
from preorder_kit.adapters.centra import (
    AllocateCall,
    CancelCall,
    CancelCallLine,
    OrderCaptureCall,
    ShipmentCall,
    ShipmentCaptureCall,
    UnallocateCall,
    read_allocate_order,
    read_cancel_lines,
    read_capture_order,
    read_capture_shipment,
    read_shipment,
    read_unallocate_order,
)
from preorder_kit.formats import read_document

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "centra"
SCHEMA = build_schema((PAYLOADS / "integration.graphql").read_text(encoding="utf-8"))
HASH = "05ac658a8e815571fdba2984eb358932"


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def asked(mutation: str, **variables: Any) -> str:
    return json.dumps({"query": f"mutation {{ {mutation}(input: $input) {{ x }} }}", "variables": variables})


def shipment(**given: Any) -> str:
    lines = [{"orderLine": {"id": 1}, "quantity": 2}]
    return asked("createShipment", input={"order": {"number": 14}, "lines": lines, **given})


def cancelled(mutation: str = "updateDirectToConsumerOrder", **row: Any) -> str:
    own = {"line": {"id": 68}, "quantity": 1, **row}
    return asked(mutation, order={"number": 14}, input={"cancelLines": [own]})


def unallocated(**given: Any) -> str:
    return asked("unallocateOrder", input={"order": {"number": 14}, **given})


DOCUMENTED = {
    "integration_create_shipment": ShipmentCall(
        order_id="39790",
        units={"17635": 2},
        is_good_to_go=True,
        is_paid=False,
        allocate_demand=True,
        send_email=False,
    ),
    "integration_capture_order": OrderCaptureCall(order_id=HASH),
    "integration_capture_shipment": ShipmentCaptureCall(shipment=345),
    "integration_cancel_lines_v1": CancelCall(
        order_id="14",
        lines=[CancelCallLine(line_id="68", quantity=1, form="older", action_word="RELEASE_BACK_TO_WAREHOUSE")],
        comment="Supplier cancelled the drop",
    ),
    "integration_cancel_lines_v2": CancelCall(
        order_id="14",
        lines=[CancelCallLine(line_id="68", quantity=1, form="current", action_word="releaseItemsBackToWarehouse")],
    ),
    "integration_allocate_order": AllocateCall(
        order_id="14", units={"68": 2}, warehouses=[3, 1], comment="Arrived early"
    ),
    "integration_unallocate_order": UnallocateCall(
        order_id="14",
        units={"68": 1},
        action_word="sendItemsToDifferentWarehouse",
        to_warehouse=22,
        comment="Moved to the shop",
    ),
}


@pytest.mark.parametrize(("name", "expected"), DOCUMENTED.items(), ids=list(DOCUMENTED))
def test_the_documented_call_is_read(name, expected):
    assert read_document(payload(name)).complete() == expected


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_documented_call_is_one_that_the_schema_takes(name):
    body = json.loads(payload(name))
    document = parse(body["query"])
    assert validate(SCHEMA, document) == []
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    taken = get_variable_values(SCHEMA, operation.variable_definitions, body["variables"])
    assert not isinstance(taken, list), taken


def test_units_of_one_line_are_added_up_and_one_row_needs_no_list():
    rows = [{"orderLine": {"id": 1}, "quantity": 2}, {"orderLine": {"id": "1"}, "quantity": "3"}]
    assert read_shipment(shipment(lines=rows)).units == {"1": 5}
    assert read_shipment(shipment(lines=rows[0])).units == {"1": 2}


def test_a_delivery_group_says_what_is_shipped():
    found = read_shipment(shipment(deliveryGroup={"id": "d1"}))
    assert (found.delivery_group, found.units) == ("d1", None)


def test_an_order_is_named_by_its_hash_in_any_case():
    assert read_shipment(shipment(order={"id": HASH.upper()}, capture=True)) == ShipmentCall(
        order_id=HASH, units={"1": 2}, capture=True
    )


@pytest.mark.parametrize(
    ("row", "form", "action", "to_warehouse"),
    [
        ({"stockAction": "remove_from_stock"}, "older", StockAction.REMOVE, None),
        ({"stockAction": "SCRAP"}, "older", None, None),
        ({"stockActionPolicy": {"removeItemsFromStock": True}}, "current", StockAction.REMOVE, None),
        (
            {"stockActionPolicy": {"sendItemsToDifferentWarehouse": {"id": 3}, "removeItemsFromStock": None}},
            "current",
            StockAction.RELEASE,
            3,
        ),
        ({"stockActionPolicy": {"scrapItems": {"id": 3}}}, "current", None, None),
    ],
    ids=["older, in any case", "older, unknown", "removed", "elsewhere", "unknown"],
)
def test_what_becomes_of_cancelled_units_keeps_its_word(row, form, action, to_warehouse):
    [line] = read_cancel_lines(cancelled(**row)).lines
    [word] = [word for word in (row.get("stockAction"), *row.get("stockActionPolicy", {})) if word][:1]
    assert (line.form.value, line.action, line.to_warehouse) == (form, action, to_warehouse)
    assert line.action_word == word


def test_an_order_of_wholesale_and_a_delivery_group_are_told():
    policy = {"releaseItemsBackToWarehouse": True}
    found = read_cancel_lines(cancelled("updateWholesaleOrder", stockActionPolicy=policy, deliveryGroup={"id": "d1"}))
    assert (found.store.value, found.lines[0].delivery_group) == ("wholesale", "d1")


def test_no_lines_are_all_of_them():
    found = read_allocate_order(asked("allocateOrder", input={"order": {"number": 14}, "allocate": []}))
    assert found == AllocateCall(order_id="14")
    taken = read_unallocate_order(unallocated(stockActionPolicy={"removeItemsFromStock": "true"}))
    assert (taken.units, taken.action) == (None, StockAction.REMOVE)


BROKEN = {
    "no order": (read_shipment, shipment(order=None), ["input.order"]),
    "an order by two names": (read_shipment, shipment(order={"id": HASH, "number": 14}), ["input.order"]),
    "an order by no name": (read_shipment, shipment(order={}), ["input.order"]),
    "an order by a number as its id": (read_shipment, shipment(order={"id": "14"}), ["input.order.id"]),
    "an order that is none": (read_shipment, shipment(order=14), ["input.order"]),
    "nothing to ship": (read_shipment, shipment(lines=None), ["input.lines"]),
    "a flag that is none": (read_shipment, shipment(isPaid="no"), ["input.isPaid"]),
    "half a unit": (
        read_shipment,
        shipment(lines=[{"orderLine": {"id": 1}, "quantity": 5.9}]),
        ["input.lines[0].quantity"],
    ),
    "no line": (read_shipment, shipment(lines=[{"quantity": 1}]), ["input.lines[0].orderLine"]),
    "a group without an id": (read_shipment, shipment(deliveryGroup={}), ["input.deliveryGroup.id"]),
    "no input of a shipment": (read_shipment, asked("createShipment"), ["input"]),
    "an input that is none": (read_shipment, asked("createShipment", input=5), ["input"]),
    "no order to capture": (read_capture_order, asked("captureOrder"), ["order"]),
    "no shipment to capture": (read_capture_shipment, asked("captureShipment"), ["id"]),
    "a shipment by its number": (read_capture_shipment, asked("captureShipment", id="39790-1"), ["id"]),
    "no action": (read_cancel_lines, cancelled(), ["input.cancelLines[0].stockActionPolicy"]),
    "both actions": (
        read_cancel_lines,
        cancelled(stockAction="REMOVE_FROM_STOCK", stockActionPolicy={"removeItemsFromStock": True}),
        ["input.cancelLines[0]"],
    ),
    "two policies": (
        read_cancel_lines,
        cancelled(stockActionPolicy={"removeItemsFromStock": True, "releaseItemsBackToWarehouse": True}),
        ["input.cancelLines[0].stockActionPolicy"],
    ),
    "no policy": (
        read_cancel_lines,
        cancelled(stockActionPolicy={}),
        ["input.cancelLines[0].stockActionPolicy"],
    ),
    "a policy that is not to be": (
        read_cancel_lines,
        cancelled(stockActionPolicy={"removeItemsFromStock": False}),
        ["input.cancelLines[0].stockActionPolicy.removeItemsFromStock"],
    ),
    "no warehouse": (
        read_cancel_lines,
        cancelled(stockActionPolicy={"sendItemsToDifferentWarehouse": {}}),
        ["input.cancelLines[0].stockActionPolicy.sendItemsToDifferentWarehouse"],
    ),
    "an update that is none": (read_cancel_lines, asked("updateWholesaleOrder", input=[]), ["input"]),
    "no input to allocate": (read_allocate_order, asked("allocateOrder"), ["input"]),
    "no input to unallocate": (read_unallocate_order, asked("unallocateOrder"), ["input"]),
    "no policy to unallocate": (read_unallocate_order, unallocated(), ["input.stockActionPolicy"]),
    "a warehouse that is none": (
        read_unallocate_order,
        unallocated(warehouses=[{"id": 0}], stockActionPolicy={"removeItemsFromStock": True}),
        ["input.warehouses[0].id"],
    ),
}


@pytest.mark.parametrize(("read", "document", "paths"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_call_is_refused_with_all_of_its_problems(read, document, paths):
    with pytest.raises(InvalidDocument) as caught:
        read(document)
    assert [problem.path for problem in caught.value.problems] == [f"variables.{path}" for path in paths]


READERS = [
    read_shipment,
    read_capture_order,
    read_capture_shipment,
    read_cancel_lines,
    read_allocate_order,
    read_unallocate_order,
]
OTHERS = [
    "[]",
    "{}",
    '{"query": 5, "variables": {}}',
    asked("createBundle", input={}),
    asked("updateWholesaleOrder", input={"comment": "x"}),
    asked("updateWholesaleOrder updateDirectToConsumerOrder", input={"cancelLines": []}),
    json.dumps({"query": "mutation { createShipment(input: {}) { x } }"}),
    asked("reallocateOrder # not createShipment, allocateOrder or captureOrder\n", input={}),
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("document", OTHERS)
def test_another_document_is_no_such_call(read, document):
    with pytest.raises(InvalidDocument) as caught:
        read(document)
    assert [problem.code for problem in caught.value.problems] == ["document.unrecognised"]


def test_variables_that_are_none_are_named():
    with pytest.raises(InvalidDocument, match="variables: must be an object"):
        read_shipment('{"query": "mutation { createShipment }", "variables": 5}')
