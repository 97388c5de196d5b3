"""What a shopper reads: decided once for each subject, said in the way of each place."""

import datetime as dt

import attrs
import pytest

from preorder_kit import (
    UNLIMITED,
    Availability,
    BreakReason,
    Broken,
    Cancelled,
    CancelReason,
    DateRange,
    InvalidArgument,
    Message,
    Order,
    OrderLine,
    Part,
    PartKind,
    PartLine,
    Place,
    Promise,
    PromiseKind,
    Quote,
    RefusalReason,
    SplitPlan,
    Stock,
    Supply,
    describe,
    describe_plan,
    describe_stock,
    mask,
    normalize_stock,
    release_instant,
    split_order,
)

NOW = dt.datetime(2026, 5, 10, 9, tzinfo=dt.timezone.utc)
HERE = {"at": NOW, "zone": "UTC"}
PAGE = {"place": Place.PRODUCT_PAGE, **HERE}
MAIL = {"place": Place.CONFIRMATION, **HERE}
NEXT = {"earliest": "2026-05-20", "latest": "2026-05-23", "year": 2026}


def days(text):
    first, _, last = text.partition("/")
    return DateRange(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))


SOON = days("2026-05-20/2026-05-23")
PAST = days("2026-05-01/2026-05-04")


def promise(kind, delivery, *, quantity=2):
    return Promise(
        order_id="O1", line_id="1", sku="CD", quantity=quantity, kind=kind, ready=delivery, delivery=delivery
    )


def part(kind, **fields):
    lines = [PartLine(line_id="1", sku="CD", quantity=2)]
    return Part(id=f"O1/{kind}", order_id="O1", kind=kind, lines=lines, **fields)


def cancelled(reason, quantity=2):
    return Cancelled(line_id="1", sku="CD", quantity=quantity, reason=reason)


def broken(delivery, because="receipt_late", was=PAST):
    return Broken(promise=promise("backorder", was), now=promise("backorder", delivery), days_moved=1, because=because)


# range: in English on 10 May 2026
_RANGES = {
    "2026-05-20": "20 May",
    "2026-05-20/2026-05-23": "20 to 23 May",
    "2026-05-28/2026-06-02": "28 May to 2 June",
    "2026-09-30/2026-10-01": "30 Sep to 1 Oct",
    "2026-05-20/2027-05-20": "20 May 2026 to 20 May 2027",
    "2026-12-30/2027-01-03": "30 Dec 2026 to 3 Jan 2027",
    "2027-01-03": "3 Jan 2027",
    "2027-01-03/2027-01-05": "3 to 5 Jan 2027",
    "2027-01-30/2027-02-02": "30 Jan to 2 Feb 2027",
    "2026-05-08/2026-05-12": "10 to 12 May",
    "2026-05-08/2026-05-10": "10 May",
}


@pytest.mark.parametrize(("given", "words"), _RANGES.items(), ids=_RANGES)
def test_days_are_said_once_and_a_year_where_it_is_not_the_present_one(given, words):
    assert describe(days(given), **PAGE).text == f"Arrives {words}"


def test_the_day_before_the_last_one_counts_is_where_the_shopper_is():
    midnight = dt.datetime(2026, 5, 10, 23, tzinfo=dt.timezone.utc)
    today = days("2026-05-10")
    assert describe(today, place="product_page", at=midnight, zone="UTC").text == "Arrives 10 May"
    assert describe(today, place="product_page", at=midnight, zone="Europe/Oslo").text == "Date to follow"


def test_the_present_year_is_where_the_shopper_is():
    eve = dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.timezone.utc)
    january = days("2027-01-03")
    assert describe(january, place="product_page", at=eve, zone="UTC").text == "Arrives 3 Jan 2027"
    assert describe(january, place="product_page", at=eve, zone="Europe/Oslo").text == "Arrives 3 Jan"


STREET = release_instant(dt.date(2026, 12, 4), zone="UTC")
PREORDER, BACKORDER = Stock(availability="preorder", quantity=9), Stock(availability="backorder", quantity=9)
IN_STOCK = normalize_stock(250)

# name: stock, what is known of it, code, text on a product page
_STOCKS = {
    "in stock": (IN_STOCK, {}, "in_stock", "In stock"),
    "in stock, with days": (IN_STOCK, {"delivery": SOON}, "in_stock.dated", "In stock, arrives 20 to 23 May"),
    "in stock, days passed": (IN_STOCK, {"delivery": PAST}, "in_stock", "In stock"),
    "in stock, a street date is not its business": (IN_STOCK, {"street_date": STREET}, "in_stock", "In stock"),
    "few": (normalize_stock("few"), {}, "low_stock", "Few left"),
    "few, with days": (normalize_stock("few"), {"delivery": SOON}, "low_stock.dated", "Few left, arrives 20 to 23 May"),
    "few without bound": (Stock(availability="low_stock", quantity=UNLIMITED), {}, "low_stock", "Few left"),
    "few, counted": (normalize_stock(3), {}, "low_stock.left", "Only 3 left"),
    "few, counted, with days": (
        normalize_stock(3),
        {"delivery": SOON},
        "low_stock.left.dated",
        "Only 3 left, arrives 20 to 23 May",
    ),
    "few, masked": (mask(normalize_stock(3)), {}, "low_stock", "Few left"),
    "pre-order": (PREORDER, {}, "preorder.undated", "Pre-order, date to follow"),
    "pre-order, street date ahead": (
        PREORDER,
        {"street_date": STREET},
        "preorder.released",
        "Pre-order, released 4 Dec",
    ),
    "pre-order, street date and days": (
        PREORDER,
        {"street_date": STREET, "delivery": days("2026-12-08/2026-12-10")},
        "preorder.released.dated",
        "Pre-order, released 4 Dec, arrives 8 to 10 Dec",
    ),
    "pre-order, days": (PREORDER, {"delivery": SOON}, "preorder.dated", "Pre-order, arrives 20 to 23 May"),
    "pre-order, street date reached": (PREORDER, {"street_date": NOW}, "preorder.undated", "Pre-order, date to follow"),
    "pre-order, a microsecond before": (
        PREORDER,
        {"street_date": NOW + dt.timedelta(microseconds=1)},
        "preorder.released",
        "Pre-order, released 10 May",
    ),
    "backorder": (BACKORDER, {}, "backorder.undated", "On backorder, date to follow"),
    "backorder, with days": (BACKORDER, {"delivery": SOON}, "backorder.dated", "On backorder, arrives 20 to 23 May"),
    "backorder, days passed": (BACKORDER, {"delivery": PAST}, "backorder.undated", "On backorder, date to follow"),
    "out of stock": (normalize_stock(-2), {"delivery": SOON}, "out_of_stock", "Out of stock"),
    "unknown": (normalize_stock(None), {}, "unknown", "Availability not known"),
}


@pytest.mark.parametrize(("stock", "known", "code", "text"), _STOCKS.values(), ids=_STOCKS)
def test_a_reading_of_stock_is_said_with_the_days_that_are_known(stock, known, code, text):
    found = describe_stock(stock, **known, **PAGE)
    assert (found.code, found.text) == (code, text)
    if not known:
        assert describe(stock, **PAGE) == found


def test_every_availability_can_be_said():
    for kind in Availability:
        stock = mask(Stock(availability=kind, quantity=0 if kind is Availability.OUT_OF_STOCK else None))
        assert describe(stock, **PAGE).code.partition(".")[0] == kind


def test_a_street_day_is_the_one_where_the_shopper_is():
    for zone, day in (("Australia/Sydney", "5 Feb 2027"), ("America/Los_Angeles", "4 Feb 2027")):
        instant = release_instant(dt.date(2027, 2, 5), zone="Australia/Sydney")
        found = describe_stock(PREORDER, street_date=instant, place="product_page", at=NOW, zone=zone)
        assert found.text == f"Pre-order, released {day}"


def test_what_can_be_sold_later_and_what_is_oversold_are_never_shown():
    stock = Stock(availability="in_stock", quantity=77, later=78, oversold=79)
    for place in Place:
        found = describe(stock, place=place, **HERE)
        assert found.params == {}
        assert not any(number in found.text for number in ("77", "78", "79"))


_SPLIT = "Ships now: 3, later: 4"
# name: now, later, refused, why, code, text in the cart
_QUOTES = {
    "all now": (3, 0, 0, None, "ships_now", "Ships now"),
    "all later": (0, 4, 0, None, "ships_later", "Ships later, when it is in stock"),
    "some now": (3, 4, 0, None, "quote.split", _SPLIT),
    "nothing asked for": (0, 0, 0, None, "quote.nothing", "No items"),
    "too few": (3, 4, 1, "not_enough", "quote.not_enough", f"Only 7 of 8 can be ordered. {_SPLIT}"),
    "too few, all now": (3, 0, 1, "not_enough", "quote.not_enough", "Only 3 of 4 can be ordered. Ships now"),
    "a cap": (0, 2, 1, "cap", "quote.cap", "At most 2 can be ordered. Ships later, when it is in stock"),
    "a cap of nothing": (0, 0, 1, "cap", "quote.cap_reached", "No more can be ordered"),
    "out of stock": (0, 0, 1, "out_of_stock", "out_of_stock", "Out of stock"),
    "unknown": (0, 0, 1, "unknown", "unknown", "Availability not known"),
    "refused without a reason": (0, 0, 1, None, "out_of_stock", "Out of stock"),
}


@pytest.mark.parametrize("row", _QUOTES.values(), ids=_QUOTES)
def test_a_quote_says_what_comes_of_the_units(row):
    now, later, refused, reason, code, text = row
    why = None if reason is None else RefusalReason(reason)
    found = describe(Quote(now=now, later=later, refused=refused, reason=why), place="cart_line", **HERE)
    assert (found.code, found.text) == (code, text)
    numbers = {"now": now, "later": later, "available": now + later, "asked": now + later + refused}
    assert numbers.items() <= found.params.items()


# name: promise, code, text in a confirmation
_PROMISES = {
    "in stock": (
        promise("in_stock", SOON),
        "in_stock.dated",
        "2 items: We can ship now. Delivery is expected 20 to 23 May.",
    ),
    "in stock, days passed": (promise("in_stock", PAST), "in_stock", "2 items: We can ship now."),
    "pre-order": (
        promise("preorder", SOON),
        "preorder.dated",
        "2 items: This pre-order ships after the release. Delivery is expected 20 to 23 May.",
    ),
    "backorder": (
        promise("backorder", SOON, quantity=1),
        "backorder.dated",
        "1 item: This backorder ships when new stock is in. Delivery is expected 20 to 23 May.",
    ),
    "backorder, days passed": (
        promise("backorder", PAST),
        "backorder.undated",
        "2 items: This backorder ships when new stock is in. A delivery date is not known yet.",
    ),
    "estimate": (
        promise("estimate", days("2026-06-08/2026-06-20")),
        "estimate.weeks",
        "2 items: Estimated delivery is 8 to 20 June. This is not a confirmed date.",
    ),
    "estimate, days passed": (
        promise("estimate", PAST),
        "delivery.undated",
        "2 items: A delivery date is not known yet.",
    ),
    "none": (promise("none", None, quantity=1200), "no_date", "1,200 items: We cannot give a delivery date yet."),
}


@pytest.mark.parametrize(("given", "code", "text"), _PROMISES.values(), ids=_PROMISES)
def test_a_promise_says_for_how_many_units_it_is(given, code, text):
    found = describe(given, **MAIL)
    assert (found.code, found.text) == (code, text)
    assert found.params["units"] == given.quantity


def test_every_promise_can_be_said():
    for kind in PromiseKind:
        assert describe(promise(kind, None), **MAIL).params == {"units": 2}


# arrival: code, text on a product page on 10 May 2026
_ESTIMATES = {
    "2026-06-07/2026-06-21": ("estimate.weeks", "Estimated to arrive in 4 to 6 weeks"),
    "2026-06-13/2026-06-22": ("estimate.weeks", "Estimated to arrive in 4 to 7 weeks"),
    "2026-05-17/2026-05-24": ("estimate.weeks", "Estimated to arrive in 1 to 2 weeks"),
    "2026-05-16/2026-05-24": ("estimate.within", "Estimated to arrive within 2 weeks"),
    "2026-05-01/2026-05-25": ("estimate.within", "Estimated to arrive within 3 weeks"),
    "2026-05-10/2026-05-17": ("estimate.dated", "Estimated to arrive 10 to 17 May"),
    "2026-05-20/2026-05-26": ("estimate.dated", "Estimated to arrive 20 to 26 May"),
    "2026-05-20/2026-05-27": ("estimate.weeks", "Estimated to arrive in 1 to 3 weeks"),
}


@pytest.mark.parametrize(("given", "code", "text"), [(k, *v) for k, v in _ESTIMATES.items()], ids=_ESTIMATES)
def test_a_wide_estimate_is_said_in_whole_weeks(given, code, text):
    found = describe(promise("estimate", days(given)), **PAGE)
    assert (found.code, found.text) == (code, text)


def test_a_page_does_not_name_units_that_are_nobodys_yet():
    counted = [place for place in Place if "2 items" in describe(promise("in_stock", SOON), place=place, **HERE).text]
    assert counted == [Place.CART_LINE, Place.CHECKOUT_LINE, Place.CONFIRMATION, Place.DELAY_NOTICE]


def test_a_delay_says_what_was_said_what_is_said_now_and_why():
    found = describe(broken(days("2026-12-30/2027-01-03")), place="delay_notice", **HERE)
    assert found.text == (
        "2 items: We are sorry, delivery is delayed. It was expected 1 to 4 May, and is now expected "
        "30 Dec 2026 to 3 Jan 2027. The goods reach our warehouse later than planned."
    )
    assert found.code == "delay.dated"
    assert found.params == {
        "earliest": "2026-12-30",
        "latest": "2027-01-03",
        "was_earliest": "2026-05-01",
        "was_latest": "2026-05-04",
        "year": 2026,
        "why": "why.receipt_late",
        "units": 2,
    }


@pytest.mark.parametrize("delivery", [None, PAST], ids=["none", "passed"])
def test_a_delay_without_a_new_date_says_so(delivery):
    found = describe(broken(delivery), place="product_page", **HERE)
    assert (found.code, found.text) == ("delay.undated", "Delayed, date to follow")


def test_what_had_no_date_is_not_delayed():
    assert describe(broken(SOON, was=None), **PAGE).text == "On backorder, arrives 20 to 23 May"


@pytest.mark.parametrize("because", BreakReason)
def test_every_reason_of_a_delay_has_words_of_its_own(because):
    found = {describe(broken(SOON, because=reason), **MAIL).text for reason in BreakReason}
    assert len(found) == len(BreakReason)
    assert because not in describe(broken(SOON, because=because), **MAIL).text


AHEAD = {"street_date": STREET}
# name: part, code, text in a confirmation
_PARTS = {
    "ships now": (part("ship_now"), "ships_now", "This ships now."),
    "ships now, with days": (
        part("ship_now", delivery=SOON),
        "ships_now.dated",
        "This ships now. Delivery is expected 20 to 23 May.",
    ),
    "street date": (
        part("await_street_date", **AHEAD),
        "preorder.released",
        "This pre-order ships after its release on 4 Dec.",
    ),
    "street date, with days": (
        part("await_street_date", **AHEAD, delivery=days("2026-12-08/2026-12-10")),
        "preorder.released.dated",
        "This pre-order ships after its release on 4 Dec. Delivery is expected 8 to 10 Dec.",
    ),
    "street date reached": (
        part("await_street_date", street_date=NOW, delivery=SOON),
        "preorder.dated",
        "This pre-order ships after the release. Delivery is expected 20 to 23 May.",
    ),
    "stock": (
        part("await_stock"),
        "backorder.undated",
        "This backorder ships when new stock is in. A delivery date is not known yet.",
    ),
    "stock, with days": (
        part("await_stock", delivery=SOON),
        "backorder.dated",
        "This backorder ships when new stock is in. Delivery is expected 20 to 23 May.",
    ),
    "digital": (part("digital", delivery=SOON), "digital", "This is delivered digitally, without a parcel."),
}


@pytest.mark.parametrize(("given", "code", "text"), _PARTS.values(), ids=_PARTS)
def test_a_part_says_what_it_waits_for_and_until_when(given, code, text):
    found = describe(given, **MAIL)
    assert (found.code, found.text) == (code, text)


@pytest.mark.parametrize("reason", CancelReason)
def test_a_cancellation_says_how_many_and_why(reason):
    found = describe(cancelled(reason), place="cart_line", **HERE)
    assert found.code == f"cancelled.{reason}"
    assert found.text.startswith("Dropped" if reason is CancelReason.NOTHING_SHIPS else "2 items: Cancelled")


def test_a_fee_is_no_item():
    found = describe(cancelled(CancelReason.NOTHING_SHIPS), **MAIL)
    assert found.text == "This charge is dropped, because there is nothing to deliver."


def test_parcels_are_numbered_and_what_is_digital_is_none():
    parts = [part(kind) for kind in (PartKind.DIGITAL, PartKind.SHIP_NOW, PartKind.AWAIT_STOCK)]
    plan = SplitPlan(order_id="O1", parts=parts, cancelled=[cancelled(CancelReason.OUT_OF_STOCK, 1)])
    assert [message.text for message in describe_plan(plan, **PAGE)] == [
        "Delivered digitally",
        "Parcel 1 of 2: Ships now",
        "Parcel 2 of 2: On backorder, date to follow",
        "Cancelled: out of stock",
    ]


def test_a_single_parcel_has_no_number():
    plan = SplitPlan(order_id="O1", parts=[part(PartKind.DIGITAL), part(PartKind.SHIP_NOW)], cancelled=[])
    assert [message.text for message in describe_plan(plan, **PAGE)] == ["Delivered digitally", "Ships now"]


def test_a_plan_that_holds_nothing_says_nothing():
    assert describe_plan(SplitPlan(order_id="O1", parts=[], cancelled=[]), **PAGE) == ()


def test_an_order_as_it_was_split():
    lines = [
        OrderLine(id="1", sku="CD", quantity=3, when_short="wait"),
        OrderLine(id="2", sku="LP", quantity=1, street_date=STREET),
        OrderLine(id="3", sku="MC", quantity=2),
    ]
    order = Order(id="O1", placed_at=NOW, lines=lines)
    plan = split_order(order, supply=Supply(on_hand={"CD": 1}), at=NOW)
    assert [message.text for message in describe_plan(plan, place="checkout_line", **HERE)] == [
        "Parcel 1 of 3: Ships now",
        "Parcel 2 of 3: Pre-order, released 4 Dec",
        "Parcel 3 of 3: On backorder, date to follow",
        "2 items: Cancelled: out of stock",
    ]


@pytest.mark.parametrize("subject", [None, "in_stock", SplitPlan(order_id="O1", parts=[], cancelled=[])], ids=str)
def test_what_is_no_subject_is_refused(subject):
    match = "^subject: must be a Stock, Quote, DateRange, Promise, Broken, Part or"
    with pytest.raises(InvalidArgument, match=match) as caught:
        describe(subject, **PAGE)
    assert caught.value.code == "type.invalid"


# name: call, error
_REFUSED = {
    "a place": (lambda: describe(SOON, **{**PAGE, "place": "shop window"}), "place: must be one of listing_page, "),
    "a naive instant": (lambda: describe(SOON, **{**PAGE, "at": dt.datetime(2026, 5, 10)}), "at: must have a UTC off"),
    "a zone": (lambda: describe(SOON, **{**PAGE, "zone": "Oslo"}), "zone: must be an IANA time zone"),
    "a day in the zone that cannot be written": (
        lambda: describe(SOON, **{**PAGE, "at": dt.datetime.max.replace(tzinfo=dt.timezone.utc), "zone": "Asia/Tokyo"}),
        "at: must lie in the years 1 to 9999",
    ),
    "a street day in the zone that cannot be written": (
        lambda: describe_stock(
            PREORDER,
            street_date=dt.datetime.max.replace(tzinfo=dt.timezone.utc),
            **{**PAGE, "zone": "Asia/Tokyo"},
        ),
        "street_date: must lie in the years 1 to 9999",
    ),
    "no stock": (lambda: describe_stock(SOON, **PAGE), "stock: must be a Stock"),
    "a street day": (lambda: describe_stock(PREORDER, street_date=NOW.date(), **PAGE), "street_date: must be an inst"),
    "a day of delivery": (lambda: describe_stock(PREORDER, delivery=NOW.date(), **PAGE), "delivery: must be a DateR"),
    "a place of a stock": (lambda: describe_stock(PREORDER, **{**PAGE, "place": None}), "place: must be one of"),
    "no plan": (lambda: describe_plan(part("digital"), **PAGE), "plan: must be a SplitPlan"),
    "a place of a plan": (
        lambda: describe_plan(SplitPlan(order_id="O1", parts=[], cancelled=[]), **{**PAGE, "place": 1}),
        "place: must be one of",
    ),
}


@pytest.mark.parametrize(("call", "error"), _REFUSED.values(), ids=_REFUSED)
def test_a_mistake_is_refused(call, error):
    with pytest.raises(InvalidArgument, match=f"^{error}"):
        call()


def test_a_message_can_be_built_from_what_was_kept_of_it():
    found = describe(SOON, **PAGE)
    assert Message(code=found.code, place="product_page", params=dict(found.params), text=found.text) == found
    assert found.params == NEXT
    assert hash(found) == hash(attrs.evolve(found, text=found.text))


_WAS = {"was_earliest": "2026-05-01", "was_latest": "2026-05-04", "year": 2026}
# what is wrong: the fields that are
_UNFIT = {
    "no such code": {"code": "sold_out"},
    "no such ending": {"code": "in_stock.someday"},
    "a parameter is missing": {"params": {"earliest": "2026-05-20", "year": 2026}},
    "no day": {"params": {**NEXT, "latest": "soon"}},
    "reversed": {"params": {**NEXT, "earliest": "2026-06-20"}},
    "a year in words": {"params": {**NEXT, "year": "2026"}},
    "no such reason": {"code": "delay.undated", "params": {**_WAS, "why": "why.not"}},
}


@pytest.mark.parametrize("fields", _UNFIT.values(), ids=_UNFIT)
def test_a_message_that_cannot_be_written_is_refused(fields):
    good = {"code": "delivery.dated", "place": "confirmation", "params": NEXT, "text": "Soon."}
    assert Message(**good).text == "Soon."
    match = r"^params: must be what the code [\w.]+ is filled with, as describe gives it \(got "
    with pytest.raises(InvalidArgument, match=match) as caught:
        Message(**{**good, **fields})
    assert caught.value.code == "message.invalid"


@pytest.mark.parametrize("value", [1.5, True, None, [1]], ids=["a fraction", "a flag", "nothing", "a list"])
def test_a_parameter_is_text_or_a_whole_number(value):
    with pytest.raises(InvalidArgument, match="must be a whole number"):
        Message(code="in_stock", place="cart_line", params={"units": value}, text="In stock")
