import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def picture():
    spec = importlib.util.spec_from_file_location("floors_picture", ROOT / "scripts" / "floors_picture.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_of_the_floors_is_what_the_contract_draws():
    drawn = picture().draw()
    assert (ROOT / "docs/pictures/floors.svg").read_text(encoding="utf-8") == drawn, "run make diagram"


def test_each_module_is_in_the_picture():
    drawn = picture().draw()
    package = ROOT / "src" / "preorder_kit"
    modules = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert {name for name in modules - {"__init__"} if f">{name}</text>" not in drawn} == set()
