"""The formatter in front of a Centra shop: stock read on the server, so that no page ever holds its number.

Three functions have the names and arguments of the formatter that shops run today, and take its place: they know every
word that a store sends, in both settings of Stock Visible, and no value of a stock field makes them fail. What they do
not know is not available. `format_product` and `format_catalogue` format whole products and say what was wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import attrs

from .._checks import (
    FrozenMapping,
    checked,
    instance,
    instant,
    mapping,
    member,
    optional,
    refused,
    rule,
    sequence,
    text,
    unchecked,
    units,
)
from .._documents import identifier
from .._wording import ENGLISH, Place, write
from .._zones import zone_info
from ..delivery import DateRange
from ..errors import InvalidArgument, InvalidStock, Problem, Read
from ..messages import describe_stock
from ..stock import (
    Availability,
    CartAction,
    PublicLabel,
    Stock,
    cart_action,
    mask,
    normalize_stock,
    public_label,
    roll_up,
)

__all__ = [
    "BUTTON_LABELS",
    "FormattedProduct",
    "FormattedSize",
    "SizeDates",
    "format_catalogue",
    "format_product",
    "get_size_available",
    "get_size_preorder",
    "get_stock",
]

_UNKNOWN = Stock(availability=Availability.UNKNOWN, quantity=None)

#: What stands on the button, by what it does.
BUTTON_LABELS: Final[Mapping[CartAction, str]] = FrozenMapping(
    {
        CartAction.ADD_TO_CART: "Add to cart",
        CartAction.PREORDER: "Pre order",
        CartAction.BACKORDER: "Order",
        CartAction.SOLD_OUT: "Sold out",
    }
)


def get_stock(stock: object) -> PublicLabel:
    """Return what may be said in public of a stock field: ``yes``, ``few`` or ``no``, never the number.

    Args:
        stock: What the field holds, whatever it is.

    Returns:
        ``few`` for 1 to 9 units; ``yes`` for more, and for a pre-order; ``no`` for everything that cannot be read.

    Examples:
        Numbers, words, and what is neither:

        >>> from preorder_kit.adapters.frend import get_stock
        >>> [get_stock(stock) for stock in (10, 9, 0, -2, "few", "infinite", "preorder")]
        ['yes', 'few', 'no', 'no', 'few', 'yes', 'yes']
        >>> [get_stock(stock) for stock in (None, True, 5.5, "1e3", [5])]
        ['no', 'no', 'no', 'no', 'no']
    """
    return public_label(_reading(stock))


def get_size_available(data: Mapping[str, Any], i: int) -> bool:
    """Return whether a size of a product can be bought, now or as a pre-order.

    Args:
        data: The product, as parsed from the JSON of Centra's Checkout API.
        i: The place of the size in its ``items``, from 0.

    Returns:
        Whether it can; ``False`` for a stock field that is missing or cannot be read.

    Raises:
        InvalidArgument: If ``data`` is no product, or holds no size there. The stock itself is never refused.

    Examples:
        A size to pre-order is available in both settings of Stock Visible:

        >>> from preorder_kit.adapters.frend import get_size_available
        >>> product = {"items": [{"stock": "infinite"}, {"stock": "preorder"}, {"stock": 0}, {"stock": 5.5}]}
        >>> [get_size_available(product, i) for i in range(4)]
        [True, True, False, False]

        A size that is not there is the caller's mistake:

        >>> get_size_available(product, 4)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: i: must be the place of one of 4 sizes, from 0 (got 4)
    """
    return _reading(_stock_at(data, i)).is_available


def get_size_preorder(data: Mapping[str, Any], i: int) -> bool:
    """Return whether buying a size of a product is a pre-order.

    Args:
        data: The product, as parsed from the JSON of Centra's Checkout API.
        i: The place of the size in its ``items``, from 0.

    Returns:
        Whether it is; only a size that is available is.

    Raises:
        InvalidArgument: If ``data`` is no product, or holds no size there. The stock itself is never refused.

    Examples:
        Ordinary stock and a pre-order:

        >>> from preorder_kit.adapters.frend import get_size_preorder
        >>> product = {"items": [{"stock": 5}, {"stock": "infinite"}, {"stock": "preorder"}]}
        >>> [get_size_preorder(product, i) for i in range(3)]
        [False, True, True]

        A product without sizes is the caller's mistake:

        >>> get_size_preorder({"product": "412"}, 0)
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: data.items: must be the list of the product's sizes (got None)
    """
    return _reading(_stock_at(data, i)).is_preorder


def _reading(stock: object) -> Stock:
    try:
        return normalize_stock(stock)
    except InvalidStock:
        return _UNKNOWN


def _stock_at(data: object, i: int) -> object:
    items = _items(data)
    place = units(i, "i", least=None)
    if not -len(items) <= place < len(items):  # from the end too, as a list does
        raise refused("i", f"must be the place of one of {len(items)} sizes, from 0", i, code="size.missing")
    item = items[place]
    if not isinstance(item, Mapping):
        raise refused(f"data.items[{place}]", "must be an object", item, code="type.invalid")
    return item.get("stock")


def _items(data: object) -> Sequence[object]:
    if not isinstance(data, Mapping):
        raise refused("data", "must be a product: an object with items", data, code="type.invalid")
    items = data.get("items")
    if not isinstance(items, list | tuple):
        raise refused("data.items", "must be the list of the product's sizes", items, code="type.invalid")
    return items


@attrs.frozen(kw_only=True, field_transformer=checked)
class FormattedSize:
    """One size of a product, as a page may show it; it holds no number of units.

    Attributes:
        item: The id that goes into the cart; empty if it could not be read.
        name: The name of the size; empty if it is not said.
        sku: The SKU; empty if it is not said.
        stock: ``yes``, ``few`` or ``no``.
        availability: What can be said about it.
        available: Whether it can be bought.
        preorder: Whether buying it is a pre-order.
        action: What the button does.
        label: What stands on the button.
        delivery: What to say of when it comes.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    item: str = attrs.field(metadata=rule(text, empty=True))
    name: str = attrs.field(metadata=rule(text, empty=True))
    sku: str = attrs.field(metadata=rule(text, empty=True))
    stock: str = attrs.field(metadata=rule(text))
    availability: Availability = attrs.field(metadata=rule(member, of=Availability))
    available: bool = attrs.field(metadata=rule(instance, of=bool))
    preorder: bool = attrs.field(metadata=rule(instance, of=bool))
    action: CartAction = attrs.field(metadata=rule(member, of=CartAction))
    label: str = attrs.field(metadata=rule(text))
    delivery: str = attrs.field(metadata=rule(text))


@attrs.frozen(kw_only=True, field_transformer=checked)
class FormattedProduct:
    """A product, as a page may show it; it holds no number of units.

    Attributes:
        product: Its id; empty if it could not be read.
        name: Its name; empty if it is not said.
        uri: Its address in the shop; empty if it is not said.
        stock: ``yes``, ``few`` or ``no``, of all sizes together.
        availability: What can be said about it: the best of its sizes.
        available: Whether any size can be bought.
        preorder: Whether all that can be bought of it is a pre-order.
        label: What stands on its button on a listing page.
        sizes: Its sizes, in their order.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    product: str = attrs.field(metadata=rule(text, empty=True))
    name: str = attrs.field(metadata=rule(text, empty=True))
    uri: str = attrs.field(metadata=rule(text, empty=True))
    stock: str = attrs.field(metadata=rule(text))
    availability: Availability = attrs.field(metadata=rule(member, of=Availability))
    available: bool = attrs.field(metadata=rule(instance, of=bool))
    preorder: bool = attrs.field(metadata=rule(instance, of=bool))
    label: str = attrs.field(metadata=rule(text))
    sizes: Sequence[FormattedSize] = attrs.field(metadata=rule(sequence, check=instance, of=FormattedSize))


def _zone(value: object, path: str) -> str:
    zone_info(text(value, path), path)
    return str(value)


@attrs.frozen(kw_only=True, field_transformer=checked)
class SizeDates:
    """What a shop knows of when its sizes come, which no product of Centra's says.

    Attributes:
        at: Now.
        zone: The IANA name of the shopper's time zone.
        street_dates: SKU, or item -> its street date, for pre-orders.
        delivery: SKU, or item -> the days on which it can arrive.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    at: dt.datetime = attrs.field(metadata=rule(instant))
    zone: str = attrs.field(metadata=rule(_zone))
    street_dates: Mapping[str, dt.datetime] = attrs.field(factory=dict, metadata=rule(mapping, key=text, check=instant))
    delivery: Mapping[str, DateRange] = attrs.field(
        factory=dict, metadata=rule(mapping, key=text, check=partial(instance, of=DateRange))
    )


def format_product(
    data: Mapping[str, Any],
    /,
    *,
    labels: Mapping[CartAction, str] = BUTTON_LABELS,
    dates: SizeDates | None = None,
) -> Read[FormattedProduct]:
    """Format a product of Centra's Checkout API for a page, without any number of units.

    Args:
        data: The product, as parsed from JSON.
        labels: What stands on the buttons; an action that is left out has the label of `BUTTON_LABELS`.
        dates: What is known of when sizes come; ``None``: nothing.

    Returns:
        The product and what was wrong with its fields. A size whose stock is missing or cannot be read is a problem,
        and not available; a size that is no object is a problem, and left out. Problems hold what was found, numbers
        too: they are for the shop, not for a page.

    Raises:
        InvalidArgument: If ``data`` is no object with a list of items, or a label is blank.

    Examples:
        A size on the shelf and one to pre-order:

        >>> from preorder_kit.adapters.frend import format_product
        >>> product = {"product": "412", "name": "Fjord Cardigan", "items": [
        ...     {"item": "412-20", "name": "XS", "sku": "FJ-XS", "stock": 5},
        ...     {"item": "412-21", "name": "S", "sku": "FJ-S", "stock": "infinite"}]}
        >>> for size in format_product(product).values.sizes:
        ...     print(size.name, size.available, size.preorder, size.label, "|", size.delivery)
        XS True False Add to cart | Few left
        S True True Pre order | Pre-order, date to follow

        One bad size is unavailable, and the others stand:

        >>> sizes = [{"item": "1", "stock": 5.5}, {"item": "2", "stock": "yes"}]
        >>> found = format_product({"product": "412", "items": sizes})
        >>> [size.available for size in found.values.sizes], [problem.path for problem in found.problems]
        ([False, True], ['items[0].stock'])
    """
    words = _labels(labels)
    optional(dates, "dates", check=instance, of=SizeDates)
    problems: list[Problem] = []
    found = [_size(item, f"items[{place}]", words, dates, problems) for place, item in enumerate(_items(data))]
    read = partial(_text, data, "", problems)
    whole = roll_up(stock for _, stock in filter(None, found))
    product = FormattedProduct(
        product=read("product", must=True),
        name=read("name"),
        uri=read("uri"),
        stock=public_label(whole),
        availability=whole.availability,
        available=whole.is_available,
        preorder=whole.is_preorder,
        label=words[cart_action(whole)],
        sizes=[size for size, _ in filter(None, found)],
    )
    return Read(product, tuple(problems))


def _labels(labels: object) -> dict[CartAction, str]:
    own = mapping(labels, "labels", key=partial(member, of=CartAction), check=text)
    return {**BUTTON_LABELS, **own}


def _size(
    item: object, path: str, labels: Mapping[CartAction, str], dates: SizeDates | None, problems: list[Problem]
) -> tuple[FormattedSize, Stock] | None:
    """Return a size with its reading; ``None`` and a problem if it is no object."""
    if not isinstance(item, Mapping):
        problems.append(Problem(path, "type.invalid", "must be an object", item))
        return None
    read = partial(_text, item, f"{path}.", problems)
    cart_id, sku = read("item", must=True), read("sku")
    stock = _stock(item, path, problems)
    size = unchecked(
        FormattedSize,
        item=cart_id,
        name=read("name"),
        sku=sku,
        stock=public_label(stock),
        availability=stock.availability,
        available=stock.is_available,
        preorder=stock.is_preorder,
        action=cart_action(stock),
        label=labels[cart_action(stock)],
        delivery=_delivery(stock, (sku, cart_id), dates),
    )
    return size, stock


def _stock(item: Mapping[str, Any], path: str, problems: list[Problem]) -> Stock:
    try:
        stock = normalize_stock(item.get("stock"))
    except InvalidStock as error:
        problems.append(Problem(f"{path}.stock", error.code, error.message, error.value))
        return _UNKNOWN
    if stock.availability is Availability.UNKNOWN:
        problems.append(Problem(f"{path}.stock", "field.missing", "is missing", item.get("stock")))
    return stock


def _text(node: Mapping[str, Any], prefix: str, problems: list[Problem], key: str, *, must: bool = False) -> str:
    """Return a text of a product or a size, empty where there is none; one that cannot be shown is a problem."""
    value = node.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        if must:
            problems.append(Problem(f"{prefix}{key}", "field.missing", "is missing", value))
        return ""
    try:
        return identifier(value, f"{prefix}{key}")
    except InvalidArgument as error:
        problems.append(Problem(error.path, error.code, error.message, value))
        return ""


def _undated(availability: Availability) -> str:
    waits = availability in {Availability.PREORDER, Availability.BACKORDER}
    code = f"{availability}.undated" if waits else availability.value
    return write(code, {}, place=Place.PRODUCT_PAGE, language=ENGLISH)


_UNDATED = {availability: _undated(availability) for availability in Availability}


def _delivery(stock: Stock, names: Iterable[str], dates: SizeDates | None) -> str:
    """Return what to say of when a size comes, by what is known of its SKU, else of its item."""
    if dates is None:
        return _UNDATED[stock.availability]
    known = [name for name in names if name]
    return describe_stock(
        mask(stock),
        street_date=next((dates.street_dates[name] for name in known if name in dates.street_dates), None),
        delivery=next((dates.delivery[name] for name in known if name in dates.delivery), None),
        place=Place.PRODUCT_PAGE,
        at=dates.at,
        zone=dates.zone,
    ).text


def format_catalogue(
    products: Iterable[Mapping[str, Any]],
    /,
    *,
    labels: Mapping[CartAction, str] = BUTTON_LABELS,
    dates: SizeDates | None = None,
) -> Read[tuple[FormattedProduct, ...]]:
    """Format products of Centra's Checkout API for pages, without any number of units.

    Args:
        products: The products, as parsed from JSON.
        labels: What stands on the buttons; an action that is left out has the label of `BUTTON_LABELS`.
        dates: What is known of when sizes come; ``None``: nothing.

    Returns:
        The products, in their order, and what was wrong, each problem with its path. What is no product is a problem
        and left out: nothing in a catalogue takes the rest of it down.

    Raises:
        InvalidArgument: If ``products`` is no sequence, or a label is blank.

    Examples:
        A product that is none, beside one that is:

        >>> from preorder_kit.adapters.frend import format_catalogue
        >>> found = format_catalogue([{"product": "411"}, {"product": "412", "items": [{"item": "1", "stock": 12}]}])
        >>> [(product.product, product.label) for product in found.values]
        [('412', 'Add to cart')]
        >>> print(*found.problems)
        [0].items: must be the list of the product's sizes (got None)
    """
    words = _labels(labels)
    optional(dates, "dates", check=instance, of=SizeDates)
    formatted: list[FormattedProduct] = []
    problems: list[Problem] = []
    for place, data in enumerate(sequence(products, "products", check=lambda product, _: product)):
        try:
            found = format_product(data, labels=words, dates=dates)
        except InvalidArgument as error:
            path = error.path.removeprefix("data")
            problems.append(Problem(f"[{place}]{path}", error.code, error.message, error.value))
            continue
        formatted.append(found.values)
        problems.extend(attrs.evolve(problem, path=f"[{place}].{problem.path}") for problem in found.problems)
    return Read(tuple(formatted), tuple(problems))
