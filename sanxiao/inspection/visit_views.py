"""The list of visits, what is due, and the page of one visit. States change through the one view of the docket."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from sanxiao.archive.personal import masked
from sanxiao.docket import rooms
from sanxiao.docket.models import Deadline, Event
from sanxiao.inspection import (
    route,
    visit_forms,  # noqa: F401  registers the forms of the moves
)
from sanxiao.inspection.models import Order
from sanxiao.inspection.panels import talk_about
from sanxiao.inspection.visit_lists import DUES, VISITS, tabs
from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_show import items_of, next_order
from sanxiao.papers.models import Paper


@login_required
@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """All visits on one's ground."""
    return VISITS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """应查: the places of one's ground by their next date, with the reasons."""
    return DUES.respond(request, tabs=tabs(request))


@login_required
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """今日路线: the visits that wait for this person, in the order in which to go."""
    return render(request, "inspection/route.html", {"stops": route.of(request.user), "tabs": tabs(request)})


@login_required
@require_GET
def visit(request: HttpRequest, pk: Any) -> HttpResponse:
    """One visit: what is to be done next, what the checklist said, what came of it."""
    rows = Visit.objects.seen_by(request.user).select_related(
        "file__operator", "file__kind", "form", "officer", "order", "before"
    )
    found = get_object_or_404(rows, pk=pk)
    items = items_of(found)
    context = {
        "visit": found,
        "items": items,
        "failed": [row for row in items if row.answer == "no"],
        "who": masked(found.file.operator, request.user, found.file.area),
        "warnings": rooms.gather("warnings", found.file, request.user) if found.is_open else [],
        "orders": Order.objects.seen_by(request.user).filter(visit=found),
        "to_order": next_order(found, request.user),
        "running": Deadline.objects.filter(subject=found.pk, done_on__isnull=True).first(),
        "papers": Paper.objects.filter(subject=found.pk).order_by("-at", "id")[:1],
        "events": Event.objects.of(found),
        **talk_about(found, request.user),
    }
    return render(request, "inspection/visit.html", context)
