"""Centra's orders, from both of its APIs."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from preorder_kit import (
    Amount,
    Commitment,
    Component,
    DateRange,
    InvalidArgument,
    InvalidDocument,
    LineKind,
    Order,
    OrderLine,
    PartKind,
    Supply,
    WhenShort,
    split_order,
)
from preorder_kit.adapters.centra import (
    CentraOrder,
    CentraOrderLine,
    CentraOrderRules,
    CentraOrderState,
    CentraOrderStatus,
    CentraShipment,
    StockQuantities,
    allocated_commitments,
    order_status_number,
    order_status_word,
    read_order_api_orders,
    read_order_states,
    read_orders,
    shipped_parts,
    supply_from_stock,
)
from preorder_kit.formats import read_document, read_order, recognise

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "centra"
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
STREET = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def problems(found: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


def reply(*orders: Any) -> str:
    return json.dumps({"data": {"orders": list(orders)}})


def order(*lines: Any, **fields: Any) -> dict[str, Any]:
    return {"number": 14, "createdAt": "2026-11-22T10:00:00+01:00", "lines": list(lines), **fields}


def line(number: Any = 68, quantity: Any = 1, sku: str = "A", **fields: Any) -> dict[str, Any]:
    return {"id": number, "quantity": quantity, "productSize": {"SKU": sku}, **fields}


def read_one(*lines: Any, rules: CentraOrderRules | None = None, **fields: Any) -> CentraOrder:
    [found] = read_orders(reply(order(*lines, **fields)), rules=rules or CentraOrderRules()).complete()
    return found


# The Integration API


def test_the_documented_order_is_read_when_its_instant_is_said():
    expected = CentraOrder(
        order=Order(
            id="14", placed_at=NOW, lines=[OrderLine(id="68", sku="FJ-774-S", quantity=3, when_short=WhenShort.WAIT)]
        ),
        status_word="CONFIRMED",
        is_on_hold=False,
        lines=[
            CentraOrderLine(
                id="68", sku="FJ-774-S", gtin="7050000000021", quantity=3, preorder=True, allocated={"1": 1}
            )
        ],
    )
    assert read_orders(payload("integration_dtc_order"), rules=CentraOrderRules(placed_at=NOW)).values == (expected,)


def test_an_order_without_an_instant_is_a_problem():
    assert problems(read_orders(payload("integration_dtc_order"))) == [("data.orders[0].createdAt", "field.missing")]


def test_cancelled_units_are_off_the_quantity_and_told():
    shop, wholesale = read_orders(payload("integration_orders")).complete()
    # 6075 with 25 % tax on the net is 4860 + 1215.
    assert shop.order == Order(
        id="15",
        placed_at=dt.datetime(2026, 11, 20, 8, 30, tzinfo=dt.timezone.utc),
        lines=[OrderLine(id="70", sku="BJ-1-M", quantity=9, amount=Amount(486000, 121500))],
        currency="SEK",
    )
    assert shop.status is CentraOrderStatus.PROCESSING
    assert shop.hash == "1497ccf644db871e1e4026d101bde6f3"
    assert [(one.quantity, one.cancelled) for one in shop.lines] == [(9, 1), (0, 2)]
    assert wholesale.is_on_hold is True


def test_what_is_allocated_and_shipped_is_told():
    shop, _ = read_orders(payload("integration_orders")).complete()
    jacket, cancelled = shop.lines
    assert (jacket.allocated, jacket.unconfirmed, jacket.shipped) == ({"1": 5, "22": 2}, 2, 3)
    assert (cancelled.allocated, cancelled.shipped) == ({}, 0)
    assert shop.shipments == (
        CentraShipment(number="15-1", id="345", is_good_to_go=True, is_paid=True, is_shipped=True, units={"70": 3}),
        CentraShipment(number="15-2", id="346", is_good_to_go=False, is_paid=False, is_shipped=False, units={"70": 1}),
    )


def test_a_pre_order_window_is_a_promise_that_may_wait():
    _, wholesale = read_orders(payload("integration_orders")).complete()
    [knit] = wholesale.order.lines
    assert knit.promised == DateRange(dt.date(2027, 2, 1), dt.date(2027, 3, 31))
    assert (knit.when_short, knit.street_date, knit.amount) == (WhenShort.WAIT, None, Amount(132050))


def test_shipments_are_parts_that_have_left():
    shop, _ = read_orders(payload("integration_orders")).complete()
    parts = shipped_parts(shop)
    assert [(part.id, part.kind, part.lines[0].quantity) for part in parts] == [
        ("15/now/1", PartKind.SHIP_NOW, 3),
        ("15/now/2", PartKind.SHIP_NOW, 1),
    ]
    plan = split_order(shop.order, supply=Supply(on_hand={"BJ-1-M": 99}), at=NOW, shipped=parts)
    assert [(part.id, part.lines[0].quantity) for part in plan.parts] == [("15/now/3", 5)]


def test_an_order_does_not_stand_in_its_own_way():
    shop, _ = read_orders(payload("integration_orders")).complete()
    # Seven were allocated, three of them have left; the other three of six allocated units are somebody else's.
    owned = allocated_commitments([shop])
    assert owned == (Commitment(sku="BJ-1-M", quantity=4, order_id="15", line_id="70"),)
    stock = [StockQuantities(sku="BJ-1-M", physical=7, allocated=6)]
    plan = split_order(shop.order, supply=supply_from_stock(stock, owned=owned), at=NOW, shipped=shipped_parts(shop))
    assert [(part.kind, part.lines[0].quantity) for part in plan.parts] == [(PartKind.SHIP_NOW, 5)]


@pytest.mark.parametrize("word", ["SHIPPED", "ARCHIVED", "CANCELLED", "canceled", "4", "5", "6"])
def test_nothing_is_owed_to_an_order_that_is_over(word):
    found = read_one(line(allocations=[{"quantity": 1, "warehouse": {"id": 1}}]), status=word)
    assert allocated_commitments([found]) == ()


def test_a_street_date_of_the_shop_makes_a_pre_order():
    found = read_one(line(), rules=CentraOrderRules(street_dates={"A": STREET}))
    assert found.order.lines[0].street_date == STREET


def test_the_store_says_whether_other_lines_wait():
    assert read_one(line()).order.lines[0].when_short is WhenShort.CANCEL
    assert read_one(line(), rules=CentraOrderRules(when_short="wait")).order.lines[0].when_short is WhenShort.WAIT


def test_sizes_can_be_named_by_their_gtin():
    named = line(productSize={"SKU": "A", "GTIN": 705})
    assert read_one(named, rules=CentraOrderRules(named_by="gtin")).order.lines[0].sku == "705"


def test_orders_of_a_connection_are_read():
    edges = [{"node": order(line())}, {"node": None}]
    document = json.dumps({"data": {"orderConnection": {"edges": edges}}})
    assert [one.order.id for one in read_orders(document).complete()] == ["14"]


def test_the_instant_may_be_called_order_date():
    assert read_one(line(), createdAt=None, orderDate="2026-11-22T09:00:00Z").order.placed_at == NOW


def test_a_shipment_without_lines_leaves_what_is_shipped_unknown():
    found = read_one(line(), shipments=[{"number": "14-1", "isShipped": True}])
    assert found.lines[0].shipped is None
    with pytest.raises(InvalidArgument, match=r"order.shipments: must be known with their lines"):
        shipped_parts(found)


def test_one_shipment_that_does_not_say_its_lines_is_enough_not_to_know():
    rows = [{"quantity": 1, "orderLine": {"id": 68}}]
    found = read_one(line(quantity=3), shipments=[{"number": "14-1", "lines": rows}, {"number": "14-2"}])
    with pytest.raises(InvalidArgument, match=r"order.shipments: must be known with their lines"):
        shipped_parts(found)


def test_shipments_that_were_not_asked_for_are_not_known():
    with pytest.raises(InvalidArgument, match=r"order.shipments: must be known with their lines"):
        shipped_parts(read_one(line()))


def test_a_shipment_of_an_unknown_line_is_refused_and_one_of_nothing_is_no_part():
    rows = [{"quantity": 0, "orderLine": {"id": 1}}]
    assert shipped_parts(read_one(line(), shipments=[{"number": "14-1", "lines": rows}])) == ()
    rows[0]["quantity"] = 1
    with pytest.raises(InvalidArgument, match=r"order.shipments\[0\].units\['1'\]: must name a line of the order"):
        shipped_parts(read_one(line(), shipments=[{"number": "14-1", "lines": rows}]))


def money(value: Any, code: Any = "SEK") -> dict[str, Any]:
    return {"value": value, "currency": {"code": code}}


AMOUNTS = {
    "without tax": ({"lineValue": money(10)}, Amount(1000)),
    "rounded half up": ({"lineValue": money(0.03), "taxPercent": 20}, Amount(2, 1)),  # 0.5 of tax
    "as text": ({"lineValue": money("10.50"), "taxPercent": "25"}, Amount(840, 210)),
    "none": ({}, None),
    "without a currency": ({"lineValue": {"value": 10}}, None),
    "without a value": ({"lineValue": {"currency": {"code": "SEK"}}}, None),
}


@pytest.mark.parametrize(("fields", "amount"), AMOUNTS.values(), ids=list(AMOUNTS))
def test_a_line_costs_what_its_value_says(fields, amount):
    assert read_one(line(**fields)).order.lines[0].amount == amount


BUNDLE = {"__typename": "BundleOrderLine"}
ITEM = {"__typename": "BundleItemOrderLine"}


def test_one_bundle_and_its_items_are_one_line():
    rows = [line(1, 2, "SET", lineValue=money(100), **BUNDLE), line(2, 4, "CUP", **ITEM), line(3, 2, "POT", **ITEM)]
    found = read_one(*rows, line(4, 1, "CAP"))
    parts = [Component("CUP", 2), Component("POT", 1)]
    assert found.order.lines == (
        OrderLine(id="1", sku="SET", quantity=2, components=parts, amount=Amount(10000)),
        OrderLine(id="4", sku="CAP", quantity=1),
    )
    assert [(one.id, one.is_bundle, one.bundle) for one in found.lines] == [
        ("1", True, ""),
        ("2", False, "unnamed"),
        ("3", False, "unnamed"),
        ("4", False, ""),
    ]


def test_of_a_bundle_its_items_are_owed_and_not_the_bundle():
    there = {"allocations": [{"quantity": 1, "warehouse": {"id": 1}}]}
    found = read_one(line(1, 1, "SET", **BUNDLE, **there), line(2, 1, "CUP", **ITEM, **there))
    assert [(owed.sku, owed.quantity) for owed in allocated_commitments([found])] == [("CUP", 1)]


@pytest.mark.parametrize(
    ("own", "items", "amount"),
    [
        pytest.param({}, [{}, {}], None, id="no prices"),
        pytest.param({"lineValue": money(0)}, [{}, {}], Amount(0), id="a price of nothing"),
        pytest.param(
            {"lineValue": money(0)}, [{"lineValue": money(3)}, {"lineValue": money(4)}], Amount(700), id="items"
        ),
        pytest.param({"lineValue": money(9)}, [{"lineValue": money(3)}, {}], Amount(900), id="its own price"),
    ],
)
def test_a_bundle_costs_its_own_price_or_that_of_its_items(own, items, amount):
    found = read_one(
        line(1, 1, "SET", **own, **BUNDLE), line(2, 1, "B", **items[0], **ITEM), line(3, 1, "C", **items[1], **ITEM)
    )
    assert found.order.lines[0].amount == amount


def test_a_pre_order_in_a_bundle_makes_it_wait():
    item = line(2, 1, "CUP", **ITEM)
    item["productSize"]["preorder"] = True
    found = read_one(line(1, 1, "SET", **BUNDLE), item, rules=CentraOrderRules(street_dates={"CUP": STREET}))
    [bundle] = found.order.lines
    assert (bundle.when_short, bundle.components) == (WhenShort.WAIT, (Component("CUP", street_date=STREET),))


def test_items_of_several_bundles_cannot_be_told_apart():
    rows = [line(1, 1, "SET", **BUNDLE), line(2, 1, "KIT", **BUNDLE), line(3, 1, "CUP", **ITEM)]
    found = read_orders(reply(order(*rows)))
    assert problems(found) == [
        ("data.orders[0].lines[0]", "centra.unlinked"),
        ("data.orders[0].lines[1]", "centra.unlinked"),
    ]


def test_items_that_do_not_go_into_their_bundle_are_a_problem():
    found = read_orders(reply(order(line(1, 2, "SET", **BUNDLE), line(2, 3, "CUP", **ITEM))))
    assert problems(found) == [("data.orders[0].lines[1]", "bundle.uneven")]


def test_a_bundle_that_was_cancelled_is_no_line():
    found = read_one(line(1, 0, "SET", **BUNDLE), line(2, 0, "CUP", **ITEM))
    assert found.order.lines == ()


def test_a_bundle_in_itself_is_a_problem():
    found = read_orders(reply(order(line(1, 1, "SET", **BUNDLE), line(2, 1, "SET", **ITEM))))
    [problem] = found.problems
    assert problem.path.startswith("data.orders[0].lines[0]")


ONE = "data.orders[0]"
BROKEN = {
    "no number": (order(line(), number=None), [(f"{ONE}.number", "field.missing")]),
    "no lines": ({"number": 14, "createdAt": "2026-11-22T10:00:00Z"}, [(f"{ONE}.lines", "field.missing")]),
    "a time without an offset": (order(createdAt="2026-11-22 10:00"), [(f"{ONE}.createdAt", "instant.naive")]),
    "no size": (order({"id": 1, "quantity": 1}), [(f"{ONE}.lines[0].productSize", "field.missing")]),
    "a size that is none": (order(line(productSize=[])), [(f"{ONE}.lines[0].productSize", "type.invalid")]),
    "no SKU": (order(line(productSize={})), [(f"{ONE}.lines[0].productSize.SKU", "field.missing")]),
    "half a unit": (order(line(quantity=5.9)), [(f"{ONE}.lines[0].quantity", "units.invalid")]),
    "a line twice": (order(line(), line()), [(f"{ONE}.lines[1].id", "id.repeated")]),
    "an amount that is none": (
        order(line(lineValue=money("much"))),
        [(f"{ONE}.lines[0].lineValue.value", "money.invalid")],
    ),
    "an amount that is too large": (
        order(line(lineValue=money(1e30))),
        [(f"{ONE}.lines[0].lineValue.value", "money.invalid")],
    ),
    "true money": (order(line(lineValue=money(True))), [(f"{ONE}.lines[0].lineValue.value", "money.invalid")]),
    "a currency that is none": (
        order(line(lineValue=money(1, "Kr"))),
        [(f"{ONE}.lines[0].lineValue.currency.code", "currency.invalid")],
    ),
    "a tax that is none": (
        order(line(lineValue=money(1), taxPercent=-1)),
        [(f"{ONE}.lines[0].taxPercent", "money.invalid")],
    ),
    "two currencies": (
        order(line(lineValue=money(1)), line(2, lineValue=money(1, "EUR"))),
        [(f"{ONE}.lines[1]", "currency.mixed")],
    ),
    "a window that is turned round": (
        order(line(deliveryWindow={"deliveryStartDate": "2027-02-02", "deliveryEndDate": "2027-02-01"})),
        [(f"{ONE}.lines[0].deliveryWindow.latest", "range.reversed")],
    ),
    "a window without an end": (
        order(line(deliveryWindow={"deliveryStartDate": "2027-02-02"})),
        [(f"{ONE}.lines[0].deliveryWindow.deliveryEndDate", "field.missing")],
    ),
    "an allocation that is none": (
        order(line(allocations=[{"quantity": "x", "warehouse": {"id": 1}}])),
        [(f"{ONE}.lines[0].allocations[0].quantity", "units.invalid")],
    ),
    "a shipment without a number": (
        order(line(), shipments=[{"lines": []}]),
        [(f"{ONE}.shipments[0].number", "field.missing")],
    ),
    "a shipment of no line": (
        order(line(), shipments=[{"number": "1", "lines": [{"quantity": 1}, {"orderLine": 5, "quantity": 1}]}]),
        [
            (f"{ONE}.shipments[0].lines[0].orderLine", "field.missing"),
            (f"{ONE}.shipments[0].lines[1].orderLine", "type.invalid"),
        ],
    ),
}


@pytest.mark.parametrize(("broken", "expected"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_order_is_named_and_the_others_stand(broken, expected):
    found = read_orders(reply(broken, order(line())))
    assert problems(found) == expected
    assert len(found.values) == 1


def test_an_allocation_without_an_id_is_named_by_its_warehouse():
    rows = [{"quantity": 1, "warehouse": {"name": "Oslo"}}, {"quantity": 2}]
    assert read_one(line(allocations=rows)).lines[0].allocated == {"Oslo": 1, "unknown": 2}


def test_another_document_holds_no_orders():
    with pytest.raises(InvalidDocument, match="must be a reply of the Integration API with orders"):
        read_orders('{"data": {"products": []}}')


# Statuses


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("PENDING", CentraOrderStatus.PENDING),
        ("shipped", CentraOrderStatus.COMPLETED),
        ("Completed", CentraOrderStatus.COMPLETED),
        ("CANCELED", CentraOrderStatus.CANCELLED),
        (0, CentraOrderStatus.INCOMPLETE),
        ("3", CentraOrderStatus.PROCESSING),
        (6, CentraOrderStatus.CANCELLED),
        ("7", None),
        ("03", None),
        ("RETURNED", None),
    ],
)
def test_a_status_is_kept_as_it_was_said_and_as_what_it_means(said, status):
    found = read_one(line(), status=said)
    assert (found.status_word, found.status) == (str(said), status)


def test_every_status_has_a_number_and_every_order_a_word():
    assert [order_status_number(status) for status in CentraOrderStatus] == list(range(7))
    words = [order_status_word(status) for status in list(CentraOrderStatus)[1:]]
    assert words == ["PENDING", "CONFIRMED", "PROCESSING", "SHIPPED", "ARCHIVED", "CANCELLED"]


def test_a_selection_is_no_order():
    with pytest.raises(InvalidArgument, match="must be the status of an order"):
        order_status_word("incomplete")


# The Order API


def rest(*products: Any, **fields: Any) -> str:
    own = {"orderId": "83651", "orderDate": "2026-11-22 10:00:00", "orderCurrency": "EUR", **fields}
    return json.dumps({"status": "ok", "orders": [{**own, "products": list(products)}]})


def product(number: Any = 1, sku: str = "A", quantity: Any = 1, **fields: Any) -> dict[str, Any]:
    return {"lineId": number, "sku": sku, "qty": quantity, **fields}


def read_rest(*products: Any, rules: CentraOrderRules | None = None, **fields: Any) -> CentraOrder:
    document = rest(*products, **fields)
    [found] = read_order_api_orders(document, zone="Europe/Oslo", rules=rules or CentraOrderRules()).complete()
    return found


def test_an_order_of_the_order_api_is_read_in_the_zone_of_the_shop():
    [found] = read_order_api_orders(payload("order_api_orders"), zone="Europe/Stockholm").complete()
    day = dt.date(2026, 12, 4)
    # The clocks show half past two twice that night: the first is in summer time. 361 with 25 % is 288.80 + 72.20.
    assert found.order == Order(
        id="83651",
        placed_at=dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.timezone.utc),
        currency="EUR",
        lines=[
            OrderLine(
                id="43244",
                sku="SET1",
                quantity=2,
                components=[Component("S123K345XS", 1)],
                amount=Amount(28880, 7220),
                requested=day,
            ),
            OrderLine(id="43245", sku="CAP1", quantity=3, amount=Amount(3030), requested=day),
            OrderLine(id="shipping", sku="standard", quantity=1, kind=LineKind.FEE, amount=Amount(2500)),
        ],
    )
    assert (found.status, found.is_on_hold) == (CentraOrderStatus.CONFIRMED, False)
    assert found.shipments == (CentraShipment(number="83651-1"),)
    assert [(one.id, one.allocated, one.bundle) for one in found.lines] == [
        ("43243", {"Default": 1}, "217"),
        ("43244", {}, ""),
        ("43245", None, ""),
    ]


def test_items_alone_ship_together():
    found = read_rest(product(1, "A", isPartOfBundle="13"), product(2, "B", isPartOfBundle=13), product(3, "C"))
    assert [(one.sku, one.ship_group) for one in found.order.lines] == [
        ("A", "bundle 13"),
        ("B", "bundle 13"),
        ("C", ""),
    ]


def test_a_bundle_alone_is_a_line_without_components():
    found = read_rest(product(1, "SET", 2, isBundle="true"))
    assert found.order.lines == (OrderLine(id="1", sku="SET", quantity=2),)
    assert found.lines[0].is_bundle is True


def test_a_bundle_beside_its_items_is_one_line():
    found = read_rest(product(1, "SET", 2, isBundle=1), product(2, "CUP", 4, isPartOfBundle="13"))
    assert found.order.lines == (OrderLine(id="1", sku="SET", quantity=2, components=[Component("CUP", 2)]),)


def test_bundles_beside_items_of_several_cannot_be_told_apart():
    rows = [product(1, "SET", isBundle=True), product(2, "A", isPartOfBundle=1), product(3, "B", isPartOfBundle=2)]
    found = read_order_api_orders(rest(*rows), zone="UTC")
    assert problems(found) == [("orders[0].products[0]", "centra.unlinked")]


def test_bundles_in_bundles_keep_their_recipe():
    inner = product(2, "BOX", 1, bundle=[product(3, "CUP", 2)])
    found = read_rest(product(1, "SET", 1, bundle=[inner]), product(3, "CUP", 2))
    assert [one.components for one in found.order.lines] == [(Component("BOX", 1, [Component("CUP", 2)]),)]
    assert [one.id for one in found.lines] == ["1", "2", "3"]


def test_an_item_with_a_row_of_its_own_is_what_that_row_says():
    found = read_rest(product(2, "CUP", 4), product(1, "SET", 2, bundle=[product(2, "CUP", 2)]))
    assert [(one.id, one.quantity) for one in found.lines] == [("2", 4), ("1", 2)]


def test_a_unit_of_nothing_in_a_bundle_is_a_problem():
    found = read_order_api_orders(rest(product(1, "SET", 1, bundle=[product(2, "CUP", 0)])), zone="UTC")
    [problem] = found.problems
    assert (problem.path.startswith("orders[0].products[0]"), problem.code) == (True, "units.invalid")


@pytest.mark.parametrize(
    ("fields", "amount"),
    [
        pytest.param({"totalPrice": 361, "price": 1, "taxPercent": 25}, Amount(28880, 7220), id="in all"),
        pytest.param({"price": "10.10"}, Amount(3030), id="each"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_a_product_costs_its_total_or_its_price_for_each(fields, amount):
    assert read_rest(product(quantity=3, **fields)).order.lines[0].amount == amount


def test_an_order_without_a_currency_has_no_amounts():
    found = read_rest(product(price=1), orderCurrency=None, shippingValue=5)
    assert [one.amount for one in found.order.lines] == [None]


@pytest.mark.parametrize(("value", "lines"), [(0, 1), ("0.00", 1), (None, 1), ("4.90", 2)])
def test_shipping_is_a_fee_if_it_costs_anything(value, lines):
    assert len(read_rest(product(), shippingValue=value).order.lines) == lines


def test_one_order_may_come_by_itself():
    document = json.dumps({"status": "ok", "order": json.loads(rest(product()))["orders"][0]})
    assert len(read_order_api_orders(document, zone="UTC").complete()) == 1


def test_a_shipment_with_a_day_was_sent():
    found = read_rest(
        product(), shipments=[{"shipmentId": "16-1", "shippedDate": "2026-11-22 12:00:00"}, {"shipmentId": 2}]
    )
    assert [(one.number, one.is_shipped) for one in found.shipments] == [("16-1", True), ("2", False)]


def test_the_instant_can_be_said():
    found = read_rest(product(), rules=CentraOrderRules(placed_at=NOW), orderDate=None)
    assert found.order.placed_at == NOW


REST = "orders[0]"
BROKEN_REST = {
    "no date": (rest(product(), orderDate=None), [(f"{REST}.orderDate", "field.missing")]),
    "no quantity": (rest(product(quantity=None)), [(f"{REST}.products[0].qty", "field.missing")]),
    "a flag that is none": (rest(product(isBundle=2)), [(f"{REST}.products[0].isBundle", "type.invalid")]),
    "a warehouse without a name": (
        rest(product(warehouses=[{"itemQty": 1}])),
        [(f"{REST}.products[0].warehouses[0].name", "field.missing")],
    ),
    "a price that is none": (rest(product(price="x")), [(f"{REST}.products[0].price", "money.invalid")]),
    "a fee that is none": (rest(product(), shippingValue="x"), [(f"{REST}.shippingValue", "money.invalid")]),
    "a shipment without a number": (
        rest(product(), shipments=[{}]),
        [(f"{REST}.shipments[0].shipmentId", "field.missing")],
    ),
}


@pytest.mark.parametrize(("document", "expected"), BROKEN_REST.values(), ids=list(BROKEN_REST))
def test_a_broken_order_of_the_order_api_is_named(document, expected):
    found = read_order_api_orders(document, zone="UTC")
    assert problems(found) == expected
    assert found.values == ()


def test_a_zone_that_is_none_is_refused():
    with pytest.raises(InvalidArgument, match="must be an IANA time zone"):
        read_order_api_orders(payload("order_api_orders"), zone="Oslo")


# Where orders stand


def test_an_order_that_does_not_say_when_it_was_placed_says_where_it_stands():
    expected = CentraOrderState(
        number="14",
        status_word="CONFIRMED",
        is_on_hold=False,
        lines=[
            CentraOrderLine(
                id="68", sku="FJ-774-S", gtin="7050000000021", quantity=3, preorder=True, allocated={"1": 1}
            )
        ],
    )
    assert expected.status is CentraOrderStatus.CONFIRMED
    assert read_order_states(payload("integration_dtc_order")).complete() == (expected,)
    assert read_document(payload("integration_dtc_order")).complete() == (expected,)


def test_what_was_not_asked_for_is_not_said():
    [found] = read_order_states(reply({"id": "c8b6", "number": 14})).complete()
    assert found == CentraOrderState(number="14", hash="c8b6")
    assert (found.status, found.lines, found.shipments) == (None, None, None)


def test_shipped_units_of_an_order_are_told_with_its_state():
    shop, _ = read_order_states(payload("integration_orders")).complete()
    assert [one.shipped for one in shop.lines] == [3, 0]
    assert [one.number for one in shop.shipments] == ["15-1", "15-2"]


def test_a_state_with_a_problem_is_named_and_the_others_are_read():
    found = read_order_states(reply({"number": 14, "lines": [line(quantity=5.9)]}, {"number": 15}), named_by="sku")
    assert problems(found) == [("data.orders[0].lines[0].quantity", "units.invalid")]
    assert [one.number for one in found.values] == ["15"]
    assert problems(read_order_states(reply(5, {"number": True}))) == [
        ("data.orders[0]", "type.invalid"),
        ("data.orders[1].number", "text.invalid"),
    ]


@pytest.mark.parametrize("document", ["[]", "{}", '{"data": {"products": []}}'])
def test_another_document_is_no_state(document):
    with pytest.raises(InvalidDocument):
        read_order_states(document)


WHEN = {"createdAt": "2026-11-22T10:00:00Z"}
KINDS = {
    "enough for an order": ({"number": 14, "lines": [], **WHEN}, "centra-orders"),
    "with its day": ({"number": 14, "lines": [], "orderDate": "2026-11-22T10:00:00Z"}, "centra-orders"),
    "without lines": ({"number": 14, **WHEN}, "centra-order-states"),
    "without an instant": ({"number": 14, "lines": []}, "centra-order-states"),
}


@pytest.mark.parametrize(("found", "kind"), KINDS.values(), ids=list(KINDS))
def test_a_reply_that_says_enough_is_orders_and_another_is_states(found, kind):
    assert recognise(reply(found)) == kind
    assert recognise(json.dumps({"data": {"orderConnection": {"edges": [{"node": found}]}}})) == kind


# An order to be planned


def test_an_order_that_nothing_left_of_is_read_where_an_order_is_wanted():
    document = reply(order(line(), shipments=[]))
    assert read_order(document) == read_orders(document).complete()[0].order


UNPLANNED = {
    "cancelled": ([order(line(), status="CANCELLED")], "status: must be of an order that is open"),
    "completed": ([order(line(), status="SHIPPED")], "status: must be of an order that is open"),
    "in a shipment": (
        [order(line(), shipments=[{"number": "14-1", "isShipped": False}])],
        "shipments: must be none",
    ),
    "two": ([order(line()), order(line(), number=15)], "holds orders where an order is wanted"),
}


@pytest.mark.parametrize(("orders", "message"), UNPLANNED.values(), ids=list(UNPLANNED))
def test_an_order_that_must_not_be_planned_as_a_whole_is_refused(orders, message):
    with pytest.raises(InvalidDocument, match=message):
        read_order(reply(*orders))


def test_an_order_of_the_order_api_is_read_where_an_order_is_wanted():
    product = {"lineId": "1", "sku": "A", "qty": 2}
    document = {"orderId": "7", "orderStatus": 2, "orderDate": "2026-11-22 10:00:00", "products": [product]}
    found = read_order(json.dumps({"status": "ok", "order": document}), zone="Europe/Oslo")
    assert (found.id, found.placed_at.hour, found.lines[0].quantity) == ("7", 9, 2)
