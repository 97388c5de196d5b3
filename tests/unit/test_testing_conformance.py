"""The runner of conformance suites: no case is lost, and what differs is said where."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys

import pytest

from preorder_kit import AllocationPolicy, InvalidArgument, InvalidDocument, Order, OrderLine, Stock, Supply
from preorder_kit.testing import conformance
from preorder_kit.testing.conformance import (
    Case,
    answer,
    ask_program,
    check,
    differences,
    main,
    question,
    read_cases,
)


def case(name, asked, output, family="mine"):
    return Case(family=family, name=name, shows="something", input=asked, output=output)


NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
ORDER = Order(id="O1", placed_at=NOW, lines=[OrderLine(id="1", sku="CD", quantity=3)])
SHARES = question("ration", units=5, claims=[3, 3], rule="equal")
LABEL = question("public_label", stock=Stock(availability="low_stock", quantity=4))
MAYBE = question("normalize_stock", raw="maybe")
READ = question("normalize_stock", raw=4)
CASES = [
    case("shares", SHARES, {"answer": [3, 2]}),
    case("label", LABEL, {"answer": "few"}),
    case("maybe", MAYBE, {"refused": "stock.unrecognised"}),
    case("read", READ, {"answer": {"availability": "low_stock", "quantity": 4}}),
]


def test_this_library_answers_as_it_does():
    report = check(CASES, answer)
    assert (report.passed, report.failures) == (tuple(CASES), ())


def test_questions_are_what_json_knows_and_no_more():
    asked = question("quote", asked=3, stock=Stock(availability="preorder", quantity=4), cap=2)
    assert asked["given"]["stock"] == {"availability": "preorder", "quantity": 4}
    assert type(asked["given"]["stock"]["availability"]) is str


@pytest.mark.parametrize(
    ("asking", "message"),
    [
        (lambda: question("guess"), r"ask: must be one of normalize_stock, .* \(got 'guess'\)"),
        (lambda: question("ration", claim=3), r"given: must be of units, claims, rule \(got 'claim'\)"),
        (
            lambda: question("allocate", policy=AllocationPolicy(queue=len)),
            "must be something that a document can hold",
        ),
        (lambda: answer({}), r"ask: must be one of .* \(got None\)"),
        (lambda: answer([1]), r"ask: must be one of .* \(got None\)"),
    ],
    ids=["no function", "no argument", "no document", "no question", "no object"],
)
def test_what_cannot_be_asked_is_refused(asking, message):
    with pytest.raises(InvalidArgument, match=message):
        asking()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"raw": "maybe"}, "stock.unrecognised"),
        ({"rows": 4}, "document.invalid"),
        (None, "document.invalid"),
        ({"raw": 4, "few_below": "x"}, "document.invalid"),
        ({}, "document.invalid"),
    ],
    ids=["a mistake", "another argument", "nothing", "another type", "no argument"],
)
def test_a_mistake_is_an_answer_with_its_code(given, code):
    assert answer({"ask": "normalize_stock", "given": given}) == {"refused": code}


@pytest.mark.parametrize("ask", ["ration", "split_order_over_locations"])
def test_a_fact_that_is_not_given_is_a_mistake(ask):
    subjects = {"ration": {"units": 5}, "split_order_over_locations": {"order": ORDER, "locations": []}}
    assert answer(question(ask, **subjects[ask])) == {"refused": "document.invalid"}


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ({"answer": [3, 1]}, ("[1]: expected 2, got 1",)),
        ({"answer": [3]}, ("[1]: expected 2, got nothing",)),
        ({"answer": [3, 2, 0]}, ("[2]: expected nothing, got 0",)),
        ({"answer": [3, 2.0]}, ("[1]: expected 2, got 2.0",)),
        ({"answer": {}}, ("the answer: expected [3, 2], got {}",)),
        ({"refused": "x"}, ("answer: expected [3, 2], got nothing", 'refused: expected nothing, got "x"')),
        ([3, 2], ('the answer: expected {"answer": [3, 2]}, got [3, 2]',)),
    ],
)
def test_what_differs_is_said_with_its_path(output, expected):
    [failure] = check(CASES[:1], lambda _: output).failures
    assert failure.differences == expected
    assert failure.case is CASES[0]


def test_what_has_its_default_may_be_said():
    fuller = {"availability": "low_stock", "quantity": 4, "later": 0, "oversold": 0}
    assert check(CASES[3:], lambda _: {"answer": fuller}).failures == ()
    [failure] = check(CASES[3:], lambda _: {"answer": {**fuller, "later": 1}}).failures
    assert failure.differences == ("later: expected nothing, got 1",)


def test_a_function_that_raises_fails_its_case_alone():
    def answering(document):
        return answer(document) if document != LABEL else 1 / 0

    report = check(CASES, answering)
    assert [failure.case.name for failure in report.failures] == ["label"]
    assert report.failures[0].differences == ("no answer: raised ZeroDivisionError: division by zero",)


def test_locations_are_pairs_for_their_order_is_their_turn():
    here = [("Oslo", Supply(on_hand={"CD": 2})), ("Bergen", Supply(on_hand={"CD": 9}))]
    asked = question("split_order_over_locations", order=ORDER, locations=here, at=NOW)
    parts = answer(asked)["answer"]["parts"]
    assert [(part["location"], part["lines"][0]["quantity"]) for part in parts] == [("Oslo", 2), ("Bergen", 1)]


@pytest.mark.parametrize("asked", [{"ask": "price"}, {}, ["price"], "price"], ids=str)
def test_an_own_question_is_compared_as_it_is(asked):
    own = case("own", asked, {"answer": 4})
    assert check([own], lambda _: {"answer": 4}).failures == ()
    [failure] = check([own], lambda _: {"answer": True}).failures
    assert failure.differences == ("the answer: expected 4, got true",)


def test_many_differences_are_cut_short():
    found = differences([*range(30)], [0] * 30)
    assert found[0] == "[1]: expected 1, got 0"
    assert (len(found), found[-1]) == (21, "and 9 more")


def program(text):
    return [sys.executable, "-c", f"import json, sys, time\n{text}"]


ECHO = "print(json.dumps({'answer': document['place']}), flush=True)"
DOCUMENTS = [{"place": place} for place in range(4)]
ANSWERS = tuple({"answer": place} for place in range(4))


@pytest.mark.parametrize(
    "text",
    [
        f"for document in map(json.loads, sys.stdin): {ECHO}",
        f"for document in map(json.loads, sys.stdin.readlines()): {ECHO}\nprint()",
        f"for document in map(json.loads, sys.stdin): {ECHO}\nsys.exit(3)",
    ],
    ids=["at once", "at the end", "and then dies"],
)
def test_a_program_answers_line_by_line(text):
    assert ask_program(program(text), DOCUMENTS) == ANSWERS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("if document['place'] == 1: sys.exit(3)", "the program ended with exit code 3"),
        (
            "if document['place'] == 1: print('{\"answer', end='', flush=True); sys.exit(3)",
            "the program ended with exit code 3",
        ),
        (
            "if document['place'] == 1: print('what?', flush=True); continue",
            "the program printed no JSON object: b'what?'",
        ),
        ("if document['place'] == 1: print('[1]', flush=True); continue", "the program printed no JSON object: b'[1]'"),
        (
            "if document['place'] == 1: print('[' * 100_000, flush=True); continue",
            f"the program printed no JSON object: {b'[' * 60!r}",
        ),
        ("if document['place'] == 1: time.sleep(60)", "the program did not answer within 2 seconds"),
    ],
    ids=["dies", "dies in a word", "says something", "says another thing", "says it too deep", "hangs"],
)
def test_a_program_that_fails_at_one_document_is_asked_the_others(text, reason):
    body = f"for document in map(json.loads, sys.stdin):\n  {text}\n  {ECHO}"
    found = ask_program(program(body), DOCUMENTS, timeout=2)
    assert found == (ANSWERS[0], {"no_answer": reason}, *ANSWERS[2:])


def test_a_program_that_is_never_there_long_is_given_up():
    found = ask_program(["false"], [{}] * 12)
    assert found[9] == {"no_answer": "the program ended with exit code 1"}
    assert set(map(str, found[10:])) == {
        "{'no_answer': 'was not asked: the program was started 10 times and ended early each time'}"
    }


def test_a_program_that_says_too_much_fails():
    found = ask_program(program("for line in sys.stdin: print('{}'); print('{}')"), DOCUMENTS)
    assert found == ({}, {}, {}, {"no_answer": "the program printed 8 lines for 4 documents"})


def test_a_program_that_is_not_there_cannot_be_asked():
    with pytest.raises(
        InvalidArgument, match=r"command: must be a program that can be started: .*nothing-of-this-name"
    ):
        ask_program(["nothing-of-this-name"], DOCUMENTS)


def suite_in(folder, *cases, family="mine", **fields):
    written = [{"name": one.name, "shows": one.shows, "input": one.input, "output": one.output} for one in cases]
    document = {"conformance": 1, "family": family, "cases": written, **fields}
    (folder / f"{family}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_cases_are_read_family_by_family(tmp_path):
    suite_in(tmp_path, *CASES[2:], family="b")
    suite_in(tmp_path, *CASES[:2], family="a")
    assert [(one.family, one.name) for one in read_cases(tmp_path)] == [
        ("a", "shares"),
        ("a", "label"),
        ("b", "maybe"),
        ("b", "read"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "mine.json: is not JSON"),
        ('{"conformance": 2, "family": "a", "cases": []}', r"mine.json: conformance: must be 1, .* \(got 2\)"),
        ('{"conformance": 1, "family": "a", "cases": [{"name": "b"}]}', r"mine.json: cases\[0\].shows: is missing"),
    ],
    ids=["no JSON", "another version", "no case"],
)
def test_a_file_that_is_no_family_is_refused_with_its_name(tmp_path, text, message):
    (tmp_path / "mine.json").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDocument, match=message):
        read_cases(tmp_path)


def test_a_folder_without_a_suite_is_refused(tmp_path):
    with pytest.raises(InvalidArgument, match="folder: must hold the JSON files of a suite"):
        read_cases(tmp_path)


RIGHT = ["--", sys.executable, "-m", conformance.__name__, "--answer"]
WRONG = ["--", *program("for line in sys.stdin: print('{\"answer\": [3, 1]}')")]


def test_the_command_ends_with_0_where_all_cases_hold(tmp_path, capfd):
    assert main([str(suite_in(tmp_path, *CASES)), *RIGHT]) == 0
    assert capfd.readouterr().out == "mine: 4 of 4 cases hold\n"


def test_the_command_ends_with_1_where_one_does_not(tmp_path, capfd):
    suite_in(tmp_path, CASES[0])
    suite_in(tmp_path, *CASES[1:], family="other")
    assert main([str(tmp_path), "--family", "mine", *WRONG]) == 1
    assert capfd.readouterr().out == ("mine: shares: something\n  [1]: expected 2, got 1\nmine: 0 of 1 cases hold\n")


@pytest.mark.parametrize("command", [["--", "nothing-of-this-name"], RIGHT], ids=["no program", "no folder"])
def test_the_command_ends_with_2_where_it_cannot_ask(tmp_path, capfd, command):
    folder = suite_in(tmp_path, *CASES) if command is not RIGHT else tmp_path
    assert main([str(folder), *command]) == 2
    assert "must " in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["folder"], ["folder", "--"], ["folder", "--often", "--", "port"]])
def test_a_command_that_is_not_complete_ends_with_2_and_says_how_it_goes(arguments, capfd):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m" in capfd.readouterr().err


def test_a_family_that_is_not_there_is_said(tmp_path, capfd):
    assert main([str(suite_in(tmp_path, *CASES)), "--family", "yours", *RIGHT]) == 2
    assert capfd.readouterr().err == "family: must be one of mine (got 'yours')\n"


def asked_on_the_input(monkeypatch, *lines):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"".join(line + b"\n" for line in lines))))
    return main(["--answer"])


def test_the_library_answers_its_own_input(monkeypatch, capfd):
    assert asked_on_the_input(monkeypatch, json.dumps(SHARES).encode(), json.dumps(MAYBE).encode()) == 0
    assert capfd.readouterr().out == '{"answer": [3, 2]}\n{"refused": "stock.unrecognised"}\n'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"ask": "ration"', "must be a question as one JSON object in one line, as in "),
        (b"[1]", "must be a question as one JSON object in one line, as in "),
        (b"", "must be a question as one JSON object in one line, as in "),
        (b"\xff", "must be a question as one JSON object in one line, as in "),
        (b"[" * 100_000, "must be a question as one JSON object in one line, as in "),
        (b'{"given": {}}', "ask: must be one of normalize_stock, "),
        (b'{"ask": "guess"}', "ask: must be one of normalize_stock, "),
    ],
    ids=["cut short", "no object", "empty", "no text", "too deep", "asks nothing", "no function"],
)
def test_a_line_that_is_no_question_is_named_and_ends_with_2(monkeypatch, capfd, line, message):
    assert asked_on_the_input(monkeypatch, json.dumps(SHARES).encode(), line, json.dumps(MAYBE).encode()) == 2
    told = capfd.readouterr()
    assert told.out == '{"answer": [3, 2]}\n'
    assert told.err.startswith(f"line 2: {message}")
    assert told.err.count("\n") == 1


def test_the_module_is_the_command(tmp_path):
    arguments = [sys.executable, "-m", conformance.__name__, str(suite_in(tmp_path, CASES[0])), *WRONG]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=os.environ)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "mine: 0 of 1 cases hold")
