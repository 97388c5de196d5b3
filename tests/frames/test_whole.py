"""Any policy over frames gives what it gives over values.

Laws: each line holds, gets, lacks and is told what the pure function says, on every engine of one machine, whatever the
order of the rows; so it does when its grants are handed in again; ids may be whole numbers.
"""

from __future__ import annotations

import datetime as dt
from random import Random  # noqa: TID251  # with a seed
from typing import Any

import pytest
from engines import LOCAL, ON_SPARK, apart, make, pa, rows, shuffled, table_of, together
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    UNLIMITED,
    AllocationPolicy,
    Component,
    Grant,
    InvalidArgument,
    Rationing,
    WaitingLine,
    allocate,
)
from preorder_kit.frames._columns import AVAILABLE, QUEUE, RECIPES
from preorder_kit.frames._engines import check
from preorder_kit.frames._whole import allocate_whole

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.timezone.utc)
HOUR = dt.timedelta(hours=1)
HERE = [engine for engine in LOCAL if engine != "dask"]
CLUSTERS_HERE = ["dask", pytest.param("spark", marks=ON_SPARK)]

QUEUE_TYPES = pa.schema(
    [
        ("order_id", pa.string()),
        ("line_id", pa.string()),
        ("sku", pa.string()),
        ("quantity", pa.int64()),
        ("placed_at", pa.timestamp("us", "UTC")),
        ("priority", pa.int64()),
        ("street_date", pa.timestamp("us", "UTC")),
        ("hold", pa.string()),
        ("ship", pa.string()),
        ("granted", pa.int64()),
    ]
)
AVAILABLE_TYPES = pa.schema([("sku", pa.string()), ("available", pa.int64()), ("available_unlimited", pa.bool_())])
RECIPE_TYPES = pa.schema([("sku", pa.string()), ("component", pa.string()), ("quantity", pa.int64())])
RESULTS = ("granted", "added", "short", "decision", "unfulfillable")
BUNDLES = {"SET": {"a": 1, "b": 2}, "PAIR": {"c": 2}}

POLICIES = {
    "strict": AllocationPolicy(shortage="strict"),
    "skip": AllocationPolicy(shortage="skip", unserved="unfulfillable"),
    "complete orders in part": AllocationPolicy(unserved="unfulfillable"),
    "whole orders": AllocationPolicy(unit="order", unserved="unfulfillable"),
    "whole orders, strict, by priority": AllocationPolicy(unit="order", shortage="strict", queue="priority"),
    "skip by street date": AllocationPolicy(shortage="skip", queue="earliest_street_date"),
    "strict by priority": AllocationPolicy(shortage="strict", queue="priority", unserved="unfulfillable"),
}
MIXED = {
    "complete orders by street date": AllocationPolicy(queue="earliest_street_date", unserved="unfulfillable"),
    "whole orders, strict, by priority": POLICIES["whole orders, strict, by priority"],
}
BY_ID = [("order_id", "ascending"), ("line_id", "ascending")]
STRICT = AllocationPolicy(shortage="strict")
LARGE_POLICY = AllocationPolicy(shortage="strict", queue="fifo", unserved="unfulfillable")
RATIONS = {
    f"{ration} by {queue}": AllocationPolicy(ration=ration, queue=queue, unserved="unfulfillable")
    for ration in Rationing
    for queue in ("fifo", "priority", "earliest_street_date")
}


def world(random: Random, *, rationed: bool = False) -> tuple[Any, Any]:
    """Return a queue and what is there; few instants, so that most lines are tied."""
    skus = ["a", "b", "c"] if rationed else ["a", "b", "c", "d", "SET", "PAIR"]
    lines = []
    for order in range(random.randint(0, 6)):
        placed = NOW + HOUR * random.randint(0, 2)
        for line in range(random.randint(1, 3)):
            quantity = random.randint(1, 6)
            lines.append(
                {
                    "order_id": f"O{order}",
                    "line_id": f"{line}",
                    "sku": random.choice(skus),
                    "quantity": quantity,
                    "placed_at": placed + HOUR * random.choice([0, 0, 0, 1]),
                    "priority": random.randint(-1, 1),
                    "street_date": random.choice([None, None, None, NOW - HOUR, NOW, NOW + HOUR]),
                    "hold": random.choice([None, None, None, None, None, "unpaid"]),
                    "ship": "as_available" if rationed else random.choice(["AS_AVAILABLE", "as_available", "complete"]),
                    "granted": random.choice([0, 0, 0, random.randint(0, quantity)]),
                }
            )
    there = [
        {"sku": sku, "available": random.randint(0, 9), "available_unlimited": random.random() < 0.1}
        for sku in ("a", "b", "c", "d", "e")
        if random.random() < 0.8
    ]
    for row in there:
        if row["available_unlimited"]:
            row["available"] = None
    return pa.Table.from_pylist(lines, QUEUE_TYPES), pa.Table.from_pylist(there, AVAILABLE_TYPES)


def recipes_of(names: dict[str, dict[str, int]]) -> Any:
    found = [
        {"sku": sku, "component": component, "quantity": quantity}
        for sku, parts in names.items()
        for component, quantity in parts.items()
    ]
    return pa.Table.from_pylist(found, RECIPE_TYPES)


def purely(queue: Any, available: Any, policy: AllocationPolicy, bundles: dict[str, dict[str, int]]) -> dict[Any, Any]:
    """Return the key of each line -> what the pure function makes of it."""
    given, grants = [], []
    for row in rows(queue):
        held = row.pop("granted", 0)
        parts = [Component(sku, units) for sku, units in bundles.get(row["sku"], {}).items()]
        given.append(WaitingLine(**row | {"ship": row.get("ship", "as_available").lower()}, components=parts))
        if held:
            grants.append(Grant(order_id=row["order_id"], line_id=row["line_id"], sku=row["sku"], quantity=held))
    there = {row["sku"]: UNLIMITED if row.get("available_unlimited") else row["available"] for row in rows(available)}
    found = allocate(given, available=there, policy=policy, at=NOW, grants=grants)
    added = {(grant.order_id, grant.line_id): grant.quantity for grant in found.added}
    told_apart = {(line.order_id, line.line_id) for line in found.unfulfillable}
    return {
        key: (one.granted, added.get(key, 0), one.short, str(one.code), key in told_apart)
        for one in found.decisions
        for key in [(one.order_id, one.line_id)]
    }


def by_frames(engine: str, queue: Any, available: Any, policy: AllocationPolicy, bundles: dict[str, Any]) -> Any:
    there = check(make(engine, available), AVAILABLE, "available")
    recipes = check(make(engine, recipes_of(bundles)), RECIPES, "recipes") if bundles else None
    return allocate_whole(check(make(engine, queue), QUEUE, "queue"), there, recipes, policy=policy, at=NOW)


def verdicts(found: list[dict[str, Any]]) -> dict[Any, Any]:
    return {(row["order_id"], row["line_id"]): tuple(row[name] for name in RESULTS) for row in found}


def of_each_world(bundles: dict[str, dict[str, int]], worlds: int) -> dict[str, dict[str, int]]:
    return {
        f"{number}/{sku}": {f"{number}/{part}": units for part, units in parts.items()}
        for number in range(worlds)
        for sku, parts in bundles.items()
    }


def agree(engine: str, policy: AllocationPolicy, bundles: dict[str, Any], *, seed: int, rationed: bool) -> None:
    random = Random(seed)
    worlds = [world(random, rationed=rationed) for _ in range(40)]
    queue = shuffled(together([one for one, _ in worlds], "order_id", "sku"), seed)
    there = together([other for _, other in worlds], "sku")
    found = by_frames(engine, queue, there, policy, of_each_world(bundles, len(worlds)))
    parts = apart(rows(found), "order_id", "sku", worlds=len(worlds))
    for part, one in zip(parts, worlds, strict=True):
        assert verdicts(part) == purely(*one, policy, bundles)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_each_line_gets_what_the_pure_function_gives_it(policy):
    agree("polars", policy, BUNDLES, seed=1, rationed=False)


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.parametrize("policy", MIXED.values(), ids=MIXED)
def test_each_line_gets_on_each_engine_what_the_pure_function_gives_it(engine, policy):
    agree(engine, policy, BUNDLES, seed=3, rationed=False)


@pytest.mark.parametrize("policy", RATIONS.values(), ids=RATIONS)
def test_each_line_gets_its_fair_share(policy):
    agree("polars", policy, {}, seed=2, rationed=True)


@pytest.mark.slow
@given(st.randoms(use_true_random=False), st.sampled_from(list(POLICIES.values())))
def test_a_queue_of_a_few_lines_is_served_as_the_pure_function_serves_it(random, policy):
    queue, there = world(random)
    found = by_frames("polars", queue, there, policy, BUNDLES)
    assert verdicts(rows(found)) == purely(queue, there, policy, BUNDLES)


@pytest.fixture(scope="module")
def large():
    """More than 100,000 lines in orders of three, every tenth of one SKU, and what the pure function says."""
    random = Random(5)
    skus = [f"S{number}" for number in range(4000)]
    lines = [
        {
            "order_id": f"O{order}",
            "line_id": f"{line}",
            "sku": random.choice(["HOT", "SET", *random.choices(skus, k=8)]),
            "quantity": random.randint(1, 4),
            "placed_at": NOW + HOUR * (order % 97),
            "ship": "complete" if order % 2 else "as_available",
        }
        for order in range(34_000)
        for line in range(3)
    ]
    names = ["order_id", "line_id", "sku", "quantity", "placed_at", "ship"]
    queue = pa.Table.from_pylist(lines, pa.schema([QUEUE_TYPES.field(name) for name in names]))
    there = pa.table({"sku": ["HOT", *skus], "available": [9000, *(random.randint(0, 60) for _ in skus)]})
    bundles = {"SET": {"S1": 1, "HOT": 2}}
    columns = zip(
        *((*key, *verdict) for key, verdict in purely(queue, there, LARGE_POLICY, bundles).items()), strict=True
    )
    expected = pa.table(list(map(pa.array, columns)), names=["order_id", "line_id", *RESULTS])
    return shuffled(queue, 7), there, bundles, expected.sort_by(BY_ID)


@pytest.mark.slow
@pytest.mark.parametrize("engine", HERE)
def test_more_than_100_000_lines_are_served_on_each_engine(engine, large):
    queue, there, bundles, expected = large
    found = by_frames(engine, queue, there, LARGE_POLICY, bundles)
    assert table_of(found).select(expected.column_names).sort_by(BY_ID).cast(expected.schema).equals(expected)


@pytest.mark.parametrize("engine", HERE)
def test_lines_that_come_back_are_a_queue_with_grants(engine):
    queue, there = pa.Table.from_pylist(LINES), pa.table({"sku": ["a", "b"], "available": [4, 9]})
    first = by_frames(engine, queue, there, STRICT, {})
    more = make(engine, pa.table({"sku": ["a", "b"], "available": [5, 9]}))
    again = allocate_whole(
        check(first, QUEUE, "queue"), check(more, AVAILABLE, "available"), None, policy=STRICT, at=NOW
    )
    assert verdicts(rows(first)) == {
        ("O1", 1): (3, 3, 0, "granted", False),
        ("O1", 2): (0, 0, 2, "no_stock", False),
        ("O2", 1): (0, 0, 1, "blocked_by", False),
        ("O2", 2): (4, 4, 0, "granted", False),
    }
    assert verdicts(rows(again)) == {
        ("O1", 1): (3, 0, 0, "granted", False),
        ("O1", 2): (2, 2, 0, "granted", False),
        ("O2", 1): (0, 0, 1, "no_stock", False),
        ("O2", 2): (4, 0, 0, "granted", False),
    }
    assert {row["note"] for row in rows(again)} == {"kept"}


LINES = [
    {"order_id": order, "line_id": line, "sku": sku, "quantity": quantity, "placed_at": NOW, "note": "kept"}
    for order, line, sku, quantity in [("O1", 1, "a", 3), ("O1", 2, "a", 2), ("O2", 1, "a", 1), ("O2", 2, "b", 4)]
]


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.parametrize("kind", [pa.int32(), pa.int64()], ids=str)
def test_ids_may_be_whole_numbers(engine, kind):
    numbers = {
        "order_id": [10, 9, 9],
        "line_id": [1, 1, 2],
        "sku": [7, 7, 8],
    }
    queue = pa.table(
        {name: pa.array(column, kind) for name, column in numbers.items()}
        | {"quantity": [2, 2, 1], "placed_at": pa.array([NOW] * 3, pa.timestamp("us", "UTC"))}
    )
    there = pa.table({"sku": pa.array([7, 8], kind), "available": [3, 0]})
    found = by_frames(engine, queue, there, AllocationPolicy(unit="order"), {})
    assert verdicts(rows(found)) == {
        (9, 1): (0, 0, 2, "order_incomplete", False),
        (9, 2): (0, 0, 1, "no_stock", False),
        (10, 1): (2, 2, 0, "granted", False),
    }


@pytest.mark.parametrize("engine", HERE)
def test_an_empty_queue_and_an_empty_shelf_are_served(engine):
    queue, there = pa.Table.from_pylist([], QUEUE_TYPES), pa.Table.from_pylist([], AVAILABLE_TYPES)
    assert rows(by_frames(engine, queue, there, AllocationPolicy(unit="order"), {})) == []
    lines = pa.Table.from_pylist(LINES)
    found = by_frames(engine, lines, there, AllocationPolicy(unit="order"), {})
    assert {row["granted"] for row in rows(found)} == {0}


@pytest.mark.parametrize("engine", CLUSTERS_HERE)
def test_a_cluster_is_refused_by_name_with_the_way_out(engine, build):
    queue = check(build(engine, pa.Table.from_pylist(LINES)), QUEUE, "queue")
    there = check(build(engine, pa.table({"sku": ["a"], "available": [4]})), AVAILABLE, "available")
    with pytest.raises(InvalidArgument, match=r"must not be on .*independent_groups"):
        allocate_whole(queue, there, None, policy=STRICT, at=NOW)


@pytest.mark.parametrize(
    ("columns", "bundles"),
    [({"ship": ["complete", None, None, None]}, {}), ({}, {"b": {"c": 1}})],
    ids=["an order that ships complete", "a bundle"],
)
def test_a_ration_refuses_what_it_cannot_share(columns, bundles):
    queue = pa.Table.from_pylist(LINES)
    for name, column in columns.items():
        queue = queue.append_column(name, pa.array([value or "as_available" for value in column]))
    there = pa.table({"sku": ["a", "b"], "available": [4, 9]})
    with pytest.raises(InvalidArgument, match="must hold no bundle and no order that ships complete"):
        by_frames("polars", queue, there, AllocationPolicy(ration="webster"), bundles)


@pytest.mark.parametrize(
    ("there", "bundles", "match"),
    [
        (
            {"sku": [1, 2], "available": [1, 1]},
            {},
            "text in all frames.*queue holds text, available holds whole numbers",
        ),
    ],
    ids=["SKUs of two kinds"],
)
def test_frames_that_do_not_fit_together_are_refused(there, bundles, match):
    with pytest.raises(InvalidArgument, match=match):
        by_frames("polars", pa.Table.from_pylist(LINES), pa.table(there), STRICT, bundles)


@pytest.mark.parametrize("engine", HERE)
def test_columns_that_hold_nothing_say_nothing(engine):
    queue = pa.Table.from_pylist([line | {"hold": None} for line in LINES])
    queue = queue.append_column("street_date", pa.nulls(len(LINES), pa.timestamp("us", "UTC")))
    there = pa.table({"sku": ["a", "b"], "available": [4, 9]})
    policy = AllocationPolicy(shortage="skip", queue="earliest_street_date")
    found = by_frames(engine, queue, there, policy, {})
    assert [row["decision"] for row in sorted(rows(found), key=lambda row: (row["order_id"], row["line_id"]))] == [
        "granted",
        "no_stock",
        "granted",
        "granted",
    ]


@pytest.mark.parametrize("engine", HERE)
def test_street_dates_of_another_zone_are_the_same_instants(engine):
    dates = pa.array([NOW, NOW + HOUR, None, None], pa.timestamp("us", "Europe/Stockholm"))
    queue = pa.Table.from_pylist(LINES).append_column("street_date", dates)
    found = by_frames(engine, queue, pa.table({"sku": ["a", "b"], "available": [3, 9]}), STRICT, {})
    told = verdicts(rows(found))
    assert (told["O1", 1][3], told["O1", 2][3], told["O2", 1][3]) == ("granted", "not_due", "no_stock")


def test_a_table_of_the_callers_is_not_taken_for_what_was_found():
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.execute("create table beside as select 'O1' as order_id, 1::bigint as line_id, 99::bigint as granted")
    queue, there = connection.from_arrow(pa.Table.from_pylist(LINES)), pa.table({"sku": ["a"], "available": [3]})
    asked = check(queue, QUEUE, "queue"), check(connection.from_arrow(there), AVAILABLE, "available")
    assert verdicts(rows(allocate_whole(*asked, None, policy=STRICT, at=NOW)))["O1", 1][0] == 3
