"""The commands that the documents show print what the documents show."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from preorder_kit.cli import app

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
STEP = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
# A width, no colours, and letters that every terminal of a reader shows.
TERMINAL = {"COLUMNS": "80", "FORCE_COLOR": None, "TTY_COMPATIBLE": None, "TERM": "xterm"}


def _blocks():
    for document in (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))):
        name = document.relative_to(ROOT)
        for number, block in enumerate(BLOCK.findall(document.read_text(encoding="utf-8")), 1):
            yield pytest.param(block, id=f"{name}-{number}")


def _run(command):
    program, *arguments = shlex.split(command.replace("\\\n", " "))
    assert program == "preorder-kit"
    return CliRunner().invoke(app, arguments, env=TERMINAL)


@pytest.mark.parametrize("block", list(_blocks()))
def test_a_command_prints_what_its_document_shows(block, monkeypatch):
    monkeypatch.chdir(ROOT)
    steps = STEP.findall(block)
    assert "".join(f"$ {command}\n{shown}" for command, shown in steps) == block
    status = None
    for command, shown in steps:
        if command == "echo $?":
            assert shown == f"{status}\n"
            continue
        result = _run(command)
        status = result.exit_code
        assert [line.rstrip() for line in result.output.splitlines()] == shown.splitlines()


@pytest.mark.parametrize("page", ["README.md", "docs/how-to/command-line.md"])
def test_the_pages_about_the_command_line_show_commands(page):
    assert BLOCK.search((ROOT / page).read_text(encoding="utf-8"))
