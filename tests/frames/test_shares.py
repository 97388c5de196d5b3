"""Fair shares by windows are those that `ration` gives.

Laws: each class of lines shares what `ration` gives it, whatever the order of the rows; numbers up to the bounds are
divided exactly, on every engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random  # noqa: TID251  # with a seed
from typing import Any

import narwhals.stable.v2 as nw
import pytest
from engines import make, pa, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from preorder_kit import ration
from preorder_kit.frames._shares import SHARE, THERE, WANTS, equal, proportional

RULES = {"proportional": proportional, "equal": equal}


def shares(engine: str, rule: str, classes: Sequence[tuple[int, Sequence[int]]]) -> list[list[int]]:
    """Return the shares of each class of claims, of units that are there for it."""
    lines = [
        {"class": number, "place": place, WANTS: claim, THERE: min(units, sum(claims))}
        for number, (units, claims) in enumerate(classes)
        for place, claim in enumerate(claims)
    ]
    Random(1).shuffle(lines)
    types = pa.schema([(name, pa.int64()) for name in ("class", "place", WANTS, THERE)])
    frame: Any = nw.from_native(make(engine, pa.Table.from_pylist(lines, schema=types))).lazy()
    found = RULES[rule](frame, by=["class"], place=["place"]).select("class", "place", SHARE).to_native()
    told = {(row["class"], row["place"]): row[SHARE] for row in rows(found)}
    return [[told[number, place] for place in range(len(claims))] for number, (_, claims) in enumerate(classes)]


def expected(rule: str, classes: Sequence[tuple[int, Sequence[int]]]) -> list[list[int]]:
    return [list(ration(units, claims=claims, rule=rule)) for units, claims in classes]


CLASSES = st.lists(
    st.tuples(st.integers(0, 40), st.lists(st.integers(0, 12), min_size=1, max_size=8)), min_size=1, max_size=8
)


@given(CLASSES, st.sampled_from([*RULES]))
@settings(deadline=None)
def test_any_claims_share_what_ration_gives_them(classes, rule):
    assert shares("polars", rule, classes) == expected(rule, classes)


LARGE = [
    (10**4 + 1, [(1 << 48) + 1, (1 << 48) - 1, 3, 1 << 49]),
    ((1 << 50) - 1, [4095, 4096, 4097, (1 << 12) - 1]),
    (2**13 - 1, [(1 << 50) - 1] * 3),
    (10**6, [10**12 + 7, 10**12 - 7, 10**12]),
    (0, [5, 0]),
    (7, [0, 0]),
    (5, [5]),
    (1, [1, 1, 1]),
    (10, [6, 6, 2]),
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("engine", ["polars", "pandas", "pandas-arrow", "duckdb"])
def test_large_numbers_are_divided_exactly(engine, rule):
    assert shares(engine, rule, LARGE) == expected(rule, LARGE)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
def test_one_giant_class_shares_as_many_do(engine, rule):
    random = Random(3)
    classes = [(20_000, [random.choice([1, 2, 3, 40]) for _ in range(3_000)]), (9, [1] * 20), (100, [3] * 20)]
    assert shares(engine, rule, classes) == expected(rule, classes)
