"""What `allocate` of `preorder_kit.frames` costs, as ratios to queries that were written by hand for each engine.

Run it with ``make bench-frames``, or with other numbers, as ``python frames.py 1000000 --engines polars --rounds 3``.
Each engine has a process of its own, in which all ways take turns; each peak of memory has one, too. Answers that are
not those of the hand-written query, line by line, are WRONG, and the program ends with 1. ``--model`` fits a cost model
to three sizes instead, the last of which it predicts from the others first.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata  # noqa: TID251  # of the engines, and this is a program
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import peaks
from frame_data import SHAPES, files
from frame_engines import ENGINES, Engine
from frame_models import print_model
from frame_others import OTHERS
from frame_peers import PEERS
from frame_wholes import POLICIES, held, same, wholes
from timing import seconds

from preorder_kit import WaitingLine
from preorder_kit import allocate as pure
from preorder_kit.frames import AVAILABLE, QUEUE, allocate, check_frame

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.timezone.utc)
FOLDER = Path(__file__).parents[1] / "build" / "bench"
PARTS = ["engines", "memory", "pure", "others", "whole"]
LEAN = ["order_id", "line_id", "granted", "short"]
FULL = [*LEAN, "added", "decision", "unfulfillable"]
#: The shapes that each engine is timed on where none are named.
USUAL = {"polars": list(SHAPES), "duckdb": list(SHAPES), "spark": ["ties", "giant"]}

Way = Callable[[], Any]


def ways(engine: str, queue: Path, available: Path) -> tuple[Engine, dict[str, Way], dict[str, Way]]:
    """Return the engine, the ways to share out by name, and the hand-written ones to choose from."""
    runs = ENGINES[engine]()
    frames = runs.load(queue, available)
    peer = PEERS[engine](runs.finish)

    def ours(queue: Any, available: Any) -> Any:
        return allocate(queue, available=available, at=NOW).lines

    def full() -> Any:
        return peer.full(fastest(*frames))

    def looked() -> Any:
        peer.looked_at(*frames)
        return full()

    once = check_frame(frames[0], of=QUEUE), check_frame(frames[1], of=AVAILABLE)
    lean = {name: partial(query, *frames) for name, query in peer.lean.items()}
    fastest = peer.lean[fastest_of(runs, lean)]
    found = {
        "checked": partial(ours, *frames),
        "ours": partial(ours, *once),
        "lean": partial(fastest, *frames),
        "full": full,
        "looked": looked,
    }
    return runs, found, lean


def done(runs: Engine, way: Way) -> float:
    """Return how long one way takes from its query to its last row."""
    return seconds(lambda: runs.finish(way()))


def fastest_of(runs: Engine, lean: dict[str, Way]) -> str:
    """Return the name of the query that is done first; each is run twice, as all are colder at first."""
    if len(lean) == 1:
        return next(iter(lean))
    took = {name: min(done(runs, way) for _ in range(2)) for name, way in lean.items()}
    return min(took, key=took.__getitem__)


def time_ways(engine: str, rounds: int, queue: str, available: str) -> dict[str, Any]:
    """Return the median time of each way, taking turns, and whether all say the same of each line."""
    runs, found, lean = ways(engine, Path(queue), Path(available))
    took: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(rounds):
        for name, way in found.items():
            took[name].append(done(runs, way))
    digests = {name: runs.digest(found[name](), FULL) for name in ("checked", "ours", "full")}
    thin = {runs.digest(way(), LEAN) for way in (found["ours"], *lean.values())}
    return {
        "seconds": {name: median(times) for name, times in took.items()},
        "right": len(set(digests.values())) == len(thin) == 1,
    }


def hold_way(engine: str, way: str, queue: str, available: str) -> dict[str, int]:
    """Return the bytes held when the frames are there, and the most while one way runs."""
    runs = ENGINES[engine]()
    frames = runs.load(Path(queue), Path(available))
    peer = PEERS[engine](runs.finish)
    loaded = peaks.forget()
    if way == "lean":
        kept = runs.finish(next(iter(peer.lean.values()))(*frames))
    else:
        kept = runs.finish(allocate(frames[0], available=frames[1], at=NOW).lines)
    most = peaks.peak()
    del kept
    return {"loaded": loaded, "peak": most}


def time_pure(rounds: int, queue: str, available: str) -> dict[str, Any]:
    """Return what the pure function takes beside Polars, over the same lines."""
    import polars as pl

    frames = [pl.read_parquet(path) for path in (queue, available)]
    rows = [row for part in frames[0].iter_slices(100_000) for row in part.iter_rows(named=True)]
    stock = dict(frames[1].iter_rows())
    lines = [WaitingLine(**row) for row in rows]
    lazy = [frame.lazy() for frame in frames]
    once = check_frame(lazy[0], of=QUEUE), check_frame(lazy[1], of=AVAILABLE)

    def ours(queue: Any, available: Any) -> Any:
        return allocate(queue, available=available, at=NOW).lines.collect()

    todo: dict[str, Way] = {
        "pure": lambda: pure(lines, available=stock, at=NOW),
        "pure, lines built": lambda: pure([WaitingLine(**row) for row in rows], available=stock, at=NOW),
        "checked": partial(ours, *lazy),
        "ours": partial(ours, *once),
    }
    took: dict[str, list[float]] = {name: [] for name in todo}
    for _ in range(rounds):
        for name, way in todo.items():
            took[name].append(seconds(way))
    granted = {(grant.order_id, grant.line_id): grant.quantity for grant in todo["pure"]().grants}
    found = todo["checked"]().filter(pl.col("granted") > 0)
    same = granted == dict(zip(zip(found["order_id"], found["line_id"], strict=True), found["granted"], strict=True))
    return {"seconds": {name: median(times) for name, times in took.items()}, "right": same}


def time_other(name: str, lines: int, rounds: int, queue: str, available: str) -> dict[str, Any]:
    """Return what another operation takes on Polars, and by hand."""
    ours, by_hand, same = OTHERS[name](lines, Path(queue), Path(available))
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for times, way in zip(took, (ours, by_hand), strict=True):
            times.append(seconds(way))
    return {"ours": median(took[0]), "by hand": median(took[1]), "right": same(ours(), by_hand())}


def time_whole(name: str, rounds: int, queue: str, available: str) -> dict[str, Any]:
    """Return what an answer takes that no window can give, beside the pure function."""
    todo = wholes(name, Path(queue), Path(available))
    took: dict[str, list[float]] = {way: [] for way in todo}
    for _ in range(rounds):
        for way, work in todo.items():
            took[way].append(seconds(work))
    right = same(todo["ours"](), todo["pure"]().grants)
    return {"seconds": {way: median(times) for way, times in took.items()}, "right": right}


def hold_whole(name: str, queue: str, available: str) -> dict[str, int]:
    return {"beyond": held(name, Path(queue), Path(available))}


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "time": time_ways,
    "hold": hold_way,
    "pure": time_pure,
    "other": time_other,
    "whole": time_whole,
    "hold whole": hold_whole,
}


def in_child(task: str, **given: Any) -> dict[str, Any]:
    """Return what a task finds in a process of its own."""
    command = [sys.executable, __file__, "--task", json.dumps({"task": task, **given})]
    child = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # this very program
    if child.returncode:
        print(child.stderr, file=sys.stderr)
        raise SystemExit(1)
    return json.loads(child.stdout.splitlines()[-1])


def machine() -> str:
    names = ["preorder-kit", "narwhals", "polars", "duckdb", "pandas", "pyspark", "pyarrow"]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)  # noqa: TID251  # as above
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores, {memory:.0f} GB; Python {platform.python_version()}, {versions}"


RATIOS = {
    "ours/lean": ("ours", "lean"),
    "ours/full": ("ours", "full"),
    "checked/lean": ("checked", "lean"),
    "checked/looked": ("checked", "looked"),
}
HEAD = """
First come, first served: seconds, the median of each way's turns. `checked` is a call with plain frames, `ours` one
with frames that were checked before. By hand: `lean` adds granted and short, `full` all columns that ours adds;
`looked` looks at all rows first, as ours does."""


def print_engines(asked: argparse.Namespace) -> bool:
    ways = ["checked", "ours", "lean", "full", "looked"]
    print(HEAD)
    print(f"{'engine':<17}{'shape':<6}", *(f"{name:>8}" for name in ways), *(f"{name:>14}" for name in RATIOS))
    right = True
    for engine in asked.engines:
        for shape in asked.shapes or USUAL.get(engine, ["ties"]):
            queue, available = map(str, files(FOLDER, shape, asked.lines))
            found = in_child("time", engine=engine, rounds=asked.rounds, queue=queue, available=available)
            took = found["seconds"]
            ratios = (took[one] / took[other] for one, other in RATIOS.values())
            wrong = "" if found["right"] else "  WRONG"
            times = (f"{took[name]:>8.2f}" for name in ways)
            print(f"{engine:<17}{shape:<6}", *times, *(f"{ratio:>14.2f}" for ratio in ratios), wrong, flush=True)
            right &= found["right"]
    return right


def print_memory(asked: argparse.Namespace) -> None:
    print(
        "\nMemory in GB: the frames alone, the most while ours (checked) and the lean query run, and the ratio of those"
    )
    print(f"{'engine':<17}{'loaded':>9}{'ours':>8}{'lean':>8}{'ratio':>8}{'beyond loaded':>15}")
    for engine in asked.engines:
        shape = (asked.shapes or ["ties"])[0]
        queue, available = map(str, files(FOLDER, shape, asked.lines))
        ours, lean = (
            in_child("hold", engine=engine, way=way, queue=queue, available=available) for way in ("checked", "lean")
        )
        beyond = (ours["peak"] - ours["loaded"]) / max(lean["peak"] - lean["loaded"], 1)
        print(
            f"{engine:<17}{ours['loaded'] / 1e9:>9.2f}{ours['peak'] / 1e9:>8.2f}{lean['peak'] / 1e9:>8.2f}"
            f"{ours['peak'] / lean['peak']:>8.2f}{beyond:>15.2f}",
            flush=True,
        )


def print_pure(asked: argparse.Namespace) -> bool:
    queue, available = map(str, files(FOLDER, "ties", asked.small))
    found = in_child("pure", rounds=asked.rounds, queue=queue, available=available)
    took = found["seconds"]
    print(f"\nThe pure function beside Polars, {asked.small:,} lines{'' if found['right'] else '  WRONG'}")
    print(f"{'':<20}{'seconds':>9}{'checked':>9}{'ratio':>7}{'ours':>9}{'ratio':>7}")
    for name in ("pure", "pure, lines built"):
        print(f"{name:<20}{took[name]:>9.2f}", end="")
        print(*(f"{took[way]:>9.2f}{took[name] / took[way]:>7.1f}" for way in ("checked", "ours")), sep="")
    return bool(found["right"])


def print_others(asked: argparse.Namespace) -> bool:
    print(f"\nOther operations on Polars, {asked.small:,} rows: ours checks, what is written by hand does not")
    print(f"{'operation':<28}{'ours':>8}{'by hand':>9}{'ratio':>8}")
    right = True
    queue, available = map(str, files(FOLDER, "ties", asked.small))
    for name in OTHERS:
        found = in_child("other", name=name, lines=asked.small, rounds=asked.rounds, queue=queue, available=available)
        right &= found["right"]
        ratio = found["ours"] / found["by hand"]
        wrong = "" if found["right"] else "  WRONG"
        print(f"{name:<28}{found['ours']:>8.3f}{found['by hand']:>9.3f}{ratio:>8.2f}{wrong}", flush=True)
    return right


def print_wholes(asked: argparse.Namespace) -> bool:
    print(f"\nWhat no window can answer, on Polars, {asked.small:,} lines: seconds, beside the pure function")
    print(f"{'policy':<17}{'ours':>8}{'pure':>8}{'lines built':>13}{'ratio':>8}{'GB beyond the frames':>22}")
    queue, available = map(str, files(FOLDER, "ties", asked.small))
    right = True
    for name in POLICIES:
        found = in_child("whole", name=name, rounds=asked.rounds, queue=queue, available=available)
        beyond = in_child("hold whole", name=name, queue=queue, available=available)["beyond"]
        right &= found["right"]
        ours, pure, built = found["seconds"].values()
        wrong = "" if found["right"] else "  WRONG"
        times = f"{ours:>8.2f}{pure:>8.2f}{built:>13.2f}{built / ours:>8.1f}"
        print(f"{name:<17}{times}{beyond / 1e9:>22.2f}{wrong}", flush=True)
    return right


def print_models(asked: argparse.Namespace) -> None:
    for engine in asked.engines:
        took = {}
        for lines in (asked.lines // 10, asked.lines * 3 // 10, asked.lines):
            queue, available = map(str, files(FOLDER, "ties", lines))
            found = in_child("time", engine=engine, rounds=asked.rounds, queue=queue, available=available)
            took[lines] = found["seconds"]["checked"]
        print_model(engine, took)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=int, nargs="?", default=10_000_000)
    parser.add_argument("--small", type=int, default=1_000_000, help="lines for the pure function, rows for the others")
    parser.add_argument("--engines", nargs="*", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument("--shapes", nargs="*", choices=list(SHAPES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--parts", nargs="*", choices=PARTS)
    parser.add_argument("--model", action="store_true")
    parser.add_argument("--task", type=json.loads, help=argparse.SUPPRESS)
    return parser.parse_args()


def main(asked: argparse.Namespace) -> int:
    if asked.task:
        print(json.dumps(TASKS[asked.task.pop("task")](**asked.task)))
        return 0
    print(f"{asked.lines:,} lines, {asked.rounds} rounds; {machine()}")
    if asked.model:
        print_models(asked)
        return 0
    for shape, (hard, _) in SHAPES.items():
        print(f"  {shape}: {hard}")
    parts = asked.parts or PARTS
    right = print_engines(asked) if "engines" in parts else True
    if "memory" in parts:
        print_memory(asked)
    if "pure" in parts:
        right &= print_pure(asked)
    if "others" in parts:
        right &= print_others(asked)
    if "whole" in parts:
        right &= print_wholes(asked)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(arguments()))
