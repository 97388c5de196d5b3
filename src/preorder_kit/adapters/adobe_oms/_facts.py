"""What an order of this system needs to say and the library's own order does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from ..._checks import (
    FrozenMapping,
    checked,
    instance,
    mapping,
    member,
    optional,
    refused,
    rule,
    sequence,
    text,
    unique,
    units,
)
from ...sourcing import BundleSource

__all__ = ["OmsAddress", "OmsOrderFacts"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsAddress:
    """Where an order goes.

    Attributes:
        reference: Its name, by which lines speak of it.
        first_name: Of whom it is.
        last_name: Likewise.
        address1: Street and number.
        city: The city.
        country_code: The country, as in NL.
        address2: What else there is to say; empty if nothing.
        state: The state or province; empty if there is none.
        zip: The postal code; empty if there is none.
        phone: A number; empty if there is none.
        email: An address; empty if there is none.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    reference: str = attrs.field(metadata=rule(text))
    first_name: str = attrs.field(metadata=rule(text))
    last_name: str = attrs.field(metadata=rule(text))
    address1: str = attrs.field(metadata=rule(text))
    city: str = attrs.field(metadata=rule(text))
    country_code: str = attrs.field(metadata=rule(text))
    address2: str = attrs.field(default="", metadata=rule(text, empty=True))
    state: str = attrs.field(default="", metadata=rule(text, empty=True))
    zip: str = attrs.field(default="", metadata=rule(text, empty=True))
    phone: str = attrs.field(default="", metadata=rule(text, empty=True))
    email: str = attrs.field(default="", metadata=rule(text, empty=True))


def _addresses(value: object, path: str) -> tuple[OmsAddress, ...]:
    addresses = sequence(value, path, check=instance, of=OmsAddress)
    if not addresses:
        raise refused(path, "must hold at least one address", addresses, code="field.missing")
    unique((address.reference for address in addresses), path + "[{}].reference", what="the references of addresses")
    return addresses


def _bundles(value: object, path: str) -> BundleSource | None:
    source: BundleSource | None = optional(value, path, check=member, of=BundleSource)
    if source is BundleSource.SEVERAL:
        requirement = "must be one_location or None: which rule of a line says several is not documented"
        raise refused(path, requirement, value, code="choice.invalid")
    return source


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsOrderFacts:
    """What a message about an order must say beside the order.

    Attributes:
        store: The store that the order was placed in.
        ip: The customer's address on the network.
        vat_country: The country whose taxes are paid, as in NL.
        customer_id: The customer.
        payment_reference: The payment, by which lines speak of it.
        addresses: Where the order goes. Lines without a ``ship_to`` go to the first.
        origin: Through which channel it was placed.
        tax_rate: In thousandths of a percent: 25000 is 25 %.
        tax_rates: Line id -> its own rate, likewise; a line that is not named has ``tax_rate``.
        tax_type: What the tax is called. Where there is no rate and no tax, it is called NO TAX.
        bundles: ONE_LOCATION sends the rule SHIPTOGETHER with each bundle; ``None`` none: that of the aggregate counts.

    Raises:
        InvalidArgument: If a field breaks its rule, or two addresses have one reference.
    """

    store: str = attrs.field(metadata=rule(text))
    ip: str = attrs.field(metadata=rule(text))
    vat_country: str = attrs.field(metadata=rule(text))
    customer_id: str = attrs.field(metadata=rule(text))
    payment_reference: str = attrs.field(metadata=rule(text))
    addresses: Sequence[OmsAddress] = attrs.field(metadata=rule(_addresses))
    origin: str = attrs.field(default="FRONTEND", metadata=rule(text))
    tax_rate: int = attrs.field(default=0, metadata=rule(units))
    tax_rates: Mapping[str, int] = attrs.field(default=FrozenMapping(), metadata=rule(mapping, key=text, check=units))
    tax_type: str = attrs.field(default="VAT", metadata=rule(text))
    bundles: BundleSource | None = attrs.field(default=None, metadata=rule(_bundles))
