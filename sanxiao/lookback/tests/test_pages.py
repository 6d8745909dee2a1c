"""What people see of looking back, and what they press."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from sanxiao.docket import flow, rooms
from sanxiao.inspection.tests import steps as order_steps
from sanxiao.lookback import alarms, relapse, sides
from sanxiao.lookback.models import Alarm, Campaign, Look, Revisit
from sanxiao.lookback.tests import steps

NEW = "/lookback/campaigns/new/"
RULE = {"basis": "filed", "since": "2018-01-01", "until": "2018-06-30"}


def upload():
    return SimpleUploadedFile("现场.jpg", steps.picture(), "image/jpeg")


def page_of(client, url, **params):
    answer = client.get(url, params)
    assert answer.status_code == 200, (answer.status_code, url)
    return answer.content.decode()


def test_chen_tries_a_rule_sees_the_names_and_freezes_the_list(as_, shops):
    chen = as_("chen")
    page = page_of(chen, NEW, **RULE)
    assert "符合条件 6 户" in page
    assert "南头豆腐坊" in page
    answer = chen.post("/do/lookback.campaign/new/freeze", RULE | {"called": "夏季回头看", "until_on": "2018-07-20"})
    assert answer.status_code == 302, answer.content.decode()
    campaign = Campaign.objects.get()
    assert campaign.looks.count() == 6
    assert "建档的" in page_of(chen, campaign.get_absolute_url())


def test_a_rule_without_a_period_or_turned_round_is_told_and_nothing_is_lost(as_, shops):
    page = page_of(as_("chen"), NEW, basis="filed", since="2018-06-30", until="2018-01-01")
    assert "不能早于开始的日期" in page
    assert 'value="2018-06-30"' in page
    said = {**RULE, "called": "", "until_on": "2018-07-20", "size": "0"}
    answer = as_("chen").post("/do/lookback.campaign/new/freeze", said)
    assert answer.status_code == 422
    assert "至少一户" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_zhang_may_not_plan_and_the_finance_office_sees_nothing(as_, shops):
    assert as_("zhang").get(NEW).status_code == 403
    assert as_("feng").get("/lookback/").status_code == 404


def test_chen_shares_out_and_the_team_records_with_a_photo(as_, town, shops):
    campaign = steps.frozen(town.chen)
    chen = as_("chen")
    assert chen.post(f"/do/lookback.campaign/{campaign.pk}/share", {"teams": "2"}).status_code == 302
    look = steps.assigned(campaign)
    mine = as_(look.first.username)
    assert look.get_absolute_url() in page_of(mine, f"/lookback/looks/?mine={look.first_id}&state=open")
    assert "到现场看了，选一项" in page_of(mine, look.get_absolute_url())
    said = {"seen_on": "2018-06-20", "found": "证照在"}
    answer = mine.post(f"/do/lookback.look/{look.pk}/good", said)
    assert "请拍一张现场照片" in answer.content.decode()
    assert "证照在" in answer.content.decode()
    assert mine.post(f"/do/lookback.look/{look.pk}/good", said | {"photo": upload()}).status_code == 302
    assert Look.objects.get(pk=look.pk).state == "good"


def test_no_team_or_too_many_are_refused_in_words(as_, town, shops):
    campaign = steps.frozen(town.chen)
    for teams in ("0", "x", "99"):
        assert as_("chen").post(f"/do/lookback.campaign/{campaign.pk}/share", {"teams": teams}).status_code == 422
    assert Campaign.objects.get().state == "frozen"


def test_the_cadre_of_the_team_opens_the_look_back_but_not_the_file(as_, town, shops):
    look = steps.shared(town.chen).looks.select_related("file", "campaign").get(file=shops[0])
    flow.move(look, "hand", town.chen, first=town.wu, second=town.li, reason="调换")
    page = page_of(as_("li"), look.get_absolute_url())
    assert "由 吴昊、李明 去看" in page or "到现场看了" in page
    assert "打开档案" not in page
    assert as_("li").get(shops[0].get_absolute_url()).status_code == 404
    assert f"look:{look.pk}" in [errand.key for errand in rooms.gather("errands", town.li)]


def test_the_plan_shows_when_and_why_and_zhang_records_it(as_, town, cannery):
    row = steps.planned(cannery)
    zhang = as_("zhang")
    assert row.when in page_of(zhang, "/lookback/revisits/")
    page = page_of(zhang, row.get_absolute_url())
    assert "2018-05-08 · 自行关停" in page
    assert row.seed in page
    said = {"seen_at": "2018-06-20T08:30", "companion": "吴昊", "found": "锁着", "photo": upload()}
    assert zhang.post(f"/do/lookback.revisit/{row.pk}/still", said).status_code == 302
    assert Revisit.objects.get().state == "still"


def test_a_bad_hour_and_a_lonely_visitor_are_told_in_the_form(as_, town, cannery):
    row = steps.planned(cannery)
    said = {"seen_at": "昨晚", "companion": "张桂兰", "found": "锁着", "photo": upload()}
    answer = as_("zhang").post(f"/do/lookback.revisit/{row.pk}/still", said)
    assert answer.status_code == 422
    assert "请写另一位的姓名" in answer.content.decode()
    assert Revisit.objects.get().state == "planned"


def test_the_next_village_finds_no_revisit_and_no_alarm(as_, town, cannery):
    row = steps.visit(steps.planned(cannery), town.zhang, "revived")
    alarm = Alarm.objects.get()
    for url in (row.get_absolute_url(), alarm.get_absolute_url(), f"/lookback/sides/{cannery.pk}/"):
        assert as_("li").get(url).status_code == 404
        assert as_("zhang").get(url).status_code == 200


def test_an_alarm_page_sets_the_closed_place_beside_what_was_seen(as_, town, cannery):
    alarms.listen()
    steps.place(town.li, "南瑶糖水铺", person="徐根宝", number=steps.XU, area="320413100204")
    alarms.listen()
    alarm = Alarm.objects.get()
    page = page_of(as_("li"), alarm.get_absolute_url())
    for words in ("徐记罐头坊", "南瑶糖水铺", "经营者证件号码相同", "档案 · 建档", "现场核实"):
        assert words in page
    assert f'href="{cannery.get_absolute_url()}"' not in page
    assert f'href="{cannery.get_absolute_url()}"' in page_of(as_("chen"), alarm.get_absolute_url())


def test_before_and_after_stand_side_by_side_in_the_order_of_time(as_, town, june, tofu):
    order = order_steps.issue(tofu, town.chen)
    order_steps.files.keep(order.problems.get(no=1), steps.picture("red"), "前.jpg", town.chen, role="before")
    order_steps.serve(order, town.zhang)
    order_steps.answer(order, town.zhang, 1)
    campaign = steps.shared(town.zhou, rule={"since": "2018-01-01"})
    if not steps.assigned(campaign):  # the lot may put Wu together with the place's own village
        row = campaign.looks.select_related("file", "campaign").get()
        flow.move(row, "hand", town.zhou, first=town.wu, second=town.zhou, reason="抽签没有合适的人")
    steps.look(steps.assigned(campaign))
    assert [stage.key for stage in sides.stages(tofu)] == ["before", "after", "lookback"]
    page = page_of(as_("zhang"), f"/lookback/sides/{tofu.pk}/")
    assert page.index("整改前") < page.index("整改后") < page.index("回头看、回查")


def test_relapse_counts_by_village_and_only_whom_it_has_followed_long_enough(as_, town, cannery):
    steps.visit(steps.planned(cannery), town.zhang, "revived")
    [point] = relapse.points(town.chen, "closed")
    assert (point.area, point.again) == (steps.HOUYANG, steps.JUNE)
    assert relapse.share([point], 90) == relapse.Share(0, 0)
    assert relapse.share([point], relapse.NOW) == relapse.Share(1, 1)
    with steps.at(date(2018, 12, 1)):
        assert relapse.share([point], 90) == relapse.share([point], 180) == relapse.Share(1, 1)
        page = page_of(as_("chen"), "/lookback/relapse/")
    assert "关停取缔 1 户，又开起来的 1 户" in page
    listed = page_of(as_("chen"), "/lookback/relapse/list/", of="closed", by="area", key=steps.HOUYANG, span="0")
    assert "徐记罐头坊" in listed
    assert "徐记罐头坊" not in page_of(as_("li"), "/lookback/relapse/list/", of="closed", by="area", span="0")


def test_relapse_after_correction_is_a_new_order_or_a_slip_but_no_voided_one(as_, town, june, tofu):
    order = order_steps.serve(order_steps.issue(tofu, town.chen), town.zhang)
    order_steps.review(order_steps.answer(order, town.zhang, 1, 2), town.chen, {1: "pass", 2: "pass"})
    with steps.at(date(2018, 7, 20)):
        again = order_steps.issue(tofu, town.chen)
        assert relapse.share(relapse.points(town.chen, "corrected"), relapse.NOW) == relapse.Share(1, 1)
        flow.move(again, "void", town.chen, reason="下错了")
        assert relapse.share(relapse.points(town.chen, "corrected"), relapse.NOW) == relapse.Share(0, 1)


def test_an_unknown_cohort_or_way_is_not_found(as_, town, june):
    for asked in ({"of": "x"}, {"by": "x"}):
        assert as_("chen").get("/lookback/relapse/", asked).status_code == 404
    assert as_("chen").get("/lookback/relapse/list/", {"span": "x"}).status_code == 200


def test_the_file_tells_its_look_backs_on_the_tab_and_on_paper(as_, town, cannery):
    steps.visit(steps.planned(cannery), town.zhang)
    page = page_of(as_("zhang"), cannery.get_absolute_url(), tab="lookback")
    assert "仍然关停" in page
    assert "第 3 次：2018-08-06 起" in page
    [table] = [t for t in rooms.gather("print_tables", cannery, town.zhang) if t["title"] == "回头看与回查"]
    assert table["rows"][0][2:] == ["仍然关停", "吴昊", "门锁着"]


@pytest.mark.parametrize(
    "url", ["/lookback/looks/", "/lookback/revisits/", "/lookback/alarms/", "/lookback/campaigns/", "/lookback/"]
)
def test_a_list_asks_the_same_number_of_questions_for_one_row_and_for_many(
    as_, town, cannery, shops, url, django_assert_max_num_queries
):
    def grown(n):
        for k in range(n):
            file = steps.place(town.zhang, f"罐头{k}厂{n}", person="徐根宝", number=steps.XU)
            alarms.listen()
            flow.move(file, "close", town.zhang, on=steps.JUNE, closing="self", reason="停")
        steps.shared(town.chen)
        alarms.listen()

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for n in (1, 4):
        grown(n)
        with steps.at(date(2018, 6, 22)):
            from sanxiao.lookback import revisits

            revisits.plan()
            chen = as_("chen")
            chen.get(url)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                page_of(chen, url)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


def test_every_page_speaks_english_too(as_, town, cannery, shops):
    row = steps.visit(steps.planned(cannery), town.zhang, "revived")
    campaign = steps.shared(town.chen)
    chen = as_("chen")
    chen.cookies["django_language"] = "en"
    urls = ["/lookback/", "/lookback/relapse/", NEW, row.get_absolute_url(), campaign.get_absolute_url()]
    with override("en"):
        texts = [page_of(chen, url) for url in urls]
    assert "Revisits of these days" in texts[0]
    assert "Relapse" in texts[1]
