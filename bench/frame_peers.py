"""First come, first served in each engine: what a good engineer writes by hand for it, and nothing of preorder_kit.

``lean`` adds ``granted`` and ``short``. ``full`` adds what `allocate` of `preorder_kit.frames` adds: ``granted``,
``added``, ``short``, ``decision`` and ``unfulfillable``. ``looked_at`` is what must be asked of the data before either
may be believed: nothing missing, no number out of its range, no empty text, no key twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

KEYS = ["placed_at", "order_id", "line_id"]
TEXTS = ["order_id", "line_id", "sku"]
MOST = 10**18 - 1

Query = Callable[[Any, Any], Any]


@attrs.frozen
class Peer:
    """The queries of one engine.

    Attributes:
        lean: Name -> a query that adds what is granted and what is short; the fastest one counts.
        full: From the result of a lean one to one with all columns.
        looked_at: What raises if the frames are not as they must be.
    """

    lean: dict[str, Query]
    full: Callable[[Any], Any]
    looked_at: Callable[[Any, Any], None]


def polars(finish: Callable[[Any], Any]) -> Peer:
    """Return what is written for Polars, as lazy frames."""
    import polars as pl

    units, there = pl.col("quantity"), pl.col("available").fill_null(0)

    def served(joined: Any, until: Any) -> Any:
        granted = pl.min_horizontal(units, pl.max_horizontal(pl.lit(0), there - (until - units)))
        return joined.with_columns(granted=granted).with_columns(short=units - pl.col("granted")).drop("available")

    def over(queue: Any, available: Any) -> Any:
        joined = queue.lazy().join(available.lazy(), on="sku", how="left")
        return served(joined, units.cum_sum().over("sku", order_by=KEYS))

    def sort(queue: Any, available: Any) -> Any:
        joined = queue.lazy().join(available.lazy(), on="sku", how="left")
        return served(joined.sort(KEYS), units.cum_sum().over("sku"))

    def sort_first(queue: Any, available: Any) -> Any:
        joined = queue.lazy().sort("sku", *KEYS).join(available.lazy(), on="sku", how="left", maintain_order="left")
        return served(joined, units.cum_sum().over("sku"))

    def full(lean: Any) -> Any:
        granted = pl.col("granted")
        word = pl.when(granted == units).then(pl.lit("granted"))
        return lean.with_columns(
            added=granted,
            decision=word.when(granted > 0).then(pl.lit("partial")).otherwise(pl.lit("no_stock")),
            unfulfillable=pl.lit(False),  # noqa: FBT003  # a value of the column
        )

    def looked_at(queue: Any, available: Any) -> None:
        queue, available = queue.lazy(), available.lazy()
        bad = [
            queue.select(
                pl.any_horizontal(pl.all().is_null().any()),
                units=((units < 1) | (units > MOST)).any(),
                text=pl.any_horizontal((pl.col(TEXTS) == "").any()),
            ),
            available.select(
                pl.any_horizontal(pl.all().is_null().any()),
                units=((pl.col("available") < 0) | (pl.col("available") > MOST)).any(),
                text=(pl.col("sku") == "").any(),
            ),
            queue.group_by("order_id", "line_id").len().select((pl.col("len") > 1).any()),
            available.group_by("sku").len().select((pl.col("len") > 1).any()),
        ]
        assert not any(any(finish(one).row(0)) for one in bad)

    return Peer({"over": over, "sort": sort, "sort first": sort_first}, full, looked_at)


def pandas(finish: Callable[[Any], Any]) -> Peer:  # noqa: ARG001  # there is nothing to finish
    """Return what is written for pandas."""

    def served(queue: Any, before: Any, there: Any) -> Any:
        granted = (there - before).clip(lower=0).clip(upper=queue["quantity"])
        return queue.assign(granted=granted, short=queue["quantity"] - granted)

    def mapped(queue: Any, available: Any) -> Any:
        ordered = queue.sort_values(KEYS)
        before = ordered.groupby("sku", sort=False)["quantity"].cumsum() - ordered["quantity"]
        there = queue["sku"].map(available.set_index("sku")["available"]).fillna(0).astype("int64")
        return served(queue, before, there)

    def merged(queue: Any, available: Any) -> Any:
        ordered = queue.merge(available, on="sku", how="left").sort_values(KEYS)
        before = ordered.groupby("sku", sort=False)["quantity"].cumsum() - ordered["quantity"]
        there = ordered["available"].fillna(0).astype("int64")
        return served(ordered, before, there).drop(columns="available")

    def full(lean: Any) -> Any:
        import numpy as np

        units, granted = lean["quantity"].to_numpy(), lean["granted"].to_numpy()
        word = np.select([granted == units, granted > 0], ["granted", "partial"], "no_stock")
        return lean.assign(added=lean["granted"], decision=word, unfulfillable=False)

    def looked_at(queue: Any, available: Any) -> None:
        assert not queue.isna().to_numpy().any()
        assert not available.isna().to_numpy().any()
        assert queue["quantity"].between(1, MOST).all()
        assert available["available"].between(0, MOST).all()
        assert not any((queue[text] == "").any() for text in TEXTS)
        assert not (available["sku"] == "").any()
        assert not queue.duplicated(["order_id", "line_id"]).any()
        assert not available.duplicated("sku").any()

    return Peer({"map": mapped, "merge": merged}, full, looked_at)


_LEAN = """
with placed as (
    select queue.*, available.available, sum(quantity) over (
        partition by sku order by placed_at, order_id, line_id rows between unbounded preceding and current row
    ) - quantity as ahead
    from {queue} as queue left join {available} as available using (sku)
), served as (
    select * exclude (available, ahead),
        least(quantity, greatest(0, coalesce(available, 0) - ahead))::bigint as granted
    from placed
)
select *, quantity - granted as short from served
"""
_FULL = """
select *, granted as added, false as unfulfillable,
    case when granted = quantity then 'granted' when granted > 0 then 'partial' else 'no_stock' end as decision
from {lean}
"""
_BAD_QUEUE = f"""
select count(*) from {{queue}} where order_id is null or line_id is null or sku is null or quantity is null
    or placed_at is null or quantity < 1 or quantity > {MOST} or order_id = '' or line_id = '' or sku = ''
"""  # noqa: S608  # of this module's own words
_BAD_AVAILABLE = f"""
select count(*) from {{available}}
where sku is null or available is null or available < 0 or available > {MOST} or sku = ''
"""  # noqa: S608  # of this module's own words
_TWICE = [
    "select count(*) from (select 1 from {queue} group by order_id, line_id having count(*) > 1)",
    "select count(*) from (select 1 from {available} group by sku having count(*) > 1)",
]


def duckdb(finish: Callable[[Any], Any]) -> Peer:  # noqa: ARG001  # a count is asked for as such
    """Return what is written for DuckDB, as SQL over relations of one connection."""
    return _sql(
        lambda query, frames: next(iter(frames.values())).query("unread", _named(query, frames)),
        lambda found: found.fetchall()[0][0],
        _LEAN,
    )


def spark(finish: Callable[[Any], Any]) -> Peer:  # noqa: ARG001  # a count is asked for as such
    """Return what is written for Spark, as SQL over frames of one session."""
    return _sql(
        lambda query, frames: next(iter(frames.values())).sparkSession.sql(query, **frames),
        lambda found: found.collect()[0][0],
        _LEAN.replace("exclude", "except"),
    )


def _named(query: str, frames: dict[str, Any]) -> str:
    for name, frame in frames.items():
        frame.create_view(f"peer_{name}", replace=True)
    return query.format(**{name: f"peer_{name}" for name in frames})


def _sql(run: Callable[[str, dict[str, Any]], Any], count: Callable[[Any], int], lean: str) -> Peer:
    def looked_at(queue: Any, available: Any) -> None:
        frames = {"queue": queue, "available": available}
        for query in (_BAD_QUEUE, _BAD_AVAILABLE, *_TWICE):
            used = {name: frame for name, frame in frames.items() if f"{{{name}}}" in query}
            assert count(run(query, used)) == 0

    return Peer(
        {"window": lambda queue, available: run(lean, {"queue": queue, "available": available})},
        lambda found: run(_FULL, {"lean": found}),
        looked_at,
    )


PEERS = {
    "polars": polars,
    "polars eager": polars,
    "polars streaming": polars,
    "pandas": pandas,
    "duckdb": duckdb,
    "spark": spark,
}
