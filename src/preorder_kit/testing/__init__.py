"""Hypothesis strategies for this library's values, for the tests of those who use it.

They build valid values and filter nothing. SKUs come from a few, days from a few years and zones from a few with clocks
that change in odd ways, so that demand and supply overlap and edges are met often. Needs the extra ``testing``.

What must hold for your own adapters and policies is in `preorder_kit.testing.laws`; what another service must answer,
in `preorder_kit.testing.conformance`.
"""

from __future__ import annotations

from ._days import (
    ZONES,
    date_ranges,
    days,
    instants,
    lead_times,
    quantities,
    shipping_times,
    skus,
    work_calendars,
    zones,
)
from ._orders import World, components, locations, order_lines, orders, queues, supplies, worlds
from ._rooms import (
    allocation_policies,
    available_for,
    grants_for,
    lines_waiting,
    waiting_instants,
    waiting_queues,
)
from ._rules import promise_rules, sell_rules, sourcing_rules, split_rules
from ._values import register_strategies, values_of

__all__ = [
    "ZONES",
    "World",
    "allocation_policies",
    "available_for",
    "components",
    "date_ranges",
    "days",
    "grants_for",
    "instants",
    "lead_times",
    "lines_waiting",
    "locations",
    "order_lines",
    "orders",
    "promise_rules",
    "quantities",
    "queues",
    "register_strategies",
    "sell_rules",
    "shipping_times",
    "skus",
    "sourcing_rules",
    "split_rules",
    "supplies",
    "values_of",
    "waiting_instants",
    "waiting_queues",
    "work_calendars",
    "worlds",
    "zones",
]
