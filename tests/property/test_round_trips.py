"""Laws of documents and copies.

- what is written as JSON is read back equal, and written again the same: orders, supplies, promises, plans, charges
- locations keep their turn
- every value survives pickling, copying and hashing; two equal values have one hash
- what a CSV says of locations is what is read, and a reader given any text returns or names problems, and nothing else
"""

import copy
import csv
import datetime as dt
import io
import json
import pickle

from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import DateRange, InvalidDocument, Supply, promise_order, repromise, split_order
from preorder_kit.adapters.adobe_oms import read_order_create
from preorder_kit.adapters.fabric import read_inventory_csv
from preorder_kit.charging import Authorisation, CaptureMode, ChargePolicy, charge_plan
from preorder_kit.serialization import from_json, to_json
from preorder_kit.testing import components, orders, promise_rules, sell_rules, supplies, worlds

HEAD = [
    "SKU",
    "Total Quantity",
    "Reserved Quantity",
    "Location ID",
    "Type",
    "Channel ID",
    "Transit Ref",
    "Transit Order Date",
    "Transit Stock Date",
]


@given(st.dictionaries(st.sampled_from("XYZ"), supplies(), min_size=1))
def test_json_keeps_the_turn_of_locations(locations):
    assert list(from_json(to_json(locations))) == list(locations)


@given(
    orders(addresses=("", "home"), recipes=components())
    | supplies()
    | st.dictionaries(st.sampled_from("XYZ"), supplies(), min_size=1)
)
def test_json_gives_back_an_equal_value(value):
    document = to_json(value)
    assert from_json(document) == value
    assert from_json(document.encode()) == value
    assert to_json(from_json(document)) == document


@given(worlds(recipes=components()), promise_rules())
def test_json_gives_back_what_was_promised(world, rules):
    promises = promise_order(world.order, supply=world.supply, times=world.times, at=world.at, rules=rules)
    document = to_json(promises)
    assert from_json(document) == promises
    assert to_json(from_json(document)) == document


@given(worlds(addresses=("", "home"), recipes=components()), st.sampled_from(CaptureMode), st.integers(1, 60))
def test_json_gives_back_what_becomes_of_an_order_and_its_money(world, mode, days):
    plan = split_order(world.order, supply={"X": world.supply}, times=world.times, at=world.at)
    policy = ChargePolicy(mode=mode, deposit=30 if mode is CaptureMode.DEPOSIT else None)
    held = Authorisation(amount=1000, authorised_at=world.at, window=dt.timedelta(days=days))
    charges = charge_plan(world.order, plan, policy=policy, authorisation=held)
    for value in (plan, charges):
        document = to_json(value)
        assert from_json(document, type(value)) == value
        assert to_json(from_json(document)) == document


@given(worlds(addresses=("", "home"), recipes=components()), sell_rules(), promise_rules())
def test_values_survive_pickling_copying_and_hashing(world, rules, promising):
    facts = {"supply": world.supply, "times": world.times, "at": world.at}
    plan = split_order(world.order, **facts)
    promises = promise_order(world.order, **facts, rules=promising)
    later = facts | {"supply": Supply(on_hand={}), "rules": promising}
    found = repromise(promises, orders=[world.order], **later)
    for value in (world.order, world.supply, world.times, plan, rules, promising, promises, found):
        for twin in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), copy.copy(value)):
            assert twin == value
            assert hash(twin) == hash(value)
            assert repr(twin) == repr(value)


cells = st.tuples(
    st.sampled_from(["100", "200", "A1"]),
    st.integers(0, 50),
    st.integers(0, 50),
    st.sampled_from(["175", "176"]),
    st.dates(),
)


@given(st.lists(cells, min_size=1, max_size=6))
def test_a_csv_says_what_its_rows_say(rows):
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(HEAD)
    for number, (sku, total, reserved, location, day) in enumerate(rows):
        taken = min(total, reserved)
        out.writerow([sku, total, taken, location, "Transit", "12", f"PO{number}", day.isoformat(), day.isoformat()])
    found = read_inventory_csv(written.getvalue())
    assert not found.problems
    receipts = [receipt for supply in found.values.values() for receipt in supply.receipts]
    assert sorted(receipt.reference for receipt in receipts) == sorted(f"PO{number}" for number in range(len(rows)))
    for number, (sku, total, reserved, location, day) in enumerate(rows):
        [receipt] = [item for item in found.values[location].receipts if item.reference == f"PO{number}"]
        assert (receipt.sku, receipt.quantity, receipt.reserved) == (sku, total, min(total, reserved))
        assert receipt.expected == receipt.ordered == day


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(
    [
        "id",
        "origin_date",
        "lines",
        "sku",
        "quantity",
        "product_type",
        "amount",
        "currency",
        "net_amount",
        "gross_amount",
        "pre_order_street_date",
        "custom_attributes",
        "name",
        "value",
        "parent_line_number",
        "line_number",
        "payments",
    ]
)
near_orders = st.recursive(
    json_values
    | st.sampled_from(["EUR", "PHYSICAL", "BUNDLE", "1", 1, "2026-11-22", "true", "allowBackorders", 18.18]),
    lambda inner: st.dictionaries(keys, inner, max_size=8) | st.lists(inner, max_size=3),
    max_leaves=20,
)


def reads_or_names_problems(read, document):
    try:
        return read(document)
    except InvalidDocument as error:
        problems = error.problems
    assert problems
    assert all(problem.message and problem.code for problem in problems)
    return None


@given(near_orders)
def test_an_order_reader_reads_or_names_problems(node):
    reads_or_names_problems(read_order_create, json.dumps({"order": node}))
    reads_or_names_problems(from_json, json.dumps({"preorder_kit": 1, "order": node}))
    reads_or_names_problems(from_json, json.dumps({"preorder_kit": 1, "supply": node}))


@given(st.text() | st.binary())
def test_a_reader_of_anything_reads_or_names_problems(document):
    reads_or_names_problems(read_order_create, document)
    reads_or_names_problems(from_json, document)
    reads_or_names_problems(read_inventory_csv, document)


@given(st.lists(st.lists(st.text(max_size=6) | st.sampled_from(["1", "Stock", "Transit"]), max_size=10), max_size=5))
def test_a_csv_reader_leaves_no_row_out_without_a_problem(rows):
    written = io.StringIO()
    csv.writer(written).writerows([HEAD, *rows])
    found = reads_or_names_problems(read_inventory_csv, written.getvalue())
    if found is not None and not found.problems:
        filled = [row for row in rows if any(cell.strip() for cell in row)]
        assert len(filled) >= sum(len(supply.receipts) for supply in found.values.values())
        assert found.values


def test_a_range_of_one_day_is_that_day():
    ranged = from_json(
        json.dumps(
            {
                "preorder_kit": 1,
                "supply": {
                    "on_hand": {},
                    "receipts": [
                        {"sku": "A", "quantity": 1, "expected": {"earliest": "2026-01-02", "latest": "2026-01-02"}}
                    ],
                },
            }
        ),
        Supply,
    )
    assert not isinstance(ranged.receipts[0].expected, DateRange)
