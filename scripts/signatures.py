"""Print every public name with its signature, for tests/contract/signatures.txt."""

from __future__ import annotations

import enum
import importlib
import inspect
import re

MODULES = (
    "preorder_kit",
    "preorder_kit.serialization",
    "preorder_kit.adapters.adobe_oms",
    "preorder_kit.adapters.centra",
    "preorder_kit.adapters.fabric",
    "preorder_kit.adapters.frend",
    "preorder_kit.adapters.fulfillmenttools",
    "preorder_kit.adapters.google_merchant",
    "preorder_kit.adapters.schema_org",
    "preorder_kit.adapters.shopify",
    "preorder_kit.formats",
    "preorder_kit.frames",
    "preorder_kit.holiday_calendars",
    "preorder_kit.optimum",
    "preorder_kit.plots",
    "preorder_kit.queue_files",
    "preorder_kit.translations",
    "preorder_kit.testing",
    "preorder_kit.testing.conformance",
    "preorder_kit.testing.laws",
)


_ADDRESS = re.compile(" at 0x[0-9a-f]+")


def lines() -> list[str]:
    return [f"{name}.{line}" for name in MODULES for line in _public(importlib.import_module(name))]


def _public(module: object) -> list[str]:
    return [line for name in module.__all__ for line in _described(name, getattr(module, name))]


def _described(name: str, value: object) -> list[str]:
    if isinstance(value, type) and issubclass(value, enum.Enum):
        return [f"{name}: {', '.join(f'{member.name}={member.value!r}' for member in value)}"]
    if isinstance(value, type):
        methods = [
            f"{name}.{key}{_signature(method)}"
            for key, method in sorted(vars(value).items())
            if inspect.isfunction(method) and not key.startswith("_")
        ]
        return [f"{name}{_signature(value)}", *methods]
    return [f"{name}{_signature(value)}" if inspect.isfunction(value) else f"{name} = {_ADDRESS.sub('', repr(value))}"]


def _signature(value: object) -> str:
    return str(inspect.signature(value)).replace("<factory>", "...")


if __name__ == "__main__":
    print("\n".join(lines()))
