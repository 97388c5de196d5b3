"""Which engine runs a plan, and how: each plan is written once, over lazy frames of narwhals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, Generic, TypeAlias, TypeVar

import attrs
import narwhals as nm
import narwhals.stable.v2 as nw
from narwhals.exceptions import DuplicateError

from .._checks import refused
from ..errors import InvalidArgument, InvalidDocument, Problem
from . import _columns
from ._checking import Breach, Facts, Frame, check_rows, look, planned, refuse, repeated, type_problems
from ._columns import OURS, ColumnType, Schema
from ._native_types import ready_in_arrow, ready_in_pandas

FrameT = TypeVar("FrameT")

#: From lazy frames, by name, to a lazy frame.
Plan: TypeAlias = Callable[..., Frame]
#: Name of an argument -> the frame that was handed in, and what it is held to.
Given: TypeAlias = Mapping[str, tuple[Any, Schema]]

_TAKEN = "Polars, pandas, DuckDB, Spark, PyArrow or Dask"
_LAZY = {nw.Implementation.POLARS, nw.Implementation.PANDAS, nw.Implementation.DUCKDB, nw.Implementation.PYSPARK}
#: The names that plans know, on the way in and out.
_KNOWN = frozenset(it.name for value in vars(_columns).values() if isinstance(value, Schema) for it in value.columns)
#: Engines to which a column's name is the same in capitals.
_ONE_CASE = {nw.Implementation.DUCKDB, nw.Implementation.PYSPARK, nw.Implementation.PYARROW}
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
    if _is_dask(frame) and frame.ndim == 2:  # type: ignore[attr-defined]  # as all that is Dask's has
        return nw.Implementation.DASK
    if isinstance(frame, nm.DataFrame | nm.LazyFrame):
        raise refused(path, "must be a frame itself: hand in what its to_native() returns", frame, code="frame.wrapped")
    try:
        engine = nw.from_native(frame).implementation  # type: ignore[call-overload]  # what is no frame is refused
    except DuplicateError as error:
        raise refused(path, "must have columns of different names", str(error), code="column.repeated") from None
    except TypeError:
        raise refused(path, f"must be a frame of {_TAKEN}", frame, code="frame.unknown") from None
    if engine not in {*_LAZY, nw.Implementation.PYARROW}:
        message = f"must be a frame of {_TAKEN}: {engine.value} is not known to give the same answers"
        raise InvalidArgument(message, "frame.engine", path, engine.value)
    return engine  # type: ignore[no-any-return]


def _is_dask(frame: object) -> bool:
    # Asking narwhals warns: it is about to leave Dask to another package.
    return type(frame).__module__.startswith(("dask.dataframe", "dask_expr"))


def check(frame: FrameT | Checked[FrameT], schema: Schema, path: str) -> Checked[FrameT]:
    """Return a frame that was held to a schema; one that was held to it before is not looked at again."""
    if isinstance(frame, Checked):
        if frame.schema is not schema:
            requirement = f"must be a frame of {schema.name}"
            raise refused(path, requirement, frame.schema.name, code="frame.schema")
        return frame
    engine = engine_of(frame, path)
    _refuse_names(frame, engine, path)
    if engine is nw.Implementation.DASK:
        return Checked(frame, schema, _check_on_dask(frame, schema, path))
    ready: Any = _ready(frame, schema)
    looked_at = _in_duckdb(ready) if engine is nw.Implementation.PYARROW else nw.from_native(ready).lazy()
    return Checked(ready, schema, check_rows(looked_at, schema, path))


def check_all(given: Given) -> dict[str, Checked[Any]]:
    """Return frames that were held to their schemas, or refuse them with all that is wrong with any of them.

    Args:
        given: Name of an argument -> its frame and schema; all frames must be of one engine.
    """
    _refuse_engines({name: engine_of(_native(frame), name) for name, (frame, _) in given.items()})
    found, problems = {}, list[Problem]()
    for name, (frame, schema) in given.items():
        try:
            found[name] = check(frame, schema, name)
        except InvalidDocument as error:
            problems.extend(error.problems)
    refuse(problems)
    return found


def _native(frame: Any) -> Any:
    return frame.frame if isinstance(frame, Checked) else frame


def _refuse_engines(engines: Mapping[str, nw.Implementation]) -> None:
    first = next(iter(engines))
    for name, engine in engines.items():
        if engine is not engines[first]:
            requirement = f"must be of the same engine as {first}, {engines[first].value}"
            raise refused(name, requirement, engine.value, code="frame.engine")


def _refuse_names(frame: Any, engine: nw.Implementation, path: str) -> None:
    """Refuse columns that the engine cannot tell apart from each other, or from those that plans know."""
    seen: dict[str, str] = {name: name for name in _KNOWN} if engine in _ONE_CASE else {}
    names = list(map(str, _names(frame, engine)))
    for name in names:
        if name.lower().startswith(OURS):
            requirement = f"must be named otherwise: names that begin with {OURS} are those of plans"
            raise refused(f"{path}.{name}", requirement, name, code="column.repeated")
        other = seen.setdefault(name.lower() if engine in _ONE_CASE else name, name)
        if other != name:
            requirement = f"must be named otherwise: {engine.value} takes it for {other}"
            raise refused(f"{path}.{name}", requirement, name, code="column.repeated")
    if len(set(names)) < len(names):  # pragma: no cover  # only Spark lets it come so far, and is not everywhere
        raise refused(path, "must have columns of different names", names, code="column.repeated")


def _names(frame: Any, engine: nw.Implementation) -> Sequence[Any]:
    if engine is nw.Implementation.POLARS:
        return frame.collect_schema().names()  # type: ignore[no-any-return]
    return frame.column_names if engine is nw.Implementation.PYARROW else frame.columns  # type: ignore[no-any-return]


def _check_on_dask(frame: Any, schema: Schema, path: str) -> Facts:
    """Look at the rows of each partition, and at the keys of each once those that are alike are together."""
    from dask.base import compute  # it is there if a frame of it is
    from dask.delayed import delayed

    refuse(type_problems(nw.from_native(_ready(frame._meta, schema)).lazy(), schema, path))
    parts = [delayed(_looked_at)(part, schema, path) for part in frame.to_delayed()]
    typed = _typed_on_dask(frame, schema)[list(schema.key)] if schema.key else None
    keys = [] if typed is None else typed.shuffle(on=list(schema.key)).to_delayed()
    found, repeats = compute(  # type: ignore[no-untyped-call]
        parts, [delayed(_repeated_in)(part, schema) for part in keys]
    )
    refuse({str(problem): problem for problems, _, _ in found for problem in problems}.values())
    broken = Breach.together(breach for _, _, breaches in found for breach in breaches)
    refuse(breach.problem(path) for breach in broken or Breach.together(chain.from_iterable(repeats)))
    return Facts.together([facts for _, facts, _ in found])


def _looked_at(part: Any, schema: Schema, path: str) -> tuple[list[Problem], Facts | None, list[Breach]]:
    """Return what is wrong with the types of a partition, what it holds, and what is wrong with its rows."""
    frame = nw.from_native(_ready(part, schema)).lazy()
    problems = list(type_problems(frame, schema, path))
    return (problems, None, []) if problems else ([], *look(frame, schema))


def _repeated_in(part: Any, schema: Schema) -> list[Breach]:
    return repeated(nw.from_native(part).lazy(), schema)


def run(plan: Plan, given: Mapping[str, Checked[Any]], /, *, by: str | None = None) -> Any:
    """Return what a plan makes of frames that were checked, as a frame of their own engine.

    Args:
        plan: It takes the frames by name, their columns in the types of their schemas, and returns one.
        given: The frames, all of one engine.
        by: The column by which rows belong together; ``None``: each row of the first frame stands by itself.

    Returns:
        A frame, lazy where the first of the given ones is; one of pandas has an index of its own.

    Raises:
        InvalidArgument: If the frames are of several engines, or of several connections of one, or have keys of one
            name that are text in one and numbers in another.
    """
    engines = {name: engine_of(one.frame, name) for name, one in given.items()}
    _refuse_engines(engines)
    schemas = {name: one.schema for name, one in given.items()}
    natives = {name: _ready(one.frame, one.schema) for name, one in given.items()}
    engine = next(iter(engines.values()))
    if engine is nw.Implementation.DASK:
        return _run_on_dask(plan, natives, schemas, by)
    if engine is nw.Implementation.PYARROW:
        return _planned(plan, schemas, _all_in_duckdb(natives)).to_native().to_arrow_table()
    if engine is nw.Implementation.DUCKDB:
        _refuse_connections(natives)
    found = _planned(plan, schemas, {name: nw.from_native(one).lazy() for name, one in natives.items()})
    is_eager = isinstance(nw.from_native(next(iter(natives.values()))), nw.DataFrame)
    return found.lazy().collect(engine).to_native() if is_eager else found.to_native()  # type: ignore[arg-type]  # an eager one


def _refuse_connections(relations: Mapping[str, Any]) -> None:
    import duckdb  # it is there if a frame of it is

    (first, relation), *others = relations.items()
    for name, other in others:
        try:
            relation.cross(other)
        except duckdb.InvalidInputException:
            message = f"must be of the same DuckDB connection as {first}: make both of one, or hand in Arrow tables"
            raise InvalidArgument(message, "frame.connection", name) from None


def _ready(frame: Any, schema: Schema) -> Any:
    """Return a frame with the columns of its schema in types of which their engine loses nothing."""
    engine = engine_of(frame, "frame")
    if engine is nw.Implementation.POLARS:
        return frame.clone()  # which costs nothing: what its owner does to it is not seen
    prepare = {nw.Implementation.PANDAS: ready_in_pandas, nw.Implementation.PYARROW: ready_in_arrow}.get(engine)
    return prepare(frame, schema) if prepare else frame


def _planned(plan: Plan, schemas: Mapping[str, Schema], frames: Mapping[str, Frame]) -> Frame:
    typed = {name: planned(frame, schemas[name]) for name, frame in frames.items()}
    seen: dict[str, tuple[str, Any]] = {}
    for name, frame in typed.items():
        types = frame.collect_schema()
        for column in schemas[name].columns:
            if column.type is ColumnType.KEY:
                other, dtype = seen.setdefault(
                    column.joins or column.name, (f"{name}.{column.name}", types[column.name])
                )
                if dtype != types[column.name]:
                    requirement = f"must be of the same type as {other}, {dtype}"
                    raise refused(f"{name}.{column.name}", requirement, types[column.name], code="column.type")
    return plan(**typed)


def _in_duckdb(table: Any) -> Frame:
    return _all_in_duckdb({"table": table})["table"]


def _all_in_duckdb(tables: Mapping[str, Any]) -> dict[str, Frame]:
    """Return PyArrow tables as frames of one DuckDB, for narwhals loses the order of their rows."""
    try:
        import duckdb  # for PyArrow tables alone
    except ImportError:
        message = "needs DuckDB: install preorder-kit[frames], or hand in a frame of another engine"
        raise InvalidArgument(message, "frame.engine", next(iter(tables)), "pyarrow") from None
    connection = duckdb.default_connection().cursor()  # a DuckDB of its own takes fifteen times as long to open
    connection.execute("set timezone = 'UTC'")
    return {name: nw.from_native(connection.from_arrow(table)) for name, table in tables.items()}


def _typed_on_dask(frame: Any, schema: Schema) -> Any:
    """Return a frame with its columns in the types of plans: the same key in another type has another hash."""
    return frame.map_partitions(_typed, schema, meta=_typed(frame._meta, schema))


def _typed(part: Any, schema: Schema) -> Any:
    return planned(nw.from_native(_ready(part, schema)).lazy(), schema).collect("pandas").to_native()


def _run_on_dask(plan: Plan, given: Mapping[str, Any], schemas: Mapping[str, Schema], by: str | None) -> Any:
    """Bring together what belongs together, and run the plan on each partition."""
    import dask.dataframe as dd  # it is there if a frame of it is

    first, *others = (_typed_on_dask(frame, schemas[name]) for name, frame in given.items())
    if by is None:
        frames = [first, *(other.repartition(npartitions=1) for other in others)]
    else:
        frames = [frame.shuffle(on=by, npartitions=first.npartitions) for frame in (first, *others)]
    one_part = partial(_run_on_part, plan, schemas)
    meta = one_part(*(frame._meta for frame in frames))
    run_parts: Any = dd.map_partitions
    return run_parts(one_part, *frames, meta=meta, align_dataframes=False)


def _run_on_part(plan: Plan, schemas: Mapping[str, Schema], *parts: Any) -> Any:
    frames = {name: nw.from_native(part).lazy() for name, part in zip(schemas, parts, strict=True)}
    return _planned(plan, schemas, frames).collect("pandas").to_native()


def table_beside(frame: Frame, columns: Mapping[str, Sequence[Any]], types: Mapping[str, Any]) -> Frame:
    """Return a small table in the engine of a frame, to be joined with it.

    Args:
        frame: The frame.
        columns: Name -> values.
        types: Name -> the type of narwhals that they have.
    """
    engine = frame.implementation
    if engine is nw.Implementation.POLARS:
        return nw.from_dict(dict(columns), schema=dict(types), backend=engine).lazy()
    small = __preorder_kit_small = nw.from_dict(dict(columns), schema=dict(types), backend="pyarrow").to_native()
    native: Any = frame.to_native()
    if engine is nw.Implementation.PANDAS:
        import pandas as pd  # type: ignore[import-untyped]  # it is there if a frame of it is

        nullable = {"int64": pd.Int64Dtype(), "bool": pd.BooleanDtype()}
        found = small.to_pandas(types_mapper=lambda kind: nullable.get(str(kind)), date_as_object=False)
        days = [name for name, dtype in types.items() if dtype == nw.Date()]
        return nw.from_native(found.astype(dict.fromkeys(days, "date32[pyarrow]"))).lazy()
    if engine is nw.Implementation.DUCKDB:
        # DuckDB finds the table by its name here, which no table of the caller's has.
        return nw.from_native(native.query("__preorder_kit_unread", "from __preorder_kit_small"))
    return nw.from_native(native.sparkSession.createDataFrame(small))  # pragma: no cover  # Spark is not everywhere


def left_join(frame: Frame, other: Frame, *, on: str | list[str]) -> Frame:
    """Return the rows of a frame beside what another, in which no rows share a key, says of them.

    They keep their order where the engine keeps one.
    """
    if frame.implementation is not nw.Implementation.POLARS:
        return frame.join(other, on=on, how="left")
    native: Any = frame.to_native()
    joined: Frame = nw.from_native(native.join(other.to_native(), on=on, how="left", maintain_order="left"))
    return joined
