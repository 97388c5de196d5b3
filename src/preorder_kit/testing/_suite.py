"""Cases of a conformance suite as values, how they are read, and where two documents differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from .._checks import refused
from .._documents import parse_json
from .._native import structured
from ..errors import InvalidDocument, Problem

VERSION = 1
_MOST = 20


@attrs.frozen(kw_only=True)
class Case:
    """A question, and the answer that is right.

    Attributes:
        family: What it is about; the name of its file.
        name: Unique in its family.
        shows: What one learns from it.
        input: The document that asks.
        output: The document that is to be answered.
    """

    family: str
    name: str
    shows: str
    input: object
    output: object


@attrs.frozen(kw_only=True)
class Failure:
    """A case that was not answered as it should be.

    Attributes:
        case: The case.
        differences: Where the answer differs, as in ``parts[0].lines[1].quantity: expected 2, got 1``; never empty.
    """

    case: Case
    differences: Sequence[str]


@attrs.frozen(kw_only=True)
class Report:
    """What became of all cases: each is among the passed or among the failures.

    Attributes:
        passed: Those that were answered rightly, in their order.
        failures: Those that were not, in their order.
    """

    passed: Sequence[Case]
    failures: Sequence[Failure]


@attrs.frozen(kw_only=True)
class _Written:
    """A case as its file has it."""

    name: str
    shows: str
    input: object
    output: object


@attrs.frozen(kw_only=True)
class _File:
    conformance: int
    family: str
    cases: Sequence[_Written]


def read_cases(folder: str | Path, /) -> tuple[Case, ...]:
    """Read the cases of all families in a folder.

    Args:
        folder: Where the suite is: a folder of JSON files, one for each family.

    Returns:
        The cases, family by family in the order of their names, each family in its own order.

    Raises:
        InvalidArgument: If the folder holds no JSON file.
        InvalidDocument: If a file is no family of cases of this version; with its name in each path.

    Examples:
        A suite of one case, and of none:

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from preorder_kit.testing.conformance import read_cases
        >>> case = '{"name": "all of it", "shows": "", "input": {"ask": "all"}, "output": {"answer": 4}}'
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "mine.json"
        ...     for cases in (case, ""):
        ...         _ = file.write_text(f'{{"conformance": 1, "family": "mine", "cases": [{cases}]}}')
        ...         print([case.name for case in read_cases(folder)])
        ['all of it']
        []
    """
    paths = sorted(Path(folder).glob("*.json"))
    if not paths:
        raise refused("folder", "must hold the JSON files of a suite", str(folder), code="conformance.folder")
    return tuple(case for path in paths for case in _cases_of(path))


def _cases_of(path: Path) -> Iterator[Case]:
    try:
        read: _File = structured(parse_json(path.read_bytes()), _File, "")
    except InvalidDocument as error:
        raise InvalidDocument([_within(path, problem) for problem in error.problems]) from None
    if read.conformance != VERSION:
        message = f"must be {VERSION}, the version of the suite that is read here (got {read.conformance})"
        raise InvalidDocument([Problem(f"{path.name}: conformance", "conformance.version", message, read.conformance)])
    for case in read.cases:
        yield Case(family=read.family, name=case.name, shows=case.shows, input=case.input, output=case.output)


def _within(path: Path, problem: Problem) -> Problem:
    inside = problem.path.removeprefix(".")
    return attrs.evolve(problem, path=f"{path.name}: {inside}" if inside else path.name)


def differences(expected: object, got: object, /) -> tuple[str, ...]:
    """Say where two documents differ.

    Args:
        expected: A document, of what JSON knows.
        got: Another.

    Returns:
        One line for each place, with its path, the first twenty in the order of ``expected``; none if they are equal. A
        number and a truth value are never equal, nor a whole number and one with a point.

    Examples:
        A port that forgot one unit, and one that says more than it was asked:

        >>> from preorder_kit.testing.conformance import differences
        >>> right = {"parts": [{"lines": [{"sku": "CD", "quantity": 1}, {"sku": "LP", "quantity": 2}]}]}
        >>> differences(right, {"parts": [{"lines": [{"sku": "CD", "quantity": 1}, {"sku": "LP", "quantity": 1}]}]})
        ('parts[0].lines[1].quantity: expected 2, got 1',)
        >>> differences(right, {"parts": [], "sold": 0})
        ('parts[0]: expected {"lines": [{"sku": "CD", "quanti..., got nothing', 'sold: expected nothing, got 0')
    """
    found = list(_differing(expected, got, ""))
    more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return (*found[:_MOST], *more)


_NOTHING = object()


def _differing(expected: object, got: object, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(got, dict):
        joint = f"{path}." if path else ""
        for key in [*expected, *(key for key in got if key not in expected)]:
            yield from _differing(expected.get(key, _NOTHING), got.get(key, _NOTHING), f"{joint}{key}")
    elif isinstance(expected, list) and isinstance(got, list):
        for place in range(max(len(expected), len(got))):
            one, other = (items[place] if place < len(items) else _NOTHING for items in (expected, got))
            yield from _differing(one, other, f"{path}[{place}]")
    elif type(expected) is not type(got) or expected != got:
        yield f"{path or 'the answer'}: expected {_shown(expected)}, got {_shown(got)}"


_LONGEST = 35


def _shown(node: object) -> str:
    text = "nothing" if node is _NOTHING else json.dumps(node, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
