"""Bulletins drafted from data, edited, issued and frozen; good practice that others comment on and do too."""

from datetime import date, timedelta

import pytest

from sanxiao.campaign.models import Task
from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import at, today
from sanxiao.oversight import drafts, practices
from sanxiao.oversight.models import Bulletin, Comment, Practice, Use
from sanxiao.oversight.rules import BULLETIN, PRACTICE
from sanxiao.oversight.tests import steps
from sanxiao.oversight.urging import urge

JULY_9, MONTH, PAST = date(2018, 7, 9), timedelta(days=30), date(2018, 6, 1)


@pytest.fixture(autouse=True)
def june():
    """It is nine in the morning of 4 June 2018."""
    with at(steps.JUNE):
        yield


def drafted(town, **params):
    bulletin = BULLETIN.begun(town.zhou, params)
    flow.move(bulletin, "draft", town.zhou)
    return bulletin


def issued(town, bulletin):
    return steps.act(steps.act(bulletin, "send", town.zhou), "issue", town.sun)


def test_a_bulletin_about_a_round_tells_what_the_program_knows(town):
    finding = steps.told(town)
    bulletin = drafted(town, round=str(finding.round_id))
    assert "对1个单位开展了“夏季督查”督查，共发现问题1个" in bulletin.body
    assert "两户没有建档。要求：入户补建。2018年6月22日前完成。" in bulletin.body
    assert "后阳村" in bulletin.body


def test_a_bulletin_about_late_matters_names_units_by_colour(town):
    steps.told(town)
    with at(JULY_9):
        urge()
        bulletin = drafted(town, about="urging")
    assert "红色催办1个单位：后阳村" in bulletin.body


def test_a_quarters_bulletin_needs_nothing_typed(town):
    from sanxiao.reports.tests.history import Q2, opened

    opened(Q2)
    with at(JULY_9):
        bulletin = drafted(town, quarter="2018Q2")
    assert "应报" in bulletin.body
    assert "2018年第二季度" in bulletin.title


def test_it_is_edited_issued_by_the_leading_group_and_never_again_changed(as_, town):
    bulletin = drafted(town, round=str(steps.told(town).round_id))
    zhou = as_("zhou")
    said = {"title": bulletin.title, "addressee": "各村", "body": "# 情况\n改过的一句。", "version": bulletin.version}
    assert zhou.post(f"{bulletin.get_absolute_url()}save", said).status_code == 302
    page = zhou.post(f"{bulletin.get_absolute_url()}save", said | {"body": "又一句"}).content.decode()
    assert "刚刚被别人更新过" in page
    assert "又一句" in page
    assert "必填" in zhou.post(f"{bulletin.get_absolute_url()}save", said | {"title": ""}).content.decode()
    bulletin = issued(town, bulletin)
    assert bulletin.number == "金食三小办〔2018〕1号"
    Bulletin.objects.filter(pk=bulletin.pk).update(body="偷改")
    assert bulletin.paper.facts["paragraphs"][-1] == "改过的一句。"
    with pytest.raises(Refused, match="不能再改"):
        drafts.edit(Bulletin.objects.get(), town.zhou, None, body="x")
    zhang = as_("zhang")
    assert zhang.get(f"{bulletin.get_absolute_url()}pdf").content.startswith(b"%PDF")
    assert zhang.get(f"{bulletin.get_absolute_url()}docx").content.startswith(b"PK")


def test_who_writes_does_not_issue_and_drafts_are_nobody_elses(town):
    bulletin = drafted(town, about="urging")
    assert not Bulletin.objects.seen_by(town.zhang).exists()
    for who, move in ((town.zhou, "issue"), (town.sun, "send"), (town.zhang, "send"), (town.chen, "issue")):
        with pytest.raises(Refused):
            steps.act(bulletin, move, who)
    issued(town, bulletin)
    assert Bulletin.objects.seen_by(town.zhang).exists()


# --- good practice -----------------------------------------------------------------------------------------------


def shown(town):
    return steps.act(steps.practice(town), "show", town.zhou, note="")


def test_it_is_seen_by_all_once_it_is_approved(town):
    row = steps.practice(town)
    assert not Practice.objects.seen_by(town.li).exists()
    with pytest.raises(Refused):
        steps.act(row, "show", town.zhang, note="")
    steps.act(row, "return", town.zhou, reason="写清楚几步")
    row = steps.act(row, "revise", town.zhang, called="夜市集中登记", trouble="a", how="b", effect="c")
    steps.act(row, "show", town.zhou, note="")
    assert Practice.objects.seen_by(town.li).exists()


def test_others_comment_and_do_it_too_once_a_unit(as_, town):
    row = shown(town)
    li = as_("li")
    assert li.post(f"{row.get_absolute_url()}comment", {"text": "我们也试试"}).status_code == 302
    assert (
        li.post(f"{row.get_absolute_url()}copy", {"note": "下周摆桌子", "wanted_on": today() + MONTH}).status_code
        == 302
    )
    page = li.post(f"{row.get_absolute_url()}copy", {"note": "再来一次", "wanted_on": today() + MONTH})
    assert page.status_code == 422
    assert "已经照着做了" in page.content.decode()
    assert Use.objects.count() == Comment.objects.count() == 1
    task = Task.objects.get()
    assert (task.unit, task.giver.role, task.state) == (Use.objects.get().unit, "fso", "received")
    assert task.heading in li.get("/").content.decode() and task.get_absolute_url() in page.content.decode()
    assert "我们也试试" in as_("zhang").get(row.get_absolute_url()).content.decode()
    assert set(Event.objects.filter(kind=PRACTICE.key).values_list("move", flat=True)) >= {"comment", "copy"}


def test_nothing_is_said_without_words_nor_of_what_is_not_shown(town):
    with pytest.raises(Refused, match="推广以后"):
        practices.copy(steps.practice(town), town.li, "x", today())
    row = shown(town)
    for act, said in ((practices.comment, (" ",)), (practices.copy, (" ", today())), (practices.copy, ("x", PAST))):
        with pytest.raises(Refused):
            act(row, town.li, *said)
    assert not Use.objects.exists()
    with pytest.raises(Refused, match="自己单位"):
        practices.copy(row, town.zhang, "x", today())
    with pytest.raises(Refused):
        practices.comment(row, town.he, "x")


def test_a_withdrawn_one_is_gone_for_the_others(town):
    row = steps.act(shown(town), "withdraw", town.zhou, reason="做法不合规")
    assert not Practice.objects.seen_by(town.li).exists()
    assert Practice.objects.seen_by(town.zhang).get() == row
