"""What is said of a product and its sizes, and what a shop says of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import attrs

from ..._checks import FrozenMapping, checked, instance, instant, mapping, member, rule, sequence, text
from ..._zones import zone_info
from ...delivery import DateRange
from ...stock import Availability, CartAction

#: What stands on the button, by what it does.
BUTTON_LABELS: Final[Mapping[CartAction, str]] = FrozenMapping(
    {
        CartAction.ADD_TO_CART: "Add to cart",
        CartAction.PREORDER: "Pre order",
        CartAction.BACKORDER: "Order",
        CartAction.SOLD_OUT: "Sold out",
    }
)


@attrs.frozen(kw_only=True, field_transformer=checked)
class FormattedSize:
    """One size of a product, as a page may show it; it holds no number of units.

    Attributes:
        item: The id that goes into the cart; empty if it could not be read.
        name: The name of the size; empty if it is not said.
        sku: The SKU; empty if it is not said.
        stock: ``yes``, ``few`` or ``no``.
        availability: What can be said about it.
        available: Whether it can be bought.
        preorder: Whether buying it is a pre-order.
        action: What the button does.
        label: What stands on the button.
        delivery: What to say of when it comes.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    item: str = attrs.field(metadata=rule(text, empty=True))
    name: str = attrs.field(metadata=rule(text, empty=True))
    sku: str = attrs.field(metadata=rule(text, empty=True))
    stock: str = attrs.field(metadata=rule(text))
    availability: Availability = attrs.field(metadata=rule(member, of=Availability))
    available: bool = attrs.field(metadata=rule(instance, of=bool))
    preorder: bool = attrs.field(metadata=rule(instance, of=bool))
    action: CartAction = attrs.field(metadata=rule(member, of=CartAction))
    label: str = attrs.field(metadata=rule(text))
    delivery: str = attrs.field(metadata=rule(text))


@attrs.frozen(kw_only=True, field_transformer=checked)
class FormattedProduct:
    """A product, as a page may show it; it holds no number of units.

    Attributes:
        product: Its id; empty if it could not be read.
        name: Its name; empty if it is not said.
        uri: Its address in the shop; empty if it is not said.
        stock: ``yes``, ``few`` or ``no``, of all sizes together.
        availability: What can be said about it: the best of its sizes.
        available: Whether any size can be bought.
        preorder: Whether all that can be bought of it is a pre-order.
        label: What stands on its button on a listing page.
        sizes: Its sizes, in their order.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    product: str = attrs.field(metadata=rule(text, empty=True))
    name: str = attrs.field(metadata=rule(text, empty=True))
    uri: str = attrs.field(metadata=rule(text, empty=True))
    stock: str = attrs.field(metadata=rule(text))
    availability: Availability = attrs.field(metadata=rule(member, of=Availability))
    available: bool = attrs.field(metadata=rule(instance, of=bool))
    preorder: bool = attrs.field(metadata=rule(instance, of=bool))
    label: str = attrs.field(metadata=rule(text))
    sizes: Sequence[FormattedSize] = attrs.field(metadata=rule(sequence, check=instance, of=FormattedSize))


def _zone(value: object, path: str) -> str:
    zone_info(text(value, path), path)
    return str(value)


@attrs.frozen(kw_only=True, field_transformer=checked)
class SizeDates:
    """What a shop knows of when its sizes come, which no product of Centra's says.

    Attributes:
        at: Now.
        zone: The IANA name of the shopper's time zone.
        street_dates: SKU, or item -> its street date, for pre-orders.
        delivery: SKU, or item -> the days on which it can arrive.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    at: dt.datetime = attrs.field(metadata=rule(instant))
    zone: str = attrs.field(metadata=rule(_zone))
    street_dates: Mapping[str, dt.datetime] = attrs.field(factory=dict, metadata=rule(mapping, key=text, check=instant))
    delivery: Mapping[str, DateRange] = attrs.field(
        factory=dict, metadata=rule(mapping, key=text, check=partial(instance, of=DateRange))
    )
