"""What a conformance case can ask for: functions of the core, as documents in and documents out."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from .. import calendars, charging, delivery, promise, rationing, splitting, stock, street_date, waiting_room
from .. import supply as supplies
from .._checks import FrozenMapping, refused
from .._native import structured, unstructured
from .._unwritable import refuse_unwritable
from ..errors import InvalidDocument, PreorderKitError, Problem
from ..orders import Order, WaitingLine
from ..quantities import Quantity, apportion

_Kinds = Mapping[str, Any]
_Located = Sequence[tuple[str, supplies.Supply]]


_NONE: _Kinds = FrozenMapping()


@attrs.frozen(kw_only=True)
class Ask:
    """A function with what it takes by position and by name, and what it returns."""

    function: Callable[..., Any]
    subjects: _Kinds
    facts: _Kinds = _NONE
    result: Any


def _split_over_locations(
    order: Order, /, *, locations: _Located, at: dt.datetime, **facts: Any
) -> splitting.SplitPlan:
    return splitting.split_order(order, supply=dict(locations), at=at, **facts)


_ONE_STOCK: _Kinds = {"stock": stock.Stock}
_RANGES: _Kinds = {"ranges": Sequence[delivery.DateRange]}
_UNITS_BY_SKU: Any = Mapping[str, Quantity]
_QUEUE: _Kinds = {"queue": Sequence[WaitingLine]}
_SPLITS: _Kinds = {
    "at": dt.datetime,
    "times": delivery.ShippingTimes,
    "shipped": Sequence[splitting.Part],
    "cancelled": Sequence[splitting.Cancelled],
    "room": _UNITS_BY_SKU,
    "rules": splitting.SplitRules,
}
_PROMISES: _Kinds = {
    "supply": supplies.Supply,
    "times": delivery.ShippingTimes,
    "at": dt.datetime,
    "rules": promise.PromiseRules,
}
_DERIVED: _Kinds = {
    "on_hand": Quantity,
    "committed": int,
    "waiting": int,
    "incoming": Quantity,
    "rules": stock.SellRules,
    "street_date": dt.datetime,
    "at": dt.datetime,
}
_ORDER_DAYS: _Kinds = {"calendar": calendars.WorkCalendar, "cut_off": calendars.CutOff, "zone": str}
_CHARGES: _Kinds = {
    "policy": charging.ChargePolicy,
    "captured": Sequence[charging.Captured],
    "authorisation": charging.Authorisation,
    "zone": str,
}
_GRANTS: Any = Sequence[waiting_room.Grant]
_ALLOCATES: _Kinds = {
    "available": _UNITS_BY_SKU,
    "policy": waiting_room.AllocationPolicy,
    "at": dt.datetime,
    "grants": _GRANTS,
}

ASKS: Mapping[str, Ask] = FrozenMapping(
    {
        "normalize_stock": Ask(
            function=stock.normalize_stock, subjects={"raw": object}, facts={"few_below": int}, result=stock.Stock
        ),
        "derive_stock": Ask(function=stock.derive_stock, subjects={}, facts=_DERIVED, result=stock.Stock),
        "public_label": Ask(function=stock.public_label, subjects=_ONE_STOCK, result=str),
        "cart_action": Ask(function=stock.cart_action, subjects=_ONE_STOCK, result=stock.CartAction),
        "mask": Ask(function=stock.mask, subjects=_ONE_STOCK, result=stock.Stock),
        "roll_up": Ask(function=stock.roll_up, subjects={"stocks": Sequence[stock.Stock]}, result=stock.Stock),
        "quote": Ask(
            function=stock.quote,
            subjects={"asked": int},
            facts={"stock": stock.Stock, "cap": Quantity},
            result=stock.Quote,
        ),
        "order_day": Ask(function=calendars.order_day, subjects={"at": dt.datetime}, facts=_ORDER_DAYS, result=dt.date),
        "release_instant": Ask(
            function=street_date.release_instant, subjects={"day": dt.date}, facts={"zone": str}, result=dt.datetime
        ),
        "street_day": Ask(
            function=street_date.street_day, subjects={"street_date": dt.datetime}, facts={"zone": str}, result=dt.date
        ),
        "delivery_range": Ask(
            function=delivery.delivery_range,
            subjects={"ready": dt.date | delivery.DateRange},
            facts={"times": delivery.ShippingTimes},
            result=delivery.DateRange,
        ),
        "latest_ship_day": Ask(
            function=delivery.latest_ship_day,
            subjects={"wanted": dt.date},
            facts={"times": delivery.ShippingTimes},
            result=dt.date,
        ),
        "ship_together": Ask(function=delivery.ship_together, subjects=_RANGES, result=delivery.DateRange),
        "first_parcel": Ask(function=delivery.first_parcel, subjects=_RANGES, result=delivery.DateRange),
        "split_order": Ask(
            function=splitting.split_order,
            subjects={"order": Order},
            facts={"supply": supplies.Supply, **_SPLITS},
            result=splitting.SplitPlan,
        ),
        "split_order_over_locations": Ask(
            function=_split_over_locations,
            subjects={"order": Order},
            facts={"locations": _Located, **_SPLITS},
            result=splitting.SplitPlan,
        ),
        "promise_orders": Ask(
            function=promise.promise_orders,
            subjects={"orders": Sequence[Order]},
            facts=_PROMISES,
            result=Sequence[promise.Promise],
        ),
        "repromise": Ask(
            function=promise.repromise,
            subjects={"promises": Sequence[promise.Promise]},
            facts={"orders": Sequence[Order], **_PROMISES},
            result=promise.Repromise,
        ),
        "atp_timeline": Ask(
            function=supplies.atp_timeline,
            subjects={"supply": supplies.Supply},
            facts={"sku": str, "start": dt.date, "overdue": int, "but_for": str},
            result=Sequence[supplies.AtpStep],
        ),
        "allocate": Ask(
            function=waiting_room.allocate, subjects=_QUEUE, facts=_ALLOCATES, result=waiting_room.Allocation
        ),
        "revoke": Ask(
            function=waiting_room.revoke,
            subjects=_QUEUE,
            facts={"grants": _GRANTS, "take_back": Mapping[str, int], "policy": waiting_room.AllocationPolicy},
            result=waiting_room.Revocation,
        ),
        "free_for_new": Ask(
            function=waiting_room.free_for_new,
            subjects=_QUEUE,
            facts={"available": _UNITS_BY_SKU, "grants": _GRANTS},
            result=_UNITS_BY_SKU,
        ),
        "ration": Ask(
            function=rationing.ration,
            subjects={"units": Quantity},
            facts={"claims": Sequence[int], "rule": rationing.Rationing},
            result=Sequence[int],
        ),
        "apportion": Ask(
            function=apportion, subjects={"total": int}, facts={"weights": Sequence[int]}, result=Sequence[int]
        ),
        "charge_plan": Ask(
            function=charging.charge_plan,
            subjects={"order": Order, "plan": splitting.SplitPlan},
            facts=_CHARGES,
            result=charging.ChargePlan,
        ),
        "explain": Ask(function=waiting_room.explain, subjects={"decision": waiting_room.Decision}, result=str),
    }
)


def question(ask: str, /, **given: object) -> dict[str, Any]:
    """Return the input document of a case: what is asked for, and the values that it is asked about.

    Args:
        ask: The name of a function, such as ``split_order``.
        given: Its arguments, under their names. ``split_order_over_locations`` takes pairs of a name and a supply as
            ``locations``, for their order is their turn.

    Returns:
        The document, of what JSON knows.

    Raises:
        InvalidArgument: If nobody can ask that, or an argument is not one of it.

    Examples:
        How six units are shared out:

        >>> from preorder_kit.testing.conformance import question
        >>> question("ration", units=5, claims=[3, 3], rule="equal")
        {'ask': 'ration', 'given': {'units': 5, 'claims': [3, 3], 'rule': 'equal'}}
    """
    kinds = _kinds_of(_known(ask))
    unknown = sorted(given.keys() - kinds.keys())
    if unknown:
        raise refused("given", f"must be of {', '.join(kinds)}", ", ".join(unknown), code="conformance.given")
    return {"ask": ask, "given": {name: _plain(value, kinds[name]) for name, value in given.items()}}


def answer(document: Mapping[str, Any], /) -> dict[str, Any]:
    """Answer the input document of a case as this library does.

    Args:
        document: What is asked for, and what it is asked about.

    Returns:
        ``{"answer": ...}`` with the result as native JSON, or ``{"refused": ...}`` with the code of the error where the
        question is a caller's mistake.

    Raises:
        InvalidArgument: If nobody can ask that.

    Examples:
        A reading of stock, and what is none:

        >>> from preorder_kit.testing.conformance import answer
        >>> answer({"ask": "normalize_stock", "given": {"raw": "few"}})
        {'answer': {'availability': 'low_stock', 'quantity': None}}
        >>> answer({"ask": "normalize_stock", "given": {"raw": "maybe"}})
        {'refused': 'stock.unrecognised'}
    """
    ask = _known(_asked(document))
    try:
        facts = _read(document.get("given"), ask)
        subjects = [facts.pop(name) for name in ask.subjects]
        return {"answer": _plain(ask.function(*subjects, **facts), ask.result)}
    except PreorderKitError as error:
        return {"refused": error.code}


def settled(document: object, output: object) -> object:
    """Return an answer as this library writes it, where it can be read: what has its default may be said or not."""
    ask = ASKS.get(str(_asked(document)))
    if ask is None or not isinstance(output, dict) or output.keys() != {"answer"}:
        return output
    try:
        return {"answer": _plain(structured(output["answer"], ask.result, ""), ask.result)}
    except InvalidDocument:
        return output


def _plain(value: object, kind: Any) -> Any:
    """Return a value as JSON has it, and no more than that: no members of enums."""
    node = unstructured(value, kind)
    refuse_unwritable(node)
    return json.loads(json.dumps(node))


def _asked(document: object) -> object:
    return document.get("ask") if isinstance(document, dict) else None


def _known(name: object) -> Ask:
    if not isinstance(name, str) or name not in ASKS:
        raise refused("ask", f"must be one of {', '.join(ASKS)}", name, code="conformance.ask")
    return ASKS[name]


def _kinds_of(ask: Ask) -> _Kinds:
    return {**ask.subjects, **ask.facts}


def _read(given: object, ask: Ask) -> dict[str, Any]:
    kinds = _kinds_of(ask)
    if not isinstance(given, dict) or not given.keys() <= kinds.keys():
        raise InvalidDocument([Problem("given", "conformance.given", f"must be of {', '.join(kinds)}", given)])
    parameters = inspect.signature(ask.function).parameters
    missing = [name for name in kinds.keys() - given.keys() if _is_required(parameters.get(name))]
    if missing:
        raise InvalidDocument([Problem(name, "field.missing", "is missing", None) for name in sorted(missing)])
    return {name: structured(node, kinds[name], name) for name, node in given.items()}


def _is_required(parameter: inspect.Parameter | None) -> bool:
    return parameter is not None and parameter.default is parameter.empty
