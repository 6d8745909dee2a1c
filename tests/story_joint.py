"""A joint operation of four offices: planned by the village, signed for, gone with phones in hand, closed office by
office; a call for the police on the way, and a silent office at the end.

Told through the real pages, as in tests/story.py, of which it takes the telling; here the town begins anew.
"""

import csv

from sanxiao.office.models import Office
from sanxiao.survey.tests import paper
from tests import cast
from tests.printed import read
from tests.story import SHOP, TOFU, db, story, telling  # noqa: F401  fixtures
from tests.telling import OFFICIAL

TOPIC, DAY = "老街早市联合执法", "2018-05-10"
FOUR = ("zhang", "chen", "qian", "ding")
PLAN = {
    "topic": TOPIC, "purpose": "老街早市占道、无证，群众反映多", "held_on": DAY, "meeting": "后阳村村委会门口",
}  # fmt: skip
GOES = {
    "zhang": {"张桂兰": "cadre"}, "chen": {"陈伟": "苏坛0007", "吴昊": "苏坛0009"}, "qian": {"钱锋": "城管0021"},
    "ding": {"丁强": "警032117"},
}  # fmt: skip


def office(role: str) -> int:
    """The key by which a form names an office of the town or of 后阳村."""
    return Office.objects.on().filter(role=role, area__in=(cast.JINCHENG, cast.HOUYANG)).latest("area").pk


def test_everybody_comes_to_the_office(story):
    for who in (*FOUR, "wu", "li", "zhou"):
        getattr(story, who).opens("/").presses("登录", username=who, password=cast.PASSWORD).sees("我的职责")


def test_the_tofu_shop_is_on_file(story):
    zhang = story.zhang.opens("/survey/new/workshop").presses("保存", TOFU).presses("建档").follows(f"“{SHOP}”")
    story.at["tofu"] = zhang.path


def test_zhang_plans_it_on_her_own_ground(story):
    zhang = story.on(5, 2).zhang.opens("/").follows("联合执法").follows("筹划联合执法")
    zhang.presses("筹划联合执法", PLAN).sees("筹划中", TOPIC, "还没有选定对象")
    story.at["op"] = zhang.path
    assert [story.li.status(zhang.path), story.qian.status(zhang.path)] == [404, 404]


def test_four_offices_are_to_come_each_with_its_task(story):
    zhang = story.zhang.opens(story.at["op"]).follows("请单位参加").sees("城管中队")
    picks = {f"pick-{office(role)}": "on" for role in ("bureau", "urban", "police")}
    zhang.presses("请单位参加", picks | {f"task-{office('urban')}": "清理占道"}).sees("清理占道", "拟请")


def test_the_shop_is_chosen_from_the_list_and_the_route_is_drawn(story):
    zhang = story.zhang.opens(story.at["op"]).follows("选定对象").sees(SHOP)
    zhang.presses("加进名单", file=story.at["tofu"].rstrip("/").split("/")[-1]).sees(f"1. {SHOP}", "待去")


def test_the_food_safety_office_signs_and_four_desks_have_it(story):
    zhang = story.zhang.opens(story.at["op"]).follows("报批并通知各单位").presses("报批并通知各单位", note="")
    zhang.sees("筹划中")
    assert story.qian.status(story.at["op"]) == 404
    zhou = story.zhou.opens("/").follows(TOPIC)
    zhou.presses("提交意见", agrees="1").sees("已通知")
    for who in FOUR:
        getattr(story, who).opens("/").sees(TOPIC, "参加，报人员")


def test_each_office_says_who_comes(story):
    for who, people in GOES.items():
        screen = getattr(story.on(5, 3), who).opens("/").follows(TOPIC).follows("参加，报人员")
        keys = {label.get("for").removeprefix("go-"): label.text_content().strip()
                for label in screen.page.xpath("//label[starts-with(@for, 'go-')]")}  # fmt: skip
        ticks = {f"go-{key}": "on" for key, name in keys.items() if name.split()[0] in people}
        numbers = {f"certificate-{key}": number for key, name in keys.items()
                   if (number := people.get(name.split()[0])) and number != "cadre"}  # fmt: skip
        screen.presses("参加，报人员", ticks | numbers | {"vehicles": "1"}).sees("参加", *people)
    story.qian.opens(story.at["op"]).cannot("开始行动", "收队")


def test_the_brief_goes_along(story):
    text = read(story.ding.opens(story.at["op"]).downloads("行动方案")).text.replace(" ", "")
    for words in ("联合执法行动方案", SHOP, "清理占道", "陈伟", "苏坛0007", "后阳村村委会门口", "110"):
        assert words in text, words


def test_the_bureau_has_a_real_visit_of_it(story):
    story.chen.opens("/inspection/visits/").sees(SHOP).follows(SHOP).sees("联合执法", "陈伟", "吴昊")


def test_on_the_day_zhang_starts_and_the_squad_ticks_its_items(story):
    story.on(5, 10).zhang.opens("/joint/today/").follows("开始行动").presses("开始行动").sees("进行中")
    qian = story.qian.opens("/joint/today/").sees(TOPIC).follows(SHOP)
    story.at["stop"] = qian.path
    qian.follows("填本单位项目")
    said = {"road-a": "no", "building-a": "yes", "clean-a": "yes", "fume-a": "na"}
    qian.presses("填本单位项目", said).sees("有问题的，请写一句是什么问题")
    photo = {"road-photo": paper.photo("占道.jpg")}
    qian.presses("填本单位项目", said | {"road-note": "豆腐箱摆上人行道"}, **photo).sees("已到", "豆腐箱摆上人行道")


def test_somebody_obstructs_and_the_police_see_the_call_at_once(story):
    qian = story.qian.opens(story.at["stop"]).follows("呼叫民警").sees("110")
    qian.presses("呼叫民警", said="经营者家属推搡队员").sees("待出警")
    story.at["call"] = qian.path
    ding = story.ding.opens("/").sees("经营者家属推搡队员").follows("经营者家属推搡队员").follows("接报出警")
    ding.presses("接报出警", note="").sees("已接报").follows("登记处置")
    ding.presses("登记处置", outcome="到场劝离，口头警告", police_no="金派0631").sees("已处置", "金派0631")


def test_the_incident_note_is_filled_in_already(story):
    qian = story.qian.opens(story.at["call"]).follows("记录阻碍执法（已填好）")
    assert "经营者家属推搡队员" in qian.page.xpath("string(//textarea[@name='said'])")
    qian.presses("保存", harm="hands").sees("已处置")
    story.chen.opens(story.at["op"]).sees("报警和阻碍执法", "推搡、殴打")


def test_the_others_tick_theirs_and_everybody_goes_home(story):
    for who, codes in {"zhang": ("papers", "file_true", "told", "sewage"), "ding": ("order",),
                       "chen": ("goods", "additives", "health", "apart")}.items():  # fmt: skip
        screen = getattr(story, who).opens(story.at["stop"]).follows("填本单位项目")
        screen.presses("填本单位项目", {f"{code}-a": "yes" for code in codes}).sees("已到")
    story.zhang.opens(story.at["op"]).follows("收队").presses("收队", note="").sees("各单位办结中")


def test_what_was_found_is_handed_on_and_listed_by_itself(story):
    chen = story.chen.opens(story.at["stop"]).follows("移送其他单位")
    chen.presses("移送", to=str(office("urban")), matter="店外设摊请后续处理", wanted_on="2018-05-25")
    story.chen.opens(story.at["op"]).sees(SHOP, "移送其他单位", "待接收")


def test_each_office_closes_its_own_part_and_no_other(story):
    for who in ("qian", "chen", "zhang"):
        screen = getattr(story.on(5, 11), who).opens("/").follows(TOPIC)
        screen.follows("办结本单位部分").presses("办结本单位部分", summary=f"本单位已办{who}").sees("已办结")
    story.zhou.opens(story.at["op"]).cannot("办结本单位部分")
    story.zhang.opens(story.at["op"]).sees("各单位办结中", "催办").follows("催办").presses("催办", note="等您所一家")


def test_the_last_office_closes_the_whole(story):
    ding = story.on(5, 14).ding.opens("/").follows(TOPIC).sees("等您所一家").follows("办结本单位部分")
    ding.presses("办结本单位部分", summary="到场处置一起阻拦").sees("全部办结", "LH320413100-2018-00001")
    text = read(ding.downloads("联合执法记录")).text.replace(" ", "").replace("\r", "").replace("\n", "")
    for words in ("联合执法记录", "豆腐箱摆上人行道", "到场劝离", "金派0631", "移送其他单位", "钱锋", "苏坛0007"):
        assert words in text, words
    assert ding.downloads("Word")[:2] == b"PK"


def test_the_file_of_the_shop_tells_of_it(story):
    story.zhou.opens(f"{story.at['tofu']}?tab=joint").sees(TOPIC, "已到")


def test_no_chinese_is_left_on_the_english_screen(story):
    with (cast.TOWN / "joint_items.csv").open(encoding="utf-8") as lines:
        laws = {row["law"] for row in csv.DictReader(line for line in lines if not line.startswith("#"))}
    known = " ".join(laws) + OFFICIAL + " 案件移送函"
    foreign = story.foreign(known) if story.language == "en" else {}
    assert not foreign, "\n".join(f"{path} {word}" for path, words in foreign.items() for word in words)
