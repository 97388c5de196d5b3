"""schema.org: what a page says of its offers, as JSON-LD, and what such a page is read to say.

Words and dates leave the server, numbers of units never: a document is the same whether its readings are masked or not.
"""

from ..._wire import WireFormat
from ._offers import OfferShipping, PageOffer, write_offer, write_product
from ._readings import FORMATS as _OFFERS
from ._readings import OfferReading, read_offers

__all__ = ["OfferReading", "OfferShipping", "PageOffer", "read_offers", "write_offer", "write_product"]

_FORMATS: tuple[WireFormat, ...] = _OFFERS
