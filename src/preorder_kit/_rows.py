"""Results of a million rows: sequences that build their items when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar, overload

T_co = TypeVar("T_co", covariant=True)

_SHOWN = 3


class Rows(Sequence[T_co]):
    """A sequence that cannot change: it finds its rows when first asked, and builds an item each time it is asked for.

    Equal to another of its kind, and to a tuple, with the same items.
    """

    __slots__ = ("_build", "_find", "_found")
    _build: Callable[[int], T_co]
    _find: Callable[[], Sequence[int]]
    _found: Sequence[int] | None

    def __init__(self, find: Callable[[], Sequence[int]], build: Callable[[int], T_co]) -> None:
        self._find, self._build, self._found = find, build, None

    @property
    def _rows(self) -> Sequence[int]:
        if self._found is None:
            self._found = self._find()
        return self._found

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> T_co: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...

    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        if isinstance(index, slice):
            return tuple(map(self._build, self._rows[index]))
        return self._build(self._rows[index])

    def __iter__(self) -> Iterator[T_co]:
        return map(self._build, self._rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rows | tuple):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, islice(self, _SHOWN)))
        return f"({shown}, and {len(self) - _SHOWN} more)" if len(self) > _SHOWN else repr(tuple(self))

    def __reduce__(self) -> tuple[type[tuple[T_co, ...]], tuple[tuple[T_co, ...]]]:
        return tuple, (tuple(self),)
