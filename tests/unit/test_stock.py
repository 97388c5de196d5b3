"""Readings of stock: what a field says, what facts decide, what may be said in public and sold."""

import copy
import datetime as dt
import itertools
import math
import pickle
import re
from functools import partial
from typing import get_args

import attrs
import pytest

from preorder_kit import (
    UNLIMITED,
    Availability,
    BeforeStreetDate,
    CartAction,
    InvalidArgument,
    InvalidStock,
    PublicLabel,
    Quote,
    RefusalReason,
    SalesWindow,
    SellRules,
    Stock,
    cart_action,
    derive_stock,
    mask,
    normalize_stock,
    public_label,
    quote,
    remaining,
    roll_up,
)

_NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.timezone.utc)
_TICK = dt.timedelta(microseconds=1)
_OSLO = dt.timezone(dt.timedelta(hours=1))
_NAIVE, _A_DAY = dt.datetime(2026, 11, 22, 12), dt.date(2026, 11, 22)


def _stock(availability, quantity=None, later=0, oversold=0):
    return Stock(availability=Availability(availability), quantity=quantity, later=later, oversold=oversold)


def _out(oversold):
    return _stock("out_of_stock", 0, oversold=oversold)


_in, _low, _pre, _back = (partial(_stock, said) for said in ("in_stock", "low_stock", "preorder", "backorder"))
_SOLD_OUT = _out(0)
_ENDLESS = _pre(UNLIMITED)
_UNKNOWN = _stock("unknown")

# name: what the field holds, its reading
_READINGS = {
    "10": (10, _in(10)),
    "250": (250, _in(250)),
    "large": (10**30, _in(10**30)),
    "'10'": ("10", _in(10)),
    **{f"{n}": (n, _low(n)) for n in range(1, 10)},
    "'9'": ("9", _low(9)),
    "0": (0, _SOLD_OUT),
    "'0'": ("0", _SOLD_OUT),
    "'-0'": ("-0", _SOLD_OUT),
    "-2": (-2, _out(2)),
    "'-2'": ("-2", _out(2)),
    "'0012'": ("0012", _in(12)),
    "18 digits": ("9" * 18, _in(10**18 - 1)),
    "minus 18 digits": ("-" + "9" * 18, _out(10**18 - 1)),
    "yes": ("yes", _in()),
    "few": ("few", _low()),
    "no": ("no", _SOLD_OUT),
    "infinite": ("infinite", _ENDLESS),
    "preorder": ("preorder", _ENDLESS),
    "None": (None, _UNKNOWN),
    "empty": ("", _UNKNOWN),
    "blank": (" \t\n", _UNKNOWN),
    "R08 blanks around a word": (" Few ", _low()),
    "blanks around a number": ("\t-2\n", _out(2)),
    "another case": ("INFINITE", _ENDLESS),
    "mixed case": ("PreOrder", _ENDLESS),
}


@pytest.mark.parametrize(("raw", "expected"), _READINGS.values(), ids=_READINGS)
def test_a_stock_field_is_read(raw, expected):
    found = normalize_stock(raw)
    assert found == expected
    assert (type(found.quantity), type(found.availability)) == (type(expected.quantity), Availability)


_FEW = {"0": (1, 0, "in_stock"), "1": (1, 1, "in_stock"), "2": (1, 2, "low_stock"), "10": (10, 10, "in_stock")}


@pytest.mark.parametrize(("raw", "few_below", "availability"), _FEW.values(), ids=_FEW)
def test_few_is_below_a_number(raw, few_below, availability):
    for given in (raw, str(raw)):
        assert normalize_stock(given, few_below=few_below) == _stock(availability, raw)
    assert normalize_stock(0, few_below=few_below) == _SOLD_OUT


_WORDS = "1e3|+5|1_000|maybe|5.0|0x10|--5|- 5|-|5 5|1,000|true|None|null|in_stock"
_NO_READINGS = {
    **{word: word for word in _WORDS.split("|")},
    "full-width digits": "\uff15",
    "Arabic digits": "\u0665",
    "superscript": "\u00b2",
    "minus sign": "\u22125",
    "19 digits": "1" * 19,
    "minus 19 digits": "-" + "0" * 19,
    "dotted I": "\u0130nfinite",
    "True": True,
    "False": False,
    "5.5": 5.5,
    "5.0": 5.0,
    "NaN": math.nan,
    "infinity": math.inf,
    "list": [],
    "dict": {},
    "bytes": b"5",
    "UNLIMITED": UNLIMITED,
    "a reading": _SOLD_OUT,
}


@pytest.mark.parametrize("raw", _NO_READINGS.values(), ids=_NO_READINGS)
def test_what_is_no_reading_is_refused_and_never_guessed(raw):
    words = "one of yes, few, no, infinite, preorder"
    with pytest.raises(InvalidStock, match=rf"^must be a whole number or {words} \(got .+\)$") as caught:
        normalize_stock(raw)
    assert (caught.value.code, caught.value.path) == ("stock.unrecognised", "")
    assert caught.value.value is raw


@pytest.mark.parametrize("few_below", [-1, True, 1.5, None], ids=repr)
def test_the_number_that_few_is_below_is_whole(few_below):
    with pytest.raises(InvalidArgument, match=r"^few_below: must be a whole number >= 0 \(got ") as caught:
        normalize_stock(None, few_below=few_below)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("units.invalid", "few_below", few_below)


# availability: public label, cart action, available, pre-order
_SAID = {
    "in_stock": ("yes", "add_to_cart", True, False),
    "low_stock": ("few", "add_to_cart", True, False),
    "preorder": ("yes", "preorder", True, True),
    "backorder": ("yes", "backorder", True, False),
    "out_of_stock": ("no", "sold_out", False, False),
    "unknown": ("no", "sold_out", False, False),
}


@pytest.mark.parametrize(("availability", "said"), _SAID.items(), ids=_SAID)
def test_a_reading_says_what_the_page_and_the_button_need(availability, said):
    stock = _stock(availability, oversold=3)
    assert (public_label(stock), cart_action(stock), stock.is_available, stock.is_preorder) == said
    assert mask(stock) == Stock(availability=Availability(availability), quantity=None, later=0, oversold=0)


def test_the_public_labels_are_those_that_their_type_names():
    assert {public_label(_stock(availability)) for availability in Availability} == {*get_args(PublicLabel)}


@pytest.mark.parametrize("availability", ["in_stock", "low_stock", "preorder", "backorder"])
def test_a_masked_reading_says_the_same_without_its_numbers(availability):
    stock = _stock(availability, 77, later=88, oversold=99)
    assert (public_label(mask(stock)), cart_action(mask(stock))) == (public_label(stock), cart_action(stock))
    assert not any(number in repr(mask(stock)) for number in ("77", "88", "99"))


# name: sizes, the product
_PRODUCTS = {
    "no size": ([], _UNKNOWN),
    "one size": ([_back(4, later=1, oversold=2)], _back(4, later=1, oversold=2)),
    "in and low": ([_low(3), _in(12)], _in(15)),
    "low twice": ([_low(3, 1), _low(4, 2)], _low(7, later=3)),
    "pre-order beyond": ([_in(12), _ENDLESS, _SOLD_OUT], _in(12, later=UNLIMITED)),
    "backorder beyond": ([_pre(3), _back(2)], _pre(3, later=2)),
    "one hides its number": ([_in(), _low(3)], _in()),
    "one beyond hides its number": ([_low(3), _pre()], _low(3)),
    "without a bound": ([_in(UNLIMITED), _low(3)], _in(UNLIMITED)),
    "sold out and unknown": ([_UNKNOWN, _out(2)], _out(2)),
    "oversold adds up": ([_out(n) for n in (2, 3)], _out(5)),
    "sold out, one masked": ([_SOLD_OUT, _stock("out_of_stock")], _stock("out_of_stock")),
    "nothing known": ([_UNKNOWN, _UNKNOWN], _UNKNOWN),
}


@pytest.mark.parametrize(("sizes", "product"), _PRODUCTS.values(), ids=_PRODUCTS)
def test_a_product_reads_as_the_best_of_its_sizes_in_any_order(sizes, product):
    assert all(roll_up(shuffled) == product for shuffled in itertools.permutations(sizes))


def test_a_product_is_made_of_readings():
    with pytest.raises(InvalidArgument, match=r"^stocks\[1\]: must be a Stock \(got 5\)$") as caught:
        roll_up([_SOLD_OUT, 5])
    assert (caught.value.code, caught.value.path, caught.value.value) == ("type.invalid", "stocks[1]", 5)


# The table of the decision as it is told, with infinity for what has no bound: slow, and nothing shared with the code.
_STREET = {"none": None, "past": _NOW - _TICK, "at": _NOW, "ahead": _NOW + _TICK}
_OPEN = {
    None: True,
    (None, None): True,
    (_NOW, _NOW + _TICK): True,
    (_NOW - _TICK, _NOW): False,
    (_NOW + _TICK, None): False,
    (None, _NOW): False,
}
_LIMITS = [(0, math.inf), (4, 0), (math.inf, 4), (2, 2)]  # backorder, pre-order


def _told(facts, shop, street, policy, *, is_open):
    on_hand, committed, waiting, incoming = facts
    safety, (backorder_limit, preorder_limit) = shop
    free = on_hand - committed - safety - waiting
    shelf = max(0, on_hand - committed - safety)
    if street == "ahead":
        room = min(preorder_limit, incoming + shelf) - waiting
    else:
        room = min(backorder_limit, incoming) - max(0, waiting - shelf)
    room = max(0, room) if is_open else 0
    few = "low_stock" if free < 4 else "in_stock"
    if street == "ahead" and policy == "hold":
        reading = ("preorder", room, 0) if room > 0 else ("out_of_stock", 0, 0)
    elif free > 0:
        reading = (few, free, 0 if street == "ahead" else room)
    elif street == "ahead":
        reading = ("preorder", room, 0) if room > 0 else ("out_of_stock", 0, 0)
    else:
        reading = ("backorder", room, 0) if room > 0 else ("out_of_stock", 0, 0)
    return (*reading, max(0, committed - on_hand))


def _bound(number):
    return UNLIMITED if number == math.inf else number


@pytest.mark.slow
@pytest.mark.parametrize(
    "window", _OPEN, ids=["always", "any time", "open", "closed at", "opens later", "closed at all"]
)
@pytest.mark.parametrize("policy", ["hold", "sell"])
@pytest.mark.parametrize("street", _STREET)
def test_facts_decide_as_the_table_tells(street, policy, window):
    for shop in itertools.product([0, 2], _LIMITS):
        safety, (backorder_limit, preorder_limit) = shop[0], map(_bound, shop[1])
        limits = {"safety_stock": safety, "backorder_limit": backorder_limit, "preorder_limit": preorder_limit}
        rules = SellRules(few_below=4, before_street_date=policy, sales_window=window, **limits)
        for facts in itertools.product([*range(-2, 7), math.inf], [0, 3], [0, 3, 7], [0, 3, math.inf]):
            named = dict(zip(("on_hand", "committed", "waiting", "incoming"), map(_bound, facts), strict=True))
            found = derive_stock(**named, rules=rules, street_date=_STREET[street], at=_NOW)
            availability, quantity, later, oversold = _told(facts, shop, street, policy, is_open=_OPEN[window])
            assert found == _stock(availability, _bound(quantity), _bound(later), oversold), (facts, rules)


_AHEAD, _REACHED = {"street_date": _NOW + _TICK}, {"street_date": _NOW}
_SELL = {"before_street_date": "sell"}
_CLOSED = {"sales_window": (None, _NOW)}
# name: rules, facts, the reading
_DECIDED = {
    "ahead, held, room": ({"preorder_limit": 30}, {"on_hand": 5, **_AHEAD}, _pre(30)),
    "ahead, held, no room": ({"preorder_limit": 0}, {"on_hand": 5, **_AHEAD}, _SOLD_OUT),
    "ahead, held, stock is what comes": ({}, {"on_hand": 5, "incoming": 2, "waiting": 3, **_AHEAD}, _pre(4)),
    "ahead, held, limit used up": ({"preorder_limit": 7}, {"on_hand": 5, "waiting": 7, **_AHEAD}, _SOLD_OUT),
    "ahead, sold, low": (_SELL, {"on_hand": 5, **_AHEAD}, _low(5)),
    "ahead, sold, in stock": (_SELL, {"on_hand": 10, **_AHEAD}, _in(10)),
    "ahead, sold, none free, room": (_SELL, {"on_hand": 0, "incoming": 6, **_AHEAD}, _pre(6)),
    "ahead, sold, none free, no room": (_SELL, {"on_hand": 0, "incoming": 0, **_AHEAD}, _SOLD_OUT),
    "reached, low": ({}, {"on_hand": 5, **_REACHED}, _low(5)),
    "none, in stock, room": ({"backorder_limit": 4}, {"on_hand": 10}, _in(10, later=4)),
    "reached without stock": ({"backorder_limit": 4}, {"on_hand": 0, **_REACHED}, _back(4)),
    "reached without stock or room": ({}, {"on_hand": 0, **_REACHED}, _SOLD_OUT),
    "seven wait for five": ({"backorder_limit": 10}, {"on_hand": 5, "waiting": 7}, _back(8)),
    "stock without a bound": ({}, {"on_hand": UNLIMITED, "waiting": 7}, _in(UNLIMITED)),
    "oversold": ({}, {"on_hand": -2}, _out(2)),
    "closed, stock is sold": ({"backorder_limit": 4, **_CLOSED}, {"on_hand": 3}, _low(3)),
    "closed, nothing waits": ({"backorder_limit": 4, **_CLOSED}, {"on_hand": 0}, _SOLD_OUT),
    "R11": ({"safety_stock": 2}, {"on_hand": 5}, _low(3)),
    "R11 limit 1": ({"backorder_limit": 1}, {"on_hand": 2}, _low(2, later=1)),
    "R11 limit 0": ({"backorder_limit": 0}, {"on_hand": 2}, _low(2)),
    "R11 no limit": ({"backorder_limit": UNLIMITED}, {"on_hand": 2}, _low(2, later=UNLIMITED)),
    "R12 before": ({"few_below": 0}, {"on_hand": 3}, _in(3)),
    "R12 after": ({"few_below": 0, "safety_stock": 3}, {"on_hand": 3}, _SOLD_OUT),
    "R36": ({"backorder_limit": 4}, {"on_hand": 2}, _low(2, later=4)),
    "R13 no warehouse stock": ({"preorder_limit": 100}, {"on_hand": 0, "waiting": 90, **_AHEAD}, _pre(10)),
    "sylius-av-01 free": ({}, {"on_hand": 5, "committed": 4}, _low(1)),
    "sylius-av-01 on hold": ({}, {"on_hand": 5, "committed": 5}, _SOLD_OUT),
    "sylius-av-02": ({"backorder_limit": UNLIMITED}, {"on_hand": 0}, _back(UNLIMITED)),
    "msi-av-04": ({"backorder_limit": 3}, {"on_hand": 0}, _back(3)),
    "msi-av-08": ({"safety_stock": 5}, {"on_hand": 5}, _SOLD_OUT),
    "msi-av-15": ({"backorder_limit": UNLIMITED}, {"on_hand": -15}, _back(UNLIMITED, oversold=15)),
    "medusa-av-04": ({}, {"on_hand": 8, "committed": 2}, _low(6)),
    "erpnext-av-02": ({}, {"on_hand": 100, "committed": 50}, _in(50)),
    "hotwax-av-01": ({"safety_stock": 10}, {"on_hand": 95, "committed": 5, "waiting": 5}, _in(75)),
    "hotwax-av-03": ({}, {"on_hand": 20, "committed": 10}, _in(10)),
    "sfcc-av-01": ({"backorder_limit": 20}, {"on_hand": 100, "committed": 80}, _in(20, later=20)),
    "vendure-av-08": ({"backorder_limit": 10}, {"on_hand": 5, "waiting": 25}, _SOLD_OUT),
}


@pytest.mark.parametrize(("rules", "facts", "expected"), _DECIDED.values(), ids=_DECIDED)
def test_facts_and_rules_decide(rules, facts, expected):
    assert derive_stock(**facts, rules=SellRules(**rules), at=_NOW) == expected
    assert derive_stock(**facts, rules=SellRules(**rules), at=_NOW.astimezone(_OSLO)) == expected


_NO_FACTS = {
    "on hand a float": ({"on_hand": 5.0}, ("units.invalid", "on_hand", 5.0)),
    "on hand None": ({"on_hand": None}, ("units.invalid", "on_hand", None)),
    "committed negative": ({"committed": -1}, ("units.invalid", "committed", -1)),
    "waiting True": ({"waiting": True}, ("units.invalid", "waiting", True)),
    "waiting unlimited": ({"waiting": UNLIMITED}, ("units.invalid", "waiting", UNLIMITED)),
    "incoming infinite": ({"incoming": math.inf}, ("units.invalid", "incoming", math.inf)),
    "incoming negative": ({"incoming": -1}, ("units.invalid", "incoming", -1)),
    "rules a dict": ({"rules": {}}, ("type.invalid", "rules", {})),
    "at naive": ({"at": _NAIVE}, ("instant.naive", "at", _NAIVE)),
    "at a day": ({"at": _A_DAY}, ("instant.invalid", "at", _A_DAY)),
    "street date naive": ({"street_date": _NAIVE}, ("instant.naive", "street_date", _NAIVE)),
    "street date a day": ({"street_date": _A_DAY}, ("instant.invalid", "street_date", _A_DAY)),
}


@pytest.mark.parametrize(("facts", "found"), _NO_FACTS.values(), ids=_NO_FACTS)
def test_facts_that_are_none_are_refused(facts, found):
    with pytest.raises(InvalidArgument, match=rf"^{found[1]}: must (be|have) .*\(got ") as caught:
        derive_stock(**{"on_hand": 1, "rules": SellRules(), "at": _NOW, **facts})
    assert (caught.value.code, caught.value.path, caught.value.value) == found


_SHELF = _low(5, later=1)
# name: asked, stock, cap, now, later, refused, reason
_QUOTES = {
    "nothing": (0, _SOLD_OUT, UNLIMITED, (0, 0, 0, None)),
    "all now": (5, _SHELF, UNLIMITED, (5, 0, 0, None)),
    "one later": (6, _SHELF, UNLIMITED, (5, 1, 0, None)),
    "one refused": (7, _SHELF, UNLIMITED, (5, 1, 1, "not_enough")),
    "cap below the shelf": (7, _SHELF, 3, (3, 0, 4, "cap")),
    "cap between": (6, _low(2, later=9), 4, (2, 2, 2, "cap")),
    "cap above": (9, _SHELF, 8, (5, 1, 3, "not_enough")),
    "cap not reached": (2, _SHELF, 3, (2, 0, 0, None)),
    "cap of 0": (2, _SHELF, 0, (0, 0, 2, "cap")),
    "cap of 0, nothing asked": (0, _SHELF, 0, (0, 0, 0, None)),
    "pre-order": (3, _pre(100), UNLIMITED, (0, 3, 0, None)),
    "pre-order, cap": (3, _pre(100), 2, (0, 2, 1, "cap")),
    "pre-order, not enough": (3, _pre(2), UNLIMITED, (0, 2, 1, "not_enough")),
    "no bound": (10**9, _ENDLESS, UNLIMITED, (0, 10**9, 0, None)),
    "backorder": (3, _back(1), UNLIMITED, (0, 1, 2, "not_enough")),
    "sold out": (3, _SOLD_OUT, UNLIMITED, (0, 0, 3, "out_of_stock")),
    "sold out and a cap of 0": (3, _SOLD_OUT, 0, (0, 0, 3, "out_of_stock")),
    "unknown": (3, _UNKNOWN, 2, (0, 0, 3, "unknown")),
    "not disclosed": (3, _in(), UNLIMITED, (3, 0, 0, None)),
    "not disclosed, cap": (3, _low(), 2, (2, 0, 1, "cap")),
    "not disclosed, pre-order": (3, _pre(), UNLIMITED, (0, 3, 0, None)),
    "R36": (3, _low(2, later=4), UNLIMITED, (2, 1, 0, None)),
    "saleor-av-02": (8, _low(7), UNLIMITED, (7, 0, 1, "not_enough")),
    "vendure-av-01": (5, _low(3), UNLIMITED, (3, 0, 2, "not_enough")),
    "vendure-av-02": (2, _low(1), UNLIMITED, (1, 0, 1, "not_enough")),
    "woo-av-06": (6, _low(5, later=UNLIMITED), UNLIMITED, (5, 1, 0, None)),
    "oscar-av-02": (1, _out(1), UNLIMITED, (0, 0, 1, "out_of_stock")),
    "wms-av-01": (100, _in(50), UNLIMITED, (50, 0, 50, "not_enough")),
}


@pytest.mark.parametrize(("asked", "stock", "cap", "expected"), _QUOTES.values(), ids=_QUOTES)
def test_what_is_asked_ships_waits_or_is_refused(asked, stock, cap, expected):
    now, later, refused, reason = expected
    found = quote(asked, stock=stock, cap=cap)
    assert found == Quote(now=now, later=later, refused=refused, reason=reason and RefusalReason(reason))
    assert found.now + found.later + found.refused == asked


def test_what_a_pre_order_can_sell_later_still_is_sold():
    stock = roll_up([_pre(3), _back(2)])
    assert quote(5, stock=stock) == Quote(now=0, later=5, refused=0)


@pytest.mark.parametrize(
    ("asked", "cap", "path"), [(-1, 2, "asked"), (True, 2, "asked"), (1, -1, "cap"), (1, None, "cap")]
)
def test_what_is_asked_and_allowed_is_whole(asked, cap, path):
    with pytest.raises(InvalidArgument, match=rf"^{path}: must be a whole number >= 0 \(got ") as caught:
        quote(asked, stock=_SHELF, cap=cap)
    assert (caught.value.code, caught.value.path) == ("units.invalid", path)


_ASK = {"label": public_label, "mask": mask, "button": cart_action, "quote": lambda stock: quote(1, stock=stock)}


@pytest.mark.parametrize("raw", [5, "yes", None], ids=repr)
@pytest.mark.parametrize("ask", _ASK.values(), ids=_ASK)
def test_a_field_that_was_not_read_is_no_reading(ask, raw):
    with pytest.raises(InvalidArgument, match=rf"^stock: must be a Stock \(got {raw!r}\)$") as caught:
        ask(raw)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("type.invalid", "stock", raw)


# name: limits, used, left
_CAPS = {
    "none": ({}, {}, UNLIMITED),
    "none in a row": ([], [], UNLIMITED),
    "R13": ({"all": 100, "channel": 30, "customer": 2}, {"all": 90, "channel": 20, "customer": 1}, 1),
    "R13 in a row": ((100, 30, 2), (90, 20, 1), 1),
    "nothing used": ({"customer": 2}, {}, 2),
    "fewer used in a row": ([5, 2], [4], 1),
    "more used than allowed": ([2], [5], 0),
    "without a bound": ({"all": UNLIMITED, "customer": 3}, {"all": 10**9}, 3),
    "without any bound": ([UNLIMITED], [7], UNLIMITED),
    "saleor-av-13": ({"USD": 10}, {"USD": 0}, 10),
    "saleor-av-14": ({"USD": 10}, {"USD": 2}, 8),
    "saleor-av-20": ({"all": 10, "USD": 8}, {"all": 3, "USD": 0}, 7),
    "saleor-av-21": ({"USD": 7}, {"USD": 3}, 4),
    "saleor-av-23": ({"all": 7, "USD": 10}, {"all": 3}, 4),
    "saleor-av-28 a cap of 0": ({"all": 0}, {}, 0),
}


@pytest.mark.parametrize(("limits", "used", "left"), _CAPS.values(), ids=_CAPS)
def test_the_tightest_cap_is_what_is_left(limits, used, left):
    assert remaining(limits, used=used) == left


_NO_CAPS = {
    "unknown name": ({"a": 1}, {"a": 1, "b": 0}, ("limit.unknown", "used", ["b"])),
    "too many in a row": ([1], [1, 0], ("limit.unknown", "used", [1])),
    "limit negative": ({"a": -1}, {}, ("units.invalid", "limits['a']", -1)),
    "limit a float": ([5, 1.0], [], ("units.invalid", "limits[1]", 1.0)),
    "used negative": ({"a": 1}, {"a": -1}, ("units.invalid", "used['a']", -1)),
    "used without a bound": ([1], [UNLIMITED], ("units.invalid", "used[0]", UNLIMITED)),
    "used negative in a row": ([1], [-1], ("units.invalid", "used[0]", -1)),
}


@pytest.mark.parametrize(("limits", "used", "found"), _NO_CAPS.values(), ids=_NO_CAPS)
def test_caps_that_are_none_are_refused(limits, used, found):
    told = r": must (be a whole number >= 0|name caps that limits names) \(got "
    with pytest.raises(InvalidArgument, match="^" + re.escape(found[1]) + told) as caught:
        remaining(limits, used=used)
    assert (caught.value.code, caught.value.path, caught.value.value) == found


_MESSAGES = {
    "stock.contradiction": (
        r"must (not be 0 where availability is \w+; out_of_stock says so|"
        r"not offer units where availability is \w+|be None where it is not known) \(got"
    ),
    "units.invalid": "must be a whole number >= 0",
    "choice.invalid": "must be one of ",
    "type.invalid": "must be a SalesWindow",
    "range.reversed": "must be later than opens, 2026-11-22",
    "instant.naive": "must have a UTC offset",
    "instant.invalid": "must be an instant",
}
_window_from_now = partial(SalesWindow, opens=_NOW)
# name: what is built, its field, what is given for it, the code of the error
_INVALID = {
    **{f"{said.args[0]} of 0": (said, "quantity", 0, "stock.contradiction") for said in (_in, _low, _pre, _back)},
    "sold out with some": (partial(_stock, "out_of_stock"), "quantity", 1, "stock.contradiction"),
    "unknown with some": (partial(_stock, "unknown"), "quantity", UNLIMITED, "stock.contradiction"),
    "unknown with none": (partial(_stock, "unknown"), "quantity", 0, "stock.contradiction"),
    "another availability": (partial(Stock, quantity=1), "availability", "yes", "choice.invalid"),
    "a negative quantity": (_in, "quantity", -1, "units.invalid"),
    "a float later": (_in, "later", 1.5, "units.invalid"),
    "oversold without bound": (_in, "oversold", UNLIMITED, "units.invalid"),
    "safety stock without bound": (SellRules, "safety_stock", UNLIMITED, "units.invalid"),
    "a negative limit": (SellRules, "backorder_limit", -1, "units.invalid"),
    "no limit as None": (SellRules, "preorder_limit", None, "units.invalid"),
    "few below True": (SellRules, "few_below", True, "units.invalid"),
    "another policy": (SellRules, "before_street_date", "wait", "choice.invalid"),
    "policy False": (SellRules, "before_street_date", False, "choice.invalid"),
    "a window of one": (SellRules, "sales_window", (_NOW,), "type.invalid"),
    "an instant for a window": (SellRules, "sales_window", _NOW, "type.invalid"),
    "a window reversed": (_window_from_now, "closes", _NOW - _TICK, "range.reversed"),
    "a window of no time": (_window_from_now, "closes", _NOW, "range.reversed"),
    "a window from a naive instant": (SalesWindow, "opens", _NAIVE, "instant.naive"),
    "a window to a naive instant": (SalesWindow, "closes", _NAIVE, "instant.naive"),
    "a window from a day": (SalesWindow, "opens", _A_DAY, "instant.invalid"),
    "a window to a day": (SalesWindow, "closes", _A_DAY, "instant.invalid"),
}


@pytest.mark.parametrize(("build", "field", "given", "code"), _INVALID.values(), ids=_INVALID)
def test_values_that_break_their_rule_are_refused(build, field, given, code):
    with pytest.raises(InvalidArgument, match=f"^{field}: {_MESSAGES[code]}") as caught:
        build(**{field: given})
    assert (caught.value.code, caught.value.path, caught.value.value) == (code, field, given)


def test_what_is_sold_out_sells_nothing_later_either():
    with pytest.raises(InvalidArgument, match="must not offer units where availability is out_of_stock") as caught:
        _stock("out_of_stock", 0, later=2)
    assert (caught.value.code, caught.value.path, caught.value.value) == ("stock.contradiction", "later", 2)


def test_what_is_wrong_in_a_window_is_named_within_its_rules():
    with pytest.raises(InvalidArgument, match="must have a UTC offset") as caught:
        SellRules(sales_window=(_NAIVE, None))
    assert caught.value.path == "sales_window.opens"


_EAST = _NOW.astimezone(_OSLO)
_DEFAULTS = {"safety_stock": 0, "backorder_limit": 0, "preorder_limit": UNLIMITED, "few_below": 10}
_SHORT = RefusalReason.NOT_ENOUGH
_SAME = {
    "stock": (lambda: _in(5), lambda: Stock(availability="in_stock", quantity=5, later=0, oversold=0)),
    "window": (lambda: SalesWindow(opens=_NOW), lambda: SalesWindow(opens=_EAST, closes=None)),
    "rules": (SellRules, lambda: SellRules(**_DEFAULTS, before_street_date="hold", sales_window=None)),
    "rules' policy": (lambda: SellRules(**_SELL), lambda: SellRules(before_street_date=BeforeStreetDate.SELL)),
    "rules' window": (
        lambda: SellRules(sales_window=SalesWindow(opens=_NOW, closes=_NOW + _TICK)),
        lambda: SellRules(sales_window=[_EAST, _EAST + _TICK]),
    ),
    "quote": (lambda: quote(7, stock=_SHELF), lambda: Quote(now=5, later=1, refused=1, reason=_SHORT)),
}
_COPIES = {
    "as it is": lambda value: value,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
}


@pytest.mark.parametrize("again", _COPIES.values(), ids=_COPIES)
@pytest.mark.parametrize(("build", "same"), _SAME.values(), ids=_SAME)
def test_values_of_one_meaning_are_equal_and_so_are_their_copies(build, same, again):
    value, twin = build(), again(same())
    assert (twin, hash(twin), repr(twin)) == (value, hash(value), repr(value))


@pytest.mark.parametrize("name", ["stock", "window", "rules", "quote"])
def test_values_are_frozen_and_built_by_keyword(name):
    value = _SAME[name][0]()
    for field in attrs.fields(type(value)):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field.name, None)
    with pytest.raises(TypeError, match="positional argument"):
        type(value)(*attrs.astuple(value, recurse=False))


@pytest.mark.parametrize("enum", [Availability, CartAction, RefusalReason, BeforeStreetDate])
def test_a_member_is_its_name_in_lower_case(enum):
    for member in enum:
        assert member.value == str(member) == member.name.lower()


def test_the_members_are_those_that_are_promised_in_order():
    assert list(Availability) == list(_SAID)
    assert list(CartAction) == ["add_to_cart", "preorder", "backorder", "sold_out"]
    assert list(BeforeStreetDate) == ["hold", "sell"]
