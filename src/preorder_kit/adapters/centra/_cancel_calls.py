"""Calls that cancel, allocate and unallocate units of orders, read: the inverse of what `_cancelling` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from ..._checks import checked, instance, member, optional, rule, sequence, text, units
from ..._documents import Fields, count, refuse_if, truth, unrecognised, word
from ..._wire import WireFormat, has, held
from ...splitting import StockAction
from ._cancelling import CancelForm, StoreType
from ._integration import centra_id, complete, id_or_none, needed_reference, several
from ._order_calls import asked, asks_for, delivery_group, needed_object, read_order_name, read_units, unit_amounts

__all__ = [
    "AllocateCall",
    "CancelCall",
    "CancelCallLine",
    "UnallocateCall",
    "read_allocate_order",
    "read_cancel_lines",
    "read_unallocate_order",
]

_ALLOCATE = "allocateOrder"
_UNALLOCATE = "unallocateOrder"
_STORES = {
    "updateDirectToConsumerOrder": StoreType.DIRECT_TO_CONSUMER,
    "updateWholesaleOrder": StoreType.WHOLESALE,
}
_ELSEWHERE = "sendItemsToDifferentWarehouse"
_ACTIONS = {
    "release_back_to_warehouse": StockAction.RELEASE,
    "remove_from_stock": StockAction.REMOVE,
    "releaseitemsbacktowarehouse": StockAction.RELEASE,
    "removeitemsfromstock": StockAction.REMOVE,
    _ELSEWHERE.lower(): StockAction.RELEASE,
}


def _warehouses(value: object, path: str) -> tuple[int, ...]:
    return sequence(value, path, check=centra_id)


@attrs.frozen(kw_only=True, field_transformer=checked)
class CancelCallLine:
    """Units of a line that a call cancels.

    Attributes:
        line_id: The line's id.
        quantity: Units.
        form: In which form it is said what becomes of them.
        action_word: What becomes of them, in Centra's word: a ``stockAction``, or the member of a
            ``stockActionPolicy`` that is given.
        to_warehouse: The id of another warehouse in which they are to be free; ``None``: where they were.
        delivery_group: The delivery group that they are taken from; empty: none is named.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units))
    form: CancelForm = attrs.field(metadata=rule(member, of=CancelForm))
    action_word: str = attrs.field(metadata=rule(text))
    to_warehouse: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    delivery_group: str = attrs.field(default="", metadata=rule(text, empty=True))

    @property
    def action(self) -> StockAction | None:
        """What the word means; ``None`` if it is not known."""
        return _ACTIONS.get(self.action_word.lower())


@attrs.frozen(kw_only=True, field_transformer=checked)
class CancelCall:
    """A call that cancels units of an order.

    Attributes:
        order_id: The order's number, or its id.
        lines: What is cancelled.
        store: What kind of order it is.
        comment: Why, in words; empty if it is not said.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))
    lines: Sequence[CancelCallLine] = attrs.field(metadata=rule(sequence, check=instance, of=CancelCallLine))
    store: StoreType = attrs.field(default=StoreType.DIRECT_TO_CONSUMER, metadata=rule(member, of=StoreType))
    comment: str = attrs.field(default="", metadata=rule(text, empty=True))


@attrs.frozen(kw_only=True, field_transformer=checked)
class AllocateCall:
    """A call that allocates stock to units of an order.

    Attributes:
        order_id: The order's number, or its id.
        units: Line id -> units; ``None``: all.
        warehouses: The ids of the warehouses to take from, in this order; none: Centra's rule decides.
        comment: A comment; empty if it is not said.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))
    units: Mapping[str, int] | None = attrs.field(default=None, metadata=rule(optional, check=unit_amounts))
    warehouses: Sequence[int] = attrs.field(default=(), metadata=rule(_warehouses))
    comment: str = attrs.field(default="", metadata=rule(text, empty=True))


@attrs.frozen(kw_only=True, field_transformer=checked)
class UnallocateCall:
    """A call that takes stock back from units of an order.

    Attributes:
        order_id: The order's number, or its id.
        units: Line id -> units; ``None``: all.
        action_word: What becomes of the stock: the member of the ``stockActionPolicy`` that is given.
        to_warehouse: The id of another warehouse in which it is to be free; ``None``: where it was.
        warehouses: The ids of the warehouses whose stock it is; none: all.
        comment: A comment; empty if it is not said.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order_id: str = attrs.field(metadata=rule(text))
    units: Mapping[str, int] | None = attrs.field(default=None, metadata=rule(optional, check=unit_amounts))
    action_word: str = attrs.field(metadata=rule(text))
    to_warehouse: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    warehouses: Sequence[int] = attrs.field(default=(), metadata=rule(_warehouses))
    comment: str = attrs.field(default="", metadata=rule(text, empty=True))

    @property
    def action(self) -> StockAction | None:
        """What the word means; ``None`` if it is not known."""
        return _ACTIONS.get(self.action_word.lower())


def read_cancel_lines(document: str | bytes, /) -> CancelCall:
    """Read a call that cancels units of an order, in either form: the inverse of `write_cancel_lines`.

    Args:
        document: The body of an ``updateDirectToConsumerOrder`` or ``updateWholesaleOrder`` call with variables, as
            text or UTF-8 bytes.

    Returns:
        What is cancelled. What else such a call may change of an order is not read.

    Raises:
        InvalidDocument: If it is no such call, or cancels nothing; with all of its problems.

    Source:
        Centra's Integration API, OrderLineCancelInput and StockPolicyActionInput; the guide to ERP integrations for the
        older form.

    Examples:
        What was written is read back:

        >>> from preorder_kit import Cancelled
        >>> from preorder_kit.adapters.centra import read_cancel_lines, write_cancel_lines
        >>> cut = [Cancelled(line_id="68", sku="A", quantity=1, reason="out_of_stock")]
        >>> [line] = read_cancel_lines(write_cancel_lines(cut, order_id="14")).lines
        >>> print(line.line_id, line.quantity, line.action, line.action_word)
        68 1 release releaseItemsBackToWarehouse
    """
    expected = "must be the body of a call that updates an order with cancelLines"
    mutation, variables = asked(document, expected, *_STORES)
    given = variables.object("input")
    if given is None or not given.holds("cancelLines"):
        refuse_if(variables.problems)
        raise unrecognised(expected)
    lines = [_cancelled(row) for row in several(given, "cancelLines")]
    found = given.build(
        CancelCall,
        order_id=read_order_name(variables),
        lines=lines,
        store=_STORES[mutation],
        comment=given.read("cancellationComment", word, default=""),
    )
    return complete(variables, found)


def _cancelled(row: Fields) -> CancelCallLine | None:
    if row.holds("stockAction") and row.holds("stockActionPolicy"):
        row.complain("", "centra.one_of", "must have a stockActionPolicy or the older stockAction, not both")
    if row.holds("stockAction"):
        own = {"form": CancelForm.OLDER, "action_word": row.read("stockAction", word)}
    else:
        own = {"form": CancelForm.CURRENT, **_policy(row)}
    line = needed_reference(row, "line")
    return row.build(
        CancelCallLine,
        line_id=str(line),
        quantity=row.read("quantity", count),
        delivery_group=delivery_group(row),
        **own,
    )


def _policy(fields: Fields) -> dict[str, Any]:
    """Return the one member of a StockPolicyActionInput that is given, and the warehouse that it names."""
    inner = needed_object(fields, "stockActionPolicy")
    if inner is None:
        return {}
    given = [name for name in inner._node if inner.holds(name)]
    if len(given) != 1:
        inner.complain("", "centra.one_of", f"must have exactly one member (got {', '.join(given) or 'none'})")
        return {}
    [name] = given
    if name == _ELSEWHERE:
        return {"action_word": name, "to_warehouse": needed_reference(inner, name)}
    if name.lower() in _ACTIONS and not inner.read(name, truth):
        inner.complain(name, "centra.one_of", "must be true: what is to be done is said by the member that is given")
    return {"action_word": name}


def read_allocate_order(document: str | bytes, /) -> AllocateCall:
    """Read a call that allocates stock to units of an order: the inverse of `write_allocate_order`.

    Args:
        document: The body of an ``allocateOrder`` call with variables, as text or UTF-8 bytes.

    Returns:
        What is allocated, units of one line added up.

    Raises:
        InvalidDocument: If it is no such call; with all of its problems.

    Source:
        Centra's Integration API, OrderAllocateInput and OrderLineAllocateInput.

    Examples:
        All of an order, from one warehouse before another:

        >>> from preorder_kit.adapters.centra import read_allocate_order
        >>> query = "mutation ($input: OrderAllocateInput!) { allocateOrder(input: $input) { order { id } } }"
        >>> given = '{"order": {"number": 14}, "warehouses": [{"id": 3}, {"id": 1}]}'
        >>> call = read_allocate_order('{"query": "%s", "variables": {"input": %s}}' % (query, given))
        >>> print(call.units, call.warehouses)
        None (3, 1)
    """
    _, variables = asked(document, "must be the body of an allocateOrder call", _ALLOCATE)
    given = needed_object(variables, "input")
    found = None if given is None else given.build(AllocateCall, **_allocation(given, "allocate"))
    return complete(variables, found)


def read_unallocate_order(document: str | bytes, /) -> UnallocateCall:
    """Read a call that takes stock back from units of an order: the inverse of `write_unallocate_order`.

    Args:
        document: The body of an ``unallocateOrder`` call with variables, as text or UTF-8 bytes.

    Returns:
        What is taken back, units of one line added up.

    Raises:
        InvalidDocument: If it is no such call; with all of its problems.

    Source:
        Centra's Integration API, OrderUnallocateInput and StockPolicyActionInput.

    Examples:
        What was written is read back:

        >>> from preorder_kit import Part, PartLine
        >>> from preorder_kit.adapters.centra import read_unallocate_order, write_unallocate_order
        >>> lines = [PartLine(line_id="68", sku="A", quantity=2)]
        >>> part = Part(id="14/now/1", order_id="14", kind="ship_now", lines=lines)
        >>> call = read_unallocate_order(write_unallocate_order(part, action="remove"))
        >>> print(call.units, call.action)
        {'68': 2} remove
    """
    _, variables = asked(document, "must be the body of an unallocateOrder call", _UNALLOCATE)
    given = needed_object(variables, "input")
    if given is None:
        return complete(variables, None)
    own = _allocation(given, "unallocate") | _policy(given)
    return complete(variables, given.build(UnallocateCall, **own))


def _allocation(given: Fields, key: str) -> dict[str, Any]:
    """Return what both calls say; no lines are all of them."""
    found = read_units(given, key)
    return {
        "order_id": read_order_name(given),
        "units": found or None,
        "warehouses": [house.read("id", centra_id) for house in several(given, "warehouses")],
        "comment": given.read("comment", word, default=""),
    }


def is_cancel_lines(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that cancels units of an order."""
    return any(asks_for(root, name) for name in _STORES) and has(held(root, "variables", "input"), "cancelLines")


def is_allocate(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that allocates stock to an order."""
    return asks_for(root, _ALLOCATE)


def is_unallocate(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that takes stock back from an order."""
    return asks_for(root, _UNALLOCATE)


FORMATS = (
    WireFormat(
        name="centra-cancel-lines",
        holds="units of an order to be cancelled",
        recognises=is_cancel_lines,
        read=read_cancel_lines,
    ),
    WireFormat(
        name="centra-allocate-order",
        holds="units of an order to be allocated",
        recognises=is_allocate,
        read=read_allocate_order,
    ),
    WireFormat(
        name="centra-unallocate-order",
        holds="units of an order whose stock is taken back",
        recognises=is_unallocate,
        read=read_unallocate_order,
    ),
)
