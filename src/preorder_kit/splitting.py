"""One order into parts: what ships now, what waits for what, and what is cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import attrs

from ._checks import FrozenMapping, instance, instant, mapping, optional, refused, sequence, text
from ._claims import Claim, claim_lines
from ._dating import Clock, arrival_in, base_day, clock
from ._part_orders import part_order, waiting_lines
from ._parts import (
    BundleSplit,
    Cancelled,
    CancelReason,
    MixedCart,
    Part,
    PartKind,
    PartLine,
    SplitPlan,
    SplitRules,
    cut_of,
    plan_of,
)
from ._pegging import Ledger, begin_bundles, finish_bundles, items_of
from ._plan_changes import Cancellation, StockAction, cancel_units, move_units
from ._shelf import there
from ._sourcing import BundleSource, Pick, SourcingRules, refuse_unknown
from ._splitting import (
    Days,
    Drafts,
    Piece,
    add_fees,
    draft_digital,
    draft_goods,
    is_mixed,
    last_number,
    merge_latest,
    parts_of,
)
from .bundles import LineKind
from .delivery import DateRange, ShippingTimes, delivery_range, ship_together
from .orders import Order
from .quantities import UNLIMITED, Quantity, _quantity
from .supply import Supply, pool

__all__ = [
    "BundleSplit",
    "CancelReason",
    "Cancellation",
    "Cancelled",
    "MixedCart",
    "Part",
    "PartKind",
    "PartLine",
    "SplitPlan",
    "SplitRules",
    "StockAction",
    "cancel_units",
    "move_units",
    "part_order",
    "split_order",
    "waiting_lines",
]

_DEFAULT = SplitRules()
_NO_BOUNDS: Mapping[str, Quantity] = FrozenMapping()


def split_order(
    order: Order,
    /,
    *,
    supply: Supply | Mapping[str, Supply],
    at: dt.datetime,
    times: ShippingTimes | None = None,
    shipped: Sequence[Part] = (),
    cancelled: Sequence[Cancelled] = (),
    room: Mapping[str, Quantity] = _NO_BOUNDS,
    rules: SplitRules = _DEFAULT,
) -> SplitPlan:
    """Decide for every unit of ``order``: it ships now, it waits, or it is cancelled with a reason.

    Lines take units in their order from one balance per SKU on a shelf, the components of bundles counted, so that two
    lines for one thing are seen as what they are. There is the smaller of what is on hand and what is not owed to
    others. Then:

    - Goods with a street date ahead wait for it, even if stock is there.
    - Goods that are there ship. Of the rest, what may wait waits for stock, and what may not is cancelled.
    - A unit of a bundle ships if all of its components are there. Else it waits whole if a street date is in force or
      every component that is short may wait; else it is cancelled whole. While it waits it holds none of what is there,
      but for components that may not wait, which are set aside for it.
    - Goods of an order that ships complete, or of one ``ship_group``, wait for one another: the latest street date, or
      the stock. What a waiting group got stays set aside for it.
    - Digital goods are delivered at once, or when their street date is reached.
    - A fee goes with the first part that holds goods, of its own address if other lines go there, else with the first
      part; if nothing is delivered there, it is cancelled.

    Args:
        order: The order.
        supply: One location, or a mapping of locations by name, whose order is their turn. What ships now from two of
            them are two parts. What waits is dated by the location at which it waits, else by all of them together; a
            bundle that is to leave from one location then has no date.
        at: Now. The day is its local day in the zone of ``times``, else in UTC.
        times: How long each stage takes, if the parts are to say when they are ready and arrive. A window that was
            promised with a line stays its range of arrival unless supply makes it later.
        shipped: Parts of this order that have left; their units are not asked for again.
        cancelled: Units of this order whose cancellation stands, as an earlier plan has them. They are not asked for
            again, and the plan has them too.
        room: SKU of a line -> how many more units may wait for stock; a SKU that is not named has no bound. Accepted
            pre-orders are not bounded by it.
        rules: How the shop splits: from which locations, bundles by unit or by line, mixed carts, how many parts.

    Returns:
        A plan in which the units of parts, of ``shipped`` and of ``cancelled`` add up to the order's, line by line. No
        part is empty, none ships more of a SKU than is there, none before its street date, none to two addresses; no
        unit of a bundle has some components shipping and others waiting.

    Raises:
        InvalidArgument: If an argument is of another type, ``at`` has no offset, ``rules`` name a location that is not
            there, a part of ``shipped`` is another order's, or ``shipped`` and ``cancelled`` hold more than was
            ordered.
        NoWorkingDay: If a calendar of ``times``, or of a SKU's replenishment, has no working day for 366 days.

    Source:
        Adobe Commerce OMS on pre-orders (held back, sourced at the street date, backordered without stock);
        fulfillmenttools on the order split (the missing part waits like an order of its own, what may not wait is not
        picked).

    Examples:
        Eight ordered, three there, and room for four to wait:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine, Supply, split_order
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=8, when_short="wait")])
        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 3}), at=now, room={"CD": 4})
        >>> [(part.id, part.lines[0].quantity) for part in plan.parts]
        [('O1/now/1', 3), ('O1/stock', 4)]
        >>> [(units.quantity, units.reason.value) for units in plan.cancelled]
        [(1, 'backorder_limit')]

        Two sets of a cup and a saucer, two cups and one saucer there; the second cup is left for others:

        >>> from preorder_kit import Component
        >>> parts = [Component("CUP"), Component("SAUCER")]
        >>> line = OrderLine(id="1", sku="SET", quantity=2, components=parts, when_short="wait")
        >>> order = Order(id="O3", placed_at=now, lines=[line, OrderLine(id="2", sku="CUP", quantity=1)])
        >>> plan = split_order(order, supply=Supply(on_hand={"CUP": 2, "SAUCER": 1}), at=now)
        >>> [(part.id, [(line.sku, line.quantity) for line in part.lines]) for part in plan.parts]
        [('O3/now/1', [('SET', 1), ('CUP', 1)]), ('O3/stock', [('SET', 1)])]

        Shipping alone is not sent:

        >>> lines = [OrderLine(id="1", sku="CD", quantity=1), OrderLine(id="2", sku="STANDARD", quantity=1, kind="fee")]
        >>> order = Order(id="O2", placed_at=now, lines=lines)
        >>> [units.reason.value for units in split_order(order, supply=Supply(on_hand={}), at=now).cancelled]
        ['out_of_stock', 'nothing_ships']
    """
    instance(order, "order", of=Order)
    instance(rules, "rules", of=SplitRules)
    optional(times, "times", check=instance, of=ShippingTimes)
    moment = instant(at, "at")
    locations = _locations(supply, rules)
    now = clock(moment, times)
    sent = () if shipped == () else sequence(shipped, "shipped", check=instance, of=Part)
    gone = () if cancelled == () else sequence(cancelled, "cancelled", check=instance, of=Cancelled)
    asked = _still_asked(order, sent, gone)
    bounds = room if room is _NO_BOUNDS else mapping(room, "room", key=text, check=_quantity)
    stock = _stock(order, locations, now.today, rules)
    claims = claim_lines(order, asked, stock, room=bounds, rules=rules, at=moment)
    turn = tuple(locations)
    waits_at = rules.sourcing.backorder_at or (turn[0] if len(turn) == 1 else "")
    days = (
        {}
        if times is None
        else _days_of(order, claims, locations, waits_at, rules=rules.sourcing, now=now, times=times)
    )
    drafts, cuts = _drafted(order, asked, claims, days, turn=turn, rules=rules, at=moment)
    parts = parts_of(
        order,
        drafts,
        turn=turn,
        waits_at=waits_at,
        wave=last_number(f"{order.id}/now", sent) + 1,
        digital=last_number(f"{order.id}/digital", sent),
        ranges=partial(_ranges, times=times, now=now) if times else _no_ranges,
    )
    return plan_of(order.id, parts, _in_order(order, [*gone, *cuts]))


def _drafted(
    order: Order,
    asked: Mapping[str, int],
    claims: Sequence[Claim],
    days: Mapping[str, tuple[Days, Days]],
    *,
    turn: Sequence[str],
    rules: SplitRules,
    at: dt.datetime,
) -> tuple[Drafts, list[Cancelled]]:
    """Return what becomes one part, and what is cancelled."""
    cuts = [cut_of(claim.line, *cut) for claim in claims for cut in claim.refused]
    if rules.mixed_cart is MixedCart.REFUSE and is_mixed(order, claims, turn):
        return {}, [*cuts, *_refused(order, asked, claims)]
    drafts = draft_goods(order, claims, days, turn=turn, hold=rules.mixed_cart is not MixedCart.SPLIT)
    draft_digital(drafts, order, asked, at)
    if rules.max_parts is not None:
        drafts = merge_latest(drafts, rules.max_parts)
    return drafts, cuts + add_fees(drafts, order, asked)


def _in_order(order: Order, cuts: list[Cancelled]) -> tuple[Cancelled, ...]:
    if len(cuts) > 1:
        place = {line.id: index for index, line in enumerate(order.lines)}
        cuts.sort(key=lambda cut: place[cut.line_id])
    return tuple(cuts)


def _locations(supply: Supply | Mapping[str, Supply], rules: SplitRules) -> Mapping[str, Supply]:
    if isinstance(supply, Supply):
        found: Mapping[str, Supply] = {"": supply}
    elif isinstance(supply, Mapping):
        found = mapping(supply, "supply", key=text, check=partial(instance, of=Supply)) or {"": Supply(on_hand={})}
    else:
        raise refused("supply", "must be a Supply, or a mapping of locations by name", supply, code="type.invalid")
    if rules is not _DEFAULT:
        refuse_unknown(rules.sourcing, (name for name in found if name), "rules.sourcing")
    return found


def _stock(
    order: Order, locations: Mapping[str, Supply], today: dt.date, rules: SplitRules
) -> dict[str, dict[str, Quantity]]:
    """Return what each location can give of each SKU that the order needs."""
    found = {name: there(supply, order._skus, day=today, but_for=order.id) for name, supply in locations.items()}
    for name, keep in rules.sourcing.keep_back.items():
        found[name] = {sku: _less(units, keep) for sku, units in found[name].items()}
    return found


def _less(units: Quantity, keep: int) -> Quantity:
    return units if units is UNLIMITED else max(0, units - keep)


def _still_asked(order: Order, shipped: Sequence[Part], cancelled: Sequence[Cancelled]) -> dict[str, int]:
    """Return line id -> units that have been neither shipped nor cancelled."""
    asked = {line.id: line.quantity for line in order.lines}
    for index, part in enumerate(shipped):
        if part.order_id != order.id:
            requirement = f"must be parts of the order {order.id}"
            raise refused(f"shipped[{index}].order_id", requirement, part.order_id, code="part.foreign")
        for place, line in enumerate(part.lines):
            _take_off(asked, line, f"shipped[{index}].lines[{place}].quantity")
    for index, cut in enumerate(cancelled):
        _take_off(asked, cut, f"cancelled[{index}].quantity")
    return asked


def _take_off(asked: dict[str, int], units: PartLine | Cancelled, path: str) -> None:
    left = asked.get(units.line_id, 0) - units.quantity
    if left < 0:
        requirement = f"must not be more than was ordered on line {units.line_id}, with what went before"
        raise refused(path, requirement, units.quantity, code="part.excess")
    asked[units.line_id] = left


def _refused(order: Order, asked: Mapping[str, int], claims: Iterable[Claim]) -> Iterator[Cancelled]:
    """Yield all units of an order that is refused for its mixture, but for those that are cancelled anyhow."""
    left = dict(asked)
    for claim in claims:
        left[claim.line.id] = claim.here + claim.waiting
    for line in order.lines:
        if left[line.id]:
            yield cut_of(line, left[line.id], CancelReason.MIXED_CART)


def _days_of(
    order: Order,
    claims: Sequence[Claim],
    locations: Mapping[str, Supply],
    waits_at: str,
    *,
    rules: SourcingRules,
    now: Clock,
    times: ShippingTimes,
) -> dict[str, tuple[Days, Days]]:
    """Return line id -> the days on which what is here is ready, and those on which what waits is.

    A bundle that is to leave from one location has no date while it is not said at which one it waits.
    """
    kept = {name: _kept(supply, order, rules.keep_back.get(name, 0)) for name, supply in locations.items()}
    ledger = Ledger(kept[waits_at] if waits_at in kept else pool(kept), day=now.today)
    ledger.release(order.id, order._skus)
    nowhere = waits_at not in kept and rules.bundles is BundleSource.ONE_LOCATION
    found: dict[str, tuple[Days, Days]] = {}
    begun = []
    for claim in claims:
        line, base = claim.line, base_day(claim.ahead, now)
        at_once = (DateRange(base, base),) if claim.here else ()
        for sku, units in _given(claim, waits_at):
            ledger.take_here(sku, units)
        if line.components:
            start = begin_bundles(line, here=0, waiting=claim.waiting, ledger=ledger, base=base, times=times)
            begun.append((claim, base, at_once, start))
        else:
            later = ledger.take(line.sku, claim.waiting, waiting=claim.waiting)
            items = items_of(later, line, ledger=ledger, ahead=claim.ahead, base=base, times=times)
            found[line.id] = at_once, tuple(item.ready for item in items)
    for claim, base, at_once, start in begun:
        items = finish_bundles(start, claim.line, ledger=ledger, ahead=claim.ahead, base=base, times=times)
        days = tuple(None if nowhere and item.pegs else item.ready for item in items)
        # What it may not wait for may be set aside at a location that says nothing about the days of the rest.
        found[claim.line.id] = at_once, days if start.waiting == claim.waiting else (*days, None)
    return found


def _kept(supply: Supply, order: Order, keep: int) -> Supply:
    """Return a supply that keeps back so many units of what the order needs, on top of its safety stock."""
    if not keep:
        return supply
    safety = {sku: supply.safety_stock.get(sku, 0) + keep for sku in order._skus}
    return attrs.evolve(supply, safety_stock={**supply.safety_stock, **safety})


def _given(claim: Claim, waits_at: str) -> Iterator[tuple[str, int]]:
    """Yield what the location at which units wait gives for those that are here; any location if that is none."""
    for pick in claim.picks or (Pick(waits_at, claim.here),):
        if pick.parts:
            yield from ((sku, units) for location, sku, units in pick.parts if location == (waits_at or location))
        elif pick.location == (waits_at or pick.location):
            yield from ((need.sku, pick.units * need.quantity) for need in claim.line._needs)


def _no_ranges(pieces: Sequence[Piece]) -> tuple[None, None]:  # noqa: ARG001  # the same whatever they are
    return None, None


def _ranges(pieces: Sequence[Piece], *, times: ShippingTimes, now: Clock) -> tuple[DateRange | None, DateRange | None]:
    """Return when the last of the pieces is ready, and when all of them arrive; ``None`` if one has no date."""
    ranges = [item for *_, days in pieces for item in days]
    known = [item for item in ranges if item is not None]
    if not known or len(known) < len(ranges):
        return None, None
    ready = ship_together(known)
    arrives = delivery_range(ready, times=times)
    windows = {line.promised for line, *_ in pieces if line.kind is LineKind.GOODS}
    return ready, ship_together(arrival_in(window, arrives, now) for window in windows)
