"""The public is told, warned and asked; and what that cost. Told through the real pages, as in tests/story.py.

A case of the bureau is exposed under the eyes of two offices; a household answers by its slip; 后阳村 puts up posters
and is paid for them.
"""

from sanxiao.enforcement.tests import steps as cases
from sanxiao.office.models import Office, Post, User
from sanxiao.publicity import survey
from sanxiao.publicity.models import Exposure, Poll
from sanxiao.survey.tests import paper
from tests import cast
from tests.telling import db, story, telling  # noqa: F401  fixtures

MORE = {"xu": ("徐宁", "party"), "lu": ("陆军", "bureau"), "song": ("宋岩", "bureau")}


# Words of the published case and of the bureau's papers stay Chinese.
OFFICIAL = (
    "金城曝〔2018〕1号 后阳村某食品小作坊违法经营案 王家豆腐坊 王秀兰在老街12号添加碱性嫩黄 徐宁 陆军 宋岩 "
    "《市场监督管理行政处罚信息公示规定》；本镇设置 《中华人民共和国食品安全法》第三十三条 同意 追加 "
)


class _Bureau:
    """The people by whom a case goes; the story of the case itself is told elsewhere."""

    def __getattr__(self, name):
        return User.objects.get(username=name)


def test_everybody_comes_to_the_office(story):
    for username, (name, role) in MORE.items():
        user = User.objects.create(username=username, name=name, password=cast.QUICK_HASH)
        office = Office.objects.on().get(role=role, area=cast.JINCHENG)
        Post.objects.create(user=user, office=office, since=story.moment.date())
    for who in ("zhang", "li", "chen", "zhou", "sun", "feng", "xu", "lu"):
        getattr(story, who).opens("/").presses("登录", username=who, password=cast.PASSWORD).sees("我的职责")


def test_xu_publishes_a_text_and_zhang_uses_it(story):
    xu = story.xu.opens("/publicity/texts/").follows("发布文稿")
    body = "请及时办理登记，管好进货票据。"
    xu.presses("发布文稿", code="letter", edition="2018-04", title="致经营者的一封信", body=body)
    xu.sees("致经营者的一封信", "使用中", "还没有用过这一版。")
    zhang = story.zhang.opens("/publicity/units/").sees("还没有开展宣传")
    zhang = zhang.opens("/publicity/").follows("登记宣传").sees("致经营者的一封信 2018-04")
    text = zhang.page.xpath("//select[@name='text']/option[last()]/@value")[0]
    said = {"channel": "poster", "title": "张贴一封信", "done_on": "2018-04-09", "place": "村公告栏", "reach": "300"}
    zhang.presses("登记宣传", said, photos=paper.photo("公告栏.jpg"))
    assert zhang.sees("请选一篇文稿，或写明宣传了什么。").page.xpath("//input[@name='title']/@value") == ["张贴一封信"]
    zhang.presses("登记宣传", said, text=text, photos=paper.photo("公告栏.jpg"))
    zhang.sees("已开展", "300", "估计", "致经营者的一封信 2018-04", "公告栏.jpg")
    story.at["act"] = zhang.path
    assert story.li.status(story.at["act"]) == 404


def test_who_has_done_nothing_stands_first(story):
    sun = story.sun.opens("/publicity/units/")
    rows = [" ".join(row.text_content().split()) for row in sun.page.xpath("//tbody/tr")]
    [done] = [n for n, row in enumerate(rows) if "300" in row]
    assert done == len(rows) - 1 > 15


def test_a_closed_case_is_proposed_with_nobodys_name(story):
    people = _Bureau()
    tofu = cast.tofu_shop(people.zhang)
    case = cases.noticed(
        cases.finished(cases.filed(tofu, people), people, conduct="王秀兰在老街12号添加碱性嫩黄"), people
    )
    case = cases.served(cases.decided(case, people), people)
    moves = (
        ("pay", "chen", {"amount": case.owed, "paid_on": story.moment.date(), "slip": "1"}), ("execute", "chen", {}),
        ("publish", "chen", {"published_on": story.moment.date()}), ("close", "lu", {"ending": "paid"}),
    )  # fmt: skip
    for move, who, facts in moves:
        cases.flow.move(cases.again(case), move, getattr(people, who), **facts)
    chen = story.on(4, 10).chen.opens("/publicity/cases/").sees("已结案、处罚决定正在公示、没有曝光过")
    chen.follows("王家豆腐坊").sees("王**").misses("老街12号")
    chen.presses("提出曝光", body="王秀兰在豆腐里加了东西").sees("王秀兰在豆腐里加了东西", "没有办成")
    chen.opens(chen.path).presses("提出曝光").sees("待审批")
    story.at["case"] = chen.path
    chen.follows("公开曝光").presses("公开曝光").sees("待签")


def test_two_offices_agree_and_anybody_reads_it(story):
    story.xu.opens("/").misses("某食品小作坊违法经营案")
    lu = story.lu.opens("/").sees("等我会签").opens(story.at["case"]).follows("公开曝光")
    lu.presses("提交意见", agrees="1")
    story.anybody.opens("/open/cases/").sees("现在没有公开的案例")
    story.xu.opens(story.at["case"]).follows("公开曝光").presses("提交意见", agrees="1", note="同意").sees("公开曝光中")
    anybody = (
        story.anybody.opens("/open/cases/").follows("后阳村某食品小作坊违法经营案").sees("王**", "金城曝〔2018〕1号")
    )
    anybody.misses("王秀兰", "老街")
    story.at["open"] = anybody.path


def test_it_is_taken_down_by_rule(story):
    story.on(10, 8)
    assert story.anybody.status(story.at["open"]) == 410
    story.chen.opens(story.at["case"]).sees("期满撤下")


def test_zhou_asks_the_public_and_a_household_answers(story):
    zhou = story.zhou.opens("/publicity/polls/").follows("开始调查").presses("开始调查", closes_on="2018-12-31")
    story.at["poll"] = zhou.sees("调查中").path
    zhou.follows("印答卷条").presses("印答卷条", ground=cast.HOUYANG, count="6").sees("调查中")
    slips = zhou.page.xpath("//a[contains(@href, '/slips/')]/@href")[0]
    assert zhou.client.get(slips).content.startswith(b"%PDF")
    codes = [survey.code_of(slip) for slip in Poll.objects.get().slips.all()]
    household = story.household.opens(f"/open/survey/{codes[0]}").sees("食品安全满意度调查")
    household.presses("提交", {"q-trust": "5"}).sees("还有题没有答。")
    answers = {"q-trust": "5", "q-content": "4", "q-change": "better", "q-tell": "yes"}
    household.presses("提交", answers).sees("收到了，谢谢您")
    assert household.status(f"/open/survey/{codes[0]}") == 410
    for code in codes[1:5]:
        story.household.opens(f"/open/survey/{code}").presses("提交", answers)
    story.zhang.opens(story.at["poll"]).sees("100%", "57–100%").cannot("印答卷条", "提前结束")


def test_the_tofu_makers_record_says_why(story):
    zhang = story.zhang.opens("/publicity/credit/").follows("王秀兰").sees("90", "受到行政处罚", "-10")
    zhang.follows("异议、修复").presses("提出异议或申请修复", request="objection", reason="他说店已转给别人")
    story.at["repair"] = zhang.sees("待审查").path
    chen = story.chen.opens(story.at["repair"]).follows("不同意").presses("不同意", reason="转让在处罚之后")
    chen.sees("未同意", "转让在处罚之后")
    assert story.li.status(story.at["repair"]) == 404


def test_money_is_granted_claimed_and_paid_for_the_posters(story):
    feng = story.feng.opens("/funds/").follows("编制预算")
    line = {"year": "2018", "source": "town", "item": "宣传费", "amount": "1000"}
    story.at["line"] = feng.presses("编制预算", line).sees("待批准").cannot("批准").path
    story.sun.opens(story.at["line"]).follows("批准").presses("批准").sees("可列支")
    zhang = story.zhang.opens("/funds/").follows("申请列支")
    act = next(o.get("value") for o in zhang.page.xpath("//select[@name='activity']//option") if "张贴一封信" in o.text)
    claim = {"activity": act, "purpose": "印一封信", "amount": "1200", "invoice": "0001", "spent_on": "2018-04-09"}
    zhang.presses("申请列支", claim).sees("请附发票或收据的照片。")
    zhang.presses("申请列支", claim, receipts=paper.photo("发票.jpg")).sees("待审核", "张贴一封信", "1,200.00")
    story.at["claim"] = zhang.path
    assert story.li.status(story.at["claim"]) == 404


def test_more_than_the_line_holds_goes_to_the_leading_group(story):
    feng = story.feng.opens("/").follows("印一封信").follows("审核同意").presses("审核同意").sees("待签", "待审核")
    sun = story.sun.opens(story.at["claim"]).follows("审核同意").presses("提交意见", agrees="1", note="追加")
    sun.sees("待支付")
    feng.opens(story.at["claim"]).follows("登记支付").presses("登记支付", paid_on="2018-10-08", voucher="记-1").sees(
        "已支付"
    )
    zhang = story.zhang.opens(story.at["claim"]).follows("登记成效")
    zhang.presses("登记成效", effect="三十多家来问登记").sees("三十多家来问登记")
    feng.opens("/funds/activities/").sees("张贴一封信", "1,200.00", "三十多家来问登记")
    feng.opens("/funds/").sees("-200.00")


def test_no_screen_was_left_in_the_other_language(story):
    own = story.foreign(OFFICIAL + Exposure.objects.get().body) if story.language == "en" else {}
    own = {path: words for path, words in own.items() if "/publicity" in path or "/funds" in path or "/open" in path}
    assert not own, "\n".join(f"{path} {word}" for path, words in own.items() for word in sorted(words))
