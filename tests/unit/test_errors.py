"""Errors say what, where and which value, and keep all of it when they are copied or sent elsewhere."""

import copy
import pickle

import attrs
import pytest

from preorder_kit import (
    InvalidArgument,
    InvalidDocument,
    InvalidStock,
    NoWorkingDay,
    PreorderKitError,
    Problem,
    Read,
    WorkCalendar,
    normalize_stock,
)

_NOBODY = WorkCalendar(weekdays=())
_TWO = (
    Problem("lines[3].quantity", "units.invalid", "must be a whole number >= 0", -3),
    Problem("", "document.empty", "holds nothing"),
)

# name: error, code, path, value, text
_ERRORS = {
    "base": (PreorderKitError(), "error", "", None, ""),
    "argument, message alone": (InvalidArgument("must be so"), "argument.invalid", "", None, "must be so"),
    "argument": (
        InvalidArgument("must be so", "a.b", "lines[3].x", -3),
        "a.b",
        "lines[3].x",
        -3,
        "lines[3].x: must be so",
    ),
    "stock": (InvalidStock("must be known", value=5.5), "stock.unrecognised", "", 5.5, "must be known"),
    "stock under a path": (
        InvalidStock("must be known", path="stock", value=[1]),
        "stock.unrecognised",
        "stock",
        [1],
        "stock: must be known",
    ),
    "working day": (
        NoWorkingDay("nobody works", value=_NOBODY),
        "calendar.no_working_day",
        "",
        _NOBODY,
        "nobody works",
    ),
    "document": (
        InvalidDocument(_TWO),
        "document.invalid",
        "",
        None,
        "lines[3].quantity: must be a whole number >= 0\nholds nothing",
    ),
    "document with its own code": (
        InvalidDocument(_TWO[1:], "json.invalid"),
        "json.invalid",
        "",
        None,
        "holds nothing",
    ),
}
_COPIES = {
    **{
        f"pickle {protocol}": lambda it, protocol=protocol: pickle.loads(pickle.dumps(it, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize(("error", "code", "path", "value", "text"), _ERRORS.values(), ids=_ERRORS)
def test_an_error_carries_code_path_value_and_reads_well(error, code, path, value, text):
    assert (error.code, error.path, error.value, str(error)) == (code, path, value, text)


@pytest.mark.parametrize("again", _COPIES.values(), ids=_COPIES)
@pytest.mark.parametrize("error", [row[0] for row in _ERRORS.values()], ids=_ERRORS)
def test_a_copied_error_keeps_everything(error, again):
    twin = again(error)
    assert type(twin) is type(error)
    assert (twin.code, twin.path, twin.value, str(twin)) == (error.code, error.path, error.value, str(error))
    assert (twin.args, vars(twin)) == (error.args, vars(error))


@pytest.mark.parametrize("again", _COPIES.values(), ids=_COPIES)
def test_an_error_that_was_raised_keeps_everything_too(again):
    with pytest.raises(InvalidStock) as caught:
        normalize_stock("maybe")
    twin = again(caught.value)
    assert (type(twin), twin.code, twin.path, twin.value) == (InvalidStock, "stock.unrecognised", "", "maybe")
    assert str(twin) == str(caught.value)


_BASES = {
    InvalidArgument: (PreorderKitError, ValueError),
    InvalidStock: (InvalidArgument, PreorderKitError, ValueError),
    NoWorkingDay: (PreorderKitError, LookupError),
    InvalidDocument: (PreorderKitError, ValueError),
    PreorderKitError: (Exception,),
}


@pytest.mark.parametrize(("kind", "bases"), _BASES.items(), ids=[kind.__name__ for kind in _BASES])
def test_an_error_can_be_caught_by_each_of_its_bases(kind, bases):
    assert all(issubclass(kind, base) for base in bases)
    assert issubclass(kind, LookupError) is (kind is NoWorkingDay)


_PATHS = {
    "in front of a field": ("quantity", "lines[3]", "lines[3].quantity"),
    "in front of a position": ("[2]", "weights", "weights[2]"),
    "in front of a key": (" key", "by_weekday", "by_weekday key"),
    "in front of nothing": ("", "stock", "stock"),
    "in front of a field of a position": ("[2].sku", "lines", "lines[2].sku"),
}


@pytest.mark.parametrize(("path", "prefix", "joined"), _PATHS.values(), ids=_PATHS)
@pytest.mark.parametrize("kind", [InvalidArgument, InvalidStock])
def test_an_error_of_a_part_is_told_as_one_of_the_whole(kind, path, prefix, joined):
    error = kind("must be so", code="a.b", path=path, value=-3)
    outer = error.under(prefix)
    assert type(outer) is kind
    assert (outer.message, outer.code, outer.path, outer.value) == ("must be so", "a.b", joined, -3)
    assert str(outer) == f"{joined}: must be so"
    assert error.path == path


def test_a_problem_reads_with_its_path_or_without_one():
    assert [str(problem) for problem in _TWO] == ["lines[3].quantity: must be a whole number >= 0", "holds nothing"]
    assert _TWO[1].value is None


def test_a_document_takes_any_iterable_of_problems_and_keeps_their_order():
    assert InvalidDocument(problem for problem in _TWO).problems == _TWO


_VALUES = {"problem": _TWO[0], "read": Read([1, 2], _TWO), "read without problems": Read((1,))}


@pytest.mark.parametrize("again", _COPIES.values(), ids=_COPIES)
@pytest.mark.parametrize("value", _VALUES.values(), ids=_VALUES)
def test_a_copied_problem_and_a_copied_read_are_equal(value, again):
    assert again(value) == value


@pytest.mark.parametrize(("value", "field"), [(_TWO[0], "path"), (Read(()), "problems")], ids=["problem", "read"])
def test_problems_and_reads_are_frozen(value, field):
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(value, field, "x")


def test_problems_and_reads_are_hashable_and_equal_by_content():
    assert hash(Read((1,), _TWO)) == hash(Read((1,), copy.deepcopy(_TWO)))
    assert Read((1,), _TWO) != Read((1,), _TWO[:1])


def test_a_complete_read_gives_its_values():
    values = [1, 2]
    assert Read(values).complete() is values


def test_an_incomplete_read_refuses_with_all_its_problems():
    with pytest.raises(InvalidDocument, match=r"^lines\[3\]\.quantity: .* >= 0\nholds nothing$") as caught:
        Read([1, 2], _TWO).complete()
    assert (caught.value.problems, caught.value.code) == (_TWO, "document.invalid")


def test_a_document_without_problems_is_not_invalid():
    with pytest.raises(InvalidArgument, match="must name at least one problem"):
        InvalidDocument([])
