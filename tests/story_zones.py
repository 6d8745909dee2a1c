"""A vendor zone from its siting to full stalls, walked through the real pages by ten people of nine offices.

Proposed by the village, approved with five opinions of which one is silent and urged, designated, sited on a condition,
filed, built, accepted, opened; stalls laid out at once and let by lot; and looked at by the quarter.
"""

from sanxiao.office.models import User
from sanxiao.survey.tests import paper
from sanxiao.zones.tests import steps
from tests import cast
from tests.screen import CHINESE
from tests.telling import Story, db, story, telling  # noqa: F401  fixtures are imported by name

MARKET = "后阳摊贩集中经营区"
PROJECT = {
    "area": cast.HOUYANG, "called": MARKET, "kind": "vendor", "address": "后阳老街东侧", "land_m2": "900",
    "build_m2": "400", "builds": "on", "build_days": "30", "cost": "36", "fund": "镇财政补助、村自筹",
    "open_by": "2018-10-01", "in_charge": "张桂兰", "lat": "31.72", "lng": "119.57",
}  # fmt: skip
VENDORS = ("老王煎饼", "小李凉皮", "阿婆糕团", "张记炸串", "徐家豆花")
SAID = "水电接到每个摊位"


def signs_in(story: Story, *names: str) -> None:
    """Everybody of the chapter comes to the office."""
    for name in names:
        getattr(story, name).opens("/").presses("登录", username=name, password=cast.PASSWORD)


def opens_step(story: Story, who: str, step: str):
    """Somebody goes to the zone and opens one of its steps; of two that begin alike, the later one."""
    return getattr(story, who).opens(story.at["zone"]).follows(step, -1)


def applies(story: Story, step: str) -> None:
    """The village applies, with a photo of the papers."""
    zhang = opens_step(story, "zhang", step).follows("申报")
    zhang.presses("申报", note=SAID, document=paper.photo("材料.jpg")).sees("待受理")


def agrees(story: Story, who: str, step: str) -> None:
    """An office that was asked says yes, from its own desk."""
    screen = getattr(story, who).opens("/").follows(f"{MARKET} · {story.zhang.say(step)}")
    screen.follows("同意").presses("同意", note="没有意见").sees("没有意见")


def test_zhang_proposes_the_market_and_sees_which_steps_apply(story):
    signs_in(story, *cast.PEOPLE)
    zhang = story.on(5, 2).zhang.opens("/zones/").follows("提出集中区项目")
    zhang.presses("提出集中区项目", PROJECT | {"build_days": "0"}).sees("要动工的，请填施工天数")
    zhang.presses("提出集中区项目", build_days="30").sees(MARKET, "拟建，待立项", "关键路径")
    story.at["zone"] = zhang.path
    assert story.li.status(zhang.path) == 404
    story.feng.opens(zhang.path).sees(MARKET).cannot("申报", "不再建")


def test_zhang_draws_the_boundary_and_the_ground_is_measured(story):
    zhang = story.zhang.opens(story.at["zone"]).follows("划定边界")
    zhang.presses("划定边界", boundary="[[119.57, 31.72], [119.5704, 31.72]]").sees("边界至少要有三个点。")
    corners = "[[119.57, 31.72], [119.5704, 31.72], [119.5704, 31.7202], [119.57, 31.7202]]"
    zhang.presses("划定边界", boundary=corners).sees("位置和边界", "841")
    story.shen.opens(story.at["zone"]).sees("位置和边界").cannot("划定边界")


def test_sun_accepts_and_asks_five_offices_at_once(story):
    sun = opens_step(story.on(5, 3), "sun", "村镇立项").follows("受理").presses("受理", note="").sees("办理中")
    sun.cannot("批准").sees("按规定还要先征求别的单位的意见。")
    roles = ["finance", "planning", "land", "environment", "construction"]
    sun.follows("征求意见").presses("征求意见", offices=roles, request=paper.photo("请示.jpg")).sees("0 / 5")
    story.at["step"] = sun.path
    for who in ("feng", "shen", "cao", "han"):
        agrees(story.on(5, 4), who, "村镇立项")
    story.sun.opens(story.at["step"]).sees("4 / 5", "征求意见").cannot("批准")


def test_the_silent_office_is_urged_and_answers(story):
    zhang = story.on(5, 9).zhang.opens(story.at["step"]).follows("催一下").presses("催一下", note="只差您一家了")
    zhang.sees("待回复").cannot("催一下")
    story.pan.opens("/").sees("别的单位在催您的意见").follows("别的单位在催您的意见").sees(MARKET)
    agrees(story, "pan", "村镇立项")
    story.sun.opens(story.at["step"]).sees("5 / 5").follows("批准")
    story.sun.presses("批准", decided_on="2018-05-09", document_no="金政〔2018〕31号", note="").sees(
        "已办结", "金政〔2018〕31号"
    )
    story.zhang.opens(story.at["zone"]).sees("手续办理中", "关键路径")
    story.zhang.opens("/zones/offices/").sees("领导小组" if story.language == "zh-hans" else "Leading Group")


def test_qian_designates_the_ground_and_shen_sites_it_on_a_condition(story):
    applies(story, "划定经营区域和时段")
    applies(story, "选址意见")
    qian = opens_step(story.on(5, 10), "qian", "划定经营区域和时段").follows("受理").presses("受理", note="")
    qian.follows("征求意见").presses("征求意见", offices=["fso"])
    agrees(story, "zhou", "划定经营区域和时段")
    opens_step(story, "qian", "划定经营区域和时段").follows("批准").presses(
        "批准", decided_on="2018-05-10", note=""
    ).sees("已办结")
    shen = opens_step(story, "shen", "选址意见").follows("受理").presses("受理", note="")
    shen.follows("征求意见").presses("征求意见", offices=["land", "environment"])
    agrees(story, "cao", "选址意见")
    han = story.han.opens("/").follows(f"{MARKET} · {story.zhang.say('选址意见')}").follows("附条件同意")
    han.presses("附条件同意", reason="设隔油池")
    shen = opens_step(story.on(5, 14), "shen", "选址意见").sees("2 / 2", "设隔油池").follows("批准")
    shen.presses("批准", decided_on="2018-05-14", document_no="坛规选〔2018〕7号", conditions="设隔油池 2018-07-31",
                 permit=paper.photo("选址.jpg")).sees("坛规选〔2018〕7号", "待落实")  # fmt: skip


def test_the_village_files_and_pan_permits_the_works(story):
    zhang = opens_step(story.on(5, 15), "zhang", "环境影响登记表备案").follows("登记办结")
    zhang.presses("登记办结", decided_on="2018-05-15", document_no="备2018-77").sees("请附上证件、报告或照片。")
    zhang.presses("登记办结", decided_on="2018-05-15", document_no="备2018-77", permit=paper.photo("备案.jpg")).sees(
        "已办结"
    )
    applies(story, "施工许可证登记审核")
    pan = opens_step(story, "pan", "施工许可证登记审核").follows("受理").presses("受理", note="").follows("批准")
    pan.presses("批准", decided_on="2018-05-15", document_no="施2018-12", valid_until="2019-05-14").sees("2019-05-14")
    story.shen.opens(story.at["zone"]).follows("施工许可证登记审核").cannot("批准", "不予批准")


def test_it_is_built_and_feng_enters_the_money(story):
    opens_step(story.on(5, 16), "zhang", "建设施工").follows("开工").presses("开工", decided_on="2018-05-16").sees(
        "施工中"
    )
    feng = story.feng.opens(story.at["zone"]).sees("建设中").follows("登记投资")
    feng.presses("登记投资", amount="30", paid_on="2018-05-16", source="镇财政", note="棚架").sees("镇财政")
    opens_step(story.on(6, 15), "zhang", "建设施工").follows("完工").presses("完工", decided_on="2018-06-15", note="")
    for step in ("质量验收", "消防验收或备案", "排水接管"):
        zhang = opens_step(story, "zhang", step).follows("登记办结")
        zhang.presses("登记办结", decided_on="2018-06-15", permit=paper.photo("报告.jpg")).sees("已办结")


def test_the_condition_is_followed_until_it_is_met(story):
    zhang = story.zhang.opens("/zones/conditions/").sees("设隔油池").follows("设隔油池").follows("报告落实")
    zhang.presses("报告落实", note="已建好", proof=paper.photo("隔油池.jpg")).sees("待核实").cannot("认可")
    shen = story.on(6, 18).shen.opens("/").follows("设隔油池").follows("认可").presses("认可", note="看过")
    shen.sees("已落实")


def test_chen_checks_and_the_market_opens(story):
    applies(story, "开业条件核查")
    story.zhang.opens(story.at["zone"]).sees("还有手续没有办完，或办来的证件已经过期。").cannot("正式开业")
    chen = opens_step(story, "chen", "开业条件核查").follows("受理").presses("受理", note="")
    chen.follows("征求意见").presses("征求意见", offices=["fso"])
    agrees(story, "zhou", "开业条件核查")
    opens_step(story, "chen", "开业条件核查").follows("批准").presses("批准", decided_on="2018-06-18", note="")
    zhang = story.zhang.opens(story.at["zone"]).sees("还没有划分摊位（单元）。").follows("划分摊位（单元）")
    zhang.presses("划分摊位（单元）", head="A", first="1", last="4", across="2", kind="stall")
    zhang.opens(story.at["zone"]).follows("正式开业").presses("正式开业", note="").sees("已开业")


def test_five_vendors_are_asked_and_four_get_a_stall_by_lot(story):
    for n, name in enumerate(VENDORS):
        file = steps.vendor(User.objects.get(username="zhang"), name)
        zhang = story.zhang.opens(file.get_absolute_url()).follows("邀请入驻集中区")
        zhang.presses("邀请入驻", zone=zhang.page.xpath("//select[@name='zone']/option[@value!='']/@value")[0], note="")
        zhang.follows("愿意入驻").presses("愿意入驻", agreed_on="2018-06-18", consent=paper.photo("意向书.jpg"))
        zhang.follows("排入轮候").presses("排入轮候").sees("轮候中")
        story.at[f"entrant{n}"] = zhang.path
    zhang = story.zhang.opens(story.at["zone"]).follows("抽签分配")
    zhang.presses("抽签分配", contract_from="2018-06-18", contract_to="2018-06-01").sees("须晚于起始日")
    zhang.presses("抽签分配", contract_from="2018-06-18", contract_to="2019-06-17")
    zhang.follows("摊位图").sees("4 / 4", "种子")


def test_they_move_in_and_the_stalls_are_full(story):
    moved = 0
    for n in range(5):
        zhang = story.on(6, 20).zhang if n == 0 else story.zhang
        if story.zhang.say("登记入驻") in {
            a.text_content() for a in zhang.opens(story.at[f"entrant{n}"]).page.iter("a")
        }:
            zhang.follows("登记入驻").presses("登记入驻", moved_on="2018-06-20", photo=paper.photo("开张.jpg")).sees(
                "已入驻"
            )
            moved += 1
    assert moved == 4
    zhang = story.zhang.opens(story.at["zone"]).follows("摊位图")
    assert [cell.get("class") for cell in zhang.page.xpath("//table[@class='stalls']//td")] == ["green"] * 4
    numbers = [int(strong.text) for strong in zhang.page.xpath("//ol[@class='funnel']//strong")]
    assert numbers == [5, 5, 4, 0, 4]
    zhang.follows("仍在").sees("已入驻")


def test_sun_sees_it_among_the_zones_and_in_the_quarter(story):
    story.sun.opens("/zones/").sees(MARKET, "100%")
    story.sun.opens(story.at["zone"]).sees("里程碑", "立项", "开工", "完工", "开业")
    story.li.opens("/zones/").misses(MARKET)


def test_not_a_word_of_chinese_is_left_on_an_english_screen(story):
    """Of the pages of zones; what people typed and the papers' own law stays as it is."""
    if story.language != "en":
        return
    town = "".join((cast.TOWN / name).read_text(encoding="utf-8") for name in ("zone_steps.csv", "rules.toml"))
    places = " ".join((*VENDORS, "证件所载有效期", "入驻合同", "批复所附条件", "后阳村某路号"))  # what terms rest on
    own = {path: words for path, words in story.foreign(f"{town} {places}").items() if "zones" in path}
    left = {path: {w for w in words if CHINESE.search(w)} for path, words in own.items()}
    assert not {path: words for path, words in left.items() if words}
