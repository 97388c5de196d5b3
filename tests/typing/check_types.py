"""Checked by type checkers, never run: what a caller's editor knows."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, assert_type

from preorder_kit import (
    DateRange,
    Order,
    Promise,
    PublicLabel,
    Quantity,
    Read,
    ShippingTimes,
    SplitPlan,
    Stock,
    Supply,
    apportion,
    delivery_range,
    normalize_stock,
    promise_order,
    public_label,
    release_instant,
    split_order,
)
from preorder_kit.adapters.adobe_oms import read_order_create
from preorder_kit.adapters.fabric import read_inventory_csv
from preorder_kit.serialization import from_json, to_json


def readings(raw: object) -> None:
    stock = assert_type(normalize_stock(raw), Stock)
    assert_type(stock.quantity, Quantity | None)
    assert_type(public_label(stock), PublicLabel)


def days(day: dt.date, times: ShippingTimes) -> None:
    assert_type(release_instant(day, zone="UTC"), dt.datetime)
    assert_type(delivery_range(day, times=times), DateRange)
    assert_type(apportion(10, weights=[1, 2]), tuple[int, ...])


def orders(order: Order, supply: Supply, times: ShippingTimes, at: dt.datetime) -> None:
    assert_type(split_order(order, supply={"WH1": supply}, at=at), SplitPlan)
    assert_type(promise_order(order, supply=supply, times=times, at=at), tuple[Promise, ...])
    split_order(order, supply=supply)  # type: ignore[call-arg]  # now is never a default
    Order(order.id, at, order.lines)  # type: ignore[call-arg]  # fields are named


def documents(text: bytes) -> None:
    assert_type(read_order_create(text), Order)
    assert_type(read_inventory_csv(text), Read[Mapping[str, Supply]])
    assert_type(from_json(text, Order), Order)
    assert_type(from_json(text), Any)
    to_json(Supply(on_hand={"CD": "many"}))  # type: ignore[dict-item]
