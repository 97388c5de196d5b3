"""Laws of `apportion`, `UNLIMITED` and recipes.

- shares add up to the whole, mirror its sign, and each is its exact proportion rounded up or down
- equal weights give shares that differ by one at most, the larger first
- `UNLIMITED` is above every number, and taking from it leaves it
- a recipe needs the same whether its components stand once, twice, or nested; demand has no order
"""

from fractions import Fraction
from math import ceil, floor

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import UNLIMITED, Component, OrderLine, add_units, apportion, demand, explode, needs, take_units
from preorder_kit.testing import orders, quantities

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any)


@given(st.integers(-10_000, 10_000), weights)
def test_shares_add_up_and_are_their_proportion_rounded(total, parts):
    shares = apportion(total, weights=parts)
    assert sum(shares) == total
    assert apportion(-total, weights=parts) == tuple(-share for share in shares)
    for share, part in zip(shares, parts, strict=True):
        exact = Fraction(total * part, sum(parts))
        assert floor(exact) <= share <= ceil(exact)


@given(st.integers(0, 10_000), st.integers(1, 12))
def test_equal_weights_differ_by_one_at_most_and_the_larger_come_first(total, count):
    shares = apportion(total, weights=[7] * count)
    assert list(shares) == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] <= 1


@given(st.integers())
def test_unlimited_is_above_every_number(number):
    assert number < UNLIMITED
    assert number <= UNLIMITED
    assert number < UNLIMITED
    assert number <= UNLIMITED
    assert number != UNLIMITED
    assert min(number, UNLIMITED) == number
    assert max(UNLIMITED, number) is UNLIMITED


@given(st.lists(quantities()), st.integers(0, 50))
def test_adding_and_taking_units_know_no_bound(parts, units):
    total = add_units(parts)
    assert (total is UNLIMITED) == (UNLIMITED in parts)
    left = take_units(total, units=units)
    assert left is UNLIMITED if total is UNLIMITED else left == total - units


recipes = st.recursive(
    st.builds(Component, st.sampled_from("WXYZ"), st.integers(1, 4)),
    lambda parts: st.builds(
        # A name longer than those of its parts, so that no SKU is inside itself.
        lambda count, inner: Component(f"KIT({'+'.join(part.sku for part in inner)})", count, inner),
        st.integers(1, 3),
        st.lists(parts, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


def naive(components, times=1):
    found = []
    for part in components:
        inner = naive(part.components, times * part.quantity) if part.components else [part.sku] * times * part.quantity
        found.extend(inner)
    return found


@given(st.lists(recipes, max_size=3))
def test_exploding_counts_what_laying_every_unit_out_counts(components):
    laid_out = naive(components)
    assert explode(components) == {sku: laid_out.count(sku) for sku in set(laid_out)}
    if components:
        line = OrderLine(id="1", sku="SET", quantity=2, components=components)
        assert {need.sku: need.quantity for need in needs(line)} == explode(components)
        assert demand([line]) == {sku: 2 * count for sku, count in explode(components).items()}


@given(st.lists(orders(), max_size=3), st.randoms(use_true_random=False))
def test_demand_has_no_order_and_orders_are_their_lines(several, random):
    shuffled = random.sample(several, len(several))
    assert demand(shuffled) == demand(several) == demand([line for order in several for line in order.lines])


@given(orders())
def test_dividing_a_line_changes_no_demand(order):
    first = order.lines[0]
    if first.quantity > 1:
        halves = [attrs.evolve(first, quantity=1), attrs.evolve(first, id="x", quantity=first.quantity - 1)]
        assert demand([attrs.evolve(order, lines=[*halves, *order.lines[1:]])]) == demand([order])
