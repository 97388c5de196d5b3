"""Rows that are built when they are looked at, and read as a tuple does."""

import copy
import pickle

import pytest

from preorder_kit._rows import Rows


def rows(*items: object) -> Rows:
    return Rows(lambda: range(len(items)), items.__getitem__)


LETTERS = tuple("abcde")


@pytest.mark.parametrize("items", [(), ("a",), ("a", "b", "c"), LETTERS], ids=len)
def test_rows_read_as_a_tuple_does(items):
    found = rows(*items)
    assert (len(found), list(found), list(reversed(found)), bool(found)) == (
        len(items),
        list(items),
        list(reversed(items)),
        bool(items),
    )
    assert [found[index] for index in range(-len(items), len(items))] == [*items, *items]


@pytest.mark.parametrize(
    "part",
    [
        slice(None),
        slice(1, 3),
        slice(None, None, -1),
        slice(-2, None),
        slice(4, 1, -2),
        slice(2, 2),
        slice(3, 99),
        slice(99, None),
    ],
    ids=str,
)
def test_a_slice_is_a_tuple(part):
    found = rows(*LETTERS)[part]
    assert found == LETTERS[part]
    assert type(found) is tuple


@pytest.mark.parametrize("index", [5, -6])
def test_there_is_nothing_beyond_the_ends(index):
    with pytest.raises(IndexError):
        rows(*LETTERS)[index]


def test_items_are_found_as_in_a_tuple():
    found = rows("a", "b", "a")
    assert ("a" in found, "c" in found, found.index("b"), found.count("a")) == (True, False, 1, 2)


@pytest.mark.parametrize("other", [rows("a", "b"), ("a", "b")], ids=["rows", "a tuple"])
def test_rows_of_the_same_items_are_equal(other):
    assert rows("a", "b") == other
    assert other == rows("a", "b")
    assert hash(rows("a", "b")) == hash(other)


@pytest.mark.parametrize(
    "other",
    [rows("a"), rows("a", "c"), rows("b", "a"), rows("a", "b", "c"), ("a",), ("a", "b", "c"), ["a", "b"], "ab", None],
    ids=repr,
)
def test_rows_of_other_items_and_lists_are_not(other):
    assert rows("a", "b") != other
    assert other != rows("a", "b")


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ((), "()"),
        (("a",), "('a',)"),
        (("a", "b", "c"), "('a', 'b', 'c')"),
        (("a", "b", "c", "d"), "('a', 'b', 'c', and 1 more)"),
        (LETTERS, "('a', 'b', 'c', and 2 more)"),
    ],
    ids=["none", "one", "all of three", "three of four", "three of five"],
)
def test_a_long_sequence_shows_its_beginning(items, shown):
    assert repr(rows(*items)) == shown


def test_showing_a_million_rows_builds_three():
    built = []
    found = Rows(lambda: range(1_000_000), lambda row: built.append(row) or row)
    assert repr(found) == "(0, 1, 2, and 999997 more)"
    assert built == [0, 1, 2]


def test_rows_are_found_once_and_only_when_they_are_asked_for():
    looked = []
    found = Rows(lambda: looked.append("found") or [3, 1], lambda row: looked.append(row) or row)
    assert looked == []
    assert (len(found), len(found)) == (2, 2)
    assert looked == ["found"]
    assert (found[0], found[1], found[0]) == (3, 1, 3)
    assert looked == ["found", 3, 1, 3]


def test_length_comes_before_content_when_rows_are_compared():
    built = []
    assert rows("a") != Rows(lambda: range(2), lambda row: built.append(row) or row)
    assert built == []


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda found: pickle.loads(pickle.dumps(found))])
def test_a_copy_is_the_tuple(duplicate):
    assert type(duplicate(rows("a", "b"))) is tuple
    assert duplicate(rows("a", "b")) == ("a", "b")


def test_rows_do_not_change():
    with pytest.raises(TypeError):
        rows("a")[0] = "b"
    with pytest.raises(AttributeError):
        rows("a").extra = 1
