from __future__ import annotations

import datetime as dt

import pytest

from engines import EACH, pa, rows

NOW = dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.timezone.utc)
TABLE = pa.table(
    {
        "sku": ["a", None, "c"],
        "quantity": pa.array([10**18 - 1, None, -3]),
        "flag": [True, None, False],
        "placed_at": pa.array([NOW, None, NOW], pa.timestamp("us", "UTC")),
        "day": pa.array([NOW.date(), None, NOW.date()], pa.date32()),
    }
)


@pytest.mark.parametrize("engine", EACH)
def test_rows_come_back_from_each_engine_as_they_went_in(engine, build):
    found = rows(build(engine, TABLE))
    assert sorted(map(repr, found)) == sorted(map(repr, rows(TABLE)))
