"""Orders that are completed or get nothing: who contests what, who fits in turn, and bounds in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import gcd
from typing import TypeAlias

import attrs

Ask: TypeAlias = Mapping[str, int]
Chosen: TypeAlias = tuple[int, ...]  # numbers of claims, rising

SHIFT = 32  # prices are whole multiples of 2 ** -32
_ROUNDS = 30


@attrs.frozen(kw_only=True, eq=False)
class Contest:
    """Claims that are served whole or not at all, in the order of their places, and what there is for them.

    Attributes:
        names: How whoever asks calls each claim.
        unit: What worths are counted in: all of them are multiples of it.
        worth: What each is worth, >= 0.
        asks: SKU -> what each needs of it, >= 1, for scarce SKUs alone; of no claim more than there is. It is counted
            in packs of as many units as all that is asked of the SKU can be made of.
        stock: SKU -> whole packs that there are; less than all claims together need.
    """

    names: Sequence[int]
    unit: int
    worth: Sequence[int]
    asks: Sequence[Ask]
    stock: Mapping[str, int]

    def worth_of(self, chosen: Iterable[int]) -> int:
        """Return what claims are worth together."""
        return sum(self.worth[claim] for claim in chosen)


def contests(worth: Sequence[int], asks: Sequence[Ask], stock: Mapping[str, int]) -> tuple[list[int], list[Contest]]:
    """Return the claims that nobody stands in the way of, and contests for the rest, the smallest first.

    Claims that are worth less than nothing or do not fit alone are in neither. No SKU is in two contests, so that each
    can be decided by itself.
    """
    able = [
        claim
        for claim, ask in enumerate(asks)
        if worth[claim] >= 0 and all(units <= stock.get(sku, 0) for sku, units in ask.items())
    ]
    demand = _demand(asks[claim] for claim in able)
    scarce = {sku for sku, units in demand.items() if units > stock[sku]}
    narrowed = {claim: {sku: asks[claim][sku] for sku in asks[claim] if sku in scarce} for claim in able}
    free = [claim for claim, ask in narrowed.items() if not ask]
    groups = _groups({claim: ask for claim, ask in narrowed.items() if ask})
    found = [_contest(names, worth, narrowed, stock) for names in sorted(groups, key=len)]
    return free, found


def _contest(names: Sequence[int], worth: Sequence[int], asks: Mapping[int, Ask], stock: Mapping[str, int]) -> Contest:
    unit = gcd(*(worth[claim] for claim in names)) or 1
    packs: dict[str, int] = {}
    for claim in names:
        for sku, units in asks[claim].items():
            packs[sku] = gcd(packs.get(sku, 0), units)
    return Contest(
        names=names,
        unit=unit,
        worth=[worth[claim] // unit for claim in names],
        asks=[{sku: units // packs[sku] for sku, units in asks[claim].items()} for claim in names],
        stock={sku: stock[sku] // pack for sku, pack in packs.items()},
    )


def _demand(asks: Iterable[Ask]) -> dict[str, int]:
    found: dict[str, int] = {}
    for ask in asks:
        for sku, units in ask.items():
            found[sku] = found.get(sku, 0) + units
    return found


def _groups(asks: Mapping[int, Ask]) -> list[list[int]]:
    """Return the claims, those together that share a SKU, directly or by way of others."""
    parent: dict[str, str] = {}

    def root(sku: str) -> str:
        while parent.setdefault(sku, sku) != sku:
            parent[sku] = sku = parent[parent[sku]]
        return sku

    for ask in asks.values():
        first, *others = ask
        for sku in others:
            parent[root(sku)] = root(first)
    found: dict[str, list[int]] = {}
    for claim, ask in asks.items():
        found.setdefault(root(next(iter(ask))), []).append(claim)
    return list(found.values())


def fitting(contest: Contest, turn: Iterable[int]) -> Chosen:
    """Return the claims that are served if each, in its turn, takes all it asks or nothing."""
    left = dict(contest.stock)
    chosen = []
    for claim in turn:
        ask = contest.asks[claim]
        if all(units <= left[sku] for sku, units in ask.items()):
            for sku, units in ask.items():
                left[sku] -= units
            chosen.append(claim)
    return tuple(sorted(chosen))


def by_density(contest: Contest) -> list[int]:
    """Return the claims by what they are worth for the share that they take of each SKU's stock, ties by place."""
    return sorted(range(len(contest.worth)), key=lambda claim: -_density(contest, claim))


def _density(contest: Contest, claim: int) -> Fraction:
    shares = (Fraction(units, contest.stock[sku]) for sku, units in contest.asks[claim].items())
    return contest.worth[claim] / sum(shares, Fraction())


def better(contest: Contest, *choices: Chosen) -> Chosen:
    """Return the choice that is worth most; of equals the one that serves the earlier claim where they differ first."""
    return max(choices, key=lambda chosen: (contest.worth_of(chosen), [-claim for claim in chosen]))


def bound_by_sku(contest: Contest) -> int:
    """Return what no choice is worth more than: the least that one SKU leaves, were its claims divisible."""
    users: dict[str, list[int]] = {sku: [] for sku in contest.stock}
    for claim, ask in enumerate(contest.asks):
        for sku in ask:
            users[sku].append(claim)
    whole = sum(contest.worth)
    bounds = (whole - contest.worth_of(claims) + _divisible(contest, sku, claims) for sku, claims in users.items())
    return min(bounds)


def _divisible(contest: Contest, sku: str, claims: Sequence[int]) -> int:
    """Return what the stock of one SKU is worth at most to the claims on it, the last of them served in part."""
    left, total = contest.stock[sku], 0
    for claim in sorted(claims, key=lambda claim: Fraction(-contest.worth[claim], contest.asks[claim][sku])):
        units, worth = contest.asks[claim][sku], contest.worth[claim]
        if units > left:
            return total + worth * left // units
        left -= units
        total += worth
    raise AssertionError(sku)  # pragma: no cover  # a contested SKU does not suffice for all


@attrs.frozen(kw_only=True, eq=False)
class Priced:
    """What prices for units of each SKU prove, whatever the prices.

    Attributes:
        most: What no choice is worth more than, in multiples of 2 ** -32.
        gains: What each claim is worth beyond what its units cost, likewise. A choice that has it out though it gains,
            or in though it loses, falls short of ``most`` by as much.
    """

    most: int
    gains: Sequence[int]

    def undecided(self, worth: int) -> list[int]:
        """Return the claims that may be in or out of a choice worth so much; the others are in if they gain."""
        room = self.most - (worth << SHIFT)
        return [claim for claim, gain in enumerate(self.gains) if abs(gain) <= room]

    @property
    def bound(self) -> int:
        """What no choice is worth more than."""
        return self.most >> SHIFT


def priced(contest: Contest, prices: Mapping[str, int]) -> Priced:
    """Return what prices prove, whatever they are; multiples of 2 ** -32, >= 0.

    A choice is worth what its claims gain, and what its units cost; these cost no more than the whole stock does.
    """
    gains = [
        (worth << SHIFT) - sum(units * prices[sku] for sku, units in ask.items())
        for worth, ask in zip(contest.worth, contest.asks, strict=True)
    ]
    stock = sum(units * prices[sku] for sku, units in contest.stock.items())
    return Priced(most=stock + sum(gain for gain in gains if gain > 0), gains=gains)


def market(contest: Contest, worth: int) -> Priced:
    """Return what prices prove that a market finds: dearer what is asked for too much, cheaper what is left over.

    A step is as long as would lead down to ``worth``, what some choice is worth; shorter if it led up.
    """
    prices = dict.fromkeys(contest.stock, 0)
    known = best = priced(contest, prices)
    shorter = 0
    for _ in range(_ROUNDS):
        asked = _demand(ask for ask, gain in zip(contest.asks, known.gains, strict=True) if gain > 0)
        lacking = {sku: asked.get(sku, 0) - units for sku, units in contest.stock.items()}
        length = sum(units * units for sku, units in lacking.items() if units > 0 or prices[sku])
        room = known.most - (worth << SHIFT)
        if not length or room <= 0:
            break
        prices = {sku: max(0, price + (room * lacking[sku] // length >> shorter)) for sku, price in prices.items()}
        known = priced(contest, prices)
        shorter += known.most >= best.most
        best = min(best, known, key=lambda one: one.most)
    return best


def by_gain(contest: Contest, known: Priced) -> Chosen:
    """Return the claims that are served if those that gain most come first."""
    return fitting(contest, sorted(range(len(known.gains)), key=lambda claim: -known.gains[claim]))


def first_of_best(contest: Contest, known: Priced, worth: int, *, steps: int) -> Chosen | None:
    """Return the first of the choices that are worth most, ``None`` if it is not found in so many steps.

    Of two choices that one is the first which serves the earliest claim that only one of them serves. Choices that
    leave as much of every SKU are told apart once: a dynamic programme, claim by claim, a step for each that is kept.

    Args:
        contest: The claims.
        known: What prices prove: what falls too far short of it is not followed up.
        worth: What some choice is worth.
        steps: Two to the power of one more than there are claims suffice for any contest.
    """
    undecided = known.undecided(worth)
    count = len(undecided)
    asks, left, guards = _packed(contest)
    certain = {claim for claim, gain in enumerate(known.gains) if gain > 0}.difference(undecided)
    # What is left -> how far the choice may still fall short, then a bit for each claim, the earliest highest: the
    # greater number is worth more, or as much and comes first.
    kept = {left - sum(asks[claim] for claim in certain): known.most - (worth << SHIFT) << count}
    for place, claim in enumerate(undecided, 1):
        kept = _followed(kept, asks[claim], guards, gain=known.gains[claim] << count, bit=1 << (count - place))
        steps -= len(kept)
        if steps < 0:
            return None
    served = better(contest, *(_served(undecided, score) for score in kept.values()))
    return tuple(sorted(certain.union(served)))


def _packed(contest: Contest) -> tuple[list[int], int, int]:
    """Return what each claim asks for, what there is, and a bit above each SKU's, which a lack of it would borrow."""
    shifts, left, guards, width = {}, 0, 0, 0
    for sku, units in contest.stock.items():
        shifts[sku] = width
        left += units << width
        width += units.bit_length() + 1
        guards += 1 << (width - 1)
    asks = [sum(units << shifts[sku] for sku, units in ask.items()) for ask in contest.asks]
    return asks, left + guards, guards


def _followed(kept: Mapping[int, int], ask: int, guards: int, *, gain: int, bit: int) -> dict[int, int]:
    """Return what is left -> the best score, with one more claim served or not."""
    without, served = max(gain, 0), bit + min(gain, 0)
    found = {left: score - without for left, score in kept.items() if score >= without}
    for left, score in kept.items():
        if score + served >= 0 and (left - ask) & guards == guards:
            found[left - ask] = max(score + served, found.get(left - ask, 0))
    return found


def _served(undecided: Sequence[int], score: int) -> Chosen:
    last = len(undecided) - 1
    return tuple(claim for place, claim in enumerate(undecided) if score >> (last - place) & 1)
