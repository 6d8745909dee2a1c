"""What several tests do on the way: a sheet sent without the desk, a ledger on disk."""

import uuid
from datetime import date
from typing import Any

import xlsxwriter

from sanxiao.docket import files as stored_files
from sanxiao.docket.rooms import Filled
from sanxiao.office.models import User
from sanxiao.office.places import grounds
from sanxiao.survey import answers, intake, reading
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.tests import paper
from tests.cast import HOUYANG


def sheet_of(form: Form, by: User, *, source: str = "desk", **changes: Any) -> Sheet:
    """A workshop's sheet sent by that person."""
    ground = reading.ground_for(form, {a.code: a.label for a in grounds(by, "sheet.fill")}, "320413100000")
    told = answers.check(form, paper.workshop(**changes), ground, strict=False)
    assert not told.errors
    return intake.send(intake.sheet_of(form, told, source=source), by)


HEADS = [
    "序号",
    "所属村",
    "店名",
    "负责人",
    "身份证号码",
    "联系电话",
    "地址",
    "从业人员",
    "健康证",
    "面积",
    "经营品种",
    "供水",
]


def line(number: int, **changes: Any) -> dict[str, Any]:
    """A good row of an old ledger."""
    row = {
        "序号": number, "所属村": "后阳村", "店名": f"{'福顺兴东四新'[number % 6]}{'记家氏'[number % 3]}糕团店{number}",
        "负责人": f"{'徐王李陈'[number % 4]}{'建国根宝玉兰'[number % 6]}{number}", "身份证号码": "",
        "联系电话": f"1380000{number:04d}", "地址": f"后阳村{number}号", "从业人员": 2, "健康证": 1, "面积": 40,
        "经营品种": "麻糕、桃酥", "供水": "自来水",
    }  # fmt: skip
    return row | changes


def ledger(path: Any, lines: list[dict[str, Any]], heads: list[str] | None = None) -> Any:
    """A workbook with a title row, headings, and rows."""
    heads = heads or HEADS
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet("台账")
        page.write_string(0, 0, "小作坊登记台账")
        page.write_row(1, 0, heads)
        for at, row in enumerate(lines, 2):
            page.write_row(at, 0, [row.get(head, "") for head in heads])
    return path


def filled(by: User, *, code: str = "survey_workshop", files: dict[str, bytes] | None = None, **said: Any) -> Filled:
    """A form filled on that person's phone, in the form's own language; `place`, `creates`, `base`, `told` as given."""
    about = {name: said.pop(name) for name in ("place", "creates", "base", "told", "observed_on") if name in said}
    answers = said if code == "revisit" else _for_a_phone(paper.workshop(**said))
    form = Form.objects.filter(code=code).order_by("-published_at", "-id").first()
    area = said.get("village") or HOUYANG
    stored = {name: stored_files.put(data).pk for name, data in (files or {}).items()}
    about = {"told": {}, "observed_on": date(2018, 6, 5), **about}
    return Filled(id=uuid.uuid4(), form=form, area=area, by=by, answers=answers, files=stored, **about)


def _for_a_phone(typed: dict[str, Any]) -> dict[str, Any]:
    return {name: " ".join(value) if isinstance(value, list) else value for name, value in typed.items()}


REVISIT = {
    "operating_state": "normal", "same_operator": "yes", "certificate_displayed": "none", "problems": "no_papers",
    "surveyor_1": "张桂兰", "surveyed_on": "2018-06-05", "signature_refused": "no",
}  # fmt: skip
