"""Documents in, a plan out: what the command line prints, worked out by hand in plans/."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from preorder_kit.cli import app

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PLANS = sorted((HERE / "plans").glob("*.json"))


def document(named, folder, name):
    """Return the path of a document, which is named or written out."""
    if isinstance(named, str):
        return str(ROOT / named)
    path = folder / name
    path.write_text(json.dumps(named), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("path", PLANS, ids=[path.stem for path in PLANS])
def test_a_plan_is_the_one_worked_out_by_hand(path, tmp_path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    order = document(golden["order"], tmp_path, "order.json")
    supply = document(golden["supply"], tmp_path, "supply.json")
    done = CliRunner().invoke(app, ["plan", order, "--supply", supply, "--json", *golden["arguments"].split()])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == golden["plan"]


def test_a_bundle_is_refused_until_it_can_be_planned(tmp_path):
    order = str(HERE / "payloads" / "order_create_bundle.json")
    supply = document({"preorder_kit": 1, "supply": {"on_hand": {}}}, tmp_path, "supply.json")
    done = CliRunner().invoke(app, ["plan", order, "--supply", supply, "--at", "2026-11-22T10:00:00Z"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "lines[0].components" in done.stderr
    assert "SET-9" in done.stderr
