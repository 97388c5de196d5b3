"""The command line: what the library says about an order, a supply or a stock field, in plain words or as JSON."""

from __future__ import annotations

import typer
from rich.text import Text

from .._timeline import day_in_words
from .._timeline import timeline as timeline_of
from ..calendars import _plus
from ..charging import CaptureMode
from ..errors import InvalidArgument, PreorderKitError
from ..promise import Confirmation, Pegging, PromiseRules
from ..serialization import _document
from ..sourcing import BundleSource, SourceRule
from ..splitting import MixedCart
from ..stock import normalize_stock
from ..street_date import street_day
from ..waiting_room import AllocationUnit, QueueOrder, Shortage, Unserved
from . import _options as options
from ._allocate import Documents, Sharing, share_out, show_allocation, show_explained
from ._allocate_files import Files, refuse_mixed, share_out_files, show_sums, sums_as_json
from ._charges import Payment, charges_as_json, charges_of, show_charges
from ._documents import (
    give_up,
    locations_reader,
    order_reader,
    plain,
    read_all,
    supply_reader,
)
from ._plan import Splitting, plan_as_json, show_plan, split
from ._promise import promise_all, promises_as_json, refuse_repeated, show_promises, show_repromise
from ._read import show_document, show_formats
from ._stock import show_stock, stock_as_json
from ._tables import console, print_json
from ._timeline import save_picture, show_timeline, timeline_as_json, unknown_sku
from ._times import HANDLING, INBOUND, TRANSIT, Calendar, Times

__all__ = ["app"]

app: typer.Typer = typer.Typer(
    help="Stock, pre-orders and backorders: what may be said and sold, and what ships when.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def plan(
    order: options.OrderName,
    supply: options.SupplyName,
    at: options.At,
    order_format: options.OrdersFormat = None,
    supply_format: options.SuppliesFormat = None,
    handling: options.Handling = HANDLING,
    transit: options.Transit = TRANSIT,
    inbound: options.Inbound = INBOUND,
    calendar: options.WorkingDays = Calendar.MON_FRI,
    holidays: options.Holidays = None,
    zone: options.Zone = "UTC",
    cut_off: options.CutOffTime = None,
    source: options.Source = SourceRule.IN_ORDER,
    ask_first: options.AskFirst = None,
    keep_back: options.KeepBack = None,
    backorder_at: options.BackorderAt = "",
    bundles_from: options.BundlesFrom = BundleSource.ONE_LOCATION,
    whole_lines: options.WholeLines = False,
    mixed_cart: options.Mixed = MixedCart.SPLIT,
    max_parts: options.MaxParts = None,
    capture: options.Capture = CaptureMode.ON_SHIPMENT,
    deposit: options.Deposit = None,
    window: options.Window = None,
    authorised: options.Authorised = None,
    authorised_at: options.AuthorisedAt = None,
    any_characters: options.AnyCharacters = False,
    as_json: options.Json = False,
) -> None:
    """Say which units of an order ship now, which wait for what, which are cancelled, and what is captured."""
    times = Times(at, handling, transit, inbound, calendar, holidays, zone, cut_off)
    splitting = Splitting(
        source, ask_first or (), keep_back or (), backorder_at, bundles_from, whole_lines, mixed_cart, max_parts
    )
    payment = Payment(capture, deposit, window, authorised, authorised_at)
    if order == supply == "-":
        raise typer.BadParameter("standard input can be the order or the supply, not both", param_hint="--supply")
    counted, rules = times.counted(), splitting.rules()
    found, there = read_all(
        (order, order_reader(order_format, zone=zone)),
        (supply, locations_reader(supply_format, zone=zone, any_characters=any_characters)),
    )
    parts, receipts = split(found, supply=there, times=counted, at=at, rules=rules)
    charges = charges_of(found, parts, payment, zone=zone)
    if as_json:
        print_json(plan_as_json(parts) | charges_as_json(charges, found))
        return
    show_plan(parts, found, receipts, at=at, zone=zone)
    show_charges(charges, found, parts, payment, zone=zone)
    console().print(Text(f"Counted: {times}.", style="dim"))


@app.command()
def promise(
    orders: options.OrderNames,
    supply: options.SupplyName,
    at: options.At,
    order_format: options.OrdersFormat = None,
    supply_format: options.SuppliesFormat = None,
    handling: options.Handling = HANDLING,
    transit: options.Transit = TRANSIT,
    inbound: options.Inbound = INBOUND,
    calendar: options.WorkingDays = Calendar.MON_FRI,
    holidays: options.Holidays = None,
    zone: options.Zone = "UTC",
    cut_off: options.CutOffTime = None,
    confirmation: options.Confirmed = Confirmation.STAGED,
    pegging: options.Pegged = Pegging.FIRST,
    min_shipment: options.MinShipment = 1,
    max_lateness: options.MaxLateness = None,
    overdue: options.Overdue = None,
    estimate: options.Estimated = None,
    moves: options.Moves = None,
    any_characters: options.AnyCharacters = False,
    as_json: options.Json = False,
) -> None:
    """Say when the units of orders leave and arrive, and whose promise breaks if a receipt moves."""
    times = Times(at, handling, transit, inbound, calendar, holidays, zone, cut_off)
    if [*orders, supply].count("-") > 1:
        raise typer.BadParameter("standard input can be one document, not several", param_hint="ORDER")
    *queue, there = read_all(
        *((name, order_reader(order_format, zone=zone)) for name in orders),
        (supply, supply_reader(supply_format, zone=zone, any_characters=any_characters)),
    )
    refuse_repeated(zip(orders, queue, strict=True))
    rules = PromiseRules(
        confirmation=confirmation,
        pegging=pegging,
        min_shipment=min_shipment,
        max_lateness=max_lateness,
        overdue=overdue,
        estimate=None if estimate is None else (estimate.earliest, estimate.latest),
    )
    promises, found = promise_all(queue, there, moves or (), times=times.counted(), at=at, rules=rules)
    if as_json:
        print_json(promises_as_json(promises, found))
        return
    console().print(Text(f"Promised on {day_in_words(street_day(at, zone=zone))}", style="bold"))
    show_promises(promises)
    if found is not None:
        show_repromise(found, moves or ())
    console().print(Text(f"Counted: {times}.", style="dim"))


@app.command()
def allocate(
    queue: options.QueueNames,
    at: options.At,
    supply: options.QueueSupply = None,
    available: options.Available = None,
    policy: options.ServedFirst = QueueOrder.FIFO,
    shortage: options.IfShort = Shortage.PARTIAL,
    unit: options.Served = AllocationUnit.LINE,
    ration: options.Ration = None,
    unserved: options.IfUnserved = Unserved.WAIT,
    zone: options.Zone = "UTC",
    queue_format: options.QueuesFormat = None,
    supply_format: options.SuppliesFormat = None,
    grants: options.Grants = None,
    explain: options.Explained = None,
    everything: options.Everything = False,
    any_characters: options.AnyCharacters = False,
    recipes: options.Recipes = None,
    out: options.Out = None,
    stock_out: options.StockOut = None,
    memory: options.Memory = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Share out what is there among lines that wait, and say why the others do not get it."""
    sharing = Sharing(policy, shortage, unit, ration, unserved)
    files = Files(queue, available or "", recipes, out, stock_out, memory, force)
    documents = Documents(queue, supply or "", queue_format, supply_format, grants, explain, everything, any_characters)
    refuse_mixed(documents, files)
    if available is not None:
        sums = share_out_files(files, policy=sharing.policy(), at=at)
        if as_json:
            print_json(sums_as_json(sums))
        else:
            show_sums(sums, sharing, files, at=at, zone=zone)
        return
    if explain is not None and as_json:
        raise typer.BadParameter("give --explain or --json, not both", param_hint="--explain")
    shared = share_out(documents, policy=sharing.policy(), at=at, zone=zone)
    if explain is not None:
        show_explained(shared, explain, queue=queue[0])
    elif as_json:
        print_json(_document(shared.found))
    else:
        show_allocation(shared, sharing, everything=everything)


@app.command()
def timeline(
    supply: options.SupplyName,
    sku: options.Sku,
    start: options.FirstDay,
    until: options.LastDay = None,
    days: options.HowMany = None,
    overdue: options.Overdue = None,
    but_for: options.ButFor = "",
    picture: options.Picture = None,
    supply_format: options.SuppliesFormat = None,
    zone: options.Zone = "UTC",
    any_characters: options.AnyCharacters = False,
    as_json: options.Json = False,
) -> None:
    """Show day by day what comes of one SKU, what is owed of it, and what can be promised."""
    if until is not None and days is not None:
        raise typer.BadParameter("give --until or --days, not both", param_hint="--days")
    if until is not None and until < start:
        raise typer.BadParameter(f"must not be before --start, {start} (got {until})", param_hint="--until")
    [there] = read_all((supply, supply_reader(supply_format, zone=zone, any_characters=any_characters)))
    if complaint := unknown_sku(there, sku):
        give_up([f"{supply}: {complaint}"])
    try:
        last = until if days is None else _plus(start, days - 1)
        line = timeline_of(there, sku=sku, start=start, until=last, overdue=overdue, but_for=but_for)
    except PreorderKitError as error:
        give_up([f"cannot be shown: {error}"])
    if picture is not None:
        save_picture(picture, there, line, overdue=overdue, but_for=but_for)
    if as_json:
        print_json(timeline_as_json(line))
        return
    show_timeline(line, but_for=but_for)
    if picture is not None:
        console().print(Text(plain(f"Drawn in {picture}"), style="dim"))


@app.command(context_settings={"ignore_unknown_options": True})
def stock(values: options.Values, few_below: options.FewBelow = 10, as_json: options.Json = False) -> None:
    """Show how raw stock fields are read: what may be said, and what the button does."""
    readings, complaints = [], []
    for value in values:
        try:
            readings.append((value, normalize_stock(value, few_below=few_below)))
        except InvalidArgument as error:
            complaints.append(f"{value}: {error}")
    if complaints:
        give_up(complaints)
    if as_json:
        print_json(stock_as_json(readings))
        return
    show_stock(readings)


@app.command()
def read(
    document: options.DocumentName, document_format: options.AnyFormat = None, zone: options.ShopZone = None
) -> None:
    """Show what any document holds as this library's own JSON."""
    show_document(document, format=document_format, zone=zone)


@app.command()
def formats() -> None:
    """List the formats that documents may have, and what they hold."""
    show_formats()
