"""Fair shares: what each rule gives, what it keeps to, and a counter-example for what it does not."""

from decimal import Decimal
from fractions import Fraction

import pytest

from preorder_kit import UNLIMITED, InvalidArgument
from preorder_kit.rationing import Rationing, _rationed, fair_shares, ration

RULES = pytest.mark.parametrize("rule", Rationing)
BOTH = pytest.mark.parametrize("divide", [ration, fair_shares])
HUGE = 10**30

_TABLE = [
    # claims, then what each rule gives of 0, 1, 2, ... units
    ((3, 4, 2), "in_order", "000 100 200 300 310 320 330 340 341 342"),
    ((3, 4, 2), "proportional", "000 010 110 111 121 221 231 232 332 342"),
    ((3, 4, 2), "webster", "000 010 110 111 121 221 231 232 332 342"),
    ((3, 4, 2), "equal", "000 100 110 111 211 221 222 322 332 342"),
    ((3, 4, 2), "equal_losses", "000 010 110 120 220 230 231 331 341 342"),
    ((3, 4, 2), "talmud", "000 100 110 111 211 221 231 331 341 342"),
    ((6, 6, 2), "proportional", "000 100 110 111 220 221 321 331 431 441 442 551 552 652 662"),
    ((6, 6, 2), "webster", "000 100 110 210 220 221 321 331 431 441 541 551 552 652 662"),
    ((1, 2, 2), "talmud", "000 100 011 111 121 122"),
    ((0, 2, 0, 1), "equal", "0000 0100 0101 0201"),
    ((0, 2, 0, 1), "equal_losses", "0000 0100 0200 0201"),
    ((0, 2, 0, 1), "webster", "0000 0100 0101 0201"),
]


@pytest.mark.parametrize(("claims", "rule", "shares"), _TABLE, ids=[f"{rule} {claims}" for claims, rule, _ in _TABLE])
def test_units_are_divided_by_the_rule(claims, rule, shares):
    given = [ration(units, claims=claims, rule=rule) for units in range(sum(claims) + 1)]
    assert ["".join(map(str, row)) for row in given] == shares.split()


@pytest.mark.parametrize(
    ("amount", "claims", "rule", "shares"),
    [
        (5, (3, 4, 2), "in_order", "3 2 0"),
        (5, (3, 4, 2), "proportional", "5/3 20/9 10/9"),
        (5, (3, 4, 2), "webster", "5/3 20/9 10/9"),
        (5, (3, 4, 2), "equal", "5/3 5/3 5/3"),
        (5, (3, 4, 2), "equal_losses", "5/3 8/3 2/3"),
        (5, (3, 4, 2), "talmud", "3/2 5/2 1"),
        (Fraction(9, 2), (3, 4, 2), "talmud", "3/2 2 1"),
        (4, (3, 4, 2), "talmud", "3/2 3/2 1"),
        (Fraction(1, 3), (Fraction(1, 2), Fraction(1, 5)), "equal", "1/6 1/6"),
        (Fraction(1, 3), (Fraction(1, 2), 0), "equal_losses", "1/3 0"),
    ],
)
def test_an_amount_is_divided_exactly(amount, claims, rule, shares):
    given = fair_shares(amount, claims=claims, rule=rule)
    assert " ".join(map(str, given)) == shares
    assert {type(share) for share in given} == {Fraction}


@RULES
@BOTH
@pytest.mark.parametrize("there", [9, 10, HUGE])
def test_where_there_is_enough_each_gets_its_claim(rule, divide, there):
    assert divide(there, claims=[3, 4, 2], rule=rule) == (3, 4, 2)


@RULES
def test_no_bound_on_units_is_enough(rule):
    assert ration(UNLIMITED, claims=[3, HUGE], rule=rule) == (3, HUGE)


@RULES
@BOTH
@pytest.mark.parametrize("there", [0, 5])
def test_who_asks_for_nothing_gets_nothing(rule, divide, there):
    assert divide(there, claims=[], rule=rule) == ()
    assert divide(there, claims=[0, 0], rule=rule) == (0, 0)
    assert divide(0, claims=[1, 2], rule=rule) == (0, 0)


@pytest.mark.parametrize(
    ("rule", "shares"),
    [
        ("in_order", (3 * HUGE, 2 * HUGE + 2, 0)),
        ("proportional", (5 * HUGE // 3 + 1, 20 * HUGE // 9 + 1, 10 * HUGE // 9 + 1)),
        ("webster", (5 * HUGE // 3 + 1, 20 * HUGE // 9 + 1, 10 * HUGE // 9 + 1)),
        ("equal", (5 * HUGE // 3 + 1, 5 * HUGE // 3 + 1, 5 * HUGE // 3 + 1)),
        ("equal_losses", (5 * HUGE // 3 + 1, 8 * HUGE // 3 + 1, 2 * HUGE // 3 + 1)),
        ("talmud", (3 * HUGE // 2 + 1, 5 * HUGE // 2 + 1, HUGE)),
    ],
)
def test_huge_numbers_are_divided_to_the_last_unit(rule, shares):
    units = 5 * HUGE + 2
    given = ration(units, claims=[3 * HUGE, 4 * HUGE, 2 * HUGE], rule=rule)
    assert sum(given) == units
    assert all(abs(share - about) <= 1 for share, about in zip(given, shares, strict=True))


def test_webster_corrects_many_claims_at_once_in_either_direction():
    """Each proportion is 1/2 or just below it: all are rounded up, or none."""
    assert ration(50, claims=[1] * 100, rule="webster") == (1,) * 50 + (0,) * 50
    assert ration(49, claims=[1] * 100, rule="webster") == (1,) * 49 + (0,) * 51


@pytest.mark.parametrize(
    ("units", "large", "shares"),
    [
        (48, 80, (1,) * 8 + (0,) * 12 + (40,)),
        (52, 80, (1,) * 12 + (0,) * 8 + (40,)),
        (53, 81, (1,) * 13 + (0,) * 7 + (40,)),
    ],
    ids=["two more", "two less", "three less, the third at the turn of the ones"],
)
def test_a_correction_may_change_one_claim_by_several_units(units, large, shares):
    """Twenty ones are rounded alike, ten too few or too many; the large claim has turns of its own before theirs."""
    assert ration(units, claims=[1] * 20 + [large], rule="webster") == shares


def test_the_unchecked_form_takes_zero_claims_too():
    assert [_rationed(2, [0, 3, 0, 1], rule) for rule in Rationing] == [
        [0, 2, 0, 0],
        [0, 2, 0, 0],
        [0, 2, 0, 0],
        [0, 1, 0, 1],
        [0, 2, 0, 0],
        [0, 2, 0, 0],
    ]


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [("proportional", (4, 4, 2), (5, 5, 1)), ("webster", (5, 4, 1), (5, 5, 1))],
)
def test_by_largest_remainder_an_eleventh_unit_takes_one_away(rule, before, after):
    assert [ration(units, claims=[6, 6, 2], rule=rule) for units in (10, 11)] == [before, after]


def test_under_the_talmuds_rule_a_second_unit_takes_one_away():
    assert [ration(units, claims=[1, 2, 2], rule="talmud") for units in (1, 2)] == [(1, 0, 0), (0, 1, 1)]


@pytest.mark.parametrize("rule", ["equal", "talmud"])
def test_a_larger_claim_may_get_a_unit_less_where_the_exact_shares_are_equal(rule):
    assert ration(1, claims=[1, 2], rule=rule) == (1, 0)


def test_in_order_a_larger_claim_may_get_nothing():
    assert ration(5, claims=[5, 9], rule="in_order") == (5, 0)


@pytest.mark.parametrize(
    ("rule", "units", "honest", "inflated"),
    [
        ("proportional", 1, (1, 0), (0, 1)),
        ("webster", 1, (1, 0), (0, 1)),
        ("equal_losses", 1, (1, 0), (0, 1)),
        ("talmud", 3, (2, 1), (1, 2)),
        ("in_order", 3, (2, 1), (2, 1)),
        ("equal", 3, (2, 1), (2, 1)),
    ],
)
def test_asking_for_more_pays_but_in_order_and_by_equal_awards(rule, units, honest, inflated):
    """The second needs as much as the first, and asks for three times that."""
    need = 1 if units == 1 else 2
    assert ration(units, claims=[need, need], rule=rule) == honest
    assert ration(units, claims=[need, need * 3], rule=rule) == inflated


@pytest.mark.parametrize(
    ("rule", "units", "claims", "shares"),
    [
        ("in_order", 2, (2, 2), (2, 0)),
        ("webster", 4, (1, 1, 1, 3), (1, 1, 1, 1)),
        ("equal", 3, (2, 4), (2, 1)),
        ("equal_losses", 3, (4, 2), (3, 0)),
        ("talmud", 3, (3, 6), (2, 1)),
        ("proportional", 4, (1, 1, 1, 3), (1, 1, 0, 2)),
    ],
)
def test_only_largest_remainder_stays_within_a_unit_of_the_proportion(rule, units, claims, shares):
    assert ration(units, claims=claims, rule=rule) == shares
    within = all(
        abs(share - Fraction(units * claim, sum(claims))) < 1 for share, claim in zip(shares, claims, strict=True)
    )
    assert within == (rule == "proportional")


@BOTH
@pytest.mark.parametrize("there", [-1, 2.5, True, "5", None, Decimal(5)], ids=repr)
def test_what_is_no_quantity_is_refused(divide, there):
    with pytest.raises(InvalidArgument, match="must be a whole number") as caught:
        divide(there, claims=[3, 4], rule="equal")
    assert caught.value.path == ("units" if divide is ration else "amount")
    assert caught.value.code == ("units.invalid" if divide is ration else "amount.invalid")


@BOTH
@pytest.mark.parametrize("claim", [-1, 2.5, False, "5", None, UNLIMITED], ids=repr)
def test_what_is_no_claim_is_refused(divide, claim):
    with pytest.raises(InvalidArgument, match=r"claims\[1\]: must be a whole number") as caught:
        divide(1, claims=[3, claim], rule="equal")
    assert caught.value.path == "claims[1]"


def test_part_of_a_unit_is_an_amount_and_no_unit():
    with pytest.raises(InvalidArgument, match=r"units: must be a whole number >= 0 \(got Fraction\(1, 2\)\)"):
        ration(Fraction(1, 2), claims=[3], rule="equal")
    with pytest.raises(InvalidArgument, match="amount: must be a whole number or a Fraction, >= 0"):
        fair_shares(Fraction(-1, 2), claims=[3], rule="equal")
    with pytest.raises(InvalidArgument, match="amount: must be a whole number or a Fraction"):
        fair_shares(UNLIMITED, claims=[3], rule="equal")


@BOTH
def test_claims_have_an_order(divide):
    with pytest.raises(InvalidArgument, match="claims: must be a sequence, whose order is its own"):
        divide(1, claims={3, 4}, rule="equal")


@BOTH
def test_an_unknown_rule_is_refused_even_where_there_is_enough(divide):
    with pytest.raises(InvalidArgument, match="rule: must be one of in_order, proportional, webster, equal, equal_lo"):
        divide(9, claims=[3], rule="fair")
