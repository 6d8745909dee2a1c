"""The list of files and the page of one file."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.archive.forms import FileForm, RevealForm
from sanxiao.archive.lists import FILES
from sanxiao.archive.models import Establishment
from sanxiao.archive.personal import masked, reveal
from sanxiao.docket import rooms
from sanxiao.docket.models import Attachment, Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may
from sanxiao.papers.models import Paper


@login_required
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """一户一档: all files of one's ground."""
    return FILES.respond(request)


def the_file(request: HttpRequest, pk: Any) -> Establishment:
    """A file on this person's ground, or 404."""
    rows = Establishment.objects.seen_by(request.user).select_related("operator", "kind", "officer", "merged_into")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_GET
def file(request: HttpRequest, pk: Any) -> HttpResponse:
    """One file: who it is, where it stands, what comes next, what happened. Tabs from the rooms above."""
    found = the_file(request, pk)
    panels = sorted(rooms.gather("panels", found, request.user), key=lambda p: p.order)
    wanted = request.GET.get("tab", "")
    pks = found.pks
    context = {
        "file": found,
        "who": masked(found.operator, request.user, found.area),
        "panels": panels,
        "panel": next((p for p in panels if p.key == wanted), None),
        "starters": rooms.gather("starters", found, request.user),
        "terms": Deadline.objects.filter(file__in=pks, done_on__isnull=True).order_by("due_on"),
        "events": Event.objects.filter(file__in=pks).told().order_by("-id")[:60],
        "photos": Attachment.objects.filter(file__in=pks, voided_at__isnull=True).select_related("blob")[:12],
        "papers": Paper.objects.filter(file__in=pks)[:30],
        "siblings": Establishment.objects.seen_by(request.user)
        .current()
        .filter(operator=found.operator_id)
        .exclude(pk=found.pk),
        "may_edit": may(request.user, "file.edit", found) and not found.merged_into_id,
    }
    return render(request, "archive/file.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: Any) -> HttpResponse:
    """Correct the head of a file: everything goes into the log, from -> to."""
    found = the_file(request, pk)
    form = FileForm(request.POST or None, file=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except Refused as refusal:
            if refusal.code != "same":
                form.add_error(None, refusal.reason)
                return render(request, "archive/edit.html", {"file": found, "form": form}, status=409)
        else:
            messages.success(request, _("已更正，时间线上可查。"))
        return redirect(found)
    return render(request, "archive/edit.html", {"file": found, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def show(request: HttpRequest, pk: Any) -> HttpResponse:
    """Reveal a full number, with a reason; logged without the value."""
    found = the_file(request, pk)
    form = RevealForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("请写明查看理由。"), code="invalid")
        value = reveal(found, form.cleaned_data["field"], form.cleaned_data["reason"], request.user)
    except Refused as refusal:
        return render(request, "archive/_revealed.html", {"refused": refusal}, status=403)
    return render(request, "archive/_revealed.html", {"value": value, "file": found})


