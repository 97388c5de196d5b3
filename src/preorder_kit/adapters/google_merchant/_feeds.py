"""A catalogue as a data source: text and RSS."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias
from xml.etree import ElementTree as ET

import attrs

from ... import _zones
from ..._checks import checked, instance, instant, rule, sequence
from ...errors import InvalidArgument, Problem, Read
from ._items import FeedItem, line, merchant_attributes, shipping

__all__ = ["FeedChannel", "write_feed_csv", "write_feed_rss", "write_feed_tsv"]

_SHIPPING = "shipping"
_COLUMNS = (
    "id",
    "availability",
    "availability_date",
    "min_handling_time",
    "max_handling_time",
    "shipping_handling_business_days",
    "shipping_transit_business_days",
    _SHIPPING,
)
_NAMESPACE = "http://base.google.com/ns/1.0"


@attrs.frozen(kw_only=True, field_transformer=checked)
class FeedChannel:
    """What an RSS feed says about itself.

    Attributes:
        title: Its title.
        link: The address of the shop.
        description: What it holds.

    Raises:
        InvalidArgument: If a field is no text, or not on one line.
    """

    title: str = attrs.field(metadata=rule(line))
    link: str = attrs.field(metadata=rule(line))
    description: str = attrs.field(metadata=rule(line))


def write_feed_tsv(items: Iterable[FeedItem], /, *, at: dt.datetime, zone: str = "UTC") -> Read[str]:
    r"""Write a text data source, its values separated by tabs.

    It holds the id, the availability and what goes with it, and no other attribute of the products: use it as a
    supplemental data source beside the catalogue.

    Args:
        items: The products, each once.
        at: Now.
        zone: The IANA name of the zone in which dates are shown, and in which a day begins.

    Returns:
        The text, with a row for each product that can be said, in the order given, and a problem for each other one:
        an unknown reading, a date that is missing, past or too far, an id that comes again (ids that differ in case
        alone count as one). ``complete`` refuses a feed that lacks a product.

    Raises:
        InvalidArgument: If an argument is of another type, or ``zone`` is no time zone.

    Source:
        Google Merchant Center Help, https://support.google.com/merchants/answer/160588, and for the attributes those
        that `merchant_attributes` names.

    Examples:
        One product can be said, the other has no date:

        >>> import datetime as dt
        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.google_merchant import FeedItem, write_feed_tsv
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> raws = {"TEE": 12, "LP": "preorder"}
        >>> catalogue = [FeedItem(id=name, stock=normalize_stock(raw)) for name, raw in raws.items()]
        >>> feed = write_feed_tsv(catalogue, at=now)
        >>> feed.values
        'id\tavailability\nTEE\tin_stock\n'
        >>> [(problem.path, problem.code) for problem in feed.problems]
        [('items[1].available_from', 'feed.date_missing')]

        Nothing to say is the head alone:

        >>> write_feed_tsv([], at=now).complete()
        'id\tavailability\n'
    """
    return _separated(items, at, zone, delimiter="\t")


def write_feed_csv(items: Iterable[FeedItem], /, *, at: dt.datetime, zone: str = "UTC") -> Read[str]:
    r"""Write a text data source, its values separated by commas, as `write_feed_tsv` does with tabs.

    Args:
        items: The products, each once.
        at: Now.
        zone: The IANA name of the zone in which dates are shown, and in which a day begins.

    Returns:
        The text, and a problem for each product that cannot be said.

    Raises:
        InvalidArgument: If an argument is of another type, or ``zone`` is no time zone.

    Source:
        As for `write_feed_tsv`.

    Examples:
        Low stock is in stock, as the number is the shop's own:

        >>> import datetime as dt
        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.google_merchant import FeedItem, write_feed_csv
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> write_feed_csv([FeedItem(id="TEE", stock=normalize_stock(3))], at=now).complete()
        'id,availability\nTEE,in_stock\n'
    """
    return _separated(items, at, zone, delimiter=",")


def write_feed_rss(
    items: Iterable[FeedItem], /, *, channel: FeedChannel, at: dt.datetime, zone: str = "UTC"
) -> Read[str]:
    """Write an XML data source: RSS 2.0 with the ``g`` namespace, as `write_feed_tsv` does in text.

    Args:
        items: The products, each once.
        channel: What the feed says about itself.
        at: Now.
        zone: The IANA name of the zone in which dates are shown, and in which a day begins.

    Returns:
        The document, and a problem for each product that cannot be said.

    Raises:
        InvalidArgument: If an argument is of another type, or ``zone`` is no time zone.

    Source:
        Google Merchant Center Help, https://support.google.com/merchants/answer/14987622.

    Examples:
        One backorder:

        >>> import datetime as dt
        >>> from preorder_kit import Availability, Stock
        >>> from preorder_kit.adapters.google_merchant import FeedChannel, FeedItem, write_feed_rss
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> shop = FeedChannel(title="Shop", link="https://shop.example", description="Availability")
        >>> stock = Stock(availability=Availability.BACKORDER, quantity=34)
        >>> item = FeedItem(id="TEE", stock=stock, available_from=dt.date(2026, 12, 14))
        >>> print(write_feed_rss([item], channel=shop, at=now).complete())
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
          <channel>
            <title>Shop</title>
            <link>https://shop.example</link>
            <description>Availability</description>
            <item>
              <g:id>TEE</g:id>
              <g:availability>backorder</g:availability>
              <g:availability_date>2026-12-14T00:00+0000</g:availability_date>
            </item>
          </channel>
        </rss>
    """
    instance(channel, "channel", of=FeedChannel)
    sound, problems = _sound(items, at, zone)
    rss = ET.Element("rss", {"version": "2.0", "xmlns:g": _NAMESPACE})
    head = ET.SubElement(rss, "channel")
    for name in ("title", "link", "description"):
        ET.SubElement(head, name).text = getattr(channel, name)
    for item, said in sound:
        _add(ET.SubElement(head, "item"), item, said)
    ET.indent(rss)
    return Read('<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(rss, encoding="unicode"), problems)


_Sound: TypeAlias = Sequence[tuple[FeedItem, Mapping[str, str]]]


def _add(node: ET.Element, item: FeedItem, said: Mapping[str, str]) -> None:
    for name, value in said.items():
        if name != _SHIPPING:
            ET.SubElement(node, f"g:{name}").text = value
    for rate in item.rates:
        inner = ET.SubElement(node, f"g:{_SHIPPING}")
        for name, value in shipping(rate, item.times).items():
            if value:
                ET.SubElement(inner, f"g:{name}").text = value


def _separated(items: Iterable[FeedItem], at: dt.datetime, zone: str, *, delimiter: str) -> Read[str]:
    sound, problems = _sound(items, at, zone)
    used = set(_COLUMNS[:2]).union(*(said for _, said in sound))
    columns = [name for name in _COLUMNS if name in used]
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(said for _, said in sound)
    return Read(written.getvalue(), problems)


def _sound(items: Iterable[FeedItem], at: dt.datetime, zone: str) -> tuple[_Sound, tuple[Problem, ...]]:
    """Return what can be said, and what is wrong with the rest."""
    given = sequence(items, "items", check=instance, of=FeedItem)
    now = instant(at, "at")
    _zones.zone_info(zone, "zone")
    sound: list[tuple[FeedItem, Mapping[str, str]]] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for index, item in enumerate(given):
        path = f"items[{index}]"
        earlier = first.setdefault(item.id.casefold(), index)
        if earlier != index:
            message = f"must come once: items[{earlier}] has it, upper and lower case being the same (got {item.id!r})"
            problems.append(Problem(f"{path}.id", "id.repeated", message, item.id))
            continue
        try:
            sound.append((item, merchant_attributes(item, at=now, zone=zone)))
        except InvalidArgument as error:
            found = error.under(path)
            problems.append(Problem(found.path, found.code, found.message, found.value))
    return sound, tuple(problems)
