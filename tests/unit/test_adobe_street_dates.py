"""Street dates that move, as Adobe Commerce OMS is told of them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from preorder_kit import InvalidArgument, InvalidDocument, Order, OrderLine, move_street_date
from preorder_kit.adapters.adobe_oms import OmsStreetDate, read_street_date_change, write_street_date_change

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "adobe_oms"
UTC = dt.timezone.utc
MARCH = dt.datetime(2027, 3, 1, tzinfo=UTC)
CHANGE = OmsStreetDate(sku="LP-2201", street_date=MARCH)


def test_the_payload_moves_a_pre_order():
    change = read_street_date_change((PAYLOADS / "preorder_change_street_date.json").read_bytes())
    assert change == CHANGE
    now = dt.datetime(2026, 11, 22, tzinfo=UTC)
    line = OrderLine(id="1", sku="LP-2201", quantity=1, street_date=dt.datetime(2027, 2, 5, tzinfo=UTC))
    order = Order(id="O1", placed_at=now, lines=[line])
    [moved] = move_street_date([order], sku=change.sku, street_date=change.street_date, at=now).moved
    assert moved.lines[0].street_date == MARCH


WRITTEN = {
    "as it is written here": {"sku": "LP-2201", "street_date": "2027-03-01T00:00:00+00:00"},
    "as the prose has it": {"sku": "LP-2201", "StreetDate": "2027-03-01T00:00:00Z[UTC]"},
    "in camel case": {"sku": "LP-2201", "streetDate": "2027-03-01T00:00:00"},
    "as a line has it": {"sku": "LP-2201", "pre_order_street_date": "2027-03-01"},
    "a new one": {"sku": "LP-2201", "new_street_date": "2027-03-01T01:00:00+01:00"},
    "twice": {"sku": "LP-2201", "street_date": "2027-03-01", "streetDate": "2027-03-01T00:00:00Z"},
    "with an offset and a zone": {"sku": "LP-2201", "street_date": "2027-03-01T01:00:00+01:00[Europe/Paris]"},
    "in params": {"params": {"sku": "LP-2201", "street_date": "2027-03-01"}},
}


@pytest.mark.parametrize("message", WRITTEN.values(), ids=WRITTEN)
def test_the_street_date_has_many_names(message):
    assert read_street_date_change(json.dumps(message)) == CHANGE


def test_a_sku_may_be_a_number():
    assert read_street_date_change('{"sku": 2201, "street_date": "2027-03-01"}').sku == "2201"


PROBLEMS = {
    "nothing": ({}, [("sku", "field.missing"), ("street_date", "field.missing")]),
    "no date": ({"sku": "CD", "street_date": None}, [("street_date", "field.missing")]),
    "a date that is none": ({"sku": "CD", "streetDate": "soon"}, [("streetDate", "instant.invalid")]),
    "a zone without its offset": (
        {"sku": "CD", "street_date": "2027-03-01T00:00:00[Europe/Paris]"},
        [("street_date", "instant.invalid")],
    ),
    "two that contradict": (
        {"sku": "CD", "street_date": "2027-03-01", "streetDate": "2027-03-02"},
        [("streetDate", "instant.contradictory")],
    ),
    "one of two that is none": (
        {"sku": "CD", "street_date": "2027-03-01", "streetDate": 5},
        [("streetDate", "instant.invalid")],
    ),
    "in params": (
        {"params": {"sku": "", "street_date": True}},
        [
            ("params.sku", "field.missing"),
            ("params.street_date", "instant.invalid"),
        ],
    ),
    "params that are text": ({"params": "CD"}, [("params", "type.invalid")]),
    "another message": ({"method": "magento.sales.order_management.create"}, [("method", "document.unrecognised")]),
    "a list": ([], [("", "document.unrecognised")]),
}


@pytest.mark.parametrize(("message", "expected"), PROBLEMS.values(), ids=PROBLEMS)
def test_every_problem_has_its_path(message, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_street_date_change(json.dumps(message))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == expected


def test_it_is_written_in_utc():
    east = dt.datetime(2027, 3, 1, 11, tzinfo=dt.timezone(dt.timedelta(hours=11)))
    written = write_street_date_change(OmsStreetDate(sku="LP-2201", street_date=east), message_id="7d0c")
    assert json.loads(written) == json.loads((PAYLOADS / "preorder_change_street_date.json").read_bytes())


@pytest.mark.parametrize(("change", "message_id"), [("CD", "7d0c"), (CHANGE, ""), (CHANGE, 7)])
def test_another_type_is_refused(change, message_id):
    with pytest.raises(InvalidArgument, match=r"^(change|message_id): must be"):
        write_street_date_change(change, message_id=message_id)
