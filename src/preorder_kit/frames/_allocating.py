"""Stock has arrived and it is not enough, over frames: who gets it, by windows over SKUs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, Generic

import attrs
import narwhals.stable.v2 as nw

from .._checks import instance, instant, refused
from ..rationing import Rationing
from ..waiting_room import AllocationPolicy, AllocationUnit, DecisionCode, QueueOrder, Shortage, Unserved
from ._agreeing import Room, check_room, refuse_large_shares
from ._checking import Frame, values
from ._columns import QUEUE, of_plans
from ._engines import Checked, FrameT, left_join, run
from ._shares import HELD, SHARE, THERE, WANTS, equal, proportional
from ._stocking import stock_of_lines, stock_of_queue
from ._whole import allocate_whole, is_ahead


@attrs.frozen(kw_only=True)
class FrameAllocation(Generic[FrameT]):
    """Who gets what is there, as frames of the engine that the queue is of.

    Attributes:
        lines: The queue's rows and columns, and of each line ``granted``, all units that it holds now; ``added``, those
            that this run gave; ``short``, those that it still lacks; ``decision``, the value of a `DecisionCode`; and
            ``unfulfillable``, whether the policy tells it apart.
        stock: Found when it is first looked at, from what the frames hold then. A row for each SKU on a shelf that the
            queue wants or that is there:
            ``available``; ``granted``, all that lines hold of it now; ``waiting``, what they still lack; ``left_over``,
            what nobody got; ``oversold``, what earlier grants hold beyond what is there. Where there is no bound,
            ``available`` and ``left_over`` hold nothing; ``available_unlimited`` and ``left_over_unlimited`` say so.
    """

    lines: FrameT
    _stock: Callable[[], FrameT] = attrs.field(eq=False, repr=False)

    @cached_property
    def stock(self) -> FrameT:
        """What becomes of each SKU."""
        return self._stock()


def allocate(
    queue: FrameT | Checked[FrameT],
    /,
    *,
    available: FrameT | Checked[FrameT],
    policy: AllocationPolicy = AllocationPolicy(),  # noqa: B008  # a frozen value
    at: dt.datetime,
    recipes: FrameT | Checked[FrameT] | None = None,
) -> FrameAllocation[FrameT]:
    """Share out what is there among lines that wait, as `preorder_kit.allocate` does.

    Lines that may be served in part, by the order of the queue or by the rations PROPORTIONAL and EQUAL, are served by
    the engine itself. Whole orders, STRICT, SKIP, bundles and other rations need one line after the other: they are
    served on one machine, and refused for Spark and Dask.

    Args:
        queue: The lines that wait, each with its whole claim; what a line holds already is in ``granted``.
        available: What is there of each SKU on a shelf, what is granted included; a SKU that is not named has none.
        policy: Who comes first, and what a claim gets that cannot be served in full; no function of a line.
        at: Now. A line is due at its street date itself.
        recipes: What bundles are made of; ``None``: no line is a bundle.

    Returns:
        Who holds what, and why, and what becomes of each SKU. The same rows in another order, or in other partitions,
        give an equal result.

    Raises:
        InvalidDocument: If a column is missing or of another type, or rows hold what they must not: a line more than
            its claim, a recipe a bundle.
        InvalidArgument: If frames are of several engines, an engine cannot do it, numbers are so large that sums of
            them do not fit into 64 bits, or ``at`` or ``policy`` is of another type.

    Examples:
        Five units, and three lines that want nine:

        >>> import datetime as dt
        >>> import polars as pl
        >>> from preorder_kit.frames import allocate
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> queue = pl.DataFrame({
        ...     "order_id": ["O1", "O2", "O3"], "line_id": ["1", "1", "1"], "sku": ["LP", "LP", "LP"],
        ...     "quantity": [3, 4, 2], "placed_at": [now, now, now],
        ... })
        >>> available = pl.DataFrame({"sku": ["LP"], "available": [5]})
        >>> found = allocate(queue, available=available, at=now)
        >>> found.lines.select("order_id", "granted", "short", "decision").rows()
        [('O1', 3, 0, 'granted'), ('O2', 2, 2, 'partial'), ('O3', 0, 2, 'no_stock')]

        Its lines are a queue with grants: handed in again, they get what has come in since.

        >>> available = pl.DataFrame({"sku": ["LP"], "available": [6]})
        >>> allocate(found.lines, available=available, at=now).lines["added"].to_list()
        [0, 1, 0]
    """
    now = instant(at, "at")
    order = instance(policy, "policy", of=AllocationPolicy).queue
    if not isinstance(order, QueueOrder):
        requirement = "must be a QueueOrder: frames have no lines to call a function with; put its key into priority"
        raise refused("policy.queue", requirement, order, code="policy.queue")
    room = check_room(queue, available, recipes)
    return (_by_windows if _is_by_windows(room, policy) else _one_by_one)(room, policy, now)


def _is_by_windows(room: Room, policy: AllocationPolicy) -> bool:
    in_part = (policy.shortage, policy.unit) == (Shortage.PARTIAL, AllocationUnit.LINE)
    ration = policy.ration in {None, Rationing.IN_ORDER, *_SHARES}
    return in_part and ration and room.recipes is None and "complete" not in room.queue.facts.words.get("ship", ())


def _by_windows(room: Room, policy: AllocationPolicy, at: dt.datetime) -> FrameAllocation[Any]:
    if policy.ration in _SHARES:
        refuse_large_shares(room.queue, room.available)
    given = {"queue": room.queue, "available": room.available}
    lines, stock = partial(_lines, policy=policy, at=at), partial(stock_of_queue, wants=partial(_wants, at=at))
    return FrameAllocation(lines=run(lines, given, by="sku"), stock=partial(run, stock, given, by="sku"))


def _one_by_one(room: Room, policy: AllocationPolicy, at: dt.datetime) -> FrameAllocation[Any]:
    lines = allocate_whole(room.queue, room.available, room.recipes, policy=policy, at=at)
    given = {"lines": attrs.evolve(room.queue, frame=lines), "available": room.available}
    parts = {"recipes": room.recipes} if room.recipes else {}
    return FrameAllocation(lines=lines, stock=partial(run, stock_of_lines, given | parts))


_SHARES: Mapping[Rationing | None, Callable[..., Frame]] = {
    Rationing.PROPORTIONAL: proportional,
    Rationing.EQUAL: equal,
}


_PLACE = ("placed_at", "order_id", "line_id")
_BEFORE, _IS_NAMED, _IS_SHARED = of_plans("before", "is_named", "is_shared")
_RESULTS = ("granted", "added", "short", "decision", "unfulfillable")


def _lines(queue: Frame, available: Frame, *, policy: AllocationPolicy, at: dt.datetime) -> Frame:
    """Return the lines of the queue with what each gets, and why."""
    kept = [name for name in queue.collect_schema().names() if name not in _RESULTS]
    asks = _wants(queue, at).alias(WANTS), values(queue, QUEUE)("granted").cast(nw.Int64).alias(HELD)
    lines = _served(queue.with_columns(*asks), available, policy)
    lines = lines.with_columns(granted=nw.col(HELD) + nw.col(SHARE))
    lines = lines.with_columns(short=nw.col("quantity") - nw.col("granted"))
    told_apart = nw.lit(value=False)
    if policy.unserved is Unserved.UNFULFILLABLE:
        told_apart = (nw.col(WANTS) > nw.col(SHARE)) & nw.col(_IS_NAMED)
    return lines.select(
        *kept,
        "granted",
        nw.col(SHARE).alias("added"),
        "short",
        _decision(lines, policy, at).alias("decision"),
        told_apart.alias("unfulfillable"),
    )


def _wants(queue: Frame, at: dt.datetime) -> Any:
    """Return what each line wants now: nothing if it is on hold or not due."""
    wants = nw.col("quantity") - values(queue, QUEUE)("granted")
    for is_asleep, _ in _asleep(queue, at):
        wants = nw.when(is_asleep).then(nw.lit(0)).otherwise(wants)
    return wants.cast(nw.Int64)


def _asleep(queue: Frame, at: dt.datetime) -> Iterator[tuple[Any, DecisionCode]]:
    """Yield why lines are not served now, what counts first last."""
    names = queue.collect_schema().names()
    if "street_date" in names:
        yield is_ahead(queue, at), DecisionCode.NOT_DUE
    if "hold" in names:
        yield ~nw.col("hold").is_null(), DecisionCode.ON_HOLD


def _decision(lines: Frame, policy: AllocationPolicy, at: dt.datetime) -> Any:
    code = nw.when(nw.col("granted") > 0).then(_code(DecisionCode.PARTIAL)).otherwise(_code(DecisionCode.NO_STOCK))
    if policy.ration in _SHARES:
        code = nw.when(nw.col(_IS_SHARED)).then(_code(DecisionCode.RATIONED)).otherwise(code)
    for is_asleep, why in _asleep(lines, at):
        code = nw.when(is_asleep).then(_code(why)).otherwise(code)
    return nw.when(nw.col("short") == 0).then(_code(DecisionCode.GRANTED)).otherwise(code)


def _code(code: DecisionCode) -> Any:
    return nw.lit(code.value)


#: More than all lines may want together, and than any number that a frame may hold.
_ENDLESS = 1 << 62


def _served(lines: Frame, available: Frame, policy: AllocationPolicy) -> Frame:
    """Give each line its share of what earlier grants leave."""
    shelf = _shelf(lines, available)
    if policy.ration in _SHARES:
        return _shared(_beside(lines, shelf), policy)
    tells_apart = policy.unserved is Unserved.UNFULFILLABLE
    # pandas would make floats of whole numbers in columns that the shelf does not have.
    if tells_apart or lines.implementation.is_pandas():
        return _in_turn(_beside(lines, shelf), policy)
    return _in_turn_below(lines, shelf, policy)


def _shelf(lines: Frame, available: Frame) -> Frame:
    """Return what is there of each SKU beyond what lines hold already."""
    there = nw.col("available")
    if "available_unlimited" in available.collect_schema().names():
        # The column first: for pandas its type is the result's, a literal's has no nulls and would be joined as floats.
        there = nw.when(~nw.col("available_unlimited")).then(there).otherwise(nw.lit(_ENDLESS))
    shelf = available.select("sku", there.cast(nw.Int64).alias(THERE))
    if "granted" not in lines.collect_schema().names():
        return shelf
    shelf = left_join(shelf, lines.group_by("sku").agg(nw.col(HELD).sum()), on="sku")
    return shelf.select("sku", (nw.col(THERE) - nw.col(HELD).fill_null(0)).cast(nw.Int64).alias(THERE))


def _beside(lines: Frame, shelf: Frame) -> Frame:
    """Return the lines with what is there of the SKU of each."""
    lines = left_join(lines, shelf, on="sku").with_columns((~nw.col(THERE).is_null()).alias(_IS_NAMED))
    return lines.with_columns(nw.col(THERE).fill_null(0))


_BY: Mapping[object, tuple[str, ...]] = {
    QueueOrder.FIFO: (),
    QueueOrder.PRIORITY: ("priority",),
    QueueOrder.EARLIEST_STREET_DATE: ("street_date",),
}


def _class(lines: Frame, policy: AllocationPolicy) -> list[str]:
    """Return the column that gives lines their places before their instants and ids, if there is one."""
    return [name for name in _BY[policy.queue] if name in lines.collect_schema().names()]


def _in_turn(lines: Frame, policy: AllocationPolicy) -> Frame:
    """Give each line, in its turn, what is there."""
    return _given(lines, nw.col(THERE) - _taken(lines, policy) + nw.col(WANTS))


def _in_turn_below(lines: Frame, shelf: Frame, policy: AllocationPolicy) -> Frame:
    """Do the same without a join: each SKU's shelf is a row above its lines, which wants less than nothing.

    Nothing stands in the columns that give lines their places, so it comes first.
    """
    above = shelf.select("sku", (-nw.col(THERE)).alias(WANTS))
    lines = nw.concat([lines, above], how="diagonal")
    lines = lines.with_columns((nw.col(WANTS) - _taken(lines, policy)).alias(THERE))
    return _given(lines.filter(~nw.col("order_id").is_null()), nw.col(THERE))


def _taken(lines: Frame, policy: AllocationPolicy) -> Any:
    """Return what each line and all ahead of it want."""
    return nw.col(WANTS).cum_sum().over("sku", order_by=[*_class(lines, policy), *_PLACE]).cast(nw.Int64)


def _given(lines: Frame, left: Any) -> Frame:
    """Give each line what it wants of what is left for it."""
    share = nw.min_horizontal(nw.col(WANTS), nw.max_horizontal(left, nw.lit(0)))
    return lines.with_columns(share.cast(nw.Int64).alias(SHARE))


def _shared(lines: Frame, policy: AllocationPolicy) -> Frame:
    """Share each SKU among the lines of a class, one class after the other."""
    classes = _class(lines, policy)
    by = ["sku", *classes]
    if classes:
        before = nw.col(WANTS).cum_sum().over("sku", order_by=[*classes, *_PLACE]).cast(nw.Int64) - nw.col(WANTS)
        lines = lines.with_columns(before.alias(_BEFORE))
        lines = lines.with_columns((nw.col(THERE) - nw.col(_BEFORE).min().over(*by)).alias(THERE))
    asked = nw.col(WANTS).sum().over(*by).cast(nw.Int64)
    there = nw.min_horizontal(asked, nw.max_horizontal(nw.col(THERE), nw.lit(0)))
    lines = lines.with_columns((nw.col(THERE) > 0).alias(_IS_SHARED), there.cast(nw.Int64).alias(THERE))
    return _SHARES[policy.ration](lines, by=by, place=_PLACE)
