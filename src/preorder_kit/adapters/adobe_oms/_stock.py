"""Stock at a source: snapshots and adjustments, as they are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import attrs

from ..._checks import (
    FrozenMapping,
    checked,
    instance,
    instant,
    mapping,
    member,
    optional,
    refused,
    rule,
    sequence,
    text,
    units,
)
from ..._documents import Fields, change, count, identifier, truth
from ...errors import InvalidDocument, Read
from ...quantities import UNLIMITED, Quantity, _quantity
from ._messages import MessageKind, listed, opened, utc_instant

__all__ = [
    "SnapshotBatch",
    "SnapshotMode",
    "SourceAdjustment",
    "SourceSnapshot",
    "read_source_adjustment",
    "read_source_snapshot",
]

SNAPSHOT = MessageKind(
    methods=("magento.inventory.source_stock_management.update",),
    key="snapshot",
    about="stock",
    expected='must be a snapshot of a source: {"params": {"snapshot": {...}}} or {"snapshot": {...}}',
)
ADJUSTMENT = MessageKind(
    methods=("magento.inventory.source_stock_management.adjust",),
    key="adjustment",
    about="stock",
    expected='must be an adjustment of a source: {"params": {"adjustment": {...}}} or {"adjustment": {...}}',
    bare="adjustments",
)
LEVELS = rule(mapping, key=text, check=_quantity)
COUNTS = rule(mapping, key=text, check=units)


class SnapshotMode(StrEnum):
    """What it means that a SKU is missing in a snapshot.

    FULL: it should be there; what is known of it stays, and the system warns. NONZERO: there is none of it, unless it
    is unlimited. DELTA: nothing; only what is listed changes.
    """

    FULL = "full"
    NONZERO = "nonzero"
    DELTA = "delta"


@attrs.frozen(kw_only=True, field_transformer=checked)
class SnapshotBatch:
    """Which of several messages, that count as one, a snapshot is.

    Attributes:
        process_id: What all messages of the batch have in common.
        number: Which of them it is.
        total: How many there are, >= 1.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    process_id: str = attrs.field(metadata=rule(text))
    number: int = attrs.field(metadata=rule(units))
    total: int = attrs.field(metadata=rule(units, least=1))


@attrs.frozen(kw_only=True, field_transformer=checked)
class SourceSnapshot:
    """What a source has on hand at one instant.

    Attributes:
        source_id: The source: a warehouse or a store.
        mode: What it means that a SKU is missing.
        created_on: When it was so.
        levels: SKU -> units on hand, those in flight among them; `UNLIMITED` if they never run out.
        inflight: SKU -> units of them that are reserved for orders; only where that was sent.
        ignored: SKUs that were listed with a quantity that is none. The system ignores them, so nothing is said of
            them: neither what there is, nor that they are missing.
        batch: Which of several messages it is; ``None`` if it is the only one.

    Raises:
        InvalidArgument: If a field breaks its rule, or ``inflight`` names a SKU that ``levels`` does not.
    """

    source_id: str = attrs.field(metadata=rule(text))
    mode: SnapshotMode = attrs.field(metadata=rule(member, of=SnapshotMode))
    created_on: dt.datetime = attrs.field(metadata=rule(instant))
    levels: Mapping[str, Quantity] = attrs.field(metadata=LEVELS)
    inflight: Mapping[str, int] = attrs.field(default=FrozenMapping(), metadata=COUNTS)
    ignored: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))
    batch: SnapshotBatch | None = attrs.field(
        default=None, metadata=rule(optional, check=partial(instance, of=SnapshotBatch))
    )

    def __attrs_post_init__(self) -> None:
        refuse_strangers(self.inflight, self.levels, "inflight")


def refuse_strangers(counts: Mapping[str, int], levels: Mapping[str, Quantity], path: str) -> None:
    """Refuse units of a SKU that has no level."""
    unknown = next((sku for sku in counts if sku not in levels), None)
    if unknown is not None:
        raise refused(path, "must name SKUs of levels alone", unknown, code="sku.unknown")


@attrs.frozen(kw_only=True, field_transformer=checked)
class SourceAdjustment:
    """Units that are added to what a source has, or taken from it.

    Attributes:
        source_id: The source.
        reason: Why, in the sender's words.
        created_on: When.
        changes: SKU -> units; negative if they are taken away.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    source_id: str = attrs.field(metadata=rule(text))
    reason: str = attrs.field(metadata=rule(text))
    created_on: dt.datetime = attrs.field(metadata=rule(instant))
    changes: Mapping[str, int] = attrs.field(metadata=rule(mapping, key=text, check=partial(units, least=None)))


def read_source_snapshot(document: str | bytes, /) -> Read[SourceSnapshot]:
    """Read what a source has from a ``magento.inventory.source_stock_management.update`` message.

    - A SKU that is ``unlimited`` is `UNLIMITED`, whatever its quantity.
    - A row whose quantity is none, which the system ignores, is a problem here, and its SKU is ``ignored``.
    - Of several rows for one SKU the first sound one counts; the others are problems.
    - A row without a SKU is a problem. In FULL and NONZERO mode what it was meant for is missing: look at it first.
    - An instant without an offset is in UTC.

    Args:
        document: The message, as text or UTF-8 bytes, with or without its envelope.

    Returns:
        The snapshot of the rows that are sound, and a problem for every other row.

    Raises:
        InvalidDocument: If it is no such message, or does not say which source, which mode, when, or what.

    Source:
        Adobe Commerce OMS, the pages on inventory and on its limits.

    Examples:
        One number, one SKU without a bound, and one quantity that is none:

        >>> from preorder_kit.adapters.adobe_oms import read_source_snapshot
        >>> found = read_source_snapshot('''{"snapshot": {"source_id": "W1", "mode": "DELTA",
        ...     "created_on": "2026-11-21T08:00:00+00:00", "stock": [{"sku": "CD", "quantity": 25},
        ...     {"sku": "DL", "quantity": 0, "unlimited": true}, {"sku": "LP", "quantity": -1}]}}''')
        >>> found.values.levels, found.values.ignored
        ({'CD': 25, 'DL': UNLIMITED}, ('LP',))
        >>> print(*found.problems)
        snapshot.stock[2].quantity: must be a whole number >= 0 (got -1)

        Without its mode nothing can be said of what is missing:

        >>> read_source_snapshot('''{"snapshot": {"source_id": "W1", "mode": "SOME",
        ...     "created_on": "2026-11-21T08:00:00Z", "stock": []}}''')
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: snapshot.mode: must be FULL, NONZERO or DELTA (got 'SOME')
    """
    snapshot = opened(document, SNAPSHOT)
    head: dict[str, Any] = {
        "source_id": snapshot.read("source_id", identifier),
        "mode": snapshot.read("mode", snapshot_mode),
        "created_on": snapshot.read("created_on", utc_instant),
        "batch": _batch(snapshot),
    }
    is_sound = snapshot.is_sound
    rows = read_levels(snapshot, "inflight")
    if not is_sound or rows is None:
        raise InvalidDocument(snapshot.problems)
    found = SourceSnapshot(levels=rows.levels, inflight=rows.counts, ignored=rows.ignored, **head)
    return Read(found, tuple(snapshot.problems))


def snapshot_mode(value: object, path: str) -> SnapshotMode:
    """Return the mode that a word names, in any case."""
    name = value.strip().lower() if isinstance(value, str) else ""
    if name not in set(SnapshotMode):
        raise refused(path, "must be FULL, NONZERO or DELTA", value, code="choice.invalid")
    return SnapshotMode(name)


def _batch(snapshot: Fields) -> SnapshotBatch | None:
    fields = snapshot.object("batch")
    if fields is None:
        return None
    return fields.build(
        SnapshotBatch,
        process_id=fields.read("process_id", identifier),
        number=fields.read("process_number", count),
        total=fields.read("process_total", count, least=1),
    )


@attrs.frozen(kw_only=True)
class Levels:
    """The rows of a snapshot: what is said of which SKU, and of which of them nothing that could be read."""

    levels: Mapping[str, Quantity]
    counts: Mapping[str, int]
    ignored: Sequence[str]


def read_levels(snapshot: Fields, counted: str) -> Levels | None:
    """Return the rows of a snapshot, each with the units ``counted`` in it; ``None`` if it has no list of them."""
    if not isinstance(snapshot.read("stock", listed), list):
        return None
    levels: dict[str, Quantity] = {}
    counts: dict[str, int] = {}
    ignored: dict[str, None] = {}
    for row in snapshot.objects("stock"):
        sku = row.read("sku", identifier)
        unlimited = row.read("unlimited", truth, default=False)
        level = UNLIMITED if unlimited else row.read("quantity", count)
        units_in_it = row.read(counted, count, default=None)
        if row.is_sound and sku in levels:
            row.complain("sku", "id.repeated", f"must be unique in the snapshot (got {sku!r} again)", sku)
        elif row.is_sound:
            levels[sku] = level
            counts.update({} if units_in_it is None else {sku: units_in_it})
        elif isinstance(sku, str):
            ignored[sku] = None
    return Levels(levels=levels, counts=counts, ignored=[sku for sku in ignored if sku not in levels])


def read_source_adjustment(document: str | bytes, /) -> Read[SourceAdjustment]:
    """Read an adjustment of what a source has.

    The fields of an adjustment are documented. The key ``adjustment`` around it and the method
    ``magento.inventory.source_stock_management.adjust`` are inferred; the bare adjustment is read too. Several rows for
    one SKU add up.

    Args:
        document: The message, as text or UTF-8 bytes.

    Returns:
        The adjustment of the rows that are sound, and a problem for every other row.

    Raises:
        InvalidDocument: If it is no such message, or does not say which source, why, when, or what.

    Source:
        Adobe Commerce OMS, the page on inventory: an adjustment is relative to what is there.

    Examples:
        A count found five fewer, and one row that says nothing:

        >>> from preorder_kit.adapters.adobe_oms import read_source_adjustment
        >>> found = read_source_adjustment('''{"adjustment": {"source_id": "W1", "reason": "CYCLE_COUNT",
        ...     "created_on": "2026-11-21T09:30:00+00:00",
        ...     "adjustments": [{"sku": "CD", "quantity": -5}, {"sku": "LP", "quantity": "some"}]}}''')
        >>> found.values.changes
        {'CD': -5}
        >>> print(*found.problems)
        adjustment.adjustments[1].quantity: must be a whole number (got 'some')
    """
    adjustment = opened(document, ADJUSTMENT)
    head: dict[str, Any] = {
        "source_id": adjustment.read("source_id", identifier),
        "reason": adjustment.read("reason", identifier),
        "created_on": adjustment.read("created_on", utc_instant),
    }
    rows = adjustment.read("adjustments", listed)
    if not adjustment.is_sound:
        raise InvalidDocument(adjustment.problems)
    changes: dict[str, int] = {}
    for row in adjustment.objects("adjustments") if rows else ():
        sku, units_more = row.read("sku", identifier), row.read("quantity", change)
        if row.is_sound:
            changes[sku] = changes.get(sku, 0) + units_more
    return Read(SourceAdjustment(changes=changes, **head), tuple(adjustment.problems))
