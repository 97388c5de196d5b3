"""Ways to check out at the same time as others: two that are safe, and the usual one, which is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from preorder_kit import Quote

from .database import Busy, Changed, Database, retried, transaction
from .decision import Reservation, Shelf, decide

TRIES = 100


def check_out(
    database: Database, cart: str, asked: Mapping[str, int], /, *, at: dt.datetime, tries: int = TRIES
) -> dict[str, Quote]:
    """Lock what is read, decide, and write before anybody else can read it.

    Args:
        database: The worker's own.
        cart: The key of this checkout. Whoever asks again with the same key gets the same answer.
        asked: SKU on a shelf -> units >= 1, as `preorder_kit.demand` counts them.
        at: Now.
        tries: How often it is tried at most if somebody else is in the way.

    Returns:
        SKU -> what becomes of its units. No unit is sold twice.

    Raises:
        Busy: If somebody else was in the way each time. Nothing is sold then.
        LookupError: If there is no shelf for a SKU.
        ValueError: If the cart was answered before, and had something else in it.
    """

    def once() -> dict[str, Quote]:
        with transaction(database):
            shelves = read_shelves(database, asked, lock=database.lock)
            found = _answer_before(database, cart, asked)
            return found or _sell(database, cart, decide(asked, shelves, cart=cart, at=at), shelves)

    return retried(database, once, tries=tries)


def check_out_optimistically(
    database: Database, cart: str, asked: Mapping[str, int], /, *, at: dt.datetime, tries: int = 5
) -> dict[str, Quote]:
    """Read without a lock, decide, and write only if nothing has changed since; else begin again.

    Where everybody wants the same SKU, somebody is always faster: who has lost ``tries`` times takes the lock. Its
    other arguments, and what it returns, are those of `check_out`.
    """

    def once() -> dict[str, Quote]:
        shelves = read_shelves(database, asked)
        found = _answer_before(database, cart, asked)
        if found:
            return found
        answer = decide(asked, shelves, cart=cart, at=at)
        with transaction(database):
            return _sell(database, cart, answer, shelves)

    try:
        return retried(database, once, tries=tries)
    except Busy:
        return check_out(database, cart, asked, at=at)


def check_out_carelessly(
    database: Database,
    cart: str,
    asked: Mapping[str, int],
    /,
    *,
    at: dt.datetime,
    between: Callable[[], object] = lambda: None,
) -> dict[str, Quote]:
    """Read, decide, write. Two that have both read before either writes sell a unit twice: do not copy this.

    ``between`` is called where that happens, so that a test can let it happen.
    """
    answer = decide(asked, read_shelves(database, asked), cart=cart, at=at)
    between()
    with transaction(database):
        for sku in sorted(answer):
            given = answer[sku]
            taken = "UPDATE shelf SET sold = sold + ?, waiting = waiting + ? WHERE sku = ?"
            database.execute(taken, given.now, given.later, sku)
        _note(database, cart, answer)
    return answer


def reserve(
    database: Database,
    cart: str,
    asked: Mapping[str, int],
    /,
    *,
    until: dt.datetime,
    at: dt.datetime,
    tries: int = TRIES,
) -> dict[str, int]:
    """Set units aside for a cart until an instant, in place of those that it had reserved of these SKUs.

    Returns:
        SKU -> units that are there and set aside. The cart's own checkout may use them, nobody else's before ``until``.
    """

    def once() -> dict[str, int]:
        with transaction(database):
            shelves = read_shelves(database, asked, lock=database.lock)
            found = decide(asked, shelves, cart=cart, at=at)
            for sku, shelf in shelves.items():
                _take(database, sku, shelf.version, now=0, later=0)
                database.execute("DELETE FROM reservation WHERE cart = ? AND sku = ?", cart, sku)
                if found[sku].now:
                    row = "INSERT INTO reservation (cart, sku, quantity, until) VALUES (?, ?, ?, ?)"
                    database.execute(row, cart, sku, found[sku].now, until.astimezone(dt.timezone.utc).isoformat())
            return {sku: found[sku].now for sku in shelves}

    return retried(database, once, tries=tries)


def read_shelves(database: Database, skus: Iterable[str], /, *, lock: str = "") -> dict[str, Shelf]:
    """Read the rows of some SKUs, in the order of the SKUs: who locks in one order never waits in a circle."""
    return {sku: _read_shelf(database, sku, lock) for sku in sorted(skus)}


def _read_shelf(database: Database, sku: str, lock: str) -> Shelf:
    row = "SELECT on_hand, incoming, may_wait, street_date, sold, waiting, version FROM shelf WHERE sku = ?"
    found = database.execute(row + lock, sku).fetchone()
    if found is None:
        msg = f"there is no shelf for {sku}"
        raise LookupError(msg)
    on_hand, incoming, may_wait, street_date, sold, waiting, version = found
    # After the row: whoever reserves in between raises the version, and is noticed.
    held = database.execute("SELECT cart, quantity, until FROM reservation WHERE sku = ?", sku).fetchall()
    return Shelf(
        on_hand=on_hand,
        incoming=incoming,
        may_wait=may_wait,
        street_date=street_date and dt.datetime.fromisoformat(street_date),
        sold=sold,
        waiting=waiting,
        version=version,
        reservations=[
            Reservation(cart=cart, quantity=units, until=dt.datetime.fromisoformat(until))
            for cart, units, until in held
        ],
    )


def _answer_before(database: Database, cart: str, asked: Mapping[str, int]) -> dict[str, Quote]:
    """Return the answer that a cart has got already; empty if it has got none."""
    row = "SELECT sku, ships_now, waits, refused, reason FROM answer WHERE cart = ? ORDER BY sku"
    found = {
        sku: Quote(now=now, later=later, refused=refused, reason=reason)
        for sku, now, later, refused, reason in database.execute(row, cart).fetchall()
    }
    if found and {sku: given.now + given.later + given.refused for sku, given in found.items()} != dict(asked):
        msg = f"the cart {cart} has checked out already, with something else in it"
        raise ValueError(msg)
    return found


def _sell(database: Database, cart: str, answer: Mapping[str, Quote], shelves: Mapping[str, Shelf]) -> dict[str, Quote]:
    for sku, shelf in shelves.items():
        _take(database, sku, shelf.version, now=answer[sku].now, later=answer[sku].later)
    _note(database, cart, answer)
    database.execute("DELETE FROM reservation WHERE cart = ?", cart)
    return dict(answer)


def _take(database: Database, sku: str, version: int, *, now: int, later: int) -> None:
    """Write what is owed of a SKU, if its row is what was read; under a lock it always is."""
    taken = """UPDATE shelf SET sold = sold + ?, waiting = waiting + ?, version = version + 1
        WHERE sku = ? AND version = ?"""
    if database.execute(taken, now, later, sku, version).rowcount != 1:
        raise Changed(sku)


def _note(database: Database, cart: str, answer: Mapping[str, Quote]) -> None:
    database.execute("INSERT INTO checkout (cart) VALUES (?)", cart)
    row = "INSERT INTO answer (cart, sku, ships_now, waits, refused, reason) VALUES (?, ?, ?, ?, ?, ?)"
    for sku, given in answer.items():
        database.execute(row, cart, sku, given.now, given.later, given.refused, given.reason and given.reason.value)
