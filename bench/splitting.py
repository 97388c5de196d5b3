"""What splits cost, as a ratio to a bare loop that does the same arithmetic on tuples and dicts.

Run it with ``make bench``. The floor's orders, recipes and stock are tuples and dicts of the same shape, its recipes
are exploded beforehand as those of lines are, and both sides keep their results. It checks nothing.
"""

from __future__ import annotations

import datetime as dt

from timing import compare, head

from preorder_kit import Component, Order, OrderLine, PartKind, Supply, demand, split_order

NOW = dt.datetime(2026, 1, 1, 9, tzinfo=dt.timezone.utc)
STREET = dt.datetime(2026, 6, 1, tzinfo=dt.timezone.utc)
SKUS = 500

Needs = tuple[tuple[str, int, str], ...]
BareLine = tuple[str, str, int, str, dt.datetime | None, str, str, Needs]
BareOrder = tuple[str, str, list[BareLine]]


def bare_orders(number: int) -> list[BareOrder]:
    """Return orders of three lines; a fifth of the lines are bundles of two things, some lines are pre-orders."""
    orders = []
    for place in range(number):
        lines: list[BareLine] = []
        for count in range(3):
            seed = place * 3 + count
            when_short = "wait" if seed % 3 else "cancel"
            street = STREET if seed % 11 == 0 else None
            if seed % 5 == 0:
                needs = ((f"S{seed % SKUS}", 1, when_short), (f"S{(seed + 7) % SKUS}", 2, when_short))
                lines.append((str(count), f"KIT{seed % SKUS}", 1 + seed % 3, "goods", street, "", "", needs))
            else:
                sku = f"S{seed % SKUS}"
                lines.append((str(count), sku, 1 + seed % 4, "goods", street, "", "", ((sku, 1, when_short),)))
        orders.append((f"O{place}", "as_available", lines))
    return orders


def stock_of() -> dict[str, int]:
    return {f"S{place}": place % 6 for place in range(SKUS)}


def bare_split(orders: list[BareOrder], stock: dict[str, int], now: dt.datetime) -> list[object]:
    """Return for each order its parts and what is cancelled, as tuples."""
    return [bare_plan(order, stock, {}, (), now) for order in orders]


def bare_plan(  # noqa: C901, PLR0912, PLR0915  # one loop: the floor pays for no calls
    order: BareOrder, stock: dict[str, int], room: dict[str, int], shipped: tuple[object, ...], now: dt.datetime
) -> tuple[object, ...]:
    """Split one order as the rules say, whatever its lines are: goods, fees, digital goods, in groups, to addresses."""
    name, ship, lines = order
    asked = {line[0]: line[2] for line in lines}
    for part in shipped:
        for line_id, _, units, _ in part[3]:
            asked[line_id] -= units
    held = {}
    addresses = {}
    for _, _, _, kind, _, ship_to, _, needs in lines:
        if kind != "fee" and ship_to not in addresses:
            addresses[ship_to] = len(addresses)
        for sku, _, _ in needs:
            if sku not in held:
                held[sku] = stock.get(sku, 0)
    left = dict(room)
    parts: dict[tuple[object, ...], list[object]] = {}
    groups: dict[str, list[object]] = {}
    cancelled = []
    for line_id, sku, _, kind, street, ship_to, group, needs in lines:
        units = asked[line_id]
        if not units or kind == "fee":
            continue
        ahead = street if street is not None and now < street else None
        if kind == "digital":
            key = (2, ahead, addresses[ship_to]) if ahead else (0, None, 0)
            parts.setdefault(key, []).append((line_id, sku, units, needs))
            continue
        here = units
        for part, count, _ in needs:
            here = min(here, held[part] // count)
        for part, count, _ in needs:
            held[part] -= here * count
        missing = units - here
        waiting = missing
        if missing and street is None:
            for part, count, when_short in needs:
                if when_short == "cancel":
                    waiting = min(waiting, held[part] // count)
            for part, count, when_short in needs:
                if when_short == "cancel":
                    held[part] -= waiting * count
            if waiting < missing:
                cancelled.append((line_id, sku, missing - waiting, "out_of_stock"))
            if sku in left and left[sku] < waiting:
                cancelled.append((line_id, sku, waiting - left[sku], "backorder_limit"))
                waiting = left[sku]
            if sku in left:
                left[sku] -= waiting
        if ship == "complete" or group:
            groups.setdefault("" if ship == "complete" else group, []).append(
                (line_id, sku, here, waiting, ahead, addresses[ship_to], needs)
            )
        elif ahead:
            parts.setdefault((2, ahead, addresses[ship_to]), []).append((line_id, sku, here + waiting, needs))
        else:
            if here:
                parts.setdefault((1, None, addresses[ship_to]), []).append((line_id, sku, here, needs))
            if waiting:
                parts.setdefault((3, None, addresses[ship_to]), []).append((line_id, sku, waiting, needs))
    for members in groups.values():
        street = max((member[4] for member in members if member[4]), default=None)
        rank = 2 if street else 3 if any(member[3] for member in members) else 1
        for line_id, sku, here, waiting, _, address, needs in members:
            if here + waiting:
                parts.setdefault((rank, street, address), []).append((line_id, sku, here + waiting, needs))
    places = sorted(parts, key=lambda place: (place[0], place[1] or NOW, place[2]))
    for line_id, sku, units, kind, _, _, _, needs in lines:
        if kind == "fee" and units:
            host = next((place for place in places if place[0]), None) or next(iter(places), None)
            if host is None:
                cancelled.append((line_id, sku, units, "nothing_ships"))
            else:
                parts[host].append((line_id, sku, units, needs))
    found = []
    names = list(addresses)
    for place in places:
        rank, street, address = place
        if rank == 2:
            suffix = f"street/{street:%Y%m%dT%H%M%S}Z"
        else:
            suffix = ("digital", f"now/{1 + len(shipped)}", "", "stock")[rank]
        part_id = f"{name}/{suffix}/{names[address]}" if address else f"{name}/{suffix}"
        found.append((part_id, name, rank, tuple(parts[place]), street, None, None, "", names[address]))
    return name, tuple(found), tuple(cancelled)


def order_of(bare: BareOrder) -> Order:
    """Return the same order as a value."""
    lines = [
        OrderLine(
            id=line_id,
            sku=sku,
            quantity=units,
            street_date=street,
            when_short=needs[0][2],
            components=[] if len(needs) == 1 else [Component(part, count) for part, count, _ in needs],
        )
        for line_id, sku, units, _, street, _, _, needs in bare[2]
    ]
    return Order(id=bare[0], placed_at=NOW, lines=lines)


RANKS = {PartKind.SHIP_NOW: 1, PartKind.AWAIT_STREET_DATE: 2, PartKind.AWAIT_STOCK: 3}


def splits(number: int) -> None:
    bare, stock = bare_orders(number), stock_of()
    orders, supply = [order_of(order) for order in bare], Supply(on_hand=stock)
    bundles = sum(bool(line.components) for order in orders for line in order.lines)
    assert 5 * bundles == 3 * number
    for floor, order in zip(bare_split(bare[:1000], stock, NOW), orders, strict=False):
        plan = split_order(order, supply=supply, at=NOW)
        found = [
            (part.id, RANKS[part.kind], [(line.line_id, line.quantity) for line in part.lines]) for part in plan.parts
        ]
        assert found == [(part[0], part[2], [(line[0], line[2]) for line in part[3]]) for part in floor[1]]
        assert [(cut.line_id, cut.quantity) for cut in plan.cancelled] == [(cut[0], cut[2]) for cut in floor[2]]
        assert demand([order])
    compare(
        f"{number:,} orders of 3 lines, 20 % bundles, split",
        lambda: bare_split(bare, stock, NOW),
        lambda: [split_order(order, supply=supply, at=NOW) for order in orders],
    )


if __name__ == "__main__":
    head("Splits")
    splits(100_000)
