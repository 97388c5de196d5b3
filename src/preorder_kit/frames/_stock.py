"""Readings of stock over frames: read from a field, decided from facts, or put together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from .. import stock as pure
from .._checks import instance, instant, refused, shown, units
from .._selling import BeforeStreetDate, SellRules, room
from ..errors import InvalidDocument, InvalidStock, Problem
from ..quantities import UNLIMITED, Quantity
from ..stock import Availability, Stock
from ._agreeing import refuse_rows
from ._checking import MOST, Frame, refuse, rows_of, type_problems, values
from ._columns import FACTS, LABELLED, READINGS, STOCK_FIELD, Schema
from ._engines import Checked, FrameT, check, left_join, run, table_beside
from ._native_types import ready_in_pandas

_READING = [column.name for column in READINGS.columns]
_SHOWN = 5


def _temporary(name: str) -> str:
    return f"__preorder_kit_{name}"


def normalize_stock(frame: FrameT | Checked[FrameT], /, *, few_below: int = 10) -> FrameT:
    """Read a column of what a shop system puts in a stock field, as `preorder_kit.normalize_stock` reads one.

    Args:
        frame: Rows with a column ``stock`` of whole numbers or text; nothing in it: nothing is known.
        few_below: The number of units from which on it is no longer few: n is few if 0 < n < ``few_below``.

    Returns:
        The rows and columns of ``frame``, and ``availability``, ``quantity``, ``later`` and ``oversold`` of a `Stock`.
        Where there is no bound, ``quantity`` holds nothing, and ``quantity_unlimited`` says so; so does ``later``.

    Raises:
        InvalidDocument: If there is no such column, it is of another type, or rows hold what is no reading.
        InvalidArgument: If ``few_below`` is no whole number >= 0, or ``frame`` is of no engine that is known.

    Examples:
        Numbers, words, and nothing:

        >>> import polars as pl
        >>> from preorder_kit.frames import normalize_stock
        >>> frame = pl.DataFrame({"stock": ["4", "infinite", "-2", None]})
        >>> found = normalize_stock(frame)
        >>> found.select("availability", "quantity", "quantity_unlimited", "oversold").rows()
        [('low_stock', 4, False, 0), ('preorder', None, True, 0), ('out_of_stock', 0, False, 2), ('unknown', None, False, 0)]

        What is not a reading is refused, never guessed:

        >>> normalize_stock(pl.DataFrame({"stock": ["5.5", "maybe", "maybe"]}))
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: frame.stock: must be a whole number of at most 18 digits or one of yes, few, no, infinite, preorder; not so for 3 rows: 'maybe' (2 rows), '5.5' (1 row)
    """  # noqa: E501  # what comes out is one line
    units(few_below, "few_below")
    seen = check(frame.frame if isinstance(frame, Checked) else frame, _ANY, "frame")
    readings = _readings(run(_unread, {"frame": seen}), few_below)
    plan = partial(_normalized, readings=readings, few_below=min(few_below, MOST + 1))
    return run(plan, {"frame": Checked(seen.frame, STOCK_FIELD, seen.facts)})  # type: ignore[no-any-return]


_ANY = Schema("anything", ())
_ROWS = _temporary("rows")


def _is_text(frame: Frame) -> bool:
    return not frame.collect_schema()["stock"].is_integer()


def _counts(raw: Any) -> Any:
    """Return whether text is a number without blanks, in the same words for all engines."""
    # Where a line may end after "$", engines differ; no such sign is left.
    return raw.str.contains("^-?[0-9]{1,18}$") & ~raw.str.contains("[^0-9-]")


def _unread(frame: Frame) -> Frame:
    """Return what stands in a stock field and is no plain number, and in how many rows."""
    refuse(type_problems(frame, STOCK_FIELD, "frame"))
    raw = nw.col("stock")
    if _is_text(frame):
        words = frame.select(raw.cast(nw.String)).filter(~raw.is_null()).filter(~_counts(raw))
    else:
        words = frame.select("stock").filter((raw > MOST) | (raw < -MOST))
    return words.group_by("stock").agg(nw.len().alias(_ROWS))


def _readings(native: Any, few_below: int) -> Mapping[Any, Stock]:
    """Return the reading of each word, as the function over values reads it, or refuse those that are none."""
    counted = Counter[Any]()
    for row in rows_of(nw.from_native(native.compute() if hasattr(native, "dask") else native).lazy()):
        counted[row["stock"]] += int(row[_ROWS])
    found, bad = {}, Counter[Any]()
    for raw, count in counted.items():
        try:
            found[raw] = pure.normalize_stock(raw if isinstance(raw, str) else str(raw), few_below=few_below)
        except InvalidStock:
            bad[raw] = count
    if bad:
        raise InvalidDocument([_unrecognised(bad)])
    return found


def _unrecognised(bad: Counter[Any]) -> Problem:
    most = sorted(bad.items(), key=lambda item: (-item[1], str(item[0])))[:_SHOWN]
    named = ", ".join(f"{shown(raw)} ({_of_rows(count)})" for raw, count in most)
    more = f", and {len(bad) - len(most)} more" if len(bad) > len(most) else ""
    message = (
        "must be a whole number of at most 18 digits or one of yes, few, no, infinite, preorder; "
        f"not so for {_of_rows(bad.total())}: {named}{more}"
    )
    return Problem("frame.stock", "stock.unrecognised", message, tuple(raw for raw, _ in most))


def _of_rows(count: int) -> str:
    return f"{count} row{'s' * (count > 1)}"


_TYPES = {
    "availability": nw.String(),
    "quantity": nw.Int64(),
    "quantity_unlimited": nw.Boolean(),
    "later": nw.Int64(),
    "later_unlimited": nw.Boolean(),
    "oversold": nw.Int64(),
}


def _row(stock: Stock) -> dict[str, Any]:
    """Return a reading as the columns that hold it."""
    return {
        "availability": stock.availability.value,
        "quantity": None if stock.quantity is UNLIMITED else stock.quantity,
        "quantity_unlimited": stock.quantity is UNLIMITED,
        "later": None if stock.later is UNLIMITED else stock.later,
        "later_unlimited": stock.later is UNLIMITED,
        "oversold": stock.oversold,
    }


def _normalized(frame: Frame, *, readings: Mapping[Any, Stock], few_below: int) -> Frame:
    kept = [name for name in frame.collect_schema().names() if name not in _READING]
    raw, number, is_plain = nw.col("stock"), nw.col(_NUMBER), nw.col(_IS_PLAIN)
    if not _is_text(frame):
        counted = frame.select(*kept, raw.alias(_NUMBER), (~raw.is_null()).alias(_IS_PLAIN))
        return counted.select(*kept, *_counted(number, few_below, _nothing(number)))
    plain = frame.select(*kept, _counts(raw).fill_null(value=False).alias(_IS_PLAIN))
    digits = nw.when(is_plain).then(raw).otherwise(nw.lit("0")).cast(nw.Int64)
    counted = _beside(plain.with_columns(digits.alias(_NUMBER)), readings)
    return counted.select(*kept, *_counted(number, few_below, {name: nw.col(_temporary(name)) for name in _READING}))


_NUMBER, _IS_PLAIN = _temporary("number"), _temporary("is_plain")


def _nothing(number: Any) -> dict[str, Any]:
    """Return what is read of nothing; as not all engines know it by itself, it stands where a number does not."""
    return {name: number if value is None else nw.lit(value) for name, value in _NOTHING.items()}


_NOTHING = _row(pure.normalize_stock(None))


def _beside(frame: Frame, readings: Mapping[Any, Stock]) -> Frame:
    """Join what words say."""
    rows = [_row(stock) for stock in readings.values()]
    # No table of pandas is made of whole numbers that are not all there.
    columns = {_temporary(name): [_NO_NUMBER if row[name] is None else row[name] for row in rows] for name in _READING}
    types = {_temporary(name): dtype for name, dtype in _TYPES.items()}
    words = table_beside(frame, {"stock": list(readings), **columns}, {"stock": nw.String(), **types})
    engine: Any = frame.implementation
    if engine is nw.Implementation.PANDAS:
        words = nw.from_native(ready_in_pandas(words.to_native(), _WORDS)).lazy()
    return left_join(frame, words, on="stock").with_columns(
        *(_filled(nw.col(_temporary(name)), nothing).alias(_temporary(name)) for name, nothing in _NOTHING.items())
    )


_WORDS = Schema("a word", tuple(attrs.evolve(column, name=_temporary(column.name)) for column in READINGS.columns))
_NO_NUMBER = -1


def _filled(said: Any, nothing: Any) -> Any:
    return nw.when(said != _NO_NUMBER).then(said) if nothing is None else said.fill_null(nothing)


def _counted(number: Any, few_below: int, word: Mapping[str, Any]) -> list[Any]:
    """Return the columns of a reading, of a number where there is one, else of what a word says."""
    on_shelf = nw.when(number < few_below).then(nw.lit("low_stock")).otherwise(nw.lit("in_stock"))
    of_number = {
        "availability": nw.when(number <= 0).then(nw.lit("out_of_stock")).otherwise(on_shelf),
        "quantity": nw.when(number > 0).then(number).otherwise(nw.lit(0)),
        "oversold": nw.when(number < 0).then(nw.lit(0) - number).otherwise(nw.lit(0)),
    }
    said = {name: nw.when(nw.col(_IS_PLAIN)).then(value).otherwise(word[name]) for name, value in of_number.items()}
    columns = {**word, **said}
    return [columns[name].cast(dtype).alias(name) for name, dtype in _TYPES.items()]


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


_SHELF, _ENDLESS, _COMING, _COMING_ENDLESS, _WAITING, _AHEAD, _UNSOLD, _FREE, _ROOM, _ROOM_ENDLESS = (
    _temporary(name)
    for name in (
        *("shelf", "endless", "coming", "coming_endless", "waiting", "ahead"),
        *("unsold", "free", "room", "room_endless"),
    )
)


def _derived(frame: Frame, *, rules: SellRules, at: dt.datetime) -> Frame:
    kept = [name for name in frame.collect_schema().names() if name not in _READING]
    frame = _with(frame, _known(frame, at))
    frame = _with(frame, _unsold(rules))
    frame = _with(frame, _room(rules, at))
    return frame.select(*kept, *(value.cast(_TYPES[name]).alias(name) for name, value in _decided(rules).items()))


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
