"""Centra: what its shop side shows of products, carts and bundles, and what its back office says of stock and orders.

Each kind of document has its reader; what is written is what the vendor documents, and nothing else.
"""

from __future__ import annotations

from ..._wire import WireFormat
from ._bundle_writes import FORMATS as _BUNDLES
from ._bundle_writes import (
    BundleProduct,
    CentraBundle,
    bundles_by_size,
    read_bundle,
    write_bundle,
)
from ._cancel_calls import FORMATS as _CANCEL_CALLS
from ._cancel_calls import (
    AllocateCall,
    CancelCall,
    CancelCallLine,
    UnallocateCall,
    read_allocate_order,
    read_cancel_lines,
    read_unallocate_order,
)
from ._cancelling import (
    CancelForm,
    CancelRules,
    StoreType,
    write_allocate_order,
    write_cancel_lines,
    write_unallocate_order,
)
from ._checkout import FORMATS as _CHECKOUT
from ._checkout import read_products
from ._delivery_windows import (
    DELIVERY_WINDOWS_QUERY,
    CentraStatus,
    DeliveryWindow,
    VariantDelivery,
    WindowVariant,
    read_delivery_windows,
    window_rules,
    window_sales,
)
from ._delivery_windows import FORMATS as _WINDOWS
from ._integration import FORMATS as _REPLIES
from ._integration import (
    CentraMoney,
    CentraReply,
    SizeKey,
    read_reply,
)
from ._integration_orders import FORMATS as _ORDERS
from ._integration_orders import (
    ORDERS_QUERY,
    read_order_states,
    read_orders,
)
from ._order_api import FORMATS as _ORDER_API
from ._order_api import (
    StockClamp,
    StockReply,
    StockUpdate,
    clamped_updates,
    read_order_api_stock,
    read_stock_reply,
    read_stock_updates,
    write_stock_updates,
)
from ._order_api_orders import FORMATS as _ORDER_API_ORDERS
from ._order_api_orders import (
    read_order_api_orders,
)
from ._orders import (
    CentraOrder,
    CentraOrderLine,
    CentraOrderRules,
    CentraOrderState,
    CentraOrderStatus,
    CentraShipment,
    allocated_commitments,
    order_status_number,
    order_status_word,
    shipped_parts,
)
from ._purchase_orders import FORMATS as _PURCHASES
from ._purchase_orders import (
    PURCHASE_ORDERS_QUERY,
    PurchaseOrder,
    read_purchase_orders,
    read_supplier_orders,
)
from ._shipment_calls import FORMATS as _SHIPMENT_CALLS
from ._shipment_calls import (
    OrderCaptureCall,
    ShipmentCall,
    ShipmentCaptureCall,
    read_capture_order,
    read_capture_shipment,
    read_shipment,
)
from ._shipping import (
    ShipmentRules,
    write_capture_order,
    write_capture_shipment,
    write_shipment,
    write_shipments,
)
from ._shop_bundles import bundle_sections, fixed_components
from ._shop_legacy import FORMATS as _SHOP
from ._shop_legacy import read_shop_products
from ._shop_queries import (
    StorefrontFact,
    StorefrontMode,
    StorefrontRules,
    write_display_item_queries,
    write_flexible_bundle,
)
from ._shop_replies import FORMATS as _STOREFRONT_REPLIES
from ._shop_replies import StorefrontReply, read_storefront_reply
from ._shop_unavailable import FORMATS as _CART
from ._shop_unavailable import CancelledPayment, CartReply, UnavailableUnits, read_cart_reply
from ._shop_values import (
    BundleKind,
    BundlePricing,
    RelatedProduct,
    ShopBundle,
    ShopProduct,
    ShopSection,
    ShopSize,
)
from ._stock_levels import (
    STOCK_TOTALS_QUERY,
    AvailableDefinition,
    StockQuantities,
    available_definition,
    available_units,
    read_stock_totals,
)
from ._stock_supply import FORMATS as _STOCK
from ._stock_supply import (
    centra_stock,
    supply_from_stock,
)
from ._stock_writes import FORMATS as _STOCK_WRITES
from ._stock_writes import (
    CentraSize,
    SizeUnits,
    StockMove,
    StockSetting,
    read_change_stock,
    read_set_stock,
    write_change_stock,
    write_set_stock,
)
from ._storefront import FORMATS as _STOREFRONT
from ._storefront import (
    BundleOption,
    DisplayBundle,
    DisplayItem,
    DisplaySection,
    DisplaySize,
    read_display_items,
)
from ._warehouses import FORMATS as _WAREHOUSES
from ._warehouses import (
    WAREHOUSES_QUERY,
    CentraWarehouse,
    WarehousePolicy,
    free_to_sell,
    read_warehouses,
    warehouse_sourcing,
    warehouse_supplies,
)
from ._window_calls import FORMATS as _WINDOW_CALLS
from ._window_calls import (
    read_delivery_window,
    read_window_variants,
    write_delivery_window,
    write_window_variants,
)

__all__ = [
    "DELIVERY_WINDOWS_QUERY",
    "ORDERS_QUERY",
    "PURCHASE_ORDERS_QUERY",
    "STOCK_TOTALS_QUERY",
    "WAREHOUSES_QUERY",
    "AllocateCall",
    "AvailableDefinition",
    "BundleKind",
    "BundleOption",
    "BundlePricing",
    "BundleProduct",
    "CancelCall",
    "CancelCallLine",
    "CancelForm",
    "CancelRules",
    "CancelledPayment",
    "CartReply",
    "CentraBundle",
    "CentraMoney",
    "CentraOrder",
    "CentraOrderLine",
    "CentraOrderRules",
    "CentraOrderState",
    "CentraOrderStatus",
    "CentraReply",
    "CentraShipment",
    "CentraSize",
    "CentraStatus",
    "CentraWarehouse",
    "DeliveryWindow",
    "DisplayBundle",
    "DisplayItem",
    "DisplaySection",
    "DisplaySize",
    "OrderCaptureCall",
    "PurchaseOrder",
    "RelatedProduct",
    "ShipmentCall",
    "ShipmentCaptureCall",
    "ShipmentRules",
    "ShopBundle",
    "ShopProduct",
    "ShopSection",
    "ShopSize",
    "SizeKey",
    "SizeUnits",
    "StockClamp",
    "StockMove",
    "StockQuantities",
    "StockReply",
    "StockSetting",
    "StockUpdate",
    "StoreType",
    "StorefrontFact",
    "StorefrontMode",
    "StorefrontReply",
    "StorefrontRules",
    "UnallocateCall",
    "UnavailableUnits",
    "VariantDelivery",
    "WarehousePolicy",
    "WindowVariant",
    "allocated_commitments",
    "available_definition",
    "available_units",
    "bundle_sections",
    "bundles_by_size",
    "centra_stock",
    "clamped_updates",
    "fixed_components",
    "free_to_sell",
    "order_status_number",
    "order_status_word",
    "read_allocate_order",
    "read_bundle",
    "read_cancel_lines",
    "read_capture_order",
    "read_capture_shipment",
    "read_cart_reply",
    "read_change_stock",
    "read_delivery_window",
    "read_delivery_windows",
    "read_display_items",
    "read_order_api_orders",
    "read_order_api_stock",
    "read_order_states",
    "read_orders",
    "read_products",
    "read_purchase_orders",
    "read_reply",
    "read_set_stock",
    "read_shipment",
    "read_shop_products",
    "read_stock_reply",
    "read_stock_totals",
    "read_stock_updates",
    "read_storefront_reply",
    "read_supplier_orders",
    "read_unallocate_order",
    "read_warehouses",
    "read_window_variants",
    "shipped_parts",
    "supply_from_stock",
    "warehouse_sourcing",
    "warehouse_supplies",
    "window_rules",
    "window_sales",
    "write_allocate_order",
    "write_bundle",
    "write_cancel_lines",
    "write_capture_order",
    "write_capture_shipment",
    "write_change_stock",
    "write_delivery_window",
    "write_display_item_queries",
    "write_flexible_bundle",
    "write_set_stock",
    "write_shipment",
    "write_shipments",
    "write_stock_updates",
    "write_unallocate_order",
    "write_window_variants",
]

_FORMATS: tuple[WireFormat, ...] = (
    *_CHECKOUT,
    *_CART,
    *_SHOP,
    *_STOREFRONT,
    *_STOREFRONT_REPLIES,
    *_STOCK,
    *_WAREHOUSES,
    *_STOCK_WRITES,
    *_PURCHASES,
    *_WINDOWS,
    *_WINDOW_CALLS,
    *_ORDERS,
    *_SHIPMENT_CALLS,
    *_CANCEL_CALLS,
    *_BUNDLES,
    *_REPLIES,
    *_ORDER_API,
    *_ORDER_API_ORDERS,
)
