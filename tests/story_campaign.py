"""The campaign as it is directed, told through the real pages: from the first gap in the plan to the last phase.

The food-safety office calls the town together; who comes signs by the code; what is decided becomes a village's task;
its report leads to the record; the next meeting hears of it. Every phase leaves its proof beside its clauses.
"""

from datetime import date

import pytest

from sanxiao.office.now import at
from sanxiao.survey.tests import paper
from tests import cast
from tests.story import CANNERY, CANS, db, story, telling  # noqa: F401  fixtures

WHO = ("zhang", "li", "chen", "wu", "zhou", "sun", "qian", "feng")
TOPIC, AGAIN, OWN = "四月联席会议", "七月联席会议", "后阳村动员部署会"
DECIDED, REPORT = "五月底前查清后阳村的罐头加工户", "查到一户，已建档。"
MINUTES = "通报了摸底进度。"
TASK, DEMAND = "清理校门口占道摊点", "放学前后到场。"


@pytest.mark.parametrize("who", WHO)
def test_each_signs_in(story, who):
    getattr(story.on(4, 9), who).opens("/").presses("登录", username=who, password=cast.PASSWORD)


def test_the_plan_begins_with_nothing_but_gaps(story):
    zhou = story.zhou.opens("/plan/").sees("调查摸底阶段", "缺口", "未到阶段", "牵头")
    assert not zhou.follows("只看缺口").page.xpath("//td//span[contains(@class, 'green')]")
    story.zhang.opens("/plan/units/").sees("缺口", "未到阶段").misses("南瑶村", "全部单位")


def test_the_office_calls_the_town_together_and_the_notice_writes_itself(story):
    zhou = story.zhou.opens("/plan/meetings/").follows("召开全镇会议")
    said = {"topic": TOPIC, "held_on": "2018-04-12", "place": "镇会议中心", "groups": ["villages", "offices"]}
    zhou.presses("安排会议", said).sees("拟召开", "参会单位")
    story.at["meeting"] = zhou.path
    assert story.zhang.status(story.at["meeting"]) == 404, "the notice is not out yet"
    zhou.follows("发出通知").presses("发出通知").sees("已通知", "签到码")
    assert zhou.downloads("Word 文本").startswith(b"PK")
    story.zhang.opens("/").sees(TOPIC).follows(TOPIC).sees("镇会议中心", "未签到")
    story.li.opens(story.at["meeting"]).follows("事先请假").presses("事先请假", reason="汛期值班").sees("请假")


def test_on_the_day_one_press_signs_in(story):
    zhang = story.on(4, 12).zhang.opens(story.at["meeting"]).follows("签到")
    zhang.presses("签到").sees("已签到", "张桂兰")
    story.qian.opens(story.at["meeting"]).follows("签到").presses("签到").sees("已签到")


def test_what_is_decided_becomes_a_task_with_the_minutes(story):
    zhou = story.zhou.opens(story.at["meeting"]).follows("登记召开")
    zhou.presses("登记召开", attended="12", signin=paper.photo("签到表.jpg")).sees("已召开，待出纪要", "缺席")
    zhou = zhou.follows("出会议纪要")
    [unit] = zhou.page.xpath("//select[@name='decisions-1-unit']/option[.='后阳村' or .='Houyang Village']/@value")
    said = {
        "minutes": MINUTES, "decisions-1-text": DECIDED, "decisions-1-unit": unit,
        "decisions-1-clause": "五（一）1",
    }  # fmt: skip
    zhou.presses("出会议纪要", said).sees("交办的要写期限。", MINUTES)
    zhou.presses("出会议纪要", {"decisions-1-due_on": "2018-05-20"}).sees("纪要已出", DECIDED, "待签收")


def test_the_village_holds_its_own_meeting_and_the_others_stand_in_red(story):
    zhang = story.on(4, 13).zhang.opens("/").sees("动员部署会还没有召开")
    zhang.opens("/plan/meetings/").follows("本单位动员会")
    zhang.presses("安排会议", topic=OWN, held_on="2018-04-13", place="村部").follows("登记召开")
    zhang.presses("登记召开", attended="9", photo=paper.photo("会场.jpg")).follows("出会议纪要")
    zhang.presses("出会议纪要", minutes="学习了方案。").sees("纪要已出")
    story.zhou.opens("/plan/mobilised/").sees(OWN, "没有召开").opens("/plan/mobilised/?is=no").misses(OWN)
    story.zhang.opens("/").misses("动员部署会还没有召开")


def test_the_village_does_its_task_and_the_report_leads_to_the_record(story):
    zhang = story.zhang.opens("/").sees(DECIDED).follows(DECIDED)
    story.at["task"] = zhang.path
    assert story.li.status(story.at["task"]) == 404
    zhang.follows("签收").presses("签收").sees("办理中")
    zhang.opens("/survey/new/workshop").presses("保存", CANNERY).presses("确认无误，保存").presses("建档")
    story.at["cans"] = zhang.follows(f"“{CANS}”").path
    zhang.opens(story.at["task"]).follows("反馈结果").presses("反馈结果", report=REPORT, links="没有这样的").sees(
        REPORT
    )
    zhang.presses("反馈结果", links=story.at["cans"]).sees("已反馈，待审核", CANS)
    zhou = story.zhou.opens("/").follows(DECIDED).sees(REPORT, CANS, "系统里的记录")
    zhou.follows("审核通过、办结").presses("审核通过、办结").sees("已办结")


def test_a_target_is_reached_by_what_was_filed(story):
    zhou = story.zhou.opens("/plan/targets/").follows("下达目标")
    village = _box(zhou, "后阳村", "Houyang Village")
    said = {"phase": "survey", "rule": "know-files", "number": "1", "wanted_on": "2018-05-31", "units": [village]}
    zhou.presses("下达目标", said).sees("已达到", "100%")
    zhou.opens(zhou.page.xpath("//a[contains(@href, '/plan/records/')]")[0].get("href")).sees(CANS)
    story.zhang.opens("/plan/targets/").sees("已达到")


def _box(screen, *names):
    """The value of the box of a unit, by what it is called on either screen."""
    for box in screen.page.xpath("//input[@name='units']"):
        if any(name in box.getparent().text_content() for name in names):
            return box.get("value")
    raise AssertionError(f"no box for {names}")


def test_beside_its_clause_stands_the_proof_and_behind_the_number_the_record(story):
    zhang = story.zhang.opens("/plan/units/")
    zhang.sees("有凭证").opens("/plan/records/?clause=五（一）1&role=village&span=phase").sees(CANS)
    story.feng.opens("/plan/").sees("四（三）", "缺口").misses("后阳村")


def test_in_the_second_phase_a_squadron_sends_back_what_is_not_its_own_and_does_the_rest(story):
    zhou = story.on(6, 4).zhou.opens("/plan/").sees("集中整治阶段").follows("下达任务")
    urban = _box(zhou, "城管", "Urban")
    said = {"heading": TASK, "demand": DEMAND, "wanted_on": "2018-06-15", "clause": "五（二）1（3）", "units": [urban],
            "urgent": "on"}  # fmt: skip
    zhou.presses("下达任务", said).sees("待签收", "急件")
    story.at["urban"] = zhou.path
    qian = story.qian.opens("/").follows(TASK).follows("签收").presses("签收").follows("反馈结果")
    qian.presses("反馈结果", report="去过了。").sees("已反馈，待审核")
    zhou.opens(story.at["urban"]).follows("退回重办").presses("退回重办", reason="请附照片", wanted_on="2018-06-20")
    qian.opens("/").follows(TASK).sees("请附照片").follows("反馈结果")
    qian.presses("反馈结果", report="劝离六个摊点。", photo=paper.photo("校门口.jpg"))
    zhou.opens(story.at["urban"]).follows("审核通过、办结").presses("审核通过、办结").sees("已办结", "劝离六个摊点。")
    zhou.opens("/plan/?gaps=1").sees("只看缺口")


def test_the_next_meeting_hears_what_became_of_the_last(story):
    zhou = story.on(7, 12).zhou.opens("/").sees("联席会议到期没有安排").opens("/plan/meetings/").follows("召开全镇会议")
    said = {"topic": AGAIN, "held_on": "2018-07-13", "place": "镇会议中心", "groups": ["villages", "offices"]}
    zhou.presses("安排会议", said).sees("以往议定事项办得怎样", DECIDED, "已办完", REPORT)
    zhou.follows("发出通知").presses("发出通知")
    story.sun.opens(zhou.path).sees(DECIDED, REPORT)


def test_in_the_last_phase_every_clause_has_an_owner_and_proof_or_a_gap(story):
    with at(date(2019, 7, 8)):
        sun = story.sun.opens("/plan/").sees("巩固提升阶段", "有凭证", "缺口")
        assert "未到阶段" not in sun.text
        for clause in ("三（一）", "四（十一）", "五（二）2四是", "五（三）", "六（四）"):
            assert sun.page.xpath(f"//*[@id='{clause}']//td"), clause
        sun.opens("/plan/?phase=survey").sees("有凭证")


def test_no_page_was_read_in_another_language(story):
    assert story.language != "en" or not story.foreign(OFFICIAL), story.foreign(OFFICIAL)


OFFICIAL = f"{MINUTES}镇会议中心村部{OWN}{TOPIC}{AGAIN}关于召开{TOPIC}的通知{TOPIC}纪要关于召开{AGAIN}的通知{OWN}纪要"
