"""What Centra's Storefront API says of display items and bundles, and what it is asked."""

import json
from pathlib import Path

import pytest
from graphql import build_schema, execute, parse, validate
from graphql.execution.values import get_variable_values

from preorder_kit import (
    UNLIMITED,
    Component,
    InvalidArgument,
    InvalidDocument,
    Section,
    Stock,
    bundle_units_at_most,
    choose_components,
)
from preorder_kit.adapters.centra import (
    BundleOption,
    DisplayBundle,
    DisplayItem,
    DisplaySection,
    DisplaySize,
    StorefrontReply,
    StorefrontRules,
    UnavailableUnits,
    bundle_sections,
    fixed_components,
    read_display_items,
    read_storefront_reply,
    write_display_item_queries,
    write_flexible_bundle,
)
from preorder_kit.formats import recognise

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "centra"
SCHEMA = build_schema((PAYLOADS / "storefront.graphql").read_text(encoding="utf-8"))
SOLD_OUT = Stock(availability="out_of_stock", quantity=0)
PREORDER = Stock(availability="preorder", quantity=UNLIMITED)
IN_STOCK = Stock(availability="in_stock", quantity=None)


def payload(name):
    return read_display_items((PAYLOADS / f"{name}.json").read_bytes()).complete()


def size(**more):
    return {"id": "412-20", "preorder": False, "stock": {"available": True, "quantity": 5}, **more}


def read(*items, **more):
    """Read one display item with these sizes."""
    return read_display_items(json.dumps({"data": {"displayItem": {"id": 412, "items": list(items), **more}}}))


def paths(found):
    return [(problem.path.removeprefix("data.displayItem."), problem.code) for problem in found.problems]


def test_preorder_and_stock_are_facts_of_their_own():
    assert payload("storefront_display_item") == (
        DisplayItem(
            id=412,
            name="Fjord Cardigan",
            uri="fjord-cardigan-moss",
            product_number="FJ",
            available=True,
            has_stock=False,
            minimum=1,
            multiple=1,
            sizes=[
                DisplaySize(
                    id="412-20",
                    name="XS",
                    sku="FJ-774-XS",
                    gtin="7050000000020",
                    product_size=9001,
                    preorder=True,
                    available=True,
                    quantity=0,
                    stock=PREORDER,
                ),
                DisplaySize(
                    id="412-21",
                    name="S",
                    sku="FJ-774-S",
                    gtin="7050000000021",
                    product_size=9002,
                    preorder=False,
                    available=False,
                    quantity=0,
                    stock=SOLD_OUT,
                ),
            ],
        ),
    )


CARDIGAN = DisplaySize(id="412-20", name="XS", preorder=True, available=True, stock=PREORDER)
SOCK = DisplaySize(id="433-7", name="One Size", preorder=False, available=True, stock=IN_STOCK)
SET = DisplayBundle(
    id=31,
    type="FLEXIBLE",
    kind="flexible",
    price_type="DYNAMIC",
    pricing="dynamic",
    sections=[
        DisplaySection(id=1, quantity=1, options=[BundleOption(id=412, name="Fjord Cardigan", sizes=[CARDIGAN])]),
        DisplaySection(id=2, quantity=2, options=[BundleOption(id=433, name="Wool sock", sizes=[SOCK])]),
    ],
)


def test_a_bundle_holds_what_its_sections_offer():
    own = DisplaySize(
        id="450-1",
        name="One Size",
        sku="SET-1",
        preorder=False,
        available=True,
        quantity=3,
        stock=Stock(availability="low_stock", quantity=3),
    )
    assert payload("storefront_display_item_bundle") == (
        DisplayItem(id=450, name="Cabin set", available=True, has_stock=True, sizes=[own], bundle=SET),
    )


@pytest.mark.parametrize(
    ("preorder", "stock", "expected"),
    [
        pytest.param(True, {"available": True, "quantity": 7}, PREORDER, id="a pre-order with stock"),
        pytest.param(True, {"available": True, "quantity": -7}, PREORDER, id="a pre-order that is sold"),
        pytest.param("true", {"available": False}, PREORDER, id="a pre-order is never sold out"),
        pytest.param(
            False, {"available": True, "quantity": 12}, Stock(availability="in_stock", quantity=12), id="many"
        ),
        pytest.param(
            False, {"available": True, "quantity": "9"}, Stock(availability="low_stock", quantity=9), id="few"
        ),
        pytest.param(False, {"available": True}, IN_STOCK, id="a number that may not be seen"),
        pytest.param(False, {"available": "false"}, SOLD_OUT, id="no"),
        pytest.param(False, {"available": False, "quantity": 4}, SOLD_OUT, id="what may not be bought"),
        pytest.param(
            False,
            {"available": False, "quantity": -2},
            Stock(availability="out_of_stock", quantity=0, oversold=2),
            id="oversold",
        ),
        pytest.param(
            False, {"available": True, "quantity": 0}, Stock(availability="backorder", quantity=None), id="sold to wait"
        ),
        pytest.param(
            False,
            {"available": True, "quantity": -3},
            Stock(availability="backorder", quantity=None, oversold=3),
            id="sold to wait, beyond stock",
        ),
    ],
)
def test_what_the_facts_mean(preorder, stock, expected):
    [item] = read(size(preorder=preorder, stock=stock)).complete()
    assert item.sizes[0].stock == expected


def test_what_stands_in_the_warehouses_is_told_apart():
    there = [
        {"warehouseId": 1, "stock": {"available": True, "quantity": 3}},
        {"warehouseId": "2", "stock": {"available": False}},
    ]
    [item] = read(size(preorder=True, stockByWarehouse=there)).complete()
    assert item.sizes[0].warehouses == {"1": Stock(availability="low_stock", quantity=3), "2": SOLD_OUT}


def test_few_is_what_the_caller_says():
    document = json.dumps({"displayItem": {"id": 1, "items": [size()]}})
    assert read_display_items(document, few_below=5).values[0].sizes[0].stock.availability == "in_stock"
    with pytest.raises(InvalidArgument, match="few_below"):
        read_display_items(document, few_below=-1)


@pytest.mark.parametrize("stripped", [False, True])
def test_a_list_is_read_in_its_order(stripped):
    root = {"displayItems": {"list": [{"id": 2}, {"id": "1"}], "userErrors": []}}
    found = read_display_items(json.dumps(root if stripped else {"data": root})).complete()
    assert [item.id for item in found] == [2, 1]


@pytest.mark.parametrize("root", [{"data": {"displayItem": None}}, {"data": {"displayItems": {"list": None}}}])
def test_what_is_not_there_is_none(root):
    assert read_display_items(json.dumps(root)).complete() == ()


def test_errors_are_problems_beside_what_was_answered():
    root = {
        "data": {
            "displayItems": {"list": [{"id": 1}], "userErrors": [{"message": "no such market", "path": ["market"]}]}
        },
        "errors": [{"message": "no permission", "path": ["displayItems", "list", 0]}, {}],
    }
    found = read_display_items(json.dumps(root))
    assert [item.id for item in found.values] == [1]
    assert [(problem.path, problem.code, problem.message) for problem in found.problems] == [
        ("errors[0]", "centra.refused", "Centra says about displayItems.list.0: no permission"),
        ("errors[1]", "centra.refused", "Centra says nothing more"),
        ("data.displayItems.userErrors[0]", "centra.refused", "Centra says about market: no such market"),
    ]


def test_errors_without_an_answer_are_all_there_is():
    with pytest.raises(InvalidDocument, match=r"^errors\[0\]: Centra says nothing is allowed$") as caught:
        read_display_items('{"data": null, "errors": [{"message": "nothing is allowed"}]}')
    assert [problem.code for problem in caught.value.problems] == ["centra.refused"]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (size(preorder=None), ("items[0].preorder", "field.missing")),
        (size(preorder=1), ("items[0].preorder", "type.invalid")),
        (size(stock=None), ("items[0].stock", "field.missing")),
        (size(stock=5), ("items[0].stock", "type.invalid")),
        (size(stock={"quantity": 5}), ("items[0].stock.available", "field.missing")),
        (size(stock={"available": True, "quantity": 5.5}), ("items[0].stock.quantity", "units.invalid")),
        (size(id=None), ("items[0].id", "field.missing")),
        (size(productSizeId="S"), ("items[0].productSizeId", "units.invalid")),
        ("412-20", ("items[0]", "type.invalid")),
        (
            size(stockByWarehouse=[{"stock": {"available": True}}]),
            ("items[0].stockByWarehouse[0].warehouseId", "field.missing"),
        ),
        (size(stockByWarehouse=[{"warehouseId": 1}]), ("items[0].stockByWarehouse[0].stock", "field.missing")),
        (
            size(stockByWarehouse=[{"warehouseId": 1, "stock": {"available": False}}] * 2),
            ("items[0].stockByWarehouse[1].warehouseId", "id.repeated"),
        ),
    ],
)
def test_a_bad_size_is_a_problem_and_the_others_stand(bad, problem):
    found = read(bad, size(id="412-21"))
    assert paths(found) == [problem]
    assert [good.id for good in found.values[0].sizes] == ["412-21"]


def test_a_size_that_comes_twice_is_a_problem():
    assert paths(read(size(), size())) == [("items[1].id", "id.repeated")]


def bundle(**more):
    return {"id": 31, "type": "FLEXIBLE", "sections": [{"id": 1, "quantity": 1, "items": []}], **more}


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"id": "A"}, ("id", "units.invalid")),
        ({"hasStock": "some"}, ("hasStock", "type.invalid")),
        ({"items": "XS"}, ("items", "type.invalid")),
        ({"bundle": 5}, ("bundle", "type.invalid")),
        ({"bundle": bundle(type=None)}, ("bundle.type", "field.missing")),
        ({"bundle": bundle(sections="none")}, ("bundle.sections", "type.invalid")),
        ({"bundle": bundle(sections=[{"id": 1}])}, ("bundle.sections[0].quantity", "field.missing")),
        ({"bundle": bundle(sections=[{"id": 1, "quantity": 1}] * 2)}, ("bundle.sections[1].id", "id.repeated")),
        (
            {"bundle": bundle(sections=[{"id": 1, "quantity": 1, "items": [{"name": "A"}]}])},
            ("bundle.sections[0].items[0].id", "field.missing"),
        ),
    ],
)
def test_an_item_whose_own_fields_are_wrong_is_left_out(more, problem):
    found = read(**more)
    assert paths(found) == [problem]
    assert found.values == ()


def test_a_bad_size_in_a_bundle_leaves_the_others():
    sections = [{"id": 1, "quantity": 1, "items": [{"id": 412, "items": [size(preorder=None), size(id="412-21")]}]}]
    found = read(bundle=bundle(sections=sections))
    assert paths(found) == [("bundle.sections[0].items[0].items[0].preorder", "field.missing")]
    assert [good.id for good in found.values[0].bundle.sections[0].options[0].sizes] == ["412-21"]


def test_a_word_that_is_not_known_is_kept_and_means_nothing():
    found = read(bundle=bundle(type="MYSTERY", priceType="FREE")).complete()[0].bundle
    assert (found.type, found.kind, found.price_type, found.pricing) == ("MYSTERY", None, "FREE", None)
    with pytest.raises(
        InvalidArgument, match=r"must be flexible; fixed_components takes a fixed one \(got 'MYSTERY'\)"
    ):
        bundle_sections(found)


@pytest.mark.parametrize("root", ["[]", "5", '{"product": "412"}', '{"data": {}}', '{"data": null}', '{"errors": []}'])
def test_what_is_no_reply_is_refused(root):
    with pytest.raises(InvalidDocument, match="must be a Storefront reply"):
        read_display_items(root)


def test_a_flexible_bundle_is_chosen_from():
    sections = bundle_sections(SET)
    assert sections == (
        Section(options=[Component("412-20")]),
        Section(quantity=2, options=[Component("433-7")]),
    )
    assert bundle_units_at_most(sections, available={"412-20": UNLIMITED, "433-7": 7}) == 3
    assert choose_components(sections, picks=[{"412-20": 1}, {"433-7": 2}])[1] == Component("433-7", 2)


def test_a_section_that_offers_nothing_cannot_be_chosen_from():
    empty = DisplayBundle(
        id=1, type="FLEXIBLE", kind="flexible", sections=[DisplaySection(id=1, quantity=1, options=[])]
    )
    with pytest.raises(InvalidArgument, match="must not be empty"):
        bundle_sections(empty)


def sized(*names):
    sizes = [DisplaySize(id=f"412-{name}", name=name, preorder=False, available=True, stock=IN_STOCK) for name in names]
    section = DisplaySection(id=1, quantity=2, options=[BundleOption(id=412, sizes=sizes)])
    return DisplayBundle(id=31, type="FIXED", kind="fixed", sections=[section])


def test_a_fixed_bundle_takes_its_own_size_of_everything():
    assert fixed_components(sized("S", "M"), size="M") == (Component("412-M", 2),)


@pytest.mark.parametrize(
    ("given", "name", "message"),
    [
        (sized("S", "M"), "XL", r"size: must be in section 1 once, which holds S, M \(got 'XL'\)"),
        (sized("S", "S"), "S", "size: must be in section 1 once, which holds S, S"),
        (sized(), "S", "which holds nothing"),
        (SET, "S", "bundle: must be fixed; bundle_sections takes a flexible one"),
        (sized("S"), "", "size: must be text"),
        (None, "S", "bundle: must be a DisplayBundle"),
    ],
)
def test_what_a_fixed_bundle_does_not_hold_is_refused(given, name, message):
    with pytest.raises(InvalidArgument, match=message):
        fixed_components(given, size=name)


def valid(document):
    """Return the variables of a request, after the vendor's types have taken its query and them."""
    request = json.loads(document)
    assert set(request) == {"query", "variables"}
    parsed = parse(request["query"])
    assert validate(SCHEMA, parsed) == []
    [operation, *_] = parsed.definitions
    coerced = get_variable_values(SCHEMA, operation.variable_definitions, request["variables"])
    assert not isinstance(coerced, list), coerced
    return request["variables"]


RULES = [
    StorefrontRules(),
    StorefrontRules(facts=["quantity"]),
    StorefrontRules(mode="no_session", facts=["warehouses"]),
    StorefrontRules(mode="no_session", facts=["quantity", "warehouses"], markets=[1, 2]),
    StorefrontRules(mode="no_session", markets=[1], pricelists=[3]),
]


@pytest.mark.parametrize("rules", RULES)
def test_a_query_is_one_that_the_server_takes(rules):
    [document] = write_display_item_queries([412, 433], rules=rules)
    said = {"where": {"id": [412, 433]}, "limit": 2}
    if rules.markets:
        said["market"] = list(rules.markets)
    if rules.pricelists:
        said["pricelist"] = list(rules.pricelists)
    assert valid(document) == said


@pytest.mark.parametrize(("mode", "pages"), [("session", [40, 40, 20]), ("no_session", [100])])
def test_a_page_holds_as_many_as_the_server_gives(mode, pages):
    documents = write_display_item_queries(range(100), rules=StorefrontRules(mode=mode))
    asked = [valid(document) for document in documents]
    assert [variables["limit"] for variables in asked] == pages
    assert [number for variables in asked for number in variables["where"]["id"]] == list(range(100))


def test_what_is_asked_for_is_what_is_read():
    answer = {
        "id": 412,
        "name": "A",
        "uri": "a",
        "productNumber": "A",
        "available": True,
        "hasStock": True,
        "minimumOrderQuantity": 1,
        "orderQuantityDenominator": 1,
        "items": [
            {
                "id": "412-1",
                "name": "S",
                "sku": "A-S",
                "GTIN": "7",
                "preorder": False,
                "productSizeId": 9,
                "stock": {"available": True, "quantity": 5},
                "stockByWarehouse": [{"warehouseId": 1, "stock": {"available": True, "quantity": 5}}],
            }
        ],
    }
    rules = StorefrontRules(mode="no_session", facts=["quantity", "warehouses"])
    request = json.loads(write_display_item_queries([412], rules=rules)[0])
    done = execute(
        SCHEMA,
        parse(request["query"]),
        {"displayItems": {"list": [answer], "userErrors": []}},
        variable_values=request["variables"],
    )
    assert done.errors is None
    [item] = read_display_items(json.dumps({"data": done.data})).complete()
    there = Stock(availability="low_stock", quantity=5)
    assert item.sizes[0] == DisplaySize(
        id="412-1",
        name="S",
        sku="A-S",
        gtin="7",
        product_size=9,
        preorder=False,
        available=True,
        quantity=5,
        stock=there,
        warehouses={"1": there},
    )


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([], "ids: must not be empty: without ids every item would be asked for"),
        ([1, 2, 1], r"ids\[2\]: ids must be unique"),
        (["412"], r"ids\[0\]: must be a whole number"),
        ([2**31], r"ids\[0\]: must be at most 2147483647"),
    ],
)
def test_ids_that_the_server_would_not_take_are_refused(ids, message):
    with pytest.raises(InvalidArgument, match=message):
        write_display_item_queries(ids)


@pytest.mark.parametrize(
    ("rules", "path"),
    [({"facts": ["warehouses"]}, "facts"), ({"markets": [1]}, "markets"), ({"pricelists": [1]}, "pricelists")],
)
def test_a_session_cannot_ask_for_everything(rules, path):
    with pytest.raises(InvalidArgument, match="must not ask in a session for what needs the mode no_session") as caught:
        StorefrontRules(**rules)
    assert caught.value.path == path


def test_a_flexible_bundle_goes_into_the_cart_with_its_choice():
    picks = {2: "433-7", 1: "412-20"}
    assert valid(write_flexible_bundle("450-1", bundle=SET, picks=picks, quantity=3)) == {
        "item": "450-1",
        "sections": [{"sectionId": 1, "item": "412-20"}, {"sectionId": 2, "item": "433-7"}],
        "quantity": 3,
    }


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"picks": {1: "412-20"}}, "picks: must name every section once: 1, 2"),
        ({"picks": {1: "412-20", 2: "433-7", 3: "1"}}, "picks: must name every section once: 1, 2"),
        ({"picks": {1: "433-7", 2: "433-7"}}, r"picks\[1\]: must be offered by the section: 412-20 \(got '433-7'\)"),
        ({"picks": {"1": "412-20"}}, "picks key: must be a whole number"),
        ({"quantity": 0}, "quantity: must be a whole number >= 1"),
        ({"quantity": 2**31}, "quantity: must be at most"),
        ({"bundle": sized("S")}, "bundle: must be flexible; addItem takes a fixed one"),
        ({"bundle": 31}, "bundle: must be a DisplayBundle"),
    ],
)
def test_a_choice_that_the_server_would_not_take_is_refused(more, message):
    facts = {"bundle": SET, "picks": {1: "412-20", 2: "433-7"}} | more
    with pytest.raises(InvalidArgument, match=message):
        write_flexible_bundle("450-1", **facts)


GONE = UnavailableUnits(item="412-21", product="412", asked=5, available=2, unavailable=3)


def unavailable(**more):
    return {
        "message": "Not available",
        "path": ["item"],
        "originalQuantity": 5,
        "availableQuantity": 2,
        "unavailableQuantity": 3,
        "item": {"id": "412-21"},
        "displayItem": {"id": 412},
        **more,
    }


def replied(*errors, name="addItem", **more):
    return read_storefront_reply(json.dumps({"data": {name: {"userErrors": list(errors), **more}}}))


def test_what_the_cart_could_not_take_is_units():
    found = read_storefront_reply((PAYLOADS / "storefront_add_item.json").read_bytes()).complete()
    assert found == (StorefrontReply(mutation="addItem", line="b3c1", quantity=2, unavailable=[GONE]),)


def test_the_answer_to_a_bundle_that_is_written_is_read():
    request = json.loads(write_flexible_bundle("450-1", bundle=SET, picks={1: "412-20", 2: "433-7"}))
    payload = {
        "line": {"__typename": "BundleLine", "id": "b3c1", "quantity": 1},
        "userErrors": [
            {"__typename": "UnavailableItem", **unavailable()},
            {"__typename": "UserErrorBase", "message": "No such voucher", "path": None},
        ],
    }
    done = execute(
        SCHEMA,
        parse(request["query"]),
        {"addFlexibleBundle": payload},
        variable_values=request["variables"],
    )
    assert done.errors is None
    found = read_storefront_reply(json.dumps({"data": done.data}))
    assert found.values == (StorefrontReply(mutation="addFlexibleBundle", line="b3c1", quantity=1, unavailable=[GONE]),)
    assert [str(problem) for problem in found.problems] == [
        "data.addFlexibleBundle.userErrors[1]: Centra says No such voucher"
    ]


@pytest.mark.parametrize("name", ["addFlexibleBundle", "addItem", "paymentInstructions", "paymentResult", "updateLine"])
def test_a_mutation_of_the_cart_may_say_nothing_of_a_line(name):
    assert replied(name=name).complete() == (StorefrontReply(mutation=name),)
    assert replied(name=name, line=None).complete() == (StorefrontReply(mutation=name),)
    assert replied(name=name, line={}, selection={"id": "1"}).complete() == (StorefrontReply(mutation=name),)


def test_several_mutations_of_one_request_are_read():
    payload = {"line": {"id": "a", "quantity": "1"}, "userErrors": []}
    data = {"__typename": "Mutation", "addItem": payload, "socks": payload, "updateLine": None}
    found = read_storefront_reply(json.dumps({"data": data, "errors": [{"message": "late", "path": ["updateLine"]}]}))
    assert found.values == tuple(StorefrontReply(mutation=name, line="a", quantity=1) for name in ("addItem", "socks"))
    assert [str(problem) for problem in found.problems] == ["errors[0]: Centra says about updateLine: late"]


def test_an_item_that_is_not_named_is_kept():
    [reply] = replied(unavailable(item=None, displayItem=None)).complete()
    assert reply.unavailable == (UnavailableUnits(item="", asked=5, available=2, unavailable=3),)


@pytest.mark.parametrize(
    ("error", "problems"),
    [
        (unavailable(originalQuantity=6), [("originalQuantity", "units.invalid")]),
        (unavailable(availableQuantity=None), [("availableQuantity", "field.missing")]),
        (unavailable(unavailableQuantity=True), [("unavailableQuantity", "units.invalid")]),
        (unavailable(availableQuantity=-2), [("availableQuantity", "units.invalid")]),
        (unavailable(item="412-21"), [("item", "type.invalid")]),
        (unavailable(displayItem={"id": 5.5}), [("displayItem.id", "text.invalid")]),
        ({"message": "No", "path": ["item"]}, [("", "centra.refused")]),
        ({"message": None}, [("", "centra.refused")]),
        ({"message": "No", "path": "item"}, [("path", "type.invalid"), ("", "centra.refused")]),
        ("No", [("", "type.invalid")]),
    ],
)
def test_what_is_wrong_with_an_error_takes_nothing_else_along(error, problems):
    found = replied(unavailable(), error, line={"id": "a", "quantity": 2})
    assert found.values == (StorefrontReply(mutation="addItem", line="a", quantity=2, unavailable=[GONE]),)
    start = "data.addItem.userErrors[1]"
    expected = [(f"{start}.{path}" if path else start, code) for path, code in problems]
    assert [(problem.path, problem.code) for problem in found.problems] == expected


def test_an_error_without_a_message_is_one():
    assert str(replied({}).problems[0]) == "data.addItem.userErrors[0]: Centra says nothing more"


def test_a_mutation_whose_line_is_wrong_is_left_out():
    found = replied(line={"id": "a", "quantity": -1})
    assert found.values == ()
    assert paths(found) == [("data.addItem.line.quantity", "units.invalid")]


@pytest.mark.parametrize(
    "root",
    [
        {"data": {"displayItem": {"id": 412, "items": []}}},
        {"data": {}},
        {"data": None},
        {"data": None, "errors": [{"message": "no session"}]},
        {"addItem": {"userErrors": []}},
        [],
    ],
)
def test_what_is_no_reply_of_the_storefronts_cart_is_refused(root):
    with pytest.raises(InvalidDocument):
        read_storefront_reply(json.dumps(root))


def test_a_reply_of_the_storefronts_cart_is_recognised():
    document = (PAYLOADS / "storefront_add_item.json").read_bytes()
    assert recognise(document) == "centra-storefront-reply"
    assert recognise('{"data": {"updateLine": {"userErrors": []}}}') == "centra-storefront-reply"
