"""The list of files: on screen, as a workbook, on paper, and (the same filter) on the map."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Kind
from sanxiao.archive.rules import BATCHES, CASES, FILE, GRADES
from sanxiao.docket import rooms
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing

MISSING = [("photo", _("缺照片")), ("position", _("缺坐标")), ("signature", _("缺签名"))]


VISITS = [("past", _("已到应查日期")), ("month", _("30天内应查"))]


def _to_visit(rows: QuerySet, value: str) -> QuerySet:
    """Trading places whose next visit by grade is due: by today, or within thirty days."""
    return rows.filter(visit_by__lte=today() + timedelta(days=30 if value == "month" else 0))


def bands(_user: Any) -> Sequence[tuple[str, Any]]:
    """The parts of the order of visits, while an order stands."""
    order = rooms.ordering()
    return [(band.key, band.name) for band in order.bands] if order and order.stands() else []


def _in_band(rows: QuerySet, value: str) -> QuerySet:
    """Places that stand in a part of the order."""
    order = rooms.ordering()
    return rows.filter(pk__in=order.within(value)) if order else rows


def rows(user: Any) -> QuerySet:
    """Current files that this person may see, without the long columns."""
    return (
        Establishment.objects.seen_by(user)
        .current()
        .select_related("operator", "kind")
        .defer("facts", "search", "operator__phone_sealed", "operator__id_number_sealed")
    )


def areas(user: Any) -> Sequence[tuple[str, Any]]:
    """The villages this person may choose from."""
    return [(area.code, area.label) for area in grounds(user)]


def kinds(_user: Any) -> Sequence[tuple[str, Any]]:
    """The kinds in use."""
    return [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)]


def _acts(request: HttpRequest) -> list[dict[str, Any]]:
    found = rooms.gather("acts", request.user)
    if may_read(request.user, "class"):
        found.append({"name": _("分类名册"), "url": reverse("classes")})
    if may(request.user, "file.merge"):
        found.append({"name": _("疑似重复"), "url": reverse("doubles")})
    return found


FILES = Listing(
    key="files",
    title=_("一户一档"),
    rows=rows,
    columns=(
        Column("name", _("名称"), lambda f: f.called, slot="title", width=24),
        Column("state", _("经营状态"), lambda f: f.state, slot="state", state=lambda f: f.state_row),
        Column("kind", _("类别"), lambda f: str(f.kind), slot="note", width=12),
        Column("operator", _("经营者"), lambda f: f.operator.name, slot="note", width=10),
        Column("area", _("村（社区）"), lambda f: f.area, kind="area", slot="note", width=16),
        Column("address", _("地址"), lambda f: f.address, width=30),
        Column("case", _("处置类型"), lambda f: f.get_case_display(), width=16),
        Column("batch", _("批次"), lambda f: f.get_batch_display(), slot="end", width=8),
        Column("grade", _("风险等级"), lambda f: f.grade, sort="grade_points", state=lambda f: f.grade_row, width=12),
        Column("visit", _("应查日期"), lambda f: f.visit_by, kind="date", width=12),
        Column("number", _("档案编号"), lambda f: f.number, slot="under", width=24),
        Column("updated", _("更新"), lambda f: f.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("area", _("村（社区）"), areas, lambda rows, v: rows.filter(area=v)),
        Filter("kind", _("类别"), kinds, lambda rows, v: rows.filter(kind=v)),
        Filter("state", _("经营状态"), lambda _u: [(s.key, s.name) for s in FILE.states if s.key != "void"],
               lambda rows, v: rows.filter(state=v)),
        Filter("case", _("处置类型"), lambda _u: [("none", _("未分类")), *CASES],
               lambda rows, v: rows.filter(case="") if v == "none" else rows.filter(case=v)),
        Filter("batch", _("批次"), lambda _u: BATCHES, lambda rows, v: rows.filter(batch=v)),
        Filter("grade", _("风险等级"), lambda _u: [("none", _("未评级")), *((row.key, row.name) for row in GRADES)],
               lambda rows, v: rows.filter(grade="" if v == "none" else v)),
        Filter("rank", _("预测排序"), bands, _in_band),
        Filter("visit", _("应查"), lambda _u: VISITS, _to_visit),
        Filter("missing", _("材料缺项"), lambda _u: MISSING, lambda rows, v: rows.filter(missing__icontains=v)),
    ),
    search=lambda rows, text: rows.matching(text),
    empty={"title": _("还没有档案"), "text": _("填好一张调查表并建档，这一户就出现在这里。")},
    actions=_acts,
    map_url="map",
)  # fmt: skip
