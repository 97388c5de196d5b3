"""The formatter service of the examples: vendored, run, and asked for what it must never say.

Law: what it gives does not depend on a number of units, only on whether there are any and whether they are few; and it
holds no number at all.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import preorder_kit

PACKAGE = Path(preorder_kit.__file__).parent
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "frend_factory"
METADATA = "Metadata-Version: 2.1\nName: preorder-kit\nVersion: 0.1.0\nRequires-Dist: attrs\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def vendor(home, source, **environment):
    """Make the vendored copy in a copy of the example."""
    shutil.copytree(EXAMPLE, home, ignore=shutil.ignore_patterns("__pycache__", "preorder_kit"))
    return subprocess.run(
        [sys.executable, "vendor.py", str(source)],
        cwd=home,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def formatted(home):
    """Format the catalogue of the example with its own program, which finds no preorder_kit but its own."""
    (home / "preorder_kit.py").write_text("raise ImportError")
    command = [sys.executable, "-m", "frend_factory", "format", "catalogue.json"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def factory(tmp_path_factory):
    """Return the folder of a service that has a plain copy of the package, its own package importable."""
    home = tmp_path_factory.mktemp("frend") / "factory"
    done = vendor(home, PACKAGE)
    assert done.returncode == 0, done.stderr
    sys.path.insert(0, str(home))
    yield home
    sys.path.remove(str(home))
    for name in [name for name in sys.modules if name.partition(".")[0] == "frend_factory"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def format_json(factory):  # noqa: ARG001  # it makes the module importable
    from frend_factory.catalogue import format_json  # noqa: PLC0415  # it is there only now

    return format_json


def a_wheel(folder):
    """Write the wheel that a package index would give, without the tools that build one."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "preorder_kit-0.1.0-py3-none-any.whl", "w") as wheel:
        for path in sorted(PACKAGE.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                wheel.write(path, f"preorder_kit/{path.relative_to(PACKAGE)}")
        folder_of_info = "preorder_kit-0.1.0.dist-info"
        info = {"METADATA": METADATA, "WHEEL": WHEEL, "licenses/LICENSE": "MIT License"}
        for name, text in info.items():
            wheel.writestr(f"{folder_of_info}/{name}", text)
        wheel.writestr(f"{folder_of_info}/RECORD", "".join(f"{name},,\n" for name in wheel.namelist()))
    return folder


EXPECTED = [
    ("412", "yes", "in_stock", ["Add to cart", "Add to cart", "Pre order", "Sold out"]),
    ("433", "yes", "in_stock", ["Add to cart"]),
    ("450", "yes", "preorder", ["Sold out", "Pre order"]),
]


def said(content):
    return [
        (product["product"], product["stock"], product["availability"], [size["label"] for size in product["sizes"]])
        for product in content["products"]
    ]


def has_pip():
    folders = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return shutil.which("pip", path=folders) is not None


@pytest.mark.slow
@pytest.mark.skipif(not has_pip(), reason="the tool runs pip")
def test_the_tool_vendors_it_from_a_wheel_without_an_index(tmp_path):
    home = tmp_path / "factory"
    done = vendor(home, a_wheel(tmp_path / "the wheels"), TMPDIR=str(tmp_path), PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 0, done.stdout + done.stderr
    copy = home / "frend_factory" / "_vendor"
    assert {path.name for path in copy.iterdir()} == {"__init__.py", "preorder_kit", "vendor.txt"}
    assert {"LICENSE", "py.typed"} <= {path.name for path in (copy / "preorder_kit").iterdir()}
    content = formatted(home)
    assert said(content) == EXPECTED
    assert content["problems"] == [{"path": "[2].items[0].stock", "code": "stock.unrecognised"}]


def test_a_plain_copy_does_the_same(factory):
    content = formatted(factory)
    (factory / "preorder_kit.py").unlink()
    assert said(content) == EXPECTED


def test_a_folder_with_neither_is_refused(tmp_path):
    done = vendor(tmp_path / "factory", tmp_path)
    assert done.returncode == 1
    assert "holds neither a wheel of preorder_kit nor its source" in done.stderr


@pytest.fixture(scope="module")
def port(factory):  # noqa: ARG001  # it makes the module importable
    from frend_factory.server import make_server  # noqa: PLC0415

    server = make_server(0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def post(port, body, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/", body, headers or {})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
    finally:
        connection.close()


def test_the_service_answers_a_catalogue(port):
    status, content = post(port, (EXAMPLE / "catalogue.json").read_bytes())
    assert (status, said(content)) == (200, EXPECTED)


PRODUCT = {"product": "412", "items": [{"item": "412-20", "stock": "infinite"}]}


@pytest.mark.parametrize(
    "root",
    [PRODUCT, [PRODUCT], {"product": PRODUCT, "token": "t"}, {"products": [PRODUCT]}],
    ids=lambda root: str(root)[:14],
)
def test_a_product_may_come_in_any_envelope_of_the_shop(format_json, root):
    assert said(json.loads(format_json(json.dumps(root)))) == [("412", "yes", "preorder", ["Pre order"])]


@pytest.mark.parametrize(
    "body", [b"", b"no JSON", b"5", b'{"products": 5}', b"\xff", b"[" * 100_000], ids=lambda body: repr(body[:9])
)
def test_what_is_no_catalogue_is_answered_so(port, body):
    status, content = post(port, body)
    assert status == 400
    assert list(content) == ["error"]


@pytest.mark.parametrize("length", ["", "-1", "many", str(10**12)])
def test_a_body_that_is_too_long_is_not_read(port, length):
    assert post(port, None, {"Content-Length": length})[0] == 413


def test_a_problem_does_not_say_what_was_found(format_json):
    content = format_json(json.dumps({"product": "1", "items": [{"item": "1", "stock": 31415.9}]}))
    assert "31415" not in content
    assert json.loads(content)["problems"] == [{"path": "[0].items[0].stock", "code": "stock.unrecognised"}]


NAMES = st.sampled_from(["XS", "S", "M", "L"])
FEW, MANY = st.integers(1, 9), st.integers(10, 10**6)
NONE = st.integers(-(10**6), 0)
WORDS = st.sampled_from(["yes", "no", "few", "infinite", "preorder", "", "soon", None, True, 5.5, [], {}])
#: Two stock fields between which nobody outside can tell.
ALIKE = st.one_of(
    *(st.tuples(number, number) for number in (FEW, MANY, NONE)),
    *(st.tuples(number.map(str), number) for number in (FEW, MANY, NONE)),
    WORDS.map(lambda word: (word, word)),
)


@st.composite
def catalogues(draw):
    """Draw two catalogues that differ in their numbers of units alone."""
    products = draw(st.lists(st.lists(st.tuples(NAMES, ALIKE), max_size=4), max_size=4))
    return [
        [
            {
                "product": "A",
                "name": "Cardigan",
                "items": [
                    {"item": "A-" + name, "name": name, "sku": name, "stock": stock[side]} for name, stock in sizes
                ],
            }
            for sizes in products
        ]
        for side in (0, 1)
    ]


def leaves(node):
    if isinstance(node, dict):
        node = [part for key, part in node.items() if key != "path"]
    return [leaf for part in node for leaf in leaves(part)] if isinstance(node, list) else [node]


@given(catalogues())
def test_no_number_of_units_can_be_told_from_what_it_gives(format_json, pair):
    one, other = (format_json(json.dumps(catalogue)) for catalogue in pair)
    assert one == other
    found = leaves(json.loads(one))
    assert all(isinstance(leaf, bool | str) for leaf in found)
    assert not any(re.search("[0-9]", leaf) for leaf in found if isinstance(leaf, str))
