"""Another program that answers documents: each in a line of its input, each answer in a line of its output."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from .._checks import refused

_MOST_STARTS = 10


def ask_program(
    command: Sequence[str], documents: Sequence[object], /, *, timeout: float = 60.0
) -> tuple[dict[str, object], ...]:
    r"""Ask a program, in any language, for the answers to documents.

    It gets one document in each line of its standard input, as JSON, and is to print one answer in each line of its
    standard output, in the same order. It may answer at once or when its input has ended. If it ends early, or takes
    too long, it is started again with the documents after the one that it was at, ten times in all.

    Args:
        command: The program and its arguments.
        documents: What it is asked.
        timeout: How many seconds it may take each time that it is started.

    Returns:
        One answer for each document; ``{"no_answer": ...}``, with the reason, where there is none.

    Raises:
        InvalidArgument: If the program cannot be started.

    Examples:
        A program that knows one answer:

        >>> import sys
        >>> from preorder_kit.testing.conformance import ask_program
        >>> program = "for line in open(0): print('{\"answer\": 4}')"
        >>> ask_program([sys.executable, "-c", program], [{"ask": "one"}, {"ask": "two"}])
        ({'answer': 4}, {'answer': 4})

        One that says nothing:

        >>> ask_program([sys.executable, "-c", "raise SystemExit(3)"], [{"ask": "one"}])
        ({'no_answer': 'the program ended with exit code 3'},)
    """
    found: list[dict[str, object]] = []
    starts = 0
    while len(found) < len(documents) and starts < _MOST_STARTS:
        found += _started(command, documents[len(found) :], timeout)
        starts += 1
    reason = f"was not asked: the program was started {_MOST_STARTS} times and ended early each time"
    found += [{"no_answer": reason} for _ in documents[len(found) :]]
    return tuple(found)


def _started(command: Sequence[str], documents: Sequence[object], timeout: float) -> list[dict[str, object]]:
    """Return the answers of one start, and the reason why there are no more as the last of them."""
    asked = "".join(f"{json.dumps(document)}\n" for document in documents).encode()
    try:
        done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, timeout=timeout, check=False)  # noqa: S603  # the caller's own
        printed, end = done.stdout, f"the program ended with exit code {done.returncode}"
    except subprocess.TimeoutExpired as late:
        printed, end = late.stdout or b"", f"the program did not answer within {timeout:g} seconds"
    except OSError as error:
        raise refused(
            "command", f"must be a program that can be started: {error}", command, code="conformance.command"
        ) from None
    lines = [line for line in printed.split(b"\n") if line.strip()]
    if lines and not printed.endswith(b"\n") and json_object(lines[-1]) is None:
        lines.pop()  # the program ended in the middle of it
    found = [_read(line) for line in lines[: len(documents)]]
    if len(lines) > len(documents):
        found[-1] = {"no_answer": f"the program printed {len(lines)} lines for {len(documents)} documents"}
    return found if len(found) == len(documents) else [*found, {"no_answer": end}]


def _read(line: bytes) -> dict[str, object]:
    found = json_object(line)
    return {"no_answer": f"the program printed no JSON object: {line[:60]!r}"} if found is None else found


def json_object(line: bytes, /) -> dict[str, Any] | None:
    """Return the JSON object that a line holds, and ``None`` if it holds anything else."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
