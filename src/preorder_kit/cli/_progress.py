"""How far a long run has come, on standard error, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, track

T = TypeVar("T")

_LONG = 20_000


def _is_watched(size: int) -> bool:
    return size >= _LONG and sys.stderr is not None and sys.stderr.isatty()


def watched(items: Iterable[T], doing: str, *, size: int) -> Iterable[T]:
    """Return ``items``; where there are many and standard error is a terminal, a bar there shows how many are done."""
    if not _is_watched(size):
        return items
    return track(items, doing, total=size, console=Console(stderr=True), transient=True)


@contextmanager
def waiting(doing: str, *, size: int) -> Iterator[None]:
    """Show likewise that something goes on, and for how long."""
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    shown = Progress(*columns, console=Console(stderr=True), transient=True, disable=not _is_watched(size))
    with shown:
        shown.add_task(doing, total=None)
        yield
