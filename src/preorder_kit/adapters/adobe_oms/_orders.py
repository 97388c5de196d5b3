"""Orders that are placed: the messages create and created."""

from __future__ import annotations

from ..._checks import member
from ..._documents import Fields, identifier
from ..._wire import WireFormat, held
from ...bundles import WhenShort
from ...errors import InvalidDocument
from ...orders import Order
from ._lines import Row, built, nested, one_currency, read_row
from ._messages import MessageKind, is_message, opened, subject, utc_instant
from ._money import payment_currency

__all__ = ["read_order_create"]

CREATE = MessageKind(
    methods=("magento.sales.order_management.create", "magento.sales.order_management.created"),
    key="order",
    about="an order",
    expected='must be an order create message: {"params": {"order": {...}}} or {"order": {...}}',
)


def read_order_create(document: str | bytes, /, *, when_short: WhenShort = WhenShort.CANCEL) -> Order:
    """Read an order from a ``magento.sales.order_management.create`` message.

    - The message comes in its JSON-RPC envelope or as the bare ``{"order": ...}``.
    - SHIPPING lines are fees, VIRTUAL goods are digital, and a BUNDLE with the lines that name it as their parent is
      one line with components; its amount is the sum of theirs.
    - A line without a quantity is one unit, as older feeds send them. A line that is PRESHIPPED, which the system does
      not source, is a line like the others.
    - A ``pre_order_street_date`` or ``origin_date`` without an offset is in UTC; a mere day is its midnight.
    - The custom attribute ``allowBackorders`` (or ``allowBackorder``) says whether a line may wait.
    - Money is read from the text of the message, never through a binary fraction. Where net and tax do not add up to
      gross, the difference is the discount, so that gross is what the message says. Where tax is missing, what gross
      has more than net is tax.

    Args:
        document: The message, as text or UTF-8 bytes.
        when_short: Whether a line that does not say so may wait: the setting of the store.

    Returns:
        The order; its lines keep their order. Payments are not read: their sum need not be that of the lines.

    Raises:
        InvalidDocument: If it is no such message; with all of its problems and their paths.

    Source:
        Adobe Commerce OMS, order management specification and the pages on pre-orders, backorders and bundles. Street
        dates are in UTC there.

    Examples:
        A pre-order and its shipping:

        >>> from preorder_kit.adapters.adobe_oms import read_order_create
        >>> order = read_order_create('''{"order": {"id": 7, "origin_date": "2019-01-31T20:31:25+11:00", "lines": [
        ...     {"id": "1", "product_type": "PHYSICAL", "sku": "CD", "pre_order_street_date": "2019-02-05T00:00:00",
        ...      "amount": {"currency": "AUD", "net_amount": 18.18, "tax_amount": 1.82, "gross_amount": 20}},
        ...     {"id": "SHIPPING", "product_type": "SHIPPING", "sku": "STANDARD", "quantity": "1"}]}}''')
        >>> [(line.kind.value, line.quantity) for line in order.lines]
        [('goods', 1), ('fee', 1)]
        >>> order.lines[0].street_date.isoformat(), order.lines[0].amount.gross
        ('2019-02-05T00:00:00+00:00', 2000)

        All problems at once:

        >>> read_order_create('{"order": {"id": "7", "lines": [{"id": "1", "product_type": "GIFT", "sku": ""}]}}')
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: order.origin_date: is missing
        order.lines[0].product_type: must be one of PHYSICAL, VIRTUAL, SHIPPING, BUNDLE (got 'GIFT')
        order.lines[0].sku: is missing
    """
    member(when_short, "when_short", of=WhenShort)
    order = opened(document, CREATE)
    order_id = order.read("id", identifier)
    placed_at = order.read("origin_date", utc_instant)
    currency = payment_currency(order)
    rows = [_open_row(fields, currency) for fields in order.objects("lines", least=1)]
    found = one_currency(rows)
    tops, children = nested(rows)
    lines = [] if order.problems else [line for top in tops for line in built(top, children, when_short)]
    if order.problems:
        raise InvalidDocument(order.problems)
    return Order(id=order_id, placed_at=placed_at, lines=lines, currency=found)


def _open_row(fields: Fields, currency: str | None) -> Row:
    if str(fields.read("status", identifier, default="")).strip().upper() == "CANCELLED":
        fields.complain("status", "line.cancelled", "must not be CANCELLED: take the line out", "CANCELLED")
    return read_row(fields, currency)


def has_status(root: object) -> bool:
    """Return whether an order without an envelope says how far it is, as only an update does."""
    return bool(held(subject(root, CREATE), "status"))


FORMATS = (
    WireFormat(
        name="adobe-oms-order-create",
        holds="an order that is placed",
        recognises=lambda root: (
            is_message(root, CREATE, "lines", "origin_date")
            and (held(root, "method") is not None or not has_status(root))
        ),
        read=read_order_create,
    ),
)
