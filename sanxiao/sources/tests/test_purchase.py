"""Lines of invoices: what is taken, what is not, and by whom."""

from datetime import timedelta

import pytest

from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import today
from sanxiao.sources.models import Purchase
from sanxiao.sources.tests import steps


def test_a_purchase_needs_a_supplier(town, school):
    for empty in ("", "  ", "（）"):
        with pytest.raises(Refused) as no:
            steps.bought(town.zhang, school, empty)
        assert "supplier" in no.value.fields


@pytest.mark.parametrize(("name", "wrong"), [
    ("bought_on", {"on": today() + timedelta(days=1)}), ("bought_on", {"on": today() - timedelta(days=9999)}),
    ("food", {"food": " "}), ("quantity", {"quantity": 0}),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field(town, school, name, wrong):
    with pytest.raises(Refused) as no:
        steps.bought(town.zhang, school, "甲豆腐", **wrong)
    assert list(no.value.fields) == [name] and not Purchase.objects.exists()


def test_the_same_line_twice_is_one_line_and_a_voided_one_may_come_again(town, school):
    first = steps.bought(town.zhang, school, "甲豆腐", invoice="No.001")
    with pytest.raises(Refused) as no:
        steps.bought(town.zhou, school, " 甲豆腐 ", invoice="no 001")
    assert no.value.code == "doubled"
    flow.move(first, "void", town.zhang, reason="录错了")
    steps.bought(town.zhang, school, "甲豆腐", invoice="No.001")
    assert Purchase.objects.standing().count() == 1


def test_the_next_village_enters_nothing_here(town, school):
    with pytest.raises(Refused):
        steps.bought(town.li, school, "甲豆腐")
    line = steps.bought(town.zhang, school, "甲豆腐")
    with pytest.raises(Refused):
        flow.move(line, "void", town.li, reason="x")
    assert not Purchase.objects.seen_by(town.li).exists()


@pytest.mark.parametrize("who", ["sun", "qian", "feng", "he"])
def test_who_has_not_the_duty_enters_nothing(town, school, who):
    with pytest.raises(Refused):
        steps.bought(getattr(town, who), school, "甲豆腐")


def test_a_buyer_that_was_closed_buys_nothing_more(town, school):
    flow.move(school, "close", town.zhang, reason="并校")
    with pytest.raises(Refused, match="已停用"):
        steps.bought(town.zhang, school, "甲豆腐")


def test_a_voided_line_cannot_be_voided_again(town, school):
    line = steps.bought(town.zhang, school, "甲豆腐")
    flow.move(line, "void", town.zhang, reason="x")
    with pytest.raises(Refused):
        flow.move(line, "void", town.zhang, reason="x")
