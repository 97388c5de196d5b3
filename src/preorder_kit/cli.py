"""The command line: what the library says about an order or a stock field, in plain words or as JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import attrs
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ._documents import decode, iso_instant, parse_json
from ._zones import zone_name
from .adapters.adobe_oms import read_order_create
from .adapters.fabric import CsvRule, read_inventory_csv
from .bundles import LineKind
from .calendars import EVERY_DAY, MON_TO_FRI, MON_TO_SAT, CutOff, WorkCalendar
from .delivery import DateRange, LeadTime, ShippingTimes, ship_together
from .errors import InvalidArgument, InvalidDocument, PreorderKitError, Problem
from .orders import Order
from .promise import Promise, PromiseKind, promise_order
from .quantities import UNLIMITED, Quantity
from .serialization import from_json
from .splitting import CancelReason, Part, PartKind, SplitPlan, split_order
from .stock import Stock, cart_action, normalize_stock, public_label
from .street_date import street_day
from .supply import Supply, pool

__all__ = ["app"]

T = TypeVar("T")

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

app: typer.Typer = typer.Typer(
    help="Stock, pre-orders and backorders: what may be said and sold, and what ships when.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class OrderFormat(StrEnum):
    """What an order's document may be written in."""

    ADOBE_OMS = "adobe-oms"
    NATIVE = "native"


class SupplyFormat(StrEnum):
    """What a supply's document may be written in."""

    FABRIC_CSV = "fabric-csv"
    NATIVE = "native"


class Calendar(StrEnum):
    """The days on which warehouse and carrier work."""

    MON_FRI = "mon-fri"
    MON_SAT = "mon-sat"
    EVERY_DAY = "every-day"


_CALENDARS: Mapping[Calendar, WorkCalendar] = {
    Calendar.MON_FRI: MON_TO_FRI,
    Calendar.MON_SAT: MON_TO_SAT,
    Calendar.EVERY_DAY: EVERY_DAY,
}


@attrs.frozen
class Days:
    """A number of days, as written ``1-2`` or ``3``."""

    fewest: int
    most: int

    def __str__(self) -> str:
        return str(self.most) if self.fewest == self.most else f"{self.fewest}-{self.most}"

    def on(self, calendar: Calendar) -> LeadTime:
        """Return the lead time of these days on a calendar."""
        return LeadTime(self.fewest, self.most, _CALENDARS[calendar])


def _days(written: str | Days) -> Days:
    if isinstance(written, Days):
        return written
    match = re.fullmatch(r"\s*([0-9]{1,4})(?:\s*-\s*([0-9]{1,4}))?\s*", written)
    if not match or int(match[2] or match[1]) < int(match[1]):
        raise typer.BadParameter(f"must be a number of days such as 1-2, or 3 (got {written!r})")
    return Days(int(match[1]), int(match[2] or match[1]))


def _time(written: str) -> dt.time:
    if not re.fullmatch(r"\s*([01]?[0-9]|2[0-3]):[0-5][0-9]\s*", written):
        raise typer.BadParameter(f"must be a time of day such as 14:00 (got {written!r})")
    hours, _, minutes = written.partition(":")
    return dt.time(int(hours), int(minutes))


def _parser(check: Callable[[str, str], T]) -> Callable[[str], T]:
    """Return a parser of an option that says what ``check`` says."""

    def parse(written: str) -> T:
        try:
            return check(written, "")
        except InvalidArgument as error:
            raise typer.BadParameter(error.message) from None

    return parse


def _option(flag: str, text: str, **settings: Any) -> Any:
    return typer.Option(flag, help=text, **settings)


_OrderName = Annotated[str, typer.Argument(metavar="ORDER", help="The order's document; - reads standard input.")]
_SupplyName = Annotated[str, _option("--supply", "The document of what there is and what comes.", metavar="SUPPLY")]
_At = Annotated[
    dt.datetime, _option("--at", "Now: 2026-11-22T09:30:00+01:00.", metavar="INSTANT", parser=_parser(iso_instant))
]
_From = Annotated[OrderFormat | None, _option("--from", "The order's format; recognised if not given.")]
_SupplyFrom = Annotated[SupplyFormat | None, _option("--supply-from", "The supply's format; recognised likewise.")]
_Handling = Annotated[Days, _option("--handling", "Working days to pick and pack.", metavar="DAYS", parser=_days)]
_Transit = Annotated[Days, _option("--transit", "Working days with the carrier.", metavar="DAYS", parser=_days)]
_Inbound = Annotated[
    Days, _option("--inbound", "Working days from arrival until it can ship.", metavar="DAYS", parser=_days)
]
_Calendar = Annotated[Calendar, _option("--calendar", "The working days.")]
_Zone = Annotated[
    str, _option("--zone", "The warehouse's zone, whose days count.", metavar="ZONE", parser=_parser(zone_name))
]
_CutOff = Annotated[
    dt.time | None,
    _option("--cut-off", "From then on an order counts for the day after.", metavar="HH:MM", parser=_time),
]
_AnyCharacters = Annotated[
    bool, _option("--any-characters", "Let SKUs and references in a fabric CSV be more than letters and digits.")
]
_Json = Annotated[bool, _option("--json", "Print JSON instead of a table.")]
_Values = Annotated[list[str], typer.Argument(metavar="VALUE...", help="What a shop system's stock field holds.")]
_FewBelow = Annotated[int, _option("--few-below", "From how many units on it is no longer few.", min=0)]


@app.command()
def plan(
    order: _OrderName,
    supply: _SupplyName,
    at: _At,
    order_format: _From = None,
    supply_format: _SupplyFrom = None,
    handling: _Handling = Days(1, 2),  # frozen
    transit: _Transit = Days(2, 4),
    inbound: _Inbound = Days(0, 0),
    calendar: _Calendar = Calendar.MON_FRI,
    zone: _Zone = "UTC",
    cut_off: _CutOff = None,
    any_characters: _AnyCharacters = False,
    as_json: _Json = False,
) -> None:
    """Say which units of an order ship now, which wait for what, and which are cancelled."""
    times = ShippingTimes(
        handling=handling.on(calendar),
        transit=transit.on(calendar),
        inbound=inbound.on(calendar),
        zone=zone,
        cut_off=None if cut_off is None else CutOff(time=cut_off, zone=zone),
    )
    if order == supply == "-":
        raise typer.BadParameter("standard input can be the order or the supply, not both", param_hint="--supply")
    rules = (CsvRule.FILLED,) if any_characters else (CsvRule.ALPHANUMERIC, CsvRule.FILLED)
    found, there = _read_all(
        (order, lambda data: _read_order(data, order_format)),
        (supply, lambda data: _read_supply(data, supply_format, rules)),
    )
    try:
        split = split_order(found, supply=there, at=at, times=times)
        waits = _waits(found, there, times, at)
    except PreorderKitError as error:
        _give_up([f"{order}: {error}" if error.path.startswith("lines") else f"cannot be planned: {error}"])
    if as_json:
        print(json.dumps(_plan_as_json(split), indent=2))
        return
    _show_plan(split, found, waits, at=at, zone=zone)
    basis = f"Counted: {handling} days of handling, {transit} of transit, {calendar}, days in {zone}."
    _console().print(Text(basis, style="dim"))


def _read_all(*sources: tuple[str, Callable[[bytes], Any]]) -> list[Any]:
    """Return what each source holds; give up with the problems of all of them if one cannot be read."""
    found, complaints = [], []
    for name, read in sources:
        try:
            found.append(read(_contents(name)))
        except InvalidDocument as error:
            complaints += [f"{name}: {problem}{_REMEDIES.get(problem.code, '')}" for problem in error.problems]
        except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
            complaints.append(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}")
    if complaints:
        _give_up(complaints)
    return found


_REMEDIES = {"fabric.alphanumeric": "; --any-characters lets it pass"}


def _contents(name: str) -> bytes:
    if name != "-":
        return Path(name).read_bytes()
    if sys.stdin is None:
        raise OSError("there is no standard input")
    return sys.stdin.buffer.read()


def _give_up(complaints: Iterable[str]) -> NoReturn:
    for complaint in complaints:
        typer.echo(_CONTROL.sub("�", complaint), err=True)
    raise typer.Exit(2)


def _read_order(data: bytes, named: OrderFormat | None) -> Order:
    if (named or (OrderFormat.NATIVE if _is_native(data) else OrderFormat.ADOBE_OMS)) is OrderFormat.NATIVE:
        return from_json(data, Order)
    return read_order_create(data)


def _is_native(data: bytes) -> bool:
    try:
        root = parse_json(data)
    except InvalidDocument:
        return False
    return isinstance(root, dict) and "preorder_kit" in root


def _read_supply(data: bytes, named: SupplyFormat | None, rules: Sequence[CsvRule]) -> Supply:
    looks_native = decode(data).lstrip()[:1] in {"{", "["}
    if (named or (SupplyFormat.NATIVE if looks_native else SupplyFormat.FABRIC_CSV)) is SupplyFormat.FABRIC_CSV:
        return pool(read_inventory_csv(data, rules=rules).complete())
    found = from_json(data)
    if isinstance(found, Order):
        raise InvalidDocument([Problem("", "document.unrecognised", "holds an order where a supply is wanted")])
    return found if isinstance(found, Supply) else pool(found)


def _waits(order: Order, supply: Supply, times: ShippingTimes, at: dt.datetime) -> dict[str, str]:
    """Return line id -> what its units that are not there wait for, and until when, in words."""
    coming: dict[str, list[Promise]] = {}
    for promise in promise_order(order, supply=supply, times=times, at=at):
        if promise.kind in {PromiseKind.BACKORDER, PromiseKind.NONE}:
            coming.setdefault(promise.line_id, []).append(promise)
    return {line_id: _wait(promises) for line_id, promises in coming.items()}


def _wait(promises: Sequence[Promise]) -> str:
    names = ", ".join(dict.fromkeys(name for promise in promises for name in promise.references))
    known = [promise.ready for promise in promises if promise.ready is not None]
    until = _until(ship_together(known) if len(known) == len(promises) else None)
    return f"waits for stock{f' ({names})' if names else ''}, {until}"


def _until(days: DateRange | None) -> str:
    return "no date known" if days is None else f"until {_span(days)}"


def _plan_as_json(split: SplitPlan) -> dict[str, Any]:
    return {
        "order_id": split.order_id,
        "parts": [_part_as_json(part) for part in split.parts],
        "cancelled": [
            {"line_id": cut.line_id, "sku": cut.sku, "quantity": cut.quantity, "reason": cut.reason.value}
            for cut in split.cancelled
        ],
    }


def _part_as_json(part: Part) -> dict[str, Any]:
    street = part.street_date
    return {
        "id": part.id,
        "kind": part.kind.value,
        "lines": [{"line_id": line.line_id, "sku": line.sku, "quantity": line.quantity} for line in part.lines],
        "street_date": None if street is None else street.isoformat().replace("+00:00", "Z"),
        "ready": _range_as_json(part.ready),
        "delivery": _range_as_json(part.delivery),
    }


def _range_as_json(found: DateRange | None) -> dict[str, str] | None:
    if found is None:
        return None
    return {"earliest": found.earliest.isoformat(), "latest": found.latest.isoformat()}


_WHY = {
    CancelReason.OUT_OF_STOCK: "cancelled: not there, may not wait",
    CancelReason.BACKORDER_LIMIT: "cancelled: no more may wait",
    CancelReason.NOTHING_SHIPS: "cancelled: nothing is delivered",
}


def _show_plan(split: SplitPlan, order: Order, waits: Mapping[str, str], *, at: dt.datetime, zone: str) -> None:
    table = _table("Units", "SKU", "Line", "What happens", "Arrives")
    apart = len({part.ship_to for part in split.parts}) > 1
    digital = {line.id for line in order.lines if line.kind is LineKind.DIGITAL}
    for part in split.parts:
        for line in part.lines:
            happens = _happens(part, waits.get(line.line_id), zone)
            where = f", to {part.ship_to}" if apart and part.ship_to else ""
            arrives = "" if line.line_id in digital else _span(part.delivery)
            _add_row(table, line.quantity, line.sku, line.line_id, happens + where, arrives)
        table.add_section()
    for cut in split.cancelled:
        _add_row(table, cut.quantity, cut.sku, cut.line_id, _WHY[cut.reason], "")
    _console().print(Text(f"Order {split.order_id} on {_day(street_day(at, zone=zone))}", style="bold"))
    _console().print(table)


def _happens(part: Part, waits: str | None, zone: str) -> str:
    if part.kind is PartKind.DIGITAL:
        return "delivered at once"
    if part.kind is PartKind.SHIP_NOW:
        return "ships now"
    if part.street_date is not None:
        return f"waits for the street date, {_day(street_day(part.street_date, zone=zone))}"
    # What waits for others, a fee or a line that is there, waits as long as its part.
    return waits or f"waits for stock, {_until(part.ready)}"


def _span(days: DateRange | None) -> str:
    if days is None:
        return "no date known"
    if days.earliest == days.latest:
        return _day(days.earliest)
    same_year = days.earliest.year == days.latest.year
    begin = _day(days.earliest).rpartition(" ")[0] if same_year else _day(days.earliest)
    return f"{begin} to {_day(days.latest)}"


# English, whatever the language of the host.
_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]


def _day(day: dt.date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@app.command(context_settings={"ignore_unknown_options": True})
def stock(values: _Values, few_below: _FewBelow = 10, as_json: _Json = False) -> None:
    """Show how raw stock fields are read: what may be said, and what the button does."""
    readings, complaints = [], []
    for value in values:
        try:
            readings.append((value, normalize_stock(value, few_below=few_below)))
        except InvalidArgument as error:
            complaints.append(f"{value}: {error}")
    if complaints:
        _give_up(complaints)
    if as_json:
        print(json.dumps([_stock_as_json(value, found) for value, found in readings], indent=2))
        return
    table = _table("Stock field", "Availability", "Units for sale", "Oversold", "Say in public", "Button")
    for value, found in readings:
        button = cart_action(found).replace("_", " ")
        said = (found.availability.replace("_", " "), _units(found.quantity), found.oversold or "")
        _add_row(table, value or "(empty)", *said, public_label(found), button)
    _console().print(table)


def _stock_as_json(value: str, found: Stock) -> dict[str, Any]:
    return {
        "value": value,
        "availability": found.availability.value,
        "quantity": found.quantity.value if found.quantity is UNLIMITED else found.quantity,
        "oversold": found.oversold,
        "public_label": public_label(found),
        "cart_action": cart_action(found).value,
    }


def _units(quantity: Quantity | None) -> str:
    if quantity is None:
        return "not said"
    return "no limit" if quantity is UNLIMITED else str(quantity)


def _table(*columns: str) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column in {"Units", "Oversold"} else "left")
    return table


def _add_row(table: Table, *cells: object) -> None:
    # No markup and no control characters: a SKU may hold square brackets, or what a terminal takes for a command.
    table.add_row(*(Text(_CONTROL.sub("�", str(cell))) for cell in cells))


def _console() -> Console:
    return Console(highlight=False, emoji=False)
