"""The one view through which states change: pages, JSON, and whatever else is sent to it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sanxiao.archive.models import Classification, Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from tests.cast import NANYAO


def rest(file) -> str:
    return f"/do/archive.file/{file.pk}/rest"


def send(client, url, body, **headers):
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(url, data, content_type="application/json", headers=headers)


def test_the_page_asks_and_the_press_leads_back_to_the_file(as_, tofu):
    zhang = as_("zhang")
    assert "登记停业" in zhang.get(rest(tofu)).content.decode()
    answer = zhang.post(rest(tofu), {"reason": "家里有事", "version": tofu.version})
    assert (answer.status_code, answer["Location"]) == (302, tofu.get_absolute_url())
    assert Establishment.objects.get().state == "suspended"


def test_a_missing_reason_is_marked_beside_its_field(as_, tofu):
    answer = as_("zhang").post(rest(tofu), {"reason": "", "version": tofu.version})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_an_old_page_keeps_what_was_typed_and_can_be_sent_again(as_, town, tofu):
    zhang, seen = as_("zhang"), tofu.version
    flow.amend(tofu, town.chen, "file.edit", warden="赵网格")
    answer = zhang.post(rest(tofu), {"reason": "房屋漏水，暂停", "version": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "房屋漏水，暂停" in page and "刚刚被别人更新过" in page
    assert f'value="{seen + 1}"' in page
    assert zhang.post(rest(tofu), {"reason": "房屋漏水，暂停", "version": seen + 1}).status_code == 302


def test_a_page_sent_twice_does_it_once(as_, tofu):
    zhang, said = as_("zhang"), {"reason": "停业", "version": tofu.version}
    assert zhang.post(rest(tofu), said).status_code == 302
    assert zhang.post(rest(tofu), said).status_code == 409
    assert Event.objects.filter(move="rest").count() == 1


def test_a_neighbour_a_stranger_and_a_number_that_is_none_get_404(as_, tofu):
    li = as_("li")
    for url in (rest(tofu), "/do/archive.file/123/rest", "/do/archive.file/%00/rest", "/do/no.such/new/open",
                f"/do/archive.file/{tofu.pk}/fly", "/do/archive.file/new/open",
                f"/do/archive.classification/new/propose?file={tofu.pk}",
                "/do/archive.classification/new/propose?file=abc"):  # fmt: skip
        assert li.get(url).status_code == 404, url


def test_an_office_without_the_duty_sees_the_reason_not_the_button(as_, tofu):
    page = as_("sun").get(rest(tofu)).content.decode()
    assert "这一步不归您办理" in page
    assert as_("sun").post(rest(tofu), {"reason": "停业"}).status_code == 403


def test_a_program_says_which_version_it_saw(as_, town, tofu):
    zhang = as_("zhang")
    assert send(zhang, rest(tofu), {"reason": "停业"}).status_code == 428
    flow.amend(tofu, town.chen, "file.edit", warden="赵网格")
    stale = send(zhang, rest(tofu), {"reason": "停业"}, if_match='"1"')
    assert (stale.status_code, stale["ETag"], stale.json()["code"]) == (412, '"2"', "stale")
    assert stale.json()["fields"] == {"state": "正常"}
    done = send(zhang, rest(tofu), {"reason": "停业"}, if_match='"2"')
    assert (done.status_code, done["ETag"], done.json()["state"]) == (200, '"3"', "suspended")


@pytest.mark.parametrize("tag", ["*", "abc", "²", "9" * 5000, '"1", "2"', ""])
def test_a_version_that_is_none_is_stale(as_, tofu, tag):
    assert send(as_("zhang"), rest(tofu), {"reason": "停业"}, if_match=tag).status_code == 412


def test_a_stale_program_is_told_what_the_record_now_holds(as_, town, tofu):
    flow.amend(tofu, town.chen, "file.edit", address="后阳村新街3号")
    body = {"address": "后阳村老街1号", "reason": "搬家"}
    answer = send(as_("zhang"), f"/do/archive.file/{tofu.pk}/relocate", body, if_match='"1"')
    assert answer.json()["fields"]["address"] == "后阳村新街3号"


MALFORMED = [
    "{", "[1]", '"x"', "null", "[" * 100_000, '{"reason": "\\ud800"}', b"\xff\xfe\x00", '{"a": ' + "9" * 5000 + "}",
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED)
def test_what_is_no_json_object_is_refused_in_words(as_, tofu, body):
    answer = send(as_("zhang"), rest(tofu), body, if_match='"1"')
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed"


STRANGE = [
    {"reason": None}, {"reason": {"a": [1]}}, {"reason": [["x"]]}, {"reason": "\x00"}, {"reason": ""}, {},
    {"reason": "停业", "on": 20180605}, {"reason": "停业", "on": ["2018-06-05"]}, {"reason": "停业", "on": {"y": 1}},
    {"reason": "停业", "on": "0000-00-00"}, {"reason": "停业", "on": True}, {"reason": "停业", "version": 10**400},
    {"reason": "停业", "version": {}}, {"reason": 1e308}, {"reason": float("nan")},
]  # fmt: skip


@pytest.mark.parametrize("body", STRANGE)
def test_strange_values_never_break_anything(as_, tofu, body):
    answer = send(as_("zhang"), rest(tofu), body, if_match='"1"')
    assert answer.status_code in (200, 422)
    assert answer["Content-Type"] == "application/json"


def test_an_unknown_name_is_named(as_, tofu):
    body = {"reason": "停业", "state": "closed", "decided_by": 1}
    answer = send(as_("zhang"), rest(tofu), body, if_match='"1"')
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"state", "decided_by"}
    assert Establishment.objects.get().state == "normal"


def test_a_program_is_answered_in_its_language(as_, client, tofu):
    zhang = as_("zhang")
    chinese = send(zhang, rest(tofu), {}, if_match='"1"').json()["message"]
    english = send(zhang, rest(tofu), {}, if_match='"1"', accept_language="en").json()["message"]
    assert chinese == "请检查标红的内容。"
    assert english
    assert send(client, rest(tofu), {}).status_code == 401
    assert send(as_("li"), rest(tofu), {}).json()["code"] == "unknown"


def test_a_program_counter_signs_what_it_saw(as_, town, tofu):
    flow.move(tofu, "transfer", town.zhang, new_area=NANYAO, address="南瑶村8号", reason="搬家")
    url, zhou = f"/do/archive.file/{tofu.pk}/transfer", as_("zhou")
    assert send(zhou, url, {"agrees": "1"}).status_code == 428
    assert send(zhou, url, {"agrees": "1"}, if_match='"1"').status_code == 412
    assert send(zhou, url, {"agrees": "perhaps"}, if_match='"2"').status_code == 422
    assert send(zhou, url, {"agrees": "1"}, if_match='"2"').status_code == 200


def test_a_form_with_a_bad_photo_changes_nothing_and_says_so(as_, tofu):
    url = f"/do/archive.file/{tofu.pk}/relocate"
    photo = SimpleUploadedFile("门头.jpg", b"not a photo")
    said = {"address": "后阳村新街3号", "reason": "搬家", "photo": photo, "version": tofu.version}
    answer = as_("zhang").post(url, said)
    assert answer.status_code == 422
    assert "后阳村新街3号" in answer.content.decode() and "不是可用的照片" in answer.content.decode()
    assert Establishment.objects.get().address == "后阳村老街12号"
    assert not Attachment.objects.exists()


def test_an_htmx_press_is_led_on_without_a_page(as_, tofu):
    answer = as_("zhang").post(rest(tofu), {"reason": "停业"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, tofu.get_absolute_url())


def test_a_begun_matter_wants_no_version(as_, tofu):
    body = {"proposed_case": "1", "proposed_batch": "regulate"}
    answer = send(as_("zhang"), f"/do/archive.classification/new/propose?file={tofu.pk}", body)
    assert answer.status_code == 200
    assert Classification.objects.get().state == "proposed"


def test_a_matter_of_which_only_kind_and_key_are_known_is_found_by_who_may_see_it(as_, tofu):
    url = f"/matter/archive.file/{tofu.pk}"
    assert as_("zhang").get(url)["Location"] == tofu.get_absolute_url()
    assert as_("li").get(url).status_code == 404
    assert as_("zhang").get(f"/matter/no.kind/{tofu.pk}").status_code == 404
