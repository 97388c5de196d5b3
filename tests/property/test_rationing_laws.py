"""Laws of `ration` and `fair_shares`.

- conservation: shares add up to what is there, or to all claims if that is less, and none is above its claim
- whole units are the exact shares rounded up or down, except by Webster; where the exact shares are whole, they are it
- brute force: EQUAL serves the least served next, EQUAL_LOSSES takes from who lacks least, WEBSTER goes by turns, and
  PROPORTIONAL leaves no smaller remainder rounded up; TALMUD is equal awards, then equal losses, on half claims
- more stock takes nothing away: IN_ORDER, WEBSTER, EQUAL, EQUAL_LOSSES; every rule, if shares are exact
- a larger claim never gets less, nor lacks less, if shares are exact; in whole units but for one unit, and under
  PROPORTIONAL, WEBSTER and EQUAL_LOSSES not even for that; equal claims differ by one unit at most, the earlier first
- duality: what is missing, divided with the last claim first, comes to the same; EQUAL is dual to EQUAL_LOSSES
- asking for more than one needs, or less, never pays: IN_ORDER, EQUAL
- a finer measure changes no exact share, a claim of nothing changes no share, nor does a common factor of the claims
  change what WEBSTER gives
- where shares are exact, the order of claims is nothing to any rule but IN_ORDER
"""

from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import UNLIMITED
from preorder_kit.rationing import Rationing, fair_shares, ration

RULES = pytest.mark.parametrize("rule", Rationing)
FAIR = [rule for rule in Rationing if rule is not Rationing.IN_ORDER]
MONOTONE = [Rationing.IN_ORDER, Rationing.WEBSTER, Rationing.EQUAL, Rationing.EQUAL_LOSSES]
ORDERED = [Rationing.PROPORTIONAL, Rationing.WEBSTER, Rationing.EQUAL_LOSSES]
DUAL = {Rationing.EQUAL: Rationing.EQUAL_LOSSES, Rationing.EQUAL_LOSSES: Rationing.EQUAL}

some_claims = st.lists(st.one_of(st.integers(0, 4), st.integers(0, 40)), min_size=1, max_size=8)
large = st.integers(0, 10**30)
parts = st.builds(Fraction, st.integers(0, 60), st.integers(1, 6))


@st.composite
def shortages(draw, of=some_claims):
    """Return units and claims, the units not more than the claims add up to."""
    claims = draw(of)
    return draw(st.integers(0, sum(claims))), claims


def rounds(units, claims, key):
    """Return what units come to that go one by one to the least key of those who lack some, ties to the earlier."""
    shares = [0] * len(claims)
    for _ in range(units):
        lacking = [index for index, claim in enumerate(claims) if shares[index] < claim]
        shares[min(lacking, key=lambda index: (key(shares[index], claims[index]), index))] += 1
    return tuple(shares)


def less(claims, shares):
    return tuple(claim - share for claim, share in zip(claims, shares, strict=True))


@RULES
@given(st.one_of(large, st.just(UNLIMITED)), st.lists(large, max_size=6))
def test_shares_add_up_and_none_is_above_its_claim(rule, units, claims):
    shares = ration(units, claims=claims, rule=rule)
    assert sum(shares) == min(units, sum(claims))
    assert all(0 <= share <= claim for share, claim in zip(shares, claims, strict=True))


@RULES
@given(parts, st.lists(parts, max_size=5))
def test_exact_shares_add_up_and_none_is_above_its_claim(rule, amount, claims):
    shares = fair_shares(amount, claims=claims, rule=rule)
    assert sum(shares) == min(amount, sum(claims))
    assert all(0 <= share <= claim for share, claim in zip(shares, claims, strict=True))


@RULES
@given(shortages())
def test_whole_units_are_the_exact_shares_rounded(rule, case):
    units, claims = case
    shares, exact = ration(units, claims=claims, rule=rule), fair_shares(units, claims=claims, rule=rule)
    if all(share.denominator == 1 for share in exact):
        assert shares == exact
    elif rule is not Rationing.WEBSTER:
        assert all(floor(part) <= share <= ceil(part) for share, part in zip(shares, exact, strict=True))


@given(shortages())
def test_equal_awards_go_to_the_least_served(case):
    units, claims = case
    assert ration(units, claims=claims, rule="equal") == rounds(units, claims, lambda share, _: share)


@given(shortages())
def test_equal_losses_are_taken_from_who_lacks_least(case):
    units, claims = case
    losses = rounds(sum(claims) - units, claims[::-1], lambda loss, _: loss)[::-1]
    assert ration(units, claims=claims, rule="equal_losses") == less(claims, losses)


@given(shortages())
def test_webster_gives_unit_by_unit_to_whose_turn_is_next(case):
    """The search is told not to pass a claim, and it makes no difference: see the law without that limit."""
    units, claims = case
    turns = rounds(units, claims, lambda share, claim: Fraction(2 * share + 1, claim))
    assert ration(units, claims=claims, rule="webster") == turns


@given(shortages(), st.integers(1, 5))
def test_no_turn_that_webster_gave_comes_after_one_that_it_did_not(case, times):
    """Served claims have a next turn as well, after all turns of any claim, so that it takes no limit."""
    units, claims = case
    shares = ration(units, claims=[claim * times for claim in claims], rule="webster")
    assert shares == ration(units, claims=claims, rule="webster")
    given_last = [Fraction(2 * share - 1, claim) for share, claim in zip(shares, claims, strict=True) if share]
    next_turns = [Fraction(2 * share + 1, claim) for share, claim in zip(shares, claims, strict=True) if claim]
    assert not given_last or max(given_last) <= min(next_turns)


@pytest.mark.parametrize("rule", [Rationing.PROPORTIONAL, Rationing.TALMUD, Rationing.EQUAL, Rationing.EQUAL_LOSSES])
@given(shortages())
def test_the_largest_remainders_are_rounded_up_ties_to_the_earlier(rule, case):
    units, claims = case
    shares, exact = ration(units, claims=claims, rule=rule), fair_shares(units, claims=claims, rule=rule)
    turns = [(-(part % 1), index) for index, part in enumerate(exact)]
    up = [turn for turn, share, part in zip(turns, shares, exact, strict=True) if share > part]
    down = [turn for turn, share, part in zip(turns, shares, exact, strict=True) if share <= part and part % 1]
    assert not up or not down or max(up) < min(down)


@given(st.integers(0, 60), some_claims)
def test_the_talmuds_rule_is_equal_awards_then_equal_losses_on_half_claims(units, claims):
    halves = [Fraction(claim, 2) for claim in claims]
    first = fair_shares(units, claims=halves, rule="equal")
    then = fair_shares(max(0, units - sum(halves)), claims=halves, rule="equal_losses")
    both = tuple(share + more for share, more in zip(first, then, strict=True))
    assert fair_shares(units, claims=claims, rule="talmud") == both


@given(shortages(st.lists(st.integers(1, 20), min_size=2, max_size=5)))
def test_any_two_share_as_they_would_a_garment(case):
    """What both get under the Talmud's rule: half of what both contest, and all that the other does not claim."""
    units, claims = case
    shares = fair_shares(units, claims=claims, rule="talmud")
    both, (one, other) = shares[0] + shares[1], claims[:2]
    conceded = max(0, both - other), max(0, both - one)
    assert shares[0] == conceded[0] + (both - sum(conceded)) / 2


@pytest.mark.parametrize("rule", MONOTONE)
@given(shortages(), st.integers(0, 5))
def test_more_stock_takes_no_unit_away(rule, case, more):
    units, claims = case
    before, after = (ration(there, claims=claims, rule=rule) for there in (units, units + more))
    assert all(share <= later for share, later in zip(before, after, strict=True))


@RULES
@given(parts, parts, some_claims)
def test_more_stock_makes_no_exact_share_smaller(rule, amount, more, claims):
    before, after = (fair_shares(there, claims=claims, rule=rule) for there in (amount, amount + more))
    assert all(share <= later for share, later in zip(before, after, strict=True))


@pytest.mark.parametrize("rule", FAIR)
@given(shortages())
def test_a_larger_claim_never_gets_less_nor_lacks_less(rule, case):
    units, claims = case
    for divide, slack in ((fair_shares, 0), (ration, 1)):
        shares = divide(units, claims=claims, rule=rule)
        rows = sorted(zip(claims, shares, less(claims, shares), strict=True))
        for (small, share, loss), (large_one, larger_share, larger_loss) in pairwise(rows):
            assert share <= larger_share + slack
            assert loss <= larger_loss + slack
            if rule in ORDERED and small < large_one:
                assert share <= larger_share


@pytest.mark.parametrize("rule", FAIR)
@given(shortages())
def test_equal_claims_get_the_same_but_for_a_unit_that_the_earlier_gets(rule, case):
    units, claims = case
    shares = ration(units, claims=claims, rule=rule)
    for size in set(claims):
        alike = [share for share, claim in zip(shares, claims, strict=True) if claim == size]
        assert alike == sorted(alike, reverse=True)
        assert alike[0] - alike[-1] <= 1


@RULES
@given(shortages())
def test_dividing_what_is_missing_with_the_last_first_comes_to_the_same(rule, case):
    units, claims = case
    dual = DUAL.get(rule, rule)
    losses = ration(sum(claims) - units, claims=claims[::-1], rule=dual)[::-1]
    assert ration(units, claims=claims, rule=rule) == less(claims, losses)
    if rule is not Rationing.IN_ORDER:
        exact = fair_shares(sum(claims) - units, claims=claims, rule=dual)
        assert fair_shares(units, claims=claims, rule=rule) == less(claims, exact)


@pytest.mark.parametrize("rule", [Rationing.IN_ORDER, Rationing.EQUAL])
@given(shortages(), st.integers(0, 60), st.data())
def test_asking_for_anything_but_what_one_needs_never_pays(rule, case, asked, data):
    units, claims = case
    who = data.draw(st.integers(0, len(claims) - 1))
    told = [*claims[:who], asked, *claims[who + 1 :]]
    for divide in (ration, fair_shares):
        honest, other = (divide(units, claims=report, rule=rule)[who] for report in (claims, told))
        assert min(other, claims[who]) <= honest


@RULES
@given(shortages(), st.integers(1, 1000))
def test_a_smaller_unit_of_measure_changes_no_exact_share(rule, case, times):
    units, claims = case
    finer = fair_shares(units * times, claims=[claim * times for claim in claims], rule=rule)
    assert tuple(share / times for share in finer) == fair_shares(units, claims=claims, rule=rule)


@RULES
@given(shortages(), st.data())
def test_a_claim_of_nothing_changes_nothing(rule, case, data):
    units, claims = case
    where = data.draw(st.integers(0, len(claims)))
    for divide in (ration, fair_shares):
        shares = divide(units, claims=claims, rule=rule)
        among = divide(units, claims=[*claims[:where], 0, *claims[where:]], rule=rule)
        assert among == (*shares[:where], 0, *shares[where:])


@pytest.mark.parametrize("rule", FAIR)
@given(shortages(), st.data())
def test_exact_shares_have_no_order(rule, case, data):
    units, claims = case
    turn = data.draw(st.permutations(range(len(claims))))
    shares = fair_shares(units, claims=claims, rule=rule)
    shuffled = fair_shares(units, claims=[claims[index] for index in turn], rule=rule)
    assert shuffled == tuple(shares[index] for index in turn)
