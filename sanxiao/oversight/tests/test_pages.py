"""What people see and press: forms with their errors, lists with a fixed number of queries."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanxiao.office.now import at
from sanxiao.oversight.models import Check, Finding, ProofDraw, Round
from sanxiao.oversight.night import night
from sanxiao.oversight.tests import steps
from tests.cast import NANYAO

LISTS = ("rounds", "findings", "urges", "proof", "proof/checks", "scores", "bulletins", "practices")


@pytest.fixture(autouse=True)
def june():
    """It is nine in the morning of 4 June 2018."""
    with at(steps.JUNE):
        yield


def upload():
    return SimpleUploadedFile("现场.jpg", steps.picture(), "image/jpeg")


def plan(town, **changes):
    return {
        "called": "夏季督查", "topic": "看摸底", "starts_on": "2018-06-04", "ends_on": "2018-06-08",
        "team": [str(town.zhou.pk), str(town.chen.pk)], "whom": [str(steps.village().pk)],
    } | changes  # fmt: skip


def test_every_list_opens_for_who_supervises_and_for_a_unit_and_not_for_an_outsider(as_, town):
    steps.told(town)
    for name in LISTS:
        for who in ("zhou", "zhang"):
            answer = as_(who).get(f"/oversight/{name}/")
            assert answer.status_code == 200, (name, who)
            assert "督查考核" in answer.content.decode()
    he = as_("he")
    assert [he.get(path).status_code for path in ("/oversight/", "/oversight/findings/", "/oversight/urges/late/")] == [
        404
    ] * 3


def test_zhou_plans_a_round_and_every_mistake_is_named_and_nothing_lost(as_, town):
    zhou = as_("zhou")
    url = "/do/oversight.round/new/plan"
    for changes, words in (
        ({"team": [str(town.zhou.pk)]}, "至少两个人"), ({"ends_on": "2018-06-01"}, "不能早于开始日期"),
        ({"whom": []}, "必填"), ({"called": ""}, "必填"),
    ):  # fmt: skip
        answer = zhou.post(url, plan(town, **changes))
        assert answer.status_code == 422
        assert words in answer.content.decode(), words
        assert "看摸底" in answer.content.decode()
    assert zhou.post(url, plan(town)).status_code == 302
    assert as_("zhang").post(url, plan(town)).status_code == 422
    assert Round.objects.count() == 1


def test_a_finding_is_written_at_the_unit_with_a_photo_and_the_place_it_is_about(as_, town, tofu):
    zhou = as_("zhou")
    zhou.post("/do/oversight.round/new/plan", plan(town))
    round_ = Round.objects.get()
    zhou.post(f"/do/oversight.round/{round_.pk}/start")
    url = f"/do/oversight.finding/new/note?round={round_.pk}&unit={steps.village().pk}"
    assert "后阳村" in zhou.get(url).content.decode()
    said = {"unit": str(steps.village().pk), "gravity": "serious", "text": "没有整改到位", "demand": "重新整改",
            "due_by": "2018-06-20", "place": "没有这一家", "round": str(round_.pk)}  # fmt: skip
    page = zhou.post(url, said)
    assert "没有找到这一户" in page.content.decode()
    assert "没有整改到位" in page.content.decode()
    assert zhou.post(url, said | {"place": tofu.number, "before": upload()}).status_code == 302
    finding = Finding.objects.get()
    assert (finding.file, finding.unit) == (tofu, steps.village())
    assert "现场" in zhou.get(finding.get_absolute_url()).content.decode()
    assert as_("zhang").get(finding.get_absolute_url()).status_code == 404


def test_the_correction_list_is_a_page_a_workbook_and_a_paper(as_, town):
    finding = steps.told(town)
    zhang = as_("zhang")
    assert "两户没有建档" in zhang.get(f"/oversight/findings/?round={finding.round_id}").content.decode()
    assert zhang.get("/oversight/findings/?as=xlsx").content.startswith(b"PK")
    assert zhang.get("/oversight/findings/?as=pdf").content.startswith(b"%PDF")
    page = zhang.get(finding.get_absolute_url()).content.decode()
    assert "报告整改" in page
    done = {"done": "两户已补建"}
    assert "请附照片" in zhang.post(f"/do/oversight.finding/{finding.pk}/report", done).content.decode()
    assert zhang.post(f"/do/oversight.finding/{finding.pk}/report", done | {"after": upload()}).status_code == 302
    assert as_("zhou").post(f"/do/oversight.finding/{finding.pk}/close", {"note": ""}).status_code == 302


def test_zhou_draws_and_can_show_that_the_draw_repeats(as_, town):
    for n in range(4):
        steps.lead(town, n)
    zhou = as_("zhou")
    said = {"called": "六月核验", "unit": "", "sorts": ["lead"], "from_on": "2018-04-01", "until_on": "2018-06-04",
            "size": "2", "seed": "开奖号 07 11 23"}  # fmt: skip
    url = "/do/oversight.draw/new/draw"
    assert "不能早于" in zhou.post(url, said | {"until_on": "2018-03-01"}).content.decode()
    assert "至少一件" in zhou.post(url, said | {"size": "0"}).content.decode()
    assert zhou.post(url, said).status_code == 302
    draw = ProofDraw.objects.get()
    page = zhou.get(f"{draw.get_absolute_url()}?again=1").content.decode()
    assert "重抽一遍，结果相同" in page
    assert zhou.get(f"{draw.get_absolute_url()}pool").content.startswith(b"PK")
    check = draw.checks.select_related("first").first()
    mine = as_(check.first.username)
    assert check.title in mine.get("/").content.decode() or "抽给我核验的办结事项" in mine.get("/").content.decode()
    url = f"/do/oversight.check/{check.pk}/false"
    answer = mine.post(url, {"seen_on": "2018-06-04", "found": "摊子还在", "photo": upload()})
    assert answer.status_code == 302
    assert "已向办理单位发出督查问题" in mine.get(check.get_absolute_url()).content.decode()
    assert as_("zhang").get(f"{draw.get_absolute_url()}pool").status_code == 404


def test_the_home_of_oversight_shows_each_what_is_theirs(as_, town):
    steps.told(town)
    with at(date(2018, 7, 9)):
        night()
        sun = as_("sun")
        page = sun.get("/oversight/").content.decode()
        assert "谁逾期" in page
        assert "后阳村" in page
        assert "红色催办的单位" in sun.get("/").content.decode()
        mine = as_("zhang").get("/oversight/").content.decode()
        assert "我单位要整改的" in mine
        assert "两户没有建档" in mine
        assert "两户没有建档" not in as_("li").get("/oversight/").content.decode()


def test_lists_ask_as_often_for_one_row_as_for_many(as_, town):
    steps.told(town)
    for n in range(2):
        steps.lead(town, n)
    steps.drawn(town, size=1)
    zhou = as_("zhou")

    def asked(name):
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert zhou.get(f"/oversight/{name}/").status_code == 200
        return len(found)

    before = {name: asked(name) for name in LISTS}
    before = {name: asked(name) for name in LISTS}
    round_ = steps.act(steps.planned(town, steps.village(), steps.village(NANYAO)), "start", town.zhou)
    for office in (steps.village(), steps.village(NANYAO)):
        steps.noted(town, round_, office)
    steps.drawn(town, size=1)
    for _n in range(2):
        steps.practice(town)
    assert {name: asked(name) for name in LISTS} == before
    assert Check.objects.count() == 2
