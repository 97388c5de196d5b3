"""Readings of bundles: what may be said and sold of one, from the readings of its components."""

import itertools
import re

import pytest

from preorder_kit import UNLIMITED, Component, InvalidArgument, Stock, explode, mask, normalize_stock, public_label
from preorder_kit.stock import bundle_stock


def said(availability, quantity=None, later=0):
    return Stock(availability=availability, quantity=quantity, later=later)


# Each makes at least one bundle, those for sale at least twelve.
ENOUGH = {
    "in_stock": said("in_stock", 12),
    "low_stock": said("low_stock", 9),
    "backorder": said("backorder", 12),
    "preorder": said("preorder", 12),
    "unknown": said("unknown"),
    "out_of_stock": said("out_of_stock", 0),
}
WORST_LAST = list(ENOUGH)


@pytest.mark.parametrize(("one", "other"), list(itertools.product(ENOUGH, repeat=2)))
def test_of_two_components_the_worse_is_what_may_be_said(one, other):
    found = bundle_stock({"A": 1, "B": 1}, stocks={"A": ENOUGH[one], "B": ENOUGH[other]})
    assert found.availability == max(one, other, key=WORST_LAST.index)
    numbers = [ENOUGH[name].quantity for name in (one, other)]
    assert found.quantity == (None if found.availability == "unknown" else min(number or 0 for number in numbers))
    assert (found.later, found.oversold) == (0, 0)


NEEDS = {"A": 2, "B": 1}

# name: the readings of A, of which a bundle needs two, and of B; the bundle's
READ = {
    "whole bundles": (said("in_stock", 27), said("in_stock", 50), said("in_stock", 13)),
    "few bundles of many units": (said("in_stock", 19), said("in_stock", 50), said("low_stock", 9)),
    "more may wait": (said("in_stock", 24, 7), said("in_stock", 20, 30), said("in_stock", 12, 3)),
    "one component may not wait": (said("in_stock", 24, 7), said("in_stock", 12), said("in_stock", 12)),
    "halves meet": (said("in_stock", 25, 1), said("in_stock", 20), said("in_stock", 12, 1)),
    "waits without bound": (
        said("in_stock", 24, UNLIMITED),
        said("in_stock", 20, UNLIMITED),
        said("in_stock", 12, UNLIMITED),
    ),
    "no bound": (said("in_stock", UNLIMITED), said("in_stock", UNLIMITED, 5), said("in_stock", UNLIMITED)),
    "no bound on one": (said("in_stock", UNLIMITED), said("in_stock", 12, 5), said("in_stock", 12, 5)),
    "one unit is not enough, and may not wait": (said("low_stock", 1), said("in_stock", 20), said("out_of_stock", 0)),
    "one unit is not enough, and may wait": (said("low_stock", 1, 4), said("in_stock", 20), said("backorder", 2)),
    "the short one may wait, the other is short and may not": (
        said("backorder", 8),
        said("out_of_stock", 0),
        said("out_of_stock", 0),
    ),
    "a backorder takes what is there of the other": (said("backorder", 8), said("low_stock", 3), said("backorder", 3)),
    "a backorder takes what may wait of the other": (
        said("backorder", 8),
        said("low_stock", 3, 9),
        said("backorder", 4),
    ),
    "a backorder of one unit is no bundle": (said("backorder", 1), said("in_stock", 20), said("out_of_stock", 0)),
    "a pre-order without bound": (said("preorder", UNLIMITED), said("in_stock", 20), said("preorder", 20)),
    "a pre-order and a backorder": (said("preorder", 20), said("backorder", 4), said("preorder", 4)),
    "a pre-order with more later": (said("preorder", 20, 8), said("in_stock", 12), said("preorder", 10, 2)),
    "a pre-order of one unit with more later": (said("preorder", 1, 8), said("in_stock", 12), said("preorder", 4)),
    "a pre-order of too few": (said("preorder", 1), said("in_stock", 12), said("out_of_stock", 0)),
    "a pre-order, and the other is gone": (said("preorder", 20), said("out_of_stock", 0), said("out_of_stock", 0)),
    "unknown, and surely too few": (said("low_stock", 1), said("unknown"), said("out_of_stock", 0)),
    "unknown, and perhaps enough": (said("low_stock", 2), said("unknown"), said("unknown")),
    "not disclosed": (said("in_stock"), said("in_stock"), said("in_stock")),
    "not disclosed, and few": (said("low_stock"), said("in_stock", 50), said("low_stock")),
    "not disclosed, and the other makes few": (said("in_stock"), said("in_stock", 9), said("low_stock")),
    "not disclosed, and the other waits": (said("in_stock"), said("backorder", 9, 2), said("backorder")),
    "not disclosed, and the other makes none": (said("out_of_stock", 0), said("in_stock"), said("out_of_stock", 0)),
    "masked and sold out": (said("out_of_stock"), said("in_stock", 5), said("out_of_stock", 0)),
    "not disclosed and without bound": (said("in_stock", None, 4), said("in_stock", UNLIMITED, 9), said("in_stock")),
}


@pytest.mark.parametrize(("a", "b", "expected"), READ.values(), ids=READ)
def test_a_bundle_is_read_from_its_components(a, b, expected):
    assert bundle_stock(NEEDS, stocks={"A": a, "B": b}) == expected


def test_a_component_without_a_reading_is_unknown():
    assert bundle_stock(NEEDS, stocks={"A": said("in_stock", 5)}) == said("unknown")


@pytest.mark.parametrize(("few_below", "expected"), [(13, "low_stock"), (12, "in_stock"), (0, "in_stock")])
def test_few_is_counted_in_bundles(few_below, expected):
    found = bundle_stock(NEEDS, stocks={"A": said("in_stock", 24), "B": said("in_stock", 99)}, few_below=few_below)
    assert found == said(expected, 12)


def test_what_explode_returns_is_what_a_bundle_needs():
    recipe = [Component("BOX", 2, [Component("A", 2)]), Component("A"), Component("WRAP", kind="fee")]
    assert bundle_stock(explode(recipe), stocks={"A": normalize_stock(53)}) == said("in_stock", 10)


def test_units_oversold_are_the_component_s_own():
    assert bundle_stock({"A": 2}, stocks={"A": normalize_stock(-4)}) == said("out_of_stock", 0)


def test_masked_components_make_a_reading_without_numbers():
    stocks = {sku: mask(normalize_stock(raw)) for sku, raw in {"A": 40, "B": 7}.items()}
    assert bundle_stock(NEEDS, stocks=stocks) == said("low_stock")
    assert public_label(bundle_stock(NEEDS, stocks=stocks)) == "few"


def test_readings_that_are_not_needed_are_not_looked_at():
    assert bundle_stock({"A": 1}, stocks={"A": said("in_stock", 12), "B": "?"}) == said("in_stock", 12)


# code: what the caller is told
TOLD = {
    "bundle.empty": "must not be empty: what needs nothing from a shelf has no reading of stock",
    "text.invalid": "must be text that is not blank",
    "type.invalid": "must be a (Stock|mapping|Mapping)",
    "units.invalid": "must be a whole number >= [01]",
}


@pytest.mark.parametrize(
    ("needs", "options", "code", "path"),
    [
        pytest.param({}, {}, "bundle.empty", "needs", id="nothing is needed"),
        pytest.param({"A": 0}, {}, "units.invalid", "needs['A']", id="needs none of it"),
        pytest.param({"": 1}, {}, "text.invalid", "needs key", id="a blank SKU"),
        pytest.param(["A"], {}, "type.invalid", "needs", id="a list"),
        pytest.param({"A": 1}, {"stocks": {"A": 5}}, "type.invalid", "stocks['A']", id="a number, no reading"),
        pytest.param({"A": 1}, {"stocks": [5]}, "type.invalid", "stocks", id="no mapping"),
        pytest.param({"A": 1}, {"few_below": -1}, "units.invalid", "few_below", id="few_below"),
    ],
)
def test_what_is_no_bundle_or_no_reading_is_refused(needs, options, code, path):
    with pytest.raises(InvalidArgument, match=rf"^{re.escape(path)}: {TOLD[code]} \(got ") as caught:
        bundle_stock(needs, **{"stocks": {}} | options)
    assert (caught.value.code, caught.value.path) == (code, path)
