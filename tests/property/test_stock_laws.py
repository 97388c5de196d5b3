"""Laws of readings of stock.

- a masked reading, and the public label, are the same for every number: nothing of it can be seen
- `roll_up` has no order, and rolling up in groups gives the same availability and numbers
- `quote` adds up, and never gives more than there is or the cap allows
- `derive_stock` is total; more stock never makes it worse, more commitments never better
- `remaining` is the smallest of what is left, and 0 is a cap
"""

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    UNLIMITED,
    Availability,
    BeforeStreetDate,
    CartAction,
    Stock,
    add_units,
    cart_action,
    derive_stock,
    is_released,
    mask,
    normalize_stock,
    public_label,
    quote,
    remaining,
    roll_up,
)
from preorder_kit.testing import instants, quantities, sell_rules

numbers = st.integers(-50, 500)
fields = numbers | numbers.map(str) | st.sampled_from(["yes", "few", "no", "infinite", "preorder", None, "", " Few "])
stocks = fields.map(normalize_stock)
RANK = list(Availability)


@given(numbers, numbers)
def test_a_masked_reading_never_shows_a_number(one, other):
    first, second = normalize_stock(one), normalize_stock(other)
    if first.availability == second.availability:
        assert mask(first) == mask(second)
        assert repr(mask(first)) == repr(mask(second))
    assert (mask(first).quantity, mask(first).later, mask(first).oversold) == (None, 0, 0)
    assert public_label(mask(first)) == public_label(first)
    assert public_label(first) in {"yes", "few", "no"}


@given(stocks)
def test_what_can_be_bought_is_what_the_button_sells(stock):
    assert (cart_action(stock) is CartAction.SOLD_OUT) == (not stock.is_available)
    assert stock.is_preorder == (cart_action(stock) is CartAction.PREORDER)
    assert (public_label(stock) == "no") == (not stock.is_available)


@given(st.lists(stocks, max_size=6), st.randoms(use_true_random=False))
def test_rolling_up_has_no_order_and_takes_the_best(sizes, random):
    shuffled = random.sample(sizes, len(sizes))
    assert roll_up(shuffled) == roll_up(sizes)
    best = min((RANK.index(size.availability) for size in sizes), default=len(RANK) - 1)
    assert roll_up(sizes).availability is RANK[best]
    assert roll_up(sizes).oversold == sum(size.oversold for size in sizes)


@given(st.lists(stocks, max_size=4), st.lists(stocks, max_size=4))
def test_rolling_up_in_groups_finds_the_same_availability(some, others):
    grouped = roll_up([roll_up(some), roll_up(others)])
    assert grouped.availability is roll_up([*some, *others]).availability


@given(st.integers(0, 60), stocks, quantities(most=40), quantities(most=60))
def test_a_quote_adds_up_and_stays_within_its_bounds(asked, stock, later, cap):
    if stock.is_available:
        stock = attrs.evolve(stock, later=later)
    answer = quote(asked, stock=stock, cap=cap)
    assert answer.now + answer.later + answer.refused == asked
    assert min(answer.now, answer.later, answer.refused) >= 0
    assert answer.now + answer.later <= cap
    assert (answer.reason is None) == (answer.refused == 0)
    if stock.quantity is not None:
        assert answer.now + answer.later <= add_units([stock.quantity, stock.later])


facts = {
    "on_hand": st.integers(-5, 30),
    "committed": st.integers(0, 12),
    "waiting": st.integers(0, 12),
    "incoming": quantities(),
    "rules": sell_rules(),
    "street_date": st.none() | instants(),
    "at": instants(),
}


@given(st.fixed_dictionaries(facts))
def test_deriving_is_total_and_gives_a_reading_that_can_be_built(given_facts):
    stock = derive_stock(**given_facts)
    assert isinstance(stock, Stock)
    assert stock.availability is not Availability.UNKNOWN
    assert stock.is_available == (stock.quantity != 0)
    assert stock.oversold == max(0, given_facts["committed"] - given_facts["on_hand"])


@given(st.fixed_dictionaries(facts), st.integers(0, 10))
def test_more_stock_never_sells_fewer_units(given_facts, more):
    before = derive_stock(**given_facts)
    after = derive_stock(**{**given_facts, "on_hand": given_facts["on_hand"] + more})
    asked = 100
    one, other = quote(asked, stock=before), quote(asked, stock=after)
    assert one.now <= other.now
    ahead = not is_released(given_facts["street_date"], at=given_facts["at"])
    # Stock that is sold before its street date is ordinary stock, and takes the place of the pre-orders.
    if not (ahead and given_facts["rules"].before_street_date is BeforeStreetDate.SELL):
        assert one.now + one.later <= other.now + other.later


@given(st.lists(st.tuples(quantities(), st.integers(0, 30)), max_size=5))
def test_what_remains_under_several_caps_is_the_smallest_of_them(caps):
    limits, used = [cap for cap, _ in caps], [units for _, units in caps]
    left = [UNLIMITED if cap is UNLIMITED else max(0, cap - units) for cap, units in caps]
    assert remaining(limits, used=used) == min(left, default=UNLIMITED)
    by_name = {str(place): cap for place, cap in enumerate(limits)}
    assert remaining(by_name, used={str(place): units for place, units in enumerate(used)}) == min(
        left, default=UNLIMITED
    )
