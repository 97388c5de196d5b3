"""Promises of bundles: when the last component is there, what is set aside, and what breaks; each worked by hand."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from dateutil.relativedelta import relativedelta

from preorder_kit import (
    UNLIMITED,
    Commitment,
    Component,
    DateRange,
    LeadTime,
    Order,
    OrderLine,
    Promise,
    PromiseRules,
    Receipt,
    Repromise,
    ShippingTimes,
    Supply,
    available_now,
    commitments_of,
    promise_orders,
    repromise,
)

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)  # a Monday
TIMES = ShippingTimes(handling=LeadTime(0, 0), transit=LeadTime(1, 1))  # arrives on the day after it is ready
STREET = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
STAGED = PromiseRules()
LATEST = PromiseRules(pegging="latest_feasible")
ON_DATE = PromiseRules(confirmation="on_date")
COMPLETE = PromiseRules(confirmation="complete")
WEEKS = PromiseRules(estimate=(relativedelta(weeks=4), relativedelta(weeks=6)))  # 21 December to 4 January
PAIRS = PromiseRules(min_shipment=2)
CANCEL = {"when_short": "cancel"}
G = {"ship_group": "g"}


def day(written: str) -> dt.date:
    """Return a day, written as 12-01 for 2026 or 27-02-20 for 2027."""
    return dt.date.fromisoformat(f"20{written}" if len(written) > 5 else f"2026-{written}")


def line(quantity: int, sku: str = "A", line_id: str = "1", **fields: object) -> OrderLine:
    texts = {"requested": day, "promised": lambda given: DateRange(*map(day, given.split(" to ")))}
    read = {name: texts[name](value) if name in texts else value for name, value in fields.items()}
    return OrderLine(**{"id": line_id, "sku": sku, "quantity": quantity, "when_short": "wait"} | read)


def part(written: str | Component) -> Component:
    """Return a component, written as its SKU, how many, and ``!`` if it may not wait: ``B2!``."""
    if isinstance(written, Component):
        return written
    name = written.removesuffix("!")
    return Component(name[0], int(name[1:] or 1), when_short="cancel" if written.endswith("!") else None)


def bundle(quantity: int, *parts: str | Component, line_id: str = "1", **fields: object) -> OrderLine:
    return line(quantity, "SET", line_id, components=[part(item) for item in parts], **fields)


def preorder(quantity: int, *parts: str | Component, **fields: object) -> OrderLine:
    return bundle(quantity, *parts, street_date=STREET, **fields)


def order(*lines: OrderLine, order_id: str = "O1", **fields: object) -> Order:
    return Order(**{"id": order_id, "placed_at": NOW, "lines": lines} | fields)


def comes(written: str, expected: str, last: str = "") -> Receipt:
    """Return a receipt, written as its reference and its units (``A1 5``); the SKU is the letter."""
    reference, units = written.split()
    days = DateRange(day(expected), day(last or expected))
    return Receipt(sku=reference[0], quantity=int(units), expected=days, reference=reference)


def has(*dated: Receipt | Commitment, safety_stock: dict[str, int] | None = None, **on_hand: object) -> Supply:
    receipts = [item for item in dated if isinstance(item, Receipt)]
    owed = [item for item in dated if isinstance(item, Commitment)]
    return Supply(on_hand=on_hand, receipts=receipts, commitments=owed, safety_stock=safety_stock or {})


def promised(*orders: Order, supply: Supply, rules: PromiseRules = STAGED) -> tuple[Promise, ...]:
    return promise_orders(orders, supply=supply, times=TIMES, at=NOW, rules=rules)


def short(found: dt.date) -> str:
    return found.isoformat().removeprefix("2026-").removeprefix("20")


def days(found: DateRange | None) -> str:
    if found is None:
        return "undated"
    return " to ".join(dict.fromkeys(map(short, attrs.astuple(found))))


def shown(promises: tuple[Promise, ...]) -> list[str]:
    """Return each promise as text: order/line, units, kind, when it is ready, the receipts."""
    return [
        " ".join([f"{item.order_id}/{item.line_id}", str(item.quantity), item.kind, days(item.ready), *item.references])
        for item in promises
    ]


def of_first(promises: tuple[Promise, ...]) -> list[str]:
    return [text.removeprefix("O1/1 ") for text in shown(promises)]


NESTED = Component("BOX", 1, [Component("A"), Component("TRAY", 2, [Component("A"), Component("B")])])  # A3 B2
READY = {
    "all there": (bundle(2, "A", "B2"), has(A=2, B=4), ["2 in_stock 11-23"]),
    "no bound": (bundle(2, "A", "B2"), has(A=UNLIMITED, B=4), ["2 in_stock 11-23"]),
    "nested, all there": (bundle(2, NESTED), has(A=6, B=4), ["2 in_stock 11-23"]),
    "nothing but digital components": (
        bundle(2, Component("MP3", kind="digital"), **CANCEL),
        has(),
        ["2 in_stock 11-23"],
    ),
    "one component comes": (
        bundle(2, "A", "B"),
        has(comes("B1 9", "12-01"), A=2),
        ["2 backorder 12-01 B1"],
    ),
    "both come": (
        bundle(1, "A", "B"),
        has(comes("A1 1", "12-03", "12-05"), comes("B1 1", "12-01", "12-09")),
        ["1 backorder 12-03 to 12-09 A1 B1"],
    ),
    "in lots, each with the last of its components": (
        bundle(4, "A", "B"),
        has(comes("A1 9", "12-01"), comes("B1 1", "12-10"), comes("B2 1", "12-20"), A=1, B=2),
        ["1 in_stock 11-23", "1 backorder 12-01 A1", "1 backorder 12-10 A1 B1", "1 backorder 12-20 A1 B2"],
    ),
    "in lots of one and of many": (
        bundle(8, "A", "B"),
        has(comes("B1 1", "12-01"), comes("B2 9", "12-10"), A=8),
        ["1 backorder 12-01 B1", "7 backorder 12-10 B2"],
    ),
    "two of one component from two receipts": (
        bundle(1, "B2"),
        has(comes("B1 1", "12-01"), comes("B2 1", "12-10")),
        ["1 backorder 12-10 B1 B2"],
    ),
    "some of it undated": (
        bundle(3, "A", "B"),
        has(comes("B1 1", "12-01"), A=9),
        ["1 backorder 12-01 B1", "2 none undated"],
    ),
    "a component that is not on order": (bundle(1, "A", "B"), has(A=1), ["1 none undated"]),
    "may not wait": (
        bundle(3, "A", "B", **CANCEL),
        has(comes("B1 9", "12-01"), A=3, B=1),
        ["1 in_stock 11-23", "2 none undated"],
    ),
    "what may not wait is set aside": (
        bundle(3, "A!", "B"),
        has(comes("A1 9", "12-01"), comes("B1 9", "12-10"), A=2),
        ["2 backorder 12-10 B1", "1 none undated"],
    ),
    "what may not wait, after what is there": (
        bundle(4, "A!", "B"),
        has(comes("B1 1", "12-10"), comes("B2 1", "12-20"), A=3, B=1),
        ["1 in_stock 11-23", "1 backorder 12-10 B1", "1 backorder 12-20 B2", "1 none undated"],
    ),
    "none of what may not wait": (
        bundle(1, "A!", "B"),
        has(comes("A1 9", "12-01"), B=1),
        ["1 none undated"],
    ),
    "one component may wait in a line that may not": (
        bundle(2, "A", Component("B", when_short="wait"), **CANCEL),
        has(comes("B1 9", "12-10"), A=1),
        ["1 backorder 12-10 B1", "1 none undated"],
    ),
    "safety stock of a component": (
        bundle(2, "A", "B"),
        has(comes("A1 9", "12-01"), A=2, B=2, safety_stock={"A": 1}),
        ["1 in_stock 11-23", "1 backorder 12-01 A1"],
    ),
    "components owed to others": (
        bundle(2, "A", "B"),
        has(comes("A1 9", "12-01"), Commitment(sku="A", quantity=1, order_id="O9"), A=2, B=2),
        ["1 in_stock 11-23", "1 backorder 12-01 A1"],
    ),
    "components owed to this order": (
        bundle(2, "A", "B"),
        has(Commitment(sku="A", quantity=2, order_id="O1"), A=2, B=2),
        ["2 in_stock 11-23"],
    ),
    "a street date ahead, all there": (preorder(2, "A", "B"), has(A=2, B=2), ["2 preorder 27-02-05"]),
    "a street date of one component": (
        bundle(1, Component("A", street_date=STREET), "B", **CANCEL),
        has(comes("B1 1", "12-01"), A=1),
        ["1 preorder 27-02-05 B1"],
    ),
    "a street date ahead, and it comes later": (
        preorder(1, "A", "B"),
        has(comes("B1 1", "27-02-20"), A=1),
        ["1 preorder 27-02-20 B1"],
    ),
    "a street date ahead, nothing on order": (preorder(1, "A", "B"), has(), ["1 preorder 27-02-05"]),
    "a street date ahead, what is there and nothing on order": (
        preorder(3, "A", "B"),
        has(A=1),
        ["1 preorder 27-02-05", "2 preorder 27-02-05"],
    ),
    "a street date ahead, each lacks something else": (
        preorder(3, "A", "B", "C"),
        has(A=2, B=1),
        ["1 preorder 27-02-05"] * 3,
    ),
    "a street date ahead, one on order for later, the other not": (
        preorder(1, "A", "B"),
        has(comes("A1 1", "27-02-20")),
        ["1 preorder 27-02-20 A1"],
    ),
    "a street date ahead, one not on order, the others as they come": (
        preorder(3, "A", "B", "C"),
        has(comes("A1 1", "27-02-10"), comes("A2 2", "27-02-20"), B=1),
        ["1 preorder 27-02-10 A1", "2 preorder 27-02-20 A2"],
    ),
    "a street date ahead, one not on order, the other in two receipts": (
        preorder(2, "A", "B"),
        has(comes("A1 1", "27-02-10"), comes("A2 1", "27-02-20")),
        ["2 preorder 27-02-20 A1 A2"],
    ),
    "a street date ahead, too little on order": (
        preorder(3, "A", "B"),
        has(comes("A1 1", "12-01"), B=3),
        ["1 preorder 27-02-05 A1", "2 none undated"],
    ),
    "a street date ahead, too little on order of one and none of the other": (
        preorder(3, "A", "B"),
        has(comes("A1 1", "12-01")),
        ["1 preorder 27-02-05 A1", "2 none undated"],
    ),
    "a window that was sold": (
        bundle(2, "A", "B", promised="12-10 to 12-20"),
        has(A=2, B=1),
        ["1 in_stock 11-23", "1 estimate 11-23 to 12-19"],
    ),
    "a window that was sold, and something is on order": (
        bundle(2, "A", "B", promised="12-10 to 12-20"),
        has(comes("B1 1", "12-01"), A=2),
        ["1 backorder 12-01 B1", "1 none undated"],
    ),
}


@pytest.mark.parametrize(("wanted", "supply", "expected"), READY.values(), ids=READY)
def test_a_bundle_is_ready_with_its_last_component(wanted, supply, expected):
    assert of_first(promised(order(wanted), supply=supply)) == expected


TWO_LOTS = has(comes("A1 5", "12-01"), comes("B1 5", "12-03"), A=5, B=5)
# One set is there, two on 1 December, the fourth on the 10th.
THREE_LOTS = has(comes("A1 9", "12-01"), comes("B1 4", "12-01"), comes("B2 2", "12-10"), A=1, B=2)
RULES = {
    "first of all what is there": (bundle(2, "A", "B", requested="12-06"), TWO_LOTS, STAGED, ["2 in_stock 11-23"]),
    "the latest in time": (bundle(2, "A", "B", requested="12-06"), TWO_LOTS, LATEST, ["2 backorder 12-03 A1 B1"]),
    "the latest in time, then what is there": (
        bundle(7, "A", "B", requested="12-06"),
        TWO_LOTS,
        LATEST,
        ["2 in_stock 11-23", "5 backorder 12-03 A1 B1"],
    ),
    "the latest in time of one component alone": (
        bundle(2, "A", "B", requested="12-03"),
        TWO_LOTS,
        LATEST,
        ["2 backorder 12-01 A1"],
    ),
    "the latest in time of what may wait": (
        bundle(2, "A!", "B", requested="12-06"),
        TWO_LOTS,
        LATEST,
        ["2 backorder 12-03 B1"],
    ),
    "the latest in time, two of what may not wait": (
        bundle(2, "A2!", "B2", requested="12-06"),
        TWO_LOTS,
        LATEST,
        ["2 backorder 12-03 B1"],
    ),
    "the latest in time, and too little of the other component": (
        bundle(2, "A", "B", requested="12-06"),
        has(comes("A1 1", "12-01"), comes("A2 1", "12-03"), B=1),
        LATEST,
        ["1 backorder 12-01 A1", "1 none undated"],
    ),
    "the latest is too late, the rest as it comes": (
        bundle(2, "A", "B", requested="12-06"),
        has(comes("B1 1", "12-01"), comes("B2 1", "12-20"), A=2),
        LATEST,
        ["1 backorder 12-01 B1", "1 backorder 12-20 B2"],
    ),
    "the latest before the street date": (
        preorder(2, "A", "B"),
        TWO_LOTS,
        LATEST,
        ["2 preorder 27-02-05 A1 B1"],
    ),
    "the latest without a wanted day": (bundle(2, "A", "B"), TWO_LOTS, LATEST, ["2 in_stock 11-23"]),
    "the latest of nothing but digital components": (
        bundle(2, Component("MP3", kind="digital"), requested="12-06"),
        has(),
        LATEST,
        ["2 in_stock 11-23"],
    ),
    "on its date": (
        bundle(3, "A", "B", requested="12-06"),
        has(comes("B1 1", "12-01"), comes("B2 1", "12-20"), A=3, B=1),
        ON_DATE,
        ["1 in_stock 12-05", "1 backorder 12-05 B1", "1 none undated"],
    ),
    "complete": (
        bundle(3, "A", "B"),
        has(comes("B1 2", "12-01"), A=3, B=1),
        COMPLETE,
        ["1 in_stock 12-01", "2 backorder 12-01 B1"],
    ),
    "complete, one undated": (bundle(3, "A", "B"), has(comes("B1 1", "12-01"), A=3, B=1), COMPLETE, ["3 none undated"]),
    "an estimate": (
        bundle(3, "A", "B"),
        has(comes("B1 1", "12-01"), A=3, B=1),
        WEEKS,
        ["1 in_stock 11-23", "1 backorder 12-01 B1", "1 estimate 12-21 to 27-01-04"],
    ),
    "an estimate of what may not wait": (
        bundle(3, "A!", "B"),
        has(A=1),
        WEEKS,
        ["1 estimate 12-21 to 27-01-04", "2 none undated"],
    ),
    "an estimate of a pre-order": (
        preorder(2, "A", "B"),
        has(comes("B1 1", "12-01"), A=2),
        WEEKS,
        ["1 preorder 27-02-05 B1", "1 estimate 27-03-05 to 27-03-19"],
    ),
    "shipments of two, of lots of one": (
        bundle(2, "A", "B"),
        has(comes("B1 1", "12-10"), A=2, B=1),
        PAIRS,
        ["1 in_stock 12-10", "1 backorder 12-10 B1"],
    ),
    "shipments of two, a lot cut": (
        bundle(4, "A", "B2"),
        THREE_LOTS,
        PAIRS,
        ["1 in_stock 12-01", "1 backorder 12-01 A1 B1", "1 backorder 12-10 A1 B1", "1 backorder 12-10 A1 B2"],
    ),
    "shipments of three, a lot of two receipts cut": (
        bundle(6, "A", "B2"),
        has(comes("A1 9", "12-05"), comes("B1 3", "12-01"), comes("B2 7", "12-05"), comes("B3 2", "12-20")),
        PromiseRules(min_shipment=3),
        [
            "1 backorder 12-05 A1 B1",
            "2 backorder 12-05 A1 B1 B2",
            "2 backorder 12-20 A1 B2",
            "1 backorder 12-20 A1 B3",
        ],
    ),
    "shipments of three, a pre-order from three receipts cut": (
        preorder(6, "A", "B"),
        has(comes("A1 3", "27-02-10"), comes("A2 1", "27-02-15"), comes("A3 1", "27-02-20")),
        attrs.evolve(WEEKS, min_shipment=3),
        [
            "3 preorder 27-02-20 A1",
            "2 preorder 27-03-05 to 27-03-19 A2 A3",
            "1 estimate 27-03-05 to 27-03-19",
        ],
    ),
    "late, and too late": (
        bundle(3, "A", "B", requested="11-30"),
        has(comes("B1 1", "12-01"), comes("B2 1", "12-20"), A=3, B=1),
        PromiseRules(max_lateness=2),
        ["1 in_stock 11-23", "1 backorder 12-01 B1", "1 none undated"],
    ),
}


@pytest.mark.parametrize(("wanted", "supply", "rules", "expected"), RULES.values(), ids=RULES)
def test_a_shops_rules_decide_on_bundles(wanted, supply, rules, expected):
    assert of_first(promised(order(wanted), supply=supply, rules=rules)) == expected


SHARED = {
    "two bundles share what is there, in turn": (
        [order(bundle(2, "A", "B"), bundle(2, "A", "C", line_id="2"))],
        has(comes("A1 9", "12-01"), A=3, B=9, C=9),
        ["O1/1 2 in_stock 11-23", "O1/2 1 in_stock 11-23", "O1/2 1 backorder 12-01 A1"],
    ),
    "a bundle that is there before a line of its component": (
        [order(bundle(1, "A", "B"), line(1, line_id="2"))],
        has(comes("A1 9", "12-01"), A=1, B=1),
        ["O1/1 1 in_stock 11-23", "O1/2 1 backorder 12-01 A1"],
    ),
    "a bundle that waits leaves what is there to the next line": (
        [order(bundle(1, "A", "B"), line(1, line_id="2"))],
        has(comes("A1 9", "12-05"), comes("B1 9", "12-01"), A=1),
        ["O1/1 1 backorder 12-05 A1 B1", "O1/2 1 in_stock 11-23"],
    ),
    "a bundle that waits takes what comes after the next line": (
        [order(bundle(1, "A", "B"), line(1, line_id="2"))],
        has(comes("A1 1", "12-01"), comes("A2 1", "12-10"), B=1),
        ["O1/1 1 backorder 12-10 A2", "O1/2 1 backorder 12-01 A1"],
    ),
    "two bundles that wait, in turn": (
        [order(bundle(1, "A", "B"), bundle(1, "A", "C", line_id="2"))],
        has(comes("A1 1", "12-01"), comes("A2 1", "12-10"), B=1, C=1),
        ["O1/1 1 backorder 12-01 A1", "O1/2 1 backorder 12-10 A2"],
    ),
    "what is set aside is not the next line's": (
        [order(bundle(1, "A!", "B"), line(1, line_id="2", **CANCEL))],
        has(comes("B1 1", "12-01"), A=1),
        ["O1/1 1 backorder 12-01 B1", "O1/2 1 none undated"],
    ),
    "what is set aside for nothing is the next order's": (
        [order(bundle(1, "A!", "B")), order(line(1), order_id="O2")],
        has(A=1),
        ["O1/1 1 none undated", "O2/1 1 in_stock 11-23"],
    ),
    "what is set aside for nothing is not the next bundle's": (
        [order(bundle(1, "B2!", "C"), bundle(4, "B4", line_id="2"))],
        has(B=8),
        ["O1/1 1 none undated", "O1/2 1 in_stock 11-23", "O1/2 3 none undated"],
    ),
    "a bundle without a date takes nothing": (
        [order(bundle(2, "A", "B")), order(line(4), order_id="O2")],
        has(comes("A1 3", "12-01"), comes("B1 1", "12-05"), A=1),
        [
            "O1/1 1 backorder 12-05 B1",
            "O1/1 1 none undated",
            "O2/1 3 backorder 12-01 A1",
            "O2/1 1 none undated",
        ],
    ),
    "a bundle with an estimate takes nothing": (
        [order(bundle(1, "A", "B", promised="12-10 to 12-20")), order(line(1), order_id="O2")],
        has(A=1),
        ["O1/1 1 estimate 11-23 to 12-19", "O2/1 1 in_stock 11-23"],
    ),
    "a pre-order takes what is known": (
        [order(preorder(1, "A", "B")), order(line(1), order_id="O2")],
        has(A=1),
        ["O1/1 1 preorder 27-02-05", "O2/1 1 none undated"],
    ),
    "a pre-order takes whole units of what is known": (
        [order(preorder(3, "A2", "B")), order(line(2), order_id="O2")],
        has(A=5),
        [
            "O1/1 2 preorder 27-02-05",
            "O1/1 1 preorder 27-02-05",
            "O2/1 1 in_stock 11-23",
            "O2/1 1 none undated",
        ],
    ),
    "an odd component is left for the next order": (
        [order(bundle(2, "A2")), order(line(1), order_id="O2")],
        has(A=3),
        ["O1/1 1 in_stock 11-23", "O1/1 1 none undated", "O2/1 1 in_stock 11-23"],
    ),
    "a group leaves with its bundle": (
        [order(bundle(1, "A", "B", **G), line(1, "C", "2", **G))],
        has(comes("B1 1", "12-01"), A=1, C=1),
        ["O1/1 1 backorder 12-01 B1", "O1/2 1 in_stock 12-01"],
    ),
    "a group with a bundle without a date lets go": (
        [order(bundle(1, "A", "B", **G), line(1, "A", "2", **G), line(2, line_id="3"))],
        has(A=2),
        ["O1/1 1 none undated", "O1/2 1 none undated", "O1/3 2 in_stock 11-23"],
    ),
    "a group in which a bundle may not wait": (
        [order(bundle(1, "A", "B", **CANCEL, **G), line(1, "A", "2", **G))],
        has(A=1),
        ["O1/1 1 none undated", "O1/2 1 in_stock 11-23"],
    ),
    "an order that ships complete": (
        [order(bundle(2, "A", "B"), line(1, "C", "2"), ship="complete")],
        has(comes("B1 1", "12-01"), A=2, B=1, C=1),
        ["O1/1 1 in_stock 12-01", "O1/1 1 backorder 12-01 B1", "O1/2 1 in_stock 12-01"],
    ),
    "fees and digital lines have no promise": (
        [order(bundle(1, "A", kind="digital"), line(1, "STANDARD", "2", kind="fee"), bundle(1, "A", line_id="3"))],
        has(A=1),
        ["O1/3 1 in_stock 11-23"],
    ),
}


@pytest.mark.parametrize(("orders", "supply", "expected"), SHARED.values(), ids=SHARED)
def test_each_component_is_promised_once(orders, supply, expected):
    assert shown(promised(*orders, supply=supply)) == expected


def owed(sku: str, units: int, due: str = "") -> Commitment:
    return Commitment(sku=sku, quantity=units, due=day(due) if due else None, order_id="O1", line_id="1")


COMMITTED = {
    "what is there": (bundle(2, "A", "B2"), has(A=2, B=4), [owed("A", 2), owed("B", 4)]),
    "what comes is due with the last": (
        bundle(2, "A", "B2"),
        has(comes("B1 4", "12-01"), A=2),
        [owed("A", 2, "12-01"), owed("B", 4, "12-01")],
    ),
    "each lot": (
        bundle(2, "A"),
        has(comes("A1 1", "12-01", "12-05"), A=1),
        [owed("A", 1), owed("A", 1, "12-05")],
    ),
    "nested": (bundle(1, NESTED), has(A=3, B=2), [owed("A", 3), owed("B", 2)]),
    "a pre-order": (preorder(1, "A", "B"), has(), [owed("A", 1, "27-02-05"), owed("B", 1, "27-02-05")]),
    "nothing without a date": (bundle(1, "A", "B"), has(A=1), []),
    "nothing for digital components": (bundle(1, Component("MP3", kind="digital")), has(), []),
}


@pytest.mark.parametrize(("wanted", "supply", "expected"), COMMITTED.values(), ids=COMMITTED)
def test_a_promise_of_a_bundle_obliges_to_its_components(wanted, supply, expected):
    assert list(commitments_of(promised(order(wanted), supply=supply), times=TIMES)) == expected


def test_the_components_of_a_promise_cannot_be_promised_to_others():
    supply = has(comes("B1 1", "12-01"), A=2, B=1)
    found = commitments_of(promised(order(bundle(1, "A", "B2")), supply=supply), times=TIMES)
    after = attrs.evolve(supply, commitments=found)
    assert [available_now(after, sku=sku, day=NOW.date()) for sku in "AB"] == [1, 0]


def to_the_day(promise: Promise) -> str:
    return short(promise.delivery.latest) if promise.delivery else "undated"


def said(promise: Promise) -> str:
    """Return a promise as text: order/line, units, the last day of its arrival."""
    return f"{promise.order_id}/{promise.line_id} {promise.quantity} {to_the_day(promise)}"


def summary(found: Repromise) -> dict[str, list[str]]:
    broken = [
        f"{said(item.promise)} > {to_the_day(item.now)}"
        f"{'' if item.days_moved is None else f' {item.days_moved:+}'} {item.because}"
        for item in found.broken
    ]
    groups = {
        "kept": [said(item) for item in found.kept],
        "broken": broken,
        "gained": [said(item) for item in found.gained],
        "freed": [said(item) for item in found.freed],
    }
    return {name: texts for name, texts in groups.items() if texts}


ONE, THREE = order(bundle(1, "A", "B")), order(bundle(3, "A", "B"))
BOUND = order(bundle(2, "A!", "B"))
NEXT = order(line(1), order_id="O2")
LATE = comes("B1 3", "12-01")
CHANGED = {
    "nothing": ([THREE], has(LATE, A=3, B=1), has(LATE, A=3, B=1), {"kept": ["O1/1 1 11-24", "O1/1 2 12-02"]}),
    "a component comes later": (
        [ONE],
        has(comes("B1 1", "12-01"), A=1),
        has(comes("B1 1", "12-11"), A=1),
        {"broken": ["O1/1 1 12-02 > 12-12 +10 receipt_late"]},
    ),
    "a component comes sooner": (
        [ONE],
        has(comes("B1 1", "12-11"), A=1),
        has(comes("B1 1", "12-01"), A=1),
        {"kept": ["O1/1 1 12-12"]},
    ),
    "a component comes no more": (
        [ONE],
        has(comes("B1 1", "12-01"), A=1),
        has(A=1),
        {"broken": ["O1/1 1 12-02 > undated receipt_gone"]},
    ),
    "one of two receipts comes no more": (
        [ONE],
        has(comes("A1 1", "12-01"), comes("B1 1", "12-01")),
        has(comes("B1 1", "12-01")),
        {"broken": ["O1/1 1 12-02 > undated receipt_gone"]},
    ),
    "a component has gone from the shelf": (
        [ONE],
        has(A=1, B=1),
        has(A=1),
        {"broken": ["O1/1 1 11-24 > undated too_few"]},
    ),
    "another component serves as well": (
        [ONE],
        has(comes("B1 1", "12-01"), A=1),
        has(comes("A1 1", "11-30"), B=1),
        {"kept": ["O1/1 1 12-02"]},
    ),
    "fewer of one component": (
        [THREE],
        has(LATE, A=3),
        has(comes("B1 2", "12-01"), A=3),
        {"kept": ["O1/1 2 12-02"], "broken": ["O1/1 1 12-02 > undated too_few"]},
    ),
    "fewer of both, and of one more than of the other": (
        [THREE],
        has(comes("A1 3", "12-01"), LATE),
        has(comes("A1 1", "12-01"), comes("B1 2", "12-01")),
        {"kept": ["O1/1 1 12-02"], "broken": ["O1/1 2 12-02 > undated too_few"]},
    ),
    "an odd piece too few": (
        [order(bundle(2, "A2", "B"))],
        has(comes("A1 4", "12-01"), B=2),
        has(comes("A1 3", "12-01"), B=2),
        {"kept": ["O1/1 1 12-02"], "broken": ["O1/1 1 12-02 > undated too_few"]},
    ),
    "all pieces of a bundle before those of the next order": (
        [order(bundle(2, "A2", "B")), order(line(2), order_id="O2")],
        has(comes("A1 6", "12-01"), B=2),
        has(comes("A1 4", "12-01"), B=2),
        {"kept": ["O1/1 2 12-02"], "broken": ["O2/1 2 12-02 > undated too_few"]},
    ),
    "fewer of one component, and the bundle goes whole or not at all": (
        [order(bundle(3, "A2", "B"), ship="complete"), order(line(9), order_id="O2")],
        has(comes("A1 6", "12-01"), LATE),
        has(comes("A1 6", "12-01"), comes("B1 1", "12-01")),
        {
            "kept": ["O2/1 3 undated"],
            "broken": ["O1/1 2 12-02 > undated too_few", "O1/1 1 12-02 > undated companion"],
            "gained": ["O2/1 6 12-02"],
        },
    ),
    "fewer of one component, and the others' are free": (
        [THREE, NEXT],
        has(LATE, comes("A1 1", "12-10"), A=3),
        has(comes("B1 2", "12-01"), comes("A1 1", "12-20"), A=3),
        {
            "kept": ["O1/1 2 12-02", "O2/1 1 12-11"],
            "broken": ["O1/1 1 12-02 > undated too_few"],
        },
    ),
    "fewer of one, what is over of stock and receipts goes back": (
        [order(bundle(3, "A2", "B")), NEXT, order(line(2), order_id="O3")],
        has(LATE, A=9),
        has(comes("A1 3", "11-30"), comes("A2 1", "12-01"), comes("B1 1", "12-01"), A=3),
        {
            "kept": ["O1/1 1 12-02", "O2/1 1 11-24", "O3/1 2 11-24"],
            "broken": ["O1/1 2 12-02 > undated too_few"],
        },
    ),
    "several lots, and fewer of one": (
        [order(bundle(3, "A2", "B")), NEXT],
        has(comes("A1 3", "11-30"), comes("A2 2", "12-01"), LATE, A=2),
        has(comes("A1 3", "11-30"), comes("A2 2", "12-01"), comes("B1 1", "12-01"), A=2),
        {"kept": ["O1/1 1 12-02", "O2/1 1 12-02"], "broken": ["O1/1 1 12-02 > undated too_few"] * 2},
    ),
    "lots of one day stand by themselves": (
        [order(bundle(2, "A")), NEXT],
        has(comes("A1 1", "12-01"), comes("A2 1", "12-01"), comes("A3 1", "12-01")),
        has(comes("A1 1", "12-01")),
        {
            "kept": ["O1/1 1 12-02"],
            "broken": ["O1/1 1 12-02 > undated receipt_gone", "O2/1 1 12-02 > undated receipt_gone"],
        },
    ),
    "an order is cancelled": (
        [THREE, NEXT],
        has(LATE, A=4),
        [NEXT],
        {"kept": ["O2/1 1 11-24"], "freed": ["O1/1 3 12-02"]},
    ),
    "units are cancelled": (
        [THREE],
        has(LATE, A=3, B=1),
        [order(bundle(2, "A", "B"))],
        {"kept": ["O1/1 1 11-24", "O1/1 1 12-02"], "freed": ["O1/1 1 12-02"]},
    ),
    "a component gains a date": (
        [ONE],
        has(A=1),
        has(comes("B1 1", "12-01"), A=1),
        {"gained": ["O1/1 1 12-02"]},
    ),
    "a component without a date still": ([ONE], has(A=1), has(A=2), {"kept": ["O1/1 1 undated"]}),
    "what may not wait is there still": ([BOUND], has(LATE, A=2), has(LATE, A=2), {"kept": ["O1/1 2 12-02"]}),
    "what may not wait has gone": (
        [BOUND],
        has(LATE, A=2),
        has(LATE, A=1),
        {"kept": ["O1/1 1 12-02"], "broken": ["O1/1 1 12-02 > undated too_few"]},
    ),
    "what may not wait comes the day before": (
        [BOUND],
        has(LATE, A=2),
        has(LATE, comes("A1 1", "11-30"), A=1),
        {"kept": ["O1/1 2 12-02"]},
    ),
    "what may not wait comes on that day": (
        [BOUND],
        has(LATE, A=2),
        has(LATE, comes("A1 1", "12-01"), A=1),
        {"kept": ["O1/1 1 12-02"], "broken": ["O1/1 1 12-02 > undated too_few"]},
    ),
    "what may not wait comes within the window, but not on the day": (
        [order(bundle(2, "A!", "B", promised="12-10 to 12-20"))],
        has(LATE, A=2),
        has(LATE, comes("A1 2", "12-05")),
        {"broken": ["O1/1 2 12-20 > undated too_few"]},
    ),
    "a component has gone from the shelf while another comes": (
        [ONE],
        has(comes("B1 1", "12-01"), A=1),
        has(comes("B1 1", "12-01")),
        {"broken": ["O1/1 1 12-02 > undated too_few"]},
    ),
    "a companion of a bundle that is late": (
        [order(bundle(1, "A", "B"), line(1, "C", "2"), ship="complete")],
        has(comes("B1 1", "12-01"), A=1, C=1),
        has(comes("B1 1", "12-11"), A=1, C=1),
        {
            "broken": [
                "O1/1 1 12-02 > 12-12 +10 receipt_late",
                "O1/2 1 12-02 > 12-12 +10 companion",
            ]
        },
    ),
    "a companion bundle": (
        [order(bundle(1, "A", "B", **G), line(1, "C", "2", **G))],
        has(comes("C1 1", "12-01"), A=1, B=1),
        has(comes("C1 1", "12-11"), A=1, B=1),
        {
            "broken": [
                "O1/2 1 12-02 > 12-12 +10 receipt_late",
                "O1/1 1 12-02 > 12-12 +10 companion",
            ]
        },
    ),
    "a pre-order with nothing on order": (
        [order(preorder(2, "A", "B"))],
        has(A=1),
        has(A=1),
        {"kept": ["O1/1 1 27-02-06"] * 2},
    ),
    "a pre-order with nothing on order takes nothing from others": (
        [order(preorder(1, "A2")), NEXT],
        has(A=2, safety_stock={"A": 1}),
        has(A=2, safety_stock={"A": 1}),
        {"kept": ["O1/1 1 27-02-06", "O2/1 1 11-24"]},
    ),
    "a pre-order for which a component comes late": (
        [order(preorder(1, "A", "B"))],
        has(A=1),
        has(comes("B1 1", "27-02-20"), A=1),
        {"broken": ["O1/1 1 27-02-06 > 27-02-21 +15 receipt_late"]},
    ),
    "a pre-order for which one component comes late, and nothing of the other": (
        [order(preorder(1, "A", "B"))],
        has(),
        has(comes("A1 1", "27-02-20")),
        {"broken": ["O1/1 1 27-02-06 > 27-02-21 +15 receipt_late"]},
    ),
    "a pre-order takes what is on order of one component before the next order does": (
        [order(preorder(1, "A", "B")), NEXT],
        has(comes("A1 2", "27-02-20"), B=1),
        has(comes("A1 1", "27-02-20"), B=1),
        {"kept": ["O1/1 1 27-02-21"], "broken": ["O2/1 1 27-02-21 > undated too_few"]},
    ),
    "a window of which a part is there now": (
        [order(bundle(2, "A", "B", promised="12-10 to 12-20"))],
        has(A=2),
        has(A=2, B=1),
        {"kept": ["O1/1 2 12-20"]},
    ),
    "a window holds where nothing comes any more": (
        [order(bundle(1, "A", "B", promised="12-10 to 12-20"))],
        has(comes("B1 1", "12-01"), A=1),
        has(A=1),
        {"kept": ["O1/1 1 12-20"]},
    ),
    "a window that what comes misses": (
        [order(bundle(2, "A", "B2", promised="12-10 to 12-20"))],
        has(A=2),
        has(comes("B1 2", "12-24"), A=2),
        {"kept": ["O1/1 1 12-20"], "broken": ["O1/1 1 12-20 > 12-25 +5 receipt_late"]},
    ),
}


@pytest.mark.parametrize(("orders", "before", "after", "expected"), CHANGED.values(), ids=CHANGED)
def test_a_promise_of_a_bundle_holds_or_breaks(orders, before, after, expected):
    promises = promised(*orders, supply=before)
    now = after if isinstance(after, list) else orders
    supply = before if isinstance(after, list) else after
    found = repromise(promises, orders=now, supply=supply, times=TIMES, at=NOW)
    assert summary(found) == expected
    assert all(item.promise.components == item.now.components for item in found.broken)


def test_what_was_committed_for_a_bundle_does_not_stand_in_its_way():
    supply = has(LATE, A=3, B=1)
    promises = promised(THREE, supply=supply)
    committed = attrs.evolve(supply, commitments=commitments_of(promises, times=TIMES))
    found = repromise(promises, orders=[THREE], supply=committed, times=TIMES, at=NOW)
    assert found.kept == promises


def test_a_bundle_that_was_estimated_holds_while_nothing_is_known():
    promises = promised(ONE, supply=has(A=1), rules=WEEKS)
    found = repromise(promises, orders=[ONE], supply=has(A=1), times=TIMES, at=NOW, rules=WEEKS)
    assert found.kept == promises
    found = repromise(promises, orders=[ONE], supply=has(comes("B1 1", "27-01-20")), times=TIMES, at=NOW, rules=WEEKS)
    assert summary(found) == {"kept": ["O1/1 1 27-01-05"]}


def test_a_bundle_breaks_in_whole_shipments():
    rules = PromiseRules(min_shipment=2)
    promises = promised(THREE, supply=has(LATE, A=3), rules=rules)
    later = has(comes("B1 2", "12-01"), comes("B2 1", "12-11"), A=3)
    found = repromise(promises, orders=[THREE], supply=later, times=TIMES, at=NOW, rules=rules)
    assert "kept" not in summary(found)
    assert sorted((item.now.quantity, item.days_moved) for item in found.broken) == [(1, 10), (2, 10)]


ESTIMATES = {
    "of the shop": (bundle(1, "A!", "B"), WEEKS, "O1/1 1 estimate 12-21 to 27-01-04"),
    "of a window that was sold": (
        bundle(1, "A!", "B", promised="12-10 to 12-20"),
        STAGED,
        "O1/1 1 estimate 11-23 to 12-19",
    ),
}


@pytest.mark.parametrize(("wanted", "rules", "expected"), ESTIMATES.values(), ids=ESTIMATES)
def test_an_estimate_holds_what_a_bundle_may_not_wait_for(wanted, rules, expected):
    orders, supply = [order(wanted), order(line(1, **CANCEL), order_id="O2")], has(A=1)
    promises = promised(*orders, supply=supply, rules=rules)
    assert shown(promises) == [expected, "O2/1 1 none undated"]
    found = repromise(promises, orders=orders, supply=supply, times=TIMES, at=NOW, rules=rules)
    assert found == Repromise(kept=promises, broken=(), gained=(), freed=())


def test_an_estimate_holds_all_pieces_that_a_bundle_may_not_wait_for():
    orders, supply = [order(bundle(1, "A2!", "B")), order(line(2, **CANCEL), order_id="O2")], has(A=3)
    promises = promised(*orders, supply=supply, rules=WEEKS)
    assert [(promise.kind.value, promise.quantity) for promise in promises] == [
        ("estimate", 1),
        ("in_stock", 1),
        ("none", 1),
    ]
    found = repromise(promises, orders=orders, supply=supply, times=TIMES, at=NOW, rules=WEEKS)
    assert found == Repromise(kept=promises, broken=(), gained=(), freed=())


def test_a_promise_that_stays_says_what_is_behind_it_now():
    soon = PromiseRules(estimate=(relativedelta(), relativedelta(weeks=1)))
    [promise] = promised(ONE, supply=has(LATE, A=1), rules=soon)
    found = repromise([promise], orders=[ONE], supply=has(A=1), times=TIMES, at=NOW, rules=soon)
    assert found.kept == (attrs.evolve(promise, kind="estimate", references=()),)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(("A", "B"), {"A": 1, "B": 1}, id="one of each"),
        pytest.param(("A2", "B"), {"A": 2, "B": 1}, id="two of one"),
    ],
)
def test_a_preordered_bundle_of_which_a_part_is_not_spoken_of_takes_the_part_that_comes(parts, expected):
    """Of B nothing is on order: the bundle stands on its street date, and leaves no A to the second order."""
    units = expected["A"]
    orders = (order(preorder(1, *parts)), order(line(1), order_id="O2"))
    before = promised(*orders, supply=has(comes(f"A1 {units + 1}", "27-02-20")))
    assert shown(before) == ["O1/1 1 preorder 27-02-20 A1", "O2/1 1 backorder 27-02-20 A1"]
    found = repromise(before, orders=orders, supply=has(comes(f"A1 {units}", "27-02-20")), times=TIMES, at=NOW)
    assert shown(found.kept) == ["O1/1 1 preorder 27-02-20 A1"]
    assert [broken.promise.order_id for broken in found.broken] == ["O2"]
    owed = {item.sku: item.quantity for item in commitments_of(found.promises, times=TIMES)}
    assert owed == expected


def test_what_a_preordered_bundle_took_goes_to_the_next_if_its_order_cannot_stand():
    complete = order(preorder(1, "A", "B"), line(1, "C", line_id="2"), ship="complete")
    orders = (complete, order(line(1), order_id="O2"))
    before = promised(*orders, supply=has(comes("A1 2", "27-02-20"), comes("C1 1", "27-02-20")))
    assert [promise.order_id for promise in before] == ["O1", "O1", "O2"]
    late = has(comes("A1 1", "27-02-20"), comes("C1 1", "27-03-20"))
    found = repromise(before, orders=orders, supply=late, times=TIMES, at=NOW)
    assert shown(found.kept) == ["O2/1 1 backorder 27-02-20 A1"]


def test_a_preordered_bundle_takes_no_less_than_whole_units_need_of_what_is_there():
    """Of two pieces one is there, and nothing is said of more: the bundle stands without it, and the next gets it."""
    orders = (order(preorder(1, "A2", "B")), order(line(1), order_id="O2"))
    before = promised(*orders, supply=has(A=3))
    assert shown(before) == ["O1/1 1 preorder 27-02-05", "O2/1 1 in_stock 11-23"]
    found = repromise(before, orders=orders, supply=has(A=1), times=TIMES, at=NOW)
    assert [promise.order_id for promise in found.kept] == ["O1", "O2"]


def test_what_a_bundle_lets_go_is_what_it_took():
    supply = has(comes("A1 3", "12-01"), comes("B1 1", "12-01"), comes("B2 1", "12-20"))
    found = promised(THREE, order(line(3), order_id="O2"), order(line(1), order_id="O3"), supply=supply, rules=COMPLETE)
    assert shown(found) == ["O1/1 3 none undated", "O2/1 3 backorder 12-01 A1", "O3/1 1 none undated"]
