"""Listings: an article at a facility, read and written in each of the forms that the system knows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

import attrs

from ..._checks import checked, instance, member, optional, rule, sequence, text, units, unordered
from ..._documents import Fields, count, identifier, root_object
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ._terms import (
    ContextKind,
    ContextualTerms,
    OutOfStockContext,
    OutOfStockTerms,
    read_contextual,
    read_terms,
)
from ._words import agree, facility_of, name, rows_of, sound, term

__all__ = [
    "Listing",
    "ListingChange",
    "ListingStatus",
    "PickedTerms",
    "pick_terms",
    "read_listing",
    "read_listing_change",
    "read_listings",
]

_NOTHING_SAID = OutOfStockTerms()


class ListingStatus(StrEnum):
    """Whether a listing takes part."""

    ACTIVE = "active"
    INACTIVE = "inactive"


def _rules(value: object, path: str) -> tuple[ContextualTerms, ...]:
    return sequence(value, path, check=instance, of=ContextualTerms)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Listing:
    """An article at a facility.

    Attributes:
        sku: The article, by the shop's id.
        facility: The facility, by the platform's id; empty if the document does not say.
        tenant_facility_id: The facility, by the shop's id; empty if the document does not say.
        id: The platform's id of the listing; empty before it has one.
        title: What it is called; empty if not given.
        status: Whether it takes part; ``None`` if the word is not known, or nothing is said.
        status_word: The word as it was sent.
        version: Which version of the listing this is, to see that nobody else changed it; ``None`` if not given.
        terms: What may be ordered without stock where no rule says otherwise.
        by_context: Rules for some groups of facilities or some tags.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    facility: str = attrs.field(default="", metadata=rule(text, empty=True))
    tenant_facility_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    id: str = attrs.field(default="", metadata=rule(text, empty=True))
    title: str = attrs.field(default="", metadata=rule(text, empty=True))
    status: ListingStatus | None = attrs.field(default=None, metadata=rule(optional, check=member, of=ListingStatus))
    status_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    version: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    terms: OutOfStockTerms = attrs.field(default=_NOTHING_SAID, metadata=rule(instance, of=OutOfStockTerms))
    by_context: Sequence[ContextualTerms] = attrs.field(default=(), metadata=rule(_rules))

    def __attrs_post_init__(self) -> None:
        agree(self, "status", ListingStatus)


@attrs.frozen(kw_only=True, field_transformer=checked)
class ListingChange:
    """A change of one listing; which one, its address says.

    Attributes:
        version: The version of the listing that is changed.
        title: What it is called from now on; empty: as before.
        status: Whether it takes part from now on; ``None``: as before, or a word that is not known.
        status_word: The word as it was sent.
        terms: What may be ordered without stock from now on; terms that say nothing: as before.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    version: int = attrs.field(metadata=rule(units))
    title: str = attrs.field(default="", metadata=rule(text, empty=True))
    status: ListingStatus | None = attrs.field(default=None, metadata=rule(optional, check=member, of=ListingStatus))
    status_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    terms: OutOfStockTerms = attrs.field(default=_NOTHING_SAID, metadata=rule(instance, of=OutOfStockTerms))

    def __attrs_post_init__(self) -> None:
        agree(self, "status", ListingStatus)


@attrs.frozen(kw_only=True, field_transformer=checked)
class PickedTerms:
    """What holds for one facility and its tags.

    Attributes:
        terms: The terms.
        source: The rule that they come from; ``None``: they are the listing's own.
        unjudged: Rules that would have come before it and name a context that is not known here: whether they hold,
            nobody can say.
    """

    terms: OutOfStockTerms = attrs.field(metadata=rule(instance, of=OutOfStockTerms))
    source: ContextualTerms | None = attrs.field(
        default=None, metadata=rule(optional, check=instance, of=ContextualTerms)
    )
    unjudged: Sequence[ContextualTerms] = attrs.field(default=(), metadata=rule(_rules))


def read_listing(document: str | bytes, /) -> Listing:
    """Read one listing, as the system replies with it.

    Terms may be incomplete: a pre-order without its date, or a restock without its days, is read as it is. A date under
    the deprecated ``availabilityTimeframe`` of the listing itself is read where the terms have no other.

    Args:
        document: The reply, as text or UTF-8 bytes.

    Returns:
        The listing. Prices, codes, attributes and other fields are not read.

    Raises:
        InvalidDocument: If it is no listing; with all of its problems and their paths.

    Source:
        fulfillmenttools, the schema Listing of its API specification, and its page on out-of-stock behaviour.

    Examples:
        A pre-order:

        >>> from preorder_kit.adapters.fulfillmenttools import read_listing
        >>> listing = read_listing('''{"tenantArticleId": "JKT", "facilityId": "oslo", "version": 13,
        ...     "outOfStockBehaviour": "PREORDER", "outOfStockConfig": {"preorder": {
        ...         "availabilityTimeframe": {"start": "2027-03-12T06:00:00.000Z"}}}}''')
        >>> listing.terms.behaviour.value, listing.terms.available_from.isoformat()
        ('preorder', '2027-03-12T06:00:00+00:00')
    """
    fields = root_object(document, "must be a listing, an object with a tenantArticleId")
    return sound(_listing(fields), fields)


def read_listings(document: str | bytes, /) -> Read[tuple[Listing, ...]]:
    """Read a list of listings: a replacement or an upsert of many, or the reply to a search.

    An entry of an upsert for several facilities is a listing for each of them; a selector that names no facility is a
    problem.

    Args:
        document: ``{"listings": [...]}`` or the mere list, as text or UTF-8 bytes.

    Returns:
        The listings that are sound, and a problem for each that is not.

    Raises:
        InvalidDocument: If it is no list of listings.

    Source:
        fulfillmenttools, listings that replace others and bulk upserts in its API specification.

    Examples:
        One is sound and one is not:

        >>> from preorder_kit.adapters.fulfillmenttools import read_listings
        >>> found = read_listings('{"listings": [{"tenantArticleId": "BTL", "outOfStockBehaviour": "BACKORDER"}, {}]}')
        >>> [listing.sku for listing in found.values], str(found.problems[0])
        (['BTL'], 'listings[1].tenantArticleId: is missing')
    """
    rows, problems = rows_of(document, 'must be {"listings": [...]}, a list of listings', under=["listings"])
    found = [listing for row in rows for listing in _listings_of(row)]
    return Read(tuple(found), tuple(problems))


def _listings_of(fields: Fields) -> list[Listing]:
    """Return the listings of an entry: one, or one for each facility that it selects; none if it has problems."""
    listing = _listing(fields)
    if listing is None or not fields.holds("selector"):
        return [] if listing is None else [listing]
    selected = [_facility(selector.object("facility"), selector) for selector in fields.objects("selector", least=1)]
    return [attrs.evolve(listing, facility=ref, tenant_facility_id=own) for ref, own in selected if ref or own]


def _facility(facility: Fields | None, selector: Fields) -> tuple[str, str]:
    """Return what names the facility of a selector; a selector that names none is a problem."""
    found = facility_of(facility)
    if not any(found) and selector.is_sound:
        selector.complain("", "listing.selector", "must name a facility: other selectors are not read here")
    return found


def _listing(fields: Fields) -> Listing | None:
    status, status_word = term(fields, "status", ListingStatus)
    facility, own = facility_of(fields.object("facility"))
    return fields.build(
        Listing,
        sku=fields.read("tenantArticleId", identifier),
        facility=facility or name(fields, "facilityId"),
        tenant_facility_id=own,
        id=name(fields, "id"),
        title=name(fields, "title"),
        status=status,
        status_word=status_word,
        version=fields.read("version", count, default=None),
        terms=read_terms(fields),
        by_context=[read_contextual(item) for item in fields.objects("outOfStockBehaviourByContexts")],
    )


def read_listing_change(document: str | bytes, /) -> ListingChange:
    """Read a change of one listing.

    Args:
        document: ``{"version": ..., "actions": [{"action": "ModifyListing", ...}]}``, as text or UTF-8 bytes.

    Returns:
        The change. Fields other than title, status and what may be ordered without stock are not read.

    Raises:
        InvalidDocument: If it is no such change, or has several actions; with all of its problems and their paths.

    Source:
        fulfillmenttools, the action ModifyListing of its API specification.

    Examples:
        Backorders from now on:

        >>> from preorder_kit.adapters.fulfillmenttools import read_listing_change
        >>> change = read_listing_change(
        ...     '{"version": 7, "actions": [{"action": "ModifyListing", "outOfStockBehaviour": "BACKORDER"}]}'
        ... )
        >>> change.version, change.terms.behaviour.value
        (7, 'backorder')
    """
    fields = root_object(document, 'must be {"version": ..., "actions": [...]}, a change of a listing')
    version = fields.read("version", count)
    actions = fields.objects("actions", least=1)
    for action in actions:
        if action.read("action", identifier) != MODIFY and action.is_sound:
            action.complain("action", "listing.action", f"must be {MODIFY}, the only action that is read here")
    for action in actions[1:]:
        action.complain("", "listing.action", "must be alone: what several actions come to is not read here")
    return sound(_change(actions[0], version) if actions else None, fields)


MODIFY = "ModifyListing"


def _change(action: Fields, version: int) -> ListingChange | None:
    status, status_word = term(action, "status", ListingStatus)
    title, terms = name(action, "title"), read_terms(action)
    return action.build(
        ListingChange, version=version, title=title, status=status, status_word=status_word, terms=terms
    )


def pick_terms(listing: Listing, /, *, groups: Collection[str] = (), tags: Collection[str] = ()) -> PickedTerms:
    """Pick what holds at one facility: the rule with the lowest priority number all of whose contexts hold.

    A context holds if one of its values is among the groups or the tags, whichever it asks about; with NOT, if none is.
    So a context without values never holds, and always with NOT. Of rules with one priority the earlier counts. If no
    rule holds, the listing's own terms do.

    Args:
        listing: The listing.
        groups: The ids of the groups that the facility is in.
        tags: The tags that are asked about.

    Returns:
        The terms, and the rules that nobody can judge: one that comes earlier and names a kind of context or an
        operator that is not known here is passed over, and said.

    Raises:
        InvalidArgument: If an argument is of another type.

    Source:
        fulfillmenttools on contexts: the lower number wins. That all contexts of a rule must hold, and that the earlier
        of two rules with one number counts, is inferred.

    Examples:
        Backorders in one group alone:

        >>> from preorder_kit.adapters.fulfillmenttools import (
        ...     ContextualTerms, Listing, OutOfStockContext, OutOfStockTerms, pick_terms,
        ... )
        >>> north = OutOfStockContext(kind="facility_group", values=["north"])
        >>> rule = ContextualTerms(priority=10, contexts=[north], terms=OutOfStockTerms(behaviour="backorder"))
        >>> listing = Listing(sku="JKT", terms=OutOfStockTerms(behaviour="none"), by_context=[rule])
        >>> pick_terms(listing, groups=["north"]).terms.behaviour.value
        'backorder'
        >>> pick_terms(listing, groups=["south"]).terms.behaviour.value
        'none'
    """
    instance(listing, "listing", of=Listing)
    asked = {
        ContextKind.FACILITY_GROUP: unordered(groups, "groups", check=text),
        ContextKind.TAG_REFERENCE: unordered(tags, "tags", check=text),
    }
    unjudged: list[ContextualTerms] = []
    for item in sorted(listing.by_context, key=lambda one: one.priority):
        verdicts = [_holds(context, asked) for context in item.contexts]
        if all(verdicts):
            return PickedTerms(terms=item.terms, source=item, unjudged=unjudged)
        if None in verdicts and False not in verdicts:
            unjudged.append(item)
    return PickedTerms(terms=listing.terms, unjudged=unjudged)


def _holds(context: OutOfStockContext, asked: dict[ContextKind, frozenset[str]]) -> bool | None:
    """Return whether a context holds; ``None`` if it is of a kind that is not known."""
    if context.kind is None or (context.operator_word and context.operator is None):
        return None
    return asked[context.kind].isdisjoint(context.values) is (context.operator is not None)


def _is_listing(root: Any) -> bool:
    keys = root.keys() if isinstance(root, dict) else frozenset()
    return "tenantArticleId" in keys and "quantity" not in keys and not keys.isdisjoint({"facilityId", *_MARKS})


_MARKS = ("outOfStockBehaviour", "outOfStockBehaviourByContexts", "outOfStockConfig")

FORMATS = (
    WireFormat(
        name="fulfillmenttools-listing",
        holds="what may be ordered without stock of one article at a facility",
        recognises=_is_listing,
        read=read_listing,
    ),
    WireFormat(
        name="fulfillmenttools-listings",
        holds="what may be ordered without stock of articles at facilities",
        recognises=lambda root: has(first(held(root, "listings")), "tenantArticleId") or _is_listing(first(root)),
        read=read_listings,
    ),
    WireFormat(
        name="fulfillmenttools-listing-change",
        holds="a change of what may be ordered without stock",
        recognises=lambda root: held(first(held(root, "actions")), "action") == MODIFY,
        read=read_listing_change,
    ),
)
