"""The plan at a glance, and who has which duty."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanxiao.campaign.load import TITLE
from sanxiao.campaign.models import Clause, GroupMember, Phase, english
from sanxiao.campaign.plan import cards, offices_of, phases, role_names, roster, tree
from sanxiao.docket.models import Rule
from sanxiao.office.duties import may_read


def _town(request: HttpRequest) -> str:
    """The area of the plan that this person reads; 404 for who holds no post and where no plan is loaded."""
    first = Clause.objects.seen_by(request.user).order_by("area").first() if may_read(request.user, "plan") else None
    if first is None:
        raise Http404
    return str(first.area)


def _villages() -> str:
    return _("各行政村（社区）")


@login_required
@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """方案一览: phases in time, and every clause with the offices that have a part in it."""
    area = _town(request)
    clauses = list(Clause.objects.seen_by(request.user).filter(area=area))
    names = role_names(offices_of(area), _villages())
    nodes = tree(clauses, names, request.user)
    mine = request.GET.get("mine") == "1"
    context: dict[str, Any] = {
        "phases": phases(Phase.objects.seen_by(request.user).filter(area=area)),
        "nodes": [node for node in nodes if node.wanted] if mine else nodes,
        "mine": mine,
        "count": len(clauses),
        "title": Rule.objects.value(TITLE, area, default={}).get("title_en" if english() else "title", ""),
    }
    return render(request, "campaign/plan.html", context)


@login_required
@require_GET
def offices(request: HttpRequest) -> HttpResponse:
    """分工: a card for each of the duty holders in the plan's own words, and the leading group's roster."""
    area = _town(request)
    clauses = list(Clause.objects.seen_by(request.user).filter(area=area))
    found = cards(offices_of(area), clauses, _villages(), request.user)
    members = GroupMember.objects.seen_by(request.user).filter(area=area)
    return render(request, "campaign/offices.html", {"cards": found, "roster": roster(members, found)})
