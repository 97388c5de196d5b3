"""Orders, their lines, and what they need from the shelf."""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import pickle
import re

import pytest

from preorder_kit import (
    Amount,
    Component,
    DateRange,
    InvalidArgument,
    LineKind,
    Need,
    Order,
    OrderLine,
    ShipPolicy,
    WaitingLine,
    WhenShort,
    demand,
    line_street_date,
    may_wait,
    needs,
)

UTC = dt.timezone.utc
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=UTC)
JANUARY = dt.datetime(2027, 1, 8, tzinfo=UTC)
FEBRUARY = dt.datetime(2027, 2, 5, tzinfo=UTC)
MARCH = dt.datetime(2027, 3, 5, tzinfo=UTC)
CANCEL, WAIT = WhenShort.CANCEL, WhenShort.WAIT

# code: what the caller is told
TOLD = {
    "bundle.cycle": "must not hold a SKU inside itself",
    "choice.invalid": "must be one of [a-z, _]+",
    "currency.invalid": "must be .+",
    "day.invalid": "must be a day .+",
    "id.repeated": "the ids of an order's lines must be unique",
    "instant.invalid": "must be an instant, .+",
    "instant.naive": "must have a UTC offset: .+",
    "text.invalid": "must be text.*",
    "type.invalid": "must be (a sequence, whose order is its own|an? [A-Z][A-Za-z]+( or [A-Z][A-Za-z]+)*)",
    "units.invalid": "must be a whole number( >= 1)?",
}


def refusal(code: str, path: str) -> pytest.RaisesExc[InvalidArgument]:
    """Expect the error with a code, which names the path and says what must be."""
    return pytest.raises(InvalidArgument, match=rf"^{re.escape(path)}: {TOLD[code]} \(got ")


def line(**fields: object) -> OrderLine:
    return OrderLine(**{"id": "1", "sku": "SET", "quantity": 1} | fields)


def waiting(**fields: object) -> WaitingLine:
    return WaitingLine(**{"order_id": "O1", "line_id": "1", "sku": "SET", "quantity": 1, "placed_at": NOW} | fields)


def order(*lines: OrderLine, **fields: object) -> Order:
    return Order(**{"id": "O1", "placed_at": NOW, "lines": lines} | fields)


@pytest.mark.parametrize(
    ("amount", "gross"),
    [
        pytest.param(Amount(1818, 182), 2000, id="net and tax"),
        pytest.param(Amount(2000, 0, 500), 1500, id="a discount lowers it"),
        pytest.param(Amount(1000, 100, -50), 1150, id="a negative discount raises it"),
        pytest.param(Amount(-1000, -100), -1100, id="a refund"),
        pytest.param(Amount(0), 0, id="nothing"),
    ],
)
def test_gross_is_net_and_tax_less_discount(amount, gross):
    assert amount.gross == gross


@pytest.mark.parametrize("wrong", [True, 1.5, "1", None])
@pytest.mark.parametrize("field", ["net", "tax", "discount"])
def test_an_amount_is_whole_minor_units(field, wrong):
    with refusal("units.invalid", field) as caught:
        Amount(**{"net": 0} | {field: wrong})
    assert (caught.value.code, caught.value.path) == ("units.invalid", field)


PARTS = [Component("POT"), Component("CUP", 2)]
NEEDS = {
    "no bundle": (line(), [Need(sku="SET", quantity=1, when_short=CANCEL, street_date=None)]),
    "many units need what one needs": (
        line(quantity=9),
        [Need(sku="SET", quantity=1, when_short=CANCEL, street_date=None)],
    ),
    "may wait": (line(when_short="wait"), [Need(sku="SET", quantity=1, when_short=WAIT, street_date=None)]),
    "a fee": (line(kind="fee", components=PARTS), []),
    "digital": (line(kind="digital"), []),
    "in the order of the SKUs": (
        line(components=PARTS),
        [
            Need(sku="CUP", quantity=2, when_short=CANCEL, street_date=None),
            Need(sku="POT", quantity=1, when_short=CANCEL, street_date=None),
        ],
    ),
    "inherited from the line": (
        line(components=[Component("A")], street_date=FEBRUARY, when_short="wait"),
        [Need(sku="A", quantity=1, when_short=WAIT, street_date=FEBRUARY)],
    ),
    "the component's own": (
        line(
            components=[Component("A", street_date=MARCH, when_short="cancel")], street_date=FEBRUARY, when_short="wait"
        ),
        [Need(sku="A", quantity=1, when_short=CANCEL, street_date=MARCH)],
    ),
    "inherited from the nearest": (
        line(
            components=[Component("B", 1, [Component("A", 3)], street_date=MARCH, when_short="wait")],
            street_date=FEBRUARY,
        ),
        [Need(sku="A", quantity=3, when_short=WAIT, street_date=MARCH)],
    ),
    "CANCEL wins and the latest date": (
        line(
            components=[
                Component("A", 2, street_date=FEBRUARY, when_short="wait"),
                Component("A", 1, street_date=MARCH, when_short="cancel"),
                Component("A", 1, street_date=JANUARY, when_short="wait"),
            ]
        ),
        [Need(sku="A", quantity=4, when_short=CANCEL, street_date=MARCH)],
    ),
    "WAIT if all wait": (
        line(components=[Component("A", when_short="wait"), Component("A", when_short="wait", street_date=MARCH)]),
        [Need(sku="A", quantity=2, when_short=WAIT, street_date=MARCH)],
    ),
    "no fees, nothing digital": (
        line(components=[Component("A"), Component("WRAP", kind="fee"), Component("MP3", kind="digital")]),
        [Need(sku="A", quantity=1, when_short=CANCEL, street_date=None)],
    ),
    "a line that waits": (
        waiting(components=[Component("A", 2, when_short="cancel")], street_date=FEBRUARY),
        [Need(sku="A", quantity=2, when_short=WAIT, street_date=FEBRUARY)],
    ),
    "a line that waits, no bundle": (
        waiting(),
        [Need(sku="SET", quantity=1, when_short=WAIT, street_date=None)],
    ),
}


@pytest.mark.parametrize(("wants", "expected"), NEEDS.values(), ids=NEEDS)
def test_one_unit_of_a_line_needs(wants, expected):
    assert needs(wants) == tuple(expected)


STREET_DATES = {
    "none": (line(), None),
    "its own": (line(street_date=FEBRUARY), FEBRUARY),
    "a component's": (line(components=[Component("A"), Component("B", street_date=MARCH)]), MARCH),
    "the later of both, the line's": (
        line(street_date=MARCH, components=[Component("A", street_date=FEBRUARY)]),
        MARCH,
    ),
    "the later of both, the component's": (
        line(street_date=FEBRUARY, components=[Component("A", street_date=MARCH)]),
        MARCH,
    ),
    "deep inside": (line(components=[Component("A", 1, [Component("B", street_date=FEBRUARY)])]), FEBRUARY),
    "a waiting line's": (waiting(street_date=FEBRUARY), FEBRUARY),
}


@pytest.mark.parametrize(("wants", "expected"), STREET_DATES.values(), ids=STREET_DATES)
def test_the_street_date_in_force_is_the_latest(wants, expected):
    assert line_street_date(wants) == expected


@pytest.mark.parametrize(
    ("wants", "expected"),
    [
        pytest.param(line(), False, id="an ordinary line"),
        pytest.param(line(when_short="wait"), True, id="a line that says so"),
        pytest.param(line(street_date=FEBRUARY), True, id="a pre-order"),
        pytest.param(line(street_date=dt.datetime(2001, 1, 1, tzinfo=UTC)), True, id="a pre-order long released"),
        pytest.param(line(components=[Component("A", street_date=FEBRUARY)]), True, id="a bundle with a pre-order"),
        pytest.param(line(components=[Component("A", when_short="wait")]), False, id="a component that may wait"),
        pytest.param(waiting(), True, id="a line that waits"),
    ],
)
def test_a_line_may_wait_if_it_says_so_or_a_street_date_is_in_force(wants, expected):
    assert may_wait(wants) is expected


PIECE, CARTON = line(sku="W", quantity=115), line(id="2", sku="CARTON", components=[Component("W", 12)])
DEMAND = {
    "nothing": ([], {}),
    "a piece and a carton of it": ([PIECE, CARTON], {"W": 127}),
    "an order": ([order(PIECE, CARTON)], {"W": 127}),
    "orders and lines": ([order(PIECE), CARTON, waiting(quantity=2)], {"SET": 2, "W": 127}),
    "units times recipe": ([line(quantity=3, components=PARTS)], {"CUP": 6, "POT": 3}),
    "a fee and a voucher": ([line(kind="fee"), line(kind="digital")], {}),
    "an order without lines": ([order()], {}),
    "divided into adjacent lines": ([line(quantity=2), line(id="2", quantity=3)], {"SET": 5}),
}


@pytest.mark.parametrize(("wants", "expected"), DEMAND.values(), ids=DEMAND)
def test_demand_is_summed_per_physical_sku(wants, expected):
    found = demand(wants)
    assert dict(found) == expected
    assert list(found) == sorted(expected)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        pytest.param("A", "orders_or_lines", id="text"),
        pytest.param(5, "orders_or_lines", id="a number"),
        pytest.param(["A"], "orders_or_lines[0]", id="a list of text"),
        pytest.param([line(), None], "orders_or_lines[1]", id="a line and nothing"),
        pytest.param([Component("A")], "orders_or_lines[0]", id="a component"),
    ],
)
def test_demand_is_of_orders_and_lines_alone(wrong, path):
    with refusal("type.invalid", path) as caught:
        demand(wrong)
    assert (caught.value.code, caught.value.path) == ("type.invalid", path)


@pytest.mark.parametrize("ask", [needs, may_wait, line_street_date])
@pytest.mark.parametrize("wrong", [None, "A", order(line())], ids=["None", "text", "an order"])
def test_only_lines_can_be_asked(ask, wrong):
    with refusal("type.invalid", "line") as caught:
        ask(wrong)
    assert (caught.value.code, caught.value.path) == ("type.invalid", "line")


@pytest.mark.parametrize("build", [line, waiting, order])
def test_a_value_is_built_from_what_it_shows_and_shows_nothing_else(build):
    value = build()
    fields = ", ".join(f"{name}={getattr(value, name)!r}" for name in inspect.signature(type(value)).parameters)
    assert repr(value) == f"{type(value).__name__}({fields})"


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        pytest.param({"id": ""}, "text.invalid", "id", id="blank id"),
        pytest.param({"sku": None}, "text.invalid", "sku", id="no SKU"),
        pytest.param({"sku": "\ud800"}, "text.invalid", "sku", id="half a character"),
        pytest.param({"quantity": 0}, "units.invalid", "quantity", id="quantity 0"),
        pytest.param({"quantity": True}, "units.invalid", "quantity", id="quantity that is a bool"),
        pytest.param({"kind": "gift"}, "choice.invalid", "kind", id="unknown kind"),
        pytest.param({"street_date": dt.datetime(2027, 2, 5)}, "instant.naive", "street_date", id="no offset"),
        pytest.param({"when_short": None}, "choice.invalid", "when_short", id="when_short left open"),
        pytest.param({"amount": 5}, "type.invalid", "amount", id="amount that is a number"),
        pytest.param({"requested": NOW}, "day.invalid", "requested", id="requested at an instant"),
        pytest.param({"promised": dt.date(2027, 1, 1)}, "type.invalid", "promised", id="promised on a day"),
        pytest.param({"ship_to": None}, "text.invalid", "ship_to", id="ship_to that is nothing"),
        pytest.param({"ship_group": 1}, "text.invalid", "ship_group", id="ship_group that is a number"),
        pytest.param({"components": [Component("SET")]}, "bundle.cycle", "components", id="its own SKU inside"),
        pytest.param({"components": 5}, "type.invalid", "components", id="components that are a number"),
    ],
)
def test_a_line_that_breaks_a_rule_is_refused(fields, code, path):
    with refusal(code, path) as caught:
        line(**fields)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        pytest.param({"order_id": ""}, "text.invalid", "order_id", id="blank order"),
        pytest.param({"line_id": ""}, "text.invalid", "line_id", id="blank line"),
        pytest.param({"quantity": 0}, "units.invalid", "quantity", id="quantity 0"),
        pytest.param({"placed_at": dt.date(2026, 1, 1)}, "instant.invalid", "placed_at", id="a day"),
        pytest.param({"priority": 1.0}, "units.invalid", "priority", id="priority that is a float"),
        pytest.param({"hold": " "}, "text.invalid", "hold", id="a blank reason to hold"),
        pytest.param({"ship": "together"}, "choice.invalid", "ship", id="unknown policy"),
        pytest.param({"value": None}, "units.invalid", "value", id="no value"),
        pytest.param({"components": [Component("SET")]}, "bundle.cycle", "components", id="its own SKU inside"),
    ],
)
def test_a_waiting_line_that_breaks_a_rule_is_refused(fields, code, path):
    with refusal(code, path) as caught:
        waiting(**fields)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        pytest.param({"id": " "}, "text.invalid", "id", id="blank id"),
        pytest.param({"placed_at": dt.datetime(2026, 1, 1)}, "instant.naive", "placed_at", id="no offset"),
        pytest.param({"lines": line()}, "type.invalid", "lines", id="one line"),
        pytest.param({"lines": [line(), 5]}, "type.invalid", "lines[1]", id="a line that is none"),
        pytest.param({"lines": [line(), line(id="2"), line()]}, "id.repeated", "lines[2].id", id="an id twice"),
        pytest.param({"priority": "1"}, "units.invalid", "priority", id="priority that is text"),
        pytest.param({"ship": "later"}, "choice.invalid", "ship", id="unknown policy"),
        pytest.param({"currency": "eur"}, "currency.invalid", "currency", id="currency in small letters"),
    ],
)
def test_an_order_that_breaks_a_rule_is_refused(fields, code, path):
    with refusal(code, path) as caught:
        order(**fields)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_what_is_not_given_is_filled_in():
    assert line() == line(
        kind="goods",
        street_date=None,
        when_short="cancel",
        components=(),
        amount=None,
        requested=None,
        promised=None,
        ship_to="",
        ship_group="",
    )
    assert waiting() == waiting(components=(), priority=0, street_date=None, hold=None, ship="as_available", value=0)
    assert order() == order(priority=0, ship="as_available", currency=None)


def test_an_order_keeps_what_it_is_given_in_one_form():
    full = line(
        kind=LineKind.DIGITAL,
        amount=Amount(100),
        requested=dt.date(2027, 1, 1),
        promised=DateRange(dt.date(2027, 1, 1), dt.date(2027, 1, 3)),
        ship_to="A",
        ship_group="g",
    )
    sydney = dt.timezone(dt.timedelta(hours=11))
    found = order(full, placed_at=NOW.astimezone(sydney), ship="complete", currency="EUR", priority=-1)
    assert found == Order(id="O1", placed_at=NOW, lines=[full], ship=ShipPolicy.COMPLETE, currency="EUR", priority=-1)
    assert (found.placed_at.tzinfo, found.lines) == (UTC, (full,))
    assert len({found, pickle.loads(pickle.dumps(found)), copy.deepcopy(found)}) == 1
    assert needs(pickle.loads(pickle.dumps(PIECE))) == needs(PIECE)


def test_a_waiting_line_keeps_what_it_is_given():
    found = waiting(hold="unpaid", ship="complete", value=5, priority=-2, components=[Component("A")])
    assert (found.hold, found.ship, found.value, found.priority) == ("unpaid", ShipPolicy.COMPLETE, 5, -2)
    assert pickle.loads(pickle.dumps(found)) == found
