"""Queues in short, for the tests of the waiting room.

A line is ``<order>[/<line>] <SKU><units>``, then, if need be: ``@2`` placed two hours later, ``!1`` its priority,
``~3`` its street date, days from now, ``?unpaid`` a hold, ``*`` ship complete. The line is 1 if none is named. A grant,
and a line that waits, is written likewise. Some SKUs are bundles.

A decision is ``<line> <code> <granted>+<short> <SKU>[-<missing>] [<<order ahead>]``.
"""

import datetime as dt
import re

from preorder_kit import Component, Decision, Grant, WaitingLine

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
FIRST = dt.datetime(2026, 11, 1, 9, tzinfo=dt.timezone.utc)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)

SET = [Component("A"), Component("B")]
BUNDLES = {
    "SET": SET,
    "PAIR": [Component("A", 2)],
    "BOX": [Component("A"), Component("B", 2)],
    "CRATE": [Component("SET", 2, SET), Component("C")],
    "FEES": [Component("WRAP", kind="fee"), Component("CODE", kind="digital")],
    "GIFT": [Component("A"), Component("B", street_date=NOW + DAY)],
}
FIELDS = {
    "@": lambda value: {"placed_at": FIRST + int(value) * HOUR},
    "!": lambda value: {"priority": int(value)},
    "~": lambda value: {"street_date": NOW + int(value) * DAY},
    "?": lambda value: {"hold": value},
    "*": lambda _: {"ship": "complete"},
}


def _parsed(name: str, what: str) -> dict[str, object]:
    order_id, _, line_id = name.partition("/")
    sku, units = re.fullmatch(r"([A-Z]+)(\d+)", what).groups()
    return {"order_id": order_id, "line_id": line_id or "1", "sku": sku, "quantity": int(units)}


def line(written: str, **fields: object) -> WaitingLine:
    name, what, *options = written.split(" ")
    given = {"placed_at": FIRST, **_parsed(name, what)}
    for option in options:
        given |= FIELDS[option[0]](option[1:])
    return WaitingLine(components=BUNDLES.get(given["sku"], ()), **given | fields)


def lines(*written: str) -> list[WaitingLine]:
    return [line(item) for item in written]


def grants(*written: str) -> list[Grant]:
    return [Grant(**_parsed(*item.split(" "))) for item in written]


def _named(of: Decision | Grant | WaitingLine) -> str:
    return of.order_id if of.line_id == "1" else f"{of.order_id}/{of.line_id}"


def short(items: object) -> list[str]:
    """Return grants, or lines, as they are written."""
    return [f"{_named(item)} {item.sku}{item.quantity}" for item in items]


def told(decision: Decision) -> str:
    missing = f"-{decision.missing}" if decision.missing else ""
    ahead = f" <{decision.blocked_by}" if decision.blocked_by else ""
    code = f"{decision.code} {decision.granted}+{decision.short}"
    return f"{_named(decision)} {code} {decision.sku}{missing}{ahead}"
