"""The shop's tables, and all in which one database differs from another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import attrs

_T = TypeVar("_T")

#: What is owed of a SKU stands in its own row, so that to lock the row, or to compare its version, is enough.
TABLES = (
    """CREATE TABLE shelf (
        sku TEXT PRIMARY KEY,
        on_hand INTEGER NOT NULL,
        incoming INTEGER NOT NULL,
        may_wait INTEGER NOT NULL,
        street_date TEXT,
        sold INTEGER NOT NULL DEFAULT 0,
        waiting INTEGER NOT NULL DEFAULT 0,
        version INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE reservation (
        cart TEXT NOT NULL,
        sku TEXT NOT NULL REFERENCES shelf,
        quantity INTEGER NOT NULL,
        until TEXT NOT NULL,
        PRIMARY KEY (cart, sku)
    )""",
    "CREATE TABLE checkout (cart TEXT PRIMARY KEY)",
    """CREATE TABLE answer (
        cart TEXT NOT NULL REFERENCES checkout,
        sku TEXT NOT NULL REFERENCES shelf,
        ships_now INTEGER NOT NULL,
        waits INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        reason TEXT,
        PRIMARY KEY (cart, sku)
    )""",
)


class Connection(Protocol):
    """What the checkout needs of a connection; those of ``sqlite3`` and of psycopg have it."""

    def execute(self, statement: Any, values: Sequence[Any], /) -> Any:
        """Run a statement and return a cursor."""

    def close(self) -> None:
        """Close it."""


@attrs.frozen(kw_only=True)
class Database:
    """A connection, and what its database says in words of its own.

    Attributes:
        connection: One that leaves it to us when a transaction begins and ends. A worker has its own.
        begin: The statement that begins a transaction.
        lock: What a SELECT says at its end to lock the rows that it reads.
        mark: What stands for a value in a statement.
        is_passing: Whether an error only says that somebody else was there at the same time.
    """

    connection: Connection
    begin: str
    lock: str
    mark: str
    is_passing: Callable[[Exception], bool]

    def execute(self, statement: str, *values: object) -> Any:
        """Run a statement in which a question mark stands for each value."""
        return self.connection.execute(statement.replace("?", self.mark), values)


class Changed(Exception):
    """A row is no longer what it was when it was read."""


class Busy(Exception):
    """Somebody else was in the way each time."""


@contextmanager
def transaction(database: Database) -> Iterator[None]:
    """Do all of it or nothing."""
    database.execute(database.begin)
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise


def retried(database: Database, work: Callable[[], _T], *, tries: int) -> _T:
    """Do some work again while somebody else is in the way, so many times at most; then it is `Busy`.

    A shop waits a little between two tries, each time a little longer and not all for as long.
    """
    for _ in range(tries):
        try:
            return work()
        except Exception as error:
            if not (isinstance(error, Changed) or database.is_passing(error)):
                raise
    raise Busy
