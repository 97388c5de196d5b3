"""Values as JSON and back, without loss: the library's own format, named ``native`` on the command line.

A document is an object with the format's version and one value under the name of its type:
``{"preorder_kit": 1, "order": {...}}``, ``{"preorder_kit": 1, "supply": {...}}``, or several supplies by location,
``{"preorder_kit": 1, "locations": {"WH1": {...}}}``, or what was promised, ``{"preorder_kit": 1, "promises": [...]}``,
or what becomes of an order and of its money, ``{"preorder_kit": 1, "plan": {...}}`` and ``{"preorder_kit": 1,
"charges": {...}}``, or who waits, ``{"preorder_kit": 1, "queue": [...]}``, and who gets what of it, ``{"preorder_kit":
1, "allocation": {...}}``, or the grants alone, ``{"preorder_kit": 1, "grants": [...]}``. Instants are written in UTC,
days as ``2027-01-20``, no bound as ``"unlimited"``. What has its default may be left out; a field that is not known is
a problem, for it may be a typo.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from types import GenericAlias
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, overload

import attrs
from cattrs import Converter
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from . import _checks
from ._checks import FrozenMapping, instance, member, refused, shown, text
from ._documents import iso_day, iso_instant, parse_json
from .bundles import LineKind, WhenShort
from .charging import ChargePlan
from .delivery import DateRange
from .errors import InvalidArgument, InvalidDocument, Problem
from .orders import Order, ShipPolicy, WaitingLine
from .promise import Promise, PromiseKind
from .quantities import UNLIMITED, Quantity, _quantity
from .splitting import CancelReason, PartKind, SplitPlan
from .supply import Supply
from .waiting_room import Allocation, Decision, DecisionCode, Grant

__all__ = ["from_json", "to_json"]

T = TypeVar("T")

_FORMAT = "preorder_kit"
_VERSION = 1
_TYPES: dict[str, Any] = {
    "order": Order,
    "supply": Supply,
    "locations": Mapping[str, Supply],
    "promises": Sequence[Promise],
    "plan": SplitPlan,
    "charges": ChargePlan,
    "queue": Sequence[WaitingLine],
    "grants": Sequence[Grant],
    "allocation": Allocation,
}
_EXPECTED = (
    'must be {"preorder_kit": 1, "order": {...}}, '
    'or the same with "supply", "locations", "promises", "plan", "charges", "queue", "grants" or "allocation"'
)
_NAMES = {Order: "order", Supply: "supply", SplitPlan: "plan", ChargePlan: "charges", Allocation: "allocation"}
_LISTS: dict[type, str] = {Promise: "promises", WaitingLine: "queue", Grant: "grants"}
_FROZEN: dict[str, Callable[[Any], Any]] = {"locations": FrozenMapping} | dict.fromkeys(_LISTS.values(), tuple)

Listed: TypeAlias = Promise | WaitingLine | Grant
_Value: TypeAlias = Order | Supply | Mapping[str, Supply] | Sequence[Listed] | SplitPlan | ChargePlan | Allocation


def to_json(value: _Value, /, *, of: type[Listed] | None = None) -> str:
    """Write a value as a JSON document.

    Args:
        value: An order, a supply, supplies by location, promises, a plan, what becomes of an order's money, lines that
            wait, grants, or an allocation.
        of: What a sequence holds, for one that may be empty; ``None``: what its first item is, promises if there is
            none.

    Returns:
        The document, indented, ending without a line break; `from_json` gives back an equal value. Equal text for the
        same value everywhere: fields in their order, keys sorted, but for locations: their order is their turn.

    Raises:
        InvalidArgument: If ``value`` is none of the types that a document can hold.

    Examples:
        A supply:

        >>> from preorder_kit import Supply
        >>> from preorder_kit.serialization import from_json, to_json
        >>> print(to_json(Supply(on_hand={"CD": 3})))
        {
          "preorder_kit": 1,
          "supply": {
            "on_hand": {
              "CD": 3
            }
          }
        }
        >>> from_json(to_json(Supply(on_hand={"CD": 3}))) == Supply(on_hand={"CD": 3})
        True
    """
    return json.dumps(_document(value, of), indent=2, ensure_ascii=False)


def _document(value: _Value, of: type[Listed] | None = None) -> dict[str, Any]:
    """Return the object that a value is written as."""
    name = _name_of(value, of)
    if isinstance(value, Mapping):
        content: Any = {location: _CONVERTER.unstructure(supply) for location, supply in value.items()}
    else:
        content = _CONVERTER.unstructure(value, unstructure_as=_TYPES[name])
    return {_FORMAT: _VERSION, name: content}


def _name_of(value: object, of: type | None) -> str:
    if isinstance(value, Mapping):
        _checks.mapping(value, "value", key=text, check=partial(instance, of=Supply))
        return "locations"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        kind = _listed(value, of)
        _checks.sequence(value, "value", check=instance, of=kind)
        return _LISTS[kind]
    instance(value, "value", of=tuple(_NAMES))
    return next(name for kind, name in _NAMES.items() if isinstance(value, kind))


def _listed(values: Sequence[object], of: type | None) -> type:
    """Return what a list is taken to hold."""
    if of is None:
        first = type(values[0]) if values else Promise
        return first if first in _LISTS else Promise
    if of not in _LISTS:
        raise refused(
            "of", f"must be one of the types {', '.join(kind.__name__ for kind in _LISTS)}", of, code="type.invalid"
        )
    return of


@overload
def from_json(document: str | bytes, kind: type[T], /) -> T: ...
@overload
def from_json(document: str | bytes, kind: None = None, /) -> Any: ...
def from_json(document: str | bytes, kind: type[T] | None = None, /) -> T | Any:
    """Read the value that `to_json` wrote.

    Args:
        document: The document, as text or UTF-8 bytes.
        kind: The type to expect: `Order`, `Supply`, ``Mapping`` for supplies by location, ``Sequence`` for promises,
            lines that wait or grants, `SplitPlan`, `ChargePlan`, or `Allocation`; ``None``: whatever the document
            holds.

    Returns:
        An equal value; several supplies as a mapping of location -> supply, in the document's order; promises, lines
        that wait and grants as a tuple.

    Raises:
        InvalidDocument: If it is no such document, or holds something other than ``kind``; with all of its problems
            and their paths.

    Examples:
        All problems at once:

        >>> from preorder_kit import Order
        >>> from preorder_kit.serialization import from_json
        >>> from_json('{"preorder_kit": 1, "order": {"id": 1, "placed_at": null, "lines": [{"id": "1"}]}}', Order)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidDocument: order.id: must be text (got 1)
        order.placed_at: must be an instant such as 2026-11-22T09:30:00+01:00 (got None)
        order.lines[0].sku: is missing
        order.lines[0].quantity: is missing
    """
    wanted = instance(get_origin(kind) or kind or object, "kind", of=type)
    name, content = _opened(parse_json(document))
    held = get_origin(_TYPES[name]) or _TYPES[name]
    if not issubclass(held, wanted):
        message = f"must hold the type {wanted.__name__} (got {held.__name__})"
        raise InvalidDocument([Problem("", "document.unrecognised", message, name)])
    value = _structured(content, _TYPES[name], name)
    return _FROZEN[name](value) if name in _FROZEN else value


def _items(root: Any, name: str) -> list[Any]:
    """Return the items of the list that a document holds under a name."""
    held, content = _opened(root)
    if held != name:
        raise InvalidDocument([Problem("", "document.unrecognised", f"must hold a {name} (got {held})", held)])
    if not isinstance(content, list):
        raise InvalidDocument([Problem(name, "type.invalid", f"must be a list (got {shown(content)})", content)])
    return content


def _structured(node: Any, kind: Any, path: str) -> Any:
    """Return what a part of a document says, or refuse it with all of its problems."""
    try:
        return _CONVERTER.structure(node, kind)
    except Exception as error:  # noqa: BLE001  # cattrs groups whatever was raised; what is not known is raised again
        raise InvalidDocument(_problems(error, path)) from None


def _opened(root: Any) -> tuple[str, Any]:
    """Return the name of a document's type and its content."""
    names = [name for name in _TYPES if name in root] if isinstance(root, dict) else []
    if len(names) != 1 or root.keys() != {_FORMAT, names[0]}:
        raise InvalidDocument([Problem("", "document.unrecognised", _EXPECTED)])
    version = root[_FORMAT]
    if type(version) is int and version == _VERSION:
        return names[0], root[names[0]]
    message = f"must be {_VERSION}, the version of the format that is read here (got {shown(version)})"
    raise InvalidDocument([Problem(_FORMAT, "document.version", message, version)])


def _problems(error: BaseException, path: str) -> list[Problem]:
    """Return what a structuring error says, flat, in the order of the document."""
    if isinstance(error, ClassValidationError):
        noted, others = error.group_exceptions()
        found = [problem for cause, note in noted for problem in _problems(cause, f"{path}.{note.name}")]
        return found + [problem for cause in others for problem in _problems(cause, path)]
    if isinstance(error, IterableValidationError):
        noted_items, others = error.group_exceptions()
        found = [problem for cause, note in noted_items for problem in _problems(cause, f"{path}[{note.index!r}]")]
        return found + [problem for cause in others for problem in _problems(cause, path)]
    if isinstance(error, ForbiddenExtraKeysError):
        return [
            Problem(f"{path}.{key}", "field.unknown", "is no field here", key) for key in sorted(error.extra_fields)
        ]
    if isinstance(error, KeyError):
        return [Problem(path, "field.missing", "is missing")]
    if isinstance(error, InvalidArgument):
        placed = error.under(path) if error.path else attrs.evolve(error, path=path)
        return [Problem(placed.path, placed.code, placed.message, placed.value)]
    if isinstance(error, RecursionError):
        return [Problem(path, "json.deep", "is nested too deeply to be read")]
    raise error


@attrs.frozen(kw_only=True)
class _AllocationFields:
    """What a document holds of an `Allocation`."""

    grants: Sequence[Grant]
    added: Sequence[Grant]
    waiting: Sequence[WaitingLine]
    unfulfillable: Sequence[WaitingLine]
    left_over: Mapping[str, Quantity]
    oversold: Mapping[str, int]
    decisions: Sequence[Decision]


def _read_allocation(node: Any, _: Any) -> Allocation:
    found: _AllocationFields = _CONVERTER.structure(node, _AllocationFields)
    return Allocation(
        grants=tuple(found.grants),
        added=tuple(found.added),
        waiting=tuple(found.waiting),
        unfulfillable=tuple(found.unfulfillable),
        left_over=FrozenMapping(found.left_over),
        oversold=FrozenMapping(found.oversold),
        decisions=tuple(found.decisions),
    )


def _strict(kind: type, name: str, value: Any) -> Any:
    if not isinstance(value, kind):
        raise refused("", f"must be {name}", value, code="type.invalid")
    return value


_CONVERTER = Converter(omit_if_default=True)


@_CONVERTER.register_structure_hook_factory(attrs.has)
def _class_reader(cls: type[Any]) -> Callable[[Any, Any], Any]:
    """Return a reader of one class that takes only objects and runs each field's own rule, so that no problem hides."""
    attrs.resolve_types(cls)
    hooks = {field.name: override(struct_hook=partial(_read_field, field)) for field in attrs.fields(cls) if field.init}
    read = make_dict_structure_fn(cls, _CONVERTER, _cattrs_forbid_extra_keys=True, **hooks)  # type: ignore[arg-type]
    return lambda node, kind: read(_strict(dict, "an object", node), kind)


def _read_field(field: attrs.Attribute[Any], node: Any, kind: Any) -> Any:
    return _checks.run_rule(_CONVERTER.structure(node, kind), field, "")


@_CONVERTER.register_unstructure_hook_factory(attrs.has)
def _class_writer(cls: type[Any]) -> Callable[[Any], dict[str, Any]]:
    attrs.resolve_types(cls)
    return make_dict_unstructure_fn(cls, _CONVERTER, _cattrs_omit_if_default=True)


def _of_origin(*origins: type) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) in origins


@_CONVERTER.register_structure_hook_factory(_of_origin(Sequence, AbstractSet))
def _list_reader(kind: Any) -> Callable[[Any, Any], Any]:
    """Return a reader that takes only lists: a text is not a list of letters."""
    items: Any = GenericAlias(list, get_args(kind))
    return lambda node, _: _CONVERTER.structure(_strict(list, "a list", node), items)


@_CONVERTER.register_structure_hook_factory(_of_origin(Mapping))
def _mapping_reader(kind: Any) -> Callable[[Any, Any], Any]:
    items: Any = GenericAlias(dict, get_args(kind))
    return lambda node, _: _CONVERTER.structure(_strict(dict, "an object", node), items)


def _either(*kinds: Any) -> Callable[[Any], bool]:
    return lambda kind: kind in kinds


_CONVERTER.register_structure_hook(Allocation, _read_allocation)
_CONVERTER.register_unstructure_hook(Allocation, partial(_CONVERTER.unstructure, unstructure_as=_AllocationFields))
_CONVERTER.register_structure_hook(int, lambda value, _: _checks.units(value, "", least=None))
_CONVERTER.register_structure_hook(str, lambda value, _: text(value, "", empty=True))
_CONVERTER.register_structure_hook(dt.datetime, lambda value, _: iso_instant(value, ""))
_CONVERTER.register_structure_hook(dt.date, lambda value, _: iso_day(value, ""))
_CONVERTER.register_structure_hook(bool, lambda value, _: _strict(bool, "true or false", value))
for _choices in (CancelReason, DecisionCode, LineKind, PartKind, PromiseKind, ShipPolicy, WhenShort):
    _CONVERTER.register_structure_hook(_choices, lambda value, kind: member(value, "", of=kind))
_CONVERTER.register_structure_hook_func(
    _either(Quantity), lambda value, _: UNLIMITED if value == UNLIMITED.value else _quantity(value, "", least=None)
)
_CONVERTER.register_structure_hook_func(
    _either(dt.date | DateRange),
    lambda value, _: _CONVERTER.structure(value, DateRange if isinstance(value, dict) else dt.date),
)
_CONVERTER.register_unstructure_hook(dt.datetime, lambda moment: moment.isoformat().replace("+00:00", "Z"))
_CONVERTER.register_unstructure_hook(dt.date, dt.date.isoformat)
_CONVERTER.register_unstructure_hook_func(
    _of_origin(Mapping), lambda items: {key: _CONVERTER.unstructure(items[key]) for key in sorted(items)}
)
_CONVERTER.register_unstructure_hook_func(
    _of_origin(AbstractSet), lambda items: [_CONVERTER.unstructure(item) for item in sorted(items)]
)
