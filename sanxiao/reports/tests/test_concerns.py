"""Problems and needs stay open until they are answered: raised with a report or at any time, shown in T9."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Office
from sanxiao.office.now import at
from sanxiao.reports.acts import freeze  # noqa: F401  the effect is registered
from sanxiao.reports.concern_models import Concern
from sanxiao.reports.concerns import carry_over, told
from sanxiao.reports.models import Report
from sanxiao.reports.subject import subject_of
from sanxiao.reports.tests.history import JULY_1, Q2, Q3, opened
from tests.cast import HOUYANG, JINCHENG

JULY_3 = date(2018, 7, 3)
SAID = {"progress": "已入户。", "problems": "流动摊贩找不到人。\n\n房东不愿改造。", "needs": "请分局来村里办一次证。"}


def sent(who, report=None, day=JULY_3, **words):
    """A report of 后阳村 handed in with these words."""
    report = report or opened(Q2)
    with at(day):
        flow.amend(Report.objects.get(pk=report.pk), who, "report.write", **{**SAID, **words})
        flow.move(Report.objects.get(pk=report.pk), "submit", who)
    return Report.objects.get(pk=report.pk)


def act(concern, move, by, day=JULY_3, **facts):
    with at(day):
        fresh = Concern.objects.get(pk=concern.pk)
        flow.move(fresh, move, by, **facts)
    return fresh


def test_every_line_of_a_report_becomes_a_matter_and_the_words_stay(town):
    report = sent(town.zhang)
    assert report.problems == SAID["problems"]
    rows = Concern.objects.order_by("created_at", "id")
    assert {(c.sort, c.text) for c in rows} == {
        ("problem", "流动摊贩找不到人。"), ("problem", "房东不愿改造。"), ("need", "请分局来村里办一次证。"),
    }  # fmt: skip
    assert {c.state for c in rows} == {"raised"}
    assert all(c.due_on for c in rows)
    figures = subject_of(report).figures
    assert figures["concerns", "q", HOUYANG, ""] == figures["concerns_open", "q", "", ""] == 3
    assert len(report.latest.concerns) == 3


def test_a_report_written_anew_drops_what_was_rewritten_and_doubles_nothing(town):
    report = sent(town.zhang)
    with at(JULY_3):
        flow.move(report, "return", town.chen, reason="写清楚几户")
    report = sent(town.zhang, report, problems="流动摊贩找不到人。\n房东不愿改造，涉及3户。")
    assert {c.text for c in Concern.objects.running()} == {
        "流动摊贩找不到人。", "房东不愿改造，涉及3户。", "请分局来村里办一次证。",
    }  # fmt: skip
    assert Concern.objects.get(text="房东不愿改造。").state == "withdrawn"
    assert subject_of(report).figures["concerns", "q", "", ""] == 3


def test_an_open_one_is_carried_into_the_next_report_until_it_is_answered_and_accepted(town):
    sent(town.zhang)
    need = Concern.objects.get(sort="need")
    q3 = opened(Q3)
    with at(date(2018, 10, 2)):
        assert [row["text"] for row in told(q3)].count(need.text) == 1
        again = sent(town.zhang, q3, date(2018, 10, 2))
        assert Concern.objects.count() == 3  # the same line again is the same matter
    need = act(need, "take", town.chen, date(2018, 10, 3))
    assert need.taker.role == "bureau"
    need = act(need, "answer", town.chen, date(2018, 10, 4), answer="下月5日上午到村里。")
    need = act(need, "stand", town.zhang, date(2018, 10, 8), reason="那天没有人来")
    assert need.due_on > date(2018, 10, 8)
    need = act(need, "answer", town.wu, date(2018, 10, 9), answer="改到12日。")
    assert act(need, "accept", town.zhang, date(2018, 10, 12), note="").state == "closed"
    assert again.latest.concerns[0]["state"] == "raised"  # the frozen report tells what was


def test_who_may_do_what_with_one(town):
    sent(town.zhang)
    need = Concern.objects.get(sort="need")
    for who, move, facts in (
        (town.li, "withdraw", {"reason": "x"}), (town.zhang, "take", {}), (town.sun, "accept", {"note": ""}),
        (town.chen, "assign", {"taker": Office.objects.get(role="urban")}), (town.feng, "answer", {"answer": "x"}),
    ):  # fmt: skip
        with pytest.raises(Refused):
            act(need, move, who, **facts)
    assert Concern.objects.seen_by(town.chen).count() == Concern.objects.seen_by(town.zhang).count() == 3
    assert not Concern.objects.seen_by(town.li).exists()
    need = act(need, "assign", town.zhou, taker=Office.objects.get(role="urban", area=JINCHENG), note="")
    with pytest.raises(Refused):
        act(need, "answer", town.chen, answer="不是我们")
    assert act(need, "answer", town.qian, answer="明天去").state == "answered"


def test_an_office_does_not_answer_its_own_question(town):
    with at(JULY_3):
        bureau = Office.objects.get(role="bureau")
        concern = Concern(unit=bureau, area=bureau.area, sort="need", text="缺一台快检仪")
        flow.move(concern, "raise", town.chen)
    with pytest.raises(Refused, match="自己答复"):
        act(concern, "take", town.wu)
    with pytest.raises(Refused, match="自己答复"):
        act(concern, "assign", town.zhou, taker=bureau, note="")
    assert act(concern, "take", town.feng).taker.role == "finance"


def test_reports_of_before_are_gone_through_once(town):
    report = opened(Q2)
    Report.objects.filter(pk=report.pk).update(state="accepted", problems="旧的困难", progress="写过")
    with at(JULY_3):
        assert carry_over() == "raised 1 concerns"
        assert carry_over() == "raised 0 concerns"
    assert Event.objects.get(kind="reports.concern").actor is None
    assert Report.objects.get(pk=report.pk).problems == "旧的困难"


def test_zhang_raises_one_at_any_time_and_sees_it_answered(as_, town):
    with at(JULY_1):
        zhang, chen = as_("zhang"), as_("chen")
        assert "请检查" in zhang.post("/do/reports.concern/new/raise", {"sort": "need", "text": ""}).content.decode()
        answer = zhang.post("/do/reports.concern/new/raise", {"sort": "need", "text": "夜市没有水电"})
        assert answer.status_code == 302
        assert "夜市没有水电" in chen.get("/concerns/?state=open").content.decode()
        assert as_("li").get(answer.url).status_code == 404
        assert chen.post(f"/do{answer.url.replace('concerns', 'reports.concern')}take").status_code == 302
        assert "由 市场监督管理局金城分局 答复" in zhang.get(answer.url).content.decode()
        assert as_("he").get("/concerns/").status_code == 404


def test_the_report_shows_them_with_their_state(as_, town):
    report = sent(town.zhang)
    page = as_("zhang").get(report.get_absolute_url()).content.decode()
    assert "表9" in page
    assert "房东不愿改造。" in page
    assert as_("zhang").get(f"{report.get_absolute_url()}export/pdf").status_code == 200
