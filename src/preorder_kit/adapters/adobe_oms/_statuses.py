"""What the statuses of orders and of their lines mean, and which of them says what is known here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

import attrs

from ..._checks import FrozenMapping, checked, instance, instant, member, optional, refused, rule, text
from ..._documents import Fields, word
from ...lifecycle import PartState
from ...splitting import CancelReason, PartKind, SplitPlan
from ._messages import utc_instant

__all__ = [
    "ITEM_STATES",
    "ORDER_PHASES",
    "OmsItemStatus",
    "OmsOrderPhase",
    "OmsOrderStatus",
    "item_status",
    "item_status_for",
    "order_status",
    "order_status_for",
]


class OmsOrderPhase(StrEnum):
    """How far an order is.

    OPEN: it is taken in, and nothing of it is on its way. ON_HOLD: it waits for a decision or an answer. IN_LOGISTICS:
    it is with a warehouse or a store. DONE: nothing more happens to it, whatever of it has shipped. CANCELLED: it does
    not happen. FAILED: something went wrong, and somebody has to look at it.
    """

    OPEN = "open"
    ON_HOLD = "on_hold"
    IN_LOGISTICS = "in_logistics"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


#: The status of an order -> how far it is; of a code that is not here no more than the name is documented.
ORDER_PHASES: Mapping[str, OmsOrderPhase] = FrozenMapping(
    {
        "NEW": OmsOrderPhase.OPEN,
        "NEW_ORDER": OmsOrderPhase.OPEN,
        "RECEIVED": OmsOrderPhase.OPEN,
        "APPROVED": OmsOrderPhase.OPEN,
        "AUTHORIZED": OmsOrderPhase.OPEN,
        "ONHOLD": OmsOrderPhase.ON_HOLD,
        "LOGISTICS": OmsOrderPhase.IN_LOGISTICS,
        "LOGISTICSCOMPLETE": OmsOrderPhase.DONE,
        "COMPLETE": OmsOrderPhase.DONE,
        "CANCELLED": OmsOrderPhase.CANCELLED,
        "REJECTED": OmsOrderPhase.CANCELLED,
        "ABORTED": OmsOrderPhase.CANCELLED,
        "ERROR": OmsOrderPhase.FAILED,
    }
)

#: The status of a line -> the state of a part; of a code that is not here no more than the name is documented.
ITEM_STATES: Mapping[str, PartState] = FrozenMapping(
    {
        "NEW": PartState.DUE,
        "ALLOCATEDSHIP": PartState.ALLOCATED,
        "PRESHIPPED": PartState.ALLOCATED,
        "RECEIVEDBYLOGISTICS": PartState.ALLOCATED,
        "ITEM_PENDING_PICKING": PartState.ALLOCATED,
        "PICKREADY": PartState.ALLOCATED,
        "RESOURCED": PartState.BACKORDERED,
        "SHIPPED": PartState.SHIPPED,
        "CANCELLED": PartState.CANCELLED,
    }
)
_REASONS = {
    "OUTOFSTOCK": CancelReason.OUT_OF_STOCK,
    "NOTHINGTOSHIP": CancelReason.NOTHING_SHIPS,
    "CUSTOMERREQ": CancelReason.CUSTOMER,
}
_CANCELLED_FOR = {
    CancelReason.OUT_OF_STOCK: "OUTOFSTOCK",
    CancelReason.BACKORDER_LIMIT: "OUTOFSTOCK",
    CancelReason.NOTHING_SHIPS: "NOTHINGTOSHIP",
    CancelReason.MIXED_CART: "ASSOCIATEDITEMCANCELLED",
    CancelReason.CUSTOMER: "CUSTOMERREQ",
}
_WAITS = ("NEW", "INITIALORDER")
_SAID_AS = {
    PartState.HELD: _WAITS,
    PartState.DUE: _WAITS,
    PartState.BACKORDERED: _WAITS,
    PartState.UNFULFILLABLE: _WAITS,
    PartState.ALLOCATED: ("ALLOCATEDSHIP", "SHIPMENTCREATED"),
    PartState.SHIPPED: ("SHIPPED", "SHIPREQUESTCREATED"),
}


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsItemStatus:
    """How far a line of an order is.

    Attributes:
        code: The status as it was sent; empty if none was.
        reason: The reason as it was sent; empty if none was.
        since: When it became so; ``None`` if that was not sent.
        state: What it means for a part; ``None`` if the code is not known.
        cancelled_because: What the reason of a cancelled line means; ``None`` if it is not known, or not cancelled.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    code: str = attrs.field(default="", metadata=rule(text, empty=True))
    reason: str = attrs.field(default="", metadata=rule(text, empty=True))
    since: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    state: PartState | None = attrs.field(default=None, metadata=rule(optional, check=member, of=PartState))
    cancelled_because: CancelReason | None = attrs.field(
        default=None, metadata=rule(optional, check=member, of=CancelReason)
    )


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsOrderStatus:
    """How far an order is.

    Attributes:
        code: The status as it was sent; empty if none was.
        reason: The reason as it was sent; empty if none was.
        since: When it became so; ``None`` if that was not sent.
        phase: What it means; ``None`` if the code is not known.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    code: str = attrs.field(default="", metadata=rule(text, empty=True))
    reason: str = attrs.field(default="", metadata=rule(text, empty=True))
    since: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    phase: OmsOrderPhase | None = attrs.field(default=None, metadata=rule(optional, check=member, of=OmsOrderPhase))


def item_status(code: str, /, *, reason: str = "", since: dt.datetime | None = None) -> OmsItemStatus:
    """Say what the status of a line means.

    NEW is DUE: that a street date is ahead, or that the line waits in the queue for stock, is in no status. RESOURCED
    is BACKORDERED: the stock that was set aside is not used, and another source is looked for. PRESHIPPED is ALLOCATED:
    its source is given, so none is looked for, and its shipment is still to be reported.

    Args:
        code: The status, in any case.
        reason: The reason, in any case.
        since: When it became so.

    Returns:
        The status with both words as they were given.

    Raises:
        InvalidArgument: If an argument is of another type.

    Source:
        Adobe Commerce OMS, the pages on order statuses and on products shipped before. Reasons are an open list there.

    Examples:
        A line that is cancelled for want of stock:

        >>> from preorder_kit.adapters.adobe_oms import item_status
        >>> status = item_status("CANCELLED", reason="OUTOFSTOCK")
        >>> status.state.value, status.cancelled_because.value
        ('cancelled', 'out_of_stock')

        A word that is not known is kept:

        >>> status = item_status("LOST_AT_SEA")
        >>> status.code, status.state
        ('LOST_AT_SEA', None)
    """
    state = ITEM_STATES.get(text(code, "code", empty=True).strip().upper())
    because = _REASONS.get(text(reason, "reason", empty=True).strip().upper())
    cancelled = because if state is PartState.CANCELLED else None
    return OmsItemStatus(code=code, reason=reason, since=since, state=state, cancelled_because=cancelled)


def item_status_for(state: PartState, /, *, because: CancelReason | None = None) -> OmsItemStatus:
    """Return the status of a line whose units are in a state.

    The system has no status for what waits: HELD, DUE, BACKORDERED and UNFULFILLABLE are all NEW. It has no reason for
    a bound on what waits, which becomes OUTOFSTOCK, nor for a mixed cart, which becomes ASSOCIATEDITEMCANCELLED.

    Args:
        state: The state of a part.
        because: Why units are cancelled; needed for CANCELLED, and for nothing else.

    Returns:
        The status, with what it means to whoever reads it.

    Raises:
        InvalidArgument: If ``because`` is missing for CANCELLED, or given for another state.

    Examples:
        A backorder is what a new line is:

        >>> from preorder_kit.adapters.adobe_oms import item_status_for
        >>> item_status_for("allocated").code, item_status_for("backordered").code
        ('ALLOCATEDSHIP', 'NEW')

        A reason is given for what is cancelled:

        >>> item_status_for("cancelled", because="customer").reason
        'CUSTOMERREQ'
    """
    state = member(state, "state", of=PartState)
    why = optional(because, "because", check=member, of=CancelReason)
    if (state is PartState.CANCELLED) != (why is not None):
        raise refused("because", "must be given for the state cancelled, and for no other", why, code="status.reason")
    code, reason = _SAID_AS[state] if why is None else ("CANCELLED", _CANCELLED_FOR[why])
    return item_status(code, reason=reason)


def order_status(code: str, /, *, reason: str = "", since: dt.datetime | None = None) -> OmsOrderStatus:
    """Say what the status of an order means.

    Args:
        code: The status, in any case.
        reason: The reason, in any case.
        since: When it became so.

    Returns:
        The status with both words as they were given.

    Raises:
        InvalidArgument: If an argument is of another type.

    Source:
        Adobe Commerce OMS, the page on order statuses.

    Examples:
        An order that waits for its first shipment, and a code that is documented by its name alone:

        >>> from preorder_kit.adapters.adobe_oms import order_status
        >>> order_status("LOGISTICS", reason="PENDING_FIRST_SHIPMENT").phase.value
        'in_logistics'
        >>> order_status("INCOMPLETE").phase is None
        True
    """
    phase = ORDER_PHASES.get(text(code, "code", empty=True).strip().upper())
    return OmsOrderStatus(code=code, reason=text(reason, "reason", empty=True), since=since, phase=phase)


def order_status_for(plan: SplitPlan, /) -> OmsOrderStatus:
    """Return the status of an order that is split so, before anything of it has shipped.

    Args:
        plan: What becomes of the order.

    Returns:
        LOGISTICS if a part ships now or is digital, NEW_ORDER if all of it waits, COMPLETE with the reason
        FULLYCANCELLED if all of it is cancelled.

    Raises:
        InvalidArgument: If ``plan`` is no plan.

    Examples:
        Nothing is left of it:

        >>> from preorder_kit import SplitPlan
        >>> from preorder_kit.adapters.adobe_oms import order_status_for
        >>> status = order_status_for(SplitPlan(order_id="O1", parts=[], cancelled=[]))
        >>> status.code, status.reason
        ('COMPLETE', 'FULLYCANCELLED')
    """
    kinds = {part.kind for part in instance(plan, "plan", of=SplitPlan).parts}
    if kinds & {PartKind.SHIP_NOW, PartKind.DIGITAL}:
        return order_status("LOGISTICS", reason="PENDING_FIRST_SHIPMENT")
    if kinds:
        return order_status("NEW_ORDER", reason="NEWFRONTEND")
    return order_status("COMPLETE", reason="FULLYCANCELLED")


def read_item_status(fields: Fields) -> OmsItemStatus:
    """Return the status of the line or item that an object is."""
    code, reason, since = _said(fields)
    return item_status(code, reason=reason, since=since)


def read_order_status(fields: Fields) -> OmsOrderStatus:
    """Return the status of the order that an object is."""
    code, reason, since = _said(fields)
    return order_status(code, reason=reason, since=since)


def _said(fields: Fields) -> tuple[str, str, dt.datetime | None]:
    code, reason = (fields.read(key, word, default="") for key in ("status", "status_reason"))
    return code, reason, fields.read("status_date", utc_instant, default=None)
