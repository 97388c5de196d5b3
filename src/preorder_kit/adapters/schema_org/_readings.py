"""What the offers of a page say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import attrs

from ... import _zones
from ..._checks import checked, member, optional, rule, text
from ..._documents import Fields, identifier, iso_day, iso_instant, root_objects, unrecognised, word
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ...stock import Availability
from ._offers import WORDS, moment

__all__ = ["OfferReading", "read_offers"]

_MEANINGS = {name.lower(): availability for availability, name in WORDS.items()} | {
    "": Availability.UNKNOWN,
    "onlineonly": Availability.IN_STOCK,
    "soldout": Availability.OUT_OF_STOCK,
    "discontinued": Availability.OUT_OF_STOCK,
    "reserved": Availability.OUT_OF_STOCK,
}


@attrs.frozen(kw_only=True, field_transformer=checked)
class OfferReading:
    """What an offer of a page says.

    Attributes:
        sku: Its SKU, or that of the product that it is of; empty if neither says.
        word: Its availability as it was sent; empty if it does not say.
        availability: What that means here: unknown if it says nothing, ``None`` if it says a word that has no meaning
            here, such as PreSale, MadeToOrder or InStoreOnly.
        available_from: From when on it is available, an instant or a day.
        available_until: Until when.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(default="", metadata=rule(text, empty=True))
    word: str = attrs.field(default="", metadata=rule(text, empty=True))
    availability: Availability | None = attrs.field(
        default=Availability.UNKNOWN, metadata=rule(optional, check=member, of=Availability)
    )
    available_from: dt.datetime | dt.date | None = attrs.field(default=None, metadata=rule(optional, check=moment))
    available_until: dt.datetime | dt.date | None = attrs.field(default=None, metadata=rule(optional, check=moment))


_OFFERS = ("offer", "aggregateoffer")
_HOLD = ("offers", "hasVariant")
_EXPECTED = "must hold an Offer, or something with offers, such as a Product"


def read_offers(document: str | bytes, /, *, zone: str | None = None) -> Read[Sequence[OfferReading]]:
    """Read what the offers of a JSON-LD document say is available.

    It is an offer, something that holds offers, a list of those, or such a list under ``@graph``. An AggregateOffer
    that holds its offers stands for these, one without them for itself. A ProductGroup holds those of its variants.
    What is no offer and holds none does not count. A word of the vocabulary is known with http, https, the prefix
    ``schema:`` or nothing in front, in any case.

    Args:
        document: The document, as text or UTF-8 bytes: what is inside the script element.
        zone: The IANA name of the zone in which times without an offset are read; without it they are problems.

    Returns:
        The offers that are sound, in their order, and a problem for each field of the others that is not. A product's
        SKU that cannot be read is a problem too, and its offers have none.

    Raises:
        InvalidDocument: If it is no JSON, or there is no offer in it.
        InvalidArgument: If ``zone`` is no time zone.

    Source:
        https://schema.org/ItemAvailability, and for variants
        https://developers.google.com/search/docs/appearance/structured-data/product-variants.

    Examples:
        A word that is known, and one that has no meaning here:

        >>> from preorder_kit.adapters.schema_org import read_offers
        >>> page = '{"offers": [{"availability": "http://schema.org/BackOrder"}, {"availability": "PreSale"}]}'
        >>> for offer in read_offers(page).complete():
        ...     print(offer.word, offer.availability)
        http://schema.org/BackOrder backorder
        PreSale None
    """
    place = None if zone is None else _zones.zone_info(zone, "zone")
    roots = root_objects(document, _EXPECTED, under="@graph")
    if not roots:
        raise unrecognised(_EXPECTED)
    found = [offer for root in roots for offer in _found(root)]
    problems = roots[0].problems
    values = [offer for fields in found if (offer := _reading(fields, place)) is not None]
    if not found and not problems:
        raise unrecognised(_EXPECTED)
    return Read(tuple(values), tuple(problems))


def _found(fields: Fields) -> list[Fields]:
    """Return the offers that an object is or holds."""
    holders = [key for key in _HOLD if fields.holds(key)]
    if holders:
        return [offer for key in holders for item in _held(fields, key) for offer in _offers_of(item, key)]
    kind = fields.read("@type", _anything, default="")
    kinds = kind if isinstance(kind, list) else [kind]
    named = any(isinstance(name, str) and _bare(name) in _OFFERS for name in kinds)
    return [fields] if named or fields.holds("availability") else []


def _held(fields: Fields, key: str) -> list[Fields]:
    if isinstance(fields.read(key, _anything), list):
        return fields.objects(key)
    item = fields.object(key)
    return [] if item is None else [item]


def _offers_of(item: Fields, key: str) -> list[Fields]:
    """Return the offers of what stands under a key; what stands under ``offers`` is one itself if it holds none."""
    return _found(item) or ([item] if key == "offers" else [])


def _anything(value: Any, _path: str) -> Any:
    return value


def _reading(fields: Fields, zone: dt.tzinfo | None) -> OfferReading | None:
    named = fields.read("availability", _term, default="")
    sku = _sku(fields)
    return fields.build(
        OfferReading,
        sku=sku,
        word=named,
        availability=_MEANINGS.get(_bare(named)) if isinstance(named, str) else None,
        available_from=fields.read("availabilityStarts", _read_moment, default=None, zone=zone),
        available_until=fields.read("availabilityEnds", _read_moment, default=None, zone=zone),
    )


def _sku(fields: Fields) -> str:
    """Return the SKU of an offer, or of the nearest thing around it that names one."""
    named: Fields | None = fields
    while named is not None and not named.holds("sku"):
        named = named._outer
    return "" if named is None else named.read("sku", identifier, default="")


def _term(value: object, path: str) -> str:
    """Return a word of the vocabulary, which may come as a node with an id."""
    return word(held(value, "@id") if isinstance(value, dict) else value, path)


def _bare(named: str) -> str:
    without = re.sub(r"^(https?://(www\.)?schema\.org/|schema:)", "", named.strip().lower())
    return re.sub("[ _-]", "", without)


def _read_moment(value: object, path: str, *, zone: dt.tzinfo | None) -> dt.datetime | dt.date:
    if isinstance(value, str) and len(value.strip()) <= len("2027-01-20"):
        return iso_day(value, path)
    return iso_instant(value, path, zone=zone)


def _recognises(root: Any) -> bool:
    node = first(root) if isinstance(root, list) else root
    context = held(node, "@context")
    said = context if isinstance(context, list) else [context]
    words = [held(word, "@vocab") if isinstance(word, dict) else word for word in said]
    named = any(isinstance(word, str) and "schema.org" in word.lower() for word in words)
    return named and any(has(node, key) for key in (*_HOLD, "availability", "@graph"))


FORMATS: tuple[WireFormat, ...] = (
    WireFormat(
        name="schema-org-offers",
        holds="what a page says is available",
        recognises=_recognises,
        read=read_offers,
    ),
)
