"""When each unit of an order leaves and arrives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import cache, partial

import attrs

from ._checks import checked, instance, instant, member, optional, rule, sequence, text, units
from ._pegging import Clock, Dated, Ledger, Source, ahead_of, clock, dated, refuse_bundles
from .bundles import LineKind
from .delivery import DateRange, ShippingTimes, delivery_range
from .orders import Order, OrderLine, may_wait
from .quantities import UNLIMITED
from .supply import Supply

__all__ = ["Promise", "PromiseKind", "promise_order"]


class PromiseKind(StrEnum):
    """What stands behind a promise.

    PREORDER: the street date is ahead, whatever will serve it. IN_STOCK: units that are there. BACKORDER: units that
    are on order. NONE: nothing, there is no date.
    """

    PREORDER = "preorder"
    IN_STOCK = "in_stock"
    BACKORDER = "backorder"
    NONE = "none"


def _optional_range(value: object, path: str) -> DateRange | None:
    return optional(value, path, check=instance, of=DateRange)


def _references(value: object, path: str) -> tuple[str, ...]:
    return sequence(value, path, check=text)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Promise:
    """When some units of a line leave and arrive, and what stands behind it.

    Attributes:
        order_id: The order.
        line_id: Its line.
        sku: The line's SKU.
        quantity: Units, >= 1.
        kind: What stands behind it.
        ready: The days on which they can be handled; ``None`` if there is no date.
        delivery: The days on which they can arrive; ``None`` if there is no date.
        references: The receipts that serve them, where these have a reference.
        first: The range of arrival that was given first, where it has moved since; ``None`` if this is the first.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))
    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    kind: PromiseKind = attrs.field(metadata=rule(member, of=PromiseKind))
    ready: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))
    delivery: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))
    references: Sequence[str] = attrs.field(default=(), metadata=rule(_references))
    first: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))


def promise_order(order: Order, /, *, supply: Supply, times: ShippingTimes, at: dt.datetime) -> tuple[Promise, ...]:
    """Promise every unit of ``order`` a day: what is there now, the rest as it comes.

    Lines take units in their order, each unit once: from the stock that is not owed to others, then from receipts, the
    earliest first. What is ready is handled from the latest of three days on: the order day of ``at``, the street day,
    and the day the units come (with ``times.inbound`` behind it). A receipt that is due today is not there yet.

    Each unit has the date of its own: lines that ship together (an order that ships complete, a ``ship_group``) leave
    with the last of them, which is what the parts of `split_order` say.

    Args:
        order: An order without bundles.
        supply: One location; commitments to this very order do not stand in its way.
        times: How long each stage takes.
        at: Now.

    Returns:
        For each line of goods, one promise for what is there and one for each receipt that serves it; they add up to
        the line's units. Units that are not there and may not wait, and units for which nothing is on order, are NONE;
        but a pre-order of a SKU for which the supply names nothing that is to come is promised from its street day.
        Fees and digital goods have no promise. No range begins before the local day of ``at``.

    Raises:
        InvalidArgument: If ``at`` has no offset, an argument is of another type, or a line is a bundle.
        NoWorkingDay: If a calendar has no working day for 366 days.

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

        Nothing on order, so no date:

        >>> [promise] = promise_order(order, supply=Supply(on_hand={}), times=times, at=now)
        >>> promise.kind.value, promise.delivery
        ('none', None)
    """
    instance(order, "order", of=Order)
    instance(supply, "supply", of=Supply)
    instance(times, "times", of=ShippingTimes)
    refuse_bundles(order.lines)
    moment = instant(at, "at")
    now = clock(moment, times)
    ledger = Ledger(supply, day=now.today)
    ledger.release(order.id, {line.sku for line in order.lines})
    arrival = cache(partial(delivery_range, times=times))  # many units are ready on the same days
    return tuple(
        _promise(order, line, item, ahead=ahead, arrival=arrival)
        for line in order.lines
        if line.kind is LineKind.GOODS
        for ahead in (ahead_of(line, moment),)
        for item in _claim(line, ledger=ledger, now=now, times=times, ahead=ahead)
    )


def _claim(
    line: OrderLine, *, ledger: Ledger, now: Clock, times: ShippingTimes, ahead: dt.datetime | None
) -> Iterator[Dated]:
    """Yield what the units of a line get, those that may not wait last and without a date."""
    taken = ledger.take(line.sku, line.quantity, waiting=UNLIMITED if may_wait(line) else 0)
    yield from dated(taken, line.sku, ledger=ledger, ahead=ahead, now=now, times=times)
    if taken.refused:
        yield Dated(units=taken.refused, source=Source.NOTHING, ready=None)


_KINDS = {
    Source.HERE: PromiseKind.IN_STOCK,
    Source.COMING: PromiseKind.BACKORDER,
    Source.NOTHING: PromiseKind.NONE,
}


def _promise(
    order: Order,
    line: OrderLine,
    item: Dated,
    *,
    ahead: dt.datetime | None,
    arrival: Callable[[DateRange], DateRange],
) -> Promise:
    return Promise(
        order_id=order.id,
        line_id=line.id,
        sku=line.sku,
        quantity=item.units,
        kind=PromiseKind.PREORDER if ahead and item.ready else _KINDS[item.source],
        ready=item.ready,
        delivery=None if item.ready is None else arrival(item.ready),
        references=(item.reference,) if item.reference else (),
    )
