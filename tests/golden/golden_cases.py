"""What the tests of published examples share: the data in cases/, days that a source does not name, short forms."""

import datetime as dt
import json
from pathlib import Path

import pytest

from preorder_kit import EVERY_DAY, LeadTime, Order, OrderLine, PromiseKind, ShippingTimes, ShipPolicy

HERE = Path(__file__).parent
UTC = dt.timezone.utc
TODAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = dt.timedelta(days=1)


def read(name):
    """Return what a JSON file beside the tests holds."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def cases(family):
    """Return the cases of one file in cases/, each a test of its own."""
    return [pytest.param(case, id=case["id"]) for case in read(f"cases/{family}.json")]


def at(text):
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_of(text):
    return dt.date.fromisoformat(text)


def dated(text):
    """Return a day of a year that the source does not name."""
    return dt.date.fromisoformat(f"2026-{text}")


def morning(day):
    return dt.datetime.combine(day, dt.time(9), tzinfo=UTC)


def exactly(days, calendar=EVERY_DAY):
    return LeadTime(days, days, calendar)


def times(handling=0, transit=0, calendar=EVERY_DAY, **settings):
    return ShippingTimes(handling=exactly(handling, calendar), transit=exactly(transit, calendar), **settings)


def line(sku, quantity=1, **settings):
    return OrderLine(**{"id": sku, "sku": sku, "quantity": quantity, **settings})


def order(*lines, name="O", ship=ShipPolicy.AS_AVAILABLE):
    return Order(id=name, placed_at=NOW, lines=lines, ship=ship)


def total(promises, kind):
    """Return how many units are promised so."""
    return sum(promise.quantity for promise in promises if promise.kind is kind)


def undated(promises):
    return total(promises, PromiseKind.NONE)
