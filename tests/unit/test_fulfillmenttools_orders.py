"""Orders of fulfillmenttools: read with their bundles, and written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest

from preorder_kit import Component, InvalidArgument, InvalidDocument, Order, OrderLine, demand, needs
from preorder_kit.adapters.fulfillmenttools import (
    OrderConsumer,
    OrderHeader,
    OutOfStockTerms,
    read_order,
    read_order_header,
    write_order,
)

PAYLOAD = Path(__file__).parents[1] / "golden" / "payloads" / "fulfillmenttools" / "order_create_mixed_and_bundle.json"
NOW = dt.datetime(2026, 11, 21, 10, 15, 30, tzinfo=dt.timezone.utc)
OUT = dt.datetime(2027, 3, 12, 6, tzinfo=dt.timezone.utc)
PLAIN = OrderLine(id="1", sku="A", quantity=2)
ADDRESS = {"street": "Sjøgata", "city": "Tromsø", "postalCode": "9008", "country": "NO"}


def item(sku, quantity, **more):
    return {"article": {"tenantArticleId": sku, "title": sku.lower()}, "quantity": quantity, **more}


def service(*articles, inside=(), **definition):
    return {
        "customServiceDefinition": {"isBundled": True, **definition},
        "articleItems": [{"tenantArticleRef": sku, "quantity": quantity} for sku, quantity in articles],
        "customServiceItems": list(inside),
    }


def document(*items, services=(), **more):
    base = {"tenantOrderId": "W1", "orderDate": "2026-11-21T10:15:30.000Z", "consumer": {}}
    held = {"customServices": list(services)} if services else {}
    return json.dumps({**base, "orderLineItems": list(items), **held, **more})


def lines(order):
    return [(line.id, line.sku, line.quantity) for line in order.lines]


def problems(error):
    return [(problem.path, problem.code) for problem in error.problems]


def test_the_payload_is_read_as_it_is():
    assert read_order(PAYLOAD.read_bytes()) == Order(
        id="W-100245",
        placed_at=NOW,
        lines=[
            OrderLine(id="1", sku="JKT-774-M", quantity=2),
            OrderLine(
                id="bundle-1",
                sku="bundle-1",
                quantity=1,
                components=[Component("BTL-020", 1, when_short="cancel"), Component("CUP-001", 1, when_short="cancel")],
            ),
        ],
    )


def test_its_header_is_read_and_both_are_written_as_they_are():
    source = PAYLOAD.read_bytes()
    header = read_order_header(source)
    assert header == OrderHeader(
        tenant_order_id="W-100245",
        status="open",
        consumer=OrderConsumer(
            consumer_id="c-88121",
            addresses=[
                {
                    "firstName": "Ingrid",
                    "lastName": "Aas",
                    "street": "Sjøgata",
                    "houseNumber": "4",
                    "postalCode": "9008",
                    "city": "Tromsø",
                    "country": "NO",
                    "email": "ingrid.aas@example.com",
                }
            ],
        ),
        titles={"JKT-774-M": "Fjord shell jacket M", "BTL-020": "Steel bottle 0.5 l", "CUP-001": "Enamel cup"},
    )
    assert json.loads(write_order(read_order(source), header=header, at=NOW)) == json.loads(source)


def test_an_order_on_the_platform_has_ids_of_its_own():
    order = read_order(
        document(
            item("A", 2, id="x"),
            item("B", 1, id=7),
            services=[{**service(("B", 1), tenantCustomServiceId="SET"), "id": "s-1"}],
            id="ord-1",
        )
    )
    assert order.id == "ord-1"
    assert lines(order) == [("x", "A", 2), ("s-1", "SET", 1)]


def test_an_order_is_read_in_the_event_that_carries_it():
    event = {"event": "ORDER_CREATED", "payload": json.loads(document(item("A", 2), id="ord-1"))}
    assert read_order(json.dumps(event)).id == "ord-1"
    event["payload"]["orderLineItems"] = [5]
    with pytest.raises(InvalidDocument, match=r"payload.orderLineItems\[0\]: must be an object"):
        read_order(json.dumps(event))


def test_an_order_without_a_name_is_called_as_told():
    source = document(item("A", 1), tenantOrderId=None)
    assert read_order(source, order_id="mine").id == "mine"
    with pytest.raises(InvalidDocument, match="tenantOrderId: is missing, and so is id"):
        read_order(source)


def test_bundles_take_from_the_last_line_of_an_article():
    source = document(
        item("A", 2), item("B", 1), item("A", 3), services=[service(("A", 2)), service(("A", 2), ("B", 1))]
    )
    order = read_order(source)
    assert lines(order) == [("1", "A", 1), ("bundle-1", "bundle-1", 1), ("bundle-2", "bundle-2", 1)]
    assert demand([order]) == {"A": 5, "B": 1}


def test_services_inside_a_bundle_are_parts_of_it():
    inner = service(("B", 2), customServiceRef="card")
    inner["customServiceDefinition"]["isBundled"] = False
    order = read_order(document(item("A", 1), item("B", 2), services=[service(("A", 1), inside=[inner])]))
    assert [(need.sku, need.quantity) for need in needs(order.lines[0])] == [("A", 1), ("B", 2)]
    assert order.lines[0].components[1].sku == "card"


def test_a_bundle_inside_of_a_service_that_is_none_counts():
    outer = service(inside=[service(("A", 1))])
    outer["customServiceDefinition"] = {"customServiceRef": "engraving"}
    nameless = {"articleItems": [{"tenantArticleRef": "A", "quantity": 1}]}
    order = read_order(document(item("A", 2), services=[outer, nameless]))
    assert lines(order) == [("1", "A", 1), ("bundle-1", "bundle-1", 1)]


def test_what_listings_say_is_on_the_lines():
    terms = {
        "A": OutOfStockTerms(behaviour="preorder", available_from=OUT),
        "B": OutOfStockTerms(behaviour="backorder"),
        "C": OutOfStockTerms(behaviour_word="LOTTERY"),
    }
    source = document(
        item("A", 2),
        item("B", 2),
        item("C", 1),
        item("D", 1),
        services=[service(("A", 1), ("B", 1)), service(("D", 1))],
    )
    order = read_order(source, terms=terms, when_short="wait")
    assert [(line.sku, line.street_date, line.when_short.value) for line in order.lines] == [
        ("A", OUT, "wait"),
        ("B", None, "wait"),
        ("C", None, "wait"),
        ("bundle-1", None, "wait"),
        ("bundle-2", None, "wait"),
    ]
    assert [(part.sku, part.street_date) for part in order.lines[3].components] == [("A", OUT), ("B", None)]
    strict = read_order(source, terms=terms)
    assert [line.when_short.value for line in strict.lines] == ["wait", "wait", "cancel", "wait", "cancel"]


BROKEN = {
    "no article": ([{"quantity": 1}], (), "orderLineItems[0].article", "field.missing"),
    "an article that is none": ([{"article": 5, "quantity": 1}], (), "orderLineItems[0].article", "type.invalid"),
    "half a unit": ([item("A", 0.5)], (), "orderLineItems[0].quantity", "units.invalid"),
    "no units": ([item("A", 0)], (), "orderLineItems[0].quantity", "units.invalid"),
    "an id twice": ([item("A", 1, id="x"), item("B", 1, id="x")], (), "lines[1].id", "id.repeated"),
    "no such line": (
        [item("A", 1)],
        [service(("B", 1))],
        "customServices[0].articleItems[0].tenantArticleRef",
        "line.unknown",
    ),
    "more than the line": (
        [item("A", 1)],
        [service(("A", 1)), service(("A", 1))],
        "customServices[1].articleItems[0].quantity",
        "bundle.excess",
    ),
    "no units in a bundle": (
        [item("A", 1)],
        [service(("A", 0))],
        "customServices[0].articleItems[0].quantity",
        "units.invalid",
    ),
    "an empty bundle": ([item("A", 1)], [service()], "customServices[0]", "bundle.empty"),
    "a bundle inside itself": (
        [item("A", 1)],
        [service(("A", 1), tenantCustomServiceId="A")],
        "customServices[0].components",
        "bundle.cycle",
    ),
    "a part without a definition that is empty": (
        [item("A", 1)],
        [service(("A", 1), inside=[{}])],
        "customServices[0].customServiceItems[0]",
        "bundle.empty",
    ),
}


@pytest.mark.parametrize(("items", "services", "path", "code"), BROKEN.values(), ids=BROKEN)
def test_a_broken_order_is_refused(items, services, path, code):
    with pytest.raises(InvalidDocument) as caught:
        read_order(document(*items, services=services))
    assert problems(caught.value) == [(path, code)]


@pytest.mark.parametrize("status", ["CANCELLED", "Canceled", "obsolete"])
def test_an_order_that_is_over_is_not_read_as_one_to_send(status):
    source = document(item("A", 1), status=status)
    with pytest.raises(InvalidDocument, match=f"status: must not be {status.upper()}"):
        read_order(source)
    assert read_order_header(source).status_word == status


@pytest.mark.parametrize("read", [read_order, read_order_header])
@pytest.mark.parametrize("source", ["[]", "{}", '{"payload": 5}', '{"orderDate": "2026-11-21T10:15:30Z"}'])
def test_what_is_no_order_is_told(read, source):
    with pytest.raises(InvalidDocument, match="must be an order"):
        read(source)


def test_a_header_names_its_problems():
    source = document(item("A", 0), consumer={"addresses": [5]}, promisesOptions={"validUntil": "later"})
    with pytest.raises(InvalidDocument) as caught:
        read_order_header(source)
    assert problems(caught.value) == [
        ("orderLineItems[0].quantity", "units.invalid"),
        ("consumer.addresses[0]", "type.invalid"),
        ("promisesOptions.validUntil", "instant.invalid"),
    ]


def test_of_addresses_only_text_is_read_and_a_consumer_may_be_missing():
    address = {**ADDRESS, "phoneNumbers": [{"value": "1"}], "addressType": ["POSTAL_ADDRESS"]}
    header = read_order_header(document(item("A", 1), consumer={"addresses": [address]}))
    assert header.consumer.addresses == (ADDRESS,)
    assert read_order_header(document(item("A", 1), consumer=None)).consumer == OrderConsumer()


def order(*held, **more):
    return Order(id="W1", placed_at=NOW, lines=held, **more)


def test_each_unit_of_a_bundle_is_a_service():
    box = Component("BOX", 2, [Component("CUP", 3)])
    bundle = OrderLine(id="2", sku="SET", quantity=2, components=[Component("A", 1), box])
    written = json.loads(write_order(order(PLAIN, bundle), at=NOW))
    assert [(line["article"]["tenantArticleId"], line["quantity"]) for line in written["orderLineItems"]] == [
        ("A", 4),
        ("CUP", 12),
    ]
    inner = {
        "customServiceDefinition": {"isBundled": True},
        "articleItems": [{"tenantArticleRef": "CUP", "quantity": 3}],
        "customServiceItems": [],
    }
    outer = {
        "customServiceDefinition": {"isBundled": True},
        "articleItems": [{"tenantArticleRef": "A", "quantity": 1}],
        "customServiceItems": [inner, inner],
    }
    assert written["customServices"] == [outer, outer]


def test_a_recipe_that_is_shared_is_written_wherever_it_is():
    box = Component("BOX", 1, [Component("CUP")])
    bundle = OrderLine(id="2", sku="SET", quantity=1, components=[box, Component("CRATE", 1, [box])])
    written = write_order(order(bundle), at=NOW)
    assert demand([read_order(written)]) == {"CUP": 2}
    assert written.count("isBundled") == 4


def test_titles_and_the_shops_id_come_from_the_header():
    header = OrderHeader(tenant_order_id="W9", titles={"A": "Bottle"}, consumer=OrderConsumer(addresses=[ADDRESS]))
    written = json.loads(write_order(order(PLAIN), header=header, at=NOW))
    assert written == {
        "tenantOrderId": "W9",
        "orderDate": "2026-11-21T10:15:30.000Z",
        "consumer": {"addresses": [ADDRESS]},
        "orderLineItems": [{"article": {"tenantArticleId": "A", "title": "Bottle"}, "quantity": 2}],
    }


def line(**changes):
    return order(attrs.evolve(PLAIN, **changes))


def many(count, **changes):
    return order(*(attrs.evolve(PLAIN, id=str(number), sku=f"A{number}", **changes) for number in range(count)))


FEE = Component("SET", 1, [Component("CARD", kind="digital")])
UNSAYABLE = {
    "complete": (order(PLAIN, ship="complete"), "order.ship: must be as_available"),
    "a fee": (line(kind="fee"), r"order.lines\[0\].kind: must be goods"),
    "a digital part": (line(components=[FEE]), r"order.lines\[0\].components: must be goods, CARD too"),
    "two addresses": (order(PLAIN, attrs.evolve(PLAIN, id="2", ship_to="x")), r"order.lines\[1\].ship_to"),
    "together": (line(ship_group="x"), "ship_group: must be empty"),
    "no line": (order(), "order.lines: must be 1 to 500 lines"),
    "too many lines": (many(501), "order.lines: must be 1 to 500 lines"),
    "too many units": (line(quantity=1 << 63), "order.lines: must be at most 9223372036854775807"),
    "too many bundles": (line(quantity=501, components=[Component("X")]), "must be at most 500 bundles"),
    "too many inside": (
        line(quantity=1, components=[Component("B", 250, [Component("C", 2, [Component("D")])])]),
        "must be at most 500 bundles",
    ),
}


@pytest.mark.parametrize(("unsayable", "match"), UNSAYABLE.values(), ids=UNSAYABLE)
def test_what_cannot_be_said_there_is_refused(unsayable, match):
    with pytest.raises(InvalidArgument, match=match):
        write_order(unsayable, at=NOW)


HEADERS = {
    "an unknown status": (OrderHeader(status_word="ASLEEP"), "header.status_word: must be documented"),
    "too soon": (OrderHeader(promised_until=NOW + dt.timedelta(seconds=59)), "promised_until: must be 1 minute"),
    "too late": (OrderHeader(promised_until=NOW + dt.timedelta(hours=8, seconds=1)), "1 minute to 8 hours"),
    "no city": (
        OrderHeader(consumer=OrderConsumer(addresses=[{**ADDRESS}, {"street": "x"}])),
        r"header.consumer.addresses\[1\]\['city'\]: must be given",
    ),
    "a field that is not known": (
        OrderHeader(consumer=OrderConsumer(addresses=[{**ADDRESS, "planet": "Earth"}])),
        r"addresses\[0\] key: must be one of",
    ),
    "a country in full": (
        OrderHeader(consumer=OrderConsumer(addresses=[{**ADDRESS, "country": "Norway"}])),
        "must be two capital letters",
    ),
    "a type of address": (
        OrderHeader(consumer=OrderConsumer(addresses=[{**ADDRESS, "addressType": "postal_address"}])),
        r"addresses\[0\]\['addressType'\]: must be one of INVOICE_ADDRESS, PARCEL_LOCKER, POSTAL_ADDRESS",
    ),
}


@pytest.mark.parametrize(("header", "match"), HEADERS.values(), ids=HEADERS)
def test_a_header_that_the_system_does_not_take_is_refused(header, match):
    with pytest.raises(InvalidArgument, match=match):
        write_order(order(PLAIN), header=header, at=NOW)


def test_an_address_is_of_a_type_and_a_consumer_always_has_addresses():
    header = OrderHeader(consumer=OrderConsumer(addresses=[{**ADDRESS, "addressType": "PARCEL_LOCKER"}]))
    written = json.loads(write_order(order(PLAIN), header=header, at=NOW))
    assert written["consumer"]["addresses"][0]["addressType"] == "PARCEL_LOCKER"
    assert json.loads(write_order(order(PLAIN), at=NOW))["consumer"] == {"addresses": []}


@pytest.mark.parametrize("ahead", [dt.timedelta(minutes=1), dt.timedelta(hours=8)])
def test_a_promise_ends_one_minute_to_eight_hours_ahead(ahead):
    written = json.loads(write_order(order(PLAIN), header=OrderHeader(promised_until=NOW + ahead), at=NOW))
    assert read_order_header(json.dumps(written)).promised_until == NOW + ahead
