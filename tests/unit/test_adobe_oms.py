"""Orders as Adobe Commerce OMS sends them. A text ``#18.18`` in a message here stands for the number as written."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from preorder_kit import (
    Amount,
    Component,
    InvalidArgument,
    InvalidDocument,
    LineKind,
    Order,
    OrderLine,
    WhenShort,
)
from preorder_kit.adapters.adobe_oms import read_order_create

UTC = dt.timezone.utc
PLACED = dt.datetime(2026, 11, 21, 10, 31, 25, tzinfo=UTC)
STREET = dt.datetime(2027, 2, 5, tzinfo=UTC)
CANCEL, WAIT = WhenShort.CANCEL, WhenShort.WAIT
CREATE = "magento.sales.order_management.create"


def row(line_id: object = "11", **fields: object) -> dict[str, object]:
    return {"id": line_id, "product_type": "PHYSICAL", "sku": "CD-1105"} | fields


def order(*rows: object, **fields: object) -> dict[str, object]:
    return {"id": "5100012", "origin_date": "2026-11-21T11:31:25+01:00", "lines": list(rows)} | fields


def written(message: object) -> str:
    return re.sub('"#([^"]*)"', r"\1", json.dumps(message))


def read(*rows: object, when_short: WhenShort = CANCEL, **fields: object) -> Order:
    return read_order_create(written({"order": order(*rows, **fields)}), when_short=when_short)


def problems(message: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocument) as caught:
        read_order_create(message if isinstance(message, str) else written(message))
    return [(problem.path, problem.code) for problem in caught.value.problems]


def money(net: float, tax: float, gross: float) -> dict[str, object]:
    taxes = [{"type": "VAT 25%", "amount": tax, "rate": 25}]
    return {
        "net_amount": net,
        "gross_amount": gross,
        "tax_amount": tax,
        "tax_rate": 25,
        "taxes": taxes,
        "currency": "EUR",
    }


def sent(line_id: str, number: int, product_type: str, sku: str, amount: object, **fields: object) -> dict[str, object]:
    return {
        "id": line_id,
        "line_number": number,
        "product_type": product_type,
        "sku": sku,
        "product_name": "as the shop calls it",
        "parent_line_id": None,
        "source_id": None,
        "shipping_address_reference": "ship1",
        "payment_reference": "pay1",
        "amount": amount,
        "status": None,
        "promotions_info": {"original_price": 30, "promotions": []},
        "pre_order_street_date": None,
        "source_location": None,
    } | fields


def envelope(*rows: object) -> dict[str, object]:
    fields = {
        "store": "nl_web",
        "status": None,
        "ip": "203.0.113.9",
        "customer": {"id": "anonymous", "type": "GUEST"},
        "addresses": [{"reference": "ship1", "city": "Rotterdam"}],
        "payments": [
            {"reference": "pay1", "currency": "EUR", "transactions": [{"payment_method": "CC", "amount": 50}]}
        ],
        "custom_attributes": [{"attribute_code": "mdc_shipping_method", "name": "mdc", "value": "flatrate"}],
    }
    return {"jsonrpc": "2.0", "method": CREATE, "params": {"order": order(*rows, **fields)}, "id": "7d0c"}


ALLOWED = [{"attribute_code": "allowBackorders", "name": "allowBackorders", "value": "true"}]
SHIPPING = sent("SHIPPING", 4, "SHIPPING", "STANDARD", money(4.0, 1.0, 5))
SHIPPING_LINE = OrderLine(
    id="SHIPPING", sku="STANDARD", quantity=1, kind="fee", amount=Amount(400, 100), ship_to="ship1"
)


def test_a_pre_order_a_backorder_and_shipping():
    message = envelope(
        sent("11", 1, "PHYSICAL", "LP-2201", money(24.0, 6.0, 30), pre_order_street_date="2027-02-05T00:00:00+00:00"),
        sent("12", 2, "PHYSICAL", "CD-1105", money(12.0, 3.0, 15), custom_attributes=ALLOWED),
        SHIPPING,
    )
    lines = [
        OrderLine(id="11", sku="LP-2201", quantity=1, street_date=STREET, amount=Amount(2400, 600), ship_to="ship1"),
        OrderLine(id="12", sku="CD-1105", quantity=1, when_short=WAIT, amount=Amount(1200, 300), ship_to="ship1"),
        SHIPPING_LINE,
    ]
    expected = Order(id="5100012", placed_at=PLACED, lines=lines, currency="EUR")
    text = written(message)
    for document in (text, "\ufeff" + text, text.encode(), text.encode("utf-8-sig")):
        assert read_order_create(document) == expected


def test_a_bundle_is_one_line_with_components():
    message = envelope(
        sent("21", 1, "BUNDLE", "SET-9", money(0.0, 0.0, 0)),
        sent(
            "22",
            2,
            "PHYSICAL",
            "LP-2201",
            money(24.0, 6.0, 30),
            pre_order_street_date="2027-02-05T00:00:00+00:00",
            parent_line_number=1,
        ),
        sent("23", 3, "VIRTUAL", "TKT-1", money(8.0, 2.0, 10), parent_line_number=1),
        SHIPPING,
    )
    components = [Component("LP-2201", street_date=STREET), Component("TKT-1", kind="digital")]
    bundle = OrderLine(
        id="21", sku="SET-9", quantity=1, components=components, amount=Amount(3200, 800), ship_to="ship1"
    )
    expected = Order(id="5100012", placed_at=PLACED, lines=[bundle, SHIPPING_LINE], currency="EUR")
    assert read_order_create(written(message)) == expected


BARE = order(row())
ENVELOPES = {
    "bare": {"order": BARE},
    "in params": {"params": {"order": BARE}},
    "create": {"method": CREATE, "params": {"order": BARE}},
    "created": {"method": CREATE + "d", "params": {"order": BARE}},
    "no method": {"method": None, "order": BARE},
}


@pytest.mark.parametrize("message", ENVELOPES.values(), ids=ENVELOPES)
def test_the_envelope_does_not_matter(message):
    lines = [OrderLine(id="11", sku="CD-1105", quantity=1)]
    assert read_order_create(written(message)) == Order(id="5100012", placed_at=PLACED, lines=lines)


UNRECOGNISED = {
    "a list": ("[]", [("", "document.unrecognised")]),
    "a number": ("5", [("", "document.unrecognised")]),
    "nothing in it": ("{}", [("", "document.unrecognised")]),
    "params without an order": ('{"params": {"x": 1}}', [("", "document.unrecognised")]),
    "params that are nothing": ('{"params": null, "order": {}}', [("", "document.unrecognised")]),
    "params that are a number": ('{"params": 5}', [("params", "type.invalid")]),
    "an order that is a list": ('{"order": []}', [("order", "type.invalid")]),
    "an order in params that is text": ('{"params": {"order": "7"}}', [("params.order", "type.invalid")]),
    "another message": ('{"method": "magento.sales.order_management.updated"}', [("method", "document.unrecognised")]),
    "a method that is a list": ('{"method": [], "order": {}}', [("method", "document.unrecognised")]),
    "no JSON": ("order", [("", "json.invalid")]),
    "a key twice": ('{"order": {"id": 1, "id": 2}}', [("", "json.repeated_key")]),
    "NaN": ('{"order": {"id": NaN}}', [("", "json.number")]),
    "no lines": (written({"order": order()}), [("order.lines", "field.missing")]),
    "lines that are nothing": (written({"order": order(lines=None)}), [("order.lines", "field.missing")]),
    "lines that are an object": (written({"order": order(lines={})}), [("order.lines", "type.invalid")]),
    "a line that is nothing": (written({"order": order(None, row())}), [("order.lines[0]", "type.invalid")]),
}


@pytest.mark.parametrize(("message", "expected"), UNRECOGNISED.values(), ids=UNRECOGNISED)
def test_what_is_no_such_message_is_refused(message, expected):
    assert problems(message) == expected


def test_bytes_that_are_not_utf_8_are_refused():
    with pytest.raises(InvalidDocument, match="is not UTF-8 text"):
        read_order_create(b'{"order": "\xe5"}')


@pytest.mark.parametrize("message", [None, 5, {"order": BARE}])
def test_a_message_is_text_or_bytes(message):
    with pytest.raises(InvalidArgument) as caught:
        read_order_create(message)
    assert caught.value.path == "document"


def test_ids_and_numbers_may_be_numbers():
    found = read(row(11, sku=1105, shipping_address_reference=3, line_number="1"), id=5100012)
    assert (found.id, found.lines) == ("5100012", (OrderLine(id="11", sku="1105", quantity=1, ship_to="3"),))


@pytest.mark.parametrize(
    ("written_as", "kind"),
    [
        ("PHYSICAL", LineKind.GOODS),
        (" physical ", LineKind.GOODS),
        ("Virtual", LineKind.DIGITAL),
        ("shipping", LineKind.FEE),
    ],
)
def test_product_types_are_read_without_regard_to_case(written_as, kind):
    assert read(row(product_type=written_as)).lines[0].kind is kind


QUANTITIES = {
    "absent": ({}, 1),
    "nothing": ({"quantity": None}, 1),
    "blank": ({"quantity": ""}, 1),
    "a number": ({"quantity": 3}, 3),
    "text": ({"quantity": "3"}, 3),
    "with a point": ({"quantity": 3.0}, 3),
    "with an exponent": ({"quantity": "#3E1"}, 30),
}


@pytest.mark.parametrize(("fields", "expected"), QUANTITIES.values(), ids=QUANTITIES)
def test_quantities_are_read_however_they_are_written(fields, expected):
    assert read(row(**fields)).lines[0].quantity == expected


STREETS = {
    "an offset": ("2027-02-05T11:00:00+11:00", STREET),
    "Z": ("2027-02-05T00:00:00Z", STREET),
    "as Java writes it": ("2027-02-05T11:00:00+11:00[Australia/Sydney]", STREET),
    "no offset": ("2027-02-05T00:00:00", STREET),
    "no seconds": ("2027-02-05T00:00", STREET),
    "a mere day": ("2027-02-05", STREET),
    "nothing": (None, None),
    "blank": (" ", None),
}


@pytest.mark.parametrize(("value", "expected"), STREETS.values(), ids=STREETS)
def test_street_dates_are_in_utc(value, expected):
    assert read(row(pre_order_street_date=value)).lines[0].street_date == expected


def attribute(value: object, name: str = "allowBackorders", key: str = "name") -> dict[str, object]:
    return {"custom_attributes": [{"name": "gift", "value": "no"}, {key: name, "value": value}]}


MAY_WAIT = {
    "the store does not allow it": ({}, CANCEL, CANCEL),
    "the store allows it": ({}, WAIT, WAIT),
    "no attributes": ({"custom_attributes": None}, WAIT, WAIT),
    "other attributes": (attribute("true", "allowReturns"), CANCEL, CANCEL),
    "the line allows it": (attribute("true"), CANCEL, WAIT),
    "the line does not": (attribute("false"), WAIT, CANCEL),
    "as the prose has it": (attribute("true", "allowBackorder"), CANCEL, WAIT),
    "by its code": (attribute("true", key="attribute_code"), CANCEL, WAIT),
    "true itself": (attribute(True), CANCEL, WAIT),
    "false itself": (attribute(False), WAIT, CANCEL),
    "in capitals": (attribute(" TRUE "), CANCEL, WAIT),
}


@pytest.mark.parametrize(("fields", "store", "expected"), MAY_WAIT.values(), ids=MAY_WAIT)
def test_the_line_or_else_the_store_says_whether_it_may_wait(fields, store, expected):
    assert read(row(**fields), when_short=store).lines[0].when_short is expected


def test_the_store_setting_is_a_choice():
    assert read(row(), when_short="wait").lines[0].when_short is WAIT
    with pytest.raises(InvalidArgument) as caught:
        read(row(), when_short="maybe")
    assert (caught.value.code, caught.value.path) == ("choice.invalid", "when_short")


AMOUNTS = {
    "18.18 and 1.82 are 20": ("EUR", "#18.18", "#1.82", "#20", Amount(1818, 182)),
    "as text": ("EUR", "18.18", " 1.82 ", "20", Amount(1818, 182)),
    "zeros at the end": ("EUR", "#18.1800", "#1.820", "#20.00", Amount(1818, 182)),
    "an exponent": ("EUR", "#2E1", "#0", "#2e+1", Amount(2000)),
    "no decimals": ("JPY", "#500", "#50.0", "#550", Amount(500, 50)),
    "three decimals": ("KWD", "#1.234", "#0.001", "#1.235", Amount(1234, 1)),
    "nothing": ("EUR", "#0.0", "#0", "#0", Amount(0)),
    "a refund": ("EUR", "#-18.18", "-1.82", "#-20", Amount(-1818, -182)),
    "gross is less: a discount": ("EUR", "#20", "#2", "#20", Amount(2000, 200, 200)),
    "gross is more": ("EUR", "#18", "#1", "#20", Amount(1800, 100, -100)),
    "no gross": ("EUR", "#18.18", "#1.82", None, Amount(1818, 182)),
    "no tax": ("EUR", "#18.18", None, "#20", Amount(1818, 182)),
    "no net": ("EUR", None, "#1.82", "#20", Amount(1818, 182)),
    "net alone": ("EUR", "#18.18", None, None, Amount(1818)),
    "gross alone": ("EUR", None, None, "#20", Amount(2000)),
}


@pytest.mark.parametrize(("currency", "net", "tax", "gross", "expected"), AMOUNTS.values(), ids=AMOUNTS)
def test_money_is_exact(currency, net, tax, gross, expected):
    amount = {"net_amount": net, "tax_amount": tax, "gross_amount": gross, "currency": currency}
    found = read(row(amount=amount), row("12"))
    assert (found.currency, found.lines[0].amount, found.lines[1].amount) == (currency, expected, None)


@pytest.mark.parametrize(
    ("payments", "expected"),
    [
        pytest.param([{"currency": "EUR"}], "EUR", id="one payment"),
        pytest.param([{"currency": "EUR"}, {"currency": "EUR"}], "EUR", id="two of one currency"),
    ],
)
def test_an_amount_without_a_currency_is_in_that_of_the_payments(payments, expected):
    found = read(row(amount={"net_amount": 1}), payments=payments)
    assert (found.currency, found.lines[0].amount) == (expected, Amount(100))


def test_an_order_without_amounts_has_no_currency():
    assert read(row(), payments=[{"currency": "EUR"}]).currency is None


def bundle(line_id: object, number: object, quantity: int = 1, **fields: object) -> dict[str, object]:
    names = {"product_type": "BUNDLE", "line_number": number, "sku": f"S{line_id}", "quantity": quantity}
    return row(line_id, **names | fields)


def child(line_id: object, parent: object, quantity: int = 1, **fields: object) -> dict[str, object]:
    return row(line_id, **{"parent_line_number": parent, "sku": f"S{line_id}", "quantity": quantity} | fields)


SET = [Component("S2", 2)]
BUNDLES = {
    "by number": ([bundle("1", 1), child("2", 1, 2)], {"S1": SET}),
    "by number, one as text": ([bundle("1", "1"), child("2", 1, 2)], {"S1": SET}),
    "by number, the other as text": ([bundle("1", 1), child("2", "1", 2)], {"S1": SET}),
    "by id": ([bundle("1", 7), child("2", None, 2, parent_line_id=1)], {"S1": SET}),
    "by id rather than number": (
        [bundle("1", 7), row("3"), child("2", 9, 2, parent_line_id="1")],
        {"S1": SET, "CD-1105": []},
    ),
    "the parent behind": ([child("2", 1, 2), row("3"), bundle("1", 1)], {"CD-1105": [], "S1": SET}),
    "several bundles": (
        [bundle("1", 1, 3), child("2", 1, 6), bundle("3", 2), child("4", 2)],
        {"S1": SET, "S3": [Component("S4")]},
    ),
    "nested, each by its own parent": (
        [bundle("1", 1, 2), bundle("2", 2, 4, parent_line_number=1), child("3", 2, 12)],
        {"S1": [Component("S2", 2, [Component("S3", 3)])]},
    ),
    "what a child says of itself": (
        [
            bundle("1", 1, pre_order_street_date="2027-02-05", **attribute("true")),
            child("2", 1, 2),
            child("3", 1, product_type="SHIPPING", pre_order_street_date="2027-02-05T00:00:00Z", **attribute("false")),
        ],
        {"S1": [Component("S2", 2), Component("S3", 1, (), LineKind.FEE, STREET, CANCEL)]},
    ),
    "a parent that is no bundle": ([row("1", line_number=1), child("2", 1, 2)], {"CD-1105": [], "S2": []}),
}


@pytest.mark.parametrize(("rows", "expected"), BUNDLES.values(), ids=BUNDLES)
def test_lines_that_name_a_bundle_are_its_components(rows, expected):
    assert {line.sku: list(line.components) for line in read(*rows).lines} == expected


def test_a_bundle_goes_to_one_address():
    whole = bundle("1", 1, shipping_address_reference="home")
    astray = child("2", 1, shipping_address_reference="work")
    path = "order.lines[1].shipping_address_reference"
    assert problems({"order": order(whole, astray)}) == [(path, "bundle.divided")]
    assert problems({"order": order(bundle("1", 1), astray)}) == [(path, "bundle.divided")]
    [line] = read(whole, child("2", 1)).lines
    assert line.ship_to == "home"


def test_a_bundle_may_wait_as_it_says_itself():
    rows = [bundle("1", 1, **attribute("true")), child("2", 1), bundle("3", 3), child("4", 3)]
    assert [line.when_short for line in read(*rows).lines] == [WAIT, CANCEL]


def amount(**fields: object) -> dict[str, object]:
    return {"amount": {"currency": "EUR", "net_amount": 1, "gross_amount": 1} | fields}


def test_a_bundle_costs_what_all_the_lines_in_it_cost_at_any_depth():
    inner = bundle("2", 2, parent_line_number=1, **amount())
    leaf = child("3", 2, **amount(net_amount=4, tax_amount=1, gross_amount=5))
    [line] = read(bundle("1", 1), inner, leaf).lines
    assert line.amount == Amount(500, 100)


FORTY = [bundle(str(number), number, parent_line_number=number - 1 or None) for number in range(1, 40)]
PROBLEMS = {
    "nothing": (
        {"lines": [{}]},
        {"[0].id": "field.missing", "[0].product_type": "field.missing", "[0].sku": "field.missing"},
    ),
    "several lines": (
        {"lines": [row(sku=""), row("12", product_type="GIFT", quantity=0), row("13", pre_order_street_date="soon")]},
        {
            "[0].sku": "field.missing",
            "[1].product_type": "choice.invalid",
            "[1].quantity": "units.invalid",
            "[2].pre_order_street_date": "instant.invalid",
        },
    ),
    "ids that are none": (
        {"lines": [row(True, sku=1.5, line_number=[], parent_line_id={}, shipping_address_reference=False)]},
        dict.fromkeys(
            ["[0].id", "[0].sku", "[0].line_number", "[0].parent_line_id", "[0].shipping_address_reference"],
            "text.invalid",
        ),
    ),
    "a product type that is a number": ({"lines": [row(product_type=5)]}, {"[0].product_type": "choice.invalid"}),
    "parts of units": ({"lines": [row(quantity=2.5)]}, {"[0].quantity": "units.invalid"}),
    "units that are true": ({"lines": [row(quantity=True)]}, {"[0].quantity": "units.invalid"}),
    "a street date that is a number": (
        {"lines": [row(pre_order_street_date=20270205)]},
        {"[0].pre_order_street_date": "instant.invalid"},
    ),
    "a street date in the year 10000": (
        {"lines": [row(pre_order_street_date="9999-12-31T23:59:59-01:00")]},
        {"[0].pre_order_street_date": "instant.invalid"},
    ),
    "an id twice": ({"lines": [row(), row(11), row("11")]}, {"[1].id": "id.repeated", "[2].id": "id.repeated"}),
    "attributes that are text": ({"lines": [row(custom_attributes="x")]}, {"[0].custom_attributes": "type.invalid"}),
    "an attribute that is text": (
        {"lines": [row(custom_attributes=["x"])]},
        {"[0].custom_attributes[0]": "type.invalid"},
    ),
    "an attribute without a value": (
        {"lines": [row(**attribute(None))]},
        {"[0].custom_attributes[1].value": "field.missing"},
    ),
    "perhaps": ({"lines": [row(**attribute("maybe"))]}, {"[0].custom_attributes[1].value": "choice.invalid"}),
    "a flag that is 1": ({"lines": [row(**attribute(1))]}, {"[0].custom_attributes[1].value": "choice.invalid"}),
    "an amount that is a list": ({"lines": [row(amount=[])]}, {"[0].amount": "type.invalid"}),
    "an amount without money": (
        {"lines": [row(amount={"currency": "EUR"})]},
        {"[0].amount.net_amount": "field.missing"},
    ),
    "too fine": ({"lines": [row(**amount(net_amount="#18.181"))]}, {"[0].amount.net_amount": "money.too_fine"}),
    "half a yen": (
        {"lines": [row(**amount(currency="JPY", tax_amount="0.5"))]},
        {"[0].amount.tax_amount": "money.too_fine"},
    ),
    "money in words": ({"lines": [row(**amount(gross_amount="2E1"))]}, {"[0].amount.gross_amount": "money.invalid"}),
    "money that is true": ({"lines": [row(**amount(net_amount=True))]}, {"[0].amount.net_amount": "money.invalid"}),
    "money without measure": (
        {"lines": [row(**amount(net_amount="#1E30"))]},
        {"[0].amount.net_amount": "money.invalid"},
    ),
    "no currency": ({"lines": [row(amount={"net_amount": 1})]}, {"[0].amount.currency": "field.missing"}),
    "a currency in small letters": (
        {"lines": [row(**amount(currency="eur"))], "payments": [{"currency": "EUR"}]},
        {"[0].amount.currency": "currency.invalid"},
    ),
    "payments of two currencies": (
        {"lines": [row(amount={"net_amount": 1})], "payments": [{"currency": "EUR"}, {"currency": "SEK"}]},
        {"[0].amount.currency": "field.missing"},
    ),
    "mixed currencies": (
        {
            "lines": [
                row(**amount()),
                row("12"),
                row("13", **amount(currency="SEK")),
                row("14", **amount(currency="NOK")),
            ]
        },
        {"[2].amount.currency": "currency.mixed", "[3].amount.currency": "currency.mixed"},
    ),
    "a parent that is not there": ({"lines": [row(), child("2", 9)]}, {"[1].parent_line_number": "line.unknown"}),
    "a parent by id that is not there": (
        {"lines": [child("2", 1, parent_line_id="9")]},
        {"[0].parent_line_id": "line.unknown"},
    ),
    "a number that two lines have": (
        {"lines": [bundle("1", 1), child("2", None, parent_line_id="1"), bundle("3", 1), child("4", 1)]},
        {"[3].parent_line_number": "line.unknown", "[2]": "bundle.empty"},
    ),
    "a bundle of nothing": ({"lines": [row(), bundle("1", 1)]}, {"[1]": "bundle.empty"}),
    "a bundle in itself": (
        {"lines": [bundle("1", 1, parent_line_number=1)]},
        {"[0].parent_line_number": "bundle.cycle"},
    ),
    "two bundles in one another": (
        {"lines": [row(), bundle("1", 1, parent_line_number=2), bundle("2", 2, parent_line_number=1)]},
        {"[1].parent_line_number": "bundle.cycle", "[2].parent_line_number": "bundle.cycle"},
    ),
    "uneven": (
        {"lines": [bundle("1", 1, 2), child("2", 1, 3), child("3", 1)]},
        {"[1].quantity": "bundle.uneven", "[2].quantity": "bundle.uneven"},
    ),
    "a bundle of its own SKU": ({"lines": [bundle("1", 1), child("2", 1, sku="S1")]}, {"[0]": "bundle.invalid"}),
    "forty deep": ({"lines": [*FORTY, child("40", 39)]}, {"[0]": "bundle.invalid"}),
}


@pytest.mark.parametrize(("fields", "expected"), PROBLEMS.values(), ids=PROBLEMS)
def test_every_problem_of_the_lines_is_named_with_its_path(fields, expected):
    found = problems({"params": {"order": order(**fields)}})
    assert sorted(found) == sorted((f"params.order.lines{path}", code) for path, code in expected.items())


TWICE = {
    "units without measure": (row(quantity="#1E5000"), {"lines[0].quantity": "units.invalid"}),
    "money in words, and no gross": (
        row(amount={"currency": "EUR", "net_amount": "abc"}),
        {"lines[0].amount.net_amount": "money.invalid"},
    ),
    "a currency in small letters, and no payment": (
        row(**amount(currency="eur")),
        {"lines[0].amount.currency": "currency.invalid"},
    ),
}


@pytest.mark.parametrize(("given", "expected"), TWICE.values(), ids=TWICE)
def test_a_problem_is_named_once(given, expected):
    assert problems({"order": order(given)}) == [(f"order.{path}", code) for path, code in expected.items()]


def test_missing_lines_are_named_with_the_other_problems():
    missing = [("order.id", "field.missing"), ("order.lines", "field.missing"), ("order.origin_date", "field.missing")]
    assert sorted(problems({"order": {}})) == missing


def test_problems_of_the_order_its_payments_and_its_lines_come_together():
    fields = {"id": " ", "origin_date": "2026-11-21T25:00", "payments": [5, {"currency": "euro"}]}
    assert sorted(problems({"order": order(row(sku=None), **fields)})) == [
        ("order.id", "field.missing"),
        ("order.lines[0].sku", "field.missing"),
        ("order.origin_date", "instant.invalid"),
        ("order.payments[0]", "type.invalid"),
        ("order.payments[1].currency", "currency.invalid"),
    ]


def test_bundles_within_bundles_without_end_are_refused():
    rows = [bundle(number, number, parent_line_number=number - 1 or None) for number in range(1, 1200)]
    assert problems({"order": order(*rows, child("end", 1199))}) == [("order.lines[0]", "bundle.invalid")]


@pytest.mark.parametrize(
    ("net", "gross", "expected"),
    [
        pytest.param(5, 4, Amount(500, 0, 100), id="gross below net is a discount"),
        pytest.param(4, 5, Amount(400, 100), id="gross above net is tax"),
        pytest.param(-4, -5, Amount(-400, -100), id="a refund mirrors it"),
        pytest.param(-5, -4, Amount(-500, 0, -100), id="a refund of a discount"),
    ],
)
def test_what_lowers_the_price_is_no_tax(net, gross, expected):
    amount = {"currency": "EUR", "net_amount": net, "gross_amount": gross}
    assert read(row(amount=amount)).lines[0].amount == expected


@pytest.mark.parametrize("status", ["CANCELLED", "cancelled", " Cancelled "])
def test_a_line_that_is_cancelled_is_not_planned(status):
    assert problems({"order": order(row(), row("12", status=status))}) == [("order.lines[1].status", "line.cancelled")]


def test_an_unknown_parent_is_named_beside_other_problems():
    rows = [row("1", sku=""), row("2", parent_line_id="77"), bundle("3", 3)]
    assert problems({"order": order(*rows)}) == [
        ("order.lines[0].sku", "field.missing"),
        ("order.lines[1].parent_line_id", "line.unknown"),
        ("order.lines[2]", "bundle.empty"),
    ]
