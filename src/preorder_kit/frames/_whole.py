"""What no window can express: whole orders, orders that close a SKU, bundles and other rations, in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from operator import add, gt, sub
from typing import Any

import attrs
import narwhals.stable.v2 as nw
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from .._checks import refused
from .._queueing import AllocationPolicy, AllocationUnit, Queue, QueueOrder, Unserved
from .._recipes import WhenShort
from .._serving import Served, balance, hold_up, serve
from .._verdicts import DecisionCode
from ..errors import InvalidArgument
from ..orders import Need
from ..quantities import UNLIMITED, Quantity
from ..rationing import Rationing
from ._checking import Frame, values
from ._columns import AVAILABLE, QUEUE, RECIPES, of_plans
from ._deciding import ASLEEP, CODES, codes
from ._engines import CLUSTERS, Checked, engine_of, left_join, run
from ._groups import refuse_mixed

_KEY = ["order_id", "line_id"]
_RESULTS = ["granted", "added", "short", "decision", "unfulfillable"]
_ORDERED: Mapping[Any, Sequence[str]] = {
    QueueOrder.FIFO: [],
    QueueOrder.PRIORITY: ["priority"],
    QueueOrder.EARLIEST_STREET_DATE: ["street_date"],
}
_HELD, _ON_HOLD, _AHEAD, _COMPLETE = of_plans("held", "on_hold", "ahead", "complete")


def allocate_whole(
    queue: Checked[Any],
    available: Checked[Any],
    recipes: Checked[Any] | None,
    *,
    policy: AllocationPolicy,
    at: dt.datetime,
) -> Any:
    """Return the lines of a queue with what each got, by any policy: one sort by the engine, and one pass here.

    Args:
        queue: Lines none of which holds more than it claims.
        available: What is there, a number where it is not unlimited.
        recipes: What bundles are made of, no component a bundle; ``None``: no line is one.
        policy: Who comes first, and what a claim gets that cannot be served in full; no function of a line.
        at: Now, in UTC.

    Raises:
        InvalidArgument: If the frames are on a cluster, SKUs are text in one frame and whole numbers in another, or
            the policy rations a queue with bundles or whole orders.
    """
    _refuse_clusters(queue)
    shapes, there = _shapes(recipes), _units_there(available)
    table = _arrow(run(partial(_in_turn, policy=policy, at=at), {"queue": queue}))
    parts = (need.sku for shape in shapes.values() for need in shape._needs)
    refuse_mixed(queue=table["sku"][:1].to_pylist(), available=there, recipes=chain(shapes, parts))
    verdicts = _verdicts(table, there, shapes, policy)
    return run(partial(_with_verdicts, verdicts=verdicts), {"queue": queue})


def _refuse_clusters(queue: Checked[Any]) -> None:
    engine = engine_of(queue.frame, "queue")
    if engine in CLUSTERS:
        message = (
            f"must not be on {engine}: whole orders, bundles, skip, strict and fair shares other than proportional and "
            "equal look at all lines in turn, and a line may wait for another SKU's. Find the SKUs that hang together "
            "with independent_groups, bring each group's lines together on one machine, and allocate them there as "
            "PyArrow tables or pandas frames"
        )
        raise InvalidArgument(message, "frame.cluster", "queue", str(engine))


def _in_turn(queue: Frame, *, policy: AllocationPolicy, at: dt.datetime) -> Frame:
    """Return what is needed of each line, in the order of places, lines of whole orders not yet together."""
    names = queue.collect_schema().names()
    place = [name for name in (*_ORDERED[policy.queue], "placed_at", *_KEY) if name in names]
    of = values(queue, QUEUE)
    there = [name for name in ("sku", "quantity", *place) if name not in _KEY]
    added = {
        "granted": of("granted").cast(nw.Int64).alias(_HELD),
        "hold": (~of("hold").is_null()).alias(_ON_HOLD),
        "ship": (of("ship").cast(nw.String).str.to_lowercase() == "complete").alias(_COMPLETE),
    }
    if "street_date" in names:
        added["street_date"] = is_ahead(queue, at).alias(_AHEAD)
    found = [column for name, column in added.items() if name in names]
    return queue.select(*_KEY, *there, *found).sort(*place)


def is_ahead(queue: Frame, at: dt.datetime) -> Any:
    """Return whether a line's street date is still to come; a queue has them."""
    types: Mapping[str, Any] = queue.collect_schema()
    moment = nw.Datetime("us", types["street_date"].time_zone)  # Polars compares no two zones, DuckDB knows its own
    return (nw.col("street_date").cast(moment) > nw.lit(at).cast(moment)).fill_null(value=False)


def _arrow(native: Any) -> Any:
    """Return a frame of one machine as a table of PyArrow, its rows in the order in which they are."""
    found = nw.from_native(native)
    return found.collect("pyarrow").to_native() if isinstance(found, nw.LazyFrame) else found.to_arrow()


@attrs.frozen
class _Shape:
    """What all lines of a SKU have in common; the place of a `WaitingLine`, of which a pass reads nothing else."""

    sku: Any
    _needs: tuple[Need, ...]
    components: bool


def _needed(sku: Any, quantity: int) -> Need:
    return Need(sku=sku, quantity=quantity, when_short=WhenShort.WAIT, street_date=None)


def _shapes(recipes: Checked[Any] | None) -> Mapping[Any, _Shape]:
    """Return bundle -> what its lines have in common."""
    found: dict[Any, list[Need]] = {}
    rows = [] if recipes is None else _columns(recipes, RECIPES)
    for sku, component, quantity in zip(*rows, strict=True):
        found.setdefault(sku, []).append(_needed(component, quantity))
    return {sku: _Shape(sku, tuple(needs), components=True) for sku, needs in found.items()}


def _columns(checked: Checked[Any], schema: Any) -> list[Sequence[Any]]:
    """Return the columns of a small frame."""

    def chosen(**frame: Frame) -> Frame:
        of = values(frame["frame"], schema)
        return frame["frame"].select(*(of(column.name).alias(column.name) for column in schema.columns))

    return [column.to_pylist() for column in _arrow(run(chosen, {"frame": checked})).columns]


def _units_there(available: Checked[Any]) -> dict[Any, Quantity]:
    skus, units, endless = _columns(available, AVAILABLE)
    return {sku: UNLIMITED if is_endless else most for sku, most, is_endless in zip(skus, units, endless, strict=True)}


@attrs.frozen(kw_only=True, eq=False)
class _Lines(Queue):
    """A queue of which the engine of a frame made columns.

    Attributes:
        complete: Position -> whether it is of an order that is served as a whole.
    """

    complete: Sequence[bool]

    def is_whole(self, position: int) -> bool:
        return self.wholes is None or self.complete[position]


def _verdicts(
    table: Any, available: Mapping[Any, Quantity], bundles: Mapping[Any, _Shape], policy: AllocationPolicy
) -> Any:
    """Return for each line of a table of PyArrow, by its ids, what it got."""
    table, starts, complete = _put_together(table, policy)
    lined = _lined(table, starts, complete, bundles, policy)
    claims = _numbers(table["quantity"])
    wants = list(map(sub, claims, lined.held)) if any(lined.held) else list(claims)
    asleep = _asleep(table)
    hold_up(lined, wants, asleep)
    start, _ = balance(lined, available, wants)
    ration = None if policy.ration is Rationing.IN_ORDER else policy.ration
    served = serve(lined, start, wants, shortage=policy.shortage, ration=ration)
    granted = list(map(add, lined.held, served.added))
    short = list(map(sub, claims, granted))
    told_apart = _told_apart(lined, served, available) if policy.unserved is Unserved.UNFULFILLABLE else None
    found = codes(lined, served, short=short, asleep=asleep, is_rationed=ration is not None)
    return _as_table(table, (granted, served.added, short), found, told_apart)


def _asleep(table: Any) -> dict[int, int]:
    """Return the position of each line that is on hold or not due -> the code that says so."""
    found: dict[int, int] = {}
    for name, code in ((_AHEAD, DecisionCode.NOT_DUE), (_ON_HOLD, DecisionCode.ON_HOLD)):  # the latter counts first
        if name in table.column_names:
            found |= dict.fromkeys(pc.indices_nonzero(table[name]).to_pylist(), ASLEEP[code])
    return found


def _told_apart(queue: Queue, served: Served, available: Mapping[Any, Quantity]) -> list[bool]:
    """Return whether each line was asked for, of something that is named, and not served in full."""
    named = {line.sku: any(need.sku in available for need in line._needs) for line in set(queue.lines)}
    lacks = map(gt, served.wants, served.added)
    return [is_short and named[line.sku] for is_short, line in zip(lacks, queue.lines, strict=True)]


def _as_table(table: Any, units: Sequence[Sequence[int]], found: bytearray, told_apart: Sequence[bool] | None) -> Any:
    count = len(found)
    bytes_of = pa.Array.from_buffers(pa.int8(), count, [None, pa.py_buffer(found)])
    decisions = pa.DictionaryArray.from_arrays(bytes_of, pa.array([code.value for code in CODES]))
    columns = [
        *(table[name] for name in _KEY),
        *(pa.array(column, pa.int64()) for column in units),
        decisions.cast(pa.string()),
        pa.repeat(pa.scalar(value=False), count) if told_apart is None else pa.array(told_apart, pa.bool_()),
    ]
    return pa.table(columns, names=[*_KEY, *_RESULTS])


def _with_verdicts(queue: Frame, *, verdicts: Any) -> Frame:
    kept = [name for name in queue.collect_schema().names() if name not in _RESULTS]
    return left_join(queue.select(*kept), _beside(queue, verdicts), on=_KEY)


def _beside(frame: Frame, beside: Any) -> Any:
    """Return a table of PyArrow as one of the engine of a frame of one machine."""
    engine: Any = frame.implementation
    if engine is nw.Implementation.DUCKDB:
        native: Any = frame.to_native()
        __preorder_kit_beside = beside  # DuckDB finds it by this name, if the caller has no table of that
        return nw.from_native(native.query("__preorder_kit_unread", "from __preorder_kit_beside"))
    if engine is nw.Implementation.PANDAS:
        types = {"granted": "Int64", "added": "Int64", "short": "Int64", "unfulfillable": "boolean"}
        return nw.from_native(beside.to_pandas().astype(types)).lazy()
    return nw.from_arrow(beside, backend=engine).lazy()


def _put_together(table: Any, policy: AllocationPolicy) -> tuple[Any, Sequence[int] | None, Sequence[bool]]:
    """Move the lines of each whole order to the place of its first; return the first position of each claim as well."""
    wholes = policy.unit is AllocationUnit.ORDER
    is_some = _COMPLETE in table.column_names and pc.any(table[_COMPLETE]).as_py()
    if not (wholes or is_some):
        return table, None, ()
    places = pa.array(range(table.num_rows), pa.int64())
    # Ids are numbered as they are met, so that an order's number is the rank of its first line's place.
    orders = table["order_id"].dictionary_encode().combine_chunks().indices
    claims, complete = orders, None
    if not wholes:
        found = pa.table({"order": orders, "place": places, "complete": table[_COMPLETE]}).group_by("order")
        found = found.aggregate([("place", "min"), ("complete", "any")]).sort_by("order")
        complete = found["complete_any"].combine_chunks().take(orders)
        claims = pc.if_else(complete, found["place_min"].combine_chunks().take(orders), places)
    order = pc.sort_indices(claims)
    claims = claims.take(order)
    starts = [0, *pc.add(pc.indices_nonzero(pc.not_equal(claims[1:], claims[:-1])), 1).to_pylist()]
    return table.take(order), starts[: table.num_rows], () if complete is None else complete.take(order).to_pylist()


def _lined(
    table: Any,
    starts: Sequence[int] | None,
    complete: Sequence[bool],
    bundles: Mapping[Any, _Shape],
    policy: AllocationPolicy,
) -> _Lines:
    encoded = table["sku"].dictionary_encode().combine_chunks()
    shapes = [
        bundles.get(sku) or _Shape(sku, (_needed(sku, 1),), components=False) for sku in encoded.dictionary.to_pylist()
    ]
    is_plain = not any(shape.components for shape in shapes)
    if policy.ration is not None and not (is_plain and starts is None):
        requirement = "must hold no bundle and no order that ships complete where a policy rations"
        raise refused("queue", requirement, policy.ration, code="policy.ration")
    lines: Any = list(map(shapes.__getitem__, encoded.indices.to_pylist()))
    return _Lines(
        lines=lines,
        order=range(len(lines)),
        held=_numbers(table[_HELD]) if _HELD in table.column_names else [0] * len(lines),
        starts=starts,
        wholes=None if policy.unit is AllocationUnit.ORDER else (),
        is_plain=is_plain,
        classes=_classes(table, policy) if policy.ration else (),
        complete=complete,
    )


def _classes(table: Any, policy: AllocationPolicy) -> Sequence[int]:
    names = [name for name in _ORDERED[policy.queue] if name in table.column_names]
    keys = table[names[0]].cast(pa.int64()).to_pylist() if names else [None] * table.num_rows
    return [place for place, key in enumerate(keys) if not place or key != keys[place - 1]]


def _numbers(column: Any) -> list[int]:
    found: list[int] = []
    for chunk in column.cast(pa.int64()).chunks:
        view = memoryview(chunk.buffers()[1] or b"").cast("q")
        found += view[chunk.offset : chunk.offset + len(chunk)].tolist()
    return found
