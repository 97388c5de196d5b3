"""Calls that make delivery windows and put variants into them, written and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..._checks import instance, refused, sequence, unique
from ..._documents import Fields, count, truth, word
from ..._wire import WireFormat
from ...delivery import DateRange
from ...errors import Read
from ...quantities import UNLIMITED
from ._delivery_windows import (
    DeliveryWindow,
    VariantDelivery,
    WindowVariant,
    check_limit,
    common_fields,
    read_days,
    read_variants,
)
from ._integration import call, centra_id, complete, is_request, needed_reference, reference, requested, small_units

__all__ = ["read_delivery_window", "read_window_variants", "write_delivery_window", "write_window_variants"]

CREATE_WINDOW: Final = """\
mutation ($input: DeliveryWindowCreateInput!) {
  createDeliveryWindow(input: $input) {
    deliveryWindow { id }
    userErrors { message path }
    userWarnings { message path }
  }
}"""
SET_VARIANTS: Final = """\
mutation ($input: DeliveryWindowVariantsSetInput!) {
  setDeliveryWindowVariants(input: $input) {
    deliveryWindow { id }
    userErrors { message path }
    userWarnings { message path }
  }
}"""

_MOST_VARIANTS = 100  # a call
_ORDER = "FIFO"
_WRITTEN = {
    VariantDelivery.PREORDER: "PREORDER",
    VariantDelivery.STOCK: "STOCK",
    VariantDelivery.LINK: "LINK",
}


def write_delivery_window(window: DeliveryWindow, /) -> str:
    """Write the call that makes a delivery window.

    A pre-order window needs the days on which it delivers and sells; it is allocated first in, first out. A window that
    delivers at once needs ``days_from_now`` or ``selectable_date``.

    Args:
        window: The window. Its id and its variants are no part of the call: put them in with `write_window_variants`.

    Returns:
        The body of a ``createDeliveryWindow`` call.

    Raises:
        InvalidArgument: If the window has an id or variants, is of no kind, lacks its days, or says a word that Centra
            does not document.

    Source:
        Centra's Integration API, DeliveryWindowCreateInput and PreorderDeliveryWindowInput.

    Examples:
        A pre-order window:

        >>> import datetime as dt
        >>> import json
        >>> from preorder_kit import DateRange
        >>> from preorder_kit.adapters.centra import DeliveryWindow, write_delivery_window
        >>> delivery = DateRange(dt.date(2027, 2, 1), dt.date(2027, 3, 31))
        >>> sales = DateRange(dt.date(2026, 9, 1), dt.date(2026, 10, 31))
        >>> window = DeliveryWindow(name="Drop 1", delivery=delivery, sales=sales, default_word="PREORDER")
        >>> given = json.loads(write_delivery_window(window))["variables"]["input"]
        >>> given["preorder"]["deliveryDateRange"], given["preorder"]["allocationOrder"]
        ({'from': '2027-02-01', 'to': '2027-03-31'}, 'FIFO')

        One that is neither kind is refused:

        >>> write_delivery_window(DeliveryWindow(name="Drop 2"))
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: window.delivery: must be given, or days_from_now or selectable_date for a \
window that delivers at once (got None)
    """
    instance(window, "window", of=DeliveryWindow)
    if window.id is not None or window.variants:
        requirement = "must not have an id or variants before it is made; write its variants afterwards"
        raise refused("window.id", requirement, window.id, code="centra.window")
    if window.status is None:
        requirement = "must be ACTIVE, INACTIVE or CANCELLED"
        raise refused("window.status_word", requirement, window.status_word, code="choice.invalid")
    given: dict[str, Any] = {
        "name": window.name,
        "status": window.status.name,
        "deliveryDatesVisible": window.delivery_dates_visible,
        "selectableByBuyers": window.selectable_by_buyers,
        "selectedByDefault": window.selected_by_default,
        "defaultVariantDeliveryType": _delivery(window.default_delivery, window.default_word, "window.default_word"),
        **_kind(window),
    }
    if window.allocation_rule is not None:
        given["allocationRule"] = reference(window.allocation_rule)
    if window.markets:
        given["markets"] = [reference(market) for market in window.markets]
    return call(CREATE_WINDOW, {"input": given})


def _delivery(delivery: VariantDelivery | None, said: str, path: str) -> str:
    if delivery not in _WRITTEN:
        requirement = f"must be {', '.join(_WRITTEN.values())}: how Centra spells others is not documented"
        raise refused(path, requirement, said, code="choice.invalid")
    return _WRITTEN[delivery]


def _kind(window: DeliveryWindow) -> dict[str, Any]:
    """Return what a window of its kind needs."""
    if window.days_from_now is not None or window.selectable_date is not None:
        known = {"daysFromNow": window.days_from_now, "selectableDate": window.selectable_date}
        return {"atOnce": {key: value for key, value in known.items() if value is not None}}
    if window.delivery is None or window.sales is None:
        name = "delivery" if window.delivery is None else "sales"
        requirement = "must be given, or days_from_now or selectable_date for a window that delivers at once"
        raise refused(f"window.{name}", requirement, None, code="centra.window")
    if window.allocation_order.strip().upper() not in {"", _ORDER}:
        requirement = f"must be {_ORDER}, the only order that is documented"
        raise refused("window.allocation_order", requirement, window.allocation_order, code="choice.invalid")
    ranges = {"deliveryDateRange": _range(window.delivery), "salesDateRange": _range(window.sales)}
    return {"preorder": {**ranges, "allocationOrder": _ORDER}}


def _range(days: DateRange) -> dict[str, str]:
    return {"from": days.earliest.isoformat(), "to": days.latest.isoformat()}


def write_window_variants(variants: Sequence[WindowVariant], /, *, window: int) -> tuple[str, ...]:
    """Write the calls that put variants into a delivery window, at most 100 variants in each.

    Args:
        variants: The variants, each once. A limit of `UNLIMITED` clears the limits that are there.
        window: The window's id.

    Returns:
        The bodies of ``setDeliveryWindowVariants`` calls, in the order in which to send them.

    Raises:
        InvalidArgument: If there is no variant, one comes twice or has no id, or says a word that Centra does not
            document.

    Source:
        Centra's Integration API, DeliveryWindowVariantSetInput; up to 100 variants in a mutation.

    Examples:
        A hundred and one variants are two calls:

        >>> from preorder_kit.adapters.centra import WindowVariant, write_window_variants
        >>> len(write_window_variants([WindowVariant(variant=number) for number in range(1, 102)], window=26))
        2
    """
    found = sequence(variants, "variants", check=instance, of=WindowVariant)
    if not found:
        raise refused("variants", "must name at least one variant", variants, code="centra.empty")
    rows = [_variant(variant, f"variants[{index}]") for index, variant in enumerate(found)]
    unique((variant.variant for variant in found), "variants[{}].variant", what="the variants of a window")
    named = reference(centra_id(window, "window"))
    return tuple(
        call(SET_VARIANTS, {"input": {"deliveryWindow": named, "variants": list(chunk)}})
        for chunk in _chunks(rows, _MOST_VARIANTS)
    )


def _chunks(rows: Sequence[dict[str, Any]], size: int) -> list[Sequence[dict[str, Any]]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _variant(variant: WindowVariant, path: str) -> dict[str, Any]:
    row: dict[str, Any] = {"productVariant": reference(centra_id(variant.variant, f"{path}.variant"))}
    if variant.delivery_word:
        row["type"] = _delivery(variant.delivery, variant.delivery_word, f"{path}.delivery_word")
    check_limit(variant, path)
    if variant.limit is UNLIMITED:
        row["limit"] = None
    elif variant.limit is not None:
        value = small_units(variant.limit, f"{path}.limit")
        row["limit"] = {"value": value, "type": variant.limit_type, "on": variant.limit_on}
    return row


def read_delivery_window(document: str | bytes, /) -> DeliveryWindow:
    """Read a call that makes a delivery window: the inverse of `write_delivery_window`.

    Args:
        document: The body of a ``createDeliveryWindow`` call with variables, as text or UTF-8 bytes.

    Returns:
        The window, without an id.

    Raises:
        InvalidDocument: If it is no such call; with all of its problems.

    Source:
        Centra's Integration API, DeliveryWindowCreateInput.

    Examples:
        What was written is read back:

        >>> from preorder_kit.adapters.centra import DeliveryWindow, read_delivery_window, write_delivery_window
        >>> window = DeliveryWindow(name="Always", days_from_now=0, selectable_date=True)
        >>> read_delivery_window(write_delivery_window(window)) == window
        True
    """
    given = requested(document, "must be the body of a createDeliveryWindow call", "deliveryDatesVisible")
    preorder, at_once = given.object("preorder"), given.object("atOnce")
    own: dict[str, Any] = {}
    if preorder is not None:
        own["delivery"], own["sales"] = (
            _read_range(preorder, "deliveryDateRange"),
            _read_range(preorder, "salesDateRange"),
        )
        own["allocation_order"] = preorder.read("allocationOrder", word)
    if at_once is not None:
        own["days_from_now"] = at_once.read("daysFromNow", count, default=None)
        own["selectable_date"] = at_once.read("selectableDate", truth, default=None)
    return complete(given, given.build(DeliveryWindow, **own, **common_fields(given)))


def _read_range(fields: Fields, key: str) -> DateRange | None:
    inner = fields.object(key)
    if inner is None:
        if not fields.holds(key):
            fields.complain(key, "field.missing", "is missing")
        return None
    return read_days(inner, "from", "to")


def is_create_window(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that makes a delivery window."""
    return is_request(root, "deliveryDatesVisible", "selectableByBuyers")


def read_window_variants(document: str | bytes, /) -> Read[tuple[WindowVariant, ...]]:
    """Read a call that puts variants into a window: the inverse of `write_window_variants`, one document at a time.

    Args:
        document: The body of a ``setDeliveryWindowVariants`` call with variables, as text or UTF-8 bytes.

    Returns:
        The variants that are sound, and the problems of the others.

    Raises:
        InvalidDocument: If it is no such call.

    Source:
        Centra's Integration API, DeliveryWindowVariantsSetInput.

    Examples:
        What was written is read back:

        >>> from preorder_kit.adapters.centra import WindowVariant, read_window_variants, write_window_variants
        >>> [call] = write_window_variants([WindowVariant(variant=340, limit=100)], window=26)
        >>> read_window_variants(call).values[0].limit
        100
    """
    given = requested(document, "must be the body of a setDeliveryWindowVariants call", "deliveryWindow", "variants")
    needed_reference(given, "deliveryWindow")
    return Read(tuple(read_variants(given, "variants")), tuple(given.problems))


def is_window_variants(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that puts variants into a window."""
    return is_request(root, "deliveryWindow", "variants")


FORMATS = (
    WireFormat(
        name="centra-create-delivery-window",
        holds="a delivery window to be made",
        recognises=is_create_window,
        read=read_delivery_window,
    ),
    WireFormat(
        name="centra-delivery-window-variants",
        holds="variants to be put into a delivery window",
        recognises=is_window_variants,
        read=read_window_variants,
    ),
)
