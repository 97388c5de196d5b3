"""Calls of the Integration API (GraphQL) and what they reply; ids, days and money as Centra says them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar, cast

import attrs

from ..._checks import checked, instance, mapping, member, optional, refused, rule, sequence, text, units
from ..._documents import (
    Fields,
    encode,
    identifier,
    iso_day,
    iso_instant,
    refuse_if,
    root_object,
    truth,
    unrecognised,
    word,
)
from ..._wire import WireFormat, has, held
from ...errors import InvalidArgument, Read
from ...quantities import _currency_code, minor_digits, minor_units

__all__ = ["CentraMoney", "CentraReply", "SizeKey", "read_reply"]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

MOST = 2**31 - 1  # of GraphQL's whole numbers
_MOST_MONEY = 10**15  # whole numbers of which each is one binary fraction and back
_MOST_DIGITS = 18
_NO_DAY = "0000-00-00"
_MUTATIONS = {
    "allocateOrder",
    "captureOrder",
    "cancelDirectToConsumerOrder",
    "cancelWholesaleOrder",
    "captureShipment",
    "changeStock",
    "completeShipment",
    "confirmOrder",
    "createBundle",
    "createDeliveryWindow",
    "createPurchaseOrder",
    "createShipment",
    "createWarehouse",
    "setDeliveryWindowVariants",
    "setStock",
    "unallocateOrder",
    "updateDeliveryWindow",
    "updateDirectToConsumerOrder",
    "updateShipment",
    "updateWholesaleOrder",
}


class SizeKey(StrEnum):
    """Which name of a size is its SKU here: its SKU, or its GTIN (EAN or UPC).

    The two APIs spell SKUs differently, ``FJ-774-S`` and ``FJ774S``; where documents of both meet, use the GTIN.
    """

    SKU = "sku"
    GTIN = "gtin"


def centra_id(value: object, path: str) -> int:
    """Return an id of Centra's, whether it comes as a number or as text."""
    number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,10}", value) else value
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST:
        raise refused(path, f"must be an id of Centra's, a whole number from 1 to {MOST}", value, code="id.foreign")
    return int(number)


def small_units(value: object, path: str, *, least: int = 0) -> int:
    """Return a number of units that GraphQL can carry."""
    if units(value, path, least=least) > MOST:
        raise refused(path, f"must be <= {MOST}: GraphQL carries no larger number", value, code="units.invalid")
    return units(value, path)


def store_day(value: object, path: str) -> dt.date:
    """Return the day of a time that Centra writes in the store's zone: the one that is written, with any offset."""
    written = text(value, path).strip()
    if len(written) > len(_NO_DAY):
        iso_instant(written, path, zone=dt.timezone.utc)
    return iso_day(written[: len(_NO_DAY)], path)


def store_day_if_any(value: object, path: str) -> dt.date | None:
    """Return the day as `store_day` does; ``None`` for a day of zeros, which is none."""
    return None if isinstance(value, str) and value.strip().startswith(_NO_DAY) else store_day(value, path)


def size_key(value: object) -> SizeKey:
    """Return the argument ``named_by``."""
    key: SizeKey = member(value, "named_by", of=SizeKey)
    return key


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraMoney:
    """Money as Centra takes it, in minor units of its currency.

    Attributes:
        minor: How much, in minor units, >= 0.
        currency: The ISO 4217 code.

    Raises:
        InvalidArgument: If a field breaks its rule, or there is more of it than a number of JSON holds exactly.
    """

    minor: int = attrs.field(metadata=rule(units))
    currency: str = attrs.field(metadata=rule(_currency_code))

    def __attrs_post_init__(self) -> None:
        if self.minor > _MOST_MONEY:
            raise refused("minor", f"must be <= {_MOST_MONEY}", self.minor, code="money.invalid")


def major(money: CentraMoney) -> int | float:
    """Return an amount in major units, as a number that JSON writes with its digits."""
    scale = 10 ** minor_digits(money.currency)
    return money.minor // scale if money.minor % scale == 0 else float(Decimal(money.minor) / scale)


def decimal(value: object, path: str) -> Decimal:
    """Return an ordinary number, whether it comes as one or as text."""
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}(\.[0-9]{1,18})?\s*", value):
        return Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refused(path, "must be a number", value, code="money.invalid")
    found = Decimal(value)
    if found and abs(found.adjusted()) > _MOST_DIGITS:
        raise refused(path, "must be an ordinary number", value, code="money.invalid")
    return found


def minor_of(value: object, path: str, *, currency: str) -> int:
    """Return an amount in minor units."""
    try:
        return minor_units(decimal(value, path), currency=currency)
    except InvalidArgument as error:
        raise attrs.evolve(error, path=path) from None


def percentage(value: object, path: str) -> Fraction:
    """Return a tax rate in percent."""
    found = decimal(value, path)
    if not 0 <= found <= 1000:
        raise refused(path, "must be a percentage from 0 to 1000", value, code="money.invalid")
    return Fraction(found)


def read_money(fields: Fields, amount: str, currency: str) -> CentraMoney | None:
    """Return the money of two fields; ``None`` if there is none, or a problem with it."""
    if not fields.holds(amount):
        return None
    code = fields.read(currency, _currency_code)
    if not fields.is_sound:
        return None
    return fields.build(CentraMoney, minor=fields.read(amount, minor_of, default=0, currency=code), currency=code)


def reference(number: int) -> dict[str, int]:
    """Return how a call names an object of Centra's."""
    return {"id": number}


def read_reference(fields: Fields, key: str) -> int | None:
    """Return the id of an object that a document names; ``None`` if it names none, or a problem with it."""
    inner = fields.object(key)
    return None if inner is None else inner.read("id", centra_id, default=None)


def needed_reference(fields: Fields, key: str) -> int | None:
    """Return the id of an object that a document must name; ``None`` if there is a problem with it."""
    before = len(fields.problems)
    number = read_reference(fields, key)
    if number is None and len(fields.problems) == before:
        fields.complain(key, "field.missing", "is missing, or has no id")
    return number


def optional_reference(fields: Fields, key: str) -> int | None:
    """Return the id of an object that a call may name; by another name than its id it cannot be told here."""
    return needed_reference(fields, key) if fields.holds(key) else None


def complete(fields: Fields, value: T | None) -> T:
    """Return a value that was built, or refuse its document with all of its problems."""
    refuse_if(fields.problems)
    return cast("T", value)


def several(fields: Fields, key: str) -> list[Fields]:
    """Return the objects in the list ``key``; GraphQL takes one object for a list of one."""
    if isinstance(fields._node.get(key), dict):
        one = fields.object(key)
        return [] if one is None else [one]
    return fields.objects(key)


def call(query: str, variables: Mapping[str, Any]) -> str:
    """Return the body of a call."""
    return encode({"query": query, "variables": variables})


def requested(document: str | bytes, expected: str, *needed: str) -> Fields:
    """Return the input of a call whose body the document is; ``needed`` are keys that tell it from others."""
    root = root_object(document, expected)
    variables = root.object("variables")
    given = None if variables is None else variables.object("input")
    if given is None or not given._node.keys() >= set(needed):
        refuse_if(root.problems)
        raise unrecognised(expected)
    return given


def is_request(root: Any, *needed: str) -> bool:
    """Return whether a JSON value is the body of a call whose input has these keys."""
    given = held(root, "variables", "input")
    return isinstance(held(root, "query"), str) and isinstance(given, dict) and given.keys() >= set(needed)


def replied(document: str | bytes, expected: str) -> Fields:
    """Return what a reply holds under ``data``; its errors are problems, and all that there is if there is no data."""
    root = root_object(document, expected)
    complaints(root, "errors")
    data = root.object("data")
    if data is None:
        refuse_if(root.problems)
        raise unrecognised(expected)
    return data


def complaints(fields: Fields, key: str) -> None:
    """Make a problem of each error in the list ``key``, be it of GraphQL's or for the user."""
    for error in fields.objects(key):
        said = error.read("message", word, default="")
        place = error.read("path", _place, default="")
        about = f"about {place}: " if place else ""
        error.complain("", "centra.refused", f"Centra says {about}{said or 'nothing more'}", said)


def _place(value: object, path: str) -> str:
    return ".".join(map(partial(identifier, path=path), value)) if isinstance(value, list) else identifier(value, path)


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraReply:
    """What a mutation made, as its reply says it.

    Attributes:
        mutation: Its name, as in ``createShipment``.
        made: What it gives back -> the ids, in their order; an order's number where no id is given.
        is_captured: Whether the money of the shipment is captured; ``None`` if it is not said. A shipment is made also
            if its capture fails.
        warnings: What Centra warns of.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    mutation: str = attrs.field(metadata=rule(text))
    made: Mapping[str, Sequence[str]] = attrs.field(
        metadata=rule(mapping, key=text, check=partial(sequence, check=text))
    )
    is_captured: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    warnings: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text))


def read_reply(document: str | bytes, /) -> Read[tuple[CentraReply, ...]]:
    """Read the reply to a mutation, or to several in one document.

    Args:
        document: The reply of the Integration API, as text or UTF-8 bytes.

    Returns:
        What each mutation made, also if it was refused in part: ask for the problems. Each of GraphQL's errors and each
        of the ``userErrors`` is a problem with what Centra says.

    Raises:
        InvalidDocument: If it is no reply to a mutation, or holds errors and no data.

    Source:
        Centra's Integration API, payloads of mutations.

    Examples:
        What was made:

        >>> from preorder_kit.adapters.centra import read_reply
        >>> read_reply('{"data": {"setStock": {"stockChanges": [{"id": 4284}], "userErrors": []}}}').values[0].made
        {'stockChanges': ('4284',)}

        What was refused:

        >>> refused = '{"message": "Size not found", "path": ["input", "size"]}'
        >>> for problem in read_reply('{"data": {"changeStock": {"userErrors": [%s]}}}' % refused).problems:
        ...     print(problem)
        data.changeStock.userErrors[0]: Centra says about input.size: Size not found
    """
    expected = "must be the reply to a mutation"
    data = replied(document, expected)
    names = [name for name, payload in data._node.items() if payload is None or _is_payload(payload)]
    if not names:
        refuse_if(data.problems)
        raise unrecognised(expected)
    found = [_reply(name, payload) for name in names if (payload := data.object(name)) is not None]
    return Read(tuple(reply for reply in found if reply is not None), tuple(data.problems))


def _is_payload(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("userErrors"), list)


def _reply(name: str, payload: Fields) -> CentraReply | None:
    warned = [warning.read("message", word, default="") for warning in payload.objects("userWarnings")]
    made = {key: tuple(_ids(payload, key)) for key in payload._node if key not in {"userErrors", "userWarnings"}}
    reply = payload.build(
        CentraReply,
        mutation=name,
        made={key: ids for key, ids in made.items() if ids},
        is_captured=_is_captured(payload),
        warnings=list(filter(None, warned)),
    )
    complaints(payload, "userErrors")
    return reply


def _is_captured(payload: Fields) -> bool | None:
    shipment = payload.object("shipment") if isinstance(payload._node.get("shipment"), dict) else None
    return None if shipment is None else shipment.read("isCaptured", truth, default=None)


def _ids(payload: Fields, key: str) -> list[str]:
    value = payload._node[key]
    if not isinstance(value, dict | list):
        return []
    found = several(payload, key)
    return [one.read("id" if one.holds("id") else "number", identifier) for one in found if is_named(one)]


def is_named(fields: Fields) -> bool:
    """Return whether an object says its id or its number."""
    return fields.holds("id") or fields.holds("number")


def is_reply(root: Any) -> bool:
    """Return whether a JSON value is the reply to mutations of this API, and does not describe a delivery window."""
    data = held(root, "data")
    if not isinstance(data, dict) or not data.keys() & _MUTATIONS or not any(map(_is_payload, data.values())):
        return False
    return not any(has(held(payload, "deliveryWindow"), "name", "status") for payload in data.values())


def id_or_none(value: object, path: str) -> int | None:
    """Return an id of Centra's, or ``None``; a check."""
    return optional(value, path, check=centra_id)


def known(said: str, choices: type[E]) -> E | None:
    """Return the member of an enum that one of Centra's words means, in any case; ``None`` for any other word."""
    plain = said.strip().lower().replace("/", "_")
    return next((choice for choice in choices if choice.value == plain), None)


FORMATS = (WireFormat(name="centra-reply", holds="what a mutation made", recognises=is_reply, read=read_reply),)
