"""Lines over frames get what they get over values.

Laws, on every engine, whatever the order and the partitions of the rows: each line holds, gets, lacks and is told what
the pure function says; each SKU has left over and oversold what it says, and a SKU is in the stock if a line wants it
or it is available; grants that are handed in again add nothing; other columns come back as they were.
"""

from __future__ import annotations

import datetime as dt
from random import Random  # noqa: TID251  # with a seed
from typing import Any

import pytest
from engines import EACH, KIN, LOCAL, ON_SPARK, make, pa, rows, shuffled, table_of, together
from hypothesis import given, settings
from hypothesis import strategies as st

import preorder_kit as pk
from preorder_kit import UNLIMITED, AllocationPolicy, Grant, InvalidArgument, InvalidDocument, WaitingLine
from preorder_kit.frames._allocating import FrameAllocation, allocate
from preorder_kit.frames._columns import AVAILABLE, QUEUE
from preorder_kit.frames._engines import check

NOW = dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.timezone.utc)
HOUR = dt.timedelta(hours=1)
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
        ("granted", pa.int64()),
    ]
)
AVAILABLE_TYPES = pa.schema([("sku", pa.string()), ("available", pa.int64()), ("available_unlimited", pa.bool_())])
RECIPE_TYPES = pa.schema([("sku", pa.string()), ("component", pa.string()), ("quantity", pa.int64())])
LINE = ("order_id", "line_id")
RESULTS = ("granted", "added", "short", "decision", "unfulfillable")
STOCK = ("available", "available_unlimited", "granted", "waiting", "left_over", "left_over_unlimited", "oversold")

POLICIES = {
    f"{ration or 'in turn'} by {queue}": AllocationPolicy(queue=queue, ration=ration, unserved=unserved)
    for ration, unserved in ((None, "wait"), ("proportional", "unfulfillable"), ("equal", "wait"))
    for queue in ("fifo", "priority", "earliest_street_date")
} | {"told apart by priority": AllocationPolicy(queue="priority", unserved="unfulfillable")}


def queue_of(lines: list[dict[str, Any]]) -> Any:
    return pa.Table.from_pylist(lines, schema=QUEUE_TYPES)


def available_of(there: dict[str, Any]) -> Any:
    found = [
        {"sku": sku, "available": None if units is UNLIMITED else units, "available_unlimited": units is UNLIMITED}
        for sku, units in there.items()
    ]
    return pa.Table.from_pylist(found, schema=AVAILABLE_TYPES)


def worlds(seed: int, many: int) -> tuple[Any, Any]:
    """Return queues and what is there, of several worlds in one frame; few instants, so that most lines are tied."""
    random = Random(seed)
    found = [_world(random) for _ in range(many)]
    return (
        together([queue_of(lines) for lines, _ in found], "order_id", "sku").combine_chunks(),
        together([available_of(there) for _, there in found], "sku").combine_chunks(),
    )


def _world(random: Random) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    lines = []
    for number in range(random.randint(0, 14)):
        quantity = random.choice([1, 2, 3, 50])
        lines.append(
            {
                "order_id": f"O{number // 2}",
                "line_id": str(number % 2),
                "sku": random.choice("aab"),
                "quantity": quantity,
                "placed_at": NOW + random.randint(0, 1) * HOUR,
                "priority": random.randint(-1, 1),
                "street_date": random.choice([None, None, NOW, NOW + HOUR, NOW - HOUR]),
                "hold": random.choice([None, None, None, "unpaid"]),
                "granted": random.choice([0, 0, 0, 1, quantity]),
            }
        )
    there = {"a": random.randint(0, 60), "b": UNLIMITED, "c": 3}
    return lines, {sku: there[sku] for sku in random.sample("abc", random.randint(0, 3))}


def over_values(queue: Any, available: Any, policy: AllocationPolicy) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Return what the pure function says of each line, and of each SKU."""
    rows_of_queue, there = rows(queue), {}
    for row in rows(available):
        there[row["sku"]] = UNLIMITED if row["available_unlimited"] else row["available"]
    lines = [WaitingLine(**{name: row[name] for name in row if name != "granted"}) for row in rows_of_queue]
    grants = [
        Grant(order_id=row["order_id"], line_id=row["line_id"], sku=row["sku"], quantity=row["granted"])
        for row in rows_of_queue
        if row["granted"]
    ]
    found = pk.allocate(lines, available=there, policy=policy, at=NOW, grants=grants)
    added = {(grant.order_id, grant.line_id): grant.quantity for grant in found.added}
    apart = {(line.order_id, line.line_id) for line in found.unfulfillable}
    decided = {
        (name := (item.order_id, item.line_id)): (
            item.granted,
            added.get(name, 0),
            item.short,
            item.code.value,
            name in apart,
        )
        for item in found.decisions
    }
    units = {sku: [0, 0] for sku in {*there, *(line.sku for line in lines)}}
    for line in lines:
        granted, _, short, _, _ = decided[line.order_id, line.line_id]
        units[line.sku][0] += granted
        units[line.sku][1] += short
    stock = {}
    for sku, (granted, short) in units.items():
        had, left = there.get(sku, 0), found.left_over.get(sku, 0)
        stock[sku] = (*_bounded(had), granted, short, *_bounded(left), found.oversold.get(sku, 0))
    return decided, stock


def _bounded(units: Any) -> tuple[int | None, bool]:
    return (None, True) if units is UNLIMITED else (units, False)


def over_frames(found: FrameAllocation[Any]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    lines, stock = rows(found.lines), rows(found.stock)
    decided = {tuple(row[name] for name in LINE): tuple(row[name] for name in RESULTS) for row in lines}
    told = {row["sku"]: tuple(row[name] for name in STOCK) for row in stock}
    assert (len(decided), len(told)) == (len(lines), len(stock))
    return decided, told


#: Each order and each ration once; Dask, slow to ask, is asked once.
SOME = ("in turn by fifo", "proportional by earliest_street_date", "equal by priority", "told apart by priority")
ASKED = [("polars", name) for name in POLICIES] + [
    pytest.param(engine, name, marks=pytest.mark.slow if engine in KIN else ())
    for engine in LOCAL
    if engine != "polars"
    for name in (SOME[1:2] if engine == "dask" else SOME)
]
SPARK_ASKED = [pytest.param("spark", name, marks=ON_SPARK) for name in SOME[1:3]]


@pytest.mark.parametrize(("engine", "name"), [*ASKED, *SPARK_ASKED])
def test_each_engine_says_what_the_pure_function_says(engine, name, build):
    queue, available = worlds(sum(map(ord, name)), 12)
    asked = {"available": build(engine, shuffled(available, 1), 2), "policy": POLICIES[name], "at": NOW}
    found = allocate(build(engine, shuffled(queue, 2), 3), **asked)
    assert over_frames(found) == over_values(queue, available, POLICIES[name])


@pytest.mark.slow
@given(st.integers(0, 10**6), st.sampled_from([*POLICIES]))
@settings(deadline=None, max_examples=20)
def test_any_worlds_come_to_the_same(seed, name):
    queue, available = worlds(seed, 4)
    found = allocate(make("polars", queue), available=make("polars", available), policy=POLICIES[name], at=NOW)
    assert over_frames(found) == over_values(queue, available, POLICIES[name])


@pytest.mark.parametrize(("engine", "name"), [("polars", SOME[0]), ("pandas", SOME[1]), ("duckdb", SOME[2])])
def test_grants_that_are_handed_in_again_add_nothing(engine, name):
    queue, available = worlds(11, 8)
    asked = {"available": make(engine, available), "policy": POLICIES[name], "at": NOW}
    first = allocate(make(engine, queue), **asked)
    again = allocate(first.lines, **asked)
    kept = {row["order_id"] + row["line_id"]: row["granted"] for row in rows(first.lines)}
    assert {row["order_id"] + row["line_id"]: row["granted"] for row in rows(again.lines)} == kept
    assert {row["added"] for row in rows(again.lines)} == {0}
    assert sorted(map(repr, rows(again.stock))) == sorted(map(repr, rows(first.stock)))


MANY = 120_000


def many_lines() -> tuple[Any, Any]:
    """Return a queue of which half wants one SKU, with few instants, in an adversarial order."""
    lines = [
        {
            "order_id": f"O{number * 7919 % MANY:06}",
            "line_id": "1",
            "sku": "giant" if number % 2 else f"s{number % 5000}",
            "quantity": number % 5 + 1,
            "placed_at": NOW - number % 3 * HOUR,
            "priority": number % 4,
            "street_date": None,
            "hold": None if number % 50 else "review",
            "granted": 1 if number % 90 == 0 else 0,
        }
        for number in range(MANY, 0, -1)
    ]
    there = {f"s{number}": number % 60 for number in range(0, 4990, 2)} | {"giant": 50_000}
    return queue_of(lines), available_of(there)


@pytest.fixture(scope="module")
def large() -> Any:
    queue, available = many_lines()
    decided, stock = over_values(queue, available, POLICIES["in turn by priority"])
    return queue, available, decided, stock


@pytest.mark.slow
@pytest.mark.parametrize("engine", EACH)
def test_each_engine_is_right_above_a_hundred_thousand_lines(engine, large, build):
    queue, available, decided, stock = large
    given = {"available": build(engine, available, 3), "policy": POLICIES["in turn by priority"], "at": NOW}
    found = allocate(build(engine, queue, 4), **given)
    columns = table_of(found.lines).select([*LINE, *RESULTS]).to_pydict().values()
    assert {(order, name): tuple(told) for order, name, *told in zip(*columns, strict=True)} == decided
    assert over_frames(FrameAllocation(lines=queue.slice(0, 0), stock=lambda: found.stock))[1] == stock


def line(name: str, sku: str = "a", quantity: int = 2, **fields: Any) -> dict[str, Any]:
    found = {"order_id": name, "line_id": "1", "sku": sku, "quantity": quantity, "placed_at": NOW}
    return found | {"priority": 0, "granted": 0} | fields


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb", EACH[-1]])
def test_columns_of_the_callers_own_are_kept_and_those_of_results_replaced(engine, build):
    queue = queue_of([line("O1"), line("O2")])
    queue = queue.append_column("available", pa.array(["x", "y"])).append_column("decision", pa.array(["?", "?"]))
    queue = queue.append_column("left_over", pa.array([7, 8])).drop_columns(["street_date", "priority"])
    found = rows(allocate(build(engine, queue), available=build(engine, available_of({"a": 3})), at=NOW).lines)
    assert set(found[0]) == {*queue.column_names, *RESULTS}
    told = {row["order_id"]: (row["available"], row["left_over"], row["granted"], row["decision"]) for row in found}
    assert told == {"O1": ("x", 7, 2, "granted"), "O2": ("y", 8, 1, "partial")}


@pytest.mark.parametrize("engine", ["polars", "pandas", "pandas-arrow", "duckdb"])
@pytest.mark.parametrize(("zone", "unit"), [("Europe/Stockholm", "us"), ("America/New_York", "us")])
def test_instants_of_any_zone_are_the_same_instants(engine, zone, unit):
    dates = pa.array([NOW, NOW + dt.timedelta(seconds=1), None], pa.timestamp(unit, zone))
    queue = queue_of([line("O1"), line("O2"), line("O3")])
    queue = queue.set_column(queue.schema.get_field_index("street_date"), "street_date", dates)
    policy = AllocationPolicy(queue="earliest_street_date")
    found = allocate(make(engine, queue), available=make(engine, available_of({"a": 3})), policy=policy, at=NOW)
    told = {row["order_id"]: (row["granted"], row["decision"]) for row in rows(found.lines)}
    assert told == {"O1": (1, "partial"), "O2": (0, "not_due"), "O3": (2, "granted")}


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pandas", "duckdb", "pyarrow"])
def test_an_empty_queue_leaves_all_of_it_over(engine):
    found = allocate(make(engine, queue_of([])), available=make(engine, available_of({"a": 3})), at=NOW)
    assert rows(found.lines) == []
    assert rows(found.stock) == [{"sku": "a", **dict(zip(STOCK, (3, False, 0, 0, 3, False, 0), strict=True))}]


def test_frames_that_were_looked_at_are_taken_too():
    queue, available = queue_of([line("O1")]), available_of({"a": 3})
    looked_at = check(make("polars", available), AVAILABLE, "available")
    found = allocate(check(make("polars", queue), QUEUE, "queue"), available=looked_at, at=NOW)
    assert rows(found.lines)[0]["granted"] == 2


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
def test_the_stock_of_bundles_is_that_of_their_components(engine):
    lines = [line("O1", "SET", 2), line("O2", "a", 4), line("O3", "SET", 3, granted=1)]
    recipes = pa.Table.from_pylist(
        [{"sku": "SET", "component": sku, "quantity": units} for sku, units in (("a", 1), ("b", 2))],
        schema=RECIPE_TYPES,
    )
    found = allocate(
        make(engine, queue_of(lines)),
        available=make(engine, available_of({"a": 5, "b": 5})),
        recipes=make(engine, recipes),
        at=NOW,
    )
    assert {row["order_id"]: row["granted"] for row in rows(found.lines)} == {"O1": 1, "O2": 3, "O3": 1}
    told = {row["sku"]: tuple(row[name] for name in STOCK) for row in rows(found.stock)}
    assert told == {"a": (5, False, 5, 4, 0, False, 0), "b": (5, False, 4, 6, 1, False, 0)}


@pytest.mark.parametrize("engine", ["polars", "duckdb", "dask"])
def test_recipes_of_nothing_in_the_queue_change_nothing(engine):
    recipes = pa.table({"sku": ["SET"], "component": ["a"], "quantity": [2]})
    given = {"available": make(engine, available_of({"a": 3})), "recipes": make(engine, recipes, partitions=1)}
    found = allocate(make(engine, queue_of([line("O1")])), **given, at=NOW)
    assert rows(found.lines)[0]["granted"] == 2


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(
    "policy",
    [AllocationPolicy(shortage="strict"), AllocationPolicy(unit="order"), AllocationPolicy(ration="webster")],
    ids=["strict", "whole orders", "Webster"],
)
def test_what_no_window_can_say_is_said_of_stock_as_well(engine, policy):
    queue, available = worlds(3, 6)
    found = allocate(make(engine, queue), available=make(engine, available), policy=policy, at=NOW)
    assert over_frames(found) == over_values(queue, available, policy)


@pytest.mark.parametrize("engine", ["dask", pytest.param("spark", marks=ON_SPARK)])
def test_what_no_window_can_say_is_refused_on_clusters(engine, build):
    queue, available = build(engine, queue_of([line("O1")])), build(engine, available_of({"a": 3}))
    with pytest.raises(InvalidArgument, match="must not be on") as caught:
        allocate(queue, available=available, policy=AllocationPolicy(shortage="skip"), at=NOW)
    assert caught.value.code == "frame.cluster"


LARGE_SUMS = [line("O1", quantity=1 << 59), *(line(f"P{number}") for number in range(8))]
REFUSED = {
    "more than the claim": ([line("O1", granted=3)], 1, {}, "grant.excess", "order_id 'O1'"),
    "neither a number nor no bound": ([line("O1")], None, {}, "column.null", "sku 'a'"),
    "sums beyond 64 bits": (LARGE_SUMS, 1, {}, "units.too_large", "9 lines of up to"),
    "shares from 2**50 on": (
        [line("O1", quantity=1 << 50)],
        1,
        {"ration": "equal"},
        "units.too_large",
        "a fair share of up to 1125899906842624 units",
    ),
    "products beyond 64 bits": (
        [line("O1", quantity=1 << 40)],
        1 << 30,
        {"ration": "proportional"},
        "units.too_large",
        "for claims of up to",
    ),
    "products that are rounded beyond 64 bits": (
        [line(name, quantity=(1 << 50) - 1) for name in ("O1", "O2", "O3")],
        8192,
        {"ration": "proportional"},
        "units.too_large",
        r"from 2\*\*62 on",
    ),
    "a function of a line": (
        [line("O1")],
        1,
        {"queue": lambda it: it.order_id},
        "policy.queue",
        "put its key into priority",
    ),
}


@pytest.mark.parametrize("engine", ["polars", "pandas"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_before_any_work(engine, name):
    lines, units, policy, code, words = REFUSED[name]
    available = make(engine, available_of({"a": units}))
    with pytest.raises((InvalidArgument, InvalidDocument), match=words) as caught:
        allocate(make(engine, queue_of(lines)), available=available, policy=AllocationPolicy(**policy), at=NOW)
    problems = getattr(caught.value, "problems", None)
    assert (problems[0].code if problems else caught.value.code) == code


MOST = 10**18 - 1


@pytest.mark.parametrize("engine", [name for name in LOCAL if name != "dask"])
@pytest.mark.parametrize("unlimited", [True, False], ids=["with flags", "without"])
def test_numbers_of_18_digits_are_whole_where_a_sku_is_not_available(engine, unlimited):
    queue = queue_of([line("O1", "a", MOST, granted=MOST - 3), line("O2", "b", MOST - 1), line("O3", "c", MOST - 2)])
    available = available_of({"a": MOST, "b": MOST - 2, "d": MOST - 5} | ({"e": UNLIMITED} if unlimited else {}))
    asked = available if unlimited else available.drop_columns(["available_unlimited"])
    found = allocate(make(engine, queue), available=make(engine, asked), at=NOW)
    assert over_frames(found) == over_values(queue, available, AllocationPolicy())


@pytest.mark.parametrize("engine", ["polars", "pandas-arrow", "duckdb", "dask"])
@pytest.mark.parametrize("inner", ["a", "SET"], ids=["a bundle in a bundle", "a bundle in itself"])
def test_a_bundle_in_a_bundle_is_refused(engine, inner):
    parts = [("SET", inner), ("SET", "c"), ("a", "b")]
    recipes = pa.Table.from_pylist(
        [{"sku": sku, "component": part, "quantity": 1} for sku, part in parts], schema=RECIPE_TYPES
    )
    queue = make(engine, queue_of([line("O1", "SET")]))
    with pytest.raises(InvalidDocument, match=f"not be a bundle.*sku 'SET', component '{inner}'") as caught:
        allocate(queue, available=make(engine, available_of({"c": 3})), recipes=make(engine, recipes), at=NOW)
    assert caught.value.problems[0].code == "recipe.nested"
