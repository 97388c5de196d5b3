"""The inventory import file: units in stock and in transit, by location.

Every problem of a file is named with its row and column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

import attrs

from ..._checks import member, refused, text, unordered
from ..._csv_rows import columns_of, first_record, records, unnamed
from ..._documents import decode, identifier, iso_day
from ..._wire import WireFormat
from ...errors import InvalidArgument, InvalidDocument, Problem, Read
from ...supply import Receipt, Supply
from ._rows import Entry, Row, ordered_on, repeated, rows_of, supplies

__all__ = ["CsvRule", "read_inventory_csv", "write_inventory_csv"]

T = TypeVar("T")


class CsvRule(StrEnum):
    """A rule of the import template that a reader or the writer may be told to apply or not.

    ALPHANUMERIC: a SKU and a transit reference hold letters and digits alone. FILLED: a row in transit has a reference
    and an order date, and each row a channel if there is a column for it. NOTHING_RESERVED: reserved quantities are 0,
    as on the first upload.
    """

    ALPHANUMERIC = "alphanumeric"
    FILLED = "filled"
    NOTHING_RESERVED = "nothing_reserved"


_SKU, _TOTAL, _RESERVED, _LOCATION, _TYPE = "SKU", "Total Quantity", "Reserved Quantity", "Location ID", "Type"
_CHANNEL, _REF, _ORDERED, _EXPECTED = "Channel ID", "Transit Ref", "Transit Order Date", "Transit Stock Date"
_REQUIRED = (_SKU, _TOTAL, _RESERVED, _LOCATION, _TYPE)
_OPTIONAL = (_CHANNEL, _REF, _ORDERED, _EXPECTED)
_ALIASES = {"skuid": _SKU, "transitreference": _REF, "stocktype": _TYPE}
_IN_TRANSIT = {"stock": False, "transit": True, "intransit": True}


def read_inventory_csv(
    document: str | bytes, /, *, rules: Collection[CsvRule] = (CsvRule.ALPHANUMERIC, CsvRule.FILLED)
) -> Read[Mapping[str, Supply]]:
    r"""Read an inventory import file.

    - Columns are found by name, in any order, case and spacing; ``SKU ID`` and ``Transit Reference`` are known too.
      Other columns do not count.
    - A ``Stock`` row is units on hand, its reserved quantity a commitment without an owner.
    - An ``intransit`` or ``Transit`` row is a `Receipt`, on its stock date, less what is reserved of it.
    - Rows of several channels add up; two stock rows for one SKU, location and channel contradict each other.
    - Rows without any content do not count.

    Args:
        document: The file, as text or UTF-8 bytes, its values separated by commas.
        rules: Which rules of the template to apply beyond those without which a row has no meaning.

    Returns:
        Location -> supply, in the order of the file, from the rows that are sound, and a problem for each cell that is
        not, as in ``row 4, column Total Quantity`` (the row with the names is row 1). No row is left out without one.

    Raises:
        InvalidDocument: If nothing can be read: no text, no columns or no rows, or a quote that does not end.

    Source:
        fabric OMS, the page on pre-order and backorder and the inventory import template. The rule that only letters
        and digits are allowed is applied to SKUs and references alone: the template's own dates break it.

    Examples:
        Stock, and a purchase order of which six units are reserved:

        >>> from preorder_kit.adapters.fabric import read_inventory_csv
        >>> head = "SKU,Total Quantity,Reserved Quantity,Location ID,Type,"
        >>> head += "Transit Ref,Transit Order Date,Transit Stock Date"
        >>> rows = ["1597422,25,0,175,Stock,,,", "1597422,40,6,175,intransit,PO2002,2026-12-14,2027-01-20"]
        >>> supply = read_inventory_csv("\n".join([head, *rows])).complete()["175"]
        >>> supply.on_hand, supply.receipts[0].quantity, supply.receipts[0].reserved
        ({'1597422': 25}, 40, 6)

        What is wrong, by row and column:

        >>> broken = read_inventory_csv("\n".join([head, "1597422,many,0,175,Shelf,,,"]))
        >>> for problem in broken.problems:
        ...     print(problem)
        row 2, column Total Quantity: must be a whole number >= 0 (got 'many')
        row 2, column Type: must be Stock, Transit or intransit (got 'Shelf')
    """
    applied = unordered(rules, "rules", check=member, of=CsvRule)
    rows = _rows(decode(document))
    entries = [_entry(row, applied) for row in rows]
    _refuse_repeated_stock(entries)
    sound = [entry for entry in entries if not entry.row.problems]
    return Read(supplies(sound), tuple(problem for row in rows for problem in row.problems))


@attrs.frozen(kw_only=True)
class _Row:
    """A row of the file, its cells by the template's name of their column, and what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem] = attrs.field(factory=list)

    def read(self, column: str, check: Callable[[str, str], T], default: T) -> T:
        """Return what ``check`` makes of the cell, or ``default`` and a problem."""
        cell = self.cells.get(column, "")
        if not cell:
            self.complain(column, "field.missing", "is empty; fill it in", cell)
            return default
        try:
            return check(cell, "")
        except InvalidArgument as error:
            self.complain(column, error.code, error.message, error.value)
            return default

    def complain(self, column: str, code: str, message: str, value: object) -> None:
        """Add a problem with the cell in ``column``."""
        self.problems.append(Problem(f"row {self.number}, column {column}", code, message, value))


def _rows(source: str) -> list[_Row]:
    """Return the rows below the names of the columns, numbered as a spreadsheet does."""
    found = records(source)
    number, names = first_record(found)
    columns = columns_of(names, number, required=_REQUIRED, optional=_OPTIONAL, aliases=_ALIASES)
    rows = [_row(number, record, columns) for number, record in found]
    if not rows:
        message = "holds no rows: read as inventory it would say that nothing is there"
        raise InvalidDocument([Problem("", "csv.no_rows", message)])
    return rows


def _row(number: int, record: Sequence[str], columns: Sequence[str]) -> _Row:
    filled = [*record, *[""] * len(columns)]
    row = _Row(number=number, cells={name: cell.strip() for name, cell in zip(columns, filled, strict=False)})
    row.problems.extend(unnamed(record, number, width=len(columns)))
    return row


@attrs.frozen(kw_only=True)
class _Entry(Entry):
    """What a row says; of meaning only if the row has no problems."""

    row: _Row


def _entry(row: _Row, rules: Collection[CsvRule]) -> _Entry:
    sku = row.read(_SKU, _name(rules), default="")
    total = row.read(_TOTAL, _whole, default=0)
    reserved = row.read(_RESERVED, _whole, default=0)
    location = row.read(_LOCATION, text, default="")
    in_transit = row.read(_TYPE, _type, default=False)
    if reserved and CsvRule.NOTHING_RESERVED in rules:
        row.complain(_RESERVED, "fabric.reserved", f"must be 0 on the first upload (got {reserved})", reserved)
    if CsvRule.FILLED in rules and _CHANNEL in row.cells:
        row.read(_CHANNEL, text, default="")
    entry = _Entry(row=row, location=location, channel=row.cells.get(_CHANNEL, ""), sku=sku)
    if not in_transit:
        return attrs.evolve(entry, stock=(total, reserved))
    return attrs.evolve(entry, receipt=_receipt(row, sku, total, reserved, rules))


def _receipt(row: _Row, sku: str, total: int, reserved: int, rules: Collection[CsvRule]) -> Receipt | None:
    """Return the receipt of a row in transit, or ``None`` if the row has problems."""
    filled = CsvRule.FILLED in rules
    expected = row.read(_EXPECTED, iso_day, default=None)
    ordered = row.read(_ORDERED, iso_day, default=None) if filled or row.cells.get(_ORDERED) else None
    reference = row.read(_REF, _name(rules), default="") if filled or row.cells.get(_REF) else ""
    if reserved > total:
        message = f"must not be more than the {total} units on order (got {reserved})"
        row.complain(_RESERVED, "units.invalid", message, reserved)
    if row.problems or expected is None:
        return None
    return Receipt(sku=sku, quantity=total, expected=expected, reserved=reserved, ordered=ordered, reference=reference)


def _type(cell: str, path: str) -> bool:
    kind = re.sub("[ _-]", "", cell.lower())
    if kind not in _IN_TRANSIT:
        raise refused(path, "must be Stock, Transit or intransit", cell, code="choice.invalid")
    return _IN_TRANSIT[kind]


def _whole(cell: str, path: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", cell):
        raise refused(path, "must be a whole number >= 0", cell, code="units.invalid")
    return int(cell)


def _name(rules: Collection[CsvRule]) -> Callable[[str, str], str]:
    return _alphanumeric if CsvRule.ALPHANUMERIC in rules else text


def _alphanumeric(cell: str, path: str) -> str:
    if not (text(cell, path).isascii() and cell.isalnum()):
        raise refused(path, "must hold letters and digits alone", cell, code="fabric.alphanumeric")
    return cell


def _refuse_repeated_stock(entries: Sequence[_Entry]) -> None:
    for entry, earlier in repeated(entry for entry in entries if not entry.row.problems):
        message = f"must not say again what is in stock at location {entry.location}: row {earlier.row.number} does"
        entry.row.complain(_SKU, "fabric.repeated", f"{message} (got {entry.sku!r})", entry.sku)


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FIRST_RULES = (CsvRule.ALPHANUMERIC, CsvRule.FILLED)


def write_inventory_csv(
    locations: Mapping[str, Supply], /, *, channel: str | int = 12, rules: Collection[CsvRule] = _FIRST_RULES
) -> str:
    r"""Write an inventory import file: what several locations have, with the columns of the template.

    Units on hand are ``Stock`` rows, a SKU with 0 too; receipts are ``intransit`` rows. Commitments are the reserved
    quantity of their SKU, as one number. Save the file as ``.csv``, its name without blanks.

    Args:
        locations: Location id -> supply.
        channel: The sales channel of all rows: 12 is the US, 13 is Canada.
        rules: Which rules of the template to keep. Without FILLED, a receipt may come without a reference and an order
            date. With NOTHING_RESERVED, nothing may be reserved, as on the first upload.

    Returns:
        The file. Read again, it gives the same supplies, where there is one commitment a SKU at most.

    Raises:
        InvalidArgument: If a supply holds what the template has no column for (stock without bound, a negative count,
            safety stock, lead times, a commitment with an order or a day, a range of days), breaks one of ``rules``, or
            if there is nothing to write.

    Source:
        fabric OMS, the page on pre-order and backorder and the inventory import template.

    Examples:
        Stock, and a purchase order:

        >>> import datetime as dt
        >>> from preorder_kit import Receipt, Supply
        >>> from preorder_kit.adapters.fabric import write_inventory_csv
        >>> day = dt.date(2027, 1, 20)
        >>> receipt = Receipt(sku="CD", quantity=40, expected=day, ordered=dt.date(2026, 12, 14), reference="PO2002")
        >>> names, *rows = write_inventory_csv({"175": Supply(on_hand={"CD": 25}, receipts=[receipt])}).splitlines()
        >>> print(*rows, sep="\n")
        CD,25,0,175,Stock,12,,,
        CD,40,0,175,intransit,12,PO2002,2026-12-14,2027-01-20

        What the template cannot say is refused, not left out:

        >>> write_inventory_csv({"175": Supply(on_hand={"CD": 25}, safety_stock={"CD": 2})})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: locations['175'].safety_stock: must be empty: ... (got {'CD': 2})
    """
    applied = unordered(rules, "rules", check=member, of=CsvRule)
    sold_through = _cell(identifier(channel, "channel"), "channel")
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*_REQUIRED, *_OPTIONAL))
    writer.writerows(_cells(row, sold_through, applied) for row in rows_of(locations))
    return file.getvalue()


def _cells(row: Row, channel: str, rules: Collection[CsvRule]) -> list[object]:
    if row.reserved and CsvRule.NOTHING_RESERVED in rules:
        requirement = "must have nothing reserved on the first upload"
        raise refused(row.path, requirement, row.reserved, code="fabric.reserved")
    sku, location = _named(row.sku, row.path, rules), _cell(row.location, row.path)
    stock = [sku, row.total, row.reserved, location, "Stock", channel, "", "", ""]
    if row.expected is None:
        return stock
    reference = _named(row.reference, f"{row.path}.reference", rules) if row.reference else ""
    ordered = ordered_on(row) if CsvRule.FILLED in rules else row.ordered
    return [*stock[:4], "intransit", channel, reference, ordered or "", row.expected]


def _named(name: str, path: str, rules: Collection[CsvRule]) -> str:
    return _cell(_name(rules)(name, path), path)


def _cell(value: str, path: str) -> str:
    if value != value.strip() or _CONTROL.search(value):
        raise refused(path, "must have no blanks around it and no line break in it", value, code="text.invalid")
    return value


def _is_import(columns: object) -> bool:
    asked = {"totalquantity", "reservedquantity", "locationid"}
    return isinstance(columns, frozenset) and columns >= asked and not columns.isdisjoint({"type", "stocktype"})


_FORMATS = (
    WireFormat(
        name="fabric-csv",
        holds="units in stock and in transit, by location",
        recognises=_is_import,
        read=read_inventory_csv,
    ),
)
