"""What promises cost, as ratios to bare loops that do the same on tuples, lists and dicts.

Run it with ``make bench``. The floors check nothing, know one calendar without holidays and build tuples. Both sides
keep their results.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable
from statistics import median

import attrs
from timing import ROUNDS, compare, head, seconds

from preorder_kit import (
    MON_TO_FRI,
    MON_TO_SAT,
    LeadTime,
    Order,
    OrderLine,
    Receipt,
    ShippingTimes,
    Supply,
    delivery_range,
    promise_orders,
    repromise,
)

DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 1, 1)
NOW = dt.datetime(2026, 1, 1, 9, tzinfo=dt.timezone.utc)
TIMES = ShippingTimes(handling=LeadTime(1, 2, MON_TO_FRI), transit=LeadTime(2, 4, MON_TO_SAT))
HORIZON = 400
SKUS = 50


def worked(weekdays: int) -> tuple[list[int], list[int]]:
    """Return the ordinals of the days on which the first weekdays are worked, and each day's place among them."""
    days = [day for day in range(FIRST.toordinal(), FIRST.toordinal() + 2 * HORIZON) if (day - 1) % 7 < weekdays]
    places, place = [], 0
    for day in range(FIRST.toordinal(), days[-1]):
        while days[place] < day:
            place += 1
        places.append(place)
    return days, places


HANDLED, CARRIED = worked(5), worked(6)


def bare_range(ready: int) -> tuple[dt.date, dt.date]:
    """Return the earliest and the latest day of arrival of what is ready on a day, from tables."""
    begin = FIRST.toordinal()
    days, places = HANDLED
    early, late = days[places[ready - begin] + 1], days[places[ready - begin] + 2]
    days, places = CARRIED
    return (
        dt.date.fromordinal(days[places[early - begin] + 2]),
        dt.date.fromordinal(days[places[late - begin] + 4]),
    )


def delivery_ranges(number: int) -> None:
    ready = [FIRST + place % HORIZON * DAY for place in range(number)]
    assert all(
        (found.earliest, found.latest) == bare_range(day.toordinal())
        for day in ready[:HORIZON]
        for found in [delivery_range(day, times=TIMES)]
    )
    compare(
        f"{number:,} delivery ranges",
        lambda: [bare_range(day.toordinal()) for day in ready],
        lambda: [delivery_range(day, times=TIMES) for day in ready],
    )


def receipts(number: int) -> list[tuple[str, int, dt.date, str]]:
    """Return receipts as tuples: SKU, units, day, name."""
    return [(f"S{place % SKUS}", 20, FIRST + (1 + place % 300) * DAY, f"P{place}") for place in range(number)]


def asked(number: int) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Return orders as tuples: name, and lines of name, SKU and units."""
    return [(f"O{place}", [("1", f"S{place % SKUS}", 2), ("2", f"S{place * 7 % SKUS}", 1)]) for place in range(number)]


def bare_queue(
    orders: list[tuple[str, list[tuple[str, str, int]]]], coming: list[tuple[str, int, dt.date, str]]
) -> list[tuple[object, ...]]:
    """Promise orders one after the other: each line takes what comes first."""
    left: dict[str, deque[list[object]]] = {}
    for sku, units, day, name in sorted(coming, key=lambda item: item[2]):
        left.setdefault(sku, deque()).append([units, day, name])
    ranges: dict[dt.date, tuple[dt.date, dt.date]] = {}
    promised = []
    for order, lines in orders:
        for line, sku, wanted in lines:
            units = wanted
            while units and (queue := left.get(sku)):
                first = queue[0]
                given = min(units, first[0])
                units -= given
                first[0] -= given
                if not first[0]:
                    queue.popleft()
                if first[1] not in ranges:
                    ranges[first[1]] = bare_range(first[1].toordinal())
                promised.append((order, line, sku, given, first[1], ranges[first[1]], first[2]))
            if units:
                promised.append((order, line, sku, units, None, None, ""))
    return promised


def queue_of(number: int) -> tuple[list[Order], Supply]:
    """Return the same orders and receipts as values."""
    orders = [
        Order(
            id=order,
            placed_at=NOW,
            lines=[OrderLine(id=line, sku=sku, quantity=units, when_short="wait") for line, sku, units in lines],
        )
        for order, lines in asked(number)
    ]
    coming = [
        Receipt(sku=sku, quantity=units, expected=day, reference=name) for sku, units, day, name in receipts(1000)
    ]
    return orders, Supply(on_hand={}, receipts=coming)


def queues(number: int) -> None:
    orders, supply = queue_of(number)
    tuples, coming = asked(number), receipts(1000)
    promised = promise_orders(orders, supply=supply, times=TIMES, at=NOW)
    assert [(item.order_id, item.line_id, item.quantity, item.ready and item.ready.latest) for item in promised] == [
        (order, line, units, day) for order, line, _, units, day, _, _ in bare_queue(tuples, coming)
    ]
    compare(
        f"{number:,} orders of 2 lines promised over 1,000 receipts",
        lambda: bare_queue(tuples, coming),
        lambda: promise_orders(orders, supply=supply, times=TIMES, at=NOW),
    )
    compare(
        f"{number:,} orders promised anew, nothing changed",
        lambda: bare_queue(tuples, coming),
        lambda: repromise(promised, orders=orders, supply=supply, times=TIMES, at=NOW),
    )
    late = [attrs.evolve(receipt, expected=receipt.expected + 60 * DAY) for receipt in supply.receipts]
    later = attrs.evolve(supply, receipts=late)
    compare(
        f"{number:,} orders promised anew, every promise breaks",
        lambda: bare_queue(tuples, coming),
        lambda: repromise(promised, orders=orders, supply=later, times=TIMES, at=NOW),
    )


def promising(number: int) -> Callable[[], object]:
    """Return the promising of a queue of so many orders."""
    orders, supply = queue_of(number)
    return lambda: promise_orders(orders, supply=supply, times=TIMES, at=NOW)


def breaking(number: int) -> Callable[[], object]:
    """Return the promising anew of 1,000 orders over so many receipts of one SKU, all of them late."""
    orders = [
        Order(id=f"O{place}", placed_at=NOW, lines=[OrderLine(id="1", sku="A", quantity=1, when_short="wait")])
        for place in range(1000)
    ]
    units = -(-1000 // number)
    coming = [Receipt(sku="A", quantity=units, expected=FIRST + DAY, reference=f"P{place}") for place in range(number)]
    promised = promise_orders(orders, supply=Supply(on_hand={}, receipts=coming), times=TIMES, at=NOW)
    late = Supply(on_hand={}, receipts=[attrs.evolve(receipt, expected=FIRST + 60 * DAY) for receipt in coming])
    return lambda: repromise(promised, orders=orders, supply=late, times=TIMES, at=NOW)


def growth(title: str, work: Callable[[int], Callable[[], object]], *numbers: int, each: bool) -> None:
    """Print how the cost grows with a number: of one order if ``each``, else of all."""
    print(f"\n{title}, the first being 1")
    costs = []
    for number in numbers:
        done = work(number)
        costs.append(median(seconds(done) for _ in range(ROUNDS)) / (number if each else 1))
        print(f"{number:>10,} {costs[-1] / costs[0]:>8.2f}")


if __name__ == "__main__":
    head("Promises")
    delivery_ranges(1_000_000)
    queues(10_000)
    growth("Cost of an order by the length of the queue", promising, 2_500, 5_000, 10_000, 20_000, 40_000, each=True)
    growth("Cost of 1,000 broken orders by the number of receipts", breaking, 100, 1_000, 10_000, each=False)
