"""Every class that a document can hold, and every form that a field can have in it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Literal
from zoneinfo import ZoneInfo

import attrs
import native_values as values
import pytest
from dateutil.relativedelta import MO, relativedelta

import preorder_kit
from preorder_kit import (
    UNLIMITED,
    AllocationPolicy,
    Amount,
    AtpStep,
    BalanceStep,
    Broken,
    Cancelled,
    CancelledMoney,
    Captured,
    Charge,
    ChargePlan,
    CutOff,
    DateRange,
    DelayNotice,
    Grant,
    InvalidArgument,
    InvalidDocument,
    Message,
    NoWorkingDay,
    Order,
    PreorderKitError,
    Problem,
    Promise,
    PromiseRules,
    Quantity,
    Read,
    Receipt,
    SellRules,
    ShippingTimes,
    SplitPlan,
    Stock,
    StreetDateMove,
    Supply,
    WaitingLine,
    WavePolicy,
)
from preorder_kit._checks import FrozenMapping
from preorder_kit._kinds import names_of
from preorder_kit.delay_rules import US_16_CFR_435, DelayRule
from preorder_kit.optimum import best_allocation
from preorder_kit.serialization import _CORE, from_json, to_json

IDS = [f"{number} {type(value).__name__}" for number, value in enumerate(values.VALUES)]
ERRORS = (PreorderKitError, DelayRule, Read)


def test_every_public_class_of_values_has_a_document_and_a_value_here():
    public = [getattr(preorder_kit, name) for name in preorder_kit.__all__]
    classes = {found for found in public if isinstance(found, type) and attrs.has(found)}
    assert {cls for cls in classes if not issubclass(cls, ERRORS)} == set(_CORE) == {type(v) for v in values.VALUES}


@pytest.mark.parametrize("value", values.VALUES, ids=IDS)
def test_a_value_of_every_class_comes_back_as_it_was(value):
    document = to_json(value)
    found = from_json(document)
    assert found == from_json(document, type(value)) == value
    assert type(found) is type(value)
    assert to_json(found) == document


@pytest.mark.parametrize("value", values.VALUES, ids=IDS)
def test_several_of_every_class_come_back_as_they_were(value):
    cls = type(value)
    listed, named = to_json([value, value]), to_json({"B": value, "A": value})
    assert from_json(listed) == from_json(listed, Sequence) == from_json(listed, Sequence[cls]) == (value, value)
    assert from_json(named) == from_json(named, Mapping) == from_json(named, Mapping[str, cls])
    assert list(from_json(named).items()) == [("B", value), ("A", value)]
    assert from_json(to_json([], of=cls)) == ()
    assert from_json(to_json({}, of=cls), Sequence[cls] | Mapping[str, cls]) == {}


@pytest.mark.parametrize("value", values.VALUES, ids=IDS)
def test_what_was_read_cannot_change(value):
    found = from_json(to_json(value))
    fields = [field.name for field in attrs.fields(type(value)) if field.init]
    assert {type(getattr(found, name)) for name in fields} & {list, dict, set} == (
        {dict} if isinstance(value, Problem) else set()
    )


NAMES = {
    Broken: "broken_promises",
    Cancelled: "cancelled_units",
    CancelledMoney: "cancelled_amounts",
    Captured: "captured_amounts",
    Charge: "part_charges",
    ChargePlan: "charge_plans",
    Supply: "locations",
    WaitingLine: "queue",
    SplitPlan: "plans",
    Promise: "promises",
    preorder_kit.ChargePolicy: "charge_policies",
    preorder_kit.Delay: "delays",
    SellRules: "sell_rule_sets",
    ShippingTimes: "shipping_time_sets",
}


@pytest.mark.parametrize(("cls", "name"), NAMES.items(), ids=NAMES.values())
def test_several_values_have_a_name_of_their_own(cls, name):
    assert list(json.loads(to_json([], of=cls))) == ["preorder_kit", name]


@pytest.mark.parametrize(
    ("singular", "plural"),
    [("Address", "addresses"), ("Status", "statuses"), ("Basis", "basises"), ("Box", "boxes"), ("Day", "days")],
)
def test_a_name_gets_its_plural(singular, plural):
    assert names_of(attrs.make_class(singular, [])) == plural


def test_each_kind_of_document_has_one_name():
    names = [name for cls in _CORE for name in json.loads(to_json([], of=cls)) if name != "preorder_kit"]
    names += [name for v in {type(v): v for v in values.VALUES}.values() for name in json.loads(to_json(v))][1::2]
    assert len(set(names)) == len(names) == 2 * len(_CORE)


# The forms of fields


def field(value: Any, name: str) -> Any:
    [held] = [node for key, node in json.loads(to_json(value)).items() if key != "preorder_kit"]
    return held[name]


FORMS = {
    "a time of day": (values.CUT_OFF, "time", "17:00:00"),
    "weekday -> time": (values.CUT_OFF, "by_weekday", {"4": "15:30:00", "5": "11:00:00.000500"}),
    "a zone": (values.CUT_OFF, "zone", "Europe/Oslo"),
    "a length of time": (
        WavePolicy(report_after=dt.timedelta(days=1, hours=1)),
        "report_after",
        {"days": 1, "seconds": 3600},
    ),
    "no time": (WavePolicy(report_after=dt.timedelta(0)), "report_after", {"days": 0}),
    "months and days": (
        PromiseRules(estimate=(relativedelta(months=1), relativedelta(months=14, days=-2))),
        "estimate",
        [{"months": 1}, {"years": 1, "months": 2, "days": -2}],
    ),
    "an instant": (values.PROMISE.ready, "earliest", "2026-12-14"),
    "fractions of a second": (
        Order(id="1", placed_at=values.LATER, lines=values.ORDER.lines),
        "placed_at",
        "2026-11-23T17:00:00.000250Z",
    ),
    "no bound": (AtpStep(day=values.DAY, available=UNLIMITED, withheld=0, short=0), "available", "unlimited"),
    "no bound or a day": (values.NOTICE, "until", "unlimited"),
    "a day or no bound": (
        DelayNotice(given=values.DAY, revised=values.DAY, consented=values.DAY, until=values.NEXT),
        "until",
        "2026-12-15",
    ),
    "numbers and words": (
        Message(code="low_stock.left", place="checkout_line", params={"left": 3, "b": "x"}, text="Only 3 left"),
        "params",
        {"b": "x", "left": 3},
    ),
    "what was found": (Problem("", "a", "b", {"b": [1], "a": None}), "value", {"a": None, "b": [1]}),
}


@pytest.mark.parametrize(("value", "name", "expected"), FORMS.values(), ids=FORMS)
def test_a_field_is_written_in_one_form(value, name, expected):
    assert field(value, name) == expected
    assert from_json(to_json(value)) == value


def test_one_of_several_classes_is_named():
    moved = StreetDateMove(moved=[values.ORDER, values.HELD], changed=[], unchanged=[], replaced={"1": [values.PART]})
    found = json.loads(to_json(moved))["street_date_move"]
    assert [list(item) for item in found["moved"]] == [["order"], ["held_part"]]
    assert [list(item) for item in found["replaced"]["1"]] == [["part"]]


def test_an_instant_is_written_in_utc_whatever_offset_it_has():
    oslo = dt.datetime(2026, 11, 22, 10, 30, tzinfo=ZoneInfo("Europe/Oslo"))
    one, other = (
        preorder_kit.Need(sku="A", quantity=1, when_short=preorder_kit.WhenShort.WAIT, street_date=at)
        for at in (oslo, values.NOW)
    )
    assert one == other
    assert to_json(one) == to_json(other)


def test_a_sales_window_may_be_written_as_its_two_ends():
    document = '{"preorder_kit": 1, "sell_rules": {"sales_window": ["2026-11-22T10:30:00+01:00", null]}}'
    assert from_json(document) == SellRules(sales_window=(values.NOW, None))


def test_equal_values_are_written_alike_whatever_order_they_were_built_in():
    one = CutOff(time=dt.time(17), zone="UTC", by_weekday={5: dt.time(9), 4: dt.time(8)})
    other = CutOff(time=dt.time(17), zone="UTC", by_weekday={4: dt.time(8), 5: dt.time(9)})
    assert to_json(one) == to_json(other)
    assert to_json(Problem("", "a", "b", {"x": 1, "y": 2})) == to_json(Problem("", "a", "b", {"y": 2, "x": 1}))


# What cannot be written


SELF: list[Any] = []
SELF.append(SELF)
DEEP = [[[[[0]]]]]
for _ in range(60):
    DEEP = [DEEP]
UNWRITABLE = {
    "a function": (WavePolicy(allocation=AllocationPolicy(queue=len)), "wave_policy.allocation.queue"),
    "a function in a rule": (US_16_CFR_435, "delay_rule.decide"),
    "a function of several": ({"A": AllocationPolicy(queue=len)}, "allocation_policies.A.queue"),
    "a number with a point": (AtpStep(day=values.DAY, available=1.5, withheld=0, short=0), "atp_step.available"),
    "a fraction": (BalanceStep(day=values.DAY, received=1, owed=Fraction(1, 2), balance=0), "balance_step.owed"),
    "a decimal": (Problem("", "a", "b", Decimal("1.5")), "problem.value"),
    "a tuple in what was found": (Problem("", "a", "b", [(1,)]), "problem.value[0]"),
    "a key that is no text": (Problem("", "a", "b", {1: 2}), "problem.value"),
    "a list inside itself": (Problem("", "a", "b", SELF), "problem.value" + "[0]" * 50),
    "what is nested too deep": (Problem("", "a", "b", DEEP), "problem.value" + "[0]" * 50),
    "half a character": (Problem("\ud800", "a", "b"), "problem.path"),
    "half a character in a key": (Problem("", "a", "b", {"\ud800": 1}), "problem.value key"),
    "an endless number": (Amount(10**40), "amount.net"),
    "an instant without an offset": (
        preorder_kit.Need(
            sku="A", quantity=1, when_short=preorder_kit.WhenShort.WAIT, street_date=dt.datetime(2026, 1, 1)
        ),
        "need.street_date",
    ),
    "a weekday in a length of time": (
        PromiseRules(estimate=(relativedelta(), relativedelta(days=9, weekday=MO))),
        "promise_rules.estimate[1]",
    ),
    "a place in a list": ([Amount(1), Amount(10**40)], "amounts[1].net"),
    "a key that is no name": ({"a b": Amount(10**40)}, "amounts['a b'].net"),
}


@pytest.mark.parametrize(("value", "path"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_no_document_can_hold_is_refused_with_its_path(value, path):
    with pytest.raises(InvalidArgument) as caught:
        to_json(value)
    assert caught.value.path == path


@pytest.mark.parametrize("number", [10**40 - 1, 1 - 10**39])
def test_the_longest_numbers_come_back(number):
    assert from_json(to_json(Amount(number))) == Amount(number)


@pytest.mark.parametrize(
    ("value", "of", "path"),
    [
        pytest.param(InvalidArgument("no"), None, "value", id="an error"),
        pytest.param(NoWorkingDay("no"), None, "value", id="another error"),
        pytest.param(Order, None, "value", id="a class"),
        pytest.param("order", None, "value", id="a text"),
        pytest.param([Order], None, "value[0]", id="a list of classes"),
        pytest.param({"A": 5}, None, "value['A']", id="numbers by name"),
        pytest.param({}, int, "of", id="numbers"),
        pytest.param({}, [Order], "of", id="a list as a class"),
        pytest.param({values.GRANT}, None, "value", id="a set"),
        pytest.param({}, InvalidArgument, "of", id="errors"),
        pytest.param({"A": values.GRANT}, Order, "value['A']", id="grants for orders"),
    ],
)
def test_what_is_no_value_is_refused(value, of, path):
    with pytest.raises(InvalidArgument) as caught:
        to_json(value, of=of)
    assert caught.value.path == path


@attrs.frozen(kw_only=True)
class NotedGrant(Grant):
    """A class that a caller made from one of the library's."""

    note: str = ""


@attrs.frozen
class Granted:
    best: Grant | None = None
    first: Grant | int = 0
    either: Grant | Receipt | None = None
    each: Sequence[Grant | Receipt] = ()


NOTED = NotedGrant(**attrs.asdict(values.GRANT), note="by hand")


def test_a_class_made_from_another_is_written_by_itself_with_what_it_adds():
    assert json.loads(to_json([NOTED]))["noted_grants"][0]["note"] == "by hand"
    assert from_json(to_json(NOTED), NotedGrant) == NOTED


@pytest.mark.parametrize(
    ("value", "path"),
    [
        pytest.param([values.GRANT, NOTED], "grants[1]", id="in a list"),
        pytest.param({"A": values.GRANT, "B": NOTED}, "grants.B", id="in a mapping"),
        pytest.param(Granted(best=NOTED), "granted.best", id="in a field that may be empty"),
        pytest.param(Granted(first=NOTED), "granted.first", id="in a field of several types"),
        pytest.param(Granted(either=NOTED), "granted.either", id="in a field of several classes"),
        pytest.param(Granted(each=[values.GRANT, NOTED]), "granted.each[1]", id="in a list of several classes"),
    ],
)
def test_a_class_made_from_another_is_refused_where_what_it_adds_would_be_lost(value, path):
    with pytest.raises(InvalidArgument, match=r"must be of the class Grant (or Receipt )?itself") as caught:
        to_json(value)
    assert (caught.value.path, caught.value.code) == (path, "json.unwritable")


def test_a_field_of_several_classes_may_be_empty():
    value = Granted(best=values.GRANT, first=values.GRANT, either=values.RECEIPT, each=[values.GRANT])
    assert from_json(to_json(value), Granted) == attrs.evolve(value, each=(values.GRANT,))
    assert from_json(to_json(Granted(first=5)), Granted) == Granted(first=5)


# What cannot be read


def held(name: str, /, **fields: Any) -> str:
    return json.dumps({"preorder_kit": 1, name: fields})


CUT = {"time": "17:00:00", "zone": "Europe/Oslo"}
WINDOW = {"amount": 1, "authorised_at": "2026-11-22T09:30:00Z"}
MOVE = {"moved": [], "changed": [], "unchanged": [], "replaced": {}}
DECISION = {"order_id": "O1", "line_id": "1", "code": "granted", "granted": 1, "short": 0, "sku": "A"}
UNREADABLE = {
    "a time with a zone": (held("cut_off", **CUT | {"time": "17:00Z"}), "cut_off.time", "time.invalid"),
    "a time that is none": (held("cut_off", **CUT | {"time": "25:00"}), "cut_off.time", "time.invalid"),
    "a time that is a number": (held("cut_off", **CUT | {"time": 17}), "cut_off.time", "time.invalid"),
    "no zone": (held("cut_off", **CUT | {"zone": "Oslo"}), "cut_off.zone", "zone.unknown"),
    "a weekday in words": (
        held("cut_off", **CUT, by_weekday={"Monday": "09:00"}),
        "cut_off.by_weekday key",
        "units.invalid",
    ),
    "a weekday with a zero": (
        held("cut_off", **CUT, by_weekday={"05": "09:00"}),
        "cut_off.by_weekday key",
        "units.invalid",
    ),
    "no weekday": (held("cut_off", **CUT, by_weekday={"7": "09:00"}), "cut_off.by_weekday key", "weekday.invalid"),
    "a weekday's time": (held("cut_off", **CUT, by_weekday={"4": "9"}), "cut_off.by_weekday['4']", "time.invalid"),
    "a weekday twice": (held("work_calendar", weekdays=[0, 1, 0]), "work_calendar.weekdays[2]", "id.repeated"),
    "weekdays that are an object": (held("work_calendar", weekdays={}), "work_calendar.weekdays", "type.invalid"),
    "a length in words": (held("authorisation", **WINDOW, window="P7D"), "authorisation.window", "type.invalid"),
    "a length of another unit": (
        held("authorisation", **WINDOW, window={"weeks": 1}),
        "authorisation.window.weeks",
        "field.unknown",
    ),
    "half a day": (
        held("authorisation", **WINDOW, window={"days": 0.5}),
        "authorisation.window['days']",
        "units.invalid",
    ),
    "a length without end": (
        held("authorisation", **WINDOW, window={"days": 10**12}),
        "authorisation.window",
        "length.invalid",
    ),
    "one length of two": (held("promise_rules", estimate=[{"days": 1}]), "promise_rules.estimate", "type.invalid"),
    "lengths that are none": (held("promise_rules", estimate="soon"), "promise_rules.estimate", "type.invalid"),
    "lengths the wrong way round": (
        held("promise_rules", estimate=[{"days": 2}, {"days": 1}]),
        "promise_rules.estimate",
        "range.reversed",
    ),
    "a function by name": (held("allocation_policy", queue="len"), "allocation_policy.queue", "choice.invalid"),
    "a day in short": (held("delay", ordered="20261122"), "delay.ordered", "day.invalid"),
    "a day with blanks": (held("delay", ordered=" 2026-11-22"), "delay.ordered", "day.invalid"),
    "an instant without a T": (
        held("sales_window", opens="2026-11-22 09:30:00Z"),
        "sales_window.opens",
        "instant.invalid",
    ),
    "an instant without seconds": (
        held("sales_window", opens="2026-11-22T09:30Z"),
        "sales_window.opens",
        "instant.invalid",
    ),
    "an instant of finer fractions": (
        held("sales_window", opens="2026-11-22T09:30:00.1234567Z"),
        "sales_window.opens",
        "instant.invalid",
    ),
    "a window of three ends": (
        held("sell_rules", sales_window=[None, None, None]),
        "sell_rules.sales_window",
        "type.invalid",
    ),
    "a window the wrong way round": (
        held("sell_rules", sales_window=["2026-11-22T09:30:00Z", "2026-11-21T09:30:00Z"]),
        "sell_rules.sales_window.closes",
        "range.reversed",
    ),
    "a window that is a number": (held("sell_rules", sales_window=1), "sell_rules.sales_window", "type.invalid"),
    "a choice by its letters": (
        held("sell_rules", backorder_limit="many"),
        "sell_rules.backorder_limit",
        "units.invalid",
    ),
    "an item without its class": (
        held("street_date_move", **MOVE | {"moved": [{"id": "O1"}]}),
        "street_date_move.moved[0]",
        "type.invalid",
    ),
    "an item of two classes": (
        held("street_date_move", **MOVE | {"moved": [{"order": {}, "part": {}}]}),
        "street_date_move.moved[0]",
        "type.invalid",
    ),
    "what is wrong with an item": (
        held("street_date_move", **MOVE | {"replaced": {"1": [{"held_part": 5}]}}),
        "street_date_move.replaced['1'][0].held_part",
        "type.invalid",
    ),
    "a class that may not be there": (
        held("street_date_move", **MOVE | {"replaced": {"1": [{"order": {}}]}}),
        "street_date_move.replaced['1'][0]",
        "type.invalid",
    ),
    "a value with a point": (
        held("problem", path="", code="a", message="b", value=[1.5]),
        "problem.value[0]",
        "json.unwritable",
    ),
    "a field that does not exist": (
        held("stock", availability="unknown", quantity=None, x=1),
        "stock.x",
        "field.unknown",
    ),
    "units of nothing": (held("stock", availability="unknown", quantity=1), "stock.quantity", "stock.contradiction"),
}


@pytest.mark.parametrize(("document", "path", "code"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_wrong_is_named_with_its_path(document, path, code):
    with pytest.raises(InvalidDocument) as caught:
        from_json(document)
    found = [(problem.path, problem.code) for problem in caught.value.problems if problem.code != "field.missing"]
    assert found == [(path, code)]


def test_what_is_wrong_in_one_of_several_classes_is_named_field_by_field():
    document = held("street_date_move", **MOVE | {"moved": [{"part": {"id": 1, "kind": "x", "y": 0}}]})
    with pytest.raises(InvalidDocument) as caught:
        from_json(document)
    assert [problem.path for problem in caught.value.problems] == [
        f"street_date_move.moved[0].part.{name}" for name in ("id", "order_id", "kind", "lines", "y")
    ]


def test_rules_between_fields_are_checked_where_the_fields_are_sound():
    stock = {"availability": "unknown", "quantity": 1}
    document = json.dumps({"preorder_kit": 1, "stocks": {"A": stock, "B": stock | {"later": -1}, "C": stock}})
    with pytest.raises(InvalidDocument) as caught:
        from_json(document)
    assert [problem.path for problem in caught.value.problems] == [
        "stocks['A'].quantity",
        "stocks['B'].later",
        "stocks['C'].quantity",
    ]


# Kinds


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


@attrs.frozen(kw_only=True)
class Shelf:
    """What an adapter may have of its own.

    Attributes:
        name: What it is called,
            in words.
        zone: Where it stands.
    """

    name: str
    zone: ZoneInfo
    size: Size
    side: Literal["left", "right"] = "left"
    days: Mapping[dt.date, Quantity] = attrs.field(default=FrozenMapping())
    by_size: Mapping[Size, int] = attrs.field(default=FrozenMapping())
    by_time: Mapping[dt.time, int] = attrs.field(default=FrozenMapping())
    tags: AbstractSet[str] = frozenset()
    boxes: Sequence[Sequence[AbstractSet[int]]] = ()
    grants: tuple[Grant, ...] = ()
    kept: Sequence[Grant | Receipt] | None = None
    counted: dt.date | dt.datetime | DateRange | None = None
    note: object | None = None
    any: Any = None
    _cache: int = attrs.field(init=False, default=0)


SHELF = Shelf(
    name="A",
    zone=ZoneInfo("Europe/Oslo"),
    size=Size.LARGE,
    side="right",
    days={values.NEXT: 1, values.DAY: UNLIMITED},
    by_size={Size.SMALL: 2},
    by_time={dt.time(17): 1},
    tags=frozenset({"b", "a"}),
    boxes=((frozenset({2, 1}),), ()),
    grants=(values.GRANT,),
    kept=(values.GRANT, values.RECEIPT),
    note=[1],
    any="x",
)


def test_a_class_of_an_adapter_comes_back_as_it_was():
    document = to_json(SHELF)
    assert from_json(document, Shelf) == SHELF
    assert from_json(to_json({"A": SHELF}), Mapping[str, Shelf]) == {"A": SHELF}
    held = json.loads(document)["shelf"]
    assert held["zone"] == "Europe/Oslo"
    assert held["days"] == {"2026-12-14": "unlimited", "2026-12-15": 1}
    assert held["by_size"] == {"small": 2}
    assert held["by_time"] == {"17:00:00": 1}
    assert held["tags"] == ["a", "b"]
    assert held["boxes"] == [[[1, 2]], []]
    assert [list(item) for item in held["kept"]] == [["grant"], ["receipt"]]


@pytest.mark.parametrize(
    ("counted", "written"),
    [
        pytest.param(values.DAY, "2026-12-14", id="a day"),
        pytest.param(values.NOW, "2026-11-22T09:30:00Z", id="an instant"),
        pytest.param(DateRange(values.DAY, values.NEXT), {"earliest": "2026-12-14", "latest": "2026-12-15"}, id="days"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_a_day_an_instant_or_a_range_comes_back_as_what_it_was(counted, written):
    document = to_json(attrs.evolve(SHELF, counted=counted))
    assert json.loads(document)["shelf"].get("counted") == written
    assert from_json(document, Shelf).counted == counted


def test_a_class_of_an_adapter_needs_its_kind():
    with pytest.raises(InvalidDocument, match=r'must be \{"preorder_kit": 1'):
        from_json(to_json(SHELF))


@pytest.mark.parametrize(
    ("fields", "path", "code"),
    [
        pytest.param({"side": "up"}, "shelf.side", "choice.invalid", id="a word"),
        pytest.param({"side": 1}, "shelf.side", "choice.invalid", id="a number for a word"),
        pytest.param({"size": "huge"}, "shelf.size", "choice.invalid", id="a choice"),
        pytest.param({"zone": "Mars"}, "shelf.zone", "zone.unknown", id="a zone"),
        pytest.param({"days": {"20261214": 1}}, "shelf.days key", "day.invalid", id="a day in short"),
        pytest.param({"by_size": {"huge": 1}}, "shelf.by_size key", "choice.invalid", id="a key that is no choice"),
        pytest.param({"by_time": {"17:00": 1}}, "shelf.by_time key", "key.invalid", id="a key in another form"),
        pytest.param({"tags": ["a", "a"]}, "shelf.tags[1]", "id.repeated", id="a word twice"),
        pytest.param({"boxes": [[[1, 1]]]}, "shelf.boxes[0][0][1]", "id.repeated", id="a number twice, inside"),
        pytest.param({"kept": {}}, "shelf.kept", "type.invalid", id="no list"),
        pytest.param({"counted": "2027-02-30"}, "shelf.counted", "day.invalid", id="a day that is not"),
        pytest.param({"counted": "2027-01-20T10:00:00"}, "shelf.counted", "instant.naive", id="a time without a zone"),
        pytest.param({"counted": "soon"}, "shelf.counted", "instant.invalid", id="neither a day nor an instant"),
        pytest.param({"counted": 5}, "shelf.counted", "day.invalid", id="a number for a day"),
        pytest.param({"_cache": 1}, "shelf._cache", "field.unknown", id="what is found, not given"),
    ],
)
def test_what_is_wrong_with_a_class_of_an_adapter_is_named(fields, path, code):
    found = json.loads(to_json(SHELF))["shelf"] | fields
    with pytest.raises(InvalidDocument) as caught:
        from_json(held("shelf", **found), Shelf)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(path, code)]


@attrs.frozen
class Function:
    call: Callable[[int], int]


@attrs.frozen
class Holder:
    inside: Sequence[Function]


@attrs.frozen
class Money:
    amount: Decimal


@attrs.frozen
class Objects:
    items: AbstractSet[Grant]


@attrs.frozen
class Lost:
    what: "Nowhere"  # noqa: F821, UP037  # a name that means nothing


UNKNOWN = {
    "a number": (5, "kind"),
    "a list itself": ([Order], "kind"),
    "a plain class": (int, "kind"),
    "an error": (InvalidArgument, "kind"),
    "a list of numbers": (Sequence[int], "kind"),
    "a mapping of numbers": (Mapping[int, Order], "kind"),
    "two classes": (Sequence[Order] | Mapping[str, Grant], "kind"),
    "a class or several": (Order | Sequence[Order], "kind"),
    "a rule with a function": (DelayRule, "kind.decide"),
    "what holds a function": (Sequence[Holder], "kind.inside.call"),
    "what holds a decimal": (Money, "kind.amount"),
    "what holds a set of objects": (Objects, "kind.items"),
    "what holds anything": (Read, "kind.values"),
    "a name that means nothing": (Lost, "kind"),
    "a choice": (Size, "kind"),
}


@pytest.mark.parametrize(("kind", "path"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_kind_that_no_document_can_hold_is_refused(kind, path):
    with pytest.raises(InvalidArgument) as caught:
        from_json('{"preorder_kit": 1, "order": {}}', kind)
    assert (caught.value.path, caught.value.code) == (path, "kind.unknown")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param(Supply, "Supply", id="a class"),
        pytest.param(Sequence, "Sequence", id="a list"),
        pytest.param(Sequence[Grant], "Sequence[Grant]", id="a list of a class"),
        pytest.param(Mapping[str, Grant], "Mapping[str, Grant]", id="a mapping"),
        pytest.param(Shelf, "Shelf", id="a class of an adapter"),
    ],
)
def test_another_kind_than_was_asked_for_is_refused(kind, said):
    with pytest.raises(InvalidDocument) as caught:
        from_json(to_json(values.ORDER), kind)
    assert str(caught.value) == f"must hold the type {said} (got Order)"


@pytest.mark.parametrize(
    ("document", "kind", "message"),
    [
        (to_json([values.GRANT]), Order, "must hold the type Order (got Sequence[Grant])"),
        (to_json({"A": values.GRANT}), Order, "must hold the type Order (got Mapping[str, Grant])"),
        (to_json([values.GRANT]), Mapping[str, Grant], "grants: must be an object (got "),
        (to_json({"A": values.GRANT}), Sequence, "grants: must be a list (got "),
    ],
)
def test_several_where_one_is_wanted_or_in_another_shape_are_refused(document, kind, message):
    with pytest.raises(InvalidDocument) as caught:
        from_json(document, kind)
    assert str(caught.value).startswith(message)


def test_an_exact_optimum_comes_back_as_it_was():
    found = best_allocation(values.QUEUE, available={"CD": 5}, at=values.NOW)
    assert from_json(to_json(found), type(found)) == found


@pytest.mark.parametrize("content", ['"order": {}', '"things": 5', '"a": 1, "b": 2'])
def test_a_document_of_a_newer_release_says_so_whatever_it_holds(content):
    with pytest.raises(InvalidDocument) as caught:
        from_json(f'{{"preorder_kit": 2, {content}}}')
    assert str(caught.value) == (
        "preorder_kit: must be 1, the version of the format that is read here (got 2); "
        "a newer release of this library wrote it: update this one"
    )


def test_stocks_by_sku_are_one_document():
    stocks = {"CD": Stock(availability="in_stock", quantity=3), "LP": Stock(availability="unknown", quantity=None)}
    assert json.loads(to_json(stocks))["stocks"]["CD"] == {"availability": "in_stock", "quantity": 3}
    assert from_json(to_json(stocks), Mapping[str, Stock]) == stocks
