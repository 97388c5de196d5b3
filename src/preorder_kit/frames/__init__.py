"""The same answers over dataframes: Polars, pandas, DuckDB, Spark, PyArrow and Dask.

Each function says of each row what the function of the same name says of a value. What frames must hold is in one
place, the schemas: `QUEUE`, `AVAILABLE` and the rest. Frames are looked at before any work is done, and refused with
the rows that are wrong. What comes back is a frame of the same engine, lazy where the first one handed in is.
"""

from ._allocating import FrameAllocation, allocate
from ._atp import atp_timeline, available_now
from ._checking import Facts
from ._columns import (
    ALLOCATED,
    ATP_STEPS,
    AVAILABLE,
    COMMITMENTS,
    DELIVERY,
    FACTS,
    FREE,
    GROUPS,
    LABELLED,
    LABELS,
    LATEST_ORDER_DAYS,
    LEFT_OVER,
    ON_HAND,
    QUEUE,
    READINGS,
    READY,
    READY_BY_NAME,
    RECEIPTS,
    RECIPES,
    STOCK_FIELD,
    WANTED,
    WANTED_BY_NAME,
    Column,
    ColumnType,
    Schema,
)
from ._days import delivery_range, latest_order_day
from ._engines import Checked
from ._free import free_for_new
from ._groups import independent_groups
from ._normalizing import normalize_stock
from ._once import check_frame
from ._stock import derive_stock, mask, public_label

__all__ = [
    "ALLOCATED",
    "ATP_STEPS",
    "AVAILABLE",
    "COMMITMENTS",
    "DELIVERY",
    "FACTS",
    "FREE",
    "GROUPS",
    "LABELLED",
    "LABELS",
    "LATEST_ORDER_DAYS",
    "LEFT_OVER",
    "ON_HAND",
    "QUEUE",
    "READINGS",
    "READY",
    "READY_BY_NAME",
    "RECEIPTS",
    "RECIPES",
    "STOCK_FIELD",
    "WANTED",
    "WANTED_BY_NAME",
    "Checked",
    "Column",
    "ColumnType",
    "Facts",
    "FrameAllocation",
    "Schema",
    "allocate",
    "atp_timeline",
    "available_now",
    "check_frame",
    "delivery_range",
    "derive_stock",
    "free_for_new",
    "independent_groups",
    "latest_order_day",
    "mask",
    "normalize_stock",
    "public_label",
]
