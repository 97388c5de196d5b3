"""What the columns of one row must agree on, and what numbers must stay below, before any work is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from .._checks import shown
from ..errors import InvalidArgument, InvalidDocument, Problem
from ._checking import Frame, rows_of, values
from ._columns import AVAILABLE, QUEUE, RECIPES
from ._engines import Checked, check_all, engine_of, run

_SHOWN = 5


@attrs.frozen
class Room:
    """What waits and what is there, looked at.

    Attributes:
        queue: The lines that wait.
        available: What is there.
        recipes: What bundles are made of; ``None`` if no line of the queue is one.
    """

    queue: Checked[Any]
    available: Checked[Any]
    recipes: Checked[Any] | None


def check_room(queue: Any, available: Any, recipes: Any) -> Room:
    """Return what waits and what is there, looked at.

    Raises:
        InvalidDocument: If a column is missing or of another type, or rows hold what they must not: a line holds more
            than it claims, a SKU has neither a number nor no bound, a component is a bundle.
        InvalidArgument: If frames are of several engines, or sums of their numbers might not fit into 64 bits.
    """
    given = {"queue": (queue, QUEUE), "available": (available, AVAILABLE)}
    found = check_all(given | ({} if recipes is None else {"recipes": (recipes, RECIPES)}))
    lines, there = found["queue"], found["available"]
    if lines.facts.most.get("granted"):
        refuse_rows(lines, _beyond_the_claim, "queue.granted", "grant.excess", "must not be more than the line claims")
    message = "must hold something in each row, but where available_unlimited is true"
    refuse_rows(there, _neither, "available.available", "column.null", message)
    parts = found.get("recipes")
    if parts:
        refuse_nested(parts)
    if parts and not some_rows(run(_of_the_queue, {"recipes": parts, "queue": lines}, by="sku")):
        parts = None
    _refuse_large(lines, parts)
    return Room(lines, there, parts)


def _beyond_the_claim(frame: Frame) -> Frame:
    return frame.filter(nw.col("granted") > nw.col("quantity")).select("order_id", "line_id", "quantity", "granted")


def _neither(frame: Frame) -> Frame:
    of = values(frame, AVAILABLE)
    return frame.filter(of("available").is_null() & ~of("available_unlimited")).select("sku")


def _of_the_queue(recipes: Frame, queue: Frame) -> Frame:
    return recipes.join(queue.select("sku").unique(), on="sku", how="semi").select("sku").head(1)


def refuse_nested(recipes: Checked[Any]) -> None:
    """Refuse recipes of which some component is a bundle, perhaps its own: it stands on no shelf."""
    words = "must not be a bundle, only what stands on a shelf: put its own components in its place"
    if engine_of(recipes.frame, "recipes") is nw.Implementation.DASK:
        recipes = attrs.evolve(recipes, frame=recipes.frame.repartition(npartitions=1))
    refuse_rows(recipes, _nested, "recipes.component", "recipe.nested", words)


def _nested(frame: Frame) -> Frame:
    bundles = frame.select(nw.col("sku").alias("component")).unique()
    return frame.join(bundles, on="component", how="semi").select("sku", "component")


def refuse_rows(checked: Checked[Any], broken: Any, path: str, code: str, words: str) -> None:
    """Refuse a frame of which some rows break a rule.

    Args:
        checked: The frame.
        broken: The plan, from ``frame``, to the rows that break it.
        path: Which column.
        code: What is broken.
        words: What rows must do.
    """
    rows = some_rows(run(broken, {"frame": checked}))
    if rows:
        names = "; ".join(", ".join(f"{name} {shown(value)}" for name, value in row.items()) for row in rows)
        raise InvalidDocument([Problem(path, code, f"{words}; some rows do not: {names}", tuple(rows))])


def some_rows(native: Any) -> Sequence[dict[str, Any]]:
    """Return the first rows of a frame of any engine."""
    is_dask = engine_of(native, "frame") is nw.Implementation.DASK
    found = native.head(_SHOWN, npartitions=-1) if is_dask else native
    return rows_of(nw.from_native(found).lazy().head(_SHOWN))


_MOST_SUM, _MOST_PRODUCT, _MOST_SHARE = 1 << 62, 1 << 62, 1 << 50


def _refuse_large(queue: Checked[Any], recipes: Checked[Any] | None) -> None:
    """Refuse a queue whose sums, of components too, might not fit into 64 bits."""
    facts = queue.facts
    most = facts.most["quantity"] * (recipes.facts.most["quantity"] if recipes else 1)
    _refuse_from(_MOST_SUM, facts.rows * most, f"{facts.rows} lines of up to {most} units")


def refuse_large_shares(queue: Checked[Any], available: Checked[Any]) -> None:
    """Refuse a queue whose fair shares might not be found in 64 bits.

    Raises:
        InvalidArgument: If a line may want 2**50 units, or what is available times what a line wants may be 2**62.
    """
    most = queue.facts.most["quantity"]
    there = min(available.facts.most["available"], most * queue.facts.rows)
    _refuse_from(_MOST_SHARE, most, f"a fair share of up to {most} units")
    _refuse_from(_MOST_PRODUCT, there * most, f"fair shares of up to {there} units for claims of up to {most}")


def _refuse_from(bound: int, units: int, words: str) -> None:
    if units >= bound:
        message = (
            f"must be smaller: {words} might not fit into 64 bits, from 2**{bound.bit_length() - 1} on; count in a "
            "larger unit, or hand the SKUs with such numbers to the functions over values, which know no bound"
        )
        raise InvalidArgument(message, "units.too_large", "queue.quantity", units)
