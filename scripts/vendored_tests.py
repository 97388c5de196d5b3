"""Run the unit tests against a copy of the package inside another one, as those who vendor it have it.

Usage: python scripts/vendored_tests.py WHEEL_OR_SOURCE [PYTHON]

WHEEL_OR_SOURCE is a wheel, or the folder of the package. The tests are copied too, and name the copy where they name
the package; under its own name it cannot be imported there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOME = ROOT / "build" / "vendored"
NAME = "host._vendor.preorder_kit"
# What the unit tests read, besides themselves.
FOLDERS = ("tests/unit", "tests/golden", "docs", "scripts")
FILES = ("conftest.py", "pyproject.toml", "README.md", "CHANGELOG.md")
RENAMED = (
    (r"^(\s*)from preorder_kit(?=[. ])", rf"\1from {NAME}"),
    (r"^(\s*)import preorder_kit$", r"\1from host._vendor import preorder_kit"),
    # Modules named in strings, to be patched or looked for; a document's key is called so too and keeps its name.
    (r"([\"'])preorder_kit(?=\\?\.[a-z_])", rf"\1{NAME}"),
    (r'"-m", "preorder_kit"', f'"-m", "{NAME}"'),
)
NOT_HERE = 'raise ModuleNotFoundError("the copy is to be tested, not preorder_kit itself", name="preorder_kit")\n'


def main(source: Path, python: str) -> None:
    shutil.rmtree(HOME, ignore_errors=True)
    _copy_package(source, HOME / "host" / "_vendor")
    _copy_tests()
    (HOME / "preorder_kit.py").write_text(NOT_HERE)
    environment = os.environ | {"PYTHONPATH": str(HOME), "HYPOTHESIS_PROFILE": "wheel"}
    environment["HYPOTHESIS_NO_PLUGINS"] = "1"  # or Hypothesis looks for the package that is not to be there
    pytest = [python, "-m", "pytest", "-q", "-n", "auto", "-m", "not slow", "tests/unit"]
    if failed := subprocess.run(pytest, check=False, cwd=HOME, env=environment).returncode:
        sys.exit(failed)


def _copy_package(source: Path, vendored: Path) -> None:
    for package in (vendored.parent, vendored):
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
    if source.suffix == ".whl":
        with zipfile.ZipFile(source) as wheel:
            wheel.extractall(vendored, [name for name in wheel.namelist() if name.startswith("preorder_kit/")])
    else:
        shutil.copytree(source, vendored / "preorder_kit", ignore=shutil.ignore_patterns("__pycache__"))


def _copy_tests() -> None:
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, HOME / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, HOME / name)
    for folder in ("tests/unit", "scripts"):
        for path in (HOME / folder).glob("*.py"):
            text = path.read_text(encoding="utf-8")
            for found, renamed in RENAMED:
                text = re.sub(found, renamed, text, flags=re.MULTILINE)
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else sys.executable)
