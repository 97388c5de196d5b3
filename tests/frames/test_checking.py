from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from engines import EACH, make, pa, rows
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import InvalidDocument
from preorder_kit.frames._checking import MOST
from preorder_kit.frames._columns import AVAILABLE, QUEUE, Column, ColumnType, Schema
from preorder_kit.frames._engines import check, check_all

NOW = dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.timezone.utc)
UTC = pa.timestamp("us", "UTC")
LINES = pa.table(
    {
        "order_id": ["O1", "O1", "O2"],
        "line_id": ["1", "2", "1"],
        "sku": ["a", "b", "a"],
        "quantity": [3, 1, 2],
        "placed_at": pa.array([NOW, NOW, NOW], UTC),
    }
)
#: Engines with checks of their own, the quick ones; the others are held to all of it at once, at the end.
HERE = ("polars", "pandas", "pandas-arrow", "duckdb")
DAYS = Schema("a day of a SKU", (Column("day", ColumnType.DAY, "the day", is_nullable=True),))


def but(table=LINES, /, **columns):
    """Return the lines with other columns, or without those that are None."""
    for name, values in columns.items():
        if name in table.column_names:
            table = table.drop_columns([name])
        if values is not None:
            table = table.append_column(name, values if isinstance(values, pa.Array) else pa.array(values))
    return table


def refusals(frame, schema=QUEUE):
    with pytest.raises(InvalidDocument) as caught:
        check(frame, schema, "queue")
    return caught.value.problems


@pytest.mark.parametrize("engine", EACH)
def test_a_frame_that_is_right_is_described(engine, build):
    lines = but(hold=pa.array(["x", None, None]), ship=["Complete", "as_available", "COMPLETE"], granted=[0, 1, 0])
    facts = check(build(engine, lines), QUEUE, "queue").facts
    assert facts.rows == 3
    assert facts.most == {"quantity": 3, "granted": 1}
    assert facts.words == {"ship": {"complete", "as_available"}}


@pytest.mark.parametrize("engine", EACH)
def test_a_frame_without_rows_is_right(engine, build):
    facts = check(build(engine, but(ship=["complete"] * 3).slice(0, 0)), QUEUE, "queue").facts
    assert (facts.rows, dict(facts.most), dict(facts.words)) == (0, {"quantity": 0}, {"ship": frozenset()})


WRONG_TYPES = [
    pytest.param("quantity", [1.0, 2.0, 3.0], id="floats"),
    pytest.param("quantity", pa.array([Decimal(1)] * 3, pa.decimal128(18, 0)), id="decimals"),
    pytest.param("quantity", [True, False, True], id="flags for numbers"),
    pytest.param("quantity", ["1", "2", "3"], id="text for numbers"),
    pytest.param("sku", [1.5, 2.5, 3.5], id="floats for keys"),
    pytest.param("sku", [True, False, True], id="flags for keys"),
    pytest.param("hold", [1, 2, 3], id="numbers for text"),
    pytest.param("placed_at", pa.array([NOW.replace(tzinfo=None)] * 3, pa.timestamp("us")), id="naive timestamps"),
    pytest.param("placed_at", pa.array([NOW.date()] * 3), id="days for instants"),
    pytest.param("placed_at", ["2026-03-29T01:30:00Z"] * 3, id="text for instants"),
]


@pytest.mark.parametrize(("column", "values"), WRONG_TYPES)
@pytest.mark.parametrize("engine", HERE)
def test_a_column_of_another_type_is_refused_by_its_name(engine, column, values):
    (problem,) = refusals(make(engine, but(**{column: values})))
    assert (problem.path, problem.code) == (f"queue.{column}", "column.type")
    assert "got" in problem.message


@pytest.mark.parametrize("values", [[["a"], ["b"], ["c"]], [{"x": 1}] * 3, [b"a", b"b", b"c"]], ids=str)
@pytest.mark.parametrize("engine", HERE)
def test_keys_that_are_neither_text_nor_numbers_are_refused(engine, values):
    (problem,) = refusals(make(engine, but(sku=values)))
    assert (problem.path, problem.code) == ("queue.sku", "column.type")


WRONG_ROWS = [
    pytest.param("sku", pa.array(["a", None, "b"]), "column.null", "line_id '2', sku None", id="nothing in a key"),
    pytest.param("quantity", pa.array([1, None, 1]), "column.null", "quantity None", id="no number"),
    pytest.param("placed_at", pa.array([NOW, None, NOW], UTC), "column.null", "placed_at None", id="no instant"),
    pytest.param("priority", pa.array([1, None, 1]), "column.null", "priority None", id="no priority"),
    pytest.param("ship", pa.array(["complete", None, "complete"]), "column.null", "ship None", id="no word"),
    pytest.param("sku", ["a", "", "b"], "text.invalid", "sku ''", id="empty text"),
    pytest.param("quantity", [1, 0, 1], "units.invalid", "quantity 0", id="none"),
    pytest.param("quantity", [1, -2, 1], "units.invalid", "quantity -2", id="negative"),
    pytest.param("granted", [1, -1, 1], "units.invalid", "granted -1", id="negative grant"),
    pytest.param("quantity", [1, MOST + 1, 1], "units.invalid", f"quantity {MOST + 1}", id="19 digits"),
    pytest.param("priority", [1, -(2**63), 1], "units.invalid", f"priority {-(2**63)}", id="19 digits below 0"),
    pytest.param("ship", ["complete", "never", "complete"], "choice.invalid", "ship 'never'", id="unknown word"),
]


@pytest.mark.parametrize(("column", "values", "code", "words"), WRONG_ROWS)
@pytest.mark.parametrize("engine", HERE)
def test_a_row_that_holds_what_it_must_not_is_named_by_its_key(engine, column, values, code, words):
    (problem,) = refusals(make(engine, but(**{column: values})))
    assert (problem.path, problem.code) == (f"queue.{column}", code)
    assert "not so for 1 row: order_id 'O1', line_id '2'" in problem.message
    assert problem.message.endswith(words)


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.parametrize(("column", "code"), [("quantity", "units.invalid"), ("line_id", "key.invalid")])
def test_numbers_that_do_not_fit_into_64_bits_with_a_sign_are_refused(engine, column, code):
    large = pa.array([1, 2, 2**63 + 5], pa.uint64())
    (problem,) = refusals(make(engine, but(**{column: large})))
    assert (problem.path, problem.code) == (f"queue.{column}", code)
    assert str(2**63 + 5) in problem.message


@pytest.mark.parametrize("column", ["quantity", "line_id"])
def test_numbers_of_128_bits_are_refused_where_they_are_too_large(column):
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    table = but(**{column: None})
    relation = duckdb.connect().from_arrow(table).project(f"*, 2::HUGEINT ** 70 as {column}")
    relation = relation.project(f"* replace ({column}::HUGEINT as {column})")
    (problem,) = [it for it in refusals(relation) if it.path == f"queue.{column}"]
    assert problem.code in {"units.invalid", "key.invalid"}
    assert "not so for 3 rows" in problem.message


@pytest.mark.parametrize("engine", HERE)
def test_rows_that_share_a_key_are_refused_with_their_number(engine):
    twice = pa.concat_tables([LINES, LINES.slice(1, 1), LINES.slice(1, 2)])
    (problem,) = refusals(make(engine, twice))
    assert (problem.path, problem.code) == ("queue.order_id+line_id", "id.repeated")
    assert (
        "not so for 2 keys: order_id 'O1', line_id '2', rows 3; order_id 'O2', line_id '1', rows 2" in problem.message
    )


@pytest.mark.parametrize("engine", HERE)
def test_five_rows_are_named_the_first_by_key_and_the_others_counted(engine):
    lines = pa.table(
        {
            "order_id": [f"O{number:02}" for number in reversed(range(40))],
            "line_id": ["1"] * 40,
            "sku": ["a"] * 40,
            "quantity": [0] * 40,
            "placed_at": pa.array([NOW] * 40, UTC),
        }
    )
    (problem,) = refusals(make(engine, lines))
    assert [row["order_id"] for row in problem.value] == ["O00", "O01", "O02", "O03", "O04"]
    assert problem.message.endswith("order_id 'O04', line_id '1', quantity 0, and 35 more")


@pytest.mark.parametrize("engine", HERE)
def test_all_that_is_wrong_with_rows_is_said_at_once(engine):
    wrong = but(sku=pa.array(["a", None, "b"]), quantity=[0, 1, 0], ship=["never", "complete", "complete"])
    found = {(problem.path, problem.code) for problem in refusals(make(engine, wrong))}
    assert found == {
        ("queue.sku", "column.null"),
        ("queue.quantity", "units.invalid"),
        ("queue.ship", "choice.invalid"),
    }


@pytest.mark.parametrize("engine", HERE)
def test_missing_columns_are_all_named_with_those_that_are_there(engine):
    found = refusals(make(engine, but(sku=None, placed_at=None, Sku_=["a", "b", "c"])))
    assert [(problem.path, problem.code) for problem in found] == [
        ("queue.sku", "column.missing"),
        ("queue.placed_at", "column.missing"),
    ]
    assert found[0].message == "must be there: the SKU; there are order_id, line_id, quantity, Sku_"


def test_a_frame_without_columns_says_so():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    assert "there are no columns" in refusals(pd.DataFrame())[0].message


@pytest.mark.parametrize("engine", HERE)
def test_what_is_wrong_with_several_frames_is_said_at_once(engine):
    queue, available = but(quantity=[0, 1, 1]), pa.table({"sku": ["a", "a"], "available": [1, 2]})
    given = {"queue": (make(engine, queue), QUEUE), "available": (make(engine, available), AVAILABLE)}
    with pytest.raises(InvalidDocument) as caught:
        check_all(given)
    assert [(it.path, it.code) for it in caught.value.problems] == [
        ("queue.quantity", "units.invalid"),
        ("available.sku", "id.repeated"),
    ]


@pytest.mark.parametrize("engine", HERE)
def test_a_column_that_holds_nothing_at_all_is_right_where_it_may(engine):
    assert check(make(engine, but(hold=pa.nulls(3))), QUEUE, "queue").facts.rows == 3


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pandas-arrow", "duckdb", "pyarrow"])
def test_a_column_of_no_type_is_refused_where_its_type_matters(engine):
    (problem,) = refusals(make(engine, but(street_date=pa.nulls(3))))
    assert (problem.path, problem.code) == ("queue.street_date", "column.type")
    assert "(got null" in problem.message.lower()


@pytest.mark.parametrize("engine", HERE)
def test_keys_may_be_whole_numbers_of_any_width_and_categories(engine):
    lines = but(order_id=pa.array([1, 1, 2], pa.int16()), line_id=pa.array([1, 2, 1], pa.uint64()))
    lines = but(lines, sku=pa.array(["a", "b", "a"]).dictionary_encode())
    assert check(make(engine, lines), QUEUE, "queue").facts.rows == 3


@pytest.mark.parametrize("engine", EACH)
def test_days_may_be_dates_or_timestamps_of_midnight(engine, build):
    dates = pa.table({"day": pa.array([NOW.date(), None], pa.date32())})
    assert check(build(engine, dates), DAYS, "days").facts.rows == 2


@pytest.mark.parametrize("engine", HERE)
def test_a_timestamp_with_a_time_is_no_day(engine):
    noon = dt.datetime(2026, 3, 29, 12, 0)
    midnight = dt.datetime(2026, 3, 29)
    times = pa.table({"day": pa.array([midnight, noon, None], pa.timestamp("us"))})
    (problem,) = refusals(make(engine, times), DAYS)
    assert (problem.code, problem.path) == ("day.invalid", "queue.day")
    assert "not so for 1 row" in problem.message


INSTANTS = [pa.timestamp("s", "UTC"), pa.timestamp("ms", "Europe/Stockholm"), pa.timestamp("us", "+02:00")]


@pytest.mark.parametrize("dtype", INSTANTS, ids=str)
@pytest.mark.parametrize("engine", HERE)
def test_instants_may_be_in_any_zone_and_unit(engine, dtype):
    instants = pa.array([NOW.replace(minute=0)] * 3, UTC).cast(dtype)
    if engine.startswith("polars") and dtype.tz.startswith("+"):
        pytest.skip("Polars knows no fixed offsets")
    assert check(make(engine, but(placed_at=instants)), QUEUE, "queue").facts.rows == 3


def test_nanoseconds_are_taken_where_nothing_is_lost():
    whole = pa.array([1_000, 2_000, 3_000], pa.int64()).cast(pa.timestamp("ns", "UTC"))
    finer = pa.array([1_000, 2_001, 3_000], pa.int64()).cast(pa.timestamp("ns", "UTC"))
    assert check(but(placed_at=whole), QUEUE, "queue").facts.rows == 3
    (problem,) = refusals(but(placed_at=finer))
    assert problem.message.endswith("(got TIMESTAMPTZ_NS)")
    assert check(make("polars", but(placed_at=finer)), QUEUE, "queue").facts.rows == 3


OBJECTS = [
    pytest.param("sku", ["a", "b", None], "column.null", id="text and nothing"),
    pytest.param("sku", ["a", 2, "c"], "column.type", id="text and numbers"),
    pytest.param("quantity", [1, 2, 3], "column.type", id="numbers as objects"),
    pytest.param("placed_at", [NOW, NOW, NOW], "column.type", id="datetimes as objects"),
]


@pytest.mark.parametrize(("column", "values", "code"), OBJECTS)
def test_columns_of_any_objects_are_taken_for_what_all_of_them_are(column, values, code):
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = make("pandas", LINES)
    frame[column] = pd.Series(values, dtype=object)
    (problem,) = refusals(frame)
    assert (problem.path, problem.code) == (f"queue.{column}", code)


def test_objects_after_the_first_hundred_are_looked_at_too():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    many = pd.concat([make("pandas", LINES)] * 50, ignore_index=True)
    many["order_id"] = range(150)
    many["sku"] = pd.Series(["a"] * 149 + [7], dtype=object)
    (problem,) = refusals(many)
    assert (problem.path, problem.code) == ("queue.sku", "column.type")


def test_dates_and_flags_as_objects_and_objects_of_nothing_are_taken():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    nothing = pd.Series([None] * 3, dtype=object)
    frame = make("pandas", LINES).assign(hold=nothing, street_date=nothing)
    assert check(frame, QUEUE, "queue").facts.rows == 3
    flag = Column("flag", ColumnType.FLAG, "a flag", is_nullable=True)
    schema = Schema("a row", (*DAYS.columns, flag))
    objects = pd.DataFrame({"day": [NOW.date(), None], "flag": [True, None]}, dtype=object)
    assert rows(check(objects, schema, "rows").frame) == [
        {"day": NOW.date(), "flag": True},
        {"day": None, "flag": None},
    ]


def test_categories_that_are_no_text_are_refused():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = make("pandas", LINES).assign(sku=pd.Categorical([1, 2, 1]))
    (problem,) = refusals(frame)
    assert (problem.path, problem.code) == ("queue.sku", "column.type")


@given(keys=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), min_size=1, max_size=12))
def test_keys_are_refused_if_and_only_if_two_rows_share_one(keys):
    table = pa.table(
        {
            "order_id": [key for key, _ in keys],
            "line_id": [str(number) for _, number in keys],
            "sku": ["a"] * len(keys),
            "quantity": [1] * len(keys),
            "placed_at": pa.array([NOW] * len(keys), UTC),
        }
    )
    shared = len({key for key in keys if keys.count(key) > 1})
    try:
        check(make("polars", table), QUEUE, "queue")
        found = 0
    except InvalidDocument as error:
        found = int(error.problems[0].message.partition("not so for ")[2].split()[0])
    assert found == shared


@pytest.mark.parametrize("engine", [each for each in EACH if each.values[0] not in HERE])
def test_the_other_engines_refuse_the_same(engine, build):
    wrong = but(sku=pa.array(["a", None, ""]), quantity=[0, MOST + 1, 1], ship=["never", "complete", "complete"])
    problems = refusals(build(engine, wrong))
    assert sorted((it.path, it.code, it.message.rpartition(" row: ")[2]) for it in problems) == [
        ("queue.quantity", "units.invalid", "order_id 'O1', line_id '1', quantity 0"),
        ("queue.quantity", "units.invalid", f"order_id 'O1', line_id '2', quantity {MOST + 1}"),
        ("queue.ship", "choice.invalid", "order_id 'O1', line_id '1', ship 'never'"),
        ("queue.sku", "column.null", "order_id 'O1', line_id '2', sku None"),
        ("queue.sku", "text.invalid", "order_id 'O2', line_id '1', sku ''"),
    ]
    (problem,) = refusals(build(engine, pa.concat_tables([LINES, LINES])))
    assert problem.message.endswith(
        "not so for 3 keys: "
        + "; ".join(
            f"order_id '{order}', line_id '{line}', rows 2" for order, line in (("O1", 1), ("O1", 2), ("O2", 1))
        )
    )
    found = refusals(build(engine, but(quantity=[1.0, 2.0, 3.0], placed_at=None)))
    assert [problem.code for problem in found] == ["column.type", "column.missing"]


def test_rows_of_several_partitions_are_counted_together():
    lines = pa.concat_tables(
        [but(order_id=[f"{number}{letter}" for letter in "abc"], quantity=[0, 0, 1]) for number in range(9)]
    )
    (problem,) = refusals(make("dask", lines, partitions=4))
    assert [row["order_id"] for row in problem.value] == ["0a", "0b", "1a", "1b", "2a"]
    assert problem.message.endswith(", and 13 more")
