"""Pitches, photos, full numbers, paper, the map and the list of classes."""

import struct
import zlib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sanxiao.archive.models import Classification, Establishment, Pitch
from sanxiao.archive.prints import whole
from sanxiao.docket import files, flow, rooms
from sanxiao.docket.models import Attachment, Event
from sanxiao.office.now import at
from sanxiao.papers import pdf
from tests import cast
from tests.cast import HOUYANG

from .conftest import jpeg


@pytest.fixture
def pancakes(town):
    """A pancake stall in 后阳村."""
    nowhere = {"lat": None, "lng": None, "point_source": ""}
    return cast.tofu_shop(town.zhang, kind_id="vendor", name="李记煎饼", mobile=True, **nowhere)


# Pitches

MORNING = {
    "name": "菜场东门3号位", "market_days": "农历逢三、逢八", "lat": "31.723", "lng": "119.568", "since": "2018-05-01",
    "days_0": ["1", "2", "3"], "from_0": "05:30", "to_0": "09:00", "version": 1,
}  # fmt: skip


def test_a_pitch_has_a_place_weekly_hours_and_market_days(as_, pancakes):
    zhang = as_("zhang")
    assert zhang.post(f"/archive/{pancakes.pk}/pitch", MORNING).status_code == 302
    spot = Pitch.objects.get()
    assert spot.windows == [{"days": [1, 2, 3], "from": "05:30", "to": "09:00"}]
    page = zhang.get(pancakes.get_absolute_url()).content.decode()
    assert "周一、周二、周三 05:30–09:00" in page and "农历逢三、逢八" in page
    event = Event.objects.get(move="pitch")
    assert (event.facts["pitch"], event.facts["changes"]["lat"]) == ("菜场东门3号位", [None, 31.723])


def test_a_changed_pitch_says_from_and_to_and_an_old_page_is_refused(as_, pancakes):
    zhang = as_("zhang")
    zhang.post(f"/archive/{pancakes.pk}/pitch", MORNING)
    url = f"/archive/{pancakes.pk}/pitch/{Pitch.objects.get().pk}"
    assert 'value="05:30"' in zhang.get(url).content.decode()
    assert zhang.post(url, MORNING | {"name": "西门", "version": 2}).status_code == 302
    assert Event.objects.filter(move="pitch").last().facts["changes"] == {"name": ["菜场东门3号位", "西门"]}
    old = zhang.post(url, MORNING | {"name": "北门", "version": 2})
    assert old.status_code == 409 and "北门" in old.content.decode()
    assert Pitch.objects.get().name == "西门"


def test_half_a_window_half_a_point_and_a_wrong_end_are_named(as_, pancakes):
    said = MORNING | {"to_0": "", "lng": "", "until": "2018-04-01"}
    answer = as_("zhang").post(f"/archive/{pancakes.pk}/pitch", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("时段要写全", "经度和纬度要一起填写", "不能早于开始出摊"):
        assert words in page
    assert "菜场东门3号位" in page and not Pitch.objects.exists()


def test_a_neighbour_and_a_reader_change_no_pitch(as_, pancakes):
    for other in ("li", "sun"):
        assert as_(other).post(f"/archive/{pancakes.pk}/pitch", MORNING).status_code == 404


def test_pitches_stand_on_the_map(as_, pancakes, tofu):
    zhang = as_("zhang")
    zhang.post(f"/archive/{pancakes.pk}/pitch", MORNING)
    points = zhang.get("/archive/map/points").json()["features"]
    assert {tuple(p["geometry"]["coordinates"]) for p in points} == {(119.57, 31.72), (119.568, 31.723)}
    only = zhang.get("/archive/map/points", {"only": pancakes.pk}).json()["features"]
    assert [p["properties"]["note"] for p in only] == ["食品摊贩 · 菜场东门3号位"]
    assert as_("li").get("/archive/map/points").json()["features"] == []


def test_who_stands_at_a_pitch_is_on_the_map_once_and_who_has_no_point_is_counted(as_, town, pancakes, tofu):
    zhang = as_("zhang")
    zhang.post(f"/archive/{pancakes.pk}/pitch", MORNING)
    type(pancakes).objects.filter(pk=pancakes.pk).update(lat=31.7, lng=119.5)
    type(tofu).objects.filter(pk=tofu.pk).update(lat=None, lng=None)
    answer = zhang.get("/archive/map/points").json()
    assert [p["geometry"]["coordinates"] for p in answer["features"]] == [[119.568, 31.723]]
    assert answer["unplaced"] == 1


@pytest.mark.parametrize(
    "query", [{"bbox": "nan,1,2,3"}, {"bbox": "1,2"}, {"only": "abc"}, {"only": "\x00"}, {"q": "\x00"}]
)
def test_a_strange_map_query_breaks_nothing(as_, tofu, query):
    assert as_("zhang").get("/archive/map/points", query).status_code == 200


@pytest.mark.parametrize("query", [{"after": "abc"}, {"after": "W251bGwsIG51bGxd"}, {"after": "WyIyMDE4IiwgIngiXQ=="},
                                   {"q": "%" * 5000}, {"sort": "x"}, {"area": "\x00"}])  # fmt: skip
def test_a_strange_list_query_breaks_nothing(as_, tofu, query):
    assert as_("zhang").get("/archive/", query).status_code == 200


# Photos and documents


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def bomb() -> bytes:
    """A PNG of a few bytes that claims 60 000 × 60 000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_photo_is_added_shown_and_no_longer_missing(as_, tofu, photo):
    Establishment.objects.update(missing=["photo"])
    zhang = as_("zhang")
    zhang.post(f"/archive/{tofu.pk}/attach", {"photo": photo, "caption": "门面"})
    assert Establishment.objects.get().missing == []
    assert "门面" in zhang.get(tofu.get_absolute_url()).content.decode()
    assert Event.objects.get(move="attach").facts == {"files": ["门面"]}


def test_good_photos_beside_bad_ones_are_kept_and_each_bad_one_is_named(as_, tofu, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    sent = [
        upload("好.jpg", jpeg()), upload("文字.jpg", b"not a photo"), upload("炸弹.png", bomb()),
        upload("太大.jpg", jpeg() + b"\0" * 100_000), upload("半张.jpg", jpeg()[:400]), upload("网页.svg", b"<svg/>"),
    ]  # fmt: skip
    page = as_("zhang").post(f"/archive/{tofu.pk}/attach", {"photo": sent}, follow=True).content.decode()
    assert [each.name for each in Attachment.objects.all()] == ["好.jpg"]
    assert "已添加 1 个文件" in page
    for name, words in (("文字.jpg", "不是可用的照片"), ("炸弹.png", "像素过大"), ("太大.jpg", "超过 20 MB"),
                        ("半张.jpg", "不是可用的照片"), ("网页.svg", "不是可用的照片")):  # fmt: skip
        assert f"{name}：" in page and words in page


def test_nothing_chosen_is_said_so(as_, tofu):
    page = as_("zhang").post(f"/archive/{tofu.pk}/attach", {}, follow=True).content.decode()
    assert "还没有选照片或文件" in page


def test_a_wrong_photo_is_voided_with_a_reason_and_stays_visible(as_, tofu, photo):
    zhang = as_("zhang")
    zhang.post(f"/archive/{tofu.pk}/attach", {"photo": photo})
    each = Attachment.objects.get()
    url = f"/archive/{tofu.pk}/void/{each.pk}"
    assert zhang.post(url, {"reason": ""}).status_code == 422
    assert as_("li").post(url, {"reason": "x"}).status_code == as_("sun").post(url, {"reason": "x"}).status_code == 404
    assert zhang.post(url, {"reason": "对象错误"}).status_code == 302
    assert "已作废：对象错误" in zhang.get(tofu.get_absolute_url() + "?tab=files").content.decode()
    assert Event.objects.get(move="void_file").facts == {"files": ["门头.jpg"], "reason": "对象错误"}
    assert zhang.post(url, {"reason": "再来"}).status_code == 404


# Full numbers


def test_a_full_number_is_shown_with_its_reason_with_and_without_scripts(as_, tofu):
    zhang, url = as_("zhang"), f"/archive/{tofu.pk}/reveal"
    said = {"field": "phone", "reason": "联系经营者"}
    whole_page = zhang.post(url, said)
    part = zhang.post(url, said, headers={"hx-request": "true"})
    assert "13861234567" in whole_page.content.decode() and "返回档案" in whole_page.content.decode()
    assert part.content.decode().strip().startswith("<strong")
    assert whole_page["Cache-Control"] == part["Cache-Control"] == "private, no-store"
    event = Event.objects.filter(move="reveal").first()
    assert (event.actor.username, event.facts) == ("zhang", {"field": "phone", "reason": "联系经营者"})


def test_the_log_shows_who_looked_and_why_but_not_what(as_, tofu):
    zhang = as_("zhang")
    zhang.post(f"/archive/{tofu.pk}/reveal", {"field": "id_number", "reason": "核对身份"})
    page = zhang.get(tofu.get_absolute_url()).content.decode()
    assert "查看完整号码" in page and "核对身份" in page and "证件号码" in page
    assert "320413190001010015" not in page


def test_without_a_reason_without_the_right_or_too_often_there_is_no_number(as_, tofu, monkeypatch):
    monkeypatch.setattr("sanxiao.archive.personal.A_DAY", 2)
    zhang, url, said = as_("zhang"), f"/archive/{tofu.pk}/reveal", {"field": "phone", "reason": "联系经营者"}
    assert zhang.post(url, said | {"reason": " "}).status_code == 422
    assert zhang.post(url, said | {"field": "password"}).status_code == 422
    assert as_("sun").post(url, said).status_code == 403
    assert as_("li").post(url, said).status_code == 404
    assert [zhang.post(url, said).status_code for _n in range(3)] == [200, 200, 403]
    assert "请明天再试" in zhang.post(url, said).content.decode()


# Corrections


def test_wrong_numbers_are_named_and_nothing_typed_is_lost(as_, tofu):
    said = {
        "name": "王记豆腐", "address": tofu.address, "lat": "31.7", "lng": "", "version": 1, "operator_name": "王秀兰",
        "id_type": "id_card", "id_number": "320413190001010014", "phone": "1386", "home": "",
        "credit_code": "91320413MA1X",
    }  # fmt: skip
    answer = as_("zhang").post(f"/archive/{tofu.pk}/edit", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("最后一位对不上", "电话不正确", "统一社会信用代码不正确", "经度和纬度要一起填写", "王记豆腐"):
        assert words in page
    assert Event.objects.filter(move="amend").count() == 0


def test_two_people_correct_at_once_and_the_second_sees_what_changed(as_, town, tofu):
    flow.amend(tofu, town.chen, "file.edit", address="后阳村新街3号")
    said = {
        "name": "王记豆腐", "address": "后阳村老街12号", "lat": "31.72", "lng": "119.57", "version": 1,
        "operator_name": "王秀兰", "id_type": "id_card", "home": "后阳村3组", "phone": "13900001111",
    }  # fmt: skip
    zhang = as_("zhang")
    answer = zhang.post(f"/archive/{tofu.pk}/edit", said)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "后阳村新街3号" in page and "王记豆腐" in page and 'value="2"' in page
    assert Establishment.objects.get().operator.phone == "13861234567"  # all or nothing
    assert zhang.post(f"/archive/{tofu.pk}/edit", said | {"version": 2}).status_code == 302


# Paper


def test_the_whole_file_on_paper_has_masked_numbers_and_every_part(town, tofu, photo, as_):
    zhang = as_("zhang")
    zhang.post(f"/archive/{tofu.pk}/attach", {"photo": photo, "caption": "门面"})
    decided(town, tofu)
    facts, images = whole(Establishment.objects.get(), town.zhang)
    assert facts["qr"].endswith(tofu.get_absolute_url())
    assert ["联系电话", "138****4567"] in facts["blocks"][0]["rows"]
    assert "13861234567" not in str(facts) and "320413190001010015" not in str(facts)
    assert facts["timeline"][0]["what"] == "建档 档案"
    assert [t["title"] for t in facts["tables"]] == ["分类处置", "风险等级 B（39 分）"]
    assert facts["photos"][0]["caption"] == "门面" and len(images) == 1


def test_printing_is_logged_and_a_neighbour_prints_nothing(as_, tofu, monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda *_args, **_kwargs: b"%PDF-1.7")
    url = f"/archive/{tofu.pk}/print"
    answer = as_("zhang").get(url)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert Event.objects.filter(move="print").count() == 1
    assert as_("li").get(url).status_code == 404


def test_rooms_above_hand_down_their_tables(town, tofu, monkeypatch):
    table = {"title": "责令改正", "columns": [{"label": "文号"}], "rows": [["5号"]]}
    gather = rooms.gather
    monkeypatch.setattr(rooms, "gather", lambda part, *a: [table] if part == "print_tables" else gather(part, *a))
    assert table in whole(tofu, town.zhang)[0]["tables"]


# Classes as of a day


def decided(town, file, batch="regulate") -> None:
    opinion = Classification(file=file, area=file.area)
    flow.move(opinion, "propose", town.zhang, proposed_case="1", proposed_batch=batch)
    flow.move(opinion, "decide", town.chen, case="1", batch=batch)


def test_a_past_quarter_is_shown_as_it_was(as_, town, tofu):
    with at(date(2018, 6, 5)):
        decided(town, tofu)
    with at(date(2018, 11, 1)):
        decided(town, Establishment.objects.get(), batch="upgrade")
    chen = as_("chen")
    batches = {"2018-06-04": set(), "2018-09-30": {"规范"}, "2018-11-01": {"提升"}, "": {"提升"}}
    for day, shown in batches.items():
        rows = chen.get("/archive/classes/", {"on": day}).context["rows"]
        assert {line["cells"][6]["value"] for line in rows} == shown, day
    assert as_("li").get("/archive/classes/").context["rows"] == []


def test_the_list_of_classes_exports_the_day_and_forgives_a_wrong_one(as_, town, tofu):
    decided(town, tofu)
    chen = as_("chen")
    book = chen.get("/archive/classes/", {"on": "2018-09-30", "as": "xlsx"})
    assert "2018-09-30" in book["Content-Disposition"]
    for wrong in ("30.9.2018", "2018-99-99", "\x00"):
        assert "日期不对" in chen.get("/archive/classes/", {"on": wrong}).content.decode()


def test_two_files_found_to_be_one_count_as_one(town, tofu):
    other = cast.tofu_shop(town.zhang, name="豆腐王")
    decided(town, tofu)
    decided(town, other)
    Establishment.objects.filter(pk=other.pk).update(merged_into=tofu)
    assert [row.file_id for row in Classification.objects.as_of(date.today())] == [tofu.pk]  # noqa: DTZ011


# The page


def test_the_page_leads_with_what_this_person_can_do_next(as_, town, tofu):
    assert "提出分类意见" in as_("zhang").get(tofu.get_absolute_url()).content.decode()
    opinion = Classification(file=tofu, area=tofu.area)
    flow.move(opinion, "propose", town.zhang, proposed_case="1", proposed_batch="regulate")
    lines = as_("chen").get(tofu.get_absolute_url()).context["waiting"]
    assert [(line["obj"], line["acts"]) for line in lines] == [(opinion, "审定分类")]
    assert as_("zhang").get(tofu.get_absolute_url()).context["waiting"] == []


def test_the_page_costs_the_same_with_a_long_life(as_, town, tofu, django_assert_max_num_queries, photo):
    chen = as_("chen")
    flow.amend(tofu, town.chen, "file.edit", officer=town.chen)
    chen.post(f"/archive/{tofu.pk}/attach", {"photo": photo})
    decided(town, Establishment.objects.get())
    chen.get(tofu.get_absolute_url())
    with django_assert_max_num_queries(PAGE_QUERIES) as short:
        chen.get(tofu.get_absolute_url())
    for n in range(8):
        flow.amend(Establishment.objects.get(), town.chen, "file.edit", warden=f"网格员{n}")
        Pitch.objects.create(file=tofu, area=HOUYANG, name=f"{n}号位")
    with django_assert_max_num_queries(len(short)):
        page = chen.get(tofu.get_absolute_url()).content.decode()
    assert "陈伟" in page


PAGE_QUERIES = 76  # a few for every room that hands a tab down


def test_very_long_names_and_no_facts_at_all_still_make_a_page(as_, town):
    file = cast.tofu_shop(town.zhang, name="豆" * 100, address="街" * 160)
    bare = {"facts": {}, "number": "", "lat": None, "lng": None, "missing": ["photo", "position"]}
    Establishment.objects.filter(pk=file.pk).update(**bare)
    page = as_("zhang").get(file.get_absolute_url())
    assert page.status_code == 200
    assert "这份档案还缺" in page.content.decode()


# Where a photo was taken


@pytest.mark.parametrize(("metres", "warned"), [(300, False), (900, True)])
def test_a_photo_from_far_away_is_asked_about_in_mild_words(metres, warned, as_, tofu, town):
    tofu.lat, tofu.lng = 31.75, 119.58
    tofu.save()
    files.keep(tofu, jpeg(), "门头.jpg", town.zhang, place=(31.75 + metres / 111_195, 119.58))
    page = as_("zhang").get(tofu.get_absolute_url() + "?tab=files").content.decode()
    assert ("离档案位置" in page) is warned


@pytest.mark.parametrize(("within", "said"), [(35, "米（±35 米），请核对"), (600, "")])
def test_a_phone_that_knew_its_place_badly_is_believed_so_far(within, said, as_, tofu, town):
    tofu.lat, tofu.lng = 31.75, 119.58
    tofu.save()
    place = (31.75 + 900 / 111_195, 119.58)
    files.keep(tofu, jpeg(), "门头.jpg", town.zhang, place=place, accuracy=within, mock=True)
    page = as_("zhang").get(tofu.get_absolute_url() + "?tab=files").content.decode()
    assert f"±{within} m" in page and "模拟位置" in page
    assert said in page and ("离档案位置" in page) is bool(said)


def test_a_photo_at_a_pitch_of_the_vendor_is_at_its_place(as_, tofu, town):
    tofu.lat, tofu.lng = 31.75, 119.58
    tofu.save()
    Pitch.objects.create(file=tofu, area=tofu.area, name="菜场门口", lat=31.77, lng=119.58)
    files.keep(tofu, jpeg(), "摊位.jpg", town.zhang, place=(31.77, 119.58))
    assert "离档案位置" not in as_("zhang").get(tofu.get_absolute_url() + "?tab=files").content.decode()
