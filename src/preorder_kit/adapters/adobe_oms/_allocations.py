"""Replies to allocations: whether the stock that was asked for is there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import attrs

from ..._checks import checked, instance, rule, text, units
from ..._documents import Fields, count, identifier, truth
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ._messages import rows_of

__all__ = ["OmsAllocatedLine", "read_allocation_reply"]

_flag = partial(instance, of=bool)


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsAllocatedLine:
    """Whether there is stock for a number of units.

    Attributes:
        sku: The SKU.
        quantity: The units that were asked for.
        in_stock: Whether all of them are there.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units))
    in_stock: bool = attrs.field(metadata=rule(_flag))


def read_allocation_reply(document: str | bytes, /) -> Read[Sequence[OmsAllocatedLine]]:
    """Read the reply to an allocation: for each line whether the stock is there.

    The fields of a line are documented, what is around them is not: a list is read, be it the document itself, under
    ``lines`` or as the ``result`` of JSON-RPC, and a line by itself.

    Args:
        document: The reply, as text or UTF-8 bytes.

    Returns:
        The lines that are sound, and a problem for every other.

    Raises:
        InvalidDocument: If it is no such reply.

    Source:
        Adobe Commerce OMS, the status of an allocated line.

    Examples:
        One is there, one is not:

        >>> from preorder_kit.adapters.adobe_oms import read_allocation_reply
        >>> found = read_allocation_reply('''[{"sku": "CD", "quantity": 2, "in_stock": true},
        ...     {"sku": "LP", "quantity": 1, "in_stock": "false"}]''')
        >>> [(line.sku, line.quantity, line.in_stock) for line in found.complete()]
        [('CD', 2, True), ('LP', 1, False)]
    """
    expected = 'must be a list of allocated lines, or one: {"sku": ..., "quantity": ..., "in_stock": ...}'
    rows, problems = rows_of(document, expected, "result", "lines")
    found = [_allocated(row) for row in rows]
    return Read(tuple(line for line in found if line is not None), tuple(problems))


def _allocated(row: Fields) -> OmsAllocatedLine | None:
    return row.build(
        OmsAllocatedLine,
        sku=row.read("sku", identifier),
        quantity=row.read("quantity", count),
        in_stock=row.read("in_stock", truth),
    )


def _first_line(root: object) -> object:
    result = held(root, "result") if has(root, "result") else root
    lines = held(result, "lines") if has(result, "lines") else result
    return first(lines) or lines


FORMATS = (
    WireFormat(
        name="adobe-oms-allocation-reply",
        holds="whether there is stock for lines",
        recognises=lambda root: has(_first_line(root), "sku", "quantity", "in_stock"),
        read=read_allocation_reply,
    ),
)
