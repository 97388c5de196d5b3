"""What both of Centra's APIs say of an order, as values: the order itself, and what became of its lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

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
)
from ..._checks import units as check_units
from ..._wire import only
from ...bundles import WhenShort
from ...orders import Order
from ...splitting import Part, PartKind, PartLine
from ...supply import Commitment
from ._integration import SizeKey, known
from ._order_calls import unit_amounts

__all__ = [
    "CentraOrder",
    "CentraOrderLine",
    "CentraOrderRules",
    "CentraOrderState",
    "CentraOrderStatus",
    "CentraShipment",
    "allocated_commitments",
    "order_status_number",
    "order_status_word",
    "shipped_parts",
]


class CentraOrderStatus(StrEnum):
    """The status of an order.

    INCOMPLETE: a selection that is not checked out. PENDING: to be confirmed. CONFIRMED: shipments can be made.
    PROCESSING: at least one shipment is not completed. COMPLETED: all is shipped and paid; the Integration API says
    ``SHIPPED``. ARCHIVED: completed and hidden. CANCELLED: nothing of it is to be delivered.
    """

    INCOMPLETE = "incomplete"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    COMPLETED = "completed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


_BY_NUMBER = dict(enumerate(CentraOrderStatus))
_ALIASES = {"shipped": CentraOrderStatus.COMPLETED, "canceled": CentraOrderStatus.CANCELLED}
_OVER = {CentraOrderStatus.COMPLETED, CentraOrderStatus.ARCHIVED, CentraOrderStatus.CANCELLED}


def status_of(said: str) -> CentraOrderStatus | None:
    """Return what one of Centra's words or numbers for a status means; ``None`` if it is not known."""
    plain = said.strip().lower()
    if plain.isascii() and plain.isdigit():
        return _BY_NUMBER.get(int(plain)) if len(plain) == 1 else None
    return _ALIASES.get(plain) or known(plain, CentraOrderStatus)


def order_status_word(status: CentraOrderStatus, /) -> str:
    """Return a status in the word of the Integration API.

    Args:
        status: The status.

    Returns:
        The word; a completed order is ``SHIPPED`` there.

    Raises:
        InvalidArgument: If ``status`` is none, or is ``INCOMPLETE``, for which that API has no word.

    Source:
        Centra's guide to ERP integrations, order statuses.

    Examples:
        One word differs:

        >>> from preorder_kit.adapters.centra import CentraOrderStatus, order_status_word
        >>> order_status_word(CentraOrderStatus.CONFIRMED), order_status_word(CentraOrderStatus.COMPLETED)
        ('CONFIRMED', 'SHIPPED')
    """
    found: CentraOrderStatus = member(status, "status", of=CentraOrderStatus)
    if found is CentraOrderStatus.INCOMPLETE:
        requirement = "must be the status of an order: the Integration API has no word for a selection"
        raise refused("status", requirement, found.value, code="choice.invalid")
    return "SHIPPED" if found is CentraOrderStatus.COMPLETED else found.name


def order_status_number(status: CentraOrderStatus, /) -> int:
    """Return a status as the number that Centra's glossary gives it.

    Args:
        status: The status.

    Returns:
        0 for an incomplete selection to 6 for a cancelled order.

    Raises:
        InvalidArgument: If ``status`` is none.

    Source:
        Centra's order flow.

    Examples:
        By its value, too:

        >>> from preorder_kit.adapters.centra import order_status_number
        >>> order_status_number("completed")
        4
    """
    found: CentraOrderStatus = member(status, "status", of=CentraOrderStatus)
    return list(CentraOrderStatus).index(found)


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraOrderRules:
    """How Centra's orders are read.

    Attributes:
        named_by: Which name of a size is its SKU here.
        when_short: Whether a line that is no pre-order may wait: whether the store takes backorders.
        street_dates: SKU -> when it may leave. Centra has no such day for a size: a line of a SKU that is named is a
            pre-order until then.
        placed_at: When orders were placed whose document does not say it.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    named_by: SizeKey = attrs.field(default=SizeKey.SKU, metadata=rule(member, of=SizeKey))
    when_short: WhenShort = attrs.field(default=WhenShort.CANCEL, metadata=rule(member, of=WhenShort))
    street_dates: Mapping[str, dt.datetime] = attrs.field(
        default=FrozenMapping(), metadata=rule(mapping, key=text, check=instant)
    )
    placed_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraOrderLine:
    """What Centra says of one line of an order.

    Attributes:
        id: The line's id at Centra.
        sku: Its SKU, or its GTIN if it was read by that.
        gtin: Its EAN or UPC; empty if it is not said.
        quantity: Units that are ordered now, without the cancelled ones.
        cancelled: Units that were cancelled; ordered at first were both.
        preorder: Whether the size is sold as a pre-order now; ``None`` if it is not said.
        allocated: Warehouse -> units of the line that are allocated there; ``None`` if it is not said.
        unconfirmed: Units of these that wait until a shop accepts them.
        shipped: Units in shipments that were sent; ``None`` if it is not said.
        is_bundle: Whether it is a bundle.
        bundle: The bundle that it is part of, by the name that Centra gives it; empty if it is part of none.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    gtin: str = attrs.field(default="", metadata=rule(text, empty=True))
    quantity: int = attrs.field(metadata=rule(check_units))
    cancelled: int = attrs.field(default=0, metadata=rule(check_units))
    preorder: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    allocated: Mapping[str, int] | None = attrs.field(default=None, metadata=rule(optional, check=unit_amounts))
    unconfirmed: int = attrs.field(default=0, metadata=rule(check_units))
    shipped: int | None = attrs.field(default=None, metadata=rule(optional, check=check_units))
    is_bundle: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    bundle: str = attrs.field(default="", metadata=rule(text, empty=True))


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraShipment:
    """A shipment of an order.

    Attributes:
        number: Its number, as in ``39790-1``.
        id: Its id at Centra; ``None`` if it is not said.
        is_good_to_go: Whether it is packed; ``None`` if it is not said.
        is_paid: Whether it is captured or marked as paid; ``None`` if it is not said.
        is_shipped: Whether it was sent.
        units: Line id -> units in it; ``None`` if it is not said.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    number: str = attrs.field(metadata=rule(text))
    id: str | None = attrs.field(default=None, metadata=rule(optional, check=text))
    is_good_to_go: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    is_paid: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    is_shipped: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    units: Mapping[str, int] | None = attrs.field(default=None, metadata=rule(optional, check=unit_amounts))


def _lines(value: object, path: str) -> tuple[CentraOrderLine, ...]:
    return sequence(value, path, check=instance, of=CentraOrderLine)


def _shipments(value: object, path: str) -> tuple[CentraShipment, ...]:
    return sequence(value, path, check=instance, of=CentraShipment)


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraOrder:
    """An order, and what Centra says of it beside.

    Attributes:
        order: The order as it stands: without cancelled units, lines without units left out. Its id is the number.
        hash: The id that Centra gives it beside its number; empty if it is not said.
        status_word: Its status, as it is said: a word or a number; empty if it is not said.
        is_on_hold: Whether it is held back; ``None`` if it is not said.
        lines: What Centra says of each line, those of bundles included.
        shipments: Its shipments; ``None`` if they are not said.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order: Order = attrs.field(metadata=rule(instance, of=Order))
    hash: str = attrs.field(default="", metadata=rule(text, empty=True))
    status_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    is_on_hold: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    lines: Sequence[CentraOrderLine] = attrs.field(default=(), metadata=rule(_lines))
    shipments: Sequence[CentraShipment] | None = attrs.field(default=None, metadata=rule(optional, check=_shipments))

    @property
    def status(self) -> CentraOrderStatus | None:
        """What the word means; ``None`` if it is not known."""
        return status_of(self.status_word)


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraOrderState:
    """What Centra says of an order, as far as it was asked for: enough to know where it stands, not to plan it.

    Attributes:
        number: The order's number.
        hash: The id that Centra gives it beside its number; empty if it is not said.
        status_word: Its status, as it is said: a word or a number; empty if it is not said.
        is_on_hold: Whether it is held back; ``None`` if it is not said.
        lines: What Centra says of each line; ``None`` if they are not said.
        shipments: Its shipments; ``None`` if they are not said.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    number: str = attrs.field(metadata=rule(text))
    hash: str = attrs.field(default="", metadata=rule(text, empty=True))
    status_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    is_on_hold: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    lines: Sequence[CentraOrderLine] | None = attrs.field(default=None, metadata=rule(optional, check=_lines))
    shipments: Sequence[CentraShipment] | None = attrs.field(default=None, metadata=rule(optional, check=_shipments))

    @property
    def status(self) -> CentraOrderStatus | None:
        """What the word means; ``None`` if it is not known."""
        return status_of(self.status_word)


def untouched_order(orders: Sequence[CentraOrder]) -> Order | None:
    """Return the one order, ``None`` of several; one that is over or has shipments is not to be planned as a whole."""
    found: CentraOrder | None = only(orders)
    if found is None:
        return None
    if found.status in _OVER:
        requirement = "must be of an order that is open: of this one nothing is to be delivered"
        raise refused("status", requirement, found.status_word, code="centra.over")
    if found.shipments:
        requirement = "must be none: what is in them would be planned again; give shipped_parts to split_order"
        raise refused("shipments", requirement, len(found.shipments), code="centra.shipped")
    return found.order


def allocated_commitments(orders: Iterable[CentraOrder], /) -> tuple[Commitment, ...]:
    """Return what is allocated to orders, as commitments whose owner is known.

    Args:
        orders: Orders as they were read. Of those that are completed, archived or cancelled nothing is owed.

    Returns:
        A commitment for each line with allocated units that were not shipped. Hand them to `supply_from_stock`, so that
        an order does not stand in its own way when it is split with ``but_for`` or by `split_order`.

    Raises:
        InvalidArgument: If an order is none.

    Examples:
        One of three units is allocated:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine
        >>> from preorder_kit.adapters.centra import CentraOrder, CentraOrderLine, allocated_commitments
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> order = Order(id="14", placed_at=now, lines=[OrderLine(id="68", sku="A", quantity=3)])
        >>> line = CentraOrderLine(id="68", sku="A", quantity=3, allocated={"1": 1})
        >>> [(owed.sku, owed.quantity) for owed in allocated_commitments([CentraOrder(order=order, lines=[line])])]
        [('A', 1)]
    """
    open_orders = (one for one in sequence(orders, "orders", check=instance, of=CentraOrder) if one.status not in _OVER)
    return tuple(
        Commitment(sku=line.sku, quantity=left, order_id=one.order.id, line_id=line.id)
        for one in open_orders
        for line in one.lines
        if not line.is_bundle and (left := sum((line.allocated or {}).values()) - (line.shipped or 0)) > 0
    )


def shipped_parts(order: CentraOrder, /) -> tuple[Part, ...]:
    """Return an order's shipments as parts that have left, for `split_order`.

    Units in a shipment that is not sent yet are spoken for, too: a second one must not be made for them.

    Args:
        order: An order whose shipments are known.

    Returns:
        A part for each shipment that holds units of the order's lines, numbered as `split_order` numbers them.

    Raises:
        InvalidArgument: If the shipments, or their units, are not known, or one names a line that the order has not
            (an item of a bundle, say).

    Examples:
        Two of three units are in a shipment:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine
        >>> from preorder_kit.adapters.centra import CentraOrder, CentraShipment, shipped_parts
        >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
        >>> order = Order(id="14", placed_at=now, lines=[OrderLine(id="68", sku="A", quantity=3)])
        >>> shipment = CentraShipment(number="14-1", units={"68": 2})
        >>> [part] = shipped_parts(CentraOrder(order=order, shipments=[shipment]))
        >>> part.id, part.lines[0].quantity
        ('14/now/1', 2)
    """
    shipments = instance(order, "order", of=CentraOrder).shipments
    if shipments is None or any(shipment.units is None for shipment in shipments):
        requirement = "must be known with their lines; ask for both"
        raise refused("order.shipments", requirement, shipments, code="centra.unknown_shipments")
    name = order.order.id
    held = [lines for index, shipment in enumerate(shipments) if (lines := _part_lines(order.order, shipment, index))]
    return tuple(
        Part(id=f"{name}/now/{number}", order_id=name, kind=PartKind.SHIP_NOW, lines=lines)
        for number, lines in enumerate(held, start=1)
    )


def _part_lines(order: Order, shipment: CentraShipment, index: int) -> list[PartLine]:
    lines = {line.id: line for line in order.lines}
    found = []
    for line_id, quantity in (shipment.units or {}).items():
        if quantity and line_id not in lines:
            path = f"order.shipments[{index}].units[{line_id!r}]"
            raise refused(path, "must name a line of the order", line_id, code="line.unknown")
        if quantity:
            line = lines[line_id]
            found.append(
                PartLine(line_id=line.id, sku=line.sku, quantity=quantity, components=line.components, kind=line.kind)
            )
    return found
