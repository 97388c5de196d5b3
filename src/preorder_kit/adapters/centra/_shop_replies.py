"""What the Storefront API answers where something was put into the cart, or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from ..._checks import checked, instance, optional, rule, sequence, text, units
from ..._documents import Fields, count, identifier, unrecognised, word
from ..._wire import WireFormat, held
from ...errors import Read
from ._integration import replied
from ._shop_unavailable import UnavailableUnits, summed
from ._shop_values import WORDS, rows

_MUTATIONS = ("addFlexibleBundle", "addItem", "paymentInstructions", "paymentResult", "updateLine")
_EXPECTED = f"must be the reply of the Storefront API to one of {', '.join(_MUTATIONS)}"
_UNITS = ("originalQuantity", "availableQuantity", "unavailableQuantity")


@attrs.frozen(kw_only=True, field_transformer=checked)
class StorefrontReply:
    """What one mutation of the cart answered.

    Attributes:
        mutation: Its name, as in ``addItem``.
        line: The cart's line that holds what was asked for; empty if there is none, or the request did not ask.
        quantity: Units in that line; ``None`` likewise.
        unavailable: The items of which units cannot be had; empty if all can.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    mutation: str = attrs.field(metadata=rule(text))
    line: str = attrs.field(default="", metadata=WORDS())
    quantity: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    unavailable: Sequence[UnavailableUnits] = attrs.field(
        default=(), metadata=rule(sequence, check=instance, of=UnavailableUnits)
    )


def read_storefront_reply(document: str | bytes, /) -> Read[tuple[StorefrontReply, ...]]:
    """Read what was put into the cart, and what could not be, from a reply of the Storefront API.

    It is the reply to ``addItem``, ``addFlexibleBundle`` or ``updateLine``, or to ``paymentInstructions`` or
    ``paymentResult``, which check the stock once more. An ``UnavailableItem`` among the ``userErrors`` is not a mistake
    but an answer, and becomes units; its message is not kept.

    Args:
        document: The reply, as text or UTF-8 bytes.

    Returns:
        What each mutation answered, also if it was refused: ask for the problems. Each of GraphQL's errors, each other
        error for the user, and each ``UnavailableItem`` whose units do not add up is a problem with its path; a
        mutation whose line cannot be read is left out.

    Raises:
        InvalidDocument: If it is no JSON, no such reply, or holds errors and no data.

    Source:
        Centra's Storefront API, AddItemPayload, UserError and UnavailableItem.

    Examples:
        Five asked for, two there:

        >>> from preorder_kit.adapters.centra import read_storefront_reply
        >>> gone = '''{"message": "Not available", "path": ["item"], "originalQuantity": 5, "availableQuantity": 2,
        ...          "unavailableQuantity": 3, "item": {"id": "412-21"}, "displayItem": {"id": 412}}'''
        >>> document = f'{{"data": {{"addItem": {{"line": {{"id": "a1", "quantity": 2}}, "userErrors": [{gone}]}}}}}}'
        >>> [reply] = read_storefront_reply(document).complete()
        >>> reply.line, reply.quantity, reply.unavailable[0].item, reply.unavailable[0].unavailable
        ('a1', 2, '412-21', 3)

        What was refused for another reason is a problem:

        >>> wrong = '{"message": "No such item", "path": ["item"]}'
        >>> refused = f'{{"data": {{"addItem": {{"line": null, "userErrors": [{wrong}]}}}}}}'
        >>> print(*read_storefront_reply(refused).problems)
        data.addItem.userErrors[0]: Centra says about item: No such item
    """
    data = replied(document, _EXPECTED)
    if not data._node.keys() & set(_MUTATIONS):
        raise unrecognised(_EXPECTED)
    payloads = [(name, data.object(name)) for name in data._node if name != "__typename"]
    found = [_reply(name, payload) for name, payload in payloads if payload is not None]
    return Read(tuple(reply for reply in found if reply is not None), tuple(data.problems))


def _reply(name: str, payload: Fields) -> StorefrontReply | None:
    line = payload.object("line")
    refusals = [_unavailable(error) for error in rows(payload, "userErrors")]
    return payload.build(
        StorefrontReply,
        mutation=name,
        line="" if line is None else line.read("id", identifier, default=""),
        quantity=None if line is None else line.read("quantity", count, default=None),
        unavailable=[units for units in refusals if units is not None],
    )


def _unavailable(error: Fields) -> UnavailableUnits | None:
    """Return the units that an error for the user is about; ``None`` and a problem if it is about none."""
    if any(error.holds(key) for key in _UNITS):
        return summed(
            error,
            item=_id(error, "item"),
            product=_id(error, "displayItem"),
            available="availableQuantity",
            unavailable="unavailableQuantity",
        )
    said, place = error.read("message", word, default=""), ".".join(error.names("path"))
    about = f"about {place}: " if place else ""
    error.complain("", "centra.refused", f"Centra says {about}{said or 'nothing more'}", said)
    return None


def _id(error: Fields, key: str) -> str:
    named = error.object(key)
    return "" if named is None else named.read("id", identifier, default="")


def _recognises(root: Any) -> bool:
    data = held(root, "data")
    return isinstance(data, dict) and any(isinstance(data.get(name), dict) for name in _MUTATIONS)


FORMATS = (
    WireFormat(
        name="centra-storefront-reply",
        holds="what the storefront's cart took and what it could not",
        recognises=_recognises,
        read=read_storefront_reply,
    ),
)
