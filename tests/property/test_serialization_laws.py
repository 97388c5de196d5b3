"""Laws of documents: every value of the library as JSON, its schema, and what is spoilt.

- a value comes back equal, is written again the same, and its document is valid against the schema of its kind
- several values come back in their order, listed or by name
- equal values are written alike, whatever order their mappings and sets were built in
- a spoilt document is read or named with its problems, never anything else; what is read from it comes back, too
- what the schema of a kind refuses, its reader refuses
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from functools import cache
from typing import Any

import attrs
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from preorder_kit import (
    Authorisation,
    AuthorisationKind,
    AuthorisationWindow,
    CaptureMode,
    ChargePolicy,
    CutOff,
    HeldPart,
    InvalidDocument,
    Mix,
    Need,
    Place,
    Problem,
    PromiseRules,
    Section,
    Stock,
    Supply,
    WavePolicy,
    WhenShort,
    WorkCalendar,
    allocate,
    atp_timeline,
    balance_timeline,
    charge_plan,
    compare_allocations,
    derive_stock,
    describe_plan,
    move_street_date,
    promise_order,
    quote,
    reduce_line,
    repromise,
    revoke,
    source_order,
    sourcing_wave,
    split_order,
)
from preorder_kit.serialization import from_json, json_schema, to_json
from preorder_kit.testing import (
    World,
    allocation_policies,
    available_for,
    components,
    date_ranges,
    days,
    instants,
    lead_times,
    lines_waiting,
    promise_rules,
    quantities,
    sell_rules,
    shipping_times,
    skus,
    sourcing_rules,
    split_rules,
    supplies,
    waiting_instants,
    waiting_queues,
    work_calendars,
    worlds,
    zones,
)

times = st.builds(dt.time, st.integers(0, 23), st.integers(0, 59), st.sampled_from([0, 30]), st.sampled_from([0, 250]))
lengths = st.builds(dt.timedelta, st.integers(0, 40), st.integers(0, 90_000), st.integers(0, 3))
cut_offs = st.builds(CutOff, time=times, zone=zones(), by_weekday=st.dictionaries(st.integers(0, 6), times, max_size=3))
steps = st.builds(relativedelta, months=st.integers(0, 20), days=st.integers(0, 20))


def estimate(step: relativedelta, more: int) -> PromiseRules:
    return PromiseRules(estimate=(step, step + relativedelta(days=more)))


estimates = st.builds(estimate, steps, st.integers(0, 9))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=5,
)
problems = st.builds(Problem, path=st.text("ab.", max_size=3), code=st.just("a"), message=st.just("b"), value=plain)
windows = st.builds(
    AuthorisationWindow,
    network=skus(),
    kind=st.sampled_from(AuthorisationKind),
    duration=lengths.map(lambda length: length + dt.timedelta(1)),
    source=skus(),
    effective=days(),
)
need = st.builds(
    Need,
    sku=skus(),
    quantity=st.integers(1, 9),
    when_short=st.sampled_from(WhenShort),
    street_date=st.none() | instants(),
)
sections = st.builds(
    lambda options, quantity: Section(options=options[:1], quantity=quantity, mix=Mix.ANY),
    components(),
    st.integers(1, 9),
)
small = (
    cut_offs
    | estimates
    | problems
    | windows
    | need
    | sections
    | date_ranges()
    | lead_times()
    | sell_rules()
    | shipping_times()
    | sourcing_rules()
    | split_rules()
    | supplies()
    | promise_rules()
    | work_calendars()
    | allocation_policies()
    | st.builds(WavePolicy, allocation=allocation_policies(), report_after=st.none() | lengths)
)


def of_a_world(world: World, mode: CaptureMode) -> list[Any]:
    """Return values of many classes that follow from an order and a supply."""
    facts = {"times": world.times, "at": world.at}
    plan = split_order(world.order, supply=world.supply, **facts)
    promises = promise_order(world.order, supply=world.supply, **facts)
    parts = [HeldPart(part=part, placed_at=world.order.placed_at, ship=world.order.ship) for part in plan.parts]
    sku, day = world.order.lines[0].sku, world.at.date()
    held = Authorisation(amount=1000, authorised_at=world.at, window=dt.timedelta(days=6))
    policy = ChargePolicy(mode=mode, deposit=30 if mode is CaptureMode.DEPOSIT else None)
    later = world.at + dt.timedelta(days=300)
    return [
        world.order,
        *world.order.lines,
        *world.supply.receipts,
        *world.supply.commitments,
        plan,
        *plan.parts,
        *plan.cancelled,
        *promises,
        *parts,
        held,
        policy,
        repromise(promises, orders=[world.order], supply=Supply(on_hand={}), **facts),
        charge_plan(world.order, plan, policy=policy, authorisation=held),
        source_order(world.order.lines, locations={"X": world.supply}, day=day),
        sourcing_wave(parts, available={sku: 3}, at=world.at),
        move_street_date(plan.parts, sku=sku, street_date=later, at=world.at),
        move_street_date([world.order, *parts], sku=sku, street_date=later, at=world.at),
        *describe_plan(plan, place=Place.CONFIRMATION, at=world.at, zone="UTC"),
        *atp_timeline(world.supply, sku=sku, start=day),
        *balance_timeline(world.supply, sku=sku, start=day),
    ]


def of_a_room(queue: Any, units: Any, at: dt.datetime) -> list[Any]:
    """Return values of many classes that follow from a queue and what is there."""
    found = allocate(queue, available=units, at=at)
    none = allocate(queue, available={}, at=at)
    line = queue[0]
    return [
        found,
        none,
        compare_allocations(none, found),
        *found.decisions,
        *found.grants,
        *queue,
        revoke(queue, grants=found.grants, take_back={grant.sku: 1 for grant in found.grants}),
        reduce_line(queue, grants=found.grants, order_id=line.order_id, line_id=line.line_id, to=0),
    ]


@st.composite
def stocks(draw: st.DrawFn) -> Any:
    """Return what the page may say, and what becomes of a request."""
    found = derive_stock(on_hand=draw(quantities()), waiting=draw(st.integers(0, 3)), rules=draw(sell_rules()), at=AT)
    return draw(st.sampled_from([found, quote(draw(st.integers(1, 30)), stock=found)]))


AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.timezone.utc)
of_worlds = st.builds(of_a_world, worlds(addresses=("", "home"), recipes=components()), st.sampled_from(CaptureMode))
of_rooms = waiting_queues(lines_waiting(recipes=components())).flatmap(
    lambda queue: (
        st.builds(of_a_room, st.just(queue), available_for(queue), waiting_instants())
        if queue
        else st.just([Stock(availability="unknown", quantity=None)])
    )
)
VALUES = small | stocks() | of_worlds.flatmap(st.sampled_from) | of_rooms.flatmap(st.sampled_from)


@cache
def validator(cls: type) -> Draft202012Validator:
    return Draft202012Validator(json_schema(cls), format_checker=Draft202012Validator.FORMAT_CHECKER)


@given(VALUES)
def test_a_value_comes_back_and_its_document_is_valid(value):
    document = to_json(value)
    assert from_json(document) == from_json(document, type(value)) == value
    assert to_json(from_json(document)) == document
    validator(type(value)).validate(json.loads(document))


@given(st.lists(supplies(), max_size=3), st.permutations(["B", "A", "C"]))
def test_several_values_come_back_in_their_order(values, names):
    named = dict(zip(names, values, strict=False))
    assert from_json(to_json(values, of=Supply)) == tuple(values)
    assert list(from_json(to_json(named, of=Supply)).items()) == list(named.items())


@given(supplies(), cut_offs, st.lists(days(), max_size=9))
def test_equal_values_are_written_alike(supply, cut_off, holidays):
    turned = dict(reversed(list(supply.on_hand.items())))
    assert to_json(attrs.evolve(supply, on_hand=turned)) == to_json(supply)
    weekdays = dict(reversed(list(cut_off.by_weekday.items())))
    assert to_json(attrs.evolve(cut_off, by_weekday=weekdays)) == to_json(cut_off)
    one, other = (WorkCalendar(weekdays=range(7), holidays=found) for found in (holidays, holidays[::-1]))
    assert to_json(one) == to_json(other)


JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    10**39,
    5.5,
    "",
    "x",
    "unlimited",
    "in_order",
    "2027-01-20",
    "20270120",
    "2027-01-20T00:00:00Z",
    "2027-01-20T00:00Z",
    "17:00",
    [],
    {},
    [1, 1],
    [None],
    {"": 1},
    {"05": "17:00"},
    {"days": 10**12},
    {"earliest": "2027-01-20", "latest": "2027-01-19"},
]


def places(node: Any) -> list[tuple[Any, Any]]:
    """Return each object or list in a document, with each of its keys."""
    items = list(node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ())
    return [(node, key) for key, _ in items] + [place for _, item in items for place in places(item)]


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[type, Any]:
    """Return a class and a document of it in which something is missing, more, or something else."""
    value = draw(VALUES)
    document = json.loads(to_json(value))
    for _ in range(draw(st.integers(1, 2))):
        holder, key = draw(st.sampled_from(places(document)[1:] or places(document)))
        match draw(st.integers(0, 3)):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            case 2 if isinstance(holder, dict):
                holder[draw(st.sampled_from(["x", "5", "05", " "]))] = holder.pop(key)
            case _:
                holder[key] = copy.deepcopy(draw(st.sampled_from(JUNK)))
    return type(value), document


def read(document: str, cls: type) -> Any:
    """Return what a document holds; nothing if it has problems that are named."""
    try:
        return from_json(document, cls)
    except InvalidDocument as error:
        problems = error.problems
    assert all(problem.message and problem.code for problem in problems)
    return None


@given(spoilt())
def test_a_spoilt_document_is_read_or_named_with_its_problems_and_no_more_than_its_schema_allows(pair):
    cls, document = pair
    found = read(json.dumps(document), cls)
    if found is not None:
        assert from_json(to_json(found), cls) == found
        assert validator(cls).is_valid(document)
