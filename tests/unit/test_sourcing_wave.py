"""Sourcing waves. A part is written ``<order>/<name> <SKU><units> ...``: its lines are 1, 2 and so on.

SKU f is a fee and d digital; S is a set of one A and one B.
"""

from __future__ import annotations

import datetime as dt
import pickle
import re

import attrs
import pytest

from preorder_kit import (
    UNLIMITED,
    AllocationPolicy,
    Assignment,
    Component,
    InvalidArgument,
    LineKind,
    Part,
    PartLine,
    explain,
)
from preorder_kit.lifecycle import HeldPart, Origin, PartState, Wave, WavePolicy, advance, part_effects, sourcing_wave

NOW = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
KINDS = {"f": LineKind.FEE, "d": LineKind.DIGITAL}
SET = (Component("A"), Component("B"))
GIVING_UP = WavePolicy(max_attempts=2)


def lines(written: str) -> list[PartLine]:
    found = [re.fullmatch("([A-Za-z])([0-9]+)", word) for word in written.split()]
    return [
        PartLine(
            line_id=str(number),
            sku=word[1],
            quantity=int(word[2]),
            kind=KINDS.get(word[1], LineKind.GOODS),
            components=SET if word[1] == "S" else (),
        )
        for number, word in enumerate(found, 1)
    ]


def held(written: str, *, placed: int = 0, street: dt.datetime | None = None, **fields: object) -> HeldPart:
    """Return a part of an order that was placed so many hours after the first."""
    name, _, rest = written.partition(" ")
    kind = "await_street_date" if street else "await_stock"
    part = Part(id=name, order_id=name.split("/")[0], kind=kind, lines=lines(rest), street_date=street)
    return HeldPart(**{"part": part, "placed_at": NOW - 10 * DAY + placed * HOUR} | fields)


def wave(*parts: HeldPart, at: dt.datetime = NOW, policy: WavePolicy | None = None, **available: int) -> Wave:
    return sourcing_wave(parts, available=available, at=at, policy=policy or WavePolicy())


def allocating(**fields: object) -> WavePolicy:
    return WavePolicy(allocation=AllocationPolicy(**fields))


def shown(found: Wave) -> list[str]:
    return [show(one) for one in found.parts]


def show(one: HeldPart) -> str:
    return f"{one.part.id} {' '.join(f'{line.sku}{line.quantity}' for line in one.part.lines)} {one.state}"


# What becomes of parts


def test_stock_goes_to_the_orders_in_their_turn():
    found = wave(held("O2/stock A4", placed=2), held("O1/stock A3", placed=1), held("O3/stock A2", placed=3), A=5)
    assert shown(found) == [
        "O2/stock/granted/1 A2 allocated",
        "O2/stock A2 backordered",
        "O1/stock A3 allocated",
        "O3/stock A2 backordered",
    ]
    assert found.left_over == {"A": 0}
    assert [(one.order_id, one.line_id, one.code, one.blocked_by) for one in found.decisions] == [
        ("O1", "1", "granted", None),
        ("O2", "1", "partial", "O1"),
        ("O3", "1", "no_stock", "O2"),
    ]
    assert "O3" in explain(found.decisions[2])


@pytest.mark.parametrize(
    ("street", "state", "attempts"),
    [(NOW + DAY, "held", 0), (NOW, "allocated", 1), (None, "allocated", 1)],
    ids=["ahead", "reached", "none"],
)
def test_a_part_is_served_from_its_street_date_on(street, state, attempts):
    [part] = wave(held("O1/p A2", street=street), A=5).parts
    assert (part.state, part.attempts) == (state, attempts)


def test_a_street_date_that_is_reached_without_stock_is_a_backorder():
    found = wave(held("O1/p A2", street=NOW))
    assert shown(found) == ["O1/p A2 backordered"]
    assert [effect.key for effect in found.effects] == ["O1/p:backordered:notify"]
    assert (found.parts[0].attempts, found.parts[0].tried_at) == (1, NOW)


def test_what_is_held_is_shown_as_not_due():
    [decision] = wave(held("O1/p A2", street=NOW + DAY), A=5).decisions
    assert (decision.code, decision.until) == ("not_due", NOW + DAY)


@pytest.mark.parametrize("state", ["due", "backordered"])
def test_what_is_on_hold_stays_where_it_is(state):
    found = wave(held("O1/p A2", hold="unpaid", state=state), held("O2/p A1", placed=1), A=2)
    assert shown(found) == [f"O1/p A2 {state}", "O2/p A1 allocated"]
    assert found.parts[0].attempts == 0


def test_what_is_allocated_holds_its_units():
    found = wave(held("O2/p A3", state="allocated"), held("O1/p A3"), held("O3/p S1", state="allocated"), A=5, B=1, C=2)
    assert shown(found)[1:3] == ["O1/p/granted/1 A1 allocated", "O1/p A2 backordered"]
    assert (found.left_over, found.oversold) == ({"A": 0, "B": 0, "C": 2}, {})


def test_stock_that_is_missing_is_told():
    found = wave(held("O1/p A3 B2", state="allocated"), held("O2/p A1"), A=1)
    assert shown(found) == ["O1/p A3 B2 allocated", "O2/p A1 backordered"]
    assert (found.left_over, found.oversold) == ({"A": 0}, {"A": 2, "B": 2})


def test_stock_that_is_missing_is_told_in_the_order_of_its_skus():
    found = wave(held("O1/p C1 A1", state="allocated"), held("O2/p B1", state="allocated"))
    assert list(found.oversold) == ["A", "B", "C"]


def test_what_has_no_bound_serves_everybody():
    found = wave(held("O1/p A300"), held("O2/p A3", state="allocated"), A=UNLIMITED)
    assert (shown(found)[0], found.left_over, found.oversold) == ("O1/p A300 allocated", {"A": UNLIMITED}, {})


@pytest.mark.parametrize("state", ["shipped", "cancelled", "unfulfillable"])
def test_what_is_at_its_end_stays_so(state):
    found = wave(held("O1/p A3", state=state), A=5)
    assert (shown(found), found.left_over, found.replaced) == ([f"O1/p A3 {state}"], {"A": 5}, {})


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("O1/p A2 B2", ["O1/p/granted/1 A2 B1 allocated", "O1/p B1 backordered"]),
        ("O1/p C1 A1", ["O1/p/granted/1 A1 allocated", "O1/p C1 backordered"]),
        ("O1/p f1 C1 A1 d2", ["O1/p/granted/1 f1 A1 d2 allocated", "O1/p C1 backordered"]),
        ("O1/p C1 f1 d2", ["O1/p C1 f1 d2 backordered"]),
        ("O1/p S3", ["O1/p/granted/1 S1 allocated", "O1/p S2 backordered"]),
        ("O1/p f1 d2", ["O1/p f1 d2 allocated"]),
        ("O1/p A5", ["O1/p A5 allocated"]),
    ],
    ids=["some units", "some lines", "fees go along", "fees wait along", "sets are whole", "no goods", "all"],
)
def test_what_is_granted_becomes_a_part_of_its_own(part, expected):
    assert shown(wave(held(part), A=5, B=1)) == expected


def test_what_is_granted_keeps_what_is_known_of_it():
    before = held("O1/p A3", street=NOW, priority=2, paid=NOW)
    granted, rest = wave(before, A=1).parts
    assert granted.origin == Origin(part_id="O1/p", attempt=1, at=NOW, quantities={"1": 1})
    assert (granted.attempts, rest.attempts, granted.tried_at, rest.tried_at) == (1, 1, NOW, NOW)
    for one in (granted, rest):
        assert (one.placed_at, one.priority, one.paid, one.part.street_date) == (before.placed_at, 2, NOW, NOW)
    second = wave(rest, granted, A=2, at=NOW + DAY)
    assert [one.part.id for one in second.parts] == ["O1/p/granted/2", "O1/p", "O1/p/granted/1"]


def test_what_leaves_from_where_is_divided_too():
    picks = [Assignment(line_id="1", location=name, sku=sku, quantity=2) for name, sku in (("X", "A"), ("Y", "B"))]
    part = held("O1/now/1 S2")
    line = attrs.evolve(part.part.lines[0], picks=picks)
    granted, rest = wave(attrs.evolve(part, part=attrs.evolve(part.part, lines=[line])), A=1, B=1).parts
    for one in (granted, rest):
        assert [(pick.location, pick.quantity) for pick in one.part.lines[0].picks] == [("X", 1), ("Y", 1)]


def test_a_set_of_digital_things_needs_no_stock():
    part = held("O1/p S2")
    line = attrs.evolve(part.part.lines[0], components=[Component("CODE", kind="digital")])
    assert shown(wave(attrs.evolve(part, part=attrs.evolve(part.part, lines=[line])))) == ["O1/p S2 allocated"]


def test_a_line_may_wait_in_two_parts():
    found = wave(held("O1/stock A2"), held("O1/now A2"), A=3)
    assert shown(found) == ["O1/stock/granted/1 A1 allocated", "O1/stock A1 backordered", "O1/now A2 allocated"]
    assert [(one.order_id, one.line_id, one.granted) for one in found.decisions] == [("O1", "1", 2), ("O1", "1", 1)]


def test_many_lines_stand_in_the_order_of_their_ids():
    parts = [held(f"O1/{number} A1") for number in range(12)]
    served = {one.part.id for one in wave(*parts, A=4).parts if one.state is PartState.ALLOCATED}
    assert served == {"O1/0", "O1/1", "O1/10", "O1/11"}


def test_nothing_waits():
    found = wave()
    assert (found.parts, found.effects, found.overdue, tuple(found.decisions)) == ((), (), (), ())


# Whole orders


@pytest.mark.parametrize(
    ("stock", "expected"),
    [({"A": 2, "B": 1}, "backordered"), ({"A": 2, "B": 2}, "allocated")],
    ids=["too little for one", "enough"],
)
def test_parts_of_an_order_that_ships_complete_wait_for_one_another(stock, expected):
    found = wave(held("O1/home A2", ship="complete"), held("O1/work B2", ship="complete"), **stock)
    assert shown(found) == [f"O1/home A2 {expected}", f"O1/work B2 {expected}"]


@pytest.mark.parametrize("companion", [{"hold": "review"}, {"street": NOW + DAY}], ids=["on hold", "not due"])
def test_what_waits_for_its_companion_was_not_tried(companion):
    found = wave(held("O1/home A2", ship="complete"), held("O1/work B2", ship="complete", **companion), A=2, B=2)
    assert (found.parts[0].state, found.parts[0].attempts) == (PartState.DUE, 0)
    assert found.decisions[0].code == "order_incomplete"


def test_what_needs_no_stock_waits_for_no_companion():
    digital = held("O1/digital d1", ship="complete")
    assert shown(wave(digital, held("O1/stock A1", ship="complete", hold="review")))[0] == "O1/digital d1 allocated"
    asleep = held("O1/later d1", ship="complete", street=NOW + DAY)
    assert shown(wave(asleep, held("O1/stock A1", ship="complete"), A=1))[1] == "O1/stock A1 allocated"


def test_a_rule_may_serve_orders_whole():
    parts = [held("O1/x A2"), held("O1/y B2"), held("O2/z A1", placed=1)]
    assert shown(wave(*parts, A=2, B=1, policy=allocating(unit="order"))) == [
        "O1/x A2 backordered",
        "O1/y B2 backordered",
        "O2/z A1 allocated",
    ]


def test_parts_that_are_served_together_give_up_together():
    parts = [held("O1/home A1", ship="complete", vain=1), held("O1/work B1", ship="complete")]
    found = wave(*parts, held("O2/p B1", placed=1), B=1, policy=GIVING_UP)
    assert shown(found) == ["O1/home A1 unfulfillable", "O1/work B1 unfulfillable", "O2/p B1 allocated"]
    apart = [attrs.evolve(part, ship="as_available") for part in parts]
    assert shown(wave(*apart, policy=GIVING_UP)) == ["O1/home A1 unfulfillable", "O1/work B1 backordered"]


@pytest.mark.parametrize("tried_at", [NOW, NOW - DAY], ids=["now", "before"])
def test_a_part_of_which_a_companion_was_given_up_is_given_up(tried_at):
    gone = held("O1/home A1", ship="complete", state="unfulfillable", attempts=2, tried_at=tried_at)
    work = held("O1/work B1", ship="complete")
    assert shown(wave(gone, work, B=1)) == ["O1/home A1 unfulfillable", "O1/work B1 unfulfillable"]
    reopened = advance(gone, action="reopen", at=NOW)
    assert shown(wave(reopened, work, A=1, B=1)) == ["O1/home A1 allocated", "O1/work B1 allocated"]
    assert shown(wave(advance(gone, action="cancel", at=NOW), work, B=1))[1] == "O1/work B1 allocated"


def test_a_part_is_not_served_without_its_companion_that_was_given_up_at_the_same_instant():
    parts = [held("O1/home A1", ship="complete"), held("O1/work B1", ship="complete")]
    home, work = wave(*parts, policy=WavePolicy(max_attempts=1)).parts
    reopened = advance(work, action="reopen", at=NOW)
    assert shown(wave(home, reopened, A=1, B=1)) == ["O1/home A1 unfulfillable", "O1/work B1 unfulfillable"]
    both = [advance(home, action="reopen", at=NOW), reopened]
    assert shown(wave(*both, A=1, B=1)) == ["O1/home A1 allocated", "O1/work B1 allocated"]


def test_stock_does_not_reach_a_part_that_was_given_up():
    gone = held("O1/home A1", ship="complete", state="unfulfillable", attempts=2, tried_at=NOW - DAY)
    found = wave(gone, held("O1/work B1", ship="complete"), A=1, B=1)
    assert shown(found) == ["O1/home A1 unfulfillable", "O1/work B1 unfulfillable"]
    assert (found.decisions[0].code, found.decisions[0].hold) == ("on_hold", "unfulfillable")


def test_parts_that_give_up_together_do_so_when_one_of_them_was_saved():
    parts = [held("O1/home A1", ship="complete", vain=1), held("O1/work B1", ship="complete")]
    first = wave(*parts, B=1, policy=GIVING_UP)
    assert wave(first.parts[0], parts[1], B=1, policy=GIVING_UP).parts == first.parts
    assert wave(parts[0], first.parts[1], B=1, policy=GIVING_UP).parts == first.parts


# Attempts


def test_a_part_is_given_up_after_so_many_vain_attempts():
    parts, states = (held("O1/p A2", street=NOW),), []
    for day in range(3):
        found = wave(*parts, at=NOW + day * DAY, policy=GIVING_UP)
        parts = found.parts
        states.append((parts[0].state, parts[0].attempts, [effect.key for effect in found.effects]))
    assert states == [
        ("backordered", 1, ["O1/p:backordered:notify"]),
        ("unfulfillable", 2, ["O1/p:unfulfillable:2:notify"]),
        ("unfulfillable", 2, ["O1/p:unfulfillable:2:notify"]),
    ]
    reopened = advance(parts[0], action="reopen", at=NOW + 3 * DAY)
    assert shown(wave(reopened, A=2, at=NOW + 3 * DAY, policy=GIVING_UP)) == ["O1/p A2 allocated"]
    [effect] = wave(reopened, at=NOW + 3 * DAY, policy=GIVING_UP).effects
    assert effect.key == "O1/p:unfulfillable:3:notify"


def test_an_attempt_that_grants_some_units_is_not_in_vain():
    parts = (held("O1/p A10"),)
    for day in range(3):
        parts = wave(*parts, A=2 * (day + 1), at=NOW + day * DAY, policy=GIVING_UP).parts
    rest = next(one for one in parts if one.part.id == "O1/p")
    assert (show(rest), rest.attempts, rest.vain, rest.last_grant) == ("O1/p A4 backordered", 3, 0, 3)
    states = [wave(*parts, A=6, at=NOW + 3 * DAY, policy=GIVING_UP).parts[-1]]
    states += wave(*states, at=NOW + 4 * DAY, policy=GIVING_UP).parts
    assert [(one.state, one.attempts, one.vain) for one in states] == [("backordered", 4, 1), ("unfulfillable", 5, 2)]


def test_what_was_served_and_lost_is_tried_as_often_as_anything_else():
    [served] = wave(held("O1/p A1", vain=1, attempts=1), A=1).parts
    [tried] = wave(advance(served, action="lose_stock", at=NOW), at=NOW + DAY, policy=GIVING_UP).parts
    assert (tried.state, tried.attempts, tried.vain) == (PartState.BACKORDERED, 3, 1)


def test_what_is_granted_starts_to_count_vain_attempts_anew():
    granted, _ = wave(held("O1/p A3", attempts=1, vain=1), A=1, policy=GIVING_UP).parts
    assert (granted.attempts, granted.vain) == (2, 0)


def test_a_room_that_calls_lines_unfulfillable_is_heeded():
    parts = [held("O1/p A3"), held("O2/p B1")]
    found = wave(*parts, A=1, policy=allocating(unserved="unfulfillable"))
    assert shown(found) == ["O1/p/granted/1 A1 allocated", "O1/p A2 unfulfillable", "O2/p B1 backordered"]


def test_who_gives_up_has_stood_in_the_queue_at_that_instant():
    """Under STRICT what was not served keeps its SKUs; a second run at the same instant must not give them away."""
    policy = WavePolicy(allocation=AllocationPolicy(shortage="strict"), max_attempts=1)
    parts = [held("O1/p A3"), held("O2/p A1", placed=1)]
    first = wave(*parts, A=1, policy=policy)
    assert shown(first) == ["O1/p A3 unfulfillable", "O2/p A1 unfulfillable"]
    again = wave(first.parts[0], parts[1], A=1, policy=policy)
    assert again.parts == first.parts
    assert shown(wave(first.parts[0], parts[1], A=1, policy=policy, at=NOW + DAY))[1] == "O2/p A1 allocated"


def test_who_gave_up_takes_nothing_from_those_who_wait():
    gone = held("O1/p A1", state="unfulfillable", attempts=1, tried_at=NOW)
    assert shown(wave(gone, held("O2/p A1", placed=1), A=1)) == ["O1/p A1 unfulfillable", "O2/p A1 allocated"]


def test_stock_that_comes_at_the_same_instant_serves_and_counts():
    first = wave(held("O1/p A3"), A=1)
    second = wave(*first.parts, A=2)
    assert shown(second) == ["O1/p/granted/1 A1 allocated", "O1/p/granted/2 A1 allocated", "O1/p A1 backordered"]
    assert [effect.key for effect in second.effects if effect.kind == "capture"] == [
        "O1/p/granted/1:allocated:capture",
        "O1/p/granted/2:allocated:capture",
    ]


def test_a_run_with_an_earlier_instant_counts_nothing():
    part = held("O1/p A3", state="backordered", attempts=2, tried_at=NOW + DAY)
    granted, rest = wave(part, A=1).parts
    assert (granted.origin.attempt, granted.origin.at, rest.tried_at) == (3, NOW + DAY, NOW + DAY)
    assert wave(part).parts == (part,)


def test_who_gave_up_later_has_stood_in_the_queue_before():
    policy = WavePolicy(allocation=AllocationPolicy(shortage="strict"))
    gone = held("O1/p A3", state="unfulfillable", attempts=1, tried_at=NOW + DAY)
    assert shown(wave(gone, held("O2/p A1", placed=1), A=1, policy=policy))[1] == "O2/p A1 backordered"
    by_hand = held("O1/p A3", state="unfulfillable")
    assert shown(wave(by_hand, held("O2/p A1", placed=1), A=1, policy=policy))[1] == "O2/p A1 allocated"


@pytest.mark.parametrize("rest", ["A1", "d1"], ids=["goods", "digital"])
def test_what_was_due_is_not_tried_before_its_street_date(rest):
    part = advance(held(f"O1/p {rest}", street=NOW), action="release", at=NOW)
    assert wave(part, A=1, at=NOW - DAY, policy=WavePolicy(max_attempts=1)).parts == (part,)


# Overdue


@pytest.mark.parametrize(
    ("part", "age", "reported"),
    [
        (held("O1/p A1"), 0 * DAY, True),
        (held("O1/p A1"), 10 * DAY, True),
        (held("O1/p A1"), 10 * DAY + HOUR, False),
        (held("O1/p A1", street=NOW - DAY), DAY, True),
        (held("O1/p A1", street=NOW - DAY), 2 * DAY, False),
        (held("O1/p A1", hold="unpaid", state="due"), DAY, False),
    ],
    ids=["at once", "since it was placed", "not yet", "since its street date", "not yet since then", "no backorder"],
)
def test_an_old_backorder_is_reported(part, age, reported):
    policy = WavePolicy(report_after=age)
    found = wave(part, policy=policy)
    assert found.overdue == (("O1/p",) if reported else ())
    keys = [effect.key for effect in found.effects if effect.reason == "overdue"]
    assert keys == (["O1/p:overdue:notify"] if reported else [])
    if reported:
        assert wave(*found.parts, policy=policy, at=NOW + DAY).effects == found.effects


def test_what_is_served_is_not_overdue():
    assert wave(held("O1/p A1"), A=1, policy=WavePolicy(report_after=DAY)).overdue == ()


# Results that are saved in part


def test_only_what_changed_is_to_be_saved():
    found = wave(held("O1/p A3"), held("O2/p A1", state="allocated"), held("O3/p B1", street=NOW + DAY), A=2)
    assert {name: [one.part.id for one in new] for name, new in found.replaced.items()} == {
        "O1/p": ["O1/p/granted/1", "O1/p"]
    }
    assert wave(*found.parts, A=2).replaced == {}


def test_a_part_whose_rest_was_not_saved_is_mended():
    before = held("O1/p A5 f1", street=NOW)
    first = wave(before, A=2)
    granted, rest = first.parts
    assert wave(before, granted, A=2).parts == (rest, granted)
    second = wave(granted, rest, A=3, at=NOW + DAY)
    assert shown(second)[1:] == ["O1/p/granted/2 A1 allocated", "O1/p A2 backordered"]
    assert wave(*second.parts[:2], before, A=3, at=NOW + DAY).parts == second.parts


def test_a_part_of_which_no_rest_was_saved_in_two_waves_is_mended_in_whatever_order_the_parts_are():
    before = held("O1/p A5")
    one, rest = wave(before, A=2).parts
    two, rest = wave(rest, one, A=3, at=NOW + DAY).parts[:2]
    assert (rest.attempts, rest.last_grant) == (2, 2)
    assert (one.last_grant, two.last_grant) == (0, 0)
    for saved in ([before, one, two], [before, two, one]):
        assert wave(*saved, A=3, at=NOW + DAY).parts[0] == rest


def test_what_was_cancelled_meanwhile_is_mended_and_stays_so():
    before = held("O1/p A3")
    granted, _ = wave(before, A=2).parts
    gone = advance(before, action="release", at=NOW)
    gone = advance(gone, action="cancel", at=NOW)
    assert shown(wave(gone, granted, A=2)) == ["O1/p A1 cancelled", "O1/p/granted/1 A2 allocated"]


@pytest.mark.parametrize(
    ("own", "quantities"),
    [("A3", {"1": 3}), ("A1", {"1": 2}), ("B5", {"2": 1}), ("A1 B5", {"1": 2, "2": 1})],
    ids=["as much", "less", "another line", "less of one line"],
)
def test_a_part_that_holds_no_more_than_was_granted_out_of_it_is_refused(own, quantities):
    origin = Origin(part_id="O1/p", attempt=1, at=NOW, quantities=quantities)
    granted = held("O1/g A1", state="allocated", origin=origin, attempts=1)
    match = r"parts\[1\]: must hold more units than O1/g got, which were granted out of it"
    with pytest.raises(InvalidArgument, match=match) as caught:
        wave(granted, held(f"O1/p {own}"), A=9)
    assert caught.value.code == "part.excess"


def test_a_part_is_mended_by_what_was_granted_whatever_became_of_that():
    """The first part alone was saved, its stock was lost, and what it became was saved while its parent was not."""
    before = held("O1/p A5")
    granted = advance(wave(before, A=3).parts[0], action="lose_stock", at=NOW)
    second = wave(before, granted, A=3, at=NOW + DAY)
    saved = [before, *second.replaced["O1/p/granted/1"]]
    third = wave(*saved, A=3, at=NOW + DAY)
    assert shown(third) == [
        "O1/p A2 allocated",
        "O1/p/granted/1/granted/2 A1 allocated",
        "O1/p/granted/1 A2 backordered",
    ]
    assert {effect.key for effect in third.effects} == {effect.key for effect in second.effects}


def test_a_part_is_mended_though_it_was_tried_by_hand():
    before = advance(held("O1/p A5"), action="release", at=NOW)
    granted, _ = wave(before, A=3).parts
    by_hand = advance(before, action="backorder", at=NOW + DAY)
    found = wave(by_hand, granted, A=4, at=NOW + DAY)
    assert shown(found) == ["O1/p/granted/2 A1 allocated", "O1/p A1 backordered", "O1/p/granted/1 A3 allocated"]
    assert found.parts[1].tried_at == NOW + DAY


def test_an_id_that_is_taken_is_not_given_again():
    again = held("O1/p A3")
    shipped = held("O1/p/granted/1 A1", state="shipped")
    match = r"parts\[1\].attempts: must be carried over, for O1/p/granted/1 was granted before; last_grant, too"
    with pytest.raises(InvalidArgument, match=match) as caught:
        wave(shipped, again, A=1)
    assert caught.value.code == "id.repeated"
    carried = attrs.evolve(again, attempts=1, last_grant=1)
    assert shown(wave(shipped, carried, A=1))[1] == "O1/p/granted/2 A1 allocated"


def test_effects_are_those_of_the_parts():
    found = wave(held("O1/p A3", street=NOW), held("O2/p B1", state="cancelled"), held("O3/p d1", paid=NOW), A=1)
    assert found.effects == tuple(effect for one in found.parts for effect in part_effects(one))
    assert [effect.key for effect in found.effects] == [
        "O1/p/granted/1:allocated:1:create_shipment",
        "O1/p/granted/1:allocated:capture",
        "O1/p:backordered:notify",
        "O2/p:cancelled:0:cancel",
        "O3/p:allocated:1:create_shipment",
    ]


def test_money_is_captured_under_one_key_however_often_stock_is_lost():
    [first] = wave(held("O1/p A1"), A=1).parts
    second = wave(advance(first, action="lose_stock", at=NOW), A=1, at=NOW + DAY)
    assert [effect.key for effect in part_effects(first)] == [
        "O1/p:allocated:1:create_shipment",
        "O1/p:allocated:capture",
    ]
    assert [effect.key for effect in second.effects] == ["O1/p:allocated:2:create_shipment", "O1/p:allocated:capture"]


def test_money_that_came_in_late_is_kept_and_not_asked_for_again():
    given_up = held("O1/p A1", state="unfulfillable", attempts=1)
    with pytest.raises(InvalidArgument, match="cannot pay a part in state unfulfillable; allowed: cancel, reopen"):
        advance(given_up, action="pay", at=NOW)
    reopened = advance(attrs.evolve(given_up, paid=NOW), action="reopen", at=NOW)
    assert [effect.kind for effect in wave(reopened, A=1).effects] == ["create_shipment"]


def test_a_hold_does_not_stop_what_is_allocated():
    before = held("O1/p A1", state="allocated", hold="review", attempts=1, picked=NOW, paid=NOW)
    assert wave(before, A=1).parts == (before,)
    assert advance(before, action="ship", at=NOW).state is PartState.SHIPPED
    lost = advance(before, action="lose_stock", at=NOW)
    assert shown(wave(lost, A=1)) == ["O1/p A1 backordered"]


def test_what_needs_no_stock_has_no_decision_and_still_is_to_be_picked_and_paid():
    found = wave(held("O1/p d1"))
    assert (shown(found), tuple(found.decisions)) == (["O1/p d1 allocated"], ())
    with pytest.raises(InvalidArgument, match="needs first: picked, paid"):
        advance(found.parts[0], action="ship", at=NOW)


def test_a_key_of_the_shops_own_sees_lines_as_they_are():
    seen = set()

    def newest_first(line):
        seen.add((line.order_id, line.line_id, line.quantity))
        return -line.placed_at.timestamp()

    found = wave(held("O1/p A2"), held("O2/p B1 A1", placed=1), A=1, policy=allocating(queue=newest_first))
    assert shown(found) == ["O1/p A2 backordered", "O2/p/granted/1 A1 allocated", "O2/p B1 backordered"]
    assert seen == {("O1", "1", 2), ("O2", "1", 1), ("O2", "2", 1)}


@pytest.mark.parametrize(
    ("policy", "served"),
    [({"queue": "priority"}, "O2"), ({"queue": "earliest_street_date"}, "O3"), ({}, "O1")],
    ids=["priority", "street date", "first come"],
)
def test_the_policy_gives_parts_their_turn(policy, served):
    parts = [
        held("O1/p A1", street=NOW, priority=1),
        held("O2/p A1", street=NOW, placed=1),
        held("O3/p A1", street=NOW - DAY, priority=1, placed=2),
    ]
    found = wave(*parts, A=1, policy=allocating(**policy))
    assert [one.part.order_id for one in found.parts if one.state is PartState.ALLOCATED] == [served]


def test_a_fair_rule_divides_parts():
    found = wave(held("O1/p A6"), held("O2/p A3", placed=1), A=3, policy=allocating(ration="webster"))
    assert [one for one in shown(found) if "granted" in one] == [
        "O1/p/granted/1 A2 allocated",
        "O2/p/granted/1 A1 allocated",
    ]


def test_a_wave_survives_pickling():
    found = wave(held("O1/p A3"), A=1)
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: wave(held("O1/p A1"), held("O1/p B1")), r"parts\[1\].part.id: the ids of parts must be unique"),
        (lambda: sourcing_wave([1], available={}, at=NOW), r"parts\[0\]: must be a HeldPart"),
        (lambda: sourcing_wave([], available=[], at=NOW), "available: must be a mapping"),
        (lambda: wave(A=-1), r"available\['A'\]: must be a whole number >= 0"),
        (lambda: wave(at=NOW.replace(tzinfo=None)), "at: must have a UTC offset"),
        (lambda: wave(policy=AllocationPolicy()), "policy: must be a WavePolicy"),
    ],
)
def test_a_mistake_is_refused(call, match):
    with pytest.raises(InvalidArgument, match=f"^{match}"):
        call()
