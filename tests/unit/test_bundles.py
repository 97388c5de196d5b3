"""Recipes: what one unit of a bundle needs from the shelf, how many can be made, and what a shopper chooses."""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import pickle
import re

import attrs
import pytest

from preorder_kit import (
    UNLIMITED,
    Component,
    InvalidArgument,
    LineKind,
    Mix,
    OrderLine,
    Section,
    WhenShort,
    bundle_units,
    bundle_units_at_most,
    choose_components,
    components_from,
    explode,
    needs,
    section_units,
)

UTC = dt.timezone.utc
FEBRUARY = dt.datetime(2027, 2, 5, tzinfo=UTC)

# code: what the caller is told
TOLD = {
    "bundle.cycle": "must not hold a SKU inside itself",
    "bundle.deep": "must be at most 32 deep",
    "bundle.empty": "must not be empty: a (bundle is made of|section offers) something",
    "choice.invalid": "must be one of [a-z, _]+",
    "id.repeated": "the SKUs (of a section's options|on a shelf that options need) must be unique",
    "instant.invalid": "must be an instant, .+",
    "instant.naive": "must have a UTC offset: .+",
    "text.invalid": "must be text that is not blank",
    "type.invalid": "must be a (Component|Section|mapping|Mapping|sequence, whose order is its own)",
    "units.invalid": "must be a whole number( >= 1)?",
}


def refusal(code: str, path: str) -> pytest.RaisesExc[InvalidArgument]:
    """Expect the error with a code, which names the path and says what must be."""
    return pytest.raises(InvalidArgument, match=rf"^{re.escape(path)}: {TOLD[code]} \(got ")


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
    with refusal(code, path) as caught:
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
        pytest.param(
            lambda: OrderLine(
                id="1", sku="A", quantity=1, kind="fee", components=[Component("B", 1, [Component("A")])]
            ),
            "A > B > A",
            id="in the recipe of a line",
        ),
    ],
)
def test_a_sku_inside_itself_is_refused_with_the_path(build, chain_of_skus):
    with refusal("bundle.cycle", "components") as caught:
        build()
    assert (caught.value.code, caught.value.path) == ("bundle.cycle", "components")
    assert caught.value.value == chain_of_skus


def test_a_sku_beside_itself_is_no_cycle():
    assert dict(explode([Component("A", 1, [Component("B"), Component("B")])])) == {"B": 2}


def test_a_recipe_is_at_most_32_deep():
    assert dict(explode([chain(32)])) == {"S32": 1}
    with refusal("bundle.deep", "components") as caught:
        chain(33)
    assert (caught.value.code, caught.value.path) == ("bundle.deep", "components")
    assert caught.value.value == " > ".join(f"S{level}" for level in range(1, 34))


def test_a_recipe_is_as_deep_as_its_deepest_part():
    with refusal("bundle.deep", "components") as caught:
        Component("SET", 1, [Component("A"), chain(32), Component("B", 1, [Component("C")])])
    assert caught.value.value.endswith("S31 > S32")


def test_what_is_known_of_a_recipe_is_no_part_of_its_value():
    whole, twin = (Component("A", 1, [Component("B", 1, [Component("C")])]) for _ in range(2))
    assert (whole, hash(whole), repr(whole)) == (twin, hash(twin), repr(twin))
    assert pickle.loads(pickle.dumps(whole)) == copy.deepcopy(whole) == whole
    with pytest.raises(InvalidArgument, match="C > A > B > C"):
        Component("C", 1, [pickle.loads(pickle.dumps(whole))])


def test_a_component_is_built_from_what_it_shows_and_shows_nothing_else():
    fields = ["sku", "quantity", "components", "kind", "street_date", "when_short"]
    assert list(inspect.signature(Component).parameters) == fields
    assert re.findall(r"(\w+)=", repr(Component("A"))) == fields


@pytest.mark.parametrize(
    ("given", "path"),
    [
        pytest.param("A", "components", id="text"),
        pytest.param(None, "components", id="None"),
        pytest.param(5, "components", id="a number"),
        pytest.param([5], "components[0]", id="a list with a number"),
        pytest.param([Component("A"), None], "components[1]", id="a list with None"),
        pytest.param({"A": 1}, "components", id="a mapping"),
    ],
)
def test_only_components_can_be_exploded(given, path):
    with refusal("type.invalid", path) as caught:
        explode(given)
    assert (caught.value.code, caught.value.path) == ("type.invalid", path)


def test_a_component_is_frozen():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Component("A").quantity = 2


def test_a_part_hands_down_what_its_parts_leave_open_also_where_they_are_shared():
    part = Component("C", 2)
    shared = Component("B", 1, [part])
    line = OrderLine(
        id="1",
        sku="SET",
        quantity=1,
        components=[
            Component("X", 1, [shared], street_date=FEBRUARY, when_short="wait"),
            Component("Y", 3, [shared], when_short="cancel"),
        ],
    )
    (need,) = needs(line)
    assert (need.sku, need.quantity, need.when_short, need.street_date) == ("C", 8, WhenShort.CANCEL, FEBRUARY)


def test_what_a_part_says_itself_counts_more_than_what_it_is_part_of():
    own = Component("B", street_date=FEBRUARY, when_short="cancel")
    whole = Component("A", 1, [own], street_date=FEBRUARY - dt.timedelta(days=9), when_short="wait")
    (need,) = needs(OrderLine(id="1", sku="SET", quantity=1, components=[whole], when_short="wait"))
    assert (need.when_short, need.street_date) == (WhenShort.CANCEL, FEBRUARY)


P1 = [Component("P3"), Component("P2", 2, [Component("P3", 2)])]
PARENT = {
    "PARENT": {"KIT2": 2, "KIT3": 2, "E": 1},
    "KIT2": {"D": 1, "KIT1": 2},
    "KIT1": {"A": 2, "B": 1, "C": 3},
    "KIT3": {"F": 1, "G": 2},
}
SHELF = {"A": 8, "B": 4, "C": 12, "D": 2, "E": 1, "F": 2, "G": 4}

# name: the recipe, what is there, how many bundles
MADE = {
    "the scarcest counts": ([Component("PANEL"), Component("BOLT", 4)], {"PANEL": 1000, "BOLT": 852}, 213),
    "enough of all": ([Component("PANEL"), Component("BOLT", 4)], {"PANEL": 1000, "BOLT": 1000}, 250),
    "two halves make no whole": ([Component("A", 2), Component("B")], {"A": 9, "B": 6}, 4),
    "nothing there": ([Component("A")], {}, 0),
    "one is not named": ([Component("A"), Component("B")], {"A": 5}, 0),
    "below 0": ([Component("A", 2), Component("B", 2)], {"A": -6, "B": 4090}, 0),
    "just below 0": ([Component("A", 2)], {"A": -1}, 0),
    "reached twice": ([Component("P2", 1, [Component("P3")]), Component("P3")], {"P3": 10}, 5),
    "no bound on one": ([Component("A", 3), Component("B")], {"A": UNLIMITED, "B": 7}, 7),
    "no bound on any": ([Component("A", 3)], {"A": UNLIMITED}, UNLIMITED),
    "a fee bounds nothing": ([Component("A"), Component("WRAP", 9, kind="fee")], {"A": 7}, 7),
    "nothing from a shelf": ([Component("WRAP", kind="fee"), Component("MP3", kind="digital")], {}, UNLIMITED),
    "what is not needed is not looked at": ([Component("A")], {"A": 1, "B": "?"}, 1),
    **{f"nested, {there} there": (P1, {"P3": there}, made) for there, made in [(0, 0), (1, 0), (9, 1), (25, 5)]},
    "a nested kit": (components_from(PARENT, sku="PARENT"), SHELF, 1),
    "a nested kit, one part short": (components_from(PARENT, sku="PARENT"), SHELF | {"B": 3}, 0),
}


@pytest.mark.parametrize(("recipe", "available", "expected"), MADE.values(), ids=MADE)
def test_whole_bundles_are_made_of_what_is_there(recipe, available, expected):
    assert bundle_units(recipe, available=available) == expected
    assert bundle_units(iter(recipe), available=available) == expected


@pytest.mark.parametrize(
    ("recipe", "available", "code", "path"),
    [
        pytest.param([], {}, "bundle.empty", "components", id="no components"),
        pytest.param(["A"], {}, "type.invalid", "components[0]", id="a component that is text"),
        pytest.param([Component("A")], [("A", 1)], "type.invalid", "available", id="no mapping"),
        pytest.param([Component("A")], {"A": 1.5}, "units.invalid", "available['A']", id="half a unit"),
        pytest.param([Component("A")], {"A": None}, "units.invalid", "available['A']", id="not known"),
    ],
)
def test_bundles_cannot_be_made_of_what_is_no_recipe_or_no_stock(recipe, available, code, path):
    with refusal(code, path) as caught:
        bundle_units(recipe, available=available)
    assert (caught.value.code, caught.value.path) == (code, path)


# name: the book, whose recipe, what it needs
BOOKS = {
    "no recipe": ({"PACK12": {"UNIT": 12}}, "UNIT", {}),
    "an empty recipe": ({"UNIT": {}}, "UNIT", {}),
    "an empty book": ({}, "UNIT", {}),
    "a pack": ({"PACK6": {"UNIT": 6}, "PACK12": {"UNIT": 12}}, "PACK12", {"UNIT": 12}),
    "nested": ({"P1": {"P3": 1, "P2": 2}, "P2": {"P3": 2}}, "P1", {"P3": 5}),
    "a tree": (PARENT, "PARENT", SHELF),
    "a cycle and a wrong recipe elsewhere": ({"A": {"B": 2}, "X": {"Y": 1}, "Y": {"X": 1}, "Z": 5}, "A", {"B": 2}),
}


@pytest.mark.parametrize(("book", "sku", "expected"), BOOKS.values(), ids=BOOKS)
def test_a_recipe_is_read_from_a_book(book, sku, expected):
    assert dict(explode(components_from(book, sku=sku))) == expected


def test_a_book_gives_the_components_that_one_would_write():
    book = {"SET": {"BOX": 2, "CARD": 1}, "BOX": {"BAR": 2}}
    expected = (Component("BOX", 2, [Component("BAR", 2)]), Component("CARD"))
    assert components_from(book, sku="SET") == expected
    assert OrderLine(id="1", sku="SET", quantity=1, components=components_from(book, sku="SET")).components == expected


def linked(count, last):
    """Return a book in which S0 holds S1, S1 holds S2 and so on, and the last of them ``last``."""
    return {f"S{place}": {f"S{place + 1}": 1} for place in range(count - 1)} | {f"S{count - 1}": {last: 1}}


@pytest.mark.parametrize(
    ("book", "sku", "code", "path", "value"),
    [
        pytest.param({"A": {"A": 1}}, "A", "bundle.cycle", "recipes", "A > A", id="in itself"),
        pytest.param({"A": {"B": 1}, "B": {"A": 1}}, "A", "bundle.cycle", "recipes", "A > B > A", id="two down"),
        pytest.param(
            {"A": {"X": 1, "B": 1}, "B": {"C": 1}, "C": {"D": 1, "B": 1}},
            "A",
            "bundle.cycle",
            "recipes",
            "B > C > B",
            id="below",
        ),
        pytest.param(
            linked(2000, "S0"),
            "S0",
            "bundle.cycle",
            "recipes",
            " > ".join(f"S{place % 2000}" for place in range(2001)),
            id="a cycle of 2,000",
        ),
        pytest.param(
            linked(32, "LAST"),
            "S0",
            "bundle.deep",
            "components",
            " > ".join([*(f"S{place}" for place in range(32)), "LAST"]),
            id="33 deep",
        ),
        pytest.param({"A": {"B": 0}}, "A", "units.invalid", "recipes['A']['B']", 0, id="nothing of a part"),
        pytest.param({"A": {"B": True}}, "A", "units.invalid", "recipes['A']['B']", True, id="a bool"),
        pytest.param({"A": {"B": {"C": 1}}}, "A", "units.invalid", "recipes['A']['B']", {"C": 1}, id="nested"),
        pytest.param({"A": {" ": 1}}, "A", "text.invalid", "recipes['A'] key", " ", id="a blank SKU"),
        pytest.param({"A": ["B"]}, "A", "type.invalid", "recipes['A']", ["B"], id="a list"),
        pytest.param([("A", {})], "A", "type.invalid", "recipes", [("A", {})], id="no book"),
        pytest.param({}, "", "text.invalid", "sku", "", id="no SKU"),
    ],
)
def test_a_book_that_cannot_be_read_is_refused(book, sku, code, path, value):
    with refusal(code, path) as caught:
        components_from(book, sku=sku)
    assert (caught.value.code, caught.value.path, caught.value.value) == (code, path, value)


def test_a_bundle_from_a_book_is_at_most_32_deep_itself_counted():
    found = components_from(linked(31, "LAST"), sku="S0")
    assert needs(OrderLine(id="1", sku="S0", quantity=1, components=found))[0].sku == "LAST"


def test_recipes_that_are_shared_are_read_and_counted_once():
    book = {f"{level}{side}": {f"{level + 1}a": 1, f"{level + 1}b": 1} for level in range(31) for side in "ab"}
    found = components_from(book, sku="0a")
    assert dict(explode(found)) == {"31a": 2**30, "31b": 2**30}
    assert bundle_units(found, available={"31a": 2**31, "31b": 2**30}) == 1


def pair(mix, red="RED", blue="BLUE"):
    return Section(quantity=2, options=[Component(red), Component(blue)], mix=mix)


ONE, ANY = pair(Mix.ONE_OPTION), pair("any")
PACK = Section(options=[Component("S1", 3), Component("S2", 3)])
VOUCHER = Component("VOUCHER", kind="digital")

# name: the section, what is there, how many bundles it serves
SERVED = {
    "the best option": (ONE, {"RED": 5, "BLUE": 3}, 2),
    "the best option, not the first": (ONE, {"RED": 1, "BLUE": 7}, 3),
    "all options together": (ANY, {"RED": 5, "BLUE": 3}, 4),
    "all options together, one left": (ANY, {"RED": 5, "BLUE": 4}, 4),
    "one of each is no pair": (ONE, {"RED": 1, "BLUE": 1}, 0),
    "one of each is a pair of any": (ANY, {"RED": 1, "BLUE": 1}, 1),
    "what is missing of one is not taken off another": (ANY, {"RED": -3, "BLUE": 4}, 2),
    "nothing there": (ANY, {}, 0),
    "no bound on one": (ONE, {"RED": UNLIMITED}, UNLIMITED),
    "no bound on one of any": (ANY, {"RED": 1, "BLUE": UNLIMITED}, UNLIMITED),
    "three for one pick": (PACK, {"S1": 2, "S2": 7}, 2),
    "two and one are no three": (
        Section(options=PACK.options, mix="any"),
        {"S1": 2, "S2": 1},
        0,
    ),
    "an option that needs no shelf": (Section(options=[Component("A"), VOUCHER]), {}, UNLIMITED),
    "an option that is a bundle": (Section(options=[Component("BOX", 1, [Component("BAR", 2)])]), {"BAR": 5}, 2),
    "the least that the shopper may take": (Section(options=[Component("S3")]), {"S3": 2}, 2),
}


@pytest.mark.parametrize(("section", "available", "expected"), SERVED.values(), ids=SERVED)
def test_a_section_serves_what_its_options_allow(section, available, expected):
    assert section_units(section, available=available) == expected
    assert bundle_units_at_most([section], available=available) == expected


@pytest.mark.parametrize(
    ("sections", "available", "expected"),
    [
        pytest.param([ONE, PACK], {"RED": 9, "S1": 6}, 2, id="the scarcest"),
        pytest.param(
            [PACK, Section(options=[Component("S3")])],
            {"S1": 0, "S2": 200, "S3": 2},
            2,
            id="another option steps in",
        ),
        pytest.param([ONE, ONE], {"RED": 4}, 2, id="two sections of one SKU: at most"),
        pytest.param([Section(options=[VOUCHER])], {}, UNLIMITED, id="no bound"),
    ],
)
def test_all_sections_must_be_filled(sections, available, expected):
    assert bundle_units_at_most(sections, available=available) == expected


def test_a_section_is_filled_in_with_its_defaults():
    section = Section(options=[Component("A")])
    assert section == Section(quantity=1, options=(Component("A"),), mix="one_option")
    assert hash(section) == hash(Section(options=(Component("A"),)))


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        pytest.param({"quantity": 0}, "units.invalid", "quantity", id="quantity 0"),
        pytest.param({"options": []}, "bundle.empty", "options", id="no options"),
        pytest.param({"options": ["A"]}, "type.invalid", "options[0]", id="an option that is text"),
        pytest.param(
            {"options": [Component("A"), Component("A", 2)]}, "id.repeated", "options[1].sku", id="a SKU twice"
        ),
        pytest.param({"mix": "some"}, "choice.invalid", "mix", id="unknown mix"),
        pytest.param(
            {"options": [Component("A"), Component("PACK", 1, [Component("A", 6)])], "mix": "any"},
            "id.repeated",
            "options",
            id="a piece and a pack of it, mixed",
        ),
    ],
)
def test_a_section_that_breaks_a_rule_is_refused(fields, code, path):
    with refusal(code, path) as caught:
        Section(**{"options": [Component("A")]} | fields)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_piece_or_a_pack_of_it_is_a_choice_of_one():
    section = Section(options=[Component("A"), Component("PACK", 1, [Component("A", 6)])])
    assert section_units(section, available={"A": 13}) == 13


@pytest.mark.parametrize(
    ("call", "code", "path"),
    [
        pytest.param(lambda: section_units("A", available={}), "type.invalid", "section", id="no section"),
        pytest.param(
            lambda: section_units(ONE, available={"RED": "?"}), "units.invalid", "available['RED']", id="units"
        ),
        pytest.param(lambda: bundle_units_at_most([], available={}), "bundle.empty", "sections", id="no sections"),
        pytest.param(lambda: bundle_units_at_most([5], available={}), "type.invalid", "sections[0]", id="a number"),
    ],
)
def test_sections_that_are_none_are_refused(call, code, path):
    with refusal(code, path) as caught:
        call()
    assert (caught.value.code, caught.value.path) == (code, path)


# name: the sections, what is picked, the components
CHOSEN = {
    "one option for all picks": ([ONE], [{"RED": 2}], (Component("RED", 2),)),
    "one of each": ([ANY], [{"BLUE": 1, "RED": 1}], (Component("BLUE"), Component("RED"))),
    "all of one where any will do": ([ANY], [{"BLUE": 2}], (Component("BLUE", 2),)),
    "the units of a pick": ([PACK], [{"S2": 1}], (Component("S2", 3),)),
    "section by section": ([PACK, ONE], [{"S1": 1}, {"BLUE": 2}], (Component("S1", 3), Component("BLUE", 2))),
    "one SKU in two sections": ([ONE, ANY], [{"RED": 2}, {"RED": 2}], (Component("RED", 2), Component("RED", 2))),
    "nothing to choose": ([], [], ()),
    "all that an option is": (
        [Section(quantity=2, options=[Component("LP", 2, street_date=FEBRUARY, when_short="wait")])],
        [{"LP": 2}],
        (Component("LP", 4, street_date=FEBRUARY, when_short="wait"),),
    ),
}


@pytest.mark.parametrize(("sections", "picks", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_a_choice_becomes_the_components_of_a_line(sections, picks, expected):
    assert choose_components(sections, picks=picks) == expected
    assert OrderLine(id="1", sku="SET", quantity=1, components=choose_components(sections, picks=picks))


@pytest.mark.parametrize(
    ("picks", "code", "path", "message"),
    [
        pytest.param([{"RED": 2}], "bundle.choice", "picks", "as many as there are sections, 2", id="too few choices"),
        pytest.param([{"RED": 2}] * 3, "bundle.choice", "picks", "as many as there are sections, 2", id="too many"),
        pytest.param(
            [{"RED": 2}, {"GREEN": 2}], "bundle.choice", "picks[1]", "options of the section: RED, BLUE", id="no option"
        ),
        pytest.param(
            [{"RED": 1}, {"RED": 2}], "bundle.choice", "picks[0]", "quantity, 2 .got {'RED': 1}", id="too few"
        ),
        pytest.param(
            [{"RED": 2}, {"RED": 2, "BLUE": 1}], "bundle.choice", "picks[1]", "quantity, 2", id="one too many"
        ),
        pytest.param([{}, {"RED": 2}], "bundle.choice", "picks[0]", "quantity, 2", id="nothing picked"),
        pytest.param(
            [{"RED": 1, "BLUE": 1}, {"RED": 2}],
            "bundle.choice",
            "picks[0]",
            "must pick one option alone .got",
            id="a mixture",
        ),
        pytest.param([{"RED": 2, "BLUE": 0}] * 2, "units.invalid", "picks[0]['BLUE']", ">= 1", id="no units"),
        pytest.param(["RED", "RED"], "type.invalid", "picks[0]", "must be a mapping", id="text"),
        pytest.param({"RED": 2}, "type.invalid", "picks", "must be a sequence", id="no sequence"),
    ],
)
def test_a_choice_that_is_not_offered_is_refused(picks, code, path, message):
    with pytest.raises(InvalidArgument, match=message) as caught:
        choose_components([ONE, ANY], picks=picks)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_choice_changes_no_section():
    section = Section(quantity=3, options=[Component("A", 2)])
    assert choose_components([section], picks=[{"A": 3}])[0].quantity == 6
    assert section.options[0].quantity == 2
