"""The columns that frames have, in one place: their names, what they hold, and what may stand in them."""

from __future__ import annotations

from enum import StrEnum

import attrs


class ColumnType(StrEnum):
    """What a column holds.

    KEY: text or whole numbers, which sort as such. TEXT: text. WHOLE: whole numbers, of at most 18 digits. FLAG: true or
    false. INSTANT: a timestamp with a time zone. DAY: a date.
    """

    KEY = "key"
    TEXT = "text"
    WHOLE = "whole"
    FLAG = "flag"
    INSTANT = "instant"
    DAY = "day"


@attrs.frozen
class Column:
    """A column of a frame.

    Attributes:
        name: Its name.
        type: What it holds.
        meaning: What it says.
        is_required: Whether the frame must have it; where it is not there, each row holds ``default``.
        is_nullable: Whether a row may have nothing in it.
        least: The least number; ``None``: any.
        default: What a row holds where the frame does not have the column; ``None``: nothing.
        choices: The words that it may hold, in any case of letters; empty: any.
    """

    name: str
    type: ColumnType
    meaning: str
    is_required: bool = True
    is_nullable: bool = False
    least: int | None = None
    default: object = None
    choices: tuple[str, ...] = ()


@attrs.frozen
class Schema:
    """The columns of a frame that is handed in or comes back; others are kept as they are.

    Attributes:
        name: What a row is.
        columns: Its columns.
        key: The columns that no two rows share; empty: rows may be alike.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()


def _key(name: str, meaning: str) -> Column:
    return Column(name, ColumnType.KEY, meaning)


def _units(name: str, meaning: str, *, least: int | None = 0) -> Column:
    return Column(name, ColumnType.WHOLE, meaning, least=least)


def _optional(name: str, kind: ColumnType, meaning: str, *, default: object = None, least: int | None = None) -> Column:
    return Column(name, kind, meaning, is_required=False, is_nullable=default is None, least=least, default=default)


def _no_bound(name: str) -> Column:
    return _optional(f"{name}_unlimited", ColumnType.FLAG, f"there is no bound, and ``{name}`` is not read", default=False)


_SKU = _key("sku", "the SKU")

#: Lines that wait, as `WaitingLine` has them.
QUEUE = Schema(
    "a line that waits",
    (
        _key("order_id", "whose line it is"),
        _key("line_id", "which line of the order"),
        _SKU,
        _units("quantity", "the whole claim, in units", least=1),
        Column("placed_at", ColumnType.INSTANT, "the instant that gives it its place"),
        _optional("priority", ColumnType.WHOLE, "a lower number is served first", default=0),
        _optional("street_date", ColumnType.INSTANT, "the first instant at which it may be served"),
        _optional("hold", ColumnType.TEXT, "why it is not to be served now; it keeps its place"),
        attrs.evolve(
            _optional("ship", ColumnType.TEXT, "whether the order is served only as a whole", default="as_available"),
            choices=("as_available", "complete"),
        ),
        _optional("granted", ColumnType.WHOLE, "units that it holds already, as an earlier run left them", default=0, least=0),
    ),
    key=("order_id", "line_id"),
)

#: Units that may be held.
AVAILABLE = Schema(
    "what is there of a SKU",
    (
        _SKU,
        attrs.evolve(_units("available", "all units that may be held, what is granted included"), is_nullable=True),
        _no_bound("available"),
    ),
    key=("sku",),
)

#: What bundles are made of, leaves alone.
RECIPES = Schema(
    "a component of a bundle",
    (
        _key("sku", "the bundle"),
        _key("component", "a SKU on a shelf"),
        _units("quantity", "units of the component in one bundle", least=1),
    ),
    key=("sku", "component"),
)
