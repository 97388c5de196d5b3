"""What a delay obliges to under the rules of the US, the EU and the UK."""

import copy
import datetime as dt
import pickle

import attrs
import pytest

from preorder_kit import EVERY_DAY, MON_TO_FRI, UNLIMITED, InvalidArgument, NoWorkingDay, WorkCalendar
from preorder_kit.delay_rules import (
    EU_2011_83_ART_18,
    UK_CRA_2015_S28,
    US_16_CFR_435,
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
    deadline,
    delay_duties,
)

_RULES = {"us": US_16_CFR_435, "eu": EU_2011_83_ART_18, "uk": UK_CRA_2015_S28}


def _day(text):
    """Return the day of 2024 that ``02-01`` names, or ``None``."""
    return text if text is None or text is UNLIMITED else dt.date.fromisoformat(f"2024-{text}")


_ORDERED, _PROMISED = _day("01-02"), _day("02-01")


def _notice(given, revised=None, consented=None, until=None):
    return DelayNotice(given=_day(given), revised=_day(revised), consented=_day(consented), until=_day(until))


def _delay(*notices, expected=None, **facts):
    """Return an order of 2 January that was promised for 1 February, 30 days later."""
    plain = {"timing", "paid_by", "billing_cycle_days"}
    days = {name: value if name in plain else _day(value) for name, value in facts.items()}
    return Delay(**{"ordered": _ORDERED, "promised": _PROMISED} | days, expected=_day(expected), notices=notices)


def _duty(duty):
    return f"{duty.kind} {duty.by:%m-%d} {duty.source.removeprefix('16 CFR ')}" if duty.by else f"{duty.kind}"


def _short(outcome):
    """Return what an outcome says in a line: where it stands, why, until when, since when, and the duties."""
    days = [None if day is None else f"{day:%m-%d}" for day in (outcome.due, outcome.cancelled_on)]
    return (outcome.status.value, outcome.reason.value, *days, *map(_duty, outcome.duties))


_FIRST_SHORT = _notice("01-20", "02-25")
_FIRST_AT_30 = _notice("01-20", "03-02")
_FIRST_AT_31 = _notice("01-20", "03-03")
_FIRST_LONG = _notice("01-20", "03-10")
_FIRST_INDEFINITE = _notice("01-20")
_LONG_CONSENT = _notice("01-20", "03-10", consented="02-06")

# name: facts, the day that is asked about, the outcome
_US = {
    # nothing wrong
    "expected in time": (_delay(expected="02-01"), "01-02", ("on_time", "in_time", "02-01", None)),
    "expected long ago": (_delay(expected="01-10"), "01-20", ("on_time", "in_time", "02-01", None)),
    "shipped in time": (_delay(shipped="02-01"), "05-01", ("fulfilled", "in_time", "02-01", None)),
    "delivered, so shipped": (_delay(delivered="02-01"), "05-01", ("fulfilled", "in_time", "02-01", None)),
    "not shipped yet on that day": (
        _delay(expected="01-30", shipped="01-30"),
        "01-29",
        ("on_time", "in_time", "02-01", None),
    ),
    # the first notice is due
    "a day late": (
        _delay(expected="02-02"),
        "01-20",
        ("notify", "expected_late", "02-01", None, "ask 02-01 435.2(b)(1)(ii)"),
    ),
    "30 days late": (
        _delay(expected="03-02"),
        "02-01",
        ("notify", "expected_late", "02-01", None, "ask 02-01 435.2(b)(1)(ii)"),
    ),
    "31 days late": (
        _delay(expected="03-03"),
        "02-01",
        ("notify", "expected_late", "02-01", None, "ask 02-01 435.2(b)(1)(iii)"),
    ),
    "late without a day": (
        _delay(),
        "02-01",
        ("notify", "expected_late", "02-01", None, "ask 02-01 435.2(b)(1)(iii)"),
    ),
    "a notice of tomorrow is not given": (
        _delay(_notice("01-20", "02-25"), expected="02-25"),
        "01-19",
        ("notify", "expected_late", "02-01", None, "ask 02-01 435.2(b)(1)(ii)"),
    ),
    # no notice in time
    "no notice": (
        _delay(),
        "02-02",
        ("cancelled", "no_option", None, "02-01", "cancel 02-01 435.2(c)(5)", "refund 02-12 435.1(b)(1)"),
    ),
    "no notice, though expected in time": (
        _delay(expected="01-30"),
        "02-02",
        ("cancelled", "no_option", None, "02-01", "cancel 02-01 435.2(c)(5)", "refund 02-12 435.1(b)(1)"),
    ),
    "a notice that is late": (
        _delay(_notice("02-02", "02-25", consented="02-03")),
        "02-10",
        ("cancelled", "no_option", None, "02-01", "cancel 02-01 435.2(c)(5)", "refund 02-12 435.1(b)(1)"),
    ),
    "shipped late without a notice": (
        _delay(shipped="02-02"),
        "02-10",
        ("cancelled", "no_option", None, "02-01", "cancel 02-01 435.2(c)(5)", "refund 02-12 435.1(b)(1)"),
    ),
    # a first notice with a day that is near: silence is consent
    "silence on a near day": (
        _delay(_FIRST_SHORT, expected="02-25"),
        "02-25",
        ("active", "silent_consent", "02-25", None),
    ),
    "silence on the 30th day": (
        _delay(_FIRST_AT_30, expected="03-02"),
        "03-02",
        ("active", "silent_consent", "03-02", None),
    ),
    "a notice on the last day": (
        _delay(_notice("02-01", "02-25"), expected="02-25"),
        "02-02",
        ("active", "silent_consent", "02-25", None),
    ),
    "consent to a near day": (
        _delay(_notice("01-20", "02-25", consented="02-06"), expected="02-25"),
        "02-20",
        ("active", "express_consent", "02-25", None),
    ),
    "consent to a day before the one that the sale promised takes nothing away": (
        _delay(_notice("01-20", "01-25", consented="01-22"), expected="01-31"),
        "01-28",
        ("active", "express_consent", "02-01", None),
    ),
    "consent in advance to a further day": (
        _delay(_notice("01-20", "02-25", consented="02-06", until="03-20"), expected="03-20"),
        "03-20",
        ("active", "express_consent", "03-20", None),
    ),
    "consent in advance without a day": (
        _delay(_notice("01-20", "02-25", consented="02-06", until=UNLIMITED)),
        "12-20",
        ("active", "indefinite_consent", None, None),
    ),
    "a notice of today is given": (
        _delay(_FIRST_SHORT, expected="02-25"),
        "01-20",
        ("active", "silent_consent", "02-25", None),
    ),
    "a consent of today counts": (
        _delay(_notice("01-20", "02-25", consented="02-06", until="03-20"), expected="02-25"),
        "02-06",
        ("active", "express_consent", "03-20", None),
    ),
    "a consent of tomorrow is none yet": (
        _delay(_notice("01-20", "02-25", consented="02-06", until="03-20"), expected="02-25"),
        "02-05",
        ("active", "silent_consent", "02-25", None),
    ),
    "shipped by the near day": (
        _delay(_FIRST_SHORT, shipped="02-25"),
        "03-20",
        ("fulfilled", "in_time", "02-25", None),
    ),
    "a notice of an earlier day is no delay": (
        _delay(_notice("01-20", "01-25"), expected="02-01"),
        "02-01",
        ("active", "silent_consent", "02-01", None),
    ),
    "cancelled before the near day": (
        _delay(_FIRST_SHORT, cancelled="02-10"),
        "02-10",
        ("cancelled", "buyer_ended", None, "02-10", "cancel 02-10 435.2(c)(1)", "refund 02-20 435.1(b)(1)"),
    ),
    "cancelled on the day of the notice": (
        _delay(_FIRST_SHORT, cancelled="01-20"),
        "02-10",
        ("cancelled", "buyer_ended", None, "01-20", "cancel 01-20 435.2(c)(1)", "refund 01-30 435.1(b)(1)"),
    ),
    "cancelled on the day it ships": (
        _delay(_FIRST_SHORT, cancelled="02-10", shipped="02-10"),
        "02-10",
        ("cancelled", "buyer_ended", None, "02-10", "cancel 02-10 435.2(c)(1)", "refund 02-20 435.1(b)(1)"),
    ),
    "cancelled after it shipped": (
        _delay(_FIRST_SHORT, cancelled="02-11", shipped="02-10"),
        "02-20",
        ("fulfilled", "in_time", "02-25", None),
    ),
    "cancelled before any option": (
        _delay(_FIRST_SHORT, expected="02-25", cancelled="01-19"),
        "02-20",
        ("active", "silent_consent", "02-25", None),
    ),
    "cancelled without any option": (
        _delay(expected="01-30", cancelled="01-19"),
        "01-20",
        ("on_time", "in_time", "02-01", None),
    ),
    "cancelled after it had lapsed": (
        _delay(_FIRST_SHORT, cancelled="02-27"),
        "02-28",
        ("cancelled", "no_consent", None, "02-25", "cancel 02-25 435.2(c)(3)", "refund 03-05 435.1(b)(1)"),
    ),
    "a cancellation of tomorrow is none yet": (
        _delay(_FIRST_SHORT, expected="02-25", cancelled="02-10"),
        "02-09",
        ("active", "silent_consent", "02-25", None),
    ),
    # a first notice with a day that is far, or none: silence cancels on the 30th day
    "silence on a far day, so far": (
        _delay(_FIRST_LONG, expected="03-10"),
        "03-02",
        ("waiting", "awaits_consent", "03-02", None),
    ),
    "silence on the 31st day": (
        _delay(_FIRST_AT_31, expected="03-03"),
        "03-02",
        ("waiting", "awaits_consent", "03-02", None),
    ),
    "silence on a far day": (
        _delay(_FIRST_LONG, expected="03-10"),
        "03-03",
        ("cancelled", "no_consent", None, "03-02", "cancel 03-02 435.2(c)(2)", "refund 03-12 435.1(b)(1)"),
    ),
    "silence without a day": (
        _delay(_FIRST_INDEFINITE),
        "03-03",
        ("cancelled", "no_consent", None, "03-02", "cancel 03-02 435.2(c)(2)", "refund 03-12 435.1(b)(1)"),
    ),
    "shipped in the 30 days": (
        _delay(_FIRST_LONG, shipped="03-02"),
        "03-20",
        ("fulfilled", "in_time", "03-02", None),
    ),
    "shipped after the 30 days": (
        _delay(_FIRST_LONG, shipped="03-03"),
        "03-20",
        ("cancelled", "no_consent", None, "03-02", "cancel 03-02 435.2(c)(2)", "refund 03-12 435.1(b)(1)"),
    ),
    "consent to a far day": (
        _delay(_LONG_CONSENT, expected="03-10"),
        "03-10",
        ("active", "express_consent", "03-10", None),
    ),
    "consent on the 30th day": (
        _delay(_notice("01-20", "03-10", consented="03-02"), expected="03-10"),
        "03-10",
        ("active", "express_consent", "03-10", None),
    ),
    "consent after the 30 days": (
        _delay(_notice("01-20", "03-10", consented="03-03"), expected="03-10"),
        "03-10",
        ("cancelled", "no_consent", None, "03-02", "cancel 03-02 435.2(c)(2)", "refund 03-12 435.1(b)(1)"),
    ),
    "consent without a day": (
        _delay(_notice("01-20", consented="02-06")),
        "12-20",
        ("active", "indefinite_consent", None, None),
    ),
    "consent without a day, then cancelled": (
        _delay(_notice("01-20", consented="02-06"), cancelled="06-03"),
        "06-04",
        ("cancelled", "buyer_ended", None, "06-03", "cancel 06-03 435.2(c)(1)", "refund 06-12 435.1(b)(1)"),
    ),
    "consent without a day, then shipped": (
        _delay(_notice("01-20", consented="02-06"), shipped="06-03"),
        "06-04",
        ("fulfilled", "in_time", None, None),
    ),
    "consent without a day needs no further notice": (
        _delay(_notice("01-20", consented="02-06"), _notice("02-20", "03-20")),
        "12-20",
        ("active", "indefinite_consent", None, None),
    ),
    # the renewed option
    "late again": (
        _delay(_FIRST_SHORT, expected="02-26"),
        "02-20",
        ("notify", "expected_late", "02-25", None, "ask 02-25 435.2(b)(2)"),
    ),
    "late again after consent": (
        _delay(_LONG_CONSENT),
        "02-20",
        ("notify", "expected_late", "03-10", None, "ask 03-10 435.2(b)(2)"),
    ),
    "no second notice": (
        _delay(_FIRST_SHORT, expected="02-26"),
        "02-26",
        ("cancelled", "no_consent", None, "02-25", "cancel 02-25 435.2(c)(3)", "refund 03-05 435.1(b)(1)"),
    ),
    "silence on a second notice, so far": (
        _delay(_FIRST_SHORT, _notice("02-20", "02-26"), expected="02-26"),
        "02-25",
        ("waiting", "awaits_consent", "02-25", None),
    ),
    "silence on a second notice": (
        _delay(_FIRST_SHORT, _notice("02-20", "02-26"), expected="02-26"),
        "02-26",
        ("cancelled", "no_consent", None, "02-25", "cancel 02-25 435.2(c)(3)", "refund 03-05 435.1(b)(1)"),
    ),
    "silence on a second notice, but shipped": (
        _delay(_FIRST_SHORT, _notice("02-20", "02-26"), shipped="02-25"),
        "02-26",
        ("fulfilled", "in_time", "02-25", None),
    ),
    "consent to a second notice": (
        _delay(_FIRST_SHORT, _notice("02-20", "03-20", consented="02-25"), expected="03-20"),
        "03-20",
        ("active", "express_consent", "03-20", None),
    ),
    "consent to a second notice, whose day passes too": (
        _delay(_FIRST_SHORT, _notice("02-20", "03-20", consented="02-25"), expected="03-20"),
        "03-21",
        ("cancelled", "no_consent", None, "03-20", "cancel 03-20 435.2(c)(3)", "refund 03-29 435.1(b)(1)"),
    ),
    "consent to a second notice comes late": (
        _delay(_FIRST_SHORT, _notice("02-20", "03-20", consented="02-26"), expected="03-20"),
        "03-20",
        ("cancelled", "no_consent", None, "02-25", "cancel 02-25 435.2(c)(3)", "refund 03-05 435.1(b)(1)"),
    ),
    "consent to a second notice without a day": (
        _delay(_FIRST_SHORT, _notice("02-20", consented="02-25")),
        "12-20",
        ("active", "indefinite_consent", None, None),
    ),
    "a second notice that is late": (
        _delay(_FIRST_SHORT, _notice("02-26", "03-20", consented="02-26"), expected="03-20"),
        "03-20",
        ("cancelled", "no_consent", None, "02-25", "cancel 02-25 435.2(c)(3)", "refund 03-05 435.1(b)(1)"),
    ),
    "a second notice while the first waits": (
        _delay(_FIRST_LONG, _notice("02-20", "03-20"), expected="03-20"),
        "03-03",
        ("cancelled", "no_consent", None, "03-02", "cancel 03-02 435.2(c)(2)", "refund 03-12 435.1(b)(1)"),
    ),
    "a third notice": (
        _delay(_LONG_CONSENT, _notice("03-05", "03-20", consented="03-06"), expected="03-21"),
        "03-20",
        ("notify", "expected_late", "03-20", None, "ask 03-20 435.2(b)(2)"),
    ),
    "cancelled by a second notice": (
        _delay(_LONG_CONSENT, _notice("03-05", "03-20"), cancelled="03-06"),
        "03-20",
        ("cancelled", "buyer_ended", None, "03-06", "cancel 03-06 435.2(c)(1)", "refund 03-15 435.1(b)(1)"),
    ),
    # the seller's own decision
    "the seller will not ship": (
        _delay(refused="01-20"),
        "01-20",
        ("cancelled", "seller_refused", None, "01-20", "cancel 01-20 435.2(c)(4)", "refund 01-30 435.1(b)(1)"),
    ),
    "the seller will not ship tomorrow": (
        _delay(expected="01-30", refused="01-20"),
        "01-19",
        ("on_time", "in_time", "02-01", None),
    ),
    "the seller refuses after it lapsed": (
        _delay(refused="02-05"),
        "02-20",
        ("cancelled", "no_option", None, "02-01", "cancel 02-01 435.2(c)(5)", "refund 02-12 435.1(b)(1)"),
    ),
    "the seller refuses, then the buyer cancels": (
        _delay(_FIRST_SHORT, refused="01-25", cancelled="01-26"),
        "01-29",
        ("cancelled", "seller_refused", None, "01-25", "cancel 01-25 435.2(c)(4)", "refund 02-05 435.1(b)(1)"),
    ),
    "both on the last day": (
        _delay(_FIRST_SHORT, refused="02-25", cancelled="02-25"),
        "02-29",
        ("cancelled", "buyer_ended", None, "02-25", "cancel 02-25 435.2(c)(1)", "refund 03-05 435.1(b)(1)"),
    ),
    # what counts elsewhere does not count here
    "neither essential nor a further period": (
        _delay(_FIRST_SHORT, expected="02-25", timing=Timing.ESSENTIAL, period_until="02-10"),
        "02-20",
        ("active", "silent_consent", "02-25", None),
    ),
}


@pytest.mark.parametrize(("delay", "on", "expected"), _US.values(), ids=_US)
def test_the_us_rule_gives_options_and_lapses(delay, on, expected):
    assert _short(delay_duties(delay, rule=US_16_CFR_435, on=_day(on))) == expected


# name: facts, the day that is asked about, the outcome, the day from which it may be ended
_BY_PERIOD = {
    "expected in time": (_delay(expected="02-01"), "02-01", ("on_time", "in_time", "02-01", None), None),
    "expected late": (_delay(expected="02-02"), "02-01", ("late", "expected_late", "02-01", None), None),
    "no day known": (_delay(), "02-01", ("late", "expected_late", "02-01", None), None),
    "missed": (_delay(), "02-02", ("late", "overdue", "02-01", None), None),
    "shipped but not delivered": (_delay(shipped="01-30"), "02-02", ("late", "overdue", "02-01", None), None),
    "delivered in time": (_delay(delivered="02-01"), "05-01", ("fulfilled", "in_time", "02-01", None), None),
    "delivered late": (_delay(delivered="02-02"), "05-01", ("fulfilled", "after_time", "02-01", None), None),
    "delivered tomorrow": (_delay(delivered="02-03"), "02-02", ("late", "overdue", "02-01", None), None),
    "a period before the time is missed": (
        _delay(expected="02-10", period_until="02-15"),
        "02-01",
        ("late", "expected_late", "02-01", None),
        "02-16",
    ),
    "a period begins": (
        _delay(period_until="02-15"),
        "02-02",
        ("active", "further_period", "02-15", None),
        "02-16",
    ),
    "a period ends": (_delay(period_until="02-15"), "02-15", ("active", "further_period", "02-15", None), "02-16"),
    "a period is over": (_delay(period_until="02-15"), "02-16", ("may_end", "period_over", "02-01", None), "02-16"),
    "a period that ends with the time is none": (
        _delay(period_until="02-01"),
        "02-02",
        ("late", "overdue", "02-01", None),
        None,
    ),
    "delivered in the period": (
        _delay(period_until="02-15", delivered="02-15"),
        "05-01",
        ("fulfilled", "after_time", "02-01", None),
        None,
    ),
    "essential, so far": (
        _delay(timing=Timing.ESSENTIAL, expected="02-01"),
        "02-01",
        ("on_time", "in_time", "02-01", None),
        "02-02",
    ),
    "essential": (_delay(timing="essential"), "02-02", ("may_end", "time_essential", "02-01", None), "02-02"),
    "essential, whatever period": (
        _delay(timing="essential", period_until="02-15"),
        "02-02",
        ("may_end", "time_essential", "02-01", None),
        "02-02",
    ),
    "refused before the time": (_delay(refused="01-20"), "02-01", ("late", "expected_late", "02-01", None), "02-02"),
    "refused, and missed": (_delay(refused="01-20"), "02-02", ("may_end", "seller_refused", "02-01", None), "02-02"),
    "refused in the period": (
        _delay(refused="02-10", period_until="02-15"),
        "02-10",
        ("may_end", "seller_refused", "02-01", None),
        "02-10",
    ),
    "refused tomorrow": (
        _delay(refused="02-10", period_until="02-15"),
        "02-09",
        ("active", "further_period", "02-15", None),
        "02-16",
    ),
    "ended after the period": (
        _delay(period_until="02-15", cancelled="02-16"),
        "02-16",
        ("cancelled", "buyer_ended", None, "02-16", "refund"),
        None,
    ),
    "ended too early": (
        _delay(period_until="02-15", cancelled="02-15"),
        "02-20",
        ("may_end", "period_over", "02-01", None),
        "02-16",
    ),
    "ended without a right": (_delay(cancelled="02-15"), "02-20", ("late", "overdue", "02-01", None), None),
    "ended on the day of delivery": (
        _delay(timing="essential", cancelled="02-10", delivered="02-10"),
        "02-10",
        ("cancelled", "buyer_ended", None, "02-10", "refund"),
        None,
    ),
    "ended after delivery": (
        _delay(timing="essential", cancelled="02-11", delivered="02-10"),
        "02-20",
        ("fulfilled", "after_time", "02-01", None),
        None,
    ),
    "notices and consents change nothing": (
        _delay(_LONG_CONSENT, expected="03-10"),
        "02-02",
        ("late", "overdue", "02-01", None),
        None,
    ),
}


@pytest.mark.parametrize("rule", ["eu", "uk"])
@pytest.mark.parametrize(("delay", "on", "expected", "may_end"), _BY_PERIOD.values(), ids=_BY_PERIOD)
def test_the_eu_and_uk_rules_give_a_further_period(delay, on, expected, may_end, rule):
    outcome = delay_duties(delay, rule=_RULES[rule], on=_day(on))
    assert _short(outcome) == expected
    assert outcome.may_end_from == _day(may_end)


@pytest.mark.parametrize(
    ("rule", "source"),
    [("eu", "Directive 2011/83/EU, article 18(3)"), ("uk", "Consumer Rights Act 2015, section 28(9)")],
)
def test_a_consumer_is_refunded_without_undue_delay(rule, source):
    ended = _delay(timing="essential", cancelled="02-02")
    [refund] = delay_duties(ended, rule=_RULES[rule], on=_day("02-02")).duties
    assert refund == Duty(kind=DutyKind.REFUND, by=None, pace=Pace.NO_UNDUE_DELAY, source=source)


# name: promised, paid by, the days of the US, the EU and the UK
_DEADLINES = {
    "promised": ("02-20", "tender", "02-20", "02-20"),
    "promised, with an application for credit": ("02-20", "credit_application", "02-20", "02-20"),
    "by default": (None, "tender", "02-01", "02-01"),
    "by default, with credit that was there": (None, "seller_account", "02-01", "02-01"),
    "by default, with an application for credit": (None, "credit_application", "02-21", "02-01"),
    "promised for the day of the order": ("01-02", "tender", "01-02", "01-02"),
}


@pytest.mark.parametrize(("promised", "paid_by", "us", "elsewhere"), _DEADLINES.values(), ids=_DEADLINES)
def test_a_deadline_is_the_promise_or_the_default(promised, paid_by, us, elsewhere):
    delay = _delay(promised=promised, paid_by=paid_by)
    assert deadline(delay, rule=US_16_CFR_435) == _day(us)
    assert deadline(delay, rule=EU_2011_83_ART_18) == deadline(delay, rule=UK_CRA_2015_S28) == _day(elsewhere)


def test_shipment_and_delivery_are_measured_apart():
    delay = _delay(shipped="01-30", delivered="02-05")
    assert [rule.measure for rule in _RULES.values()] == [Measure.SHIPMENT, Measure.DELIVERY, Measure.DELIVERY]
    assert delay_duties(delay, rule=US_16_CFR_435, on=_day("03-01")).reason is DelayReason.IN_TIME
    assert delay_duties(delay, rule=UK_CRA_2015_S28, on=_day("03-01")).reason is DelayReason.AFTER_TIME


_ASKS = {
    "near": ("02-25", Silence.CONSENT, "revised_day right_to_cancel free_answer silence_consents"),
    "far": ("03-10", Silence.CANCELLED, "revised_day right_to_cancel free_answer silence_cancels"),
    "without a day": (
        None,
        Silence.CANCELLED,
        "no_day reason continuing_right right_to_cancel free_answer silence_cancels",
    ),
}


@pytest.mark.parametrize(("expected", "silence", "parts"), _ASKS.values(), ids=_ASKS)
def test_a_first_notice_must_say_what_silence_means(expected, silence, parts):
    [ask] = delay_duties(_delay(expected=expected), rule=US_16_CFR_435, on=_day("01-20")).duties
    assert (ask.pace, ask.silence, " ".join(ask.must_say)) == (Pace.REASONABLE, silence, parts)


@pytest.mark.parametrize(("expected", "_first", "parts"), _ASKS.values(), ids=_ASKS)
def test_a_second_notice_never_takes_silence_for_consent(expected, _first, parts):
    delay = _delay(_notice("01-20", "02-05"), expected=expected)
    [ask] = delay_duties(delay, rule=US_16_CFR_435, on=_day("02-05")).duties
    assert ask.silence is Silence.CANCELLED
    assert " ".join(ask.must_say) == parts.replace("consents", "cancels")


def test_the_buyer_may_cancel_from_the_first_option_on():
    asked, plain = _delay(_FIRST_SHORT, expected="02-25"), _delay(expected="02-01")
    assert delay_duties(asked, rule=US_16_CFR_435, on=_day("02-20")).may_end_from == _day("01-20")
    assert delay_duties(plain, rule=US_16_CFR_435, on=_day("01-20")).may_end_from is None


_HOLIDAY = WorkCalendar(weekdays=range(5), holidays={dt.date(2024, 2, 19)})

# name: how it is paid, the day it was cancelled, the calendar, the refund
_REFUNDS = {
    "from a Thursday": ({}, "02-01", MON_TO_FRI, "02-12", Pace.BY_DAY),
    "from a Friday": ({}, "02-02", MON_TO_FRI, "02-13", Pace.BY_DAY),
    "from a Saturday": ({}, "02-03", MON_TO_FRI, "02-13", Pace.BY_DAY),
    "from a Sunday": ({}, "02-04", MON_TO_FRI, "02-13", Pace.BY_DAY),
    "from a Monday": ({}, "02-05", MON_TO_FRI, "02-14", Pace.BY_DAY),
    "over a holiday": ({}, "02-12", _HOLIDAY, "02-22", Pace.BY_DAY),
    "every day works": ({}, "02-03", EVERY_DAY, "02-10", Pace.BY_DAY),
    "credit of the seller": ({"paid_by": "seller_account"}, "02-03", MON_TO_FRI, None, Pace.BILLING_CYCLE),
    "credit of the seller, its cycle known": (
        {"paid_by": "seller_account", "billing_cycle_days": 30},
        "02-03",
        MON_TO_FRI,
        "03-04",
        Pace.BILLING_CYCLE,
    ),
    "an application for credit": (
        {"paid_by": "credit_application", "billing_cycle_days": 28},
        "02-03",
        MON_TO_FRI,
        "03-02",
        Pace.BILLING_CYCLE,
    ),
}


@pytest.mark.parametrize(("paid", "cancelled", "calendar", "by", "pace"), _REFUNDS.values(), ids=_REFUNDS)
def test_a_refund_takes_seven_working_days_or_a_billing_cycle(paid, cancelled, calendar, by, pace):
    delay = _delay(_FIRST_SHORT, cancelled=cancelled, **paid)
    outcome = delay_duties(delay, rule=US_16_CFR_435, on=_day("02-20"), calendar=calendar)
    cancel, refund = outcome.duties
    assert (cancel.kind, cancel.by, cancel.pace) == (DutyKind.CANCEL, _day(cancelled), Pace.BY_DAY)
    paragraph = "16 CFR 435.1(b)(1)" if pace is Pace.BY_DAY else "16 CFR 435.1(b)(2)"
    assert (refund.kind, refund.by, refund.pace, refund.source) == (DutyKind.REFUND, _day(by), pace, paragraph)


# name: rule, the last day it is not in force, the first day that it is
_IN_FORCE = {
    "us": ("2014-12-07", "2014-12-08"),
    "eu": ("2014-06-13", "2014-06-14"),
    "uk": ("2015-09-30", "2015-10-01"),
}


_NAMES = {
    "us": ("US 16 CFR part 435", "16 CFR 435.1 and 435.2, 79 FR 55615"),
    "eu": ("EU directive 2011/83 article 18", "Directive 2011/83/EU, article 18, OJ L 304, 22.11.2011"),
    "uk": ("UK Consumer Rights Act 2015 section 28", "Consumer Rights Act 2015 (c. 15), section 28"),
}


@pytest.mark.parametrize("name", _NAMES)
def test_a_rule_says_what_it_is_and_where_it_stands(name):
    assert deadline(_delay(), rule=_RULES[name]) == _PROMISED
    assert (_RULES[name].name, _RULES[name].source) == _NAMES[name]


@pytest.mark.parametrize("name", _IN_FORCE)
def test_a_rule_is_about_orders_from_its_first_day_on(name):
    before, first = map(dt.date.fromisoformat, _IN_FORCE[name])
    assert deadline(Delay(ordered=first, expected=None), rule=_RULES[name]) == first + dt.timedelta(days=30)
    for ask in (deadline, lambda delay, rule: delay_duties(delay, rule=rule, on=first)):
        requirement = f"must be a day on which {_NAMES[name][0]} is in force, {first} to now: .*"
        with pytest.raises(InvalidArgument, match=rf"^delay.ordered: {requirement} \(got {before}\)") as caught:
            ask(Delay(ordered=before, expected=None), rule=_RULES[name])
        assert (caught.value.code, caught.value.path) == ("rule.not_in_force", "delay.ordered")


def test_a_rule_ends_with_its_last_day():
    rule = attrs.evolve(EU_2011_83_ART_18, until=_ORDERED)
    assert deadline(_delay(), rule=rule) == _PROMISED
    with pytest.raises(InvalidArgument, match="2014-06-14 to 2024-01-02"):
        deadline(_delay(ordered="01-03"), rule=rule)


def _tell(delay, /, *, rule, calendar, **_):
    """Tell the buyer of any delay by the day before the deadline, and nothing else."""
    by = calendar.subtract_working_days(deadline(delay, rule=rule), 1)
    duty = Duty(kind=DutyKind.TELL, by=by, must_say=["revised_day"], source="our terms, 4")
    late = delay.expected is None or delay.expected > by
    return DelayOutcome(status="notify" if late else "on_time", reason="expected_late", duties=[duty] if late else [])


def test_a_rule_of_a_callers_own_is_about_orders_from_its_first_day_on():
    rule = DelayRule(
        name="our terms",
        source="terms",
        effective=_ORDERED,
        measure="shipment",
        default_days=10,
        decide=lambda *_, **__: DelayOutcome(status="on_time", reason="in_time"),
    )
    assert delay_duties(_delay(), rule=rule, on=_day("01-05")).status is DelayStatus.ON_TIME
    with pytest.raises(InvalidArgument, match="must be a day on which our terms is in force, 2024-01-02 to now"):
        delay_duties(_delay(ordered="01-01"), rule=rule, on=_day("01-05"))


def test_a_caller_writes_a_rule_of_their_own():
    rule = DelayRule(
        name="our terms", source="terms", effective=_ORDERED, measure="shipment", default_days=10, decide=_tell
    )
    outcome = delay_duties(_delay(promised=None), rule=rule, on=_day("01-05"))
    assert outcome.status is DelayStatus.NOTIFY
    assert outcome.duties == (
        Duty(kind=DutyKind.TELL, by=_day("01-11"), must_say=[NoticePart.REVISED_DAY], source="our terms, 4"),
    )
    assert delay_duties(_delay(promised=None), rule=rule, on=_day("01-05"), calendar=EVERY_DAY) == outcome


def test_a_caller_changes_a_rule_s_numbers():
    us = attrs.evolve(US_16_CFR_435, silence_days=10, refund_days=1, default_days=7, credit_days=None)
    applied = _delay(promised=None, expected="01-20", paid_by="credit_application")
    assert deadline(applied, rule=us) == _day("01-09")
    [ask] = delay_duties(applied, rule=us, on=_day("01-09")).duties
    assert ask.silence is Silence.CANCELLED
    lapsed = delay_duties(_delay(_FIRST_INDEFINITE), rule=us, on=_day("02-12"))
    assert _short(lapsed)[3:] == ("02-11", "cancel 02-11 435.2(c)(2)", "refund 02-12 435.1(b)(1)")
    eu = attrs.evolve(EU_2011_83_ART_18, refund_days=14)
    [refund] = delay_duties(_delay(timing="essential", cancelled="02-02"), rule=eu, on=_day("02-02")).duties
    assert (refund.by, refund.pace) == (_day("02-22"), Pace.BY_DAY)


def test_another_measure_makes_the_us_rule_count_to_delivery():
    rule = attrs.evolve(US_16_CFR_435, measure="delivery")
    delay = _delay(_FIRST_SHORT, shipped="02-20", delivered="02-26")
    assert _short(delay_duties(delay, rule=rule, on=_day("03-01")))[:2] == ("cancelled", "no_consent")


def _built(**fields):
    return lambda: Delay(**{"ordered": _ORDERED, "expected": None} | fields)


_DAY = dt.timedelta(days=1)

# name: what is built or called, the message
_REFUSED = {
    "an instant": (_built(ordered=dt.datetime(2024, 1, 2)), "ordered: must be a day"),
    "promised too early": (_built(promised=_ORDERED - _DAY), "promised: must not lie before ordered, 2024-01-02"),
    "cancelled too early": (_built(cancelled=_ORDERED - _DAY), "cancelled: must not lie before ordered"),
    "refused too early": (_built(refused=_ORDERED - _DAY), "refused: must not lie before ordered"),
    "shipped too early": (_built(shipped=_ORDERED - _DAY), "shipped: must not lie before ordered"),
    "delivered too early": (_built(delivered=_ORDERED - _DAY), "delivered: must not lie before ordered"),
    "a period too early": (_built(period_until=_ORDERED - _DAY), "period_until: must not lie before ordered"),
    "a period before the promise": (
        _built(promised=_PROMISED, period_until=_PROMISED - _DAY),
        "period_until: must not lie before promised, 2024-02-01",
    ),
    "delivered before shipped": (
        _built(shipped=_PROMISED, delivered=_PROMISED - _DAY),
        r"delivered: must not lie before shipped, 2024-02-01 \(got 2024-01-31\)",
    ),
    "a notice before the order": (
        _built(notices=[_notice("01-01")]),
        r"notices\[0\].given: must not lie before ordered and the notice before it, 2024-01-02",
    ),
    "notices out of order": (
        _built(notices=[_notice("01-20"), _notice("01-19")]),
        r"notices\[1\].given: must not lie before ordered and the notice before it, 2024-01-20",
    ),
    "no notices": (_built(notices=["later"]), r"notices\[0\]: must be a DelayNotice"),
    "another timing": (_built(timing="soon"), "timing: must be one of ordinary, essential"),
    "another payment": (_built(paid_by="shells"), "paid_by: must be one of tender"),
    "a cycle of no days": (_built(paid_by=PaidBy.SELLER_ACCOUNT, billing_cycle_days=0), "billing_cycle_days: .* >= 1"),
    "a cycle of others": (_built(billing_cycle_days=30), "billing_cycle_days: must be None unless paid_by is"),
    "revised too early": (lambda: _notice("01-20", "01-19"), "revised: must not lie before given, 2024-01-20"),
    "consented too early": (lambda: _notice("01-20", None, "01-19"), "consented: must not lie before given"),
    "until without a consent": (lambda: _notice("01-20", "02-25", None, "03-20"), "until: must go beyond a revised"),
    "until without a day": (lambda: _notice("01-20", None, "01-21", UNLIMITED), r"until: .* \(got UNLIMITED\)"),
    "until too early": (lambda: _notice("01-20", "02-25", "01-21", "02-24"), "until: must not lie before revised"),
    "until no day": (lambda: DelayNotice(given=_ORDERED, until="ever"), "until: must be a day"),
    "a rule the wrong way round": (
        lambda: attrs.evolve(US_16_CFR_435, until=dt.date(2014, 12, 7)),
        "until: must not lie before effective, 2014-12-08",
    ),
    "a rule without a function": (
        lambda: attrs.evolve(US_16_CFR_435, decide="yes"),
        "decide: must be a function of a delay",
    ),
    "a refund of no days": (lambda: attrs.evolve(US_16_CFR_435, refund_days=0), "refund_days: .* >= 1"),
    "no credit days": (lambda: attrs.evolve(US_16_CFR_435, credit_days=-1), "credit_days: .* >= 0"),
    "no facts": (lambda: deadline("O1", rule=US_16_CFR_435), "delay: must be a Delay"),
    "no rule": (lambda: deadline(_delay(), rule="us"), "rule: must be a DelayRule"),
    "no calendar": (
        lambda: delay_duties(_delay(), rule=US_16_CFR_435, on=_PROMISED, calendar="every day"),
        "calendar: must be a WorkCalendar",
    ),
    "no day": (lambda: delay_duties(_delay(), rule=US_16_CFR_435, on="2024-02-01"), "on: must be a day"),
    "a day before the order": (
        lambda: delay_duties(_delay(), rule=US_16_CFR_435, on=_ORDERED - _DAY),
        "on: must not lie before the day of the order, 2024-01-02",
    ),
    "no outcome": (
        lambda: delay_duties(_delay(), rule=attrs.evolve(US_16_CFR_435, decide=lambda *_, **__: None), on=_PROMISED),
        "rule.decide: must be a DelayOutcome",
    ),
    "past the last year": (
        lambda: deadline(Delay(ordered=dt.date.max, expected=None), rule=US_16_CFR_435),
        r"delay: must leave room for 30 days in the years 1 to 9999 \(got 9999-12-31\)",
    ),
}


@pytest.mark.parametrize(("call", "message"), _REFUSED.values(), ids=_REFUSED)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(InvalidArgument, match=f"^{message}"):
        call()


_CODES = {
    "reversed": (_REFUSED["promised too early"], "delay.reversed"),
    "until": (_REFUSED["until without a consent"], "delay.until"),
    "billing cycle": (_REFUSED["a cycle of others"], "delay.billing_cycle"),
    "function": (_REFUSED["a rule without a function"], "type.invalid"),
    "room": (_REFUSED["past the last year"], "day.invalid"),
}


@pytest.mark.parametrize(("case", "code"), _CODES.values(), ids=_CODES)
def test_an_error_has_a_stable_code(case, code):
    with pytest.raises(InvalidArgument) as caught:
        case[0]()
    assert caught.value.code == code


def _owed(**fields):
    return Duty(**{"kind": "tell", "by": _PROMISED, "source": "terms"} | fields)


# the choices, and how a value is built from the name of one
_SPELLED = {
    Measure: lambda name: attrs.evolve(US_16_CFR_435, measure=name).measure,
    Timing: lambda name: _delay(timing=name).timing,
    PaidBy: lambda name: _delay(paid_by=name).paid_by,
    Silence: lambda name: _owed(silence=name).silence,
    DutyKind: lambda name: _owed(kind=name).kind,
    Pace: lambda name: _owed(pace=name).pace,
    NoticePart: lambda name: _owed(must_say=[name]).must_say[0],
    DelayStatus: lambda name: DelayOutcome(status=name, reason="in_time").status,
    DelayReason: lambda name: DelayOutcome(status="on_time", reason=name).reason,
}


@pytest.mark.parametrize(("choices", "build"), _SPELLED.items(), ids=[choices.__name__ for choices in _SPELLED])
def test_a_choice_is_given_by_its_name_in_lower_case(choices, build):
    assert [build(choice.name.lower()) for choice in choices] == list(choices)


def test_a_duty_by_itself_is_due_by_its_day_and_silence_means_nothing():
    assert _owed() == _owed(pace="by_day", silence="nothing", must_say=[])


def test_a_rule_by_itself_takes_no_silence_for_consent_and_refunds_without_undue_delay():
    terms = {"name": "our terms", "source": "terms", "effective": _ORDERED, "measure": "shipment", "decide": _tell}
    rule = DelayRule(**terms, default_days=10)
    assert rule == attrs.evolve(rule, silence_days=0, credit_days=None, refund_days=None, until=None)


def test_a_calendar_without_working_days_is_refused():
    with pytest.raises(NoWorkingDay):
        delay_duties(_delay(), rule=US_16_CFR_435, on=_day("02-02"), calendar=WorkCalendar(weekdays=()))


@pytest.mark.parametrize(
    "value",
    [
        *_RULES.values(),
        _delay(_LONG_CONSENT, timing="essential"),
        delay_duties(_delay(), rule=US_16_CFR_435, on=_day("03-01")),
    ],
    ids=["us", "eu", "uk", "facts", "outcome"],
)
def test_values_are_frozen_and_survive_copies(value):
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
    assert hash(copy.copy(value)) == hash(value)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.name = "other"
