"""Delivery windows of wholesale: when something is sold, and when it is delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

import attrs

from ..._checks import checked, instance, optional, refused, rule, sequence, text
from ..._documents import Fields, count, truth, unrecognised, word
from ..._wire import WireFormat, first, has, held
from ...delivery import DateRange
from ...errors import Read
from ...quantities import UNLIMITED, Quantity, _quantity
from ...stock import SalesWindow, SellRules
from ...street_date import release_instant
from ._integration import (
    centra_id,
    complaints,
    id_or_none,
    known,
    read_reference,
    replied,
    several,
    small_units,
    store_day,
)

__all__ = [
    "DELIVERY_WINDOWS_QUERY",
    "CentraStatus",
    "DeliveryWindow",
    "VariantDelivery",
    "WindowVariant",
    "read_delivery_windows",
    "window_rules",
    "window_sales",
]

#: Asks for what `read_delivery_windows` reads.
DELIVERY_WINDOWS_QUERY: Final = """\
query ($limit: Int, $page: Int) {
  deliveryWindows(limit: $limit, page: $page) {
    id
    name
    status
    markets { id }
    allocationRule { id }
    defaultVariantDeliveryType
    deliveryDatesVisible
    selectableByBuyers
    selectedByDefault
    deliveryWindowVariants {
      type
      limit { value type on }
      productVariant { id }
    }
    ... on PreorderDeliveryWindow {
      allocationOrder
      deliveryStartDate
      deliveryEndDate
      salesStartDate
      salesEndDate
    }
    ... on AtOnceDeliveryWindow {
      daysFromNow
      selectableDate
    }
  }
}"""

_EXPECTED = "must be a reply of the Integration API with delivery windows"
_MUTATIONS = (
    "createDeliveryWindow",
    "updateDeliveryWindow",
    "setDeliveryWindowVariants",
    "unsetDeliveryWindowVariants",
)
LIMIT_TYPE, LIMIT_ON = "HIGH", "ProductVariant"
_DAY = dt.timedelta(days=1)


class CentraStatus(StrEnum):
    """Whether a window can be used; Centra writes the last with two L."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    CANCELLED = "cancelled"


class VariantDelivery(StrEnum):
    """What a buyer may order of a variant in a window.

    PREORDER: before stock is there, also up to a limit. STOCK: what is there, and backorders where they are allowed.
    LINK: what is incoming and not reserved. STOCK_LINK: stock and link.
    """

    PREORDER = "preorder"
    STOCK = "stock"
    LINK = "link"
    STOCK_LINK = "stock_link"


@attrs.frozen(kw_only=True, field_transformer=checked)
class WindowVariant:
    """A variant in a delivery window.

    Attributes:
        variant: The variant's id; ``None`` if it was not asked for.
        delivery_word: What may be ordered of it, in Centra's word; empty: the window's default.
        limit: How many units may be ordered of all its sizes; `UNLIMITED`: no limit. ``None``: nothing is said of it.
        limit_type: What kind of limit it is, in Centra's word; ``HIGH`` is documented.
        limit_on: What it limits, in Centra's word; ``ProductVariant`` is documented.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    variant: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    delivery_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    limit: Quantity | None = attrs.field(default=None, metadata=rule(optional, check=_quantity))
    limit_type: str = attrs.field(default=LIMIT_TYPE, metadata=rule(text))
    limit_on: str = attrs.field(default=LIMIT_ON, metadata=rule(text))

    @property
    def delivery(self) -> VariantDelivery | None:
        """What the word means; ``None`` if it is not known."""
        return known(self.delivery_word, VariantDelivery)


@attrs.frozen(kw_only=True, field_transformer=checked)
class DeliveryWindow:
    """A delivery window: a pre-order window with its days, or one that delivers at once.

    All days are those of the store's zone.

    Attributes:
        name: Its name.
        status_word: Its status, in Centra's word.
        id: Its id at Centra; ``None`` before it is made.
        delivery: The days on which a pre-order window delivers.
        sales: The days on which a pre-order window sells.
        allocation_order: In which order pre-orders are allocated, in Centra's word; ``FIFO`` is documented.
        days_from_now: In how many days an at-once window delivers.
        selectable_date: Whether the buyer of an at-once window picks a day.
        default_word: What may be ordered of a variant that says nothing else, in Centra's word.
        delivery_dates_visible: Whether buyers see the days.
        selectable_by_buyers: Whether buyers may choose it.
        selected_by_default: Whether it is chosen for them.
        allocation_rule: The id of the rule that says from which warehouses.
        markets: The ids of the markets that it is for.
        variants: What is in it, as far as the document says.

    Raises:
        InvalidArgument: If a field breaks its rule, or the fields of both kinds of window are given.
    """

    name: str = attrs.field(metadata=rule(text))
    status_word: str = attrs.field(default="ACTIVE", metadata=rule(text))
    id: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    delivery: DateRange | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=DateRange))
    sales: DateRange | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=DateRange))
    allocation_order: str = attrs.field(default="", metadata=rule(text, empty=True))
    days_from_now: int | None = attrs.field(default=None, metadata=rule(optional, check=small_units))
    selectable_date: bool | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=bool))
    default_word: str = attrs.field(default="STOCK", metadata=rule(text, empty=True))
    delivery_dates_visible: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    selectable_by_buyers: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    selected_by_default: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    allocation_rule: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    markets: Sequence[int] = attrs.field(default=(), metadata=rule(sequence, check=centra_id))
    variants: Sequence[WindowVariant] = attrs.field(
        default=(), metadata=rule(sequence, check=instance, of=WindowVariant)
    )

    def __attrs_post_init__(self) -> None:
        at_once = self.days_from_now is not None or self.selectable_date is not None
        if at_once and (self.delivery or self.sales or self.allocation_order):
            requirement = "must not be given with the days of a pre-order window: a window is of one kind"
            raise refused("days_from_now", requirement, self.days_from_now, code="centra.one_of")

    @property
    def status(self) -> CentraStatus | None:
        """What the word means; ``None`` if it is not known."""
        word_said = "cancelled" if self.status_word.strip().lower() == "canceled" else self.status_word
        return known(word_said, CentraStatus)

    @property
    def default_delivery(self) -> VariantDelivery | None:
        """What the word means; ``None`` if it is not known."""
        return known(self.default_word, VariantDelivery)


def read_delivery_windows(document: str | bytes, /) -> Read[tuple[DeliveryWindow, ...]]:
    """Read delivery windows, from a list or from the reply to a mutation of one.

    Centra says their days as midnight in the store's zone, so that the two ends may have different offsets. They are
    days: the ones that are written.

    Args:
        document: A reply of the Integration API, as text or UTF-8 bytes; `DELIVERY_WINDOWS_QUERY` asks for it.

    Returns:
        The windows that are sound, and the problems of the others; each of ``userErrors`` is a problem too.

    Raises:
        InvalidDocument: If it is no such reply.

    Source:
        Centra's Integration API, types PreorderDeliveryWindow and AtOnceDeliveryWindow.

    Examples:
        A window over the change of the clocks:

        >>> from preorder_kit.adapters.centra import read_delivery_windows
        >>> days = '"deliveryStartDate": "2027-02-01T00:00:00+01:00", "deliveryEndDate": "2027-03-31T00:00:00+02:00"'
        >>> window = '{"id": 26, "name": "Drop 1", "status": "ACTIVE", %s}' % days
        >>> [found] = read_delivery_windows('{"data": {"deliveryWindows": [%s]}}' % window).complete()
        >>> print(found.delivery.earliest, found.delivery.latest)
        2027-02-01 2027-03-31
    """
    data = replied(document, _EXPECTED)
    mutations = [name for name in _MUTATIONS if data.holds(name)]
    if not mutations and not data.holds("deliveryWindows"):
        raise unrecognised(_EXPECTED)
    windows = data.objects("deliveryWindows")
    for name in mutations:
        payload = data.object(name)
        if payload is not None:
            complaints(payload, "userErrors")
            windows += several(payload, "deliveryWindow") if payload.holds("deliveryWindow") else []
    found = [_window(fields) for fields in windows]
    return Read(tuple(window for window in found if window is not None), tuple(data.problems))


def _window(fields: Fields) -> DeliveryWindow | None:
    return fields.build(
        DeliveryWindow,
        id=fields.read("id", id_or_none, default=None),
        delivery=read_days(fields, "deliveryStartDate", "deliveryEndDate"),
        sales=read_days(fields, "salesStartDate", "salesEndDate"),
        allocation_order=fields.read("allocationOrder", word, default=""),
        days_from_now=fields.read("daysFromNow", count, default=None),
        selectable_date=fields.read("selectableDate", truth, default=None),
        variants=read_variants(fields, "deliveryWindowVariants"),
        **common_fields(fields),
    )


def common_fields(fields: Fields) -> dict[str, Any]:
    """Return what the reply and the call say in the same words."""
    return {
        "name": fields.read("name", word),
        "status_word": fields.read("status", word),
        "default_word": fields.read("defaultVariantDeliveryType", word, default=""),
        "delivery_dates_visible": fields.read("deliveryDatesVisible", truth, default=False),
        "selectable_by_buyers": fields.read("selectableByBuyers", truth, default=False),
        "selected_by_default": fields.read("selectedByDefault", truth, default=False),
        "allocation_rule": read_reference(fields, "allocationRule"),
        "markets": [market.read("id", centra_id) for market in several(fields, "markets")],
    }


def read_days(fields: Fields, start: str, end: str) -> DateRange | None:
    """Return the days of a window, both of its ends inclusive; ``None`` if it has none, or a problem with them."""
    if not fields.holds(start) and not fields.holds(end):
        return None
    before = len(fields.problems)
    earliest, latest = fields.read(start, store_day), fields.read(end, store_day)
    if len(fields.problems) > before:
        return None
    if latest < earliest:
        message = f"must not lie before {start}, {earliest} (got {latest})"
        fields.complain(end, "range.reversed", message, latest)
        return None
    return DateRange(earliest, latest)


def read_variants(fields: Fields, key: str) -> list[WindowVariant]:
    found = [
        row.build(
            WindowVariant,
            variant=read_reference(row, "productVariant"),
            delivery_word=row.read("type", word, default=""),
            **_limit(row),
        )
        for row in several(fields, key)
    ]
    return [variant for variant in found if variant is not None]


def _limit(row: Fields) -> dict[str, Any]:
    """Return a variant's limit; there is none where the field says null, and nothing is said where it is missing."""
    limit = row.object("limit")
    if limit is None:
        return {"limit": UNLIMITED} if row._node.get("limit", "") is None else {}
    return {
        "limit": limit.read("value", count),
        "limit_type": limit.read("type", word, default=LIMIT_TYPE),
        "limit_on": limit.read("on", word, default=LIMIT_ON),
    }


def is_delivery_windows(root: Any) -> bool:
    """Return whether a JSON value is a reply with delivery windows that say more than their id."""
    made = (held(root, "data", name, "deliveryWindow") for name in _MUTATIONS)
    return any(has(window, "name", "status") for window in (first(held(root, "data", "deliveryWindows")), *made))


def window_sales(window: DeliveryWindow, /, *, zone: str) -> SalesWindow | None:
    """Return when a window sells, as instants.

    Args:
        window: The window.
        zone: The IANA name of the store's time zone.

    Returns:
        From the first instant of its first day until its last day is over; ``None`` if it does not say its days.

    Raises:
        InvalidArgument: If ``zone`` is no time zone, or a day does not exist there.

    Examples:
        September and October, in which the clocks change:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange
        >>> from preorder_kit.adapters.centra import DeliveryWindow, window_sales
        >>> days = DateRange(dt.date(2026, 9, 1), dt.date(2026, 10, 31))
        >>> sales = window_sales(DeliveryWindow(name="Drop 1", sales=days), zone="Europe/Oslo")
        >>> print(sales.opens, sales.closes)
        2026-08-31 22:00:00+00:00 2026-10-31 23:00:00+00:00
    """
    instance(window, "window", of=DeliveryWindow)
    if window.sales is None:
        return None
    last = window.sales.latest
    closes = None if last == dt.date.max else release_instant(last + _DAY, zone=zone)
    return SalesWindow(opens=release_instant(window.sales.earliest, zone=zone), closes=closes)


def window_rules(window: DeliveryWindow, /, *, variant: int, zone: str) -> SellRules:
    """Return how a variant is sold in a window: in which time, and how many units at most.

    Args:
        window: The window.
        variant: The variant's id.
        zone: The IANA name of the store's time zone.

    Returns:
        Rules whose ``preorder_limit`` is the variant's limit; `UNLIMITED` if it has none.

    Raises:
        InvalidArgument: If the variant is not in the window, its limit is of a kind that is not documented, or ``zone``
            is no time zone.

    Examples:
        A hundred of one variant:

        >>> from preorder_kit.adapters.centra import DeliveryWindow, WindowVariant, window_rules
        >>> window = DeliveryWindow(name="Drop 1", variants=[WindowVariant(variant=340, limit=100)])
        >>> window_rules(window, variant=340, zone="Europe/Oslo").preorder_limit
        100
    """
    sales = window_sales(window, zone=zone)
    inside = {one.variant: one for one in window.variants if one.variant is not None}
    if variant not in inside:
        named = ", ".join(map(str, inside)) or "there is none"
        raise refused("variant", f"must be in the window: {named}", variant, code="centra.variant")
    check_limit(inside[variant], "variant")
    limit = inside[variant].limit
    return SellRules(preorder_limit=UNLIMITED if limit is None else limit, sales_window=sales)


def check_limit(variant: WindowVariant, path: str) -> None:
    """Refuse a limit of a kind that is not documented."""
    said = (variant.limit_type, variant.limit_on)
    if variant.limit is not None and said != (LIMIT_TYPE, LIMIT_ON):
        requirement = f"must have a limit of the type {LIMIT_TYPE} on {LIMIT_ON}: no other is documented"
        raise refused(path, requirement, said, code="centra.limit")


FORMATS = (
    WireFormat(
        name="centra-delivery-windows",
        holds="delivery windows",
        recognises=is_delivery_windows,
        read=read_delivery_windows,
    ),
)
