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
