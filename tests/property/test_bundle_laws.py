"""Laws of bundles.

- what `components_from` reads needs what multiplying the book down by hand needs, and its order changes nothing
- `bundle_units` is the greatest number of bundles whose needs are there; stock that is added never lowers it, and
  neither the order of the components nor dividing them changes it
- `bundle_units_at_most` is never exceeded by what picking bundle by bundle makes, and is met where no SKU is shared
- a choice needs what its picks need, and no choice makes more bundles than `bundle_units_at_most` allows
- `bundle_stock` quotes what the readings of all components quote together, whatever their order; one thing alone reads
  as it does; what one component does not disclose is not disclosed; a component more never makes it better
"""

import functools
import itertools
from collections import Counter

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    UNLIMITED,
    Availability,
    Component,
    Mix,
    Section,
    Stock,
    bundle_units,
    bundle_units_at_most,
    choose_components,
    components_from,
    explode,
    normalize_stock,
    quote,
    section_units,
    take_units,
)
from preorder_kit.stock import bundle_stock
from preorder_kit.testing import quantities, skus

# Every SKU is made of later ones, so that none is inside itself.
books = st.lists(st.dictionaries(st.integers(1, 3), st.integers(1, 3), max_size=3), min_size=5, max_size=5).map(
    lambda recipes: {
        f"S{place}": {f"S{place + step}": units for step, units in recipe.items()}
        for place, recipe in enumerate(recipes)
    }
)
shelves = st.dictionaries(skus(), st.integers(-3, 20) | st.just(UNLIMITED))
parts = st.builds(Component, skus(), st.integers(1, 3), kind=st.sampled_from(["goods", "goods", "goods", "fee"]))
recipes = st.lists(parts, min_size=1, max_size=4)
shuffles = st.randoms(use_true_random=False)


def needed(book, sku, times=1):
    if not book.get(sku):
        return Counter({sku: times})
    return sum((needed(book, part, times * units) for part, units in book[sku].items()), Counter())


@given(books, shuffles)
def test_a_book_is_multiplied_down(book, random):
    found = components_from(book, sku="S0")
    assert explode(found) == (needed(book, "S0") if book["S0"] else {})
    shuffled = {sku: dict(random.sample(list(recipe.items()), len(recipe))) for sku, recipe in book.items()}
    assert explode(components_from(dict(random.sample(list(shuffled.items()), 5)), sku="S0")) == explode(found)


def greatest(fits, most=70):
    return next((number - 1 for number in range(1, most) if not fits(number)), UNLIMITED)


@given(recipes, shelves)
def test_as_many_bundles_as_their_needs_are_there(components, available):
    needs = explode(components)

    def fits(bundles):
        return all(take_units(available.get(sku, 0), units=bundles * each) >= 0 for sku, each in needs.items())

    assert bundle_units(components, available=available) == greatest(fits)


@given(recipes, shelves, skus(), quantities())
def test_stock_that_is_added_makes_no_fewer_bundles(components, available, sku, more):
    before = available.get(sku, 0)
    after = UNLIMITED if UNLIMITED in (before, more) else before + more
    raised = bundle_units(components, available={**available, sku: after})
    assert raised >= bundle_units(components, available=available)


@given(recipes, shelves, shuffles)
def test_neither_order_nor_division_of_components_counts(components, available, random):
    shuffled = random.sample(components, len(components))
    single = [attrs.evolve(part, quantity=1) for part in components for _ in range(part.quantity)]
    found = bundle_units(components, available=available)
    assert bundle_units(shuffled, available=available) == found
    assert bundle_units(single, available=available) == found
    assert explode(single) == explode(shuffled) == explode(components)


def sections_of(names):
    return st.builds(
        Section,
        quantity=st.integers(1, 2),
        options=st.lists(
            st.builds(Component, names, st.integers(1, 2)), min_size=1, max_size=2, unique_by=lambda part: part.sku
        ),
        mix=st.sampled_from(Mix),
    )


shared = st.lists(sections_of(st.sampled_from("ABC")), min_size=1, max_size=2)
apart = st.tuples(sections_of(st.sampled_from("AB")), sections_of(st.sampled_from("CD")))
small = st.fixed_dictionaries(dict.fromkeys("ABCD", st.integers(0, 4)))


def ways(section):
    """Return every way to fill a section for one bundle, as the units that it takes."""
    picks = itertools.combinations_with_replacement(section.options, section.quantity)
    return [Counter({part.sku: part.quantity * pick.count(part) for part in pick}) for pick in picks]


def bundle_by_bundle(sections, stock):
    """Return the most bundles that any ways of filling the sections, one bundle after the other, make."""
    needs = [sum(way, Counter()) for way in itertools.product(*map(ways, sections))]

    @functools.cache
    def made(left):
        there = dict(zip("ABCD", left, strict=True))
        fitting = [need for need in needs if all(need[sku] <= there[sku] for sku in need)]
        return max((1 + made(tuple(there[sku] - need[sku] for sku in "ABCD")) for need in fitting), default=0)

    return made(tuple(stock[sku] for sku in "ABCD"))


def one_option_each(section):
    """Return the sections that a section is in the end: of one option, where its picks may not be mixed."""
    alone = [attrs.evolve(section, options=[option]) for option in section.options]
    return [section] if section.mix is Mix.ANY else alone


def most_bundles(sections, stock):
    return max(bundle_by_bundle(fixed, stock) for fixed in itertools.product(*map(one_option_each, sections)))


@given(shared, small)
def test_sections_never_serve_more_bundles_than_is_said(sections, stock):
    assert most_bundles(sections, stock) <= bundle_units_at_most(sections, available=stock)


@given(apart, small)
def test_what_is_said_is_met_where_no_sku_is_shared(sections, stock):
    assert most_bundles(sections, stock) == bundle_units_at_most(sections, available=stock)
    assert most_bundles(sections[:1], stock) == section_units(sections[0], available=stock)


@given(shared, small, st.data())
def test_a_choice_needs_what_its_picks_need(sections, stock, data):
    picks = []
    for section in sections:
        names = st.sampled_from([part.sku for part in section.options])
        most = 1 if section.mix is Mix.ONE_OPTION else section.quantity
        chosen = data.draw(st.lists(names, min_size=most, max_size=most))
        picks.append(Counter(chosen if section.mix is Mix.ANY else chosen * section.quantity))
    chosen = choose_components(sections, picks=picks)
    expected = Counter()
    for section, pick in zip(sections, picks, strict=True):
        expected.update({part.sku: part.quantity * pick[part.sku] for part in section.options if pick[part.sku]})
    assert explode(chosen) == expected
    assert bundle_units(chosen, available=stock) <= bundle_units_at_most(sections, available=stock)


said = st.sampled_from(["in_stock", "low_stock", "preorder", "backorder"])
numbers = st.integers(1, 12) | st.just(UNLIMITED)
for_sale = st.builds(Stock, availability=said, quantity=numbers, later=quantities(most=8))
not_for_sale = st.sampled_from([0, -2, None, "no"]).map(normalize_stock)
hidden = st.builds(Stock, availability=said, quantity=st.none(), later=quantities(most=8))
needs_of = st.dictionaries(skus(), st.integers(1, 3), min_size=1)
disclosed = st.fixed_dictionaries(dict.fromkeys("ABCD", for_sale | for_sale | not_for_sale))
readings = st.fixed_dictionaries(dict.fromkeys("ABCD", for_sale | not_for_sale | hidden))
RANK = ["in_stock", "low_stock", "backorder", "preorder", "unknown", "out_of_stock"]


@given(needs_of, disclosed, st.integers(0, 25))
def test_a_bundle_is_quoted_as_all_of_its_components_are(needs, stocks, asked):
    bundle = quote(asked, stock=bundle_stock(needs, stocks=stocks))

    def now(bundles):
        return all(quote(bundles * each, stock=stocks[sku]).now == bundles * each for sku, each in needs.items())

    def at_all(bundles):
        return all(quote(bundles * each, stock=stocks[sku]).refused == 0 for sku, each in needs.items())

    assert bundle.now == min(asked, greatest(now))
    assert bundle.now + bundle.later == min(asked, greatest(at_all))


@given(skus(), for_sale | not_for_sale | hidden, st.integers(0, 12))
def test_one_thing_alone_reads_as_it_does(sku, stock, few_below):
    found = bundle_stock({sku: 1}, stocks={sku: stock}, few_below=few_below)
    few = stock.quantity is not None and stock.quantity < few_below and stock.availability is Availability.IN_STOCK
    expected = Availability.LOW_STOCK if few else stock.availability
    later = 0 if stock.quantity in {None, UNLIMITED} else stock.later  # nothing is beyond no bound
    assert found == attrs.evolve(stock, availability=expected, later=later, oversold=0)


@given(needs_of, readings, shuffles)
def test_the_order_of_components_changes_no_reading(needs, stocks, random):
    shuffled = dict(random.sample(list(needs.items()), len(needs)))
    assert bundle_stock(shuffled, stocks=stocks) == bundle_stock(needs, stocks=stocks)


@given(needs_of, readings)
def test_a_component_more_never_makes_it_better(needs, stocks):
    whole = bundle_stock(needs, stocks=stocks)
    for sku, each in needs.items():
        alone = bundle_stock({sku: each}, stocks=stocks)
        assert RANK.index(whole.availability) >= RANK.index(alone.availability)
    if whole.is_available and any(stocks[sku].quantity is None for sku in needs):
        assert whole.quantity is None
