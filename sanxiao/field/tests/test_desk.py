"""Forms come as workbooks, are judged in words, opened once, and published; phones are made and shut out."""

import base64
import io
import json
import uuid
import zlib

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from sanxiao.docket.models import Event
from sanxiao.field import inbox, incoming, my_phones, workbooks
from sanxiao.field.models import Draft, Edition, Phone, Submission
from sanxiao.field.tests import kit
from sanxiao.office.now import now
from sanxiao.survey.models import Form

SURVEY = [
    {"type": "text", "name": "who", "label": "对方姓名", "required": "yes"},
    {"type": "text", "name": "idno", "label": "证件号码", "macro": "#idcard"},
    {"type": "select_one yn", "name": "fine", "label": "“脏、乱、差”改好没有"},
    {"type": "geopoint", "name": "at", "label": "位置"},
]
CHOICES = [{"list_name": "yn", "name": "yes", "label": "是"}, {"list_name": "yn", "name": "no", "label": "否"}]
SETTINGS = [{"form_title": "路边走访", "form_id": "roadside", "version": "2018060101"}]


def workbook(survey=SURVEY, choices=CHOICES, settings=SETTINGS, drop=()):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
            if name in drop:
                continue
            page = made.add_worksheet(name)
            heads = list(dict.fromkeys(head for row in rows for head in row))
            page.write_row(0, 0, heads)
            for at, row in enumerate(rows, 1):
                page.write_row(at, 0, [row.get(head, "") for head in heads])
    return out.getvalue()


def bring(web, data):
    answer = web.post("/forms/", {"workbook": SimpleUploadedFile("表.xlsx", data)})
    assert answer.status_code == 302
    return Draft.objects.latest("at")


def faults(data):
    return {(fault.sheet, fault.row, fault.column): fault.text for fault in workbooks.read(data).faults}


# --- forms -----------------------------------------------------------------------------------------------------


def test_who_keeps_the_forms_sees_them_and_nobody_else(as_, town):
    assert "小摊贩" in as_("zhou").get("/forms/").content.decode()
    for name in ("zhang", "qian", "sun"):
        assert as_(name).get("/forms/").status_code == 404
        assert as_(name).post("/forms/", {}).status_code == 404


def test_a_good_workbook_is_opened_once_and_then_published_to_phones(as_, town):
    web = as_("zhou")
    draft = bring(web, workbook())
    assert not draft.faults and "“脏、乱、差”" in draft.xform and "mod 11" in draft.xform
    assert web.post(f"/forms/draft/{draft.pk}/publish").status_code == 302
    assert not Form.objects.filter(code="roadside").exists()
    web.post(f"/field/preview/{draft.pk}/seen")
    web.post(f"/forms/draft/{draft.pk}/publish")
    assert Form.objects.get(code="roadside").title == "路边走访"
    assert "roadside" in kit.Phone(town.zhang).get("formList").content.decode()


def test_a_form_of_the_town_can_be_downloaded_changed_and_brought_back(as_, town):
    web, form = as_("zhou"), Form.objects.latest_of("vendor")
    data = web.get(f"/forms/version/{form.pk}.xlsx").content
    same = workbooks.read(data)
    assert not same.faults and [r["name"] for r in same.source["survey"]] == [r["name"] for r in form.source["survey"]]
    assert [f["column"] for f in bring(web, data).faults] in ([], ["version"])


def test_the_same_version_with_another_content_is_not_taken(as_, town):
    web = as_("zhou")
    settings = [
        SETTINGS[0]
        | {"form_id": "survey_vendor", "version": Form.objects.latest_of("vendor").version, "kind": "vendor"}
    ]
    draft = bring(web, workbook(settings=settings))
    assert draft.faults[0]["column"] == "version" and "新版本号" in draft.faults[0]["text"]


def test_what_is_wrong_is_named_with_sheet_row_and_column():
    said = faults(
        workbook(
            survey=[
                {"type": "text", "name": "a", "label": "甲", "relevant": "${b} = “是”"},
                {"type": "barcode", "name": "b", "label": "乙"},
                {"type": "select_one nope", "name": "c", "label": "丙"},
                {"type": "text", "name": "a", "label": "丁"},
                {"type": "text", "name": "1x", "label": "戊", "macro": "#shenfen"},
                {"type": "text", "name": "f"},
            ]
        )
    )
    assert "英文引号" in said["survey", 2, "relevant"] and "barcode" in said["survey", 3, "type"]
    assert "nope" in said["survey", 4, "type"] and "第 2 行" in said["survey", 5, "name"]
    assert ("survey", 6, "name") in said and "#shenfen" in said["survey", 6, "macro"]
    assert "label" in said["survey", 7, "label"]


def test_a_missing_sheet_or_setting_is_named():
    assert ("settings", 0, "") in faults(workbook(drop=("settings",)))
    assert set(faults(workbook(settings=[{"form_title": "x", "form_id": "", "version": ""}]))) == {
        ("settings", 2, "form_id"), ("settings", 2, "version"),
    }  # fmt: skip


def test_groups_that_do_not_close_or_nest_are_named():
    rows = [{"type": "begin group", "name": "g", "label": "组"}, {"type": "begin group", "name": "h", "label": "组"}]
    said = faults(workbook(survey=[*rows, *SURVEY]))
    assert "套组" in said["survey", 3, "type"] and any("没有结束" in text for text in said.values())


def test_what_the_converter_says_is_told_in_chinese_with_its_row(as_, town):
    rows = [*SURVEY, {"type": "text", "name": "z", "label": "末", "relevant": "${nobody} = 'x'"}]
    fault = bring(as_("zhou"), workbook(survey=rows)).faults[0]
    assert fault["row"] == 6 and "不存在的变量" in fault["text"]


@pytest.mark.parametrize("data", [b"", b"abc", b"PK\x03\x04broken", b"<html></html>"])
def test_what_is_no_workbook_is_told_so(data, as_, town):
    assert workbooks.read(data).faults[0].text.startswith("这不是 Excel 工作簿")


def test_an_edition_that_is_closed_takes_nothing_and_can_be_opened_again(as_, town, desk):
    phone = kit.Phone(town.zhang)
    one = kit.offered(phone)
    as_("zhou").post(f"/forms/edition/{one.pk}/close")
    assert phone.send(kit.answers(one)).status_code == 403
    as_("zhou").post(f"/forms/edition/{one.pk}/close")
    assert phone.send(kit.answers(one)).status_code == 201
    assert as_("zhang").post(f"/forms/edition/{one.pk}/close").status_code == 404


def test_the_answers_of_a_free_form_stand_on_the_file_of_the_place(as_, town, tofu):
    web = as_("zhou")
    draft = bring(web, workbook(settings=[SETTINGS[0] | {"form_id": "freeform"}]))
    web.post(f"/field/preview/{draft.pk}/seen")
    web.post(f"/forms/draft/{draft.pk}/publish")
    phone = kit.Phone(town.zhang)
    phone.get("formList")
    one = Edition.objects.get(code="freeform")
    xml = (
        f'<data id="freeform" version="{one.version}"><chosen><chosen_place>{tofu.pk}</chosen_place></chosen><part_1>'
        "<who>王秀兰</who><fine>yes</fine></part_1><meta><instanceID>uuid:1</instanceID></meta></data>"
    )
    assert phone.send(xml).status_code == 201
    inbox.drain()
    page = as_("zhang").get(f"/archive/{tofu.pk}/?tab=field").content.decode()
    assert "路边走访" in page and "王秀兰" in page
    assert "对方姓名" in as_("zhang").get(f"/incoming/{Submission.objects.get().pk}/").content.decode()


# --- what came -------------------------------------------------------------------------------------------------


def test_a_submission_shows_its_answers_with_personal_ones_masked(as_, phone, desk):
    phone.send(kit.answers(kit.offered(phone), phone="13861234567", id_number="320413190001010015", photos=("p1.jpg",)),
               kit.photo("p1.jpg"))  # fmt: skip
    row = Submission.objects.get()
    page = as_("zhang").get(f"/incoming/{row.pk}/").content.decode()
    assert "徐记早点" in page and "后阳村" in page and "138****4567" in page
    assert "13861234567" not in page and "320413190001010015" not in page
    picture = as_("zhang").get(f"/incoming/{row.pk}/{row.files.get().pk}/thumb")
    assert picture["Content-Type"] == "image/jpeg"


def test_a_submission_says_how_its_position_came_about(as_, phone, desk):
    instance, web = f"uuid:{uuid.uuid4()}", as_("zhang")
    phone.api("promises", {"instance": instance, "files": [{"name": "location", "mock": True}]})
    phone.send(kit.answers(kit.offered(phone), instance=instance, location="31.72 119.57 0.0 6.4"))
    phone.send(kit.answers(kit.offered(phone), location="31.72 119.57 x y"))
    said, unsaid = Submission.objects.get(instance=instance), Submission.objects.exclude(instance=instance).get()
    assert "31.720000, 119.570000 · 误差 6 米 · 模拟位置" in web.get(said.get_absolute_url()).content.decode()
    assert "31.720000, 119.570000</dd>" in web.get(unsaid.get_absolute_url()).content.decode()


def test_a_submission_of_another_village_is_not_there(as_, phone, desk):
    phone.send(kit.answers(kit.offered(phone), photos=("p1.jpg",)), kit.photo("p1.jpg"))
    row = Submission.objects.get()
    assert as_("li").get(f"/incoming/{row.pk}/").status_code == 404
    assert as_("li").get(f"/incoming/{row.pk}/{row.files.get().pk}/view").status_code == 404
    assert as_("li").get("/incoming/").context["count"] == 0


def test_the_list_shows_whose_clock_was_off(as_, phone, desk):
    one = kit.offered(phone)
    phone.send(kit.answers(one), HTTP_X_PHONE_TIME="2018-06-05T08:00:00+08:00")
    phone.send(kit.answers(one), HTTP_X_PHONE_TIME=now().isoformat())
    assert as_("zhang").get("/incoming/").context["count"] == 2
    assert as_("zhang").get("/incoming/?flag=clock").context["count"] == 1
    late = Submission.objects.order_by("skew").first()
    assert "手机时钟不准" in as_("zhang").get(f"/incoming/{late.pk}/").content.decode()


@pytest.mark.parametrize("seconds, words", [(660, "快 11 分钟"), (-7200 - 60, "慢 2 小时"), (86400 * 3, "快 3 天")])
def test_how_far_a_clock_is_off_is_told_in_words(seconds, words):
    assert incoming.skew_words(seconds) == words


# --- phones ----------------------------------------------------------------------------------------------------


def test_a_code_for_collect_is_shown_once_and_opens_the_forms(as_, town, client):
    page = as_("zhang").post("/me/phones/collect", {"name": "红米"})
    key = page.context["url"].rsplit("/", 1)[1]
    assert client.get(f"/key/{key}/formList", **kit.ROSA).status_code == 200
    assert key not in as_("zhang").get("/me/phones/").content.decode()
    assert Event.objects.get(kind="field.phone").facts == {"person": "张桂兰"}


def test_the_code_says_what_collect_documents():
    url = "https://sanxiao.example/key/" + "k" * 64
    said = json.loads(zlib.decompress(base64.b64decode(my_phones.packed(url, "红米"))))
    assert said["general"]["server_url"] == url and said["project"]["name"] == "红米" and said["admin"] == {}
    assert my_phones.code_of(url, "红米").startswith("<svg")


def test_a_phone_that_is_lost_is_shut_out_with_a_reason(as_, town):
    phone = kit.Phone(town.zhang)
    as_("zhang").post(f"/me/phones/{phone.row.pk}/end", {"reason": ""})
    assert phone.get("formList").status_code == 200
    as_("zhang").post(f"/me/phones/{phone.row.pk}/end", {"reason": "在集市上丢了"})
    assert phone.get("formList").status_code == 403
    assert "在集市上丢了" in as_("zhang").get("/me/phones/").content.decode()


def test_who_manages_the_people_shuts_out_the_phones_of_others_and_nobody_else_does(as_, town):
    phone = kit.Phone(town.zhang)
    for name in ("li", "chen"):
        assert as_(name).post(f"/me/phones/{phone.row.pk}/end", {"reason": "x"}).status_code == 404
        assert as_(name).get("/people/zhang/phones/").status_code == 404
    assert "张桂兰" in as_("he").get("/people/zhang/phones/").content.decode()
    as_("he").post(f"/me/phones/{phone.row.pk}/end", {"reason": "调离"})
    assert Phone.objects.get().revoke_reason == "调离"


def test_i_may_call_my_phone_otherwise_but_not_another_s(as_, town):
    phone = kit.Phone(town.zhang)
    as_("zhang").post(f"/me/phones/{phone.row.pk}/rename", {"name": "旧红米"})
    assert as_("li").post(f"/me/phones/{phone.row.pk}/rename", {"name": "x"}).status_code == 404
    assert Phone.objects.get().name == "旧红米"
