"""Published examples on what a page may say and a cart may take. The data is in cases/stock.json."""

import pytest
from golden_cases import DAY, NOW, TODAY, cases

from preorder_kit import (
    UNLIMITED,
    Availability,
    RefusalReason,
    SellRules,
    derive_stock,
    quote,
    release_instant,
    remaining,
)

MANY = 1_000_000
NO_WAITING = SellRules()
ANY_MAY_WAIT = SellRules(backorder_limit=UNLIMITED)


@pytest.mark.parametrize("case", cases("stock"))
def test_a_published_reading_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def hundredths(units):
    """Return units of a hundredth, where a source sells parts of a unit: units are whole."""
    return round(units * 100)


def sellable(stock):
    """Return all units that can be sold, there or not."""
    answer = quote(MANY, stock=stock)
    return answer.now + answer.later


def check_preorder_cap(given, expect):
    channel, everyone = given["channel"], sum(given["preordered"].values()) + sum(given["held_by_other_carts"].values())
    here = given["preordered"].get(channel, 0) + given["held_by_other_carts"].get(channel, 0)
    caps = {"channel": given["channel_caps"].get(channel, UNLIMITED)}
    caps["all"] = UNLIMITED if given["global_cap"] is None else given["global_cap"]
    left = remaining(caps, used={"channel": here, "all": everyone})
    assert [asked <= left for asked in given["requests"]] == expect["ok"]


def check_preorder_allocate(given, expect):
    caps = {"channel": given["channel_cap"], "all": UNLIMITED if given["global_cap"] is None else given["global_cap"]}
    taken = given["allocated"] + given["held_by_others"]
    assert (given["quantity"] <= remaining(caps, used={"channel": taken, "all": taken})) == expect["ok"]


def check_cart_clamp(given, expect):
    """What a line is set to is asked for anew, whatever the cart held."""
    rules = SellRules(safety_stock=given["threshold"])
    stock = derive_stock(on_hand=given["on_hand"], committed=given["allocated"], rules=rules, at=NOW)
    answer = quote(given["set_line_to"] if "set_line_to" in given else given["request"], stock=stock)
    assert answer.now == (expect["line_quantity"] if "line_quantity" in expect else expect["added"])
    assert (answer.refused > 0) == expect["error"]
    assert stock.quantity == expect.get("reported_available", stock.quantity)


def check_stock_required(given, expect):
    stock = derive_stock(on_hand=given["net"], rules=NO_WAITING, at=NOW)
    assert (stock.availability, stock.quantity) == (Availability.OUT_OF_STOCK, 0)
    answers = [quote(asked, stock=stock) for asked in given["requests"]]
    assert [answer.refused == 0 for answer in answers] == expect["ok"]
    assert {answer.reason for answer in answers} == {RefusalReason.OUT_OF_STOCK}
    assert expect.get("reason", expect.get("code")) in {"none_left", "outofstock"}


def check_stock_available(given, expect):
    rules = ANY_MAY_WAIT if given["backorders"] else NO_WAITING
    found = [
        derive_stock(on_hand=row["on_hand"], committed=row["on_hold"], rules=rules, at=NOW).is_available
        for row in given["rows"]
    ]
    assert found == expect["available"]


def check_availability_flag(given, expect):
    """Of a clear-out item no more will come: nothing may wait."""
    found = [
        derive_stock(on_hand=row["stock"], rules=NO_WAITING if row["closeout"] else ANY_MAY_WAIT, at=NOW).is_available
        for row in given["rows"]
    ]
    assert found == expect["available"]


def check_backorder_probe(given, expect):
    stock = derive_stock(on_hand=given["quantity"], rules=ANY_MAY_WAIT, at=NOW)
    answers = [quote(asked, stock=stock) for asked in given["requests"]]
    assert [answer.later > 0 for answer in answers] == expect["on_backorder"]
    assert [answer.refused == 0 for answer in answers] == expect["enough"]


def check_backorder_capacity(given, expect):
    capacity = []
    for row in given["rows"]:
        stock = derive_stock(on_hand=row["on_hand"], rules=ANY_MAY_WAIT if row["backorderable"] else NO_WAITING, at=NOW)
        room = stock.quantity if stock.availability is Availability.BACKORDER else stock.later
        capacity.append("infinite" if room is UNLIMITED else room)
    assert capacity == expect["capacity"]


def check_backorder_notice(given, expect):
    """A notice is due for units that are sold to wait."""
    found = []
    for row in given["rows"]:
        stock = derive_stock(on_hand=row["salable"], rules=ANY_MAY_WAIT, at=NOW)
        found.append(quote(row["requested"], stock=stock).later or None)
    assert found == expect["notice_qty"]


def check_salable_quantity(given, expect):
    stock = reserved_stock(given)
    assert sellable(stock) == hundredths(expect["salable"])


def check_salable_for_qty(given, expect):
    stock = reserved_stock(given)
    found = [quote(hundredths(asked), stock=stock).refused == 0 for asked in given["requests"]]
    assert found == expect["ok"]
    assert stock.is_available == expect.get("salable_at_all", stock.is_available)


def reserved_stock(given):
    """Read a stock item: sources that take part, reservations as units that wait, a threshold of two meanings.

    Above 0 it is safety stock; below 0, with backorders on, so many units may wait; 0 then bounds nothing.
    """
    taking_part = [row for row in given["sources"] if row["in_stock_flag"] and row["source_enabled"]]
    threshold = hundredths(given["min_qty"])
    limit = (-threshold if threshold < 0 else UNLIMITED) if given["backorders"] else 0
    return derive_stock(
        on_hand=sum(hundredths(row["qty"]) for row in taking_part),
        waiting=-hundredths(sum(given["reservations"])),
        rules=SellRules(safety_stock=max(0, threshold), backorder_limit=limit),
        at=NOW,
    )


def check_salable_qty(given, expect):
    stock = derive_stock(
        on_hand=hundredths(given["source_qty"]),
        waiting=-hundredths(sum(given["reservations"])),
        rules=SellRules(safety_stock=hundredths(given["min_qty"])),
        at=NOW,
    )
    assert (sellable(stock), stock.is_available) == (hundredths(expect["salable_qty"]), expect["is_salable"])


def check_ats(given, expect):
    """Units sold, and units in open orders, wait for what is allocated; the rest may wait for what is to come."""
    stock = derive_stock(
        on_hand=given["allocation"],
        waiting=given["turnover"] + given["on_order"],
        rules=SellRules(backorder_limit=given["preorder_backorder_allocation"]),
        at=NOW,
    )
    assert sellable(stock) == expect["ats"]


def check_presell_category(given, expect):
    """A new style has its street date ahead; a purchase order that is not cancelled brings units."""
    words = {Availability.PREORDER: "pre_order", Availability.BACKORDER: "backorder"}
    ahead = release_instant(TODAY + 30 * DAY, zone="UTC")
    found = []
    for row in given["rows"]:
        stock = derive_stock(
            on_hand=row["on_hand"],
            incoming=0 if row["po_status"] == "cancelled" else MANY,
            rules=ANY_MAY_WAIT,
            street_date=ahead if row["new_style"] else None,
            at=NOW,
        )
        found.append(words.get(stock.availability))
    assert found == expect["category"]
