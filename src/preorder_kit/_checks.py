"""Checks of arguments and fields: one rule, one message, one place.

A check takes the value and the path to name in the error, and returns the value in its canonical form: an instant in
UTC, a sequence as a tuple, a mapping as a `FrozenMapping`. The field forms at the end plug the checks into attrs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import Enum, StrEnum
from functools import partial
from typing import Any, TypeVar

import attrs

from .errors import InvalidArgument

T = TypeVar("T")
K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)

_RULE = "preorder_kit.rule"
_SHOWN = 80


class FrozenMapping(Mapping[K, V_co]):
    """A mapping that cannot change: hashable, picklable, equal to any mapping with the same items."""

    __slots__ = ("_items",)
    _items: dict[K, V_co]

    def __init__(self, items: Mapping[K, V_co] | Iterable[tuple[K, V_co]] = ()) -> None:
        object.__setattr__(self, "_items", dict(items))

    def __getitem__(self, key: K) -> V_co:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: object, default: Any = None) -> Any:
        """Return what is under ``key``, else ``default``; the inherited one is four times as slow."""
        return self._items.get(key, default)  # type: ignore[arg-type]  # a key of another type is not there

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be set: the mapping is frozen")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{name} cannot be deleted: the mapping is frozen")

    def __reduce__(self) -> tuple[type[FrozenMapping[K, V_co]], tuple[dict[K, V_co]]]:
        return type(self), (self._items,)


def shown(value: object) -> str:
    """Return ``value`` as an error message shows it: days, decimals and choices as written, else its ``repr``.

    It is cut to 80.
    """
    try:
        text = str(value) if isinstance(value, dt.date | Decimal) else repr(_written(value))
    except Exception:  # noqa: BLE001  # a caller's own object may have a broken repr, and an int may be too long to print
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _written(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value


def refused(path: str, rule: str, value: object, *, code: str) -> InvalidArgument:
    """Return the error for ``value`` at ``path``, which breaks ``rule``."""
    return InvalidArgument(f"{rule} (got {shown(value)})", code, path, value)


def units(value: object, path: str, *, least: int | None = 0) -> int:
    """Return ``value`` if it is a whole number of units, no bool, not below ``least`` (``None``: no least)."""
    if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
        bound = "" if least is None else f" >= {least}"
        raise refused(path, f"must be a whole number{bound}", value, code="units.invalid")
    return int(value)


def text(value: object, path: str, *, empty: bool = False) -> str:
    """Return ``value`` if it is text that can be written down, and not blank unless ``empty``."""
    if not isinstance(value, str) or not (empty or value.strip()):
        raise refused(path, "must be text" if empty else "must be text that is not blank", value, code="text.invalid")
    try:
        if not value.isascii():
            value.encode()
    except UnicodeEncodeError:
        requirement = "must be text without half characters (lone surrogates)"
        raise refused(path, requirement, value, code="text.invalid") from None
    return str(value)


def instant(value: object, path: str) -> dt.datetime:
    """Return ``value`` in UTC if it is a datetime with an offset."""
    if not isinstance(value, dt.datetime):
        rule = "must be an instant, a datetime with an offset; a day goes through release_instant with a zone"
        raise refused(path, rule, value, code="instant.invalid")
    if value.utcoffset() is None:
        rule = "must have a UTC offset: say which instant it is, as in 2026-11-22T09:30:00+01:00"
        raise refused(path, rule, value, code="instant.naive")
    if value.tzinfo is dt.timezone.utc:
        return value
    try:
        return value.astimezone(dt.timezone.utc)
    except OverflowError:
        raise refused(path, "must lie in the years 1 to 9999 in UTC", value, code="instant.invalid") from None


def day(value: object, path: str) -> dt.date:
    """Return ``value`` if it is a day: a date, and not a datetime."""
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise refused(path, "must be a day (datetime.date), not an instant nor text", value, code="day.invalid")
    return value


def member(value: object, path: str, *, of: type[Enum]) -> Any:
    """Return the member of the enum ``of`` that ``value`` is or names by its value."""
    try:
        return of(value)
    except ValueError:
        choices = ", ".join(str(choice.value) for choice in of)
        raise refused(path, f"must be one of {choices}", value, code="choice.invalid") from None


def instance(value: object, path: str, *, of: type[T] | tuple[type[T], ...]) -> T:
    """Return ``value`` if it is an instance of ``of``."""
    if not isinstance(value, of):
        names = " or ".join(kind.__name__ for kind in (of if isinstance(of, tuple) else (of,)))
        article = "an" if names[0] in "AEIOU" else "a"
        raise refused(path, f"must be {article} {names}", value, code="type.invalid")
    return value


def optional(value: object, path: str, *, check: Callable[..., T], **options: Any) -> T | None:
    """Return ``None`` for ``None``, else what ``check`` returns."""
    return None if value is None else check(value, path, **options)


def sequence(value: object, path: str, *, check: Callable[..., T], **options: Any) -> tuple[T, ...]:
    """Return the items of ``value``, each checked, as a tuple."""
    if type(value) is tuple and not value:  # as most recipes are; asking abstract classes costs ten times as much
        return ()
    if isinstance(value, str | bytes | Mapping | AbstractSet) or not isinstance(value, Iterable):
        raise refused(path, "must be a sequence, whose order is its own", value, code="type.invalid")
    return tuple(check(item, f"{path}[{index}]", **options) for index, item in enumerate(value))


def unordered(value: object, path: str, *, check: Callable[..., T], **options: Any) -> frozenset[T]:
    """Return the items of ``value``, each checked, as a set."""
    items = sorted(value, key=repr) if isinstance(value, AbstractSet) else value
    return frozenset(sequence(items, path, check=check, **options))


def mapping(value: object, path: str, *, key: Callable[..., K], check: Callable[..., T]) -> FrozenMapping[K, T]:
    """Return ``value`` frozen, keys and values checked."""
    if not isinstance(value, Mapping):
        raise refused(path, "must be a mapping", value, code="type.invalid")
    return FrozenMapping({key(k, f"{path} key"): check(v, f"{path}[{k!r}]") for k, v in value.items()})


def unique(keys: Iterable[object], path: str, *, what: str) -> None:
    """Refuse a key that comes twice; ``path`` holds ``{}`` where the position goes."""
    seen: set[object] = set()
    for index, key in enumerate(keys):
        if key in seen:
            raise refused(path.format(index), f"{what} must be unique", key, code="id.repeated")
        seen.add(key)


def rule(check: Callable[..., T], /, **options: Any) -> dict[str, Any]:
    """Return the metadata of an attrs field whose values must pass ``check``; see `checked`."""
    return {_RULE: partial(check, **options)}


def checked(_cls: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    """Make attrs run each field's `rule` when a value is built: a ``field_transformer``.

    Not plain converters, because type checkers read a field's type from its annotation only if it has none.
    """
    return [_with_rule(field) if _RULE in field.metadata else field for field in fields]


def _with_rule(field: attrs.Attribute[Any]) -> attrs.Attribute[Any]:
    check, name = field.metadata[_RULE], field.name

    def run(value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return check(value, name)

    run.__annotations__ = {"value": field.type}  # what the signature of the class shows
    return field.evolve(converter=run)


def unchecked(cls: type[T], /, **fields: Any) -> T:
    """Return a value of ``cls`` from fields that are known to pass their rules, none of them left out."""
    value = cls.__new__(cls)
    for name, held in fields.items():
        object.__setattr__(value, name, held)
    return value


def run_rule(value: object, field: attrs.Attribute[Any], path: str) -> object:
    """Return what the field's `rule` makes of ``value``; the value itself if it has none."""
    return field.metadata[_RULE](value, path) if _RULE in field.metadata else value
