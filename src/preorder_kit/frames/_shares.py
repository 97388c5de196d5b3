"""Fair shares as windows: what too little of a SKU comes to for each line of a class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw

from ._checking import Frame
from ._columns import of_plans

#: What plans put beside the lines: units that a line holds already, that it wants now, that are there for all of its
#: class, and that it gets.
HELD, WANTS, THERE, SHARE = of_plans("held", "wants", "there", "share")
# What is counted is never what lines are ordered by: for pandas, a count takes the column's place before the sort.
_REST, _OVER, _MANY, _TURN = of_plans("rest", "over", "many", "turn")


def proportional(lines: Frame, *, by: Sequence[str], place: Sequence[str]) -> Frame:
    """Give each line its proportion, whole units by largest remainder, ties to the earlier.

    Args:
        lines: ``THERE`` is not above the sum of ``WANTS``; their product is below 2**62 where it is less.
        by: What lines of a class have in common.
        place: What puts them in their order.
    """
    lines = lines.with_columns(_sum(WANTS, by).alias(_OVER))
    is_scarce = nw.col(THERE) < nw.col(_OVER)
    scarce = nw.when(is_scarce).then(nw.col(THERE)).otherwise(nw.lit(0)).cast(nw.Int64)
    lines = lines.with_columns(scarce.alias(_MANY), nw.max_horizontal(nw.col(_OVER), nw.lit(1)).alias(_OVER))
    lines = _divided(lines, nw.col(_MANY) * nw.col(WANTS), nw.col(_OVER))
    lines = lines.with_columns((nw.col(_MANY) - _sum(SHARE, by)).alias(_MANY), (-nw.col(_REST)).alias(_REST))
    turn = nw.col(_MANY).cum_count().over(*by, order_by=[_REST, *place])
    lines = lines.with_columns(turn.cast(nw.Int64).alias(_TURN))
    share = nw.col(SHARE) + _one_if(nw.col(_TURN) <= nw.col(_MANY))
    return lines.with_columns(nw.when(is_scarce).then(share).otherwise(nw.col(WANTS)).alias(SHARE))


def equal(lines: Frame, *, by: Sequence[str], place: Sequence[str]) -> Frame:
    """Give each line the same, but none more than it wants; what is left goes one by one to the earliest that lack.

    From the smallest claim on, a claim is met in full if as much for it and for each that is not smaller is there.

    Args:
        lines: ``THERE`` is not above the sum of ``WANTS``.
        by: What lines of a class have in common.
        place: What puts them in their order.
    """
    rising: dict[str, Any] = {"order_by": [WANTS, *place]}
    lines = lines.with_columns(
        (nw.col(WANTS).cum_sum().over(*by, **rising).cast(nw.Int64) - nw.col(WANTS)).alias(_REST),
        (nw.len().over(*by) - nw.col(THERE).cum_count().over(*by, **rising) + 1).cast(nw.Int64).alias(_MANY),
    )
    is_cut = nw.col(_REST) + nw.col(WANTS) * nw.col(_MANY) > nw.col(THERE)
    lines = lines.with_columns(_one_if(is_cut).alias(_MANY))
    lines = lines.with_columns((nw.col(WANTS) * (1 - nw.col(_MANY))).alias(_REST))
    lines = lines.with_columns(
        (nw.col(THERE) - _sum(_REST, by)).alias(THERE),
        nw.max_horizontal(_sum(_MANY, by), nw.lit(1)).cast(nw.Int64).alias(_OVER),
        nw.col(_MANY).cum_sum().over(*by, order_by=[*place]).cast(nw.Int64).alias(_TURN),
    )
    lines = _divided(lines, nw.col(THERE), nw.col(_OVER))
    share = nw.col(SHARE) + _one_if(nw.col(_TURN) <= nw.col(_REST))
    return lines.with_columns(nw.when(nw.col(_MANY) > 0).then(share).otherwise(nw.col(WANTS)).alias(SHARE))


def _sum(name: str, by: Sequence[str]) -> Any:
    return nw.col(name).sum().over(*by).cast(nw.Int64)


def _one_if(predicate: Any) -> Any:
    return nw.when(predicate).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)


def _divided(lines: Frame, amount: Any, over: Any) -> Frame:
    """Return the lines with what an amount is over a number, in whole units, and the rest.

    No two engines divide whole numbers alike. All divide with a point, and are off by less than one while the answer is
    below 2**50: multiplied back, in whole numbers, it is put right.
    """
    lines = lines.with_columns((amount / over).round(0).cast(nw.Int64).alias(SHARE))
    lines = lines.with_columns((amount - nw.col(SHARE) * over).alias(_REST))
    too_much = _one_if(nw.col(_REST) < 0)
    return lines.with_columns((nw.col(SHARE) - too_much).alias(SHARE), (nw.col(_REST) + too_much * over).alias(_REST))
