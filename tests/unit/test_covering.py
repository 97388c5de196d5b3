"""The fewest columns that cover rows of demand."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from preorder_kit._covering import Effort, fewest, needed

TRAP = [  # the first column covers most, and is in no smallest cover
    (2, [2, 2, 0, 0, 0]),
    (2, [2, 0, 2, 0, 0]),
    (2, [2, 2, 0, 0, 0]),
    (2, [2, 0, 2, 0, 0]),
    (2, [0, 2, 0, 2, 0]),
    (2, [0, 0, 2, 2, 0]),
    (1, [0, 0, 1, 0, 1]),
]


def covered(rows):
    """Return what says whether columns cover the rows, and shows them."""

    def fits(columns):
        held = [sum(given[column] for column in columns) for _, given in rows]
        return tuple(columns) if all(units >= row[0] for units, row in zip(held, rows, strict=True)) else None

    return fits


def found(rows, steps=10_000, fits=None):
    fits = fits or covered(rows)
    columns = range(len(rows[0][1]))
    return fewest(rows, fits, known=(columns, tuple(columns)), effort=Effort(steps))


@pytest.mark.parametrize(
    ("rows", "least"),
    [
        pytest.param([], 0, id="nothing-wanted"),
        pytest.param([(0, [3, 3])], 0, id="no-units"),
        pytest.param([(13, [10, 15])], 1, id="one-has-all"),
        pytest.param([(26, [10, 15, 2])], 3, id="all-of-them"),
        pytest.param([(5, [5, 1]), (2, [1, 1])], 2, id="the-hardest-row-counts"),
    ],
)
def test_no_fewer_columns_than_each_row_needs_by_itself(rows, least):
    assert needed(rows) == least


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        pytest.param([(13, [10, 15])], (1,), id="one-is-enough"),
        pytest.param([(13, [14, 15])], (0,), id="ties-to-the-first"),
        pytest.param([(2, [1, 1, 1])], (0, 1), id="ties-to-the-first-two"),
        pytest.param([(1, [1, 0, 1]), (1, [0, 1, 0])], (0, 1), id="rows-apart"),
        pytest.param(TRAP, (1, 2), id="greedy-needs-three"),
    ],
)
def test_the_fewest_columns_cover_the_rows(rows, columns):
    assert found(rows) == (columns, len(columns))


def test_without_effort_the_greedy_cover_is_taken_and_what_is_proved_is_said():
    assert found(TRAP, steps=0) == ((0, 2, 3), 2)


def test_without_effort_columns_that_are_not_needed_are_dropped():
    rows = [(4, [3, 2, 2])]
    known = ((0, 1, 2), (0, 1, 2))
    assert fewest(rows, covered(rows), known=known, effort=Effort(0)) == ((0, 1), 2)
    rows = [(4, [4, 2, 2]), (4, [2, 4, 2]), (4, [2, 2, 4])]
    assert found(rows, steps=0) == ((0, 1), 2)


def test_of_columns_that_are_not_needed_the_last_is_dropped_first():
    rows = [(demand, [*given, given[1]]) for demand, given in TRAP]
    assert fewest(rows, covered(rows), known=((1, 2, 5), (1, 2, 5)), effort=Effort(0)) == ((1, 2), 2)


def test_columns_that_only_seem_needless_stay():
    rows = [(2, [1, 1, 1])]
    assert found(rows, fits=lambda columns: tuple(columns) if 2 in columns else None) == ((0, 2), 2)
    assert found(rows, fits=lambda columns: tuple(columns) if len(columns) == 3 else None) == ((0, 1, 2), 3)


def test_what_is_known_stays_where_the_greedy_cover_is_no_smaller():
    rows = [(2, [1, 1, 1])]
    assert fewest(rows, covered(rows), known=((1, 2), "known"), effort=Effort(0)) == ("known", 2)


@pytest.mark.parametrize(
    ("more", "columns", "proved"),
    [pytest.param(57, 59, 59, id="sixty-are-searched"), pytest.param(58, 61, 50, id="sixty-one-are-not")],
)
def test_a_choice_of_very_many_columns_is_not_searched(more, columns, proved):
    """The trap, and columns that are needed each for a row of its own: greedy takes one more than the fewest."""
    rows = [(demand, [*given] + [0] * more) for demand, given in TRAP]
    rows += [(1, [0] * 5 + [int(place == own) for place in range(more)]) for own in range(more)]
    chosen, least = found(rows, steps=10**9)
    assert (len(chosen), least) == (columns, proved)


FOUR_POINTS = [(1, [int(point in pair) for point in range(4)]) for pair in combinations(range(4), 2)]


@pytest.mark.parametrize(("steps", "proved"), [(29, 2), (30, 3)])
def test_a_number_is_proved_too_small_with_the_last_step_of_its_search(steps, proved):
    """Two of four points are not on each line between them: six rows for each of five columns that are tried."""
    assert found(FOUR_POINTS, steps=steps) == ((0, 1, 2), proved)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(2, [1] * 30), (1, [0] * 28 + [1, 0]), (1, [0] * 29 + [1])], id="only-the-last-have-it"),
        pytest.param([(10, [1] * 24 + [4]), (3, [0] * 22 + [1, 1, 1])], id="the-last-are-all-needed"),
    ],
)
def test_columns_without_which_some_row_is_not_covered_are_not_left_out_in_vain(rows):
    effort = Effort(100)
    everything = range(len(rows[0][1]))
    fewest(rows, covered(rows), known=(everything, tuple(everything)), effort=effort)
    assert effort.left > 0


def all_rows(columns, most):
    """Return each row of so many columns that all of them together cover."""
    for demand in range(1, most + 1):
        for given in product(range(demand + 1), repeat=columns):
            if sum(given) >= demand:
                yield demand, given


PAIRS = list(product(all_rows(3, 2), repeat=2)) + [[row] for row in all_rows(4, 3)]


def asked_for_covers_alone(rows):
    """Return what fits, and fails where it is asked of columns that do not cover."""

    def fits(columns):
        assert covered(rows)(columns), f"{columns} do not cover {rows}"
        return "a long name for " + ",".join(map(str, columns))

    return fits


def test_small_choices_are_those_of_all_that_there_are():
    for rows in PAIRS:
        every = range(len(rows[0][1]))
        choices = (some for size in range(len(every) + 1) for some in combinations(every, size))
        best = next(some for some in choices if covered(rows)(some))
        fits = asked_for_covers_alone(rows)
        assert fewest(rows, fits, known=(every, fits(every)), effort=Effort(10_000)) == (fits(best), len(best))


@pytest.mark.parametrize("steps", range(4))
def test_small_choices_with_little_effort_cover_without_a_needless_column(steps):
    for rows in PAIRS:
        every, fits = range(len(rows[0][1])), asked_for_covers_alone(rows)
        named, proved = fewest(rows, fits, known=(every, fits(every)), effort=Effort(steps))
        chosen = [int(column) for column in named.rpartition(" ")[2].split(",")]
        assert not any(covered(rows)([other for other in chosen if other != column]) for column in chosen)
        assert proved <= found(rows)[1] <= len(chosen)


def test_effort_is_spent_to_its_last_step():
    effort = Effort(3)
    assert [effort.spend(), effort.spend(2), effort.spend()] == [True, True, False]
    assert effort.left == -1
