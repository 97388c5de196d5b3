"""Google Merchant: the availability of a catalogue, as attributes and as a data source in text or XML.

Words and dates leave the server, numbers of units never: a feed is the same whether its readings are masked or not.
"""

from ._feeds import FeedChannel, write_feed_csv, write_feed_rss, write_feed_tsv
from ._items import FeedItem, FeedRate, merchant_attributes

__all__ = [
    "FeedChannel",
    "FeedItem",
    "FeedRate",
    "merchant_attributes",
    "write_feed_csv",
    "write_feed_rss",
    "write_feed_tsv",
]
