"""Every payload is of one kind, is read without a problem, and is shown as native JSON that is read again."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import jsonschema
import pytest

from preorder_kit import Read
from preorder_kit._documents import decode
from preorder_kit.formats import _TABLE, FORMATS, _root, read_document, recognise
from preorder_kit.serialization import from_json, json_schema, to_json

HERE = Path(__file__).parent
KINDS = json.loads((HERE / "kinds.json").read_text(encoding="utf-8"))
ZONE = "Europe/Oslo"


def payload(name):
    return (HERE / "payloads" / name).read_text(encoding="utf-8")


def kind_of(values):
    """Return what reads values back: their class, or several of it."""
    if isinstance(values, tuple):
        return Sequence[type(values[0])]
    if isinstance(values, Mapping):
        return Mapping[str, type(next(iter(values.values())))]
    return type(values)


def test_each_payload_of_a_system_is_named_here():
    files = {
        path.relative_to(HERE / "payloads").as_posix() for path in (HERE / "payloads").rglob("*") if path.is_file()
    }
    known = {name for name in files if not name.endswith(".graphql")}
    assert known == {*KINDS["kinds"], *KINDS["not_read"]}


def test_each_kind_has_a_payload():
    own = {"native", "queue-csv", "queue-json-lines", "supply-csv"}
    assert set(FORMATS) - set(KINDS["kinds"].values()) == own


@pytest.mark.parametrize(("name", "kind"), KINDS["kinds"].items(), ids=list(KINDS["kinds"]))
def test_a_payload_is_of_one_kind(name, kind):
    root = _root(decode(payload(name)))
    assert [known.name for known in _TABLE.values() if known.recognises(root)] == [kind]
    assert recognise(payload(name)) == recognise(payload(name), format=kind.partition("-")[0]) == kind


@pytest.mark.parametrize("name", KINDS["kinds"])
def test_a_payload_is_shown_as_native_json_that_its_schema_allows_and_that_is_read_again(name):
    found = read_document(payload(name), zone=ZONE)
    assert isinstance(found, Read)
    assert found.problems == ()
    written = to_json(found.values)
    kind = kind_of(found.values)
    assert from_json(written, kind) == found.values
    assert read_document(written).values == found.values
    jsonschema.Draft202012Validator(json_schema(kind)).validate(json.loads(written))
