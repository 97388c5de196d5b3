import datetime as dt

import pytest

from preorder_kit._workdays import rhythm_of

DAY = dt.timedelta(days=1)
MONDAY = dt.date(2024, 1, 1)
MONDAYS = {0}


def holidays(count, *, over):
    """So many holidays, the last one so many days after the first."""
    return {MONDAY + n * DAY for n in range(count - 1)} | {MONDAY + over * DAY}


@pytest.mark.parametrize(
    ("count", "over", "dense"),
    [
        pytest.param(51, 350, False, id="a year has a 52nd of each weekday"),
        pytest.param(52, 350, True, id="52 may be every Monday of a year"),
        pytest.param(52, 366, True, id="just within a year"),
        pytest.param(52, 367, False, id="over more than a year"),
        pytest.param(53, 367, True, id="all but the last within a year"),
        pytest.param(60, 5000, True, id="a dense year, then one far off"),
    ],
)
def test_a_year_that_may_have_no_working_day_has_no_rhythm(count, over, dense):
    assert (rhythm_of(MONDAYS, holidays(count, over=over)) is None) is dense


def test_dense_years_count_wherever_they_are():
    early = {MONDAY - 5000 * DAY}
    late = {MONDAY + 5000 * DAY}
    assert rhythm_of(MONDAYS, early | holidays(52, over=366) | late) is None
    assert rhythm_of(MONDAYS, early | holidays(51, over=366) | late) is not None


def walked(day, n, *, step, weekdays, closed):
    """The working day that is n after (before, for a step of -1) the first one from a day on, by going there."""
    while True:
        if day.weekday() in weekdays and day not in closed:
            if n == 0:
                return day
            n -= 1
        day += step * DAY


@pytest.mark.parametrize("weekdays", [{0}, {0, 3}, {0, 1, 2, 3, 4}, {0, 1, 2, 3, 4, 5, 6}], ids=str)
def test_working_days_are_those_that_a_walk_finds(weekdays):
    closed = {day for day in holidays(40, over=60) if day.weekday() in weekdays}
    rhythm = rhythm_of(weekdays, closed)
    for start in range(-10, 80, 3):
        day = MONDAY + start * DAY
        for n in (0, 1, 2, 5, 11, 23):
            later = walked(day, n, step=1, weekdays=weekdays, closed=closed)
            earlier = walked(day, n, step=-1, weekdays=weekdays, closed=closed)
            assert rhythm.later(day.toordinal(), n) == later.toordinal()
            assert rhythm.earlier(day.toordinal(), n) == earlier.toordinal()
