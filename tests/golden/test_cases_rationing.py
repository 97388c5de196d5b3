"""Published examples on fair shares. The data is in cases/rationing.json."""

from fractions import Fraction

import pytest
from golden_cases import cases

from preorder_kit.rationing import fair_shares, ration

RULES = {
    "PRO": "proportional",
    "CEA": "equal",
    "CEL": "equal_losses",
    "Talmud": "talmud",
    "proportional": "proportional",
    "linear": "equal_losses",
    "uniform": "equal",
    "lexicographic_fixed_order": "in_order",
    "largest_remainder": "proportional",
    "saintelague": "webster",
}


@pytest.mark.parametrize("case", cases("rationing"))
def test_a_published_share_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def exact(numbers):
    """Return numbers that a source writes as fractions or decimals."""
    return tuple(Fraction(number) for number in numbers)


def check_claims(given, expect):
    for name, shares in expect.items():
        assert fair_shares(given["estate"], claims=exact(given["claims"]), rule=RULES[name]) == exact(shares), name


def check_maxmin(given, expect):
    """A maximin share of one resource is an equal award."""
    assert fair_shares(given["capacity"], claims=exact(given["demands"]), rule="equal") == exact(expect["alloc"])


def check_apportion(given, expect):
    for name, shares in expect.items():
        for rule in ["proportional", "webster"] if name == "all_methods" else [RULES[name]]:
            assert list(ration(given["units"], claims=given["weights"], rule=rule)) == shares, rule


def check_allocation_mechanism(given, expect):
    for name, shares in expect.items():
        assert fair_shares(given["capacity"], claims=given["orders"], rule=RULES[name]) == exact(shares), name


def check_allocation_mechanism_manipulation(given, expect):
    """What the first gains who asks for more than it needs."""
    for name, gain in expect.items():
        rule = RULES[name.removesuffix("_gain")]
        honest, inflated = (
            fair_shares(given["capacity"], claims=given[orders], rule=rule)[0]
            for orders in ("true_orders", "reported_orders")
        )
        assert inflated - honest == Fraction(gain), name


def check_turn_and_earn(given, expect):
    """What past sales guarantee comes first, the rest is shared equally: two calls."""
    earned = fair_shares(given["capacity"], claims=given["past_sales"], rule="proportional")
    kept = [min(share, order) for share, order in zip(earned, given["orders"], strict=True)]
    lacking = [order - share for order, share in zip(given["orders"], kept, strict=True)]
    more = fair_shares(given["capacity"] - sum(kept), claims=lacking, rule="equal")
    assert [share + extra for share, extra in zip(kept, more, strict=True)] == list(exact(expect["alloc"]))
