"""Files of columns, Parquet and CSV of any size: read and written through DuckDB."""

from __future__ import annotations

import csv
import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from .._csv_rows import columns_of, squeezed
from .._documents import iso_instant
from ..errors import InvalidArgument, InvalidDocument, Problem

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from ..frames._columns import Column, Schema

COLUMN_FILES = (".parquet", ".csv")
_MOST = 20
_REJECTED = 1000
_LAST = 1 << 62
_EXAMPLE = "2026-11-22T09:30:00+01:00"
_BLANKS = "e' \\t\\r\\n'"
_DIGITS = "[+-]?[0-9]{1,18}"
_SECONDS = r"(:[0-5][0-9](\.[0-9]{1,9})?)?"
_INSTANT = (
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]{_SECONDS}([Zz]|[+-][0-9]{{2}}(:?[0-9]{{2}})?)"
)
_BROKEN = {
    "MISSING COLUMNS": "has fewer cells than the first row",
    "TOO MANY COLUMNS": "has more cells than the first row",
    "UNQUOTED VALUE": "has a quote that is left open",
    "INVALID ENCODING": "is not UTF-8",
}


@attrs.frozen
class Wanted:
    """Files that are read as one table.

    Attributes:
        names: Names of files, and patterns of them.
        schema: The columns that count.
        aliases: Another name -> the column that is meant where nothing has its own name.
        strangers: Columns that only another table has.
    """

    names: Sequence[str]
    schema: Schema
    aliases: Mapping[str, str] = attrs.field(factory=dict)
    strangers: Sequence[str] = ()

    def __str__(self) -> str:
        return ", ".join(self.names)


def connect(scratch: Path, *, memory: str | None) -> DuckDBPyConnection:
    """Return a DuckDB that puts into a folder what does not fit into memory, and counts how far it has come."""
    import duckdb  # noqa: PLC0415  # the other commands do without

    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "temp_directory": str(scratch)})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET preserve_insertion_order = false")  # which would cost memory, for rows that a join mixes
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    if memory is not None:
        connection.execute(f"SET memory_limit = '{memory}'")
    return connection


def read_tables(
    connection: DuckDBPyConnection, wanted: Mapping[str, Wanted], scratch: Path
) -> dict[str, DuckDBPyRelation]:
    """Return a table for each name.

    Raises:
        InvalidDocument: If a file cannot be read; it names what is wrong with all of them.
    """
    found: dict[str, DuckDBPyRelation] = {}
    problems: list[Problem] = []
    for name, files in wanted.items():
        folder = scratch / name
        folder.mkdir()
        try:
            found[name] = _read(connection, files, folder)
        except InvalidDocument as error:
            problems += error.problems
    if problems:
        raise InvalidDocument(problems)
    return found


def _read(connection: DuckDBPyConnection, files: Wanted, folder: Path) -> DuckDBPyRelation:
    """Return the rows of all files; a CSV is turned into Parquet first, for it is looked at several times."""
    paths, made, problems = list(_paths(files.names)), [], []
    for number, path in enumerate(paths):
        try:
            made.append(_as_parquet(connection, path, files, folder / f"{number}.parquet"))
        except InvalidDocument as error:
            problems += [_placed(problem, path) for problem in error.problems]
    if problems:
        raise InvalidDocument(problems)
    return _named(_together(connection, paths, made), files)


def _placed(problem: Problem, path: Path) -> Problem:
    return attrs.evolve(problem, path=f"{path}: {problem.path}" if problem.path else str(path))


def _paths(names: Iterable[str]) -> Iterator[Path]:
    """Yield the files of names and patterns, those of a pattern in the order of their names."""
    for name in names:
        matching = [] if Path(name).exists() else sorted(glob.glob(name, recursive=True))  # noqa: PTH207  # as written
        yield from map(Path, matching or [name])


def _as_parquet(connection: DuckDBPyConnection, path: Path, files: Wanted, beside: Path) -> Path:
    """Return a file that is Parquet: the file itself, or what is made of a CSV."""
    if path.is_dir():
        raise InvalidDocument(
            [Problem("", "file.folder", f"is a folder: name its files, as in '{path / '*.parquet'}'")]
        )
    if not path.is_file():
        raise InvalidDocument([Problem("", "file.missing", "cannot be read: No such file")])
    if path.suffix.lower() == ".parquet":
        read_parquet(connection, [path])
        return path
    if path.suffix.lower() == ".csv":
        _typed_csv(connection, path, files).write_parquet(str(beside))
        return beside
    message = f"must end in {' or '.join(COLUMN_FILES)}, and not be packed; other documents go with --supply"
    raise InvalidDocument([Problem("", "file.kind", message)])


def read_parquet(connection: DuckDBPyConnection, paths: Sequence[Path]) -> DuckDBPyRelation:
    """Return the rows of Parquet files, their columns found by name."""
    import duckdb  # noqa: PLC0415  # likewise

    try:
        return connection.read_parquet([glob.escape(str(path)) for path in paths], union_by_name=True)
    except duckdb.Error as error:
        raise InvalidDocument([Problem("", "file.invalid", f"cannot be read: {first_line(error)}")]) from None


def first_line(error: Exception) -> str:
    """Return what DuckDB says, without its advice to programmers."""
    return str(error).strip().partition("\n")[0]


def _named(table: DuckDBPyRelation, files: Wanted) -> DuckDBPyRelation:
    """Return a table with the known names of its columns, however they were spelled."""
    known = {squeezed(column.name): column.name for column in files.schema.columns} | _aliases(table.columns, files)
    names = [name if name in known.values() else known.get(squeezed(name), name) for name in table.columns]
    _refuse_repeated(names)
    renamed = zip(table.columns, names, strict=True)
    return table.project(", ".join(f"{_quoted(old)} AS {_quoted(new)}" for old, new in renamed))


def _aliases(names: Iterable[str], files: Wanted) -> dict[str, str]:
    """Return the other names that count where no column has its own, or refuse columns of another table."""
    there = set(map(squeezed, names))
    if strangers := [name for name in files.strangers if squeezed(name) in there]:
        message = f"has the column {strangers[0]}, so it is not {files.schema.name}"
        raise InvalidDocument([Problem("row 1", "file.stranger", message, strangers[0])])
    return {other: name for other, name in files.aliases.items() if squeezed(name) not in there}


def _refuse_repeated(names: Sequence[str]) -> None:
    small = [name.lower() for name in names]
    problems = [
        Problem("row 1", "csv.column_repeated", f"must name the column {name} once", name)
        for place, name in enumerate(names)
        if name.lower() in small[:place]
    ]
    if problems:
        raise InvalidDocument(problems)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _together(connection: DuckDBPyConnection, paths: Sequence[Path], made: Sequence[Path]) -> DuckDBPyRelation:
    """Return the rows of all files, which must have the same columns."""
    first = read_parquet(connection, made[:1]).columns
    problems = [
        Problem(str(path), "file.columns", f"must have the columns of {paths[0]}; only one has {', '.join(other)}")
        for path, file in zip(paths[1:], made[1:], strict=True)
        if (other := sorted({*first} ^ {*read_parquet(connection, [file]).columns}))
    ]
    if problems:
        raise InvalidDocument(problems)
    return read_parquet(connection, made)


def _typed_csv(connection: DuckDBPyConnection, path: Path, files: Wanted) -> DuckDBPyRelation:
    """Return the rows of a CSV, its known columns in their types and the others as text; rows without content not."""
    names = _header(path, files)
    connection.execute("DROP TABLE IF EXISTS rejected")
    connection.execute("DROP TABLE IF EXISTS scans")
    source = connection.read_csv(
        glob.escape(str(path)),
        header=True,
        auto_detect=False,
        columns=dict.fromkeys(names, "VARCHAR"),
        delimiter=",",
        quotechar='"',
        escapechar='"',
        store_rejects=True,
        rejects_table="rejected",
        rejects_scan="scans",
        rejects_limit=_REJECTED,
    ).filter(f"coalesce({', '.join(map(_quoted, names))}) IS NOT NULL")
    known = [column for column in files.schema.columns if column.name in names]
    [broken] = source.aggregate(", ".join(f"count_if({_is_bad(column)})" for column in known)).fetchall()
    problems = list(_broken_rows(connection))
    for column, count in zip(known, broken, strict=True):
        if count:
            problems += _bad_cells(source, path, names, column, count)
    if problems:
        raise InvalidDocument([problem for _, problem in sorted(problems, key=itemgetter(0))])
    values = {column.name: _value(column) for column in known}
    return source.project(", ".join(f"{values.get(name, _quoted(name))} AS {_quoted(name)}" for name in names))


def _header(path: Path, files: Wanted) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="", errors="surrogateescape") as file:
            written = next(csv.reader(file), [])
        "".join(written).encode()  # which refuses what is not UTF-8; DuckDB finds it in the other rows
    except (OSError, UnicodeError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"
        raise InvalidDocument([Problem("", "file.invalid", message)]) from None
    if not any(map(str.strip, written)):
        raise InvalidDocument([Problem("", "csv.empty", "is empty: the first row must name the columns")])
    columns = files.schema.columns
    found = columns_of(
        written,
        1,
        required=[column.name for column in columns if column.is_required],
        optional=[column.name for column in columns if not column.is_required],
        aliases=_aliases(written, files),
    )
    names = [name or f"column {place}" for place, name in enumerate(found, 1)]
    _refuse_repeated(names)
    return names


def _broken_rows(connection: DuckDBPyConnection) -> Iterator[tuple[int, Problem]]:
    """Yield the rows that are none of the table's, with their numbers; last how many more there are."""
    query = "SELECT line, min(error_type), min(error_message) FROM rejected GROUP BY line ORDER BY line"
    rows = connection.sql(query).fetchall()
    for row, kind, message in rows[:_MOST]:
        yield row, Problem(f"row {row}", "csv.invalid", _BROKEN.get(str(kind), message))
    if len(rows) > _MOST:
        yield _LAST, Problem("", "csv.invalid", f"{len(rows) - _MOST} more rows that cannot be read, or yet more")


def _cell(column: Column) -> str:
    return f"nullif(trim({_quoted(column.name)}, {_BLANKS}), '')"


def _words(column: Column) -> Sequence[str]:
    return ("true", "false") if column.type == "flag" else column.choices


def _plain_value(column: Column) -> str:
    """Return the value of a cell, nothing where it has none."""
    cell = _cell(column)
    if column.choices:
        return f"lower({cell})"
    if column.type == "flag":
        return f"(lower({cell}) = 'true')"
    kinds = {"whole": "BIGINT", "instant": "TIMESTAMPTZ", "day": "DATE"}
    return f"try_cast({cell} AS {kinds[column.type]})" if column.type in kinds else cell


def _value(column: Column) -> str:
    """Return the value of a cell that is sound; one that is left out has its default."""
    value = _plain_value(column)
    return value if column.default is None else f"coalesce({value}, '{column.default}')"


def _is_bad(column: Column) -> str:
    cell, value = _cell(column), _plain_value(column)
    lacks = "true" if column.is_required and not column.is_nullable else "false"
    sound = f"{value} IS NOT NULL"
    if words := _words(column):
        sound = f"lower({cell}) IN ({', '.join(map(repr, words))})"
    elif column.type == "whole":
        least = "" if column.least is None else f" AND {value} >= {column.least}"
        sound = f"regexp_full_match({cell}, '{_DIGITS}'){least}"
    elif column.type == "instant":
        sound += f" AND regexp_full_match({cell}, '{_INSTANT}')"
    return f"CASE WHEN {cell} IS NULL THEN {lacks} ELSE NOT coalesce({sound}, false) END"


def _bad_cells(
    source: DuckDBPyRelation, path: Path, names: Sequence[str], column: Column, count: int
) -> Iterator[tuple[int, Problem]]:
    """Yield the first cells of a column that cannot be read, with their rows; last how many more there are."""
    bad = source.filter(_is_bad(column)).project(f"coalesce({_cell(column)}, '')").distinct().limit(_REJECTED)
    cells = {cell for (cell,) in bad.fetchall()}
    places = list(islice(_places(path, names.index(column.name), cells), _MOST))
    for row, cell in places:
        yield row, Problem(f"row {row}, column {column.name}", "csv.cell", _complaint(column, cell), cell)
    if count > len(places):
        yield _LAST, Problem("", "csv.cell", f"{count - len(places)} more in column {column.name}")


def _places(path: Path, place: int, cells: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the rows in which a column holds one of some texts, counted as a spreadsheet counts them."""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        for row, record in enumerate(csv.reader(file), 1):
            if row > 1 and place < len(record) and any(record):
                cell = record[place].strip(" \t\r\n")
                if cell in cells:
                    yield row, cell


def _complaint(column: Column, cell: str) -> str:
    if not cell:
        return "is empty; fill it in"
    if column.type == "instant":
        return _of_instant(cell)
    if words := _words(column):
        return f"must be one of {', '.join(words)} (got {cell!r})"
    return f"must be a whole number{'' if column.least is None else f' >= {column.least}'} (got {cell!r})"


def _of_instant(cell: str) -> str:
    try:
        iso_instant(cell, "")
    except InvalidArgument as error:
        return error.message
    return f"must be written as {_EXAMPLE} (got {cell!r})"


def write_table(table: DuckDBPyRelation, path: Path) -> None:
    """Write a table to a file, Parquet or CSV by how its name ends; instants of a CSV are in UTC."""
    if path.suffix.lower() == ".parquet":
        table.write_parquet(str(path), compression="zstd")
        return
    kinds = zip(table.columns, map(str, table.types), strict=True)
    cells = [_instant_cell(name) if kind == "TIMESTAMP WITH TIME ZONE" else _quoted(name) for name, kind in kinds]
    table.project(", ".join(cells)).write_csv(str(path), header=True)


def _instant_cell(name: str) -> str:
    written = f"strftime({_quoted(name)}, '%Y-%m-%dT%H:%M:%S.%f')"
    return f"regexp_replace({written}, '[.]000000$', '') || '+00:00' AS {_quoted(name)}"
