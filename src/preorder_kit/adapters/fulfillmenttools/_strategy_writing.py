"""The configuration of a routing strategy's node, written as the system takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..._checks import instance, refused, units
from ..._documents import encode
from ._strategies import ROOM, STANDARD, Fence, FenceMode, NodeConfig, OrderSplit
from ._words import documented

__all__ = ["write_node_config", "write_order_split"]

_IMPLEMENTATIONS = (
    "AVOID-ZERO-STOCK",
    "FACILITY-BUSINESSTYPE",
    "FACILITY-CARRIERAVAILABILITY",
    "FACILITY-COUNTRY",
    "FACILITY-PICKING-TIME-CAPACITY",
    "PRESELECTED-FACILITY",
    "SAMEDAY-POSSIBLE",
    "STOCK-AVAILABILITY",
)


def write_node_config(config: NodeConfig, /) -> str:
    """Write the configuration of a node of a routing strategy.

    Modes are written in lower case and implementations of standard fences in capitals, as the system wants them. What
    was kept is written as it was.

    Args:
        config: The configuration.

    Returns:
        A JSON document; `read_node_config` reads an equal configuration from it, with ``ratings`` among what is kept.

    Raises:
        InvalidArgument: If a mode or the implementation of a standard fence is not documented, an order split does not
            say how often, or a kept field has the name of one that is written anyhow.

    Source:
        The ``config`` of a node in PUT ``/api/routing/strategies/{strategyId}``; ``fences`` and ``ratings`` are
        required, and all four fields of an order split.

    Examples:
        Let orders wait:

        >>> from preorder_kit.adapters.fulfillmenttools import Fence, NodeConfig, write_node_config
        >>> fence = Fence(implementation="STOCK-AVAILABILITY", mode="reactive")
        >>> print(write_node_config(NodeConfig(fences=[fence])))
        {
          "fences": [
            {
              "type": "StandardFence",
              "implementation": "STOCK-AVAILABILITY",
              "active": true,
              "activeMode": "reactive"
            }
          ],
          "ratings": []
        }
    """
    instance(config, "config", of=NodeConfig)
    fences = [_fence_content(fence, f"config.fences[{place}]") for place, fence in enumerate(config.fences)]
    content = {"fences": fences, "ratings": [], **_others_of(config.kept, "config.kept", "fences", "orderSplit")}
    if config.order_split is not None:
        content["orderSplit"] = _split_content(config.order_split, "config.order_split")
    return encode(content)


def _fence_content(fence: Fence, path: str) -> dict[str, Any]:
    content: dict[str, Any] = {"type": fence.type}
    if fence.type == STANDARD:
        content["implementation"] = _implementation(fence.implementation, f"{path}.implementation")
    elif fence.implementation:
        content["implementation"] = fence.implementation
    content["active"] = fence.is_active
    if fence.mode_word:
        said = documented(fence.mode, fence.mode_word, f"{path}.mode_word", FenceMode, spell=str.lower)
        content["activeMode"] = said
    return content | _others_of(fence.kept, f"{path}.kept", "activeMode", "implementation", "type", "active")


def _implementation(said: str, path: str) -> str:
    plain = said.upper()
    if plain not in _IMPLEMENTATIONS:
        requirement = f"must be documented to be written: one of {', '.join(_IMPLEMENTATIONS)}"
        raise refused(path, requirement, said, code="choice.invalid")
    return plain


def _others_of(kept: Mapping[str, str], path: str, *written: str) -> dict[str, Any]:
    taken = sorted(kept.keys() & set(written))
    if taken:
        raise refused(path, "must not hold what other fields say", taken, code="field.repeated")
    return {key: json.loads(value) for key, value in kept.items()}


def _split_content(split: OrderSplit, path: str) -> dict[str, Any]:
    return {
        "active": split.is_active,
        "maxSplitCount": _most_splits(split, path),
        "activeForSameday": split.for_same_day,
        ROOM: split.uses_waiting_room,
    }


def _most_splits(split: OrderSplit, path: str) -> int:
    if split.most_splits is None:
        raise refused(f"{path}.most_splits", "must be given", split.most_splits, code="field.missing")
    return split.most_splits


def write_order_split(split: OrderSplit, /) -> str:
    """Write an order split in the older spelling, that of the tenant's own configuration.

    Args:
        split: The order split.

    Returns:
        A JSON document; `read_order_split` reads an equal one from it.

    Raises:
        InvalidArgument: If it does not say how often orders are divided, or less than once.

    Source:
        fulfillmenttools, OrderSplit of the older configuration in its API specification.

    Examples:
        At most twice:

        >>> import json
        >>> from preorder_kit.adapters.fulfillmenttools import OrderSplit, write_order_split
        >>> json.loads(write_order_split(OrderSplit(is_active=True, most_splits=2)))["fixedCountConfiguration"]
        {'maxSplitCount': 2}
    """
    instance(split, "split", of=OrderSplit)
    most = units(_most_splits(split, "split"), "split.most_splits", least=1)
    return encode(
        {
            "active": split.is_active,
            "orderSplitType": "FIXED_COUNT",
            "fixedCountConfiguration": {"maxSplitCount": most},
            "activeForSameDay": split.for_same_day,
            ROOM: split.uses_waiting_room,
        }
    )
