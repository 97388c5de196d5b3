"""Why a line of a queue got what it got: decisions, found from what was served when somebody looks at them."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import chain
from operator import itemgetter
from types import MappingProxyType
from typing import Protocol

import attrs

from ._checks import checked, instant, member, optional, rule, text, units
from ._queueing import Queue
from ._serving import Served, is_asleep


class DecisionCode(StrEnum):
    """Why a line got what it got.

    GRANTED: it holds all that it claims. PARTIAL: it holds some of it, and no more was there. NO_STOCK: it holds none,
    too little was there. COMPONENT_SHORT: no unit of the bundle could be made, or not all that had to be, for a
    component was missing. BLOCKED_BY: an earlier claim that was not served keeps the SKU for itself. ON_HOLD: there is
    a reason not to serve it now. NOT_DUE: its street date is ahead. ORDER_INCOMPLETE: it is served only together with
    another line, and that one was not. RATIONED: it was given its share of too little by a fair rule, which may be 0.
    """

    GRANTED = "granted"
    PARTIAL = "partial"
    NO_STOCK = "no_stock"
    BLOCKED_BY = "blocked_by"
    ON_HOLD = "on_hold"
    NOT_DUE = "not_due"
    COMPONENT_SHORT = "component_short"
    ORDER_INCOMPLETE = "order_incomplete"
    RATIONED = "rationed"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Decision:
    """What a line of a queue got, and why.

    Attributes:
        order_id: Whose line it is.
        line_id: Which one.
        code: Why it got what it got.
        granted: Units of the line that it holds in all, >= 0.
        short: Units of the line that it still lacks, >= 0; both together are its claim.
        blocked_by: The order that is ahead: the one that closed the SKU, for BLOCKED_BY; else the last one before this
            line, other than its own, that holds units of ``sku``; else one behind it that held some before. Where
            shares are fair, nobody of the line's own class is ahead. ``None``: nobody.
        sku: The SKU on the shelf that was short, for a bundle a component; the line's own if none was.
        until: The street date, for NOT_DUE.
        missing: Units of ``sku`` that lacked when its turn came: 0 if nothing lacked.
        hold: The reason of the hold, for ON_HOLD.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))
    line_id: str = attrs.field(metadata=rule(text))
    code: DecisionCode = attrs.field(metadata=rule(member, of=DecisionCode))
    granted: int = attrs.field(metadata=rule(units))
    short: int = attrs.field(metadata=rule(units))
    blocked_by: str | None = attrs.field(default=None, metadata=rule(optional, check=text))
    sku: str = attrs.field(metadata=rule(text))
    until: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    missing: int = attrs.field(default=0, metadata=rule(units))
    hold: str | None = attrs.field(default=None, metadata=rule(optional, check=text))


# A decision's fields are known to be right, and there may be a million: its slots are set one by one.
_order_id, _line_id, _code, _granted, _short, _blocked_by, _sku, _until, _missing, _hold = (
    getattr(Decision, field.name).__set__ for field in attrs.fields(Decision)
)


@attrs.frozen(kw_only=True)
class _Lack:
    """What a line found too little of, by how many units, and who is ahead."""

    sku: str
    missing: int = 0
    blocked_by: str | None = None
    is_closed: bool = False


@attrs.define(kw_only=True)
class _Holders:
    """Who holds units of one SKU, in the order in which they were met: their positions, and who they are.

    ``orders`` says whose line each is, ``others`` which order was met last before it that is another one.
    """

    positions: list[int] = attrs.field(factory=list)
    orders: list[str] = attrs.field(factory=list)
    others: list[str | None] = attrs.field(factory=list)

    def add(self, position: int, order_id: str) -> None:
        last = self.orders[-1] if self.orders else None
        self.others.append(self.others[-1] if last == order_id else last)
        self.orders.append(order_id)
        self.positions.append(position)

    def last_but(self, own: str, number: int) -> str | None:
        """Return the last of the first ``number`` of them that is another order than ``own``."""
        if not number:
            return None
        return self.orders[number - 1] if self.orders[number - 1] != own else self.others[number - 1]


@attrs.define(kw_only=True)
class _Takers:
    """Who holds units of one SKU, the units that were added up to each; and who held some before, the last line first.

    Positions of the latter are negative, so that they rise.
    """

    holders: _Holders = attrs.field(factory=_Holders)
    totals: list[int] = attrs.field(factory=list)
    earlier: _Holders = attrs.field(factory=_Holders)


class Verdicts:
    """The decisions of one allocation; what finds them quickly is built when the first one is asked for."""

    __slots__ = ("_at", "_by_order", "_is_rationed", "_of_claims", "_queue", "_served", "_starts", "_takers")
    _at: dt.datetime
    _by_order: Mapping[str, Sequence[int]] | None
    _is_rationed: bool
    _of_claims: dict[int, Mapping[int, _Lack]]
    _queue: Queue
    _served: Served
    _starts: Sequence[int] | None
    _takers: Mapping[str, _Takers] | None

    def __init__(self, queue: Queue, served: Served, *, at: dt.datetime, is_rationed: bool) -> None:
        self._queue, self._served, self._at, self._is_rationed = queue, served, at, is_rationed
        self._starts = queue.classes if is_rationed else queue.starts
        self._takers = self._by_order = None
        self._of_claims = {}

    def positions_of(self, order_id: str) -> Sequence[int]:
        """Return the positions of an order's lines; none if the order is not in the queue."""
        if self._by_order is None:
            found: dict[str, list[int]] = {}
            for position, index in enumerate(self._queue.order):
                found.setdefault(self._queue.lines[index].order_id, []).append(position)
            self._by_order = found
        return self._by_order.get(order_id, ())

    def claims(self) -> Sequence[tuple[str, str, str, int]]:
        """Return position -> order, line, SKU and claim."""
        return list(zip(*map(self._queue.column, ("order_id", "line_id", "sku", "quantity")), strict=True))

    def granted(self, position: int) -> int:
        """Return the units that the line holds in all."""
        return self._queue.held[position] + self._served.added[position]

    def short(self, position: int) -> int:
        """Return the units that the line still lacks."""
        return self._queue.line(position).quantity - self.granted(position)

    def decision(self, position: int) -> Decision:
        """Return why the line got what it got."""
        line = self._queue.line(position)
        if line.quantity == self.granted(position):
            return self._decided(position, DecisionCode.GRANTED)
        if line.hold is not None:
            return self._decided(position, DecisionCode.ON_HOLD)
        if is_asleep(line, self._at):
            return self._decided(position, DecisionCode.NOT_DUE)
        span = self._span(position)
        if self._is_rationed:
            return self._rationed(position, span.start)
        if len(span) == 1:
            return self._lacking(position, self._lack(position, before=position))
        return self._incomplete(position, span)

    def _span(self, position: int) -> range:
        """Return the positions of the line's claim; where shares are fair, of its class."""
        if self._starts is None:
            return range(position, position + 1)
        place = bisect_right(self._starts, position)
        return range(self._starts[place - 1], [*self._starts[place : place + 1], len(self._queue.order)][0])

    def _rationed(self, position: int, start: int) -> Decision:
        sku = self._queue.line(position).sku
        if self._there(sku, start):
            share = _Lack(sku=sku, missing=self.short(position))
            return self._decided(position, DecisionCode.RATIONED, share)
        return self._lacking(position, self._lack(position, before=start) or _Lack(sku=sku))

    def _incomplete(self, position: int, span: range) -> Decision:
        """Decide a line of a claim that is whole or nothing: what it lacks itself, else what another line waits for."""
        lacks = self._of_claims.get(span.start)
        if lacks is None:
            lacks = self._of_claims[span.start] = self._asleep(span) or self._lacks(span)
        if position in lacks:
            return self._lacking(position, lacks[position])
        return self._decided(position, DecisionCode.ORDER_INCOMPLETE, next(iter(lacks.values())))

    def _asleep(self, span: range) -> Mapping[int, _Lack]:
        """Return the first line of a claim that is on hold or not due: the others have to wait for it."""
        lines = ((position, self._queue.line(position)) for position in span)
        return next(({position: _Lack(sku=line.sku)} for position, line in lines if is_asleep(line, self._at)), {})

    def _lacks(self, span: range) -> Mapping[int, _Lack]:
        """Return what each line of a claim lacks that finds too little, as they take one after the other."""
        taken: dict[str, int] = {}
        lacks = {}
        for position in span:
            lack = self._lack(position, before=span.start, taken=taken)
            if lack is not None:
                lacks[position] = lack
            for need in self._queue.line(position)._needs:
                taken[need.sku] = taken.get(need.sku, 0) + need.quantity * self._wants(position)
        return lacks

    def _wants(self, position: int) -> int:
        return self._queue.line(position).quantity - self._queue.held[position]

    def _lack(self, position: int, *, before: int, taken: Mapping[str, int] = MappingProxyType({})) -> _Lack | None:
        """Return what the line finds too little of; of several, that of which the fewest of its units can be made."""
        line, wants = self._queue.line(position), self._wants(position)
        worst: tuple[bool, int, int, str] | None = None
        for need in line._needs if wants else ():
            there = max(0, self._there(need.sku, before) - taken.get(need.sku, 0))
            is_open = self._served.closed.get(need.sku, before) >= before
            missing = max(0, need.quantity * wants - there)
            if missing or not is_open:
                found = (is_open, there // need.quantity, missing, need.sku)
                worst = min(worst or found, found, key=itemgetter(0, 1, 3))
        if worst is None:
            return None
        is_open, _, missing, sku = worst
        if is_open:
            return _Lack(sku=sku, missing=missing, blocked_by=self._ahead(sku, before, line.order_id))
        closer = self._queue.line(self._served.closed[sku]).order_id
        return _Lack(sku=sku, missing=missing, blocked_by=closer, is_closed=True)

    def _lacking(self, position: int, lack: _Lack | None) -> Decision:
        if lack is not None and lack.is_closed:
            code = DecisionCode.BLOCKED_BY
        elif self.granted(position):
            code = DecisionCode.PARTIAL
        elif self._queue.line(position).components:
            code = DecisionCode.COMPONENT_SHORT
        else:
            code = DecisionCode.NO_STOCK
        return self._decided(position, code, lack)

    def _decided(self, position: int, code: DecisionCode, lack: _Lack | None = None) -> Decision:
        line, value = self._queue.line(position), Decision.__new__(Decision)
        held = self.granted(position)
        _order_id(value, line.order_id)
        _line_id(value, line.line_id)
        _code(value, code)
        _granted(value, held)
        _short(value, line.quantity - held)
        _sku(value, lack.sku if lack else line.sku)
        _missing(value, lack.missing if lack else 0)
        _blocked_by(value, lack.blocked_by if lack else None)
        _until(value, line._street_date if code is DecisionCode.NOT_DUE else None)
        _hold(value, line.hold if code is DecisionCode.ON_HOLD else None)
        return value

    def _there(self, sku: str, before: int) -> int:
        """Return the units that were there when the claim at position ``before`` had its turn."""
        start, takers = self._served.start.get(sku, 0), self._takers_of().get(sku)
        place = bisect_left(takers.holders.positions, before) if takers else 0
        return start - takers.totals[place - 1] if takers and place else start

    def _ahead(self, sku: str, before: int, own: str) -> str | None:
        """Return the last other order before a position that holds units of the SKU, else one behind that held some."""
        takers = self._takers_of().get(sku)
        if takers is None:
            return None
        ahead = takers.holders.last_but(own, bisect_left(takers.holders.positions, before))
        behind = bisect_right(takers.earlier.positions, -before)
        return ahead or takers.earlier.last_but(own, behind)

    def _takers_of(self) -> Mapping[str, _Takers]:
        if self._takers is None:
            found: dict[str, _Takers] = {}
            holding = [place for place in range(len(self._queue.order)) if self.granted(place)]
            for position in holding:
                line = self._queue.line(position)
                for need in line._needs:
                    takers = found.setdefault(need.sku, _Takers())
                    takers.holders.add(position, line.order_id)
                    before = takers.totals[-1] if takers.totals else 0
                    takers.totals.append(before + self._served.added[position] * need.quantity)
            for position in reversed(holding):
                line = self._queue.line(position)
                for need in line._needs if self._queue.held[position] else ():
                    found[need.sku].earlier.add(-position, line.order_id)
            self._takers = found
        return self._takers


class _OfALine(Protocol):
    """What says of which line it is."""

    @property
    def order_id(self) -> str: ...
    @property
    def line_id(self) -> str: ...
    @property
    def sku(self) -> str: ...


@attrs.frozen
class ReadVerdicts:
    """The decisions of an allocation that is nothing but its values; it answers what `Verdicts` answers."""

    decisions: Sequence[Decision]
    lines: Sequence[Sequence[_OfALine]]  # what lines hold and lack: their SKUs

    def positions_of(self, order_id: str) -> Sequence[int]:
        return [place for place, decision in enumerate(self.decisions) if decision.order_id == order_id]

    def claims(self) -> Sequence[tuple[str, str, str, int]]:
        skus = {(line.order_id, line.line_id): line.sku for line in chain.from_iterable(self.lines)}
        names = [(item.order_id, item.line_id) for item in self.decisions]
        claims = (item.granted + item.short for item in self.decisions)
        return [(*name, skus.get(name, ""), claim) for name, claim in zip(names, claims, strict=True)]

    def granted(self, position: int) -> int:
        return self.decisions[position].granted

    def decision(self, position: int) -> Decision:
        return self.decisions[position]
