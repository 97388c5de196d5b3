"""What a sales channel may sell: aggregate stock, and the safety stock that is taken off it."""

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
    rule,
    sequence,
    text,
    units,
)
from ..._documents import Fields, count, identifier, word
from ..._wire import WireFormat, first, has
from ...errors import InvalidDocument, Read
from ...quantities import UNLIMITED, Quantity, _quantity
from ...stock import Availability, Stock, normalize_stock
from ._levels import is_older, merged
from ._messages import MessageKind, is_message, opened, rows_of, utc_instant
from ._stock import COUNTS, LEVELS, SnapshotMode, read_levels, refuse_strangers, snapshot_mode

__all__ = [
    "AggregateSafetyStock",
    "AggregateSnapshot",
    "AggregateStockUpdate",
    "SafetyStockType",
    "aggregate_stock",
    "apply_aggregate",
    "read_aggregate_snapshot",
    "read_safety_stocks",
    "safety_stock_of",
]

AGGREGATE = MessageKind(
    methods=("magento.inventory.aggregate_stock_management.updated",),
    key="snapshot",
    about="stock",
    expected='must be a snapshot of an aggregate: {"params": {"snapshot": {...}}} or {"snapshot": {...}}',
)


@attrs.frozen(kw_only=True, field_transformer=checked)
class AggregateSnapshot:
    """What a sales channel may sell at one instant.

    Attributes:
        aggregate_id: The aggregate: the sources that the channel sells from, taken together.
        mode: What it means that a SKU is missing.
        created_on: When it was so.
        levels: SKU -> units that may be sold, which are not those on a shelf: what is in flight and the safety stock
            are taken off already. `UNLIMITED` if there is no bound.
        inflight_backorders: SKU -> units in flight for orders that waited; only where that was sent.
        ignored: SKUs that were listed with a quantity that is none; nothing is said of them.

    Raises:
        InvalidArgument: If a field breaks its rule, or ``inflight_backorders`` names a SKU that ``levels`` does not.
    """

    aggregate_id: str = attrs.field(metadata=rule(text))
    mode: SnapshotMode = attrs.field(metadata=rule(member, of=SnapshotMode))
    created_on: dt.datetime = attrs.field(metadata=rule(instant))
    levels: Mapping[str, Quantity] = attrs.field(metadata=LEVELS)
    inflight_backorders: Mapping[str, int] = attrs.field(default=FrozenMapping(), metadata=COUNTS)
    ignored: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))

    def __attrs_post_init__(self) -> None:
        refuse_strangers(self.inflight_backorders, self.levels, "inflight_backorders")


@attrs.frozen(kw_only=True, field_transformer=checked)
class AggregateStockUpdate:
    """What a channel may sell after a message, and what the message left open.

    Attributes:
        levels: SKU -> units that may be sold now.
        as_of: When the snapshot was created that it rests on: hand it in as ``known_at`` with the next message.
            ``None`` if there was none.
        is_stale: Whether the message is older than what was known; then it changed nothing.
        unlisted: SKUs that a FULL snapshot should have named; what was known of them stays.
        zeroed: SKUs of which a NONZERO snapshot says by silence that there is none, and there was some.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    levels: Mapping[str, Quantity] = attrs.field(metadata=LEVELS)
    as_of: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    is_stale: bool = attrs.field(default=False, metadata=rule(partial(instance, of=bool)))
    unlisted: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))
    zeroed: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))


def read_aggregate_snapshot(document: str | bytes, /) -> Read[AggregateSnapshot]:
    """Read what a channel may sell from a ``magento.inventory.aggregate_stock_management.updated`` message.

    Rows are read as `read_source_snapshot` reads them.

    Args:
        document: The message, as text or UTF-8 bytes, with or without its envelope.

    Returns:
        The snapshot of the rows that are sound, and a problem for every other row.

    Raises:
        InvalidDocument: If it is no such message, or does not say which aggregate, which mode, when, or what.

    Source:
        Adobe Commerce OMS, the page on inventory: an aggregate is what its sources have, less what is in flight and
        the safety stock.

    Examples:
        Three of the units that were sold wait for stock:

        >>> from preorder_kit.adapters.adobe_oms import read_aggregate_snapshot
        >>> found = read_aggregate_snapshot('''{"snapshot": {"aggregate_id": "web", "mode": "DELTA",
        ...     "created_on": "2026-11-21T08:00:05+00:00", "stock": [
        ...     {"sku": "CD", "quantity": 22, "inflight_backorders": 3},
        ...     {"sku": "DL", "quantity": 0, "unlimited": "true"}]}}''').complete()
        >>> found.levels, found.inflight_backorders
        ({'CD': 22, 'DL': UNLIMITED}, {'CD': 3})
    """
    snapshot = opened(document, AGGREGATE)
    head: dict[str, Any] = {
        "aggregate_id": snapshot.read("aggregate_id", identifier),
        "mode": snapshot.read("mode", snapshot_mode),
        "created_on": snapshot.read("created_on", utc_instant),
    }
    is_sound = snapshot.is_sound
    rows = read_levels(snapshot, "inflight_backorders")
    if not is_sound or rows is None:
        raise InvalidDocument(snapshot.problems)
    found = AggregateSnapshot(levels=rows.levels, inflight_backorders=rows.counts, ignored=rows.ignored, **head)
    return Read(found, tuple(snapshot.problems))


def apply_aggregate(
    levels: Mapping[str, Quantity], snapshot: AggregateSnapshot, /, *, known_at: dt.datetime | None = None
) -> AggregateStockUpdate:
    """Say what a channel may sell after a snapshot; SKUs that are missing mean what they mean in `apply_snapshot`.

    Args:
        levels: SKU -> units that it could sell before.
        snapshot: What it may sell by the message.
        known_at: When the snapshot was created that ``levels`` rest on; ``None``: it is not known.

    Returns:
        The levels and what was missing.

    Raises:
        InvalidArgument: If an argument is of another type.

    Examples:
        A SKU that is not listed is not gone:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.adobe_oms import AggregateSnapshot, apply_aggregate
        >>> at = dt.datetime(2026, 11, 21, 8, tzinfo=dt.timezone.utc)
        >>> snapshot = AggregateSnapshot(aggregate_id="web", mode="delta", created_on=at, levels={"CD": 0})
        >>> apply_aggregate({"CD": 3, "LP": 7}, snapshot).levels
        {'CD': 0, 'LP': 7}
    """
    known = mapping(levels, "levels", key=text, check=_quantity)
    instance(snapshot, "snapshot", of=AggregateSnapshot)
    if is_older(snapshot.created_on, known_at):
        return AggregateStockUpdate(levels=known, as_of=known_at, is_stale=True)
    after = merged(known, snapshot.mode, snapshot.levels, snapshot.ignored)
    return AggregateStockUpdate(
        levels=after.levels, as_of=snapshot.created_on, unlisted=after.unlisted, zeroed=after.zeroed
    )


def aggregate_stock(levels: Mapping[str, Quantity], /, *, few_below: int = 10) -> Mapping[str, Stock]:
    """Return what a page may say of each SKU that a channel sells.

    A SKU that is not named is not known, which is not the same as sold out.

    Args:
        levels: SKU -> units that may be sold, as in `AggregateSnapshot` and `AggregateStockUpdate`.
        few_below: Fewer units than this are low stock.

    Returns:
        SKU -> reading.

    Raises:
        InvalidArgument: If ``levels`` are no quantities, or ``few_below`` is no number of units.

    Examples:
        Many, few, none and no bound:

        >>> from preorder_kit import UNLIMITED
        >>> from preorder_kit.adapters.adobe_oms import aggregate_stock
        >>> found = aggregate_stock({"CD": 22, "LP": 2, "EP": 0, "DL": UNLIMITED})
        >>> {sku: stock.availability.value for sku, stock in found.items()}
        {'CD': 'in_stock', 'LP': 'low_stock', 'EP': 'out_of_stock', 'DL': 'in_stock'}
    """
    known = mapping(levels, "levels", key=text, check=_quantity)
    few = units(few_below, "few_below")
    return FrozenMapping({sku: _reading(level, few) for sku, level in known.items()})


def _reading(level: Quantity, few_below: int) -> Stock:
    if level is UNLIMITED:
        return Stock(availability=Availability.IN_STOCK, quantity=UNLIMITED)
    return normalize_stock(level, few_below=few_below)


class SafetyStockType(StrEnum):
    """For which products a safety stock is meant: those that are sold as usual, in an outlet, or for the last time."""

    ACTIVE = "active"
    OUTLET = "outlet"
    END_OF_LIFE = "end_of_life"


_TYPES = {
    "active": SafetyStockType.ACTIVE,
    "outlet": SafetyStockType.OUTLET,
    "end-of-life": SafetyStockType.END_OF_LIFE,
}


@attrs.frozen(kw_only=True, field_transformer=checked)
class AggregateSafetyStock:
    """Units of each SKU of a type that a channel does not sell.

    Attributes:
        aggregate_id: The aggregate.
        quantity: Units of each SKU.
        code: The type as it was sent.
        type: What it means; ``None`` if it is not known.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    aggregate_id: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units))
    code: str = attrs.field(metadata=rule(text))
    type: SafetyStockType | None = attrs.field(default=None, metadata=rule(optional, check=member, of=SafetyStockType))


def read_safety_stocks(document: str | bytes, /) -> Read[Sequence[AggregateSafetyStock]]:
    """Read the safety stocks of aggregates.

    Args:
        document: A list of them, or one, as text or UTF-8 bytes.

    Returns:
        Those that are sound, and a problem for every other.

    Raises:
        InvalidDocument: If it is neither a list nor an object.

    Source:
        Adobe Commerce OMS: a safety stock is set for an aggregate and the status of a product.

    Examples:
        Two units of everything that is sold as usual stay back:

        >>> from preorder_kit.adapters.adobe_oms import read_safety_stocks
        >>> [found] = read_safety_stocks('[{"aggregate_id": "web", "quantity": 2, "type": "active"}]').complete()
        >>> found.quantity, found.type.value
        (2, 'active')
    """
    expected = 'must be a list of safety stocks, or one: {"aggregate_id": ..., "quantity": ..., "type": ...}'
    rows, problems = rows_of(document, expected)
    found = [_safety_stock(row) for row in rows]
    return Read(tuple(one for one in found if one is not None), tuple(problems))


def _safety_stock(row: Fields) -> AggregateSafetyStock | None:
    code = row.read("type", word)
    return row.build(
        AggregateSafetyStock,
        aggregate_id=row.read("aggregate_id", identifier),
        quantity=row.read("quantity", count),
        code=code,
        type=_TYPES.get(code.lower().replace("_", "-")) if isinstance(code, str) else None,
    )


def safety_stock_of(
    safety_stocks: Sequence[AggregateSafetyStock],
    /,
    *,
    aggregate_id: str,
    types: Mapping[str, SafetyStockType],
) -> Mapping[str, int]:
    """Return what `Supply` takes as its safety stock.

    Args:
        safety_stocks: Those of any aggregates.
        aggregate_id: The one that is meant.
        types: SKU -> its type, as the status of its product says.

    Returns:
        SKU -> units; a SKU whose type has no safety stock is not in it. Where several are given for one type, the
        largest counts.

    Raises:
        InvalidArgument: If an argument is of another type.

    Examples:
        What is sold for the last time is sold to the last unit:

        >>> from preorder_kit.adapters.adobe_oms import AggregateSafetyStock, safety_stock_of
        >>> kept = [AggregateSafetyStock(aggregate_id="web", quantity=2, code="active", type="active")]
        >>> safety_stock_of(kept, aggregate_id="web", types={"CD": "active", "LP": "end_of_life"})
        {'CD': 2}
    """
    kept: dict[SafetyStockType, int] = {}
    for one in sequence(safety_stocks, "safety_stocks", check=instance, of=AggregateSafetyStock):
        if one.aggregate_id == text(aggregate_id, "aggregate_id") and one.type is not None:
            kept[one.type] = max(kept.get(one.type, 0), one.quantity)
    known = mapping(types, "types", key=text, check=partial(member, of=SafetyStockType))
    return FrozenMapping({sku: kept[kind] for sku, kind in known.items() if kind in kept})


FORMATS = (
    WireFormat(
        name="adobe-oms-aggregate-snapshot",
        holds="what a sales channel may sell",
        recognises=lambda root: is_message(root, AGGREGATE, "aggregate_id", "mode", "stock"),
        read=read_aggregate_snapshot,
    ),
    WireFormat(
        name="adobe-oms-safety-stock",
        holds="units that a sales channel does not sell",
        recognises=lambda root: has(first(root) or root, "aggregate_id", "quantity", "type"),
        read=read_safety_stocks,
    ),
)
