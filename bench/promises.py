"""What promises cost, as ratios to bare loops that do the same on tuples, lists and dicts.

Run it with ``make bench``. The floors check nothing, know one calendar without holidays and build tuples. Both sides
keep their results.
"""

from __future__ import annotations

import datetime as dt
from collections import deque

from timing import compare, head, seconds

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


def growth(*numbers: int) -> None:
    print("\nCost of an order as the queue grows, the shortest queue being 1")
    costs = []
    for number in numbers:
        orders, supply = queue_of(number)
        runs = sorted(
            seconds(lambda orders=orders, supply=supply: promise_orders(orders, supply=supply, times=TIMES, at=NOW))
            for _ in range(5)
        )
        costs.append(runs[2] / number)
        print(f"{number:>10,} orders {costs[-1] / costs[0]:>8.2f}")


if __name__ == "__main__":
    head("Promises")
    delivery_ranges(1_000_000)
    queues(10_000)
    growth(2_500, 5_000, 10_000, 20_000, 40_000)
