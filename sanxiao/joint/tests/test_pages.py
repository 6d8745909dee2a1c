"""What the pages show, to whom, and what they refuse with words."""

import pytest

from sanxiao.docket import flow
from sanxiao.joint.models import Operation
from sanxiao.joint.tests import steps
from sanxiao.office.models import User
from tests import cast
from tests.printed import read

PLAN = {
    "topic": "夜市联合检查", "purpose": "夜市占道、无证", "held_on": "2018-06-08", "starts_at": "18:30",
    "ends_at": "21:00", "meeting": "村口",
}  # fmt: skip


def test_zhang_plans_an_operation_on_the_form(town, june, as_):
    zhang, lead = as_("zhang"), steps.office_of(town.zhang)
    said = PLAN | {"led_by": lead.pk, "where": "320413100206"}
    assert zhang.post("/do/joint.operation/new/plan", said).status_code == 302
    page = zhang.get(f"/joint/{Operation.objects.get().pk}/").content.decode()
    assert "夜市联合检查" in page and "还没有选定对象" in page


def test_a_village_cannot_lead_on_the_ground_of_another(town, june, as_):
    said = PLAN | {"led_by": steps.office_of(town.zhang).pk, "where": "320413100000"}
    page = as_("zhou").post("/do/joint.operation/new/plan", said)
    assert page.status_code == 422 and "只能在自己的地面上牵头" in page.content.decode()


def test_hours_and_days_that_cannot_be_are_named(town, june, as_):
    lead = steps.office_of(town.zhang)
    said = PLAN | {"led_by": lead.pk, "where": lead.area, "ends_at": "18:00", "held_on": "2018-06-01"}
    page = as_("zhang").post("/do/joint.operation/new/plan", said).content.decode()
    assert "结束时间须晚于开始时间" in page and "不能早于今天" in page and "夜市联合检查" in page


def test_who_plans_nothing_finds_no_such_page(town, planned, tofu, as_):
    assert as_("qian").get("/do/joint.operation/new/plan").status_code == 404
    assert as_("li").get(f"/joint/{planned.pk}/").status_code == 404
    assert as_("chen").get(f"/joint/{planned.pk}/places/").status_code == 403


def test_offices_are_ticked_with_their_tasks_and_taken_off_again(town, planned, as_):
    urban, bureau = steps.office_of(town.qian).pk, steps.office_of(town.chen).pk
    address = f"/do/joint.operation/{planned.pk}/invite"
    page = as_("zhang").get(address).content.decode()
    assert "城管中队" in page and "当天有空 1 / 1 人" in page
    as_("zhang").post(address, {f"pick-{urban}": "on", f"pick-{bureau}": "on", f"task-{urban}": "清占道"})
    as_("zhang").post(address, {f"pick-{urban}": "on", f"task-{urban}": "清占道"})
    states = dict(planned.parts.values_list("office", "state"))
    assert (states[urban], states[bureau]) == ("named", "dropped")
    as_("zhang").post(address, {f"pick-{urban}": "on", f"pick-{bureau}": "on"})
    assert planned.parts.get(office=bureau).state == "named"
    assert as_("zhang").post(address, {}).status_code == 422


def test_places_are_ticked_the_greatest_risk_first(town, planned, tofu, bun, as_):
    zhang, address = as_("zhang"), f"/joint/{planned.pk}/places/"
    page = zhang.get(address + "?with=gone").content.decode()
    assert "没有符合条件的单位" in page
    assert zhang.post(address, {}).status_code == 422
    assert zhang.post(address, {"file": [str(tofu.pk), str(bun.pk)]}).status_code == 302
    assert planned.stops.count() == 2
    again = zhang.post(address, {"file": [str(tofu.pk)]})
    assert "已经在名单上" in again.content.decode()


@pytest.mark.parametrize("many", [False, True])
def test_the_list_costs_the_same_with_one_row_and_with_many(town, june, as_, many, django_assert_max_num_queries):
    for n in range(6 if many else 1):
        steps.plan(town.zhou, topic=f"第{n}次")
    browser = as_("zhou")
    browser.get("/joint/")
    with django_assert_max_num_queries(12):
        assert "第0次" in browser.get("/joint/").content.decode()


def test_the_page_of_an_operation_costs_no_more_for_more_places(
    town, planned, tofu, as_, django_assert_max_num_queries
):
    files = [cast.tofu_shop(town.zhang, name=f"豆腐{n}", lat=31.7 + n / 1000) for n in range(5)]
    steps.aimed(planned, town.zhang, tofu, *files)
    browser = as_("zhang")
    browser.get(f"/joint/{planned.pk}/")
    with django_assert_max_num_queries(50):
        page = browser.get(f"/joint/{planned.pk}/").content.decode()
    assert "豆腐4" in page and page.count('class="spot-mark') == 6


def test_the_brief_tells_everybody_what_he_must_know(town, ready, tofu, as_):
    User.objects.filter(pk=town.chen.pk).update(phone="0519-82800001")
    flow.move(steps.part(ready, town.chen), "people", town.chen, vehicles=1, people=[
        {"user": town.chen.pk, "name": "陈伟", "phone": "0519-82800001", "certificate": "苏0007"},
    ])  # fmt: skip
    text = read(as_("qian").get(f"/joint/{ready.pk}/brief").content).text.replace(" ", "")
    for words in ("联合执法行动方案", "村委会门口", "陈伟", "0519-82800001", "苏0007", "110", "占道经营"):
        assert words in text, words
    assert "王家豆腐坊" in text and as_("li").get(f"/joint/{ready.pk}/brief").status_code == 404


def test_on_the_day_each_office_has_its_own_items_first(town, underway, tofu, as_):
    page = as_("qian").get("/joint/today/", follow=True).content.decode()
    assert "呼叫民警" in page and "本单位项目 0 / 4" in page and 'href="tel:110"' in page
    stop = steps.stop(underway, tofu)
    said = as_("qian").get(stop.get_absolute_url()).content.decode()
    assert said.index("占道经营") < said.index("进货有票据")
    form = as_("qian").get(f"/do/joint.stop/{stop.pk}/tick").content.decode()
    assert "占道经营" in form and "进货有票据" not in form and "与后阳村共有" in form


def test_two_offices_tick_at_one_time_and_neither_is_turned_away(town, underway, tofu, as_):
    address = f"/do/joint.stop/{steps.stop(underway, tofu).pk}/tick"
    qian, zhang = as_("qian"), as_("zhang")
    version = qian.get(address).context["form"]["version"].value()
    zhang.post(address, {"papers-a": "yes"})
    said = {"road-a": "no", "road-note": "占道", "road-photo": steps.picture(), "version": version or ""}
    assert qian.post(address, said).status_code == 302
    page = qian.get(steps.stop(underway, tofu).get_absolute_url()).content.decode()
    assert "占道" in page and "有问题" in page and "thumb" in page


def test_an_item_without_its_word_comes_back_with_what_was_typed(town, underway, tofu, as_):
    address = f"/do/joint.stop/{steps.stop(underway, tofu).pk}/tick"
    page = as_("qian").post(address, {"road-a": "no", "clean-a": "yes"})
    assert page.status_code == 422 and "有问题的，请写一句是什么问题" in page.content.decode()
    assert 'value="yes" checked' in page.content.decode()


def test_a_program_ticks_with_json(town, underway, tofu, as_):
    stop = steps.stop(underway, tofu)
    said = {"answers": {"road": {"a": "yes"}}}
    made = as_("qian").post(
        f"/do/joint.stop/{stop.pk}/tick",
        said,
        content_type="application/json",
        headers={"If-Match": f'"{stop.version}"'},
    )
    assert made.status_code == 200 and made.json()["state"] == "visited"


def test_the_day_page_of_who_takes_no_part_has_no_red_button(town, underway, as_):
    page = as_("zhou").get(f"/joint/{underway.pk}/day/").content.decode()
    assert "/do/joint.call/new/call" not in page
    assert "今天没有您参加的联合执法" in as_("zhou").get("/joint/today/").content.decode()


def test_the_file_of_a_place_tells_that_they_came_together(town, underway, tofu, as_):
    page = as_("chen").get(f"{tofu.get_absolute_url()}?tab=joint").content.decode()
    assert "老街联合执法" in page


def test_the_record_can_be_read_before_all_is_closed_and_a_plan_has_none(town, underway, planned, as_):
    assert "联合执法记录" in read(as_("chen").get(f"/joint/{underway.pk}/record").content).text
    assert as_("chen").get(f"/joint/{planned.pk}/record").status_code == 404


def test_the_calls_are_a_list_of_their_own(town, underway, as_):
    steps.call(underway, town.qian)
    assert "推搡执法人员" in as_("ding").get("/joint/calls/?state=open").content.decode()


def test_the_squad_that_fills_a_form_finds_the_way_to_the_phone_page(town, as_):
    assert 'href="/field/"' in as_("qian").get("/").content.decode()
    assert 'href="/field/"' not in as_("feng").get("/").content.decode()
