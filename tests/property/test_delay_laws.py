"""Laws of delay rules, for all rules and all facts that can be built.

- every combination of facts has an outcome, on every day from the order on
- what is shipped or delivered by its deadline has no duties, unless somebody ended the order before
- a later expected day never makes fewer duties
- a notice is due no later than the day the order is due, and not before the deadline
- no answer is consent to a first notice of a day that is at most 30 days late, never to a further one
- once an order is cancelled or fulfilled, its outcome is the same on every later day
- nothing that happens later changes the outcome of a day
- a cancellation is never later than the day asked about, and a refund never due before it
- an order lapses only after the time to ship: until the deadline is over, only a buyer or a seller ends it
- under the rules of the EU and the UK the buyer alone ends an order, after the deadline, and nothing must be told
- a further period never makes an order end sooner than an essential date does
"""

import datetime as dt

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import MON_TO_FRI, UNLIMITED
from preorder_kit.delay_rules import (
    EU_2011_83_ART_18,
    UK_CRA_2015_S28,
    US_16_CFR_435,
    Delay,
    DelayNotice,
    DelayReason,
    DelayStatus,
    DutyKind,
    PaidBy,
    Silence,
    Timing,
    deadline,
    delay_duties,
)
from preorder_kit.testing import days

DAY = dt.timedelta(days=1)
FINAL = {DelayStatus.CANCELLED, DelayStatus.FULFILLED}
CONSUMER_RULES = (EU_2011_83_ART_18, UK_CRA_2015_S28)


RULES = st.sampled_from([US_16_CFR_435, *CONSUMER_RULES])
SPANS, NOTICED, LONG = (st.integers(0, most).map(lambda number: number * DAY) for most in (80, 60, 200))
SOMETIMES = st.sampled_from([*[None] * 81, *(number * DAY for number in range(81))])
RARELY = st.sampled_from([*[None] * 81 * 2, *(number * DAY for number in range(81))])
NOTICES = st.lists(NOTICED, max_size=3).map(sorted)
UNTIL = st.sampled_from([*[None] * 81, *[UNLIMITED] * 81, *(number * DAY for number in range(81))])
PAYMENTS = st.sampled_from(
    [
        (paid_by, cycle)
        for paid_by in PaidBy
        for cycle in ([None] * 80 if paid_by is PaidBy.TENDER else [*[None] * 40, *range(1, 41)])
    ]
)


def after(draw, day, spans=SOMETIMES):
    """Return a day that is not before another, or ``None``."""
    span = draw(spans)
    return None if span is None else day + span


def notice(draw, given_on):
    revised, consented = after(draw, given_on), after(draw, given_on)
    until = draw(UNTIL) if revised and consented else None
    if until is not None and until is not UNLIMITED:
        until = revised + until
    return DelayNotice(given=given_on, revised=revised, consented=consented, until=until)


@st.composite
def delays(draw):
    """Return facts around one order, close enough to meet each other."""
    ordered = draw(ORDERED)
    promised = after(draw, ordered)
    shipped = after(draw, ordered)
    paid_by, cycle = draw(PAYMENTS)
    return Delay(
        ordered=ordered,
        promised=promised,
        expected=after(draw, ordered),
        notices=[notice(draw, ordered + span) for span in draw(NOTICES)],
        cancelled=after(draw, ordered),
        refused=after(draw, ordered, RARELY),
        shipped=shipped,
        delivered=after(draw, shipped or ordered),
        timing=draw(TIMINGS),
        period_until=after(draw, promised or ordered),
        paid_by=paid_by,
        billing_cycle_days=cycle,
    )


ORDERED, TIMINGS = days(), st.sampled_from(Timing)


def without_end(delay):
    return attrs.evolve(delay, cancelled=None, refused=None)


@given(delays(), RULES, LONG)
def test_every_combination_of_facts_has_an_outcome(delay, rule, span):
    outcome = delay_duties(delay, rule=rule, on=delay.ordered + span)
    assert (outcome.cancelled_on is not None) == (outcome.status is DelayStatus.CANCELLED)
    if outcome.due is None and outcome.status not in FINAL:
        assert outcome.reason is DelayReason.INDEFINITE_CONSENT
    assert bool(outcome.duties) == (outcome.status in {DelayStatus.NOTIFY, DelayStatus.CANCELLED})


@given(delays(), RULES, LONG)
def test_what_is_done_by_its_deadline_has_no_duties(delay, rule, span):
    due = deadline(delay, rule=rule)
    done = attrs.evolve(without_end(delay), shipped=delay.ordered, delivered=min(due, delay.delivered or due))
    outcome = delay_duties(done, rule=rule, on=due + span)
    assert (outcome.status, outcome.reason, outcome.duties) == (DelayStatus.FULFILLED, DelayReason.IN_TIME, ())


@given(delays(), RULES, LONG, st.none() | SPANS)
def test_a_later_expected_day_never_makes_fewer_duties(delay, rule, span, later):
    known = attrs.evolve(delay, expected=delay.expected or delay.ordered)
    slower = attrs.evolve(known, expected=None if later is None else known.expected + later)
    on = delay.ordered + span
    before, after_slip = delay_duties(known, rule=rule, on=on), delay_duties(slower, rule=rule, on=on)
    assert len(after_slip.duties) >= len(before.duties)
    assert after_slip.due == before.due


@given(delays(), LONG)
def test_a_notice_is_due_with_the_order(delay, span):
    on = delay.ordered + span
    outcome = delay_duties(delay, rule=US_16_CFR_435, on=on)
    for duty in outcome.duties:
        if duty.kind is DutyKind.ASK:
            assert max(on, deadline(delay, rule=US_16_CFR_435)) <= duty.by == outcome.due


@given(delays(), LONG)
def test_silence_is_consent_to_one_short_delay_at_most(delay, span):
    on = delay.ordered + span
    outcome = delay_duties(delay, rule=US_16_CFR_435, on=on)
    first = not any(notice.given <= on for notice in delay.notices)
    limit = deadline(delay, rule=US_16_CFR_435) + 30 * DAY
    for duty in outcome.duties:
        if duty.kind is DutyKind.ASK:
            consents = first and delay.expected is not None and delay.expected <= limit
            assert (duty.silence is Silence.CONSENT) == consents
    if outcome.reason is DelayReason.SILENT_CONSENT:
        assert outcome.due <= limit


@given(delays(), RULES, LONG, SPANS)
def test_an_end_is_final(delay, rule, span, later):
    outcome = delay_duties(delay, rule=rule, on=delay.ordered + span)
    if outcome.status in FINAL:
        assert delay_duties(delay, rule=rule, on=delay.ordered + span + later) == outcome


@given(delays(), RULES, LONG)
def test_what_happens_later_changes_nothing_today(delay, rule, span):
    on = delay.ordered + span
    heard = [
        notice
        if notice.consented is None or notice.consented <= on
        else attrs.evolve(notice, consented=None, until=None)
        for notice in delay.notices
        if notice.given <= on
    ]
    paths = ("cancelled", "refused", "shipped", "delivered")
    later = {path: None for path in paths if getattr(delay, path) and getattr(delay, path) > on}
    today = attrs.evolve(delay, notices=heard, **later)
    assert delay_duties(today, rule=rule, on=on) == delay_duties(delay, rule=rule, on=on)


@given(delays(), RULES, LONG)
def test_a_refund_follows_the_cancellation(delay, rule, span):
    on = delay.ordered + span
    outcome = delay_duties(delay, rule=rule, on=on)
    if outcome.status is DelayStatus.CANCELLED:
        refund = outcome.duties[-1]
        assert delay.ordered <= outcome.cancelled_on <= on
        assert refund.kind is DutyKind.REFUND
        assert refund.by is None or refund.by > outcome.cancelled_on
        if refund.source == "16 CFR 435.1(b)(1)":
            between = (outcome.cancelled_on + number * DAY for number in range(1, 30))
            assert [day for day in between if MON_TO_FRI.is_working_day(day)][6] == refund.by


@given(delays(), RULES, LONG)
def test_an_order_lapses_only_after_its_time(delay, rule, span):
    on = delay.ordered + span
    outcome = delay_duties(delay, rule=rule, on=on)
    if outcome.reason in {DelayReason.NO_OPTION, DelayReason.NO_CONSENT}:
        assert rule is US_16_CFR_435
        assert deadline(delay, rule=rule) <= outcome.cancelled_on < on
    elif outcome.status is DelayStatus.CANCELLED:
        assert outcome.cancelled_on in {delay.cancelled, delay.refused}


@given(delays(), st.sampled_from(CONSUMER_RULES), LONG)
def test_a_consumer_alone_ends_a_late_order(delay, rule, span):
    on = delay.ordered + span
    outcome = delay_duties(delay, rule=rule, on=on)
    assert {duty.kind for duty in outcome.duties} <= {DutyKind.REFUND}
    if outcome.status is DelayStatus.CANCELLED:
        assert deadline(delay, rule=rule) < outcome.cancelled_on == delay.cancelled
    if outcome.status is DelayStatus.MAY_END:
        assert deadline(delay, rule=rule) < outcome.may_end_from <= on
    assert delay_duties(attrs.evolve(delay, notices=()), rule=rule, on=on) == outcome


@given(delays(), st.sampled_from(CONSUMER_RULES))
def test_no_period_ends_sooner_than_an_essential_date(delay, rule):
    open_until = attrs.evolve(without_end(delay), shipped=None, delivered=None)
    due = deadline(delay, rule=rule)
    ordinary, essential = (
        delay_duties(attrs.evolve(open_until, timing=timing), rule=rule, on=due) for timing in Timing
    )
    assert essential.may_end_from == due + DAY
    assert ordinary.may_end_from is None or ordinary.may_end_from > due + DAY
