"""Listings of fulfillmenttools: what may be ordered without stock, read, picked, sold by and written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest

from preorder_kit import UNLIMITED, InvalidArgument, InvalidDocument, LeadTime, SellRules, Stock, WhenShort
from preorder_kit.adapters.fulfillmenttools import (
    ContextualTerms,
    Listing,
    ListingChange,
    OutOfStockContext,
    OutOfStockTerms,
    listing_stock,
    pick_terms,
    read_listing,
    read_listing_change,
    read_listings,
    selling_terms,
    write_listing_change,
    write_listing_upserts,
    write_listings,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fulfillmenttools"
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
OUT = dt.datetime(2027, 3, 12, 6, tzinfo=dt.timezone.utc)
PREORDER = OutOfStockTerms(behaviour="preorder", available_from=OUT)
GROUP = "0b7d4a52-2c0f-4f5e-8f6a-6a1b3a9d2c11"
BOTH = OutOfStockTerms(
    behaviour="preorder_and_restock",
    available_from=dt.datetime(2027, 2, 1, tzinfo=dt.timezone.utc),
    restockable_in_days=6,
)
RULES = (
    ContextualTerms(priority=10, contexts=[OutOfStockContext(kind="facility_group", values=[GROUP])], terms=BOTH),
    ContextualTerms(
        priority=20,
        contexts=[OutOfStockContext(kind="tag_reference", operator="not", values=["clearance"])],
        terms=OutOfStockTerms(behaviour="backorder"),
    ),
)


def payload(name):
    return (PAYLOADS / f"{name}.json").read_text(encoding="utf-8")


def problems(error):
    return [(problem.path, problem.code) for problem in error.problems]


def test_a_reply_is_read_as_it_is():
    assert read_listing(payload("listing_response")) == Listing(
        id="9b1c2f0e-7a55-4c0b-9f0e-1d0f9a7a3c21",
        sku="JKT-774-M",
        facility="f-oslo-01",
        title="Fjord shell jacket M",
        status="active",
        version=13,
        terms=PREORDER,
    )


def test_a_replacement_is_read_with_its_rules():
    found = read_listings(payload("listings_put_by_context"))
    assert found.complete() == (
        Listing(
            sku="JKT-774-M",
            title="Fjord shell jacket M",
            status="active",
            version=12,
            terms=OutOfStockTerms(behaviour="none"),
            by_context=RULES,
        ),
        Listing(
            sku="BTL-020", title="Steel bottle 0.5 l", status="active", terms=OutOfStockTerms(behaviour="backorder")
        ),
    )


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("listing_modify_backorder", ListingChange(version=7, terms=OutOfStockTerms(behaviour="backorder"))),
        ("listing_modify_preorder", ListingChange(version=3, terms=PREORDER)),
        (
            "listing_modify_restock",
            ListingChange(version=7, terms=OutOfStockTerms(behaviour="restock", restockable_in_days=4)),
        ),
    ],
)
def test_changes_are_read_and_written_as_they_are(name, change):
    assert read_listing_change(payload(name)) == change
    assert json.loads(write_listing_change(change)) == json.loads(payload(name))


def test_a_replacement_is_written_as_it_is():
    [body] = write_listings(read_listings(payload("listings_put_by_context")).complete())
    assert json.loads(body) == json.loads(payload("listings_put_by_context"))


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        ({}, OutOfStockTerms()),
        ({"outOfStockBehaviour": " preorder "}, OutOfStockTerms(behaviour="preorder", behaviour_word="preorder")),
        ({"outOfStockBehaviour": "LOTTERY"}, OutOfStockTerms(behaviour_word="LOTTERY")),
        ({"outOfStockBehaviour": "PREORDER", "outOfStockConfig": {}}, OutOfStockTerms(behaviour="preorder")),
        ({"outOfStockBehaviour": "RESTOCK", "outOfStockConfig": None}, OutOfStockTerms(behaviour="restock")),
        (
            {"outOfStockBehaviour": "PREORDER", "outOfStockConfig": {"preorder": {"availabilityTimeframe": {}}}},
            OutOfStockTerms(behaviour="preorder"),
        ),
        (
            {"outOfStockBehaviour": "RESTOCK", "outOfStockConfig": {"restock": {"restockableInDays": "0"}}},
            OutOfStockTerms(behaviour="restock", restockable_in_days=0),
        ),
        (
            {"outOfStockBehaviour": "BACKORDER", "availabilityTimeframe": {"start": "2027-03-12T07:00:00+01:00"}},
            OutOfStockTerms(behaviour="backorder", available_from=OUT),
        ),
        (
            {
                "outOfStockBehaviour": "PREORDER",
                "outOfStockConfig": {"preorder": {"availabilityTimeframe": {"start": "2027-03-12T06:00:00Z"}}},
                "availabilityTimeframe": {"start": "2020-02-03T08:45:50.525Z"},
            },
            PREORDER,
        ),
    ],
    ids=[
        "nothing",
        "small letters",
        "an unknown word",
        "no date",
        "no days",
        "an empty date",
        "days as text",
        "the deprecated date",
        "the deprecated date beside the new one",
    ],
)
def test_terms_are_read_leniently(said, terms):
    assert read_listing(json.dumps({"tenantArticleId": 4711, "facilityId": 7, **said})).terms == terms


def test_a_listing_names_all_of_its_problems():
    document = {
        "facility": 5,
        "version": 1.5,
        "outOfStockBehaviour": 5,
        "outOfStockConfig": {
            "preorder": {"availabilityTimeframe": {"start": "soon"}},
            "restock": {"restockableInDays": -1},
        },
        "outOfStockBehaviourByContexts": [
            {"priority": 0, "context": [], "outOfStockBehaviour": "NONE"},
            {"priority": 1, "context": [{"values": [True]}]},
        ],
    }
    with pytest.raises(InvalidDocument) as caught:
        read_listing(json.dumps(document))
    rules = "outOfStockBehaviourByContexts"
    assert sorted(problems(caught.value)) == [
        ("facility", "type.invalid"),
        ("outOfStockBehaviour", "text.invalid"),
        (f"{rules}[0].context", "field.missing"),
        (f"{rules}[0].priority", "units.invalid"),
        (f"{rules}[1].context[0].type", "field.missing"),
        (f"{rules}[1].context[0].values[0]", "text.invalid"),
        (f"{rules}[1].outOfStockBehaviour", "field.missing"),
        ("outOfStockConfig.preorder.availabilityTimeframe.start", "instant.invalid"),
        ("outOfStockConfig.restock.restockableInDays", "units.invalid"),
        ("tenantArticleId", "field.missing"),
        ("version", "units.invalid"),
    ]


@pytest.mark.parametrize("document", ["5", '{"orders": []}', '"listings"', "[[]]"])
def test_what_is_no_list_of_listings_is_told(document):
    if document == "[[]]":
        assert problems(read_listings(document)) == [("[0]", "type.invalid")]
    else:
        with pytest.raises(InvalidDocument, match="must be"):
            read_listings(document)


def test_a_listing_is_an_object():
    with pytest.raises(InvalidDocument, match="must be a listing"):
        read_listing("[]")


def test_an_upsert_is_read_for_each_of_its_facilities():
    entry = {"tenantArticleId": "A", "title": "A", "targetingStrategy": "MULTI_SELECTOR"}
    selectors = [
        {"facility": {"facilityRef": "oslo"}},
        {"facility": {"tenantFacilityId": "B1"}},
        {"facilityGroup": "north"},
        {"facility": {"facilityRef": 5.5}},
    ]
    single = {"tenantArticleId": "B", "targetingStrategy": "SINGLE_FACILITY", "facility": {"tenantFacilityId": "B1"}}
    found = read_listings(json.dumps([{**entry, "selector": selectors}, single, {**entry, "selector": []}]))
    assert [(item.sku, item.facility, item.tenant_facility_id) for item in found.values] == [
        ("A", "oslo", ""),
        ("A", "", "B1"),
        ("B", "", "B1"),
    ]
    assert problems(found) == [
        ("[0].selector[2]", "listing.selector"),
        ("[0].selector[3].facility.facilityRef", "text.invalid"),
        ("[2].selector", "field.missing"),
    ]


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"actions": [{}]}, [("version", "field.missing"), ("actions[0].action", "field.missing")]),
        ({"version": 1, "actions": []}, [("actions", "field.missing")]),
        ({"version": 1, "actions": [{"action": "ModifyFacility"}]}, [("actions[0].action", "listing.action")]),
        (
            {"version": 1, "actions": [{"action": "ModifyListing"}, {"action": "ModifyListing"}]},
            [("actions[1]", "listing.action")],
        ),
    ],
)
def test_a_change_names_its_problems(document, found):
    with pytest.raises(InvalidDocument) as caught:
        read_listing_change(json.dumps(document))
    assert problems(caught.value) == found


ASKED = {
    "the group's rule": ({"groups": [GROUP], "tags": ["clearance"]}, BOTH),
    "the lower number first": ({"groups": [GROUP]}, BOTH),
    "no such tag": ({"groups": ["other"], "tags": ["summer"]}, OutOfStockTerms(behaviour="backorder")),
    "no rule": ({"groups": ["other"], "tags": ["clearance"]}, OutOfStockTerms(behaviour="none")),
}


@pytest.mark.parametrize(("asked", "terms"), ASKED.values(), ids=ASKED)
def test_the_rule_of_a_facility_is_picked(asked, terms):
    listing = Listing(sku="A", terms=OutOfStockTerms(behaviour="none"), by_context=RULES[::-1])
    found = pick_terms(listing, **asked)
    assert found.terms == terms
    assert found.unjudged == ()
    assert found.source is None or found.source.terms == terms


def rule(behaviour, *contexts, priority=1):
    return ContextualTerms(priority=priority, contexts=contexts, terms=OutOfStockTerms(behaviour=behaviour))


def test_of_rules_with_one_number_the_earlier_counts():
    everywhere = OutOfStockContext(kind="tag_reference", operator="not")
    listing = Listing(sku="A", by_context=[rule("backorder", everywhere), rule("restock", everywhere)])
    assert pick_terms(listing).terms.behaviour == "backorder"


def test_all_contexts_of_a_rule_must_hold():
    one, other = (OutOfStockContext(kind="facility_group", values=[name]) for name in "ab")
    listing = Listing(sku="A", by_context=[rule("backorder", one, other)])
    assert pick_terms(listing, groups=["a"]).source is None
    assert pick_terms(listing, groups=["a", "b"]).source == listing.by_context[0]


def test_what_nobody_can_judge_is_passed_over_and_said():
    moon = OutOfStockContext(kind_word="MOON_PHASE", values=["full"])
    either = OutOfStockContext(kind="facility_group", operator_word="XOR", values=["a"])
    never = OutOfStockContext(kind="facility_group")
    rules = [rule("backorder", moon), rule("restock", either), rule("none", moon, never)]
    found = pick_terms(Listing(sku="A", by_context=rules), groups=["a"])
    assert found.terms == OutOfStockTerms()
    assert found.unjudged == tuple(rules[:2])


SELLING = {
    "nothing said": (OutOfStockTerms(), 0, "cancel", None, None, False),
    "none": (OutOfStockTerms(behaviour="none"), 0, "cancel", None, None, False),
    "backorder": (OutOfStockTerms(behaviour="backorder", available_from=OUT), UNLIMITED, "wait", None, None, False),
    "preorder": (PREORDER, UNLIMITED, "wait", OUT, None, False),
    "restock": (
        OutOfStockTerms(behaviour="restock", restockable_in_days=4),
        UNLIMITED,
        "wait",
        None,
        LeadTime(4, 4),
        False,
    ),
    "endless": (OutOfStockTerms(behaviour="restock", restockable_in_days=0), UNLIMITED, "wait", None, None, True),
    "both": (BOTH, UNLIMITED, "wait", BOTH.available_from, LeadTime(6, 6), False),
}


@pytest.mark.parametrize("case", SELLING.values(), ids=SELLING)
def test_terms_mean_this_for_selling(case):
    terms, limit, short, street, lead, endless = case
    found = selling_terms(terms, rules=SellRules(safety_stock=3, backorder_limit=7))
    assert found.rules == SellRules(safety_stock=3, backorder_limit=limit, preorder_limit=limit)
    assert (found.when_short, found.street_date) == (WhenShort(short), street)
    assert (found.replenishment, found.is_endless) == (lead, endless)


def test_an_unknown_word_says_nothing_about_selling():
    assert selling_terms(OutOfStockTerms(behaviour_word="LOTTERY")) is None


STOCKS = {
    "a pre-order is held": (PREORDER, {"on_hand": 5}, Stock(availability="preorder", quantity=UNLIMITED)),
    "a pre-order that may be sold": (
        PREORDER,
        {"on_hand": 5, "rules": SellRules(before_street_date="sell")},
        Stock(availability="low_stock", quantity=5),
    ),
    "a backorder": (
        OutOfStockTerms(behaviour="backorder"),
        {"on_hand": 2, "committed": 2, "incoming": 40, "waiting": 6},
        Stock(availability="backorder", quantity=34),
    ),
    "endless": (
        OutOfStockTerms(behaviour="restock", restockable_in_days=0),
        {"on_hand": 0},
        Stock(availability="in_stock", quantity=UNLIMITED, later=UNLIMITED),
    ),
    "none": (OutOfStockTerms(behaviour="none"), {"on_hand": 0}, Stock(availability="out_of_stock", quantity=0)),
    "unknown, and there": (
        OutOfStockTerms(behaviour_word="LOTTERY"),
        {"on_hand": 3},
        Stock(availability="low_stock", quantity=3),
    ),
    "unknown, and oversold": (
        OutOfStockTerms(behaviour_word="LOTTERY"),
        {"on_hand": 0, "committed": 2},
        Stock(availability="unknown", quantity=None, oversold=2),
    ),
}


@pytest.mark.parametrize(("terms", "facts", "stock"), STOCKS.values(), ids=STOCKS)
def test_a_listing_and_what_is_there_make_a_reading(terms, facts, stock):
    assert listing_stock(terms, **facts, at=NOW) == stock


def test_five_hundred_listings_go_into_a_call():
    bodies = write_listings(Listing(sku=f"A{number}") for number in range(501))
    assert [len(json.loads(body)["listings"]) for body in bodies] == [500, 1]
    assert write_listings([]) == ()


def test_an_upsert_names_its_facility_in_each_entry():
    listings = [Listing(sku=f"A{number}", facility="oslo", title="A") for number in range(25)]
    bodies = write_listing_upserts([*listings, Listing(sku="A0", tenant_facility_id="B1", title="A", terms=PREORDER)])
    assert [len(json.loads(body)["listings"]) for body in bodies] == [25, 1]
    assert json.loads(bodies[1])["listings"] == [
        {
            "targetingStrategy": "SINGLE_FACILITY",
            "facility": {"tenantFacilityId": "B1"},
            "tenantArticleId": "A0",
            "title": "A",
            "outOfStockBehaviour": "PREORDER",
            "outOfStockConfig": {"preorder": {"availabilityTimeframe": {"start": "2027-03-12T06:00:00.000Z"}}},
        }
    ]


def listing(**fields):
    return Listing(sku="A", **fields)


def contextual(**changes):
    return listing(by_context=[attrs.evolve(RULES[0], **changes)])


REFUSED = {
    "an unknown behaviour": (listing(terms=OutOfStockTerms(behaviour_word="LOTTERY")), "terms.behaviour_word"),
    "a pre-order without a date": (listing(terms=OutOfStockTerms(behaviour="preorder")), "terms.available_from"),
    "a backorder with a date": (
        listing(terms=attrs.evolve(PREORDER, behaviour="backorder", behaviour_word="")),
        "from",
    ),
    "a restock without days": (listing(terms=OutOfStockTerms(behaviour="restock")), "terms.restockable_in_days"),
    "both without days": (listing(terms=attrs.evolve(BOTH, restockable_in_days=None)), "restockable_in_days"),
    "a date alone": (listing(terms=OutOfStockTerms(available_from=OUT)), "terms.behaviour: must be named"),
    "an unknown status": (listing(status_word="ASLEEP"), "status_word: must be documented"),
    "a version that no field holds": (
        listing(version=1 << 63),
        r"listings\[0\].version: must be at most 9223372036854",
    ),
    "eleven rules": (listing(by_context=RULES[:1] * 11), "by_context: must hold 0 to 10"),
    "a priority too high": (contextual(priority=1001), r"by_context\[0\].priority: must be 1 to 1000"),
    "no context": (contextual(contexts=[]), r"by_context\[0\].contexts: must hold 1 to 5"),
    "six contexts": (contextual(contexts=RULES[0].contexts * 6), "must hold 1 to 5"),
    "too many values": (
        contextual(contexts=[OutOfStockContext(kind="tag_reference", values=["a"] * 101)]),
        r"contexts\[0\].values: must hold 0 to 100",
    ),
    "an unknown context": (contextual(contexts=[OutOfStockContext(kind_word="MOON")]), "kind_word: must be documented"),
    "an unknown operator": (
        contextual(contexts=[OutOfStockContext(kind="tag_reference", operator_word="XOR")]),
        "operator_word: must be documented",
    ),
    "a rule that says nothing": (contextual(terms=OutOfStockTerms()), r"by_context\[0\].terms.behaviour"),
}


@pytest.mark.parametrize(("bad", "match"), REFUSED.values(), ids=REFUSED)
def test_what_the_system_does_not_take_is_refused(bad, match):
    with pytest.raises(InvalidArgument, match=match):
        write_listings([bad])


@pytest.mark.parametrize(
    ("listings", "match"),
    [
        ([listing(), listing()], r"listings\[1\].sku: .* must be unique"),
        ([listing(facility="oslo"), Listing(sku="B", facility="bergen")], "must be of one facility"),
    ],
)
def test_a_replacement_is_of_one_facility_and_says_nothing_twice(listings, match):
    with pytest.raises(InvalidArgument, match=match):
        write_listings(listings)


@pytest.mark.parametrize(
    ("listings", "match"),
    [
        ([listing(title="A")], r"listings\[0\].facility: must name its facility"),
        ([listing(title="A", facility="oslo", tenant_facility_id="B1")], "one of them"),
        ([listing(facility="oslo")], r"listings\[0\].title: must be text"),
        ([listing(facility="oslo", title="A")] * 2, "must be unique"),
    ],
)
def test_an_upsert_that_the_system_does_not_take_is_refused(listings, match):
    with pytest.raises(InvalidArgument, match=match):
        write_listing_upserts(listings)


def test_a_change_of_title_and_status_is_written():
    change = ListingChange(version=2, title="New", status="inactive")
    action = {"action": "ModifyListing", "title": "New", "status": "INACTIVE"}
    assert json.loads(write_listing_change(change)) == {"version": 2, "actions": [action]}


def test_a_version_is_one_that_a_field_holds():
    assert json.loads(write_listing_change(ListingChange(version=(1 << 63) - 1, title="A")))["version"] == (1 << 63) - 1
    with pytest.raises(InvalidArgument, match=r"change.version: must be at most"):
        write_listing_change(ListingChange(version=1 << 63, title="A"))


def test_a_change_changes_something():
    with pytest.raises(InvalidArgument, match="must change something"):
        write_listing_change(ListingChange(version=2))


def test_a_word_and_its_meaning_agree():
    assert OutOfStockTerms(behaviour_word="backorder").behaviour == "backorder"
    assert OutOfStockTerms(behaviour="backorder").behaviour_word == "BACKORDER"
    with pytest.raises(InvalidArgument, match="behaviour_word: must be a way to write BACKORDER"):
        OutOfStockTerms(behaviour="backorder", behaviour_word="NONE")
