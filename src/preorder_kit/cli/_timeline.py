"""What `preorder-kit timeline` says: one SKU day by day, as a table, as a drawing and as JSON."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from .._supply import Receipt, Supply, _window
from .._timeline import Timeline, TimelineDay, day_in_words, days_in_words, in_words
from ..quantities import UNLIMITED, Quantity
from ._chart import KEPT, NO_LIMIT, PROMISED, SHORT, chart
from ._documents import give_up, plain
from ._tables import add_row, console, range_as_json, span, table, units, units_as_json

_NAMES = 4
_LISTED = 12
_COLOURS = {PROMISED: "green", KEPT: "yellow", SHORT: "bold red", NO_LIMIT: "green"}


def unknown_sku(supply: Supply, sku: str) -> str | None:
    """Return what to say of a SKU that the supply does not name anywhere; ``None`` if it does."""
    there = {*supply.on_hand, *supply.safety_stock, *supply.replenishment}
    there |= {receipt.sku for receipt in supply.receipts} | {owed.sku for owed in supply.commitments}
    if sku in there:
        return None
    near = difflib.get_close_matches(sku, sorted(there), n=3)
    if near:
        return f"does not name the SKU {sku!r}; did you mean {' or '.join(near)}?"
    listed = sorted(there)[:_LISTED]
    more = f" and {len(there) - len(listed)} more" if len(there) > len(listed) else ""
    return f"does not name the SKU {sku!r}; it names {', '.join(listed) or 'none'}{more}"


def show_timeline(line: Timeline, *, but_for: str) -> None:
    """Print the days on which something changes, a drawing of all days, and what does not count."""
    screen = console()
    screen.print(Text(plain(f"{line.sku}, {days_in_words(line.start, line.until)}"), style="bold"))
    screen.print(Text(plain(_facts(line, but_for))))
    screen.print(_table(line.days))
    screen.print()
    for row in chart(line, width=screen.width, ascii_only=screen.options.ascii_only):
        screen.print(_coloured(row))
    for words in _notes(line):
        screen.print(Text(plain(words), style="dim"))


def _facts(line: Timeline, but_for: str) -> str:
    facts = [f"On hand: {units(line.on_hand)}."]
    if line.safety_stock:
        facts.append(f"Safety stock: {line.safety_stock}.")
    if but_for:
        facts.append(f"What is owed to {but_for} is left out.")
    return " ".join(facts)


def _table(days: Sequence[TimelineDay]) -> Table:
    seldom = {"Withheld": [day.withheld for day in days], "Short": [day.short for day in days]}
    columns = {name: counts for name, counts in seldom.items() if any(counts)}
    made = table("Day", "Comes", "Owed", "Balance", "Can be promised", *columns)
    for index, day in enumerate(days):
        comes = ["no limit"] if day.received is UNLIMITED else in_words(day.receipts, most=_NAMES)
        owed = in_words(day.orders, most=_NAMES)
        rest = [counts[index] or "" for counts in columns.values()]
        add_row(made, day_in_words(day.day), comes, owed, _balance(day.balance), units(day.available), *rest)
    return made


def _balance(balance: Quantity) -> Text:
    return Text(units(balance), style="bold red" if balance < 0 else "")


def _coloured(row: str) -> Text:
    words = Text(row)
    for sign, colour in _COLOURS.items():
        words.highlight_regex(f"{sign}+", colour)
    return words


def _notes(line: Timeline) -> Iterator[str]:
    if line.later:
        days = "one more day" if line.later == 1 else f"{line.later} more days"
        yield f"After {day_in_words(line.until)} something changes on {days}."
    if line.left_out:
        found = [f"{_counted(receipt)}, expected {span(_window(receipt))}" for receipt in line.left_out[:_LISTED]]
        more = [f"{len(line.left_out) - _LISTED} more"] if len(line.left_out) > _LISTED else []
        yield f"Overdue and not counted, as --overdue is not given: {'; '.join(found + more)}."


def _counted(receipt: Receipt) -> str:
    return " ".join(in_words(((receipt.reference, receipt.quantity - receipt.reserved),), most=1))


def timeline_as_json(line: Timeline) -> dict[str, Any]:
    """Return a timeline as JSON has it."""
    return {
        "sku": line.sku,
        "start": line.start.isoformat(),
        "until": line.until.isoformat(),
        "on_hand": units_as_json(line.on_hand),
        "safety_stock": line.safety_stock,
        "days": [_day_as_json(day) for day in line.days],
        "later": line.later,
        "left_out": [
            {
                "reference": receipt.reference,
                "quantity": receipt.quantity - receipt.reserved,
                "expected": range_as_json(_window(receipt)),
            }
            for receipt in line.left_out
        ],
    }


def _day_as_json(day: TimelineDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "received": units_as_json(day.received),
        "owed": day.owed,
        "balance": units_as_json(day.balance),
        "available": units_as_json(day.available),
        "withheld": day.withheld,
        "short": day.short,
        "receipts": [{"reference": name, "quantity": quantity} for name, quantity in day.receipts],
        "commitments": [{"order_id": name, "quantity": quantity} for name, quantity in day.orders],
    }


def save_picture(path: Path, supply: Supply, line: Timeline, *, overdue: int | None, but_for: str) -> None:
    """Draw a timeline into a file, or give up and say what is wrong with the file or missing."""
    try:
        from ..plots import PictureFormat, picture_bytes, timeline_picture  # noqa: PLC0415  # matplotlib where a picture is asked for
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        give_up(["a picture needs matplotlib: install preorder-kit with its extra plot, preorder-kit[plot]"])
    figure = timeline_picture(
        supply, sku=line.sku, start=line.start, until=line.until, overdue=overdue, but_for=but_for
    )
    try:
        path.write_bytes(picture_bytes(figure, format=PictureFormat(path.suffix[1:].lower())))
    except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
        give_up([f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}"])
