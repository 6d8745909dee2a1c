"""倒逼, told through the real pages: an invoice names a tofu maker whom nobody knows; in the end he is registered.

Then a sample of his fails, and the school is told to stop and answers. The chapters share one telling of their own.
"""

import pytest

from sanxiao.survey.tests import paper
from tests import cast
from tests.telling import db, story, telling  # noqa: F401  fixtures are imported by name

SCHOOL, SUN = "后阳小学食堂", "老孙豆腐"
FOUND = paper.workshop(
    village=cast.NANYAO, shop_name=SUN, operator_name="孙长根", phone="13661234560", address="南瑶村后街3号",
    household_address="南瑶村2组", food_classes=["soy"], food_varieties="豆腐", processing=["soy"], disposal_case="1",
    batch="regulate", surveyed_on="2018-06-08", surveyor_1="李明", surveyor_2="陈伟",
)  # fmt: skip
MATERIALS = ("application", "identity", "business_licence", "layout", "process", "foods", "health", "premises")
WHO = ("zhang", "li", "chen", "wu", "zhou")


@pytest.mark.parametrize("who", WHO)
def test_each_signs_in(story, who):
    getattr(story.on(6, 4), who).opens("/").presses("登录", username=who, password=cast.PASSWORD)


# -- 一 the invoice


def test_zhang_registers_the_school_as_a_buyer(story):
    zhang = story.zhang.opens("/sources/").sees("还没有进货单位").follows("登记进货单位")
    zhang.presses("登记进货单位", name=SCHOOL, kind="school", contact="吴老师", phone="13861239999")
    zhang.sees(SCHOOL, "本季未核查", "138****9999").misses("13861239999")
    story.at["school"] = zhang.path
    assert story.li.status(zhang.path) == 404
    story.zhou.opens("/sources/?quarter=no").sees(SCHOOL)


def test_its_invoice_names_a_supplier_whom_nobody_knows(story):
    zhang = story.zhang.follows("登记进货")
    zhang.types(supplier=SUN, village=cast.NANYAO).sees("未在册", "不在册。登记后交给所在村核实，核实前不要再进货。")
    story.at["enter"] = zhang.path
    line = {
        "supplier": SUN,
        "village": cast.NANYAO,
        "food": "豆腐",
        "bought_on": "2018-06-04",
        "quantity": "12",
        "unit": "公斤",
    }
    zhang.opens(zhang.path).presses("登记", line | {"supplier": " "}).sees("请写明供货单位。")
    zhang.presses("登记", line, invoice="No.0604", photo=paper.photo("票据.jpg")).sees("豆腐", SUN, "未在册")
    zhang.opens(story.at["enter"]).presses("登记", line, invoice="No.0604").sees("已登记过")


def test_the_other_village_has_it_as_a_lead_with_a_date(story):
    li = story.on(6, 5).li.opens("/").sees(SUN, "待核实").follows(SUN).sees(SCHOOL)
    story.at["lead"] = li.path
    zhou = story.zhou.opens("/sources/loops/?loop=open").sees(SUN, "村里核实中", "各村未闭环").follows(SUN)
    story.at["loop"] = zhou.path
    zhou.sees("票据上发现", "2018-06-04", "来源闭环")
    assert story.zhang.status(story.at["loop"]) == 404


# -- 二 from the lead to the certificate


def test_li_finds_and_surveys_him(story):
    li = story.on(6, 8).li.opens(story.at["lead"]).follows("食品小作坊")
    li.presses("保存", FOUND).presses("建档").follows(f"“{SUN}”").sees(SUN, "孙长根")
    story.at["file"] = li.path
    story.zhou.opens(story.at["loop"]).sees("已建档，待分类", "无证", "2018-06-08")
    li.follows("提出分类意见").presses("提出分类意见", proposed_case="1", proposed_batch="regulate")
    story.chen.opens("/").follows(SUN).follows("审定分类").presses("审定分类").sees("已审定")
    story.zhou.opens(story.at["loop"]).sees("已分类，待登记")


def test_the_bureau_registers_him_and_the_loop_is_closed(story):
    li = story.on(6, 11).li.opens(story.at["file"]).follows("代办申请")
    li.presses("代办申请", {f"have_{code}": "on" for code in (*MATERIALS, "commitment")}, purpose="new")
    application = li.path
    li.follows("提交申请").presses("提交申请", committed="on", signature=paper.photo("签名.jpg"))
    chen = story.chen.opens(application).follows("受理").presses("受理").follows("现场核查合格")
    chen.presses("现场核查合格", officers=["陈伟", "吴昊"], visited_on="2018-06-11").follows("报请审批")
    chen.presses("报请审批", opinion="grant", note="符合条件")
    wu = story.on(6, 13).wu.opens(application).follows("准予登记").presses("准予登记")
    wu.follows("制证").presses("制证").sees("已制证，待领取")
    zhou = story.on(6, 14).zhou.opens(story.at["loop"]).sees("已登记", "证照有效").cannot("交办核实")
    zhou.opens("/sources/loops/?loop=open").misses(SUN).opens("/sources/loops/?loop=closed").sees(SUN)


def test_the_next_invoice_is_a_good_one_and_the_old_one_keeps_its_verdict(story):
    zhang = story.zhang.opens(story.at["enter"])
    zhang.types(supplier=SUN, village="").sees("证照有效", "可以进货，留存证照复印件和票据。")
    said = {"supplier": SUN, "food": "豆腐", "bought_on": "2018-06-14", "quantity": "10"}
    zhang.opens(story.at["enter"]).presses("登记", said).sees("证照有效").misses("未在册")
    zhang.opens(story.at["school"]).sees("未在册", "证照有效")


def test_zhang_checks_the_school_and_its_turn_comes_next_quarter(story):
    zhang = story.zhang.follows("核查：未发现问题")
    zhang.presses("核查：未发现问题", checked_on="2018-06-14", second="陈伟", seen="票据、冷库").sees("未发现问题")
    story.zhou.opens("/sources/?quarter=no").misses(SCHOOL).opens("/sources/?quarter=yes").sees(SCHOOL)
    story.on(7, 2).zhou.opens("/sources/?quarter=no").sees(SCHOOL)


# -- 三 down again: a warning to all his buyers


def test_the_bureau_warns_his_buyers_and_the_school_answers(story):
    chen = story.chen.opens(f"{story.at['file']}?tab=buyers").sees(SCHOOL)
    assert chen.downloads("打印").startswith(b"%PDF")
    chen.follows("通知停用").presses("通知停用", why="抽检不合格：苯甲酸超标").sees("待回执", SCHOOL)
    story.li.opens(f"{story.at['file']}?tab=buyers").misses(SCHOOL).cannot("通知停用")
    zhang = story.zhang.opens("/").sees("待回执").follows(SCHOOL).follows("登记回执")
    zhang.presses("登记回执", measure="stopped", answered_by="吴老师").sees("已停用、下架的，请写明数量。")
    zhang.presses("登记回执", measure="stopped", quantity="6", unit="公斤", answered_by="吴老师").sees(
        "已回执", "6 公斤"
    )
    chen.opens("/sources/alerts/").sees("已回执")


def test_no_chinese_is_left_on_the_english_screen(story):
    foreign = {path: sorted(words) for path, words in story.foreign().items()} if story.language == "en" else {}
    assert not foreign, "\n".join(f"{path} {word}" for path, words in foreign.items() for word in words)
