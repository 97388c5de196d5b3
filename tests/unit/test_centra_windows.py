"""Centra's delivery windows: read, as instants and rules, and written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import attrs
import pytest

from preorder_kit import UNLIMITED, DateRange, InvalidArgument, InvalidDocument, SalesWindow, SellRules
from preorder_kit.adapters.centra import (
    CentraStatus,
    DeliveryWindow,
    VariantDelivery,
    WindowVariant,
    read_delivery_window,
    read_delivery_windows,
    read_window_variants,
    window_rules,
    window_sales,
    write_delivery_window,
    write_window_variants,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "centra"
DELIVERY = DateRange(dt.date(2027, 2, 1), dt.date(2027, 3, 31))
SALES = DateRange(dt.date(2026, 9, 1), dt.date(2026, 10, 31))
PREORDER = DeliveryWindow(
    name="SS27 drop 1",
    delivery=DELIVERY,
    sales=SALES,
    allocation_order="FIFO",
    default_word="PREORDER",
    delivery_dates_visible=True,
    selectable_by_buyers=True,
    allocation_rule=2,
    markets=[2],
)


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def problems(found: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


def windows(*found: Any) -> str:
    return json.dumps({"data": {"deliveryWindows": list(found)}})


def window(**fields: Any) -> dict[str, Any]:
    return {"id": 26, "name": "Drop", "status": "ACTIVE", **fields}


def test_the_days_of_a_window_are_those_that_are_written():
    [found] = read_delivery_windows(payload("integration_delivery_window_preorder_response")).complete()
    assert found == attrs.evolve(PREORDER, id=26, default_word="STOCK")
    assert (found.status, found.default_delivery) == (CentraStatus.ACTIVE, VariantDelivery.STOCK)


def test_a_window_that_delivers_at_once_is_read_with_its_variants():
    [found] = read_delivery_windows(payload("integration_delivery_window_at_once")).complete()
    expected = DeliveryWindow(
        id=3,
        name="Always there",
        selectable_date=True,
        delivery_dates_visible=True,
        selectable_by_buyers=True,
        allocation_rule=2,
        markets=[2, 12],
        variants=[
            WindowVariant(variant=1844, delivery_word="STOCK", limit=100),
            WindowVariant(variant=1845, delivery_word="STOCK", limit=UNLIMITED),
        ],
    )
    assert found == expected


@pytest.mark.parametrize(
    ("word", "status"),
    [("CANCELLED", CentraStatus.CANCELLED), ("canceled", CentraStatus.CANCELLED), ("PAUSED", None)],
)
def test_a_status_is_kept_as_it_was_said(word, status):
    [found] = read_delivery_windows(windows(window(status=word))).complete()
    assert (found.status_word, found.status) == (word, status)


@pytest.mark.parametrize(
    ("word", "delivery"),
    [
        ("PREORDER", VariantDelivery.PREORDER),
        ("Stock/Link", VariantDelivery.STOCK_LINK),
        ("STOCK_LINK", VariantDelivery.STOCK_LINK),
        ("DROPSHIP", None),
    ],
)
def test_a_type_is_kept_as_it_was_said(word, delivery):
    [found] = read_delivery_windows(windows(window(deliveryWindowVariants=[{"type": word}]))).complete()
    assert (found.variants[0].delivery_word, found.variants[0].delivery) == (word, delivery)


ONE = "data.deliveryWindows[0]"
BROKEN = {
    "no name": (window(name=""), [(f"{ONE}.name", "field.missing")]),
    "a day that is none": (
        window(deliveryStartDate="2027-02-30", deliveryEndDate="2027-03-01"),
        [(f"{ONE}.deliveryStartDate", "day.invalid")],
    ),
    "a time that is none": (
        window(deliveryStartDate="2027-02-01T99:00:00Z", deliveryEndDate="2027-03-01"),
        [(f"{ONE}.deliveryStartDate", "instant.invalid")],
    ),
    "no end": (window(salesStartDate="2027-02-01"), [(f"{ONE}.salesEndDate", "field.missing")]),
    "the wrong way round": (
        window(salesStartDate="2027-02-02", salesEndDate="2027-02-01"),
        [(f"{ONE}.salesEndDate", "range.reversed")],
    ),
    "both kinds": (
        window(daysFromNow=1, deliveryStartDate="2027-02-01", deliveryEndDate="2027-02-02"),
        [(f"{ONE}.days_from_now", "centra.one_of")],
    ),
    "a limit that is none": (
        window(deliveryWindowVariants=[{"limit": {"value": -1}}]),
        [(f"{ONE}.deliveryWindowVariants[0].limit.value", "units.invalid")],
    ),
    "a market without an id": (window(markets=[{}]), [(f"{ONE}.markets[0].id", "field.missing")]),
}


@pytest.mark.parametrize(("broken", "expected"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_window_is_named_and_the_others_stand(broken, expected):
    found = read_delivery_windows(windows(broken, window()))
    assert problems(found) == expected
    assert len(found.values) == 1


def test_errors_for_the_user_are_problems():
    payload_ = {"userErrors": [{"message": "No market", "path": ["input", "markets"]}], "deliveryWindow": None}
    found = read_delivery_windows(json.dumps({"data": {"createDeliveryWindow": payload_}}))
    assert found.values == ()
    assert [str(problem) for problem in found.problems] == [
        "data.createDeliveryWindow.userErrors[0]: Centra says about input.markets: No market"
    ]


def test_a_mutation_that_is_no_object_is_a_problem():
    assert problems(read_delivery_windows('{"data": {"updateDeliveryWindow": 5}}')) == [
        ("data.updateDeliveryWindow", "type.invalid")
    ]


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (read_delivery_windows, "with delivery windows"),
        (read_delivery_window, "createDeliveryWindow"),
        (read_window_variants, "setDeliveryWindowVariants"),
    ],
)
@pytest.mark.parametrize("document", ['{"data": {}}', '{"data": {"orders": []}}'])
def test_another_document_is_not_recognised(read, words, document):
    with pytest.raises(InvalidDocument, match=words):
        read(document)


# As instants and rules


def test_sales_begin_and_end_with_days_of_the_store():
    assert window_sales(PREORDER, zone="Europe/Oslo") == SalesWindow(
        opens=dt.datetime(2026, 8, 31, 22, tzinfo=dt.timezone.utc),
        closes=dt.datetime(2026, 10, 31, 23, tzinfo=dt.timezone.utc),
    )


def test_a_window_without_days_is_always_open():
    assert window_sales(DeliveryWindow(name="Always"), zone="Europe/Oslo") is None


def test_a_window_may_be_open_for_ever():
    for_ever = DeliveryWindow(name="Always", sales=DateRange(dt.date(2026, 9, 1), dt.date.max))
    assert window_sales(for_ever, zone="UTC").closes is None


@pytest.mark.parametrize(("limit", "units"), [(100, 100), (0, 0), (UNLIMITED, UNLIMITED), (None, UNLIMITED)])
def test_a_variant_is_sold_up_to_its_limit(limit, units):
    found = attrs.evolve(PREORDER, variants=[WindowVariant(variant=340, limit=limit)])
    sales = window_sales(PREORDER, zone="Europe/Oslo")
    assert window_rules(found, variant=340, zone="Europe/Oslo") == SellRules(preorder_limit=units, sales_window=sales)


def test_a_variant_that_is_not_in_the_window_is_not_sold_in_it():
    with pytest.raises(InvalidArgument, match=r"variant: must be in the window: there is none \(got 340\)"):
        window_rules(PREORDER, variant=340, zone="UTC")


def test_a_limit_of_another_kind_is_not_taken_for_the_variants():
    row = {"productVariant": {"id": 340}, "limit": {"value": 5, "type": "HIGH", "on": "ProductSize"}}
    [found] = read_delivery_windows(windows(window(deliveryWindowVariants=[row]))).complete()
    assert found.variants[0].limit_on == "ProductSize"
    with pytest.raises(InvalidArgument, match="variant: must have a limit of the type HIGH on ProductVariant"):
        window_rules(found, variant=340, zone="UTC")


# Written


def variables(call: str) -> Any:
    return json.loads(call)["variables"]


def test_the_documented_window_is_written_and_read_back():
    document = payload("integration_create_delivery_window_preorder")
    assert variables(write_delivery_window(PREORDER)) == json.loads(document)["variables"]
    assert read_delivery_window(document) == PREORDER


@pytest.mark.parametrize(
    ("own", "at_once"),
    [
        ({"days_from_now": 0}, {"daysFromNow": 0}),
        ({"selectable_date": True}, {"selectableDate": True}),
        ({"days_from_now": 14, "selectable_date": False}, {"daysFromNow": 14, "selectableDate": False}),
    ],
)
def test_a_window_that_delivers_at_once_is_written(own, at_once):
    always = DeliveryWindow(name="Always", **own)
    given = variables(write_delivery_window(always))["input"]
    assert read_delivery_window(write_delivery_window(always)) == always
    assert given["atOnce"] == at_once
    assert "preorder" not in given
    assert "markets" not in given


def test_a_cancelled_window_is_written_with_two_l():
    given = variables(write_delivery_window(attrs.evolve(PREORDER, status_word="canceled")))["input"]
    assert given["status"] == "CANCELLED"


REFUSED = {
    "an id": ({"id": 26}, "window.id: must not have an id or variants"),
    "variants": ({"variants": [WindowVariant(variant=1)]}, "window.id: must not have an id or variants"),
    "a status": ({"status_word": "PAUSED"}, "window.status_word: must be ACTIVE, INACTIVE or CANCELLED"),
    "a type that is not spelled": (
        {"default_word": "STOCK_LINK"},
        "window.default_word: must be PREORDER, STOCK, LINK",
    ),
    "an unknown type": ({"default_word": "DROPSHIP"}, "window.default_word: must be PREORDER, STOCK, LINK"),
    "no days of delivery": ({"delivery": None}, "window.delivery: must be given"),
    "no days of sale": ({"sales": None}, "window.sales: must be given"),
    "an order": ({"allocation_order": "LIFO"}, "window.allocation_order: must be FIFO"),
}


@pytest.mark.parametrize(("own", "message"), REFUSED.values(), ids=list(REFUSED))
def test_a_window_that_cannot_be_said_is_refused(own, message):
    with pytest.raises(InvalidArgument) as caught:
        write_delivery_window(attrs.evolve(PREORDER, **own))
    assert str(caught.value).startswith(message)


def test_a_broken_call_is_refused_with_all_of_its_problems():
    given = {"deliveryDatesVisible": 1, "preorder": {"deliveryDateRange": {"from": "2027-02-01"}}, "status": "ACTIVE"}
    with pytest.raises(InvalidDocument) as caught:
        read_delivery_window(json.dumps({"query": "", "variables": {"input": given}}))
    assert problems(caught.value) == [
        ("variables.input.preorder.deliveryDateRange.to", "field.missing"),
        ("variables.input.preorder.salesDateRange", "field.missing"),
        ("variables.input.preorder.allocationOrder", "field.missing"),
        ("variables.input.name", "field.missing"),
        ("variables.input.deliveryDatesVisible", "type.invalid"),
    ]


def test_a_range_that_is_none_is_a_problem():
    given = {"deliveryDatesVisible": True, "name": "A", "status": "ACTIVE", "preorder": {"deliveryDateRange": 5}}
    with pytest.raises(InvalidDocument, match=r"preorder.deliveryDateRange: must be an object"):
        read_delivery_window(json.dumps({"query": "", "variables": {"input": given}}))


def test_the_documented_variants_are_written_and_read_back():
    document = payload("integration_set_delivery_window_variants")
    variant = WindowVariant(variant=340, delivery_word="STOCK", limit=100)
    [call] = write_window_variants([variant], window=26)
    assert variables(call) == json.loads(document)["variables"]
    assert read_window_variants(document).complete() == (variant,)


@pytest.mark.parametrize(("number", "calls"), [(1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
def test_a_call_holds_at_most_a_hundred_variants(number, calls):
    variants = [WindowVariant(variant=one) for one in range(1, number + 1)]
    written = write_window_variants(variants, window=26)
    assert [len(variables(call)["input"]["variants"]) for call in written] == calls
    back = [variant for call in written for variant in read_window_variants(call).complete()]
    assert back == variants


def test_no_limit_clears_the_limit():
    [call] = write_window_variants([WindowVariant(variant=340, limit=UNLIMITED)], window=26)
    assert variables(call)["input"]["variants"] == [{"productVariant": {"id": 340}, "limit": None}]


VARIANTS_REFUSED = {
    "none": ([], "variants: must name at least one variant"),
    "without an id": ([WindowVariant()], r"variants[0].variant: must be an id of Centra's"),
    "twice": ([WindowVariant(variant=1)] * 2, r"variants[1].variant: the variants of a window must be unique"),
    "a type": ([WindowVariant(variant=1, delivery_word="LATER")], r"variants[0].delivery_word: must be PREORDER"),
    "a limit": ([WindowVariant(variant=1, limit=2**31)], r"variants[0].limit: must be <= 2147483647"),
    "on sizes": ([WindowVariant(variant=1, limit=1, limit_on="ProductSize")], r"variants[0]: must have a limit"),
}


@pytest.mark.parametrize(("variants", "message"), VARIANTS_REFUSED.values(), ids=list(VARIANTS_REFUSED))
def test_variants_that_cannot_be_said_are_refused(variants, message):
    with pytest.raises(InvalidArgument) as caught:
        write_window_variants(variants, window=26)
    assert str(caught.value).startswith(message)


def test_variants_need_a_window():
    given = {"deliveryWindow": {}, "variants": [{"productVariant": {"id": 1}}]}
    found = read_window_variants(json.dumps({"query": "", "variables": {"input": given}}))
    assert problems(found) == [("variables.input.deliveryWindow", "field.missing")]


@pytest.mark.parametrize(
    "own",
    [
        {"delivery": DateRange(dt.date(2027, 2, 1), dt.date(2027, 3, 31))},
        {"sales": DateRange(dt.date(2026, 9, 1), dt.date(2026, 10, 31))},
        {"allocation_order": "FIFO"},
    ],
    ids=lambda own: next(iter(own)),
)
@pytest.mark.parametrize("kind", [{"days_from_now": 0}, {"selectable_date": False}], ids=lambda kind: next(iter(kind)))
def test_a_window_is_of_one_kind(own, kind):
    with pytest.raises(InvalidArgument, match="a window is of one kind"):
        DeliveryWindow(name="Drop 1", **own, **kind)
