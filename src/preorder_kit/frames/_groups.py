"""Which SKUs hang together, over frames: what may be allocated apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Any

import narwhals.stable.v2 as nw

from ..errors import InvalidArgument
from ._agreeing import refuse_nested
from ._checking import Frame
from ._columns import QUEUE, RECIPES, of_plans
from ._engines import Checked, FrameT, check, engine_of, run, table_beside

_LEAST, _OTHER = of_plans("least", "other")


def independent_groups(
    queue: FrameT | Checked[FrameT], /, *, recipes: FrameT | Checked[FrameT] | None = None
) -> FrameT:
    """Find the smallest sets of SKUs such that no order and no bundle needs SKUs of two of them.

    Each set's lines can be allocated by themselves, by any policy, on a machine of its own: together they get what they
    get when all lines are allocated at once. Whether an order is served as a whole is not asked.

    The engine finds which SKUs stand beside one another; those pairs come to one machine, at most one for each line and
    one for each component, and a union of sets runs there.

    Args:
        queue: Lines that wait; the columns of `preorder_kit.frames.QUEUE`.
        recipes: What bundles are made of; the columns of `preorder_kit.frames.RECIPES`. Bundles that no line wants do
            not count.

    Returns:
        A frame of the queue's engine: ``sku``, each SKU of the queue and each component of its bundles, once; and
        ``group``, the smallest SKU of its set.

    Raises:
        InvalidArgument: If a frame is of no engine that is known, or SKUs are text in one frame and whole numbers in
            the other.
        InvalidDocument: If a frame is not what its schema says, or a component is a bundle.

    Examples:
        An order wants a and b, another c; the bundle d holds c:

        >>> import datetime as dt
        >>> import polars as pl
        >>> from preorder_kit.frames import independent_groups
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> rows = [("O1", 1, "a"), ("O1", 2, "b"), ("O2", 1, "c"), ("O3", 1, "d")]
        >>> queue = pl.DataFrame(rows, schema=["order_id", "line_id", "sku"], orient="row")
        >>> queue = queue.with_columns(quantity=1, placed_at=now)
        >>> recipes = pl.DataFrame({"sku": ["d"], "component": ["c"], "quantity": [2]})
        >>> independent_groups(queue, recipes=recipes).sort("sku").rows()
        [('a', 'a'), ('b', 'a'), ('c', 'c'), ('d', 'c')]

        An empty queue has none:

        >>> independent_groups(queue.head(0)).rows()
        []
    """
    lines = check(queue, QUEUE, "queue")
    edges = _rows(run(_side_by_side, {"queue": lines}, by="order_id"))
    if recipes is not None:
        given = {"recipes": check(recipes, RECIPES, "recipes")}
        refuse_nested(given["recipes"])
        wanted, parts = {sku for edge in edges for sku in edge}, _rows(run(_components, given))
        refuse_mixed(queue=wanted, recipes=chain.from_iterable(parts))
        edges += [(sku, part) for sku, part in parts if sku in wanted]
    found: FrameT = _as_frame(_grouped(edges), lines)
    return found


def refuse_mixed(**skus: Iterable[Any]) -> None:
    """Refuse SKUs, by frame, that are text here and whole numbers there: none of the one is one of the other."""
    kinds = {
        name: "text" if isinstance(sku, str) else "whole numbers"
        for name, some in skus.items()
        for sku in islice(some, 1)
    }
    if len({*kinds.values()}) > 1:
        held = ", ".join(f"{name} holds {kind}" for name, kind in kinds.items())
        message = f"must be text in all frames, or whole numbers in all ({held})"
        raise InvalidArgument(message, "column.type", "sku", held)


def _side_by_side(queue: Frame) -> Frame:
    """Return each SKU of an order beside the order's smallest, once."""
    pairs = queue.select("order_id", "sku").with_columns(nw.col("sku").min().over("order_id").alias(_LEAST))
    return pairs.select(_LEAST, nw.col("sku").alias(_OTHER)).unique()


def _components(recipes: Frame) -> Frame:
    return recipes.select(nw.col("sku").alias(_LEAST), nw.col("component").alias(_OTHER))


def _rows(native: Any) -> list[tuple[Any, Any]]:
    is_on_dask = engine_of(native, "queue") is nw.Implementation.DASK
    found = nw.from_native(native.compute() if is_on_dask else native)
    return (found.collect("pyarrow") if isinstance(found, nw.LazyFrame) else found).rows()


def _grouped(edges: Iterable[tuple[Any, Any]]) -> Mapping[Any, Any]:
    """Return each name of an edge -> the smallest that edges lead to."""
    above: dict[Any, Any] = {}
    for one, other in edges:
        roots = _root(above, one), _root(above, other)
        above[max(roots)] = min(roots)
    return {name: _root(above, name) for name in above}


def _root(above: dict[Any, Any], name: Any) -> Any:
    """Return the smallest name that is known to hang together with a name, and shorten the way to it."""
    above.setdefault(name, name)
    while (parent := above[name]) != name:
        above[name] = name = above[parent]
    return name


def _as_frame(groups: Mapping[Any, Any], queue: Checked[Any]) -> Any:
    """Return the groups as a frame of the queue's engine."""
    columns = {"sku": list(groups), "group": list(groups.values())}

    def beside(queue: Frame) -> Frame:
        return table_beside(queue, columns, dict.fromkeys(columns, queue.collect_schema()["sku"]))

    if engine_of(queue.frame, "queue") is not nw.Implementation.DASK:
        return run(beside, {"queue": queue})
    import dask.dataframe as dd

    beside_it: Any = nw.from_dict(columns, backend="pandas").to_native()
    return dd.from_pandas(beside_it.astype(queue.frame.dtypes["sku"]), npartitions=1)  # type: ignore[no-untyped-call]
