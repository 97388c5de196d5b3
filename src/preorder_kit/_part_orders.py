"""Parts of a plan on their way on: one part as an order of its own, and what waits as lines of a queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import attrs

from ._checks import instance, refused
from ._parts import Part, PartKind, SplitPlan, listed
from .bundles import LineKind
from .orders import Order, OrderLine, WaitingLine


def part_order(order: Order, part: Part, /) -> Order:
    """Reduce an order to the units of one of its parts, so that the part can be split again by itself.

    A line's money stays with it only where all of its units are in the part: what a share of it costs depends on what
    else is charged. All else about the order and its lines stays.

    Args:
        order: The order.
        part: A part of it.

    Returns:
        An order of the part's lines, in the order of ``order``. Split with the supply that the part came from, what
        ships now gives one part with the same units, which ships now.

    Raises:
        InvalidArgument: If it is a part of another order, or holds a line or units that were not ordered.

    Examples:
        What could ship of eight units, without the amount for all of them:

        >>> import datetime as dt
        >>> from preorder_kit import Amount, Order, OrderLine, Supply, split_order
        >>> from preorder_kit import part_order
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> line = OrderLine(id="1", sku="CD", quantity=8, when_short="wait", amount=Amount(8000))
        >>> order = Order(id="O1", placed_at=now, lines=[line], currency="EUR")
        >>> part = split_order(order, supply=Supply(on_hand={"CD": 3}), at=now).parts[0]
        >>> [(line.id, line.quantity, line.amount) for line in part_order(order, part).lines]
        [('1', 3, None)]

        All eight keep it:

        >>> part = split_order(order, supply=Supply(on_hand={"CD": 9}), at=now).parts[0]
        >>> part_order(order, part) == order
        True
    """
    instance(order, "order", of=Order)
    held = _units_of(order, [instance(part, "part", of=Part)], "part")
    return attrs.evolve(order, lines=[_reduced(line, held[line.id]) for line in order.lines if line.id in held])


def _reduced(line: OrderLine, quantity: int) -> OrderLine:
    return attrs.evolve(line, quantity=quantity, amount=line.amount if quantity == line.quantity else None)


def _units_of(order: Order, parts: Sequence[Part], path: str) -> dict[str, int]:
    """Return line id -> units in the parts; ``path`` holds ``{}`` where the position of a part goes."""
    ordered = {line.id: line.quantity for line in order.lines}
    held: dict[str, int] = {}
    for index, part in enumerate(parts):
        where = path.format(index)
        if part.order_id != order.id:
            raise refused(f"{where}.order_id", f"must be the order {order.id}", part.order_id, code="part.foreign")
        for place, line in enumerate(part.lines):
            held[line.line_id] = held.get(line.line_id, 0) + line.quantity
            if line.line_id not in ordered:
                requirement = f"must be a line of the order {order.id}: {listed(ordered)}"
                raise refused(f"{where}.lines[{place}].line_id", requirement, line.line_id, code="line.unknown")
            if held[line.line_id] > ordered[line.line_id]:
                requirement = f"must not be more than was ordered on line {line.line_id}"
                raise refused(f"{where}.lines[{place}].quantity", requirement, line.quantity, code="part.excess")
    return held


def waiting_lines(plan: SplitPlan, /, *, order: Order) -> tuple[WaitingLine, ...]:
    """Return the goods of a plan that wait, for stock or for a street date, as lines of a queue.

    Fees and digital goods wait for no stock and are left out.

    Args:
        plan: The plan of ``order``.
        order: What was ordered.

    Returns:
        One line for each line of goods that has units in parts that wait, in the order of the order's lines: with the
        order's place, priority and wish to ship complete, and the line's own street date, even where its part waits for
        a later one. Its value is the gross amount of one unit, rounded down; 0 if the line has none.

    Raises:
        InvalidArgument: If it is the plan of another order, or holds a line or units that were not ordered.

    Examples:
        Five of eight wait, in the place that the order has:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine, Supply, split_order
        >>> from preorder_kit import waiting_lines
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=8, when_short="wait")])
        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 3}), at=now)
        >>> [(line.line_id, line.quantity, line.placed_at == now) for line in waiting_lines(plan, order=order)]
        [('1', 5, True)]

        When all of it is there, nothing waits:

        >>> waiting_lines(split_order(order, supply=Supply(on_hand={"CD": 8}), at=now), order=order)
        ()
    """
    instance(plan, "plan", of=SplitPlan)
    instance(order, "order", of=Order)
    if order.id != plan.order_id:
        raise refused("order.id", f"must be {plan.order_id}, the order of the plan", order.id, code="plan.foreign")
    _units_of(order, plan.parts, "plan.parts[{}]")
    waiting = Counter[str]()
    for part in plan.parts:
        if part.kind in (PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK):
            waiting.update({line.line_id: line.quantity for line in part.lines})
    goods = (line for line in order.lines if line.kind is LineKind.GOODS and line.id in waiting)
    return tuple(_waiting_line(order, line, waiting[line.id]) for line in goods)


def _waiting_line(order: Order, line: OrderLine, quantity: int) -> WaitingLine:
    return WaitingLine(
        order_id=order.id,
        line_id=line.id,
        sku=line.sku,
        quantity=quantity,
        placed_at=order.placed_at,
        components=line.components,
        priority=order.priority,
        street_date=line.street_date,
        ship=order.ship,
        value=line.amount.gross // line.quantity if line.amount else 0,
    )
