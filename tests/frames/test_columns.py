"""What comes back has the columns that its schema says, on each engine that starts at once."""

import datetime as dt

import pytest
from engines import EACH_LOCAL, make, pa, table_of

from preorder_kit import MON_TO_FRI, LeadTime, SellRules, ShippingTimes, frames

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
DAY = NOW.date()
TIMES = ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(2, 3))
QUEUE = pa.table(
    {
        "order_id": ["O1", "O2"],
        "line_id": ["1", "1"],
        "sku": ["LP", "CD"],
        "quantity": [3, 2],
        "placed_at": pa.array([NOW, NOW], pa.timestamp("us", "UTC")),
    }
)
AVAILABLE = pa.table({"sku": ["LP", "TEE"], "available": [2, None], "available_unlimited": [False, True]})
ANSWERS = {
    "ALLOCATED": lambda of: frames.allocate(of(QUEUE), available=of(AVAILABLE), at=NOW).lines,
    "LEFT_OVER": lambda of: frames.allocate(of(QUEUE), available=of(AVAILABLE), at=NOW).stock,
    "FREE": lambda of: frames.free_for_new(of(QUEUE), available=of(AVAILABLE)),
    "GROUPS": lambda of: frames.independent_groups(of(QUEUE)),
    "READINGS": lambda of: frames.normalize_stock(of(pa.table({"stock": ["4", "infinite", None]}))),
    "LABELS": lambda of: frames.public_label(of(pa.table({"availability": ["in_stock", "low_stock"]}))),
    "DELIVERY": lambda of: frames.delivery_range(of(pa.table({"ready": [DAY]})), times=TIMES),
    "LATEST_ORDER_DAYS": lambda of: frames.latest_order_day(of(pa.table({"wanted": [DAY]})), times=TIMES),
    "ATP_STEPS": lambda of: frames.atp_timeline(of(pa.table({"sku": ["LP"], "on_hand": [4]})), start=DAY),
}


@pytest.mark.parametrize("engine", EACH_LOCAL)
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_a_frame_of_its_schema(name, engine):
    schema = getattr(frames, name)
    found = ANSWERS[name](lambda table: make(engine, table))
    assert type(found) is type(make(engine, QUEUE))
    assert frames.check_frame(found, of=schema).facts.rows > 0
    there = set(table_of(found).column_names)
    assert there >= {column.name for column in schema.columns}


def test_derived_stock_is_a_reading():
    found = frames.derive_stock(make("polars", pa.table({"on_hand": [5]})), rules=SellRules(), at=NOW)
    assert frames.check_frame(found, of=frames.READINGS).facts.rows == 1


def test_each_schema_that_comes_back_is_tested():
    said = {name for name in frames.__all__ if name.isupper()}
    handed_in = {"QUEUE", "AVAILABLE", "RECIPES", "STOCK_FIELD", "LABELLED", "FACTS", "READY", "READY_BY_NAME"}
    assert said - handed_in - {"WANTED", "WANTED_BY_NAME", "ON_HAND", "RECEIPTS", "COMMITMENTS"} == set(ANSWERS)
