"""At the desk: a paper sheet is typed, checked, saved, and nothing is lost."""

import pytest
from django.urls import reverse

from sanxiao.docket.models import Attachment, Event
from sanxiao.survey.models import Sheet
from sanxiao.survey.tests import paper
from tests.cast import HOUYANG, NANYAO

NEW = "/survey/new/workshop"


def test_zhang_types_a_sheet_and_it_waits_for_filing(typed, town):
    sheet = typed("zhang")
    assert (sheet.state, sheet.name, sheet.area) == ("received", "徐记油坊", HOUYANG)
    assert sheet.number.startswith("DC320413100-ZF-") and sheet.number.endswith("-00001")
    assert sheet.surveyors == ["张桂兰", "李明"]
    assert sheet.missing == ["photo", "position", "signature"]
    assert Event.objects.get(subject=sheet.pk).move == "send"


def test_personal_answers_are_sealed_and_found_by_index_only(typed):
    sheet = typed("zhang")
    assert set(sheet.hidden()) == {"id_number", "phone", "household_address"}
    stored = f"{sheet.answers} {sheet.sealed} {sheet.search}"
    assert paper.WANG not in stored and "13912345678" not in stored
    assert sheet.id_index and sheet.phone_index


def test_the_form_is_preset_to_her_village_today_and_herself(as_):
    page = as_("zhang").get(NEW)
    form = page.context["form"]
    assert (form["village"].value(), form["surveyor_1"].value()) == (HOUYANG, "张桂兰")
    assert [value for value, _name in form.fields["village"].widget.choices if value] == [HOUYANG]


def test_nothing_is_typed_twice_on_the_next_sheet(as_, town):
    zhou = as_("zhou")
    answer = zhou.post(NEW, {**paper.workshop(village=NANYAO), "again": "1"})
    form = zhou.get(answer["Location"]).context["form"]
    kept = {name: form[name].value() for name in ("village", "surveyor_1", "surveyor_2", "surveyed_on")}
    assert kept == {"village": NANYAO, "surveyor_1": "张桂兰", "surveyor_2": "李明", "surveyed_on": "2018-06-05"}


@pytest.mark.parametrize(("field", "value", "said"), [
    ("id_number", "320413190001010014", "末位校验不符"), ("id_number", "320413190002300011", "出生日期不存在"),
    ("id_number", "3204131900", "18位"), ("id_number", "", "请填写"), ("phone", "12345", "11位手机号"),
    ("opened_on", "18.6.5", "年份只有两位"), ("surveyed_on", "2018-02-30", "没有这一天"),
    ("surveyed_on", "2999-01-01", "不能晚于今天"), ("village", NANYAO, "应为"), ("workers", "两个", "请填数字"),
    ("workers", "600", "1至500"), ("health_certs", "9", "不能多于从业人数"), ("area_m2", "0", "大于0"),
    ("problems", ["none", "dirty"], "不能与其他项同选"), ("surveyor_2", "张桂兰", "不能是同一人"),
    ("water", "rain", "没有“rain”这一项"), ("shop_name", "店" * 101, "最多 100 字"),
])  # fmt: skip
def test_a_wrong_answer_is_named_beside_its_field_and_the_rest_is_kept(as_, field, value, said):
    answer = as_("zhang").post(NEW, paper.workshop(**{field: value}))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert said in str(form[field].errors)
    assert list(form.errors) == [field]
    assert form["address"].value() == "后阳村5组8号"
    assert not Sheet.objects.exists()


def test_a_credit_code_is_asked_only_of_who_has_a_licence_and_checked_within(as_, typed):
    wrong = as_("zhang").post(NEW, paper.workshop(business_licence="held", uscc="91350100M000100Y44"))
    assert "信用代码不正确" in str(wrong.context["form"]["uscc"].errors)
    assert typed("zhang", business_licence="none", uscc="nonsense").answers.get("uscc") is None
    assert typed("zhang", business_licence="held", uscc=paper.CODE.lower()).answers["uscc"] == paper.CODE


def test_an_old_fifteen_digit_number_becomes_eighteen(typed):
    assert typed("zhang", id_number="320413000101001").hidden()["id_number"][:8] == "32041319"


def test_an_unlikely_number_is_asked_about_once_and_then_taken(as_):
    zhang = as_("zhang")
    asked = zhang.post(NEW, paper.workshop(area_m2="900"))
    assert asked.status_code == 200 and "通常在 5 至 500 之间" in asked.content.decode()
    assert not Sheet.objects.exists()
    assert zhang.post(NEW, {**paper.workshop(area_m2="900"), "sure": "1"}).status_code == 302


def test_prohibited_food_is_pointed_out_and_kept_as_a_fact(as_, typed):
    asked = as_("zhang").post(NEW, paper.workshop(food_varieties="黄桃罐头"))
    assert "疑似禁止生产经营" in asked.content.decode()
    sheet = typed("zhang", food_varieties="黄桃罐头")
    assert (sheet.prohibited, sheet.answers["prohibited_found"]) == ("bar", "bar")


def test_photos_come_with_the_sheet_and_survive_a_mistake_elsewhere(as_):
    zhang = as_("zhang")
    wrong = zhang.post(NEW, {**paper.workshop(phone="1"), "photos": [paper.photo(), paper.photo("后厨.jpg", "red")]})
    kept = [held["token"] for held in wrong.context["form"].carried]
    assert wrong.status_code == 422 and len(kept) == 2
    right = zhang.post(NEW, {**paper.workshop(), "kept": kept, "signature": paper.photo("签名.jpg", "white")})
    sheet = Sheet.objects.get()
    assert right.status_code == 302
    assert sheet.missing == ["position"]
    assert sorted(Attachment.objects.filter(subject=sheet.pk).values_list("role", flat=True)) == [
        "photo",
        "photo",
        "signature",
    ]


def test_a_photo_that_is_none_is_refused_beside_its_field(as_):
    fake = paper.SimpleUploadedFile("门头.jpg", b"not a picture at all")
    answer = as_("zhang").post(NEW, {**paper.workshop(), "photos": [fake]})
    assert "不是可用的照片" in str(answer.context["form"]["photos"].errors)


def test_nobody_carries_in_the_picture_of_another(as_, town):
    from sanxiao.survey.intake import Picture

    token = Picture("photos", "x.jpg", "0" * 64).token(town.li)
    answer = as_("zhang").post(NEW, {**paper.workshop(), "kept": [token, "forged"]})
    assert answer.status_code == 302
    assert not Attachment.objects.exists()


def test_a_refused_signature_is_not_missing(typed):
    sheet = typed("zhang", signature_refused="yes", refusal_reason="不在家，家人不肯代签")
    assert "signature" not in sheet.missing


def test_the_same_page_sent_again_adds_no_second_sheet(as_, town):
    zhang = as_("zhang")
    token = zhang.get(NEW).context["token"]
    first = zhang.post(NEW, {**paper.workshop(), "sheet": token})
    again = zhang.post(NEW, {**paper.workshop(), "sheet": token})
    assert first["Location"] == again["Location"]
    assert Sheet.objects.count() == 1


def test_a_point_typed_the_wrong_way_round_is_put_right(typed):
    sheet = typed("zhang", location_lat="119.57", location_lng="31.72")
    assert (sheet.lat, sheet.lng) == (31.72, 119.57)
    assert "position" not in sheet.missing


def test_a_vendor_has_hours_and_a_line_that_is_half_filled_is_named(as_, typed):
    sheet = typed("zhang", "vendor")
    assert sheet.answers["windows"] == [{"weekdays": ["1", "3", "5"], "window_from": "05:30", "window_to": "09:00"}]
    half = as_("zhang").post("/survey/new/vendor", paper.vendor(**{"windows-0-window_to": ""}))
    assert "请填写" in str(half.context["form"]["windows-0-window_to"].errors)


@pytest.mark.parametrize("who", ["qian", "feng", "he", "sun"])
def test_who_fills_no_sheets_cannot_open_the_form(as_, who):
    assert as_(who).get(NEW).status_code == 403
    assert as_(who).post(NEW, paper.workshop()).status_code == 403


def test_the_pages_stand_in_english_too(as_):
    client = as_("zhang")
    client.cookies["django_language"] = "en"
    page = client.get(NEW).content.decode()
    assert "Basic survey of food workshops" in page and "Telephone" in page


@pytest.mark.parametrize("address", ["/survey/", "/survey/new/", "/survey/forms/", "/survey/import/"])
def test_the_pages_of_the_room_open(as_, address):
    assert as_("zhang").get(address).status_code == 200


def test_the_desk_offers_to_fill_a_sheet(as_):
    page = as_("zhang").get("/").content.decode()
    assert reverse("sheet-kinds") in page
    assert reverse("sheet-kinds") not in as_("qian").get("/").content.decode()


def test_a_place_surveyed_again_says_what_changed_before_it_is_saved(as_, tofu):
    told = paper.workshop(shop_name="王家豆腐坊", operator_name="王秀兰", address=tofu.address, water="well",
                          file=str(tofu.pk))  # fmt: skip
    answer = as_("zhang").post("/survey/new/workshop", told)
    page = answer.content.decode()
    changes = answer.context["changes"]
    assert answer.status_code == 200 and Sheet.objects.count() == 0
    assert f"{len(changes.changes)} 项有变化，其余 {len(changes.same)} 项未变" in page
    assert {"供水"} <= {row["label"] for row in changes.changes}
    as_("zhang").post("/survey/new/workshop", {**told, "sure": "1"})
    assert "就是从这一户的档案填起的" in as_("zhang").get(Sheet.objects.get().get_absolute_url()).content.decode()
