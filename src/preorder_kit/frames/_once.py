"""Look at a frame once, for functions that would each look at it again."""

from __future__ import annotations

from .._checks import instance
from ._columns import Schema
from ._engines import Checked, FrameT, check


def check_frame(frame: FrameT, /, *, of: Schema) -> Checked[FrameT]:
    """Look at a frame once, for several functions that take it.

    Every function of this module looks at the frames that it is given before it does anything. What it asks of a
    million rows costs little beside the answer, but it reads them: hand in what this returns, and nobody reads them
    again. A frame that is lazy must not come to hold other rows in between.

    Args:
        frame: A frame of Polars, pandas, DuckDB, Spark, PyArrow or Dask.
        of: What it must hold, as `QUEUE`.

    Returns:
        The frame, with what was seen of it; every function that takes a frame of that schema takes it.

    Raises:
        InvalidDocument: With all that is wrong: columns that are missing or of another type, rows that hold nothing
            where they must, numbers that are too small or too large, words that are not known, rows that share a key.
        InvalidArgument: If it is no frame, or of another engine.

    Examples:
        Two questions about a queue that is looked at once:

        >>> import datetime as dt
        >>> import polars as pl
        >>> from preorder_kit.frames import AVAILABLE, QUEUE, allocate, check_frame, free_for_new
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> rows = {"order_id": ["O1", "O2"], "line_id": ["1", "1"], "sku": ["LP", "LP"], "quantity": [3, 4]}
        >>> queue = check_frame(pl.DataFrame({**rows, "placed_at": [now, now]}), of=QUEUE)
        >>> available = check_frame(pl.DataFrame({"sku": ["LP"], "available": [9]}), of=AVAILABLE)
        >>> allocate(queue, available=available, at=now).lines["granted"].to_list()
        [3, 4]
        >>> free_for_new(queue, available=available)["free"].to_list()
        [2]

        Rows that tie are refused by name:

        >>> check_frame(pl.DataFrame({**rows, "order_id": ["O1", "O1"], "placed_at": [now, now]}), of=QUEUE)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: frame.order_id+line_id: must differ from row to row: merge rows that are one, or give each a key of its own; not so for 1 key: order_id 'O1', line_id '1', rows 2
    """  # noqa: E501  # what comes out is one line
    return check(frame, instance(of, "of", of=Schema), "frame")
