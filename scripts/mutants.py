"""Change the decision modules one small thing at a time, and see that a test notices each change.

Usage: python scripts/mutants.py [--modules NAME ...] [--tests PATH ...] [--fresh] [--table] [--reach]

One process collects the tests once. Each mutant is a fork of it: the changed function gets its new code in place, and
the tests that reach the changed line run, the likeliest first, until one fails. What code that runs on import changes
is tried in a fork that imports the package anew. A result is kept until its module changes; a survivor is tried again
when anything changes. The table says what was measured; a module below 90 % fails.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gc
import hashlib
import importlib
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import subprocess
import sys
import time
import tomllib
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import attrs
import coverage
import hypothesis
import mutations
import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(os.environ.get("MUTANTS_ROOT", Path(__file__).parent.parent))  # another checkout, to try mutants elsewhere
SOURCE = ROOT / "src" / "preorder_kit"
STATE = ROOT / ".cache" / "mutants"
KEPT = ROOT / "tests" / "mutants"
LEAST = 90  # percent of a module's mutants
WORDS = {"_wording", "_explaining"}  # rows of text, and what is said of a decision: nothing is decided there
# They start programs, which a fork cannot change, or libraries with threads, which cannot be forked; what the edges do
# is seen by their own tests, and decides nothing.
NOT_HERE = ("frames", "cli", "adapters", "_languages", "test_docs_commands", "test_package", "test_plots", "test_main")
SYSTEMS = ("adobe", "centra", "fabric", "frend", "fulfillmenttools", "google", "schema_org", "shopify")
TESTS = ("tests/unit", "tests/golden", "tests/property", "tests/stateful", "src")
QUIET = (
    "-p",
    "no:randomly",
    "-o",
    "cache_dir=.cache/mutants/pytest",
    "-p",
    "no:cov",
    "--assert=plain",
    "--capture=sys",
    "-qqq",
)
SECONDS = float(os.environ.get("MUTANT_SECONDS", "8"))  # of tests for one mutant; what they do not notice survives
QUICK = 0.05  # seconds of a test of a table or of an example
KILLED, SURVIVED, TIMEOUT, IMPORTED = "killed", "survived", "timeout", "imported"
_EXIT = {KILLED: 11, SURVIVED: 12, TIMEOUT: 13, IMPORTED: 14}
_OUTCOME = {code: outcome for outcome, code in _EXIT.items()}


def decision_modules() -> list[str]:
    """Return the modules from floor 1 up to the messages, lowest first, as the layers have them, but for words."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    deciding = floors[floors.index("messages") : floors.index("_rows") + 1]
    names = [name.strip() for floor in reversed(deciding) for name in floor.split("|")]
    return [name for name in names if name not in WORDS]


# Which tests reach which lines.


@attrs.frozen
class Reach:
    """What one file of tests reaches: for each test its seconds, and the lines of each module; "" is collecting."""

    seconds: dict[str, float]
    lines: dict[str, dict[str, list[int]]]  # by test, then by module


def test_files(tests: Sequence[str]) -> list[str]:
    found = []
    for name in tests:
        path = ROOT / name
        if path.is_dir():
            pattern = "*.py" if name.startswith("src") else "test_*.py"
            found += [str(file.relative_to(ROOT)) for file in sorted(path.rglob(pattern))]
        else:
            found.append(name)
    return [name for name in found if not any(word in name for word in (*NOT_HERE, *SYSTEMS))]


class Recorder:
    """Runs the tests of a file as they are, and notes what each reaches."""

    def __init__(self, coverage_: coverage.Coverage) -> None:
        self.coverage = coverage_
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for item, after in zip(session.items, [*session.items[1:], None], strict=False):
            self.coverage.switch_context(item.nodeid)
            start = time.process_time()
            reports = runtestprotocol(item, log=False, nextitem=after)
            if all(report.passed for report in reports):
                self.seconds[item.nodeid] = round(time.process_time() - start, 4)
            elif any(report.failed for report in reports):
                print(f"mutants: fails as it is: {item.nodeid}", file=sys.__stderr__)
        return True


def record(files: Sequence[str]) -> None:
    """Write the reach of each of some files of tests; a process of its own for each, made by fork."""
    measured = coverage.Coverage(data_file=None, branch=False, config_file=False, include=[f"{SOURCE}/*.py"])
    for name in files:
        if os.fork() == 0:
            _record_one(name, measured)
            os._exit(0)
        os.wait()


def _record_one(name: str, measured: coverage.Coverage) -> None:
    recorder = Recorder(measured)
    measured.start()
    code = pytest.main([*QUIET, name], plugins=[recorder])
    measured.stop()
    if code not in {0, 5}:
        return
    data = measured.get_data()
    lines: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for file in data.measured_files():
        for line, contexts in data.contexts_by_lineno(file).items():
            for context in contexts:
                lines[context].setdefault(Path(file).stem, []).append(line)
    wanted = {test: reached for test, reached in lines.items() if test == "" or test in recorder.seconds}
    _keep(_reach_file(name), {"key": _reach_key(name), **attrs.asdict(Reach(recorder.seconds, wanted))})


def _reach_file(name: str) -> Path:
    return STATE / "reach" / (name.replace("/", ".") + ".json")


def _reach_key(name: str) -> str:
    return _digest(ROOT / name, *sorted(SOURCE.rglob("*.py")))


def reaches(tests: Sequence[str]) -> dict[str, Reach]:
    """Return what each file of tests reaches, recording anew what is out of date."""
    (STATE / "reach").mkdir(parents=True, exist_ok=True)
    names = test_files(tests)
    stale = [name for name in names if _kept(_reach_file(name)).get("key") != _reach_key(name)]
    if stale:
        print(f"mutants: seeing what {len(stale)} files of tests reach ...", flush=True)
        shares = [stale[turn :: _jobs()] for turn in range(_jobs())]
        command = [sys.executable, __file__, "--record"]
        running = [subprocess.Popen([*command, *share], cwd=ROOT, env=_environment()) for share in shares if share]
        for process in running:
            process.wait()
    found = {name: _kept(_reach_file(name)) for name in names}
    return {name: Reach(kept["seconds"], kept["lines"]) for name, kept in found.items() if kept}


def _kept(path: Path) -> dict:  # type: ignore[type-arg]  # JSON
    return json.loads(path.read_text()) if path.exists() else {}


def _keep(path: Path, value: object) -> None:
    """Write a file at once: whoever ends this process leaves the old one or the new one."""
    path.with_suffix(".new").write_text(json.dumps(value, indent=0))
    path.with_suffix(".new").replace(path)


def _digest(*paths: Path) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _jobs() -> int:
    return int(os.environ.get("JOBS", "0")) or len(os.sched_getaffinity(0))


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONHASHSEED": "0", "HYPOTHESIS_PROFILE": "mutants"}


# One module: its mutants, its functions, and the tests that reach them.


class Target:
    """A decision module that is loaded, and what reaches it."""

    def __init__(self, name: str, found: dict[str, Reach], enums: dict[str, tuple[str, ...]]) -> None:
        self.name = name
        self.path = SOURCE / f"{name}.py"
        self.source = self.path.read_text(encoding="utf-8")
        self.tree, self.mutants = self.parsed(enums)
        self.reached: dict[str, set[int]] = {}
        self.seconds: dict[str, float] = {}
        self.on_import: set[int] = set()
        for reach in found.values():
            for test, by_module in reach.lines.items():
                if test:
                    self.reached[test] = set(by_module.get(name, ()))
                    self.seconds[test] = reach.seconds[test]
                else:
                    self.on_import |= set(by_module.get(name, ()))
        self.reached = {test: lines for test, lines in self.reached.items() if lines}
        self.lately: dict[str | None, list[str]] = defaultdict(list)  # what noticed the mutants of a function

    def parsed(self, enums: dict[str, tuple[str, ...]]) -> tuple[ast.Module, list[mutations.Mutant]]:
        tree = ast.parse(self.source)
        return tree, mutations.mutants(tree, enums)

    def tests_of(self, mutant: mutations.Mutant) -> list[str]:
        """Return the tests that may notice a mutant, the likeliest first.

        First those that noticed others of its function, then the module's own, then the rest, a quick one of each file
        before a second one of any.
        """
        lines = set(range(mutant.first, mutant.last + 1)) if mutant.function else None
        able = [test for test, reached in self.reached.items() if lines is None or reached & lines]
        able.sort(key=lambda test: (self.seconds[test], test))
        turn: dict[str, int] = defaultdict(int)
        keys = {}
        own = self.name.strip("_")
        for test in able:
            file = test.partition("::")[0]
            turn[file] += 1
            quick = self.seconds[test] < QUICK
            keys[test] = (own not in Path(file).stem, not quick, turn[file] // 8, self.seconds[test])
        lately = self.lately[mutant.function]
        return sorted(able, key=lambda test: (-lately.index(test) if test in lately else 1, keys[test]))

    def noticed(self, mutant: mutations.Mutant, test: str) -> None:
        lately = self.lately[mutant.function]
        if test in lately:
            lately.remove(test)
        lately.append(test)
        del lately[:-12]


Functions = dict[tuple[str, int], list[FunctionType]]


def functions_there() -> dict[str, Functions]:
    """Return all functions that there are, by their file, then by name and line."""
    found: dict[str, Functions] = defaultdict(lambda: defaultdict(list))
    for value in gc.get_objects():
        if isinstance(value, FunctionType):
            code = value.__code__
            found[code.co_filename][code.co_qualname, code.co_firstlineno].append(value)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for held in code.co_consts:
        if isinstance(held, CodeType):
            yield held
            yield from _codes(held)


def give_new_code(code: CodeType, functions: Functions) -> None:
    """Give every function of a module its code in the changed one; raise ValueError where they do not fit."""
    new: dict[tuple[str, int], list[CodeType]] = defaultdict(list)
    for inner in _codes(code):
        new[inner.co_qualname, inner.co_firstlineno].append(inner)
    for key, holders in functions.items():
        if len(new[key]) == 1:
            for function in holders:
                if function.__code__ != new[key][0]:
                    function.__code__ = new[key][0]


# One fork.


def run_items(items: Sequence[pytest.Item], seconds: dict[str, float]) -> tuple[str, str]:
    """Run tests until one fails; return what became of the mutant, and the test that noticed."""
    signal.signal(signal.SIGPROF, lambda *_: os._exit(_EXIT[TIMEOUT]))
    start = time.process_time()
    for item, after in zip(items, [*items[1:], None], strict=False):
        signal.setitimer(signal.ITIMER_PROF, 3 + 10 * seconds.get(item.nodeid, 0))
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=after)):
            return KILLED, item.nodeid
        if time.process_time() - start > SECONDS:
            break
    return SURVIVED, ""


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, resource.RLIM_INFINITY))
    nowhere = os.open(os.environ.get("MUTANT_LOG", os.devnull), os.O_RDWR | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def in_place(
    target: Target, mutant: mutations.Mutant | None, items: Sequence[pytest.Item], functions: Functions
) -> tuple[str, str]:
    """Try a mutant of a function, or none, in this process."""
    if mutant:
        mutant.apply()
    try:
        give_new_code(compile(target.tree, str(target.path), "exec"), functions)
    except ValueError:
        return IMPORTED, ""
    for value in vars(sys.modules[f"preorder_kit.{target.name}"]).values():
        if isinstance(value, functools._lru_cache_wrapper):
            value.cache_clear()
    return run_items(items, target.seconds)


class _Changed(importlib.machinery.SourceFileLoader):
    """Loads a module from its changed tree."""

    def __init__(self, target: Target) -> None:
        super().__init__(f"preorder_kit.{target.name}", str(target.path))
        self._code = compile(target.tree, str(target.path), "exec")

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return self._code


class _Finder:
    def __init__(self, target: Target) -> None:
        self._target = target

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> object:  # noqa: ARG002
        if name != f"preorder_kit.{self._target.name}":
            return None
        return importlib.util.spec_from_file_location(name, self._target.path, loader=_Changed(self._target))


class Chosen:
    """Runs chosen tests, in their order, until one fails, and then the others of their files.

    A test that reads no more than a constant runs no line of the module that has it, but for its import.
    """

    def __init__(self, tests: Sequence[str], seconds: dict[str, float]) -> None:
        self.tests, self.seconds = tests, seconds
        self.outcome = (KILLED, "")  # unless collecting gets as far as running

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            return True
        items = {item.nodeid: item for item in session.items}
        chosen = {test: items[test] for test in self.tests if test in items}
        self.outcome = run_items([*(chosen | items).values()], self.seconds)
        return True


def imported_anew(target: Target, mutant: mutations.Mutant | None, tests: Sequence[str]) -> tuple[str, str]:
    """Try a mutant in this process with the package imported anew."""
    signal.signal(signal.SIGPROF, lambda *_: os._exit(_EXIT[TIMEOUT]))
    signal.setitimer(signal.ITIMER_PROF, 60)
    if mutant:
        mutant.apply()
    ours = (str(SOURCE), str(ROOT / "tests"), str(ROOT / "conftest.py"))
    for name, module in [*sys.modules.items()]:
        if (getattr(module, "__file__", None) or "").startswith(ours):
            del sys.modules[name]
    sys.meta_path.insert(0, _Finder(target))
    files = [*dict.fromkeys(test.partition("::")[0] for test in tests)]
    for few in filter(None, (files[:3], files[3:15])):  # collecting costs more than running
        chosen = Chosen([test for test in tests if test.partition("::")[0] in few], target.seconds)
        pytest.main([*QUIET, *few], plugins=[chosen])
        if chosen.outcome[0] != SURVIVED:
            return chosen.outcome
        signal.setitimer(signal.ITIMER_PROF, 60)
    return SURVIVED, ""


# All forks.

Done = Callable[[mutations.Mutant, str, str], None]


class Forks:
    """Runs a few forks at a time, and hands on what becomes of each."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[int, float, Callable[[str, str], None]]] = {}

    def start(self, work: Callable[[], tuple[str, str]], then: Callable[[str, str], None]) -> None:
        while len(self._running) >= _jobs():
            self._wait()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            self._child(work, writer)
        os.close(writer)
        self._running[child] = (reader, time.monotonic(), then)

    @staticmethod
    def _child(work: Callable[[], tuple[str, str]], writer: int) -> None:
        outcome, test = KILLED, ""
        try:
            _limited()
            outcome, test = work()
        except BaseException:  # noqa: BLE001  # a mutant may raise anything anywhere, which is noticed
            traceback.print_exc()
        os.write(writer, test.encode())
        os._exit(_EXIT[outcome])

    def finish(self) -> None:
        while self._running:
            self._wait()

    def _wait(self) -> None:
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child:
                break
            for late, (_, start, _) in self._running.items():
                if time.monotonic() - start > 300:
                    os.kill(late, signal.SIGKILL)
            time.sleep(0.002)
        reader, _, then = self._running.pop(child)
        with os.fdopen(reader, "rb") as told:
            test = told.read().decode()
        # A process that ends otherwise was ended: by its memory, its stack, or after minutes.
        then(_OUTCOME.get(os.waitstatus_to_exitcode(status), TIMEOUT), test)


class Session:
    """The tests are collected: try the mutants of each module."""

    def __init__(self, modules: Sequence[str], found: dict[str, Reach], *, fresh: bool) -> None:
        self.modules, self.found, self.fresh = modules, found, fresh
        self.enums = mutations.enums_in(SOURCE)
        self.tests_key = _digest(*(ROOT / name for name in found), *sorted(SOURCE.rglob("*.py")))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            sys.exit("mutants: the tests cannot be collected")
        self.items = {item.nodeid: item for item in session.items}
        gc.collect()
        self.functions = functions_there()
        gc.freeze()
        self.forks = Forks()
        for name in self.modules:
            self.try_module(Target(name, self.found, self.enums))
        return True

    def try_module(self, target: Target) -> None:
        state = STATE / f"{target.name}.json"
        results = {} if self.fresh else self._results_before(target, state)
        start, before = time.monotonic(), len(results)

        def done(mutant: mutations.Mutant, outcome: str, test: str) -> None:
            results[mutant.key] = [outcome, test, self.tests_key]
            if test:
                target.noticed(mutant, test)
            if len(results) % 25 == 0:
                self._save(target, state, results)

        self._control(target)
        left = [mutant for mutant in target.mutants if mutant.key not in results]
        for mutant in self._try_in_place(target, left, done) + [each for each in left if each.function is None]:
            self._try_anew(target, mutant, done)
        self.forks.finish()
        self._save(target, state, results)
        count, spent = len(results) - before, time.monotonic() - start
        print(f"mutants: {target.name}: {count} tried in {spent:.0f} s", flush=True)

    def _try_in_place(self, target: Target, left: Sequence[mutations.Mutant], done: Done) -> list[mutations.Mutant]:
        """Try the mutants of functions; return those that the import may have hidden."""
        again: list[mutations.Mutant] = []

        def then(mutant: mutations.Mutant, outcome: str, test: str) -> None:
            early = target.on_import & set(range(mutant.first, mutant.last + 1))
            if outcome == IMPORTED or (outcome == SURVIVED and early):
                again.append(mutant)
            else:
                done(mutant, outcome, test)

        for mutant in left:
            if mutant.function:
                items = [self.items[test] for test in target.tests_of(mutant) if test in self.items]
                work = functools.partial(in_place, target, mutant, items, self.functions[str(target.path)])
                self.forks.start(work, functools.partial(then, mutant))
        self.forks.finish()
        return again

    def _try_anew(self, target: Target, mutant: mutations.Mutant, done: Done) -> None:
        tests = target.tests_of(attrs.evolve(mutant, function=None))
        work = functools.partial(imported_anew, target, mutant, tests)
        self.forks.start(work, functools.partial(done, mutant))

    def _control(self, target: Target) -> None:
        """See that the tests pass, in the order in which they are tried, where nothing is changed."""
        tests = sorted(target.reached, key=target.seconds.__getitem__)

        def told(outcome: str, test: str) -> None:
            if outcome != SURVIVED:
                sys.exit(f"mutants: {target.name}: {test or 'a test'} fails with nothing changed ({outcome})")

        items = [self.items[test] for test in tests if test in self.items]
        functions = self.functions[str(target.path)]
        self.forks.start(lambda: in_place(target, None, items, functions), told)
        if any(mutant.function is None for mutant in target.mutants):
            self.forks.start(lambda: imported_anew(target, None, tests), told)
        self.forks.finish()

    def _results_before(self, target: Target, state: Path) -> dict[str, list[str]]:
        kept = _kept(state)
        if kept.get("source") != _digest(target.path):
            return {}
        return {
            key: result
            for key, result in kept["results"].items()
            if result[0] != SURVIVED or result[2] == self.tests_key
        }

    @staticmethod
    def _save(target: Target, state: Path, results: dict[str, list[str]]) -> None:
        source = _digest(target.path)
        _keep(state, {"source": source, "results": results})


# What is said of it.


def table(modules: Iterable[str]) -> tuple[list[str], bool]:
    """Return the table of what was measured, and whether every module reaches the least."""
    reasons = tomllib.loads((KEPT / "survivors.toml").read_text(encoding="utf-8"))
    rows = [f"{'module':16} {'mutants':>7} {'killed':>7} {'timeout':>7} {'survive':>7} {'noticed':>8} {'no reason':>9}"]
    enough, sums = True, [0, 0, 0, 0, 0]
    for name in modules:
        results = _kept(STATE / f"{name}.json").get("results", {})
        if not results:
            rows.append(f"{name:16} not measured")
            continue
        outcomes = [result[0] for result in results.values()]
        counts = [len(outcomes), *(outcomes.count(outcome) for outcome in (KILLED, TIMEOUT, SURVIVED))]
        known = reasons.get(name, {})
        counts.append(sum(result[0] == SURVIVED and key not in known for key, result in results.items()))
        sums = [whole + part for whole, part in zip(sums, counts, strict=True)]
        rows.append(_row(name, counts))
        enough = enough and _noticed(counts) >= LEAST
    return [*rows, _row("all", sums)] if sums[0] else rows, enough


def _row(name: str, counts: Sequence[int]) -> str:
    return f"{name:16} {counts[0]:7} {counts[1]:7} {counts[2]:7} {counts[3]:7} {_noticed(counts):7.1f}% {counts[4]:9}"


def _noticed(counts: Sequence[int]) -> float:
    """Return the percentage that tests notice; an endless loop is noticed, as a run that does not end fails."""
    return 100 * (counts[1] + counts[2]) / counts[0]


def survivors(modules: Iterable[str]) -> Iterator[str]:
    reasons = tomllib.loads((KEPT / "survivors.toml").read_text(encoding="utf-8"))
    for name in modules:
        for key, result in _kept(STATE / f"{name}.json").get("results", {}).items():
            if result[0] == SURVIVED and key not in reasons.get(name, {}):
                yield f"  {name}: {key}"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--modules", nargs="*")
    options.add_argument("--tests", nargs="*")
    options.add_argument("--fresh", action="store_true")
    options.add_argument("--table", action="store_true", help="print what is known, and try nothing")
    options.add_argument("--reach", action="store_true", help="see what the tests reach, and try nothing")
    options.add_argument("--record", nargs="*", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    os.chdir(ROOT)
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], _environment())
    quick = hypothesis.settings(
        max_examples=20, deadline=None, derandomize=True, database=None, phases=["explicit", "generate"]
    )
    hypothesis.settings.register_profile("mutants", quick)
    modules = chosen.modules or decision_modules()
    if unknown := [name for name in modules if not (SOURCE / f"{name}.py").exists()]:
        sys.exit(f"mutants: no module is called {', '.join(unknown)}; there are {', '.join(decision_modules())}")
    if chosen.record:
        record(chosen.record)
        return
    if not chosen.table:
        found = reaches(chosen.tests or TESTS)
        if chosen.reach:
            return
        wanted = [name for name, reach in found.items() if any(set(modules) & set(by) for by in reach.lines.values())]
        session = Session(modules, {name: found[name] for name in wanted}, fresh=chosen.fresh)
        code = pytest.main([*QUIET, *wanted], plugins=[session])
        if code not in {0, 5}:
            sys.exit(f"mutants: pytest ended with {code}")
    rows, enough = table(modules)
    for row in survivors(modules):
        print(row)
    print("\n".join(rows))
    sys.exit(not enough)


if __name__ == "__main__":
    main()
