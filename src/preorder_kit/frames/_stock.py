"""Readings of stock over frames: what may be said of them, and how they are decided from facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

import narwhals.stable.v2 as nw

from .. import stock as pure
from .._checks import instance, instant, refused
from .._selling import BeforeStreetDate, SellRules, room
from ..quantities import UNLIMITED, Quantity
from ..stock import Availability, Stock
from ._agreeing import refuse_rows
from ._checking import MOST, Frame, values
from ._columns import FACTS, LABELLED, READINGS, STOCK_FIELD, of_plans
from ._engines import Checked, FrameT, check, run
from ._normalizing import READING, TYPES, nullable


def public_label(frame: FrameT | Checked[FrameT], /) -> FrameT:
    """Say what may be said in public instead of numbers, as `preorder_kit.public_label` does.

    Args:
        frame: Rows with a column ``availability``, the value of an `Availability`.

    Returns:
        The rows and columns of ``frame``, and ``label``: ``yes``, ``few`` or ``no``. Other columns are kept, numbers
        as well; `mask` takes them out.

    Raises:
        InvalidDocument: If there is no such column, or rows hold another word or nothing.
        InvalidArgument: If ``frame`` is of no engine that is known.

    Examples:
        What is unknown cannot be bought:

        >>> import polars as pl
        >>> from preorder_kit.frames import public_label
        >>> public_label(pl.DataFrame({"availability": ["low_stock", "preorder", "unknown"]})).rows()
        [('low_stock', 'few'), ('preorder', 'yes'), ('unknown', 'no')]

        There may be no rows:

        >>> public_label(pl.DataFrame({"availability": []}, schema={"availability": pl.String})).columns
        ['availability', 'label']
    """
    return run(_labelled, {"frame": check(frame, LABELLED, "frame")})  # type: ignore[no-any-return]


def _labelled(frame: Frame) -> Frame:
    word = nw.col("availability").str.to_lowercase()
    label = nw.lit("no")
    for availability in Availability:
        said = pure.public_label(Stock(availability=availability, quantity=None))
        label = nw.when(word == availability.value).then(nw.lit(said)).otherwise(label)
    return frame.with_columns(label.alias("label"))


def mask(frame: FrameT | Checked[FrameT], /) -> FrameT:
    """Take the numbers out of readings, so that what leaves the server cannot carry them.

    Args:
        frame: Rows with a column ``availability``, the value of an `Availability`.

    Returns:
        The rows of ``frame``, without the columns from which a reading is made (``stock``, ``on_hand`` and the others)
        and those that hold its numbers; ``availability``, ``street_date`` and all other columns stay.

    Raises:
        InvalidDocument: If there is no such column, or rows hold another word or nothing.
        InvalidArgument: If ``frame`` is of no engine that is known.

    Examples:
        What a field said goes, for it may be a number:

        >>> import polars as pl
        >>> from preorder_kit.frames import mask, normalize_stock
        >>> mask(normalize_stock(pl.DataFrame({"sku": ["LP"], "stock": ["4"]}))).rows(named=True)
        [{'sku': 'LP', 'availability': 'low_stock'}]

        There may be no numbers:

        >>> mask(pl.DataFrame({"availability": ["in_stock"]})).rows()
        [('in_stock',)]
    """
    return run(_masked, {"frame": check(frame, LABELLED, "frame")})  # type: ignore[no-any-return]


_STAYS = {"availability", "street_date"}
_NUMBERS = {column.name for schema in (STOCK_FIELD, FACTS, READINGS) for column in schema.columns} - _STAYS


def _masked(frame: Frame) -> Frame:
    return frame.select(*(name for name in frame.collect_schema().names() if name not in _NUMBERS))


def derive_stock(frame: FrameT | Checked[FrameT], /, *, rules: SellRules, at: dt.datetime) -> FrameT:
    """Decide what can be said and sold from what is there and what is owed, as `preorder_kit.derive_stock` does.

    Args:
        frame: Rows with a column ``on_hand``, and ``committed``, ``waiting``, ``incoming`` and ``street_date`` where
            there are any. Without a column ``incoming`` there is no bound on it. Where ``on_hand_unlimited`` or
            ``incoming_unlimited`` is true, the number beside it is not read.
        rules: How the shop sells, the same for all rows.
        at: Now. A street date is reached at that instant itself.

    Returns:
        The rows and columns of ``frame``, and ``availability``, ``quantity``, ``later`` and ``oversold`` of a `Stock`.
        Where there is no bound, ``quantity`` holds nothing, and ``quantity_unlimited`` says so; so does ``later``.

    Raises:
        InvalidDocument: If a column is missing or of another type, or rows hold what they must not.
        InvalidArgument: If ``rules`` or ``at`` is of another type, a limit of ``rules`` has more than 18 digits, or
            ``frame`` is of no engine that is known.

    Examples:
        Stock that is free, stock that waits for its street date, and a count that is wrong:

        >>> import datetime as dt
        >>> import polars as pl
        >>> from preorder_kit import SellRules
        >>> from preorder_kit.frames import derive_stock
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> later = now + dt.timedelta(days=5)
        >>> frame = pl.DataFrame({
        ...     "on_hand": [20, 20, -1], "committed": [4, 0, 0], "street_date": [None, later, None],
        ... })
        >>> found = derive_stock(frame, rules=SellRules(preorder_limit=50), at=now)
        >>> found.select("availability", "quantity", "oversold").rows()
        [('in_stock', 16, 0), ('preorder', 50, 0), ('out_of_stock', 0, 1)]

        With no bound on what may wait, there is no number:

        >>> derive_stock(frame, rules=SellRules(), at=now).select("quantity", "quantity_unlimited").rows()
        [(16, False), (None, True), (0, False)]
    """
    _refuse_large(instance(rules, "rules", of=SellRules))
    now = instant(at, "at")
    seen = check(frame, FACTS, "frame")
    for name in ("on_hand", "incoming"):
        if name in seen.facts.most:
            message = f"must hold something in each row, but where {name}_unlimited is true"
            refuse_rows(seen, partial(_neither, name=name), f"frame.{name}", "column.null", message)
    return run(partial(_derived, rules=rules, at=now), {"frame": seen})  # type: ignore[no-any-return]


def _refuse_large(rules: SellRules) -> None:
    for name in ("backorder_limit", "preorder_limit"):
        limit = getattr(rules, name)
        if limit is not UNLIMITED and limit > MOST:
            raise refused(f"rules.{name}", f"must be <= {MOST}, 18 digits, or UNLIMITED", limit, code="units.too_large")


def _neither(frame: Frame, *, name: str) -> Frame:
    units, is_endless = _bound(frame, name)
    return frame.filter(units.is_null() & ~is_endless).select(name)


def _bound(frame: Frame, name: str) -> tuple[Any, Any]:
    """Return how many units a column says, and whether there is no bound."""
    there = frame.collect_schema().names()
    of = values(frame, FACTS)
    if name in there:
        return of(name), of(f"{name}_unlimited")
    return nw.lit(0), nw.lit(value=True)


_SHELF, _ENDLESS, _COMING, _COMING_ENDLESS, _WAITING, _AHEAD, _UNSOLD, _FREE, _ROOM, _ROOM_ENDLESS = of_plans(
    *("shelf", "endless", "coming", "coming_endless", "waiting", "ahead"),
    *("unsold", "free", "room", "room_endless"),
)


def _derived(frame: Frame, *, rules: SellRules, at: dt.datetime) -> Frame:
    kept = [name for name in frame.collect_schema().names() if name not in READING]
    frame = _with(frame, _known(frame, at))
    frame = _with(frame, _unsold(rules))
    frame = _with(frame, _room(rules, at))
    said = (value.cast(TYPES[name]).alias(name) for name, value in _decided(rules).items())
    return nullable(frame.select(*kept, *said), READINGS)


def _with(frame: Frame, columns: Mapping[str, Any]) -> Frame:
    return frame.with_columns(*(value.alias(name) for name, value in columns.items()))


def _known(frame: Frame, at: dt.datetime) -> dict[str, Any]:
    """Return what is known of each row, no number where there is no bound."""
    of = values(frame, FACTS)
    has_street_date = "street_date" in frame.collect_schema().names()
    ahead = (nw.col("street_date") > nw.lit(at)).fill_null(value=False) if has_street_date else nw.lit(value=False)
    (on_hand, endless), (coming, coming_endless) = _bound(frame, "on_hand"), _bound(frame, "incoming")
    return {
        _UNSOLD: nw.when(~endless).then(on_hand - of("committed")).otherwise(nw.lit(0)),
        _ENDLESS: endless,
        _COMING: nw.when(~coming_endless).then(coming).otherwise(nw.lit(0)),
        _COMING_ENDLESS: coming_endless,
        _WAITING: of("waiting"),
        _AHEAD: ahead,
    }


def _unsold(rules: SellRules) -> dict[str, Any]:
    shelf = nw.col(_UNSOLD) - min(rules.safety_stock, MOST)  # what is unsold is less than that
    return {_SHELF: nw.max_horizontal(shelf, nw.lit(0)), _FREE: shelf - nw.col(_WAITING)}


def _room(rules: SellRules, at: dt.datetime) -> dict[str, Any]:
    """Return how many units may be sold to wait, by row."""
    if not _is_open(rules, at):
        return {_ROOM: nw.lit(0), _ROOM_ENDLESS: nw.lit(value=False)}
    ahead, endless, coming_endless = nw.col(_AHEAD), nw.col(_ENDLESS), nw.col(_COMING_ENDLESS)
    waiting, shelf, coming = nw.col(_WAITING), nw.col(_SHELF), nw.col(_COMING)
    before, before_endless = _least(rules.preorder_limit, coming + shelf, coming_endless | endless)
    after, after_endless = _least(rules.backorder_limit, coming, coming_endless)
    beyond = nw.when(endless).then(nw.lit(0)).otherwise(nw.max_horizontal(waiting - shelf, nw.lit(0)))
    room = nw.when(ahead).then(before - waiting).otherwise(after - beyond)
    return {
        _ROOM: nw.max_horizontal(room, nw.lit(0)),
        _ROOM_ENDLESS: nw.when(ahead).then(before_endless).otherwise(after_endless),
    }


def _least(limit: Quantity, units: Any, is_endless: Any) -> tuple[Any, Any]:
    """Return the smaller of a limit and of units that may have no bound."""
    if limit is UNLIMITED:
        return units, is_endless
    least = nw.min_horizontal(units, nw.lit(limit))
    return nw.when(is_endless).then(nw.lit(limit)).otherwise(least), nw.lit(value=False)


def _is_open(rules: SellRules, at: dt.datetime) -> bool:
    """Return whether units may be sold to wait, the limits left aside."""
    endless = SellRules(backorder_limit=UNLIMITED, sales_window=rules.sales_window)
    return room(endless, ahead=False, shelf=0, waiting=0, incoming=UNLIMITED, at=at) is UNLIMITED


def _decided(rules: SellRules) -> dict[str, Any]:
    """Return the columns of a reading."""
    ahead, endless, free, room = nw.col(_AHEAD), nw.col(_ENDLESS), nw.col(_FREE), nw.col(_ROOM)
    on_shelf = endless | (free > 0)
    if rules.before_street_date is BeforeStreetDate.HOLD:
        on_shelf &= ~ahead
    room_endless = nw.col(_ROOM_ENDLESS)
    quantity_endless = nw.when(on_shelf).then(endless).otherwise(room_endless)
    later_endless = on_shelf & ~ahead & room_endless
    few = ~endless & (free < min(rules.few_below, MOST + 1))
    shelf = nw.when(few).then(nw.lit("low_stock")).otherwise(nw.lit("in_stock"))
    to_wait = nw.when(ahead).then(nw.lit("preorder")).otherwise(nw.lit("backorder"))
    wait = nw.when(room_endless | (room > 0)).then(to_wait).otherwise(nw.lit("out_of_stock"))
    units = nw.when(on_shelf).then(free).otherwise(room)
    later = nw.when(on_shelf & ~ahead).then(room).otherwise(nw.lit(0))
    return {
        "availability": nw.when(on_shelf).then(shelf).otherwise(wait),
        "quantity": nw.when(~quantity_endless).then(units),
        "quantity_unlimited": quantity_endless,
        "later": nw.when(~later_endless).then(later),
        "later_unlimited": later_endless,
        "oversold": nw.max_horizontal(nw.lit(0) - nw.col(_UNSOLD), nw.lit(0)),
    }
