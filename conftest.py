"""How many examples laws are tried with, and the examples in docstrings and documents, each of them run.

The examples of one docstring or document are one test: they build on each other, whatever shuffles or spreads tests.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sybil import Document, Example, Region, Sybil
from sybil.parsers.myst import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.register_profile("wheel", max_examples=5, deadline=None, derandomize=True)
# Building a whole world takes a while on a slow machine, and is no reason to fail.
for _profile in ("dev", "ci", "nightly", "wheel"):
    settings.register_profile(_profile, settings.get_profile(_profile), suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

_ROOT = Path(__file__).parent
_Parser = Callable[[Document], Iterable[Region]]


def _as_one(parser: _Parser) -> _Parser:
    def parse(document: Document) -> Iterator[Region]:
        regions = sorted(parser(document), key=lambda region: region.start)
        if regions:
            yield Region(regions[0].start, regions[-1].end, parsed=regions, evaluator=_run_all)

    return parse


def _run_all(whole: Example) -> None:
    whole.namespace.clear()  # not even the module's own names: an example imports what it uses
    for region in whole.parsed:
        start = whole.start + region.start - whole.parsed[0].start
        line = whole.document.text.count("\n", 0, start) + 1
        Example(whole.document, line, 1, region, whole.namespace).evaluate()


@pytest.fixture
def in_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in the root of the checkout: documents name the example files from there."""
    monkeypatch.chdir(_ROOT)


_docstrings = Sybil(
    parsers=[_as_one(DocTestParser())],
    path="src",
    pattern="*.py",
    excludes=["cli.py", "__main__.py"],  # what they say is typer's help
)
_documents = Sybil(parsers=[_as_one(PythonCodeBlockParser())], pattern="*.md", fixtures=["in_checkout"])

pytest_collect_file = (_docstrings + _documents).pytest()
