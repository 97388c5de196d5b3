"""What the rows of a picture say and where their bars stand: parts of an order over time, lines of a queue by units."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import attrs

from ._explaining import _WHY
from ._plot_layout import cut, number, place, refuse_too_large
from ._timeline import day_in_words
from ._verdicts import Decision, DecisionCode
from .messages import Place, describe
from .quantities import UNLIMITED, Quantity
from .splitting import Cancelled, Part, PartKind, PartLine, SplitPlan
from .street_date import street_day
from .waiting_room import Allocation

_MOST_ROWS = 40
_MOST_SKUS = 4
_LONGEST_NAME, _LONGEST_SKU = 40, 24
_HEAD, _TAIL, _WORDS = 23, 30, 75  # letters that go into a line on the left, bold and plain, and on the right
_A_WEEK = 7
_TOGETHER = "\N{NO-BREAK SPACE}"


class Shade(StrEnum):
    """What a bar stands for; its value is what the legend says."""

    WAITS = "waits"
    UNDER_WAY = "is handled and on its way"
    ARRIVES = "can arrive"
    CANCELLED = "cancelled"
    HELD = "granted before"
    ADDED = "granted now"
    SHORT = "short"
    ON_HOLD = "on hold"
    NOT_DUE = "not due"


@attrs.frozen
class Bar:
    """A bar from one place of the axis to another."""

    begin: float
    end: float
    shade: Shade


@attrs.frozen
class Row:
    """A row: what it is about and its id, its bars, and what is said under them."""

    head: str
    tail: str
    bars: tuple[Bar, ...]
    words: str

    @property
    def left(self) -> tuple[list[str], list[str]]:
        """The lines at the left of the bars, bold ones and plain ones."""
        return _wrapped(self.head, _HEAD), _wrapped(self.tail, _TAIL)

    @property
    def below(self) -> list[str]:
        """The lines under the bars."""
        return _wrapped(self.words, _WORDS)


@attrs.frozen(kw_only=True)
class Rows:
    """A picture of rows.

    Attributes:
        title: What all of it is.
        note: What is to be known beside it; may be empty.
        rows: The rows, from the top down.
        begin: Where the axis begins.
        end: Where it ends.
        now: A place to mark, if it is not where the axis begins.
    """

    title: str
    note: str
    rows: tuple[Row, ...]
    begin: float
    end: float
    now: float


def _wrapped(words: str, wide: int) -> list[str]:
    """Return words in at most three lines, none of them divided where another line has room for it."""
    lines = textwrap.wrap(words, wide, max_lines=3, placeholder=" …", break_on_hyphens=False)
    return [line.replace(_TOGETHER, " ") for line in lines]


def plan_rows(plan: SplitPlan, *, at: dt.datetime, zone: str) -> Rows:
    """Return a row for each part of an order and one for each cancellation; a place is a day."""
    today = street_day(at, zone=zone)
    refuse_too_large((line.quantity for part in plan.parts for line in part.lines), "plan")
    refuse_too_large((units.quantity for units in plan.cancelled), "plan")
    known = [days for part in plan.parts for days in (part.ready, part.delivery) if days]
    begin = min([today, *(days.earliest for days in known)])
    end = max([today + min(dt.timedelta(days=_A_WEEK), dt.date.max - today), *(days.latest for days in known)])
    span = place(begin), place(end) + 1
    rows = [_part_row(part, today, span, _said(part, at, zone)) for part in plan.parts]
    rows += [_cancelled_row(units, today, span, _said(units, at, zone)) for units in plan.cancelled]
    what = "" if rows else ": nothing is left to send"
    return Rows(
        title=f"Order {cut(plan.order_id, _LONGEST_NAME)} on {day_in_words(today)}{what}",
        note=_first_of(len(rows), "rows"),
        rows=tuple(rows[:_MOST_ROWS]),
        begin=span[0],
        end=span[1],
        now=place(today),
    )


def _said(subject: Part | Cancelled, at: dt.datetime, zone: str) -> str:
    return describe(subject, place=Place.PRODUCT_PAGE, at=at, zone=zone).text


def _first_of(many: int, things: str) -> str:
    return f"the first {_MOST_ROWS} of {number(many)} {things}" if many > _MOST_ROWS else ""


def _part_row(part: Part, today: dt.date, span: tuple[int, int], said: str) -> Row:
    way = [f"from {cut(part.location, _LONGEST_SKU)}"] if part.location else []
    way += [f"to {cut(part.ship_to, _LONGEST_SKU)}"] if part.ship_to else []
    where = f" ({' '.join(way)})" if way else ""
    return Row(
        head=", ".join(_units(line) for line in part.lines),
        tail=cut(part.id, _LONGEST_NAME),
        bars=tuple(_part_bars(part, place(today), span[1])),
        words=said + where,
    )


def _units(line: PartLine | Cancelled) -> str:
    return f"{number(line.quantity)}{_TOGETHER}{cut(line.sku, _LONGEST_SKU)}"


def _part_bars(part: Part, today: int, end: int) -> Iterator[Bar]:
    """Yield how long a part waits, is on its way and can arrive; one without a date waits as far as one can see."""
    if part.delivery is None:
        if part.kind in (PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK):
            yield Bar(today, end, Shade.WAITS)
        return
    begin = place(part.ready.earliest if part.ready else part.delivery.earliest)
    arrives = place(part.delivery.earliest), place(part.delivery.latest) + 1
    spans = [(today, begin, Shade.WAITS), (begin, arrives[0], Shade.UNDER_WAY), (*arrives, Shade.ARRIVES)]
    yield from (Bar(*span) for span in spans if span[0] < span[1])


def _cancelled_row(units: Cancelled, today: dt.date, span: tuple[int, int], said: str) -> Row:
    mark = Bar(place(today), place(today) + (span[1] - span[0]) / 30, Shade.CANCELLED)
    return Row(_units(units), f"line {cut(units.line_id, _LONGEST_SKU)}", (mark,), said)


def allocation_rows(allocation: Allocation) -> Rows:
    """Return a row for each line of a queue, in the order of their places; a place on the axis is a unit."""
    verdicts, decisions = allocation._verdicts, allocation.decisions
    claims = verdicts.claims()
    refuse_too_large((claim for *_, claim in claims), "allocation")
    granted = sum(verdicts.granted(place) for place in range(len(claims)))
    asked = sum(claim for *_, claim in claims)
    added = Counter[tuple[str, str]]()
    for grant in allocation.added:
        added[grant.order_id, grant.line_id] += grant.quantity
    shown = decisions[:_MOST_ROWS]
    rows = [
        _line_row(decision, sku, added[decision.order_id, decision.line_id])
        for decision, (_, _, sku, _) in zip(shown, claims, strict=False)
    ]
    return Rows(
        title=f"{number(granted)} of {number(asked)} units granted" if claims else "Nobody waits",
        note="; ".join(filter(None, [*_left(allocation), _first_of(len(claims), "lines")])),
        rows=tuple(rows),
        begin=0,
        end=max([1, *(claim for *_, claim in claims[:_MOST_ROWS])]),
        now=0,
    )


def _line_row(decision: Decision, sku: str, added: int) -> Row:
    order, line = cut(decision.order_id, _LONGEST_SKU), cut(decision.line_id, _LONGEST_SKU)
    claim = decision.granted + decision.short
    why = _WHY[decision.code](decision)
    got = f"holds {number(decision.granted)}" + (f" of {number(claim)}" if decision.short else "")
    return Row(
        head=f"{order}, line {line}",
        tail=f"{number(claim)} {cut(sku, _LONGEST_SKU)}",
        bars=tuple(_line_bars(decision, added)),
        words=cut(": ".join(filter(None, [got, why])), 3 * _WORDS),
    )


def _line_bars(decision: Decision, added: int) -> Iterator[Bar]:
    """Yield what a line held before, what it got and what it lacks."""
    before, had, claim = decision.granted - added, decision.granted, decision.granted + decision.short
    lacks = _LACKING.get(decision.code, Shade.SHORT)
    spans = [(0, before, Shade.HELD), (before, had, Shade.ADDED), (had, claim, lacks)]
    yield from (Bar(*span) for span in spans if span[0] < span[1])


_LACKING = {DecisionCode.ON_HOLD: Shade.ON_HOLD, DecisionCode.NOT_DUE: Shade.NOT_DUE}


def _left(allocation: Allocation) -> Iterator[str]:
    if allocation.left_over:
        yield f"left over: {_listed(allocation.left_over)}"
    if allocation.oversold:
        yield f"granted, but not there: {_listed(allocation.oversold)}"


def _listed(quantities: Mapping[str, Quantity]) -> str:
    """Return units by SKU; of very many SKUs the first ones."""
    items = sorted(quantities.items())
    named = [f"{_quantity(units)} {cut(sku, _LONGEST_SKU)}" for sku, units in items[:_MOST_SKUS]]
    more = [f"{len(items) - _MOST_SKUS} more SKUs"] if len(items) > _MOST_SKUS else []
    return ", ".join([*named, *more])


def _quantity(units: Quantity) -> str:
    return "any number of" if units is UNLIMITED else number(units)


def in_words(rows: Sequence[Row]) -> list[str]:
    """Return what rows show, for those who do not see them."""
    return [f"{row.head} ({row.tail}): {row.words}.".replace(_TOGETHER, " ") for row in rows]
