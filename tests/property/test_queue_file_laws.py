"""Laws of queues as files.

- A queue comes back from CSV, JSON Lines and JSON as it was, but for the recipes that a CSV cannot hold.
- A row that is spoilt is told with its number, and takes no other with it.
- What is shared out among what was read comes back from JSON as it was.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import Read, WaitingLine
from preorder_kit.queue_files import read_queue
from preorder_kit.serialization import from_json, to_json
from preorder_kit.testing import (
    allocation_policies,
    available_for,
    components,
    grants_for,
    lines_waiting,
    waiting_instants,
    waiting_queues,
)
from preorder_kit.waiting_room import Allocation, allocate

FIELDS = [field.name for field in attrs.fields(WaitingLine) if field.init and field.name != "components"]


PLAIN = waiting_queues()
QUEUES = waiting_queues(lines_waiting(recipes=components()))


def as_csv(queue: Sequence[WaitingLine], *, spoilt: int = -1) -> str:
    """Return a queue without its recipes, the quantity of one line spoilt."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(FIELDS)
    for place, line in enumerate(queue):
        fields = attrs.asdict(line, recurse=False) | ({"quantity": "none"} if place == spoilt else {})
        rows.writerow([_cell(fields[name]) for name in FIELDS])
    return written.getvalue()


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.datetime) else value


@given(PLAIN)
def test_a_queue_comes_back_from_a_csv(queue):
    assert read_queue(as_csv(queue)) == Read(queue)


@given(QUEUES)
def test_a_queue_comes_back_from_json(queue):
    document = to_json(queue)
    lines = "\n".join(json.dumps(node) for node in json.loads(document)["queue"])
    assert read_queue(document) == read_queue(lines) == Read(queue)
    assert from_json(document) == queue


@given(PLAIN, st.data())
def test_a_spoilt_row_takes_no_other_with_it(queue, data):
    spoilt = data.draw(st.integers(0, len(queue) - 1))
    found = read_queue(as_csv(queue, spoilt=spoilt))
    assert found.values == (*queue[:spoilt], *queue[spoilt + 1 :])
    assert [problem.path for problem in found.problems] == [f"row {spoilt + 2}, column quantity"]


@given(QUEUES, st.data(), allocation_policies())
def test_an_allocation_comes_back_from_json(queue, data, policy):
    available, at = data.draw(available_for(queue)), data.draw(waiting_instants())
    found = allocate(queue, available=available, at=at, policy=policy, grants=data.draw(grants_for(queue)))
    read = from_json(to_json(found), Allocation)
    assert read == found
    assert all(read.of(line.order_id) == found.of(line.order_id) for line in queue)
