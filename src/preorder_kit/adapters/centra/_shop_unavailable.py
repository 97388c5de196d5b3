"""What the Checkout API answers where something in the cart is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from ..._checks import checked, instance, mapping, optional, rule, sequence, shown, text
from ..._documents import Fields, count, identifier, root_object, unrecognised
from ..._wire import WireFormat, first, has, held
from ...errors import InvalidArgument, Read
from ...quantities import _currency_code
from ._integration import minor_of
from ._shop_values import WHOLE, WORDS, inner, rows

_EXPECTED = "must be a reply of the cart or of a payment: an object, with a list called unavailable or without one"
_OF_OTHERS = {"data", "product", "products"}


@attrs.frozen(kw_only=True, field_transformer=checked)
class UnavailableUnits:
    """An item of which some units cannot be had.

    Attributes:
        item: The item; empty if a reply of the Storefront API does not say.
        product: Its product; empty if it is not said.
        asked: Units that were asked for: ``available`` and ``unavailable`` together.
        available: Units of them that can be had. They stay in the cart.
        unavailable: Units of them that cannot.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    item: str = attrs.field(metadata=WORDS())
    product: str = attrs.field(default="", metadata=WORDS())
    asked: int = attrs.field(metadata=WHOLE())
    available: int = attrs.field(metadata=WHOLE())
    unavailable: int = attrs.field(metadata=WHOLE())


@attrs.frozen(kw_only=True, field_transformer=checked)
class CancelledPayment:
    """A payment that was cancelled because something in the cart was gone; it has to be started again.

    Attributes:
        amount: What is not paid, in minor units of its currency.
        currency: An ISO 4217 code.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    amount: int = attrs.field(metadata=WHOLE(least=None))
    currency: str = attrs.field(metadata=rule(_currency_code))


@attrs.frozen(kw_only=True, field_transformer=checked)
class CartReply:
    """What the cart or a payment answered.

    Attributes:
        unavailable: The items of which units cannot be had; empty if all can.
        errors: What was refused -> why, in the vendor's words; empty where the request was served, if only in part.
        cancellation: The payment that was cancelled, if one was.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    unavailable: Sequence[UnavailableUnits] = attrs.field(
        default=(), metadata=rule(sequence, check=instance, of=UnavailableUnits)
    )
    errors: Mapping[str, str] = attrs.field(factory=dict, metadata=rule(mapping, key=text, check=text))
    cancellation: CancelledPayment | None = attrs.field(
        default=None, metadata=rule(optional, check=instance, of=CancelledPayment)
    )

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the request was done: the reply of status 410."""
        return bool(self.errors)


def read_cart_reply(document: str | bytes, /) -> Read[CartReply]:
    """Read what cannot be had from the reply of the cart, of a payment or of its result.

    - A reply of status 200 names what was taken out of the cart; without the list, everything could be had.
    - A reply of status 410 has ``errors`` beside the list: nothing was done.
    - The result of a payment may say that the payment was cancelled.

    Args:
        document: The body of the reply, as text or UTF-8 bytes.

    Returns:
        The reply, with the items that are sound; every other item, and a cancellation that cannot be read, is a
        problem with its path. An item is sound if its units add up: what was asked for is what can be had and what
        cannot.

    Raises:
        InvalidDocument: If it is no JSON object, or one of products or of GraphQL, which says nothing of a cart.

    Source:
        Centra, overselling prevention: Standard checks at the payment, Aggressive in the cart and at its result too.

    Examples:
        Five asked for, two there:

        >>> from preorder_kit.adapters.centra import read_cart_reply
        >>> gone = '{"item": "412-21", "product": "412", "originalQuantity": 5, "unavailable": 3, "available": 2}'
        >>> reply = read_cart_reply(f'{{"errors": {{"stock": "unavailable items"}}, "unavailable": [{gone}]}}').values
        >>> reply.is_refused, reply.unavailable[0].asked, reply.unavailable[0].available
        (True, 5, 2)

        A cart that got everything says nothing of it:

        >>> read_cart_reply('{"token": "t", "selection": {}}').values
        CartReply(unavailable=(), errors={}, cancellation=None)
    """
    root = root_object(document, _EXPECTED)
    says_so = has(root._node, "unavailable")
    if not says_so and root._node.keys() & _OF_OTHERS:  # as a cart's, they would say that all could be had
        raise unrecognised(_EXPECTED)
    listed = [_units(fields) for fields in rows(root, "unavailable")]
    errors = _errors(root._node.get("errors"))
    if "stock" in errors and not root.holds("unavailable"):
        root.complain("unavailable", "field.missing", "is missing, though the stock is refused")
    reply = CartReply(
        unavailable=[found for found in listed if found is not None], errors=errors, cancellation=_cancellation(root)
    )
    return Read(reply, tuple(root.problems))


def _units(fields: Fields) -> UnavailableUnits | None:
    return summed(
        fields,
        item=fields.read("item", identifier),
        product=fields.read("product", identifier, default=""),
        available="available",
        unavailable="unavailable",
    )


def summed(fields: Fields, *, item: str, product: str, available: str, unavailable: str) -> UnavailableUnits | None:
    """Return the units of an item, read from the fields of these names, if they add up to ``originalQuantity``."""
    asked = fields.read("originalQuantity", count)
    there = fields.read(available, count)
    gone = fields.read(unavailable, count)
    if fields.is_sound and asked != there + gone:
        message = f"must be available and unavailable together, {there} + {gone} (got {asked})"
        fields.complain("originalQuantity", "units.invalid", message, asked)
    return fields.build(UnavailableUnits, item=item, product=product, asked=asked, available=there, unavailable=gone)


def _errors(sent: object) -> dict[str, str]:
    """Return what was refused -> why; whatever it is that the vendor says, it is shown."""
    if isinstance(sent, dict):
        return {_plain(what): _plain(why) for what, why in sent.items()}
    return {"errors": _plain(sent)} if sent else {}


def _plain(said: object) -> str:
    try:
        return text(said, "")
    except InvalidArgument:
        return shown(said)


def _cancellation(root: Fields) -> CancelledPayment | None:
    fields = inner(root, "cancellation")
    if fields is None:
        return None
    currency = fields.read("currency", _currency_code)
    if not fields.is_sound:
        return None
    amount = fields.read("grandTotalPriceAsNumber", minor_of, currency=currency)
    return fields.build(CancelledPayment, amount=amount, currency=currency)


def _recognises(root: Any) -> bool:
    listed = held(root, "unavailable")
    if listed == []:
        return not root.keys() & _OF_OTHERS
    return has(first(listed), "originalQuantity")


FORMATS = (
    WireFormat(
        name="centra-cart-reply",
        holds="units in the cart that cannot be had",
        recognises=_recognises,
        read=read_cart_reply,
    ),
)
