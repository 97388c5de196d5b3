"""Authorisations, and which units an order's money belongs to: the engine under `charging`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

import attrs

from ._checks import checked, instance, instant, member, optional, refused, rule, text, units
from ._checks import day as check_day
from .orders import Amount, Order, OrderLine
from .quantities import _apportioned
from .splitting import Cancelled, PartLine, SplitPlan

#: The place of units that are in no part of the plan and not cancelled: they left before it was made.
LEFT_BEFORE = -1


class AuthorisationKind(StrEnum):
    """What was asked of a card's issuer, for a card that is not present.

    CUSTOMER_INITIATED: the customer paid in a checkout. MERCHANT_INITIATED: the shop charged a stored card.
    PRE_AUTHORISATION and FINAL: the request was marked so, as Mastercard knows it.
    """

    CUSTOMER_INITIATED = "customer_initiated"
    MERCHANT_INITIATED = "merchant_initiated"
    PRE_AUTHORISATION = "pre_authorisation"
    FINAL = "final"


def _duration(value: object, path: str) -> dt.timedelta:
    if not isinstance(value, dt.timedelta) or value <= dt.timedelta(0):
        raise refused(path, "must be a timedelta longer than 0", value, code="window.invalid")
    return value


@attrs.frozen(kw_only=True, field_transformer=checked)
class AuthorisationWindow:
    """How long an authorisation can be captured, as published, and from when to when that was so.

    Attributes:
        network: Whose cards or accounts.
        kind: What was asked for.
        duration: The time from the authorisation to its end.
        source: Where it is published.
        effective: The first day of authorisations for which the source says so.
        until: The last one; ``None`` while it is so.

    Raises:
        InvalidArgument: If a field breaks its rule, or ``until`` lies before ``effective``.
    """

    network: str = attrs.field(metadata=rule(text))
    kind: AuthorisationKind = attrs.field(metadata=rule(member, of=AuthorisationKind))
    duration: dt.timedelta = attrs.field(metadata=rule(_duration))
    source: str = attrs.field(metadata=rule(text))
    effective: dt.date = attrs.field(metadata=rule(check_day))
    until: dt.date | None = attrs.field(default=None, metadata=rule(optional, check=check_day))

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until < self.effective:
            requirement = f"must not lie before effective, {self.effective.isoformat()}"
            raise refused("until", requirement, self.until, code="range.reversed")


@attrs.frozen(kw_only=True, field_transformer=checked)
class Authorisation:
    """Money that was authorised for an order, and until when it can be captured.

    Attributes:
        amount: How much of the order may be captured in all, gross, in minor units >= 0. What has been captured counts:
            for an authorisation of the rest, add it.
        authorised_at: When.
        window: How long it can be captured, longer than 0: the time that the payment service names, else the
            ``duration`` of one of `AUTHORISATION_WINDOWS`.

    Raises:
        InvalidArgument: If a field breaks its rule, or the window ends after the year 9999.
    """

    amount: int = attrs.field(metadata=rule(units))
    authorised_at: dt.datetime = attrs.field(metadata=rule(instant))
    window: dt.timedelta = attrs.field(metadata=rule(_duration))

    def __attrs_post_init__(self) -> None:
        if self.window > dt.datetime.max.replace(tzinfo=dt.timezone.utc) - self.authorised_at:
            raise refused("window", "must end in the years 1 to 9999", self.window, code="window.invalid")

    @property
    def ends_at(self) -> dt.datetime:
        """The instant before which it must be captured."""
        return self.authorised_at + self.window


@attrs.frozen(kw_only=True, field_transformer=checked)
class Captured:
    """Money of an order's line that has been captured.

    Attributes:
        line_id: The order's line.
        quantity: Units that are paid with it; 0 for money that pays no unit to the end, such as a deposit.
        amount: What was captured.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units))
    amount: Amount = attrs.field(metadata=rule(instance, of=Amount))


@attrs.frozen(kw_only=True)
class Way:
    """Units of a line that go one way: with the part at ``place``, or cancelled; ``paid`` of them are captured."""

    quantity: int
    paid: int
    place: int
    cut: Cancelled | None


@attrs.frozen(kw_only=True)
class Bill:
    """What becomes of a line's money: what is due for the units of each way, lost with cancelled ones, and paid back.

    Invariant, for net, tax and discount each: ``captured`` + due + lost - ``refund`` is the line's. ``returned`` units
    were paid and are cancelled.
    """

    line_id: str
    captured: Amount
    due: Sequence[tuple[Way, Amount]]
    lost: Sequence[tuple[Cancelled, Amount]]
    refund: Amount
    returned: int


def _columns(amount: Amount) -> tuple[int, int, int]:
    return amount.net, amount.tax, amount.discount


def total(amounts: Iterable[Amount]) -> Amount:
    """Add amounts up."""
    columns = list(zip(*map(_columns, amounts), strict=True))
    return Amount(*map(sum, columns)) if columns else Amount(0)


def bills(order: Order, plan: SplitPlan, captured: Sequence[Captured]) -> Iterator[Bill]:
    """Yield the bills of the lines that have an amount, or of which something was captured."""
    ways = _ways(order, plan)
    taken = _by_line(order, captured)
    for line in order.lines:
        if line.amount is not None or line.id in taken:
            found = taken.get(line.id, [])
            yield _bill(line, _with_paid(ways[line.id], sum(item.quantity for item in found)), found)


_Held: TypeAlias = tuple[int, int, Cancelled | None]  # quantity, place, cut


def _ways(order: Order, plan: SplitPlan) -> Mapping[str, list[_Held]]:
    """Return line id -> its units: those that left before, in the parts in their order, and cancelled."""
    left = {line.id: line.quantity for line in order.lines}
    held: dict[str, list[_Held]] = {line.id: [] for line in order.lines}
    for path, item, place in _entries(plan):
        if item.line_id not in left:
            requirement = f"must be a line of the order {order.id}"
            raise refused(f"{path}.line_id", requirement, item.line_id, code="line.unknown")
        if item.quantity > left[item.line_id]:
            requirement = f"must not be more than was ordered on line {item.line_id}"
            raise refused(f"{path}.quantity", requirement, item.quantity, code="part.excess")
        left[item.line_id] -= item.quantity
        held[item.line_id].append((item.quantity, place, item if isinstance(item, Cancelled) else None))
    return {name: [(left[name], LEFT_BEFORE, None), *found] for name, found in held.items()}


def _entries(plan: SplitPlan) -> Iterator[tuple[str, PartLine | Cancelled, int]]:
    for place, part in enumerate(plan.parts):
        for index, line in enumerate(part.lines):
            yield f"plan.parts[{place}].lines[{index}]", line, place
    for index, cut in enumerate(plan.cancelled):
        yield f"plan.cancelled[{index}]", cut, LEFT_BEFORE


def _by_line(order: Order, captured: Sequence[Captured]) -> Mapping[str, list[Captured]]:
    left = {line.id: line.quantity for line in order.lines}
    taken: dict[str, list[Captured]] = {}
    for index, item in enumerate(captured):
        if item.line_id not in left:
            requirement = f"must be a line of the order {order.id}"
            raise refused(f"captured[{index}].line_id", requirement, item.line_id, code="line.unknown")
        if item.quantity > left[item.line_id]:
            requirement = f"must not be more than was ordered on line {item.line_id}"
            raise refused(f"captured[{index}].quantity", requirement, item.quantity, code="captured.excess")
        left[item.line_id] -= item.quantity
        taken.setdefault(item.line_id, []).append(item)
    return taken


def _with_paid(held: Iterable[_Held], paid: int) -> list[Way]:
    """Return the ways: units that are paid left before, else are in the first parts, else are cancelled."""
    ways = []
    for quantity, place, cut in held:
        here = min(quantity, paid)
        paid -= here
        ways.append(Way(quantity=quantity, paid=here, place=place, cut=cut))
    return ways


def _bill(line: OrderLine, ways: Sequence[Way], taken: Sequence[Captured]) -> Bill:
    captured = total(item.amount for item in taken)
    paid = total(item.amount for item in taken if item.quantity)
    live, cuts = [way for way in ways if way.cut is None], [way for way in ways if way.cut]
    settled = [
        _settle(*column, live=live, cuts=cuts)
        for column in zip(*map(_columns, (line.amount or Amount(0), captured, paid)), strict=True)
    ]
    due, lost = (zip(*shares, strict=True) for shares in list(zip(*settled, strict=True))[:2])
    return Bill(
        line_id=line.id,
        captured=captured,
        due=[(way, Amount(*share)) for way, share in zip(live, due, strict=True)],
        lost=[(way.cut, Amount(*share)) for way, share in zip(cuts, lost, strict=True) if way.cut],
        refund=Amount(*(refund for _, _, refund in settled)),
        returned=sum(way.paid for way in cuts),
    )


def _settle(
    whole: int, captured: int, paid: int, /, *, live: Sequence[Way], cuts: Sequence[Way]
) -> tuple[Sequence[int], Sequence[int], int]:
    """Return what is due for the ways that are live, what is lost on those that are cut, and what is paid back."""
    if whole == captured == 0:
        return (0,) * len(live), (0,) * len(cuts), 0
    kept = _kept(whole, captured, paid, live=live, cuts=cuts)
    lacking = kept - captured
    units = [way.quantity - way.paid for way in live]
    units = units if any(units) else [way.quantity for way in live]
    asked = lacking if lacking * whole > 0 and any(units) else 0
    lost = _apportioned(whole - kept, [way.quantity for way in cuts])
    return _apportioned(asked, units), lost, asked - lacking


def _kept(whole: int, captured: int, paid: int, /, *, live: Sequence[Way], cuts: Sequence[Way]) -> int:
    """Return what the units that are not cancelled cost.

    It is their share, but no less than was paid for them, and no more than was captured if all are paid: what is
    captured is not mended for the sake of a rounding. If more is captured than the line costs, it is their share.
    """
    quantity = sum(way.quantity for way in live)
    share = _apportioned(whole, [quantity, *(way.quantity for way in cuts)])[0]
    if whole == 0 or (whole - captured) * whole < 0:
        return share
    paid_units = sum(way.paid for way in live)
    own = _apportioned(paid, [paid_units, sum(way.paid for way in cuts)])[0]
    most = captured if cuts and paid_units == quantity else whole
    return sorted((share, own, most))[1]


def _common(one: int, other: int) -> int:
    """Return what two sums have in common: the smaller, and nothing if their signs differ."""
    return min(one, other, key=abs) if one * other > 0 else 0


def _less(shares: Sequence[int], taken: int) -> list[int]:
    """Take ``taken``, no more than their sum, off shares of one sign; no share changes its sign."""
    offs = _apportioned(taken, [abs(share) for share in shares])
    return [share - off for share, off in zip(shares, offs, strict=True)]


def take_deposit(bill: Bill, *, percent: int, at_once: set[int]) -> tuple[Amount, Bill]:
    """Return what a deposit of ``percent`` still lacks, and the bill without it.

    What has been captured counts towards it, and so does what is due at once, at the places ``at_once``. Where money is
    paid back nothing is due, and no deposit is.
    """
    later = [way.place not in at_once for way, _ in bill.due]
    shares = zip(*(_columns(share) for _, share in bill.due), strict=True)
    found = [
        _deposit(captured, column, later, percent)
        for captured, column in zip(_columns(bill.captured), shares, strict=True)
    ]
    rest = [Amount(*column) for column in zip(*(column for _, column in found), strict=True)]
    due = [(way, share) for (way, _), share in zip(bill.due, rest, strict=True)]
    return Amount(*(taken for taken, _ in found)), attrs.evolve(bill, due=due)


def _deposit(paid: int, shares: Sequence[int], later: Sequence[bool], percent: int) -> tuple[int, list[int]]:
    open_shares = [share if waits else 0 for share, waits in zip(shares, later, strict=True)]
    owed = sum(open_shares)
    paid += sum(shares) - owed
    target, _ = _apportioned(paid + owed, [percent, 100 - percent])
    taken = _common(target - paid, owed)
    rest = _less(open_shares, taken)
    return taken, [left if waits else share for left, share, waits in zip(rest, shares, later, strict=True)]
