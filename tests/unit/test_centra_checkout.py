"""What the Checkout API and the legacy Shop API of Centra say of products and of the cart."""

import json
from pathlib import Path

import pytest

from preorder_kit import UNLIMITED, InvalidArgument, InvalidDocument, Stock
from preorder_kit.adapters import centra
from preorder_kit.adapters.centra import (
    CancelledPayment,
    CartReply,
    RelatedProduct,
    ShopBundle,
    ShopProduct,
    ShopSection,
    ShopSize,
    UnavailableUnits,
    read_cart_reply,
    read_products,
    read_shop_products,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "centra"
IN_STOCK = Stock(availability="in_stock", quantity=None)
FEW = Stock(availability="low_stock", quantity=None)
SOLD_OUT = Stock(availability="out_of_stock", quantity=0)
PREORDER = Stock(availability="preorder", quantity=UNLIMITED)
UNKNOWN = Stock(availability="unknown", quantity=None)
FORMATS = {form.name: form for form in centra._FORMATS}


def payload(name):
    return (PAYLOADS / f"{name}.json").read_bytes()


def low(quantity):
    return Stock(availability="low_stock", quantity=quantity)


def sizes(product):
    return [(size.name, size.stock) for size in product.sizes]


def product(*items, **more):
    return {"product": "412", "items": list(items), **more}


def item(**more):
    return {"item": "412-20", "stock": 5, **more}


def read(root, **options):
    return read_products(json.dumps(root), **options)


def one(root, **options):
    [found] = read(root, **options).complete()
    return found


def paths(found):
    return [(problem.path, problem.code) for problem in found.problems]


CARDIGAN = {
    "product": "412",
    "sku": "FJ-774",
    "name": "Fjord Cardigan",
    "uri": "fjord-cardigan-moss",
    "minimum": 1,
    "multiple": 1,
}


def cardigan(*stocks, available):
    names = ["XS", "S", "M", "L"]
    listed = [
        ShopSize(item=f"412-{n}", sku=f"FJ-774-{name}", ean=f"70500000000{n}", name=name, stock=stock)
        for n, (name, stock) in enumerate(zip(names, stocks, strict=False), 20)
    ]
    return ShopProduct(**CARDIGAN, available=available, sizes=listed)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param(
            "checkout_product_stock_visible",
            cardigan(low(5), SOLD_OUT, PREORDER, Stock(availability="in_stock", quantity=140), available=True),
            id="Stock Visible is Yes",
        ),
        pytest.param(
            "checkout_product_stock_hidden",
            cardigan(IN_STOCK, FEW, SOLD_OUT, PREORDER, available=True),
            id="Stock Visible is No",
        ),
        pytest.param(
            "checkout_product_sold_out", cardigan(SOLD_OUT, SOLD_OUT, available=False), id="nothing can be bought"
        ),
    ],
)
def test_a_product_is_read_in_both_settings(name, expected):
    assert read_products(payload(name)).complete() == (expected,)


def test_one_product_may_mix_words_and_numbers():
    path = PAYLOADS.parent / "frend" / "formatter_input_mixed.json"
    [found] = read_products(path.read_bytes()).complete()
    assert sizes(found) == [
        ("XS", IN_STOCK),
        ("S", FEW),
        ("M", SOLD_OUT),
        ("L", PREORDER),
        ("XL", low(5)),
        ("XXL", SOLD_OUT),
    ]


@pytest.mark.parametrize(
    "root",
    [
        pytest.param(product(item()), id="one"),
        pytest.param([product(item())], id="a list"),
        pytest.param({"products": [product(item())], "productCount": 1}, id="products"),
        pytest.param({"product": product(item())}, id="product"),
    ],
)
def test_envelopes_are_opened(root):
    assert [found.product for found in read(root).complete()] == ["412"]
    assert FORMATS["centra-products"].recognises(root)


@pytest.mark.parametrize("root", [[], {"products": []}])
def test_no_products_are_no_problem(root):
    assert read(root).complete() == ()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"stock": "infinite"}, PREORDER),
        ({"stock": " PreOrder "}, PREORDER),
        ({"stock": "7"}, low(7)),
        ({"stock": -2}, Stock(availability="out_of_stock", quantity=0, oversold=2)),
        ({"stock": ""}, UNKNOWN),
        ({"stock": None}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_what_a_stock_field_says(sent, expected):
    [size] = one(product({"item": "1", **sent})).sizes
    assert size.stock == expected


def test_a_whole_number_may_have_a_point():
    assert read_products('{"product": 412, "items": [{"item": 1, "stock": 12.0}]}').values[0].sizes == (
        ShopSize(item="1", stock=Stock(availability="in_stock", quantity=12)),
    )


def test_few_is_what_the_caller_says():
    assert one(product(item(stock=5)), few_below=3).sizes[0].stock.availability == "in_stock"
    with pytest.raises(InvalidArgument, match="few_below: must be a whole number"):
        read(product(), few_below="3")


def test_what_stands_in_the_warehouses_is_told_apart():
    [size] = one(product(item(warehouses=[{"warehouse": 1, "stock": 3}, {"warehouse": "2", "stock": "0"}]))).sizes
    assert size.warehouses == {"1": low(3), "2": SOLD_OUT}


def test_order_quantities_are_kept():
    found = one(product(itemQuantityMinimum="6", itemQuantityMultipleOf=3))
    assert (found.minimum, found.multiple) == (6, 3)
    assert one(product(available="false")).available is False


@pytest.mark.parametrize("categories", [[{"category": "5"}], {"5": {"category": "5"}}])
def test_categories_are_not_read(categories):
    assert one(product(categories=categories, categoryName=["Women"])) == ShopProduct(product="412")


FULL = {"product": 413, "relation": "variant", "items": [item(item="413-1", stock="yes")], "relatedProducts": []}
SHORT = {"product": "414", "available": True, "relation": "accessory", "media": {}}
RELATED = (
    RelatedProduct(product="413", relation="variant", sizes=[ShopSize(item="413-1", stock=IN_STOCK)]),
    RelatedProduct(product="414", relation="accessory", available=True),
)


@pytest.mark.parametrize("related", [[FULL, SHORT], {"413": FULL, "414": SHORT}])
def test_related_products_come_in_full_and_in_short(related):
    assert one(product(relatedProducts=related)).related == RELATED


BUNDLE = {
    "bundle": 31,
    "type": "flexible",
    "priceType": "dynamic",
    "sections": [{"section": 1, "quantity": 2, "products": [412, "433"]}],
}


def test_a_bundle_says_its_sections():
    assert one(product(bundleInfo=BUNDLE)).bundle == ShopBundle(
        id="31",
        type="flexible",
        kind="flexible",
        price_type="dynamic",
        pricing="dynamic",
        sections=[ShopSection(id="1", quantity=2, products=["412", "433"])],
    )


def test_a_word_that_is_not_known_is_kept_and_means_nothing():
    found = one(product(bundleInfo=BUNDLE | {"type": "Mystery", "priceType": "free"})).bundle
    assert (found.type, found.kind, found.price_type, found.pricing) == ("Mystery", None, "free", None)


@pytest.mark.parametrize("empty", [None, []])
def test_what_is_no_bundle_has_none(empty):
    assert one(product(bundleInfo=empty)).bundle is None


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ({"item": "1", "stock": 5.5}, ("items[0].stock", "stock.unrecognised")),
        ({"item": "1", "stock": True}, ("items[0].stock", "stock.unrecognised")),
        ({"item": "1", "stock": "1e3"}, ("items[0].stock", "stock.unrecognised")),
        ({"item": "1", "stock": [5]}, ("items[0].stock", "stock.unrecognised")),
        ({"stock": 5}, ("items[0].item", "field.missing")),
        ({"item": [], "stock": 5}, ("items[0].item", "text.invalid")),
        ({"item": "1", "sku": {}}, ("items[0].sku", "text.invalid")),
        ("XS", ("items[0]", "type.invalid")),
        ({"item": "1", "warehouses": [{"stock": 5}]}, ("items[0].warehouses[0].warehouse", "field.missing")),
        (
            {"item": "1", "warehouses": [{"warehouse": 1, "stock": "?"}]},
            ("items[0].warehouses[0].stock", "stock.unrecognised"),
        ),
        (
            {"item": "1", "warehouses": [{"warehouse": 1, "stock": 1}, {"warehouse": "1", "stock": 2}]},
            ("items[0].warehouses[1].warehouse", "id.repeated"),
        ),
    ],
)
def test_a_bad_size_is_a_problem_and_the_others_stand(bad, problem):
    found = read(product(bad, item(item="2")))
    assert paths(found) == [problem]
    assert [size.item for size in found.values[0].sizes] == ["2"]


def test_a_size_that_comes_twice_is_a_problem():
    found = read(product(item(), item(stock=7)))
    assert paths(found) == [("items[1].item", "id.repeated")]
    assert [size.stock for size in found.values[0].sizes] == [low(5)]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ({"items": [item()]}, ("[0].product", "field.missing")),
        ({"product": "411"}, ("[0].items", "field.missing")),
        (product() | {"items": {"412-20": item()}}, ("[0].items", "type.invalid")),
        (product(itemQuantityMinimum="two"), ("[0].itemQuantityMinimum", "units.invalid")),
        (product(available="maybe"), ("[0].available", "type.invalid")),
        (product(bundleInfo="31"), ("[0].bundleInfo", "type.invalid")),
        (product(bundleInfo=BUNDLE | {"type": None}), ("[0].bundleInfo.type", "field.missing")),
        (product(bundleInfo=BUNDLE | {"bundle": None}), ("[0].bundleInfo.bundle", "field.missing")),
        (
            product(bundleInfo=BUNDLE | {"sections": [{"section": 1, "quantity": 0}]}),
            ("[0].bundleInfo.sections[0].quantity", "units.invalid"),
        ),
        (
            product(bundleInfo=BUNDLE | {"sections": [{"section": 1, "quantity": 1, "products": [[]]}]}),
            ("[0].bundleInfo.sections[0].products[0]", "text.invalid"),
        ),
        (5, ("[0]", "type.invalid")),
    ],
)
def test_a_bad_product_is_a_problem_and_the_others_stand(broken, problem):
    found = read([broken, product(item())])
    assert paths(found) == [problem]
    assert [good.product for good in found.values] == ["412"]


def test_a_bad_related_product_takes_nothing_with_it():
    found = read(product(relatedProducts=[{"relation": "variant"}, SHORT]))
    assert paths(found) == [("relatedProducts[0].product", "field.missing")]
    assert found.values[0].related == RELATED[1:]


@pytest.mark.parametrize("root", ["5", '"product"', "null", '{"errors": {"product": "not found"}}'])
def test_what_holds_no_products_is_refused(root):
    with pytest.raises(InvalidDocument, match="must be a product with items") as caught:
        read_products(root)
    assert [problem.code for problem in caught.value.problems] == ["document.unrecognised"]


GONE = UnavailableUnits(item="412-21", product="412", asked=5, available=2, unavailable=3)


def test_a_cart_that_got_a_part_names_the_rest():
    reply = read_cart_reply(payload("checkout_partial_200")).complete()
    assert reply == CartReply(unavailable=[GONE])
    assert not reply.is_refused


def test_a_payment_that_is_refused_says_so():
    reply = read_cart_reply(payload("checkout_unavailable_410")).complete()
    assert reply == CartReply(unavailable=[GONE], errors={"stock": "unavailable items"})
    assert reply.is_refused


def units(**more):
    return {"item": "412-21", "product": "412", "originalQuantity": 5, "unavailable": 3, "available": 2, **more}


def cart(**root):
    return read_cart_reply(json.dumps(root))


@pytest.mark.parametrize("root", [{}, {"token": "t", "selection": {}}, {"unavailable": []}, {"unavailable": None}])
def test_a_reply_without_the_list_says_that_all_is_there(root):
    assert cart(**root).complete() == CartReply()


@pytest.mark.parametrize(
    ("sent", "amount", "currency"),
    [(200, 20000, "SEK"), ("199.50", 19950, "EUR"), (0, 0, "NOK"), ("-1", -1, "JPY")],
)
def test_a_payment_that_was_cancelled_is_not_lost(sent, amount, currency):
    cancellation = {"grandTotalPrice": "200.00 SEK", "grandTotalPriceAsNumber": sent, "currency": currency}
    reply = cart(unavailable=[units()], cancellation=cancellation).complete()
    assert reply.cancellation == CancelledPayment(amount=amount, currency=currency)


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ({"item": "not found"}, {"item": "not found"}),
        ({"item": ["not", "found"]}, {"item": "['not', 'found']"}),
        ({" ": None}, {"' '": "None"}),
        ("gone", {"errors": "gone"}),
        (["gone"], {"errors": "['gone']"}),
        ([], {}),
        (None, {}),
    ],
)
def test_other_errors_are_kept_in_the_words_that_were_sent(errors, expected):
    assert cart(errors=errors).complete().errors == expected


@pytest.mark.parametrize(
    ("root", "problem"),
    [
        ({"unavailable": [units(originalQuantity=6)]}, ("unavailable[0].originalQuantity", "units.invalid")),
        ({"unavailable": [units(available=-2)]}, ("unavailable[0].available", "units.invalid")),
        ({"unavailable": [units(unavailable=None)]}, ("unavailable[0].unavailable", "field.missing")),
        ({"unavailable": [units(item=None)]}, ("unavailable[0].item", "field.missing")),
        ({"unavailable": ["412-21"]}, ("unavailable[0]", "type.invalid")),
        ({"unavailable": {"412-21": units()}}, ("unavailable", "type.invalid")),
        ({"errors": {"stock": "unavailable items"}}, ("unavailable", "field.missing")),
        ({"cancellation": 200}, ("cancellation", "type.invalid")),
        ({"cancellation": {"grandTotalPriceAsNumber": 200}}, ("cancellation.currency", "field.missing")),
        ({"cancellation": {"currency": "SEK"}}, ("cancellation.grandTotalPriceAsNumber", "field.missing")),
        (
            {"cancellation": {"currency": "SEK", "grandTotalPriceAsNumber": "200 kr"}},
            ("cancellation.grandTotalPriceAsNumber", "money.invalid"),
        ),
        (
            {"cancellation": {"currency": "SEK", "grandTotalPriceAsNumber": True}},
            ("cancellation.grandTotalPriceAsNumber", "money.invalid"),
        ),
        (
            {"cancellation": {"currency": "SEK", "grandTotalPriceAsNumber": "0.001"}},
            ("cancellation.grandTotalPriceAsNumber", "money.too_fine"),
        ),
    ],
)
def test_what_is_wrong_with_a_reply_is_named(root, problem):
    found = cart(**root)
    assert paths(found) == [problem]
    assert found.values.unavailable == ()
    assert found.values.cancellation is None


def test_a_bad_item_of_a_reply_leaves_the_others():
    assert cart(unavailable=[units(available=5), units(item=412)]).values.unavailable[0].item == "412"


def test_a_list_is_no_reply():
    with pytest.raises(InvalidDocument, match="must be a reply of the cart"):
        read_cart_reply("[]")


@pytest.mark.parametrize("root", [product(item()), {"products": []}, {"data": {"addItem": {"userErrors": []}}}])
def test_what_says_nothing_of_a_cart_does_not_say_that_all_could_be_had(root):
    with pytest.raises(InvalidDocument, match="must be a reply of the cart"):
        cart(**root)
    assert not FORMATS["centra-cart-reply"].recognises({**root, "unavailable": []})
    assert cart(**root, unavailable=[units()]).complete() == CartReply(unavailable=[GONE])


def test_a_product_of_the_shop_api_is_read_by_market():
    [found] = read_shop_products(payload("shop_api_product_legacy"), market="1").complete()
    listed = [
        ShopSize(
            item=f"412-{n}",
            sku=f"FJ-774-{name}",
            ean=f"70500000000{n}",
            name=name,
            stock=low(there),
            markets={"1": low(there)},
        )
        for n, name, there in [(20, "XS", 4), (21, "S", 5)]
    ]
    assert found == ShopProduct(product="412", sku="FJ-774", uri="fjord-cardigan", sizes=listed, markets={"1": low(9)})


def shop(root, **options):
    return read_shop_products(json.dumps(root), **options)


LEGACY = {"product": 412, "items": {"412-20": {"stockByMarket": {"1": 4, "2": "no"}}}}


@pytest.mark.parametrize(
    ("markets", "market", "expected"),
    [
        ({"1": 4, "2": "no"}, "2", SOLD_OUT),
        ({"1": 4, "2": "no"}, "3", UNKNOWN),
        ({"1": 4, "2": "no"}, None, UNKNOWN),
        ({"1": "4"}, None, low(4)),
        ({"1": None}, None, UNKNOWN),
        ([], "1", UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_the_stock_is_that_of_the_market(markets, market, expected):
    [found] = shop({"product": 412, "items": {"412-20": {"stockByMarket": markets}}}, market=market).complete()
    assert [(size.item, size.stock) for size in found.sizes] == [("412-20", expected)]


def test_products_stand_under_their_ids():
    found = shop({"412": LEGACY, "413": {"items": [], "markets": {"1": {"stockOfAllItems": 0}}}}).complete()
    assert [one.product for one in found] == ["412", "413"]
    assert found[1].markets == {"1": SOLD_OUT}
    assert shop({}).complete() == ()


@pytest.mark.parametrize(
    ("root", "problem", "left"),
    [
        ({"412": LEGACY, "413": 5}, ("['413']", "type.invalid"), ["412"]),
        ({"412": LEGACY, "413": {"sku": "A"}}, ("['413'].items", "field.missing"), ["412"]),
        ({"412": LEGACY, "413": {"items": "none"}}, ("['413'].items", "type.invalid"), ["412"]),
        ({"items": {}}, ("product", "field.missing"), []),
        (
            LEGACY | {"markets": {"1": {"stockOfAllItems": "?"}}},
            ("markets['1'].stockOfAllItems", "stock.unrecognised"),
            ["412"],
        ),
        (
            LEGACY | {"items": {"1": {"stockByMarket": {"1": 5.5}}}},
            ("items['1'].stockByMarket.1", "stock.unrecognised"),
            ["412"],
        ),
        (LEGACY | {"items": {"1": {"stockByMarket": "4"}}}, ("items['1'].stockByMarket", "type.invalid"), ["412"]),
        (LEGACY | {"items": {"1": {"stockByMarket": {" ": 4}}}}, ("items['1'].markets key", "text.invalid"), ["412"]),
        (LEGACY | {"items": {"1": {}, "2": {"item": "1"}}}, ("items['2'].item", "id.repeated"), ["412"]),
        (LEGACY | {"items": {"1": 5}}, ("items['1']", "type.invalid"), ["412"]),
    ],
)
def test_what_is_wrong_with_a_shop_product_is_named(root, problem, left):
    found = shop(root)
    assert paths(found) == [problem]
    assert [product.product for product in found.values] == left


@pytest.mark.parametrize("root", ["[]", "5", '{"status": "ok"}'])
def test_what_is_no_shop_product_is_refused(root):
    with pytest.raises(InvalidDocument, match="must be a product of the Shop API"):
        read_shop_products(root)


def test_a_market_has_a_name():
    with pytest.raises(InvalidArgument, match="market: must be text"):
        shop(LEGACY, market=" ")


RECOGNISED = {
    "checkout_partial_200": "centra-cart-reply",
    "checkout_unavailable_410": "centra-cart-reply",
    "checkout_product_sold_out": "centra-products",
    "checkout_product_stock_hidden": "centra-products",
    "checkout_product_stock_visible": "centra-products",
    "shop_api_product_legacy": "centra-shop-products",
    "storefront_add_item": "centra-storefront-reply",
    "storefront_display_item": "centra-display-items",
    "storefront_display_item_bundle": "centra-display-items",
}


@pytest.mark.parametrize(("name", "expected"), RECOGNISED.items())
def test_each_document_is_of_one_kind(name, expected):
    root = json.loads(payload(name))
    assert [form.name for form in FORMATS.values() if form.recognises(root)] == [expected]
    assert FORMATS[expected].read(payload(name)).problems == ()


@pytest.mark.parametrize(
    "root",
    [None, 5, "product", [], [5], {}, {"products": 5}, {"products": []}, {"items": {}}, {"412": 5}, frozenset({"sku"})],
)
def test_what_is_of_no_kind_is_not_recognised(root):
    assert not any(FORMATS[name].recognises(root) for name in set(RECOGNISED.values()))


def test_shop_products_by_their_ids_are_recognised():
    assert FORMATS["centra-shop-products"].recognises({"412": LEGACY})
    assert FORMATS["centra-cart-reply"].recognises({"unavailable": []})
