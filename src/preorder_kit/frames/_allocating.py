"""Stock has arrived and it is not enough, over frames: who gets it, by windows over SKUs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any, Generic

import attrs
import narwhals.stable.v2 as nw

from .._checks import instance, instant, refused
from ..rationing import Rationing
from ..waiting_room import AllocationPolicy, AllocationUnit, DecisionCode, QueueOrder, Shortage, Unserved
from ._checking import Frame, rows_of, values
from ._columns import AVAILABLE, QUEUE, RECIPES
from ._engines import Checked, FrameT, check, run


@attrs.frozen(kw_only=True)
class FrameAllocation(Generic[FrameT]):
    """Who gets what is there, as frames of the engine that the queue is of.

    Attributes:
        lines: The queue's rows and columns, and of each line ``granted``, the units that it holds now; ``added``, those
            that this run gave; ``short``, those that it still lacks; ``decision``, a `DecisionCode`; ``unfulfillable``.
        stock: A row for each SKU of the queue and for each that is available.
    """

    lines: FrameT
    stock: FrameT


_THERE, _BEFORE, _ENDLESS, _HELD, _WANTS, _KEY, _NAMED = (
    f"__preorder_kit_{name}" for name in ("there", "before", "endless", "held", "wants", "key", "named")
)
_PLACE = ("placed_at", "order_id", "line_id")
_RESULTS = ("granted", "added", "short", "decision", "unfulfillable")
_STOCK = ("available", "available_unlimited", "granted", "waiting", "left_over", "left_over_unlimited", "oversold")


def allocate(
    queue: FrameT | Checked[FrameT],
    /,
    *,
    available: FrameT | Checked[FrameT],
    policy: AllocationPolicy = AllocationPolicy(),  # noqa: B008  # a frozen value
    at: dt.datetime,
    recipes: FrameT | Checked[FrameT] | None = None,
) -> FrameAllocation[FrameT]:
    """Share out what is there among lines that wait, as `preorder_kit.allocate` does."""
    now = instant(at, "at")
    instance(policy, "policy", of=AllocationPolicy)
    lines, there = check(queue, QUEUE, "queue"), check(available, AVAILABLE, "available")
    bundles = None if recipes is None else check(recipes, RECIPES, "recipes")
    given = {"queue": lines, "available": there}
    plan = partial(_lines, policy=policy, at=now)
    return FrameAllocation(lines=run(plan, given, by="sku"), stock=run(partial(_stock, at=now), given, by="sku"))


def _microseconds(instants: Any) -> Any:
    return instants.dt.timestamp("us")


def _lines(queue: Frame, available: Frame, *, policy: AllocationPolicy, at: dt.datetime) -> Frame:
    of = values(queue, QUEUE)
    kept = [name for name in queue.collect_schema().names() if name not in _RESULTS]
    is_due = _is_due(queue, at)
    wants = nw.when(is_due).then(nw.col("quantity") - of("granted")).otherwise(nw.lit(0))
    lines = queue.with_columns(wants.cast(nw.Int64).alias(_WANTS), of("granted").cast(nw.Int64).alias(_HELD))
    there = values(available, AVAILABLE)
    shelf = available.select(
        "sku", nw.col("available").fill_null(0).alias(_THERE), there("available_unlimited").alias(_ENDLESS)
    )
    lines = lines.join(shelf, on="sku", how="left")
    lines, key = _keyed(lines, policy)
    lines = lines.with_columns(
        nw.col(_HELD).sum().over("sku").cast(nw.Int64).alias(_NAMED),
        nw.col(_WANTS).cum_sum().over("sku", order_by=[*key, *_PLACE]).cast(nw.Int64).alias(_BEFORE),
    )
    rest = nw.col(_THERE).fill_null(0) - nw.col(_NAMED) - nw.col(_BEFORE) + nw.col(_WANTS)
    in_turn = nw.min_horizontal(nw.col(_WANTS), nw.max_horizontal(rest, nw.lit(0)))
    added = nw.when(nw.col(_ENDLESS).fill_null(value=False)).then(nw.col(_WANTS)).otherwise(in_turn)
    lines = lines.with_columns(added.cast(nw.Int64).alias("added"))
    lines = lines.with_columns((nw.col(_HELD) + nw.col("added")).alias("granted"))
    lines = lines.with_columns((nw.col("quantity") - nw.col("granted")).alias("short"))
    lacks = (nw.col(_WANTS) > nw.col("added")) & ~nw.col(_THERE).is_null()
    told_apart = lacks if policy.unserved is Unserved.UNFULFILLABLE else nw.lit(value=False)
    return lines.with_columns(decision=_decision(of, at), unfulfillable=told_apart).select(*kept, *_RESULTS)


def _is_due(queue: Frame, at: dt.datetime) -> Any:
    found = nw.lit(value=True)
    names = queue.collect_schema().names()
    if "hold" in names:
        found = found & nw.col("hold").is_null()
    if "street_date" in names:
        found = found & ~_is_ahead(at)
    return found


def _is_ahead(at: dt.datetime) -> Any:
    now = (at - dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)) // dt.timedelta(microseconds=1)
    return (_microseconds(nw.col("street_date")) > now).fill_null(value=False)


def _keyed(lines: Frame, policy: AllocationPolicy) -> tuple[Frame, Sequence[str]]:
    names = lines.collect_schema().names()
    if policy.queue is QueueOrder.PRIORITY and "priority" in names:
        return lines, ["priority"]
    if policy.queue is QueueOrder.EARLIEST_STREET_DATE and "street_date" in names:
        return lines.with_columns(_microseconds(nw.col("street_date")).fill_null(-(1 << 62)).alias(_KEY)), [_KEY]
    return lines, []


def _decision(of: Any, at: dt.datetime) -> Any:
    code = nw.when(nw.col("granted") > 0).then(nw.lit("partial")).otherwise(nw.lit("no_stock"))
    code = nw.when(_is_ahead(at)).then(nw.lit("not_due")).otherwise(code)
    code = nw.when(~of("hold").is_null()).then(nw.lit("on_hold")).otherwise(code)
    return nw.when(nw.col("short") == 0).then(nw.lit("granted")).otherwise(code)


def _stock(queue: Frame, available: Frame, *, at: dt.datetime) -> Frame:
    of, there = values(queue, QUEUE), values(available, AVAILABLE)
    wants = nw.when(_is_due(queue, at)).then(nw.col("quantity") - of("granted")).otherwise(nw.lit(0))
    claims = queue.select(
        "sku",
        nw.lit(0).cast(nw.Int64).alias("available"),
        nw.lit(0).cast(nw.Int64).alias(_ENDLESS),
        nw.col("quantity").alias("quantity"),
        of("granted").cast(nw.Int64).alias(_HELD),
        wants.cast(nw.Int64).alias(_WANTS),
    )
    shelf = available.select(
        "sku",
        nw.col("available").fill_null(0),
        there("available_unlimited").cast(nw.Int64).alias(_ENDLESS),
        nw.lit(0).cast(nw.Int64).alias("quantity"),
        nw.lit(0).cast(nw.Int64).alias(_HELD),
        nw.lit(0).cast(nw.Int64).alias(_WANTS),
    )
    sums = ["available", _ENDLESS, "quantity", _HELD, _WANTS]
    found = nw.concat([claims, shelf]).group_by("sku").agg(*(nw.col(name).sum() for name in sums))
    found = found.with_columns(*(nw.col(name).cast(nw.Int64) for name in sums))
    free = nw.max_horizontal(nw.col("available") - nw.col(_HELD), nw.lit(0))
    endless = nw.col(_ENDLESS) > 0
    added = nw.when(endless).then(nw.col(_WANTS)).otherwise(nw.min_horizontal(free, nw.col(_WANTS)))
    found = found.with_columns(added.cast(nw.Int64).alias("added"))
    return found.with_columns(
        granted=nw.col(_HELD) + nw.col("added"),
        waiting=nw.col("quantity") - nw.col(_HELD) - nw.col("added"),
        left_over=nw.when(~endless).then(free - nw.col("added")).cast(nw.Int64),
        left_over_unlimited=endless,
        oversold=nw.when(endless).then(0).otherwise(nw.max_horizontal(nw.col(_HELD) - nw.col("available"), nw.lit(0))).cast(nw.Int64),
        available=nw.when(~endless).then(nw.col("available")).cast(nw.Int64),
        available_unlimited=endless,
    ).select("sku", *_STOCK)
