"""Pictures: what they show and say in words, that nothing hides another, that equal arguments give equal bytes."""

from __future__ import annotations

import datetime as dt
import os
import re
import runpy
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import attrs
import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Annotation

from preorder_kit import (
    UNLIMITED,
    Allocation,
    Cancelled,
    Commitment,
    DateRange,
    InvalidArgument,
    LeadTime,
    Part,
    PartLine,
    Receipt,
    SplitPlan,
    Supply,
    WaitingLine,
    allocate,
    split_order,
    waiting_lines,
)
from preorder_kit.cli._options import PICTURES
from preorder_kit.plots import PictureFormat, allocation_picture, picture_bytes, plan_picture, timeline_picture
from preorder_kit.serialization import from_json, to_json

SUNDAY = dt.date(2026, 11, 22)
SVG = "{http://www.w3.org/2000/svg}"
TEXT = f"{SVG}text"
NUMBER = rb"-?[0-9]+(?:\.[0-9]+)?"


def in_days(number: int) -> dt.date:
    return SUNDAY + dt.timedelta(days=number)


def comes(quantity: int, day: int, reference: str = "") -> Receipt:
    return Receipt(sku="CD", quantity=quantity, expected=in_days(day), reference=reference)


def owed(quantity: int, day: int, order_id: str = "") -> Commitment:
    return Commitment(sku="CD", quantity=quantity, due=in_days(day), order_id=order_id)


def on_hand(units: object, **fields: object) -> Supply:
    return Supply(on_hand={"CD": units}, **fields)


MONTH = on_hand(
    60,
    safety_stock={"CD": 10},
    receipts=[comes(40, 9, "P1"), comes(60, 16, "P2")],
    commitments=[owed(45, 12, "O1"), owed(20, 18, "O2"), owed(30, 18, "O3")],
)
SHORT = on_hand(
    6, commitments=[owed(10, 2), owed(9, 4), owed(9, 9)], receipts=[comes(5, 3), comes(9, 5), comes(20, 10)]
)
REPLENISHED = on_hand(5, replenishment={"CD": LeadTime(9, 12)})


def picture(
    supply: Supply, days: int | None = 30, *, sku: str = "CD", start: dt.date = SUNDAY, **facts: object
) -> Figure:
    until = None if days is None else start + dt.timedelta(days=days - 1)
    return timeline_picture(supply, sku=sku, start=start, until=until, **facts)


def texts(figure: Figure) -> list[str]:
    """Return the words of a picture, as someone finds them who searches its SVG."""
    root = ET.fromstring(picture_bytes(figure, format=PictureFormat.SVG))
    return ["".join(node.itertext()) for node in root.iter(TEXT)]


def names(figure: Figure, panel: int = 1) -> list[str]:
    """Return the names at the ends of bars."""
    return sorted(item.get_text() for item in figure.axes[panel].texts if isinstance(item, Annotation))


def legend(figure: Figure) -> list[str]:
    return [words.get_text() for words in figure.legends[0].get_texts()]


def steps(figure: Figure) -> list[tuple[list[float], list[float]]]:
    """Return values and edges of what is drawn in steps."""
    found = [patch for patch in figure.axes[0].patches if isinstance(patch, StepPatch)]
    return [(list(patch.get_data().values), list(patch.get_data().edges)) for patch in found]


def bars(figure: Figure) -> list[tuple[float, float]]:
    """Return the middle and the height of each bar."""
    found = [patch for patch in figure.axes[1].patches if isinstance(patch, Rectangle)]
    return [(patch.get_x() + patch.get_width() / 2 - SUNDAY.toordinal(), patch.get_height()) for patch in found]


def test_the_balance_is_a_line_and_what_can_be_promised_an_area():
    promised, balance = steps(picture(MONTH))
    begins = [day - SUNDAY.toordinal() for day in balance[1]]
    assert balance[0] == [60, 100, 55, 115, 65]
    assert begins == [0, 9, 12, 16, 18, 30]
    assert promised == ([45, 45, 45, 55, 55], balance[1])


def test_what_comes_stands_up_and_what_is_owed_hangs_down():
    figure = picture(MONTH)
    assert bars(figure) == [(9.5, 40), (16.5, 60), (12.5, -45), (18.5, -50)]
    assert names(figure) == ["40 P1", "45 O1", "50 O3 +1 more", "60 P2"]
    low, high = figure.axes[1].get_ylim()
    assert low < -50
    assert high > 60


def test_bars_of_one_kind_are_enough_for_the_lower_panel():
    assert bars(picture(on_hand(1, receipts=[comes(3, 2)]))) == [(2.5, 3)]
    assert bars(picture(on_hand(1, commitments=[owed(3, 2)]))) == [(2.5, -3)]


def test_a_receipt_that_is_spoken_for_has_its_name_and_no_height():
    reserved = Receipt(sku="CD", quantity=4, reserved=4, expected=in_days(2), reference="P1")
    figure = picture(on_hand(0, receipts=[reserved]))
    assert (bars(figure), names(figure)) == ([(2.5, 0)], ["0 P1"])


@pytest.mark.parametrize(
    "supply",
    [on_hand(3), on_hand(0), REPLENISHED, on_hand(UNLIMITED)],
    ids=["stock", "none", "replenished", "no limit"],
)
def test_without_receipts_and_orders_there_is_one_panel(supply):
    figure = picture(supply)
    assert len(figure.axes) == 1
    assert figure.get_size_inches()[1] < picture(MONTH).get_size_inches()[1]


LEGENDS = {
    "stock alone": (on_hand(3), ["can be promised", "balance"]),
    "a month": (MONTH, ["can be promised", "balance", "safety stock, 10", "comes", "owed"]),
    "a shortage": (SHORT, ["can be promised", "balance", "short", "comes", "owed"]),
    "no limit later": (REPLENISHED, ["can be promised", "balance", "no limit"]),
    "no limit": (on_hand(UNLIMITED, safety_stock={"CD": 5}), ["no limit"]),
}


@pytest.mark.parametrize(("supply", "expected"), LEGENDS.values(), ids=LEGENDS)
def test_the_legend_explains_what_is_drawn_and_nothing_else(supply, expected):
    assert legend(picture(supply)) == expected


def test_what_is_short_is_hatched_and_named_at_its_deepest():
    figure = picture(SHORT, 12)
    *_, (values, _) = steps(figure)
    assert values == [0, -4, 0, -8, 0, -8, 0]
    assert [patch.get_hatch() for patch in figure.axes[0].patches if isinstance(patch, StepPatch)] == [
        None,
        None,
        "xxxx",
    ]
    assert names(figure, 0) == ["short 4", "short 8", "short 8"]
    assert figure.axes[0].get_ylim()[0] < -8


def test_days_that_are_short_one_after_the_other_are_named_once():
    supply = on_hand(0, commitments=[owed(2, 1), owed(3, 2)], receipts=[comes(1, 3)])
    assert names(picture(supply), 0) == ["short 5"]
    assert names(picture(on_hand(0, commitments=[owed(2, 1), owed(3, 2)], receipts=[comes(4, 2)])), 0) == ["short 2"]


def test_shortages_too_near_to_each_other_are_named_by_the_largest():
    swings = [(owed(3 + day, 2 * day), comes(3 + day, 2 * day + 1)) for day in range(40)]
    supply = on_hand(0, commitments=[due for due, _ in swings], receipts=[got for _, got in swings])
    found = names(picture(supply, 80), 0)
    assert 5 < len(found) < 20
    assert "short 42" in found


def test_no_limit_begins_where_the_line_ends():
    figure = picture(REPLENISHED)
    _, balance = steps(figure)
    [region] = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert balance[1][-1] == region.get_x() == in_days(12).toordinal()
    assert region.get_x() + region.get_width() == in_days(30).toordinal()
    assert region.get_hatch()
    [words] = figure.axes[0].texts
    assert (words.get_text(), words.get_rotation()) == ("no limit from 4 Dec 2026 on", 0)


def test_the_words_stand_upright_in_a_narrow_region():
    [words] = picture(REPLENISHED, 14).axes[0].texts
    assert words.get_rotation() == 90


def test_no_limit_from_the_first_day_on_has_no_numbers():
    figure = picture(on_hand(UNLIMITED, commitments=[owed(3, 2)]))
    [words] = figure.axes[0].texts
    assert words.get_text() == "no limit"
    assert list(figure.axes[0].get_yticks()) == []
    assert bars(figure) == [(2.5, -3)]


DAYS = {
    "one day": (1, ["22 Nov\n2026"]),
    "a week": (7, ["22 Nov\n2026", "23 Nov", "24 Nov", "25 Nov", "26 Nov", "27 Nov", "28 Nov"]),
    "a month": (31, ["22 Nov\n2026", "29 Nov", "6 Dec", "13 Dec", "20 Dec"]),
    "over new year": (
        70,
        ["22 Nov\n2026", "29 Nov", "6 Dec", "13 Dec", "20 Dec", "27 Dec", "3 Jan\n2027", "10 Jan", "17 Jan", "24 Jan"],
    ),
    "two years": (
        730,
        [
            "22 Nov\n2026",
            "14 Mar\n2027",
            "4 Jul",
            "24 Oct",
            "13 Feb\n2028",
            "4 Jun",
            "24 Sep",
        ],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("days", "expected"), DAYS.values(), ids=DAYS)
def test_days_are_named_in_english_and_not_too_many(days, expected):
    axes = picture(MONTH, days).axes[-1]
    assert [label.get_text() for label in axes.get_xticklabels()] == expected
    assert axes.get_xlim() == (SUNDAY.toordinal(), SUNDAY.toordinal() + days)


@pytest.mark.parametrize(("days", "upright"), [(30, False), (120, True)])
def test_names_stand_upright_if_they_do_not_fit_side_by_side(days, upright):
    near = on_hand(0, receipts=[comes(5, 0, "PO2001"), comes(5, 4, "PO2002")])
    assert {words.get_rotation() for words in picture(near, days).axes[1].texts} == {90 if upright else 0}


def crowd(many: int) -> Supply:
    return on_hand(
        900,
        receipts=[comes(number % 50 + 1, number, f"P{number}") for number in range(many)],
        commitments=[owed(number % 40 + 1, number, f"O{number}") for number in range(many)],
    )


def test_of_very_many_names_some_are_left_out_and_that_is_said():
    figure = picture(crowd(200), 200)
    assert len(bars(figure)) == 400
    assert 60 < len(names(figure)) < 120
    assert figure.axes[1].get_xlabel() == f"{len(names(figure))} of 400 bars are named"
    assert picture(MONTH).axes[1].get_xlabel() == ""
    assert {"50 P49", "50 P99", "50 P149", "50 P199"} <= set(names(figure))


@pytest.mark.slow
def test_names_do_not_lie_on_each_other_nor_on_bars_nor_outside():
    figure = picture(crowd(200), 200)
    for sign in (1, -1):
        found = sorted((words.xy[0], sign * words.xy[1]) for words in figure.axes[1].texts if (sign * words.xy[1]) > 0)
        apart = [after - before for (before, _), (after, _) in pairwise(found)]
        assert min(apart) > 2
        assert found[0][0] > SUNDAY.toordinal() + 1
        assert found[-1][0] < SUNDAY.toordinal() + 199
        for place, height in found:
            near = [
                abs(size)
                for middle, size in bars(figure)
                if size * sign > 0 and abs(middle + SUNDAY.toordinal() - place) < 1
            ]
            assert height >= max(near)


@pytest.mark.parametrize(("days", "widest"), [(1, 0.1), (30, 0.8), (2000, 8)])
def test_bars_are_neither_broad_nor_thin(days, widest):
    figure = picture(on_hand(9, commitments=[owed(3, 0)]), days)
    [bar] = figure.axes[1].patches
    assert bar.get_width() == pytest.approx(widest, rel=0.4)


def test_ticks_are_whole_units_as_far_as_bars_go():
    figure = picture(on_hand(1, receipts=[comes(1, 2, "P1")], commitments=[owed(2, 3, "an order with a long name")]))
    assert list(figure.axes[1].get_yticks()) == [-2, -1, 0, 1]
    assert {value % 1 for value in figure.axes[0].get_yticks()} == {0}
    found = texts(figure)
    assert "2 an order with a…" in found


NUMBERS = {"thousands": (1_234_567, "safety stock, 1,234,567"), "without measure": (6 * 10**17, "safety stock, 6e17")}


@pytest.mark.parametrize(("units", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_large_numbers_are_shown_shortly(units, expected):
    figure = picture(on_hand(units, safety_stock={"CD": units}))
    assert legend(figure)[-1] == expected
    assert all(len(words) < 40 for words in texts(figure))


@pytest.mark.parametrize(
    "supply",
    [
        pytest.param(on_hand(10**300), id="on hand"),
        pytest.param(on_hand(0, commitments=[owed(10**300, 2)]), id="owed"),
        pytest.param(on_hand(UNLIMITED, receipts=[comes(10**300, 2)]), id="comes"),
        pytest.param(on_hand(0, safety_stock={"CD": 10**301}), id="safety stock"),
    ],
)
def test_numbers_that_cannot_be_drawn_are_refused(supply):
    with pytest.raises(InvalidArgument, match=r"supply: must have fewer than 10\*\*300 units to be drawn \(got 1"):
        picture(supply)
    picture(on_hand(10**300 - 1))


TITLES = {
    "dollars are no formula": ("A$B$_x^2", 30, ["A$B$_x^2, 22 Nov to 21 Dec 2026"]),
    "a leading line": ("_hidden", 1, ["_hidden, 22 Nov 2026"]),
    "markup": ("<b>&amp;", 1, ["<b>&amp;, 22 Nov 2026"]),
    "letters of other languages": ("商品É", 1, ["商品É, 22 Nov 2026"]),
    "what cannot be printed": ("a\x00b\x1bc\nd", 1, ["a�b�c�d, 22 Nov 2026"]),
    "long": ("Q" * 100, 30, ["Q" * 60, "Q" * 40, "22 Nov to 21 Dec 2026"]),
    "very long": ("Q" * 500, 1, ["Q" * 60, "Q" * 59 + "…", "22 Nov 2026"]),
}


@pytest.mark.slow
@pytest.mark.parametrize(("sku", "days", "expected"), TITLES.values(), ids=TITLES)
def test_the_title_shows_the_sku_as_it_is(sku, days, expected):
    figure = picture(Supply(on_hand={sku: 3}), days, sku=sku)
    assert figure.axes[0].get_title(loc="left").split("\n") == expected
    assert set(expected) <= set(texts(figure))
    assert picture_bytes(figure, format="png").startswith(b"\x89PNG")


def test_names_show_what_cannot_be_printed_as_a_sign():
    figure = picture(on_hand(9, commitments=[owed(1, 1, "$a$\x07")], receipts=[comes(1, 1, "_b_")]))
    assert {"1 $a$�", "1 _b_"} <= set(texts(figure))


def test_the_facts_are_those_of_the_timelines():
    late = on_hand(1, receipts=[comes(4, -3, "P0")], commitments=[owed(2, 1, "O1")])
    assert names(picture(late)) == ["2 O1"]
    assert names(picture(late, overdue=2)) == ["2 O1", "4 P0"]
    assert len(picture(late, but_for="O1").axes) == 1
    assert picture(late, None).axes[0].get_title(loc="left") == "CD, 22 Nov to 30 Nov 2026"


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        pytest.param({"until": in_days(-1)}, "until: must not be before start, 2026-11-22", id="until before start"),
        pytest.param({"until": "2026-12-01"}, "until: must be a day", id="until no day"),
        pytest.param({"start": None}, "start: must be a day", id="no start"),
        pytest.param({"sku": ""}, "sku: must be text", id="no SKU"),
        pytest.param({"overdue": -1}, "overdue: must be a whole number", id="overdue"),
        pytest.param({"but_for": None}, "but_for: must be text", id="no order"),
    ],
)
def test_what_is_no_fact_is_refused(facts, message):
    with pytest.raises(InvalidArgument, match=message):
        timeline_picture(MONTH, **{"sku": "CD", "start": SUNDAY} | facts)


def test_no_supply_is_refused():
    with pytest.raises(InvalidArgument, match="supply: must be a Supply"):
        timeline_picture({"CD": 3}, sku="CD", start=SUNDAY)


def test_no_figure_and_no_format_are_refused():
    with pytest.raises(InvalidArgument, match="figure: must be a Figure"):
        picture_bytes("a.svg", format=PictureFormat.SVG)
    with pytest.raises(InvalidArgument, match="format: must be one of svg, png"):
        picture_bytes(picture(MONTH), format="jpeg")


def test_the_command_line_knows_the_formats():
    assert tuple(f".{name}" for name in PictureFormat) == PICTURES


@pytest.mark.slow
@pytest.mark.parametrize("format", PictureFormat)
def test_the_same_arguments_give_the_same_bytes(format):
    figure = picture(SHORT)
    assert picture_bytes(figure, format=format) == picture_bytes(figure, format=format)
    assert picture_bytes(picture(SHORT), format=format) == picture_bytes(figure, format=format)


@pytest.mark.slow
def test_bytes_do_not_change_with_the_hash_seed_nor_with_the_settings_of_the_machine(tmp_path):
    program = """
import datetime as dt, hashlib, sys
from preorder_kit import Order, OrderLine, Receipt, Supply, allocate, split_order, waiting_lines
from preorder_kit.plots import allocation_picture, picture_bytes, plan_picture, timeline_picture
receipts = [Receipt(sku="CD", quantity=n + 1, expected=dt.date(2026, 12, n + 1), reference=f"P{n}") for n in range(9)]
supply, now = Supply(on_hand={"CD": 3}, receipts=receipts), dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=5, when_short="wait")])
plan = split_order(order, supply=supply, at=now)
figures = [
    timeline_picture(supply, sku="CD", start=now.date()),
    plan_picture(plan, at=now, zone="UTC"),
    allocation_picture(allocate(waiting_lines(plan, order=order), available={"CD": 1}, at=now)),
]
for figure in figures:
    print(*(hashlib.sha256(picture_bytes(figure, format=kind)).hexdigest() for kind in ("svg", "png")))
assert "matplotlib.pyplot" not in sys.modules
"""
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nlines.linewidth: 9\naxes.grid: True\nsvg.fonttype: path\n")
    found = {
        subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "MATPLOTLIBRC": where, "SOURCE_DATE_EPOCH": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, where in [("0", ""), ("4711", str(tmp_path))]
    }
    assert len(found) == 1


def test_drawing_leaves_the_settings_as_they_were():
    before = dict(mpl.rcParams)
    picture_bytes(picture(MONTH), format=PictureFormat.PNG)
    assert dict(mpl.rcParams) == before


# What a picture says in words


def said(figure: Figure) -> tuple[str, list[str]]:
    """Return the title and the description of a picture, as a screen reader finds them."""
    root = ET.fromstring(picture_bytes(figure, format=PictureFormat.SVG))
    assert root.get("role") == "img"
    title, words = root[0], root[1]
    assert (title.tag, words.tag) == (f"{SVG}title", f"{SVG}desc")
    return title.text, (words.text or "").split("\n")


def test_a_timeline_says_each_day_in_words():
    title, words = said(picture(SHORT, 12))
    assert title == "CD, 22 Nov to 3 Dec 2026"
    assert words[:4] == [
        "On hand: 6. Safety stock: 0.",
        "22 Nov 2026: 8 short, balance 6, can be promised 0.",
        "24 Nov 2026: 10 owed, 8 short, balance -4, can be promised 0.",
        "25 Nov 2026: 5 comes, 8 short, balance 1, can be promised 0.",
    ]


def test_a_timeline_without_limit_says_so():
    _, words = said(picture(REPLENISHED))
    assert words[-1] == "4 Dec 2026: balance no limit, can be promised no limit."


def test_of_very_many_days_the_first_ones_are_said():
    _, words = said(picture(on_hand(0, receipts=[comes(1, day) for day in range(40)]), 40))
    assert len(words) == 32
    assert words[-1] == "10 more days on which something changes."


def test_words_are_written_so_that_they_are_read_as_they_are():
    title, words = said(picture(Supply(on_hand={"<b>&": 1}), 1, sku="<b>&"))
    assert title == "<b>&, 22 Nov 2026"
    assert len(words) == 2


def test_a_png_has_the_words_too():
    written = picture_bytes(picture(MONTH), format=PictureFormat.PNG)
    assert b"Title\x00CD, 22 Nov to 21 Dec 2026" in written
    assert b"Description\x00On hand: 60. Safety stock: 10." in written


@pytest.mark.parametrize("format", PictureFormat)
def test_a_figure_that_was_drawn_elsewhere_has_no_words(format):
    written = picture_bytes(Figure(), format=format)
    assert b"<title>" not in written
    assert b"Title" not in written


# What an order is split into

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)


def days(first: int, last: int) -> DateRange:
    return DateRange(in_days(first), in_days(last))


def part(kind: str, *units: tuple[int, str], **fields: object) -> Part:
    lines = [PartLine(line_id=str(place), sku=sku, quantity=many) for place, (many, sku) in enumerate(units, 1)]
    return Part(id=f"O1/{kind}", order_id="O1", kind=kind, lines=lines, **fields)


def cut_off(sku: str = "BAG", reason: str = "out_of_stock", quantity: int = 1) -> Cancelled:
    return Cancelled(line_id="7", sku=sku, quantity=quantity, reason=reason)


def drawn(*parts: Part, cancelled: tuple[Cancelled, ...] = (), at: dt.datetime = NOW, zone: str = "UTC") -> Figure:
    return plan_picture(SplitPlan(order_id="O1", parts=parts, cancelled=cancelled), at=at, zone=zone)


NOW_PART = part("ship_now", (2, "CD"), (1, "LP"), ready=days(0, 0), delivery=days(3, 5))
STREET_PART = part(
    "await_street_date",
    (3, "TAPE"),
    street_date=NOW + dt.timedelta(days=10),
    ready=days(10, 11),
    delivery=days(14, 16),
)
STOCK_PART = part("await_stock", (1, "CD"), ready=days(20, 20), delivery=days(20, 25))


def written(figure: Figure) -> list[str]:
    return [item.get_text() for item in figure.axes[0].texts]


def spans(figure: Figure, origin: float = 0) -> list[tuple[float, float, str]]:
    """Return where bars begin and end, and what their hatch is, from the top down."""
    found = [(bar.get_y(), bar.get_x() - origin, bar.get_width(), bar.get_hatch()) for bar in figure.axes[0].patches]
    return [(begin, begin + wide, hatch or "") for _, begin, wide, hatch in sorted(found, key=lambda bar: bar[:2])]


def test_a_part_waits_is_on_its_way_and_arrives():
    figure = drawn(NOW_PART, STREET_PART, STOCK_PART)
    assert spans(figure, SUNDAY.toordinal()) == [
        (0, 3, ""),
        (3, 6, "//"),
        (0, 10, ""),
        (10, 14, ""),
        (14, 17, "//"),
        (0, 20, ""),
        (20, 26, "//"),
    ]
    assert figure.axes[0].get_xlim() == (SUNDAY.toordinal(), in_days(26).toordinal())
    assert legend(figure) == ["waits", "is handled and on its way", "can arrive"]


def test_a_row_says_the_units_the_part_and_why():
    figure = drawn(NOW_PART, STREET_PART, cancelled=(cut_off(),))
    assert figure.texts[0].get_text() == "Order O1 on 22 Nov 2026"
    assert written(figure) == [
        "2 CD, 1 LP",
        "O1/ship_now",
        "Ships now, arrives 25 to 27 Nov",
        "3 TAPE",
        "O1/await_street_date",
        "Pre-order, released 2 Dec, arrives 6 to 8 Dec",
        "1 BAG",
        "line 7",
        "Cancelled: out of stock",
    ]
    assert said(figure) == (
        "Order O1 on 22 Nov 2026",
        [
            "2 CD, 1 LP (O1/ship_now): Ships now, arrives 25 to 27 Nov.",
            "3 TAPE (O1/await_street_date): Pre-order, released 2 Dec, arrives 6 to 8 Dec.",
            "1 BAG (line 7): Cancelled: out of stock.",
        ],
    )


def test_cancelled_units_have_a_mark_of_their_own():
    figure = drawn(NOW_PART, cancelled=(cut_off(), cut_off("BOX", "customer")))
    assert [hatch for *_, hatch in spans(figure)] == ["", "//", "xxxx", "xxxx"]
    assert legend(figure)[-1] == "cancelled"


UNDATED = {
    "waits for stock": (part("await_stock", (1, "CD")), [(0, 8, "")], "On backorder, date to follow"),
    "waits for its street date": (
        part("await_street_date", (1, "CD"), street_date=NOW + dt.timedelta(days=3)),
        [(0, 8, "")],
        "Pre-order, released 25 Nov",
    ),
    "ships now": (part("ship_now", (1, "CD")), [], "Ships now"),
    "digital": (part("digital", (1, "SONG")), [], "Delivered digitally"),
}


@pytest.mark.parametrize(("given", "bars", "words"), UNDATED.values(), ids=UNDATED)
def test_what_waits_without_a_date_waits_as_far_as_one_can_see(given, bars, words):
    figure = drawn(given)
    assert spans(figure, SUNDAY.toordinal()) == bars
    assert written(figure)[-1] == words


def test_days_of_arrival_alone_are_enough():
    assert spans(drawn(part("ship_now", (1, "CD"), delivery=days(2, 3))), SUNDAY.toordinal()) == [
        (0, 2, ""),
        (2, 4, "//"),
    ]


def test_a_plan_of_some_days_ago_has_a_line_at_today():
    later = drawn(NOW_PART, at=NOW + dt.timedelta(days=2))
    assert [list(line.get_xdata()) for line in later.axes[0].lines][-1] == [in_days(2).toordinal()] * 2
    assert later.axes[0].get_xlim()[0] == SUNDAY.toordinal()
    assert len(later.axes[0].lines) == len(drawn(NOW_PART).axes[0].lines) + 1


def test_days_are_those_of_the_zone():
    figure = drawn(NOW_PART, at=dt.datetime(2026, 11, 22, 23, tzinfo=dt.timezone.utc), zone="Asia/Tokyo")
    assert figure.texts[0].get_text() == "Order O1 on 23 Nov 2026"


def test_days_are_named_with_the_year_where_it_changes():
    far = part("await_stock", (1, "CD"), ready=days(50, 50), delivery=days(52, 60))
    labels = [label.get_text() for label in drawn(far).axes[0].get_xticklabels()]
    assert labels == ["22 Nov\n2026", "6 Dec", "20 Dec", "3 Jan\n2027", "17 Jan"]


def test_where_a_part_leaves_from_and_goes_to_is_said():
    figure = drawn(part("ship_now", (1, "CD"), location="Oslo", ship_to="work"))
    assert written(figure)[-1] == "Ships now (from Oslo to work)"


def test_the_last_day_there_is_can_be_drawn():
    figure = drawn(part("await_stock", (1, "CD")), at=dt.datetime(9999, 12, 31, 9, tzinfo=dt.timezone.utc))
    assert figure.axes[0].get_xlim() == (dt.date.max.toordinal(), dt.date.max.toordinal() + 1)


def test_of_very_many_parts_the_first_ones_are_drawn():
    figure = drawn(*[attrs.evolve(NOW_PART, id=f"O1/now/{number}") for number in range(1, 50)])
    assert figure.texts[1].get_text() == "the first 40 of 49 rows"
    assert len(written(figure)) == 3 * 40


def test_long_names_are_cut_and_never_divided_where_another_line_has_room():
    figure = drawn(part("ship_now", *[(1, f"A-LONG-NAME-{number}") for number in range(9)], (1, "Q" * 90)))
    assert written(figure)[:4] == ["1 A-LONG-NAME-0,", "1 A-LONG-NAME-1,", "1 A-LONG-NAME-2, …", "O1/ship_now"]
    assert written(drawn(part("ship_now", (1, "Q" * 90))))[0].endswith("Q")


def test_a_plan_of_nothing_says_so():
    figure = drawn()
    assert figure.texts[0].get_text() == "Order O1 on 22 Nov 2026: nothing is left to send"
    assert (written(figure), figure.legends) == ([], [])


@pytest.mark.parametrize(
    ("parts", "cuts"),
    [
        pytest.param([part("ship_now", (10**300, "CD"))], (), id="part"),
        pytest.param([], (cut_off(quantity=10**300),), id="cancelled"),
    ],
)
def test_a_plan_of_numbers_that_cannot_be_drawn_is_refused(parts, cuts):
    with pytest.raises(InvalidArgument, match=r"plan: must have fewer than 10\*\*300 units"):
        drawn(*parts, cancelled=cuts)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        pytest.param({"at": NOW.replace(tzinfo=None)}, "at: must", id="no offset"),
        pytest.param({"zone": "Mars"}, "zone: must", id="no zone"),
    ],
)
def test_what_is_no_moment_is_refused(facts, message):
    with pytest.raises(InvalidArgument, match=message):
        plan_picture(SplitPlan(order_id="O1", parts=[], cancelled=[]), **{"at": NOW, "zone": "UTC"} | facts)


def test_no_plan_and_no_allocation_are_refused():
    with pytest.raises(InvalidArgument, match="plan: must be a SplitPlan"):
        plan_picture([NOW_PART], at=NOW, zone="UTC")
    with pytest.raises(InvalidArgument, match="allocation: must be an Allocation"):
        allocation_picture([])


# Who gets what


def waits(order_id: str, quantity: int, **fields: object) -> WaitingLine:
    return WaitingLine(order_id=order_id, line_id="1", sku="LP", quantity=quantity, placed_at=NOW, **fields)


QUEUE = [
    waits("A", 2),
    waits("B", 1, hold="unpaid"),
    waits("C", 1, street_date=NOW + dt.timedelta(days=1)),
    waits("D", 4),
    waits("E", 1),
]


def shared(units: object = 5, grants: object = (), **others: int) -> Allocation:
    return allocate(QUEUE, available={"LP": units, **others}, at=NOW, grants=grants)


def test_granted_and_short_held_and_not_due_are_told_apart():
    figure = allocation_picture(shared())
    assert spans(figure) == [(0, 2, ""), (0, 1, "----"), (0, 1, "////"), (0, 3, ""), (3, 4, "xxxx"), (0, 1, "xxxx")]
    assert legend(figure) == ["granted now", "short", "on hold", "not due"]
    assert [words.get_text() for words in figure.texts] == ["5 of 9 units granted", "left over: 0 LP"]


def test_each_line_says_why():
    assert written(allocation_picture(shared())) == [
        "A, line 1",
        "2 LP",
        "holds 2",
        "B, line 1",
        "1 LP",
        "holds 0 of 1: it is on hold (unpaid) and keeps its place",
        "C, line 1",
        "1 LP",
        "holds 0 of 1: its street date is ahead, 2026-11-23 09:00 UTC, and it keeps",
        "its place",
        "D, line 1",
        "4 LP",
        "holds 3 of 4: 1 unit of LP is missing, and order A is ahead of it",
        "E, line 1",
        "1 LP",
        "holds 0 of 1: 1 unit of LP is missing, and order D is ahead of it",
    ]


def test_what_was_granted_before_is_told_apart():
    again = shared(6, grants=shared().grants)
    figure = allocation_picture(again)
    assert spans(figure)[3:] == [(0, 3, ""), (3, 4, ""), (0, 1, "xxxx")]
    assert legend(figure)[:2] == ["granted before", "granted now"]
    before, now = figure.axes[0].patches[3:5]
    assert before.get_facecolor() != now.get_facecolor()


NOTES = {
    "several": ({"CD": 7}, "left over: 7 CD, 0 LP"),
    "very many": (dict.fromkeys("ABCDEF", 1), "left over: 1 A, 1 B, 1 C, 1 D, 3 more SKUs"),
}


@pytest.mark.parametrize(("others", "expected"), NOTES.values(), ids=NOTES)
def test_what_is_left_over_is_said(others, expected):
    assert allocation_picture(shared(**others)).texts[1].get_text() == expected


def test_no_limit_and_too_much_granted_are_said():
    assert allocation_picture(shared(UNLIMITED)).texts[1].get_text() == "left over: any number of LP"
    oversold = allocation_picture(shared(3, grants=shared().grants))
    assert oversold.texts[1].get_text() == "left over: 0 LP; granted, but not there: 2 LP"


def test_of_very_many_lines_the_first_ones_are_drawn():
    queue = [waits(f"O{number:03}", 1) for number in range(1000)]
    figure = allocation_picture(allocate(queue, available={"LP": 990}, at=NOW))
    assert [words.get_text() for words in figure.texts] == [
        "990 of 1,000 units granted",
        "left over: 0 LP; the first 40 of 1,000 lines",
    ]
    assert len(figure.axes[0].patches) == 40


def test_an_empty_queue_says_so():
    figure = allocation_picture(allocate([], available={}, at=NOW))
    assert [words.get_text() for words in figure.texts] == ["Nobody waits", ""]
    assert said(figure) == ("Nobody waits", [""])


@pytest.mark.slow
def test_an_allocation_that_was_read_gives_the_same_picture():
    found = shared(6, grants=shared().grants)
    read = from_json(to_json(found), Allocation)
    pictures = [picture_bytes(allocation_picture(item), format="svg") for item in (found, read)]
    assert pictures[0] == pictures[1]


def test_an_allocation_of_numbers_that_cannot_be_drawn_is_refused():
    found = allocate([waits("A", 10**300)], available={"LP": 1}, at=NOW)
    with pytest.raises(InvalidArgument, match=r"allocation: must have fewer than 10\*\*300 units"):
        allocation_picture(found)


# The pictures of the documents

ROOT = Path(__file__).parents[2]


def test_the_picture_of_a_command_shows_what_its_page_says():
    page = (ROOT / "docs" / "how-to" / "see-what-can-be-promised.md").read_text(encoding="utf-8")
    [command] = re.findall(r"^preorder-kit timeline (.*?)\n```$", page, re.MULTILINE | re.DOTALL)
    options = dict(pairwise(shlex.split(command.replace("\\\n", " "))))
    supply = from_json((ROOT / options["--supply"]).read_bytes())
    figure = timeline_picture(supply, sku=options["--sku"], start=dt.date.fromisoformat(options["--start"]))
    shown = ET.fromstring((ROOT / options["--picture"]).read_bytes())
    assert ["".join(node.itertext()) for node in shown.iter(TEXT)] == texts(figure)
    assert options["--picture"].replace("docs", "](..") + ")" in page


def shape(svg: bytes) -> tuple[bytes, list[float]]:
    """Return a picture without its numbers, and these: the last digits are the processor's."""
    named = re.sub(rb"\b[a-z][0-9a-f]{10}\b", b"id", svg)
    return re.sub(NUMBER, b"0", named), [float(number) for number in re.findall(NUMBER, named)]


@pytest.mark.slow
def test_the_pictures_in_the_documents_are_those_that_their_examples_draw():
    found = runpy.run_path(str(ROOT / "scripts" / "pictures.py"))["pictures"]()
    assert sorted(path.name for path in found) == [
        "december.svg",
        "record-queue.svg",
        "record-short.svg",
        "record-split.svg",
    ]
    for path, content in found.items():
        (was, numbers), (now, wanted) = shape(path.read_bytes()), shape(content)
        assert was == now, f"{path.name} is out of date: run make pictures"
        assert numbers == pytest.approx(wanted, abs=0.01), f"{path.name} is out of date: run make pictures"


def test_the_queue_of_the_record_shop_is_that_of_its_orders():
    folder = ROOT / "docs" / "examples" / "record"
    read = {path.stem: from_json(path.read_bytes()) for path in folder.glob("*.json")}
    friday = dt.datetime(2027, 2, 4, 9, tzinfo=dt.timezone.utc)
    queue = []
    for order in (read["order"], *read["orders"]):
        plan = split_order(order, supply=Supply(on_hand={"DAWN-CD": 3}), at=friday)
        queue += waiting_lines(plan, order=order)
    assert [attrs.evolve(line, hold=None) for line in read["queue"]] == queue
    assert [line.order_id for line in read["queue"] if line.hold] == ["Cleo"]
    for path in folder.glob("*.json"):
        assert path.read_text(encoding="utf-8").rstrip() == to_json(read[path.stem]).rstrip()
