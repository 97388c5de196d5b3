"""Queues, grants and allocations as JSON and back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

import pytest

from preorder_kit import UNLIMITED, Component, InvalidArgument, InvalidDocument, Order, WaitingLine
from preorder_kit.serialization import from_json, to_json
from preorder_kit.waiting_room import Allocation, AllocationPolicy, Grant, allocate, compare_allocations

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.timezone.utc)
STREET = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
QUEUE = (
    WaitingLine(order_id="O1", line_id="1", sku="CD", quantity=3, placed_at=NOW),
    WaitingLine(order_id="O2", line_id="1", sku="CD", quantity=4, placed_at=NOW, priority=-1, value=250),
    WaitingLine(
        order_id="O3",
        line_id="b",
        sku="SET",
        quantity=2,
        placed_at=NOW,
        components=[Component("CD", 2), Component("POT", street_date=STREET)],
        ship="complete",
    ),
    WaitingLine(order_id="O3", line_id="a", sku="LP", quantity=1, placed_at=NOW, hold="unpaid"),
    WaitingLine(order_id="O4", line_id="1", sku="EBOOK", quantity=1, placed_at=NOW),
)
GRANT = Grant(order_id="O1", line_id="1", sku="CD", quantity=3)
FOUND = allocate(QUEUE, available={"CD": 5, "EBOOK": UNLIMITED}, at=NOW, grants=[GRANT])
OVERSOLD = allocate(QUEUE, available={"CD": 1}, at=NOW, grants=[GRANT])
STRICT = allocate(
    QUEUE, available={"CD": 2, "LP": 1}, at=NOW, policy=AllocationPolicy(shortage="strict", unserved="unfulfillable")
)
LISTS = {"a queue": (QUEUE, "queue"), "grants": ((GRANT,), "grants")}


@pytest.mark.parametrize(("values", "name"), LISTS.values(), ids=LISTS)
def test_a_list_comes_back_as_it_was(values, name):
    document = to_json(values)
    assert list(json.loads(document)) == ["preorder_kit", name]
    assert from_json(document) == values
    assert from_json(document, Sequence) == values
    assert to_json(list(values)) == to_json(values, of=type(values[0])) == document


def test_a_queue_is_written_with_what_is_said_of_its_lines():
    assert json.loads(to_json(QUEUE))["queue"][1] == {
        "order_id": "O2",
        "line_id": "1",
        "sku": "CD",
        "quantity": 4,
        "placed_at": "2026-11-22T09:30:00Z",
        "priority": -1,
        "value": 250,
    }


@pytest.mark.parametrize(("of", "name"), [(None, "promises"), (WaitingLine, "queue"), (Grant, "grants")])
def test_an_empty_list_is_what_it_is_said_to_be(of, name):
    assert json.loads(to_json([], of=of)) == {"preorder_kit": 1, name: []}
    assert from_json(to_json([], of=of)) == ()


@pytest.mark.parametrize("found", [FOUND, OVERSOLD, STRICT], ids=["scarce", "oversold", "strict"])
def test_an_allocation_comes_back_as_it_was(found):
    document = to_json(found)
    read = from_json(document, Allocation)
    assert read == found
    assert found == read
    assert hash(read) == hash(found)
    assert to_json(read) == document
    assert read.of("O3") == found.of("O3")
    with pytest.raises(InvalidArgument, match="order_id: must be an order of the queue"):
        read.of("O9")


@pytest.mark.parametrize("other", [FOUND, OVERSOLD, STRICT], ids=["itself", "another", "one by another policy"])
def test_an_allocation_that_was_read_compares_as_the_one_that_was_written(other):
    read = from_json(to_json(FOUND))
    assert compare_allocations(read, other) == compare_allocations(FOUND, other)
    assert compare_allocations(other, read) == compare_allocations(other, FOUND)


def test_grants_of_an_allocation_are_grants():
    assert from_json(to_json(FOUND.grants)) == FOUND.grants
    assert from_json(to_json(FOUND.waiting)) == FOUND.waiting


def test_what_is_read_goes_on():
    again = from_json(to_json(FOUND), Allocation)
    assert allocate(QUEUE, available={"CD": 5, "EBOOK": UNLIMITED}, at=NOW, grants=again.grants).grants == FOUND.grants


def test_an_allocation_is_written_with_all_of_its_numbers():
    node = json.loads(to_json(OVERSOLD))["allocation"]
    assert list(node) == ["grants", "added", "waiting", "unfulfillable", "left_over", "oversold", "decisions"]
    assert node["grants"] == [{"order_id": "O1", "line_id": "1", "sku": "CD", "quantity": 3}]
    assert (node["left_over"], node["oversold"]) == ({"CD": 0}, {"CD": 2})
    assert json.loads(to_json(FOUND))["allocation"]["left_over"]["EBOOK"] == "unlimited"


def broken(**changes: object) -> str:
    node = json.loads(to_json(FOUND))
    node["allocation"] |= changes
    return json.dumps(node)


BROKEN = {
    "a field that is not known": (broken(left=1), ["allocation.left: is no field here"]),
    "grants of no units": (
        broken(grants=[{"order_id": "O1", "line_id": "1", "sku": "CD", "quantity": 0}, {}]),
        [
            "allocation.grants[0].quantity: must be a whole number >= 1 (got 0)",
            "allocation.grants[1].order_id: is missing",
            "allocation.grants[1].line_id: is missing",
            "allocation.grants[1].sku: is missing",
            "allocation.grants[1].quantity: is missing",
        ],
    ),
    "another reason": (
        broken(decisions=[{"order_id": "O1", "line_id": "1", "code": "lost", "granted": 0, "short": 1, "sku": "CD"}]),
        ["allocation.decisions[0].code: must be one of "],
    ),
    "units that are no number": (broken(oversold={"CD": "2"}), ["allocation.oversold['CD']: must be a whole number"]),
}


@pytest.mark.parametrize(("document", "expected"), BROKEN.values(), ids=BROKEN)
def test_all_problems_of_an_allocation_are_named(document, expected):
    with pytest.raises(InvalidDocument) as caught:
        from_json(document)
    found = [str(problem) for problem in caught.value.problems]
    assert len(found) == len(expected)
    assert all(words.startswith(start) for words, start in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("value", "of", "message"),
    [
        pytest.param([GRANT, *QUEUE], None, r"value\[1\]: must be a Grant", id="a list of several kinds"),
        pytest.param([GRANT], WaitingLine, r"value\[0\]: must be a WaitingLine", id="another kind than said"),
        pytest.param([], int, "of: must be a class of values that a document can hold", id="no kind of list"),
        pytest.param(GRANT, Order, "value: must be an Order", id="another type than said"),
        pytest.param("queue", None, "value: must be a", id="a text"),
    ],
)
def test_what_no_document_can_hold_is_refused(value, of, message):
    with pytest.raises(InvalidArgument, match=message):
        to_json(value, of=of)
