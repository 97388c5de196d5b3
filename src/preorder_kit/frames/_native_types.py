"""Columns that pandas and PyArrow hold in types that plans cannot do with, in types that they can."""

from __future__ import annotations

from typing import Any

from ._columns import Column, ColumnType, Schema

_TEXT, _WHOLE, _FLAG, _INSTANT, _DAY = "string", "Int64", "boolean", "datetime64[us, UTC]", "datetime64[us]"

#: What a column of pandas that holds any objects becomes, by what all of them are.
_OF_OBJECTS = {
    ColumnType.KEY: {"string": _TEXT, "empty": _TEXT},
    ColumnType.TEXT: {"string": _TEXT, "empty": _TEXT},
    ColumnType.WHOLE: {"empty": _WHOLE},
    ColumnType.FLAG: {"boolean": _FLAG, "empty": _FLAG},
    ColumnType.INSTANT: {"empty": _INSTANT},
    ColumnType.DAY: {"date": _DAY, "empty": _DAY},
}
#: What a column of NumPy's becomes, which would turn to floats or objects where a join finds nothing.
_OF_NUMPY = {
    (ColumnType.WHOLE, "i"): _WHOLE,
    (ColumnType.WHOLE, "u"): "UInt64",
    (ColumnType.FLAG, "b"): _FLAG,
}


def ready_in_pandas(frame: Any, schema: Schema) -> Any:
    """Return a frame of pandas with nullable columns, its rows numbered from 0."""
    types = {
        column.name: wanted
        for column in schema.columns
        if column.name in frame.columns and (wanted := _pandas_type(frame[column.name], column))
    }
    return (frame.astype(types) if types else frame).reset_index(drop=True)


def _pandas_type(values: Any, column: Column) -> str | None:
    """Return the type that a column must take; ``None`` if it stays what it is, to be refused if that is no good."""
    import pandas as pd  # type: ignore[import-untyped]  # it is there if a frame of it is

    dtype = values.dtype
    if str(dtype) == "object":
        return _OF_OBJECTS[column.type].get(pd.api.types.infer_dtype(values, skipna=True))
    if isinstance(dtype, pd.CategoricalDtype) and column.type in {ColumnType.KEY, ColumnType.TEXT}:
        return _TEXT if pd.api.types.infer_dtype(dtype.categories) in {"string", "empty"} else None
    if isinstance(dtype, pd.DatetimeTZDtype) and column.type is ColumnType.INSTANT and str(dtype.tz) != "UTC":
        return f"datetime64[{dtype.unit}, UTC]"  # narwhals does not know each zone by its name
    return None if hasattr(dtype, "na_value") else _OF_NUMPY.get((column.type, dtype.kind))


def ready_in_arrow(table: Any, schema: Schema) -> Any:
    """Return a table with instants to the microsecond, as DuckDB has them; what is finer stays what it is."""
    for column in schema.columns:
        place = table.schema.get_field_index(column.name)
        if column.type is ColumnType.INSTANT and place >= 0:
            table = table.set_column(place, column.name, _to_microseconds(table.column(place)))
    return table


def _to_microseconds(values: Any) -> Any:
    import pyarrow as pa  # type: ignore[import-untyped]  # it is there if a table of it is

    if not (pa.types.is_timestamp(values.type) and values.type.unit == "ns" and values.type.tz):
        return values
    try:
        return values.cast(pa.timestamp("us", values.type.tz))
    except pa.ArrowInvalid:
        return values
