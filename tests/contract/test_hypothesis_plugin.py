"""Where the package is installed, Hypothesis knows its values, and learns of them late."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import preorder_kit

SOURCES = Path(preorder_kit.__file__).parents[1]
PROJECT = Path(__file__).parents[2] / "pyproject.toml"


@pytest.fixture
def installed(tmp_path):
    """Return the search path of a package with the entry points that an installer writes."""
    points = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["entry-points"]["hypothesis"]
    home = tmp_path / "some_package-1.dist-info"
    home.mkdir()
    (home / "METADATA").write_text("Metadata-Version: 2.1\nName: some-package\nVersion: 1\n")
    (home / "entry_points.txt").write_text("[hypothesis]\n" + "".join(f"{key} = {of}\n" for key, of in points.items()))
    return os.pathsep.join([str(SOURCES), str(tmp_path)])


def printed(program, path, **environment):
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": path, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_hypothesis_finds_values_by_their_classes(installed):
    program = """
import warnings
warnings.simplefilter("ignore")  # an example outside a test
from hypothesis import strategies as st
from preorder_kit import Order, SplitPlan, Supply
def taken(order: Order, plan: SplitPlan) -> str:
    return f"{type(order).__name__} {type(plan).__name__}"
print(type(st.from_type(Supply).example()).__name__, st.builds(taken).example())
"""
    assert printed(program, installed) == ["Supply", "Order", "SplitPlan"]


def test_to_import_hypothesis_brings_the_core_alone_and_the_strategies_come_when_they_are_asked_for(installed):
    program = """
import sys, hypothesis
edges = ("adapters", "serialization", "testing", "_native", "frames")
print(*(name for name in edges if f"preorder_kit.{name}" in sys.modules))
print("cattrs" in sys.modules, "preorder_kit" in sys.modules)
from hypothesis import strategies as st
from preorder_kit import Order
st.from_type(Order).validate()
print("preorder_kit.testing" in sys.modules)
"""
    assert printed(program, installed) == ["False", "True", "True"]


def test_the_package_itself_never_brings_hypothesis(installed):
    program = (
        "import sys, preorder_kit.serialization, preorder_kit._hypothesis_plugin; print('hypothesis' in sys.modules)"
    )
    assert printed(program, installed) == ["False"]


def test_hypothesis_can_be_told_to_leave_it(installed):
    program = "import sys, hypothesis; print('preorder_kit' in sys.modules)"
    assert printed(program, installed, HYPOTHESIS_NO_PLUGINS="1") == ["False"]
