"""A suite of cases in JSON that a port to another language, or another service, can be held to.

A case is a question and its answer: ``{"ask": "ration", "given": {"units": 5, ...}}`` and ``{"answer": [3, 2]}``, or
``{"refused": "units.invalid"}`` where the question is a caller's mistake. Values are written as
`preorder_kit.serialization` writes them; what has its default may be said or left out. `check` holds a function to the
cases, and this command a program, which gets a question in each line of its input and prints an answer in each line of
its output::

    python -m preorder_kit.testing.conformance FOLDER [--family NAME] [--timeout SECONDS] -- COMMAND ...

It ends with 0 if all cases hold, with 1 if one does not, and with 2 if the question could not be put. With ``--answer``
alone it answers the questions on its own input as this library does; it ends with 2 at a line that is none, and names
the line.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .._checks import refused
from ..errors import PreorderKitError
from ._asks import answer, question, settled
from ._programs import ask_program, json_object
from ._suite import Case, Failure, Report, differences, read_cases

__all__ = [
    "Case",
    "Failure",
    "Report",
    "answer",
    "ask_program",
    "check",
    "differences",
    "main",
    "question",
    "read_cases",
]


def check(cases: Iterable[Case], answer: Callable[[Any], Any], /) -> Report:
    """Hold a function to cases.

    Args:
        cases: What is asked, and what is to be answered.
        answer: Makes the output document of an input document. What it raises is told as the difference.

    Returns:
        Each case, passed or with the differences.

    Examples:
        A case of shares, answered by this library:

        >>> from preorder_kit.testing.conformance import Case, answer, check, question
        >>> asked = question("ration", units=5, claims=[3, 3], rule="equal")
        >>> case = Case(family="mine", name="shares", shows="ties", input=asked, output={"answer": [3, 2]})
        >>> len(check([case], answer).passed)
        1

        And by one that gives nobody anything:

        >>> report = check([case], lambda document: {"answer": [0, 0]})
        >>> report.failures[0].differences
        ('[0]: expected 3, got 0', '[1]: expected 2, got 0')
    """
    asked = tuple(cases)
    return _compared(asked, [_answered(answer, case.input) for case in asked])


def _answered(answer: Callable[[Any], Any], document: object) -> object:
    try:
        return answer(document)
    except Exception as error:  # noqa: BLE001  # whatever it is: the other cases are asked all the same
        return {"no_answer": f"raised {type(error).__name__}: {error}"}


def _compared(cases: Sequence[Case], outputs: Iterable[object]) -> Report:
    told = [(case, _told(case, output)) for case, output in zip(cases, outputs, strict=True)]
    return Report(
        passed=tuple(case for case, found in told if not found),
        failures=tuple(Failure(case=case, differences=found) for case, found in told if found),
    )


def _told(case: Case, output: object) -> tuple[str, ...]:
    if isinstance(output, dict) and output.keys() == {"no_answer"}:
        return (f"no answer: {output['no_answer']}",)
    found = output if output == case.output else settled(case.input, output)
    return differences(*_inside(case.output, found))


def _inside(expected: object, got: object) -> tuple[object, object]:
    """Return the answers alone where both are answers: paths begin inside them."""
    if isinstance(expected, dict) and isinstance(got, dict) and expected.keys() == got.keys() == {"answer"}:
        return expected["answer"], got["answer"]
    return expected, got


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Args:
        arguments: What stands behind its name.

    Returns:
        0 if all cases hold, 1 if one does not, 2 if the question could not be put.
    """
    place = [*arguments, "--"].index("--")
    parser, command = _parser(), arguments[place + 1 :]
    given = parser.parse_args(arguments[:place])
    if given.answer:
        return _answer_lines()
    if not given.folder or not command:
        parser.error("give the folder of a suite, and the program behind --")
    try:
        cases = _of_family(read_cases(given.folder), given.family)
        outputs = ask_program(command, [case.input for case in cases], timeout=given.timeout)
    except PreorderKitError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return _printed(_compared(cases, outputs))


def _of_family(cases: Sequence[Case], family: str | None) -> Sequence[Case]:
    found = [case for case in cases if family in {None, case.family}]
    if not found:
        names = ", ".join(dict.fromkeys(case.family for case in cases))
        raise refused("family", f"must be one of {names}", family, code="conformance.family")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m preorder_kit.testing.conformance",
        description="Hold a program to the cases of a conformance suite.",
        epilog="Behind -- stands the program with its arguments.",
    )
    parser.add_argument("folder", nargs="?", default="", help="where the JSON files of the suite are")
    parser.add_argument("--family", help="ask the cases of one family alone")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds that the program may take, each time")
    parser.add_argument("--answer", action="store_true", help="answer the questions on the input, as this library does")
    return parser


def _answer_lines() -> int:
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            found = answer(_question_in(line))
        except PreorderKitError as error:
            sys.stderr.write(f"line {number}: {error}\n")
            return 2
        sys.stdout.write(f"{json.dumps(found)}\n")
        sys.stdout.flush()
    return 0


def _question_in(line: bytes) -> dict[str, Any]:
    found = json_object(line)
    if found is None:
        rule = 'must be a question as one JSON object in one line, as in {"ask": "ration", "given": {"units": 5}}'
        raise refused("", rule, line.decode(errors="replace").strip(), code="conformance.question")
    return found


def _printed(report: Report) -> int:
    for failure in report.failures:
        sys.stdout.write(f"{failure.case.family}: {failure.case.name}: {failure.case.shows}\n")
        sys.stdout.writelines(f"  {difference}\n" for difference in failure.differences)
    passed = Counter(case.family for case in report.passed)
    failed = Counter(failure.case.family for failure in report.failures)
    for family in sorted(passed | failed):
        sys.stdout.write(f"{family}: {passed[family]} of {passed[family] + failed[family]} cases hold\n")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
