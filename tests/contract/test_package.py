import ast
import importlib
import os
import pickle
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import preorder_kit

HERE = Path(__file__).parent
PACKAGE = Path(preorder_kit.__file__).parent
CORE = [
    "bundles",
    "calendars",
    "charging",
    "delay_rules",
    "delivery",
    "errors",
    "lifecycle",
    "messages",
    "orders",
    "promise",
    "quantities",
    "rationing",
    "sourcing",
    "splitting",
    "stock",
    "street_date",
    "supply",
    "waiting_room",
]
EDGES = [
    "serialization",
    "frames",
    "holiday_calendars",
    "optimum",
    "plots",
    "queue_files",
    "testing",
    "testing.conformance",
    "testing.laws",
    "translations",
    "adapters.adobe_oms",
    "adapters.centra",
    "adapters.fabric",
    "adapters.frend",
    "adapters.fulfillmenttools",
    "adapters.google_merchant",
    "adapters.schema_org",
    "adapters.shopify",
    "formats",
    "cli",
    "__main__",
]


def run(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=os.environ | environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


def test_the_root_exports_every_public_name_of_the_core_sorted():
    names = [name for module in CORE for name in importlib.import_module(f"preorder_kit.{module}").__all__]
    assert sorted(names) == preorder_kit.__all__
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("module", CORE)
def test_a_module_of_the_core_makes_public_what_it_lists_and_nothing_else(module):
    loaded = importlib.import_module(f"preorder_kit.{module}")
    own = {
        name
        for name, value in vars(loaded).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == loaded.__name__
    }
    assert own <= set(loaded.__all__)


def test_every_module_is_known_to_these_tests():
    found = {
        info.name.removeprefix("preorder_kit.")
        for info in pkgutil.walk_packages(preorder_kit.__path__, "preorder_kit.")
    }
    public = {name for name in found if name == "__main__" or not f".{name}".count("._")}
    assert public == {*CORE, *EDGES, "adapters"}


def test_importing_the_root_brings_attrs_and_the_standard_library_alone():
    program = (
        "import sys; before = set(sys.modules); import preorder_kit;"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    names = run("-c", program).stdout.split()
    brought = {name for name in names if not name.startswith("_sysconfigdata")}  # the standard library's, by platform
    assert brought - set(sys.stdlib_module_names) == {"attr", "attrs", "preorder_kit"}


def test_public_signatures_are_those_on_record():
    recorded = (HERE / "signatures.txt").read_text(encoding="utf-8")
    script = HERE.parent.parent / "scripts" / "signatures.py"
    assert run(str(script)).stdout == recorded, "run make signatures, and say in the changelog what changed"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["host._vendor.preorder_kit", "deep.er.still.pk"])
def test_a_copy_under_another_name_works(tmp_path, name):
    home = tmp_path.joinpath(*name.split("."))
    home.parent.mkdir(parents=True)
    shutil.copytree(PACKAGE, home, ignore=shutil.ignore_patterns("__pycache__"))
    modules = [f"{name}.{module}" for module in [*CORE, *EDGES]]
    program = f"""
import importlib, sys
sys.path.insert(0, {str(tmp_path)!r})
for module in {modules!r}:
    importlib.import_module(module)
assert not [module for module in sys.modules if module.startswith("preorder_kit")]
root = importlib.import_module({name!r})
print(root.normalize_stock("few").availability)
"""
    assert run("-c", program, HYPOTHESIS_NO_PLUGINS="1").stdout == "low_stock\n"  # or it brings what is installed


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_a_module_imports_its_own_package_relatively_and_nothing_by_string(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith(("preorder_kit", "importlib")) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            assert not node.module.startswith(("preorder_kit", "importlib"))


@pytest.mark.slow
def test_an_answer_is_the_same_under_every_hash_seed_and_time_zone():
    program = """
import datetime as dt
from preorder_kit import *
at = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.timezone.utc)
lines = [
    OrderLine(id=str(n), sku="ABC"[n % 3], quantity=n + 1, when_short="wait", ship_to="xyz"[n % 2]) for n in range(6)
]
receipts = [
    Receipt(sku=sku, quantity=4, expected=dt.date(2026, 4, day), reference=f"P{day}")
    for sku in "ABC" for day in (3, 9)
]
supply = Supply(on_hand={"A": 2, "B": 5}, receipts=receipts)
calendar = WorkCalendar(weekdays=range(5), holidays={dt.date(2026, 4, 3), dt.date(2026, 4, 6), dt.date(2026, 5, 1)})
lead = LeadTime(1, 2, calendar)
times = ShippingTimes(handling=lead, transit=lead, zone="Europe/Oslo")
order = Order(id="O1", placed_at=at, lines=lines)
print(split_order(order, supply=supply, at=at, times=times))
print(promise_order(order, supply=supply, times=times, at=at))
print(times)
"""
    answers = {
        run("-c", program, PYTHONHASHSEED=seed, TZ=zone).stdout
        for seed, zone in [("0", "UTC"), ("1", "Pacific/Kiritimati"), ("4711", "America/Havana")]
    }
    assert len(answers) == 1


def test_errors_survive_pickling_with_all_that_they_carry():
    with pytest.raises(preorder_kit.InvalidArgument) as caught:
        preorder_kit.Receipt(sku="A", quantity=-1, expected=None)
    error = caught.value
    error.add_note("while reading the purchase orders")
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.message, twin.code, twin.path, twin.value) == (error.message, error.code, error.path, error.value)
    assert twin.__notes__ == error.__notes__
