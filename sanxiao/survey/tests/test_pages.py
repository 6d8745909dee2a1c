"""Forms, lists, doubles, papers, and the way out and in again."""

import io
import zipfile

import openpyxl
import pytest
from django.core.cache import cache

from sanxiao.archive import doubles
from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event, Rule
from sanxiao.survey import prints, xlsform
from sanxiao.survey.load import load_town, publish
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.tests import paper, steps
from tests.cast import NANYAO, TOWN

pytestmark = pytest.mark.django_db


# --- forms -----------------------------------------------------------------------------------------------------


def test_the_forms_are_published_once_and_their_words_told(town):
    assert load_town(TOWN) == "8 forms, 0 new"
    assert {form.code for form in Form.objects.free()} >= {"revisit", "walk", "check"}
    assert [form.kind_id for form in Form.objects.in_use()] == ["workshop", "vendor", "eatery"]
    labels = Rule.objects.value("labels.workshop", "320413100206")
    assert labels["water"]["choices"]["tap"] == ["自来水", "Tap water"]
    assert labels["buyer_name"]["label"] == "名称"
    assert labels["certificate_displayed"]["label_en"] == "Are the papers on display?"


def test_the_finding_on_prohibited_food_is_said_in_words_on_the_file(as_, town, tofu):
    zhang = as_("zhang")
    assert "<dd>未发现</dd>" in zhang.get(tofu.get_absolute_url()).content.decode()
    zhang.cookies["django_language"] = "en"
    assert "<dd>None found</dd>" in zhang.get(tofu.get_absolute_url()).content.decode()


def test_a_changed_form_is_a_new_version_and_the_old_one_stays(town):
    form = Form.objects.latest_of("workshop")
    said = xlsform.source(TOWN, "workshop")
    next(row for row in said["survey"] if row["name"] == "equipment")["label"] = "主要设备（台）"
    with pytest.raises(ValueError, match="give it a new one"):
        publish(form.kind, said)
    said["settings"][0]["version"] = "2026112301"
    assert publish(form.kind, said)
    assert Form.objects.filter(kind="workshop").count() == 2
    assert Form.objects.latest_of("workshop").questions()["equipment"]["label"] == "主要设备（台）"
    assert Form.objects.get(pk=form.pk).questions()["equipment"]["label"] == "主要设备"


def test_the_xlsform_of_the_day_can_be_downloaded_and_converted(as_, town):
    form = Form.objects.latest_of("vendor")
    book = openpyxl.load_workbook(io.BytesIO(as_("zhang").get(f"/survey/forms/{form.pk}.xlsx").content))
    rows = {name: list(book[name].values) for name in ("survey", "choices", "settings")}
    assert rows["survey"][0][:3] == ("type", "name", "label")
    assert "private" not in rows["survey"][0] and not any("#idcard" in str(row) for row in rows["survey"])
    assert ("village", "320413100206", "后阳村", "Houyang Village") in rows["choices"]
    convert = pytest.importorskip("pyxform.xls2xform").convert
    sheets = {n: [dict(zip(r[0], (v or "" for v in line), strict=True)) for line in r[1:]] for n, r in rows.items()}
    assert "survey_vendor" in convert(xlsform.guarded(sheets)).xform


def test_the_source_can_be_read_with_our_own_columns(as_, town):
    form = Form.objects.latest_of("vendor")
    packed = zipfile.ZipFile(io.BytesIO(as_("zhang").get(f"/survey/forms/{form.pk}.zip").content))
    assert "#prohibited" in packed.read("survey.csv").decode()


# --- lists and pages -------------------------------------------------------------------------------------------


def test_the_list_finds_filters_and_exports(as_, typed, town):
    typed("zhang")
    typed("li", village=NANYAO, shop_name="南瑶油坊", phone="13900000001", id_number=paper.XU)
    zhang, zhou = as_("zhang"), as_("zhou")
    assert "南瑶油坊" not in zhang.get("/survey/").content.decode()
    by_query = {"q=xjyf": 1, "q=徐根宝": 2, "state=received": 2, "state=filed": 0, "missing=photo": 2, "kind=vendor": 0}
    by_query |= {f"area={NANYAO}": 1, "source=desk": 2, "missing=answers": 0}
    for query, hits in by_query.items():
        assert zhou.get(f"/survey/?{query}").context["count"] == hits, query
    assert zhou.get("/survey/?as=xlsx").content[:2] == b"PK"


def test_the_pages_cost_the_same_queries_with_one_sheet_and_with_many(as_, town, django_assert_max_num_queries):
    form = Form.objects.latest_of("workshop")
    sheets = [steps.sheet_of(form, town.zhang, shop_name=f"店{n}", address=f"{n}号") for n in range(8)]
    zhang = as_("zhang")
    with django_assert_max_num_queries(16):
        zhang.get("/survey/")
    with django_assert_max_num_queries(40):
        zhang.get(sheets[0].get_absolute_url())
    with django_assert_max_num_queries(20):
        zhang.get("/survey/new/workshop")


def test_a_received_sheet_waits_on_the_desk_and_on_the_file_it_is_a_tab(as_, typed, town):
    sheet = typed("zhang")
    zhang = as_("zhang")
    assert "徐记油坊" in zhang.get("/").content.decode()
    flow.move(sheet, "file", town.zhang)
    file = Sheet.objects.get().file
    assert sheet.number in zhang.get(f"{file.get_absolute_url()}?tab=sheets").content.decode()


def test_surveying_again_starts_from_the_file_and_keeps_the_numbers(as_, typed, town, tofu):
    zhang = as_("zhang")
    page = zhang.get(f"/survey/new/workshop?file={tofu.pk}")
    form = page.context["form"]
    assert (form["shop_name"].value(), form["water"].value()) == ("王家豆腐坊", "tap")
    assert form["phone"].value() in (None, "") and "13861234567" not in page.content.decode()
    again = paper.workshop(shop_name="王家豆腐坊", operator_name="王秀兰", id_number=None, phone=None)
    assert zhang.post("/survey/new/workshop", {**again, "file": str(tofu.pk), "sure": "1"}).status_code == 302
    assert Sheet.objects.get().hidden()["phone"] == "13861234567"
    assert as_("li").get(f"/survey/new/workshop?file={tofu.pk}").status_code == 404


def test_numbers_are_masked_on_the_sheet_and_revealed_with_a_reason(as_, typed):
    sheet = typed("zhang")
    zhang = as_("zhang")
    page = zhang.get(sheet.get_absolute_url()).content.decode()
    assert "139****5678" in page and "13912345678" not in page and "后阳村5组</" not in page
    show = f"{sheet.get_absolute_url()}reveal"
    assert zhang.post(show, {"field": "phone", "reason": ""}).status_code == 422
    assert "13912345678" in zhang.post(show, {"field": "phone", "reason": "电话核实"}).content.decode()
    event = Event.objects.get(move="reveal")
    assert event.facts["reason"] == "电话核实" and "13912345678" not in str(event.facts)


# --- paper -----------------------------------------------------------------------------------------------------


def test_the_sheet_is_printed_filled_in_with_masked_numbers(as_, town):
    as_("zhang").post("/survey/new/workshop", {**paper.workshop(), "photos": [paper.photo()]})
    sheet = Sheet.objects.get()
    answer = as_("zhang").get(f"{sheet.get_absolute_url()}paper.pdf")
    assert answer.content[:5] == b"%PDF-"
    facts, images = prints.facts_of(sheet, town.zhang)
    told = {q["label"]: q["answer"] for group in facts["groups"] for q in group["questions"]}
    assert told["联系电话"] == "139****5678" and told["加工类别"] == ["oil"]
    assert len(images) == 1 and facts["appendix"] == "附件1"


def test_the_empty_table_is_printed_for_every_kind(as_, town):
    for form in Form.objects.in_use():
        assert as_("zhang").get(f"/survey/forms/{form.pk}.pdf").content[:5] == b"%PDF-"


# --- doubles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed_in", [
    {"phone": "138 6123 4567"}, {"id_number": paper.WANG}, {"shop_name": "王家豆腐"},
    {"shop_name": "王家豆腐店", "location_lat": "31.72001", "location_lng": "119.57001"},
])  # fmt: skip
def test_likely_doubles_show_while_she_types(as_, tofu, typed_in):
    answer = as_("zhang").post("/survey/doubles", {"kind": "workshop", "village": tofu.area, **typed_in})
    assert "王家豆腐坊" in answer.content.decode()


def test_of_a_double_elsewhere_she_learns_only_that_there_may_be_one(as_, tofu):
    li = as_("li")
    said = li.post("/survey/doubles", {"kind": "workshop", "village": NANYAO, "phone": "13861234567"}).content.decode()
    assert "请问食安办" in said and "王家豆腐坊" not in said
    for _time in range(doubles.ASKS_AN_HOUR):
        last = li.post("/survey/doubles", {"kind": "workshop", "village": NANYAO, "phone": "13861234567"})
    assert "请问食安办" not in last.content.decode()
    cache.clear()
    stranger = li.post("/survey/doubles", {"village": tofu.area, "phone": "13861234567"}).content.decode()
    assert not stranger.strip()


def test_the_list_of_doubles_offers_the_merge_to_who_may(as_, town, tofu):
    from tests.cast import tofu_shop

    other = tofu_shop(town.zhang, name="王家豆腐店", lat=31.72001, lng=119.57001)
    page = as_("zhou").get("/archive/doubles/").content.decode()
    assert "/do/archive.merge/new/merge?file=" in page and str(other.pk) in page
    assert as_("zhang").get("/archive/doubles/").status_code == 404
    Establishment.objects.filter(pk=other.pk).update(merged_into=tofu)
    assert not doubles.pairs_for(town.zhou)


def test_neighbours_across_a_square_are_still_compared():
    by = doubles.Measure()
    shelves = doubles.Shelves(by)
    for step in range(200):
        lat = 31.7 + step * 0.0000317
        shelves.put(doubles.Likeness("workshop", "a", "顺兴油坊", lat=lat, lng=119.5))
        near = doubles.Likeness("workshop", "b", "顺兴油坊", lat=lat + 0.00016, lng=119.5)
        assert shelves.near(near), step


# --- out and in again ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["workshop", "vendor"])
def test_an_exported_list_can_be_imported_again_and_adds_nothing(as_, typed, town, tmp_path, kind):
    from sanxiao.survey.tests.test_ledger import tried

    sheet = typed("zhang", kind)
    flow.move(sheet, "file", town.zhang)
    zhang = as_("zhang")
    for what in ("sheets", "files"):
        path = tmp_path / f"{what}.xlsx"
        path.write_bytes(zhang.get(f"/survey/export/{kind}/{what}.xlsx").content)
        assert "13912345678" not in str(list(openpyxl.load_workbook(path).active.values))
        ledger = tried(zhang, path, kind=kind)
        assert ledger.result["errors"] == 0, ledger.result["groups"]
        assert (ledger.result["good"], ledger.result["taken"]) == (0, 1)
