"""What our page asks besides OpenRosa."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.field import inbox
from sanxiao.field.models import Phone, Promise, Submission
from sanxiao.field.tests import kit
from sanxiao.office.models import Post
from sanxiao.office.now import now
from sanxiao.survey.models import Sheet
from tests import cast


@pytest.fixture
def page(town, desk):
    """Our page on Zhang's phone."""
    return kit.Phone(town.zhang, client="page")


def signed_in(user):
    web = Client()
    web.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return web


def test_a_signed_in_browser_becomes_a_phone_and_gets_a_key_that_is_not_kept(town, desk):
    answer = signed_in(town.zhang).post("/field/api/phone", {"name": "红米"}, content_type="application/json")
    said = answer.json()
    row = Phone.objects.get(pk=said["id"])
    assert answer.status_code == 201 and len(said["key"]) == 64
    assert row.user == town.zhang and said["key"] not in (row.key_index, str(row.__dict__))


def test_nobody_gets_a_key_without_signing_in_or_without_the_token(town):
    body = {"data": {"name": "x"}, "content_type": "application/json"}
    assert Client().post("/field/api/phone", **body).status_code == 401
    web = Client(enforce_csrf_checks=True)
    web.force_login(town.zhang, backend="django.contrib.auth.backends.ModelBackend")
    assert web.post("/field/api/phone", **body).json()["code"] == "csrf"
    assert not Phone.objects.exists()


def test_the_page_learns_who_i_am_and_what_i_may_fill(page, stall):
    said = page.api("me").json()
    assert said["user"]["name"] == "张桂兰" and said["user"]["large_type"] is False and said["practice"] is True
    assert [v["name"] for v in said["villages"]] == ["后阳村"] and len(said["villages"][0]["centre"]) == 2
    forms = {form["code"]: form for form in said["forms"]}
    assert forms["survey_vendor"]["kind"] == "vendor" and forms["survey_vendor"]["places"] is True
    served = page.web.get(forms["survey_vendor"]["url"], headers={"Authorization": f"Bearer {page.key}"})
    assert kit.md5(served.content) == f"md5:{forms['survey_vendor']['md5']}"


def test_the_rules_of_the_house_reach_the_phone(page):
    Rule.objects.filter(key="field.clock_minutes").update(value=7)
    assert page.api("me").json()["rules"] == {
        "keep_days": 14,
        "clock_minutes": 7,
        "photo_max_pixels": 1600,
        "far_m": 500,
        "market_unsigned": True,
    }


def test_every_phone_has_a_secret_of_its_own_that_stays(page, town):
    mine = page.api("me").json()["secret"]
    assert mine == page.api("me").json()["secret"] and len(mine) == 44
    assert mine != kit.Phone(town.zhang).api("me").json()["secret"]


def test_a_person_is_known_again_on_every_phone_and_is_nobody_else(page, town):
    mine, other, his = (
        one.api("me").json()["user"]["key"] for one in (page, kit.Phone(town.zhang), kit.Phone(town.li))
    )
    assert mine and mine == other != his and str(town.zhang.pk) != mine


def test_my_places_and_no_others_come_with_what_is_known_of_them(page, stall, town):
    other = cast.tofu_shop(town.li, area=cast.NANYAO)
    found = {row["id"]: row for row in page.api("places").json()["places"]}
    assert str(other.pk) not in found
    row = found[str(stall.pk)]
    assert row["name"] == "老街豆花摊" and row["operator"] == "王**" and row["village"] == cast.HOUYANG
    assert row["values"]["shop_name"] == "老街豆花摊" and row["version"] == stall.version


def test_the_boundaries_are_named_in_both_languages(page):
    named = {f["properties"]["name"]: f["properties"]["name_en"] for f in page.api("boundaries").json()["features"]}
    assert named["后阳村"] == "Houyang Village" and all(named.values())


def test_who_has_the_places_is_told_304(page, stall):
    etag = page.api("places")["ETag"]
    assert page.api("places", HTTP_IF_NONE_MATCH=etag).status_code == 304


def test_the_places_cost_no_more_queries_for_more_of_them(page, stall, town, django_assert_max_num_queries):
    page.api("places")
    for number in range(8):
        cast.tofu_shop(town.zhang, name=f"第{number}家", kind_id="vendor")
    with django_assert_max_num_queries(24):
        assert len(page.api("places").json()["places"]) == 10


def test_every_answer_shows_the_server_s_clock(page):
    for answer in (page.api("me"), page.api("status", {"instances": []}), page.api("places"), page.get("formList")):
        assert answer["X-Server-Time"].endswith("+00:00")


def test_a_phone_that_was_shut_out_is_told_so(page):
    Phone.objects.update(revoked_at=now())
    assert page.api("me").status_code == 403 and page.api("me").json()["code"] == "revoked"


def test_who_lost_his_post_is_told_so(page, town):
    Post.objects.filter(user=town.zhang).delete()
    assert page.api("me").json()["code"] == "no-post"


def test_a_person_who_may_no_longer_sign_in_has_no_phone_either(page, town):
    town.zhang.is_active = False
    town.zhang.save()
    assert page.api("me").json()["code"] == "revoked"


def test_a_phone_signs_itself_out(page):
    answer = page.web.delete("/field/api/phone", headers={"Authorization": f"Bearer {page.key}"})
    assert answer.status_code == 204 and page.api("me").json()["code"] == "revoked"


# --- promises --------------------------------------------------------------------------------------------------


def test_what_is_told_of_a_photo_is_kept_at_once_and_reaches_the_room(page, desk):
    instance = f"uuid:{uuid.uuid4()}"
    told = {"name": "p1.jpg", "sha256": "a" * 64, "taken_at": "2018-06-05T01:00:00Z", "lat": 31.7, "lng": 119.5,
            "accuracy": 8, "mock": True}  # fmt: skip
    assert page.api("promises", {"instance": instance, "files": [told]}).status_code == 204
    xml = kit.answers(kit.offered(page), instance=instance, photos=("p1.jpg",), entity=kit.new_place(uuid.uuid4()))
    page.send(xml, kit.photo("p1.jpg"))
    inbox.drain()
    assert desk.taken[0].told["p1.jpg"]["sha256"] == "a" * 64 and desk.taken[0].told["p1.jpg"]["mock"] is True


def test_the_office_sees_whether_what_came_is_what_was_told(page, as_):
    instance, shot = f"uuid:{uuid.uuid4()}", kit.photo("p1.jpg")
    sent = hashlib.sha256(shot.read()).hexdigest()
    shot.seek(0)
    told = {"name": "p1.jpg", "sha256": "a" * 64, "sent_sha256": sent, "album": True}
    page.api("promises", {"instance": instance, "files": [told, {**told, "name": "p2.jpg", "sent_sha256": "b" * 64}]})
    xml = kit.answers(kit.offered(page), instance=instance, photos=("p1.jpg", "p2.jpg"))
    page.send(xml, shot, kit.photo("p2.jpg", "red"))
    shown = as_("zhang").get(f"/incoming/{instance.removeprefix('uuid:')}/").content.decode()
    assert shown.count("拍摄后缩小过") == 1 and shown.count("与手机报来的指纹不符") == 1 and "选自相册" in shown


def test_the_first_word_on_a_photo_stands(page):
    for digest in ("a" * 64, "b" * 64):
        page.api("promises", {"instance": "uuid:x", "files": [{"name": "p1.jpg", "sha256": digest}]})
    assert Promise.objects.get().files["p1.jpg"]["sha256"] == "a" * 64


@pytest.mark.parametrize("body", [{}, {"instance": "x"}, {"instance": "x", "files": [1]}, {"instance": 1, "files": []}])
def test_a_senseless_promise_is_refused_in_words(page, body):
    answer = page.api("promises", body)
    assert answer.status_code == 400 and answer.json()["message"]


# --- clocks and status -----------------------------------------------------------------------------------------


def test_a_phone_whose_clock_is_off_is_noted(page):
    later = (now() + timedelta(hours=3)).isoformat()
    page.send(kit.answers(kit.offered(page)), HTTP_X_PHONE_TIME=later)
    assert abs(Submission.objects.get().skew - 3 * 3600) < 60


@pytest.mark.parametrize(
    "clock", ["9999-12-31T23:59:59+00:00", "1970-01-01T00:00:00Z", "gestern", "2018-06-05T08:00:00"]
)
def test_a_clock_that_cannot_be_is_no_reason_to_refuse(page, clock):
    assert page.send(kit.answers(kit.offered(page)), HTTP_X_PHONE_TIME=clock).status_code == 201


def test_the_day_of_the_survey_counts_and_never_lies_in_the_future(page):
    one = kit.offered(page)
    page.send(kit.answers(one, surveyed_on="2018-06-05"))
    page.send(kit.answers(one, surveyed_on="2099-06-05"))
    days = set(Submission.objects.values_list("observed_on", flat=True))
    assert {day.isoformat() for day in days} == {"2018-06-05", now().date().isoformat()} or len(days) == 2
    assert max(days) <= (now() + timedelta(hours=8)).date()


def test_the_phone_learns_what_became_of_everything_it_sent(page, desk):
    one = kit.offered(page)
    done, waits, odd = (f"uuid:{uuid.uuid4()}" for _n in range(3))
    page.send(kit.answers(one, instance=done, entity=kit.new_place(uuid.uuid4())))
    page.send(kit.answers(one, instance=waits, photos=("p1.jpg",)))
    inbox.drain()
    said = page.api("status", {"instances": [done, waits, odd]}).json()["instances"]
    assert said[done]["state"] == "settled" and said[done]["url"].startswith("/archive/")
    assert said[waits]["state"] == "waiting" and said[waits]["missing"] == ["p1.jpg"]
    assert said[odd]["state"] == "unknown"


def test_nobody_learns_what_became_of_another_s(page, town):
    instance = f"uuid:{uuid.uuid4()}"
    page.send(kit.answers(kit.offered(page), instance=instance))
    said = kit.Phone(town.chen).api("status", {"instances": [instance]}).json()
    assert said["instances"][instance]["state"] == "unknown"


def test_a_refused_one_comes_with_its_reason(page, desk):
    desk.refuses = "同名的摊位已有两家，请核对。"
    instance = f"uuid:{uuid.uuid4()}"
    page.send(kit.answers(kit.offered(page), instance=instance, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    said = page.api("status", {"instances": [instance]}).json()["instances"][instance]
    assert said["state"] == "trouble" and said["reason"] == desk.refuses


def test_the_phone_is_told_that_it_waits_to_be_filed_and_nothing_of_a_place_elsewhere(town):
    cast.tofu_shop(town.li, kind_id="vendor", area=cast.NANYAO, name="南瑶摊", lat=31.75, lng=119.6)
    page = kit.Phone(town.zhang, client="page")
    instance = f"uuid:{uuid.uuid4()}"
    page.send(
        kit.answers(kit.offered(page), instance=instance, phone="13861234567", entity=kit.new_place(uuid.uuid4()))
    )
    inbox.drain()
    said = page.api("status", {"instances": [instance]}).json()["instances"][instance]
    assert said["state"] == "filing" and said["reason"] == "镇里可能已有这一户，请食安办核对。"
    ours, instance = cast.tofu_shop(town.zhang, kind_id="vendor", name="徐记早点"), f"uuid:{uuid.uuid4()}"
    page.send(kit.answers(kit.offered(page), instance=instance, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    said = page.api("status", {"instances": [instance]}).json()["instances"][instance]
    assert said["state"] == "filing" and "还没有建档" in said["reason"] and said["url"]
    flow.move(Sheet.objects.get(pk=instance.removeprefix("uuid:")), "file", town.zhang, target=str(ours.pk))
    said = page.api("status", {"instances": [instance]}).json()["instances"][instance]
    assert (said["state"], said["reason"]) == ("settled", "")
