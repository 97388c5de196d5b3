"""Published examples that are no tests, each with its reason: unfit.json says which."""

from collections import Counter

import pytest
from golden_cases import HERE, read

UNFIT = read("unfit.json")
GOLDEN = [case["id"] for path in sorted((HERE / "cases").glob("*.json")) for case in read(f"cases/{path.name}")]


def test_no_published_example_is_listed_twice():
    listed = Counter([*GOLDEN, *(entry["id"] for entry in UNFIT)])
    assert [name for name, times in listed.items() if times > 1] == []


@pytest.mark.parametrize("entry", UNFIT, ids=[entry["id"] for entry in UNFIT])
def test_what_does_not_fit_has_its_reason(entry):
    assert list(entry) == ["id", "file", "reason"]
    assert entry["file"].endswith(".json")
    assert entry["reason"].strip().endswith(".")
