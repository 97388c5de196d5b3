"""Laws of the messages of Adobe Commerce OMS.

- an order that is written is read back, but for what the system has no field for; bundles inside others come apart
- an order that is written with its plan loses no unit and no money, and what is open of it needs what its plan keeps
- a snapshot, an adjustment, an aggregate, a street date and a shipment that are written are read back equal
- a snapshot sets what it lists, and what it does not list as its mode says, whatever was there; twice is once
- an older snapshot and an older adjustment change nothing
- an adjustment adds up: what was there, with the change, is what is there, less what is short
- the messages of a batch are one snapshot, in whatever order they come
- a status keeps its words, and what is said of a state means a state of which the same is said
- a reader given any mutation of a message reads or names problems, and nothing else
"""

import copy
import datetime as dt
import json
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    UNLIMITED,
    Amount,
    CancelReason,
    Component,
    InvalidDocument,
    LineKind,
    PartState,
    ShipPolicy,
    Supply,
    demand,
    split_order,
)
from preorder_kit.adapters import adobe_oms
from preorder_kit.adapters.adobe_oms import (
    AggregateSnapshot,
    OmsAddress,
    OmsOrderFacts,
    OmsPackage,
    OmsShipment,
    OmsShipmentItem,
    OmsStreetDate,
    SnapshotBatch,
    SnapshotMode,
    SourceAdjustment,
    SourceSnapshot,
    apply_adjustment,
    apply_aggregate,
    apply_snapshot,
    item_status,
    item_status_for,
    join_snapshots,
    order_status,
    read_aggregate_snapshot,
    read_order_create,
    read_order_updated,
    read_shipment_done,
    read_source_adjustment,
    read_source_snapshot,
    read_street_date_change,
    write_aggregate_snapshots,
    write_order_create,
    write_order_updated,
    write_shipment_done,
    write_source_adjustments,
    write_source_snapshots,
    write_street_date_change,
)
from preorder_kit.testing import components, instants, orders, quantities, supplies

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "adobe_oms"


def facts(reference: str) -> OmsOrderFacts:
    home = OmsAddress(
        reference=reference, first_name="N", last_name="V", address1="Kade 7", city="Rotterdam", country_code="NL"
    )
    addresses = [home, attrs.evolve(home, reference=f"{reference}2")]
    return OmsOrderFacts(
        store="web", ip="::1", vat_country="NL", customer_id="C", payment_reference="pay", addresses=addresses
    )


HOME, AWAY = "home", "home2"
FACTS = facts(HOME)


def without_fees(recipe):
    """Return a recipe of goods and digital goods alone: fees are no parts of bundles there."""
    kept = [attrs.evolve(part, components=without_fees(part.components)) for part in recipe]
    return tuple(attrs.evolve(part, kind="goods") if part.kind is LineKind.FEE else part for part in kept)


def writable(order):
    lines = [attrs.evolve(line, amount=line.amount or Amount(0)) for line in order.lines]
    return attrs.evolve(order, lines=lines, ship=ShipPolicy.AS_AVAILABLE)


writable_orders = orders(addresses=(HOME, AWAY), recipes=components().map(without_fees)).map(writable)


def taken_apart(recipe, each=1, street=None, when_short=None):
    flat = []
    for part in recipe:
        says = part.street_date or street, part.when_short or when_short
        if part.components:
            flat += taken_apart(part.components, each * part.quantity, *says)
        else:
            flat.append(Component(part.sku, each * part.quantity, (), part.kind, *says))
    return flat


def as_said(line):
    return attrs.evolve(line, components=taken_apart(line.components), requested=None, promised=None)


@given(writable_orders)
def test_an_order_is_read_back(order):
    found = read_order_create(write_order_create(order, facts=FACTS, message_id="1"))
    assert found == attrs.evolve(order, priority=0, lines=[as_said(line) for line in order.lines])
    assert demand([found]) == demand([order])


def paid(amounts):
    return Amount(*(sum(getattr(one, name) for one in amounts) for name in ("net", "tax", "discount")))


@given(writable_orders, supplies())
def test_no_unit_and_no_money_of_an_order_is_lost_on_its_way(order, supply):
    plan = split_order(order, supply=supply, at=order.placed_at)
    document = write_order_updated(order, plan, facts=FACTS, message_id="1")
    update = read_order_updated(document)
    sent = json.loads(document)["params"]["order"]["lines"]
    numbers = {row["line_number"]: row["id"] for row in sent}
    assert len(numbers) == len({row["id"] for row in sent}) == len(sent)

    whole = {line.id: 0 for line in order.lines}
    for row in sent:
        if "parent_line_number" not in row:
            whole[numbers[row.get("original_line_number", row["line_number"])]] += row["quantity"]
    assert whole == {line.id: line.quantity for line in order.lines}

    created = json.loads(document)
    created["method"] = "magento.sales.order_management.create"
    for row in created["params"]["order"]["lines"]:
        row["status"] = None
    again = read_order_create(json.dumps(created))
    assert paid([line.amount for line in again.lines]) == paid([line.amount for line in order.lines])

    kept = [part for part in plan.parts for part in part.lines]
    by_id = {line.id: line for line in order.lines}
    lines = [attrs.evolve(by_id[part.line_id], quantity=part.quantity) for part in kept]
    assert demand([update.order]) == demand(lines)


skus = st.sampled_from("ABCD")
levels = st.dictionaries(skus, quantities())
modes = st.sampled_from(SnapshotMode)


@st.composite
def snapshots(draw):
    there = draw(levels)
    return SourceSnapshot(
        source_id="W1",
        mode=draw(modes),
        created_on=draw(instants()),
        levels=there,
        inflight={sku: draw(st.integers(0, 5)) for sku in there if draw(st.booleans())},
    )


@given(snapshots())
def test_a_snapshot_is_read_back(snapshot):
    [document] = write_source_snapshots(snapshot, message_id="1")
    assert read_source_snapshot(document).complete() == snapshot


@given(supplies(), snapshots(), st.lists(skus))
def test_a_snapshot_means_what_its_mode_says(supply, snapshot, unread):
    ignored = [sku for sku in dict.fromkeys(unread) if sku not in snapshot.levels]
    message = attrs.evolve(snapshot, ignored=ignored)
    update = apply_snapshot(supply, message)
    for sku in "ABCD":
        there, now = supply.on_hand.get(sku), update.supply.on_hand.get(sku)
        is_known = sku in supply.on_hand
        if sku in message.levels:
            assert now == message.levels[sku]
        elif is_known and sku not in ignored and message.mode is SnapshotMode.NONZERO and there is not UNLIMITED:
            assert now == 0
            assert (sku in update.zeroed) == (there != 0)
        else:
            assert now == there
            assert sku not in update.zeroed
        is_missing = is_known and sku not in message.levels and sku not in ignored
        assert (sku in update.unlisted) == (is_missing and message.mode is SnapshotMode.FULL)
    again = apply_snapshot(update.supply, message, known_at=update.as_of)
    assert again == attrs.evolve(update, zeroed=[])
    aggregate = AggregateSnapshot(
        aggregate_id="web", mode=message.mode, created_on=message.created_on, levels=message.levels, ignored=ignored
    )
    known = {sku: level for sku, level in supply.on_hand.items() if level is UNLIMITED or level >= 0}
    if known == supply.on_hand:
        assert apply_aggregate(known, aggregate).levels == update.supply.on_hand


@given(supplies(), snapshots())
def test_what_is_owed_to_orders_stays_owed(supply, snapshot):
    found = apply_snapshot(supply, snapshot).supply.commitments
    to_orders = [owed for owed in supply.commitments if owed.order_id or owed.due]
    assert [owed for owed in found if owed.order_id or owed.due] == to_orders
    for sku in snapshot.inflight:
        nobody = [owed.quantity for owed in found if owed.sku == sku and not owed.order_id and not owed.due]
        assert sum(nobody) == snapshot.inflight[sku]


@given(supplies(), snapshots(), st.timedeltas(dt.timedelta(microseconds=1), dt.timedelta(days=9)))
def test_what_is_older_changes_nothing(supply, snapshot, sooner):
    known_at = snapshot.created_on + sooner
    update = apply_snapshot(supply, snapshot, known_at=known_at)
    assert (update.supply, update.as_of, update.is_stale) == (supply, known_at, True)
    change = SourceAdjustment(source_id="W1", reason="R", created_on=snapshot.created_on, changes={"A": -1})
    assert apply_adjustment(supply, change, known_at=known_at) == update


adjustments = st.builds(
    SourceAdjustment,
    source_id=st.just("W1"),
    reason=st.sampled_from(["COUNT", " lost "]),
    created_on=instants(),
    changes=st.dictionaries(skus, st.integers(-20, 20)),
)


@given(supplies(), adjustments)
def test_an_adjustment_adds_up(supply, adjustment):
    update = apply_adjustment(supply, adjustment)
    for sku in "ABCD":
        there, now = supply.on_hand.get(sku, 0), update.supply.on_hand.get(sku, 0)
        if there is UNLIMITED or sku not in adjustment.changes:
            assert now == there
            assert (sku in update.unbounded) == (sku in adjustment.changes)
        else:
            assert now >= 0
            assert there + adjustment.changes[sku] == now - update.short.get(sku, 0)
            assert not (now and update.short.get(sku))
    [document] = write_source_adjustments(adjustment)
    assert read_source_adjustment(document).complete() == adjustment


@given(snapshots(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_a_batch_is_one_snapshot_in_whatever_order(snapshot, total, random):
    rows = list(snapshot.levels)
    parts = []
    for number in range(total):
        own = rows[number::total]
        parts.append(
            attrs.evolve(
                snapshot,
                levels={sku: snapshot.levels[sku] for sku in own},
                inflight={sku: snapshot.inflight[sku] for sku in own if sku in snapshot.inflight},
                batch=SnapshotBatch(process_id="b", number=number + 1, total=total),
            )
        )
    documents = [document for part in parts for document in write_source_snapshots(part, message_id="1")]
    random.shuffle(documents)
    assert join_snapshots([read_source_snapshot(one).complete() for one in documents]) == {"W1": snapshot}


@given(levels, modes, instants(), st.integers(0, 9))
def test_an_aggregate_is_read_back(there, mode, created_on, waiting):
    snapshot = AggregateSnapshot(
        aggregate_id="web",
        mode=mode,
        created_on=created_on,
        levels=there,
        inflight_backorders=dict.fromkeys(list(there)[:1], waiting),
    )
    [document] = write_aggregate_snapshots(snapshot, message_id="1")
    assert read_aggregate_snapshot(document).complete() == snapshot


words = st.text(st.characters(codec="utf-8"), max_size=5).map("w".__add__)


@given(words, instants())
def test_a_street_date_is_read_back(sku, street_date):
    change = OmsStreetDate(sku=sku, street_date=street_date)
    assert read_street_date_change(write_street_date_change(change, message_id="1")) == change


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True), st.none() | instants(), st.sampled_from(["", "P"])
)
def test_a_shipment_is_read_back(numbers, at, said):
    status = item_status("SHIPPED" if said else "", reason=said, since=at)
    items = [OmsShipmentItem(line_id=f"L{number}", line_number=number, sku=said, status=status) for number in numbers]
    packages = [OmsPackage(id=f"P{number}", line_numbers=numbers[:number], carrier=said) for number in range(1, 3)]
    shipment = OmsShipment(
        order_id="O1",
        store_id="web",
        source_id="W1",
        method="STANDARD",
        items=items,
        packages=packages,
        request_id=said,
        shipped_at=at,
    )
    assert read_shipment_done(write_shipment_done(shipment, message_id="1")) == shipment


@given(words, words)
def test_a_status_keeps_its_words(code, reason):
    for status in (item_status(code, reason=reason), order_status(code, reason=reason)):
        assert (status.code, status.reason) == (code, reason)


@given(st.sampled_from(PartState), st.sampled_from(CancelReason))
def test_what_is_said_of_a_state_means_one_of_which_the_same_is_said(state, because):
    why = because if state is PartState.CANCELLED else None
    status = item_status_for(state, because=why)
    assert item_status_for(status.state, because=status.cancelled_because or why) == status


MESSAGES = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(PAYLOADS.glob("*.json"))]
ODD = [None, True, 0, -1, 5.9, 10**30, "", "x", "1", "\ud800", "9999-12-31T23:59:59-23:59", [], {}, [None], "BUNDLE"]
READERS = [known.read for known in adobe_oms._FORMATS] + [adobe_oms.read_bundle_rules]


def places(node, at=()):
    if at:
        yield at
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in items:
        yield from places(inner, (*at, key))


def found_by(read, document):
    """Return what a reader says is wrong with a document."""
    try:
        return getattr(read(document), "problems", ())
    except InvalidDocument as error:
        return error.problems


PLACES = [list(places(message)) for message in MESSAGES]


@given(st.data())
@pytest.mark.parametrize("index", range(len(MESSAGES)), ids=range(len(MESSAGES)))
def test_a_reader_of_a_mutation_reads_or_names_problems(index, data):
    message = copy.deepcopy(MESSAGES[index])
    for *way, last in data.draw(st.lists(st.sampled_from(PLACES[index]), min_size=1, max_size=3)):
        node = message
        try:
            for key in way:
                node = node[key]
            node[last] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
        except (TypeError, KeyError, IndexError):
            continue  # what was there is gone already
    document = json.dumps(message)
    assert sum(known.recognises(message) for known in adobe_oms._FORMATS) <= 1
    for read in READERS:
        assert all(problem.code and problem.message for problem in found_by(read, document))


@given(supplies())
def test_an_empty_delta_changes_nothing(supply):
    at = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
    nothing = SourceSnapshot(source_id="W1", mode="delta", created_on=at, levels={})
    assert apply_snapshot(supply, nothing).supply == supply
    assert apply_snapshot(Supply(on_hand={}), nothing).supply == Supply(on_hand={})
