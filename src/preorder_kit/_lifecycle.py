"""A part on its way as a value, the table of what may become of it, and what follows: under `lifecycle`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import attrs

from ._checks import (
    FrozenMapping,
    checked,
    instance,
    instant,
    mapping,
    member,
    optional,
    refused,
    rule,
    text,
    unchecked,
    unique,
    units,
)
from .bundles import LineKind
from .errors import InvalidArgument
from .orders import ShipPolicy, _all_parts, _latest
from .splitting import Part, PartKind, PartLine


class PartState(StrEnum):
    """Where a part of an order is on its way.

    HELD: its street date is ahead. DUE: it may be served. ALLOCATED: stock is set aside for it. BACKORDERED: it was to
    be served and there was too little; it waits for the next sourcing wave. SHIPPED: it has left. CANCELLED: nobody
    wants it any more. UNFULFILLABLE: it was tried too often, or is given up; a shop cancels or reopens it.
    """

    HELD = "held"
    DUE = "due"
    ALLOCATED = "allocated"
    BACKORDERED = "backordered"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    UNFULFILLABLE = "unfulfillable"


class PartAction(StrEnum):
    """What happens to a part.

    RELEASE: its street date is reached. ALLOCATE: it gets all of its units. BACKORDER: it was tried and got none.
    LOSE_STOCK: what was set aside for it is gone. GIVE_UP: it is not tried any more. REOPEN: it is tried once more.
    PICK: it was taken off the shelf. PAY: its money was captured, or it was marked paid. SHIP: it leaves. CANCEL:
    nobody wants it any more.
    """

    RELEASE = "release"
    ALLOCATE = "allocate"
    BACKORDER = "backorder"
    LOSE_STOCK = "lose_stock"
    GIVE_UP = "give_up"
    REOPEN = "reopen"
    PICK = "pick"
    PAY = "pay"
    SHIP = "ship"
    CANCEL = "cancel"


class EffectKind(StrEnum):
    """What is to be done outside: a shipment, a capture of money, a word to somebody, the end of what was begun."""

    CREATE_SHIPMENT = "create_shipment"
    CAPTURE = "capture"
    NOTIFY = "notify"
    CANCEL = "cancel"


class EffectReason(StrEnum):
    """Why something is to be done.

    ALLOCATED: stock is set aside. BACKORDERED: it was to leave and there was too little. OVERDUE: it has waited longer
    than the shop's rule allows without a word. UNFULFILLABLE: it is given up. CANCELLED: it was cancelled.
    """

    ALLOCATED = "allocated"
    BACKORDERED = "backordered"
    OVERDUE = "overdue"
    UNFULFILLABLE = "unfulfillable"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Origin:
    """Which part units were granted out of, which units, and in which of its attempts.

    Attributes:
        part_id: The part that they were in.
        attempt: The number of its attempt, >= 1.
        at: When that was.
        quantities: Line id -> units that left the part then, >= 1; whatever becomes of them later.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    part_id: str = attrs.field(metadata=rule(text))
    attempt: int = attrs.field(metadata=rule(units, least=1))
    at: dt.datetime = attrs.field(metadata=rule(instant))
    quantities: Mapping[str, int] = attrs.field(metadata=rule(mapping, key=text, check=partial(units, least=1)))


def _part_to_hold(value: object, path: str) -> Part:
    part = instance(value, path, of=Part)
    if not part.lines:
        raise refused(f"{path}.lines", "must hold at least one line", part.lines, code="part.empty")
    unique((line.line_id for line in part.lines), f"{path}.lines[{{}}].line_id", what="the lines of a part")
    return part


@attrs.frozen(kw_only=True, field_transformer=checked)
class HeldPart:
    """A part of an order with all that is known of its way: keep it, and hand it in again.

    Attributes:
        part: The part; it holds at least one line, and each line once.
        placed_at: When the order was placed: its place in the queue.
        priority: The order's; a lower number is served first.
        ship: The order's wish. All parts of an order that ships complete wait for one another.
        hold: Why no wave is to serve it now (unpaid, review); it keeps its place. ``None``: no hold. It does not stop
            what is allocated already: `advance` does not look at it.
        state: Where it is.
        attempts: How often it was tried to serve it; it never goes down. Ids and keys are made of it.
        vain: How many attempts in a row were in vain since it last got any units; to reopen it does not set it back.
        tried_at: When it was tried last; ``None``: never.
        picked: When it was picked; ``None``: not yet.
        paid: When its money was captured or it was marked paid; ``None``: not yet.
        origin: Where its units were before a sourcing wave granted them; ``None`` if it came out of no other part.
        last_grant: The number of the attempt in which units were last granted out of it; 0: none were. Only a sourcing
            wave sets it.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    part: Part = attrs.field(metadata=rule(_part_to_hold))
    placed_at: dt.datetime = attrs.field(metadata=rule(instant))
    priority: int = attrs.field(default=0, metadata=rule(units, least=None))
    ship: ShipPolicy = attrs.field(default=ShipPolicy.AS_AVAILABLE, metadata=rule(member, of=ShipPolicy))
    hold: str | None = attrs.field(default=None, metadata=rule(optional, check=text))
    state: PartState = attrs.field(default=PartState.HELD, metadata=rule(member, of=PartState))
    attempts: int = attrs.field(default=0, metadata=rule(units))
    vain: int = attrs.field(default=0, metadata=rule(units))
    tried_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    picked: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    paid: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    origin: Origin | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=Origin))
    last_grant: int = attrs.field(default=0, metadata=rule(units))


_FIELDS = tuple(field.name for field in attrs.fields(HeldPart))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Effect:
    """Something to be done outside, once for each key.

    Attributes:
        kind: What.
        part_id: For which part.
        key: The same whenever the same is meant. Do nothing whose key is done.
        reason: Why; ``None`` if not given.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    kind: EffectKind = attrs.field(metadata=rule(member, of=EffectKind))
    part_id: str = attrs.field(metadata=rule(text))
    key: str = attrs.field(metadata=rule(text))
    reason: EffectReason | None = attrs.field(default=None, metadata=rule(optional, check=member, of=EffectReason))


_HELD, _DUE, _ALLOCATED, _BACKORDERED = PartState.HELD, PartState.DUE, PartState.ALLOCATED, PartState.BACKORDERED
_SHIPPED, _CANCELLED, _UNFULFILLABLE = PartState.SHIPPED, PartState.CANCELLED, PartState.UNFULFILLABLE

#: (state, action) -> state: all that may happen to a part. What is not here is refused.
TRANSITIONS: Mapping[tuple[PartState, PartAction], PartState] = FrozenMapping(
    {
        (_HELD, PartAction.RELEASE): _DUE,
        (_HELD, PartAction.PAY): _HELD,
        (_HELD, PartAction.CANCEL): _CANCELLED,
        (_DUE, PartAction.ALLOCATE): _ALLOCATED,
        (_DUE, PartAction.BACKORDER): _BACKORDERED,
        (_DUE, PartAction.GIVE_UP): _UNFULFILLABLE,
        (_DUE, PartAction.PAY): _DUE,
        (_DUE, PartAction.CANCEL): _CANCELLED,
        (_BACKORDERED, PartAction.ALLOCATE): _ALLOCATED,
        (_BACKORDERED, PartAction.BACKORDER): _BACKORDERED,
        (_BACKORDERED, PartAction.GIVE_UP): _UNFULFILLABLE,
        (_BACKORDERED, PartAction.PAY): _BACKORDERED,
        (_BACKORDERED, PartAction.CANCEL): _CANCELLED,
        (_ALLOCATED, PartAction.PICK): _ALLOCATED,
        (_ALLOCATED, PartAction.PAY): _ALLOCATED,
        (_ALLOCATED, PartAction.SHIP): _SHIPPED,
        (_ALLOCATED, PartAction.LOSE_STOCK): _BACKORDERED,
        (_ALLOCATED, PartAction.CANCEL): _CANCELLED,
        (_UNFULFILLABLE, PartAction.REOPEN): _BACKORDERED,
        (_UNFULFILLABLE, PartAction.CANCEL): _CANCELLED,
    }
)


def is_due(held: HeldPart, at: dt.datetime) -> bool:
    """Return whether the street date that the part awaits is reached; a part that awaits none is due."""
    street = awaited(held.part)
    return street is None or at >= street


def _is_picked(held: HeldPart, _at: dt.datetime) -> bool:
    return held.picked is not None


def _is_paid(held: HeldPart, _at: dt.datetime) -> bool:
    return held.paid is not None


#: Action -> what must hold for it, by name: a question about the part and now.
GUARDS: Mapping[PartAction, Mapping[str, Callable[[HeldPart, dt.datetime], bool]]] = FrozenMapping(
    {
        PartAction.RELEASE: FrozenMapping({"street date reached": is_due}),
        PartAction.SHIP: FrozenMapping({"picked": _is_picked, "paid": _is_paid}),
    }
)


def awaited(part: Part) -> dt.datetime | None:
    """Return the street date in force: the latest of the part's own and its components'."""
    inside = (component.street_date for line in part.lines for component in _all_parts(line.components))
    return _latest([part.street_date, *inside])


def advanced(held: HeldPart, action: PartAction, at: dt.datetime) -> HeldPart:
    """Return the part after ``action``, if the table and the guards allow it."""
    state = TRANSITIONS.get((held.state, action))
    if state is None:
        raise _refusal(f"cannot {action} a part in state {held.state}", held, action, "action.illegal")
    missing = [name for name, holds in GUARDS.get(action, {}).items() if not holds(held, at)]
    if missing:
        asked = f"cannot {action} a part in state {held.state}; needs first: {', '.join(missing)}"
        raise _refusal(asked, held, action, "action.too_early")
    fields = {name: getattr(held, name) for name in _FIELDS}
    return unchecked(HeldPart, **fields | {"state": state} | _facts(held, action, at))


def _refusal(asked: str, held: HeldPart, action: PartAction, code: str) -> InvalidArgument:
    others = sorted(known for state, known in TRANSITIONS if state is held.state and known is not action)
    allowed = ", ".join(others) or "nothing, it is at its end"
    return InvalidArgument(f"{asked}; allowed: {allowed}", code, "action", action)


def _facts(held: HeldPart, action: PartAction, at: dt.datetime) -> dict[str, Any]:
    """Return what an action leaves behind. A vain attempt counts once for each instant, one that serves always."""
    if action in {PartAction.ALLOCATE, PartAction.BACKORDER}:
        again = held.tried_at is not None and at <= held.tried_at
        tried_at = held.tried_at if again else at
        if action is PartAction.ALLOCATE:
            return {"attempts": held.attempts + 1, "vain": 0, "tried_at": tried_at}
        counts = 0 if again else 1
        return {"attempts": held.attempts + counts, "vain": held.vain + counts, "tried_at": tried_at}
    if action is PartAction.PICK:
        return {"picked": held.picked or at}
    if action is PartAction.PAY:
        return {"paid": held.paid or at}
    return {"picked": None} if action is PartAction.LOSE_STOCK else {}


_AFTER: Mapping[PartState, Sequence[EffectKind]] = FrozenMapping(
    {
        _ALLOCATED: (EffectKind.CREATE_SHIPMENT, EffectKind.CAPTURE),
        _BACKORDERED: (EffectKind.NOTIFY,),
        _UNFULFILLABLE: (EffectKind.NOTIFY,),
        _CANCELLED: (EffectKind.CANCEL,),
    }
)


def effects_of(held: HeldPart) -> list[Effect]:
    """Return what follows from the part's state; the same whenever it is asked."""
    kinds = _AFTER.get(held.state, ())
    if held.state is _ALLOCATED and held.paid is not None:
        kinds = (EffectKind.CREATE_SHIPMENT,)
    if held.state is _BACKORDERED:  # it is told once, and nobody whose units were to wait for stock anyhow
        told = held.part.kind is PartKind.AWAIT_STOCK
        return [] if told else [effect_for(held, EffectKind.NOTIFY, EffectReason.BACKORDERED)]
    reason = EffectReason(held.state.value) if kinds else None
    return [effect_for(held, kind, reason, _numbered(held, kind)) for kind in kinds if reason]


def _numbered(held: HeldPart, kind: EffectKind) -> int | None:
    """Return the attempt that an effect is meant for; money is captured once in the life of a part."""
    return None if kind is EffectKind.CAPTURE else held.attempts


def effect_for(held: HeldPart, kind: EffectKind, reason: EffectReason, attempt: int | None = None) -> Effect:
    """Return an effect; without an attempt it is meant once in the life of the part."""
    steps = [held.part.id, reason, kind] if attempt is None else [held.part.id, reason, str(attempt), kind]
    return unchecked(Effect, kind=kind, part_id=held.part.id, key=":".join(steps), reason=reason)


def goods_of(part: Part) -> list[PartLine]:
    """Return the part's lines that need stock."""
    return [line for line in part.lines if line.kind is LineKind.GOODS]
