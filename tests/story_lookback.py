"""The story goes on after the campaign: who gave up is visited at night and found alight; who comes back is seen.

Told through the real pages, as in tests/story.py, of which it takes the telling; here the town begins anew.
"""

from sanxiao.survey.tests import paper
from tests import cast
from tests.story import CANNERY, CANS, db, story, telling  # noqa: F401  fixtures

SYRUP = paper.workshop(
    shop_name="南瑶糖水铺", operator_name="徐根宝", id_number=paper.XU, phone="13900000001", address="南瑶村西路9号",
    village="320413100204", food_classes=["canned"], food_varieties="糖水梨", surveyed_on="2018-06-11",
)  # fmt: skip


def test_everybody_comes_to_the_office(story):
    for who in ("zhang", "li", "chen", "wu", "zhou", "sun"):
        getattr(story, who).opens("/").presses("登录", username=who, password=cast.PASSWORD).sees("我的职责")


def test_the_cannery_is_filed_and_gives_up(story):
    zhang = story.zhang.opens("/survey/new/workshop").presses("保存", CANNERY).presses("确认无误，保存").presses("建档")
    story.at["cans"] = zhang.follows(f"“{CANS}”").path
    zhang = story.on(5, 8).zhang.opens(story.at["cans"]).follows("登记关停")
    zhang.presses("登记关停", closing="self", on="2018-05-08", reason="设备已搬空", photo=paper.photo("关停.jpg"))
    zhang.sees("已关停")


def test_the_night_watch_plans_when_somebody_goes_by(story):
    zhang = story.on(5, 9).zhang.opens("/").follows("回头看").sees(CANS)
    zhang.follows(CANS).sees("待回查", "2018-05-08", "自行关停", "日期和时段由抽签决定；两人到场，拍一张现场照片")
    story.at["revisit"] = zhang.path
    zhang.opens(f"{story.at['cans']}?tab=lookback").sees("以后还要回查", "2018-06-07", "关停")
    assert story.li.status(story.at["revisit"]) == 404


def test_nobody_says_so_without_a_photo_or_alone(story):
    zhang = story.on(5, 17).zhang.opens("/lookback/").follows(CANS).follows("死灰复燃")
    said = {"seen_at": "2018-05-16T21:10", "companion": "张桂兰", "found": "灯亮着，在封罐"}
    zhang.presses("死灰复燃", said).sees("须两个人到场，请写另一位的姓名。", "灯亮着，在封罐")
    zhang.presses("死灰复燃", said | {"companion": "吴昊"}).sees("请拍一张现场照片作凭据。")


def test_the_cannery_is_found_alight_at_night(story):
    zhang = story.zhang.opens(story.at["revisit"]).follows("死灰复燃")
    said = {
        "seen_at": "2018-05-16T21:10",
        "companion": "吴昊",
        "found": "灯亮着，在封罐",
        "photo": paper.photo("夜.jpg"),
    }
    zhang.presses("死灰复燃", said).sees("死灰复燃", "灯亮着，在封罐", "待核实")


def test_it_is_on_the_bureaus_desk_at_once_and_the_bureau_decides(story):
    chen = story.chen.opens("/").sees("死灰复燃线索").follows(CANS).sees("待核实", "回查时看到")
    story.at["alarm"] = chen.path
    story.zhang.opens(story.at["alarm"]).cannot("确属死灰复燃", "不是同一家")
    assert story.li.status(story.at["alarm"]) == 404
    chen.follows("确属死灰复燃").presses("确属死灰复燃", note="照片为证").sees("确属死灰复燃").cannot("不是同一家")


def test_the_leading_group_sees_how_much_slips_back(story):
    sun = story.sun.opens("/lookback/relapse/").sees("100%")
    sun.follows("1").sees(CANS)
    story.zhang.opens(f"/lookback/sides{story.at['cans'].removeprefix('/archive')}").sees("关停", "回头看、回查")


def test_the_same_man_in_the_next_village_is_seen_by_his_number(story):
    li = story.on(6, 11).li.opens("/survey/new/workshop").presses("保存", SYRUP)
    if "确认无误，保存" in li.text or li.say("确认无误，保存") in li.text:
        li.presses("确认无误，保存")
    li = story.on(6, 12).li.opens("/").sees("死灰复燃线索").follows(CANS, 0).sees("南瑶糖水铺", "经营者证件号码相同")
    story.at["second"] = li.path
    li.follows("现场核实").presses("现场核实", looked_on="2018-06-12", found="徐根宝说是侄子在做").sees(
        "已核实，待认定"
    )
    assert story.zhang.status(story.at["second"]) == 404


def test_a_wrong_match_is_dismissed_with_its_reason_and_stays_so(story):
    chen = (
        story.chen.opens(story.at["second"]).follows("不是同一家").presses("不是同一家", reason="证件是侄子借用登记的")
    )
    chen.sees("不是同一家", "证件是侄子借用登记的")
    story.on(6, 13).chen.opens("/lookback/").sees("没有待核实的线索。")


def test_zhou_looks_back_at_what_was_filed(story):
    zhou = story.zhou.opens("/lookback/").follows("新的回头看名单")
    zhou.presses("看名单", basis="closed", since="2018-01-01", until="2018-06-13").sees(CANS)
    zhou.presses("确定名单", called="关停户再看一遍", until_on="2018-07-13").sees("名单已定，待分组", CANS)
    story.at["campaign"] = zhou.path
    zhou.follows("抽签分组").presses("抽签分组", teams="1").sees("进行中")


def test_no_chinese_is_left_on_the_english_screen(story):
    foreign = {path: sorted(words) for path, words in story.foreign().items()} if story.language == "en" else {}
    assert not foreign, "\n".join(f"{path} {word}" for path, words in foreign.items() for word in words)
