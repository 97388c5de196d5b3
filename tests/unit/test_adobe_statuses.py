"""Statuses of Adobe Commerce OMS, and what they mean."""

from __future__ import annotations

import datetime as dt

import pytest

from preorder_kit import CancelReason, InvalidArgument, Order, OrderLine, PartState, Supply, split_order
from preorder_kit.adapters.adobe_oms import (
    OmsItemStatus,
    OmsOrderPhase,
    OmsOrderStatus,
    item_status,
    item_status_for,
    order_status,
    order_status_for,
)

AT = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
ITEMS = {
    "NEW": "due",
    "ALLOCATEDSHIP": "allocated",
    "PRESHIPPED": "allocated",
    "RECEIVEDBYLOGISTICS": "allocated",
    "ITEM_PENDING_PICKING": "allocated",
    "PICKREADY": "allocated",
    "RESOURCED": "backordered",
    "SHIPPED": "shipped",
    "CANCELLED": "cancelled",
    "PICKCONFIRMED": None,
    "PICKDECLINED": None,
    "": None,
}


@pytest.mark.parametrize(("code", "state"), ITEMS.items(), ids=[code or "none" for code in ITEMS])
def test_the_status_of_a_line_means_a_state(code, state):
    expected = None if state is None else PartState(state)
    assert item_status(code) == OmsItemStatus(code=code, state=expected)
    assert item_status(f" {code.lower()} ").state is expected


REASONS = {
    "OUTOFSTOCK": "out_of_stock",
    "NOTHINGTOSHIP": "nothing_ships",
    "CUSTOMERREQ": "customer",
    "customerreq": "customer",
    "CARDEXPIRED": None,
    "of our own": None,
}


@pytest.mark.parametrize(("reason", "meaning"), REASONS.items(), ids=REASONS)
def test_reasons_are_kept_and_understood_where_they_are_known(reason, meaning):
    status = item_status("CANCELLED", reason=reason, since=AT)
    assert (status.reason, status.since) == (reason, AT)
    assert status.cancelled_because == meaning
    assert item_status("SHIPPED", reason=reason).cancelled_because is None


ORDERS = {
    "NEW": "open",
    "NEW_ORDER": "open",
    "RECEIVED": "open",
    "APPROVED": "open",
    "AUTHORIZED": "open",
    "ONHOLD": "on_hold",
    "LOGISTICS": "in_logistics",
    "LOGISTICSCOMPLETE": "done",
    "COMPLETE": "done",
    "CANCELLED": "cancelled",
    "REJECTED": "cancelled",
    "ABORTED": "cancelled",
    "ERROR": "failed",
    "INCOMPLETE": None,
    "EATEN": None,
}


@pytest.mark.parametrize(("code", "phase"), ORDERS.items(), ids=ORDERS)
def test_the_status_of_an_order_means_how_far_it_is(code, phase):
    expected = None if phase is None else OmsOrderPhase(phase)
    found = order_status(code, reason="PENDING", since=AT)
    assert found == OmsOrderStatus(code=code, reason="PENDING", since=AT, phase=expected)
    assert order_status(f" {code.lower()}").phase is expected


BACK = {
    "held": ("NEW", "INITIALORDER"),
    "due": ("NEW", "INITIALORDER"),
    "backordered": ("NEW", "INITIALORDER"),
    "unfulfillable": ("NEW", "INITIALORDER"),
    "allocated": ("ALLOCATEDSHIP", "SHIPMENTCREATED"),
    "shipped": ("SHIPPED", "SHIPREQUESTCREATED"),
}


@pytest.mark.parametrize(("state", "words"), BACK.items(), ids=BACK)
def test_a_state_has_a_status(state, words):
    found = item_status_for(state)
    assert (found.code, found.reason) == words
    assert found == item_status(*words[:1], reason=words[1])


CANCELLED = {
    "out_of_stock": "OUTOFSTOCK",
    "backorder_limit": "OUTOFSTOCK",
    "nothing_ships": "NOTHINGTOSHIP",
    "mixed_cart": "ASSOCIATEDITEMCANCELLED",
    "customer": "CUSTOMERREQ",
}


@pytest.mark.parametrize(("because", "reason"), CANCELLED.items(), ids=CANCELLED)
def test_what_is_cancelled_has_a_reason(because, reason):
    found = item_status_for("cancelled", because=because)
    assert (found.code, found.reason, found.state) == ("CANCELLED", reason, PartState.CANCELLED)


def test_every_state_and_reason_can_be_said():
    assert {*BACK, "cancelled"} == set(PartState)
    assert set(CANCELLED) == set(CancelReason)


@pytest.mark.parametrize(("state", "because"), [("cancelled", None), ("shipped", "customer")])
def test_a_reason_is_for_what_is_cancelled(state, because):
    with pytest.raises(InvalidArgument, match="because: must be given for the state cancelled, and for no other"):
        item_status_for(state, because=because)


def plan(*lines: OrderLine):
    return split_order(Order(id="O1", placed_at=AT, lines=lines), supply=Supply(on_hand={"CD": 1}), at=AT)


PLANS = {
    "some of it ships": ([OrderLine(id="1", sku="CD", quantity=2)], ("LOGISTICS", "PENDING_FIRST_SHIPMENT")),
    "it is digital": (
        [OrderLine(id="1", sku="DL", quantity=1, kind="digital")],
        ("LOGISTICS", "PENDING_FIRST_SHIPMENT"),
    ),
    "all of it waits": ([OrderLine(id="1", sku="LP", quantity=2, when_short="wait")], ("NEW_ORDER", "NEWFRONTEND")),
    "all of it is cancelled": ([OrderLine(id="1", sku="LP", quantity=2)], ("COMPLETE", "FULLYCANCELLED")),
}


@pytest.mark.parametrize(("lines", "words"), PLANS.values(), ids=PLANS)
def test_a_plan_has_a_status(lines, words):
    found = order_status_for(plan(*lines))
    assert (found.code, found.reason) == words
    assert found.phase is not None
