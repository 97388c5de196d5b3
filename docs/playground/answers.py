"""What the playground says of an order, a supply and a queue: JSON in, JSON out. It runs in the reader's browser."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypedDict, TypeVar
from zoneinfo import ZoneInfo

from preorder_kit import (
    MON_TO_FRI,
    MON_TO_SAT,
    UNLIMITED,
    Allocation,
    AllocationPolicy,
    Amount,
    AtpStep,
    ChargePlan,
    ChargePolicy,
    DateRange,
    InvalidArgument,
    InvalidDocument,
    LeadTime,
    Order,
    Part,
    PartKind,
    Place,
    PreorderKitError,
    PromiseKind,
    Quantity,
    Receipt,
    ShippingTimes,
    SplitPlan,
    Supply,
    WaitingLine,
    allocate,
    atp_timeline,
    available_now,
    charge_plan,
    compare_allocations,
    describe_plan,
    explain,
    minor_digits,
    needs,
    promise_order,
    split_order,
    street_day,
)
from preorder_kit.serialization import from_json

_T = TypeVar("_T")
_Json = dict[str, Any]
_Problems = dict[str, list[dict[str, str]]]


class _Facts(TypedDict):
    """What the world is like, as the library's functions call it."""

    supply: Supply
    times: ShippingTimes
    at: dt.datetime


_FIELDS = ("order", "supply", "queue", "at", "zone", "policy")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOST_SKUS, _MOST_TICKS = 12, 6
_A_WEEK = dt.timedelta(days=7)
_STEPS = (1, 2, 7, 14, 28, 56, 112, 364)
_DAYS_IN_ALL = dt.date.max.toordinal()


def answer_json(request: str, /) -> str:
    """Answer as `answer` does, from JSON text to JSON text."""
    return json.dumps(answer(json.loads(request)), ensure_ascii=False)


def answer(asked: Mapping[str, Any], /) -> _Json:
    """Say what becomes of an order, what can be promised, and who of a queue gets what is there.

    Args:
        asked: The texts of ``order``, ``supply`` and ``queue``, native JSON; ``at``, a day and a time, on the clocks of
            ``zone`` unless it says its offset; ``policy``, how the queue is served: texts by the names of the fields
            of `AllocationPolicy`, an empty one for none.

    Returns:
        ``plan``, ``chart`` and ``queue``, each ``None`` where what it needs has a problem; ``problems``, a list for
        each of what was asked, each with its ``path`` and its ``message``; and a ``summary`` in a sentence or two.
    """
    problems: _Problems = {name: [] for name in _FIELDS}
    order = _tried(problems, "order", lambda: from_json(asked["order"], Order))
    supply = _tried(problems, "supply", lambda: from_json(asked["supply"], Supply))
    queue = _tried(problems, "queue", lambda: from_json(asked["queue"], Sequence[WaitingLine]))
    policy = _tried(problems, "policy", lambda: _policy(asked["policy"]))
    times = _tried(problems, "zone", lambda: _times(asked["zone"].strip()))
    at = times and _tried(problems, "at", lambda: _instant(asked["at"].strip(), asked["zone"].strip()))
    found: _Json = {"plan": None, "chart": None, "queue": None, "problems": problems}
    if supply and times and at:
        facts: _Facts = {"supply": supply, "times": times, "at": at}
        split = _tried(problems, "order", lambda: split_order(order, **facts)) if order else None
        if order and split:
            found["plan"] = _tried(problems, "order", lambda: _plan(order, split, **facts))
        found["chart"] = _tried(problems, "supply", lambda: _chart(order, split, **facts))
        if queue is not None and policy:
            found["queue"] = _tried(problems, "queue", lambda: _served(queue, policy, **facts))
    return found | {"summary": _summary(found)}


def _tried(problems: _Problems, name: str, make: Callable[[], _T]) -> _T | None:
    """Return what can be made; else note what is wrong, with what was asked by that name unless it says another."""
    try:
        return make()
    except InvalidDocument as error:
        problems[name] += [{"path": found.path, "message": found.message} for found in error.problems]
    except PreorderKitError as error:
        whose = "policy" if error.code.startswith("policy.") else name
        message = error.message if isinstance(error, InvalidArgument) else str(error)
        problems[whose].append({"path": error.path, "message": message})
    return None


def _policy(chosen: Mapping[str, Any]) -> AllocationPolicy:
    return AllocationPolicy(**{name: value for name, value in chosen.items() if value})


def _times(zone: str) -> ShippingTimes:
    """Return how long each stage takes in the story, which the page says in words."""
    return ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(2, 4, MON_TO_SAT), zone=zone)


def _instant(text: str, zone: str) -> dt.datetime:
    try:
        said = dt.datetime.fromisoformat(text)
        at = said if said.tzinfo else said.replace(tzinfo=ZoneInfo(zone))
        return at.astimezone(dt.timezone.utc)
    except (ValueError, OverflowError):
        message = f"must be a day and a time such as 2027-02-05T10:00 (got {text!r})"
        raise InvalidArgument(message, "instant.invalid", "at", text) from None


def _plan(order: Order, split: SplitPlan, *, supply: Supply, at: dt.datetime, times: ShippingTimes) -> _Json:
    zone = times.zone or "UTC"
    money = charge_plan(order, split, policy=ChargePolicy(), zone=zone)
    said = [message.text for message in describe_plan(split, place=Place.CHECKOUT_LINE, at=at, zone=zone)]
    behind = _behind(order, supply=supply, at=at, times=times)
    return {
        "order": order.id,
        "parts": [
            _part(part, words, _behind_part(part, behind), zone=zone) | {"charge": _charge(part, order, money)}
            for part, words in zip(split.parts, said, strict=False)
        ],
        "cancelled": [
            {"units": f"{cut.quantity} {cut.sku}", "says": words, "code": cut.reason.value}
            for cut, words in zip(split.cancelled, said[len(split.parts) :], strict=True)
        ],
        "money": _money(order, money),
    }


def _part(part: Part, words: str, behind: Sequence[str], *, zone: str) -> _Json:
    return {
        "id": part.id,
        "kind": part.kind.value,
        "title": _title(part, zone),
        "lines": [f"{line.quantity} {line.sku}" for line in part.lines],
        "why": _why(part, behind),
        "arrives": None if part.delivery is None else _range(part.delivery),
        "says": words,
    }


def _title(part: Part, zone: str) -> str:
    match part.kind:
        case PartKind.SHIP_NOW:
            return "Ships now"
        case PartKind.DIGITAL:
            return "Delivered at once"
        case PartKind.AWAIT_STREET_DATE if part.street_date is not None:
            return f"Waits for its street date, {_day(street_day(part.street_date, zone=zone))}"
    return "Waits for stock"


def _why(part: Part, behind: Sequence[str]) -> str:
    """Say what a part waits for; nothing of one that does not wait."""
    if part.kind in {PartKind.SHIP_NOW, PartKind.DIGITAL}:
        return ""
    if behind:
        return f"Comes with {', '.join(behind)}."
    if part.kind is PartKind.AWAIT_STREET_DATE:
        return "It may not leave before, even if it is there."
    return "No date is known." if part.ready is None else f"There until {_range(part.ready)}."


def _behind(order: Order, *, supply: Supply, at: dt.datetime, times: ShippingTimes) -> dict[str, list[str]]:
    """Return line id -> the references of the receipts that its units wait for."""
    found: dict[str, list[str]] = {}
    for promise in promise_order(order, supply=supply, times=times, at=at):
        if promise.kind is not PromiseKind.IN_STOCK:
            found.setdefault(promise.line_id, []).extend(promise.references)
    return found


def _behind_part(part: Part, behind: Mapping[str, Sequence[str]]) -> list[str]:
    return sorted({name for line in part.lines for name in behind.get(line.line_id, ())})


def _charge(part: Part, order: Order, money: ChargePlan) -> str | None:
    """Say what is captured with a part; nothing where it costs nothing."""
    for charge in money.charges:
        if charge.part_id == part.id:
            return f"{_amount(charge.amount, order)} is captured {_when(part, charge.due)}."
    return None


def _when(part: Part, due: dt.date | None) -> str:
    if part.kind is PartKind.DIGITAL:
        return "at once"
    return "when it leaves" if due is None else f"when it leaves, {_day(due)} at the latest"


def _money(order: Order, money: ChargePlan) -> str | None:
    """Say what the order costs in all, and what is not charged."""
    if not money.charges and not money.cancelled:
        return None
    total = _amount(_sum(charge.amount for charge in money.charges), order)
    lost = _sum(cut.amount for cut in money.cancelled)
    return f"{total} in all." + (f" {_amount(lost, order)} of cancelled units is not charged." if lost.gross else "")


def _sum(amounts: Iterator[Amount]) -> Amount:
    return Amount(sum(amount.gross for amount in amounts))


def _amount(amount: Amount, order: Order) -> str:
    if order.currency is None:
        return f"{amount.gross} minor units"
    digits = minor_digits(order.currency)
    whole, rest = divmod(abs(amount.gross), 10**digits)
    return f"{'-' if amount.gross < 0 else ''}{whole}{f'.{rest:0{digits}}' if digits else ''} {order.currency}"


def _chart(
    order: Order | None, split: SplitPlan | None, *, supply: Supply, at: dt.datetime, times: ShippingTimes
) -> _Json:
    """Return what can be promised of each SKU from each day on, and when parts arrive: days count from the first."""
    start = street_day(at, zone=times.zone or "UTC")
    skus = _skus(order, supply)
    rows = [_row(supply, sku, start) for sku in skus[:_MOST_SKUS]]
    parts = [
        {"title": ", ".join(f"{line.quantity} {line.sku}" for line in part.lines), "kind": part.kind.value}
        | {"from": (part.delivery.earliest - start).days, "until": (part.delivery.latest - start).days}
        | {"words": f"Arrives {_range(part.delivery)}"}
        for part in (split.parts if split else ())
        if part.delivery
    ]
    last = max([step["day"] for row in rows for step in row["steps"]] + [part["until"] for part in parts], default=0)
    length = min(last + _A_WEEK.days, _DAYS_IN_ALL - start.toordinal() + 1)
    return {
        "start": _day(start),
        "length": length,
        "ticks": _ticks(start, length),
        "skus": rows,
        "parts": parts,
        "left_out": skus[_MOST_SKUS:],
    }


def _skus(order: Order | None, supply: Supply) -> list[str]:
    """Return the SKUs on a shelf: those of the order first, then the supply's others by name."""
    asked = [need.sku for line in (order.lines if order else ()) for need in needs(line)]
    come = {receipt.sku for receipt in supply.receipts} | {owed.sku for owed in supply.commitments}
    return list(dict.fromkeys([*asked, *sorted(come | {*supply.on_hand} | {*supply.replenishment})]))


def _row(supply: Supply, sku: str, start: dt.date) -> _Json:
    steps = atp_timeline(supply, sku=sku, start=start)
    receipts = [receipt for receipt in supply.receipts if receipt.sku == sku]
    return {
        "sku": sku,
        "steps": [
            {"day": (step.day - start).days, "on": _day(step.day), "short": step.short, "withheld": step.withheld}
            | {"available": None if step.available is UNLIMITED else step.available}
            for step in steps
        ],
        "words": ", then ".join(_step(step, start) for step in steps),
        "overdue": [_overdue(item) for item in receipts if _last(item) < start],
    }


def _step(step: AtpStep, start: dt.date) -> str:
    short = f" ({step.short} more are owed than come)" if step.short else ""
    return f"{_quantity(step.available)} {'now' if step.day == start else f'from {_day(step.day)} on'}{short}"


def _overdue(receipt: Receipt) -> str:
    name = receipt.reference or f"a receipt of {receipt.quantity}"
    return f"{name} was expected {_day(_last(receipt))}: it is overdue and does not count"


def _last(receipt: Receipt) -> dt.date:
    """Return the last day on which a receipt is expected."""
    return receipt.expected.latest if isinstance(receipt.expected, DateRange) else receipt.expected


def _ticks(start: dt.date, length: int) -> list[_Json]:
    """Return the days to name under the chart, few enough for a small screen."""
    apart = next((step for step in _STEPS if step * _MOST_TICKS >= length), length)
    days = [start + dt.timedelta(passed) for passed in range(0, length, apart)]
    return [{"day": (day - start).days, "words": f"{day.day} {_MONTHS[day.month - 1]}"} for day in days]


def _served(
    queue: Sequence[WaitingLine],
    policy: AllocationPolicy,
    *,
    supply: Supply,
    at: dt.datetime,
    times: ShippingTimes,
) -> _Json:
    """Return what each line of the queue gets of what is there and not owed to others, and why."""
    today = street_day(at, zone=times.zone or "UTC")
    there: dict[str, Quantity] = {
        sku: max(0, min(units, available_now(supply, sku=sku, day=today))) for sku, units in supply.on_hand.items()
    }
    found = allocate(queue, available=there, policy=policy, at=at)
    return {
        "decisions": [
            {
                "order": decision.order_id,
                "line": decision.line_id,
                "granted": decision.granted,
                "asked": decision.granted + decision.short,
                "code": decision.code.value,
                "says": explain(decision),
            }
            for decision in found.decisions
        ],
        "there": _listed(there),
        "left_over": _listed(found.left_over),
        "changes": _changes(allocate(queue, available=there, at=at), found),
    }


def _listed(units: Mapping[str, Quantity]) -> str:
    return ", ".join(f"{_quantity(units[sku])} {sku}" for sku in sorted(units) if units[sku]) or "nothing"


def _changes(usual: Allocation, chosen: Allocation) -> list[str]:
    """Say who has more, and who less, than first come, first served."""
    found = compare_allocations(usual, chosen)
    return [
        f"Order {change.after.order_id}, line {change.after.line_id} gets {_units(abs(change.units))} {more}."
        for changes, more in ((found.gained, "more"), (found.lost, "less"))
        for change in changes
    ]


def _units(number: int) -> str:
    return "1 unit" if number == 1 else f"{number} units"


def _quantity(units: Quantity) -> str:
    return "any number" if units is UNLIMITED else str(units)


def _day(day: dt.date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _range(days: DateRange) -> str:
    """Return days as in ``10 to 13 Feb 2027``."""
    first, last = days.earliest, days.latest
    if first == last:
        return _day(last)
    begin = _day(first).rsplit(" ", 1 + (first.month == last.month))[0] if first.year == last.year else _day(first)
    return f"{begin} to {_day(last)}"


def _summary(found: _Json) -> str:
    count = sum(map(len, found["problems"].values()))
    if count:
        how_many = f"{count} problem{'' if count == 1 else 's'} found."
        return f"{how_many} Until that is mended, what needs it is as it was before."
    plan, decisions = found["plan"], found["queue"]["decisions"]
    served = sum(decision["granted"] == decision["asked"] for decision in decisions)
    parts, cut = len(plan["parts"]), len(plan["cancelled"])
    cancelled = f", {cut} cancellation{'' if cut == 1 else 's'}" if cut else ""
    return (
        f"Order {plan['order']}: {parts} part{'' if parts == 1 else 's'}{cancelled}. "
        f"Queue: {served} of {len(decisions)} lines get all that they ask for."
    )
