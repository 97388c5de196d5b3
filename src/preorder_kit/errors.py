"""What a caller's mistake looks like.

Every exception that this library raises is a `PreorderKitError` with a stable ``code``, the ``path`` of what was wrong
and the ``value`` that was found there. A business "no" (sold out, nothing to promise) is never an exception: it is a
result with a reason. Errors survive pickling and copying with all that they carry.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

import attrs

__all__ = [
    "InvalidArgument",
    "InvalidDocument",
    "InvalidStock",
    "NoWorkingDay",
    "PreorderKitError",
    "Problem",
    "Read",
]

_T = TypeVar("_T")


@attrs.frozen
class Problem:
    """One thing that is wrong with a document.

    Attributes:
        path: Where, as in ``lines[3].quantity`` or ``row 4, column Total Quantity``; empty for the document as a whole.
        code: What, stable across versions, as in ``units.invalid``.
        message: What was found and what to do, in words.
        value: What was found there; ``None`` if nothing was.
    """

    path: str
    code: str
    message: str
    value: object = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


@attrs.define(slots=False)
class PreorderKitError(Exception):
    """Catch this to catch every error that the library raises.

    Attributes:
        code: What went wrong, stable across versions.
        path: Where, as in ``lines[3].quantity``; empty if the whole argument is meant.
        value: What was found there.
    """

    code = "error"
    path = ""
    value: object = attrs.field(init=False, default=None, repr=False)


@attrs.define(slots=False)
class InvalidArgument(PreorderKitError, ValueError):
    """A value or an argument that breaks its rule.

    Attributes:
        message: What was found and what to do, in words.
    """

    message: str
    code: str = "argument.invalid"
    path: str = ""
    value: object = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def under(self, prefix: str) -> InvalidArgument:
        """Return the same error with ``prefix`` in front of its path, for a value that is part of another."""
        joint = "" if not self.path or self.path[0] in "[ " else "."
        return attrs.evolve(self, path=f"{prefix}{joint}{self.path}")


@attrs.define(slots=False)
class InvalidStock(InvalidArgument):
    """A stock field that is none of the readings that `normalize_stock` knows."""

    message: str
    code: str = "stock.unrecognised"
    path: str = ""
    value: object = None


@attrs.define(slots=False)
class NoWorkingDay(PreorderKitError, LookupError):
    """A calendar without a working day in the 366 days that were looked at.

    Attributes:
        message: Which calendar, and from which day on.
    """

    message: str
    code: str = "calendar.no_working_day"
    path: str = ""
    value: object = None

    def __str__(self) -> str:
        return self.message


def _as_tuple(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    found = tuple(problems)
    if not found:
        raise InvalidArgument("must name at least one problem", path="problems", value=found)
    return found


@attrs.define(slots=False)
class InvalidDocument(PreorderKitError, ValueError):
    """A document that cannot be read; it names all of its problems at once.

    Attributes:
        problems: Every `Problem` found, those of one place together; never empty.
    """

    problems: tuple[Problem, ...] = attrs.field(converter=_as_tuple)
    code: str = "document.invalid"

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@attrs.frozen
class Read(Generic[_T]):
    """What a reader of many rows found: the good rows, and what is wrong with the others.

    Attributes:
        values: What could be read.
        problems: What could not, in the order of the document; empty if all of it could.
    """

    values: _T
    problems: tuple[Problem, ...] = ()

    def complete(self) -> _T:
        """Insist on all of it, for a caller to whom half a document is no document.

        Returns:
            The values, if nothing was wrong.

        Raises:
            InvalidDocument: With all problems, if there is one.
        """
        if self.problems:
            raise InvalidDocument(self.problems)
        return self.values
