"""Laws of the documents of fulfillmenttools.

- listings, changes, upserts, orders, headers, stock, fences and order splits: what is written is read back equal
- an order that is written asks for the same units of each article, bundles of several units too, and they are on lines
- stock rows add up: in any order, for each facility and article, to what counts of them; what is reserved stays owed
- what a purchase order brings and what came of it are what was requested
- the rule that is picked is one that holds with the lowest number, and the first of these
- a node's configuration that is read and written keeps each field
- a reader given any mutilated document returns or names problems, and nothing else
"""

import copy
import datetime as dt
import json
from pathlib import Path

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import Component, InvalidDocument, Order, OrderLine, Read, demand
from preorder_kit.adapters.fulfillmenttools import (
    _FORMATS,
    ContextKind,
    ContextualTerms,
    Fence,
    FenceMode,
    Listing,
    ListingChange,
    ListingStatus,
    NodeConfig,
    OrderConsumer,
    OrderHeader,
    OrderSplit,
    OrderStatus,
    OutOfStockContext,
    OutOfStockTerms,
    StockEntry,
    pick_terms,
    read_listing_change,
    read_listings,
    read_node_config,
    read_order,
    read_order_header,
    read_order_split,
    read_purchase_orders,
    read_stock_entry,
    read_stocks,
    write_listing_change,
    write_listing_upserts,
    write_listings,
    write_node_config,
    write_order,
    write_order_split,
    write_stocks,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fulfillmenttools"
DOCUMENTS = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(PAYLOADS.glob("*.json"))]

SKUS = st.sampled_from("ABCD")
NAMES = st.sampled_from(["oslo", "B1", "Ærø", "x y"])
OR_NONE = st.just("") | NAMES
MOMENTS = st.integers(0, 10**11).map(
    lambda ms: dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc) + ms * dt.timedelta(0, 0, 1000)
)
DAYS = st.integers(0, 400)
TERMS = st.one_of(
    st.sampled_from([OutOfStockTerms(behaviour="none"), OutOfStockTerms(behaviour="backorder")]),
    st.builds(lambda start: OutOfStockTerms(behaviour="preorder", available_from=start), MOMENTS),
    st.builds(lambda days: OutOfStockTerms(behaviour="restock", restockable_in_days=days), DAYS),
    st.builds(
        lambda start, days: OutOfStockTerms(
            behaviour="preorder_and_restock", available_from=start, restockable_in_days=days
        ),
        MOMENTS,
        DAYS,
    ),
)
GROUPS = st.lists(st.sampled_from("abc"), max_size=3)
CONTEXTS = st.builds(
    OutOfStockContext,
    kind=st.sampled_from(ContextKind),
    values=GROUPS,
    operator=st.sampled_from([None, "not"]),
)
RULES = st.lists(
    st.builds(
        ContextualTerms,
        priority=st.integers(1, 4),
        contexts=st.lists(CONTEXTS, min_size=1, max_size=2),
        terms=TERMS,
    ),
    max_size=4,
)
STATUSES = st.none() | st.sampled_from(ListingStatus)
LISTINGS = st.builds(
    Listing,
    sku=SKUS,
    title=OR_NONE,
    status=STATUSES,
    version=st.none() | st.integers(0, 1 << 40),
    terms=st.just(OutOfStockTerms()) | TERMS,
    by_context=RULES,
)


@given(st.lists(LISTINGS, max_size=4, unique_by=lambda listing: listing.sku))
def test_listings_that_are_written_are_read_back(listings):
    read = [one for body in write_listings(listings) for one in read_listings(body).complete()]
    assert read == listings


@given(st.lists(LISTINGS, max_size=4), st.booleans())
def test_upserts_that_are_written_are_read_back(listings, is_own):
    key = "tenant_facility_id" if is_own else "facility"
    named = [attrs.evolve(one, title="T", **{key: str(place)}) for place, one in enumerate(listings)]
    assert [one for body in write_listing_upserts(named) for one in read_listings(body).complete()] == named


@given(st.builds(ListingChange, version=st.integers(0, 99), title=OR_NONE, status=STATUSES, terms=TERMS))
def test_a_change_that_is_written_is_read_back(change):
    assert read_listing_change(write_listing_change(change)) == change


def holds(context, groups, tags):
    found = set(context.values) & set(groups if context.kind is ContextKind.FACILITY_GROUP else tags)
    return not found if context.operator else bool(found)


@given(LISTINGS, GROUPS, GROUPS)
def test_the_picked_rule_holds_and_none_before_it_does(listing, groups, tags):
    held = [
        (rule.priority, place)
        for place, rule in enumerate(listing.by_context)
        if all(holds(context, groups, tags) for context in rule.contexts)
    ]
    found = pick_terms(listing, groups=groups, tags=tags)
    assert found.source == (listing.by_context[min(held)[1]] if held else None)
    assert found.terms == (found.source or listing).terms
    assert found.unjudged == ()


PIECES = st.builds(Component, SKUS, st.integers(1, 3), when_short=st.just("cancel"))
BOXES = st.builds(lambda inner: Component("part-1", 1, inner), st.lists(PIECES, min_size=1, max_size=2))
RECIPES = st.builds(
    lambda pieces, box: [*pieces, *box], st.lists(PIECES, min_size=1, max_size=3), st.lists(BOXES, max_size=1)
)


@st.composite
def orders(draw, units=1):
    """Return an order as a document names its lines: loose ones by position, bundles after them."""
    loose = draw(st.lists(st.tuples(SKUS, st.integers(1, 5)), max_size=4))
    recipes = draw(st.lists(RECIPES, min_size=0 if loose else 1, max_size=3))
    lines = [OrderLine(id=str(place), sku=sku, quantity=count) for place, (sku, count) in enumerate(loose, 1)]
    for place, recipe in enumerate(recipes, 1):
        label = f"bundle-{place}"
        count = draw(st.integers(1, units))
        lines.append(OrderLine(id=label, sku=label, quantity=count, components=recipe))
    return Order(id="W1", placed_at=draw(MOMENTS), lines=lines)


@given(orders())
def test_an_order_that_is_written_is_read_back(order):
    assert read_order(write_order(order, at=order.placed_at)) == order


@given(orders(units=3))
def test_a_written_order_asks_for_the_same(order):
    document = write_order(order, at=order.placed_at)
    assert demand([read_order(document)]) == demand([order])
    on_lines = {}
    for item in json.loads(document)["orderLineItems"]:
        sku = item["article"]["tenantArticleId"]
        on_lines[sku] = on_lines.get(sku, 0) + item["quantity"]
    assert on_lines == demand([order])


ADDRESSES = st.fixed_dictionaries(
    {"street": NAMES, "city": NAMES, "postalCode": NAMES, "country": st.sampled_from(["NO", "DE"])},
    optional={"firstName": NAMES, "houseNumber": NAMES},
)
HEADERS = st.builds(
    OrderHeader,
    tenant_order_id=NAMES,
    status=st.none() | st.sampled_from(OrderStatus),
    consumer=st.builds(OrderConsumer, consumer_id=OR_NONE, email=OR_NONE, addresses=st.lists(ADDRESSES, max_size=2)),
    titles=st.fixed_dictionaries({"A": NAMES}),
    promised_until=MOMENTS,
)


@given(HEADERS, st.integers(60_000, 28_800_000))
def test_a_header_that_is_written_is_read_back(header, ahead):
    at = header.promised_until - ahead * dt.timedelta(0, 0, 1000)
    order = Order(id="W1", placed_at=at, lines=[OrderLine(id="1", sku="A", quantity=1)])
    assert read_order_header(write_order(order, header=header, at=at)) == header


ENTRIES = st.builds(
    StockEntry,
    sku=SKUS,
    quantity=st.integers(0, (1 << 31) - 1),
    facility=NAMES,
    location_ref=OR_NONE,
    tenant_stock_id=OR_NONE,
    received=st.none() | MOMENTS,
    available_until=st.none() | MOMENTS,
    conditions=st.sampled_from([(), ("DEFECTIVE",)]),
)


@given(st.lists(ENTRIES, max_size=3))
def test_stock_that_is_written_is_read_back(entries):
    assert [read_stock_entry(body) for body in write_stocks(entries)] == entries


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "facilityRef": st.sampled_from("xy"),
            "tenantArticleId": SKUS,
            "value": st.integers(0, 9),
            "reserved": st.integers(0, 3),
            "conditions": st.sampled_from([[], ["DEFECTIVE"]]),
            "traits": st.sampled_from([["ACCESSIBLE", "PICKABLE"], ["ACCESSIBLE"]]),
        }
    ),
    max_size=8,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_stock_rows_add_up_in_any_order(rows, random):
    counted, owed = {}, {}
    for row in rows:
        key = row["facilityRef"], row["tenantArticleId"]
        counts = not row["conditions"] and len(row["traits"]) == 2
        counted[key] = counted.get(key, 0) + (row["value"] if counts else 0)
        owed[key] = owed.get(key, 0) + row["reserved"]
    found = read_stocks(json.dumps(rows)).complete()
    assert {(place, sku): count for place, supply in found.items() for sku, count in supply.on_hand.items()} == counted
    assert {(place, item.sku): item.quantity for place, supply in found.items() for item in supply.commitments} == {
        key: count for key, count in owed.items() if count
    }
    random.shuffle(rows)
    assert read_stocks(json.dumps(rows)).complete() == found


AMOUNTS = st.lists(st.tuples(SKUS, st.integers(0, 9)), max_size=5)


@given(AMOUNTS, AMOUNTS)
def test_what_is_coming_and_what_came_are_what_was_requested(requested, came):
    order = {
        "requestedDate": {"type": "TIME_POINT", "value": "2026-12-16T12:00:00Z"},
        "requestedItems": [{"tenantArticleId": sku, "quantity": {"value": count}} for sku, count in requested],
    }
    items = [{"tenantArticleId": sku, "acceptedQuantity": {"value": count}} for sku, count in came]
    process = {"facilityRef": "x", "purchaseOrder": order, "receipts": [{"receivedItems": items}]}
    found = read_purchase_orders(json.dumps(process), zone="Asia/Tokyo").complete()
    coming = {}
    for receipt in found["x"].receipts if found else ():
        assert receipt.quantity > 0
        coming[receipt.sku] = coming.get(receipt.sku, 0) + receipt.quantity
    for sku in "ABCD":
        asked, arrived = (sum(count for name, count in items if name == sku) for items in (requested, came))
        assert coming.get(sku, 0) == max(0, asked - arrived)


SPLITS = st.builds(
    OrderSplit,
    is_active=st.booleans(),
    most_splits=st.integers(1, 9),
    for_same_day=st.booleans(),
    uses_waiting_room=st.booleans(),
)
KEPT = st.dictionaries(
    st.sampled_from(["name", "rule"]),
    st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | NAMES, st.lists, max_leaves=3),
    max_size=2,
).map(lambda held: {key: json.dumps(value) for key, value in held.items()})
FENCES = st.builds(
    Fence,
    implementation=st.sampled_from(["STOCK-AVAILABILITY", "FACILITY-COUNTRY"]),
    is_active=st.booleans(),
    mode=st.none() | st.sampled_from(FenceMode),
    kept=KEPT,
)
CONFIGS = st.builds(
    lambda fences, split, kept: NodeConfig(fences=fences, order_split=split, kept={"ratings": "[]", **kept}),
    st.lists(FENCES, max_size=3),
    st.none() | SPLITS,
    KEPT,
)


@given(CONFIGS)
def test_a_configuration_that_is_written_is_read_back(config):
    written = write_node_config(config)
    assert read_node_config(written) == config
    assert json.loads(write_node_config(read_node_config(written))) == json.loads(written)


@given(SPLITS)
def test_an_order_split_that_is_written_is_read_back(split):
    assert read_order_split(write_order_split(split)) == split


WILD = st.sampled_from(
    [None, True, 0, -1, 5.9, 10**30, "", "x", "\ud800", "9999-12-31T23:59:59-14:00", [], {}, [[]], [{}], {"start": 5}]
)


def places(node, path=()):
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


def problems_of(known, source):
    """Return what is wrong with a document of a kind, whether some of it can be read or none."""
    try:
        found = known.read(source, **({"zone": "Europe/Oslo"} if known.needs_zone else {}))
    except InvalidDocument as error:
        return error.problems
    return found.problems if isinstance(found, Read) else ()


@given(st.sampled_from(DOCUMENTS), st.lists(st.tuples(st.integers(0, 999), WILD), min_size=1, max_size=3))
def test_a_mutilated_document_is_read_or_refused(document, changes):
    held = {"": copy.deepcopy(document)}
    for number, value in changes:
        found = list(places(held))[1:]
        *path, last = found[number % len(found)]
        node = held
        for key in path:
            node = node[key]
        node[last] = copy.deepcopy(value)
    source = json.dumps(held[""])
    for known in _FORMATS:
        assert known.recognises(held[""]) in {True, False}
        assert all(problem.path or problem.code == "document.unrecognised" for problem in problems_of(known, source))
