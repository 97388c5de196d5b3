"""What a line of a queue got, and why, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ._checks import instance
from ._verdicts import Decision, DecisionCode


def explain(decision: Decision, /) -> str:
    """Say in a sentence what a line got, and why.

    Args:
        decision: One of an allocation's ``decisions``.

    Returns:
        English words: how many units, what was missing, and which order is ahead.

    Raises:
        InvalidArgument: If ``decision`` is none.

    Examples:
        Two units, and three orders that want them:

        >>> import datetime as dt
        >>> from preorder_kit import WaitingLine, allocate, explain
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> queue = [
        ...     WaitingLine(order_id="O1", line_id="1", sku="LP", quantity=2, placed_at=now),
        ...     WaitingLine(order_id="O2", line_id="1", sku="LP", quantity=1, placed_at=now),
        ...     WaitingLine(order_id="O3", line_id="1", sku="LP", quantity=1, placed_at=now, hold="unpaid"),
        ... ]
        >>> for decision in allocate(queue, available={"LP": 2}, at=now).decisions:
        ...     print(explain(decision))
        Order O1, line 1 gets all 2 units.
        Order O2, line 1 does not get its 1 unit: 1 unit of LP is missing, and order O1 is ahead of it.
        Order O3, line 1 does not get its 1 unit: it is on hold (unpaid) and keeps its place.
    """
    instance(decision, "decision", of=Decision)
    asked = decision.granted + decision.short
    whole = "its 1 unit" if asked == 1 else f"all {_units(asked)}"
    if not decision.short:
        got = f"gets {whole}"
    elif decision.granted:
        got = f"gets {decision.granted} of its {_units(asked)}"
    else:
        got = "does not get its 1 unit" if asked == 1 else f"gets none of its {_units(asked)}"
    why = _WHY[decision.code](decision)
    return f"Order {decision.order_id}, line {decision.line_id} {got}{why and ': '}{why}."


def _units(number: int) -> str:
    return "1 unit" if number == 1 else f"{number} units"


def _lacking(decision: Decision) -> str:
    verb = "is" if decision.missing == 1 else "are"
    ahead = f", and order {decision.blocked_by} is ahead of it" if decision.blocked_by else ""
    return f"{_units(decision.missing)} of {decision.sku} {verb} missing{ahead}"


def _blocked(decision: Decision) -> str:
    own = decision.blocked_by == decision.order_id
    closer = "another line of its order" if own else f"order {decision.blocked_by}"
    return f"{closer} waits for {decision.sku} before it, and nobody goes past"


def _on_hold(decision: Decision) -> str:
    return f"it is on hold ({decision.hold}) and keeps its place"


def _not_due(decision: Decision) -> str:
    until = "" if decision.until is None else f", {decision.until.replace(tzinfo=None).isoformat(' ', 'minutes')} UTC"
    return f"its street date is ahead{until}, and it keeps its place"


def _incomplete(decision: Decision) -> str:
    if decision.missing:
        why = _lacking(decision)
    elif decision.blocked_by:
        why = _blocked(decision)
    else:
        why = f"another line, {decision.sku}, is not to be served yet"
    return f"its order is served only as a whole, and {why}"


def _rationed(decision: Decision) -> str:
    return f"that is its fair share, for there is too little of {decision.sku} for all"


_WHY: Mapping[DecisionCode, Callable[[Decision], str]] = {
    DecisionCode.GRANTED: lambda _: "",
    DecisionCode.PARTIAL: _lacking,
    DecisionCode.NO_STOCK: _lacking,
    DecisionCode.COMPONENT_SHORT: _lacking,
    DecisionCode.BLOCKED_BY: _blocked,
    DecisionCode.ON_HOLD: _on_hold,
    DecisionCode.NOT_DUE: _not_due,
    DecisionCode.ORDER_INCOMPLETE: _incomplete,
    DecisionCode.RATIONED: _rationed,
}
