"""The pages of visits: lists, checklist at the desk, the public list, and who sees what."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sanxiao.inspection import due, route
from sanxiao.inspection.tests import visit_steps
from sanxiao.inspection.tests.visit_steps import FLIES, JULY
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.now import at
from sanxiao.papers import word
from sanxiao.papers.models import Paper
from tests.cast import tofu_shop


@pytest.fixture(autouse=True)
def july(town):
    with at(JULY):
        yield


@pytest.fixture
def begun(town, tofu):
    return visit_steps.start(tofu, town.chen, town.wu)


def page_of(client, url, **params) -> str:
    response = client.get(url, params)
    assert response.status_code == 200, url
    return response.content.decode()


def typed(visit, **failed) -> dict:
    """The checklist as the desk posts it."""
    rows = visit_steps.answers(visit, **failed)
    data = {f"{code}-{name}": value for code, row in rows.items() for name, value in row.items()}
    return {**data, "version": visit.version}


def test_the_checklist_is_filled_at_the_desk(as_, begun):
    chen, url = as_("chen"), f"/do/inspection.visit/{begun.pk}/judge"
    page = page_of(chen, url)
    assert "<kbd>1</kbd>" in page and "已答 0 / 25 项" in page and "★" in page
    assert chen.post(url, typed(begun, **{FLIES: "slight"})).status_code == 302
    visit = visit_steps.again(begun)
    assert (visit.state, visit.result) == ("judged", "basic")
    assert "9. 防尘、防蝇、防鼠设施有效" in page_of(chen, visit.get_absolute_url())


def test_what_was_typed_stays_when_an_item_is_missing(as_, begun):
    data = typed(begun, **{FLIES: "slight"})
    del data["i02-a"]
    response = as_("chen").post(f"/do/inspection.visit/{begun.pk}/judge", data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "请补全第 2 项" in page and "现场发现" in page and "已答 24 / 25 项" in page


def test_a_draft_is_kept_and_taken_up_again(as_, begun):
    chen = as_("chen")
    assert (
        chen.post(f"/do/inspection.visit/{begun.pk}/save", {"i01-a": "yes", "version": begun.version}).status_code
        == 302
    )
    assert "已答 1 / 25 项" in page_of(chen, f"/do/inspection.visit/{begun.pk}/judge")


def test_a_program_judges_with_json(as_, begun):
    body = {"answers": visit_steps.answers(begun)}
    response = as_("chen").post(
        f"/do/inspection.visit/{begun.pk}/judge", body, content_type="application/json",
        headers={"If-Match": f'"{begun.version}"'},
    )  # fmt: skip
    assert response.status_code == 200 and response.json()["state"] == "judged"


@pytest.mark.parametrize(("who", "status"), [("zhang", 200), ("zhou", 200), ("sun", 200), ("li", 404), ("he", 404)])
def test_a_visit_is_read_on_its_own_ground(as_, begun, who, status):
    assert as_(who).get(begun.get_absolute_url()).status_code == status


def test_a_visit_is_begun_from_the_page_of_the_place(as_, town, tofu):
    chen = as_("chen")
    assert "现场检查" in page_of(chen, tofu.get_absolute_url())
    said = {"kind": "routine", "begun_on": str(JULY), "team": [town.chen.pk, town.wu.pk], "credentials": "执法证"}
    response = chen.post(f"/do/inspection.visit/new/start?file={tofu.pk}", said)
    assert response.status_code == 302
    assert Visit.objects.get().inspectors == "陈伟、吴昊"


def test_the_lot_chooses_the_pair_and_its_seed_is_kept(as_, tofu):
    said = {
        "kind": "routine",
        "planned_from": str(JULY),
        "planned_to": str(JULY),
        "lot": "on",
        "cause": "",
        "override": "",
    }
    assert as_("zhou").post(f"/do/inspection.visit/new/plan?file={tofu.pk}", said).status_code == 302
    visit = Visit.objects.get()
    assert len(visit.team) == 2
    assert "抽取种子" in page_of(as_("zhou"), visit.get_absolute_url())


@pytest.mark.parametrize("name", ["visits", "visits-due", "orders", "orders-waiting"])
def test_lists_cost_the_same_with_one_row_and_with_many(as_, town, tofu, name, django_assert_max_num_queries):
    visit_steps.whole(tofu, town.chen, town.wu)
    due.recount()
    chen = as_("chen")
    page_of(chen, reverse(name))
    with django_assert_max_num_queries(40) as one:
        page_of(chen, reverse(name))
    for kind in ("special", "joint", "trace"):
        visit_steps.start(tofu, town.chen, town.wu, kind=kind)
    with django_assert_max_num_queries(len(one)):
        page_of(chen, reverse(name))


def test_the_due_list_shows_why(as_, tofu):
    with at(JULY + timedelta(days=400)):
        due.recount()
        page = page_of(as_("chen"), reverse("visits-due"), due="late", planned="no")
    assert "王家豆腐坊" in page and "还没有检查" in page


def test_the_result_sheet_is_frozen_and_masks_nothing_away(begun, town):
    visit = visit_steps.judge(begun, town.chen, **{FLIES: "slight"})
    paper = Paper.objects.get(subject=visit.pk)
    assert paper.number == visit.number == "JC320413100-2018-00001"
    assert paper.facts["demand"] == "第9项：责令限期改正。"
    assert paper.pdf().startswith(b"%PDF-") and word.visit(paper.facts)
    assert "320413" not in str(paper.facts["place"])


def test_anybody_reads_the_published_results_and_nothing_of_a_person(client, town, tofu):
    visit_steps.whole(tofu, town.chen, town.wu, i01="slight")
    page = page_of(client, "/open/inspections/")
    assert "王家豆腐坊" in page and "不符合" in page
    assert "王秀兰" not in page and "陈伟" not in page and "后阳村老街" not in page
    assert "王家豆腐坊" not in page_of(client, "/open/inspections/", result="conform")
    assert "Does not conform" in page_of(client, "/open/inspections/", lang="en")


def test_a_place_without_a_name_is_not_called_by_its_operator(client, town, tofu):
    visit_steps.whole(tofu, town.chen, town.wu)
    type(tofu).objects.filter(pk=tofu.pk).update(name="王秀兰")
    page = page_of(client, "/open/inspections/")
    assert "（无字号）" in page and "王秀兰" not in page


def test_what_is_told_and_not_published_is_not_public(client, begun, town):
    visit_steps.tell(visit_steps.judge(begun, town.chen), town.chen)
    assert "王家豆腐坊" not in page_of(client, "/open/inspections/")


def test_only_one_of_two_clerks_judges(as_, begun):
    chen, wu = as_("chen"), as_("wu")
    data = typed(begun)
    assert chen.post(f"/do/inspection.visit/{begun.pk}/judge", data).status_code == 302
    assert wu.post(f"/do/inspection.visit/{begun.pk}/judge", data).status_code == 409


def test_the_route_goes_from_the_first_due_to_the_nearest(as_, town):
    far, near, first = (
        tofu_shop(town.zhang, name=name, lat=lat) for name, lat in (("远店", 31.80), ("近店", 31.722), ("急店", 31.72))
    )
    for shop, days in ((far, 5), (near, 9), (first, 1)):
        visit_steps.plan(shop, town.zhou, days=days, team=[town.chen, town.wu])
    stops = route.of(town.chen)
    assert [stop.visit.file.name for stop in stops] == ["急店", "近店", "远店"]
    assert stops[0].metres is None and 200 < (stops[1].metres or 0) < 250
    page = page_of(as_("chen"), reverse("visits-route"))
    assert page.index("急店") < page.index("近店") < page.index("远店")
