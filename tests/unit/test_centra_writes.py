"""What is written for Centra's Integration API, against a schema of what its reference documents."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from preorder_kit import (
    UNLIMITED,
    Amount,
    Cancelled,
    CaptureMode,
    Charge,
    ChargePlan,
    ChargePolicy,
    Component,
    InvalidArgument,
    InvalidDocument,
    LineKind,
    Mix,
    Order,
    OrderLine,
    Part,
    PartLine,
    Section,
    SplitPlan,
    Supply,
    charge_plan,
    split_order,
)
from preorder_kit.adapters import centra
from preorder_kit.adapters.centra import (
    BundleProduct,
    CancelRules,
    CentraBundle,
    CentraMoney,
    CentraReply,
    CentraSize,
    DeliveryWindow,
    ShipmentRules,
    SizeUnits,
    StockMove,
    StockQuantities,
    StockSetting,
    WindowVariant,
    bundles_by_size,
    read_bundle,
    read_change_stock,
    read_reply,
    read_set_stock,
    write_allocate_order,
    write_bundle,
    write_cancel_lines,
    write_capture_order,
    write_capture_shipment,
    write_change_stock,
    write_delivery_window,
    write_set_stock,
    write_shipment,
    write_shipments,
    write_unallocate_order,
    write_window_variants,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "centra"
SCHEMA = build_schema((PAYLOADS / "integration.graphql").read_text(encoding="utf-8"))
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
HASH = "1497ccf644db871e1e4026d101bde6f3"


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def variables(call: str) -> Any:
    """Return the variables of a call whose query the schema knows, and whose variables it takes."""
    body = json.loads(call)
    assert body.keys() == {"query", "variables"}
    document = parse(body["query"])
    assert validate(SCHEMA, document) == []
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    taken = get_variable_values(SCHEMA, operation.variable_definitions, body["variables"])
    assert not isinstance(taken, list), [str(error) for error in taken]
    assert getattr(taken, "coerced", taken).keys() == body["variables"].keys()
    return body["variables"]


def problems(found: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


def part(*lines: PartLine, **fields: Any) -> Part:
    own = {"id": "39790/now/1", "order_id": "39790", "kind": "ship_now", **fields}
    return Part(lines=lines or [PartLine(line_id="17635", sku="A", quantity=2)], **own)


def cut(line_id: str = "68", quantity: int = 1, reason: str = "out_of_stock") -> Cancelled:
    return Cancelled(line_id=line_id, sku="A", quantity=quantity, reason=reason)


def charge(part_id: str = "39790/now/1") -> Charge:
    return Charge(part_id=part_id, amount=Amount(2000), due=None)


def charges(*found: Charge) -> ChargePlan:
    return ChargePlan(charges=found, cancelled=[], refunds=[])


@pytest.mark.parametrize("name", [name for name in centra.__all__ if name.endswith("_QUERY")])
def test_every_query_asks_for_what_there_is(name):
    assert validate(SCHEMA, parse(getattr(centra, name))) == []


# Stock

SETTING = StockSetting(
    warehouse=1,
    description="Nightly ERP sync",
    levels=[
        SizeUnits(variant=340, size=CentraSize(name="S"), quantity=10),
        SizeUnits(variant=340, size=CentraSize(name="M"), quantity=0),
    ],
)
MOVE = StockMove(
    into=3,
    description="PO 957-1 received",
    changes=[
        SizeUnits(
            variant=340,
            size=CentraSize(name="S"),
            quantity=12,
            unit_cost=CentraMoney(minor=4100, currency="EUR"),
        )
    ],
)


def test_the_documented_stock_is_set_and_read_back():
    document = payload("integration_set_stock")
    assert variables(write_set_stock(SETTING)) == json.loads(document)["variables"]
    assert read_set_stock(document) == SETTING


def test_the_documented_stock_is_changed_and_read_back():
    document = payload("integration_change_stock_inbound")
    assert variables(write_change_stock(MOVE)) == json.loads(document)["variables"]
    assert read_change_stock(document) == MOVE


@pytest.mark.parametrize(
    ("ends", "named"),
    [
        ({"into": 3, "out_from": None}, {"intoWarehouse": {"id": 3}}),
        ({"into": None, "out_from": 1}, {"outFromWarehouse": {"id": 1}}),
        ({"into": 3, "out_from": 1}, {"intoWarehouse": {"id": 3}, "outFromWarehouse": {"id": 1}}),
    ],
    ids=["in", "out", "move"],
)
def test_units_come_in_go_out_and_move(ends, named):
    given = variables(write_change_stock(attrs.evolve(MOVE, **ends)))["input"]
    assert {key: value for key, value in given.items() if key.endswith("Warehouse")} == named


def test_sizes_of_a_variant_are_one_row():
    sizes = [SizeUnits(variant=one, size=CentraSize(id=two), quantity=1) for one, two in [(1, 5), (2, 5), (1, 6)]]
    setting = attrs.evolve(SETTING, levels=sizes)
    rows = variables(write_set_stock(setting))["input"]["productVariants"]
    assert [(row["productVariant"]["id"], len(row["sizeStockLevels"])) for row in rows] == [(1, 2), (2, 1)]
    assert [one.variant for one in setting.levels] == [1, 1, 2]


@pytest.mark.parametrize(
    ("minor", "currency", "value"), [(4100, "EUR", 41), (1254, "SEK", 12.54), (500, "JPY", 500), (1, "KWD", 0.001)]
)
def test_money_is_written_in_major_units(minor, currency, value):
    cost = CentraMoney(minor=minor, currency=currency)
    call = write_change_stock(attrs.evolve(MOVE, changes=[attrs.evolve(MOVE.changes[0], unit_cost=cost)]))
    assert variables(call)["input"]["productVariants"][0]["unitCost"] == {"value": value, "currencyIsoCode": currency}
    assert read_change_stock(call).changes[0].unit_cost == cost


STOCK_REFUSED = {
    "a size by both names": (lambda: CentraSize(id=1, name="S"), "name: must be given without an id"),
    "a size by none": (CentraSize, "name: must be given without an id"),
    "fewer than none": (lambda: SizeUnits(variant=1, size=CentraSize(id=1), quantity=-1), "quantity: must be a whole"),
    "too many": (
        lambda: SizeUnits(variant=1, size=CentraSize(id=1), quantity=2**31),
        "quantity: must be <= 2147483647",
    ),
    "an id of somebody else's": (
        lambda: SizeUnits(variant="FJ", size=CentraSize(id=1), quantity=1),
        "variant: must be an id of Centra's",
    ),
    "no sizes": (lambda: attrs.evolve(SETTING, levels=[]), "levels: must name at least one size"),
    "a size twice": (lambda: attrs.evolve(SETTING, levels=[SETTING.levels[0]] * 2), "levels[1].size: must come once"),
    "two costs of a variant": (
        lambda: attrs.evolve(MOVE, changes=[*MOVE.changes, SETTING.levels[1]]),
        "changes[1].unit_cost: must be that of the variant's other sizes",
    ),
    "no warehouse": (lambda: attrs.evolve(MOVE, into=None), "into: must be another warehouse than out_from"),
    "one warehouse twice": (lambda: attrs.evolve(MOVE, out_from=3), "into: must be another warehouse than out_from"),
    "too much money": (lambda: CentraMoney(minor=10**16, currency="EUR"), "minor: must be <= "),
}


@pytest.mark.parametrize(("build", "message"), STOCK_REFUSED.values(), ids=list(STOCK_REFUSED))
def test_stock_that_cannot_be_said_is_refused(build, message):
    with pytest.raises(InvalidArgument) as caught:
        build()
    assert str(caught.value).startswith(message)


def body(**given: Any) -> str:
    return json.dumps({"query": "mutation", "variables": {"input": given}})


ROW = {"productVariant": {"id": 340}, "sizeStockLevels": [{"size": {"name": "S"}, "quantity": 1}]}
GIVEN = {"warehouse": {"id": 1}, "description": "x", "stockQuantityType": "physical", "productVariants": [ROW]}
INPUT = "variables.input"
SET_BROKEN = {
    "another quantity": ({"stockQuantityType": "AVAILABLE"}, [(f"{INPUT}.stockQuantityType", "choice.invalid")]),
    "no warehouse": (
        {"warehouse": None, "description": ""},
        [(f"{INPUT}.warehouse", "field.missing"), (f"{INPUT}.description", "field.missing")],
    ),
    "no variant": (
        {"productVariants": [{**ROW, "productVariant": {}}]},
        [(f"{INPUT}.productVariants[0].productVariant", "field.missing")],
    ),
    "no size": (
        {"productVariants": [{**ROW, "sizeStockLevels": [{"quantity": 1}]}]},
        [(f"{INPUT}.productVariants[0].sizeStockLevels[0].size", "field.missing")],
    ),
    "a size that is none": (
        {"productVariants": [{**ROW, "sizeStockLevels": [{"quantity": 1, "size": 5}]}]},
        [(f"{INPUT}.productVariants[0].sizeStockLevels[0].size", "type.invalid")],
    ),
    "a size by both names": (
        {"productVariants": [{**ROW, "sizeStockLevels": [{"quantity": 1, "size": {"id": 1, "name": "S"}}]}]},
        [(f"{INPUT}.productVariants[0].sizeStockLevels[0].size.name", "centra.one_of")],
    ),
    "less than nothing": (
        {"productVariants": [{**ROW, "sizeStockLevels": [{"quantity": -1, "size": {"id": 1}}]}]},
        [(f"{INPUT}.productVariants[0].sizeStockLevels[0].quantity", "units.invalid")],
    ),
    "nothing": ({"productVariants": []}, [(f"{INPUT}.levels", "centra.empty")]),
    "sizes without their variants": (
        {"productSizes": [{"productSize": {"id": 4}, "quantity": 9}]},
        [(f"{INPUT}.productSizes", "centra.unread")],
    ),
}


def test_lists_of_one_may_be_written_without_a_list():
    row = {**ROW, "sizeStockLevels": ROW["sizeStockLevels"][0]}
    assert read_set_stock(body(**{**GIVEN, "productVariants": row})).levels[0].quantity == 1


@pytest.mark.parametrize(("own", "expected"), SET_BROKEN.values(), ids=list(SET_BROKEN))
def test_a_broken_setting_is_refused_with_all_of_its_problems(own, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_set_stock(body(**{**GIVEN, **own}))
    assert problems(caught.value) == expected


@pytest.mark.parametrize("end", ["intoWarehouse", "outFromWarehouse"])
def test_a_warehouse_that_is_named_by_another_id_does_not_become_none(end):
    row = {"productVariant": {"id": 340}, "sizeChanges": {"size": {"id": 1}, "deliveredQuantity": 5}}
    ends = {"intoWarehouse": {"id": 3}, "outFromWarehouse": {"id": 1}, end: {"externalId": "OSL"}}
    with pytest.raises(InvalidDocument) as caught:
        read_change_stock(body(**ends, description="x", productVariants=[row]))
    assert problems(caught.value) == [(f"{INPUT}.{end}", "field.missing")]


@pytest.mark.parametrize("read", [read_set_stock, read_change_stock, read_bundle])
@pytest.mark.parametrize("document", ["[]", "{}", '{"variables": {}}', '{"variables": {"input": {}}}'])
def test_another_document_is_no_such_call(read, document):
    with pytest.raises(InvalidDocument, match="must be the body of a") as caught:
        read(document)
    assert caught.value.problems[0].code == "document.unrecognised"


def test_variables_that_are_none_are_named():
    with pytest.raises(InvalidDocument, match=r"variables: must be an object"):
        read_set_stock('{"variables": 5}')


# Replies


def test_a_reply_says_what_was_made_and_warned_of():
    expected = CentraReply(mutation="createShipment", made={"shipment": ["345"]}, warnings=["No shipping cost is left"])
    assert read_reply(payload("integration_reply")).complete() == (expected,)


def test_a_reply_in_part_says_both():
    errors = [{"message": "Size not found", "path": ["input", "size", 0]}, {"message": "Locked", "path": None}]
    document = json.dumps({"data": {"setStock": {"stockChanges": [{"id": 1}, {"id": 2}], "userErrors": errors}}})
    found = read_reply(document)
    assert found.values[0].made == {"stockChanges": ("1", "2")}
    assert [str(problem) for problem in found.problems] == [
        "data.setStock.userErrors[0]: Centra says about input.size.0: Size not found",
        "data.setStock.userErrors[1]: Centra says Locked",
    ]


def test_an_order_is_named_by_its_number():
    payload_ = {"order": {"number": 14}, "paymentHistoryEntry": {"status": "x"}, "count": 5, "userErrors": []}
    assert read_reply(json.dumps({"data": {"captureOrder": payload_}})).values[0].made == {"order": ("14",)}


@pytest.mark.parametrize("captured", [None, False, True])
def test_a_shipment_is_made_whether_its_money_is_captured_or_not(captured):
    made = {"shipment": {"id": 345, "isCaptured": captured}, "userErrors": []}
    [found] = read_reply(json.dumps({"data": {"createShipment": made}})).complete()
    assert (found.made, found.is_captured) == ({"shipment": ("345",)}, captured)


def test_a_mutation_that_failed_has_no_reply():
    document = '{"data": {"setStock": null}, "errors": [{"message": "Not allowed"}]}'
    found = read_reply(document)
    assert (found.values, problems(found)) == ((), [("errors[0]", "centra.refused")])


def test_a_reply_that_cannot_be_read_is_named():
    found = read_reply('{"data": {"setStock": {"stockChanges": [{"id": []}], "userErrors": [5]}}}')
    assert problems(found) == [
        ("data.setStock.stockChanges[0].id", "text.invalid"),
        ("data.setStock.userErrors[0]", "type.invalid"),
    ]


@pytest.mark.parametrize("document", ['{"data": {"orders": []}}', '{"data": 5}', "{}", '{"data": {}}'])
def test_another_document_is_no_reply(document):
    with pytest.raises(InvalidDocument):
        read_reply(document)


# Shipments and money


def test_the_documented_shipment_is_written():
    rules = ShipmentRules(is_good_to_go=True)
    assert (
        variables(write_shipment(part(), rules=rules))
        == json.loads(payload("integration_create_shipment"))["variables"]
    )


def test_units_of_one_line_are_added_up_and_fees_left_out():
    lines = [
        PartLine(line_id="1", sku="A", quantity=2),
        PartLine(line_id="shipping", sku="STANDARD", quantity=1, kind=LineKind.FEE),
        PartLine(line_id="1", sku="A", quantity=3),
    ]
    assert variables(write_shipment(part(*lines)))["input"]["lines"] == [{"orderLine": {"id": 1}, "quantity": 5}]


def test_a_shipment_with_a_charge_is_captured():
    given = variables(write_shipment(part(), charge=charge()))["input"]
    assert given["capture"] is True
    assert "isPaid" not in given


def test_an_order_is_named_by_its_number_or_its_hash():
    assert variables(write_shipment(part(order_id=HASH)))["input"]["order"] == {"id": HASH}


FEE = PartLine(line_id="shipping", sku="STANDARD", quantity=1, kind=LineKind.FEE)
SHIPMENTS_REFUSED = {
    "a part that waits": (lambda: write_shipment(part(kind="await_stock")), "part.kind: must be ship_now or digital"),
    "a line of somebody else's": (
        lambda: write_shipment(part(PartLine(line_id="A-1", sku="A", quantity=1))),
        "part.lines[0].line_id: must be an id of Centra's",
    ),
    "an order of somebody else's": (lambda: write_shipment(part(order_id="O1")), "part.order_id: must be an id"),
    "fees alone": (lambda: write_shipment(part(FEE)), "part.lines: must hold more than fees"),
    "another part's charge": (
        lambda: write_shipment(part(), charge=charge("39790/now/2")),
        "charge.part_id: must be the part's, 39790/now/1",
    ),
    "two charges for an order": (
        lambda: write_capture_order(charges(charge(), charge()), order_id="14"),
        "charges.charges: must be one for the whole order",
    ),
    "no charge for an order": (
        lambda: write_capture_order(charges(), order_id="14"),
        "charges.charges: must be one for the whole order",
    ),
    "a deposit for a shipment": (
        lambda: write_capture_shipment(charge(""), shipment=345),
        "charge.part_id: must name a part",
    ),
    "a shipment of somebody else's": (
        lambda: write_capture_shipment(charge(), shipment=0),
        "shipment: must be an id of Centra's",
    ),
    "nothing cancelled": (lambda: write_cancel_lines([], order_id="14"), "cancelled: must name units"),
    "fees cancelled": (
        lambda: write_cancel_lines([cut(reason="nothing_ships")], order_id="14"),
        "cancelled: must name units",
    ),
    "a line of somebody else's cancelled": (
        lambda: write_cancel_lines([cut("A-1")], order_id="14"),
        "cancelled[0].line_id: must be an id of Centra's",
    ),
    "too many cancelled": (
        lambda: write_cancel_lines([cut(quantity=2**31 - 1), cut()], order_id="14"),
        "cancelled[1].quantity: must be <= 2147483647",
    ),
    "removed to a warehouse": (
        lambda: CancelRules(action="remove", to_warehouse=3),
        "to_warehouse: must be None unless units are released",
    ),
    "to a warehouse in the older form": (
        lambda: CancelRules(form="older", to_warehouse=3),
        "to_warehouse: must be None unless units are released",
    ),
    "a location of somebody else's": (
        lambda: write_allocate_order(part(location="Oslo")),
        "part.location: must be an id of Centra's",
    ),
}


@pytest.mark.parametrize(("write", "message"), SHIPMENTS_REFUSED.values(), ids=list(SHIPMENTS_REFUSED))
def test_what_centra_has_no_words_for_is_refused(write, message):
    with pytest.raises(InvalidArgument) as caught:
        write()
    assert str(caught.value).startswith(message)


def planned(mode: CaptureMode) -> tuple[SplitPlan, ChargePlan]:
    lines = [
        OrderLine(id="68", sku="A", quantity=3, when_short="wait", amount=Amount(3000)),
        OrderLine(id="69", sku="GIFT", quantity=1, kind=LineKind.DIGITAL, amount=Amount(500)),
        OrderLine(id="shipping", sku="STANDARD", quantity=1, kind=LineKind.FEE, amount=Amount(100)),
    ]
    order = Order(id="14", placed_at=NOW, lines=lines, currency="SEK")
    plan = split_order(order, supply=Supply(on_hand={"A": 1}), at=NOW)
    return plan, charge_plan(order, plan, policy=ChargePolicy(mode=mode))


@pytest.mark.parametrize(
    ("mode", "payments"),
    [
        pytest.param(CaptureMode.ON_SHIPMENT, [("capture", True), ("capture", True)], id="with each shipment"),
        pytest.param(None, [("isPaid", False), ("isPaid", False)], id="charges are not known"),
    ],
)
def test_the_parts_of_a_plan_that_leave_are_shipments(mode, payments):
    plan, charged = planned(mode or CaptureMode.ON_SHIPMENT)
    calls = [variables(call)["input"] for call in write_shipments(plan, charges=charged if mode else None)]
    assert [call["lines"] for call in calls] == [
        [{"orderLine": {"id": 69}, "quantity": 1}],
        [{"orderLine": {"id": 68}, "quantity": 1}],
    ]
    assert [next((key, call[key]) for key in ("capture", "isPaid") if key in call) for call in calls] == payments


def test_a_part_without_a_charge_is_paid_already():
    plan, _ = planned(CaptureMode.ON_SHIPMENT)
    assert [variables(call)["input"]["isPaid"] for call in write_shipments(plan, charges=charges())] == [True, True]


def test_a_part_of_fees_alone_makes_no_shipment():
    plan = SplitPlan(order_id="14", parts=[part(FEE)], cancelled=[])
    assert write_shipments(plan) == ()


def test_money_is_captured_for_an_order_or_a_shipment():
    assert variables(write_capture_order(charges(charge()), order_id=HASH)) == {"order": {"id": HASH}}
    assert variables(write_capture_shipment(charge(), shipment=345)) == {"id": 345}


# Cancelled, allocated


def test_the_documented_cancellations_are_written():
    older = CancelRules(form="older", comment="Supplier cancelled the drop")
    call = write_cancel_lines([cut()], order_id="14", rules=older)
    assert variables(call) == json.loads(payload("integration_cancel_lines_v1"))["variables"]
    assert (
        variables(write_cancel_lines([cut()], order_id="14"))
        == json.loads(payload("integration_cancel_lines_v2"))["variables"]
    )


@pytest.mark.parametrize(
    ("rules", "policy"),
    [
        (CancelRules(), {"releaseItemsBackToWarehouse": True}),
        (CancelRules(action="remove"), {"removeItemsFromStock": True}),
        (CancelRules(to_warehouse=3), {"sendItemsToDifferentWarehouse": {"id": 3}}),
    ],
)
def test_exactly_one_thing_becomes_of_cancelled_units(rules, policy):
    cuts = [cut("68", 1), cut("69", 2), cut("68", 2, "customer")]
    given = variables(write_cancel_lines(cuts, order_id="14", rules=rules))["input"]
    assert given["cancelLines"] == [
        {"line": {"id": 68}, "quantity": 3, "stockActionPolicy": policy},
        {"line": {"id": 69}, "quantity": 2, "stockActionPolicy": policy},
    ]


def test_an_order_of_wholesale_has_its_own_mutation():
    call = write_cancel_lines([cut()], order_id="14", rules=CancelRules(store="wholesale"))
    assert "updateWholesaleOrder" in call
    assert variables(call)["order"] == {"number": 14}


@pytest.mark.parametrize(
    ("own", "options", "warehouses"),
    [
        ({}, {}, None),
        ({"location": "3"}, {}, [{"id": 3}]),
        ({"location": "3"}, {"warehouses": [5, 4]}, [{"id": 5}, {"id": 4}]),
    ],
    ids=["by Centra's rule", "from its location", "in the order that is said"],
)
def test_stock_is_allocated_and_taken_back(own, options, warehouses):
    lines = [{"orderLine": {"id": 17635}, "quantity": 2}]
    given = variables(write_allocate_order(part(**own), comment="Arrived", **options))["input"]
    assert (given.get("warehouses"), given["allocate"], given["comment"]) == (warehouses, lines, "Arrived")
    given = variables(write_unallocate_order(part(**own), action="remove", **options))["input"]
    assert (given.get("warehouses"), given["unallocate"]) == (warehouses, lines)
    assert given["stockActionPolicy"] == {"removeItemsFromStock": True}
    assert "comment" not in given


# Bundles

PRODUCT = BundleProduct(name="Cabin set", number="SET-1", brand=3, collection=9, folder=1)
FIXED = CentraBundle(
    product=PRODUCT,
    kind="fixed",
    size_chart=2,
    sizes=[CentraSize(name="S"), CentraSize(name="M")],
    sections=[Section(options=[Component("340")]), Section(quantity=2, options=[Component("351")])],
)
FLEXIBLE = CentraBundle(
    product=PRODUCT,
    kind="flexible",
    pricing="dynamic",
    sections=[Section(quantity=2, options=[Component("340"), Component("351")])],
)


def test_the_documented_bundle_is_written_and_read_back():
    document = payload("integration_create_bundle_fixed")
    assert variables(write_bundle(FIXED)) == json.loads(document)["variables"]
    assert read_bundle(document) == FIXED


def test_a_flexible_bundle_has_no_sizes():
    given = variables(write_bundle(FLEXIBLE))["input"]
    assert (given["type"], given["priceType"]) == ("FLEXIBLE", "DYNAMIC")
    assert not given.keys() & {"sizeChart", "sizes"}
    assert read_bundle(write_bundle(FLEXIBLE)) == FLEXIBLE


BUNDLES_REFUSED = {
    "no size chart": ({"size_chart": None}, "size_chart: must be given for a fixed bundle"),
    "no sizes": ({"sizes": []}, "sizes: must be given for a fixed bundle"),
    "a choice": ({"sections": FLEXIBLE.sections}, "sections[0].options: must be one variant"),
    "no sections": ({"sections": []}, "sections: must name at least one section"),
    "a SKU of somebody else's": (
        {"sections": [Section(options=[Component("FJ")])]},
        "sections[0].options[0].sku: must be an id of Centra's",
    ),
    "several units of an option": (
        {"sections": [Section(options=[Component("340", 2)])]},
        "sections[0].options[0]: must be one unit of a variant",
    ),
    "too many": (
        {"sections": [Section(quantity=2**31, options=[Component("340")])]},
        "sections[0].quantity: must be <= 2147483647",
    ),
}


@pytest.mark.parametrize(("own", "message"), BUNDLES_REFUSED.values(), ids=list(BUNDLES_REFUSED))
def test_a_bundle_that_cannot_be_said_is_refused(own, message):
    with pytest.raises(InvalidArgument) as caught:
        attrs.evolve(FIXED, **own)
    assert str(caught.value).startswith(message)


PRODUCT_GIVEN = json.loads(write_bundle(FIXED))["variables"]["input"]["product"]


def test_a_broken_bundle_is_refused_with_all_of_its_problems():
    given = {"type": "LOOSE", "priceType": "static", "addBundleSections": [{"productVariants": []}], "product": {}}
    with pytest.raises(InvalidDocument) as caught:
        read_bundle(body(**given))
    assert problems(caught.value) == [
        (f"{INPUT}.product.brand", "field.missing"),
        (f"{INPUT}.product.collection", "field.missing"),
        (f"{INPUT}.product.folder", "field.missing"),
        (f"{INPUT}.product.name", "field.missing"),
        (f"{INPUT}.product.productNumber", "field.missing"),
        (f"{INPUT}.product.status", "field.missing"),
        (f"{INPUT}.addBundleSections[0].quantity", "field.missing"),
        (f"{INPUT}.type", "choice.invalid"),
    ]
    given["sizeChart"] = {"externalId": "XS-XL"}
    given["addBundleSections"] = [{"quantity": 1, "productVariants": [{"id": 340}, {"externalId": "MOSS"}]}]
    with pytest.raises(InvalidDocument) as caught:
        read_bundle(body(**{**given, "type": "FLEXIBLE", "product": PRODUCT_GIVEN}))
    assert problems(caught.value) == [
        (f"{INPUT}.addBundleSections[0].productVariants[1].id", "field.missing"),
        (f"{INPUT}.sizeChart", "field.missing"),
    ]
    for product in (None, 5):
        with pytest.raises(InvalidDocument, match=r"variables.input.product: (is missing|must be an object)"):
            read_bundle(body(**{**given, "product": product}))


def stock(sku: str, variant: int | None, size: str, free: int | None, **own: Any) -> StockQuantities:
    return StockQuantities(sku=sku, variant=variant, size=size, free_to_allocate=free, **own)


def test_a_fixed_bundle_takes_one_size_of_each_variant():
    found = bundles_by_size(
        FIXED,
        stock=[
            stock("A", 340, "S", 9),
            stock("B", 351, "S", 5),
            stock("C", 340, "M", 9),
            stock("D", 340, "L", 3, preorder=True),
            stock("E", 351, "L", 0, preorder=True),
            stock("F", 340, "XL", None),
            stock("G", 351, "XL", 2),
        ],
    )
    assert found == {"S": 2, "M": 0, "L": UNLIMITED, "XL": 0}


@pytest.mark.parametrize(("mix", "bundles"), [(Mix.ONE_OPTION, 2), (Mix.ANY, 4)])
def test_a_flexible_bundle_takes_the_best_variant_or_a_mixture(mix, bundles):
    flexible = attrs.evolve(FLEXIBLE, sections=[attrs.evolve(FLEXIBLE.sections[0], mix=mix)])
    assert bundles_by_size(flexible, stock=[stock("A", 340, "S", 5), stock("B", 351, "S", 3)]) == {"S": bundles}


def test_a_size_of_a_variant_that_comes_twice_is_refused():
    with pytest.raises(InvalidArgument, match=r"stock\[1\].size: must come once for a variant"):
        bundles_by_size(FIXED, stock=[stock("A", 340, "S", 9), stock("A", 340, "S", 1)])


def test_a_size_without_a_variant_is_refused():
    with pytest.raises(InvalidArgument, match=r"stock\[0\].variant: must be an id of Centra's"):
        bundles_by_size(FIXED, stock=[stock("A", None, "S", 1)])


# Everything that is written is taken


def test_delivery_windows_are_taken():
    variables(write_delivery_window(DeliveryWindow(name="Always", days_from_now=0, markets=[1], allocation_rule=2)))
    for call in write_window_variants([WindowVariant(variant=1, delivery_word="LINK", limit=UNLIMITED)], window=1):
        variables(call)


# Recognised


def recognised(root: Any) -> list[str]:
    return [kind.name for kind in centra._FORMATS if kind.recognises(root)]


RECOGNISED = {
    "integration_stock_totals": ["centra-stock-totals"],
    "integration_warehouses": ["centra-warehouses"],
    "integration_set_stock": ["centra-set-stock"],
    "integration_change_stock_inbound": ["centra-change-stock"],
    "integration_purchase_orders": ["centra-purchase-orders"],
    "integration_delivery_window_preorder_response": ["centra-delivery-windows"],
    "integration_delivery_window_at_once": ["centra-delivery-windows"],
    "integration_create_delivery_window_preorder": ["centra-create-delivery-window"],
    "integration_set_delivery_window_variants": ["centra-delivery-window-variants"],
    "integration_dtc_order": ["centra-order-states"],
    "integration_orders": ["centra-orders"],
    "integration_create_bundle_fixed": ["centra-create-bundle"],
    "integration_reply": ["centra-reply"],
    "order_api_get_stock": ["centra-order-api-stock"],
    "order_api_update_stock_request": ["centra-order-api-stock-update"],
    "order_api_update_stock_error": ["centra-order-api-stock-reply"],
    "order_api_supplier_order": ["centra-order-api-supplier-orders"],
    "order_api_orders": ["centra-order-api-orders"],
    "integration_create_shipment": ["centra-create-shipment"],
    "integration_capture_order": ["centra-capture-order"],
    "integration_capture_shipment": ["centra-capture-shipment"],
    "integration_cancel_lines_v1": ["centra-cancel-lines"],
    "integration_cancel_lines_v2": ["centra-cancel-lines"],
    "integration_allocate_order": ["centra-allocate-order"],
    "integration_unallocate_order": ["centra-unallocate-order"],
}


@pytest.mark.parametrize(("name", "kinds"), RECOGNISED.items(), ids=list(RECOGNISED))
def test_every_document_is_recognised_once(name, kinds):
    assert recognised(json.loads(payload(name))) == kinds


@pytest.mark.parametrize(
    "root",
    [
        *(None, 5, "x", [], {}, {"data": None}, {"data": {"products": [None, {"variants": 5}]}}, frozenset({"sku"})),
        {"data": {"createShipment": {"shipment": {"id": 1}}}},
        {"data": {"createCampaign": {"userErrors": []}}},
        {"query": "mutation { updateWholesaleOrder }", "variables": {"input": {"isOnHold": True}}},
        {"query": "mutation { splitOrder }", "variables": {"input": {"cancelLines": []}}},
    ],
    ids=str,
)
def test_what_is_nothing_of_centras_is_not_recognised(root):
    assert recognised(root) == []
