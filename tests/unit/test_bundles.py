"""Recipes: what one unit of a bundle needs from the shelf."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from preorder_kit import Component, InvalidArgument, LineKind, WhenShort, explode

UTC = dt.timezone.utc
FEBRUARY = dt.datetime(2027, 2, 5, tzinfo=UTC)


def chain(deep: int) -> Component:
    """Return a component in which ``deep`` SKUs lie inside one another."""
    whole = Component(f"S{deep}")
    for level in range(deep - 1, 0, -1):
        whole = Component(f"S{level}", 1, [whole])
    return whole


NESTED = {
    "nothing": ([], {}),
    "one": ([Component("A")], {"A": 1}),
    "a quantity": ([Component("A", 12)], {"A": 12}),
    "two of a SKU add up": ([Component("A", 2), Component("A", 3)], {"A": 5}),
    "the recipe P1 = P2 + P3 with P2 = P3": ([Component("P2", 1, [Component("P3")]), Component("P3")], {"P3": 2}),
    "multiplied down": ([Component("BOX", 2, [Component("TRAY", 3, [Component("CUP", 4)])])], {"CUP": 24}),
    "leaves alone": ([Component("BOX", 1, [Component("CUP")]), Component("POT")], {"CUP": 1, "POT": 1}),
    "in the order of the SKUs": ([Component("B"), Component("A")], {"A": 1, "B": 1}),
    "no fee": ([Component("A"), Component("WRAP", kind="fee")], {"A": 1}),
    "nothing digital": ([Component("MP3", kind=LineKind.DIGITAL)], {}),
    "nothing that a fee is made of": ([Component("WRAP", 1, [Component("PAPER")], "fee")], {}),
    "nothing digital deep inside": ([Component("BOX", 2, [Component("A"), Component("B", kind="digital")])], {"A": 2}),
    "the same SKU in two branches": (
        [Component("X", 1, [Component("A", 2)]), Component("Y", 3, [Component("A")])],
        {"A": 5},
    ),
}


@pytest.mark.parametrize(("components", "expected"), NESTED.values(), ids=NESTED)
def test_a_recipe_is_multiplied_down_and_summed(components, expected):
    found = explode(components)
    assert dict(found) == expected
    assert list(found) == sorted(expected)


def test_components_may_come_from_any_iterable():
    assert dict(explode(iter([Component("A"), Component("A")]))) == {"A": 2}


def test_what_explode_returns_cannot_change():
    found = explode([Component("A")])
    assert hash(found) == hash(explode((Component("A"),)))
    with pytest.raises(TypeError):
        found["A"] = 2


def test_a_component_is_filled_in_with_its_defaults():
    expected = Component("A", 1, (), LineKind.GOODS, None, None)
    assert Component("A") == expected
    assert Component(sku="A", components=[]) == expected
    assert hash(Component("A", components=[Component("B")])) == hash(Component("A", components=(Component("B"),)))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param({"kind": "digital"}, {"kind": LineKind.DIGITAL}, id="kind by its value"),
        pytest.param({"when_short": "wait"}, {"when_short": WhenShort.WAIT}, id="when_short by its value"),
        pytest.param({"when_short": WhenShort.CANCEL}, {"when_short": WhenShort.CANCEL}, id="when_short as it is"),
        pytest.param(
            {"street_date": dt.datetime(2027, 2, 5, 1, tzinfo=dt.timezone(dt.timedelta(hours=1)))},
            {"street_date": FEBRUARY},
            id="an instant in UTC",
        ),
    ],
)
def test_fields_are_kept_in_one_form(written, expected):
    component = Component("A", **written)
    assert {name: getattr(component, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        pytest.param({"sku": " "}, "text.invalid", "sku", id="blank SKU"),
        pytest.param({"sku": 5}, "text.invalid", "sku", id="SKU that is no text"),
        pytest.param({"quantity": 0}, "units.invalid", "quantity", id="quantity 0"),
        pytest.param({"quantity": True}, "units.invalid", "quantity", id="quantity that is a bool"),
        pytest.param({"quantity": 1.0}, "units.invalid", "quantity", id="quantity that is a float"),
        pytest.param({"components": "AB"}, "type.invalid", "components", id="components that are text"),
        pytest.param({"components": ["A"]}, "type.invalid", "components[0]", id="a component that is text"),
        pytest.param({"kind": "gift"}, "choice.invalid", "kind", id="unknown kind"),
        pytest.param({"when_short": "never"}, "choice.invalid", "when_short", id="unknown when_short"),
        pytest.param({"street_date": dt.date(2027, 2, 5)}, "instant.invalid", "street_date", id="a day"),
        pytest.param({"street_date": dt.datetime(2027, 2, 5)}, "instant.naive", "street_date", id="no offset"),
    ],
)
def test_a_field_that_breaks_its_rule_is_refused(fields, code, path):
    with pytest.raises(InvalidArgument) as caught:
        Component(**{"sku": "A"} | fields)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("build", "chain_of_skus"),
    [
        pytest.param(lambda: Component("A", 1, [Component("A")]), "A > A", id="in itself"),
        pytest.param(lambda: Component("A", 1, [Component("B", 1, [Component("A")])]), "A > B > A", id="two down"),
        pytest.param(
            lambda: Component("A", 1, [Component("C"), Component("B", 1, [Component("A")])]), "A > B > A", id="a branch"
        ),
    ],
)
def test_a_sku_inside_itself_is_refused_with_the_path(build, chain_of_skus):
    with pytest.raises(InvalidArgument, match="must not hold a SKU inside itself") as caught:
        build()
    assert (caught.value.code, caught.value.value) == ("bundle.cycle", chain_of_skus)


def test_a_sku_beside_itself_is_no_cycle():
    assert dict(explode([Component("A", 1, [Component("B"), Component("B")])])) == {"B": 2}


def test_a_recipe_is_at_most_32_deep():
    assert dict(explode([chain(32)])) == {"S32": 1}
    with pytest.raises(InvalidArgument, match="must be at most 32 deep") as caught:
        chain(33)
    assert caught.value.code == "bundle.deep"


@pytest.mark.parametrize("given", ["A", None, 5, [5], [Component("A"), None], {"A": 1}])
def test_only_components_can_be_exploded(given):
    with pytest.raises(InvalidArgument) as caught:
        explode(given)
    assert caught.value.code == "type.invalid"


def test_a_component_is_frozen():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Component("A").quantity = 2
