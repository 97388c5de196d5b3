"""What a channel of Adobe Commerce OMS may sell: snapshots of aggregates, and safety stock."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest

from preorder_kit import UNLIMITED, Availability, InvalidArgument, InvalidDocument, Stock
from preorder_kit.adapters.adobe_oms import (
    MOST_SKUS,
    AggregateSafetyStock,
    AggregateSnapshot,
    AggregateStockUpdate,
    SafetyStockType,
    aggregate_stock,
    apply_aggregate,
    read_aggregate_snapshot,
    read_safety_stocks,
    safety_stock_of,
    write_aggregate_snapshots,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "adobe_oms"
AT = dt.datetime(2026, 11, 21, 8, 0, 5, tzinfo=dt.timezone.utc)
SNAPSHOT = AggregateSnapshot(
    aggregate_id="nl_web_aggregate",
    mode="delta",
    created_on=AT,
    levels={"CD-1105": 22, "DL-1": UNLIMITED},
    inflight_backorders={"CD-1105": 3},
)


def test_the_payload_of_an_aggregate():
    assert read_aggregate_snapshot((PAYLOADS / "aggregate_stock_updated.json").read_bytes()).complete() == SNAPSHOT


def test_it_is_written_as_it_is_documented():
    [document] = write_aggregate_snapshots(SNAPSHOT, message_id="e911")
    assert json.loads(document) == {
        "jsonrpc": "2.0",
        "method": "magento.inventory.aggregate_stock_management.updated",
        "params": {
            "snapshot": {
                "aggregate_id": "nl_web_aggregate",
                "mode": "DELTA",
                "created_on": "2026-11-21T08:00:05+00:00",
                "stock": [
                    {"sku": "CD-1105", "quantity": 22, "inflight_backorders": 3},
                    {"sku": "DL-1", "quantity": 0, "unlimited": True},
                ],
            }
        },
        "id": "e911",
    }
    assert read_aggregate_snapshot(document).complete() == SNAPSHOT


def test_a_bad_row_is_a_problem_and_the_others_stand():
    rows = [{"sku": "CD", "quantity": 1, "inflight_backorders": "x"}, {"sku": "LP", "quantity": 2}]
    head = {"aggregate_id": 7, "mode": "nonzero", "created_on": "2026-11-21T08:00:05"}
    found = read_aggregate_snapshot(json.dumps({"snapshot": head | {"stock": rows}}))
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("snapshot.stock[0].inflight_backorders", "units.invalid")
    ]
    assert found.values == AggregateSnapshot(
        aggregate_id="7", mode="nonzero", created_on=AT, levels={"LP": 2}, ignored=["CD"]
    )


BAD = {
    "nothing": (
        '{"snapshot": {}}',
        [(f"snapshot.{key}", "field.missing") for key in ("aggregate_id", "mode", "created_on", "stock")],
    ),
    "stock alone": (
        '{"snapshot": {"stock": []}}',
        [(f"snapshot.{key}", "field.missing") for key in ("aggregate_id", "mode", "created_on")],
    ),
    "a list": ("[]", [("", "document.unrecognised")]),
}


@pytest.mark.parametrize(("document", "expected"), BAD.values(), ids=BAD)
def test_a_snapshot_that_does_not_say_what_it_is_is_refused(document, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_aggregate_snapshot(document)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == expected


MODES = {
    "full": ({"CD-1105": 22, "LP": 7, "DL-1": UNLIMITED, "SP": UNLIMITED}, ("LP", "SP"), ()),
    "nonzero": ({"CD-1105": 22, "LP": 0, "DL-1": UNLIMITED, "SP": UNLIMITED}, (), ("LP",)),
    "delta": ({"CD-1105": 22, "LP": 7, "DL-1": UNLIMITED, "SP": UNLIMITED}, (), ()),
}


@pytest.mark.parametrize(("mode", "expected"), MODES.items(), ids=MODES)
def test_a_missing_sku_means_three_different_things(mode, expected):
    levels, unlisted, zeroed = expected
    before = {"CD-1105": 3, "LP": 7, "SP": UNLIMITED}
    update = apply_aggregate(before, attrs.evolve(SNAPSHOT, mode=mode))
    assert update == AggregateStockUpdate(levels=levels, as_of=AT, unlisted=unlisted, zeroed=zeroed)


def test_an_older_snapshot_changes_nothing():
    known_at = AT + dt.timedelta(seconds=1)
    update = apply_aggregate({"CD-1105": 3}, SNAPSHOT, known_at=known_at)
    assert update == AggregateStockUpdate(levels={"CD-1105": 3}, as_of=known_at, is_stale=True)


def test_what_a_page_may_say():
    found = aggregate_stock({"CD": 22, "LP": 2, "EP": 0, "DL": UNLIMITED}, few_below=3)
    assert found == {
        "CD": Stock(availability=Availability.IN_STOCK, quantity=22),
        "LP": Stock(availability=Availability.LOW_STOCK, quantity=2),
        "EP": Stock(availability=Availability.OUT_OF_STOCK, quantity=0),
        "DL": Stock(availability=Availability.IN_STOCK, quantity=UNLIMITED),
    }


MANY = {f"S{number}": number for number in range(MOST_SKUS + 1)}


def test_many_skus_of_a_delta_are_several_messages():
    whole = attrs.evolve(SNAPSHOT, levels=MANY, inflight_backorders={})
    parts = [read_aggregate_snapshot(one).complete() for one in write_aggregate_snapshots(whole, message_id="e911")]
    assert [len(part.levels) for part in parts] == [MOST_SKUS, 1]
    assert {sku: level for part in parts for sku, level in part.levels.items()} == MANY


UNWRITABLE = {
    "many in full": ({"mode": "full", "levels": MANY, "inflight_backorders": {}}, "levels", "snapshot.large"),
    "many that are not zero": (
        {"mode": "nonzero", "levels": MANY, "inflight_backorders": {}},
        "levels",
        "snapshot.large",
    ),
    "ignored": ({"ignored": ["LP"]}, "ignored", "sku.ignored"),
}


@pytest.mark.parametrize(("fields", "name", "code"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_cannot_be_said_is_refused(fields, name, code):
    with pytest.raises(InvalidArgument) as caught:
        write_aggregate_snapshots(attrs.evolve(SNAPSHOT, **fields), message_id="e911")
    assert (caught.value.path, caught.value.code) == (f"snapshot.{name}", code)


def test_backorders_in_flight_are_of_a_sku_that_is_listed():
    with pytest.raises(InvalidArgument, match="inflight_backorders: must name SKUs of levels alone"):
        attrs.evolve(SNAPSHOT, inflight_backorders={"LP": 1})


ACTIVE = AggregateSafetyStock(aggregate_id="web", quantity=2, code="active", type="active")
SAFETY = {
    "a list": ('[{"aggregate_id": "web", "quantity": 2, "type": "active"}]', ACTIVE),
    "one": ('{"aggregate_id": "web", "quantity": "2", "type": "active"}', ACTIVE),
    "in capitals": (
        '[{"aggregate_id": 5, "quantity": 0, "type": "OUTLET"}]',
        AggregateSafetyStock(aggregate_id="5", quantity=0, code="OUTLET", type="outlet"),
    ),
    "the last time": (
        '[{"aggregate_id": "web", "quantity": 1, "type": "end-of-life"}]',
        AggregateSafetyStock(aggregate_id="web", quantity=1, code="end-of-life", type="end_of_life"),
    ),
    "the last time, as a constant": (
        '{"aggregate_id": "web", "quantity": "1", "type": "END_OF_LIFE"}',
        AggregateSafetyStock(aggregate_id="web", quantity=1, code="END_OF_LIFE", type="end_of_life"),
    ),
    "not known": (
        '[{"aggregate_id": "web", "quantity": 1, "type": "retired"}]',
        AggregateSafetyStock(aggregate_id="web", quantity=1, code="retired"),
    ),
}


@pytest.mark.parametrize(("document", "expected"), SAFETY.values(), ids=SAFETY)
def test_safety_stock_is_read(document, expected):
    assert read_safety_stocks(document).complete() == (expected,)


def test_the_payload_of_safety_stock():
    kept = read_safety_stocks((PAYLOADS / "safety_stock.json").read_bytes()).complete()
    assert [(one.aggregate_id, one.quantity, one.code, one.type) for one in kept] == [
        ("nl_web_aggregate", 2, "active", "active"),
        ("nl_web_aggregate", 1, "outlet", "outlet"),
        ("nl_web_aggregate", 0, "end-of-life", "end_of_life"),
    ]


def test_a_bad_safety_stock_is_a_problem_and_the_others_stand():
    rows = [5, {"aggregate_id": "web", "quantity": 2, "type": "active"}, {"quantity": -1, "type": 5}]
    found = read_safety_stocks(json.dumps(rows))
    assert found.values == (ACTIVE,)
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("[0]", "type.invalid"),
        ("[2].type", "text.invalid"),
        ("[2].aggregate_id", "field.missing"),
        ("[2].quantity", "units.invalid"),
    ]


def test_what_is_neither_list_nor_object_is_refused():
    with pytest.raises(InvalidDocument, match="must be a list of safety stocks"):
        read_safety_stocks('"web"')


def test_rows_that_are_no_objects_are_problems_all_the_same():
    assert len(read_safety_stocks("[5, null]").problems) == 2


def test_the_safety_stock_of_an_aggregate():
    kept = [
        ACTIVE,
        attrs.evolve(ACTIVE, quantity=1),
        attrs.evolve(ACTIVE, code="outlet", type=SafetyStockType.OUTLET, quantity=5),
        attrs.evolve(ACTIVE, aggregate_id="shop", quantity=9),
        attrs.evolve(ACTIVE, code="retired", type=None, quantity=7),
    ]
    types = {"CD": "active", "LP": "outlet", "EP": "end_of_life"}
    assert safety_stock_of(kept, aggregate_id="web", types=types) == {"CD": 2, "LP": 5}
