"""The list of cases and the page of one. Their states change through the one view of the docket."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Deadline, Event
from sanxiao.enforcement import clues, crimes, discretion, paying, say
from sanxiao.enforcement.documents import penalty_words
from sanxiao.enforcement.forms import BarredForm, IncidentForm, LinkForm
from sanxiao.enforcement.handing import CRIMES
from sanxiao.enforcement.lists import BARRED, CASES, CLOSURES, REFERRALS, TRANSFERS, tabs
from sanxiao.enforcement.models import Barred, Case, Closure, Incident, Referral, Transfer
from sanxiao.enforcement.rules import LIVE
from sanxiao.enforcement.transfers import is_handed, link, linkable
from sanxiao.office.duties import may, may_read, scope_of
from sanxiao.office.now import today
from sanxiao.papers.models import Paper


@login_required
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """All cases on one's ground."""
    return CASES.respond(request, tabs=tabs(request))


@login_required
@require_GET
def case_clues(request: HttpRequest) -> HttpResponse:
    """What was found elsewhere and waits for a case."""
    if not may(request.user, "case.handle"):
        raise PermissionDenied
    context = {"clues": list(clues.waiting(request.user)), "tabs": tabs(request)}
    return render(request, "enforcement/clues.html", context)


@login_required
@require_GET
def case(request: HttpRequest, pk: Any) -> HttpResponse:
    """One case: where it stands, its clocks, the people, the goods, the papers, and what was done."""
    rows = Case.objects.seen_by(request.user)
    found = get_object_or_404(
        rows.select_related("file__operator", "file__kind", "officer", "second", "decided_by"), pk=pk
    )
    measures = list(found.measures.prefetch_related("exhibits"))
    for each in measures:
        each.offers = flow.open_moves(each, request.user)
        each.term = Deadline.objects.filter(subject=each.pk, done_on__isnull=True).exclude(term="report").first()
    keys = [found.pk, *[each.pk for each in measures]]
    context = {
        "case": found,
        "measures": measures,
        "parties": _with_their_cases(found, rows),
        "payments": found.payments.all(),
        "plan": paying.plan(found),
        "late": paying.late_left(found),
        "crime": _crime(found),
        "penalty": penalty_words(found) if found.penalties else "",
        "band": discretion.band(
            found.clauses, found.value, found.degree, found.area, found.rule_on, found.file.kind_id
        ),
        "others": rows.of_person(found.file.operator).exclude(pk=found.pk).select_related("file"),
        "papers": Paper.objects.filter(subject__in=keys).order_by("at", "id"),
        "events": Event.objects.filter(Q(subject__in=keys)).order_by("-id"),
        "transfers": found.transfers.order_by("-created_at"),
        "may_take": may(request.user, "case.handle", found) and found.is_open and not found.summary,
    }
    return render(request, "enforcement/case.html", context)


def _with_their_cases(found: Case, rows: Any) -> list[Any]:
    """Everybody in the case, each with the other cases in which he has a part, as far as this person may see them."""
    people = list(found.parties.all())
    for person in people:
        if person.id_number_index and person.role != "party":  # the operator's stand in a panel of their own
            person.others = list(rows.of_number(person.id_number_index).exclude(pk=found.pk)[:5])
    return people


def _crime(found: Case) -> str:
    """The crime in words that wants a hand-over which nobody has proposed."""
    key = crimes.suspected(found) if found.state in (*LIVE, "clue") and not found.transfers.exists() else ""
    return str(dict(CRIMES).get(key, key))


@login_required
@require_GET
def transfers(request: HttpRequest) -> HttpResponse:
    """What was or is about to be handed to the police."""
    return TRANSFERS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def transfer(request: HttpRequest, pk: Any) -> HttpResponse:
    """One hand-over: the bureau and the police read the same page; of the case itself the police see nothing else."""
    rows = Transfer.objects.seen_by(request.user).select_related("file__operator", "officer", "second", "case__file")
    found = get_object_or_404(rows, pk=pk)
    measures = found.case.measures.prefetch_related("exhibits") if found.case else ()
    incidents = found.incidents.all()
    seen = Incident.objects.seen_by(request.user).filter(pk__in=incidents)
    context = {
        "goods": [row for each in measures for row in each.exhibits.all()],
        "sees_case": found.case is not None and may_read(request.user, "case"),
        "sees_file": Establishment.objects.seen_by(request.user).filter(pk=found.file_id).exists(),
        "papers_named": say.papers(found.papers),
        "incidents": incidents,
        "seen_incidents": set(seen.values_list("pk", flat=True)),
    }
    return _matter(request, found, "enforcement/transfer.html", context)


@login_required
@require_GET
def referrals(request: HttpRequest) -> HttpResponse:
    """Matters handed from office to office."""
    return REFERRALS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def referral(request: HttpRequest, pk: Any) -> HttpResponse:
    """One of them, for both sides."""
    rows = Referral.objects.seen_by(request.user).select_related("file", "sender", "to", "better", "refused_by")
    return _matter(request, get_object_or_404(rows, pk=pk), "enforcement/referral.html", {})


@login_required
@require_GET
def closures(request: HttpRequest) -> HttpResponse:
    """Places that are being closed down."""
    return CLOSURES.respond(request, tabs=tabs(request))


@login_required
@require_GET
def closure(request: HttpRequest, pk: Any) -> HttpResponse:
    """One closing: notice, guidance, order, plan, the day itself with its photos."""
    found = get_object_or_404(Closure.objects.seen_by(request.user).select_related("file__operator"), pk=pk)
    return _matter(
        request, found, "enforcement/closure.html", {"may_report": may(request.user, "incident.record", found)}
    )


def _matter(request: HttpRequest, found: Any, template: str, more: dict[str, Any]) -> HttpResponse:
    context = {
        "matter": found,
        "papers": Paper.objects.filter(subject=found.pk).order_by("at", "id"),
        "has_files": Attachment.objects.filter(subject=found.pk).exists(),
        "events": Event.objects.of(found),
        **more,
    }
    return render(request, template, context)


@login_required
@require_http_methods(["GET", "POST"])
def incident(request: HttpRequest, file_pk: Any) -> HttpResponse:
    """Write down violence against officers at a place; everybody who goes there next is warned."""
    file = get_object_or_404(Establishment.objects.seen_by(request.user), pk=file_pk)
    if not may(request.user, "incident.record", file):
        raise Http404
    begun = {name: value for name, value in request.GET.items() if name in IncidentForm.base_fields}
    form = IncidentForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.instance.file, form.instance.area = file, file.area
            found = form.save()
            flow.touch(found, request.user, "incident.record", "record", harm=found.harm)
        messages.success(request, _("已记录。以后去这一户的人都会看到提醒。"))
        return redirect(_back(request) or found.get_absolute_url())
    return render(request, "enforcement/form.html", {"form": form, "title": _("记录阻碍执法"), "file": file})


@login_required
@require_http_methods(["GET", "POST"])
def incident_one(request: HttpRequest, pk: Any) -> HttpResponse:
    """What happened to those who went there, and what the police have of it; a hand-over that runs may be linked."""
    rows = Incident.objects.seen_by(request.user).select_related("file__operator", "transfer")
    found = get_object_or_404(rows, pk=pk)
    handed = is_handed(found)
    may_link = not handed and may(request.user, "incident.record", found)
    form = LinkForm(request.POST or None, incident=found, user=request.user) if may_link else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            link(found, form.cleaned_data["transfer"], request.user)
            messages.success(request, _("已关联。"))
            return redirect(found.get_absolute_url())
    some = form is not None and (form.is_bound or linkable(found, request.user).exists())
    context = {
        "one": found,
        "transfer": Transfer.objects.seen_by(request.user).filter(pk=found.transfer_id).first(),
        "form": form if some else None,
        "may_hand": not handed and may(request.user, "case.handle", found),
        "events": Event.objects.of(found),
    }
    return render(request, "enforcement/incident.html", context)


def _back(request: HttpRequest) -> str:
    """The page of ours from which somebody came, as the address says it; '' where it names none."""
    said = request.GET.get("next", "")
    return said if url_has_allowed_host_and_scheme(said, allowed_hosts=None) else ""


@login_required
@require_GET
def barred(request: HttpRequest) -> HttpResponse:
    """Persons barred from the trade."""
    if not may_read(request.user, "barred"):
        raise PermissionDenied
    return BARRED.respond(request, tabs=tabs(request))


@login_required
@require_GET
def barred_one(request: HttpRequest, pk: Any) -> HttpResponse:
    """One person on the list: from when to when and by what, and the way off it."""
    if not may_read(request.user, "barred"):
        raise Http404
    found = get_object_or_404(Barred.objects.seen_by(request.user), pk=pk)
    may_lift = not found.is_over and may(request.user, "barred.manage", found)
    context = {"one": found, "may_lift": may_lift, "events": Event.objects.of(found)}
    return render(request, "enforcement/barred.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def bar(request: HttpRequest) -> HttpResponse:
    """Enter a person."""
    seat = _keeper(request.user)
    form = BarredForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.instance.area = seat.prefix.ljust(12, "0")
            form.instance.id_number = form.cleaned_data["id_number"]
            found = form.save()
            flow.touch(found, request.user, "barred.manage", "bar", until=str(found.until or ""))
        messages.success(request, _("已登记。此人申请证、卡时会自动拦下。"))
        return redirect("barred")
    return render(request, "enforcement/form.html", {"form": form, "title": _("登记限制从业")})


@login_required
@require_POST
def unbar(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take a person off the list; that he stood there stays on record."""
    _keeper(request.user)
    found = get_object_or_404(Barred.objects.seen_by(request.user).filter(lifted_on__isnull=True), pk=pk)
    flow.amend(found, request.user, "barred.manage", lifted_on=today())
    messages.success(request, _("已解除。"))
    return redirect("barred")


def _keeper(user: Any) -> Any:
    """The seat by which this person keeps the list; forbidden to everybody else."""
    seat = scope_of(user).seat_for("barred.manage", None)
    if seat is None:
        raise PermissionDenied
    return seat
