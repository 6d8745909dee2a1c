"""Every operator is told: proof for each, who is still missing, the newer version, the meeting, the phone."""

import uuid
from datetime import date

import pytest

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.rooms import Filled
from sanxiao.guidance import telling
from sanxiao.guidance.lists import places
from sanxiao.guidance.models import Leaflet, Told
from sanxiao.guidance.tests import steps

pytestmark = pytest.mark.usefixtures("june")


def stand(file, user):
    leaflets = telling.in_use_for(user)
    return telling.standing(telling.marked(places(user).filter(pk=file.pk), leaflets).get(), leaflets).key


def refused(why, obj, move, by, **facts):
    with pytest.raises(flow.Refused, match=why):
        flow.move(obj, move, by, **facts)


def test_the_town_brings_its_leaflets_each_for_its_kind_in_two_languages(town):
    found = {leaflet.code: leaflet for leaflet in Leaflet.objects.filter(state="current")}
    assert set(found) == {"notice-workshop", "notice-vendor", "notice-eatery"}
    assert all(leaflet.text and leaflet.text_en and len(leaflet.kinds) == 1 for leaflet in found.values())
    assert found["notice-vendor"].edition == "2018-07"  # the version before it is past
    assert Leaflet.objects.get(edition="2018-04", code="notice-vendor").state == "past"


def test_zhang_tells_the_tofu_maker_who_signs(town, tofu, notice):
    assert stand(tofu, town.zhang) == "none"
    told = steps.tell(tofu, notice, town.zhang)
    assert (told.state, told.by) == ("told", town.zhang)
    proof = Attachment.objects.get(subject=told.pk)
    assert (proof.role, proof.file) == ("signature", tofu.pk)
    assert stand(tofu, town.zhang) == "told"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"proof": []}, "请附签收单"),
        ({"way": "meeting", "proof": []}, "请附签收单"),
        ({"way": "refused", "proof": []}, "写明是谁"),
        ({"way": "phone", "proof": []}, "写明是谁"),
        ({"told_on": date(2018, 4, 1)}, "早于告知书"),
    ],
)
def test_a_record_needs_its_proof_or_its_words_and_a_day_that_can_be(town, tofu, notice, facts, why):
    with pytest.raises(flow.Refused, match=why):
        steps.tell(tofu, notice, town.zhang, **facts)
    assert not Told.objects.exists()


def test_who_would_not_sign_is_told_with_words(town, tofu, notice):
    assert steps.tell(tofu, notice, town.zhang, way="refused", proof=[], note="丁所长在场，不肯签").state == "told"


def test_a_leaflet_for_vendors_is_none_for_a_workshop(town, tofu):
    vendor = Leaflet.objects.get(code="notice-vendor", edition="2018-04")
    with pytest.raises(flow.Refused, match="不是给这一类"):
        steps.tell(tofu, vendor, town.zhang)


@pytest.mark.parametrize("who", ["li", "qian", "sun", "feng"])
def test_the_next_village_and_other_offices_tell_nobody_here(town, tofu, notice, who):
    with pytest.raises(flow.Refused, match="不归您"):
        steps.tell(tofu, notice, getattr(town, who))


def test_nobody_is_told_of_the_same_version_twice_but_a_wrong_record_can_be_voided(town, tofu, notice):
    told = steps.tell(tofu, notice, town.zhang)
    with pytest.raises(flow.Refused, match="刚刚有人办了"):
        steps.tell(tofu, notice, town.zhang)
    refused("不归您", told, "void", town.li, reason="错")
    refused("理由", told, "void", town.zhang)
    flow.move(told, "void", town.zhang, reason="写错了户")
    assert stand(tofu, town.zhang) == "none"
    assert steps.tell(tofu, notice, town.zhang).state == "told"


def test_after_a_new_version_those_who_know_the_old_one_alone_are_listed(as_, town, tofu, notice):
    steps.tell(tofu, notice, town.zhang)
    steps.publish(notice, town.zhou)
    assert Leaflet.objects.get(pk=notice.pk).state == "past"
    assert stand(tofu, town.zhang) == "old"
    assert "王家豆腐坊" in as_("zhang").get("/guidance/telling/", {"stand": "old"}).content.decode()
    assert "王家豆腐坊" not in as_("zhang").get("/guidance/telling/", {"stand": "none"}).content.decode()


@pytest.mark.parametrize("who", ["zhang", "li", "qian", "sun"])
def test_only_the_two_offices_publish(town, notice, who):
    with pytest.raises(flow.Refused, match="不归您"):
        steps.publish(notice, getattr(town, who))


def test_a_version_number_is_given_once_and_the_form_says_so(as_, town, notice):
    said = {"code": notice.code, "edition": notice.edition, "since": "2018-06-05", "title": "新", "text": "新"}
    answer = as_("zhou").post("/do/guidance.leaflet/new/publish", said)
    assert answer.status_code == 422 and "这个版本号已经有了" in answer.content.decode()
    answer = as_("zhou").post("/do/guidance.leaflet/new/publish", {**said, "edition": "2018-06", "kinds": ["workshop"]})
    assert answer.status_code == 302, answer.content.decode()
    assert Leaflet.objects.get(edition="2018-06").kinds == ["workshop"]


def test_the_form_records_with_a_photo_and_keeps_what_was_typed_when_it_lacks_one(as_, town, tofu, notice):
    said = {"leaflet": str(notice.pk), "told_on": "2018-06-05", "way": "hand", "note": "在店里"}
    path = f"/do/guidance.told/new/record?file={tofu.pk}"
    answer = as_("zhang").post(path, said)
    assert answer.status_code == 409 and "在店里" in answer.content.decode()
    assert as_("zhang").post(path, {**said, "proof": [steps.upload()]}).status_code == 302
    assert as_("li").get(path).status_code == 404


def test_a_file_that_is_no_photo_is_refused_in_words(as_, town, tofu, notice):
    from django.core.files.uploadedfile import SimpleUploadedFile

    said = {"leaflet": str(notice.pk), "told_on": "2018-06-05", "way": "hand",
            "proof": SimpleUploadedFile("a.jpg", b"MZ none")}  # fmt: skip
    answer = as_("zhang").post(f"/do/guidance.told/new/record?file={tofu.pk}", said)
    assert "这不是可用的照片" in answer.content.decode()
    assert not Told.objects.exists()


def test_progress_by_village_with_the_list_behind_every_number(as_, town, tofu, notice):
    second = steps.place(town.zhang, tofu, "王家二店")
    steps.tell(tofu, notice, town.zhang)
    page = as_("zhou").get("/guidance/").content.decode()
    assert "1 / 2" in page and f"area={tofu.area}&amp;stand=none" in page
    listed = as_("zhou").get("/guidance/telling/", {"area": tofu.area, "stand": "none"}).content.decode()
    assert second.name in listed and "王家豆腐坊" not in listed
    assert as_("zhou").get("/guidance/telling/", {"as": "xlsx"}).status_code == 200
    assert "王家豆腐坊" not in as_("li").get("/guidance/telling/").content.decode()


def test_many_at_a_meeting_are_told_with_one_sheet_and_those_who_know_are_named(as_, town, tofu, notice):
    second = steps.place(town.zhang, tofu, "王家二店")
    steps.tell(second, notice, town.zhang)
    said = {"leaflet": str(notice.pk), "told_on": "2018-06-05", "way": "meeting", "file": [tofu.pk, second.pk]}
    answer = as_("zhang").post("/guidance/telling/many", {**said, "proof": steps.upload("签到.jpg")}, follow=True)
    page = answer.content.decode()
    assert "已登记 1 户" in page and "1 户没有登记" in page
    assert Told.objects.filter(file=tofu, way="meeting").count() == 1


def test_the_meeting_form_asks_for_people_and_for_proof(as_, town, tofu, notice):
    said = {"leaflet": str(notice.pk), "told_on": "2018-06-05", "way": "meeting"}
    assert "请先勾选到场的单位" in as_("zhang").post("/guidance/telling/many", said).content.decode()
    page = as_("zhang").post("/guidance/telling/many", {**said, "file": [tofu.pk]}, follow=True).content.decode()
    assert "请附签收单" in page and not Told.objects.exists()
    assert as_("qian").post("/guidance/telling/many", said).status_code == 403


def test_a_place_of_the_next_village_cannot_be_ticked_into_the_list(as_, town, tofu, notice):
    said = {"leaflet": str(notice.pk), "told_on": "2018-06-05", "way": "meeting", "file": [tofu.pk],
            "proof": steps.upload()}  # fmt: skip
    assert "请先勾选" in as_("li").post("/guidance/telling/many", said).content.decode() or not Told.objects.exists()
    assert not Told.objects.exists()


def test_the_leaflet_comes_on_paper_by_village_with_the_list_to_sign(as_, notice, tofu):
    path = f"/guidance/leaflets/{notice.pk}/print"
    assert as_("zhang").get(path).content.startswith(b"%PDF-")
    assert as_("zhang").get(path, {"area": tofu.area}).content.startswith(b"%PDF-")
    assert as_("li").get(path, {"area": tofu.area}).status_code == 404


def test_anybody_reads_the_leaflet_by_its_code_in_both_languages_without_a_cookie(client, notice):
    answer = client.get(f"/g/{notice.code}")
    assert "食品小作坊登记证" in answer.content.decode() and not answer.cookies
    assert "registration certificate" in client.get(f"/g/{notice.code}", {"lang": "en"}).content.decode()
    assert client.get("/g/nothing").status_code == 404


def test_the_file_shows_what_was_told_and_what_is_still_to_be(as_, town, tofu, notice):
    page = as_("zhang").get(tofu.get_absolute_url(), {"tab": "guidance"}).content.decode()
    assert "还要告知" in page and "登记告知" in page
    steps.tell(tofu, notice, town.zhang)
    page = as_("zhang").get(tofu.get_absolute_url(), {"tab": "guidance"}).content.decode()
    assert "还要告知" not in page and "当面告知并签收" in page
    assert as_("zhang").get(f"{tofu.get_absolute_url()}print").status_code in (200, 404)


def test_the_desk_and_the_phone_say_who_is_missing(as_, town, tofu, notice):
    assert "还没有告知到" in as_("zhang").get("/").content.decode()
    mine = [e for e in rooms.gather("errands", town.zhang) if e.key == f"tell:{tofu.pk}"]
    assert [(e.form, e.area) for e in mine] == [("tell", tofu.area)]
    steps.tell(tofu, notice, town.zhang)
    assert not [e for e in rooms.gather("errands", town.zhang) if e.key == f"tell:{tofu.pk}"]
    assert not [e for e in rooms.gather("errands", town.li) if e.key.startswith("tell:")]


def filled(by, file, **answers):
    from sanxiao.docket import files

    kept = files.put(steps.picture("red"))
    return Filled(
        id=uuid.uuid4(), form=None, area=file.area, by=by, place=file.pk, files={"s.jpg": kept.pk}, told={},
        answers={"way": "hand", "told_on": "2018-06-05", "signature": "s.jpg", **answers}, observed_on=steps.JUNE,
    )  # fmt: skip


def test_the_phone_records_with_the_signature_once(town, tofu, notice):
    said = filled(town.zhang, tofu)
    first = telling.take(said)
    assert first.subject.leaflet == notice and first.file == tofu
    assert telling.take(said).subject == first.subject
    assert Attachment.objects.get(subject=first.subject.pk).role == "signature"
    with pytest.raises(flow.Refused, match="已经告知过"):
        telling.take(filled(town.zhang, tofu))


def test_the_form_for_the_phone_is_there_and_taken_by_this_room(town):
    from sanxiao.field import offer

    assert rooms.fill_for("tell").duty == "guide.tell"
    assert "tell" in [each.form.code for each in offer.offers(town.zhang)]


def test_what_was_told_on_a_merged_file_counts_for_the_one_that_stands(town, tofu, notice):
    second = steps.place(town.zhang, tofu, "王家二店")
    steps.tell(second, notice, town.zhang)
    Establishment.objects.filter(pk=second.pk).update(merged_into=tofu)
    assert stand(Establishment.objects.get(pk=tofu.pk), town.zhang) == "told"


def test_lists_ask_a_fixed_number_of_queries(as_, town, tofu, notice):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_("zhou")
    for path in ("/guidance/", "/guidance/telling/", "/guidance/telling/many", "/guidance/leaflets/"):
        client.get(path)
        with CaptureQueriesContext(connection) as one:
            client.get(path)
        for n in range(3):
            steps.tell(steps.place(town.zhang, tofu, f"{path}{n}店"), notice, town.zhang)
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(one) == len(many), path


def test_every_telling_is_one_event_that_reports_can_count(town, tofu, notice):
    steps.tell(tofu, notice, town.zhang)
    assert Event.objects.filter(kind="guidance.told", move="record", area=tofu.area).count() == 1
