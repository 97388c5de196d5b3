"""Laws of what becomes of one order: its plan, its promises, its money."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from ..bundles import LineKind
from ..charging import CancelledMoney, Captured, ChargePlan, Refund
from ..orders import Amount, Order, OrderLine, line_street_date, needs
from ..promise import Promise, PromiseKind
from ..quantities import Quantity
from ..splitting import Part, PartKind, SplitPlan
from ..street_date import is_released
from ..supply import Supply


def hold(condition: object, message: str) -> None:
    """Raise AssertionError with ``message`` unless a condition holds; ``assert`` is left out of optimised programs."""
    if not condition:
        raise AssertionError(message)


def counted(units: int) -> str:
    """Return a number of units in words."""
    return f"{units} unit" if units == 1 else f"{units} units"


def _lines_of(order: Order) -> dict[str, OrderLine]:
    return {line.id: line for line in order.lines}


def _known(line_id: str, lines: Mapping[str, OrderLine], where: str) -> OrderLine:
    hold(line_id in lines, f"{where} holds line {line_id}, which the order has not: {', '.join(lines)}")
    return lines[line_id]


def conserves_units(plan: SplitPlan, order: Order, /, *, shipped: Sequence[Part] = ()) -> None:
    """Hold a plan to this: every unit of every line is in one part, cancelled, or shipped before.

    Args:
        plan: What a split made of the order.
        order: The order.
        shipped: Parts that had left, and were not to be asked for again.

    Raises:
        AssertionError: If a line has more or fewer units than were ordered, a part is empty, or a line is not the
            order's.

    Examples:
        Ours loses nothing:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine, Supply, split_order
        >>> from preorder_kit.testing.laws import conserves_units
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=3)])
        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 2}), at=now)
        >>> conserves_units(plan, order)

        One that forgets what it cannot ship does:

        >>> import attrs
        >>> conserves_units(attrs.evolve(plan, cancelled=()), order)
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O1, SKU CD: 3 units ordered; 2 in parts, 0 cancelled, 0 shipped: 1 unit is lost
    """
    lines = _lines_of(order)
    held = _units_in(plan.parts, lines)
    cut: Counter[str] = Counter()
    for one in plan.cancelled:
        cut[_known(one.line_id, lines, "cancelled").id] += one.quantity
    gone = _units_in(shipped, lines)
    for line in order.lines:
        lost = line.quantity - held[line.id] - cut[line.id] - gone[line.id]
        told = f"{held[line.id]} in parts, {cut[line.id]} cancelled, {gone[line.id]} shipped"
        what = f"{counted(lost)} {'is' if lost == 1 else 'are'} lost" if lost > 0 else f"{counted(-lost)} too many"
        where = f"line {line.id} of order {order.id}, SKU {line.sku}"
        hold(lost == 0, f"{where}: {counted(line.quantity)} ordered; {told}: {what}")


def _units_in(parts: Iterable[Part], lines: Mapping[str, OrderLine]) -> Counter[str]:
    found: Counter[str] = Counter()
    for part in parts:
        hold(part.lines, f"part {part.id} is empty")
        for line in part.lines:
            found[_known(line.line_id, lines, f"part {part.id}").id] += line.quantity
    return found


def never_oversells(plan: SplitPlan, order: Order, /, *, available: Mapping[str, Quantity]) -> None:
    """Hold a plan to this: what ships now of a SKU, components of bundles counted, is never more than is there.

    Args:
        plan: What a split made of the order.
        order: The order; its lines say what a unit of a bundle needs.
        available: SKU on the shelf -> units that may leave now; a SKU that is not named has none.

    Raises:
        AssertionError: If more of a SKU ships than is there.

    Examples:
        Two sets of two cups need four:

        >>> import datetime as dt
        >>> from preorder_kit import Component, Order, OrderLine, Part, PartLine, SplitPlan
        >>> from preorder_kit.testing.laws import never_oversells
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> line = OrderLine(id="1", sku="SET", quantity=2, components=[Component("CUP", 2)])
        >>> order = Order(id="O1", placed_at=now, lines=[line])
        >>> held = PartLine(line_id="1", sku="SET", quantity=2)
        >>> part = Part(id="O1/now/1", order_id="O1", kind="ship_now", lines=[held])
        >>> plan = SplitPlan(order_id="O1", parts=[part], cancelled=[])
        >>> never_oversells(plan, order, available={"CUP": 4})

        With three there, one cup is sold twice:

        >>> never_oversells(plan, order, available={"CUP": 3})
        Traceback (most recent call last):
        ...
        AssertionError: SKU CUP: 4 units ship now, 3 are there
    """
    lines, leaving = _lines_of(order), Counter[str]()
    for part in plan.parts:
        for held in part.lines if part.kind is PartKind.SHIP_NOW else ():
            line = _known(held.line_id, lines, f"part {part.id}")
            leaving.update({need.sku: need.quantity * held.quantity for need in needs(line)})
    for sku, units in sorted(leaving.items()):
        there = available.get(sku, 0)
        hold(units <= there, f"SKU {sku}: {counted(units)} ship now, {there} are there")


def nothing_before_street_date(plan: SplitPlan, order: Order, /, *, at: dt.datetime) -> None:
    """Hold a plan to this: what has a street date ahead waits for it, whatever the warehouse holds.

    Fees have none: they go with what they are for.

    Args:
        plan: What a split made of the order.
        order: The order; its lines say which street date is in force.
        at: Now. A street date that is reached at this instant is no longer ahead.

    Raises:
        AssertionError: If goods or digital goods are in a part that does not wait for their street date, or not long
            enough.

    Examples:
        A record that is out on Friday is not sent on Monday:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine, Part, PartLine, SplitPlan
        >>> from preorder_kit.testing.laws import nothing_before_street_date
        >>> now, friday = (dt.datetime(2026, 11, day, tzinfo=dt.timezone.utc) for day in (23, 27))
        >>> order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="LP", quantity=1, street_date=friday)])
        >>> held = PartLine(line_id="1", sku="LP", quantity=1)
        >>> part = Part(id="O1/now/1", order_id="O1", kind="ship_now", lines=[held])
        >>> plan = SplitPlan(order_id="O1", parts=[part], cancelled=[])
        >>> nothing_before_street_date(plan, order, at=now)
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O1, SKU LP, is out on 2026-11-27T00:00:00+00:00, and part O1/now/1 is ship_now

        On Friday it may:

        >>> nothing_before_street_date(plan, order, at=friday)
    """
    lines = _lines_of(order)
    for part in plan.parts:
        for held in part.lines:
            line = _known(held.line_id, lines, f"part {part.id}")
            street = line_street_date(line)
            if line.kind is LineKind.FEE or street is None or is_released(street, at=at):
                continue
            waits = part.street_date if part.kind is PartKind.AWAIT_STREET_DATE else None
            said = f"is {part.kind}" if waits is None else f"waits until {waits.isoformat()}"
            where = f"line {line.id} of order {order.id}, SKU {line.sku}, is out on {street.isoformat()}"
            hold(waits is not None and waits >= street, f"{where}, and part {part.id} {said}")


def promises_every_unit(promises: Iterable[Promise], order: Order, /) -> None:
    """Hold promises to this: those for a line of goods add up to its units, also where there is no date for them.

    Args:
        promises: All promises for the order.
        order: The order.

    Raises:
        AssertionError: If a line has promises for more or fewer units, one is for a line that the order has not, or one
            has a day and is of the kind NONE, or the other way round.

    Examples:
        Two of three are there, and nobody said a word about the third:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange, Order, OrderLine, Promise
        >>> from preorder_kit.testing.laws import promises_every_unit
        >>> now, day = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc), dt.date(2026, 11, 24)
        >>> order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=3)])
        >>> days = {"ready": DateRange(day, day), "delivery": DateRange(day, day)}
        >>> two = Promise(order_id="O1", line_id="1", sku="CD", quantity=2, kind="in_stock", **days)
        >>> promises_every_unit([two], order)
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O1, SKU CD: 3 units ordered, 2 promised

        A unit without a date is said so:

        >>> promises_every_unit([two, Promise(order_id="O1", line_id="1", sku="CD", quantity=1, kind="none")], order)
    """
    lines, promised = _lines_of(order), Counter[str]()
    for promise in promises:
        promised[_known(promise.line_id, lines, "a promise").id] += promise.quantity
        dated = promise.ready is not None and promise.delivery is not None
        where = f"a promise for line {promise.line_id} of order {order.id}"
        hold(dated == (promise.kind is not PromiseKind.NONE), f"{where} is {promise.kind}, ready {promise.ready}")
    for line in order.lines:
        if line.kind is LineKind.GOODS:
            where = f"line {line.id} of order {order.id}, SKU {line.sku}: {counted(line.quantity)} ordered"
            hold(promised[line.id] == line.quantity, f"{where}, {promised[line.id]} promised")


def nothing_in_the_past(promises: Iterable[Promise], /, *, day: dt.date) -> None:
    """Hold promises to this: nothing is ready or arrives before today.

    Args:
        promises: Some promises.
        day: Today, where it is sent from.

    Raises:
        AssertionError: If a promise has a day before today.

    Examples:
        What was promised yesterday for yesterday is no promise today:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange, Promise
        >>> from preorder_kit.testing.laws import nothing_in_the_past
        >>> days = DateRange(dt.date(2026, 11, 22), dt.date(2026, 11, 24))
        >>> fields = {"order_id": "O1", "line_id": "1", "sku": "CD", "quantity": 1, "kind": "in_stock"}
        >>> promise = Promise(ready=days, delivery=days, **fields)
        >>> nothing_in_the_past([promise], day=dt.date(2026, 11, 22))
        >>> nothing_in_the_past([promise], day=dt.date(2026, 11, 23))
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O1 is promised for 2026-11-22, and today is 2026-11-23
    """
    for promise in promises:
        for range_ in (promise.ready, promise.delivery):
            where = f"line {promise.line_id} of order {promise.order_id}"
            early = None if range_ is None else range_.earliest
            hold(early is None or early >= day, f"{where} is promised for {early}, and today is {day}")


def no_unit_promised_twice(promises: Iterable[Promise], /, *, supply: Supply) -> None:
    """Hold promises of lines that are no bundles to this: of a receipt, no more is promised than is free of it.

    Args:
        promises: All promises that count on the supply's receipts; one counts in full on each that it names.
        supply: The supply; receipts of one SKU and reference count together.

    Raises:
        AssertionError: If more units are promised from a receipt than it brings and are not reserved.

    Examples:
        Four come, and two orders are promised three each:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange, Promise, Receipt, Supply
        >>> from preorder_kit.testing.laws import no_unit_promised_twice
        >>> day = dt.date(2026, 12, 14)
        >>> supply = Supply(on_hand={}, receipts=[Receipt(sku="CD", quantity=4, expected=day, reference="PO1")])
        >>> fields = {"line_id": "1", "sku": "CD", "quantity": 3, "kind": "backorder", "references": ["PO1"]}
        >>> days = {"ready": DateRange(day, day), "delivery": DateRange(day, day)}
        >>> promises = [Promise(order_id=order_id, **fields, **days) for order_id in ("O1", "O2")]
        >>> no_unit_promised_twice(promises[:1], supply=supply)
        >>> no_unit_promised_twice(promises, supply=supply)
        Traceback (most recent call last):
        ...
        AssertionError: receipt PO1 of SKU CD: 6 units promised, 4 are free
    """
    free, given = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for receipt in supply.receipts:
        free[receipt.sku, receipt.reference] += receipt.quantity - receipt.reserved
    for promise in promises:
        for reference in promise.references if not promise.components else ():
            given[promise.sku, reference] += promise.quantity
    for (sku, reference), units in sorted(given.items()):
        there = free[sku, reference]
        hold(units <= there, f"receipt {reference} of SKU {sku}: {counted(units)} promised, {there} are free")


def parts_of_money_add_up(charges: ChargePlan, order: Order, /, *, captured: Iterable[Captured] = ()) -> None:
    """Hold charges to this: net, tax and discount of each line, captured + charged + cancelled - refunded, are its own.

    Args:
        charges: What is to be captured, cancelled and paid back.
        order: The order, as it was placed.
        captured: What had been captured before.

    Raises:
        AssertionError: If an amount of a line is not its own, a charge is not the sum of its lines, or money is
            for a line that the order has not.

    Examples:
        A cent too little for three units at 1000:

        >>> import datetime as dt
        >>> from preorder_kit import Amount, Captured, Charge, ChargePlan, Order, OrderLine
        >>> from preorder_kit.testing.laws import parts_of_money_add_up
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> line = OrderLine(id="1", sku="CD", quantity=3, amount=Amount(1000))
        >>> order = Order(id="O1", placed_at=now, lines=[line], currency="EUR")
        >>> def charge(cents):
        ...     paid = Captured(line_id="1", quantity=1, amount=Amount(cents))
        ...     return Charge(part_id="O1/now/1", amount=paid.amount, due=None, lines=[paid])
        >>> thirds = ChargePlan(charges=[charge(333)] * 3, cancelled=[], refunds=[])
        >>> parts_of_money_add_up(thirds, order)
        Traceback (most recent call last):
        ...
        AssertionError: line 1 of order O1, net: captured 0 + charged 999 + cancelled 0 - refunded 0 is 999, not 1000

        The earliest gets it:

        >>> parts_of_money_add_up(ChargePlan(charges=map(charge, (334, 333, 333)), cancelled=[], refunds=[]), order)
    """
    paid, lines = tuple(captured), _lines_of(order)
    charged = [line for charge in charges.charges for line in charge.lines]
    for charge in charges.charges:
        own, total = attrs.astuple(charge.amount), _sums(line.amount for line in charge.lines)
        where = f"charge for {charge.part_id or 'no part'}"
        hold(own == total, f"{where}: {own} is not the sum of its lines, {total}")
    told_of: Mapping[str, Iterable[Captured | CancelledMoney | Refund]] = {
        "a charge": charged,
        "captured": paid,
        "cancelled": charges.cancelled,
        "a refund": charges.refunds,
    }
    for where, items in told_of.items():
        for item in items:
            _known(item.line_id, lines, where)
    for line in order.lines:
        columns = [
            _sums(item.amount for item in items if item.line_id == line.id)
            for items in (paid, charged, charges.cancelled, charges.refunds)
        ]
        for place, name in enumerate(("net", "tax", "discount")):
            taken, due, cut, back = (column[place] for column in columns)
            own, found = attrs.astuple(line.amount or Amount(0))[place], taken + due + cut - back
            told = f"captured {taken} + charged {due} + cancelled {cut} - refunded {back}"
            hold(found == own, f"line {line.id} of order {order.id}, {name}: {told} is {found}, not {own}")


def _sums(amounts: Iterable[Amount]) -> tuple[int, ...]:
    return tuple(map(sum, zip((0, 0, 0), *map(attrs.astuple, amounts), strict=True)))
