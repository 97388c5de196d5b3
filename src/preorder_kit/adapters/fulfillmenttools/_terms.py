"""What may be ordered without stock: the behaviour of a listing, and what it means for selling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import attrs

from ..._checks import checked, instance, instant, member, optional, refused, rule, sequence, text, units
from ..._documents import Fields, count, iso_instant
from ...bundles import WhenShort
from ...delivery import LeadTime
from ...quantities import UNLIMITED, Quantity
from ...stock import Availability, SellRules, Stock, derive_stock
from ._words import agree, documented, given, moment, path_of, rfc3339, term

__all__ = [
    "ContextKind",
    "ContextOperator",
    "ContextualTerms",
    "OutOfStock",
    "OutOfStockContext",
    "OutOfStockTerms",
    "SellingTerms",
    "listing_stock",
    "selling_terms",
]

_PRIORITIES, _CONTEXTS, _VALUES = 1000, 5, 100


class OutOfStock(StrEnum):
    """What a listing allows when there is too little stock.

    NONE: nothing. BACKORDER: orders wait for stock. PREORDER: they wait for a date. RESTOCK: the facility gets more
    within some days. PREORDER_AND_RESTOCK: both of these.
    """

    NONE = "none"
    BACKORDER = "backorder"
    PREORDER = "preorder"
    RESTOCK = "restock"
    PREORDER_AND_RESTOCK = "preorder_and_restock"


_DATED = (OutOfStock.PREORDER, OutOfStock.PREORDER_AND_RESTOCK)
_RESTOCKED = (OutOfStock.RESTOCK, OutOfStock.PREORDER_AND_RESTOCK)


@attrs.frozen(kw_only=True, field_transformer=checked)
class OutOfStockTerms:
    """What may be ordered without stock, and from when on it is there.

    Attributes:
        behaviour: What the word means; ``None`` if it is not known, or nothing is said.
        behaviour_word: The word as it was sent; empty if nothing is said, which is as good as NONE.
        available_from: The instant from which picking can start. Of a backorder it is a date to show, and no bound.
        restockable_in_days: Days until the facility has more; 0: it never runs out.

    Raises:
        InvalidArgument: If a field breaks its rule, or the word means something else than ``behaviour``.
    """

    behaviour: OutOfStock | None = attrs.field(default=None, metadata=rule(optional, check=member, of=OutOfStock))
    behaviour_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    available_from: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    restockable_in_days: int | None = attrs.field(default=None, metadata=rule(optional, check=units))

    def __attrs_post_init__(self) -> None:
        agree(self, "behaviour", OutOfStock)


class ContextKind(StrEnum):
    """What a context asks about: the groups that a facility is in, or tags."""

    FACILITY_GROUP = "facility_group"
    TAG_REFERENCE = "tag_reference"


class ContextOperator(StrEnum):
    """NOT: the context holds where none of its values does."""

    NOT = "not"


def _texts(value: object, path: str) -> tuple[str, ...]:
    return sequence(value, path, check=text)


@attrs.frozen(kw_only=True, field_transformer=checked)
class OutOfStockContext:
    """A condition of a rule: one of the values is among the groups or tags, or, with NOT, none is.

    Attributes:
        kind: What is asked about; ``None`` if the word is not known.
        kind_word: The word as it was sent.
        values: Ids of groups, or tags.
        operator: NOT, or ``None``.
        operator_word: The word as it was sent; empty if there is none.

    Raises:
        InvalidArgument: If a field breaks its rule, or a word means something else than the field beside it.
    """

    kind: ContextKind | None = attrs.field(default=None, metadata=rule(optional, check=member, of=ContextKind))
    kind_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    values: Sequence[str] = attrs.field(default=(), metadata=rule(_texts))
    operator: ContextOperator | None = attrs.field(
        default=None, metadata=rule(optional, check=member, of=ContextOperator)
    )
    operator_word: str = attrs.field(default="", metadata=rule(text, empty=True))

    def __attrs_post_init__(self) -> None:
        agree(self, "kind", ContextKind)
        agree(self, "operator", ContextOperator)


def _contexts(value: object, path: str) -> tuple[OutOfStockContext, ...]:
    return sequence(value, path, check=instance, of=OutOfStockContext)


@attrs.frozen(kw_only=True, field_transformer=checked)
class ContextualTerms:
    """A rule of a listing: terms that hold in some contexts alone.

    Attributes:
        priority: The lowest number wins, >= 1.
        contexts: All of them must hold.
        terms: What holds then.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    priority: int = attrs.field(metadata=rule(units, least=1))
    contexts: Sequence[OutOfStockContext] = attrs.field(metadata=rule(_contexts))
    terms: OutOfStockTerms = attrs.field(metadata=rule(instance, of=OutOfStockTerms))


def read_terms(fields: Fields, *, unsaid: str | None = "") -> OutOfStockTerms | None:
    """Return what a listing, a rule or a line says about too little stock; ``None`` if it has problems.

    With ``unsaid=None`` it must say what the behaviour is.
    """
    behaviour, said = term(fields, "outOfStockBehaviour", OutOfStock, default=unsaid)
    config = fields.object("outOfStockConfig")
    frame = path_of(config, "preorder", "availabilityTimeframe")
    start = None if frame is None else frame.read("start", iso_instant, default=None)
    if start is None:  # deprecated as the date of a backorder, and what lines of plans and promises carry
        frame = fields.object("availabilityTimeframe")
        start = None if frame is None else moment(frame, "start")
    restock = path_of(config, "restock")
    days = None if restock is None else restock.read("restockableInDays", count)
    return fields.build(
        OutOfStockTerms, behaviour=behaviour, behaviour_word=said, available_from=start, restockable_in_days=days
    )


def read_contextual(fields: Fields) -> ContextualTerms | None:
    """Return a rule of a listing; ``None`` if it has problems."""
    priority = fields.read("priority", count, least=1)
    contexts = [_read_context(item) for item in fields.objects("context", least=1)]
    terms = read_terms(fields, unsaid=None)
    return fields.build(ContextualTerms, priority=priority, contexts=contexts, terms=terms)


def _read_context(fields: Fields) -> OutOfStockContext | None:
    kind, kind_word = term(fields, "type", ContextKind, default=None)
    operator, operator_word = term(fields, "operator", ContextOperator)
    return fields.build(
        OutOfStockContext,
        kind=kind,
        kind_word=kind_word,
        values=fields.names("values"),
        operator=operator,
        operator_word=operator_word,
    )


def terms_content(terms: OutOfStockTerms, path: str) -> dict[str, Any]:
    """Return the fields that say the terms in a listing, and refuse what the system does not take."""
    if terms.behaviour is None and not terms.behaviour_word:
        unsaid = given(available_from=terms.available_from, restockable_in_days=terms.restockable_in_days)
        if unsaid:
            requirement = "must be named: without it a date or days mean nothing"
            raise refused(f"{path}.behaviour", requirement, None, code="listing.behaviour")
        return {}
    said = documented(terms.behaviour, terms.behaviour_word, f"{path}.behaviour_word", OutOfStock)
    return {"outOfStockBehaviour": said, **given(outOfStockConfig=_config(terms, path))}


def _config(terms: OutOfStockTerms, path: str) -> dict[str, Any]:
    start, days = terms.available_from, terms.restockable_in_days
    _refuse_unless(start is not None, terms.behaviour in _DATED, f"{path}.available_from", terms, start)
    _refuse_unless(days is not None, terms.behaviour in _RESTOCKED, f"{path}.restockable_in_days", terms, days)
    config: dict[str, Any] = {}
    if start is not None:
        config["preorder"] = {"availabilityTimeframe": {"start": rfc3339(start)}}
    if days is not None:
        config["restock"] = {"restockableInDays": days}
    return config


def _refuse_unless(is_given: bool, is_wanted: bool, path: str, terms: OutOfStockTerms, value: object) -> None:  # noqa: FBT001
    if is_given is not is_wanted:
        wish = "be given" if is_wanted else "be None"
        raise refused(path, f"must {wish} with {terms.behaviour_word.upper()}", value, code="listing.config")


def contextual_content(rules: Sequence[ContextualTerms], path: str) -> list[dict[str, Any]]:
    """Return the list that says the rules of a listing, and refuse what the system does not take."""
    _refuse_more(rules, path, most=10)
    return [_rule_content(item, f"{path}[{place}]") for place, item in enumerate(rules)]


def _rule_content(item: ContextualTerms, path: str) -> dict[str, Any]:
    if item.priority > _PRIORITIES:
        raise refused(f"{path}.priority", f"must be 1 to {_PRIORITIES}", item.priority, code="listing.limit")
    _refuse_more(item.contexts, f"{path}.contexts", most=_CONTEXTS, least=1)
    contexts = [_context_content(one, f"{path}.contexts[{place}]") for place, one in enumerate(item.contexts)]
    terms = terms_content(item.terms, f"{path}.terms")
    if not terms:
        raise refused(f"{path}.terms.behaviour", "must be named in a rule", None, code="listing.behaviour")
    return {"priority": item.priority, **terms, "context": contexts}


def _context_content(context: OutOfStockContext, path: str) -> dict[str, Any]:
    _refuse_more(context.values, f"{path}.values", most=_VALUES)
    content: dict[str, Any] = {"type": documented(context.kind, context.kind_word, f"{path}.kind_word", ContextKind)}
    if context.operator_word:
        word = documented(context.operator, context.operator_word, f"{path}.operator_word", ContextOperator)
        content["operator"] = word
    return {**content, "values": list(context.values)}


def _refuse_more(items: Sequence[object], path: str, *, most: int, least: int = 0) -> None:
    if not least <= len(items) <= most:
        raise refused(path, f"must hold {least} to {most} items (got {len(items)})", items, code="listing.limit")


@attrs.frozen(kw_only=True, field_transformer=checked)
class SellingTerms:
    """What a listing's terms mean for selling.

    Attributes:
        rules: How many units may wait.
        when_short: Whether units of an order that are not there wait.
        street_date: The first instant at which a pre-order may leave; ``None`` if it has no date, or is none.
        replenishment: How long it takes until there is more; ``None`` if that is not said.
        is_endless: Whether the facility never runs out.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    rules: SellRules = attrs.field(metadata=rule(instance, of=SellRules))
    when_short: WhenShort = attrs.field(metadata=rule(member, of=WhenShort))
    street_date: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    replenishment: LeadTime | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=LeadTime))
    is_endless: bool = attrs.field(default=False, metadata=rule(instance, of=bool))


_SHOP = SellRules()


def selling_terms(terms: OutOfStockTerms, /, *, rules: SellRules = _SHOP) -> SellingTerms | None:
    """Say what a listing's terms mean for selling.

    NONE, or nothing said: no unit may wait. BACKORDER, PREORDER, RESTOCK: any number may, before a pre-order's date and
    after it. The date of a pre-order is its street date; that of a backorder is no bound and is left out. A restock of
    0 days never runs out; one of more is a lead time of so many days, each of which counts.

    Args:
        terms: What the listing says.
        rules: The shop's other rules: safety stock, what is few, whether stock is held before its street date, and when
            sales are open.

    Returns:
        The terms with the shop's limits replaced by the listing's; ``None`` if the behaviour is a word that is not
        known, so that nobody guesses.

    Raises:
        InvalidArgument: If an argument is of another type.

    Source:
        fulfillmenttools on the behaviour out of stock: picking can start when ``start`` is reached, and 0 days are
        endless stock. That a pre-order's listing takes orders after its date too is inferred.

    Examples:
        A pre-order, and a listing that takes none:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fulfillmenttools import OutOfStockTerms, selling_terms
        >>> out = dt.datetime(2027, 3, 12, 6, tzinfo=dt.timezone.utc)
        >>> found = selling_terms(OutOfStockTerms(behaviour="preorder", available_from=out))
        >>> found.when_short.value, found.street_date == out, found.rules.preorder_limit
        ('wait', True, UNLIMITED)
        >>> selling_terms(OutOfStockTerms(behaviour="none")).rules.preorder_limit
        0

        A word that nobody knows yet:

        >>> selling_terms(OutOfStockTerms(behaviour_word="LOTTERY")) is None
        True
    """
    instance(terms, "terms", of=OutOfStockTerms)
    instance(rules, "rules", of=SellRules)
    behaviour = OutOfStock.NONE if not terms.behaviour_word else terms.behaviour
    if behaviour is None:
        return None
    limit: Quantity = 0 if behaviour is OutOfStock.NONE else UNLIMITED
    days = terms.restockable_in_days if behaviour in _RESTOCKED else None
    return SellingTerms(
        rules=attrs.evolve(rules, backorder_limit=limit, preorder_limit=limit),
        when_short=WhenShort.WAIT if limit else WhenShort.CANCEL,
        street_date=terms.available_from if behaviour in _DATED else None,
        replenishment=LeadTime(days, days) if days else None,
        is_endless=days == 0,
    )


def listing_stock(
    terms: OutOfStockTerms,
    /,
    *,
    on_hand: Quantity,
    committed: int = 0,
    waiting: int = 0,
    incoming: Quantity = UNLIMITED,
    rules: SellRules = _SHOP,
    at: dt.datetime,
) -> Stock:
    """Say what can be sold of an article at a facility, from its listing and what is there.

    Args:
        terms: What the listing says.
        on_hand: Units that are there.
        committed: Units of them that are reserved.
        waiting: Units sold that wait for stock.
        incoming: Units on order and not spoken for; `UNLIMITED` if that is not asked, as the system does not.
        rules: The shop's other rules, see `selling_terms`.
        at: Now.

    Returns:
        The reading of `derive_stock`; where nothing is free and the behaviour is a word that is not known, unknown.

    Raises:
        InvalidArgument: If a number is negative (``on_hand`` may be) or no whole number, or ``at`` has no offset.

    Examples:
        Nothing is there, and a pre-order takes any number:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fulfillmenttools import OutOfStockTerms, listing_stock
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> out = dt.datetime(2027, 3, 12, 6, tzinfo=dt.timezone.utc)
        >>> terms = OutOfStockTerms(behaviour="preorder", available_from=out)
        >>> listing_stock(terms, on_hand=0, at=now)
        Stock(availability=<Availability.PREORDER: 'preorder'>, quantity=UNLIMITED, later=0, oversold=0)

        A facility that never runs out:

        >>> listing_stock(OutOfStockTerms(behaviour="restock", restockable_in_days=0), on_hand=0, at=now).quantity
        UNLIMITED
    """
    found = selling_terms(terms, rules=rules)
    known = found or SellingTerms(
        rules=attrs.evolve(rules, backorder_limit=0, preorder_limit=0), when_short=WhenShort.CANCEL
    )
    stock = derive_stock(
        on_hand=UNLIMITED if known.is_endless else on_hand,
        committed=committed,
        waiting=waiting,
        incoming=incoming,
        rules=known.rules,
        street_date=known.street_date,
        at=at,
    )
    if found is None and stock.availability is Availability.OUT_OF_STOCK:
        return Stock(availability=Availability.UNKNOWN, quantity=None, oversold=stock.oversold)
    return stock
