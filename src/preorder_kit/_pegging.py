"""Units from stock and receipts, each given out once: the engine under promises and the days of splits.

A `Ledger` is the one thing here that changes. It is made for one call and never leaves it. Units of a bundle take all
that they need, or nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from ._dating import Dated, Source, dated, if_unsaid, ready_with
from ._shelf import Peg, Shelf
from ._supply import Supply, _of_sku
from .delivery import DateRange, ShippingTimes
from .orders import Need, OrderLine
from .quantities import UNLIMITED, Quantity, _bounded
from .supply import _coming


@attrs.frozen(kw_only=True)
class Taken:
    """What became of the units that were asked for; pegs, ``undated`` and ``refused`` add up to them.

    Attributes:
        pegs: What they are taken from.
        undated: Units that may wait, for nothing that is known of.
        refused: Units that may not wait.
    """

    pegs: tuple[Peg, ...]
    undated: int
    refused: int


class Ledger:
    """What a supply can still give from a day on; what is taken from it is gone until it is put back."""

    def __init__(self, supply: Supply, *, day: dt.date, overdue: int | None = None) -> None:
        self._supply = supply
        self._day = day
        self._overdue = overdue
        self._shelves: dict[str, Shelf] = {}
        self._soonest: dict[str, dict[str, DateRange]] = {}

    def release(self, order_id: str, skus: Iterable[str]) -> None:
        """Let what is owed to an order not stand in its own way."""
        for sku in skus:
            self._shelf(sku).release(order_id)

    def take(self, sku: str, units: int, *, waiting: Quantity, by: dt.date | None = None) -> Taken:
        """Take ``units`` of ``sku``: stock first, then up to ``waiting`` units of what comes, the earliest first.

        With ``by``, what comes by that day is taken before all else, the latest first.
        """
        shelf = self._shelf(sku)
        may_wait = _bounded(units, waiting)
        pegs = list(shelf.take_latest(may_wait, by)) if by else []
        may_wait -= units_of(pegs)
        pegs += shelf.take_here(units - units_of(pegs))
        allowed = min(units - units_of(pegs), may_wait)
        later = list(shelf.take_coming(allowed))
        left = units - units_of(pegs) - allowed
        return Taken(pegs=(*pegs, *later), undated=allowed - units_of(later), refused=left)

    def take_here(self, sku: str, units: int) -> list[Peg]:
        """Take up to ``units`` of what is there."""
        return list(self._shelf(sku).take_here(units))

    def take_soonest(self, sku: str, units: int) -> list[Peg]:
        """Take up to ``units`` of what is there and what comes, the earliest first."""
        shelf = self._shelf(sku)
        pegs = list(shelf.take_here(units))
        return [*pegs, *shelf.take_coming(units - units_of(pegs))]

    def take_in_time(self, sku: str, units: int, *, by: dt.date, keep: int | None = 0) -> list[Peg]:
        """Take up to ``units`` of what comes by a day, the latest first, and then of what is there.

        ``keep`` must stay: nothing for what was promised already, which comes before the safety stock; ``None``: that.
        """
        shelf = self._shelf(sku)
        pegs = list(shelf.take_latest(units, by, keep=keep))
        return [*pegs, *shelf.take_here(units - units_of(pegs), keep=keep)]

    def whole(self, needs: Iterable[Need], units: int) -> int:
        """Return how many of so many units can be made of what is there."""
        for need in needs:
            there = self._shelf(need.sku).there
            units = units if there is UNLIMITED else min(units, there // need.quantity)
        return units

    def put_back(self, pegs: Iterable[Peg]) -> None:
        """Undo a taking."""
        for peg in pegs:
            self._shelf(peg.sku).put_back(peg)

    def has_receipts(self, sku: str) -> bool:
        """Say whether the supply names a receipt of ``sku``, whenever it comes and whoever gets it."""
        return bool(_of_sku(self._supply.receipts, sku))

    def soonest(self, sku: str, references: Sequence[str]) -> DateRange | None:
        """Return when the first receipt of ``sku`` comes that counts, of those with one of the references if any."""
        if sku not in self._soonest:
            coming = sorted(
                _coming(self._supply, sku, self._day, self._overdue), key=lambda item: item[1].latest, reverse=True
            )
            self._soonest[sku] = {receipt.reference: window for receipt, window in coming}
        windows = self._soonest[sku]
        found = [windows[name] for name in references or windows if name in windows]
        return min(found, key=lambda window: window.latest, default=None)

    def _shelf(self, sku: str) -> Shelf:
        if sku not in self._shelves:
            self._shelves[sku] = Shelf(self._supply, sku, start=self._day, overdue=self._overdue)
        return self._shelves[sku]


def units_of(pegs: Iterable[Peg]) -> int:
    """Return how many units pegs hold."""
    return sum(peg.units for peg in pegs)


def items_of(
    taken: Taken, line: OrderLine, *, ledger: Ledger, ahead: dt.datetime | None, base: dt.date, times: ShippingTimes
) -> Iterator[Dated]:
    """Yield when units that were taken for a line without components, and not refused, are ready.

    ``ahead`` is a street date that is ahead, ``base`` the day before which nothing is handled. Units of which nothing
    is known have no date where the supply names a receipt of the SKU.
    """
    for peg in taken.pegs:
        yield dated(peg.units, (peg,), base, times)
    if taken.undated:
        source, ready = Source.NOTHING, None
        if not ledger.has_receipts(line.sku):
            source, ready = if_unsaid(line, base, ahead=ahead, times=times)
        yield Dated(units=taken.undated, source=source, ready=ready)


@attrs.frozen(kw_only=True)
class Begun:
    """Units of bundles: those that have all they need, and those that wait, with what is set aside for them."""

    items: tuple[Dated, ...]
    waiting: int
    aside: Mapping[str, list[Peg]]


def begin_bundles(
    line: OrderLine, *, here: int, waiting: int, ledger: Ledger, base: dt.date, times: ShippingTimes
) -> Begun:
    """Take what ``here`` units of a bundle need, and set aside what up to ``waiting`` ones may not wait for."""
    pegs = tuple(peg for need in line._needs for peg in ledger.take_here(need.sku, here * need.quantity))
    waiting = ledger.whole(line._bound, waiting)
    aside = {need.sku: ledger.take_here(need.sku, waiting * need.quantity) for need in line._bound}
    items = (dated(here, pegs, base, times),) if here else ()
    return Begun(items=items, waiting=waiting, aside=aside)


def begin_bundles_by(
    line: OrderLine, asked: int, *, by: dt.date, ledger: Ledger, base: dt.date, times: ShippingTimes
) -> list[Dated]:
    """Take what units of a bundle need from what comes by a day, the latest first, and from what is there."""
    bound = {need.sku for need in line._bound}
    streams = {
        need.sku: ledger.take_here(need.sku, asked * need.quantity)
        if need.sku in bound
        else ledger.take_in_time(need.sku, asked * need.quantity, by=by, keep=None)
        for need in line._needs
    }
    return lots(line._needs, asked, streams, ledger=ledger, base=base, times=times)


def finish_bundles(
    begun: Begun,
    line: OrderLine,
    *,
    ledger: Ledger,
    ahead: dt.datetime | None,
    base: dt.date,
    times: ShippingTimes,
) -> Iterator[Dated]:
    """Yield when the units of a bundle are ready that wait: each with the last of what it needs.

    Units of which one component has no date have none, and hold no more than what they may not wait for; but where the
    supply names no receipt at all of what is missing, they have that of a line of which nothing is said.
    """
    streams = dict(begun.aside)
    for need in line._needs:
        if need.sku not in streams:
            streams[need.sku] = ledger.take_soonest(need.sku, begun.waiting * need.quantity)
    found = lots(line._needs, begun.waiting, streams, ledger=ledger, base=base, times=times)
    yield from found
    rest = begun.waiting - sum(item.units for item in found)
    if rest:
        yield from _unsaid(line, rest, ledger=ledger, ahead=ahead, base=base, times=times)


def _unsaid(
    line: OrderLine, units: int, *, ledger: Ledger, ahead: dt.datetime | None, base: dt.date, times: ShippingTimes
) -> Iterator[Dated]:
    """Yield units of a bundle of which something has no date, those together that lack the same."""
    while units:
        streams = {need.sku: ledger.take_soonest(need.sku, units * need.quantity) for need in line._needs}
        made = {need.sku: units_of(streams[need.sku]) // need.quantity for need in line._needs}
        known = [need for need in line._needs if made[need.sku]]
        source, ready = Source.NOTHING, None
        if not any(ledger.has_receipts(sku) for sku, count in made.items() if not count):
            source, ready = if_unsaid(line, base, ahead=ahead, times=times)
        if ready is None or source is Source.ESTIMATE:
            held = tuple(peg for need in line._bound for peg in streams.pop(need.sku))
            ledger.put_back(peg for pegs in streams.values() for peg in pegs)
            yield Dated(units=units, source=source, ready=ready, pegs=held)
            return
        count = min((made[need.sku] for need in known), default=units)
        pegs: list[Peg] = []
        for need in line._needs:
            left = streams[need.sku][::-1]
            pegs += _draw(left, count * need.quantity) if need in known else ()
            ledger.put_back(left)
        windows = [peg.window for peg in pegs if peg.window is not None]
        yield Dated(units=count, source=source, ready=ready_with(windows, base, times), pegs=tuple(pegs))
        units -= count


def lots(
    needs: Sequence[Need],
    asked: int,
    streams: Mapping[str, list[Peg]],
    *,
    ledger: Ledger,
    base: dt.date,
    times: ShippingTimes,
) -> list[Dated]:
    """Return whole units made of what was taken of each SKU, the soonest first, and put back what is left over."""
    made = min((units_of(streams[need.sku]) // need.quantity for need in needs), default=asked)
    per_unit = {need.sku: need.quantity for need in needs}
    ends = {made}
    left = {}
    for sku, pegs in streams.items():
        left[sku] = sorted(pegs, key=_comes)[::-1]
        count = 0
        for peg in reversed(left[sku]):
            count += peg.units
            ends.add(min(made, count // per_unit[sku]))
    found, begin = [], 0
    for end in sorted(ends - {0}):
        drawn = [peg for sku, stream in left.items() for peg in _draw(stream, (end - begin) * per_unit[sku])]
        found.append(dated(end - begin, tuple(drawn), base, times))
        begin = end
    ledger.put_back(peg for stream in left.values() for peg in stream)
    return found


def _comes(peg: Peg) -> tuple[dt.date, dt.date]:
    """Return when what is pegged can be had, what is there before all else."""
    return (peg.window.latest, peg.window.earliest) if peg.window else (dt.date.min, dt.date.min)


def _draw(stream: list[Peg], units: int) -> Iterator[Peg]:
    """Yield pegs for so many units from the end of a list, which they leave."""
    while units:
        peg = stream.pop()
        given = min(units, peg.units)
        if given < peg.units:
            stream.append(attrs.evolve(peg, units=peg.units - given))
        units -= given
        yield peg if given == peg.units else attrs.evolve(peg, units=given)


def cut(item: Dated, amount: int) -> tuple[Dated, Dated]:
    """Divide units of a line after the first ``amount``, with what they are pegged to."""
    left: dict[str, list[Peg]] = {}
    for peg in reversed(item.pegs):
        left.setdefault(peg.sku, []).append(peg)
    per_unit = {sku: units_of(pegs) // item.units for sku, pegs in left.items()}
    first = tuple(peg for sku in reversed(left) for peg in _draw(left[sku], amount * per_unit[sku]))
    rest = tuple(peg for sku in reversed(left) for peg in reversed(left[sku]))
    return attrs.evolve(item, units=amount, pegs=first), attrs.evolve(item, units=item.units - amount, pegs=rest)
