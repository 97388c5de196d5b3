"""The documents that the command line is given: orders and supplies from files and standard input."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer

from .._csv_rows import records, squeezed
from .._documents import decode
from ..adapters.adobe_oms import read_order_create
from ..adapters.fabric import CsvRule, read_inventory_csv
from ..errors import InvalidDocument, Problem
from ..formats import _TABLE, _unwanted, read_order, read_supply, read_waiting, recognise
from ..orders import Order, WaitingLine
from ..queue_files import QueueFormat, _collected, _entries, _recognised
from ..serialization import from_json
from ..supply import Supply, pool
from ..waiting_room import Allocation, Grant
from ._progress import watched

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_OF_FABRIC = {"locationid", "type", "stocktype", "totalquantity", "reservedquantity"}
_REMEDIES = {
    "fabric.alphanumeric": "; --any-characters lets it pass",
    "document.kind": "; preorder-kit formats lists them all",
}
_MOST = 20
_HEAD = 200
_QUEUES = {written.value: written for written in QueueFormat}


def read_all(*sources: tuple[str, Callable[[bytes], Any]]) -> list[Any]:
    """Return what each source holds; give up with the problems of all of them if one cannot be read."""
    found, complaints = [], []
    for name, read in sources:
        try:
            found.append(read(_contents(name)))
        except InvalidDocument as error:
            complaints += [f"{name}: {words}" for words in _said(error.problems)]
        except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
            complaints.append(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}")
    if complaints:
        give_up(complaints)
    return found


def _said(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield the first problems of a document, then how many more there are of each kind, with the first of them."""
    yield from map(_in_words, problems[:_MOST])
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems[_MOST:]:
        _, field = _place(problem)
        kinds.setdefault((field, problem.code), []).append(problem)
    listed = list(kinds.items())
    for (field, _), alike in listed[:_MOST]:
        first, column = alike[0], f" in {field}" if field else ""
        more = f"{len(alike)} more{column}, the first in {_place(first)[0]}: {_message(first)}"
        yield more if len(alike) > 1 else _in_words(first)
    if others := sum(len(alike) for _, alike in listed[_MOST:]):
        yield f"{others} more of other kinds"


def _in_words(problem: Problem) -> str:
    return f"{problem.path}: {_message(problem)}" if problem.path else _message(problem)


def _message(problem: Problem) -> str:
    """Return what is wrong and what to do; not again where, which is said in front of it."""
    return problem.message + _REMEDIES.get(problem.code, "")


def _place(problem: Problem) -> tuple[str, str]:
    """Return where a problem is, and in which column or field, whatever the row."""
    row = re.match("((?:row|line) [0-9]+)(?:, )?", problem.path)
    if row:
        return row[1], problem.path[row.end() :]
    return problem.path, re.sub(r"\[[0-9]+\]", "[]", problem.path)


def _contents(name: str) -> bytes:
    if name != "-":
        return Path(name).read_bytes()
    if sys.stdin is None:
        raise OSError("there is no standard input")
    return sys.stdin.buffer.read()


def order_reader(named: str | None, *, zone: str) -> Callable[[bytes], Order]:
    """Return a reader of orders of the kind that is named; ``None``: of the one it finds."""

    def read(data: bytes) -> Order:
        if named in {None, "adobe-oms"} and not _is_recognised(data, named):
            return read_order_create(data)  # which says what an order lacks
        return read_order(data, format=named, zone=zone)

    return read


def _is_recognised(data: str | bytes, named: str | None) -> bool:
    return _kind(data, named) is not None


def _kind(data: str | bytes, named: str | None) -> str | None:
    try:
        return recognise(data, format=named)
    except InvalidDocument:
        return None


def locations_reader(
    named: str | None, *, zone: str, any_characters: bool
) -> Callable[[bytes], Supply | Mapping[str, Supply]]:
    """Return a reader of supplies by location; any characters are those that a fabric CSV may hold."""
    rules = (CsvRule.FILLED,) if any_characters else (CsvRule.ALPHANUMERIC, CsvRule.FILLED)

    def read(data: bytes) -> Supply | Mapping[str, Supply]:
        written = _supply_format(data, named)
        if written == "fabric-csv":
            return read_inventory_csv(data, rules=rules).complete()
        return read_supply(data, format=written, zone=zone).complete()

    return read


def _supply_format(data: bytes, named: str | None) -> str | None:
    """Return the kind of a supply; of rows, even if they lack what their kind is recognised by."""
    if named == "csv":
        return "supply-csv"
    found, source = _kind(data, named), decode(data)
    if found is not None or named is not None or source.lstrip()[:1] in {"{", "["}:
        return found or named
    _, names = next(records(source), (0, []))
    columns = set(map(squeezed, names))
    return "fabric-csv" if columns & _OF_FABRIC else "supply-csv"


def supply_reader(named: str | None, *, zone: str, any_characters: bool) -> Callable[[bytes], Supply]:
    """Return a reader of supplies, several locations added up."""
    read_locations = locations_reader(named, zone=zone, any_characters=any_characters)

    def read(data: bytes) -> Supply:
        found = read_locations(data)
        return found if isinstance(found, Supply) else pool(found)

    return read


def queue_reader(named: str | None, *, zone: str) -> Callable[[bytes], Sequence[WaitingLine]]:
    """Return a reader of queues in the format that is named; ``None``: in the one it finds."""

    def read(data: bytes) -> Sequence[WaitingLine]:
        source = decode(data)
        written = _queue_format(source) if named is None else _QUEUES.get(named)
        if written is None:
            return read_waiting(data, format=named, zone=zone).complete()
        lines = watched(_entries(source, written), "Reading the queue", size=source.count("\n"))
        return _collected(lines, written).complete()

    return read


def _queue_format(source: str) -> QueueFormat | None:
    """Return which of this library's own ways a queue is written in; ``None``: in that of a system."""
    written = _recognised(source)
    is_own = written is not QueueFormat.JSON or '"preorder_kit"' in source[:_HEAD] or not _is_recognised(source, None)
    return written if is_own else None


def read_grants(data: bytes) -> Sequence[Grant]:
    """Return the grants of a document, be it an allocation or the grants alone."""
    found = from_json(data)
    if isinstance(found, Allocation):
        return found.grants
    if isinstance(found, tuple) and all(isinstance(item, Grant) for item in found):
        return found
    raise _unwanted(data, _TABLE["native"], "grants are")


def complain(name: str, problems: Sequence[Problem]) -> None:
    """Say on standard error what is wrong with parts of a document, and leave with the status 1."""
    for words in _said(problems):
        typer.echo(plain(f"{name}: {words}"), err=True)
    raise typer.Exit(1)


def give_up(complaints: Iterable[str]) -> NoReturn:
    """Say what is wrong on standard error, one complaint a line, and leave with the status 2."""
    for complaint in complaints:
        typer.echo(plain(complaint), err=True)
    raise typer.Exit(2)


def plain(words: str) -> str:
    """Return ``words`` with a sign for each control character: a SKU may hold what a terminal takes for a command."""
    return _CONTROL.sub("�", words)
