"""Laws of Centra's Integration API and Order API.

- what is written of stock, windows, variants and bundles is read back equal, and written again the same
- variants of a window come in calls of at most a hundred, and none is lost
- numbers of stock that add up are read as they are, and what is available to promise is free to allocate less demand
- what is free to sell is never more than what is free to allocate, and a fuller warehouse never sells less
- units of a plan that leave are those of its shipments, line by line; those that are cancelled likewise
- calls of shipments, captures, cancellations and allocations say what they were written from, and nothing else
- of an order, units ordered are those of its lines; money of a line is its value, tax included; its state says the same
- what purchase orders hold and is not in stock is their receipts
- a document that is changed anywhere gives values or problems, and nothing else
"""

import contextlib
import datetime as dt
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    UNLIMITED,
    Amount,
    Cancelled,
    CancelReason,
    Charge,
    ChargePlan,
    Component,
    DateRange,
    InvalidDocument,
    LineKind,
    Order,
    OrderLine,
    Part,
    PartKind,
    PartLine,
    Section,
    StockAction,
    Supply,
    available_now,
    split_order,
)
from preorder_kit.adapters import centra
from preorder_kit.adapters.centra import (
    AllocateCall,
    BundleProduct,
    CancelRules,
    CentraBundle,
    CentraMoney,
    CentraSize,
    CentraWarehouse,
    DeliveryWindow,
    OrderCaptureCall,
    ShipmentCall,
    ShipmentRules,
    SizeUnits,
    StockMove,
    StockQuantities,
    StockSetting,
    StockUpdate,
    StoreType,
    UnallocateCall,
    WindowVariant,
    available_units,
    free_to_sell,
    read_allocate_order,
    read_bundle,
    read_cancel_lines,
    read_capture_order,
    read_capture_shipment,
    read_change_stock,
    read_delivery_window,
    read_order_states,
    read_orders,
    read_purchase_orders,
    read_set_stock,
    read_shipment,
    read_stock_totals,
    read_stock_updates,
    read_unallocate_order,
    read_window_variants,
    supply_from_stock,
    write_allocate_order,
    write_bundle,
    write_cancel_lines,
    write_capture_order,
    write_capture_shipment,
    write_change_stock,
    write_delivery_window,
    write_set_stock,
    write_shipment,
    write_shipments,
    write_stock_updates,
    write_unallocate_order,
    write_window_variants,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "centra"
DOCUMENTS = [
    path.read_text(encoding="utf-8")
    for pattern in ("integration_*.json", "order_api_*.json")
    for path in sorted(PAYLOADS.glob(pattern))
]
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
IDS = st.integers(1, 2**31 - 1)
UNITS = st.integers(0, 50)
WORDS = st.text("abcæøå ", min_size=1, max_size=8).map(lambda words: f"x{words}x")
MONEY = st.builds(CentraMoney, minor=st.integers(0, 10**15), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
SIZES = st.builds(CentraSize, id=IDS) | st.builds(CentraSize, name=WORDS)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
RANGES = st.builds(lambda day, more: DateRange(day, day + dt.timedelta(days=more)), DAYS, st.integers(0, 90))
DELIVERIES = st.sampled_from(["STOCK", "PREORDER", "LINK"])


@st.composite
def levels(draw):
    """Return units of sizes, each size of a variant once, all of a variant at one cost."""
    found = []
    for variant in draw(st.lists(st.integers(1, 99), min_size=1, max_size=3, unique=True)):
        cost = draw(st.none() | MONEY)
        sizes = draw(st.lists(SIZES, min_size=1, max_size=3, unique=True))
        found += [SizeUnits(variant=variant, size=size, quantity=draw(UNITS), unit_cost=cost) for size in sizes]
    return found


@given(st.builds(StockSetting, warehouse=IDS, description=WORDS, levels=levels()))
def test_stock_that_is_set_is_read_back(setting):
    call = write_set_stock(setting)
    assert read_set_stock(call) == setting
    assert write_set_stock(read_set_stock(call)) == call


@given(st.sampled_from([(3, None), (None, 1), (3, 1)]), WORDS, levels())
def test_stock_that_changes_is_read_back(ends, why, changes):
    move = StockMove(into=ends[0], out_from=ends[1], description=why, changes=changes)
    assert read_change_stock(write_change_stock(move)) == move


@given(st.dictionaries(WORDS, st.tuples(UNITS, st.none() | MONEY), max_size=5))
def test_updates_are_read_back(rows):
    updates = [StockUpdate(product=name, quantity=units, cost=cost) for name, (units, cost) in rows.items()]
    assert list(read_stock_updates(write_stock_updates(updates)).complete()) == updates


@st.composite
def windows(draw):
    """Return windows of both kinds, before they are made."""
    flags = {
        name: draw(st.booleans()) for name in ("delivery_dates_visible", "selectable_by_buyers", "selected_by_default")
    }
    if draw(st.booleans()):
        kind = {"delivery": draw(RANGES), "sales": draw(RANGES), "allocation_order": "FIFO"}
    else:
        kind = {"days_from_now": draw(st.integers(0, 90)), "selectable_date": draw(st.none() | st.booleans())}
    return DeliveryWindow(
        name=draw(WORDS),
        status_word=draw(st.sampled_from(["ACTIVE", "INACTIVE", "CANCELLED"])),
        default_word=draw(DELIVERIES),
        allocation_rule=draw(st.none() | IDS),
        markets=draw(st.lists(IDS, max_size=3)),
        **flags,
        **kind,
    )


@given(windows())
def test_a_window_is_read_back(window):
    assert read_delivery_window(write_delivery_window(window)) == window


@given(
    st.lists(
        st.builds(
            WindowVariant,
            variant=st.integers(1, 10_000),
            delivery_word=st.just("") | DELIVERIES,
            limit=st.none() | UNITS | st.just(UNLIMITED),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda one: one.variant,
    ),
    st.integers(0, 120),
)
def test_no_variant_of_a_window_is_lost(some, more):
    variants = [*some, *(WindowVariant(variant=20_000 + number) for number in range(more))]
    calls = write_window_variants(variants, window=26)
    back = [read_window_variants(call).complete() for call in calls]
    assert max(map(len, back)) <= 100
    assert [variant for one in back for variant in one] == variants


@st.composite
def bundles(draw):
    """Return bundles of both kinds."""
    kind = draw(st.sampled_from(["fixed", "flexible"]))
    most = 1 if kind == "fixed" else 3
    options = st.lists(IDS.map(str).map(Component), min_size=1, max_size=most, unique_by=lambda one: one.sku)
    return CentraBundle(
        product=BundleProduct(
            name=draw(WORDS), number=draw(WORDS), brand=draw(IDS), collection=draw(IDS), folder=draw(IDS)
        ),
        kind=kind,
        pricing=draw(st.sampled_from(["static", "dynamic"])),
        size_chart=draw(IDS),
        sizes=draw(st.lists(SIZES, min_size=1, max_size=3)),
        sections=draw(
            st.lists(st.builds(Section, quantity=st.integers(1, 5), options=options), min_size=1, max_size=3)
        ),
    )


@given(bundles())
def test_a_bundle_is_read_back(bundle):
    assert read_bundle(write_bundle(bundle)) == bundle


@given(st.tuples(UNITS, UNITS, UNITS, UNITS, UNITS), st.sampled_from(["overview", "type_reference"]))
def test_numbers_that_add_up_are_read_as_they_are(numbers, definition):
    allocated, free, demand, linked, unlinked = numbers
    end = free - demand + (linked + unlinked if definition == "overview" else unlinked)
    numbers = {
        "physicalQuantity": allocated + free,
        "allocatedQuantity": allocated,
        "freeToAllocateQuantity": free,
        "demandQuantity": demand,
        "incomingQuantity": linked + unlinked,
        "linkedIncomingQuantity": linked,
        "unlinkedIncomingQuantity": unlinked,
        "availableNowQuantity": free - demand,
        "availableQuantity": end,
    }
    size = {"SKU": "A", "stockTotals": numbers}
    document = json.dumps({"data": {"products": [{"variants": [{"productSizes": [size]}]}]}})
    [stock] = read_stock_totals(document).complete()
    assert available_units(stock, definition=definition) == stock.available == end
    promise = available_now(supply_from_stock([stock]), sku="A", day=NOW.date())
    assert promise == max(0, free - demand)


@given(st.lists(UNITS, min_size=1, max_size=4), UNITS, st.lists(st.none() | UNITS, min_size=4, max_size=4), UNITS)
def test_what_is_free_to_sell_is_bounded_and_grows_with_stock(free, threshold, offsets, more):
    def sold(extra):
        stock = [StockQuantities(sku=str(place), free_to_allocate=units + extra) for place, units in enumerate(free)]
        kept = {str(place): offset for place, offset in enumerate(offsets) if offset is not None}
        return free_to_sell(CentraWarehouse(id=1, threshold=threshold, stock=stock), offsets=kept)

    now, fuller = sold(0), sold(more)
    for place, units in enumerate(free):
        kept = offsets[place] or threshold
        assert now[str(place)] == max(0, units - kept) <= units
        assert fuller[str(place)] >= now[str(place)]


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=5), st.integers(0, 20))
def test_units_that_leave_and_units_that_are_cancelled_are_those_of_the_plan(asked, there):
    lines = [
        OrderLine(id=str(number), sku="A", quantity=units, when_short="wait" if waits else "cancel")
        for number, (units, waits) in enumerate(asked, start=1)
    ]
    order = Order(id="14", placed_at=NOW, lines=lines)
    plan = split_order(order, supply=Supply(on_hand={"A": there}), at=NOW)
    shipped = Counter()
    for call in write_shipments(plan):
        for row in json.loads(call)["variables"]["input"]["lines"]:
            shipped[str(row["orderLine"]["id"])] += row["quantity"]
    leaving = Counter()
    for part in plan.parts:
        for line in part.lines if part.kind is PartKind.SHIP_NOW else ():
            leaving[line.line_id] += line.quantity
    assert shipped == leaving
    assert sum(shipped.values()) <= there


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9), st.sampled_from(CancelReason)), min_size=1, max_size=6))
def test_cancelled_units_are_added_up_by_line(cuts):
    cancelled = [Cancelled(line_id=str(line), sku="A", quantity=units, reason=why) for line, units, why in cuts]
    wanted = Counter()
    for line, units, why in cuts:
        wanted[line] += 0 if why is CancelReason.NOTHING_SHIPS else units
    if sum(wanted.values()):
        rows = json.loads(write_cancel_lines(cancelled, order_id="14"))["variables"]["input"]["cancelLines"]
        assert {row["line"]["id"]: row["quantity"] for row in rows} == +wanted


@given(
    st.lists(st.tuples(UNITS, UNITS, st.integers(0, 10**6), st.integers(0, 40)), min_size=1, max_size=4),
    st.booleans(),
)
def test_units_and_money_of_an_order_are_those_of_its_lines(rows, preorder):
    lines = [
        {
            "id": number,
            "quantity": units,
            "cancelledQuantity": cancelled,
            "taxPercent": percent,
            "lineValue": {"value": minor / 100, "currency": {"code": "SEK"}},
            "productSize": {"SKU": f"S{number}", "preorder": preorder},
        }
        for number, (units, cancelled, minor, percent) in enumerate(rows, start=1)
    ]
    document = {"data": {"orders": [{"number": 14, "createdAt": "2026-11-22T09:00:00Z", "lines": lines}]}}
    [found] = read_orders(json.dumps(document)).complete()
    assert sum(line.quantity for line in found.order.lines) == sum(units for units, _, _, _ in rows)
    assert sum(line.cancelled for line in found.lines) == sum(cancelled for _, cancelled, _, _ in rows)
    [state] = read_order_states(json.dumps(document)).complete()
    assert (state.number, state.lines) == (found.order.id, found.lines)
    kept = [row for row in rows if row[0]]
    for line, (_, _, minor, percent) in zip(found.order.lines, kept, strict=True):
        assert line.amount.gross == minor
        assert abs(line.amount.tax - Fraction(minor * percent, 100 + percent)) <= Fraction(1, 2)


@given(st.integers(0, 40), st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=4))
def test_what_is_ordered_and_not_in_stock_is_receipts(ordered, deliveries):
    size = {"productSize": {"SKU": "A"}}
    rows = [
        {"number": number, "stockChange": {"id": 1} if came else None, "lines": [{"quantity": units, **size}]}
        for number, (units, came) in enumerate(deliveries, start=1)
    ]
    order = {
        "id": 957,
        "ETA": "2027-02-05T00:00:00+01:00",
        "lines": [{"quantity": ordered, **size}],
        "deliveries": rows,
    }
    [found] = read_purchase_orders(json.dumps({"data": {"purchaseOrders": [order]}})).complete()
    in_stock = sum(units for units, came in deliveries if came)
    delivered = sum(units for units, _ in deliveries)
    assert sum(receipt.quantity for receipt in found.receipts) == max(ordered, delivered) - in_stock


LINE_IDS = st.integers(1, 4).map(str)
ORDER_IDS = IDS.map(str) | st.text("0123456789abcdef", min_size=32, max_size=32)
LINES = st.builds(
    PartLine,
    line_id=LINE_IDS,
    sku=st.just("A"),
    quantity=st.integers(1, 9),
    kind=st.sampled_from([LineKind.GOODS, LineKind.FEE]),
)
PHYSICAL = PartLine(line_id="5", sku="A", quantity=1)
HOUSES = st.lists(st.integers(1, 9), max_size=3)
COMMENTS = st.just("") | WORDS
PARTS = st.builds(
    Part,
    id=st.just("now/1"),
    order_id=ORDER_IDS,
    kind=st.just("ship_now"),
    lines=st.lists(LINES, max_size=4).map(lambda lines: [*lines, PHYSICAL]),
    location=st.just("") | st.integers(1, 9).map(str),
)
CHARGE = Charge(part_id="now/1", amount=Amount(2000), due=None)


def units_of(part):
    """Return line id -> units of a part, fees left out."""
    found = Counter()
    for line in part.lines:
        found[line.line_id] += 0 if line.kind is LineKind.FEE else line.quantity
    return dict(+found)


@given(
    PARTS,
    st.booleans(),
    st.builds(ShipmentRules, is_good_to_go=st.booleans(), allocate_demand=st.booleans(), send_email=st.booleans()),
)
def test_a_shipment_says_what_it_was_written_from(part, is_charged, rules):
    assert read_shipment(write_shipment(part, charge=CHARGE if is_charged else None, rules=rules)) == ShipmentCall(
        order_id=part.order_id,
        units=units_of(part),
        is_good_to_go=rules.is_good_to_go,
        is_paid=None if is_charged else False,
        capture=True if is_charged else None,
        allocate_demand=rules.allocate_demand,
        send_email=rules.send_email,
    )


@given(ORDER_IDS, IDS)
def test_captures_say_what_they_were_written_from(order_id, shipment):
    plan = ChargePlan(charges=[CHARGE], cancelled=[], refunds=[])
    assert read_capture_order(write_capture_order(plan, order_id=order_id)) == OrderCaptureCall(order_id=order_id)
    assert read_capture_shipment(write_capture_shipment(CHARGE, shipment=shipment)).shipment == shipment


@st.composite
def cancel_rules(draw):
    """Return rules of both forms; another warehouse where there may be one."""
    rules = CancelRules(
        action=draw(st.sampled_from(StockAction)),
        form=draw(st.sampled_from(["current", "older"])),
        store=draw(st.sampled_from(StoreType)),
        comment=draw(COMMENTS),
    )
    elsewhere = rules.form == "current" and rules.action is StockAction.RELEASE and draw(st.booleans())
    return attrs.evolve(rules, to_warehouse=draw(IDS)) if elsewhere else rules


@given(ORDER_IDS, st.dictionaries(LINE_IDS, st.integers(1, 9), min_size=1), cancel_rules())
def test_cancellations_say_what_they_were_written_from(order_id, units, rules):
    cancelled = [Cancelled(line_id=line, sku="A", quantity=count, reason="customer") for line, count in units.items()]
    call = read_cancel_lines(write_cancel_lines(cancelled, order_id=order_id, rules=rules))
    assert (call.order_id, call.store, call.comment) == (order_id, rules.store, rules.comment)
    assert {line.line_id: line.quantity for line in call.lines} == units
    assert {(line.action, line.form, line.to_warehouse) for line in call.lines} == {
        (rules.action, rules.form, rules.to_warehouse)
    }


@given(PARTS, HOUSES, COMMENTS, st.sampled_from(StockAction))
def test_allocations_say_what_they_were_written_from(part, houses, comment, action):
    own = {
        "order_id": part.order_id,
        "units": units_of(part),
        "warehouses": houses or [int(house) for house in (part.location,) if house],
        "comment": comment,
    }
    assert read_allocate_order(write_allocate_order(part, warehouses=houses, comment=comment)) == AllocateCall(**own)
    call = read_unallocate_order(write_unallocate_order(part, action=action, warehouses=houses, comment=comment))
    assert call == UnallocateCall(**own, action_word=call.action_word)
    assert call.action is action


ODD = st.sampled_from(
    [
        *(None, True, 0, -1, 5.9, 1e30, 10**30, 2**31, "", " ", "abc", "-5", "1e3", "NaN"),
        *([], {}, [None], [[]], {"id": "x"}, "\ud800", "2027-02-30", "9999-12-31", "0000-00-00"),
        *("0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"),
    ]
)


def places(node, path=()):
    """Return the places in a JSON value, the root's left out."""
    items = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    return [place for key, inner in items for place in [(*path, key), *places(inner, (*path, key))]]


@given(st.data(), st.sampled_from(DOCUMENTS))
def test_a_document_that_is_changed_gives_values_or_problems(data, document):
    root = json.loads(document)
    for _ in range(data.draw(st.integers(1, 3))):
        *ahead, key = data.draw(st.sampled_from(places(root) or [("data",)]))
        node = root
        for step in ahead:
            node = node[step]
        node[key] = json.loads(json.dumps(data.draw(ODD)))
    kinds = [kind for kind in centra._FORMATS if kind.recognises(root)]
    assert len(kinds) <= 1
    for kind in kinds or [data.draw(st.sampled_from(centra._FORMATS))]:
        with contextlib.suppress(InvalidDocument):
            kind.read(json.dumps(root), **({"zone": "Europe/Oslo"} if kind.needs_zone else {}))
