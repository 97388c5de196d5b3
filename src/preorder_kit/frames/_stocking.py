"""What an allocation leaves of each SKU, over frames."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from ._checking import Frame, values
from ._columns import AVAILABLE, QUEUE, of_plans
from ._shares import HELD, SHARE, WANTS

_STOCK = (
    "available",
    "available_unlimited",
    "granted",
    "waiting",
    "left_over",
    "left_over_unlimited",
    "oversold",
)
_UNLIMITED, _CLAIM, _SHORT, _PER, _SHELF = of_plans("unlimited", "claim", "short", "per", "shelf")


def stock_of_queue(queue: Frame, available: Frame, *, wants: Any) -> Frame:
    """Return what becomes of each SKU where lines are served in part: in whatever order, they get all that they can.

    Args:
        queue: The lines, none of them a bundle.
        available: What is there.
        wants: What returns the units that each line of the queue wants now.
    """
    of = values(queue, QUEUE)
    held = of("granted").cast(nw.Int64)
    claims = queue.select("sku", nw.col("quantity").alias(_CLAIM), held.alias(HELD), wants(queue).alias(WANTS))
    found = _by_sku(claims, available, HELD, WANTS, _CLAIM)
    free = nw.max_horizontal(nw.col("available") - nw.col(HELD), nw.lit(0))
    added = nw.when(nw.col(_UNLIMITED)).then(nw.col(WANTS)).otherwise(nw.min_horizontal(free, nw.col(WANTS)))
    found = found.with_columns(added.cast(nw.Int64).alias(SHARE))
    return _told(found.with_columns((nw.col(_CLAIM) - nw.col(HELD) - nw.col(SHARE)).alias(_SHORT)))


def stock_of_lines(lines: Frame, available: Frame, recipes: Frame | None = None) -> Frame:
    """Return what becomes of each SKU on a shelf, from lines that are served.

    Args:
        lines: The lines, with what each was granted, what of it was added and what it still lacks.
        available: What is there.
        recipes: What bundles are made of.
    """
    lines = lines.select("sku", "granted", "added", "short")
    if recipes is None:
        lines = lines.with_columns(nw.lit(1).alias(_PER))
    else:
        parts = recipes.select("sku", nw.col("component").alias(_SHELF), nw.col("quantity").alias(_PER))
        lines = lines.join(parts, on="sku", how="left")
        shelf = nw.when(nw.col(_SHELF).is_null()).then(nw.col("sku")).otherwise(nw.col(_SHELF))
        lines = lines.with_columns(shelf.alias("sku"), nw.col(_PER).fill_null(1).alias(_PER))
    held = (nw.col("granted") - nw.col("added")) * nw.col(_PER)
    claims = lines.select(
        "sku",
        held.cast(nw.Int64).alias(HELD),
        (nw.col("added") * nw.col(_PER)).cast(nw.Int64).alias(SHARE),
        (nw.col("short") * nw.col(_PER)).cast(nw.Int64).alias(_SHORT),
    )
    return _told(_by_sku(claims, available, HELD, SHARE, _SHORT))


def _by_sku(claims: Frame, available: Frame, *names: str) -> Frame:
    """Return a row for each SKU of either frame: sums of columns, and what is available."""
    there = values(available, AVAILABLE)
    zeros = {name: nw.lit(0).cast(nw.Int64) for name in (*names, "available", _UNLIMITED)}
    shelf = zeros | {
        "available": nw.col("available").fill_null(0).cast(nw.Int64),
        _UNLIMITED: there("available_unlimited").cast(nw.Int64),
    }
    asked = zeros | {name: nw.col(name) for name in names}
    both = [
        frame.select("sku", *(value.alias(name) for name, value in columns.items()))
        for frame, columns in ((claims, asked), (available, shelf))
    ]
    found = nw.concat(both).group_by("sku").agg(*(nw.col(name).sum() for name in zeros))
    found = found.with_columns(*(nw.col(name).cast(nw.Int64) for name in zeros))
    return found.with_columns((nw.col(_UNLIMITED) > 0).alias(_UNLIMITED))


def _told(found: Frame) -> Frame:
    unlimited = nw.col(_UNLIMITED)
    rest = nw.col("available") - nw.col(HELD)
    return found.with_columns(
        available=nw.when(~unlimited).then(nw.col("available")).cast(nw.Int64),
        available_unlimited=unlimited,
        granted=nw.col(HELD) + nw.col(SHARE),
        waiting=nw.col(_SHORT),
        left_over=nw.when(~unlimited).then(nw.max_horizontal(rest, nw.lit(0)) - nw.col(SHARE)).cast(nw.Int64),
        left_over_unlimited=unlimited,
        oversold=nw.when(unlimited).then(nw.lit(0)).otherwise(nw.max_horizontal(-rest, nw.lit(0))).cast(nw.Int64),
    ).select("sku", *_STOCK)
