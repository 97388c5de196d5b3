"""Laws of Centra's shop side and of the formatter in front of it.

- each size of a Checkout product is read as its stock field alone is read, in the order of the document; a size that
  cannot be read is a problem with its path, and values and problems together are all sizes
- an item of a cart's reply, of either API, is sound exactly if its units add up
- the legacy stock of a market is that market's field, whatever else the document says
- a display size that is a pre-order is one without bound, whatever its quantity; no other is
- a query asks for every item once, in its order, on pages no longer than the mode allows
- what is picked in a flexible bundle is what is written, section by section
- the formatter's three functions agree with each other and with the core on any value, and never raise
- what is formatted of a catalogue is the same for all numbers of units that are as few, and names every size
- a reader given any JSON returns or names problems, and nothing else
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import UNLIMITED, InvalidDocument, InvalidStock, PreorderKitError, Read, normalize_stock
from preorder_kit.adapters.centra import (
    BundleOption,
    DisplayBundle,
    DisplaySection,
    DisplaySize,
    StorefrontMode,
    StorefrontRules,
    read_cart_reply,
    read_display_items,
    read_products,
    read_shop_products,
    read_storefront_reply,
    write_display_item_queries,
    write_flexible_bundle,
)
from preorder_kit.adapters.frend import (
    format_catalogue,
    get_size_available,
    get_size_preorder,
    get_stock,
)

WORDS = st.sampled_from(["yes", "no", "few", "infinite", "preorder", " Yes ", "INFINITE", "5", "-2"])
BAD = st.sampled_from(["soon", "1e3", True, [], {}, "5.5", [5]])
STOCKS = st.one_of(st.integers(-20, 200), WORDS, BAD)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=3),
)
KEYS = st.sampled_from(
    [
        "product",
        "products",
        "items",
        "item",
        "stock",
        "data",
        "displayItem",
        "displayItems",
        "list",
        "preorder",
        "available",
        "quantity",
        "id",
        "bundle",
        "bundleInfo",
        "sections",
        "section",
        "type",
        "unavailable",
        "errors",
        "cancellation",
        "currency",
        "originalQuantity",
        "relatedProducts",
        "warehouses",
        "warehouse",
        "stockByMarket",
        "markets",
        "stockOfAllItems",
        "userErrors",
        "addItem",
        "line",
        "412",
    ]
)
ANY_JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12
)
READERS = [read_products, read_shop_products, read_cart_reply, read_display_items, read_storefront_reply]


def reading(stock):
    try:
        return normalize_stock(stock)
    except InvalidStock:
        return None


@given(st.lists(STOCKS, max_size=8))
def test_each_size_is_read_as_its_field_is(stocks):
    items = [{"item": str(place), "stock": stock} for place, stock in enumerate(stocks)]
    found = read_products(json.dumps({"product": "1", "items": items}))
    expected = {str(place): reading(stock) for place, stock in enumerate(stocks)}
    sizes = [(size.item, size.stock) for size in found.values[0].sizes]
    assert sizes == [(item, stock) for item, stock in expected.items() if stock is not None]
    assert [problem.path for problem in found.problems] == [
        f"items[{item}].stock" for item, stock in expected.items() if stock is None
    ]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(-1, 1)), max_size=6))
def test_an_item_is_sound_if_its_units_add_up(rows):
    listed = [
        {"item": str(place), "originalQuantity": max(0, here + gone + off), "available": here, "unavailable": gone}
        for place, (here, gone, off) in enumerate(rows)
    ]
    found = read_cart_reply(json.dumps({"unavailable": listed}))
    sound = [row["item"] for row in listed if row["originalQuantity"] == row["available"] + row["unavailable"]]
    assert [units.item for units in found.values.unavailable] == sound
    assert all(units.asked == units.available + units.unavailable for units in found.values.unavailable)
    assert len(found.problems) == len(listed) - len(sound)
    said = [
        {
            "originalQuantity": row["originalQuantity"],
            "availableQuantity": row["available"],
            "unavailableQuantity": row["unavailable"],
            "item": {"id": row["item"]},
        }
        for row in listed
    ]
    answer = read_storefront_reply(json.dumps({"data": {"addItem": {"userErrors": said}}}))
    assert answer.values[0].unavailable == found.values.unavailable
    assert len(answer.problems) == len(found.problems)


@given(st.dictionaries(st.sampled_from("1234"), st.integers(-5, 50) | WORDS), st.sampled_from("1234"))
def test_the_stock_of_a_market_is_its_own(markets, market):
    document = json.dumps({"product": "1", "items": {"1-1": {"stockByMarket": markets}}})
    [size] = read_shop_products(document, market=market).complete()[0].sizes
    assert size.stock == normalize_stock(markets.get(market))
    assert {name: normalize_stock(stock) for name, stock in markets.items()} == size.markets


@given(st.booleans(), st.booleans(), st.none() | st.integers(-50, 50))
def test_a_preorder_has_no_bound_and_nothing_else_is_one(preorder, available, quantity):
    stock = {"available": available} | ({} if quantity is None else {"quantity": quantity})
    item = {"id": 1, "items": [{"id": "1-1", "preorder": preorder, "stock": stock}]}
    [size] = read_display_items(json.dumps({"data": {"displayItem": item}})).complete()[0].sizes
    assert (size.preorder, size.available, size.quantity) == (preorder, available, quantity)
    assert size.stock.is_preorder is preorder
    assert not preorder or size.stock.quantity is UNLIMITED
    assert preorder or size.stock.is_available is available


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=130, unique=True), st.sampled_from(StorefrontMode))
def test_a_query_asks_for_every_item_once(ids, mode):
    pages = [
        json.loads(document)["variables"]
        for document in write_display_item_queries(ids, rules=StorefrontRules(mode=mode))
    ]
    assert [number for page in pages for number in page["where"]["id"]] == ids
    assert all(page["limit"] == len(page["where"]["id"]) <= {"session": 40, "no_session": 100}[mode] for page in pages)


def display_size(name):
    return DisplaySize(id=name, preorder=False, available=True, stock=normalize_stock("yes"))


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.data())
def test_what_is_picked_is_what_is_written(offers, data):
    sections = [
        DisplaySection(
            id=place,
            quantity=1,
            options=[BundleOption(id=1, sizes=[display_size(f"{place}-{n}") for n in range(offered)])],
        )
        for place, offered in enumerate(offers)
    ]
    bundle = DisplayBundle(id=1, type="FLEXIBLE", kind="flexible", sections=sections)
    picks = {place: f"{place}-{data.draw(st.integers(0, offered - 1))}" for place, offered in enumerate(offers)}
    said = json.loads(write_flexible_bundle("1-1", bundle=bundle, picks=picks))["variables"]
    assert {section["sectionId"]: section["item"] for section in said["sections"]} == picks


@given(st.one_of(STOCKS, LEAVES, st.floats(), st.binary(), st.complex_numbers(), st.lists(st.integers())))
def test_the_three_functions_agree_on_any_value(stock):
    data = {"items": [{"stock": stock}]}
    available, preorder, public = get_size_available(data, 0), get_size_preorder(data, 0), get_stock(stock)
    known = reading(stock)
    assert available is (known is not None and known.is_available)
    assert preorder is (known is not None and known.is_preorder)
    assert (public == "no") is not available
    assert public in {"yes", "few", "no"}


BANDS = [st.integers(-(10**6), 0), st.integers(1, 9), st.integers(10, 10**6)]
ALIKE = st.one_of(*(st.tuples(band, band) for band in BANDS), (WORDS | BAD).map(lambda stock: (stock, stock)))


@given(st.lists(st.lists(ALIKE, max_size=4), max_size=4))
def test_no_number_of_units_shows_in_what_is_formatted(catalogue):
    formatted = [
        format_catalogue(
            [
                {"product": "A", "items": [{"item": str(n), "stock": stock[side]} for n, stock in enumerate(sizes)]}
                for sizes in catalogue
            ]
        )
        for side in (0, 1)
    ]
    assert formatted[0].values == formatted[1].values
    assert [len(product.sizes) for product in formatted[0].values] == [len(sizes) for sizes in catalogue]


def outcome(read, document):
    """Return what a reader returned, or the error by which it refused."""
    try:
        return read(document)
    except PreorderKitError as error:
        return error


@pytest.mark.parametrize("read", READERS)
@given(document=ANY_JSON.map(json.dumps))
def test_a_reader_returns_or_names_problems(read, document):
    assert isinstance(outcome(read, document), Read | InvalidDocument)


@given(ANY_JSON)
def test_the_formatter_returns_or_names_a_callers_mistake(root):
    found = outcome(format_catalogue, root)
    assert len(found.values) <= len(root) if isinstance(found, Read) else found.path == "products"
