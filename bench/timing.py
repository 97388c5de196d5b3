"""Two ways to do the same work, timed in turns in one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

ROUNDS = 5


def compare(name: str, floor: Callable[[], object], ours: Callable[[], object]) -> None:
    """Print how many times the floor's time ours takes: the median of five turns each."""
    floors, found = [], []
    for _ in range(ROUNDS):
        floors.append(seconds(floor))
        found.append(seconds(ours))
    print(f"{name:<58} {median(floors):>8.2f} s {median(found):>8.2f} s {median(found) / median(floors):>7.1f}")


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes; its result is kept until the clock is read."""
    begin = time.perf_counter()
    result = work()
    passed = time.perf_counter() - begin
    del result
    return passed


def head(title: str) -> None:
    """Print the head of a table."""
    print(f"\n{title:<58} {'floor':>10} {'ours':>10} {'ratio':>7}")
