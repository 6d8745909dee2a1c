"""The list of orders and the page of one. Their states change through the one view of the docket."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from sanxiao.archive.personal import masked
from sanxiao.docket.models import Deadline, Event
from sanxiao.inspection import answering, forms, repeated  # noqa: F401  registers the forms of the moves
from sanxiao.inspection.lists import ORDERS, WAITING
from sanxiao.inspection.models import Order
from sanxiao.inspection.panels import talk_about
from sanxiao.inspection.show import laid_out, remedies
from sanxiao.inspection.visit_lists import tabs
from sanxiao.papers.models import Paper

ALONE = ("extend", "propose:extend", "sign:extend", "picture")  # steps of a problem that its order's do not tell


@login_required
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """All orders on one's ground."""
    return ORDERS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Places classed 规范 with defects that were never ordered to correct."""
    return WAITING.respond(request, tabs=tabs(request))


@login_required
@require_GET
def order(request: HttpRequest, pk: Any) -> HttpResponse:
    """One order: what is to be done, problem by problem, with the photos of before and after side by side."""
    rows = Order.objects.seen_by(request.user).select_related("file__operator", "file__kind", "officer")
    found = get_object_or_404(rows, pk=pk)
    problems = laid_out(found, request.user)
    repeated.lay_on(found, problems)
    own = Q(subject=found.pk) | Q(subject__in=[p.pk for p in problems], move__in=ALONE)
    context = {
        "order": found,
        "problems": problems,
        "pictures": any(p.photos["before"] or p.photos["after"] for p in problems),
        "who": masked(found.file.operator, request.user, found.file.area),
        "remedies": remedies(found),
        "recheck": Deadline.objects.filter(subject=found.pk, done_on__isnull=True).first(),
        "papers": Paper.objects.filter(subject=found.pk).order_by("at", "id"),
        "events": Event.objects.filter(own).order_by("-id"),
        **answering.desk_context(found, request.user),
        **talk_about(found, request.user),
    }
    return render(request, "inspection/order.html", context)
