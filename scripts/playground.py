"""Put together what the playground loads: Python for the browser, this package with what it needs, the examples.

It stands in build/playground afterwards, and the documentation takes it from there. Python for the browser is fetched
once, and kept in .cache. Where npm cannot fetch it, nothing is built, and the page says so.

Usage: python scripts/playground.py
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from importlib.metadata import distribution  # noqa: TID251  # of what is beside the package, not of itself
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "docs" / "playground"
DOCUMENTS = ROOT / "docs" / "examples" / "record"
CACHE = ROOT / ".cache" / "playground"
TARGET = ROOT / "build" / "playground"
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip")
# All in plain Python, at the versions that the tests run with; the browser's Python brings nothing but its own.
NEEDED = ("attrs", "cattrs", "python-dateutil", "six", "typing_extensions", "tzdata")
POLICY = {"queue": "fifo", "shortage": "partial", "unit": "line", "ration": ""}
Example = dict[str, Any]


def main() -> None:
    archive = _fetched()
    if archive is None:
        print("playground: left out, because npm is not there or cannot fetch Python for the browser", file=sys.stderr)
        return
    shutil.rmtree(TARGET, ignore_errors=True)
    (TARGET / "pyodide").mkdir(parents=True)
    with tarfile.open(archive) as packed:
        for name in RUNTIME:
            (TARGET / "pyodide" / name).write_bytes(packed.extractfile(f"package/{name}").read())
    with zipfile.ZipFile(TARGET / "python.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(modules().items()):
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    (TARGET / "examples.json").write_text(json.dumps(examples(), indent=1), encoding="utf-8")
    sizes = {path.relative_to(TARGET).as_posix(): path.stat().st_size for path in sorted(TARGET.rglob("*.*"))}
    (TARGET / "manifest.json").write_text(json.dumps(sizes, indent=1), encoding="utf-8")


def _fetched() -> Path | None:
    """Return the npm package that Python for the browser is in, at its pinned version; None if it cannot be fetched."""
    [(name, version)] = json.loads((SOURCES / "package.json").read_bytes())["dependencies"].items()
    archive = CACHE / f"{name}-{version}.tgz"
    npm = shutil.which("npm")
    if not archive.exists() and npm:
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            pack = [npm, "pack", "--silent", f"{name}@{version}"]
            if subprocess.run(pack, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode == 0:
                (Path(folder) / archive.name).rename(archive)
    return archive if archive.exists() else None


def modules() -> dict[str, bytes]:
    """Return path -> content of all that is imported: this package's wheel, what it needs, the page's own module."""
    found = {path: content for path, content in _own_wheel().items() if not path.startswith(_UNUSED)}
    for name in NEEDED:
        for path in distribution(name).files or ():
            if path.suffix not in {".pyc", ".pyi"} and ".." not in path.parts:
                found[path.as_posix()] = path.locate().read_bytes()
    compiled = [path for path in found if path.endswith((".so", ".pyd"))]
    if compiled:
        sys.exit(f"playground: a browser cannot run {', '.join(compiled)}")
    return found | {"answers.py": (SOURCES / "answers.py").read_bytes()}


_UNUSED = ("preorder_kit/frames/", "preorder_kit/cli/", "preorder_kit/testing/")


def _own_wheel() -> dict[str, bytes]:
    folder = ROOT / "build" / "playground-wheel"
    shutil.rmtree(folder, ignore_errors=True)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def examples() -> list[Example]:
    """Return the examples, each with all that is asked in it; what one does not say is as in the first, the story."""
    found: list[Example] = []
    for written in json.loads((SOURCES / "examples.json").read_bytes()):
        story = found[0] if found else {"policy": POLICY}
        documents = {name: (DOCUMENTS / file).read_text("utf-8") for name, file in written.get("documents", {}).items()}
        example = (
            story | {key: written[key] for key in ("id", "title", "note", "at", "zone") if key in written} | documents
        )
        example["policy"] = story["policy"] | written.get("policy", {})
        for name, changes in written.get("replace", {}).items():
            for old, new in changes:
                if old not in example[name]:
                    sys.exit(
                        f"playground: the example {example['id']} changes {old} in the {name}, and it is not there"
                    )
                example[name] = example[name].replace(old, new)
        found.append(example)
    return found


if __name__ == "__main__":
    main()
