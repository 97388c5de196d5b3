"""Read mutated documents of every kind: each must end in a value or in an error of this library, with its place.

Usage: python scripts/fuzz.py [--count N] [--seconds S] [--seed N] [--format NAME] [--processes N]

The same seed makes the same documents. A document that ends otherwise is printed, with its seed, and the exit is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import itertools
import json
import multiprocessing
import os
import random  # noqa: TID251  # seeded: the same documents each time
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from preorder_kit import InvalidDocument, PreorderKitError, Problem, Read
from preorder_kit.formats import FORMATS, read_document, recognise
from preorder_kit.serialization import to_json

ROOT = Path(__file__).parent.parent
FOLDERS = (ROOT / "tests" / "golden" / "payloads", ROOT / "docs" / "examples")
CHUNK = 500
ZONE = "Europe/Oslo"
OF_THE_WHOLE = ("json.", "csv.", "text.", "document.", "zone.")  # what is wrong with a document has no place in it
WRITTEN_ONE_IN = 10

ATOMS: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 5.9, -0.0, 1e300, 10**18, 10**30, -(10**30), 2**31, 2**63),
    *("", " ", "0", "-1", "5.9", "1e3", "+5", "no", "yes", "few", "infinite", "preorder", "true", "NaN", "null"),
    *("\ud800", "\x00", "\x1b[31m", "\uff19", "\u0663", "A" * 300, "=1+1", "🎁", "[" * 120, '"'),
    *("2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
    *("2026-11-22", "2026-11-22T09:30:00", "2026-11-22T09:30:00Z", "2026-11-22 09:30", "20:15", "P4D", "1795249570096"),
    *([], {}, [[]], [{}], [None], {"id": None}, ["a"], [1, 2], {"": ""}),
)
SCRAPS = (
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\r",
    b";",
    b"\\",
    b"\\u",
    b"NaN",
)


class Seed(NamedTuple):
    """A sound document that others are made of."""

    name: str
    format: str
    text: str
    root: Any  # what its JSON holds; None of a document that is none


def corpus(only: str | None) -> list[Seed]:
    """Return the sound documents of this project, each of a kind that is known; of one kind if it is named."""
    found = []
    for path in sorted(
        path for folder in FOLDERS for path in folder.rglob("*") if path.suffix in {".json", ".csv", ".jsonl"}
    ):
        text = path.read_text(encoding="utf-8")
        try:
            kind = recognise(text)
        except PreorderKitError:
            continue
        if only is None or kind == only:
            found.append(
                Seed(str(path.relative_to(ROOT)), kind, text, json.loads(text) if path.suffix == ".json" else None)
            )
    return found


def mutated(seed: Seed, others: Sequence[Seed], chance: random.Random) -> str | bytes:
    """Return a document that is nearly ``seed``."""
    if seed.root is None or chance.random() < 0.1:
        return _scrambled(seed.text if seed.root is not None else _other_cells(seed.text, chance), chance)
    root = copy.deepcopy(seed.root)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        root = _changed(root, others, chance)
    return json.dumps(root)


def _changed(root: Any, others: Sequence[Seed], chance: random.Random) -> Any:
    """Return the tree with one of its places changed."""
    places = list(_places(root))
    if not places:
        return chance.choice(ATOMS)
    holder, key = chance.choice(places)
    deed = chance.randrange(10)
    if deed == 0:
        del holder[key]
    elif deed == 1 and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif deed == 1:
        holder[chance.choice(list(holder))] = holder[key]
    elif deed == 2:
        holder[key] = [holder[key]] if chance.random() < 0.5 else {"0": holder[key]}
    elif deed == 3 and isinstance(holder[key], list | dict):
        holder[key] = list(holder[key].values()) if isinstance(holder[key], dict) else dict(enumerate(holder[key]))
    elif deed == 3:
        holder[key] = str(holder[key])
    elif deed == 4:
        holder[key] = copy.deepcopy(_piece(chance.choice(others).root, chance))
    elif deed == 5 and isinstance(holder[key], int):
        holder[key] += chance.choice((-1, 1, 10, -(10**6), 0.5))
    else:
        holder[key] = copy.deepcopy(chance.choice(ATOMS))
    return root


def _places(root: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place of a tree: what holds it, and its key or index there."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        inner = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        for key, value in inner:
            yield node, key
            waiting.append(value)


def _piece(root: Any, chance: random.Random) -> Any:
    places = list(_places(root))
    if not places:
        return root
    holder, key = chance.choice(places)
    return holder[key]


def _other_cells(text: str, chance: random.Random) -> str:
    """Return rows with some cells changed, moved, or said twice."""
    rows = [line.split(",") for line in text.splitlines()]
    for _ in range(chance.choice((1, 1, 2, 5))):
        row = chance.choice(rows)
        place = chance.randrange(len(row)) if row else 0
        deed = chance.randrange(5)
        if deed == 0:
            rows.insert(chance.randrange(len(rows) + 1), list(row))
        elif deed == 1 and row:
            del row[place]
        elif deed == 2:
            row.insert(place, chance.choice(chance.choice(rows) or [""]))
        elif row:
            row[place] = str(chance.choice(ATOMS))
    return "\n".join(",".join(row) for row in rows)


def _scrambled(text: str, chance: random.Random) -> bytes:
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        place = chance.randrange(len(data) + 1)
        deed = chance.randrange(4)
        if deed == 0:
            data[place : place + chance.randrange(40)] = b""
        elif deed == 1:
            data[place:place] = chance.choice(SCRAPS)
        elif deed == 2:
            data[place:place] = data[place : place + chance.randrange(60)]
        elif data:
            data[place % len(data)] ^= 1 << chance.randrange(8)
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.2 else data)


def judge(document: str | bytes, kind: str, *, written: bool) -> str:
    """Return how reading a document ends: ``value``, ``partly`` or ``refused``; anything else is raised."""
    with contextlib.suppress(InvalidDocument):  # of no kind, or of several
        recognise(document)
    try:
        found = read_document(document, format=kind, zone=ZONE)
    except InvalidDocument as error:
        _placed(error.problems)
        return "refused"
    except PreorderKitError as error:
        raise AssertionError(f"an error without a list of problems: {error!r}") from error
    assert isinstance(found, Read)
    _placed(found.problems)
    if written:
        to_json(found.values)
    return "partly" if found.problems else "value"


def _placed(problems: Sequence[Problem]) -> None:
    for problem in problems:
        assert isinstance(problem, Problem), problem
        assert problem.code, problem
        assert problem.message, problem
        assert problem.path or problem.code.startswith(OF_THE_WHOLE), f"a problem without a place: {problem!r}"
        str(problem)


class Found(NamedTuple):
    """What a chunk of documents came to."""

    ends: dict[str, int]
    failures: list[str]
    slowest: float


def run_chunk(task: tuple[int, str | None]) -> Found:
    """Read the documents of one chunk, which its number and the kind make."""
    number, only = task
    seeds = _corpus(only)
    trees = [seed for seed in seeds if seed.root is not None] or seeds
    chance = random.Random(number)  # no secret
    ends: dict[str, int] = {}
    failures, slowest = [], 0.0
    for index in range(CHUNK):
        seed = chance.choice(seeds)
        document = mutated(seed, trees, chance)
        kind = seed.format if chance.random() < 0.9 else chance.choice(list(FORMATS))
        began = time.perf_counter()
        try:
            end = judge(document, kind, written=index % WRITTEN_ONE_IN == 0)
        except BaseException:  # noqa: BLE001  # whatever it is, it is what is looked for
            end = "failure"
            failures.append(f"chunk {number}, {kind}, from {seed.name}:\n{document!r}\n{traceback.format_exc()}")
        slowest = max(slowest, time.perf_counter() - began)
        ends[end] = ends.get(end, 0) + 1
    return Found(ends, failures, slowest)


_KEPT: dict[str | None, list[Seed]] = {}


def _corpus(only: str | None) -> list[Seed]:
    if only not in _KEPT:
        _KEPT[only] = corpus(only)
    return _KEPT[only]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=20_000, help="how many documents")
    parser.add_argument("--seconds", type=float, default=None, help="end after so many seconds, if that is sooner")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first chunk")
    parser.add_argument("--format", choices=sorted(FORMATS), default=None, help="documents of one kind alone")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many at once")
    asked = parser.parse_args(arguments)
    chunks = -(-asked.count // CHUNK)
    tasks = [(asked.seed + number, asked.format) for number in range(chunks)]
    started, ends, failures, slowest = time.monotonic(), {}, [], 0.0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with multiprocessing.get_context("spawn").Pool(asked.processes) as pool, Progress(*columns) as progress:
        shown = progress.add_task("Reading mutated documents", total=chunks * CHUNK)
        for found in pool.imap_unordered(run_chunk, tasks):
            ends = {end: ends.get(end, 0) + found.ends.get(end, 0) for end in ends | found.ends}
            failures += found.failures
            slowest = max(slowest, found.slowest)
            progress.advance(shown, CHUNK)
            if failures or (asked.seconds is not None and time.monotonic() - started > asked.seconds):
                break
    for failure in itertools.islice(failures, 5):
        print(failure, file=sys.stderr)
    total = sum(ends.values())
    print(f"{total:,} documents: " + ", ".join(f"{many:,} {end}" for end, many in sorted(ends.items())), end="")
    print(f"; the slowest took {slowest * 1000:.0f} ms")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
