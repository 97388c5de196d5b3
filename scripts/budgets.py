"""Count the instructions of hot paths and of the import with callgrind, and hold them to tests/budgets.toml.

Usage: python scripts/budgets.py [--update] [--counts]

A count does not depend on how busy or how fast the machine is. It does depend on how Python was built, so a budget is
the ratio to the instructions of a bare loop in the same run, kept for each minor version of Python. A path fails
above its budget by more than the tolerance; so does an import that loads a module it did not load before.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUDGETS = ROOT / "tests" / "budgets.toml"
PROGRAM = Path(__file__).parent / "budget_paths.py"
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
TOLERANCE = 10  # percent
_HEAD = """\
# What hot paths may cost, as ratios of instructions to a bare loop in the same run; see scripts/budgets.py.
# Written by `make budgets UPDATE=1`, for the Python that runs it. Say in the commit why a number rises.
"""


def measure() -> tuple[dict[str, int], list[str]]:
    """Return the instructions of each path, and the modules that the import loads."""
    environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": f"{ROOT / 'src'}", "LC_ALL": "C", "TZ": "UTC"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    warm = [sys.executable, "-c", "import preorder_kit.serialization"]  # compiles, so that no compiling is counted
    subprocess.run(warm, env=environment, check=True)
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/%p", sys.executable, str(PROGRAM)]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"budgets: {done.stderr}")
        *processes, modules = [line.split("\t") for line in done.stdout.splitlines()]
        counts = {name: _count(Path(folder) / process) for process, name in processes}
    return {name: counts[name] - counts[f"{name}, nothing"] for name in counts if f"{name}, nothing" in counts}, modules


def _count(path: Path) -> int:
    found = re.search(r"^(?:totals|summary): (\d+)", path.read_text(), re.MULTILINE)
    if found is None:
        sys.exit(f"budgets: callgrind counted nothing in {path.name}")
    return int(found[1])


def ratios(counts: dict[str, int]) -> dict[str, float]:
    return {name: round(count / counts["floor"], 4) for name, count in counts.items() if name != "floor"}


def compare(found: dict[str, float], modules: list[str], budget: dict) -> list[str]:  # type: ignore[type-arg]  # TOML
    """Print a table, and return what is over its budget."""
    over = []
    print(f"{'instructions, the floor being 1':<44} {'budget':>9} {'now':>9} {'change':>8}")
    for name, ratio in found.items():
        kept = budget["paths"].get(name)
        change = f"{100 * (ratio / kept - 1):+.1f} %" if kept else "new"
        print(f"{name:<44} {kept or 0:>9.4f} {ratio:>9.4f} {change:>8}")
        if not kept or ratio > kept * (1 + TOLERANCE / 100):
            over.append(f"{name}: {change}")
    new = sorted(set(modules) - set(budget["modules"]))
    print(f"{'modules that the import loads':<44} {len(budget['modules']):>9} {len(modules):>9}")
    return over + [f"{name}: loaded by the import now" for name in new]


def write(budgets: dict) -> None:  # type: ignore[type-arg]  # TOML
    lines = [_HEAD]
    for version, budget in sorted(budgets.items()):
        lines += [f'["{version}"]', "modules = ["]
        lines += [f'  "{name}",' for name in budget["modules"]]
        lines += ["]", "", f'["{version}".paths]']
        lines += [f'"{name}" = {ratio}' for name, ratio in budget["paths"].items()]
        lines.append("")
    BUDGETS.write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--update", action="store_true", help="make what is measured the budget")
    options.add_argument("--counts", action="store_true", help="print the instructions too")
    chosen = options.parse_args()
    if shutil.which("valgrind") is None:
        print("budgets: left out, as valgrind is not there (Debian has it: apt-get install valgrind)")
        return
    counts, modules = measure()
    if chosen.counts:
        print("\n".join(f"{name:<44} {count:>14,}" for name, count in counts.items()))
    budgets = tomllib.loads(BUDGETS.read_text(encoding="utf-8")) if BUDGETS.exists() else {}
    if chosen.update:
        write(budgets | {VERSION: {"modules": modules, "paths": ratios(counts)}})
        return
    if VERSION not in budgets:
        print(f"budgets: left out, as there are none for Python {VERSION} (make budgets UPDATE=1 writes them)")
        return
    if over := compare(ratios(counts), modules, budgets[VERSION]):
        sys.exit("budgets: over by more than " + f"{TOLERANCE} %:\n  " + "\n  ".join(over))


if __name__ == "__main__":
    main()
