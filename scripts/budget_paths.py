"""The hot paths whose instructions are counted; `budgets.py` runs this under callgrind.

Each path runs in a fork, for callgrind counts a process by itself, and beside it a fork that does nothing: the
difference is the path. What is printed says which process did what; the last line, which modules the import loaded.
"""

from __future__ import annotations

import gc
import os
import sys


def count(name, work):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # nothing is imported yet
    """Do nothing in one process, then the work in another."""
    for said, done in ((f"{name}, nothing", int), (name, work)):
        child = os.fork()
        if child == 0:
            gc.disable()
            done()
            os._exit(0)
        os.waitpid(child, 0)
        print(child, said, sep="\t", flush=True)


def loaded() -> None:
    __import__("preorder_kit")


if __name__ == "__main__":
    count("import", loaded)
_BEFORE = set(sys.modules)
loaded()

# The standard library's own table of settings is named after the platform.
MODULES = sorted(name for name in set(sys.modules) - _BEFORE if not name.startswith("_sysconfigdata"))

import datetime as dt  # noqa: E402
from collections.abc import Callable  # noqa: E402

from preorder_kit import (  # noqa: E402
    MON_TO_FRI,
    MON_TO_SAT,
    AllocationPolicy,
    Component,
    LeadTime,
    Order,
    OrderLine,
    Receipt,
    ShippingTimes,
    Supply,
    WaitingLine,
    allocate,
    atp_timeline,
    delivery_range,
    normalize_stock,
    promise_order,
    split_order,
)
from preorder_kit.serialization import from_json, to_json  # noqa: E402

DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 1, 1)
NOW = dt.datetime(2026, 1, 1, 9, tzinfo=dt.timezone.utc)
TIMES = ShippingTimes(handling=LeadTime(1, 2, MON_TO_FRI), transit=LeadTime(2, 4, MON_TO_SAT))
READINGS = [250, 9, 0, -2, "few", "infinite", "", "12", "yes", "preorder"]
ORDERS = [
    Order(
        id=f"O{place}",
        placed_at=NOW,
        lines=[
            OrderLine(id="1", sku=f"S{place % 50}", quantity=2, when_short="wait"),
            OrderLine(id="2", sku=f"S{place * 7 % 50}", quantity=1, when_short="cancel"),
            OrderLine(
                id="3", sku="KIT", quantity=1, when_short="wait", components=[Component("S1", 1), Component("S2", 2)]
            ),
        ],
    )
    for place in range(100)
]
SUPPLY = Supply(
    on_hand={f"S{place}": place % 6 for place in range(50)},
    receipts=[
        Receipt(sku=f"S{place % 50}", quantity=20, expected=FIRST + (1 + place % 300) * DAY, reference=f"P{place}")
        for place in range(500)
    ],
)
# 10,000 lines in no order, of orders with two lines each, over stock for about half of them.
QUEUE = [
    WaitingLine(
        order_id=f"O{turn // 2:05d}",
        line_id=str(turn % 2),
        sku=f"S{turn * 31 % 700}",
        quantity=1 + turn % 4,
        placed_at=NOW - turn // 2 * dt.timedelta(seconds=61),
    )
    for turn in ((place * 7919) % 10_000 for place in range(10_000))
]
AVAILABLE = {f"S{place}": 18 + place % 5 for place in range(700)}
DOCUMENT = to_json(ORDERS[:50])
assert from_json(DOCUMENT) == tuple(ORDERS[:50])  # its hooks are made on the first call


def floor() -> object:
    """Do what this library's plainest loops do, without it: what everything else is measured against."""
    left: dict[str, int] = {}
    found = []
    for place in range(50_000):
        sku = f"S{place % 700}"
        there = left.get(sku, 20)
        given = min(there, 1 + place % 4)
        left[sku] = there - given
        found.append((sku, given))
    return sorted(found)


def allocated(**rules: str) -> Callable[[], object]:
    policy = AllocationPolicy(**rules)  # type: ignore[arg-type]  # values of enums
    return lambda: allocate(QUEUE, available=AVAILABLE, policy=policy, at=NOW)


PATHS: dict[str, Callable[[], object]] = {
    "floor": floor,
    "stock: 1,000 readings": lambda: [normalize_stock(reading) for reading in READINGS * 100],
    "splitting: 100 orders": lambda: [split_order(order, supply=SUPPLY, at=NOW) for order in ORDERS],
    "promise: 20 orders": lambda: [promise_order(order, supply=SUPPLY, times=TIMES, at=NOW) for order in ORDERS[:20]],
    "waiting room: 10,000 lines, first come": allocated(),
    "waiting room: 10,000 lines, whole orders": allocated(unit="order"),
    "waiting room: 10,000 lines, proportional": allocated(ration="proportional"),
    "supply: 50 timelines": lambda: [atp_timeline(SUPPLY, sku=f"S{place}", start=FIRST) for place in range(50)],
    "delivery: 1,000 ranges": lambda: [
        delivery_range(FIRST + place % 400 * DAY, times=TIMES) for place in range(1_000)
    ],
    "serialization: 50 orders written": lambda: to_json(ORDERS[:50]),
    "serialization: 50 orders read": lambda: from_json(DOCUMENT),
}


if __name__ == "__main__":
    for path, doing in PATHS.items():
        count(path, doing)
    print(*MODULES, sep="\t")
