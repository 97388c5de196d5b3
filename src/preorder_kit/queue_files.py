"""A queue of lines that wait, and what has come for it, as files: CSV, JSON Lines, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any, TypeAlias

from ._checks import FrozenMapping, member, optional, refused, text
from ._csv_rows import Checks, checked_columns, first_record, read_cells, records, refuse_separators, squeezed
from ._documents import decode, iso_instant, parse_json
from ._native import structured
from .errors import InvalidDocument, Problem, Read
from .orders import _FIELDS, ShipPolicy, WaitingLine
from .serialization import _items

__all__ = ["QueueFormat", "read_quantities", "read_queue"]

_Found: TypeAlias = WaitingLine | Sequence[Problem]


class QueueFormat(StrEnum):
    """What a queue may be written in.

    CSV: a row for each line, without bundles. JSON_LINES: an object for each line, one to a row of text. JSON: the
    document that `to_json` writes.
    """

    CSV = "csv"
    JSON_LINES = "json_lines"
    JSON = "json"


_PLACES = {
    QueueFormat.CSV: ("row {}", "row {}, column {}"),
    QueueFormat.JSON_LINES: ("line {}", "line {}, {}"),
    QueueFormat.JSON: ("queue[{}]", "queue[{}].{}"),
}


def read_queue(document: str | bytes, /, *, format: QueueFormat | None = None) -> Read[tuple[WaitingLine, ...]]:
    r"""Read a queue of lines that wait.

    - A CSV has the columns ``order_id``, ``line_id``, ``sku``, ``quantity`` and ``placed_at``, and may have
      ``priority``, ``street_date``, ``hold``, ``ship`` and ``value``, the fields of a `WaitingLine`. They are found by
      name, in any order, case and spacing; other columns do not count. An empty cell is a field that is left out.
      Recipes do not fit into cells: a queue with bundles is JSON Lines or JSON.
    - Each row of JSON Lines is a line as the document of `to_json` has it, an object with those fields and
      ``components``. What has its default may be left out; a field that is not known is a problem.
    - Rows without any content do not count.

    Args:
        document: The file, as text or UTF-8 bytes; the values of a CSV separated by commas.
        format: What it is written in; ``None``: it is recognised by how it begins.

    Returns:
        The lines that are sound, in the order of the file, and every problem of the others with its place: as in ``row
        4, column quantity`` of a CSV (the row with the names is row 1), ``line 4, quantity`` of JSON Lines, or
        ``queue[3].quantity``. Of lines with one order's and line's id the first counts, the others are problems.

    Raises:
        InvalidDocument: If nothing can be read: no text, no columns, a quote that does not end, or a JSON document that
            holds no queue.

    Examples:
        Two lines that wait:

        >>> from preorder_kit.queue_files import read_queue
        >>> head = "order_id,line_id,sku,quantity,placed_at"
        >>> rows = ["O1,1,CD,3,2026-11-20T09:00:00+01:00", "O2,1,CD,4,2026-11-21T09:00:00+01:00"]
        >>> for line in read_queue("\n".join([head, *rows])).complete():
        ...     print(line.order_id, line.quantity, line.placed_at)
        O1 3 2026-11-20 08:00:00+00:00
        O2 4 2026-11-21 08:00:00+00:00

        A bad row does not take the others with it:

        >>> found = read_queue("\n".join([head, "O1,1,CD,none,2026-11-20", *rows]))
        >>> len(found.values)
        2
        >>> for problem in found.problems:
        ...     print(problem)
        row 2, column quantity: must be a whole number >= 1 (got 'none')
        row 2, column placed_at: must have a UTC offset, as in 2026-11-22T09:30:00+01:00 (got '2026-11-20')
    """
    source = decode(document)
    found = optional(format, "format", check=member, of=QueueFormat) or _recognised(source)
    return _collected(_entries(source, found), found)


def _recognised(source: str) -> QueueFormat:
    first = source.lstrip().partition("\n")[0].rstrip()
    if first[:1] not in {"{", "["}:
        return QueueFormat.CSV
    whole_line = first[0] == "{" and first[-1] == "}" and not re.search(r'"preorder_kit"\s*:', first)
    return QueueFormat.JSON_LINES if whole_line else QueueFormat.JSON


def _entries(source: str, written: QueueFormat) -> Iterator[tuple[int, _Found]]:
    """Yield the number of each row, and its line, or what is wrong with it."""
    if written is QueueFormat.CSV:
        return _csv_lines(source)
    return _json_lines(source) if written is QueueFormat.JSON_LINES else _document_lines(source)


def _collected(entries: Iterable[tuple[int, _Found]], written: QueueFormat) -> Read[tuple[WaitingLine, ...]]:
    """Return the lines, each of another id, and all problems."""
    row, cell = _PLACES[written]
    lines: list[WaitingLine] = []
    problems: list[Problem] = []
    first: dict[tuple[str, str], int] = {}
    for number, found in entries:
        if not isinstance(found, WaitingLine):
            problems += found
            continue
        earlier = first.setdefault((found.order_id, found.line_id), number)
        if earlier == number:
            lines.append(found)
            continue
        message = f"must be unique in its order {found.order_id!r}: {row.format(earlier)} has it, too"
        path = cell.format(number, "line_id")
        problems.append(Problem(path, "id.repeated", f"{message} (got {found.line_id!r})", found.line_id))
    return Read(tuple(lines), tuple(problems))


def _whole(cell: str, path: str, *, least: int | None = None) -> int:
    if re.fullmatch("[+-]?[0-9]{1,18}", cell) and (least is None or int(cell) >= least):
        return int(cell)
    raise refused(path, f"must be a whole number{'' if least is None else f' >= {least}'}", cell, code="units.invalid")


_REQUIRED: Checks = {
    "order_id": text,
    "line_id": text,
    "sku": text,
    "quantity": partial(_whole, least=1),
    "placed_at": iso_instant,
}
_OPTIONAL: Checks = {
    "priority": _whole,
    "street_date": iso_instant,
    "hold": text,
    "ship": lambda cell, path: member(cell.lower(), path, of=ShipPolicy),
    "value": _whole,
}
_COUNTED: Checks = {"sku": text, "quantity": partial(_whole, least=0)}
_DEFAULTS = {
    "components": (),
    "priority": 0,
    "street_date": None,
    "hold": None,
    "ship": ShipPolicy.AS_AVAILABLE,
    "value": 0,
}
# A million lines are set field by field: building one as a caller does costs five times as much.
_SETTERS = {name: getattr(WaitingLine, name).__set__ for name in _FIELDS}


def _csv_lines(source: str) -> Iterator[tuple[int, _Found]]:
    rows = records(source)
    number, names = first_record(rows)
    if "components" in map(squeezed, names):
        message = "must not name the column components: a CSV cannot hold bundles; write the queue as JSON Lines"
        raise InvalidDocument([Problem(f"row {number}", "csv.components", message, "components")])
    columns = checked_columns(names, number, _REQUIRED, _OPTIONAL, distinct=("order_id", "placed_at"))
    alike: dict[tuple[Any, ...], WaitingLine] = {}
    for place, record in rows:
        fields, problems = read_cells(record, place, columns, _DEFAULTS, width=len(names))
        yield place, problems or _line(fields, alike)


def _line(fields: dict[str, Any], alike: dict[tuple[Any, ...], WaitingLine]) -> WaitingLine:
    """Return the line of fields that are checked; what follows from them is found once for all lines that are alike."""
    key = fields["sku"], fields["street_date"], fields["hold"], fields["ship"]
    like = alike.get(key)
    if like is None:
        return alike.setdefault(key, WaitingLine(**fields))
    fields["_needs"], fields["_street_date"], fields["_is_plain"] = like._needs, like._street_date, like._is_plain
    fields["_seconds"] = fields["placed_at"].timestamp()
    line = WaitingLine.__new__(WaitingLine)
    for name, value in fields.items():
        _SETTERS[name](line, value)
    return line


def _json_lines(source: str) -> Iterator[tuple[int, _Found]]:
    if not source.strip():
        raise InvalidDocument([Problem("", "json.invalid", "is empty")])
    for number, written in enumerate(re.split("\r\n|\r|\n", source), 1):  # not at what JSON allows inside a text
        if written.strip():
            yield number, _json_line(written, f"line {number}")


def _json_line(written: str, path: str) -> _Found:
    try:
        line: WaitingLine = structured(parse_json(written), WaitingLine, "")
    except InvalidDocument as error:
        return [_placed(problem, path) for problem in error.problems]
    return line


def _placed(problem: Problem, path: str) -> Problem:
    """Return a problem of one line of text at its place in the file."""
    field = problem.path.removeprefix(".")
    message = problem.message.replace(" in line 1, column", " in column")
    return Problem(f"{path}, {field}" if field else path, problem.code, message, problem.value)


def _document_lines(source: str) -> Iterator[tuple[int, _Found]]:
    root = parse_json(source)
    if not isinstance(root, dict) or "preorder_kit" not in root:
        message = 'must be {"preorder_kit": 1, "queue": [...]} around its lines, or JSON Lines: an object for each line'
        raise InvalidDocument([Problem("", "document.unrecognised", message)])
    for number, node in enumerate(_items(root, "queue")):
        try:
            yield number, structured(node, WaitingLine, f"queue[{number}]")
        except InvalidDocument as error:
            yield number, error.problems


def read_quantities(document: str | bytes, /) -> Read[Mapping[str, int]]:
    r"""Read a CSV of how many units there are of each SKU, such as a list of what has come.

    Its columns are ``sku`` and ``quantity``, found by name, in any order, case and spacing; other columns and rows
    without any content do not count. A file that has the column ``order_id`` or ``placed_at`` too is refused as a
    queue.

    Args:
        document: The file, as text or UTF-8 bytes, its values separated by commas.

    Returns:
        SKU -> units, in the order of the file, and a problem for each cell that cannot be read, as in ``row 4, column
        quantity``. A SKU that comes twice contradicts itself: the first row counts, the other is a problem.

    Raises:
        InvalidDocument: If nothing can be read: no text, no columns or no rows, a quote that does not end, or a queue.

    Examples:
        What has come:

        >>> from preorder_kit.queue_files import read_quantities
        >>> read_quantities("sku,quantity\nCD,40\nLP,10").complete()
        {'CD': 40, 'LP': 10}

        What is said twice:

        >>> print(read_quantities("sku,quantity\nCD,40\nCD,4").problems[0])
        row 3, column sku: must not say again how many there are: row 2 does (got 'CD')
    """
    rows = records(decode(document))
    number, names = first_record(rows)
    _refuse_other_columns(names, number)
    columns = checked_columns(names, number, _COUNTED, {}, distinct=("sku",))
    problems: list[Problem] = []
    units: dict[str, int] = {}
    first: dict[str, int] = {}
    for place, record in rows:
        fields, wrong = read_cells(record, place, columns, {}, width=len(names))
        if not wrong and first.setdefault(fields["sku"], place) != place:
            wrong = [_said_twice(fields["sku"], place, first[fields["sku"]])]
        if not wrong:
            units[fields["sku"]] = fields["quantity"]
        problems += wrong
    if not units and not problems:
        message = "holds no rows: read as what is there it would say that nothing is"
        raise InvalidDocument([Problem("", "csv.no_rows", message)])
    return Read(FrozenMapping(units), tuple(problems))


def _refuse_other_columns(names: Sequence[str], number: int) -> None:
    """Refuse a file that does not say how many there are of each SKU, or says it of lines that wait."""
    refuse_separators(names, number)
    named = set(map(squeezed, names))
    if not _COUNTED.keys() <= named:
        message = f"must have the columns sku and quantity (got {', '.join(names)})"
        raise InvalidDocument([Problem(f"row {number}", "csv.column_missing", message, tuple(names))])
    for column in ("order_id", "placed_at"):
        if squeezed(column) in named:
            message = f"has the column {column}, so it is a queue; give a list of what there is, with sku and quantity"
            raise InvalidDocument([Problem(f"row {number}", "csv.queue", message, column)])


def _said_twice(sku: str, row: int, earlier: int) -> Problem:
    message = f"must not say again how many there are: row {earlier} does (got {sku!r})"
    return Problem(f"row {row}, column sku", "csv.repeated", message, sku)
