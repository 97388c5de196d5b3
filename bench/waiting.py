"""What the waiting room costs, as ratios to bare loops on flat tuples.

Run it with ``make bench``. Each floor is the plainest Python that gives the same numbers: rows are tuples with the
microseconds of their instant, sorted once, and stock is one dict. It checks nothing and explains nothing.
"""

from __future__ import annotations

import datetime as dt
import random  # noqa: TID251  # seeded: the same rows each time
import sys
import tracemalloc
from collections.abc import Callable, Iterable
from statistics import median

from timing import compare, head, seconds

from preorder_kit import Allocation, AllocationPolicy, WaitingLine, allocate

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.timezone.utc)
START = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
SECONDS = 86_400 * 90
SKUS = [f"SKU-{place:05d}" for place in range(50_000)]

Row = tuple[int, str, str, str, int]  # microseconds, order, line, SKU, units
Grants = list[tuple[str, str, str, int]]


def rows_of(number: int, *, lines: int = 1) -> list[Row]:
    """Return shuffled rows of orders with so many lines each; few SKUs are wanted by many, most by few."""
    draw = random.Random(number)  # noqa: S311  # no secret
    rows = []
    for place in range(number // lines):
        instant = draw.randrange(SECONDS) * 1_000_000 + draw.randrange(1_000_000)
        for line in range(lines):
            sku = SKUS[int(draw.random() ** 2 * len(SKUS))]
            rows.append((instant, f"O{place:07d}", str(line + 1), sku, draw.randint(1, 4)))
    draw.shuffle(rows)
    return rows


def stock_of(rows: list[Row]) -> dict[str, int]:
    """Return stock for about half of what is wanted."""
    draw = random.Random(1)  # noqa: S311  # no secret
    wanted: dict[str, int] = {}
    for _, _, _, sku, units in rows:
        wanted[sku] = wanted.get(sku, 0) + units
    return {sku: draw.randint(0, units) for sku, units in sorted(wanted.items())}


def queue_of(rows: Iterable[Row]) -> list[WaitingLine]:
    return [
        WaitingLine(
            order_id=order, line_id=line, sku=sku, quantity=units, placed_at=START + dt.timedelta(microseconds=instant)
        )
        for instant, order, line, sku, units in rows
    ]


def bare_partial(rows: list[Row], stock: dict[str, int]) -> tuple[Grants, dict[str, int]]:
    left = dict(stock)
    grants = []
    for _, order, line, sku, units in sorted(rows):
        there = left.get(sku, 0)
        if there:
            given = min(units, there)
            left[sku] = there - given
            grants.append((order, line, sku, given))
    return grants, left


def bare_skip(rows: list[Row], stock: dict[str, int]) -> tuple[Grants, dict[str, int]]:
    left = dict(stock)
    grants = []
    for _, order, line, sku, units in sorted(rows):
        there = left.get(sku, 0)
        if there >= units:
            left[sku] = there - units
            grants.append((order, line, sku, units))
    return grants, left


def bare_strict(rows: list[Row], stock: dict[str, int]) -> tuple[Grants, dict[str, int]]:
    left = dict(stock)
    closed = set()
    grants = []
    for _, order, line, sku, units in sorted(rows):
        if sku in closed:
            continue
        there = left.get(sku, 0)
        if there >= units:
            left[sku] = there - units
            grants.append((order, line, sku, units))
        else:
            closed.add(sku)
    return grants, left


def bare_orders(rows: list[Row], stock: dict[str, int]) -> tuple[dict[str, bool], dict[str, int]]:
    """Return which orders are served whole, in the order of their first lines."""
    left = dict(stock)
    lines: dict[str, list[tuple[str, int]]] = {}
    for _, order, _, sku, units in sorted(rows):
        if order in lines:
            lines[order].append((sku, units))
        else:
            lines[order] = [(sku, units)]
    served = {}
    for order, asks in lines.items():
        needs: dict[str, int] = {}
        for sku, units in asks:
            needs[sku] = needs.get(sku, 0) + units
        served[order] = fits = all(left.get(sku, 0) >= units for sku, units in needs.items())
        if fits:
            for sku, units in needs.items():
                left[sku] -= units
    return served, left


def bare_shares(rows: list[Row], stock: dict[str, int]) -> tuple[Grants, dict[str, int]]:
    """Share each SKU in proportion to the claims, whole units by largest remainder."""
    left = dict(stock)
    claims: dict[str, list[Row]] = {}
    for row in sorted(rows):
        claims.setdefault(row[3], []).append(row)
    grants = []
    for sku, asking in claims.items():
        there, wanted = left.get(sku, 0), sum(row[4] for row in asking)
        if there >= wanted:
            grants += [(row[1], row[2], sku, row[4]) for row in asking]
            left[sku] = there - wanted
            continue
        shares = [divmod(there * row[4], wanted) for row in asking]
        missing = there - sum(share for share, _ in shares)
        more = set(sorted(range(len(shares)), key=lambda place: -shares[place][1])[:missing])
        for place, row in enumerate(asking):
            given = shares[place][0] + (place in more)
            if given:
                grants.append((row[1], row[2], sku, given))
        left[sku] = 0
    return grants, left


def looked_at(found: Allocation) -> int:
    return sum(grant.quantity for grant in found.grants)


def ratio_of(rows: list[Row], *, lines: int = 1) -> None:
    stock, queue = stock_of(rows), queue_of(rows)

    def ours(**rules: str) -> Callable[[], Allocation]:
        return lambda: allocate(queue, available=stock, policy=AllocationPolicy(**rules), at=NOW)  # type: ignore[arg-type]  # values of enums

    if lines > 1:
        compare("whole orders of three lines, first come", lambda: bare_orders(rows, stock), ours(unit="order"))
        return
    compare("first come, partial", lambda: bare_partial(rows, stock), ours())
    compare("first come, partial, grants looked at", lambda: bare_partial(rows, stock), lambda: looked_at(ours()()))
    compare("first come, strict", lambda: bare_strict(rows, stock), ours(shortage="strict"))
    compare("first come, skip", lambda: bare_skip(rows, stock), ours(shortage="skip"))
    compare("fair shares, proportional", lambda: bare_shares(rows, stock), ours(ration="proportional"))


def growth(rows: list[Row]) -> None:
    """Print how many times the time of half the queue the whole takes."""
    stock = stock_of(rows)
    halves, wholes = queue_of(rows[::2]), queue_of(rows)
    found = [
        [seconds(lambda queue=queue: allocate(queue, available=stock, at=NOW)) for queue in (halves, wholes)]  # type: ignore[misc]
        for _ in range(5)
    ]
    half, whole = (median(turns) for turns in zip(*found, strict=True))
    print(f"{'double the queue':<58} {half:>8.2f} s {whole:>8.2f} s {whole / half:>7.1f}")


def memory(number: int) -> None:
    """Print how much the allocation takes at its peak, beside its input."""
    rows = rows_of(number)
    stock = stock_of(rows)
    tracemalloc.start()
    queue = queue_of(rows)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    found = allocate(queue, available=stock, at=NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"{'memory: input, peak with it (MB)':<58} {held / 1e6:>10.0f} {peak / 1e6:>10.0f} {peak / held:>7.2f}")
    del found


def main(number: int) -> None:
    head(f"The waiting room: {number:,} lines, {len(SKUS):,} SKUs")
    rows = rows_of(number)
    ratio_of(rows)
    growth(rows)
    ratio_of(rows_of(number, lines=3), lines=3)
    memory(number // 5)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
