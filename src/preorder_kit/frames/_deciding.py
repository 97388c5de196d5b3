"""Why lines that are columns got what they got: the code of each decision, found in one pass over the claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, compress

from .._queueing import Queue
from .._serving import Served, claims_of
from .._verdicts import DecisionCode

#: What a position's byte stands for.
CODES = tuple(DecisionCode)
_BYTE: Mapping[DecisionCode, int] = {code: byte for byte, code in enumerate(CODES)}
#: What keeps a line asleep, and how a frame's column says so.
ASLEEP: Mapping[DecisionCode, int] = {code: _BYTE[code] for code in (DecisionCode.ON_HOLD, DecisionCode.NOT_DUE)}

_BLOCKED_BY, _PARTIAL, _NO_STOCK, _COMPONENT_SHORT, _INCOMPLETE, _RATIONED = (
    _BYTE[code]
    for code in (
        DecisionCode.BLOCKED_BY,
        DecisionCode.PARTIAL,
        DecisionCode.NO_STOCK,
        DecisionCode.COMPONENT_SHORT,
        DecisionCode.ORDER_INCOMPLETE,
        DecisionCode.RATIONED,
    )
)


def codes(
    queue: Queue, served: Served, *, short: Sequence[int], asleep: Mapping[int, int], is_rationed: bool
) -> bytearray:
    """Return position -> the code of its decision, as its place in ``CODES``.

    Args:
        queue: The lines, in the order of their places; of each, only what it needs is read.
        served: What they got.
        short: Position -> units that the line still lacks.
        asleep: Position of each line that is on hold or not due -> its code.
        is_rationed: Whether shares are fair.
    """
    found = bytearray(len(short))
    if is_rationed:
        _of_classes(queue, served, short, found)
    elif queue.starts is None:
        for place in compress(range(len(short)), short):
            found[place] = _alone(queue, served, place, place)
    else:
        _of_claims(queue, served, short, asleep, found)
    for place, code in asleep.items():
        if short[place]:
            found[place] = code
    return found


def _alone(queue: Queue, served: Served, place: int, start: int) -> int:
    """Return why a line lacks something that found too little itself, its claim's turn at ``start``."""
    line, closed = queue.lines[place], served.closed
    if closed:
        for need in line._needs:
            if closed.get(need.sku, start) < start:
                return _BLOCKED_BY
    if queue.held[place] or served.added[place]:
        return _PARTIAL
    return _COMPONENT_SHORT if line.components else _NO_STOCK


def _of_classes(queue: Queue, served: Served, short: Sequence[int], found: bytearray) -> None:
    """Tell lines that were given a share of something from those whose SKU was gone before their class had its turn."""
    there = dict(served.start)
    for start, stop in zip(queue.classes, chain(queue.classes[1:], [len(short)]), strict=False):
        span = range(start, stop)
        for place in compress(span, short[start:stop]):
            is_some = there.get(queue.lines[place].sku, 0)
            found[place] = _RATIONED if is_some else _alone(queue, served, place, start)
        if stop < len(short):
            _take(queue, served, span, there)


def _of_claims(queue: Queue, served: Served, short: Sequence[int], asleep: Mapping[int, int], found: bytearray) -> None:
    there = dict(served.start)
    for start, stop in claims_of(queue):
        if stop - start == 1:
            if short[start]:
                found[start] = _alone(queue, served, start, start)
        elif any(lacks := short[start:stop]):
            span = range(start, stop)
            is_asleep = asleep and any(map(asleep.__contains__, span))
            lacking = () if is_asleep else _lacking(queue, served, short, span, there)
            for place in compress(span, lacks):
                found[place] = _alone(queue, served, place, start) if place in lacking else _INCOMPLETE
            continue  # it got nothing
        _take(queue, served, range(start, stop), there)


def _lacking(queue: Queue, served: Served, short: Sequence[int], span: range, there: Mapping[str, int]) -> list[int]:
    """Return the lines of a claim that find too little, as they take one after the other."""
    left: dict[str, int] = {}
    found = []
    for place in span:
        for need in queue.lines[place]._needs if short[place] else ():
            sku = need.sku
            if sku not in left:
                is_open = served.closed.get(sku, span.start) >= span.start
                left[sku] = there.get(sku, 0) if is_open else 0
            left[sku] -= need.quantity * short[place]
            if left[sku] < 0:
                found.append(place)
    return found


def _take(queue: Queue, served: Served, span: range, there: dict[str, int]) -> None:
    lines, added = queue.lines, served.added
    for place in span:
        if units := added[place]:
            for need in lines[place]._needs:
                there[need.sku] -= units * need.quantity
