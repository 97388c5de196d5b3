"""What newcomers may buy, over frames."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from ._agreeing import check_room
from ._checking import Frame, values
from ._columns import AVAILABLE, QUEUE, Column, ColumnType, Schema, of_plans
from ._engines import Checked, FrameT, left_join, run

_CLAIM, _PER, _SHELF = of_plans("claim", "per", "shelf")
_CLAIMS = Schema(
    "what is spoken for", (Column("sku", ColumnType.KEY, "a SKU"), Column(_CLAIM, ColumnType.WHOLE, "units"))
)


def free_for_new(
    queue: FrameT | Checked[FrameT],
    /,
    *,
    available: FrameT | Checked[FrameT],
    recipes: FrameT | Checked[FrameT] | None = None,
) -> FrameT:
    """Return what newcomers may buy, as `preorder_kit.free_for_new` does: what neither is granted nor waited for.

    Lines on hold leave their units to newcomers, lines that are not due yet do not. Bundles count by component.

    Args:
        queue: The lines that wait, each with its whole claim; what a line holds already is in ``granted``.
        available: What is there of each SKU on a shelf, what is granted included.
        recipes: What bundles are made of; ``None``: no line is a bundle.

    Returns:
        The rows and columns of ``available``, and of each SKU ``free``, in units >= 0; where there is no bound, it
        holds nothing, and ``free_unlimited`` says so.

    Raises:
        InvalidDocument: If a column is missing or of another type, or rows hold what they must not: a line more than
            its claim, a recipe a bundle.
        InvalidArgument: If frames are of several engines, or sums of their numbers might not fit into 64 bits.

    Examples:
        Five units arrive, and seven are waited for; of another SKU two are left:

        >>> import datetime as dt
        >>> import polars as pl
        >>> from preorder_kit.frames import free_for_new
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> queue = pl.DataFrame({
        ...     "order_id": ["O1", "O1"], "line_id": ["1", "2"], "sku": ["LP", "CD"], "quantity": [7, 1],
        ...     "placed_at": [now, now],
        ... })
        >>> available = pl.DataFrame({"sku": ["LP", "CD"], "available": [5, 3]})
        >>> free_for_new(queue, available=available).select("sku", "free").rows()
        [('LP', 0), ('CD', 2)]

        What a bundle is made of is spoken for with it:

        >>> recipes = pl.DataFrame({"sku": ["LP"], "component": ["CD"], "quantity": [2]})
        >>> free_for_new(queue.head(1), available=available, recipes=recipes).select("sku", "free").rows()
        [('LP', 5), ('CD', 0)]
    """
    room = check_room(queue, available, recipes)
    parts = {"recipes": room.recipes} if room.recipes else {}
    claims = Checked(run(_spoken_for, {"queue": room.queue} | parts, by="sku"), _CLAIMS, room.queue.facts)
    found: FrameT = run(_free, {"available": room.available, "claims": claims}, by="sku")
    return found


def _spoken_for(queue: Frame, recipes: Frame | None = None) -> Frame:
    """Return the units of SKUs on a shelf that lines hold or want; not those that lines on hold want."""
    of = values(queue, QUEUE)
    claim = nw.when(of("hold").is_null()).then(nw.col("quantity")).otherwise(of("granted"))
    claims = queue.select("sku", claim.cast(nw.Int64).alias(_CLAIM))
    if recipes is not None:
        parts = recipes.select("sku", nw.col("component").alias(_SHELF), nw.col("quantity").alias(_PER))
        shelf = nw.when(nw.col(_SHELF).is_null()).then(nw.col("sku")).otherwise(nw.col(_SHELF))
        units = nw.col(_CLAIM) * nw.col(_PER).fill_null(1)
        claims = claims.join(parts, on="sku", how="left").select(shelf.alias("sku"), units.alias(_CLAIM))
    return claims.group_by("sku").agg(nw.col(_CLAIM).sum()).with_columns(nw.col(_CLAIM).cast(nw.Int64))


def _free(available: Frame, claims: Frame) -> Frame:
    kept = [name for name in available.collect_schema().names() if name not in {"free", "free_unlimited"}]
    unlimited = values(available, AVAILABLE)("available_unlimited")
    spoken_for = claims.group_by("sku").agg(nw.col(_CLAIM).sum()).with_columns(nw.col(_CLAIM).cast(nw.Int64))
    left = nw.max_horizontal(nw.lit(0), nw.col("available") - nw.col(_CLAIM).fill_null(0))
    return left_join(available, spoken_for, on="sku").select(
        *kept,
        nw.when(~unlimited).then(left).cast(nw.Int64).alias("free"),
        unlimited.alias("free_unlimited"),
    )
