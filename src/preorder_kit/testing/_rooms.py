"""Strategies for queues that wait for stock, and for what is shared out among them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product

import attrs
from hypothesis import strategies as st

from ..bundles import Component
from ..orders import ShipPolicy, WaitingLine, needs
from ..quantities import UNLIMITED, Quantity
from ..waiting_room import AllocationPolicy, AllocationUnit, Grant, QueueOrder, Shortage, Unserved

#: Places in a queue: few, so that there are ties, one of them at two offsets; and the ends of time.
_PLACES = (
    dt.datetime(1, 1, 1, tzinfo=dt.timezone.utc),
    dt.datetime(2026, 3, 1, 9, tzinfo=dt.timezone.utc),
    dt.datetime(2026, 3, 1, 10, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    dt.datetime(2026, 3, 2, tzinfo=dt.timezone.utc),
    dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.timezone.utc),
)
#: Ids of lines whose order as text is not that of their numbers.
_LINE_IDS = ("2", "10", "1", "3", "20", "11", "4", "30", "12", "5")
_PLAIN: st.SearchStrategy[tuple[Component, ...]] = st.just(())
_INSTANTS = st.sampled_from(_PLACES)
_WHO = st.sampled_from(list(product(["O2", "O10", "O1", "o1"], _PLACES, [0, 1, -1])))
_WHAT = st.sampled_from(list(product(["A", "B", "C"], range(1, 7), [0, 3, 1])))


def waiting_instants() -> st.SearchStrategy[dt.datetime]:
    """Return instants at which lines of `lines_waiting` came, are due, or may be asked about."""
    return _INSTANTS


def lines_waiting(
    *,
    recipes: st.SearchStrategy[tuple[Component, ...]] = _PLAIN,
    ships: Sequence[ShipPolicy] = (ShipPolicy.AS_AVAILABLE, ShipPolicy.AS_AVAILABLE, ShipPolicy.COMPLETE),
    holds: Sequence[str | None] = (*[None] * 7, "unpaid"),
    street_dates: Sequence[dt.datetime | None] = (*[None] * 10, *_PLACES),
) -> st.SearchStrategy[WaitingLine]:
    """Return lines that wait, of few orders, places and SKUs, each with one of ``ships``, ``holds``, ``street_dates``.

    A line has a recipe out of ``recipes``; bundles have SKUs of their own, of three.
    """
    # Few draws of many fields each: a queue has lines enough for a draw of each field to be felt.
    when = st.sampled_from(list(product(ships, holds, street_dates)))
    return st.builds(_waiting_line, _WHO, _WHAT, when, recipes)


def _waiting_line(
    who: tuple[str, dt.datetime, int],
    what: tuple[str, int, int],
    when: tuple[ShipPolicy, str | None, dt.datetime | None],
    recipe: tuple[Component, ...],
) -> WaitingLine:
    (order_id, placed_at, priority), (sku, quantity, value), (ship, hold, street_date) = who, what, when
    return WaitingLine(
        order_id=order_id,
        line_id=_LINE_IDS[0],
        sku=f"{sku}-SET" if recipe else sku,
        quantity=quantity,
        placed_at=placed_at,
        components=recipe,
        priority=priority,
        street_date=street_date,
        hold=hold,
        ship=ship,
        value=value,
    )


def waiting_queues(
    lines: st.SearchStrategy[WaitingLine] | None = None, /, *, most: int = 7
) -> st.SearchStrategy[tuple[WaitingLine, ...]]:
    """Return queues of one to ``most`` of ``lines``, at most ten, in no order; by default plain ones."""
    drawn = lines_waiting() if lines is None else lines
    return st.lists(drawn, min_size=1, max_size=min(most, len(_LINE_IDS))).map(_told_apart)


def _told_apart(lines: Sequence[WaitingLine]) -> tuple[WaitingLine, ...]:
    """Give the lines of each order ids of their own."""
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        found.append(attrs.evolve(line, line_id=_LINE_IDS[seen[line.order_id]]))
        seen[line.order_id] += 1
    return tuple(found)


def available_for(queue: Sequence[WaitingLine] = (), /, *, most: int = 12) -> st.SearchStrategy[dict[str, Quantity]]:
    """Return stock of most SKUs on a shelf that a queue wants, and of one that it may not want."""
    return _stock(tuple(sorted({"A", *(need.sku for line in queue for need in needs(line))})), most)


@lru_cache(maxsize=256)
def _stock(wanted: Sequence[str], most: int) -> st.SearchStrategy[dict[str, Quantity]]:
    units = st.sampled_from([*range(most + 1), UNLIMITED, None, None])
    return st.fixed_dictionaries(dict.fromkeys(wanted, units)).map(_without_none)


def _without_none(found: Mapping[str, Quantity | None]) -> dict[str, Quantity]:
    return {sku: units for sku, units in found.items() if units is not None}


def grants_for(queue: Sequence[WaitingLine] = (), /) -> st.SearchStrategy[tuple[Grant, ...]]:
    """Return grants that some lines of a queue hold, one for a line, none beyond its claim."""
    drawn = st.tuples(*(st.integers(0, line.quantity) for line in queue))
    return drawn.map(lambda held: tuple(_grant(*item) for item in zip(queue, held, strict=True) if item[1]))


def _grant(line: WaitingLine, units: int) -> Grant:
    return Grant(order_id=line.order_id, line_id=line.line_id, sku=line.sku, quantity=units)


def allocation_policies(
    *, shortages: Sequence[Shortage] = tuple(Shortage), units: Sequence[AllocationUnit] = tuple(AllocationUnit)
) -> st.SearchStrategy[AllocationPolicy]:
    """Return policies in some queue order with one of ``shortages`` and of ``units``, none of which rations."""
    return st.sampled_from(
        [
            AllocationPolicy(queue=queue, shortage=shortage, unit=unit, unserved=unserved)
            for queue, shortage, unit, unserved in product(QueueOrder, shortages, units, Unserved)
        ]
    )
