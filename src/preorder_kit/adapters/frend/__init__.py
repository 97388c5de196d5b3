"""The formatter in front of a Centra shop: stock read on the server, so that no page ever holds its number.

Three functions have the names and arguments of the formatter that shops run today, and take its place: they know every
word that a store sends, in both settings of Stock Visible, and no value of a stock field makes them fail. What they do
not know is not available. `format_product` and `format_catalogue` format whole products and say what was wrong.
"""

from ._formatting import format_catalogue, format_product
from ._functions import get_size_available, get_size_preorder, get_stock
from ._values import BUTTON_LABELS, FormattedProduct, FormattedSize, SizeDates

__all__ = [
    "BUTTON_LABELS",
    "FormattedProduct",
    "FormattedSize",
    "SizeDates",
    "format_catalogue",
    "format_product",
    "get_size_available",
    "get_size_preorder",
    "get_stock",
]
