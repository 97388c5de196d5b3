"""fabric OMS: inventory as its import template and its three APIs carry it, backorders, pre-orders and order lines.

Units in stock and in transit by location, what is asked of them and answered, inventories with counters and limits,
reservations that wait, and a customer's answer to a delay. Every problem of a document is named with its path.
"""

from ..._wire import WireFormat
from . import (
    _availability,
    _bulk,
    _bulk_replies,
    _consent,
    _csv,
    _inventory_documents,
    _items,
    _order_replies,
    _reservations,
)
from ._availability import (
    AvailabilityRequest,
    ItemAvailability,
    StockSource,
    read_availability_request,
    read_item_availability,
    write_availability_request,
)
from ._bulk import read_bulk_insert, write_bulk_insert, write_site_context
from ._bulk_replies import (
    BulkInsertError,
    BulkInsertReply,
    ImportOutcome,
    RowError,
    read_bulk_insert_error,
    read_bulk_insert_reply,
)
from ._consent import (
    ConsentAnswer,
    DelayConsent,
    read_delay_consent,
    record_consent,
    reservation_delay,
    write_delay_consent,
)
from ._csv import CsvRule, read_inventory_csv, write_inventory_csv
from ._inventory import CounterDifference, InventoryRecord, available_to_purchase, counter_differences
from ._inventory_documents import read_inventories, write_inventory_v2, write_inventory_v3
from ._items import ChannelShare, ItemInventory, ItemLocation, item_stock, read_item_inventory
from ._order_replies import OrderItem, OrderReply, order_reply_lines, read_order_reply
from ._orders import write_order_items
from ._reservations import (
    Reservation,
    ReservationKind,
    read_reservations,
    reservation_commitments,
    reservation_lines,
    write_reservation,
)
from ._selling import backorder_receipt, inventory_rules, inventory_stock, inventory_supplies
from ._statuses import status_availability, status_word

__all__ = [
    "AvailabilityRequest",
    "BulkInsertError",
    "BulkInsertReply",
    "ChannelShare",
    "ConsentAnswer",
    "CounterDifference",
    "CsvRule",
    "DelayConsent",
    "ImportOutcome",
    "InventoryRecord",
    "ItemAvailability",
    "ItemInventory",
    "ItemLocation",
    "OrderItem",
    "OrderReply",
    "Reservation",
    "ReservationKind",
    "RowError",
    "StockSource",
    "available_to_purchase",
    "backorder_receipt",
    "counter_differences",
    "inventory_rules",
    "inventory_stock",
    "inventory_supplies",
    "item_stock",
    "order_reply_lines",
    "read_availability_request",
    "read_bulk_insert",
    "read_bulk_insert_error",
    "read_bulk_insert_reply",
    "read_delay_consent",
    "read_inventories",
    "read_inventory_csv",
    "read_item_availability",
    "read_item_inventory",
    "read_order_reply",
    "read_reservations",
    "record_consent",
    "reservation_commitments",
    "reservation_delay",
    "reservation_lines",
    "status_availability",
    "status_word",
    "write_availability_request",
    "write_bulk_insert",
    "write_delay_consent",
    "write_inventory_csv",
    "write_inventory_v2",
    "write_inventory_v3",
    "write_order_items",
    "write_reservation",
    "write_site_context",
]

_FORMATS: tuple[WireFormat, ...] = (
    *_csv._FORMATS,
    *_bulk._FORMATS,
    *_bulk_replies._FORMATS,
    *_items._FORMATS,
    *_availability._FORMATS,
    *_inventory_documents._FORMATS,
    *_reservations._FORMATS,
    *_consent._FORMATS,
    *_order_replies._FORMATS,
)
