"""The drawing of a timeline with letters."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from preorder_kit import UNLIMITED, Commitment, LeadTime, Receipt, Supply
from preorder_kit._timeline import timeline
from preorder_kit.cli._chart import chart

SUNDAY = dt.date(2026, 11, 22)


def on_hand(units: object, **fields: object) -> Supply:
    return Supply(on_hand={"CD": units}, **fields)


def comes(quantity: int, day: int) -> Receipt:
    return Receipt(sku="CD", quantity=quantity, expected=SUNDAY + dt.timedelta(days=day))


def owed(quantity: int, day: int) -> Commitment:
    return Commitment(sku="CD", quantity=quantity, due=SUNDAY + dt.timedelta(days=day))


def drawn(supply: Supply, days: int, *, width: int = 30, ascii_only: bool = False) -> list[str]:
    line = timeline(supply, sku="CD", start=SUNDAY, until=SUNDAY + dt.timedelta(days=days - 1))
    return chart(line, width=width, ascii_only=ascii_only)


DRAWINGS = {
    "what is owed later lies above what can be promised": (
        on_hand(10, commitments=[owed(6, 2)], receipts=[comes(2, 4)]),
        6,
        [
            "10 ┤░░░░░░░░",
            "   │░░░░░░░░",
            "   │░░░░░░░░",
            "   │░░░░░░░░",
            "   │░░░░░░░░        ████████",
            "   │░░░░░░░░        ████████",
            "   │████████████████████████",
            "   │████████████████████████",
            "   │████████████████████████",
            "   │████████████████████████",
            " 0 ┼┴───────┴───────┴───────",
            "    22 Nov  24 Nov  26 Nov",
            "█ can be promised   ░ there, but owed or withheld",
        ],
    ),
    "what is short hangs below the axis": (
        on_hand(6, commitments=[owed(10, 2)], receipts=[comes(2, 4)]),
        6,
        [
            " 6 ┤░░░░░░░░",
            "   │░░░░░░░░",
            "   │░░░░░░░░",
            "   │░░░░░░░░",
            "   │░░░░░░░░",
            "   │░░░░░░░░",
            " 0 ┼┴───────┴───────┴───────",
            "   │        ▼▼▼▼▼▼▼▼▼▼▼▼▼▼▼▼",
            "   │        ▼▼▼▼▼▼▼▼▼▼▼▼▼▼▼▼",
            "   │        ▼▼▼▼▼▼▼▼",
            "-4 ┤        ▼▼▼▼▼▼▼▼",
            "    22 Nov  24 Nov  26 Nov",
            "░ there, but owed or withheld   ▼ short",
        ],
    ),
    "a single unit is seen beside a thousand": (
        on_hand(1000, commitments=[owed(1001, 1)], receipts=[comes(2, 2)]),
        3,
        [
            "1000 ┤░░░░░░",
            *["     │░░░░░░"] * 7,
            "     │░░░░░░      ██████",
            "   0 ┼┴───────────┴─────",
            "  -1 ┤      ▼▼▼▼▼▼",
            "      22 Nov      24 Nov",
            "█ can be promised   ░ there, but owed or withheld   ▼ short",
        ],
    ),
    "no limit rises above every number": (
        on_hand(2, replenishment={"CD": LeadTime(1, 2)}),
        4,
        [
            "  │            ∞∞∞∞∞∞∞∞∞∞∞∞",
            "2 ┤████████████████████████",
            *["  │████████████████████████"] * 9,
            "0 ┼┴───────────┴───────────",
            "   22 Nov      24 Nov",
            "∞ no limit   █ can be promised",
        ],
    ),
    "no limit alone": (
        on_hand(UNLIMITED),
        2,
        ["  │∞∞∞∞∞∞∞∞∞∞∞∞", "0 ┼┴───────────", "   22 Nov", "∞ no limit"],
    ),
    "nothing at all": (on_hand(0), 2, ["0 ┼┴───────────", "   22 Nov"]),
}


@pytest.mark.parametrize(("supply", "days", "expected"), DRAWINGS.values(), ids=DRAWINGS)
def test_days_run_to_the_right_and_units_up(supply, days, expected):
    assert drawn(supply, days) == expected


def test_many_days_share_a_column_and_the_least_of_them_counts():
    found = drawn(on_hand(9, commitments=[owed(10, 30)], receipts=[comes(5, 31)]), 100, width=30)
    assert found[-1] == "Each column is 4 days, of which the lowest counts."
    assert [row for row in found if "▼" in row] == [
        "-1 ┤       ▼",
        "█ can be promised   ░ there, but owed or withheld   ▼ short",
    ]
    assert [len(row.rstrip()) - 4 for row in found if "┼" in row] == [25]


def test_columns_do_not_run_beyond_the_last_day_there_is():
    line = timeline(on_hand(1), sku="CD", start=dt.date(9999, 10, 2), until=dt.date.max)
    found = chart(line, width=30, ascii_only=False)
    assert found[-1] == "Each column is 4 days, of which the lowest counts."
    assert len(found[0]) == len("1 ┤") + 23


AXES = {
    "every other day": (SUNDAY, 3, 40, "   22 Nov      24 Nov"),
    "every week": (SUNDAY, 21, 50, "   22 Nov        29 Nov        6 Dec"),
    "the year where it changes": (
        SUNDAY,
        70,
        79,
        "   22 Nov        6 Dec         20 Dec        3 Jan 2027    17 Jan",
    ),
    "a name that another covers is left out": (
        dt.date(2026, 12, 28),
        12,
        52,
        "   28 Dec  30 Dec  1 Jan 2027      5 Jan   7 Jan",
    ),
    "a name that does not fit is left out": (SUNDAY, 16, 20, "   22 Nov"),
    "a name longer than what is left is left out": (dt.date(2026, 12, 23), 10, 17, "   23 Dec"),
}


@pytest.mark.parametrize(("start", "days", "width", "expected"), AXES.values(), ids=AXES)
def test_some_days_are_named_under_the_axis(start, days, width, expected):
    line = timeline(on_hand(1), sku="CD", start=start, until=start + dt.timedelta(days=days - 1))
    *drawing, names, _ = chart(line, width=width, ascii_only=False)
    assert names == expected
    assert all(len(row) <= width for row in (*drawing, names))
    begins = [name.start() for name in re.finditer(r"\d+ [A-Z][a-z]{2}( \d{4})?", names)]
    assert [mark.start() for mark in re.finditer("┴", drawing[-1])] == begins


def test_a_terminal_can_be_narrower_than_the_drawing():
    assert max(map(len, drawn(on_hand(1), 40, width=3))) <= 60


def test_letters_of_every_terminal_say_the_same():
    supply = on_hand(10, commitments=[owed(16, 1)], replenishment={"CD": LeadTime(2, 2)})
    found = drawn(supply, 3, ascii_only=True)
    assert all(row.isascii() for row in found)
    assert found == [row.translate(str.maketrans("█░▼∞│┤┼─┴", "#.v*||+-+")) for row in drawn(supply, 3)]
