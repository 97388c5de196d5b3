"""The shop on PostgreSQL, with psycopg."""

from __future__ import annotations

import psycopg
from psycopg import errors

from .database import Database

#: Somebody else was faster, each waits for the other, or the same cart has just checked out.
_PASSING = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)


def open_shop(where: str) -> Database:
    """Open a shop by a connection string. Rows are locked as they are read, others wait for them."""
    connection = psycopg.connect(where, autocommit=True)
    return Database(connection=connection, begin="BEGIN", lock=" FOR UPDATE", mark="%s", is_passing=_is_passing)


def _is_passing(error: Exception) -> bool:
    return isinstance(error, _PASSING)
