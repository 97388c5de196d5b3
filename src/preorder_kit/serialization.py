"""Values as JSON and back, without loss: the library's own format, named ``native`` on the command line.

A document is an object with the format's version and one value under the name of its type: ``{"preorder_kit": 1,
"order": {...}}``, ``{"preorder_kit": 1, "sell_rules": {...}}``. Several values are a list, or an object that names
them, under the name in the plural: ``{"preorder_kit": 1, "promises": [...]}``, ``{"preorder_kit": 1, "stocks": {"CD":
{...}}}``. The name is that of the class in small letters; some are shorter: ``plan`` for `SplitPlan`, ``charges`` for
`ChargePlan`, ``queue`` for lines that wait and ``locations`` for supplies. Instants are written in UTC, days as
``2027-01-20``, no bound as ``"unlimited"``. What has its default may be left out; a field that is not known is a
problem, for it may be a typo.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from types import GenericAlias
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, overload

from . import (
    _checks,
    _kinds,
    bundles,
    calendars,
    charging,
    delay_rules,
    delivery,
    errors,
    lifecycle,
    messages,
    orders,
    promise,
    sourcing,
    splitting,
    stock,
    supply,
    waiting_room,
)
from ._checks import instance, refused, shown, text
from ._documents import encode, parse_json
from ._json_schema import schema_of
from ._native import structured, unstructured
from ._unwritable import refuse_unwritable
from .delay_rules import DelayRule
from .errors import InvalidDocument, Problem, Read
from .promise import Promise
from .supply import Supply

__all__ = ["from_json", "json_schema", "to_json"]

T = TypeVar("T")

_FORMAT = "preorder_kit"
_VERSION = 1
_EXPECTED = (
    'must be {"preorder_kit": 1, "<name>": ...} with the name of one kind of value, as in order, supply, locations, '
    "queue, plan or allocation"
)
_A_KIND = "must be a class of values that a document can hold, or a Sequence or Mapping of one"
_MODULES = (
    bundles,
    calendars,
    charging,
    delay_rules,
    delivery,
    errors,
    lifecycle,
    messages,
    orders,
    promise,
    sourcing,
    splitting,
    stock,
    supply,
    waiting_room,
)
_Kind: TypeAlias = Any


def _list_of(cls: type) -> _Kind:
    return GenericAlias(Sequence, (cls,))


def _named(cls: type) -> _Kind:
    return GenericAlias(Mapping, (str, cls))


def _is_core(found: object) -> bool:
    """Return whether a public name is a class of values that a document can hold."""
    return _kinds.is_class(found) and found not in {Read, DelayRule}  # which hold anything, and a function


_PUBLIC = (getattr(module, name) for module in _MODULES for name in module.__all__)
_CORE: list[type] = [found for found in _PUBLIC if _is_core(found)]
_TYPES: dict[str, _Kind] = {_kinds.names_of(cls): _list_of(cls) | _named(cls) for cls in _CORE}
_TYPES |= {_kinds.name_of(cls): cls for cls in _CORE}


def to_json(value: object, /, *, of: type | None = None) -> str:
    """Write a value, or several of one type, as a JSON document.

    Args:
        value: Any value of this library: an order, a supply, rules, a plan, an allocation; or a sequence of such
            values, or a mapping of names to them, all of one type.
        of: What a sequence or a mapping holds, for one that may be empty; ``None``: what its first item is; promises
            if there is none in a sequence, supplies if there is none in a mapping.

    Returns:
        The document, indented, ending without a line break; `from_json` gives back an equal value. Equal text for the
        same value everywhere: fields in their order, keys sorted, but for the names of several values: theirs is kept,
        as the order of locations is their turn.

    Raises:
        InvalidArgument: If ``value`` is nothing that a document can hold, or holds something that it cannot, such as a
            policy with a function of the caller's own; the path says where.

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

        A function is no document:

        >>> from preorder_kit import AllocationPolicy, WavePolicy
        >>> to_json(WavePolicy(allocation=AllocationPolicy(queue=len)))
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: wave_policy.allocation.queue: must be something that a document can hold \
(got <built-in function len>)
    """
    document = _document(value, of)
    refuse_unwritable(document)
    return encode(document)


def _document(value: object, of: type | None = None) -> dict[str, Any]:
    """Return the object that a value is written as."""
    if of is not None and not _kinds.is_class(of):
        raise refused("of", "must be a class of values that a document can hold", of, code="type.invalid")
    if isinstance(value, Mapping):
        cls = of or type(next(iter(value.values()), None))
        cls = cls if _kinds.is_class(cls) else Supply
        held = _checks.mapping(value, "value", key=partial(text, empty=True), check=partial(instance, of=cls))
        content: Any = {name: unstructured(item, cls) for name, item in held.items()}
        return {_FORMAT: _VERSION, _kinds.names_of(cls): content}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        cls = of or type(value[0] if value else None)
        cls = cls if _kinds.is_class(cls) else Promise
        items = _checks.sequence(value, "value", check=instance, of=cls)
        return {_FORMAT: _VERSION, _kinds.names_of(cls): unstructured(items, _list_of(cls))}
    cls = type(instance(value, "value", of=of or object))
    if not _kinds.is_class(cls):
        requirement = "must be a value of this library, or several of one type"
        raise refused("value", requirement, value, code="type.invalid")
    return {_FORMAT: _VERSION, _kinds.name_of(cls): unstructured(value, cls)}


@overload
def from_json(document: str | bytes, kind: type[T], /) -> T: ...
@overload
def from_json(document: str | bytes, kind: object = None, /) -> Any: ...
def from_json(document: str | bytes, kind: object = None, /) -> Any:
    """Read the value that `to_json` wrote.

    Args:
        document: The document, as text or UTF-8 bytes.
        kind: The type to expect: a class such as `Order`, ``Sequence[Order]`` or ``Mapping[str, Order]`` for several,
            ``Sequence`` or ``Mapping`` for several of any class; ``None``: whatever the document holds, if it is a
            value of the library's core. Values of adapters and of `preorder_kit.optimum` need their class.

    Returns:
        An equal value; several values as a tuple, or as a mapping that cannot change, in the document's order.

    Raises:
        InvalidArgument: If ``kind`` is no class of values that a document can hold.
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
    wanted = _TYPES if kind is None else _wanted(kind)
    name, content = _opened(parse_json(document), _TYPES | wanted)
    if name not in wanted:
        got = _said(_of_shape(_TYPES[name], content))
        message = f"must hold the type {_said(kind)} (got {got})"
        raise InvalidDocument([Problem("", "document.unrecognised", message, name)])
    return structured(content, wanted[name], name)


def json_schema(kind: object, /) -> dict[str, object]:
    """Describe the documents of one kind, for programs in any language that check them before they send them.

    Every document that `to_json` writes is valid. `from_json` refuses what the schema refuses and more: what no schema
    can say, such as a range that ends before it begins, and a number with a point such as ``5.0``.

    Args:
        kind: A class such as `Order`, or ``Sequence[Order]`` or ``Mapping[str, Order]`` for several.

    Returns:
        A JSON Schema, draft 2020-12, with the fields in their order; equal for equal kinds.

    Raises:
        InvalidArgument: If ``kind`` is no class of values that a document can hold.

    Examples:
        What it says about one field:

        >>> from preorder_kit import Amount
        >>> from preorder_kit.serialization import json_schema
        >>> json_schema(Amount)["$defs"]["Amount"]["properties"]["tax"]
        {'type': 'integer', 'description': 'The tax on it.'}
    """
    wanted = _wanted(kind)
    if len(wanted) != 1:
        raise refused("kind", _A_KIND, kind, code="kind.unknown")
    [(name, held)] = wanted.items()
    return schema_of(name, held)


def _wanted(kind: Any) -> dict[str, _Kind]:
    """Return what documents that hold a kind call it -> the kind."""
    shape = get_origin(kind) or kind
    if not get_args(kind) and (shape is Sequence or shape is Mapping):
        several = _list_of if shape is Sequence else _named
        return {_kinds.names_of(cls): several(cls) for cls in _CORE}
    if _kinds.is_class(kind):
        return {_kinds.name_of(kind): _known(kind)}
    parts = get_args(kind) if _kinds.is_union(kind) else (kind,)
    classes = {_kinds.item_of(part) for part in parts if _is_several(part)}
    if len(classes) != 1 or not all(map(_is_several, parts)):
        raise refused("kind", _A_KIND, kind, code="kind.unknown")
    return {_kinds.names_of(classes.pop()): _known(kind)}


def _is_several(kind: Any) -> bool:
    is_named = _kinds.is_mapping(kind) and get_args(kind)[0] is str
    return (is_named or _kinds.is_list(kind)) and _kinds.is_class(_kinds.item_of(kind))


@cache
def _known(kind: _Kind) -> _Kind:
    """Return a kind if a document can hold everything in it."""
    schema_of("", kind)
    return kind


def _of_shape(kind: _Kind, content: Any) -> _Kind:
    """Return the kind of several values that a list or an object is."""
    return get_args(kind)[isinstance(content, dict)] if _kinds.is_union(kind) else kind


def _said(kind: Any) -> str:
    """Return what a kind is called in a message, as in Order or Mapping[str, Order]."""
    args = () if _kinds.is_union(kind) else get_args(kind)
    held = f"[{', '.join(map(_said, args))}]" if args else ""
    return f"{getattr(kind, '__name__', kind)}{held}"


def _items(root: Any, name: str) -> list[Any]:
    """Return the items of the list that a document holds under a name."""
    held, content = _opened(root)
    if held != name:
        raise InvalidDocument([Problem("", "document.unrecognised", f"must hold a {name} (got {held})", held)])
    if not isinstance(content, list):
        raise InvalidDocument([Problem(name, "type.invalid", f"must be a list (got {shown(content)})", content)])
    return content


def _opened(root: Any, types: Mapping[str, _Kind] = _TYPES) -> tuple[str, Any]:
    """Return the name of a document's type and its content."""
    version = root.get(_FORMAT) if isinstance(root, dict) else None
    if type(version) is int and version > _VERSION:
        raise _other_version(version, "; a newer release of this library wrote it: update this one")
    names = [name for name in root if name != _FORMAT] if isinstance(root, dict) and _FORMAT in root else []
    if len(names) != 1 or names[0] not in types:
        got = f" (got {shown(', '.join(names))})" if names else ""
        raise InvalidDocument([Problem("", "document.unrecognised", f"{_EXPECTED}{got}")])
    if type(version) is not int or version != _VERSION:
        raise _other_version(version)
    return names[0], root[names[0]]


def _other_version(version: object, remedy: str = "") -> InvalidDocument:
    message = f"must be {_VERSION}, the version of the format that is read here (got {shown(version)}){remedy}"
    return InvalidDocument([Problem(_FORMAT, "document.version", message, version)])
