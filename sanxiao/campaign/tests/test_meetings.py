"""Meetings: notice, sign-in by code, the roll, minutes whose decisions become tasks, and the next meeting."""

from datetime import timedelta

import pytest

from sanxiao.campaign.meetings import carried_over, joint_due, sign
from sanxiao.campaign.models import Decision, Invite, Meeting, Task
from sanxiao.campaign.rules import MEETING
from sanxiao.campaign.tests import steps
from sanxiao.docket import flow
from sanxiao.docket.flow import Refused
from sanxiao.office.now import at, today
from sanxiao.papers.models import Paper
from tests import cast

pytestmark = pytest.mark.usefixtures("may")
NEW = "/do/campaign.meeting/new/plan"


def said(**more):
    return {"kind": "joint", "topic": "第二季度联席会议", "held_on": today(), "place": "镇会议中心", **more}


def notified(town, *units, **more):
    row = steps.meeting(town.zhou, *units, **more)
    flow.move(row, "notify", town.zhou)
    return row


def test_a_meeting_of_the_town_invites_everybody_by_two_ticks_and_the_notice_is_a_paper(as_, town):
    zhou = as_("zhou")
    assert zhou.post(f"{NEW}?level=town", said(groups=["villages", "offices"])).status_code == 302
    row = Meeting.objects.get()
    assert row.invites.count() > 20
    assert zhou.post(f"/do/campaign.meeting/{row.pk}/notify").status_code == 302
    paper = Paper.objects.get(subject=row.pk)
    assert paper.title == "关于召开第二季度联席会议的通知"
    assert "后阳村" in paper.facts["addressee"]
    assert as_("zhang").get(f"/papers/{paper.pk}.docx").status_code == 200
    assert paper.pdf().startswith(b"%PDF")


def test_a_village_calls_its_own_meeting_but_not_the_town_together(as_, town):
    zhang = as_("zhang")
    assert zhang.get(f"{NEW}?level=town").status_code == 404
    assert zhang.post(NEW, said(kind="mobilise", topic="动员会")).status_code == 302
    row = Meeting.objects.get()
    assert (row.level, row.area, row.host.role, row.invites.count()) == ("own", cast.HOUYANG, "village", 1)
    assert as_("he").get(NEW).status_code == 404


def test_only_who_is_invited_or_in_charge_sees_it_and_not_before_the_notice(as_, town):
    row = steps.meeting(town.zhou, steps.village(), steps.office("urban"))

    def seeing():
        return {who for who in cast.PEOPLE if as_(who).get(row.get_absolute_url()).status_code == 200}

    assert seeing() == {"zhou", "chen", "wu", "sun"}
    flow.move(row, "notify", town.zhou)
    assert seeing() == {"zhou", "chen", "wu", "sun", "zhang", "qian"}
    own = steps.meeting(town.zhang, level="own", kind="mobilise")
    assert as_("li").get(own.get_absolute_url()).status_code == 404
    assert as_("zhou").get(own.get_absolute_url()).status_code == 200


def test_every_step_is_the_hosts_alone_and_comes_in_its_time(town):
    ways = {"planned": [], "notified": ["notify"], "held": ["hold"], "minuted": ["hold", "minute"],
            "cancelled": ["cancel"]}  # fmt: skip
    facts = {"reason": "改期", "held_on": today(), "place": "村部", "came": {"there": []}, "attended": 3, "note": "补",
             "minutes": "记", "decided": {"rows": []}}  # fmt: skip
    for state, way in ways.items():
        for row in MEETING.moves[1:]:
            meeting = steps.meeting(town.zhou, steps.village())
            for name in way:
                steps.files.keep(meeting, steps.picture(), "a.jpg", town.zhou, role="photo")
                flow.move(meeting, name, town.zhou, **facts)
            steps.files.keep(meeting, steps.picture(), "a.jpg", town.zhou, role="photo")
            more = facts | ({"invited": [steps.village(cast.NANYAO)]} if "invited" in row.asks else {})
            for who in (town.zhang, town.chen, town.sun):
                with pytest.raises(Refused):
                    flow.move(meeting, row.key, who, **more)
            if state in row.frm:
                flow.move(meeting, row.key, town.zhou, **more)
            else:
                with pytest.raises(Refused):
                    flow.move(meeting, row.key, town.zhou, **more)


def test_the_code_signs_in_on_the_day_with_one_button_and_nobody_twice(as_, town):
    row = notified(town, steps.village())
    zhang, path = as_("zhang"), f"/m/{row.code.lower()}"
    assert "签到</button>" in zhang.get(path).content.decode()
    assert zhang.post(path).status_code == 302
    assert "已签到" in zhang.get(path).content.decode()
    again = zhang.post(path)
    assert again.status_code == 409
    assert "您已经签到了" in again.content.decode()
    assert Invite.objects.get(office__role="village").names == ["张桂兰"]


def test_who_is_not_invited_and_another_day_sign_nothing(as_, town):
    row = notified(town, steps.village(), on=today() + timedelta(days=1))
    assert as_("li").get(f"/m/{row.code}").status_code == 404
    assert as_("li").get("/m/ABC").status_code == 404
    assert "只能在会议当天签到" in as_("zhang").get(f"/m/{row.code}").content.decode()
    page = as_("chen").post(f"/m/{row.code}")
    assert "不在参会名单上" in page.content.decode()
    assert as_("zhang").post(f"/m/{row.code}").status_code == 409


def test_a_second_person_of_one_unit_signs_beside_the_first(town):
    row = notified(town, steps.office("bureau"))
    assert sign(row, town.chen).names == ["陈伟"]
    assert sign(row, town.wu).names == ["陈伟", "吴昊"]


def test_the_clerk_ticks_who_signed_on_paper_and_the_others_were_absent(as_, town):
    row = notified(town, steps.village(), steps.village(cast.NANYAO), steps.office("urban"), steps.office("finance"))
    sign(row, town.zhang)
    flow.move(Invite.objects.get(office__role="finance"), "excuse", town.feng, reason="出差")
    by_hand = Invite.objects.get(office__role="urban")
    page = as_("zhou").get(f"/do/campaign.meeting/{row.pk}/hold").content.decode()
    assert "张桂兰" not in page
    assert "城管" in page
    facts = {"came": [by_hand.pk], "attended": 5, "signin": steps.upload()}
    assert as_("zhou").post(f"/do/campaign.meeting/{row.pk}/hold", facts).status_code == 302
    assert dict(Invite.objects.values_list("office__area", "state").filter(office__role="village")) == {
        cast.HOUYANG: "came", cast.NANYAO: "absent",
    }  # fmt: skip
    assert dict(Invite.objects.values_list("office__role", "state").exclude(office__role="village")) == {
        "urban": "came", "finance": "excused", "fso": "absent",
    }  # fmt: skip


def test_minutes_want_a_picture_first(as_, town):
    row = notified(town, steps.village())
    flow.move(row, "hold", town.zhou, came={"there": []}, attended=3)
    with pytest.raises(Refused, match="请先附签到表或现场照片"):
        steps.minuted(row, town.zhou)
    assert as_("zhou").post(f"/do/campaign.meeting/{row.pk}/add", {"photo": steps.upload()}).status_code == 302
    row.refresh_from_db()
    assert steps.minuted(row, town.zhou).state == "minuted"


def test_decisions_of_the_minutes_become_tasks_in_one_step(as_, town):
    row = steps.held(notified(town, steps.village()), town.zhou)
    day = today() + timedelta(days=14)
    facts = {
        "minutes": "研究了流动摊贩的底数。", "decisions-1-text": "月底前把流动摊贩查清", "decisions-1-unit": "villages",
        "decisions-1-due_on": day, "decisions-1-clause": "五（一）1", "decisions-2-text": "下次会议在七月召开",
    }  # fmt: skip
    assert as_("zhou").post(f"/do/campaign.meeting/{row.pk}/minute", facts).status_code == 302
    first, second = Decision.objects.all()
    assert (first.tasks.count() > 10, second.tasks.count()) == (True, 0)
    task = Task.objects.seen_by(town.zhang).get()
    assert (task.giver.role, task.clause, task.wanted_on) == ("fso", "五（一）1", day)
    paper = Paper.objects.get(subject=row.pk, title__endswith="纪要")
    assert any("流动摊贩查清" in str(each) for each in paper.facts["paragraphs"])


def test_a_decision_without_words_or_day_is_marked_and_the_minutes_are_kept(as_, town):
    row = steps.held(notified(town, steps.village()), town.zhou)
    facts = {"minutes": "记了很多。", "decisions-1-text": "查清底数", "decisions-1-unit": "villages",
             "decisions-2-unit": "offices", "decisions-2-due_on": today() - timedelta(days=1)}  # fmt: skip
    page = as_("zhou").post(f"/do/campaign.meeting/{row.pk}/minute", facts)
    words = page.content.decode()
    assert page.status_code == 422
    for each in ("交办的要写期限", "请写议定事项", "期限不能早于今天", "记了很多。"):
        assert each in words, each
    assert not Task.objects.exists()


def test_the_next_meeting_hears_of_what_was_decided_with_the_report_and_its_records(as_, town, tofu):
    first = steps.held(notified(town, steps.village()), town.zhou)
    steps.minuted(first, town.zhou, steps.decision("查清豆腐坊", steps.village()), steps.decision("加强宣传"))
    task = Task.objects.get()
    flow.move(task, "receive", town.zhang)
    link = {"kind": "archive.file", "id": str(tofu.pk), "title": tofu.called}
    flow.move(task, "report", town.zhang, report="已经查清并建档", links=[link])
    with at(today() + timedelta(days=30)):
        second = notified(town, steps.village(), topic="第三季度联席会议")
        [carried] = carried_over(second)
        assert (carried.decision.text, carried.is_open) == ("查清豆腐坊", True)
        words = as_("zhou").get(second.get_absolute_url()).content.decode()
        for each in ("以往议定事项办得怎样", "查清豆腐坊", "已经查清并建档", "记录 1 条"):
            assert each in words, each
        notice = Paper.objects.get(subject=second.pk)
        assert any("查清豆腐坊" in str(each) for each in notice.facts["paragraphs"])
        flow.move(task, "accept", town.zhou, note="")
        steps.held(second, town.zhou)
    with at(today() + timedelta(days=100)):
        assert carried_over(steps.meeting(town.zhou, topic="第四季度联席会议")) == []


def test_who_has_held_no_mobilisation_meeting_stands_in_red(as_, town):
    row = steps.held(steps.meeting(town.zhang, level="own", kind="mobilise", topic="后阳村动员会"), town.zhang)
    page = as_("zhou").get("/plan/mobilised/", {"is": "no"})
    assert page.context["missing"] == page.context["all"] - 1
    assert "后阳村动员会" not in page.content.decode()
    mine = as_("zhang").get("/plan/mobilised/")
    assert [line["meeting"] for line in mine.context["rows"]] == [row]
    assert [line["meeting"] for line in as_("li").get("/plan/mobilised/").context["rows"]] == [None]
    assert "动员部署会还没有召开" in as_("li").get("/").content.decode()
    assert "动员部署会还没有召开" not in as_("zhang").get("/").content.decode()
    assert as_("zhou").get("/plan/mobilised/", {"as": "xlsx"}).status_code == 200


def test_a_joint_meeting_is_due_every_three_months(as_, town):
    assert joint_due(cast.JINCHENG) == today()
    assert "联席会议到期没有安排" in as_("sun").get("/").content.decode()
    steps.meeting(town.zhou, on=today() + timedelta(days=3))
    assert joint_due(cast.JINCHENG).isoformat() == "2018-08-11"
    assert "联席会议到期没有安排" not in as_("sun").get("/").content.decode()


def test_another_day_after_the_notice_is_told_again_and_a_cancelled_meeting_spares_everybody(town):
    row = notified(town, steps.village(), on=today() + timedelta(days=3))
    with pytest.raises(Refused, match="期限不能早于今天"):
        flow.move(row, "move", town.zhou, held_on=today() - timedelta(days=1), place="镇政府", reason="冲突")
    row.refresh_from_db()
    flow.move(row, "move", town.zhou, held_on=today() + timedelta(days=5), place="镇政府", reason="场地冲突")
    assert Paper.objects.filter(subject=row.pk, title__contains="变更").count() == 1
    flow.move(row, "cancel", town.zhou, reason="合并召开")
    assert set(row.invites.values_list("state", flat=True)) == {"spared"}


def test_the_sheet_and_the_code_are_the_hosts_to_print(as_, town):
    row = notified(town, steps.village())
    for what in ("sheet", "code"):
        assert as_("zhou").get(f"{row.get_absolute_url()}{what}.pdf").content.startswith(b"%PDF")
        assert as_("zhang").get(f"{row.get_absolute_url()}{what}.pdf").status_code == 404
    assert as_("zhou").get(f"{row.get_absolute_url()}other.pdf").status_code == 404


def test_the_list_costs_the_same_with_many(as_, town, django_assert_max_num_queries):
    steps.meeting(town.zhou)
    zhou = as_("zhou")
    zhou.get("/plan/meetings/")
    for n in (1, 6):
        with django_assert_max_num_queries(14):
            assert zhou.get("/plan/meetings/").context["count"] == n
        for _n in range(5):
            steps.meeting(town.zhou, steps.village())
