"""What `allocate` does with files of columns: what it writes, what it sums up, what it refuses."""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli import as_json, refused, rows, run

duckdb = pytest.importorskip("duckdb", reason="files of columns are read through DuckDB")
pytest.importorskip("narwhals", reason="frames need narwhals")

from preorder_kit import AllocationPolicy, allocate  # noqa: E402  # after what may be skipped
from preorder_kit.cli import _progress  # noqa: E402
from preorder_kit.queue_files import read_queue  # noqa: E402

SUNDAY = "2026-11-22T09:30:00+00:00"
AT = dt.datetime.fromisoformat(SUNDAY)
HEAD = "order_id,line_id,sku,quantity,placed_at"
THREE = f"""{HEAD}
O1,1,CD,3,2026-10-23T09:30:00+00:00
O2,1,CD,4,2026-10-24T11:30:00+02:00
O3,1,CD,2,2026-10-25T09:30:00Z
"""
FIVE = "sku,available\nCD,5\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(queue: str = THREE, available: str = FIVE) -> None:
    Path("queue.csv").write_text(queue, encoding="utf-8")
    Path("available.csv").write_text(available, encoding="utf-8")


def share(queue: str = THREE, *options: str, available: str = FIVE) -> tuple[int, str, str]:
    """Share out what is available among a queue, both written to files of CSV."""
    write(queue, available)
    return given(["queue.csv"], *options)


def given(queue: list[str], *options: str, available: str = "available.csv") -> tuple[int, str, str]:
    return run("allocate", *queue, "--available", available, "--at", SUNDAY, *options)


def cells(name: str) -> list[dict[str, str]]:
    found = list(csv.DictReader(io.StringIO(Path(name).read_text(encoding="utf-8"))))
    return sorted(found, key=lambda row: (row.get("order_id", ""), row.get("line_id", ""), row["sku"]))


def query(text: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.sql(text).fetchall()


def as_parquet(name: str, text: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.sql(text).write_parquet(name)


def done(found: tuple[int, str, str]) -> list[str]:
    status, stdout, stderr = found
    assert (status, stderr) == (0, "")
    return stdout.splitlines()


def test_the_screen_sums_up_reasons_and_skus():
    found = share()
    lines = done(found)
    assert lines[0] == "Shared out on 22 Nov 2026: first come, first served; in part if need be"
    assert rows(found[1]) == [
        ["1", "3", "", "served"],
        ["1", "2", "2", "served in part"],
        ["1", "0", "2", "too little was left"],
        ["CD", "5", "5", "4", "0"],
    ]
    assert lines[-2:] == ["3 lines, 9 units asked for: 5 granted, 4 waiting.", "Nothing is left over."]
    assert sorted(path.name for path in Path().iterdir()) == ["available.csv", "queue.csv"]


def test_json_is_the_sums():
    assert as_json(share(THREE, "--json", available="sku,available\nCD,5\nLP,2")) == {
        "lines": 3,
        "granted": 5,
        "added": 5,
        "waiting": 4,
        "unfulfillable": 0,
        "left_over": 2,
        "oversold": 0,
        "decisions": {
            "granted": {"lines": 1, "granted": 3, "short": 0},
            "partial": {"lines": 1, "granted": 2, "short": 2},
            "no_stock": {"lines": 1, "granted": 0, "short": 2},
        },
        "skus": 2,
        "most_waiting": [
            {"sku": "CD", "available": 5, "granted": 5, "waiting": 4, "left_over": 0},
            {"sku": "LP", "available": 2, "granted": 0, "waiting": 0, "left_over": 2},
        ],
    }


NOTES = {
    "left over": (THREE, "sku,available\nCD,10\nLP,2", (), ["Left over: 3 units of 2 SKUs."]),
    "unfulfillable": (
        THREE,
        FIVE,
        ("--unserved", "unfulfillable"),
        ["3 lines, 9 units asked for: 5 granted, 0 waiting, 4 unfulfillable."],
    ),
    "not named, and placed later": (
        "\n".join([HEAD, *(f"O{number},1,S{number},1,2027-01-{number}T00:00:00Z" for number in range(10, 32))]),
        FIVE,
        (),
        [
            f"--available does not name {', '.join(f'S{number}' for number in range(10, 22))} and 10 more.",
            "22 lines placed after --at, the last of them at 2027-01-31T00:00:00+00:00.",
        ],
    ),
    "granted before, and oversold": (
        f"{HEAD},granted\nO1,1,CD,3,{SUNDAY},3\nO2,1,LP,9,{SUNDAY},9\nO3,1,MC,1,{SUNDAY},",
        "sku,available\nCD,1\nLP,1\nMC,1",
        (),
        [
            "3 lines, 13 units asked for: 13 granted (12 of them before), 0 waiting.",
            "Granted before, but not there any more: 8 LP, 2 CD.",
        ],
    ),
}


@pytest.mark.parametrize(("queue", "available", "options", "words"), NOTES.values(), ids=NOTES)
def test_a_note_says_what_the_tables_do_not(queue, available, options, words):
    shown = done(share(queue, *options, available=available))
    assert all(note in shown for note in words)


def test_what_has_no_limit_is_said():
    available = "sku,available,available_unlimited\nCD,,true\nLP,1,False"
    found = share(available=available)
    assert rows(found[1])[-2:] == [["CD", "no limit", "9", "", "no limit"], ["LP", "1", "0", "", "1"]]
    first = as_json(share(THREE, "--json", available=available))["most_waiting"][0]
    assert first == {"sku": "CD", "available": "unlimited", "granted": 9, "waiting": 0, "left_over": "unlimited"}


def test_many_skus_show_those_of_which_most_waits():
    queue = "\n".join([HEAD, *(f"O{number},1,S{number},{number},{SUNDAY}" for number in range(10, 35))])
    found = share(queue)
    shown = rows(found[1])[1:]
    assert [row[0] for row in shown] == [f"S{number}" for number in range(34, 14, -1)]
    assert "6 more SKUs, of which less waits." in done(found)


def test_lines_and_stock_are_written():
    shown = done(share(THREE, "--out", "lines.csv", "--stock-out", "stock.csv"))
    assert shown[-2:] == ["Written: lines.csv", "Written: stock.csv"]
    assert [(row["order_id"], row["granted"], row["short"], row["decision"]) for row in cells("lines.csv")] == [
        ("O1", "3", "0", "granted"),
        ("O2", "2", "2", "partial"),
        ("O3", "0", "2", "no_stock"),
    ]
    assert [row["placed_at"] for row in cells("lines.csv")] == [
        "2026-10-23T09:30:00+00:00",
        "2026-10-24T09:30:00+00:00",
        "2026-10-25T09:30:00+00:00",
    ]
    assert [tuple(row.values())[:2] for row in cells("stock.csv")] == [("CD", "5")]
    assert not list(Path().glob(".preorder-kit-*"))


def test_parquet_is_written_and_read_back():
    done(share(THREE, "--out", "lines.parquet", "--stock-out", "stock.PARQUET", "--memory", "512 MiB"))
    assert query("SELECT order_id, granted FROM 'lines.parquet' ORDER BY 1") == [("O1", 3), ("O2", 2), ("O3", 0)]
    assert query("SELECT sku, granted, waiting, left_over FROM read_parquet('stock.PARQUET')") == [("CD", 5, 4, 0)]


@pytest.mark.parametrize("kind", ["csv", pytest.param("parquet", marks=pytest.mark.slow)])
def test_what_was_written_is_the_queue_of_the_next_run(kind):
    done(share(THREE, "--out", f"monday.{kind}"))
    Path("available.csv").write_text("sku,available\nCD,6\n", encoding="utf-8")
    tuesday = as_json(given([f"monday.{kind}"], "--json", "--out", f"monday.{kind}", "--force"))
    assert (tuesday["granted"], tuesday["added"]) == (6, 1)
    assert as_json(given([f"monday.{kind}"], "--json"))["added"] == 0


def test_a_csv_is_read_by_the_names_of_its_columns():
    queue = """Line ID,note,Order_ID,SKU,Quantity,PLACED AT,priority,,ship,hold
01,"a, ""b"" c",O1,007, 1 ,2026-10-23T09:30:00.25Z,,,Complete,
02,,O1,7,+2,2026-10-23 09:30:00+0100,-2,x,,
,,,,,,,,,

1,,O2,007,1,2026-10-23T09:30:00+01,1,,as_available,unpaid
"""
    done(share(queue, "--out", "lines.csv", available="SKU,Quantity\n007,9\n7,9"))
    found = cells("lines.csv")
    assert list(found[0])[:9] == [
        *("line_id", "note", "order_id", "sku", "quantity", "placed_at", "priority", "column 8", "ship"),
    ]
    assert [(row["order_id"], row["line_id"], row["sku"], row["note"], row["column 8"]) for row in found] == [
        ("O1", "01", "007", 'a, "b" c', ""),
        ("O1", "02", "7", "", "x"),
        ("O2", "1", "007", "", ""),
    ]
    assert [(row["priority"], row["granted"], row["ship"], row["decision"]) for row in found] == [
        ("0", "1", "complete", "granted"),
        ("-2", "2", "as_available", "granted"),
        ("1", "0", "as_available", "on_hold"),
    ]
    assert [row["placed_at"] for row in found] == [
        "2026-10-23T09:30:00.250000+00:00",
        "2026-10-23T08:30:00+00:00",
        "2026-10-23T08:30:00+00:00",
    ]


def test_parquet_keeps_its_types_and_finds_its_columns(tmp_path):
    write()
    as_parquet("q.parquet", "SELECT 7 Order_ID, 1 line_id, 3 SKU, 2 quantity, now() AS 'Placed At', 1 x")
    as_parquet("a.parquet", "SELECT 3 AS sku, 1 AS quantity")
    done(given([str(tmp_path / "q.parquet")], "--out", "lines.parquet", available="a.parquet"))
    assert query("SELECT order_id, sku, granted, x FROM 'lines.parquet'") == [(7, 3, 1, 1)]


def test_several_files_are_one_queue():
    write()
    Path("parts [1]").mkdir()
    for number in (1, 2):
        text = THREE.replace("O", f"P{number}").replace("Prder", "order")
        Path(f"parts [1]/{number}.csv").write_text(text, encoding="utf-8")
    as_parquet("more.parquet", "SELECT 'Q1' order_id, '1' line_id, 'CD' sku, 1 quantity, now() placed_at")
    assert as_json(given(["parts [1]/1.csv", "p* */2.csv", "more.parquet"], "--json"))["lines"] == 7


def test_bundles_take_their_components():
    queue = f"{HEAD}\nO1,1,SET,2,{SUNDAY}\nO2,1,CUP,2,{SUNDAY}"
    Path("recipes.csv").write_text("sku,component,quantity\nSET,CUP,2\nSET,POT,1", encoding="utf-8")
    found = as_json(share(queue, "--json", "--recipes", "recipes.csv", available="sku,available\nCUP,5\nPOT,1"))
    assert [(shelf["sku"], shelf["granted"]) for shelf in found["most_waiting"]] == [("CUP", 4), ("POT", 1)]


def _slow(*policy: object) -> object:
    return pytest.param(*policy, marks=pytest.mark.slow)


POLICIES = {
    "priority": (("--policy", "priority"), {"queue": "priority"}),
    "earliest_street_date": _slow(("--policy", "earliest_street_date"), {"queue": "earliest_street_date"}),
    "strict": _slow(("--shortage", "strict"), {"shortage": "strict"}),
    "orders": (("--unit", "order"), {"unit": "order"}),
    "proportional": (("--ration", "proportional"), {"ration": "proportional"}),
    "equal": _slow(("--ration", "equal"), {"ration": "equal"}),
}


@pytest.mark.parametrize(("options", "rules"), POLICIES.values(), ids=POLICIES)
def test_the_answer_is_that_of_the_queue_in_memory(options, rules):
    queue = "\n".join([f"{HEAD},priority,street_date,hold", *map(_line, range(120))])
    there = {f"S{number}": number * 3 for number in range(7)}
    available = "\n".join(["sku,available", *(f"{sku},{units}" for sku, units in there.items())])
    done(share(queue, *options, "--out", "lines.csv", available=available))
    found = allocate(read_queue(queue).complete(), available=there, policy=AllocationPolicy(**rules), at=AT)
    expected = sorted((one.order_id, one.line_id, one.granted, one.code.value) for one in found.decisions)
    shared = [(row["order_id"], row["line_id"], int(row["granted"]), row["decision"]) for row in cells("lines.csv")]
    assert sorted(shared) == expected


def _line(number: int) -> str:
    street = ["", "2026-11-01T00:00:00Z", "2026-11-05T00:00:00Z", "2027-01-01T00:00:00Z"][number % 4]
    placed = f"2026-10-{1 + number * 7 % 5:02}T09:30:00Z"
    hold = "x" if number % 11 == 0 else ""
    return f"O{number // 2},{number % 2},S{number * 5 % 7},{1 + number % 3},{placed},{number % 3},{street},{hold}"


NAIVE = "must have a UTC offset, as in 2026-11-22T09:30:00+01:00"
BAD_CELLS = f"""{HEAD},priority,hold
O1,1,CD,3.0,2026-11-20,x,
,1,CD,0,2026-11-20T10:00:00,1,

O3,1,CD,2
O4,1,CD,1,2026-02-30T10:00:00Z,,,9
O5,1,CD,1,20261120T100000Z,,
O6,"1,CD
"""


def test_bad_rows_are_named_by_file_and_row():
    assert refused(share(BAD_CELLS, "--out", "lines.csv", available="sku,available\nCD,-1\n")) == [
        "queue.csv: row 2, column quantity: must be a whole number >= 1 (got '3.0')",
        f"queue.csv: row 2, column placed_at: {NAIVE} (got '2026-11-20')",
        "queue.csv: row 2, column priority: must be a whole number (got 'x')",
        "queue.csv: row 3, column order_id: is empty; fill it in",
        "queue.csv: row 3, column quantity: must be a whole number >= 1 (got '0')",
        f"queue.csv: row 3, column placed_at: {NAIVE} (got '2026-11-20T10:00:00')",
        "queue.csv: row 5: has fewer cells than the first row",
        "queue.csv: row 6: has more cells than the first row",
        "queue.csv: row 7, column placed_at: must be written as 2026-11-22T09:30:00+01:00 (got '20261120T100000Z')",
        "queue.csv: row 8: has a quote that is left open",
        "available.csv: row 2, column available: must be a whole number >= 0 (got '-1')",
    ]
    assert not Path("lines.csv").exists()


def test_a_column_that_is_wrong_from_top_to_bottom_is_counted():
    queue = "\n".join([HEAD, *(f"O{number},1,CD,none,{SUNDAY}" for number in range(50))])
    found = refused(share(queue))
    assert len(found) == 21
    assert found[19:] == [
        "queue.csv: row 21, column quantity: must be a whole number >= 1 (got 'none')",
        "queue.csv: 30 more in column quantity",
    ]
    found = refused(share("\n".join([HEAD, *["O1,1"] * 30])))
    assert found[-1] == "queue.csv: 10 more rows that cannot be read, or yet more"


TWICE = f"{HEAD}\nO1,1,CD,1,{SUNDAY}\nO1,1,LP,1,{SUNDAY}"
REFUSED = {
    "no columns": ("", FIVE, ["queue.csv: is empty: the first row must name the columns"]),
    "a column that is missing": (
        "order_id,line_id,sku,quantity\nO1,1,CD,1",
        FIVE,
        ["queue.csv: row 1: must name the column placed_at (got order_id, line_id, sku, quantity)"],
    ),
    "other separators": (
        HEAD.replace(",", ";"),
        FIVE,
        ["queue.csv: row 1: has one column only: save the file with commas between the values"],
    ),
    "a column twice": (f"{HEAD},note,Note\n", FIVE, ["queue.csv: row 1: must name the column Note once"]),
    "an unknown word": (
        f"{HEAD},ship\nO1,1,CD,1,{SUNDAY},never",
        FIVE,
        ["queue.csv: row 2, column ship: must be one of as_available, complete (got 'never')"],
    ),
    "an unknown flag": (
        THREE,
        "sku,available,available_unlimited\nCD,,maybe",
        ["available.csv: row 2, column available_unlimited: must be one of true, false (got 'maybe')"],
    ),
    "a queue for what is there": (
        THREE,
        THREE,
        ["available.csv: row 1: has the column order_id, so it is not what is there of a SKU"],
    ),
    "keys that come twice": (
        TWICE,
        "sku,available\nCD,1\nCD,2",
        ["queue.csv: column order_id and line_id: must ", "available.csv: column sku: must "],
    ),
}


@pytest.mark.parametrize(("queue", "available", "expected"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_wrong_is_named(queue, available, expected):
    found = refused(share(queue, available=available))
    assert len(found) == len(expected)
    assert all(words.startswith(start) for words, start in zip(found, expected, strict=True))


def test_files_that_are_none_are_all_named():
    write()
    Path("junk.parquet").write_text("junk", encoding="utf-8")
    Path("queue.txt").write_text(THREE, encoding="utf-8")
    Path("latin.csv").write_bytes(b"order_id,\xe9\n")
    Path("row.csv").write_bytes(f"{HEAD}\nO1,1,\xe9,1,{SUNDAY}\n".encode("latin-1"))
    Path("folder.csv").mkdir()
    names = ["nope.csv", "junk.parquet", "queue.txt", "latin.csv", "row.csv", "folder.csv"]
    found = refused(given(names, available="x"))
    assert found[0] == "nope.csv: cannot be read: No such file"
    assert found[1].startswith("junk.parquet: cannot be read: ")
    assert found[2:] == [
        "queue.txt: must end in .parquet or .csv, and not be packed; other documents go with --supply",
        "latin.csv: cannot be read: it is not UTF-8",
        "row.csv: row 2: is not UTF-8",
        "folder.csv: is a folder: name its files, as in 'folder.csv/*.parquet'",
        "x: cannot be read: No such file",
    ]


def test_files_of_one_queue_have_the_same_columns():
    write()
    Path("other.csv").write_text(f"{HEAD},hold\nO9,1,CD,1,{SUNDAY},\n", encoding="utf-8")
    expected = ["other.csv: must have the columns of queue.csv; only one has hold"]
    assert refused(given(["queue.csv", "other.csv"])) == expected


def test_skus_are_written_in_one_way():
    write()
    as_parquet("numbers.parquet", "SELECT 7 AS sku, 1 AS available")
    assert refused(given(["queue.csv"], available="numbers.parquet")) == [
        "queue.csv: column sku: holds text; write SKUs in one way, as text or as whole numbers",
        "numbers.parquet: column sku: holds whole numbers; write SKUs in one way, as text or as whole numbers",
    ]


def test_parquet_of_other_types_is_refused():
    write()
    as_parquet("q.parquet", "SELECT 'O' order_id, '1' line_id, 'CD' sku, 1.5 quantity, DATE '2026-01-01' placed_at")
    found = refused(given(["q.parquet"]))
    assert [words.partition(": must")[0] for words in found] == [
        "q.parquet: column quantity",
        "q.parquet: column placed_at",
    ]


def test_a_policy_that_cannot_serve_the_queue_is_said():
    queue = f"{HEAD}\nO1,1,SET,2,{SUNDAY}"
    Path("recipes.csv").write_text("sku,component,quantity\nSET,CUP,2", encoding="utf-8")
    [found] = refused(share(queue, "--ration", "equal", "--recipes", "recipes.csv"))
    assert "bundle" in found
    [found] = refused(share(THREE, "--ration", "equal", "--shortage", "skip"))
    assert found.startswith("--ration: ")


TARGETS = {
    "exists": (("--out", "queue.csv"), "queue.csv: exists; --force writes over it"),
    "no folder": (("--out", "no/lines.csv"), "no/lines.csv: cannot be written: there is no folder no"),
    "a folder": (("--stock-out", "folder.csv", "--force"), "folder.csv: is a folder"),
    "one for both": (
        ("--out", "x.csv", "--stock-out", "./x.csv"),
        "x.csv: must not be written by --out and --stock-out both",
    ),
}


@pytest.mark.parametrize(("options", "words"), TARGETS.values(), ids=TARGETS)
def test_what_cannot_be_written_is_refused_before_any_work(tmp_path, options, words):
    (tmp_path / "folder.csv").mkdir()
    assert refused(share(BAD_CELLS, *options)) == [words]


MIXED = {
    "neither": ((), "give --supply, a document of what there is, or --available, a file of columns"),
    "both": (("--supply", "x", "--available", "y"), "give --supply, a document of what there is, or --available"),
    "written from documents": (("--supply", "x", "--out", "y.csv"), "goes with --available, not with --supply"),
    "explained from files": (("--available", "x", "--explain", "O1"), "goes with --supply, not with --available"),
    "standard input": (("--available", "-"), "--available reads files, not standard input"),
    "several documents": (("--supply", "x", "z"), "--supply takes one document; --available takes several files"),
    "Parquet as a document": (("--supply", "x"), "Parquet goes with --available, not with --supply"),
    "another ending": (("--available", "x", "--out", "y.txt"), "must end in .parquet or .csv (got 'y.txt')"),
    "memory": (("--available", "x", "--memory", "much"), "must be an amount of memory such as 4GB or 512MB"),
}


@pytest.mark.parametrize(("options", "words"), MIXED.values(), ids=MIXED)
def test_options_that_contradict_each_other_are_refused(options, words):
    status, stdout, stderr = run("allocate", "queue.parquet", *options, "--at", SUNDAY)
    assert (status, stdout) == (2, "")
    assert words in stderr


def test_sums_that_are_too_large_are_refused():
    queue = "\n".join([HEAD, *(f"O{number},1,CD,{'9' * 18},{SUNDAY}" for number in range(12))])
    [found] = refused(share(queue))
    assert found.startswith("cannot be shared out: queue")


def test_memory_is_bounded():
    [found] = refused(share(THREE, "--memory", "1MB"))
    assert found.startswith("cannot be shared out: it needs a higher --memory than 1MB, or more room on the disk (")


def test_what_duckdb_cannot_do_is_said(monkeypatch):
    error = OSError(28, "No space left on device")
    monkeypatch.setattr("preorder_kit.cli._allocate_files.write_table", _failing(error))
    assert refused(share(THREE, "--out", "x.csv")) == ["cannot be shared out: No space left on device"]
    assert sorted(path.name for path in Path().iterdir()) == ["available.csv", "queue.csv"]


@pytest.mark.parametrize("error", [duckdb.InterruptException("INTERRUPT"), RuntimeError("Query interrupted")])
def test_what_is_stopped_writes_nothing(monkeypatch, error):
    monkeypatch.setattr("preorder_kit.cli._allocate_files.read_tables", _failing(error))
    status, stdout, _ = share(THREE, "--out", "x.csv")
    assert (status, stdout) == (130, "")
    assert sorted(path.name for path in Path().iterdir()) == ["available.csv", "queue.csv"]


def test_a_mistake_of_the_program_is_not_taken_for_a_stop(monkeypatch):
    monkeypatch.setattr("preorder_kit.cli._allocate_files.read_tables", _failing(RecursionError("too deep")))
    with pytest.raises(AssertionError, match="too deep"):
        share()


def _failing(error: Exception) -> Callable[..., None]:
    def fails(*_: object, **__: object) -> None:
        raise error

    return fails


@pytest.mark.parametrize("missing", ["duckdb", "narwhals"])
def test_what_is_not_installed_is_named(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    assert refused(share()) == [
        f"--available needs {missing}: install preorder-kit with its extra frames, preorder-kit[frames]"
    ]


def test_a_terminal_shows_the_stages(monkeypatch):
    stream = io.StringIO()
    stream.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with _progress.stages(lambda: 41.6) as begin:
        begin("Sharing out")
    assert "Sharing out" in stream.getvalue()
    assert "42 %" in stream.getvalue()
