"""What shop systems put in a stock field, read over frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from .. import stock as pure
from .._checks import shown, units
from ..errors import InvalidDocument, InvalidStock, Problem
from ..quantities import UNLIMITED
from ..stock import Stock
from ._checking import MOST, Frame, refuse, rows_of, type_problems
from ._columns import READINGS, STOCK_FIELD, Column, ColumnType, Schema, of_plans
from ._engines import Checked, FrameT, check, left_join, run, table_beside
from ._native_types import ready_in_pandas

READING = [column.name for column in READINGS.columns]
_ASIDE = dict(zip(READING, of_plans(*READING), strict=True))
_SHOWN = 5


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
(_ROWS,) = of_plans("rows")


def _is_text(frame: Frame) -> bool:
    return not frame.collect_schema()["stock"].is_integer()


def _with_number(frame: Frame) -> Frame:
    """Return text beside the number that it is, and whether it is one, without blanks."""
    frame = frame.with_columns(nw.col("stock").cast(nw.String))
    if frame.implementation is nw.Implementation.POLARS:
        return _with_number_in_polars(frame)
    raw = nw.col("stock")
    # Where a line may end after "$", engines differ; no such sign is left.
    is_plain = raw.str.contains("^-?[0-9]{1,18}$") & ~raw.str.contains("[^0-9-]")
    frame = frame.with_columns(is_plain.fill_null(value=False).alias(_IS_PLAIN))
    digits = nw.when(nw.col(_IS_PLAIN)).then(raw).otherwise(nw.lit("0"))
    frame = nullable(frame.with_columns(digits.cast(nw.Int64).alias(_NUMBER)), _NUMBERED)
    return frame.with_columns(nw.when(nw.col(_IS_PLAIN)).then(nw.col(_NUMBER)).alias(_NUMBER))


def nullable(frame: Frame, schema: Schema) -> Frame:
    """Return a frame whose columns of numbers and flags hold either, or nothing, whatever pandas made of them."""
    engine: Any = frame.implementation
    if engine is not nw.Implementation.PANDAS:
        return frame
    nullable: Frame = nw.from_native(ready_in_pandas(frame.to_native(), schema)).lazy()
    return nullable


def _with_number_in_polars(frame: Frame) -> Frame:
    """Do it in a third of the time: Polars tells what is a number as it reads it."""
    import polars as pl  # it is there if a frame of it is

    raw, native = pl.col("stock"), frame.to_native()
    may_be_plain = (raw.str.len_bytes() <= _DIGITS) & ~raw.str.starts_with("+")
    number = pl.when(may_be_plain).then(raw.cast(pl.Int64, strict=False)).alias(_NUMBER)
    found: Frame = nw.from_native(native.with_columns(number))
    return found.with_columns((~nw.col(_NUMBER).is_null()).alias(_IS_PLAIN))


_NUMBER, _IS_PLAIN = of_plans("number", "is_plain")
_NUMBERED = Schema("a number", (Column(_NUMBER, ColumnType.WHOLE, "the number that text is"),))
_DIGITS = len(str(MOST))


def _unread(frame: Frame) -> Frame:
    """Return what stands in a stock field and is no plain number, and in how many rows."""
    refuse(type_problems(frame, STOCK_FIELD, "frame"))
    raw = nw.col("stock")
    if _is_text(frame):
        words = _with_number(frame.select("stock")).filter(~raw.is_null() & ~nw.col(_IS_PLAIN))
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


TYPES = {
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
    kept = [name for name in frame.collect_schema().names() if name not in READING]
    raw, number = nw.col("stock"), nw.col(_NUMBER)
    if not _is_text(frame):
        counted, said = frame.select(*kept, raw.alias(_NUMBER), (~raw.is_null()).alias(_IS_PLAIN)), _nothing(number)
    elif len(readings) <= _FEW_WORDS:
        counted, said = _with_number(frame.select(*kept)), _said(readings)
    else:
        counted = _beside(_with_number(frame.select(*kept)), readings)
        said = {name: nw.col(_ASIDE[name]) for name in READING}
    return nullable(counted.select(*kept, *_counted(number, few_below, said)), READINGS)


#: So many words are compared with each row in less time than it takes to join them.
_FEW_WORDS = 12


def _said(readings: Mapping[Any, Stock]) -> dict[str, Any]:
    """Return what words say, where a row holds one of them, and what is read of nothing elsewhere."""
    found = _nothing(nw.col(_NUMBER))
    for name, nothing in _NOTHING.items():
        words: dict[Any, list[Any]] = {}
        for word, stock in readings.items():
            words.setdefault(_row(stock)[name], []).append(word)
        for value, said in words.items():
            if value != nothing:
                found[name] = nw.when(nw.col("stock").is_in(said)).then(nw.lit(value)).otherwise(found[name])
    return found


def _nothing(number: Any) -> dict[str, Any]:
    """Return what is read of nothing; as not all engines know it by itself, it stands where a number does not."""
    return {name: number if value is None else nw.lit(value) for name, value in _NOTHING.items()}


_NOTHING = _row(pure.normalize_stock(None))


def _beside(frame: Frame, readings: Mapping[Any, Stock]) -> Frame:
    """Join what words say."""
    rows = [_row(stock) for stock in readings.values()]
    # No table of pandas is made of whole numbers that are not all there.
    columns = {_ASIDE[name]: [_NO_NUMBER if row[name] is None else row[name] for row in rows] for name in READING}
    types = {_ASIDE[name]: dtype for name, dtype in TYPES.items()}
    words = table_beside(frame, {"stock": list(readings), **columns}, {"stock": nw.String(), **types})
    return left_join(frame, nullable(words, _WORDS), on="stock").with_columns(
        *(_filled(nw.col(_ASIDE[name]), nothing).alias(_ASIDE[name]) for name, nothing in _NOTHING.items())
    )


_WORDS = Schema("a word", tuple(attrs.evolve(column, name=_ASIDE[column.name]) for column in READINGS.columns))
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
    return [columns[name].cast(dtype).alias(name) for name, dtype in TYPES.items()]
