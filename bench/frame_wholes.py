"""What no window can answer, on Polars beside the pure function: whole orders, STRICT, SKIP and bundles."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peaks

from preorder_kit import AllocationPolicy, Component, WaitingLine, allocate, frames

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.timezone.utc)
POLICIES = {
    "skip": AllocationPolicy(shortage="skip"),
    "strict": AllocationPolicy(shortage="strict"),
    "whole orders": AllocationPolicy(unit="order"),
    "bundles": AllocationPolicy(),
}


def wholes(name: str, queue: Path, available: Path) -> dict[str, Callable[[], Any]]:
    """Return the ways to answer, by name: ours, the pure function over lines that are there, and over rows."""
    import polars as pl

    lines, stock = pl.read_parquet(queue), pl.read_parquet(available)
    recipes = _every_tenth(stock) if name == "bundles" else None
    components = defaultdict(list)
    for sku, component, quantity in () if recipes is None else recipes.rows():
        components[sku].append(Component(component, quantity))
    rows = [row for part in lines.iter_slices(100_000) for row in part.iter_rows(named=True)]
    there = dict(stock.iter_rows())

    def built() -> list[WaitingLine]:
        return [WaitingLine(components=tuple(components.get(row["sku"], ())), **row) for row in rows]

    def pure(waiting: list[WaitingLine]) -> Any:
        return allocate(waiting, available=there, policy=POLICIES[name], at=NOW)

    def ours() -> Any:
        return frames.allocate(lines, available=stock, recipes=recipes, policy=POLICIES[name], at=NOW).lines

    waiting = built()
    return {"ours": ours, "pure": lambda: pure(waiting), "pure, lines built": lambda: pure(built())}


def _every_tenth(stock: Any) -> Any:
    """Return recipes by which every tenth SKU is a bundle of two others, which are none."""
    import polars as pl

    skus = stock["sku"].sort().to_list()
    plain = [sku for place, sku in enumerate(skus) if place % 10]
    rows = [
        {"sku": sku, "component": plain[(place + turn) % len(plain)], "quantity": turn}
        for place, sku in enumerate(skus[::10])
        for turn in (1, 2)
    ]
    return pl.DataFrame(rows)


def held(name: str, queue: Path, available: Path) -> int:
    """Return the bytes that ours holds at most, beyond the frames and what else is there before."""
    import polars as pl

    lines, stock = pl.read_parquet(queue), pl.read_parquet(available)
    recipes = _every_tenth(stock) if name == "bundles" else None
    loaded = peaks.forget()
    kept = frames.allocate(lines, available=stock, recipes=recipes, policy=POLICIES[name], at=NOW).lines
    most = peaks.peak()
    del kept
    return most - loaded


def same(found: Any, grants: Any) -> bool:
    """Return whether the rows of a frame say what grants do."""
    rows = found.filter(found["granted"] > 0).select("order_id", "line_id", "granted").rows()
    return {(order, line): units for order, line, units in rows} == {
        (grant.order_id, grant.line_id): grant.quantity for grant in grants
    }
