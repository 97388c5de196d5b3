"""What `preorder-kit allocate` says: who gets what is there, why the others do not, and what is left over."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs
from rich.table import Table
from rich.text import Text

from .._checks import shown
from .._shelf import Shelf
from .._timeline import day_in_words
from ..errors import InvalidArgument, PreorderKitError
from ..orders import WaitingLine, needs
from ..quantities import Quantity
from ..rationing import Rationing
from ..street_date import street_day
from ..supply import Commitment, Supply
from ..waiting_room import (
    Allocation,
    AllocationPolicy,
    AllocationUnit,
    Decision,
    DecisionCode,
    Grant,
    QueueOrder,
    Shortage,
    Unserved,
    allocate,
    explain,
)
from ._documents import give_up, plain, queue_reader, read_all, read_grants, supply_reader
from ._progress import waiting, watched
from ._tables import add_row, console, contents, table, units

_SHOWN = 50
_NAMED = 12
_MOST_COMPARED = 20_000

_TURNS = {
    QueueOrder.FIFO: "first come, first served",
    QueueOrder.PRIORITY: "by priority",
    QueueOrder.EARLIEST_STREET_DATE: "the earliest street date first",
}
_SHARES = {
    Shortage.PARTIAL: "in part if need be",
    Shortage.SKIP: "in full or not at all",
    Shortage.STRICT: "in full or not at all, and nobody goes past",
}


@attrs.frozen
class Sharing:
    """How what is there is shared out, as the options say."""

    queue: QueueOrder
    shortage: Shortage
    unit: AllocationUnit
    ration: Rationing | None
    unserved: Unserved

    def __str__(self) -> str:
        turn = _TURNS[self.queue]
        if self.ration is not None:
            return f"{'' if self.queue is QueueOrder.FIFO else f'{turn}; '}in fair shares ({self.ration})"
        if self.unit is AllocationUnit.LINE:
            return f"{turn}; {_SHARES[self.shortage]}"
        return f"{turn}; orders {_SHARES[Shortage.SKIP if self.shortage is Shortage.PARTIAL else self.shortage]}"

    def policy(self) -> AllocationPolicy:
        """Return the policy, or give up if its rules contradict each other."""
        try:
            return AllocationPolicy(
                queue=self.queue,
                shortage=self.shortage,
                unit=self.unit,
                ration=self.ration,
                unserved=self.unserved,
            )
        except InvalidArgument:
            give_up(["--ration: shares out lines in part, so it needs --shortage partial and --unit line"])


@attrs.frozen
class Shared:
    """What was shared out, and among whom."""

    lines: Mapping[tuple[str, str], WaitingLine]
    available: Mapping[str, Quantity]
    found: Allocation
    at: dt.datetime
    day: dt.date
    zone: str


@attrs.frozen
class Documents:
    """The documents of a queue and of what there is for it, and how they are read and shown, as the options say."""

    queue: Sequence[str]
    supply: str
    queue_format: str | None
    supply_format: str | None
    grants: str | None
    explain: str | None
    everything: bool
    any_characters: bool


def share_out(documents: Documents, *, policy: AllocationPolicy, at: dt.datetime, zone: str) -> Shared:
    """Return who gets what is there; or give up."""
    queue, supply, grants = documents.queue[0], documents.supply, documents.grants
    supplies = supply_reader(documents.supply_format, zone=zone, any_characters=documents.any_characters)
    lines, there, *earlier = read_all(
        (queue, queue_reader(documents.queue_format, zone=zone)),
        (supply, supplies),
        *([] if grants is None else [(grants, read_grants)]),
    )
    held = [grant for found in earlier for grant in found]
    day = street_day(at, zone=zone)
    named = {(line.order_id, line.line_id): line for line in lines}
    try:
        with waiting("Sharing out", size=len(named)):
            available = _available(there, named, day)
            found = allocate(lines, available=available, policy=policy, at=at, grants=held)
    except PreorderKitError as error:
        give_up([_complaint(error, {"queue": (queue, lines), "grants": (grants or "", held)})])
    return Shared(named, available, found, at, day, zone)


def _complaint(error: PreorderKitError, files: Mapping[str, tuple[str, Sequence[WaitingLine | Grant]]]) -> str:
    """Return what is wrong, with the file and the line of an order that it is about."""
    place = re.match(r"(queue|grants)\[([0-9]+)\]", error.path)
    if place is None or not isinstance(error, InvalidArgument):
        return f"cannot be shared out: {error}"
    name, items = files[place[1]]
    item = items[int(place[2])]
    # The ids of an order and a line are said already.
    got = f" (got {shown(error.value)})" if isinstance(error.value, tuple) else ""
    return f"{name}: order {item.order_id}, line {item.line_id}: {error.message.removesuffix(got)}"


def _available(supply: Supply, lines: Mapping[tuple[str, str], WaitingLine], day: dt.date) -> dict[str, Quantity]:
    """Return what can be given out of each SKU that the queue needs and the supply names.

    It is what is on hand, less the safety stock and what is owed to others: what is owed to a line of the queue is what
    it waits for.
    """
    orders = {order_id for order_id, _ in lines}
    others = [owed for owed in supply.commitments if not _is_of_queue(owed, lines, orders)]
    named = {*supply.on_hand, *(receipt.sku for receipt in supply.receipts), *supply.replenishment}
    wanted = sorted({need.sku for line in lines.values() for need in needs(line)} & named)
    left = attrs.evolve(supply, commitments=others)
    return {sku: Shelf(left, sku, start=day, overdue=None).there for sku in wanted}


def _is_of_queue(owed: Commitment, lines: Mapping[tuple[str, str], WaitingLine], orders: set[str]) -> bool:
    return (owed.order_id, owed.line_id) in lines if owed.line_id else owed.order_id in orders


def show_explained(shared: Shared, order_id: str, *, queue: str) -> None:
    """Print a sentence for each line of an order, or give up if the queue does not hold it."""
    try:
        decisions = shared.found.of(order_id)
    except InvalidArgument:
        give_up([f"{queue}: does not hold the order {order_id!r}; {_suggested(order_id, shared)}"])
    for decision in decisions:
        console().print(Text(plain(explain(decision))), soft_wrap=True)


def _suggested(order_id: str, shared: Shared) -> str:
    orders = list(dict.fromkeys(name for name, _ in shared.lines))
    near = difflib.get_close_matches(order_id, orders, n=3) if len(orders) <= _MOST_COMPARED else []
    return f"did you mean {' or '.join(near)}?" if near else f"it holds {_listed(orders) or 'none'}"


@attrs.define
class _Counts:
    """How much was granted and how much waits: by reason, and by SKU on the shelf."""

    reasons: Counter[DecisionCode] = attrs.field(factory=Counter)
    granted_by_reason: Counter[DecisionCode] = attrs.field(factory=Counter)
    short_by_reason: Counter[DecisionCode] = attrs.field(factory=Counter)
    granted: Counter[str] = attrs.field(factory=Counter)
    short: Counter[str] = attrs.field(factory=Counter)


def _count(shared: Shared) -> _Counts:
    counts = _Counts()
    decisions = shared.found.decisions
    for decision in watched(decisions, "Finding the reasons", size=len(decisions)):
        code = decision.code
        counts.reasons[code] += 1
        counts.granted_by_reason[code] += decision.granted
        counts.short_by_reason[code] += decision.short
        for need in needs(shared.lines[decision.order_id, decision.line_id]):
            counts.granted[need.sku] += decision.granted * need.quantity
            counts.short[need.sku] += decision.short * need.quantity
    return counts


def show_allocation(shared: Shared, sharing: Sharing, *, everything: bool) -> None:
    """Print who gets what and what is left over; of a long queue its beginning, and how often each reason holds."""
    screen, lines = console(), len(shared.lines)
    most = max(lines, len(shared.available)) if everything else _SHOWN
    counts = _count(shared)
    screen.print(Text(f"Shared out on {day_in_words(shared.day)}: {sharing}", style="bold"))
    screen.print(_rows(shared, most))
    if lines > most:
        screen.print(Text(f"{lines - most} more lines; --all shows them, --json has them.\n", style="dim"))
        screen.print(_reasons(counts))
    screen.print()
    screen.print(_shelf(shared, counts, most))
    for words in _notes(shared, counts, most):
        screen.print(Text(plain(words)))
    screen.print(Text("There: on hand, less safety stock and what is owed to others.", style="dim"))


def _rows(shared: Shared, most: int) -> Table:
    """Return a row for each of the first lines in the order of their places."""
    found = shared.found
    added = {(grant.order_id, grant.line_id): grant.quantity for grant in found.added}
    new = ["New"] if sum(added.values()) < sum(grant.quantity for grant in found.grants) else []
    given_up = {(line.order_id, line.line_id) for line in found.unfulfillable}
    made = table("Place", "Order", "Line", "SKU", "Asked", "Granted", *new, "Waits", "Why")
    for place, decision in enumerate(found.decisions[:most], 1):
        name = decision.order_id, decision.line_id
        line = shared.lines[name]
        why = _WHY[decision.code](decision, shared.zone) + ("; unfulfillable" if name in given_up else "")
        more = [added.get(name, 0)] if new else []
        sku = contents(line.sku, line.components)
        add_row(made, place, *name, sku, line.quantity, decision.granted, *more, decision.short or "", why)
    return made


def _missing(decision: Decision, _: str = "") -> str:
    ahead = f", {decision.blocked_by} is ahead" if decision.blocked_by else ""
    return f"{decision.missing} {decision.sku} missing{ahead}"


def _not_due(decision: Decision, zone: str) -> str:
    return "not out yet" if decision.until is None else f"not out before {_day(decision.until, zone)}"


def _incomplete(decision: Decision, _: str) -> str:
    if decision.missing or decision.blocked_by:
        return f"ships complete: {_missing(decision)}"
    return f"ships complete: {decision.sku} is not to be served yet"


def _day(moment: dt.datetime, zone: str) -> str:
    return day_in_words(street_day(moment, zone=zone))


_WHY: Mapping[DecisionCode, Callable[[Decision, str], str]] = {
    DecisionCode.GRANTED: lambda _, __: "served",
    DecisionCode.PARTIAL: _missing,
    DecisionCode.NO_STOCK: _missing,
    DecisionCode.COMPONENT_SHORT: _missing,
    DecisionCode.BLOCKED_BY: lambda decision, _: f"{decision.blocked_by} waits for {decision.sku} first",
    DecisionCode.ON_HOLD: lambda decision, _: f"on hold: {decision.hold}",
    DecisionCode.NOT_DUE: _not_due,
    DecisionCode.ORDER_INCOMPLETE: _incomplete,
    DecisionCode.RATIONED: lambda _, __: "its fair share",
}
_REASONS: Mapping[DecisionCode, str] = {
    DecisionCode.GRANTED: "served",
    DecisionCode.PARTIAL: "served in part",
    DecisionCode.NO_STOCK: "too little was left",
    DecisionCode.COMPONENT_SHORT: "too little of a component was left",
    DecisionCode.BLOCKED_BY: "nobody goes past an earlier one",
    DecisionCode.ON_HOLD: "on hold",
    DecisionCode.NOT_DUE: "not out yet",
    DecisionCode.ORDER_INCOMPLETE: "the order ships complete, and another line waits",
    DecisionCode.RATIONED: "given a fair share",
}


def _reasons(counts: _Counts) -> Table:
    made = table("Lines", "Granted", "Waits", "Why")
    for code in DecisionCode:
        if code in counts.reasons:
            granted, short = counts.granted_by_reason[code], counts.short_by_reason[code]
            add_row(made, counts.reasons[code], granted, short or "", _REASONS[code])
    return made


def _shelf(shared: Shared, counts: _Counts, most: int) -> Table:
    """Return a row for each SKU on the shelf that the queue needs, those of which most waits first."""
    made = table("SKU", "There", "Granted", "Waits", "Left over")
    for sku in sorted(counts.short, key=lambda name: (-counts.short[name], name))[:most]:
        had, left = shared.available.get(sku, 0), shared.found.left_over.get(sku, 0)
        add_row(made, sku, units(had), counts.granted[sku], counts.short[sku] or "", units(left))
    return made


def _notes(shared: Shared, counts: _Counts, most: int) -> Iterator[str]:
    """Yield what is to be known beyond the tables."""
    if len(counts.short) > most:
        yield f"{len(counts.short) - most} more SKUs, of which less waits."
    granted, short = counts.granted_by_reason.total(), counts.short_by_reason.total()
    before = granted - sum(grant.quantity for grant in shared.found.added)
    earlier = f" ({before} of them before)" if before else ""
    gone = sum(line.quantity for line in shared.found.unfulfillable)
    refused = f", {gone} unfulfillable" if gone else ""
    yield f"{_many(granted + short, 'unit')} asked for: {granted} granted{earlier}, {short - gone} waiting{refused}."
    if unknown := sorted(counts.short.keys() - shared.available.keys()):
        yield f"The supply does not name {_listed(unknown)}."
    if shared.found.oversold:
        held = [f"{number} {sku}" for sku, number in shared.found.oversold.items()]
        yield f"Granted before, but not there any more: {_listed(held)}."
    if later := [line for line in shared.lines.values() if line.placed_at > shared.at]:
        yield _placed_later(later)


def _placed_later(lines: Sequence[WaitingLine]) -> str:
    first = lines[0]
    which = f"order {first.order_id}, line {first.line_id}, at {first.placed_at.isoformat()}"
    if len(lines) == 1:
        return f"1 line was placed after --at: {which}."
    return f"{len(lines)} lines were placed after --at, the first of them {which}."


def _many(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
