"""What is captured with each part of an order, by when, and what is paid back.

Amounts are whole minor units, so that currencies with no decimals, two or three need nothing of their own. No payment
is made here: a `ChargePlan` says what to ask of whoever makes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import StrEnum
from zoneinfo import ZoneInfo

import attrs

from . import _zones
from ._charging import (
    LEFT_BEFORE,
    Authorisation,
    AuthorisationKind,
    AuthorisationWindow,
    Bill,
    Captured,
    bills,
    take_deposit,
    total,
)
from ._checks import checked, instance, instant, member, optional, refused, rule, sequence, text, units
from ._checks import day as check_day
from .orders import Amount, Order
from .splitting import CancelReason, Part, PartKind, SplitPlan

__all__ = [
    "AUTHORISATION_WINDOWS",
    "Authorisation",
    "AuthorisationKind",
    "AuthorisationWindow",
    "CancelledMoney",
    "CaptureMode",
    "Captured",
    "Charge",
    "ChargePlan",
    "ChargePolicy",
    "Refund",
    "authorisation_window",
    "charge_plan",
]


class CaptureMode(StrEnum):
    """When money is captured.

    ON_SHIPMENT: with each part. UP_FRONT: all of it with the order. DEPOSIT: a percentage with the order, the balance
    with each part. BEFORE_EXPIRY: with each part that leaves before the authorisation ends, the rest just before it.
    """

    ON_SHIPMENT = "on_shipment"
    UP_FRONT = "up_front"
    DEPOSIT = "deposit"
    BEFORE_EXPIRY = "before_expiry"


@attrs.frozen(kw_only=True, field_transformer=checked)
class ChargePolicy:
    """A shop's rule for capturing.

    Attributes:
        mode: When money is captured.
        deposit: How much of each line's money is captured with the order, in whole percent from 1 to 99, for
            `CaptureMode.DEPOSIT` alone.

    Raises:
        InvalidArgument: If a field breaks its rule, or ``deposit`` is missing, out of its bounds, or given for another
            mode.
    """

    mode: CaptureMode = attrs.field(default=CaptureMode.ON_SHIPMENT, metadata=rule(member, of=CaptureMode))
    deposit: int | None = attrs.field(default=None, metadata=rule(optional, check=units, least=1))

    def __attrs_post_init__(self) -> None:
        if self.mode is not CaptureMode.DEPOSIT and self.deposit is not None:
            requirement = "must be None unless the mode is deposit"
            raise refused("deposit", requirement, self.deposit, code="policy.deposit")
        if self.mode is CaptureMode.DEPOSIT and (self.deposit is None or self.deposit >= 100):
            requirement = "must be a whole percentage from 1 to 99; 100 is the mode up_front"
            raise refused("deposit", requirement, self.deposit, code="policy.deposit")


@attrs.frozen(kw_only=True, field_transformer=checked)
class Charge:
    """Money to capture at one time.

    Attributes:
        part_id: The part that it is for; empty for a deposit, and for units that left before without being captured.
        amount: What to capture; below 0 in all if vouchers are worth more than the goods they go with.
        due: The day on which the part is expected to leave at the latest, ``None`` if that is not known; the day of the
            order for what is captured at once, the last day of the authorisation for what is captured before it ends.
        capture_by: The instant before which it must be captured; ``None`` if no authorisation holds for it.
        needs_reauthorisation: Whether it is due after the authorisation's last day.
        reauthorise_from: The first day on which an authorisation with the same window still holds on ``due``, if one
            is needed.
        beyond_authorisation: How much of its gross goes beyond what was authorised, after all that is due before it;
            do not capture that without asking. Of what has no day, what ships now comes first and the rest last.
        lines: Its money, line by line; once it is captured, hand them on as ``captured``.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    part_id: str = attrs.field(metadata=rule(text, empty=True))
    amount: Amount = attrs.field(metadata=rule(instance, of=Amount))
    due: dt.date | None = attrs.field(metadata=rule(optional, check=check_day))
    capture_by: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    needs_reauthorisation: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    reauthorise_from: dt.date | None = attrs.field(default=None, metadata=rule(optional, check=check_day))
    beyond_authorisation: int = attrs.field(default=0, metadata=rule(units))
    lines: Sequence[Captured] = attrs.field(default=(), metadata=rule(sequence, check=instance, of=Captured))


@attrs.frozen(kw_only=True, field_transformer=checked)
class CancelledMoney:
    """What units that are cancelled would have cost.

    Attributes:
        line_id: The order's line.
        reason: Why they are cancelled.
        quantity: How many, >= 1.
        amount: Their money.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    reason: CancelReason = attrs.field(metadata=rule(member, of=CancelReason))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    amount: Amount = attrs.field(metadata=rule(instance, of=Amount))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Refund:
    """Captured money of a line that goes back.

    Once it is paid back, hand in as ``captured`` what is left of the line: both numbers less, the money first of what
    pays no unit.

    Attributes:
        line_id: The order's line.
        quantity: How many of its captured units are cancelled, >= 0.
        amount: How much.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units))
    amount: Amount = attrs.field(metadata=rule(instance, of=Amount))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ChargePlan:
    """What becomes of an order's money; nothing in it is about no money at all.

    Attributes:
        charges: What to capture: what is for no part first, then in the order of the parts.
        cancelled: What cancelled units would have cost, in the order of the lines.
        refunds: What goes back, at most one for each line, in the order of the lines.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    charges: Sequence[Charge] = attrs.field(metadata=rule(sequence, check=instance, of=Charge))
    cancelled: Sequence[CancelledMoney] = attrs.field(metadata=rule(sequence, check=instance, of=CancelledMoney))
    refunds: Sequence[Refund] = attrs.field(metadata=rule(sequence, check=instance, of=Refund))


def charge_plan(
    order: Order,
    plan: SplitPlan,
    /,
    *,
    policy: ChargePolicy,
    captured: Sequence[Captured] = (),
    authorisation: Authorisation | None = None,
    zone: str = "UTC",
) -> ChargePlan:
    """Say what is captured with each part of an order, by when, and what is paid back.

    What is captured is subtracted from a line's money first, and the rest is divided over the units that it did not
    pay, by `apportion`: units in no part of the plan (they left before, and are charged for at once), then the parts
    in their order. What is cancelled comes last. Captured units are taken to be the first of these, too, so that a
    cancelled unit counts as captured only if all others are. Net, tax and discount are divided each for itself.

    - Units that are not cancelled cost their share of the line's money, by `apportion` over them and each cancellation;
      but no less than was captured for those that are paid, and no more than was captured if all are paid. The rest is
      cancelled.
    - Captured money that pays no unit, such as a deposit, belongs to the units that are not cancelled, up to what they
      cost; the rest is refunded, and so is what was captured of cancelled units.
    - If more was captured than a line costs, all above the share of the units that are not cancelled is refunded.
    - A part of digital goods is captured at once in every mode. A fee is charged with the part that carries it.
    - A deposit is that percentage of the money of each line, rounded to the nearest minor unit, half of one up; what
      has been captured of the line, and what is due at once, count towards it. It is one charge, for no part,
      with what is due for units that left before.
    - Without an authorisation, `CaptureMode.BEFORE_EXPIRY` is the same as `CaptureMode.ON_SHIPMENT`.

    A line without an amount costs nothing. A part that waits for stock without any date may outlive the authorisation:
    heed ``capture_by``.

    Args:
        order: The order, as it was placed.
        plan: What becomes of its units, with all that was cancelled so far, as `split_order` makes it of that.
        policy: The shop's rule.
        captured: What has been captured of it so far and not paid back, for which lines and how many units.
        authorisation: The authorisation in force.
        zone: The IANA name of the time zone of the shop, in which days are counted.

    Returns:
        The plan. For net, tax and discount each, captured + charges + cancelled - refunds is the order's.

    Raises:
        InvalidArgument: If an argument is of another type, ``zone`` is no time zone, ``plan`` is another order's, or
            plan or ``captured`` name a line that the order has not, or more units of one than were ordered.

    Examples:
        A set of three: one leaves now, two wait. Once the first is paid, the rest is split anew and still adds up.

        >>> import datetime as dt
        >>> from preorder_kit import Amount, Order, OrderLine, Supply, split_order
        >>> from preorder_kit import Authorisation, ChargePolicy, charge_plan
        >>> now = dt.datetime(2026, 11, 21, 9, tzinfo=dt.timezone.utc)
        >>> line = OrderLine(id="1", sku="CD", quantity=3, when_short="wait", amount=Amount(1000))
        >>> order = Order(id="O1", placed_at=now, lines=[line], currency="EUR")
        >>> first = split_order(order, supply=Supply(on_hand={"CD": 1}), at=now)
        >>> charges = charge_plan(order, first, policy=ChargePolicy()).charges
        >>> [(charge.part_id, charge.amount.gross) for charge in charges]
        [('O1/now/1', 333), ('O1/stock', 667)]
        >>> again = split_order(order, supply=Supply(on_hand={"CD": 1}), at=now, shipped=first.parts[:1])
        >>> rest = charge_plan(order, again, policy=ChargePolicy(), captured=charges[0].lines).charges
        >>> [(charge.part_id, charge.amount.gross) for charge in rest]
        [('O1/now/2', 334), ('O1/stock', 333)]

        A pre-order outlives the authorisation: authorise again a week before it leaves.

        >>> street = dt.datetime(2026, 12, 4, tzinfo=dt.timezone.utc)
        >>> line = OrderLine(id="1", sku="LP", quantity=1, street_date=street, amount=Amount(2000))
        >>> order = Order(id="O2", placed_at=now, lines=[line], currency="EUR")
        >>> held = Authorisation(amount=2000, authorised_at=now, window=dt.timedelta(days=7))
        >>> plan = split_order(order, supply=Supply(on_hand={}), at=now)
        >>> [charge] = charge_plan(order, plan, policy=ChargePolicy(), authorisation=held).charges
        >>> print(charge.due, charge.needs_reauthorisation, charge.reauthorise_from, charge.capture_by)
        2026-12-04 True 2026-11-27 None
    """
    instance(order, "order", of=Order)
    if instance(plan, "plan", of=SplitPlan).order_id != order.id:
        raise refused("plan.order_id", f"must be that of the order, {order.id}", plan.order_id, code="plan.foreign")
    instance(policy, "policy", of=ChargePolicy)
    optional(authorisation, "authorisation", check=instance, of=Authorisation)
    place = _zones.zone_info(zone, "zone")
    terms = _Terms(order=order, policy=policy, authorisation=authorisation, zone=place)
    taken = sequence(captured, "captured", check=instance, of=Captured)
    found = list(bills(order, plan, taken))
    charges = [
        _charge(None if index == LEFT_BEFORE else plan.parts[index], lines, terms)
        for index, lines in sorted(_to_charge(found, plan, policy).items())
        if any(map(_is_money, (line.amount for line in lines)))
    ]
    return ChargePlan(
        charges=charges if authorisation is None else _bounded(charges, plan, authorisation, taken),
        cancelled=[
            CancelledMoney(line_id=cut.line_id, reason=cut.reason, quantity=cut.quantity, amount=amount)
            for bill in found
            for cut, amount in bill.lost
            if _is_money(amount)
        ],
        refunds=[
            Refund(line_id=bill.line_id, quantity=bill.returned, amount=bill.refund)
            for bill in found
            if _is_money(bill.refund)
        ],
    )


def _is_money(amount: Amount) -> bool:
    return amount != Amount(0)


def _to_charge(found: Iterable[Bill], plan: SplitPlan, policy: ChargePolicy) -> dict[int, list[Captured]]:
    """Return place of a part -> what is captured with it."""
    at_once = {place for place, part in enumerate(plan.parts) if part.kind is PartKind.DIGITAL} | {LEFT_BEFORE}
    by_place: dict[int, list[Captured]] = {}
    for bill in found:
        rest = bill
        if policy.deposit is not None:
            deposit, rest = take_deposit(bill, percent=policy.deposit, at_once=at_once)
            _add(by_place, LEFT_BEFORE, bill.line_id, 0, deposit)
        for way, amount in rest.due:
            _add(by_place, way.place, bill.line_id, way.quantity - way.paid, amount)
    return by_place


def _add(by_place: dict[int, list[Captured]], place: int, line_id: str, quantity: int, amount: Amount) -> None:
    if quantity or _is_money(amount):
        by_place.setdefault(place, []).append(Captured(line_id=line_id, quantity=quantity, amount=amount))


@attrs.frozen(kw_only=True)
class _Terms:
    order: Order
    policy: ChargePolicy
    authorisation: Authorisation | None
    zone: ZoneInfo


def _charge(part: Part | None, lines: Sequence[Captured], terms: _Terms) -> Charge:
    """Return the charge for a part, or for none of them."""
    due = _due(part, terms)
    name, amount = part.id if part else "", total(line.amount for line in lines)
    charge = Charge(part_id=name, amount=amount, due=due, lines=lines)
    if terms.authorisation is None:
        return charge
    ends_at = terms.authorisation.ends_at
    # At the end itself it has ended: a day that begins with it is not covered.
    last = _zones.local_day(ends_at - dt.timedelta.resolution, terms.zone, "authorisation")
    outlives = due > last if due else part is not None and part.kind is not PartKind.SHIP_NOW
    if outlives and terms.policy.mode is CaptureMode.BEFORE_EXPIRY:
        return attrs.evolve(charge, due=last, capture_by=ends_at)
    if outlives and due:
        reauthorise_from = due - dt.timedelta(days=terms.authorisation.window.days)
        return attrs.evolve(charge, needs_reauthorisation=True, reauthorise_from=reauthorise_from)
    return attrs.evolve(charge, capture_by=ends_at)


def _due(part: Part | None, terms: _Terms) -> dt.date | None:
    if part is None or part.kind is PartKind.DIGITAL or terms.policy.mode is CaptureMode.UP_FRONT:
        return _zones.local_day(terms.order.placed_at, terms.zone, "order.placed_at")
    if part.ready is not None:
        return part.ready.latest
    return None if part.street_date is None else _zones.local_day(part.street_date, terms.zone, "part.street_date")


def _bounded(
    charges: Sequence[Charge], plan: SplitPlan, authorisation: Authorisation, captured: Iterable[Captured]
) -> list[Charge]:
    """Return the charges, each with what goes beyond the amount that was authorised, the first due first."""
    undated = {part.id: dt.date.min for part in plan.parts if part.kind is PartKind.SHIP_NOW}
    room = max(0, authorisation.amount - total(item.amount for item in captured).gross)
    days = [charge.due or undated.get(charge.part_id, dt.date.max) for charge in charges]
    in_time = sorted(range(len(charges)), key=days.__getitem__)
    bounded = list(charges)
    for place in in_time:
        asked = max(0, charges[place].amount.gross)
        bounded[place] = attrs.evolve(charges[place], beyond_authorisation=max(0, asked - room))
        room = max(0, room - asked)
    return bounded


_AS_OF = dt.date(2024, 4, 14)
_WEEK = dt.timedelta(days=7)
_MONTH = dt.timedelta(days=30)
_LESS_CLEARING = dt.timedelta(days=4, hours=18)
_CUSTOMER, _MERCHANT = AuthorisationKind.CUSTOMER_INITIATED, AuthorisationKind.MERCHANT_INITIATED
_STRIPE = "Stripe, Place a hold on a payment method"
_10_DAYS = f"{_STRIPE}; Visa itself gives 10 days, says Checkout.com"
_5_DAYS = f"{_STRIPE}: 5 days, the last 6 hours of which are for clearing; 7 days before 14 April 2024"
_MARKED = "Cybersource, Payments, Pre-authorizations"
_FINAL = "Revolut, Clearing windows for advanced authorisation; in India 4 days, says Payments and Risk"


def _row(network: str, kind: AuthorisationKind, duration: dt.timedelta, source: str = _STRIPE) -> AuthorisationWindow:
    return AuthorisationWindow(network=network, kind=kind, duration=duration, source=source, effective=_AS_OF)


#: Windows for cards that are not present, as payment services publish them; none is about a day before 14 April 2024,
#: as of which Stripe gives its own. A service may give more or less, some give more to hotels and the like, and issuers
#: release money when they see fit: the end that is named for an authorisation is better than any table.
AUTHORISATION_WINDOWS: tuple[AuthorisationWindow, ...] = (
    _row("visa", _CUSTOMER, _WEEK, _10_DAYS),
    _row("visa", _MERCHANT, _LESS_CLEARING, _5_DAYS),
    _row("mastercard", _CUSTOMER, _WEEK),
    _row("mastercard", _MERCHANT, _WEEK),
    _row("mastercard", AuthorisationKind.PRE_AUTHORISATION, _MONTH, _MARKED),
    _row("mastercard", AuthorisationKind.FINAL, _WEEK, _FINAL),
    _row("american_express", _CUSTOMER, _WEEK),
    _row("american_express", _MERCHANT, _WEEK),
    _row("discover", _CUSTOMER, _WEEK),
    _row("discover", _MERCHANT, _WEEK),
)


def authorisation_window(
    network: str,
    kind: AuthorisationKind,
    /,
    *,
    on: dt.date,
    windows: Sequence[AuthorisationWindow] = AUTHORISATION_WINDOWS,
) -> AuthorisationWindow | None:
    """Look up how long an authorisation of a day can be captured.

    Args:
        network: Whose card or account, as ``windows`` spells it.
        kind: What was asked for.
        on: The day of the authorisation.
        windows: What is known; of several in force, the one that came last counts.

    Returns:
        The window in force; ``None`` if none is known.

    Raises:
        InvalidArgument: If an argument breaks its rule.

    Examples:
        A week for an ordinary card payment, and nothing that is not known:

        >>> import datetime as dt
        >>> from preorder_kit import AuthorisationKind, authorisation_window
        >>> window = authorisation_window("visa", AuthorisationKind.CUSTOMER_INITIATED, on=dt.date(2024, 6, 1))
        >>> window.duration.days
        7
        >>> print(authorisation_window("visa", AuthorisationKind.PRE_AUTHORISATION, on=dt.date(2024, 6, 1)))
        None
    """
    asked, day = (text(network, "network"), member(kind, "kind", of=AuthorisationKind)), check_day(on, "on")
    in_force = (
        window
        for window in sequence(windows, "windows", check=instance, of=AuthorisationWindow)
        if (window.network, window.kind) == asked and window.effective <= day <= (window.until or dt.date.max)
    )
    return max(in_force, key=lambda window: window.effective, default=None)
