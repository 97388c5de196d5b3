"""A strategy for every public class of values, and Hypothesis finds it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preorder_kit import InvalidArgument, Order, Read, SplitPlan, Supply, WaitingLine
from preorder_kit._hypothesis_plugin import public_values, register
from preorder_kit.serialization import from_json, to_json
from preorder_kit.testing import register_strategies, values_of
from preorder_kit.testing._values import _STRATEGIES

VALUES = sorted(public_values(), key=lambda cls: cls.__name__)
# Anything at all, and a function: no document holds them.
NO_DOCUMENTS = {"Read", "DelayRule"}


def test_every_public_class_of_values_has_a_strategy_and_no_other():
    assert set(VALUES) == set(_STRATEGIES)


@pytest.mark.parametrize("cls", VALUES, ids=lambda cls: cls.__name__)
@settings(max_examples=8)
@given(data=st.data())
def test_a_strategy_draws_values_of_its_class_that_a_document_can_hold(cls, data):
    value = data.draw(values_of(cls))
    assert type(value) is cls
    if cls.__name__ not in NO_DOCUMENTS:
        assert from_json(to_json(value), cls) == value


@pytest.mark.parametrize("cls", [dict, int, InvalidArgument, "Order"])
def test_of_another_class_there_is_none(cls):
    with pytest.raises(InvalidArgument, match="cls: must be a class of values that preorder_kit exports"):
        values_of(cls)


@settings(max_examples=5)
@given(values_of(Read[Order]))
def test_what_a_reader_returns_holds_what_was_asked_for(read):
    assert isinstance(read.values, Order)


def plans_of(order: Order, supply: Supply, plan: SplitPlan) -> tuple[Order, Supply, SplitPlan]:
    return order, supply, plan


@pytest.mark.parametrize("registering", [register, register_strategies])
@settings(max_examples=5)
@given(data=st.data())
def test_annotations_are_enough_once_the_strategies_are_registered(registering, data):
    registering()
    assert isinstance(data.draw(st.from_type(WaitingLine)), WaitingLine)
    found = data.draw(st.builds(plans_of))
    assert [type(value) for value in found] == [Order, Supply, SplitPlan]
