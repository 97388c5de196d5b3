"""Whole queues, worked out by hand in queues/: lines and stock in, who gets what and why out.

The files say all of it and know no language: `policy` names what differs from first come, first served, in part, line
by line; `held` is what earlier runs granted; decisions are in the order of places, each with its sentence.
"""

import attrs
import pytest
from golden_cases import HERE, at, read

from preorder_kit import UNLIMITED, AllocationPolicy, Component, Grant, WaitingLine, allocate, explain, revoke

QUEUES = sorted((HERE / "queues").glob("*.json"))
EACH = pytest.mark.parametrize("golden", [pytest.param(read(path), id=path.stem) for path in QUEUES])


def component(row):
    return Component(**{**row, "components": [component(part) for part in row.get("components", ())]})


def waiting_line(row):
    instants = {name: at(row[name]) for name in ("placed_at", "street_date") if name in row}
    return WaitingLine(**{**row, **instants, "components": [component(part) for part in row.get("components", ())]})


def quantities(written):
    return {sku: UNLIMITED if units == "unlimited" else units for sku, units in written.items()}


def allocated(golden, queue, held):
    return allocate(
        [waiting_line(row) for row in queue],
        available=quantities(golden["available"]),
        policy=AllocationPolicy(**golden["policy"]),
        at=at(golden["at"]),
        grants=[Grant(**row) for row in held],
    )


def granted(grants):
    return [attrs.asdict(grant) for grant in grants]


def lacking(lines):
    return [{"order_id": line.order_id, "line_id": line.line_id, "quantity": line.quantity} for line in lines]


def decided(decisions):
    names = ("order_id", "line_id", "code", "granted", "short", "sku", "missing", "blocked_by")
    return [{name: getattr(one, name) for name in names} | {"sentence": explain(one)} for one in decisions]


@EACH
def test_a_queue_is_served_as_worked_out_by_hand(golden):
    found = allocated(golden, golden["queue"], golden["held"])
    assert decided(found.decisions) == golden["decisions"]
    assert granted(found.grants) == golden["grants"]
    assert granted(found.added) == golden["added"]
    assert lacking(found.waiting) == golden["waiting"]
    assert lacking(found.unfulfillable) == golden["unfulfillable"]
    assert found.left_over == quantities(golden["left_over"])
    assert found.oversold == golden["oversold"]


@EACH
def test_it_is_served_so_in_whatever_order_it_is_handed_in(golden):
    found = allocated(golden, golden["queue"], golden["held"])
    assert allocated(golden, golden["queue"][::-1], golden["held"][::-1]) == found


@EACH
def test_grants_that_are_handed_in_again_add_nothing(golden):
    again = allocated(golden, golden["queue"], golden["grants"])
    assert granted(again.grants) == golden["grants"]
    assert again.added == ()


def test_what_was_held_too_many_is_taken_back():
    golden = read("queues/fewer_than_were_counted.json")
    queue, held = [waiting_line(row) for row in golden["queue"]], [Grant(**row) for row in golden["grants"]]
    found = revoke(queue, grants=held, take_back=golden["oversold"])
    assert granted(found.grants) == [golden["grants"][0], golden["grants"][2]]
    healed = allocated(golden, golden["queue"], granted(found.grants))
    assert (healed.oversold, healed.added) == ({}, ())


@EACH
def test_a_file_adds_up(golden):
    """Each claim is what is held and what is lacking, in the file itself."""
    claims = {(row["order_id"], row["line_id"]): row["quantity"] for row in golden["queue"]}
    told = {(row["order_id"], row["line_id"]): row["granted"] + row["short"] for row in golden["decisions"]}
    assert told == claims
    parts = [*golden["grants"], *golden["waiting"], *golden["unfulfillable"]]
    assert sum(row["quantity"] for row in parts) == sum(claims.values())
