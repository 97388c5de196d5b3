"""Print the names that callers read of public values, for vulture: fields, choices, properties and methods."""

from __future__ import annotations

import enum
import importlib

import attrs
from signatures import MODULES

# Read by the standard library, by rich, by Hypothesis, and by DuckDB, which finds tables by the names of variables.
BESIDES = (
    "__annotations__",
    "__call__",
    "max_refresh",
    "render",
    "register",
    "__preorder_kit_small",
    "__preorder_kit_beside",
)


def names() -> set[str]:
    found = set(BESIDES)
    for module in map(importlib.import_module, MODULES):
        for value in (getattr(module, name) for name in module.__all__):
            if isinstance(value, type) and issubclass(value, enum.Enum):
                found |= {choice.name for choice in value}
            elif isinstance(value, type):
                found |= {key for key in vars(value) if not key.startswith("_")}
                found |= {field.name for field in attrs.fields(value)} if attrs.has(value) else set()
    return found


if __name__ == "__main__":
    print(",".join(sorted(names())))
