"""What fabric answers to a bulk insert: a job whose rows may have failed, or a refusal."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import attrs

from ..._checks import checked, instance, instant, optional, refused, rule, sequence, text, units
from ..._documents import count, identifier, word
from ..._wire import WireFormat, has, held
from ._spelling import as_texts, built_or_refused, opened_one, utc_instant

__all__ = [
    "BulkInsertError",
    "BulkInsertReply",
    "ImportOutcome",
    "RowError",
    "read_bulk_insert_error",
    "read_bulk_insert_reply",
]


class ImportOutcome(StrEnum):
    """What became of an import.

    COMPLETE: it has finished and no row failed. PARTIAL: some rows failed. FAILED: all did. OPEN: no row has failed,
    and it does not say that it has finished.
    """

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    OPEN = "open"


@attrs.frozen(kw_only=True, field_transformer=checked)
class BulkInsertReply:
    """What fabric says of a bulk insert that it took.

    Attributes:
        id: The job's own id.
        key: The key by which the job is asked for.
        status: The status as sent; ``FINISHED`` alone does not mean that a row was taken.
        rows: Rows in the request.
        rows_failed: Rows that were not taken, at most ``rows``.
        items: Items in the request.
        items_uploaded: Items that the job calls uploaded, whether their rows failed or not.
        messages: What the job says in words; one that is not text is kept as its JSON.
        created_at: When the job began; ``None`` if it does not say so.
        updated_at: When it last said something.

    Raises:
        InvalidArgument: If a field breaks its rule, or more rows failed than there are.
    """

    id: str = attrs.field(default="", metadata=rule(text, empty=True))
    key: str = attrs.field(default="", metadata=rule(text, empty=True))
    status: str = attrs.field(metadata=rule(text))
    rows: int = attrs.field(metadata=rule(units))
    rows_failed: int = attrs.field(metadata=rule(units))
    items: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    items_uploaded: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    messages: Sequence[str] = attrs.field(default=(), metadata=rule(sequence, check=text, empty=True))
    created_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    updated_at: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))

    def __attrs_post_init__(self) -> None:
        if self.rows_failed > self.rows:
            raise refused("rows_failed", f"must be <= rows, {self.rows}", self.rows_failed, code="units.invalid")

    @property
    def outcome(self) -> ImportOutcome:
        """What became of it, judged by its rows and not by its status."""
        if self.rows_failed:
            return ImportOutcome.FAILED if self.rows_failed == self.rows else ImportOutcome.PARTIAL
        return ImportOutcome.COMPLETE if self.status.upper() == "FINISHED" else ImportOutcome.OPEN


_REPLY = {"rows_failed": "totalRowsErrors"}


def read_bulk_insert_reply(document: str | bytes, /) -> BulkInsertReply:
    """Read the reply to a bulk insert.

    Args:
        document: The reply, as text or UTF-8 bytes.

    Returns:
        The reply; its ``outcome`` goes by the rows that failed.

    Raises:
        InvalidDocument: If it is no such reply; with all of its problems and their paths.

    Source:
        fabric OMS v1, bulk insert to inventory. The reply in its own example is FINISHED while every row has failed.

    Examples:
        Finished, and nothing was taken:

        >>> from preorder_kit.adapters.fabric import read_bulk_insert_reply
        >>> reply = read_bulk_insert_reply(
        ...     '{"keyId": "api-1", "status": "FINISHED", "totalRows": 2, "totalRowsErrors": 2}')
        >>> print(reply.status, reply.outcome)
        FINISHED failed
    """
    expected = 'must be the reply to a bulk insert: {"status": ..., "totalRows": ..., "totalRowsErrors": ...}'
    fields = opened_one(document, expected, keys=("totalRowsErrors",))
    return built_or_refused(
        fields,
        BulkInsertReply,
        _REPLY,
        id=fields.read("_id", identifier, default=""),
        key=fields.read("keyId", identifier, default=""),
        status=fields.read("status", word),
        rows=fields.read("totalRows", count),
        rows_failed=fields.read("totalRowsErrors", count),
        items=fields.read("totalItems", count, default=None),
        items_uploaded=fields.read("totalItemsUploaded", count, default=None),
        messages=fields.read("messages", as_texts, default=()),
        created_at=fields.read("createdAt", utc_instant, default=None),
        updated_at=fields.read("updatedAt", utc_instant, default=None),
    )


@attrs.frozen(kw_only=True, field_transformer=checked)
class RowError:
    """What is wrong with one row of a bulk insert.

    Attributes:
        row: Which row, the first being 1.
        message: What fabric says of it.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    row: int = attrs.field(metadata=rule(units, least=1))
    message: str = attrs.field(metadata=rule(text))


@attrs.frozen(kw_only=True, field_transformer=checked)
class BulkInsertError:
    """A bulk insert that fabric refused.

    Attributes:
        code: The code as sent; empty if there is none.
        message: The whole message as sent.
        rows: What the message says of rows, in its order; empty if it names none.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    code: str = attrs.field(default="", metadata=rule(text, empty=True))
    message: str = attrs.field(metadata=rule(text))
    rows: Sequence[RowError] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=RowError))


_FAILED = "Inventory insert failed"
_ROW = re.compile(r"\bRow ([0-9]{1,9}): *")


def read_bulk_insert_error(document: str | bytes, /) -> BulkInsertError:
    r"""Read what fabric answers to a bulk insert that it refuses, with the rows that its message names.

    Args:
        document: The answer, as text or UTF-8 bytes.

    Returns:
        The error. No word of the message is lost.

    Raises:
        InvalidDocument: If it has no message; with all of its problems and their paths.

    Source:
        fabric OMS v1, the answer 400 of bulk insert to inventory. That rows count from 1 is inferred from its example.

    Examples:
        A location that is not known:

        >>> from preorder_kit.adapters.fabric import read_bulk_insert_error
        >>> error = read_bulk_insert_error(
        ...     '{"message": "Inventory insert failed: Row 1: Cannot find \\"Location Id\\" 999."}')
        >>> print(error.rows[0].row, error.rows[0].message)
        1 Cannot find "Location Id" 999.
    """
    fields = opened_one(document, 'must be an error: {"code": ..., "message": ...}', keys=("message",))
    message = fields.read("message", word)
    return built_or_refused(
        fields,
        BulkInsertError,
        {},
        code=fields.read("code", identifier, default=""),
        message=message,
        rows=_row_errors(message) if fields.is_sound else (),
    )


def _row_errors(message: str) -> list[RowError]:
    """Return what a message says of rows: after each mark of a row, up to the next."""
    _, *marked = _ROW.split(message)
    pairs = zip(marked[::2], marked[1::2], strict=True)
    return [
        RowError(row=int(row), message=said.strip(" ,;") or "no reason is given") for row, said in pairs if int(row)
    ]


def _is_reply(root: Any) -> bool:
    return has(root, "totalRows", "totalRowsErrors")


def _is_refusal(root: Any) -> bool:
    message = held(root, "message")
    return isinstance(message, str) and message.startswith(_FAILED)


_FORMATS = (
    WireFormat(
        name="fabric-bulk-insert-reply",
        holds="what became of a bulk insert",
        recognises=_is_reply,
        read=read_bulk_insert_reply,
    ),
    WireFormat(
        name="fabric-bulk-insert-error",
        holds="why a bulk insert was refused",
        recognises=_is_refusal,
        read=read_bulk_insert_error,
    ),
)
