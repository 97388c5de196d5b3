"""The other operations of `preorder_kit.frames` on Polars, beside what is written for it by hand.

Each function returns two queries and what compares their answers. What is written by hand checks nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from frame_peers import KEYS

from preorder_kit import MON_TO_FRI, MON_TO_SAT, AllocationPolicy, LeadTime, SellRules, ShippingTimes, frames

Ways = tuple[Callable[[], Any], Callable[[], Any], Callable[[Any, Any], bool]]

START = dt.date(2026, 6, 1)
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.timezone.utc)


def drawn(query: str, lines: int) -> Any:
    """Return rows of DuckDB for Polars; ``{d}`` draws a number of up to 64 bits for row ``i``."""
    import polars as pl

    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        table = connection.sql(query.replace("{lines}", str(lines))).to_arrow_table()
    return pl.DataFrame(table)


def same_by(*columns: str, key: list[str]) -> Callable[[Any, Any], bool]:
    """Return what says whether two frames hold the same in some columns, their rows named by a key."""

    def same(one: Any, other: Any) -> bool:
        import polars as pl

        some = [
            frame.sort(key).select(*key, *(pl.col(name).cast(pl.String) for name in columns)) for frame in (one, other)
        ]
        return bool(some[0].equals(some[1]))

    return same


def _of_queue(queue: Path, available: Path) -> tuple[Any, Any]:
    import polars as pl

    return pl.read_parquet(queue).lazy(), pl.read_parquet(available).lazy()


def _shared(ration: str, by_hand: Callable[[Any], Any], paths: tuple[Path, Path]) -> Ways:
    """Return a ration of ours, and one by hand from the queue with ``there``, ``whole`` and what is asked for."""
    import polars as pl

    queue, available = _of_queue(*paths)
    policy = AllocationPolicy(ration=ration)

    def ours() -> Any:
        return frames.allocate(queue, available=available, policy=policy, at=NOW).lines.collect()

    def hand() -> Any:
        units = pl.col("quantity")
        asked = (
            queue.join(available, on="sku", how="left")
            .rename({"available": "there"})
            .with_columns(pl.col("there").fill_null(0), whole=units.sum().over("sku"))
        )
        found = by_hand(asked).with_columns(short=units - pl.col("granted"))
        return found.select(*queue.collect_schema().names(), "granted", "short").collect()

    return ours, hand, same_by("granted", "short", key=["order_id", "line_id"])


def proportional(lines: int, *paths: Path) -> Ways:  # noqa: ARG001  # the queue has them
    import polars as pl

    units, there, whole = pl.col("quantity"), pl.col("there"), pl.col("whole")

    def shares(asked: Any) -> Any:
        place = pl.int_range(pl.len()).over("sku", order_by=["lack", *KEYS])
        return (
            asked.with_columns(share=there * units // whole, lack=-(there * units % whole))
            .with_columns(more=place < there - pl.col("share").sum().over("sku"))
            .with_columns(granted=pl.when(there >= whole).then(units).otherwise(pl.col("share") + pl.col("more")))
        )

    return _shared("proportional", shares, paths)


def equal(lines: int, *paths: Path) -> Ways:  # noqa: ARG001  # the queue has them
    import polars as pl

    units, there = pl.col("quantity"), pl.col("there")

    def shares(asked: Any) -> Any:
        """Serve the smallest in full while all can have as much as them; the others get one level."""
        ranked = {"partition_by": "sku", "order_by": ["quantity", *KEYS]}
        is_full = pl.col("is_full")
        rest = there - pl.when(is_full).then(units).otherwise(0).sum().over("sku")
        over = (~is_full).sum().over("sku").cast(pl.Int64)
        return (
            asked.with_columns(
                before=units.cum_sum().over(**ranked) - units,
                others=pl.len().over("sku").cast(pl.Int64) - pl.int_range(pl.len()).over(**ranked),
            )
            .with_columns(is_full=pl.col("before") + units * pl.col("others") <= there)
            .with_columns(rest=rest, over=over)
            .with_columns(place=pl.int_range(pl.len()).over("sku", "is_full", order_by=KEYS))
            .with_columns(
                granted=pl.when(is_full)
                .then(units)
                .otherwise(pl.col("rest") // pl.col("over") + (pl.col("place") < pl.col("rest") % pl.col("over")))
            )
        )

    return _shared("equal", shares, paths)


def free_for_new(lines: int, *paths: Path) -> Ways:  # noqa: ARG001  # the queue has them
    import polars as pl

    queue, available = _of_queue(*paths)

    def hand() -> Any:
        claims = queue.group_by("sku").agg(claims=pl.col("quantity").sum())
        free = (pl.col("available") - pl.col("claims").fill_null(0)).clip(lower_bound=0)
        return available.join(claims, on="sku", how="left").with_columns(free=free).drop("claims").collect()

    return (
        lambda: frames.free_for_new(queue, available=available).collect(),
        hand,
        same_by("available", "free", key=["sku"]),
    )


_STOCKED = """
select printf('SKU-%07d', i) as sku, (hash(i, 1) % 100)::bigint - 5 as on_hand, (hash(i, 2) % 20)::bigint as committed,
    (hash(i, 3) % 20)::bigint as waiting, (hash(i, 4) % 60)::bigint as incoming,
    if(hash(i, 5) % 3 = 0, timestamptz '2026-05-01 00:00:00+00' + to_days((hash(i, 6) % 60)::int), null) as street_date
from range({lines}) as places(i)
"""
RULES = SellRules(safety_stock=3, backorder_limit=40, preorder_limit=100)


def derive_stock(lines: int, *paths: Path) -> Ways:  # noqa: ARG001  # it has rows of its own
    import polars as pl

    frame = drawn(_STOCKED, lines).lazy()
    waiting, incoming = pl.col("waiting"), pl.col("incoming")

    def hand() -> Any:
        unsold = pl.col("on_hand") - pl.col("committed")
        shelf = (unsold - RULES.safety_stock).clip(lower_bound=0)
        ahead = (pl.col("street_date") > NOW).fill_null(value=False)
        beyond = (waiting - shelf).clip(lower_bound=0)
        room = (
            pl.when(ahead)
            .then(pl.min_horizontal(pl.lit(RULES.preorder_limit), incoming + shelf) - waiting)
            .otherwise(pl.min_horizontal(pl.lit(RULES.backorder_limit), incoming) - beyond)
        )
        counted = frame.with_columns(
            free=unsold - RULES.safety_stock - waiting,
            ahead=ahead,
            room=room.clip(lower_bound=0),
            oversold=(-unsold).clip(lower_bound=0),
        )
        free, room, ahead = pl.col("free"), pl.col("room"), pl.col("ahead")
        sold = (free > 0) & ~ahead
        reading = (
            pl.when(sold & (free >= RULES.few_below)).then(pl.lit("in_stock")).when(sold).then(pl.lit("low_stock"))
        )
        reading = reading.when((room > 0) & ahead).then(pl.lit("preorder")).when(room > 0).then(pl.lit("backorder"))
        return (
            counted.with_columns(
                availability=reading.otherwise(pl.lit("out_of_stock")),
                quantity=pl.when(sold).then(free).otherwise(room),
                later=pl.when(sold).then(room).otherwise(0),
            )
            .drop("free", "ahead", "room")
            .collect()
        )

    return (
        lambda: frames.derive_stock(frame, rules=RULES, at=NOW).collect(),
        hand,
        same_by("availability", "quantity", "later", "oversold", key=["sku"]),
    )


_READ = """
select printf('SKU-%07d', i) as sku,
    case hash(i, 1) % 10
        when 0 then 'yes' when 1 then 'no' when 2 then 'few' else (hash(i, 2) % 300)::varchar
    end as stock
from range({lines}) as places(i)
"""


def normalize_stock(lines: int, *paths: Path) -> Ways:  # noqa: ARG001  # it has rows of its own
    import polars as pl

    frame = drawn(_READ, lines).lazy()

    def hand() -> Any:
        word = pl.col("stock").str.strip_chars().str.to_lowercase()
        number = word.cast(pl.Int64, strict=False)
        chain = pl.when((word == "yes") | (number >= 10)).then(pl.lit("in_stock"))
        chain = chain.when((word == "few") | (number > 0)).then(pl.lit("low_stock"))
        return frame.with_columns(availability=chain.otherwise(pl.lit("out_of_stock")), quantity=number).collect()

    return lambda: frames.normalize_stock(frame).collect(), hand, same_by("availability", key=["sku"])


TIMES = ShippingTimes(handling=LeadTime(1, 2, MON_TO_FRI), transit=LeadTime(2, 4, MON_TO_SAT))
_READY = """
select i as place, (date '2026-06-01' + (hash(i, 1) % 400)::int)::date as ready from range({lines}) as places(i)
"""


def delivery_range(lines: int, *paths: Path) -> Ways:  # noqa: ARG001  # it has rows of its own
    import polars as pl

    frame = drawn(_READY, lines).lazy()
    saturdays = (True, True, True, True, True, True, False)

    def shifted(handling: int, transit: int) -> Any:
        sent = pl.col("ready").dt.add_business_days(handling, roll="forward")
        return sent.dt.add_business_days(transit, week_mask=saturdays, roll="forward")

    return (
        lambda: frames.delivery_range(frame, times=TIMES).collect(),
        lambda: frame.with_columns(delivery_earliest=shifted(1, 2), delivery_latest=shifted(2, 4)).collect(),
        same_by("delivery_earliest", "delivery_latest", key=["place"]),
    )


_ON_HAND = """
select printf('SKU-%07d', i) as sku, (hash(i, 1) % 50)::bigint as on_hand from range({lines} // 10) as places(i)
"""
_MOVED = """
select printf('SKU-%07d', (hash(i, {salt}) % ({lines} // 10))::bigint) as sku,
    (hash(i, {salt}, 'q') % 9 + 1)::bigint as quantity,
    (date '2026-05-15' + (hash(i, {salt}, 'd') % 180)::int)::date as {day}
from range({lines} // 2) as places(i)
"""


def atp_timeline(lines: int, *paths: Path) -> Ways:  # noqa: ARG001  # it has rows of its own
    import polars as pl

    on_hand = drawn(_ON_HAND, lines).lazy()
    receipts = drawn(_MOVED.replace("{salt}", "2").replace("{day}", "expected"), lines).lazy()
    commitments = drawn(_MOVED.replace("{salt}", "3").replace("{day}", "due"), lines).lazy()

    def hand() -> Any:
        moves = pl.concat(
            [
                on_hand.select("sku", day=pl.lit(START), units="on_hand"),
                receipts.filter(pl.col("expected") >= START).select("sku", day="expected", units="quantity"),
                commitments.select("sku", day=pl.col("due").clip(lower_bound=START), units=-pl.col("quantity")),
            ]
        )
        lowest = pl.col("units").cum_sum().cum_min(reverse=True).over("sku")
        return (
            moves.group_by("sku", "day")
            .agg(pl.col("units").sum())
            .sort("sku", "day")
            .with_columns(lowest=lowest)
            .filter(pl.col("lowest").ne_missing(pl.col("lowest").shift().over("sku")))
            .select(
                "sku",
                "day",
                available=pl.col("lowest").clip(lower_bound=0),
                short=(-pl.col("lowest")).clip(lower_bound=0),
            )
            .collect()
        )

    return (
        lambda: frames.atp_timeline(on_hand, receipts=receipts, commitments=commitments, start=START).collect(),
        hand,
        same_by("available", "short", key=["sku", "day"]),
    )


#: Name -> what returns the two ways.
OTHERS: dict[str, Callable[..., Ways]] = {
    "proportional": proportional,
    "equal": equal,
    "free_for_new": free_for_new,
    "derive_stock": derive_stock,
    "normalize_stock": normalize_stock,
    "delivery_range": delivery_range,
    "atp_timeline": atp_timeline,
}
