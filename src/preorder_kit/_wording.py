"""How a message becomes text: the rows of a language, how they are filled, and the English ones; under `messages`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias

import attrs

from ._checks import FrozenMapping
from .delivery import DateRange


class Place(StrEnum):
    """Where a message is shown.

    A listing page has room for a word or two; a product page, a line of the cart and one of the checkout for a phrase;
    a confirmation and a notice of a delay are written in sentences.
    """

    LISTING_PAGE = "listing_page"
    PRODUCT_PAGE = "product_page"
    CART_LINE = "cart_line"
    CHECKOUT_LINE = "checkout_line"
    CONFIRMATION = "confirmation"
    DELAY_NOTICE = "delay_notice"


Params: TypeAlias = Mapping[str, int | str]
#: A row of a language: one text for all places, or a phrase and sentences, or three: a word or two, a phrase,
#: sentences. Of two forms with a bar between them, the first is for one item. Braces name what is filled in.
Texts: TypeAlias = tuple[str, ...]


@attrs.frozen
class Language:
    """How a language says things.

    Attributes:
        texts: Its rows.
        days: Writes the days from the first to the last, with their year unless it is the third.
        number: Writes a number.
        plural: Names the form that goes with a number; ``one`` is told apart from all others.
    """

    texts: Mapping[str, Texts]
    days: Callable[[dt.date, dt.date, int], str]
    number: Callable[[int], str]
    plural: Callable[[int], str]


_TONES = {
    Place.LISTING_PAGE: 0,
    Place.PRODUCT_PAGE: 1,
    Place.CART_LINE: 1,
    Place.CHECKOUT_LINE: 1,
    Place.CONFIRMATION: 2,
    Place.DELAY_NOTICE: 2,
}
# On a page the units are nobody's yet.
_PAGES = (Place.LISTING_PAGE, Place.PRODUCT_PAGE)
_SLOT = re.compile(r"\{([a-z]+)\}")
_RANGES = {"days": ("earliest", "latest"), "was": ("was_earliest", "was_latest"), "day": ("street_day", "street_day")}


def write(code: str, params: Params, *, place: Place, language: Language) -> str:
    """Return the text of a message: its row, then the rows that say more around it.

    Raises:
        LookupError: If there is no such row, or a parameter is missing.
        ValueError: If a parameter is no day, or a range is reversed.
        TypeError: If a parameter is of another type.
    """
    row, ending = _rows(code, language)
    text = _fill(row, params, place, language)
    if ending:
        text = _fill(ending, {**params, "text": text}, place, language)
    if "units" in params and place not in _PAGES:
        text = _fill("units", {**params, "text": text}, place, language)
    if "parcel" in params:
        text = _fill("parcel", {**params, "text": text}, place, language)
    return text


def _rows(code: str, language: Language) -> tuple[str, str]:
    """Return the row of a code and the one that ends it: ``backorder.dated`` is ``backorder``, then ``dated``."""
    if code in language.texts:
        return code, ""
    row, _, ending = code.rpartition(".")
    return row, ending


def _fill(row: str, params: Params, place: Place, language: Language) -> str:
    texts = language.texts[row]
    one, *others = texts[_TONES[place] * len(texts) // 3].split("|")
    text = others[-1] if others and language.plural(_number(params, "units")) != "one" else one
    return _SLOT.sub(lambda slot: _value(slot[1], params, place, language), text)


def _value(slot: str, params: Params, place: Place, language: Language) -> str:
    if slot in _RANGES:
        days = _range(params, slot)
        return language.days(days.earliest, days.latest, _number(params, "year"))
    if slot in {"why", "rest"}:
        return _fill(str(params[slot]), params, place, language)
    return str(params[slot]) if slot == "text" else language.number(_number(params, slot))


def _range(params: Params, slot: str) -> DateRange:
    first, last = (dt.date.fromisoformat(str(params[name])) for name in _RANGES[slot])
    return DateRange(first, last)


def _number(params: Params, name: str) -> int:
    number = params[name]
    if isinstance(number, str):
        raise TypeError(name)
    return number


# As newspapers write them: whole where they are short.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sep", "Oct", "Nov", "Dec")


def _english_days(first: dt.date, last: dt.date, year: int) -> str:
    end = f"{last.day} {_MONTHS[last.month - 1]}" + _year(first, last, year)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {end}"
    crossed = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {_MONTHS[first.month - 1]}{crossed} to {end}"


def _year(first: dt.date, last: dt.date, year: int) -> str:
    return "" if first.year == last.year == year else f" {last.year}"


def _english_number(number: int) -> str:
    return f"{number:,}"


def _english_plural(number: int) -> str:
    return "one" if number == 1 else "other"


ENGLISH = Language(
    texts=FrozenMapping(
        {
            "in_stock": ("In stock", "We can ship now."),
            "low_stock": ("Few left", "There are only a few left."),
            "low_stock.left": ("Only {left} left", "Only {left} left in stock."),
            "preorder": ("Pre-order", "This pre-order ships after the release."),
            "preorder.released": (
                "Pre-order, {day}",
                "Pre-order, released {day}",
                "This pre-order ships after its release on {day}.",
            ),
            "backorder": ("On backorder", "This backorder ships when new stock is in."),
            "ships_now": ("Ships now", "This ships now."),
            "ships_later": (
                "Ships later",
                "Ships later, when it is in stock",
                "This ships later, when it is in stock.",
            ),
            "digital": ("Digital", "Delivered digitally", "This is delivered digitally, without a parcel."),
            "out_of_stock": ("Out of stock", "This is out of stock."),
            "unknown": ("Availability not known", "We do not know whether this is available."),
            "dated": ("{text}", "{text}, arrives {days}", "{text} Delivery is expected {days}."),
            "undated": ("{text}", "{text}, date to follow", "{text} A delivery date is not known yet."),
            "units": ("{units} item: {text}|{units} items: {text}",),
            "parcel": ("Parcel {parcel} of {parcels}: {text}",),
            "delivery.dated": ("{days}", "Arrives {days}", "Delivery is expected {days}."),
            "delivery.undated": ("Date to follow", "A delivery date is not known yet."),
            "estimate.dated": (
                "About {days}",
                "Estimated to arrive {days}",
                "Estimated delivery is {days}. This is not a confirmed date.",
            ),
            "estimate.weeks": (
                "In {from} to {until} weeks",
                "Estimated to arrive in {from} to {until} weeks",
                "Estimated delivery is {days}. This is not a confirmed date.",
            ),
            "estimate.within": (
                "Within {until} weeks",
                "Estimated to arrive within {until} weeks",
                "Estimated delivery is {days}. This is not a confirmed date.",
            ),
            "no_date": ("No date yet", "We cannot give a delivery date yet."),
            "quote.split": (
                "Ships now: {now}, later: {later}",
                "Of these, {now} can ship now and {later} later, when in stock.",
            ),
            "quote.nothing": ("No items", "There are no items."),
            "quote.cap": ("At most {available} can be ordered. {rest}",),
            "quote.not_enough": ("Only {available} of {asked} can be ordered. {rest}",),
            "quote.cap_reached": ("No more can be ordered", "You have ordered as many as you can."),
            "cancelled.out_of_stock": (
                "Cancelled",
                "Cancelled: out of stock",
                "This part of your order is cancelled, because it is out of stock.",
            ),
            "cancelled.backorder_limit": (
                "Cancelled",
                "Cancelled: out of stock",
                "This part of your order is cancelled, because it is out of stock and no more can be backordered.",
            ),
            "cancelled.nothing_ships": (
                "Dropped",
                "Dropped: nothing to deliver",
                "This charge is dropped, because there is nothing to deliver.",
            ),
            "cancelled.mixed_cart": (
                "Cancelled",
                "Cancelled: must be ordered on its own",
                "This part of your order is cancelled, because it must be ordered on its own.",
            ),
            "cancelled.customer": (
                "Cancelled",
                "Cancelled as you asked",
                "This part of your order is cancelled, as you asked.",
            ),
            "delay.dated": (
                "Delayed",
                "Delayed, now expected {days}",
                "We are sorry, delivery is delayed. It was expected {was}, and is now expected {days}. {why}",
            ),
            "delay.undated": (
                "Delayed",
                "Delayed, date to follow",
                "We are sorry, delivery is delayed. It was expected {was}, and a new date is not known yet. {why}",
            ),
            "why.receipt_late": ("The goods reach our warehouse later than planned.",),
            "why.receipt_gone": ("The goods did not reach our warehouse as planned.",),
            "why.too_few": ("We have fewer items than we expected.",),
            "why.street_date": ("The release date has moved.",),
            "why.date_passed": ("The goods did not leave our warehouse in time.",),
            "why.companion": ("It ships together with an item that is delayed.",),
        }
    ),
    days=_english_days,
    number=_english_number,
    plural=_english_plural,
)
