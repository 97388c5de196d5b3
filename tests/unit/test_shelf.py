"""One SKU on the shelf: what is taken from stock and receipts, and what is put back."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from preorder_kit import MON_TO_FRI, UNLIMITED, Commitment, DateRange, LeadTime, Receipt, Supply
from preorder_kit._shelf import Peg, Shelf

MONDAY = dt.date(2026, 11, 23)
HERE, ANEW = "here", "anew"


def day(number: int) -> dt.date:
    """Return the day so many days from Monday."""
    return MONDAY + dt.timedelta(days=number)


def comes(quantity: int, expected: int, last: int | None = None, **fields: object) -> Receipt:
    days = DateRange(day(expected), day(expected if last is None else last))
    return Receipt(**{"sku": "CD", "quantity": quantity, "expected": days, "reference": f"+{expected}"} | fields)


def owed(quantity: int, due: int | None = None, **fields: object) -> Commitment:
    return Commitment(**{"sku": "CD", "quantity": quantity, "due": None if due is None else day(due)} | fields)


def there(quantity: object, *dated: Receipt | Commitment, lead: LeadTime | None = None, **fields: object) -> Supply:
    receipts = [item for item in dated if isinstance(item, Receipt)]
    commitments = [item for item in dated if isinstance(item, Commitment)]
    lead_times = {"CD": lead} if lead else {}
    return Supply(
        on_hand={"CD": quantity}, receipts=receipts, commitments=commitments, replenishment=lead_times, **fields
    )


def shelf_of(supply: Supply, overdue: int | None = None) -> Shelf:
    return Shelf(supply, "CD", start=MONDAY, overdue=overdue)


def named(pegs: list[Peg]) -> list[tuple[int, str]]:
    """Return units and where they come from."""
    return [(peg.units, peg.reference or (ANEW if peg.window else HERE)) for peg in pegs]


def first(shelf: Shelf, units: int) -> list[Peg]:
    pegs = list(shelf.take_here(units))
    return [*pegs, *shelf.take_coming(units - sum(peg.units for peg in pegs))]


SAFE = {"safety_stock": {"CD": 2}}
WEEK = LeadTime(5, 7)
FIRST = {
    "what is there": (there(5), [(5, HERE)]),
    "nothing": (there(0), []),
    "a SKU that is not named": (Supply(on_hand={"LP": 5}), []),
    "no bound": (there(UNLIMITED, owed(3), comes(4, 1), **SAFE), [(9, HERE)]),
    "a negative count": (there(-3), []),
    "a negative count is made good first": (there(-3, comes(5, 1)), [(2, "+1")]),
    "what is there, then what comes": (there(5, comes(3, 1), comes(4, 2)), [(5, HERE), (3, "+1"), (1, "+2")]),
    "what comes today is not there": (there(2, comes(4, 0)), [(2, HERE), (4, "+0")]),
    "what comes today for what is owed today": (there(2, owed(4), comes(4, 0)), [(2, HERE)]),
    "what comes today for a part of it": (there(2, owed(5), comes(4, 0)), [(1, HERE)]),
    "two receipts of one day, by their names": (
        there(0, comes(3, 1, reference="P2"), comes(4, 1, reference="P1")),
        [(4, "P1"), (3, "P2")],
    ),
    "of one day, what is due for longer first": (
        there(0, comes(3, 2, reference="P1"), comes(4, 1, 2, reference="P2")),
        [(4, "P2"), (3, "P1")],
    ),
    "one of them all spoken for": (
        there(0, comes(3, 1, reference="P1", reserved=3), comes(4, 1, reference="P2")),
        [(4, "P2")],
    ),
    "less what is reserved": (there(0, comes(5, 1, reserved=2)), [(3, "+1")]),
    "a range counts from its last day": (there(0, comes(2, 1, 4), comes(2, 3)), [(2, "+3"), (2, "+1")]),
    "owed later": (there(5, owed(3, 4)), [(2, HERE)]),
    "owed later, covered before": (there(5, comes(3, 3), owed(3, 4)), [(5, HERE)]),
    "owed later, covered after": (there(5, owed(3, 4), comes(3, 6)), [(2, HERE), (3, "+6")]),
    "owed between receipts": (
        there(0, comes(4, 1), owed(6, 2), comes(5, 3), comes(1, 4)),
        [(3, "+3"), (1, "+4")],
    ),
    "owed after the last receipt": (there(0, comes(4, 1), comes(4, 3), owed(5, 5)), [(3, "+1")]),
    "owed since long ago": (there(5, owed(3, -9)), [(2, HERE)]),
    "safety stock": (there(5, comes(3, 1), **SAFE), [(3, HERE), (3, "+1")]),
    "safety stock that receipts fill up": (there(1, comes(3, 1), **SAFE), [(2, "+1")]),
    "overdue": (there(2, comes(3, -1)), [(2, HERE)]),
    "replenished": (there(2, lead=WEEK), [(2, HERE), (7, ANEW)]),
    "replenished, and some before": (there(2, comes(3, 6), lead=WEEK), [(2, HERE), (3, "+6"), (4, ANEW)]),
    "replenished, what comes then is not needed": (there(2, comes(3, 7), lead=WEEK), [(2, HERE), (7, ANEW)]),
    "replenished, what is owed then is covered": (there(2, owed(9, 7), lead=WEEK), [(2, HERE), (7, ANEW)]),
    "replenished, what is owed before is not": (there(2, owed(1, 6), lead=WEEK), [(1, HERE), (8, ANEW)]),
    "replenished at once": (there(2, lead=LeadTime(0, 0)), [(2, HERE), (7, ANEW)]),
    "replenished at once, whatever is owed": (
        there(2, owed(9), owed(9, 1), lead=LeadTime(0, 0), **SAFE),
        [(2, HERE), (7, ANEW)],
    ),
    "replenished at once, and what comes today": (
        there(2, comes(3, 0), comes(3, 1), lead=LeadTime(0, 0)),
        [(2, HERE), (3, "+0"), (4, ANEW)],
    ),
    "replenished at once, but for a negative count": (there(-2, lead=LeadTime(0, 0)), [(9, ANEW)]),
}


@pytest.mark.parametrize(("supply", "expected"), FIRST.values(), ids=FIRST)
def test_nine_units_are_taken_from_what_is_there_and_then_from_what_comes_first(supply, expected):
    assert named(first(shelf_of(supply), 9)) == expected


LATEST = {
    "what comes last in time": (there(5, comes(3, 1), comes(4, 3)), 3, [(4, "+3"), (3, "+1")]),
    "what comes too late": (there(5, comes(3, 1), comes(4, 4)), 3, [(3, "+1")]),
    "nothing comes in time": (there(5, comes(3, 4)), 3, []),
    "in time for yesterday": (there(5, comes(3, 0)), -1, []),
    "what comes today, but not what is there": (there(5, comes(3, 0)), 0, [(3, "+0")]),
    "what comes today and is owed": (there(5, comes(3, 0), owed(6, 1)), 2, []),
    "what comes today and is owed in part": (there(1, comes(4, 0), owed(2, 1)), 2, [(2, "+0")]),
    "owed in between": (there(5, comes(3, 1), owed(2, 2), comes(4, 3)), 3, [(4, "+3"), (1, "+1")]),
    "all of it owed later": (there(5, comes(3, 1), owed(3, 9)), 3, []),
    "a part of it owed later": (there(5, comes(3, 1), owed(1, 9)), 3, [(2, "+1")]),
    "more owed than there is": (there(1, comes(3, 1), owed(9, 2)), 3, []),
    "owed, and then made good": (there(0, owed(3), comes(5, 1)), 3, [(2, "+1")]),
    "two receipts of one day": (
        there(0, comes(3, 1, reference="P2"), comes(4, 1, reference="P1")),
        1,
        [(4, "P1"), (3, "P2")],
    ),
    "safety stock": (there(1, comes(3, 1), **SAFE), 1, [(2, "+1")]),
    "no bound": (there(UNLIMITED, comes(3, 1)), 9, []),
    "replenished in time": (there(5, comes(3, 1), lead=WEEK), 7, [(9, ANEW)]),
    "replenished too late": (there(5, comes(3, 1), lead=WEEK), 6, [(3, "+1")]),
    "replenished at once": (there(5, comes(3, 0), lead=LeadTime(0, 0)), 0, [(9, ANEW)]),
    "replenished at once, in time for yesterday": (there(5, comes(3, 0), lead=LeadTime(0, 0)), -1, []),
}


@pytest.mark.parametrize(("supply", "by", "expected"), LATEST.values(), ids=LATEST)
def test_nine_units_are_taken_from_what_comes_last_in_time(supply, by, expected):
    assert named(list(shelf_of(supply).take_latest(9, day(by)))) == expected


@pytest.mark.parametrize(
    ("keep", "here", "latest"),
    [
        pytest.param(None, [(1, HERE)], [(1, "+1")], id="the safety stock"),
        pytest.param(0, [(3, HERE)], [(3, "+1")], id="nothing"),
        pytest.param(1, [(2, HERE)], [(2, "+1")], id="less than it"),
        pytest.param(9, [], [], id="more than there is"),
    ],
)
def test_so_much_is_kept_of_what_is_there_and_of_what_comes(keep, here, latest):
    assert named(list(shelf_of(there(5, owed(2, 3), **SAFE)).take_here(9, keep=keep))) == here
    assert named(list(shelf_of(there(-2, comes(5, 1), **SAFE)).take_latest(9, day(2), keep=keep))) == latest


def test_what_is_taken_from_the_safety_stock_is_not_taken_twice():
    shelf = shelf_of(there(2, comes(3, 1), comes(4, 3), **SAFE))
    assert named(list(shelf.take_here(1, keep=0))) == [(1, HERE)]
    assert named(first(shelf, 9)) == [(2, "+1"), (4, "+3")]
    assert named(list(shelf.take_latest(9, day(3), keep=0))) == [(1, "+1")]
    assert named(list(shelf.take_here(9, keep=0))) == [(1, HERE)]


def test_a_part_is_taken_of_what_comes_last():
    shelf = shelf_of(there(5, comes(3, 1), comes(4, 3)))
    assert named(list(shelf.take_latest(3, day(3)))) == [(3, "+3")]
    assert named(list(shelf.take_latest(3, day(3)))) == [(1, "+3"), (2, "+1")]
    assert named(first(shelf, 9)) == [(5, HERE), (1, "+1")]


@pytest.mark.parametrize("lead", [None, WEEK, LeadTime(0, 0)], ids=["never", "in a week", "at once"])
@pytest.mark.parametrize("on_hand", [0, 5, UNLIMITED])
def test_nothing_is_taken_if_nothing_is_asked_for(on_hand, lead):
    shelf = shelf_of(there(on_hand, comes(3, 0), comes(3, 1), lead=lead))
    assert [*shelf.take_here(0), *shelf.take_coming(0), *shelf.take_latest(0, day(30))] == []


@pytest.mark.parametrize(
    ("overdue", "expected"),
    [
        pytest.param(None, [(2, HERE), (4, "+3")], id="never"),
        pytest.param(0, [(2, HERE), (3, "-1"), (4, "+3")], id="today"),
        pytest.param(3, [(2, HERE), (3, "-1"), (4, "+3")], id="on the day of another, which is expected later"),
        pytest.param(4, [(2, HERE), (4, "+3"), (3, "-1")], id="after another"),
    ],
)
def test_what_is_overdue_counts_so_many_days_from_now(overdue, expected):
    shelf = shelf_of(there(2, comes(3, -1, reference="-1"), comes(4, 3)), overdue)
    pegs = first(shelf, 9)
    assert named(pegs) == expected
    late = [peg.window for peg in pegs if peg.reference == "-1"]
    assert late == ([] if overdue is None else [DateRange(day(overdue), day(overdue))])


def test_a_peg_tells_the_days_on_which_its_units_come():
    supply = there(1, comes(1, 1, 3), comes(1, 4), lead=LeadTime(4, 6, MON_TO_FRI))
    assert [peg.window for peg in first(shelf_of(supply), 4)] == [
        None,
        DateRange(day(1), day(3)),
        DateRange(day(4), day(4)),
        DateRange(day(4), day(8)),
    ]


def test_units_are_ordered_anew_on_a_working_day():
    supply = Supply(on_hand={}, replenishment={"CD": LeadTime(0, 0, MON_TO_FRI)})
    saturday = dt.date(2026, 11, 28)
    [peg] = Shelf(supply, "CD", start=saturday, overdue=None).take_coming(2)
    assert peg.window == DateRange(dt.date(2026, 11, 30), dt.date(2026, 11, 30))


ROOMS = {
    "stock": there(5),
    "stock and receipts": there(5, comes(3, 1), comes(4, 3)),
    "receipts of one day": there(2, comes(3, 1, reference="P1"), comes(4, 1, reference="P2"), comes(1, 0)),
    "owed and safe": there(6, owed(3, 4), comes(3, 2), comes(5, 6), **SAFE),
    "a negative count": there(-2, comes(3, 0), comes(3, 1)),
    "no bound": there(UNLIMITED, comes(3, 1)),
    "replenished": there(2, comes(3, 1), owed(2, 3), lead=WEEK),
    "replenished at once": there(2, comes(3, 0), owed(4), lead=LeadTime(0, 0)),
}


def takings(shelf: Shelf) -> list[list[tuple[int, str]]]:
    """Return what a shelf still gives, unit by unit, first and latest in turn."""
    found = []
    for turn in range(8):
        found += [named(list(shelf.take_latest(1, day(turn)))), named(first(shelf, 1))]
    return [*found, named(first(shelf, 99))]


@pytest.mark.parametrize("by", [0, 1, 3, 7])
@pytest.mark.parametrize("units", [1, 3, 4, 7, 9, 99])
@pytest.mark.parametrize("supply", ROOMS.values(), ids=ROOMS)
def test_what_is_put_back_is_as_if_it_had_never_been_taken(supply, units, by):
    shelf = shelf_of(supply)
    before = first(shelf, 1)
    pegs = [*shelf.take_latest(units // 2, day(by)), *first(shelf, units)]
    for peg in pegs:
        shelf.put_back(peg)
    for peg in before:
        shelf.put_back(peg)
    assert takings(shelf) == takings(shelf_of(supply))


@pytest.mark.parametrize("supply", ROOMS.values(), ids=ROOMS)
def test_what_is_put_back_in_another_order_is_as_if_it_had_never_been_taken(supply):
    shelf = shelf_of(supply)
    for peg in reversed([*first(shelf, 4), *first(shelf, 3), *shelf.take_latest(2, day(7)), *first(shelf, 9)]):
        shelf.put_back(peg)
    assert takings(shelf) == takings(shelf_of(supply))


def test_a_part_of_what_was_taken_is_put_back():
    shelf = shelf_of(there(0, comes(3, 1, reference="P1"), comes(4, 1, reference="P2")))
    one, other = first(shelf, 7)
    shelf.put_back(attrs.evolve(one, units=2))
    shelf.put_back(attrs.evolve(other, units=1))
    assert named(first(shelf, 9)) == [(2, "P1"), (1, "P2")]


RELEASED = {
    "owed from the start": there(5, owed(3, order_id="O1"), owed(1)),
    "owed later": there(5, owed(3, 4, order_id="O1"), comes(1, 3), comes(2, 6)),
    "owed on several days": there(6, owed(1, order_id="O1"), owed(2, 2, order_id="O1"), owed(1, 3, order_id="O2")),
    "owed before it is replenished": there(3, owed(2, 6, order_id="O1"), lead=WEEK),
    "owed when it is replenished": there(3, owed(2, 7, order_id="O1"), owed(3, 9, order_id="O1"), lead=WEEK),
    "replenished at once": there(3, owed(2, order_id="O1"), owed(3, 1, order_id="O1"), lead=LeadTime(0, 0)),
    "no bound": there(UNLIMITED, owed(2, order_id="O1")),
    "owed nothing": there(5, owed(3)),
}


@pytest.mark.parametrize("supply", RELEASED.values(), ids=RELEASED)
def test_what_is_released_is_as_if_it_had_never_been_owed(supply):
    others = [item for item in supply.commitments if item.order_id != "O1"]
    free = Supply(
        on_hand=supply.on_hand, receipts=supply.receipts, commitments=others, replenishment=supply.replenishment
    )
    once, twice = shelf_of(supply), shelf_of(supply)
    for shelf in (once, twice, twice):
        shelf.release("O1")
    assert takings(once) == takings(twice) == takings(shelf_of(free))


def test_what_is_released_after_a_taking_is_there_for_the_next():
    shelf = shelf_of(there(5, owed(3, 2, order_id="O1"), comes(2, 1)))
    assert named(first(shelf, 9)) == [(4, HERE)]
    shelf.release("O1")
    assert named(first(shelf, 9)) == [(1, HERE), (2, "+1")]
