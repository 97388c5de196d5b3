"""Strategies for the tests of those who use the library: each builds what it says."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preorder_kit import Component, Order, SplitRules, Supply, allocate, split_order, testing

ABOUT_CLASSES = {"register_strategies", "values_of"}
STRATEGIES = [name for name in testing.__all__ if inspect.isfunction(getattr(testing, name))]
STRATEGIES = [name for name in STRATEGIES if name not in ABOUT_CLASSES]


@pytest.mark.parametrize("name", STRATEGIES)
@settings(max_examples=10)
@given(data=st.data())
def test_a_strategy_builds_a_value_without_being_told_anything(name, data):
    assert data.draw(getattr(testing, name)()) is not None


@settings(max_examples=20)
@given(
    testing.worlds(recipes=testing.components(), addresses=("", "home"), groups=("", "g")),
    testing.split_rules(),
    testing.quantities(unlimited=False),
)
def test_worlds_rules_and_recipes_fit_together(world, rules, most):
    assert isinstance(world.order, Order)
    assert isinstance(world.supply, Supply)
    assert isinstance(rules, SplitRules)
    assert all(isinstance(part, Component) for line in world.order.lines for part in line.components)
    assert split_order(world.order, supply=world.supply, at=world.at, times=world.times, rules=rules)
    assert 0 <= most <= 20


@settings(max_examples=20)
@given(testing.locations(names=("X",)), testing.sourcing_rules(names=("X",)), testing.instants())
def test_locations_and_rules_of_sources_know_the_same_names(locations, rules, at):
    order = Order(id="O1", placed_at=at, lines=[])
    assert split_order(order, supply=locations, at=at, rules=SplitRules(sourcing=rules)).parts == ()


@given(st.data())
def test_grants_policies_and_stock_fit_their_queue(data):
    queue = data.draw(testing.waiting_queues())
    grants, available = data.draw(testing.grants_for(queue)), data.draw(testing.available_for(queue))
    policy, at = data.draw(testing.allocation_policies()), data.draw(testing.waiting_instants())
    found = allocate(queue, available=available, policy=policy, at=at, grants=grants)
    assert {(held.order_id, held.line_id) for held in grants} <= {(one.order_id, one.line_id) for one in found.grants}
