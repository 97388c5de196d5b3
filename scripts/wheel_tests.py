"""Run the tests against the installed wheel, with every supported Python that is on this machine.

Usage: python scripts/wheel_tests.py FOLDER_OF_THE_WHEEL
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import vendored_tests

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MINORS = [int(minor) for minor in re.findall(r":: 3\.(\d+)", "\n".join(PROJECT["classifiers"]))]
QUICK = {"HYPOTHESIS_PROFILE": "wheel"}  # the laws are searched with the sources; here it is the wheel's turn


def main(folder: str) -> None:
    [wheel] = Path(folder).resolve().glob("*.whl")
    own, *others = _pythons()
    pythons = others or [own]  # this one has run all tests on the sources
    for python in pythons:
        print(f"wheel: testing with {python.parent.parent.name} ({python.name})", flush=True)
        # All tests with the newest, the furthest from the one that has run them on the sources, the unit tests among
        # them on a copy inside another package; what the wheel itself holds with each.
        if python == pythons[-1]:
            _test(wheel, python, tests=["tests/contract", "tests/golden", "tests/property", "tests/stateful"])
            print("wheel: testing a copy of it inside another package", flush=True)
            vendored_tests.main(wheel, str(_own(python)))
        else:
            _test(wheel, python, tests=["tests/contract"])


def _pythons() -> list[Path]:
    """Return one interpreter for each supported minor version that runs here, this one first."""
    found = {sys.version_info[1]: Path(sys.executable)}
    folders = [Path(name) for name in os.environ["PATH"].split(os.pathsep)]
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=True).stdout.strip()
        folders += sorted(Path(root).glob("versions/*/bin"))
    for minor in MINORS:
        for python in (folder / f"python3.{minor}" for folder in folders):
            if minor not in found and python.exists() and _runs(python, minor):
                found[minor] = python
    for minor in sorted({*MINORS} - found.keys()):
        print(f"wheel: left out Python 3.{minor}, as it is not there", flush=True)
    return [found[minor] for minor in sorted(found)]


def _runs(python: Path, minor: int) -> bool:
    program = f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, {minor}))"
    return subprocess.run([python, "-c", program], capture_output=True, check=False).returncode == 0


def _own(python: Path) -> Path:
    """Return the interpreter of the virtual environment that the wheel is installed in for one Python."""
    return ROOT / "build" / f"wheel-{python.name}" / "bin" / "python"


def _test(wheel: Path, python: Path, *, tests: list[str]) -> None:
    """Install the wheel in a virtual environment of its own and run the tests there, away from the sources."""
    own = _own(python)
    home = own.parent.parent
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([python, "-m", "venv", "--without-pip", home], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(own), "install", "-q", "--no-compile"]
    extras = "[cli,testing,holidays,plot,i18n,solver,frames]"
    subprocess.run([*pip, "-c", "constraints.txt", f"{wheel}{extras}", "--group", "test"], check=True, cwd=ROOT)
    where = subprocess.run(
        [own, "-c", "import preorder_kit; print(preorder_kit.__file__)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=home,
    ).stdout
    if str(home) not in where:
        sys.exit(f"the wheel is not what is imported: {where}")
    pytest = [own, "-m", "pytest", "-q"]
    subprocess.run([*pytest, "-n", "auto", "-m", "not slow", *tests], check=True, cwd=ROOT, env=os.environ | QUICK)
    # The other end of the range, which the holidays package does not allow beside it.
    subprocess.run([*pip, "--no-deps", "python-dateutil==4.0.0"], check=True)
    subprocess.run([*pytest, "tests/unit/test_delivery.py"], check=True, cwd=ROOT)
    subprocess.run([*pip, "-c", "constraints.txt", "python-dateutil"], check=True, cwd=ROOT)


if __name__ == "__main__":
    main(sys.argv[1])
