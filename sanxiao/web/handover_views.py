"""Pages on hand-overs: offer a post, sign for it, take it back, end a leave, print the list."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.docket.models import Handover
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import today
from sanxiao.web import handing_over
from sanxiao.web.forms import HandoverForm

LAST = 20  # of one's own hand-overs beside the form


def _mine(request: HttpRequest) -> QuerySet[Handover]:
    """Those that this person gave or is to take."""
    rows = Handover.objects.filter(Q(giver=request.user.pk) | Q(taker=request.user.pk))
    return rows.select_related("giver", "taker", "office")


@login_required
@require_http_methods(["GET", "POST"])
def handover_new(request: HttpRequest) -> HttpResponse:
    """Hand over all open work in one step: the list is made by the program, the taker signs."""
    form = HandoverForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = handing_over.offer(
                request.user, told["post"], told["taker"], acting=told["acting"], since=told["since"],
                until=told["until"], note=told["note"],
            )  # fmt: skip
        except Refused as refusal:
            for name, message in (refusal.fields or {"": refusal.reason}).items():
                form.add_error(name or None, message)
        else:
            messages.success(request, _("已提交，等待 %(who)s 签收。") % {"who": made.taker})
            return redirect("handover", made.pk)
    post = form.fields["post"].initial
    context = {
        "form": form, "post": post,
        "work": handing_over.told(handing_over.open_work(request.user, post), acting=False) if post else [],
        "rows": [(row, handing_over.STATES[row.state]) for row in _mine(request)[:LAST]],
    }  # fmt: skip
    return render(request, "web/handover_new.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, pk: Any) -> HttpResponse:
    """A hand-over: its list; the taker receives or refuses it, the giver takes it back, either ends a leave early."""
    found = get_object_or_404(_mine(request), pk=pk)
    if request.method == "POST":
        try:
            _act(found, request)
        except Refused as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("已答复。"))
        return redirect("handover", pk)
    runs = found.state == Handover.RECEIVED and found.acting and bool(found.until and found.until >= today())
    context = {
        "handover": found, "mine": found.taker_id == request.user.pk, "given": found.giver_id == request.user.pk,
        "tone": handing_over.STATES[found.state], "runs": runs,
        "matters": handing_over.told(handing_over.matters_of(found), acting=found.acting),
    }  # fmt: skip
    return render(request, "web/handover.html", context)


def _act(found: Handover, request: HttpRequest) -> None:
    act = request.POST.get("act", "")
    if act == "withdraw":
        handing_over.withdraw(found, request.user)
    elif act == "end":
        handing_over.end_early(found, request.user)
    else:
        handing_over.receive(found, request.user, request.POST.get("accepts") == "1")


@login_required
@require_GET
def handover_print(request: HttpRequest, pk: Any) -> HttpResponse:
    """The list on paper, to be signed."""
    found = get_object_or_404(_mine(request), pk=pk)
    name = f"{found.giver.name}-{found.taker.name} {_('工作交接')}.pdf"
    response = HttpResponse(handing_over.printed(found), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response
