"""Stock of fulfillmenttools: rows summed, summaries by name, purchase orders as receipts, new rows written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from preorder_kit import UNLIMITED, Commitment, InvalidArgument, InvalidDocument, Receipt, SellRules, Stock, Supply
from preorder_kit.adapters.fulfillmenttools import (
    OutOfStockTerms,
    StockEntry,
    StockSummary,
    read_purchase_orders,
    read_stock_entry,
    read_stock_summaries,
    read_stocks,
    summary_stock,
    write_stocks,
)
from preorder_kit.formats import read_supply

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fulfillmenttools"
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)


def payload(name):
    return (PAYLOADS / f"{name}.json").read_text(encoding="utf-8")


def problems(error):
    return [(problem.path, problem.code) for problem in error.problems]


def row(value=1, **more):
    return {"facilityRef": "oslo", "tenantArticleId": "A", "value": value, **more}


def test_a_row_is_read_as_a_supply():
    supply = Supply(on_hand={"JKT-774-M": 5}, commitments=[Commitment(sku="JKT-774-M", quantity=2)])
    assert read_stocks(payload("stock_response")).complete() == {"f-oslo-01": supply}


def test_rows_are_summed_for_each_facility_and_article():
    rows = [
        row(5, reserved=2, facilityWideReserved=3),
        row(4, reserved="1", facilityWideReserved=2, traits=["accessible", "PICKABLE", "KEEP_ON_ZERO"]),
        row(7, tenantArticleId="B", facilityRef=None, facility={"tenantFacilityId": "B1"}),
        row(8, tenantArticleId="C", facilityRef=None, tenantFacilityId="B1"),
        row(9, facilityRef=None, facility={"facilityRef": "bergen", "tenantFacilityId": "B1"}),
    ]
    assert read_stocks(json.dumps(rows)).complete() == {
        "oslo": Supply(on_hand={"A": 9}, commitments=[Commitment(sku="A", quantity=6)]),
        "B1": Supply(on_hand={"B": 7, "C": 8}),
        "bergen": Supply(on_hand={"A": 9}),
    }


COUNTED = {
    "plain": ({}, 3),
    "defective": ({"conditions": ["defective"]}, 0),
    "another condition": ({"conditions": ["NEW"]}, 3),
    "both traits": ({"traits": ["ACCESSIBLE", "PICKABLE"]}, 3),
    "not pickable": ({"traits": ["ACCESSIBLE"]}, 0),
    "no traits": ({"traits": []}, 0),
    "ended": ({"availableUntil": "2026-11-22T09:00:00.000Z"}, 0),
    "not yet ended": ({"availableUntil": "2026-11-22T09:00:00.001Z"}, 3),
}


@pytest.mark.parametrize(("said", "units"), COUNTED.values(), ids=COUNTED)
def test_what_cannot_be_picked_does_not_count_but_what_is_owed_stays(said, units):
    supply = read_stocks(json.dumps({"stocks": [row(3, reserved=2, **said)]}), at=NOW).complete()["oslo"]
    assert supply == Supply(on_hand={"A": units}, commitments=[Commitment(sku="A", quantity=2)])


def test_other_traits_may_be_asked_for():
    rows = json.dumps([row(3, traits=["ACCESSIBLE"])])
    assert read_stocks(rows, traits=["accessible"]).complete()["oslo"].on_hand == {"A": 3}


def test_broken_rows_are_named_and_the_others_stand():
    rows = [row(2), row(-1), {"value": 1}, row(1, availableUntil="2027-01-01T00:00:00Z"), 5, row(1, facility=[])]
    found = read_stocks(json.dumps(rows))
    assert found.values == {"oslo": Supply(on_hand={"A": 2})}
    assert sorted(problems(found)) == [
        ("[1].value", "units.invalid"),
        ("[2].facilityRef", "field.missing"),
        ("[2].tenantArticleId", "field.missing"),
        ("[3].availableUntil", "stock.available_until"),
        ("[4]", "type.invalid"),
        ("[5].facility", "type.invalid"),
    ]


@pytest.mark.parametrize("read", [read_stocks, read_stock_summaries])
@pytest.mark.parametrize("document", ["5", '{"orders": []}', '{"stocks": null}'])
def test_what_is_no_list_of_stock_is_told(read, document):
    with pytest.raises(InvalidDocument, match="must be"):
        read(document)


def test_a_new_row_is_read_and_written_as_it_is():
    entry = StockEntry(
        sku="JKT-774-M",
        quantity=5,
        facility="f-oslo-01",
        tenant_stock_id="st-0001",
        received=dt.datetime(2026, 11, 20, 8, tzinfo=dt.timezone.utc),
    )
    assert read_stock_entry(payload("stock_create")) == entry
    assert [json.loads(body) for body in write_stocks([entry])] == [json.loads(payload("stock_create"))]


def test_a_new_row_in_the_deprecated_form_is_read_and_written_in_the_new_one():
    entry = read_stock_entry(
        '{"tenantFacilityId": "B1", "tenantArticleId": "A", "value": "5", "conditions": ["DEFECTIVE"]}'
    )
    [body] = write_stocks([entry])
    assert json.loads(body) == {
        "facility": {"tenantFacilityId": "B1"},
        "tenantArticleId": "A",
        "value": 5,
        "conditions": ["DEFECTIVE"],
    }


def test_a_new_row_names_its_problems():
    with pytest.raises(InvalidDocument) as caught:
        read_stock_entry('{"value": 2.5, "availableUntil": "soon"}')
    assert problems(caught.value) == [
        ("tenantArticleId", "field.missing"),
        ("value", "units.invalid"),
        ("availableUntil", "instant.invalid"),
    ]


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({}, r"entries\[0\].facility: must name its facility"),
        ({"facility": "oslo", "tenant_facility_id": "B1"}, "one of them"),
        ({"facility": "oslo", "quantity": 1 << 31}, r"entries\[0\].quantity: must be at most 2147483647"),
        ({"facility": "oslo", "conditions": ["USED"]}, r"conditions\[0\]: must be DEFECTIVE"),
    ],
)
def test_a_row_that_the_system_does_not_take_is_refused(said, match):
    with pytest.raises(InvalidArgument, match=match):
        write_stocks([StockEntry(**{"sku": "A", "quantity": 1, **said})])


SUMMARY = StockSummary(
    sku="JKT-774-M",
    title="Fjord shell jacket M",
    facilities=["f-oslo-01", "f-bergen-02"],
    total=9,
    on_hand=9,
    reserved=3,
    safety_stock=1,
    available_on_stock=5,
    available_for_picking=4,
    by_trait={"PICKABLE": 8, "ACCESSIBLE": 9},
)


def test_a_summary_is_read_number_by_number():
    assert read_stock_summaries(payload("stock_summaries")).complete() == (SUMMARY,)


def test_deprecated_names_are_read_where_the_new_ones_are_missing():
    article = {"tenantArticleId": "A"}
    rows = [
        {"article": article, "details": {"availableToPromise": 5, "available": 6, "readyToPick": -4}},
        {"article": article, "details": {"available": 6}},
        {"article": article, "details": {"availableOnStock": 4, "availableToPromise": 5, "available": 6}},
        {"article": article, "details": {"availableForPicking": 3, "readyToPick": -4}},
    ]
    found = read_stock_summaries(json.dumps({"stockSummaries": rows})).complete()
    assert [(one.available_on_stock, one.available_for_picking) for one in found] == [
        (5, -4),
        (6, None),
        (4, None),
        (None, 3),
    ]


def test_broken_summaries_are_named_and_the_others_stand():
    sound = {"article": {"tenantArticleId": "A"}, "details": {}}
    rows = [{"article": 1}, sound, {**sound, "details": {"reserved": "many", "byTrait": {"PICKABLE": -1}}}]
    found = read_stock_summaries(json.dumps(rows))
    assert found.values == (StockSummary(sku="A"),)
    assert problems(found) == [
        ("[0].article", "type.invalid"),
        ("[0].details", "field.missing"),
        ("[2].details.reserved", "units.invalid"),
        ("[2].details.byTrait['PICKABLE']", "units.invalid"),
    ]


SOLD = {
    "there": (4, {}, Stock(availability="low_stock", quantity=4)),
    "safety stock is off already": (
        4,
        {"rules": SellRules(safety_stock=4)},
        Stock(availability="low_stock", quantity=4),
    ),
    "a backorder": (
        0,
        {"terms": OutOfStockTerms(behaviour="backorder"), "waiting": 3},
        Stock(availability="backorder", quantity=UNLIMITED),
    ),
    "oversold": (-2, {}, Stock(availability="out_of_stock", quantity=0, oversold=2)),
}


@pytest.mark.parametrize(("free", "facts", "stock"), SOLD.values(), ids=SOLD)
def test_new_orders_can_have_what_is_available_for_picking(free, facts, stock):
    found = summary_stock(StockSummary(sku="A", on_hand=99, available_for_picking=free), **facts, at=NOW)
    assert found == stock


def test_what_is_not_known_cannot_be_sold():
    with pytest.raises(InvalidArgument, match=r"summary.available_for_picking: must be known"):
        summary_stock(StockSummary(sku="A", on_hand=9), at=NOW)


def purchase(*items, **more):
    return {
        "id": "po-1",
        "facilityRef": "CGN-01",
        "status": "OPEN",
        "orderDate": "2026-11-12T22:30:00.000Z",
        "requestedDate": {"type": "TIME_POINT", "value": "2026-12-16T23:30:00.000Z"},
        "requestedItems": [
            {"tenantArticleId": sku, "quantity": {"value": value, "unit": "pieces"}} for sku, value in items
        ],
        **more,
    }


def receipt(quantity, sku="A", reference="po-1"):
    return Receipt(
        sku=sku,
        quantity=quantity,
        expected=dt.date(2026, 12, 17),
        ordered=dt.date(2026, 11, 12),
        reference=reference,
    )


def coming(document):
    return read_purchase_orders(json.dumps(document), zone="Europe/Berlin")


def test_a_purchase_order_brings_receipts_on_its_local_day():
    found = coming({"purchaseOrders": [purchase(("A", 100), ("B", 2.0))]}).complete()
    assert found == {"CGN-01": Supply(on_hand={}, receipts=[receipt(100), receipt(2, "B")])}


def test_what_came_already_is_taken_off():
    came = {
        "receivedItems": [
            {"tenantArticleId": "A", "acceptedQuantity": {"value": 11}, "rejectedQuantity": {"value": 1}},
            {"tenantArticleId": "B", "acceptedQuantity": {"value": 1}},
        ]
    }
    process = {
        "id": "ib-1",
        "tenantInboundProcessId": "IN-7",
        "facilityRef": "CGN-01",
        "purchaseOrder": purchase(("A", 10), ("A", 5), ("B", 1), facilityRef=None),
        "receipts": [came],
    }
    found = coming({"inboundProcesses": [process]}).complete()
    assert found == {"CGN-01": Supply(on_hand={}, receipts=[receipt(3, reference="IN-7")])}


@pytest.mark.parametrize(
    "nothing",
    [
        purchase(("A", 10), status="CANCELED", requestedDate=None),
        purchase(("A", 10), cancelled=True),
        {"facilityRef": "CGN-01", "receipts": []},
    ],
    ids=["canceled", "cancelled, as before", "only received"],
)
def test_what_is_called_off_or_only_received_brings_nothing(nothing):
    assert coming(nothing).complete() == {}


def process(**more):
    return {"id": "ib-1", "facilityRef": "CGN-01", "purchaseOrder": purchase(("A", 10), facilityRef=None), **more}


def test_a_closed_process_brings_nothing_more():
    assert coming([process(status="CLOSED"), process(status="closed", onHold=True)]).complete() == {}
    assert coming(process(status="PARTIAL_DELIVERY", onHold="false")).complete()["CGN-01"].receipts == (receipt(10),)


@pytest.mark.parametrize("held", [{"onHold": True}, {"status": "ON_HOLD"}], ids=["flag", "status"])
def test_what_is_on_hold_has_no_day(held):
    found = coming([process(**held), process()])
    assert found.values["CGN-01"].receipts == (receipt(10),)
    assert problems(found) == [("[0].onHold", "inbound.on_hold")]


def test_a_receipt_that_is_not_finished_is_not_booked():
    came = {"receivedItems": [{"tenantArticleId": "A", "acceptedQuantity": {"value": 4}}]}
    found = coming(process(receipts=[{**came, "status": "IN_PROGRESS"}, {**came, "status": "FINISHED"}]))
    assert found.complete()["CGN-01"].receipts == (receipt(6),)


def test_a_list_of_processes_is_read_as_it_is():
    found = read_purchase_orders(payload("purchase_orders"), zone="Europe/Oslo").complete()
    day, ordered = dt.date(2027, 3, 11), dt.date(2026, 11, 12)
    assert found == {
        "f-oslo-01": Supply(
            on_hand={},
            receipts=[
                Receipt(sku="JKT-774-M", quantity=140, expected=day, ordered=ordered, reference="IN-2026-7"),
                Receipt(sku="BTL-020", quantity=60, expected=day, ordered=ordered, reference="IN-2026-7"),
            ],
        )
    }


def test_broken_purchase_orders_are_named_and_the_others_stand():
    rows = [
        purchase(("A", 1), requestedDate={"type": "ASAP"}),
        purchase(("A", 1), requestedDate=None),
        purchase(("A", 1), requestedDate={"value": "9999-12-31T23:59:59Z"}),
        purchase(("A", 1), facilityRef=None),
        {"purchaseOrder": 5},
        purchase(("A", 1), receipts=[{"receivedItems": [{"acceptedQuantity": {}}]}]),
        purchase(("A", 0.5), ("B", 2)) | {"id": None},
        purchase() | {"requestedItems": [{"tenantArticleId": "A"}]},
        {},
    ]
    found = coming(rows)
    assert found.values == {"CGN-01": Supply(on_hand={}, receipts=[receipt(2, "B", reference="")])}
    assert problems(found) == [
        ("[0].requestedDate.value", "inbound.undated"),
        ("[1].requestedDate", "field.missing"),
        ("[2].requestedDate.value", "instant.invalid"),
        ("[3].facilityRef", "field.missing"),
        ("[4].purchaseOrder", "type.invalid"),
        ("[5].receipts[0].receivedItems[0].tenantArticleId", "field.missing"),
        ("[5].receipts[0].receivedItems[0].acceptedQuantity.value", "field.missing"),
        ("[6].requestedItems[0].quantity.value", "units.invalid"),
        ("[7].requestedItems[0].quantity", "field.missing"),
        ("[8].requestedItems", "field.missing"),
    ]


def test_a_zone_is_one():
    with pytest.raises(InvalidArgument, match="zone: must be an IANA time zone"):
        read_purchase_orders("[]", zone="Berlin")


def test_a_new_row_is_a_supply_at_its_facility():
    supply = Supply(on_hand={"JKT-774-M": 5})
    assert read_supply(payload("stock_create")).values == {"f-oslo-01": supply}
    entry = {"tenantArticleId": "A", "value": 5}
    assert read_supply(json.dumps({**entry, "tenantFacilityId": "B1"})).values == {"B1": Supply(on_hand={"A": 5})}
    assert read_supply(json.dumps({**entry, "conditions": ["defective"]})).values == Supply(on_hand={"A": 0})
    with pytest.raises(InvalidDocument) as caught:
        read_supply(json.dumps({**entry, "availableUntil": "2026-12-01T00:00:00Z"}))
    assert problems(caught.value) == [("availableUntil", "stock.available_until")]


def test_summaries_are_a_supply_of_what_new_orders_can_have():
    assert read_supply(payload("stock_summaries")).values == Supply(on_hand={"JKT-774-M": 4})
    unknown = {"stockSummaries": [{"article": {"tenantArticleId": "A"}, "details": {"stockOnHand": 9}}]}
    with pytest.raises(InvalidDocument) as caught:
        read_supply(json.dumps(unknown))
    assert problems(caught.value) == [("stockSummaries[0].details.availableForPicking", "stock.unknown")]
    twice = {"stockSummaries": [{"article": {"tenantArticleId": "A"}, "details": {"availableForPicking": 1}}] * 2}
    with pytest.raises(InvalidDocument, match=r"stockSummaries\[1\].article: .*must be unique"):
        read_supply(json.dumps(twice))
