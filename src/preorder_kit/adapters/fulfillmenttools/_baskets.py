"""Lines of an order or a plan, and the bundles that its custom services make of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import attrs

from ..._documents import Fields, count, identifier, truth
from ...bundles import Component, WhenShort
from ...orders import OrderLine, _all_parts
from ._words import inner, name

#: SKU -> whether it may wait, and its street date.
Waiting: TypeAlias = Mapping[str, tuple[WhenShort, dt.datetime | None]]


@attrs.frozen(kw_only=True)
class Article:
    """Units of an article on a line; ``loose`` of them are in no bundle."""

    fields: Fields
    id: str
    sku: str
    title: str
    quantity: int
    loose: int


def articles_of(order: Fields, *, least: int = 1) -> list[Article]:
    """Return the lines of an order or a plan as they are written; a line without an id is named by its position."""
    return [_article(fields, place) for place, fields in enumerate(order.objects("orderLineItems", least=least), 1)]


def _article(fields: Fields, place: int) -> Article:
    article = inner(fields, "article")
    quantity = fields.read("quantity", count, least=1)
    return Article(
        fields=fields,
        id=fields.read("id", identifier, default=str(place)),
        sku="" if article is None else article.read("tenantArticleId", identifier),
        title="" if article is None else name(article, "title"),
        quantity=quantity,
        loose=quantity,
    )


def lines_of(
    order: Fields, articles: Sequence[Article], waiting: Waiting, otherwise: WhenShort = WhenShort.CANCEL
) -> list[OrderLine]:
    """Return an order's lines: what is loose, in its order, then its bundles; of no use after a problem."""
    services = list(_bundled(order, "customServices"))
    if not order.is_sound:
        return []
    left: dict[str, int] = {}
    for article in articles:
        left[article.sku] = left.get(article.sku, 0) + article.quantity
    maker = _Maker(left=left, waiting=waiting, otherwise=otherwise)
    bundles = [maker.bundle(fields, place) for place, fields in enumerate(services, 1)]
    loose = [maker.loose(article) for article in _loosened(articles, left) if article.loose]
    return [line for line in (*loose, *bundles) if line is not None]


def _bundled(fields: Fields, key: str) -> Iterator[Fields]:
    """Yield the custom services that are bundles, the outermost of each; others hold no goods together."""
    for service in fields.objects(key):
        definition = service.object("customServiceDefinition")
        if definition is not None and definition.read("isBundled", truth, default=False):
            yield service
        else:
            yield from _bundled(service, "customServiceItems")


@attrs.frozen(kw_only=True)
class _Maker:
    """Makes bundles of the units that are left on the lines."""

    left: dict[str, int]
    waiting: Waiting
    otherwise: WhenShort

    def loose(self, article: Article) -> OrderLine | None:
        when_short, street_date = self.waiting.get(article.sku, (self.otherwise, None))
        make = partial(OrderLine, id=article.id, sku=article.sku, quantity=article.loose)
        return article.fields.build(make, when_short=when_short, street_date=street_date)

    def bundle(self, fields: Fields, place: int) -> OrderLine | None:
        label = f"bundle-{place}"
        parts = self._components(fields)
        waits = WhenShort.WAIT if all(part.when_short is not WhenShort.CANCEL for part in _all_parts(parts)) else None
        make = partial(OrderLine, id=name(fields, "id") or label, sku=_sku(fields, label), quantity=1)
        return fields.build(make, components=parts, when_short=waits or WhenShort.CANCEL)

    def _components(self, fields: Fields) -> list[Component]:
        articles = [self._piece(item) for item in fields.objects("articleItems")]
        services = fields.objects("customServiceItems")
        parts = [
            item.build(Component, _sku(item, f"part-{place}"), 1, self._components(item))
            for place, item in enumerate(services, 1)
        ]
        found = [part for part in (*articles, *parts) if part is not None]
        if not found and fields.is_sound:
            fields.complain("", "bundle.empty", "is a bundle of nothing; name its articles")
        return found

    def _piece(self, item: Fields) -> Component | None:
        sku = item.read("tenantArticleRef", identifier)
        quantity = item.read("quantity", count, least=1)
        if item.is_sound:
            self._take(item, sku, quantity)
        when_short, street_date = self.waiting.get(sku, (self.otherwise, None)) if item.is_sound else (None, None)
        return item.build(Component, sku, quantity, street_date=street_date, when_short=when_short)

    def _take(self, item: Fields, sku: str, quantity: int) -> None:
        if sku not in self.left:
            item.complain("tenantArticleRef", "line.unknown", f"must be on a line of the order too (got {sku!r})", sku)
        elif self.left[sku] < quantity:
            message = f"must not be more than the lines and other bundles leave, {self.left[sku]} (got {quantity})"
            item.complain("quantity", "bundle.excess", message, quantity)
        else:
            self.left[sku] -= quantity


def _sku(service: Fields, label: str) -> str:
    """Return what a bundle is called: by the shop, by the platform, or by its position."""
    definition = service.object("customServiceDefinition")
    if definition is None:
        return label
    return name(definition, "tenantCustomServiceId") or name(definition, "customServiceRef") or label


def _loosened(articles: Sequence[Article], left: Mapping[str, int]) -> list[Article]:
    """Return the lines with their loose units: bundles take theirs from the last line of an article first."""
    remaining = dict(left)
    found = []
    for article in articles:
        loose = min(article.quantity, remaining[article.sku])
        remaining[article.sku] -= loose
        found.append(attrs.evolve(article, loose=loose))
    return found
