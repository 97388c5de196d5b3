"""What `preorder-kit allocate` does with files of columns, of any size: it writes who gets what, and sums it up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import attrs
import typer
from rich.table import Table
from rich.text import Text

from .._timeline import day_in_words
from ..errors import InvalidDocument, PreorderKitError, Problem
from ..quantities import UNLIMITED
from ..street_date import street_day
from ..waiting_room import AllocationPolicy, DecisionCode
from ._allocate import Documents, Sharing, _Counts, _many, _reasons
from ._column_files import Wanted, connect, first_line, read_parquet, read_tables, write_table
from ._documents import give_up, plain
from ._progress import stages
from ._tables import add_row, console, table, units

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_SHOWN = 20
_OF_DOCUMENTS = {
    "--from": "queue_format",
    "--supply-from": "supply_format",
    "--grants": "grants",
    "--explain": "explain",
    "--all": "everything",
    "--any-characters": "any_characters",
}
_OF_FILES = {
    "--recipes": "recipes",
    "--out": "out",
    "--stock-out": "stock_out",
    "--memory": "memory",
    "--force": "is_forced",
}
_NAMED = 12


@attrs.frozen
class Files:
    """What is read and written, as the options say; ``is_forced``: over files that exist."""

    queue: Sequence[str]
    available: str
    recipes: str | None
    out: Path | None
    stock_out: Path | None
    memory: str | None
    is_forced: bool

    @property
    def targets(self) -> list[Path]:
        """Return the files that are written."""
        return [path for path in (self.out, self.stock_out) if path is not None]

    @property
    def scratch(self) -> str | None:
        """Return where there is room for what does not fit into memory: beside what is written."""
        return str(self.targets[0].parent) if self.targets else None


@attrs.frozen
class Reason:
    """How many lines got what they got for one reason, and how many units: ``gone`` are short and unfulfillable."""

    code: DecisionCode
    lines: int
    granted: int
    added: int
    short: int
    gone: int


@attrs.frozen
class Shelf:
    """A SKU: what there is of it, who has it and what is left; ``None``: no limit."""

    sku: str
    available: int | None
    granted: int
    waiting: int
    left_over: int | None


@attrs.frozen
class Named:
    """The first of some SKUs, and how many they are."""

    first: Sequence[str]
    many: int

    def __str__(self) -> str:
        more = f" and {self.many - len(self.first)} more" if self.many > len(self.first) else ""
        return ", ".join(self.first) + more


@attrs.frozen
class Sums:
    """What was shared out, summed up.

    Attributes:
        reasons: Lines by reason.
        skus: How many SKUs there are.
        left_over: Units that nobody got, of SKUs that have a limit; and of how many SKUs there are any.
        oversold: Units that were granted before and are not there any more.
        shelves: The SKUs of which most waits.
        beyond: SKUs that are oversold, with the units.
        unnamed: SKUs that are not named as available.
        later: How many lines were placed after now, and when the last of them was.
    """

    reasons: Sequence[Reason]
    skus: int
    left_over: tuple[int, int]
    oversold: int
    shelves: Sequence[Shelf]
    beyond: Named
    unnamed: Named
    later: tuple[int, str]

    def of_lines(self, count: str) -> int:
        """Return the sum of a count over all lines."""
        return sum(getattr(reason, count) for reason in self.reasons)


def refuse_mixed(documents: Documents, files: Files) -> None:
    """Refuse options that contradict each other: those of documents go with --supply, those of files with --available.

    Raises:
        BadParameter: If there is one that goes with the other, or neither or both are given.
    """
    if bool(documents.supply) is bool(files.available):
        message = "give --supply, a document of what there is, or --available, a file of columns"
        raise typer.BadParameter(message, param_hint="--supply")
    own, other = ("--available", "--supply") if files.available else ("--supply", "--available")
    of_other = _given(documents, _OF_DOCUMENTS) if files.available else _given(files, _OF_FILES)
    if of_other:
        raise typer.BadParameter(f"goes with {other}, not with {own}", param_hint=of_other[0])
    if files.available and "-" in {*files.queue, files.available, files.recipes}:
        raise typer.BadParameter("--available reads files, not standard input", param_hint="QUEUE")
    if documents.supply:
        _refuse_several(documents)


def _given(options: Documents | Files, flags: Mapping[str, str]) -> list[str]:
    return [flag for flag, name in flags.items() if getattr(options, name)]


def _refuse_several(documents: Documents) -> None:
    if len(documents.queue) > 1:
        message = "--supply takes one document; --available takes several files of columns"
        raise typer.BadParameter(message, param_hint="QUEUE")
    if documents.queue[0].lower().endswith(".parquet"):
        raise typer.BadParameter("Parquet goes with --available, not with --supply", param_hint="QUEUE")
    if [*documents.queue, documents.supply, documents.grants].count("-") > 1:
        raise typer.BadParameter("standard input can be one document, not several", param_hint="QUEUE")


def share_out_files(files: Files, *, policy: AllocationPolicy, at: dt.datetime) -> Sums:
    """Share out what is there, write what is asked for, and return the sums; or give up and write nothing.

    Raises:
        KeyboardInterrupt: If Ctrl-C is pressed; nothing is written then either.
    """
    _refuse_targets(files)
    try:
        import duckdb  # noqa: PLC0415  # the other commands do without
        import narwhals  # noqa: F401, PLC0415  # likewise
    except ModuleNotFoundError as error:
        give_up([f"--available needs {error.name}: install preorder-kit with its extra frames, preorder-kit[frames]"])
    try:
        return _share_out(files, policy, at)
    except InvalidDocument as error:
        give_up(map(str, error.problems))
    except PreorderKitError as error:
        give_up([f"cannot be shared out: {error}"])
    except duckdb.OutOfMemoryException as error:
        more = f"a higher --memory than {files.memory}" if files.memory else "more memory"
        give_up([f"cannot be shared out: it needs {more}, or more room on the disk ({first_line(error)})"])
    except (duckdb.InterruptException, RuntimeError) as error:
        if "interrupt" not in str(error).lower():
            raise
        raise KeyboardInterrupt from None  # which DuckDB reports as an error of its own
    except (duckdb.Error, OSError) as error:
        give_up([f"cannot be shared out: {getattr(error, 'strerror', None) or first_line(error)}"])


def _refuse_targets(files: Files) -> None:
    complaints = [
        f"{path}: {words}" for path in files.targets if (words := _unwritable(path, is_forced=files.is_forced))
    ]
    if files.out is not None and files.stock_out is not None and files.out.resolve() == files.stock_out.resolve():
        complaints.append(f"{files.out}: must not be written by --out and --stock-out both")
    if complaints:
        give_up(complaints)


def _unwritable(path: Path, *, is_forced: bool) -> str:
    """Return why a file is not to be written, nothing if it is."""
    if not path.parent.is_dir():
        return f"cannot be written: there is no folder {path.parent}"
    if path.is_dir():
        return "is a folder"
    return "exists; --force writes over it" if path.exists() and not is_forced else ""


def _share_out(files: Files, policy: AllocationPolicy, at: dt.datetime) -> Sums:
    with ExitStack() as opened:
        scratch = Path(opened.enter_context(TemporaryDirectory(prefix=".preorder-kit-", dir=files.scratch)))
        beside = {
            path: Path(opened.enter_context(TemporaryDirectory(prefix=".preorder-kit-", dir=path.parent))) / path.name
            for path in files.targets
        }
        connection = connect(scratch, memory=files.memory)
        opened.callback(connection.close)
        begin = opened.enter_context(stages(connection.query_progress))
        begin("Reading")
        wanted = _wanted(files)
        tables = read_tables(connection, wanted, scratch)
        _refuse_mixed_skus(tables, wanted)
        begin("Looking at the rows")
        lines, stock = _found(tables, wanted, policy, at)
        begin("Sharing out")
        lines = _kept(connection, lines, scratch / "lines.parquet", target=files.out and beside[files.out])
        begin("Counting by SKU")
        stock = _kept(connection, stock, scratch / "stock.parquet", target=files.stock_out and beside[files.stock_out])
        begin("Summing up")
        sums = _sums(lines, stock, tables["available"], at)
        for path, made in beside.items():
            made.replace(path)
    return sums


def _wanted(files: Files) -> dict[str, Wanted]:
    from ..frames._columns import AVAILABLE, QUEUE, RECIPES  # noqa: PLC0415  # the other commands do without

    found = {
        "queue": Wanted(files.queue, QUEUE),
        "available": Wanted([files.available], AVAILABLE, {"quantity": "available"}, ["order_id", "placed_at"]),
    }
    return found if files.recipes is None else {**found, "recipes": Wanted([files.recipes], RECIPES)}


def _refuse_mixed_skus(tables: Mapping[str, DuckDBPyRelation], wanted: Mapping[str, Wanted]) -> None:
    """Refuse SKUs that are numbers in one file and text in another: 007 and 7 would be one of them.

    Raises:
        InvalidDocument: If there are any.
    """
    kinds = {
        f"{wanted[name]}: column {column}": "INT" in str(kind)
        for name, found in tables.items()
        for column, kind in zip(found.columns, found.types, strict=True)
        if column in {"sku", "component"}
    }
    if len({*kinds.values()}) > 1:
        words = {True: "whole numbers", False: "text"}
        message = "holds {}; write SKUs in one way, as text or as whole numbers"
        raise InvalidDocument(
            [Problem(place, "sku.mixed", message.format(words[number])) for place, number in kinds.items()]
        )


def _found(
    tables: Mapping[str, DuckDBPyRelation],
    wanted: Mapping[str, Wanted],
    policy: AllocationPolicy,
    at: dt.datetime,
) -> tuple[DuckDBPyRelation, DuckDBPyRelation]:
    """Return what is to be worked out for the lines and for the stock.

    Raises:
        InvalidDocument: If rows hold what they must not; it names their files.
    """
    from ..frames import allocate  # noqa: PLC0415  # likewise
    from ..frames._engines import check_all  # noqa: PLC0415  # likewise

    try:
        checked = check_all({name: (rows, wanted[name].schema) for name, rows in tables.items()})
        queue, available, recipes = checked["queue"], checked["available"], checked.get("recipes")
        found: Any = allocate(queue, available=available, policy=policy, at=at, recipes=recipes)
    except InvalidDocument as error:
        raise InvalidDocument([_placed(problem, wanted) for problem in error.problems]) from None
    return found.lines, found.stock


def _placed(problem: Problem, wanted: Mapping[str, Wanted]) -> Problem:
    """Return a problem of a table as one of its files."""
    name, _, column = problem.path.partition(".")
    files = f"{wanted[name]}: column {column.replace('+', ' and ')}" if column else str(wanted[name])
    return attrs.evolve(problem, path=files)


def _kept(connection: DuckDBPyConnection, found: DuckDBPyRelation, own: Path, *, target: Path | None) -> Any:
    """Work something out once, into a file of Parquet, and write it where it is asked for."""
    kept = target if target is not None and target.suffix.lower() == ".parquet" else own
    write_table(found, kept)
    made = read_parquet(connection, [kept])
    if target not in {None, kept}:
        write_table(made, target)
    return made


def _sums(lines: DuckDBPyRelation, stock: DuckDBPyRelation, available: DuckDBPyRelation, at: dt.datetime) -> Sums:
    gone = "sum(short) FILTER (unfulfillable)"
    counts = f"decision, count(*), sum(granted), sum(added), sum(short), coalesce({gone}, 0)"
    reasons = {code: Reason(DecisionCode(code), *map(int, rest)) for code, *rest in lines.aggregate(counts).fetchall()}
    later = lines.filter(f"placed_at > TIMESTAMPTZ '{at.isoformat()}'")
    many, last = _row(later.aggregate("count(*), coalesce(strftime(max(placed_at), '%Y-%m-%dT%H:%M:%S+00:00'), '')"))
    skus, *sums = _row(stock.aggregate("count(*), sum(left_over), count_if(left_over > 0), sum(oversold)"))
    left_over, ample, oversold = (int(number or 0) for number in sums)
    return Sums(
        [reasons[code] for code in DecisionCode if code in reasons],
        skus,
        (left_over, ample),
        oversold,
        _shelves(stock),
        _named(stock.filter("oversold > 0"), "oversold DESC, sku", "oversold || ' ' || sku"),
        _named(stock.join(available.project("sku"), "sku", how="anti"), "sku", "sku"),
        (many, last),
    )


def _row(found: DuckDBPyRelation) -> tuple[Any, ...]:
    return found.fetchall()[0]


def _shelves(stock: DuckDBPyRelation) -> list[Shelf]:
    limit = "CASE WHEN NOT available_unlimited THEN {} END"
    names = f"sku, {limit.format('available')}, granted, waiting, {limit.format('left_over')}"
    rows = stock.order("waiting DESC, sku").limit(_SHOWN).project(names).fetchall()
    return [Shelf(str(sku), *rest) for sku, *rest in rows]


def _named(stock: DuckDBPyRelation, order: str, words: str) -> Named:
    rows = stock.order(order).limit(_NAMED).project(words).fetchall()
    return Named([str(word) for (word,) in rows], _row(stock.aggregate("count(*)"))[0])


def sums_as_json(sums: Sums) -> dict[str, Any]:
    """Return the sums as JSON has them."""
    return {
        **{name: sums.of_lines(name) for name in ("lines", "granted", "added")},
        "waiting": sums.of_lines("short") - sums.of_lines("gone"),
        "unfulfillable": sums.of_lines("gone"),
        "left_over": sums.left_over[0],
        "oversold": sums.oversold,
        "decisions": {
            reason.code.value: {"lines": reason.lines, "granted": reason.granted, "short": reason.short}
            for reason in sums.reasons
        },
        "skus": sums.skus,
        "most_waiting": [
            {
                "sku": shelf.sku,
                "available": UNLIMITED.value if shelf.available is None else shelf.available,
                "granted": shelf.granted,
                "waiting": shelf.waiting,
                "left_over": UNLIMITED.value if shelf.left_over is None else shelf.left_over,
            }
            for shelf in sums.shelves
        ],
    }


def show_sums(sums: Sums, sharing: Sharing, files: Files, *, at: dt.datetime, zone: str) -> None:
    """Print how often each reason holds, of which SKUs most waits, and the sums."""
    screen, counts = console(), _Counts()
    for reason in sums.reasons:
        counts.reasons[reason.code] = reason.lines
        counts.granted_by_reason[reason.code] = reason.granted
        counts.short_by_reason[reason.code] = reason.short
    screen.print(Text(f"Shared out on {day_in_words(street_day(at, zone=zone))}: {sharing}", style="bold"))
    screen.print(_reasons(counts))
    screen.print()
    screen.print(_shelf(sums))
    for words in _notes(sums):
        screen.print(Text(plain(words)))
    for path in files.targets:
        screen.print(Text(plain(f"Written: {path}"), style="dim"), soft_wrap=True)


def _shelf(sums: Sums) -> Table:
    made = table("SKU", "There", "Granted", "Waits", "Left over")
    for shelf in sums.shelves:
        there, left = (units(UNLIMITED if many is None else many) for many in (shelf.available, shelf.left_over))
        add_row(made, shelf.sku, there, shelf.granted, shelf.waiting or "", left)
    return made


def _notes(sums: Sums) -> Iterator[str]:
    if sums.skus > len(sums.shelves):
        yield f"{sums.skus - len(sums.shelves)} more SKUs, of which less waits."
    granted, short, gone = (sums.of_lines(name) for name in ("granted", "short", "gone"))
    before = granted - sums.of_lines("added")
    earlier = f" ({before} of them before)" if before else ""
    refused = f", {gone} unfulfillable" if gone else ""
    asked = f"{_many(sums.of_lines('lines'), 'line')}, {_many(granted + short, 'unit')} asked for"
    yield f"{asked}: {granted} granted{earlier}, {short - gone} waiting{refused}."
    left, ample = sums.left_over
    yield f"Left over: {_many(left, 'unit')} of {_many(ample, 'SKU')}." if ample else "Nothing is left over."
    if sums.unnamed.many:
        yield f"--available does not name {sums.unnamed}."
    if sums.beyond.many:
        yield f"Granted before, but not there any more: {sums.beyond}."
    later, last = sums.later
    if later:
        yield f"{_many(later, 'line')} placed after --at, the last of them at {last}."
