"""Summaries of stock: the system's own numbers, each by its name, and what can be sold of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import attrs

from ..._checks import checked, instance, mapping, optional, refused, rule, sequence, text, unique, units
from ..._documents import Fields, change, count, identifier
from ..._wire import WireFormat, has, held
from ...errors import Read
from ...stock import SellRules, Stock
from ...supply import Supply
from ._terms import OutOfStockTerms, listing_stock
from ._words import inner, name, rows_of

__all__ = ["StockSummary", "read_stock_summaries", "summary_stock"]

_SHOP, _NOTHING_SAID = SellRules(), OutOfStockTerms()


def _names(value: object, path: str) -> tuple[str, ...]:
    return sequence(value, path, check=text)


@attrs.frozen(kw_only=True, field_transformer=checked)
class StockSummary:
    """The system's own numbers of an article, over some facilities, each by its name; ``None`` where it does not say.

    Attributes:
        sku: The article.
        title: What it is called; empty if not given.
        facilities: The facilities that are in it, by the platform's ids.
        total: All units, wherever they are.
        on_hand: Units in the facilities.
        reserved: Units that orders have reserved.
        safety_stock: Units that are kept back.
        available_on_stock: Units that are accessible, less what is reserved, kept back or ended.
        available_for_picking: The same of units that are accessible and pickable: what new orders can have.
        by_trait: Trait -> units that have it.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    title: str = attrs.field(default="", metadata=rule(text, empty=True))
    facilities: Sequence[str] = attrs.field(default=(), metadata=rule(_names))
    total: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=None))
    on_hand: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=None))
    reserved: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=None))
    safety_stock: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=None))
    available_on_stock: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=None))
    available_for_picking: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=None))
    by_trait: Mapping[str, int] = attrs.field(factory=dict, metadata=rule(mapping, key=text, check=units))


_NUMBERS = {
    "total": ("totalAmount",),
    "on_hand": ("stockOnHand",),
    "reserved": ("reserved",),
    "safety_stock": ("safetyStock",),
    "available_on_stock": ("availableOnStock", "availableToPromise", "available"),
    "available_for_picking": ("availableForPicking", "readyToPick"),
}


def read_stock_summaries(document: str | bytes, /) -> Read[tuple[StockSummary, ...]]:
    """Read summaries of stock, number by number under its own name.

    The deprecated names are read where the new ones are missing: ``availableToPromise`` and ``available`` for available
    on stock, ``readyToPick`` for available for picking.

    Args:
        document: ``{"stockSummaries": [...]}`` or the mere list, as text or UTF-8 bytes.

    Returns:
        The summaries that are sound, and the problems of those that are not.

    Raises:
        InvalidDocument: If it is no list of summaries.

    Source:
        fulfillmenttools, StockSummaries of its API specification, and its page on stock availability.

    Examples:
        Physical units are one number, what orders can have another:

        >>> from preorder_kit.adapters.fulfillmenttools import read_stock_summaries
        >>> [summary] = read_stock_summaries('''{"stockSummaries": [{"article": {"tenantArticleId": "JKT"},
        ...     "details": {"stockOnHand": 9, "availableOnStock": 5, "availableForPicking": 4}}]}''').values
        >>> summary.on_hand, summary.available_on_stock, summary.available_for_picking
        (9, 5, 4)
    """
    expected = 'must be {"stockSummaries": [...]}, a list of summaries'
    rows, problems = rows_of(
        document, expected, under=["stockSummaries"], is_row=lambda root: has(root, "article", "details")
    )
    found = [summary for summary in map(_summary, rows) if summary is not None]
    return Read(tuple(found), tuple(problems))


def _summary(fields: Fields) -> StockSummary | None:
    article, details = inner(fields, "article"), inner(fields, "details")
    if article is None or details is None:
        return None
    numbers = {key: _number(details, names) for key, names in _NUMBERS.items()}
    traits = details.object("byTrait")
    return fields.build(
        StockSummary,
        sku=article.read("tenantArticleId", identifier),
        title=name(article, "title"),
        facilities=fields.names("includedFacilityRefs"),
        by_trait={} if traits is None else details.read("byTrait", _traits),
        **numbers,
    )


def _number(details: Fields, names: Sequence[str]) -> int | None:
    said = next((key for key in names if details.holds(key)), names[0])
    return details.read(said, change, default=None)


def _traits(value: object, path: str) -> Mapping[str, int]:
    return mapping(value, path, key=text, check=count)


def summary_stock(
    summary: StockSummary,
    /,
    *,
    terms: OutOfStockTerms = _NOTHING_SAID,
    waiting: int = 0,
    rules: SellRules = _SHOP,
    at: dt.datetime,
) -> Stock:
    """Say what can be sold of an article, from its summary and its listing.

    New orders can have what is available for picking. That is net of reservations and safety stock already, so neither
    is subtracted again.

    Args:
        summary: The system's numbers; it says what is available for picking.
        terms: What the listing says about too little stock.
        waiting: Units sold that wait for stock.
        rules: The shop's other rules: what is few, whether stock is held before its street date, and when sales are
            open.
        at: Now.

    Returns:
        The reading, as `listing_stock` makes it.

    Raises:
        InvalidArgument: If the summary does not say what is available for picking, or ``at`` has no offset.

    Examples:
        Nine there, four for new orders:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fulfillmenttools import StockSummary, summary_stock
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> summary_stock(StockSummary(sku="JKT", on_hand=9, available_for_picking=4), at=now).quantity
        4
    """
    instance(summary, "summary", of=StockSummary)
    instance(rules, "rules", of=SellRules)
    free = _free(summary, "summary.available_for_picking")
    return listing_stock(terms, on_hand=free, waiting=waiting, rules=attrs.evolve(rules, safety_stock=0), at=at)


def _free(summary: StockSummary, path: str) -> int:
    if summary.available_for_picking is None:
        raise refused(path, "must be known", None, code="stock.unknown")
    return summary.available_for_picking


def _supply(summaries: Sequence[StockSummary]) -> Supply:
    """Return what new orders can have as units on hand: nothing is reserved or kept back of that any more."""
    unique((summary.sku for summary in summaries), "stockSummaries[{}].article", what="the articles")
    paths = (f"stockSummaries[{place}].details.availableForPicking" for place in range(len(summaries)))
    return Supply(on_hand={summary.sku: _free(summary, path) for summary, path in zip(summaries, paths, strict=True)})


FORMATS = (
    WireFormat(
        name="fulfillmenttools-stock-summaries",
        holds="units by the system's own names, over facilities",
        recognises=lambda root: isinstance(held(root, "stockSummaries"), list),
        read=read_stock_summaries,
        supply_of=_supply,
    ),
)
