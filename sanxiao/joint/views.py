"""The pages of the room. States change through the one view of the docket."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.archive.lists import FILES
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.models import Order
from sanxiao.joint import checklist, choosing, outcome, papers, route, show, stops, targets
from sanxiao.joint.lists import CALLS, OPERATIONS, tabs
from sanxiao.joint.models import Call, Operation, Stop
from sanxiao.joint.police import numbers
from sanxiao.joint.rules import OPERATION
from sanxiao.office.duties import may
from sanxiao.papers.models import Paper


@login_required
@require_GET
def operations(request: HttpRequest) -> HttpResponse:
    """All operations that one may see."""
    return OPERATIONS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """All calls for the police."""
    return CALLS.respond(request, tabs=tabs(request))


def _operation(request: HttpRequest, pk: Any) -> Operation:
    return get_object_or_404(Operation.objects.seen_by(request.user).select_related("lead"), pk=pk)


def _stops(request: HttpRequest, operation: Operation) -> list[Stop]:
    """The places on one's own ground, in the order of the route."""
    rows = Stop.objects.seen_by(request.user).filter(operation=operation).standing()
    rows = rows.select_related("file__operator", "file__kind", "visit").prefetch_related("findings__office")
    found = list(rows.defer("file__facts", "file__search", "visit__answers"))
    for stop in found:
        stop.operation = operation
    return found


@login_required
@require_GET
def operation(request: HttpRequest, pk: Any) -> HttpResponse:
    """One operation: what is next, who comes, where it goes, the one list, what came of it."""
    found = _operation(request, pk)
    here = _stops(request, found)
    parts = show.parts_of(found, request.user)
    legs = route.legs(here)
    mine = next((row.part for row in parts if row.mine), None)
    context = {
        "op": found, "acts": show.acts_of(found, request.user), "parts": parts, "mine": mine,
        "legs": show.legs_of(legs, checklist.rows_of(found), mine),
        "sketch": route.sketch(legs), "length": route.length(legs), "waiting": [row for row in parts if row.is_waiting],
        "matrix": show.matrix(found, [row.part for row in parts]), "outcome": outcome.of(found, request.user),
        "may_arrange": _may_lead(request, found, "arrange"), "papers": Paper.objects.filter(subject=found.pk),
        "events": show.events_of(found, parts),
        "tabs": tabs(request), "photos": _photos(found.pk),
    }  # fmt: skip
    return render(request, "joint/operation.html", context)


def _photos(pk: Any) -> Any:
    return Attachment.objects.filter(subject=pk, voided_at__isnull=True, blob__width__isnull=False)


def _may_lead(request: HttpRequest, found: Operation, move: str) -> bool:
    row = OPERATION.row(move)
    return found.state in row.frm and flow.seat_for(row, found, request.user) is not None


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, pk: Any) -> HttpResponse:
    """选定对象: a filtered list, the greatest risk first, with what is known of each; ticks and what speaks against."""
    found = _operation(request, pk)
    if not _may_lead(request, found, "take_in"):
        raise PermissionDenied
    ticked, override, wrong, doubts = request.POST.getlist("file"), request.POST.get("override", "").strip(), "", []
    if request.method == "POST":
        rows = choosing.chosen(found, ticked, request.user, override)
        wrong = choosing.wrong(rows, override)
        doubts = [row for row in rows if row.against]
        if not wrong:
            try:
                flow.move(found, "take_in", request.user, targets=[row.fact for row in rows])
                return redirect(found)
            except Refused as refusal:
                wrong, found = refusal.reason, _operation(request, pk)
    shown = list(choosing.candidates(found, request.user, request.GET)[: choosing.AT_ONCE + 1])
    known = targets.known(shown, found.held_on)
    context = {
        "op": found, "filters": FILES.shown_filters(request), "q": request.GET.get("q", ""), "wrong": wrong,
        "override": override, "doubts": doubts, "withs": choosing.WITH, "with": request.GET.get("with", ""),
        "rows": [(file, targets.why_chosen(file, known[file.pk]), str(file.pk) in ticked)
                 for file in shown[: choosing.AT_ONCE]],
        "more": len(shown) > choosing.AT_ONCE, "most": choosing.AT_ONCE,
    }  # fmt: skip
    return render(request, "joint/choose.html", context, status=422 if wrong else 200)


def _pdf(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def brief(request: HttpRequest, pk: Any) -> HttpResponse:
    """The brief as PDF, as the plan stands now."""
    found = _operation(request, pk)
    return _pdf(papers.brief(found, _stops(request, found), request.user), f"{found.title}.pdf")


@login_required
@require_GET
def record(request: HttpRequest, pk: Any) -> HttpResponse:
    """The record as far as it has come; once the whole is closed it is a paper like any other."""
    found = _operation(request, pk)
    if found.started_on is None:
        raise Http404
    return _pdf(papers.record(found), f"{papers.TITLE}-{found.title}.pdf")


# --- on the day, on the phone ------------------------------------------------------------------------------------


@login_required
@require_GET
def today_(request: HttpRequest) -> HttpResponse:
    """The operations in which one takes part today; a single one opens at once."""
    rows = show.of_today(request.user)
    if len(rows) == 1:
        return redirect("joint-day", rows[0].pk)
    return render(request, "joint/today.html", {"rows": rows, "tabs": tabs(request)})


@login_required
@require_GET
def day(request: HttpRequest, pk: Any) -> HttpResponse:
    """One operation on the phone: places in order, each with what my office still has to do there; the police."""
    found = _operation(request, pk)
    mine = stops.part_of(found.pk, request.user)
    legs = show.legs_of(route.legs(_stops(request, found)), checklist.rows_of(found), mine)
    context = {
        "op": found, "acts": show.acts_of(found, request.user, "start", "finish"), "mine": mine, "legs": legs,
        "left": [leg for leg in legs if leg.leg.stop.state == "listed"],
        "calls": Call.objects.seen_by(request.user).filter(operation=found).waiting(), "numbers": numbers(found),
        "may_call": mine is not None and found.is_live and may(request.user, "call.make"),
    }  # fmt: skip
    return render(request, "joint/day.html", context)


@login_required
@require_GET
def stop(request: HttpRequest, pk: Any) -> HttpResponse:
    """One place in an operation: warnings, my items first, those of the others, what can be begun here."""
    rows = Stop.objects.seen_by(request.user).select_related("file__operator", "file__kind", "visit", "operation__lead")
    found = get_object_or_404(rows, pk=pk)
    mine = stops.part_of(found.operation_id, request.user)
    following = Stop.objects.seen_by(request.user).filter(operation=found.operation_id, state="listed")
    context = {
        "stop": found, "op": found.operation, "mine": mine, "items": show.items_of(found, mine),
        "warnings": rooms.gather("warnings", found.file, request.user),
        "known": targets.why_chosen(found.file, targets.known([found.file], found.operation.held_on)[found.file_id]),
        "orders": Order.objects.seen_by(request.user).filter(file=found.file).exclude(state="void")[:5],
        "next": following.exclude(pk=found.pk).order_by("order").first(), "numbers": numbers(found.operation),
        "may_call": mine is not None and found.operation.is_live and may(request.user, "call.make"),
        "may_note": may(request.user, "incident.record", found.file), "photos": _photos(found.pk),
        "begins": show.begins(found, request.user), "events": Event.objects.of(found),
    }  # fmt: skip
    return render(request, "joint/stop.html", context)


@login_required
@require_GET
def call(request: HttpRequest, pk: Any) -> HttpResponse:
    """One call for the police: when, where, why, what came of it; the incident note begins with what it says."""
    rows = Call.objects.seen_by(request.user).select_related("stop__file", "operation__lead", "by")
    found = get_object_or_404(rows, pk=pk)
    file = found.stop.file if found.stop else None
    context = {
        "call": found, "file": file, "numbers": numbers(found.operation), "events": Event.objects.of(found),
        "note": show.incident_url(file, found) if file and may(request.user, "incident.record", file) else "",
    }  # fmt: skip
    return render(request, "joint/call.html", context)
