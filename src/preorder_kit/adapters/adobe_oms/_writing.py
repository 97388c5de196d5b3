"""Orders as they are written: the messages create and updated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import attrs

from ..._checks import instance, refused
from ...bundles import Component, LineKind, WhenShort
from ...lifecycle import PartState
from ...orders import Amount, Order, OrderLine, ShipPolicy
from ...quantities import apportion
from ...sourcing import BundleSource
from ...splitting import PartKind, SplitPlan
from ._facts import OmsAddress, OmsOrderFacts
from ._lines import BUNDLE
from ._messages import message, written_units
from ._money import plain_number
from ._orders import CREATE
from ._statuses import OmsItemStatus, item_status_for, order_status_for
from ._updates import BUNDLE_RULE, UPDATED

__all__ = ["write_order_create", "write_order_updated"]

_TYPES = {LineKind.GOODS: "PHYSICAL", LineKind.DIGITAL: "VIRTUAL", LineKind.FEE: "SHIPPING"}
_STATES = {PartKind.SHIP_NOW: PartState.ALLOCATED, PartKind.DIGITAL: PartState.ALLOCATED}
_MOST_PARTS = 1_000


class _Share(NamedTuple):
    """Units of an order's line that are one line of the message, with what is paid for them."""

    path: str
    line: OrderLine
    quantity: int
    amount: Amount
    status: OmsItemStatus | None = None


class _Part(NamedTuple):
    """A part of a bundle that is made of nothing else, with its units in one bundle."""

    component: Component
    each: int


def write_order_create(order: Order, /, *, facts: OmsOrderFacts, message_id: str) -> str:
    """Write a ``magento.sales.order_management.create`` message.

    - Goods are PHYSICAL, digital goods VIRTUAL, and fees SHIPPING, whatever they are for.
    - A line with components is a BUNDLE with the price 0, and a line for each of its parts, which have its money: their
      own prices are not known here, so it is divided by their units. Bundles inside it are taken apart: the system
      describes none, and sends all parts together.
    - ``allowBackorders`` is ``"true"`` or ``"false"`` on every line of goods, so that no setting of the store matters.

    What the system has no field for is lost: an order's priority, what was promised or asked for, how bundles were
    nested, and that a line had no ``ship_to``: it gets the first address. `read_order_create` gives back all else.

    Args:
        order: The order.
        facts: What the message must say beside it.
        message_id: The id of the message.

    Returns:
        The message in its JSON-RPC envelope, amounts as plain numbers.

    Raises:
        InvalidArgument: If the order ships complete or has lines that ship together by their own group, for the system
            has no field for it; if it has no line, or a line no amount, an unknown address, or a recipe with a fee or
            more than 1,000 parts; if ``facts.tax_rates`` name a line that it does not have; if an amount is 10**15
            minor units or more, or a number of units takes more than 32 bits; or if an argument is of another type.

    Source:
        Adobe Commerce OMS, order management specification and the pages on bundles and backorders.

    Examples:
        What is written is read back:

        >>> import datetime as dt
        >>> from preorder_kit import Amount, Order, OrderLine
        >>> from preorder_kit.adapters.adobe_oms import OmsAddress, OmsOrderFacts
        >>> from preorder_kit.adapters.adobe_oms import read_order_create, write_order_create
        >>> at = dt.datetime(2026, 11, 21, 10, 31, 25, tzinfo=dt.timezone.utc)
        >>> line = OrderLine(id="11", sku="CD", quantity=2, amount=Amount(2400, 600), ship_to="ship1")
        >>> order = Order(id="5100012", placed_at=at, lines=[line], currency="EUR")
        >>> home = OmsAddress(
        ...     reference="ship1", first_name="Noor", last_name="Visser", address1="Kade 7", city="Rotterdam",
        ...     country_code="NL",
        ... )
        >>> facts = OmsOrderFacts(
        ...     store="nl_web", ip="203.0.113.9", vat_country="NL", customer_id="anonymous", payment_reference="pay1",
        ...     addresses=[home], tax_rate=25000,
        ... )
        >>> read_order_create(write_order_create(order, facts=facts, message_id="7d0c")) == order
        True

        A line without its price is refused:

        >>> unpriced = Order(id="5100013", placed_at=at, lines=[OrderLine(id="11", sku="CD", quantity=2)])
        >>> write_order_create(unpriced, facts=facts, message_id="7d0c")
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: order.currency: must be given: every line has an amount in it (got None)
    """
    currency = _writable(order, facts)
    shares = [_Share(path, line, line.quantity, _paid(line, path)) for path, line in _by_path(order)]
    return message(CREATE, _order(order, facts, _rows(shares, facts, currency)), message_id)


def write_order_updated(order: Order, plan: SplitPlan, /, *, facts: OmsOrderFacts, message_id: str) -> str:
    """Write a ``magento.sales.order_management.updated`` message: the order again, with what becomes of its lines.

    A line has one status. Where its units go different ways, it is divided: each way has a line of its own, and all but
    the first name the first as their ``original_line_number``. Its money is divided by units. What ships now or is
    digital is ALLOCATEDSHIP, what waits is NEW, for the system has no status for what waits; see `item_status_for`.
    Lines are written as `write_order_create` writes them, and what is lost there is lost here. So are the locations
    and days of the plan's parts.

    Args:
        order: The order.
        plan: What becomes of it: of every unit of it.
        facts: What the message must say beside it.
        message_id: The id of the message.

    Returns:
        The message in its JSON-RPC envelope.

    Raises:
        InvalidArgument: As `write_order_create` does; or if the plan is of another order or does not hold every unit
            of it, as one does not that is made after something has shipped (``plan.partial``).

    Source:
        Adobe Commerce OMS, order management specification and the page on order statuses.

    Examples:
        One of three units is there, and the others wait:

        >>> import datetime as dt, json
        >>> from preorder_kit import Amount, Order, OrderLine, Supply, split_order
        >>> from preorder_kit.adapters.adobe_oms import OmsAddress, OmsOrderFacts, write_order_updated
        >>> at = dt.datetime(2026, 11, 21, 10, 31, 25, tzinfo=dt.timezone.utc)
        >>> line = OrderLine(id="11", sku="CD", quantity=3, when_short="wait", amount=Amount(1000), ship_to="ship1")
        >>> order = Order(id="5100012", placed_at=at, lines=[line], currency="EUR")
        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 1}), at=at)
        >>> home = OmsAddress(
        ...     reference="ship1", first_name="Noor", last_name="Visser", address1="Kade 7", city="Rotterdam",
        ...     country_code="NL",
        ... )
        >>> facts = OmsOrderFacts(
        ...     store="nl_web", ip="203.0.113.9", vat_country="NL", customer_id="anonymous", payment_reference="pay1",
        ...     addresses=[home],
        ... )
        >>> document = json.loads(write_order_updated(order, plan, facts=facts, message_id="c0a8"))
        >>> for line in document["params"]["order"]["lines"]:
        ...     print(line["id"], line["quantity"], line["status"], line["amount"]["gross_amount"])
        11 1 ALLOCATEDSHIP 3.33
        11/2 2 NEW 6.67
    """
    currency = _writable(order, facts)
    fates = _fates(order, instance(plan, "plan", of=SplitPlan))
    shares = [share for path, line in _by_path(order) for share in _divided(line, path, fates[line.id])]
    status = order_status_for(plan)
    content = _order(order, facts, _rows(shares, facts, currency))
    return message(UPDATED, {**content, "status": status.code, "status_reason": status.reason}, message_id)


def _writable(order: Order, facts: OmsOrderFacts) -> str:
    """Return the currency of an order that the system has words for; refuse another."""
    instance(order, "order", of=Order)
    instance(facts, "facts", of=OmsOrderFacts)
    if order.ship is not ShipPolicy.AS_AVAILABLE:
        requirement = "must be as_available: whether orders are held until complete is a setting of the system"
        raise refused("order.ship", requirement, order.ship.value, code="order.unwritable")
    if order.currency is None:
        raise refused("order.currency", "must be given: every line has an amount in it", None, code="field.missing")
    if not order.lines:
        raise refused("order.lines", "must hold at least one line", order.lines, code="field.missing")
    strange = sorted(facts.tax_rates.keys() - {line.id for line in order.lines})
    if strange:
        raise refused("facts.tax_rates", "must name lines of the order alone", strange[0], code="line.unknown")
    known = {address.reference for address in facts.addresses}
    for path, line in _by_path(order):
        if line.ship_group:
            requirement = "must be empty: the system has no field for lines that ship together"
            raise refused(f"{path}.ship_group", requirement, line.ship_group, code="order.unwritable")
        if line.ship_to and line.ship_to not in known:
            requirement = f"must be the reference of an address of facts: {', '.join(sorted(known))}"
            raise refused(f"{path}.ship_to", requirement, line.ship_to, code="address.unknown")
    return order.currency


def _by_path(order: Order) -> Iterator[tuple[str, OrderLine]]:
    return ((f"order.lines[{index}]", line) for index, line in enumerate(order.lines))


def _paid(line: OrderLine, path: str) -> Amount:
    if line.amount is None:
        raise refused(
            f"{path}.amount", "must be given: the system takes no line without a price", None, code="field.missing"
        )
    return line.amount


def _fates(order: Order, plan: SplitPlan) -> dict[str, dict[OmsItemStatus, int]]:
    """Return line id -> status -> units of it; refuse a plan that is not about all units of the order."""
    if plan.order_id != order.id:
        raise refused("plan.order_id", f"must be that of the order, {order.id}", plan.order_id, code="plan.foreign")
    fates: dict[str, dict[OmsItemStatus, int]] = {line.id: {} for line in order.lines}
    for part in plan.parts:
        status = item_status_for(_STATES.get(part.kind, PartState.DUE))
        for held in part.lines:
            _add(fates, held.line_id, status, held.quantity)
    for cut in plan.cancelled:
        _add(fates, cut.line_id, item_status_for(PartState.CANCELLED, because=cut.reason), cut.quantity)
    for line in order.lines:
        planned = sum(fates[line.id].values())
        if planned != line.quantity:
            requirement = f"must hold the {line.quantity} units of line {line.id}, and each of them once"
            raise refused("plan", requirement, planned, code="plan.partial")
    return fates


def _add(fates: Mapping[str, dict[OmsItemStatus, int]], line_id: str, status: OmsItemStatus, more: int) -> None:
    if line_id not in fates:
        raise refused("plan", "must name lines of the order alone", line_id, code="plan.foreign")
    fates[line_id][status] = fates[line_id].get(status, 0) + more


def _divided(line: OrderLine, path: str, fates: Mapping[OmsItemStatus, int]) -> Iterator[_Share]:
    amounts = _shares(_paid(line, path), list(fates.values()))
    for (status, quantity), amount in zip(fates.items(), amounts, strict=True):
        yield _Share(path, line, quantity, amount, status)


def _shares(amount: Amount, weights: Sequence[int]) -> list[Amount]:
    """Return an amount divided by units, each of its numbers by itself."""
    kinds = (apportion(money, weights=weights) for money in (amount.net, amount.tax, amount.discount))
    return [Amount(*share) for share in zip(*kinds, strict=True)]


def _order(order: Order, facts: OmsOrderFacts, rows: list[dict[str, object]]) -> dict[str, object]:
    return {
        "id": order.id,
        "store": facts.store,
        "status": None,
        "status_reason": None,
        "ip": facts.ip,
        "vat_country": facts.vat_country,
        "origin": facts.origin,
        "origin_date": order.placed_at.isoformat(),
        "customer": {"id": facts.customer_id},
        "addresses": [_address(address) for address in facts.addresses],
        "payments": [{"reference": facts.payment_reference, "currency": order.currency}],
        "lines": rows,
    }


def _address(address: OmsAddress) -> dict[str, str]:
    return {name: value for name, value in attrs.asdict(address).items() if value}


def _rows(shares: Iterable[_Share], facts: OmsOrderFacts, currency: str) -> list[dict[str, object]]:
    """Return the lines of the message, numbered from 1, each with an id of its own."""
    members = list(shares)
    taken = dict.fromkeys((share.line.id for share in members), 1)
    first: dict[str, int] = {}
    rows: list[dict[str, object]] = []
    for share in members:
        line, number = share.line, len(rows) + 1
        own_id = line.id if line.id not in first else _free(line.id, taken)
        row: dict[str, object] = {"id": own_id, "line_number": number}
        row |= {"original_line_number": first[line.id]} if line.id in first else {}
        row |= _row(share, facts, currency)
        first.setdefault(line.id, number)
        rows.append(row)
        for part, amount in _parts(share):
            units = written_units(part.each * share.quantity, f"{share.path}.components")
            child = _child(row, part, units) | {"amount": _price(amount, share, facts, currency)}
            named = {"id": _free(line.id, taken), "line_number": len(rows) + 1, "parent_line_number": number}
            rows.append(named | child)
    return rows


def _free(name: str, taken: dict[str, int]) -> str:
    """Return an id that no line has yet; ``taken`` holds for each id the last number that was put behind it."""
    number = taken[name] + 1
    while f"{name}/{number}" in taken:
        number += 1
    taken[name] = number
    taken[f"{name}/{number}"] = 1
    return f"{name}/{number}"


def _row(share: _Share, facts: OmsOrderFacts, currency: str) -> dict[str, object]:
    line = share.line
    price = Amount(0) if line.components else share.amount
    row: dict[str, object] = {
        "product_type": BUNDLE if line.components else _TYPES[line.kind],
        "sku": line.sku,
        "quantity": written_units(share.quantity, f"{share.path}.quantity"),
        "shipping_address_reference": line.ship_to or facts.addresses[0].reference,
        "payment_reference": facts.payment_reference,
        "amount": _price(price, share, facts, currency),
    }
    if line.street_date is not None:
        row["pre_order_street_date"] = line.street_date.isoformat()
    if share.status is not None:
        row |= {"status": share.status.code, "status_reason": share.status.reason}
    says = line.when_short if line.kind is LineKind.GOODS or line.when_short is WhenShort.WAIT else None
    attributes = _attributes(says)
    if line.components and facts.bundles is BundleSource.ONE_LOCATION:
        attributes.append({"name": BUNDLE_RULE, "value": "SHIPTOGETHER"})
    return row | ({"custom_attributes": attributes} if attributes else {})


def _attributes(when_short: WhenShort | None) -> list[dict[str, str]]:
    if when_short is None:
        return []
    return [{"name": "allowBackorders", "value": "true" if when_short is WhenShort.WAIT else "false"}]


def _price(amount: Amount, share: _Share, facts: OmsOrderFacts, currency: str) -> dict[str, object]:
    rate = facts.tax_rates.get(share.line.id, facts.tax_rate)
    said = rate / 1000 if rate % 1000 else rate // 1000
    paid = (amount.net, amount.tax, amount.gross)
    net, tax, gross = (plain_number(money, currency, f"{share.path}.amount") for money in paid)
    kind = facts.tax_type if rate or amount.tax else "NO TAX"
    taxes = [{"type": kind, "amount": tax, "rate": said}]
    return {
        "net_amount": net,
        "gross_amount": gross,
        "tax_amount": tax,
        "tax_rate": said,
        "taxes": taxes,
        "currency": currency,
    }


def _parts(share: _Share) -> list[tuple[_Part, Amount]]:
    """Return what a bundle is made of, each part with its share of the money; nothing of a line that is no bundle."""
    if not share.line.components:
        return []
    path = f"{share.path}.components"
    found = list(islice(_leaves(share.line.components, 1, path), _MOST_PARTS + 1))
    if len(found) > _MOST_PARTS or share.line.kind is not LineKind.GOODS:
        requirement = f"must be those of goods, and at most {_MOST_PARTS:,} parts"
        raise refused(path, requirement, share.line.sku, code="bundle.unwritable")
    return list(zip(found, _shares(share.amount, [part.each for part in found]), strict=True))


def _leaves(components: Sequence[Component], each: int, path: str) -> Iterator[_Part]:
    """Yield the parts, bundles inside taken apart; what they leave open they have from the one around them."""
    for part in components:
        if part.kind is LineKind.FEE:
            raise refused(path, "must hold goods and digital goods alone", part.sku, code="bundle.unwritable")
        if part.kind is LineKind.GOODS and part.components:
            for inner in _leaves(part.components, each * part.quantity, path):
                yield _Part(_heir(inner.component, part), inner.each)
        else:
            yield _Part(part, each * part.quantity)


def _heir(inner: Component, around: Component) -> Component:
    street, when_short = inner.street_date or around.street_date, inner.when_short or around.when_short
    return attrs.evolve(inner, street_date=street, when_short=when_short)


def _child(bundle: Mapping[str, object], part: _Part, units: int) -> dict[str, object]:
    """Return the line of a part, without what is its own: its id, number and price."""
    component = part.component
    row = {
        key: bundle[key]
        for key in ("shipping_address_reference", "payment_reference", "status", "status_reason")
        if key in bundle
    }
    row |= {"product_type": _TYPES[component.kind], "sku": component.sku, "quantity": units}
    if component.street_date is not None:
        row["pre_order_street_date"] = component.street_date.isoformat()
    attributes = _attributes(component.when_short)
    return row | ({"custom_attributes": attributes} if attributes else {})
