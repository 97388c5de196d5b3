# ruff: noqa: INP001
"""Put the copy of preorder_kit in its place, from a wheel or from a folder of its source.

Usage:
    python vendor.py FOLDER_OF_WHEELS   runs the tool "vendoring", which asks no package index
    python vendor.py FOLDER_OF_PACKAGE  copies the folder as it is
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
COPY = HERE / "frend_factory" / "_vendor" / "preorder_kit"


def main(source: Path) -> None:
    """Make the copy, whichever of the two the folder allows."""
    if (source / "__init__.py").exists():
        shutil.rmtree(COPY, ignore_errors=True)
        shutil.copytree(source, COPY, ignore=shutil.ignore_patterns("__pycache__"))
    elif any(source.glob("preorder_kit-*.whl")):
        _run_the_tool(source)
    else:
        sys.exit(f"{source} holds neither a wheel of preorder_kit nor its source")
    print(f"preorder_kit is in {COPY.relative_to(HERE)}")  # noqa: T201  # a program that prints


def _run_the_tool(wheels: Path) -> None:
    """Run vendoring with pip kept from every index; the pip that it calls is the one beside this Python."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # As an address, for pip takes a blank in a path for the end of it.
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels.as_uri(), "PIP_NO_CACHE_DIR": "1", "PATH": path}
    subprocess.run([sys.executable, "-m", "vendoring", "sync"], check=True, cwd=HERE, env=os.environ | offline)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve())
