"""Street dates that move: the command change_street_date, which goes by SKU."""

from __future__ import annotations

import datetime as dt

import attrs

from ..._checks import checked, instance, instant, rule, text
from ..._documents import Fields, identifier, refuse_if
from ..._wire import WireFormat, has, held
from ._messages import MessageKind, is_message, message, opened, subject, utc_instant

__all__ = ["OmsStreetDate", "read_street_date_change", "write_street_date_change"]

_CHANGE = MessageKind(
    methods=("magento.sales.preorder_management.change_street_date",),
    key="",
    about="a street date",
    expected='must be a change of a street date: {"params": {"sku": ..., "street_date": ...}}',
)
_NAMES = ("street_date", "streetDate", "StreetDate", "pre_order_street_date", "new_street_date")


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsStreetDate:
    """The street date that a SKU has from now on.

    Attributes:
        sku: The SKU.
        street_date: The first instant at which it may leave.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    street_date: dt.datetime = attrs.field(metadata=rule(instant))


def read_street_date_change(document: str | bytes, /) -> OmsStreetDate:
    """Read a ``magento.sales.preorder_management.change_street_date`` command.

    The documentation names the command, and says that it moves all pre-orders of a SKU and that the date is in UTC. The
    names of its parameters are inferred: the street date is found as ``street_date``, ``streetDate``, ``StreetDate``,
    ``pre_order_street_date`` and ``new_street_date``, with or without the envelope. A date without an offset is in
    UTC; a mere day is its midnight.

    Args:
        document: The command, as text or UTF-8 bytes.

    Returns:
        What `move_street_date` is asked for.

    Raises:
        InvalidDocument: If it is no such command; with all of its problems and their paths.

    Source:
        Adobe Commerce OMS, the page on pre-orders.

    Examples:
        Moved by a month:

        >>> from preorder_kit.adapters.adobe_oms import read_street_date_change
        >>> change = read_street_date_change('{"sku": "CD", "street_date": "2027-03-01T00:00:00"}')
        >>> change.sku, change.street_date.isoformat()
        ('CD', '2027-03-01T00:00:00+00:00')

        A street date cannot be taken away:

        >>> read_street_date_change('{"params": {"sku": "CD", "street_date": null}}')
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: params.street_date: is missing
    """
    fields = opened(document, _CHANGE)
    sku = fields.read("sku", identifier)
    street_date = _street_date(fields)
    refuse_if(fields.problems)
    return OmsStreetDate(sku=sku, street_date=street_date)


def _street_date(fields: Fields) -> dt.datetime:
    """Return the street date under whichever of its names it comes; two of them may not contradict each other."""
    first, *others = [name for name in _NAMES if fields.holds(name)] or _NAMES[:1]
    found = fields.read(first, utc_instant)
    for name in others:
        again = fields.read(name, utc_instant, default=None)
        if again not in {None, found}:
            message = f"must be the instant that {first} says (got {again.isoformat()})"
            fields.complain(name, "instant.contradictory", message, again)
    return found


def write_street_date_change(change: OmsStreetDate, /, *, message_id: str) -> str:
    """Write a ``magento.sales.preorder_management.change_street_date`` command.

    The system moves every pre-order of the SKU, and no line that was created without a street date.

    Args:
        change: What is to move, and to when.
        message_id: The id of the message.

    Returns:
        The command in its JSON-RPC envelope, the date in UTC. The names of its parameters, ``sku`` and ``street_date``,
        are inferred: see `read_street_date_change`.

    Raises:
        InvalidArgument: If an argument is of another type.

    Source:
        Adobe Commerce OMS, the page on pre-orders.

    Examples:
        What is written is read back:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.adobe_oms import OmsStreetDate
        >>> from preorder_kit.adapters.adobe_oms import read_street_date_change, write_street_date_change
        >>> change = OmsStreetDate(sku="CD", street_date=dt.datetime(2027, 3, 1, tzinfo=dt.timezone.utc))
        >>> read_street_date_change(write_street_date_change(change, message_id="7d0c")) == change
        True
    """
    instance(change, "change", of=OmsStreetDate)
    return message(_CHANGE, {"sku": change.sku, "street_date": change.street_date.isoformat()}, message_id)


def _is_change(root: object) -> bool:
    named = any(is_message(root, _CHANGE, "sku", name) for name in _NAMES)
    return named and (held(root, "method") is not None or not has(subject(root, _CHANGE), "product_type"))


FORMATS = (
    WireFormat(
        name="adobe-oms-street-date",
        holds="the street date that a SKU moves to",
        recognises=_is_change,
        read=read_street_date_change,
    ),
)
