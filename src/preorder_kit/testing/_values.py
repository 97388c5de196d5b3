"""One strategy for each public class of values."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any, TypeVar, get_args, get_origin

from hypothesis import strategies as st

from .. import (
    bundles,
    calendars,
    charging,
    delay_rules,
    delivery,
    errors,
    lifecycle,
    messages,
    orders,
    promise,
    sourcing,
    splitting,
    stock,
    supply,
    waiting_room,
)
from .._checks import FrozenMapping, refused
from . import _days, _lives, _orders, _results, _rooms, _rules

_T = TypeVar("_T")
_NAMES = ("X", "Y", "Z")


def _section(skus: tuple[str, ...], quantity: int, mix: bundles.Mix) -> bundles.Section:
    return bundles.Section(options=[bundles.Component(sku, quantity) for sku in skus], quantity=quantity, mix=mix)


_SECTIONS = st.builds(
    _section,
    _days.any_of([some for size in range(1, 5) for some in permutations("ABCD", size)]),
    st.integers(1, 3),
    st.sampled_from(bundles.Mix),
)
_PROBLEMS = st.builds(
    errors.Problem,
    path=st.sampled_from(["", "lines[3].quantity", "row 4"]),
    code=st.sampled_from(["units.invalid", "field.missing"]),
    message=st.just("must be a whole number"),
    value=st.none() | st.booleans() | st.integers() | st.text(max_size=5),
)


def _reads(values: st.SearchStrategy[_T]) -> st.SearchStrategy[errors.Read[_T]]:
    return st.builds(errors.Read, values, st.lists(_PROBLEMS, max_size=2).map(tuple))


_STRATEGIES: Mapping[type, st.SearchStrategy[Any]] = FrozenMapping(
    {
        bundles.Component: _orders.components().map(lambda found: found[0]),
        bundles.Section: _SECTIONS,
        calendars.CutOff: _days.CUT_OFFS,
        calendars.WorkCalendar: _days.work_calendars(),
        charging.Authorisation: _results.AUTHORISATIONS,
        charging.AuthorisationWindow: _results.AUTHORISATION_WINDOW,
        charging.CancelledMoney: _results.CANCELLED_MONEY,
        charging.Captured: _results.CAPTURED,
        charging.Charge: _results.CHARGES,
        charging.ChargePlan: _results.CHARGE_PLANS,
        charging.ChargePolicy: _results.CHARGE_POLICIES,
        charging.Refund: _results.REFUNDS,
        delay_rules.Delay: _lives.DELAYS,
        delay_rules.DelayNotice: _lives.DELAY_NOTICES,
        delay_rules.DelayOutcome: _lives.DELAY_OUTCOMES,
        delay_rules.DelayRule: _lives.DELAY_RULES,
        delay_rules.Duty: _lives.DUTIES,
        delivery.DateRange: _days.date_ranges(),
        delivery.LeadTime: _days.lead_times(),
        delivery.ShippingTimes: _days.shipping_times(),
        errors.Problem: _PROBLEMS,
        errors.Read: _reads(st.lists(_days.skus(), max_size=3).map(tuple)),
        lifecycle.Effect: _lives.EFFECTS,
        lifecycle.HeldPart: _lives.HELD_PARTS,
        lifecycle.MovedLine: _lives.MOVED_LINES,
        lifecycle.Origin: _lives.ORIGINS,
        lifecycle.StreetDateMove: _lives.STREET_DATE_MOVES,
        lifecycle.UnmovedLine: _lives.UNMOVED_LINES,
        lifecycle.Wave: _lives.WAVES,
        lifecycle.WavePolicy: _lives.WAVE_POLICIES,
        messages.Message: _results.MESSAGES,
        orders.Amount: _orders.AMOUNTS,
        orders.Need: _results.NEEDS,
        orders.Order: _orders.orders(addresses=_results.PLACES, groups=_results.GROUPS, recipes=_results.RECIPES),
        orders.OrderLine: _orders.order_lines(
            addresses=_results.PLACES, groups=_results.GROUPS, recipes=_results.RECIPES
        ),
        orders.WaitingLine: _rooms.lines_waiting(recipes=_results.RECIPES),
        promise.Broken: _results.BROKEN,
        promise.Promise: _results.PROMISES,
        promise.PromiseRules: _rules.promise_rules(),
        promise.Repromise: _results.REPROMISES,
        sourcing.Assignment: _results.ASSIGNMENTS,
        sourcing.ShortUnits: _results.SHORT_UNITS,
        sourcing.Sourcing: _results.SOURCINGS,
        sourcing.SourcingRules: _rules.sourcing_rules(_NAMES),
        splitting.Cancellation: _results.CANCELLATIONS,
        splitting.Cancelled: _results.CANCELLED,
        splitting.Part: _results.PARTS,
        splitting.PartLine: _results.PART_LINES,
        splitting.SplitPlan: _results.PLANS,
        splitting.SplitRules: _rules.split_rules(),
        stock.Quote: _results.QUOTES,
        stock.SalesWindow: _rules.SALES_WINDOWS,
        stock.SellRules: _rules.sell_rules(),
        stock.Stock: _results.STOCKS,
        supply.AtpStep: _results.ATP_STEPS,
        supply.BalanceStep: _results.BALANCE_STEPS,
        supply.Commitment: _orders.COMMITMENTS,
        supply.Receipt: _orders.RECEIPTS,
        supply.Supply: _orders.supplies(),
        waiting_room.Allocation: _lives.ALLOCATIONS,
        waiting_room.AllocationComparison: _lives.COMPARISONS,
        waiting_room.AllocationPolicy: _rooms.allocation_policies(),
        waiting_room.Change: _lives.CHANGES,
        waiting_room.Decision: _lives.DECISIONS,
        waiting_room.Grant: _lives.GRANTS,
        waiting_room.Reduction: _lives.REDUCTIONS,
        waiting_room.Revocation: _lives.REVOCATIONS,
    }
)


def values_of(cls: type[_T], /) -> st.SearchStrategy[_T]:
    """Return values of any public class of this library, results among them: a plan, a promise, a wave.

    Results are drawn with what they follow from, and decided by the function that decides them; small ones by
    themselves. What a strategy of its own can be told, this one leaves open: orders have bundles, addresses, groups.

    Args:
        cls: A class of values that the root of the package exports.

    Returns:
        A strategy for valid values of that class itself.

    Raises:
        InvalidArgument: If it is no such class.

    Examples:
        What can be sold has a quantity, or does not disclose it:

        >>> from hypothesis import given
        >>> from preorder_kit import Stock
        >>> from preorder_kit.testing import values_of
        >>> @given(values_of(Stock))
        ... def what_can_be_sold_is_not_nothing(stock):
        ...     assert stock.quantity != 0 or not stock.is_available
        >>> what_can_be_sold_is_not_nothing()

        A class of somebody else's:

        >>> values_of(dict)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: cls: must be a class of values that preorder_kit exports \
(got <class 'dict'>)
    """
    if get_origin(cls) is errors.Read:
        [held] = get_args(cls)
        of_each = _STRATEGIES[held] if held in _STRATEGIES else st.from_type(held)
        return _reads(of_each)  # type: ignore[return-value]  # a Read of those
    if cls not in _STRATEGIES:
        raise refused("cls", "must be a class of values that preorder_kit exports", cls, code="type.invalid")
    return _STRATEGIES[cls]


def register_strategies() -> None:
    """Tell Hypothesis of all strategies, so that ``st.from_type(Order)`` and annotated arguments find them.

    Where the package is installed, Hypothesis does this by itself. Call it for a copy inside another package.

    Examples:
        A function says what it takes:

        >>> from hypothesis import given, strategies as st
        >>> from preorder_kit import DateRange
        >>> from preorder_kit.testing import register_strategies
        >>> register_strategies()
        >>> @given(...)
        ... def ranges_end_after_they_begin(days: DateRange):
        ...     assert days.earliest <= days.latest
        >>> ranges_end_after_they_begin()
    """
    for cls in _STRATEGIES:
        st.register_type_strategy(cls, values_of)
