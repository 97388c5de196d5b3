"""Stock at the sources of Adobe Commerce OMS: snapshots and adjustments, read, applied and written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest

from preorder_kit import UNLIMITED, Commitment, InvalidArgument, InvalidDocument, LeadTime, Receipt, Supply
from preorder_kit.adapters.adobe_oms import (
    MOST_SKUS,
    SnapshotBatch,
    SnapshotMode,
    SourceAdjustment,
    SourceSnapshot,
    SourceStockUpdate,
    apply_adjustment,
    apply_snapshot,
    join_snapshots,
    read_source_adjustment,
    read_source_snapshot,
    write_source_adjustments,
    write_source_snapshots,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "adobe_oms"
UTC = dt.timezone.utc
AT = dt.datetime(2026, 11, 21, 8, tzinfo=UTC)
LATER = AT + dt.timedelta(minutes=5)
SNAPSHOT = SourceSnapshot(source_id="W1", mode="delta", created_on=AT, levels={"CD": 25, "DL": UNLIMITED})
COUNT = SourceAdjustment(source_id="W1", reason="COUNT", created_on=AT, changes={"CD": -5})


def snapshot(*rows: object, **fields: object) -> str:
    head = {"source_id": "W1", "mode": "DELTA", "created_on": "2026-11-21T08:00:00Z", "stock": list(rows)}
    return json.dumps({"snapshot": head | fields})


def found_in(caught: pytest.ExceptionInfo[InvalidDocument]) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_the_payload_of_a_snapshot():
    found = read_source_snapshot((PAYLOADS / "source_stock_update_snapshot.json").read_bytes()).complete()
    levels = {"CD-1105": 25, "LP-2201": 0, "DL-1": UNLIMITED}
    assert found == SourceSnapshot(source_id="WAREHOUSE_1", mode="delta", created_on=AT, levels=levels)


ROWS = {
    "text": ({"sku": "CD", "quantity": "25"}, 25, None),
    "a number as sku": ({"sku": 5, "quantity": 25.0}, 25, None),
    "without a bound": ({"sku": "CD", "quantity": 3, "unlimited": True}, UNLIMITED, None),
    "without a bound, in words": ({"sku": "CD", "unlimited": " TRUE"}, UNLIMITED, None),
    "without a bound, whatever the quantity": (
        {"sku": "CD", "quantity": "many", "unlimited": "true"},
        UNLIMITED,
        None,
    ),
    "with a bound": ({"sku": "CD", "quantity": 3, "unlimited": "false"}, 3, None),
    "in flight": ({"sku": "CD", "quantity": 3, "inflight": "2"}, 3, 2),
    "none in flight": ({"sku": "CD", "quantity": 3, "inflight": 0}, 3, 0),
}


@pytest.mark.parametrize(("row", "level", "inflight"), ROWS.values(), ids=ROWS)
def test_a_row_is_read_however_it_is_written(row, level, inflight):
    found = read_source_snapshot(snapshot(row)).complete()
    sku = str(row["sku"])
    assert found.levels == {sku: level}
    assert found.inflight == ({} if inflight is None else {sku: inflight})


@pytest.mark.parametrize("mode", ["FULL", "full", " NonZero ", "DELTA"])
def test_the_mode_is_read_in_any_case(mode):
    assert read_source_snapshot(snapshot(mode=mode)).values.mode is SnapshotMode(mode.strip().lower())


def test_which_message_of_a_batch_it_is():
    batch = {"process_id": "b7", "process_number": "2", "process_total": 3}
    found = read_source_snapshot(snapshot(batch=batch)).complete()
    assert found.batch == SnapshotBatch(process_id="b7", number=2, total=3)


BAD_ROWS = {
    "less than none": ({"sku": "LP", "quantity": -1}, "quantity", "units.invalid", ("LP",)),
    "no quantity": ({"sku": "LP"}, "quantity", "field.missing", ("LP",)),
    "parts of units": ({"sku": "LP", "quantity": 5.9}, "quantity", "units.invalid", ("LP",)),
    "true": ({"sku": "LP", "quantity": True}, "quantity", "units.invalid", ("LP",)),
    "a flag that is none": ({"sku": "LP", "quantity": 1, "unlimited": "yes"}, "unlimited", "type.invalid", ("LP",)),
    "in flight, less than none": ({"sku": "LP", "quantity": 1, "inflight": -1}, "inflight", "units.invalid", ("LP",)),
    "no sku": ({"quantity": 1}, "sku", "field.missing", ()),
    "a sku that is known": ({"sku": "CD", "quantity": 7}, "sku", "id.repeated", ()),
    "a sku that is known and no quantity": ({"sku": "CD", "quantity": -7}, "quantity", "units.invalid", ()),
}


@pytest.mark.parametrize(("row", "key", "code", "ignored"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_a_problem_and_the_others_stand(row, key, code, ignored):
    found = read_source_snapshot(snapshot({"sku": "CD", "quantity": 25}, row, {"sku": "EP", "quantity": 1}))
    assert [(problem.path, problem.code) for problem in found.problems] == [(f"snapshot.stock[1].{key}", code)]
    assert found.values.levels == {"CD": 25, "EP": 1}
    assert found.values.ignored == ignored


def test_a_row_that_is_no_object_is_a_problem():
    found = read_source_snapshot(snapshot(5, {"sku": "CD", "quantity": 25}))
    assert [(problem.path, problem.code) for problem in found.problems] == [("snapshot.stock[0]", "type.invalid")]
    assert found.values.levels == {"CD": 25}


def test_a_row_that_is_right_in_the_end_is_not_ignored():
    found = read_source_snapshot(snapshot({"sku": "CD", "quantity": "?"}, {"sku": "CD", "quantity": 25}))
    assert (found.values.levels, found.values.ignored, len(found.problems)) == ({"CD": 25}, (), 1)


HEADS = {
    "nothing": (
        '{"snapshot": {}}',
        [
            ("snapshot.source_id", "field.missing"),
            ("snapshot.mode", "field.missing"),
            ("snapshot.created_on", "field.missing"),
            ("snapshot.stock", "field.missing"),
        ],
    ),
    "a mode that is none": (snapshot(mode="SOME"), [("snapshot.mode", "choice.invalid")]),
    "a mode that is a number": (snapshot(mode=5), [("snapshot.mode", "choice.invalid")]),
    "a time that is none": (snapshot(created_on="today"), [("snapshot.created_on", "instant.invalid")]),
    "stock that is an object": (snapshot(stock={"CD": 25}), [("snapshot.stock", "type.invalid")]),
    "a batch that is text": (snapshot(batch="b7"), [("snapshot.batch", "type.invalid")]),
    "a batch of nothing": (
        snapshot(batch={"process_id": "b7", "process_number": -1, "process_total": 0}),
        [
            ("snapshot.batch.process_number", "units.invalid"),
            ("snapshot.batch.process_total", "units.invalid"),
        ],
    ),
    "a row too": (
        snapshot({"sku": "CD", "quantity": -1}, source_id=None),
        [("snapshot.source_id", "field.missing"), ("snapshot.stock[0].quantity", "units.invalid")],
    ),
    "another message": ('{"method": "magento.x", "params": {}}', [("method", "document.unrecognised")]),
    "a list": ("[]", [("", "document.unrecognised")]),
}


@pytest.mark.parametrize(("document", "expected"), HEADS.values(), ids=HEADS)
def test_a_snapshot_that_does_not_say_what_it_is_is_refused(document, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_source_snapshot(document)
    assert found_in(caught) == expected


def test_units_in_flight_are_of_a_sku_that_is_listed():
    with pytest.raises(InvalidArgument, match="inflight: must name SKUs of levels alone"):
        attrs.evolve(SNAPSHOT, inflight={"LP": 1})


BEFORE = Supply(on_hand={"CD": 3, "LP": 7, "EP": 0, "SP": UNLIMITED, "MC": -2})
MODES = {
    "full": ({"CD": 25, "LP": 7, "EP": 0, "SP": UNLIMITED, "MC": -2, "DL": UNLIMITED}, ("EP", "LP", "MC", "SP"), ()),
    "nonzero": ({"CD": 25, "LP": 0, "EP": 0, "SP": UNLIMITED, "MC": 0, "DL": UNLIMITED}, (), ("LP", "MC")),
    "delta": ({"CD": 25, "LP": 7, "EP": 0, "SP": UNLIMITED, "MC": -2, "DL": UNLIMITED}, (), ()),
}


@pytest.mark.parametrize(("mode", "expected"), MODES.items(), ids=MODES)
def test_a_missing_sku_means_three_different_things(mode, expected):
    levels, unlisted, zeroed = expected
    update = apply_snapshot(BEFORE, attrs.evolve(SNAPSHOT, mode=mode))
    assert update == SourceStockUpdate(supply=Supply(on_hand=levels), as_of=AT, unlisted=unlisted, zeroed=zeroed)
    assert update.supply.on_hand == levels


@pytest.mark.parametrize("mode", SnapshotMode)
def test_what_is_ignored_stays_as_it_was(mode):
    update = apply_snapshot(BEFORE, attrs.evolve(SNAPSHOT, mode=mode, ignored=["LP", "EP", "SP", "MC"]))
    assert update.supply.on_hand == {**BEFORE.on_hand, "CD": 25, "DL": UNLIMITED}
    assert (update.unlisted, update.zeroed) == ((), ())


def test_what_is_in_flight_is_owed_once():
    owed = [
        Commitment(sku="CD", quantity=4),
        Commitment(sku="CD", quantity=1, order_id="O1"),
        Commitment(sku="CD", quantity=2, due=dt.date(2026, 12, 6)),
        Commitment(sku="DL", quantity=9),
        Commitment(sku="LP", quantity=3),
    ]
    supply = attrs.evolve(BEFORE, commitments=owed)
    message = attrs.evolve(SNAPSHOT, inflight={"CD": 6, "DL": 0})
    once = apply_snapshot(supply, message)
    assert (
        once.supply.commitments
        == Supply(on_hand={}, commitments=[*owed[1:3], owed[4], attrs.evolve(owed[0], quantity=6)]).commitments
    )
    assert apply_snapshot(once.supply, message) == once


def test_what_a_snapshot_does_not_speak_of_stays():
    receipt = Receipt(sku="CD", quantity=5, expected=dt.date(2026, 12, 10))
    supply = Supply(on_hand={}, receipts=[receipt], safety_stock={"CD": 2}, replenishment={"CD": LeadTime(1, 2)})
    assert apply_snapshot(supply, SNAPSHOT).supply == attrs.evolve(supply, on_hand=SNAPSHOT.levels)


TIMES = {
    "older": (LATER, True),
    "just as old": (AT, False),
    "newer": (AT - dt.timedelta(1), False),
    "first": (None, False),
}


@pytest.mark.parametrize(("known_at", "is_stale"), TIMES.values(), ids=TIMES)
def test_an_older_snapshot_changes_nothing(known_at, is_stale):
    update = apply_snapshot(BEFORE, SNAPSHOT, known_at=known_at)
    assert update.is_stale is is_stale
    assert update.supply.on_hand["CD"] == (3 if is_stale else 25)
    assert update.as_of == (known_at if is_stale else AT)


@pytest.mark.parametrize(("known_at", "is_stale"), TIMES.values(), ids=TIMES)
def test_an_older_adjustment_is_counted_already(known_at, is_stale):
    update = apply_adjustment(Supply(on_hand={"CD": 8}), COUNT, known_at=known_at)
    assert update == SourceStockUpdate(
        supply=Supply(on_hand={"CD": 8 if is_stale else 3}), as_of=known_at, is_stale=is_stale
    )


def in_batch(number: int, levels: dict[str, int], **fields: object) -> SourceSnapshot:
    batch = SnapshotBatch(process_id="b7", number=number, total=2)
    return attrs.evolve(SNAPSHOT, **{"mode": "full", "levels": levels, "batch": batch} | fields)


@pytest.mark.parametrize("mode", ["full", "nonzero"])
def test_half_a_batch_is_not_applied(mode):
    with pytest.raises(InvalidArgument, match=r"snapshot.batch: must be whole: join the 2 messages") as caught:
        apply_snapshot(BEFORE, in_batch(1, {"CD": 1}, mode=mode))
    assert caught.value.code == "batch.incomplete"


WHOLE = {
    "a delta": in_batch(1, {"CD": 1}, mode="delta"),
    "a batch of one": in_batch(1, {"CD": 1}, batch=SnapshotBatch(process_id="b7", number=1, total=1)),
}


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
def test_what_stands_by_itself_is_applied(whole):
    assert apply_snapshot(BEFORE, whole).supply.on_hand["CD"] == 1


def test_a_batch_is_put_together():
    first = in_batch(2, {"CD": 1}, inflight={"CD": 1}, ignored=["LP", "XX"])
    second = in_batch(1, {"LP": 2}, created_on=LATER, ignored=["XX"])
    whole = attrs.evolve(
        SNAPSHOT, mode="full", created_on=LATER, levels={"CD": 1, "LP": 2}, inflight={"CD": 1}, ignored=["XX"]
    )
    assert join_snapshots([first, second]) == {"W1": whole}


def test_a_batch_may_hold_several_sources():
    joined = join_snapshots([in_batch(1, {"CD": 1}, source_id="W2"), in_batch(2, {"CD": 5})])
    assert [(source, one.levels, one.batch) for source, one in joined.items()] == [
        ("W1", {"CD": 5}, None),
        ("W2", {"CD": 1}, None),
    ]


BATCHES = {
    "none": ([], "snapshots", "batch.incomplete"),
    "one is missing": ([in_batch(1, {})], "snapshots", "batch.incomplete"),
    "one is there twice": ([in_batch(1, {}), in_batch(1, {})], "snapshots", "batch.incomplete"),
    "one is of no batch": ([in_batch(1, {}), SNAPSHOT], "snapshots[1].batch", "batch.missing"),
    "one is of another batch": (
        [in_batch(1, {}), in_batch(2, {}, batch=SnapshotBatch(process_id="b8", number=2, total=2))],
        "snapshots[1].batch.process_id",
        "batch.mixed",
    ),
    "one counts otherwise": (
        [in_batch(1, {}), in_batch(2, {}, batch=SnapshotBatch(process_id="b7", number=2, total=3))],
        "snapshots[1].batch.total",
        "batch.mixed",
    ),
    "one is of another mode": ([in_batch(1, {}), in_batch(2, {}, mode="delta")], "snapshots[1].mode", "batch.mixed"),
    "a SKU comes twice": ([in_batch(1, {"CD": 1}), in_batch(2, {"CD": 1})], "snapshots", "id.repeated"),
}


@pytest.mark.parametrize(("snapshots", "path", "code"), BATCHES.values(), ids=BATCHES)
def test_what_is_no_batch_is_refused(snapshots, path, code):
    with pytest.raises(InvalidArgument) as caught:
        join_snapshots(snapshots)
    assert (caught.value.path, caught.value.code) == (path, code)


def test_the_payload_of_an_adjustment():
    found = read_source_adjustment((PAYLOADS / "source_stock_adjustment.json").read_bytes()).complete()
    assert found == SourceAdjustment(
        source_id="WAREHOUSE_1",
        reason="CYCLE_COUNT",
        created_on=dt.datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        changes={"CD-1105": -5, "LP-2201": 12},
    )
    update = apply_adjustment(Supply(on_hand={"CD-1105": 3}), found)
    assert update == SourceStockUpdate(supply=Supply(on_hand={"CD-1105": 0, "LP-2201": 12}), short={"CD-1105": 2})


def adjustment(*rows: object, **fields: object) -> dict[str, object]:
    head = {"source_id": "W1", "reason": "COUNT", "created_on": "2026-11-21T08:00:00Z", "adjustments": list(rows)}
    return head | fields


ENVELOPES = {
    "bare": adjustment({"sku": "CD", "quantity": -5}),
    "wrapped": {"adjustment": adjustment({"sku": "CD", "quantity": "-5"})},
    "in params": {"params": {"adjustment": adjustment({"sku": "CD", "quantity": -5.0})}},
    "bare in params": {"params": adjustment({"sku": "CD", "quantity": -5})},
    "in several rows": adjustment({"sku": "CD", "quantity": -7}, {"sku": "CD", "quantity": 2}),
}


@pytest.mark.parametrize("message", ENVELOPES.values(), ids=ENVELOPES)
def test_an_adjustment_is_read_however_it_comes(message):
    assert read_source_adjustment(json.dumps(message)).complete() == COUNT


def test_a_bad_row_of_an_adjustment_is_a_problem():
    rows = [{"sku": "CD", "quantity": -5}, {"sku": "LP", "quantity": 5.9}, {"quantity": 1}, None]
    found = read_source_adjustment(json.dumps(adjustment(*rows)))
    assert found.values == COUNT
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("adjustments[3]", "type.invalid"),
        ("adjustments[1].quantity", "units.invalid"),
        ("adjustments[2].sku", "field.missing"),
    ]


BAD_ADJUSTMENTS = {
    "nothing": (
        {"adjustment": {}},
        [(f"adjustment.{key}", "field.missing") for key in ("source_id", "reason", "created_on", "adjustments")],
    ),
    "rows that are an object": (adjustment(adjustments={"CD": 1}), [("adjustments", "type.invalid")]),
    "text": ("CD", [("", "document.unrecognised")]),
    "something else": ({"CD": 1}, [("", "document.unrecognised")]),
}


@pytest.mark.parametrize(("message", "expected"), BAD_ADJUSTMENTS.values(), ids=BAD_ADJUSTMENTS)
def test_an_adjustment_that_does_not_say_what_it_is_is_refused(message, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_source_adjustment(json.dumps(message))
    assert found_in(caught) == expected


CHANGES = {
    "more": (3, 2, 5, 0),
    "less": (3, -2, 1, 0),
    "all of it": (3, -3, 0, 0),
    "more than there is": (3, -5, 0, 2),
    "of nothing": (None, -5, 0, 5),
    "to nothing": (None, 5, 5, 0),
    "of a count that is wrong": (-2, 1, 0, 1),
    "that mends a count": (-2, 3, 1, 0),
    "none": (3, 0, 3, 0),
}


@pytest.mark.parametrize(("there", "change", "left", "short"), CHANGES.values(), ids=CHANGES)
def test_nothing_falls_below_zero(there, change, left, short):
    supply = Supply(on_hand={} if there is None else {"CD": there})
    update = apply_adjustment(supply, attrs.evolve(COUNT, changes={"CD": change}))
    assert update.supply.on_hand == {"CD": left}
    assert update.short == ({"CD": short} if short else {})
    assert (there or 0) + change == left - short


def test_what_has_no_bound_has_none_after_an_adjustment():
    update = apply_adjustment(Supply(on_hand={"CD": UNLIMITED}), COUNT)
    assert (update.supply.on_hand, update.unbounded, update.short) == ({"CD": UNLIMITED}, ("CD",), {})


def test_a_snapshot_is_written_as_it_is_documented():
    whole = attrs.evolve(SNAPSHOT, mode="nonzero", inflight={"CD": 2, "DL": 1})
    [document] = write_source_snapshots(whole, message_id="7d0c")
    assert json.loads(document) == {
        "jsonrpc": "2.0",
        "method": "magento.inventory.source_stock_management.update",
        "params": {
            "snapshot": {
                "source_id": "W1",
                "mode": "NONZERO",
                "created_on": "2026-11-21T08:00:00+00:00",
                "stock": [
                    {"sku": "CD", "quantity": 25, "inflight": 2},
                    {"sku": "DL", "quantity": 0, "unlimited": True, "inflight": 1},
                ],
            }
        },
        "id": "7d0c",
    }


MANY = {f"S{number}": number for number in range(MOST_SKUS + 1)}


def test_many_skus_are_one_batch():
    whole = attrs.evolve(SNAPSHOT, mode="nonzero", levels=MANY, inflight={"S1": 1, "S10000": 2})
    documents = write_source_snapshots(whole, message_id="7d0c", batch_id="b7")
    parts = [read_source_snapshot(document).complete() for document in documents]
    assert [len(part.levels) for part in parts] == [MOST_SKUS, 1]
    assert [part.batch for part in parts] == [
        SnapshotBatch(process_id="b7", number=number, total=2) for number in (1, 2)
    ]
    assert [json.loads(document)["id"] for document in documents] == ["7d0c-1", "7d0c-2"]
    assert join_snapshots(parts) == {"W1": whole}


def test_many_skus_of_a_delta_are_several_messages():
    documents = write_source_snapshots(attrs.evolve(SNAPSHOT, levels=MANY), message_id="7d0c")
    update = SourceStockUpdate(supply=Supply(on_hand={}))
    for document in documents:
        part = read_source_snapshot(document).complete()
        assert part.batch is None
        update = apply_snapshot(update.supply, part, known_at=update.as_of)
    assert update.supply.on_hand == MANY


def test_a_snapshot_of_nothing_is_one_message():
    nothing = attrs.evolve(SNAPSHOT, mode="nonzero", levels={})
    [document] = write_source_snapshots(nothing, message_id="7d0c")
    assert read_source_snapshot(document).complete() == nothing


def test_a_message_of_a_batch_is_written_as_one():
    part = in_batch(2, {"CD": 1})
    [document] = write_source_snapshots(part, message_id="7d0c")
    assert read_source_snapshot(document).complete() == part


UNWRITABLE = {
    "many without a batch": ({"mode": "full", "levels": MANY}, "", "batch_id", "batch.missing"),
    "of another batch": (
        {"batch": SnapshotBatch(process_id="b7", number=1, total=1)},
        "b8",
        "snapshot.batch",
        "batch.mixed",
    ),
    "many of a batch": (
        {"levels": MANY, "batch": SnapshotBatch(process_id="b7", number=1, total=1)},
        "",
        "snapshot.batch",
        "batch.mixed",
    ),
    "ignored": ({"ignored": ["LP"]}, "", "snapshot.ignored", "sku.ignored"),
}


@pytest.mark.parametrize(("fields", "batch_id", "path", "code"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_cannot_be_said_is_refused(fields, batch_id, path, code):
    with pytest.raises(InvalidArgument) as caught:
        write_source_snapshots(attrs.evolve(SNAPSHOT, **fields), message_id="7d0c", batch_id=batch_id)
    assert (caught.value.path, caught.value.code) == (path, code)


def test_an_adjustment_is_written_as_it_is_documented():
    [document] = write_source_adjustments(COUNT)
    assert json.loads(document) == {
        "adjustment": {
            "source_id": "W1",
            "reason": "COUNT",
            "created_on": "2026-11-21T08:00:00+00:00",
            "adjustments": [{"sku": "CD", "quantity": -5}],
        }
    }


def test_many_adjustments_are_several_documents():
    whole = attrs.evolve(COUNT, changes=MANY)
    parts = [read_source_adjustment(document).complete() for document in write_source_adjustments(whole)]
    assert [len(part.changes) for part in parts] == [MOST_SKUS, 1]
    assert {sku: more for part in parts for sku, more in part.changes.items()} == MANY


WRONG = {
    "a supply that is none": lambda: apply_snapshot({}, SNAPSHOT),
    "a snapshot that is none": lambda: apply_snapshot(BEFORE, COUNT),
    "an adjustment that is none": lambda: apply_adjustment(BEFORE, SNAPSHOT),
    "a time without an offset": lambda: apply_snapshot(BEFORE, SNAPSHOT, known_at=dt.datetime(2026, 11, 21)),
    "an id that is none": lambda: write_source_snapshots(SNAPSHOT, message_id=" "),
    "what is no adjustment": lambda: write_source_adjustments(SNAPSHOT),
    "what is no snapshot": lambda: write_source_snapshots(COUNT, message_id="7d0c"),
}


@pytest.mark.parametrize("call", WRONG.values(), ids=WRONG)
def test_another_type_is_refused(call):
    with pytest.raises(InvalidArgument, match="must"):
        call()


MOST = 2**31 - 1
AT_THE_LIMIT = SourceSnapshot(
    source_id="W1", mode="delta", created_on=dt.datetime(2026, 11, 21, tzinfo=dt.timezone.utc), levels={"CD": MOST}
)


def test_numbers_of_32_bits_are_written_and_no_larger_ones():
    [document] = write_source_snapshots(AT_THE_LIMIT, message_id="7d0c")
    assert read_source_snapshot(document).complete() == AT_THE_LIMIT
    with pytest.raises(InvalidArgument, match=r"snapshot\.levels\['CD'\]: must be at most 2,147,483,647"):
        write_source_snapshots(attrs.evolve(AT_THE_LIMIT, levels={"CD": MOST + 1}), message_id="7d0c")
    with pytest.raises(InvalidArgument, match=r"snapshot\.inflight\['CD'\]: must be at most"):
        write_source_snapshots(attrs.evolve(AT_THE_LIMIT, inflight={"CD": MOST + 1}), message_id="7d0c")


@pytest.mark.parametrize("change", [MOST + 1, -MOST - 1])
def test_changes_of_more_than_32_bits_are_not_written(change):
    head = {"source_id": "W1", "reason": "COUNT", "created_on": AT_THE_LIMIT.created_on}
    with pytest.raises(InvalidArgument, match=r"adjustment\.changes\['LP'\]: must be at most"):
        write_source_adjustments(SourceAdjustment(**head, changes={"CD": -MOST, "LP": change}))
