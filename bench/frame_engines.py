"""How each engine takes its frames from files, how a query is run to its end, and what its answer comes to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

Digest = tuple[int, int, int]  # units granted, units short, a number made of each line


@attrs.frozen
class Engine:
    """One engine.

    Attributes:
        load: From the files of a queue and of what is there to two frames, in memory unless it is Spark.
        finish: Runs a query to its end; the result is kept by whoever called it.
        digest: From a frame and the columns that count to what they come to, whatever order rows are in.
    """

    load: Callable[[Path, Path], tuple[Any, Any]]
    finish: Callable[[Any], Any]
    digest: Callable[[Any, list[str]], Digest]


def _polars(load: Callable[[Any], Any], **options: Any) -> Engine:
    import polars as pl

    def finish(found: Any) -> Any:
        return found.collect(**options) if isinstance(found, pl.LazyFrame) else found

    def digest(found: Any, columns: list[str]) -> Digest:
        units = pl.col("granted", "short").cast(pl.Int64).sum()
        line = pl.struct(pl.col(columns).cast(pl.String)).hash()
        return finish(found.lazy().select(units, line=(line % (1 << 31)).cast(pl.Int64).sum())).row(0)

    return Engine(lambda *paths: tuple(load(pl.read_parquet(path)) for path in paths), finish, digest)


def _pandas() -> Engine:
    import pandas as pd

    def digest(found: Any, columns: list[str]) -> Digest:
        units = [int(found[name].sum()) for name in ("granted", "short")]
        line = pd.util.hash_pandas_object(found[columns].astype(object), index=False)
        return (*units, int(line.sum()))

    return Engine(lambda *paths: tuple(pd.read_parquet(path) for path in paths), lambda found: found, digest)


def _duckdb() -> Engine:
    import duckdb

    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")

    def load(*paths: Path) -> Any:
        for path in paths:
            connection.execute(f"create table {path.name.partition('-')[0]} as from '{path}'")
        return connection.table("queue"), connection.table("available")

    def digest(found: Any, columns: list[str]) -> Digest:
        query = f"sum(granted)::bigint, sum(short)::bigint, bit_xor(hash({', '.join(columns)}))"
        return found.aggregate(query).fetchall()[0]

    return Engine(load, lambda found: found.to_arrow_table(), digest)


def _spark() -> Engine:
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(f"local[{os.cpu_count()}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "8g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")

    def digest(found: Any, columns: list[str]) -> Digest:
        line = f"sum(pmod(xxhash64({', '.join(columns)}), 2147483648))"
        return tuple(found.selectExpr("sum(granted)", "sum(short)", line).collect()[0])

    return Engine(
        lambda *paths: tuple(session.read.parquet(str(path)) for path in paths),
        lambda found: found.write.format("noop").mode("overwrite").save(),
        digest,
    )


#: Name -> what makes the engine ready.
ENGINES: dict[str, Callable[[], Engine]] = {
    "polars": lambda: _polars(lambda frame: frame.lazy()),
    "polars eager": lambda: _polars(lambda frame: frame),
    "polars streaming": lambda: _polars(lambda frame: frame.lazy(), engine="streaming"),
    "duckdb": _duckdb,
    "pandas": _pandas,
    "spark": _spark,
}
