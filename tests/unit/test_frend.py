"""The formatter's three functions, and whole products for a page."""

import datetime as dt
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from preorder_kit import DateRange, InvalidArgument, PreorderKitError, Problem
from preorder_kit.adapters.frend import (
    BUTTON_LABELS,
    FormattedProduct,
    FormattedSize,
    SizeDates,
    format_catalogue,
    format_product,
    get_size_available,
    get_size_preorder,
    get_stock,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "frend"
# What the formatter in use gives today; it does not know the last word, and this one does.
PRINTED = json.loads((PAYLOADS / "formatter_expected.json").read_text(encoding="utf-8"))
MENDED = {"stock": "preorder", "available": True, "preorder": True, "public": "yes"}
MIXED = json.loads((PAYLOADS / "formatter_input_mixed.json").read_text(encoding="utf-8"))


def product(*stocks):
    return {"items": [{"item": str(place), "stock": stock} for place, stock in enumerate(stocks)]}


@pytest.mark.parametrize("row", [*PRINTED[:-1], MENDED], ids=lambda row: str(row["stock"]))
def test_the_functions_say_what_the_formatter_says(row):
    data = product(row["stock"])
    assert get_size_available(data, 0) is row["available"]
    assert get_size_preorder(data, 0) is row["preorder"]
    assert get_stock(row["stock"]) == row["public"]


def test_the_gap_that_is_mended_is_the_only_one():
    assert PRINTED[-1] == {"stock": "preorder", "available": False, "preorder": False, "public": "preorder"}


class Odd:
    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None

    def __repr__(self):
        raise RuntimeError


ODD = [
    None,
    "",
    True,
    False,
    5.5,
    5.0,
    float("nan"),
    float("inf"),
    Decimal(5),
    "1e3",
    "+5",
    "5.0",
    "maybe",
    "\ud800",
    "\u0665",  # a digit, but no ASCII one
    b"yes",
    [],
    [5],
    {},
    {"stock": 5},
    object(),
    Odd(),
    10**30j,
]


@pytest.mark.parametrize("stock", ODD, ids=lambda stock: type(stock).__name__)
def test_what_cannot_be_read_is_not_available_and_never_raises(stock):
    data = product("yes", stock)
    assert get_size_available(data, 1) is False
    assert get_size_preorder(data, 1) is False
    assert get_stock(stock) == "no"
    found = format_product(data)
    assert [size.available for size in found.values.sizes] == [True, False]
    assert "items[1].stock" in [problem.path for problem in found.problems]


@pytest.mark.parametrize(
    ("stock", "available", "preorder", "public"),
    [
        (" YES ", True, False, "yes"),
        ("Infinite", True, True, "yes"),
        ("9", True, False, "few"),
        ("10", True, False, "yes"),
        ("-1", False, False, "no"),
        (10**30, True, False, "yes"),
        (1, True, False, "few"),
    ],
)
def test_words_are_read_in_any_case_and_numbers_as_text(stock, available, preorder, public):
    data = product(stock)
    assert (get_size_available(data, 0), get_size_preorder(data, 0), get_stock(stock)) == (available, preorder, public)


def test_a_size_without_a_stock_field_is_not_available():
    assert get_size_available({"items": [{"item": "1"}]}, 0) is False
    assert get_size_preorder({"items": [{"item": "1"}]}, 0) is False


def test_arguments_may_be_named_and_places_counted_from_the_end():
    assert get_size_available(data=product("no", "yes"), i=-1) is True
    assert get_size_preorder(data=product("infinite", "yes"), i=-2) is True


@pytest.mark.parametrize("function", [get_size_available, get_size_preorder])
@pytest.mark.parametrize(
    ("data", "i", "path"),
    [
        (product("yes"), 1, "i"),
        (product("yes"), -2, "i"),
        (product(), 0, "i"),
        (product("yes"), "0", "i"),
        (product("yes"), True, "i"),
        (product("yes"), 0.0, "i"),
        ({}, 0, "data.items"),
        ({"items": None}, 0, "data.items"),
        ({"items": {"0": {"stock": "yes"}}}, 0, "data.items"),
        ({"items": "yes"}, 0, "data.items"),
        ({"items": ["yes"]}, 0, "data.items[0]"),
        (None, 0, "data"),
        ([], 0, "data"),
    ],
)
def test_a_callers_mistake_says_what_it_is(function, data, i, path):
    with pytest.raises(PreorderKitError) as caught:
        function(data, i)
    assert caught.value.path == path
    assert not isinstance(caught.value, LookupError)


def rows(found):
    return [(size.name, size.available, size.preorder, size.label, size.delivery) for size in found.sizes]


def test_a_product_is_formatted_for_a_page():
    found = format_product(MIXED).complete()
    assert rows(found) == [
        ("XS", True, False, "Add to cart", "In stock"),
        ("S", True, False, "Add to cart", "Few left"),
        ("M", False, False, "Sold out", "Out of stock"),
        ("L", True, True, "Pre order", "Pre-order, date to follow"),
        ("XL", True, False, "Add to cart", "Few left"),
        ("XXL", False, False, "Sold out", "Out of stock"),
    ]
    assert (found.product, found.name, found.uri) == ("412", "Fjord Cardigan", "fjord-cardigan-moss")
    assert (found.stock, found.availability, found.available, found.preorder, found.label) == (
        "yes",
        "in_stock",
        True,
        False,
        "Add to cart",
    )
    assert found.sizes[3] == FormattedSize(
        item="412-23",
        name="L",
        sku="FJ-774-L",
        stock="yes",
        availability="preorder",
        available=True,
        preorder=True,
        action="preorder",
        label="Pre order",
        delivery="Pre-order, date to follow",
    )


def test_a_product_of_which_all_is_a_preorder_is_one():
    found = format_product(product("no", "infinite")).values
    assert (found.preorder, found.label, found.stock) == (True, "Pre order", "yes")


def test_a_product_without_sizes_is_not_available():
    assert format_product({"product": "1", "items": []}).complete() == FormattedProduct(
        product="1",
        name="",
        uri="",
        stock="no",
        availability="unknown",
        available=False,
        preorder=False,
        label="Sold out",
        sizes=[],
    )


def test_labels_are_the_shops_own():
    found = format_product(product("yes", "no"), labels={"add_to_cart": "Legg i handlekurven"}).values
    assert [size.label for size in found.sizes] == ["Legg i handlekurven", "Sold out"]
    assert found.label == "Legg i handlekurven"
    assert set(BUTTON_LABELS.values()) == {"Add to cart", "Pre order", "Order", "Sold out"}


DATES = SizeDates(
    at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc),
    zone="Europe/Oslo",
    street_dates={"FJ-S": dt.datetime(2026, 12, 3, 23, tzinfo=dt.timezone.utc)},
    delivery={
        "FJ-XS": DateRange(dt.date(2026, 11, 25), dt.date(2026, 11, 26)),
        "3": DateRange(dt.date(2026, 12, 1), dt.date(2026, 12, 1)),
    },
)


def test_days_that_are_known_are_said():
    sizes = [
        {"item": "1", "sku": "FJ-XS", "stock": 57},
        {"item": "2", "sku": "FJ-S", "stock": "infinite"},
        {"item": "3", "stock": 4},
        {"item": "4", "sku": "FJ-XL", "stock": "preorder"},
        {"item": "5", "sku": "FJ-XS", "stock": 0},
    ]
    found = format_product({"product": "412", "items": sizes}, dates=DATES).complete()
    assert [size.delivery for size in found.sizes] == [
        "In stock, arrives 25 to 26 Nov",
        "Pre-order, released 4 Dec",
        "Few left, arrives 1 Dec",
        "Pre-order, date to follow",
        "Out of stock",
    ]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"zone": "Oslo"}, "zone: must be an IANA time zone"),
        ({"at": dt.datetime(2026, 1, 1)}, "at: must have a UTC offset"),
        ({"delivery": {"A": dt.date(2026, 1, 1)}}, r"delivery\['A'\]: must be a DateRange"),
        ({"street_dates": {"A": dt.date(2026, 1, 1)}}, r"street_dates\['A'\]: must be an instant"),
    ],
)
def test_dates_check_themselves(broken, message):
    with pytest.raises(InvalidArgument, match=message):
        SizeDates(**{"at": DATES.at, "zone": "UTC"} | broken)


def test_problems_name_the_place():
    broken = {
        "name": ["Fjord"],
        "items": [
            {"name": "\ud800", "stock": 5},
            "XS",
            {"item": True, "sku": 7, "stock": None},
            {"item": 4, "stock": "?"},
        ],
    }
    found = format_product(broken)
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("items[0].item", "field.missing"),
        ("items[0].name", "text.invalid"),
        ("items[1]", "type.invalid"),
        ("items[2].item", "text.invalid"),
        ("items[2].stock", "field.missing"),
        ("items[3].stock", "stock.unrecognised"),
        ("product", "field.missing"),
        ("name", "text.invalid"),
    ]
    assert [(size.item, size.sku, size.stock) for size in found.values.sizes] == [
        ("", "", "few"),
        ("", "7", "no"),
        ("4", "", "no"),
    ]


def test_nothing_takes_a_catalogue_down():
    found = format_catalogue(
        [None, {"product": "411"}, product(5.5), {"product": 412, "items": [{"item": 1, "stock": "few"}]}]
    )
    assert [one.product for one in found.values] == ["", "412"]
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("[0]", "type.invalid"),
        ("[1].items", "type.invalid"),
        ("[2].items[0].stock", "stock.unrecognised"),
        ("[2].product", "field.missing"),
    ]
    message = "must be a product: an object with items (got None)"
    assert found.problems[0] == Problem("[0]", "type.invalid", message, None)


def test_a_catalogue_may_come_piece_by_piece():
    assert [one.product for one in format_catalogue(iter([MIXED, MIXED])).complete()] == ["412", "412"]
    assert format_catalogue([]).complete() == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({"products": []},), "products: must be a sequence"),
        ((5,), "products: must be a sequence"),
    ],
)
def test_a_catalogue_is_a_sequence(arguments, message):
    with pytest.raises(InvalidArgument, match=message):
        format_catalogue(*arguments)


@pytest.mark.parametrize("function", [format_product, format_catalogue])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": {"add_to_cart": " "}}, r"labels\['add_to_cart'\]: must be text"),
        ({"labels": {"buy": "Buy"}}, "labels key: must be one of"),
        ({"dates": "soon"}, "dates: must be a SizeDates"),
    ],
)
def test_what_a_shop_says_of_its_own_is_checked(function, options, message):
    with pytest.raises(InvalidArgument, match=message):
        function(product(5) if function is format_product else [], **options)


IMPORT = """
import sys
before = set(sys.modules)
from preorder_kit.adapters import frend
from preorder_kit.adapters.centra import read_products
print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))
"""


def test_it_needs_attrs_and_the_standard_library_alone():
    done = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
    brought = {name for name in done.stdout.split() if not name.startswith("_sysconfigdata")}
    assert brought - set(sys.stdlib_module_names) <= {"attr", "attrs", "host", "preorder_kit"}
