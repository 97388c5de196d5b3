"""`preorder-kit timeline`: the table, the notes, JSON, pictures, and what is refused."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest
from test_cli import PLAIN, as_json, order, refused, rows, run, wants
from typer.testing import CliRunner

from preorder_kit import UNLIMITED, Commitment, DateRange, LeadTime, Receipt, Supply
from preorder_kit.cli import app
from preorder_kit.serialization import to_json

SUNDAY = dt.date(2026, 11, 22)


def in_days(number: int) -> dt.date:
    return SUNDAY + dt.timedelta(days=number)


def comes(quantity: int, day: int, reference: str = "", **fields: object) -> Receipt:
    return Receipt(sku="CD", quantity=quantity, expected=in_days(day), reference=reference, **fields)


def owed(quantity: int, day: int | None, order_id: str = "") -> Commitment:
    due = None if day is None else in_days(day)
    return Commitment(sku="CD", quantity=quantity, due=due, order_id=order_id)


@pytest.fixture
def timeline(tmp_path, monkeypatch):
    """Return a function that shows the timeline of a supply that is written to a file."""
    monkeypatch.chdir(tmp_path)

    def shown(supply: object, *options: str, start: str = "2026-11-22", sku: str = "CD", columns: int = 200):
        Path("supply.json").write_text(supply if isinstance(supply, str) else to_json(supply), encoding="utf-8")
        return run("timeline", "--supply", "supply.json", "--sku", sku, "--start", start, *options, columns=columns)

    return shown


def cells(done: tuple[int, str, str]) -> list[list[str]]:
    """Return the cells of the table alone: a drawing has lines of its own."""
    status, stdout, stderr = done
    assert (status, stderr) == (0, "")
    return rows(stdout.partition("\n\n")[0])


MONTH = Supply(
    on_hand={"CD": 60},
    safety_stock={"CD": 10},
    receipts=[comes(40, 9, "P1"), comes(80, 16, "P2", reserved=20)],
    commitments=[owed(5, None, "O0"), owed(45, 12, "O1"), owed(20, 18, "O2"), owed(30, 18, "O3")],
)
SHORT = Supply(on_hand={"CD": 3}, receipts=[comes(40, 9)], commitments=[owed(5, 2, "O1")])
TABLES = {
    "what comes, what is owed and to whom": (
        MONTH,
        (),
        [
            ["22 Nov 2026", "", "5 O0", "55", "40", "10"],
            ["1 Dec 2026", "40 P1", "", "95", "40", "10"],
            ["4 Dec 2026", "", "45 O1", "50", "40", "10"],
            ["8 Dec 2026", "60 P2", "", "110", "50", "10"],
            ["10 Dec 2026", "", "20 O2", "60", "50", "10"],
            ["", "", "30 O3", "", "", ""],
        ],
    ),
    "a shortage": (
        SHORT,
        (),
        [
            ["22 Nov 2026", "", "", "3", "0", "2"],
            ["24 Nov 2026", "", "5 O1", "-2", "0", "2"],
            ["1 Dec 2026", "40", "", "38", "38", ""],
        ],
    ),
    "an order's own commitments left out": (
        SHORT,
        ("--but-for", "O1"),
        [["22 Nov 2026", "", "", "3", "3"], ["1 Dec 2026", "40", "", "43", "43"]],
    ),
    "the first days": (SHORT, ("--days", "2"), [["22 Nov 2026", "", "", "3", "0", "2"]]),
    "until a day on which something changes": (
        SHORT,
        ("--until", "2026-11-24"),
        [["22 Nov 2026", "", "", "3", "0", "2"], ["24 Nov 2026", "", "5 O1", "-2", "0", "2"]],
    ),
    "the first day alone, by its name": (SHORT, ("--until", "2026-11-22"), [["22 Nov 2026", "", "", "3", "0", "2"]]),
    "nothing but a safety stock": (
        Supply(on_hand={}, safety_stock={"CD": 4}),
        (),
        [["22 Nov 2026", "", "", "0", "0"]],
    ),
    "no limit": (Supply(on_hand={"CD": UNLIMITED}), (), [["22 Nov 2026", "", "", "no limit", "no limit"]]),
    "no limit from the replenishment on": (
        Supply(on_hand={"CD": 2}, replenishment={"CD": LeadTime(1, 3)}, commitments=[owed(1, 3), owed(9, 4)]),
        (),
        [["22 Nov 2026", "", "", "2", "2"], ["25 Nov 2026", "no limit", "", "no limit", "no limit"]],
    ),
    "several units of one name": (
        Supply(on_hand={}, receipts=[comes(1, 3, "P1"), comes(2, 3, "P1"), comes(1, 3)]),
        (),
        [["22 Nov 2026", "", "", "0", "0"], ["25 Nov 2026", "1", "", "4", "4"], ["", "3 P1", "", "", ""]],
    ),
    "more names than there is room for": (
        Supply(
            on_hand={"CD": 9},
            commitments=[owed(units, 0, f"O{units}") for units in (1, 2, 1, 3, 2)] + [owed(1, 0, "X")],
        ),
        (),
        [
            ["22 Nov 2026", "", "2 O1", "-1", "0", "1"],
            ["", "", "4 O2", "", "", ""],
            ["", "", "3 O3", "", "", ""],
            ["", "", "1 X", "", "", ""],
        ],
    ),
    "the largest of many names": (
        Supply(on_hand={"CD": 20}, commitments=[owed(units, 0, f"O{units}") for units in range(1, 6)]),
        (),
        [
            ["22 Nov 2026", "", "5 O5", "5", "5"],
            ["", "", "4 O4", "", ""],
            ["", "", "3 O3", "", ""],
            ["", "", "3 (2 others)", "", ""],
        ],
    ),
}


@pytest.mark.parametrize(("supply", "options", "expected"), TABLES.values(), ids=TABLES)
def test_the_table_has_a_row_for_each_day_on_which_something_changes(timeline, supply, options, expected):
    assert cells(timeline(supply, *options)) == expected


def test_the_columns_of_what_is_seldom_are_there_if_it_is(timeline):
    heads = {
        name: timeline(supply)[1].splitlines()[2].replace("┃", " ").split("Can be promised")[1].split()
        for name, supply in {"plain": Supply(on_hand={"CD": 1}), "month": MONTH, "short": SHORT}.items()
    }
    assert heads == {"plain": [], "month": ["Withheld"], "short": ["Short"]}


FACTS = {
    "what is there": (Supply(on_hand={"CD": 3}), (), ["CD, 22 Nov to 29 Nov 2026", "On hand: 3."]),
    "no limit": (Supply(on_hand={"CD": UNLIMITED}), (), ["CD, 22 Nov to 29 Nov 2026", "On hand: no limit."]),
    "safety stock": (MONTH, (), ["CD, 22 Nov to 17 Dec 2026", "On hand: 60. Safety stock: 10."]),
    "an order left out": (
        SHORT,
        ("--but-for", "O1"),
        ["CD, 22 Nov to 8 Dec 2026", "On hand: 3. What is owed to O1 is left out."],
    ),
    "one day": (SHORT, ("--days", "1"), ["CD, 22 Nov 2026", "On hand: 3."]),
    "over new year": (SHORT, ("--days", "50"), ["CD, 22 Nov 2026 to 10 Jan 2027", "On hand: 3."]),
}


@pytest.mark.parametrize(("supply", "options", "expected"), FACTS.values(), ids=FACTS)
def test_it_says_first_what_it_shows(timeline, supply, options, expected):
    assert timeline(supply, *options)[1].splitlines()[:2] == expected


LATE = Supply(on_hand={}, receipts=[comes(40, -8, "P0", reserved=6), comes(2, -1), comes(7, 3, "P1")])
NOTES = {
    "nothing to note": (SHORT, (), ["█ can be promised   ░ there, but owed or withheld   ▼ short"]),
    "what is overdue": (
        LATE,
        (),
        ["Overdue and not counted, as --overdue is not given: 34 P0, expected 14 Nov 2026; 2, expected 21 Nov 2026."],
    ),
    "a range that has passed": (
        Supply(on_hand={}, receipts=[Receipt(sku="CD", quantity=1, expected=DateRange(in_days(-9), in_days(-8)))]),
        (),
        ["Overdue and not counted, as --overdue is not given: 1, expected 13 Nov to 14 Nov 2026."],
    ),
    "one change behind the last day": (
        SHORT,
        ("--days", "3"),
        ["After 24 Nov 2026 something changes on one more day."],
    ),
    "changes behind the last day": (SHORT, ("--days", "2"), ["After 23 Nov 2026 something changes on 2 more days."]),
    "many that are overdue": (
        Supply(on_hand={}, receipts=[comes(1, -1, f"P{number:02}") for number in range(14)]),
        (),
        [
            "Overdue and not counted, as --overdue is not given: "
            + "; ".join(f"1 P{number:02}, expected 21 Nov 2026" for number in range(12))
            + "; 2 more."
        ],
    ),
}


@pytest.mark.parametrize(("supply", "options", "expected"), NOTES.values(), ids=NOTES)
def test_it_says_last_what_is_not_shown(timeline, supply, options, expected):
    assert timeline(supply, *options, columns=1000)[1].splitlines()[-1:] == expected


def test_overdue_receipts_count_so_many_days_from_now(timeline):
    done = timeline(LATE, "--overdue", "2")
    assert cells(done)[1:3] == [["24 Nov 2026", "34 P0", "", "36", "36"], ["", "2", "", "", ""]]
    assert "Overdue" not in done[1]


def test_locations_are_added_up(timeline):
    there = to_json({"A": Supply(on_hand={"CD": 3}), "B": Supply(on_hand={"CD": 4}, receipts=[comes(2, 1, "P")])})
    assert cells(timeline(there)) == [["22 Nov 2026", "", "", "7", "7"], ["23 Nov 2026", "2 P", "", "9", "9"]]


def test_a_supply_can_come_on_standard_input():
    arguments = ("timeline", "--supply", "-", "--sku", "CD", "--start", "2026-11-22", "--json")
    assert as_json(run(*arguments, stdin=to_json(SHORT)))["on_hand"] == 3


def test_json_has_every_name_and_what_is_not_shown(timeline):
    found = as_json(timeline(LATE, "--until", "2026-11-24", "--json"))
    assert found == {
        "sku": "CD",
        "start": "2026-11-22",
        "until": "2026-11-24",
        "on_hand": 0,
        "safety_stock": 0,
        "days": [
            {
                "day": "2026-11-22",
                "received": 0,
                "owed": 0,
                "balance": 0,
                "available": 0,
                "withheld": 0,
                "short": 0,
                "receipts": [],
                "commitments": [],
            }
        ],
        "later": 1,
        "left_out": [
            {"reference": "P0", "quantity": 34, "expected": {"earliest": "2026-11-14", "latest": "2026-11-14"}},
            {"reference": "", "quantity": 2, "expected": {"earliest": "2026-11-21", "latest": "2026-11-21"}},
        ],
    }


def test_json_has_names_for_all_that_comes_and_is_owed(timeline):
    days = as_json(timeline(MONTH, "--json"))["days"]
    assert days[3]["receipts"] == [{"reference": "P2", "quantity": 60}]
    assert days[4]["commitments"] == [{"order_id": "O2", "quantity": 20}, {"order_id": "O3", "quantity": 30}]
    for day in days:
        assert sum(item["quantity"] for item in day["receipts"]) == day["received"]
        assert sum(item["quantity"] for item in day["commitments"]) == day["owed"]


def test_json_says_where_there_is_no_limit(timeline):
    supply = Supply(on_hand={}, replenishment={"CD": LeadTime(0, 2)}, commitments=[owed(5, 2, "O1")])
    first, last = as_json(timeline(supply, "--json"))["days"]
    assert (first["balance"], first["available"]) == (0, 0)
    assert (last["received"], last["balance"], last["available"]) == ("unlimited",) * 3
    assert (last["day"], last["owed"], last["commitments"]) == ("2026-11-24", 0, [])
    assert as_json(timeline(Supply(on_hand={"CD": UNLIMITED}), "--json"))["on_hand"] == "unlimited"


@pytest.mark.parametrize(
    ("start", "until"), [("2026-11-22", "2026-11-29"), ("9999-12-30", "9999-12-31"), ("9999-12-31", "9999-12-31")]
)
def test_a_week_is_shown_behind_the_last_change_as_far_as_there_are_days(timeline, start, until):
    assert as_json(timeline(Supply(on_hand={"CD": 1}), "--json", start=start))["until"] == until


def names(*skus: str) -> Supply:
    return Supply(on_hand=dict.fromkeys(skus, 1))


UNKNOWN = {
    "a near one": ("CD1106", names("CD1105", "LP2201", "X"), "did you mean CD1105?"),
    "near ones": ("CD110", names("CD1105", "CD1106"), "did you mean CD1106 or CD1105?"),
    "none near": ("LP", names("CD1105", "BOOK"), "it names BOOK, CD1105"),
    "very many": ("?", names(*"abcdefghijklmn"), "it names a, b, c, d, e, f, g, h, i, j, k, l and 2 more"),
    "none at all": ("LP", Supply(on_hand={}), "it names none"),
}


@pytest.mark.parametrize(("sku", "supply", "remedy"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_sku_that_nothing_names_is_a_mistake(timeline, sku, supply, remedy):
    assert refused(timeline(supply, sku=sku)) == [f"supply.json: does not name the SKU {sku!r}; {remedy}"]


@pytest.mark.parametrize(
    "supply",
    [
        pytest.param(Supply(on_hand={"CD": 0}), id="on hand"),
        pytest.param(Supply(on_hand={}, receipts=[comes(1, 1)]), id="a receipt"),
        pytest.param(Supply(on_hand={}, commitments=[owed(1, 1)]), id="a commitment"),
        pytest.param(Supply(on_hand={}, safety_stock={"CD": 1}), id="safety stock"),
        pytest.param(Supply(on_hand={}, replenishment={"CD": LeadTime(1, 1)}), id="replenishment"),
    ],
)
def test_a_sku_is_known_wherever_it_is_named(timeline, supply):
    assert as_json(timeline(supply, "--json"))["sku"] == "CD"


OPTIONS = {
    "a day in words": (("--until", "tomorrow"), "--until", "must be a day such as 2027-01-20"),
    "a last day before the first": (("--until", "2026-11-21"), "--until", "must not be before --start, 2026-11-22"),
    "two last days": (("--until", "2026-11-30", "--days", "3"), "--days", "give --until or --days, not both"),
    "no days": (("--days", "0"), "--days", "1"),
    "days into the past": (("--overdue", "-1"), "--overdue", "0"),
    "a picture of another kind": (("--picture", "a.pdf"), "--picture", "must end in .svg or .png (got 'a.pdf')"),
    "a picture without an ending": (("--picture", "svg"), "--picture", "must end in .svg or .png (got 'svg')"),
}


@pytest.mark.parametrize(("options", "flag", "words"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_is_refused_in_plain_words(timeline, options, flag, words):
    found = " ".join(refused(timeline(SHORT, *options)))
    assert flag in found
    assert words in found


@pytest.mark.parametrize("missing", ["--supply", "--sku", "--start"])
def test_what_must_be_said_is_asked_for(missing):
    given = {"--supply": "-", "--sku": "CD", "--start": "2026-11-22"}
    found = refused(run("timeline", *(word for flag in given if flag != missing for word in (flag, given[flag]))))
    assert missing in " ".join(found)


def test_the_clock_is_never_read_for_the_first_day(timeline):
    assert "must be a day such as 2027-01-20 (got 'today')" in " ".join(refused(timeline(SHORT, start="today")))


def test_days_beyond_the_last_one_there_is_are_refused(timeline):
    [line] = refused(timeline(SHORT, "--days", "9", start="9999-12-30"))
    assert line.startswith("cannot be shown: day: must leave room in the years 1 to 9999")


def test_a_document_that_is_no_supply_is_refused(timeline):
    assert refused(timeline(order(wants("1")))) == ["supply.json: holds an order where a supply is wanted"]


def test_it_reads_at_eighty_columns_and_with_letters_that_every_terminal_has(timeline):
    timeline(MONTH)
    arguments = ("timeline", "--supply", "supply.json", "--sku", "CD", "--start", "2026-11-22")
    done = CliRunner(charset="ascii").invoke(app, arguments, env=PLAIN | {"COLUMNS": "80"})
    assert done.exit_code == 0
    assert done.stdout.isascii()
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "# can be promised   . there, but owed or withheld" in done.stdout


def test_what_a_terminal_would_obey_is_shown_as_a_sign(timeline):
    supply = Supply(
        on_hand={"\x1b[31m": 1}, receipts=[Receipt(sku="\x1b[31m", quantity=1, expected=SUNDAY, reference="P\x07")]
    )
    _, stdout, _ = timeline(supply, "--but-for", "\x1b[32m", sku="\x1b[31m")
    assert "\x1b" not in stdout
    assert "\x07" not in stdout


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<?xml"), ("b.PNG", b"\x89PNG"), ("deep name.Svg", b"<?xml")])
def test_a_picture_is_drawn_in_the_format_of_its_ending(timeline, name, begins):
    status, stdout, _ = timeline(MONTH, "--picture", name)
    assert (status, stdout.splitlines()[-1]) == (0, f"Drawn in {name}")
    assert Path(name).read_bytes().startswith(begins)


def test_a_picture_and_json_can_be_had_together(timeline):
    Path("a.svg").write_text("what was there before")
    found = as_json(timeline(SHORT, "--picture", "a.svg", "--json", "--overdue", "3", "--but-for", "O1"))
    assert found["days"][0]["available"] == 3
    assert b"40" in Path("a.svg").read_bytes()
    assert b"O1" not in Path("a.svg").read_bytes()


@pytest.mark.parametrize(
    ("name", "reason"), [("nowhere/a.svg", "No such file or directory"), ("a\0.svg", "embedded null")]
)
def test_a_picture_that_cannot_be_written_is_said_in_words(timeline, name, reason):
    [line] = refused(timeline(SHORT, "--picture", name))
    assert "a" in line
    assert reason in line
    assert "cannot be written: " in line


def test_the_longest_numbers_of_a_document_are_drawn(timeline):
    huge = to_json(Supply(on_hand={"CD": 1})).replace('"CD": 1', f'"CD": {10**39}')
    assert timeline(huge, "--picture", "a.svg")[0] == 0
    assert b"1e39" in Path("a.svg").read_bytes()


@pytest.fixture
def no_plots(monkeypatch):
    """Make the module of pictures be imported anew."""
    monkeypatch.delitem(sys.modules, "preorder_kit.plots", raising=False)


@pytest.mark.usefixtures("no_plots")
def test_without_matplotlib_it_says_what_to_install(timeline, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    found = refused(timeline(SHORT, "--picture", "a.svg"))
    assert found == ["a picture needs matplotlib: install preorder-kit with its extra plot, preorder-kit[plot]"]
    assert not Path("a.svg").exists()
    assert timeline(SHORT)[0] == 0


@pytest.mark.usefixtures("no_plots")
def test_another_module_that_is_missing_is_not_called_the_extra(timeline, monkeypatch):
    monkeypatch.setitem(sys.modules, "preorder_kit._plot_layout", None)
    with pytest.raises(AssertionError, match=r"preorder_kit\._plot_layout halted"):
        timeline(SHORT, "--picture", "a.svg")
