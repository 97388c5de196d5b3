"""What each line of an order gets: units that are there, units that wait, and units that are cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ._dating import ahead_of
from ._parts import BundleSplit, CancelReason, SplitRules
from ._sourcing import Needs, Pick, assign
from .orders import Need, Order, OrderLine
from .quantities import UNLIMITED, Quantity, _bounded, take_units


class Claim(NamedTuple):
    """A line of goods and what it got; ``here``, ``waiting`` and ``refused`` add up to what it asked for.

    ``picks`` say where what is here leaves from, if there are several locations. ``ahead`` is its street date if that
    is ahead.
    """

    line: OrderLine
    ahead: dt.datetime | None
    here: int
    waiting: int
    refused: tuple[tuple[int, CancelReason], ...] = ()
    picks: Sequence[Pick] = ()


def claim_lines(
    order: Order,
    asked: Mapping[str, int],
    stock: Mapping[str, dict[str, Quantity]],
    *,
    room: Mapping[str, Quantity],
    rules: SplitRules,
    at: dt.datetime,
) -> list[Claim]:
    """Return what each line of goods gets, in the order of the lines, of what is there: location -> SKU -> units.

    Units of bundles get all that they need or nothing. What they may not wait for is set aside for those that wait.
    """
    left = dict(room)
    if len(stock) == 1:
        [held] = stock.values()
        return _claimed(order, asked, held, left=left, rules=rules, at=at)
    wanted = [(line, asked[line.id]) for line in order._goods if asked[line.id]]
    found = zip(wanted, _sourced(wanted, stock, rules, left), strict=True)
    return [
        _waits(line, claim.here, units - claim.here, claim.waiting, left=left, rules=rules, at=at)._replace(
            picks=claim.picks
        )
        for (line, units), claim in found
    ]


def _claimed(
    order: Order,
    asked: Mapping[str, int],
    held: dict[str, Quantity],
    *,
    left: dict[str, Quantity],
    rules: SplitRules,
    at: dt.datetime,
) -> list[Claim]:
    """Return what each line gets where there is one location, and take it from what that has."""
    claims = []
    by_line = rules.bundles is BundleSplit.WHOLE_LINE
    for line in order._goods:
        units = asked[line.id]
        made = _whole(line._needs, units, held)
        here = 0 if made < units and by_line and line.components else made
        _take(line._needs, here, held)
        missing = units - here
        if missing:
            secured = _whole(line._bound, missing, held)
            claim = _waits(line, here, missing, secured, left=left, rules=rules, at=at)
            _take(line._bound, claim.waiting, held)
            claims.append(claim)
        elif units:
            claims.append(Claim(line, ahead_of(line, at), here, 0))
    return claims


def _waits(
    line: OrderLine,
    here: int,
    missing: int,
    secured: int,
    *,
    left: dict[str, Quantity],
    rules: SplitRules,
    at: dt.datetime,
) -> Claim:
    """Return what becomes of units that are not there, of which ``secured`` ones may wait if there is room."""
    whole = rules.bundles is BundleSplit.WHOLE_LINE and line.components
    if whole and secured < missing:
        secured = 0
    waiting = secured
    if line.sku in left and line._street_date is None:
        waiting = _bounded(secured, left[line.sku])
        if whole and waiting < secured:
            waiting = 0
        left[line.sku] = take_units(left[line.sku], units=waiting)
    refused = ((missing - secured, CancelReason.OUT_OF_STOCK), (secured - waiting, CancelReason.BACKORDER_LIMIT))
    return Claim(line, ahead_of(line, at), here, waiting, tuple([cut for cut in refused if cut[0]]))


def _whole(needs: Iterable[Need], units: int, held: Mapping[str, Quantity]) -> int:
    """Return how many of so many units can be made of what is there."""
    for need in needs:
        there = held[need.sku]
        if there is not UNLIMITED and there < units * need.quantity:
            units = there // need.quantity
    return units


def _take(needs: Iterable[Need], units: int, held: dict[str, Quantity]) -> None:
    for need in needs:
        there = held[need.sku]
        if there is not UNLIMITED:
            held[need.sku] = there - units * need.quantity


def _sourced(
    wanted: Sequence[tuple[OrderLine, int]],
    stock: Mapping[str, dict[str, Quantity]],
    rules: SplitRules,
    room: Mapping[str, Quantity],
) -> Iterator[Claim]:
    """Yield what each line gets where there are several locations, as if there were room for all that may wait.

    What is set aside for a bundle that waits is asked for right behind it, and so comes before the lines that follow.
    There it counts how many may wait.
    """
    left = dict(room)
    asks: list[tuple[Needs, int]] = []
    places: list[tuple[int, int | None]] = []  # of each line's ask, and how many of its units that are short may wait
    for line, units in wanted:
        place, secured = len(asks), None
        asks.append((_counts(line._needs), units))
        bounds = line.sku in left and line._street_date is None
        by_line = rules.bundles is BundleSplit.WHOLE_LINE
        if line.components and line._needs and (line._bound or bounds or by_line):
            secured = units - _last(asks, stock, rules)
            if line._bound and secured:
                asks.append((_counts(line._bound), secured))
                secured = _last(asks, stock, rules)
            if bounds:
                waiting = _bounded(secured, left[line.sku])
                if by_line and waiting < secured:
                    waiting = 0
                left[line.sku] = take_units(left[line.sku], units=waiting)
                if len(asks) > place + 1:
                    asks[-1] = (asks[-1][0], waiting)
        places.append((place, secured))
    picks = assign(asks, stock, rules.sourcing)[0]
    sending = {pick.location for found in picks for pick in found}
    home = next((name for name in stock if name in sending), next(iter(stock)))  # of what needs nothing
    for (line, units), (place, secured) in zip(wanted, places, strict=True):
        found = picks[place] if line._needs else [Pick(home, units)]
        missing = units - _served(found)
        free_to_wait = 0 if line._bound else missing
        yield Claim(
            line, None, units - missing, free_to_wait if secured is None else min(secured, missing), picks=found
        )


def _last(asks: list[tuple[Needs, int]], stock: Mapping[str, dict[str, Quantity]], rules: SplitRules) -> int:
    """Return how many units of the last ask are served; ask for none if a whole line is to be and is not."""
    wants, units = asks[-1]
    served = _served(assign(asks, stock, rules.sourcing, steps=0)[0][-1])
    if served < units and rules.bundles is BundleSplit.WHOLE_LINE:
        served = 0
        asks[-1] = (wants, 0)
    return served


def _counts(needs: Iterable[Need]) -> Needs:
    return tuple((need.sku, need.quantity) for need in needs)


def _served(picks: Iterable[Pick]) -> int:
    return sum(pick.units for pick in picks)
