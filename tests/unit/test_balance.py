"""A running balance against a plain list of sums."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit._balance import Balance

CHANGES = st.lists(st.integers(-6, 6), min_size=1, max_size=12)


def sums(changes: list[int]) -> list[int]:
    return list(accumulate(changes))


def lows(balance: Balance, changes: list[int]) -> list[int]:
    return [balance.lowest(index) for index in range(len(changes))]


def last_below(changes: list[int], level: int, before: int) -> int:
    return max([place for place, there in enumerate(sums(changes)[:before]) if there < level], default=-1)


@given(CHANGES, st.lists(st.tuples(st.integers(0, 11), st.integers(-6, 6)), max_size=8))
def test_the_lowest_from_each_day_on_is_that_of_the_plain_list_after_any_changes(changes, later):
    balance = Balance(changes)
    for index, amount in later:
        balance.change(index % len(changes), amount)
        changes[index % len(changes)] += amount
    assert lows(balance, changes) == [min(sums(changes)[index:]) for index in range(len(changes))]


@given(CHANGES, st.lists(st.tuples(st.integers(0, 11), st.integers(-6, 6)), max_size=4))
def test_the_last_day_below_each_level_is_that_of_the_plain_list_after_any_changes(changes, later):
    balance = Balance(changes)
    for index, amount in later:
        balance.change(index % len(changes), amount)
        changes[index % len(changes)] += amount
    for level in range(min(sums(changes)) - 1, max(sums(changes)) + 3):
        for before in range(len(changes) + 1):
            assert balance.last_below(level, before=before) == last_below(changes, level, before)


@given(CHANGES, st.integers(0, 11), st.integers(-6, 6))
def test_a_change_and_its_opposite_leave_nothing(changes, index, amount):
    balance = Balance(changes)
    balance.change(index % len(changes), amount)
    balance.change(index % len(changes), -amount)
    assert lows(balance, changes) == lows(Balance(changes), changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([5], [5], id="one day"),
        pytest.param([-5], [-5], id="one day, less than nothing"),
        pytest.param([10, -8, 5], [2, 2, 7], id="owed, then more comes"),
        pytest.param([2, -5, 5], [-3, -3, 2], id="short in between"),
        pytest.param([3, 1, 1, 1], [3, 4, 5, 6], id="as many days as leaves"),
        pytest.param([3, 1, 1, 1, -9], [-3, -3, -3, -3, -3], id="a day more than that"),
    ],
)
def test_the_lowest_from_each_day_on(changes, expected):
    assert lows(Balance(changes), changes) == expected


def test_the_days_that_fill_up_the_tree_are_not_found():
    assert Balance([1, 1, -4]).last_below(0, before=3) == 2
    assert Balance([1, 1, -1]).last_below(1, before=3) == -1


@pytest.mark.parametrize("size", [1, 2, 3, 1000, 1024, 1025])
def test_many_days_are_as_few(size):
    balance = Balance([1] * size)
    assert lows(balance, [1] * size) == list(range(1, size + 1))
    assert [balance.last_below(size // 2 + 1, before=before) for before in (0, size)] == [-1, size // 2 - 1]
