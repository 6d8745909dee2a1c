"""An inspection from the plan to the public list: the checklist, the signature, the order, the re-check.

Told through the real pages, as in tests/story.py, of which it takes the telling; here the town begins anew.
"""

from sanxiao.survey.tests import paper
from tests import cast
from tests.printed import read
from tests.story import SHOP, TOFU, db, story, telling  # noqa: F401  fixtures

WELL = {f"i{n:02d}-a": "yes" for n in range(1, 26)}
FOUND = {
    "i01-a": "no", "i01-gravity": "slight", "i01-note": "尚未办证",
    "i09-a": "no", "i09-gravity": "slight", "i09-note": "纱窗破了", "i25-a": "na",
}  # fmt: skip

# The notice that the order fills in by itself, and the card that an inspector shows.
PAPER = """限期改正到位 行政执法证 2018年5月15日，本局执法人员陈伟、吴昊到你（单位）进行日常检查
（记录表编号），发现 2 项不符合要求。 年 月 日 项不符合要求"""


def test_everybody_comes_to_the_office(story):
    for who in ("zhang", "li", "chen", "zhou"):
        getattr(story, who).opens("/").presses("登录", username=who, password=cast.PASSWORD).sees("我的职责")


def test_the_tofu_shop_is_on_file(story):
    zhang = story.zhang.opens("/survey/new/workshop").presses("保存", TOFU).presses("建档").follows(f"“{SHOP}”")
    story.at["tofu"] = zhang.path


def test_zhou_plans_a_visit_and_the_lot_chooses_who_goes(story):
    zhou = story.on(5, 9).zhou.opens(story.at["tofu"]).follows("安排检查")
    said = {"kind": "routine", "planned_from": "2018-05-10", "planned_to": "2018-05-16", "lot": "on"}
    zhou.presses("安排检查", said).sees("待检查", "陈伟", "吴昊", "2018-05-16")
    story.at["visit"] = zhou.path
    story.zhang.opens(story.at["visit"]).cannot("开始检查", "取消检查")
    assert story.li.status(story.at["visit"]) == 404


def test_chen_goes_there_and_fills_the_checklist(story):
    chen = story.on(5, 15).chen.opens("/").follows(SHOP).follows("开始检查").presses("开始检查").sees("检查中")
    without = {name: said for name, said in (WELL | FOUND).items() if name != "i02-a"}
    chen.follows("判定结果").presses("判定结果", without).sees("请选择：是、否、不适用", "纱窗破了")
    chen.presses("判定结果", WELL | FOUND).sees("待告知", "不符合", "责令限期改正", "尚未办证")


def test_the_result_is_told_on_a_sheet_and_signed(story):
    chen = story.chen.opens(story.at["visit"])
    text = read(chen.downloads("结果记录表")).text
    assert "监督检查结果记录表" in text and "JC320413100-2018-00001" in text and "尚未办证" in text
    said = {"told_on": "2018-05-15", "told_how": "signed", "told_to": "王秀兰"}
    chen.follows("告知结果").presses("告知结果", said).sees("请拍下经营者签字的检查结果记录表。")
    chen.presses("告知结果", said, signature=paper.photo("签字.jpg")).sees("已告知，待公开")


def test_the_order_comes_filled_in(story):
    chen = story.chen.opens(story.at["visit"]).follows("下达整改通知（问题已填好）")
    chen.presses("下达").sees("待送达", "尚未办证", "2018-06-14", "纱窗破了", "2018-05-22")
    story.at["order"] = chen.path


def test_the_result_is_published_and_names_nobody(story):
    chen = story.chen.opens(story.at["visit"]).follows("公开结果").presses("公开结果").sees("整改跟踪")
    chen.cannot("办结")
    story.passer_by.opens("/open/inspections/").sees(SHOP, "不符合").misses("王秀兰", "陈伟")


def test_the_answer_brings_the_re_check_and_the_re_check_ends_it_all(story):
    zhang = story.on(5, 16).zhang.opens(story.at["order"]).follows("送达")
    said = {"served_on": "2018-05-16", "service": "direct", "received_by": "王秀兰"}
    zhang.presses("送达", said, receipt=paper.photo("回证.jpg")).sees("整改中")
    done = {"items-1-done": "已递交申请", "items-2-done": "换了新纱窗"}
    photos = {"items-1-after": paper.photo("回执.jpg"), "items-2-after": paper.photo("纱窗.jpg")}
    story.on(5, 21).zhang.opens(story.at["order"]).follows("申请复查").presses("申请复查", done | photos)
    chen = story.chen.opens("/inspection/visits/?state=awaiting").sees(SHOP).opens(story.at["order"]).follows("复查")
    judged = {"reviewed_on": "2018-05-21", "review_second": "吴昊", "follow_on": "2018-08-01"}
    passed = {"items-1-result": "pass", "items-2-result": "pass"}
    chen.presses("复查", judged | passed).sees("没有整改前照片可以对照，请写明原因")
    chen.presses("复查", judged | passed | {"items-1-note": "查的是证照", "items-2-note": "按记录核对"}).sees(
        "整改合格"
    )
    chen.opens(story.at["visit"]).sees("已办结").opens("/inspection/visits/?state=awaiting").misses(SHOP)
    chen.opens(f"{story.at['tofu']}?tab=visit").sees("已排期", "2018-08-01")


def test_the_night_has_given_the_place_its_next_date(story):
    story.on(5, 22).chen.opens("/inspection/due/").sees(SHOP, "上次全项检查", "2018-05-15")


def test_no_chinese_is_left_on_the_english_screen(story):
    foreign = story.foreign(PAPER) if story.language == "en" else {}
    assert not foreign, "\n".join(f"{path} {word}" for path, words in foreign.items() for word in words)
