"""The list of sheets: on screen, as a workbook, on paper."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.lists import MISSING
from sanxiao.archive.models import Kind
from sanxiao.office.duties import may, may_read
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.survey.models import Ledger, Sheet
from sanxiao.survey.rules import SHEET, SOURCES

UNFINISHED = ("answers", gettext_lazy("问卷没有填全"))


def rows(user: Any) -> QuerySet:
    """Sheets that this person may see, without the long columns."""
    return Sheet.objects.seen_by(user).select_related("kind").defer("answers", "sealed", "before", "search")


def found(rows: QuerySet, text: str) -> QuerySet:
    """Sheets by name, operator, number, address, pinyin or initials; every word must be found."""
    wanted = Q()
    for word in text.lower().split()[:6]:
        wanted &= Q(search__contains=word[:50])
    return rows.filter(wanted)


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="sheet")]


def _kinds(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)]


def _ledgers(user: Any) -> Sequence[tuple[str, Any]]:
    return [(str(pk), name) for pk, name in Ledger.objects.filter(by=user).values_list("pk", "name")[:30]]


def _lacking(rows: QuerySet, what: str) -> QuerySet:
    return rows.exclude(lacking=[]) if what == "answers" else rows.filter(missing__icontains=what)


def _acts(request: HttpRequest) -> list[dict[str, Any]]:
    user, found = request.user, []
    if may(user, "sheet.fill"):
        found.append({"name": _("录入调查表"), "url": reverse("sheet-kinds"), "primary": True})
    if may(user, "sheet.import"):
        found.append({"name": _("导入旧台账"), "url": reverse("ledgers")})
    if may_read(user, "lead"):
        found.append({"name": _("线索"), "url": reverse("leads")})
    return [*found, {"name": _("空白表与导出"), "url": reverse("survey-forms")}]


SHEETS = Listing(
    key="sheets",
    title=gettext_lazy("调查表"),
    rows=rows,
    columns=(
        Column("name", gettext_lazy("名称"), lambda s: s.name, slot="title", width=24),
        Column("state", gettext_lazy("状态"), lambda s: s.state, slot="state", state=lambda s: s.state_row, width=10),
        Column("kind", gettext_lazy("类别"), lambda s: str(s.kind), slot="note", width=12),
        Column("operator", gettext_lazy("经营者"), lambda s: s.operator, slot="note", width=10),
        Column("area", gettext_lazy("村（社区）"), lambda s: s.area, kind="area", slot="note", width=16),
        Column("address", gettext_lazy("地址"), lambda s: s.address, width=28),
        Column("source", gettext_lazy("来源"), lambda s: s.get_source_display(), width=12),
        Column("seen_on", gettext_lazy("调查日期"), lambda s: s.seen_on, kind="date", sort="seen_on", slot="end"),
        Column("number", gettext_lazy("编号"), lambda s: s.number, width=26),
    ),
    filters=(
        Filter("state", gettext_lazy("状态"), lambda _u: [(s.key, s.name) for s in SHEET.states],
               lambda rows, v: rows.filter(state=v)),
        Filter("area", gettext_lazy("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("kind", gettext_lazy("类别"), _kinds, lambda rows, v: rows.filter(kind=v)),
        Filter("source", gettext_lazy("来源"), lambda _u: SOURCES, lambda rows, v: rows.filter(source=v)),
        Filter("missing", gettext_lazy("缺项"), lambda _u: [*MISSING, UNFINISHED], _lacking),
        Filter("ledger", gettext_lazy("旧台账"), _ledgers, lambda rows, v: rows.filter(ledger=v)),
    ),
    search=found,
    empty={
        "title": gettext_lazy("还没有调查表"), "text": gettext_lazy("录入一张纸质表，或把旧台账导入进来。"),
        "url": "sheet-kinds", "act": gettext_lazy("录入调查表"),
    },
    actions=_acts,
)  # fmt: skip
