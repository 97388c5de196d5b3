"""Shopify: requests, each held to the types of the API."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import graphql
import pytest

from preorder_kit import (
    UNLIMITED,
    ChargePolicy,
    InvalidArgument,
    Order,
    OrderLine,
    Part,
    PartKind,
    PartLine,
    Stock,
    Supply,
    normalize_stock,
    split_order,
)
from preorder_kit.adapters.shopify import (
    FulfillmentLine,
    FulfillmentOrder,
    HoldReason,
    HoldRules,
    InventoryPolicy,
    InventoryReserve,
    PreorderPlan,
    inventory_policy,
    write_holds,
    write_inventory_policies,
    write_release,
    write_reschedule,
    write_selling_plan_group,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "shopify"
SCHEMA = graphql.build_schema((PAYLOADS / "schema.graphql").read_text(encoding="utf-8"))
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
STREET = dt.datetime(2027, 1, 29, tzinfo=dt.timezone.utc)
DAY = dt.timedelta(days=1)
DEPOSIT = ChargePolicy(mode="deposit", deposit=20)
PLAN = PreorderPlan(name="Pre-order", terms="20 % now", policy=DEPOSIT)


def held_to_types(body: str) -> dict:
    """Return the variables of a request that the API would take."""
    found = json.loads(body)
    document = graphql.parse(found["query"])
    assert graphql.validate(SCHEMA, document) == []
    [operation] = document.definitions
    values = graphql.get_variable_values(SCHEMA, operation.variable_definitions, found["variables"])
    assert not isinstance(values, list), values
    assert set(found) == {"query", "variables"}
    return found["variables"]


def selling_plan(plan: PreorderPlan) -> dict:
    [found] = held_to_types(write_selling_plan_group(plan, at=NOW))["input"]["sellingPlansToCreate"]
    return found


def test_a_plan_is_written_as_a_group_of_one():
    plan = attrs.evolve(
        PLAN,
        street_date=STREET,
        merchant_code="pre-20",
        products=["gid://shopify/Product/1"],
        variants=["gid://shopify/ProductVariant/2"],
    )
    assert held_to_types(write_selling_plan_group(plan, at=NOW)) == {
        "input": {
            "name": "Pre-order",
            "options": ["Pre-order"],
            "sellingPlansToCreate": [
                {
                    "name": "20 % now",
                    "options": ["20 % now"],
                    "category": "PRE_ORDER",
                    "billingPolicy": {
                        "fixed": {
                            "checkoutCharge": {"type": "PERCENTAGE", "value": {"percentage": 20}},
                            "remainingBalanceChargeTrigger": "ON_FULFILLMENT",
                        }
                    },
                    "deliveryPolicy": {
                        "fixed": {"fulfillmentTrigger": "EXACT_TIME", "fulfillmentExactTime": "2027-01-29T00:00:00Z"}
                    },
                    "inventoryPolicy": {"reserve": "ON_FULFILLMENT"},
                }
            ],
            "merchantCode": "pre-20",
        },
        "resources": {
            "productIds": ["gid://shopify/Product/1"],
            "productVariantIds": ["gid://shopify/ProductVariant/2"],
        },
    }


@pytest.mark.parametrize(
    ("policy", "due", "percentage", "balance"),
    [
        (ChargePolicy(mode="up_front"), None, 100, {"remainingBalanceChargeTrigger": "NO_REMAINING_BALANCE"}),
        (ChargePolicy(), None, 0, {"remainingBalanceChargeTrigger": "ON_FULFILLMENT"}),
        (
            ChargePolicy(),
            STREET,
            0,
            {
                "remainingBalanceChargeTrigger": "EXACT_TIME",
                "remainingBalanceChargeExactTime": "2027-01-29T00:00:00Z",
            },
        ),
        (
            DEPOSIT,
            14 * DAY,
            20,
            {
                "remainingBalanceChargeTrigger": "TIME_AFTER_CHECKOUT",
                "remainingBalanceChargeTimeAfterCheckout": "P14D",
            },
        ),
    ],
    ids=["up front", "on shipment", "at an instant", "after days"],
)
def test_a_policy_is_a_share_at_the_checkout_and_a_trigger(policy, due, percentage, balance):
    found = selling_plan(attrs.evolve(PLAN, policy=policy, balance_due=due))["billingPolicy"]["fixed"]
    assert found == {"checkoutCharge": {"type": "PERCENTAGE", "value": {"percentage": percentage}}, **balance}


def test_without_a_street_date_fulfilment_is_unknown():
    found = selling_plan(attrs.evolve(PLAN, reserve=InventoryReserve.ON_SALE))
    assert found["deliveryPolicy"] == {"fixed": {"fulfillmentTrigger": "UNKNOWN"}}
    assert found["inventoryPolicy"] == {"reserve": "ON_SALE"}


def test_an_instant_is_rounded_up():
    plan = attrs.evolve(PLAN, street_date=STREET + dt.timedelta(microseconds=1))
    assert selling_plan(plan)["deliveryPolicy"]["fixed"]["fulfillmentExactTime"] == "2027-01-29T00:00:01Z"


@pytest.mark.parametrize("field", ["street_date", "balance_due"])
def test_an_instant_of_a_plan_is_ahead(field):
    with pytest.raises(InvalidArgument, match="must be later than now") as caught:
        write_selling_plan_group(attrs.evolve(PLAN, **{field: NOW}), at=NOW)
    assert (caught.value.path, caught.value.code) == (field, "shopify.past")


@pytest.mark.parametrize(
    ("fields", "path", "code"),
    [
        ({"policy": ChargePolicy(mode="before_expiry")}, "policy.mode", "shopify.policy"),
        ({"policy": ChargePolicy(mode="up_front"), "balance_due": STREET}, "balance_due", "shopify.policy"),
        ({"balance_due": dt.timedelta(hours=36)}, "balance_due", "delta.invalid"),
        ({"balance_due": dt.timedelta()}, "balance_due", "delta.invalid"),
        ({"balance_due": -DAY}, "balance_due", "delta.invalid"),
        ({"balance_due": 14}, "balance_due", "instant.invalid"),
        ({"street_date": STREET.date()}, "street_date", "instant.invalid"),
        ({"name": ""}, "name", "text.invalid"),
        ({"reserve": "never"}, "reserve", "choice.invalid"),
        ({"products": ["1"]}, "products[0]", "shopify.id"),
        ({"products": ["gid://shopify/ProductVariant/1"]}, "products[0]", "shopify.id"),
        ({"variants": ["gid://shopify/ProductVariant/1"] * 2}, "variants[1]", "id.repeated"),
        ({"products": [f"gid://shopify/Product/{n}" for n in range(251)]}, "products", "shopify.many"),
    ],
)
def test_a_plan_checks_its_fields(fields, path, code):
    with pytest.raises(InvalidArgument) as caught:
        attrs.evolve(PLAN, **fields)
    assert (caught.value.path, caught.value.code) == (path, code)


def test_one_day_and_250_products_are_the_bounds():
    products = [f"gid://shopify/Product/{number}" for number in range(250)]
    plan = attrs.evolve(PLAN, balance_due=DAY, products=products)
    assert selling_plan(plan)["billingPolicy"]["fixed"]["remainingBalanceChargeTimeAfterCheckout"] == "P1D"


def test_an_instant_at_the_end_of_time_is_refused():
    with pytest.raises(InvalidArgument, match="must lie in the years 1 to 9999"):
        write_selling_plan_group(
            attrs.evolve(PLAN, street_date=dt.datetime.max.replace(tzinfo=dt.timezone.utc)), at=NOW
        )


def there(number: int, *lines: tuple[int, str, int], location: str = "") -> FulfillmentOrder:
    """Return a fulfilment order of lines: number of its id, line of the order, units."""
    items = [
        FulfillmentLine(id=f"gid://shopify/FulfillmentOrderLineItem/{item}", line_id=line_id, quantity=quantity)
        for item, line_id, quantity in lines
    ]
    return FulfillmentOrder(id=f"gid://shopify/FulfillmentOrder/{number}", lines=items, location=location)


def part(kind: str = "await_stock", *lines: tuple[str, int], **fields: object) -> Part:
    items = [PartLine(line_id=line_id, sku="CD", quantity=quantity) for line_id, quantity in lines or [("1", 2)]]
    return Part(id=fields.pop("id", "1001/stock"), order_id="1001", kind=kind, lines=items, **fields)


def holds(*arguments: object, **fields: object) -> list[tuple[int, dict]]:
    """Return what is held: number of the fulfilment order, number of the line -> units (None: all of it)."""
    found = []
    for body in write_holds(*arguments, **fields):
        variables = held_to_types(body)
        listed = variables["fulfillmentHold"].get("fulfillmentOrderLineItems")
        items = listed and {int(item["id"].rsplit("/", 1)[1]): item["quantity"] for item in listed}
        found.append((int(variables["id"].rsplit("/", 1)[1]), items))
    return found


def test_what_waits_for_stock_is_held():
    [body] = write_holds(part(), fulfillment_orders=[there(5, (7, "1", 3))])
    assert held_to_types(body) == {
        "id": "gid://shopify/FulfillmentOrder/5",
        "fulfillmentHold": {
            "reason": "INVENTORY_OUT_OF_STOCK",
            "reasonNotes": "waits for stock",
            "notifyMerchant": False,
            "handle": "1001/stock",
            "fulfillmentOrderLineItems": [{"id": "gid://shopify/FulfillmentOrderLineItem/7", "quantity": 2}],
        },
    }


def test_what_waits_for_its_street_date_says_so():
    waiting = part("await_street_date", street_date=STREET)
    [body] = write_holds(waiting, fulfillment_orders=[there(5, (7, "1", 2))])
    hold = held_to_types(body)["fulfillmentHold"]
    assert (hold["reason"], hold["reasonNotes"]) == ("OTHER", "waits for its street date, 2027-01-29T00:00:00Z")


def test_rules_say_how_a_hold_is_written():
    rules = HoldRules(reason="awaiting_payment", notes="deposit", notify_merchant=True, handle="h" * 64)
    [body] = write_holds(part(), fulfillment_orders=[there(5, (7, "1", 2))], rules=rules)
    assert held_to_types(body)["fulfillmentHold"] == {
        "reason": "AWAITING_PAYMENT",
        "reasonNotes": "deposit",
        "notifyMerchant": True,
        "handle": "h" * 64,
    }


def test_every_reason_is_one_of_the_api():
    assert {reason.name for reason in HoldReason} == set(SCHEMA.type_map["FulfillmentHoldReason"].values)
    assert {reserve.name for reserve in InventoryReserve} == set(SCHEMA.type_map["SellingPlanReserve"].values)
    assert {policy.name for policy in InventoryPolicy} == set(SCHEMA.type_map["ProductVariantInventoryPolicy"].values)


def test_units_are_taken_from_fulfilment_orders_in_turn():
    waiting = part("await_stock", ("1", 4), ("2", 1))
    orders = [there(5, (7, "1", 3), (8, "3", 1)), there(6, (9, "1", 2), (10, "2", 1))]
    assert holds(waiting, fulfillment_orders=orders) == [(5, {7: 3}), (6, {9: 1, 10: 1})]


def test_the_location_of_the_part_comes_first():
    orders = [there(5, (7, "1", 2), location="X"), there(6, (9, "1", 2), location="Y")]
    assert holds(part(location="Y"), fulfillment_orders=orders) == [(6, None)]
    assert holds(part("await_stock", ("1", 3), location="Y"), fulfillment_orders=orders) == [(5, {7: 1}), (6, None)]


def test_a_whole_fulfilment_order_lists_no_lines():
    waiting = part("await_stock", ("1", 2), ("2", 1))
    assert holds(waiting, fulfillment_orders=[there(5, (7, "1", 2), (8, "2", 1))]) == [(5, None)]


def test_lines_that_come_twice_in_a_part_add_up():
    assert holds(part("await_stock", ("1", 2), ("1", 1)), fulfillment_orders=[there(5, (7, "1", 4))]) == [(5, {7: 3})]


def test_digital_goods_that_wait_are_held():
    waiting = part("await_street_date")
    digital = attrs.evolve(waiting, lines=[attrs.evolve(waiting.lines[0], kind="digital")])
    assert holds(digital, fulfillment_orders=[there(5, (7, "1", 3))]) == [(5, {7: 2})]


def test_fees_are_left_out():
    fee = PartLine(line_id="9", sku="STANDARD", quantity=1, kind="fee")
    waiting = part()
    mixed = attrs.evolve(waiting, lines=[*waiting.lines, fee])
    assert holds(mixed, fulfillment_orders=[there(5, (7, "1", 3))]) == [(5, {7: 2})]
    with pytest.raises(InvalidArgument, match="must hold more than fees") as caught:
        write_holds(attrs.evolve(waiting, lines=[fee]), fulfillment_orders=[there(5, (7, "1", 3))])
    assert (caught.value.path, caught.value.code) == ("part.lines", "shopify.fees")


@pytest.mark.parametrize("kind", [PartKind.SHIP_NOW, PartKind.DIGITAL])
def test_what_does_not_wait_is_not_held(kind):
    with pytest.raises(InvalidArgument, match="must be await_street_date or await_stock") as caught:
        write_holds(part(kind), fulfillment_orders=[])
    assert (caught.value.path, caught.value.code) == ("part.kind", "shopify.ready")


@pytest.mark.parametrize(
    ("waiting", "orders", "rules", "path", "code"),
    [
        (part(), [], HoldRules(), "fulfillment_orders", "shopify.short"),
        (part(), [there(5, (7, "1", 1))], HoldRules(), "fulfillment_orders", "shopify.short"),
        (part(), [there(5, (7, "2", 9))], HoldRules(), "fulfillment_orders", "shopify.short"),
        (part(), [there(5, (7, "1", 2))] * 2, HoldRules(), "fulfillment_orders[1].id", "id.repeated"),
        (part(id="x" * 65), [there(5, (7, "1", 2))], HoldRules(), "part.id", "shopify.handle"),
        (part(), [there(5, (7, "1", 2))], HoldRules(handle="x" * 65), "rules.handle", "shopify.handle"),
        (
            part("await_stock", *[(str(n), 1) for n in range(251)]),
            [there(5, *[(n, str(n), 2) for n in range(251)])],
            HoldRules(),
            "fulfillment_orders",
            "shopify.many",
        ),
    ],
    ids=["none", "too few", "another line", "twice", "a long id", "a long handle", "too many lines"],
)
def test_holds_that_cannot_be_written_are_refused(waiting, orders, rules, path, code):
    with pytest.raises(InvalidArgument) as caught:
        write_holds(waiting, fulfillment_orders=orders, rules=rules)
    assert (caught.value.path, caught.value.code) == (path, code)


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: there(5, (7, "1", 0)), "quantity"),
        (lambda: there(5, (7, "1", 2**31)), "quantity"),
        (lambda: there(5, (7, "1", 1), (7, "2", 1)), "lines[1].id"),
        (lambda: FulfillmentOrder(id="5", lines=[]), "id"),
        (lambda: FulfillmentOrder(id="gid://shopify/FulfillmentOrder/5\n", lines=[]), "id"),
        (lambda: HoldRules(reason="bored"), "reason"),
        (lambda: HoldRules(notify_merchant=1), "notify_merchant"),
    ],
)
def test_values_check_their_fields(make, path):
    with pytest.raises(InvalidArgument) as caught:
        make()
    assert caught.value.path == path


def test_the_largest_number_of_the_api_is_a_quantity():
    most = 2**31 - 1
    waiting = part("await_stock", ("1", most - 1))
    assert holds(waiting, fulfillment_orders=[there(5, (7, "1", most))]) == [(5, {7: most - 1})]


def test_a_plan_is_held_part_by_part():
    lines = [
        OrderLine(id="1", sku="CD", quantity=3, when_short="wait"),
        OrderLine(id="2", sku="LP", quantity=1, street_date=STREET),
    ]
    order = Order(id="1001", placed_at=NOW, lines=lines)
    now, street, stock = split_order(order, supply=Supply(on_hand={"CD": 1}), at=NOW).parts
    assert now.kind is PartKind.SHIP_NOW
    assert holds(street, fulfillment_orders=[there(5, (7, "1", 3), (8, "2", 1))]) == [(5, {8: 1})]
    assert holds(stock, fulfillment_orders=[there(6, (9, "1", 3))]) == [(6, {9: 2})]


def test_holds_are_released_by_their_ids():
    body = write_release("gid://shopify/FulfillmentOrder/5", holds=["gid://shopify/FulfillmentHold/9"])
    assert held_to_types(body) == {
        "id": "gid://shopify/FulfillmentOrder/5",
        "holdIds": ["gid://shopify/FulfillmentHold/9"],
    }


@pytest.mark.parametrize(
    ("order_id", "names", "path", "code"),
    [
        ("gid://shopify/FulfillmentOrder/5", [], "holds", "shopify.none"),
        ("gid://shopify/FulfillmentOrder/5", ["9"], "holds[0]", "shopify.id"),
        ("5", ["gid://shopify/FulfillmentHold/9"], "fulfillment_order_id", "shopify.id"),
    ],
)
def test_a_release_checks_its_ids(order_id, names, path, code):
    with pytest.raises(InvalidArgument) as caught:
        write_release(order_id, holds=names)
    assert (caught.value.path, caught.value.code) == (path, code)


def test_a_fulfilment_order_is_rescheduled():
    body = write_reschedule("gid://shopify/FulfillmentOrder/5", street_date=STREET, at=NOW)
    assert held_to_types(body) == {"id": "gid://shopify/FulfillmentOrder/5", "fulfillAt": "2027-01-29T00:00:00Z"}
    with pytest.raises(InvalidArgument, match="must be later than now"):
        write_reschedule("gid://shopify/FulfillmentOrder/5", street_date=NOW, at=NOW)


@pytest.mark.parametrize(
    ("stock", "policy"),
    [
        (normalize_stock("preorder"), InventoryPolicy.CONTINUE),
        (Stock(availability="backorder", quantity=3), InventoryPolicy.CONTINUE),
        (Stock(availability="in_stock", quantity=30, later=1), InventoryPolicy.CONTINUE),
        (Stock(availability="low_stock", quantity=3, later=UNLIMITED), InventoryPolicy.CONTINUE),
        (normalize_stock(30), InventoryPolicy.DENY),
        (normalize_stock(0), InventoryPolicy.DENY),
        (normalize_stock(None), InventoryPolicy.DENY),
    ],
    ids=["preorder", "backorder", "room beyond stock", "room without bound", "in stock", "sold out", "unknown"],
)
def test_a_variant_is_sold_on_where_units_may_wait(stock, policy):
    assert inventory_policy(stock) is policy


def test_variants_are_written_250_at_a_time():
    stocks = {f"gid://shopify/ProductVariant/{n}": normalize_stock("preorder" if n else 0) for n in range(251)}
    first, second = (
        held_to_types(body) for body in write_inventory_policies(stocks, product_id="gid://shopify/Product/3")
    )
    assert (first["productId"], len(first["variants"]), len(second["variants"])) == ("gid://shopify/Product/3", 250, 1)
    assert first["variants"][0] == {"id": "gid://shopify/ProductVariant/0", "inventoryPolicy": "DENY"}
    assert second["variants"] == [{"id": "gid://shopify/ProductVariant/250", "inventoryPolicy": "CONTINUE"}]
    assert write_inventory_policies({}, product_id="gid://shopify/Product/3") == ()


@pytest.mark.parametrize(
    ("stocks", "product_id", "path"),
    [
        ({"1": normalize_stock(1)}, "gid://shopify/Product/3", "stocks key"),
        ({"gid://shopify/ProductVariant/1": 5}, "gid://shopify/Product/3", "stocks['gid://shopify/ProductVariant/1']"),
        ({}, "3", "product_id"),
    ],
)
def test_variants_check_their_ids(stocks, product_id, path):
    with pytest.raises(InvalidArgument) as caught:
        write_inventory_policies(stocks, product_id=product_id)
    assert caught.value.path == path
