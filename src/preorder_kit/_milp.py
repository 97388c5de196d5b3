"""The best choice of orders to complete: in turn where no solver is there, else by scipy's, held to whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor, isfinite
from time import monotonic
from typing import Any, TypeAlias

import attrs

from ._density import (
    SHIFT,
    Chosen,
    Contest,
    Priced,
    better,
    bound_by_sku,
    by_density,
    by_gain,
    contests,
    first_of_best,
    fitting,
    market,
    priced,
)

_Solver: TypeAlias = Any  # scipy has no types

_EXACT = 1 << 53  # beyond it a float does not hold every whole number
# A solver takes 1 - 1e-6 for 1. Units, or worths, that add up to less than this are then told apart from one more.
_TOLD_APART = 1 << 19
_LARGEST = 30  # bits of the greatest sum that a solver is to maximise
_BLOCK = 14  # claims whose ties are settled at once: weights of up to 2 ** 13 are well clear of a solver's tolerances
_CORE = 25
_FOR_TIES = 0.2
_ENOUGH = 0.25  # seconds that a search gets where there are so many that its share is less
_FEW = 1 << 7  # steps that cost less than prices do
_STEPS = 1 << 14  # enough for any 13 claims


class Clock:
    """How long a search may still take; ``None``: as long as it likes."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else monotonic() + seconds

    def left(self, share: float = 1) -> float | None:
        """Return a share of the seconds that are left."""
        return None if self._end is None else max(0.0, self._end - monotonic()) * share

    def turn(self, searches: int) -> Clock:
        """Return the time of one of so many searches: its share of what is left, but enough to find something."""
        left = self.left()
        return Clock(None if left is None else max(left / searches, min(left, _ENOUGH)))


@attrs.frozen(kw_only=True)
class Found:
    """A choice, and what is known of it.

    Attributes:
        chosen: The claims that are served.
        bound: What no choice is worth more than.
        is_settled: Whether no choice is worth more, and of those worth as much it is the first.
        is_solved: Whether a solver found it.
    """

    chosen: Chosen
    bound: int
    is_settled: bool
    is_solved: bool


def choose(
    worth: Sequence[int],
    asks: Sequence[Mapping[str, int]],
    stock: Mapping[str, int],
    *,
    seconds: float | None,
    gap: Fraction,
) -> Found:
    """Return claims that are worth as much as can be, and together ask for no more than there is."""
    free, contested = contests(worth, asks, stock)
    chosen, bound = list(free), sum(worth[claim] for claim in free)
    is_settled, is_solved = True, False
    by_rules = [_by_rules(contest) for contest in contested]
    open_ones = sum(not found.is_settled for found in by_rules)
    clock = Clock(seconds)
    for contest, known in zip(contested, by_rules, strict=True):
        found = known if known.is_settled else _by_solver(contest, known, clock=clock.turn(open_ones), gap=gap)
        open_ones -= not known.is_settled
        chosen += [contest.names[claim] for claim in found.chosen]
        bound += found.bound * contest.unit
        is_settled &= found.is_settled
        is_solved |= found.is_solved
    return Found(chosen=tuple(sorted(chosen)), bound=bound, is_settled=is_settled, is_solved=is_solved)


def _by_rules(contest: Contest) -> Found:
    """Return the best that is found without a solver: of all choices, where few enough steps tell them apart."""
    in_turn = fitting(contest, range(len(contest.worth)))
    unpriced = priced(contest, dict.fromkeys(contest.stock, 0))
    first = first_of_best(contest, unpriced, contest.worth_of(in_turn), steps=_FEW)
    return _by_prices(contest, in_turn) if first is None else _best(contest, first)


def _by_prices(contest: Contest, in_turn: Chosen) -> Found:
    chosen = better(contest, in_turn, fitting(contest, by_density(contest)))
    known = market(contest, contest.worth_of(chosen))
    chosen, bound = better(contest, chosen, by_gain(contest, known)), min(bound_by_sku(contest), known.bound)
    found = _if_in_turn(contest, Found(chosen=chosen, bound=bound, is_settled=False, is_solved=False))
    if found.is_settled:
        return found
    first = first_of_best(contest, known, contest.worth_of(chosen), steps=_STEPS)
    return found if first is None else _best(contest, first)


def _best(contest: Contest, first: Chosen) -> Found:
    return Found(chosen=first, bound=contest.worth_of(first), is_settled=True, is_solved=False)


def _by_solver(contest: Contest, found: Found, *, clock: Clock, gap: Fraction) -> Found:
    is_exact = max(sum(contest.worth), _most_units(contest)) < _EXACT
    solver = _solver() if is_exact and clock.left() != 0 else None
    return found if solver is None else _search(solver, contest, found, whole=clock, gap=gap)


def _if_in_turn(contest: Contest, found: Found) -> Found:
    """Return the same, settled if it is proved and serves in turn: of all choices that one comes first."""
    in_turn = fitting(contest, range(len(contest.worth)))
    return attrs.evolve(found, is_settled=found.chosen == in_turn and contest.worth_of(in_turn) == found.bound)


def _most_units(contest: Contest) -> int:
    """Return the units that all claims on a SKU ask of it together, of the SKU where that is most."""
    totals = dict.fromkeys(contest.stock, 0)
    for ask in contest.asks:
        for sku, units in ask.items():
            totals[sku] += units
    return max(totals.values())


def _solver() -> _Solver | None:
    try:
        from scipy import optimize, sparse  # type: ignore[import-untyped]  # noqa: PLC0415  # only where it is asked
    except ImportError:
        return None
    return optimize, sparse


def _search(solver: _Solver, contest: Contest, found: Found, *, whole: Clock, gap: Fraction) -> Found:
    """Return something better than what was found, or proof that there is none, as far as the time suffices."""
    clock = Clock(whole.left(1 - _FOR_TIES))
    prices = _prices(solver, contest, clock)
    if prices is None:
        return found
    known = priced(contest, prices)
    found = _improved(contest, found, by_gain(contest, known), bound=known.bound)
    if not _is_near(contest, found, gap):
        found = _around(solver, contest, found, known, clock)
    if not _is_near(contest, found, gap):
        found = _beyond(solver, contest, found, known, clock, gap=gap)
    found = _if_in_turn(contest, found)
    if found.is_settled or contest.worth_of(found.chosen) < found.bound:
        return found
    return _settled(solver, contest, found, known, whole)


def _is_near(contest: Contest, found: Found, gap: Fraction) -> bool:
    worth = contest.worth_of(found.chosen)
    return found.bound - worth <= gap * worth


def _improved(contest: Contest, found: Found, chosen: Chosen, *, bound: int) -> Found:
    """Return the better of two choices, with the smaller of two bounds."""
    best = better(contest, found.chosen, chosen)
    bound = max(contest.worth_of(best), min(found.bound, bound))
    return attrs.evolve(found, chosen=best, bound=bound, is_solved=found.is_solved or best != found.chosen)


def _prices(solver: _Solver, contest: Contest, clock: Clock) -> Mapping[str, int] | None:
    """Return what one more unit of each SKU would be worth, were claims divisible, in multiples of 2 ** -32."""
    optimize, _ = solver
    skus, rows = _rows(solver, contest)
    stock = [contest.stock[sku] for sku in skus]
    scale = _scale(contest.worth)
    costs = [-worth / scale for worth in contest.worth]
    answer = optimize.linprog(costs, A_ub=rows, b_ub=stock, bounds=(0, 1), method="highs", options=_options(clock))
    if answer.status:
        return None
    worth = [max(0, round(-float(price) * scale * (1 << SHIFT))) for price in answer.ineqlin.marginals]
    return dict(zip(skus, worth, strict=True))


def _scale(weights: Sequence[int]) -> int:
    """Return the power of two by which weights are divided, so that a solver gets no large numbers."""
    return 1 << max(0, sum(weights).bit_length() - _LARGEST)


def _rows(solver: _Solver, contest: Contest) -> tuple[list[str], Any]:
    """Return the SKUs, and for each the units that each claim asks for, as a sparse matrix."""
    skus = sorted(contest.stock)
    row_of = {sku: row for row, sku in enumerate(skus)}
    cells = [(units, row_of[sku], claim) for claim, ask in enumerate(contest.asks) for sku, units in ask.items()]
    units, rows, columns = zip(*cells, strict=True)
    return skus, solver[1].csr_array((units, (rows, columns)), shape=(len(skus), len(contest.asks)), dtype=float)


def _options(clock: Clock) -> dict[str, float]:
    seconds = clock.left()
    return {} if seconds is None else {"time_limit": seconds}


def _around(solver: _Solver, contest: Contest, found: Found, known: Priced, clock: Clock) -> Found:
    """Return the best choice that differs from the prices' only in claims that gain or lose least by them."""
    size = _CORE + len(contest.stock)
    if 4 * size > 3 * len(known.gains):
        return found
    core = sorted(range(len(known.gains)), key=lambda claim: abs(known.gains[claim]))[:size]
    answer = _solve(solver, contest, _Task(weights=contest.worth, fixed=_fixed(known, core)), clock.left(1 / 2))
    return _improved(contest, found, _repaired(contest, answer), bound=found.bound)


def _beyond(solver: _Solver, contest: Contest, found: Found, known: Priced, clock: Clock, *, gap: Fraction) -> Found:
    """Return the best of all choices that can be better."""
    fixed = _fixed(known, known.undecided(contest.worth_of(found.chosen)))
    answer = _solve(solver, contest, _Task(weights=contest.worth, fixed=fixed, gap=gap), clock.left())
    bound = answer.most if _most_units(contest) < _TOLD_APART else found.bound
    return _improved(contest, found, _repaired(contest, answer), bound=bound)


def _fixed(known: Priced, undecided: Iterable[int]) -> dict[int, bool]:
    """Return whether each claim is served that is not undecided: those are that gain."""
    fixed = {claim: gain > 0 for claim, gain in enumerate(known.gains)}
    for claim in undecided:
        del fixed[claim]
    return fixed


def _settled(solver: _Solver, contest: Contest, found: Found, known: Priced, clock: Clock) -> Found:
    """Return the first of all choices that are worth as much, if the time suffices.

    Of two choices that one is the first which serves the earliest claim that only one of them serves.
    """
    undecided = known.undecided(found.bound)
    if max(contest.worth_of(undecided), _most_units(contest)) >= _TOLD_APART:
        return found
    fixed, chosen = _fixed(known, undecided), set(found.chosen)
    for start in range(0, len(undecided), _BLOCK):
        block = undecided[start : start + _BLOCK]
        if not chosen.issuperset(block):
            weights = [0] * len(contest.worth)
            for power, claim in enumerate(reversed(block)):
                weights[claim] = 1 << power
            answer = _solve(solver, contest, _Task(weights=weights, fixed=fixed, worth=found.bound), clock.left())
            if not answer.is_best or fitting(contest, answer.chosen) != answer.chosen:
                return found
            chosen = set(answer.chosen)
        fixed |= {claim: claim in chosen for claim in block}
    best = better(contest, found.chosen, tuple(sorted(chosen)))
    is_solved = found.is_solved or best != found.chosen
    return Found(chosen=best, bound=found.bound, is_settled=True, is_solved=is_solved)


@attrs.frozen(kw_only=True)
class _Task:
    """What a solver is asked for: a choice of the greatest weight.

    Attributes:
        weights: Of each claim.
        fixed: Claims of which it is known whether they are served.
        worth: What the choice is to be worth at least.
        gap: How far it may fall short of the greatest weight, as a share of its own.
    """

    weights: Sequence[int]
    fixed: Mapping[int, bool]
    worth: int = 0
    gap: Fraction = Fraction()


@attrs.frozen(kw_only=True)
class _Answer:
    """What a solver says, in floats and within its tolerances: the choice may not fit.

    Attributes:
        chosen: The claims that are served.
        most: What no choice weighs more than.
        is_best: Whether it says that none weighs more than this one.
    """

    chosen: Chosen
    most: int
    is_best: bool


def _solve(solver: _Solver, contest: Contest, task: _Task, seconds: float | None) -> _Answer:
    optimize, sparse = solver
    count = len(contest.worth)
    skus, rows = _rows(solver, contest)
    limits = [optimize.LinearConstraint(rows, ub=[contest.stock[sku] for sku in skus])]
    if task.worth:
        known = sum(contest.worth[claim] for claim, is_served in task.fixed.items() if is_served)
        worth = [0 if claim in task.fixed else worth for claim, worth in enumerate(contest.worth)]
        # Half of one less, against rounding: worths are whole.
        limits.append(optimize.LinearConstraint(sparse.csr_array([worth], dtype=float), lb=task.worth - known - 0.5))
    scale = _scale(task.weights)
    answer = optimize.milp(
        [-weight / scale for weight in task.weights],
        integrality=[1] * count,
        bounds=optimize.Bounds(
            [float(task.fixed.get(claim, False)) for claim in range(count)],
            [float(task.fixed.get(claim, True)) for claim in range(count)],
        ),
        constraints=limits,
        options={"mip_rel_gap": float(min(task.gap, Fraction(1)))}
        | ({} if seconds is None else {"time_limit": seconds}),
    )
    served = () if answer.x is None else answer.x
    return _Answer(
        chosen=tuple(claim for claim, share in enumerate(served) if share > 1 / 2),
        most=_most(task.weights, answer.mip_dual_bound, scale=scale),
        is_best=answer.status == 0,
    )


def _most(weights: Sequence[int], dual_bound: float | None, *, scale: int) -> int:
    """Return a solver's bound as a whole number: never below the true one by rounding or by what it tolerates.

    It tolerates 1e-7 in what each claim gains, and its sums are right to 9 digits at least.
    """
    if dual_bound is None or not isfinite(dual_bound):
        return sum(weights)
    return floor(scale * (-dual_bound + 1e-7 * (len(weights) + 10) + 1e-9 * abs(dual_bound)))


def _repaired(contest: Contest, answer: _Answer) -> Chosen:
    """Return the choice without what does not fit, and with all that still does."""
    chosen = set(answer.chosen)
    return fitting(contest, [*answer.chosen, *(claim for claim in by_density(contest) if claim not in chosen)])
