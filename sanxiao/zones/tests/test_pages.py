"""What people see of zones, and what they press."""

import threading
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from sanxiao.docket.refusal import Stale
from sanxiao.docket.tests.test_race import patiently
from sanxiao.office.now import at
from sanxiao.zones.models import Condition, Entrant, Opinion, Unit, Zone
from sanxiao.zones.tests import steps
from sanxiao.zones.tests.steps import move, moved_in, step, through, vendor, waiting
from tests.cast import HOUYANG

TYPED = {
    "area": HOUYANG, "called": "后阳早市", "kind": "vendor", "address": "老街口", "land_m2": "600", "build_m2": "0",
    "cost": "8", "build_days": "0", "open_by": "2018-08-01", "in_charge": "张桂兰", "lat": "31.72", "lng": "119.57",
}  # fmt: skip


def do(obj, name):
    return f"/do/{obj.flow.key}/{obj.pk}/{name}"


def page_of(client, url, **params):
    answer = client.get(url, params)
    assert answer.status_code == 200, answer.content.decode()[:1500]
    return answer.content.decode()


def paper(name="批复.jpg"):
    return SimpleUploadedFile(name, steps.picture(), "image/jpeg")


def test_zhang_proposes_and_sees_what_is_to_be_done(as_, june, town):
    zhang = as_("zhang")
    answer = zhang.post("/do/zones.zone/new/propose", TYPED)
    assert answer.status_code == 302, answer.content.decode()
    page = page_of(zhang, Zone.objects.get().get_absolute_url())
    for word in ("后阳早市", "村镇立项", "划定经营区域和时段", "项按类别、规模不用办", "预计", "2018年方案的步骤"):
        assert word in page
    assert page_of(as_("sun"), "/").count("后阳早市") >= 1


@pytest.mark.parametrize(
    ("said", "word"),
    [({"builds": "on"}, "要动工的，请填施工天数"), ({"open_by": "2018-06-01"}, "计划开业须在今天之后"),
     ({"lng": ""}, "经度和纬度要一起填写"), ({"land_m2": "0"}, "大于"), ({"cost": "x"}, "整数")],
)  # fmt: skip
def test_what_cannot_be_is_asked_for_and_nothing_typed_is_lost(as_, june, town, said, word):
    answer = as_("zhang").post("/do/zones.zone/new/propose", TYPED | said)
    page = answer.content.decode()
    assert (answer.status_code, word in page, 'value="后阳早市"' in page) == (422, True, True), page
    assert not Zone.objects.exists()


def test_the_village_next_door_and_the_police_see_nothing(as_, market):
    assert as_("li").get(market.get_absolute_url()).status_code == 404
    assert "后阳摊贩" not in page_of(as_("li"), "/zones/")
    assert as_("he").get("/zones/").status_code == 404
    assert as_("li").post("/do/zones.zone/new/propose", TYPED).status_code == 422
    assert not Zone.objects.filter(called="后阳早市", area=HOUYANG).exists()


def test_sun_asks_five_offices_with_a_paper_and_sees_three_of_five(as_, town, market):
    row = move(step(market, "proposal"), "accept", town.sun, note="")
    sun = as_("sun")
    assert 'value="finance"' in page_of(sun, do(row, "ask"))
    said = {"offices": list(row.consults), "order": "together", "request": paper("请示.jpg")}
    assert sun.post(do(row, "ask"), said).status_code == 302
    for opinion in list(row.opinions.select_related("office"))[:3]:
        who = steps.WHO[opinion.office.role]
        assert as_(who).post(do(opinion, "agree"), {"note": "同意"}).status_code == 302
    page = page_of(sun, row.get_absolute_url())
    assert "各单位意见：3 / 5" in page and "请示.jpg" in page
    assert page_of(as_("zhang"), market.get_absolute_url()).count("意见 3 / 5") == 1
    assert "现在由 镇建设局 办理" in page_of(as_("han"), row.get_absolute_url()), "whoever waits reads one name once"


def test_a_grant_with_conditions_typed_line_by_line(as_, town, market):
    through(market, town, "proposal")
    row = move(step(market, "designate"), "request", town.zhang, note="")
    row = move(row, "accept", town.qian, note="")
    [opinion] = steps.ask(row, town.qian, "fso")
    move(opinion, "condition", town.zhou, reason="设洗手池")
    qian = as_("qian")
    assert "设洗手池" in page_of(qian, do(row, "grant"))
    said = {"decided_on": "2018-06-05", "document_no": "城管〔2018〕3号", "conditions": "设洗手池 2018-05-01\n"}
    page = qian.post(do(row, "grant"), said).content.decode()
    assert "落实期限须在今天之后" in page and "城管〔2018〕3号" in page
    said |= {"conditions": "设洗手池 2018-08-01\n晚上十点收摊", "permit": paper()}
    assert qian.post(do(row, "grant"), said).status_code == 302
    made = dict(Condition.objects.values_list("text", "until_on"))
    assert made == {"设洗手池": date(2018, 8, 1), "晚上十点收摊": None}
    assert "晚上十点收摊" in page_of(as_("zhang"), market.get_absolute_url())


def test_what_the_village_does_itself_needs_its_paper(as_, town, june):
    market = steps.propose(town.zhang, kind="eatery")
    through(market, town, "proposal")
    row, zhang = step(market, "drainage"), as_("zhang")
    said = {"decided_on": "2018-06-05", "document_no": ""}
    assert "请附上证件" in zhang.post(do(row, "file"), said).content.decode()
    assert zhang.post(do(row, "file"), said | {"permit": paper()}).status_code == 302


def test_the_plan_shows_who_is_where_and_a_stall_opens(as_, town, open_market):
    entrant = moved_in(open_market, vendor(town.zhang, "老王煎饼"), town.zhang)
    zhang = as_("zhang")
    page = page_of(zhang, f"/zones/{open_market.pk}/plan/")
    assert "老王煎饼" in page and page.count("<td") == 6
    url = entrant.unit.get_absolute_url()
    assert "老王煎饼" in page_of(zhang, url)
    said = {"version": "1", "area_m2": "12.5", "kind": "stall", "usable": "on", "note": "靠水龙头"}
    assert zhang.post(url, said).status_code == 302
    assert Unit.objects.get(pk=entrant.unit_id).note == "靠水龙头"
    stale = zhang.post(url, said | {"note": "晚了一步"})
    assert "刚刚被别人更新过" in stale.content.decode()
    assert as_("sun").post(url, said).status_code == 403


def test_many_stalls_are_typed_at_once(as_, town, market):
    through(market, town, "proposal")
    zhang, url = as_("zhang"), do(market, "divide")
    said = {"head": "A", "first": "1", "last": "24", "across": "6", "kind": "stall", "area_m2": "9"}
    assert zhang.post(url, said).status_code == 302
    assert Unit.objects.count() == 24 and Unit.objects.get(number="A13").row == 3
    pasted = {"kind": "stall", "across": "6", "lines": "B1,9,1,12,操作间\nB2,x,2\nB3,9,3,-1"}
    page = zhang.post(url, pasted).content.decode()
    assert "第 2 行：行和列要写数字" in page and "第 3 行：面积要大于 0" in page and "B1,9,1,12,操作间" in page
    assert zhang.post(url, pasted | {"lines": "B1,9,1,12,操作间"}).status_code == 302
    assert Unit.objects.get(number="B1").kind == "room"


def test_inviting_from_the_file_and_the_funnel_opens_its_lists(as_, town, open_market):
    file, zhang = vendor(town.zhang, "老王煎饼"), as_("zhang")
    assert "邀请入驻集中区" in page_of(zhang, file.get_absolute_url())
    answer = zhang.post(f"/do/zones.entrant/new/invite?file={file.pk}", {"zone": str(open_market.pk), "note": ""})
    assert answer.status_code == 302, answer.content.decode()
    page = page_of(zhang, f"/zones/{open_market.pk}/plan/")
    assert f"/zones/entrants/?zone={open_market.pk}&amp;stage=invited" in page
    assert "老王煎饼" in page_of(zhang, "/zones/entrants/", zone=str(open_market.pk), stage="invited")
    assert "老王煎饼" not in page_of(zhang, "/zones/entrants/", zone=str(open_market.pk), stage="agreed")
    assert "后阳摊贩集中经营区" in page_of(zhang, file.get_absolute_url(), tab="zone")


def test_who_said_that_he_would_come_is_a_list_to_work_off(as_, town, open_market):
    file = vendor(town.zhang, "愿来的")
    type(file).objects.filter(pk=file.pk).update(facts=file.facts | {"zone_willing": "yes"})
    assert "愿来的" in page_of(as_("zhang"), "/zones/willing/")
    assert "愿意进集中区、还没有邀请" in page_of(as_("zhang"), "/")


def test_every_item_stands_with_its_proof(as_, town, open_market):
    found = move(open_market, "nominate", town.zhang)
    row = found.items.get(code="layout")
    said = {"claimed": "6", "proof": paper("分区图.jpg")}
    assert as_("zhang").post(do(row, "claim"), said).status_code == 302
    page = page_of(as_("sun"), f"/zones/{found.pk}/scoring/")
    assert "分区图.jpg" in page and "须达到 60%" in page
    assert as_("sun").post(do(row, "accept"), {"points": "9"}).status_code == 422


def test_days_lie_with_the_offices_that_had_them(as_, town, market):
    row = move(step(market, "proposal"), "accept", town.sun, note="")
    steps.ask(row, town.sun, *row.consults)
    with steps.at(date(2018, 6, 9)):
        page = page_of(as_("zhang"), "/zones/offices/")
    assert "金城国土所" in page and "4 天" in page
    assert "后阳" in page_of(as_("zhang"), "/zones/steps/", **{"with": "land"})
    assert "村镇立项" not in page_of(as_("zhang"), "/zones/steps/", **{"with": "leading"}).split("<table")[-1]


def test_the_zone_s_pages_and_lists_take_the_same_queries_for_one_and_for_many(as_, town, june):
    def queries(url):
        zhang.get(url)  # what is read once for a process
        with CaptureQueriesContext(connection) as asked:
            page_of(zhang, url)
        return len(asked)

    zhang = as_("zhang")
    first = steps.opened(town)
    steps.propose(town.zhang, steps.WORKS)
    moved_in(first, vendor(town.zhang, "甲"), town.zhang)
    urls = ["/zones/", "/zones/steps/", "/zones/opinions/", "/zones/conditions/", "/zones/entrants/", "/zones/offices/"]
    one = [queries(url) for url in urls]
    for n in (2, 3):
        other = steps.opened(town, called=f"第{n}区")
        moved_in(other, vendor(town.zhang, f"乙{n}"), town.zhang)
        waiting(other, vendor(town.zhang, f"丙{n}"), town.zhang)
        steps.propose(town.zhang, steps.WORKS, called=f"加工{n}")
    assert [queries(url) for url in urls] == one


def test_pages_read_in_english_and_lists_as_workbooks(as_, town, open_market):
    zhang = as_("zhang")
    with override("en"):
        zhang.cookies["django_language"] = "en"
        page = page_of(zhang, open_market.get_absolute_url())
        assert "Designation of area and hours" in page and "划定" not in page
        assert "Siting opinion" in page
    for url in ("/zones/", "/zones/steps/", "/zones/opinions/", "/zones/conditions/", "/zones/entrants/"):
        assert zhang.get(url, {"as": "xlsx"}).status_code == 200, url
    assert page_of(zhang, "/zones/points.json", only=str(open_market.pk)).count("Feature") == 2


def test_a_market_too_near_to_a_school_says_so(as_, town, market):
    from sanxiao.docket.models import Rule

    Rule.objects.update_or_create(key="schools", area="320413100000", since=date(2018, 1, 1), defaults={
        "name": "学校", "value": [{"name": "后阳小学", "lat": 31.7205, "lng": 119.57}]})  # fmt: skip
    assert "不得划为经营区域" in page_of(as_("zhang"), market.get_absolute_url())


@pytest.mark.django_db(transaction=True)
def test_two_clerks_let_the_same_stall_and_exactly_one_wins(town):
    with steps.at(steps.JUNE):
        market = steps.opened(town)
        rows = [waiting(market, vendor(town.zhang, f"摊{n}"), town.zhang) for n in range(4)]
    unit, told, gate = market.units.first(), [], threading.Barrier(4)

    def clerk(row):
        def press():
            try:
                with steps.at(steps.JUNE):
                    return steps.allot(row, town.zhang, unit.number, note="同时按").state
            except Stale:
                return "stale"

        try:
            gate.wait(timeout=20)
            told.append(patiently(press))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clerk, args=(row,)) for row in rows]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(told) == ["allocated", "stale", "stale", "stale"]
    assert Entrant.objects.filter(unit=unit, state="allocated").count() == 1


def test_an_opinion_is_read_only_by_who_has_to_do_with_it(as_, town, market):
    row = move(step(market, "proposal"), "accept", town.sun, note="")
    steps.ask(row, town.sun, *row.consults)
    opinion = Opinion.objects.first()
    assert as_("li").get(do(opinion, "agree")).status_code == 404
    assert as_("zhang").post(do(opinion, "agree"), {"note": "替他同意"}).status_code == 403


def test_a_silent_office_stands_among_the_late_terms_and_leads_to_its_step(as_, town, market):
    row = move(step(market, "proposal"), "accept", town.sun, note="")
    [opinion] = steps.ask(row, town.sun, "finance")
    sun, link = as_("sun"), f"/matter/zones.opinion/{opinion.pk}"
    with at(date(2018, 12, 3)):
        assert link in page_of(sun, "/cockpit/terms/", when="late")
        assert sun.get(link)["Location"].startswith(row.get_absolute_url())
