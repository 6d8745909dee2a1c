"""Letters to a filtered list: the words, the copy in every file, the way of each, telephones for few."""

import io

import openpyxl
import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.guidance import letters
from sanxiao.guidance.models import Letter, Mailing
from sanxiao.guidance.tests import steps
from sanxiao.papers.models import Paper

pytestmark = pytest.mark.usefixtures("june")


@pytest.fixture
def two(town, tofu):
    """Two places in 后阳村."""
    return tofu, steps.place(town.zhang, tofu, "王家二店")


@pytest.fixture
def sent(town, two):
    """Zhou's letter to both."""
    mailing = steps.draft(town.zhou)
    flow.move(mailing, "issue", town.zhou)
    return mailing


def test_the_filter_says_how_many_before_anything_is_written(as_, two):
    page = as_("zhou").get("/guidance/letters/choose", {"kind": "workshop"}).content.decode()
    assert "给这 2 户各写一封" in page and "王家豆腐坊" in page
    assert "没有符合条件的单位" in as_("zhou").get("/guidance/letters/choose", {"kind": "vendor"}).content.decode()
    assert as_("qian").get("/guidance/letters/choose").status_code == 403


def test_the_letter_is_written_on_a_form_that_names_who_gets_it(as_, two):
    path = "/do/guidance.mailing/new/draft?kind=workshop"
    assert "收信：2 户" in as_("zhou").get(path).content.decode()
    answer = as_("zhou").post(path, {"title": "函", "text": "{名称}：请来。", "way": "post"})
    assert answer.status_code == 302, answer.content.decode()
    assert Mailing.objects.get().wanted == "kind=workshop"
    assert "王家二店：请来。" in as_("zhou").get(answer.url).content.decode()


def test_a_blank_that_nobody_can_fill_is_named_and_the_text_stays(as_, town, two):
    path = "/do/guidance.mailing/new/draft?kind=workshop"
    page = as_("zhou").post(path, {"title": "函", "text": "{电话} 请来", "way": "post"}).content.decode()
    assert "认不出 {电话}" in page and "请来" in page
    with pytest.raises(flow.Refused, match="认不出"):
        steps.draft(town.zhou, text="{身份证}")


def test_nobody_to_write_to_is_said(town, tofu):
    with pytest.raises(flow.Refused, match="没有单位"):
        steps.draft(town.zhou, wanted="kind=vendor")


def test_every_place_gets_its_own_copy_in_its_file_with_one_number(town, two, sent):
    assert sent.number == "金食安函〔2018〕1号" and sent.count == 2
    papers = {paper.file: paper for paper in Paper.objects.filter(kind="guidance.letter")}
    assert set(papers) == {file.pk for file in two}
    facts = papers[two[1].pk].facts
    assert "王家二店的王秀兰" in facts["paragraphs"][0] and "后阳村" in facts["paragraphs"][1]
    assert facts["number"] == sent.number
    assert papers[two[1].pk].pdf().startswith(b"%PDF-")


def test_what_was_sent_is_not_written_anew(town, sent):
    for move in ("rewrite", "issue", "drop"):
        with pytest.raises(flow.Refused, match="当前状态"):
            flow.move(sent, move, town.zhou, title="改", text="改", way="hand")


def test_all_letters_come_in_one_file(as_, sent):
    assert as_("zhou").get(f"/guidance/letters/{sent.pk}/print/1").content.startswith(b"%PDF-")
    assert as_("zhou").get(f"/guidance/letters/{sent.pk}/print/2").status_code == 404


@pytest.mark.parametrize("who", ["qian", "sun", "feng"])
def test_others_write_to_nobody(town, two, who):
    with pytest.raises(flow.Refused):
        steps.draft(getattr(town, who))


def test_a_village_writes_to_its_own_places_alone(town, two):
    other = steps.place(town.li, two[0], "南瑶店", area="320413100204")
    mailing = steps.draft(town.zhang)
    flow.move(mailing, "issue", town.zhang)
    assert set(Letter.objects.values_list("file", flat=True)) == {file.pk for file in two}
    assert other.pk not in set(letters.places_of("", town.zhang).values_list("pk", flat=True))


def test_the_village_carries_the_letters_of_the_town_to_its_doors(as_, town, two, sent):
    page = as_("zhang").get(f"/guidance/letters/{sent.pk}/").content.decode()
    assert "王家二店" in page
    ours = [str(x.pk) for x in Letter.objects.all()]
    as_("zhang").post(f"/guidance/letters/{sent.pk}/delivered", {"letter": ours, "on": "2018-06-05"})
    assert set(Letter.objects.values_list("state", flat=True)) == {"delivered"}
    assert as_("li").get(f"/guidance/letters/{sent.pk}/").status_code == 404


def test_nothing_arrives_before_it_is_sent_or_tomorrow(as_, town, sent):
    one = Letter.objects.first()
    for day in ("2018-06-04", "2018-06-06", "", "x"):
        as_("zhang").post(f"/guidance/letters/{sent.pk}/delivered", {"letter": [one.pk], "on": day})
        assert Letter.objects.get(pk=one.pk).state == "made"


def test_a_letter_that_comes_back_says_why_and_may_arrive_later(town, sent):
    one = Letter.objects.select_related("file", "mailing").first()
    with pytest.raises(flow.Refused, match="不归您"):
        flow.move(one, "return", town.li, reason="无人")
    flow.move(one, "return", town.zhang, reason="门锁着")
    assert one.reason == "门锁着"
    flow.move(one, "deliver", town.zhang, delivered_on=steps.JUNE, way="hand")
    assert one.state == "delivered"


def workbook(answer):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]


def test_telephones_are_exported_with_a_reason_that_is_logged(as_, town, sent):
    path = f"/guidance/letters/{sent.pk}/numbers"
    assert "须写明用途" in as_("zhou").post(path, {}, follow=True).content.decode()
    rows = workbook(as_("zhou").post(path, {"reason": "发培训短信"}))
    assert any("13861234567" in row for row in rows)
    said = Event.objects.get(move="numbers").facts
    assert said == {"reason": "发培训短信", "count": 2}
    assert "13861234567" not in str(list(Event.objects.values_list("facts", flat=True)))


def test_who_may_not_see_numbers_gets_none(as_, town, sent, monkeypatch):
    monkeypatch.setattr(letters, "sight", lambda *_a: "masked")
    rows = workbook(as_("zhou").post(f"/guidance/letters/{sent.pk}/numbers", {"reason": "发培训短信"}))
    assert not any("13861234567" in str(row) for row in rows)
    assert any("无权查看" in str(row) for row in rows)
    for who in ("sun", "qian"):
        answer = as_(who).post(f"/guidance/letters/{sent.pk}/numbers", {"reason": "看看"})
        assert answer.status_code in (403, 404)


def test_the_list_asks_a_fixed_number_of_queries(as_, town, sent):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_("zhou")
    for path in ("/guidance/letters/", f"/guidance/letters/{sent.pk}/"):
        client.get(path)
        with CaptureQueriesContext(connection) as one:
            client.get(path)
        for _n in range(3):
            flow.move(steps.draft(town.zhou), "issue", town.zhou)
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(one) == len(many), path
