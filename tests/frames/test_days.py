"""When goods can arrive over frames is what it is for days.

Laws: each row's range is the pure function's, on every engine, and rows stay in their order where the engine keeps one;
either end of a range is of its own day alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from engines import EACH, EACH_LOCAL, make, pa, rows, shuffled, table_of
from hypothesis import given, settings
from hypothesis import strategies as st

from preorder_kit import (
    EVERY_DAY,
    MON_TO_FRI,
    MON_TO_SAT,
    DateRange,
    InvalidArgument,
    InvalidDocument,
    LeadTime,
    NoWorkingDay,
    ShippingTimes,
    WorkCalendar,
)
from preorder_kit import delivery_range as pure_range
from preorder_kit import latest_order_day as pure_order_day
from preorder_kit.frames import delivery_range, latest_order_day
from preorder_kit.testing import date_ranges, shipping_times

DAY = dt.date(2026, 11, 20)
POST = ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(2, 4, MON_TO_SAT), receiving=MON_TO_FRI)
VAN = ShippingTimes(handling=LeadTime(1, 3, EVERY_DAY), transit=LeadTime(0, 1))
NAMED = {"post": POST, "van": VAN}


def ready(ranges: Sequence[DateRange], names: Sequence[str]) -> Any:
    return pa.table(
        {
            "line": list(range(len(ranges))),
            "ready_earliest": pa.array([it.earliest for it in ranges], pa.date32()),
            "ready_latest": pa.array([it.latest for it in ranges], pa.date32()),
            "times": pa.array(names, pa.string()),
        }
    )


def found_ranges(native: Any) -> list[DateRange]:
    found = sorted(rows(native), key=lambda row: row["line"])
    return [DateRange(row["delivery_earliest"], row["delivery_latest"]) for row in found]


@given(ranges=st.lists(date_ranges(), max_size=6), times=st.lists(shipping_times(), min_size=1, max_size=3))
@settings(max_examples=15)
def test_ranges_are_those_of_the_pure_function(ranges, times):
    named = {str(number): one for number, one in enumerate(times)}
    names = [str(line % len(times)) for line in range(len(ranges))]
    frame = make("polars", ready(ranges, names))
    expected = [pure_range(one, times=named[name]) for one, name in zip(ranges, names, strict=True)]
    assert found_ranges(delivery_range(frame, times=named)) == expected


def many(copies: int) -> tuple[Any, dict[str, Any]]:
    """Return rows of few kinds, each in so many copies, and the columns of their answers."""
    days = [DAY + dt.timedelta(number) for number in range(400)]
    ranges = [DateRange(days[line * 7 % 390], days[line * 7 % 390 + line % 10]) for line in range(390)]
    names = ["post" if line % 3 else "van" for line in range(390)]
    table = pa.concat_tables([ready(ranges, names)] * copies)
    table = table.set_column(0, "line", pa.array(range(table.num_rows)))
    found = [pure_range(it, times=NAMED[name]) for it, name in zip(ranges, names, strict=True)]
    ends = {"delivery_earliest": [it.earliest for it in found], "delivery_latest": [it.latest for it in found]}
    return table, {name: pa.chunked_array([pa.array(end, pa.date32())] * copies) for name, end in ends.items()}


def answers(native: Any) -> dict[str, Any]:
    """Return the columns of a frame's answers, as they are."""
    return {name: table_of(native)[name].cast(pa.date32()) for name in ("delivery_earliest", "delivery_latest")}


@pytest.mark.slow
@pytest.mark.parametrize("engine", EACH)
def test_each_engine_has_the_ranges_of_the_pure_function_for_more_than_100_000_rows(engine, build):
    table, expected = many(260)
    native = delivery_range(build(engine, table), times=NAMED)
    results = [native, native.collect(engine="streaming")] if engine == "polars-lazy" else [native]
    for result in results:
        assert answers(table_of(result).sort_by("line")) == expected


@pytest.mark.parametrize("engine", ["polars", "pandas", "pandas-arrow"])
@pytest.mark.parametrize("times", [POST, NAMED], ids=["one way to ship", "several"])
def test_rows_stay_in_their_order(engine, times):
    table = shuffled(many(1)[0], 7)
    table = table if times is NAMED else table.drop_columns(["times"])
    native = delivery_range(make(engine, table), times=times)
    assert table_of(native)["line"].to_pylist() == table["line"].to_pylist()
    wanted = make(engine, table.rename_columns({"ready_latest": "wanted"}))
    assert table_of(latest_order_day(wanted, times=times))["line"].to_pylist() == table["line"].to_pylist()


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_one_day_that_is_ready_is_a_range_of_that_day(engine):
    table = pa.table({"ready": [DAY, DAY + dt.timedelta(1)], "delivery_latest": ["old", "old"], "line": [0, 1]})
    native = delivery_range(make(engine, table), times=POST)
    assert found_ranges(native) == [pure_range(day, times=POST) for day in table["ready"].to_pylist()]
    assert list(rows(native)[0]) == ["ready", "line", "delivery_earliest", "delivery_latest"]


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_no_row_has_no_range(engine):
    table = pa.table({"ready": pa.array([], pa.date32())})
    assert rows(delivery_range(make(engine, table), times=POST)) == []


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_the_latest_order_day_is_that_of_the_pure_function(engine):
    days = [DAY + dt.timedelta(number) for number in range(9)]
    table = pa.table({"wanted": days, "times": ["post", "van", "post"] * 3})
    found = rows(latest_order_day(make(engine, table), times=NAMED))
    expected = {
        (row["wanted"], row["times"]): pure_order_day(row["wanted"], times=NAMED[row["times"]])
        for row in table.to_pylist()
    }
    assert {(row["wanted"], row["times"]): row["latest_order_day"] for row in found} == expected


NEVER = WorkCalendar(weekdays=frozenset(), holidays=frozenset())


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb", "pyarrow"])
@pytest.mark.parametrize(
    ("columns", "times", "error", "words"),
    [
        pytest.param(
            {"ready": [dt.date(9999, 12, 30)]},
            POST,
            InvalidArgument,
            r"frame\.ready: ready of 9999-12-30: must leave room in the years 1 to 9999",
            id="after the last day",
        ),
        pytest.param(
            {"ready": pa.array([2**22], pa.int32()).cast(pa.date32())},
            POST,
            InvalidArgument,
            r"frame\.ready: must hold days of the years 1 to 9999",
            id="a day of another age",
        ),
        pytest.param(
            {"ready": [DAY], "times": ["drone"]},
            NAMED,
            InvalidArgument,
            r"frame\.times: must be one of post, van \(got 'drone'\)",
            id="times that nobody described",
        ),
        pytest.param({"ready": [DAY]}, NAMED, InvalidDocument, r"frame\.times: must be there", id="no times"),
        pytest.param({"ready": [DAY]}, {"post": 3}, InvalidArgument, r"times\['post'\]: must be a", id="no such value"),
        pytest.param(
            {"ready_earliest": [DAY], "ready_latest": [DAY - dt.timedelta(1)]},
            POST,
            InvalidDocument,
            r"frame\.ready_latest: must not lie before ready_earliest; .*2026-11-19",
            id="the wrong way round",
        ),
        pytest.param(
            {"ready_earliest": [DAY]},
            POST,
            InvalidDocument,
            r"frame\.ready: must be there, or else ready_earliest and ready_latest; there are ready_earliest",
            id="half a range",
        ),
        pytest.param(
            {"ready": pa.array([None], pa.date32())},
            POST,
            InvalidDocument,
            r"frame\.ready: must hold something",
            id="no day",
        ),
    ],
)
def test_frames_are_refused_before_any_work(engine, columns, times, error, words):
    table = pa.table(columns)
    with pytest.raises(error, match=words):
        delivery_range(make(engine, table), times=times)


def test_a_calendar_without_working_days_names_the_day_of_the_row():
    times = ShippingTimes(handling=LeadTime(0, 0, NEVER), transit=LeadTime(0, 0))
    with pytest.raises(NoWorkingDay, match=r"ready of 2026-11-20: .*has no working day in the 366 days"):
        delivery_range(make("polars", pa.table({"ready": [DAY]})), times=times)
