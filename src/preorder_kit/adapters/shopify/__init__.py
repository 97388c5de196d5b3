"""Shopify: pre-orders as requests to its GraphQL Admin API.

Selling plans from a rule for charging, holds from the parts of an order that wait, and whether a variant sells on when
it is out of stock. What is written is the body of a request, a JSON document with ``query`` and ``variables``; nothing
is sent from here.
"""

from ._holds import (
    FulfillmentLine,
    FulfillmentOrder,
    HoldReason,
    HoldRules,
    write_holds,
    write_release,
    write_reschedule,
)
from ._plans import InventoryReserve, PreorderPlan, write_selling_plan_group
from ._variants import InventoryPolicy, inventory_policy, write_inventory_policies

__all__ = [
    "FulfillmentLine",
    "FulfillmentOrder",
    "HoldReason",
    "HoldRules",
    "InventoryPolicy",
    "InventoryReserve",
    "PreorderPlan",
    "inventory_policy",
    "write_holds",
    "write_inventory_policies",
    "write_release",
    "write_reschedule",
    "write_selling_plan_group",
]
