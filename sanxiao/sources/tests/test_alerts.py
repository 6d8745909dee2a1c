"""停用通知: all buyers of a place are told, and each answers with how much it has stopped."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sanxiao.archive.rules import MERGE
from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import today
from sanxiao.sources import downstream
from sanxiao.sources.models import Alert
from sanxiao.sources.tests import steps
from sanxiao.web import desk
from tests import cast
from tests.cast import NANYAO


@pytest.fixture
def market(town):
    """A shop of the next village."""
    return steps.buyer(town.li, "南瑶超市", "supermarket", NANYAO)


@pytest.fixture
def sold(town, school, market, tofu):
    """Tofu that went to two buyers."""
    steps.bought(town.zhang, school, tofu, on=today() - timedelta(days=40))
    steps.bought(town.zhang, school, tofu, "百叶", on=today() - timedelta(days=3))
    steps.bought(town.li, market, tofu, on=today() - timedelta(days=30))
    return tofu


def test_from_a_place_all_its_buyers_with_what_and_when(sold, school, market, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        found = downstream.buyers_of([sold])
    assert [(b.buyer, b.foods, b.times) for b in found] == [(school, ("百叶", "豆腐"), 2), (market, ("豆腐",), 1)]
    assert found[0].last_on == today() - timedelta(days=3)
    assert [b.buyer for b in downstream.buyers_of([sold], since=today() - timedelta(days=7))] == [school]
    assert downstream.buyers_of([]) == []


def test_what_was_voided_was_not_bought(town, school, tofu):
    flow.move(steps.bought(town.zhang, school, tofu), "void", town.zhang, reason="错")
    assert downstream.buyers_of([tofu]) == []


def test_the_buyers_of_a_merged_file_are_those_of_the_survivor(town, sold):
    twin = cast.tofu_shop(town.zhang, name="王家豆腐店")
    row = MERGE.begun(town.zhou, {"file": str(twin.pk), "other": str(sold.pk)})
    flow.move(row, "merge", town.zhou, reason="同一户")
    assert len(downstream.buyers_of([steps.again(twin)])) == 2
    assert {b.file for b in downstream.buyers_of([steps.again(twin)])} == {twin.pk}


def test_each_buyer_is_told_once_of_one_matter(town, sold, school):
    first = downstream.warn(town.chen, [sold], "抽检不合格", source=sold)
    assert len(first) == 2 and downstream.warn(town.chen, [sold], "抽检不合格", source=sold) == []
    assert len(downstream.alerts_of(sold)) == 2
    assert {a.source_kind for a in first} == {"archive.file"}


def test_the_bureau_warns_from_the_file_and_the_village_has_it_on_its_desk(as_, town, sold, school):
    url = f"/sources/of/{sold.pk}/warn"
    assert as_("zhang").get(url).status_code == 404
    assert as_("chen").post(url, {"why": ""}).status_code == 422
    assert as_("chen").post(url, {"why": "抽检不合格：苯甲酸超标", "food": "豆腐"}).status_code == 302
    alert = Alert.objects.get(buyer=school)
    assert alert.get_absolute_url() in [todo.url for todo in desk.waiting(town.zhang)[0]]
    assert alert.due_on is not None and Alert.objects.count() == 2
    assert as_("chen").post(url, {"why": "再通知"}).status_code == 422
    assert as_("li").get(alert.get_absolute_url()).status_code == 404


def test_the_answer_says_how_much_was_stopped(as_, town, sold, school):
    downstream.warn(town.chen, [sold], "抽检不合格")
    alert = Alert.objects.get(buyer=school)
    url = f"/do/sources.alert/{alert.pk}/answer"
    said = {"measure": "stopped", "answered_by": "吴老师", "unit": "公斤", "quantity": ""}
    assert "请写明数量" in as_("zhang").post(url, said).content.decode()
    assert as_("zhang").post(url, said | {"quantity": "12"}).status_code == 302
    alert = steps.again(alert)
    assert (alert.state, alert.quantity, alert.answered_on) == ("answered", Decimal(12), today())
    assert "已停用、下架 12 公斤" in as_("zhou").get(alert.get_absolute_url()).content.decode()


def test_what_is_used_up_needs_no_amount(town, sold, school):
    downstream.warn(town.chen, [sold], "抽检不合格")
    alert = Alert.objects.get(buyer=school)
    flow.move(alert, "answer", town.zhang, measure="used", answered_by="吴老师")
    assert steps.again(alert).state == "answered"


@pytest.mark.parametrize(("who", "move"), [("li", "answer"), ("zhang", "lift"), ("sun", "lift"), ("qian", "answer")])
def test_who_has_not_the_duty_neither_answers_nor_lifts(town, sold, school, who, move):
    downstream.warn(town.chen, [sold], "抽检不合格")
    facts = {"reason": "x"} if move == "lift" else {"measure": "used", "answered_by": "吴"}
    with pytest.raises(Refused):
        flow.move(Alert.objects.get(buyer=school), move, getattr(town, who), **facts)


def test_it_is_lifted_with_a_reason_and_then_takes_no_answer(town, sold, school):
    downstream.warn(town.chen, [sold], "抽检不合格")
    alert = Alert.objects.get(buyer=school)
    flow.move(alert, "lift", town.chen, reason="复检合格")
    with pytest.raises(Refused):
        flow.move(steps.again(alert), "answer", town.zhang, measure="used", answered_by="吴")


def test_a_buyer_that_is_closed_is_not_told(town, sold, school):
    flow.move(steps.again(school), "close", town.zhang, reason="并校")
    assert [a.buyer.name for a in downstream.warn(town.chen, [sold], "不合格")] == ["南瑶超市"]
