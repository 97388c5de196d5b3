"""The laws of this library as functions, for adapters, policies and services of your own.

Each takes your answer, or the function that gives it, returns nothing where the law holds, and raises AssertionError
where it does not, with the line, the units and the numbers that show it. They need no Hypothesis by themselves; with
the strategies of `preorder_kit.testing` it looks for the case that breaks them.
"""

from __future__ import annotations

from ._plan_laws import (
    conserves_units,
    never_oversells,
    no_unit_promised_twice,
    nothing_before_street_date,
    nothing_in_the_past,
    parts_of_money_add_up,
    promises_every_unit,
)
from ._room_laws import (
    AllocateAgain,
    AllocateLike,
    conserves_claims,
    grants_no_more_than_there_is,
    later_orders_change_nothing,
    more_stock_never_hurts,
    nobody_overtakes,
    running_twice_adds_nothing,
    shares_add_up,
)
from ._value_laws import (
    later_is_never_sooner,
    masked_stock_shows_no_number,
    permutation_changes_nothing,
    round_trips,
    twice_is_once,
)

__all__ = [
    "AllocateAgain",
    "AllocateLike",
    "conserves_claims",
    "conserves_units",
    "grants_no_more_than_there_is",
    "later_is_never_sooner",
    "later_orders_change_nothing",
    "masked_stock_shows_no_number",
    "more_stock_never_hurts",
    "never_oversells",
    "no_unit_promised_twice",
    "nobody_overtakes",
    "nothing_before_street_date",
    "nothing_in_the_past",
    "parts_of_money_add_up",
    "permutation_changes_nothing",
    "promises_every_unit",
    "round_trips",
    "running_twice_adds_nothing",
    "shares_add_up",
    "twice_is_once",
]
