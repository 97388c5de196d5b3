"""Every public name has its place in the reference."""

import importlib
import inspect
import pkgutil
import re
import runpy
from pathlib import Path

import pytest

import preorder_kit

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
EDGES = [
    "serialization",
    "frames",
    "adapters.adobe_oms",
    "adapters.centra",
    "adapters.fabric",
    "adapters.frend",
    "adapters.fulfillmenttools",
    "adapters.google_merchant",
    "adapters.schema_org",
    "adapters.shopify",
    "formats",
    "holiday_calendars",
    "optimum",
    "plots",
    "queue_files",
    "testing",
    "testing.conformance",
    "testing.laws",
    "translations",
]
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md")}


def _modules():
    """Return the name of each page -> the module that it documents."""
    return {
        name: importlib.import_module(match[1])
        for name, text in PAGES.items()
        if (match := re.search(r"^\.\. automodule:: (\S+)\n   :members:$", text, re.MULTILINE))
    }


def _shown(name, module):
    """Return the names that a page shows: classes and functions through its module, data by a line of its own."""
    data = re.findall(rf"^\.\. (?:auto|py:)data:: {re.escape(module.__name__)}\.(\w+)$", PAGES[name], re.MULTILINE)
    values = {key: getattr(module, key) for key in module.__all__}
    return {key for key, value in values.items() if inspect.isclass(value) or inspect.isroutine(value)} | set(data)


def test_every_public_name_of_the_root_is_in_the_reference():
    # Functions over frames have the names of those over values.
    pages = {name: module for name, module in _modules().items() if name != "frames"}
    homes = {key: module for name, module in pages.items() for key in _shown(name, module)}
    assert {name for name in preorder_kit.__all__ if name not in homes} == set()
    assert all(getattr(homes[name], name) is getattr(preorder_kit, name) for name in preorder_kit.__all__)


@pytest.mark.parametrize("name", EDGES)
def test_every_public_name_of_an_edge_is_in_the_reference(name):
    module = importlib.import_module(f"preorder_kit.{name}")
    assert set(module.__all__) == _shown(name, module)


def test_each_public_module_has_a_page_of_its_name():
    found = {info.name for info in pkgutil.walk_packages(preorder_kit.__path__, "preorder_kit.")}
    names = {name.removeprefix("preorder_kit.") for name in found if "._" not in name}
    public = {name for name in names if name.partition(".")[0] != "cli"} - {"adapters"}
    assert {module.__name__ for module in _modules().values()} == {f"preorder_kit.{name}" for name in public}
    assert _modules().keys() == public


def test_every_public_name_is_in_the_changelog():
    text = (REFERENCE.parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
    public = {key for name, module in _modules().items() for key in _shown(name, module)}
    assert {key for key in public if not re.search(rf"\b{key}\b", text)} == set()


def test_every_function_of_an_adapter_is_in_a_how_to():
    texts = "".join(page.read_text(encoding="utf-8") for page in (REFERENCE.parent / "how-to").glob("*.md"))
    functions = {
        key
        for name, module in _modules().items()
        for key in _shown(name, module)
        if name.startswith("adapters.") and inspect.isroutine(getattr(module, key))
    }
    assert {key for key in functions if not re.search(rf"\b{key}\b", texts)} == set()


def test_each_page_is_listed():
    listed = re.findall(r"^[\w.]+$", PAGES["index"], re.MULTILINE)
    assert sorted(listed) == sorted(_modules())


def test_each_public_name_is_documented_on_one_page_but_for_functions_of_two_systems_or_over_frames():
    def place(name, module, key):
        may_repeat = name.startswith(("adapters.", "frames")) and not inspect.isclass(getattr(module, key))
        return name if may_repeat else "", key

    shown = [place(name, module, key) for name, module in _modules().items() for key in _shown(name, module)]
    assert len(shown) == len(set(shown))


def test_the_columns_of_frames_in_the_reference_are_those_of_the_schemas():
    script = runpy.run_path(str(REFERENCE.parents[1] / "scripts" / "frame_columns.py"))
    assert PAGES["frames"] == script["written"](PAGES["frames"]), "run make columns"
