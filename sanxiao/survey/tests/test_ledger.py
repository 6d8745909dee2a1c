"""Old ledgers: columns, trial run, every error of every row, import, filing; and again."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket import flow, jobs
from sanxiao.docket.models import Event, Job
from sanxiao.papers import excel
from sanxiao.survey import bulk, cells, store, trial
from sanxiao.survey.columns import guess, read_heads
from sanxiao.survey.models import Form, Ledger, Mapping, Sheet
from sanxiao.survey.reading import Ground
from sanxiao.survey.tests import paper, steps

pytestmark = pytest.mark.django_db


def upload(client, path, kind="workshop", **more):
    with path.open("rb") as workbook:
        return client.post("/survey/import/", {"kind": kind, "workbook": workbook, **more})


def tried(client, path, **more) -> Ledger:
    """Uploaded, columns taken as guessed, tried out."""
    answer = upload(client, path, **more)
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(answer["Location"])
    chosen = {f"column-{line['at']}": line["name"] for line in page.context["lines"]}
    assert client.post(answer["Location"], chosen).status_code == 302
    return Ledger.objects.latest("created_at")


def taken(client, path, **more) -> Ledger:
    ledger = tried(client, path, **more)
    client.post(f"/survey/import/{ledger.pk}/take")
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def good(tmp_path):
    return steps.ledger(tmp_path / "good.xlsx", [steps.line(n) for n in range(1, 13)])


# --- the way through -------------------------------------------------------------------------------------------


def test_the_columns_are_guessed_from_what_offices_write(town):
    form = Form.objects.latest_of("workshop")
    known = guess(
        form, ["序号", "所属村（居）", "店名", "负责人", "身份证号码", "联系 电话", "地址", "场所面积(平方米)", "备注"]
    )
    assert known == ["", "village", "shop_name", "operator_name", "id_number", "phone", "address", "area_m2", ""]


def test_the_trial_run_stores_nothing(as_, good):
    ledger = tried(as_("zhang"), good)
    assert (ledger.result["rows"], ledger.result["good"], ledger.result["bad"]) == (12, 12, 0)
    assert not Sheet.objects.exists()


def test_zhang_imports_a_ledger_and_files_it_all(as_, good):
    zhang = as_("zhang")
    ledger = taken(zhang, good)
    assert Sheet.objects.filter(ledger=ledger, source="ledger", state="received").count() == 12
    assert zhang.post(f"/survey/import/{ledger.pk}/file").status_code == 302
    assert Establishment.objects.count() == 12
    assert set(Sheet.objects.values_list("state", flat=True)) == {"filed"}


def test_what_a_ledger_lacks_is_taken_and_noted(as_, good):
    taken(as_("zhang"), good)
    sheet = Sheet.objects.order_by("row").first()
    assert sheet.missing == ["photo", "position", "signature"]
    assert {"water", "processing"} - set(sheet.lacking) == {"water"}
    assert (sheet.row, sheet.answers["area_m2"]) == (3, 40)


def test_a_second_run_adds_nothing(as_, good):
    zhang = as_("zhang")
    taken(zhang, good)
    ledger = taken(zhang, good)
    assert (ledger.result["good"], ledger.result["taken"]) == (0, 12)
    assert Sheet.objects.count() == 12


def test_bad_rows_come_back_marked_and_are_taken_once_they_are_right(as_, tmp_path):
    zhang = as_("zhang")
    lines = [steps.line(1), steps.line(2, 联系电话="123", 从业人员="三"), steps.line(3, 所属村="桃花村")]
    ledger = taken(zhang, steps.ledger(tmp_path / "old.xlsx", lines))
    assert (ledger.result["good"], ledger.result["bad"], ledger.result["errors"]) == (1, 2, 3)
    marked = openpyxl.load_workbook(io.BytesIO(zhang.get(f"/survey/import/{ledger.pk}/marked.xlsx").content)).active
    assert "11位手机号" in marked["M4"].value and "请填数字" in marked["M4"].value
    assert "没有“桃花村”这个村" in marked["M5"].value and marked["M3"].value is None
    mended = [steps.line(1), steps.line(2), steps.line(3)]
    ledger = taken(zhang, steps.ledger(tmp_path / "new.xlsx", mended))
    assert (ledger.result["good"], ledger.result["taken"]) == (2, 1)
    assert Sheet.objects.count() == 3


def test_a_person_puts_the_columns_right_and_the_next_ledger_knows(as_, tmp_path):
    zhang = as_("zhang")
    heads = ["村别", "招牌名", "当家人", "电话"]
    path = steps.ledger(
        tmp_path / "odd.xlsx", [dict(zip(heads, ("后阳村", "顺兴油坊", "徐根宝", "13912345678"), strict=True))], heads
    )
    where = upload(zhang, path)["Location"]
    refused = zhang.post(where, {"column-0": "village", "column-1": "shop_name", "column-3": "phone"})
    assert refused.status_code == 422 and "哪一列是经营者姓名" in refused.content.decode()
    said = {"column-0": "village", "column-1": "shop_name", "column-2": "operator_name", "column-3": "phone"}
    zhang.post(where, said)
    assert Mapping.objects.get().columns == list(said.values())
    again = zhang.get(upload(zhang, path)["Location"])
    assert [line["name"] for line in again.context["lines"]] == list(said.values())


def test_a_column_named_twice_is_refused_beside_it(as_, good):
    zhang = as_("zhang")
    where = upload(zhang, good)["Location"]
    answer = zhang.post(where, {"column-1": "village", "column-2": "operator_name", "column-3": "operator_name"})
    assert "只选一列" in answer.content.decode()


def test_a_ledger_without_a_village_column_is_of_the_village_that_was_chosen(as_, tmp_path):
    heads = ["店名", "负责人", "地址"]
    path = steps.ledger(tmp_path / "one.xlsx", [steps.line(1)], heads)
    ledger = taken(as_("zhou"), path, village="320413100204")
    assert ledger.result["good"] == 1
    assert Sheet.objects.get().area == "320413100204"


# --- bad input -------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return out.getvalue()


@pytest.mark.parametrize(("data", "said"), [
    (b"name,phone\n1,2\n", "不是 Excel"), (b"PK\x03\x04 broken", "不是 Excel"), (bomb(), "过大"),
], ids=["text", "broken", "bomb"])  # fmt: skip
def test_what_is_no_workbook_is_refused_in_words(as_, tmp_path, data, said):
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    answer = upload(as_("zhang"), path)
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors["workbook"])
    assert not Ledger.objects.exists()


def test_a_workbook_without_headings_says_how_they_should_stand(as_, tmp_path):
    path = steps.ledger(tmp_path / "x.xlsx", [{"甲": 1, "乙": 2}], ["甲", "乙"])
    assert "没有找到表头" in str(upload(as_("zhang"), path).context["form"].errors["workbook"])


def test_merged_headings_are_read_in_two_rows_and_pointed_out(as_, tmp_path):
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet()
        page.merge_range(0, 0, 1, 0, "所属村")
        page.merge_range(0, 1, 0, 3, "经营者情况")
        page.write_row(1, 1, ["姓名", "身份证号", "联系电话"])
        page.merge_range(0, 4, 1, 4, "字号")
        page.merge_range(2, 0, 3, 0, "后阳村")
        page.write_row(2, 1, ["徐根宝", "", "13912345678", "顺兴油坊"])
        page.write_row(3, 1, ["王秀兰", "", "13861234567", "王家豆腐坊"])
    zhang = as_("zhang")
    page = zhang.get(upload(zhang, path)["Location"])
    assert "合并的单元格" in page.content.decode()
    assert [line["name"] for line in page.context["lines"]] == [
        "village",
        "operator_name",
        "id_number",
        "phone",
        "shop_name",
    ]
    assert tried(zhang, path).result["good"] == 2


@pytest.mark.parametrize(("column", "value", "said"), [
    ("身份证号码", "320413190001010014", "末位校验不符"), ("身份证号码", 320413190001010000, "改成 0"),
    ("联系电话", "8234", "11位手机号"), ("供水", "河水", "没有“河水”这一项"), ("从业人员", "#REF!", "公式错误"),
    ("所属村", "南瑶村", "不在您的辖区"), ("所属村", "", "缺所属村"), ("负责人", "", "缺经营者姓名"),
    ("健康证", 9, "不能多于从业人数"), ("面积", -3, "大于0"), ("店名", "店" * 101, "最多 100 字"),
])  # fmt: skip
def test_a_wrong_cell_is_an_error_of_its_column(town, tmp_path, column, value, said):
    found = run(town.zhang, steps.ledger(tmp_path / "x.xlsx", [steps.line(1, **{column: value}), steps.line(2)]))
    (error,) = found.errors
    assert (error.row, steps.HEADS[error.column - 1]) == (3, column)
    assert said in error.text
    assert len(found.good) == 1


def run(user, path, kind="workshop") -> trial.Trial:
    from sanxiao.survey.ledgers import villages_of

    book, form = excel.read(path), Form.objects.latest_of(kind)
    reading = read_heads(book, form)
    ledger = Ledger(area="320413100000", kind=form.kind, form=form, by=user, page=reading.page, head=reading.head,
                    depth=reading.depth, columns=reading.columns)  # fmt: skip
    return trial.run(ledger, book.page(reading.page), villages_of(user))


def test_all_errors_of_a_row_are_told_at_once(town, tmp_path):
    line = steps.line(1, 联系电话="1", 身份证号码="2", 从业人员="x", 供水="y", 所属村="z")
    found = run(town.zhang, steps.ledger(tmp_path / "x.xlsx", [line]))
    assert len(found.errors) == 5 and found.bad == {3}


def test_the_same_place_twice_in_one_ledger_is_an_error_of_the_second_row(town, tmp_path):
    found = run(town.zhang, steps.ledger(tmp_path / "x.xlsx", [steps.line(1), steps.line(1, 联系电话="13900000000")]))
    assert "与第 3 行是同一户" in found.errors[0].text


def test_two_digit_years_are_asked_never_guessed(town, tmp_path):
    heads = [*steps.HEADS, "开业时间"]
    lines = [steps.line(1, 开业时间="09.6.1"), steps.line(2, 开业时间="2009年6月")]
    found = run(town.zhang, steps.ledger(tmp_path / "x.xlsx", lines, heads))
    assert "年份只有两位" in found.errors[0].text
    assert found.good[0].answers["opened_on"] == "2009-06-01"


def test_formulas_come_as_their_last_result(town, tmp_path):
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, ["村", "店名", "负责人", "从业人数"])
        page.write_row(1, 0, ["后阳村", "顺兴", "徐根宝"])
        page.write_formula(1, 3, "=1+2", None, 3)
    assert run(town.zhang, path).good[0].answers["workers"] == 3


def test_sums_at_the_foot_are_no_shops(town, tmp_path):
    found = run(town.zhang, steps.ledger(tmp_path / "x.xlsx", [steps.line(1), {"序号": "合计", "从业人员": 2}]))
    assert (found.rows, len(found.errors)) == (1, 0)


@pytest.mark.parametrize(("said", "code"), [
    ("后阳村委会", "206"), ("后阳居委会", "015"), ("后阳", ""), ("金城镇后阳村", "206"), ("320413100206", "206"),
    ("沈渎", "209"), ("后阳村村民委员会", "206"), ("桃花", ""),
])  # fmt: skip
def test_villages_are_known_by_what_people_call_them(said, code):
    villages = {"320413100206": "后阳村", "320413100015": "后阳居委会", "320413100209": "沈渎村"}
    found = cells.village_code(said, Ground(villages))
    assert found == (f"320413100{code}" if code else said)


@pytest.mark.parametrize(("said", "days"), [
    ("每天 05:30-09:00", "1234567"), ("周一、周三 5:30—9:00", "13"), ("周一至周五 16:00～19:00", "12345"),
    ("周六、周日 06:00至10:00", "67"), ("05:30-09:00", "1234567"),
])  # fmt: skip
def test_hours_are_read_from_words(said, days):
    assert "".join(cells.windows(said)[0]["weekdays"]) == days


# --- many at once ----------------------------------------------------------------------------------------------


def told(sheet: Sheet) -> list[tuple]:
    """Everything in the log about a sheet and its file, but for keys, numbers and the moment."""
    rows = Event.objects.filter(subject__in=[sheet.pk, sheet.file_id]).order_by("id")
    return [(e.kind, e.area, e.move, e.frm, e.to, e.office_id, e.actor_id, sorted(e.facts), e.file == sheet.file_id)
            for e in rows]  # fmt: skip


def test_the_bulk_path_writes_what_the_single_path_writes(town, tmp_path):
    lines = [steps.line(1, 身份证号码=paper.XU), steps.line(2, 身份证号码=paper.WANG)]
    one, many = run(town.zhang, steps.ledger(tmp_path / "x.xlsx", lines)).good
    for sheet in (one, many):
        sheet.ledger = None
    flow.move(one, "send", town.zhang)
    flow.move(Sheet.objects.get(pk=one.pk), "file", town.zhang)
    bulk.send_many([many], town.zhang)
    assert bulk.file_many([Sheet.objects.get(pk=many.pk)], town.zhang).made == 1
    one, many = Sheet.objects.get(pk=one.pk), Sheet.objects.get(pk=many.pk)
    assert told(one) == told(many)
    for name in ("state", "version", "created_file", "before", "missing", "lacking"):
        assert getattr(one, name) == getattr(many, name), name
    for name in ("state", "version", "missing", "facts", "point_source", "mobile", "area"):
        assert (getattr(one.file, name) == getattr(many.file, name)) or name == "facts", name
    assert [f.number[-5:] for f in (one.file, many.file)] == ["00001", "00002"]
    assert many.file.search and many.search and many.number.endswith("00002")


def test_whoever_may_not_file_here_files_nothing_in_bulk(town, tmp_path):
    sheets = run(town.zhang, steps.ledger(tmp_path / "x.xlsx", [steps.line(1)])).good
    sheets[0].ledger = None
    with pytest.raises(flow.Refused):
        bulk.send_many(sheets, town.li)
    bulk.send_many(sheets, town.zhang)
    with pytest.raises(flow.Refused):
        bulk.file_many([Sheet.objects.get()], town.li)
    assert not Establishment.objects.exists()


def test_likely_doubles_are_left_for_a_person(as_, town, tofu, tmp_path):
    lines = [
        steps.line(1),
        steps.line(2, 店名="王家豆腐坊", 负责人="王秀兰", 身份证号码=paper.WANG),
        steps.line(3, 经营品种="x"),
    ]
    zhang = as_("zhang")
    ledger = taken(zhang, steps.ledger(tmp_path / "x.xlsx", lines))
    zhang.post(f"/survey/import/{ledger.pk}/file")
    ledger.refresh_from_db()
    assert Establishment.objects.count() == 3
    ((_pk, name, why),) = ledger.result["left"]
    assert name == "王家豆腐坊" and "证件号码相同" in why
    assert "疑似重复，需要逐张看" in zhang.get(f"/survey/import/{ledger.pk}/").content.decode()


def test_states_of_business_are_kept_in_bulk(town, tmp_path):
    heads = [*steps.HEADS, "经营状态"]
    lines = [steps.line(1, 经营状态="停业"), steps.line(2, 经营状态="正常")]
    sheets = run(town.zhang, steps.ledger(tmp_path / "x.xlsx", lines, heads)).good
    for sheet in sheets:
        sheet.ledger = None
    bulk.send_many(sheets, town.zhang)
    bulk.file_many(list(Sheet.objects.order_by("row")), town.zhang)
    assert sorted(Establishment.objects.values_list("state", flat=True)) == ["normal", "suspended"]


def test_a_long_ledger_goes_into_the_background_and_comes_to_the_same(as_, town, tmp_path, monkeypatch):
    from sanxiao.survey import ledgers

    monkeypatch.setattr(ledgers, "AT_ONCE", 3)
    monkeypatch.setattr("sanxiao.docket.jobs.async_task", lambda *_a: None)
    zhang = as_("zhang")
    path = steps.ledger(tmp_path / "x.xlsx", [steps.line(n) for n in range(6)])
    where = upload(zhang, path)["Location"]
    lines = zhang.get(where).context["lines"]
    for step in (where, "take", "file"):
        ledger = Ledger.objects.get()
        data = {f"column-{line['at']}": line["name"] for line in lines}
        answer = zhang.post(where if step == where else f"/survey/import/{ledger.pk}/{step}", data)
        job = Job.objects.latest("at")
        assert answer["Location"] == f"/jobs/{job.pk}"
        jobs.run(str(job.pk))
        jobs.run(str(job.pk))  # delivered twice, done once
        job.refresh_from_db()
        assert (job.state, job.result["url"]) == ("done", f"/survey/import/{ledger.pk}/")
    assert Establishment.objects.count() == 6


# --- keeping ---------------------------------------------------------------------------------------------------


def test_the_workbook_waits_sealed_and_is_forgotten(as_, good, settings):
    from datetime import timedelta

    from sanxiao.office.now import at, today

    ledger = tried(as_("zhang"), good)
    (kept,) = (settings.BLOB_DIR / "ledgers").glob("*")
    assert b"PK" not in kept.read_bytes()[:10] and "13800000001" not in kept.read_text()
    with at(today() + timedelta(days=31)):
        assert store.forget_old() == "ledgers removed: 1"
    assert not list((settings.BLOB_DIR / "ledgers").glob("*"))
    answer = as_("zhang").get(f"/survey/import/{ledger.pk}/columns", follow=True)
    assert "已不再保存" in answer.content.decode()


def test_nobody_sees_the_ledger_of_another(as_, good, town):
    ledger = tried(as_("zhang"), good)
    for who in ("li", "chen", "he"):
        assert as_(who).get(f"/survey/import/{ledger.pk}/").status_code == 404
    assert as_("qian").get("/survey/import/").status_code == 403


# --- the command -----------------------------------------------------------------------------------------------


def test_the_command_imports_and_files_and_a_second_run_adds_nothing(town, good, capsys):
    call_command("import_archive", str(good), "--kind", "workshop")
    assert Establishment.objects.count() == 12
    call_command("import_archive", str(good), "--kind", "workshop")
    assert "已有 12" in capsys.readouterr().out
    assert (Establishment.objects.count(), Sheet.objects.count(), Ledger.objects.count()) == (12, 12, 1)
    assert Event.objects.filter(move="send").values_list("actor", "office").distinct().get() == (None, None)


def test_a_dry_run_reports_and_stores_nothing_and_says_so_by_its_status(town, tmp_path):
    path = steps.ledger(tmp_path / "x.xlsx", [steps.line(1), steps.line(2, 联系电话="1")])
    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_archive", str(path), "--kind", "workshop", "--dry-run", "--report", str(tmp_path / "r.xlsx")
        )
    assert ended.value.code == 1
    assert not Sheet.objects.exists()
    assert "11位手机号" in openpyxl.load_workbook(tmp_path / "r.xlsx").active["M4"].value


def test_in_somebodys_name_it_reaches_only_his_ground(town, tmp_path):
    path = steps.ledger(tmp_path / "x.xlsx", [steps.line(1), steps.line(2, 所属村="南瑶村")])
    with pytest.raises(SystemExit):
        call_command("import_archive", str(path), "--kind", "workshop", "--as", "zhang")
    assert Establishment.objects.get().area == "320413100206"
    assert Event.objects.filter(move="send").get().actor == town.zhang


def test_the_kind_is_found_from_headings_that_only_one_form_has(town, tmp_path):
    heads = [*steps.HEADS, "出摊地点", "出摊时段"]
    path = steps.ledger(tmp_path / "x.xlsx", [steps.line(1, 出摊地点="桥头", 出摊时段="每天 05:30-09:00")], heads)
    call_command("import_archive", str(path))
    assert Establishment.objects.get().kind == Kind.objects.get(pk="vendor")


@pytest.mark.parametrize(("arguments", "said"), [
    (["nowhere.xlsx"], "nowhere"), (["{good}"], "--kind"), (["{good}", "--kind", "bakery"], "bakery"),
    (["{good}", "--kind", "workshop", "--as", "nobody"], "nobody"),
])  # fmt: skip
def test_a_command_that_cannot_be_carried_out_says_why(town, good, arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("import_archive", *[a.replace("{good}", str(good)) for a in arguments])
