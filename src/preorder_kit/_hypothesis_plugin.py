"""What Hypothesis calls when it is imported, where this package is installed: the entry point ``hypothesis``.

It brings the values of the core alone; the strategies are imported when the first value is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import attrs


def register() -> None:
    """Tell Hypothesis where strategies for the public values are to be found."""
    from hypothesis import strategies as st

    for cls in public_values():
        st.register_type_strategy(cls, _strategy_for)


def public_values() -> Iterator[type[Any]]:
    """Yield the classes of values that the root of the package exports; errors are none."""
    root = vars(sys.modules[__name__.rpartition(".")[0]])
    for name in root["__all__"]:
        found = root[name]
        if isinstance(found, type) and attrs.has(found) and not issubclass(found, BaseException):
            yield found


def _strategy_for(cls: type[Any]) -> Any:
    from .testing import values_of

    return values_of(cls)
