"""How a shop sells what it does not have: its rules, and the room that they leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

import attrs

from ._checks import checked, instance, instant, member, optional, refused, rule, units
from .errors import InvalidArgument
from .quantities import UNLIMITED, Quantity, _quantity, add_units, take_units


class BeforeStreetDate(StrEnum):
    """What to do with stock that is there before its street date: hold it back, or sell it."""

    HOLD = "hold"
    SELL = "sell"


@attrs.frozen(kw_only=True, field_transformer=checked)
class SalesWindow:
    """When units may be sold to wait: from ``opens`` on, until before ``closes``.

    Attributes:
        opens: The first instant of the sale; ``None``: it is open since ever.
        closes: The first instant after the sale; ``None``: it stays open.

    Raises:
        InvalidArgument: If an instant has no offset, or ``closes`` is not later than ``opens``.
    """

    opens: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    closes: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))

    def __attrs_post_init__(self) -> None:
        if self.opens is not None and self.closes is not None and self.closes <= self.opens:
            raise refused("closes", f"must be later than opens, {self.opens}", self.closes, code="range.reversed")


def _window(value: object, path: str) -> SalesWindow | None:
    """Return the window, ``None`` for one without an end."""
    if isinstance(value, Sequence) and len(value) == 2:
        try:
            value = SalesWindow(opens=value[0], closes=value[1])
        except InvalidArgument as error:
            raise error.under(path) from None
    window = instance(value, path, of=SalesWindow)
    return None if window == SalesWindow() else window


@attrs.frozen(kw_only=True, field_transformer=checked)
class SellRules:
    """How a shop sells what it does not have.

    Attributes:
        safety_stock: Units on hand that are never sold.
        backorder_limit: How many units may wait for stock at one time, the street date being reached or none; 0: none.
        preorder_limit: How many units may wait before the street date.
        few_below: Stock below this number is few.
        before_street_date: Whether stock that is there before its street date is held back or sold.
        sales_window: When units may be sold to wait, a `SalesWindow` or a pair of its instants; ``None``: always. Stock
            that is there is sold whether it is open or not.

    Raises:
        InvalidArgument: If a number is negative or no whole number, or a choice is none of its members.
    """

    safety_stock: int = attrs.field(default=0, metadata=rule(units))
    backorder_limit: Quantity = attrs.field(default=0, metadata=rule(_quantity))
    preorder_limit: Quantity = attrs.field(default=UNLIMITED, metadata=rule(_quantity))
    few_below: int = attrs.field(default=10, metadata=rule(units))
    before_street_date: BeforeStreetDate = attrs.field(
        default=BeforeStreetDate.HOLD, metadata=rule(member, of=BeforeStreetDate)
    )
    sales_window: SalesWindow | tuple[dt.datetime | None, dt.datetime | None] | None = attrs.field(
        default=None, metadata=rule(optional, check=_window)
    )


def room(
    rules: SellRules, *, ahead: bool, shelf: Quantity, waiting: int, incoming: Quantity, at: dt.datetime
) -> Quantity:
    """Return how many units may be sold to wait."""
    if not _is_open(rules.sales_window, instant(at, "at")):
        return 0
    if ahead:
        return max(0, take_units(min(rules.preorder_limit, add_units([incoming, shelf])), units=waiting))
    beyond = 0 if shelf is UNLIMITED else max(0, waiting - shelf)
    return max(0, take_units(min(rules.backorder_limit, incoming), units=beyond))


def _is_open(window: object, now: dt.datetime) -> bool:
    if not isinstance(window, SalesWindow):
        return True
    return (window.opens is None or window.opens <= now) and (window.closes is None or now < window.closes)
