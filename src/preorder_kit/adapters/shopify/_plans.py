"""Selling plans for pre-orders, from a rule for charging and a street date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import attrs

from ..._checks import checked, instance, instant, member, optional, refused, rule, text
from ...charging import CaptureMode, ChargePolicy
from ._requests import after, gids, request, written

__all__ = ["InventoryReserve", "PreorderPlan", "write_selling_plan_group"]

_QUERY = """\
mutation sellingPlanGroupCreate($input: SellingPlanGroupInput!, $resources: SellingPlanGroupResourceInput) {
  sellingPlanGroupCreate(input: $input, resources: $resources) {
    sellingPlanGroup {
      id
    }
    userErrors {
      field
      message
    }
  }
}
"""
_AT_CHECKOUT = {CaptureMode.ON_SHIPMENT: 0, CaptureMode.UP_FRONT: 100}
_DAY = dt.timedelta(days=1)


class InventoryReserve(StrEnum):
    """When units of a pre-order are taken off the inventory: with the order, or when it is fulfilled."""

    ON_SALE = "on_sale"
    ON_FULFILLMENT = "on_fulfillment"


def _due(value: object, path: str) -> dt.datetime | dt.timedelta:
    if not isinstance(value, dt.timedelta):
        return instant(value, path)
    if value < _DAY or value % _DAY:
        raise refused(path, "must be whole days, at least one", value, code="delta.invalid")
    return value


@attrs.frozen(kw_only=True, field_transformer=checked)
class PreorderPlan:
    """How products are sold before they are there.

    Attributes:
        name: What the way of buying is called, as in "Pre-order".
        terms: What it means, for the customer to read, as in "Ships 29 January, 20 % now".
        policy: When money is captured. ``BEFORE_EXPIRY`` has no words there.
        street_date: The instant from which orders are fulfilled; ``None`` if it is not known yet.
        balance_due: When the rest is captured: at an instant, or whole days after the checkout; ``None``: when the
            order is fulfilled.
        reserve: When units are taken off the inventory.
        merchant_code: What the merchant calls it; empty if nothing.
        products: Global ids of the products that are sold so, at most 250.
        variants: Global ids of the variants that are sold so, at most 250.

    Raises:
        InvalidArgument: If a field breaks its rule, the policy has no words there, or ``balance_due`` is given where
            all is captured at once.
    """

    name: str = attrs.field(metadata=rule(text))
    terms: str = attrs.field(metadata=rule(text))
    policy: ChargePolicy = attrs.field(metadata=rule(instance, of=ChargePolicy))
    street_date: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    balance_due: dt.datetime | dt.timedelta | None = attrs.field(default=None, metadata=rule(optional, check=_due))
    reserve: InventoryReserve = attrs.field(
        default=InventoryReserve.ON_FULFILLMENT, metadata=rule(member, of=InventoryReserve)
    )
    merchant_code: str = attrs.field(default="", metadata=rule(text, empty=True))
    products: Sequence[str] = attrs.field(default=(), metadata=rule(gids, kind="Product"))
    variants: Sequence[str] = attrs.field(default=(), metadata=rule(gids, kind="ProductVariant"))

    def __attrs_post_init__(self) -> None:
        mode = self.policy.mode
        if mode is CaptureMode.BEFORE_EXPIRY:
            requirement = "must be on_shipment, up_front or deposit: a selling plan knows no authorisation"
            raise refused("policy.mode", requirement, str(mode), code="shopify.policy")
        if mode is CaptureMode.UP_FRONT and self.balance_due is not None:
            requirement = "must be None where all is captured up front"
            raise refused("balance_due", requirement, self.balance_due, code="shopify.policy")


def write_selling_plan_group(plan: PreorderPlan, /, *, at: dt.datetime) -> str:
    """Write a request that creates a selling plan for pre-orders: ``sellingPlanGroupCreate``.

    The category is PRE_ORDER. A deposit is a percentage at the checkout, and the rest falls due ON_FULFILLMENT, at
    EXACT_TIME or TIME_AFTER_CHECKOUT; what is captured on shipment is 0 percent at the checkout; up front is 100
    percent and NO_REMAINING_BALANCE. Fulfilment is EXACT_TIME at the street date, UNKNOWN without one.

    Lost: a plan has one time at which the rest falls due, so that an order of several parts is captured at once, not
    part by part. The plan does not bound how many units are sold.

    Args:
        plan: How the products are sold.
        at: Now.

    Returns:
        The body of the request. Instants are rounded up to a whole second.

    Raises:
        InvalidArgument: If an argument is of another type, or the street date or the instant of the balance is not
            later than ``at``.

    Source:
        https://shopify.dev/docs/apps/build/purchase-options/deferred/build-deferment-solution,
        https://shopify.dev/docs/api/admin-graphql/latest/input-objects/SellingPlanFixedBillingPolicyInput and
        https://shopify.dev/docs/api/admin-graphql/latest/enums/SellingPlanRemainingBalanceChargeTrigger, which has
        ON_FULFILLMENT since API version 2026-01.

    Examples:
        A fifth now, the rest when it is sent:

        >>> import datetime as dt, json
        >>> from preorder_kit import ChargePolicy
        >>> from preorder_kit.adapters.shopify import PreorderPlan, write_selling_plan_group
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> street = dt.datetime(2027, 1, 29, tzinfo=dt.timezone.utc)
        >>> policy = ChargePolicy(mode="deposit", deposit=20)
        >>> plan = PreorderPlan(name="Pre-order", terms="20 % now", policy=policy, street_date=street)
        >>> [written] = json.loads(write_selling_plan_group(plan, at=now))["variables"]["input"]["sellingPlansToCreate"]
        >>> written["billingPolicy"]["fixed"]["checkoutCharge"]
        {'type': 'PERCENTAGE', 'value': {'percentage': 20}}
        >>> written["deliveryPolicy"]["fixed"]
        {'fulfillmentTrigger': 'EXACT_TIME', 'fulfillmentExactTime': '2027-01-29T00:00:00Z'}

        A street date that is reached is no pre-order any more:

        >>> write_selling_plan_group(plan, at=street)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: street_date: must be later than now, 2027-01-29 ...
    """
    now = instant(at, "at")
    instance(plan, "plan", of=PreorderPlan)
    selling_plan = {
        "name": plan.terms,
        "options": [plan.terms],
        "category": "PRE_ORDER",
        "billingPolicy": {"fixed": _billing(plan, now)},
        "deliveryPolicy": {"fixed": _delivery(plan, now)},
        "inventoryPolicy": {"reserve": plan.reserve.name},
    }
    group = {"name": plan.name, "options": [plan.name], "sellingPlansToCreate": [selling_plan]}
    if plan.merchant_code:
        group["merchantCode"] = plan.merchant_code
    resources = {"productIds": plan.products, "productVariantIds": plan.variants}
    return request(_QUERY, {"input": group, "resources": resources})


def _billing(plan: PreorderPlan, now: dt.datetime) -> dict[str, Any]:
    percentage = plan.policy.deposit or _AT_CHECKOUT[plan.policy.mode]
    charge = {"checkoutCharge": {"type": "PERCENTAGE", "value": {"percentage": percentage}}}
    return {**charge, **_balance(plan, now)}


def _balance(plan: PreorderPlan, now: dt.datetime) -> dict[str, Any]:
    trigger, due = "remainingBalanceChargeTrigger", plan.balance_due
    if plan.policy.mode is CaptureMode.UP_FRONT:
        return {trigger: "NO_REMAINING_BALANCE"}
    if due is None:
        return {trigger: "ON_FULFILLMENT"}
    if isinstance(due, dt.timedelta):
        return {trigger: "TIME_AFTER_CHECKOUT", "remainingBalanceChargeTimeAfterCheckout": f"P{due.days}D"}
    exact = written(after(due, "balance_due", at=now), "balance_due")
    return {trigger: "EXACT_TIME", "remainingBalanceChargeExactTime": exact}


def _delivery(plan: PreorderPlan, now: dt.datetime) -> dict[str, Any]:
    if plan.street_date is None:
        return {"fulfillmentTrigger": "UNKNOWN"}
    exact = written(after(plan.street_date, "street_date", at=now), "street_date")
    return {"fulfillmentTrigger": "EXACT_TIME", "fulfillmentExactTime": exact}
