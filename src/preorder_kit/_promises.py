"""Promises, and the rules they are made by, as values: under `promise`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

import attrs

from ._checks import checked, instance, member, optional, refused, rule, sequence, text, units
from ._recipes import Component, _components
from .delivery import DateRange, _relativedelta, static_range
from .errors import InvalidArgument

if TYPE_CHECKING:
    from dateutil.relativedelta import relativedelta


class Confirmation(StrEnum):
    """What is confirmed of a line.

    STAGED: what is there now, the rest as it comes. COMPLETE: all units at once, on the day of the last of them, or
    none. ON_DATE: at once, what can arrive by the wanted day, held back so that it arrives on that day; a line without
    a wanted day is STAGED.
    """

    STAGED = "staged"
    COMPLETE = "complete"
    ON_DATE = "on_date"


class Pegging(StrEnum):
    """Which units serve a line.

    FIRST: what is there, then what comes first. LATEST_FEASIBLE: what comes last, is not owed to others, and is still
    in time for the wanted day (or the street date, if that is later), so that stock stays free for those who want it
    sooner; beyond that, and for lines with neither day, the first.
    """

    FIRST = "first"
    LATEST_FEASIBLE = "latest_feasible"


def _each_day() -> Iterator[dt.date]:
    """Yield the days of 28 years, after which the days of the week come back."""
    first = dt.date.fromisoformat("2003-01-01").toordinal()
    return map(dt.date.fromordinal, range(first, first + 10_227))


# The ends of months, of a year and a leap year: where the length of a month counts.
_ENDS_OF_MONTHS = [day for day in islice(_each_day(), 731) if day.day not in range(2, 28)]


def _estimate(value: object, path: str) -> tuple[relativedelta, relativedelta]:
    found = sequence(value, path, check=_relativedelta)
    requirement = "must be two relativedeltas, the second never the shorter, whatever the month"
    if len(found) != 2:
        raise refused(path, requirement, value, code="estimate.invalid")
    try:
        by_weekday = any(delta.weekday for delta in found)
        for day in _each_day() if by_weekday else _ENDS_OF_MONTHS:
            static_range(day, after=found[0], until=found[1])
    except InvalidArgument as error:
        if error.code == "range.reversed":
            raise refused(path, requirement, value, code=error.code) from None
        raise error.under(path) from None
    return found[0], found[1]


@attrs.frozen(kw_only=True, field_transformer=checked)
class PromiseRules:
    """How a shop promises.

    Attributes:
        confirmation: What is confirmed of a line. An order that ships complete, and lines of one ``ship_group``, are
            confirmed as a whole whatever it says, but for units that may not wait and are short.
        pegging: Which units serve a line.
        min_shipment: No shipment of a line has fewer units, the last included, unless the whole line has; what would
            leave fewer behind is held back.
        max_lateness: How many calendar days after the wanted day a line may arrive at the latest; what would be later
            is not promised. ``None``: no bound.
        overdue: How many days from today on the receipts count whose day has passed; ``None``: they do not count.
        estimate: From when to when units are ready that may wait and for which no day is known: two relativedeltas from
            the order day, or from the street day if that is later, as in "ships in 4 to 6 weeks". ``None``: they are
            not promised.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    confirmation: Confirmation = attrs.field(default=Confirmation.STAGED, metadata=rule(member, of=Confirmation))
    pegging: Pegging = attrs.field(default=Pegging.FIRST, metadata=rule(member, of=Pegging))
    min_shipment: int = attrs.field(default=1, metadata=rule(units, least=1))
    max_lateness: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    overdue: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    estimate: tuple[relativedelta, relativedelta] | None = attrs.field(
        default=None, metadata=rule(optional, check=_estimate)
    )


class PromiseKind(StrEnum):
    """What stands behind a promise.

    PREORDER: the street date is ahead, whatever will serve it. IN_STOCK: units that are there. BACKORDER: units that
    are on order. ESTIMATE: a statement of the shop's or the window of the sale, with nothing on order behind it. NONE:
    nothing, there is no date.
    """

    PREORDER = "preorder"
    IN_STOCK = "in_stock"
    BACKORDER = "backorder"
    ESTIMATE = "estimate"
    NONE = "none"


def _optional_range(value: object, path: str) -> DateRange | None:
    return optional(value, path, check=instance, of=DateRange)


def _names(value: object, path: str) -> tuple[str, ...]:
    return sequence(value, path, check=text)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Promise:
    """When some units of a line leave and arrive, and what stands behind it.

    Attributes:
        order_id: The order.
        line_id: Its line.
        sku: The line's SKU.
        quantity: Units, >= 1.
        kind: What stands behind it.
        ready: The days from which on they can be handled; ``None`` if there is no date. Where a window was sold, when
            to hand them over so that they arrive in it is the shop's to say.
        delivery: The days on which they can arrive; ``None`` if there is no date.
        components: The line's recipe; empty if it is no bundle. On the days it is ready, a unit has all that it needs.
        references: The receipts that serve them, where these have a reference.
        first: The range of arrival that was given first, where it has moved since; ``None`` if this is the first.

    Raises:
        InvalidArgument: If a field breaks its rule, or only one of ``ready`` and ``delivery`` is given.
    """

    order_id: str = attrs.field(metadata=rule(text))
    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    kind: PromiseKind = attrs.field(metadata=rule(member, of=PromiseKind))
    ready: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))
    delivery: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))
    components: Sequence[Component] = attrs.field(default=(), metadata=rule(_components))
    references: Sequence[str] = attrs.field(default=(), metadata=rule(_names))
    first: DateRange | None = attrs.field(default=None, metadata=rule(_optional_range))

    def __attrs_post_init__(self) -> None:
        if (self.ready is None) != (self.delivery is None):
            raise refused("delivery", "must be given just if ready is", self.delivery, code="promise.half_dated")
