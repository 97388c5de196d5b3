"""Whether a customer agrees to a delay: read, written, and as facts for the rules on delays."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from ..._checks import checked, instance, member, refused, rule
from ..._checks import day as check_day
from ..._documents import encode
from ..._wire import WireFormat, held
from ..._zones import local_day, zone_info
from ...delay_rules import Delay, DelayNotice
from ...errors import InvalidDocument
from ._reservations import Reservation
from ._spelling import opened_one

__all__ = [
    "ConsentAnswer",
    "DelayConsent",
    "read_delay_consent",
    "record_consent",
    "reservation_delay",
    "write_delay_consent",
]


class DelayConsent(StrEnum):
    """A customer's answer to a notice of delay."""

    ACCEPT = "accept"
    DECLINE = "decline"


@attrs.frozen(kw_only=True, field_transformer=checked)
class ConsentAnswer:
    """A document that holds a customer's answer to a delay.

    Attributes:
        consent: The answer.

    Raises:
        InvalidArgument: If it is no such answer.
    """

    consent: DelayConsent = attrs.field(metadata=rule(member, of=DelayConsent))


def read_delay_consent(document: str | bytes, /) -> DelayConsent:
    """Read a customer's answer to a delay.

    Args:
        document: ``{"consent": "ACCEPT"}`` or ``{"consent": "DECLINE"}``, in any case, as text or UTF-8 bytes.

    Returns:
        The answer.

    Raises:
        InvalidDocument: If it is no such document, or another word: an answer is not guessed.

    Source:
        fabric OMS v3, record customer agreement to delay shipment.

    Examples:
        No:

        >>> from preorder_kit.adapters.fabric import read_delay_consent
        >>> print(read_delay_consent('{"consent": "DECLINE"}'))
        decline
    """
    fields = opened_one(document, 'must be an answer to a delay: {"consent": "ACCEPT"}', keys=("consent",))
    consent = fields.read("consent", _answer)
    if fields.problems:
        raise InvalidDocument(fields.problems)
    return consent


def _answer(value: object, path: str) -> DelayConsent:
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in set(DelayConsent):
        raise refused(path, "must be ACCEPT or DECLINE", value, code="choice.invalid")
    return DelayConsent(word)


def write_delay_consent(consent: DelayConsent, /) -> str:
    """Write a customer's answer to a delay, to be sent for one backorder or pre-order.

    Args:
        consent: The answer.

    Returns:
        A JSON object.

    Raises:
        InvalidArgument: If it is no such answer.

    Source:
        fabric OMS v3, record customer agreement to delay shipment.

    Examples:
        Yes:

        >>> from preorder_kit.adapters.fabric import write_delay_consent
        >>> print(write_delay_consent("accept"))
        {
          "consent": "ACCEPT"
        }
    """
    answer: DelayConsent = member(consent, "consent", of=DelayConsent)
    return encode({"consent": answer.name})


def record_consent(delay: Delay, consent: DelayConsent, /, *, on: dt.date) -> Delay:
    """Add a customer's answer to the facts of a delay.

    Args:
        delay: The facts, with the notice that is answered as the last one.
        consent: ACCEPT is the express consent to that notice; DECLINE cancels the order.
        on: The day the answer came in.

    Returns:
        The facts with the answer.

    Raises:
        InvalidArgument: If ACCEPT answers no notice, or ``on`` lies before the notice or the order.

    Examples:
        A notice of a new day, and the customer's consent three days later:

        >>> import datetime as dt
        >>> from preorder_kit.delay_rules import US_16_CFR_435, Delay, DelayNotice, delay_duties
        >>> from preorder_kit.adapters.fabric import record_consent
        >>> notice = DelayNotice(given=dt.date(2024, 1, 20), revised=dt.date(2024, 3, 20))
        >>> delay = Delay(ordered=dt.date(2024, 1, 2), promised=dt.date(2024, 2, 1), expected=dt.date(2024, 3, 20),
        ...               notices=[notice])
        >>> agreed = record_consent(delay, "accept", on=dt.date(2024, 1, 23))
        >>> outcome = delay_duties(agreed, rule=US_16_CFR_435, on=dt.date(2024, 2, 10))
        >>> print(outcome.status, outcome.due)
        active 2024-03-20

        Declined:

        >>> print(record_consent(delay, "decline", on=dt.date(2024, 1, 23)).cancelled)
        2024-01-23
    """
    answer = member(consent, "consent", of=DelayConsent)
    day = check_day(on, "on")
    if answer is DelayConsent.DECLINE:
        return attrs.evolve(instance(delay, "delay", of=Delay), cancelled=day)
    if not instance(delay, "delay", of=Delay).notices:
        raise refused("delay.notices", "must hold the notice that is answered", delay.notices, code="field.missing")
    *before, last = delay.notices
    return attrs.evolve(delay, notices=[*before, attrs.evolve(last, consented=day)])


def reservation_delay(
    reservation: Reservation,
    /,
    *,
    zone: str,
    expected: dt.date | None,
    promised: dt.date | None = None,
    revised: dt.date | None = None,
) -> Delay:
    """Return what a backorder or pre-order says of its delay, as facts for the rules on delays.

    The day it was last notified is a notice, and an answer that came in on that day or later answers it: consent, or
    if it was declined, a cancellation. An answer from before the last notice was to another one: it is not taken over.

    Args:
        reservation: What fabric holds.
        zone: The IANA name of the time zone in which its instants are days.
        expected: The day it will ship or be delivered as far as is known now; ``None`` if no day can be named.
        promised: The day that was agreed; ``None`` takes the rule's default.
        revised: The day that the last notice names; ``None`` if it says that none can be named.

    Returns:
        The facts. Notices before the last are not known.

    Raises:
        InvalidArgument: If there is consent and not when it came in or no notice before it, or days are the wrong way
            round.

    Examples:
        Told on the thirteenth, agreed on the fourteenth:

        >>> import datetime as dt
        >>> from preorder_kit.adapters.fabric import Reservation, reservation_delay
        >>> def at(day):
        ...     return dt.datetime(2026, 11, day, 9, 30, tzinfo=dt.timezone.utc)
        >>> found = Reservation(
        ...     type="BACKORDER", order_number="O1", line_id="0", sku="CD", quantity=5, ordered_at=at(2),
        ...     notified_at=at(13), is_consented=True, consented_at=at(14))
        >>> day = dt.date(2027, 1, 20)
        >>> delay = reservation_delay(found, zone="America/New_York", expected=day, revised=day)
        >>> print(delay.ordered, delay.notices[0].given, delay.notices[0].consented)
        2026-11-02 2026-11-13 2026-11-14
    """
    place = zone_info(zone, "zone")
    instance(reservation, "reservation", of=Reservation)
    ordered = local_day(reservation.ordered_at, place, "ordered_at")
    told = None if reservation.notified_at is None else local_day(reservation.notified_at, place, "notified_at")
    answered = _answered_on(reservation, place)
    delay = Delay(
        ordered=ordered,
        promised=promised,
        expected=expected,
        notices=[] if told is None else [DelayNotice(given=told, revised=revised)],
    )
    if answered is None or (told is not None and answered < told):
        return delay
    consent = DelayConsent.ACCEPT if reservation.is_consented else DelayConsent.DECLINE
    return record_consent(delay, consent, on=answered)


def _answered_on(reservation: Reservation, zone: ZoneInfo) -> dt.date | None:
    """Return the day of the customer's answer; ``None`` if there is none, which fabric says as no consent."""
    if reservation.consented_at is not None and reservation.is_consented is not None:
        return local_day(reservation.consented_at, zone, "consented_at")
    if reservation.is_consented:
        raise refused("consented_at", "must say when the consent came in", None, code="field.missing")
    return None


def _read_answer(document: str | bytes, /) -> ConsentAnswer:
    return ConsentAnswer(consent=read_delay_consent(document))


def _is_consent(root: Any) -> bool:
    consent = held(root, "consent")
    return isinstance(consent, str) and consent.strip().lower() in set(DelayConsent)


_FORMATS = (
    WireFormat(
        name="fabric-delay-consent",
        holds="a customer's answer to a delay",
        recognises=_is_consent,
        read=_read_answer,
    ),
)
