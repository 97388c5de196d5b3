"""Routing plans, as the system sends them in events and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..._documents import Fields, change, count, identifier, iso_instant, root_object
from ..._wire import WireFormat, first, has, held
from ...bundles import WhenShort
from ...errors import Read
from ...orders import Order, WaitingLine
from ._baskets import Article, articles_of, lines_of
from ._orders import waiting_by
from ._plans import PlanLine, PlanStatus, RoutingPlan, plan_waiting_lines
from ._terms import read_terms
from ._words import inner, name, rows_of, sound, term

__all__ = ["read_routing_plan", "read_routing_plans"]


def read_routing_plan(document: str | bytes, /) -> RoutingPlan:
    """Read a routing plan, by itself or in the event that carries it, such as ROUTING_PLAN_WAITING.

    Lines whose behaviour is BACKORDER, PREORDER or RESTOCK may wait, and the date of a pre-order is its street date. A
    bundled custom service is a line with components, as in `read_order`.

    Args:
        document: The plan or the event, as text or UTF-8 bytes.

    Returns:
        The plan. Decisions, addresses, preferences and its history are not read.

    Raises:
        InvalidDocument: If it is no plan; with all of its problems and their paths.

    Source:
        fulfillmenttools, the schema RoutingPlan and the event ROUTING_PLAN_WAITING of its API specification.

    Examples:
        A pre-order that was divided off and waits:

        >>> from preorder_kit.adapters.fulfillmenttools import read_routing_plan
        >>> plan = read_routing_plan('''{"event": "ROUTING_PLAN_WAITING", "payload": {"id": "rp-2", "orderRef": "ord-1",
        ...     "orderDate": "2026-11-21T10:15:30.000Z", "status": "WAITING", "parentRoutingPlanRef": "rp-1",
        ...     "orderLineItems": [{"id": "a", "article": {"tenantArticleId": "JKT", "title": "Jacket"}, "quantity": 1,
        ...         "available": 0, "outOfStockBehaviour": "PREORDER",
        ...         "availabilityTimeframe": {"start": "2027-03-12T06:00:00.000Z"}}]}}''')
        >>> plan.status.value, plan.parent, plan.order.lines[0].street_date.isoformat()
        ('waiting', 'rp-1', '2027-03-12T06:00:00+00:00')
    """
    fields = root_object(document, "must be a routing plan, or an event that carries one as its payload")
    payload = inner(fields, "payload") if fields.holds("payload") else fields
    return sound(None if payload is None else _plan(payload), fields)


def read_routing_plans(document: str | bytes, /) -> Read[tuple[RoutingPlan, ...]]:
    """Read routing plans, as the system lists them.

    Args:
        document: ``{"routingPlans": [...]}`` or the mere list, as text or UTF-8 bytes.

    Returns:
        The plans that are sound, and the problems of those that are not.

    Raises:
        InvalidDocument: If it is no list of plans.

    Source:
        fulfillmenttools, the schema RoutingPlan of its API specification.

    Examples:
        A list of none:

        >>> from preorder_kit.adapters.fulfillmenttools import read_routing_plans
        >>> read_routing_plans('{"routingPlans": []}').values
        ()
    """
    rows, problems = rows_of(document, 'must be {"routingPlans": [...]}, a list of plans', under=["routingPlans"])
    found = [plan for plan in map(_plan, rows) if plan is not None]
    return Read(tuple(found), tuple(problems))


def _plan(fields: Fields) -> RoutingPlan | None:
    status, status_word = term(fields, "status", PlanStatus, default=None)
    articles = articles_of(fields, least=0)
    lines = [_line(article) for article in articles]
    return fields.build(
        RoutingPlan,
        id=fields.read("id", identifier),
        order=_order(fields, articles, lines),
        lines=lines,
        status=status,
        status_word=status_word,
        consolidated_word=name(fields, "consolidatedStatus"),
        tenant_order_id=name(fields, "tenantOrderId"),
        facility=name(fields, "facilityRef"),
        parent=name(fields, "parentRoutingPlanRef"),
        child=name(fields, "childRoutingPlanRef"),
        splits=fields.read("splitCount", count, default=0),
        runs=fields.read("routingRun", count, default=0),
    )


def _line(article: Article) -> PlanLine | None:
    available = article.fields.read("available", change, default=None)
    terms = read_terms(article.fields)
    make = article.fields.build
    return make(PlanLine, id=article.id, sku=article.sku, quantity=article.quantity, available=available, terms=terms)


def _order(fields: Fields, articles: Sequence[Article], lines: Sequence[PlanLine | None]) -> Order | None:
    terms = {line.sku: line.terms for line in lines if line is not None}
    placed_at = fields.read("orderDate", iso_instant)
    priority = fields.read("priority", count, default=0)
    goods = lines_of(fields, articles, waiting_by(terms, WhenShort.CANCEL))
    order_id = fields.read("orderRef", identifier)
    return fields.build(lambda: Order(id=order_id, placed_at=placed_at, lines=goods, priority=-priority))


def _is_plan(root: object) -> bool:
    """Return whether it is a plan: jobs of picking and packing name an order, its date and a status too."""
    return has(root, "orderRef", "orderDate", "status") and (has(root, "orderLineItems") or has(root, "routingRun"))


def _waiting(plans: Iterable[RoutingPlan]) -> tuple[WaitingLine, ...]:
    return tuple(line for plan in plans for line in plan_waiting_lines(plan))


FORMATS = (
    WireFormat(
        name="fulfillmenttools-routing-plan",
        holds="a part of an order on its way, with its bundles",
        recognises=lambda root: _is_plan(root) or _is_plan(held(root, "payload")),
        read=read_routing_plan,
        queue_of=plan_waiting_lines,
    ),
    WireFormat(
        name="fulfillmenttools-routing-plans",
        holds="parts of orders on their way",
        recognises=lambda root: _is_plan(first(held(root, "routingPlans"))) or _is_plan(first(root)),
        read=read_routing_plans,
        queue_of=_waiting,
    ),
)
