"""A report as Word, PDF and Excel: the same facts for all three, this quarter beside the cumulative."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from sanxiao.docket.flow import label_of
from sanxiao.office.now import now
from sanxiao.office.places import name_of
from sanxiao.papers import excel, pdf
from sanxiao.reports import concerns, grids
from sanxiao.reports.checks import PLANNED
from sanxiao.reports.models import NARRATIVE, Report, Version
from sanxiao.reports.subject import Subject, subject_of, words_of
from sanxiao.reports.units import villages

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def facts(report: Report, version: Version | None = None) -> dict[str, Any]:
    """What the three papers are made of."""
    subject = subject_of(report, version)
    shown = subject.version
    tables = [*_tables(subject), *_concern_table(report, shown)]
    return {
        "title": _("关于%(quarter)s食品三小专项整治\n进展情况的报告") % {"quarter": report.quarter.label},
        "org": _signing(report), "head": _signing(report) if report.is_town else None,
        "addressee": _("镇食品三小专项整治领导小组") if report.is_town else _("镇食品三小专项整治领导小组办公室"),
        "sections": [_summary(subject), *_sections(report, version)],
        "attachments": [table["title"] for table in tables],
        "tables": tables, "date": shown.on if shown else None, "draft": shown is None,
        "generated_at": now(), "frozen_at": shown.at if shown else None, "check": shown.digest[:12] if shown else None,
        "practice": not settings.REAL,
    }  # fmt: skip


def _signing(report: Report) -> str:
    """Who signs: a unit itself; for the town the leading group's office."""
    if report.is_town:
        return _("%(town)s食品三小专项整治领导小组办公室") % {"town": name_of(report.area)}
    return str(report.unit)


def _summary(subject: Subject) -> dict[str, Any]:
    """The first section is told by the figures; a sentence for each table."""
    if subject.of_office:
        done = sum(subject.figures[column.key, "q", "", ""] for column in subject.tables[0].columns)
        text = _("本季度在系统中办理事项%(n)s件次，明细见附表。") % {"n": done}
        return {"heading": _("基本情况"), "paragraphs": [text]}
    at = subject.figures

    def now_(key: str, span: str = "q") -> int:
        return at[key, span, "", ""]

    until = subject.period.until
    told = {
        "day": _("%(y)s年%(m)s月%(d)s日") % {"y": until.year, "m": until.month, "d": until.day},
        **{key: now_(key) for key in ("end", "new", "closed", "moved_in", "moved_out", "certified", "applied")},
        "issued": sum(now_(key) for key in ("certificate", "vendor_card", "eatery_card")),
        **{f"{key}_c": now_(key, "c") for pair in PLANNED for key in pair},
    }  # fmt: skip
    first = _(
        "截至%(day)s，在册食品三小%(end)s户。"
        "本季度新增%(new)s户，迁入%(moved_in)s户，迁出%(moved_out)s户，关停%(closed)s户。"
    )
    second = _(
        "三批整治：提升计划%(upgrade_c)s户、完成%(upgraded_c)s户；规范计划%(regulate_c)s户、完成%(regulated_c)s户；"
        "淘汰计划%(phase_out_c)s户、完成%(phased_out_c)s户。"
    )
    third = _("本季度收到申请%(applied)s件，新发证卡%(issued)s份；期末持证%(certified)s户。")
    return {"heading": _("基本情况"), "paragraphs": [sentence % told for sentence in (first, second, third)]}


def _sections(report: Report, version: Version | None) -> list[dict[str, Any]]:
    words = words_of(report, version or (report.latest if report.is_frozen else None))
    found = [
        {"heading": label_of(report, name), "paragraphs": words[name].splitlines()}
        for name in NARRATIVE
        if words.get(name)
    ]
    if words.get("explanation"):
        found.append({"heading": _("数据核对说明"), "paragraphs": words["explanation"].splitlines()})
    return found


def _tables(subject: Subject) -> list[dict[str, Any]]:
    if subject.of_office:
        return [_work_table(subject)]
    figures, report = subject.figures, subject.report
    if not report.is_town:
        return [grids.facts_table(t, figures, grids.kind_lines(figures), _("类别")) for t in subject.tables]
    areas = villages(report)
    full = grids.full_lines(figures, areas)
    short = [line for line in grids.village_lines(figures, areas, lambda _a: "") if not line.kind]
    place = _("村（社区）")
    return [
        grids.facts_table(table, figures, grids.lines_of(table, full if table.key == "t1" else short), place)
        for table in subject.tables
    ]


def _work_table(subject: Subject) -> dict[str, Any]:
    table = subject.tables[0]
    return {
        "title": str(table.title), "unit": str(table.unit), "note": str(table.note),
        "columns": [
            {"label": _("事项"), "width": 2}, {"label": _("办理"), "width": 2},
            {"label": _("本季"), "kind": "int"}, {"label": _("累计"), "kind": "int"},
        ],
        "rows": [
            [column.group, column.name, *(subject.figures.value(column, span) for span in ("q", "c"))]
            for column in table.columns
        ],
    }  # fmt: skip


def _concern_table(report: Report, version: Version | None) -> list[dict[str, Any]]:
    """T9 in words: what stays open, and what was answered in the quarter."""
    rows = concerns.told(report, version)
    names = ("unit_name", "sort_name", "text", "state_name", "taker_name", "answer")
    heads = ((_("提出单位"), 2), (_("类型"), 1), (_("内容"), 5), (_("状态"), 2), (_("办理单位"), 2), (_("答复"), 5))
    table = {
        "title": _("表9之二　困难和需要清单"), "unit": _("件"), "landscape": True,
        "columns": [{"label": label, "width": width} for label, width in heads],
        "rows": [
            [row[name] for name in names] for row in rows
        ],
    }  # fmt: skip
    return [table] if rows else []


def _word(told: dict[str, Any]) -> bytes:
    from sanxiao.papers import word  # python-docx is loaded when somebody wants a Word file

    return word.report(told)


FORMS = {
    "pdf": ("application/pdf", lambda told: pdf.render("report", told)),
    "docx": (DOCX, _word),
    "xlsx": (XLSX, lambda told: excel.tables(told, [told["org"]])),
}


def make(report: Report, form: str, version: Version | None = None) -> tuple[bytes, str]:
    """The report in one of FORMS: its bytes and their type. An official paper is Chinese, whatever the screen."""
    mime, act = FORMS[form]
    with translation.override("zh-hans"):
        return act(facts(report, version)), mime
