"""The columns that frames have, in one place: their names, what they hold, and what may stand in them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import attrs

#: What the names of the columns begin with that plans add on their way; no frame that is handed in has such a column.
OURS = "__preorder_kit_"


def of_plans(*names: str) -> tuple[str, ...]:
    """Return names for columns that a plan adds, and takes away before it ends."""
    return tuple(OURS + name for name in names)


class ColumnType(StrEnum):
    """What a column holds.

    KEY: text or whole numbers, which sort as such. TEXT: text. WHOLE: whole numbers, of at most 18 digits. FLAG: true
    or false. INSTANT: a timestamp with a time zone. DAY: a date.
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
        joins: The key that it is looked up by, where its name is another.
    """

    name: str
    type: ColumnType
    meaning: str
    is_required: bool = True
    is_nullable: bool = False
    least: int | None = None
    default: Any = None
    choices: tuple[str, ...] = ()
    joins: str = ""


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
    return _optional(
        f"{name}_unlimited", ColumnType.FLAG, f"there is no bound, and ``{name}`` is not read", default=False
    )


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
        _optional(
            "granted", ColumnType.WHOLE, "units that it holds already, as an earlier run left them", default=0, least=0
        ),
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
        attrs.evolve(_key("component", "a SKU on a shelf"), joins="sku"),
        _units("quantity", "units of the component in one bundle", least=1),
    ),
    key=("sku", "component"),
)

_TIMES = _key("times", "which of the shipping times counts")
_READY = (
    attrs.evolve(_optional("ready", ColumnType.DAY, "the day on which goods can be handled"), is_nullable=False),
    attrs.evolve(_optional("ready_earliest", ColumnType.DAY, "the first of such days"), is_nullable=False),
    attrs.evolve(_optional("ready_latest", ColumnType.DAY, "the last of such days"), is_nullable=False),
)
_WANTED = Column("wanted", ColumnType.DAY, "the day by which goods are to arrive, inclusive")

#: When goods can be handled: ``ready``, or ``ready_earliest`` and ``ready_latest``.
READY = Schema("goods that are to be ready", _READY)
READY_BY_NAME = Schema("goods that are to be ready, and how they ship", (*_READY, _TIMES))

#: When goods are to arrive.
WANTED = Schema("goods that are wanted", (_WANTED,))
WANTED_BY_NAME = Schema("goods that are wanted, and how they ship", (_WANTED, _TIMES))

#: What one location has, as a `Supply` without its receipts and commitments.
ON_HAND = Schema(
    "what is on hand of a SKU",
    (
        _SKU,
        attrs.evolve(
            _units("on_hand", "units in the building, < 0 if the count is wrong", least=None), is_nullable=True
        ),
        _no_bound("on_hand"),
        _optional("safety_stock", ColumnType.WHOLE, "units that are not promised", default=0, least=0),
        _optional("replenished", ColumnType.DAY, "the day from which on there is any number"),
    ),
    key=("sku",),
)

#: What is coming, as `Receipt` has it.
RECEIPTS = Schema(
    "what is coming",
    (
        _SKU,
        Column("expected", ColumnType.DAY, "the latest day on which it comes, from which on it counts"),
        _units("quantity", "units that come"),
        _optional("reserved", ColumnType.WHOLE, "units of them that are spoken for already", default=0, least=0),
    ),
)

#: What is owed, as `Commitment` has it.
COMMITMENTS = Schema(
    "what is owed",
    (
        _SKU,
        _units("quantity", "units that are owed"),
        _optional("due", ColumnType.DAY, "the day from which they are owed; nothing: from the start"),
    ),
)

#: What can be promised from a day on, as `AtpStep` has it; comes back.
ATP_STEPS = Schema(
    "what can be promised of a SKU from a day on",
    (
        _SKU,
        Column("day", ColumnType.DAY, "the first day"),
        attrs.evolve(_units("available", "units that can be promised"), is_nullable=True),
        attrs.evolve(_no_bound("available"), is_required=True),
        _units("withheld", "units that the safety stock alone keeps from being promised"),
        _units("short", "units that are owed on this day or later and that nothing covers"),
    ),
    key=("sku", "day"),
)

#: When goods can arrive, beside the columns that were handed in; comes back.
DELIVERY = Schema(
    "when goods can arrive",
    (
        Column("delivery_earliest", ColumnType.DAY, "the first day on which they can arrive"),
        Column("delivery_latest", ColumnType.DAY, "the last day on which they can arrive"),
    ),
)

#: What a shop system's stock field says.
STOCK_FIELD = Schema(
    "what a stock field says",
    (attrs.evolve(_key("stock", "whole numbers, or text as it was read; nothing: not known"), is_nullable=True),),
)

_AVAILABILITY = attrs.evolve(
    Column("availability", ColumnType.TEXT, "what can be said about it, the value of an `Availability`"),
    choices=("in_stock", "low_stock", "preorder", "backorder", "out_of_stock", "unknown"),
)

#: What can be said, whatever the numbers.
LABELLED = Schema("a reading of stock", (_AVAILABILITY,))

#: What can be sold, as `Stock` has it; comes back as well.
READINGS = Schema(
    "a reading of stock",
    (
        _AVAILABILITY,
        _optional("quantity", ColumnType.WHOLE, "units that can be sold so; nothing: not disclosed", least=0),
        _no_bound("quantity"),
        attrs.evolve(
            _optional("later", ColumnType.WHOLE, "units beyond these that can be sold to wait", default=0, least=0),
            is_nullable=True,
        ),
        _no_bound("later"),
        _optional("oversold", ColumnType.WHOLE, "units that are sold already and missing", default=0, least=0),
    ),
)

#: What is known of stock, as `derive_stock` takes it.
FACTS = Schema(
    "what is known of stock",
    (
        attrs.evolve(
            _units("on_hand", "units in the warehouse, < 0 if the count is wrong", least=None), is_nullable=True
        ),
        _no_bound("on_hand"),
        _optional("committed", ColumnType.WHOLE, "units of them that are promised to orders", default=0, least=0),
        _optional("waiting", ColumnType.WHOLE, "units sold that wait for stock", default=0, least=0),
        _optional("incoming", ColumnType.WHOLE, "units on order and not spoken for; no such column: no bound", least=0),
        _no_bound("incoming"),
        _optional("street_date", ColumnType.INSTANT, "the first instant at which it may be sold as ordinary stock"),
    ),
)


def _quantity(name: str, meaning: str) -> tuple[Column, Column]:
    """Return the two columns in which a quantity comes back that may have no bound."""
    units = attrs.evolve(_units(name, meaning), is_nullable=True)
    return units, attrs.evolve(_no_bound(name), is_required=True)


#: What each line of a queue gets, beside its columns; comes back, and is a queue again.
ALLOCATED = Schema(
    "a line that was served, or not",
    (
        _units("granted", "all units that it holds now"),
        _units("added", "units that this run gave"),
        _units("short", "units that it still lacks"),
        Column("decision", ColumnType.TEXT, "why, the value of a `DecisionCode`"),
        Column("unfulfillable", ColumnType.FLAG, "whether the policy tells it apart"),
    ),
)

#: What becomes of each SKU; comes back.
LEFT_OVER = Schema(
    "what becomes of a SKU",
    (
        _SKU,
        *_quantity("available", "all units that may be held"),
        _units("granted", "all units that lines hold now"),
        _units("waiting", "units that lines still lack"),
        *_quantity("left_over", "units that nobody got"),
        _units("oversold", "units that earlier grants hold beyond what is there"),
    ),
    key=("sku",),
)

#: What newcomers may buy, beside what is available; comes back.
FREE = Schema(
    "what newcomers may buy of a SKU", (_SKU, *_quantity("free", "units that nobody holds or waits for")), ("sku",)
)

#: Which SKUs hang together; comes back.
GROUPS = Schema("a SKU and its group", (_SKU, _key("group", "the smallest SKU that hangs together with it")), ("sku",))

#: What may be said in public, beside a reading; comes back.
LABELS = Schema("a word for the public", (Column("label", ColumnType.TEXT, "yes, few or no"),))

#: The last day on which to order, beside what is wanted; comes back.
LATEST_ORDER_DAYS = Schema(
    "goods that arrive in time",
    (Column("latest_order_day", ColumnType.DAY, "the latest day on which they may be ready"),),
)
