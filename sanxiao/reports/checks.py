"""Checks between cells (N6): what cannot be right, and what only looks odd.

A check that fails wants an explanation before the report can go; a hint wants none.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.office.places import names_of
from sanxiao.reports.columns import Column, Flows
from sanxiao.reports.figures import Figures
from sanxiao.reports.indicators import COLUMNS
from sanxiao.reports.models import Report, Version
from sanxiao.reports.subject import Subject

OUTLIER = "report.outlier"
PLANNED = (("upgraded", "upgrade"), ("regulated", "regulate"), ("phased_out", "phase_out"))


@dataclass(frozen=True)
class Check:
    """One sentence about the numbers. `ok` None: only a hint."""

    key: str
    text: str
    ok: bool | None


def kept(subject: Subject) -> list[dict[str, Any]]:
    """The sentences as a version keeps them, in both languages of the screen."""
    with translation.override("zh-hans"):
        found = checks(subject)
    with translation.override("en"):
        told = [check.text for check in checks(subject)]
    return [{**asdict(check), "text_en": text} for check, text in zip(found, told, strict=True)]


def unkept(rows: list[dict[str, Any]]) -> list[Check]:
    """Back from `kept`, in the language of the screen."""
    english = (translation.get_language() or "").startswith("en")
    return [Check(row["key"], row["text_en"] if english else row["text"], row["ok"]) for row in rows]


def checks(subject: Subject) -> list[Check]:
    """All sentences on a report, those that fail first; empty for a department's own acts."""
    if subject.of_office:
        return []
    report, figures, before = subject.report, subject.figures, subject.before
    found = [*_within(figures), *_against(figures, before)]
    if report.is_town:
        found += _villages(report, figures)
    hints = list(_odd(report, figures, before))
    return sorted(found, key=lambda check: bool(check.ok)) + hints


def failing(subject: Subject) -> list[Check]:
    """Those that need an explanation."""
    return [check for check in checks(subject) if check.ok is False]


def _places(figures: Figures) -> list[tuple[str, str]]:
    """Every village and kind for which there is a number."""
    return sorted({(area, kind) for _c, _s, area, kind in figures.leaves})


def _said(key: str, right: str, wrong: list[tuple[str, str]]) -> Check:
    """The sentence as it holds, or with the places where it does not."""
    if not wrong:
        return Check(key, right, True)
    names = names_of(area for area, _kind in wrong)
    where = "、".join(dict.fromkeys(names.get(area, area) for area, _kind in wrong[:5]))
    return Check(key, _("%(rule)s：不符（%(where)s）") % {"rule": right, "where": where}, False)


def _within(figures: Figures) -> Iterator[Check]:
    """What must hold inside one report, for every village and kind."""

    def at(key: str, place: tuple[str, str], span: str = "q") -> int:
        return figures[key, span, *place]

    places = _places(figures)
    wrong = [
        p for p in places
        if at("end", p) != at("start", p) + at("new", p) + at("moved_in", p) - at("moved_out", p) - at("closed", p)
    ]  # fmt: skip
    yield _said("stock", _("期末 = 期初 + 新增 + 迁入 − 迁出 − 关停"), wrong)
    ways = ("closed_self", "banned", "changed", "otherwise")
    wrong = [p for p in places if at("closed", p) != sum(at(way, p) for way in ways)]
    yield _said("closings", _("关停 = 自行关停 + 取缔 + 转业 + 其他"), wrong)
    cases = [f"case{n}" for n in range(4)]
    wrong = [p for p in places if at("end", p) != at("unclassified", p) + sum(at(c, p, "c") for c in cases)]
    yield _said("cases", _("四类之和 + 未分类 = 期末"), wrong)
    yield _said("certified", _("持证 ≤ 期末"), [p for p in places if at("certified", p) > at("end", p)])
    wrong = [p for p in places if any(at(done, p, "c") > at(plan, p, "c") for done, plan in PLANNED)]
    yield _said("batches", _("三批完成 ≤ 计划"), wrong)
    kinds = ("breach_scope", "breach_limit", "breach_illegal")
    wrong = [p for p in places if at("sample_failed", p, "c") < sum(at(kind, p, "c") for kind in kinds)]
    yield _said("breaches", _("两超一非 ≤ 抽检不合格"), wrong)
    wrong = [p for p in places if at("disposed_in_time", p) > at("disposed", p)]
    yield _said("disposals", _("按时处置 ≤ 处置完成"), wrong)


def _against(figures: Figures, earlier: Figures | None) -> Iterator[Check]:
    """What must hold between this report and the one before."""
    if earlier is None:
        return
    places = sorted({*_places(figures), *_places(earlier)})
    wrong = [p for p in places if figures["start", "q", *p] != earlier["end", "q", *p]]
    yield _said("carried", _("期初 = 上季期末"), wrong)
    wrong = [
        p for p in places
        if any(figures[c.key, "c", *p] < earlier[c.key, "c", *p] for c in COLUMNS.values() if _only_grows(c))
    ]  # fmt: skip
    yield _said("grows", _("累计数不少于上季累计数"), wrong)


def _only_grows(column: Column) -> bool:
    """Is the column a count of events that are never taken back?"""
    return isinstance(column.how, Flows) and all(hits.sign > 0 for hits in column.how.hits)


def _villages(report: Report, figures: Figures) -> Iterator[Check]:
    """The town is the sum of its villages: where a village has reported, its number is the town's for it."""
    reports = Report.objects.of(report.quarter).filter(unit__role="village", area__startswith=report.area[:9])
    last: dict[str, Version] = {}
    for version in Version.objects.filter(report__in=reports).select_related("report").order_by("serial"):
        last[version.report.area] = version
    wrong = []
    for area, version in last.items():
        told = Figures.unpacked(version.cells)
        if any(told[c, s, area, ""] != figures[c, s, area, ""] for c, s, _a, _k in {*told.leaves, *figures.leaves}):
            wrong.append((area, ""))
    yield _said("villages", _("与各村已报数一致（%(n)s 个村已报）") % {"n": len(last)}, wrong)


def _odd(report: Report, figures: Figures, earlier: Figures | None) -> Iterator[Check]:
    """Numbers far from those of the quarter before."""
    said = Rule.objects.value(OUTLIER, report.area, report.rule_on)
    if earlier is None or not said:
        return
    for column in COLUMNS.values():
        if not isinstance(column.how, Flows):
            continue
        now, then = figures[column.key, "q", "", ""], earlier[column.key, "q", "", ""]
        if abs(now - then) >= said["least"] and not then / said["times"] <= now <= then * said["times"]:
            text = _("%(name)s：本季 %(now)s，上季 %(then)s，相差较大，请核对") % {
                "name": f"{column.group}{column.name}", "now": now, "then": then,
            }  # fmt: skip
            yield Check(f"odd-{column.key}", text, None)
