"""Laws of the fabric adapter.

- What an import file or a bulk insert says is read back as it was, whatever the locations have; so is a request for
  several items.
- An inventory written for the second or the third API is read back as it was, but for what fabric itself sets; so is a
  reservation written for the second.
- What may be purchased is on hand less all that is taken off it, and is for sale exactly if it is more than nothing.
- Units of reservations wait, are released or are to be released, and nothing else.
- An order's items ask for the units that its plan does not cancel, each line once; flags exclude each other.
- Of a list, every item is a value or has a problem: none is lost.
- Whatever a document holds, a reader gives values or names problems, and one kind at most recognises it.
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import json
import re
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import Availability, Commitment, PreorderKitError, Receipt, Supply, split_order
from preorder_kit.adapters import fabric
from preorder_kit.adapters.fabric import (
    CsvRule,
    InventoryRecord,
    Reservation,
    available_to_purchase,
    counter_differences,
    inventory_stock,
    read_bulk_insert,
    read_inventories,
    read_inventory_csv,
    read_reservations,
    reservation_lines,
    write_bulk_insert,
    write_inventory_csv,
    write_inventory_v2,
    write_inventory_v3,
    write_order_items,
    write_reservation,
)
from preorder_kit.testing import World, days, instants, worlds

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fabric"
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=4)
skus = st.sampled_from(["A", "B-1", 'Ä, "x"', "7"])
units = st.integers(0, 10**18 - 1) | st.integers(0, 9)
places = st.integers(0, 10**6).map(str)


def receipts() -> st.SearchStrategy[Receipt]:
    return st.builds(
        lambda sku, quantity, spoken, expected, ordered, reference: Receipt(
            sku=sku,
            quantity=quantity,
            reserved=min(quantity, spoken),
            expected=expected,
            ordered=ordered,
            reference=reference,
        ),
        skus,
        units,
        units,
        days(),
        days(),
        texts,
    )


def supplies() -> st.SearchStrategy[Supply]:
    owed = st.dictionaries(skus, st.integers(1, 10**18 - 1))
    stock = st.dictionaries(skus, units, min_size=1)
    return st.builds(
        lambda on_hand, coming, reserved: Supply(
            on_hand=on_hand,
            receipts=coming,
            commitments=[Commitment(sku=sku, quantity=quantity) for sku, quantity in reserved.items()],
        ),
        stock,
        st.lists(receipts(), max_size=2),
        owed,
    )


locations = st.dictionaries(places, supplies(), min_size=1, max_size=2)


@given(locations, st.sampled_from([(), (CsvRule.FILLED,)]))
def test_a_file_that_is_written_is_read_back(found, rules):
    read = read_inventory_csv(write_inventory_csv(found, rules=rules), rules=rules).complete()
    assert read == found
    assert list(read) == list(found)


@given(locations, st.sampled_from([12, 13]))
def test_a_bulk_insert_that_is_written_is_read_back(found, channel):
    read = read_bulk_insert(write_bulk_insert(found, channel=channel)).complete()
    assert read == found
    assert list(read) == list(found)


@given(st.dictionaries(texts, st.integers(1, 10**18 - 1), min_size=1, max_size=3), st.sampled_from([12, 13]))
def test_a_request_is_read_back(quantities, channel):
    read = fabric.read_availability_request(fabric.write_availability_request(quantities, channel=channel))
    assert read == fabric.AvailabilityRequest(quantities=quantities, channel=channel)
    assert list(read.quantities) == list(quantities)


moments = instants().map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))
limits = st.none() | st.integers(0, 20)
words = st.just("") | texts
counters = st.fixed_dictionaries(
    {"onHand": st.integers(-5, 30)},
    optional={"allocated": st.integers(0, 9), "shipped": st.integers(0, 9), "damaged": st.integers(0, 9)},
)


def records(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[InventoryRecord]:
    known = {
        "sku": texts,
        "item_id": st.just("") | st.integers(1, 2**31 - 1).map(str),
        "location": places,
        "region": words,
        "vendor": words,
        "kind": words,
        "lead_time": words,
        "is_infinite": st.booleans(),
        "backorder_at": st.none() | moments,
        "preorder_at": st.none() | moments,
        "backorder_limit": limits,
        "preorder_limit": limits,
        "safety_stock": limits,
        "low_stock": limits,
        "counters": counters,
        "attributes": st.dictionaries(texts, st.sampled_from(["true", "false", "x", "5"]), max_size=2),
    }
    return st.builds(InventoryRecord, **{**known, **fields})


@given(records(channel=texts, segment=words))
def test_an_inventory_of_the_second_api_is_read_back(record):
    assert read_inventories(write_inventory_v2(record)).complete() == (record,)


@given(records(network=words))
def test_an_inventory_of_the_third_api_is_read_back(record):
    assert read_inventories(write_inventory_v3(record)).complete() == (record,)


@given(records(is_infinite=st.just(value=False)))
def test_what_may_be_purchased_is_what_is_left(record):
    taken = sum(number for name, number in record.counters.items() if name != "onHand") + (record.safety_stock or 0)
    left = record.counters["onHand"] - taken
    assert available_to_purchase(record) == left
    sold = inventory_stock(record, at=NOW)
    on_shelf = sold.availability in {Availability.IN_STOCK, Availability.LOW_STOCK}
    assert on_shelf == (left > 0)
    assert not on_shelf or sold.quantity == left
    assert sold.oversold == max(0, -left - (record.safety_stock or 0))
    sent = attrs.evolve(record, virtual={"availableToPurchase": left})
    assert counter_differences(sent) == ()
    assert [
        (one.sent, one.computed)
        for one in counter_differences(attrs.evolve(sent, virtual={"availableToPurchase": left + 1}))
    ] == [(left + 1, left)]


def reservations() -> st.SearchStrategy[Reservation]:
    return st.builds(
        lambda quantity, share, **fields: Reservation(quantity=quantity, to_release=min(quantity, share), **fields),
        quantity=st.integers(0, 9),
        share=st.integers(0, 9),
        type=st.sampled_from(["BACKORDER", "PREORDER"]),
        order_number=texts,
        line_id=texts,
        sku=texts,
        location=places,
        channel=texts,
        order_status=texts,
        ordered_at=moments,
        id=words,
        item_id=words,
        line_status=st.sampled_from(["", "CREATED", "CANCELLED"]),
        is_consented=st.none() | st.booleans(),
        is_to_notify=st.none() | st.booleans(),
        consented_at=st.none() | moments,
        notified_at=st.none() | moments,
    )


@given(reservations())
def test_a_reservation_is_read_back(reservation):
    assert read_reservations(write_reservation(reservation)).complete() == (reservation,)


@given(st.lists(reservations(), max_size=4))
def test_units_wait_or_are_released(found):
    waiting = sum(one.quantity - one.to_release for one in found if one.line_status != "CANCELLED")
    assert sum(line.quantity for line in reservation_lines(found)) == waiting


@given(worlds())
def test_items_ask_for_what_a_plan_does_not_cancel(world: World):
    plan = split_order(world.order, supply=world.supply, at=world.at)
    asked = {line.id: 0 for line in world.order.lines if line.kind != "fee"}
    for part in plan.parts:
        for line in part.lines:
            if line.line_id in asked:
                asked[line.line_id] += line.quantity
    wanted = {line: quantity for line, quantity in asked.items() if quantity}
    ids = {line.sku: number for number, line in enumerate(world.order.lines, 1)}
    if not wanted:
        with pytest.raises(PreorderKitError, match="must leave units to order"):
            write_order_items(world.order, plan, item_ids=ids, ship_to="1")
        return
    items = json.loads(write_order_items(world.order, plan, item_ids=ids, ship_to="1"))["items"]
    assert {item["lineItemId"]: item["orderedQuantity"] for item in items} == wanted
    assert len(items) == len(wanted)
    assert not any(item["isBackorder"] and item["isPreorder"] for item in items)


DOCUMENTS = [json.loads(file.read_text()) for file in sorted(PAYLOADS.glob("*.json"))]
DOCUMENTS += [
    {"pagination": {}, "data": [document]} for document in DOCUMENTS if isinstance(document, dict) and "sku" in document
]
DOCUMENTS.append(
    {
        "orderNumber": "O1",
        "orderedAt": "2026-11-23T09:00:00.000Z",
        "items": [
            {"lineItemId": "1", "sku": "CD", "orderedQuantity": 3, "backOrderedQuantity": 2, "isBackorder": True}
        ],
    }
)
ODD = [
    *(None, True, 0, -1, 1.5, 10**18, -(10**30), "", " ", "x", "5", "-5", "true", "\ud800", "2027-01-20"),
    *(
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+14:00",
        [],
        {},
        [[]],
        {"a": {"b": [None]}},
        {"": 1},
        {"\ud800": 1},
    ),
]


def spots(node: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(spot for key, value in inner for spot in spots(value, (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> object:
    """Return a document with one to three places changed, left out or said twice."""
    root = [copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))]
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from(spots(root)[1:]))
        node = root
        for key in path:
            node = node[key]  # type: ignore[call-overload]
        change = draw(st.sampled_from(["put", "put", "drop", "wrap"]))
        if change == "put" or node is root:
            node[last] = copy.deepcopy(draw(st.sampled_from(ODD)))
        elif change == "drop":
            del node[last]
        else:
            node[last] = [node[last], copy.deepcopy(node[last])]
    return root[0]


READERS = sorted(
    {found.read for found in fabric._FORMATS if found.name != "fabric-csv"}, key=lambda read: read.__name__
)


@given(mutated())
def test_a_reader_gives_values_or_names_problems(root):
    document = json.dumps(root)
    assert sum(found.recognises(root) for found in fabric._FORMATS) <= 1
    for read in READERS:
        with contextlib.suppress(PreorderKitError):
            read(document)


LISTS = [
    (read_bulk_insert, json.loads((PAYLOADS / "bulk_insert_request_v1.json").read_text())[0]),
    (read_inventories, json.loads((PAYLOADS / "inventory_v2_create.json").read_text())),
    (read_reservations, json.loads((PAYLOADS / "backorder_preorder_v3.json").read_text())),
    (fabric.read_item_availability, json.loads((PAYLOADS / "get_inventories_response_v1.json").read_text())[0]),
]


@given(st.sampled_from(LISTS), st.lists(st.none() | st.sampled_from(ODD), min_size=1, max_size=5), st.data())
def test_no_item_of_a_list_is_lost(listed, changes, data):
    read, good = listed
    rows = [{**good, "sku": f"S{number}", "itemId": str(number)} for number in range(len(changes))]
    for row, change in zip(rows, changes, strict=True):
        row[data.draw(st.sampled_from(sorted(row)))] = change
    found = read(json.dumps([{**good, "sku": "sound", "itemId": "99"}, *rows]))
    bad = {int(re.match(r"\[([0-9]+)\]", problem.path)[1]) for problem in found.problems}
    if read is read_bulk_insert:
        sound = sum(len(supply.on_hand) + len(supply.receipts) for supply in found.values.values())
    else:
        sound = len(found.values)
    assert sound + len(bad) == 1 + len(rows)
