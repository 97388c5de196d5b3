"""Published examples of how long authorisations hold, and what follows for a shipment. The data is in cases/money.json.

A case names the network in lower case, and CIT, MIT or preauth: customer- or merchant-initiated, or marked so.
"""

import pytest
from golden_cases import DAY, at, cases, day_of, line, order

from preorder_kit import (
    Amount,
    Authorisation,
    ChargePolicy,
    DateRange,
    Part,
    PartLine,
    SplitPlan,
    authorisation_window,
    charge_plan,
)

_KINDS = {"CIT": "customer_initiated", "MIT": "merchant_initiated", "preauth": "pre_authorisation"}


@pytest.mark.parametrize("case", cases("money"))
def test_how_long_an_authorisation_holds_comes_out_as_published(case):
    globals()[f"check_{case['kind']}"](case["given"], case["expect"])


def _held(given):
    authorised = at(given["authorised"])
    window = authorisation_window(given["brand"], _KINDS[given["type"]], on=authorised.date())
    return Authorisation(amount=1000, authorised_at=authorised, window=window.duration)


def _charge(authorisation, ready):
    """Return the charge for a part of ten euros that leaves on a day."""
    lines = [PartLine(line_id="CD", sku="CD", quantity=1)]
    part = Part(id="O/now/1", order_id="O", kind="ship_now", lines=lines, ready=DateRange(ready, ready))
    plan = SplitPlan(order_id="O", parts=[part], cancelled=[])
    policy = ChargePolicy(mode="on_shipment")
    [charge] = charge_plan(
        order(line("CD", amount=Amount(1000))), plan, policy=policy, authorisation=authorisation
    ).charges
    return charge


def check_auth_window(given, expect):
    """What leaves by the last day is captured before its instant; what leaves a day later is not covered."""
    authorisation, end = _held(given), at(expect["capture_before"])
    assert authorisation.ends_at == end
    assert _charge(authorisation, end.date()).capture_by == end
    assert _charge(authorisation, end.date() + DAY).capture_by is None


def check_auth_plan(given, expect):
    charge = _charge(_held(given), day_of(given["planned_ship"]))
    assert charge.needs_reauthorisation == expect["outlives_authorisation"]
    assert charge.reauthorise_from == day_of(expect["re_authorise_on_or_after"])
