"""Pictures of timelines: what they show, that nothing hides another, that equal arguments give equal bytes."""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Annotation

from preorder_kit import UNLIMITED, Commitment, InvalidArgument, LeadTime, Receipt, Supply
from preorder_kit.cli._options import PICTURES
from preorder_kit.plots import PictureFormat, picture_bytes, timeline_picture
from preorder_kit.serialization import from_json

SUNDAY = dt.date(2026, 11, 22)
TEXT = "{http://www.w3.org/2000/svg}text"


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


@pytest.mark.parametrize("format", PictureFormat)
def test_the_same_arguments_give_the_same_bytes(format):
    figure = picture(SHORT)
    assert picture_bytes(figure, format=format) == picture_bytes(figure, format=format)
    assert picture_bytes(picture(SHORT), format=format) == picture_bytes(figure, format=format)


def test_bytes_do_not_change_with_the_hash_seed_nor_with_the_settings_of_the_machine(tmp_path):
    program = """
import datetime as dt, hashlib, sys
from preorder_kit import Receipt, Supply
from preorder_kit.plots import picture_bytes, timeline_picture
receipts = [Receipt(sku="CD", quantity=n + 1, expected=dt.date(2026, 12, n + 1), reference=f"P{n}") for n in range(9)]
figure = timeline_picture(Supply(on_hand={"CD": 3}, receipts=receipts), sku="CD", start=dt.date(2026, 11, 22))
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


def test_the_picture_in_the_documents_shows_what_its_page_says():
    root = Path(__file__).parents[2]
    page = (root / "docs" / "how-to" / "see-what-can-be-promised.md").read_text(encoding="utf-8")
    [command] = re.findall(r"^preorder-kit timeline (.*?)\n```$", page, re.MULTILINE | re.DOTALL)
    options = dict(pairwise(shlex.split(command.replace("\\\n", " "))))
    supply = from_json((root / options["--supply"]).read_bytes())
    figure = timeline_picture(supply, sku=options["--sku"], start=dt.date.fromisoformat(options["--start"]))
    shown = ET.fromstring((root / options["--picture"]).read_bytes())
    assert ["".join(node.itertext()) for node in shown.iter(TEXT)] == texts(figure)
    assert options["--picture"].replace("docs", "](..") + ")" in page
