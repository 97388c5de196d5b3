"""The program itself: with its extra, without it, and on terminals that cannot show everything."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from preorder_kit.__main__ import main


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments], capture_output=True, check=False, encoding="utf-8", timeout=120
    )


BLOCKED = """
import sys


class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "{module}":
            raise ModuleNotFoundError("No module named " + repr(name), name=name)


sys.meta_path.insert(0, Blocked())
from preorder_kit.__main__ import main

main()
"""


@pytest.mark.parametrize("module", ["typer", "rich"])
def test_without_its_extra_it_says_what_to_install(module):
    done = python("-c", BLOCKED.format(module=module))
    assert (done.returncode, done.stdout) == (1, "")
    expected = f"the command line needs {module}: install preorder-kit with its extra cli, preorder-kit[cli]"
    assert done.stderr.strip() == expected


def test_another_module_that_is_missing_is_not_called_the_extra():
    done = python("-c", BLOCKED.format(module="cattrs"))
    assert done.returncode == 1
    assert "extra cli" not in done.stderr
    assert "ModuleNotFoundError: No module named 'cattrs'" in done.stderr


@pytest.mark.slow
def test_it_runs_as_a_module():
    done = python("-m", "preorder_kit", "stock", "-2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert '"oversold": 2' in done.stdout


@pytest.fixture
def no_cli(monkeypatch):
    """Make the command line be imported anew."""
    for name in [name for name in sys.modules if name.startswith("preorder_kit.cli")]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.usefixtures("no_cli")
def test_what_is_missing_is_named_in_the_exit(monkeypatch):
    monkeypatch.setitem(sys.modules, "typer", None)
    with pytest.raises(SystemExit, match="needs typer: install"):
        main()


@pytest.mark.usefixtures("no_cli")
def test_what_else_is_missing_is_raised_as_it_is(monkeypatch):
    monkeypatch.setitem(sys.modules, "preorder_kit.serialization", None)
    with pytest.raises(ModuleNotFoundError, match=r"preorder_kit\.serialization"):
        main()


def stream(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)


def test_a_terminal_that_cannot_show_a_character_shows_a_question_mark(monkeypatch):
    out, err = stream("cp1252"), stream("cp1252")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(sys, "argv", ["preorder-kit", "stock", "😀"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert (out.buffer.getvalue(), err.buffer.getvalue().split(b":")[0]) == (b"", b"?")


def test_streams_that_cannot_be_configured_are_used_as_they_are(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(sys, "argv", ["preorder-kit", "stock", "5", "--json"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 0
    assert '"quantity": 5' in out.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("more", [[], ["--json"]], ids=["a table", "JSON"])
def test_a_full_disk_is_said_in_words(more):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "preorder_kit", "stock", "5", *more],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "cannot write: No space left on device\n")


def test_output_that_cannot_be_written_is_said_in_words(monkeypatch):
    def fail():
        raise OSError(28, "No space left on device")

    redirected = []
    monkeypatch.setattr("preorder_kit.cli.app", fail)
    monkeypatch.setattr("os.dup2", lambda *numbers: redirected.append(numbers))
    with (Path(os.devnull)).open("w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        with pytest.raises(SystemExit, match="cannot write: No space left on device"):
            main()
        assert redirected[0][1] == stdout.fileno()
