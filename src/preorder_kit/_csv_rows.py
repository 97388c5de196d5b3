"""Rows of a CSV file whose first row names the columns, counted as a spreadsheet counts them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from .errors import InvalidArgument, InvalidDocument, Problem

Checks: TypeAlias = Mapping[str, Callable[[str, str], Any]]


@attrs.frozen
class Column:
    """A column whose cells count.

    Attributes:
        name: Its known name.
        place: Where it is, counted from 0.
        check: What makes a value of a cell without blanks around it.
        known: Cells as they are written -> their values.
        repeats: Whether its cells repeat, so that reading each once saves time.
    """

    name: str
    place: int
    check: Callable[[str, str], Any]
    known: dict[str, Any]
    repeats: bool


def first_record(rows: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """Return the names of the columns, with the number of their row."""
    number, names = next(rows, (0, []))
    if not names:
        raise InvalidDocument([Problem("", "csv.empty", "is empty: the first row must name the columns")])
    return number, names


def checked_columns(
    names: Sequence[str], number: int, required: Checks, optional: Checks, *, distinct: Collection[str] = ()
) -> list[Column]:
    """Return the columns that count, of those named in row ``number``; cells of the ``distinct`` seldom repeat."""
    found = columns_of(names, number, required=required, optional=optional)
    checks = {**required, **optional}
    return [Column(name, found.index(name), checks[name], {}, name not in distinct) for name in checks if name in found]


def read_cells(
    record: Sequence[str], number: int, columns: Sequence[Column], defaults: Mapping[str, Any], *, width: int
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of a record's cells, of empty ones their defaults, and what is wrong with them."""
    fields, problems, filled = dict(defaults), [], len(record)
    for column in columns:
        cell = record[column.place] if column.place < filled else ""
        if cell in column.known:
            fields[column.name] = column.known[cell]
            continue
        try:
            value = _value(cell.strip(), column, defaults)
        except InvalidArgument as error:
            problems.append(Problem(f"row {number}, column {column.name}", error.code, error.message, error.value))
            continue
        fields[column.name] = value
        if column.repeats:
            column.known[cell] = value
    return fields, problems + unnamed(record, number, width=width) if filled > width else problems


def _value(cell: str, column: Column, defaults: Mapping[str, Any]) -> Any:
    if cell:
        return column.check(cell, "")
    if column.name in defaults:
        return defaults[column.name]
    raise InvalidArgument("is empty; fill it in", "field.missing", "", cell)


def records(source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that have content, with their numbers; values are separated by commas."""
    reader = csv.reader(io.StringIO(source, newline=""), strict=True)
    try:
        for number, record in enumerate(reader, 1):
            if any(map(str.strip, record)):
                yield number, record
    except csv.Error as error:
        message = f"cannot be read from here on: {error}; is a quote left open?"
        raise InvalidDocument([Problem(f"line {reader.line_num}", "csv.invalid", message)]) from None


def columns_of(
    names: Sequence[str],
    number: int,
    *,
    required: Collection[str],
    optional: Collection[str] = (),
    aliases: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the known name of each column of row ``number``, its own name if it has none.

    Raises:
        InvalidDocument: If the values are not separated by commas, a required column is missing, or a known one comes
            twice.
    """
    refuse_separators(names, number)
    known = {squeezed(name): name for name in (*required, *optional)} | dict(aliases or {})
    columns = [known.get(squeezed(name), name.strip()) for name in names]
    path = f"row {number}"
    problems = [
        Problem(path, "csv.column_missing", f"must name the column {name} (got {', '.join(names)})", name)
        for name in required
        if name not in columns
    ]
    problems += [
        Problem(path, "csv.column_repeated", f"must name the column {name} once", name)
        for name in (*required, *optional)
        if columns.count(name) > 1
    ]
    if problems:
        raise InvalidDocument(problems)
    return columns


def refuse_separators(names: Sequence[str], number: int) -> None:
    """Refuse a row of names that are not separated by commas.

    Raises:
        InvalidDocument: If there is one name with another separator in it.
    """
    if len(names) == 1 and re.search("[;\t]", names[0]):
        message = "has one column only: save the file with commas between the values"
        raise InvalidDocument([Problem(f"row {number}", "csv.separator", message, names[0])])


def squeezed(name: str) -> str:
    """Return a column's name in small letters and digits alone."""
    return re.sub("[^a-z0-9]", "", name.lower())


def unnamed(record: Sequence[str], number: int, *, width: int) -> list[Problem]:
    """Return a problem for each filled cell of a record beyond the columns that the first row names."""
    return [
        Problem(
            f"row {number}, column {place}",
            "csv.cell_unnamed",
            f"holds {cell!r}, but the first row names no such column",
            cell,
        )
        for place, cell in enumerate(record[width:], width + 1)
        if cell.strip()
    ]
