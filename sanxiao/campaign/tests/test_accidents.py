"""Accidents: entered by who has the duty, settled with their source, seen on one's own ground."""

from datetime import timedelta

import pytest

from sanxiao.campaign.models import Accident
from sanxiao.docket import flow
from sanxiao.docket.flow import Refused
from sanxiao.office.now import today
from tests import cast

pytestmark = pytest.mark.usefixtures("may")
NEW = "/do/campaign.accident/new/enter"


def said(**more):
    facts = {"happened_on": today(), "ground": cast.HOUYANG, "level": "major", "people": 12, "what": "聚餐后不适"}
    return facts | more


def test_it_is_entered_on_its_ground_and_counts_when_its_source_is_known(as_, town):
    assert as_("zhou").post(NEW, said()).status_code == 302
    row = Accident.objects.get()
    assert (row.area, row.state) == (cast.HOUYANG, "entered")
    assert not Accident.objects.major_from_the_source().exists()
    flow.move(row, "settle", town.chen, origin="small", finding="卤菜变质")
    assert Accident.objects.major_from_the_source().count() == 1
    assert "卤菜变质" in as_("zhang").get(row.get_absolute_url()).content.decode()
    assert as_("li").get(row.get_absolute_url()).status_code == 404
    assert as_("zhou").get("/plan/accidents/").context["count"] == 1


def test_others_enter_none_and_a_day_to_come_is_refused(as_, town):
    assert as_("zhang").post(NEW, said()).status_code == 404
    page = as_("zhou").post(NEW, said(happened_on=today() + timedelta(days=1)))
    assert page.status_code == 422
    assert "发生日期不能晚于今天" in page.content.decode()
    assert "聚餐后不适" in page.content.decode()
    assert as_("qian").get("/plan/accidents/").status_code == 404


def test_what_was_entered_by_mistake_is_void_and_counts_no_more(as_, town):
    as_("zhou").post(NEW, said())
    row = Accident.objects.get()
    flow.move(row, "void", town.zhou, reason="不构成事故")
    assert not Accident.objects.counted().exists()
    with pytest.raises(Refused, match="当前状态"):
        flow.move(row, "settle", town.chen, origin="small", finding="x")
