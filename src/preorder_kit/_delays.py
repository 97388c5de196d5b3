"""The facts, duties and outcomes of `delay_rules`, and what a rule is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum

import attrs

from ._checks import checked, instance, member, optional, refused, rule, sequence, text, units
from ._checks import day as check_day
from .quantities import UNLIMITED, Unlimited


class Measure(StrEnum):
    """What has to happen in time. SHIPMENT: the carrier has the goods. DELIVERY: the buyer possesses them."""

    SHIPMENT = "shipment"
    DELIVERY = "delivery"


class Timing(StrEnum):
    """Whether delivery in time was essential when the contract was made, by its circumstances or the buyer's word."""

    ORDINARY = "ordinary"
    ESSENTIAL = "essential"


class PaidBy(StrEnum):
    """How the order is paid.

    TENDER: money, or credit of a third party such as a card, or anything else. SELLER_ACCOUNT: credit of the seller
    that the buyer had. CREDIT_APPLICATION: credit of the seller that the buyer applied for with the order.
    """

    TENDER = "tender"
    SELLER_ACCOUNT = "seller_account"
    CREDIT_APPLICATION = "credit_application"


class Silence(StrEnum):
    """What no answer means: the buyer consents, the order is cancelled, or nothing at all."""

    CONSENT = "consent"
    CANCELLED = "cancelled"
    NOTHING = "nothing"


class DutyKind(StrEnum):
    """What has to be done.

    TELL: say it, no answer is needed. ASK: offer to consent to the delay or to cancel. CANCEL: treat the order as
    cancelled. REFUND: pay back.
    """

    TELL = "tell"
    ASK = "ask"
    CANCEL = "cancel"
    REFUND = "refund"


class Pace(StrEnum):
    """How soon.

    BY_DAY: by the duty's day. REASONABLE: within a reasonable time of knowing, by that day at the latest.
    NO_UNDUE_DELAY: without undue delay, no day is named. BILLING_CYCLE: within one billing cycle of the seller.
    """

    BY_DAY = "by_day"
    REASONABLE = "reasonable"
    NO_UNDUE_DELAY = "no_undue_delay"
    BILLING_CYCLE = "billing_cycle"


class NoticePart(StrEnum):
    """What a notice must say.

    REVISED_DAY: the new day. NO_DAY: that none can be named. REASON: why. RIGHT_TO_CANCEL: the buyer may cancel and is
    refunded promptly. FREE_ANSWER: how to answer at the seller's expense. SILENCE_CONSENTS and SILENCE_CANCELS: what no
    answer means. CONTINUING_RIGHT: who consents to a delay without a day may still cancel until it ships.
    """

    REVISED_DAY = "revised_day"
    NO_DAY = "no_day"
    REASON = "reason"
    RIGHT_TO_CANCEL = "right_to_cancel"
    FREE_ANSWER = "free_answer"
    SILENCE_CONSENTS = "silence_consents"
    SILENCE_CANCELS = "silence_cancels"
    CONTINUING_RIGHT = "continuing_right"


class DelayStatus(StrEnum):
    """Where an order stands.

    ON_TIME: nothing to do. NOTIFY: a notice is due. WAITING: for the buyer's consent. ACTIVE: a later day holds. LATE:
    it is or will be late, and the rule asks for no notice. MAY_END: the buyer may end the contract. CANCELLED: it has
    ended. FULFILLED: shipped or delivered, as the rule measures.
    """

    ON_TIME = "on_time"
    NOTIFY = "notify"
    WAITING = "waiting"
    ACTIVE = "active"
    LATE = "late"
    MAY_END = "may_end"
    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"


class DelayReason(StrEnum):
    """Why an order stands there.

    IN_TIME: it was or is expected in time. EXPECTED_LATE: it is not. OVERDUE: the day has passed. AFTER_TIME: it came,
    but late. AWAITS_CONSENT, SILENT_CONSENT, EXPRESS_CONSENT, INDEFINITE_CONSENT (to a delay without a day): the answer
    to a notice. FURTHER_PERIOD: the one that the buyer set runs. PERIOD_OVER: it has passed. TIME_ESSENTIAL: none was
    needed. SELLER_REFUSED: the seller said no. BUYER_ENDED: the buyer did. NO_OPTION: no notice in time. NO_CONSENT:
    none in time.
    """

    IN_TIME = "in_time"
    EXPECTED_LATE = "expected_late"
    OVERDUE = "overdue"
    AFTER_TIME = "after_time"
    AWAITS_CONSENT = "awaits_consent"
    SILENT_CONSENT = "silent_consent"
    EXPRESS_CONSENT = "express_consent"
    INDEFINITE_CONSENT = "indefinite_consent"
    FURTHER_PERIOD = "further_period"
    PERIOD_OVER = "period_over"
    TIME_ESSENTIAL = "time_essential"
    SELLER_REFUSED = "seller_refused"
    BUYER_ENDED = "buyer_ended"
    NO_OPTION = "no_option"
    NO_CONSENT = "no_consent"


def _optional_day(value: object, path: str) -> dt.date | None:
    return optional(value, path, check=check_day)


def _reach(value: object, path: str) -> dt.date | Unlimited | None:
    return UNLIMITED if value is UNLIMITED else _optional_day(value, path)


def _in_order(later: dt.date | None, earlier: dt.date | None, path: str, *, than: str) -> None:
    if later is not None and earlier is not None and later < earlier:
        raise refused(path, f"must not lie before {than}, {earlier.isoformat()}", later, code="delay.reversed")


@attrs.frozen(kw_only=True, field_transformer=checked)
class DelayNotice:
    """A notice of delay that the buyer was given, with all that it must say, and the buyer's consent to it.

    Attributes:
        given: The day it was given.
        revised: The new day that it names; ``None`` if it says that none can be named.
        consented: The day the buyer's express consent came in; ``None`` for silence. A cancellation is the `Delay`'s.
        until: How far a consent reaches where it goes beyond ``revised``, to a day or without one (`UNLIMITED`);
            ``None`` for as far as the notice.

    Raises:
        InvalidArgument: If days are the wrong way round, or ``until`` comes without a consent or a ``revised`` day.
    """

    given: dt.date = attrs.field(metadata=rule(check_day))
    revised: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    consented: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    until: dt.date | Unlimited | None = attrs.field(default=None, metadata=rule(_reach))

    def __attrs_post_init__(self) -> None:
        _in_order(self.revised, self.given, "revised", than="given")
        _in_order(self.consented, self.given, "consented", than="given")
        if self.until is None:
            return
        if self.consented is None or self.revised is None:
            requirement = "must go beyond a revised day that the buyer consented to: give revised and consented"
            raise refused("until", requirement, self.until, code="delay.until")
        if self.until is not UNLIMITED:
            _in_order(self.until, self.revised, "until", than="revised")


def _notices(value: object, path: str) -> tuple[DelayNotice, ...]:
    return sequence(value, path, check=instance, of=DelayNotice)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Delay:
    """What was promised, what is expected now, and what has happened so far; ``None`` is not known or not happened.

    Attributes:
        ordered: The day the contract was made; for the US rule the day a properly completed order came in, payment
            included (16 CFR 435.1(c)).
        promised: The day by which it was to ship or be delivered, as agreed; ``None`` takes the rule's default.
        expected: The day it will ship or be delivered as far as is known now; ``None`` if no day can be named.
        notices: The notices of delay, in the order they were given. Rules that ask for none pass over them.
        cancelled: The day the buyer's cancellation, or end of the contract, came in. It counts from the day on which
            the rule gives the right: in the US once a notice was given; in the EU and the UK once the time was missed
            and a further period is over, or none is needed. If you accept an earlier one, ask no more about the order.
        refused: The day the seller told the buyer that it will not ship or deliver.
        shipped: The day the carrier had the goods.
        delivered: The day the buyer had them.
        timing: Whether the time was essential; counts in the EU and the UK.
        period_until: The last day of the further period that the buyer set after the time was missed (EU, UK); one that
            does not end after it is none.
        paid_by: How it is paid; counts in the US.
        billing_cycle_days: How long a billing cycle of the seller's own credit is.

    Raises:
        InvalidArgument: If days are the wrong way round, or a billing cycle is given for what was paid otherwise.
    """

    ordered: dt.date = attrs.field(metadata=rule(check_day))
    promised: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    expected: dt.date | None = attrs.field(metadata=rule(_optional_day))
    notices: Sequence[DelayNotice] = attrs.field(default=(), metadata=rule(_notices))
    cancelled: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    refused: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    shipped: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    delivered: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    timing: Timing = attrs.field(default=Timing.ORDINARY, metadata=rule(member, of=Timing))
    period_until: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    paid_by: PaidBy = attrs.field(default=PaidBy.TENDER, metadata=rule(member, of=PaidBy))
    billing_cycle_days: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=1))

    def __attrs_post_init__(self) -> None:
        for path in ("promised", "cancelled", "refused", "shipped", "delivered", "period_until"):
            _in_order(getattr(self, path), self.ordered, path, than="ordered")
        _in_order(self.delivered, self.shipped, "delivered", than="shipped")
        _in_order(self.period_until, self.promised, "period_until", than="promised")
        before = self.ordered
        for index, notice in enumerate(self.notices):
            _in_order(notice.given, before, f"notices[{index}].given", than="ordered and the notice before it")
            before = notice.given
        if self.billing_cycle_days is not None and self.paid_by is PaidBy.TENDER:
            requirement = "must be None unless paid_by is seller_account or credit_application"
            raise refused("billing_cycle_days", requirement, self.billing_cycle_days, code="delay.billing_cycle")


def _parts(value: object, path: str) -> tuple[NoticePart, ...]:
    return sequence(value, path, check=member, of=NoticePart)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Duty:
    """One thing that the seller has to do.

    Attributes:
        kind: What.
        by: The last day on which it is in time; ``None`` where the rule names no day, or it cannot be counted.
        pace: How soon.
        silence: What no answer to it means.
        must_say: What it must say, for a notice.
        source: The paragraph that it comes from.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    kind: DutyKind = attrs.field(metadata=rule(member, of=DutyKind))
    by: dt.date | None = attrs.field(metadata=rule(_optional_day))
    pace: Pace = attrs.field(default=Pace.BY_DAY, metadata=rule(member, of=Pace))
    silence: Silence = attrs.field(default=Silence.NOTHING, metadata=rule(member, of=Silence))
    must_say: Sequence[NoticePart] = attrs.field(default=(), metadata=rule(_parts))
    source: str = attrs.field(metadata=rule(text))


def _duties(value: object, path: str) -> tuple[Duty, ...]:
    return sequence(value, path, check=instance, of=Duty)


@attrs.frozen(kw_only=True, field_transformer=checked)
class DelayOutcome:
    """Where an order stands under a rule, and what has to be done.

    Attributes:
        status: Where it stands.
        reason: Why.
        due: The day by which it must ship or be delivered now; ``None`` if it has ended, or the buyer consented to a
            delay without a day.
        duties: What the seller has to do, in order.
        may_end_from: The first day on which the buyer may end it under the rule, if it is not there before; ``None`` if
            nothing gives that right so far.
        cancelled_on: The day on which it ended: of the buyer's or the seller's word, or the last day of the time that
            ran out.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    status: DelayStatus = attrs.field(metadata=rule(member, of=DelayStatus))
    reason: DelayReason = attrs.field(metadata=rule(member, of=DelayReason))
    due: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    duties: Sequence[Duty] = attrs.field(default=(), metadata=rule(_duties))
    may_end_from: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    cancelled_on: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))


def _function(value: object, path: str) -> Callable[..., DelayOutcome]:
    if not callable(value):
        raise refused(path, "must be a function of a delay", value, code="type.invalid")
    return value


@attrs.frozen(kw_only=True, field_transformer=checked)
class DelayRule:
    """A rule on delays, with its source and the days from which and to which it is in force.

    Change its numbers with ``attrs.evolve``, or write a ``decide`` of your own.

    Attributes:
        name: What it is called.
        source: Where it is published.
        effective: The first day of orders that it is about.
        until: The last one; ``None`` while it is in force.
        measure: What has to happen in time.
        default_days: Days from the order where none was promised.
        credit_days: The same where the buyer applied to the seller for credit; ``None``: no other number.
        silence_days: How much later the first notice's day may be for silence to be consent, and how long the buyer's
            consent can be waited for.
        refund_days: Working days for a refund, from the day after the cancellation; ``None``: without undue delay.
        decide: Called as ``decide(delay, rule=, on=, calendar=)``, with ``on`` no later than the day it was shipped or
            delivered; of what happens in time (notices, answers, words of either side), ``delay`` holds nothing later.

    Raises:
        InvalidArgument: If a field breaks its rule, or ``until`` lies before ``effective``.
    """

    name: str = attrs.field(metadata=rule(text))
    source: str = attrs.field(metadata=rule(text))
    effective: dt.date = attrs.field(metadata=rule(check_day))
    until: dt.date | None = attrs.field(default=None, metadata=rule(_optional_day))
    measure: Measure = attrs.field(metadata=rule(member, of=Measure))
    default_days: int = attrs.field(metadata=rule(units))
    credit_days: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    silence_days: int = attrs.field(default=0, metadata=rule(units))
    refund_days: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=1))
    decide: Callable[..., DelayOutcome] = attrs.field(metadata=rule(_function))

    def __attrs_post_init__(self) -> None:
        _in_order(self.until, self.effective, "until", than="effective")
