"""What people see of samples, and what they press."""

import json
from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Attachment
from sanxiao.docket.rooms import Filled
from sanxiao.inspection.tests import steps as orders
from sanxiao.papers import excel
from sanxiao.risk import weights as risk
from sanxiao.sampling import panels, say, sheet
from sanxiao.sampling.models import Result
from sanxiao.sampling.plan_models import Plan
from sanxiao.sampling.tests import steps
from tests import cast


def do(obj, move):
    return f"/do/{obj.flow.key}/{obj.pk}/{move}"


def page_of(client, url, **params):
    answer = client.get(url, params)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def typed(**more):
    """The form as the desk posts it."""
    return {name: "" if value is None else str(value) for name, value in steps.answers(**more).items()}


def upload(data=steps.PDF, name="报告.pdf"):
    return SimpleUploadedFile(name, data, "application/pdf")


# --- the plan


def test_chen_plans_at_the_desk_and_a_leader_reads_it_at_once(as_, june, town, tofu):
    chen = as_("chen")
    said = {"year": "2018", "title": "2018年食品三小抽检计划", "organiser": "金坛区市场监督管理局", "note": "",
            "items-1-kind": "workshop", "items-1-count": "1", "items-3-food": "soy", "items-3-count": "4"}  # fmt: skip
    answer = chen.post("/do/sampling.plan/new/make", said)
    assert answer.status_code == 302, answer.content.decode()
    plan = Plan.objects.get()
    chen.post(do(plan, "publish"), {"published_on": "2018-06-05"})
    chen.post(do(plan, "draw"), {"seed": steps.SEED})
    page = page_of(as_("sun"), plan.get_absolute_url())
    assert "食品小作坊" in page
    assert f"/sampling/?plan={plan.pk}&amp;quota={plan.quotas.first().pk}&amp;stage=drawn" in page
    assert page_of(as_("sun"), "/sampling/", plan=plan.pk, stage="drawn").count("王家豆腐坊") == 1


def test_a_plan_without_a_number_or_with_a_wrong_one_is_asked_for(as_, june, town):
    said = {"year": "2018", "title": "计划", "organiser": "局", "items-1-kind": "workshop"}
    page = as_("chen").post("/do/sampling.plan/new/make", said)
    assert (page.status_code, "请至少填一行批次" in page.content.decode()) == (422, True)
    page = as_("chen").post("/do/sampling.plan/new/make", said | {"items-1-count": "-3"})
    assert (page.status_code, Plan.objects.exists()) == (422, False)


def test_a_plan_is_made_as_json_too(as_, june, town):
    body = {"year": 2018, "title": "计划", "organiser": "局", "lines": [{"kind": "workshop", "count": 2}, {"count": 5}]}
    answer = as_("chen").post("/do/sampling.plan/new/make", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.json()
    assert [q.count for q in Plan.objects.get().quotas.all()] == [2, 5]


# --- the form


def test_the_form_is_prefilled_and_names_the_place(as_, waiting):
    page = page_of(as_("chen"), do(waiting, "take"))
    assert "被抽样单位：王家豆腐坊，后阳村老街12号" in page
    assert 'value="2018-06-05"' in page
    assert '<option value="吴昊" selected>' in page


def test_chen_fills_it_in_at_the_desk_with_its_photos(as_, waiting):
    photo = SimpleUploadedFile("样品.jpg", steps.picture(), "image/jpeg")
    answer = as_("chen").post(do(waiting, "take"), typed() | {"photo_sample": photo})
    assert answer.status_code == 302, answer.content.decode()
    sample = steps.again(waiting)
    assert (sample.state, sample.answers["spec"], sample.parts.count()) == ("sampled", "散装", 2)
    assert Attachment.objects.get(subject=sample.pk).role == "photo"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"food_name": ""}, "请填写"),
        ({"spare_quantity": 40}, "不能多于抽样基数"),
        ({"seal_spare": "F0001"}, "各有各的封签号"),
        ({"taken_on": "2018-06-06"}, "不能晚于今天"),
        ({"paid": -1}, "请填0至100000"),
        ({"quantity": "一斤"}, "数"),
        ({"barcode": "12"}, "8至14位"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_nothing_typed_is_lost(as_, waiting, wrong, why):
    answer = as_("chen").post(do(waiting, "take"), typed(packing="专用袋", **wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert why in page
    assert "专用袋" in page
    assert steps.again(waiting).state == "drawn"


def test_a_doubled_number_is_told_at_its_field(as_, town, tofu, sampled):
    flow.move(sampled, "void", town.chen, reason="破损")
    second = steps.target(tofu, town.chen)
    said = typed(paper_number=sampled.number, seal_test="F7", seal_spare="F8")
    answer = as_("chen").post(do(second, "take"), said)
    assert (answer.status_code, "已用于另一批样品" in answer.content.decode()) == (422, True)


def test_the_form_prints_empty_and_filled_as_pdf_and_word(as_, waiting, town):
    chen = as_("chen")
    for state in ("empty", "filled"):
        if state == "filled":
            steps.take(waiting, town.chen)
        assert chen.get(f"/sampling/{waiting.pk}/form.pdf").content.startswith(b"%PDF")
        assert chen.get(f"/sampling/{waiting.pk}/form.docx").content.startswith(b"PK")
    assert chen.get(f"/sampling/{waiting.pk}/form.exe").status_code == 404
    assert as_("li").get(f"/sampling/{waiting.pk}/form.pdf").status_code == 404


def test_the_printed_form_masks_personal_numbers(town, sampled):
    facts, _images = sheet.facts_of(sampled, town.chen)
    said = json.dumps(facts, ensure_ascii=False)
    assert "13861234567" not in said
    assert "320413190001010015" not in said
    assert "王秀兰" in said
    assert "F0001" in said


# --- by phone


def phoned(town, tofu, **more):
    """The form as the inbox hands it on."""
    told = {name: "" if value is None else str(value) for name, value in steps.answers(**more).items()}
    key = "6f0c8f6e-2b1f-4a51-9a6b-0f0c8f6e2b1f"
    return Filled(UUID(key), sheet.form(), tofu.area, town.chen, told, {}, {}, steps.JUNE, place=tofu.pk)


def test_a_form_from_the_phone_belongs_to_the_sample_that_waits_there(town, waiting, tofu):
    taken = sheet.take(phoned(town, tofu))
    assert (taken.subject.pk, steps.again(waiting).state) == (waiting.pk, "sampled")
    assert sheet.take(phoned(town, tofu)).subject.pk == waiting.pk  # the phone sends it again


def test_a_form_for_a_place_that_was_not_drawn_is_refused_in_words(town, june, tofu):
    with pytest.raises(flow.Refused, match="没有等待抽样的任务"):
        sheet.take(phoned(town, tofu))


def test_a_form_from_the_phone_with_wrong_answers_says_which(town, waiting, tofu):
    with pytest.raises(flow.Refused, match="备份样品数量：检验样品与备份样品之和"):
        sheet.take(phoned(town, tofu, spare_quantity=90))
    assert steps.again(waiting).state == "drawn"


def test_the_phone_shows_what_is_drawn_and_not_yet_sampled(town, waiting):
    errand = next(panels.errands(town.chen))
    assert (errand.place, errand.form, errand.note) == ("王家豆腐坊", "sampling", "、".join(waiting.samplers))
    assert not list(panels.errands(town.zhang))
    steps.take(waiting, town.chen)
    assert not list(panels.errands(town.chen))


# --- results


def rows_of(*rows):
    """Posted rows of a report."""
    return {f"items-{n}-{k}": v for n, row in enumerate(rows, 20) for k, v in row.items()}


def test_results_are_typed_from_the_report(as_, testing):
    said = {"concluded_on": "2018-06-05", "report_no": "J1"}
    usual = {
        "items-1-item": steps.BAD["item"],
        "items-1-result": "1.4",
        "items-1-limit_kind": "max",
        "items-1-limit": "1.0",
        "items-1-verdict": "fail",
        "items-1-breach": "limit",
    }
    answer = as_("chen").post(do(testing, "conclude"), said | usual)
    assert answer.status_code == 302, answer.content.decode()
    assert Result.objects.get().breach == "limit"


def test_a_row_without_a_limit_is_told_and_the_others_stay(as_, testing):
    said = {"concluded_on": "2018-06-05", "report_no": "J1", "items-1-item": "甲", "items-1-result": "7.77",
            "items-1-limit_kind": "max", "items-1-verdict": "pass"}  # fmt: skip
    answer = as_("chen").post(do(testing, "conclude"), said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有限量就不能判定" in page
    assert "7.77" in page


def test_the_report_is_a_pdf_and_a_wrong_file_is_refused_in_words(as_, town, testing):
    sample = steps.conclude(testing, town.chen)
    wrong = as_("chen").post(
        do(sample, "receive"), {"received_on": "2018-06-05", "lab_report": upload(b"hello", "报告.docx")}
    )
    assert (wrong.status_code, "不是 PDF 文件" in wrong.content.decode()) == (422, True)
    good = as_("chen").post(do(sample, "receive"), {"received_on": "2018-06-05", "lab_report": upload()})
    assert good.status_code == 302, good.content.decode()
    assert steps.again(sample).state == "failed"


HEADS = [
    "抽样单编号",
    "检验报告编号",
    "检验结论日期",
    "检验项目",
    "实测值",
    "单位",
    "限量类型",
    "限量",
    "判定依据",
    "检验方法",
    "单项结论",
    "不合格类型",
]


def workbook(*rows, heads=HEADS):
    """A laboratory's workbook."""
    return excel.sheet("结果", [excel.Column(h, h) for h in heads], [list(row) for row in rows])


def line(number, item="铅", value="0.1", limit="0.5", verdict="合格", breach="", kind="不超过"):
    return [number, "J9", "2018-06-05", item, value, "mg/kg", kind, limit, "GB 2762", "GB 5009.12", verdict, breach]


def imported(client, book, **more):
    return client.post("/sampling/results/", {"workbook": SimpleUploadedFile("r.xlsx", book), **more})


def test_results_are_imported_whole_sample_by_whole_sample(as_, town, testing):
    answer = imported(
        as_("chen"), workbook(line(testing.number), line(testing.number, "镉", "2", verdict="不合格", breach="其他"))
    )
    assert answer.status_code == 200, answer.content.decode()
    sample = steps.again(testing)
    assert (sample.state, sample.verdict, sample.report_no) == ("concluded", "fail", "J9")


def test_every_error_of_every_row_is_told_at_once_and_the_good_sample_is_kept(as_, town, testing, tofu):
    second = steps.target(tofu, town.chen)
    second = steps.take(second, town.chen, seal_test="F3", seal_spare="F4")
    second = steps.accept(steps.send(second, town.chen), town.chen)
    book = workbook(
        line(testing.number),
        line(second.number, limit=""),
        line(second.number, "镉", verdict="不合格"),
        line("没有这个"),
        line(""),
        line(second.number, "铬", verdict="也许"),
    )
    answer = imported(as_("chen"), book)
    page = answer.content.decode()
    assert answer.status_code == 422
    for why in ("没有限量", "不合格的须写明类型", "没有这个抽样单编号", "请填抽样单编号", "请选单项结论"):
        assert why in page
    assert (steps.again(testing).state, steps.again(second).state) == ("concluded", "testing")
    marked = imported(as_("chen"), book, marked="1")
    assert "错误" in str(excel.read(marked.content).pages[0].rows[0].values)


@pytest.mark.parametrize(
    ("book", "why"),
    [(b"hello", "不是 Excel"), (workbook([1], heads=["甲"]), "没有找到表头"), (workbook(heads=HEADS), "没有检验结果"),
     (workbook(["1"], heads=["抽样单编号"]), "缺少这些列")],
)  # fmt: skip
def test_a_workbook_that_is_none_is_refused_in_words(as_, june, town, book, why):
    answer = imported(as_("chen"), book)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)


def test_a_workbook_twice_adds_nothing(as_, town, testing):
    book = workbook(line(testing.number))
    imported(as_("chen"), book)
    assert "不等结果" in imported(as_("chen"), book).content.decode()
    assert Result.objects.count() == 1


def test_the_template_comes_with_the_samples_that_wait(as_, town, testing):
    book = excel.read(as_("chen").get("/sampling/results/?as=xlsx").content)
    assert [row.values[0] for row in book.pages[0].rows].count(testing.number) == 7
    assert as_("zhang").get("/sampling/results/").status_code == 403


# --- pages and scope


def test_the_order_that_a_failed_sample_calls_for_begins_on_its_page(as_, town, served):
    issue = f"/do/inspection.order/new/issue?file={served.file_id}"
    assert issue in page_of(as_("chen"), served.get_absolute_url())
    assert issue not in page_of(as_("zhang"), served.get_absolute_url())  # a village orders nothing
    orders.issue(served.file, town.chen, orders.item())
    assert issue not in page_of(as_("chen"), served.get_absolute_url())  # it is linked now


def test_the_page_of_a_sample_tells_all_of_it(as_, town, served):
    page = page_of(as_("chen"), served.get_absolute_url())
    for word in ("苯甲酸", "F0002", "登记复检申请", "期限还没有满", "责令停止销售", "2018-06-14"):
        assert word in page
    page = page_of(as_("zhang"), served.get_absolute_url())
    assert "登记复检申请" not in page
    assert as_("li").get(served.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("path", ["/sampling/", "/sampling/plans/", "/sampling/quick/", "/sampling/published/"])
def test_lists_are_read_empty_and_exported(as_, june, town, path):
    assert "empty" in page_of(as_("chen"), path)
    assert as_("chen").get(path, {"as": "xlsx"}).content.startswith(b"PK")


def test_a_list_costs_the_same_with_one_row_and_with_many(as_, town, waiting, tofu):
    chen = as_("chen")
    page_of(chen, "/sampling/")
    with CaptureQueriesContext(connection) as one:
        page_of(chen, "/sampling/")
    for n in range(6):
        steps.target(cast.tofu_shop(town.zhang, name=f"第{n}家"), town.chen)
    with CaptureQueriesContext(connection) as many:
        page_of(chen, "/sampling/")
    assert len(one) == len(many)


def test_filters_find_what_they_say(as_, town, served, tofu):
    steps.target(tofu, town.chen)
    chen = as_("chen")
    for params, count in (
        ({"stage": "failed"}, 1),
        ({"stage": "waiting"}, 1),
        ({"breach": "limit"}, 1),
        ({"breach": "illegal"}, 0),
        ({"state": "served"}, 1),
        ({"due": "late"}, 0),
        ({"q": "F0"}, 0),
        ({"q": "豆腐坊"}, 2),
    ):
        assert f"{count} 条" in page_of(chen, "/sampling/", **params), params


def test_the_files_tab_the_print_and_the_first_acts(as_, town, served, tofu):
    page = page_of(as_("chen"), tofu.get_absolute_url(), tab="sample")
    assert "苯甲酸" in page
    assert "列入抽检" in page
    assert as_("chen").get(f"/files/{tofu.pk}/print").status_code in (200, 404)
    table = next(panels.print_tables(tofu, town.chen))
    assert table["rows"][0][4] == steps.BAD["item"]


def test_a_failed_sample_counts_for_the_risk_from_the_day_it_was_known(town, served, tofu):
    day = date(2018, 6, 4)
    assert panels.risk_facts([tofu.pk], day) == {}
    kinds = [fact.kind for fact in panels.risk_facts([tofu.pk], steps.JUNE)[tofu.pk]]
    assert kinds == ["sampled", "sample_failed"]
    assert any("不合格" in reason for reason in risk.weights([tofu.pk], steps.JUNE)[tofu.pk].reasons)


def test_the_desk_counts_what_still_wants_a_first_act(as_, town, served):
    names = {c.name: c.count for c in panels.candidates(town.chen)}
    assert names["不合格，还没有责令停止销售"] == 1
    assert "不合格，还没有责令停止销售" in page_of(as_("chen"), "/")


def test_an_english_screen_is_english(as_, town, served):
    with override("en"):
        assert str(served.state_row.name) == "Being dealt with"
    client = as_("chen")
    client.cookies["django_language"] = "en"
    page = page_of(client, served.get_absolute_url())
    assert "Laboratory result" in page


def test_every_form_of_the_room_is_collected_for_the_phone():
    assert rooms.fill_for("sampling").duty == "sample.take"


def test_the_form_offers_the_foods_of_the_town_and_no_others(june, town):
    listed = sheet.form().definition["choices"]["food"]
    assert [row["value"] for row in listed] == [row["code"] for row in say.foods()]
