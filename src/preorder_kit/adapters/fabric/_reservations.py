"""Backorders and pre-orders that fabric holds: units of an order's line that wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import attrs

from ..._checks import checked, instance, instant, optional, refused, rule, sequence, text, units
from ..._documents import Fields, count, encode, identifier, truth, word
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ...orders import WaitingLine
from ...supply import Commitment
from ._spelling import built, filled, instant_text, number_of, opened, spelled, utc_instant
from ._statuses import hold_of, is_cancelled

__all__ = [
    "Reservation",
    "ReservationKind",
    "read_reservations",
    "reservation_commitments",
    "reservation_lines",
    "write_reservation",
]


class ReservationKind(StrEnum):
    """Why units wait. BACKORDER: the stock is sold out. PREORDER: it is not out yet."""

    BACKORDER = "backorder"
    PREORDER = "preorder"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Reservation:
    """Units of an order's line that fabric holds as a backorder or a pre-order. ``None`` and "" are not said.

    Words of open lists are held as they were sent.

    Attributes:
        id: The reservation's id.
        type: What it is, as sent; ``kind`` says what that means.
        order_id: The order's id, in the third API.
        order_number: The order's number; it may be missing if there is an order id.
        line_id: The order's line.
        sku: What waits.
        item_id: Its item id.
        location: The location it waits at: a number, or a name such as ``WH334``.
        channel: The sales channel.
        vendor: Who replenishes it.
        cart_id: The cart that it was ordered from.
        quantity: Units that were backordered or pre-ordered.
        released: Units of them that have been released, in the third API.
        to_release: Units of them that are to be released, in the second API.
        ordered_at: When it was ordered.
        status: The reservation's status.
        order_status: The order's status.
        line_status: The line's status.
        payment_status: The payment's status.
        is_consented: Whether the customer agreed to the delay.
        consented_at: When the customer's answer came in.
        notified_at: When the customer was last told.
        is_to_notify: Whether the customer is to be told.
        created_at: When it was created.
        updated_at: When it last changed.

    Raises:
        InvalidArgument: If a field breaks its rule, there is neither an order id nor a number, or more units are
            released than there are.
    """

    id: str = attrs.field(default="", metadata=rule(text, empty=True))
    type: str = attrs.field(metadata=rule(text))
    order_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    order_number: str = attrs.field(default="", metadata=rule(text, empty=True))
    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    item_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    location: str = attrs.field(default="", metadata=rule(text, empty=True))
    channel: str = attrs.field(default="", metadata=rule(text, empty=True))
    vendor: str = attrs.field(default="", metadata=rule(text, empty=True))
    cart_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    quantity: int = attrs.field(metadata=rule(units))
    released: int = attrs.field(default=0, metadata=rule(units))
    to_release: int = attrs.field(default=0, metadata=rule(units))
    ordered_at: dt.datetime = attrs.field(metadata=rule(instant))
    status: str = attrs.field(default="", metadata=rule(text, empty=True))
    order_status: str = attrs.field(default="", metadata=rule(text, empty=True))
    line_status: str = attrs.field(default="", metadata=rule(text, empty=True))
    payment_status: str = attrs.field(default="", metadata=rule(text, empty=True))
    is_consented: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    consented_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    notified_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    is_to_notify: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    created_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    updated_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))

    def __attrs_post_init__(self) -> None:
        if not self.order_id and not self.order_number:
            raise refused("order_number", "must be given, or order_id must", self.order_number, code="field.missing")
        for name in ("released", "to_release"):
            most = self.quantity - (self.released if name == "to_release" else 0)
            if getattr(self, name) > most:
                requirement = f"must be no more than what is left of quantity, {most}"
                raise refused(name, requirement, getattr(self, name), code="units.invalid")

    @property
    def kind(self) -> ReservationKind | None:
        """What it is; ``None`` for a type that is not known."""
        return _KINDS.get(self.type.strip().upper())

    @property
    def waiting(self) -> int:
        """Units that wait for stock still; none if the line or the order is cancelled."""
        is_over = is_cancelled(self.line_status) or is_cancelled(self.order_status)
        return 0 if is_over else self.quantity - self.released - self.to_release


_KINDS = {kind.name: kind for kind in ReservationKind}

_V3 = {
    "id": "id",
    "type": "type",
    "order_id": "orderId",
    "order_number": "orderNumber",
    "line_id": "lineItemId",
    "sku": "sku",
    "item_id": "itemId",
    "location": "locationNumber",
    "channel": "channelId",
    "vendor": "vendorId",
    "cart_id": "cartId",
    "quantity": "quantity",
    "released": "releasedQuantity",
    "to_release": "toReleaseQuantity",
    "ordered_at": "orderedAt",
    "status": "status",
    "order_status": "orderStatusCode",
    "line_status": "lineItemStatus",
    "payment_status": "paymentStatus",
    "is_consented": "isDelayConsented",
    "consented_at": "consentReceivedAt",
    "notified_at": "lastNotifiedAt",
    "is_to_notify": "toNotify",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
}
_V2 = {
    **_V3,
    "location": "locationNum",
    "quantity": "backOrderedQuantity",
    "ordered_at": "orderDate",
    "is_consented": "consentToDelay",
    "consented_at": "consentDate",
    "notified_at": "lastNotificationDate",
}


def read_reservations(document: str | bytes, /) -> Read[Sequence[Reservation]]:
    """Read backorders and pre-orders that fabric holds: one, a list of them, or a page of those that were found.

    Both spellings are known, that of the second API (``backOrderedQuantity``, flags as text) and that of the third
    (``quantity``, ``releasedQuantity``), field by field. A location may be a number or a name. Words that are not
    known are kept.

    Args:
        document: The reservation, the list or the page (``{"pagination": ..., "data": [...]}``), as text or UTF-8
            bytes.

    Returns:
        The reservations that are sound, in the order they were sent, and a problem for each field that is not.

    Raises:
        InvalidDocument: If it is no such document.

    Source:
        fabric OMS v2, create backorder preorder reservation; v3, get and search backorders and preorders.

    Examples:
        Five pre-ordered, one released:

        >>> from preorder_kit.adapters.fabric import read_reservations
        >>> [found] = read_reservations('''{"type": "PREORDER", "orderNumber": "O1", "lineItemId": 0, "sku": "CD",
        ...     "locationNumber": "WH334", "quantity": 5, "releasedQuantity": 1, "status": "NEW_WORD",
        ...     "orderedAt": "2026-11-12T09:30:31.198Z"}''').complete()
        >>> print(found.kind, found.waiting, found.location, found.status)
        preorder 4 WH334 NEW_WORD
    """
    expected = 'must be backorders or pre-orders: {"type": ..., "lineItemId": ..., "quantity": ...}, a list or a page'
    rows, problems = opened(document, expected, keys=("lineItemId",), under=("data",))
    found = [_reservation(fields) for fields in rows]
    return Read(tuple(item for item in found if item is not None), tuple(problems))


def _reservation(fields: Fields) -> Reservation | None:
    is_second = fields.holds(_V2["quantity"]) or fields.holds(_V2["ordered_at"])
    names = spelled(fields, *((_V2, _V3) if is_second else (_V3, _V2)))
    values: dict[str, Any] = {
        "type": fields.read(names["type"], word),
        "line_id": fields.read(names["line_id"], identifier),
        "sku": fields.read(names["sku"], identifier),
        "quantity": fields.read(names["quantity"], count),
        "ordered_at": fields.read(names["ordered_at"], utc_instant),
    }
    for name in ("id", "order_id", "order_number", "item_id", "location", "channel", "vendor", "cart_id"):
        values[name] = fields.read(names[name], identifier, default="")
    for name in ("status", "order_status", "line_status", "payment_status"):
        values[name] = fields.read(names[name], word, default="")
    for name in ("released", "to_release"):
        values[name] = fields.read(names[name], count, default=0)
    for name in ("is_consented", "is_to_notify"):
        values[name] = fields.read(names[name], truth, default=None)
    for name in ("consented_at", "notified_at", "created_at", "updated_at"):
        values[name] = fields.read(names[name], utc_instant, default=None)
    return built(fields, Reservation, names, **values)


def write_reservation(reservation: Reservation, /) -> str:
    """Write the request of the second API that creates a backorder or a pre-order.

    Args:
        reservation: The units that wait.

    Returns:
        A JSON object with what is said; flags are text, as that API has them.

    Raises:
        InvalidArgument: If the type is neither BACKORDER nor PREORDER, the order's number, its status, the location or
            the channel is missing, the location is no number, an instant has parts of a millisecond, or it holds what
            the second API does not know: an order id, released units, a status of its own.

    Source:
        fabric OMS v2, create backorder preorder reservation.

    Examples:
        Five backordered:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fabric import Reservation, write_reservation
        >>> at = dt.datetime(2026, 11, 12, 9, 30, tzinfo=dt.timezone.utc)
        >>> print(write_reservation(Reservation(
        ...     type="backorder", order_number="O1", line_id="0", sku="CD", quantity=5, ordered_at=at, location="23",
        ...     channel="channel_12", order_status="Created", is_to_notify=False)))
        {
          "orderNumber": "O1",
          "sku": "CD",
          "lineItemId": "0",
          "type": "BACKORDER",
          "orderDate": "2026-11-12T09:30:00.000Z",
          "backOrderedQuantity": 5,
          "locationNum": 23,
          "channelId": "channel_12",
          "orderStatusCode": "Created",
          "toReleaseQuantity": 0,
          "toNotify": "false"
        }
    """
    _refuse_unwritable(instance(reservation, "reservation", of=Reservation))
    values = {name: getattr(reservation, name) for name in _WRITTEN}
    values["type"] = reservation.type.strip().upper()
    values["location"] = number_of(reservation.location, "location")
    for name in ("ordered_at", "consented_at", "notified_at"):
        values[name] = None if values[name] is None else instant_text(values[name], name)
    for name in ("is_consented", "is_to_notify"):
        values[name] = None if values[name] is None else str(values[name]).lower()
    return encode(filled({_V2[name]: value for name, value in values.items()}))


_REQUIRED = ("order_number", "sku", "line_id", "type", "ordered_at", "quantity", "location", "channel", "order_status")
_WRITTEN = (
    *_REQUIRED,
    "id",
    "item_id",
    "cart_id",
    "to_release",
    "vendor",
    "is_consented",
    "consented_at",
    "notified_at",
    "is_to_notify",
    "line_status",
    "payment_status",
)
_UNSAID = ("order_id", "released", "status", "created_at", "updated_at")


def _refuse_unwritable(reservation: Reservation) -> None:
    if reservation.kind is None:
        raise refused("type", "must be BACKORDER or PREORDER", reservation.type, code="choice.invalid")
    for name in _REQUIRED:
        if getattr(reservation, name) == "":
            raise refused(name, "must be given: the second API asks for it", "", code="field.missing")
    for name in _UNSAID:
        value = getattr(reservation, name)
        if value:
            requirement = "must be left out: the second API has no field for it"
            raise refused(name, requirement, value, code="fabric.unsaid")


def reservation_lines(reservations: Iterable[Reservation], /) -> tuple[WaitingLine, ...]:
    """Return the lines that wait for stock: what has been neither released nor cancelled.

    Args:
        reservations: What fabric holds.

    Returns:
        One line for each reservation of which units wait, in their order, placed when it was ordered; reservations of
        one line and SKU, at several locations, are one. The order is named by its number, else by its id. While the
        order's status begins with ``ORDER_HOLD``, that is why it is not to be served.

    Raises:
        InvalidArgument: If an item is no reservation.

    Examples:
        Four wait, on hold:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fabric import Reservation, reservation_lines
        >>> at = dt.datetime(2026, 11, 12, 9, 30, tzinfo=dt.timezone.utc)
        >>> [line] = reservation_lines([Reservation(
        ...     type="PREORDER", order_number="O1", line_id="0", sku="CD", quantity=5, released=1, ordered_at=at,
        ...     order_status="ORDER_HOLD_CSR")])
        >>> print(line.order_id, line.quantity, line.hold)
        O1 4 ORDER_HOLD_CSR
    """
    found: dict[tuple[str, str, str], WaitingLine] = {}
    for item in sequence(reservations, "reservations", check=instance, of=Reservation):
        if item.waiting:
            line = _line(item)
            place = (line.order_id, line.line_id, line.sku)
            found[place] = _together(found[place], line) if place in found else line
    return tuple(found.values())


def _line(item: Reservation) -> WaitingLine:
    return WaitingLine(
        order_id=item.order_number or item.order_id,
        line_id=item.line_id,
        sku=item.sku,
        quantity=item.waiting,
        placed_at=item.ordered_at,
        hold=hold_of(item.order_status),
    )


def _together(one: WaitingLine, other: WaitingLine) -> WaitingLine:
    """Return the line of which two reservations hold units."""
    units, placed_at = one.quantity + other.quantity, min(one.placed_at, other.placed_at)
    return attrs.evolve(one, quantity=units, placed_at=placed_at, hold=one.hold or other.hold)


def reservation_commitments(
    reservations: Iterable[Reservation], /, *, due: Mapping[str, dt.date] | None = None
) -> tuple[Commitment, ...]:
    """Return the units that are owed to orders whose lines wait.

    Args:
        reservations: What fabric holds.
        due: SKU -> the day from which its units are owed, such as the day its receipt comes; one that is not named is
            owed from the start.

    Returns:
        One commitment for each reservation of which units wait, in their order.

    Raises:
        InvalidArgument: If an item is no reservation.

    Examples:
        Five owed to an order's line:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fabric import Reservation, reservation_commitments
        >>> at = dt.datetime(2026, 11, 12, 9, 30, tzinfo=dt.timezone.utc)
        >>> found = Reservation(type="BACKORDER", order_number="O1", line_id="0", sku="CD", quantity=5, ordered_at=at)
        >>> [owed] = reservation_commitments([found], due={"CD": dt.date(2027, 1, 20)})
        >>> print(owed.quantity, owed.order_id, owed.line_id, owed.due)
        5 O1 0 2027-01-20
    """
    days = due or {}
    return tuple(
        Commitment(
            sku=line.sku, quantity=line.quantity, due=days.get(line.sku), order_id=line.order_id, line_id=line.line_id
        )
        for line in reservation_lines(reservations)
    )


def _is_second(root: Any) -> bool:
    return has(first(root) or root, "lineItemId", _V2["quantity"], _V2["ordered_at"])


def _is_third(root: Any) -> bool:
    keys = ("lineItemId", "type", _V3["quantity"], _V3["ordered_at"])
    return has(first(root) or root, *keys) and not _is_second(root)


def _is_page(root: Any) -> bool:
    return has(root, "pagination") and _is_third(first(held(root, "data")))


_FORMATS = tuple(
    WireFormat(name=name, holds=holds, recognises=recognises, read=read_reservations, queue_of=reservation_lines)
    for name, holds, recognises in (
        ("fabric-reservation-v2", "backorders and pre-orders that wait", _is_second),
        ("fabric-reservation-v3", "backorders and pre-orders that wait", _is_third),
        ("fabric-reservation-page", "backorders and pre-orders that wait", _is_page),
    )
)
