"""Results of a laboratory out of a workbook: all errors of all rows at once, whole samples or none of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers import excel
from sanxiao.sampling import result_acts, say
from sanxiao.sampling.models import Sample
from sanxiao.sampling.rules import BREACHES, LIMIT_KINDS, VERDICTS

MOST_ROWS = 5000
# heading -> field; the headings are those of the workbook that `template` gives
HEADS = {
    "抽样单编号": "number",
    "检验报告编号": "report_no",
    "检验结论日期": "concluded_on",
    "检验项目": "item",
    "实测值": "result",
    "单位": "unit",
    "限量类型": "limit_kind",
    "限量": "limit",
    "判定依据": "basis",
    "检验方法": "method",
    "单项结论": "verdict",
    "不合格类型": "breach",
}
NEEDED = ("number", "report_no", "concluded_on", "item", "result", "limit_kind", "verdict")
CODES = {
    "limit_kind": {
        str(name): key
        for key, name in (("max", "不超过"), ("min", "不低于"), ("text", "按文字判定"), ("absent", "不得检出"))
    },
    "verdict": {"合格": "pass", "不合格": "fail"},
    "breach": {"超范围": "scope", "超限量": "limit", "非法添加": "illegal", "其他": "other", "其他不合格": "other"}
    | {"超范围使用添加剂": "scope", "超限量使用添加剂": "limit", "非法添加非食用物质": "illegal"},
}


@dataclass
class Outcome:
    """What an import did: samples concluded, errors by cell, samples left out."""

    done: list[Sample] = field(default_factory=list)
    errors: list[excel.CellError] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def waiting(user: User) -> Any:
    """Samples whose results are awaited."""
    return Sample.objects.seen_by(user).filter(state="testing").select_related("file__operator", "plan")


def template(user: User) -> bytes:
    """A workbook with the heads, and the usual items of every sample that is being tested."""
    columns = [excel.Column(name, heading, 18) for heading, name in HEADS.items()]
    usual = {row["code"]: row["items"] for row in say.foods()}
    words = {key: name for name, key in CODES["limit_kind"].items()}
    rows = []
    for sample in waiting(user).order_by("number"):
        for item in usual.get(sample.food, []) or [{"item": "", "unit": "", "limit_kind": ""}]:
            known = {
                "number": sample.number,
                "item": item["item"],
                "unit": item["unit"],
                "limit_kind": words.get(item["limit_kind"], ""),
            }
            rows.append([known.get(name, "") for name in HEADS.values()])
    return excel.sheet("检验结果", columns, rows)


def take_in(raw: bytes, user: User) -> Outcome:
    """Read the first sheet of a workbook and conclude the samples that are whole. Raises NotExcel or Refused."""
    page = excel.read(raw).pages[0]
    head = next((row.number for row in page.rows[:10] if "抽样单编号" in map(str, row.values)), 0)
    if not head:
        raise Refused(_("没有找到表头：第一张工作表里要有“抽样单编号”一列。请用“下载模板”里的表。"), code="invalid")
    names = page.headings(head)
    missing = [heading for heading, name in HEADS.items() if name in NEEDED and heading not in names]
    if missing:
        raise Refused(_("缺少这些列：%(names)s") % {"names": "、".join(missing)}, code="invalid")
    columns = {HEADS[name]: at for at, name in enumerate(names, 1) if name in HEADS}
    found = Outcome()
    groups: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, row in _rows(page, head, columns):
        key = str(row["number"] or "").strip()
        if key:
            groups.setdefault(key, []).append((number, row))
        else:
            found.errors.append(excel.CellError(number, columns["number"], _("请填抽样单编号"), page.name))
    if not groups and not found.errors:
        raise Refused(_("工作簿里没有检验结果。"), code="invalid")
    held = {sample.number: sample for sample in waiting(user).filter(number__in=list(groups))}
    others = {s.number: s for s in Sample.objects.seen_by(user).filter(number__in=set(groups) - set(held))}
    for key, rows in groups.items():
        _one(key, rows, held.get(key), others.get(key), user, columns, page.name, found)
    found.errors.sort(key=lambda error: (error.row, error.column))
    return found


def _rows(page: excel.Page, head: int, columns: dict[str, int]) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in page.rows:
        if row.number <= head:
            continue
        if row.number > head + MOST_ROWS:
            raise Refused(_("一次最多导入 %(n)d 行。") % {"n": MOST_ROWS}, code="too-large")
        cells = row.values
        yield row.number, {name: cells[at - 1] if at <= len(cells) else None for name, at in columns.items()}


def _one(
    key: str, rows: list[tuple[int, dict[str, Any]]], sample: Sample | None, other: Sample | None, user: User,
    columns: dict[str, int], sheet: str, found: Outcome,
) -> None:  # fmt: skip
    """One sample with all its rows: concluded, or every error noted."""
    before = len(found.errors)

    def wrong(row: int, name: str, said: str) -> None:
        found.errors.append(excel.CellError(row, columns.get(name, 0), said, sheet))

    if sample is None:
        said = (
            _("这一批现在是“%(state)s”，不等结果") % {"state": other.state_row.name}
            if other
            else _("没有这个抽样单编号，或不在您的辖区")
        )
        wrong(rows[0][0], "number", said)
    facts: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, row in rows:
        told = _read(row)
        for name, said in result_acts.result_errors(told, seen).items():
            wrong(number, name, said)
        seen.add(told["item"])
        facts.append(told)
    day, report = _day(rows[0][1]["concluded_on"]), str(rows[0][1]["report_no"] or "").strip()
    if day is None or day > today():
        wrong(rows[0][0], "concluded_on", _("请写四位年份的日期，不晚于今天，如 2018-06-05"))
    if not report:
        wrong(rows[0][0], "report_no", _("请填检验报告编号"))
    if sample is not None and len(found.errors) == before:
        try:
            with transaction.atomic():
                flow.move(sample, "conclude", user, on=day, concluded_on=day, report_no=report[:60], rows=facts)
            found.done.append(sample)
        except Refused as refusal:
            wrong(rows[0][0], "number", refusal.reason)
    if len(found.errors) > before:
        found.left_out.append(key)


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """The cells of a row as the act takes them; a word that no list has stays as it is and is refused there."""
    told = {name: str(row.get(name) if row.get(name) is not None else "").strip() for name in HEADS.values()}
    for name, codes in CODES.items():
        told[name] = codes.get(told[name], told[name])
    return told


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or "").strip().replace("/", "-").replace(".", "-"))
    except ValueError:
        return None


# Every code of a list can be written in a workbook.
assert set(CODES["limit_kind"].values()) == {key for key, _n in LIMIT_KINDS}
assert set(CODES["verdict"].values()) == {key for key, _n in VERDICTS}
assert set(CODES["breach"].values()) == {key for key, _n in BREACHES}
