"""Centra's stock, warehouses and purchase orders. Documents of the tests are the smallest that say what is meant."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from preorder_kit import (
    UNLIMITED,
    Commitment,
    InvalidArgument,
    InvalidDocument,
    Receipt,
    SellRules,
    Supply,
    available_now,
)
from preorder_kit.adapters.centra import (
    AvailableDefinition,
    CentraMoney,
    CentraWarehouse,
    PurchaseOrder,
    SizeKey,
    StockClamp,
    StockQuantities,
    StockReply,
    StockUpdate,
    WarehousePolicy,
    available_definition,
    available_units,
    centra_stock,
    clamped_updates,
    free_to_sell,
    read_order_api_stock,
    read_purchase_orders,
    read_stock_reply,
    read_stock_totals,
    read_stock_updates,
    read_supplier_orders,
    read_warehouses,
    supply_from_stock,
    warehouse_sourcing,
    warehouse_supplies,
    write_stock_updates,
)
from preorder_kit.formats import read_supply

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "centra"
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
TODAY = dt.date(2026, 11, 22)


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def totals(*sizes: Any) -> str:
    return json.dumps({"data": {"products": [{"variants": [{"id": 340, "productSizes": list(sizes)}]}]}})


def size(**numbers: Any) -> dict[str, Any]:
    return {"SKU": "A", "stockTotals": {f"{name}Quantity": number for name, number in numbers.items()}}


def problems(found: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


WORKED_ROW = StockQuantities(
    sku="FJ-774-S",
    gtin="7050000000021",
    size_id=9002,
    variant=340,
    size="S",
    physical=38,
    allocated=20,
    free_to_allocate=18,
    demand=1,
    unshipped=23,
    on_delivery=0,
    incoming=10,
    linked_incoming=2,
    unlinked_incoming=8,
    available_now=17,
    available=25,
)


def test_the_worked_row_is_read_with_every_number_by_its_name():
    assert read_stock_totals(payload("integration_stock_totals")).complete() == (WORKED_ROW,)


def test_a_size_can_be_named_by_its_gtin():
    [stock] = read_stock_totals(payload("integration_stock_totals"), named_by="gtin").complete()
    assert (stock.sku, stock.gtin) == ("7050000000021", "7050000000021")


@pytest.mark.parametrize(
    ("definition", "units"), [(AvailableDefinition.OVERVIEW, 27), (AvailableDefinition.TYPE_REFERENCE, 25)]
)
def test_both_definitions_of_available_are_there_by_name(definition, units):
    assert available_units(WORKED_ROW, definition=definition) == units


@pytest.mark.parametrize(
    ("stock", "definition"),
    [
        pytest.param(WORKED_ROW, AvailableDefinition.TYPE_REFERENCE, id="without what is linked"),
        pytest.param(
            StockQuantities(sku="A", available_now=17, incoming=10, unlinked_incoming=8, available=27),
            AvailableDefinition.OVERVIEW,
            id="with what is linked",
        ),
        pytest.param(
            StockQuantities(sku="A", available_now=1, incoming=2, unlinked_incoming=2, available=3), None, id="both"
        ),
        pytest.param(StockQuantities(sku="A", available=3), None, id="nothing else is known"),
        pytest.param(StockQuantities(sku="A"), None, id="nothing is known"),
    ],
)
def test_the_definition_that_a_number_follows_is_told(stock, definition):
    assert available_definition(stock) is definition


def test_numbers_that_were_not_asked_for_are_not_known():
    [stock] = read_stock_totals(totals(size(freeToAllocate="4"))).complete()
    assert (stock.free_to_allocate, stock.physical, stock.available) == (4, None, None)


def test_numbers_that_may_be_negative_are_read_so():
    [stock] = read_stock_totals(totals(size(freeToAllocate=1, demand=4, availableNow=-3))).complete()
    assert stock.available_now == -3


CONTRADICTIONS = {
    "physical": (size(physical=39, allocated=20, freeToAllocate=18), "physicalQuantity", "must be 38"),
    "incoming": (size(incoming=10, linkedIncoming=2, unlinkedIncoming=9), "incomingQuantity", "must be 11"),
    "available now": (size(freeToAllocate=18, demand=1, availableNow=18), "availableNowQuantity", "must be 17"),
    "available": (
        size(freeToAllocate=18, demand=1, incoming=10, unlinkedIncoming=8, available=26),
        "availableQuantity",
        "must be 25 or 27",
    ),
}


@pytest.mark.parametrize(("row", "field", "message"), CONTRADICTIONS.values(), ids=list(CONTRADICTIONS))
def test_numbers_that_contradict_each_other_are_a_problem(row, field, message):
    found = read_stock_totals(totals(row, size(physical=3)))
    [problem] = found.problems
    assert problem.path == f"data.products[0].variants[0].productSizes[0].stockTotals.{field}"
    assert problem.code == "centra.contradiction"
    assert problem.message.startswith(message)
    assert [stock.physical for stock in found.values] == [3]


def test_a_number_is_not_judged_by_one_that_is_not_known():
    [stock] = read_stock_totals(totals(size(freeToAllocate=18, demand=1, unlinkedIncoming=8, available=26))).complete()
    assert stock.available == 26


PLACE = "data.products[0].variants[0].productSizes[0]"
BROKEN_SIZES = {
    "no SKU": ({"stockTotals": {}}, [(f"{PLACE}.SKU", "field.missing")]),
    "no totals": ({"SKU": "A"}, [(f"{PLACE}.stockTotals", "field.missing")]),
    "totals that are none": ({"SKU": "A", "stockTotals": 3}, [(f"{PLACE}.stockTotals", "type.invalid")]),
    "half a unit": (size(physical=5.9), [(f"{PLACE}.stockTotals.physicalQuantity", "units.invalid")]),
    "true": (size(physical=True), [(f"{PLACE}.stockTotals.physicalQuantity", "units.invalid")]),
    "a negative count": (size(allocated=-1), [(f"{PLACE}.stockTotals.allocatedQuantity", "units.invalid")]),
    "a flag that is none": (
        {"SKU": "A", "preorder": "perhaps", "stockTotals": {}},
        [(f"{PLACE}.preorder", "type.invalid")],
    ),
    "an id that is none": ({"SKU": "A", "id": 2**31, "stockTotals": {}}, [(f"{PLACE}.id", "id.foreign")]),
    "no object": (5, [(PLACE, "type.invalid")]),
}


@pytest.mark.parametrize(("row", "expected"), BROKEN_SIZES.values(), ids=list(BROKEN_SIZES))
def test_a_broken_size_is_named_and_the_others_stand(row, expected):
    found = read_stock_totals(totals(row, size(physical=3)))
    assert problems(found) == expected
    assert len(found.values) == 1


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="nothing"),
        pytest.param('{"data": {}}', id="no products"),
        pytest.param('{"data": {"orders": []}}', id="orders"),
    ],
)
@pytest.mark.parametrize("read", [read_stock_totals, read_warehouses, read_purchase_orders])
def test_another_document_is_not_recognised(read, document):
    document = document.replace("orders", "others")
    with pytest.raises(InvalidDocument, match="must be a reply of the Integration API") as caught:
        read(document)
    assert caught.value.problems[0].code == "document.unrecognised"


def test_errors_of_the_api_are_problems():
    document = '{"data": {"products": []}, "errors": [{"message": "Too complex", "path": ["products", 0]}, {}]}'
    found = read_stock_totals(document)
    assert [str(problem) for problem in found.problems] == [
        "errors[0]: Centra says about products.0: Too complex",
        "errors[1]: Centra says nothing more",
    ]


def test_errors_without_data_are_all_there_is():
    with pytest.raises(InvalidDocument, match="Centra says Not allowed") as caught:
        read_stock_totals('{"errors": [{"message": "Not allowed"}], "data": null}')
    assert problems(caught.value) == [("errors[0]", "centra.refused")]


def test_a_place_in_words_is_shown_as_it_is():
    with pytest.raises(InvalidDocument, match="Centra says about products: Not allowed"):
        read_stock_totals('{"errors": [{"message": "Not allowed", "path": "products"}]}')


def test_supply_is_what_is_on_the_shelf_and_what_is_owed():
    supply = supply_from_stock([WORKED_ROW])
    assert supply == Supply(
        on_hand={"FJ-774-S": 38},
        commitments=[Commitment(sku="FJ-774-S", quantity=20), Commitment(sku="FJ-774-S", quantity=1)],
    )
    assert available_now(supply, sku="FJ-774-S", day=TODAY) == 17


def test_what_comes_in_is_a_receipt_only_with_its_day():
    receipt = Receipt(sku="FJ-774-S", quantity=8, expected=dt.date(2027, 2, 5))
    assert supply_from_stock([WORKED_ROW], receipts=[receipt]).receipts == (receipt,)


@pytest.mark.parametrize(
    ("stock", "on_hand", "owed"),
    [
        pytest.param(StockQuantities(sku="A", physical=5, allocated=1), 5, [1], id="physical and allocated"),
        pytest.param(StockQuantities(sku="A", physical=5, free_to_allocate=2), 5, [3], id="physical and free"),
        pytest.param(StockQuantities(sku="A", allocated=1, free_to_allocate=2), 3, [1], id="allocated and free"),
        pytest.param(StockQuantities(sku="A", physical=5, allocated=0, demand=2), 5, [2], id="demand alone"),
    ],
)
def test_two_of_three_numbers_are_enough_for_supply(stock, on_hand, owed):
    supply = supply_from_stock([stock])
    assert supply.on_hand == {"A": on_hand}
    assert [commitment.quantity for commitment in supply.commitments] == owed


@pytest.mark.parametrize("numbers", [{}, {"physical": 5}, {"allocated": 5}, {"free_to_allocate": 5}])
def test_what_is_not_known_is_not_supply(numbers):
    with pytest.raises(InvalidArgument, match=r"stock\[0\].physical: must be known, with what is allocated"):
        supply_from_stock([StockQuantities(sku="A", **numbers)])


def test_a_sku_comes_once_in_supply():
    with pytest.raises(InvalidArgument, match=r"stock\[1\].sku: the SKUs of sizes must be unique"):
        supply_from_stock([StockQuantities(sku="A", physical=1, allocated=0)] * 2)


@pytest.mark.parametrize(
    ("owned", "rest"),
    [(0, [3, 2]), (2, [1, 2]), (3, [2]), (4, [1]), (5, []), (9, [])],
)
def test_commitments_of_known_orders_stand_for_what_is_owed(owned, rest):
    stock = [StockQuantities(sku="A", physical=9, allocated=3, demand=2)]
    known = [Commitment(sku="A", quantity=owned, order_id="14", line_id="68"), Commitment(sku="B", quantity=7)]
    supply = supply_from_stock(stock, owned=known)
    assert all(owed in supply.commitments for owed in known)
    ownerless = [owed.quantity for owed in supply.commitments if owed.sku == "A" and not owed.order_id]
    assert ownerless == sorted(rest)


PAGES = {
    "free": (StockQuantities(sku="A", free_to_allocate=18, demand=1), {}, ("in_stock", 17)),
    "few": (StockQuantities(sku="A", physical=5, allocated=1), {}, ("low_stock", 4)),
    "a pre-order": (StockQuantities(sku="A", physical=5, allocated=1, preorder=True), {}, ("preorder", UNLIMITED)),
    "unknown": (StockQuantities(sku="A", available=5), {}, ("unknown", None)),
    "more is wanted than is there": (StockQuantities(sku="A", free_to_allocate=1, demand=4), {}, ("out_of_stock", 0)),
    "backorders up to what comes": (
        StockQuantities(sku="A", free_to_allocate=0, unlinked_incoming=8),
        {"rules": SellRules(backorder_limit=UNLIMITED), "incoming": 8},
        ("backorder", 8),
    ),
    "before its street date": (
        StockQuantities(sku="A", free_to_allocate=5),
        {"street_date": dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc), "rules": SellRules(preorder_limit=9)},
        ("preorder", 9),
    ),
}


@pytest.mark.parametrize(("stock", "facts", "said"), PAGES.values(), ids=list(PAGES))
def test_a_size_is_said_as_a_page_says_it(stock, facts, said):
    found = centra_stock(stock, at=NOW, **facts)
    assert (found.availability.value, found.quantity) == said


# Warehouses


def test_warehouses_are_read_with_what_they_hold():
    oslo, bergen = read_warehouses(payload("integration_warehouses")).complete()
    assert (oslo.id, oslo.name, oslo.threshold, oslo.policy) == (1, "Oslo", 2, WarehousePolicy.DIRECT)
    assert [(row.sku, row.variant, row.physical, row.free_to_allocate) for row in oslo.stock] == [
        ("FJ-774-S", 340, 12, 10),
        ("FJ-775-S", 341, 1, 1),
    ]
    assert bergen == CentraWarehouse(id=22, name="Shop in Bergen", policy_word="CHECK_FIRST")


def test_warehouses_are_locations_that_keep_back_and_are_asked_first():
    houses = read_warehouses(payload("integration_warehouses")).complete()
    supplies = warehouse_supplies(houses, offsets={"FJ-775-S": 1})
    assert list(supplies) == ["1", "22"]
    assert supplies["1"].safety_stock == {"FJ-774-S": 2, "FJ-775-S": 1}
    assert available_now(supplies["1"], sku="FJ-774-S", day=TODAY) == 8
    assert warehouse_sourcing(houses).ask_first == ("22",)


def test_a_warehouse_or_a_size_that_comes_twice_is_refused():
    house = CentraWarehouse(id=1, stock=[StockQuantities(sku="A", free_to_allocate=units) for units in (1, 9)])
    with pytest.raises(InvalidArgument, match=r"warehouse.stock\[1\].sku: the SKUs of a warehouse must be unique"):
        free_to_sell(house)
    with pytest.raises(InvalidArgument, match=r"warehouses\[1\].id: the ids of warehouses must be unique"):
        warehouse_supplies([CentraWarehouse(id=1), CentraWarehouse(id=1)])


def test_a_threshold_may_be_written_as_text():
    [house] = read_warehouses('{"data": {"warehouses": [{"id": 1, "threshold": "2"}]}}').complete()
    assert house.threshold == 2


def test_an_offset_above_zero_replaces_the_threshold():
    oslo, bergen = read_warehouses(payload("integration_warehouses")).complete()
    assert free_to_sell(oslo) == {"FJ-774-S": 8, "FJ-775-S": 0}
    assert free_to_sell(oslo, offsets={"FJ-774-S": 7, "FJ-775-S": 0}) == {"FJ-774-S": 3, "FJ-775-S": 0}
    assert free_to_sell(bergen) == {}


def test_a_size_of_which_it_is_not_known_what_is_free_is_not_listed():
    assert free_to_sell(CentraWarehouse(id=1, stock=[StockQuantities(sku="A", physical=3)])) == {}


def test_an_unknown_policy_is_kept_as_it_was_said():
    [house] = read_warehouses('{"data": {"warehouses": [{"id": "1", "allocationPolicy": "LATER"}]}}').complete()
    assert (house.policy_word, house.policy) == ("LATER", None)


def test_a_broken_warehouse_or_size_is_named():
    rows = [
        {"productSize": {"SKU": "A"}, "physicalQuantity": -1},
        {"productSize": 5},
        {},
        {"productSize": {"SKU": "B"}},
    ]
    rows.append({"productSize": {"SKU": "C"}, "productVariant": {"id": 0}})
    houses = [{"id": 1, "stock": rows}, {"id": None}]
    found = read_warehouses(json.dumps({"data": {"warehouses": houses}}))
    assert problems(found) == [
        ("data.warehouses[0].stock[0].physicalQuantity", "units.invalid"),
        ("data.warehouses[0].stock[1].productSize", "type.invalid"),
        ("data.warehouses[0].stock[2].productSize", "field.missing"),
        ("data.warehouses[0].stock[4].productVariant.id", "id.foreign"),
        ("data.warehouses[1].id", "id.foreign"),
    ]
    assert [[row.sku for row in house.stock] for house in found.values] == [["B"]]


# The Order API


def test_a_page_of_the_order_api_is_read():
    expected = StockQuantities(
        sku="FJ774S",
        gtin="7050000000021",
        size_id=9002,
        variant=340,
        size="S",
        physical=5,
        allocated=1,
        free_to_allocate=4,
    )
    assert read_order_api_stock(payload("order_api_get_stock")).complete() == (expected,)


def test_a_size_without_a_sku_is_named_by_its_ean_or_upc():
    row = {"physicalStock": 1, "allocatedStock": 0, "availableStock": 1}
    document = json.dumps({"products": [{**row, "ean": "705"}, {**row, "ean": "", "upc": 706}]})
    assert [stock.sku for stock in read_order_api_stock(document).complete()] == ["705", "706"]
    assert [stock.sku for stock in read_order_api_stock(document, named_by=SizeKey.GTIN).complete()] == ["705", "706"]


def test_broken_products_of_the_order_api_are_named():
    row = {"sku": "A", "physicalStock": 5, "allocatedStock": 1, "availableStock": 4}
    rows = [{**row, "physicalStock": 6}, {**row, "sku": ""}, {**row, "availableStock": None}, row]
    found = read_order_api_stock(json.dumps({"status": "ok", "products": rows}))
    assert problems(found) == [
        ("products[0].physicalStock", "centra.contradiction"),
        ("products[1].sku", "field.missing"),
        ("products[2].availableStock", "field.missing"),
    ]
    assert len(found.values) == 1
    by_gtin = read_order_api_stock(json.dumps({"products": [row]}), named_by="gtin")
    assert problems(by_gtin) == [("products[0].ean", "field.missing")]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param('{"status": "no", "msg": "Wrong key", "products": []}', "centra.refused", id="a refusal"),
        pytest.param('{"status": "NO"}', "centra.refused", id="a refusal without words"),
        pytest.param('{"status": "ok"}', "document.unrecognised", id="no products"),
        pytest.param('{"status": []}', "text.invalid", id="a status that is none"),
    ],
)
def test_the_order_api_may_refuse(document, code):
    with pytest.raises(InvalidDocument) as caught:
        read_order_api_stock(document)
    assert caught.value.problems[0].code == code


UPDATES = (
    StockUpdate(product="7050000000021", quantity=54, cost=CentraMoney(minor=1254, currency="SEK")),
    StockUpdate(product="FJ774M", quantity=3),
)


def test_an_update_of_stock_is_written_as_it_is_read():
    document = payload("order_api_update_stock_request")
    assert read_stock_updates(document).complete() == UPDATES
    assert json.loads(write_stock_updates(UPDATES)) == json.loads(document)


def test_a_product_comes_once_in_an_update():
    with pytest.raises(InvalidArgument, match=r"updates\[1\].product: the products of an update must be unique"):
        write_stock_updates([UPDATES[1], UPDATES[1]])


def test_broken_updates_are_named():
    row = {"product": "A", "quantity": 1}
    costs = [{"costPrice": "12.54"}, {"costPrice": "x", "costPriceCurrency": "SEK"}]
    costs += [{"costPrice": 12.545, "costPriceCurrency": "SEK"}, {"costPrice": 1, "costPriceCurrency": "Kr"}]
    rows = [*({**row, **cost} for cost in costs), {"quantity": 1}, {**row, "costPrice": -1, "costPriceCurrency": "SEK"}]
    found = read_stock_updates(json.dumps({"products": rows}))
    assert problems(found) == [
        ("products[0].costPriceCurrency", "field.missing"),
        ("products[1].costPrice", "money.invalid"),
        ("products[2].costPrice", "money.too_fine"),
        ("products[3].costPriceCurrency", "currency.invalid"),
        ("products[4].product", "field.missing"),
        ("products[5].minor", "units.invalid"),
    ]
    assert found.values == ()


@pytest.mark.parametrize("read", [read_stock_updates, read_stock_reply])
def test_another_document_is_no_update_and_no_reply(read):
    with pytest.raises(InvalidDocument, match="POST /stock"):
        read('{"orders": []}')


def test_a_refusal_of_an_update_is_data():
    expected = StockReply(
        accepted=False,
        message="Some of the products were not updated",
        not_found=["7050000009999"],
        bundles=["SET-1"],
    )
    assert read_stock_reply(payload("order_api_update_stock_error")) == expected
    assert read_stock_reply('{"status": "OK"}') == StockReply(accepted=True)


def test_a_reply_that_says_neither_yes_nor_no_is_refused():
    with pytest.raises(InvalidDocument) as caught:
        read_stock_reply('{"status": "maybe", "msg": 5, "errors": {"productsNotFound": 3}}')
    assert problems(caught.value) == [
        ("status", "choice.invalid"),
        ("errors.productsNotFound", "type.invalid"),
        ("msg", "text.invalid"),
    ]
    with pytest.raises(InvalidDocument, match="status: must be text"):
        read_stock_reply('{"status": 5}')


def test_what_centra_would_raise_in_silence_is_told_before():
    stock = [
        StockQuantities(sku="A", gtin="701", allocated=3),
        StockQuantities(sku="B", allocated=4),
        StockQuantities(sku="C"),
    ]
    asked = {"701": 2, "B": 3, "A": 3, "C": 0, "D": 0}
    updates = [StockUpdate(product=product, quantity=quantity) for product, quantity in asked.items()]
    assert clamped_updates(updates, stock=stock) == (
        StockClamp(product="701", asked=2, becomes=3),
        StockClamp(product="B", asked=3, becomes=4),
    )


# Purchase orders


def test_a_supplier_order_is_receipts_on_the_day_that_is_written():
    receipt = Receipt(
        sku="FJ774S", quantity=40, expected=dt.date(2027, 2, 5), ordered=dt.date(2026, 10, 1), reference="957"
    )
    assert read_supplier_orders(payload("order_api_supplier_order")).complete() == (
        PurchaseOrder(id="957", receipts=[receipt]),
    )


def test_a_list_of_supplier_orders_is_read_and_those_without_a_day_are_named():
    order = {"orderId": 1, "ETA": "2027-02-05", "products": [{"sku": "A", "quantity": "4"}], "status": "sent"}
    orders = [order, {**order, "ETA": "0000-00-00 00:00"}, {**order, "ETA": "soon"}, {**order, "products": []}]
    orders.append({**order, "products": [{"sku": "A", "quantity": -1}]})
    found = read_supplier_orders(json.dumps({"orders": orders}))
    assert [(one.id, one.status, one.receipts[0].quantity) for one in found.values] == [("1", "sent", 4)]
    assert problems(found) == [
        ("orders[1].ETA", "field.missing"),
        ("orders[2].ETA", "day.invalid"),
        ("orders[3].products", "field.missing"),
        ("orders[4].products[0].quantity", "units.invalid"),
    ]


def receipt(sku: str, quantity: int, expected: str, reserved: int, reference: str) -> Receipt:
    return Receipt(
        sku=sku,
        quantity=quantity,
        expected=dt.date.fromisoformat(expected),
        reserved=reserved,
        ordered=dt.date(2026, 10, 1),
        reference=reference,
    )


def test_a_purchase_order_is_what_its_deliveries_bring_and_the_rest():
    # 40 ordered, 6 linked; 12 (2) are in stock, 8 (3) are on their way: 20 (1) are left. Of M nothing is on its way.
    expected = PurchaseOrder(
        id="957",
        status="CONFIRMED",
        warehouse=3,
        receipts=[
            receipt("FJ-774-S", 8, "2026-12-20", 3, "957-2"),
            receipt("FJ-774-S", 20, "2027-02-05", 1, "957"),
            receipt("FJ-774-M", 10, "2027-02-05", 0, "957"),
        ],
    )
    assert read_purchase_orders(payload("integration_purchase_orders")).complete() == (expected,)


def purchase(**fields: Any) -> str:
    order = {"id": 957, "ETA": "2027-02-05T00:00:00+01:00", "lines": [], "deliveries": [], **fields}
    return json.dumps({"data": {"purchaseOrders": [order]}})


def line(quantity: Any, sku: str = "A", **fields: Any) -> dict[str, Any]:
    return {"quantity": quantity, "productSize": {"SKU": sku, "GTIN": f"70{sku}"}, **fields}


def amounts(document: str, **options: Any) -> list[tuple[str, int, str]]:
    [order] = read_purchase_orders(document, **options).complete()
    return [(one.sku, one.quantity, str(one.expected)) for one in order.receipts]


def test_a_delivery_without_a_day_comes_with_its_order():
    delivery = {"number": "957-1", "lines": [line(4), line(1), line(2, "B")]}
    found = amounts(purchase(lines=[line(10)], deliveries=[delivery]), named_by="gtin")
    assert found == [("70A", 5, "2027-02-05"), ("70B", 2, "2027-02-05"), ("70A", 5, "2027-02-05")]


def test_more_delivered_than_ordered_leaves_nothing():
    delivery = {"number": "957-1", "ETA": "2026-12-20", "lines": [line(12)]}
    assert amounts(purchase(lines=[line(10)], deliveries=[delivery], ETA=None)) == [("A", 12, "2026-12-20")]


def test_nothing_that_comes_needs_no_day():
    assert amounts(purchase(lines=[line(0)], deliveries=[{"number": "1", "lines": []}], ETA=None)) == []


@pytest.mark.parametrize("status", ["COMPLETED", "completed"])
def test_a_delivery_that_is_completed_is_in_stock_even_if_its_stock_change_was_not_asked_for(status):
    delivery = {"number": "957-1", "status": status, "lines": [line(4)]}
    assert amounts(purchase(lines=[line(10)], deliveries=[delivery])) == [("A", 6, "2027-02-05")]


@pytest.mark.parametrize("status", ["CANCELLED", "canceled"])
def test_of_a_cancelled_purchase_order_nothing_comes(status):
    [order] = read_purchase_orders(purchase(lines=[line(10)], status=status)).complete()
    assert (order.status, order.receipts) == (status, ())


def test_what_comes_is_supply_with_nothing_on_hand():
    expected = Receipt(sku="A", quantity=10, expected=dt.date(2027, 2, 5), reference="957")
    assert read_supply(purchase(lines=[line(10)])).complete() == Supply(on_hand={}, receipts=[expected])
    supply = read_supply(payload("order_api_supplier_order")).complete()
    assert (supply.on_hand, [one.quantity for one in supply.receipts]) == ({}, [40])


def test_stock_is_supply_whichever_api_says_it():
    for name, sku, numbers in (
        ("integration_stock_totals", "FJ-774-S", (38, 21)),
        ("order_api_get_stock", "FJ774S", (5, 1)),
    ):
        supply = read_supply(payload(name)).complete()
        owed = sum(one.quantity for one in supply.commitments if one.sku == sku)
        assert (supply.on_hand[sku], owed) == numbers
    supplies = read_supply(payload("integration_warehouses")).complete()
    assert supplies == warehouse_supplies(read_warehouses(payload("integration_warehouses")).complete())


def test_stock_that_does_not_say_what_is_on_the_shelf_is_no_supply():
    size = {"SKU": "A", "stockTotals": {"freeToAllocateQuantity": 4}}
    document = json.dumps({"data": {"products": [{"variants": [{"productSizes": [size]}]}]}})
    with pytest.raises(InvalidDocument, match=r"physical: must be known"):
        read_supply(document)


ORDER = "data.purchaseOrders[0]"
BROKEN_ORDERS = {
    "nothing asked for": (
        purchase(lines=None, deliveries=None),
        [(f"{ORDER}.lines", "field.missing"), (f"{ORDER}.deliveries", "field.missing")],
    ),
    "no day": (purchase(lines=[line(10)], ETA=None), [(f"{ORDER}.ETA", "field.missing")]),
    "a day of zeros": (purchase(lines=[line(10)], ETA="0000-00-00"), [(f"{ORDER}.ETA", "field.missing")]),
    "no day of a delivery": (
        purchase(deliveries=[{"lines": [line(1)], "ETA": "soon"}]),
        [(f"{ORDER}.deliveries[0].ETA", "day.invalid")],
    ),
    "no day for deliveries": (
        purchase(ETA=None, lines=[line(9)], deliveries=[{"lines": [line(1)]}, {"lines": [line(1)]}]),
        [(f"{ORDER}.ETA", "field.missing")],
    ),
    "no size": (purchase(lines=[{"quantity": 1}]), [(f"{ORDER}.lines[0].productSize", "field.missing")]),
    "a size that is none": (
        purchase(lines=[{"quantity": 1, "productSize": 1}]),
        [(f"{ORDER}.lines[0].productSize", "type.invalid")],
    ),
    "no SKU": (
        purchase(lines=[{"quantity": 1, "productSize": {}}]),
        [(f"{ORDER}.lines[0].productSize.SKU", "field.missing")],
    ),
    "more linked than ordered": (
        purchase(lines=[line(1, linkedQuantity=2)]),
        [(f"{ORDER}.lines[0].quantity", "centra.contradiction")],
    ),
    "parts that do not add up": (
        purchase(lines=[line(5, linkedQuantity=2, unlinkedQuantity=2)]),
        [(f"{ORDER}.lines[0].quantity", "centra.contradiction")],
    ),
    "no id": (purchase(id=None, lines=[line(5)]), [(f"{ORDER}.id", "field.missing")]),
    "a warehouse that is none": (
        purchase(preferredWarehouse={"id": "x"}),
        [(f"{ORDER}.preferredWarehouse.id", "id.foreign")],
    ),
}


@pytest.mark.parametrize(("document", "expected"), BROKEN_ORDERS.values(), ids=list(BROKEN_ORDERS))
def test_a_broken_purchase_order_is_named(document, expected):
    found = read_purchase_orders(document)
    assert problems(found) == expected
    assert found.values == ()
