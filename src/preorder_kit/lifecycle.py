"""What a part of an order becomes as days pass and stock arrives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from ._checks import FrozenMapping, instance, instant, mapping, member, refused, sequence, text, unique
from ._lifecycle import (
    GUARDS,
    TRANSITIONS,
    Effect,
    EffectKind,
    EffectReason,
    HeldPart,
    Origin,
    PartAction,
    PartState,
    advanced,
    awaited,
    effect_for,
    effects_of,
)
from ._street_moves import MovedLine, StreetDateMove, UnmovedLine, UnmovedReason, moved_items
from ._waves import Wave, WavePolicy, mended, not_held, released, serve, set_aside
from .orders import Order
from .quantities import UNLIMITED, Quantity, _quantity
from .splitting import Part

__all__ = [
    "GUARDS",
    "TRANSITIONS",
    "Effect",
    "EffectKind",
    "EffectReason",
    "HeldPart",
    "MovedLine",
    "Origin",
    "PartAction",
    "PartState",
    "StreetDateMove",
    "UnmovedLine",
    "UnmovedReason",
    "Wave",
    "WavePolicy",
    "advance",
    "move_street_date",
    "part_effects",
    "sourcing_wave",
]


def advance(held: HeldPart, /, *, action: PartAction, at: dt.datetime) -> HeldPart:
    """Let something happen to a part.

    `TRANSITIONS` is all that may happen, and `GUARDS` what must hold for it: a part is released at its street date and
    not before, and ships only when it was picked and paid. Picking and paying leave a part in its state; what was
    picked or paid first counts. To allocate and to backorder is an attempt; a vain one counts once for each instant.
    Stock that is lost has to be picked again. A hold stops none of this: it keeps a wave from serving the part, and a
    part that is ALLOCATED already goes on. To stop that one, do not ship it, cancel it, or give its stock back by
    LOSE_STOCK while it is on hold. A digital part, too, ships only when it was picked (its code was taken, say) and
    paid.

    A part that is UNFULFILLABLE or CANCELLED takes no payment. If money comes in late, reopen the unfulfillable part
    and let it be paid, or keep ``attrs.evolve(held, paid=at)``, so that it is asked for no second time; what comes in
    for a cancelled part goes back to whoever paid.

    Args:
        held: The part.
        action: What happens.
        at: When; it is what a pick, a payment and an attempt are dated.

    Returns:
        The part after it. ``held`` itself does not change.

    Raises:
        InvalidArgument: If the part's state does not allow the action (``action.illegal``), or what it needs does not
            hold yet (``action.too_early``); the message names the actions that the state allows. Likewise if an
            argument is of another type.

    Source:
        Adobe Commerce OMS on pre-orders: held back until the street date, then sourced, and backordered without stock.

    Examples:
        A pre-order from its street date until it leaves:

        >>> import datetime as dt
        >>> from preorder_kit import Part, PartLine
        >>> from preorder_kit import HeldPart, advance
        >>> street = dt.datetime(2019, 2, 5, tzinfo=dt.timezone.utc)
        >>> line = PartLine(line_id="1", sku="CD", quantity=2)
        >>> part = Part(id="O1/street/1", order_id="O1", kind="await_street_date", lines=[line], street_date=street)
        >>> held = HeldPart(part=part, placed_at=street - dt.timedelta(days=40))
        >>> for action in ["release", "allocate", "pick", "pay", "ship"]:
        ...     held = advance(held, action=action, at=street)
        ...     print(held.state)
        due
        allocated
        allocated
        allocated
        shipped

        What its state does not allow is refused, and the part stays as it is:

        >>> from preorder_kit import InvalidArgument
        >>> try:
        ...     advance(HeldPart(part=part, placed_at=street), action="ship", at=street)
        ... except InvalidArgument as error:
        ...     print(error)
        action: cannot ship a part in state held; allowed: cancel, pay, release
    """
    instance(held, "held", of=HeldPart)
    return advanced(held, member(action, "action", of=PartAction), instant(at, "at"))


def part_effects(held: HeldPart, /) -> tuple[Effect, ...]:
    """Return what is to be done outside because of the state that a part is in.

    - ALLOCATED: create the shipment, and capture the money unless it is paid, once in the life of the part.
    - BACKORDERED: tell whoever ordered it, once in the life of the part; not if the part was to wait for stock anyhow,
      for that was said with the order.
    - UNFULFILLABLE: tell the shop and whoever ordered it. It is not cancelled: the shop cancels it, or reopens it.
    - CANCELLED: end what was begun for it, a shipment or an authorisation, and say so.

    Effects come from the part alone, so that asking again gives the same ones with the same keys. A key names the part,
    the state and the attempt; what is meant once in the life of the part has no attempt in it. Keep the keys that are
    done, and do nothing twice. Save a payment before stock is lost or anything else happens to the part: what a later
    wave grants out of it is a part of its own, with keys of its own, and is taken for unpaid if the whole was.

    Args:
        held: The part.

    Returns:
        The effects; none in the other states.

    Raises:
        InvalidArgument: If ``held`` is no `HeldPart`.

    Examples:
        Stock was set aside at the second attempt; once it is paid, nothing is captured:

        >>> import datetime as dt
        >>> import attrs
        >>> from preorder_kit import Part, PartLine
        >>> from preorder_kit import HeldPart, part_effects
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> line = PartLine(line_id="1", sku="CD", quantity=2)
        >>> part = Part(id="O1/stock", order_id="O1", kind="await_stock", lines=[line])
        >>> held = HeldPart(part=part, placed_at=now, state="allocated", attempts=2)
        >>> [effect.key for effect in part_effects(held)]
        ['O1/stock:allocated:2:create_shipment', 'O1/stock:allocated:capture']
        >>> [effect.kind.value for effect in part_effects(attrs.evolve(held, paid=now))]
        ['create_shipment']
    """
    return tuple(effects_of(instance(held, "held", of=HeldPart)))


_DEFAULT = WavePolicy()


def sourcing_wave(
    parts: Iterable[HeldPart],
    /,
    *,
    available: Mapping[str, Quantity],
    at: dt.datetime,
    policy: WavePolicy = _DEFAULT,
) -> Wave:
    """Release what is due, share out what is there among the parts that wait, and say what follows.

    1. A part that is HELD becomes DUE if its street date is reached or it has none.
    2. What is there and set aside for no ALLOCATED part is shared out by `allocate` among the goods of the parts that
       are DUE or BACKORDERED. Parts stand in the queue as their orders do; in one order, by part id and line id. Parts
       that are HELD or on hold stand in it too, and take nothing.
    3. A part that gets all of its goods is ALLOCATED. One that gets none is BACKORDERED, a street date that is reached
       without stock included. One that gets some is divided: what was granted becomes a part of its own,
       ``<part>/granted/<attempt>``, which is ALLOCATED, and the rest keeps the id and is BACKORDERED. Bundles are
       divided by whole units; fees and digital goods need no stock and go with what is granted first. A part of
       nothing else is ALLOCATED as soon as it is due and not on hold: it stands in no queue, waits for no other part of
       its order, and has no decision.
    4. A vain attempt is counted, once for each instant. With so many in a row as the policy allows a part is
       UNFULFILLABLE, and so is one that the room calls so. What was kept waiting by a hold, or by the street date of a
       part that it is served together with, was not tried; nor is what is DUE tried at an instant before its street
       date. A hold does not touch what is ALLOCATED.

    All parts of an order that ships complete wait for one another, wherever they go, and where one has been given up
    the others are, too: reopen all of them, or cancel what was given up. Run the next wave at a later instant: at the
    same one, parts that are still given up stand in the queue as they did. That lines of a part belong to one
    ``ship_group`` is not considered, nor at which location anything is: run one wave for each location with its parts.

    Save the parts of each entry of ``Wave.replaced`` at once, or the first one first, and the effects in any order.
    However much of that was saved when a run breaks off, run the wave again with what was saved, the same stock and the
    same ``at``: no unit is lost, none is granted twice, and the effects have the same keys. A later ``at`` is a new
    wave of what was saved: it counts one more attempt of what had been tried in vain, which may be the last, and what
    comes due or overdue by then does.

    The keys are the same only if the queue does not depend on what was saved. With ``ration`` it does, since a fair
    share depends on all claims; so it does with a key of your own that reads quantities, and with whole orders
    (``unit`` ORDER, or orders that ship complete) by EARLIEST_STREET_DATE if their parts wait for different dates. Save
    such a wave whole, or not at all. Otherwise still no unit is lost or granted twice, but keys may differ, and some of
    an order that ships complete may be served without the rest.

    What was granted names in its `Origin` the units that left the other part, and by that a part whose entry was saved
    in half is put right. So hand in each part that has an origin until the part that it came out of is saved with a
    ``last_grant`` of at least ``origin.attempt``, even if it has shipped; only then may it be left out. And if an order
    is split again, carry what is known of a part over into the new one that takes its place, by
    ``attrs.evolve(held, part=new)``: a fresh `HeldPart` with the same id would be taken for one from before the grants,
    and lose those units again, or repeat their ids and keys.

    Args:
        parts: Parts on their way, in any order; ALLOCATED ones must be among them, for they hold stock, and of orders
            that ship complete all parts that are open or given up. Others that are SHIPPED, CANCELLED or UNFULFILLABLE
            may be; they stay as they are.
        available: SKU on a shelf -> all units that are physically there, what allocated parts hold included. Of a SKU
            that is not named, nothing is there.
        at: Now.
        policy: The shop's rules.

    Returns:
        The wave. The units of each line in ``parts`` are what they were; allocated parts hold no more of a SKU than is
        there, unless they did before. The same wave run again on its own result changes nothing and yields the same
        effects. Shuffling ``parts`` changes nothing but the order of what is returned.

    Raises:
        InvalidArgument: If an argument is of another type, two parts have the same id, ``policy`` rations and a part
            holds bundles or is to ship complete, a part holds no more than what was granted out of it
            (``part.excess``), or what is granted out of one would get an id that is taken, for its attempts were not
            carried over (``id.repeated``).

    Source:
        Adobe Commerce OMS: a pre-order is sourced at its street date, is a backorder without stock, and is tried again
        in every sourcing wave; a backorder beyond a threshold of days is reported. fulfillmenttools: what waits in vain
        becomes unroutable.

    Examples:
        Five ordered before the street date, three there: two wait on for the next wave.

        >>> import datetime as dt
        >>> from preorder_kit import Part, PartLine
        >>> from preorder_kit import HeldPart, sourcing_wave
        >>> street = dt.datetime(2019, 2, 5, tzinfo=dt.timezone.utc)
        >>> line = PartLine(line_id="1", sku="CD", quantity=5)
        >>> part = Part(id="O1/street", order_id="O1", kind="await_street_date", lines=[line], street_date=street)
        >>> held = HeldPart(part=part, placed_at=street - dt.timedelta(days=40))
        >>> wave = sourcing_wave([held], available={"CD": 3}, at=street)
        >>> for one in wave.parts:
        ...     print(one.part.id, one.part.lines[0].quantity, one.state)
        O1/street/granted/1 3 allocated
        O1/street 2 backordered
        >>> for effect in wave.effects:
        ...     print(effect.key)
        O1/street/granted/1:allocated:1:create_shipment
        O1/street/granted/1:allocated:capture
        O1/street:backordered:notify

        The three are still on the shelf, and nobody gets them twice:

        >>> again = sourcing_wave(wave.parts, available={"CD": 3}, at=street)
        >>> again.parts == wave.parts, again.effects == wave.effects
        (True, True)
    """
    held = sequence(parts, "parts", check=instance, of=HeldPart)
    unique((one.part.id for one in held), "parts[{}].part.id", what="the ids of parts")
    there = mapping(available, "available", key=text, check=_quantity)
    now = instant(at, "at")
    instance(policy, "policy", of=WavePolicy)
    due = [released(one, now) for one in mended(held)]
    served = serve(due, available=there, at=now, policy=policy.allocation, max_attempts=policy.max_attempts)
    after = tuple(one for replacements in served.after for one in replacements)
    _told_apart(held, served.after)
    overdue = tuple(one.part.id for one in after if _is_overdue(one, now, policy.report_after))
    holders = set_aside(after)
    return Wave(
        parts=after,
        effects=_effects(after, frozenset(overdue)),
        decisions=served.decisions,
        overdue=overdue,
        replaced=FrozenMapping(
            {one.part.id: new for one, new in zip(held, served.after, strict=True) if new != (one,)}
        ),
        left_over=FrozenMapping(not_held(there, holders)),
        oversold=FrozenMapping(_oversold(there, holders)),
    )


def _told_apart(before: Sequence[HeldPart], after: Sequence[tuple[HeldPart, ...]]) -> None:
    """Refuse parts of which one would get the id of another when it is divided."""
    taken = {held.part.id for held in before}
    for place, new in enumerate(after):
        for granted in new[:-1]:
            if granted.part.id in taken:
                requirement = f"must be carried over, for {granted.part.id} was granted before; last_grant, too"
                raise refused(f"parts[{place}].attempts", requirement, before[place].attempts, code="id.repeated")


def _is_overdue(held: HeldPart, at: dt.datetime, report_after: dt.timedelta | None) -> bool:
    if report_after is None or held.state is not PartState.BACKORDERED:
        return False
    return at - max(held.placed_at, awaited(held.part) or held.placed_at) >= report_after


def _effects(parts: Sequence[HeldPart], overdue: frozenset[str]) -> tuple[Effect, ...]:
    found: list[Effect] = []
    for held in parts:
        found += effects_of(held)
        if held.part.id in overdue:
            found.append(effect_for(held, EffectKind.NOTIFY, EffectReason.OVERDUE))
    return tuple(found)


def _oversold(available: Mapping[str, Quantity], held: Mapping[str, int]) -> dict[str, int]:
    """Return by how many units more of each SKU are set aside than are there."""
    beyond: dict[str, int] = {}
    for sku, taken in sorted(held.items()):
        there = available.get(sku, 0)
        if there is not UNLIMITED and taken > there:
            beyond[sku] = taken - there
    return beyond


def move_street_date(
    orders_or_parts: Iterable[Order | Part | HeldPart],
    /,
    *,
    sku: str,
    street_date: dt.datetime,
    at: dt.datetime,
) -> StreetDateMove:
    """Move the street date of every pre-order of a SKU that is not released yet.

    A line of the SKU moves its own street date; one that has the SKU anywhere in its recipe moves that component's.
    What was ordered without a street date never gets one, nor does a component that only inherits one. What was
    released stays so: its street date is reached, or its part is no longer HELD.

    A part waits for the latest of its lines. If its order ships complete, all goods of it that are handed in go on
    waiting for the latest of theirs. Else lines that wait for another date than before leave their part for one of
    their own, so that no unit waits for nothing; what is left keeps the part's id. A part for another date has the id
    that a split gives it, with ``/2`` and so on behind it if that is taken, and neither ``ready`` nor ``delivery``:
    promise it anew. An id that no split gives stays, or gets ``/street/<date>`` behind it for what leaves. Fees go with
    the first goods.

    Which lines of a part were ordered with a street date is in its order: hand that in with it. Without it, all lines
    of a part that waits for a street date are taken to, but for fees. That a shop's rules made lines wait for one
    another (groups, mixed carts, a bound on parts) is not considered: split the moved order again.

    Args:
        orders_or_parts: What is to be moved, in any mixture; for the ids, all parts of an order at once.
        sku: The SKU, of a line or inside a bundle.
        street_date: The first instant at which it may leave now; earlier or later than before. A date that is reached
            already leaves a part HELD until the next sourcing wave releases it.
        at: Now.

    Returns:
        What is there now, and for each line of the SKU what changed, or why not. No unit is lost. Save each entry of
        ``replaced`` at once, delete the old id if it is not among those of its parts, and save orders after their
        parts: then what broke off is finished when it is run again, and what is saved stays as it is.

    Raises:
        InvalidArgument: If an argument is of another type, or two parts have the same id; a pre-order cannot lose its
            street date.

    Source:
        Adobe Commerce OMS, preorder management: a change of the street date is by SKU and moves all of its pre-orders;
        a line that was created without one does not get one.

    Examples:
        The supplier is a month late. One order has the CD by itself, one in a box, and one was for stock:

        >>> import datetime as dt
        >>> from preorder_kit import Component, Order, OrderLine
        >>> from preorder_kit import move_street_date
        >>> now = dt.datetime(2019, 1, 20, tzinfo=dt.timezone.utc)
        >>> feb, mar = dt.datetime(2019, 2, 5, tzinfo=dt.timezone.utc), dt.datetime(2019, 3, 5, tzinfo=dt.timezone.utc)
        >>> box = [Component("CD", street_date=feb), Component("BOOK")]
        >>> lines = [
        ...     OrderLine(id="1", sku="CD", quantity=1, street_date=feb),
        ...     OrderLine(id="2", sku="BOX", quantity=1, components=box),
        ...     OrderLine(id="3", sku="CD", quantity=1),
        ... ]
        >>> order = Order(id="O1", placed_at=now, lines=lines)
        >>> move = move_street_date([order], sku="CD", street_date=mar, at=now)
        >>> [(line.line_id, line.after.isoformat()) for line in move.changed]
        [('1', '2019-03-05T00:00:00+00:00'), ('2', '2019-03-05T00:00:00+00:00')]
        >>> [(line.line_id, line.reason.value) for line in move.unchanged]
        [('3', 'no_street_date')]

        Two pre-orders waited in one part; the one that moved waits by itself:

        >>> from preorder_kit import Supply, split_order
        >>> lines = [OrderLine(id=sku, sku=sku, quantity=1, street_date=feb) for sku in ["CD", "LP"]]
        >>> order = Order(id="O2", placed_at=now, lines=lines)
        >>> plan = split_order(order, supply=Supply(on_hand={}), at=now)
        >>> [part.id for part in plan.parts]
        ['O2/street/20190205T000000Z']
        >>> move = move_street_date([order, *plan.parts], sku="CD", street_date=mar, at=now)
        >>> for old, parts in move.replaced.items():
        ...     print(old, "->", [part.id for part in parts])
        O2/street/20190205T000000Z -> ['O2/street/20190205T000000Z', 'O2/street/20190305T000000Z']
    """
    items = sequence(orders_or_parts, "orders_or_parts", check=instance, of=(Order, Part, HeldPart))
    return moved_items(
        items, sku=text(sku, "sku"), street_date=instant(street_date, "street_date"), at=instant(at, "at")
    )
