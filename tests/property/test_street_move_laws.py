"""Laws of saving a street date that moved: `StreetDateMove.replaced`.

- a store by id that follows the entries holds what was moved, and each unit once
- a run that breaks off: whatever was saved of the entries, the move run again leaves the same lines for the same dates
- on its own saved result it changes nothing
"""

import datetime as dt
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import Supply, split_order
from preorder_kit.lifecycle import HeldPart, move_street_date
from preorder_kit.testing import components, instants, orders

DAY = dt.timedelta(days=1)
SKUS = st.sampled_from(["A", "B", "A-SET", "BOX"])
ORDERS = orders(addresses=("", "home"), recipes=components() | st.just(()))


@st.composite
def moves(draw):
    """Return an order, its parts by id, and where the street date of a SKU is to move."""
    order, at = draw(ORDERS), draw(instants())
    plan = split_order(order, supply=Supply(on_hand={"A": 3, "B": 2}), at=at)
    bare = draw(st.booleans())
    kept = {part.id: part if bare else HeldPart(part=part, placed_at=at, ship=order.ship) for part in plan.parts}
    date = draw(instants()) if draw(st.booleans()) else at + DAY * draw(st.integers(1, 40))
    return order, kept, {"sku": draw(SKUS), "street_date": date, "at": at}


def part_of(item):
    return item.part if isinstance(item, HeldPart) else item


def saved(kept, entries):
    """Return what a shop keeps by id when it has saved the entries."""
    after = dict(kept)
    for old, new in entries.items():
        del after[old]
        assert not after.keys() & {part_of(item).id for item in new}
        after |= {part_of(item).id: item for item in new}
    return after


def units_of(items):
    found = Counter()
    for item in items:
        found.update({line.line_id: line.quantity for line in part_of(item).lines})
    return found


def waits_of(items):
    found = Counter()
    for item in map(part_of, items):
        for line in item.lines:
            found[item.kind, item.street_date, item.ship_to, line.line_id, line.components] += line.quantity
    return found


@given(moves())
def test_a_store_that_follows_the_entries_holds_each_unit_once(given_move):
    order, kept, to = given_move
    move = move_street_date([order, *kept.values()], **to)
    after = saved(kept, move.replaced)
    assert len(after) == len(move.moved) - 1
    assert after == {part_of(item).id: item for item in move.moved[1:]}
    assert units_of(after.values()) == units_of(kept.values())
    for old, new in move.replaced.items():
        assert new != (kept[old],)
        assert units_of(new) == units_of([kept[old]])


@given(moves(), st.data())
def test_a_run_that_breaks_off_is_finished_by_the_next(given_move, data):
    order, kept, to = given_move
    move = move_street_date([order, *kept.values()], **to)
    some = data.draw(st.sets(st.sampled_from(sorted(move.replaced)))) if move.replaced else ()
    half = saved(kept, {old: move.replaced[old] for old in some})
    again = move_street_date([order, *half.values()], **to)
    assert units_of(half.values()) == units_of(kept.values())
    assert waits_of(saved(half, again.replaced).values()) == waits_of(move.moved[1:])
    assert again.moved[0] == move.moved[0]


@given(moves(), st.booleans())
def test_a_move_changes_nothing_of_its_own_saved_result(given_move, order_saved):
    order, kept, to = given_move
    move = move_street_date([order, *kept.values()], **to)
    after = saved(kept, move.replaced)
    again = move_street_date([move.moved[0] if order_saved else order, *after.values()], **to)
    assert again.replaced == {}
