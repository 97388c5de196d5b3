"""What newcomers may buy, over frames."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from ._checking import Frame, values
from ._columns import AVAILABLE, QUEUE


def free(queue: Frame, available: Frame) -> Frame:
    """Return for each SKU that is available what neither is granted nor wanted by a line that waits."""
    of, there = values(queue, QUEUE), values(available, AVAILABLE)
    claim = nw.when(of("hold").is_null()).then(nw.col("quantity")).otherwise(of("granted"))
    claims = queue.with_columns(spoken_for=claim).group_by("sku").agg(nw.col("spoken_for").sum())
    left = nw.max_horizontal(nw.lit(0), nw.col("available") - nw.col("spoken_for").cast(nw.Int64).fill_null(0))
    return (
        available.join(claims, on="sku", how="left")
        .with_columns(free=nw.when(~there("available_unlimited")).then(left).cast(nw.Int64))
        .with_columns(free_unlimited=there("available_unlimited"))
        .drop("spoken_for")
    )
