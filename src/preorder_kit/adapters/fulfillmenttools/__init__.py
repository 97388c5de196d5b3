"""fulfillmenttools: listings, orders, stock, routing and promises, as its API takes and sends them.

Read leniently: ids as text or number, words in any case, and words that are not known are kept. Written strictly, as
the API's specification says.
"""

from ..._wire import WireFormat
from ._inbound import FORMATS as _INBOUND
from ._inbound import read_purchase_orders
from ._listing_writing import write_listing_change, write_listing_upserts, write_listings
from ._listings import FORMATS as _LISTINGS
from ._listings import (
    Listing,
    ListingChange,
    ListingStatus,
    PickedTerms,
    pick_terms,
    read_listing,
    read_listing_change,
    read_listings,
)
from ._order_writing import write_order
from ._orders import FORMATS as _ORDERS
from ._orders import OrderConsumer, OrderHeader, OrderStatus, read_order, read_order_header
from ._plan_reading import FORMATS as _PLANS
from ._plan_reading import read_routing_plan, read_routing_plans
from ._plans import PlanLine, PlanStatus, RoutingPlan, plan_outcomes, plan_part, plan_waiting_lines
from ._promises import FORMATS as _PROMISES
from ._promises import (
    BackOrderedLine,
    CheckoutAvailability,
    DeliveryPromise,
    checkout_stock,
    read_checkout_availability,
    read_delivery_promise,
)
from ._splits import FORMATS as _SPLITS
from ._splits import SplitDecision, SplitItem, SplitResult, read_split_decision
from ._stock_summaries import FORMATS as _SUMMARIES
from ._stock_summaries import StockSummary, read_stock_summaries, summary_stock
from ._stocks import FORMATS as _STOCKS
from ._stocks import StockEntry, read_stock_entry, read_stocks, write_stocks
from ._strategies import FORMATS as _STRATEGIES
from ._strategies import (
    Fence,
    FenceMode,
    NodeConfig,
    OrderSplit,
    node_split_rules,
    read_node_config,
    read_order_split,
    room_policy,
    waits_in_room,
)
from ._strategy_writing import write_node_config, write_order_split
from ._terms import (
    ContextKind,
    ContextOperator,
    ContextualTerms,
    OutOfStock,
    OutOfStockContext,
    OutOfStockTerms,
    SellingTerms,
    listing_stock,
    selling_terms,
)

__all__ = [
    "BackOrderedLine",
    "CheckoutAvailability",
    "ContextKind",
    "ContextOperator",
    "ContextualTerms",
    "DeliveryPromise",
    "Fence",
    "FenceMode",
    "Listing",
    "ListingChange",
    "ListingStatus",
    "NodeConfig",
    "OrderConsumer",
    "OrderHeader",
    "OrderSplit",
    "OrderStatus",
    "OutOfStock",
    "OutOfStockContext",
    "OutOfStockTerms",
    "PickedTerms",
    "PlanLine",
    "PlanStatus",
    "RoutingPlan",
    "SellingTerms",
    "SplitDecision",
    "SplitItem",
    "SplitResult",
    "StockEntry",
    "StockSummary",
    "checkout_stock",
    "listing_stock",
    "node_split_rules",
    "pick_terms",
    "plan_outcomes",
    "plan_part",
    "plan_waiting_lines",
    "read_checkout_availability",
    "read_delivery_promise",
    "read_listing",
    "read_listing_change",
    "read_listings",
    "read_node_config",
    "read_order",
    "read_order_header",
    "read_order_split",
    "read_purchase_orders",
    "read_routing_plan",
    "read_routing_plans",
    "read_split_decision",
    "read_stock_entry",
    "read_stock_summaries",
    "read_stocks",
    "room_policy",
    "selling_terms",
    "summary_stock",
    "waits_in_room",
    "write_listing_change",
    "write_listing_upserts",
    "write_listings",
    "write_node_config",
    "write_order",
    "write_order_split",
    "write_stocks",
]

_FORMATS: tuple[WireFormat, ...] = (
    *_LISTINGS,
    *_ORDERS,
    *_STOCKS,
    *_SUMMARIES,
    *_INBOUND,
    *_PLANS,
    *_SPLITS,
    *_STRATEGIES,
    *_PROMISES,
)
