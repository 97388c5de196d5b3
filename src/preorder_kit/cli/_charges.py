"""What `preorder-kit plan` says of money: what is captured with each part, by when, in words and as JSON."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import typer
from rich.table import Table
from rich.text import Text

from .._timeline import day_in_words
from ..charging import Authorisation, CaptureMode, Charge, ChargePlan, ChargePolicy, charge_plan
from ..errors import InvalidArgument
from ..orders import Amount, Order
from ..quantities import _money_text, minor_units
from ..splitting import Part, PartKind, SplitPlan
from ..street_date import street_day
from ._documents import give_up
from ._tables import CANCELLED, add_row, console, table, whither


@attrs.frozen
class Payment:
    """How an order is paid, as the options say."""

    capture: CaptureMode
    deposit: int | None
    window: int | None
    authorised: Decimal | None
    authorised_at: dt.datetime | None

    def __attrs_post_init__(self) -> None:
        if (self.capture is CaptureMode.DEPOSIT) != (self.deposit is not None):
            raise typer.BadParameter("must be given with --capture deposit, and only then", param_hint="--deposit")
        if self.window is None and self._needs_window():
            message = "must be given with --authorised, --authorised-at and --capture before_expiry"
            raise typer.BadParameter(message, param_hint="--window")

    def _needs_window(self) -> bool:
        given = self.authorised is not None or self.authorised_at is not None
        return given or self.capture is CaptureMode.BEFORE_EXPIRY

    def __str__(self) -> str:
        if self.capture is CaptureMode.DEPOSIT:
            return f"{self.deposit} % with the order, the rest as it ships"
        if self.capture is CaptureMode.BEFORE_EXPIRY:
            return "as it ships, or just before the authorisation ends"
        return "with the order" if self.capture is CaptureMode.UP_FRONT else "as it ships"

    def policy(self) -> ChargePolicy:
        """Return the shop's rule for capturing."""
        return ChargePolicy(mode=self.capture, deposit=self.deposit)

    def authorisation(self, order: Order) -> Authorisation | None:
        """Return what was authorised, or give up if that cannot be."""
        if self.window is None:
            return None
        placed = order.placed_at if self.authorised_at is None else self.authorised_at
        amount, window = self._amount(order), dt.timedelta(days=self.window)
        try:
            return Authorisation(amount=amount, authorised_at=placed, window=window)
        except InvalidArgument:
            give_up([f"--window: must end before the year 10000 (got {self.window})"])

    def _amount(self, order: Order) -> int:
        if self.authorised is None:
            return max(0, _gross(order))
        if order.currency is None:
            give_up(["--authorised: the order names no currency"])
        try:
            return minor_units(self.authorised, currency=order.currency)
        except InvalidArgument as error:
            give_up([f"--authorised: {error.message}"])


def _gross(order: Order) -> int:
    return sum(line.amount.gross for line in order.lines if line.amount)


def charges_of(order: Order, split: SplitPlan, payment: Payment, *, zone: str) -> ChargePlan:
    """Return what becomes of an order's money."""
    return charge_plan(order, split, policy=payment.policy(), authorisation=payment.authorisation(order), zone=zone)


def show_charges(charges: ChargePlan, order: Order, split: SplitPlan, payment: Payment, *, zone: str) -> None:
    """Print what is captured, by when, and how it adds up to the order; nothing if the order costs nothing."""
    if not charges.charges and not charges.cancelled:
        return
    console().print()
    console().print(Text(f"Captured in {order.currency or 'minor units'}, {payment}", style="bold"))
    console().print(_table(charges, order, split, zone))


def _table(charges: ChargePlan, order: Order, split: SplitPlan, zone: str) -> Table:
    currency, all_of_it = order.currency, charges.charges
    cells: dict[str, Sequence[object]] = {
        "Due": [_day(charge.due) for charge in all_of_it],
        "Capture before": [_moment(charge.capture_by, zone) for charge in all_of_it],
        "Note": [list(_notes(charge, currency)) for charge in all_of_it],
    }
    columns = {name: column for name, column in cells.items() if any(column)}
    parts = {part.id: _what(part, split, zone) for part in split.parts}
    made = table("Amount", "For what", *columns)
    for index, charge in enumerate(all_of_it):
        rest = [column[index] for column in columns.values()]
        add_row(made, money(charge.amount.gross, currency), parts.get(charge.part_id, "deposit"), *rest)
    made.add_section()
    for amount, what in _sums(charges):
        add_row(made, money(amount, currency), what, *("" for _ in columns))
    return made


def _day(day: dt.date | None) -> str:
    return day_in_words(day) if day else "no date known"


def _what(part: Part, split: SplitPlan, zone: str) -> str:
    return _fate(part, zone) + whither(part, parts=split.parts)


def _fate(part: Part, zone: str) -> str:
    if part.kind is PartKind.DIGITAL:
        return "delivered at once"
    if part.kind is PartKind.SHIP_NOW:
        return f"ships now from {part.location}" if part.location else "ships now"
    if part.street_date is not None:
        return f"waits for {day_in_words(street_day(part.street_date, zone=zone))}"
    return "waits for stock"


def _notes(charge: Charge, currency: str | None) -> Iterator[str]:
    if charge.reauthorise_from is not None:
        yield f"authorise again from {day_in_words(charge.reauthorise_from)}"
    if charge.beyond_authorisation:
        yield f"{money(charge.beyond_authorisation, currency)} more than was authorised"


def _sums(charges: ChargePlan) -> Iterator[tuple[int, str]]:
    """Yield what is captured, what is cancelled for each reason, and what that is in all."""
    captured = sum(charge.amount.gross for charge in charges.charges)
    lost: Counter[str] = Counter()
    for cut in charges.cancelled:
        lost[CANCELLED[cut.reason]] += cut.amount.gross
    if lost:
        yield captured, "captured"
        yield from ((amount, reason) for reason, amount in lost.items())
    yield captured + lost.total(), "the order"


def money(minor: int, currency: str | None) -> str:
    """Return an amount in minor units in words, with the decimals of its currency."""
    return str(minor) if currency is None else _money_text(minor, currency)


def _moment(moment: dt.datetime | None, zone: str) -> str:
    if moment is None:
        return ""
    return f"{day_in_words(street_day(moment, zone=zone))} {moment.astimezone(ZoneInfo(zone)):%H:%M}"


def charges_as_json(charges: ChargePlan, order: Order) -> dict[str, Any]:
    """Return what becomes of an order's money as JSON has it."""
    return {
        "currency": order.currency,
        "charges": [_charge_as_json(charge) for charge in charges.charges],
        "cancelled_money": [
            {
                "line_id": cut.line_id,
                "reason": cut.reason.value,
                "quantity": cut.quantity,
                "amount": _amount_as_json(cut.amount),
            }
            for cut in charges.cancelled
        ],
        "refunds": [
            {"line_id": back.line_id, "quantity": back.quantity, "amount": _amount_as_json(back.amount)}
            for back in charges.refunds
        ],
    }


def _charge_as_json(charge: Charge) -> dict[str, Any]:
    by = charge.capture_by
    return {
        "part_id": charge.part_id,
        "amount": _amount_as_json(charge.amount),
        "due": charge.due and charge.due.isoformat(),
        "capture_by": None if by is None else by.isoformat().replace("+00:00", "Z"),
        "needs_reauthorisation": charge.needs_reauthorisation,
        "reauthorise_from": charge.reauthorise_from and charge.reauthorise_from.isoformat(),
        "beyond_authorisation": charge.beyond_authorisation,
        "lines": [
            {"line_id": line.line_id, "quantity": line.quantity, "amount": _amount_as_json(line.amount)}
            for line in charge.lines
        ],
    }


def _amount_as_json(amount: Amount) -> dict[str, int]:
    return {"net": amount.net, "tax": amount.tax, "discount": amount.discount, "gross": amount.gross}
