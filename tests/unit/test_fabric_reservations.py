"""Backorders and pre-orders that fabric holds, and what customers say to their delay."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest
from jsonschema import Draft202012Validator

from preorder_kit import Commitment, Delay, DelayNotice, InvalidArgument, InvalidDocument, Read, WaitingLine
from preorder_kit.adapters.fabric import (
    ConsentAnswer,
    DelayConsent,
    Reservation,
    ReservationKind,
    read_delay_consent,
    read_reservations,
    record_consent,
    reservation_commitments,
    reservation_delay,
    reservation_lines,
    write_delay_consent,
    write_reservation,
)

PAYLOADS = Path(__file__).parents[1] / "golden" / "payloads" / "fabric"
UTC = dt.timezone.utc


def at(month: int, day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, 30, 31, 198000, tzinfo=UTC)


def payload(name: str) -> str:
    return (PAYLOADS / name).read_text()


def problems(found: Read | InvalidDocument) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


SECOND = Reservation(
    id="1",
    order_number="order_123",
    sku="SHOE42",
    line_id="0",
    item_id="123",
    type="BACKORDER",
    cart_id="b03b72dc-78d8-4ea4-90fc-2fe6a1fe6569",
    ordered_at=at(11, 12),
    quantity=5,
    to_release=0,
    location="23",
    channel="channel_12",
    vendor="v-7",
    is_consented=True,
    consented_at=at(11, 14),
    notified_at=at(11, 13),
    is_to_notify=False,
    order_status="Created",
    line_status="CREATED",
    payment_status="OK",
)
THIRD = Reservation(
    id="63ec576ddaa2544b2dd94684",
    type="PREORDER",
    status="PARTIAL_BACK_PREORDER_RELEASE",
    order_id="5fec576ddaa2544b2dd94684",
    order_number="order_123",
    order_status="ORDER_PARTIALLY_ALLOCATED",
    ordered_at=at(11, 12),
    line_id="0",
    line_status="PARTIALLY_ALLOCATED",
    sku="SHOE42",
    item_id="123",
    location="175",
    quantity=5,
    released=1,
    cart_id="b03b72dc-78d8-4ea4-90fc-2fe6a1fe6569",
    vendor="v-7",
    is_consented=True,
    consented_at=at(11, 14),
    notified_at=at(11, 13),
    created_at=dt.datetime(2026, 11, 12, 9, 30, 32, tzinfo=UTC),
    updated_at=dt.datetime(2026, 11, 20, 15, 3, 14, 642000, tzinfo=UTC),
)
SMALL = Reservation(type="BACKORDER", order_number="O1", line_id="0", sku="A", quantity=5, ordered_at=at(11, 12))


def test_a_reservation_of_the_second_api_is_read_as_it_is_sent():
    assert read_reservations(payload("backorder_preorder_reservation_v2.json")) == Read((SECOND,))


def test_a_reservation_of_the_third_api_is_read_as_it_is_sent():
    assert read_reservations(payload("backorder_preorder_v3.json")) == Read((THIRD,))


def test_a_page_is_read():
    page = {"pagination": {"count": 2}, "data": [json.loads(payload("backorder_preorder_v3.json"))] * 2}
    assert read_reservations(json.dumps(page)) == Read((THIRD, THIRD))
    assert read_reservations('{"pagination": {"count": 0}, "data": []}') == Read(())


def test_a_page_is_read_as_it_is_sent():
    found = read_reservations(payload("backorders_preorders_search_v3.json")).complete()
    assert found[0] == Reservation(
        id="64a1576ddaa2544b2dd90001",
        type="BACKORDER",
        status="BACK_PREORDER_CREATED",
        order_id="60a1576ddaa2544b2dd90001",
        order_number="order_201",
        order_status="ORDER_HOLD_FRAUD",
        ordered_at=dt.datetime(2026, 11, 10, 8, tzinfo=UTC),
        line_id="1",
        line_status="CREATED",
        sku="SHOE42",
        item_id="12345",
        location="WH334",
        quantity=2,
    )
    assert [(line.order_id, line.quantity, line.hold) for line in reservation_lines(found)] == [
        ("order_201", 2, "ORDER_HOLD_FRAUD"),
        ("order_202", 2, None),
    ]


def test_a_list_of_the_second_api_is_read_as_it_is_sent():
    cancelled, other = read_reservations(payload("backorder_preorder_reservations_v2.json")).complete()
    assert cancelled == attrs.evolve(SECOND, line_status="CANCELLED")
    assert other == attrs.evolve(
        SECOND,
        id="2",
        line_id="1",
        sku="VINYL-7",
        item_id="20417",
        type="PREORDER",
        quantity=2,
        to_release=1,
        is_consented=False,
        consented_at=None,
        notified_at=None,
    )
    assert (cancelled.waiting, other.waiting) == (0, 1)


def test_kinds_are_known_and_other_words_are_kept():
    assert (SECOND.kind, THIRD.kind) == (ReservationKind.BACKORDER, ReservationKind.PREORDER)
    other = attrs.evolve(SMALL, type="RAINCHECK", status="NEW")
    assert (other.kind, other.type, other.status) == (None, "RAINCHECK", "NEW")
    assert attrs.evolve(SMALL, type=" preorder ").kind is ReservationKind.PREORDER


V3 = {
    "type": "BACKORDER",
    "orderNumber": "O1",
    "lineItemId": "0",
    "sku": "A",
    "quantity": 5,
    "orderedAt": "2026-11-12T09:30:31.198Z",
}
V2 = {
    "type": "BACKORDER",
    "orderNumber": "O1",
    "lineItemId": "0",
    "sku": "A",
    "backOrderedQuantity": 5,
    "orderDate": "2026-11-12T09:30:31.198",
}


def test_the_least_that_is_sent_is_read():
    assert read_reservations(json.dumps([V2, V3])) == Read((SMALL, SMALL))


def test_a_field_may_be_spelled_as_the_other_api_does():
    changed = {**V2, "locationNumber": "WH334", "isDelayConsented": True, "releasedQuantity": 1}
    assert read_reservations(json.dumps(changed)).values == (
        attrs.evolve(SMALL, location="WH334", is_consented=True, released=1),
    )


def test_ids_and_numbers_may_be_written_otherwise():
    changed = {**V3, "lineItemId": 0, "sku": 7, "quantity": "5", "locationNumber": "WH334", "isDelayConsented": "false"}
    assert read_reservations(json.dumps(changed)).values == (
        attrs.evolve(SMALL, sku="7", location="WH334", is_consented=False),
    )


BAD = {
    "nothing but a line": (
        dict.fromkeys(set(V3) - {"lineItemId"}),
        [
            ("type", "field.missing"),
            ("sku", "field.missing"),
            ("quantity", "field.missing"),
            ("orderedAt", "field.missing"),
        ],
    ),
    "no order": ({"orderNumber": None}, [("orderNumber", "field.missing")]),
    "half a unit": ({"quantity": 0.5}, [("quantity", "units.invalid")]),
    "a negative number": ({"quantity": -1}, [("quantity", "units.invalid")]),
    "more released than there are": ({"releasedQuantity": 6}, [("releasedQuantity", "units.invalid")]),
    "more to release than is left": (
        {"releasedQuantity": 3, "toReleaseQuantity": 3},
        [("toReleaseQuantity", "units.invalid")],
    ),
    "a flag that is none": ({"isDelayConsented": "maybe"}, [("isDelayConsented", "type.invalid")]),
    "no instant": ({"orderedAt": "12:00"}, [("orderedAt", "instant.invalid")]),
    "a list for a type": ({"type": ["PREORDER"]}, [("type", "text.invalid")]),
}


@pytest.mark.parametrize(("change", "expected"), BAD.values(), ids=BAD)
def test_a_bad_reservation_does_not_take_the_others_with_it(change, expected):
    found = read_reservations(json.dumps([V3, {**V3, **change}]))
    assert problems(found) == [(f"[1].{path}", code) for path, code in expected]
    assert found.values == (SMALL,)


def test_a_problem_is_named_as_the_second_api_names_the_field():
    found = read_reservations(json.dumps({**V2, "toReleaseQuantity": 6, "consentDate": 5}))
    assert problems(found) == [("consentDate", "instant.invalid")]
    found = read_reservations(json.dumps({**V2, "toReleaseQuantity": 6}))
    assert problems(found) == [("toReleaseQuantity", "units.invalid")]


@pytest.mark.parametrize("document", ["[]", "{}", "5", '[{"sku": "A"}]', '{"data": [{"sku": "A"}]}'])
def test_another_document_is_no_reservation(document):
    with pytest.raises(InvalidDocument) as caught:
        read_reservations(document)
    assert problems(caught.value) == [("", "document.unrecognised")]


WAITING = {
    "all of it": ({}, 5),
    "what is not released": ({"released": 2}, 3),
    "what is not to be released": ({"released": 2, "to_release": 1}, 2),
    "all is released": ({"released": 5}, 0),
    "the line is cancelled": ({"line_status": "CANCELLED"}, 0),
    "the order is cancelled": ({"order_status": " order_cancelled"}, 0),
    "the order is cancelled, in another word": ({"order_status": "Canceled"}, 0),
    "the order is partially cancelled": ({"order_status": "ORDER_PARTIALLY_CANCELLED"}, 5),
    "the line is partially cancelled": ({"line_status": "PARTIALLY_CANCELLED"}, 5),
}


@pytest.mark.parametrize(("fields", "waiting"), WAITING.values(), ids=WAITING)
def test_what_is_not_released_waits(fields, waiting):
    found = attrs.evolve(SMALL, **fields)
    assert found.waiting == waiting
    whole = WaitingLine(order_id="O1", line_id="0", sku="A", quantity=5, placed_at=at(11, 12))
    assert reservation_lines([found]) == ((attrs.evolve(whole, quantity=waiting),) if waiting else ())
    owed = Commitment(sku="A", quantity=waiting, order_id="O1", line_id="0")
    assert reservation_commitments([found]) == ((owed,) if waiting else ())


def test_an_order_without_a_number_goes_by_its_id_and_holds_are_kept():
    held = attrs.evolve(SMALL, order_number="", order_id="x1", order_status="order_hold_fraud")
    [line] = reservation_lines([held])
    assert (line.order_id, line.hold) == ("x1", "order_hold_fraud")
    assert reservation_lines([attrs.evolve(SMALL, order_status="ORDER_CREATED")])[0].hold is None


def test_units_are_owed_from_the_day_that_is_given():
    day = dt.date(2027, 1, 20)
    other = attrs.evolve(SMALL, sku="B")
    assert [owed.due for owed in reservation_commitments([SMALL, other], due={"A": day})] == [day, None]


def test_reservations_of_one_line_at_several_locations_are_one_line_that_waits():
    day = dt.timedelta(days=1)
    later = attrs.evolve(SMALL, location="B", quantity=7, ordered_at=SMALL.ordered_at + day, order_status="ORDER_HOLD")
    another = attrs.evolve(SMALL, sku=f"{SMALL.sku}-2")
    [alone] = reservation_lines([SMALL])
    together, apart = reservation_lines([later, another, SMALL])
    assert together == attrs.evolve(alone, quantity=alone.quantity + 7, hold="ORDER_HOLD")
    assert apart == attrs.evolve(alone, sku=f"{SMALL.sku}-2")
    assert reservation_lines([SMALL, later]) == (together,)


@pytest.mark.parametrize("use", [reservation_lines, reservation_commitments])
def test_what_is_no_reservation_is_refused(use):
    with pytest.raises(InvalidArgument, match=r"reservations\[0\]"):
        use([5])


_TEXTS = ("orderNumber", "sku", "lineItemId", "channelId", "orderStatusCode", "id", "itemId", "cartId", "vendorId")
_TEXTS += ("lineItemStatus", "paymentStatus")
_INSTANTS = ("orderDate", "consentDate", "lastNotificationDate")
_NUMBERS = ("backOrderedQuantity", "toReleaseQuantity", "locationNum")
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "orderNumber",
        "sku",
        "lineItemId",
        "type",
        "orderDate",
        "backOrderedQuantity",
        "locationNum",
        "channelId",
        "orderStatusCode",
    ],
    "properties": {
        **{name: {"type": "string"} for name in _TEXTS},
        **{name: {"type": "string", "pattern": r"\.\d{3}Z$"} for name in _INSTANTS},
        **{name: {"type": "integer", "minimum": 0} for name in _NUMBERS},
        **{name: {"enum": ["true", "false"]} for name in ("consentToDelay", "toNotify")},
        "type": {"enum": ["BACKORDER", "PREORDER"]},
    },
}


def test_a_reservation_is_written_as_it_is_documented():
    written = json.loads(write_reservation(SECOND))
    assert written == json.loads(payload("backorder_preorder_reservation_v2.json"))
    Draft202012Validator(SCHEMA).validate(written)


WRITABLE = attrs.evolve(SMALL, location="23", channel="channel_12", order_status="Created")
UNWRITABLE = {
    "an unknown type": ({"type": "RAINCHECK"}, "type"),
    "no number of the order": ({"order_number": "", "order_id": "x"}, "order_number"),
    "no location": ({"location": ""}, "location"),
    "a location that is no number": ({"location": "WH334"}, "location"),
    "no channel": ({"channel": ""}, "channel"),
    "no status of the order": ({"order_status": ""}, "order_status"),
    "an order id": ({"order_id": "x"}, "order_id"),
    "released units": ({"released": 1}, "released"),
    "a status": ({"status": "NEW"}, "status"),
    "when it was created": ({"created_at": at(11, 12)}, "created_at"),
    "parts of a millisecond": ({"notified_at": dt.datetime(2026, 11, 13, microsecond=1, tzinfo=UTC)}, "notified_at"),
}


@pytest.mark.parametrize(("fields", "path"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_the_second_api_cannot_say_is_refused(fields, path):
    with pytest.raises(InvalidArgument) as caught:
        write_reservation(attrs.evolve(WRITABLE, **fields))
    assert caught.value.path == path


def test_the_answer_is_read_as_it_is_sent_and_written_back():
    assert read_delay_consent(payload("delay_consent_v3.json")) is DelayConsent.DECLINE
    assert json.loads(write_delay_consent(DelayConsent.DECLINE)) == json.loads(payload("delay_consent_v3.json"))


@pytest.mark.parametrize("written", ["ACCEPT", "accept", " Accept "])
def test_an_answer_may_be_written_in_any_case(written):
    assert read_delay_consent(json.dumps({"consent": written})) is DelayConsent.ACCEPT


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("[]", [("", "document.unrecognised")]),
        ('{"answer": "ACCEPT"}', [("", "document.unrecognised")]),
        ('{"consent": "MAYBE"}', [("consent", "choice.invalid")]),
        ('{"consent": true}', [("consent", "choice.invalid")]),
        ('{"consent": null}', [("consent", "field.missing")]),
    ],
)
def test_an_answer_is_not_guessed(document, expected):
    with pytest.raises(InvalidDocument) as caught:
        read_delay_consent(document)
    assert problems(caught.value) == expected


def test_an_answer_that_is_held_is_one():
    assert ConsentAnswer(consent="accept").consent is DelayConsent.ACCEPT
    with pytest.raises(InvalidArgument, match="consent: must be one of accept, decline"):
        ConsentAnswer(consent="maybe")


def test_what_is_no_answer_is_not_written():
    with pytest.raises(InvalidArgument, match="consent: must be one of accept, decline"):
        write_delay_consent("maybe")


DELAY = Delay(
    ordered=dt.date(2026, 11, 2),
    expected=dt.date(2027, 1, 20),
    notices=[DelayNotice(given=dt.date(2026, 11, 5)), DelayNotice(given=dt.date(2026, 11, 13))],
)
ON = dt.date(2026, 11, 14)


def test_consent_answers_the_last_notice():
    found = record_consent(DELAY, "accept", on=ON)
    assert [notice.consented for notice in found.notices] == [None, ON]
    assert found.cancelled is None


def test_declining_cancels():
    found = record_consent(DELAY, DelayConsent.DECLINE, on=ON)
    assert found == attrs.evolve(DELAY, cancelled=ON)


@pytest.mark.parametrize(
    ("delay", "consent", "on", "path"),
    [
        (attrs.evolve(DELAY, notices=[]), "accept", ON, "delay.notices"),
        (DELAY, "accept", dt.date(2026, 11, 12), "consented"),
        (DELAY, "decline", dt.date(2026, 11, 1), "cancelled"),
        (DELAY, "perhaps", ON, "consent"),
        (DELAY, "accept", at(11, 14), "on"),
        (None, "accept", ON, "delay"),
        (None, "decline", ON, "delay"),
    ],
)
def test_an_answer_that_answers_nothing_is_refused(delay, consent, on, path):
    with pytest.raises(InvalidArgument) as caught:
        record_consent(delay, consent, on=on)
    assert caught.value.path == path


DAY = dt.date(2027, 1, 20)
NOTICE = DelayNotice(given=dt.date(2026, 11, 13), revised=DAY)
FACTS = Delay(ordered=dt.date(2026, 11, 12), expected=DAY, promised=dt.date(2026, 12, 1))
DELAYS = {
    "nothing said": ({}, FACTS),
    "told": ({"notified_at": at(11, 13)}, attrs.evolve(FACTS, notices=[NOTICE])),
    "told, no consent so far": (
        {"notified_at": at(11, 13), "is_consented": False},
        attrs.evolve(FACTS, notices=[NOTICE]),
    ),
    "agreed": (
        {"notified_at": at(11, 13), "is_consented": True, "consented_at": at(11, 14)},
        attrs.evolve(FACTS, notices=[attrs.evolve(NOTICE, consented=dt.date(2026, 11, 14))]),
    ),
    "agreed on the day": (
        {"notified_at": at(11, 13), "is_consented": True, "consented_at": at(11, 13)},
        attrs.evolve(FACTS, notices=[attrs.evolve(NOTICE, consented=dt.date(2026, 11, 13))]),
    ),
    "declined": (
        {"notified_at": at(11, 13), "is_consented": False, "consented_at": at(11, 14)},
        attrs.evolve(FACTS, notices=[NOTICE], cancelled=dt.date(2026, 11, 14)),
    ),
    "declined without a notice": (
        {"is_consented": False, "consented_at": at(11, 14)},
        attrs.evolve(FACTS, cancelled=dt.date(2026, 11, 14)),
    ),
    "an answer to an earlier notice": (
        {"notified_at": at(11, 15), "is_consented": True, "consented_at": at(11, 14)},
        attrs.evolve(FACTS, notices=[attrs.evolve(NOTICE, given=dt.date(2026, 11, 15))]),
    ),
    "an instant without an answer": ({"consented_at": at(11, 14)}, FACTS),
}


@pytest.mark.parametrize(("fields", "expected"), DELAYS.values(), ids=DELAYS)
def test_a_reservation_says_what_is_known_of_its_delay(fields, expected):
    found = reservation_delay(
        attrs.evolve(SMALL, **fields), zone="UTC", expected=DAY, promised=dt.date(2026, 12, 1), revised=DAY
    )
    assert found == expected


def test_days_are_those_of_a_zone():
    found = reservation_delay(attrs.evolve(SMALL, ordered_at=at(11, 12, 23)), zone="Europe/Oslo", expected=None)
    assert found.ordered == dt.date(2026, 11, 13)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"is_consented": True}, "consented_at"),
        ({"is_consented": True, "consented_at": at(11, 14)}, "delay.notices"),
    ],
)
def test_consent_needs_a_day_and_a_notice(fields, path):
    with pytest.raises(InvalidArgument) as caught:
        reservation_delay(attrs.evolve(SMALL, **fields), zone="UTC", expected=None)
    assert caught.value.path == path
