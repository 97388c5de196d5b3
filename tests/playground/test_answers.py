import ast
import json
from pathlib import Path

import answers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import examples

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = {example["id"]: example for example in examples()}
STORY = EXAMPLES["story"]
NOTHING = {"order": [], "supply": [], "queue": [], "at": [], "zone": [], "policy": []}


def story(**changes):
    return answers.answer(STORY | changes)


def changed(name, *pairs):
    """The story with something else in one of its documents."""
    text = STORY[name]
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return story(**{name: text})


def document(name, content):
    return json.dumps({"preorder_kit": 1, name: content})


def order_of(*lines, **more):
    return document("order", {"id": "O1", "placed_at": "2027-02-01T09:00:00Z", "lines": [*lines], **more})


def supply_of(**content):
    return document("supply", {"on_hand": {}, **content})


def test_the_story_is_told_in_parts_with_their_days_and_money():
    plan = story()["plan"]
    assert [(part["title"], part["lines"], part["why"], part["arrives"]) for part in plan["parts"]] == [
        (
            "Ships now",
            ["2 NIGHT-LP", "1 NIGHT-SIGNED", "2 DAWN-CD", "1 TOTE", "1 SHIPPING"],
            "",
            "8 to 12 Feb 2027",
        ),
        ("Waits for its street date, 19 Mar 2027", ["1 NIGHT-TAPE"], "Comes with PO-71.", "22 to 26 Mar 2027"),
        ("Waits for stock", ["1 DAWN-CD"], "Comes with PO-72.", "17 to 20 Feb 2027"),
    ]
    assert [part["charge"] for part in plan["parts"]] == [
        "156.53 USD is captured when it leaves, 5 Feb 2027 at the latest.",
        "12.75 USD is captured when it leaves, 19 Mar 2027 at the latest.",
        "14.16 USD is captured when it leaves, 15 Feb 2027 at the latest.",
    ]
    assert [cut["units"] for cut in plan["cancelled"]] == ["1 TOTE"]
    assert plan["money"] == "183.44 USD in all. 10.62 USD of cancelled units is not charged."


def test_the_shopper_reads_a_sentence_for_each_part_and_each_cancellation():
    plan = story()["plan"]
    said = [item["says"] for item in (*plan["parts"], *plan["cancelled"])]
    assert said[0] == "Parcel 1 of 3: Ships now, arrives 8 to 12 Feb"
    assert said[-1] == "1 item: Cancelled: out of stock"


def test_the_chart_says_what_can_be_promised_from_which_day_on():
    chart = story()["chart"]
    assert {row["sku"]: row["words"] for row in chart["skus"]} == {
        "NIGHT-LP": "8 now, then 16 from 26 Feb 2027 on",
        "PRINT": "5 now",
        "NIGHT-TAPE": "0 now, then 6 from 12 Mar 2027 on",
        "DAWN-CD": "2 now, then 12 from 15 Feb 2027 on",
        "TOTE": "1 now",
    }
    assert [(part["from"], part["until"]) for part in chart["parts"]] == [(3, 7), (45, 49), (12, 15)]
    assert (chart["start"], chart["length"]) == ("5 Feb 2027", 56)
    assert [tick["words"] for tick in chart["ticks"]] == ["5 Feb", "19 Feb", "5 Mar", "19 Mar"]


def test_each_line_of_the_queue_has_its_units_and_its_reason():
    served = story()["queue"]
    assert [(item["order"], item["granted"], item["asked"], item["code"]) for item in served["decisions"]] == [
        ("Ada", 2, 2, "granted"),
        ("Ada", 1, 1, "granted"),
        ("Ada", 0, 1, "not_due"),
        ("Ben", 4, 4, "granted"),
        ("Cleo", 0, 1, "on_hold"),
        ("Dov", 0, 3, "no_stock"),
        ("Eve", 1, 2, "partial"),
    ]
    assert "2 units of NIGHT-LP are missing, and order Ben is ahead of it" in served["decisions"][5]["says"]
    assert served["there"] == "2 DAWN-CD, 8 NIGHT-LP, 5 PRINT, 1 TOTE"
    assert served["left_over"] == "2 DAWN-CD, 4 PRINT, 1 TOTE"
    assert served["changes"] == []


def test_a_policy_says_who_has_less_by_it():
    served = answers.answer(EXAMPLES["strict"])["queue"]
    assert served["changes"] == ["Order Eve, line 1 gets 1 unit less."]
    assert served["decisions"][6]["code"] == "blocked_by"


def test_a_policy_says_who_has_more_by_it():
    queue = STORY["queue"].replace('"order_id": "Eve",', '"order_id": "Eve", "priority": -1,')
    served = story(queue=queue, policy=STORY["policy"] | {"queue": "priority"})["queue"]
    assert served["changes"] == ["Order Eve, line 1 gets 1 unit more.", "Order Ben, line 1 gets 1 unit less."]


def test_the_summary_counts_parts_cancellations_and_lines_that_get_all():
    found = story()
    assert found["problems"] == NOTHING
    assert found["summary"] == ("Order Ada: 3 parts, 1 cancellation. Queue: 3 of 7 lines get all that they ask for.")
    assert changed("supply", ('"TOTE": 1', '"TOTE": 2'))["summary"].startswith("Order Ada: 3 parts. ")


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "broken"])
def test_each_example_is_answered_and_no_two_alike(name):
    found = answers.answer(EXAMPLES[name])
    assert found["problems"] == NOTHING
    assert name == "story" or found != story()


def test_a_broken_document_names_each_problem_with_its_place():
    found = answers.answer(EXAMPLES["broken"])
    assert [problem["path"] for problem in found["problems"]["order"]] == [
        "order.lines[2].street_date",
        "order.lines[3].quantity",
        "order.lines[4].sku",
        "order.lines[4].SKU",
    ]
    assert found["plan"] is None
    assert found["summary"] == "4 problems found. Until that is mended, what needs it is as it was before."


def test_what_does_not_need_the_broken_document_is_answered():
    found = story(order="")
    assert found["problems"] == NOTHING | {"order": [{"path": "", "message": "is empty"}]}
    assert found["chart"]["parts"] == []
    assert found["queue"] == story()["queue"]
    assert found["summary"].startswith("1 problem found.")


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"order": "{"}, "order", "is not JSON"),
        ({"order": STORY["queue"]}, "order", "must hold the type Order"),
        ({"supply": STORY["order"]}, "supply", "must hold the type Supply"),
        ({"queue": STORY["order"]}, "queue", "must hold the type Sequence[WaitingLine]"),
        ({"at": ""}, "at", "must be a day and a time such as 2027-02-05T10:00 (got '')"),
        ({"at": "0001-01-01T00:00+10:00"}, "at", "must be a day and a time"),
        ({"zone": "Mars/Base"}, "zone", "must be an IANA time zone"),
        ({"policy": {"shortage": "strict", "ration": "equal"}}, "policy", "must be None unless shortage is partial"),
        ({"policy": {"shortage": "some"}}, "policy", "must be one of partial, skip, strict"),
        ({"policy": {"ration": "equal"}}, "policy", "must be no bundle and not ship complete"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(change, where, said):
    found = story(**change)["problems"]
    assert [name for name in found if found[name]] == [where]
    assert said in found[where][0]["message"]


def test_a_line_that_comes_twice_is_a_problem_of_the_queue():
    lines = json.loads(STORY["queue"])["queue"]
    found = story(queue=document("queue", [*lines, lines[0]]))
    assert found["problems"]["queue"][0]["path"] == "queue[7]"
    assert (found["plan"] is None, found["queue"]) == (False, None)


def test_a_time_with_an_offset_is_taken_as_it_is():
    assert story(at="2027-02-05T14:00:00Z") == story(at=" 2027-02-05T09:00 ")


def test_an_order_without_amounts_is_charged_nothing():
    plan = story(order=order_of({"id": "1", "sku": "TOTE", "quantity": 1}))["plan"]
    assert plan["parts"][0]["charge"] is None
    assert plan["money"] is None


@pytest.mark.parametrize(
    ("currency", "net", "said"),
    [("JPY", 1200, "1200 JPY"), ("KWD", 1200, "1.200 KWD"), ("EUR", -5, "-0.05 EUR"), (None, 7, "7 minor units")],
)
def test_money_is_written_with_the_decimals_of_its_currency(currency, net, said):
    line = {"id": "1", "sku": "EBOOK", "quantity": 1, "kind": "digital", "amount": {"net": net}}
    part = story(order=order_of(line, currency=currency))["plan"]["parts"][0]
    assert (part["title"], part["charge"]) == ("Delivered at once", f"{said} is captured at once.")


def test_what_waits_without_a_date_says_so():
    line = {"id": "1", "sku": "RARE", "quantity": 1, "when_short": "wait", "amount": {"net": 500}}
    part = story(order=order_of(line, currency="EUR"))["plan"]["parts"][0]
    assert (part["why"], part["arrives"]) == ("No date is known.", None)
    assert part["charge"] == "5.00 EUR is captured when it leaves."


def test_what_waits_for_stock_that_has_no_name_says_until_when():
    line = {"id": "1", "sku": "RARE", "quantity": 1, "when_short": "wait"}
    supply = supply_of(receipts=[{"sku": "RARE", "quantity": 1, "expected": "2027-12-30"}])
    part = story(order=order_of(line), supply=supply)["plan"]["parts"][0]
    assert (part["why"], part["arrives"]) == ("There until 30 Dec 2027.", "1 to 5 Jan 2028")


def test_a_street_date_holds_back_what_is_there():
    line = {"id": "1", "sku": "TOTE", "quantity": 1, "street_date": "2027-12-29T00:00:00-05:00"}
    part = story(order=order_of(line))["plan"]["parts"][0]
    assert part["why"] == "It may not leave before, even if it is there."
    assert part["arrives"] == "31 Dec 2027 to 4 Jan 2028"


def test_a_range_over_two_months_names_both():
    line = {"id": "1", "sku": "TOTE", "quantity": 1, "street_date": "2027-02-24T00:00:00-05:00"}
    assert story(order=order_of(line))["plan"]["parts"][0]["arrives"] == "26 Feb to 2 Mar 2027"


def test_no_bound_is_any_number():
    found = changed("supply", ('"TOTE": 1', '"TOTE": "unlimited"'))
    row = next(row for row in found["chart"]["skus"] if row["sku"] == "TOTE")
    assert (row["words"], row["steps"][0]["available"]) == ("any number now", None)
    assert "any number TOTE" in found["queue"]["there"]


def test_what_is_overdue_is_named_for_it_does_not_count():
    found = changed("supply", ("2027-02-26", "2027-02-01"))
    row = next(row for row in found["chart"]["skus"] if row["sku"] == "NIGHT-LP")
    assert row["words"] == "8 now"
    assert row["overdue"] == ["PO-70 was expected 1 Feb 2027: it is overdue and does not count"]


def test_a_receipt_of_some_days_is_overdue_after_the_last_of_them():
    days = {"earliest": "2027-01-01", "latest": "2027-02-04"}
    supply = supply_of(receipts=[{"sku": "CD", "quantity": 4, "expected": days}])
    [row] = story(order="", supply=supply)["chart"]["skus"]
    assert row["overdue"] == ["a receipt of 4 was expected 4 Feb 2027: it is overdue and does not count"]


def test_what_is_owed_beyond_all_that_comes_is_said():
    supply = supply_of(commitments=[{"sku": "CD", "quantity": 2}])
    [row] = story(order="", supply=supply)["chart"]["skus"]
    assert row["words"] == "0 now (2 more are owed than come)"


def test_of_many_skus_the_first_are_drawn_and_the_others_named():
    chart = story(supply=supply_of(on_hand={f"SKU{number:02}": 1 for number in range(20)}))["chart"]
    assert (len(chart["skus"]), chart["left_out"][-1]) == (12, "SKU19")


def test_a_negative_count_is_nothing_to_give():
    assert story(supply=supply_of(on_hand={"NIGHT-LP": -2}))["queue"]["there"] == "nothing"


@pytest.mark.parametrize("at", ["9999-12-31T10:00", "9999-12-20T10:00"])
def test_the_end_of_the_calendar_is_no_trouble(at):
    found = story(at=at, order="", supply=supply_of(on_hand={"TOTE": 1}))
    assert found["chart"]["length"] <= 12


def test_the_answer_is_json_from_json():
    assert json.loads(answers.answer_json(json.dumps(STORY))) == story()


@given(
    st.sampled_from(["order", "supply", "queue", "at", "zone"]),
    st.integers(0, 3000),
    st.integers(0, 30),
    st.text(st.sampled_from('{}[]",:0123456789-TZabc\x00é '), max_size=20),
)
def test_whatever_is_typed_is_answered(name, begin, length, typed):
    text = STORY[name]
    found = story(**{name: text[:begin] + typed + text[begin + length :]})
    assert {"plan", "chart", "queue", "problems", "summary"} == found.keys()


def test_it_uses_public_names_alone():
    tree = ast.parse((ROOT / "docs" / "playground" / "answers.py").read_text("utf-8"))
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules = {node.module for node in imported if node.module.startswith("preorder_kit")}
    assert modules == {"preorder_kit", "preorder_kit.serialization"}
    assert not [alias.name for node in imported for alias in node.names if alias.name.startswith("_")]
