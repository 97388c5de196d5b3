"""The queues that frames are timed on: seeded, in several shapes, their rows in no order."""

from __future__ import annotations

from pathlib import Path

import duckdb

#: Shape -> what is hard about it, and the number of a line's SKU, of a draw ``u`` (and another, ``v``) from [0, 1).
SHAPES = {
    "even": ("20 lines to a SKU, no two orders at one instant", "floor(u * u * greatest(lines // 20, 1))"),
    "ties": ("a third of all lines at 1,000 instants", "floor(u * u * greatest(lines // 20, 1))"),
    "giant": ("half of all lines for one SKU, ties", "if(v < 0.5, 0, 1 + floor(u * greatest(lines // 20, 1)))"),
    "tiny": ("a million SKUs, ties", "floor(u * least(lines, 1000000))"),
}

_ROWS = """
create temp table queue as
with drawn as (
    select i, hash(i, {seed}) / 18446744073709551616.0 as u, hash(i, {seed}, 'giant') / 18446744073709551616.0 as v,
        {lines} as lines, hash(i // 2, {seed}, 'instant') as h, hash(i, {seed}, 'units') % 4 + 1 as quantity
    from range({lines}) as places(i)
)
select printf('O%09d', i // 2) as order_id, (i % 2 + 1)::varchar as line_id,
    printf('SKU-%07d', ({sku})::bigint) as sku, quantity::bigint as quantity,
    timestamptz '2026-01-01 00:00:00+00' + to_milliseconds((
        case when {ties} and h % 3 = 0 then h // 3 % 1000 * 7776000 else h // 3 % 7776000000 end
    )::bigint) as placed_at
from drawn order by hash(i, {seed}, 'row')
"""
_AVAILABLE = """
create temp table available as
with wanted as (select sku, sum(quantity) as units, hash(sku, {seed}) as h from queue group by sku)
select sku, (units * (h % 121) // 100)::bigint as available from wanted where h // 121 % 50 > 0
order by h
"""


def files(folder: Path, shape: str, lines: int, *, seed: int = 7) -> tuple[Path, Path]:
    """Return the files of a queue and of what is there of its SKUs; they are made where they are not there yet.

    Two lines to an order, of one to four units. There is 0 to 120 % of what is asked for, and of two SKUs in a hundred
    nobody says what is there.
    """
    queue, available = (folder / f"{what}-{shape}-{lines}-{seed}.parquet" for what in ("queue", "available"))
    if not (queue.exists() and available.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            ties = "false" if shape == "even" else "true"
            connection.execute(_ROWS.format(seed=seed, lines=lines, sku=SHAPES[shape][1], ties=ties))
            connection.execute(_AVAILABLE.format(seed=seed))
            connection.execute(f"copy available to '{available}' (format parquet)")
            connection.execute(f"copy queue to '{queue}' (format parquet)")
    return queue, available
