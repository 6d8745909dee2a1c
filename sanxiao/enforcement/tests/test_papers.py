"""The core papers of domain.md 5: each filled from the case, numbered, and the same bytes whenever it is printed."""

import io
import re
from datetime import time, timedelta
from decimal import Decimal

import docx
import pytest

from sanxiao.docket import flow
from sanxiao.enforcement.models import Case, Party
from sanxiao.enforcement.tests import steps
from sanxiao.office.now import at, today
from sanxiao.papers.models import Paper
from tests import cast, printed

SCENE = {
    "did_on": steps.MAY, "began": time(9, 30), "ended": time(10, 15), "scene_at": "后阳村老街12号",
    "credentials": "陈伟 320401、吴昊 320402", "present": "王秀兰", "reason": "加工间内有碱性嫩黄一袋。",
    "signed": "signed",
}  # fmt: skip


def titles(case):
    return sorted(set(Paper.objects.filter(subject=case.pk).values_list("title", flat=True)))


def test_every_step_leaves_its_paper(bureau, may, tofu):
    case = steps.filed(tofu, bureau)
    flow.move(case, "scene", bureau.chen, **SCENE)
    case = steps.noticed(steps.finished(steps.again(case), bureau), bureau)
    case = steps.served(steps.decided(case, bureau), bureau)
    flow.move(case, "pay", bureau.chen, amount=case.left, paid_on=today(), slip="1")
    flow.move(steps.again(case), "publish", bureau.lu, published_on=today())
    flow.move(steps.again(case), "execute", bureau.chen)
    flow.move(steps.again(case), "close", bureau.lu, ending="paid")
    assert titles(case) == sorted([
        "案件来源登记表", "立案审批表", "现场笔录", "案件调查终结报告", "案件审核意见书", "行政处罚告知书", "送达回证",
        "行政处罚决定书", "结案审批表",
    ])  # fmt: skip
    assert Paper.objects.filter(subject=case.pk, title="送达回证").count() == 2  # of the notice and of the decision


def test_what_is_seized_and_what_is_kept_has_its_paper_with_the_list(bureau, filed):
    seized = steps.take(filed, bureau)
    kept = steps.take(steps.again(filed), bureau, "register")
    said = {paper.title: paper.facts["list"]["rows"] for paper in Paper.objects.exclude(subject=filed.pk)}
    assert set(said) == {"扣押决定书", "先行登记保存证据通知书"}
    assert all(rows == [["1", "豆腐皮", "散装", "20", "公斤", ""]] for rows in said.values())
    assert seized.number != kept.number


def test_the_list_of_goods_is_a_table_in_pdf_and_in_word(bureau, as_, filed):
    paper = Paper.objects.get(subject=steps.take(filed, bureau).pk)
    word = docx.Document(io.BytesIO(as_("chen").get(f"/papers/{paper.pk}.docx").content))
    [table] = word.tables
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "名称", "规格、批号", "数量", "单位", "备注"]
    assert [cell.text for cell in table.rows[1].cells][:5] == ["1", "豆腐皮", "散装", "20", "公斤"]
    text = re.sub(r"\s", "", printed.read(paper.pdf()).text)
    assert "规格、批号" in text and "豆腐皮" in text and "复议" in text


def test_goods_that_go_back_have_a_paper_that_frees_them(bureau, filed):
    seized, kept = steps.take(filed, bureau), steps.take(steps.again(filed), bureau, "register")
    flow.move(seized, "extend", bureau.lu, until=today() + timedelta(days=45), reason="等检验结论")
    for row in (seized, kept):
        row.refresh_from_db()
        flow.move(row, "settle", bureau.chen, fates={"1": "returned"})
    said = [paper.title for paper in Paper.objects.exclude(subject=filed.pk).order_by("at")]
    assert said == ["扣押决定书", "先行登记保存证据通知书", "延长行政强制措施期限决定书", "解除行政强制措施决定书",
                    "先行登记保存证据处理决定书"]  # fmt: skip
    assert Paper.objects.get(title="解除行政强制措施决定书").facts["list"]["rows"][0][-1] == "退还"


def test_what_is_asked_tested_stopped_discussed_and_heard_has_its_paper(bureau, filed):
    chen, lu, song = bureau.chen, bureau.lu, bureau.song
    flow.move(filed, "record", chen, record_kind="questions", did_on=steps.MAY, reason="问：……答：是我加的。")
    flow.move(steps.again(filed), "test", chen, reason="豆腐皮中碱性嫩黄")
    flow.move(steps.again(filed), "tested", chen)
    flow.move(steps.again(filed), "suspend", lu, reason="当事人住院")
    flow.move(steps.again(filed), "resume", lu)
    case = steps.noticed(steps.finished(steps.again(filed), bureau, fine=Decimal(20000)), bureau)
    flow.move(case, "ask_hearing", chen)
    steps.called(steps.again(case), bureau)
    flow.move(steps.again(case), "hear", song, heard_on=steps.MAY, presided_by="宋岩", hearing="意见一致")
    flow.move(steps.again(case), "discuss", lu, discussed_on=steps.MAY, present="陆、宋", outcome="同意")
    assert set(titles(case)) >= {
        "询问笔录", "检测、检验、检疫、鉴定期间告知书", "行政处罚案件有关事项审批表", "案件审核意见书",
        "行政处罚听证通知书", "听证报告",
        "行政处罚案件集体讨论记录",
    }  # fmt: skip
    assert "是我加的" in "".join(Paper.objects.get(subject=case.pk, title="询问笔录").facts["paragraphs"])


def test_pdf_and_word_are_the_same_bytes_a_year_later(bureau, as_, served):
    chen = as_("chen")
    for paper in Paper.objects.filter(subject=served.pk):
        first = {form: chen.get(f"/papers/{paper.pk}.{form}").content for form in ("pdf", "docx")}
        with at(today() + timedelta(days=365)):
            for form, data in first.items():
                assert chen.get(f"/papers/{paper.pk}.{form}").content == data, (paper.title, form)


def test_the_record_of_the_scene_says_all_that_the_national_form_asks(bureau, as_, filed):
    flow.move(filed, "scene", bureau.chen, **SCENE)
    paper = Paper.objects.get(subject=filed.pk, title="现场笔录")
    file = as_("chen").get(f"/papers/{paper.pk}.docx").content
    word = "".join(line.text for line in docx.Document(io.BytesIO(file)).paragraphs)
    pdf = printed.read(paper.pdf()).text
    asked = (
        "2026年5月11日09时30分至10时15分",
        "老街12号",
        "陈伟320401",
        "王秀兰",
        "出示了执法证件",
        "碱性嫩黄",
        "见证人",
    )
    for text in (pdf, word):
        assert not [words for words in asked if words not in re.sub(r"\s", "", text)]


@pytest.mark.parametrize(("changes", "why"), [
    ({"ended": time(9, 0)}, "结束时间须晚于"), ({"signed": "refused"}, "见证人"), ({"signed": "absent"}, "见证人"),
])  # fmt: skip
def test_a_record_that_could_not_stand_is_refused_in_words(bureau, filed, changes, why):
    with pytest.raises(flow.Refused, match=why):
        flow.move(filed, "scene", bureau.chen, **SCENE | changes)
    assert not Paper.objects.filter(title="现场笔录").exists()


def test_an_agent_joins_the_case_and_is_found_again_in_another(bureau, as_, filed):
    page = as_("chen").post(f"/do/enforcement.case/{filed.pk}/party", {
        "role": "agent", "who": "王大勇", "id_number": "320413190001010015", "phone": "138 6123 4567",
    })  # fmt: skip
    assert page.status_code == 302
    person = Party.objects.get(name="王大勇")
    assert person.id_number == "320413190001010015" and "320413190001010015" not in person.id_number_sealed
    assert "王大勇" in as_("chen").get(filed.get_absolute_url()).content.decode()
    assert filed in Case.objects.of_person(filed.file.operator)


def test_who_has_a_part_in_two_cases_is_seen_in_both(bureau, as_, filed):
    other = steps.register(cast.tofu_shop(bureau.zhang, name="李家豆腐坊", address="后阳村东街9号"), bureau)
    for case in (filed, other):
        as_("chen").post(f"/do/enforcement.case/{case.pk}/party", {
            "role": "helper", "who": "王大勇", "id_number": "11010519491231002X", "phone": "",
        })  # fmt: skip
    page = as_("chen").get(filed.get_absolute_url()).content.decode()
    assert "另涉" in page and other.get_absolute_url() in page


def test_a_number_that_is_none_is_refused_and_nothing_typed_is_lost(bureau, as_, filed):
    said = {"role": "agent", "who": "王大勇", "id_number": "320413190001010016"}
    page = as_("chen").post(f"/do/enforcement.case/{filed.pk}/party", said)
    assert page.status_code == 422 and "王大勇" in page.content.decode()


def test_a_clue_received_last_week_is_due_by_the_day_of_receipt(bureau, as_, may, tofu):
    said = {
        "file": tofu.pk,
        "origin": "referred",
        "received_on": "2026-05-06",
        "second": bureau.wu.pk,
        "conduct": "无证",
    }
    assert as_("chen").post("/do/enforcement.case/new/register", said).status_code == 302
    case = Case.objects.get()
    assert (str(case.rule_on), str(case.due_on)) == ("2026-05-06", "2026-05-26")  # Saturday the 9th is worked
