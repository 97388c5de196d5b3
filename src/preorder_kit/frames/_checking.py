"""What a frame must be before any work is done: its columns, their types, and what stands in their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import attrs
import narwhals.stable.v2 as nw

from .._checks import shown
from ..errors import InvalidDocument, Problem
from ._columns import Column, ColumnType, Schema

Frame: TypeAlias = "nw.LazyFrame[Any]"

#: Whole numbers have 18 digits at most, as in documents: they and their sums stay far from what 64 bits hold.
MOST = 10**18 - 1
_SHOWN = 5


@attrs.frozen
class Facts:
    """What was seen of a frame while it was checked.

    Attributes:
        rows: How many rows it has.
        most: Column of whole numbers -> the largest there is, 0 if there is none.
        words: Column with choices -> those that some row holds, in small letters.
    """

    rows: int
    most: Mapping[str, int]
    words: Mapping[str, frozenset[str]] = attrs.field(factory=dict)

    @classmethod
    def together(cls, parts: Sequence[Facts]) -> Facts:
        """Return what was seen of a frame in parts."""
        first = parts[0]
        return cls(
            sum(part.rows for part in parts),
            {name: max(part.most[name] for part in parts) for name in first.most},
            {name: frozenset().union(*(part.words[name] for part in parts)) for name in first.words},
        )


@attrs.frozen
class _Rule:
    """What a column must not hold: a name for the count, a predicate, and what to say of the rows that do."""

    column: str
    code: str
    breaks: Callable[[], Any]
    words: str


def check_rows(frame: Frame, schema: Schema, path: str) -> Facts:
    """Return what a frame holds, or refuse it with all that is wrong.

    Raises:
        InvalidDocument: If a column is missing or of another type, a row holds nothing where it must hold something, a
            number is too small or too large, a word is none of its column's, or rows share a key.
    """
    _refuse(list(type_problems(frame.collect_schema(), schema, path)))
    facts, problems = _row_facts(frame, schema, path)
    _refuse(problems or list(_repeated(frame, schema, path)))
    return facts


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidDocument(problems)


_TAKEN = {
    ColumnType.KEY: "text or whole numbers",
    ColumnType.TEXT: "text",
    ColumnType.WHOLE: "whole numbers (cast it to a 64 bit integer type)",
    ColumnType.FLAG: "true or false",
    ColumnType.INSTANT: "timestamps with a time zone (say of a naive one which zone it is in)",
    ColumnType.DAY: "dates",
}


def _is_text(dtype: Any) -> bool:
    return isinstance(dtype, nw.String | nw.Categorical | nw.Enum)


_FITS: Mapping[ColumnType, Callable[[Any], bool]] = {
    ColumnType.KEY: lambda dtype: _is_text(dtype) or dtype.is_integer(),
    ColumnType.TEXT: _is_text,
    ColumnType.WHOLE: lambda dtype: dtype.is_integer(),
    ColumnType.FLAG: lambda dtype: isinstance(dtype, nw.Boolean),
    ColumnType.INSTANT: lambda dtype: isinstance(dtype, nw.Datetime) and dtype.time_zone is not None,
    ColumnType.DAY: lambda dtype: isinstance(dtype, nw.Date) or (isinstance(dtype, nw.Datetime) and not dtype.time_zone),
}


def type_problems(found: Mapping[str, Any], schema: Schema, path: str) -> Iterator[Problem]:
    """Yield what is wrong with the columns of a frame, its rows unseen."""
    for column in schema.columns:
        dtype = found.get(column.name)
        where = f"{path}.{column.name}"
        if dtype is None:
            if column.is_required:
                message = f"must be there: {column.meaning}; there are {', '.join(found) or 'no columns'}"
                yield Problem(where, "column.missing", message, tuple(found))
        elif not (_FITS[column.type](dtype) or _is_empty_column(dtype, column)):
            yield Problem(where, "column.type", f"must hold {_TAKEN[column.type]} (got {dtype})", str(dtype))


def _is_empty_column(dtype: Any, column: Column) -> bool:
    """Return whether the column holds nothing at all, as an engine says by a type of its own."""
    return column.is_nullable and isinstance(dtype, nw.Unknown) and "null" in str(dtype).lower()


def _rules(column: Column, dtype: Any) -> Iterator[_Rule]:
    name = column.name
    if not column.is_nullable:
        yield _Rule(name, "column.null", lambda: nw.col(name).is_null(), "must hold something in each row")
    if _is_text(dtype) and not column.choices:
        yield _Rule(name, "text.invalid", lambda: nw.col(name).cast(nw.String) == "", "must not be empty text")
    if column.type is ColumnType.WHOLE:
        least = -MOST if column.least is None else column.least
        yield _Rule(name, "units.invalid", lambda: nw.col(name) < least, f"must be >= {least}")
        yield _Rule(name, "units.invalid", lambda: nw.col(name) > MOST, f"must be <= {MOST}, 18 digits")
    if column.type is ColumnType.DAY and isinstance(dtype, nw.Datetime):
        yield _Rule(
            name, "day.invalid", lambda: nw.col(name) != nw.col(name).dt.truncate("1d"), "must be days without a time"
        )
    if column.choices:
        message = f"must be one of {', '.join(column.choices)}"
        yield _Rule(name, "choice.invalid", lambda: ~_word(name).is_in(column.choices), message)


def _word(name: str) -> Any:
    return nw.col(name).cast(nw.String).str.to_lowercase()


def _row_facts(frame: Frame, schema: Schema, path: str) -> tuple[Facts, list[Problem]]:
    """Look at all rows once; look again, for the rows to name, only if something is wrong."""
    types = frame.collect_schema()
    there = [column for column in schema.columns if column.name in types]
    rules = [rule for column in there for rule in _rules(column, types[column.name])]
    numbers = [column.name for column in there if column.type is ColumnType.WHOLE]
    words = [(column, choice) for column in there for choice in column.choices]
    seen = _only_row(
        frame.select(
            nw.len().alias("rows"),
            *(rule.breaks().cast(nw.Int64).sum().alias(f"broken {index}") for index, rule in enumerate(rules)),
            *(nw.col(name).max().alias(f"most {name}") for name in numbers),
            *(
                (_word(column.name) == choice).cast(nw.Int64).sum().alias(f"word {column.name} {choice}")
                for column, choice in words
            ),
        )
    )
    problems = [
        _problem(frame, schema, path, rule, count)
        for index, rule in enumerate(rules)
        if (count := _whole(seen[f"broken {index}"]))
    ]
    held: dict[str, frozenset[str]] = {column.name: frozenset() for column, _ in words}
    for column, choice in words:
        if _whole(seen[f"word {column.name} {choice}"]):
            held[column.name] |= {choice}
    return Facts(_whole(seen["rows"]), {name: _whole(seen[f"most {name}"]) for name in numbers}, held), problems


def _whole(value: Any) -> int:
    """Return a number that an engine counted, 0 where it had nothing to count."""
    return 0 if value is None or value != value else int(value)  # noqa: PLR0124  # as only what is no number is


def _only_row(frame: Frame) -> dict[str, Any]:
    return rows_of(frame)[0]


def rows_of(frame: Frame) -> list[dict[str, Any]]:
    """Return the rows of a small frame."""
    return frame.collect().rows(named=True)


def _problem(frame: Frame, schema: Schema, path: str, rule: _Rule, count: int) -> Problem:
    named = [*schema.key, *([] if rule.column in schema.key else [rule.column])]
    return _named(f"{path}.{rule.column}", rule.code, rule.words, rows_of(frame.filter(rule.breaks()).select(*named).head(_SHOWN)), count)


def _named(path: str, code: str, words: str, rows: Sequence[Mapping[str, Any]], count: int) -> Problem:
    shown_rows = "; ".join(", ".join(f"{name} {shown(value)}" for name, value in row.items()) for row in rows)
    more = f", and {count - len(rows)} more" if count > len(rows) else ""
    message = f"{words}; {count} {'row does' if count == 1 else 'rows do'} not: {shown_rows}{more}"
    return Problem(path, code, message, tuple(dict(row) for row in rows))


def _repeated(frame: Frame, schema: Schema, path: str) -> Iterator[Problem]:
    """Yield the keys that several rows share: ties between them would go to whichever row came first."""
    if not schema.key:
        return
    many = frame.group_by(*schema.key).agg(nw.len().alias("rows")).filter(nw.col("rows") > 1)
    rows = rows_of(many.head(_SHOWN))
    if rows:
        count = _whole(_only_row(many.select(nw.len().alias("keys")))["keys"])
        requirement = f"must say which row is meant, {schema.name}: no two rows may share it"
        yield _named(f"{path}.{'+'.join(schema.key)}", "id.repeated", requirement, rows, count)


_PLANNED = {
    ColumnType.TEXT: nw.String(),
    ColumnType.WHOLE: nw.Int64(),
    ColumnType.FLAG: nw.Boolean(),
    ColumnType.DAY: nw.Date(),
}


def planned(frame: Frame, schema: Schema) -> Frame:
    """Return a frame that was checked with the columns of its schema in the types that plans count on."""
    types = frame.collect_schema()
    return frame.with_columns(*(_as_planned(it, types[it.name]) for it in schema.columns if it.name in types))


def _as_planned(column: Column, dtype: Any) -> Any:
    value = nw.col(column.name)
    if column.type is ColumnType.KEY and _is_text(dtype):
        return value.cast(nw.String())
    return value.cast(_PLANNED[column.type]) if column.type in _PLANNED else value


def values(frame: Frame, schema: Schema) -> Callable[[str], Any]:
    """Return what finds a column of a schema by its name: where the frame does not have it, its default."""
    there = frame.collect_schema().names()
    defaults = {column.name: column.default for column in schema.columns}
    return lambda name: nw.col(name) if name in there else nw.lit(defaults[name])
