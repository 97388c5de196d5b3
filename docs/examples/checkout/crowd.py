"""Let many customers check out at once, and count.

Usage, from the root of the checkout:
    python -m docs.examples.checkout.crowd
    python -m docs.examples.checkout.crowd --way optimistic --workers 8 --orders 400
    python -m docs.examples.checkout.crowd --postgresql "host=/tmp/server dbname=shop"
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

import attrs

from preorder_kit import Quote

from .database import TABLES, Database
from .on_sqlite import open_shop as open_sqlite
from .ways import check_out, check_out_optimistically, read_shelves

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
STREET_DATE = "2027-02-05T00:00:00+00:00"
#: SKU, on hand, on order, how many may wait, street date.
SHELVES = (
    ("CD", 60, 25, 40, None),  # in stock, then on backorder as far as the purchase order goes
    ("LP", 40, 0, 40, None),  # in stock, and nothing on order
    ("BOOK", 10, 90, 50, STREET_DATE),  # a pre-order with a limit
)
WAYS = {"locked": check_out, "optimistic": check_out_optimistically}

_Order: TypeAlias = tuple[str, Mapping[str, int]]
_Answers: TypeAlias = dict[str, dict[str, Quote]]


@attrs.frozen(kw_only=True)
class Count:
    """What came of it.

    Attributes:
        answers: Order -> what it was told, by each worker that asked for it.
        asked: SKU -> units asked for.
        granted: SKU -> units that were sold, to leave now or to wait.
        there: SKU -> units that could be sold.
        stored: SKU -> units sold that the tables say.
    """

    answers: Mapping[str, Sequence[Mapping[str, Quote]]]
    asked: Mapping[str, int]
    granted: Mapping[str, int]
    there: Mapping[str, int]
    stored: Mapping[str, int]

    @property
    def oversold(self) -> int:
        """How many units were sold that are not there."""
        return sum(max(0, units - self.there[sku]) for sku, units in self.granted.items())


def fill(database: Database) -> None:
    """Make the tables, and put something on the shelves."""
    for statement in TABLES:
        database.execute(statement)
    for shelf in SHELVES:
        row = "INSERT INTO shelf (sku, on_hand, incoming, may_wait, street_date) VALUES (?, ?, ?, ?, ?)"
        database.execute(row, *shelf)


def orders(count: int) -> list[_Order]:
    """Return so many orders, of one to three units of one to three SKUs, in no order of SKUs in particular."""
    return [(f"O{number}", _asked(number)) for number in range(count)]


def _asked(number: int) -> dict[str, int]:
    skus = [sku for sku, *_ in SHELVES]
    turned = skus[number % 3 :] + skus[: number % 3]
    return {sku: 1 + (number // 9 + place) % 3 for place, sku in enumerate(turned[: 1 + number // 3 % 3])}


def serve(open_shop: Callable[[], Database], way: str, asked: Sequence[_Order]) -> _Answers:
    """Be one worker: check out one order after the other."""
    database = open_shop()
    try:
        return {cart: WAYS[way](database, cart, units, at=NOW) for cart, units in asked}
    finally:
        database.connection.close()


def crowd(
    open_shop: Callable[[], Database], executor: Executor, *, ways: Sequence[str], workers: int, count: int
) -> Count:
    """Let workers serve so many orders, each of which is sent twice: once to each of two workers.

    Args:
        open_shop: Opens the shop, once for each worker.
        executor: What the workers run in; it has a place for each of them.
        ways: How they check out, in turn.
        workers: How many there are, at least two.
        count: How many orders there are.

    Returns:
        What they were told, and what the tables say.
    """
    sent = orders(count)
    hands = [sent[number::workers] + sent[(number + 1) % workers :: workers] for number in range(workers)]
    turns = [ways[number % len(ways)] for number in range(workers)]
    told = list(executor.map(serve, repeat(open_shop), turns, hands))
    answers = {cart: [found[cart] for found in told if cart in found] for cart, _ in sent}
    return _counted(open_shop(), sent, answers)


def _counted(database: Database, sent: Sequence[_Order], answers: Mapping[str, Sequence[Mapping[str, Quote]]]) -> Count:
    asked, granted = Counter[str](), Counter[str]()
    for cart, units in sent:
        asked.update(units)
        for sku, given in answers[cart][0].items():
            granted[sku] += given.now + given.later
    shelves = read_shelves(database, asked)
    database.connection.close()
    there = {
        sku: min(on_hand + incoming, wait) if street else on_hand + min(incoming, wait)
        for sku, on_hand, incoming, wait, street in SHELVES
    }
    stored = {sku: shelf.sold + shelf.waiting for sku, shelf in shelves.items()}
    return Count(answers=answers, asked=asked, granted=granted, there=there, stored=stored)


def main() -> None:
    """Do what the command line says, with processes, and print the count."""
    parser = argparse.ArgumentParser(description="Let many customers check out at once, and count.")
    parser.add_argument("--way", choices=["locked", "optimistic"], default="locked")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--orders", type=int, default=100)
    parser.add_argument("--postgresql", metavar="WHERE", help="an empty database; without it, SQLite in a new file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        open_shop = _opener(options.postgresql, Path(folder) / "shop.db")
        database = open_shop()
        fill(database)
        database.connection.close()
        with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as executor:
            found = crowd(open_shop, executor, ways=[options.way], workers=options.workers, count=options.orders)
    for sku in found.there:
        print(f"{sku}: asked {found.asked[sku]}, there {found.there[sku]}, sold {found.granted[sku]}")  # noqa: T201  # a program that prints
    print(f"{options.orders} orders, each sent twice, {options.workers} workers, oversold {found.oversold}")  # noqa: T201


def _opener(postgresql: str | None, path: Path) -> Callable[[], Database]:
    if postgresql is None:
        return partial(open_sqlite, str(path))
    from .on_postgresql import open_shop  # noqa: PLC0415  # psycopg is needed only here

    return partial(open_shop, postgresql)


if __name__ == "__main__":
    main()
