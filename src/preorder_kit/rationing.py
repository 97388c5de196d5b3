"""Fair shares: too little for all claims, divided by a rule, exactly or in whole units.

What each rule of `Rationing` keeps to, in whole units:

================  ==============================  ===============================  ==========================
rule              more stock takes no unit away   a larger claim never gets less   asking for more never pays
================  ==============================  ===============================  ==========================
``IN_ORDER``      yes                             no                               yes
``PROPORTIONAL``  no                              yes                              no
``WEBSTER``       yes                             yes                              no
``EQUAL``         yes                             but for one unit                 yes
``EQUAL_LOSSES``  yes                             yes                              no
``TALMUD``        no                              but for one unit                 no
================  ==============================  ===============================  ==========================

Only ``PROPORTIONAL`` gives each claim its exact proportion rounded up or down. Under all but ``IN_ORDER``, equal claims
get the same but for one unit, and the earlier gets it. Divide what is missing instead, the last claim first, and under
each rule it comes to the same; only ``EQUAL`` then is ``EQUAL_LOSSES``, and the reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from heapq import heapify, heapreplace
from math import lcm

from ._checks import member, refused, sequence
from ._checks import units as check_units
from .quantities import UNLIMITED, Quantity, _quantity

__all__ = ["Rationing", "fair_shares", "ration"]


class Rationing(StrEnum):
    """By which rule too little is divided among claims.

    IN_ORDER: each claim in turn gets what it asks for while there is something. PROPORTIONAL: in proportion to the
    claims; whole units by largest remainder. WEBSTER: in proportion too, but a further unit goes to the claim with the
    least (2 * share + 1) / claim and changes nothing else: for stock that arrives in steps. EQUAL: the same for all,
    but for nobody more than it asks (constrained equal awards); a further unit goes to the least served that still
    lacks something. EQUAL_LOSSES: all lack the same, but nobody more than it asks (constrained equal losses); whole
    units by largest remainder. TALMUD: up to half of all that is asked, equal awards on half of each claim; beyond it,
    half of each claim and equal losses on the other half; whole units by largest remainder. Ties go to the earlier.
    """

    IN_ORDER = "in_order"
    PROPORTIONAL = "proportional"
    WEBSTER = "webster"
    EQUAL = "equal"
    EQUAL_LOSSES = "equal_losses"
    TALMUD = "talmud"


def ration(units: Quantity, /, *, claims: Sequence[int], rule: Rationing) -> tuple[int, ...]:
    """Divide units among claims by a rule, in whole units.

    The order of the claims is their turn: ties go to the earlier. A quantity of a million costs what 1 costs.

    Args:
        units: How many there are to give, or no bound.
        claims: What each asks for, in units >= 0.
        rule: How to divide; its value is taken as well.

    Returns:
        One share for each claim, none above its claim. They add up to ``units``, or to all claims if that is less.

    Raises:
        InvalidArgument: If ``units`` or a claim is no whole number >= 0, or ``rule`` is none.

    Source:
        Largest remainder and Webster: Balinski and Young, Fair Representation (1982). Equal awards, equal losses and
        the Talmud's rule: Aumann and Maschler, J. Econ. Theory 36 (1985), and Thomson, How to Divide When There Isn't
        Enough (2019).

    Examples:
        Five units for claims of three, four and two:

        >>> from preorder_kit import Rationing, ration
        >>> for rule in Rationing:
        ...     print(rule, ration(5, claims=[3, 4, 2], rule=rule))
        in_order (3, 2, 0)
        proportional (2, 2, 1)
        webster (2, 2, 1)
        equal (2, 2, 1)
        equal_losses (2, 3, 0)
        talmud (2, 2, 1)

        By largest remainder, one unit more can take one away; by Webster's method it never does:

        >>> for rule in (Rationing.PROPORTIONAL, Rationing.WEBSTER):
        ...     print([ration(units, claims=[6, 6, 2], rule=rule) for units in (10, 11)])
        [(4, 4, 2), (5, 5, 1)]
        [(5, 4, 1), (5, 5, 1)]
    """
    _quantity(units, "units")
    asked = sequence(claims, "claims", check=check_units)
    chosen: Rationing = member(rule, "rule", of=Rationing)
    if units is UNLIMITED or units >= sum(asked):
        return asked
    return tuple(_rationed(units, asked, chosen))


def fair_shares(
    amount: int | Fraction, /, *, claims: Sequence[int | Fraction], rule: Rationing
) -> tuple[Fraction, ...]:
    """Divide an amount among claims by a rule, exactly.

    Args:
        amount: What there is to give.
        claims: What each asks for, in the same unit.
        rule: How to divide; ``WEBSTER`` is ``PROPORTIONAL`` here, as nothing is rounded.

    Returns:
        One share for each claim, none above its claim. They add up to ``amount``, or to all claims if that is less.
        Under no rule does a larger amount make a share smaller.

    Raises:
        InvalidArgument: If ``amount`` or a claim is no ``int`` or ``Fraction`` >= 0, or ``rule`` is none.

    Source:
        As for `ration`.

    Examples:
        The table of the Talmud (Ketubot 93a): an estate of 100, 200, 300, and claims of 100, 200, 300.

        >>> from preorder_kit import fair_shares
        >>> for estate in (100, 200, 300):
        ...     print(*fair_shares(estate, claims=[100, 200, 300], rule="talmud"))
        100/3 100/3 100/3
        50 75 75
        50 100 150

        Fractions of a unit are claimed and given:

        >>> from fractions import Fraction
        >>> print(*fair_shares(10, claims=[2, Fraction("2.6"), 4, 5], rule="equal"))
        2 13/5 27/10 27/10
    """
    there = _divisible(amount, "amount")
    asked = sequence(claims, "claims", check=_divisible)
    chosen: Rationing = member(rule, "rule", of=Rationing)
    if there >= sum(asked):
        return asked
    scale = lcm(there.denominator, *(claim.denominator for claim in asked))
    shares, over = _exact(int(there * scale), [int(claim * scale) for claim in asked], chosen)
    return tuple(Fraction(share, over * scale) for share in shares)


def _divisible(value: object, path: str) -> Fraction:
    """Return ``value`` as a fraction if it is an ``int`` or ``Fraction`` that is not negative; a check."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction) or value < 0:
        raise refused(path, "must be a whole number or a Fraction, >= 0", value, code="amount.invalid")
    return Fraction(value)


def _rationed(units: int, claims: Sequence[int], rule: Rationing) -> list[int]:
    """Return the shares of units >= 0, which must be fewer than the claims >= 0 add up to."""
    if rule is Rationing.WEBSTER:
        return _by_webster(units, claims)
    shares, over = _exact(units, claims, rule)
    return _rounded(units, shares, over)


def _exact(amount: int, claims: Sequence[int], rule: Rationing) -> tuple[list[int], int]:
    """Return the exact shares of an amount below the sum of claims: numerators, and what they are over."""
    if rule is Rationing.IN_ORDER:
        return _in_order(amount, claims), 1
    if rule is Rationing.EQUAL:
        return _cut_off(amount, claims)
    whole = sum(claims)
    if rule is Rationing.EQUAL_LOSSES:
        losses, over = _cut_off(whole - amount, claims)
        return [claim * over - loss for claim, loss in zip(claims, losses, strict=True)], over
    if rule is Rationing.TALMUD:
        return _by_halves(amount, claims, whole)
    return [amount * claim for claim in claims], whole


def _in_order(amount: int, claims: Sequence[int]) -> list[int]:
    shares = []
    for claim in claims:
        share = min(claim, amount)
        shares.append(share)
        amount -= share
    return shares


def _cut_off(amount: int, claims: Sequence[int]) -> tuple[list[int], int]:
    """Return the claims, cut off at the one level where they add up to an amount not above their sum."""
    level, over = amount, len(claims)
    ascending = iter(sorted(claims))
    while (least := next(ascending)) * over < level:
        level -= least
        over -= 1
    most = level // over
    return [claim * over if claim <= most else level for claim in claims], over


def _by_halves(amount: int, claims: Sequence[int], whole: int) -> tuple[list[int], int]:
    """Return the exact shares of which none passes half its claim before all have reached it."""
    if 2 * amount <= whole:
        halves, over = _cut_off(2 * amount, claims)
        return halves, 2 * over
    losses, over = _cut_off(2 * (whole - amount), claims)
    return [2 * claim * over - loss for claim, loss in zip(claims, losses, strict=True)], 2 * over


def _rounded(units: int, shares: Sequence[int], over: int) -> list[int]:
    """Return exact shares in whole units by largest remainder, ties to the earlier.

    What is missing is fewer than the shares with a remainder, so that none is rounded up beyond its claim.
    """
    whole = [share // over for share in shares]
    missing = units - sum(whole)
    if missing:
        remainders = [share % over for share in shares]
        # The sort is stable, downward too.
        for index in sorted(range(len(shares)), key=remainders.__getitem__, reverse=True)[:missing]:
            whole[index] += 1
    return whole


def _by_webster(units: int, claims: Sequence[int]) -> list[int]:
    """Return what one unit after the other comes to, each to the least (2 * share + 1) / claim, ties to the earlier.

    Proportions rounded half up are the same for a number of units that is off by half the number of claims at most;
    from there it goes unit by unit. None gets above its claim: the unit beyond it would come at 2 + 1 / claim, and the
    last unit of every claim comes before 2.
    """
    twice, over = 2 * units, 2 * (whole := sum(claims))
    shares = [(twice * claim + whole) // over for claim in claims]
    missing = units - sum(shares)
    if missing:
        _correct(shares, claims, missing)
    return shares


def _correct(shares: list[int], claims: Sequence[int], missing: int) -> None:
    """Give the missing units to whose turn is next, or take units too many from whose turn was last."""
    step = 1 if missing > 0 else -1
    # Turns over two claims are equal or at least 1 / scale apart: whole numbers compare as the fractions do.
    scale = step * max(claims) ** 2
    turns = [
        ((2 * share + step) * scale // claim, step * index)
        for index, (share, claim) in enumerate(zip(shares, claims, strict=True))
        if claim
    ]
    heapify(turns)
    for _ in range(abs(missing)):
        index = abs(turns[0][1])
        shares[index] += step
        heapreplace(turns, ((2 * shares[index] + step) * scale // claims[index], step * index))
