"""Stock that is set and changed through the Integration API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs

from ..._checks import checked, instance, optional, refused, rule, sequence, text
from ..._documents import Fields, count, word
from ..._wire import WireFormat
from ._integration import (
    CentraMoney,
    call,
    centra_id,
    complete,
    id_or_none,
    is_request,
    major,
    needed_reference,
    optional_reference,
    read_money,
    reference,
    requested,
    several,
    small_units,
)

__all__ = [
    "CentraSize",
    "SizeUnits",
    "StockMove",
    "StockSetting",
    "read_change_stock",
    "read_set_stock",
    "write_change_stock",
    "write_set_stock",
]

SET_STOCK: Final = """\
mutation ($input: StockSetInput!) {
  setStock(input: $input) {
    stockChanges { id }
    userErrors { message path }
    userWarnings { message path }
  }
}"""
CHANGE_STOCK: Final = """\
mutation ($input: StockChangeInput!) {
  changeStock(input: $input) {
    stockChange { id }
    userErrors { message path }
    userWarnings { message path }
  }
}"""

_PHYSICAL = "PHYSICAL"


@attrs.frozen(kw_only=True, field_transformer=checked)
class CentraSize:
    """A size of a size chart, by its id or by its name.

    Attributes:
        id: The size's id in its chart.
        name: The size's name, as in ``M``.

    Raises:
        InvalidArgument: If neither is given, or both: Centra takes exactly one.
    """

    id: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    name: str | None = attrs.field(default=None, metadata=rule(optional, check=text))

    def __attrs_post_init__(self) -> None:
        if (self.id is None) == (self.name is None):
            requirement = "must be given without an id, or an id without a name: exactly one of them"
            raise refused("name", requirement, self.name, code="centra.one_of")


@attrs.frozen(kw_only=True, field_transformer=checked)
class SizeUnits:
    """Units of one size of a variant.

    Attributes:
        variant: The variant's id.
        size: Which size.
        quantity: Units, >= 0.
        unit_cost: What one unit costs; the same for all sizes of a variant.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    variant: int = attrs.field(metadata=rule(centra_id))
    size: CentraSize = attrs.field(metadata=rule(instance, of=CentraSize))
    quantity: int = attrs.field(metadata=rule(small_units))
    unit_cost: CentraMoney | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=CentraMoney))


def _by_variant(value: object, path: str) -> tuple[SizeUnits, ...]:
    """Return the units with those of one variant together: they are one row of a call."""
    sizes = sequence(value, path, check=instance, of=SizeUnits)
    first: dict[int, int] = {}
    seen: set[tuple[int, CentraSize]] = set()
    for index, size in enumerate(sizes):
        if (size.variant, size.size) in seen:
            raise refused(f"{path}[{index}].size", "must come once for a variant", size.size, code="id.repeated")
        seen.add((size.variant, size.size))
        leader = sizes[first.setdefault(size.variant, index)]
        if size.unit_cost != leader.unit_cost:
            requirement = "must be that of the variant's other sizes: Centra takes one for a variant"
            raise refused(f"{path}[{index}].unit_cost", requirement, size.unit_cost, code="centra.one_cost")
    if not sizes:
        raise refused(path, "must name at least one size", value, code="centra.empty")
    return tuple(sorted(sizes, key=lambda size: first[size.variant]))


@attrs.frozen(kw_only=True, field_transformer=checked)
class StockSetting:
    """What is on the shelf of a warehouse: physical stock, units reserved for orders included.

    Attributes:
        warehouse: The warehouse's id.
        description: Why it is set, in words.
        levels: How much there is of each size, the sizes of a variant together.

    Raises:
        InvalidArgument: If a field breaks its rule, or a size comes twice.
    """

    warehouse: int = attrs.field(metadata=rule(centra_id))
    description: str = attrs.field(metadata=rule(text))
    levels: Sequence[SizeUnits] = attrs.field(metadata=rule(_by_variant))


@attrs.frozen(kw_only=True, field_transformer=checked)
class StockMove:
    """Units that come into a warehouse, go out of one, or move from one to another.

    Attributes:
        into: The warehouse that they come into.
        out_from: The warehouse that they leave. What moves on is limited there to what is free to allocate.
        description: Why, in words.
        changes: How many units of each size, the sizes of a variant together.

    Raises:
        InvalidArgument: If a field breaks its rule, no warehouse is named, one is named twice, or a size comes twice.
    """

    into: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    out_from: int | None = attrs.field(default=None, metadata=rule(id_or_none))
    description: str = attrs.field(metadata=rule(text))
    changes: Sequence[SizeUnits] = attrs.field(metadata=rule(_by_variant))

    def __attrs_post_init__(self) -> None:
        if self.into == self.out_from:
            requirement = "must be another warehouse than out_from; name at least one"
            raise refused("into", requirement, self.into, code="centra.warehouse")


def write_set_stock(setting: StockSetting, /) -> str:
    """Write the call that sets a warehouse's physical stock.

    Args:
        setting: What is on the shelf.

    Returns:
        The body of a ``setStock`` call, its quantities ``PHYSICAL``. There is a word for quantities that are free to
        allocate, too, but its spelling is not documented, so it is not written.

    Raises:
        InvalidArgument: If ``setting`` is none.

    Source:
        Centra's Integration API, StockSetInput, and the guide to ERP integrations.

    Examples:
        Ten of a size, by its name:

        >>> import json
        >>> from preorder_kit.adapters.centra import CentraSize, SizeUnits, StockSetting, write_set_stock
        >>> levels = [SizeUnits(variant=1445, size=CentraSize(name="XL"), quantity=10)]
        >>> call = write_set_stock(StockSetting(warehouse=1, description="Nightly sync", levels=levels))
        >>> json.loads(call)["variables"]["input"]["productVariants"][0]["sizeStockLevels"]
        [{'size': {'name': 'XL'}, 'quantity': 10}]
    """
    instance(setting, "setting", of=StockSetting)
    given = {
        "warehouse": reference(setting.warehouse),
        "description": setting.description,
        "stockQuantityType": _PHYSICAL,
        "productVariants": _variants(setting.levels, "sizeStockLevels", "quantity"),
    }
    return call(SET_STOCK, {"input": given})


def write_change_stock(move: StockMove, /) -> str:
    """Write the call that brings units into a warehouse, takes them out, or moves them.

    Args:
        move: What comes and goes.

    Returns:
        The body of a ``changeStock`` call.

    Raises:
        InvalidArgument: If ``move`` is none.

    Source:
        Centra's Integration API, ProductVariantStockChangeInput, and the guide to ERP integrations.

    Examples:
        Two units that a supplier delivered:

        >>> import json
        >>> from preorder_kit.adapters.centra import CentraSize, SizeUnits, StockMove, write_change_stock
        >>> changes = [SizeUnits(variant=2, size=CentraSize(name="S"), quantity=2)]
        >>> given = json.loads(write_change_stock(StockMove(into=3, description="New", changes=changes)))["variables"]
        >>> given["input"]["intoWarehouse"], given["input"]["productVariants"][0]["sizeChanges"]
        ({'id': 3}, [{'size': {'name': 'S'}, 'deliveredQuantity': 2}])
    """
    instance(move, "move", of=StockMove)
    ends = {"intoWarehouse": move.into, "outFromWarehouse": move.out_from}
    given: dict[str, Any] = {key: reference(end) for key, end in ends.items() if end is not None}
    given["description"] = move.description
    given["productVariants"] = _variants(move.changes, "sizeChanges", "deliveredQuantity")
    return call(CHANGE_STOCK, {"input": given})


def _variants(sizes: Iterable[SizeUnits], key: str, units: str) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for size in sizes:
        row = rows.setdefault(size.variant, {"productVariant": reference(size.variant)})
        if size.unit_cost is not None:
            row["unitCost"] = {"value": major(size.unit_cost), "currencyIsoCode": size.unit_cost.currency}
        row.setdefault(key, []).append({"size": write_size(size.size), units: size.quantity})
    return list(rows.values())


def write_size(size: CentraSize) -> dict[str, Any]:
    """Return how a call names a size."""
    return {"name": size.name} if size.id is None else {"id": size.id}


def read_size(fields: Fields) -> CentraSize | None:
    """Return the size that a call names; ``None`` if there is a problem with it."""
    return fields.build(
        CentraSize, id=fields.read("id", centra_id, default=None), name=fields.read("name", word, default=None)
    )


def read_set_stock(document: str | bytes, /) -> StockSetting:
    """Read a call that sets stock: the inverse of `write_set_stock`.

    Args:
        document: The body of a ``setStock`` call with variables, as text or UTF-8 bytes.

    Returns:
        What is set.

    Raises:
        InvalidDocument: If it is no such call, or sets anything but physical stock; with all of its problems.

    Source:
        Centra's Integration API, StockSetInput.

    Examples:
        What was written is read back:

        >>> from preorder_kit.adapters.centra import CentraSize, SizeUnits, StockSetting
        >>> from preorder_kit.adapters.centra import read_set_stock, write_set_stock
        >>> levels = [SizeUnits(variant=1445, size=CentraSize(id=3), quantity=10)]
        >>> setting = StockSetting(warehouse=1, description="Nightly sync", levels=levels)
        >>> read_set_stock(write_set_stock(setting)) == setting
        True
    """
    given = requested(document, "must be the body of a setStock call", "stockQuantityType")
    kind = given.read("stockQuantityType", word)
    if given.is_sound and kind.upper() != _PHYSICAL:
        given.complain("stockQuantityType", "choice.invalid", f"must be PHYSICAL (got {kind!r})", kind)
    warehouse = needed_reference(given, "warehouse")
    description = given.read("description", word)
    levels = _read_variants(given, "sizeStockLevels", "quantity")
    setting = given.build(StockSetting, warehouse=warehouse, description=description, levels=levels)
    return complete(given, setting)


def read_change_stock(document: str | bytes, /) -> StockMove:
    """Read a call that changes stock: the inverse of `write_change_stock`.

    Args:
        document: The body of a ``changeStock`` call with variables, as text or UTF-8 bytes.

    Returns:
        What comes and goes.

    Raises:
        InvalidDocument: If it is no such call; with all of its problems.

    Source:
        Centra's Integration API, ProductVariantStockChangeInput.

    Examples:
        One object stands for a list of one:

        >>> from preorder_kit.adapters.centra import read_change_stock
        >>> size = '"sizeChanges": {"size": {"id": 1}, "deliveredQuantity": 5}'
        >>> given = '"outFromWarehouse": {"id": 1}, "description": "Lost", "productVariants": [{%s, %s}]'
        >>> given = given % ('"productVariant": {"id": 1}', size)
        >>> move = read_change_stock('{"query": "mutation", "variables": {"input": {%s}}}' % given)
        >>> print(move.into, move.out_from, move.changes[0].quantity)
        None 1 5
    """
    given = requested(document, "must be the body of a changeStock call", "productVariants")
    into, out_from = optional_reference(given, "intoWarehouse"), optional_reference(given, "outFromWarehouse")
    description = given.read("description", word)
    changes = _read_variants(given, "sizeChanges", "deliveredQuantity")
    move = given.build(StockMove, into=into, out_from=out_from, description=description, changes=changes)
    return complete(given, move)


def _read_variants(given: Fields, key: str, units: str) -> list[SizeUnits]:
    found: list[SizeUnits | None] = []
    if given.holds("productSizes"):
        given.complain("productSizes", "centra.unread", "must not be there: sizes are read by their variants alone")
    for row in several(given, "productVariants"):
        variant = needed_reference(row, "productVariant")
        inner = row.object("unitCost")
        cost = None if inner is None else read_money(inner, "value", "currencyIsoCode")
        found += [_read_units(size, units, variant=variant, unit_cost=cost) for size in several(row, key)]
    return [size for size in found if size is not None]


def _read_units(fields: Fields, units: str, **own: Any) -> SizeUnits | None:
    named = fields.object("size")
    if named is None and not fields.holds("size"):
        fields.complain("size", "field.missing", "is missing")
    size = None if named is None else read_size(named)
    quantity = fields.read(units, count)
    return None if own["variant"] is None else fields.build(SizeUnits, size=size, quantity=quantity, **own)


def is_set_stock(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that sets stock."""
    return is_request(root, "stockQuantityType", "warehouse")


def is_change_stock(root: Any) -> bool:
    """Return whether a JSON value is the body of a call that changes stock."""
    ends = is_request(root, "intoWarehouse") or is_request(root, "outFromWarehouse")
    return ends and is_request(root, "productVariants")


FORMATS = (
    WireFormat(name="centra-set-stock", holds="stock that is set", recognises=is_set_stock, read=read_set_stock),
    WireFormat(
        name="centra-change-stock", holds="stock that changes", recognises=is_change_stock, read=read_change_stock
    ),
)
