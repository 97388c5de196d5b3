"""Which engine runs a plan, and how: each plan is written once, over lazy frames of narwhals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

import attrs
import narwhals.stable.v2 as nw

from .._checks import refused
from ..errors import InvalidArgument, InvalidDocument
from ._checking import Facts, Frame, check_rows, planned
from ._columns import ColumnType, Schema

FrameT = TypeVar("FrameT")

#: From lazy frames, by name, to a lazy frame.
Plan: TypeAlias = Callable[..., Frame]
#: Name of an argument -> the frame that was handed in, and what it is held to.
Given: TypeAlias = Mapping[str, tuple[Any, Schema]]

_TAKEN = "Polars, pandas, DuckDB, Spark, PyArrow or Dask"
_LAZY = {nw.Implementation.POLARS, nw.Implementation.PANDAS, nw.Implementation.DUCKDB, nw.Implementation.PYSPARK}
#: Engines whose rows are on several machines, or may be.
CLUSTERS = {nw.Implementation.PYSPARK, nw.Implementation.DASK}


@attrs.frozen
class Checked(Generic[FrameT]):
    """A frame that was looked at: functions that take a frame take it as well, and do not look again.

    Attributes:
        frame: The frame.
        schema: What it was held to.
        facts: What was seen of it.
    """

    frame: FrameT
    schema: Schema
    facts: Facts


def engine_of(frame: object, path: str) -> nw.Implementation:
    """Return which engine a frame belongs to, or refuse it by name."""
    if _is_dask(frame):
        return nw.Implementation.DASK
    try:
        engine = nw.from_native(frame).implementation  # type: ignore[call-overload]  # what is no frame is refused
    except TypeError:
        raise refused(path, f"must be a frame of {_TAKEN}", frame, code="frame.unknown") from None
    if engine not in {*_LAZY, nw.Implementation.PYARROW}:
        message = f"must be a frame of {_TAKEN}: {engine} is not known to give the same answers"
        raise InvalidArgument(message, "frame.engine", path, str(engine))
    return engine  # type: ignore[no-any-return]


def _is_dask(frame: object) -> bool:
    # Asking narwhals warns: it is about to leave Dask to another package.
    return type(frame).__module__.partition(".")[0] in {"dask", "dask_expr"}


def check(frame: FrameT | Checked[FrameT], schema: Schema, path: str) -> Checked[FrameT]:
    """Return a frame that was held to a schema; one that was held to it before is not looked at again."""
    if isinstance(frame, Checked):
        if frame.schema is not schema:
            requirement = f"must be a frame of {schema.name}"
            raise refused(path, requirement, frame.schema.name, code="frame.schema")
        return frame
    engine = engine_of(frame, path)
    looked = _check_on_dask if engine is nw.Implementation.DASK else _check_here
    return Checked(frame, schema, looked(frame, schema, path))


def _check_here(frame: Any, schema: Schema, path: str) -> Facts:
    if engine_of(frame, path) is nw.Implementation.PYARROW:
        return check_rows(_in_duckdb(frame), schema, path)
    return check_rows(nw.from_native(frame).lazy(), schema, path)


def _check_on_dask(frame: Any, schema: Schema, path: str) -> Facts:
    """Check each partition of a frame whose rows with one key are together."""
    key = [name for name in schema.key if name in frame.columns]
    parts = (frame.shuffle(on=key) if len(key) == len(schema.key) > 0 else frame).to_delayed()
    import dask  # noqa: PLC0415  # it is there if a frame of it is

    found = dask.compute(*(dask.delayed(_looked_at)(part, schema, path) for part in parts))
    problems = {str(problem): problem for part in found if isinstance(part, tuple) for problem in part}
    if problems:
        raise InvalidDocument(problems.values())
    return Facts.together([part for part in found if isinstance(part, Facts)])


def _looked_at(frame: Any, schema: Schema, path: str) -> Any:
    """Return the facts of one partition, or its problems."""
    try:
        return check_rows(nw.from_native(frame).lazy(), schema, path)
    except InvalidDocument as error:
        return error.problems


def run(plan: Plan, given: Mapping[str, Checked[Any]], /, *, by: str | None = None) -> Any:
    """Return what a plan makes of frames that were checked, as a frame of their own engine.

    Args:
        plan: It takes the frames by name, their columns in the types of their schemas, and returns one.
        given: The frames, all of one engine.
        by: The column by which rows belong together; ``None``: each row of the first frame stands by itself.

    Returns:
        A frame, lazy where the first of the given ones is.

    Raises:
        InvalidArgument: If the frames are of several engines.
    """
    engines = {name: engine_of(one.frame, name) for name, one in given.items()}
    first = next(iter(engines))
    for name, engine in engines.items():
        if engine is not engines[first]:
            requirement = f"must be of the same engine as {first}, {engines[first]}"
            raise refused(name, requirement, str(engine), code="frame.engine")
    if engines[first] is nw.Implementation.DASK:
        return _run_on_dask(plan, given, by)
    if engines[first] is nw.Implementation.PYARROW:
        frames = _all_in_duckdb({name: one.frame for name, one in given.items()})
        return _planned(plan, given, frames).to_native().to_arrow_table()
    eager = nw.from_native(given[first].frame)
    found = _planned(plan, given, {name: _lazy(one.frame, one.schema) for name, one in given.items()})
    return found.collect(eager.implementation).to_native() if isinstance(eager, nw.DataFrame) else found.to_native()


def _lazy(frame: Any, schema: Schema) -> Frame:
    """Return a frame of an engine that narwhals runs as a lazy one, in which numbers stay whole beside nothing."""
    found = nw.from_native(frame)
    if found.implementation is nw.Implementation.PANDAS:
        # What pandas takes from NumPy turns to floats where a join finds nothing.
        types = {
            column.name: _NULLABLE[column.type]
            for column in schema.columns
            if column.type in _NULLABLE and column.name in frame and not hasattr(frame[column.name].dtype, "na_value")
        }
        found = nw.from_native(frame.astype(types))
    return found.lazy()


_NULLABLE = {ColumnType.WHOLE: "Int64", ColumnType.FLAG: "boolean"}


def _planned(plan: Plan, given: Mapping[str, Checked[Any]], frames: Mapping[str, Frame]) -> Frame:
    return plan(**{name: planned(frame, given[name].schema) for name, frame in frames.items()})


def _in_duckdb(table: Any) -> Frame:
    return _all_in_duckdb({"table": table})["table"]


def _all_in_duckdb(tables: Mapping[str, Any]) -> dict[str, Frame]:
    """Return PyArrow tables as frames of one DuckDB, for narwhals loses the order of their rows."""
    try:
        import duckdb  # noqa: PLC0415  # for PyArrow tables alone
    except ImportError:
        message = "needs DuckDB: install preorder-kit[frames], or hand in a frame of another engine"
        raise InvalidArgument(message, "frame.engine", next(iter(tables)), "pyarrow") from None
    connection = duckdb.connect()
    return {name: nw.from_native(connection.from_arrow(table)) for name, table in tables.items()}


def _run_on_dask(plan: Plan, given: Mapping[str, Checked[Any]], by: str | None) -> Any:
    """Bring together what belongs together, and run the plan on each partition."""
    import dask.dataframe as dd  # noqa: PLC0415  # it is there if a frame of it is

    frames = [one.frame for one in given.values()]
    many = frames[0].npartitions
    together = frames if by is None else [frame.shuffle(on=by, npartitions=many) for frame in frames]
    one_part = partial(_run_on_part, plan, {name: one.schema for name, one in given.items()})
    meta = one_part(*(frame._meta for frame in frames))
    return dd.map_partitions(one_part, *together, meta=meta, align_dataframes=False)


def _run_on_part(plan: Plan, schemas: Mapping[str, Schema], *parts: Any) -> Any:
    frames = {
        name: planned(_lazy(part, schema), schema)
        for (name, schema), part in zip(schemas.items(), parts, strict=True)
    }
    return plan(**frames).collect("pandas").to_native()


def table_beside(frame: Frame, columns: Mapping[str, Sequence[Any]], types: Mapping[str, Any]) -> Frame:
    """Return a small table in the engine of a frame, to be joined with it.

    Args:
        frame: The frame.
        columns: Name -> values.
        types: Name -> the type of narwhals that they have.
    """
    engine = frame.implementation
    if engine in {nw.Implementation.POLARS, nw.Implementation.PANDAS}:
        return nw.from_dict(dict(columns), schema=dict(types), backend=engine).lazy()
    table = nw.from_dict(dict(columns), schema=dict(types), backend="pyarrow").to_native()
    native: Any = frame.to_native()
    if engine is nw.Implementation.DUCKDB:
        return nw.from_native(native.query("unread", "from table"))  # DuckDB finds the table by its name here
    return nw.from_native(native.sparkSession.createDataFrame(table))
