"""What the page on policies says of them is so: each cell of its tables, on every small room.

At "yes" no small room breaks the property, at "no" one does.
"""

import datetime as dt
from itertools import permutations, product
from pathlib import Path

import attrs
import pytest

from preorder_kit import (
    AllocationPolicy,
    Component,
    LeadTime,
    Order,
    OrderLine,
    PromiseRules,
    Rationing,
    Receipt,
    ShippingTimes,
    Supply,
    Unserved,
    WaitingLine,
    allocate,
    move_receipt,
    needs,
    promise_orders,
    ration,
    repromise,
)

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "policies.md"
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
SECOND = dt.timedelta(seconds=1)
SET = (Component("A"), Component("B"))


def tables():
    """Return the first word of the head of each table -> its rows, as mappings of heads to cells."""
    found, head = {}, None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else None
        if cells is None:
            head = None
        elif head is None:
            head = cells
            found[head[0]] = []
        elif not set(cells[0]) <= {"-", " "}:
            found[head[0]].append(dict(zip(head, cells, strict=True)))
    return found


def cells(name):
    return list(_cells(name))


def _cells(name):
    for row in tables()[name]:
        for head, said in row.items():
            if head != name:
                yield pytest.param(row[name], head, said, id=f"{row[name]}, {head}")


def line(place, units, recipe=(), **fields):
    placed_at = NOW + place * SECOND
    sku = "SET" if recipe else "A"
    given = {"order_id": f"O{place}", "line_id": "1", "sku": sku, "quantity": units, "placed_at": placed_at}
    return WaitingLine(**given, components=recipe, **fields)


def rooms_of_one_sku():
    """Yield one or two claims of up to three units, and three of up to two; stock from none to one too many."""
    for count, most in ((1, 3), (2, 3), (3, 2)):
        for claims in product(range(1, most + 1), repeat=count):
            for there in range(sum(claims) + 2):
                yield [line(place, units) for place, units in enumerate(claims)], {"A": there}


def rooms_with_bundles():
    """Yield two lines of one or two units, and three of one, each of A or of sets, with little of A and B."""
    for count, most in ((2, 2), (3, 1)):
        for recipes, claims in product(product([(), SET], repeat=count), product(range(1, most + 1), repeat=count)):
            queue = [line(place, claims[place], recipes[place]) for place in range(count)]
            for there in product(range(4), repeat=2):
                yield queue, dict(zip("AB", there, strict=True))


POLICIES = {
    "`partial`": (AllocationPolicy(), rooms_of_one_sku),
    "`partial`, with bundles": (AllocationPolicy(), rooms_with_bundles),
    "`partial`, whole orders": (AllocationPolicy(unit="order"), rooms_of_one_sku),
    "`skip`": (AllocationPolicy(shortage="skip"), rooms_of_one_sku),
    "`strict`": (AllocationPolicy(shortage="strict"), rooms_of_one_sku),
} | {
    f"`{rule}`": (AllocationPolicy(ration=rule), rooms_of_one_sku)
    for rule in Rationing
    if rule is not Rationing.IN_ORDER
}
# A rule with a remainder shows what it does on larger claims than three: these are tried besides.
LARGER = [([6, 6, 2], range(15)), ([1, 2, 2], range(6)), ([6, 2], range(9)), ([2, 6], range(9))]


def held(queue, there, policy, grants=()):
    found = allocate(queue, available=there, policy=policy, at=NOW, grants=grants)
    return [decision.granted for decision in found.decisions], found


def wanted(lines, units):
    """Return the SKUs of which lines want more than they hold."""
    return {
        need.sku for one, granted in zip(lines, units, strict=True) if granted < one.quantity for need in needs(one)
    }


def nobody_is_overtaken(queue, there, policy):
    units, _ = held(queue, there, policy)
    return not any(
        granted and wanted(queue[:place], units[:place]) & {need.sku for need in needs(queue[place])}
        for place, granted in enumerate(units)
    )


def more_takes_nothing_away(queue, there, policy):
    units, _ = held(queue, there, policy)
    more = [held(queue, there | {sku: there[sku] + 1}, policy)[0] for sku in there]
    return all(granted >= before for found in more for granted, before in zip(found, units, strict=True))


def only_whole_claims(queue, there, policy):
    units, _ = held(queue, there, policy)
    return all(granted in {0, one.quantity} for granted, one in zip(units, queue, strict=True))


def nothing_lies_idle(queue, there, policy):
    units, found = held(queue, there, policy)
    return not any(found.left_over[sku] for sku in wanted(queue, units))


def in_steps_as_at_once(queue, there, policy):
    """All of A comes first, unit by unit, then all of B, and the other way round."""
    at_once, _ = held(queue, there, policy)
    for skus in (sorted(there), sorted(there, reverse=True)):
        so_far, grants = dict.fromkeys(there, 0), ()
        for sku in skus:
            for _ in range(there[sku]):
                so_far[sku] += 1
                grants = held(queue, so_far, policy, grants)[1].grants
        if held(queue, there, policy, grants)[0] != at_once:
            return False
    return True


def equals_alike(queue, there, policy):
    units, _ = held(queue, there, policy)
    return all(
        abs(units[one] - units[other]) <= 1
        for one, other in product(range(len(queue)), repeat=2)
        if (queue[one].sku, queue[one].quantity) == (queue[other].sku, queue[other].quantity)
    )


def a_later_order_changes_nothing(queue, there, policy):
    units, _ = held(queue, there, policy)
    before, _ = held(queue[:-1], there, policy)
    return units[:-1] == before


def asking_for_more_never_pays(queue, there, policy):
    units, _ = held(queue, there, policy)
    for place, one in enumerate(queue):
        for more in (1, 4):
            told = [*queue[:place], attrs.evolve(one, quantity=one.quantity + more), *queue[place + 1 :]]
            if min(one.quantity, held(told, there, policy)[0][place]) > units[place]:
                return False
    return True


PROPERTIES = {
    "nobody is overtaken": nobody_is_overtaken,
    "more stock takes nothing away": more_takes_nothing_away,
    "only whole claims": only_whole_claims,
    "nothing lies idle": nothing_lies_idle,
    "in steps as at once": in_steps_as_at_once,
    "equals alike": equals_alike,
    "a later order changes nothing": a_later_order_changes_nothing,
    "asking for more never pays": asking_for_more_never_pays,
}


def tried(policy, rooms):
    yield from rooms()
    if policy.ration is not None:
        for claims, stocks in LARGER:
            for there in stocks:
                yield [line(place, units) for place, units in enumerate(claims)], {"A": there}


@pytest.mark.parametrize(("name", "head", "said"), cells("policy"))
def test_a_policy_keeps_to_what_the_page_says(name, head, said):
    policy, rooms = POLICIES[name]
    keeps = all(PROPERTIES[head](queue, there, policy) for queue, there in tried(policy, rooms))
    assert said == ("yes" if keeps else "no")


def test_the_table_has_each_policy_and_each_property():
    rows = tables()["policy"]
    assert [row["policy"] for row in rows] == list(POLICIES)
    assert list(rows[0]) == ["policy", *PROPERTIES]


def queues_of_two():
    """Yield two lines, the second of which was placed later, with all priorities and street dates."""
    dates = [None, NOW - SECOND, NOW]
    for priorities, streets in product(product([0, 1], repeat=2), product(dates, repeat=2)):
        yield [
            line(place, 1, priority=priority, street_date=street)
            for place, (priority, street) in enumerate(zip(priorities, streets, strict=True))
        ]


@pytest.mark.parametrize(("name", "head", "said"), cells("queue"))
def test_a_queue_keeps_to_what_the_page_says(name, head, said):
    policy = AllocationPolicy(queue=name.strip("`"))
    kept = []
    for queue in queues_of_two():
        found = allocate(queue, available={"A": 1}, policy=policy, at=NOW)
        first = found.decisions[0].order_id == "O0"
        kept.append(first if head == "the earlier instant comes first" else found.of("O0")[0].granted == 1)
    assert said == ("yes" if all(kept) else "no")


def test_who_is_told_apart_as_unfulfillable_gets_the_same_units():
    for queue, there in rooms_of_one_sku():
        one, other = (held(queue, there, AllocationPolicy(unserved=unserved))[0] for unserved in Unserved)
        assert one == other


def test_by_largest_remainder_a_claim_loses_a_unit_to_one_that_has_grown_less():
    claims = [(1, 1, 6), (2, 1, 7)]
    assert [ration(5, claims=those, rule="proportional") for those in claims] == [(1, 0, 4), (1, 1, 3)]


def test_under_webster_no_claim_loses_a_unit_to_one_that_has_grown_less():
    every = list(product(range(1, 5), repeat=3))
    for before, after in product(every, repeat=2):
        units = min(sum(before), sum(after)) // 2
        old, new = (ration(units, claims=claims, rule="webster") for claims in (before, after))
        for one, other in permutations(range(3), 2):
            grew_more = after[one] * before[other] > after[other] * before[one]
            assert not (grew_more and new[one] < old[one] and new[other] > old[other])


TIMES = ShippingTimes(handling=LeadTime(0, 0), transit=LeadTime(1, 1))
CHRISTMAS, COMES, SLIPS = dt.date(2026, 12, 24), dt.date(2026, 12, 14), dt.date(2027, 1, 8)


def shops():
    """Yield units on hand, units that come in time for the first order, and units that the two orders ask for."""
    return product(range(3), range(3), (1, 2), (1, 2))


def promised(rules, there, coming, far, near):
    receipt = Receipt(sku="A", quantity=coming, expected=COMES, reference="PO1")
    supply = Supply(on_hand={"A": there}, receipts=[receipt])
    orders = [
        Order(
            id=name,
            placed_at=NOW,
            lines=[OrderLine(id="1", sku="A", quantity=units, when_short="wait", requested=requested)],
        )
        for name, units, requested in [("far", far, CHRISTMAS), ("near", near, None)]
        if units
    ]
    return orders, supply, promise_orders(orders, supply=supply, times=TIMES, at=NOW, rules=rules)


def units_at_once(promises, name):
    return sum(one.quantity for one in promises if one.order_id == name and one.kind == "in_stock")


def nobody_waits_longer(rules, there, coming, far, near):
    _, _, promises = promised(rules, there, coming, far, near)
    return units_at_once(promises, "far") == min(far, there)


def stock_stays_free(rules, there, coming, far, near):
    _, _, promises = promised(rules, there, coming, far, near)
    return units_at_once(promises, "near") == min(near, there - min(there, max(0, far - coming)))


def a_late_receipt_breaks_nothing(rules, there, coming, far, near):
    """The other order leaves with its stock, then the receipt slips: what stock could have served is still kept."""
    orders, supply, promises = promised(rules, there, coming, far, near)
    late = move_receipt(supply, reference="PO1", expected=SLIPS)
    late = attrs.evolve(late, on_hand={"A": there - units_at_once(promises, "near")})
    own = [one for one in promises if one.order_id == "far"]
    found = repromise(own, orders=orders[:1], supply=late, times=TIMES, at=NOW, rules=rules)
    return sum(one.quantity for one in found.kept if one.delivery) >= min(far, there)


PEGGING = {
    "nobody waits longer than they must": nobody_waits_longer,
    "stock stays free for who needs it sooner": stock_stays_free,
    "a late receipt breaks no promise that stock could have kept": a_late_receipt_breaks_nothing,
}


@pytest.mark.parametrize(("name", "head", "said"), cells("pegging"))
def test_a_pegging_keeps_to_what_the_page_says(name, head, said):
    rules = PromiseRules(pegging=name.strip("`"))
    keeps = all(PEGGING[head](rules, *shop) for shop in shops())
    assert said == ("yes" if keeps else "no")
