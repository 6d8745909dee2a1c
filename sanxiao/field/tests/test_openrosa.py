"""Every rule of OpenRosa that clients live by, one test for one rule, seen from a phone."""

import email.utils
import uuid
from base64 import b64encode

import pytest
from django.test import Client
from lxml import etree

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.field import inbox
from sanxiao.field.models import Edition, Submission
from sanxiao.field.tests import kit
from sanxiao.office.models import Post
from tests import cast

LIST = {"l": "http://openrosa.org/xforms/xformsList", "m": "http://openrosa.org/xforms/xformsManifest"}


def listed(answer):
    """formID -> its row, of a form list."""
    rows = etree.fromstring(answer.content).findall("l:xform", LIST)
    return {row.findtext("l:formID", namespaces=LIST): row for row in rows}


def text(row, name):
    return row.findtext(f"l:{name}", namespaces=LIST)


def path_of(url):
    return "/" + url.split("/", 3)[3]


# --- 1 headers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["formList", "submission", "integrity?id=", "forms/x/1/manifest", "forms/x/1/form.xml"]
)
def test_every_answer_says_that_this_is_an_openrosa_server_errors_too(phone, path):
    answer = phone.get(path)
    assert answer["X-OpenRosa-Version"] == "1.0"
    assert answer["Date"].endswith("GMT") and email.utils.parsedate_to_datetime(answer["Date"])


def test_a_wrong_key_is_answered_with_the_headers_too(phone):
    answer = phone.get(f"/key/{'x' * 64}/formList")
    assert answer.status_code == 403 and answer["X-OpenRosa-Version"] == "1.0"


def test_an_answer_to_a_submission_says_how_much_may_come_at_once(phone):
    assert int(phone.send("<x/>")["X-OpenRosa-Accept-Content-Length"]) == 10_000_000


# --- 2 requests ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["formList", "integrity?id=", "forms/survey_vendor/1/manifest", "submission"])
def test_a_request_that_does_not_name_its_version_is_refused(phone, path):
    assert phone.web.get(f"/key/{phone.key}/integrity").status_code == 400
    assert phone.get(path, HTTP_X_OPENROSA_VERSION="2.0").status_code in (400, 405)


def test_a_date_that_no_clock_shows_is_no_reason_to_refuse(phone):
    assert phone.get("formList", HTTP_DATE="Tue, 05 Jun 2018 13:61:00 PM").status_code == 200


def test_forms_and_media_are_plain_downloads(phone):
    made = kit.offered(phone)
    for rest in ("form.xml", "media/places.csv"):
        assert phone.web.get(f"/key/{phone.key}/forms/{made.code}/{made.version}/{rest}").status_code == 200


# --- 3 submission ----------------------------------------------------------------------------------------------


def test_head_is_204_and_names_an_address_on_the_same_host(phone):
    answer = phone.web.head(f"/key/{phone.key}/submission", **kit.ROSA)
    assert answer.status_code == 204 and answer["Location"].startswith("http://testserver/")


def test_success_is_201_with_words_for_the_person(phone):
    answer = phone.send(kit.answers(kit.offered(phone)))
    said = etree.fromstring(answer.content)
    assert answer.status_code == 201 and said.tag == "{http://openrosa.org/http/response}OpenRosaResponse"
    assert said[0].text == "已收到。"


def test_a_refusal_has_words_for_the_person_too(phone):
    answer = phone.send("<data")
    assert answer.status_code == 400 and "XML" in etree.fromstring(answer.content)[0].text


# --- 4 parts ---------------------------------------------------------------------------------------------------


def test_only_files_that_the_answers_name_are_kept(phone):
    phone.send(kit.answers(kit.offered(phone), photos=("p1.jpg",)), kit.photo("p1.jpg"), kit.photo("evil.jpg", "red"))
    assert [file.name for file in Submission.objects.get().files.all()] == ["p1.jpg"]


def test_chinese_file_names_are_fine(phone):
    phone.send(kit.answers(kit.offered(phone), photos=("门头.jpg",)), kit.photo("门头.jpg"))
    assert Submission.objects.get().files.get().name == "门头.jpg"


def test_an_upload_in_two_halves_is_one_submission(phone):
    xml = kit.answers(kit.offered(phone), photos=("p1.jpg", "p2.jpg"))
    assert phone.send(xml, kit.photo("p1.jpg"), incomplete=True).status_code == 202
    assert Submission.objects.get().state == "waiting"
    assert phone.send(xml, kit.photo("p2.jpg", "red")).status_code == 201
    assert Submission.objects.get().state == "received" and Submission.objects.get().files.count() == 2


def test_photos_may_come_in_any_later_request(phone):
    xml = kit.answers(kit.offered(phone), photos=("p1.jpg",))
    assert phone.send(xml).status_code == 201 and inbox.missing(Submission.objects.get()) == ["p1.jpg"]
    phone.send(xml, kit.photo("p1.jpg"))
    assert inbox.missing(Submission.objects.get()) == []


def test_a_hundred_files_come_in_one_request(phone):
    names = tuple(f"p{n}.jpg" for n in range(100))
    answer = phone.send(kit.answers(kit.offered(phone), photos=names), *(kit.photo(n) for n in names), incomplete=True)
    assert answer.status_code == 202 and Submission.objects.get().files.count() == 100


def test_too_much_is_413(phone):
    assert phone.send("<data>" + "x" * 2_100_000 + "</data>").status_code == 413
    assert phone.get("formList").status_code == 200


def test_a_file_that_is_no_picture_is_noted_and_the_answers_are_kept(phone):
    bad = kit.photo("p1.jpg")
    bad.file.seek(0), bad.file.truncate(), bad.file.write(b"<script>"), bad.file.seek(0)
    assert phone.send(kit.answers(kit.offered(phone), photos=("p1.jpg",)), bad).status_code == 201
    file = Submission.objects.get().files.get()
    assert file.blob is None and file.fault and Submission.objects.get().state == "received"


# --- 6 device --------------------------------------------------------------------------------------------------


def test_the_device_is_kept_and_never_trusted(phone):
    phone.send(kit.answers(kit.offered(phone)))
    phone.row.refresh_from_db()
    assert phone.row.seen_at and Submission.objects.get().by == phone.row.user


# --- 7 once ----------------------------------------------------------------------------------------------------


def test_the_same_again_is_accepted_again_and_kept_once(phone):
    xml = kit.answers(kit.offered(phone))
    assert [phone.send(xml).status_code for _n in range(3)] == [201, 201, 201]
    assert Submission.objects.count() == 1


def test_other_answers_under_the_same_number_are_refused(phone):
    one = kit.offered(phone)
    instance = f"uuid:{uuid.uuid4()}"
    phone.send(kit.answers(one, instance=instance))
    answer = phone.send(kit.answers(one, instance=instance, shop_name="别的店"))
    assert answer.status_code == 409 and "徐记早点" in Submission.objects.get().xml


def test_another_person_cannot_send_under_my_number(phone, town):
    xml = kit.answers(kit.offered(phone))
    phone.send(xml)
    assert kit.Phone(town.chen).send(xml).status_code == 409


def test_another_picture_under_the_same_name_is_refused(phone):
    xml = kit.answers(kit.offered(phone), photos=("p1.jpg",))
    phone.send(xml, kit.photo("p1.jpg"))
    assert phone.send(xml, kit.photo("p1.jpg", "red")).status_code == 409


def test_a_correction_takes_the_place_of_what_it_corrects_with_its_photos(phone):
    one = kit.offered(phone)
    first, second = f"uuid:{uuid.uuid4()}", f"uuid:{uuid.uuid4()}"
    phone.send(kit.answers(one, instance=first, photos=("p1.jpg",)), kit.photo("p1.jpg"))
    edit = kit.answers(one, instance=second, deprecated=first, photos=("p1.jpg", "p2.jpg"), shop_name="徐记豆浆")
    assert phone.send(edit, kit.photo("p2.jpg", "red")).status_code == 201
    row = Submission.objects.get(instance=second)
    assert row.replaces.instance == first and {f.name for f in row.files.all()} == {"p1.jpg", "p2.jpg"}
    assert phone.send(edit, kit.photo("p2.jpg", "red")).status_code == 201


def test_what_was_corrected_once_cannot_be_corrected_again(phone):
    one = kit.offered(phone)
    first = f"uuid:{uuid.uuid4()}"
    phone.send(kit.answers(one, instance=first))
    phone.send(kit.answers(one, deprecated=first))
    assert phone.send(kit.answers(one, deprecated=first, shop_name="第三个")).status_code == 409


def test_a_correction_of_what_nobody_knows_is_404(phone):
    assert phone.send(kit.answers(kit.offered(phone), deprecated=f"uuid:{uuid.uuid4()}")).status_code == 404


def test_nobody_corrects_what_another_has_sent(phone, town):
    one = kit.offered(phone)
    first = f"uuid:{uuid.uuid4()}"
    phone.send(kit.answers(one, instance=first))
    assert kit.Phone(town.chen).send(kit.answers(one, deprecated=first)).status_code == 404


def test_an_old_client_without_a_number_is_known_by_its_bytes(phone):
    one = kit.offered(phone)
    xml = (
        f'<data xmlns:orx="http://openrosa.org/xforms" id="{one.code}" orx:version="{one.version}">'
        "<identity><shop_name>旧手机</shop_name></identity><orx:meta/></data>"
    )
    assert [phone.send(xml).status_code for _n in range(2)] == [201, 201]
    assert Submission.objects.get().instance.startswith("sha256:")


# --- 8 forms and versions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("was, now", [('id="survey_vendor"', 'id="nothing"'), ('version="2018', 'version="1999')])
def test_an_unknown_form_or_version_is_404(phone, was, now):
    xml = kit.answers(kit.offered(phone)).replace(was, now)
    assert phone.send(xml).status_code == 404 and not Submission.objects.exists()


def test_a_closed_form_takes_nothing_more_and_is_not_offered(phone):
    one = kit.offered(phone)
    Edition.objects.filter(pk=one.pk).update(closed_at=one.made_at)
    assert phone.send(kit.answers(one)).status_code == 403
    assert "survey_vendor" not in listed(phone.get("formList"))


def test_an_old_version_is_still_taken_and_still_served(phone):
    old = kit.offered(phone)
    from sanxiao.office.models import Area

    Area.objects.create(code="320413100299", name="新桥村", name_en="Xinqiao", level="village")
    assert kit.offered(phone).version != old.version
    assert phone.send(kit.answers(old)).status_code == 201
    assert phone.get(f"forms/{old.code}/{old.version}/form.xml").content.decode() == old.xform


# --- 9 form list -----------------------------------------------------------------------------------------------


def test_the_list_names_each_form_once_with_a_hash_of_the_very_bytes(phone):
    answer = phone.get("formList")
    assert answer["Content-Type"].startswith("text/xml")
    row = listed(answer)["survey_vendor"]
    served = phone.get(path_of(text(row, "downloadUrl")))
    assert text(row, "hash") == kit.md5(served.content) and text(row, "version") and text(row, "name")


def test_addresses_are_whole_and_stay_under_the_key(phone):
    row = listed(phone.get("formList"))["survey_vendor"]
    for name in ("downloadUrl", "manifestUrl"):
        assert text(row, name).startswith(f"http://testserver/key/{phone.key}/")


def test_a_form_without_files_has_no_manifest(phone, desk, monkeypatch):
    import dataclasses

    from sanxiao.docket import rooms

    plain = dataclasses.replace(desk.fill(), about="")
    monkeypatch.setitem(rooms._rooms, "survey", dataclasses.replace(rooms._rooms["survey"], fills=(plain,)))
    row = listed(phone.get("formList"))["survey_vendor"]
    assert row.find("l:manifestUrl", LIST) is None


def test_one_may_ask_for_one_form_all_versions_or_more_words(phone):
    assert set(listed(phone.get("formList?formID=survey_eatery"))) == {"survey_eatery"}
    assert text(listed(phone.get("formList?verbose=true"))["survey_vendor"], "descriptionText")
    old = kit.offered(phone)
    from sanxiao.office.models import Area

    Area.objects.create(code="320413100299", name="新桥村", name_en="Xinqiao", level="village")
    kit.offered(phone)
    rows = etree.fromstring(phone.get("formList?listAllVersions=true&formID=survey_vendor").content)
    assert {text(row, "version") for row in rows} == {old.version, f"{old.version}.2"}


def test_who_has_no_part_in_it_is_offered_no_form(town, desk):
    assert not listed(kit.Phone(town.feng).get("formList"))
    assert kit.Phone(town.qian).get("forms/survey_vendor/1/form.xml").status_code == 404


# --- 10 manifest and media -------------------------------------------------------------------------------------


def the_file(phone):
    made = kit.offered(phone)
    rows = etree.fromstring(phone.get(f"forms/{made.code}/{made.version}/manifest").content)
    return rows.find("m:mediaFile", LIST)


def test_the_manifest_names_the_list_of_places_with_all_that_a_client_wants(phone, stall):
    row = the_file(phone)
    said = {etree.QName(node).localname: node.text for node in row}
    assert row.get("type") == "entityList" and said["filename"] == "places.csv"
    assert said["integrityUrl"].endswith("/integrity")
    assert said["hash"] == kit.md5(phone.get(path_of(said["downloadUrl"])).content)


def test_the_hash_of_the_list_changes_with_the_file_and_not_otherwise(phone, stall, town):
    before = the_file(phone)[1].text
    assert the_file(phone)[1].text == before
    stall.name = "新名字"
    flow.move(stall, "resurvey", town.zhang, within=True)
    assert the_file(phone)[1].text != before


def test_who_has_the_list_is_told_304(phone, stall):
    made = kit.offered(phone)
    path = f"forms/{made.code}/{made.version}/media/places.csv"
    first = phone.get(path)
    assert phone.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_the_list_holds_my_village_and_no_other(phone, stall, town):
    other = cast.tofu_shop(town.li, kind_id="vendor", name="南瑶的摊", area=cast.NANYAO)
    made = kit.offered(phone)
    lines = phone.get(f"forms/{made.code}/{made.version}/media/places.csv").content.decode()
    assert str(stall.pk) in lines and "老街豆花摊" in lines
    assert str(other.pk) not in lines and "南瑶的摊" not in lines
    for_town = kit.Phone(town.chen).get(f"forms/{made.code}/{made.version}/media/places.csv").content.decode()
    assert str(other.pk) in for_town


def test_the_list_holds_no_personal_number(phone, stall):
    made = kit.offered(phone)
    head, *lines = phone.get(f"forms/{made.code}/{made.version}/media/places.csv").content.decode().splitlines()
    assert head.startswith("name,label,__version,kind,village") and head.endswith(",geometry")
    assert not {"id_number", "phone", "home_address"} & set(head.split(","))
    assert not [line for line in lines if "320413190001010015" in line or "13861234567" in line]


# --- 11 integrity ----------------------------------------------------------------------------------------------


def test_integrity_tells_of_places_it_knows_and_of_no_others(phone, stall, tofu, town):
    Establishment.objects.filter(pk=tofu.pk).update(merged_into=stall)
    unsent, foreign = uuid.uuid4(), cast.tofu_shop(town.li, area=cast.NANYAO)
    answer = phone.get(f"integrity?id={stall.pk},{tofu.pk},{unsent},{foreign.pk},nonsense")
    said = {row.get("id"): row[0].text for row in etree.fromstring(answer.content)[0]}
    assert said == {str(stall.pk): "false", str(tofu.pk): "true"}
    assert etree.fromstring(answer.content).tag == "data"


# --- 12 who is asking ------------------------------------------------------------------------------------------


def basic(name, password=cast.PASSWORD):
    return {"HTTP_AUTHORIZATION": "Basic " + b64encode(f"{name}:{password}".encode()).decode()} | kit.ROSA


def test_name_and_password_are_taken_over_https(town, desk):
    answer = Client().get("/openrosa/formList", secure=True, **basic("zhang"))
    assert answer.status_code == 200 and "https://testserver/openrosa/forms/" in answer.content.decode()


def test_name_and_password_are_not_taken_over_http(town, desk):
    assert Client().get("/openrosa/formList", **basic("zhang")).status_code == 403


def test_who_says_nothing_is_asked_for_his_name_over_https(town, desk):
    answer = Client().get("/openrosa/formList", secure=True, **kit.ROSA)
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Basic ")


def test_a_wrong_password_is_401(town, desk):
    assert Client().get("/openrosa/formList", secure=True, **basic("zhang", "falsch")).status_code == 401


def test_a_changed_password_ends_a_remembered_one(town, desk):
    web = Client()
    assert web.get("/openrosa/formList", secure=True, **basic("zhang")).status_code == 200
    town.zhang.set_password("Neu-2018-Neu")
    town.zhang.save()
    assert web.get("/openrosa/formList", secure=True, **basic("zhang")).status_code == 401


def test_a_wrong_key_is_403_and_never_401(phone):
    answer = phone.get(f"/key/{'a' * 64}/formList")
    assert answer.status_code == 403 and "WWW-Authenticate" not in answer


def test_our_page_may_ask_with_its_session(as_, town, desk):
    assert as_("zhang").get("/openrosa/formList", **kit.ROSA).status_code == 200


def test_a_session_sends_nothing_without_its_token(town, phone):
    web = Client(enforce_csrf_checks=True)
    web.force_login(town.zhang, backend="django.contrib.auth.backends.ModelBackend")
    body = {"xml_submission_file": kit.photo("x.xml")}
    assert web.post("/openrosa/submission", body, **kit.ROSA).status_code == 403


def test_who_lost_his_post_sees_nothing_but_may_send_what_he_saw_before(phone, town):
    one = kit.offered(phone)
    Post.objects.filter(user=town.zhang).update(until="2018-06-30")
    assert phone.get("formList").status_code == 403
    assert phone.send(kit.answers(one, surveyed_on="2018-06-05")).status_code == 201
    assert phone.send(kit.answers(one, surveyed_on="2018-07-05")).status_code == 403


def test_no_key_stands_in_a_log(phone, caplog):
    phone.get("nothing/here")
    phone.get(f"/key/{'k' * 64}/formList")
    assert "/key/…" in caplog.text and phone.key not in caplog.text and "k" * 64 not in caplog.text


# --- 13 XML ----------------------------------------------------------------------------------------------------


def test_a_document_type_is_refused_before_anything_is_read(phone):
    bomb = '<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>' + kit.answers(kit.offered(phone))
    assert phone.send(bomb).status_code == 400
    assert phone.send(bomb.encode("utf-16")).status_code == 400
    assert not Submission.objects.exists()


def test_a_picture_is_what_its_bytes_say(phone):
    sham = kit.photo("p1.jpg")
    sham.content_type = "application/x-msdownload"
    phone.send(kit.answers(kit.offered(phone), photos=("p1.jpg",)), sham)
    assert Submission.objects.get().files.get().blob.mime == "image/jpeg"


def test_answers_are_sealed_where_they_lie(phone):
    phone.send(kit.answers(kit.offered(phone), id_number="320413190001010015"))
    row = Submission.objects.get()
    assert "320413190001010015" not in row.body and "320413190001010015" in row.xml


def test_storing_an_answer_costs_few_statements(phone, django_assert_max_num_queries):
    one = kit.offered(phone)
    phone.send(kit.answers(one))
    with django_assert_max_num_queries(6):  # the phone, the posts, a savepoint and its end, the row
        assert phone.send(kit.answers(one)).status_code == 201


def test_a_place_that_moved_to_another_village_is_gone_for_the_old_one_alone(phone, stall, town):
    key = str(stall.pk)
    assert "false" in phone.get(f"integrity?id={key}").content.decode()
    Establishment.objects.filter(pk=stall.pk).update(area=cast.NANYAO)
    assert f'<entity id="{key}"><deleted>true</deleted>' in phone.get(f"integrity?id={key}").content.decode()
    next_door = kit.Phone(town.li, "李明的手机")
    assert f'<entity id="{key}"><deleted>false</deleted>' in next_door.get(f"integrity?id={key}").content.decode()


def test_of_a_place_that_never_lay_on_ones_ground_nothing_is_said(town, stall):
    next_door = kit.Phone(town.li, "李明的手机")
    assert str(stall.pk) not in next_door.get(f"integrity?id={stall.pk}").content.decode()
