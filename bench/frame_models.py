"""A cost model: seconds = a + b * lines, or with a sort, a + b * lines * log2(lines)."""

from __future__ import annotations

import math
from collections.abc import Callable

BILLION = 1_000_000_000

#: Name -> how much work there is.
GROWTHS: dict[str, Callable[[float], float]] = {
    "a + b * lines": lambda lines: lines,
    "a + b * lines * log2(lines)": lambda lines: lines * math.log2(lines),
}


def fitted(growth: Callable[[float], float], took: dict[int, float]) -> tuple[float, float]:
    """Return a and b for which the squares of the relative errors are least."""
    weights = [1 / seconds**2 for seconds in took.values()]
    work = [growth(lines) for lines in took]
    total = sum(weights)
    mean_work = sum(w * x for w, x in zip(weights, work, strict=True)) / total
    mean_time = sum(w * y for w, y in zip(weights, took.values(), strict=True)) / total
    b = sum(w * (x - mean_work) * (y - mean_time) for w, x, y in zip(weights, work, took.values(), strict=True)) / sum(
        w * (x - mean_work) ** 2 for w, x in zip(weights, work, strict=True)
    )
    return mean_time - b * mean_work, b


def print_model(engine: str, took: dict[int, float]) -> None:
    """Print how well the first sizes predict the last one, and what all of them say of a billion lines."""
    *first, last = took
    print(f"\n{engine}: " + ", ".join(f"{lines:,} lines {seconds:.2f} s" for lines, seconds in took.items()))
    for name, growth in GROWTHS.items():
        a, b = fitted(growth, {lines: took[lines] for lines in first})
        predicted = a + b * growth(last)
        a, b = fitted(growth, took)
        print(
            f"  {name:<28} a = {a:.3f}, b = {b:.3e}; predicts {last:,} lines: {predicted:.2f} s"
            f" ({predicted / took[last] - 1:+.0%}); a billion lines: {a + b * growth(BILLION):,.0f} s"
        )
