"""The lines of orders that fabric is asked for, and what it answers; and which documents are fabric's."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preorder_kit import (
    Cancelled,
    CancelReason,
    InvalidArgument,
    InvalidDocument,
    LeadTime,
    Order,
    OrderLine,
    Promise,
    ShippingTimes,
    SplitPlan,
    Supply,
    WaitingLine,
    promise_order,
    split_order,
)
from preorder_kit.adapters import fabric
from preorder_kit.adapters.fabric import (
    OrderItem,
    OrderReply,
    order_reply_lines,
    read_order_reply,
    write_order_items,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fabric"
UTC = dt.timezone.utc
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=UTC)
AHEAD = dt.datetime(2027, 2, 5, tzinfo=UTC)
TIMES = ShippingTimes(handling=LeadTime(1, 1), transit=LeadTime(2, 2))
ORDER = Order(
    id="O1",
    placed_at=NOW,
    lines=[
        OrderLine(id="a", sku="CD", quantity=3, when_short="wait"),
        OrderLine(id="b", sku="LP", quantity=2),
        OrderLine(id="c", sku="NEW", quantity=1, street_date=AHEAD, ship_to="home"),
        OrderLine(id="d", sku="BOX", quantity=1),
        OrderLine(id="e", sku="STANDARD", quantity=1, kind="fee"),
        OrderLine(id="f", sku="EBOOK", quantity=1, kind="digital"),
    ],
)
SUPPLY = Supply(on_hand={"CD": 1, "LP": 1})
IDS = {"CD": 1, "LP": 2, "NEW": 3, "EBOOK": 5}


def problems(found: InvalidDocument) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


def flags(written: str) -> list[tuple[object, ...]]:
    return [
        tuple(item[name] for name in ("lineItemId", "orderedQuantity", "isBackorder", "isPreorder"))
        for item in json.loads(written)["items"]
    ]


ITEMS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["itemId", "lineItemId", "lineItemNumber", "shipToId", "sku", "orderedQuantity"],
                "properties": {
                    "itemId": {"type": "integer", "minimum": 1, "maximum": 2147483647},
                    "lineItemId": {"type": "string"},
                    "lineItemNumber": {"type": "integer", "minimum": 1},
                    "shipToId": {"type": "string", "minLength": 1},
                    "sku": {"type": "string"},
                    "orderedQuantity": {"type": "integer", "minimum": 1},
                    "isBackorder": {"type": "boolean"},
                    "isPreorder": {"type": "boolean"},
                },
            },
        }
    },
}
EXPECTED = [
    ("a", 3, True, False),
    ("b", 1, False, False),
    ("c", 1, False, True),
    ("f", 1, False, False),
]


def test_flags_are_what_a_plan_says():
    written = write_order_items(ORDER, split_order(ORDER, supply=SUPPLY, at=NOW), item_ids=IDS, ship_to="1")
    Draft202012Validator(ITEMS).validate(json.loads(written))
    assert flags(written) == EXPECTED
    items = json.loads(written)["items"]
    assert [(item["lineItemNumber"], item["shipToId"]) for item in items] == [(1, "1"), (2, "1"), (3, "home"), (6, "1")]


def test_flags_are_what_promises_say():
    promises = promise_order(ORDER, supply=SUPPLY, times=TIMES, at=NOW)
    assert flags(write_order_items(ORDER, promises, item_ids=IDS, ship_to="1")) == EXPECTED


def promise(line: str, quantity: int, kind: str) -> Promise:
    return Promise(order_id="O1", line_id=line, sku="CD", quantity=quantity, kind=kind)


ONE = Order(id="O1", placed_at=NOW, lines=[OrderLine(id="a", sku="CD", quantity=3, when_short="wait")])
KINDS = [
    ("in_stock", ("a", 3, False, False)),
    ("backorder", ("a", 3, True, False)),
    ("estimate", ("a", 3, True, False)),
    ("preorder", ("a", 3, False, True)),
    ("none", ("a", 3, True, False)),
]


@pytest.mark.parametrize(("kind", "expected"), KINDS)
def test_each_kind_of_promise_has_its_flags(kind, expected):
    assert flags(write_order_items(ONE, [promise("a", 3, kind)], item_ids=IDS, ship_to="1")) == [expected]


def test_a_line_that_is_both_is_a_pre_order():
    promises = [promise("a", 1, "backorder"), promise("a", 2, "preorder")]
    assert flags(write_order_items(ONE, promises, item_ids=IDS, ship_to="1")) == [("a", 3, False, True)]


def test_a_pre_order_without_a_date_is_one_still():
    line = OrderLine(id="a", sku="CD", quantity=3, street_date=AHEAD)
    order = Order(id="O1", placed_at=NOW, lines=[line])
    written = write_order_items(order, [promise("a", 3, "none")], item_ids=IDS, ship_to="1")
    assert flags(written) == [("a", 3, False, True)]


HUGE = Order(id="O1", placed_at=NOW, lines=[OrderLine(id="a", sku="CD", quantity=2**31)])
CUT = Cancelled(line_id="a", sku="CD", quantity=3, reason=CancelReason.CUSTOMER)
REFUSED = {
    "no order": (None, [], {}, "order"),
    "another order's plan": (ONE, SplitPlan(order_id="O2", parts=[], cancelled=[]), {}, "promised.order_id"),
    "another order's promise": (
        ONE,
        [Promise(order_id="O2", line_id="a", sku="CD", quantity=3, kind="none")],
        {},
        "promised[0]",
    ),
    "a promise for no line": (ONE, [promise("z", 3, "none")], {}, "promised[0]"),
    "too few units in a plan": (ONE, SplitPlan(order_id="O1", parts=[], cancelled=[]), {}, "promised"),
    "too many promises": (ONE, [promise("a", 4, "in_stock")], {}, "promised"),
    "too few promises": (ONE, [promise("a", 2, "in_stock")], {}, "promised"),
    "nothing left": (ONE, SplitPlan(order_id="O1", parts=[], cancelled=[CUT]), {}, "promised"),
    "no item id": (ONE, [promise("a", 3, "in_stock")], {"item_ids": {"LP": 1}}, "item_ids"),
    "an item id of 0": (ONE, [promise("a", 3, "in_stock")], {"item_ids": {"CD": 0}}, "item_ids['CD']"),
    "too large an item id": (ONE, [promise("a", 3, "in_stock")], {"item_ids": {"CD": 2**31}}, "item_ids['CD']"),
    "no address": (ONE, [promise("a", 3, "in_stock")], {"ship_to": ""}, "ship_to"),
    "what is no promise": (ONE, [5], {}, "promised[0]"),
    "too many units": (HUGE, [promise("a", 2**31, "in_stock")], {}, "order.lines[0].quantity"),
}


@pytest.mark.parametrize(("order", "promised", "arguments", "path"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_ordered_is_refused(order, promised, arguments, path):
    with pytest.raises(InvalidArgument) as caught:
        write_order_items(order, promised, **{"item_ids": IDS, "ship_to": "1", **arguments})
    assert caught.value.path == path


REPLY = {
    "orderNumber": "O1",
    "orderId": "5fec576d",
    "orderedAt": "2026-11-23T09:00:00.000Z",
    "statusCode": "ORDER_CREATED",
    "items": [
        {
            "lineItemId": "1",
            "lineItemNumber": 1,
            "sku": "CD",
            "itemId": 7,
            "orderedQuantity": 5,
            "backOrderedQuantity": 3,
            "orderedQuantityToShip": 2,
            "pendingShippedBackOrderQuantity": 2,
            "shippedQuantity": 2,
            "deliveredQuantity": 1,
            "invoicedQuantity": 2,
            "cancelledQuantity": 1,
            "returnedQuantity": 0,
            "lineOrderStatus": "ITEM_BACKORDERED",
            "isBackorder": True,
            "isPreorder": "false",
            "hasInfiniteConsent": None,
        },
        {"lineItemId": 2, "sku": "LP", "orderedQuantity": "1"},
    ],
}


def test_what_became_of_an_order_is_read():
    assert read_order_reply(json.dumps(REPLY)) == OrderReply(
        order=Order(
            id="O1",
            placed_at=NOW,
            lines=[
                OrderLine(id="1", sku="CD", quantity=5, when_short="wait"),
                OrderLine(id="2", sku="LP", quantity=1),
            ],
        ),
        fabric_id="5fec576d",
        status="ORDER_CREATED",
        items=[
            OrderItem(
                line_id="1",
                number=1,
                sku="CD",
                item_id="7",
                ordered=5,
                backordered=3,
                to_ship=2,
                pending=2,
                shipped=2,
                delivered=1,
                invoiced=2,
                cancelled=1,
                returned=0,
                status="ITEM_BACKORDERED",
                is_backorder=True,
                is_preorder=False,
            ),
            OrderItem(line_id="2", sku="LP", ordered=1),
        ],
    )


def test_what_is_pending_waits():
    found = order_reply_lines(read_order_reply(json.dumps(REPLY)))
    assert found == (WaitingLine(order_id="O1", line_id="1", sku="CD", quantity=2, placed_at=NOW),)


@pytest.mark.parametrize("change", [{"statusCode": "ORDER_CANCELLED"}, {"statusCode": "canceled"}])
def test_nothing_of_a_cancelled_order_waits(change):
    assert order_reply_lines(read_order_reply(json.dumps({**REPLY, **change}))) == ()


def test_nothing_of_a_cancelled_line_waits():
    item = {**REPLY["items"][0], "lineOrderStatus": "CANCELLED"}
    assert order_reply_lines(read_order_reply(json.dumps({**REPLY, "items": [item]}))) == ()


def test_an_order_on_hold_waits_on_hold():
    [line] = order_reply_lines(read_order_reply(json.dumps({**REPLY, "statusCode": "ORDER_HOLD_CSR"})))
    assert (line.quantity, line.hold) == (2, "ORDER_HOLD_CSR")


@pytest.mark.parametrize(
    ("sent", "when_short"),
    [
        ({"backOrderedQuantity": 1}, "wait"),
        ({"pendingShippedBackOrderQuantity": 1}, "wait"),
        ({"isBackorder": True}, "wait"),
        ({"isPreorder": True}, "wait"),
        ({"backOrderedQuantity": 0, "isBackorder": False}, "cancel"),
        ({}, "cancel"),
    ],
)
def test_what_was_backordered_may_wait(sent, when_short):
    item = {"lineItemId": "1", "sku": "CD", "orderedQuantity": 1, **sent}
    assert read_order_reply(json.dumps({**REPLY, "items": [item]})).order.lines[0].when_short == when_short


def test_an_order_is_read_as_it_is_sent():
    found = read_order_reply((PAYLOADS / "order_v3.json").read_text())
    assert found.status == "ORDER_PARTIALLY_SHIPPED"
    assert found.order.placed_at == dt.datetime(2026, 11, 12, 9, 30, 31, 198000, tzinfo=UTC)
    assert [(item.sku, item.ordered, item.backordered, item.pending, item.shipped) for item in found.items] == [
        ("SHOE42", 5, 4, 2, 3),
        ("VINYL-7", 1, 1, 1, None),
        ("LACES", 2, None, None, 2),
    ]
    assert found.items[1].has_endless_consent is True
    assert [(line.line_id, line.quantity) for line in order_reply_lines(found)] == [("1", 2), ("2", 1)]


def test_an_order_without_a_number_goes_by_its_id_and_a_preorder_may_wait():
    item = {"lineItemId": "1", "sku": "CD", "orderedQuantity": 1, "isPreorder": True}
    found = read_order_reply(json.dumps({**REPLY, "orderNumber": None, "items": [item]}))
    assert (found.order.id, found.order.lines[0].when_short) == ("5fec576d", "wait")


LINE = {"lineItemId": "1", "sku": "CD", "orderedQuantity": 5}
BAD = {
    "neither a number nor an id": ({"orderNumber": None, "orderId": ""}, [("orderNumber", "field.missing")]),
    "no instant": ({"orderedAt": "soon"}, [("orderedAt", "instant.invalid")]),
    "no lines": ({"items": []}, [("items", "field.missing")]),
    "nothing in a line": (
        {"items": [{}]},
        [
            ("items[0].orderedQuantity", "field.missing"),
            ("items[0].lineItemId", "field.missing"),
            ("items[0].sku", "field.missing"),
        ],
    ),
    "none ordered": ({"items": [{**LINE, "orderedQuantity": 0}]}, [("items[0].orderedQuantity", "units.invalid")]),
    "more shipped than ordered": (
        {"items": [{**LINE, "shippedQuantity": 6}]},
        [("items[0].shippedQuantity", "fabric.sum")],
    ),
    "more pending than backordered": (
        {"items": [{**LINE, "backOrderedQuantity": 2, "pendingShippedBackOrderQuantity": 3}]},
        [("items[0].pendingShippedBackOrderQuantity", "fabric.sum")],
    ),
    "more pending than ordered": (
        {"items": [{**LINE, "pendingShippedBackOrderQuantity": 6}]},
        [("items[0].pendingShippedBackOrderQuantity", "fabric.sum")],
    ),
    "more backordered than ordered, more pending than ordered": (
        {"items": [{**LINE, "backOrderedQuantity": 9, "pendingShippedBackOrderQuantity": 7}]},
        [
            ("items[0].backOrderedQuantity", "fabric.sum"),
            ("items[0].pendingShippedBackOrderQuantity", "fabric.sum"),
        ],
    ),
    "a flag that is none": ({"items": [{**LINE, "isBackorder": "yes"}]}, [("items[0].isBackorder", "type.invalid")]),
    "one line twice": ({"items": [LINE, LINE]}, [("items[1].lineItemId", "id.repeated")]),
}


@pytest.mark.parametrize(("change", "expected"), BAD.values(), ids=BAD)
def test_all_problems_of_an_order_are_named(change, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_order_reply(json.dumps({**REPLY, **change}))
    assert problems(caught.value) == expected


@pytest.mark.parametrize("document", ["[]", "{}", "5", '{"orderNumber": "O1"}'])
def test_another_document_is_no_order(document):
    with pytest.raises(InvalidDocument) as caught:
        read_order_reply(document)
    assert problems(caught.value) == [("", "document.unrecognised")]


NAMED = {
    "fabric-bulk-insert": "bulk_insert_request_v1.json",
    "fabric-bulk-insert-reply": "bulk_insert_response_v1.json",
    "fabric-bulk-insert-error": "bulk_insert_error_v1.json",
    "fabric-item-inventory": "get_generic_inventory_v1.json",
    "fabric-item-availability": "get_inventories_response_v1.json",
    "fabric-availability-request": "get_inventories_request_v1.json",
    "fabric-inventory-v2": "inventory_v2_create.json",
    "fabric-inventory-v3": "inventory_v3_create_response.json",
    "fabric-inventory-page": "inventory_v3_find_response.json",
    "fabric-reservation-v2": "backorder_preorder_reservation_v2.json",
    "fabric-reservation-v3": "backorder_preorder_v3.json",
    "fabric-reservation-page": "backorders_preorders_search_v3.json",
    "fabric-order": "order_v3.json",
    "fabric-delay-consent": "delay_consent_v3.json",
}
DOCUMENTS = {name: json.loads((PAYLOADS / file).read_text()) for name, file in NAMED.items()}
DOCUMENTS |= {
    "fabric-csv": frozenset({"sku", "totalquantity", "reservedquantity", "locationid", "type", "channelid"}),
}
FORMATS = {found.name: found for found in fabric._FORMATS}


def test_every_kind_of_document_is_named_once():
    assert set(FORMATS) == set(DOCUMENTS)
    assert len(FORMATS) == len(fabric._FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_each_document_is_recognised_by_its_own_kind_alone(name):
    assert [found.name for found in fabric._FORMATS if found.recognises(DOCUMENTS[name])] == [name]


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"fabric-csv"}))
def test_each_document_is_read_by_its_kind(name):
    found = FORMATS[name].read(json.dumps(DOCUMENTS[name]))
    assert getattr(found, "problems", ()) == ()


LISTS = {
    "a list of the second API": ([DOCUMENTS["fabric-inventory-v2"]], "fabric-inventory-v2"),
    "a list of the third API": ([DOCUMENTS["fabric-inventory-v3"]], "fabric-inventory-v3"),
    "a page of the second API": (
        json.loads((PAYLOADS / "inventories_page_v2.json").read_text()),
        "fabric-inventory-page",
    ),
    "a page by geography": ({"inventories": [DOCUMENTS["fabric-inventory-v3"]]}, "fabric-inventory-page"),
    "reservations of the second API": ([DOCUMENTS["fabric-reservation-v2"]], "fabric-reservation-v2"),
    "reservations of the third API": ([DOCUMENTS["fabric-reservation-v3"]], "fabric-reservation-v3"),
}


@pytest.mark.parametrize(("root", "name"), LISTS.values(), ids=LISTS)
def test_a_list_is_of_the_kind_of_its_items(root, name):
    assert [found.name for found in fabric._FORMATS if found.recognises(root)] == [name]
    assert FORMATS[name].read(json.dumps(root)).problems == ()


def made(name: str, field: str) -> object:
    values = FORMATS[name].read(json.dumps(DOCUMENTS[name]))
    return getattr(FORMATS[name], field)(getattr(values, "values", values))


def test_what_a_document_holds_of_supplies_orders_and_queues_is_made_of_it():
    holds = {
        field: {name for name, found in FORMATS.items() if getattr(found, field)}
        for field in ("supply_of", "order_of", "queue_of")
    }
    assert holds == {
        "supply_of": {
            "fabric-item-inventory",
            "fabric-inventory-v2",
            "fabric-inventory-v3",
            "fabric-inventory-page",
        },
        "order_of": {"fabric-order"},
        "queue_of": {"fabric-order", "fabric-reservation-v2", "fabric-reservation-v3", "fabric-reservation-page"},
    }
    assert made("fabric-item-inventory", "supply_of")["175"].receipts[0].quantity == 40
    assert made("fabric-inventory-v2", "supply_of")["175"].on_hand == {"1597422": 80}
    assert made("fabric-inventory-v3", "supply_of")["334"].on_hand == {"VINYL-7": 10}
    assert made("fabric-inventory-page", "supply_of")["175"].on_hand == {"SHOE42": 10}
    assert made("fabric-order", "order_of").id == "309019204"
    queues = {name: [line.quantity for line in made(name, "queue_of")] for name in sorted(holds["queue_of"])}
    assert queues == {
        "fabric-order": [2, 1],
        "fabric-reservation-page": [2, 2],
        "fabric-reservation-v2": [5],
        "fabric-reservation-v3": [4],
    }


def test_an_answer_is_a_value_that_can_be_shown():
    found = FORMATS["fabric-delay-consent"].read('{"consent": "accept"}')
    assert found == fabric.ConsentAnswer(consent="accept")


def test_a_document_of_two_spellings_is_of_one_kind():
    for second, third in (
        ("fabric-inventory-v2", "fabric-inventory-v3"),
        ("fabric-reservation-v2", "fabric-reservation-v3"),
    ):
        both = DOCUMENTS[third] | DOCUMENTS[second]
        assert [found.name for found in fabric._FORMATS if found.recognises(both)] == [second]


OTHERS = [None, 5, "x", [], {}, [[]], [{}], {"data": []}, {"pagination": {}, "data": [5]}, {"items": 5}, {"message": 5}]
OTHERS += [{"message": "no"}, {"consent": "MAYBE"}, {"consent": 5}, frozenset(), frozenset({"sku", "quantity"})]
OTHERS += [{"items": [{"itemId": "7", "quantity": 1}]}, {"inventory": [5]}, {"inventories": {}}]
OTHERS += [frozenset({"totalquantity", "reservedquantity", "locationid"})]


@pytest.mark.parametrize("root", OTHERS)
def test_other_documents_are_not_recognised(root):
    assert [found.name for found in fabric._FORMATS if found.recognises(root)] == []
