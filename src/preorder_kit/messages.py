"""What to tell a shopper: a stable code, its parameters, and plain English words for it.

What is said is decided once, here, and does not depend on the language: `translations` says the same in others. Days
that have passed are never shown as an expectation, and of a range that has begun only what is left of it. A year is
shown where it is not the present one. Of a reading of stock, the only number that is shown is that of the few that are
left, and only if it is disclosed: `mask` takes it away. A quote says how many of the units asked for can be had.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TypeAlias

import attrs

from . import _zones
from ._checks import (
    FrozenMapping,
    checked,
    instance,
    instant,
    mapping,
    member,
    optional,
    refused,
    rule,
    text,
    unchecked,
)
from ._checks import units as whole
from ._wording import ENGLISH, Params, Place, write
from .delivery import DateRange, _days
from .promise import Broken, Promise, PromiseKind
from .splitting import Cancelled, CancelReason, Part, PartKind, SplitPlan
from .stock import Availability, Quote, RefusalReason, Stock

__all__ = ["Message", "Place", "Subject", "describe", "describe_plan", "describe_stock"]

#: What a single message can be about.
Subject: TypeAlias = Stock | Quote | DateRange | Promise | Broken | Part | Cancelled

_A_WEEK = 7


def _plain(value: object, path: str) -> int | str:
    return text(value, path) if isinstance(value, str) else whole(value, path, least=None)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Message:
    """What to tell a shopper in one place.

    Attributes:
        code: What is said. It stays the same from version to version, whatever the words.
        place: Where it is shown.
        params: What is filled in: numbers, days as in ``2026-05-20``, and codes of words inside the text. ``year`` is
            the present year, which is not shown. There may be more of them than the text shows.
        text: The words, in English.

    Raises:
        InvalidArgument: If a field breaks its rule, or no text can be written with ``code`` and ``params``.
    """

    code: str = attrs.field(metadata=rule(text))
    place: Place = attrs.field(metadata=rule(member, of=Place))
    params: Params = attrs.field(metadata=rule(mapping, key=text, check=_plain))
    text: str = attrs.field(metadata=rule(text))

    def __attrs_post_init__(self) -> None:
        try:
            write(self.code, self.params, place=self.place, language=ENGLISH)
        except (LookupError, TypeError, ValueError):
            requirement = f"must be what the code {self.code} is filled with, as describe gives it"
            raise refused("params", requirement, self.params, code="message.invalid") from None


def describe(subject: Subject, /, *, place: Place, at: dt.datetime, zone: str) -> Message:
    """Say what a shopper should read about ``subject`` in one place.

    Args:
        subject: A reading of stock, a quote, days of delivery, a promise, a broken promise, a part of an order, or
            units that are cancelled.
        place: Where it is shown. Pages leave out how many units a promise is about; the cart and all that follows
            names them.
        at: Now.
        zone: The IANA name of the shopper's time zone, in which days are counted.

    Returns:
        The message. The same subject has the same code and parameters in every place; the text may be another.

    Raises:
        InvalidArgument: If ``subject`` is of another type, ``at`` has no offset, or ``zone`` is no time zone.

    Examples:
        Days on which something arrives, on a product page and in a confirmation:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange
        >>> from preorder_kit import describe
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> days = DateRange(dt.date(2026, 12, 30), dt.date(2027, 1, 3))
        >>> describe(days, place="product_page", at=now, zone="Europe/Oslo").text
        'Arrives 30 Dec 2026 to 3 Jan 2027'
        >>> describe(days, place="confirmation", at=now, zone="Europe/Oslo").text
        'Delivery is expected 30 Dec 2026 to 3 Jan 2027.'

        Eight asked for, three there, four may wait:

        >>> from preorder_kit import Stock, quote
        >>> answer = quote(8, stock=Stock(availability="low_stock", quantity=3, later=4))
        >>> describe(answer, place="cart_line", at=now, zone="Europe/Oslo").text
        'Only 7 of 8 can be ordered. Ships now: 3, later: 4'

        The number of the few that are left, and the same without it:

        >>> from preorder_kit import mask, normalize_stock
        >>> few = normalize_stock(3)
        >>> for stock in (few, mask(few)):
        ...     print(describe(stock, place="listing_page", at=now, zone="Europe/Oslo").text)
        Only 3 left
        Few left

        A range that has passed is no expectation:

        >>> late = dt.datetime(2027, 1, 5, tzinfo=dt.timezone.utc)
        >>> describe(days, place="product_page", at=late, zone="Europe/Oslo").text
        'Date to follow'
    """
    code, params = _said(subject, _moment(at, zone))
    return _message(code, params, place=member(place, "place", of=Place))


def describe_stock(
    stock: Stock,
    /,
    *,
    street_date: dt.datetime | None = None,
    delivery: DateRange | None = None,
    place: Place,
    at: dt.datetime,
    zone: str,
) -> Message:
    """Say what a shopper should read about a size, with the days that are known of it.

    Args:
        stock: The reading, masked or not.
        street_date: The size's street date, if it is to be named; it is only for a pre-order, and as long as it is
            ahead.
        delivery: The days on which it can arrive, if they are known.
        place: Where it is shown.
        at: Now.
        zone: The IANA name of the shopper's time zone, in which days are counted.

    Returns:
        The message.

    Raises:
        InvalidArgument: If an argument is of another type, an instant has no offset, or ``zone`` is no time zone.

    Examples:
        A pre-order, with its street date:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange, normalize_stock, release_instant
        >>> from preorder_kit import describe_stock
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> place = {"place": "product_page", "at": now, "zone": "Europe/Oslo"}
        >>> street_date = release_instant(dt.date(2026, 12, 4), zone="Europe/Oslo")
        >>> describe_stock(normalize_stock("preorder"), street_date=street_date, **place).text
        'Pre-order, released 4 Dec'

        A backorder, with and without days:

        >>> from preorder_kit import Stock
        >>> backorder = Stock(availability="backorder", quantity=12)
        >>> days = DateRange(dt.date(2027, 1, 18), dt.date(2027, 1, 20))
        >>> describe_stock(backorder, delivery=days, **place).text
        'On backorder, arrives 18 to 20 Jan 2027'
        >>> describe_stock(backorder, **place).text
        'On backorder, date to follow'
    """
    instance(stock, "stock", of=Stock)
    street = optional(street_date, "street_date", check=instant)
    days = None if delivery is None else instance(delivery, "delivery", of=DateRange)
    code, params = _stock_said(stock, _moment(at, zone), street_date=street, delivery=days)
    return _message(code, params, place=member(place, "place", of=Place))


def describe_plan(plan: SplitPlan, /, *, place: Place, at: dt.datetime, zone: str) -> tuple[Message, ...]:
    """Say what becomes of an order: what comes in which parcel and when, and what is cancelled.

    Args:
        plan: The plan.
        place: Where it is shown.
        at: Now.
        zone: The IANA name of the shopper's time zone, in which days are counted.

    Returns:
        One message for each part, then one for each cancellation, in the plan's order. Where there are several parcels
        they are numbered; what is delivered digitally is none of them.

    Raises:
        InvalidArgument: If ``plan`` is no plan, ``at`` has no offset, or ``zone`` is no time zone.

    Examples:
        Eight ordered, three there, and room for four to wait:

        >>> import datetime as dt
        >>> from preorder_kit import Order, OrderLine, Supply, split_order
        >>> from preorder_kit import describe_plan
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=8, when_short="wait")])
        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 3}), at=now, room={"CD": 4})
        >>> for message in describe_plan(plan, place="checkout_line", at=now, zone="Europe/Oslo"):
        ...     print(message.text)
        Parcel 1 of 2: Ships now
        Parcel 2 of 2: On backorder, date to follow
        1 item: Cancelled: out of stock

        An order that goes out in one parcel:

        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 8}), at=now)
        >>> [message.text for message in describe_plan(plan, place="confirmation", at=now, zone="Europe/Oslo")]
        ['This ships now.']
    """
    instance(plan, "plan", of=SplitPlan)
    where, moment = member(place, "place", of=Place), _moment(at, zone)
    parcels = [part for part in plan.parts if part.kind is not PartKind.DIGITAL]
    messages = []
    for part in plan.parts:
        code, params = _part_said(part, moment)
        if len(parcels) > 1 and part in parcels:
            params = {**params, "parcel": parcels.index(part) + 1, "parcels": len(parcels)}
        messages.append(_message(code, params, place=where))
    messages += [_message(*_cancelled_said(cut), place=where) for cut in plan.cancelled]
    return tuple(messages)


def _message(code: str, params: Params, *, place: Place) -> Message:
    words = write(code, params, place=place, language=ENGLISH)
    return unchecked(Message, code=code, place=place, params=FrozenMapping(params), text=words)


@attrs.frozen
class _Moment:
    """Now, and the day that it is where the shopper is."""

    at: dt.datetime
    zone: str
    today: dt.date


def _moment(at: dt.datetime, zone: str) -> _Moment:
    now = instant(at, "at")
    return _Moment(now, zone, _zones.local_day(now, _zones.zone_info(zone, "zone"), "at"))


_Said: TypeAlias = tuple[str, Params]


def _said(subject: Subject, now: _Moment) -> _Said:  # noqa: PLR0911  # one line for each kind of subject
    match subject:
        case Stock():
            return _stock_said(subject, now)
        case Quote():
            return _quote_said(subject)
        case DateRange():
            return _dated("delivery", subject, now)
        case Promise():
            return _promise_said(subject, now)
        case Broken():
            return _broken_said(subject, now)
        case Part():
            return _part_said(subject, now)
        case Cancelled():
            return _cancelled_said(subject)
    kinds = "a Stock, Quote, DateRange, Promise, Broken, Part or Cancelled; a SplitPlan goes to describe_plan"
    raise refused("subject", f"must be {kinds}", subject, code="type.invalid")


def _dated(code: str, days: DateRange | None, now: _Moment, *, else_: str = ".undated") -> _Said:
    """Return what is said with the days that are left of ``days``, or else without."""
    left = _left(days, now)
    if left is None:
        return code + else_, {}
    return f"{code}.dated", {**_range(left), "year": now.today.year}


def _left(days: DateRange | None, now: _Moment) -> DateRange | None:
    """Return what of ``days`` has not passed, ``None`` if nothing is left."""
    if days is None or days.latest < now.today:
        return None
    return _days(max(days.earliest, now.today), days.latest)


def _range(days: DateRange, prefix: str = "") -> Params:
    return {f"{prefix}earliest": days.earliest.isoformat(), f"{prefix}latest": days.latest.isoformat()}


def _released(street_date: dt.datetime | None, days: DateRange | None, now: _Moment) -> _Said:
    """Return what is said of a pre-order."""
    if street_date is None or street_date <= now.at:
        return _dated("preorder", days, now)
    code, params = _dated("preorder.released", days, now, else_="")
    day = _zones.local_day(street_date, _zones.zone_info(now.zone, "zone"), "street_date")
    return code, {**params, "street_day": day.isoformat(), "year": now.today.year}


def _stock_said(
    stock: Stock, now: _Moment, *, street_date: dt.datetime | None = None, delivery: DateRange | None = None
) -> _Said:
    kind, few = stock.availability, stock.quantity
    if kind is Availability.PREORDER:
        return _released(street_date, delivery, now)
    if kind is Availability.BACKORDER:
        return _dated("backorder", delivery, now)
    if not stock.is_available:
        return kind.value, {}
    if kind is Availability.LOW_STOCK and isinstance(few, int):
        code, params = _dated("low_stock.left", delivery, now, else_="")
        return code, {**params, "left": few}
    return _dated(kind.value, delivery, now, else_="")


def _quote_said(quote: Quote) -> _Said:
    available = quote.now + quote.later
    asked = available + quote.refused
    params = {"now": quote.now, "later": quote.later, "available": available, "asked": asked}
    if not quote.refused:
        return _can_have(quote) if asked else "quote.nothing", params
    if available:
        code = "quote.cap" if quote.reason is RefusalReason.CAP else "quote.not_enough"
        return code, {**params, "rest": _can_have(quote)}
    return _NOTHING.get(quote.reason, "out_of_stock"), params


_NOTHING: Mapping[RefusalReason | None, str] = {
    RefusalReason.CAP: "quote.cap_reached",
    RefusalReason.UNKNOWN: "unknown",
}


def _can_have(quote: Quote) -> str:
    if quote.now and quote.later:
        return "quote.split"
    return "ships_now" if quote.now else "ships_later"


def _promise_said(promise: Promise, now: _Moment) -> _Said:
    code, params = _kind_said(promise, now)
    return code, {**params, "units": promise.quantity}


def _kind_said(promise: Promise, now: _Moment) -> _Said:
    if promise.kind is PromiseKind.NONE:
        return "no_date", {}
    if promise.kind is PromiseKind.ESTIMATE:
        return _estimate_said(promise.delivery, now)
    else_ = "" if promise.kind is PromiseKind.IN_STOCK else ".undated"
    return _dated(promise.kind.value, promise.delivery, now, else_=else_)


def _estimate_said(delivery: DateRange | None, now: _Moment) -> _Said:
    """Return what is said of an estimate: a wide one in whole weeks, that hold all of its days."""
    days = _left(delivery, now)
    if days is None:
        return "delivery.undated", {}
    code, params = _dated("estimate", days, now)
    least = (days.earliest - now.today).days // _A_WEEK
    most = -((now.today - days.latest).days // _A_WEEK)
    if (days.latest - days.earliest).days < _A_WEEK or most == 1:
        return code, params
    return ("estimate.weeks" if least else "estimate.within"), {**params, "from": least, "until": most}


def _broken_said(broken: Broken, now: _Moment) -> _Said:
    was = broken.promise.delivery
    if was is None:
        return _promise_said(broken.now, now)
    code, params = _dated("delay", broken.now.delivery, now)
    old = {**_range(was, "was_"), "year": now.today.year}
    return code, {**params, **old, "why": f"why.{broken.because}", "units": broken.now.quantity}


def _part_said(part: Part, now: _Moment) -> _Said:
    if part.kind is PartKind.DIGITAL:
        return "digital", {}
    if part.kind is PartKind.SHIP_NOW:
        return _dated("ships_now", part.delivery, now, else_="")
    if part.kind is PartKind.AWAIT_STREET_DATE:
        return _released(part.street_date, part.delivery, now)
    return _dated("backorder", part.delivery, now)


def _cancelled_said(cut: Cancelled) -> _Said:
    # What has nothing to ship with is a fee, and no item.
    units = {} if cut.reason is CancelReason.NOTHING_SHIPS else {"units": cut.quantity}
    return f"cancelled.{cut.reason}", units
