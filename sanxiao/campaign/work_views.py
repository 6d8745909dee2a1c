"""Pages of what units are asked for: targets, tasks, meetings."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.campaign import lists, meetings, papers, targets, tasks
from sanxiao.campaign.models import Accident, Clause, Invite, Meeting, Target, Task
from sanxiao.campaign.proving import unit_of
from sanxiao.campaign.standing import oversees, round_of, seen_units
from sanxiao.campaign.units import my_offices
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may, may_read
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.papers import codes, qr
from sanxiao.papers.models import Paper


def _reads(request: HttpRequest) -> None:
    """404 for who has no part in the campaign."""
    if not may_read(request.user, "plan"):
        raise Http404


# --- targets -----------------------------------------------------------------------------------------------------


@login_required
@require_GET
def target_list(request: HttpRequest) -> HttpResponse:
    """Every target with its progress."""
    _reads(request)
    return lists.TARGETS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def target(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One target: how far it is, and the records that say so."""
    found = get_object_or_404(Target.objects.seen_by(request.user).select_related("unit"), pk=pk)
    [told] = targets.progress([found], found.area)
    context = {
        "target": found, "told": told, "tabs": lists.tabs(request), "events": Event.objects.of(found),
        "unit": unit_of(found.unit) if found.unit else None,
        "copies": found.state == "set" and may(request.user, "target.set"),
    }  # fmt: skip
    return render(request, "campaign/target.html", context)


# --- tasks -------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def task_list(request: HttpRequest) -> HttpResponse:
    """Tasks of one's unit, and those that one's office has given; `?batch=` those that were given together."""
    _reads(request)
    listing = lists.TASKS
    batch = request.GET.get("batch", "")
    if tasks.A_KEY.fullmatch(batch):
        listing = replace(listing, rows=lambda user: lists.TASKS.rows(user).filter(batch=batch))
    return listing.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def task(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One task, for both sides: what is asked, what was answered, and what the log says."""
    rows = Task.objects.seen_by(request.user).select_related("unit", "giver", "better", "decision__meeting")
    found = get_object_or_404(rows, pk=pk)
    batch = list(Task.objects.seen_by(request.user).filter(batch=found.batch).select_related("unit").order_by("area"))
    since, until = tasks.span_of(found)
    meeting = found.decision.meeting if found.decision else None
    context = {
        "task": found, "tabs": lists.tabs(request), "events": Event.objects.of(found), "batch": batch,
        "stand": tasks.stand(batch), "links": tasks.links_of(found, request.user), "proof": tasks.proof_of(found),
        "clause": Clause.objects.seen_by(request.user).filter(number=found.clause).first() if found.clause else None,
        "unit": unit_of(found.unit) if found.unit else None, "since": since, "until": until, "meeting": meeting,
        "meeting_open": bool(meeting and Meeting.objects.seen_by(request.user).filter(pk=meeting.pk).exists()),
    }  # fmt: skip
    return render(request, "campaign/task.html", context)


# --- meetings ----------------------------------------------------------------------------------------------------


@login_required
@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Meetings that one called, is invited to, or is in charge of."""
    _reads(request)
    return lists.MEETINGS_LIST.respond(request, tabs=lists.tabs(request))


def _meeting(request: HttpRequest, pk: UUID) -> Meeting:
    return get_object_or_404(Meeting.objects.seen_by(request.user).select_related("host"), pk=pk)


@login_required
@require_GET
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One meeting: who is invited and came, what is carried over, what was decided and what came of it."""
    found = _meeting(request, pk)
    invites = list(found.invites.select_related("office", "meeting").order_by("area", "office_id"))
    mine = [row for row in invites if row.office_id in my_offices(request.user)]
    carried = meetings.carried_over(found)
    decided = [
        meetings.Carried(row, [task for task in row.tasks.all() if task.state != "withdrawn"])
        for row in found.decisions.prefetch_related("tasks__unit", "tasks__giver")
    ]
    seen = Task.objects.seen_by(request.user).filter(decision__in=[c.decision.pk for c in [*carried, *decided]])
    called = found.host_id in my_offices(request.user)
    context = {
        "meeting": found, "tabs": lists.tabs(request), "invites": invites, "mine": mine, "carried": carried,
        "decided": decided, "may_open": set(seen.values_list("pk", flat=True)), "events": Event.objects.of(found),
        "papers": Paper.objects.filter(subject=found.pk).order_by("at", "id"), "called": called,
        "came": sum(row.state == "came" for row in invites), "people": sum(len(row.people) for row in invites),
        "code": qr.scalable(papers.address(found)) if called and found.state == "notified" else "",
        "address": papers.address(found), "attached": _counts(carried, decided),
        "is_today": found.held_on == today(),
    }  # fmt: skip
    return render(request, "campaign/meeting.html", context)


def _counts(*groups: list[meetings.Carried]) -> dict[Any, int]:
    """How many files hang on the tasks of these decisions."""
    keys = [task.pk for group in groups for each in group for task in each.tasks]
    found: dict[Any, int] = {}
    for key in Attachment.objects.filter(subject__in=keys, voided_at=None).values_list("subject", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


@login_required
@require_GET
def meeting_print(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """The sign-in sheet, or the code to stand at the door: for who called the meeting."""
    found = _meeting(request, pk)
    makers = {"sheet": (papers.sheet, _("签到表")), "code": (papers.code, _("签到码"))}
    if what not in makers or found.host_id not in my_offices(request.user):
        raise Http404
    make, name = makers[what]
    response = HttpResponse(make(found), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{found.topic} {name}.pdf") or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def meeting_sign(request: HttpRequest, code: str) -> HttpResponse:
    """扫码签到: one button, for somebody of an invited unit, on the day itself."""
    rows = Meeting.objects.seen_by(request.user).exclude(state="cancelled").select_related("host")
    found = rows.filter(code=codes.plain(code)).first()
    if found is None:
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            meetings.sign(found, request.user)
        except Refused as refusal:
            refused = refusal.reason
        else:
            messages.success(request, _("已签到。"))
            return redirect("meeting-sign", found.code)
    invite = found.invites.filter(office__in=my_offices(request.user)).select_related("office", "meeting").first()
    signed = next((row for row in invite.people if row["user"] == request.user.pk), None) if invite else None
    reason = "" if signed else _why_not(invite, request.user)
    context = {"meeting": found, "invite": invite, "signed": signed, "refused": refused, "reason": reason}
    return render(request, "campaign/sign.html", context, status=409 if refused else 200)


def _why_not(invite: Invite | None, user: Any) -> str:
    """Why this person cannot sign now, in the words of the refusal; '' when he can."""
    if invite is None:
        return _("您的单位不在参会名单上，请找会议的召集单位。")
    name = "sign_in" if invite.state == "invited" else "join"
    row = invite.flow.row(name)
    if invite.state not in row.frm:
        return _("签到已经结束：%(state)s。") % {"state": invite.state_row.name}
    return flow.why_not(invite, row, {}, user)


@login_required
@require_GET
def mobilised(request: HttpRequest) -> HttpResponse:
    """动员部署: which unit has held its meeting, which has not."""
    _reads(request)
    area = str(next(iter(Clause.objects.seen_by(request.user).values_list("area", flat=True)[:1]), ""))
    which = round_of(area, request.GET.get("round"))
    if which is None:
        raise Http404
    rows = meetings.mobilised(which, area)
    if not oversees(request.user):
        seen = seen_units(request.user, [office for office, _meeting in rows])
        rows = [(office, held) for office, held in rows if unit_of(office) in seen]
    wanted = request.GET.get("is", "")
    pictures = meetings.photographed([held for _office, held in rows if held])
    lines = [_line(office, held, pictures) for office, held in rows if wanted in ("", "yes" if held else "no")]
    if (how := request.GET.get("as")) in ("xlsx", "pdf"):
        return _mobilised_table(request, lines, how)
    missing = sum(held is None for _office, held in rows)
    context = {"tabs": lists.tabs(request), "rows": lines, "all": len(rows), "missing": missing, "is": wanted}
    return render(request, "campaign/mobilised.html", context)


def _line(office: Office, held: Meeting | None, pictures: set[Any]) -> dict[str, Any]:
    return {"office": office, "meeting": held, "photo": bool(held and held.pk in pictures)}


def _mobilised_table(request: HttpRequest, lines: list[dict[str, Any]], how: str) -> HttpResponse:
    heads = (
        ("unit", _("单位"), 24), ("held", _("召开日期"), 14), ("topic", _("会议名称"), 36),
        ("people", _("到会人数"), 10),
        ("photo", _("照片"), 8), ("minutes", _("纪要"), 8),
    )  # fmt: skip
    cells = []
    for line in lines:
        held, yes = line["meeting"], _("有")
        told = [str(held.held_on), held.topic, held.attended, yes if line["photo"] else "",
                yes if held.state == "minuted" else ""] if held else [_("没有召开"), "", "", "", ""]  # fmt: skip
        cells.append([str(line["office"]), *told])
    return lists.download(_("动员部署会召开情况"), heads, cells, how, request.user)


# --- accidents ---------------------------------------------------------------------------------------------------


@login_required
@require_GET
def accident_list(request: HttpRequest) -> HttpResponse:
    """Every accident on one's ground."""
    if not may_read(request.user, "accident"):
        raise Http404
    return lists.ACCIDENTS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def accident(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One accident."""
    found = get_object_or_404(Accident.objects.seen_by(request.user), pk=pk)
    return render(request, "campaign/accident.html", {"accident": found, "events": Event.objects.of(found)})
