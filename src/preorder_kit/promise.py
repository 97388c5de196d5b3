"""When each unit of an order leaves and arrives, and which promises break when supply changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ._checks import instance, sequence, unique
from ._promises import Confirmation, Pegging, Promise, PromiseKind, PromiseRules
from ._promising import Desk, goods, open_desk, promise_lines
from ._repromising import BreakReason, Broken, Repromise, repromise_all
from .bundles import explode
from .delivery import ShippingTimes, _stocked_by
from .orders import Order
from .supply import Commitment, Supply

__all__ = [
    "BreakReason",
    "Broken",
    "Confirmation",
    "Pegging",
    "Promise",
    "PromiseKind",
    "PromiseRules",
    "Repromise",
    "commitments_of",
    "promise_order",
    "promise_orders",
    "repromise",
]

_DEFAULT = PromiseRules()


def promise_order(
    order: Order, /, *, supply: Supply, times: ShippingTimes, at: dt.datetime, rules: PromiseRules = _DEFAULT
) -> tuple[Promise, ...]:
    """Promise every unit of ``order`` a day: what is there now, the rest as it comes.

    Lines take units in their order, each unit once: from the stock that is not owed to others, then from receipts, the
    earliest first, or as `Pegging` says. What is ready is handled from the latest of three days on: the order day of
    ``at``, the street day, and the day the units come (with ``times.inbound`` behind it). A receipt that is due today
    is not there yet. What is confirmed of that, `Confirmation` says.

    A unit of a bundle is promised for the day on which the last of its components is there; it takes all of them, or,
    if one has no date, none. Units of bundles that wait take what comes after the other lines of their order, so that
    what is there for another line leaves with it.

    Lines that ship together (an order that ships complete, a ``ship_group``) leave with the last of them. Units that
    may not wait and are short drop out first; if one of the others has no date, none has.

    A line's ``requested`` day is the latest that is wanted: goods that are there sooner leave sooner, except under
    `Confirmation.ON_DATE`. A line's ``promised`` window stays its range of arrival unless supply makes it later; where
    the supply names no receipt of the SKU at all, it is an estimate.

    Args:
        order: The order.
        supply: One location; commitments to this very order do not stand in its way.
        times: How long each stage takes.
        at: Now.
        rules: How the shop promises.

    Returns:
        For each line of goods, one promise for what is there and one for each receipt that serves it, the soonest
        first; they add up to the line's units. Units that are not confirmed, that are not there and may not wait, or
        for which nothing is on order, are NONE; but a pre-order of a SKU for which the supply names no receipt at all
        (an overdue one is one) is promised from its street day, and others by ``rules.estimate``. Fees and digital
        goods have no promise. No range begins before the local day of ``at``.

    Raises:
        InvalidArgument: If ``at`` has no offset, or an argument is of another type.
        NoWorkingDay: If a calendar has no working day for 366 days.

    Source:
        The strategies of confirmation are those of a delivery proposal in SAP's sales orders; the order day is day 0.

    Examples:
        Three ordered, one there, the others on a purchase order:

        >>> import datetime as dt
        >>> from preorder_kit import LeadTime, Order, OrderLine, Receipt, ShippingTimes, Supply, promise_order
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> line = OrderLine(id="1", sku="CD", quantity=3, when_short="wait")
        >>> order = Order(id="O1", placed_at=now, lines=[line])
        >>> receipt = Receipt(sku="CD", quantity=40, expected=dt.date(2027, 1, 20), reference="PO2002")
        >>> supply = Supply(on_hand={"CD": 1}, receipts=[receipt])
        >>> times = ShippingTimes(handling=LeadTime(1, 2), transit=LeadTime(2, 4))
        >>> for promise in promise_order(order, supply=supply, times=times, at=now):
        ...     print(promise.quantity, promise.kind.value, promise.delivery.latest, *promise.references)
        1 in_stock 2026-11-29
        2 backorder 2027-01-26 PO2002

        All at once, or not at all:

        >>> from preorder_kit import PromiseRules
        >>> complete = PromiseRules(confirmation="complete")
        >>> for promise in promise_order(order, supply=supply, times=times, at=now, rules=complete):
        ...     print(promise.quantity, promise.kind.value, promise.delivery.latest, *promise.references)
        1 in_stock 2027-01-26
        2 backorder 2027-01-26 PO2002

        Nothing on order, so no date:

        >>> [promise] = promise_order(order, supply=Supply(on_hand={}), times=times, at=now)
        >>> promise.kind.value, promise.delivery
        ('none', None)
    """
    instance(order, "order", of=Order)
    return promise_orders([order], supply=supply, times=times, at=at, rules=rules)


def promise_orders(
    orders: Iterable[Order],
    /,
    *,
    supply: Supply,
    times: ShippingTimes,
    at: dt.datetime,
    rules: PromiseRules = _DEFAULT,
) -> tuple[Promise, ...]:
    """Promise the units of several orders, one order after the other, each seeing what the earlier ones took.

    An order's own commitments in the supply do not stand in its way, and make way to its promises for the orders after
    it. Of the SKUs that it does not ask for, they stay.

    Args:
        orders: The orders, in the order in which they are served.
        supply: One location.
        times: How long each stage takes.
        at: Now.
        rules: How the shop promises.

    Returns:
        The promises of each order as `promise_order` makes them, in the order of the orders. A later order never
        changes those of an earlier one, and no unit is promised twice.

    Raises:
        InvalidArgument: If two orders have the same id, and where `promise_order` does.
        NoWorkingDay: If a calendar has no working day for 366 days.

    Examples:
        Two orders, and stock for the first:

        >>> import datetime as dt
        >>> from preorder_kit import LeadTime, Order, OrderLine, ShippingTimes, Supply, promise_orders
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> orders = [
        ...     Order(id=name, placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=2)]) for name in ("O1", "O2")
        ... ]
        >>> times = ShippingTimes(handling=LeadTime(0, 1), transit=LeadTime(1, 2))
        >>> for promise in promise_orders(orders, supply=Supply(on_hand={"CD": 3}), times=times, at=now):
        ...     print(promise.order_id, promise.quantity, promise.kind.value)
        O1 2 in_stock
        O2 1 in_stock
        O2 1 none
    """
    queue = _queue(orders)
    desk = open_desk(supply, times=times, at=at, rules=rules)
    return tuple(promise for order in queue for promise in _serve(order, desk))


def _queue(orders: Iterable[Order]) -> tuple[Order, ...]:
    queue = sequence(orders, "orders", check=instance, of=Order)
    unique((order.id for order in queue), "orders[{}].id", what="the ids of orders")
    return queue


def _serve(order: Order, desk: Desk) -> Iterator[Promise]:
    asked = goods(order)
    desk.ledger.release(order.id, order._skus)
    return promise_lines(order, asked, desk)


def repromise(
    promises: Iterable[Promise],
    /,
    *,
    orders: Iterable[Order],
    supply: Supply,
    times: ShippingTimes,
    at: dt.datetime,
    rules: PromiseRules = _DEFAULT,
) -> Repromise:
    """Say which promises can still be kept now that supply, orders or days have changed, and promise the others anew.

    A promise holds if units can be had in time to arrive by its last day, whatever serves it, the safety stock if need
    be; units that are there hold it as long as it can arrive by that day at all. Promises that hold stay as they are,
    so that news of a delay goes to those alone whom it concerns: they are pegged first, those of the first order first,
    those that rest on an estimate after all others, and what breaks is promised anew from what they leave, again in the
    order of the orders. Units without a date come last. A pre-order with nothing on order behind it holds until it has
    to be ready, an estimate until it cannot arrive, both until the supply names something later; a bundle that is
    pre-ordered takes those of its components that can be had in time. What ships together (under ``rules``, in an order
    that ships complete, in a ``ship_group``) holds or breaks together.

    Commitments to the orders of these promises do not stand in their way.

    Args:
        promises: What has been promised of goods that have not left.
        orders: The orders as they are now, in the order in which they are served, without the units that were
            cancelled. Units that an order, or a line, has no longer are freed, those promised last first. Units that no
            promise is for are not looked at.
        supply: One location as it is now. What was promised from a replenishment lead time holds only if the receipt
            that was ordered for it is among the receipts.
        times: How long each stage takes.
        at: Now.
        rules: How the shop promises.

    Returns:
        The promises that are kept, broken, gained and freed, which add up to ``promises``. No unit is promised twice.
        A broken one is never moved to the same day or an earlier one.

    Raises:
        InvalidArgument: If two orders have the same id, and where `promise_order` does.
        NoWorkingDay: If a calendar has no working day for 366 days.

    Examples:
        A purchase order comes ten days late. The order that stock serves does not notice:

        >>> import datetime as dt
        >>> from preorder_kit import LeadTime, Order, OrderLine, Receipt, ShippingTimes, Supply
        >>> from preorder_kit import move_receipt, promise_orders, repromise
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> orders = [
        ...     Order(id=name, placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=2, when_short="wait")])
        ...     for name in ("O1", "O2")
        ... ]
        >>> receipt = Receipt(sku="CD", quantity=5, expected=dt.date(2026, 12, 10), reference="PO2002")
        >>> supply = Supply(on_hand={"CD": 2}, receipts=[receipt])
        >>> times = ShippingTimes(handling=LeadTime(0, 1), transit=LeadTime(1, 2))
        >>> promises = promise_orders(orders, supply=supply, times=times, at=now)
        >>> late = move_receipt(supply, reference="PO2002", expected=dt.date(2026, 12, 20))
        >>> found = repromise(promises, orders=orders, supply=late, times=times, at=now)
        >>> [promise.order_id for promise in found.kept]
        ['O1']
        >>> [broken] = found.broken
        >>> broken.now.order_id, broken.days_moved, broken.because.value
        ('O2', 10, 'receipt_late')
        >>> broken.now.first == broken.promise.delivery
        True

        The first order is cancelled, and its stock is not left lying:

        >>> found = repromise(promises, orders=orders[1:], supply=late, times=times, at=now)
        >>> len(found.kept), len(found.broken), [promise.order_id for promise in found.freed]
        (1, 0, ['O1'])
    """
    given = sequence(promises, "promises", check=instance, of=Promise)
    queue = _queue(orders)
    return repromise_all(given, queue, open_desk(supply, times=times, at=at, rules=rules))


def commitments_of(promises: Iterable[Promise], /, *, times: ShippingTimes) -> tuple[Commitment, ...]:
    """Return what promises oblige to: the commitments that a supply holds for them from now on.

    Args:
        promises: Promises, of one order or of many.
        times: How long each stage takes, as they were promised with.

    Returns:
        One commitment for each promise with a date. Units that are there are owed from the start; others are due on the
        last day on which units may come that are to be ready in time.

    Raises:
        InvalidArgument: If an item is no promise.
        NoWorkingDay: If the calendar of ``times.inbound`` has no working day for 366 days.

    Examples:
        What is promised cannot be promised to others:

        >>> import attrs, datetime as dt
        >>> from preorder_kit import LeadTime, Order, OrderLine, ShippingTimes, Supply
        >>> from preorder_kit import available_now, commitments_of, promise_order
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=2)])
        >>> times = ShippingTimes(handling=LeadTime(0, 1), transit=LeadTime(1, 2))
        >>> supply = Supply(on_hand={"CD": 3})
        >>> promises = promise_order(order, supply=supply, times=times, at=now)
        >>> owed = attrs.evolve(supply, commitments=commitments_of(promises, times=times))
        >>> available_now(owed, sku="CD", day=now.date())
        1

        A promise without a date obliges to nothing:

        >>> commitments_of(promise_order(order, supply=Supply(on_hand={}), times=times, at=now), times=times)
        ()
    """
    given = sequence(promises, "promises", check=instance, of=Promise)
    instance(times, "times", of=ShippingTimes)
    return tuple(owed for promise in given if promise.ready for owed in _commitments(promise, _due(promise, times)))


def _due(promise: Promise, times: ShippingTimes) -> dt.date | None:
    if promise.ready is None or promise.kind is PromiseKind.IN_STOCK:
        return None
    return _stocked_by(promise.ready.latest, times)


def _commitments(promise: Promise, due: dt.date | None) -> Iterator[Commitment]:
    for sku, units in (explode(promise.components) if promise.components else {promise.sku: 1}).items():
        yield Commitment(
            sku=sku,
            quantity=units * promise.quantity,
            due=due,
            order_id=promise.order_id,
            line_id=promise.line_id,
        )
