"""The suite as it is published is what the code answers today: a rule that changes is a case that fails."""

import json
import runpy
from pathlib import Path

import pytest

from preorder_kit.testing._asks import ASKS
from preorder_kit.testing.conformance import answer, differences, read_cases

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "conformance" / "v1"
CASES = read_cases(FOLDER)


@pytest.mark.parametrize("family", sorted({case.family for case in CASES}))
def test_the_published_answers_are_those_of_the_code(family):
    told = {case.name: differences(case.output, answer(case.input)) for case in CASES if case.family == family}
    assert {name: found for name, found in told.items() if found} == {}, "run make conformance, and say what changed"


def test_every_case_has_a_name_of_its_own_and_says_what_it_shows():
    names = [(case.family, case.name) for case in CASES]
    assert len(set(names)) == len(names)
    assert all(case.shows for case in CASES)


def test_everything_that_can_be_asked_is_asked():
    assert {case.input["ask"] for case in CASES} == set(ASKS)


def test_each_family_has_cases_that_were_picked_and_cases_that_were_drawn():
    for family in {case.family for case in CASES}:
        drawn = [case.name.startswith("drawn") for case in CASES if case.family == family]
        assert {True, False} <= set(drawn)


@pytest.mark.slow
def test_the_published_files_are_those_that_the_script_writes():
    written = runpy.run_path(str(ROOT / "scripts" / "conformance.py"))["suite"]()
    published = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert published.keys() == written.keys()
    for name, text in written.items():
        assert json.loads(published[name]) == json.loads(text), "run make conformance"
        assert published[name] == text
