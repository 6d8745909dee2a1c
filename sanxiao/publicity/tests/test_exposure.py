"""A typical case is exposed when it is closed, masked, agreed to by two offices; and it goes when its day has come."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.test import Client

from sanxiao.docket import flow, watch
from sanxiao.docket.models import Deadline
from sanxiao.enforcement.tests import steps as cases
from sanxiao.office.now import at
from sanxiao.publicity import exposing
from sanxiao.publicity.models import Exposure
from sanxiao.publicity.rules import EXPOSURE
from sanxiao.publicity.tests.conftest import propose, publish

OPEN = "/open/cases/"


def shown(exposure):
    return Client().get(f"{OPEN}{exposure.pk}/").status_code


def test_two_offices_agree_and_then_anybody_reads_it_without_a_cookie(people, exposed):
    assert shown(exposed) == 404
    flow.move(exposed, "publish", people.chen)
    exposed.refresh_from_db()
    with pytest.raises(flow.Refused, match="没有需要您会签"):
        flow.sign(exposed, people.xu, agrees=True)  # 党政办 comes second
    flow.sign(exposed, people.lu, agrees=True)
    exposed.refresh_from_db()
    assert exposed.state == "draft" and shown(exposed) == 404
    flow.sign(exposed, people.xu, agrees=True)
    exposed.refresh_from_db()
    answer = Client().get(f"{OPEN}{exposed.pk}/")
    text = answer.content.decode()
    assert exposed.state == "published" and exposed.number == "金城曝〔2026〕1号" and exposed.number in text
    assert "王**" in text and "王秀兰" not in text and "<script" not in text and not answer.cookies
    assert exposed.title in Client().get(OPEN).content.decode()


def test_who_proposed_does_not_sign_and_one_no_ends_it(people, exposed):
    flow.move(exposed, "publish", people.chen)
    exposed.refresh_from_db()
    for who in ("chen", "zhou", "zhang", "sun", "xu"):
        with pytest.raises(flow.Refused):
            flow.sign(exposed, getattr(people, who), agrees=True)
    flow.sign(exposed, people.wu, agrees=False, note="影响太大")
    exposed.refresh_from_db()
    assert exposed.state == "draft" and flow.open_proposal(exposed) is None


def test_others_propose_nothing_and_take_nothing_down(people, closed):
    for who in ("zhou", "sun"):  # they see the case, and may not propose
        with pytest.raises(flow.Refused, match="不归您"):
            propose(getattr(people, who), closed)
    for who in ("zhang", "qian", "xu"):  # they do not even see it
        with pytest.raises(Http404):
            propose(getattr(people, who), closed)
    exposure = publish(propose(people.chen, closed), people)
    for who in ("zhang", "sun", "qian"):
        with pytest.raises(flow.Refused, match="不归您"):
            flow.move(exposure, "take_down", getattr(people, who), reason="请撤")


def test_a_case_that_is_still_open_is_refused(people, tofu):
    with pytest.raises(flow.Refused, match="只曝光已经结案"):
        propose(people.chen, cases.filed(tofu, people))


def test_a_decision_that_is_public_no_more_is_not_exposed(people, closed):
    flow.move(closed, "unpublish", people.chen, reason="复议撤销")
    with pytest.raises(flow.Refused, match="没有公示、已经撤下"):
        propose(people.chen, cases.again(closed))


def test_nobody_under_age_is_exposed(people, closed):
    closed.file.operator.id_number = "320413201001010017"
    closed.file.operator.save()
    with pytest.raises(flow.Refused, match="未满十八周岁"):
        propose(people.chen, cases.again(closed))
    assert not list(exposing.eligible(exposing.candidates(people.chen)))


def test_a_case_is_exposed_once(people, closed, exposed):
    with pytest.raises(flow.Refused, match="已经曝光过"):
        propose(people.chen, closed)
    flow.move(exposed, "drop", people.chen, reason="另选一件")
    assert propose(people.chen, closed).state == "draft"


def test_a_text_that_names_somebody_is_refused_with_the_words(people, closed, as_):
    url = f"/do/publicity.exposure/new/propose?case={closed.pk}"
    page = as_("chen").get(url).content.decode()
    assert "王**" in page and "王秀兰" not in page.split('<form class="fields"')[1]
    answer = as_("chen").post(url, {"title": "某作坊案", "body": "当事人王秀兰，电话13861234567"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "姓名“王秀兰”" in text and "当事人的号码“13861234567”" in text
    assert "某作坊案" in text and not Exposure.objects.exists()


def test_what_is_changed_behind_the_form_is_looked_at_again(people, exposed):
    with pytest.raises(flow.Refused, match="王秀兰"):
        flow.move(exposed, "rewrite", people.chen, title=exposed.title, body="王秀兰做的")
    Exposure.objects.filter(pk=exposed.pk).update(body="王秀兰做的")
    exposed.refresh_from_db()
    with pytest.raises(flow.Refused, match="不能公开"):
        flow.move(exposed, "publish", people.chen)


def test_who_signs_reads_what_is_published(people, exposed):
    flow.move(exposed, "publish", people.chen)
    exposed.refresh_from_db()
    with pytest.raises(flow.Refused, match="正在会签"):
        flow.move(exposed, "rewrite", people.chen, title="换个标题", body=exposed.body)


def test_it_is_shown_to_its_last_day_and_then_gone_also_before_the_night(people, exposed):
    exposure = publish(exposed, people)
    assert exposure.public_until == cases.MAY + timedelta(days=180)
    assert Deadline.objects.get(subject=exposure.pk).due_on == exposure.public_until
    with at(exposure.public_until):
        watch.night()
        assert shown(exposure) == 200
    with at(exposure.public_until + timedelta(days=1)):
        assert shown(exposure) == 410 and exposure.title not in Client().get(OPEN).content.decode()
        watch.night()
        exposure.refresh_from_db()
        assert (exposure.state, exposure.ended_on) == ("ended", date(2026, 11, 8))
        assert shown(exposure) == 410


def test_it_is_never_shown_longer_than_the_decision(people, closed):
    closed.public_until = date(2026, 6, 1)
    closed.save()
    assert publish(propose(people.chen, closed), people).public_until == date(2026, 6, 1)


def test_it_is_taken_down_early_with_a_reason(people, exposed):
    exposure = publish(exposed, people)
    with pytest.raises(flow.Refused, match="还缺"):
        flow.move(exposure, "take_down", people.xu)
    flow.move(exposure, "take_down", people.xu, reason="当事人已整改，申请撤下")
    assert exposure.state == "removed" and shown(exposure) == 410


def test_it_goes_at_once_with_its_decision_and_the_night_notes_it(people, exposed, closed):
    exposure = publish(exposed, people)
    flow.move(cases.again(closed), "unpublish", people.chen, reason="法院撤销")
    assert shown(exposure) == 410
    watch.night()
    exposure.refresh_from_db()
    assert exposure.state == "removed"


def test_the_files_page_offers_it_to_the_bureau_alone(people, closed, as_):
    page = f"/archive/{closed.file_id}/"
    assert "提出曝光典型案例" in as_("chen").get(page).content.decode()
    assert "提出曝光典型案例" not in as_("zhang").get(page).content.decode()
    form = as_("chen").get(f"/do/{EXPOSURE.key}/new/propose?file={closed.file_id}")
    assert form.status_code == 200 and "王**" in form.content.decode()
    assert as_("zhang").get("/publicity/cases/").content.decode().count("提出曝光") == 0


def test_the_desk_page_lists_candidates_in_a_fixed_number_of_queries(
    people, closed, as_, django_assert_max_num_queries
):
    client = as_("chen")
    assert "王家豆腐坊" in client.get("/publicity/cases/").content.decode()
    with django_assert_max_num_queries(22):
        client.get("/publicity/cases/")
    page = client.get(f"/publicity/cases/{propose(people.chen, closed).pk}/").content.decode()
    assert "2026-11-07" in page and "先由办案单位" not in page


def test_the_public_front_page_leads_to_all_that_is_shown_without_a_cookie(people):
    page = Client().get("/open/", {"lang": "en"})
    assert page.status_code == 200 and not page.cookies and "Food safety: what the town shows" in page.content.decode()
    for path in ("/open/cases/", "/open/decisions/", "/open/sampling/", "/open/inspections/", "/v/"):
        assert f'href="{path}' in page.content.decode(), path
        assert Client().get(path).status_code == 200
