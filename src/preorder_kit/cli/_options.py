"""The options of the command line: how they are written, and what they say in `--help`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import attrs
import typer
from dateutil.relativedelta import relativedelta

from .._checks import member
from .._documents import iso_day, iso_instant
from .._zones import zone_name
from ..charging import CaptureMode
from ..errors import InvalidArgument
from ..formats import _meant
from ..promise import Confirmation, Pegging
from ..queue_files import QueueFormat
from ..rationing import Rationing
from ..sourcing import BundleSource, SourceRule
from ..splitting import MixedCart
from ..waiting_room import AllocationUnit, QueueOrder, Shortage, Unserved
from ._column_files import COLUMN_FILES
from ._times import Calendar, Country, Days, country_of, days_of, time_of

T = TypeVar("T")

PICTURES = (".svg", ".png")


@attrs.frozen
class Estimate:
    """When units are ready for which no day is known, as written ``4-6 weeks``."""

    earliest: relativedelta
    latest: relativedelta


def _estimate(written: str) -> Estimate:
    match = re.fullmatch(r"\s*([0-9]{1,4})(?:\s*-\s*([0-9]{1,4}))?\s*(day|week|month)s?\s*", written)
    if not match or int(match[2] or match[1]) < int(match[1]):
        raise typer.BadParameter(f"must be days, weeks or months such as '4-6 weeks' (got {written!r})")
    earliest, latest = (_delta(int(many), match[3]) for many in (match[1], match[2] or match[1]))
    return Estimate(earliest, latest)


def _delta(many: int, unit: str) -> relativedelta:
    if unit == "month":
        return relativedelta(months=many)
    return relativedelta(days=many * (7 if unit == "week" else 1))


@attrs.frozen
class Move:
    """A receipt that comes on another day, as written ``PO2002=2026-12-24``."""

    reference: str
    day: dt.date


def _move(written: str) -> Move:
    reference, _, day = written.rpartition("=")
    if not reference:
        raise typer.BadParameter(f"must be a receipt and a day such as PO2002=2026-12-24 (got {written!r})")
    return Move(reference, _parser(iso_day)(day))


@attrs.frozen
class Kept:
    """Units of every SKU that are not given from a location, as written ``Oslo=2``."""

    location: str
    units: int


def _kept(written: str) -> Kept:
    location, _, units = written.rpartition("=")
    if not location or not re.fullmatch(r"\s*[0-9]{1,9}\s*", units, re.ASCII):
        raise typer.BadParameter(f"must be a location and a number of units such as Oslo=2 (got {written!r})")
    return Kept(location, int(units))


def _amount(written: str) -> Decimal:
    if not re.fullmatch(r"\s*[0-9]{1,15}(\.[0-9]{1,4})?\s*", written, re.ASCII):
        raise typer.BadParameter(f"must be an amount of money such as 45.00 (got {written!r})")
    return Decimal(written.strip())


def _parser(check: Callable[[str, str], T]) -> Callable[[str], T]:
    """Return a parser of an option that says what ``check`` says."""

    def parse(written: str) -> T:
        try:
            return check(written, "")
        except InvalidArgument as error:
            raise typer.BadParameter(error.message) from None

    return parse


def _picture(written: str) -> Path:
    if not written.lower().endswith(PICTURES):
        raise typer.BadParameter(f"must end in {' or '.join(PICTURES)} (got {written!r})")
    return Path(written)


def _column_file(written: str) -> Path:
    if not written.lower().endswith(COLUMN_FILES):
        raise typer.BadParameter(f"must end in {' or '.join(COLUMN_FILES)} (got {written!r})")
    return Path(written)


def _size(written: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,5}(\.[0-9]{1,3})?\s*[KMGT]i?B", written, re.IGNORECASE):
        raise typer.BadParameter(f"must be an amount of memory such as 4GB or 512MB (got {written!r})")
    return written


def _option(flag: str, text: str, **settings: Any) -> Any:
    return typer.Option(flag, help=text, **settings)


def _choice(flag: str, text: str, kind: type[StrEnum]) -> Any:
    """Return an option that takes a member of an enum, and otherwise names them all."""
    return _option(flag, text, metavar=f"<{'|'.join(kind)}>", parser=_parser(partial(member, of=kind)))


def _format(written: str, path: str) -> str:
    if written != "csv":  # rows of sku and quantity: supply-csv
        try:
            _meant(written)
        except InvalidArgument as error:
            message = f"must be the name of a format; preorder-kit formats lists them (got {written!r})"
            raise InvalidArgument(message, error.code, path, written) from None
    return written


def _queue_format(written: str, path: str) -> str:
    return written if written in set(QueueFormat) else _format(written, path)


_LISTED = "preorder-kit formats lists them."

OrderName = Annotated[str, typer.Argument(metavar="ORDER", help="The order's document; - reads standard input.")]
SupplyName = Annotated[str, _option("--supply", "The document of what there is and what comes.", metavar="SUPPLY")]
At = Annotated[
    dt.datetime, _option("--at", "Now: 2026-11-22T09:30:00+01:00.", metavar="INSTANT", parser=_parser(iso_instant))
]
OrdersFormat = Annotated[
    str | None,
    _option(
        "--from", f"The order's format; recognised if not given. {_LISTED}", metavar="FORMAT", parser=_parser(_format)
    ),
]
SuppliesFormat = Annotated[
    str | None,
    _option("--supply-from", "The supply's format; recognised likewise.", metavar="FORMAT", parser=_parser(_format)),
]
DocumentName = Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document; - reads standard input.")]
AnyFormat = Annotated[
    str | None,
    _option("--from", f"Its format; recognised if not given. {_LISTED}", metavar="FORMAT", parser=_parser(_format)),
]
ShopZone = Annotated[
    str | None,
    _option("--zone", "The shop's time zone, for days and times that come without one.", parser=_parser(zone_name)),
]
Handling = Annotated[Days, _option("--handling", "Working days to pick and pack.", metavar="DAYS", parser=days_of)]
Transit = Annotated[Days, _option("--transit", "Working days with the carrier.", metavar="DAYS", parser=days_of)]
Inbound = Annotated[
    Days, _option("--inbound", "Working days from arrival until it can ship.", metavar="DAYS", parser=days_of)
]
WorkingDays = Annotated[Calendar, _choice("--calendar", "The working days.", Calendar)]
Holidays = Annotated[
    Country | None,
    _option("--holidays", "A country whose holidays are not worked: NO, US-CA.", metavar="COUNTRY", parser=country_of),
]
Zone = Annotated[
    str, _option("--zone", "The warehouse's zone, whose days count.", metavar="ZONE", parser=_parser(zone_name))
]
CutOffTime = Annotated[
    dt.time | None,
    _option("--cut-off", "From then on an order counts for the day after.", metavar="HH:MM", parser=time_of),
]
AnyCharacters = Annotated[
    bool, _option("--any-characters", "Let SKUs and references in a fabric CSV be more than letters and digits.")
]
Json = Annotated[bool, _option("--json", "Print JSON instead of a table.")]

Values = Annotated[list[str], typer.Argument(metavar="VALUE...", help="What a shop system's stock field holds.")]
FewBelow = Annotated[int, _option("--few-below", "From how many units on it is no longer few.", min=0)]

Sku = Annotated[str, _option("--sku", "The SKU, on a shelf.", metavar="SKU")]
FirstDay = Annotated[dt.date, _option("--start", "Today: 2026-11-22.", metavar="DAY", parser=_parser(iso_day))]
LastDay = Annotated[dt.date | None, _option("--until", "The last day to show.", metavar="DAY", parser=_parser(iso_day))]
HowMany = Annotated[int | None, _option("--days", "How many days to show, instead of --until.", metavar="N", min=1)]
Overdue = Annotated[
    int | None,
    _option("--overdue", "In how many days receipts count whose day has passed.", metavar="DAYS", min=0),
]
ButFor = Annotated[str, _option("--but-for", "An order whose own commitments are left out.", metavar="ORDER")]
Picture = Annotated[
    Path | None, _option("--picture", "Draw it into a file, .svg or .png.", metavar="FILE", parser=_picture)
]

OrderNames = Annotated[
    list[str], typer.Argument(metavar="ORDER...", help="The orders' documents, the one to serve first first.")
]
Confirmed = Annotated[Confirmation, _choice("--confirmation", "What is confirmed of a line.", Confirmation)]
Pegged = Annotated[Pegging, _choice("--pegging", "Which units serve a line.", Pegging)]
MinShipment = Annotated[int, _option("--min-shipment", "The fewest units of a line that are sent.", metavar="N", min=1)]
MaxLateness = Annotated[
    int | None,
    _option("--max-lateness", "How many days after the wanted day a line may arrive.", metavar="DAYS", min=0),
]
Estimated = Annotated[
    Estimate | None,
    _option("--estimate", "When units are ready for which no day is known.", metavar="'4-6 weeks'", parser=_estimate),
]
Moves = Annotated[
    list[Move] | None,
    _option(
        "--moved", "What if this receipt comes on another day; once for each.", metavar="REFERENCE=DAY", parser=_move
    ),
]

Source = Annotated[SourceRule, _choice("--source", "Which locations serve a line.", SourceRule)]
AskFirst = Annotated[
    list[str] | None,
    _option("--ask-first", "A location that is asked before the others; once for each.", metavar="LOCATION"),
]
KeepBack = Annotated[
    list[Kept] | None,
    _option(
        "--keep-back",
        "Units of every SKU that a location keeps; once for each.",
        metavar="LOCATION=N",
        parser=_kept,
    ),
]
BackorderAt = Annotated[
    str, _option("--backorder-at", "The location at which units wait that are nowhere.", metavar="LOCATION")
]
BundlesFrom = Annotated[
    BundleSource, _choice("--bundles-from", "From how many locations one bundle may leave.", BundleSource)
]
WholeLines = Annotated[bool, _option("--whole-lines", "Ship all units of a line of bundles together.")]
Mixed = Annotated[MixedCart, _choice("--mixed-cart", "If some goods could leave now and others only later.", MixedCart)]
MaxParts = Annotated[
    int | None, _option("--max-parts", "How many parts there may be; the latest wait.", metavar="N", min=1)
]
Capture = Annotated[CaptureMode, _choice("--capture", "When money is captured.", CaptureMode)]
Deposit = Annotated[
    int | None,
    _option("--deposit", "How much of it is captured with the order.", metavar="PERCENT", min=1, max=99),
]
Window = Annotated[
    int | None,
    _option("--window", "How many days an authorisation can be captured.", metavar="DAYS", min=1, max=999),
]
Authorised = Annotated[
    Decimal | None,
    _option("--authorised", "How much was authorised, if not all of it.", metavar="AMOUNT", parser=_amount),
]
AuthorisedAt = Annotated[
    dt.datetime | None,
    _option(
        "--authorised-at",
        "When, if not with the order.",
        metavar="INSTANT",
        parser=_parser(iso_instant),
    ),
]

QueueNames = Annotated[
    list[str],
    typer.Argument(
        metavar="QUEUE...",
        help="The lines that wait. With --supply one document, - reads standard input. "
        "With --available files of columns, Parquet or CSV, of any size; 'queue/*.parquet' names many.",
    ),
]
QueueSupply = Annotated[
    str | None, _option("--supply", "The document of what there is and what comes.", metavar="SUPPLY")
]
Available = Annotated[
    str | None,
    _option(
        "--available",
        "Instead of --supply: units by SKU, a file of columns. Nothing has to fit into memory then.",
        metavar="FILE",
    ),
]
Recipes = Annotated[
    str | None,
    _option("--recipes", "With --available: what bundles are made of, a file of columns.", metavar="FILE"),
]
Out = Annotated[
    Path | None,
    _option(
        "--out", "With --available: write what each line gets, .parquet or .csv.", metavar="FILE", parser=_column_file
    ),
]
StockOut = Annotated[
    Path | None,
    _option(
        "--stock-out",
        "With --available: write what becomes of each SKU, .parquet or .csv.",
        metavar="FILE",
        parser=_column_file,
    ),
]
Memory = Annotated[
    str | None,
    _option(
        "--memory",
        "With --available: how much memory DuckDB may take; the rest goes to disk.",
        metavar="4GB",
        parser=_size,
    ),
]
Force = Annotated[bool, _option("--force", "With --available: write over files that exist.")]
QueuesFormat = Annotated[
    str | None,
    _option(
        "--from",
        f"The queue's format: {', '.join(QueueFormat)}, or that of a system; recognised if not given. {_LISTED}",
        metavar="FORMAT",
        parser=_parser(_queue_format),
    ),
]
ServedFirst = Annotated[QueueOrder, _choice("--policy", "Who is served first.", QueueOrder)]
IfShort = Annotated[Shortage, _choice("--shortage", "What a line gets that cannot be served in full.", Shortage)]
Served = Annotated[AllocationUnit, _choice("--unit", "What is served: each line, or whole orders.", AllocationUnit)]
Ration = Annotated[Rationing | None, _choice("--ration", "Share out by a fair rule instead of by turn.", Rationing)]
IfUnserved = Annotated[Unserved, _choice("--unserved", "What becomes of a line that is not served in full.", Unserved)]
Grants = Annotated[
    str | None,
    _option("--grants", "What lines hold already: what an earlier run printed with --json.", metavar="GRANTS"),
]
Explained = Annotated[str | None, _option("--explain", "Say why one order got what it got.", metavar="ORDER")]
Everything = Annotated[bool, _option("--all", "Show every line and SKU, however many there are.")]
