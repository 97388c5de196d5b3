"""What is there after a snapshot or an adjustment, given what was there before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import attrs

from ..._checks import (
    FrozenMapping,
    checked,
    instance,
    instant,
    mapping,
    optional,
    refused,
    rule,
    sequence,
    text,
    units,
)
from ..._wire import WireFormat
from ...quantities import UNLIMITED, Quantity
from ...supply import Commitment, Supply
from ._messages import is_message
from ._stock import (
    ADJUSTMENT,
    SNAPSHOT,
    SnapshotBatch,
    SnapshotMode,
    SourceAdjustment,
    SourceSnapshot,
    read_source_adjustment,
    read_source_snapshot,
)

__all__ = ["SourceStockUpdate", "apply_adjustment", "apply_snapshot", "join_snapshots"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class SourceStockUpdate:
    """What a source has after a message, and what the message left open.

    Attributes:
        supply: What is there now.
        as_of: When the snapshot was created that it rests on: hand it in as ``known_at`` with the next message.
            ``None`` if there was none.
        is_stale: Whether the message is older than what was known; then it changed nothing.
        unlisted: SKUs that a FULL snapshot should have named; what was known of them stays.
        zeroed: SKUs of which a NONZERO snapshot says by silence that there is none, and there was some.
        short: SKU -> units that an adjustment took away beyond what was there; there is none left.
        unbounded: SKUs that an adjustment named and that are `UNLIMITED`; they stay so.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    supply: Supply = attrs.field(metadata=rule(instance, of=Supply))
    as_of: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    is_stale: bool = attrs.field(default=False, metadata=rule(partial(instance, of=bool)))
    unlisted: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))
    zeroed: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))
    short: Mapping[str, int] = attrs.field(default=FrozenMapping(), metadata=rule(mapping, key=text, check=units))
    unbounded: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))


@attrs.frozen(kw_only=True)
class Merged:
    """Levels after a snapshot, with what was missing in it."""

    levels: Mapping[str, Quantity]
    unlisted: Sequence[str]
    zeroed: Sequence[str]


def merged(
    known: Mapping[str, Quantity], mode: SnapshotMode, listed: Mapping[str, Quantity], ignored: Iterable[str]
) -> Merged:
    """Return what is there after a snapshot in that mode; what it ignores stays as it is known."""
    missing = sorted(known.keys() - listed.keys() - set(ignored))
    gone = [sku for sku in missing if known[sku] is not UNLIMITED and known[sku] != 0]
    zeroed = gone if mode is SnapshotMode.NONZERO else []
    unlisted = missing if mode is SnapshotMode.FULL else []
    return Merged(levels={**known, **dict.fromkeys(zeroed, 0), **listed}, unlisted=unlisted, zeroed=zeroed)


def is_older(created_on: dt.datetime, known_at: dt.datetime | None) -> bool:
    """Return whether a message was created before what is known already."""
    known = optional(known_at, "known_at", check=instant)
    return known is not None and created_on < known


def apply_snapshot(
    supply: Supply, snapshot: SourceSnapshot, /, *, known_at: dt.datetime | None = None
) -> SourceStockUpdate:
    """Say what a source has after a snapshot.

    - What is listed is what there is. A SKU that is ignored stays as it was.
    - A SKU that is known (named in ``on_hand``, be it with 0) and not listed: FULL leaves it as it was and says so,
      NONZERO sets it to 0 unless it is `UNLIMITED`, DELTA leaves it as it was.
    - ``inflight`` units of a listed SKU are owed: they replace the undated commitments of that SKU that name no order,
      which is what an earlier snapshot left. Commitments to orders stay; do not keep both.
    - A snapshot that is older than ``known_at`` changes nothing. One that is just as old is applied.

    Args:
        supply: What the source had.
        snapshot: What it has by the message. One message of a batch goes through `join_snapshots` first, unless it is
            a DELTA: what it does not list may be in another one.
        known_at: When the snapshot was created that ``supply`` rests on; ``None``: it is not known.

    Returns:
        The supply and what was missing. Receipts, safety stock and replenishment are as before. Applied twice, it is
        the same as once.

    Raises:
        InvalidArgument: If an argument is of another type, or the snapshot is one of several messages that count as
            one (``batch.incomplete``).

    Source:
        Adobe Commerce OMS, the page on inventory. That older snapshots are left out is a rule of this library.

    Examples:
        The same message in three modes:

        >>> import attrs, datetime as dt
        >>> from preorder_kit import Supply
        >>> from preorder_kit.adapters.adobe_oms import SourceSnapshot, apply_snapshot
        >>> at = dt.datetime(2026, 11, 21, 8, tzinfo=dt.timezone.utc)
        >>> snapshot = SourceSnapshot(source_id="W1", mode="full", created_on=at, levels={"CD": 25})
        >>> before = Supply(on_hand={"CD": 3, "LP": 7})
        >>> for mode in ("full", "nonzero", "delta"):
        ...     update = apply_snapshot(before, attrs.evolve(snapshot, mode=mode))
        ...     print(mode, update.supply.on_hand, update.unlisted, update.zeroed)
        full {'CD': 25, 'LP': 7} ('LP',) ()
        nonzero {'CD': 25, 'LP': 0} () ('LP',)
        delta {'CD': 25, 'LP': 7} () ()

        One that comes too late:

        >>> update = apply_snapshot(before, snapshot, known_at=at + dt.timedelta(minutes=5))
        >>> update.is_stale, update.supply.on_hand
        (True, {'CD': 3, 'LP': 7})
    """
    instance(supply, "supply", of=Supply)
    instance(snapshot, "snapshot", of=SourceSnapshot)
    _refuse_incomplete(snapshot)
    if is_older(snapshot.created_on, known_at):
        return SourceStockUpdate(supply=supply, as_of=known_at, is_stale=True)
    after = merged(supply.on_hand, snapshot.mode, snapshot.levels, snapshot.ignored)
    owed = [item for item in supply.commitments if item.sku not in snapshot.inflight or item.order_id or item.due]
    owed += [Commitment(sku=sku, quantity=count) for sku, count in snapshot.inflight.items() if count]
    return SourceStockUpdate(
        supply=attrs.evolve(supply, on_hand=after.levels, commitments=owed),
        as_of=snapshot.created_on,
        unlisted=after.unlisted,
        zeroed=after.zeroed,
    )


def _refuse_incomplete(snapshot: SourceSnapshot) -> None:
    batch = snapshot.batch
    if batch is not None and batch.total > 1 and snapshot.mode is not SnapshotMode.DELTA:
        requirement = f"must be whole: join the {batch.total} messages of its batch first (join_snapshots)"
        raise refused("snapshot.batch", requirement, batch.number, code="batch.incomplete")


def join_snapshots(snapshots: Sequence[SourceSnapshot], /) -> Mapping[str, SourceSnapshot]:
    """Put the messages of one batch together, for they count as one.

    Args:
        snapshots: All messages of the batch, in any order.

    Returns:
        Source -> its snapshot, of no batch any more, created when the last of its messages was; in the order of the
        sources' names.

    Raises:
        InvalidArgument: If one is of another batch, of another mode or of none, a message is missing or there twice
            (``batch.incomplete``), or a SKU of a source comes twice.

    Source:
        Adobe Commerce OMS: a batch passes many snapshots on as a single transaction, and one in FULL mode may hold
        several sources.

    Examples:
        A snapshot in two messages:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.adobe_oms import SnapshotBatch, SourceSnapshot, join_snapshots
        >>> at = dt.datetime(2026, 11, 21, 8, tzinfo=dt.timezone.utc)
        >>> halves = [
        ...     SourceSnapshot(
        ...         source_id="W1", mode="nonzero", created_on=at, levels={sku: 1},
        ...         batch=SnapshotBatch(process_id="b7", number=number, total=2),
        ...     )
        ...     for number, sku in [(1, "CD"), (2, "LP")]
        ... ]
        >>> join_snapshots(halves)["W1"].levels
        {'CD': 1, 'LP': 1}

        Half of it is not enough:

        >>> join_snapshots(halves[:1])
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: snapshots: must be the 2 messages of one batch, each once (got [1])
    """
    parts = sequence(snapshots, "snapshots", check=instance, of=SourceSnapshot)
    batches = [_batch_of(part, index) for index, part in enumerate(parts)]
    for name, of_all in (
        ("batch.process_id", [batch.process_id for batch in batches]),
        ("batch.total", [batch.total for batch in batches]),
        ("mode", [part.mode for part in parts]),
    ):
        for index, one in enumerate(of_all):
            if one != of_all[0]:
                requirement = f"must be that of the first message, {of_all[0]}"
                raise refused(f"snapshots[{index}].{name}", requirement, one, code="batch.mixed")
    numbers = sorted(batch.number for batch in batches)
    total = batches[0].total if batches else 1
    if len(numbers) != total or len(set(numbers)) != total:
        requirement = f"must be the {total} messages of one batch, each once"
        raise refused("snapshots", requirement, numbers, code="batch.incomplete")
    by_source: dict[str, list[SourceSnapshot]] = {}
    for part in sorted(parts, key=lambda part: part.source_id):
        by_source.setdefault(part.source_id, []).append(part)
    return FrozenMapping({source: _joined(members) for source, members in by_source.items()})


def _batch_of(snapshot: SourceSnapshot, index: int) -> SnapshotBatch:
    if snapshot.batch is None:
        raise refused(f"snapshots[{index}].batch", "must say which message it is", None, code="batch.missing")
    return snapshot.batch


def _joined(parts: Sequence[SourceSnapshot]) -> SourceSnapshot:
    levels: dict[str, Quantity] = {}
    for part in parts:
        twice = sorted(part.levels.keys() & levels.keys())
        if twice:
            requirement = f"must hold each SKU of {part.source_id} once"
            raise refused("snapshots", requirement, twice[0], code="id.repeated")
        levels.update(part.levels)
    ignored = dict.fromkeys(sku for part in parts for sku in part.ignored if sku not in levels)
    return attrs.evolve(
        parts[0],
        created_on=max(part.created_on for part in parts),
        levels=levels,
        inflight={sku: count for part in parts for sku, count in part.inflight.items()},
        ignored=list(ignored),
        batch=None,
    )


def apply_adjustment(
    supply: Supply, adjustment: SourceAdjustment, /, *, known_at: dt.datetime | None = None
) -> SourceStockUpdate:
    """Say what a source has after an adjustment.

    Units are added to what there is, or taken away from it. Nothing falls below 0: what is taken beyond that is
    ``short``. A SKU that is not named in ``on_hand`` has 0. An adjustment from before ``known_at`` is in what is known
    already, and changes nothing. Applied twice, it counts twice. ``as_of`` stays that of the snapshot: after a later
    snapshot, apply those adjustments again that are younger than it.

    Args:
        supply: What the source had.
        adjustment: What changes.
        known_at: When the snapshot was created that ``supply`` rests on; ``None``: it is not known.

    Returns:
        The supply, and what could not be taken. For each SKU of the adjustment that is bounded: what there was, with
        the change, is what there is, less what is short.

    Raises:
        InvalidArgument: If an argument is of another type.

    Source:
        Adobe Commerce OMS, the page on inventory. That nothing falls below 0, and that older adjustments are left out,
        are rules of this library.

    Examples:
        Five are gone, of which three were there:

        >>> import datetime as dt
        >>> from preorder_kit import Supply
        >>> from preorder_kit.adapters.adobe_oms import SourceAdjustment, apply_adjustment
        >>> at = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.timezone.utc)
        >>> count = SourceAdjustment(source_id="W1", reason="CYCLE_COUNT", created_on=at, changes={"CD": -5, "LP": 12})
        >>> update = apply_adjustment(Supply(on_hand={"CD": 3}), count)
        >>> update.supply.on_hand, update.short
        ({'CD': 0, 'LP': 12}, {'CD': 2})
    """
    instance(supply, "supply", of=Supply)
    instance(adjustment, "adjustment", of=SourceAdjustment)
    if is_older(adjustment.created_on, known_at):
        return SourceStockUpdate(supply=supply, as_of=known_at, is_stale=True)
    levels, short, unbounded = dict(supply.on_hand), {}, []
    for sku, more in adjustment.changes.items():
        level = levels.get(sku, 0)
        if level is UNLIMITED:
            unbounded.append(sku)
            continue
        levels[sku] = max(0, level + more)
        short.update({sku: -level - more} if level + more < 0 else {})
    return SourceStockUpdate(
        supply=attrs.evolve(supply, on_hand=levels), as_of=known_at, short=short, unbounded=unbounded
    )


def _first_supply(snapshot: SourceSnapshot) -> Mapping[str, Supply]:
    """Return what a source has of which nothing was known before."""
    return {snapshot.source_id: apply_snapshot(Supply(on_hand={}), snapshot).supply}


FORMATS = (
    WireFormat(
        name="adobe-oms-source-snapshot",
        holds="what a source has on hand",
        recognises=lambda root: is_message(root, SNAPSHOT, "source_id", "mode", "stock"),
        read=read_source_snapshot,
        supply_of=_first_supply,
    ),
    WireFormat(
        name="adobe-oms-source-adjustment",
        holds="units that are added to a source, or taken from it",
        recognises=lambda root: is_message(root, ADJUSTMENT, "source_id", "adjustments"),
        read=read_source_adjustment,
    ),
)
