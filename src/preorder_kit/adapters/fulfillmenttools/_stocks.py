"""Stock at facilities: rows of the same article summed, new rows written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import attrs

from ..._checks import (
    FrozenMapping,
    checked,
    instance,
    instant,
    optional,
    refused,
    rule,
    sequence,
    text,
    units,
    unordered,
)
from ..._documents import Fields, count, encode, identifier, root_object
from ..._wire import WireFormat, first, has, held
from ...errors import Read
from ...supply import Commitment, Supply
from ._words import MOST_INT32, bounded, facility_of, given, moment, name, rfc3339, rows_of, sound

__all__ = [
    "StockEntry",
    "read_stock_entry",
    "read_stocks",
    "write_stocks",
]

_DEFECTIVE = "DEFECTIVE"
_PICKED = ("ACCESSIBLE", "PICKABLE")


def _names(value: object, path: str) -> tuple[str, ...]:
    return sequence(value, path, check=text)


@attrs.frozen(kw_only=True)
class _Row:
    """Units of an article in one place of a facility."""

    location: str
    sku: str
    counted: int
    reserved: int
    wide: int


def read_stocks(
    document: str | bytes, /, *, at: dt.datetime | None = None, traits: Collection[str] = _PICKED
) -> Read[Mapping[str, Supply]]:
    """Read stock as the system lists it: several rows of an article at a facility are summed.

    - What counts as on hand is what new orders can be picked from: rows with all of ``traits``, that are not DEFECTIVE
      and whose ``availableUntil`` is not reached. A row that names no traits has all of them.
    - What is reserved on a row is a commitment without an owner, whether the row counts or not. What is reserved
      facility-wide is said on each row: the greatest number counts, once for an article at a facility.
    - ``available`` is what the system makes of the two and is not read.

    Args:
        document: ``{"stocks": [...]}``, the mere list or one row, as text or UTF-8 bytes.
        at: Now, for rows with an ``availableUntil``; if ``None``, whether they count cannot be told and each of them
            has a problem.
        traits: The traits that stock needs to count: both for what the system calls available for picking, ACCESSIBLE
            alone for what it calls available on stock.

    Returns:
        Facility, by the platform's id or else by the shop's -> supply, from the rows that are sound, and a problem for
        each that is not. An article whose rows do not count has 0 on hand.

    Raises:
        InvalidDocument: If it is no list of stock.
        InvalidArgument: If ``at`` has no offset.

    Source:
        fulfillmenttools on stock availability. That ``facilityWideReserved`` is one number for all rows is inferred.

    Examples:
        Two rows of one article, one of them defective:

        >>> from preorder_kit.adapters.fulfillmenttools import read_stocks
        >>> found = read_stocks('''{"stocks": [
        ...     {"facilityRef": "oslo", "tenantArticleId": "JKT", "value": 5, "reserved": 2, "conditions": []},
        ...     {"facilityRef": "oslo", "tenantArticleId": "JKT", "value": 1, "conditions": ["DEFECTIVE"]}]}''')
        >>> supply = found.complete()["oslo"]
        >>> supply.on_hand, [owed.quantity for owed in supply.commitments]
        ({'JKT': 5}, [2])
    """
    now = optional(at, "at", check=instant)
    wanted = {trait.upper() for trait in unordered(traits, "traits", check=text)}
    expected = 'must be {"stocks": [...]}, a list of rows with a tenantArticleId and a value'
    rows, problems = rows_of(document, expected, under=["stocks"], is_row=lambda root: has(root, *_MARKS))
    found = [row for row in (_row(fields, now, wanted) for fields in rows) if row is not None]
    return Read(_supplies(found), tuple(problems))


_MARKS = ("tenantArticleId", "value")


def _row(fields: Fields, now: dt.datetime | None, wanted: set[str]) -> _Row | None:
    location = next(filter(None, (name(fields, "facilityRef"), *facility_of(fields.object("facility")))), "")
    location = location or name(fields, "tenantFacilityId")
    if not location and fields.is_sound:
        fields.complain("facilityRef", "field.missing", "is missing, and the facility's other ids too")
    value = fields.read("value", count)
    row = {
        "location": location,
        "sku": fields.read("tenantArticleId", identifier),
        "reserved": fields.read("reserved", count, default=0),
        "wide": fields.read("facilityWideReserved", count, default=0),
    }
    counts = _counts(fields, now, wanted)
    return fields.build(_Row, counted=value if counts else 0, **row)


def _counts(fields: Fields, now: dt.datetime | None, wanted: set[str]) -> bool:
    """Return whether the units of a row count as on hand; of no use after a problem."""
    until = moment(fields, "availableUntil")
    conditions = {condition.upper() for condition in fields.names("conditions")}
    traits = {trait.upper() for trait in fields.names("traits")} if fields.holds("traits") else wanted
    if until is not None and now is None:
        message = "says until when the units count: say at which instant the stock is read"
        fields.complain("availableUntil", "stock.available_until", message, until)
    ended = until is not None and now is not None and until <= now
    return not ended and _DEFECTIVE not in conditions and wanted <= traits


def _supplies(rows: Iterable[_Row]) -> FrozenMapping[str, Supply]:
    on_hand: dict[str, dict[str, int]] = {}
    reserved: dict[tuple[str, str], int] = {}
    wide: dict[tuple[str, str], int] = {}
    for row in rows:
        shelf, key = on_hand.setdefault(row.location, {}), (row.location, row.sku)
        shelf[row.sku] = shelf.get(row.sku, 0) + row.counted
        reserved[key] = reserved.get(key, 0) + row.reserved
        wide[key] = max(wide.get(key, 0), row.wide)
    return FrozenMapping(
        {
            location: Supply(
                on_hand=shelf,
                commitments=[
                    Commitment(sku=sku, quantity=owed)
                    for sku in shelf
                    if (owed := reserved[location, sku] + wide[location, sku])
                ],
            )
            for location, shelf in on_hand.items()
        }
    )


@attrs.frozen(kw_only=True, field_transformer=checked)
class StockEntry:
    """A new row of stock.

    Attributes:
        sku: The article.
        quantity: Units, >= 0.
        facility: The facility, by the platform's id; empty if ``tenant_facility_id`` names it.
        tenant_facility_id: The facility, by the shop's id; empty if ``facility`` names it.
        location_ref: The place in the facility, by the platform's id; empty: no place.
        tenant_stock_id: The shop's id of the row; empty: it has none.
        received: When it was received; ``None``: not given.
        available_until: The instant from which it does not count any more; ``None``: it does not end.
        conditions: Words of an open list, such as DEFECTIVE.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units))
    facility: str = attrs.field(default="", metadata=rule(text, empty=True))
    tenant_facility_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    location_ref: str = attrs.field(default="", metadata=rule(text, empty=True))
    tenant_stock_id: str = attrs.field(default="", metadata=rule(text, empty=True))
    received: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    available_until: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    conditions: Sequence[str] = attrs.field(default=(), metadata=rule(_names))


def read_stock_entry(document: str | bytes, /) -> StockEntry:
    """Read a new row of stock, as it is sent to the system.

    Args:
        document: The row, as text or UTF-8 bytes. A facility outside of ``facility``, as in the deprecated form, is
            read too.

    Returns:
        The row. Properties, traits and custom attributes are not read.

    Raises:
        InvalidDocument: If it is no such row; with all of its problems and their paths.

    Source:
        fulfillmenttools, the schema StockForCreation of its API specification.

    Examples:
        Five jackets:

        >>> from preorder_kit.adapters.fulfillmenttools import read_stock_entry
        >>> read_stock_entry('{"facility": {"facilityRef": "oslo"}, "tenantArticleId": "JKT", "value": 5}').quantity
        5
    """
    fields = root_object(document, "must be a row of stock, an object with a tenantArticleId and a value")
    facility, own = facility_of(fields.object("facility"))
    entry = fields.build(
        StockEntry,
        sku=fields.read("tenantArticleId", identifier),
        quantity=fields.read("value", count),
        facility=facility or name(fields, "facilityRef"),
        tenant_facility_id=own or name(fields, "tenantFacilityId"),
        location_ref=name(fields, "locationRef"),
        tenant_stock_id=name(fields, "tenantStockId"),
        received=moment(fields, "receiptDate"),
        available_until=moment(fields, "availableUntil"),
        conditions=fields.names("conditions"),
    )
    return sound(entry, fields)


def write_stocks(entries: Iterable[StockEntry], /) -> tuple[str, ...]:
    """Write the bodies that create rows of stock, one call for each.

    Args:
        entries: The rows; each names its facility by one of its two ids.

    Returns:
        A JSON document for each row, in their order. What is reserved is the platform's own and is not written.

    Raises:
        InvalidArgument: If a row names no facility or both of its ids, holds more than 2147483647 units, or has a
            condition other than DEFECTIVE.

    Source:
        POST ``/api/stocks``.

    Examples:
        Five jackets:

        >>> from preorder_kit.adapters.fulfillmenttools import StockEntry, write_stocks
        >>> [body] = write_stocks([StockEntry(sku="JKT", quantity=5, facility="oslo")])
        >>> print(body)
        {
          "facility": {
            "facilityRef": "oslo"
          },
          "tenantArticleId": "JKT",
          "value": 5
        }
    """
    found = sequence(entries, "entries", check=instance, of=StockEntry)
    return tuple(encode(_content(entry, f"entries[{place}]")) for place, entry in enumerate(found))


def _content(entry: StockEntry, path: str) -> dict[str, Any]:
    if bool(entry.facility) is bool(entry.tenant_facility_id):
        shown = (entry.facility, entry.tenant_facility_id)
        requirement = "must name its facility by facility or by tenant_facility_id, one of them"
        raise refused(f"{path}.facility", requirement, shown, code="stock.facility")
    for place, condition in enumerate(entry.conditions):
        if condition != _DEFECTIVE:
            raise refused(f"{path}.conditions[{place}]", f"must be {_DEFECTIVE}", condition, code="choice.invalid")
    received, until = (None if at is None else rfc3339(at) for at in (entry.received, entry.available_until))
    return {
        "facility": given(facilityRef=entry.facility, tenantFacilityId=entry.tenant_facility_id),
        "tenantArticleId": entry.sku,
        "value": bounded(entry.quantity, f"{path}.quantity", most=MOST_INT32),
        **given(
            locationRef=entry.location_ref,
            tenantStockId=entry.tenant_stock_id,
            receiptDate=received,
            availableUntil=until,
            conditions=list(entry.conditions),
        ),
    }


def _supply(entry: StockEntry) -> Supply | Mapping[str, Supply]:
    """Return what a row brings, at its facility if it names one; none of it is on hand if it is defective."""
    if entry.available_until is not None:
        requirement = "must be None: whether units count that end is known at an instant alone"
        raise refused("availableUntil", requirement, entry.available_until, code="stock.available_until")
    is_defective = _DEFECTIVE in {condition.upper() for condition in entry.conditions}
    supply = Supply(on_hand={entry.sku: 0 if is_defective else entry.quantity})
    facility = entry.facility or entry.tenant_facility_id
    return FrozenMapping({facility: supply}) if facility else supply


def _is_row(root: Any) -> bool:
    return has(root, *_MARKS) and not has(root, "quantity")


FORMATS = (
    WireFormat(
        name="fulfillmenttools-stocks",
        holds="units on hand and reserved, by facility",
        recognises=lambda root: (
            _is_row(first(root)) or _is_row(first(held(root, "stocks"))) or (_is_row(root) and has(root, "id"))
        ),
        read=read_stocks,
    ),
    WireFormat(
        name="fulfillmenttools-stock-entry",
        holds="a new row of stock at a facility",
        recognises=lambda root: _is_row(root) and not has(root, "id"),
        read=read_stock_entry,
        supply_of=_supply,
    ),
)
