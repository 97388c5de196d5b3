"""Orders on their way: the message updated; and which rule bundles are sourced by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

import attrs

from ..._checks import FrozenMapping, checked, instance, instant, member, optional, rule, sequence, text, units
from ..._documents import Fields, count, identifier, refuse_if, word
from ..._wire import WireFormat, held
from ...bundles import WhenShort
from ...lifecycle import PartState
from ...orders import Order
from ...sourcing import BundleSource, SourcingRules
from ._lines import Children, Row, attributes, below, built, nested, one_currency, read_row
from ._messages import MessageKind, is_message, opened, utc_instant
from ._money import payment_currency
from ._orders import CREATE, has_status
from ._statuses import OmsItemStatus, OmsOrderPhase, OmsOrderStatus, read_item_status, read_order_status

__all__ = [
    "BUNDLE_SOURCES",
    "OmsBundleRule",
    "OmsOrderLine",
    "OmsOrderUpdate",
    "read_bundle_rules",
    "read_order_updated",
    "sourcing_rules_for",
]

UPDATED = MessageKind(
    methods=("magento.sales.order_management.updated",),
    key="order",
    about="an order",
    expected='must be an order updated message: {"params": {"order": {...}}} or {"order": {...}}',
)
_ORDER = attrs.evolve(UPDATED, methods=(*CREATE.methods, *UPDATED.methods))
_CLOSED = (PartState.SHIPPED, PartState.CANCELLED)
_OVER = (OmsOrderPhase.DONE, OmsOrderPhase.CANCELLED)
BUNDLE_RULE = "mom_srcrr_FilterSourceBundleFromOneSource"

#: The rule of a bundle -> what it says. Of two more, SHIPSIMULTANEOUSLY and SHIPSEPARATELY, no more is documented than
#: that an aggregate may be set to them.
BUNDLE_SOURCES: Mapping[str, BundleSource] = FrozenMapping({"SHIPTOGETHER": BundleSource.ONE_LOCATION})


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsOrderLine:
    """A line of an order as it was sent, be it open or not.

    Attributes:
        id: The line.
        sku: Its SKU.
        quantity: Its units.
        status: How far it is.
        line_number: Its number; empty if it has none.
        original_line_number: The number of the line that it was divided from; empty if of none.
        allocations: How often stock was set aside for it: it grows each time that another source is found; ``None`` if
            that was not sent.
        source_location: The source that it must come from, empty if from any: without stock there it waits.
        pickup_location: Where the customer collects it; empty if it is sent.
        promised: The instant by which it was promised; ``None`` if that was not sent.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    quantity: int = attrs.field(metadata=rule(units, least=1))
    status: OmsItemStatus = attrs.field(metadata=rule(instance, of=OmsItemStatus))
    line_number: str = attrs.field(default="", metadata=rule(text, empty=True))
    original_line_number: str = attrs.field(default="", metadata=rule(text, empty=True))
    allocations: int | None = attrs.field(default=None, metadata=rule(optional, check=units))
    source_location: str = attrs.field(default="", metadata=rule(text, empty=True))
    pickup_location: str = attrs.field(default="", metadata=rule(text, empty=True))
    promised: dt.datetime | None = attrs.field(default=None, metadata=rule(optional, check=instant))


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsOrderUpdate:
    """An order, how far it is, and what of it is open.

    Attributes:
        order: What is open of it: neither SHIPPED nor CANCELLED, and nothing of an order that is over. It may have no
            lines left.
        status: How far the order is.
        lines: Every line as it was sent, in the order of the message.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    order: Order = attrs.field(metadata=rule(instance, of=Order))
    status: OmsOrderStatus = attrs.field(metadata=rule(instance, of=OmsOrderStatus))
    lines: Sequence[OmsOrderLine] = attrs.field(metadata=rule(sequence, check=instance, of=OmsOrderLine))


def read_order_updated(document: str | bytes, /, *, when_short: WhenShort = WhenShort.CANCEL) -> OmsOrderUpdate:
    """Read an order from a ``magento.sales.order_management.updated`` message, which is the whole order again.

    Lines are read as `read_order_create` reads them. What has SHIPPED or is CANCELLED is not open, and neither is a
    part of such a bundle that has no status of its own. Nothing is open of an order that is done or cancelled, whatever
    its lines say: often they say nothing. A line whose status is not known is open.

    A bundle of which a line is closed cannot be put together any more: its open lines become lines of their own, under
    their own ids, with the street date and the leave to wait that the bundle had for them.

    Args:
        document: The message, as text or UTF-8 bytes.
        when_short: Whether a line that does not say so may wait: the setting of the store.

    Returns:
        What is open, as an order, and the status of the order and of every line.

    Raises:
        InvalidDocument: If it is no such message; with all of its problems and their paths.

    Source:
        Adobe Commerce OMS, order management specification and the page on order statuses.

    Examples:
        One line has shipped, one waits:

        >>> from preorder_kit.adapters.adobe_oms import read_order_updated
        >>> update = read_order_updated('''{"order": {"id": 7, "origin_date": "2026-11-21T10:31:25Z",
        ...     "status": "LOGISTICS", "lines": [
        ...     {"id": "1", "product_type": "PHYSICAL", "sku": "CD", "status": "SHIPPED"},
        ...     {"id": "2", "product_type": "PHYSICAL", "sku": "LP", "status": "NEW"}]}}''')
        >>> update.status.phase.value, [line.sku for line in update.order.lines]
        ('in_logistics', ['LP'])
        >>> [(line.sku, line.status.state.value) for line in update.lines]
        [('CD', 'shipped'), ('LP', 'due')]

        All of it is cancelled, and nothing is open:

        >>> update = read_order_updated('''{"order": {"id": 7, "origin_date": "2026-11-21T10:31:25Z", "lines": [
        ...     {"id": "1", "product_type": "PHYSICAL", "sku": "CD", "status": "CANCELLED",
        ...      "status_reason": "OUTOFSTOCK"}]}}''')
        >>> len(update.order.lines), update.lines[0].status.cancelled_because.value
        (0, 'out_of_stock')
    """
    member(when_short, "when_short", of=WhenShort)
    order = opened(document, UPDATED)
    order_id = order.read("id", identifier)
    placed_at = order.read("origin_date", utc_instant)
    status = read_order_status(order)
    currency = payment_currency(order)
    rows = [read_row(fields, currency) for fields in order.objects("lines", least=1)]
    states = [read_item_status(row.fields) for row in rows]
    found = one_currency(rows)
    tops, children = nested(rows)
    said = [_line(row, state) for row, state in zip(rows, states, strict=True)]
    closed = _closed(tops, children, {row.path: state for row, state in zip(rows, states, strict=True)})
    ahead = [] if order.problems or status.phase in _OVER else _open(tops, children, closed)
    lines = [line for row in ahead for line in built(row, children, when_short)]
    refuse_if(order.problems)
    sent = Order(id=order_id, placed_at=placed_at, lines=lines, currency=found)
    return OmsOrderUpdate(order=sent, status=status, lines=[line for line in said if line is not None])


def _line(row: Row, status: OmsItemStatus) -> OmsOrderLine | None:
    """Return the line as it was sent; ``None`` if it has problems."""
    return row.fields.build(
        OmsOrderLine,
        id=row.id,
        sku=row.sku,
        quantity=row.quantity,
        status=status,
        line_number=row.number or "",
        original_line_number=row.fields.read("original_line_number", identifier, default=""),
        allocations=row.fields.read("total_source_allocations", count, default=None),
        source_location=row.fields.read("source_location", identifier, default=""),
        pickup_location=row.fields.read("pickup_location", identifier, default=""),
        promised=row.fields.read("promise_delivery_date", utc_instant, default=None),
    )


def _closed(tops: Sequence[Row], children: Children, states: Mapping[str, OmsItemStatus]) -> set[str]:
    """Return the lines that are closed, and with a bundle the parts of it that say nothing of themselves."""
    closed = set()
    for row in below(tops, children):
        if states[row.path].state in _CLOSED:
            closed.add(row.path)
        if row.path in closed:
            closed.update(child.path for child in children.get(row.path, ()) if not states[child.path].code)
    return closed


def _open(tops: Sequence[Row], children: Children, closed: set[str]) -> Iterator[Row]:
    """Yield the lines of which all is open, and of the others what is open of their parts, each by itself."""
    broken = set(closed)
    for row in reversed(below(tops, children)):  # what a bundle holds comes before it
        if any(child.path in broken for child in children.get(row.path, ())):
            broken.add(row.path)
    ahead = list(reversed(tops))
    while ahead:
        row = ahead.pop()
        if row.path not in broken:
            yield row
        else:
            ahead.extend(_heir(child, row) for child in reversed(children.get(row.path, ())))


def _heir(child: Row, bundle: Row) -> Row:
    street, when_short = child.street_date or bundle.street_date, child.when_short or bundle.when_short
    return attrs.evolve(child, street_date=street, when_short=when_short)


@attrs.frozen(kw_only=True, field_transformer=checked)
class OmsBundleRule:
    """Which rule a bundle is sourced by.

    Attributes:
        line_id: The line that is the bundle.
        sku: Its SKU.
        code: The rule as it was sent; empty if the bundle names none and that of its aggregate counts.
        source: What it says; ``None`` if there is none or it is not known.

    Raises:
        InvalidArgument: If a field breaks its rule.
    """

    line_id: str = attrs.field(metadata=rule(text))
    sku: str = attrs.field(metadata=rule(text))
    code: str = attrs.field(default="", metadata=rule(text, empty=True))
    source: BundleSource | None = attrs.field(default=None, metadata=rule(optional, check=member, of=BundleSource))


def read_bundle_rules(document: str | bytes, /) -> tuple[OmsBundleRule, ...]:
    """Read by which rule each bundle of an order is sourced, from any of its messages.

    Args:
        document: A create, created or updated message, as text or UTF-8 bytes.

    Returns:
        One for each BUNDLE line, those inside others too, in the order of the message.

    Raises:
        InvalidDocument: If it is no such message, or a BUNDLE line has problems.

    Source:
        Adobe Commerce OMS, the pages on bundles: the rule is a custom attribute of the bundle's line, and SHIPTOGETHER
        is the one that is shown there. Two more are named where an aggregate is set up.

    Examples:
        The rule that is known, and one that is kept as it was sent:

        >>> from preorder_kit.adapters.adobe_oms import read_bundle_rules
        >>> document = '''{"order": {"lines": [
        ...     {"id": "1", "product_type": "BUNDLE", "sku": "SET", "custom_attributes": [
        ...         {"name": "mom_srcrr_FilterSourceBundleFromOneSource", "value": "SHIPTOGETHER"}]},
        ...     {"id": "2", "product_type": "BUNDLE", "sku": "BOX", "custom_attributes": [
        ...         {"name": "mom_srcrr_FilterSourceBundleFromOneSource", "value": "AS_YOU_LIKE"}]}]}}'''
        >>> for found in read_bundle_rules(document):
        ...     print(found.sku, found.code, found.source)
        SET SHIPTOGETHER one_location
        BOX AS_YOU_LIKE None
    """
    order = opened(document, _ORDER)
    lines = [
        fields for fields in order.objects("lines", least=1) if fields.read("product_type", _is_bundle, default=False)
    ]
    found = [_bundle_rule(fields) for fields in lines]
    refuse_if(order.problems)
    return tuple(one for one in found if one is not None)


def _is_bundle(value: object, _path: str) -> bool:
    return isinstance(value, str) and value.strip().upper() == "BUNDLE"


def _bundle_rule(fields: Fields) -> OmsBundleRule | None:
    named = ""
    for names, attribute in attributes(fields):
        if BUNDLE_RULE.lower() in names:
            named = attribute.read("value", word, default="")
    return fields.build(
        OmsBundleRule,
        line_id=fields.read("id", identifier),
        sku=fields.read("sku", identifier),
        code=named,
        source=BUNDLE_SOURCES.get(named.upper()),
    )


def sourcing_rules_for(bundle_rules: Sequence[OmsBundleRule], /, *, rules: SourcingRules) -> SourcingRules:
    """Return the rules by which an order is sourced whose bundles say so themselves.

    Args:
        bundle_rules: Those of the bundles of one order. One that is empty or not known says nothing.
        rules: The rules of the shop, which hold where no bundle says anything.

    Returns:
        The rules with what the bundles say.

    Raises:
        InvalidArgument: If an argument is of another type.

    Examples:
        A shop that sends bundles from anywhere, and one that must ship together:

        >>> from preorder_kit import BundleSource, SourcingRules
        >>> from preorder_kit.adapters.adobe_oms import OmsBundleRule, sourcing_rules_for
        >>> shop = SourcingRules(bundles="several")
        >>> together = OmsBundleRule(line_id="1", sku="SET", code="SHIPTOGETHER", source="one_location")
        >>> sourcing_rules_for([together], rules=shop).bundles.value
        'one_location'
        >>> sourcing_rules_for([], rules=shop).bundles.value
        'several'
    """
    found = sequence(bundle_rules, "bundle_rules", check=instance, of=OmsBundleRule)
    said = {one.source for one in found} - {None}
    instance(rules, "rules", of=SourcingRules)
    if BundleSource.ONE_LOCATION in said:
        return attrs.evolve(rules, bundles=BundleSource.ONE_LOCATION)
    return attrs.evolve(rules, bundles=BundleSource.SEVERAL) if said else rules


FORMATS = (
    WireFormat(
        name="adobe-oms-order-updated",
        holds="an order again, with the statuses of its lines",
        recognises=lambda root: (
            is_message(root, UPDATED, "lines", "origin_date") and (held(root, "method") is not None or has_status(root))
        ),
        read=read_order_updated,
        order_of=attrgetter("order"),
    ),
)
