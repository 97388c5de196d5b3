"""Whole products for a page: what each size says, and no number of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import attrs

from ..._checks import instance, mapping, member, optional, sequence, text, unchecked
from ..._documents import identifier
from ..._wording import ENGLISH, Place, write
from ...errors import InvalidArgument, InvalidStock, Problem, Read
from ...messages import describe_stock
from ...stock import Availability, CartAction, Stock, cart_action, mask, normalize_stock, public_label, roll_up
from ._functions import UNKNOWN_STOCK, sizes_of
from ._values import BUTTON_LABELS, FormattedProduct, FormattedSize, SizeDates


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
    found = [_size(item, f"items[{place}]", words, dates, problems) for place, item in enumerate(sizes_of(data))]
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
        return UNKNOWN_STOCK
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
