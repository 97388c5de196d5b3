"""Routing of fulfillmenttools: plans that wait, decisions to divide, the configuration of a node; promises."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest

from preorder_kit import (
    UNLIMITED,
    AllocationPolicy,
    Component,
    InvalidArgument,
    InvalidDocument,
    Order,
    OrderLine,
    SellRules,
    SplitRules,
    Stock,
    allocate,
)
from preorder_kit.adapters.fulfillmenttools import (
    _FORMATS,
    BackOrderedLine,
    CheckoutAvailability,
    DeliveryPromise,
    Fence,
    NodeConfig,
    OrderSplit,
    OutOfStockTerms,
    PlanLine,
    PlanStatus,
    RoutingPlan,
    SplitDecision,
    SplitItem,
    checkout_stock,
    node_split_rules,
    plan_outcomes,
    plan_part,
    plan_waiting_lines,
    read_checkout_availability,
    read_delivery_promise,
    read_node_config,
    read_order_split,
    read_routing_plan,
    read_routing_plans,
    read_split_decision,
    room_policy,
    waits_in_room,
    write_node_config,
    write_order_split,
)
from preorder_kit.formats import read_waiting

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fulfillmenttools"
PLACED = dt.datetime(2026, 11, 21, 10, 15, 30, tzinfo=dt.timezone.utc)
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
OUT = dt.datetime(2027, 3, 12, 6, tzinfo=dt.timezone.utc)
PREORDER = OutOfStockTerms(behaviour="preorder", available_from=OUT)


def payload(name):
    return (PAYLOADS / f"{name}.json").read_text(encoding="utf-8")


def problems(error):
    return [(problem.path, problem.code) for problem in error.problems]


def test_the_event_of_a_waiting_plan_is_read_as_it_is():
    assert read_routing_plan(payload("routing_plan_waiting_event")) == RoutingPlan(
        id="rp-7f31",
        order=Order(
            id="ord-55a1",
            placed_at=PLACED,
            lines=[OrderLine(id="oli-1b", sku="JKT-774-M", quantity=1, when_short="wait", street_date=OUT)],
        ),
        lines=[PlanLine(id="oli-1b", sku="JKT-774-M", quantity=1, available=0, terms=PREORDER)],
        status="waiting",
        consolidated_word="WAITING_AND_SPLIT",
        tenant_order_id="W-100245",
        parent="rp-7f30",
        splits=1,
        runs=1,
    )


def plan_document(**more):
    return {"id": "rp-1", "orderRef": "ord-1", "orderDate": "2026-11-21T10:15:30Z", "status": "ROUTED", **more}


def test_plans_are_read_in_a_list_and_broken_ones_are_named():
    line = {"article": {"tenantArticleId": "A"}, "quantity": 2, "outOfStockBehaviour": "BACKORDER"}
    service = {
        "customServiceDefinition": {"isBundled": True},
        "articleItems": [{"tenantArticleRef": "A", "quantity": 1}],
        "customServiceItems": [],
    }
    sound = plan_document(priority=5, facilityRef="oslo", orderLineItems=[line], customServices=[service])
    broken = plan_document(status=None, orderLineItems=[{**line, "available": 0.5}])
    found = read_routing_plans(json.dumps({"routingPlans": [sound, broken, 7, plan_document(status="PAUSED")]}))
    first, last = found.values
    assert first.order == Order(
        id="ord-1",
        placed_at=PLACED,
        priority=-5,
        lines=[
            OrderLine(id="1", sku="A", quantity=1, when_short="wait"),
            OrderLine(
                id="bundle-1",
                sku="bundle-1",
                quantity=1,
                when_short="wait",
                components=[Component("A", 1, when_short="wait")],
            ),
        ],
    )
    assert (first.status, first.facility, last.status, last.status_word) == (PlanStatus.ROUTED, "oslo", None, "PAUSED")
    assert problems(found) == [
        ("routingPlans[2]", "type.invalid"),
        ("routingPlans[1].status", "field.missing"),
        ("routingPlans[1].orderLineItems[0].available", "units.invalid"),
    ]


@pytest.mark.parametrize("source", ["[]", '{"payload": 5}', '{"payload": ""}', "{}"])
def test_what_is_no_plan_is_told(source):
    with pytest.raises(InvalidDocument):
        read_routing_plan(source)


def plan(status="waiting", name="rp-1", **line):
    held = OrderLine(**{"id": "a", "sku": "A", "quantity": 2, **line})
    return RoutingPlan(id=name, order=Order(id="ord-1", placed_at=PLACED, lines=[held], priority=-3), status=status)


def test_a_waiting_plan_waits_as_an_order_of_its_own():
    [line] = plan_waiting_lines(plan(street_date=OUT))
    assert (line.order_id, line.line_id, line.sku, line.quantity) == ("rp-1", "a", "A", 2)
    assert (line.placed_at, line.priority, line.street_date) == (PLACED, -3, OUT)
    assert plan_waiting_lines(plan("not_routable")) == ()


def test_a_document_of_plans_is_a_queue_of_what_waits():
    one = read_waiting(payload("routing_plan_waiting_event")).values
    assert [(line.order_id, line.line_id, line.sku, line.quantity, line.street_date) for line in one] == [
        ("rp-7f31", "oli-1b", "JKT-774-M", 1, OUT)
    ]
    found = read_waiting(payload("routing_plans"))
    assert found.problems == ()
    assert [(line.order_id, line.line_id, line.sku, line.quantity) for line in found.values] == [
        ("rp-7f31", "oli-1b", "JKT-774-M", 1),
        ("rp-8000", "cs-1", "bundle-1", 1),
    ]
    assert [(part.sku, part.quantity) for part in found.values[1].components] == [("BTL-020", 1), ("CUP-001", 2)]
    assert read_waiting(json.dumps(plan_document(orderLineItems=[]))).values == ()


STATES = {
    "initial": "due",
    "in_preparation": "due",
    "prioritized": "due",
    "routing": "due",
    "retryable": "due",
    "fallback_routing": "due",
    "waiting": "backordered",
    "proposed": "allocated",
    "planned": "allocated",
    "manual_planned": "allocated",
    "routed": "allocated",
    "not_routable": "unfulfillable",
    "canceled": "cancelled",
    "failed": None,
    "redundant_reroute": None,
    "failed_reroute": None,
    "obsolete": None,
    "locked": None,
    "promised": None,
    "rerouted": None,
}


def test_each_status_is_in_the_table():
    assert STATES.keys() == {status.value for status in PlanStatus}


@pytest.mark.parametrize(("status", "state"), STATES.items())
def test_a_status_is_this_state(status, state):
    part = plan_part(plan(status), at=NOW)
    assert (part and part.state.value) == state


@pytest.mark.parametrize(
    ("status", "at", "state", "kind"),
    [
        ("waiting", NOW, "held", "await_street_date"),
        ("waiting", OUT, "backordered", "await_street_date"),
        ("initial", NOW, "held", "await_street_date"),
        ("not_routable", NOW, "unfulfillable", "await_street_date"),
        ("routed", NOW, "allocated", "ship_now"),
    ],
)
def test_a_part_is_held_while_its_street_date_is_ahead(status, at, state, kind):
    held = plan_part(attrs.evolve(plan(status, street_date=OUT), facility="oslo", runs=2), at=at)
    assert (held.state, held.part.kind, held.part.street_date) == (state, kind, None if state == "allocated" else OUT)
    assert (held.part.id, held.part.order_id, held.part.location) == ("rp-1", "ord-1", "oslo")
    assert (held.placed_at, held.priority, held.attempts) == (PLACED, -3, 2)
    assert [(line.line_id, line.quantity) for line in held.part.lines] == [("a", 2)]


def test_what_is_not_known_or_holds_nothing_has_no_state():
    empty = RoutingPlan(id="rp-1", order=Order(id="ord-1", placed_at=PLACED, lines=[]), status="waiting")
    assert plan_part(empty, at=NOW) is None
    assert plan_part(attrs.evolve(plan(), status=None, status_word="PAUSED"), at=NOW) is None


def test_who_gets_no_stock_is_not_routable():
    plans = [plan(name="rp-1"), plan(name="rp-2"), plan(name="rp-3", street_date=OUT), plan("routed", "rp-4")]
    queue = [line for one in plans for line in plan_waiting_lines(one)]
    policy = room_policy(NodeConfig(order_split=OrderSplit(is_active=True, most_splits=1)))
    found = allocate(queue, available={"A": 3}, policy=policy, at=NOW)
    assert plan_outcomes(plans, allocation=found) == {"rp-1": "routed", "rp-2": "not_routable", "rp-3": "waiting"}
    with pytest.raises(InvalidArgument, match=r"plans\[1\].id: .* must be unique"):
        plan_outcomes([plan(), plan()], allocation=found)


def test_a_decision_to_let_items_wait_is_read_as_it_is():
    assert read_split_decision(payload("split_decision_waiting_room")) == SplitDecision(
        result="park_in_waiting_room",
        items=[SplitItem(sku="JKT-774-M", quantity=1, title="Fjord shell jacket M")],
        target_plan="rp-7f31",
        splits=1,
    )


def test_a_decision_may_be_short_or_new():
    assert read_split_decision('{"splitType": "DO_NOT_SPLIT"}') == SplitDecision(result="do_not_split")
    found = read_split_decision('{"splitType": "HALVE", "split": {"targetFacility": {"tenantFacilityId": "B1"}}}')
    assert (found.result, found.result_word, found.target_facility) == (None, "HALVE", "B1")
    facility = '{"facilityRef": "f-oslo-01", "tenantFacilityId": "B1"}'
    found = read_split_decision(f'{{"splitType": "SPLIT", "split": {{"targetFacility": {facility}}}}}')
    assert found.target_facility == "f-oslo-01"


def test_a_decision_names_its_problems():
    with pytest.raises(InvalidDocument) as caught:
        read_split_decision('{"split": {"splitCount": "x", "splittedItems": [{"quantity": 0}]}}')
    assert problems(caught.value) == [
        ("splitType", "field.missing"),
        ("split.splittedItems[0].tenantArticleId", "field.missing"),
        ("split.splittedItems[0].quantity", "units.invalid"),
        ("split.splitCount", "units.invalid"),
    ]


def test_the_decision_is_read_in_the_log_of_a_run_with_what_went_back():
    assert read_split_decision(payload("decision_log")) == SplitDecision(
        result="reassign_to_parent",
        reassigned=[SplitItem(sku="BTL-020", quantity=2, title="Steel bottle 0.5 l")],
        source_facility="f-oslo-01",
    )
    with pytest.raises(InvalidDocument, match="orderSplitDecision: must be an object"):
        read_split_decision('{"orderSplitDecision": 5}')
    with pytest.raises(InvalidDocument, match=r"orderSplitDecision.reassignment.reassignedItems\[0\]"):
        read_split_decision(
            '{"orderSplitDecision": {"splitType": "FAIL", "reassignment": {"reassignedItems": [{"quantity": 1}]}}}'
        )


CONFIG = NodeConfig(
    fences=[
        Fence(implementation="STOCK-AVAILABILITY", is_active=True, mode="reactive"),
        Fence(implementation="FACILITY-COUNTRY", is_active=False, mode="static"),
    ],
    order_split=OrderSplit(is_active=True, most_splits=2, uses_waiting_room=True),
    kept={"ratings": "[]"},
)


def test_a_configuration_is_read_and_written_as_it_is():
    source = payload("routing_strategy_node_config")
    assert read_node_config(source) == CONFIG
    assert json.loads(write_node_config(CONFIG)) == json.loads(source)
    assert read_node_config(json.dumps({"id": "n-1", "config": json.loads(source)})) == CONFIG


def test_what_is_not_of_meaning_here_is_kept():
    node = {
        "fences": [{"type": "ToolkitFence", "active": True, "rule": {"share": 0.25, "names": ["å"]}}],
        "ratings": [{"implementation": "GEODISTANCE", "maxPenalty": 1000}],
        "reroute": None,
    }
    config = read_node_config(json.dumps(node))
    assert config.fences[0].kept == {"rule": '{"share": 0.25, "names": ["\\u00e5"]}'}
    assert json.loads(write_node_config(config)) == node


def test_a_mode_is_read_in_any_case_and_an_unknown_one_is_kept():
    found = read_node_config(
        '{"fences": [{"active": "true", "activeMode": "REACTIVE"}, {"active": true, "activeMode": "lazy"}]}'
    )
    assert [(fence.mode, fence.mode_word, fence.type) for fence in found.fences] == [
        ("reactive", "REACTIVE", "StandardFence"),
        (None, "lazy", "StandardFence"),
    ]


BROKEN = {
    "no fences": ("{}", [("fences", "field.missing")]),
    "fences that are none": ('{"fences": 5}', [("fences", "type.invalid")]),
    "a configuration that is none": ('{"config": 5}', [("config", "type.invalid")]),
    "a configuration that is blank": ('{"config": " "}', [("fences", "field.missing")]),
    "a fence that is none": (
        '{"fences": [7, {"active": "maybe", "type": 5}]}',
        [
            ("fences[0]", "type.invalid"),
            ("fences[1].active", "type.invalid"),
            ("fences[1].type", "text.invalid"),
        ],
    ),
    "too great a number": ('{"fences": [], "ratings": [1e999]}', [("ratings", "json.number")]),
    "an order split that is none": ('{"fences": [], "orderSplit": {}}', [("orderSplit.active", "field.missing")]),
}


@pytest.mark.parametrize(("source", "found"), BROKEN.values(), ids=BROKEN)
def test_a_broken_configuration_names_its_problems(source, found):
    with pytest.raises(InvalidDocument) as caught:
        read_node_config(source)
    assert problems(caught.value) == found


def test_a_configuration_is_an_object():
    with pytest.raises(InvalidDocument, match=r"must be .* the configuration of a node"):
        read_node_config("[]")


SPLIT = OrderSplit(is_active=True, most_splits=2, for_same_day=True, uses_waiting_room=True)
OLDER = {
    "active": True,
    "orderSplitType": "FIXED_COUNT",
    "fixedCountConfiguration": {"maxSplitCount": 2},
    "activeForSameDay": True,
    "shouldUseWaitingRoomForPreBackOrderItems": True,
}
NEWER = {
    "active": True,
    "maxSplitCount": 2,
    "activeForSameday": True,
    "shouldUseWaitingRoomForPreBackOrderItems": True,
}


@pytest.mark.parametrize("written", [OLDER, NEWER, {"orderSplit": OLDER}, {"orderSplit": NEWER}])
def test_an_order_split_is_read_in_either_spelling(written):
    assert read_order_split(json.dumps(written)) == SPLIT


def test_each_spelling_is_written_where_it_belongs():
    assert json.loads(write_order_split(SPLIT)) == OLDER
    assert json.loads(write_node_config(NodeConfig(order_split=SPLIT)))["orderSplit"] == NEWER


def test_the_order_split_of_a_tenant_is_read_and_written_as_it_is():
    found = read_order_split(payload("order_split"))
    assert found == OrderSplit(is_active=True, most_splits=2, uses_waiting_room=True)
    assert json.loads(write_order_split(found)) == json.loads(payload("order_split"))


def test_what_an_order_split_does_not_say_is_off():
    assert read_order_split('{"active": false}') == OrderSplit(is_active=False)
    with pytest.raises(InvalidDocument, match="orderSplit: must be an object"):
        read_order_split('{"orderSplit": 5}')
    with pytest.raises(InvalidDocument, match="active: is missing"):
        read_order_split('{"orderSplit": ""}')


UNWRITABLE = {
    "a mode": (
        NodeConfig(fences=[Fence(implementation="STOCK-AVAILABILITY", mode_word="lazy")]),
        "mode_word: must be documented",
    ),
    "no implementation": (NodeConfig(fences=[Fence()]), r"fences\[0\].implementation: must be documented.*got ''"),
    "an implementation": (NodeConfig(fences=[Fence(implementation="WEATHER")]), "FACILITY-COUNTRY.*got 'WEATHER'"),
    "no number": (NodeConfig(order_split=OrderSplit(is_active=True)), "config.order_split.most_splits: must be given"),
    "said twice": (NodeConfig(kept={"fences": "[]"}), "config.kept: must not hold what other fields say"),
}


@pytest.mark.parametrize(("config", "match"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_a_configuration_that_the_system_does_not_take_is_refused(config, match):
    with pytest.raises(InvalidArgument, match=match):
        write_node_config(config)


def test_an_implementation_is_written_in_capitals_and_that_of_a_fence_of_another_type_as_it_is():
    fences = [Fence(implementation="stock-availability"), Fence(type="OwnFence", implementation="mine")]
    written = json.loads(write_node_config(NodeConfig(fences=[*fences, Fence(type="ToolkitFence")])))
    assert [fence.get("implementation") for fence in written["fences"]] == ["STOCK-AVAILABILITY", "mine", None]


@pytest.mark.parametrize("most", [None, 0])
def test_the_older_spelling_wants_a_number_of_splits(most):
    with pytest.raises(InvalidArgument, match=r"split.most_splits: must be"):
        write_order_split(OrderSplit(is_active=True, most_splits=most))


@pytest.mark.parametrize("kept", ["{", "[" * 100_000])
def test_what_is_kept_is_json(kept):
    with pytest.raises(InvalidArgument, match=r"kept\['ratings'\]: must be JSON"):
        NodeConfig(kept={"ratings": kept})


def fence(**changes):
    return NodeConfig(fences=[attrs.evolve(CONFIG.fences[0], **changes)])


MEANT = {
    "divided twice": (CONFIG, SplitRules(max_parts=3), "line", True),
    "nothing said": (NodeConfig(), SplitRules(max_parts=1), "order", False),
    "not divided": (
        NodeConfig(order_split=OrderSplit(is_active=False, uses_waiting_room=True)),
        SplitRules(max_parts=1),
        "order",
        False,
    ),
    "no bound": (NodeConfig(order_split=OrderSplit(is_active=True)), SplitRules(), "line", False),
    "a reactive fence": (fence(), SplitRules(max_parts=1), "order", True),
    "a static fence": (fence(mode="static", mode_word=""), SplitRules(max_parts=1), "order", False),
    "a fence that is off": (fence(is_active=False), SplitRules(max_parts=1), "order", False),
    "another fence": (fence(implementation="AVOID-ZERO-STOCK"), SplitRules(max_parts=1), "order", False),
}


@pytest.mark.parametrize(("config", "split", "unit", "waits"), MEANT.values(), ids=MEANT)
def test_a_configuration_means_this(config, split, unit, waits):
    assert node_split_rules(config) == split
    assert room_policy(config) == AllocationPolicy(unit=unit, unserved="unfulfillable")
    assert waits_in_room(config) is waits


def test_the_reply_to_a_promise_is_read_as_it_is():
    assert read_delivery_promise(payload("delivery_promise_response")) == DeliveryPromise(
        order_ref="ord-55a2",
        version=1,
        waiting=[
            BackOrderedLine(sku="JKT-774-M", title="Fjord shell jacket M", quantity=2, available=0, terms=PREORDER)
        ],
        promised_until=dt.datetime(2026, 11, 21, 11, 15, 30, tzinfo=dt.timezone.utc),
    )


def test_a_promise_of_which_nothing_waits_is_short():
    assert read_delivery_promise('{"orderRef": "o", "orderVersion": 0}') == DeliveryPromise(order_ref="o", version=0)


def test_a_promise_names_its_problems():
    with pytest.raises(InvalidDocument) as caught:
        read_delivery_promise('{"backOrdered": {"lineItems": [{"quantity": "two"}]}}')
    assert problems(caught.value) == [
        ("orderRef", "field.missing"),
        ("orderVersion", "field.missing"),
        ("backOrdered.lineItems[0].tenantArticleId", "field.missing"),
        ("backOrdered.lineItems[0].quantity", "units.invalid"),
    ]


JACKET = CheckoutAvailability(sku="JKT-774-M", available=0, is_backorderable=True, preorder_release=OUT)
BOTTLE = CheckoutAvailability(
    sku="BTL-020",
    available=42,
    latest_picking_start=dt.datetime(2026, 11, 22, 12, tzinfo=dt.timezone.utc),
    carrier="car-1",
)


def test_what_the_checkout_says_is_read_as_it_is():
    assert read_checkout_availability(payload("checkout_availability")).complete() == (JACKET, BOTTLE)


def test_what_a_routing_run_noted_is_read_too():
    noted = {"tenantArticleId": "A", "requestedQuantity": 3, "available": -1, "preOrderDate": "2027-03-12T06:00:00Z"}
    found = read_checkout_availability(json.dumps([noted, {"available": 1}]))
    assert found.values == (CheckoutAvailability(sku="A", available=-1, asked=3, preorder_release=OUT),)
    assert problems(found) == [("[1].tenantArticleId", "field.missing")]


def test_a_whole_reply_says_what_each_facility_has():
    assert read_checkout_availability(payload("checkout_options")).complete() == (
        attrs.evolve(JACKET, facility="f-oslo-01"),
        attrs.evolve(BOTTLE, facility="f-oslo-01"),
        CheckoutAvailability(sku="BTL-020", available=3, facility="f-bergen-02"),
    )


def test_the_log_of_a_run_says_what_each_facility_had():
    [noted] = read_checkout_availability(payload("decision_log")).complete()
    assert noted == CheckoutAvailability(sku="BTL-020", available=0, asked=2, facility="f-oslo-01")


def test_what_is_wrong_in_a_reply_is_named_and_the_rest_stands():
    jacket, bottle = json.loads(payload("checkout_availability"))
    reply = {
        "facilities": [
            {"facilityRef": "oslo", "availabilities": [jacket, {"available": 1}, 7]},
            {"facilityRef": ["oslo"], "availabilities": [bottle]},
            {"facilityRef": "bergen", "availabilities": []},
            {"facilityRef": "bergen"},
            "none",
        ]
    }
    found = read_checkout_availability(json.dumps(reply))
    assert found.values == (attrs.evolve(JACKET, facility="oslo"),)
    assert problems(found) == [
        ("facilities[4]", "type.invalid"),
        ("facilities[0].availabilities[2]", "type.invalid"),
        ("facilities[0].availabilities[1].tenantArticleId", "field.missing"),
        ("facilities[1].facilityRef", "text.invalid"),
        ("facilities[3].tenantArticleId", "field.missing"),
        ("facilities[3].available", "field.missing"),
    ]


def test_one_entry_alone_is_read():
    one = json.loads(payload("checkout_availability"))[0]
    assert read_checkout_availability(json.dumps(one)).complete() == (JACKET,)
    with pytest.raises(InvalidDocument, match="or a list of availabilities"):
        read_checkout_availability('{"items": [{"tenantArticleId": "A"}]}')
    with pytest.raises(InvalidDocument, match="or a list of availabilities"):
        read_checkout_availability("5")


CHECKOUT = {
    "a pre-order": (JACKET, {"at": NOW}, Stock(availability="preorder", quantity=UNLIMITED)),
    "a pre-order that is no backorder": (
        attrs.evolve(JACKET, is_backorderable=False),
        {"at": NOW},
        Stock(availability="preorder", quantity=UNLIMITED),
    ),
    "its date is reached": (JACKET, {"at": OUT}, Stock(availability="backorder", quantity=UNLIMITED)),
    "there": (BOTTLE, {"at": NOW, "rules": SellRules(safety_stock=42)}, Stock(availability="in_stock", quantity=42)),
    "there, and more to wait": (
        attrs.evolve(BOTTLE, is_backorderable=True),
        {"at": NOW},
        Stock(availability="in_stock", quantity=42, later=UNLIMITED),
    ),
    "oversold": (
        CheckoutAvailability(sku="A", available=-2),
        {"at": NOW},
        Stock(availability="out_of_stock", quantity=0, oversold=2),
    ),
}


@pytest.mark.parametrize(("entry", "facts", "stock"), CHECKOUT.values(), ids=CHECKOUT)
def test_what_the_checkout_says_makes_a_reading(entry, facts, stock):
    assert checkout_stock(entry, **facts) == stock


RECOGNISED = {
    "checkout_availability": "checkout-availability",
    "checkout_options": "checkout-availability",
    "decision_log": "split-decision",
    "delivery_promise_response": "delivery-promise",
    "listing_modify_backorder": "listing-change",
    "listing_response": "listing",
    "listings_put_by_context": "listings",
    "order_create_mixed_and_bundle": "order",
    "order_split": "order-split",
    "purchase_orders": "purchase-orders",
    "routing_plan_waiting_event": "routing-plan",
    "routing_plans": "routing-plans",
    "routing_strategy_node_config": "node-config",
    "split_decision_waiting_room": "split-decision",
    "stock_create": "stock-entry",
    "stock_response": "stocks",
    "stock_summaries": "stock-summaries",
}


@pytest.mark.parametrize(("name", "kind"), RECOGNISED.items())
def test_each_document_is_recognised_as_one_kind(name, kind):
    root = json.loads(payload(name))
    assert [known.name for known in _FORMATS if known.recognises(root)] == [f"fulfillmenttools-{kind}"]


@pytest.mark.parametrize(
    ("root", "kind"),
    [
        ({"orderSplit": OLDER}, "order-split"),
        (OLDER, "order-split"),
        ({"routingPlans": [plan_document(routingRun=0)]}, "routing-plans"),
        ([plan_document(orderLineItems=[])], "routing-plans"),
        ({"facilityDecisions": [{"facility": {}, "availabilities": []}]}, "checkout-availability"),
        ([{"tenantArticleId": "A", "value": 1}], "stocks"),
        ({"stocks": [{"tenantArticleId": "A", "value": 1}]}, "stocks"),
        ([{"tenantArticleId": "A", "outOfStockBehaviour": "NONE"}], "listings"),
        ({"event": "ORDER_CREATED", "payload": {"orderDate": "", "orderLineItems": []}}, "order"),
        ({"purchaseOrders": [{"requestedItems": []}]}, "purchase-orders"),
    ],
)
def test_other_documents_are_recognised_as_one_kind(root, kind):
    assert [known.name for known in _FORMATS if known.recognises(root)] == [f"fulfillmenttools-{kind}"]


@pytest.mark.parametrize(
    "root",
    [
        None,
        5,
        [],
        [[]],
        {},
        {"id": 1},
        "orders",
        frozenset({"sku"}),
        {"listings": {}},
        {"facilities": [{}]},
        {**plan_document(), "lineItems": []},
    ],
)
def test_what_is_none_is_recognised_as_none(root):
    assert not [known.name for known in _FORMATS if known.recognises(root)]
