"""Units taken for lines, and the days on which they can be handled."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    Commitment,
    CutOff,
    DateRange,
    LeadTime,
    Order,
    OrderLine,
    PromiseKind,
    PromiseRules,
    Receipt,
    ShippingTimes,
    Supply,
    promise_order,
    promise_orders,
)
from preorder_kit._dating import Source, ahead_of, arrival_in, base_day, clock, ships_with
from preorder_kit._pegging import Ledger, items_of

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
MONDAY = NOW.date()
AT_ONCE = LeadTime(0, 0)
TIMES = ShippingTimes(handling=AT_ONCE, transit=AT_ONCE)


def day(number: int) -> dt.date:
    """Return the day so many days from Monday."""
    return MONDAY + dt.timedelta(days=number)


def on(number: int, last: int | None = None) -> DateRange:
    return DateRange(day(number), day(number if last is None else last))


def comes(quantity: int, expected: int, last: int | None = None, **fields: object) -> Receipt:
    return Receipt(
        **{"sku": "CD", "quantity": quantity, "expected": on(expected, last), "reference": f"+{expected}"} | fields
    )


def there(quantity: object, *receipts: Receipt, **fields: object) -> Supply:
    return Supply(on_hand={"CD": quantity}, receipts=receipts, **fields)


def ledger_of(supply: Supply, overdue: int | None = None) -> Ledger:
    return Ledger(supply, day=MONDAY, overdue=overdue)


def line(**fields: object) -> OrderLine:
    return OrderLine(**{"id": "1", "sku": "CD", "quantity": 2} | fields)


def order(*lines: OrderLine, **fields: object) -> Order:
    return Order(**{"id": "O1", "placed_at": NOW, "lines": lines} | fields)


def here(taken):
    """Return how many units were taken of what is there."""
    return sum(peg.units for peg in taken.pegs if peg.window is None)


def units(pegs):
    return [(peg.units, peg.reference) for peg in pegs]


# What is asked for: units, how many of them may wait, and the day by which they are wanted.
TAKEN = {
    "one may wait for the latest": ((9, 1, 3), [(1, "+3"), (6, "")], (6, 1, 0, 2)),
    "all of it there": ((5, UNLIMITED, None), [(5, "")], (5, 0, 0, 0)),
    "the rest comes": ((8, UNLIMITED, None), [(6, ""), (2, "+1")], (6, 2, 0, 0)),
    "more than comes": ((16, UNLIMITED, None), [(6, ""), (3, "+1"), (4, "+3")], (6, 10, 3, 0)),
    "none may wait": ((8, 0, None), [(6, "")], (6, 0, 0, 2)),
    "one may wait": ((9, 1, None), [(6, ""), (1, "+1")], (6, 1, 0, 2)),
    "more may wait than need to": ((7, 9, None), [(6, ""), (1, "+1")], (6, 1, 0, 0)),
    "many may wait for nothing": ((20, 12, None), [(6, ""), (3, "+1"), (4, "+3")], (6, 12, 5, 2)),
    "the latest in time": ((5, UNLIMITED, 3), [(4, "+3"), (1, "+1")], (0, 5, 0, 0)),
    "the latest in time, then what is there": ((8, UNLIMITED, 2), [(3, "+1"), (5, "")], (5, 3, 0, 0)),
    "the latest in time, and the rest": ((16, UNLIMITED, 2), [(3, "+1"), (6, ""), (4, "+3")], (6, 10, 3, 0)),
    "none may wait for the latest": ((8, 0, 3), [(6, "")], (6, 0, 0, 2)),
    "two may wait, one of them in time": ((9, 2, 0), [(6, ""), (2, "+1")], (6, 2, 0, 1)),
    "in time for yesterday": ((7, UNLIMITED, -1), [(6, ""), (1, "+1")], (6, 1, 0, 0)),
}


@pytest.mark.parametrize(("asked", "pegs", "expected"), TAKEN.values(), ids=TAKEN)
def test_units_are_there_or_wait_or_are_refused(asked, pegs, expected):
    wanted, waiting, by = asked
    ledger = ledger_of(there(6, comes(3, 1), comes(4, 3)))
    taken = ledger.take("CD", wanted, waiting=waiting, by=None if by is None else day(by))
    assert units(taken.pegs) == pegs
    coming = sum(peg.units for peg in taken.pegs) - here(taken)
    assert (here(taken), coming + taken.undated, taken.undated, taken.refused) == expected
    assert sum(peg.units for peg in taken.pegs) + taken.undated + taken.refused == wanted


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        pytest.param(3, [(4, "+3"), (3, "+1"), (2, "")], id="all is in time"),
        pytest.param(2, [(3, "+1"), (5, "")], id="some of it is"),
        pytest.param(-1, [(5, "")], id="what is there is"),
    ],
)
def test_units_are_taken_in_time(by, expected):
    assert units(ledger_of(there(5, comes(3, 1), comes(4, 3))).take_in_time("CD", 9, by=day(by))) == expected


def test_what_was_promised_already_comes_before_the_safety_stock():
    ledger = ledger_of(there(2, comes(3, 1), safety_stock={"CD": 4}))
    assert units(ledger.take("CD", 9, waiting=UNLIMITED).pegs) == [(1, "+1")]
    assert units(ledger.take_in_time("CD", 9, by=day(1))) == [(2, "+1"), (2, "")]


def test_each_sku_has_a_shelf_of_its_own():
    ledger = ledger_of(Supply(on_hand={"CD": 3, "LP": 2}))
    assert here(ledger.take("CD", 3, waiting=0)) == 3
    assert here(ledger.take("LP", 3, waiting=0)) == 2
    assert here(ledger.take("CD", 3, waiting=0)) == 0


def test_what_is_put_back_is_there_again():
    ledger = ledger_of(there(5, comes(3, 1)))
    taken = ledger.take("CD", 7, waiting=UNLIMITED)
    ledger.put_back(taken.pegs)
    assert ledger.take("CD", 7, waiting=UNLIMITED) == taken


def test_what_is_owed_to_an_order_is_released_for_the_skus_that_it_asks_for():
    owed = [Commitment(sku=sku, quantity=2, order_id="O1") for sku in ("CD", "LP")]
    ledger = ledger_of(Supply(on_hand={"CD": 3, "LP": 3}, commitments=owed))
    ledger.release("O1", ["CD"])
    assert [here(ledger.take(sku, 3, waiting=0)) for sku in ("CD", "LP")] == [3, 1]


def test_a_ledger_knows_what_is_said_to_come():
    ledger = ledger_of(there(0, comes(0, -5), comes(2, 3, sku="LP"), comes(2, 4, sku="LP", reserved=2)))
    assert [ledger.has_receipts(sku) for sku in ("CD", "LP", "EP")] == [True, True, False]
    assert ledger.soonest("CD", []) is None
    assert ledger.soonest("LP", []) == on(3)
    assert ledger.soonest("LP", ["+4", "+5"]) == ledger.soonest("LP", ["+4", "+5"]) == on(4)
    assert ledger_of(there(0, comes(2, -5)), overdue=2).soonest("CD", []) == on(2)


@pytest.mark.parametrize("expected", [(2, 5), (5, 2)], ids=["the earlier is named first", "the later is"])
def test_of_receipts_under_one_name_the_first_to_come_counts(expected):
    ledger = ledger_of(there(0, *[comes(1, number, reference="P1") for number in expected]))
    assert ledger.soonest("CD", ["P1"]) == ledger.soonest("CD", []) == on(2)


LATE_NIGHT = dt.datetime(2026, 11, 28, 23, tzinfo=dt.timezone.utc)  # a Saturday; Sunday in Oslo


@pytest.mark.parametrize(
    ("times", "zone", "today", "counted"),
    [
        pytest.param(None, "UTC", 28, 28, id="no times"),
        pytest.param(TIMES, "UTC", 28, 28, id="no zone"),
        pytest.param(attrs.evolve(TIMES, zone="Europe/Oslo"), "Europe/Oslo", 29, 29, id="a zone"),
        pytest.param(
            attrs.evolve(TIMES, handling=LeadTime(0, 0, MON_TO_FRI), zone="Europe/Oslo"),
            "Europe/Oslo",
            29,
            30,
            id="the next working day",
        ),
        pytest.param(
            attrs.evolve(TIMES, cut_off=CutOff(time=dt.time(12), zone="America/New_York")),
            "America/New_York",
            28,
            29,
            id="the cut-off's zone",
        ),
        pytest.param(
            attrs.evolve(TIMES, zone="Europe/Oslo", cut_off=CutOff(time=dt.time(23), zone="America/New_York")),
            "Europe/Oslo",
            29,
            29,
            id="a cut-off where it is still yesterday",
        ),
    ],
)
def test_now_is_a_day_at_the_warehouse_and_the_day_on_which_an_order_counts(times, zone, today, counted):
    now = clock(LATE_NIGHT, times)
    assert now.zone == zone
    assert (now.today, now.order_day) == (dt.date(2026, 11, today), dt.date(2026, 11, counted))


STREET = dt.datetime(2026, 11, 27, tzinfo=dt.timezone.utc)


def items(supply: Supply, ahead: dt.datetime | None = None, promised: DateRange | None = None, **times: LeadTime):
    """Return what becomes of two units."""
    ledger, found = ledger_of(supply), attrs.evolve(TIMES, **times)
    taken = ledger.take("CD", 2, waiting=UNLIMITED)
    wanted = line(promised=promised)
    base = base_day(ahead, clock(NOW, found))
    return [
        (item.units, item.source, item.ready, "".join(item.references))
        for item in items_of(taken, wanted, ledger=ledger, ahead=ahead, base=base, times=found)
    ]


@pytest.mark.parametrize(
    ("supply", "ahead", "expected"),
    [
        pytest.param(there(5), None, [(2, Source.HERE, on(0), "")], id="there"),
        pytest.param(there(5), STREET, [(2, Source.HERE, on(4), "")], id="there, before its street date"),
        pytest.param(there(0, comes(5, 2)), None, [(2, Source.COMING, on(2), "+2")], id="on order"),
        pytest.param(there(0, comes(5, 2)), STREET, [(2, Source.COMING, on(4), "+2")], id="before its street date"),
        pytest.param(there(0, comes(5, 6)), STREET, [(2, Source.COMING, on(6), "+6")], id="after its street date"),
        pytest.param(there(0), None, [(2, Source.NOTHING, None, "")], id="nothing on order"),
        pytest.param(there(0), STREET, [(2, Source.NOTHING, on(4), "")], id="a pre-order, nothing on order"),
        pytest.param(
            there(0, comes(1, 2)),
            STREET,
            [(1, Source.COMING, on(4), "+2"), (1, Source.NOTHING, None, "")],
            id="a pre-order, too little on order",
        ),
        pytest.param(
            there(0, comes(1, -9)), STREET, [(2, Source.NOTHING, None, "")], id="a pre-order, what was on order"
        ),
        pytest.param(
            there(0, comes(5, 3, 5)),
            STREET,
            [(2, Source.COMING, on(4, 5), "+3")],
            id="some day around its street date",
        ),
    ],
)
def test_units_are_ready_when_they_are_there_and_out(supply, ahead, expected):
    assert items(supply, ahead) == expected


@pytest.mark.parametrize(
    ("supply", "ahead", "promised", "expected"),
    [
        pytest.param(there(0), None, on(3, 5), [(2, Source.ESTIMATE, on(0, 3), "")], id="in time for its window"),
        pytest.param(there(0), None, on(0, 2), [(2, Source.ESTIMATE, on(0), "")], id="just in time for its window"),
        pytest.param(there(0), None, on(0, 1), [(2, Source.NOTHING, None, "")], id="too late for its window"),
        pytest.param(there(0), STREET, on(9), [(2, Source.NOTHING, on(4), "")], id="a pre-order comes out in any case"),
        pytest.param(there(0, comes(0, 9)), None, on(9), [(2, Source.NOTHING, None, "")], id="too little on order"),
        pytest.param(
            there(1),
            None,
            on(9),
            [(1, Source.HERE, on(0), ""), (1, Source.ESTIMATE, on(0, 7), "")],
            id="too little there",
        ),
    ],
)
def test_a_window_that_was_sold_stands_for_what_nothing_is_said_of(supply, ahead, promised, expected):
    assert items(supply, ahead, promised, transit=LeadTime(1, 2)) == expected


@pytest.mark.parametrize(
    ("window", "arrives", "expected"),
    [
        pytest.param(None, on(3, 5), on(3, 5), id="no window was sold"),
        pytest.param(on(2, 6), on(3, 5), on(2, 6), id="within it"),
        pytest.param(on(2, 5), on(3, 5), on(2, 5), id="on its last day"),
        pytest.param(on(2, 4), on(3, 5), on(3, 5), id="later"),
        pytest.param(on(-3, 6), on(3, 5), on(0, 6), id="it has begun"),
    ],
)
def test_what_arrives_in_the_window_that_was_sold_has_that_window(window, arrives, expected):
    assert arrival_in(window, arrives, clock(NOW, TIMES)) == expected


def test_what_comes_is_put_away_first():
    friday_or_saturday = comes(5, 4, 5)
    found = items(there(1, friday_or_saturday), inbound=LeadTime(0, 1, MON_TO_FRI))
    assert found == [(1, Source.HERE, on(0), ""), (1, Source.COMING, on(4, 8), "+4")]


def test_a_street_date_is_ahead_until_it_is_reached():
    waits = line(street_date=STREET)
    assert ahead_of(waits, STREET - dt.timedelta(microseconds=1)) == STREET
    assert ahead_of(waits, STREET) is None
    assert ahead_of(line(), NOW) is None


@pytest.mark.parametrize(
    ("ship", "group", "expected"),
    [
        pytest.param("as_available", "", None, id="by itself"),
        pytest.param("as_available", "G", "G", id="a group"),
        pytest.param("complete", "G", "", id="all of it"),
    ],
)
def test_lines_ship_with_their_group_or_all_of_the_order(ship, group, expected):
    grouped = line(ship_group=group)
    assert ships_with(order(grouped, ship=ship), grouped) == expected


@pytest.mark.parametrize("confirmation", ["staged", "complete", "on_date"])
@pytest.mark.parametrize("min_shipment", [1, 2])
def test_what_may_not_wait_does_not_wait_for_what_could_be_ordered_anew(confirmation, min_shipment):
    supply = there(5, replenishment={"CD": LeadTime(1, 2)})
    rules = PromiseRules(pegging="latest_feasible", confirmation=confirmation, min_shipment=min_shipment)
    wanted = order(line(requested=day(9)))
    [promise] = promise_order(wanted, supply=supply, times=TIMES, at=NOW, rules=rules)
    assert (promise.quantity, promise.kind) == (2, PromiseKind.IN_STOCK)
    assert promise.ready == (on(9) if confirmation == "on_date" else on(0))


def test_units_that_are_not_confirmed_are_there_for_the_next_order():
    supply = there(1, comes(3, 2))
    waits = order(line(quantity=5, when_short="wait"))
    takes = order(line(quantity=1), id="O2")
    rules = PromiseRules(confirmation="complete")
    promises = promise_orders([waits, takes], supply=supply, times=TIMES, at=NOW, rules=rules)
    assert [(promise.order_id, promise.quantity, promise.kind) for promise in promises] == [
        ("O1", 5, PromiseKind.NONE),
        ("O2", 1, PromiseKind.IN_STOCK),
    ]


def test_what_was_owed_to_an_order_makes_way_to_what_it_is_promised():
    owed = [Commitment(sku="CD", quantity=5, order_id="O1"), Commitment(sku="LP", quantity=1, order_id="O1")]
    supply = Supply(on_hand={"CD": 5, "LP": 1}, commitments=owed)
    queue = [order(line(quantity=1)), order(line(quantity=9), line(id="2", sku="LP"), id="O2")]
    promises = promise_orders(queue, supply=supply, times=TIMES, at=NOW)
    assert [(promise.order_id, promise.sku, promise.quantity) for promise in promises if promise.ready] == [
        ("O1", "CD", 1),
        ("O2", "CD", 4),
    ]


def test_what_comes_too_late_for_one_order_is_there_for_the_next():
    supply = there(1, comes(2, 2), comes(4, 6))
    wanted = order(line(quantity=7, when_short="wait", requested=day(3)))
    patient = order(line(quantity=4, when_short="wait"), id="O2")
    rules = PromiseRules(max_lateness=1)
    promises = promise_orders([wanted, patient], supply=supply, times=TIMES, at=NOW, rules=rules)
    assert [(promise.order_id, promise.quantity, promise.references) for promise in promises] == [
        ("O1", 1, ()),
        ("O1", 2, ("+2",)),
        ("O1", 4, ()),
        ("O2", 4, ("+6",)),
    ]


@pytest.mark.parametrize(
    ("requested", "expected"),
    [
        pytest.param(day(7), "+4", id="put away and on its way by then"),
        pytest.param(day(6), "+2", id="a day too soon for that"),
        pytest.param(day(5), "+2", id="the first of them just in time"),
        pytest.param(day(4), "", id="too soon for both"),
        pytest.param(None, "", id="no day is wanted"),
    ],
)
def test_what_comes_last_in_time_has_been_put_away_and_sent_by_then(requested, expected):
    times = attrs.evolve(TIMES, inbound=LeadTime(0, 1), transit=LeadTime(1, 2))
    supply = there(1, comes(1, 2), comes(1, 4))
    wanted = order(line(quantity=1, when_short="wait", requested=requested))
    rules = PromiseRules(pegging="latest_feasible")
    [promise] = promise_order(wanted, supply=supply, times=times, at=NOW, rules=rules)
    assert "".join(promise.references) == expected
