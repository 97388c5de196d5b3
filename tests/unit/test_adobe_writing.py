"""Orders as they are written for Adobe Commerce OMS."""

from __future__ import annotations

import datetime as dt
import json

import attrs
import pytest

from preorder_kit import (
    Amount,
    Cancelled,
    Component,
    DateRange,
    InvalidArgument,
    Order,
    OrderLine,
    Part,
    PartLine,
    SplitPlan,
    Supply,
    split_order,
)
from preorder_kit.adapters.adobe_oms import (
    OmsAddress,
    OmsOrderFacts,
    read_bundle_rules,
    read_order_create,
    read_order_updated,
    write_order_create,
    write_order_updated,
)

UTC = dt.timezone.utc
PLACED = dt.datetime(2026, 11, 21, 10, 31, 25, tzinfo=UTC)
STREET = dt.datetime(2027, 2, 5, tzinfo=UTC)
LATER = dt.datetime(2027, 3, 5, tzinfo=UTC)
HOME = OmsAddress(
    reference="ship1",
    first_name="Noor",
    last_name="Visser",
    address1="Kade 7",
    city="Rotterdam",
    country_code="NL",
    zip="3011",
)
WORK = attrs.evolve(HOME, reference="ship2", address2="3rd floor", state="ZH", phone="010", email="noor@example.com")
FACTS = OmsOrderFacts(
    store="nl_web",
    ip="203.0.113.9",
    vat_country="NL",
    customer_id="anonymous",
    payment_reference="pay1",
    addresses=[HOME, WORK],
    tax_rate=25000,
    tax_type="VAT 25%",
)


def line(line_id: str = "1", **fields: object) -> OrderLine:
    given = {"sku": f"S{line_id}", "quantity": 1, "amount": Amount(2400, 600), "ship_to": "ship1"}
    return OrderLine(id=line_id, **given | fields)


def order(*lines: OrderLine, **fields: object) -> Order:
    return Order(**{"id": "7", "placed_at": PLACED, "lines": lines or [line()], "currency": "EUR"} | fields)


def created(*lines: OrderLine, facts: OmsOrderFacts = FACTS, **fields: object) -> dict:
    return json.loads(write_order_create(order(*lines, **fields), facts=facts, message_id="7d0c"))


def rows(*lines: OrderLine, **options: object) -> list[dict]:
    return created(*lines, **options)["params"]["order"]["lines"]


def test_a_message_is_what_is_documented():
    lines = [
        line("11", street_date=STREET, quantity=2),
        line("12", when_short="wait", kind="digital", ship_to="ship2"),
        line("SHIPPING", kind="fee", amount=Amount(400, 100)),
    ]
    price = {
        "net_amount": 24,
        "gross_amount": 30,
        "tax_amount": 6,
        "tax_rate": 25,
        "taxes": [{"type": "VAT 25%", "amount": 6, "rate": 25}],
        "currency": "EUR",
    }
    shipping = {"net_amount": 4, "gross_amount": 5, "tax_amount": 1}
    said = {"payment_reference": "pay1", "amount": price}
    assert created(*lines) == {
        "jsonrpc": "2.0",
        "method": "magento.sales.order_management.create",
        "params": {
            "order": {
                "id": "7",
                "store": "nl_web",
                "status": None,
                "status_reason": None,
                "ip": "203.0.113.9",
                "vat_country": "NL",
                "origin": "FRONTEND",
                "origin_date": "2026-11-21T10:31:25+00:00",
                "customer": {"id": "anonymous"},
                "addresses": [
                    {
                        "reference": "ship1",
                        "first_name": "Noor",
                        "last_name": "Visser",
                        "address1": "Kade 7",
                        "city": "Rotterdam",
                        "country_code": "NL",
                        "zip": "3011",
                    },
                    {
                        "reference": "ship2",
                        "first_name": "Noor",
                        "last_name": "Visser",
                        "address1": "Kade 7",
                        "city": "Rotterdam",
                        "country_code": "NL",
                        "zip": "3011",
                        "address2": "3rd floor",
                        "state": "ZH",
                        "phone": "010",
                        "email": "noor@example.com",
                    },
                ],
                "payments": [{"reference": "pay1", "currency": "EUR"}],
                "lines": [
                    {
                        "id": "11",
                        "line_number": 1,
                        "product_type": "PHYSICAL",
                        "sku": "S11",
                        "quantity": 2,
                        "shipping_address_reference": "ship1",
                        "pre_order_street_date": "2027-02-05T00:00:00+00:00",
                        "custom_attributes": [{"name": "allowBackorders", "value": "false"}],
                    }
                    | said,
                    {
                        "id": "12",
                        "line_number": 2,
                        "product_type": "VIRTUAL",
                        "sku": "S12",
                        "quantity": 1,
                        "shipping_address_reference": "ship2",
                        "custom_attributes": [{"name": "allowBackorders", "value": "true"}],
                    }
                    | said,
                    {
                        "id": "SHIPPING",
                        "line_number": 3,
                        "product_type": "SHIPPING",
                        "sku": "SSHIPPING",
                        "quantity": 1,
                        "shipping_address_reference": "ship1",
                        "payment_reference": "pay1",
                        "amount": price | shipping | {"taxes": [{"type": "VAT 25%", "amount": 1, "rate": 25}]},
                    },
                ],
            }
        },
        "id": "7d0c",
    }
    assert read_order_create(json.dumps(created(*lines))) == order(*lines)


MONEY = {
    "cents": ("EUR", Amount(1818, 182), "18.18", "1.82", "20"),
    "a discount": ("EUR", Amount(2000, 200, 200), "20", "2", "20"),
    "no decimals": ("JPY", Amount(500, 50), "500", "50", "550"),
    "three decimals": ("KWD", Amount(1234, 1), "1.234", "0.001", "1.235"),
    "a refund": ("EUR", Amount(-1818, -182), "-18.18", "-1.82", "-20"),
    "nothing": ("EUR", Amount(0), "0", "0", "0"),
    "as much as there is": ("EUR", Amount(10**15 - 1), "9999999999999.99", "0", "9999999999999.99"),
}


@pytest.mark.parametrize(("currency", "amount", "net", "tax", "gross"), MONEY.values(), ids=MONEY)
def test_money_is_a_plain_number(currency, amount, net, tax, gross):
    document = write_order_create(order(line(amount=amount), currency=currency), facts=FACTS, message_id="7d0c")
    written = json.loads(document, parse_float=str, parse_int=str)["params"]["order"]["lines"][0]["amount"]
    assert (written["net_amount"], written["tax_amount"], written["gross_amount"]) == (net, tax, gross)
    assert read_order_create(document).lines[0].amount == amount


RATES = {
    "of the order": ({}, Amount(100, 25), 25, "VAT 25%"),
    "of the line": ({"tax_rates": {"1": 8875}}, Amount(100, 9), 8.875, "VAT 25%"),
    "none": ({"tax_rates": {"1": 0}}, Amount(100), 0, "NO TAX"),
    "none, and a tax": ({"tax_rate": 0}, Amount(100, 1), 0, "VAT 25%"),
}


@pytest.mark.parametrize(("fields", "amount", "rate", "kind"), RATES.values(), ids=RATES)
def test_the_tax_of_a_line(fields, amount, rate, kind):
    [row] = rows(line(amount=amount), facts=attrs.evolve(FACTS, **fields))
    assert row["amount"]["tax_rate"] == rate
    [tax] = row["amount"]["taxes"]
    assert (tax["type"], tax["rate"]) == (kind, rate)


def test_a_line_without_an_address_goes_to_the_first():
    [row] = rows(line(ship_to=""))
    assert row["shipping_address_reference"] == "ship1"


def test_a_bundle_is_a_line_for_each_part_which_has_its_money():
    parts = [
        Component("LP", 2, street_date=STREET),
        Component("TKT", 1, kind="digital", when_short="wait"),
    ]
    whole = line(quantity=3, components=parts, amount=Amount(1000, 100, 10), when_short="wait")
    found = rows(whole, line("1/2"), facts=attrs.evolve(FACTS, bundles="one_location"))
    assert [(row["id"], row["line_number"], row.get("parent_line_number")) for row in found] == [
        ("1", 1, None),
        ("1/3", 2, 1),
        ("1/4", 3, 1),
        ("1/2", 4, None),
    ]
    assert [(row["product_type"], row["sku"], row["quantity"]) for row in found[:3]] == [
        ("BUNDLE", "S1", 3),
        ("PHYSICAL", "LP", 6),
        ("VIRTUAL", "TKT", 3),
    ]
    assert [row["amount"]["gross_amount"] for row in found[:3]] == [0, 7.27, 3.63]
    assert found[0]["custom_attributes"] == [
        {"name": "allowBackorders", "value": "true"},
        {"name": "mom_srcrr_FilterSourceBundleFromOneSource", "value": "SHIPTOGETHER"},
    ]
    assert "custom_attributes" not in found[1]
    assert found[1]["pre_order_street_date"] == "2027-02-05T00:00:00+00:00"
    assert found[2]["custom_attributes"] == [{"name": "allowBackorders", "value": "true"}]
    document = write_order_create(order(whole, line("1/2")), facts=FACTS, message_id="7d0c")
    assert read_order_create(document) == order(whole, line("1/2"))
    assert read_bundle_rules(document)[0].code == ""


def test_bundles_inside_a_bundle_are_taken_apart():
    inner = [
        Component(
            "A", 2, [Component("B", 3), Component("C", 1, (), "goods", LATER, "cancel")], "goods", STREET, "wait"
        ),
        Component("D", 1, [Component("E")], "digital"),
    ]
    flat = [
        Component("B", 6, street_date=STREET, when_short="wait"),
        Component("C", 2, street_date=LATER, when_short="cancel"),
        Component("D", 1, kind="digital"),
    ]
    document = write_order_create(order(line(components=inner)), facts=FACTS, message_id="7d0c")
    assert read_order_create(document) == order(line(components=flat))


def test_what_has_no_field_is_lost():
    said = {"requested": dt.date(2026, 12, 1), "promised": DateRange(dt.date(2026, 12, 1), dt.date(2026, 12, 4))}
    document = write_order_create(order(line(**said), priority=3), facts=FACTS, message_id="7d0c")
    assert read_order_create(document) == order()


MANY = [Component(f"P{number}") for number in range(1001)]
UNWRITABLE = {
    "complete": (order(ship="complete"), "order.ship", "order.unwritable"),
    "a group": (order(line(), line("2", ship_group="gift")), "order.lines[1].ship_group", "order.unwritable"),
    "no currency": (order(currency=None), "order.currency", "field.missing"),
    "no lines": (attrs.evolve(order(), lines=[]), "order.lines", "field.missing"),
    "no price": (order(line(amount=None)), "order.lines[0].amount", "field.missing"),
    "too much money": (order(line(amount=Amount(10**15))), "order.lines[0].amount", "money.large"),
    "too many units": (order(line(quantity=2**31)), "order.lines[0].quantity", "units.large"),
    "too many units of a part": (
        order(line(quantity=2**16, components=[Component("LP", 2**15)])),
        "order.lines[0].components",
        "units.large",
    ),
    "an unknown address": (order(line(ship_to="moon")), "order.lines[0].ship_to", "address.unknown"),
    "a fee in a bundle": (
        order(line(components=[Component("W", kind="fee")])),
        "order.lines[0].components",
        "bundle.unwritable",
    ),
    "a bundle that is digital": (
        order(line(components=[Component("W")], kind="digital")),
        "order.lines[0].components",
        "bundle.unwritable",
    ),
    "a bundle of too much": (order(line(components=MANY)), "order.lines[0].components", "bundle.unwritable"),
}


@pytest.mark.parametrize(("unwritable", "path", "code"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_cannot_be_said_is_refused(unwritable, path, code):
    with pytest.raises(InvalidArgument) as caught:
        write_order_create(unwritable, facts=FACTS, message_id="7d0c")
    assert (caught.value.path, caught.value.code) == (path, code)


def test_a_rate_of_a_line_that_is_not_there_is_refused():
    facts = attrs.evolve(FACTS, tax_rates={"1": 0, "11": 9000})
    with pytest.raises(InvalidArgument, match=r"facts.tax_rates: must name lines of the order alone \(got '11'\)"):
        write_order_create(order(), facts=facts, message_id="7d0c")


def test_a_bundle_of_a_thousand_parts_is_written():
    assert len(rows(line(components=MANY[:1000]))) == 1001


BAD_FACTS = {
    "no addresses": ({"addresses": []}, "addresses"),
    "an address twice": ({"addresses": [HOME, HOME]}, "addresses[1].reference"),
    "bundles from several": ({"bundles": "several"}, "bundles"),
    "bundles from anywhere": ({"bundles": "anywhere"}, "bundles"),
    "a rate that is none": ({"tax_rate": 25.5}, "tax_rate"),
    "no store": ({"store": ""}, "store"),
}


@pytest.mark.parametrize(("fields", "path"), BAD_FACTS.values(), ids=BAD_FACTS)
def test_facts_are_checked(fields, path):
    with pytest.raises(InvalidArgument) as caught:
        attrs.evolve(FACTS, **fields)
    assert caught.value.path == path


def test_what_is_no_order_is_refused():
    with pytest.raises(InvalidArgument, match="order: must be an Order"):
        write_order_create({}, facts=FACTS, message_id="7d0c")
    with pytest.raises(InvalidArgument, match="facts: must be an OmsOrderFacts"):
        write_order_create(order(), facts={}, message_id="7d0c")


def updated(given: Order, plan: SplitPlan) -> dict:
    return json.loads(write_order_updated(given, plan, facts=FACTS, message_id="c0a8"))


def test_a_line_whose_units_go_different_ways_is_divided():
    lines = [
        line("11", quantity=4, amount=Amount(1000, 250), when_short="wait"),
        line("12", quantity=2),
        line("SHIPPING", kind="fee"),
    ]
    given = order(*lines)
    plan = split_order(given, supply=Supply(on_hand={"S11": 3, "S12": 1}), at=PLACED)
    message = updated(given, plan)
    assert message["method"] == "magento.sales.order_management.updated"
    sent = message["params"]["order"]
    assert (sent["status"], sent["status_reason"]) == ("LOGISTICS", "PENDING_FIRST_SHIPMENT")
    keys = ("id", "line_number", "quantity", "status", "status_reason")
    assert [tuple(row[key] for key in keys) for row in sent["lines"]] == [
        ("11", 1, 3, "ALLOCATEDSHIP", "SHIPMENTCREATED"),
        ("11/2", 2, 1, "NEW", "INITIALORDER"),
        ("12", 3, 1, "ALLOCATEDSHIP", "SHIPMENTCREATED"),
        ("12/2", 4, 1, "CANCELLED", "OUTOFSTOCK"),
        ("SHIPPING", 5, 1, "ALLOCATEDSHIP", "SHIPMENTCREATED"),
    ]
    assert [row.get("original_line_number") for row in sent["lines"]] == [None, 1, None, 3, None]
    assert [row["amount"]["gross_amount"] for row in sent["lines"][:2]] == [9.38, 3.12]
    update = read_order_updated(json.dumps(message))
    assert [(one.id, one.quantity) for one in update.order.lines] == [
        ("11", 3),
        ("11/2", 1),
        ("12", 1),
        ("SHIPPING", 1),
    ]


def test_a_bundle_of_which_units_wait_is_two_bundles():
    bundle = line(quantity=2, components=[Component("A"), Component("B", 2)], when_short="wait")
    given = order(bundle)
    plan = split_order(given, supply=Supply(on_hand={"A": 9, "B": 3}), at=PLACED)
    sent = updated(given, plan)["params"]["order"]["lines"]
    assert [(row["id"], row["sku"], row["quantity"], row["status"]) for row in sent] == [
        ("1", "S1", 1, "ALLOCATEDSHIP"),
        ("1/2", "A", 1, "ALLOCATEDSHIP"),
        ("1/3", "B", 2, "ALLOCATEDSHIP"),
        ("1/4", "S1", 1, "NEW"),
        ("1/5", "A", 1, "NEW"),
        ("1/6", "B", 2, "NEW"),
    ]
    assert [row.get("parent_line_number") for row in sent] == [None, 1, 1, None, 4, 4]
    assert [row.get("original_line_number") for row in sent] == [None, None, None, 1, None, None]


def test_units_that_wait_for_two_things_are_one_line():
    given = order(line(quantity=3, when_short="wait"))
    parts = [
        Part(
            id="7/now/1",
            order_id="7",
            kind="ship_now",
            lines=[PartLine(line_id="1", sku="S1", quantity=1)],
            location="A",
        ),
        Part(
            id="7/now/2",
            order_id="7",
            kind="ship_now",
            lines=[PartLine(line_id="1", sku="S1", quantity=2)],
            location="B",
        ),
    ]
    [row] = updated(given, SplitPlan(order_id="7", parts=parts, cancelled=[]))["params"]["order"]["lines"]
    assert (row["quantity"], row["status"]) == (3, "ALLOCATEDSHIP")


def cut(line_id: str, quantity: int) -> Cancelled:
    return Cancelled(line_id=line_id, sku="S1", quantity=quantity, reason="customer")


PLANS = {
    "of another order": (SplitPlan(order_id="8", parts=[], cancelled=[cut("1", 1)]), "plan.order_id", "plan.foreign"),
    "of a line that is not there": (
        SplitPlan(order_id="7", parts=[], cancelled=[cut("1", 1), cut("2", 1)]),
        "plan",
        "plan.foreign",
    ),
    "of too few units": (SplitPlan(order_id="7", parts=[], cancelled=[]), "plan", "plan.partial"),
    "of too many units": (SplitPlan(order_id="7", parts=[], cancelled=[cut("1", 2)]), "plan", "plan.partial"),
}


@pytest.mark.parametrize(("plan", "path", "code"), PLANS.values(), ids=PLANS)
def test_a_plan_is_of_every_unit_of_the_order(plan, path, code):
    with pytest.raises(InvalidArgument) as caught:
        write_order_updated(order(), plan, facts=FACTS, message_id="c0a8")
    assert (caught.value.path, caught.value.code) == (path, code)


def test_what_is_no_plan_is_refused():
    with pytest.raises(InvalidArgument, match="plan: must be a SplitPlan"):
        write_order_updated(order(), {}, facts=FACTS, message_id="c0a8")
