"""Write the conformance suite: python scripts/conformance.py writes docs/conformance/v1/<family>.json.

Cases picked by hand are below. Those that were drawn once are kept: their questions are read from the suite, and only
their answers are written anew. With --draw they are drawn anew, too; which ones come depends on the Hypothesis that is
installed.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from preorder_kit import (
    MON_TO_FRI,
    MON_TO_SAT,
    UNLIMITED,
    AllocationPolicy,
    Amount,
    Authorisation,
    CaptureMode,
    ChargePolicy,
    Component,
    CutOff,
    DateRange,
    Decision,
    DecisionCode,
    Grant,
    LeadTime,
    Order,
    OrderLine,
    PromiseRules,
    Rationing,
    Receipt,
    SellRules,
    ShippingTimes,
    ShipPolicy,
    SourcingRules,
    SplitRules,
    Stock,
    Supply,
    WaitingLine,
    WorkCalendar,
    allocate,
    promise_orders,
    split_order,
)
from preorder_kit.testing import (
    World,
    allocation_policies,
    available_for,
    components,
    days,
    grants_for,
    instants,
    promise_rules,
    quantities,
    sell_rules,
    shipping_times,
    split_rules,
    supplies,
    values_of,
    waiting_instants,
    waiting_queues,
    worlds,
    zones,
)
from preorder_kit.testing.conformance import answer, question

FOLDER = Path(__file__).parent.parent / "docs" / "conformance" / "v1"
DRAWN = "drawn"
MOST_DRAWN = 12
SEED = 1105
Document = dict[str, Any]
Picked = Iterator[tuple[str, str, Document]]

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)  # a Monday
STREET = dt.datetime(2026, 12, 4, tzinfo=dt.timezone.utc)
DAY = dt.date(2026, 12, 14)
TIMES = ShippingTimes(
    handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(1, 3, MON_TO_SAT), zone="Europe/Oslo", inbound=LeadTime(1, 1)
)


def order(*lines: OrderLine, **fields: Any) -> Order:
    return Order(id="O1", placed_at=NOW, lines=lines, **fields)


def line(sku: str, quantity: int = 1, **fields: Any) -> OrderLine:
    return OrderLine(**{"id": "1", "sku": sku, "quantity": quantity, **fields})


def waiting(name: str, quantity: int, sku: str = "LP", **fields: Any) -> WaitingLine:
    return WaitingLine(
        **{"order_id": name, "line_id": "1", "sku": sku, "quantity": quantity, "placed_at": NOW, **fields}
    )


def stock() -> Picked:
    raws: dict[str, object] = {
        "plenty": 250,
        "ten": 10,
        "nine": 9,
        "as text": "9",
        "none": 0,
        "below none": -2,
        "yes": "yes",
        "few": "FEW",
        "no": "no",
        "infinite": "infinite",
        "preorder": " preorder ",
        "nothing": None,
        "empty": "",
        "a truth value": True,
        "an exponent": "1e3",
        "a plus": "+5",
        "full-width digits": "\uff15",
        "another word": "maybe",
        "a list": [],
    }
    for name, raw in raws.items():
        yield f"read {name}", "what a shop system puts in a stock field", question("normalize_stock", raw=raw)
    held, low = Stock(availability="preorder", quantity=4, later=2), Stock(availability="low_stock", quantity=4)
    unknown = Stock(availability="unknown", quantity=None)
    for name, reading in {"a pre-order": held, "few": low, "unknown": unknown}.items():
        yield f"label {name}", "what may be said in public, never the number", question("public_label", stock=reading)
        yield f"button for {name}", "what the button does", question("cart_action", stock=reading)
        yield f"mask {name}", "what leaves the server carries no number", question("mask", stock=reading)
    sizes = [held, low, Stock(availability="out_of_stock", quantity=0, oversold=3)]
    yield "roll up sizes", "the best of the sizes is the product's", question("roll_up", stocks=sizes)
    yield "roll up nothing", "a product without sizes is unknown", question("roll_up", stocks=[])
    yield (
        "quote in part",
        "some ship, one waits, one is refused",
        question("quote", asked=8, stock=attrs.evolve(low, later=3)),
    )
    yield "quote under a cap", "a cap is the tighter bound", question("quote", asked=3, stock=held, cap=2)
    facts: dict[str, Document] = {
        "ahead and held": {"on_hand": 5, "street_date": STREET},
        "ahead and sold": {"on_hand": 5, "street_date": STREET, "rules": SellRules(before_street_date="sell")},
        "at its street date without stock": {"on_hand": 0, "street_date": NOW, "rules": SellRules(backorder_limit=9)},
        "with a backorder limit": {"on_hand": 5, "waiting": 7, "rules": SellRules(backorder_limit=10)},
        "with nothing on order": {"on_hand": 0, "incoming": 0, "rules": SellRules(backorder_limit=UNLIMITED)},
        "committed beyond the stock": {"on_hand": 2, "committed": 5},
        "with safety stock": {"on_hand": 12, "rules": SellRules(safety_stock=2, few_below=11)},
    }
    for name, given_facts in facts.items():
        document = question("derive_stock", **{"rules": SellRules(), "at": NOW, **given_facts})
        yield f"derive {name}", "what can be said and sold, from facts", document


def dates() -> Picked:
    cut_off = CutOff(time=dt.time(14), zone="Europe/Oslo", by_weekday={4: dt.time(12)})
    for name, hour, day in [("before", 12, 23), ("at", 13, 23), ("after", 14, 23), ("on a Friday at", 11, 27)]:
        moment = dt.datetime(2026, 11, day, hour, tzinfo=dt.timezone.utc)
        document = question("order_day", at=moment, calendar=MON_TO_FRI, cut_off=cut_off)
        yield f"ordered {name} the cut-off", "at the cut-off itself the day is closed", document
    released = {
        "Africa/Cairo": dt.date(2027, 4, 30),
        "Australia/Sydney": dt.date(2027, 2, 5),
        "Pacific/Apia": dt.date(2011, 12, 30),
    }
    for zone, day in released.items():
        yield (
            f"released in {zone}",
            "the first instant of the day there",
            question("release_instant", day=day, zone=zone),
        )
    shown = question("street_day", street_date=STREET, zone="America/New_York")
    yield "shown in New York", "an instant is another day elsewhere", shown
    for name, ready in {"a day": dt.date(2026, 11, 27), "a range": DateRange(dt.date(2026, 11, 27), DAY)}.items():
        document = question("delivery_range", ready=ready, times=TIMES)
        yield f"delivered from {name}", "each stage from day 0 on its own calendar", document
    yield "backward", "the last day to ship for a wanted day", question("latest_ship_day", wanted=DAY, times=TIMES)
    ranges = [DateRange(dt.date(2026, 12, 1), DAY), DateRange(dt.date(2026, 12, 3), dt.date(2026, 12, 5))]
    yield "together", "the latest of both ends", question("ship_together", ranges=ranges)
    yield "first parcel", "the earliest of both ends", question("first_parcel", ranges=ranges)
    yield "of nothing", "no ranges, no answer", question("first_parcel", ranges=[])


def splits() -> Picked:
    record = line("LP", 2, street_date=STREET)
    digital, shipping = line("GIFT", id="2", kind="digital"), line("POST", id="3", kind="fee")
    tea = line("TEA", 3, components=[Component("CUP", 2), Component("POT", when_short="wait")])
    three = Supply(on_hand={"CD": 3, "LP": 9, "CUP": 5, "POT": 2})
    asked: dict[str, tuple[str, Order, Document]] = {
        "enough": ("all of it ships", order(line("CD", 3)), {}),
        "too little, may wait": ("the rest waits", order(line("CD", 8, when_short="wait")), {}),
        "too little, may not": ("the rest is cancelled", order(line("CD", 8)), {}),
        "room for four": (
            "beyond the limit units are cancelled",
            order(line("CD", 8, when_short="wait")),
            {"room": {"CD": 4}},
        ),
        "two lines for one SKU": (
            "stock is taken in the order of lines",
            order(line("CD", 2), line("CD", 2, id="2")),
            {},
        ),
        "a street date ahead": ("it waits though stock is there", order(record, digital, shipping), {}),
        "at the street date": ("it is released at the instant itself", order(record), {"at": STREET}),
        "a fee alone": ("nothing to go with", order(line("XX"), shipping), {}),
        "a bundle in part": ("whole units only", order(tea), {}),
        "a bundle by line": ("all units of the line together", order(tea), {"rules": SplitRules(bundles="whole_line")}),
        "complete": (
            "all of it waits for the street date",
            order(record, line("CD", 1, id="2"), ship=ShipPolicy.COMPLETE),
            {},
        ),
        "a group": (
            "lines of one group ship together",
            order(attrs.evolve(record, ship_group="g"), line("CD", 1, id="2", ship_group="g")),
            {},
        ),
        "two addresses": (
            "they never share a parcel",
            order(line("CD", 1, ship_to="home"), line("CD", 1, id="2", ship_to="work")),
            {},
        ),
        "mixed and refused": (
            "the shop takes no mixed carts",
            order(record, line("CD", 1, id="2")),
            {"rules": SplitRules(mixed_cart="refuse")},
        ),
        "with times": ("parts say when they arrive", order(record, line("CD", 1, id="2")), {"times": TIMES}),
    }
    for name, (shows, found, facts) in asked.items():
        yield name, shows, question("split_order", **{"order": found, "supply": three, "at": NOW, **facts})
    here = [("Oslo", Supply(on_hand={"CD": 10})), ("Bergen", Supply(on_hand={"CD": 15}))]
    for name, rule in {"in turn": "in_order", "in the fewest shipments": "fewest_shipments"}.items():
        rules = SplitRules(sourcing=SourcingRules(rule=rule))
        document = question(
            "split_order_over_locations", order=order(line("CD", 13)), locations=here, at=NOW, rules=rules
        )
        yield f"thirteen of two locations {name}", "which location gives what", document
    shipped = split_order(order(line("CD", 8, when_short="wait")), supply=three, at=NOW).parts[:1]
    again = question(
        "split_order", order=order(line("CD", 8, when_short="wait")), supply=three, at=NOW, shipped=shipped
    )
    yield "again after a parcel has left", "what has shipped is not asked for again", again


def promises() -> Picked:
    coming = Supply(on_hand={"CD": 3}, receipts=[Receipt(sku="CD", quantity=4, expected=DAY, reference="PO1")])
    wants = line("CD", 8, when_short="wait")
    rules: dict[str, tuple[str, PromiseRules]] = {
        "as it comes": ("in stock, on order, and without a date", PromiseRules()),
        "as one delivery": ("all at once or not at all", PromiseRules(confirmation="complete")),
        "in shipments of two": ("no shipment is smaller", PromiseRules(min_shipment=2)),
    }
    for name, (shows, rule) in rules.items():
        yield (
            name,
            shows,
            question("promise_orders", orders=[order(wants)], supply=coming, times=TIMES, at=NOW, rules=rule),
        )
    two = [order(line("CD", 2)), attrs.evolve(order(line("CD", 4, when_short="wait")), id="O2")]
    yield (
        "one after the other",
        "a later order takes what is left",
        question("promise_orders", orders=two, supply=coming, times=TIMES, at=NOW),
    )
    ahead = order(line("LP", 1, street_date=STREET))
    yield (
        "a pre-order",
        "from the street day, whatever serves it",
        question("promise_orders", orders=[ahead], supply=coming, times=TIMES, at=NOW),
    )
    yield (
        "day by day",
        "what can be promised from each day on",
        question("atp_timeline", supply=coming, sku="CD", start=NOW.date()),
    )
    given_first = promise_orders([order(wants)], supply=coming, times=TIMES, at=NOW)
    late = attrs.evolve(
        coming, receipts=[Receipt(sku="CD", quantity=4, expected=DAY + dt.timedelta(10), reference="PO1")]
    )
    moved = question("repromise", promises=given_first, orders=[order(wants)], supply=late, times=TIMES, at=NOW)
    yield "the supplier is late", "what is kept, and what breaks", moved


def allocations() -> Picked:
    queue = [waiting("O1", 3), waiting("O2", 4), waiting("O3", 2)]
    for shortage in ("partial", "strict", "skip"):
        policy = AllocationPolicy(shortage=shortage)
        document = question("allocate", queue=queue, available={"LP": 5}, policy=policy, at=NOW)
        yield f"five units, {shortage}", "claims of 3, 4 and 2", document
    held = [
        Grant(order_id="O1", line_id="1", sku="LP", quantity=3),
        Grant(order_id="O2", line_id="1", sku="LP", quantity=2),
    ]
    yield (
        "again",
        "grants handed in again add nothing",
        question("allocate", queue=queue, available={"LP": 5}, at=NOW, grants=held),
    )
    odd = [
        waiting("O1", 2, hold="unpaid"),
        waiting("O2", 1, street_date=STREET),
        waiting("O3", 1, priority=-1),
        waiting("O10", 1),
    ]
    yield (
        "on hold and not due",
        "they take nothing and keep their places",
        question("allocate", queue=odd, available={"LP": 3}, at=NOW),
    )
    ranked = AllocationPolicy(queue="priority")
    yield (
        "by priority",
        "a lower number is served first",
        question("allocate", queue=odd, available={"LP": 1}, policy=ranked, at=NOW),
    )
    sets = [waiting("O1", 2, "SET", components=[Component("LP"), Component("BAG")]), waiting("O2", 2)]
    yield (
        "bundles",
        "whole units, and the component that is short",
        question("allocate", queue=sets, available={"LP": 3, "BAG": 1}, at=NOW),
    )
    whole = [waiting("O1", 2, ship=ShipPolicy.COMPLETE), waiting("O1", 1, "CD", line_id="2"), waiting("O2", 1)]
    yield "a whole order", "all of its lines or none", question("allocate", queue=whole, available={"LP": 2}, at=NOW)
    shared = AllocationPolicy(ration="proportional", unserved="unfulfillable")
    yield (
        "fair shares",
        "each by its claim, the rest is given up",
        question("allocate", queue=queue, available={"LP": 5}, policy=shared, at=NOW),
    )
    yield "without bound", "everybody is served", question("allocate", queue=queue, available={"LP": UNLIMITED}, at=NOW)
    yield "taken back", "the last in the queue first", question("revoke", queue=queue, grants=held, take_back={"LP": 3})
    yield (
        "for newcomers",
        "what is left of those who wait",
        question("free_for_new", queue=queue, available={"LP": 11}, grants=held),
    )


def rationing() -> Picked:
    for rule in Rationing:
        for units, claims in [(5, [3, 3, 3]), (10, [6, 6, 2]), (4, [6, 2]), (9, [4, 0, 4])]:
            name = f"{units} over {', '.join(map(str, claims))} {rule.value}"
            yield name, "whole units that add up", question("ration", units=units, claims=claims, rule=rule)
    yield "a thousand over three", "the earliest gets the cent", question("apportion", total=1000, weights=[1, 1, 1])
    yield (
        "a thousand owed",
        "a negative total mirrors the positive one",
        question("apportion", total=-1000, weights=[1, 1, 1]),
    )
    yield "over nobody", "a total and no weight", question("apportion", total=5, weights=[0, 0])


def charging() -> Picked:
    bought = order(
        line("CD", 3, when_short="wait", amount=Amount(1000, 200, 50)),
        line("POST", id="2", kind="fee", amount=Amount(490)),
        currency="EUR",
    )
    plan = split_order(bought, supply=Supply(on_hand={"CD": 1}), at=NOW)
    for mode in CaptureMode:
        policy = ChargePolicy(mode=mode, deposit=30 if mode is CaptureMode.DEPOSIT else None)
        yield (
            mode.value,
            "what is captured with which part",
            question("charge_plan", order=bought, plan=plan, policy=policy),
        )
    held = Authorisation(amount=1000, authorised_at=NOW, window=dt.timedelta(days=7))
    record = order(line("LP", 1, street_date=STREET, amount=Amount(2000)), currency="EUR")
    waits = split_order(record, supply=Supply(on_hand={}), at=NOW)
    document = question("charge_plan", order=record, plan=waits, policy=ChargePolicy(), authorisation=held)
    yield "a pre-order outlives its authorisation", "authorise again, and for more", document
    gone = order(line("CD", 3, amount=Amount(1000)), currency="EUR")
    cut = split_order(gone, supply=Supply(on_hand={"CD": 1}), at=NOW)
    paid = answer(question("charge_plan", order=gone, plan=cut, policy=ChargePolicy(mode="up_front")))
    document = question("charge_plan", order=gone, plan=cut, policy=ChargePolicy())
    document["given"]["captured"] = paid["answer"]["charges"][0]["lines"] + [
        {"line_id": "1", "quantity": 2, "amount": {"net": 667}}
    ]
    yield "paid, then cancelled", "what was captured of cancelled units goes back", document


def explains() -> Picked:
    queue = [waiting("O1", 3), waiting("O2", 4), waiting("O3", 2, hold="unpaid"), waiting("O4", 1, street_date=STREET)]
    queue += [waiting("O5", 1, "SET", components=[Component("LP"), Component("BAG")])]
    queue += [waiting("O6", 1, "CD", ship=ShipPolicy.COMPLETE), waiting("O6", 1, line_id="2")]
    found: dict[DecisionCode, Decision] = {}
    for policy in (AllocationPolicy(), AllocationPolicy(shortage="strict")):
        decisions = allocate(queue, available={"LP": 5, "CD": 1}, policy=policy, at=NOW).decisions
        found |= {decision.code: decision for decision in decisions}
    shared = allocate(queue[:2], available={"LP": 5}, policy=AllocationPolicy(ration="proportional"), at=NOW)
    found |= {decision.code: decision for decision in shared.decisions}
    found |= {one.code: one for one in allocate(queue[-3:-2], available={"LP": 1}, at=NOW).decisions}
    for code in DecisionCode:
        yield code.value.replace("_", " "), "a decision in words", question("explain", decision=found[code])


def _asked(ask: str, **strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries(strategies).map(lambda values: question(ask, **values))


def _world(world: World) -> Document:
    return {"order": world.order, "supply": world.supply, "times": world.times, "at": world.at}


def _room(queue: tuple[WaitingLine, ...]) -> st.SearchStrategy[Document]:
    return _asked(
        "allocate",
        queue=st.just(queue),
        available=available_for(queue),
        policy=allocation_policies(),
        at=waiting_instants(),
        grants=grants_for(queue),
    )


def _charged(world: World, policy: ChargePolicy) -> Document:
    plan = split_order(world.order, supply=world.supply, at=world.at, times=world.times)
    return question("charge_plan", order=world.order, plan=plan, policy=policy)


_WORLDS = worlds(addresses=("", "home"), groups=("", "g"), recipes=st.just(()) | components())
_DRAWS: Mapping[str, st.SearchStrategy[Document]] = {
    "stock": _asked(
        "derive_stock",
        on_hand=quantities(),
        committed=st.integers(0, 9),
        waiting=st.integers(0, 9),
        incoming=quantities(),
        rules=sell_rules(),
        street_date=instants(),
        at=instants(),
    ),
    "dates": _asked("order_day", at=instants(), calendar=values_of(WorkCalendar), cut_off=values_of(CutOff))
    | _asked("delivery_range", ready=values_of(DateRange), times=shipping_times())
    | _asked("release_instant", day=days(), zone=zones()),
    "splits": st.builds(
        lambda world, rules: question("split_order", rules=rules, **_world(world)), _WORLDS, split_rules()
    ),
    "promises": st.builds(
        lambda world, rules: question(
            "promise_orders", orders=[world.order], supply=world.supply, times=world.times, at=world.at, rules=rules
        ),
        _WORLDS,
        promise_rules(),
    )
    | _asked("atp_timeline", supply=supplies(), sku=st.just("A"), start=days()),
    "allocations": waiting_queues().flatmap(_room),
    "rationing": _asked(
        "ration",
        units=quantities(most=40),
        claims=st.lists(st.integers(0, 20), min_size=1, max_size=6),
        rule=st.sampled_from(Rationing),
    ),
    "charging": st.builds(_charged, _WORLDS, values_of(ChargePolicy)),
    "explains": _asked("explain", decision=values_of(Decision)),
}
_PICKED: Mapping[str, Callable[[], Picked]] = {
    function.__name__: function
    for function in (allocations, charging, dates, explains, promises, rationing, splits, stock)
}


def drawn(family: str) -> list[Document]:
    """Return questions whose answers are of different shapes, and where there are few shapes, others."""
    shapes: dict[str, Document] = {}
    seen: dict[str, Document] = {}

    @seed(SEED)
    @settings(
        max_examples=400, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )
    @given(_DRAWS[family])
    def collect(document: Document) -> None:
        shape = json.dumps(_shape(answer(document)))
        shapes[shape] = min(document, shapes.get(shape, document), key=_size)
        seen[json.dumps(document)] = document

    collect()
    found = sorted(shapes.values(), key=_size)[-2 * MOST_DRAWN :][:MOST_DRAWN]
    others = [document for document in seen.values() if document not in found]
    return found + others[: -MOST_DRAWN - 1 : -1][: MOST_DRAWN - len(found)]


def _size(document: Document) -> int:
    return len(json.dumps(document))


def _shape(node: Any) -> Any:
    """Return what is said without the numbers, days and names that it is said about."""
    if isinstance(node, dict):
        return {key: _shape(value) for key, value in sorted(node.items()) if key not in {"id", "sku", "text"}}
    if isinstance(node, list):
        return sorted({json.dumps(_shape(item)) for item in node})
    if isinstance(node, str):
        return node if node.isidentifier() else "text"
    return node if node is None or isinstance(node, bool) else (node > 0) - (node < 0)


def _kept(family: str) -> list[Document]:
    path = FOLDER / f"{family}.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"] if path.exists() else []
    return [case["input"] for case in cases if case["name"].startswith(DRAWN)]


def suite(questions: Callable[[str], list[Document]] = _kept) -> dict[str, str]:
    """Return the name of each file -> its text, with the drawn questions of each family."""
    files = {}
    for family, picked in _PICKED.items():
        named = [
            *picked(),
            *((f"{DRAWN} {place}", "drawn at random", found) for place, found in enumerate(questions(family), 1)),
        ]
        cases = [
            {"name": name, "shows": shows, "input": asked, "output": answer(asked)} for name, shows, asked in named
        ]
        document = {"conformance": 1, "family": family, "cases": cases}
        files[f"{family}.json"] = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    return files


def main(arguments: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in suite(drawn if "--draw" in arguments else _kept).items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
