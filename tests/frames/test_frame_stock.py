"""Readings of stock over frames are those over values.

Laws: each row reads as the pure function reads it, whatever the engine and the order of the rows; each row is decided
as the pure function decides it, for any rules, on every engine; rows stay where they are on engines that have an order.
"""

from __future__ import annotations

import datetime as dt
import functools
from random import Random  # noqa: TID251  # with a seed
from typing import Any

import pytest
from engines import EACH, EACH_LOCAL, make, pa, rows, shuffled, table_of
from hypothesis import given
from hypothesis import strategies as st

import preorder_kit as pure
from preorder_kit import UNLIMITED, Availability, InvalidArgument, InvalidDocument, SellRules, Stock
from preorder_kit.frames import derive_stock, mask, normalize_stock, public_label
from preorder_kit.frames._checking import MOST
from preorder_kit.frames._columns import FACTS, LABELLED
from preorder_kit.frames._engines import check
from preorder_kit.testing import sell_rules

NOW = dt.datetime(2026, 3, 29, 1, tzinfo=dt.timezone.utc)
HOUR = dt.timedelta(hours=1)
READING = ("availability", "quantity", "quantity_unlimited", "later", "later_unlimited", "oversold")

WORDS = [
    *(None, "", "   ", "yes", "FEW", "No", " Infinite\t", "PREORDER", "\u00a0yes", "\u2003few\u3000"),
    *(
        "0",
        "-0",
        "1",
        "9",
        "10",
        "11",
        "-7",
        "007",
        "5\n",
        " 12 ",
        "\t-3",
        "\u00a0" + "9" * 18,
        "9" * 18,
        "-" + "9" * 18,
    ),
]
NUMBERS = [None, 0, 1, 9, 10, 11, -7, MOST, -MOST]
REFUSED = ["5.5", "maybe", "--1", "+3", "1e3", "\u0663", "1" + "0" * 18, "1 0", "\u0130nfinite", "yes\u200b", "-"]


def reading(stock: Stock) -> tuple[Any, ...]:
    bounded = [(None if it is UNLIMITED else it, it is UNLIMITED) for it in (stock.quantity, stock.later)]
    return (stock.availability.value, *bounded[0], *bounded[1], stock.oversold)


def readings(found: Any) -> dict[int, tuple[Any, ...]]:
    return {row["row"]: tuple(row[name] for name in READING) for row in rows(found)}


def field(raws: list[Any], kind: Any) -> Any:
    return pa.table({"row": pa.array(range(len(raws)), pa.int64()), "stock": pa.array(raws, kind)})


def reads_alike(native: Any, raws: list[Any]) -> None:
    assert readings(normalize_stock(native)) == {
        row: reading(pure.normalize_stock(raw)) for row, raw in enumerate(raws)
    }


@pytest.mark.parametrize("engine", EACH)
@pytest.mark.parametrize(
    ("raws", "kind"),
    [
        pytest.param(["5", "-1", "no", "0", "Infinite", " 7 ", None, "yes", " "], pa.string(), id="few words"),
        pytest.param(NUMBERS, pa.int64(), id="numbers"),
    ],
)
def test_each_row_reads_as_the_pure_function_reads_it(engine, build, raws, kind):
    reads_alike(build(engine, shuffled(field(raws, kind), 1)), raws)


@pytest.mark.parametrize("engine", ["polars", "pandas", "pandas-arrow", "duckdb"])
@pytest.mark.parametrize(
    ("raws", "kind"),
    [
        pytest.param(["5", "-1", "0"], pa.string(), id="plain numbers in text"),
        pytest.param([None, None], pa.string(), id="nothing is known"),
        pytest.param([0, 3, 120], pa.int16(), id="small numbers"),
        pytest.param([], pa.string(), id="no rows"),
    ],
)
def test_a_column_of_one_kind_reads_alike(engine, raws, kind):
    reads_alike(make(engine, field(raws, kind)), raws)


@given(
    raws=st.lists(st.sampled_from(WORDS) | st.integers(-MOST, MOST).map(str) | st.integers(-3, 12).map(str)),
    few_below=st.integers(0, 12) | st.just(10**30),
)
def test_words_and_numbers_read_alike_whatever_is_few(raws, few_below):
    expected = {row: reading(pure.normalize_stock(raw, few_below=few_below)) for row, raw in enumerate(raws)}
    assert readings(normalize_stock(make("polars", field(raws, pa.string())), few_below=few_below)) == expected


READ_TYPES = pa.schema(
    [
        ("availability", pa.string()),
        ("quantity", pa.int64()),
        ("quantity_unlimited", pa.bool_()),
        ("later", pa.int64()),
        ("later_unlimited", pa.bool_()),
        ("oversold", pa.int64()),
    ]
)
TIMES = 1_000


def ordered(native: Any) -> Any:
    """Return the columns of a reading, by row: the numbers and flags of whichever types the engine gave."""
    table = table_of(native).sort_by("row")
    columns = {name: table[name] for name in READING}
    return pa.table(columns | {"availability": table["availability"].cast(pa.string())}).combine_chunks()


@pytest.mark.parametrize("engine", EACH)
def test_many_rows_read_as_few_do(engine, build):
    raws = WORDS + [str(number) for number in range(-40, 60)]
    few = [dict(zip(READING, reading(pure.normalize_stock(raw)), strict=True)) for raw in raws]
    expected = pa.concat_tables([pa.Table.from_pylist(few, READ_TYPES)] * TIMES).combine_chunks()
    found = normalize_stock(build(engine, field(raws * TIMES, pa.string())))
    assert ordered(found).equals(expected)
    assert expected.num_rows > 100_000


def test_a_stream_reads_as_what_is_in_memory():
    found = normalize_stock(make("polars-lazy", field(WORDS * TIMES, pa.string())))
    assert ordered(found.collect(engine="streaming")).equals(ordered(found))


@functools.cache
def in_any_order() -> tuple[list[int], Any]:
    """Return numbers that neither rise nor fall, and rows that have them and what all functions take."""
    order = list(range(3_000))
    Random(5).shuffle(order)
    raws = [WORDS[row % len(WORDS)] for row in order]
    words = [pure.normalize_stock(raw).availability.value for raw in raws]
    return order, pa.table({"row": order, "stock": raws, "on_hand": order, "availability": words})


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(normalize_stock, id="normalize_stock"),
        pytest.param(public_label, id="public_label"),
        pytest.param(mask, id="mask"),
        pytest.param(lambda frame: derive_stock(frame, rules=SellRules(), at=NOW), id="derive_stock"),
    ],
)
@pytest.mark.parametrize("engine", ["polars", "pandas", "pyarrow"])
def test_rows_stay_where_they_are(engine, function):
    order, table = in_any_order()
    assert table_of(function(make(engine, table)))["row"].to_pylist() == order


@pytest.mark.parametrize("raws", [["4", "5"], ["4", None, "yes"], WORDS, [4, 5]], ids=str)
def test_pandas_gets_nullable_columns_whatever_is_in_them(raws):
    kind = pa.int64() if raws[1] == 5 else pa.string()
    read = normalize_stock(make("pandas", field(raws, kind)))
    decided = derive_stock(make("pandas", pa.table({"on_hand": [1, 2]})), rules=SellRules(), at=NOW)
    for found in (read, decided):
        types = ["Int64", "boolean", "Int64", "boolean", "Int64"]
        assert [str(found.dtypes[name]) for name in READING[1:]] == types


@pytest.mark.parametrize("engine", EACH)
def test_what_is_no_reading_is_refused_with_all_its_rows(engine, build):
    with pytest.raises(InvalidDocument, match=r"frame\.stock: .* not so for 14 rows: .*, and 6 more") as caught:
        normalize_stock(build(engine, field([*REFUSED, "maybe", "maybe", "maybe", "4"], pa.string())))
    (problem,) = caught.value.problems
    assert (problem.code, problem.value[0], len(problem.value)) == ("stock.unrecognised", "maybe", 5)


@pytest.mark.parametrize("raw", REFUSED)
def test_what_frames_refuse_the_pure_function_refuses(raw):
    with pytest.raises(pure.InvalidStock):
        pure.normalize_stock(raw)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        pytest.param(pa.table({"stok": [1]}), r"frame\.stock: must be there", id="no such column"),
        pytest.param(pa.table({"stock": [1.5]}), r"frame\.stock: must hold text or whole numbers", id="floats"),
        pytest.param(pa.table({"stock": [True]}), r"frame\.stock: must hold text or whole numbers", id="flags"),
    ],
)
def test_other_columns_are_refused(table, words):
    with pytest.raises(InvalidDocument, match=words):
        normalize_stock(make("polars", table))


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_numbers_of_more_digits_are_refused(engine):
    with pytest.raises(InvalidDocument, match=r"18 digits .* 1 row: 10{18} \(1 row\)"):
        normalize_stock(make(engine, pa.table({"stock": [1, MOST + 1]})))


def test_columns_of_a_reading_are_replaced_and_others_kept():
    table = pa.table({"stock": ["4"], "quantity": ["four"], "sku": ["LP"]})
    (row,) = rows(normalize_stock(make("polars", table)))
    assert (row["stock"], row["sku"], row["quantity"]) == ("4", "LP", 4)


def test_text_of_categories_is_text():
    table = pa.table({"stock": pa.array(["4", "yes"]).dictionary_encode()})
    assert [row["availability"] for row in rows(normalize_stock(make("polars", table)))] == ["low_stock", "in_stock"]


@pytest.mark.parametrize("engine", EACH)
def test_labels_are_those_of_the_pure_function(engine, build):
    found = rows(public_label(build(engine, pa.table({"availability": list(map(str, Availability))}))))
    assert {row["availability"]: row["label"] for row in found} == {
        availability.value: pure.public_label(Stock(availability=availability, quantity=None))
        for availability in Availability
    }


@pytest.mark.parametrize("function", [public_label, mask])
@pytest.mark.parametrize("word", ["sold", None])
def test_unknown_availability_is_refused(function, word):
    with pytest.raises(InvalidDocument, match=r"frame\.availability: must"):
        function(make("polars", pa.table({"availability": pa.array(["in_stock", word], pa.string())})))


@pytest.mark.parametrize("engine", EACH)
def test_a_mask_leaves_no_number(engine, build):
    table = pa.table({"sku": ["a", "b"], "on_hand": [3, 0], "committed": [1, 0], "stock": ["3", "0"]})
    masked = mask(derive_stock(build(engine, table), rules=SellRules(), at=NOW))
    found = sorted(map(repr, rows(masked)))
    assert found == [
        "{'sku': 'a', 'availability': 'low_stock'}",
        "{'sku': 'b', 'availability': 'out_of_stock'}",
    ]


FACT_TYPES = pa.schema(
    [
        ("row", pa.int64()),
        ("on_hand", pa.int64()),
        ("on_hand_unlimited", pa.bool_()),
        ("committed", pa.int64()),
        ("waiting", pa.int64()),
        ("incoming", pa.int64()),
        ("incoming_unlimited", pa.bool_()),
        ("street_date", pa.timestamp("us", "UTC")),
    ]
)


def facts(random: Random, count: int) -> list[dict[str, Any]]:
    found = []
    for row in range(count):
        endless, coming_endless = random.random() < 0.15, random.random() < 0.3
        found.append(
            {
                "row": row,
                "on_hand": random.choice([None, 5])
                if endless
                else random.choice([-2, 0, 1, 4, 9, 10, 15, 20, MOST, -MOST]),
                "on_hand_unlimited": endless,
                "committed": random.choice([0, 0, 1, 5, 12, MOST]),
                "waiting": random.choice([0, 0, 1, 3, 12, MOST]),
                "incoming": None if coming_endless else random.choice([0, 1, 5, 30, MOST]),
                "incoming_unlimited": coming_endless,
                "street_date": random.choice([None, NOW - HOUR, NOW, NOW + HOUR]),
            }
        )
    return found


def derived(row: dict[str, Any], rules: SellRules) -> tuple[Any, ...]:
    known = {name: row[name] for name in ("committed", "waiting", "street_date") if name in row}
    for name in ("on_hand", "incoming"):
        if name in row:
            known[name] = UNLIMITED if row.get(f"{name}_unlimited") else row[name]
    return reading(pure.derive_stock(**known, rules=rules, at=NOW))


def agree(frame: Any, given_facts: list[dict[str, Any]], rules: SellRules) -> None:
    found = readings(derive_stock(frame, rules=rules, at=NOW))
    assert found == {row["row"]: derived(row, rules) for row in given_facts}


windows = st.sampled_from([None, (NOW, None), (None, NOW), (NOW + HOUR, None), (NOW - HOUR, NOW + HOUR)])
rules_of_any_shop = st.builds(
    SellRules,
    safety_stock=st.sampled_from([0, 1, 5, MOST, 10**30]),
    backorder_limit=st.sampled_from([0, 1, 4, 40, MOST, UNLIMITED]),
    preorder_limit=st.sampled_from([0, 1, 4, 40, MOST, UNLIMITED]),
    few_below=st.sampled_from([0, 1, 10, 10**30]),
    before_street_date=st.sampled_from(pure.BeforeStreetDate),
    sales_window=windows,
)
SHOPS = {
    "sold to wait without bound": SellRules(backorder_limit=UNLIMITED, safety_stock=1),
    "sold before its street date": SellRules(backorder_limit=9, preorder_limit=6, before_street_date="sell"),
    "not open yet": SellRules(backorder_limit=UNLIMITED, sales_window=(NOW + HOUR, None)),
    "held back, to a limit": SellRules(preorder_limit=20, safety_stock=3, few_below=5),
}


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), rules=rules_of_any_shop | sell_rules())
def test_each_row_is_decided_as_the_pure_function_decides_it(seed, rules):
    given_facts = facts(Random(seed), 40)
    agree(make("polars", pa.Table.from_pylist(given_facts, FACT_TYPES)), given_facts, rules)


@pytest.fixture(scope="module")
def decided() -> list[tuple[SellRules, dict[int, tuple[Any, ...]]]]:
    """What the pure function says of `SOME_FACTS`, by rules."""
    return [(rules, {row["row"]: derived(row, rules) for row in SOME_FACTS}) for rules in SHOPS.values()]


SOME_FACTS = facts(Random(7), 300)


@pytest.mark.parametrize("engine", EACH)
def test_each_engine_decides_alike(engine, build, decided):
    frame = build(engine, shuffled(pa.Table.from_pylist(SOME_FACTS, FACT_TYPES), 3))
    looked_at = check(frame, FACTS, "frame")
    for rules, expected in decided[:2] if engine == "spark" else decided:  # Spark takes seconds for each
        assert readings(derive_stock(looked_at, rules=rules, at=NOW)) == expected


@pytest.mark.parametrize("engine", EACH)
def test_columns_that_are_not_there_hold_nothing(engine, build):
    given_facts = [{"row": row, "on_hand": units} for row, units in enumerate([-3, 0, 4, 10])]
    agree(build(engine, pa.Table.from_pylist(given_facts)), given_facts, SellRules(backorder_limit=UNLIMITED))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param({"on_hand": None}, r"frame\.on_hand: must hold something", id="nothing on hand, and a bound"),
        pytest.param({"on_hand": 1, "incoming": None}, r"frame\.incoming: must hold something", id="nothing incoming"),
        pytest.param(
            {"on_hand": 1, "committed": -1}, r"frame\.committed: must be >= 0", id="less than nothing committed"
        ),
        pytest.param({"on_hand": 1, "waiting": -1}, r"frame\.waiting: must be >= 0", id="less than nothing waits"),
        pytest.param({"on_hand": MOST + 1}, r"frame\.on_hand: must be <= 9+, 18 digits", id="too many digits"),
        pytest.param({"committed": 1}, r"frame\.on_hand: must be there", id="no such column"),
    ],
)
def test_facts_that_are_none_are_refused(row, words):
    table = pa.Table.from_pylist([row], pa.schema([(name, pa.int64()) for name in row]))
    with pytest.raises(InvalidDocument, match=words):
        derive_stock(make("polars", table), rules=SellRules(), at=NOW)


@pytest.mark.parametrize("engine", EACH_LOCAL)
def test_facts_without_a_number_or_a_flag_are_refused(engine):
    table = pa.table({"on_hand": pa.array([1, None, None], pa.int64()), "on_hand_unlimited": [False, True, False]})
    with pytest.raises(InvalidDocument, match=r"frame\.on_hand: must hold something .*: on_hand None$"):
        derive_stock(make(engine, table), rules=SellRules(), at=NOW)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param({"rules": None, "at": NOW}, "rules: must be a SellRules", id="no rules"),
        pytest.param({"rules": SellRules(), "at": NOW.replace(tzinfo=None)}, "at: must have a UTC offset", id="naive"),
        pytest.param(
            {"rules": SellRules(backorder_limit=10**18), "at": NOW}, r"rules\.backorder_limit: .* 18", id="limit"
        ),
        pytest.param(
            {"rules": SellRules(preorder_limit=10**18), "at": NOW}, r"rules\.preorder_limit: .* 18", id="limit too"
        ),
    ],
)
def test_arguments_that_are_none_are_refused(arguments, words):
    with pytest.raises(InvalidArgument, match=words):
        derive_stock(make("polars", pa.table({"on_hand": [1]})), **arguments)


def test_a_number_of_few_that_is_none_is_refused():
    with pytest.raises(InvalidArgument, match="few_below: must be a whole number >= 0"):
        normalize_stock(make("polars", pa.table({"stock": [1]})), few_below=-1)


def test_frames_that_were_looked_at_are_taken():
    looked_at = check(make("polars", pa.table({"on_hand": [4]})), FACTS, "frame")
    assert rows(derive_stock(looked_at, rules=SellRules(), at=NOW))[0]["availability"] == "low_stock"
    looked_at = check(make("polars", pa.table({"availability": ["low_stock"]})), LABELLED, "frame")
    assert rows(public_label(looked_at))[0]["label"] == "few"
