"""Pages of problems and needs."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from sanxiao.docket.models import Event
from sanxiao.office.duties import may_read
from sanxiao.reports import concern_forms  # noqa: F401  registers the forms
from sanxiao.reports.concern_lists import CONCERNS
from sanxiao.reports.concern_models import Concern


@login_required
@require_GET
def concerns(request: HttpRequest) -> HttpResponse:
    """All that this person may see, open ones first asked for."""
    if not may_read(request.user, "concern"):
        raise Http404
    return CONCERNS.respond(request)


@login_required
@require_GET
def concern(request: HttpRequest, pk: Any) -> HttpResponse:
    """One problem or need: who answers, by when, and what was answered."""
    rows = Concern.objects.seen_by(request.user).select_related("unit", "taker", "report__unit")
    found = get_object_or_404(rows, pk=pk)
    return render(request, "reports/concern.html", {"concern": found, "events": Event.objects.of(found)})
