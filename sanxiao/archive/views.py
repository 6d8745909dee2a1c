"""The list of files, the page of one file, its correction, its double, and what stands behind a mask."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.archive import answers, doubles, life, sight
from sanxiao.archive.forms import FileForm, RevealForm
from sanxiao.archive.lists import FILES
from sanxiao.archive.models import Establishment
from sanxiao.archive.personal import masked, reveal
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Attachment, Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may
from sanxiao.papers import qr
from sanxiao.papers.models import Paper

PRIVATE_ROLES = ("identity", "signature")  # pictures that show numbers or hands: not in galleries
SHOWN_EVENTS = 12
SHOWN_PAIRS = 200
LAST = 99  # behind every entry of the menu


@login_required
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """一户一档: all files of one's ground."""
    return FILES.respond(request)


def the_file(request: HttpRequest, pk: Any) -> Establishment:
    """A file on this person's ground, or 404."""
    rows = Establishment.objects.seen_by(request.user).select_related(
        "operator", "kind", "officer", "merged_into", "predecessor"
    )
    return get_object_or_404(rows, pk=pk)


def may_work_on(user: Any, file: Establishment) -> bool:
    """May this person change the file? What was merged away or taken back is only read."""
    return not file.merged_into_id and file.state != "void" and may(user, "file.edit", file)


def history(file: Establishment, user: Any) -> QuerySet[Event]:
    """Events of a file and of what was merged into it, newest first; the merging that took it away too."""
    rows = Event.objects.filter(Q(file__in=file.pks) | Q(subject__in=Establishment.merges_of(file.pks))).told()
    return sight.seen(rows, file, user).select_related("actor", "office").order_by("-id")


def gallery(file: Establishment, user: Any) -> QuerySet[Attachment]:
    """Photos and documents of a file that this person may open, newest first; also those that were voided."""
    rows = Attachment.objects.filter(file__in=file.pks).exclude(role__in=PRIVATE_ROLES)
    return sight.seen(rows, file, user, files=True).select_related("blob").order_by("-at", "id")


@login_required
@require_GET
def file(request: HttpRequest, pk: Any) -> HttpResponse:
    """One file: who it is, where it stands, what comes next, what happened. Tabs from the rooms above."""
    found = the_file(request, pk)
    panels = sorted(rooms.gather("panels", found, request.user), key=lambda p: p.order)
    wanted = request.GET.get("tab", "")
    panel = next((p for p in panels if p.key == wanted), None)
    context = {
        "file": found,
        "waiting": waiting(found, request.user),
        "panels": panels,
        "panel": panel,
        **begins(found, request.user),
        "warnings": rooms.gather("warnings", found, request.user),
        "merged": list(found.merges.filter(state="done").select_related("absorbed")),
        "may_edit": may_work_on(request.user, found),
        "may_merge": not found.merged_into_id and may(request.user, "file.merge", found),
        "qr": qr.scalable(settings.PUBLIC_BASE_URL + found.get_absolute_url()),
    }
    return render(request, "archive/file.html", context if panel else context | _overview(request, found))


def begins(found: Establishment, user: Any) -> dict[str, Any]:
    """What can be begun on the file: first what it calls for now, then all the rest room by room, as in the menu."""
    given = rooms.by_room("starters", found, user)
    given.sort(key=lambda one: min((entry.order for entry in one[0].menu), default=LAST))
    return {
        "called_for": [each for _room, starters in given for each in starters if each.primary],
        "starters": [(room.name, rest) for room, each in given if (rest := [s for s in each if not s.primary])],
    }


def waiting(found: Establishment, user: Any) -> list[dict[str, Any]]:
    """Open matters of the file whose next step is this person's, the most urgent first.

    Only kinds of matters that the file ever had, by its log, are asked for: a house of many rooms asks no more than one
    of few.
    """
    lines = []
    for model in rooms.models():
        if model.flow.key not in found.kinds_had or not any(
            field.name == "file" for field in model._meta.concrete_fields
        ):
            continue
        rows = model.objects.seen_by(user).filter(file__in=found.pks, state__in=model.flow.open_states)
        for obj in rows.select_related("file")[:20]:
            mine = [row for row in flow.rows_from(obj) if row.todo and flow.seat_for(row, obj, user)]
            if mine:
                acts = _("、").join(str(row.name) for row in mine)
                lines.append({"obj": obj, "acts": acts, "flow": obj.flow.name, "due_on": obj.due_on})
    return sorted(lines, key=lambda line: line["due_on"] or date.max)


def _overview(request: HttpRequest, found: Establishment) -> dict[str, Any]:
    pks = found.pks
    pictures = gallery(found, request.user).filter(voided_at__isnull=True)
    events = list(history(found, request.user)[: SHOWN_EVENTS + 1])
    mine = Establishment.objects.seen_by(request.user).current()
    running = Deadline.objects.filter(file__in=pks, done_on__isnull=True)
    return {
        "who": masked(found.operator, request.user, found.area),
        "reasons": [text for _code, text in answers.listed("reason.reveal", found.area)],
        "terms": sight.seen(running, found, request.user).order_by("due_on"),
        "chain": life.chain(found),
        "events": sorted(events[:SHOWN_EVENTS], key=lambda e: (e.on, e.pk), reverse=True),
        "more_events": len(events) > SHOWN_EVENTS,
        "photos": [each for each in pictures[:12] if each.blob.width][:6],
        "papers": sight.seen(Paper.objects.filter(file__in=pks), found, request.user)[:30],
        "pitches": list(found.pitches.all()),
        "siblings": mine.filter(operator=found.operator_id).exclude(pk__in=pks),
        "successors": mine.filter(predecessor__in=pks),
    }


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: Any) -> HttpResponse:
    """Correct the head of a file: everything goes into the log, from -> to."""
    found = the_file(request, pk)
    if not may_work_on(request.user, found):
        raise Http404
    form = FileForm(request.POST or None, file=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except Refused as refusal:
            if refusal.code != "same":
                return _edit_again(request, found, form, refusal)
            messages.info(request, refusal.reason)
        else:
            messages.success(request, _("已更正，时间线上可查。"))
        return redirect(found)
    return render(request, "archive/edit.html", {"file": found, "form": form}, status=422 if form.errors else 200)


def _edit_again(request: HttpRequest, found: Establishment, form: FileForm, refusal: Refused) -> HttpResponse:
    """What was typed stays; the next press is made against the file as it is now, whose new values stand above."""
    form.add_error(None, refusal.reason)
    now_held = the_file(request, found.pk)
    typed = request.POST.copy()
    typed["version"] = str(now_held.version)
    form.data = typed
    changed = [
        (form.fields[name].label, getattr(now_held, name))
        for name in form.Meta.fields
        if name in form.cleaned_data and form.cleaned_data[name] != getattr(now_held, name)
    ]
    context = {"file": now_held, "form": form, "changed": changed}
    return render(request, "archive/edit.html", context, status=409)


@login_required
@require_GET
def doubles_here(request: HttpRequest) -> HttpResponse:
    """疑似重复: pairs of files of one's ground that may be one place, for who may merge them."""
    if not may(request.user, "file.merge"):
        raise Http404
    pairs = doubles.pairs_for(request.user)
    return render(request, "archive/doubles.html", {"pairs": pairs[:SHOWN_PAIRS], "count": len(pairs)})


@login_required
@require_GET
def double(request: HttpRequest, pk: Any) -> HttpResponse:
    """Find the file that is the same place, to be compared with this one and merged."""
    found = the_file(request, pk)
    if found.merged_into_id or not may(request.user, "file.merge", found):
        raise Http404
    text = request.GET.get("q", "").strip()
    rows = Establishment.objects.seen_by(request.user).current().exclude(pk=found.pk)
    rows = rows.matching(text) if text else rows.filter(_alike(found))
    others = rows.select_related("operator", "kind").order_by("name", "id")[:30]
    return render(request, "archive/double.html", {"file": found, "others": others, "q": text})


def _alike(file: Establishment) -> Q:
    """Without a search: the same person, the same number, the same name in the same village."""
    who = file.operator
    alike = Q(operator=who) | Q(area=file.area, name=file.name)
    for name in ("phone_index", "id_number_index", "credit_code"):
        if value := getattr(who, name):
            alike |= Q(**{f"operator__{name}": value})
    return alike


@login_required
@require_POST
def show(request: HttpRequest, pk: Any) -> HttpResponse:
    """Reveal a full number, with a reason; logged without the value. A fragment, or a page without scripts."""
    found = the_file(request, pk)
    form = RevealForm(request.POST)
    context: dict[str, Any] = {"file": found, "status": 200}
    try:
        if not form.is_valid():
            raise Refused(_("请写明查看理由。"), code="invalid")
        context["name"] = dict(form.fields["field"].choices)[form.cleaned_data["field"]]  # type: ignore[attr-defined]
        context["value"] = reveal(found, form.cleaned_data["field"], form.cleaned_data["reason"], request.user)
    except Refused as refusal:
        context |= {"refused": refusal, "status": 422 if refusal.code == "invalid" else 403}
    fragment = request.headers.get("HX-Request")
    template = "archive/_revealed.html" if fragment else "archive/revealed.html"
    # htmx shows nothing of an answer that is no success: in the fragment the words themselves are the answer.
    answer = render(request, template, context, status=200 if fragment else context["status"])
    answer["Cache-Control"] = "private, no-store"
    return answer
