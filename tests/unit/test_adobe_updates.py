"""Orders on their way as Adobe Commerce OMS sends them, the rules of bundles, and messages without ids."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from preorder_kit import (
    Amount,
    BundleSource,
    CancelReason,
    Component,
    InvalidArgument,
    InvalidDocument,
    LineKind,
    Order,
    OrderLine,
    PartState,
    SourcingRules,
    WhenShort,
    demand,
)
from preorder_kit.adapters.adobe_oms import (
    OmsBundleRule,
    OmsItemStatus,
    OmsOrderLine,
    OmsOrderPhase,
    OmsOrderStatus,
    item_status,
    read_bundle_rules,
    read_order_create,
    read_order_updated,
    sourcing_rules_for,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "adobe_oms"
UTC = dt.timezone.utc
PLACED = dt.datetime(2026, 11, 21, 10, 31, 25, tzinfo=UTC)
STREET = dt.datetime(2027, 2, 5, tzinfo=UTC)


def payload(name: str) -> str:
    return (PAYLOADS / f"{name}.json").read_text(encoding="utf-8")


def row(line_id: str, **fields: object) -> dict[str, object]:
    return {"id": line_id, "product_type": "PHYSICAL", "sku": f"S{line_id}"} | fields


def bundle(line_id: str, number: int, **fields: object) -> dict[str, object]:
    return row(line_id, **{"product_type": "BUNDLE", "line_number": number} | fields)


def order(*rows: object, **fields: object) -> str:
    return json.dumps({"order": {"id": "7", "origin_date": "2026-11-21T10:31:25Z", "lines": list(rows)} | fields})


def problems(document: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocument) as caught:
        read_order_updated(document)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_the_payload_of_a_pre_order():
    lines = [
        OrderLine(id="11", sku="LP-2201", quantity=1, street_date=STREET, amount=Amount(2400, 600), ship_to="ship1"),
        OrderLine(id="12", sku="CD-1105", quantity=1, when_short="wait", amount=Amount(1200, 300), ship_to="ship1"),
        OrderLine(id="SHIPPING", sku="STANDARD", quantity=1, kind="fee", amount=Amount(400, 100), ship_to="ship1"),
    ]
    expected = Order(id="5100012", placed_at=PLACED, lines=lines, currency="EUR")
    assert read_order_create(payload("order_create_preorder")) == expected


def test_the_payload_of_a_bundle():
    parts = [Component("LP-2201", street_date=STREET), Component("TKT-1", kind="digital")]
    lines = [
        OrderLine(id="21", sku="SET-9", quantity=1, components=parts, amount=Amount(3200, 800), ship_to="ship1"),
        OrderLine(id="SHIPPING", sku="STANDARD", quantity=1, kind="fee", amount=Amount(400, 100), ship_to="ship1"),
    ]
    expected = Order(id="5100013", placed_at=PLACED, lines=lines, currency="EUR")
    assert read_order_create(payload("order_create_bundle")) == expected


def test_the_payload_of_an_order_again():
    update = read_order_updated(payload("order_updated"))
    assert update.order == Order(
        id="5100012",
        placed_at=PLACED,
        lines=[
            OrderLine(
                id="11", sku="LP-2201", quantity=1, street_date=STREET, amount=Amount(2400, 600), ship_to="ship1"
            ),
            OrderLine(id="12", sku="CD-1105", quantity=1, amount=Amount(1200, 300), ship_to="ship1"),
        ],
        currency="EUR",
    )
    assert update.status == OmsOrderStatus(
        code="LOGISTICS", reason="PENDING_FIRST_SHIPMENT", phase=OmsOrderPhase.IN_LOGISTICS
    )
    assert update.lines == (
        OmsOrderLine(
            id="11",
            sku="LP-2201",
            quantity=1,
            line_number="1",
            status=OmsItemStatus(code="NEW", reason="INITIALORDER", state=PartState.DUE),
        ),
        OmsOrderLine(
            id="12",
            sku="CD-1105",
            quantity=1,
            line_number="2",
            status=OmsItemStatus(code="ALLOCATEDSHIP", reason="SHIPMENTCREATED", state=PartState.ALLOCATED),
            allocations=1,
        ),
    )


def test_all_that_a_line_says_of_its_way():
    sent = row(
        "1",
        line_number="4",
        original_line_number=2,
        status=" Cancelled ",
        status_reason="OUTOFSTOCK",
        status_date="2026-11-22T08:00:00",
        total_source_allocations="3",
        source_location="W1",
        pickup_location=5,
        promise_delivery_date="2026-12-01T23:00:00+01:00",
        quantity=2,
    )
    [line] = read_order_updated(order(sent)).lines
    assert line == OmsOrderLine(
        id="1",
        sku="S1",
        quantity=2,
        line_number="4",
        original_line_number="2",
        status=item_status("Cancelled", reason="OUTOFSTOCK", since=dt.datetime(2026, 11, 22, 8, tzinfo=UTC)),
        allocations=3,
        source_location="W1",
        pickup_location="5",
        promised=dt.datetime(2026, 12, 1, 22, tzinfo=UTC),
    )
    assert line.status.cancelled_because is CancelReason.OUT_OF_STOCK


STATUSES = {
    "none": (None, True),
    "new": ("NEW", True),
    "allocated": ("ALLOCATEDSHIP", True),
    "not known": ("LOST_AT_SEA", True),
    "shipped": ("SHIPPED", False),
    "cancelled": ("cancelled", False),
}


@pytest.mark.parametrize(("status", "is_open"), STATUSES.values(), ids=STATUSES)
def test_what_has_shipped_or_is_cancelled_is_not_open(status, is_open):
    update = read_order_updated(order(row("1", status=status), row("2")))
    assert [line.id for line in update.order.lines] == (["1", "2"] if is_open else ["2"])
    assert [line.id for line in update.lines] == ["1", "2"]
    assert update.lines[0].status.code == (status or "")


def test_a_bundle_that_is_open_is_whole():
    update = read_order_updated(order(bundle("1", 1), row("2", parent_line_number=1, quantity=2)))
    assert update.order.lines == (OrderLine(id="1", sku="S1", quantity=1, components=[Component("S2", 2)]),)
    assert [line.id for line in update.lines] == ["1", "2"]


def test_a_bundle_of_which_a_line_is_closed_comes_apart():
    says = {"custom_attributes": [{"name": "allowBackorders", "value": "true"}]}
    rows = [
        bundle("1", 1, quantity=2, pre_order_street_date="2027-02-05", **says),
        row("2", parent_line_number=1, quantity=2, status="CANCELLED"),
        row("3", parent_line_number=1, quantity=4),
        bundle("4", 4, parent_line_number=1, quantity=2),
        row("5", parent_line_number=4, quantity=6, pre_order_street_date="2027-03-05"),
        row("6"),
    ]
    assert read_order_updated(order(*rows)).order.lines == (
        OrderLine(id="3", sku="S3", quantity=4, street_date=STREET, when_short="wait"),
        OrderLine(
            id="4",
            sku="S4",
            quantity=2,
            street_date=STREET,
            when_short="wait",
            components=[Component("S5", 3, street_date=dt.datetime(2027, 3, 5, tzinfo=UTC))],
        ),
        OrderLine(id="6", sku="S6", quantity=1),
    )


def test_a_line_of_a_bundle_that_came_apart_keeps_what_it_says_itself():
    allowed, forbidden = (
        {"custom_attributes": [{"name": "allowBackorders", "value": said}]} for said in ("true", "false")
    )
    rows = [
        bundle("1", 1, pre_order_street_date="2027-02-05", **allowed),
        row("2", parent_line_number=1, status="CANCELLED"),
        row("3", parent_line_number=1, pre_order_street_date="2027-03-05", **forbidden),
    ]
    [line] = read_order_updated(order(*rows), when_short="wait").order.lines
    assert (line.street_date, line.when_short) == (dt.datetime(2027, 3, 5, tzinfo=UTC), WhenShort.CANCEL)


def test_a_bundle_that_is_broken_inside_comes_apart_as_far_as_it_is():
    rows = [
        bundle("1", 1),
        bundle("2", 2, parent_line_number=1),
        row("3", parent_line_number=2, status="SHIPPED"),
        row("4", parent_line_number=2, product_type="VIRTUAL"),
        row("5", parent_line_number=1),
    ]
    found = read_order_updated(order(*rows), when_short="wait").order
    assert [(line.id, line.kind, line.when_short) for line in found.lines] == [
        ("4", LineKind.DIGITAL, WhenShort.WAIT),
        ("5", LineKind.GOODS, WhenShort.WAIT),
    ]


def test_a_bundle_that_is_closed_itself_leaves_the_lines_that_say_they_are_open():
    rows = [
        bundle("1", 1, status="CANCELLED"),
        row("2", parent_line_number=1),
        row("3", parent_line_number=1, status="NEW"),
        bundle("4", 4, parent_line_number=1),
        row("5", parent_line_number=4),
        row("6", parent_line_number=4, status="LOST_AT_SEA"),
    ]
    assert demand([read_order_updated(order(*rows)).order]) == {"S3": 1, "S6": 1}


@pytest.mark.parametrize("status", ["COMPLETE", "logisticscomplete", "CANCELLED", "ABORTED"])
def test_nothing_is_open_of_an_order_that_is_over(status):
    update = read_order_updated(order(row("1", status="NEW"), row("2"), status=status))
    assert update.order.lines == ()
    assert [line.status.code for line in update.lines] == ["NEW", ""]


@pytest.mark.parametrize("status", ["LOGISTICS", "ONHOLD", "ERROR", "EATEN", None])
def test_an_order_that_is_not_over_is_open_as_its_lines_are(status):
    update = read_order_updated(order(row("1", status="NEW"), row("2"), status=status))
    assert [line.id for line in update.order.lines] == ["1", "2"]


def test_nothing_may_be_open():
    update = read_order_updated(order(row("1", status="SHIPPED"), status="COMPLETE", status_reason="FULLYSHIPPED"))
    assert update.order.lines == ()
    assert update.status == OmsOrderStatus(code="COMPLETE", reason="FULLYSHIPPED", phase=OmsOrderPhase.DONE)


def test_a_deep_bundle_that_is_broken_is_no_matter():
    rows = [bundle(str(number), number, parent_line_number=number - 1 or None) for number in range(1, 1500)]
    leaf = row("leaf", parent_line_number=1499, status="CANCELLED")
    assert read_order_updated(order(*rows, leaf)).order.lines == ()


PROBLEMS = {
    "nothing": (
        order({}),
        {"[0].id": "field.missing", "[0].product_type": "field.missing", "[0].sku": "field.missing"},
    ),
    "words that are none": (
        order(row("1", status=5, status_reason=[], status_date="soon", line_number={})),
        {
            "[0].line_number": "text.invalid",
            "[0].status": "text.invalid",
            "[0].status_reason": "text.invalid",
            "[0].status_date": "instant.invalid",
        },
    ),
    "numbers that are none": (
        order(row("1", total_source_allocations=-1, promise_delivery_date=5, original_line_number=1.5)),
        {
            "[0].original_line_number": "text.invalid",
            "[0].total_source_allocations": "units.invalid",
            "[0].promise_delivery_date": "instant.invalid",
        },
    ),
    "an unknown parent": (order(row("1", parent_line_number=9)), {"[0].parent_line_number": "line.unknown"}),
    "an id twice": (order(row("1"), row("1")), {"[1].id": "id.repeated"}),
    "two currencies": (
        order(
            *(row(code, amount={"net_amount": 1, "gross_amount": 1, "currency": code}) for code in ("EUR", "NOK")),
        ),
        {"[1].amount.currency": "currency.mixed"},
    ),
    "a bundle that does not come out even": (
        order(bundle("1", 1, quantity=2), row("2", parent_line_number=1, quantity=3)),
        {"[1].quantity": "bundle.uneven"},
    ),
}


@pytest.mark.parametrize(("document", "expected"), PROBLEMS.values(), ids=PROBLEMS)
def test_every_problem_has_its_path(document, expected):
    assert problems(document) == [(f"order.lines{path}", code) for path, code in expected.items()]


def test_problems_of_the_order_itself():
    document = order(row("1"), id=None, origin_date="soon", status=True, payments=5)
    assert problems(document) == [
        ("order.id", "field.missing"),
        ("order.origin_date", "instant.invalid"),
        ("order.status", "text.invalid"),
        ("order.payments", "type.invalid"),
    ]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        pytest.param(payload("order_create_preorder"), "method", id="another message"),
        pytest.param("[]", "", id="a list"),
        pytest.param("{}", "", id="nothing"),
    ],
)
def test_what_is_no_update_is_refused(document, path):
    assert problems(document) == [(path, "document.unrecognised")]


def test_the_store_setting_is_a_choice():
    with pytest.raises(InvalidArgument, match="when_short: must be one of cancel, wait"):
        read_order_updated(payload("order_updated"), when_short="perhaps")


NO_IDS = {
    "missing": {"id": None},
    "the same": {"id": "1"},
}


@pytest.mark.parametrize("fields", NO_IDS.values(), ids=NO_IDS)
def test_a_bundle_and_its_part_may_lack_ids_and_come_to_an_end(fields):
    document = order(bundle("1", 1, **fields), row("2", parent_line_number=1, **fields))
    with pytest.raises(InvalidDocument) as caught:
        read_order_create(document)
    assert {problem.path for problem in caught.value.problems} <= {"order.lines[0].id", "order.lines[1].id"}


RULE = "mom_srcrr_FilterSourceBundleFromOneSource"


def test_the_rule_of_the_payload():
    [found] = read_bundle_rules(payload("order_create_bundle"))
    assert found == OmsBundleRule(line_id="21", sku="SET-9", code="SHIPTOGETHER", source=BundleSource.ONE_LOCATION)
    assert read_bundle_rules(payload("order_updated")) == ()


RULES = {
    "in small letters": ([{"name": RULE.lower(), "value": " shiptogether "}], "shiptogether", "one_location"),
    "by its code": ([{"attribute_code": RULE, "value": "SHIPTOGETHER"}], "SHIPTOGETHER", "one_location"),
    "not known": ([{"name": RULE, "value": "AS_YOU_LIKE"}], "AS_YOU_LIKE", None),
    "without a value": ([{"name": RULE}], "", None),
    "another attribute": ([{"name": "colour", "value": "SHIPTOGETHER"}], "", None),
    "none": (None, "", None),
}


@pytest.mark.parametrize(("attributes", "code", "source"), RULES.values(), ids=RULES)
def test_a_bundle_says_by_which_rule_it_is_sourced(attributes, code, source):
    document = order(bundle("1", 1, product_type=" bundle", custom_attributes=attributes), row("2"))
    assert read_bundle_rules(document) == (OmsBundleRule(line_id="1", sku="S1", code=code, source=source),)


def test_the_rules_of_bundles_inside_others_are_read():
    rows = [bundle("1", 1), bundle("2", 2, parent_line_number=1)]
    assert [found.line_id for found in read_bundle_rules(order(*rows))] == ["1", "2"]


def test_problems_of_bundle_rules():
    with pytest.raises(InvalidDocument) as caught:
        read_bundle_rules(order(bundle("1", 1, sku=None, custom_attributes=[{"name": RULE, "value": 5}])))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("order.lines[0].custom_attributes[0].value", "text.invalid"),
        ("order.lines[0].sku", "field.missing"),
    ]


def said(*sources: str | None) -> list[OmsBundleRule]:
    return [OmsBundleRule(line_id=str(index), sku="S", source=source) for index, source in enumerate(sources)]


CHOICES = {
    "nothing said": ([None], "several", "several"),
    "no bundles": ([], "one_location", "one_location"),
    "together": ([None, "one_location"], "several", "one_location"),
    "from several": (["several"], "one_location", "several"),
    "the stricter counts": (["several", "one_location"], "several", "one_location"),
}


@pytest.mark.parametrize(("sources", "shop", "expected"), CHOICES.values(), ids=CHOICES)
def test_what_bundles_say_counts_before_what_the_shop_does(sources, shop, expected):
    rules = SourcingRules(bundles=shop, backorder_at="W1")
    assert sourcing_rules_for(said(*sources), rules=rules) == SourcingRules(bundles=expected, backorder_at="W1")
