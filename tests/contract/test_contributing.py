"""What the first pages say is so: the map of the house, commands, links, and changes that can be made."""

import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import preorder_kit

ROOT = Path(__file__).parents[2]
README, CONTRIBUTING, MAKEFILE = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md", "Makefile")
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DIFFS = ROOT / "docs" / "contributing" / "diffs"
FIRST_PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DIFFS.parent.glob("*.md"))]
PAGES = pytest.mark.parametrize("page", FIRST_PAGES, ids=lambda page: page.name)

# A recipe -> what its change makes pass. What is generated or written by hand with any change is left out.
RECIPES = {
    "add-an-adapter": [
        "tests/unit/test_kiosk.py",
        "tests/golden/test_kinds.py::test_each_payload_of_a_system_is_named_here",
        "tests/golden/test_kinds.py::test_each_kind_has_a_payload",
        "tests/contract/test_package.py::test_every_module_is_known_to_these_tests",
        "tests/contract/test_reference.py::test_each_page_is_listed",
        "tests/contract/test_reference.py::test_each_public_module_has_a_page_of_its_name",
        "tests/contract/test_reference.py::test_every_function_of_an_adapter_is_in_a_how_to",
        "docs/how-to/kiosk.md",
        "src/preorder_kit/adapters/kiosk",
    ],
    "add-a-policy": [
        "tests/unit/test_rationing.py",
        "tests/property/test_rationing_laws.py",
        "tests/examples/test_policy_tables.py",
        "docs/how-to/share-what-is-there.md",
        "src/preorder_kit/rationing.py",
    ],
    "add-a-rule-of-law": [
        "tests/unit/test_delay_rules.py",
        "tests/property/test_delay_laws.py",
        "docs/how-to/delays.md",
        "src/preorder_kit/delay_rules.py",
    ],
}


def _tables():
    """Return the rows of each table in the map, as cells."""
    house = CONTRIBUTING.partition("## The house\n")[2].partition("\n## ")[0]
    tables = re.findall(r"(?:^\|.*\|\n)+", house, re.MULTILINE)
    return [[row.strip("|").split("|") for row in table.splitlines()[2:]] for table in tables]


def _named(*cells):
    return re.findall(r"`(\w+)`", " ".join(cells))


def test_the_map_names_every_module_and_nothing_else():
    floors, engines = _tables()
    known = [name for _, modules, _ in floors for name in _named(modules)]
    known += [name for _, rooms in engines for name in _named(rooms)]
    assert sorted(known) == sorted({info.name for info in pkgutil.iter_modules(preorder_kit.__path__)} | {"__main__"})


def test_an_engine_is_that_of_a_module_on_a_floor():
    floors, engines = _tables()
    assert set(_named(*(public for public, _ in engines))) <= set(_named(*(modules for _, modules, _ in floors)))


def test_the_floors_of_the_map_are_those_that_imports_keep_to():
    floors, engines = _tables()
    floor_of = {name: int(number) for number, modules, _ in floors for name in _named(modules)}
    [layers] = [item["layers"] for item in PROJECT["tool"]["importlinter"]["contracts"] if item["id"] == "floors"]
    place_of = {name: place for place, layer in enumerate(reversed(layers)) for name in layer.split(" | ")}
    upwards = sorted(floor_of, key=place_of.__getitem__)
    assert [floor_of[name] for name in upwards] == sorted(floor_of.values())
    for public, rooms in engines:
        above = max(place_of[name] for name in _named(public))
        assert all(place_of[name] < above for name in _named(rooms)), public


@PAGES
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []


@PAGES
def test_the_targets_that_a_page_names_are_there(page):
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    commands = re.findall(r"(?:`|^)make((?: [a-z][a-z-]*)+)", text, re.MULTILINE)
    named = {name for names in commands for name in names.split()}
    assert named <= targets


def test_the_readme_can_be_read_in_a_minute():
    without_output = re.sub(r"```console.*?```\n", "", README, flags=re.DOTALL)
    assert len(without_output.splitlines()) <= 120
    assert "\nmake demo\nmake test\n" in README
    assert re.search(r"^!\[[^]]+\]\(docs/pictures/[\w-]+\.svg\)$", README, re.MULTILINE)


def test_the_readme_lists_the_extras_and_says_how_far_the_project_is():
    extras = PROJECT["project"]["optional-dependencies"]
    install = README.partition("## Install\n")[2].partition("\n## ")[0]
    assert re.findall(r"^- `(\w+)`:", install, re.MULTILINE) == sorted(extras, key=install.index)
    assert set(re.findall(r"^- `(\w+)`:", install, re.MULTILINE)) == set(extras)
    assert "Development Status :: 4 - Beta" in PROJECT["project"]["classifiers"]
    assert "It is Beta." in README


def test_the_version_is_the_same_wherever_it_stands():
    assert PROJECT["project"]["version"] == preorder_kit.__version__


@pytest.fixture
def tree(tmp_path):
    """Return a copy of what a change of the library touches, and its tests read."""
    for name in ("src", "tests", "docs", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conftest.py", "pyproject.toml", "CHANGELOG.md", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def _run(*command, cwd):
    # A copy is neither a part of the repository nor of the run of tests around it.
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTEST_", "COV"))}
    environment |= {"PYTHONPATH": str(cwd / "src"), "HYPOTHESIS_PROFILE": "wheel", "GIT_CEILING_DIRECTORIES": str(cwd)}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_diff_is_shown_on_its_page_and_known_here():
    assert {path.stem for path in DIFFS.glob("*.patch")} == RECIPES.keys()
    for name in RECIPES:
        assert f"diffs/{name}.patch" in (DIFFS.parent / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here to apply a diff")
@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_the_change_that_a_page_shows_can_be_made_and_its_tests_pass(tree, name):
    _run("git", "apply", DIFFS / f"{name}.patch", cwd=tree)
    _run(sys.executable, "-m", "pytest", "-q", *RECIPES[name], cwd=tree)
