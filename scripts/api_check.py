"""Say what the public names break for callers of the last release, and whether the version says so.

Usage: python scripts/api_check.py [REFERENCE]

Compares with the latest tag `v*`, or with a tag or commit that is named. griffe reads both trees without running them;
what it cannot see, such as a new field that must be given, shows in the recorded signatures of both. While the first
number of the version is 0, the second one must rise with what breaks; from 1.0 on, the first one.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

import griffe

ROOT = Path(__file__).parent.parent
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SIGNATURES = "tests/contract/signatures.txt"


def git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else b""


def broken(before: Path) -> list[str]:
    """Return what breaks for callers of the package in a folder, in words."""
    old, new = (griffe.load("preorder_kit", search_paths=[str(root / "src")]) for root in (before, ROOT))
    style = griffe.ExplanationStyle.ONE_LINE
    found = [_COLOUR.sub("", breakage.explain(style)) for breakage in griffe.find_breaking_changes(old, new)]
    found = [line.replace(f"{before}/", "") for line in found]
    lines = [set((root / SIGNATURES).read_text(encoding="utf-8").splitlines()) for root in (before, ROOT)]
    return found + [f"{SIGNATURES}: no longer {line}" for line in sorted(lines[0] - lines[1])]


def version(root: Path) -> tuple[int, ...]:
    written = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return tuple(int(number) for number in written.split(".")[:3])


def main(reference: str = "") -> None:
    last = reference or git("describe", "--tags", "--match", "v*", "--abbrev=0").decode().strip()
    if not last:
        print(f"api: there is no release yet to compare with; {SIGNATURES} holds what is public")
        return
    files = git("archive", last, "src", SIGNATURES, "pyproject.toml")
    if not files:
        sys.exit(f"api: git has no {last} with sources and {SIGNATURES}")
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder)
        with tarfile.open(fileobj=io.BytesIO(files)) as archive:
            archive.extractall(before, filter="data")
        found, old, new = broken(before), version(before), version(ROOT)
    said = new[:1] > old[:1] if old[0] else new[:2] > old[:2]
    for line in found:
        print(line)
    print(f"api: {len(found)} changes since {last} that may break a caller")
    if found and not said:
        sys.exit(f"api: version {'.'.join(map(str, new))} does not say so: raise it, or keep the old names as well")


if __name__ == "__main__":
    main(*sys.argv[1:])
