"""`preorder-kit read`: any document that is known here, as native JSON."""

from __future__ import annotations

from rich.text import Text

from ..errors import InvalidArgument
from ..formats import FORMATS, read_document
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
    try:
        [found] = read_all((name, lambda data: read_document(data, format=format, zone=zone)))
    except InvalidArgument as error:
        give_up([f"--{error.path}: {error.message}" if error.path else error.message])
    print(to_json(found.values))
    if found.problems:
        complain(name, found.problems)
