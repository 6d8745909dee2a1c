"""分类名册: the classes as they were on any day, so that a past quarter can be shown as it was (D5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sanxiao.archive.lists import areas, kinds
from sanxiao.archive.models import Classification
from sanxiao.archive.rules import BATCHES, CASES
from sanxiao.office.now import today
from sanxiao.papers.lists import Column, Filter, Listing


def rows_on(user: Any, day: date) -> QuerySet:
    """Decisions in force on a day, on this person's ground."""
    held = Classification.objects.seen_by(user).as_of(day)
    return held.exclude(file__state="void").select_related("file", "file__operator", "file__kind").defer("file__facts")


def _day(request: HttpRequest) -> tuple[date, bool]:
    """The day asked for, and whether what was asked is a day; today without."""
    said = request.GET.get("on", "")
    try:
        return (date.fromisoformat(said), True) if said else (today(), True)
    except ValueError:
        return today(), False


def _chosen(choices: list[tuple[str, Any]]) -> Any:
    def of(_user: Any) -> Sequence[tuple[str, Any]]:
        return choices

    return of


CLASSES = Listing(
    key="classes",
    title=gettext_lazy("分类名册"),
    rows=lambda user: rows_on(user, today()),
    order="-decided_on",
    columns=(
        Column("name", gettext_lazy("名称"), lambda r: r.file.called, slot="title", width=24),
        Column("number", gettext_lazy("档案编号"), lambda r: r.file.number, width=24),
        Column("kind", gettext_lazy("类别"), lambda r: str(r.file.kind), slot="note", width=12),
        Column("operator", gettext_lazy("经营者"), lambda r: r.file.operator.name, slot="note", width=10),
        Column("area", gettext_lazy("村（社区）"), lambda r: r.area, kind="area", slot="note", width=16),
        Column("case", gettext_lazy("处置类型"), lambda r: str(r.get_case_display()), slot="note", width=16),
        Column("batch", gettext_lazy("批次"), lambda r: str(r.get_batch_display()), slot="end", width=8),
        Column("decided", gettext_lazy("审定"), lambda r: r.decided_on, kind="date", sort="decided_on", width=12),
        Column("ended", gettext_lazy("止"), lambda r: r.ended_on, kind="date", width=12),
    ),
    filters=(
        Filter("area", gettext_lazy("村（社区）"), areas, lambda rows, v: rows.filter(area=v)),
        Filter("kind", gettext_lazy("类别"), kinds, lambda rows, v: rows.filter(file__kind=v)),
        Filter("case", gettext_lazy("处置类型"), _chosen(CASES), lambda rows, v: rows.filter(case=v)),
        Filter("batch", gettext_lazy("批次"), _chosen(BATCHES), lambda rows, v: rows.filter(batch=v)),
    ),
    template="archive/classes.html",
    empty={
        "title": gettext_lazy("这一天还没有审定的分类"),
        "text": gettext_lazy("换一个日期再看；分类在每一户的“分类”页提出和审定。"),
    },
)  # fmt: skip


@login_required
@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """The classes as of `?on=`, as a page, a workbook or on paper."""
    day, is_day = _day(request)
    listing = replace(
        CLASSES, rows=lambda user: rows_on(user, day), title=_("分类名册（%(day)s）") % {"day": day.isoformat()}
    )
    return listing.respond(request, on=day, bad_day=not is_day, today=today())
