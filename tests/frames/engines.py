"""The engines that frames run on, for tests: a table becomes a frame of each, and its rows come back as Python's."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from decimal import Decimal
from random import Random  # noqa: TID251  # with a seed
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow", reason="frames are tested with pyarrow")
pytest.importorskip("narwhals", reason="frames need narwhals")

#: Engines that start at once. A frame of polars-lazy is collected both ways, in memory and streaming.
LOCAL = ("polars", "polars-lazy", "pandas", "pandas-arrow", "duckdb", "pyarrow", "dask")
ENGINES = (*LOCAL, "spark")
CLUSTERS = ("dask", "spark")

#: One session for all tests of a worker: `--dist loadgroup` keeps what has these marks on one. It takes seconds.
ON_SPARK = (pytest.mark.xdist_group("spark"), pytest.mark.slow)
#: What runs once more for coverage has one engine of each kind; these are left out there.
KIN = ("polars-lazy", "pandas-arrow", "dask")
#: For ``pytest.mark.parametrize("engine", EACH)``, or EACH_LOCAL.
EACH_LOCAL = [pytest.param(name, marks=pytest.mark.slow if name in KIN else ()) for name in LOCAL]
EACH = [*EACH_LOCAL, pytest.param("spark", marks=ON_SPARK)]

_WHOLE_OR_NOTHING = {"int8", "int16", "int32", "int64"}


def make(engine: str, table: Any, *, spark: Any = None, partitions: int = 3) -> Any:
    """Return a table of PyArrow as a frame of an engine, on a cluster in so many partitions."""
    return {
        "polars": _polars,
        "polars-lazy": lambda it: _polars(it).lazy(),
        "pandas": _pandas,
        "pandas-arrow": _pandas_of_arrow,
        "duckdb": lambda it: connection().from_arrow(it),
        "pyarrow": lambda it: it,
        "dask": lambda it: _dask(it, partitions),
        "spark": lambda it: spark.createDataFrame(it.combine_chunks()).repartition(partitions),
    }[engine](table)


@functools.cache
def connection() -> Any:
    """Return the DuckDB whose relations `make` gives."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    return duckdb.connect()


def _polars(table: Any) -> Any:
    return pytest.importorskip("polars", reason="Polars is not installed").from_arrow(table)


def _pandas(table: Any) -> Any:
    """Return what pandas has by itself: NumPy's types, nullable ones where numbers and flags are not all there."""
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = table.to_pandas(date_as_object=False, integer_object_nulls=True)
    for field in table.schema:
        if str(field.type) in _WHOLE_OR_NOTHING and table[field.name].null_count:
            frame[field.name] = frame[field.name].astype(pd.Int64Dtype())
        elif pa.types.is_boolean(field.type) and table[field.name].null_count:
            frame[field.name] = frame[field.name].astype(pd.BooleanDtype())
    return frame


def _pandas_of_arrow(table: Any) -> Any:
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _dask(table: Any, partitions: int) -> Any:
    dd = pytest.importorskip("dask.dataframe", reason="Dask is not installed")
    return dd.from_pandas(_pandas(table), npartitions=partitions, sort=False)


def rows(native: Any) -> list[dict[str, Any]]:
    """Return the rows of a frame of any engine: int, str, bool, None, date and aware datetime in UTC.

    Numbers that came back as floats or decimals fail: they equal whole ones, and are none. What a lazy frame of Polars
    gives when it is streamed is what it gives in memory.
    """
    found = [{name: _plain(value, name) for name, value in row.items()} for row in table_of(native).to_pylist()]
    if type(native).__name__ == "LazyFrame":
        streamed = rows(native.collect(engine="streaming"))
        assert sorted(map(repr, streamed)) == sorted(map(repr, found))
    return found


def table_of(native: Any) -> Any:
    """Return a frame of any engine as a table of PyArrow."""
    package = type(native).__module__.partition(".")[0]
    if package == "polars":
        return (native.collect() if hasattr(native, "collect") else native).to_arrow()
    if package in {"dask", "dask_expr"}:
        native, package = native.compute(), "pandas"
    if package == "pandas":
        return pa.Table.from_pandas(native, preserve_index=False)
    if package in {"duckdb", "_duckdb"}:
        return native.to_arrow_table()
    return native.toArrow() if package == "pyspark" else native


def _plain(value: object, name: str) -> object:
    assert not isinstance(value, float | Decimal), f"{name} holds {value!r}, which is no whole number"
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        assert value.time() == dt.time(), f"{name} holds {value!r}, which is no day"
        return value.date()
    if isinstance(value, dt.datetime):
        return dt.datetime.fromtimestamp(0, dt.timezone.utc) + (value - dt.datetime.fromtimestamp(0, dt.timezone.utc))
    return value


def shuffled(table: Any, seed: int) -> Any:
    """Return the rows of a table in another order."""
    order = list(range(table.num_rows))
    Random(seed).shuffle(order)
    return table.take(pa.array(order, pa.int64()))


def together(worlds: Sequence[Any], *columns: str) -> Any:
    """Return tables as one, so that a slow engine is asked once: text columns begin with the number of their world."""
    return pa.concat_tables([_numbered(world, number, columns) for number, world in enumerate(worlds)])


def _numbered(world: Any, number: int, columns: Sequence[str]) -> Any:
    for name in columns:
        marked = [None if value is None else f"{number}/{value}" for value in world[name].to_pylist()]
        world = world.set_column(world.schema.get_field_index(name), name, pa.array(marked, pa.string()))
    return world


def apart(found: Sequence[dict[str, Any]], *columns: str, worlds: int) -> list[list[dict[str, Any]]]:
    """Return the rows of each world that `together` made one, without the numbers."""
    parts: list[list[dict[str, Any]]] = [[] for _ in range(worlds)]
    for row in found:
        number = int(row[columns[0]].partition("/")[0])
        parts[number].append(row | {name: row[name] and row[name].partition("/")[2] for name in columns})
    return parts
