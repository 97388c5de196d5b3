"""Every kind of document that can be read, by its name or recognised by what it holds.

The adapters' readers, each with options of its own, are the way to read a system that is known. This module is for
documents of which one does not know yet what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args, get_type_hints

from ._checks import FrozenMapping, refused, text
from ._csv_rows import records, squeezed
from ._documents import decode, parse_json
from ._kinds import is_class, name_of, names_of
from ._wire import WireFormat, has
from .adapters import adobe_oms, centra, fabric, frend, fulfillmenttools, google_merchant, schema_org, shopify
from .errors import InvalidArgument, InvalidDocument, Problem, Read
from .orders import Order, WaitingLine
from .queue_files import QueueFormat, _recognised, read_quantities, read_queue
from .serialization import _TYPES, _list_of, _named, _opened, from_json
from .supply import Supply

__all__ = ["FORMATS", "read_document", "read_order", "read_supply", "read_waiting", "recognise"]

_LINE = ("order_id", "line_id", "sku", "quantity", "placed_at")
_COLUMNS = frozenset(map(squeezed, _LINE))
_COUNTED = frozenset({"sku", "quantity"})
_OF_OTHERS = (_COLUMNS - _COUNTED) | {"locationid", "type", "stocktype"}  # whose, or where: more than how many


class _JsonLines(tuple[Any]):
    """The first object of a document that has an object in each line."""

    __slots__ = ()


_ADAPTERS = (adobe_oms, centra, fabric, frend, fulfillmenttools, google_merchant, schema_org, shopify)
_PUBLIC = (getattr(adapter, name) for adapter in _ADAPTERS for name in adapter.__all__)
_VALUES: list[type] = [found for found in _PUBLIC if is_class(found)]
_KINDS: Mapping[str, Any] = (
    {name_of(cls): cls for cls in _VALUES} | {names_of(cls): _list_of(cls) | _named(cls) for cls in _VALUES} | _TYPES
)


def _read_native(document: str | bytes) -> Any:
    """Read a native document of any value, those of one system alone among them."""
    root = parse_json(document)
    names = [key for key in root if key in _KINDS] if isinstance(root, dict) else []
    return from_json(document, None if not names or names[0] in _TYPES else _KINDS[names[0]])


def _read_quantities(document: str | bytes) -> Read[Supply]:
    found = read_quantities(document)
    return Read(Supply(on_hand=found.values), found.problems)


_OWN = (
    WireFormat(
        name="native",
        holds="any value, as this library writes it",
        recognises=lambda root: has(root, "preorder_kit"),
        read=_read_native,
    ),
    WireFormat(
        name="queue-csv",
        holds="lines that wait, a row for each",
        recognises=lambda root: isinstance(root, frozenset) and root >= _COLUMNS,
        read=read_queue,
        queue_of=tuple,
    ),
    WireFormat(
        name="queue-json-lines",
        holds="lines that wait, an object in each line of text",
        recognises=lambda root: has(root[0] if isinstance(root, _JsonLines) else root, *_LINE),
        read=read_queue,
        queue_of=tuple,
    ),
    WireFormat(
        name="supply-csv",
        holds="units on hand, a SKU and a quantity in each row",
        recognises=lambda root: isinstance(root, frozenset) and root >= _COUNTED and not root & _OF_OTHERS,
        read=_read_quantities,
    ),
)
_SYSTEMS = (adobe_oms, centra, fabric, fulfillmenttools, schema_org)
_TABLE = {known.name: known for known in (*_OWN, *(known for system in _SYSTEMS for known in system._FORMATS))}

#: The name of each kind of document that is read -> what it holds, in words.
FORMATS: Mapping[str, str] = FrozenMapping({name: known.holds for name, known in _TABLE.items()})


def read_document(document: str | bytes, /, *, format: str | None = None, zone: str | None = None) -> Read[Any]:
    """Read a document of a known kind.

    Args:
        document: The document, as text or UTF-8 bytes: JSON, JSON Lines or CSV.
        format: Its kind, one of `FORMATS`; or a system, as in ``"fabric"``: recognised among its kinds; ``None``:
            recognised among all.
        zone: The time zone of the shop, as in ``"Europe/Oslo"``, for kinds that give days or times without an offset.

    Returns:
        What its reader says, with the settings that the reader has by itself: in ``values`` a value, or several; in
        ``problems`` what is wrong with the rows and items that are not among them.

    Raises:
        InvalidDocument: If it is of no known kind, or of several; or as its reader says.
        InvalidArgument: If ``format`` is no such name, or ``zone`` is missing where the kind needs one, or is none.

    Examples:
        Stock as fabric takes it, recognised:

        >>> from preorder_kit.formats import read_document, recognise
        >>> document = '''[{"sku": "CD1105", "totalQuantity": 25, "reservedQuantity": 0, "locationId": 175,
        ...                 "type": "Stock"}]'''
        >>> recognise(document)
        'fabric-bulk-insert'
        >>> read_document(document).values["175"].on_hand
        {'CD1105': 25}

        What is of no known kind is refused:

        >>> read_document('{"stock": 5}')
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: is of no kind that is known here; name its format to learn what it lacks
    """
    return _read(document, format, zone)[1]


def _read(document: str | bytes, format: str | None, zone: str | None) -> tuple[WireFormat, Read[Any]]:
    known = _TABLE[recognise(document, format=format)]
    if known.needs_zone and zone is None:
        message = f"must name the time zone of the shop, as in Europe/Oslo: {known.name} gives days without one"
        raise InvalidArgument(message, "zone.missing", "zone")
    found = known.read(document, zone=zone) if known.needs_zone else known.read(document)
    return known, found if isinstance(found, Read) else Read(found)


def _item_of(known: WireFormat) -> type | None:
    """Return what several values of a kind are, which an empty document does not show, as its reader says."""
    said = get_type_hints(known.read).get("return")
    while get_args(said):
        inner = [kind for kind in get_args(said) if kind not in {str, ...}]
        said = inner[0]
    return said if isinstance(said, type) else None


def read_supply(
    document: str | bytes, /, *, format: str | None = None, zone: str | None = None
) -> Read[Supply | Mapping[str, Supply]]:
    r"""Read what there is and what comes, from a document of any kind that says so.

    Args:
        document: The document.
        format: As in `read_document`.
        zone: As in `read_document`.

    Returns:
        A supply, or supplies by location, with what is wrong with the rest of the document.

    Raises:
        InvalidDocument: As `read_document` does; or if a document of its kind holds no supply, or this one does not say
            what is on hand.
        InvalidArgument: As `read_document` does.

    Examples:
        Rows of SKUs and quantities:

        >>> from preorder_kit.formats import read_supply
        >>> read_supply("sku,quantity\nCD1105,25\n").values.on_hand
        {'CD1105': 25}

        A change of a street date is no supply:

        >>> read_supply('{"params": {"sku": "CD1105", "street_date": "2027-03-01T00:00:00+00:00"}, '
        ...             '"method": "magento.sales.preorder_management.change_street_date"}')
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: holds the street date that a SKU moves to where a supply is wanted
    """
    known, found = _read(document, format, zone)
    supply = _made(known.supply_of, found.values)
    if isinstance(supply, Supply) or (_is_by_location(supply) and (supply or _may_be_none(document, known, Supply))):
        return Read(supply, found.problems)
    raise _unwanted(document, known, "a supply is")


def read_order(document: str | bytes, /, *, format: str | None = None, zone: str | None = None) -> Order:
    """Read the one order of a document of any kind that holds one.

    Args:
        document: The document.
        format: As in `read_document`.
        zone: As in `read_document`.

    Returns:
        The order.

    Raises:
        InvalidDocument: As `read_document` does; or if anything is wrong with it, or it holds not just one order.
        InvalidArgument: As `read_document` does.

    Examples:
        An order as a message carries it:

        >>> from preorder_kit.formats import read_order
        >>> order = read_order('{"order": {"id": 7, "origin_date": "2026-11-22T09:30:00Z", "lines": ['
        ...     '{"id": "1", "product_type": "PHYSICAL", "sku": "CD"}]}}')
        >>> order.id, order.lines[0].sku
        ('7', 'CD')
    """
    known, found = _read(document, format, zone)
    order = _made(known.order_of, found.complete())
    if isinstance(order, Order):
        return order
    raise _unwanted(document, known, "an order is")


def read_waiting(
    document: str | bytes, /, *, format: str | None = None, zone: str | None = None
) -> Read[tuple[WaitingLine, ...]]:
    r"""Read the lines that wait, from a document of any kind that holds some.

    Args:
        document: The document.
        format: As in `read_document`.
        zone: As in `read_document`.

    Returns:
        The lines, with what is wrong with the rest of the document.

    Raises:
        InvalidDocument: As `read_document` does; or if a document of its kind holds no lines that wait.
        InvalidArgument: As `read_document` does.

    Examples:
        A queue as rows:

        >>> from preorder_kit.formats import read_waiting
        >>> queue = "order_id,line_id,sku,quantity,placed_at\nO1,1,CD,2,2026-11-22T09:30:00Z\n"
        >>> read_waiting(queue).values[0].sku
        'CD'
    """
    known, found = _read(document, format, zone)
    lines = _made(known.queue_of, found.values)
    holds_some = isinstance(lines, tuple) and all(isinstance(line, WaitingLine) for line in lines)
    if holds_some and (lines or _may_be_none(document, known, WaitingLine)):
        return Read(lines, found.problems)
    raise _unwanted(document, known, "lines that wait are")


def _made(make: Callable[[Any], Any] | None, values: Any) -> Any:
    """Return what is made of values that were read; what they do not say for it is a problem of the document."""
    try:
        return values if make is None else make(values)
    except InvalidArgument as error:
        raise InvalidDocument([Problem(error.path, error.code, error.message, error.value)]) from None


def _is_by_location(supply: object) -> bool:
    return isinstance(supply, Mapping) and all(isinstance(item, Supply) for item in supply.values())


def _may_be_none(document: str | bytes, known: WireFormat, cls: type) -> bool:
    """Return whether a document that holds nothing holds none of a class, and not none of another."""
    if known.name == "native":
        return _opened(parse_json(document), _KINDS)[0] == names_of(cls)
    made = known.supply_of if cls is Supply else known.queue_of
    return made is not None or _item_of(known) is cls


def _unwanted(document: str | bytes, known: WireFormat, wanted: str) -> InvalidDocument:
    """Return the error for a document that holds something else than is wanted."""
    holds = known.holds
    if known.name == "native":
        name, _ = _opened(parse_json(document), _KINDS)
        article = "" if name.endswith("s") else "an " if name[0] in "aeiou" else "a "
        holds = article + name.replace("_", " ")
    return InvalidDocument([Problem("", "document.unrecognised", f"holds {holds} where {wanted} wanted")])


def recognise(document: str | bytes, /, *, format: str | None = None) -> str:
    r"""Say of which kind a document is.

    Args:
        document: The document, as text or UTF-8 bytes.
        format: A system, to choose among its kinds alone; the name of a kind is taken for granted; ``None``: all.

    Returns:
        One of `FORMATS`. What it says of its kind is enough to choose a reader; what else it holds may still be wrong.

    Raises:
        InvalidDocument: If it is neither JSON nor CSV, of no known kind, or of several.
        InvalidArgument: If ``format`` is no such name.

    Examples:
        A file of rows, by the names of its columns:

        >>> from preorder_kit.formats import recognise
        >>> recognise("sku,quantity\nCD1105,25\n")
        'supply-csv'
    """
    candidates = _meant(format)
    if format in candidates:
        return candidates[0]
    source = decode(document)
    root = _root(source)
    found = [name for name in candidates if _TABLE[name].recognises(root)]
    if len(found) == 1:
        return found[0]
    among = f" of {format}" if format else ""
    message = f"is of no kind{among} that is known here; name its format to learn what it lacks"
    if found:
        message = f"may be {' or '.join(found)}: name its format"
    raise InvalidDocument([Problem("", "document.kind", message)])


def _meant(format: str | None) -> Sequence[str]:
    """Return the names of the kinds that are meant by the name of one, of a system, or by none."""
    if format is None:
        return tuple(_TABLE)
    name = text(format, "format")
    found = (name,) if name in _TABLE else tuple(known for known in _TABLE if known.startswith(f"{name}-"))
    if not found:
        raise refused(
            "format", f"must be one of {', '.join(_TABLE)}, or the first part of it", name, code="choice.invalid"
        )
    return found


def _root(source: str) -> Any:
    """Return what recognises a document: what its JSON holds, or the names of its columns."""
    first = source.lstrip()[:1]
    if first not in {"{", "["}:
        _, names = next(records(source), (0, []))
        return frozenset(map(squeezed, names))
    line, _, others = source.lstrip().partition("\n")
    is_first_of_lines = _recognised(source) is QueueFormat.JSON_LINES and others.strip()
    return _JsonLines([parse_json(line)]) if is_first_of_lines else parse_json(source)
