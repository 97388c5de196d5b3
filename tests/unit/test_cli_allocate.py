"""What `allocate` says of a queue: who gets what, why the others do not, and what is left over."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from test_cli import as_json, refused, rows, run

from preorder_kit import UNLIMITED, Commitment, Component, LeadTime, Promise, Receipt, Supply, WaitingLine, WorkCalendar
from preorder_kit.cli._allocate import _REASONS, _WHY
from preorder_kit.cli._progress import waiting, watched
from preorder_kit.serialization import from_json, to_json
from preorder_kit.waiting_room import Allocation, DecisionCode, Grant, allocate, explain

UTC = dt.timezone.utc
SUNDAY = "2026-11-22T09:30:00+00:00"
AT = dt.datetime.fromisoformat(SUNDAY)
STREET = dt.datetime(2027, 2, 5, 23, 30, tzinfo=UTC)


def line(order_id: str, quantity: int = 1, sku: str = "CD", line_id: str = "1", **fields: object) -> WaitingLine:
    placed = {"placed_at": AT - dt.timedelta(days=30) + dt.timedelta(days=int(order_id[1:]))} | fields
    return WaitingLine(order_id=order_id, line_id=line_id, sku=sku, quantity=quantity, **placed)


THREE = (line("O1", 3), line("O2", 4), line("O3", 2))
FIVE = Supply(on_hand={"CD": 5})


def as_text(document: object, of: type | None = None) -> str:
    return document if isinstance(document, str) else to_json(document, of=of)


@pytest.fixture
def share(tmp_path, monkeypatch):
    """Return a function that shares out a supply among a queue, both written to files."""
    monkeypatch.chdir(tmp_path)

    def shared(
        queue: object = THREE, *options: str, supply: object = FIVE, grants: object = None, columns: int = 200
    ) -> tuple[int, str, str]:
        Path("queue").write_text(as_text(queue, WaitingLine), encoding="utf-8")
        Path("supply").write_text(as_text(supply), encoding="utf-8")
        if grants is not None:
            Path("grants").write_text(as_text(grants, Grant), encoding="utf-8")
            options = (*options, "--grants", "grants")
        return run("allocate", "queue", "--supply", "supply", "--at", SUNDAY, *options, columns=columns)

    return shared


def tables(done: tuple[int, str, str]) -> list[list[list[str]]]:
    """Return the cells of each table."""
    status, stdout, stderr = done
    assert (status, stderr) == (0, "")
    return [rows(part) for part in stdout.split("\n\n")]


def whys(done: tuple[int, str, str]) -> list[list[str]]:
    """Return order, units granted and waiting, and reason of each row of the first table."""
    return [[row[1], *row[-3:]] for row in tables(done)[0]]


def test_tables_say_who_gets_what_and_what_is_left(share):
    done = share()
    assert tables(done) == [
        [
            ["1", "O1", "1", "CD", "3", "3", "", "served"],
            ["2", "O2", "1", "CD", "4", "2", "2", "2 CD missing, O1 is ahead"],
            ["3", "O3", "1", "CD", "2", "0", "2", "2 CD missing, O2 is ahead"],
        ],
        [["CD", "5", "5", "4", "0"]],
    ]
    lines = done[1].splitlines()
    assert lines[0] == "Shared out on 22 Nov 2026: first come, first served; in part if need be"
    assert lines[-2:] == [
        "9 units asked for: 5 granted, 4 waiting.",
        "There: on hand, less safety stock and what is owed to others.",
    ]


LATE = line("O4", 1, priority=-1, street_date=STREET - dt.timedelta(days=90))
POLICIES = {
    "partial": ((), ["3", "2", "0", "0"], "first come, first served; in part if need be"),
    "skip": (("--shortage", "skip"), ["3", "0", "2", "0"], "first come, first served; in full or not at all"),
    "strict": (
        ("--shortage", "strict"),
        ["3", "0", "0", "0"],
        "first come, first served; in full or not at all, and nobody goes past",
    ),
    "by priority": (("--policy", "priority"), ["1", "3", "1", "0"], "by priority; in part if need be"),
    "by street date": (
        ("--policy", "earliest_street_date"),
        ["3", "2", "0", "0"],
        "the earliest street date first; in part if need be",
    ),
    "whole orders": (
        ("--unit", "order"),
        ["3", "0", "2", "0"],
        "first come, first served; orders in full or not at all",
    ),
    "whole orders strictly": (
        ("--unit", "order", "--shortage", "strict"),
        ["3", "0", "0", "0"],
        "first come, first served; orders in full or not at all, and nobody goes past",
    ),
    "in fair shares": (("--ration", "proportional"), ["2", "2", "1", "0"], "in fair shares (proportional)"),
    "in fair shares by priority": (
        ("--ration", "equal", "--policy", "priority"),
        ["1", "2", "1", "1"],
        "by priority; in fair shares (equal)",
    ),
}


@pytest.mark.parametrize(("options", "granted", "words"), POLICIES.values(), ids=POLICIES)
def test_the_options_are_the_policy(share, options, granted, words):
    done = share((*THREE, LATE), *options)
    assert [row[5] for row in tables(done)[0]] == granted
    assert done[1].splitlines()[0] == f"Shared out on 22 Nov 2026: {words}"


SET = [Component("CUP", 2), Component("POT")]
REASONS = {
    "on hold": ([line("O1", hold="unpaid")], (), [["O1", "0", "1", "on hold: unpaid"]]),
    "not due": ([line("O1", street_date=STREET)], (), [["O1", "0", "1", "not out before 5 Feb 2027"]]),
    "not due, in the zone of the warehouse": (
        [line("O1", street_date=STREET)],
        ("--zone", "Asia/Tokyo"),
        [["O1", "0", "1", "not out before 6 Feb 2027"]],
    ),
    "a component": (
        [line("O1", 2, "SET", components=SET)],
        (),
        [["O1", "0", "2", "2 POT missing"]],
    ),
    "behind another": (
        [line("O1", 6), line("O2")],
        ("--shortage", "strict"),
        [["O1", "0", "6", "1 CD missing"], ["O2", "0", "1", "O1 waits for CD first"]],
    ),
    "a companion that lacks something": (
        [line("O1", ship="complete"), line("O1", 2, "LP", "2")],
        (),
        [["O1", "0", "1", "ships complete: 2 LP missing"], ["O1", "0", "2", "2 LP missing"]],
    ),
    "a companion on hold": (
        [line("O1", ship="complete"), line("O1", 2, "CD", "2", hold="review")],
        (),
        [["O1", "0", "1", "ships complete: CD is not to be served yet"], ["O1", "0", "2", "on hold: review"]],
    ),
    "a fair share": (
        [line("O1", 4), line("O2", 4)],
        ("--ration", "webster"),
        [["O1", "3", "1", "its fair share"], ["O2", "2", "2", "its fair share"]],
    ),
    "unfulfillable": (
        [line("O1", 6), line("O2", 1, "LP")],
        ("--unserved", "unfulfillable"),
        [["O1", "5", "1", "1 CD missing; unfulfillable"], ["O2", "0", "1", "1 LP missing"]],
    ),
}


@pytest.mark.parametrize(("queue", "options", "expected"), REASONS.values(), ids=REASONS)
def test_every_line_says_why(share, queue, options, expected):
    assert whys(share(queue, *options, supply=Supply(on_hand={"CD": 5, "CUP": 9}))) == expected


def test_every_reason_has_its_words():
    assert set(_WHY) == set(_REASONS) == set(DecisionCode)


def test_what_cannot_be_fulfilled_is_counted_apart(share):
    done = share([line("O1", 6), line("O2", 1, "LP")], "--unserved", "unfulfillable")
    assert "\n7 units asked for: 5 granted, 1 waiting, 1 unfulfillable.\n" in done[1]


def test_a_bundle_shows_what_is_in_it_and_counts_what_is_on_the_shelf(share):
    done = share([line("O1", 3, "SET", components=SET)], supply=Supply(on_hand={"CUP": 5, "POT": 2}))
    first, second = tables(done)
    assert first == [["1", "O1", "1", "SET (2 CUP, 1 POT)", "3", "2", "1", "1 CUP missing"]]
    assert second == [["CUP", "5", "4", "2", "1"], ["POT", "2", "2", "1", "0"]]


def test_what_has_no_limit_serves_everybody(share):
    done = share(supply=Supply(on_hand={"CD": UNLIMITED}))
    assert tables(done)[1] == [["CD", "no limit", "9", "", "no limit"]]


def test_a_queue_in_which_nobody_waits(share):
    done = share(())
    assert tables(done) == [[], []]
    assert "\n0 units asked for: 0 granted, 0 waiting.\n" in done[1]


OWED = [
    Commitment(sku="CD", quantity=1, order_id="O1", line_id="1"),
    Commitment(sku="CD", quantity=2, order_id="O2", line_id="9"),
    Commitment(sku="CD", quantity=4, order_id="O3"),
    Commitment(sku="CD", quantity=8, order_id="O9"),
    Commitment(sku="CD", quantity=16),
]
THERE = {
    "on hand": (Supply(on_hand={"CD": 40}), "40"),
    "less safety stock": (Supply(on_hand={"CD": 40}, safety_stock={"CD": 3}), "37"),
    "less what is owed to others": (Supply(on_hand={"CD": 40}, commitments=OWED), "14"),
    "what comes is not there": (
        Supply(on_hand={"CD": 4}, receipts=[Receipt(sku="CD", quantity=9, expected=dt.date(2026, 12, 1))]),
        "4",
    ),
    "what is owed later is covered by what comes before": (
        Supply(
            on_hand={"CD": 4},
            receipts=[Receipt(sku="CD", quantity=3, expected=dt.date(2026, 12, 1))],
            commitments=[Commitment(sku="CD", quantity=5, due=dt.date(2026, 12, 2))],
        ),
        "2",
    ),
    "what is short": (Supply(on_hand={"CD": -3}), "0"),
    "what can be ordered is not there": (Supply(on_hand={}, replenishment={"CD": LeadTime(1, 2)}), "0"),
}


@pytest.mark.parametrize(("supply", "expected"), THERE.values(), ids=THERE)
def test_what_is_there_is_on_hand_less_what_is_owed_to_others(share, supply, expected):
    assert tables(share(supply=supply))[1][0][1] == expected


def test_several_locations_add_up(share):
    done = share(supply={"A": Supply(on_hand={"CD": 2}), "B": Supply(on_hand={"CD": 2, "LP": 9})})
    assert tables(done)[1] == [["CD", "4", "4", "5", "0"]]


def test_a_sku_that_the_supply_does_not_name_is_said(share):
    queue = [line("O1"), *(line("O2", sku=f"X{number:02}", line_id=f"{number}") for number in range(14))]
    done = share(queue)
    names = ", ".join(f"X{number:02}" for number in range(12))
    assert f"\nThe supply does not name {names} and 2 more.\n" in done[1]
    assert set(as_json(share(queue, "--json"))["allocation"]["left_over"]) == {"CD"}


def test_runs_chain(share):
    first = share((*THREE, line("O4")), "--json")
    again = share((*THREE, line("O4")), supply=Supply(on_hand={"CD": 6}), grants=first[1])
    assert tables(again)[0] == [
        ["1", "O1", "1", "CD", "3", "3", "0", "", "served"],
        ["2", "O2", "1", "CD", "4", "3", "1", "1", "1 CD missing, O1 is ahead"],
        ["3", "O3", "1", "CD", "2", "0", "0", "2", "2 CD missing, O2 is ahead"],
        ["4", "O4", "1", "CD", "1", "0", "0", "1", "1 CD missing, O2 is ahead"],
    ]
    assert "\n10 units asked for: 6 granted (5 of them before), 4 waiting.\n" in again[1]


def test_grants_alone_are_grants(share):
    held = Grant(order_id="O3", line_id="1", sku="CD", quantity=2)
    assert [row[5] for row in tables(share(grants=[held]))[0]] == ["3", "0", "2"]
    assert tables(share(grants=[])) == tables(share())


def test_what_is_held_and_not_there_any_more_is_said(share):
    held = [Grant(order_id="O1", line_id="1", sku="CD", quantity=3)]
    done = share(supply=Supply(on_hand={"CD": 1}), grants=held)
    assert "\nGranted before, but not there any more: 2 CD.\n" in done[1]


def test_json_is_the_allocation(share):
    done = share((*THREE, line("O4", sku="SET", components=SET)), "--json")
    found = from_json(done[1], Allocation)
    queue = (*THREE, line("O4", sku="SET", components=SET))
    assert found == allocate(queue, available={"CD": 5}, at=AT)
    assert as_json(done)["preorder_kit"] == 1
    assert done[1].isascii()


def test_explain_says_a_sentence_for_each_line(share):
    queue = [*THREE, line("O2", 1, "CD", "2")]
    status, stdout, stderr = share(queue, "--explain", "O2", columns=40)
    assert (status, stderr) == (0, "")
    assert stdout.splitlines() == [explain(one) for one in allocate(queue, available={"CD": 5}, at=AT).of("O2")]
    assert stdout.startswith("Order O2, line 1 gets 2 of its 4 units")


UNKNOWN = {
    "one that is close": ([line("O101"), line("O102"), line("O990")], "O103", "did you mean O102 or O101?"),
    "none that is close": ([line("O1"), line("O2"), line("O1", line_id="2")], "X", "it holds O1, O2"),
    "none at all": ([], "X", "it holds none"),
}


@pytest.mark.parametrize(("queue", "order_id", "words"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_order_that_does_not_wait_cannot_be_explained(share, queue, order_id, words):
    assert refused(share(queue, "--explain", order_id)) == [f"queue: does not hold the order '{order_id}'; {words}"]


HEAD = "order_id,line_id,sku,quantity,placed_at"
WRITTEN = {
    "CSV": "\n".join([HEAD, *(f"{one.order_id},1,CD,{one.quantity},{one.placed_at.isoformat()}" for one in THREE)]),
    "JSON Lines": "\n".join(json.dumps(node) for node in json.loads(to_json(THREE))["queue"]),
    "JSON": to_json(THREE),
}


@pytest.mark.parametrize(("name", "written"), WRITTEN.items(), ids=WRITTEN)
def test_a_queue_is_read_from_every_format(share, name, written):
    named = name.lower().replace(" ", "_")
    assert share(written) == share(THREE)
    assert share(written, "--from", named) == share(THREE)
    refused(share(written, "--from", "json" if named != "json" else "csv"))


def test_a_long_queue_shows_its_beginning_and_how_often_each_reason_holds(share):
    queue = [line(f"O{number}", 2, f"S{number % 60:02}") for number in range(70)]
    supply = "sku,quantity\n" + "\n".join(f"S{number:02},3" for number in range(60))
    done = share([*queue, line("O99", hold="unpaid", sku="S01")], supply=supply)
    first, second, third = tables(done)
    assert (len(first), len(third)) == (50, 50)
    assert "\n21 more lines; --all shows them, --json has them.\n" in done[1]
    assert second == [["60", "120", "", "served"], ["10", "10", "10", "served in part"], ["1", "0", "1", "on hold"]]
    assert third[:3] == [["S01", "3", "3", "2", "0"], ["S00", "3", "3", "1", "0"], ["S02", "3", "3", "1", "0"]]
    assert "\n10 more SKUs, of which less waits.\n" in done[1]
    first, second = tables(share(queue, "--all", supply=supply))
    assert (len(first), len(second)) == (70, 60)


def test_all_problems_of_all_documents_are_named(share):
    done = share(f"{HEAD}\nO1,1,CD,none,\nO2,1,CD,1,{SUNDAY}\nO2,1,LP,1,{SUNDAY}", supply="sku,quantity\nCD,many")
    assert refused(done) == [
        "queue: row 2, column quantity: must be a whole number >= 1 (got 'none')",
        "queue: row 2, column placed_at: is empty; fill it in",
        "queue: row 4, column line_id: must be unique in its order 'O2': row 3 has it, too (got '1')",
        "supply: row 2, column quantity: must be a whole number >= 0 (got 'many')",
    ]


PROMISED = [Promise(order_id="O1", line_id="1", sku="CD", quantity=1, kind="none", ready=None, delivery=None)]
MISTAKES = {
    "another sku": (
        {"grants": [Grant(order_id="O1", line_id="1", sku="LP", quantity=1)]},
        ["grants: order O1, line 1: must be CD, "],
    ),
    "a line that does not wait": (
        {"grants": [Grant(order_id="O7", line_id="1", sku="CD", quantity=1)]},
        ["grants: order O7, line 1: must be of a line in the queue; leave out what has left it"],
    ),
    "a CSV queue for a supply": (
        {"supply": f"{HEAD}\nO1,1,CD,1,{SUNDAY}"},
        ["supply: holds lines that wait, a row for each where a supply is wanted"],
    ),
    "a supply with another name for what there is": (
        {"supply": "sku,stock\nCD,3"},
        ["supply: row 1: must have the columns sku and quantity (got sku, stock)"],
    ),
    "a queue that is a bare list": (
        {"queue": WRITTEN["JSON Lines"].join("[]").replace("}\n{", "},{")},
        ['queue: must be {"preorder_kit": 1, "queue": [...]} around its lines, or JSON Lines: an object for each line'],
    ),
    "a quote left open": (
        {"queue": f'{HEAD}\nO1,"1'},
        ["queue: line 2: cannot be read from here on: "],
    ),
    "promises for grants": ({"grants": to_json(PROMISED)}, ["grants: holds promises where grants are wanted"]),
    "a supply for grants": ({"grants": to_json(FIVE)}, ["grants: holds a supply where grants are wanted"]),
    "supplies for grants": ({"grants": to_json({"A": FIVE})}, ["grants: holds locations where grants are wanted"]),
    "a queue for a supply": ({"supply": to_json(THREE)}, ["supply: holds a queue where a supply is wanted"]),
    "no grants for a supply": ({"supply": to_json([], of=Grant)}, ["supply: holds grants where a supply is wanted"]),
    "an allocation for a supply": (
        {"supply": to_json(allocate(THREE, available={}, at=AT))},
        ["supply: holds an allocation where a supply is wanted"],
    ),
    "a supply for a queue": ({"queue": to_json(FIVE)}, ["queue: must hold a queue (got supply)"]),
    "a bundle where shares are fair": (
        {"queue": to_json([line("O1", sku="SET", components=SET)]), "options": ("--ration", "equal")},
        ["queue: order O1, line 1: must be no bundle"],
    ),
    "rules that contradict each other": (
        {"options": ("--ration", "equal", "--shortage", "skip")},
        ["--ration: shares out lines in part, so it needs --shortage partial and --unit line"],
    ),
    "a calendar that never works": (
        {"supply": to_json(Supply(on_hand={}, replenishment={"CD": LeadTime(1, 2, WorkCalendar(weekdays=()))}))},
        ["cannot be shared out: "],
    ),
}


@pytest.mark.parametrize(("documents", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_said_with_the_file_that_holds_it(share, documents, expected):
    facts = dict(documents)
    found = refused(share(facts.pop("queue", THREE), *facts.pop("options", ()), **facts))
    assert len(found) == len(expected)
    assert all(words.startswith(start) for words, start in zip(found, expected, strict=True))


def test_an_id_is_said_in_words_alone(share):
    [found] = refused(share(grants=[Grant(order_id="O7", line_id="1", sku="CD", quantity=1)]))
    assert "(" not in found


def test_one_bad_column_is_a_few_problems_and_a_count(share):
    day = SUNDAY[:10]
    queue = [f"O{number},1,CD,{'x' if number in {40, 60, 70} else 1},{day}" for number in range(2, 102)]
    queue[90] = f"O92,1,,1,{day}"
    wanted = f"must have a UTC offset, as in 2026-11-22T09:30:00+01:00 (got '{day}')"
    found = refused(share("\n".join([HEAD, *queue]), supply="sku,quantity\nCD,many"))
    assert found[:20] == [f"queue: row {row}, column placed_at: {wanted}" for row in range(2, 22)]
    assert found[20:] == [
        f"queue: 80 more in column placed_at, the first in row 22: {wanted}",
        "queue: 3 more in column quantity, the first in row 40: must be a whole number >= 1 (got 'x')",
        "queue: row 92, column sku: is empty; fill it in",
        "supply: row 2, column quantity: must be a whole number >= 0 (got 'many')",
    ]


MANY_BAD = {
    "JSON Lines": ("{}\n" * 30, "queue: 26 more in order_id, the first in line 5: is missing"),
    "two of a kind": ("{}\n" * 6, "queue: 2 more in order_id, the first in line 5: is missing"),
    "JSON Lines that are none": ("{}\n" * 4 + "{,}\n" * 9, "queue: 9 more, the first in line 5: is not JSON: "),
    "a document": (
        '{"preorder_kit": 1, "queue": [' + ", ".join(["{}"] * 30) + "]}",
        "queue: 26 more in queue[].order_id, the first in queue[4].order_id: is missing",
    ),
    "one more than are shown": ("{}\n" * 4 + '{"order_id": "O1", "sku": "A"', "queue: line 5: is not JSON: "),
}


@pytest.mark.parametrize(("queue", "words"), MANY_BAD.values(), ids=MANY_BAD)
def test_problems_are_counted_by_field_wherever_they_are(share, queue, words):
    assert refused(share(queue))[20].startswith(words)


def test_kinds_of_problems_are_not_listed_without_end(share):
    unknown = {f"f{number:02}": 1 for number in range(50)}
    found = refused(share("\n".join(json.dumps({"a": 1, "order_id": str(row)} | unknown) for row in range(3))))
    assert len(found) == 41
    assert found[-1] == "queue: 85 more of other kinds"


LATER = {
    "one": (["O30", "O31"], "1 line was placed after --at: order O31, line 1, at 2026-11-23T09:30:00+00:00."),
    "several": (
        ["O32", "O1", "O31"],
        "2 lines were placed after --at, the first of them order O32, line 1, at 2026-11-24T09:30:00+00:00.",
    ),
}


@pytest.mark.parametrize(("orders", "words"), LATER.values(), ids=LATER)
def test_lines_that_are_placed_later_are_said(share, orders, words):
    status, stdout, _ = share([line(name) for name in orders])
    assert (status, stdout.splitlines()[-2]) == (0, words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(("--json", "--explain", "O1"), "give --explain or --json, not both", id="two answers"),
        pytest.param(
            ("--policy", "lifo"),
            "must be one of fifo, priority, earliest_street_date (got 'lifo')",
            id="another policy",
        ),
    ],
)
def test_a_wrong_option_is_refused(share, options, words):
    status, stdout, stderr = share(THREE, *options)
    assert (status, stdout) == (2, "")
    assert words in stderr


def test_standard_input_is_one_document():
    status, stdout, stderr = run("allocate", "-", "--supply", "-", "--at", SUNDAY)
    assert (status, stdout) == (2, "")
    assert "standard input can be one document, not several" in stderr
    assert run("allocate", "-", "--supply", "-", "--at", SUNDAY, "--grants", "x")[0] == 2


def test_a_queue_comes_from_standard_input(share):
    expected = share()
    assert run("allocate", "-", "--supply", "supply", "--at", SUNDAY, stdin=to_json(THREE)) == expected


def test_what_would_command_the_terminal_is_shown_as_a_sign(share):
    done = share([line("O1", sku="CD\x1b[31m", hold="a\x07b")])
    assert "\x1b" not in done[1]
    assert whys(done) == [["O1", "0", "1", "on hold: a\N{REPLACEMENT CHARACTER}b"]]
    found = share([line("O1", line_id="a\x1bb")], "--explain", "O1")
    assert "line a\N{REPLACEMENT CHARACTER}b" in found[1]


SUPPLIES = {
    "units by SKU": ("SKU,Quantity,Note\nCD,5,new", "5"),
    "an inventory of fabric": (
        "SKU,Total Quantity,Reserved Quantity,Location ID,Type\nCD,5,1,1,Stock\nCD,9,0,2,Stock",
        "13",
    ),
}


@pytest.mark.parametrize(("written", "there"), SUPPLIES.values(), ids=SUPPLIES)
def test_a_supply_may_be_units_by_sku(share, written, there):
    assert tables(share(supply=written))[1][0][1] == there


def test_the_format_of_units_by_sku_may_be_named(share):
    written = "SKU,Quantity\nCD,5"
    assert share(THREE, "--supply-from", "csv", supply=written) == share()
    refused(share(THREE, "--supply-from", "csv"))
    refused(share(THREE, "--supply-from", "fabric-csv", supply=written))


def test_an_inventory_that_says_where_things_are_is_no_list_of_units(share):
    found = refused(share(supply="SKU,Quantity,Location ID,Type\nCD,5,1,intransit"))
    assert "must name the column Total Quantity" in found[0]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO | None, size: int) -> str:
    """Return what a run of that size shows on a stream for standard error."""
    with contextlib.redirect_stderr(stream):
        assert list(watched(range(size), "Reading", size=size)) == list(range(size))
        with waiting("Sharing out", size=size):
            pass
    return "" if stream is None else stream.getvalue()


def test_a_long_run_says_how_far_it_has_come(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    words = shown(Terminal(), 20_000)
    assert "Reading" in words
    assert "Sharing out" in words


@pytest.mark.parametrize(
    ("stream", "size"),
    [
        pytest.param(Terminal(), 19_999, id="a short run"),
        pytest.param(io.StringIO(), 20_000, id="a file"),
        pytest.param(None, 20_000, id="no standard error"),
    ],
)
def test_nothing_is_shown_where_nobody_watches(stream, size):
    assert shown(stream, size) == ""
