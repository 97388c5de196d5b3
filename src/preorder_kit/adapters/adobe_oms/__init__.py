"""Adobe Commerce (Magento) OMS: orders, their statuses, and stock, as its message bus carries them.

Read leniently, as the system really sends: ids and numbers as text or number, with and without the JSON-RPC envelope.
Every problem of a message is named with its path. Written as it is documented.
"""

from __future__ import annotations

from ..._wire import WireFormat
from ._aggregates import FORMATS as _AGGREGATES
from ._aggregates import (
    AggregateSafetyStock,
    AggregateSnapshot,
    AggregateStockUpdate,
    SafetyStockType,
    aggregate_stock,
    apply_aggregate,
    read_aggregate_snapshot,
    read_safety_stocks,
    safety_stock_of,
)
from ._allocations import FORMATS as _ALLOCATIONS
from ._allocations import OmsAllocatedLine, read_allocation_reply
from ._facts import OmsAddress, OmsOrderFacts
from ._levels import FORMATS as _STOCK
from ._levels import SourceStockUpdate, apply_adjustment, apply_snapshot, join_snapshots
from ._orders import FORMATS as _ORDERS
from ._orders import read_order_create
from ._shipments import FORMATS as _SHIPMENTS
from ._shipments import (
    OmsPackage,
    OmsShipment,
    OmsShipmentItem,
    OmsShipmentRequest,
    read_shipment_done,
    read_shipment_request,
    write_shipment_done,
)
from ._statuses import (
    ITEM_STATES,
    ORDER_PHASES,
    OmsItemStatus,
    OmsOrderPhase,
    OmsOrderStatus,
    item_status,
    item_status_for,
    order_status,
    order_status_for,
)
from ._stock import (
    SnapshotBatch,
    SnapshotMode,
    SourceAdjustment,
    SourceSnapshot,
    read_source_adjustment,
    read_source_snapshot,
)
from ._stock_messages import MOST_SKUS, write_aggregate_snapshots, write_source_adjustments, write_source_snapshots
from ._street_dates import FORMATS as _STREET_DATES
from ._street_dates import OmsStreetDate, read_street_date_change, write_street_date_change
from ._updates import (
    BUNDLE_SOURCES,
    OmsBundleRule,
    OmsOrderLine,
    OmsOrderUpdate,
    read_bundle_rules,
    read_order_updated,
    sourcing_rules_for,
)
from ._updates import FORMATS as _UPDATES
from ._writing import write_order_create, write_order_updated

__all__ = [
    "BUNDLE_SOURCES",
    "ITEM_STATES",
    "MOST_SKUS",
    "ORDER_PHASES",
    "AggregateSafetyStock",
    "AggregateSnapshot",
    "AggregateStockUpdate",
    "OmsAddress",
    "OmsAllocatedLine",
    "OmsBundleRule",
    "OmsItemStatus",
    "OmsOrderFacts",
    "OmsOrderLine",
    "OmsOrderPhase",
    "OmsOrderStatus",
    "OmsOrderUpdate",
    "OmsPackage",
    "OmsShipment",
    "OmsShipmentItem",
    "OmsShipmentRequest",
    "OmsStreetDate",
    "SafetyStockType",
    "SnapshotBatch",
    "SnapshotMode",
    "SourceAdjustment",
    "SourceSnapshot",
    "SourceStockUpdate",
    "aggregate_stock",
    "apply_adjustment",
    "apply_aggregate",
    "apply_snapshot",
    "item_status",
    "item_status_for",
    "join_snapshots",
    "order_status",
    "order_status_for",
    "read_aggregate_snapshot",
    "read_allocation_reply",
    "read_bundle_rules",
    "read_order_create",
    "read_order_updated",
    "read_safety_stocks",
    "read_shipment_done",
    "read_shipment_request",
    "read_source_adjustment",
    "read_source_snapshot",
    "read_street_date_change",
    "safety_stock_of",
    "sourcing_rules_for",
    "write_aggregate_snapshots",
    "write_order_create",
    "write_order_updated",
    "write_shipment_done",
    "write_source_adjustments",
    "write_source_snapshots",
    "write_street_date_change",
]

_FORMATS: tuple[WireFormat, ...] = (
    *_ORDERS,
    *_UPDATES,
    *_STREET_DATES,
    *_STOCK,
    *_AGGREGATES,
    *_ALLOCATIONS,
    *_SHIPMENTS,
)
