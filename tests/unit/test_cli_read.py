"""`preorder-kit read` and `formats`: any document as native JSON, and the names of all kinds."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from preorder_kit import Supply
from preorder_kit.cli import app
from preorder_kit.formats import FORMATS, read_waiting
from preorder_kit.serialization import to_json

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads"


@pytest.fixture
def read(tmp_path):
    def reading(document, *options):
        path = tmp_path / "document"
        path.write_text(document, encoding="utf-8")
        return CliRunner().invoke(app, ["read", str(path), *options])

    return reading


def test_a_document_is_shown_as_native_json(read):
    done = read("sku,quantity\nCD,5\n")
    assert (done.exit_code, done.stdout) == (0, to_json(Supply(on_hand={"CD": 5})) + "\n")


def test_standard_input_is_read():
    done = CliRunner().invoke(app, ["read", "-"], input="sku,quantity\nCD,5\n")
    assert json.loads(done.stdout) == {"preorder_kit": 1, "supply": {"on_hand": {"CD": 5}}}


def test_a_format_may_be_named(read):
    done = read("sku,quantity\nCD,5\n", "--from", "fabric-csv")
    assert done.exit_code == 2
    assert "must name the column Total Quantity" in done.stderr


def test_what_is_wrong_with_parts_of_it_is_said_beside_the_rest(read, tmp_path):
    done = read("sku,quantity\nCD,5\nLP,many\n")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["supply"]["on_hand"] == {"CD": 5}
    assert done.stderr == f"{tmp_path / 'document'}: row 3, column quantity: must be a whole number >= 0 (got 'many')\n"


def test_what_is_of_no_kind_is_refused_with_the_way_out(read, tmp_path):
    done = read('{"stock": 5}')
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        f"{tmp_path / 'document'}: is of no kind that is known here; name its format to learn what it lacks;"
        " preorder-kit formats lists them all\n"
    )


def test_a_kind_without_offsets_asks_for_the_zone_of_the_shop(read):
    order = (PAYLOADS / "centra" / "order_api_orders.json").read_text(encoding="utf-8")
    done = read(order)
    assert done.exit_code == 2
    assert done.stderr.startswith("--zone: must name the time zone of the shop")
    done = read(order, "--zone", "Europe/Oslo")
    assert done.exit_code == 0
    assert '"centra_orders": [' in done.stdout


def test_nothing_is_shown_as_what_it_would_be(read):
    done = read('{"data": {"products": []}}', "--from", "centra-stock-totals")
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"preorder_kit": 1, "stock_quantity_sets": []})


def test_a_queue_of_a_system_is_shared_out(tmp_path):
    queue = PAYLOADS / "fabric" / "backorders_preorders_search_v3.json"
    supply = tmp_path / "supply.csv"
    supply.write_text("sku,quantity\nCD,5\n", encoding="utf-8")
    given = ("--supply", str(supply), "--at", "2026-11-23T10:00:00Z", "--json")
    recognised, named = (
        CliRunner().invoke(app, ["allocate", str(queue), *given, *options]) for options in ((), ("--from", "fabric"))
    )
    assert recognised.exit_code == named.exit_code == 0
    found = read_waiting(queue.read_bytes()).values
    assert [line["sku"] for line in json.loads(named.stdout)["allocation"]["waiting"]] == [line.sku for line in found]
    assert recognised.stdout == named.stdout


@pytest.mark.parametrize("name", ["xml", "fab"])
def test_a_name_that_is_no_format_is_refused(read, name):
    done = read("{}", "--from", name)
    assert done.exit_code == 2
    assert "preorder-kit formats" in done.stderr


def test_all_formats_are_listed():
    done = CliRunner().invoke(app, ["formats"], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    for name, holds in FORMATS.items():
        assert any(line.startswith(f"{name} ") and holds in line for line in done.stdout.splitlines())
