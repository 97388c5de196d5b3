"""Laws of any function: what is written is read back, order is no meaning, twice is once, no number is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

import attrs

from .._checks import shown
from ..delivery import DateRange
from ..quantities import UNLIMITED, Quantity
from ..stock import Stock
from ._plan_laws import hold

_T = TypeVar("_T")
_Written = TypeVar("_Written")
_MOST_TURNS = 8


def round_trips(write: Callable[[_T], _Written], read: Callable[[_Written], _T], value: _T, /) -> None:
    """Hold an adapter to this: what it writes of a value, it reads back as an equal value.

    Args:
        write: Makes a document of a value.
        read: Makes a value of a document.
        value: The value.

    Raises:
        AssertionError: If another value comes back; the message names the fields that differ.

    Examples:
        A format that has no room for tax:

        >>> from preorder_kit import Amount
        >>> from preorder_kit.serialization import from_json, to_json
        >>> from preorder_kit.testing.laws import round_trips
        >>> round_trips(to_json, from_json, Amount(1000, 200))
        >>> round_trips(lambda amount: str(amount.net), lambda text: Amount(int(text)), Amount(1000, 200))
        Traceback (most recent call last):
        ...
        AssertionError: Amount does not come back: tax was 200 and is 0; written as '1000'
    """
    written = write(value)
    found = read(written)
    told = f"{type(value).__name__} does not come back: {_difference(value, found)}; written as {shown(written)}"
    hold(found == value, told)


def _difference(value: object, found: object) -> str:
    if type(found) is not type(value) or not attrs.has(type(value)):
        return f"was {shown(value)} and is {shown(found)}"
    pairs = [
        (field.name, getattr(value, field.name), getattr(found, field.name))
        for field in attrs.fields(type(value))  # type: ignore[arg-type]  # it is one
        if field.eq
    ]
    return ", ".join(f"{name} was {shown(was)} and is {shown(now)}" for name, was, now in pairs if was != now)


def permutation_changes_nothing(answer: Callable[[Sequence[_T]], object], items: Iterable[_T], /) -> None:
    """Hold a function to this: the order in which a queue, supplies or receipts are handed in is no meaning.

    It is asked for the items backwards, and turned by one place, by two and so on, up to eight.

    Args:
        answer: Makes something of a sequence of items. Build in what else it needs.
        items: The items.

    Raises:
        AssertionError: If another order gives another answer.

    Examples:
        Places in a queue are by instants and ids, not by where a line stands in a list:

        >>> import datetime as dt
        >>> from preorder_kit import WaitingLine, allocate
        >>> from preorder_kit.testing.laws import permutation_changes_nothing
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> fields = {"line_id": "1", "sku": "LP", "quantity": 1, "placed_at": now}
        >>> queue = [WaitingLine(order_id=name, **fields) for name in ("O1", "O2")]
        >>> permutation_changes_nothing(lambda lines: allocate(lines, available={"LP": 1}, at=now), queue)
        >>> permutation_changes_nothing(lambda lines: lines[0].order_id, queue)
        Traceback (most recent call last):
        ...
        AssertionError: backwards, the answer is 'O2' and not 'O1'
    """
    given = tuple(items)
    first = answer(given)
    turns = {
        f"turned by {place}": given[place:] + given[:place] for place in range(1, min(len(given), _MOST_TURNS + 1))
    }
    for name, turned in {"backwards": given[::-1], **turns}.items():
        again = answer(turned)
        hold(again == first, f"{name}, the answer is {shown(again)} and not {shown(first)}")


def twice_is_once(run: Callable[[_T], _T], value: _T, /) -> None:
    """Hold a function to this: run on its own result, it changes nothing.

    Args:
        run: Makes of a value another of its kind: the parts after a wave, a payload that was made tidy.
        value: A value.

    Raises:
        AssertionError: If the second run changes what the first one made.

    Examples:
        To mask a reading is done once and for all, to take a unit off is not:

        >>> from preorder_kit import mask, normalize_stock
        >>> from preorder_kit.testing.laws import twice_is_once
        >>> twice_is_once(mask, normalize_stock(4))
        >>> twice_is_once(lambda units: max(0, units - 1), 2)
        Traceback (most recent call last):
        ...
        AssertionError: a second run makes 0 of 1
    """
    first = run(value)
    again = run(first)
    hold(again == first, f"a second run makes {shown(again)} of {shown(first)}")


def masked_stock_shows_no_number(show: Callable[[Stock], object], stock: Stock, /) -> None:
    """Hold what leaves the server to this: it is the same whatever the numbers behind one availability are.

    Args:
        show: Makes of a reading what the public sees: a payload, a text, another reading.
        stock: A reading; others of the same availability are made from it.

    Raises:
        AssertionError: If two readings of the same availability are shown differently.

    Examples:
        The label says few, and one that says how few gives the number away:

        >>> from preorder_kit import normalize_stock, public_label
        >>> from preorder_kit.testing.laws import masked_stock_shows_no_number
        >>> masked_stock_shows_no_number(public_label, normalize_stock(4))
        >>> masked_stock_shows_no_number(lambda stock: f"only {stock.quantity} left", normalize_stock(4))
        Traceback (most recent call last):
        ...
        AssertionError: low_stock with 4 units is shown as 'only 4 left', with UNLIMITED as 'only UNLIMITED left'
    """
    first = show(stock)
    for other in _others(stock):
        again = show(other)
        numbers = f"with {stock.quantity} units is shown as {shown(first)}, with {other.quantity} as {shown(again)}"
        hold(again == first, f"{stock.availability} {numbers}")


def _others(stock: Stock) -> Iterable[Stock]:
    """Yield readings of the same availability with other numbers."""
    if stock.is_available:
        numbers: tuple[Quantity | None, ...] = (UNLIMITED, 1, 4711, None)
        yield from (attrs.evolve(stock, quantity=quantity, later=later) for quantity in numbers for later in (0, 4711))
    else:
        yield attrs.evolve(stock, oversold=stock.oversold + 4711)


def later_is_never_sooner(range_of: Callable[[dt.date], DateRange], days: Iterable[dt.date], /) -> None:
    """Hold a way to date to this: what is ready later arrives no sooner, and nothing arrives before it is ready.

    Args:
        range_of: Makes of the day on which something is ready the days on which it can arrive.
        days: Some days.

    Raises:
        AssertionError: If a later day has an earlier end, or a range begins before its day.

    Examples:
        Working days move days on, and never past one another:

        >>> import datetime as dt
        >>> from preorder_kit import MON_TO_FRI, DateRange, LeadTime, ShippingTimes, delivery_range
        >>> from preorder_kit.testing.laws import later_is_never_sooner
        >>> days = [dt.date(2026, 11, 20) + dt.timedelta(number) for number in range(4)]
        >>> times = ShippingTimes(handling=LeadTime(1, 1, MON_TO_FRI), transit=LeadTime(1, 2))
        >>> later_is_never_sooner(lambda day: delivery_range(day, times=times), days)

        Express on a Monday alone overtakes what left on the Sunday before:

        >>> def express(day):
        ...     arrives = day + dt.timedelta(0 if day.weekday() == 0 else 3)
        ...     return DateRange(arrives, arrives)
        >>> later_is_never_sooner(express, days)
        Traceback (most recent call last):
        ...
        AssertionError: ready on 2026-11-22: 2026-11-25 to 2026-11-25; ready on 2026-11-23: 2026-11-23 to 2026-11-23
    """
    dated = [(day, range_of(day)) for day in sorted(days)]
    for day, found in dated:
        hold(found.earliest >= day, f"ready on {day}, and arrives on {found.earliest}")
    for (day, one), (later, other) in pairwise(dated):
        told = f"ready on {day}: {_said(one)}; ready on {later}: {_said(other)}"
        hold(one.earliest <= other.earliest and one.latest <= other.latest, told)


def _said(range_: DateRange) -> str:
    return f"{range_.earliest} to {range_.latest}"
