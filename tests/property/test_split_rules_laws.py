"""Laws of `split_order` with bundles, rules and locations.

- agreement: each unit gets what a count of every unit by itself, on plain dicts, says; so with room and whole lines
- no split that is allowed gives an earlier line more, nor lets more of it wait
- dividing a line into adjacent ones changes no totals, unless lines are whole
- more stock never gives the first line that differs fewer units, where nothing is bundled; with bundles it can
- units that leave now are the units that are promised from stock
- a mapping of one location is that location, with its name; empty ones beside it change nothing
- of several locations none gives more of a SKU than it may, and units that leave are those that sourcing serves
- what has shipped is not asked for again, and its ids are not given again
- what leaves now and is split again by itself, from the same stock, is the same part
- hold is to ship complete; refuse is to split, or to cancel all for it, where not all goods could leave at one time
- no more parts than there may be, unless none of them can wait for another; all that is merged waits for its latest
- conservation, whatever the rules; nothing before its street date; ids are unique, parts in their order
- the order of receipts and commitments is no meaning, whatever the rules
"""

import datetime as dt
from collections import Counter
from functools import cache
from itertools import combinations, product

import attrs
from hypothesis import given
from hypothesis import strategies as st

from preorder_kit import (
    MON_TO_FRI,
    UNLIMITED,
    BundleSplit,
    CancelReason,
    Commitment,
    Component,
    LeadTime,
    LineKind,
    MixedCart,
    Order,
    OrderLine,
    PartKind,
    PromiseKind,
    Receipt,
    ShippingTimes,
    ShipPolicy,
    SplitRules,
    Supply,
    WhenShort,
    available_now,
    is_released,
    line_street_date,
    needs,
    promise_order,
    ship_together,
    split_order,
)
from preorder_kit.sourcing import SourcingRules, source_order
from preorder_kit.splitting import part_order
from preorder_kit.testing import World, components, locations, sourcing_rules, split_rules, worlds

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
PAST, SOON, LATER = (NOW + dt.timedelta(days=days) for days in (-5, 70, 90))
SMALL = ("A", "B", "C")
WAITING = {PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK}


PARTS = [
    Component(sku, units, street_date=street, when_short=when_short)
    for sku in SMALL
    for units in (1, 1, 2)
    for street in (*[None] * 14, PAST, SOON)
    for when_short in (None, *WhenShort)
]
BOXES = [
    Component("BOX", 2, components=[Component("A"), Component("B", 2)]),
    Component("BOX", 1, components=[Component("B", when_short="cancel"), Component("CODE", kind="digital")]),
    Component("BOX", 2, components=[Component("C"), Component("A", when_short="wait")], when_short="cancel"),
]


@cache
def small_recipes(longest):
    """Return recipes, none at all among them; some hold others, or what needs no stock."""
    return st.lists(st.sampled_from([*PARTS, *BOXES * 5]), max_size=longest)


@cache
def small_lines(longest=3, most=4, streets=(*[None] * 6, PAST, SOON, LATER)):
    return st.builds(
        small_line,
        small_recipes(longest) if longest else st.just(()),
        st.sampled_from(list(product(SMALL, range(1, most + 1), WhenShort, streets))),
    )


def small_line(recipe, what):
    sku, quantity, when_short, street = what
    name = ("KIT" if sku == "A" else "SET") if recipe else sku
    return OrderLine(id="1", sku=name, quantity=quantity, components=recipe, when_short=when_short, street_date=street)


def small_orders(lines, most=4, **fields):
    return st.lists(lines, min_size=1, max_size=most).map(lambda found: order_of(found, **fields))


def order_of(lines, **fields):
    numbered = [attrs.evolve(line, id=str(place)) for place, line in enumerate(lines, 1)]
    return Order(id="O1", placed_at=NOW, lines=numbered, **fields)


UNITS = (0, 0, 1, 2, 3, 5, 8)  # often too little
STOCKS = st.sampled_from([dict(zip(SMALL, units, strict=True)) for units in product(UNITS, repeat=3)])
ROOMS = st.sampled_from(
    [{}, {}, {"SET": 0}, {"SET": 1}, {"SET": 2, "KIT": 1}, {"SET": 3, "KIT": 2}, {"A": 0}, {"A": 2, "B": 1, "KIT": 1}]
)


def recipe_of(line):
    """Return SKU -> how many a unit needs and whether it may wait for it, and the street date in force."""
    counts, bound, streets = Counter(), set(), [line.street_date]

    def walk(component, times, when_short):
        when_short = component.when_short or when_short
        streets.append(component.street_date)
        if component.kind is LineKind.GOODS and not component.components:
            counts[component.sku] += times * component.quantity
            if when_short is WhenShort.CANCEL:
                bound.add(component.sku)
        for inner in component.components if component.kind is LineKind.GOODS else ():
            walk(inner, times * component.quantity, when_short)

    for component in line.components or (Component(line.sku),):
        walk(component, 1, line.when_short)
    street = max((found for found in streets if found), default=None)
    return counts, set() if street else bound, street


class OneByOne:
    """Every unit by itself, in its turn, from plain dicts."""

    def __init__(self, stock, room, whole):
        self.left, self.room, self.whole = dict(stock), dict(room), whole

    def fates(self, line):
        """Return the fate of each unit of a line: here, waiting, or a reason; and take what these hold."""
        each, bound, street = recipe_of(line)
        fates = self.judged(line.quantity, each, bound, street)
        if self.whole and line.components and set(fates) != {"here"}:
            fates = self.judged(line.quantity, each, bound, street, nothing_leaves=True)
            fates = ["out_of_stock"] * line.quantity if "out_of_stock" in fates else fates
        if (
            street is None
            and self.whole
            and line.components
            and self.room.get(line.sku, UNLIMITED) < fates.count("waiting")
        ):
            fates = ["backorder_limit"] * line.quantity
        elif street is None:
            fates = [self.with_room(line, fate) for fate in fates]
        for fate in fates:
            held = each if fate == "here" else bound if fate == "waiting" else ()
            for sku in held:
                self.left[sku] -= each[sku]
        return Counter(fates)

    def judged(self, units, each, bound, street, nothing_leaves=False):
        left, fates = dict(self.left), []
        for _ in range(units):
            short = {sku for sku in each if left[sku] < each[sku]}
            if not short and not nothing_leaves:
                fates.append("here")
            elif street or short.isdisjoint(bound):
                fates.append("waiting")
            else:
                fates.append("out_of_stock")
                continue
            for sku in each if fates[-1] == "here" else bound:
                left[sku] -= each[sku]
        return fates

    def with_room(self, line, fate):
        if fate != "waiting" or line.sku not in self.room:
            return fate
        if self.room[line.sku] == 0:
            return "backorder_limit"
        self.room[line.sku] -= 1
        return fate


def fates_of(plan):
    """Return (line, fate) -> units, as a plan has it; what waits for a street date is waiting."""
    found = Counter()
    for part in plan.parts:
        fate = "here" if part.kind is PartKind.SHIP_NOW else "waiting"
        found.update({(line.line_id, fate): line.quantity for line in part.lines})
    for cut in plan.cancelled:
        found[cut.line_id, cut.reason.value] += cut.quantity
    return found


def counted(order, stock, room, rules):
    counting, found = OneByOne(stock, room, rules.bundles is BundleSplit.WHOLE_LINE), Counter()
    for line in order.lines:
        street = recipe_of(line)[2]
        for fate, units in counting.fates(line).items():
            ahead = street is not None and street > NOW
            found[line.id, "waiting" if ahead and fate == "here" else fate] += units
    return found


def split(order, stock, **facts):
    return split_order(order, supply=Supply(on_hand=stock), at=NOW, **facts)


@given(small_orders(small_lines()), STOCKS, ROOMS, st.builds(SplitRules, bundles=st.sampled_from(BundleSplit)))
def test_each_unit_gets_what_a_count_of_every_unit_by_itself_says(order, stock, room, rules):
    assert fates_of(split(order, stock, room=room, rules=rules)) == counted(order, stock, room, rules)


def gains(order, stock, room):
    """Yield, line by line, how many units leave and how many wait, for each split that is allowed."""
    kinds = [recipe_of(line) for line in order.lines]
    counts = [range(line.quantity + 1) for line in order.lines]
    ways = [[(go, wait) for go, wait in product(units, units) if go + wait < len(units)] for units in counts]
    for chosen in product(*ways):
        held, waiting = Counter(), Counter()
        for line, (each, bound, street), (go, wait) in zip(order.lines, kinds, chosen, strict=True):
            held.update({sku: go * units for sku, units in each.items()})
            held.update({sku: wait * each[sku] for sku in bound})
            waiting[line.sku] += wait if street is None else 0
        if all(held[sku] <= stock[sku] for sku in held) and all(waiting[sku] <= room[sku] for sku in room):
            yield chosen


def out(line):
    """Return a line that is out: its components wait for no street date."""
    return attrs.evolve(line, components=[attrs.evolve(part, street_date=None) for part in line.components])


RELEASED = small_lines(most=3, streets=(None, None, PAST)).map(out)


@given(small_orders(RELEASED, most=3), STOCKS, ROOMS)
def test_no_split_that_is_allowed_gives_an_earlier_line_more(order, stock, room):
    fates = fates_of(split(order, stock, room=room))
    best = max(gains(order, stock, room))
    assert [(fates[line.id, "here"], fates[line.id, "waiting"]) for line in order.lines] == list(best)


def totals(plan, names):
    """Return (line, kind, street date) -> units, the lines by the names that they had."""
    found = Counter()
    for part in plan.parts:
        for line in part.lines:
            found[names[line.line_id], part.kind, part.street_date] += line.quantity
    for cut in plan.cancelled:
        found[names[cut.line_id], "cancelled", None] += cut.quantity
    return found


@given(small_orders(small_lines()), STOCKS, ROOMS, st.data())
def test_dividing_a_line_changes_no_totals(order, stock, room, data):
    lines, names = [], {}
    for line in order.lines:
        cut = data.draw(st.integers(1, line.quantity))
        for place, units in enumerate(found for found in (cut, line.quantity - cut) if found):
            lines.append(attrs.evolve(line, id=f"{line.id}.{place}", quantity=units))
            names[lines[-1].id] = line.id
    divided = attrs.evolve(order, lines=lines)
    whole = {line.id: line.id for line in order.lines}
    assert totals(split(divided, stock, room=room), names) == totals(split(order, stock, room=room), whole)
    # Without room, each unit is also cancelled for the same reason.
    reasons = [
        Counter((names[cut.line_id], cut.reason) for cut in split(found, stock).cancelled for _ in range(cut.quantity))
        for found, names in ((divided, names), (order, whole))
    ]
    assert reasons[0] == reasons[1]


def leaving(order, plan):
    fates = fates_of(plan)
    return [fates[line.id, "here"] for line in order.lines]


@given(small_orders(small_lines(longest=0, streets=(None, PAST)), most=6), STOCKS, st.sampled_from(SMALL))
def test_more_stock_never_gives_the_first_line_that_differs_fewer_units(order, stock, sku):
    more = stock | {sku: stock[sku] + 1}
    assert leaving(order, split(order, more)) >= leaving(order, split(order, stock))


@given(small_orders(RELEASED), STOCKS, ROOMS, st.sampled_from(SMALL))
def test_more_stock_never_serves_the_first_line_that_differs_less(order, stock, room, sku):
    def served(found):
        fates = fates_of(split(order, found, room=room))
        return [(fates[line.id, "here"], fates[line.id, "waiting"]) for line in order.lines]

    assert served(stock | {sku: stock[sku] + 1}) >= served(stock)


def test_more_stock_can_let_a_bundle_wait_with_what_another_line_would_have_got():
    parts = [Component("A", 2), Component("B", when_short="wait")]
    lines = [OrderLine(id="1", sku="SET", quantity=1, components=parts), OrderLine(id="1", sku="A", quantity=1)]
    order = order_of(lines)
    assert fates_of(split(order, {"A": 1})) == {("1", "out_of_stock"): 1, ("2", "here"): 1}
    assert fates_of(split(order, {"A": 2})) == {("1", "waiting"): 1, ("2", "out_of_stock"): 1}


ADDRESSES = ("", "home", "work")
ORDER = [PartKind.DIGITAL, PartKind.SHIP_NOW, PartKind.AWAIT_STREET_DATE, PartKind.AWAIT_STOCK]
TIMES = st.sampled_from(
    [
        ShippingTimes(handling=LeadTime(0, 1), transit=LeadTime(1, 2)),
        ShippingTimes(handling=LeadTime(0, 1, MON_TO_FRI), transit=LeadTime(1, 3), inbound=LeadTime(1, 2)),
    ]
)


DAYS = [NOW.date() + dt.timedelta(days=days) for days in (0, 1, 5, 40, 80)]
COMING = [Receipt(sku=sku, quantity=units, expected=day) for sku in SMALL for units in (1, 4) for day in DAYS]
OWED = [
    Commitment(sku=sku, quantity=units, due=due, order_id=order_id)
    for sku in SMALL
    for units in (1, 3)
    for due in (None, *DAYS)
    for order_id in ("", "O1", "O2")
]


SHELVES = st.sampled_from(
    [dict(zip(SMALL, units, strict=True)) for units in product((-1, 0, 0, 1, 1, 2, 8, UNLIMITED), repeat=3)]
)
#: Supplies: some counts below 0 or without bound, what comes and what is owed, to the order too.
STOCKED = st.builds(
    Supply,
    on_hand=SHELVES,
    receipts=st.lists(st.sampled_from(COMING), max_size=2),
    commitments=st.lists(st.sampled_from(OWED), max_size=2),
    safety_stock=st.sampled_from([{}, {}, {"A": 1}, {"B": 2}]),
)


@cache
def lines_and_ways(groups):
    kinds = [*LineKind, *[LineKind.GOODS] * 3]
    lines = small_lines(streets=(None, None, PAST, SOON, LATER))
    ways = st.sampled_from(list(product(kinds, ADDRESSES, groups)))
    return st.lists(st.tuples(lines, ways), min_size=1, max_size=4)


@st.composite
def small_worlds(draw, groups=("", "", "g", "h"), ships=ShipPolicy):
    """Return worlds of several addresses, with fees and digital goods."""
    lines = []
    for line, (kind, ship_to, group) in draw(lines_and_ways(tuple(groups))):
        kind_of_line = LineKind.GOODS if line.components else kind
        lines.append(attrs.evolve(line, kind=kind_of_line, ship_to=ship_to, ship_group=group))
    order = order_of(lines, ship=draw(st.sampled_from(ships)))
    return World(order=order, supply=draw(STOCKED), times=draw(TIMES), at=NOW)


@cache
def up_to(most):
    return st.lists(STOCKED, min_size=1, max_size=most).map(lambda found: dict(zip("XYZ", found, strict=False)))


def planned(world, **facts):
    return split_order(world.order, **{"supply": world.supply, "at": world.at} | facts)


WORLDS, rules_of = small_worlds(), cache(split_rules)


@st.composite
def ruled(draw, worlds=None, several=None, **fixed):
    """Return a world, the locations and rules it meets, and the plan of it."""
    world = draw(WORLDS if worlds is None else worlds)
    found = draw(up_to(3) if several is None else several)
    rules = attrs.evolve(draw(rules_of(tuple(found))), **fixed)
    facts = {"supply": found, "rules": rules, "room": draw(ROOMS)}
    return world, facts, planned(world, **facts)


WIDE = worlds(addresses=ADDRESSES, groups=("", "", "g", "h"), recipes=components() | st.just(()))


def lines_of(world, part, kind=LineKind.GOODS):
    by_id = {line.id: line for line in world.order.lines}
    return [(by_id[held.line_id], held) for held in part.lines if by_id[held.line_id].kind is kind]


def units_by_line(plan):
    held = Counter()
    for part in plan.parts:
        held.update({line.line_id: line.quantity for line in part.lines})
    for cut in plan.cancelled:
        held[cut.line_id] += cut.quantity
    return held


def check_order_and_ids(world, facts, plan):
    parts = plan.parts
    assert all(part.lines for part in parts)
    assert len({part.id for part in parts}) == len(parts)
    assert [ORDER.index(part.kind) for part in parts] == sorted(ORDER.index(part.kind) for part in parts)
    streets = [part.street_date for part in parts if part.kind is PartKind.AWAIT_STREET_DATE]
    assert streets == sorted(streets)
    for part in parts:
        assert (part.street_date is not None) == (part.kind is PartKind.AWAIT_STREET_DATE)
        assert {line.ship_to for line, _ in lines_of(world, part)} <= {part.ship_to}
        assert part.kind is PartKind.SHIP_NOW or all(not line.picks for line in part.lines)
        assert part.location in {"", *facts["supply"]}


def check_street_dates(world, plan):
    for part in plan.parts:
        for line, _ in [*lines_of(world, part), *lines_of(world, part, LineKind.DIGITAL)]:
            if not is_released(line_street_date(line), at=world.at):
                assert part.kind is PartKind.AWAIT_STREET_DATE
                assert part.street_date >= line_street_date(line)


def may_give(world, facts, name, sku):
    supply = facts["supply"][name]
    promised = available_now(supply, sku=sku, day=world.at.astimezone(dt.timezone.utc).date(), but_for=world.order.id)
    there = min(max(0, supply.on_hand.get(sku, 0)), promised)
    return there if there is UNLIMITED else max(0, there - facts["rules"].sourcing.keep_back.get(name, 0))


def check_stock(world, facts, plan):
    """No location gives more than it may; what is put together from several is all there."""
    given_out = Counter()
    for part in plan.parts:
        for line, held in lines_of(world, part) if part.kind is PartKind.SHIP_NOW else ():
            whole = {(part.location, need.sku): held.quantity * need.quantity for need in needs(line)}
            picked = Counter()
            for pick in held.picks:
                picked[pick.location, pick.sku] += pick.quantity
            given_out.update(picked or whole)
            if picked:
                assert part.location == ""
                by_sku = Counter()
                for (_, sku), units in picked.items():
                    by_sku[sku] += units
                assert by_sku == {need.sku: held.quantity * need.quantity for need in needs(line)}
    assert all(units <= may_give(world, facts, name, sku) for (name, sku), units in given_out.items())


@given(st.one_of(ruled(), ruled(), ruled(), ruled(worlds=WIDE, several=locations())))
def test_every_unit_is_in_a_part_or_cancelled_and_each_part_can_leave_as_it_says_whatever_the_rules(found):
    world, facts, plan = found
    assert units_by_line(plan) == Counter({line.id: line.quantity for line in world.order.lines})
    check_order_and_ids(world, facts, plan)
    check_street_dates(world, plan)
    check_stock(world, facts, plan)


@given(ruled(), st.randoms(use_true_random=False))
def test_the_order_of_what_supplies_hold_is_no_meaning_whatever_the_rules(found, random):
    world, facts, plan = found

    def shuffled(items):
        return random.sample(list(items), len(items))

    turned = {
        name: Supply(
            on_hand=dict(shuffled(supply.on_hand.items())),
            receipts=shuffled(supply.receipts),
            commitments=shuffled(supply.commitments),
            safety_stock=dict(shuffled(supply.safety_stock.items())),
            replenishment=supply.replenishment,
        )
        for name, supply in facts["supply"].items()
    }
    assert planned(world, **facts, times=world.times) == planned(world, **facts | {"supply": turned}, times=world.times)
    assert planned(world, **facts) == plan


@given(ruled(several=up_to(1)))
def test_one_location_is_its_supply_but_for_its_name(found):
    world, facts, _ = found
    sourcing = attrs.evolve(facts["rules"].sourcing, keep_back={})
    rules, plain = (attrs.evolve(facts["rules"], sourcing=item) for item in (sourcing, SourcingRules()))
    named = planned(world, **facts | {"rules": rules}, times=world.times)
    alone = planned(world, **facts | {"supply": facts["supply"]["X"], "rules": plain}, times=world.times)
    assert attrs.evolve(named, parts=[attrs.evolve(part, location="") for part in named.parts]) == alone
    assert all(part.location == "X" for part in named.parts)


@given(ruled(several=up_to(1), mixed_cart=MixedCart.SPLIT))
def test_an_empty_location_beside_it_changes_no_units(found):
    world, facts, plan = found
    beside = {"W": Supply(on_hand={}), **facts["supply"], "Z": Supply(on_hand={})}
    more = planned(world, **facts | {"supply": beside})
    strip = [(part.kind, part.street_date, part.ship_to, part.lines) for part in plan.parts]
    assert [(part.kind, part.street_date, part.ship_to, part.lines) for part in more.parts] == strip
    assert more.cancelled == plan.cancelled


@cache
def small_rules(names):
    return sourcing_rules(names).map(lambda rules: SplitRules(sourcing=rules))


@given(small_orders(small_lines(streets=(None, PAST))), st.lists(STOCKS, min_size=2, max_size=3), st.data())
def test_units_that_leave_are_those_that_sourcing_serves(order, stocks, data):
    """As long as nothing is set aside for what waits, it is `source_order` that says what is there."""
    supplies = {name: Supply(on_hand=stock) for name, stock in zip("XYZ", stocks, strict=False)}
    rules = data.draw(small_rules(tuple(supplies)))
    kinds = {line.id: recipe_of(line) for line in order.lines}
    goods = [line for line in order.lines if not (line.components and kinds[line.id][1]) and kinds[line.id][2] != SOON]
    order = attrs.evolve(order, lines=goods)
    plan = split_order(order, supply=supplies, at=NOW, rules=rules)
    found = source_order(goods, locations=supplies, day=NOW.date(), rules=rules.sourcing)
    short = {item.line_id: item.quantity for item in found.short}
    assert leaving(order, plan) == [line.quantity - short.get(line.id, 0) for line in goods]
    given_out, assigned = Counter(), Counter()
    for part in plan.parts:
        for held in part.lines if part.kind is PartKind.SHIP_NOW else ():
            line = next(line for line in goods if line.id == held.line_id)
            if held.picks:
                given_out.update({(line.id, pick.location, pick.sku): 0 for pick in held.picks})
                for pick in held.picks:
                    given_out[line.id, pick.location, pick.sku] += pick.quantity
            else:
                given_out.update(
                    {(line.id, part.location, need.sku): held.quantity * need.quantity for need in needs(line)}
                )
    for item in found.assignments:
        assigned[item.line_id, item.location, item.sku] += item.quantity
    assert given_out == assigned


@given(small_worlds(), split_rules())
def test_hold_is_to_ship_complete(world, rules):
    held = planned(world, rules=attrs.evolve(rules, mixed_cart=MixedCart.HOLD), times=world.times)
    complete = attrs.evolve(world, order=attrs.evolve(world.order, ship=ShipPolicy.COMPLETE))
    for mixed_cart in (MixedCart.SPLIT, MixedCart.HOLD):
        whole = planned(complete, rules=attrs.evolve(rules, mixed_cart=mixed_cart), times=world.times)
        assert whole == held


def as_available(world):
    """Return a world whose order does not ask for all at once; lines of a group still go together."""
    return attrs.evolve(world, order=attrs.evolve(world.order, ship=ShipPolicy.AS_AVAILABLE))


@given(ruled(mixed_cart=MixedCart.REFUSE))
def test_refuse_is_to_split_or_to_cancel_all_that_is_not_cancelled_anyhow(found):
    world, facts, plan = found
    parted = facts | {"rules": attrs.evolve(facts["rules"], mixed_cart=MixedCart.SPLIT)}
    alone = planned(as_available(world), **parted | {"rules": attrs.evolve(parted["rules"], max_parts=None)})
    times = {(part.kind, part.street_date) for part in alone.parts if lines_of(world, part)}
    parted = planned(world, **parted)
    if len(times) <= 1:
        assert plan == parted
        return
    assert not plan.parts
    assert [cut for cut in plan.cancelled if cut.reason is not CancelReason.MIXED_CART] == [
        cut for cut in parted.cancelled if cut.reason is not CancelReason.NOTHING_SHIPS
    ]
    assert units_by_line(plan) == units_by_line(parted)


def can_wait_together(world, parts):
    """Return whether two of the parts could be one: of one address, both with goods, not both leaving now."""
    goods = [part for part in parts if lines_of(world, part)]
    return any(
        one.ship_to == other.ship_to and {one.kind, other.kind} != {PartKind.SHIP_NOW}
        for one, other in combinations(goods, 2)
    )


@given(ruled(), st.integers(1, 4))
def test_there_are_no_more_parts_than_there_may_be_if_any_can_wait(found, most):
    world, facts, _ = found
    rules = attrs.evolve(facts["rules"], max_parts=most)
    plan = planned(world, **facts | {"rules": rules})
    free = planned(world, **facts | {"rules": attrs.evolve(rules, max_parts=None)})
    assert len(plan.parts) <= most or not can_wait_together(world, plan.parts)
    assert units_by_line(plan) == units_by_line(free)
    assert plan.cancelled == free.cancelled
    assert len(plan.parts) in {len(free.parts), *range(most, len(free.parts))}
    if len(free.parts) <= most:
        assert plan == free


@given(ruled(), st.integers(1, 4))
def test_one_part_less_is_the_two_latest_of_an_address_as_one(found, most):
    world, facts, _ = found

    def at_most(parts):
        rules = attrs.evolve(facts["rules"], max_parts=parts)
        return planned(world, **facts | {"rules": rules}, times=world.times).parts

    more, less = at_most(most + 1), at_most(most)
    if len(less) == len(more):
        assert less == more
        return
    assert len(less) == len(more) - 1
    fees = {line.id for line in world.order.lines if line.kind is LineKind.FEE}  # these may go with another part now
    before, after = ([without(part, fees) for part in parts] for parts in (more, less))
    sooner, later = [part for part in before if part not in after]
    [merged] = [part for part in after if part not in before]
    assert sooner.ship_to == later.ship_to == merged.ship_to
    assert later.kind is not PartKind.SHIP_NOW
    assert merged.street_date == max((part.street_date for part in (sooner, later) if part.street_date), default=None)
    assert merged.kind is (PartKind.AWAIT_STREET_DATE if merged.street_date else PartKind.AWAIT_STOCK)
    others = [part for part in more if part.ship_to == merged.ship_to and lines_of(world, part)]
    assert [part.id for part in others][-2:] == [sooner.id, later.id]
    both = [part.ready for part in (sooner, later)]
    assert merged.ready == (None if None in both else ship_together(both))


def without(part, fees):
    return attrs.evolve(part, lines=[line for line in part.lines if line.line_id not in fees])


ALONE = small_worlds(groups=[""], ships=[ShipPolicy.AS_AVAILABLE])


@given(ALONE)
def test_units_that_leave_now_are_those_that_are_promised_from_stock(world):
    now, promised = Counter(), Counter()
    plan = planned(world, times=world.times)
    for part in plan.parts:
        if part.kind is PartKind.SHIP_NOW:
            now.update({line.id: held.quantity for line, held in lines_of(world, part)})
    cut = Counter()
    for item in plan.cancelled:
        cut[item.line_id] += item.quantity
    for promise in promise_order(world.order, supply=world.supply, times=world.times, at=world.at):
        if promise.kind is PromiseKind.IN_STOCK:
            promised[promise.line_id] += promise.quantity
        if promise.ready is not None:
            cut[promise.line_id] += promise.quantity
    assert now == promised
    assert all(cut[line.id] <= line.quantity for line in world.order.lines)  # what is cancelled has no date


@given(ALONE)
def test_parts_are_ready_when_their_promises_say_so(world):
    """A part is ready with the last of its units; each is promised for itself."""
    later = {}
    for promise in promise_order(world.order, supply=world.supply, times=world.times, at=world.at):
        later.setdefault((promise.line_id, promise.kind is PromiseKind.IN_STOCK), []).append(promise)
    cancelled = {cut.line_id for cut in planned(world, times=world.times).cancelled}
    for part in planned(world, times=world.times).parts:
        goods = [line for line, _ in lines_of(world, part)]
        if len(goods) != len(part.lines) or any(line.id in cancelled for line in goods):
            continue
        now = part.kind is PartKind.SHIP_NOW
        ready = [promise.ready for line in goods for promise in later[line.id, now]]
        assert part.ready == (None if None in ready else ship_together(ready))


@given(ruled())
def test_what_leaves_now_split_again_by_itself_leaves_now_and_is_the_same_part_if_there_is_one_location(found):
    world, facts, plan = found
    for part in plan.parts:
        if part.kind is PartKind.SHIP_NOW:
            again = planned(attrs.evolve(world, order=part_order(world.order, part)), **facts)
            assert {other.kind for other in again.parts} == {PartKind.SHIP_NOW}
            assert units_by_line(again) == Counter({held.line_id: held.quantity for held in part.lines})
            assert not again.cancelled
            if len(facts["supply"]) == 1:
                assert [attrs.evolve(other, id=part.id) for other in again.parts] == [part]


@given(ruled(mixed_cart=MixedCart.SPLIT, max_parts=None), st.data())
def test_what_has_shipped_is_not_asked_for_again_whatever_the_rules(found, data):
    world, facts, plan = found
    now = [part for part in plan.parts if part.kind in {PartKind.SHIP_NOW, PartKind.DIGITAL}]
    shipped = data.draw(st.lists(st.sampled_from(now), unique=True)) if now else []
    again = planned(world, **facts, shipped=shipped)
    held = units_by_line(again)
    for part in shipped:
        held.update({line.line_id: line.quantity for line in part.lines})
    assert held == Counter({line.id: line.quantity for line in world.order.lines})
    assert {part.id for part in shipped if part.kind is PartKind.SHIP_NOW}.isdisjoint(part.id for part in again.parts)
