"""What newcomers may buy over frames is what they may buy over values.

Laws, on every engine: each SKU that is available is free as far as the pure function says, bundles by component; other
columns of it come back as they were.
"""

from __future__ import annotations

from random import Random  # noqa: TID251  # with a seed
from typing import Any

import pytest
from engines import EACH, make, pa, rows, shuffled, together
from hypothesis import given, settings
from hypothesis import strategies as st
from test_allocating import NOW, RECIPE_TYPES, available_of, line, queue_of

import preorder_kit as pk
from preorder_kit import UNLIMITED, Component, Grant, WaitingLine
from preorder_kit.frames._free import free_for_new

BUNDLES = {"SET": {"a": 1, "b": 2}, "PAIR": {"c": 2}}


def world(random: Random) -> tuple[Any, Any, Any]:
    lines = []
    for number in range(random.randint(0, 9)):
        quantity = random.randint(1, 6)
        held, hold = random.randint(0, quantity), random.choice([None, None, "unpaid"])
        lines.append(line(f"O{number}", random.choice(["a", "b", "SET", "PAIR"]), quantity, granted=held, hold=hold))
    there = {"a": random.randint(0, 30), "b": random.randint(0, 30), "c": UNLIMITED, "d": 1}
    parts = [
        {"sku": sku, "component": part, "quantity": units}
        for sku, needs in BUNDLES.items()
        for part, units in needs.items()
    ]
    chosen = {sku: there[sku] for sku in random.sample("abcd", random.randint(0, 4))}
    return queue_of(lines), available_of(chosen), pa.Table.from_pylist(parts, schema=RECIPE_TYPES)


def worlds(seed: int, many: int) -> tuple[Any, Any, Any]:
    random = Random(seed)
    queues, there, recipes = zip(*(world(random) for _ in range(many)), strict=True)
    return (
        together(queues, "order_id", "sku").combine_chunks(),
        together(there, "sku").combine_chunks(),
        together(recipes, "sku", "component").combine_chunks(),
    )


def over_values(queue: Any, available: Any, recipes: Any) -> dict[str, Any]:
    parts: dict[str, list[Component]] = {}
    for row in rows(recipes):
        parts.setdefault(row["sku"], []).append(Component(row["component"], row["quantity"]))
    lines, grants = [], []
    for row in rows(queue):
        name = {key: row[key] for key in ("order_id", "line_id", "sku")}
        own = parts.get(row["sku"], ())
        lines.append(WaitingLine(**name, quantity=row["quantity"], placed_at=NOW, hold=row["hold"], components=own))
        grants += [Grant(**name, quantity=row["granted"])] if row["granted"] else []
    there = {row["sku"]: UNLIMITED if row["available_unlimited"] else row["available"] for row in rows(available)}
    found = pk.free_for_new(lines, available=there, grants=grants)
    return {sku: (None, True) if units is UNLIMITED else (units, False) for sku, units in found.items()}


def told(found: Any) -> dict[str, Any]:
    return {row["sku"]: (row["free"], row["free_unlimited"]) for row in rows(found)}


@pytest.mark.parametrize("engine", EACH)
def test_each_engine_says_what_the_pure_function_says(engine, build):
    queue, available, recipes = worlds(7, 10)
    found = free_for_new(
        build(engine, shuffled(queue, 1)),
        available=build(engine, available),
        recipes=build(engine, recipes, partitions=2),
    )
    assert told(found) == over_values(queue, available, recipes)


@pytest.mark.slow
@given(st.integers(0, 10**6))
@settings(deadline=None)
def test_any_worlds_come_to_the_same(seed):
    queue, available, recipes = worlds(seed, 3)
    found = free_for_new(make("polars", queue), available=make("polars", available), recipes=make("polars", recipes))
    assert told(found) == over_values(queue, available, recipes)


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb", "pyarrow"])
def test_columns_of_the_callers_own_are_kept_and_free_is_replaced(engine):
    available = available_of({"a": 5}).append_column("free", pa.array(["?"])).append_column("bin", pa.array(["x"]))
    found = rows(free_for_new(make(engine, queue_of([line("O1")])), available=make(engine, available)))
    assert found == [
        {"sku": "a", "available": 5, "available_unlimited": False, "bin": "x", "free": 3, "free_unlimited": False}
    ]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb", "pyarrow"])
def test_above_a_hundred_thousand_lines_it_is_the_same(engine):
    lines = [line(f"O{number}", f"s{number % 4000}", number % 3 + 1) for number in range(120_000)]
    available = available_of({f"s{number}": 60 + number % 9 for number in range(4100)})
    wanted: dict[str, int] = {}
    for row in lines:
        wanted[row["sku"]] = wanted.get(row["sku"], 0) + row["quantity"]
    found = free_for_new(make(engine, queue_of(lines)), available=make(engine, available))
    expected = {f"s{number}": max(0, 60 + number % 9 - wanted.get(f"s{number}", 0)) for number in range(4100)}
    assert {sku: units for sku, (units, _) in told(found).items()} == expected
