"""The leading group looks after its units: what they cannot do alone, what is found, who is late, what is true.

Told through the real pages, as in tests/story.py, of which it takes the telling; here the town begins anew.
"""

from sanxiao.survey.tests import paper
from tests import cast
from tests.story import db, story, telling  # noqa: F401  fixtures

HOUYANG = "后阳村委会"


def test_everybody_comes_to_the_office(story):
    for who in ("zhang", "li", "chen", "zhou", "sun"):
        getattr(story, who).opens("/").presses("登录", username=who, password=cast.PASSWORD).sees("我的职责")


def test_zhang_says_what_she_cannot_solve_alone_and_an_office_answers(story):
    zhang = story.zhang.opens("/concerns/").follows("提出困难或需要")
    zhang.presses("提出", sort="need", text="夜市没有水电，摊贩没法洗手").sees("还没有单位认领")
    story.at["need"] = zhang.path
    assert story.li.status(story.at["need"]) == 404
    story.chen.opens(story.at["need"]).follows("认领").presses("认领").sees("办理中")
    story.chen.follows("答复").presses("答复", answer="下月接两个水龙头").sees("已答复，待确认")
    story.zhang.opens(story.at["need"]).follows("仍未解决").presses("仍未解决", reason="只接了一个")
    story.chen.opens(story.at["need"]).follows("答复").presses("答复", answer="第二个已接好")
    story.zhang.opens(story.at["need"]).follows("认可答复").presses("认可答复", note="").sees("已解决")


def test_zhou_plans_an_inspection_of_which_the_village_does_not_know(story):
    zhou = story.on(6, 4).zhou.opens("/").follows("督查考核").follows("制定督查计划")
    team = zhou.page.xpath("//input[@name='team']/@value")[:2]
    village = "//input[@name='whom'][contains(.., '后阳村') or contains(.., 'Houyang Village')]/@value"
    [whom] = zhou.page.xpath(village)[:1]
    said = {"called": "夏季督查", "topic": "看摸底和整改", "starts_on": "2018-06-04", "ends_on": "2018-06-08"}
    zhou.presses("制定督查计划", said | {"team": team[:1], "whom": [whom]}).sees("督查组至少两个人。", "看摸底和整改")
    zhou.presses("制定督查计划", said | {"team": team, "whom": [whom]}).sees("已计划", "夏季督查")
    story.at["round"] = zhou.path
    assert story.zhang.status(story.at["round"]) == 404


def test_what_is_found_is_told_with_its_date(story):
    zhou = story.zhou.opens(story.at["round"]).follows("开始督查").presses("开始督查").follows("记录问题")
    said = {"gravity": "serious", "text": "两户没有建档", "demand": "入户补建", "due_by": "2018-06-22", "place": ""}
    zhou.presses("记录问题", said, before=paper.photo("督查.jpg")).sees("待反馈", "两户没有建档")
    story.at["finding"] = zhou.path
    assert story.zhang.status(story.at["finding"]) == 404
    zhou.opens(story.at["round"]).cannot("反馈问题")
    zhou.follows("登记走访").presses("登记走访", seen_on="2018-06-04", words="走访三户")
    zhou.follows("反馈问题").presses("反馈问题").sees("待整改", "2018-06-22")
    story.zhang.opens("/oversight/").sees("我单位要整改的", "两户没有建档")


def test_who_is_late_gets_one_sheet_that_changes_its_colour(story):
    story.on(6, 25).zhang.opens("/oversight/urges/late/").sees("蓝色", "1").misses("红色")
    sheet = story.zhang.opens("/oversight/urges/").follows("CB320413").sees("两户没有建档", "待回应")
    sheet.follows("回应").presses("回应", answer="周五补建").sees("已回应，待办结", "周五补建")
    assert sheet.downloads("打印（PDF）").startswith(b"%PDF")
    sun = story.on(7, 9).sun.opens("/").sees("红色催办的单位").follows("打电话过问").sees("红色")
    sun.misses("蓝色")
    assert story.li.status(sheet.path) == 404


def test_it_is_put_right_with_proof_and_the_sheet_ends_by_itself(story):
    zhang = story.zhang.opens(story.at["finding"]).follows("报告整改")
    zhang.presses("报告整改", done="两户已补建").sees("请附照片或材料作凭据。", "两户已补建")
    zhang.presses("报告整改", done="两户已补建", after=paper.photo("补建.jpg")).sees("待核查")
    story.zhou.opens(story.at["finding"]).follows("销号").presses("销号", note="到户看过").sees("已销号")
    story.zhou.opens(story.at["round"]).follows("收尾").presses("收尾", note="").sees("已收尾")
    sun = story.on(7, 10).sun.opens("/oversight/urges/?state=done").sees("已办结")
    sun.opens("/oversight/findings/").sees("两户没有建档", "已销号")


def test_the_bulletin_is_drafted_edited_and_issued(story):
    zhou = story.zhou.opens(story.at["round"]).follows("起草督查通报")
    zhou.presses("起草通报").sees("草稿")
    story.at["bulletin"] = zhou.path
    zhou.presses("保存文字", body="# 情况\n各村要举一反三。").sees("已保存。")
    zhou.follows("送签").presses("送签").sees("等领导小组签发").cannot("签发")
    story.sun.opens(story.at["bulletin"]).follows("签发").presses("签发").sees(
        "金食三小办〔2018〕1号", "各村要举一反三。"
    )
    assert story.zhang.opens(story.at["bulletin"]).downloads("Word（公文格式）").startswith(b"PK")


def test_closed_matters_are_drawn_and_the_draw_can_be_done_again(story):
    zhou = story.zhou.opens("/oversight/proof/").follows("抽取办结事项")
    said = {"called": "七月核验", "sorts": ["finding"], "from_on": "2018-06-01", "until_on": "2018-07-10", "size": "10"}
    zhou.presses("抽取", said, seed="07 11 23", unit="").sees("核验中", "07 11 23")
    story.at["draw"] = zhou.path
    zhou.follows("重抽核对").sees("重抽一遍，结果相同。")
    assert story.zhang.status(story.at["draw"]) == 404


def test_the_scores_are_proposed_adopted_and_then_everybodys_to_read(story):
    zhou = story.on(7, 11).zhou.opens("/oversight/scores/").follows("2018").sees("待提请", "怎样计分")
    zhou.follows("提请审定").presses("提请审定", note="").sees("已冻结", "待审定")
    assert story.zhang.status(zhou.path) == 404
    story.sun.opens(zhou.path).follows("审定通过").presses("审定通过", note="").sees("已审定")
    assert story.zhang.opens(zhou.path).sees("总分").downloads("PDF（打印）").startswith(b"%PDF")


def test_a_good_way_is_written_down_approved_and_done_elsewhere(story):
    zhang = story.zhang.opens("/oversight/practices/").follows("报送经验做法")
    said = {"called": "夜市摆桌登记", "trouble": "白天找不到人", "how": "周五晚上摆一张桌子", "effect": "登记十二户"}
    zhang.presses("报送经验做法", said, photo=paper.photo("桌子.jpg")).sees("待审核")
    story.at["way"] = zhang.path
    assert story.li.status(story.at["way"]) == 404
    story.zhou.opens(story.at["way"]).follows("推广").presses("推广", note="").sees("已推广")
    li = story.li.opens("/oversight/practices/").follows("夜市摆桌登记")
    li.presses("评论", text="我们也试试").sees("我们也试试")
    li.presses("照着做，列为本单位任务", note="下周五开始").sees("下周五开始", "照着做的单位")


def test_no_chinese_is_left_on_the_english_screen(story):
    foreign = story.foreign(" 金食三小办 号 各村（社区）、各成员单位") if story.language == "en" else {}
    left = {path: sorted(words) for path, words in foreign.items() if "bulletin" not in path}
    assert not left, "\n".join(f"{path} {word}" for path, words in left.items() for word in words)
