"""Pages of leads: the list under 摸底, and one lead with what can be done about it."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sanxiao.docket.models import Event
from sanxiao.office.duties import may
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.survey.models import Form, Lead
from sanxiao.survey.rules import LEAD

DUE = [("late", gettext_lazy("已逾期"))]


def _rows(user: Any) -> QuerySet[Lead]:
    return Lead.objects.seen_by(user).select_related("kind")


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="lead")]


def _found(rows: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    wanted = text.strip()[:50]
    return rows.filter(Q(name__icontains=wanted) | Q(address__icontains=wanted))


def _acts(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "lead.send"):
        return []
    return [{"name": _("交办线索"), "url": reverse("do", args=[LEAD.key, "new", "send"]), "primary": True}]


LEADS = Listing(
    key="leads",
    title=gettext_lazy("线索"),
    rows=_rows,
    columns=(
        Column("name", gettext_lazy("名称"), lambda r: r.name, slot="title", width=24),
        Column("state", gettext_lazy("状态"), lambda r: r.state, slot="state", state=lambda r: r.state_row),
        Column("kind", gettext_lazy("类别"), lambda r: str(r.kind or ""), slot="note", width=12),
        Column("area", gettext_lazy("村（社区）"), lambda r: r.area, kind="area", slot="note", width=16),
        Column("address", gettext_lazy("地址"), lambda r: r.address, slot="note", width=28),
        Column("due", gettext_lazy("核实期限"), lambda r: r.due_on, kind="due", slot="end", width=12),
        Column("sent", gettext_lazy("交办"), lambda r: r.created_at.date(), kind="date", sort="created_at"),
    ),
    filters=(
        Filter("state", gettext_lazy("状态"), lambda _u: [(s.key, s.name) for s in LEAD.states],
               lambda rows, v: rows.filter(state=v)),
        Filter("area", gettext_lazy("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("due", gettext_lazy("期限"), lambda _u: DUE,
               lambda rows, _v: rows.filter(state="open", due_on__lt=today())),
    ),
    search=_found,
    empty={
        "title": gettext_lazy("没有线索"),
        "text": gettext_lazy("检查、举报、进货核查中发现没有建档的，交给所在的村（社区）核实。"),
    },
    actions=_acts,
)  # fmt: skip


@login_required
@require_GET
def leads(request: HttpRequest) -> HttpResponse:
    """All leads of one's ground."""
    return LEADS.respond(request)


@login_required
@require_GET
def lead(request: HttpRequest, pk: Any) -> HttpResponse:
    """One lead."""
    rows = Lead.objects.seen_by(request.user).select_related("kind", "file", "sheet")
    if not rows.filter(pk=pk).exists() and _gave_away(request, pk):
        return redirect("leads")  # who has just given it to another village sees it no longer
    found = get_object_or_404(rows, pk=pk)
    may_fill = found.is_open and may(request.user, "sheet.fill", found)
    context = {
        "lead": found, "events": Event.objects.of(found)[:20],
        "kinds": [f for f in Form.objects.in_use() if found.kind_id in (None, f.kind_id)] if may_fill else [],
    }  # fmt: skip
    return render(request, "survey/lead.html", context)


def _gave_away(request: HttpRequest, pk: Any) -> bool:
    last = Event.objects.filter(subject=pk, kind=LEAD.key, move="refer").order_by("id").last()
    if last is None:
        raise Http404
    return last.actor_id == request.user.pk
