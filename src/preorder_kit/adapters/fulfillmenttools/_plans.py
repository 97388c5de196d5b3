"""Routing plans: which part of an order goes where, what of it waits, and how orders were divided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import attrs

from ..._checks import FrozenMapping, checked, instance, instant, member, optional, rule, sequence, text, unique, units
from ...lifecycle import HeldPart, PartState
from ...orders import Order, WaitingLine, line_street_date
from ...splitting import Part, PartKind, PartLine
from ...street_date import is_released
from ...waiting_room import Allocation
from ._terms import OutOfStockTerms
from ._words import agree

__all__ = [
    "PlanLine",
    "PlanStatus",
    "RoutingPlan",
    "plan_outcomes",
    "plan_part",
    "plan_waiting_lines",
]


class PlanStatus(StrEnum):
    """Where a routing plan is, in the system's words."""

    IN_PREPARATION = "in_preparation"
    INITIAL = "initial"
    PRIORITIZED = "prioritized"
    ROUTING = "routing"
    PROPOSED = "proposed"
    PLANNED = "planned"
    ROUTED = "routed"
    NOT_ROUTABLE = "not_routable"
    MANUAL_PLANNED = "manual_planned"
    FAILED = "failed"
    REDUNDANT_REROUTE = "redundant_reroute"
    FAILED_REROUTE = "failed_reroute"
    RETRYABLE = "retryable"
    FALLBACK_ROUTING = "fallback_routing"
    WAITING = "waiting"
    OBSOLETE = "obsolete"
    CANCELED = "canceled"
    LOCKED = "locked"
    PROMISED = "promised"
    REROUTED = "rerouted"


@attrs.frozen(kw_only=True, field_transformer=checked)
class PlanLine:
    """A line of a routing plan, as the system says it: units in bundles are among its units.

    Attributes:
        id: The line's id; its position where it has none.
        sku: The article.
        quantity: Units asked for, >= 1.
        terms: What may be ordered without stock.
        available: Units that were there when it was routed; negative where more were sold than there were; ``None`` if
            not given.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    terms: OutOfStockTerms = attrs.field(metadata=rule(instance, of=OutOfStockTerms))
    available: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=None))


def _plan_lines(value: object, path: str) -> tuple[PlanLine, ...]:
    return sequence(value, path, check=instance, of=PlanLine)


@attrs.frozen(kw_only=True, field_transformer=checked)
class RoutingPlan:
    """A part of an order on its way to a facility. Parts of one order that was divided are plans of their own.

    Attributes:
        id: The plan's id.
        order: What is in the part: the order's id and place, its loose units and its bundles. Its priority is negated,
            for there the greater number comes first.
        lines: The lines as the system says them.
        status: Where it is; ``None`` if the word is not known.
        status_word: The word as it was sent.
        consolidated_word: The status together with those before it, a word of an open list; empty if not given.
        tenant_order_id: The shop's id of the order; empty if not given.
        facility: Where it goes, by the platform's id; empty if it goes nowhere yet.
        parent: The plan that this one was divided off; empty if there is none.
        child: The plan that was divided off this one; empty if there is none.
        splits: How often the order was divided before this plan.
        runs: How often it was routed.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    order: Order = attrs.field(metadata=rule(instance, of=Order))
    lines: Sequence[PlanLine] = attrs.field(default=(), metadata=rule(_plan_lines))
    status: PlanStatus | None = attrs.field(default=None, metadata=rule(optional, check=member, of=PlanStatus))
    status_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    consolidated_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    tenant_order_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    facility: str = attrs.field(default="", metadata=rule(text, empty=True))
    parent: str = attrs.field(default="", metadata=rule(text, empty=True))
    child: str = attrs.field(default="", metadata=rule(text, empty=True))
    splits: int = attrs.field(default=0, metadata=rule(units))
    runs: int = attrs.field(default=0, metadata=rule(units))

    def __attrs_post_init__(self) -> None:
        agree(self, "status", PlanStatus)


def plan_waiting_lines(plan: RoutingPlan, /) -> tuple[WaitingLine, ...]:
    """Return what of a plan waits for stock, as lines of a queue.

    A waiting plan waits as a whole: what of it is there waits with the rest, unless it was divided off. A plan is
    treated as an order of its own, so its id is that of the order in the queue.

    Args:
        plan: The plan.

    Returns:
        One line for each of its loose lines and bundles; none unless its status is WAITING.

    Raises:
        InvalidArgument: If ``plan`` is of another type.

    Source:
        fulfillmenttools on backorders: the missing part is handled like a separate order.

    Examples:
        A plan that is routed waits for nothing:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine
        >>> from preorder_kit.adapters.fulfillmenttools import RoutingPlan, plan_waiting_lines
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> order = Order(id="ord-1", placed_at=now, lines=[OrderLine(id="a", sku="JKT", quantity=1)])
        >>> waits = RoutingPlan(id="rp-1", order=order, status="waiting")
        >>> [(line.order_id, line.line_id, line.quantity) for line in plan_waiting_lines(waits)]
        [('rp-1', 'a', 1)]
        >>> plan_waiting_lines(RoutingPlan(id="rp-1", order=order, status="routed"))
        ()
    """
    instance(plan, "plan", of=RoutingPlan)
    if plan.status is not PlanStatus.WAITING:
        return ()
    return tuple(
        WaitingLine(
            order_id=plan.id,
            line_id=line.id,
            sku=line.sku,
            quantity=line.quantity,
            placed_at=plan.order.placed_at,
            components=line.components,
            priority=plan.order.priority,
            street_date=line.street_date,
        )
        for line in plan.order.lines
    )


_STATES: Mapping[PlanStatus, PartState] = FrozenMapping(
    {
        **dict.fromkeys(
            (
                PlanStatus.IN_PREPARATION,
                PlanStatus.INITIAL,
                PlanStatus.PRIORITIZED,
                PlanStatus.ROUTING,
                PlanStatus.RETRYABLE,
                PlanStatus.FALLBACK_ROUTING,
            ),
            PartState.DUE,
        ),
        **dict.fromkeys(
            (PlanStatus.PROPOSED, PlanStatus.PLANNED, PlanStatus.MANUAL_PLANNED, PlanStatus.ROUTED),
            PartState.ALLOCATED,
        ),
        PlanStatus.WAITING: PartState.BACKORDERED,
        PlanStatus.NOT_ROUTABLE: PartState.UNFULFILLABLE,
        PlanStatus.CANCELED: PartState.CANCELLED,
    }
)
_OPEN = (PartState.DUE, PartState.BACKORDERED)


def plan_part(plan: RoutingPlan, /, *, at: dt.datetime) -> HeldPart | None:
    """Return a plan as a part of its order, with where it is on its way.

    WAITING is backordered, or held while a street date is ahead; NOT_ROUTABLE is unfulfillable; CANCELED is cancelled;
    what has a facility (PROPOSED, PLANNED, MANUAL_PLANNED, ROUTED) is allocated; what is being routed is due.

    Args:
        plan: The plan.
        at: Now.

    Returns:
        The part, with the plan's id; ``None`` where there is no such state: of a plan that another has replaced, that
        failed, is locked or only promised, whose word is not known, or that holds no lines.

    Raises:
        InvalidArgument: If ``at`` has no offset.

    Examples:
        What did not get stock when all were woken:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine
        >>> from preorder_kit.adapters.fulfillmenttools import RoutingPlan, plan_part
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> order = Order(id="ord-1", placed_at=now, lines=[OrderLine(id="a", sku="JKT", quantity=1)])
        >>> plan_part(RoutingPlan(id="rp-1", order=order, status="not_routable"), at=now).state.value
        'unfulfillable'
        >>> plan_part(RoutingPlan(id="rp-1", order=order, status_word="PAUSED"), at=now) is None
        True
    """
    instance(plan, "plan", of=RoutingPlan)
    now = instant(at, "at")
    state = _STATES.get(plan.status) if plan.status is not None else None
    if state is None or not plan.order.lines:
        return None
    street = max((date for line in plan.order.lines if (date := line_street_date(line))), default=None)
    kind = PartKind.SHIP_NOW
    if state is not PartState.ALLOCATED:
        kind = PartKind.AWAIT_STOCK if street is None else PartKind.AWAIT_STREET_DATE
    if state in _OPEN and not is_released(street, at=now):
        state = PartState.HELD
    part = Part(
        id=plan.id,
        order_id=plan.order.id,
        kind=kind,
        lines=[
            PartLine(line_id=line.id, sku=line.sku, quantity=line.quantity, components=line.components)
            for line in plan.order.lines
        ],
        street_date=street if kind is PartKind.AWAIT_STREET_DATE else None,
        location=plan.facility,
    )
    return HeldPart(
        part=part, placed_at=plan.order.placed_at, priority=plan.order.priority, state=state, attempts=plan.runs
    )


def plan_outcomes(plans: Iterable[RoutingPlan], /, *, allocation: Allocation) -> Mapping[str, PlanStatus]:
    """Say what becomes of waiting plans after stock was shared out among them.

    Args:
        plans: The plans whose `plan_waiting_lines` were in the queue; each id once.
        allocation: What came of it, with a policy that tells apart who was not served (see `room_policy`).

    Returns:
        Plan id -> NOT_ROUTABLE if a line of it was asked for and not served in full, WAITING if one waits on, else
        ROUTED. Plans that do not wait are left out.

    Raises:
        InvalidArgument: If a plan comes twice.

    Source:
        fulfillmenttools on backorders: all waiting orders are woken, and those that get no stock are unroutable.

    Examples:
        One jacket for two:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine, allocate
        >>> from preorder_kit.adapters.fulfillmenttools import (
        ...     NodeConfig, RoutingPlan, plan_outcomes, plan_waiting_lines, room_policy,
        ... )
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> order = Order(id="ord-1", placed_at=now, lines=[OrderLine(id="a", sku="JKT", quantity=1)])
        >>> plans = [RoutingPlan(id=name, order=order, status="waiting") for name in ("rp-1", "rp-2")]
        >>> queue = [line for plan in plans for line in plan_waiting_lines(plan)]
        >>> found = allocate(queue, available={"JKT": 1}, policy=room_policy(NodeConfig()), at=now)
        >>> [(name, status.value) for name, status in plan_outcomes(plans, allocation=found).items()]
        [('rp-1', 'routed'), ('rp-2', 'not_routable')]
    """
    found = sequence(plans, "plans", check=instance, of=RoutingPlan)
    unique((plan.id for plan in found), "plans[{}].id", what="the ids of plans")
    instance(allocation, "allocation", of=Allocation)
    lost = {line.order_id for line in allocation.unfulfillable}
    kept = {line.order_id for line in allocation.waiting}

    def status(plan: RoutingPlan) -> PlanStatus:
        if plan.id in lost:
            return PlanStatus.NOT_ROUTABLE
        return PlanStatus.WAITING if plan.id in kept else PlanStatus.ROUTED

    return FrozenMapping((plan.id, status(plan)) for plan in found if plan.status is PlanStatus.WAITING)
