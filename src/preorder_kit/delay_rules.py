"""What a delay obliges to: what must be offered, by when, and what silence means, as data.

These are facts about published rules as they stand from their effective dates on, and not legal advice. Three rules are
ready made; each is a `DelayRule`, and a rule of your own is one more value.

- `US_16_CFR_435`, mail, internet and telephone orders, counts to shipment: the parcel is with the carrier.
- `EU_2011_83_ART_18` and `UK_CRA_2015_S28` count to delivery: the goods are in the consumer's possession.

Not covered: which contracts a rule is about (16 CFR 435.3, articles 3 and 17 of the directive), the reasonable basis
that an offer needs and its records (16 CFR 435.2(a)), what a notice is worded like, amounts and forms of a refund,
orders delivered in part, the right of withdrawal, damages, and the law of states and countries beside these rules.
Days are calendar days and whole: what is due by a day is in time on that day. Of two things on one day, a cancellation
comes before a shipment, because the hour is not known and the buyer's side is the safe one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial

import attrs

from ._checks import day as check_day
from ._checks import instance, refused
from ._delays import (
    Delay,
    DelayNotice,
    DelayOutcome,
    DelayReason,
    DelayRule,
    DelayStatus,
    Duty,
    DutyKind,
    Measure,
    NoticePart,
    Pace,
    PaidBy,
    Silence,
    Timing,
    _in_order,
)
from .calendars import MON_TO_FRI, WorkCalendar
from .quantities import UNLIMITED

__all__ = [
    "EU_2011_83_ART_18",
    "UK_CRA_2015_S28",
    "US_16_CFR_435",
    "Delay",
    "DelayNotice",
    "DelayOutcome",
    "DelayReason",
    "DelayRule",
    "DelayStatus",
    "Duty",
    "DutyKind",
    "Measure",
    "NoticePart",
    "Pace",
    "PaidBy",
    "Silence",
    "Timing",
    "deadline",
    "delay_duties",
]


def deadline(delay: Delay, /, *, rule: DelayRule) -> dt.date:
    """Return the day by which the order must ship or be delivered, before any delay.

    Args:
        delay: The facts.
        rule: The rule; its ``measure`` says which of the two the day is for.

    Returns:
        The promised day; if there is none, the rule's number of days after the order. It is inclusive.

    Raises:
        InvalidArgument: If the rule is not in force on the day of the order (``rule.not_in_force``).

    Source:
        16 CFR 435.2(a)(1): the time stated, else 30 days after a properly completed order, 50 if the buyer applied to
        the seller for credit. Directive 2011/83/EU, article 18(1), and Consumer Rights Act 2015, section 28(3): the
        time agreed, else without undue delay and not later than 30 days from the contract.

    Examples:
        No day was promised; then with an application for credit:

        >>> import datetime as dt
        >>> from preorder_kit.delay_rules import EU_2011_83_ART_18, US_16_CFR_435, Delay, deadline
        >>> delay = Delay(ordered=dt.date(2024, 1, 2), expected=None)
        >>> print(deadline(delay, rule=EU_2011_83_ART_18), deadline(delay, rule=US_16_CFR_435))
        2024-02-01 2024-02-01
        >>> applied = Delay(ordered=dt.date(2024, 1, 2), expected=None, paid_by="credit_application")
        >>> print(deadline(applied, rule=EU_2011_83_ART_18), deadline(applied, rule=US_16_CFR_435))
        2024-02-01 2024-02-21
    """
    ordered = instance(delay, "delay", of=Delay).ordered
    if ordered < instance(rule, "rule", of=DelayRule).effective or (rule.until is not None and ordered > rule.until):
        term = f"{rule.effective.isoformat()} to {'now' if rule.until is None else rule.until.isoformat()}"
        requirement = f"must be a day on which {rule.name} is in force, {term}: take the rule of that day"
        raise refused("delay.ordered", requirement, ordered, code="rule.not_in_force")
    if delay.promised is not None:
        return delay.promised
    if delay.paid_by is PaidBy.CREDIT_APPLICATION and rule.credit_days is not None:
        return _later(ordered, rule.credit_days)
    return _later(ordered, rule.default_days)


def delay_duties(delay: Delay, /, *, rule: DelayRule, on: dt.date, calendar: WorkCalendar = MON_TO_FRI) -> DelayOutcome:
    """Say where an order stands under a rule on a day, and what the seller has to do.

    What happened after ``on`` does not count yet, so that the same facts tell how it stood on any day before; nor does
    what happened after it was shipped or delivered, as the rule measures.

    Args:
        delay: The facts.
        rule: The rule of the buyer's country.
        on: The day that is asked about; it is not over yet.
        calendar: The days that count as working days in a refund's time: give the holidays.

    Returns:
        The outcome. Once it is cancelled or fulfilled, it is the same on every later day.

    Raises:
        InvalidArgument: If ``on`` lies before the order, or the rule is not in force on the day of the order
            (``rule.not_in_force``).
        NoWorkingDay: If ``calendar`` has no working day for 366 days.

    Source:
        For each duty the paragraph in its ``source``.

    Examples:
        The first delay, of 24 days: no answer is consent.

        >>> import datetime as dt
        >>> from preorder_kit.delay_rules import US_16_CFR_435, Delay, DelayNotice, delay_duties
        >>> delay = Delay(ordered=dt.date(2024, 1, 2), promised=dt.date(2024, 2, 1), expected=dt.date(2024, 2, 25))
        >>> outcome = delay_duties(delay, rule=US_16_CFR_435, on=dt.date(2024, 1, 20))
        >>> [ask] = outcome.duties
        >>> print(outcome.status, ask.kind, ask.by, ask.silence, *ask.must_say)
        notify ask 2024-02-01 consent revised_day right_to_cancel free_answer silence_consents

        No day could be named and nobody answered: cancelled with the 30th day after the promised one.

        >>> delay = Delay(
        ...     ordered=dt.date(2024, 1, 2),
        ...     promised=dt.date(2024, 2, 1),
        ...     expected=None,
        ...     notices=[DelayNotice(given=dt.date(2024, 1, 20))],
        ... )
        >>> outcome = delay_duties(delay, rule=US_16_CFR_435, on=dt.date(2024, 3, 4))
        >>> print(outcome.status, outcome.cancelled_on, *(f"{duty.kind} {duty.by}" for duty in outcome.duties))
        cancelled 2024-03-02 cancel 2024-03-02 refund 2024-03-12
    """
    deadline(delay, rule=rule)
    instance(calendar, "calendar", of=WorkCalendar)
    _in_order(check_day(on, "on"), delay.ordered, "on", than="the day of the order")
    done = _done(delay, rule)
    day = on if done is None else min(on, done)
    outcome = rule.decide(_as_of(delay, day), rule=rule, on=day, calendar=calendar)
    return instance(outcome, "rule.decide", of=DelayOutcome)


def _later(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        requirement = f"must leave room for {days} days in the years 1 to 9999"
        raise refused("delay", requirement, day, code="day.invalid") from None


def _as_of(delay: Delay, on: dt.date) -> Delay:
    """Return the facts without what happened after ``on``."""
    known = partial(_known, on=on)
    return attrs.evolve(
        delay,
        notices=[_heard(notice, on) for notice in delay.notices if notice.given <= on],
        cancelled=known(delay.cancelled),
        refused=known(delay.refused),
        shipped=known(delay.shipped),
        delivered=known(delay.delivered),
    )


def _known(day: dt.date | None, *, on: dt.date) -> dt.date | None:
    return day if day is not None and day <= on else None


def _heard(notice: DelayNotice, on: dt.date) -> DelayNotice:
    heard = notice.consented is None or notice.consented <= on
    return notice if heard else attrs.evolve(notice, consented=None, until=None)


def _done(delay: Delay, rule: DelayRule) -> dt.date | None:
    """Return the day on which what the rule measures had happened; what is delivered was shipped by then."""
    return delay.delivered if rule.measure is Measure.DELIVERY else delay.shipped or delay.delivered


def _refund(rule: DelayRule, calendar: WorkCalendar, *, since: dt.date, source: str) -> Duty:
    """Return the duty to refund what was cancelled on ``since``, the day after being the first that counts."""
    if rule.refund_days is None:
        return Duty(kind=DutyKind.REFUND, by=None, pace=Pace.NO_UNDUE_DELAY, source=source)
    by = calendar.add_working_days(calendar.previous_working_day(since), rule.refund_days)
    return Duty(kind=DutyKind.REFUND, by=by, source=source)


def _us_refund(delay: Delay, rule: DelayRule, calendar: WorkCalendar, *, since: dt.date) -> Duty:
    if delay.paid_by is PaidBy.TENDER:
        return _refund(rule, calendar, since=since, source="16 CFR 435.1(b)(1)")
    by = None if delay.billing_cycle_days is None else _later(since, delay.billing_cycle_days)
    return Duty(kind=DutyKind.REFUND, by=by, pace=Pace.BILLING_CYCLE, source="16 CFR 435.1(b)(2)")


@attrs.frozen
class _Stand:
    """What notices and answers have made of the time to ship."""

    due: dt.date | None  # None: the buyer consented to a delay without a day
    reason: DelayReason  # IN_TIME: no notice in time
    source: str  # what cancels the order after `due`


def _stand(delay: Delay, rule: DelayRule) -> _Stand:
    """Read the notices in turn; one that comes after the time has run out changes nothing."""
    original = deadline(delay, rule=rule)
    stand = _Stand(original, DelayReason.IN_TIME, "16 CFR 435.2(c)(5)")
    for notice in delay.notices:
        if stand.due is not None and notice.given <= stand.due:
            first = stand.reason is DelayReason.IN_TIME
            stand = _answered(_first(notice, original, rule) if first else _renewed(stand), notice)
    return stand


def _first(notice: DelayNotice, original: dt.date, rule: DelayRule) -> _Stand:
    limit = _later(original, rule.silence_days)
    if notice.revised is None or notice.revised > limit:
        return _Stand(limit, DelayReason.AWAITS_CONSENT, "16 CFR 435.2(c)(2)")
    return _Stand(max(original, notice.revised), DelayReason.SILENT_CONSENT, "16 CFR 435.2(c)(3)")


def _renewed(stand: _Stand) -> _Stand:
    return attrs.evolve(stand, reason=DelayReason.AWAITS_CONSENT)


def _answered(asked: _Stand, notice: DelayNotice) -> _Stand:
    """Return what a consent in time makes of ``asked``."""
    if notice.consented is None or asked.due is None or notice.consented > asked.due:
        return asked
    reach = notice.until or notice.revised
    if reach is None or reach is UNLIMITED:
        return _Stand(None, DelayReason.INDEFINITE_CONSENT, "16 CFR 435.2(c)(1)")
    return _Stand(max(asked.due, reach), DelayReason.EXPRESS_CONSENT, "16 CFR 435.2(c)(3)")


def _decide_us(delay: Delay, /, *, rule: DelayRule, on: dt.date, calendar: WorkCalendar) -> DelayOutcome:
    stand = _stand(delay, rule)
    end = min(_us_ends(delay, stand, on=on), key=lambda item: item.day, default=None)
    if end is not None:
        cancel = Duty(kind=DutyKind.CANCEL, by=end.day, source=end.source)
        return _ended(end, [cancel, _us_refund(delay, rule, calendar, since=end.day)])
    if _done(delay, rule) is not None:
        return DelayOutcome(status=DelayStatus.FULFILLED, reason=DelayReason.IN_TIME, due=stand.due)
    return _us_open(delay, rule, stand)


@attrs.frozen
class _End:
    """What ends an order, or gives the right to end it, and from which day on."""

    day: dt.date
    reason: DelayReason
    source: str = ""


def _us_ends(delay: Delay, stand: _Stand, *, on: dt.date) -> Iterator[_End]:
    # A buyer who consented to a day may have no right left to cancel before it: the rule is silent, so here it counts.
    if delay.cancelled is not None and delay.notices and delay.notices[0].given <= delay.cancelled:
        yield _End(delay.cancelled, DelayReason.BUYER_ENDED, "16 CFR 435.2(c)(1)")
    if delay.refused is not None:
        yield _End(delay.refused, DelayReason.SELLER_REFUSED, "16 CFR 435.2(c)(4)")
    if stand.due is not None and stand.due < on:
        lapse = DelayReason.NO_OPTION if stand.reason is DelayReason.IN_TIME else DelayReason.NO_CONSENT
        yield _End(stand.due, lapse, stand.source)


def _ended(end: _End, duties: Sequence[Duty]) -> DelayOutcome:
    return DelayOutcome(status=DelayStatus.CANCELLED, reason=end.reason, duties=duties, cancelled_on=end.day)


def _us_open(delay: Delay, rule: DelayRule, stand: _Stand) -> DelayOutcome:
    """Return how an order stands that has neither shipped nor been cancelled."""
    status, duties = DelayStatus.ACTIVE, [_ask(delay, rule, stand)] if _is_late(delay, stand.due) else []
    if stand.reason is DelayReason.AWAITS_CONSENT:
        status, duties = DelayStatus.WAITING, []
    elif stand.reason is DelayReason.IN_TIME:
        status = DelayStatus.ON_TIME
    return DelayOutcome(
        status=DelayStatus.NOTIFY if duties else status,
        reason=DelayReason.EXPECTED_LATE if duties else stand.reason,
        due=stand.due,
        duties=duties,
        may_end_from=None if stand.reason is DelayReason.IN_TIME else delay.notices[0].given,
    )


def _is_late(delay: Delay, due: dt.date | None) -> bool:
    return due is not None and (delay.expected is None or delay.expected > due)


def _ask(delay: Delay, rule: DelayRule, stand: _Stand) -> Duty:
    """Return the duty to offer the option, or after a first notice the renewed option."""
    limit = _later(deadline(delay, rule=rule), rule.silence_days)
    short = delay.expected is not None and delay.expected <= limit
    paragraph = ("(1)(ii)" if short else "(1)(iii)") if stand.reason is DelayReason.IN_TIME else "(2)"
    consents = paragraph == "(1)(ii)"
    return Duty(
        kind=DutyKind.ASK,
        by=stand.due,
        pace=Pace.REASONABLE,
        silence=Silence.CONSENT if consents else Silence.CANCELLED,
        must_say=(
            *(_NO_DAY if delay.expected is None else (NoticePart.REVISED_DAY,)),
            NoticePart.RIGHT_TO_CANCEL,
            NoticePart.FREE_ANSWER,
            NoticePart.SILENCE_CONSENTS if consents else NoticePart.SILENCE_CANCELS,
        ),
        source=f"16 CFR 435.2(b){paragraph}",
    )


_NO_DAY = (NoticePart.NO_DAY, NoticePart.REASON, NoticePart.CONTINUING_RIGHT)


def _decide_eu(delay: Delay, /, *, rule: DelayRule, on: dt.date, calendar: WorkCalendar) -> DelayOutcome:
    return _by_period(delay, rule, calendar, on=on, source="Directive 2011/83/EU, article 18(3)")


def _decide_uk(delay: Delay, /, *, rule: DelayRule, on: dt.date, calendar: WorkCalendar) -> DelayOutcome:
    return _by_period(delay, rule, calendar, on=on, source="Consumer Rights Act 2015, section 28(9)")


def _by_period(delay: Delay, rule: DelayRule, calendar: WorkCalendar, *, on: dt.date, source: str) -> DelayOutcome:
    """Decide by a rule under which the buyer sets a further period, and may end the contract after it."""
    due, done = deadline(delay, rule=rule), _done(delay, rule)
    right = min(_rights(delay, due), key=lambda item: item.day, default=None)
    if right is not None and delay.cancelled is not None and delay.cancelled >= right.day:
        refund = _refund(rule, calendar, since=delay.cancelled, source=source)
        return _ended(_End(delay.cancelled, DelayReason.BUYER_ENDED), [refund])
    if done is not None:
        reason = DelayReason.IN_TIME if done <= due else DelayReason.AFTER_TIME
        return DelayOutcome(status=DelayStatus.FULFILLED, reason=reason, due=due)
    if right is not None and right.day <= on:
        return DelayOutcome(status=DelayStatus.MAY_END, reason=right.reason, due=due, may_end_from=right.day)
    return attrs.evolve(_running(delay, due, on), may_end_from=None if right is None else right.day)


def _rights(delay: Delay, due: dt.date) -> Iterator[_End]:
    """Yield the first day of each right to end the contract; none begins before the time is missed."""
    if delay.timing is Timing.ESSENTIAL:
        yield _End(_later(due, 1), DelayReason.TIME_ESSENTIAL)
    if delay.refused is not None:
        yield _End(max(_later(due, 1), delay.refused), DelayReason.SELLER_REFUSED)
    if delay.period_until is not None and delay.period_until > due:
        yield _End(_later(delay.period_until, 1), DelayReason.PERIOD_OVER)


def _running(delay: Delay, due: dt.date, on: dt.date) -> DelayOutcome:
    """Return how an order stands that the buyer may not end yet."""
    if delay.period_until is not None and due < on <= delay.period_until:
        return DelayOutcome(status=DelayStatus.ACTIVE, reason=DelayReason.FURTHER_PERIOD, due=delay.period_until)
    if on > due:
        return DelayOutcome(status=DelayStatus.LATE, reason=DelayReason.OVERDUE, due=due)
    if _is_late(delay, due):
        return DelayOutcome(status=DelayStatus.LATE, reason=DelayReason.EXPECTED_LATE, due=due)
    return DelayOutcome(status=DelayStatus.ON_TIME, reason=DelayReason.IN_TIME, due=due)


#: Orders by mail, internet or telephone in the US, as amended in 2014; in force for orders from 8 December 2014 on.
US_16_CFR_435 = DelayRule(
    name="US 16 CFR part 435",
    source="16 CFR 435.1 and 435.2, 79 FR 55615",
    effective=dt.date(2014, 12, 8),
    measure=Measure.SHIPMENT,
    default_days=30,
    credit_days=50,
    silence_days=30,
    refund_days=7,
    decide=_decide_us,
)

#: Consumer sales in the EU; for contracts concluded after 13 June 2014 (article 28(2)).
EU_2011_83_ART_18 = DelayRule(
    name="EU directive 2011/83 article 18",
    source="Directive 2011/83/EU, article 18, OJ L 304, 22.11.2011",
    effective=dt.date(2014, 6, 14),
    measure=Measure.DELIVERY,
    default_days=30,
    decide=_decide_eu,
)

#: Consumer sales in the UK; in force from 1 October 2015 on (SI 2015/1630).
UK_CRA_2015_S28 = DelayRule(
    name="UK Consumer Rights Act 2015 section 28",
    source="Consumer Rights Act 2015 (c. 15), section 28",
    effective=dt.date(2015, 10, 1),
    measure=Measure.DELIVERY,
    default_days=30,
    decide=_decide_uk,
)
