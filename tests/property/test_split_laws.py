"""Laws of `split_order`.

- conservation: line by line, what parts, shipped parts and cancellations hold adds up to what was ordered
- no overselling: what ships now of a SKU, components of bundles counted, is never more than is there; and what is there
  is not left lying
- nothing leaves before its street date; nothing that may wait is cancelled for want of stock
- no part is empty, and none goes to two addresses; ids are unique, and parts come in their order
- a fee goes with something, or is cancelled when there is nothing
- the order of receipts, commitments and locations' SKUs is no meaning
- splitting again without what has shipped asks for the rest alone
- room bounds what waits, never what was accepted as a pre-order
- complete: all of it in one kind of part, or waiting for the rest; so too the lines of one group
- a part is ready when the promises of what waits or ships together say so
"""

from collections import Counter

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    CancelReason,
    LineKind,
    PartKind,
    ShipPolicy,
    Supply,
    available_now,
    demand,
    line_street_date,
    may_wait,
    promise_order,
    ship_together,
    split_order,
    street_day,
)
from preorder_kit.testing import World, components, laws, quantities, skus, worlds

ADDRESSES = ("", "home", "work")
BUNDLED = worlds(addresses=ADDRESSES, groups=("", "g", "h"), recipes=components() | st.just(()))
ADDRESSED, WORLDS = worlds(addresses=ADDRESSES), worlds()
ORDER = [PartKind.DIGITAL, PartKind.SHIP_NOW, PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK]


def split(world, **facts):
    return split_order(world.order, supply=world.supply, at=world.at, times=world.times, **facts)


def there(world, sku):
    zone = world.times.zone or (world.times.cut_off.zone if world.times.cut_off else "UTC")
    promised = available_now(world.supply, sku=sku, day=street_day(world.at, zone=zone), but_for=world.order.id)
    return min(max(0, world.supply.on_hand.get(sku, 0)), promised)


def of_kind(world, part, kind):
    by_id = {line.id: line for line in world.order.lines}
    return [line for line in part.lines if by_id[line.line_id].kind is kind]


@given(BUNDLED)
def test_every_unit_is_in_a_part_or_cancelled(world):
    laws.conserves_units(split(world), world.order)


@given(ADDRESSED, st.data())
def test_what_has_shipped_is_not_asked_for_again(world, data):
    first = split(world)
    leaving = [part for part in first.parts if part.kind in {PartKind.SHIP_NOW, PartKind.DIGITAL}]
    shipped = data.draw(st.lists(st.sampled_from(leaving), unique=True)) if leaving else []
    again = split(world, shipped=shipped)
    laws.conserves_units(again, world.order, shipped=shipped)
    taken = {part.id for part in shipped if part.kind is PartKind.SHIP_NOW}
    assert taken.isdisjoint(part.id for part in again.parts)


@given(BUNDLED)
def test_no_sku_ships_beyond_what_is_there(world):
    on_shelf = {sku: there(world, sku) for sku in demand([world.order])}
    laws.never_oversells(split(world), world.order, available=on_shelf)


@given(WORLDS)
def test_nothing_is_cancelled_or_waits_for_stock_while_units_lie_there(world):
    plan, missing = split(world), set()
    by_id = {line.id: line for line in world.order.lines}
    for part in plan.parts:
        if part.kind is PartKind.AWAIT_STOCK and world.order.ship is ShipPolicy.AS_AVAILABLE:
            missing |= {line.sku for line in of_kind(world, part, LineKind.GOODS)}
    missing |= {cut.sku for cut in plan.cancelled if by_id[cut.line_id].kind is LineKind.GOODS}
    held = Counter()
    for part in plan.parts:
        for line in of_kind(world, part, LineKind.GOODS):
            held[line.sku] += line.quantity
    assert all(held[sku] >= there(world, sku) for sku in missing)


@given(BUNDLED)
def test_nothing_leaves_before_its_street_date(world):
    laws.nothing_before_street_date(split(world), world.order, at=world.at)


@given(ADDRESSED)
def test_goods_are_cancelled_only_if_they_may_not_wait(world):
    by_id = {line.id: line for line in world.order.lines}
    for cut in split(world).cancelled:
        if by_id[cut.line_id].kind is LineKind.GOODS:
            assert not may_wait(by_id[cut.line_id])
            assert cut.reason is CancelReason.OUT_OF_STOCK
        else:
            assert cut.reason is CancelReason.NOTHING_SHIPS


@given(ADDRESSED)
def test_parts_are_not_empty_and_stand_in_their_order_under_ids_of_their_own(world):
    parts = split(world).parts
    assert all(part.lines for part in parts)
    assert len({part.id for part in parts}) == len(parts)
    assert [ORDER.index(part.kind) for part in parts] == sorted(ORDER.index(part.kind) for part in parts)
    assert all((part.street_date is not None) == (part.kind is PartKind.AWAIT_STREET_DATE) for part in parts)


@given(ADDRESSED)
def test_goods_of_two_addresses_never_share_a_part(world):
    by_id = {line.id: line for line in world.order.lines}
    for part in split(world).parts:
        goods = {by_id[line.line_id].ship_to for line in of_kind(world, part, LineKind.GOODS)}
        assert goods <= {part.ship_to}


@given(ADDRESSED)
def test_a_fee_is_cancelled_only_when_nothing_goes_to_its_address(world):
    plan = split(world)
    by_id = {line.id: line for line in world.order.lines}
    reached = {
        by_id[line.line_id].ship_to
        for part in plan.parts
        for line in part.lines
        if by_id[line.line_id].kind is not LineKind.FEE
    }
    for cut in plan.cancelled:
        line = by_id[cut.line_id]
        if line.kind is LineKind.FEE:
            assert line.ship_to not in reached or not reached
            assert line.ship_to or not reached


@given(WORLDS, st.randoms(use_true_random=False))
def test_the_order_of_receipts_and_commitments_is_no_meaning(world, random):
    def shuffled(items):
        return random.sample(list(items), len(items))

    supply = Supply(
        on_hand=dict(shuffled(world.supply.on_hand.items())),
        receipts=shuffled(world.supply.receipts),
        commitments=shuffled(world.supply.commitments),
        safety_stock=dict(shuffled(world.supply.safety_stock.items())),
        replenishment=world.supply.replenishment,
    )
    assert supply == world.supply
    assert hash(supply) == hash(world.supply)
    assert split(attrs.evolve(world, supply=supply)) == split(world)


@given(ADDRESSED, st.dictionaries(skus(), quantities(most=6)))
def test_room_bounds_the_units_that_wait_for_stock(world, room):
    world = attrs.evolve(world, order=attrs.evolve(world.order, ship=ShipPolicy.AS_AVAILABLE))
    by_id = {line.id: line for line in world.order.lines}
    plan = split(world, room=room)
    laws.conserves_units(plan, world.order)
    waiting = Counter()
    for part in plan.parts:
        if part.kind is PartKind.AWAIT_STOCK:
            for line in of_kind(world, part, LineKind.GOODS):
                if line_street_date(by_id[line.line_id]) is None:
                    waiting[line.sku] += line.quantity
    assert all(units <= room[sku] for sku, units in waiting.items() if sku in room)
    for cut in plan.cancelled:
        if cut.reason is CancelReason.BACKORDER_LIMIT:
            assert waiting[cut.sku] == room[cut.sku]


@given(ADDRESSED)
def test_a_complete_order_goes_together_or_waits_together(world):
    order = attrs.evolve(world.order, ship=ShipPolicy.COMPLETE)
    whole = World(order=order, supply=world.supply, times=world.times, at=world.at)
    with_goods = [part for part in split(whole).parts if of_kind(whole, part, LineKind.GOODS)]
    assert len({(part.kind, part.street_date, part.ready) for part in with_goods}) <= 1


@given(ADDRESSED)
def test_a_part_arrives_when_the_last_of_it_does_and_never_in_the_past(world):
    for part in split(world).parts:
        assert (part.ready is None) == (part.delivery is None)
        if part.ready is not None:
            assert part.ready.earliest >= street_day(world.at, zone=world.times.zone or "UTC") or world.times.cut_off
            assert part.delivery.earliest >= part.ready.earliest
            assert part.delivery.latest >= part.ready.latest


@given(worlds(addresses=ADDRESSES, groups=("", "g", "h")))
def test_lines_of_a_group_go_together_or_wait_together(world):
    by_id = {line.id: line for line in world.order.lines}
    fates = {}
    for part in split(world).parts:
        for line in of_kind(world, part, LineKind.GOODS):
            group = by_id[line.line_id].ship_group
            if group:
                fates.setdefault(group, set()).add((part.kind, part.street_date))
    assert all(len(fate) == 1 for fate in fates.values())


@given(worlds(groups=("", "g")))
def test_what_ships_together_is_ready_when_its_promises_say_so(world):
    goods = {line.id: line for line in world.order.lines if line.kind is LineKind.GOODS}
    complete = world.order.ship is ShipPolicy.COMPLETE
    promised = {}
    for promise in promise_order(world.order, supply=world.supply, times=world.times, at=world.at):
        promised.setdefault(promise.line_id, []).append(promise.ready)
    for part in split(world).parts:
        lines = [goods[line.line_id] for line in part.lines if line.line_id in goods]
        bound = bool(lines) and all(complete or line.ship_group for line in lines)
        dated = [ready for line in lines for ready in promised[line.id] if ready]
        if bound and part.ready:
            assert part.ready == ship_together(dated)
        elif bound:
            assert not dated or any(not any(promised[line.id]) for line in lines)
