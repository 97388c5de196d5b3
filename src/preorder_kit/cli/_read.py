"""`preorder-kit read`: any document that is known here, as native JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from .._wire import WireFormat
from ..errors import InvalidArgument, Read
from ..formats import FORMATS, _item_of, _read
from ..serialization import to_json
from ._documents import complain, give_up, read_all
from ._tables import add_row, console, table


def show_formats() -> None:
    """Print the names of all kinds of documents, and what they hold."""
    made = table("Name", "What it holds")
    for name, holds in FORMATS.items():
        add_row(made, name, holds)
    console().print(made)
    console().print(Text("A system's name alone chooses among its kinds, as in --from fabric.", style="dim"))


def show_document(name: str, *, format: str | None, zone: str | None) -> None:
    """Print what a document holds as native JSON, and what is wrong with the rest of it on standard error."""
    [(known, found)] = read_all((name, lambda data: _zoned(data, format, zone)))
    is_empty = isinstance(found.values, Sequence | Mapping) and not found.values
    shown = to_json(found.values, of=_item_of(known) if is_empty else None)
    print(shown, flush=True)  # before what is wrong with the rest, where both go to one file
    if found.problems:
        complain(name, found.problems)


def _zoned(data: bytes, format: str | None, zone: str | None) -> tuple[WireFormat, Read[Any]]:
    try:
        return _read(data, format, zone)
    except InvalidArgument as error:
        give_up([f"--{error.path}: {error.message}"])
