"""How much memory a program and its children have held at most, as Linux counts it."""

from __future__ import annotations

import os
from pathlib import Path

_PROCESSES = Path("/proc")


def forget() -> int:
    """Forget the peaks so far; return the bytes held now."""
    for process in _family():
        (_PROCESSES / str(process) / "clear_refs").write_text("5")
    return _kilobytes("VmRSS") * 1024


def peak() -> int:
    """Return the most bytes held since they were forgotten."""
    return _kilobytes("VmHWM") * 1024


def _kilobytes(field: str) -> int:
    held = 0
    for process in _family():
        for line in (_PROCESSES / str(process) / "status").read_text().splitlines():
            if line.startswith(field):
                held += int(line.split()[1])
    return held


def _family() -> list[int]:
    """Return this process and all that come from it."""
    parents = {}
    for path in _PROCESSES.glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(path.parent.name)] = int(fields[1])
    family = [os.getpid()]
    for process in family:
        family += [child for child, parent in parents.items() if parent == process]
    return family
