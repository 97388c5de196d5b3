"""What can be promised over frames is what can be promised of values.

Laws: each SKU's steps are the pure function's, on every engine, whatever the order of the rows and the partitions; so
are the answers for each day of a grid, and what is available now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from random import Random  # noqa: TID251  # with a seed
from typing import Any

import pyarrow.compute as pc
import pytest
from engines import EACH, EACH_LOCAL, make, pa, rows, shuffled, table_of
from hypothesis import given, settings
from hypothesis import strategies as st

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    Commitment,
    DateRange,
    InvalidArgument,
    InvalidDocument,
    LeadTime,
    Receipt,
    Supply,
)
from preorder_kit import atp_timeline as pure_timeline
from preorder_kit.frames import ON_HAND, atp_timeline, available_now, check_frame
from preorder_kit.frames._checking import MOST
from preorder_kit.supply import _replenished
from preorder_kit.testing import days, supplies

START = dt.date(2026, 11, 22)
ON_HAND_TYPES = pa.schema(
    [
        ("sku", pa.string()),
        ("on_hand", pa.int64()),
        ("on_hand_unlimited", pa.bool_()),
        ("safety_stock", pa.int64()),
        ("replenished", pa.date32()),
    ]
)
RECEIPT_TYPES = pa.schema(
    [("sku", pa.string()), ("expected", pa.date32()), ("quantity", pa.int64()), ("reserved", pa.int64())]
)
COMMITMENT_TYPES = pa.schema([("sku", pa.string()), ("quantity", pa.int64()), ("due", pa.date32())])


def latest(receipt: Receipt) -> dt.date:
    return receipt.expected.latest if isinstance(receipt.expected, DateRange) else receipt.expected


def tables(worlds: Sequence[Supply], start: dt.date) -> dict[str, Any]:
    """Return the frames of supplies, their SKUs apart by the number of their world."""
    there, coming, owed = [], [], []
    for world, supply in enumerate(worlds):
        for sku in {**supply.on_hand, **supply.safety_stock, **supply.replenishment}:
            units, ends = supply.on_hand.get(sku, 0), _replenished(supply, sku, start)
            is_endless = units is UNLIMITED
            there.append(
                {
                    "sku": f"{world}/{sku}",
                    "on_hand": None if is_endless else units,
                    "on_hand_unlimited": is_endless,
                    "safety_stock": supply.safety_stock.get(sku, 0),
                    "replenished": ends and ends.latest,
                }
            )
        coming += [
            {"sku": f"{world}/{it.sku}", "expected": latest(it), "quantity": it.quantity, "reserved": it.reserved}
            for it in supply.receipts
        ]
        owed += [{"sku": f"{world}/{it.sku}", "quantity": it.quantity, "due": it.due} for it in supply.commitments]
    return {
        "on_hand": pa.Table.from_pylist(there, schema=ON_HAND_TYPES),
        "receipts": pa.Table.from_pylist(coming, schema=RECEIPT_TYPES),
        "commitments": pa.Table.from_pylist(owed, schema=COMMITMENT_TYPES),
    }


def skus_of(supply: Supply) -> set[str]:
    dated = {item.sku for item in (*supply.receipts, *supply.commitments)}
    return {*supply.on_hand, *supply.safety_stock, *supply.replenishment, *dated}


def pure_rows(worlds: Sequence[Supply], start: dt.date, overdue: int | None = None) -> list[dict[str, Any]]:
    return sorted_rows(
        as_row(f"{world}/{sku}", step)
        for world, supply in enumerate(worlds)
        for sku in skus_of(supply)
        for step in pure_timeline(supply, sku=sku, start=start, overdue=overdue)
    )


def as_row(sku: str, step: Any) -> dict[str, Any]:
    is_endless = step.available is UNLIMITED
    return {
        "sku": sku,
        "day": step.day,
        "available": None if is_endless else step.available,
        "available_unlimited": is_endless,
        "withheld": step.withheld,
        "short": step.short,
    }


def sorted_rows(found: Any) -> list[dict[str, Any]]:
    return sorted(found, key=lambda row: (row["sku"], row.get("day", START)))


def frames(engine: str, given_tables: dict[str, Any], seed: int = 0) -> tuple[Any, dict[str, Any]]:
    made = {name: make(engine, shuffled(table, seed)) for name, table in given_tables.items()}
    return made.pop("on_hand"), made


WORLDS = st.lists(supplies(), min_size=6, max_size=9)
OVERDUE = st.none() | st.integers(0, 40)


@given(worlds=WORLDS, start=days(), overdue=OVERDUE, seed=st.integers(0, 9))
@settings(max_examples=15)
def test_steps_are_those_of_the_pure_function(worlds, start, overdue, seed):
    on_hand, others = frames("polars", tables(worlds, start), seed)
    found = rows(atp_timeline(on_hand, **others, start=start, overdue=overdue))
    assert sorted_rows(found) == pure_rows(worlds, start, overdue)


@given(worlds=WORLDS, start=days(), count=st.integers(1, 60))
@settings(max_examples=6)
def test_each_day_of_a_grid_has_the_answer_of_the_step_before_it(worlds, start, count):
    on_hand, others = frames("polars", tables(worlds, start))
    found = rows(atp_timeline(on_hand, **others, start=start, days=count))
    assert sorted_rows(found) == on_a_grid(pure_rows(worlds, start), start, count)


def on_a_grid(steps: Sequence[dict[str, Any]], start: dt.date, count: int) -> list[dict[str, Any]]:
    by_sku: dict[str, list[dict[str, Any]]] = {}
    for step in steps:
        by_sku.setdefault(step["sku"], []).append(step)
    grid = [start + dt.timedelta(day) for day in range(count)]
    return sorted_rows(
        [step for step in own if step["day"] <= day][-1] | {"day": day} for own in by_sku.values() for day in grid
    )


@given(worlds=WORLDS, start=days())
@settings(max_examples=5)
def test_available_now_is_the_first_step(worlds, start):
    on_hand, others = frames("polars", tables(worlds, start))
    assert sorted_rows(rows(available_now(on_hand, **others, day=start))) == first_steps(
        pure_rows(worlds, start), start
    )


def first_steps(steps: Sequence[dict[str, Any]], start: dt.date) -> list[dict[str, Any]]:
    names = ("sku", "available", "available_unlimited")
    return [{name: row[name] for name in names} for row in steps if row["day"] == start]


def random_day(draw: Random, most: int) -> dt.date:
    return START + dt.timedelta(draw.randrange(-9, most))


def small_world(draw: Random) -> Supply:
    return Supply(
        on_hand={sku: draw.choice([-2, 0, 3, 9, UNLIMITED]) for sku in "ABC"},
        receipts=[
            Receipt(sku=draw.choice("ABCD"), quantity=draw.randrange(3, 9), expected=random_day(draw, 30), reserved=2)
            for _ in range(draw.randrange(6))
        ],
        commitments=[
            Commitment(
                sku=draw.choice("ABCD"), quantity=draw.randrange(6), due=draw.choice([None, random_day(draw, 30)])
            )
            for _ in range(draw.randrange(6))
        ],
        safety_stock={"A": draw.randrange(4)},
        replenishment={draw.choice("ABCDE"): LeadTime(0, draw.randrange(15), MON_TO_FRI)},
    )


def giant_world(draw: Random, dates: int, units: int) -> Supply:
    """Return a supply of one SKU with so many receipts and commitments, of up to 8 times so many units each."""
    return Supply(
        on_hand={"giant": 10**17},
        receipts=[
            Receipt(sku="giant", quantity=draw.randrange(9) * units, expected=random_day(draw, 900))
            for _ in range(dates)
        ],
        commitments=[
            Commitment(sku="giant", quantity=draw.randrange(9) * units, due=random_day(draw, 900)) for _ in range(dates)
        ],
    )


STEP_TYPES = pa.schema(
    [
        ("sku", pa.string()),
        ("day", pa.date32()),
        ("available", pa.int64()),
        ("available_unlimited", pa.bool_()),
        ("withheld", pa.int64()),
        ("short", pa.int64()),
    ]
)


@cache
def few() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the frames of some worlds, and what the pure function says of them."""
    draw = Random(7)
    worlds = [small_world(draw) for _ in range(50)]
    return tables(worlds, START), pure_rows(worlds, START, overdue=3)


@cache
def many(copies: int) -> tuple[dict[str, Any], Any]:
    """Return frames of so many copies of each SKU, and of one SKU with so many copies of each date."""
    given_tables, expected = few()
    one, as_many = giant_world(Random(3), 100, 1), giant_world(Random(3), 100, copies)
    giant = tables([one], START)
    found = {name: tiled(table, copies) for name, table in given_tables.items()}
    found["on_hand"] = pa.concat_tables([found["on_hand"], giant["on_hand"]])
    for name in ("receipts", "commitments"):
        found[name] = pa.concat_tables([found[name], *[giant[name]] * copies])
    steps = tiled(pa.Table.from_pylist(expected, schema=STEP_TYPES), copies)
    of_giant = pa.Table.from_pylist(pure_rows([as_many], START, overdue=3), schema=STEP_TYPES)
    return found, in_order(pa.concat_tables([steps, of_giant]))


def tiled(table: Any, copies: int) -> Any:
    """Return so many copies of a table, the SKUs of each apart."""
    parts = [pc.binary_join_element_wise(str(copy), table["sku"], ":") for copy in range(copies)]
    return pa.concat_tables([table.set_column(0, "sku", skus) for skus in parts])


def in_order(table: Any) -> Any:
    """Return steps by SKU and day, their whole numbers not made of others."""
    assert not any(pa.types.is_floating(held) or pa.types.is_decimal(held) for held in table.schema.types)
    cast = table.select(STEP_TYPES.names).cast(STEP_TYPES)
    return cast.sort_by([("sku", "ascending"), ("day", "ascending")]).combine_chunks()


@pytest.mark.slow
@pytest.mark.parametrize("engine", EACH)
def test_more_than_100_000_rows_have_the_steps_of_the_pure_function_on_each_engine(engine, build):
    given_tables, expected = many(250)
    assert sum(table.num_rows for table in given_tables.values()) > 100_000
    made = {name: build(engine, shuffled(table, 5), 4) for name, table in given_tables.items()}
    native = atp_timeline(made.pop("on_hand"), **made, start=START, overdue=3)
    results = [native, native.collect(engine="streaming")] if engine == "polars-lazy" else [native]
    for found in results:
        assert in_order(table_of(found)) == expected


@pytest.mark.parametrize("engine", EACH)
def test_each_engine_has_a_grid(engine, build):
    given_tables, expected = few()
    made = {name: build(engine, table) for name, table in given_tables.items()}
    found = rows(atp_timeline(made.pop("on_hand"), **made, start=START, overdue=3, days=20))
    assert sorted_rows(found) == on_a_grid(expected, START, 20)


DAY = dt.timedelta(1)
ONE = {"sku": ["A"], "on_hand": [5]}


def table(columns: dict[str, Any], **types: Any) -> Any:
    return pa.table({name: pa.array(held, types.get(name)) for name, held in columns.items()})


@pytest.mark.parametrize(
    ("on_hand", "expected"),
    [
        pytest.param(ONE, [("A", START, 5)], id="no other column and no other frame"),
        pytest.param(
            ONE | {"replenished": [START + 3 * DAY]},
            [("A", START, 5), ("A", START + 3 * DAY, None)],
            id="no bound after three days",
        ),
        pytest.param(ONE | {"replenished": [START - DAY]}, [("A", START, None)], id="no bound since yesterday"),
        pytest.param({"sku": pa.array([], pa.string()), "on_hand": pa.array([], pa.int64())}, [], id="no SKU"),
    ],
)
@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
def test_a_shelf_without_dates(engine, on_hand, expected):
    found = rows(atp_timeline(make(engine, table(on_hand)), start=START))
    assert [(row["sku"], row["day"], row["available"]) for row in sorted_rows(found)] == expected


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_numbers_of_18_digits_stay_exact_and_numbers_of_several_widths_are_one_kind_of_sku(engine):
    on_hand = make(engine, table({"sku": [1, 2], "on_hand": [MOST, -MOST]}, sku=pa.int32()))
    coming = {"sku": [1, 1, 3], "quantity": [MOST, MOST - 1, 4], "expected": [START + DAY, START + 2 * DAY, START]}
    found = rows(atp_timeline(on_hand, receipts=make(engine, pa.table(coming)), start=START))
    assert [(row["sku"], row["available"], row["short"]) for row in sorted_rows(found)] == [
        (1, MOST, 0),
        (1, 2 * MOST, 0),
        (1, 3 * MOST - 1, 0),
        (2, 0, MOST),
        (3, 4, 0),
    ]


RECEIPT = {"sku": ["A"], "quantity": [3], "expected": [START]}
OWED = {"sku": ["A"], "quantity": [3]}


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        pytest.param(
            {"on_hand": table({"sku": ["A"], "on_hand": [None]}, on_hand=pa.int64())},
            InvalidDocument,
            r"on_hand\.on_hand: must hold something in each row, but where on_hand_unlimited is true; .*'A'",
            id="nobody counted",
        ),
        pytest.param(
            {"receipts": table(RECEIPT | {"reserved": [4]})},
            InvalidDocument,
            r"receipts\.reserved: must be <= quantity; .*'A'.* 4",
            id="more reserved than comes",
        ),
        pytest.param(
            {"receipts": table(RECEIPT | {"expected": [None]}, expected=pa.date32())},
            InvalidDocument,
            r"receipts\.expected: must hold something",
            id="a receipt without a day",
        ),
        pytest.param(
            {"commitments": table(OWED | {"quantity": [-1]})},
            InvalidDocument,
            r"commitments\.quantity: must be >= 0",
            id="less than nothing is owed",
        ),
        pytest.param(
            {"commitments": table({"sku": ["A"] * 10, "quantity": [MOST] * 10})},
            InvalidArgument,
            r"commitments\.quantity: must be so few and small .* \(got 10 rows of up to 999999999999999999 units\)",
            id="sums that might not fit",
        ),
        pytest.param(
            {"commitments": table(OWED | {"sku": [7]})},
            InvalidArgument,
            r"commitments\.sku: must be of the same type as on_hand\.sku, String",
            id="SKUs of two kinds",
        ),
        pytest.param(
            {"on_hand": table({"sku": ["A", "A"], "on_hand": [1, 2]})},
            InvalidDocument,
            r"on_hand\.sku",
            id="a SKU twice",
        ),
    ],
)
def test_frames_are_refused_before_any_work(engine, build, changed, error, words):
    given_frames = {name: build(engine, it) for name, it in ({"on_hand": table(ONE)} | changed).items()}
    with pytest.raises(error, match=words):
        atp_timeline(given_frames.pop("on_hand"), **given_frames, start=START)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"start": "today"}, "start: must be a day"),
        ({"start": START, "overdue": -1}, "overdue: must be a whole number >= 0"),
        ({"start": START, "overdue": 10**7}, "overdue: must be a number of days that the calendar has"),
        ({"start": START, "days": 0}, "days: must be a whole number >= 1"),
        ({"start": START, "days": 10**7}, "days: must be a number of days that the calendar has"),
    ],
)
def test_days_that_are_none_are_refused(arguments, words):
    with pytest.raises(InvalidArgument, match=words):
        atp_timeline(pa.table(ONE), **arguments)


def test_a_frame_that_was_looked_at_is_taken_as_it_is():
    looked_at = check_frame(make("polars", pa.table(ONE)), of=ON_HAND)
    assert rows(available_now(looked_at, day=START)) == [{"sku": "A", "available": 5, "available_unlimited": False}]


def test_frames_of_two_engines_are_refused():
    with pytest.raises(InvalidArgument, match="commitments: must be of the same engine as on_hand"):
        atp_timeline(make("polars", table(ONE)), commitments=make("duckdb", table(OWED)), start=START)
