"""Orders, their lines, and the lines that wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

import attrs

from ._checks import FrozenMapping, checked, instance, instant, member, optional, rule, sequence, text, unique, units
from ._checks import day as check_day
from ._recipes import Component, LineKind, WhenShort, _components, _leaves, _refuse_cycles
from .delivery import DateRange
from .quantities import _currency_code

__all__ = [
    "Amount",
    "Need",
    "Order",
    "OrderLine",
    "ShipPolicy",
    "WaitingLine",
    "demand",
    "line_street_date",
    "may_wait",
    "needs",
]


class ShipPolicy(StrEnum):
    """Whether an order ships as its goods become available, or complete."""

    AS_AVAILABLE = "as_available"
    COMPLETE = "complete"


@attrs.frozen(field_transformer=checked)
class Amount:
    """Money for all units of a line, in minor units of the order's currency.

    Attributes:
        net: Before tax and discount.
        tax: The tax on it.
        discount: What is taken off; a positive number lowers the price.

    Raises:
        InvalidArgument: If a field is no whole number.
    """

    net: int = attrs.field(metadata=rule(units, least=None))
    tax: int = attrs.field(default=0, metadata=rule(units, least=None))
    discount: int = attrs.field(default=0, metadata=rule(units, least=None))

    @property
    def gross(self) -> int:
        """What is paid: net + tax - discount."""
        return self.net + self.tax - self.discount


@attrs.frozen(kw_only=True, field_transformer=checked)
class OrderLine:
    """Units of one SKU in an order.

    Attributes:
        id: Unique in its order.
        sku: What is ordered.
        quantity: How many units, >= 1.
        kind: Goods need stock. A fee (shipping, gift wrap) needs none and goes with goods. Digital goods need none and
            are delivered at once.
        street_date: The first instant at which it may leave; ``None`` if it is out.
        when_short: Whether units that are not there wait or are cancelled.
        components: The recipe of one unit, as it was when it was ordered; empty if it is no bundle.
        amount: The money for all units of the line; ``None`` if not given.
        requested: The delivery day that the customer asked for.
        promised: A range of delivery days that was promised with the sale.
        ship_to: The address, by a name of the shop's; addresses never share a parcel.
        ship_group: Lines of one group, unless it is empty, ship together.

    Raises:
        InvalidArgument: If a field breaks its rule, or the recipe holds the line's own SKU.
    """

    id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    kind: LineKind = attrs.field(default=LineKind.GOODS, metadata=rule(member, of=LineKind))
    street_date: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    when_short: WhenShort = attrs.field(default=WhenShort.CANCEL, metadata=rule(member, of=WhenShort))
    components: Sequence[Component] = attrs.field(default=(), metadata=rule(_components))
    amount: Amount | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=Amount))
    requested: dt.date | None = attrs.field(default=None, metadata=rule(optional, check=check_day))
    promised: DateRange | None = attrs.field(default=None, metadata=rule(optional, check=instance, of=DateRange))
    ship_to: str = attrs.field(default="", metadata=rule(text, empty=True))
    ship_group: str = attrs.field(default="", metadata=rule(text, empty=True))
    _needs: tuple[Need, ...] = attrs.field(init=False, eq=False, repr=False)
    _bound: tuple[Need, ...] = attrs.field(init=False, eq=False, repr=False)  # of these, what a unit may not wait for
    _street_date: dt.datetime | None = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        _refuse_cycles(self.components, of=self.sku)
        found = _merged_needs(self, self.when_short) if self.kind is LineKind.GOODS else ()
        street = _in_force(self)
        object.__setattr__(self, "_street_date", street)
        object.__setattr__(self, "_needs", found)
        bound = () if street else tuple(need for need in found if need.when_short is WhenShort.CANCEL)
        object.__setattr__(self, "_bound", bound)


@attrs.frozen(kw_only=True, field_transformer=checked)
class WaitingLine:
    """Units of an order's line that wait for stock, in a queue.

    Attributes:
        order_id: Whose they are.
        line_id: Which line they are of; unique together with ``order_id`` in a queue.
        sku: What waits.
        quantity: The whole claim, units >= 1.
        placed_at: The instant that gives it its place in the queue.
        components: The recipe of one unit; empty if it is no bundle.
        priority: A lower number is served first.
        street_date: The first instant at which it may be served.
        hold: Why it is not to be served now (unpaid, review); it keeps its place. ``None``: no hold.
        ship: Whether the order is served only as a whole.
        value: What serving one unit is worth, in any whole unit that all lines share.

    Raises:
        InvalidArgument: If a field breaks its rule, or the recipe holds the line's own SKU.
    """

    order_id: str = attrs.field(metadata=rule(text))
    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    placed_at: dt.datetime = attrs.field(metadata=rule(instant))
    components: Sequence[Component] = attrs.field(default=(), metadata=rule(_components))
    priority: int = attrs.field(default=0, metadata=rule(units, least=None))
    street_date: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))
    hold: str | None = attrs.field(default=None, metadata=rule(optional, check=text))
    ship: ShipPolicy = attrs.field(default=ShipPolicy.AS_AVAILABLE, metadata=rule(member, of=ShipPolicy))
    value: int = attrs.field(default=0, metadata=rule(units, least=None))
    _needs: tuple[Need, ...] = attrs.field(init=False, eq=False, repr=False)
    _street_date: dt.datetime | None = attrs.field(init=False, eq=False, repr=False)
    _seconds: float = attrs.field(init=False, eq=False, repr=False)  # of placed_at, rounded: never in another order
    _is_plain: bool = attrs.field(init=False, eq=False, repr=False)  # serve it now, by itself, from its own SKU

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_street_date", _in_force(self))
        object.__setattr__(self, "_seconds", self.placed_at.timestamp())
        waits = self.components or self.hold or self.street_date or self.ship is ShipPolicy.COMPLETE
        object.__setattr__(self, "_is_plain", not waits)
        merged = _merged_needs(self, WhenShort.WAIT)
        if self.components:
            merged = tuple(attrs.evolve(need, when_short=WhenShort.WAIT) for need in merged)
        object.__setattr__(self, "_needs", merged)


def _with_quantity(line: WaitingLine, quantity: int) -> WaitingLine:
    """Return the line with another claim, units >= 1 that are known to be right."""
    if quantity == line.quantity:
        return line
    smaller = WaitingLine.__new__(WaitingLine)
    for name in _FIELDS:
        object.__setattr__(smaller, name, getattr(line, name))
    object.__setattr__(smaller, "quantity", quantity)
    return smaller


_FIELDS = tuple(field.name for field in attrs.fields(WaitingLine))


@attrs.frozen(kw_only=True)
class Need:
    """What one unit of a line needs of one SKU on a shelf.

    Attributes:
        sku: The SKU on the shelf.
        quantity: Units of it for one unit of the line, >= 1.
        when_short: Whether the line's unit may wait for it.
        street_date: The first instant at which it may leave.
    """

    sku: str
    quantity: int
    when_short: WhenShort
    street_date: dt.datetime | None


def needs(line: OrderLine | WaitingLine, /) -> tuple[Need, ...]:
    """Return what one unit of ``line`` needs from the shelf: its recipe, multiplied down and merged per SKU.

    A line that is no bundle needs one unit of its own SKU; a fee or a digital line needs nothing. Where a SKU is
    reached more than once, ``WhenShort.CANCEL`` wins and the latest street date counts. A line that waits already may
    wait for all of it.

    Args:
        line: A line of an order, or one that waits.

    Returns:
        One `Need` for each SKU, in the order of the SKUs.

    Examples:
        A set of two cups and a pot:

        >>> from preorder_kit import Component, OrderLine, needs
        >>> line = OrderLine(id="1", sku="SET", quantity=3, components=[Component("POT"), Component("CUP", 2)])
        >>> [(need.sku, need.quantity) for need in needs(line)]
        [('CUP', 2), ('POT', 1)]

        Shipping needs no stock:

        >>> needs(OrderLine(id="2", sku="STANDARD", quantity=1, kind="fee"))
        ()
    """
    instance(line, "line", of=(OrderLine, WaitingLine))
    return line._needs


def _merged_needs(line: OrderLine | WaitingLine, when_short: WhenShort) -> tuple[Need, ...]:
    if not line.components:
        return (Need(sku=line.sku, quantity=1, when_short=when_short, street_date=line.street_date),)
    # As the root of its recipe the line is refused where its own SKU is inside.
    root = Component(line.sku, 1, line.components, LineKind.GOODS, line.street_date, when_short)
    merged: dict[str, Need] = {}
    for leaf, count in _leaves([root]).items():
        need = Need(
            sku=leaf.sku, quantity=count, when_short=leaf.when_short or when_short, street_date=leaf.street_date
        )
        merged[leaf.sku] = _merge(merged[leaf.sku], need) if leaf.sku in merged else need
    return tuple(merged[sku] for sku in sorted(merged))


def _merge(one: Need, other: Need) -> Need:
    cancels = WhenShort.CANCEL in (one.when_short, other.when_short)
    return Need(
        sku=one.sku,
        quantity=one.quantity + other.quantity,
        when_short=WhenShort.CANCEL if cancels else WhenShort.WAIT,
        street_date=_latest([one.street_date, other.street_date]),
    )


def _latest(instants: Iterable[dt.datetime | None]) -> dt.datetime | None:
    return max((item for item in instants if item is not None), default=None)


def line_street_date(line: OrderLine | WaitingLine, /) -> dt.datetime | None:
    """Return the street date in force: the latest of the line's own and its components'.

    Args:
        line: A line of an order, or one that waits.

    Returns:
        The instant, in UTC; ``None`` if there is no street date.

    Examples:
        A bundle waits for the last of its parts:

        >>> import datetime as dt
        >>> from preorder_kit import Component, OrderLine, line_street_date
        >>> soon = dt.datetime(2027, 2, 5, tzinfo=dt.timezone.utc)
        >>> parts = [Component("LP", street_date=soon), Component("BAG")]
        >>> line = OrderLine(id="1", sku="SET", quantity=1, components=parts)
        >>> line_street_date(line).isoformat()
        '2027-02-05T00:00:00+00:00'
    """
    instance(line, "line", of=(OrderLine, WaitingLine))
    return line._street_date


def _in_force(line: OrderLine | WaitingLine) -> dt.datetime | None:
    if not line.components:
        return line.street_date
    return _latest([line.street_date, *(part.street_date for part in _all_parts(line.components))])


def _all_parts(components: Iterable[Component]) -> list[Component]:
    """Return all parts, those of a recipe that is shared once."""
    found: dict[int, Component] = {}
    ahead = list(components)
    while ahead:
        part = ahead.pop()
        if id(part) not in found:
            found[id(part)] = part
            ahead.extend(part.components)
    return list(found.values())


def may_wait(line: OrderLine | WaitingLine, /) -> bool:
    """Say whether units that are not there may wait: ``when_short`` says so, or a street date is in force.

    An accepted pre-order waits for its stock, before its street date and after it. A `WaitingLine` waits already.

    Args:
        line: A line of an order, or one that waits.

    Returns:
        Whether missing units wait rather than being cancelled.

    Examples:
        An ordinary line is cancelled where it is short, a pre-order never:

        >>> import datetime as dt
        >>> from preorder_kit import OrderLine, may_wait
        >>> may_wait(OrderLine(id="1", sku="CD", quantity=1))
        False
        >>> street = dt.datetime(2019, 2, 5, tzinfo=dt.timezone.utc)
        >>> may_wait(OrderLine(id="1", sku="CD", quantity=1, street_date=street))
        True
    """
    instance(line, "line", of=(OrderLine, WaitingLine))
    if isinstance(line, WaitingLine):
        return True
    return line.when_short is WhenShort.WAIT or line_street_date(line) is not None


def _order_lines(value: object, path: str) -> tuple[OrderLine, ...]:
    lines = sequence(value, path, check=instance, of=OrderLine)
    unique((line.id for line in lines), path + "[{}].id", what="the ids of an order's lines")
    return lines


@attrs.frozen(kw_only=True, field_transformer=checked)
class Order:
    """What one customer ordered at one time.

    Attributes:
        id: The order's id.
        placed_at: When it was placed.
        lines: Its lines. Their order is meaning: they take stock in it.
        priority: A lower number is served first.
        ship: Whether it ships as its goods become available, or complete.
        currency: The ISO 4217 code of the lines' amounts; ``None`` if there are none.

    Raises:
        InvalidArgument: If a field breaks its rule, or two lines have the same id.
    """

    id: str = attrs.field(metadata=rule(text))
    placed_at: dt.datetime = attrs.field(metadata=rule(instant))
    lines: Sequence[OrderLine] = attrs.field(metadata=rule(_order_lines))
    priority: int = attrs.field(default=0, metadata=rule(units, least=None))
    ship: ShipPolicy = attrs.field(default=ShipPolicy.AS_AVAILABLE, metadata=rule(member, of=ShipPolicy))
    currency: str | None = attrs.field(default=None, metadata=rule(optional, check=_currency_code))
    _goods: tuple[OrderLine, ...] = attrs.field(init=False, eq=False, repr=False)
    _fees: tuple[OrderLine, ...] = attrs.field(init=False, eq=False, repr=False)
    _digital: tuple[OrderLine, ...] = attrs.field(init=False, eq=False, repr=False)
    _ship_tos: dict[str, int] = attrs.field(init=False, eq=False, repr=False)
    _skus: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)  # those on a shelf that its goods need

    def __attrs_post_init__(self) -> None:
        for name, kind in (("_goods", LineKind.GOODS), ("_fees", LineKind.FEE), ("_digital", LineKind.DIGITAL)):
            object.__setattr__(self, name, tuple(line for line in self.lines if line.kind is kind))
        object.__setattr__(self, "_ship_tos", _places_of_addresses(self))
        object.__setattr__(self, "_skus", tuple(sorted({need.sku for line in self._goods for need in line._needs})))


def _places_of_addresses(order: Order) -> dict[str, int]:
    """Return the place of each address that an order goes to.

    Those of goods come before those of digital goods alone; no address in particular comes first, then as named.
    """
    found: dict[str, None] = {}
    for lines in (order._goods, order._digital):
        found |= dict.fromkeys(sorted((line.ship_to for line in lines), key=bool))
    return {address: place for place, address in enumerate(found)}


_Line: TypeAlias = OrderLine | WaitingLine


def demand(orders_or_lines: Iterable[Order | _Line], /) -> Mapping[str, int]:
    """Return how many units of each SKU on a shelf orders or lines ask for, bundles taken apart.

    Demand is summed per physical SKU before it is compared with anything, so that two lines for one thing are seen as
    what they are.

    Args:
        orders_or_lines: Orders, lines of orders and lines that wait, in any mixture.

    Returns:
        SKU -> units >= 1, in the order of the SKUs.

    Raises:
        InvalidArgument: If an item is neither an order nor a line.

    Examples:
        A piece, and a carton of twelve of it:

        >>> from preorder_kit import Component, OrderLine, demand
        >>> piece = OrderLine(id="1", sku="W", quantity=115)
        >>> carton = OrderLine(id="2", sku="CARTON", quantity=1, components=[Component("W", 12)])
        >>> demand([piece, carton])
        {'W': 127}
    """
    kinds = (Order, OrderLine, WaitingLine)
    totals: dict[str, int] = {}
    for item in sequence(orders_or_lines, "orders_or_lines", check=instance, of=kinds):
        for line in item.lines if isinstance(item, Order) else (item,):
            for need in needs(line):
                totals[need.sku] = totals.get(need.sku, 0) + need.quantity * line.quantity
    return FrozenMapping(sorted(totals.items()))
