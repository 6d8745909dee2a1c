"""The list of talks and the page of one. Their states change through the one view of the docket."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from sanxiao.archive.personal import masked
from sanxiao.docket.models import Deadline, Event
from sanxiao.inspection import talk_forms  # noqa: F401  registers the forms of the moves
from sanxiao.inspection.talk_lists import TALKS
from sanxiao.inspection.talk_models import Talk
from sanxiao.inspection.visit_lists import tabs
from sanxiao.papers.models import Paper


@login_required
@require_GET
def talks(request: HttpRequest) -> HttpResponse:
    """All talks on one's ground."""
    return TALKS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def talk(request: HttpRequest, pk: Any) -> HttpResponse:
    """One talk: what comes next, what was said, and what came of it."""
    rows = Talk.objects.seen_by(request.user).select_related(
        "file__operator", "file__kind", "officer", "order", "visit"
    )
    found = get_object_or_404(rows, pk=pk)
    context = {
        "talk": found,
        "who": masked(found.file.operator, request.user, found.file.area),
        "running": Deadline.objects.filter(subject=found.pk, done_on__isnull=True).first(),
        "papers": Paper.objects.filter(subject=found.pk).order_by("at", "id"),
        "events": Event.objects.of(found),
    }
    return render(request, "inspection/talk.html", context)
