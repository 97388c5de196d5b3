"""Published examples of what a delay obliges to. The data is in cases/delays.json."""

import attrs
import pytest
from golden_cases import DAY, cases, day_of

from preorder_kit import (
    EU_2011_83_ART_18,
    UK_CRA_2015_S28,
    US_16_CFR_435,
    Delay,
    DelayNotice,
    DelayStatus,
    DutyKind,
    Measure,
    Pace,
    deadline,
    delay_duties,
)


@pytest.mark.parametrize("case", cases("delays"))
def test_what_a_delay_obliges_to_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def _day(text):
    return None if text is None else day_of(text)


def check_ftc_delay(given, expect):
    """The notice is given in time; a renewed one follows a first that named the day in ``ship_by``."""
    ship_by, revised, answer = _day(given["ship_by"]), _day(given["revised"]), given["buyer_response"] or {}
    answered, promised = _day(answer.get("on")), ship_by
    consented = answered if answer.get("consent") else None
    notices = [DelayNotice(given=min(ship_by, answered or ship_by), revised=revised, consented=consented)]
    if given["notice"] != "first":
        promised = ship_by - 10 * DAY
        notices.insert(0, DelayNotice(given=min(promised, notices[0].given), revised=ship_by))
    delay = Delay(
        ordered=promised - 30 * DAY,
        promised=promised,
        expected=revised,
        notices=notices,
        cancelled=None if answer.get("consent") else answered,
        shipped=_day(given.get("shipped")),
    )
    on = _day(given.get("today")) or revised or ship_by + 31 * DAY
    outcome = delay_duties(delay, rule=US_16_CFR_435, on=on)
    assert outcome.status is DelayStatus(expect["status"])
    assert outcome.cancelled_on == _day(expect.get("effective"))
    assert "new_ship_by" not in expect or outcome.due == _day(expect["new_ship_by"])


def check_uk_cra(given, expect):
    facts = Delay(
        ordered=_day(given["contract"]),
        promised=_day(given["agreed"]),
        expected=None,
        delivered=_day(given.get("delivered")),
        timing="essential" if given["essential"] else "ordinary",
        period_until=_day(given.get("consumer_sets_period_to")),
    )
    today = _day(given["today"])
    assert (deadline(facts, rule=UK_CRA_2015_S28) < today) == given["missed"]
    outcome = delay_duties(facts, rule=UK_CRA_2015_S28, on=today)
    assert (outcome.status is DelayStatus.MAY_END) == expect["may_end_contract"]
    if "further_period_needed" in expect:
        assert (outcome.status is DelayStatus.LATE) == expect["further_period_needed"]
    if expect["may_end_contract"]:
        ended = delay_duties(attrs.evolve(facts, cancelled=today), rule=UK_CRA_2015_S28, on=today)
        assert [(duty.kind, duty.pace) for duty in ended.duties] == [(DutyKind.REFUND, Pace.NO_UNDUE_DELAY)]


def check_eu_crd(given, expect):
    """By default 30 days to delivery; then a further period, none if the date is essential or delivery is refused."""
    facts = Delay(ordered=_day(given["contract"]), promised=_day(given["agreed"]), expected=None)
    due = deadline(facts, rule=EU_2011_83_ART_18)
    assert (due, EU_2011_83_ART_18.measure) == (_day(expect["deliver_by"]), Measure.DELIVERY)
    rights = [{}, {"period_until": due + 10 * DAY}, {"timing": "essential"}, {"refused": due}]
    outcomes = [delay_duties(attrs.evolve(facts, **right), rule=EU_2011_83_ART_18, on=due + DAY) for right in rights]
    assert [outcome.may_end_from for outcome in outcomes] == [None, due + 11 * DAY, due + DAY, due + DAY]
