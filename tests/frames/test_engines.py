from __future__ import annotations

import datetime as dt
from functools import partial

import attrs
import narwhals as nm
import narwhals.stable.v2 as nw
import pytest
from engines import EACH, EACH_LOCAL, ON_SPARK, apart, make, pa, rows, shuffled, together

from preorder_kit import InvalidArgument, WaitingLine, frames, free_for_new
from preorder_kit.frames import _engines
from preorder_kit.frames._checking import values
from preorder_kit.frames._columns import AVAILABLE, QUEUE, RECIPES
from preorder_kit.frames._engines import check, check_all, engine_of, run, table_beside

NOW = dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.timezone.utc)
UTC = pa.timestamp("us", "UTC")
TABLE = pa.table(
    {
        "sku": ["a", None, "c"],
        "quantity": pa.array([10**18 - 1, None, -3]),
        "flag": [True, None, False],
        "placed_at": pa.array([NOW, None, NOW], UTC),
        "day": pa.array([NOW.date(), None, NOW.date()], pa.date32()),
    }
)
LINES = pa.table(
    {
        "order_id": ["O1", "O1", "O2"],
        "line_id": ["1", "2", "1"],
        "sku": ["a", "b", "a"],
        "quantity": [3, 1, 2],
        "placed_at": pa.array([NOW, NOW, NOW], UTC),
        "hold": pa.array([None, None, "fraud"], pa.string()),
    }
)
THERE = pa.table({"sku": ["a", "b", "c"], "available": [5, 0, 7]})
FREE = {"a": 2, "b": 0, "c": 7}


def spoken_for(queue, available):
    """Return what neither is granted nor wanted, the plan that these tests run."""
    of = values(queue, QUEUE)
    claim = nw.when(of("hold").is_null()).then(nw.col("quantity")).otherwise(of("granted"))
    claims = queue.with_columns(claim=claim).group_by("sku").agg(nw.col("claim").sum())
    left = nw.col("available") - nw.col("claim").cast(nw.Int64).fill_null(0)
    joined = available.join(claims, on="sku", how="left")
    return joined.with_columns(free=nw.max_horizontal(nw.lit(0), left).cast(nw.Int64)).drop("claim")


def free(queue, available):
    given = check_all({"queue": (queue, QUEUE), "available": (available, AVAILABLE)})
    return run(spoken_for, given, by="sku")


def by_sku(native):
    return {row["sku"]: row["free"] for row in rows(native)}


@pytest.mark.parametrize("engine", EACH)
def test_rows_come_back_from_each_engine_as_they_went_in(engine, build):
    found = rows(build(engine, TABLE))
    assert sorted(map(repr, found)) == sorted(map(repr, rows(TABLE)))


def test_worlds_that_were_put_together_come_apart():
    worlds = [LINES.select(["sku", "hold"]), LINES.select(["sku", "hold"]).slice(1)]
    found = apart(rows(together(worlds, "sku", "hold")), "sku", "hold", worlds=2)
    assert found == [rows(world) for world in worlds]


@pytest.mark.parametrize("engine", EACH)
def test_a_plan_gives_each_engine_the_same_answer_as_a_frame_of_its_own(engine, build):
    queue = build(engine, LINES)
    found = free(queue, build(engine, THERE))
    assert by_sku(found) == FREE
    assert type(found).__module__.partition(".")[0] == type(queue).__module__.partition(".")[0]


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_frames_without_rows_have_an_answer_without_any(engine):
    assert by_sku(free(make(engine, LINES.slice(0, 0)), make(engine, THERE))) == {"a": 5, "b": 0, "c": 7}
    assert by_sku(free(make(engine, LINES), make(engine, THERE.slice(0, 0)))) == {}


MANY = 100_100


def many_lines():
    """Return lines of which half are of one SKU, a quarter of one of a thousand, the rest each of one of its own."""
    numbers = range(MANY)
    skus = ["giant" if n % 2 else f"some {n % 1000}" if n % 4 else f"own {n}" for n in numbers]
    return pa.table(
        {
            "order_id": [f"O{n // 3}" for n in numbers],
            "line_id": [str(n % 3) for n in numbers],
            "sku": skus,
            "quantity": [1 + n % 7 for n in numbers],
            "placed_at": pa.array([NOW] * MANY, UTC),
            "hold": pa.array(["held" if n % 11 == 0 else None for n in numbers], pa.string()),
        }
    )


@pytest.fixture(scope="module")
def many():
    lines = many_lines()
    skus = sorted(set(lines["sku"].to_pylist()))
    there = {sku: 10**6 if sku == "giant" else number % 500 for number, sku in enumerate(skus)}
    columns = [lines[name].to_pylist() for name in ("order_id", "line_id", "sku", "quantity", "hold")]
    queue = [
        WaitingLine(order_id=order, line_id=line, sku=sku, quantity=units, placed_at=NOW, hold=hold)
        for order, line, sku, units, hold in zip(*columns, strict=True)
    ]
    answer = dict(free_for_new(queue, available=there))
    return shuffled(lines, 7), shuffled(pa.table({"sku": list(there), "available": list(there.values())}), 8), answer


@pytest.mark.slow
@pytest.mark.parametrize("engine", EACH)
def test_more_than_a_hundred_thousand_rows_in_any_order_have_the_answer_of_the_pure_function(engine, build, many):
    lines, there, answer = many
    assert by_sku(free(build(engine, lines, 5), build(engine, there, 2))) == answer


@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_the_answer_of_dask_does_not_depend_on_its_partitions(partitions):
    queue, available = shuffled(LINES, partitions), make("dask", THERE, partitions=partitions)
    assert by_sku(free(make("dask", queue, partitions=partitions), available)) == FREE


def beside(queue, available):
    return queue.join(available.select("sku", "available"), on="sku", how="left")


def test_a_plan_by_rows_sees_all_of_the_other_frames_in_each_partition():
    given = {"queue": (make("dask", LINES), QUEUE), "available": (make("dask", THERE), AVAILABLE)}
    found = rows(run(beside, check_all(given)))
    assert sorted((row["sku"], row["available"]) for row in found) == [("a", 5), ("a", 5), ("b", 0)]


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_the_same_key_in_another_type_is_the_same_key(engine):
    keys = {"a": -1, "b": 2, "c": 3}
    narrow = pa.array([keys[sku] for sku in LINES["sku"].to_pylist()], pa.int16())
    wide = pa.array(list(keys.values()), pa.int64())
    assert by_sku(
        free(make(engine, LINES.set_column(2, "sku", narrow)), make(engine, THERE.set_column(0, "sku", wide)))
    )
    coded = LINES.set_column(2, "sku", LINES["sku"].combine_chunks().dictionary_encode())
    assert by_sku(free(make(engine, coded), make(engine, THERE))) == FREE


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_keys_that_are_text_here_and_numbers_there_are_refused(engine):
    numbers = THERE.set_column(0, "sku", pa.array([1, 2, 3]))
    with pytest.raises(
        InvalidArgument, match=r"available\.sku: must be of the same type as queue\.sku, String"
    ) as caught:
        free(make(engine, LINES), make(engine, numbers))
    assert caught.value.code == "column.type"


def test_components_are_looked_up_among_skus():
    recipes = pa.table({"sku": ["set"], "component": [1], "quantity": [1]})
    given = check_all({"available": (make("polars", THERE), AVAILABLE), "recipes": (make("polars", recipes), RECIPES)})
    with pytest.raises(InvalidArgument, match=r"recipes\.component: must be of the same type as available\.sku"):
        run(lambda available, recipes: available.join(recipes, on="sku"), given)


def test_pandas_of_several_kinds_of_columns_join():
    assert by_sku(free(make("pandas", LINES), make("pandas-arrow", THERE))) == FREE
    assert by_sku(free(make("pandas-arrow", LINES), make("pandas", THERE))) == FREE


@pytest.mark.parametrize("index", [[0, 0, 0], [7, 5, 7], [("x", 1), ("x", 1), ("y", 2)]], ids=str)
def test_an_index_of_pandas_says_nothing(index):
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    index = pd.MultiIndex.from_tuples(index) if isinstance(index[0], tuple) else index
    queue, available = make("pandas", LINES).set_axis(index), make("pandas", THERE).set_axis(index)
    found = free(queue, available)
    assert by_sku(found) == FREE
    assert list(found.index) == [0, 1, 2]
    ranked = run(lambda queue: queue.with_columns(n=nw.len().over("sku")), {"queue": check(queue, QUEUE, "queue")})
    assert ranked["n"].tolist() == [2, 1, 2]


STRANGE = {"rows": 1, "rule 0": 2, "claim_": 3, 'a "b" c': 4, "Ünïcode'": 5, "most quantity": 6, "_n": 7, "a.b": 8}


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_other_columns_are_kept_whatever_their_names(engine):
    lines, there = LINES, THERE
    for name, value in STRANGE.items():
        lines, there = lines.append_column(name, [[value] * 3]), there.append_column(name, [[value] * 3])
    for row in rows(free(make(engine, lines), make(engine, there))):
        assert {name: row[name] for name in STRANGE} == STRANGE
        assert row["free"] == FREE[row["sku"]]


@pytest.mark.parametrize(("engine", "name"), [("duckdb", "Granted"), ("pyarrow", "Granted"), ("pyarrow", "SKU")])
def test_a_name_that_differs_in_capitals_alone_is_refused_where_it_is_the_same(engine, name):
    with pytest.raises(
        InvalidArgument, match=rf"queue\.{name}: must be named otherwise: {engine} takes it for"
    ) as caught:
        check(make(engine, LINES.append_column(name, [["x"] * 3])), QUEUE, "queue")
    assert caught.value.code == "column.repeated"
    check(make("polars", LINES.append_column(name, [["x"] * 3])), QUEUE, "queue")


def test_columns_of_one_name_are_refused():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = make("pandas", LINES)
    with pytest.raises(InvalidArgument, match="queue: must have columns of different names") as caught:
        check(pd.concat([frame, frame], axis=1), QUEUE, "queue")
    assert caught.value.code == "column.repeated"
    with pytest.raises(InvalidArgument, match="queue: must have columns of different names"):
        check(LINES.append_column("hold", [["x"] * 3]), QUEUE, "queue")


@pytest.mark.parametrize("frame", [None, {"sku": ["a"]}, [("a", 1)], "queue.csv", 7], ids=str)
def test_what_is_no_frame_is_refused(frame):
    with pytest.raises(InvalidArgument, match="queue: must be a frame of Polars, pandas, DuckDB, Spark") as caught:
        check(frame, QUEUE, "queue")
    assert caught.value.code == "frame.unknown"


@pytest.mark.parametrize("engine", ["polars", "pandas", "dask"])
def test_a_column_is_no_frame(engine):
    with pytest.raises(InvalidArgument, match="queue: must be a frame of Polars"):
        check(make(engine, LINES)["sku"], QUEUE, "queue")


@pytest.mark.parametrize("wrap", [nm.from_native, nw.from_native])
@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "duckdb"])
def test_a_frame_of_narwhals_is_refused_with_the_way_out(engine, wrap):
    with pytest.raises(InvalidArgument, match=r"hand in what its to_native\(\) returns") as caught:
        check(wrap(make(engine, LINES)), QUEUE, "queue")
    assert caught.value.code == "frame.wrapped"


def test_an_engine_that_was_not_tried_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(_engines, "_LAZY", {nw.Implementation.DUCKDB})
    with pytest.raises(InvalidArgument, match="polars is not known to give the same answers") as caught:
        engine_of(make("polars", LINES), "queue")
    assert (caught.value.code, caught.value.path, caught.value.value) == ("frame.engine", "queue", "polars")


@pytest.mark.parametrize("look", [free, lambda *frames: run(spoken_for, _each_checked(*frames), by="sku")])
def test_frames_of_two_engines_are_refused(look):
    with pytest.raises(InvalidArgument, match="available: must be of the same engine as queue, pandas") as caught:
        look(make("pandas", LINES), make("polars", THERE))
    assert caught.value.code == "frame.engine"


def _each_checked(queue, available):
    return {"queue": check(queue, QUEUE, "queue"), "available": check(available, AVAILABLE, "available")}


def test_relations_of_two_connections_are_refused():
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    with duckdb.connect() as one, duckdb.connect() as other:
        with pytest.raises(InvalidArgument, match="must be of the same DuckDB connection as queue") as caught:
            free(one.from_arrow(LINES), other.from_arrow(THERE))
        assert (caught.value.code, caught.value.path) == ("frame.connection", "available")
        assert by_sku(free(one.from_arrow(LINES), one.from_arrow(THERE))) == FREE


def test_relations_of_the_default_connection_are_taken():
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    assert by_sku(free(duckdb.from_arrow(LINES), duckdb.from_arrow(THERE))) == FREE


def test_a_frame_that_was_checked_is_not_looked_at_again():
    checked = check(make("polars", LINES), QUEUE, "queue")
    assert check(checked, QUEUE, "queue") is checked
    worse = attrs.evolve(checked, frame=checked.frame.with_columns(quantity=-checked.frame["quantity"]))
    assert check_all({"queue": (worse, QUEUE)}) == {"queue": worse}


def test_a_frame_that_was_checked_as_another_is_refused():
    with pytest.raises(InvalidArgument, match="must be a frame of what is there of a SKU") as caught:
        check(check(make("polars", LINES), QUEUE, "queue"), AVAILABLE, "available")
    assert caught.value.code == "frame.schema"


def test_arrow_tables_need_duckdb(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(InvalidArgument, match=r"needs DuckDB: install preorder-kit\[frames\]"):
        check(LINES, QUEUE, "queue")


def test_a_file_is_scanned_as_it_is_asked(tmp_path):
    pl = pytest.importorskip("polars", reason="Polars is not installed")
    make("polars", LINES).write_parquet(tmp_path / "queue.parquet")
    assert by_sku(free(pl.scan_parquet(tmp_path / "queue.parquet"), make("polars-lazy", THERE))) == FREE


def with_words(queue, *, words):
    types = {"sku": nw.String(), "word": nw.String()}
    return queue.join(table_beside(queue, words, types), on="sku", how="left").select("sku", "word")


@pytest.mark.parametrize("engine", EACH)
def test_a_small_table_stands_beside_a_frame_of_each_engine(engine, build):
    plan = partial(with_words, words={"sku": ["a", "x"], "word": ["first", "none"]})
    found = rows(run(plan, {"queue": check(build(engine, LINES), QUEUE, "queue")}, by="sku"))
    assert sorted((row["sku"], row["word"]) for row in found if row["word"]) == [("a", "first"), ("a", "first")]


@pytest.mark.parametrize("engine", [pytest.param("spark", marks=ON_SPARK)])
def test_the_zone_of_a_session_changes_nothing(engine, build, spark):
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        queue = run(lambda queue: queue, {"queue": check(build(engine, LINES), QUEUE, "queue")})
        assert {row["placed_at"] for row in rows(queue)} == {NOW}
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_columns_that_are_named_as_those_of_plans_are_refused(engine):
    table = LINES.append_column("__PREORDER_kit_wants", LINES["quantity"])
    with pytest.raises(InvalidArgument, match="names that begin with __preorder_kit_ are those of plans"):
        free(make(engine, table), make(engine, THERE))


@pytest.mark.parametrize(("queue", "available"), [("polars", "polars-lazy"), ("polars-lazy", "polars")])
def test_frames_of_polars_may_be_lazy_or_not(queue, available):
    found = free(make(queue, LINES), make(available, THERE))
    assert by_sku(found) == FREE


def test_a_table_of_the_callers_own_is_never_read():
    duckdb = pytest.importorskip("duckdb")
    own = duckdb.connect()
    for name in ("small", "beside", "unread"):
        own.execute(f"create table {name} as select 'XX' as sku, 'YY' as \"group\"")
    found = frames.independent_groups(own.from_arrow(LINES))
    assert {row["sku"] for row in rows(found)} == set(LINES["sku"].to_pylist())
