"""The configuration of a node of a routing strategy: its fences, and whether and how often an order is divided."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import attrs

from ..._checks import FrozenMapping, checked, instance, mapping, member, optional, refused, rule, sequence, text, units
from ..._documents import Fields, count, parse_json, root_object, truth, unrecognised, word
from ..._wire import WireFormat, has, held
from ...splitting import SplitRules
from ...waiting_room import AllocationPolicy, AllocationUnit, Unserved
from ._words import agree, inner, sound, term

__all__ = [
    "Fence",
    "FenceMode",
    "NodeConfig",
    "OrderSplit",
    "node_split_rules",
    "read_node_config",
    "read_order_split",
    "room_policy",
    "waits_in_room",
]

_STOCK, STANDARD = "STOCK-AVAILABILITY", "StandardFence"


class FenceMode(StrEnum):
    """What becomes of an order that no facility can take: STATIC: it is unroutable. REACTIVE: it may wait."""

    STATIC = "static"
    REACTIVE = "reactive"


def _kept(value: object, path: str) -> FrozenMapping[str, str]:
    return mapping(value, path, key=text, check=_json)


def _json(value: object, path: str) -> str:
    try:
        json.loads(text(value, path))
    except (json.JSONDecodeError, RecursionError):
        raise refused(path, "must be JSON", value, code="json.invalid") from None
    return str(value)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Fence:
    """A rule that keeps facilities out of the choice.

    Attributes:
        implementation: What it looks at, a word of an open list, as in ``STOCK-AVAILABILITY``; empty for fences of
            types that have none.
        is_active: Whether it counts.
        mode: What the word means; ``None`` if it is not known, or nothing is said.
        mode_word: The word as it was sent.
        type: Its type, a word of an open list.
        kept: Its other fields, each as JSON text, so that nothing is lost when it is written.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    implementation: str = attrs.field(default="", metadata=rule(text, empty=True))
    is_active: bool = attrs.field(default=True, metadata=rule(instance, of=bool))
    mode: FenceMode | None = attrs.field(default=None, metadata=rule(optional, check=member, of=FenceMode))
    mode_word: str = attrs.field(default="", metadata=rule(text, empty=True))
    type: str = attrs.field(default=STANDARD, metadata=rule(text))
    kept: Mapping[str, str] = attrs.field(factory=dict, metadata=rule(_kept))

    def __attrs_post_init__(self) -> None:
        agree(self, "mode", FenceMode, spell=str.lower)


@attrs.frozen(kw_only=True, field_transformer=checked)
class OrderSplit:
    """Whether and how often an order is divided.

    Attributes:
        is_active: Whether it is.
        most_splits: How often at most; ``None`` if not given.
        for_same_day: Whether orders for the same day are divided too.
        uses_waiting_room: Whether what may be ordered without stock waits, even where the stock fence is not active.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    is_active: bool = attrs.field(metadata=rule(instance, of=bool))
    most_splits: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    for_same_day: bool = attrs.field(default=False, metadata=rule(instance, of=bool))
    uses_waiting_room: bool = attrs.field(default=False, metadata=rule(instance, of=bool))


def _fences(value: object, path: str) -> tuple[Fence, ...]:
    return sequence(value, path, check=instance, of=Fence)


@attrs.frozen(kw_only=True, field_transformer=checked)
class NodeConfig:
    """What a node of a routing strategy does.

    Attributes:
        fences: Its fences, in their order.
        order_split: Whether and how often an order is divided; ``None`` if nothing is said.
        kept: Its other fields, such as ``ratings``, each as JSON text, so that nothing is lost when it is written.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    fences: Sequence[Fence] = attrs.field(default=(), metadata=rule(_fences))
    order_split: OrderSplit | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=OrderSplit))
    kept: Mapping[str, str] = attrs.field(factory=dict, metadata=rule(_kept))


def read_node_config(document: str | bytes, /) -> NodeConfig:
    """Read the configuration of a node of a routing strategy.

    Modes are read in any case, the order split in both of its spellings (see `read_order_split`).

    Args:
        document: ``{"fences": [...], "ratings": [...], "orderSplit": {...}}``, or the node that holds it under
            ``config``, as text or UTF-8 bytes.

    Returns:
        The configuration. Fields that are not of meaning here are kept as they are, numbers with a point to 17 digits.

    Raises:
        InvalidDocument: If it is no such configuration; with all of its problems and their paths.

    Source:
        fulfillmenttools, the configuration of a routing strategy's node in its API specification.

    Examples:
        The stock fence lets orders wait:

        >>> from preorder_kit.adapters.fulfillmenttools import read_node_config, waits_in_room
        >>> config = read_node_config('''{"fences": [{"type": "StandardFence", "active": true,
        ...     "implementation": "STOCK-AVAILABILITY", "activeMode": "REACTIVE"}], "ratings": []}''')
        >>> config.fences[0].mode.value, config.kept, waits_in_room(config)
        ('reactive', {'ratings': '[]'}, True)
    """
    expected = 'must be {"fences": [...], "ratings": [...]}, the configuration of a node'
    root = parse_json(document)
    if not isinstance(root, dict):
        raise unrecognised(expected)
    outer = Fields(root, "", [])
    fields, node = (inner(outer, "config"), root["config"]) if outer.holds("config") else (outer, root)
    return sound(None if fields is None else _config(fields, node), outer)


def _config(fields: Fields, node: Mapping[str, Any]) -> NodeConfig | None:
    if not fields.holds("fences"):
        fields.complain("fences", "field.missing", "is missing")
    split, fences = fields.object("orderSplit"), fields.objects("fences")
    nodes = [item for item in node["fences"] if isinstance(item, dict)] if fences else []
    return fields.build(
        NodeConfig,
        fences=[_fence(item, raw) for item, raw in zip(fences, nodes, strict=True)],
        order_split=None if split is None else _split(split),
        kept=_others(fields, node, "fences", "orderSplit"),
    )


def _fence(fields: Fields, node: Mapping[str, Any]) -> Fence | None:
    mode, mode_word = term(fields, "activeMode", FenceMode)
    return fields.build(
        Fence,
        implementation=fields.read("implementation", word, default=""),
        is_active=fields.read("active", truth),
        mode=mode,
        mode_word=mode_word,
        type=fields.read("type", word, default=STANDARD),
        kept=_others(fields, node, "activeMode", "implementation", "type", "active"),
    )


def _others(fields: Fields, node: Mapping[str, Any], *known: str) -> dict[str, str]:
    """Return the other fields of an object as JSON text."""
    found = {}
    for key, value in node.items():
        if key not in known:
            try:
                found[key] = json.dumps(value, default=float, allow_nan=False)
            except ValueError:
                fields.complain(key, "json.number", "must hold numbers that can be written again", value)
    return found


def read_order_split(document: str | bytes, /) -> OrderSplit:
    """Read whether and how often orders are divided, in either spelling.

    The configuration of a strategy's node has ``maxSplitCount`` and ``activeForSameday``, the older one of the tenant
    ``fixedCountConfiguration.maxSplitCount`` and ``activeForSameDay``.

    Args:
        document: The order split, or the configuration that holds it under ``orderSplit``, as text or UTF-8 bytes.

    Returns:
        The order split.

    Raises:
        InvalidDocument: If it is no order split; with all of its problems and their paths.

    Source:
        fulfillmenttools, OrderSplit in both spellings of its API specification.

    Examples:
        The older spelling:

        >>> from preorder_kit.adapters.fulfillmenttools import read_order_split
        >>> read_order_split('''{"active": true, "orderSplitType": "FIXED_COUNT", "activeForSameDay": false,
        ...     "fixedCountConfiguration": {"maxSplitCount": 2}}''').most_splits
        2
    """
    root = root_object(document, 'must be {"active": ..., "maxSplitCount": ...}, an order split')
    fields = inner(root, "orderSplit") if root.holds("orderSplit") else root
    return sound(None if fields is None else _split(fields), root)


def _split(fields: Fields) -> OrderSplit | None:
    older = fields.object("fixedCountConfiguration")
    most = (fields if older is None else older).read("maxSplitCount", count, default=None)
    same_day = "activeForSameday" if fields.holds("activeForSameday") else "activeForSameDay"
    return fields.build(
        OrderSplit,
        is_active=fields.read("active", truth),
        most_splits=most,
        for_same_day=fields.read(same_day, truth, default=False),
        uses_waiting_room=fields.read(ROOM, truth, default=False),
    )


ROOM = "shouldUseWaitingRoomForPreBackOrderItems"


def node_split_rules(config: NodeConfig, /) -> SplitRules:
    """Return the rules by which a node divides orders.

    Args:
        config: The configuration of the node.

    Returns:
        As many parts as the most splits make, one more than that; one part where orders are not divided; no bound
        where it is not said how often. Bundles are divided into units, never further: each is one item.

    Raises:
        InvalidArgument: If ``config`` is of another type.

    Source:
        fulfillmenttools on the order split and on item bundles. That n splits make n + 1 parts is inferred.

    Examples:
        Two splits, and none:

        >>> from preorder_kit.adapters.fulfillmenttools import NodeConfig, OrderSplit, node_split_rules
        >>> node_split_rules(NodeConfig(order_split=OrderSplit(is_active=True, most_splits=2))).max_parts
        3
        >>> node_split_rules(NodeConfig()).max_parts
        1
    """
    split = instance(config, "config", of=NodeConfig).order_split
    if split is None or not split.is_active:
        return SplitRules(max_parts=1)
    return SplitRules(max_parts=None if split.most_splits is None else split.most_splits + 1)


def room_policy(config: NodeConfig, /) -> AllocationPolicy:
    """Return how the orders that wait are served when stock comes.

    All of them are tried, and who is not served in full becomes unfulfillable, for no order goes back to wait. The
    system knows no rule of who comes first; here it is who ordered first.

    Args:
        config: The configuration of the node.

    Returns:
        A policy by lines where orders are divided, else by whole orders.

    Raises:
        InvalidArgument: If ``config`` is of another type.

    Source:
        fulfillmenttools on backorders: those that get no stock are unroutable, and there is no rule of priority.

    Examples:
        Orders are not divided:

        >>> from preorder_kit.adapters.fulfillmenttools import NodeConfig, room_policy
        >>> policy = room_policy(NodeConfig())
        >>> policy.unit.value, policy.unserved.value
        ('order', 'unfulfillable')
    """
    split = instance(config, "config", of=NodeConfig).order_split
    unit = AllocationUnit.LINE if split is not None and split.is_active else AllocationUnit.ORDER
    return AllocationPolicy(unit=unit, unserved=Unserved.UNFULFILLABLE)


def waits_in_room(config: NodeConfig, /) -> bool:
    """Say whether what may be ordered without stock waits for it, rather than being unroutable.

    Args:
        config: The configuration of the node.

    Returns:
        Whether the stock fence is active and reactive, or orders are divided and the order split uses the waiting room.

    Raises:
        InvalidArgument: If ``config`` is of another type.

    Source:
        fulfillmenttools on pre-orders and backorders.

    Examples:
        A static fence lets nothing wait:

        >>> from preorder_kit.adapters.fulfillmenttools import Fence, NodeConfig, waits_in_room
        >>> waits_in_room(NodeConfig(fences=[Fence(implementation="STOCK-AVAILABILITY", mode="static")]))
        False
    """
    split = instance(config, "config", of=NodeConfig).order_split
    if split is not None and split.is_active and split.uses_waiting_room:
        return True
    return any(
        fence.is_active and fence.mode is FenceMode.REACTIVE and fence.implementation.upper() == _STOCK
        for fence in config.fences
    )


def _is_config(root: Any) -> bool:
    return isinstance(held(root, "fences"), list)


FORMATS = (
    WireFormat(
        name="fulfillmenttools-node-config",
        holds="the fences and the order split of a routing strategy's node",
        recognises=lambda root: _is_config(root) or _is_config(held(root, "config")),
        read=read_node_config,
    ),
    WireFormat(
        name="fulfillmenttools-order-split",
        holds="whether and how often orders are divided",
        recognises=lambda root: (
            has(root, "active", ROOM) or (has(held(root, "orderSplit"), "active") and not _is_config(root))
        ),
        read=read_order_split,
    ),
)
