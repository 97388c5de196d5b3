"""Strategies for orders, their lines and recipes, and for the supply that serves them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from itertools import permutations, product
from typing import Any

import attrs
from hypothesis import strategies as st

from ..bundles import Component, LineKind, WhenShort
from ..delivery import ShippingTimes
from ..orders import Amount, Order, OrderLine, ShipPolicy
from ..quantities import UNLIMITED
from ..supply import Commitment, Receipt, Supply
from ._days import (
    ALL_DAYS,
    ALL_RANGES,
    DAYS_OR_NONE,
    LENGTHS,
    RANGES_OR_NONE,
    any_of,
    instants,
    lead_times,
    range_of,
    shipping_times,
    skus,
)

_MAY_WAIT = (None, None, *WhenShort)
_MOSTLY_GOODS = (*[LineKind.GOODS] * 6, LineKind.FEE, LineKind.DIGITAL)
_SHELVED = st.builds(
    lambda what, street_date: Component(what[0], what[1], (), what[2], street_date, what[3]),
    any_of(product("ABCD", (1, 1, 2, 3), _MOSTLY_GOODS, _MAY_WAIT)),
    st.none() | st.none() | st.none() | instants(),
)
_BOXES = st.builds(
    lambda what, inner: Component("BOX", what[0], inner, when_short=what[1]),
    any_of(product((1, 2), _MAY_WAIT)),
    st.lists(_SHELVED, min_size=1, max_size=2),
)
_COMPONENTS: st.SearchStrategy[tuple[Component, ...]] = st.lists(
    st.one_of(_SHELVED, _SHELVED, _SHELVED, _BOXES), min_size=1, max_size=3
).map(tuple)


def components() -> st.SearchStrategy[tuple[Component, ...]]:
    """Return recipes of one to three components, some of them nested, and few of which need no stock."""
    return _COMPONENTS


#: The recipes of lines that are no bundles.
PLAIN: st.SearchStrategy[tuple[Component, ...]] = st.just(())
_KINDS = (*[LineKind.GOODS] * 3, LineKind.FEE, LineKind.DIGITAL)
_WHAT = any_of(product("ABCD", range(1, 13), _KINDS, WhenShort))
AMOUNTS = st.builds(Amount, st.integers(0, 10_000), st.integers(0, 2_000), st.integers(0, 500))


def order_lines(
    *,
    line_id: str = "1",
    addresses: Sequence[str] = ("",),
    groups: Sequence[str] = ("",),
    recipes: st.SearchStrategy[tuple[Component, ...]] = PLAIN,
) -> st.SearchStrategy[OrderLine]:
    """Return lines: goods mostly, with and without a street date, and fees and digital goods.

    Goods have a recipe out of ``recipes``; bundles have SKUs of their own, of four.
    """
    where = st.sampled_from(list(product(addresses, groups)))
    return st.builds(
        partial(_order_line, line_id),
        _WHAT,
        where,
        recipes,
        street_date=st.none() | instants(),
        amount=st.none() | AMOUNTS,
        requested=DAYS_OR_NONE,
        promised=RANGES_OR_NONE,
    )


def _order_line(
    line_id: str,
    what: tuple[str, int, LineKind, WhenShort],
    where: tuple[str, str],
    recipe: tuple[Component, ...],
    **fields: Any,
) -> OrderLine:
    (sku, quantity, kind, when_short), (ship_to, ship_group) = what, where
    is_bundle = bool(recipe) and kind is LineKind.GOODS
    return OrderLine(
        id=line_id,
        sku=f"{sku}-SET" if is_bundle else sku,
        quantity=quantity,
        kind=kind,
        components=recipe if is_bundle else (),
        when_short=when_short,
        ship_to=ship_to,
        ship_group=ship_group,
        **fields,
    )


_HOW = st.sampled_from(list(product((0, 1, 2, -1, -2), ShipPolicy)))


def orders(
    *,
    addresses: Sequence[str] = ("",),
    groups: Sequence[str] = ("",),
    order_id: str = "O1",
    recipes: st.SearchStrategy[tuple[Component, ...]] = PLAIN,
) -> st.SearchStrategy[Order]:
    """Return orders of one to six lines, each to one of ``addresses`` and in one of ``groups`` that ship together.

    Goods have a recipe out of ``recipes``.
    """
    lines = order_lines(addresses=addresses, groups=groups, recipes=recipes)
    return st.builds(
        lambda placed_at, found, how: Order(
            id=order_id,
            placed_at=placed_at,
            lines=[attrs.evolve(line, id=str(number)) for number, line in enumerate(found, 1)],
            priority=how[0],
            ship=how[1],
            currency="EUR",
        ),
        instants(),
        st.lists(lines, min_size=1, max_size=6),
        _HOW,
    )


def queues(
    *,
    addresses: Sequence[str] = ("",),
    groups: Sequence[str] = ("",),
    most: int = 4,
    recipes: st.SearchStrategy[tuple[Component, ...]] = PLAIN,
) -> st.SearchStrategy[tuple[Order, ...]]:
    """Return up to ``most`` orders, O1, O2 and so on, as they are served one after the other.

    Goods have a recipe out of ``recipes``.
    """
    found = st.lists(orders(addresses=addresses, groups=groups, recipes=recipes), min_size=1, max_size=most)
    return found.map(lambda items: tuple(attrs.evolve(order, id=f"O{place}") for place, order in enumerate(items, 1)))


_EXPECTED = st.integers(0, 2 * ALL_RANGES - 1).map(
    lambda number: ALL_DAYS[number // LENGTHS] if number < ALL_RANGES else range_of(number)
)
RECEIPTS = st.builds(
    lambda what, expected: Receipt(
        sku=what[0], quantity=what[1], expected=expected, reserved=min(what[1:3]), reference=what[3]
    ),
    any_of(product("ABCD", range(16), range(16), ("", "PO1", "PO2"))),
    _EXPECTED,
)
COMMITMENTS = st.builds(
    lambda what, due: Commitment(sku=what[0], quantity=what[1], due=due, order_id=what[2]),
    any_of(product("ABCD", range(9), ("", "O1", "O2"))),
    DAYS_OR_NONE,
)
_SOME_SKUS = [some for size in range(5) for some in permutations("ABCD", size)]
_COUNTS = (*range(-3, 21), *[UNLIMITED] * 24)
_PAIRS = any_of(product(_COUNTS, _COUNTS))
_ON_HAND = st.builds(
    lambda some, one, two: dict(zip(some, one + two, strict=False)),
    any_of(_SOME_SKUS),
    _PAIRS,
    _PAIRS,
)
_SUPPLIES = st.builds(
    Supply,
    on_hand=_ON_HAND,
    receipts=st.lists(RECEIPTS, max_size=6),
    commitments=st.lists(COMMITMENTS, max_size=4),
    safety_stock=st.dictionaries(skus(), st.integers(0, 5), max_size=2),
    replenishment=st.dictionaries(skus(), lead_times(), max_size=1),
)


def supplies() -> st.SearchStrategy[Supply]:
    """Return supplies: some counts below 0 or without bound, receipts, commitments (some to order O1), safety stock."""
    return _SUPPLIES


def locations(*, names: Sequence[str] = ("X", "Y", "Z")) -> st.SearchStrategy[dict[str, Supply]]:
    """Return one location or several, the first of ``names``, each with a supply; their order is their turn."""
    found = st.lists(_SUPPLIES, min_size=1, max_size=len(names))
    return found.map(lambda items: dict(zip(names, items, strict=False)))


@attrs.frozen(kw_only=True)
class World:
    """What an order meets.

    Attributes:
        order: An order.
        supply: A supply of the same few SKUs.
        times: How long each stage takes.
        at: Now.
    """

    order: Order
    supply: Supply
    times: ShippingTimes
    at: dt.datetime


def worlds(
    *,
    addresses: Sequence[str] = ("",),
    groups: Sequence[str] = ("",),
    recipes: st.SearchStrategy[tuple[Component, ...]] = PLAIN,
) -> st.SearchStrategy[World]:
    """Return worlds: an order of lines to ``addresses`` and in ``groups``, a supply, shipping times, and now.

    Goods have a recipe out of ``recipes``.
    """
    return st.builds(
        World,
        order=orders(addresses=addresses, groups=groups, recipes=recipes),
        supply=_SUPPLIES,
        times=shipping_times(),
        at=instants(),
    )
