"""Listings, written in each of the forms that the system takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..._checks import instance, refused, sequence, text, unique
from ..._documents import encode
from ._listings import MODIFY, Listing, ListingChange, ListingStatus
from ._terms import contextual_content, terms_content
from ._words import MOST_INT64, bounded, documented, given

__all__ = ["write_listing_change", "write_listing_upserts", "write_listings"]

_A_CALL, _A_BULK_CALL = 500, 25


def write_listings(listings: Iterable[Listing], /) -> tuple[str, ...]:
    """Write the bodies that replace listings of one facility; its id goes into the address of the call.

    Args:
        listings: The listings, each article once.

    Returns:
        JSON documents of at most 500 listings each, in the order of the listings; none for no listing. The id of a
        listing is not written: the platform gives it.

    Raises:
        InvalidArgument: If they are of several facilities, an article comes twice, a word is not documented, a
            pre-order has no date or a restock no days (or the other way round), or a limit of the system is broken: 10
            rules with 1 to 5 contexts of at most 100 values, priorities 1 to 1000.

    Source:
        PUT ``/api/facilities/{facilityId}/listings``. Its older versions want the title of each listing too.

    Examples:
        One listing:

        >>> from preorder_kit.adapters.fulfillmenttools import Listing, OutOfStockTerms, write_listings
        >>> [body] = write_listings([Listing(sku="BTL", terms=OutOfStockTerms(behaviour="backorder"))])
        >>> print(body)
        {
          "listings": [
            {
              "tenantArticleId": "BTL",
              "outOfStockBehaviour": "BACKORDER"
            }
          ]
        }
    """
    found = sequence(listings, "listings", check=instance, of=Listing)
    unique((listing.sku for listing in found), "listings[{}].sku", what="the articles of a facility")
    places = {(listing.facility, listing.tenant_facility_id) for listing in found}
    if len(places) > 1:
        requirement = "must be of one facility: its id goes into the address; use write_listing_upserts for several"
        raise refused("listings", requirement, sorted(places), code="listing.facilities")
    return _bodies([_row(listing, f"listings[{place}]") for place, listing in enumerate(found)], most=_A_CALL)


def _bodies(rows: Sequence[dict[str, Any]], *, most: int) -> tuple[str, ...]:
    return tuple(encode({"listings": rows[start : start + most]}) for start in range(0, len(rows), most))


def _row(listing: Listing, path: str) -> dict[str, Any]:
    content = given(tenantArticleId=listing.sku, title=listing.title)
    content |= {} if listing.version is None else {"version": _version(listing.version, path)}
    content |= _status(listing, path) | terms_content(listing.terms, f"{path}.terms")
    return content | given(outOfStockBehaviourByContexts=contextual_content(listing.by_context, f"{path}.by_context"))


def _version(version: int, path: str) -> int:
    return bounded(version, f"{path}.version", most=MOST_INT64)


def _status(of: Listing | ListingChange, path: str) -> dict[str, str]:
    if not of.status_word:
        return {}
    return {"status": documented(of.status, of.status_word, f"{path}.status_word", ListingStatus)}


def write_listing_change(change: ListingChange, /) -> str:
    """Write the body that changes one listing; its facility and article go into the address of the call.

    Args:
        change: The change. Rules by context cannot be changed so: write the whole listing.

    Returns:
        A JSON document.

    Raises:
        InvalidArgument: If it changes nothing, a word is not documented, or a pre-order has no date or a restock no
            days (or the other way round).

    Source:
        PATCH ``/api/facilities/{facilityId}/listings/{tenantArticleId}``.

    Examples:
        Four days until there is more:

        >>> from preorder_kit.adapters.fulfillmenttools import ListingChange, OutOfStockTerms, write_listing_change
        >>> terms = OutOfStockTerms(behaviour="restock", restockable_in_days=4)
        >>> '"restockableInDays": 4' in write_listing_change(ListingChange(version=7, terms=terms))
        True
    """
    instance(change, "change", of=ListingChange)
    content = given(title=change.title) | _status(change, "change") | terms_content(change.terms, "change.terms")
    if not content:
        raise refused("change", "must change something: a title, a status or terms", change, code="listing.change")
    version = _version(change.version, "change")
    return encode({"version": version, "actions": [{"action": MODIFY, **content}]})


def write_listing_upserts(listings: Iterable[Listing], /) -> tuple[str, ...]:
    """Write the bodies that create or replace listings of any facilities, each of which names its own.

    Args:
        listings: The listings; each names its facility by one of its two ids, and its title.

    Returns:
        JSON documents of at most 25 listings each, in the order of the listings; none for no listing.

    Raises:
        InvalidArgument: If a listing names no facility or both of its ids, or no title, or comes twice, and as for
            `write_listings`.

    Source:
        PUT ``/api/listings``, with an entry for a single facility each. At most 25 facilities in one call.

    Examples:
        One listing:

        >>> import json
        >>> from preorder_kit.adapters.fulfillmenttools import Listing, write_listing_upserts
        >>> [body] = write_listing_upserts([Listing(sku="BTL", facility="oslo", title="Bottle")])
        >>> json.loads(body)["listings"][0]["facility"]
        {'facilityRef': 'oslo'}
    """
    found = sequence(listings, "listings", check=instance, of=Listing)
    keys = ((listing.facility, listing.tenant_facility_id, listing.sku) for listing in found)
    unique(keys, "listings[{}]", what="the listings of a facility")
    return _bodies([_upsert(listing, f"listings[{place}]") for place, listing in enumerate(found)], most=_A_BULK_CALL)


def _upsert(listing: Listing, path: str) -> dict[str, Any]:
    if bool(listing.facility) is bool(listing.tenant_facility_id):
        shown = (listing.facility, listing.tenant_facility_id)
        requirement = "must name its facility by facility or by tenant_facility_id, one of them"
        raise refused(f"{path}.facility", requirement, shown, code="listing.facilities")
    text(listing.title, f"{path}.title")
    facility = given(facilityRef=listing.facility, tenantFacilityId=listing.tenant_facility_id)
    return {"targetingStrategy": "SINGLE_FACILITY", "facility": facility, **_row(listing, path)}
