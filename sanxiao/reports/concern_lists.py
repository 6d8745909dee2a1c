"""The list of problems and needs, and what waits for whoever points out who answers."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Candidate
from sanxiao.office.duties import may
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.reports.concern_models import Concern
from sanxiao.reports.concern_rules import CONCERN, SORTS


def _rows(user: Any) -> QuerySet[Concern]:
    return Concern.objects.seen_by(user).select_related("unit", "taker", "report")


def _units(field: str) -> Any:
    def choices(user: Any) -> list[tuple[int, str]]:
        used = Concern.objects.seen_by(user).order_by().values(field).distinct()
        return [(office.pk, str(office)) for office in Office.objects.filter(pk__in=used)]

    return choices


def _in_state(rows: QuerySet, value: str) -> QuerySet:
    if value == "late":
        return rows.filter(state__in=CONCERN.open_states, due_on__lt=today())
    return rows.filter(state__in=CONCERN.open_states) if value == "open" else rows.filter(state=value)


def _new(request: HttpRequest) -> list[dict[str, Any]]:
    new = {"name": gettext("提出困难或需要"), "url": reverse("do", args=[CONCERN.key, "new", "raise"]), "primary": True}
    return [new] if may(request.user, "concern.raise") else []


CONCERNS = Listing(
    key="concerns",
    title=_("困难和需要"),
    rows=_rows,
    columns=(
        Column("text", _("内容"), lambda c: c.title, slot="title", width=40),
        Column("state", _("状态"), lambda c: c.state, slot="state", state=lambda c: c.state_row),
        Column("sort", _("类型"), lambda c: str(c.get_sort_display()), slot="note", width=12),
        Column("unit", _("提出单位"), lambda c: str(c.unit), slot="note", width=18),
        Column("taker", _("办理单位"), lambda c: str(c.taker or ""), slot="note", width=18),
        Column("quarter", _("随季报"), lambda c: str(c.report.quarter) if c.report else "", width=10),
        Column("due", _("答复期限"), lambda c: c.due_on, kind="due", slot="end", width=12),
        Column("answer", _("答复"), lambda c: c.answer, width=40),
    ),
    filters=(
        Filter("state", _("状态"), lambda _u: [("open", _("未了")), ("late", _("逾期未答")),
               *[(s.key, s.name) for s in CONCERN.states]], _in_state),
        Filter("sort", _("类型"), lambda _u: SORTS, lambda rows, v: rows.filter(sort=v)),
        Filter("unit", _("提出单位"), _units("unit"), lambda rows, v: rows.filter(unit=v)),
        Filter("taker", _("办理单位"), _units("taker"), lambda rows, v: rows.filter(taker=v)),
    ),
    search=lambda rows, text: rows.filter(Q(text__icontains=text.strip()) | Q(answer__icontains=text.strip())),
    empty={
        "title": _("没有困难和需要"),
        "text": _("写进季度报告“存在问题”“需要支持”的每一行，提交后各成一件；平时也可以随时提出。"),
    },
    actions=_new,
)  # fmt: skip


def candidates(user: Any) -> Iterator[Candidate]:
    """For who points out the office: those that nobody has taken."""
    if may(user, "concern.assign"):
        count = Concern.objects.seen_by(user).filter(state="raised").count()
        yield Candidate(
            gettext("没有单位认领的困难和需要"), count, reverse("concerns") + "?state=raised", gettext("去指定")
        )
