"""Stock, pre-order and backorder semantics, as pure functions over frozen values.

What may the page say about this size; when will it leave and arrive; which units of an order ship now, wait or are
cancelled. No clock, no network, no database: the same arguments give the same answer tomorrow and on every machine.
"""

from __future__ import annotations

from .bundles import Component, LineKind, WhenShort, explode
from .calendars import EVERY_DAY, MON_TO_FRI, MON_TO_SAT, CutOff, WorkCalendar, order_day
from .delivery import (
    DateRange,
    LeadTime,
    ShippingTimes,
    delivery_range,
    first_parcel,
    latest_order_day,
    latest_ship_day,
    ship_together,
    static_range,
)
from .errors import InvalidArgument, InvalidDocument, InvalidStock, NoWorkingDay, PreorderKitError, Problem, Read
from .orders import Amount, Need, Order, OrderLine, ShipPolicy, WaitingLine, demand, line_street_date, may_wait, needs
from .promise import Promise, PromiseKind, promise_order
from .quantities import UNLIMITED, Quantity, Unlimited, add_units, apportion, minor_digits, minor_units, take_units
from .splitting import Cancelled, CancelReason, Part, PartKind, PartLine, SplitPlan, split_order
from .stock import (
    Availability,
    BeforeStreetDate,
    CartAction,
    PublicLabel,
    Quote,
    RefusalReason,
    SalesWindow,
    SellRules,
    Stock,
    cart_action,
    derive_stock,
    mask,
    normalize_stock,
    public_label,
    quote,
    remaining,
    roll_up,
)
from .street_date import is_released, release_instant, street_day
from .supply import Commitment, Receipt, Supply, available_now, pool

__version__ = "0.1.0"

__all__ = [
    "Amount",
    "Availability",
    "BeforeStreetDate",
    "CancelReason",
    "Cancelled",
    "CartAction",
    "Commitment",
    "Component",
    "CutOff",
    "DateRange",
    "EVERY_DAY",
    "InvalidArgument",
    "InvalidDocument",
    "InvalidStock",
    "LeadTime",
    "LineKind",
    "MON_TO_FRI",
    "MON_TO_SAT",
    "Need",
    "NoWorkingDay",
    "Order",
    "OrderLine",
    "Part",
    "PartKind",
    "PartLine",
    "PreorderKitError",
    "Problem",
    "Promise",
    "PromiseKind",
    "PublicLabel",
    "Quantity",
    "Quote",
    "Read",
    "Receipt",
    "RefusalReason",
    "SalesWindow",
    "SellRules",
    "ShipPolicy",
    "ShippingTimes",
    "SplitPlan",
    "Stock",
    "Supply",
    "UNLIMITED",
    "Unlimited",
    "WaitingLine",
    "WhenShort",
    "WorkCalendar",
    "add_units",
    "apportion",
    "available_now",
    "cart_action",
    "delivery_range",
    "demand",
    "derive_stock",
    "explode",
    "first_parcel",
    "is_released",
    "latest_order_day",
    "latest_ship_day",
    "line_street_date",
    "mask",
    "may_wait",
    "minor_digits",
    "minor_units",
    "needs",
    "normalize_stock",
    "order_day",
    "pool",
    "promise_order",
    "public_label",
    "quote",
    "release_instant",
    "remaining",
    "roll_up",
    "ship_together",
    "split_order",
    "static_range",
    "street_day",
    "take_units",
]
