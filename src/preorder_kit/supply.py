"""What there is, what is coming, what is owed of it, and what can still be promised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import attrs

from ._checks import day as check_day
from ._checks import instance, mapping, optional, refused, text, units
from ._periods import AtpMethod, atp_by_period
from ._supply import Commitment, Receipt, Supply, _expected, _of_sku, _window
from .delivery import DateRange, LeadTime, _after
from .errors import InvalidArgument
from .quantities import UNLIMITED, Quantity, add_units

__all__ = [
    "AtpMethod",
    "AtpStep",
    "BalanceStep",
    "Commitment",
    "Receipt",
    "Supply",
    "atp_by_period",
    "atp_timeline",
    "available_now",
    "balance_timeline",
    "move_receipt",
    "pool",
]

_NAMED = 10  # how many receipts a message lists


def pool(locations: Mapping[str, Supply], /) -> Supply:
    """Return the supplies of several locations as one.

    Units on hand and safety stock add up per SKU (a negative count lowers the sum), receipts and commitments are put
    together, and of several lead times for one SKU the shortest counts: the smallest ``max_days``, then ``min_days``,
    whatever their calendars, then the location that comes first by name. What can be promised of all together may be
    less than of each by itself: safety stock that one location lacks is withheld of the others' units.

    Args:
        locations: Name -> supply.

    Returns:
        A supply that no order of the locations changes; an empty one for no location.

    Raises:
        InvalidArgument: If ``locations`` is no mapping of names to supplies.

    Examples:
        Two buildings:

        >>> from preorder_kit import Supply, pool
        >>> pool({"A": Supply(on_hand={"CD": 3}), "B": Supply(on_hand={"CD": 4, "LP": 1})}).on_hand
        {'CD': 7, 'LP': 1}
    """
    frozen = mapping(locations, "locations", key=text, check=partial(instance, of=Supply))
    supplies = [frozen[name] for name in sorted(frozen)]
    return Supply(
        on_hand=_summed(supply.on_hand for supply in supplies),
        receipts=[receipt for supply in supplies for receipt in supply.receipts],
        commitments=[owed for supply in supplies for owed in supply.commitments],
        safety_stock=_summed(supply.safety_stock for supply in supplies),  # type: ignore[arg-type]  # no UNLIMITED in, none out
        replenishment=_shortest(supply.replenishment for supply in supplies),
    )


def _summed(quantities: Iterable[Mapping[str, Quantity]]) -> dict[str, Quantity]:
    totals: dict[str, Quantity] = {}
    for one in quantities:
        for sku, quantity in one.items():
            totals[sku] = add_units([totals.get(sku, 0), quantity])
    return totals


def _shortest(lead_times: Iterable[Mapping[str, LeadTime]]) -> dict[str, LeadTime]:
    shortest: dict[str, LeadTime] = {}
    for one in lead_times:
        for sku, lead in one.items():
            shortest[sku] = min(shortest.get(sku, lead), lead, key=lambda item: (item.max_days, item.min_days))
    return shortest


@attrs.frozen(kw_only=True)
class AtpStep:
    """What can be promised from a day on, until the next step.

    Attributes:
        day: The first day.
        available: Units that can be promised, >= 0.
        withheld: Units that the safety stock alone keeps from being promised.
        short: Units that are owed on this day or later and that nothing covers; safety stock never makes them more.
    """

    day: dt.date
    available: Quantity
    withheld: int
    short: int


@attrs.frozen(kw_only=True)
class BalanceStep:
    """What a day does to the balance of a SKU.

    Attributes:
        day: The day.
        received: Units that count as received on it.
        owed: Units that are owed on it.
        balance: What is there at its end if all of that happens; negative where more is owed.
    """

    day: dt.date
    received: Quantity
    owed: int
    balance: Quantity


def atp_timeline(
    supply: Supply, /, *, sku: str, start: dt.date, overdue: int | None = None, but_for: str = ""
) -> tuple[AtpStep, ...]:
    """Return from each day on how many units of ``sku`` can be promised without breaking what is owed later.

    What is there and what comes, less what is owed, runs through the days (see `balance_timeline`). The lowest it gets
    from a day on, less the safety stock, can be promised from that day on. A receipt counts from its latest day on,
    less what is reserved of it. From the end of a replenishment lead time on there is no bound.

    Args:
        supply: One location.
        sku: A SKU on a shelf, not a bundle.
        start: Today, at the location.
        overdue: How many days from ``start`` on the receipts count whose day has passed; ``None``: they do not count.
            What was owed before ``start`` is owed still.
        but_for: An order whose own commitments are left out, so that it does not stand in its own way.

    Returns:
        Steps in the order of their days, the first on ``start``; a day that changes nothing has none. ``available``
        never falls, and ``available - withheld`` and ``short`` are of one number: the lowest balance is
        ``available + withheld - short``.

    Raises:
        InvalidArgument: If ``start`` is no day, ``sku`` no text, or ``overdue`` negative.
        NoWorkingDay: If the calendar of the SKU's replenishment has no working day for 366 days.

    Source:
        Available to promise with look-ahead, as in a master production schedule; safety stock taken last, after what
        is owed, as IBM's Inventory Visibility documents it.

    Examples:
        Ten there, eight owed on the sixth, five coming on the tenth:

        >>> import datetime as dt
        >>> from preorder_kit import Commitment, Receipt, Supply, atp_timeline
        >>> supply = Supply(
        ...     on_hand={"CD": 10},
        ...     commitments=[Commitment(sku="CD", quantity=8, due=dt.date(2026, 12, 6))],
        ...     receipts=[Receipt(sku="CD", quantity=5, expected=dt.date(2026, 12, 10))],
        ... )
        >>> for step in atp_timeline(supply, sku="CD", start=dt.date(2026, 11, 22)):
        ...     print(step.day, step.available)
        2026-11-22 2
        2026-12-10 7

        More is owed than comes, and safety stock does not make it worse:

        >>> supply = Supply(on_hand={"CD": 3}, commitments=[Commitment(sku="CD", quantity=5)], safety_stock={"CD": 2})
        >>> [step] = atp_timeline(supply, sku="CD", start=dt.date(2026, 11, 22))
        >>> step.available, step.withheld, step.short
        (0, 0, 2)
    """
    balances = _balances(supply, sku, start, overdue, but_for)
    safety = supply.safety_stock.get(sku, 0)
    lowest: Quantity = UNLIMITED
    steps: list[AtpStep] = []
    for item in reversed(balances):
        lowest = min(lowest, item.balance)
        step = _atp_step(item.day, lowest, safety)
        if steps and attrs.evolve(steps[-1], day=step.day) == step:
            steps.pop()
        steps.append(step)
    return tuple(reversed(steps))


def _atp_step(day: dt.date, lowest: Quantity, safety: int) -> AtpStep:
    if lowest is UNLIMITED:
        return AtpStep(day=day, available=UNLIMITED, withheld=0, short=0)
    there = max(0, lowest)
    return AtpStep(day=day, available=max(0, there - safety), withheld=min(there, safety), short=max(0, -lowest))


def available_now(supply: Supply, /, *, sku: str, day: dt.date, but_for: str = "") -> Quantity:
    """Return how many units of ``sku`` can be promised on ``day`` without breaking what is owed later.

    It is the first step of `atp_timeline`. A receipt whose day has passed does not count.

    Args:
        supply: One location.
        sku: A SKU on a shelf, not a bundle.
        day: Today, at the location.
        but_for: An order whose own commitments are left out, so that it does not stand in its own way.

    Returns:
        Units >= 0. What comes on ``day`` itself is among them: what can leave now is the smaller of this and what is on
        hand.

    Raises:
        InvalidArgument: If ``day`` is no day or ``sku`` no text.
        NoWorkingDay: If the calendar of the SKU's replenishment has no working day for 366 days.

    Examples:
        Ten there, eight owed in two weeks, five coming only after that:

        >>> import datetime as dt
        >>> from preorder_kit import Commitment, Receipt, Supply, available_now
        >>> supply = Supply(
        ...     on_hand={"CD": 10},
        ...     commitments=[Commitment(sku="CD", quantity=8, due=dt.date(2026, 12, 6), order_id="O1")],
        ...     receipts=[Receipt(sku="CD", quantity=5, expected=dt.date(2026, 12, 10))],
        ... )
        >>> available_now(supply, sku="CD", day=dt.date(2026, 11, 22))
        2

        For the order that they are owed to, all ten:

        >>> available_now(supply, sku="CD", day=dt.date(2026, 11, 22), but_for="O1")
        10
    """
    return atp_timeline(supply, sku=sku, start=check_day(day, "day"), but_for=but_for)[0].available


def balance_timeline(
    supply: Supply, /, *, sku: str, start: dt.date, overdue: int | None = None, but_for: str = ""
) -> tuple[BalanceStep, ...]:
    """Return how the balance of ``sku`` runs if all comes and leaves on its day: a planner's sheet.

    A receipt counts on its latest day, less what is reserved of it. What was owed before ``start`` is owed on it. From
    the end of a replenishment lead time on there is no bound. Safety stock plays no part in it.

    Args:
        supply: One location.
        sku: A SKU on a shelf, not a bundle.
        start: Today, at the location.
        overdue: How many days from ``start`` on the receipts count whose day has passed; ``None``: they do not count.
        but_for: An order whose own commitments are left out.

    Returns:
        One step for ``start`` and for each later day on which a receipt counts, even if all of it is spoken for, or a
        commitment is due; where there is no bound any more, a last one. Each balance is the one before it, what is on
        hand at first, with what comes and less what is owed.

    Raises:
        InvalidArgument: If ``start`` is no day, ``sku`` no text, or ``overdue`` negative.
        NoWorkingDay: If the calendar of the SKU's replenishment has no working day for 366 days.

    Examples:
        A hundred there, twenty owed later, a pallet after that:

        >>> import datetime as dt
        >>> from preorder_kit import Commitment, Receipt, Supply, balance_timeline
        >>> supply = Supply(
        ...     on_hand={"CD": 100},
        ...     commitments=[Commitment(sku="CD", quantity=20, due=dt.date(2026, 12, 6))],
        ...     receipts=[Receipt(sku="CD", quantity=40, expected=dt.date(2026, 12, 10))],
        ... )
        >>> for step in balance_timeline(supply, sku="CD", start=dt.date(2026, 11, 22)):
        ...     print(step.day, step.received, step.owed, step.balance)
        2026-11-22 0 0 100
        2026-12-06 0 20 80
        2026-12-10 40 0 120

        A receipt whose day has passed does not count, or counts so many days from now:

        >>> late = Supply(on_hand={}, receipts=[Receipt(sku="CD", quantity=40, expected=dt.date(2026, 11, 20))])
        >>> balance_timeline(late, sku="CD", start=dt.date(2026, 11, 22), overdue=7)[-1].day.isoformat()
        '2026-11-29'
    """
    return tuple(_balances(supply, sku, start, overdue, but_for))


def _balances(supply: Supply, sku: str, start: dt.date, overdue: int | None, but_for: str) -> list[BalanceStep]:
    instance(supply, "supply", of=Supply)
    balance = supply.on_hand.get(text(sku, "sku"), 0)
    received, owed = _received(supply, sku, check_day(start, "start"), overdue), _owed(supply, sku, start, but_for)
    replenished = _replenished(supply, sku, start)
    steps = []
    for day in sorted({start, *received, *owed}):
        if replenished is not None and day >= replenished.latest:
            break
        come, asked = received.get(day, 0), owed.get(day, 0)
        balance = UNLIMITED if balance is UNLIMITED else balance + come - asked
        steps.append(BalanceStep(day=day, received=come, owed=asked, balance=balance))
    if replenished is not None:
        steps.append(BalanceStep(day=replenished.latest, received=UNLIMITED, owed=0, balance=UNLIMITED))
    return steps


def _received(supply: Supply, sku: str, start: dt.date, overdue: int | None) -> dict[dt.date, int]:
    """Return day -> units of receipts that count from then on and are not spoken for."""
    received: dict[dt.date, int] = {}
    for receipt, window in _coming(supply, sku, start, overdue):
        received[window.latest] = received.get(window.latest, 0) + receipt.quantity - receipt.reserved
    return received


def _coming(supply: Supply, sku: str, start: dt.date, overdue: int | None) -> Iterator[tuple[Receipt, DateRange]]:
    """Yield the receipts that count, each with the days on which it comes, from the latest of which on it counts."""
    late = None if overdue is None else _overdue_day(start, units(overdue, "overdue"))
    for receipt in _of_sku(supply.receipts, sku):
        window = _window(receipt)
        if window.latest >= start:
            yield receipt, window
        elif late is not None:
            yield receipt, DateRange(late, late)


def _overdue_day(start: dt.date, overdue: int) -> dt.date:
    if overdue > (dt.date.max - start).days:
        raise refused("overdue", "must be a number of days that the calendar has", overdue, code="units.invalid")
    return start + dt.timedelta(overdue)


def _owed(supply: Supply, sku: str, start: dt.date, but_for: str) -> dict[dt.date, int]:
    """Return day -> units that are owed on it, to others than ``but_for``."""
    text(but_for, "but_for", empty=True)
    owed: dict[dt.date, int] = {}
    for item in _of_sku(supply.commitments, sku):
        if not (but_for and item.order_id == but_for):
            day = _due(item, start)
            owed[day] = owed.get(day, 0) + item.quantity
    return owed


def _due(owed: Commitment, start: dt.date) -> dt.date:
    return start if owed.due is None else max(start, owed.due)


def _replenished(supply: Supply, sku: str, start: dt.date) -> DateRange | None:
    """Return the days from which on there is any number of a SKU, ``None`` if there are none."""
    lead = supply.replenishment.get(sku)
    try:
        return None if lead is None else _after(DateRange(start, start), lead)
    except InvalidArgument as error:
        raise attrs.evolve(error, path=f"replenishment[{sku!r}]") from None


def move_receipt(supply: Supply, /, *, reference: str, expected: dt.date | DateRange, sku: str | None = None) -> Supply:
    """Return the supply in which a receipt is expected on another day: the supplier is late, or early.

    Args:
        supply: One location.
        reference: Which receipt; all that have it move, as the lines of one purchase order.
        expected: The day, or the range of days, on which they come now.
        sku: The one SKU whose receipts move; ``None``: all of them.

    Returns:
        A supply with the same units, and the same in all but those receipts' days.

    Raises:
        InvalidArgument: If no receipt has that reference (and SKU), or ``expected`` is neither a day nor a range.

    Examples:
        Ten days late:

        >>> import datetime as dt
        >>> from preorder_kit import Receipt, Supply, move_receipt
        >>> receipt = Receipt(sku="CD", quantity=5, expected=dt.date(2026, 12, 10), reference="PO2002")
        >>> supply = Supply(on_hand={}, receipts=[receipt])
        >>> late = move_receipt(supply, reference="PO2002", expected=dt.date(2026, 12, 20))
        >>> late.receipts[0].expected.isoformat()
        '2026-12-20'

        A reference that the supply does not know is a mistake:

        >>> move_receipt(supply, reference="PO2003", expected=dt.date(2026, 12, 20))
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: reference: must be that of a receipt: PO2002 (got 'PO2003')
    """
    instance(supply, "supply", of=Supply)
    name, only = text(reference, "reference"), optional(sku, "sku", check=text)
    moved = [_moves(receipt, name, only) for receipt in supply.receipts]
    if not any(moved):
        whose = "" if only is None else f" of {only}"
        requirement = f"must be that of a receipt{whose}: {_references(supply, only) or 'none has one'}"
        raise refused("reference", requirement, reference, code="receipt.unknown")
    day = _expected(expected, "expected")
    receipts = zip(supply.receipts, moved, strict=True)
    return attrs.evolve(supply, receipts=[attrs.evolve(item, expected=day) if it else item for item, it in receipts])


def _moves(receipt: Receipt, reference: str, sku: str | None) -> bool:
    return receipt.reference == reference and sku in {None, receipt.sku}


def _references(supply: Supply, sku: str | None) -> str:
    names = sorted({receipt.reference for receipt in supply.receipts if sku in {None, receipt.sku}} - {""})
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
