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
B2 = {"min_shipment": 2}
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
    "a street date ahead, one on order for later, the other not": (
        preorder(1, "A", "B"),
        has(comes("A1 1", "27-02-20")),
        ["1 preorder 27-02-20 A1"],
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
    "shipments of two, a lot of two receipts cut": (
        bundle(5, "A", "B2"),
        has(comes("A1 9", "12-05"), comes("B1 3", "12-01"), comes("B2 7", "12-05")),
        PROMISE_THREE := PromiseRules(min_shipment=3),
        ["5 backorder 12-05 A1 B1 B2"],
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
