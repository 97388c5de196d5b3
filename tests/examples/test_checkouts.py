"""Checkouts at the same time: those of the example that are safe oversell nothing, and the careless one does.

- what is sold of a SKU is what was asked, or all that is there if that is less: by threads and by processes, with a
  lock, by comparing versions, and with both beside each other
- what customers were told is what the tables say, and who asks twice is told the same
- without a lock and without a version, each of those who read before anybody writes sells the last unit
- units that are reserved until later are for nobody else, and expired ones for everybody
"""

import datetime as dt
import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import attrs
import pytest
from docs.examples.checkout.crowd import NOW, crowd, fill, orders
from docs.examples.checkout.database import Busy, Changed, retried, transaction
from docs.examples.checkout.decision import Reservation, Shelf, decide
from docs.examples.checkout.on_sqlite import open_shop
from docs.examples.checkout.ways import (
    check_out,
    check_out_carelessly,
    check_out_optimistically,
    read_shelves,
    reserve,
)

from preorder_kit import Quote

ROOT = Path(__file__).parents[2]
SAFE = [check_out, check_out_optimistically]
MINUTE = dt.timedelta(minutes=1)
SERVER = os.environ.get("PREORDER_KIT_POSTGRESQL")  # the connection string of a database of nothing else


@pytest.fixture
def path(tmp_path):
    path = str(tmp_path / "shop.db")
    database = open_shop(path)
    fill(database)
    database.connection.close()
    return path


@pytest.fixture
def shop(path):
    database = open_shop(path)
    yield database
    database.connection.close()


def check(found, count):
    assert len(found.answers) == count
    for told in found.answers.values():
        assert len(told) == 2
        assert told[0] == told[1]
    assert found.granted == {sku: min(found.asked[sku], there) for sku, there in found.there.items()}
    assert found.stored == found.granted
    assert found.oversold == 0


WAYS = pytest.mark.parametrize("ways", [["locked"], ["optimistic"], ["locked", "optimistic"]], ids="+".join)


@WAYS
def test_threads_oversell_nothing(path, ways):
    with ThreadPoolExecutor(8) as executor:
        found = crowd(partial(open_shop, path), executor, ways=ways, workers=8, count=120)
    check(found, 120)


def test_processes_oversell_nothing():
    command = [sys.executable, "-m", "docs.examples.checkout.crowd", "--workers", "3", "--orders", "100"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    asked = Counter()
    for _, units in orders(100):
        asked.update(units)
    assert done.stdout.splitlines() == [
        f"CD: asked {asked['CD']}, there 85, sold 85",
        f"LP: asked {asked['LP']}, there 40, sold 40",
        f"BOOK: asked {asked['BOOK']}, there 50, sold 50",
        "100 orders, each sent twice, 3 workers, oversold 0",
    ]


def at_once(path, way, count, asked, **options):
    """Let so many workers check out at once, and return what each was told."""

    def serve(number):
        database = open_shop(path)
        try:
            return way(database, f"O{number}", asked, at=NOW, **options)
        finally:
            database.connection.close()

    with ThreadPoolExecutor(count) as executor:
        return list(executor.map(serve, range(count)))


def test_without_a_lock_each_of_those_who_read_before_anybody_writes_sells_all_there_is(path):
    barrier = threading.Barrier(4, timeout=60)
    told = at_once(path, check_out_carelessly, 4, {"LP": 40}, between=barrier.wait)
    assert [found["LP"].now for found in told] == [40] * 4
    shop = open_shop(path)
    assert read_shelves(shop, ["LP"])["LP"].sold == 160
    shop.connection.close()


@pytest.mark.parametrize("way", SAFE)
def test_in_the_same_crowd_the_others_sell_it_once(path, way):
    told = at_once(path, way, 4, {"LP": 40})
    assert sorted(found["LP"].now for found in told) == [0, 0, 0, 40]


class Interrupted:
    """A connection on which somebody else does something each time before a statement, so many times."""

    def __init__(self, connection, before, act, times):
        self.connection, self.before, self.act, self.times = connection, before, act, times

    def execute(self, statement, values):
        if self.times and statement.startswith(self.before):
            self.times -= 1
            self.act()
        return self.connection.execute(statement, values)


def interrupted(database, before, act, times=1):
    return attrs.evolve(database, connection=Interrupted(database.connection, before, act, times))


@pytest.mark.parametrize(
    ("before", "act", "left"),
    [
        ("BEGIN", lambda shop: check_out(shop, "B", {"LP": 39}, at=NOW), 1),
        ("BEGIN", lambda shop: check_out_optimistically(shop, "B", {"LP": 39}, at=NOW), 1),
        ("BEGIN", lambda shop: reserve(shop, "B", {"LP": 38}, until=NOW + MINUTE, at=NOW), 2),
        ("SELECT cart, quantity", lambda shop: reserve(shop, "B", {"LP": 38}, until=NOW + MINUTE, at=NOW), 2),
        ("SELECT sku, ships_now", lambda shop: check_out(shop, "B", {"LP": 37}, at=NOW), 3),
    ],
    ids=["sold under a lock", "sold by version", "reserved", "reserved between two reads", "sold before the answer"],
)
def test_what_changed_since_it_was_read_is_read_again(path, shop, before, act, left):
    other = open_shop(path)
    told = check_out_optimistically(interrupted(shop, before, lambda: act(other)), "A", {"LP": 40}, at=NOW)
    other.connection.close()
    assert told["LP"].now == left


def test_who_is_always_too_late_takes_the_lock(path, shop):
    other, carts = open_shop(path), (f"B{number}" for number in range(9))
    late = interrupted(shop, "BEGIN", lambda: check_out(other, next(carts), {"LP": 1}, at=NOW), times=4)
    assert check_out_optimistically(late, "A", {"LP": 40}, at=NOW, tries=3)["LP"].now == 36
    assert late.connection.times == 0
    other.connection.close()


@pytest.mark.parametrize("way", SAFE)
def test_who_asks_again_is_told_the_same_and_gets_nothing_more(shop, way):
    told = way(shop, "A", {"CD": 70, "BOOK": 60}, at=NOW)
    assert told == {
        "CD": Quote(now=60, later=10, refused=0),
        "BOOK": Quote(now=0, later=50, refused=10, reason="not_enough"),
    }
    assert way(shop, "A", {"BOOK": 60, "CD": 70}, at=NOW + 1000 * MINUTE) == told
    assert {sku: (shelf.sold, shelf.waiting) for sku, shelf in read_shelves(shop, told).items()} == {
        "BOOK": (0, 50),
        "CD": (60, 10),
    }


@pytest.mark.parametrize("way", SAFE)
def test_the_same_click_that_comes_between_gets_one_answer(path, shop, way):
    other = open_shop(path)
    told = []
    double = interrupted(shop, "BEGIN", lambda: told.append(way(other, "A", {"LP": 3}, at=NOW)))
    told.append(way(double, "A", {"LP": 3}, at=NOW))
    assert told[0] == told[1]
    assert read_shelves(shop, ["LP"])["LP"].sold == 3
    other.connection.close()


@pytest.mark.parametrize("way", SAFE)
def test_a_key_that_is_used_for_something_else_is_refused(path, shop, way):
    other = open_shop(path)
    way(shop, "A", {"LP": 3}, at=NOW)
    with pytest.raises(ValueError, match="the cart A has checked out already, with something else in it"):
        way(shop, "A", {"LP": 4}, at=NOW)
    double = interrupted(shop, "BEGIN", lambda: way(other, "B", {"LP": 1}, at=NOW))
    with pytest.raises(ValueError, match="the cart B has"):
        way(double, "B", {"CD": 1}, at=NOW)
    other.connection.close()
    assert read_shelves(shop, ["CD"])["CD"].sold == 0


@pytest.mark.parametrize("way", SAFE)
def test_what_is_not_sold_there_is_refused_and_nothing_is_kept(shop, way):
    with pytest.raises(LookupError, match="there is no shelf for TAPE"):
        way(shop, "A", {"LP": 1, "TAPE": 1}, at=NOW)
    assert read_shelves(shop, ["LP"])["LP"].version == 0
    assert way(shop, "A", {"LP": 1}, at=NOW)["LP"].now == 1


# Reservations


@pytest.mark.parametrize("way", SAFE)
def test_what_is_reserved_is_for_the_cart_alone_until_the_deadline(shop, way):
    assert reserve(shop, "A", {"LP": 30}, until=NOW + 10 * MINUTE, at=NOW) == {"LP": 30}
    assert reserve(shop, "B", {"LP": 30}, until=NOW + 10 * MINUTE, at=NOW) == {"LP": 10}
    assert way(shop, "C", {"LP": 1}, at=NOW)["LP"].now == 0
    assert way(shop, "A", {"LP": 30}, at=NOW + 9 * MINUTE)["LP"].now == 30
    assert way(shop, "D", {"LP": 11}, at=NOW + 10 * MINUTE)["LP"].now == 10
    assert way(shop, "B", {"LP": 10}, at=NOW + 11 * MINUTE)["LP"].now == 0
    assert read_shelves(shop, ["LP"])["LP"].sold == 40


def test_a_cart_that_reserves_again_has_what_it_reserved_last(shop):
    reserve(shop, "A", {"LP": 30}, until=NOW + 10 * MINUTE, at=NOW)
    assert reserve(shop, "A", {"LP": 40}, until=NOW + 20 * MINUTE, at=NOW) == {"LP": 40}
    assert reserve(shop, "A", {"LP": 1, "BOOK": 1}, until=NOW + MINUTE, at=NOW) == {"BOOK": 0, "LP": 1}
    [held] = read_shelves(shop, ["LP"])["LP"].reservations
    assert held == Reservation(cart="A", quantity=1, until=NOW + MINUTE)
    assert read_shelves(shop, ["BOOK"])["BOOK"].reservations == []


def test_a_reservation_ends_at_its_instant():
    shelf = Shelf(on_hand=5, incoming=0, may_wait=0, reservations=[Reservation(cart="A", quantity=4, until=NOW)])
    moment = dt.timedelta(microseconds=1)
    assert decide({"X": 5}, {"X": shelf}, cart="B", at=NOW - moment)["X"].now == 1
    assert decide({"X": 5}, {"X": shelf}, cart="B", at=NOW)["X"].now == 5
    assert decide({"X": 5}, {"X": shelf}, cart="A", at=NOW - moment)["X"].now == 5


# Trying again


def test_work_is_tried_so_many_times_and_no_more(shop):
    tried = []

    def work():
        tried.append(1)
        raise Changed

    with pytest.raises(Busy):
        retried(shop, work, tries=3)
    assert len(tried) == 3


def test_a_file_that_somebody_else_writes_is_tried_again(path, shop):
    shop.execute("PRAGMA busy_timeout = 0")
    other = open_shop(path)
    with transaction(other), pytest.raises(Busy):
        check_out(shop, "A", {"LP": 1}, at=NOW, tries=3)
    other.connection.close()
    assert check_out(shop, "A", {"LP": 1}, at=NOW)["LP"].now == 1


def test_another_error_is_not_tried_again_and_undoes_everything(shop):
    tried = []

    def work():
        tried.append(1)
        with transaction(shop):
            shop.execute("UPDATE shelf SET sold = 1")
            shop.execute("UPDATE boxes SET sold = 1")

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        retried(shop, work, tries=3)
    assert len(tried) == 1
    assert read_shelves(shop, ["LP"])["LP"].sold == 0


# PostgreSQL


@pytest.fixture
def server():
    if not SERVER:
        pytest.skip("no PostgreSQL server: PREORDER_KIT_POSTGRESQL does not say where one is")
    pytest.importorskip("psycopg")
    from docs.examples.checkout import on_postgresql  # noqa: PLC0415  # it needs psycopg

    database = on_postgresql.open_shop(SERVER)
    database.execute("DROP TABLE IF EXISTS answer, checkout, reservation, shelf")
    fill(database)
    database.connection.close()
    return partial(on_postgresql.open_shop, SERVER)


@WAYS
def test_on_postgresql_threads_oversell_nothing(server, ways):
    with ThreadPoolExecutor(8) as executor:
        found = crowd(server, executor, ways=ways, workers=8, count=120)
    check(found, 120)


def test_on_postgresql_a_careless_checkout_oversells(server):
    barrier = threading.Barrier(4, timeout=60)

    def serve(number):
        database = attrs.evolve(server(), begin="BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            return check_out_carelessly(database, f"O{number}", {"LP": 40}, at=NOW, between=barrier.wait)["LP"].now
        finally:
            database.connection.close()

    with ThreadPoolExecutor(4) as executor:
        assert list(executor.map(serve, range(4))) == [40] * 4
