"""Strategies for a shop's rules: how it sells, promises, sources and splits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import product

from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st

from ..promise import Confirmation, Pegging, PromiseRules
from ..sourcing import BundleSource, SourceRule, SourcingRules
from ..splitting import BundleSplit, MixedCart, SplitRules
from ..stock import BeforeStreetDate, SalesWindow, SellRules
from ._days import any_of, instants, quantities

SALES_WINDOWS = st.builds(
    lambda opens, length: SalesWindow(opens=opens, closes=opens + dt.timedelta(days=length)),
    instants(),
    st.integers(1, 400),
)
_SELL_RULES = st.builds(
    SellRules,
    safety_stock=st.integers(0, 5),
    backorder_limit=quantities(),
    preorder_limit=quantities(),
    few_below=st.integers(0, 12),
    before_street_date=st.sampled_from(BeforeStreetDate),
    sales_window=st.none() | SALES_WINDOWS,
)


def sell_rules() -> st.SearchStrategy[SellRules]:
    """Return a shop's rules, with and without a sales window."""
    return _SELL_RULES


_ESTIMATES = [(relativedelta(weeks=weeks), relativedelta(months=months)) for months in (2, 3) for weeks in range(9)]
_PROMISE_RULES = st.builds(
    lambda how, **fields: PromiseRules(confirmation=how[0], pegging=how[1], min_shipment=how[2], **fields),
    any_of(product(Confirmation, Pegging, (1, 1, 2, 5))),
    max_lateness=any_of([*[None] * 61, *range(61)]),
    overdue=any_of([*[None] * 21, *range(21)]),
    estimate=any_of([*[None] * len(_ESTIMATES), *_ESTIMATES]),
)


def promise_rules() -> st.SearchStrategy[PromiseRules]:
    """Return a shop's rules for promises, half of them strict in some way."""
    return _PROMISE_RULES


def sourcing_rules(names: Sequence[str] = ()) -> st.SearchStrategy[SourcingRules]:
    """Return rules for locations of these names."""
    some = st.sampled_from(["", *names])
    return st.builds(
        lambda kept, first, waits_at, rule, bundles: SourcingRules(
            rule=rule,
            keep_back={name: units for name, units in kept.items() if name},
            ask_first=[name for name in first if name],
            backorder_at=waits_at,
            bundles=bundles,
        ),
        st.dictionaries(some, st.integers(0, 4), max_size=2),
        st.lists(some, unique=True, max_size=2),
        some,
        st.sampled_from(SourceRule),
        st.sampled_from(BundleSource),
    )


def split_rules(names: Sequence[str] = ()) -> st.SearchStrategy[SplitRules]:
    """Return a shop's rules for splits from locations of these names."""
    return st.builds(
        SplitRules,
        sourcing=sourcing_rules(names),
        bundles=st.sampled_from(BundleSplit),
        mixed_cart=st.sampled_from(MixedCart),
        max_parts=st.none() | st.integers(1, 4),
    )
