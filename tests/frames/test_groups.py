"""Which SKUs hang together.

Laws: groups are the closure of standing in one order or one bundle; a group's name is its smallest SKU; lines that are
allocated group by group, by any policy, get what they get together, on a cluster too.
"""

from __future__ import annotations

import datetime as dt
import sys
from random import Random  # noqa: TID251  # with a seed

import pytest
from engines import EACH, make, pa, rows, shuffled
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import AllocationPolicy, InvalidArgument
from preorder_kit.frames._columns import AVAILABLE, QUEUE, RECIPES
from preorder_kit.frames._engines import check
from preorder_kit.frames._groups import independent_groups
from preorder_kit.frames._whole import allocate_whole

pc = pytest.importorskip("pyarrow.compute")

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.timezone.utc)
HOUR = dt.timedelta(hours=1)


def queue_of(orders):
    """Return a line for each SKU of each order."""
    lines = [(order, line, sku) for order, skus in orders.items() for line, sku in enumerate(skus)]
    ids, numbers, skus = zip(*lines, strict=True) if lines else ((), (), ())
    columns = [
        pa.array(ids, pa.string()),
        pa.array(numbers, pa.int64()),
        pa.array(skus, pa.string()),
        pa.array([1] * len(lines), pa.int64()),
        pa.array([NOW] * len(lines), pa.timestamp("us", "UTC")),
    ]
    return pa.table(columns, names=["order_id", "line_id", "sku", "quantity", "placed_at"])


def recipes_of(bundles):
    found = [(sku, part) for sku, parts in bundles.items() for part in sorted(set(parts) - {sku})]
    skus, parts = zip(*found, strict=True) if found else ((), ())
    columns = [
        pa.array(skus, pa.string()),
        pa.array(parts, pa.string()),
        pa.array([1] * len(found), pa.int64()),
    ]
    return pa.table(columns, names=["sku", "component", "quantity"])


def groups(frame):
    found = rows(frame)
    assert len({row["sku"] for row in found}) == len(found)
    return {row["sku"]: row["group"] for row in found}


def closed(orders, bundles):
    """Join sets that have a member in common, until none have."""
    wanted = {sku for skus in orders.values() for sku in skus}
    sets = [set(skus) for skus in orders.values() if skus]
    sets += [{sku, *parts} for sku, parts in bundles.items() if sku in wanted]
    for _ in sets:
        sets = [set().union(*(other for other in sets if one & other)) for one in sets]
    return {sku: min(one) for one in sets for sku in one}


names = st.sampled_from("abcdefgh")
orders = st.dictionaries(st.sampled_from(["O1", "O2", "O3", "O4"]), st.lists(names, min_size=1, max_size=3))
bundles = st.dictionaries(
    st.sampled_from("agh"), st.lists(st.sampled_from("bcdef"), min_size=1, max_size=2), max_size=2
)

WORLD = (
    {"O1": ["a", "b"], "O2": ["c"], "O3": ["d", "SET"], "O4": ["b", "e", "b"], "O5": ["f"]},
    {"SET": ["f", "z"], "UNWANTED": ["a", "c"]},
)
GROUPS = {"a": "a", "b": "a", "e": "a", "c": "c", "SET": "SET", "d": "SET", "f": "SET", "z": "SET"}


@pytest.mark.parametrize("engine", EACH)
def test_skus_of_an_order_and_parts_of_a_bundle_hang_together(engine, build):
    queue, recipes = queue_of(WORLD[0]), recipes_of(WORLD[1])
    found = independent_groups(build(engine, shuffled(queue, 1)), recipes=build(engine, recipes))
    assert groups(found) == GROUPS


@pytest.mark.parametrize("engine", EACH)
def test_without_bundles_orders_alone_hold_skus_together(engine, build):
    found = independent_groups(build(engine, queue_of({"O1": ["b", "a"], "O2": ["c"]})))
    assert groups(found) == {"a": "a", "b": "a", "c": "c"}


@given(orders=orders, bundles=bundles)
def test_groups_are_the_closure_of_standing_together(orders, bundles):
    found = independent_groups(make("polars", queue_of(orders)), recipes=make("polars", recipes_of(bundles)))
    assert groups(found) == closed(orders, bundles)


RANDOM = Random(4)
LINES = pa.table(
    {
        "order_id": [f"O{number // 3}" for number in range(240)],
        "line_id": [number % 3 for number in range(240)],
        "sku": [
            RANDOM.choice([f"{number // 12}/a", f"{number // 12}/b", f"{number // 12}/SET"]) for number in range(240)
        ],
        "quantity": [RANDOM.randint(1, 3) for _ in range(240)],
        "placed_at": pa.array([NOW + HOUR * (number // 3 % 4) for number in range(240)], pa.timestamp("us", "UTC")),
    }
)
THERE = pa.table(
    {
        "sku": [f"{number}/{name}" for number in range(20) for name in "abc"],
        "available": pa.array([RANDOM.randint(0, 9) for _ in range(60)], pa.int64()),
    }
)
RECIPES_THERE = recipes_of({f"{number}/SET": [f"{number}/b", f"{number}/c"] for number in range(20)})
POLICY = AllocationPolicy(unit="order", shortage="strict")
RESULTS = ["order_id", "line_id", "granted", "added", "short", "decision", "unfulfillable"]


def allocated(queue, available):
    """Return what lines got, as a table; what a worker on a cluster runs for each group."""
    lines, there = check(queue, QUEUE, "queue"), check(available, AVAILABLE, "available")
    return allocate_whole(lines, there, check(RECIPES_THERE, RECIPES, "recipes"), policy=POLICY, at=NOW).select(RESULTS)


def sorted_rows(table):
    return sorted(tuple(row.values()) for row in rows(table))


@pytest.mark.slow
def test_groups_that_are_allocated_apart_get_what_they_get_together():
    found = independent_groups(LINES, recipes=RECIPES_THERE)
    assert len(set(found["group"].to_pylist())) == 20
    parts = []
    for group in set(found["group"].to_pylist()):
        members = found.filter(pc.field("group") == group)["sku"]
        is_ours = pc.is_in(LINES["sku"], members)
        parts.append(allocated(LINES.filter(is_ours), THERE.filter(pc.is_in(THERE["sku"], members))))
    assert sorted_rows(pa.concat_tables(parts)) == sorted_rows(allocated(LINES, THERE))


@pytest.mark.xdist_group("spark")
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_workers_of_a_cluster_allocate_group_by_group(build):
    cloudpickle = pytest.importorskip("pyspark.cloudpickle")
    cloudpickle.register_pickle_by_value(sys.modules[__name__])  # which workers cannot import
    queue, there = build("spark", LINES), build("spark", THERE)
    groups = independent_groups(queue, recipes=build("spark", RECIPES_THERE))
    lines = queue.join(groups, "sku").groupBy("group")
    stock = there.join(groups.toDF("sku", "of"), "sku").groupBy("of")  # Spark tells columns of two names apart
    kinds = (
        "order_id string, line_id long, granted long, added long, short long, decision string, unfulfillable boolean"
    )
    found = lines.cogroup(stock).applyInArrow(allocated, kinds)
    assert sorted_rows(found) == sorted_rows(allocated(LINES, THERE))


def test_skus_of_two_kinds_are_refused():
    recipes = pa.table({"sku": [1], "component": [2], "quantity": [1]})
    with pytest.raises(InvalidArgument, match="queue holds text, recipes holds whole numbers"):
        independent_groups(LINES, recipes=recipes)


# Dask has a way of its own back to a frame, which coverage needs.
@pytest.mark.parametrize("engine", ["dask", *(each for each in EACH if each.values != ("dask",))])
def test_whole_numbers_are_grouped_as_numbers(engine, build):
    queue = queue_of({"O1": ["a", "b"], "O2": ["c"]}).set_column(2, "sku", pa.array([10, 9, 8], pa.int32()))
    assert groups(independent_groups(build(engine, queue))) == {10: 9, 9: 9, 8: 8}


def test_a_long_chain_of_orders_is_one_group():
    chain = queue_of({f"O{number}": [f"S{number:06}", f"S{number + 1:06}"] for number in range(5_000)})
    found = independent_groups(make("polars", shuffled(chain, 2)))
    assert found["group"].unique().to_list() == ["S000000"]
