"""Stock as it is written: snapshots and adjustments in messages of at most 10,000 SKUs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._checks import instance, refused, text
from ..._documents import encode
from ...quantities import UNLIMITED, Quantity
from ._aggregates import AGGREGATE, AggregateSnapshot
from ._messages import MessageKind, message, written_units
from ._stock import ADJUSTMENT, SNAPSHOT, SnapshotMode, SourceAdjustment, SourceSnapshot

__all__ = ["MOST_SKUS", "write_aggregate_snapshots", "write_source_adjustments", "write_source_snapshots"]

#: How many SKUs a message about stock may hold.
MOST_SKUS = 10_000


def write_source_snapshots(snapshot: SourceSnapshot, /, *, message_id: str, batch_id: str = "") -> tuple[str, ...]:
    """Write what a source has as ``magento.inventory.source_stock_management.update`` messages.

    A SKU without a bound is written as unlimited, with the quantity 0 that the system ignores. A snapshot of more than
    10,000 SKUs is several messages. In DELTA mode they stand by themselves. In the other modes a SKU that is missing
    says something, so that they have to be one batch.

    Args:
        snapshot: What the source has.
        message_id: The id of the message; of several, ``-1``, ``-2`` and so on are put behind it.
        batch_id: What the messages of a batch have in common, a UUID; empty: no batch.

    Returns:
        The messages in their JSON-RPC envelopes, one at least. `join_snapshots` makes the snapshot of them again.

    Raises:
        InvalidArgument: If the snapshot does not fit into one message and there is no ``batch_id``, except in DELTA
            mode (``batch.missing``); if it is a message of another batch and one is given, or it does not fit; if it
            has ``ignored`` SKUs, of which nothing can be written; if a number of units takes more than 32 bits; or if
            an argument is of another type.

    Source:
        Adobe Commerce OMS, the pages on inventory and on its limits.

    Examples:
        One message:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.adobe_oms import SourceSnapshot, read_source_snapshot, write_source_snapshots
        >>> at = dt.datetime(2026, 11, 21, 8, tzinfo=dt.timezone.utc)
        >>> snapshot = SourceSnapshot(source_id="W1", mode="nonzero", created_on=at, levels={"CD": 25})
        >>> [document] = write_source_snapshots(snapshot, message_id="7d0c")
        >>> read_source_snapshot(document).complete() == snapshot
        True

        Too many for one:

        >>> import attrs
        >>> whole = attrs.evolve(snapshot, levels={f"S{number}": 1 for number in range(25_000)})
        >>> len(write_source_snapshots(whole, message_id="7d0c", batch_id="0b7e"))
        3
    """
    instance(snapshot, "snapshot", of=SourceSnapshot)
    process = text(batch_id, "batch_id", empty=True)
    _refuse_ignored(snapshot.ignored)
    rows = _rows(snapshot.levels, snapshot.inflight, "inflight")
    pages = _pages(rows)
    batch = snapshot.batch
    if batch is not None and (process or len(pages) > 1):
        requirement = "must be no message of a batch, or fit into one message without batch_id; join its batch first"
        raise refused("snapshot.batch", requirement, batch.process_id, code="batch.mixed")
    if len(pages) > 1 and not process and snapshot.mode is not SnapshotMode.DELTA:
        requirement = (
            f"must be given: in {snapshot.mode.name} mode {len(rows):,} SKUs are one batch of several messages"
        )
        raise refused("batch_id", requirement, batch_id, code="batch.missing")
    head = {"source_id": snapshot.source_id, **_head(snapshot)}
    contents = []
    for number, page in enumerate(pages, 1):
        content = dict(head)
        if process:
            content["batch"] = _batch(process, number, len(pages))
        elif batch is not None:
            content["batch"] = _batch(batch.process_id, batch.number, batch.total)
        contents.append({**content, "stock": page})
    return _messages(SNAPSHOT, contents, message_id)


def _batch(process_id: str, number: int, total: int) -> dict[str, object]:
    return {"process_id": process_id, "process_number": number, "process_total": total}


def _head(snapshot: SourceSnapshot | AggregateSnapshot) -> dict[str, Any]:
    return {"mode": snapshot.mode.name, "created_on": snapshot.created_on.isoformat()}


def _refuse_ignored(ignored: Sequence[str]) -> None:
    if ignored:
        requirement = "must be empty: nothing can be written of a SKU whose quantity could not be read"
        raise refused("snapshot.ignored", requirement, ignored, code="sku.ignored")


def _rows(levels: Mapping[str, Quantity], counts: Mapping[str, int], counted: str) -> list[dict[str, object]]:
    rows = []
    for sku, level in levels.items():
        held = 0 if level is UNLIMITED else written_units(level, f"snapshot.levels[{sku!r}]")
        row: dict[str, object] = {"sku": sku, "quantity": held}
        row.update({"unlimited": True} if level is UNLIMITED else {})
        row.update({counted: written_units(counts[sku], f"snapshot.{counted}[{sku!r}]")} if sku in counts else {})
        rows.append(row)
    return rows


def _pages(rows: Sequence[dict[str, object]]) -> list[Sequence[dict[str, object]]]:
    """Return the rows in lots that fit into a message; one lot at least."""
    return [rows[begin : begin + MOST_SKUS] for begin in range(0, len(rows) or 1, MOST_SKUS)]


def _messages(kind: MessageKind, contents: Sequence[object], message_id: str) -> tuple[str, ...]:
    text(message_id, "message_id")
    if len(contents) == 1:
        return (message(kind, contents[0], message_id),)
    return tuple(message(kind, content, f"{message_id}-{number}") for number, content in enumerate(contents, 1))


def write_aggregate_snapshots(snapshot: AggregateSnapshot, /, *, message_id: str) -> tuple[str, ...]:
    """Write what a channel may sell as ``magento.inventory.aggregate_stock_management.updated`` messages.

    Args:
        snapshot: What it may sell.
        message_id: The id of the message; of several, ``-1``, ``-2`` and so on are put behind it.

    Returns:
        The messages in their JSON-RPC envelopes, one at least, each of at most 10,000 SKUs.

    Raises:
        InvalidArgument: If it takes several messages and the mode is not DELTA, for there are no batches of
            aggregates (``snapshot.large``); if it has ``ignored`` SKUs; if a number of units takes more than 32 bits;
            or if an argument is of another type.

    Source:
        Adobe Commerce OMS, the pages on inventory and on its limits.

    Examples:
        What is written is read back:

        >>> import datetime as dt
        >>> from preorder_kit import UNLIMITED
        >>> from preorder_kit.adapters.adobe_oms import (
        ...     AggregateSnapshot, read_aggregate_snapshot, write_aggregate_snapshots
        ... )
        >>> at = dt.datetime(2026, 11, 21, 8, tzinfo=dt.timezone.utc)
        >>> snapshot = AggregateSnapshot(aggregate_id="web", mode="delta", created_on=at, levels={"DL": UNLIMITED})
        >>> [document] = write_aggregate_snapshots(snapshot, message_id="e911")
        >>> read_aggregate_snapshot(document).complete() == snapshot
        True
    """
    instance(snapshot, "snapshot", of=AggregateSnapshot)
    _refuse_ignored(snapshot.ignored)
    pages = _pages(_rows(snapshot.levels, snapshot.inflight_backorders, "inflight_backorders"))
    if len(pages) > 1 and snapshot.mode is not SnapshotMode.DELTA:
        requirement = f"must hold at most {MOST_SKUS:,} SKUs in {snapshot.mode.name} mode; write them as DELTA"
        raise refused("snapshot.levels", requirement, len(snapshot.levels), code="snapshot.large")
    head = {"aggregate_id": snapshot.aggregate_id, **_head(snapshot)}
    return _messages(AGGREGATE, [{**head, "stock": page} for page in pages], message_id)


def write_source_adjustments(adjustment: SourceAdjustment, /) -> tuple[str, ...]:
    """Write what is added to a source, or taken from it.

    The fields of an adjustment are documented; the method that carries it is not. So it is written without an envelope:
    put it into the one that your integration uses.

    Args:
        adjustment: What changes.

    Returns:
        Documents ``{"adjustment": {...}}``, one at least, each of at most 10,000 SKUs. Each may be applied by itself.

    Raises:
        InvalidArgument: If ``adjustment`` is none, or a number of units in it takes more than 32 bits.

    Source:
        Adobe Commerce OMS, the pages on inventory and on its limits.

    Examples:
        What is written is read back:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.adobe_oms import SourceAdjustment
        >>> from preorder_kit.adapters.adobe_oms import read_source_adjustment, write_source_adjustments
        >>> at = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.timezone.utc)
        >>> count = SourceAdjustment(source_id="W1", reason="CYCLE_COUNT", created_on=at, changes={"CD": -5})
        >>> [document] = write_source_adjustments(count)
        >>> read_source_adjustment(document).complete() == count
        True
    """
    instance(adjustment, "adjustment", of=SourceAdjustment)
    head = {
        "source_id": adjustment.source_id,
        "reason": adjustment.reason,
        "created_on": adjustment.created_on.isoformat(),
    }
    changes = {sku: written_units(more, f"adjustment.changes[{sku!r}]") for sku, more in adjustment.changes.items()}
    pages = _pages([{"sku": sku, "quantity": more} for sku, more in changes.items()])
    return tuple(encode({ADJUSTMENT.key: {**head, "adjustments": page}}) for page in pages)
