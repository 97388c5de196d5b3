"""How far a long run has come, on standard error, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn, track
from rich.text import Text

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


class _Percent(ProgressColumn):
    """How much of the query that runs is done, as its engine says."""

    max_refresh = 0.5

    def __init__(self, percent: Callable[[], float]) -> None:
        super().__init__()
        self._percent = percent

    def render(self, task: Task) -> Text:  # noqa: ARG002  # rich calls it so
        return Text(f"{max(0, self._percent()):3.0f} %")


@contextmanager
def stages(percent: Callable[[], float]) -> Iterator[Callable[[str], None]]:
    """Give a function that says which stage begins; a terminal shows it, how much of it is done, and for how long."""
    columns = TextColumn("{task.description}"), BarColumn(), _Percent(percent), TimeElapsedColumn()
    is_seen = sys.stderr is not None and sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not is_seen) as shown:
        task = shown.add_task("", total=None)
        yield lambda doing: shown.reset(task, description=doing)
