"""Scarce stock over a queue, in one pass over columns: who gets how many units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

import attrs

from ._queueing import Queue, Shortage
from .orders import WaitingLine
from .quantities import UNLIMITED, Quantity
from .rationing import Rationing, _rationed


@attrs.frozen(kw_only=True, eq=False)
class Served:
    """What a pass over a queue did.

    Attributes:
        wants: Position -> units that the line wanted now.
        added: Position -> units that the line got.
        start: SKU -> units that were there before the pass, earlier grants taken off.
        left: SKU -> units that nobody got.
        closed: SKU -> the position of the claim that closed it to all that come after.
    """

    wants: Sequence[int]
    added: Sequence[int]
    start: Mapping[str, int]
    left: Mapping[str, int]
    closed: Mapping[str, int]


def is_asleep(line: WaitingLine, at: dt.datetime) -> bool:
    """Return whether the line is on hold or not due: it takes nothing, closes nothing and keeps its place."""
    return line.hold is not None or (line._street_date is not None and line._street_date > at)


def balance(
    queue: Queue, available: Mapping[str, Quantity], wants: Sequence[int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Return SKU -> units that grants leave, and SKU -> units that they hold beyond what is available.

    Of what is unlimited, as much is left as all lines together want.
    """
    taken = units_of(queue, queue.held)
    endless = sum(units_of(queue, wants).values()) if UNLIMITED in available.values() else 0
    left, oversold = {}, {}
    for sku, units in available.items():
        rest = endless if units is UNLIMITED else units - taken.get(sku, 0)
        left[sku] = max(0, rest)
        if rest < 0:
            oversold[sku] = -rest
    oversold |= {sku: units for sku, units in taken.items() if sku not in available}
    return left, dict(sorted(oversold.items()))


def units_of(queue: Queue, columns: Sequence[int]) -> dict[str, int]:
    """Return SKU on a shelf -> units that as many units of each line need."""
    found: dict[str, int] = {}
    if any(columns):
        for index, units in zip(queue.order, columns, strict=True):
            if units:
                for need in queue.lines[index]._needs:
                    found[need.sku] = found.get(need.sku, 0) + units * need.quantity
    return found


def wanted(queue: Queue, at: dt.datetime) -> list[int]:
    """Return position -> units that the line still wants now: 0 for what is asleep, with all of a whole order."""
    wants: list[int] = queue.column("quantity")
    if any(queue.held):
        wants = [claim - held for claim, held in zip(wants, queue.held, strict=True)]
    if queue.is_plain:
        return wants
    asleep = [place for place, index in enumerate(queue.order) if is_asleep(queue.lines[index], at)]
    hold_up(queue, wants, asleep)
    return wants


def hold_up(queue: Queue, wants: list[int], asleep: Collection[int]) -> None:
    """Let the lines at positions want nothing, with all of a whole order."""
    for place in asleep:
        wants[place] = 0
    if queue.starts is not None and asleep:
        held_up = set(asleep)
        for start, stop in claims_of(queue):
            if not held_up.isdisjoint(range(start, stop)):
                wants[start:stop] = [0] * (stop - start)


def claims_of(queue: Queue) -> Iterator[tuple[int, int]]:
    """Yield the first position of each claim and the one after its last."""
    starts = range(len(queue.lines)) if queue.starts is None else queue.starts
    return zip(starts, chain(starts[1:], [len(queue.lines)]), strict=False)


def serve(
    queue: Queue, start: dict[str, int], wants: Sequence[int], *, shortage: Shortage, ration: Rationing | None
) -> Served:
    """Hand out what is there, ``start``, to lines that want as much as ``wants`` says.

    No SKU is given out beyond what was there, and no line gets more than it wants.
    """
    left = dict(start)
    closed: dict[str, int] = {}
    if ration is not None:
        added = _shared(queue, left, wants, rule=ration)
    elif queue.starts is None and shortage is Shortage.PARTIAL:
        added = _in_part(queue, left, wants)
    else:
        added = _by_claims(queue, left, wants, shortage=shortage, closed=closed)
    return Served(wants=wants, added=added, start=start, left=left, closed=closed)


def _has_bundles(queue: Queue) -> bool:
    return not queue.is_plain and any(line.components for line in queue.lines)


def _in_part(queue: Queue, left: dict[str, int], wants: Sequence[int]) -> list[int]:
    """Give each line, in its turn, what is there, bundles in whole units."""
    added: list[int] = []
    add = added.append
    if not _has_bundles(queue):
        for sku, want in zip(queue.column("sku"), wants, strict=True):
            there = left.get(sku, 0)
            if there >= want:
                left[sku] = there - want
                add(want)
            else:
                left[sku] = 0
                add(there)
        return added
    for index, want in zip(queue.order, wants, strict=True):
        add(_take_some(queue.lines[index], want, left))
    return added


def _take_some(line: WaitingLine, want: int, left: dict[str, int]) -> int:
    """Take as many whole units as there are, ``want`` at most."""
    units = min([want, *(left.get(need.sku, 0) // need.quantity for need in line._needs)])
    if units:
        for need in line._needs:
            left[need.sku] -= units * need.quantity
    return units


@attrs.frozen(kw_only=True, eq=False)
class _Asks:
    """What claims ask of the shelf: units of SKUs, claim by claim, and where each claim begins."""

    skus: Sequence[str]
    units: Sequence[int]
    cuts: Sequence[int]

    def spans(self) -> Iterator[tuple[int, int]]:
        return zip(self.cuts, chain(self.cuts[1:], [len(self.skus)]), strict=False)


def _asks(queue: Queue, wants: Sequence[int]) -> _Asks:
    if not _has_bundles(queue):
        starts = range(len(queue.lines)) if queue.starts is None else queue.starts
        return _Asks(skus=queue.column("sku"), units=wants, cuts=starts)
    skus: list[str] = []
    units: list[int] = []
    cuts: list[int] = []
    for start, stop in claims_of(queue):
        cuts.append(len(skus))
        for position in range(start, stop):
            for need in queue.line(position)._needs:
                skus.append(need.sku)
                units.append(need.quantity * wants[position])
    return _Asks(skus=skus, units=units, cuts=cuts)


def _by_claims(
    queue: Queue, left: dict[str, int], wants: Sequence[int], *, shortage: Shortage, closed: dict[str, int]
) -> list[int]:
    """Serve each claim whole or not at all; under PARTIAL, lines that are no whole order in part."""
    asks = _asks(queue, wants)
    strict = shortage is Shortage.STRICT
    in_part = shortage is Shortage.PARTIAL and queue.wholes is not None
    if asks.units is wants and len(asks.cuts) == len(wants) and not in_part:
        return _singly(asks, left, strict=strict, closed=closed)
    added = list(wants)
    idle: dict[str, int] = {}
    for (start, stop), span in zip(claims_of(queue), asks.spans(), strict=True):
        if in_part and not queue.is_whole(start):
            added[start] = _take_some(queue.line(start), wants[start], left)
        elif not _take(asks.skus, asks.units, span, left):
            added[start:stop] = [0] * (stop - start)
            if strict:
                _close(asks, span, start, left=left, closed=closed, idle=idle)
    left |= idle
    return added


def _singly(asks: _Asks, left: dict[str, int], *, strict: bool, closed: dict[str, int]) -> list[int]:
    """Serve claims of one line each, whole or not at all."""
    added: list[int] = []
    add = added.append
    idle: dict[str, int] = {}
    for sku, units in zip(asks.skus, asks.units, strict=True):
        there = left.get(sku, 0)
        if there >= units:
            left[sku] = there - units
            add(units)
        else:
            if strict and sku not in closed:
                closed[sku] = len(added)
                idle[sku] = there
                left[sku] = 0
            add(0)
    left |= idle
    return added


def _take(skus: Sequence[str], units: Sequence[int], span: tuple[int, int], left: dict[str, int]) -> bool:
    """Take all that a claim asks, or nothing."""
    for index in range(*span):
        sku = skus[index]
        left[sku] = rest = left.get(sku, 0) - units[index]
        if rest < 0:
            for back in range(span[0], index + 1):
                left[skus[back]] += units[back]
            return False
    return True


def _close(
    asks: _Asks,
    span: tuple[int, int],
    position: int,
    *,
    left: dict[str, int],
    closed: dict[str, int],
    idle: dict[str, int],
) -> None:
    """Close what a claim asks to all that come after it: nothing of it is there for them."""
    for index in range(*span):
        sku = asks.skus[index]
        if asks.units[index] and sku not in closed:
            closed[sku] = position
            idle[sku] = left.get(sku, 0)
            left[sku] = 0


def _shared(queue: Queue, left: dict[str, int], wants: Sequence[int], *, rule: Rationing) -> list[int]:
    """Share each SKU among the lines of a class by a fair rule, one class after the other."""
    skus = queue.column("sku")
    added = list(wants)
    for start, stop in zip(queue.classes, [*queue.classes[1:], len(skus)], strict=False):
        asking: dict[str, list[int]] = {}
        for place, sku, want in zip(range(start, stop), skus[start:stop], wants[start:stop], strict=True):
            if want:
                asking.setdefault(sku, []).append(place)
        for sku, places in asking.items():
            claims = [wants[place] for place in places]
            there, claimed = left.get(sku, 0), sum(claims)
            left[sku] = max(0, there - claimed)
            if there < claimed:
                for place, share in zip(places, _rationed(there, claims, rule), strict=True):
                    added[place] = share
    return added
