"""What a frame must be before any work is done: its columns, their types, and what stands in their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    """What a column must not hold: a predicate that is true of the rows that do, and what to say of them."""

    column: str
    code: str
    words: str
    breaks: Any


@attrs.frozen
class Breach:
    """A rule that rows break.

    Attributes:
        where: The column, or those that make a key.
        code: What is wrong.
        words: What must be.
        of: What is counted.
        count: How many break it.
        rows: The first of them.
    """

    where: str
    code: str
    words: str
    of: str
    count: int
    rows: tuple[Mapping[str, Any], ...]

    def problem(self, path: str) -> Problem:
        """Return it as a problem of a frame."""
        named = "; ".join(", ".join(f"{name} {shown(value)}" for name, value in row.items()) for row in self.rows)
        more = f", and {self.count - len(self.rows)} more" if self.count > len(self.rows) else ""
        message = f"{self.words}; not so for {self.count} {self.of}{'s' * (self.count > 1)}: {named}{more}"
        return Problem(f"{path}.{self.where}", self.code, message, self.rows)

    @classmethod
    def together(cls, parts: Iterable[Breach]) -> list[Breach]:
        """Return what was found in parts of a frame as what is found in all of it."""
        found: dict[tuple[str, ...], Breach] = {}
        for part in parts:
            before = found.setdefault((part.where, part.code, part.words), attrs.evolve(part, count=0, rows=()))
            rows = sorted((*before.rows, *part.rows), key=repr)[:_SHOWN]
            found[part.where, part.code, part.words] = attrs.evolve(
                part, count=before.count + part.count, rows=tuple(rows)
            )
        return list(found.values())


def check_rows(frame: Frame, schema: Schema, path: str) -> Facts:
    """Return what a frame holds, or refuse it with all that is wrong.

    Raises:
        InvalidDocument: If a column is missing or of another type, a row holds nothing where it must hold something, a
            number is too small or too large, a word is none of its column's, or rows share a key.
    """
    refuse(type_problems(frame, schema, path))
    facts, breaches = look(frame, schema)
    refuse(breach.problem(path) for breach in breaches or repeated(frame, schema))
    return facts


def refuse(problems: Iterable[Problem]) -> None:
    """Raise one error for all problems, if there are any."""
    if found := tuple(problems):
        raise InvalidDocument(found)


_TAKEN = {
    ColumnType.KEY: "text or whole numbers",
    ColumnType.TEXT: "text",
    ColumnType.WHOLE: "whole numbers (cast it to a 64 bit integer type)",
    ColumnType.FLAG: "true or false",
    ColumnType.INSTANT: "timestamps with a time zone, to the microsecond (say of a naive one which zone it is in)",
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
    ColumnType.DAY: lambda dtype: (
        isinstance(dtype, nw.Date) or (isinstance(dtype, nw.Datetime) and not dtype.time_zone)
    ),
}


def type_problems(frame: Frame, schema: Schema, path: str) -> Iterator[Problem]:
    """Yield what is wrong with the columns of a frame, its rows unseen."""
    found = frame.collect_schema()
    for column in schema.columns:
        dtype = nw.Object() if _is_mixed(frame, column.name) else found.get(column.name)
        where = f"{path}.{column.name}"
        if dtype is None:
            if column.is_required:
                message = f"must be there: {column.meaning}; there are {', '.join(found) or 'no columns'}"
                yield Problem(where, "column.missing", message, tuple(found))
        elif not (_FITS[column.type](dtype) or _may_be_empty(frame, column)):
            seen = _type_name(frame, column.name)
            yield Problem(where, "column.type", f"must hold {_TAKEN[column.type]} (got {seen})", seen)


def _is_mixed(frame: Frame, name: str) -> bool:
    """Return whether a column of pandas holds any objects: narwhals calls it text if the first hundred are."""
    native: Any = frame.to_native()
    is_pandas = str(frame.implementation) == "pandas"
    return is_pandas and name in native.columns and str(native[name].dtype) in {"object", "category"}


def _may_be_empty(frame: Frame, column: Column) -> bool:
    """Return whether a column that holds nothing at all, and has a type of its own for that, is as good as another."""
    is_void = _type_name(frame, column.name).lower() in {"null", "void", "null[pyarrow]"}
    return is_void and column.is_nullable and column.type in _PLANNED


def _type_name(frame: Frame, name: str) -> str:
    """Return the type of a column, as its engine calls it where narwhals has no name for it."""
    dtype = frame.collect_schema()[name]
    if not (isinstance(dtype, nw.Unknown) or _is_mixed(frame, name)):
        return str(dtype)
    native: Any = frame.to_native()
    engine = str(frame.implementation)
    if engine == "duckdb":
        return str(dict(zip(native.columns, native.types, strict=True))[name]).strip('"')
    return str(native.collect_schema()[name] if engine == "polars" else dict(native.dtypes)[name])


_LARGEST_KEY = 2**63 - 1


def _rules(column: Column, dtype: Any) -> Iterator[_Rule]:
    name, value = column.name, nw.col(column.name)
    if not column.is_nullable:
        words = "must hold something in each row: fill it, or leave the row out"
        yield _Rule(name, "column.null", words, value.is_null())
    if _is_text(dtype) and not column.choices:
        yield _Rule(name, "text.invalid", "must not be empty text", value.cast(nw.String) == "")
    if column.type is ColumnType.WHOLE:
        least = -MOST if column.least is None else column.least
        yield _Rule(name, "units.invalid", f"must be >= {least}", value < least)
        yield _Rule(name, "units.invalid", f"must be <= {MOST}, 18 digits", value > MOST)
    if column.type is ColumnType.KEY and isinstance(dtype, nw.UInt64 | nw.UInt128 | nw.Int128):
        words = "must fit into a whole number of 64 bits, or be text"
        yield _Rule(name, "key.invalid", words, (value > _LARGEST_KEY) | (value < -_LARGEST_KEY))
    if column.type is ColumnType.DAY and isinstance(dtype, nw.Datetime):
        has_time = value != value.dt.truncate("1d")
        yield _Rule(name, "day.invalid", "must be days without a time", has_time & ~value.is_null())
    if column.choices:
        words = f"must be one of {', '.join(column.choices)}"
        yield _Rule(name, "choice.invalid", words, ~_word(name).is_in(column.choices) & ~value.is_null())


def _word(name: str) -> Any:
    return nw.col(name).cast(nw.String).str.to_lowercase()


def look(frame: Frame, schema: Schema) -> tuple[Facts, list[Breach]]:
    """Return what a frame of the right types holds, and what is wrong with its rows.

    All rows are looked at once; only if something is wrong they are looked at again, for the rows to name.
    """
    types = frame.collect_schema()
    there = [column for column in schema.columns if column.name in types]
    rules = [rule for column in there for rule in _rules(column, types[column.name])]
    numbers = [column.name for column in there if column.type is ColumnType.WHOLE]
    words = [(column.name, choice) for column in there for choice in column.choices]
    (seen,) = rows_of(
        frame.select(
            nw.len().alias("rows"),
            *(rule.breaks.any().alias(f"rule {index}") for index, rule in enumerate(rules)),
            *(nw.col(name).max().alias(f"most {name}") for name in numbers),
            *((_word(name) == choice).any().alias(f"word {name} {choice}") for name, choice in words),
        )
    )
    facts = Facts(
        int(seen["rows"]),
        {name: int(seen[f"most {name}"] or 0) for name in numbers},
        {it.name: frozenset(w for w in it.choices if seen[f"word {it.name} {w}"]) for it in there if it.choices},
    )
    return facts, [_breach(frame, schema, rule) for index, rule in enumerate(rules) if seen[f"rule {index}"]]


def _breach(frame: Frame, schema: Schema, rule: _Rule) -> Breach:
    named = [*schema.key, *([] if rule.column in schema.key else [rule.column])]
    broken = frame.filter(rule.breaks).select(*named)
    return Breach(rule.column, rule.code, rule.words, "row", _count(broken), _first(broken))


def _count(frame: Frame) -> int:
    return int(rows_of(frame.select(nw.len().alias("rows")))[0]["rows"])


def _first(frame: Frame) -> tuple[Mapping[str, Any], ...]:
    """Return the first rows by what they hold, whatever their order."""
    return tuple(rows_of(frame.sort(*frame.collect_schema().names()).head(_SHOWN)))


def rows_of(frame: Frame) -> list[dict[str, Any]]:
    """Return the rows of a small frame, ``None`` where they hold nothing."""
    return [{name: _or_none(value) for name, value in row.items()} for row in frame.lazy().collect().rows(named=True)]


def _or_none(value: Any) -> Any:
    # pandas says that there is nothing by NaN, NaT and NA: the first two differ from themselves, NA says neither.
    return None if type(value).__name__ == "NAType" or value != value else value  # noqa: PLR0124


def repeated(frame: Frame, schema: Schema) -> list[Breach]:
    """Return the keys that several rows share: ties between them would go to whichever row came first."""
    if not schema.key or _is_surely_unique(frame, schema.key):
        return []
    many = frame.group_by(*schema.key).agg(nw.len().alias("rows")).filter(nw.col("rows") > 1)
    if not (rows := _first(many)):
        return []
    words = "must differ from row to row: merge rows that are one, or give each a key of its own"
    return [Breach("+".join(schema.key), "id.repeated", words, "key", _count(many), rows)]


def _is_surely_unique(frame: Frame, key: Sequence[str]) -> bool:
    """Return whether it is plain at little cost that no rows share a key: keys with distinct hashes are distinct.

    Sorting hashes takes Polars a quarter of the time that grouping by text does; Spark has less to shuffle.
    """
    if frame.implementation is nw.Implementation.POLARS:
        return _are_distinct_in_polars(frame.to_native(), key)
    if frame.implementation is nw.Implementation.PYSPARK:  # pragma: no cover  # Spark is not everywhere
        return _are_distinct_in_spark(frame.to_native(), key)
    return False


def _are_distinct_in_polars(native: Any, key: Sequence[str]) -> bool:
    import polars as pl  # it is there if a frame of it is

    hashes = pl.sum_horizontal(pl.col(name).hash(seed) for seed, name in enumerate(key)).sort().alias("hash")
    is_twice = pl.col("hash") == pl.col("hash").shift()
    return not native.select(hashes).select(is_twice.any()).collect().item()


def _are_distinct_in_spark(native: Any, key: Sequence[str]) -> bool:  # pragma: no cover  # likewise
    names = ", ".join(f"`{name}`" for name in key)
    times = native.selectExpr(f"xxhash64({names}) as hash").groupBy("hash").count()
    return bool((times.selectExpr("max(count)").head()[0] or 0) <= 1)


_PLANNED = {
    ColumnType.TEXT: nw.String(),
    ColumnType.WHOLE: nw.Int64(),
    ColumnType.FLAG: nw.Boolean(),
    ColumnType.DAY: nw.Date(),
}


def planned(frame: Frame, schema: Schema) -> Frame:
    """Return a frame that was checked with the columns of its schema in the types that plans count on."""
    types = frame.collect_schema()
    wanted = {it.name: _planned_type(it, types[it.name]) for it in schema.columns if it.name in types}
    casts = [nw.col(name).cast(dtype) for name, dtype in wanted.items() if dtype != types[name]]
    return frame.with_columns(*casts) if casts else frame


def _planned_type(column: Column, dtype: Any) -> Any:
    if column.type is ColumnType.KEY:
        return nw.String() if _is_text(dtype) else nw.Int64()
    return _PLANNED.get(column.type, dtype)


def values(frame: Frame, schema: Schema) -> Callable[[str], Any]:
    """Return what finds a column of a schema by its name: where the frame does not have it, its default."""
    there = frame.collect_schema().names()
    defaults = {column.name: column.default for column in schema.columns}
    return lambda name: nw.col(name) if name in there else nw.lit(defaults[name])
