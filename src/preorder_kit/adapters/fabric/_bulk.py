"""The bulk insert of the first inventory API: its rows, and the header that the API asks for."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import attrs

from ..._checks import instant, mapping, refused, text, units
from ..._documents import Fields, count, encode, identifier, iso_day
from ..._wire import WireFormat, first, has
from ...errors import Read
from ...supply import Receipt, Supply
from ._rows import Entry, Row, ordered_on, repeated, rows_of, supplies
from ._spelling import (
    built,
    filled,
    instant_text,
    known_channel,
    number_of,
    opened,
)

__all__ = ["read_bulk_insert", "write_bulk_insert", "write_site_context"]

_ROW_KEYS = ("totalQuantity", "reservedQuantity", "locationId", "transitStockDate")
_IN_TRANSIT = {"stock": False, "transit": True, "intransit": True}
_NO_IDS: Mapping[str, int] = {}


def write_bulk_insert(
    locations: Mapping[str, Supply], /, *, channel: int = 12, item_ids: Mapping[str, int] = _NO_IDS
) -> str:
    """Write the body of a bulk insert: what several locations have.

    Units on hand are ``Stock`` rows, a SKU with 0 too; receipts are ``Transit`` rows. Commitments are the reserved
    quantity of their SKU, as one number.

    Args:
        locations: Location id, a number -> supply.
        channel: The sales channel of all rows: 12 is the US, 13 is Canada.
        item_ids: SKU -> item id >= 1; rows of a SKU that is not named have none.

    Returns:
        A JSON list. Read again, it gives the same supplies, where there is one commitment a SKU at most.

    Raises:
        InvalidArgument: If a supply holds what a row cannot say (stock without bound, a negative count, safety stock,
            lead times, a commitment with an order or a day, a range of days), a location is no number, a receipt has no
            reference or order date, or there is nothing to write.

    Source:
        fabric OMS v1, bulk insert to inventory; the page on pre-order and backorder asks for the reference and both
        dates of units in transit.

    Examples:
        A purchase order of which six units are spoken for:

        >>> import datetime as dt
        >>> from preorder_kit import Receipt, Supply
        >>> from preorder_kit.adapters.fabric import write_bulk_insert
        >>> receipt = Receipt(sku="CD", quantity=40, reserved=6, expected=dt.date(2027, 1, 20),
        ...                   ordered=dt.date(2026, 12, 14), reference="PO2002")
        >>> print(write_bulk_insert({"175": Supply(on_hand={}, receipts=[receipt])}))
        [
          {
            "sku": "CD",
            "totalQuantity": 40,
            "reservedQuantity": 6,
            "locationId": 175,
            "type": "Transit",
            "channelId": 12,
            "transitRef": "PO2002",
            "transitOrderDate": "2026-12-14",
            "transitStockDate": "2027-01-20"
          }
        ]

        A location that is no number is refused:

        >>> write_bulk_insert({"Oslo": Supply(on_hand={"CD": 1})})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: locations['Oslo']: must be a number >= 0, as fabric numbers it (got 'Oslo')
    """
    known_channel(channel, "channel")
    ids = mapping(item_ids, "item_ids", key=text, check=partial(units, least=1))
    return encode([_body(row, channel, ids.get(row.sku)) for row in rows_of(locations)])


def _body(row: Row, channel: int, item_id: int | None) -> dict[str, Any]:
    location = number_of(row.location, f"locations[{row.location!r}]")
    fields = {
        "sku": row.sku,
        "itemId": item_id,
        "totalQuantity": row.total,
        "reservedQuantity": row.reserved,
        "locationId": location,
        "type": "Stock",
        "channelId": channel,
    }
    if row.expected is None:
        return filled(fields)
    dates = {"transitOrderDate": str(ordered_on(row)), "transitStockDate": str(row.expected)}
    return filled({**fields, "type": "Transit", "transitRef": row.reference, **dates})


def read_bulk_insert(document: str | bytes, /) -> Read[Mapping[str, Supply]]:
    """Read the body of a bulk insert.

    A ``Stock`` row is units on hand, its reserved quantity a commitment without an owner; a ``Transit`` or
    ``intransit`` row is a `Receipt` on its stock date. Rows of several channels add up; two stock rows for one SKU,
    location and channel contradict each other. Item ids and other fields do not count.

    Args:
        document: The JSON list, or one row of it, as text or UTF-8 bytes.

    Returns:
        Location -> supply, in the order of the rows, from the rows that are sound, and a problem for each field that is
        not. No row is left out without one.

    Raises:
        InvalidDocument: If it is no list of such rows.

    Source:
        fabric OMS v1, bulk insert to inventory.

    Examples:
        One row is sound, the other is not:

        >>> from preorder_kit.adapters.fabric import read_bulk_insert
        >>> found = read_bulk_insert('''[
        ...     {"sku": "CD", "totalQuantity": "25", "reservedQuantity": 0, "locationId": 175, "type": "stock"},
        ...     {"sku": "LP", "totalQuantity": 2.5, "reservedQuantity": 0, "locationId": 175, "type": "Shelf"}]''')
        >>> found.values["175"].on_hand
        {'CD': 25}
        >>> for problem in found.problems:
        ...     print(problem)
        [1].totalQuantity: must be a whole number >= 0 (got 2.5)
        [1].type: must be Stock or Transit (got 'Shelf')
    """
    expected = 'must be a list of rows: [{"sku": ..., "totalQuantity": ..., "locationId": ..., "type": ...}]'
    rows, problems = opened(document, expected, keys=_ROW_KEYS)
    entries = [_entry(fields) for fields in rows]
    sound = [entry for entry in entries if entry is not None]
    for entry, earlier in repeated(sound):
        message = (
            f"must not say again what is in stock at location {entry.location}: {earlier.fields.path or 'it'} does"
        )
        entry.fields.complain("sku", "fabric.repeated", f"{message} (got {entry.sku!r})", entry.sku)
    return Read(supplies([entry for entry in sound if entry.fields.is_sound]), tuple(problems))


_RECEIPT = {"quantity": "totalQuantity", "reserved": "reservedQuantity", "reference": "transitRef"}


@attrs.frozen(kw_only=True)
class _Entry(Entry):
    fields: Fields


def _entry(fields: Fields) -> _Entry | None:
    sku = fields.read("sku", identifier)
    total = fields.read("totalQuantity", count)
    reserved = fields.read("reservedQuantity", count)
    location = fields.read("locationId", identifier)
    channel = fields.read("channelId", identifier, default="")
    in_transit = fields.read("type", _type)
    make = partial(_Entry, location=location, channel=channel, sku=sku, fields=fields)
    if in_transit is not True:
        return fields.build(make, stock=(total, reserved))
    receipt = built(
        fields,
        Receipt,
        _RECEIPT,
        sku=sku,
        quantity=total,
        reserved=reserved,
        expected=fields.read("transitStockDate", iso_day),
        ordered=fields.read("transitOrderDate", iso_day, default=None),
        reference=fields.read("transitRef", identifier, default=""),
    )
    return fields.build(make, receipt=receipt)


def _type(value: object, path: str) -> bool:
    kind = re.sub("[ _-]", "", value.lower()) if isinstance(value, str) else ""
    if kind not in _IN_TRANSIT:
        raise refused(path, "must be Stock or Transit", value, code="choice.invalid")
    return _IN_TRANSIT[kind]


def write_site_context(account: str, /, *, channel: int = 12, stage: str = "", date: dt.datetime | None = None) -> str:
    """Write the value of the header ``x-site-context``, which the first API asks for with every call.

    Args:
        account: The account's id in Copilot, 24 characters.
        channel: The sales channel: 12 is the US, 13 is Canada.
        stage: The environment's name; empty: none is named.
        date: The instant as of which data is asked for; ``None``: none is named.

    Returns:
        A JSON object as text, in one line of ASCII.

    Raises:
        InvalidArgument: If ``account`` has not 24 letters and digits, ``channel`` is not known, or ``date`` has no
            offset or parts of a millisecond.

    Source:
        fabric OMS v1, the header's description: account is mandatory, the others narrow it down.

    Examples:
        With a stage, and too short an account:

        >>> from preorder_kit.adapters.fabric import write_site_context
        >>> write_site_context("1234abcd5678efgh9ijklmno", stage="prod")
        '{"channel":12,"account":"1234abcd5678efgh9ijklmno","stage":"prod"}'
        >>> write_site_context("1234")
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: account: must be 24 letters and digits, as Copilot shows it (got '1234')
    """
    if not re.fullmatch("[0-9A-Za-z]{24}", text(account, "account")):
        requirement = "must be 24 letters and digits, as Copilot shows it"
        raise refused("account", requirement, account, code="fabric.account")
    at = None if date is None else instant_text(instant(date, "date"), "date")
    known = {"date": at, "channel": known_channel(channel, "channel"), "account": account}
    return json.dumps(filled({**known, "stage": text(stage, "stage", empty=True)}), separators=(",", ":"))


def _is_rows(root: Any) -> bool:
    return has(first(root), "totalQuantity", "locationId")


_FORMATS = (
    WireFormat(
        name="fabric-bulk-insert",
        holds="units in stock and in transit, by location",
        recognises=_is_rows,
        read=read_bulk_insert,
    ),
)
