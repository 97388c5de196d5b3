"""The shop on SQLite, with the standard library's module."""

from __future__ import annotations

import sqlite3

from .database import Database

#: Somebody else writes; or the same cart has just checked out.
_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def open_shop(path: str) -> Database:
    """Open a shop's file. One transaction writes at a time, from its beginning on: no row needs a lock of its own."""
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    return Database(connection=connection, begin="BEGIN IMMEDIATE", lock="", mark="?", is_passing=_is_passing)


def _is_passing(error: Exception) -> bool:
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in _PASSING
