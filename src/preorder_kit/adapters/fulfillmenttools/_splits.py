"""Decisions to divide an order, as the log of a routing run says them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import attrs

from ..._checks import checked, instance, member, optional, rule, sequence, text, units
from ..._documents import Fields, count, identifier, root_object
from ..._wire import WireFormat, has, held
from ._words import agree, facility_of, inner, name, sound, term

__all__ = ["SplitDecision", "SplitItem", "SplitResult", "read_split_decision"]


class SplitResult(StrEnum):
    """What was decided, in the system's words; PARK_IN_WAITING_ROOM: the missing items wait for stock."""

    SPLIT = "split"
    DO_NOT_SPLIT = "do_not_split"
    DO_NOT_SPLIT_USE_BEST_RATED = "do_not_split_use_best_rated"
    DO_NOT_SPLIT_BECAUSE_AVAILABILITY_USE_BEST_RATED = "do_not_split_because_availability_use_best_rated"
    DO_NOT_SPLIT_USE_BEST_AVAILABLE = "do_not_split_use_best_available"
    REASSIGN_TO_PARENT = "reassign_to_parent"
    REASSIGN_TO_PARENT_COMPLETELY = "reassign_to_parent_completely"
    FAIL = "fail"
    INVALID_SPLIT = "invalid_split"
    PARK_IN_WAITING_ROOM = "park_in_waiting_room"


@attrs.frozen(kw_only=True, field_transformer=checked)
class SplitItem:
    """Units of an article that were divided off, or given to another plan.

    Attributes:
        sku: The article.
        quantity: Units, >= 1.
        title: What it is called; empty if not given.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    title: str = attrs.field(default="", metadata=rule(text, empty=True))


def _items(value: object, path: str) -> tuple[SplitItem, ...]:
    return sequence(value, path, check=instance, of=SplitItem)


@attrs.frozen(kw_only=True, field_transformer=checked)
class SplitDecision:
    """What was decided about dividing an order.

    Attributes:
        result: What was decided; ``None`` if the word is not known.
        result_word: The word as it was sent.
        items: What was divided off; empty if nothing was.
        target_plan: The plan that it is in; empty if there is none.
        target_facility: The facility that it goes to, by the platform's id; empty if there is none.
        splits: How often the order was divided by then.
        reassigned: What went back to the plan that it had been divided off; empty if nothing did.
        source_facility: The facility that lost it, by the platform's id; empty if there is none.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    result: SplitResult | None = attrs.field(default=None, metadata=rule(optional, check=member, of=SplitResult))
    result_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    items: Sequence[SplitItem] = attrs.field(default=(), metadata=rule(_items))
    target_plan: str = attrs.field(default="", metadata=rule(text, empty=True))
    target_facility: str = attrs.field(default="", metadata=rule(text, empty=True))
    splits: int = attrs.field(default=0, metadata=rule(units))
    reassigned: Sequence[SplitItem] = attrs.field(default=(), metadata=rule(_items))
    source_facility: str = attrs.field(default="", metadata=rule(text, empty=True))

    def __attrs_post_init__(self) -> None:
        agree(self, "result", SplitResult)


def read_split_decision(document: str | bytes, /) -> SplitDecision:
    """Read a decision to divide an order, or not to.

    Args:
        document: ``{"splitType": ..., "split": {...}}``, or the log of a routing run that holds it under
            ``orderSplitDecision``, as text or UTF-8 bytes.

    Returns:
        The decision. What else the log says of fences and ratings is not read.

    Raises:
        InvalidDocument: If it is no such decision; with all of its problems and their paths.

    Source:
        fulfillmenttools, OrderSplitDecision of its API specification.

    Examples:
        A jacket is to wait:

        >>> from preorder_kit.adapters.fulfillmenttools import read_split_decision
        >>> decision = read_split_decision('''{"splitType": "PARK_IN_WAITING_ROOM", "split": {"splitCount": 1,
        ...     "targetRoutingPlanRef": "rp-2", "splittedItems": [{"tenantArticleId": "JKT", "quantity": 1}]}}''')
        >>> decision.result.value, decision.target_plan, [(item.sku, item.quantity) for item in decision.items]
        ('park_in_waiting_room', 'rp-2', [('JKT', 1)])
    """
    root = root_object(document, 'must be {"splitType": ..., "split": {...}}, a decision to divide an order')
    fields = inner(root, "orderSplitDecision") if root.holds("orderSplitDecision") else root
    return sound(None if fields is None else _decision(fields), root)


def _decision(fields: Fields) -> SplitDecision | None:
    result, result_word = term(fields, "splitType", SplitResult, default=None)
    split, back = fields.object("split"), fields.object("reassignment")
    details = {**({} if split is None else _split(split)), **({} if back is None else _reassignment(back))}
    return fields.build(SplitDecision, result=result, result_word=result_word, **details)


def _split(fields: Fields) -> dict[str, object]:
    return {
        "items": [_item(item) for item in fields.objects("splittedItems")],
        "target_plan": name(fields, "targetRoutingPlanRef"),
        "target_facility": _facility(fields, "targetFacility"),
        "splits": fields.read("splitCount", count, default=0),
    }


def _reassignment(fields: Fields) -> dict[str, object]:
    return {
        "reassigned": [_item(item) for item in fields.objects("reassignedItems")],
        "source_facility": _facility(fields, "sourceFacility"),
    }


def _facility(fields: Fields, key: str) -> str:
    ref, own = facility_of(fields.object(key))
    return ref or own


def _item(fields: Fields) -> SplitItem | None:
    sku = fields.read("tenantArticleId", identifier)
    quantity = fields.read("quantity", count, least=1)
    return fields.build(SplitItem, sku=sku, quantity=quantity, title=name(fields, "articleTitle"))


FORMATS = (
    WireFormat(
        name="fulfillmenttools-split-decision",
        holds="a decision to divide an order",
        recognises=lambda root: has(root, "splitType") or has(held(root, "orderSplitDecision"), "splitType"),
        read=read_split_decision,
    ),
)
