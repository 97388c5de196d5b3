"""What can be promised from which day on, over frames: balances and their lowest, by windows over SKUs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import narwhals.stable.v2 as nw

from .._checks import day as check_day
from .._checks import optional, units
from ..errors import InvalidArgument
from ..supply import _overdue_day
from ._agreeing import refuse_rows
from ._checking import MOST, Frame, values
from ._columns import COMMITMENTS, ON_HAND, RECEIPTS, of_plans
from ._engines import Checked, FrameT, check_all, run, table_beside

#: The balance of a SKU that has no bound: none that has one comes to it.
_NO_BOUND = 2**63 - 1
_CHANGE, _BALANCE, _LOWEST, _SAFETY, _ENDLESS = of_plans("change", "balance", "lowest", "safety", "endless")

#: Columns of whole numbers.
_WHOLE = ("on_hand", "safety_stock", "quantity", "reserved")


def atp_timeline(
    on_hand: FrameT | Checked[FrameT],
    /,
    *,
    receipts: FrameT | Checked[FrameT] | None = None,
    commitments: FrameT | Checked[FrameT] | None = None,
    start: dt.date,
    overdue: int | None = None,
    days: int | None = None,
) -> FrameT:
    """Return from each day on how many units of each SKU can be promised, as `preorder_kit.atp_timeline` does.

    The rows of an order that is not to stand in its own way are left out of ``commitments`` before.

    Args:
        on_hand: What is there of each SKU, what of it is not promised, and, in ``replenished``, from which day on there
            is any number: the last day on which a replenishment begun on ``start`` may end. One that has passed is
            ``start``. A SKU that is not named has none.
        receipts: What is coming; ``None``: nothing.
        commitments: What is owed; ``None``: nothing.
        start: Today.
        overdue: How many days from ``start`` on the receipts count whose day has passed; ``None``: they do not count.
            What was owed before ``start`` is owed still.
        days: How many days from ``start`` on have a row each, whatever happens on them; ``None``: the first has one,
            and each later day that changes an answer.

    Returns:
        Rows of ``sku``, ``day``, ``available``, ``available_unlimited``, ``withheld`` and ``short``, for each SKU that
        some frame names. Where there is no bound, ``available`` holds nothing. Rows are in no order.

    Raises:
        InvalidDocument: If a column is missing or of another type, or rows hold what they must not.
        InvalidArgument: If ``start`` is no day, ``overdue`` or ``days`` is negative or leaves the calendar, frames are
            of several engines, or numbers are so large that sums of them might not fit into 64 bits.

    Examples:
        Ten there, eight owed on the sixth, five coming on the tenth:

        >>> import datetime as dt
        >>> import polars as pl
        >>> from preorder_kit.frames import atp_timeline
        >>> on_hand = pl.DataFrame({"sku": ["CD"], "on_hand": [10]})
        >>> receipts = pl.DataFrame({"sku": ["CD"], "quantity": [5], "expected": [dt.date(2026, 12, 10)]})
        >>> owed = pl.DataFrame({"sku": ["CD"], "quantity": [8], "due": [dt.date(2026, 12, 6)]})
        >>> steps = atp_timeline(on_hand, receipts=receipts, commitments=owed, start=dt.date(2026, 11, 22))
        >>> for row in steps.select("sku", "day", "available").sort("day").rows():
        ...     print(*row)
        CD 2026-11-22 2
        CD 2026-12-10 7

        A SKU that is owed and that nobody has counted:

        >>> lp = pl.DataFrame({"sku": ["LP"], "quantity": [3]})
        >>> steps = atp_timeline(on_hand, commitments=lp, start=dt.date(2026, 11, 22))
        >>> steps.select("sku", "available", "short").sort("sku").rows()
        [('CD', 10, 0), ('LP', 0, 3)]
    """
    first = check_day(start, "start")
    late = None if overdue is None else _overdue_day(first, units(overdue, "overdue"))
    last = optional(days, "days", check=_last_day, start=first)
    plan = partial(_timeline, start=first, late=late, last=last)
    return run(plan, _checked(on_hand, receipts, commitments), by="sku")  # type: ignore[no-any-return]


def available_now(
    on_hand: FrameT | Checked[FrameT],
    /,
    *,
    receipts: FrameT | Checked[FrameT] | None = None,
    commitments: FrameT | Checked[FrameT] | None = None,
    day: dt.date,
) -> FrameT:
    """Return how many units of each SKU can be promised on a day, as `preorder_kit.available_now` does.

    Args:
        on_hand: What is there of each SKU, as `atp_timeline` has it.
        receipts: What is coming; ``None``: nothing. What was to come before ``day`` does not count.
        commitments: What is owed; ``None``: nothing.
        day: Today.

    Returns:
        Rows of ``sku``, ``available`` and ``available_unlimited``, one for each SKU that some frame names, in no order.

    Raises:
        InvalidDocument: If a column is missing or of another type, or rows hold what they must not.
        InvalidArgument: If ``day`` is no day, frames are of several engines, or numbers are so large that sums of them
            might not fit into 64 bits.

    Examples:
        Ten there, eight of them owed in two weeks:

        >>> import datetime as dt
        >>> import polars as pl
        >>> from preorder_kit.frames import available_now
        >>> on_hand = pl.DataFrame({"sku": ["CD"], "on_hand": [10]})
        >>> owed = pl.DataFrame({"sku": ["CD"], "quantity": [8], "due": [dt.date(2026, 12, 6)]})
        >>> available_now(on_hand, commitments=owed, day=dt.date(2026, 11, 22)).rows()
        [('CD', 2, False)]

        A file that never runs out:

        >>> on_hand = pl.DataFrame({"sku": ["MP3"], "on_hand": [None], "on_hand_unlimited": [True]})
        >>> on_hand = on_hand.with_columns(pl.col("on_hand").cast(pl.Int64))
        >>> available_now(on_hand, day=dt.date(2026, 11, 22)).rows()
        [('MP3', None, True)]
    """
    plan = partial(_now, start=check_day(day, "day"))
    return run(plan, _checked(on_hand, receipts, commitments), by="sku")  # type: ignore[no-any-return]


def _last_day(days: object, path: str, *, start: dt.date) -> dt.date:
    count = units(days, path, least=1)
    if count - 1 > (dt.date.max - start).days:
        raise InvalidArgument("must be a number of days that the calendar has", "units.invalid", path, days)
    return start + dt.timedelta(count - 1)


def _checked(on_hand: Any, receipts: Any, commitments: Any) -> dict[str, Checked[Any]]:
    given = {
        "on_hand": (on_hand, ON_HAND),
        "receipts": (receipts, RECEIPTS),
        "commitments": (commitments, COMMITMENTS),
    }
    found = check_all({name: one for name, one in given.items() if one[0] is not None})
    message = "must hold something in each row, but where on_hand_unlimited is true"
    refuse_rows(found["on_hand"], _uncounted, "on_hand.on_hand", "column.null", message)
    if "receipts" in found and found["receipts"].facts.most.get("reserved"):
        refuse_rows(found["receipts"], _overbooked, "receipts.reserved", "units.invalid", "must be <= quantity")
    _refuse_large(found)
    return found


def _uncounted(frame: Frame) -> Frame:
    of = values(frame, ON_HAND)
    return frame.filter(nw.col("on_hand").is_null() & ~of("on_hand_unlimited")).select("sku")


def _overbooked(frame: Frame) -> Frame:
    return frame.filter(nw.col("reserved") > nw.col("quantity")).select("sku", "expected", "quantity", "reserved")


def _refuse_large(found: Mapping[str, Checked[Any]]) -> None:
    """Refuse what might come to more than 64 bits hold, if all of it were of one SKU."""
    for name in found.keys() - {"on_hand"}:
        rows, most = found[name].facts.rows, found[name].facts.most["quantity"]
        if MOST + rows * most >= _NO_BOUND:
            message = (
                f"must be so few and small that their sum is below {_NO_BOUND - MOST} (got {rows} rows of up to {most} "
                "units): count in a larger unit, hand in a part of the SKUs at a time, or hand the SKUs with such "
                "numbers to the functions over values, which know no bound"
            )
            raise InvalidArgument(message, "units.too_large", f"{name}.quantity", most)


def _now(start: dt.date, **frames: Frame) -> Frame:
    found = _timeline(start=start, late=None, last=start, **frames)
    return found.select("sku", "available", "available_unlimited")


def _timeline(*, start: dt.date, late: dt.date | None, last: dt.date | None, **frames: Frame) -> Frame:
    frames, is_held = {name: frame.lazy() for name, frame in frames.items()}, _is_held(frames["on_hand"])
    skus = _skus(frames, start)
    changes = [*_changes(skus, start, last), *_dated(frames, start, late)]
    found = nw.concat(changes).group_by("sku", "day").agg(nw.col(_CHANGE).sum())
    found = _lowest(found.with_columns(nw.col(_CHANGE).cast(nw.Int64)).join(skus, on="sku", how="left"))
    kept = _changes_an_answer(start) if last is None else nw.col("day") <= _day(last)
    steps: Any = _steps(found.filter(kept))
    return steps.collect("polars") if is_held else steps  # type: ignore[no-any-return]


def _is_held(frame: Any) -> bool:
    """Return whether a plan was given what Polars holds in memory: so many steps are planned as one, then taken."""
    return isinstance(frame, nw.DataFrame)


def _skus(frames: Mapping[str, Frame], start: dt.date) -> Frame:
    """Return a row for each SKU: its units, its safety stock, and from which day on it has no bound, if any."""
    names = nw.concat([frame.select("sku") for frame in frames.values()]).unique()
    on_hand, of = frames["on_hand"], values(frames["on_hand"], ON_HAND)
    on_hand = _nullable(on_hand.with_columns(of("safety_stock").cast(nw.Int64).alias("safety_stock")))
    is_endless = of("on_hand_unlimited")
    there = on_hand.select(
        "sku",
        nw.when(~is_endless).then(nw.col("on_hand")).alias(_CHANGE),
        nw.col("safety_stock").alias(_SAFETY),
        nw.when(is_endless).then(_day(start)).otherwise(_not_before(start, of("replenished"))).alias(_ENDLESS),
    )
    return names.join(there, on="sku", how="left").with_columns(nw.col(_CHANGE, _SAFETY).fill_null(0))


def _nullable(frame: Frame) -> Frame:
    """Return a frame whose whole numbers pandas does not turn to floats where it finds nothing."""
    engine: Any = frame.implementation
    if engine is not nw.Implementation.PANDAS:
        return frame
    native: Any = frame.to_native()
    found: Frame = nw.from_native(native.astype({name: "Int64" for name in _WHOLE if name in native.columns})).lazy()
    return found


def _day(day: dt.date | None) -> Any:
    return nw.lit(day, nw.Date())


def _not_before(start: dt.date, day: Any) -> Any:
    """Return the later of two days, nothing where the second is not there."""
    return nw.when(day < _day(start)).then(_day(start)).otherwise(day).cast(nw.Date())


def _changes(skus: Frame, start: dt.date, last: dt.date | None) -> Iterator[Frame]:
    """Yield the days that a SKU has whatever comes and leaves, the first of them with what is on hand."""
    nothing = nw.lit(0, nw.Int64()).alias(_CHANGE)
    yield skus.select("sku", _day(start).alias("day"), _CHANGE)
    yield skus.filter(nw.col(_ENDLESS) > _day(start)).select("sku", nw.col(_ENDLESS).alias("day"), nothing)
    if last is not None:
        days = [start + dt.timedelta(place) for place in range((last - start).days + 1)]
        grid = skus.select("sku").join(table_beside(skus, {"day": days}, {"day": nw.Date()}), how="cross")
        yield grid.select("sku", "day", nothing)


def _dated(frames: Mapping[str, Frame], start: dt.date, late: dt.date | None) -> Iterator[Frame]:
    """Yield what comes and what leaves, by the day on which it does."""
    if "receipts" in frames:
        receipts = _nullable(frames["receipts"])
        units_coming = nw.col("quantity") - values(receipts, RECEIPTS)("reserved")
        if late is None:
            receipts = receipts.filter(nw.col("expected") >= _day(start))
        day = nw.when(nw.col("expected") < _day(start)).then(_day(late)).otherwise(nw.col("expected"))
        yield receipts.select("sku", day.cast(nw.Date()).alias("day"), units_coming.alias(_CHANGE))
    if "commitments" in frames:
        owed = _nullable(frames["commitments"])
        due = values(owed, COMMITMENTS)("due")
        day = nw.when(due > _day(start)).then(due).otherwise(_day(start))
        yield owed.select("sku", day.cast(nw.Date()).alias("day"), (-nw.col("quantity")).alias(_CHANGE))


def _lowest(found: Frame) -> Frame:
    """Put beside each day of a SKU its balance, and the lowest that it gets from then on."""
    balance = nw.col(_CHANGE).cum_sum().over("sku", order_by=["day"]).cast(nw.Int64)
    is_endless = (nw.col("day") >= nw.col(_ENDLESS)).fill_null(value=False)
    bound = nw.when(~is_endless).then(nw.col(_BALANCE)).otherwise(nw.lit(_NO_BOUND, nw.Int64()))
    found = found.with_columns(balance.alias(_BALANCE)).with_columns(bound.alias(_LOWEST))
    return found.with_columns(nw.col(_LOWEST).cum_min(reverse=True).over("sku", order_by=["day"]))


def _changes_an_answer(start: dt.date) -> Any:
    """Return whether a day is the first, or the lowest balance from it on is above the one of the day before.

    That one is the balance of the day before or the lowest from this day on, whichever is less.
    """
    has_ended = (nw.col("day") > nw.col(_ENDLESS)).fill_null(value=False)
    is_higher = nw.col(_BALANCE) - nw.col(_CHANGE) < nw.col(_LOWEST)
    return (nw.col("day") == _day(start)) | (is_higher & ~has_ended)


def _steps(found: Frame) -> Frame:
    lowest, safety, none = nw.col(_LOWEST), nw.col(_SAFETY), nw.lit(0, nw.Int64())
    has_bound = lowest != _NO_BOUND
    there = nw.max_horizontal(lowest, none)
    return found.select(
        "sku",
        "day",
        nw.when(has_bound).then(nw.max_horizontal(there - safety, none)).cast(nw.Int64).alias("available"),
        (~has_bound).alias("available_unlimited"),
        nw.when(has_bound).then(nw.min_horizontal(there, safety)).otherwise(none).cast(nw.Int64).alias("withheld"),
        nw.max_horizontal(-lowest, none).cast(nw.Int64).alias("short"),
    )
