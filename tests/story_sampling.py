"""A failed sample of the tofu workshop that sold to a school, walked through the real pages.

Plan, draw, sampling form, failed result, service, stop of sale; the school is warned and answers; the failure is put
right, and the bureau alone publishes it. One telling in each language, with the people and the ways of `story.py`.
"""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sanxiao.sampling.tests import steps
from sanxiao.survey.tests import paper
from tests import cast
from tests.printed import read
from tests.screen import CHINESE
from tests.story import SHOP, TOFU
from tests.telling import Story, db, story, telling  # noqa: F401  fixtures are imported by name

SCHOOL, BENZOATE = "后阳小学食堂", "苯甲酸及其钠盐（以苯甲酸计）"
FORM = {
    "food_name": "豆腐", "own_make": "yes", "pack_class": "none", "date_basis": "told", "made_on": "2018-06-11",
    "shelf_days": "30", "shape": "half", "packing": "食品级样品袋", "storage": "cold", "unit": "千克", "base": "30",
    "quantity": "1.5", "spare_quantity": "1.5", "seal_test": "F0001", "seal_spare": "F0002",
    "spare_kept_by": "分局样品室", "paid": "18", "second": "吴昊", "signature_refused": "no",
}  # fmt: skip
REPORT = {"concluded_on": "2018-06-25", "report_no": "J20180625", "items-1-result": "1.4", "items-1-limit_kind": "max",
          "items-1-verdict": "fail", "items-1-breach": "limit"}  # fmt: skip
PLAN = {
    "year": "2018",
    "title": "2018年食品三小监督抽检计划",
    "items-1-kind": "workshop",
    "items-1-food": "soy",
    "items-1-count": "1",
}
ORDER = {"found_on": "2018-07-06", "second": "吴昊", "found": "配料间没有称量记录", "items-additive_records-pick": "on",
         "items-additive_records-law": "《中华人民共和国食品安全法》第三十八条",
         "items-additive_records-demand": "专人称量，逐次登记",
         "items-additive_records-until": "2018-07-13"}  # fmt: skip


def signs_in(story: Story, *names: str) -> None:
    """Everybody of the chapter comes to the office."""
    for name in names:
        getattr(story, name).opens("/").presses("登录", username=name, password=cast.PASSWORD)


def report(name: str) -> object:
    """A laboratory's report."""
    return SimpleUploadedFile(name, steps.PDF, "application/pdf")


def test_the_workshop_is_on_file_and_the_school_buys_its_tofu(story):
    signs_in(story, *cast.PEOPLE)
    zhang = story.zhang.opens("/survey/new/workshop").presses("保存", TOFU).presses("建档").follows(f"“{SHOP}”")
    story.at["tofu"] = zhang.path
    story.on(6, 8).zhang.opens("/do/sources.buyer/new/register")
    zhang.presses("登记进货单位", name=SCHOOL, kind="school").sees(SCHOOL)
    story.at["school"] = zhang.path
    zhang.follows("登记进货").presses(
        "登记", supplier=SHOP, village=cast.HOUYANG, food="豆腐", bought_on="2018-06-08", quantity="20"
    )
    zhang.opens(story.at["school"]).sees("豆腐")


def test_chen_makes_the_plan_of_the_year_and_publishes_it(story):
    chen = (
        story.on(6, 11)
        .chen.opens("/sampling/plans/")
        .follows("编制计划")
        .presses("编制", PLAN)
        .sees("编制中", PLAN["title"])
    )
    story.at["plan"] = chen.path
    chen.cannot("抽取")
    chen.follows("公布计划").presses("公布计划").sees("执行中")
    story.sun.opens(chen.path).sees("2018年食品三小监督抽检计划").cannot("抽取", "调整指标")
    assert story.zhang.status(chen.path) == 404


def test_the_shop_is_drawn_from_a_published_seed(story):
    chen = story.chen.opens(story.at["plan"]).follows("抽取").presses("抽取", seed="2018163-071223")
    chen.opens("/sampling/").follows(SHOP).sees("待抽样", "随机抽取")
    story.at["sample"] = chen.path
    story.li.opens("/").misses(SHOP)
    assert story.li.status(chen.path) == 404


def test_two_officers_take_the_sample_and_split_it(story):
    chen = story.on(6, 12).chen.opens(story.at["sample"]).follows("现场抽样")
    assert chen.presses("现场抽样", FORM | {"spare_quantity": "40"}).refused()
    chen.presses("现场抽样", FORM, photo_sample=paper.photo("封签.jpg")).sees("待送检", "F0001", "F0002")
    text = read(chen.downloads("PDF")).text
    assert "抽样单" in text and "F0002" in text and "13861234567" not in text
    story.zhang.opens(story.at["sample"]).cannot("送检")


def test_it_reaches_the_laboratory_which_finds_benzoate(story):
    chen = (
        story.chen.opens(story.at["sample"])
        .follows("送检")
        .presses("送检", lab="cz", sent_on="2018-06-12")
        .sees("送检途中")
    )
    chen.follows("检验机构接收").presses("检验机构接收", accepted_on="2018-06-12").sees("检验中", "2018-07-11")
    chen = story.on(6, 25).chen.opens(story.at["sample"]).follows("录入检验结果")
    chen.presses("录入检验结果", REPORT).sees("没有限量就不能判定；不得检出的项目，限量类型选“不得检出”")
    chen.presses("录入检验结果", REPORT | {"items-1-limit": "1.0"}).sees("报告待收", "1.4 g/kg", "≤ 1.0")


def test_the_report_comes_and_the_terms_begin(story):
    chen = story.on(6, 26).chen.opens(story.at["sample"]).follows("收到检验报告")
    chen.presses("收到检验报告", received_on="2018-06-26", lab_report=paper.photo("报告.jpg")).sees("报告待收")
    chen.presses("收到检验报告", received_on="2018-06-26", lab_report=report("报告.pdf")).sees(
        "不合格待送达", "2018-07-03"
    )
    text = read(chen.downloads("PDF", -1)).text
    assert "检验结果通知书" in text and "苯甲酸" in text


def test_chen_serves_the_result_and_stops_the_sale(story):
    chen = story.on(6, 27).chen.opens(story.at["sample"]).follows("送达结果")
    said = {"served_on": "2018-06-27", "service": "direct", "received_by": "王秀兰"}
    chen.presses("送达结果", said, receipt=paper.photo("回证.jpg")).sees("核查处置中", "2018-07-06")
    chen.follows("责令停止销售").presses("责令停止销售").sees("坛市监停〔2018〕1号")
    chen.cannot("核查处置完成", "公示")


def test_the_school_is_warned_and_zhang_enters_its_answer(story):
    chen = story.chen.opens(story.at["sample"]).sees(SCHOOL, "还没有通知")
    chen.follows("通知采购方").presses("通知采购方").sees("待回执")
    zhang = story.zhang.opens(story.at["school"]).sees("待回执").follows("豆腐", -1)
    zhang.follows("登记回执").presses(
        "登记回执", measure="stopped", quantity="3", unit="公斤", answered_by="食堂王师傅"
    ).sees("已回执")
    story.chen.opens(story.at["sample"]).sees(SCHOOL, "已回执")


def test_the_failure_is_put_right_and_the_sample_is_closed(story):
    chen = story.on(7, 6).chen.opens(story.at["tofu"]).follows("下达")
    chen.presses("下达", ORDER).sees("待送达")
    chen.opens(story.at["sample"]).follows("关联整改通知").presses("关联整改通知").sees("坛市监责改〔2018〕1号")
    said = {
        "disposed_on": "2018-07-06",
        "cause": "防腐剂凭手感加",
        "measures": "停用，配秤，专人称量",
        "quantities": "封存12千克",
    }
    chen.follows("核查处置完成").presses("核查处置完成", said).sees("不合格已处置", "防腐剂凭手感加")


def test_only_the_bureau_publishes_and_not_before_the_terms_are_over(story):
    story.chen.opens(story.at["sample"]).sees("申请复检和提出异议的期限还没有满。").cannot("公示")
    for who in (story.zhou, story.sun, story.zhang):
        who.opens(story.at["sample"]).cannot("公示")
    chen = story.on(7, 9).chen.opens(story.at["sample"]).follows("公示").sees("公众将看到", "后阳村老街12号")
    chen.presses("公示", summary="停用，配秤，专人称量").sees("公示中")
    chen.follows("附上申辩").presses("附上申辩", reply="秤已买来").sees("秤已买来")


def test_anybody_reads_it_and_nothing_of_a_person(story):
    street = story.street.opens("/open/sampling/").sees("豆腐", SHOP).follows("豆腐")
    street.sees("不合格", BENZOATE, "1.4 g/kg", "秤已买来").misses("王秀兰", "陈伟", "F0002")
    story.at["open"] = street.path
    chen = (
        story.on(7, 16).chen.opens(story.at["sample"]).follows("撤下").presses("撤下", reason="公示期满").sees("已撤下")
    )
    assert Client().get(story.at["open"]).status_code == 404
    chen.opens("/sampling/published/").sees("已撤下")


def test_the_quarter_knows_of_it(story):
    sun = story.on(7, 20).sun.opens(story.at["plan"]).sees("0.0%")
    links = [a.get("href") for a in sun.page.xpath("//table//td/a")]
    assert all("/sampling/?" in link for link in links) and len(links) > 3
    assert re.search(r"stage=failed", " ".join(links))


def test_not_a_word_of_chinese_is_left_on_an_english_screen(story):
    """Of the pages of sampling; the names of test items are the standards' own, as the town's list has them."""
    if story.language != "en":
        return
    items = (cast.TOWN / "sampling_items.csv").read_text(encoding="utf-8")
    own = {path: words for path, words in story.foreign().items() if "sampling" in path}
    left = {
        path: {w for w in words if any(run not in items for run in CHINESE.findall(w))} for path, words in own.items()
    }
    assert not {path: words for path, words in left.items() if words}
