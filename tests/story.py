"""The story of the plan, walked through the real pages: from a paper sheet to the figures of the town.

One telling in each language. Every chapter begins where the one before ended; when one breaks, the rest is skipped.
People see and press only what their page shows (tests/screen.py); no chapter calls a function to move the story on.
A later room adds its chapter where its act belongs, and its figures to the chapters on the quarter; a story that goes
another way has a module of its own (story_*.py) and a telling of its own.
"""

import re
from typing import Any

import pytest

from sanxiao.survey.tests import paper
from tests import cast
from tests.printed import read
from tests.screen import Screen
from tests.telling import db, story, telling  # noqa: F401  fixtures are imported by name

SHOP, CANS, STALL = "王家豆腐坊", "徐记罐头坊", "老街早点摊"

# What stands on the papers that people bring.
TOFU = paper.workshop(
    shop_name=SHOP, operator_name="王秀兰", phone="13861234567", address="后阳村老街12号",
    household_address="后阳村3组", food_classes=["soy"], food_varieties="豆腐、百叶", processing=["soy"], workers="2",
    health_certs="1", pest_protection=["none"], disposal_case="2", surveyed_on="2018-04-08",
)  # fmt: skip
CANNERY = paper.workshop(
    shop_name=CANS, operator_name="徐根宝", id_number=paper.XU, phone="13961234568", address="后阳村桥头3号",
    food_classes=["canned"], food_varieties="黄桃罐头", disposal_case="3", batch="phase_out", surveyed_on="2018-04-08",
)  # fmt: skip
BREAKFAST = paper.vendor(
    shop_name=STALL, operator_name="赵小妹", id_number="320413190001020010", phone="13761234569",
    address="后阳村老街口", food_varieties="馒头、豆浆", in_area="yes", surveyed_on="2018-05-10",
)  # fmt: skip
PROBLEMS = {
    "pest_protection": {"demand": "装好纱门纱窗", "until": "2018-05-16"},
    "health_certificate": {"demand": "两人都办好健康证", "until": "2018-05-24"},
}
ORDER: dict[str, Any] = {"found_on": "2018-05-09", "second": "吴昊", "found": "加工间没有纱窗，一人无健康证"}
for code, said in PROBLEMS.items():
    ORDER |= {f"items-{code}-pick": "on", **{f"items-{code}-{key}": value for key, value in said.items()}}
MATERIALS = ("application", "identity", "business_licence", "layout", "process", "foods", "health", "premises")
PAPERS = {f"have_{code}": "on" for code in (*MATERIALS, "commitment")}

# What the quarter must hold: two workshops and a stall filed, one of them closed, two papers, one order.
FIGURES = {
    "new": 3, "closed": 1, "end": 2,
    "case1": 1, "case2": 1, "closed_self": 1,
    "regulate": 2, "regulated": 2, "phase_out": 1, "phased_out": 1,
    "applied": 2, "accepted": 2, "certificate": 1, "vendor_card": 1, "certified": 2,
    "visits": 2, "visit_recheck": 2, "people_out": 4, "problems": 2, "orders": 1, "passed": 1, "lapsed": 1,
}  # fmt: skip


CORRECTED = {key: n for key, n in FIGURES.items() if key != "case1"} | {
    "closed": 2, "closed_self": 2, "end": 1, "certified": 1,
}  # fmt: skip
DONE_BY_THE_BUREAU = {
    "archive.classification.decide": 3, "inspection.order.issue": 1, "inspection.order.review": 2,
    "inspection.visit.plan": 1,
    "licensing.application.accept": 1, "licensing.application.visit_pass": 1, "licensing.application.propose": 1,
    "licensing.application.grant": 1, "licensing.application.issue": 1, "licensing.application.hand_over": 1,
}  # fmt: skip


def quarter(screen: Screen) -> dict[str, int]:
    """The sums of the quarter on the open report: column -> number."""
    return {cell.removesuffix(".q"): n for cell, n in figures(screen).items() if cell.endswith(".q")}


def figures(screen: Screen) -> dict[str, int]:
    """The numbers of the open report that are doors: cell -> number."""
    links = screen.page.xpath("//table//td/a[contains(@href, '/cell/')]")
    return {re.sub(r"[?&]v=\d+", "", link.get("href").split("/cell/")[1]): int(link.text) for link in links}


# -- 一 Everybody comes to the office


@pytest.mark.parametrize("who", cast.PEOPLE)
def test_each_signs_in_and_finds_the_own_desk(story, who):
    screen = getattr(story, who).opens("/")
    screen.presses("登录", username=who, password="not this one").sees("没有登录成功")
    own = "人员与岗位" if who == "he" else "我的职责"  # who keeps the house has no part in the plan
    screen.presses("登录", username=who, password=cast.PASSWORD).sees(own, cast.PEOPLE[who][0])


# -- 二 摸底: from a paper sheet to a file


def test_zhang_types_what_stands_on_the_paper(story):
    zhang = story.zhang.opens("/").follows("录入调查表").follows("食品小作坊")
    zhang.presses("保存", TOFU).sees(SHOP, "待建档", "这张表还缺：", "138****4567").misses("13861234567")
    story.at["sheet"] = zhang.path


def test_the_sheet_becomes_a_file(story):
    zhang = story.zhang.opens("/").follows(SHOP).sees("没有找到相近的档案，将新建一户，编入本村名录。")
    zhang.presses("建档").follows(f"“{SHOP}”").sees(SHOP, "王秀兰", "DA320413100-ZF-00001")
    story.at["tofu"] = zhang.path
    assert story.zhou.opens(zhang.path).sees(SHOP)


def test_li_of_the_next_village_learns_of_none_of_it(story):
    assert [story.li.status(story.at[what]) for what in ("sheet", "tofu")] == [404, 404]
    story.li.opens("/archive/").misses(SHOP).opens("/").misses(SHOP)


def test_a_second_sheet_of_the_same_shop_is_seen_to_be_one(story):
    zhang = story.zhang.opens("/survey/new/workshop")
    zhang.types(shop_name="王家豆腐店", phone="13861234567").sees("可能已经建过档，请看一眼：", SHOP)
    zhang.opens("/survey/new/workshop").presses("保存", TOFU | {"shop_name": "王家豆腐店"})
    zhang.sees("建档：可能已有这一户，请选一种", "更新这一户", "新建一户")
    zhang.follows("作废").presses("作废", reason="同一户填了两张表").sees("已作废")


# -- 三 分类: the village proposes, the bureau decides


def test_zhang_proposes_what_the_facts_say(story):
    zhang = story.on(4, 12).zhang.opens(story.at["tofu"])
    zhang.follows("提出分类意见").sees("没有防尘、防蝇、防鼠设施", "有从业人员没有健康证")
    zhang.presses("提出分类意见", proposed_case="2", proposed_batch="regulate").sees("待审定", "（2）有缺陷愿整改")
    zhang.cannot("审定分类")


def test_chen_decides_and_may_not_differ_without_a_reason(story):
    chen = story.on(4, 13).chen.opens("/").follows(SHOP).follows("审定分类")
    chen.presses("审定分类", case="1", batch="regulate").sees("与村级意见不同，请写明理由。")
    chen.presses("审定分类", case="2", batch="regulate").sees("已审定", "规范")
    chen.opens(story.at["tofu"]).sees("首项任务期限")
    story.qian.opens(story.at["tofu"]).cannot("审定分类", "提出分类意见")


def test_what_must_go_takes_the_word_of_two_offices(story):
    zhang = story.zhang.opens("/survey/new/workshop").presses("保存", CANNERY)
    zhang.sees("所填食品疑似禁止生产经营的品种，保存后会计入分类建议。").presses("确认无误，保存").presses(
        "建档"
    ).follows(f"“{CANS}”")
    story.at["cans"] = zhang.path
    zhang.follows("提出分类意见").sees("所填品种属于禁止生产经营的食品").presses("提出分类意见")
    chen = story.on(4, 16).chen.opens("/").follows(CANS).follows("审定分类")
    chen.presses("审定分类", case="3", batch="phase_out").sees("已提交会签", "待审定")
    zhou = story.zhou.opens("/").sees("等我会签").follows(CANS)
    zhou.presses("提交意见", agrees="1", note="同意").sees("已审定", "淘汰")
    story.sun.opens(zhou.path).sees("已审定").cannot("审定分类")


def test_the_cannery_gives_up_and_zhang_notes_it(story):
    zhang = story.on(5, 8).zhang.opens(story.at["cans"]).follows("登记关停")
    said = {"closing": "self", "on": "2018-05-08", "reason": "设备已搬空", "photo": paper.photo("关停.jpg")}
    zhang.misses("依法取缔").presses("登记关停", said).sees("已关停", "自行关停")


# -- 四 整改: two problems, two dates


def test_chen_orders_the_tofu_shop_to_correct_two_things(story):
    chen = story.on(5, 9).chen.opens(story.at["tofu"]).follows("下达")
    before = {f"items-{code}-before": paper.photo(f"{code}.jpg") for code in PROBLEMS}
    chen.presses("下达", ORDER | before).sees("待送达", "2018-05-16", "2018-05-24", "还没有送达，期限还没有起算")
    story.at["order"] = chen.path
    assert story.li.status(chen.path) == 404
    story.qian.opens(story.at["tofu"]).cannot("下达")


def test_the_notice_is_an_official_paper_with_a_number(story):
    zhang = story.zhang.opens("/").follows(SHOP)
    text = read(zhang.downloads("通知书")).text
    assert "责令改正通知书" in text and "坛市监责改〔2018〕1号" in text and "320413********0015" in text
    assert zhang.downloads("Word")[:2] == b"PK"


def test_zhang_hands_it_over_against_a_signature(story):
    zhang = story.zhang.opens(story.at["order"]).follows("送达")
    said = {"served_on": "2018-05-09", "service": "direct", "received_by": "王秀兰"}
    zhang.presses("送达", said).sees("请拍下签收的送达回证；拒收的选“留置送达”并写明见证人。")
    zhang.presses("送达", said, receipt=paper.photo("回证.jpg")).sees("整改中")
    story.zhou.opens(story.at["order"]).cannot("申请复查")


def test_the_village_answers_with_a_picture_of_the_new_screens(story):
    zhang = story.on(5, 14).zhang.opens("/").follows(SHOP).follows("申请复查")
    done = {"items-1-done": "门窗都装了纱网", "items-2-done": "已去体检"}
    zhang.presses("申请复查", done).sees("请拍这一项整改后的照片")
    photos = {"items-1-after": paper.photo("纱窗.jpg"), "items-2-after": paper.photo("回执.jpg")}
    zhang.presses("申请复查", done | photos).sees("待复查", "门窗都装了纱网")


def test_at_the_re_check_one_passes_and_one_fails(story):
    chen = story.on(5, 15).chen.opens("/").follows(SHOP).follows("复查")
    judged = {"reviewed_on": "2018-05-15", "review_second": "吴昊", "items-1-result": "pass"}
    again = {"items-2-result": "again", "items-2-note": "一人的健康证还没有办下来", "items-2-until": "2018-05-24"}
    chen.presses("复查", judged | again).sees("合格", "再次责令", "一人的健康证还没有办下来", "整改中")
    story.zhang.opens(story.at["order"]).cannot("复查")


def test_the_second_date_passes_and_the_night_watch_sees_it(story):
    story.on(5, 24).zhang.opens(story.at["order"]).sees("今天到期").misses("逾期未改")
    story.on(5, 25).zhang.opens(story.at["order"]).sees("逾期未改")
    story.chen.opens("/").sees(SHOP, "逾期未改")


def test_while_the_order_is_open_there_is_no_certificate(story):
    story.zhang.opens(story.at["tofu"]).follows("代办申请").sees("整改通知还没有办结：可以申请，办结前不能发证")


def test_late_but_done(story):
    zhang = story.on(5, 28).zhang.opens(story.at["order"]).follows("申请复查")
    zhang.presses("申请复查", {"items-2-done": "两人都有健康证了", "items-2-after": paper.photo("健康证.jpg")})
    chen = story.on(5, 29).chen.opens("/").follows(SHOP).follows("复查")
    chen.presses("复查", {"reviewed_on": "2018-05-29", "review_second": "吴昊", "items-2-result": "pass"})
    chen.sees("整改合格").cannot("申请复查")


# -- 五 登记证: from the application to the wall of the shop


def test_zhang_applies_for_the_owner_who_signs(story):
    zhang = story.on(6, 1).zhang.opens(story.at["tofu"]).follows("代办申请").sees("没有未办结的整改通知")
    zhang.presses("代办申请", PAPERS, purpose="new").sees("待提交")
    story.at["application"] = zhang.path
    zhang.follows("提交申请").presses("提交申请", committed="on", signature=paper.photo("签名.jpg")).sees("待受理")
    assert story.li.status(zhang.path) == 404


def test_chen_accepts_and_goes_to_look(story):
    chen = story.on(6, 4).chen.opens("/").follows(SHOP).follows("受理")
    chen.presses("受理").sees("已受理", "受理通知书").follows("现场核查合格")
    chen.presses("现场核查合格", officers=["陈伟"], visited_on="2018-06-04").sees("没有办成")
    chen.presses("现场核查合格", officers=["陈伟", "吴昊"], visited_on="2018-06-04").sees("核查合格")
    story.zhang.opens(chen.path).cannot("报请审批")


def test_a_second_person_decides(story):
    chen = story.on(6, 5).chen.opens(story.at["application"]).follows("报请审批")
    chen.presses("报请审批", opinion="grant", note="符合条件").sees("待审批")
    story.zhou.opens(story.at["application"]).cannot("准予登记")
    chen.cannot("准予登记").opens(
        story.at["application"].replace("/licensing/", "/do/licensing.application/") + "grant"
    )
    chen.sees("现在还不能办理").cannot("准予登记")
    wu = story.on(6, 6).wu.opens("/").follows(SHOP).follows("准予登记")
    wu.presses("准予登记").sees("已准予登记").follows("制证")
    wu.presses("制证").sees("已制证，待领取", "ZF320413100-2018-00001")


def test_the_certificate_is_a_pdf_whose_code_a_phone_can_read(story):
    wu = story.wu.follows("食品小作坊登记证")
    story.at["certificate"] = wu.path
    page = read(wu.downloads("打开证卡（PDF）"))
    assert "ZF320413100-2018-00001" in page.text and SHOP in page.text
    [code] = page.codes
    story.at["code"] = code[code.upper().index("/V/") :]
    assert story.zhang.opens(story.at["certificate"]).status(story.at["certificate"]) == 200
    assert story.li.status(story.at["certificate"]) == 404


def test_the_owner_fetches_it(story):
    chen = story.on(6, 7).chen.opens(story.at["application"]).follows("领证")
    chen.presses("领证", handed_on="2018-06-07", received_by="王秀兰").sees("已领证")
    story.zhang.opens(story.at["tofu"]).sees("领证", "领取回执")


def test_anybody_in_the_street_can_ask_whether_it_is_good(story):
    passer = story.passer_by.opens(story.at["code"]).sees("有效", SHOP, "王**", "ZF320413100-2018-00001")
    passer.misses("王秀兰", "13861234567", "老街12号")
    assert story.passer_by.status("/v/AAAABBBBCCCCDDDD") == 404


# -- 六 登记卡: a stall, by its village and the food-safety office


def test_the_breakfast_stall_is_filed_with_its_hours(story):
    zhang = story.zhang.opens("/survey/new/vendor").presses("保存", BREAKFAST)
    zhang.presses("建档").follows(f"“{STALL}”").sees(STALL, "05:30")
    story.at["stall"] = zhang.path
    zhang.follows("提出分类意见").presses("提出分类意见", proposed_case="1", proposed_batch="regulate")
    story.chen.opens("/").follows(STALL).follows("审定分类").presses("审定分类").sees("已审定")


def test_the_village_handles_the_card_and_the_town_decides(story):
    zhang = story.zhang.opens(story.at["stall"]).follows("代办申请")
    zhang.presses("代办申请", {f"have_{code}": "on" for code in ("filing", "identity", "health", "commitment")})
    zhang.follows("提交申请").presses("提交申请", committed="on").follows("受理").presses("受理")
    zhang.follows("报请审批").presses("报请审批", opinion="grant").sees("待审批").cannot("准予登记")
    story.at["card application"] = zhang.path
    story.chen.opens(zhang.path).cannot("准予登记", "制证")
    assert story.li.status(zhang.path) == 404
    zhou = story.on(6, 12).zhou.opens("/").follows(STALL).follows("准予登记").presses("准予登记")
    zhou.follows("制证").presses("制证").sees("TF320413100-2018-00001").follows("食品摊贩登记卡")
    card = read(zhou.downloads("打开证卡（PDF）"))
    assert STALL in card.text and len(card.codes) == 1
    story.passer_by.opens(card.codes[0][card.codes[0].upper().index("/V/") :]).sees("有效", STALL)


# -- 七 季度报告: what the quarter holds, and that it stays so


def test_on_the_last_day_of_the_quarter_the_reports_lie_on_the_desks(story):
    story.on(6, 29).zhang.opens("/").misses("待填报")
    zhang = story.on(7, 2).zhang.opens("/").follows("待填报").sees("待填报", "数字随办理实时更新，提交时冻结")
    story.at["report"] = zhang.path
    assert story.li.status(zhang.path) == 404


def test_the_figures_are_exactly_what_happened(story):
    zhang = story.zhang.opens(story.at["report"])
    assert quarter(zhang) == FIGURES
    doors = figures(zhang)
    for cell, number in doors.items():
        zhang.opens(f"{story.at['report']}cell/{cell}")
        each = 2 if cell.startswith("people_out") else 1  # two officers went to each re-check
        assert len(zhang.page.xpath("//tbody/tr")) * each == number, cell
    zhang.opens(f"{story.at['report']}cell/certified.q").sees(SHOP, STALL).misses(CANS)


def test_zhang_writes_her_words_and_hands_it_in(story):
    zhang = story.zhang.opens(story.at["report"]).sees("请先写“整治进展”并保存。").cannot("提交")
    zhang.presses("保存文字", progress="走访三户，两户办了证卡。", problems="", needs="", next_steps="")
    zhang.follows("提交").presses("提交").sees("已提交").cannot("接收", "退回")
    story.chen.opens(story.at["report"]).cannot("提交")


def test_the_food_safety_office_sends_it_back_with_a_note_and_takes_the_second(story):
    zhou = story.on(7, 3).zhou.opens(story.at["report"]).follows("退回")
    zhou.presses("退回", reason="请写明关停的一户").sees("已退回", "请写明关停的一户")
    zhang = story.zhang.opens("/").follows("已退回").sees("请写明关停的一户")
    zhang.presses("保存文字", progress="走访三户，两户办了证卡，罐头坊已自行关停。")
    zhang.follows("提交").presses("提交")
    story.on(7, 4).zhou.opens(story.at["report"]).follows("接收").presses("接收").sees("已接收")


def test_what_is_noted_later_does_not_touch_what_was_frozen(story):
    zhang = story.on(7, 10).zhang.opens(story.at["stall"]).follows("登记关停")
    zhang.presses("登记关停", closing="self", on="2018-06-28", reason="回了老家").sees("已关停")
    assert quarter(zhang.opens(story.at["report"])) == FIGURES
    zhang.follows("更正已接收的报告").presses("更正已接收的报告", reason="早点摊6月28日已关停，补录").sees("更正中")
    assert quarter(zhang) == CORRECTED
    zhang.follows("提交").presses("提交").sees("与上一稿相比", "早点摊6月28日已关停，补录")
    assert quarter(zhang.opens(f"{story.at['report']}?v=2")) == FIGURES
    story.wu.opens(story.at["report"]).follows("接收").presses("接收").sees("已接收")


def test_the_bureau_reports_what_it_did(story):
    chen = story.chen.opens("/reports/").follows("市场监督管理局金城分局")
    assert quarter(chen) == DONE_BY_THE_BUREAU
    chen.presses("保存文字", progress="审定三户，责令改正一户，发证一件。").follows("提交").presses("提交")
    story.zhou.opens(chen.path).cannot("接收")
    story.sun.opens(chen.path).follows("接收").presses("接收").sees("已接收")


def test_the_towns_report_is_the_sum_and_goes_to_the_leading_group(story):
    chen = story.chen.opens("/reports/").follows("全镇汇总")
    assert quarter(chen) == CORRECTED
    chen.presses("保存文字", progress="摸底三户，关停两户，一户持证。").follows("提交").presses("提交").cannot("接收")
    sun = story.on(7, 11).sun.opens(chen.path).follows("接收").presses("接收").sees("已接收")
    assert quarter(sun) == CORRECTED
    paper = read(sun.downloads("PDF（打印）"))
    assert "2018年第二季度" in paper.text and "摸底三户" in paper.text
    assert sun.downloads("Word（公文格式）")[:2] == sun.downloads("Excel（数据表）")[:2] == b"PK"
    assert story.li.status(chen.path) == story.zhang.status(chen.path) == 404


def test_sun_sees_the_town_at_a_glance(story):
    sun = story.sun.opens("/").follows("态势").sees("集中整治阶段", "67%")
    listed = {}
    for door in [a.get("href") for a in sun.page.xpath("//a[contains(@class, 'figure')]")]:
        listed[door.split("/")[2]] = len(sun.opens(door).page.xpath("//tbody/tr"))
    assert listed == {"end": 1, "complete": 0, "classified": 1, "certified": 1, "fixed": 2, "overdue": 24}
    sun.opens("/cockpit/end/").sees(SHOP).misses(STALL, CANS)
    assert [story.zhang.status("/cockpit/"), story.he.status("/cockpit/")] == [404, 404]


def test_no_chinese_is_left_on_the_english_screen(story):
    foreign = {path: sorted(words) for path, words in story.foreign().items()} if story.language == "en" else {}
    assert not foreign, "\n".join(f"{path} {word}" for path, words in foreign.items() for word in words)
