"""The published schemas are those of the library, and schemas at all."""

import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preorder_kit import adapters
from preorder_kit._kinds import is_class, name_of, names_of
from preorder_kit.serialization import _TYPES, json_schema, to_json

ROOT = Path(__file__).parents[2]
PUBLISHED = {path.stem: path for path in (ROOT / "docs" / "schemas").glob("*.json")}


def test_each_kind_of_document_has_a_published_schema():
    assert PUBLISHED.keys() == _TYPES.keys()


@pytest.mark.parametrize("name", sorted(_TYPES))
def test_a_published_schema_is_the_library_s_own(name):
    published = json.loads(PUBLISHED[name].read_text(encoding="utf-8"))
    assert published == json_schema(_TYPES[name]), "run scripts/schemas.py"
    Draft202012Validator.check_schema(published)


def test_the_schemas_are_the_same_under_every_hash_seed():
    program = (
        "import json; from preorder_kit.serialization import _TYPES, json_schema;"
        "print(json.dumps([json_schema(kind) for kind in _TYPES.values()]))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "4711")
    }
    assert len(texts) == 1


def _classes_of_adapters():
    """Return the public classes of values of all adapters."""
    names = [info.name for info in pkgutil.walk_packages(adapters.__path__, f"{adapters.__name__}.")]
    modules = [importlib.import_module(name) for name in names if "._" not in name]
    found = [getattr(module, name) for module in modules for name in getattr(module, "__all__", ())]
    return sorted({cls for cls in found if is_class(cls)}, key=lambda cls: cls.__name__)


@pytest.mark.parametrize("cls", _classes_of_adapters(), ids=lambda cls: cls.__name__)
def test_a_class_of_an_adapter_has_a_document(cls):
    Draft202012Validator.check_schema(json_schema(cls))
    assert json.loads(to_json([], of=cls)) == {"preorder_kit": 1, names_of(cls): []}


def test_no_two_kinds_of_documents_have_one_name():
    names = [name for cls in _classes_of_adapters() for name in (name_of(cls), names_of(cls))]
    assert len(set(names)) == len(names)
    assert not set(names) & _TYPES.keys()
