"""Fulfilment orders: what waits of an order is held, released and rescheduled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

import attrs

from ..._checks import checked, instance, instant, member, optional, refused, rule, sequence, text, unique, units
from ...bundles import LineKind
from ...splitting import Part, PartKind
from ._requests import after, gid, gids, listable, request, written

__all__ = [
    "FulfillmentLine",
    "FulfillmentOrder",
    "HoldReason",
    "HoldRules",
    "write_holds",
    "write_release",
    "write_reschedule",
]

_HOLD = """\
mutation fulfillmentOrderHold($id: ID!, $fulfillmentHold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $fulfillmentHold) {
    fulfillmentHold {
      id
    }
    fulfillmentOrder {
      id
    }
    remainingFulfillmentOrder {
      id
    }
    userErrors {
      field
      message
    }
  }
}
"""
_RELEASE = """\
mutation fulfillmentOrderReleaseHold($id: ID!, $holdIds: [ID!]) {
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holdIds) {
    fulfillmentOrder {
      id
      status
    }
    userErrors {
      field
      message
    }
  }
}
"""
_RESCHEDULE = """\
mutation fulfillmentOrderReschedule($id: ID!, $fulfillAt: DateTime!) {
  fulfillmentOrderReschedule(id: $id, fulfillAt: $fulfillAt) {
    fulfillmentOrder {
      id
      fulfillAt
    }
    userErrors {
      field
      message
    }
  }
}
"""
_LONGEST_HANDLE = 64
_LARGEST_INT = 2**31 - 1


class HoldReason(StrEnum):
    """Why a fulfilment order is held, in Shopify's words."""

    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_RETURN_ITEMS = "awaiting_return_items"
    HIGH_RISK_OF_FRAUD = "high_risk_of_fraud"
    INCORRECT_ADDRESS = "incorrect_address"
    INVENTORY_OUT_OF_STOCK = "inventory_out_of_stock"
    ONLINE_STORE_POST_PURCHASE_CROSS_SELL = "online_store_post_purchase_cross_sell"
    OTHER = "other"
    UNKNOWN_DELIVERY_DATE = "unknown_delivery_date"


_REASONS = {
    PartKind.AWAIT_STREET_DATE: HoldReason.OTHER,
    PartKind.AWAIT_STOCK: HoldReason.INVENTORY_OUT_OF_STOCK,
}


def _quantity(value: object, path: str) -> int:
    if units(value, path, least=1) > _LARGEST_INT:
        raise refused(path, f"must be at most {_LARGEST_INT}", value, code="units.invalid")
    return units(value, path)


def _handle(value: object, path: str) -> str:
    if len(text(value, path)) > _LONGEST_HANDLE:
        requirement = f"must have at most {_LONGEST_HANDLE} characters; give a shorter one in the rules"
        raise refused(path, requirement, value, code="shopify.handle")
    return str(value)


@attrs.frozen(kw_only=True, field_transformer=checked)
class FulfillmentLine:
    """A line of a fulfilment order.

    Attributes:
        id: Its global id.
        line_id: The order's line that it holds units of.
        quantity: How many units are still to be fulfilled, >= 1.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(gid, kind="FulfillmentOrderLineItem"))
    line_id: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(_quantity))


def _lines(value: object, path: str) -> tuple[FulfillmentLine, ...]:
    found = sequence(value, path, check=instance, of=FulfillmentLine)
    unique((line.id for line in found), f"{path}[{{}}].id", what="an id")
    return found


@attrs.frozen(kw_only=True, field_transformer=checked)
class FulfillmentOrder:
    """Units of an order that one location is to send.

    Attributes:
        id: Its global id.
        lines: Its lines.
        location: The location, by the name that supply has for it; empty if supply is not a mapping of locations.

    Raises:
        InvalidArgument: If a field breaks its rule, or two lines have one id.
    """

    id: str = attrs.field(metadata=rule(gid, kind="FulfillmentOrder"))
    lines: Sequence[FulfillmentLine] = attrs.field(metadata=rule(_lines))
    location: str = attrs.field(default="", metadata=rule(text, empty=True))


@attrs.frozen(kw_only=True, field_transformer=checked)
class HoldRules:
    """How holds are written.

    Attributes:
        reason: Why units are held; ``None``: OTHER before a street date, which the notes name, INVENTORY_OUT_OF_STOCK
            for stock.
        notes: What the merchant reads about it; empty: what is waited for.
        notify_merchant: Whether the merchant is told.
        handle: What the hold is called, so that it is not placed twice; empty: the part's id.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    reason: HoldReason | None = attrs.field(default=None, metadata=rule(optional, check=member, of=HoldReason))
    notes: str = attrs.field(default="", metadata=rule(text, empty=True))
    notify_merchant: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    handle: str = attrs.field(default="", metadata=rule(text, empty=True))


_DEFAULT = HoldRules()


def write_holds(
    part: Part, /, *, fulfillment_orders: Iterable[FulfillmentOrder], rules: HoldRules = _DEFAULT
) -> tuple[str, ...]:
    """Write the requests that hold what waits of an order: ``fulfillmentOrderHold``.

    The units of each line are taken from the fulfilment orders of the part's location first, then from the others, in
    their turn. Where some units of a fulfilment order are held and others not, Shopify moves the others to a new one,
    which its answer names: ask for the fulfilment orders again before the next part of the order is held.

    Fees have no fulfilment line and are left out. A bundle is held as the one line that it is there.

    Args:
        part: A part of a plan that waits.
        fulfillment_orders: The order's fulfilment orders, none of them on hold.
        rules: How the holds are written.

    Returns:
        The bodies of the requests, one for each fulfilment order that holds units of the part. All units of the part
        are held, line by line, and no others. Where all units of a fulfilment order are held, no line is listed.

    Raises:
        InvalidArgument: If an argument is of another type, the part does not wait or holds nothing but fees, the
            fulfilment orders have too few units of a line or more than 250 lines to be held, two of them have one id,
            or the handle has more than 64 characters.

    Source:
        https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentOrderHold,
        https://shopify.dev/docs/api/admin-graphql/latest/input-objects/FulfillmentOrderHoldInput and
        https://shopify.dev/docs/api/usage/limits.

    Examples:
        One of three is there, two wait:

        >>> import datetime as dt, json
        >>> from preorder_kit import Order, OrderLine, Supply, split_order
        >>> from preorder_kit.adapters.shopify import FulfillmentLine, FulfillmentOrder, write_holds
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> order = Order(id="1001", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=3, when_short="wait")])
        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 1}), at=now)
        >>> line = FulfillmentLine(id="gid://shopify/FulfillmentOrderLineItem/7", line_id="1", quantity=3)
        >>> there = [FulfillmentOrder(id="gid://shopify/FulfillmentOrder/5", lines=[line])]
        >>> [body] = write_holds(plan.parts[1], fulfillment_orders=there)
        >>> hold = json.loads(body)["variables"]["fulfillmentHold"]
        >>> hold["reason"], hold["handle"], hold["fulfillmentOrderLineItems"]
        ('INVENTORY_OUT_OF_STOCK', '1001/stock', [{'id': 'gid://shopify/FulfillmentOrderLineItem/7', 'quantity': 2}])

        What ships now is not held:

        >>> write_holds(plan.parts[0], fulfillment_orders=there)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: part.kind: must be await_street_date or await_stock (got 'ship_now')
    """
    instance(part, "part", of=Part)
    instance(rules, "rules", of=HoldRules)
    given = sequence(fulfillment_orders, "fulfillment_orders", check=instance, of=FulfillmentOrder)
    unique((order.id for order in given), "fulfillment_orders[{}].id", what="an id")
    if part.kind not in _REASONS:
        kinds = " or ".join(_REASONS)
        raise refused("part.kind", f"must be {kinds}", str(part.kind), code="shopify.ready")
    terms = _terms(part, rules)
    taken = _taken(part, given)
    return tuple(_hold(order, taken[order.id], terms) for order in given if order.id in taken)


def _terms(part: Part, rules: HoldRules) -> dict[str, Any]:
    return {
        "reason": (rules.reason or _REASONS[part.kind]).name,
        "reasonNotes": rules.notes or _notes(part),
        "notifyMerchant": rules.notify_merchant,
        "handle": _handle(rules.handle, "rules.handle") if rules.handle else _handle(part.id, "part.id"),
    }


def _notes(part: Part) -> str:
    if part.street_date is None:
        return "waits for stock"
    return f"waits for its street date, {written(part.street_date, 'part.street_date')}"


def _taken(part: Part, orders: Sequence[FulfillmentOrder]) -> dict[str, dict[str, int]]:
    """Return id of a fulfilment order -> id of its line -> units to hold."""
    needed: dict[str, int] = {}
    for line in part.lines:
        if line.kind is not LineKind.FEE:
            needed[line.line_id] = needed.get(line.line_id, 0) + line.quantity
    if not needed:
        raise refused("part.lines", "must hold more than fees, which have no fulfilment line", (), code="shopify.fees")
    found: dict[str, dict[str, int]] = {}
    for order in sorted(orders, key=lambda order: order.location != part.location):
        for item in order.lines:
            held = min(item.quantity, needed.get(item.line_id, 0))
            if held:
                needed[item.line_id] -= held
                found.setdefault(order.id, {})[item.id] = held
    short = {line_id: units for line_id, units in needed.items() if units}
    if short:
        requirement = "must have all units of the part that are to be held; these are missing"
        raise refused("fulfillment_orders", requirement, short, code="shopify.short")
    return found


def _hold(order: FulfillmentOrder, taken: dict[str, int], terms: dict[str, Any]) -> str:
    items = tuple({"id": line_id, "quantity": quantity} for line_id, quantity in taken.items())
    whole = taken == {line.id: line.quantity for line in order.lines}
    listed = {} if whole else {"fulfillmentOrderLineItems": listable(items, "fulfillment_orders")}
    return request(_HOLD, {"id": order.id, "fulfillmentHold": {**terms, **listed}})


def write_release(fulfillment_order_id: str, /, *, holds: Iterable[str]) -> str:
    """Write a request that releases holds of a fulfilment order: ``fulfillmentOrderReleaseHold``.

    Without ids Shopify would release every hold, those of others too; so at least one is asked for.

    Args:
        fulfillment_order_id: Its global id.
        holds: Global ids of the holds to release, as the answer to a hold has them.

    Returns:
        The body of the request.

    Raises:
        InvalidArgument: If an id is none, comes twice, there is none or more than 250.

    Source:
        https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentOrderReleaseHold.

    Examples:
        Stock has come:

        >>> import json
        >>> from preorder_kit.adapters.shopify import write_release
        >>> body = write_release("gid://shopify/FulfillmentOrder/5", holds=["gid://shopify/FulfillmentHold/9"])
        >>> json.loads(body)["variables"]
        {'id': 'gid://shopify/FulfillmentOrder/5', 'holdIds': ['gid://shopify/FulfillmentHold/9']}

        All holds at once are not released:

        >>> write_release("gid://shopify/FulfillmentOrder/5", holds=[])
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: holds: must name at least one hold: without, all would be released (got ())
    """
    found = gids(holds, "holds", kind="FulfillmentHold")
    if not found:
        raise refused(
            "holds", "must name at least one hold: without, all would be released", found, code="shopify.none"
        )
    order_id = gid(fulfillment_order_id, "fulfillment_order_id", kind="FulfillmentOrder")
    return request(_RELEASE, {"id": order_id, "holdIds": found})


def write_reschedule(fulfillment_order_id: str, /, *, street_date: dt.datetime, at: dt.datetime) -> str:
    """Write a request that moves a scheduled fulfilment order to another date: ``fulfillmentOrderReschedule``.

    Args:
        fulfillment_order_id: Its global id.
        street_date: The instant at which it becomes ready to be fulfilled, rounded up to a whole second.
        at: Now.

    Returns:
        The body of the request.

    Raises:
        InvalidArgument: If the id is none, or ``street_date`` is not later than ``at``.

    Source:
        https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentOrderReschedule.

    Examples:
        The street date moved by a week:

        >>> import datetime as dt, json
        >>> from preorder_kit.adapters.shopify import write_reschedule
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> later = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
        >>> body = write_reschedule("gid://shopify/FulfillmentOrder/5", street_date=later, at=now)
        >>> json.loads(body)["variables"]
        {'id': 'gid://shopify/FulfillmentOrder/5', 'fulfillAt': '2027-02-05T00:00:00Z'}

        A date that is reached needs a release instead:

        >>> write_reschedule("gid://shopify/FulfillmentOrder/5", street_date=now, at=now)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: street_date: must be later than now, 2026-11-22 ...
    """
    moment = after(instant(street_date, "street_date"), "street_date", at=instant(at, "at"))
    order_id = gid(fulfillment_order_id, "fulfillment_order_id", kind="FulfillmentOrder")
    return request(_RESCHEDULE, {"id": order_id, "fulfillAt": written(moment, "street_date")})
